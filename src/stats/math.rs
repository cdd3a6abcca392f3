//! Transcendental functions from one implementation (`libm`) on every target, because the platform's own differ in the last bit.

pub use libm::{
    atan, atan2, cbrt, ceil, cos, erf, erfc, exp, exp2, expm1 as exp_m1, floor, fma, hypot, lgamma, log as ln, log1p as ln_1p, log2, log10,
    pow, sin, sqrt, tan, tanh,
};

/// Computes the log odds `ln(p / (1 - p))` of a probability.
///
/// Range: all reals; `-inf` at 0, `inf` at 1, NaN outside 0 to 1. Accurate to a few units in the last place, also near 0.5, where the
/// plain formula cancels.
///
/// ```
/// use assay::stats::math::logit;
/// assert_eq!(logit(0.5), 0.0);
/// assert_eq!(logit(0.0), f64::NEG_INFINITY);
/// ```
pub fn logit(p: f64) -> f64 {
    if (0.25..=0.75).contains(&p) {
        // Both differences are exact here, so a value near 0.5 keeps its relative accuracy.
        ln_1p((2.0 * p - 1.0) / (1.0 - p))
    } else {
        ln(p / (1.0 - p))
    }
}

/// Computes the probability `1 / (1 + exp(-x))` whose log odds are `x`.
///
/// Range: 0 to 1, both reached where the true value rounds to them; NaN for NaN.
///
/// ```
/// use assay::stats::math::expit;
/// assert_eq!(expit(0.0), 0.5);
/// assert_eq!(expit(f64::NEG_INFINITY), 0.0);
/// ```
pub fn expit(x: f64) -> f64 {
    if x >= 0.0 {
        1.0 / (1.0 + exp(-x))
    } else {
        // The exponential of a negative number never overflows.
        let odds = exp(x);
        odds / (1.0 + odds)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn logit_and_expit_invert_each_other() {
        for p in [1e-300, 1e-9, 0.1, 0.25, 0.3, 0.5, 0.7, 0.75, 0.9, 0.999] {
            assert!((expit(logit(p)) / p - 1.0).abs() < 2e-13, "{p}");
        }
    }

    #[test]
    fn logit_keeps_its_digits_near_one_half() {
        let p = 0.5 + f64::EPSILON;
        assert!((logit(p) / (4.0 * f64::EPSILON) - 1.0).abs() < 1e-15);
    }

    #[test]
    fn the_edges_are_exact() {
        assert_eq!(logit(1.0), f64::INFINITY);
        assert!(logit(-0.1).is_nan() && logit(1.1).is_nan() && logit(f64::NAN).is_nan());
        assert_eq!((expit(f64::INFINITY), expit(-1e4)), (1.0, 0.0));
        assert!(expit(f64::NAN).is_nan());
    }
}
