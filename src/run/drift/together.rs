//! Whether columns go together otherwise than in the reference: what no column shows that is looked at by itself.
//!
//! Every pair of columns of numbers is judged by its rank correlation in both files. A change of one column alone leaves ranks as they are, so
//! that what shows here is a change of how columns hang together.

use crate::data::{Column, Kind, Notice, NoticeCode, Role, level_order};
use crate::metric::reading::Reading;
use crate::metric::registry::find;
use crate::metric::{Estimate, Key, Source};
use crate::run::Settings;
use crate::run::columns::{Files, is_read};
use crate::run::frame::estimate;
use crate::run::quality::counter;
use crate::stats::hypothesis::two_sided;
use crate::stats::interval::{Interval, Method, fisher_normal};
use crate::stats::math::ln_1p;
use crate::stats::multiple::Correction;
use crate::stats::order;
use crate::stats::rank::{Ranked, rising_key};

use super::beside::limits;

/// From this change of a rank correlation on, two columns go together otherwise by more than little.
pub const BOUND: f64 = 0.1;
/// Pairs are judged beside single columns; their part of what chance may show, so that all of it stays within 1 less the level.
const PART: f64 = 0.2;
/// The most rows of each file that are looked at: of more, every second, third, ...
const MOST_ROWS: usize = 5_000;
/// The most columns that are held against each other, what the audit is about first.
const MOST_COLUMNS: usize = 60;
/// The most pairs that are reported one by one.
const MOST_TOLD: usize = 20;
/// Ranks are whole numbers whose products are summed exactly as long as a file stands for fewer rows than this.
const MOST_COUNTED: u64 = 1 << 31;

/// How two columns that go together otherwise did before, and do now.
#[derive(Debug, Clone, PartialEq)]
struct Changed {
    columns: [String; 2],
    change: f64,
    interval: Option<Interval>,
    p_value: f64,
    corrected: f64,
    rows: u64,
}

/// What was found about pairs of columns.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Together {
    /// The pairs that go together otherwise, the largest change first.
    changed: Vec<Changed>,
    /// How many pairs were judged, and in how many rows at least.
    judged: u64,
    rows: u64,
    /// Columns of numbers that were too many to be held against each other.
    left: usize,
}

/// A correlation in one file.
#[derive(Clone, Copy)]
struct Known {
    r: f64,
    rows: u64,
}

impl Known {
    /// The variance on Fisher's scale. Source: Bonett and Wright 2000, "Sample size requirements for estimating Pearson, Kendall and
    /// Spearman correlations".
    fn variance(self) -> f64 {
        (1.0 + 0.5 * self.r * self.r) / (self.rows as f64 - 3.0)
    }

    fn limits(self, level: f64) -> Option<Interval> {
        fisher_normal(self.r, self.variance().sqrt(), level, Method::BonettWright)
    }
}

/// The columns of one file, as ranks in the rows that are looked at.
struct Side {
    /// For each column and row twice the distance of the mid-rank from the middle, `None` where the value is missing.
    ranks: Vec<Vec<Option<i64>>>,
    counts: Vec<u64>,
}

impl Side {
    fn of(columns: &[&Column], rows: usize, count: &dyn Fn(usize) -> Option<u64>) -> Option<Self> {
        let used: Vec<usize> = (0..rows).filter(|row| count(*row).is_some()).collect();
        let every = used.len().div_ceil(MOST_ROWS).max(1);
        let drawn: Vec<usize> = used.into_iter().step_by(every).collect();
        let counts: Vec<u64> = drawn.iter().filter_map(|row| count(*row)).collect();
        let all = counts.iter().try_fold(0_u64, |all, count| all.checked_add(*count))?;
        (all < MOST_COUNTED).then(|| Self {
            ranks: columns.iter().map(|column| ranks(column, &drawn, &counts)).collect(),
            counts,
        })
    }

    /// The linear correlation of the ranks of two columns, in the rows that have both; `None` where one does not vary, or in fewer than
    /// four rows. The sums are whole numbers, so that neither the order of rows nor anything else shows in them.
    fn correlation(&self, x: usize, y: usize) -> Option<Known> {
        let (mut n, mut sum_x, mut sum_y) = (0_i128, 0_i128, 0_i128);
        let (mut squares_x, mut squares_y, mut crossed) = (0_i128, 0_i128, 0_i128);
        for ((a, b), count) in self.ranks[x].iter().zip(&self.ranks[y]).zip(&self.counts) {
            let (Some(a), Some(b)) = (*a, *b) else { continue };
            let count = i128::from(*count);
            n += count;
            sum_x += count * i128::from(a);
            sum_y += count * i128::from(b);
            squares_x += count * i128::from(a * a);
            squares_y += count * i128::from(b * b);
            crossed += count * i128::from(a * b);
        }
        let spread = |squares: i128, sum: i128| squares as f64 - sum as f64 * (sum as f64 / n as f64);
        let (of_x, of_y) = (spread(squares_x, sum_x), spread(squares_y, sum_y));
        let together = crossed as f64 - sum_x as f64 * (sum_y as f64 / n as f64);
        (n > 3 && of_x > 0.0 && of_y > 0.0).then(|| Known {
            r: (together / (of_x.sqrt() * of_y.sqrt())).clamp(-1.0, 1.0),
            rows: n as u64,
        })
    }
}

/// The ranks of a column among its own values in the rows drawn.
fn ranks(column: &Column, drawn: &[usize], counts: &[u64]) -> Vec<Option<i64>> {
    let numbers: Vec<f64> = match two_levels(column) {
        Some(numbers) => drawn.iter().map(|row| numbers[*row]).collect(),
        None => column
            .to_numbers()
            .map_or_else(|_| Vec::new(), |numbers| drawn.iter().map(|row| numbers[*row]).collect()),
    };
    let present: Vec<usize> = (0..numbers.len()).filter(|place| !numbers[*place].is_nan()).collect();
    let ranked = Ranked::new(present.len(), &|place| numbers[present[place]], &|place| counts[present[place]]);
    let mut ranks = vec![None; drawn.len()];
    for (place, of) in present.iter().zip(ranked.places()) {
        ranks[*place] = Some(ranked.balance(*of as usize) as i64);
    }
    ranks
}

/// A column of two levels as 0 and 1, in the order of their names, so that both files agree; `None` for any other.
fn two_levels(column: &Column) -> Option<Vec<f64>> {
    if column.kind == Kind::Numeric {
        return None;
    }
    let levels = column.to_levels(2).ok()?;
    let [a, b] = levels.names.as_slice() else { return None };
    let first = u32::from(level_order(a, b).is_gt());
    let number = |code: u32| match code {
        crate::data::column::MISSING => f64::NAN,
        code if code == first => 0.0,
        _ => 1.0,
    };
    Some(levels.codes.iter().map(number).collect())
}

/// Whether two columns can be held against each other: both of numbers, or of the same two levels.
fn fits(earlier: &Column, column: &Column) -> bool {
    let names = |column: &Column| {
        let mut names = column.to_levels(2).ok()?.names.clone();
        order::sort_by(&mut names, |a, b| level_order(a, b));
        (names.len() == 2).then_some(names)
    };
    match (earlier.kind, column.kind) {
        (Kind::Numeric, Kind::Numeric) => true,
        (Kind::Categorical | Kind::Boolean, Kind::Categorical | Kind::Boolean) => {
            names(column).is_some_and(|own| names(earlier) == Some(own))
        }
        _ => false,
    }
}

/// What the audit is about comes first.
fn rank(role: Role) -> Option<u8> {
    match role {
        Role::Id | Role::Time => None,
        Role::Feature => Some(1),
        _ => Some(0),
    }
}

impl Together {
    /// Judges every pair of columns of numbers, or of two levels, that both files have.
    pub fn judge(files: &Files<'_>, settings: &Settings) -> Self {
        let Some(table) = files.reference else { return Self::default() };
        let mut pairs: Vec<(u8, &Column, &Column)> = Vec::new();
        for column in files.current.columns.iter().filter(|column| is_read(files.roles, &column.name)) {
            let found = rank(files.roles.role_of(&column.name)).zip(table.column(&column.name));
            pairs.extend(
                found
                    .filter(|(_, earlier)| fits(earlier, column))
                    .map(|(rank, earlier)| (rank, earlier, column)),
            );
        }
        let left = pairs.len().saturating_sub(MOST_COLUMNS);
        order::sort_by_key(&mut pairs, |(rank, ..)| *rank);
        pairs.truncate(MOST_COLUMNS);
        let earlier: Vec<&Column> = pairs.iter().map(|(_, earlier, _)| *earlier).collect();
        let columns: Vec<&Column> = pairs.iter().map(|(.., column)| *column).collect();
        let sides = (
            Side::of(&earlier, table.rows, &*counter(files, Source::Reference)),
            Side::of(&columns, files.current.rows, &*counter(files, Source::Current)),
        );
        let (Some(reference), Some(current)) = sides else {
            return Self::default();
        };
        let mut all = Vec::new();
        for x in 0..columns.len() {
            for y in x + 1..columns.len() {
                let both = reference.correlation(x, y).zip(current.correlation(x, y));
                all.extend(both.and_then(|(was, is)| {
                    let names = [columns[x].name.clone(), columns[y].name.clone()];
                    compare(names, was, is, settings)
                }));
            }
        }
        Self::concluded(all, left, settings)
    }

    /// Corrects p-values for how many pairs there are, and keeps those that go together otherwise.
    fn concluded(mut all: Vec<Changed>, left: usize, settings: &Settings) -> Self {
        let judged = all.len() as u64;
        let rows = all.iter().map(|pair| pair.rows).min().unwrap_or(0);
        let p_values: Vec<f64> = all.iter().map(|pair| pair.p_value).collect();
        for (pair, corrected) in all.iter_mut().zip(Correction::BenjaminiHochberg.adjust(&p_values)) {
            pair.corrected = corrected;
        }
        all.retain(|pair| pair.change.abs() >= BOUND && pair.corrected < PART * (1.0 - settings.level));
        order::sort_by_key(&mut all, |pair| std::cmp::Reverse(rising_key(pair.change.abs())));
        Self {
            changed: all,
            judged,
            rows,
            left,
        }
    }

    /// The pairs of columns that go together otherwise, the largest change first.
    pub fn changed(&self) -> impl Iterator<Item = &[String; 2]> {
        self.changed.iter().map(|pair| &pair.columns)
    }

    /// Says that columns were not held against the others, because they are too many.
    pub fn notice(&self) -> Option<Notice> {
        let text = format!(
            "Whether columns go together otherwise than in the reference was asked of {MOST_COLUMNS} columns, what the audit is about first; {} more were not looked at.",
            self.left
        );
        (self.left > 0).then(|| Notice::general(NoticeCode::NotLooked, text))
    }

    /// How many pairs go together otherwise, and the numbers of those with the largest changes. Nothing where no pair was judged.
    pub fn estimates(&self, settings: &Settings) -> Vec<Estimate> {
        let mut estimates = Vec::new();
        if self.judged == 0 {
            return estimates;
        }
        let mut add = |id: &str, columns: &[String], params: &[(&str, &str)], reading: Reading, interval: Option<Interval>| {
            let Some(metric) = find(id) else { return };
            let key = Key {
                metric: metric.id.to_owned(),
                params: params
                    .iter()
                    .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
                    .collect(),
                columns: columns.to_vec(),
                ..Key::default()
            };
            let made = estimate(key, &reading, metric, settings);
            estimates.push(Estimate { interval, ..made });
        };
        for pair in self.changed.iter().take(MOST_TOLD) {
            let exact = |value| Reading::exact(value, pair.rows);
            add("correlation_change", &pair.columns, &[], exact(pair.change), pair.interval);
            add("correlation_change_pvalue", &pair.columns, &[], exact(pair.p_value), None);
            let corrected = [("correction", Correction::BenjaminiHochberg.id())];
            add("correlation_change_pvalue", &pair.columns, &corrected, exact(pair.corrected), None);
        }
        let (found, judged) = (self.changed.len() as f64, self.judged as f64);
        add("changed_correlations", &[], &[], Reading::exact(found, self.rows), None);
        add("judged_correlations", &[], &[], Reading::exact(judged, self.rows), None);
        estimates
    }
}

/// How far a correlation has changed, and whether that can be chance; `None` where one is perfect, for then its spread is not known.
fn compare(columns: [String; 2], was: Known, is: Known, settings: &Settings) -> Option<Changed> {
    if was.r.abs() >= 1.0 || is.r.abs() >= 1.0 {
        return None;
    }
    let scaled = |r: f64| 0.5 * ln_1p(2.0 * r / (1.0 - r));
    let z = (scaled(is.r) - scaled(was.r)) / (was.variance() + is.variance()).sqrt();
    Some(Changed {
        columns,
        change: is.r - was.r,
        interval: limits((is.r, is.limits(settings.level)), (was.r, was.limits(settings.level))),
        p_value: two_sided(z),
        corrected: 1.0,
        rows: was.rows.min(is.rows),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::{Roles, Table, Values};
    use crate::metric::rows::Rows;

    fn table(columns: &[(&str, Vec<f64>)]) -> Table {
        Table {
            rows: columns[0].1.len(),
            columns: columns
                .iter()
                .map(|(name, values)| Column {
                    name: (*name).to_owned(),
                    kind: Kind::Numeric,
                    values: Values::Numeric(values.clone().into()),
                    missing: 0,
                    invalid: 0,
                })
                .collect(),
            ..Table::default()
        }
    }

    fn judged(reference: &Table, current: &Table) -> Together {
        let (rows, roles) = (Rows::new(current.rows), Roles::default());
        let files = Files {
            current,
            rows: &rows,
            reference: Some(reference),
            profile: None,
            roles: &roles,
            task: None,
        };
        Together::judge(&files, &Settings::default())
    }

    /// 0 to 99 in an order that has nothing to do with their own.
    fn mixed() -> Vec<f64> {
        (0..100).map(|row| f64::from(row * 37 % 101 % 100)).collect()
    }

    fn rising() -> Vec<f64> {
        (0..100).map(f64::from).collect()
    }

    /// Mostly rising.
    fn near() -> Vec<f64> {
        (0..100).map(|row| f64::from(row + row * 37 % 23)).collect()
    }

    #[test]
    fn correlations_are_spearmans() {
        let side = |values: &[Vec<f64>], counts: &[u64]| Side {
            ranks: values
                .iter()
                .map(|values| {
                    let column = &table(&[("x", values.clone())]).columns[0];
                    ranks(column, &(0..values.len()).collect::<Vec<_>>(), counts)
                })
                .collect(),
            counts: counts.to_vec(),
        };
        // Mid-ranks 1, 2.5, 2.5, 4, 5 and 2, 1, 3.5, 3.5, 5: by hand 7.25 / 9.5.
        let (x, y) = (vec![1.0, 2.0, 2.0, 4.0, 7.0], vec![3.0, 1.0, 4.0, 4.0, 9.0]);
        let own = side(&[x.clone(), y.clone()], &[1; 5]).correlation(0, 1).unwrap();
        assert!((own.r - 7.25 / 9.5).abs() < 1e-15, "{}", own.r);
        // A count is the row repeated.
        let twice = side(
            &[[x.clone(), x[1..2].to_vec()].concat(), [y.clone(), y[1..2].to_vec()].concat()],
            &[1; 6],
        );
        let counted = side(&[x, y], &[1, 2, 1, 1, 1]);
        let (a, b) = (twice.correlation(0, 1).unwrap(), counted.correlation(0, 1).unwrap());
        assert_eq!((a.r.to_bits(), a.rows), (b.r.to_bits(), b.rows));
    }

    #[test]
    fn columns_that_come_apart_are_named_and_the_others_not() {
        let before = table(&[("a", rising()), ("b", near()), ("c", mixed())]);
        let now = table(&[("a", rising()), ("b", mixed()), ("c", near().into_iter().rev().collect())]);
        let found = judged(&before, &now);
        let names: Vec<String> = found.changed().map(|pair| pair.join("-")).collect();
        assert_eq!((names.first().map(String::as_str), found.judged), (Some("a-c"), 3));
        let same = judged(&before, &before);
        assert_eq!(same.changed.len(), 0);
        let estimates = same.estimates(&Settings::default());
        assert_eq!(estimates.iter().map(|own| own.value).collect::<Vec<_>>(), [Some(0.0), Some(3.0)]);
    }

    #[test]
    fn a_change_of_one_column_by_itself_does_not_show() {
        let before = table(&[("a", rising()), ("b", near())]);
        let stretched = near().iter().map(|value| value * value + 1e3).collect();
        let now = table(&[("a", rising()), ("b", stretched)]);
        assert_eq!(judged(&before, &now).changed.len(), 0);
    }

    #[test]
    fn missing_constant_and_empty_columns_are_left_out() {
        let gone = vec![f64::NAN; 100];
        let before = table(&[("a", rising()), ("b", gone.clone()), ("c", vec![1.0; 100])]);
        assert_eq!(judged(&before, &before), Together::default());
        let nothing = table(&[("a", Vec::new()), ("b", Vec::new()), ("c", Vec::new())]);
        assert_eq!(judged(&before, &nothing), Together::default());
    }
}
