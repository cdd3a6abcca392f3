//! Tests that see the order of the numbers alone.

use std::f64::consts::PI;

use crate::stats::math::{exp, ln, sqrt};
use crate::stats::special::normal_sf;

use super::{Step, sizes};

/// What one walk over the steps gives: all of it whole numbers, so none of it rounded.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct RankSums {
    /// The sizes of both samples.
    pub sizes: (u64, u64),
    /// The largest difference of the two distribution functions, times both sizes.
    pub largest: u128,
    /// The lowest number at which it is reached; where it is reached in both directions, the lowest at which the first sample has more at or below.
    pub location: f64,
    /// Twice the pairs in which the first sample's number is the larger, ties counting half.
    pub doubled_wins: u128,
    /// The sum over tied numbers of t^3 - t, t of them being equal.
    pub ties: u128,
    /// Four times the sum, over the first and over the second sample, of the squared differences between ranks among all and among its own.
    pub rank_shifts: (u128, u128),
}

/// Walks over the steps once.
pub fn rank_sums(steps: &[Step]) -> RankSums {
    let (n, m) = sizes(steps);
    let mut sums = RankSums {
        sizes: (n, m),
        location: steps.first().map_or(0.0, |step| step.value),
        ..RankSums::default()
    };
    let (mut below_first, mut below_second, mut was_first_ahead) = (0_u64, 0_u64, true);
    for step in steps {
        let (a, b) = (u128::from(step.first), u128::from(step.second));
        let (before_a, before_b) = (u128::from(below_first), u128::from(below_second));
        sums.doubled_wins += a * (2 * before_b + b);
        let tied = a + b;
        if tied > 1 {
            sums.ties += tied * tied * tied - tied;
        }
        // The mean rank among all less that among its own, doubled, and the spread of the own ranks inside the tie.
        let (over, under) = (2 * before_b + b, 2 * before_a + a);
        let spread = |own: u128| if own > 1 { (own * own * own - own) / 3 } else { 0 };
        sums.rank_shifts.0 += a * over * over + spread(a);
        sums.rank_shifts.1 += b * under * under + spread(b);
        below_first += step.first;
        below_second += step.second;
        let (left, right) = (u128::from(below_first) * u128::from(m), u128::from(below_second) * u128::from(n));
        let (apart, is_first_ahead) = (left.abs_diff(right), left > right);
        if apart > sums.largest || apart == sums.largest && is_first_ahead && !was_first_ahead {
            (sums.largest, sums.location, was_first_ahead) = (apart, step.value, is_first_ahead);
        }
    }
    sums
}

impl RankSums {
    /// The Kolmogorov-Smirnov distance; 0 where a sample is empty.
    pub fn distance(&self) -> f64 {
        let product = self.sizes.0 as f64 * self.sizes.1 as f64;
        if product > 0.0 { self.largest as f64 / product } else { 0.0 }
    }
}

/// Computes the Cramér-von Mises statistic T of two samples, ties at their mean rank.
///
/// Source: Anderson 1962, "On the distribution of the two-sample Cramer-von Mises criterion"; SciPy, cramervonmises_2samp.
pub fn cramer_von_mises(sums: &RankSums) -> f64 {
    let (n, m) = (sums.sizes.0 as f64, sums.sizes.1 as f64);
    let (product, total) = (n * m, n + m);
    let shifts = (n * sums.rank_shifts.0 as f64 + m * sums.rank_shifts.1 as f64) / 4.0;
    shifts / (product * total) - (4.0 * product - 1.0) / (6.0 * total)
}

/// Computes the p-value of the Cramér-von Mises statistic from its limit distribution, brought to the statistic's mean and variance.
///
/// Range 0 to 1, absolute accuracy about 1e-15. Source: Anderson and Darling 1952, equation 1.3; SciPy, cramervonmises_2samp.
pub fn cramer_von_mises_p(sums: &RankSums, statistic: f64) -> f64 {
    let (n, m) = (sums.sizes.0 as f64, sums.sizes.1 as f64);
    let (product, total) = (n * m, n + m);
    let mean = (1.0 + 1.0 / total) / 6.0;
    let variance = (total + 1.0) * (4.0 * product * total - 3.0 * (n * n + m * m) - 2.0 * product) / (45.0 * total * total * 4.0 * product);
    let x = 1.0 / 6.0 + (statistic - mean) / sqrt(45.0 * variance);
    // Below, the distribution function is 0 to all digits.
    if x < 0.003 {
        return 1.0;
    }
    let mut cdf = 0.0;
    let mut coefficient = 1.0 / (PI * sqrt(x));
    for k in 0..200_u32 {
        let k = f64::from(k);
        let y = 4.0 * k + 1.0;
        let q = y * y / (16.0 * x);
        let term = coefficient * sqrt(y) * exp(-2.0 * q) * scaled_bessel_k_quarter(q);
        cdf += term;
        if term < 1e-18 {
            break;
        }
        // Gamma(k + 1/2) / k! by its recurrence; at 0 it is the root of pi.
        coefficient *= (k + 0.5) / (k + 1.0);
    }
    (1.0 - cdf).clamp(0.0, 1.0)
}

/// exp(q) times the modified Bessel function K of order one quarter, by the integral of exp(-q (cosh t - 1)) cosh(t / 4) over t from 0, whose
/// integrand falls so fast that the trapezoid rule is exact to rounding.
fn scaled_bessel_k_quarter(q: f64) -> f64 {
    // exp(-q (cosh t - 1)) is below 1e-17 from here on.
    let end = {
        let edge = 1.0 + 40.0 / q;
        ln(edge + sqrt(edge * edge - 1.0))
    };
    const NODES: u32 = 128;
    let width = end / f64::from(NODES);
    let at = |t: f64| {
        let (rise, quarter) = (exp(t), exp(t / 4.0));
        let cosh_less_one = 0.5 * (rise - 1.0) * (rise - 1.0) / rise;
        exp(-q * cosh_less_one) * 0.5 * (quarter + 1.0 / quarter)
    };
    let inner: f64 = (1..NODES).map(|node| at(f64::from(node) * width)).sum();
    width * (0.5 * at(0.0) + inner)
}

/// Computes the two-sample Anderson-Darling statistic with ties at their middle, less its mean, in standard deviations.
///
/// `None` for fewer than two numbers in a sample or a single distinct number. Source: Scholz and Stephens 1987, "K-sample Anderson-Darling
/// tests"; SciPy, anderson_ksamp.
pub fn anderson_darling(steps: &[Step]) -> Option<f64> {
    let (n, m) = sizes(steps);
    if n < 2 || m < 2 || steps.len() < 2 {
        return None;
    }
    let total = (n + m) as f64;
    let (first, second) = (n as f64, m as f64);
    let (mut below, mut below_first, mut sum) = (0.0, 0.0, 0.0);
    for step in steps {
        let (own, tied) = (step.first as f64, (step.first + step.second) as f64);
        let (middle, of_first) = (below + tied / 2.0, below_first + own / 2.0);
        let apart = total * of_first - middle * first;
        let spread = middle * (total - middle) - total * tied / 4.0;
        // At a single distinct number, which has been ruled out, the spread would be 0.
        sum += tied * apart * apart / spread;
        below += tied;
        below_first += own;
    }
    // The second sample's deviations are the first's with the sign turned.
    let statistic = sum / total * (1.0 / first + 1.0 / second) * (total - 1.0) / total;
    let (harmonic, squares) = harmonic(n + m);
    let h = harmonic - 1.0 / total;
    let g = squares - 2.0 * h / total - 1.0 / (total * total);
    let sizes = 1.0 / first + 1.0 / second;
    let a = (4.0 * g - 6.0) + (10.0 - 6.0 * g) * sizes;
    let b = (2.0 * g - 4.0) * 4.0 + 16.0 * h + (2.0 * g - 14.0 * h - 4.0) * sizes - 8.0 * h + 4.0 * g - 6.0;
    let c = (6.0 * h + 2.0 * g - 2.0) * 4.0 + (4.0 * h - 4.0 * g + 6.0) * 2.0 + (2.0 * h - 6.0) * sizes + 4.0 * h;
    let d = (2.0 * h + 6.0) * 4.0 - 8.0 * h;
    let variance = (((a * total + b) * total + c) * total + d) / ((total - 1.0) * (total - 2.0) * (total - 3.0));
    (variance > 0.0).then(|| (statistic - 1.0) / sqrt(variance))
}

/// The sums of 1 / j and of 1 / j^2 for j up to `n`.
fn harmonic(n: u64) -> (f64, f64) {
    const EULER: f64 = 0.577_215_664_901_532_9;
    const DIRECT: u64 = 1000;
    if n <= DIRECT {
        return (1..=n).rev().fold((0.0, 0.0), |(one, two), j| {
            let j = j as f64;
            (one + 1.0 / j, two + 1.0 / (j * j))
        });
    }
    let n = n as f64;
    let (n2, n3) = (n * n, n * n * n);
    (
        ln(n) + EULER + 0.5 / n - 1.0 / (12.0 * n2) + 1.0 / (120.0 * n2 * n2),
        PI * PI / 6.0 - 1.0 / n + 0.5 / n2 - 1.0 / (6.0 * n3) + 1.0 / (30.0 * n3 * n2),
    )
}

/// Reads the p-value of the standardised Anderson-Darling statistic of two samples from the published percentage points, by a parabola through
/// their logarithms. Outside of them it is held at 0.001 and 0.25.
///
/// Source: Scholz and Stephens 1987, table 2; SciPy, anderson_ksamp.
pub fn anderson_darling_p(statistic: f64) -> f64 {
    const LOWEST: f64 = 0.325;
    const HIGHEST: f64 = 6.546;
    if statistic < LOWEST {
        return 0.25;
    }
    if statistic > HIGHEST {
        return 0.001;
    }
    exp(-1.077_770_279_820_487_1 + statistic * (-1.008_226_564_465_250_6 + statistic * 0.018_198_094_574_111_277))
}

/// Computes the p-value of the Mann-Whitney test by the normal distribution, with correction for continuity and ties: two-sided, or of the first
/// sample's numbers being smaller.
///
/// Range 0 to 1; 1 where all numbers are equal. Source: Mann and Whitney 1947; SciPy, mannwhitneyu(method="asymptotic").
pub fn mann_whitney_p(sums: &RankSums, is_less: bool) -> f64 {
    let (n, m) = (sums.sizes.0 as f64, sums.sizes.1 as f64);
    let total = n + m;
    let pairs = u128::from(sums.sizes.0) * u128::from(sums.sizes.1) * 2;
    let losses = pairs - sums.doubled_wins;
    let doubled = if is_less { losses } else { losses.max(sums.doubled_wins) };
    let spread = sqrt(n * m / 12.0 * ((total + 1.0) - sums.ties as f64 / (total * (total - 1.0))));
    if spread.is_nan() || spread <= 0.0 {
        return 1.0;
    }
    let z = (doubled as f64 / 2.0 - n * m / 2.0 - 0.5) / spread;
    let p = normal_sf(z);
    if is_less { p } else { (2.0 * p).min(1.0) }
}
