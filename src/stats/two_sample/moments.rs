//! Tests and distances that see the numbers themselves.

use crate::stats::math::{cos, pow, sin, sqrt};
use crate::stats::special::{chi_squared_sf, student_t_sf};

use super::{Step, Sum, Tested, sizes};

/// Sizes, means, spreads and distances of two samples.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Moments {
    /// The sizes of both.
    pub sizes: (f64, f64),
    /// The means of both.
    pub means: (f64, f64),
    /// The sums of squared deviations from them.
    pub squares: (f64, f64),
    /// The area between the two distribution functions.
    pub wasserstein: f64,
    /// The root of twice the area between them, squared.
    pub energy: f64,
}

/// Computes what one walk for the means and another for the rest give. Not finite where a number is not.
pub fn moments(steps: &[Step]) -> Moments {
    let (n, m) = sizes(steps);
    let sizes = (n as f64, m as f64);
    let (mut first, mut second) = (Sum::default(), Sum::default());
    for step in steps {
        first.add(step.first as f64 * step.value);
        second.add(step.second as f64 * step.value);
    }
    let means = (first.value() / sizes.0, second.value() / sizes.1);
    let (mut first, mut second, mut area, mut energy) = (Sum::default(), Sum::default(), Sum::default(), Sum::default());
    let (mut below, mut last) = ((0_u64, 0_u64), steps.first().map_or(0.0, |step| step.value));
    for step in steps {
        let apart = below.0 as f64 / sizes.0 - below.1 as f64 / sizes.1;
        let width = step.value - last;
        area.add(apart.abs() * width);
        energy.add(apart * apart * width);
        let (a, b) = (step.value - means.0, step.value - means.1);
        first.add(step.first as f64 * (a * a));
        second.add(step.second as f64 * (b * b));
        below = (below.0 + step.first, below.1 + step.second);
        last = step.value;
    }
    Moments {
        sizes,
        means,
        squares: (first.value(), second.value()),
        wasserstein: area.value(),
        energy: sqrt(2.0 * energy.value()),
    }
}

impl Moments {
    /// The difference of the means, second less first, over the pooled standard deviation; `None` where nothing varies.
    pub fn cohens_d(&self) -> Option<f64> {
        let pooled = (self.squares.0 + self.squares.1) / (self.sizes.0 + self.sizes.1 - 2.0);
        (pooled > 0.0).then(|| (self.means.1 - self.means.0) / sqrt(pooled))
    }
}

fn t_test(difference: f64, variance: f64, degrees_of_freedom: f64) -> Option<Tested> {
    if variance.is_nan() || variance <= 0.0 || degrees_of_freedom.is_nan() {
        return None;
    }
    let statistic = difference / sqrt(variance);
    Some(Tested {
        statistic,
        p_value: (2.0 * student_t_sf(statistic.abs(), degrees_of_freedom)).min(1.0),
    })
}

/// Computes Student's t test of equal means, first less second, for equal variances. `None` where nothing varies or there are not three numbers.
///
/// Source: Student 1908; SciPy, ttest_ind.
pub fn student(of: &Moments) -> Option<Tested> {
    let degrees = of.sizes.0 + of.sizes.1 - 2.0;
    let pooled = (of.squares.0 + of.squares.1) / degrees;
    let variance = pooled * (1.0 / of.sizes.0 + 1.0 / of.sizes.1);
    (degrees > 0.0)
        .then(|| t_test(of.means.0 - of.means.1, variance, degrees))
        .flatten()
}

/// Computes Welch's t test of equal means, first less second. `None` where nothing varies or a sample has fewer than two numbers.
///
/// Source: Welch 1947; SciPy, ttest_ind(equal_var=False).
pub fn welch(of: &Moments) -> Option<Tested> {
    let (n, m) = of.sizes;
    if n < 2.0 || m < 2.0 {
        return None;
    }
    let (a, b) = (of.squares.0 / (n - 1.0) / n, of.squares.1 / (m - 1.0) / m);
    let degrees = (a + b) * (a + b) / (a * a / (n - 1.0) + b * b / (m - 1.0));
    t_test(of.means.0 - of.means.1, a + b, degrees)
}

/// Computes Brown and Forsythe's test of equal spread: an analysis of variance of the distances from each sample's median.
///
/// `None` where those distances do not vary or a sample is empty. Source: Brown and Forsythe 1974; SciPy, levene(center="median").
pub fn levene(steps: &[Step]) -> Option<Tested> {
    let (n, m) = sizes(steps);
    if n == 0 || m == 0 || n + m < 3 {
        return None;
    }
    let medians = (
        quantile(steps, n, &|step| step.first, 0.5),
        quantile(steps, m, &|step| step.second, 0.5),
    );
    let (sizes, total) = ((n as f64, m as f64), (n + m) as f64);
    let (mut first, mut second) = (Sum::default(), Sum::default());
    for step in steps {
        first.add(step.first as f64 * (step.value - medians.0).abs());
        second.add(step.second as f64 * (step.value - medians.1).abs());
    }
    let means = (first.value() / sizes.0, second.value() / sizes.1);
    let all = (first.value() + second.value()) / total;
    let mut within = Sum::default();
    for step in steps {
        let (a, b) = ((step.value - medians.0).abs() - means.0, (step.value - medians.1).abs() - means.1);
        within.add(step.first as f64 * (a * a));
        within.add(step.second as f64 * (b * b));
    }
    let between = sizes.0 * (means.0 - all) * (means.0 - all) + sizes.1 * (means.1 - all) * (means.1 - all);
    if within.value().is_nan() || within.value() <= 0.0 {
        return None;
    }
    let statistic = (total - 2.0) * between / within.value();
    // F with one degree of freedom above is the square of t.
    Some(Tested {
        statistic,
        p_value: (2.0 * student_t_sf(sqrt(statistic), total - 2.0)).min(1.0),
    })
}

/// The quantile that interpolates between neighbours, of `size` numbers that occur as often as `count` says.
fn quantile(steps: &[Step], size: u64, count: &dyn Fn(&Step) -> u64, probability: f64) -> f64 {
    let position = (size - 1) as f64 * probability;
    let rank = position as u64;
    let part = position - rank as f64;
    let (mut through, mut low) = (0, None);
    for step in steps {
        through += count(step);
        if low.is_none() && through > rank {
            low = Some(step.value);
        }
        if through > rank + 1 || (low.is_some() && part == 0.0) {
            let low = low.unwrap_or(step.value);
            let rise = step.value - low;
            return match (part == 0.0, part < 0.5) {
                (true, _) => low,
                (_, true) => low + rise * part,
                _ => step.value - rise * (1.0 - part),
            };
        }
    }
    low.unwrap_or(0.0)
}

/// Computes Epps and Singleton's test that two samples have the same characteristic function, at 0.4 and 0.8 of half their common interquartile
/// range. It sees differences of any kind and holds for discrete numbers.
///
/// `None` for fewer than five numbers in a sample, where the middle half of the numbers is one number, or where the covariance matrix has no
/// inverse. Source: Epps and Singleton 1986; SciPy, epps_singleton_2samp.
pub fn epps_singleton(steps: &[Step]) -> Option<Tested> {
    let (n, m) = sizes(steps);
    if n < 5 || m < 5 {
        return None;
    }
    let both = |step: &Step| step.first + step.second;
    let half = (quantile(steps, n + m, &both, 0.75) - quantile(steps, n + m, &both, 0.25)) / 2.0;
    if half.is_nan() || half <= 0.0 || half.is_infinite() {
        return None;
    }
    let at = |value: f64| {
        let (near, far) = (0.4 / half * value, 0.8 / half * value);
        [cos(near), cos(far), sin(near), sin(far)]
    };
    let total = (n + m) as f64;
    let points: Vec<[f64; 4]> = steps.iter().map(|step| at(step.value)).collect();
    let (mut means, mut covariance) = ([[0.0; 4]; 2], [[0.0; 4]; 4]);
    for (side, size) in [n as f64, m as f64].into_iter().enumerate() {
        let (mean, products) = characteristic(steps, &points, side == 0, size);
        means[side] = mean;
        for (i, row) in covariance.iter_mut().enumerate() {
            for (j, own) in row.iter_mut().enumerate() {
                let (high, low) = (i.max(j), i.min(j));
                *own += total / size * (products[high * (high + 1) / 2 + low] / size);
            }
        }
    }
    let apart: [f64; 4] = std::array::from_fn(|i| means[0][i] - means[1][i]);
    let mut statistic = total * quadratic_form(covariance, apart)?;
    if n.max(m) < 25 {
        statistic /= 1.0 + pow(total, -0.45) + 10.1 * (pow(n as f64, -1.7) + pow(m as f64, -1.7));
    }
    Some(Tested {
        statistic,
        p_value: chi_squared_sf(statistic, 4.0),
    })
}

/// The means of the parts of one sample's characteristic function, and the sums of their products about them: row by row, the lower half.
fn characteristic(steps: &[Step], points: &[[f64; 4]], is_first: bool, size: f64) -> ([f64; 4], [f64; 10]) {
    let count = |step: &Step| if is_first { step.first } else { step.second };
    // Most numbers occur in one sample only.
    let own = || {
        steps
            .iter()
            .zip(points)
            .map(|(step, point)| (count(step), point))
            .filter(|(count, _)| *count > 0)
    };
    let mut sums = [Sum::default(); 4];
    for (count, point) in own() {
        for (sum, value) in sums.iter_mut().zip(point) {
            sum.add(count as f64 * value);
        }
    }
    let mean = sums.map(|sum| sum.value() / size);
    let mut products = [Sum::default(); 10];
    for (count, point) in own() {
        let count = count as f64;
        let [a, b, c, d]: [f64; 4] = std::array::from_fn(|i| point[i] - mean[i]);
        let all = [a * a, b * a, b * b, c * a, c * b, c * c, d * a, d * b, d * c, d * d];
        for (product, value) in products.iter_mut().zip(all) {
            product.add(count * value);
        }
    }
    (mean, products.map(Sum::value))
}

/// x' A^-1 x by Cholesky's decomposition; `None` where A is not clearly positive definite.
fn quadratic_form(a: [[f64; 4]; 4], x: [f64; 4]) -> Option<f64> {
    let (mut lower, mut solved) = ([[0.0; 4]; 4], [0.0; 4]);
    for i in 0..4 {
        for j in 0..=i {
            let sum: f64 = (0..j).map(|k| lower[i][k] * lower[j][k]).sum();
            if i == j {
                let rest = a[i][i] - sum;
                if rest.is_nan() || rest <= 1e-12 * a[i][i].abs() {
                    return None;
                }
                lower[i][i] = sqrt(rest);
            } else {
                lower[i][j] = (a[i][j] - sum) / lower[j][j];
            }
        }
        let sum: f64 = (0..i).map(|k| lower[i][k] * solved[k]).sum();
        solved[i] = (x[i] - sum) / lower[i][i];
    }
    Some(solved.iter().map(|part| part * part).sum())
}
