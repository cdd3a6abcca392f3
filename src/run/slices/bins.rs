//! How a column is cut: into its levels, or, where it holds many numbers, into quartiles or at given values.

use crate::data::predicate::Relation;
use crate::data::{Column, Levels, Notice, NoticeCode, Numbers, Predicate, Values, level_order};
use crate::stats::order;

use super::MOST_LEVELS;
use crate::metric::rows::Rows;

/// A column of up to so many different numbers is cut into these.
pub const MOST_NUMBERS: usize = 10;
/// Bins of a column of more, unless its cuts are given.
pub const QUARTILES: usize = 4;

/// The rows of one column, each in a cell.
#[derive(Debug, Clone, PartialEq)]
pub struct Cut {
    /// The cell of each row.
    pub cells: Vec<u8>,
    /// The cells that are looked at; rows in cells beyond them belong to none of these.
    pub slices: Vec<Predicate>,
    /// How many cells there are.
    pub count: usize,
    /// How many slices have too few rows to be looked at.
    pub small: usize,
}

/// The slice of a predicate: its rows are cell 0, all others cell 1.
pub fn cut_by(predicate: &Predicate, rows: &[bool]) -> Cut {
    Cut {
        cells: rows.iter().map(|is_in| u8::from(!is_in)).collect(),
        slices: vec![predicate.clone()],
        count: 2,
        small: 0,
    }
}

/// Cuts a column; levels of fewer than `min_support` rows are looked at together with nothing, and not named.
pub fn cut(column: &Column, cuts: Option<&[f64]>, rows: &Rows, min_support: u64, notices: &mut Vec<Notice>) -> Cut {
    let counts = Counts::of(rows);
    let kept = Kept {
        name: &column.name,
        min_support,
    };
    match &column.values {
        Values::Numeric(values) => kept.numbers(values, &counts, cuts, notices),
        _ => match column.to_levels(crate::run::groups::MOST_LEVELS) {
            Ok(levels) => kept.levels(&levels, &counts, notices),
            Err(_) => {
                let text = format!(
                    "Column \"{}\" has more than {} values, so its levels are not looked at as slices.",
                    column.name,
                    crate::run::groups::MOST_LEVELS
                );
                notices.push(Notice::of_column(NoticeCode::Slices, &column.name, text));
                Cut {
                    cells: vec![0; rows.len],
                    slices: Vec::new(),
                    count: 1,
                    small: 0,
                }
            }
        },
    }
}

/// How many rows each row stands for.
struct Counts<'a> {
    rows: &'a Rows,
    is_plain: bool,
}

impl<'a> Counts<'a> {
    fn of(rows: &'a Rows) -> Self {
        Self {
            rows,
            is_plain: rows.counts.is_none() && rows.weights.is_none(),
        }
    }

    fn of_row(&self, row: usize) -> u64 {
        if self.is_plain {
            1
        } else {
            self.rows.weight(row).map_or(0, |weight| weight.count)
        }
    }
}

struct Kept<'a> {
    name: &'a str,
    min_support: u64,
}

/// What rows or numbers are put into: each into the part that its code tells.
struct Parts {
    codes: Vec<u32>,
    /// What the part of each code is called; `None` where it cannot be looked at.
    names: Vec<Option<Predicate>>,
    /// The codes in the order in which parts are shown.
    order: Vec<usize>,
}

impl Kept<'_> {
    fn levels(&self, levels: &Levels, counts: &Counts<'_>, notices: &mut Vec<Notice>) -> Cut {
        let missing = levels.names.len();
        let mut sizes = vec![0_u64; missing + 1];
        for (row, code) in levels.codes.iter().enumerate() {
            sizes[missing.min(code as usize)] += counts.of_row(row);
        }
        let level = |level: &String| Some(Predicate::level(self.name, level));
        let mut names: Vec<Option<Predicate>> = levels.names.iter().map(level).collect();
        names.push(Some(Predicate::missing(self.name)));
        let mut order: Vec<usize> = (0..missing).collect();
        order::sort_by(&mut order, |a, b| level_order(&levels.names[*a], &levels.names[*b]));
        order.push(missing);
        let (cut, cell_of) = self.largest(&sizes, names, &order, notices);
        Cut {
            cells: levels.codes.looked_up(&cell_of[..missing], cell_of[missing]),
            ..cut
        }
    }

    /// Numbers: where there can be only few different ones, those are put into parts instead of the rows.
    fn numbers(&self, values: &Numbers, counts: &Counts<'_>, cuts: Option<&[f64]>, notices: &mut Vec<Notice>) -> Cut {
        let Some(narrow) = values.narrow() else {
            let values = values.wide();
            let parts = self.parts(&values, |row| counts.of_row(row), cuts);
            let sizes = parts.sizes(|row| counts.of_row(row));
            let (cut, cell_of) = self.largest(&sizes, parts.names, &parts.order, notices);
            return Cut {
                cells: parts.codes.iter().map(|code| cell_of[*code as usize]).collect(),
                ..cut
            };
        };
        let mut rows_with = vec![0_u64; narrow.size()];
        for row in 0..values.len() {
            rows_with[narrow.place(row)] += counts.of_row(row);
        }
        let numbers: Vec<f64> = narrow.table(&f64::to_bits).into_iter().map(f64::from_bits).collect();
        let parts = self.parts(&numbers, |place| rows_with[place], cuts);
        let sizes = parts.sizes(|place| rows_with[place]);
        let (cut, cell_of) = self.largest(&sizes, parts.names, &parts.order, notices);
        let cell_at: Vec<u8> = parts.codes.iter().map(|code| cell_of[*code as usize]).collect();
        Cut {
            cells: narrow.looked_up(&cell_at),
            ..cut
        }
    }

    /// Keeps the largest parts of enough rows, in their order; gives the cut without its cells, and the cell of each part.
    fn largest(&self, sizes: &[u64], mut names: Vec<Option<Predicate>>, order: &[usize], notices: &mut Vec<Notice>) -> (Cut, Vec<u8>) {
        let is_large = |place: &usize| sizes[*place] >= self.min_support.max(1);
        let mut kept: Vec<usize> = order.iter().copied().filter(is_large).collect();
        let observed = sizes.iter().filter(|size| **size > 0).count();
        let small = observed - kept.len();
        if kept.len() > MOST_LEVELS {
            self.note_many(kept.len(), notices);
            let mut by_size = kept.clone();
            order::sort_by(&mut by_size, |a, b| sizes[*b].cmp(&sizes[*a]));
            by_size.truncate(MOST_LEVELS);
            kept.retain(|place| by_size.contains(place));
        }
        let mut cell_of = vec![kept.len() as u8; sizes.len()];
        for (cell, place) in kept.iter().enumerate() {
            cell_of[*place] = cell as u8;
        }
        let cut = Cut {
            cells: Vec::new(),
            slices: kept.iter().filter_map(|place| names[*place].take()).collect(),
            count: kept.len() + 1,
            small,
        };
        (cut, cell_of)
    }

    fn note_many(&self, levels: usize, notices: &mut Vec<Notice>) {
        let text = format!(
            "Of the {levels} levels of column \"{}\", the {MOST_LEVELS} largest are looked at as slices.",
            self.name
        );
        notices.push(Notice::of_column(NoticeCode::Slices, self.name, text));
    }

    /// Parts of numbers, each of which stands for some rows: each of a few, else between cuts, quartiles unless given.
    fn parts(&self, values: &[f64], stands_for: impl Fn(usize) -> u64, cuts: Option<&[f64]>) -> Parts {
        if cuts.is_none()
            && let Some(distinct) = few(values, &stands_for)
        {
            let names: Vec<Option<Predicate>> = distinct
                .iter()
                .map(|value| value.is_finite().then(|| Predicate::number(self.name, Relation::Equal, *value)))
                .chain([None, Some(Predicate::missing(self.name))])
                .collect();
            let (other, missing) = (distinct.len() as u32, distinct.len() as u32 + 1);
            let code = |value: &f64| {
                if value.is_nan() {
                    missing
                } else {
                    distinct.iter().position(|own| own == value).map_or(other, |place| place as u32)
                }
            };
            return Parts {
                codes: values.iter().map(code).collect(),
                order: (0..names.len()).filter(|place| names[*place].is_some()).collect(),
                names,
            };
        }
        let cuts = cuts.map_or_else(|| quantile_cuts(values, stands_for, QUARTILES), <[f64]>::to_vec);
        let mut names: Vec<Option<Predicate>> = between(self.name, &cuts).into_iter().map(Some).collect();
        let missing = names.len() as u32;
        names.push(Some(Predicate::missing(self.name)));
        let code = |value: &f64| {
            if value.is_nan() {
                missing
            } else {
                cuts.iter().map(|cut| u32::from(value >= cut)).sum()
            }
        };
        Parts {
            codes: values.iter().map(code).collect(),
            order: (0..names.len()).collect(),
            names,
        }
    }
}

impl Parts {
    /// How many rows each part has, if that is how many each of what has codes stands for.
    fn sizes(&self, stands_for: impl Fn(usize) -> u64) -> Vec<u64> {
        let mut sizes = vec![0; self.names.len()];
        for (place, code) in self.codes.iter().enumerate() {
            sizes[*code as usize] += stands_for(place);
        }
        sizes
    }
}

/// Below the first cut, between each and the next, from the last on.
fn between(column: &str, cuts: &[f64]) -> Vec<Predicate> {
    let from = |cut: &f64| Predicate::number(column, Relation::AtLeast, *cut);
    let below = |cut: &f64| Predicate::number(column, Relation::Less, *cut);
    let mut bins: Vec<Predicate> = cuts.first().map(below).into_iter().collect();
    bins.extend(cuts.windows(2).map(|pair| Predicate::all(vec![from(&pair[0]), below(&pair[1])])));
    bins.extend(cuts.last().map(from));
    bins
}

/// The different numbers that stand for some rows, sorted; `None` where there are more than a few.
fn few(values: &[f64], stands_for: impl Fn(usize) -> u64) -> Option<Vec<f64>> {
    let mut distinct: Vec<f64> = Vec::with_capacity(MOST_NUMBERS);
    let mut last = f64::NAN;
    for (row, value) in values.iter().enumerate() {
        if *value == last || value.is_nan() || distinct.contains(value) || stands_for(row) == 0 {
            continue;
        }
        if distinct.len() == MOST_NUMBERS {
            return None;
        }
        last = *value + 0.0;
        distinct.push(last);
    }
    order::sort_by(&mut distinct, f64::total_cmp);
    Some(distinct)
}

/// The values that cut numbers into so many bins of about as many rows each: the k-th is the value of the row at share `k / bins` in rising
/// order (the row after it where the share falls between two), so that each bin is "from one cut to below the next". Equal cuts, infinite ones
/// and one at the smallest value are left out, so there may be fewer. Missing numbers and rows that stand for none do not count.
pub fn quantile_cuts(values: &[f64], stands_for: impl Fn(usize) -> u64, bins: usize) -> Vec<f64> {
    let mut top = vec![0_u64; 1 << 16];
    let (mut total, mut smallest) = (0_u64, u64::MAX);
    for (row, value) in values.iter().enumerate().filter(|(_, value)| !value.is_nan()) {
        let (key, count) = (rising_key(*value), stands_for(row));
        top[(key >> 48) as usize] += count;
        total += count;
        if count > 0 {
            smallest = smallest.min(key);
        }
    }
    let rank_of = |part: u64| (u128::from(total) * u128::from(part) / bins as u128) as u64;
    let wanted: Vec<(usize, u64)> = (1..bins as u64).filter_map(|part| place_of(&top, rank_of(part))).collect();
    // All buckets that hold a cut are filled in one go; several cuts can be in one.
    let mut buckets: Vec<usize> = wanted.iter().map(|(bucket, _)| *bucket).collect();
    buckets.dedup();
    let mut inside: Vec<Vec<(u64, u64)>> = vec![Vec::new(); buckets.len()];
    let mut place_in = vec![u16::MAX; top.len()];
    buckets
        .iter()
        .enumerate()
        .for_each(|(place, bucket)| place_in[*bucket] = place as u16);
    for (row, value) in values.iter().enumerate().filter(|(_, value)| !value.is_nan()) {
        let key = rising_key(*value);
        if let Some(bucket) = inside.get_mut(usize::from(place_in[(key >> 48) as usize])) {
            bucket.push((key, stands_for(row)));
        }
    }
    let mut cuts = Vec::new();
    for (bucket, rank) in wanted {
        let mut keys = inside[usize::from(place_in[bucket])].clone();
        let key = select(&mut keys, rank);
        let cut = from_key(key);
        if key > smallest && cut.is_finite() && cuts.last().is_none_or(|last| *last < cut) {
            cuts.push(cut);
        }
    }
    cuts
}

/// The bucket that holds the row of that rank (from 0), and its rank in there.
fn place_of(counts: &[u64], rank: u64) -> Option<(usize, u64)> {
    let mut before = 0;
    for (bucket, count) in counts.iter().enumerate() {
        if before + count > rank {
            return Some((bucket, rank - before));
        }
        before += count;
    }
    None
}

/// The key of the row of that rank (from 0), each key standing for so many rows; halves what is looked at each time.
fn select(keys: &mut Vec<(u64, u64)>, mut rank: u64) -> u64 {
    let mut bit = 1_u64 << 47;
    while bit > 0 {
        let below: u64 = keys.iter().filter(|(key, _)| key & bit == 0).map(|(_, count)| count).sum();
        let is_low = rank < below;
        if !is_low {
            rank -= below;
        }
        keys.retain(|(key, _)| (key & bit == 0) == is_low);
        bit >>= 1;
    }
    keys.first().map_or(0, |(key, _)| *key)
}

/// A number that rises with the value; 0 and -0 are equal.
fn rising_key(value: f64) -> u64 {
    let bits = (value + 0.0).to_bits();
    if bits >> 63 == 1 { !bits } else { bits | (1 << 63) }
}

fn from_key(key: u64) -> f64 {
    f64::from_bits(if key >> 63 == 1 { key & !(1 << 63) } else { !key })
}

#[cfg(test)]
#[path = "bins_tests.rs"]
mod tests;
