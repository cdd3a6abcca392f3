//! How a column is cut: into its levels, or, where it holds many numbers, into quartiles or at given values.

use crate::data::predicate::Relation;
use crate::data::{Column, Notice, NoticeCode, Predicate, Values, level_order};
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
        counts: &counts,
        min_support,
    };
    match &column.values {
        Values::Numeric(values) => kept.numbers(&values.wide(), cuts, notices),
        _ => match column.to_levels(crate::run::groups::MOST_LEVELS) {
            Ok(levels) => {
                let missing = levels.names.len() as u32;
                let codes: Vec<u32> = levels.codes.iter().map(|code| code.min(missing)).collect();
                let mut all: Vec<Option<Predicate>> = levels
                    .names
                    .iter()
                    .map(|level| Some(Predicate::level(&column.name, level)))
                    .collect();
                all.push(Some(Predicate::missing(&column.name)));
                let mut places: Vec<usize> = (0..levels.names.len()).collect();
                order::sort_by(&mut places, |a, b| level_order(&levels.names[*a], &levels.names[*b]));
                places.push(levels.names.len());
                kept.largest(&codes, all, &places, notices)
            }
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
    counts: &'a Counts<'a>,
    min_support: u64,
}

impl Kept<'_> {
    /// Keeps the largest levels of enough rows, in the order of `places`; `codes` are places in `all`.
    fn largest(&self, codes: &[u32], mut all: Vec<Option<Predicate>>, places: &[usize], notices: &mut Vec<Notice>) -> Cut {
        let mut sizes = vec![0_u64; all.len()];
        for (row, code) in codes.iter().enumerate() {
            sizes[*code as usize] += self.counts.of_row(row);
        }
        let mut kept: Vec<usize> = places
            .iter()
            .copied()
            .filter(|place| sizes[*place] >= self.min_support.max(1))
            .collect();
        let observed = sizes.iter().filter(|size| **size > 0).count();
        let small = observed - kept.len();
        if kept.len() > MOST_LEVELS {
            self.note_many(kept.len(), notices);
            let mut by_size = kept.clone();
            order::sort_by(&mut by_size, |a, b| sizes[*b].cmp(&sizes[*a]));
            by_size.truncate(MOST_LEVELS);
            kept.retain(|place| by_size.contains(place));
        }
        let rest = kept.len() as u8;
        let mut cell_of = vec![rest; all.len()];
        for (cell, place) in kept.iter().enumerate() {
            cell_of[*place] = cell as u8;
        }
        Cut {
            cells: codes.iter().map(|code| cell_of[*code as usize]).collect(),
            slices: kept.iter().filter_map(|place| all[*place].take()).collect(),
            count: kept.len() + 1,
            small,
        }
    }

    fn note_many(&self, levels: usize, notices: &mut Vec<Notice>) {
        let text = format!(
            "Of the {levels} levels of column \"{}\", the {MOST_LEVELS} largest are looked at as slices.",
            self.name
        );
        notices.push(Notice::of_column(NoticeCode::Slices, self.name, text));
    }

    /// Numbers: each of a few, else between cuts, quartiles unless given.
    fn numbers(&self, values: &[f64], cuts: Option<&[f64]>, notices: &mut Vec<Notice>) -> Cut {
        if cuts.is_none()
            && let Some(distinct) = few(values, self.counts)
        {
            let all: Vec<Option<Predicate>> = distinct
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
            let codes: Vec<u32> = values.iter().map(code).collect();
            let places: Vec<usize> = (0..all.len()).filter(|place| all[*place].is_some()).collect();
            return self.largest(&codes, all, &places, notices);
        }
        let cuts = cuts.map_or_else(|| quantile_cuts(values, |row| self.counts.of_row(row), QUARTILES), <[f64]>::to_vec);
        let mut all: Vec<Option<Predicate>> = between(self.name, &cuts).into_iter().map(Some).collect();
        let missing = all.len() as u32;
        all.push(Some(Predicate::missing(self.name)));
        let code = |value: &f64| {
            if value.is_nan() {
                missing
            } else {
                cuts.iter().map(|cut| u32::from(value >= cut)).sum()
            }
        };
        let codes: Vec<u32> = values.iter().map(code).collect();
        let places: Vec<usize> = (0..all.len()).collect();
        self.largest(&codes, all, &places, notices)
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

/// The different numbers of the rows that count, sorted; `None` where there are more than a few.
fn few(values: &[f64], counts: &Counts<'_>) -> Option<Vec<f64>> {
    let mut distinct: Vec<f64> = Vec::with_capacity(MOST_NUMBERS);
    let mut last = f64::NAN;
    for (row, value) in values.iter().enumerate() {
        if *value == last || value.is_nan() || distinct.contains(value) || counts.of_row(row) == 0 {
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
    let mut cuts = Vec::new();
    for part in 1..bins as u64 {
        let rank = (u128::from(total) * u128::from(part) / bins as u128) as u64;
        let (bucket, before) = place_of(&top, rank);
        let Some(bucket) = bucket else { continue };
        let inside = values.iter().enumerate().filter(|(_, value)| !value.is_nan());
        let mut inside: Vec<(u64, u64)> = inside
            .map(|(row, value)| (row, rising_key(*value)))
            .filter(|(_, key)| (key >> 48) as usize == bucket)
            .map(|(row, key)| (key, stands_for(row)))
            .collect();
        let key = select(&mut inside, rank - before);
        let cut = from_key(key);
        if key > smallest && cut.is_finite() && cuts.last().is_none_or(|last| *last < cut) {
            cuts.push(cut);
        }
    }
    cuts
}

/// The bucket that holds the row of that rank (from 0), and how many rows are before it.
fn place_of(counts: &[u64], rank: u64) -> (Option<usize>, u64) {
    let mut before = 0;
    for (bucket, count) in counts.iter().enumerate() {
        if before + count > rank {
            return (Some(bucket), before);
        }
        before += count;
    }
    (None, before)
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
