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

#[cfg(test)]
mod tests {
    use super::super::normal_cdf;
    use super::super::tests::assert_close;
    use super::*;

    #[test]
    fn survival() {
        for (t, degrees_of_freedom, expected) in [
            (0.0, 3.0, 0.5),
            (1e-8, 3.0, 4.999_999_963_244_74e-1),
            (0.5, 1.0, 3.524_163_823_495_667_3e-1),
            (2.0, 1.0, 1.475_836_176_504_332_7e-1),
            (1e6, 1.0, 3.183_098_861_836_845_7e-7),
            (2.5, 4.5, 2.995_284_325_110_027_2e-2),
            (-1.3, 10.0, 8.886_170_913_965_777e-1),
            (12.0, 30.0, 2.790_092_707_599_628e-13),
            (2.0, 1e6, 2.275_026_692_565_960_4e-2),
            (40.0, 100.0, 1.231_053_801_070_035_4e-63),
        ] {
            assert_close(student_t_sf(t, degrees_of_freedom), expected, 1e-12, (t, degrees_of_freedom));
            assert_eq!(
                student_t_cdf(-t, degrees_of_freedom).to_bits(),
                student_t_sf(t, degrees_of_freedom).to_bits()
            );
        }
    }

    #[test]
    fn quantiles() {
        for (p, degrees_of_freedom, expected) in [
            (0.975, 1.0, 1.270_620_473_617_467e1),
            (0.975, 4.0, 2.776_445_105_197_793_5),
            (0.6, 7.0, 2.631_668_613_520_228e-1),
            (0.500001, 20.0, 2.538_144_596_814_053e-6),
            (1e-12, 3.0, -1.033_110_824_429_248_6e4),
            (0.01, 0.5, -1.028_491_010_471_622e3),
            (0.975, 1e6, 1.959_966_356_814_106_7),
            (0.975, 1e10, 1.959_963_984_777_281),
        ] {
            assert_close(student_t_quantile(p, degrees_of_freedom), expected, 1e-12, (p, degrees_of_freedom));
        }
        assert_eq!(student_t_quantile(0.5, 3.0), 0.0);
    }

    #[test]
    fn edges_and_outside() {
        assert_eq!((student_t_sf(f64::INFINITY, 2.0), student_t_sf(f64::NEG_INFINITY, 2.0)), (0.0, 1.0));
        assert_eq!(
            (student_t_quantile(0.0, 2.0), student_t_quantile(1.0, 2.0)),
            (f64::NEG_INFINITY, f64::INFINITY)
        );
        assert_eq!(student_t_cdf(1.5, f64::INFINITY), normal_cdf(1.5));
        assert!(student_t_sf(1.0, 0.0).is_nan() && student_t_sf(f64::NAN, 1.0).is_nan() && student_t_quantile(0.3, -1.0).is_nan());
    }
}
