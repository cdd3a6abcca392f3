//! What is known of every row: its class, prediction, score, and how much it counts.

use super::labels::LabelRows;
use super::state::RowWeight;

/// The most rows that all counts together may stand for: whole numbers up to 2^53 are exact.
pub const MOST_ROWS: u64 = 1 << 53;

/// What is known of every row.
#[derive(Debug, Clone, Default)]
pub struct Rows {
    /// How many rows the table has.
    pub len: usize,
    /// For each row its class in truth, or [`MISSING`](crate::data::column::MISSING); `None` without a label.
    pub label: Option<Vec<u32>>,
    /// For each row its predicted class, or [`MISSING`](crate::data::column::MISSING); `None` without a prediction.
    pub prediction: Option<Vec<u32>>,
    /// For each row its score, NaN where missing.
    pub score: Option<Vec<f64>>,
    /// For each class with a score column: the class and its scores, by class; NaN in all of them where one is missing.
    pub class_scores: Vec<(u32, Vec<f64>)>,
    /// For each of several labels that a row can have at once, which rows have it.
    pub labels: Vec<LabelRows>,
    /// For each row the true number, NaN where missing.
    pub truth: Option<Vec<f64>>,
    /// For each row the predicted number, NaN where missing.
    pub predicted: Option<Vec<f64>>,
    /// For each row the lower limit of its prediction interval, NaN where missing.
    pub lower: Option<Vec<f64>>,
    /// For each row the upper limit of its prediction interval, NaN where missing.
    pub upper: Option<Vec<f64>>,
    /// For each column of predicted quantiles: the quantile's probability and the values, NaN where missing.
    pub quantiles: Vec<(f64, Vec<f64>)>,
    /// For each row its query, or [`MISSING`](crate::data::column::MISSING).
    pub query: Option<Vec<u32>>,
    /// With predicted numbers, for each row its moment in microseconds, or [`MISSING_TIME`](crate::data::MISSING_TIME).
    pub time: Option<Vec<i64>>,
    /// For each row how many rows it stands for.
    pub counts: Option<Vec<f64>>,
    /// For each row its importance weight.
    pub weights: Option<Vec<f64>>,
}

impl Rows {
    /// That many rows, of which nothing is known yet.
    pub fn new(len: usize) -> Self {
        Self { len, ..Self::default() }
    }

    /// Whether every row stands for itself alone, without weight.
    pub fn is_plain(&self) -> bool {
        self.counts.is_none() && self.weights.is_none()
    }

    /// The row's weight; `None` for a row that is not used, or stands for no row.
    #[inline]
    pub fn weight(&self, row: usize) -> Option<RowWeight> {
        let count = self.counts.as_ref().map_or(1, |counts| whole(counts[row]).unwrap_or(0));
        let weight = self.weights.as_ref().map(|weights| weights[row]);
        let is_used = count > 0 && weight.is_none_or(|weight| weight.is_finite() && weight >= 0.0);
        is_used.then_some(RowWeight { count, weight })
    }

    /// How many of the rows used have a score that is no probability.
    pub fn outside(&self, scores: &[f64]) -> u64 {
        let is_outside = |score: f64| !score.is_nan() && !(0.0..=1.0).contains(&score);
        let used = (0..self.len).filter(|row| self.weight(*row).is_some());
        used.filter(|row| is_outside(scores[*row])).count() as u64
    }
}

/// A count: a whole number from 0 to 2^53.
pub fn whole(value: f64) -> Option<u64> {
    ((0.0..=MOST_ROWS as f64).contains(&value) && value.fract() == 0.0).then_some(value as u64)
}
