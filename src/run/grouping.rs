//! Groups: every level of every sensitive feature, and every observed pair and triple of levels.
//!
//! Rows are put into base cells once; every grouping, all rows included, is a merge of base cells. The base is the cross product of all
//! features where that is small, else each grouping by itself: states merge exactly, so the numbers are the same.

use crate::stats::order;
use std::collections::BTreeMap;

use crate::data::column::{Levels, MISSING};
use crate::data::{Codes, level_order};

/// Most cells of the cross product that are kept; beyond, groupings are folded one by one.
const MOST_BASE_CELLS: usize = 4096;
/// Most possible combinations for which a lookup table is built; beyond, the observed ones are sorted.
const MOST_COMBINATIONS: u64 = 1 << 22;

/// One group of a grouping.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Group {
    /// The level of each column; `None` where it is missing, and throughout in the rest.
    pub levels: Vec<Option<String>>,
    /// Whether it is the marked rest of a capped grouping.
    pub is_rest: bool,
    /// The level of the control feature within which groups are compared: "COLUMN = LEVEL".
    pub control: Option<String>,
}

impl Group {
    /// Whether it takes part in gaps: neither the rest nor rows with a missing level.
    pub fn is_compared(&self) -> bool {
        !self.is_rest && self.levels.iter().all(Option::is_some)
    }
}

/// Some columns and their observed groups.
#[derive(Debug, Clone)]
pub struct Grouping {
    /// The columns; empty for all rows.
    pub columns: Vec<String>,
    /// The control feature within whose levels groups are compared.
    pub control: Option<String>,
    /// The groups, in order of their levels; missing levels after the others, the rest last.
    pub groups: Vec<Group>,
    base: usize,
    of_cell: Vec<u32>,
    /// Groups put together into the rest.
    pub put_together: usize,
}

impl Grouping {
    /// The group of a row.
    #[inline(always)]
    pub fn group_of(&self, partition: &Partition, row: usize) -> usize {
        self.of_cell[partition.bases[self.base].cells[row] as usize] as usize
    }

    /// The base, and the group of each of its cells.
    pub fn source(&self) -> (usize, &[u32]) {
        (self.base, &self.of_cell)
    }
}

/// Rows put into cells.
#[derive(Debug, Clone)]
pub struct Base {
    /// The cell of each row.
    pub cells: Vec<u32>,
    /// How many cells.
    pub count: usize,
}

/// Rows put into cells, and the groupings that are made of them; the first grouping is all rows.
#[derive(Debug, Clone)]
pub struct Partition {
    /// One base, or one a grouping.
    pub bases: Vec<Base>,
    /// All rows, every feature, every pair of features, every three of them.
    pub groupings: Vec<Grouping>,
}

/// A sensitive feature with its rows' levels in order.
struct Feature<'a> {
    name: String,
    /// Sorted; the missing level, where it occurs, last.
    levels: Vec<Option<String>>,
    codes: &'a Codes,
    /// For each code its place among the levels; that of the missing level last.
    place: Vec<u32>,
}

impl<'a> Feature<'a> {
    fn new(name: &str, levels: &'a Levels) -> Self {
        let mut order: Vec<usize> = (0..levels.names.len()).collect();
        order::sort_by(&mut order, |a, b| level_order(&levels.names[*a], &levels.names[*b]));
        let missing = levels.names.len();
        let mut place = vec![missing as u32; missing + 1];
        for (rank, level) in order.iter().enumerate() {
            place[*level] = rank as u32;
        }
        let mut names: Vec<Option<String>> = order.iter().map(|level| Some(levels.names[*level].clone())).collect();
        if levels.codes.iter().any(|code| code == MISSING) {
            names.push(None);
        }
        Self {
            name: name.to_owned(),
            levels: names,
            codes: &levels.codes,
            place,
        }
    }

    /// The place of a row's level.
    #[inline]
    fn code(&self, row: usize) -> u32 {
        self.place[(self.codes.get(row) as usize).min(self.place.len() - 1)]
    }
}

/// Some features by which rows are grouped; with a control feature, that is the last one.
struct Set {
    features: Vec<usize>,
    has_control: bool,
}

impl Set {
    fn of(features: &[usize]) -> Self {
        Self {
            features: features.to_vec(),
            has_control: false,
        }
    }

    fn within(features: &[usize], control: usize) -> Self {
        Self {
            features: features.iter().copied().chain([control]).collect(),
            has_control: true,
        }
    }
}

/// Puts rows into groups. `stands_for` gives the rows that a row stands for, 0 for a row that is not used;
/// at most `most` groups a grouping are kept, the largest, ties in order of their levels. The last `controls` of the features are control
/// features: every other feature is grouped within the levels of each. At most `depth` features are crossed, up to three.
pub fn partition(
    features: &[(&str, &Levels)],
    controls: usize,
    depth: usize,
    rows: usize,
    stands_for: impl Fn(usize) -> u64,
    most: usize,
) -> Partition {
    let features: Vec<Feature> = features.iter().map(|(name, levels)| Feature::new(name, levels)).collect();
    let sensitive = features.len() - controls;
    let mut sets: Vec<Set> = vec![Set::of(&[])];
    sets.extend((0..sensitive).map(|feature| Set::of(&[feature])));
    let pairs = || (0..sensitive).flat_map(move |a| (a + 1..sensitive).map(move |b| [a, b]));
    if depth >= 2 {
        sets.extend(pairs().map(|pair| Set::of(&pair)));
    }
    if depth >= 3 {
        sets.extend(pairs().flat_map(|[a, b]| (b + 1..sensitive).map(move |c| Set::of(&[a, b, c]))));
    }
    for control in sensitive..features.len() {
        sets.push(Set::within(&[], control));
        sets.extend((0..sensitive).map(|feature| Set::within(&[feature], control)));
    }
    let everything: Vec<usize> = (0..features.len()).collect();
    let is_small = possible(&features, &everything).is_some_and(|possible| possible <= MOST_COMBINATIONS);
    let cross = is_small.then(|| Combinations::observe(&features, &everything, rows));
    if let Some(cross) = cross.filter(|cross| cross.count() <= MOST_BASE_CELLS) {
        let groupings = sets
            .iter()
            .map(|set| cross.grouping(&features, set, 0, &stands_for, most))
            .collect();
        return Partition {
            bases: vec![Base {
                count: cross.count(),
                cells: cross.cells,
            }],
            groupings,
        };
    }
    let mut partition = Partition {
        bases: vec![],
        groupings: vec![],
    };
    for set in &sets {
        let own = Combinations::observe(&features, &set.features, rows);
        partition
            .groupings
            .push(own.grouping(&features, set, partition.bases.len(), &stands_for, most));
        let grouping = partition.groupings.last_mut().expect("one was pushed");
        // The base is capped as the grouping is, so that cells stay few.
        let cells = own.cells.iter().map(|cell| grouping.of_cell[*cell as usize]).collect();
        let count = grouping.groups.len();
        grouping.of_cell = (0..count as u32).collect();
        partition.bases.push(Base { cells, count });
    }
    partition
}

/// How many levels each feature has.
fn sizes<'a>(features: &'a [Feature], set: &'a [usize]) -> impl Iterator<Item = u64> + 'a {
    set.iter().map(|feature| features[*feature].levels.len().max(1) as u64)
}

/// How many combinations of the features' levels could occur; `None` where 64 bits do not hold it.
fn possible(features: &[Feature], set: &[usize]) -> Option<u64> {
    sizes(features, set).try_fold(1_u64, u64::checked_mul)
}

/// The codes that occur, in order, and for every row the place of its code among them; by a table of all `possible` codes.
fn numbered_by_table(rows: usize, code: impl Fn(usize) -> u64, possible: u64) -> (Vec<u64>, Vec<u32>) {
    let mut number = vec![u32::MAX; possible as usize];
    let mut cells: Vec<u32> = (0..rows).map(|row| code(row) as u32).collect();
    for cell in &cells {
        number[*cell as usize] = 0;
    }
    let mut observed = Vec::new();
    for (code, slot) in number.iter_mut().enumerate().filter(|(_, slot)| **slot == 0) {
        *slot = observed.len() as u32;
        observed.push(code as u64);
    }
    for cell in &mut cells {
        *cell = number[*cell as usize];
    }
    (observed, cells)
}

/// As [`numbered_by_table`], by sorting what occurs.
fn numbered_by_order(rows: usize, code: impl Fn(usize) -> u64) -> (Vec<u64>, Vec<u32>) {
    let mut observed: Vec<u64> = (0..rows).map(&code).collect();
    observed.sort_unstable();
    observed.dedup();
    let place = |row| observed.partition_point(|known| *known < code(row)) as u32;
    let cells = (0..rows).map(place).collect();
    (observed, cells)
}

/// The observed combinations of some features' levels.
struct Combinations {
    features: Vec<usize>,
    /// The level of each feature, for each cell.
    levels: Vec<Vec<u32>>,
    cells: Vec<u32>,
}

impl Combinations {
    /// Numbers the observed combinations in order of their levels. There must be fewer than 2^64 possible ones, as there are of two
    /// features.
    fn observe(features: &[Feature], set: &[usize], rows: usize) -> Self {
        let sizes: Vec<u64> = sizes(features, set).collect();
        let code = |row: usize| {
            set.iter()
                .zip(&sizes)
                .fold(0, |code, (feature, size)| code * size + u64::from(features[*feature].code(row)))
        };
        let (observed, cells) = match possible(features, set).filter(|possible| *possible <= MOST_COMBINATIONS) {
            Some(possible) => numbered_by_table(rows, code, possible),
            None => numbered_by_order(rows, code),
        };
        let levels = observed.into_iter().map(|code| {
            let mut rest = code;
            let mut combination: Vec<u32> = Vec::with_capacity(sizes.len());
            for size in sizes.iter().rev() {
                combination.push((rest % size) as u32);
                rest /= size;
            }
            combination.reverse();
            combination
        });
        Self {
            features: set.to_vec(),
            levels: levels.collect(),
            cells,
        }
    }

    fn count(&self) -> usize {
        self.levels.len()
    }

    /// The grouping by some of the features.
    fn grouping(&self, features: &[Feature], wanted: &Set, base: usize, stands_for: &impl Fn(usize) -> u64, most: usize) -> Grouping {
        let set = &wanted.features;
        let places: Vec<usize> = set
            .iter()
            .filter_map(|feature| self.features.iter().position(|own| own == feature))
            .collect();
        let key = |cell: usize| places.iter().map(|place| self.levels[cell][*place]).collect::<Vec<u32>>();
        let mut in_cell = vec![0_u64; self.count()];
        for (row, cell) in self.cells.iter().enumerate() {
            in_cell[*cell as usize] += stands_for(row);
        }
        let mut rows_of: BTreeMap<Vec<u32>, u64> = BTreeMap::new();
        for (cell, rows) in in_cell.iter().enumerate() {
            *rows_of.entry(key(cell)).or_default() += rows;
        }
        // A combination of rows that stand for no row was not observed.
        let mut by_size: Vec<(&Vec<u32>, u64)> = rows_of
            .iter()
            .filter(|(_, rows)| **rows > 0)
            .map(|(key, rows)| (key, *rows))
            .collect();
        // Of one feature, the rows without a level stay apart however few they are: whoever is unknown is counted as such.
        let is_kept =
            |key: &[u32]| matches!((set.as_slice(), key), ([feature], [code]) if features[*feature].levels[*code as usize].is_none());
        order::sort_by(&mut by_size, |a, b| {
            (is_kept(b.0), b.1).cmp(&(is_kept(a.0), a.1)).then_with(|| a.0.cmp(b.0))
        });
        let put_together = by_size.len().saturating_sub(most);
        by_size.truncate(most);
        let mut kept: Vec<&Vec<u32>> = by_size.into_iter().map(|(key, _)| key).collect();
        order::sort(&mut kept);
        let level = |feature: &usize, code: &u32| features[*feature].levels.get(*code as usize).cloned().flatten();
        let mut columns: Vec<String> = set.iter().map(|feature| features[*feature].name.clone()).collect();
        let control = columns.pop_if(|_| wanted.has_control);
        let group = |key: &Vec<u32>| {
            let mut levels: Vec<Option<String>> = set.iter().zip(key.iter()).map(|(f, c)| level(f, c)).collect();
            let within = levels.pop_if(|_| wanted.has_control);
            let said = |level: Option<String>| level.unwrap_or_else(|| "(missing)".to_owned());
            Group {
                levels,
                is_rest: false,
                control: control
                    .as_ref()
                    .zip(within)
                    .map(|(column, level)| format!("{column} = {}", said(level))),
            }
        };
        let mut groups: Vec<Group> = kept.iter().map(|key| group(key)).collect();
        let rest = groups.len() as u32;
        if put_together > 0 {
            groups.push(Group {
                levels: vec![None; columns.len()],
                is_rest: true,
                control: None,
            });
        }
        if groups.is_empty() {
            groups.push(Group {
                levels: vec![None; columns.len()],
                is_rest: false,
                control: None,
            });
        }
        // Cells that stand for no row are in no group; wherever they point, they add nothing.
        let elsewhere = rest.min(groups.len() as u32 - 1);
        let of_cell = (0..self.count())
            .map(|cell| kept.binary_search(&&key(cell)).map_or(elsewhere, |group| group as u32))
            .collect();
        Grouping {
            columns,
            control,
            groups,
            base,
            of_cell,
            put_together,
        }
    }
}
