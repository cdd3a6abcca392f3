//! The error of every row, and the rows in two halves.

use crate::data::column::MISSING;
use crate::metric::rows::Rows;
use crate::run::features::{Alike, Feature, alike, weight_mark};
use crate::run::plan::Plan;

use super::{ErrorKind, MOST_ROWS};

/// The error of a row; `None` where it has none of that kind.
pub fn error(plan: &Plan, by: ErrorKind, row: usize) -> Option<f64> {
    let rows = &plan.rows;
    let class = |codes: &Option<Vec<u32>>| codes.as_ref().map(|codes| codes[row]).filter(|code| *code != MISSING);
    let number = |numbers: &Option<Vec<f64>>| numbers.as_ref().map(|numbers| numbers[row]).filter(|number| !number.is_nan());
    let one = |is_error: bool| f64::from(u8::from(is_error));
    match by {
        ErrorKind::Mae => {
            let distance = (number(&rows.predicted)? - number(&rows.truth)?).abs();
            Some(distance).filter(|distance| distance.is_finite())
        }
        ErrorKind::MeanScoreError => {
            let error = number(&rows.score)? - one(class(&rows.label)? == plan.positive);
            Some(error).filter(|error| error.is_finite())
        }
        ErrorKind::ErrorRate => Some(one(class(&rows.label)? != class(&rows.prediction)?)),
        ErrorKind::FalsePositiveRate | ErrorKind::FalseNegativeRate => {
            let (label, prediction) = (class(&rows.label)? == plan.positive, class(&rows.prediction)? == plan.positive);
            (label == (by == ErrorKind::FalseNegativeRate)).then(|| one(label != prediction))
        }
    }
}

/// Rows one by one: what a search sees of them.
#[derive(Debug, Clone, Default)]
pub struct Sample {
    /// How many codes a row has.
    pub width: usize,
    /// The codes, row by row.
    pub codes: Vec<u8>,
    /// The error of each row.
    pub errors: Vec<f64>,
    /// The importance weight of each row, in a weighted audit.
    pub weights: Option<Vec<f64>>,
}

impl Sample {
    /// How many rows there are.
    pub fn len(&self) -> usize {
        self.errors.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.errors.is_empty()
    }

    /// The codes of a row.
    pub fn row(&self, row: usize) -> &[u8] {
        &self.codes[row * self.width..(row + 1) * self.width]
    }

    fn push(&mut self, features: &[Feature], row: usize, error: f64, weight: Option<f64>) {
        self.codes.extend(features.iter().map(|feature| feature.codes[row]));
        self.errors.push(error);
        if let (Some(weights), Some(weight)) = (&mut self.weights, weight) {
            weights.push(weight);
        }
    }
}

/// The rows in two halves.
#[derive(Debug, Clone, Default)]
pub struct Halves {
    /// The half that is searched.
    pub found_on: Sample,
    /// The half that is held back.
    pub held_back: Sample,
    /// All rows whose error is known.
    pub rows: u64,
    /// How many were drawn, where not all were.
    pub sampled: Option<u64>,
}

/// Halves the rows by a fingerprint of what they hold, so that neither their order nor whether a row is written several times or has a count
/// shows.
pub fn halves(plan: &Plan, features: &[Feature], by: ErrorKind, seed: u64) -> Halves {
    let rows: &Rows = &plan.rows;
    let errors: Vec<f64> = (0..rows.len).map(|row| error(plan, by, row).unwrap_or(f64::NAN)).collect();
    // A row without weight counts for nothing in any average.
    let stands_for = |row: usize| match rows.weight(row) {
        Some(weight) if !errors[row].is_nan() && weight.weight != Some(0.0) => weight.count,
        _ => 0,
    };
    let weight = |row: usize| rows.weights.as_ref().map(|weights| weights[row]);
    let marks = |row: usize| [(errors[row] + 0.0).to_bits(), weight_mark(weight(row))];
    let cells: Vec<Alike> = alike(features, rows.len, &marks, &stands_for);
    let mut total = 0_u64;
    for cell in &cells {
        total = total.saturating_add(cell.count);
    }
    let share = MOST_ROWS as f64 / total as f64;
    let empty = || Sample {
        width: features.len(),
        weights: rows.weights.as_ref().map(|_| Vec::new()),
        ..Sample::default()
    };
    let mut halves = Halves {
        found_on: empty(),
        held_back: empty(),
        rows: total,
        sampled: None,
    };
    for cell in &cells {
        let row = cell.row as usize;
        for copy in 0..cell.drawn(share, seed) {
            let half = if cell.chance(seed, copy) >> 63 == 0 {
                &mut halves.found_on
            } else {
                &mut halves.held_back
            };
            half.push(features, row, errors[row], weight(row));
        }
    }
    if share < 1.0 {
        halves.sampled = Some((halves.found_on.len() + halves.held_back.len()) as u64);
    }
    halves
}
