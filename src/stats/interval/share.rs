//! Intervals of one share.
//!
//! All four give 0 to 1 where the size is zero (nothing is known), and NaN limits where the value is outside 0 to 1, the size is negative
//! or not finite, or the level is not between 0 and 1. Sizes need not be whole.

use super::{Interval, Method, Share, critical_value};
use crate::stats::special::beta_quantile;

/// Above this size the exact limits cannot be told from the score limits, and their continued fraction takes too long.
const LARGEST_EXACT_SIZE: f64 = 1e12;

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
/// The lower limit is exactly 0 where the share is 0, the upper exactly 1 where it is 1. For sizes above 1e12 the limits are Wilson's, from
/// which they then differ by less than 1e-11: the beta distribution is out of reach there.
/// Source: Clopper and Pearson 1934, "The use of confidence or fiducial limits illustrated in the case of the binomial".
pub fn clopper_pearson(share: Share, level: f64) -> Interval {
    limits(share, level, Method::ClopperPearson, |z| {
        if share.size > LARGEST_EXACT_SIZE {
            return score_limits(share, z);
        }
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

#[cfg(test)]
mod tests {
    use super::*;

    type MethodOf = fn(Share, f64) -> Interval;
    /// Low and high by each of `METHODS`.
    type Limits = [(f64, f64); 4];

    const METHODS: [(MethodOf, Method); 4] = [
        (wilson, Method::Wilson),
        (clopper_pearson, Method::ClopperPearson),
        (agresti_coull, Method::AgrestiCoull),
        (wald, Method::Wald),
    ];

    fn of(successes: f64, size: f64) -> Share {
        Share {
            value: successes / size,
            size,
        }
    }

    /// Limits at 0.95 in the order of `METHODS`, by statsmodels 0.15.0 `proportion_confint`; the first row is the accuracy of model a in
    /// the adult oracle.
    const EXPECTED: [(f64, f64, Limits); 4] = [
        (
            13_877.0,
            16_281.0,
            [
                (0.846_810_806_351_214_8, 0.857_709_408_292_056_7),
                (0.846_800_299_717_227_5, 0.857_759_948_090_972_6),
                (0.846_810_172_687_792_7, 0.857_710_041_955_478_7),
                (0.846_893_912_315_662_5, 0.857_792_532_005_939_4),
            ],
        ),
        (
            3.0,
            7.0,
            [
                (0.158_219_855_251_469_64, 0.749_541_635_472_342_8),
                (0.098_988_278_442_507_86, 0.815_948_432_359_917),
                (0.157_521_245_739_398_52, 0.750_240_244_984_414),
                (0.061_972_109_447_262_946, 0.795_170_747_695_594_1),
            ],
        ),
        (
            0.0,
            10.0,
            [
                (0.0, 0.277_532_799_862_889_26),
                (0.0, 0.308_497_107_818_760_83),
                (0.0, 0.320_887_305_750_545_8),
                (0.0, 0.0),
            ],
        ),
        (
            10.0,
            10.0,
            [
                (0.722_467_200_137_110_6, 1.0),
                (0.691_502_892_181_239_2, 1.0),
                (0.679_112_694_249_454_3, 1.0),
                (1.0, 1.0),
            ],
        ),
    ];

    #[test]
    fn limits_equal_those_of_statsmodels() {
        for (successes, size, expected) in EXPECTED {
            for ((method, name), (low, high)) in METHODS.into_iter().zip(expected) {
                let limits = method(of(successes, size), 0.95);
                assert_eq!((limits.method, limits.level), (name, 0.95));
                assert!(
                    (limits.low - low).abs() < 1e-12 && (limits.high - high).abs() < 1e-12,
                    "{successes}/{size} {limits:?}"
                );
            }
        }
    }

    #[test]
    fn the_ends_are_exact_for_any_size_and_level() {
        for size in [0.3, 1.0, 7.0, 33.3, 1e6, 1e12] {
            for level in [0.5, 0.9, 0.95, 0.999] {
                for method in [wilson, clopper_pearson] {
                    assert_eq!(method(of(0.0, size), level).low.to_bits(), 0.0_f64.to_bits());
                    assert_eq!(method(Share { value: 1.0, size }, level).high, 1.0);
                }
            }
        }
    }

    #[test]
    fn exact_limits_reach_any_size() {
        for size in [1e6, 1e9, 1e12, 1e13, 1e18, 1e300] {
            for value in [0.5, 0.01, 3.0 / size] {
                let (exact, score) = (clopper_pearson(Share { value, size }, 0.95), wilson(Share { value, size }, 0.95));
                assert!(
                    (exact.low - score.low).abs() <= 10.0 / size && (exact.high - score.high).abs() <= 10.0 / size,
                    "{size} {value}"
                );
            }
        }
    }

    #[test]
    fn limits_are_inside_and_around_the_share() {
        for size in [1.5, 10.0, 1234.5] {
            for step in 0..=20 {
                let share = Share {
                    value: f64::from(step) / 20.0,
                    size,
                };
                for (method, name) in METHODS {
                    let limits = method(share, 0.9);
                    let is_ordered = 0.0 <= limits.low && limits.low <= share.value && share.value <= limits.high && limits.high <= 1.0;
                    assert!(is_ordered, "{name:?} {share:?} {limits:?}");
                }
            }
        }
    }

    #[test]
    fn without_rows_everything_is_possible_and_outside_nothing_is_said() {
        for (method, _) in METHODS {
            let empty = method(Share { value: 0.5, size: 0.0 }, 0.95);
            assert_eq!((empty.low, empty.high), (0.0, 1.0));
            for (value, size, level) in [
                (1.1, 5.0, 0.95),
                (-0.1, 5.0, 0.95),
                (f64::NAN, 0.0, 0.95),
                (0.5, -1.0, 0.95),
                (0.5, f64::NAN, 0.95),
                (0.5, 5.0, 1.0),
            ] {
                let limits = method(Share { value, size }, level);
                assert!(limits.low.is_nan() && limits.high.is_nan(), "{value} {size} {level}");
            }
        }
    }
}
