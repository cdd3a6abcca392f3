//! Tests of whether numbers could come from a normal distribution.

use super::math::{atan2, cbrt, exp, ln, sqrt};
use super::special::{chi_squared_sf, normal_quantile, normal_sf};

/// A test's statistic, and how probable one at least as extreme is by chance.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Test {
    /// The statistic.
    pub statistic: f64,
    /// The p-value, 0 to 1.
    pub p_value: f64,
}

/// How many numbers, and their skewness and kurtosis from population moments (biased; the kurtosis of a normal distribution is 3).
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Shape {
    /// How many numbers.
    pub size: f64,
    /// Third central moment over the second to the power 1.5.
    pub skewness: f64,
    /// Fourth central moment over the squared second.
    pub kurtosis: f64,
}

/// Computes Jarque and Bera's test: both skewness and kurtosis against those of a normal distribution, by a chi-squared approximation for many numbers.
///
/// Source: Jarque and Bera 1980; as SciPy's `jarque_bera`.
pub fn jarque_bera(shape: Shape) -> Test {
    let excess = shape.kurtosis - 3.0;
    let statistic = shape.size / 6.0 * (shape.skewness * shape.skewness + 0.25 * excess * excess);
    Test {
        statistic,
        p_value: chi_squared_sf(statistic, 2.0),
    }
}

/// Computes D'Agostino and Pearson's omnibus test, K squared: skewness and kurtosis each brought to a normal scale.
///
/// `None` below 8 numbers, for which the scale of the skewness is not defined. Source: D'Agostino 1970; Anscombe and Glynn 1983; as SciPy's `normaltest`.
pub fn dagostino(shape: Shape) -> Option<Test> {
    if shape.size < 8.0 {
        return None;
    }
    let (of_skewness, of_kurtosis) = (skewness_z(shape), kurtosis_z(shape));
    let statistic = of_skewness * of_skewness + of_kurtosis * of_kurtosis;
    Some(Test {
        statistic,
        p_value: chi_squared_sf(statistic, 2.0),
    })
}

fn skewness_z(Shape { size: n, skewness, .. }: Shape) -> f64 {
    let y = skewness * sqrt((n + 1.0) * (n + 3.0) / (6.0 * (n - 2.0)));
    let beta = 3.0 * (n * n + 27.0 * n - 70.0) * (n + 1.0) * (n + 3.0) / ((n - 2.0) * (n + 5.0) * (n + 7.0) * (n + 9.0));
    let squared = sqrt(2.0 * (beta - 1.0)) - 1.0;
    let scaled = y / sqrt(2.0 / (squared - 1.0));
    // The inverse hyperbolic sine, odd so that symmetric shapes give opposite numbers.
    let size = scaled.abs();
    (ln(size + sqrt(size * size + 1.0)) / sqrt(0.5 * ln(squared))).copysign(scaled)
}

fn kurtosis_z(Shape { size: n, kurtosis, .. }: Shape) -> f64 {
    let mean = 3.0 * (n - 1.0) / (n + 1.0);
    let variance = 24.0 * n * (n - 2.0) * (n - 3.0) / ((n + 1.0) * (n + 1.0) * (n + 3.0) * (n + 5.0));
    let x = (kurtosis - mean) / sqrt(variance);
    let skew = 6.0 * (n * n - 5.0 * n + 2.0) / ((n + 7.0) * (n + 9.0)) * sqrt(6.0 * (n + 3.0) * (n + 5.0) / (n * (n - 2.0) * (n - 3.0)));
    let freedom = 6.0 + 8.0 / skew * (2.0 / skew + sqrt(1.0 + 4.0 / (skew * skew)));
    let below = 1.0 + x * sqrt(2.0 / (freedom - 4.0));
    let root = cbrt((1.0 - 2.0 / freedom) / below.abs()).copysign(below);
    (1.0 - 2.0 / (9.0 * freedom) - root) / sqrt(2.0 / (9.0 * freedom))
}

/// The fewest and the most numbers for which Shapiro and Wilk's test is made: Royston's approximations hold for these.
pub const SHAPIRO_WILK_SIZES: std::ops::RangeInclusive<u64> = 3..=5000;

/// Computes Shapiro and Wilk's test of rising numbers: how well they lie on a line against the quantiles of a normal distribution.
///
/// W is at most 1, which is a perfect line. `None` outside 3 to 5,000 numbers, or where they do not vary. Source: Royston 1995, "Remark AS R94: a
/// remark on algorithm AS 181", as in SciPy and R.
pub fn shapiro_wilk(rising: &[f64]) -> Option<Test> {
    let size = rising.len();
    if !SHAPIRO_WILK_SIZES.contains(&(size as u64)) || rising.first() == rising.last() {
        return None;
    }
    let weights = shapiro_wilk_weights(size);
    // About the middle and in units of the range, so that neither sum of squares leaves the range of numbers.
    let (centre, range) = (rising[size / 2], rising[size - 1] - rising[0]);
    let scaled: Vec<f64> = rising.iter().map(|x| (x - centre) / range).collect();
    let mean = scaled.iter().sum::<f64>() / size as f64;
    let weight = |place: usize| match place {
        _ if place < size / 2 => -weights[place],
        _ if size - 1 - place < size / 2 => weights[size - 1 - place],
        _ => 0.0,
    };
    let (mut of_weights, mut of_numbers, mut crossed) = (0.0, 0.0, 0.0);
    for (place, x) in scaled.iter().enumerate() {
        let (a, d) = (weight(place), x - mean);
        of_weights += a * a;
        of_numbers += d * d;
        crossed += a * d;
    }
    // 1 - W by a difference of squares, which does not cancel where W is near 1.
    let both = sqrt(of_weights * of_numbers);
    let rest = (both - crossed) * (both + crossed) / (of_weights * of_numbers);
    let statistic = 1.0 - rest;
    Some(Test {
        statistic,
        p_value: shapiro_wilk_p_value(rest, size as f64),
    })
}

/// The weights of the larger half of the numbers, the largest first.
fn shapiro_wilk_weights(size: usize) -> Vec<f64> {
    if size == 3 {
        return vec![std::f64::consts::FRAC_1_SQRT_2];
    }
    let n = size as f64;
    let scores: Vec<f64> = (1..=size / 2)
        .map(|rank| -normal_quantile((rank as f64 - 0.375) / (n + 0.25)))
        .collect();
    let squares = 2.0 * scores.iter().map(|score| score * score).sum::<f64>();
    let (root, inverse) = (sqrt(squares), 1.0 / sqrt(n));
    let largest = scores[0] / root + polynomial(&[0.0, 0.221157, -0.147981, -2.07119, 4.434685, -2.706056], inverse);
    let second = scores[1] / root + polynomial(&[0.0, 0.042981, -0.293762, -1.752461, 5.682633, -3.582633], inverse);
    // The outermost one or two are approximated, the others keep the proportion that leaves all squares together at 1.
    let given = if size > 5 { vec![largest, second] } else { vec![largest] };
    let of_given = |values: &[f64]| 2.0 * values.iter().map(|value| value * value).sum::<f64>();
    let factor = sqrt((squares - of_given(&scores[..given.len()])) / (1.0 - of_given(&given)));
    let others = scores[given.len()..].iter().map(|score| score / factor);
    given.iter().copied().chain(others).collect()
}

/// The p-value for `rest` = 1 - W.
fn shapiro_wilk_p_value(rest: f64, n: f64) -> f64 {
    if n == 3.0 {
        let root = sqrt(1.0 - rest);
        let angle = atan2(root, sqrt(rest)) - std::f64::consts::FRAC_PI_3;
        return (6.0 / std::f64::consts::PI * angle).clamp(0.0, 1.0);
    }
    let logarithm = ln(rest);
    if n <= 11.0 {
        let most = polynomial(&[-2.273, 0.459], n);
        if logarithm >= most {
            return 0.0;
        }
        let mean = polynomial(&[0.5440, -0.39978, 0.025054, -6.714e-4], n);
        let deviation = exp(polynomial(&[1.3822, -0.77857, 0.062767, -0.0020322], n));
        return normal_sf((-ln(most - logarithm) - mean) / deviation);
    }
    let size = ln(n);
    let mean = polynomial(&[-1.5861, -0.31082, -0.083751, 0.0038915], size);
    let deviation = exp(polynomial(&[-0.4803, -0.082676, 0.0030302], size));
    normal_sf((logarithm - mean) / deviation)
}

/// Coefficients from the constant up.
fn polynomial(coefficients: &[f64], x: f64) -> f64 {
    coefficients.iter().rev().fold(0.0, |sum, coefficient| sum * x + coefficient)
}

#[cfg(test)]
mod tests;
