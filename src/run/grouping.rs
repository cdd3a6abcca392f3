//! Groups: every level of every sensitive feature, and every observed pair of levels.
//!
//! Rows are put into base cells once; every grouping, all rows included, is a merge of base cells. The base is the cross product of all
//! features where that is small, else each grouping by itself: states merge exactly, so the numbers are the same.

use std::collections::BTreeMap;

use crate::data::column::{Levels, MISSING};
use crate::data::level_order;

/// Most cells of the cross product that are kept; beyond, groupings are folded one by one.
const MOST_BASE_CELLS: usize = 4096;
/// Most combinations for which a lookup table is built.
const MOST_COMBINATIONS: usize = 1 << 22;

/// One group of a grouping.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Group {
    /// The level of each column; `None` where it is missing, and throughout in the rest.
    pub levels: Vec<Option<String>>,
    /// Whether it is the marked rest of a capped grouping.
    pub is_rest: bool,
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
    /// The groups, in order of their levels; missing levels after the others, the rest last.
    pub groups: Vec<Group>,
    base: usize,
    of_cell: Vec<u32>,
    /// Groups put together into the rest.
    pub put_together: usize,
}

impl Grouping {
    /// The group of a row.
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
    /// All rows, every feature, every pair of features.
    pub groupings: Vec<Grouping>,
}

/// A sensitive feature with its rows' levels in order.
struct Feature {
    name: String,
    /// Sorted; the missing level, where it occurs, last.
    levels: Vec<Option<String>>,
    codes: Vec<u32>,
}

impl Feature {
    fn new(name: &str, levels: &Levels) -> Self {
        let mut order: Vec<usize> = (0..levels.names.len()).collect();
        order.sort_by(|a, b| level_order(&levels.names[*a], &levels.names[*b]));
        let mut place = vec![0; levels.names.len()];
        for (rank, level) in order.iter().enumerate() {
            place[*level] = rank as u32;
        }
        let missing = levels.names.len() as u32;
        let codes: Vec<u32> = levels
            .codes
            .iter()
            .map(|code| if *code == MISSING { missing } else { place[*code as usize] })
            .collect();
        let mut names: Vec<Option<String>> = order.iter().map(|level| Some(levels.names[*level].clone())).collect();
        if codes.contains(&missing) {
            names.push(None);
        }
        Self {
            name: name.to_owned(),
            levels: names,
            codes,
        }
    }
}

/// Puts rows into groups. `stands_for` gives the rows that a row stands for, 0 for a row that is not used;
/// at most `most` groups a grouping are kept, the largest, ties in order of their levels.
pub fn partition(features: &[(&str, &Levels)], rows: usize, stands_for: impl Fn(usize) -> u64, most: usize) -> Partition {
    let features: Vec<Feature> = features.iter().map(|(name, levels)| Feature::new(name, levels)).collect();
    let mut sets: Vec<Vec<usize>> = vec![vec![]];
    sets.extend((0..features.len()).map(|feature| vec![feature]));
    sets.extend((0..features.len()).flat_map(|a| (a + 1..features.len()).map(move |b| vec![a, b])));
    let everything: Vec<usize> = (0..features.len()).collect();
    if let Some(cross) = Combinations::observe(&features, &everything, rows).filter(|cross| cross.count() <= MOST_BASE_CELLS) {
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
        // A pair with too many combinations for a table is left out; the caller tells from the missing grouping.
        let Some(own) = Combinations::observe(&features, set, rows) else {
            continue;
        };
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

/// The observed combinations of some features' levels.
struct Combinations {
    features: Vec<usize>,
    /// The level of each feature, for each cell.
    levels: Vec<Vec<u32>>,
    cells: Vec<u32>,
}

impl Combinations {
    /// Numbers the observed combinations in order of their levels; `None` when there are too many possible ones.
    fn observe(features: &[Feature], set: &[usize], rows: usize) -> Option<Self> {
        let sizes: Vec<usize> = set.iter().map(|feature| features[*feature].levels.len().max(1)).collect();
        let possible = sizes
            .iter()
            .try_fold(1_usize, |product, size| product.checked_mul(*size))
            .filter(|n| *n <= MOST_COMBINATIONS)?;
        let code = |row: usize| {
            set.iter()
                .zip(&sizes)
                .fold(0, |code, (feature, size)| code * size + features[*feature].codes[row] as usize)
        };
        let mut number = vec![u32::MAX; possible];
        let mut cells = Vec::with_capacity(rows);
        for row in 0..rows {
            let code = code(row);
            number[code] = 0;
            cells.push(code as u32);
        }
        let mut levels = Vec::new();
        for (code, slot) in number.iter_mut().enumerate().filter(|(_, slot)| **slot == 0) {
            *slot = levels.len() as u32;
            let mut rest = code;
            let mut combination: Vec<u32> = sizes
                .iter()
                .rev()
                .map(|size| {
                    let level = rest % size;
                    rest /= size;
                    level as u32
                })
                .collect();
            combination.reverse();
            levels.push(combination);
        }
        for cell in &mut cells {
            *cell = number[*cell as usize];
        }
        Some(Self {
            features: set.to_vec(),
            levels,
            cells,
        })
    }

    fn count(&self) -> usize {
        self.levels.len()
    }

    /// The grouping by some of the features.
    fn grouping(&self, features: &[Feature], set: &[usize], base: usize, stands_for: &impl Fn(usize) -> u64, most: usize) -> Grouping {
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
        let mut by_size: Vec<(&Vec<u32>, u64)> = rows_of.iter().map(|(key, rows)| (key, *rows)).collect();
        by_size.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(b.0)));
        let put_together = by_size.len().saturating_sub(most);
        by_size.truncate(most);
        let mut kept: Vec<&Vec<u32>> = by_size.into_iter().map(|(key, _)| key).collect();
        kept.sort();
        let level = |feature: &usize, code: &u32| features[*feature].levels.get(*code as usize).cloned().flatten();
        let mut groups: Vec<Group> = kept
            .iter()
            .map(|key| Group {
                levels: set.iter().zip(key.iter()).map(|(f, c)| level(f, c)).collect(),
                is_rest: false,
            })
            .collect();
        let rest = groups.len() as u32;
        if put_together > 0 {
            groups.push(Group {
                levels: vec![None; set.len()],
                is_rest: true,
            });
        }
        let of_cell = (0..self.count())
            .map(|cell| kept.binary_search(&&key(cell)).map_or(rest, |group| group as u32))
            .collect();
        if groups.is_empty() {
            groups.push(Group {
                levels: vec![None; set.len()],
                is_rest: false,
            });
        }
        Grouping {
            columns: set.iter().map(|feature| features[*feature].name.clone()).collect(),
            groups,
            base,
            of_cell,
            put_together,
        }
    }
}
