//! Columns put into few parts: levels, values, or bins of numbers, each with a code. What looks for groups and for proxies counts codes.

use crate::data::column::MISSING;
use crate::data::predicate::Relation;
use crate::data::{Column, Predicate, Role, Roles, Table, Values, level_order};
use crate::metric::rows::Rows;
use crate::stats::order;
use crate::stats::random::{mix, mixed};

use super::slices::bins::quantile_cuts;

/// A column of numbers with up to so many different ones keeps each.
const MOST_VALUES: usize = 10;

/// What the parts of a feature are.
#[derive(Debug, Clone, PartialEq)]
pub enum Scale {
    /// Levels, in order of their names.
    Levels(Vec<String>),
    /// Numbers, rising.
    Values(Vec<f64>),
    /// Where numbers are cut, rising: one part more than cuts.
    Cuts(Vec<f64>),
}

/// A column in parts.
#[derive(Debug, Clone, PartialEq)]
pub struct Feature {
    /// The column's name.
    pub name: String,
    /// What the parts are.
    pub scale: Scale,
    /// How many parts there are; after them come the code of everything else and that of a missing value.
    pub parts: usize,
    /// The code of every row of the table.
    pub codes: Vec<u8>,
}

impl Feature {
    /// Puts a column into about `bins` bins of numbers, or its `most` largest levels; `None` where it keeps no values that can be.
    ///
    /// The codes depend on the rows that count, not on their order.
    pub fn of(column: &Column, rows: &Rows, bins: usize, most: usize) -> Option<Self> {
        let stands_for = |row: usize| rows.weight(row).map_or(0, |weight| weight.count);
        let (scale, codes) = match &column.values {
            Values::Numeric(values) => of_numbers(&values.wide(), &stands_for, bins),
            Values::Levels(levels) => {
                let mut sizes = vec![0_u64; levels.names.len()];
                for (row, code) in levels.codes.iter().enumerate().filter(|(_, code)| *code != MISSING) {
                    sizes[code as usize] += stands_for(row);
                }
                let mut kept: Vec<usize> = (0..sizes.len()).filter(|level| sizes[*level] > 0).collect();
                let by_name = |a: &usize, b: &usize| level_order(&levels.names[*a], &levels.names[*b]);
                order::sort_by(&mut kept, by_name);
                order::sort_by(&mut kept, |a, b| sizes[*b].cmp(&sizes[*a]));
                kept.truncate(most.min(200));
                order::sort_by(&mut kept, by_name);
                let other = kept.len() as u8;
                let mut code_of = vec![other; levels.names.len()];
                for (code, level) in kept.iter().enumerate() {
                    code_of[*level] = code as u8;
                }
                let code = |code: u32| code_of.get(code as usize).copied().unwrap_or(other + 1);
                let names = kept.iter().map(|level| levels.names[*level].clone()).collect();
                (Scale::Levels(names), levels.codes.iter().map(code).collect())
            }
            Values::Time(_) | Values::None => return None,
        };
        let parts = match &scale {
            Scale::Levels(names) => names.len(),
            Scale::Values(values) => values.len(),
            Scale::Cuts(cuts) => cuts.len() + 1,
        };
        Some(Self {
            name: column.name.clone(),
            scale,
            parts,
            codes,
        })
    }

    /// How many codes there are: the parts, everything else, missing.
    pub fn width(&self) -> usize {
        self.parts + 2
    }

    /// The code of a missing value.
    pub fn missing(&self) -> usize {
        self.parts + 1
    }

    /// Whether parts have an order, so that several next to each other make one.
    pub fn is_ordered(&self) -> bool {
        !matches!(self.scale, Scale::Levels(_))
    }

    /// The rows with a code from `low` to `high`, as they would be typed; `None` for the code of everything else.
    pub fn condition(&self, low: usize, high: usize) -> Option<Predicate> {
        if low == self.missing() {
            return Some(Predicate::missing(&self.name));
        }
        if high >= self.parts {
            return None;
        }
        let number = |relation, bound: &f64| Predicate::number(&self.name, relation, *bound);
        Some(match &self.scale {
            Scale::Levels(names) => Predicate::level(&self.name, &names[low]),
            Scale::Values(values) if low == high => number(Relation::Equal, &values[low]),
            Scale::Values(values) => ends(
                (low > 0).then(|| number(Relation::AtLeast, &values[low])),
                (high + 1 < self.parts).then(|| number(Relation::AtMost, &values[high])),
            )?,
            Scale::Cuts(cuts) => ends(
                low.checked_sub(1).map(|below| number(Relation::AtLeast, &cuts[below])),
                cuts.get(high).map(|cut| number(Relation::Less, cut)),
            )?,
        })
    }
}

fn ends(low: Option<Predicate>, high: Option<Predicate>) -> Option<Predicate> {
    let ends: Vec<Predicate> = low.into_iter().chain(high).collect();
    (!ends.is_empty()).then(|| Predicate::all(ends))
}

fn of_numbers(values: &[f64], stands_for: &dyn Fn(usize) -> u64, bins: usize) -> (Scale, Vec<u8>) {
    if let Some(distinct) = few(values, stands_for) {
        let (other, missing) = (distinct.len() as u8, distinct.len() as u8 + 1);
        let code = |value: &f64| {
            if value.is_nan() {
                missing
            } else {
                distinct.iter().position(|own| own == value).map_or(other, |place| place as u8)
            }
        };
        let codes = values.iter().map(code).collect();
        return (Scale::Values(distinct), codes);
    }
    let cuts = quantile_cuts(values, stands_for, bins);
    let missing = cuts.len() as u8 + 2;
    let code = |value: &f64| {
        if value.is_nan() {
            missing
        } else {
            cuts.iter().map(|cut| u8::from(value >= cut)).sum()
        }
    };
    let codes = values.iter().map(code).collect();
    (Scale::Cuts(cuts), codes)
}

/// The different numbers of the rows that count, rising; `None` where there are more than a few, or infinite ones.
fn few(values: &[f64], stands_for: &dyn Fn(usize) -> u64) -> Option<Vec<f64>> {
    let mut distinct: Vec<f64> = Vec::new();
    for (row, value) in values.iter().enumerate() {
        if value.is_nan() || distinct.contains(value) || stands_for(row) == 0 {
            continue;
        }
        if distinct.len() == MOST_VALUES || value.is_infinite() {
            return None;
        }
        distinct.push(*value + 0.0);
    }
    order::sort_by(&mut distinct, f64::total_cmp);
    Some(distinct)
}

/// The columns without another role whose values are kept as levels or numbers, in file order.
pub fn plain_columns(table: &Table, roles: &Roles) -> Vec<String> {
    let is_plain =
        |column: &&Column| matches!(column.values, Values::Numeric(_) | Values::Levels(_)) && roles.role_of(&column.name) == Role::Feature;
    table.columns.iter().filter(is_plain).map(|column| column.name.clone()).collect()
}

/// Rows with the same codes and marks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Alike {
    /// A fingerprint of what they have in common: whatever their order in the file.
    pub hash: u64,
    /// One of them.
    pub row: u32,
    /// How many rows they stand for.
    pub count: u64,
}

/// Puts rows together that are the same in all features and in two further marks, in an order that is that of nothing they hold; rows that
/// stand for none are left out. A row that stands for several is put where the several would be.
pub fn alike(features: &[Feature], rows: usize, marks: &dyn Fn(usize) -> [u64; 2], stands_for: &dyn Fn(usize) -> u64) -> Vec<Alike> {
    let hash = |row: usize| {
        let marked = marks(row).into_iter().fold(0, mixed);
        features
            .iter()
            .fold(marked, |so_far, feature| mixed(so_far, u64::from(feature.codes[row])))
    };
    let mut keys: Vec<(u64, u32)> = (0..rows)
        .filter(|row| stands_for(*row) > 0)
        .map(|row| (hash(row), row as u32))
        .collect();
    keys.sort_unstable();
    let is_same = |a: u32, b: u32| {
        let (a, b) = (a as usize, b as usize);
        marks(a) == marks(b) && features.iter().all(|feature| feature.codes[a] == feature.codes[b])
    };
    let mut cells: Vec<Alike> = Vec::new();
    for (hash, row) in keys {
        let count = stands_for(row as usize);
        match cells.last_mut() {
            Some(last) if last.hash == hash && is_same(last.row, row) => last.count += count,
            _ => cells.push(Alike { hash, row, count }),
        }
    }
    cells
}

/// The mark of an importance weight; a weight of 1 is none.
pub fn weight_mark(weight: Option<f64>) -> u64 {
    weight.map_or(0, |weight| weight.to_bits() ^ 1.0_f64.to_bits())
}

impl Alike {
    /// How many of its rows are drawn where a share of all rows is; the same whether they are one row of the file or several.
    pub fn drawn(&self, share: f64, seed: u64) -> u64 {
        if share >= 1.0 {
            return self.count;
        }
        let chance = (mix(mixed(self.hash, seed)) >> 11) as f64 / (1_u64 << 53) as f64;
        (self.count as f64 * share + chance) as u64
    }

    /// A number of chance for the row's `copy`-th copy.
    pub const fn chance(&self, seed: u64, copy: u64) -> u64 {
        mixed(mixed(self.hash, seed), copy)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::{Kind, Levels};

    fn numbers(values: &[f64]) -> Column {
        Column {
            name: "x".to_owned(),
            kind: Kind::Numeric,
            values: Values::Numeric(values.to_vec().into()),
            missing: 0,
            invalid: 0,
        }
    }

    fn levels(names: &[&str], codes: &[u32]) -> Column {
        let names = names.iter().map(|name| (*name).to_owned()).collect();
        Column {
            kind: Kind::Categorical,
            values: Values::Levels(Levels {
                names,
                codes: codes.to_vec().into(),
            }),
            ..numbers(&[])
        }
    }

    fn said(feature: &Feature, low: usize, high: usize) -> Option<String> {
        feature.condition(low, high).map(|predicate| predicate.to_string())
    }

    #[test]
    fn the_largest_levels_are_kept_in_order_of_their_names() {
        let column = levels(&["b", "rare", "a", "c"], &[0, 2, 1, 0, 2, 3, 3, 0, MISSING]);
        let feature = Feature::of(&column, &Rows::new(9), 8, 3).unwrap();
        assert_eq!(feature.scale, Scale::Levels(vec!["a".into(), "b".into(), "c".into()]));
        assert_eq!(feature.codes, [1, 0, 3, 1, 0, 2, 2, 1, 4]);
        assert_eq!(said(&feature, 1, 1).unwrap(), "x = \"b\"");
        assert_eq!(
            (said(&feature, 3, 3), said(&feature, 4, 4).unwrap()),
            (None, "x is missing".to_owned())
        );
    }

    #[test]
    fn few_numbers_keep_their_values_and_many_are_cut() {
        let feature = Feature::of(&numbers(&[3.0, 1.0, f64::NAN, 1.0, -0.0]), &Rows::new(5), 8, 20).unwrap();
        assert_eq!(feature.codes, [2, 1, 4, 1, 0]);
        assert_eq!(said(&feature, 0, 1).unwrap(), "x <= 1");
        assert_eq!(said(&feature, 1, 2).unwrap(), "x >= 1");
        assert_eq!(said(&feature, 0, 2), None);
        let many: Vec<f64> = (0..100).map(f64::from).collect();
        let feature = Feature::of(&numbers(&many), &Rows::new(100), 4, 20).unwrap();
        assert_eq!(feature.scale, Scale::Cuts(vec![25.0, 50.0, 75.0]));
        assert_eq!(said(&feature, 1, 2).unwrap(), "x >= 25 and x < 75");
        assert_eq!(said(&feature, 0, 0).unwrap(), "x < 25");
        assert_eq!((feature.codes[24], feature.codes[25], feature.codes[99]), (0, 1, 3));
    }

    #[test]
    fn rows_alike_are_put_together_whatever_their_order() {
        let together = |codes: &[u32], counts: &[u64]| {
            let feature = Feature::of(&levels(&["a", "b"], codes), &Rows::new(codes.len()), 8, 20).unwrap();
            let cells = alike(std::slice::from_ref(&feature), codes.len(), &|_| [0, 0], &|row| counts[row]);
            cells
                .iter()
                .map(|cell| (feature.codes[cell.row as usize], cell.count, cell.chance(1, 0)))
                .collect::<Vec<_>>()
        };
        let one = together(&[0, 1, 0, 0], &[1, 1, 1, 1]);
        assert_eq!(one.iter().map(|cell| cell.1).max(), Some(3));
        assert_eq!(one, together(&[0, 0, 1, 0], &[1, 1, 1, 1]));
        assert_eq!(one, together(&[0, 1], &[3, 1]));
    }
}
