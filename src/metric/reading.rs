//! What reading a state gives: a value with the evidence from which intervals and comparisons are made.

use super::UndefinedCode;
use super::cells::{Cells, Outcomes};
use super::dual::Dual;
use super::state::{MeanSums, Tally};
use crate::stats::interval::{Method, Share};

/// What is known about the spread of a value.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Evidence {
    /// A share of rows, with the effective size of its denominator.
    Share(Share),
    /// A standard error and the method that made it.
    StandardError {
        /// The standard error.
        se: f64,
        /// How it was made.
        method: Method,
    },
    /// A standard error on the logit scale.
    LogitError {
        /// The standard error.
        se: f64,
        /// How it was made.
        method: Method,
    },
    /// Counted, or without a known spread.
    None,
}

/// A value, the rows behind it and its evidence; or why there is none.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Reading {
    /// The value, or the reason that there is none. May be infinite.
    pub value: Result<f64, UndefinedCode>,
    /// Rows behind it.
    pub support: u64,
    /// What is known about its spread.
    pub evidence: Evidence,
}

impl Reading {
    /// No value, and why.
    pub const fn undefined(code: UndefinedCode, support: u64) -> Self {
        Self {
            value: Err(code),
            support,
            evidence: Evidence::None,
        }
    }

    /// A counted number.
    pub const fn exact(value: f64, support: u64) -> Self {
        Self {
            value: Ok(value),
            support,
            evidence: Evidence::None,
        }
    }

    /// A value with the variance of its estimator.
    pub fn with_variance(value: f64, variance: Option<f64>, method: Method, support: u64) -> Self {
        let evidence = match variance {
            Some(variance) if variance > 0.0 && variance.is_finite() => Evidence::StandardError {
                se: variance.sqrt(),
                method,
            },
            _ => Evidence::None,
        };
        Self {
            value: Ok(value),
            support,
            evidence,
        }
    }

    /// The rows of some outcomes over the rows of others.
    pub fn share(outcomes: &Outcomes, hits: Cells, of: Cells, empty: UndefinedCode) -> Self {
        Self::share_of(&outcomes.tally(hits), &outcomes.tally(of), empty)
    }

    /// One tally over another that includes it.
    pub fn share_of(hits: &Tally, of: &Tally, empty: UndefinedCode) -> Self {
        let weight = of.weight();
        if of.rows() == 0 || weight <= 0.0 {
            return Self::undefined(empty, of.rows());
        }
        let value = hits.weight() / weight;
        Self {
            value: Ok(value),
            support: of.rows(),
            evidence: Evidence::Share(Share {
                value,
                size: of.effective_size(),
            }),
        }
    }

    /// A weighted mean.
    pub fn mean(sums: &MeanSums, tally: &Tally) -> Self {
        match sums.mean(tally) {
            None => Self::undefined(UndefinedCode::NoRows, tally.rows()),
            Some(mean) => Self::with_variance(mean, sums.variance_of_mean(tally), Method::Normal, tally.rows()),
        }
    }

    /// A function of the confusion matrix. Its variance is the delta method's, the sum over cells of
    /// (sum of squared weights in the cell) times (slope by the cell)^2; as the function does not change when all cells
    /// are scaled, this is the multinomial one without weights, and the linearised one with them.
    pub fn function(outcomes: &Outcomes, function: fn([Dual; 4]) -> Result<Dual, UndefinedCode>) -> Self {
        let confusion = outcomes.confusion();
        let support = confusion.iter().map(|tally| tally.rows()).sum();
        let cells = confusion.map(Tally::weight);
        if cells.iter().sum::<f64>() <= 0.0 {
            return Self::undefined(UndefinedCode::NoRows, support);
        }
        match function(Dual::variables(cells)) {
            Err(code) => Self::undefined(code, support),
            Ok(result) => {
                let terms = confusion.iter().zip(result.slope).filter(|(tally, _)| tally.rows() > 0);
                let variance = terms.map(|(tally, slope)| tally.squares() * slope * slope).sum();
                Self::with_variance(result.value, Some(variance), Method::Delta, support)
            }
        }
    }
}
