//! The incomplete beta function, its inverse and the beta function.

use crate::stats::math::{exp, expit, fma, ln, ln_1p};

use super::gamma::{HALF_LN_TAU, away_from_zero, minus_log_ratio, stirling_error};
use super::{MAX_ITERATIONS, normal_quantile};

/// Computes the logarithm of the beta function, `ln B(a, b)`.
///
/// Range all reals, for positive finite `a` and `b`; NaN otherwise. By Stirling's formula with its exact error, so that large arguments
/// do not cancel as three log-gammas do.
pub fn ln_beta(a: f64, b: f64) -> f64 {
    if !is_shape(a) || !is_shape(b) {
        return f64::NAN;
    }
    let (small, large) = if a <= b { (a, b) } else { (b, a) };
    let total = small + large;
    let powers = small * ln(small / total) + large * ln_1p(-small / total) - 0.5 * (ln(small) + ln(large / total));
    powers + HALF_LN_TAU + stirling_error(small) + (stirling_error(large) - stirling_error(total))
}

/// Computes the regularized incomplete beta function `I_x(a, b)`: the distribution function of the beta distribution at `x`.
///
/// Range 0 to 1, for `x` in 0 to 1 and positive finite `a` and `b`; NaN otherwise. Relative accuracy about 1e-12.
/// Source: Didonato and Morris 1992, "Algorithm 708", the continued fraction of section 3 (the even part of DLMF 8.17.22), by Lentz' method.
pub fn regularized_beta(x: f64, a: f64, b: f64) -> f64 {
    beta_tails(x, 1.0 - x, a, b).0
}

/// Computes the quantile of the beta distribution: the `x` whose [`regularized_beta`] is `p`.
///
/// Range 0 to 1, for `p` in 0 to 1 and positive finite `a` and `b`; NaN otherwise. Accurate to about 1e-13, by Newton's method on the
/// logarithms inside a bracket that always shrinks.
pub fn beta_quantile(p: f64, a: f64, b: f64) -> f64 {
    beta_quantile_tails(p, 1.0 - p, a, b).0
}

fn is_shape(a: f64) -> bool {
    a > 0.0 && a.is_finite()
}

/// `I_x(a, b)` and `1 - I_x(a, b)`; `y` is `1 - x`, given apart because it may be known better than by subtraction.
pub(super) fn beta_tails(x: f64, y: f64, a: f64, b: f64) -> (f64, f64) {
    if !(is_shape(a) && is_shape(b) && (0.0..=1.0).contains(&x) && (0.0..=1.0).contains(&y)) {
        return (f64::NAN, f64::NAN);
    }
    if x == 0.0 {
        return (0.0, 1.0);
    }
    if y == 0.0 {
        return (1.0, 0.0);
    }
    let kernel = kernel(x, y, a, b);
    // The fraction converges fast below the mean; above it the mirrored one does.
    if x <= (a + 1.0) / (a + b + 2.0) {
        let lower = (kernel / fraction(x, y, a, b)).min(1.0);
        (lower, 1.0 - lower)
    } else {
        let upper = (kernel / fraction(y, x, b, a)).min(1.0);
        (1.0 - upper, upper)
    }
}

/// `a y - b x`: how far `x` is below the mean, times `a + b`, without the cancellation of `a - (a + b) x`.
fn excess(x: f64, y: f64, a: f64, b: f64) -> f64 {
    if x <= y { fma(-b, x, a * y) } else { fma(a, y, -(b * x)) }
}

/// `x^a y^b / B(a, b)`, written around its maximum (Loader 2000) so that large arguments do not cancel.
fn kernel(x: f64, y: f64, a: f64, b: f64) -> f64 {
    let total = a + b;
    let excess = excess(x, y, a, b);
    let deviance = a * minus_log_ratio(-excess / a, total * x / a) + b * minus_log_ratio(excess / b, total * y / b);
    let stirling = stirling_error(total) - stirling_error(a) - stirling_error(b);
    exp(stirling - deviance + 0.5 * (ln(a) + ln(b / total)) - HALF_LN_TAU)
}

/// The continued fraction of `x^a y^b / (B(a, b) I_x(a, b))`, from the excess, because the common form in `x` alone loses as many
/// digits as `a` has near the mean.
fn fraction(x: f64, y: f64, a: f64, b: f64) -> f64 {
    let excess = excess(x, y, a, b);
    let mut value = away_from_zero(a * (excess + 1.0) / (a + 1.0));
    let (mut c, mut d) = (value, 0.0);
    for m in 1..MAX_ITERATIONS {
        let m = m as f64;
        let odd = a + 2.0 * m - 1.0;
        let shared = m * (b - m) * x / odd;
        let numerator = shared * x * ((a + m - 1.0) / odd) * (a + b + m - 1.0);
        let denominator = m + shared + (a + m) / (odd + 2.0) * (excess + 1.0 + m * (1.0 + y));
        d = 1.0 / away_from_zero(numerator * d + denominator);
        c = away_from_zero(denominator + numerator / c);
        let factor = c * d;
        value *= factor;
        if (factor - 1.0).abs() < 4e-16 {
            return value;
        }
    }
    f64::NAN
}

/// The `x` whose lower and upper tails are `p` and `q`, and `1 - x`, both with their relative accuracy.
pub(super) fn beta_quantile_tails(p: f64, q: f64, a: f64, b: f64) -> (f64, f64) {
    if !(is_shape(a) && is_shape(b) && (0.0..=1.0).contains(&p) && (0.0..=1.0).contains(&q)) {
        return (f64::NAN, f64::NAN);
    }
    if p == 0.0 {
        return (0.0, 1.0);
    }
    if q == 0.0 {
        return (1.0, 0.0);
    }
    // The solution is sought on the side of the smaller of x and 1 - x, where floating point resolves it.
    let (lower_at_half, upper_at_half) = beta_tails(0.5, 0.5, a, b);
    if lower_at_half.is_nan() {
        return (f64::NAN, f64::NAN);
    }
    let is_low = if p <= q { p <= lower_at_half } else { q >= upper_at_half };
    if is_low {
        let x = solve_below_half(p, q, a, b);
        (x, 1.0 - x)
    } else {
        let y = solve_below_half(q, p, b, a);
        (1.0 - y, y)
    }
}

/// Solves for an `x` known to be at most one half.
fn solve_below_half(p: f64, q: f64, a: f64, b: f64) -> f64 {
    let (mut low, mut high) = (f64::MIN_POSITIVE, 0.5);
    let mut x = start(p, q, a, b).clamp(low, high);
    for _ in 0..200 {
        let y = 1.0 - x;
        let (lower, upper) = beta_tails(x, y, a, b);
        // Newton's method on logarithms of the smaller target tail: tails behave like powers, which logarithms make straight.
        let (error, tail, target) = if p <= q { (lower - p, lower, p) } else { (q - upper, upper, q) };
        if error == 0.0 || error.is_nan() {
            return x + error;
        }
        if error > 0.0 {
            high = x;
        } else {
            low = x;
        }
        if low >= high {
            return x;
        }
        let slope = kernel(x, y, a, b) / (y * tail);
        let step = if p <= q { ln(tail / target) } else { ln(target / tail) } / slope;
        let next = x * exp(-step);
        x = if next > low && next < high {
            if step.abs() < 1e-14 {
                return next;
            }
            next
        } else {
            // Halving on the logarithmic scale: the solution may be of any magnitude.
            let middle = low.sqrt() * high.sqrt();
            if middle <= low || middle >= high {
                return x;
            }
            middle
        };
    }
    x
}

/// A first guess: the log odds of a beta value are roughly normal.
fn start(p: f64, q: f64, a: f64, b: f64) -> f64 {
    let z = if p <= q { normal_quantile(p) } else { -normal_quantile(q) };
    expit(ln(a / b) + z * (1.0 / a + 1.0 / b).sqrt())
}

#[cfg(test)]
mod tests {
    use super::super::tests::assert_close;
    use super::*;

    #[test]
    fn logarithm_of_beta() {
        for (a, b, expected) in [
            (1e-5, 3.0, 1.151_291_046_503_272_8e1),
            (0.5, 0.5, 1.144_729_885_849_400_2),
            (2.0, 3.0, -2.484_906_649_788_000_3),
            (0.5, 1e6, -6.335_390_211_057_437),
            (12.5, 30.0, -2.590_868_399_131_007_5e1),
            (26000.0, 4500.0, -1.276_501_271_989_636_7e4),
            (1e8, 1e8, -1.386_294_440_568_173_1e8),
        ] {
            assert_close(ln_beta(a, b), expected, 3e-15, (a, b));
            assert_eq!(ln_beta(a, b).to_bits(), ln_beta(b, a).to_bits());
        }
        assert!(ln_beta(1.0, 1.0).abs() < 1e-14);
        assert!(ln_beta(0.0, 1.0).is_nan() && ln_beta(1.0, f64::INFINITY).is_nan());
    }

    #[test]
    fn incomplete_beta() {
        for (x, a, b, expected) in [
            (0.5, 0.5, 0.5, 0.5),
            (1e-10, 0.01, 2.0, 8.022_715_170_707_3e-1),
            (0.3, 2.0, 3.0, 0.3483),
            (0.999, 5.0, 0.1, 3.871_016_406_250_054_6e-1),
            (0.01, 1.0, 100.0, 6.339_676_587_267_705e-1),
            (0.85, 26000.0, 4500.0, 1.132_924_345_798_552_8e-1),
            (0.86, 26000.0, 4500.0, 9.999_163_123_607_866e-1),
            (0.5, 300.0, 301.0, 5.162_799_656_674_898e-1),
            (0.1, 3.0, 500.0, 1.0),
            (0.2, 1.5, 40.25, 9.995_749_329_093_325e-1),
            (0.001, 50.0, 1000.0, 4.119_913_393_253_634e-65),
        ] {
            assert_close(regularized_beta(x, a, b), expected, 1e-12, (x, a, b));
        }
    }

    #[test]
    fn beta_at_the_edges_and_outside() {
        assert_eq!((regularized_beta(0.0, 2.0, 3.0), regularized_beta(1.0, 2.0, 3.0)), (0.0, 1.0));
        assert_eq!((beta_quantile(0.0, 2.0, 3.0), beta_quantile(1.0, 2.0, 3.0)), (0.0, 1.0));
        for (x, a, b) in [
            (-0.1, 1.0, 1.0),
            (1.1, 1.0, 1.0),
            (0.5, 0.0, 1.0),
            (0.5, 1.0, -1.0),
            (f64::NAN, 1.0, 1.0),
            (0.5, f64::NAN, 1.0),
        ] {
            assert!(regularized_beta(x, a, b).is_nan() && beta_quantile(x, a, b).is_nan(), "{x} {a} {b}");
        }
    }

    #[test]
    fn beta_quantiles() {
        for (p, a, b, expected) in [
            (0.025, 1.0, 20.0, 1.265_089_497_949_803_8e-3),
            (0.025, 13882.0, 2400.0, 8.471_120_391_177_183e-1),
            (0.975, 13883.0, 2399.0, 8.580_623_107_798_236e-1),
            (0.5, 2.0, 2.0, 0.5),
            (0.1, 0.5, 0.5, 2.447_174_185_242_321_7e-2),
            (0.9, 0.1, 3.0, 9.839_299_551_030_134e-2),
            (1e-10, 2.0, 5.0, 2.581_997_786_411_184e-6),
            (0.3, 0.01, 1.0, 5.153_775_207_320_107e-53),
            (0.975, 0.5, 1e5, 2.511_917_824_325_773_7e-5),
            (0.999999, 3.0, 0.2, 1.0),
        ] {
            assert_close(beta_quantile(p, a, b), expected, 1e-13, (p, a, b));
        }
    }

    #[test]
    fn the_quantile_inverts_the_distribution() {
        for a in [0.05, 0.5, 1.0, 3.7, 80.0, 12_345.6] {
            for b in [0.05, 0.5, 1.0, 3.7, 80.0, 12_345.6] {
                for p in [1e-12, 0.001, 0.025, 0.3, 0.5, 0.8, 0.975, 0.999_999] {
                    let q = 1.0 - p;
                    let (x, y) = beta_quantile_tails(p, q, a, b);
                    // Below the smallest normal number the quantile itself is zero.
                    if x > 1e-300 && y > 1e-300 {
                        let (lower, upper) = beta_tails(x, y, a, b);
                        let (tail, target) = if p < q { (lower, p) } else { (upper, q) };
                        assert_close(tail, target, 1e-11, (p, a, b, x));
                    }
                }
            }
        }
    }
}
