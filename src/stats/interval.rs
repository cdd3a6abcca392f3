//! Interval estimates: the value type and the methods that make one.
//!
//! One share: [`wilson`], [`clopper_pearson`], [`agresti_coull`], [`wald`]. Two: [`newcombe_difference`], [`katz_ratio`]. The extremes of
//! several groups: [`gap`] and [`smallest_ratio`], whose limits hold for all pairs at once, because the two extreme groups were not
//! chosen before looking. The same for estimates that come with a standard error: [`difference_measured`], [`ratio_measured`],
//! [`gap_measured`], [`smallest_ratio_measured`]. Groups are taken as independent samples.

use serde::{Deserialize, Serialize};

use super::math::{exp, exp_m1, expit, ln, ln_1p, logit, pow, tanh};
use super::special::normal_quantile;

pub mod doubt;
mod many;
mod pair;
mod share;

pub use many::{gap, gap_measured, smallest_ratio, smallest_ratio_measured};
pub use pair::{difference_measured, katz_ratio, newcombe_difference, ratio_measured};
pub use share::{agresti_coull, clopper_pearson, wald, wilson};

/// How an interval was made; named in every report beside the interval.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Method {
    /// Wilson's score interval for a share.
    Wilson,
    /// Clopper and Pearson's exact interval for a share.
    ClopperPearson,
    /// Agresti and Coull's adjusted interval for a share.
    AgrestiCoull,
    /// The normal approximation for a share.
    Wald,
    /// Newcombe's hybrid score interval for a difference of two shares.
    Newcombe,
    /// Pairwise Newcombe limits at a Sidak-corrected level: for a largest gap over several groups.
    SidakNewcombe,
    /// Katz' log interval for a ratio of two shares.
    KatzLog,
    /// Pairwise log limits at a Sidak-corrected level: for a smallest ratio over several groups.
    SidakKatzLog,
    /// Mean plus or minus normal quantile times standard error.
    Normal,
    /// Delta method from second moments.
    Delta,
    /// Delta method on the logarithm, for a ratio of two estimates.
    DeltaLog,
    /// Pairwise delta-method limits at a Sidak-corrected level.
    SidakDelta,
    /// Pairwise delta-method limits on the logarithm at a Sidak-corrected level.
    SidakDeltaLog,
    /// DeLong, DeLong and Clarke-Pearson's placement variance.
    Delong,
    /// The placement variance with importance weights.
    DelongWeighted,
    /// Normal approximation on the logit scale (Boyd, Eng and Page 2013), for average precision.
    LogitNormal,
    /// The placement variance, the limits made on the logit scale.
    DelongLogit,
    /// The placement variance with importance weights, the limits made on the logit scale.
    DelongLogitWeighted,
    /// Hanley and McNeil's variance of the area under the ROC curve (1982).
    HanleyMcneil,
    /// Normal approximation on the logarithm.
    NormalLog,
    /// The curvature of the likelihood at its maximum.
    MaximumLikelihood,
    /// Normal approximation on Fisher's scale, for Pearson's correlation and Lin's concordance.
    FisherZ,
    /// Fisher's scale with Bonett and Wright's variance, for Spearman's correlation.
    BonettWright,
    /// Fisher's scale with Fieller, Hartley and Pearson's variance, for Kendall's correlation.
    Fieller,
    /// Two of the ordered numbers, chosen by the binomial distribution: for quantiles, whatever the distribution.
    OrderStatistics,
    /// Three sampling errors, taken from the reference and scaled to the rows of a window.
    SamplingError,
    /// Bai's limits of the time of a change (1997).
    Bai,
    /// From the limits of two independent numbers (Zou and Donner 2008), for their difference.
    FromLimits,
}

/// Limits around a value.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Interval {
    /// Lower limit.
    pub low: f64,
    /// Upper limit.
    pub high: f64,
    /// Nominal coverage, for instance 0.95.
    pub level: f64,
    /// How the limits were made.
    pub method: Method,
}

/// A share with the size of its denominator.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Share {
    /// The share, 0 to 1.
    pub value: f64,
    /// Its denominator: rows, or Kish's effective size where rows have weights, so not always whole.
    pub size: f64,
}

impl Share {
    /// Tells whether limits can be computed: the value is in 0 to 1 and the size is positive and finite.
    fn is_usable(self) -> bool {
        (0.0..=1.0).contains(&self.value) && self.size > 0.0 && self.size.is_finite()
    }
}

/// An estimate with its standard error.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Measured {
    /// The estimate.
    pub value: f64,
    /// Its standard error.
    pub standard_error: f64,
}

impl Measured {
    /// Tells whether limits can be computed. A standard error of zero says that no spread was seen, not that there is none.
    fn is_usable(self) -> bool {
        self.value.is_finite() && self.standard_error > 0.0 && self.standard_error.is_finite()
    }
}

/// Computes the level that each of several comparisons needs, so that all of them together have the given level if they are independent,
/// and at least about it if they are not.
///
/// `level^(1 / comparisons)`; the level itself for one comparison or none. NaN where the level is outside 0 to 1.
/// Source: Sidak 1967, "Rectangular confidence regions for the means of multivariate normal distributions".
///
/// ```
/// use assay::stats::interval::sidak_level;
/// assert_eq!(sidak_level(0.95, 1), 0.95);
/// assert!((sidak_level(0.9025, 2) - 0.95).abs() < 1e-15);
/// ```
pub fn sidak_level(level: f64, comparisons: usize) -> f64 {
    if !(0.0..=1.0).contains(&level) {
        return f64::NAN;
    }
    if comparisons <= 1 {
        level
    } else {
        pow(level, 1.0 / comparisons as f64)
    }
}

/// The two-sided normal quantile at the Sidak level over so many comparisons; NaN where the level is not between 0 and 1.
fn critical_value(level: f64, comparisons: usize) -> f64 {
    if !(level > 0.0 && level < 1.0) {
        return f64::NAN;
    }
    if comparisons <= 1 {
        return normal_quantile(0.5 + 0.5 * level);
    }
    // The tail is computed apart, because the level of two million comparisons is too near 1 to be subtracted from it.
    -normal_quantile(-0.5 * exp_m1(ln(level) / comparisons as f64))
}

/// Computes normal limits: the value plus and minus the normal quantile times its standard error.
///
/// `None` where value or standard error is not finite, the standard error is zero or below (no spread was seen, which is not the same
/// as none), or the level is not between 0 and 1. `method` names how the standard error was made.
pub fn normal(value: f64, standard_error: f64, level: f64, method: Method) -> Option<Interval> {
    let half = critical_value(level, 1) * standard_error;
    (Measured { value, standard_error }.is_usable() && half.is_finite()).then_some(Interval {
        low: value - half,
        high: value + half,
        level,
        method,
    })
}

/// Computes normal limits on the logit scale, carried back to a value between 0 and 1.
///
/// `None` where the value is not strictly between 0 and 1, the standard error (of the value's log odds) is zero, negative or not finite, or
/// the level is not between 0 and 1. Source: Boyd, Eng and Page 2013, "Area under the precision-recall curve: point estimates and
/// confidence intervals".
pub fn logit_normal(value: f64, standard_error_on_logit: f64, level: f64, method: Method) -> Option<Interval> {
    if !(value > 0.0 && value < 1.0) {
        return None;
    }
    let limits = normal(logit(value), standard_error_on_logit, level, method)?;
    Some(Interval {
        low: expit(limits.low),
        high: expit(limits.high),
        ..limits
    })
}

/// Computes normal limits on Fisher's scale, the inverse hyperbolic tangent, carried back to a correlation between -1 and 1.
///
/// `None` where the value is not strictly between -1 and 1, the standard error (on that scale) is zero, negative or not finite, or the level is
/// not between 0 and 1. Source: Fisher 1921, "On the probable error of a coefficient of correlation".
pub fn fisher_normal(value: f64, standard_error_on_scale: f64, level: f64, method: Method) -> Option<Interval> {
    if value.abs() >= 1.0 {
        return None;
    }
    let scaled = 0.5 * ln_1p(2.0 * value / (1.0 - value));
    let limits = normal(scaled, standard_error_on_scale, level, method)?;
    Some(Interval {
        low: tanh(limits.low),
        high: tanh(limits.high),
        ..limits
    })
}

/// Computes Hanley and McNeil's standard error of an area under the ROC curve from the numbers of positives and negatives.
///
/// It takes both classes' scores as exponential. 0 for an area of 0 or 1; NaN for an area outside.
/// Source: Hanley and McNeil 1982, "The meaning and use of the area under a receiver operating characteristic (ROC) curve".
pub fn hanley_mcneil_error(area: f64, positives: f64, negatives: f64) -> f64 {
    let (q1, q2) = (area / (2.0 - area), 2.0 * area * area / (1.0 + area));
    let squared = area * area;
    let variance = area * (1.0 - area) + (positives - 1.0) * (q1 - squared) + (negatives - 1.0) * (q2 - squared);
    (variance / (positives * negatives)).sqrt()
}

/// Computes normal limits on the logarithm, carried back to a positive value.
///
/// `None` where the value is not positive and finite, the standard error (of the value's logarithm) is zero, negative or not finite, or the
/// level is not between 0 and 1.
pub fn log_normal(value: f64, standard_error_on_log: f64, level: f64, method: Method) -> Option<Interval> {
    if !(value > 0.0 && value.is_finite()) {
        return None;
    }
    let limits = normal(ln(value), standard_error_on_log, level, method)?;
    Some(Interval {
        low: exp(limits.low),
        high: exp(limits.high),
        ..limits
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn log_limits_are_a_factor_away() {
        let limits = log_normal(2.0, 0.1, 0.95, Method::NormalLog).expect("usable");
        assert!(
            (limits.low * limits.high - 4.0).abs() < 1e-14 && (limits.high / 2.433_045_05 - 1.0).abs() < 1e-6,
            "{limits:?}"
        );
        assert_eq!(log_normal(0.0, 0.1, 0.95, Method::NormalLog), None);
        assert_eq!(log_normal(1.0, 0.0, 0.95, Method::NormalLog), None);
    }

    #[test]
    fn sidak_levels() {
        assert_eq!(sidak_level(0.95, 0), 0.95);
        assert!((sidak_level(0.95, 3) - 0.983_047_572_491_558_6).abs() < 1e-15);
        assert!(sidak_level(1.5, 3).is_nan());
        for comparisons in [1, 3, 66] {
            let plain = normal_quantile(0.5 + 0.5 * sidak_level(0.95, comparisons));
            assert!((critical_value(0.95, comparisons) / plain - 1.0).abs() < 1e-13, "{comparisons}");
        }
        for level in [0.0, 1.0, -0.5, f64::NAN] {
            assert!(critical_value(level, 1).is_nan() && critical_value(level, 3).is_nan(), "{level}");
        }
    }

    #[test]
    fn normal_limits() {
        let limits = normal(10.0, 2.0, 0.95, Method::Delong).expect("usable");
        assert!((limits.low - 6.080_072_030_919_892).abs() < 1e-12 && (limits.high - 13.919_927_969_080_108).abs() < 1e-12);
        assert_eq!((limits.level, limits.method), (0.95, Method::Delong));
        for (value, standard_error, level) in [
            (1.0, 0.0, 0.95),
            (1.0, -1.0, 0.95),
            (1.0, f64::NAN, 0.95),
            (1.0, f64::INFINITY, 0.95),
            (f64::NAN, 1.0, 0.95),
            (1.0, 1.0, 1.0),
        ] {
            assert_eq!(normal(value, standard_error, level, Method::Normal), None);
        }
    }

    #[test]
    fn limits_on_fishers_scale() {
        // atanh(0.7) = 0.8673005276940531, and 0.1 on that scale.
        let limits = fisher_normal(0.7, 0.1, 0.95, Method::FisherZ).expect("usable");
        assert!((limits.low - 0.585_837_082_751_770_4).abs() < 1e-14 && (limits.high - 0.786_922_434_538_851_1).abs() < 1e-14);
        let turned = fisher_normal(-0.7, 0.1, 0.95, Method::FisherZ).expect("usable");
        assert!((turned.low + limits.high).abs() < 1e-15 && (turned.high + limits.low).abs() < 1e-15);
        for (value, standard_error) in [(1.0, 0.1), (-1.0, 0.1), (f64::NAN, 0.1), (0.5, 0.0), (0.5, f64::INFINITY)] {
            assert_eq!(fisher_normal(value, standard_error, 0.95, Method::FisherZ), None);
        }
    }

    #[test]
    fn logit_limits_stay_inside() {
        let limits = logit_normal(0.99, 0.8, 0.95, Method::LogitNormal).expect("usable");
        assert!((limits.low - 0.953_775_4).abs() < 1e-4 && limits.high > 0.99 && limits.high < 1.0);
        assert_eq!(limits.method, Method::LogitNormal);
        let around_half = logit_normal(0.5, 0.3, 0.9, Method::LogitNormal).expect("usable");
        assert!((around_half.low + around_half.high - 1.0).abs() < 1e-15);
        assert_eq!(logit_normal(0.0, 0.1, 0.95, Method::LogitNormal), None);
        assert_eq!(logit_normal(1.0, 0.1, 0.95, Method::LogitNormal), None);
        assert_eq!(logit_normal(0.5, 0.0, 0.95, Method::LogitNormal), None);
    }
}
