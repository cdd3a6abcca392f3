//! Student's t distribution.

use super::beta::{beta_quantile_tails, beta_tails};
use super::{normal_quantile, normal_sf};

/// Computes Student's t distribution function, the probability of a value up to `t`.
///
/// Range 0 to 1; NaN for NaN and where the degrees of freedom are not positive. Infinite degrees of freedom give the normal distribution.
pub fn student_t_cdf(t: f64, degrees_of_freedom: f64) -> f64 {
    student_t_sf(-t, degrees_of_freedom)
}

/// Computes Student's t survival function, the probability of a value above `t`.
///
/// Range 0 to 1; NaN for NaN and where the degrees of freedom are not positive. Infinite degrees of freedom give the normal distribution.
/// Source: DLMF 8.17 with `x = v / (v + t^2)`.
pub fn student_t_sf(t: f64, degrees_of_freedom: f64) -> f64 {
    if t.is_nan() || degrees_of_freedom.is_nan() || degrees_of_freedom <= 0.0 {
        return f64::NAN;
    }
    if degrees_of_freedom == f64::INFINITY {
        return normal_sf(t);
    }
    let squared = t / degrees_of_freedom.sqrt() * (t / degrees_of_freedom.sqrt());
    // Both parts are computed from the ratio, so that neither loses digits where it is small.
    let x = 1.0 / (1.0 + squared);
    let y = if squared > 1.0 { 1.0 - x } else { squared * x };
    let (two_sided, between) = beta_tails(x, y, 0.5 * degrees_of_freedom, 0.5);
    if two_sided.is_nan() {
        return f64::NAN;
    }
    match (t > 0.0, two_sided < 0.5) {
        (true, true) => 0.5 * two_sided,
        (true, false) => 0.5 - 0.5 * between,
        (false, true) => 1.0 - 0.5 * two_sided,
        (false, false) => 0.5 + 0.5 * between,
    }
}

/// Computes Student's t quantile: the `t` whose [`student_t_cdf`] is `p`.
///
/// Range all reals, `-inf` at 0 and `inf` at 1; NaN for NaN, outside 0 to 1, and where the degrees of freedom are not positive.
/// Infinite degrees of freedom give the normal quantile. Relative accuracy about 1e-12.
pub fn student_t_quantile(p: f64, degrees_of_freedom: f64) -> f64 {
    if !(0.0..=1.0).contains(&p) || degrees_of_freedom.is_nan() || degrees_of_freedom <= 0.0 {
        return f64::NAN;
    }
    if degrees_of_freedom == f64::INFINITY {
        return normal_quantile(p);
    }
    let tail = p.min(1.0 - p);
    let (x, y) = beta_quantile_tails(2.0 * tail, 1.0 - 2.0 * tail, 0.5 * degrees_of_freedom, 0.5);
    (degrees_of_freedom * y / x).sqrt().copysign(p - 0.5)
}
