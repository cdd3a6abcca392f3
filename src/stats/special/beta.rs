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
/// Source: DLMF 8.17.22, a continued fraction, evaluated by Lentz' method.
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
        let lower = (kernel / a * fraction(x, a, b)).min(1.0);
        (lower, 1.0 - lower)
    } else {
        let upper = (kernel / b * fraction(y, b, a)).min(1.0);
        (1.0 - upper, upper)
    }
}

/// `x^a y^b / B(a, b)`, written around its maximum (Loader 2000) so that large arguments do not cancel.
fn kernel(x: f64, y: f64, a: f64, b: f64) -> f64 {
    let total = a + b;
    let excess = if x <= y { fma(-b, x, a * y) } else { fma(a, y, -(b * x)) };
    let deviance = a * minus_log_ratio(-excess / a, total * x / a) + b * minus_log_ratio(excess / b, total * y / b);
    let stirling = stirling_error(total) - stirling_error(a) - stirling_error(b);
    exp(stirling - deviance + 0.5 * (ln(a) + ln(b / total)) - HALF_LN_TAU)
}

/// The continued fraction of `a B(a, b) I_x(a, b) / (x^a y^b)`.
fn fraction(x: f64, a: f64, b: f64) -> f64 {
    let mut c = 1.0;
    let mut d = 1.0 / away_from_zero(1.0 - (a + b) * x / (a + 1.0));
    let mut value = d;
    for m in 1..MAX_ITERATIONS {
        let m = m as f64;
        let even = m * (b - m) * x / ((a + 2.0 * m - 1.0) * (a + 2.0 * m));
        d = 1.0 / away_from_zero(1.0 + even * d);
        c = away_from_zero(1.0 + even / c);
        value *= c * d;
        let odd = -(a + m) * (a + b + m) * x / ((a + 2.0 * m) * (a + 2.0 * m + 1.0));
        d = 1.0 / away_from_zero(1.0 + odd * d);
        c = away_from_zero(1.0 + odd / c);
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
        if error == 0.0 {
            return x;
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
