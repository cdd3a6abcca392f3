//! The incomplete gamma function and the chi-squared distribution.

use crate::stats::math::{exp, lgamma, ln, ln_1p};

use super::MAX_ITERATIONS;

/// Half the logarithm of two pi.
pub(super) const HALF_LN_TAU: f64 = 0.918_938_533_204_672_8;

/// Computes the regularized lower incomplete gamma function `P(a, x)`.
///
/// Range 0 to 1, for `a > 0` and `x >= 0`; NaN otherwise. Relative accuracy about 1e-12 where `P` is the smaller tail.
/// Source: DLMF 8.7.1 (series) and 8.9.2 (continued fraction, by Lentz' method).
pub fn regularized_gamma_p(a: f64, x: f64) -> f64 {
    gamma_tails(a, x).0
}

/// Computes the regularized upper incomplete gamma function `Q(a, x) = 1 - P(a, x)`.
///
/// Range 0 to 1, for `a > 0` and `x >= 0`; NaN otherwise. Relative accuracy about 1e-12 where `Q` is the smaller tail.
pub fn regularized_gamma_q(a: f64, x: f64) -> f64 {
    gamma_tails(a, x).1
}

/// Computes the probability that a chi-squared value with that many degrees of freedom exceeds `x`.
///
/// Range 0 to 1; 1 for `x <= 0`; NaN for NaN and where the degrees of freedom are not positive.
pub fn chi_squared_sf(x: f64, degrees_of_freedom: f64) -> f64 {
    if x.is_nan() {
        return f64::NAN;
    }
    regularized_gamma_q(0.5 * degrees_of_freedom, 0.5 * x.max(0.0))
}

/// `P` and `Q`, the smaller of which is computed directly.
fn gamma_tails(a: f64, x: f64) -> (f64, f64) {
    if !(a > 0.0 && a.is_finite() && x >= 0.0) {
        return (f64::NAN, f64::NAN);
    }
    if x == 0.0 {
        return (0.0, 1.0);
    }
    if x == f64::INFINITY {
        return (1.0, 0.0);
    }
    if x < a + 1.0 {
        let lower = (kernel(a, x) * series(a, x)).min(1.0);
        (lower, 1.0 - lower)
    } else {
        let upper = (kernel(a, x) * a * fraction(a, x)).min(1.0);
        (1.0 - upper, upper)
    }
}

/// `x^a exp(-x) / Gamma(a + 1)`, written around its maximum (Loader 2000) so that large arguments do not cancel.
fn kernel(a: f64, x: f64) -> f64 {
    let exponent = -a * minus_log_ratio((x - a) / a, x / a) - stirling_error(a) - 0.5 * ln(a) - HALF_LN_TAU;
    exp(exponent)
}

/// `P(a, x)` over the kernel: the sum of `x^n / ((a + 1) ... (a + n))`.
fn series(a: f64, x: f64) -> f64 {
    let (mut sum, mut term, mut denominator) = (1.0, 1.0, a);
    for _ in 0..MAX_ITERATIONS {
        denominator += 1.0;
        term *= x / denominator;
        sum += term;
        if term < sum * 1e-17 {
            return sum;
        }
    }
    f64::NAN
}

/// `Q(a, x)` over `a` times the kernel, as a continued fraction.
fn fraction(a: f64, x: f64) -> f64 {
    let mut b = x + 1.0 - a;
    let mut c = f64::INFINITY;
    let mut d = 1.0 / b;
    let mut value = d;
    for n in 1..MAX_ITERATIONS {
        let numerator = -(n as f64) * (n as f64 - a);
        b += 2.0;
        d = 1.0 / away_from_zero(numerator * d + b);
        c = away_from_zero(b + numerator / c);
        let factor = c * d;
        value *= factor;
        if (factor - 1.0).abs() < 1e-16 {
            return value;
        }
    }
    f64::NAN
}

/// Lentz' method divides by its partial terms; one that vanishes is replaced by a tiny number.
pub(super) fn away_from_zero(value: f64) -> f64 {
    if value.abs() < 1e-300 { 1e-300 } else { value }
}

/// `u - ln(1 + u)`, where `ratio` is `1 + u` computed without passing through `u`.
pub(super) fn minus_log_ratio(u: f64, ratio: f64) -> f64 {
    // Near -1 the sum 1 + u has lost its digits, the ratio has not.
    u - if u < -0.5 { ln(ratio) } else { ln_1p(u) }
}

/// The error of Stirling's formula: `lnGamma(z + 1) - (z + 1/2) ln z + z - ln(2 pi) / 2`, for positive `z`.
pub(super) fn stirling_error(z: f64) -> f64 {
    if z < 16.0 {
        return lgamma(z + 1.0) - (z + 0.5) * ln(z) + z - HALF_LN_TAU;
    }
    let square = 1.0 / (z * z);
    let series = [
        1.0 / 12.0,
        -1.0 / 360.0,
        1.0 / 1260.0,
        -1.0 / 1680.0,
        1.0 / 1188.0,
        -691.0 / 360_360.0,
        1.0 / 156.0,
    ];
    series.iter().rev().fold(0.0, |sum, coefficient| sum * square + coefficient) / z
}
