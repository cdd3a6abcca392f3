//! Normal, t, beta, chi-squared and hypergeometric distributions.
//!
//! Everything is built on [`stats::math`](super::math), so it gives the same bits on every target. Arguments outside a function's
//! domain give NaN, never a panic and never a number that looks like an answer.

use super::math::{erfc, exp, fma, ln};

mod beta;
mod gamma;
mod hypergeometric;
mod student;

pub use beta::{beta_quantile, ln_beta, regularized_beta};
pub use gamma::{chi_squared_sf, regularized_gamma_p, regularized_gamma_q};
pub use hypergeometric::hypergeometric_ln_pmf;
pub use student::{student_t_cdf, student_t_quantile, student_t_sf};

/// Iterations after which a series or fraction gives up with NaN, so that no argument can hang; shapes up to 1e9 converge long before.
const MAX_ITERATIONS: usize = 1_000_000;

/// Computes the standard normal distribution function, the probability of a value up to `x`.
///
/// Range 0 to 1; NaN for NaN. The lower tail keeps its relative accuracy down to the smallest `f64`.
pub fn normal_cdf(x: f64) -> f64 {
    use std::f64::consts::FRAC_1_SQRT_2;
    let scaled = -x * FRAC_1_SQRT_2;
    let value = 0.5 * erfc(scaled);
    if value == 0.0 || !x.is_finite() || x.abs() < 0.5 {
        return value;
    }
    // What rounding took from the argument, times the slope: far out the function multiplies an error by the square of the argument.
    let lost = fma(-x, FRAC_1_SQRT_2, -scaled) - x * FRAC_1_SQRT_2_LOW;
    value - lost * std::f64::consts::SQRT_2 * normal_pdf(x)
}

/// What `1 / sqrt(2)` is more than its nearest `f64`.
const FRAC_1_SQRT_2_LOW: f64 = -4.833_646_656_726_457e-17;

/// Computes the standard normal survival function, the probability of a value above `x`.
///
/// Range 0 to 1; NaN for NaN. The upper tail keeps its relative accuracy down to the smallest `f64`.
pub fn normal_sf(x: f64) -> f64 {
    normal_cdf(-x)
}

/// Computes the standard normal density.
///
/// Range 0 to about 0.4; NaN for NaN.
pub fn normal_pdf(x: f64) -> f64 {
    const ONE_OVER_SQRT_TAU: f64 = 0.398_942_280_401_432_7;
    ONE_OVER_SQRT_TAU * exp(-0.5 * x * x)
}

/// Computes the standard normal quantile: the `x` whose [`normal_cdf`] is `p`.
///
/// Range all reals, `-inf` at 0 and `inf` at 1; NaN for NaN and outside 0 to 1. Exactly odd around 0.5 where `1 - p` is exact.
/// Relative accuracy about 1e-15. Source: Wichura 1988, "Algorithm AS 241: the percentage points of the normal distribution", routine
/// PPND16, and in the tails one step of Newton's method.
///
/// ```
/// use assay::stats::special::normal_quantile;
/// assert!((normal_quantile(0.975) - 1.959963984540054).abs() < 1e-15);
/// assert_eq!(normal_quantile(0.5), 0.0);
/// ```
pub fn normal_quantile(p: f64) -> f64 {
    if !(0.0..=1.0).contains(&p) {
        return f64::NAN;
    }
    let centred = p - 0.5;
    if centred.abs() <= 0.425 {
        let r = 0.180625 - centred * centred;
        return centred * ratio(r, &CENTRE_NUMERATOR, &CENTRE_DENOMINATOR);
    }
    let tail = p.min(1.0 - p);
    if tail == 0.0 {
        return f64::INFINITY.copysign(centred);
    }
    let r = (-ln(tail)).sqrt();
    let magnitude = if r <= 5.0 {
        ratio(r - 1.6, &TAIL_NUMERATOR, &TAIL_DENOMINATOR)
    } else {
        ratio(r - 5.0, &FAR_NUMERATOR, &FAR_DENOMINATOR)
    };
    // The step mends what rounding in the polynomials left; beyond the smallest normal number it has no digits to work with.
    let refined = if tail >= 1e-300 {
        magnitude + (normal_sf(magnitude) - tail) / normal_pdf(magnitude)
    } else {
        magnitude
    };
    refined.copysign(centred)
}

/// The quotient of two polynomials, coefficients from the constant up.
fn ratio(x: f64, numerator: &[f64; 8], denominator: &[f64; 8]) -> f64 {
    let polynomial = |coefficients: &[f64; 8]| coefficients.iter().rev().fold(0.0, |sum, coefficient| sum * x + coefficient);
    polynomial(numerator) / polynomial(denominator)
}

const CENTRE_NUMERATOR: [f64; 8] = [
    3.387_132_872_796_366_5,
    1.331_416_678_917_843_8e2,
    1.971_590_950_306_551_3e3,
    1.373_169_376_550_946e4,
    4.592_195_393_154_987e4,
    6.726_577_092_700_87e4,
    3.343_057_558_358_813e4,
    2.509_080_928_730_122_7e3,
];
const CENTRE_DENOMINATOR: [f64; 8] = [
    1.0,
    4.231_333_070_160_091e1,
    6.871_870_074_920_579e2,
    5.394_196_021_424_751e3,
    2.121_379_430_158_659_7e4,
    3.930_789_580_009_271e4,
    2.872_908_573_572_194_3e4,
    5.226_495_278_852_854e3,
];
const TAIL_NUMERATOR: [f64; 8] = [
    1.423_437_110_749_683_5,
    4.630_337_846_156_546,
    5.769_497_221_460_691,
    3.647_848_324_763_204_5,
    1.270_458_252_452_368_4,
    2.417_807_251_774_506e-1,
    2.272_384_498_926_918_4e-2,
    7.745_450_142_783_414e-4,
];
const TAIL_DENOMINATOR: [f64; 8] = [
    1.0,
    2.053_191_626_637_759,
    1.676_384_830_183_803_8,
    6.897_673_349_851e-1,
    1.481_039_764_274_800_8e-1,
    1.519_866_656_361_645_7e-2,
    5.475_938_084_995_345e-4,
    1.050_750_071_644_416_9e-9,
];
const FAR_NUMERATOR: [f64; 8] = [
    6.657_904_643_501_103,
    5.463_784_911_164_114,
    1.784_826_539_917_291_3,
    2.965_605_718_285_048_7e-1,
    2.653_218_952_657_612_4e-2,
    1.242_660_947_388_078_4e-3,
    2.711_555_568_743_487_6e-5,
    2.010_334_399_292_288_1e-7,
];
const FAR_DENOMINATOR: [f64; 8] = [
    1.0,
    5.998_322_065_558_88e-1,
    1.369_298_809_227_358e-1,
    1.487_536_129_085_061_5e-2,
    7.868_691_311_456_133e-4,
    1.846_318_317_510_054_8e-5,
    1.421_511_758_316_446e-7,
    2.044_263_103_389_939_8e-15,
];

#[cfg(test)]
mod tests {
    use super::*;

    /// Panics where the value is farther from the expected one than so much of it.
    pub(super) fn assert_close(actual: f64, expected: f64, relative: f64, case: impl std::fmt::Debug) {
        let error = if expected == 0.0 {
            actual.abs()
        } else {
            (actual / expected - 1.0).abs()
        };
        assert!(error <= relative, "{case:?}: {actual:e} for {expected:e}, relative error {error:e}");
    }

    // Expected values in this module and below were computed with mpmath at 40 digits and more.

    #[test]
    fn normal_distribution() {
        for (x, expected) in [
            (-37.5, 4.605_353_009_581_955e-308),
            (-20.0, 2.753_624_118_606_233_7e-89),
            (-8.0, 6.220_960_574_271_784e-16),
            (-1.96, 2.499_789_514_822_043_6e-2),
            (-0.5, 3.085_375_387_259_869e-1),
            (1e-10, 5.000_000_000_398_942e-1),
            (0.3, 6.179_114_221_889_526e-1),
            (1.0, 8.413_447_460_685_43e-1),
            (2.5, 9.937_903_346_742_24e-1),
            (6.0, 9.999_999_990_134_123e-1),
        ] {
            assert_close(normal_cdf(x), expected, 1e-15, x);
            assert_eq!(normal_sf(-x).to_bits(), normal_cdf(x).to_bits());
        }
        assert_close(normal_pdf(1.0), 0.241_970_724_519_143_37, 3e-16, 1.0);
    }

    #[test]
    fn normal_quantiles() {
        for (p, expected) in [
            (1e-300, -3.704_709_629_936_12e1),
            (1e-50, -1.493_333_753_478_849e1),
            (1e-20, -9.262_340_089_798_408),
            (1e-9, -5.997_807_015_007_687),
            (0.001, -3.090_232_306_167_813_5),
            (0.025, -1.959_963_984_540_054_2),
            (0.07, -1.475_791_028_179_170_7),
            (0.08, -1.405_071_560_309_632_5),
            (0.3, -5.244_005_127_080_408e-1),
            (0.49999, -2.506_628_274_896_001e-5),
            (0.5000001, 2.506_628_273_311_648e-7),
            (0.7, 5.244_005_127_080_407e-1),
            (0.9, 1.281_551_565_544_600_6),
            (0.995, 2.575_829_303_548_900_5),
            (0.9999999, 5.199_337_582_290_661),
        ] {
            assert_close(normal_quantile(p), expected, 1e-15, p);
        }
        // The nearest f64 to the quantile of the nearest f64 to 0.975.
        assert_eq!(normal_quantile(0.975), 1.959_963_984_540_053_8);
        assert_eq!(normal_quantile(0.5), 0.0);
    }

    #[test]
    fn normal_quantile_at_the_edges_and_outside() {
        assert_eq!((normal_quantile(0.0), normal_quantile(1.0)), (f64::NEG_INFINITY, f64::INFINITY));
        for p in [-1e-300, 1.0 + f64::EPSILON, f64::NAN] {
            assert!(normal_quantile(p).is_nan(), "{p}");
        }
    }

    #[test]
    fn normal_quantile_inverts_the_distribution_on_a_fine_grid() {
        // Every branch and its seams: a wrong digit in one coefficient shows here.
        for step in 1..4000 {
            let x = -(f64::from(step)) / 110.0;
            let p = normal_cdf(x);
            if p > 1e-300 {
                // Near one half the probability itself resolves the value no better than this.
                assert_close(normal_quantile(p), x, 1e-15 + 3e-16 / x.abs(), p);
            }
        }
    }
}
