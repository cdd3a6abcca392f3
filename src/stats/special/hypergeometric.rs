//! The hypergeometric distribution: how many of the drawn are marked.

use super::gamma::{minus_log_ratio, stirling_error};
use crate::stats::math::{ln, ln_1p};

/// Computes the logarithm of the hypergeometric probability that exactly `x` of `drawn` things are marked, when they are drawn without
/// replacement from `total` things of which `marked` are.
///
/// `-inf` where that is impossible; NaN where `drawn` or `marked` is above `total`. Absolute error about 1e-15 times the distance of `x`
/// from its mean, so that products of large factorials do not cancel. Source: Loader 2000, "Fast and accurate computation of binomial
/// probabilities": three binomial probabilities, each written around its own mean.
///
/// ```
/// use assay::stats::special::hypergeometric_ln_pmf;
/// // Of 4 cups, 2 with milk first; 2 are named: all right with probability 1/6.
/// assert!((hypergeometric_ln_pmf(2, 2, 2, 4) - (1.0_f64 / 6.0).ln()).abs() < 1e-14);
/// ```
pub fn hypergeometric_ln_pmf(x: u64, drawn: u64, marked: u64, total: u64) -> f64 {
    if drawn > total || marked > total {
        return f64::NAN;
    }
    if x > drawn || x > marked || marked - x > total - drawn {
        return f64::NEG_INFINITY;
    }
    let share = Shares {
        marked: marked as f64,
        plain: (total - marked) as f64,
    };
    share.ln_binomial(x, drawn) + share.ln_binomial(marked - x, total - drawn) - share.ln_binomial(marked, total)
}

/// How many of all things are marked, and how many are not.
struct Shares {
    marked: f64,
    plain: f64,
}

impl Shares {
    /// The logarithm of the binomial probability of `x` among `n`, for the share that is marked.
    fn ln_binomial(&self, x: u64, n: u64) -> f64 {
        const LN_TAU: f64 = 1.837_877_066_409_345_5;
        let total = self.marked + self.plain;
        let (hits, misses, size) = (x as f64, (n - x) as f64, n as f64);
        if x == 0 {
            return size * ln_share(self.plain, self.marked, total);
        }
        if x == n {
            return size * ln_share(self.marked, self.plain, total);
        }
        let deviance = about_mean(hits, size * self.marked / total) + about_mean(misses, size * self.plain / total);
        let stirling = stirling_error(size) - stirling_error(hits) - stirling_error(misses);
        stirling - deviance - 0.5 * (LN_TAU + ln(hits) + ln(misses / size))
    }
}

/// The logarithm of `part / total`, where `other` is the rest of the total; 0 times it is 0 also for a part of 0.
fn ln_share(part: f64, other: f64, total: f64) -> f64 {
    if part == 0.0 {
        -f64::MAX
    } else if other < part {
        ln_1p(-other / total)
    } else {
        ln(part / total)
    }
}

/// `x ln(x / mean) + mean - x`, which is 0 at the mean.
fn about_mean(x: f64, mean: f64) -> f64 {
    x * minus_log_ratio((mean - x) / x, mean / x)
}

#[cfg(test)]
mod tests {
    use super::super::tests::assert_close;
    use super::*;

    /// By scipy.stats.hypergeom.logpmf and mpmath at 50 digits: x, drawn, marked, total, logarithm.
    const EXPECTED: &[(u64, u64, u64, u64, f64)] = &[
        (0, 5, 3, 12, -1.838_279_484_862_947_8),
        (3, 5, 3, 12, -3.091_042_453_358_316),
        (2, 10, 4, 30, -1.164_794_195_549_410_8),
        (25, 456, 2860, 16_281, -33.003_089_026_141_38),
        (1982, 7403, 2860, 16_281, -405.161_591_364_169_45),
        (812, 1500, 812, 20_000, -2_361.967_785_807_706),
        (0, 1500, 812, 20_000, -64.678_437_724_400_24),
        (1, 1, 1, 2, -std::f64::consts::LN_2),
        (7, 7, 9, 9, 0.0),
        (150_000, 300_000, 1_000_000, 2_000_000, -6.450_301_620_107_166),
        (151_500, 300_000, 1_000_000, 2_000_000, -24.097_560_268_060_505),
        (100, 1_000_000, 200, 2_000_000, -2.876_150_028_222_903),
    ];

    #[test]
    fn probabilities_are_the_known_ones() {
        for &(x, drawn, marked, total, expected) in EXPECTED {
            let got = hypergeometric_ln_pmf(x, drawn, marked, total);
            assert!(
                (got - expected).abs() < 1e-11 + 1e-13 * expected.abs(),
                "{x} {drawn} {marked} {total}: {got} {expected}"
            );
        }
    }

    #[test]
    fn probabilities_add_up_to_one() {
        for (drawn, marked, total) in [
            (5, 3, 12),
            (0, 3, 12),
            (12, 3, 12),
            (7, 0, 12),
            (40, 60, 100),
            (1000, 37, 20_000),
            (3, 3, 3),
        ] {
            let sum: f64 = (0..=drawn)
                .map(|x| crate::stats::math::exp(hypergeometric_ln_pmf(x, drawn, marked, total)))
                .sum();
            assert_close(sum, 1.0, 1e-12, (drawn, marked, total));
        }
    }

    #[test]
    fn what_cannot_be_has_no_probability() {
        assert_eq!(hypergeometric_ln_pmf(4, 3, 5, 10), f64::NEG_INFINITY);
        assert_eq!(hypergeometric_ln_pmf(0, 8, 5, 10), f64::NEG_INFINITY);
        assert_eq!(hypergeometric_ln_pmf(0, 0, 0, 0), 0.0);
        assert!(hypergeometric_ln_pmf(0, 11, 5, 10).is_nan() && hypergeometric_ln_pmf(0, 5, 11, 10).is_nan());
    }
}
