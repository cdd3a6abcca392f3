//! Whether a column's drift matters: what it does to the mean score, and how much of the change of the error it goes with.
//!
//! Both means are split by the column's cells (Kitagawa 1955): what the change of the shares of cells would have done by itself, each cell keeping the
//! reference's mean; and what has changed within cells. Only shares and means of cells enter, no model of the model.

use std::collections::BTreeMap;

use crate::data::column::MISSING as NO_LEVEL;
use crate::data::{Column, MISSING_TIME, Values};
use crate::metric::drift::cells::{Cell, Of};
use crate::metric::reading::Reading;
use crate::metric::rows::Rows;
use crate::metric::sample::SampleKind;
use crate::stats::interval::Method;
use crate::stats::sum::ExactSum;

/// What is known of every row of a file.
#[derive(Debug)]
pub struct Known {
    /// Its score, predicted number, or 1 for predicted positive; NaN where it has none.
    score: Option<Vec<f64>>,
    /// Its error: 1 for a wrong class, or how far off the number is; NaN where it is not known.
    error: Option<Vec<f64>>,
}

impl Known {
    /// Reads it from the rows of an audit.
    pub fn of(rows: &Rows, positive: u32) -> Self {
        let flag = |is: bool| f64::from(u8::from(is));
        let of_class = |classes: &Vec<u32>, value: &dyn Fn(usize, u32) -> f64| {
            let of_row = |(row, class): (usize, &u32)| if *class == NO_LEVEL { f64::NAN } else { value(row, *class) };
            classes.iter().enumerate().map(of_row).collect::<Vec<f64>>()
        };
        let score = rows.score.clone().or_else(|| rows.predicted.clone()).or_else(|| {
            let prediction = rows.prediction.as_ref().filter(|_| positive != NO_LEVEL)?;
            Some(of_class(prediction, &|_, class| flag(class == positive)))
        });
        let error = match (&rows.label, &rows.prediction, &rows.truth, &rows.predicted) {
            (Some(label), Some(prediction), _, _) => Some(of_class(prediction, &|row, class| match label[row] {
                NO_LEVEL => f64::NAN,
                label => flag(label != class),
            })),
            (_, _, Some(truth), Some(predicted)) => Some(truth.iter().zip(predicted).map(|(t, p)| (t - p).abs()).collect()),
            _ => None,
        };
        Self { score, error }
    }
}

/// Rows of a cell with a number, and the sums of it and of its square, the ones among them apart.
#[derive(Debug, Clone, Default)]
struct Sums {
    rows: u64,
    ones: u64,
    sum: ExactSum,
    squares: ExactSum,
}

impl Sums {
    /// Adds a number of so many rows. That a class is wrong or right, 1 or 0, is counted: it is most of what there is to add.
    #[inline(always)]
    fn add(&mut self, value: f64, count: u64, has_squares: bool) {
        if value == 1.0 {
            self.ones += count;
        } else if !value.is_finite() {
            return;
        } else if value != 0.0 {
            self.add_any(value, count, has_squares);
        }
        self.rows += count;
    }

    #[inline]
    fn add_any(&mut self, value: f64, count: u64, has_squares: bool) {
        if count == 1 {
            self.sum.add(value);
        } else {
            self.sum.add_product(value, count as f64);
        }
        if has_squares {
            self.squares.add_product(value * value, count as f64);
        }
    }

    fn with_ones(&self, of: &ExactSum) -> f64 {
        let mut all = of.clone();
        all.add(self.ones as f64);
        all.value()
    }

    fn mean(&self) -> Option<f64> {
        (self.rows > 0).then(|| self.with_ones(&self.sum) / self.rows as f64)
    }

    fn variance(&self) -> f64 {
        let mean = self.mean().unwrap_or(0.0);
        (self.with_ones(&self.squares) / self.rows as f64 - mean * mean).max(0.0)
    }
}

/// One of both files.
pub struct Side<'a> {
    /// The column.
    pub column: &'a Column,
    /// For how many rows a row stands.
    pub count: &'a dyn Fn(usize) -> Option<u64>,
    /// What is known of each.
    pub known: &'a Known,
}

/// What a column's drift does.
#[derive(Debug, Clone, Copy)]
pub struct Matter {
    /// To the mean score, by the change of shares.
    pub score: Option<Reading>,
    /// To the error, by the change of shares.
    pub error_mix: Option<Reading>,
    /// To the error, within cells.
    pub error_within: Option<Reading>,
}

/// Computes what the drift of a column with these cells does; `None` where a row's cell cannot be found.
pub fn matter(cells: &[Cell], kind: SampleKind, reference: &Side<'_>, current: &Side<'_>) -> Option<Matter> {
    let (before, now) = (fold(cells, kind, reference)?, fold(cells, kind, current)?);
    let part = |of: fn(&(Sums, Sums)) -> &Sums, side: &[(Sums, Sums)]| side.iter().map(|cell| of(cell).clone()).collect::<Vec<Sums>>();
    let scores = (part(|cell| &cell.0, &before), part(|cell| &cell.0, &now));
    let errors = (part(|cell| &cell.1, &before), part(|cell| &cell.1, &now));
    Some(Matter {
        score: by_mix(&scores.0, &scores.1),
        error_mix: by_mix(&errors.0, &errors.1),
        error_within: within(&errors.0, &errors.1),
    })
}

fn rows(side: &[Sums]) -> u64 {
    side.iter().map(|cell| cell.rows).sum()
}

fn by_mix(before: &[Sums], now: &[Sums]) -> Option<Reading> {
    let (n, m) = (rows(before), rows(now));
    if n == 0 || m == 0 {
        return None;
    }
    let (mut change, mut first, mut second) = (0.0, [0.0; 2], [0.0; 2]);
    for (was, is) in before.iter().zip(now) {
        let Some(mean) = was.mean().or_else(|| is.mean()) else { continue };
        let (r, c) = (was.rows as f64 / n as f64, is.rows as f64 / m as f64);
        change += (c - r) * mean;
        first = [first[0] + r * mean, first[1] + r * mean * mean];
        second = [second[0] + c * mean, second[1] + c * mean * mean];
    }
    let spread = |[mean, square]: [f64; 2], rows: u64| (square - mean * mean).max(0.0) / rows as f64;
    let variance = spread(first, n) + spread(second, m);
    Some(Reading::with_variance(change, Some(variance), Method::Normal, n.min(m)))
}

fn within(before: &[Sums], now: &[Sums]) -> Option<Reading> {
    let (n, m) = (rows(before), rows(now));
    if n == 0 || m == 0 {
        return None;
    }
    let (mut change, mut variance) = (0.0, 0.0);
    for (was, is) in before.iter().zip(now) {
        let (Some(earlier), Some(later)) = (was.mean(), is.mean()) else {
            continue;
        };
        let share = is.rows as f64 / m as f64;
        change += share * (later - earlier);
        variance += share * share * (was.variance() / was.rows as f64 + is.variance() / is.rows as f64);
    }
    Some(Reading::with_variance(change, Some(variance), Method::Normal, n.min(m)))
}

fn fold(cells: &[Cell], kind: SampleKind, side: &Side<'_>) -> Option<Vec<(Sums, Sums)>> {
    let mut sums = vec![(Sums::default(), Sums::default()); cells.len()];
    let (scores, errors) = (side.known.score.as_deref(), side.known.error.as_deref());
    let mut add = |row: usize, cell: Option<usize>| {
        if let (Some(cell), Some(count)) = (cell, (side.count)(row)) {
            let own = &mut sums[cell];
            if let Some(scores) = scores {
                // Of scores the spread is not asked for.
                own.0.add(scores[row], count, false);
            }
            if let Some(errors) = errors {
                own.1.add(errors[row], count, true);
            }
        }
    };
    let missing = cells.iter().position(|cell| cell.of == Of::Missing);
    if kind == SampleKind::Levels {
        let levels = side.column.to_levels(usize::MAX).ok()?;
        let of_name = |cell: (usize, &Cell)| match &cell.1.of {
            Of::Level(name) => Some((name.clone(), cell.0)),
            _ => None,
        };
        let known: BTreeMap<String, usize> = cells.iter().enumerate().filter_map(of_name).collect();
        let rare = cells.iter().position(|cell| cell.of == Of::Rare);
        let of_code: Vec<Option<usize>> = levels.names.iter().map(|name| known.get(name).copied().or(rare)).collect();
        for (row, code) in levels.codes.iter().enumerate() {
            add(row, if code == NO_LEVEL { missing } else { of_code[code as usize] });
        }
        return Some(sums);
    }
    // Cells are in rising order: below, ranges, above.
    let edges: Vec<f64> = cells
        .iter()
        .filter_map(|cell| match cell.of {
            Of::Range(low, _) => Some(low),
            _ => None,
        })
        .collect();
    let highest = cells.iter().rev().find_map(|cell| match cell.of {
        Of::Range(_, high) => Some(high),
        _ => None,
    })?;
    let place = |value: f64| {
        if value.is_nan() {
            missing
        } else if value > highest {
            Some(edges.len() + 1)
        } else {
            Some(edges.partition_point(|edge| *edge <= value))
        }
    };
    match &side.column.values {
        Values::Time(times) => {
            let number = |time: i64| if time == MISSING_TIME { f64::NAN } else { time as f64 };
            times.iter().enumerate().for_each(|(row, time)| add(row, place(number(time))));
        }
        Values::Numeric(numbers) => {
            const NOWHERE: u64 = u64::MAX;
            if let Some(narrow) = numbers.narrow() {
                let table = narrow.table(&|value| place(value).map_or(NOWHERE, |cell| cell as u64));
                for row in 0..numbers.len() {
                    let cell = table[narrow.place(row)];
                    add(row, (cell != NOWHERE).then_some(cell as usize));
                }
            } else {
                numbers.iter().enumerate().for_each(|(row, value)| add(row, place(value)));
            }
        }
        _ => {
            let numbers = side.column.to_numbers().ok()?;
            numbers.iter().enumerate().for_each(|(row, value)| add(row, place(*value)));
        }
    }
    Some(sums)
}
