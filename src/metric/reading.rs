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
    /// A standard error on Fisher's scale, the inverse hyperbolic tangent.
    FisherError {
        /// The standard error.
        se: f64,
        /// How it was made.
        method: Method,
    },
    /// A standard error of the logarithm.
    LogError {
        /// The standard error.
        se: f64,
        /// How it was made.
        method: Method,
    },
    /// Limits at the audit's level that come without a standard error.
    Limits {
        /// The lower one.
        low: f64,
        /// The upper one.
        high: f64,
        /// How they were made.
        method: Method,
    },
    /// An area under the ROC curve, or a number that is `scale` times its distance from 1 away from 1.
    Area {
        /// The area.
        area: f64,
        /// Its standard error, from placements.
        se: f64,
        /// The effective numbers of positives and of negatives.
        sizes: (f64, f64),
        /// Whether rows have importance weights.
        is_weighted: bool,
        /// 1 for the area itself, 2 for the Gini coefficient.
        scale: f64,
    },
    /// Counted, or without a known spread.
    None,
}

impl Evidence {
    /// The standard error of the value on its own scale, by the delta method where it is known on another.
    pub fn standard_error(&self, value: f64) -> Option<f64> {
        match *self {
            Self::StandardError { se, .. } => Some(se),
            Self::LogitError { se, .. } => Some(se * value * (1.0 - value)),
            Self::LogError { se, .. } => Some(se * value),
            Self::Area { se, scale, .. } => Some(scale * se),
            Self::FisherError { se, .. } => Some(se * (1.0 - value) * (1.0 + value)),
            Self::Share(_) | Self::Limits { .. } | Self::None => None,
        }
    }
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

    /// A value with the variance of its estimator. A standard error that is not more than the rounding of the value is none: slopes that should
    /// be 0, as those of a perfect correlation, are 0 only up to rounding.
    pub fn with_variance(value: f64, variance: Option<f64>, method: Method, support: u64) -> Self {
        const ROUNDING: f64 = 1e-14;
        let se = variance.map(f64::sqrt).filter(|se| se.is_finite() && *se > ROUNDING * value.abs());
        let evidence = se.map_or(Evidence::None, |se| Evidence::StandardError { se, method });
        Self {
            value: Ok(value),
            support,
            evidence,
        }
    }

    /// The value on a scale where `zero` is 0 and `one` is 1; undefined where the two are the same.
    pub fn on_scale(mut self, zero: f64, one: f64) -> Self {
        let width = one - zero;
        if width == 0.0 {
            return Self::undefined(UndefinedCode::OneClass, self.support);
        }
        self.value = self.value.map(|value| (value - zero) / width);
        self.evidence = match self.evidence {
            Evidence::StandardError { se, method } => Evidence::StandardError {
                se: se / width.abs(),
                method,
            },
            _ => Evidence::None,
        };
        self
    }

    /// A correlation with the variance of its inverse hyperbolic tangent, where it is inside -1 to 1.
    pub fn correlation(value: f64, variance: f64, method: Method, support: u64) -> Self {
        let se = variance.sqrt();
        let is_known = value.abs() < 1.0 && se > 0.0 && se.is_finite();
        let evidence = if is_known {
            Evidence::FisherError { se, method }
        } else {
            Evidence::None
        };
        Self {
            value: Ok(value),
            support,
            evidence,
        }
    }

    /// A value with limits at the audit's level, where there are some.
    pub fn with_limits(value: f64, limits: Option<(f64, f64)>, method: Method, support: u64) -> Self {
        let evidence = limits.map_or(Evidence::None, |(low, high)| Evidence::Limits { low, high, method });
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
        // Squared weights may leave the range of numbers where the weights themselves do not.
        let size = of.effective_size();
        let evidence = if size > 0.0 && size.is_finite() {
            Evidence::Share(Share { value, size })
        } else {
            Evidence::None
        };
        Self {
            value: Ok(value),
            support: of.rows(),
            evidence,
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
    pub fn function(outcomes: &Outcomes, function: impl Fn([Dual; 4]) -> Result<Dual, UndefinedCode>) -> Self {
        let (result, variance, support) = Self::linearised(outcomes, &function);
        match result {
            Err(code) => Self::undefined(code, support),
            Ok(value) => Self::with_variance(value, Some(variance), Method::Delta, support),
        }
    }

    /// A positive function of the confusion matrix that is a ratio, with the delta method on its logarithm.
    pub fn ratio(outcomes: &Outcomes, function: fn([Dual; 4]) -> Result<Dual, UndefinedCode>) -> Self {
        let (result, variance, support) = Self::linearised(outcomes, &function);
        let value = match result {
            Err(code) => return Self::undefined(code, support),
            Ok(value) => value,
        };
        let plain = Self::with_variance(value, Some(variance), Method::DeltaLog, support);
        let evidence = match plain.evidence {
            Evidence::StandardError { se, method } if value > 0.0 => Evidence::LogError { se: se / value, method },
            _ => Evidence::None,
        };
        Self { evidence, ..plain }
    }

    /// The value of a function of the confusion matrix, its variance, and the rows behind it.
    fn linearised(
        outcomes: &Outcomes,
        function: &dyn Fn([Dual; 4]) -> Result<Dual, UndefinedCode>,
    ) -> (Result<f64, UndefinedCode>, f64, u64) {
        let confusion = outcomes.confusion();
        let support = confusion.iter().map(|tally| tally.rows()).sum();
        let cells = confusion.map(Tally::weight);
        let total = cells.iter().sum::<f64>();
        if total <= 0.0 {
            return (Err(UndefinedCode::NoRows), 0.0, support);
        }
        let unit = power_of_two_below(total);
        match function(Dual::variables(cells.map(|cell| cell / unit))) {
            Err(code) => (Err(code), 0.0, support),
            Ok(result) => {
                let terms = confusion.iter().zip(result.slope).filter(|(tally, _)| tally.rows() > 0);
                let variance = terms.map(|(tally, slope)| tally.squares() / unit / unit * slope * slope).sum();
                (Ok(result.value), variance, support)
            }
        }
    }
}

/// The power of two that leaves a number between 1 and 2 when it is divided by it, which is exact. Cells are brought to that size because products of
/// four of them would leave the range of numbers where weights are very large or very small.
fn power_of_two_below(x: f64) -> f64 {
    const EXPONENT: u64 = 0x7ff << 52;
    let power = f64::from_bits(x.to_bits() & EXPONENT);
    if power > 0.0 && power.is_finite() { power } else { 1.0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn product([tp, fp, fn_, tn]: [Dual; 4]) -> Result<Dual, UndefinedCode> {
        let product = tp * fp * fn_ * tn;
        let total = tp + fp + fn_ + tn;
        Ok(product / (total * total * total * total))
    }

    fn outcomes(weight: f64) -> Outcomes {
        let mut outcomes = Outcomes::default();
        for (label, prediction, count) in [(true, true, 5), (false, true, 2), (true, false, 3), (false, false, 7)] {
            outcomes.update(Some(label), Some(prediction), count, Some(weight));
        }
        outcomes
    }

    #[test]
    fn the_scale_of_weights_does_not_matter() {
        let plain = Reading::function(&outcomes(1.0), product);
        for exponent in [-500, -100, 100, 500] {
            let scaled = Reading::function(&outcomes(crate::stats::math::exp2(f64::from(exponent))), product);
            assert_eq!(scaled, plain, "2^{exponent}");
        }
    }

    #[test]
    fn rounding_is_no_standard_error() {
        let evidence = |variance| Reading::with_variance(1.0, variance, Method::Delta, 9).evidence;
        for none in [None, Some(0.0), Some(-1.0), Some(f64::NAN), Some(f64::INFINITY), Some(1e-32)] {
            assert_eq!(evidence(none), Evidence::None, "{none:?}");
        }
        assert_ne!(evidence(Some(1e-20)), Evidence::None);
    }

    #[test]
    fn a_size_beyond_numbers_gives_a_share_without_interval() {
        for weight in [1e200, 1e-200] {
            let share = Reading::share(&outcomes(weight), Cells::TP, Cells::COMPLETE, UndefinedCode::NoRows);
            assert!(share.value.is_ok_and(|value| (value - 5.0 / 17.0).abs() < 1e-15), "{weight}");
            assert_eq!(share.evidence, Evidence::None, "{weight}");
        }
    }
}
