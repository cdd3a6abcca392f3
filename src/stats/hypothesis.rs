//! Tests of whether a difference can be chance: Fisher's exact test, chi-squared, and the normal test.
//!
//! A p-value is the probability of data at least as unusual if nothing but chance were at work. It is between 0 and 1, never a probability
//! that the difference is real, and among many p-values some are small by chance: see [`multiple`](super::multiple).

use serde::{Deserialize, Serialize};

use super::interval::{Measured, Share};
use super::math::exp;
use super::special::{chi_squared_sf, hypergeometric_ln_pmf, normal_sf};

/// How a p-value was made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Test {
    /// Fisher's exact test of a table of two by two.
    FisherExact,
    /// Pearson's chi-squared test of independence, without continuity correction.
    ChiSquared,
    /// The normal test of two shares with pooled variance, sizes being Kish's effective ones where rows have weights.
    PooledZ,
    /// The normal test of a difference by its standard error.
    Z,
}

impl Test {
    /// Its name in the JSON.
    pub const fn id(self) -> &'static str {
        match self {
            Self::FisherExact => "fisher_exact",
            Self::ChiSquared => "chi_squared",
            Self::PooledZ => "pooled_z",
            Self::Z => "z",
        }
    }
}

/// Which tables count as at least as unusual.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    /// Those that are at most as probable, on either side.
    Both,
    /// Those with as many or fewer in the first cell.
    Lower,
    /// Those with as many or more in the first cell.
    Upper,
}

/// Tables whose probabilities differ by less are equally probable: the difference is rounding.
const EQUAL: f64 = 1e-9;
/// A term that adds less than this to a sum ends it.
const NEGLIGIBLE: f64 = 1e-18;
/// From this standard deviation of the first cell on, some hundred million rows, the exact test would take too long and chi-squared gives
/// the same answer for every practical purpose.
const LARGE_SPREAD: f64 = 5000.0;

/// Computes the p-value of Fisher's exact test of a table `[[a, b], [c, d]]`: all margins given, how probable are tables at least as
/// unusual as this one?
///
/// Range 0 to 1; 1 where the margins allow one table only, as with an empty row. Takes time with the square root of the total.
/// Two-sided it counts every table that is not more probable than the one observed. Relative accuracy about 1e-9 up to a total of 1e9.
/// Source: Fisher 1935, "The logic of inductive inference"; R, fisher.test; SciPy, fisher_exact.
///
/// ```
/// use assay::stats::hypothesis::{Side, fisher_exact};
/// // Fisher's tea: 3 of 4 cups named right.
/// assert!((fisher_exact([[3, 1], [1, 3]], Side::Upper) - 17.0 / 70.0).abs() < 1e-12);
/// assert!((fisher_exact([[3, 1], [1, 3]], Side::Both) - 34.0 / 70.0).abs() < 1e-12);
/// ```
pub fn fisher_exact(table: [[u64; 2]; 2], side: Side) -> f64 {
    let margins = Margins::of(table);
    let observed = table[0][0];
    let p = match side {
        Side::Lower if observed == margins.highest => 1.0,
        Side::Upper if observed == margins.lowest => 1.0,
        // A sum that begins beyond the mode would be long, and begin with a term that may be none: the other tail is short.
        Side::Lower if observed > margins.mode() => 1.0 - margins.tail(observed + 1, true),
        Side::Upper if observed < margins.mode() => 1.0 - margins.tail(observed - 1, false),
        Side::Lower => margins.tail(observed, false),
        Side::Upper => margins.tail(observed, true),
        Side::Both => margins.both_tails(observed),
    };
    p.min(1.0)
}

/// The margins of a table of two by two, and what they allow in its first cell.
struct Margins {
    drawn: u64,
    marked: u64,
    total: u64,
    lowest: u64,
    highest: u64,
}

impl Margins {
    fn of([[a, b], [c, d]]: [[u64; 2]; 2]) -> Self {
        let (drawn, marked, rest) = (a + b, a + c, c + d);
        Self {
            drawn,
            marked,
            total: drawn + rest,
            lowest: marked.saturating_sub(rest),
            highest: drawn.min(marked),
        }
    }

    fn ln_pmf(&self, x: u64) -> f64 {
        hypergeometric_ln_pmf(x, self.drawn, self.marked, self.total)
    }

    /// The most probable first cell.
    fn mode(&self) -> u64 {
        let product = (u128::from(self.drawn) + 1) * (u128::from(self.marked) + 1);
        let mode = product / (u128::from(self.total) + 2);
        (mode as u64).clamp(self.lowest, self.highest)
    }

    /// The probability of `x`, on the side of the mode that is asked for or at it, and of everything beyond it.
    fn tail(&self, x: u64, is_upper: bool) -> f64 {
        let (drawn, marked, total) = (self.drawn as f64, self.marked as f64, self.total as f64);
        let (mut at, mut term, mut sum) = (x as f64, 1.0, 1.0);
        let end = if is_upper { self.highest as f64 } else { self.lowest as f64 };
        while at != end {
            let ratio = if is_upper {
                (drawn - at) * (marked - at) / ((at + 1.0) * (total - drawn - marked + at + 1.0))
            } else {
                at * (total - drawn - marked + at) / ((drawn - at + 1.0) * (marked - at + 1.0))
            };
            term *= ratio;
            sum += term;
            at += if is_upper { 1.0 } else { -1.0 };
            if term < NEGLIGIBLE * sum {
                break;
            }
        }
        exp(self.ln_pmf(x)) * sum
    }

    /// The probability of everything that is not more probable than `x`.
    fn both_tails(&self, x: u64) -> f64 {
        let (mode, least) = (self.mode(), self.ln_pmf(x));
        let is_beyond = |other: u64| self.ln_pmf(other) <= least + EQUAL;
        if is_beyond(mode) {
            return 1.0;
        }
        let is_upper = x > mode;
        let (mut inner, mut outer) = (mode, if is_upper { self.lowest } else { self.highest });
        if !is_beyond(outer) {
            return self.tail(x, is_upper);
        }
        // Between the mode, which is more probable, and the far end, which is not, lies the first that is not.
        while inner.abs_diff(outer) > 1 {
            let middle = inner.midpoint(outer);
            if is_beyond(middle) {
                outer = middle;
            } else {
                inner = middle;
            }
        }
        self.tail(x, is_upper) + self.tail(outer, !is_upper)
    }

    /// The standard deviation of the first cell.
    fn spread(&self) -> f64 {
        let (drawn, marked, total) = (self.drawn as f64, self.marked as f64, self.total as f64);
        if total < 2.0 {
            return 0.0;
        }
        (drawn * (marked / total) * ((total - marked) / total) * ((total - drawn) / (total - 1.0))).sqrt()
    }
}

/// What a chi-squared test found.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ChiSquared {
    /// The statistic: the sum over cells of (observed - expected)^2 / expected.
    pub statistic: f64,
    /// (rows - 1) (columns - 1), those without any count left out.
    pub degrees_of_freedom: f64,
    /// The probability of a statistic at least as large by chance.
    pub p_value: f64,
}

/// Computes Pearson's chi-squared test of independence of the rows and columns of a table of counts, without continuity correction.
///
/// Rows and columns that are empty throughout are left out. `None` where fewer than two rows or columns are left, where rows differ in
/// length, or where a count is negative or not finite. Source: Pearson 1900; SciPy, chi2_contingency(correction=False).
///
/// ```
/// use assay::stats::hypothesis::chi_squared;
/// let test = chi_squared(&[&[10.0, 20.0], &[20.0, 10.0]]).unwrap();
/// assert!((test.statistic - 20.0 / 3.0).abs() < 1e-12 && test.degrees_of_freedom == 1.0);
/// ```
pub fn chi_squared(table: &[&[f64]]) -> Option<ChiSquared> {
    let width = table.first()?.len();
    let is_count = |count: &f64| count.is_finite() && *count >= 0.0;
    if table.iter().any(|row| row.len() != width || !row.iter().all(is_count)) {
        return None;
    }
    let of_rows: Vec<f64> = table.iter().map(|row| row.iter().sum()).collect();
    let of_columns: Vec<f64> = (0..width).map(|column| table.iter().map(|row| row[column]).sum()).collect();
    let total: f64 = of_rows.iter().sum();
    let filled = |sums: &[f64]| sums.iter().filter(|sum| **sum > 0.0).count() as f64;
    let degrees_of_freedom = (filled(&of_rows) - 1.0) * (filled(&of_columns) - 1.0);
    if degrees_of_freedom <= 0.0 || !total.is_finite() {
        return None;
    }
    let mut statistic = 0.0;
    for (row, of_row) in table.iter().zip(&of_rows) {
        for (observed, of_column) in row.iter().zip(&of_columns) {
            let expected = of_row / total * of_column;
            if expected > 0.0 {
                statistic += (observed - expected) * (observed - expected) / expected;
            }
        }
    }
    Some(ChiSquared {
        statistic,
        degrees_of_freedom,
        p_value: chi_squared_sf(statistic, degrees_of_freedom),
    })
}

/// Computes the two-sided p-value of a table of two by two: Fisher's exact test, or chi-squared where counts are so large (a standard
/// deviation of the first cell of 5,000, some hundred million rows) that the exact test would take too long.
///
/// `None` for a table without rows in one of its lines: nothing is compared then.
pub fn two_by_two(table: [[u64; 2]; 2]) -> Option<(f64, Test)> {
    let [[a, b], [c, d]] = table;
    if a + b == 0 || c + d == 0 {
        return None;
    }
    if Margins::of(table).spread() < LARGE_SPREAD {
        return Some((fisher_exact(table, Side::Both), Test::FisherExact));
    }
    let test = chi_squared(&[&[a as f64, b as f64], &[c as f64, d as f64]])?;
    Some((test.p_value, Test::ChiSquared))
}

/// Computes the two-sided p-value of a standard normal deviate; NaN for NaN.
pub fn two_sided(z: f64) -> f64 {
    2.0 * normal_sf(z.abs())
}

/// Computes the two-sided p-value of the difference of two independent shares by the normal test with pooled variance. Sizes may be
/// Kish's effective sizes of weighted rows.
///
/// `None` where a share is outside 0 to 1 or a size is not positive and finite; 1 where both shares are 0 or both are 1.
/// Source: Agresti 2013, "Categorical data analysis", section 3.2.
pub fn pooled_z(a: Share, b: Share) -> Option<f64> {
    let is_usable = |share: Share| (0.0..=1.0).contains(&share.value) && share.size > 0.0 && share.size.is_finite();
    if !is_usable(a) || !is_usable(b) {
        return None;
    }
    let pooled = (a.value * a.size + b.value * b.size) / (a.size + b.size);
    let variance = pooled * (1.0 - pooled) * (1.0 / a.size + 1.0 / b.size);
    if variance <= 0.0 {
        return Some(1.0);
    }
    Some(two_sided((a.value - b.value) / variance.sqrt()))
}

/// Computes the two-sided p-value of the difference of two independent estimates by their standard errors.
///
/// `None` where an estimate or a standard error is not finite, or a standard error is not positive: a spread that was not seen is not
/// the same as none.
pub fn z(a: Measured, b: Measured) -> Option<f64> {
    let is_usable = |one: Measured| one.value.is_finite() && one.standard_error > 0.0 && one.standard_error.is_finite();
    if !is_usable(a) || !is_usable(b) {
        return None;
    }
    let spread = super::math::hypot(a.standard_error, b.standard_error);
    Some(two_sided((a.value - b.value) / spread))
}

#[cfg(test)]
#[path = "hypothesis_tests.rs"]
mod tests;
