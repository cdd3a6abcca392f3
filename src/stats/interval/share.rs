//! Intervals of one share.
//!
//! All four give 0 to 1 where the size is zero (nothing is known), and NaN limits where the value is outside 0 to 1, the size is negative
//! or not finite, or the level is not between 0 and 1. Sizes need not be whole.

use super::{Interval, Method, Share, critical_value};
use crate::stats::special::beta_quantile;

/// Computes Wilson's score interval.
///
/// The limits are the shares that a score test would not reject; they stay within 0 to 1 and are exactly 0 or 1 where the share is.
/// Source: Wilson 1927, "Probable inference, the law of succession, and statistical inference".
///
/// ```
/// use assay::stats::interval::{Share, wilson};
/// let limits = wilson(Share { value: 0.5, size: 10.0 }, 0.95);
/// assert!((limits.low - 0.2366).abs() < 1e-4 && (limits.high - 0.7634).abs() < 1e-4);
/// ```
pub fn wilson(share: Share, level: f64) -> Interval {
    limits(share, level, Method::Wilson, |z| score_limits(share, z))
}

/// Computes Clopper and Pearson's exact interval from quantiles of the beta distribution; its coverage is never below the level.
///
/// The lower limit is exactly 0 where the share is 0, the upper exactly 1 where it is 1.
/// Source: Clopper and Pearson 1934, "The use of confidence or fiducial limits illustrated in the case of the binomial".
pub fn clopper_pearson(share: Share, level: f64) -> Interval {
    limits(share, level, Method::ClopperPearson, |_| {
        let tail = 0.5 * (1.0 - level);
        let successes = share.value * share.size;
        let failures = share.size - successes;
        let low = if share.value == 0.0 {
            0.0
        } else {
            beta_quantile(tail, successes, failures + 1.0)
        };
        let high = if share.value == 1.0 {
            1.0
        } else {
            beta_quantile(1.0 - tail, successes + 1.0, failures)
        };
        (low, high)
    })
}

/// Computes Agresti and Coull's interval: Wald's around Wilson's centre, clipped to 0 to 1.
///
/// Source: Agresti and Coull 1998, "Approximate is better than exact for interval estimation of binomial proportions".
pub fn agresti_coull(share: Share, level: f64) -> Interval {
    limits(share, level, Method::AgrestiCoull, |z| {
        let size = share.size + z * z;
        let centre = (share.value * share.size + 0.5 * z * z) / size;
        around(centre, z * (centre * (1.0 - centre) / size).sqrt())
    })
}

/// Computes Wald's normal approximation, clipped to 0 to 1. It has no width where the share is 0 or 1, which is its well-known fault.
pub fn wald(share: Share, level: f64) -> Interval {
    limits(share, level, Method::Wald, |z| {
        around(share.value, z * (share.value * (1.0 - share.value) / share.size).sqrt())
    })
}

/// Wilson's limits at a normal quantile, for a usable share.
pub(super) fn score_limits(share: Share, z: f64) -> (f64, f64) {
    let Share { value, size } = share;
    let spread = z * z / size;
    let centre = (value + 0.5 * spread) / (1.0 + spread);
    let half = (spread * (value * (1.0 - value) + 0.25 * spread)).sqrt() / (1.0 + spread);
    // At the ends the formula gives the end itself, but rounding would leave it by a hair.
    let low = if value == 0.0 { 0.0 } else { (centre - half).max(0.0) };
    let high = if value == 1.0 { 1.0 } else { (centre + half).min(1.0) };
    (low, high)
}

fn around(centre: f64, half: f64) -> (f64, f64) {
    ((centre - half).max(0.0), (centre + half).min(1.0))
}

/// Wraps the limits that a method gives at a normal quantile, and the cases that all methods share.
fn limits(share: Share, level: f64, method: Method, at: impl FnOnce(f64) -> (f64, f64)) -> Interval {
    let z = critical_value(level, 1);
    let (low, high) = if z.is_nan() || !(0.0..=1.0).contains(&share.value) {
        (f64::NAN, f64::NAN)
    } else if share.is_usable() {
        at(z)
    } else if share.size == 0.0 {
        (0.0, 1.0)
    } else {
        (f64::NAN, f64::NAN)
    };
    Interval { low, high, level, method }
}
