//! States of constant size that merge: counts and exact sums.
//!
//! The laws, tested bitwise: the empty state is the identity on both sides, merging is associative and commutative,
//! and any chunking of the rows gives the same state.

use serde::{Deserialize, Serialize};

use crate::stats::math::fma;
use crate::stats::sum::ExactSum;

/// How many rows, and their weights.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Tally {
    rows: u64,
    weights: Option<Box<Weights>>,
}

#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
struct Weights {
    sum: ExactSum,
    squares: ExactSum,
}

impl Tally {
    /// Counts a row that stands for `count` rows, each of weight `weight` (`None` in an unweighted audit).
    pub fn update(&mut self, count: u64, weight: Option<f64>) {
        self.rows += count;
        if let Some(weight) = weight {
            let weights = self.weights.get_or_insert_default();
            weights.sum.add_product(count as f64, weight);
            weights.squares.add_product(count as f64, weight * weight);
        }
    }

    /// Adds another tally.
    pub fn merge(&mut self, other: &Self) {
        self.rows += other.rows;
        if let Some(theirs) = &other.weights {
            let mine = self.weights.get_or_insert_default();
            mine.sum.merge(&theirs.sum);
            mine.squares.merge(&theirs.squares);
        }
    }

    /// Rows, each counted as often as it stands for.
    pub fn rows(&self) -> u64 {
        self.rows
    }

    /// Their total weight; the number of rows in an unweighted audit.
    pub fn weight(&self) -> f64 {
        self.weights.as_ref().map_or(self.rows as f64, |weights| weights.sum.value())
    }

    /// Their total weight before it is rounded.
    pub fn exact_weight(&self) -> ExactSum {
        let unweighted = || std::iter::once(self.rows as f64).collect();
        self.weights.as_ref().map_or_else(unweighted, |weights| weights.sum.clone())
    }

    /// The sum of their squared weights; the number of rows in an unweighted audit.
    pub fn squares(&self) -> f64 {
        self.weights.as_ref().map_or(self.rows as f64, |weights| weights.squares.value())
    }

    /// Kish's effective size: the squared sum of weights over the sum of squared weights; 0 for no weight.
    ///
    /// Source: Kish, Survey Sampling (1965).
    pub fn effective_size(&self) -> f64 {
        let (weight, squares) = (self.weight(), self.squares());
        if squares > 0.0 { weight * weight / squares } else { 0.0 }
    }

    /// Whether rows carry importance weights.
    pub fn is_weighted(&self) -> bool {
        self.weights.is_some()
    }
}

/// The weight of one row: how many rows it stands for, and their importance.
#[derive(Debug, Clone, Copy)]
pub struct RowWeight {
    /// How many rows it stands for.
    pub count: u64,
    /// The importance of each; `None` in an unweighted audit.
    pub weight: Option<f64>,
}

impl RowWeight {
    /// Adds `count * weight * x` to a sum, exactly as if the row had occurred `count` times.
    pub fn add(self, sum: &mut ExactSum, x: f64) {
        if self.count == 1 && self.weight.is_none() {
            return sum.add(x);
        }
        add_repeated(sum, self.count as f64, self.weight.unwrap_or(1.0), x);
    }

    /// Adds `count * weight^2 * x` to a sum, exactly as if the row had occurred `count` times.
    pub fn add_squared(self, sum: &mut ExactSum, x: f64) {
        let weight = self.weight.unwrap_or(1.0);
        add_repeated(sum, self.count as f64, weight * weight, x);
    }
}

/// Adds the exact product of three numbers, the first a whole number below 2^53.
fn add_repeated(sum: &mut ExactSum, count: f64, weight: f64, x: f64) {
    if count == 1.0 {
        sum.add_product(weight, x);
        return;
    }
    let high = count * weight;
    let low = fma(count, weight, -high);
    sum.add_product(high, x);
    if low != 0.0 {
        sum.add_product(low, x);
    }
}

/// Sums for a weighted mean and the variance of that mean.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct MeanSums {
    /// Of w x.
    first: ExactSum,
    /// Of w^2 x^2.
    squared_second: ExactSum,
    /// Of w^2 x, where rows carry importance weights; without them it is `first`.
    squared_first: Option<Box<ExactSum>>,
}

impl MeanSums {
    /// The sums of an unweighted audit: of x, and of x^2.
    pub fn unweighted(first: ExactSum, second: ExactSum) -> Self {
        Self {
            first,
            squared_second: second,
            squared_first: None,
        }
    }

    /// Adds a row's value.
    pub fn update(&mut self, row: RowWeight, x: f64) {
        if row.count == 1 && row.weight.is_none() {
            // The sums of a product with 1, without the product.
            self.first.add(x);
            self.squared_second.add(x * x);
            return;
        }
        if row.weight.is_some() {
            row.add_squared(self.squared_first.get_or_insert_with(|| Box::new(self.first.clone())), x);
        }
        row.add(&mut self.first, x);
        row.add_squared(&mut self.squared_second, x * x);
    }

    /// Adds another cell's sums.
    pub fn merge(&mut self, other: &Self) {
        if self.squared_first.is_some() || other.squared_first.is_some() {
            let mine = self.squared_first.get_or_insert_with(|| Box::new(self.first.clone()));
            mine.merge(other.squared_first.as_deref().unwrap_or(&other.first));
        }
        self.first.merge(&other.first);
        self.squared_second.merge(&other.squared_second);
    }

    /// The weighted sum.
    pub fn sum(&self) -> f64 {
        self.first.value()
    }

    /// The sum of w^2 x.
    pub fn squared_first(&self) -> f64 {
        self.squared_first.as_deref().unwrap_or(&self.first).value()
    }

    /// The sum of w^2 x^2.
    pub fn squared_second(&self) -> f64 {
        self.squared_second.value()
    }

    /// The weighted mean over the rows of `tally`; `None` without weight.
    pub fn mean(&self, tally: &Tally) -> Option<f64> {
        let weight = tally.weight();
        (weight > 0.0).then(|| self.first.value() / weight)
    }

    /// The variance of the weighted mean: sum of w^2 (x - mean)^2 over the squared sum of w, times n / (n - 1);
    /// `None` for fewer than two rows. Without weights it is the sample variance over n. What rounding leaves of values that do not vary
    /// is 0.
    pub fn variance_of_mean(&self, tally: &Tally) -> Option<f64> {
        let rows = tally.rows() as f64;
        let mean = self.mean(tally)?;
        if rows < 2.0 {
            return None;
        }
        let squares = self.squared_second.value();
        let spread = squares - 2.0 * mean * self.squared_first() + mean * mean * tally.squares();
        let weight = tally.weight();
        Some(beyond_rounding(spread, squares) / (weight * weight) * (rows / (rows - 1.0)))
    }
}

/// A sum of squared distances, or 0 where it is so small beside the sum of squares that it was computed from that it may be rounding alone: a
/// spread that was not seen must not become an interval without width.
pub fn beyond_rounding(spread: f64, squares: f64) -> f64 {
    const ROUNDING: f64 = 1e-14;
    if spread <= ROUNDING * squares { 0.0 } else { spread }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_values_show_no_spread() {
        for weight in [None, Some(0.3)] {
            let (mut sums, mut tally) = (MeanSums::default(), Tally::default());
            for count in 1..50 {
                let row = RowWeight { count, weight };
                sums.update(row, 0.1 * 0.1);
                tally.update(count, weight);
            }
            assert_eq!(sums.variance_of_mean(&tally), Some(0.0), "{weight:?}");
            sums.update(RowWeight { count: 1, weight }, 0.011);
            tally.update(1, weight);
            assert!(sums.variance_of_mean(&tally) > Some(0.0), "{weight:?}");
        }
    }
}
