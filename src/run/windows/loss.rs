//! How far off predicted numbers probably are, without their truth: a model of the error, learned on the reference.
//!
//! The model is additive and made of steps: the mean error, plus for the prediction and for every feature one height a bin. It is fitted by
//! going round the columns: each time a column's bins take up a part of the mean of what is left in them.

use std::collections::BTreeMap;

use super::estimate::{Estimated, held_against};
use super::lines::Line;
use super::{Side, rebuild};
use crate::data::column::MISSING;
use crate::data::{Column, Notice, NoticeCode, Roles, Table};
use crate::metric::UndefinedCode;
use crate::metric::reading::Reading;
use crate::metric::sample::SampleKind;
use crate::run::Settings;
use crate::stats::interval::Method;
use crate::stats::order;
use crate::stats::quantile::linear;
use crate::stats::rank::Ranked;
use crate::stats::sum::ExactSum;

const BINS: usize = 8;
/// Beside them what the reference does not have, and what is missing.
const CELLS: usize = BINS + 2;
const ROUNDS: usize = 20;
const RATE: f64 = 0.3;
/// Fewest rows with a truth from which errors are learned.
const FEWEST_ROWS: u64 = 50;

/// One column's bins, for the rows of every side: the last bin but one holds what the reference does not have, the last what is missing.
struct Binned {
    codes: Vec<Vec<u8>>,
}

/// A row of the reference with its error.
struct Learned {
    row: usize,
    window: usize,
    /// How many rows it stands for, and its weight.
    count: u64,
    weight: f64,
    error: f64,
}

/// Estimates mean absolute and root mean squared error in every window.
pub fn estimates(
    sides: &[Side],
    tables: &[&Table],
    roles: &Roles,
    usual: (usize, usize),
    lines: &[Line],
    settings: &Settings,
) -> Estimated {
    let mut told = Estimated::default();
    let side = &sides[usual.0];
    let rows = &side.plan.rows;
    let (Some(truth), Some(predicted)) = (&rows.truth, &rows.predicted) else {
        return told;
    };
    let is_reference = |row: usize| sides.len() > 1 || (side.windows.codes[row] as usize) < usual.1;
    let learned: Vec<Learned> = (0..rows.len)
        .filter(|row| is_reference(*row))
        .filter_map(|row| {
            let weight = rows.weight(row)?;
            let error = (truth[row] - predicted[row]).abs();
            let count = weight.count;
            let weight = count as f64 * weight.weight.unwrap_or(1.0);
            let window = side.windows.codes[row] as usize;
            (error.is_finite() && weight > 0.0).then_some(Learned {
                row,
                window,
                count,
                weight,
                error,
            })
        })
        .collect();
    let known: u64 = learned.iter().map(|own| own.count).sum();
    if known < FEWEST_ROWS {
        let text = format!(
            "Errors without truth are not estimated: the reference has {known} rows with prediction and truth, and {FEWEST_ROWS} are needed to learn from."
        );
        told.notices.push(Notice::general(NoticeCode::Setting, text));
        return told;
    }
    let columns = binned(sides, tables, roles, usual.0, &learned);
    for (id, power) in [("mae", 1), ("rmse", 2)] {
        let model = Model::fit(&learned, &columns, usual.0, power, None);
        let points = (0..sides.len()).map(|place| {
            let told = tell(&sides[place], place, &columns, &model);
            told.into_iter()
                .map(|(sum, weight, rows)| reading(sum, weight, rows, power, model.unexplained))
                .collect()
        });
        let params = BTreeMap::from([("metric".to_owned(), id.to_owned())]);
        let line = Line {
            params,
            is_own: true,
            ..Line::plain("estimated_loss", points.collect())
        };
        let cross = |window: usize| {
            let model = Model::fit(&learned, &columns, usual.0, power, Some(window));
            let (sum, weight, rows) = tell(side, usual.0, &columns, &model)[window];
            reading(sum, weight, rows, power, 0.0).value.ok()
        };
        told.estimates
            .extend(held_against(&line, id, lines, sides, usual, &cross, settings));
        told.lines.push(line);
    }
    told
}

fn reading(sum: f64, weight: f64, rows: u64, power: i32, unexplained: f64) -> Reading {
    if weight <= 0.0 {
        return Reading::undefined(UndefinedCode::NoRows, rows);
    }
    let mean = (sum / weight).max(0.0);
    let variance = unexplained / weight;
    if power == 1 {
        return Reading::with_variance(mean, Some(variance), Method::SamplingError, rows);
    }
    let root = mean.sqrt();
    Reading::with_variance(root, Some(variance / (4.0 * mean)), Method::SamplingError, rows)
}

/// Sums of the errors told, weights and rows in every window.
fn tell(side: &Side, place: usize, columns: &[Binned], model: &Model) -> Vec<(f64, f64, u64)> {
    let mut sums = vec![(ExactSum::default(), ExactSum::default(), 0); side.windows.list.len()];
    let rows = &side.plan.rows;
    for (row, code) in side.windows.codes.iter().enumerate().filter(|(_, code)| **code != MISSING) {
        let is_predicted = rows.predicted.as_ref().is_some_and(|predicted| predicted[row].is_finite());
        let Some(weight) = rows.weight(row).filter(|_| is_predicted) else {
            continue;
        };
        let sum = &mut sums[*code as usize];
        let size = weight.count as f64 * weight.weight.unwrap_or(1.0);
        sum.0.add_product(size, model.tell(columns, place, row));
        sum.1.add(size);
        sum.2 += weight.count;
    }
    sums.iter()
        .map(|(sum, weight, rows)| (sum.value(), weight.value(), *rows))
        .collect()
}

fn binned(sides: &[Side], tables: &[&Table], roles: &Roles, reference: usize, learned: &[Learned]) -> Vec<Binned> {
    let mut columns = Vec::new();
    let predicted: Option<Vec<&[f64]>> = sides.iter().map(|side| side.plan.rows.predicted.as_deref()).collect();
    columns.extend(predicted.and_then(|sides| by_numbers(&sides, reference, learned)));
    for feature in rebuild::features(tables, roles) {
        let of_sides: Vec<&Column> = tables.iter().filter_map(|table| table.column(&feature.name)).collect();
        columns.extend(match feature.kind {
            SampleKind::Numbers => {
                let numbers: Option<Vec<_>> = of_sides.iter().map(|column| column.to_numbers().ok()).collect();
                numbers.and_then(|numbers| by_numbers(&numbers.iter().map(|own| own.as_ref()).collect::<Vec<&[f64]>>(), reference, learned))
            }
            _ => by_levels(&of_sides, reference, learned),
        });
    }
    columns
}

/// Bins of about as many rows of the reference each.
fn by_numbers(sides: &[&[f64]], reference: usize, learned: &[Learned]) -> Option<Binned> {
    let known: Vec<(f64, u64)> = learned
        .iter()
        .map(|own| (sides[reference][own.row], own.count))
        .filter(|(value, _)| value.is_finite())
        .collect();
    let ranked = Ranked::new(known.len(), &|place| known[place].0, &|place| known[place].1);
    let cut = |part: usize| linear(&ranked, part as f64 / BINS as f64);
    let cuts: Vec<f64> = (1..BINS).map(cut).collect::<Option<Vec<f64>>>()?;
    let code = |value: &f64| {
        if value.is_nan() {
            BINS as u8 + 1
        } else {
            cuts.partition_point(|cut| cut < value) as u8
        }
    };
    let codes = sides.iter().map(|values| values.iter().map(code).collect()).collect();
    Some(Binned { codes })
}

/// The most frequent texts of the reference; the others together.
fn by_levels(sides: &[&Column], reference: usize, learned: &[Learned]) -> Option<Binned> {
    let levels: Option<Vec<_>> = sides.iter().map(|column| column.to_levels(usize::MAX).ok()).collect();
    let levels = levels?;
    let own = &levels[reference];
    let mut counts: Vec<(u64, &String)> = own.names.iter().map(|name| (0, name)).collect();
    for row in learned {
        if let Some(count) = counts.get_mut(own.codes.get(row.row) as usize) {
            count.0 += row.count;
        }
    }
    order::sort_by(&mut counts, |a, b| b.0.cmp(&a.0).then_with(|| a.1.cmp(b.1)));
    let codes = levels.iter().map(|side| {
        let of_name = |name: &String| counts.iter().take(BINS).position(|own| own.1 == name).unwrap_or(BINS) as u8;
        let of_code: Vec<u8> = side.names.iter().map(of_name).collect();
        side.codes
            .iter()
            .map(|code| of_code.get(code as usize).copied().unwrap_or(BINS as u8 + 1))
            .collect()
    });
    Some(Binned { codes: codes.collect() })
}

/// Heights of every column's bins over the mean.
struct Model {
    mean: f64,
    heights: Vec<[f64; CELLS]>,
    /// The mean square of what the model leaves.
    unexplained: f64,
}

/// What is summed over rows to fit a model. Every sum is exact before it is rounded, so that the order of rows does not show.
struct Sums {
    total: f64,
    /// Of the errors, by weight.
    errors: f64,
    /// The same in every bin of every column.
    by_bin: Vec<[f64; CELLS]>,
    /// The weight of the rows in a bin of one column and a bin of another, bins of all columns side by side.
    common: Vec<f64>,
}

impl Sums {
    fn of(rows: &[&Learned], columns: &[Binned], side: usize, raised: &dyn Fn(f64) -> f64) -> Self {
        let size = columns.len() * CELLS;
        let (mut total, mut errors) = (ExactSum::default(), ExactSum::default());
        let mut by_bin = vec![ExactSum::default(); size];
        for own in rows {
            total.add(own.weight);
            errors.add_product(own.weight, raised(own.error));
            for (place, column) in columns.iter().enumerate() {
                by_bin[place * CELLS + column.codes[side][own.row] as usize].add_product(own.weight, raised(own.error));
            }
        }
        let by_bin: Vec<f64> = by_bin.iter().map(ExactSum::value).collect();
        Self {
            total: total.value().max(f64::MIN_POSITIVE),
            errors: errors.value(),
            by_bin: by_bin.as_chunks::<CELLS>().0.to_vec(),
            common: common(rows, columns, side),
        }
    }
}

/// The weight of the rows that two bins have in common.
fn common(rows: &[&Learned], columns: &[Binned], side: usize) -> Vec<f64> {
    let size = columns.len() * CELLS;
    // Whole numbers are summed exactly as they are.
    let is_whole = rows.iter().all(|own| own.weight.fract() == 0.0);
    let mut common = vec![0.0; size * size];
    for (place, column) in columns.iter().enumerate() {
        let codes = &column.codes[side];
        for (other, further) in columns.iter().enumerate().take(place + 1) {
            let others = &further.codes[side];
            let mut own = [[0.0; CELLS]; CELLS];
            if is_whole {
                for row in rows {
                    own[codes[row.row] as usize][others[row.row] as usize] += row.weight;
                }
            } else {
                let mut sums = vec![ExactSum::default(); CELLS * CELLS];
                for row in rows {
                    sums[codes[row.row] as usize * CELLS + others[row.row] as usize].add(row.weight);
                }
                for (own, sum) in own.iter_mut().flatten().zip(&sums) {
                    *own = sum.value();
                }
            }
            for (bin, own) in own.iter().enumerate() {
                for (further, weight) in own.iter().enumerate() {
                    let (a, b) = (place * CELLS + bin, other * CELLS + further);
                    (common[a * size + b], common[b * size + a]) = (*weight, *weight);
                }
            }
        }
    }
    common
}

impl Model {
    /// Fits errors to a power, without the rows of a window.
    fn fit(learned: &[Learned], columns: &[Binned], side: usize, power: i32, without: Option<usize>) -> Self {
        let rows: Vec<&Learned> = learned.iter().filter(|own| Some(own.window) != without).collect();
        let raised = |error: f64| if power == 2 { error * error } else { error };
        let sums = Sums::of(&rows, columns, side, &raised);
        let mut model = Self {
            mean: sums.errors / sums.total,
            heights: vec![[0.0; CELLS]; columns.len()],
            unexplained: 0.0,
        };
        for _ in 0..ROUNDS {
            for place in 0..columns.len() {
                let rise = std::array::from_fn(|bin| model.rise(&sums, place, bin));
                for (height, rise) in model.heights[place].iter_mut().zip::<[f64; CELLS]>(rise) {
                    *height += rise;
                }
            }
        }
        let mut left = ExactSum::default();
        for own in &rows {
            let apart = raised(own.error) - model.tell(columns, side, own.row);
            left.add_product(own.weight, apart * apart);
        }
        model.unexplained = left.value() / sums.total;
        model
    }

    /// A part of the mean of what the model leaves in a bin.
    fn rise(&self, sums: &Sums, place: usize, bin: usize) -> f64 {
        let (size, at) = (self.heights.len() * CELLS, place * CELLS + bin);
        let weight = sums.common[at * size + at];
        if weight <= 0.0 {
            return 0.0;
        }
        let common = &sums.common[at * size..(at + 1) * size];
        let told = self
            .heights
            .iter()
            .flatten()
            .zip(common)
            .fold(self.mean * weight, |told, (height, weight)| told + height * weight);
        RATE * (sums.by_bin[place][bin] - told) / weight
    }

    fn tell(&self, columns: &[Binned], side: usize, row: usize) -> f64 {
        let height = |(column, heights): (&Binned, &[f64; CELLS])| heights[column.codes[side][row] as usize];
        self.mean + columns.iter().zip(&self.heights).map(height).sum::<f64>()
    }
}
