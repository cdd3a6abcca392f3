//! Intervals for two independent samples: differences and ratios, signed by the order of the arguments.

use super::share::score_limits;
use super::{Interval, Measured, Method, Share, critical_value};
use crate::stats::math::{exp, hypot, ln};

/// Computes Newcombe's hybrid score interval for the difference `a - b` of two shares.
///
/// Within -1 to 1; NaN limits where a share is outside 0 to 1, a size is not positive and finite, or the level is not between 0 and 1.
/// Source: Newcombe 1998, "Interval estimation for the difference between independent proportions: comparison of eleven methods", method 10.
///
/// ```
/// use assay::stats::interval::{Share, newcombe_difference};
/// let (a, b) = (Share { value: 56.0 / 70.0, size: 70.0 }, Share { value: 48.0 / 80.0, size: 80.0 });
/// let limits = newcombe_difference(a, b, 0.95);
/// assert!((limits.low - 0.0524).abs() < 1e-4 && (limits.high - 0.3339).abs() < 1e-4);
/// ```
pub fn newcombe_difference(a: Share, b: Share, level: f64) -> Interval {
    let z = critical_value(level, 1);
    let (low, high) = if a.is_usable() && b.is_usable() && !z.is_nan() {
        Scored::new(a, z).minus(&Scored::new(b, z))
    } else {
        (f64::NAN, f64::NAN)
    };
    Interval {
        low,
        high,
        level,
        method: Method::Newcombe,
    }
}

/// A share with its Wilson limits, from which differences are made.
#[derive(Debug, Clone, Copy)]
pub(super) struct Scored {
    pub(super) value: f64,
    low: f64,
    high: f64,
}

impl Scored {
    pub(super) fn new(share: Share, z: f64) -> Self {
        let (low, high) = score_limits(share, z);
        Self {
            value: share.value,
            low,
            high,
        }
    }

    /// Newcombe's limits of this share minus the other.
    pub(super) fn minus(&self, other: &Self) -> (f64, f64) {
        let difference = self.value - other.value;
        let (down, up) = (self.value - self.low, self.high - self.value);
        let (other_down, other_up) = (other.value - other.low, other.high - other.value);
        let low = difference - (down * down + other_up * other_up).sqrt();
        let high = difference + (up * up + other_down * other_down).sqrt();
        (low.max(-1.0), high.min(1.0))
    }
}

/// Computes Katz' interval for the ratio `a / b` of two shares: normal limits on the logarithm.
///
/// `None` where either share is 0 or not in 0 to 1, a size is not positive and finite, or the level is not between 0 and 1. Where both
/// shares are 1 the method would give no width; then half a row is added to each cell of the two-by-two table (Haldane 1956, Anscombe 1956).
/// Source: Katz, Baptista, Azen and Pike 1978, "Obtaining confidence intervals for the risk ratio in cohort studies".
///
/// ```
/// use assay::stats::interval::{Share, katz_ratio};
/// let share = Share { value: 0.5, size: 100.0 };
/// let limits = katz_ratio(share, share, 0.95).unwrap();
/// assert!((limits.low * limits.high - 1.0).abs() < 1e-12);
/// ```
pub fn katz_ratio(a: Share, b: Share, level: f64) -> Option<Interval> {
    let z = critical_value(level, 1);
    if !a.is_usable() || !b.is_usable() || a.value == 0.0 || b.value == 0.0 || z.is_nan() {
        return None;
    }
    let (centre, half) = Logged::new(a).over(&Logged::new(b), z);
    Some(Interval {
        low: exp(centre - half),
        high: exp(centre + half),
        level,
        method: Method::KatzLog,
    })
}

/// A share on the logarithmic scale, plain and with half a row added to each cell, from which ratios are made.
#[derive(Debug, Clone, Copy)]
pub(super) struct Logged {
    pub(super) value: f64,
    plain: (f64, f64),
    halved: (f64, f64),
}

impl Logged {
    pub(super) fn new(share: Share) -> Self {
        let log_and_variance = |value: f64, size: f64| (ln(value), (1.0 - value) / (value * size));
        Self {
            value: share.value,
            plain: log_and_variance(share.value, share.size),
            halved: log_and_variance((share.value * share.size + 0.5) / (share.size + 1.0), share.size + 1.0),
        }
    }

    /// Centre and half width of the logarithm of this share over the other.
    pub(super) fn over(&self, other: &Self, z: f64) -> (f64, f64) {
        let has_zero = self.value == 0.0 || other.value == 0.0;
        let (mine, theirs) = if has_zero || (self.value == 1.0 && other.value == 1.0) {
            (self.halved, other.halved)
        } else {
            (self.plain, other.plain)
        };
        (mine.0 - theirs.0, z * (mine.1 + theirs.1).sqrt())
    }
}

/// Computes normal limits for the difference `a - b` of two independent estimates.
///
/// `None` where a value is not finite, a standard error is not positive and finite, or the level is not between 0 and 1.
pub fn difference_measured(a: Measured, b: Measured, level: f64) -> Option<Interval> {
    let z = critical_value(level, 1);
    if !a.is_usable() || !b.is_usable() || z.is_nan() {
        return None;
    }
    let (centre, half) = (a.value - b.value, z * hypot(a.standard_error, b.standard_error));
    Some(Interval {
        low: centre - half,
        high: centre + half,
        level,
        method: Method::Delta,
    })
}

/// Computes limits for the ratio `a / b` of two independent positive estimates, by the delta method on the logarithm.
///
/// `None` where a value is not positive and finite, a standard error is not positive and finite, or the level is not between 0 and 1.
pub fn ratio_measured(a: Measured, b: Measured, level: f64) -> Option<Interval> {
    let on_log = difference_measured(logged(a)?, logged(b)?, level)?;
    Some(Interval {
        low: exp(on_log.low),
        high: exp(on_log.high),
        level,
        method: Method::DeltaLog,
    })
}

/// The logarithm of an estimate with its standard error; `None` where either is not positive and finite.
pub(super) fn logged(estimate: Measured) -> Option<Measured> {
    (estimate.value > 0.0 && estimate.is_usable()).then(|| Measured {
        value: ln(estimate.value),
        standard_error: estimate.standard_error / estimate.value,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(successes: f64, size: f64) -> Share {
        Share {
            value: successes / size,
            size,
        }
    }

    fn assert_limits(limits: Interval, low: f64, high: f64, method: Method) {
        assert!((limits.low - low).abs() < 1e-12 && (limits.high - high).abs() < 1e-12, "{limits:?}");
        assert_eq!((limits.level, limits.method), (0.95, method));
    }

    #[test]
    fn differences_equal_those_of_statsmodels() {
        // The selection and false positive rates of the compas oracle: African-American minus Caucasian defendants.
        for (a, b, low, high) in [
            (
                of(2174.0, 3696.0),
                of(854.0, 2454.0),
                0.215_338_581_398_754_4,
                0.264_580_417_744_412_65,
            ),
            (
                of(805.0, 1795.0),
                of(349.0, 1488.0),
                0.182_053_182_326_989_47,
                0.245_023_340_326_906_56,
            ),
            (of(56.0, 70.0), of(48.0, 80.0), 0.052_431_472_402_364_98, 0.333_872_654_036_906_14),
            (of(10.0, 10.0), of(0.0, 20.0), 0.679_086_037_141_914_5, 1.0),
        ] {
            assert_limits(newcombe_difference(a, b, 0.95), low, high, Method::Newcombe);
            assert_limits(newcombe_difference(b, a, 0.95), -high, -low, Method::Newcombe);
        }
    }

    #[test]
    fn differences_outside_are_not_a_number() {
        for (a, b, level) in [
            (of(1.0, 0.0), of(1.0, 2.0), 0.95),
            (of(1.0, 2.0), of(3.0, 2.0), 0.95),
            (of(1.0, 2.0), of(1.0, 2.0), 0.0),
        ] {
            let limits = newcombe_difference(a, b, level);
            assert!(limits.low.is_nan() && limits.high.is_nan());
        }
    }

    #[test]
    fn ratios_equal_those_of_statsmodels() {
        for (a, b, low, high) in [
            (
                of(2174.0, 3696.0),
                of(854.0, 2454.0),
                1.590_994_648_878_388_8,
                1.795_642_231_029_973_8,
            ),
            (of(7.0, 50.0), of(20.0, 60.0), 0.193_573_736_138_761_55, 0.911_280_649_527_523_3),
        ] {
            assert_limits(katz_ratio(a, b, 0.95).expect("no zero"), low, high, Method::KatzLog);
        }
    }

    #[test]
    fn ratios_with_a_zero_have_no_limits_and_two_full_shares_have_width() {
        assert_eq!(katz_ratio(of(0.0, 10.0), of(1.0, 10.0), 0.95), None);
        assert_eq!(katz_ratio(of(1.0, 10.0), of(0.0, 10.0), 0.95), None);
        let full = katz_ratio(of(10.0, 10.0), of(20.0, 20.0), 0.95).expect("no zero");
        assert!(full.low < 0.95 && full.high > 1.05, "{full:?}");
    }

    #[test]
    fn measured_pairs() {
        let measured = |value, standard_error| Measured { value, standard_error };
        let z = 1.959_963_984_540_054;
        let difference = difference_measured(measured(5.0, 0.3), measured(7.0, 0.4), 0.95).expect("usable");
        assert_limits(difference, -2.0 - 0.5 * z, -2.0 + 0.5 * z, Method::Delta);
        let ratio = ratio_measured(measured(5.0, 1.5), measured(10.0, 4.0), 0.95).expect("usable");
        assert_limits(ratio, 0.5 * exp(-0.5 * z), 0.5 * exp(0.5 * z), Method::DeltaLog);
        assert_eq!(difference_measured(measured(5.0, 0.0), measured(7.0, 0.4), 0.95), None);
        assert_eq!(ratio_measured(measured(0.0, 0.1), measured(7.0, 0.4), 0.95), None);
        assert_eq!(ratio_measured(measured(1.0, 0.1), measured(-7.0, 0.4), 0.95), None);
    }
}
