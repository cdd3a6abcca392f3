//! Distances of a window's values from the reference's, in the forms of NannyML 0.13: numbers in Doane's bins of the reference with one more
//! cell for what lies outside, texts by their counts.
//!
//! Two counts always belong to the same cells, reference first; a side without any count has no distance.

use super::hypothesis::chi_squared;
use super::math::{floor, ln, log2, sqrt};
use super::special::chi_squared_sf;
use super::sum::ExactSum;

/// Distinct numbers in rising order, and how many rows have each.
pub type Counted = [(f64, u64)];

/// Most bins: beyond, a heavy tail would ask for millions.
const MOST_BINS: f64 = 10_000.0;

/// Computes the edges of equal bins, as many as Doane's rule asks for (Doane 1976; numpy, `histogram_bin_edges(bins="doane")`); `None`
/// without numbers.
pub fn doane_edges(values: &Counted) -> Option<Vec<f64>> {
    let (first, last) = (values.first()?.0, values.last()?.0);
    let n = values.iter().map(|value| value.1).sum::<u64>() as f64;
    let mean = moment(values, n, &|x| x);
    let deviation = sqrt(moment(values, n, &|x| (x - mean) * (x - mean)));
    let mut bins = 1.0;
    if n > 2.0 && deviation > 0.0 {
        let cubed = |x: f64| {
            let z = (x - mean) / deviation;
            z * z * z
        };
        let skew = moment(values, n, &cubed).abs() / sqrt(6.0 * (n - 2.0) / ((n + 1.0) * (n + 3.0)));
        let width = (last - first) / (1.0 + log2(n) + log2(1.0 + skew));
        bins = (-floor(-((last - first) / width))).clamp(1.0, MOST_BINS);
    }
    let (first, last) = if first == last { (first - 0.5, last + 0.5) } else { (first, last) };
    let step = (last - first) / bins;
    let count = bins as usize;
    let mut edges: Vec<f64> = (0..count).map(|place| place as f64 * step + first).collect();
    edges.push(last);
    Some(edges)
}

fn moment(values: &Counted, n: f64, of: &dyn Fn(f64) -> f64) -> f64 {
    let mut sum = ExactSum::default();
    for (x, count) in values {
        sum.add_product(*count as f64, of(*x));
    }
    sum.value() / n
}

/// Computes how many rows are between each edge and the next, the last one included, and in one more cell those outside.
pub fn in_bins(values: &Counted, edges: &[f64]) -> Vec<u64> {
    let mut counts = vec![0; edges.len()];
    let outside = edges.len() - 1;
    for (x, count) in values {
        let after = edges.partition_point(|edge| edge <= x);
        let cell = if after == edges.len() && *x == edges[outside] {
            outside - 1
        } else {
            after.wrapping_sub(1)
        };
        counts[cell.min(outside)] += count;
    }
    counts
}

fn totals(a: &[u64], b: &[u64]) -> Option<(f64, f64)> {
    let (n, m) = (a.iter().sum::<u64>(), b.iter().sum::<u64>());
    (n > 0 && m > 0).then_some((n as f64, m as f64))
}

/// Computes the sum over cells of a function of both shares.
fn over_shares(a: &[u64], b: &[u64], of: &dyn Fn(f64, f64) -> f64) -> Option<f64> {
    let (n, m) = totals(a, b)?;
    let mut sum = ExactSum::default();
    for (x, y) in a.iter().zip(b) {
        sum.add(of(*x as f64 / n, *y as f64 / m));
    }
    Some(sum.value())
}

/// Computes the Jensen-Shannon distance: the square root of the divergence in bits, 0 to 1.
///
/// ```
/// use assay::stats::chunk_distance::jensen_shannon;
/// assert_eq!(jensen_shannon(&[1, 0], &[0, 7]), Some(1.0));
/// assert_eq!(jensen_shannon(&[1, 3], &[2, 6]), Some(0.0));
/// ```
pub fn jensen_shannon(a: &[u64], b: &[u64]) -> Option<f64> {
    let part = |p: f64, middle: f64| if p > 0.0 { p * ln(p / middle) } else { 0.0 };
    let sum = over_shares(a, b, &|p, q| part(p, 0.5 * (p + q)) + part(q, 0.5 * (p + q)))?;
    Some(sqrt((sum / ln(2.0) / 2.0).max(0.0)))
}

/// Computes the Hellinger distance, 0 to 1.
pub fn hellinger(a: &[u64], b: &[u64]) -> Option<f64> {
    let sum = over_shares(a, b, &|p, q| (sqrt(p) - sqrt(q)) * (sqrt(p) - sqrt(q)))?;
    Some(sqrt(sum) / sqrt(2.0))
}

/// Computes the largest difference of a cell's two shares, 0 to 1.
pub fn l_infinity(a: &[u64], b: &[u64]) -> Option<f64> {
    let (n, m) = totals(a, b)?;
    let differences = a.iter().zip(b).map(|(x, y)| (*x as f64 / n - *y as f64 / m).abs());
    Some(differences.fold(0.0, f64::max))
}

/// Computes Pearson's chi-squared statistic of the two rows of counts and its p-value, with Yates' correction where there are two cells, as
/// SciPy's `chi2_contingency` does. `None` where a side or all cells but one are empty.
pub fn contingency(a: &[u64], b: &[u64]) -> Option<(f64, f64)> {
    let row = |counts: &[u64]| counts.iter().map(|count| *count as f64).collect::<Vec<f64>>();
    let (a, b) = (row(a), row(b));
    let plain = chi_squared(&[&a, &b])?;
    if plain.degrees_of_freedom > 1.0 {
        return Some((plain.statistic, plain.p_value));
    }
    let (n, m) = (a.iter().sum::<f64>(), b.iter().sum::<f64>());
    let mut statistic = 0.0;
    for (x, y) in a.iter().zip(&b).filter(|(x, y)| *x + *y > 0.0) {
        for (observed, size) in [(x, n), (y, m)] {
            let expected = (x + y) * size / (n + m);
            let off = (observed - expected).abs();
            statistic += (off - off.min(0.5)) * (off - off.min(0.5)) / expected;
        }
    }
    Some((statistic, chi_squared_sf(statistic, 1.0)))
}

/// Walks over all different values of either side, and gives `take` each with the next one and the shares of rows at or below it.
fn steps(a: &Counted, b: &Counted, take: &mut dyn FnMut(f64, f64, u128, u128)) -> Option<(u64, u64)> {
    let total = |side: &Counted| side.iter().map(|value| value.1).sum::<u64>();
    let (n, m) = (total(a), total(b));
    if n == 0 || m == 0 {
        return None;
    }
    let (mut i, mut j, mut below) = (0, 0, (0_u64, 0_u64));
    let next = |i: usize, j: usize| match (a.get(i), b.get(j)) {
        (Some(x), Some(y)) => Some(x.0.min(y.0)),
        (x, y) => x.or(y).map(|value| value.0),
    };
    while let Some(x) = next(i, j) {
        if a.get(i).is_some_and(|value| value.0 == x) {
            below.0 += a[i].1;
            i += 1;
        }
        if b.get(j).is_some_and(|value| value.0 == x) {
            below.1 += b[j].1;
            j += 1;
        }
        // Over the common denominator, differences are whole numbers.
        take(
            x,
            next(i, j).unwrap_or(x),
            u128::from(below.0) * u128::from(m),
            u128::from(below.1) * u128::from(n),
        );
    }
    Some((n, m))
}

/// Computes the Kolmogorov-Smirnov statistic: the largest difference of the shares at or below a value, 0 to 1.
pub fn kolmogorov_smirnov(a: &Counted, b: &Counted) -> Option<f64> {
    let mut largest = 0;
    let (n, m) = steps(a, b, &mut |_, _, p, q| largest = largest.max(p.abs_diff(q)))?;
    Some(largest as f64 / (n as f64 * m as f64))
}

/// Computes the Wasserstein distance: how far a row moved on average, in the values' own unit.
pub fn wasserstein(a: &Counted, b: &Counted) -> Option<f64> {
    let mut sum = ExactSum::default();
    let (n, m) = steps(a, b, &mut |x, next, p, q| sum.add((next - x) * p.abs_diff(q) as f64))?;
    Some(sum.value() / (n as f64 * m as f64))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn known_distances() {
        let (a, b) = ([(0.0, 1), (1.0, 1), (3.0, 1)], [(5.0, 1), (6.0, 1), (8.0, 1)]);
        assert_eq!(wasserstein(&a, &b), Some(5.0));
        assert_eq!(kolmogorov_smirnov(&a, &b), Some(1.0));
        assert_eq!(kolmogorov_smirnov(&a, &[]), None);
        assert_eq!(l_infinity(&[1, 1], &[3, 1]), Some(0.25));
        assert!((hellinger(&[1, 1], &[1, 0]).unwrap() - 0.541_196_100_146_197).abs() < 1e-15);
        // SciPy: jensenshannon([.5, .5], [.75, .25], base=2)
        assert!((jensen_shannon(&[2, 2], &[3, 1]).unwrap() - 0.220_895_768_849_017).abs() < 1e-12);
        // SciPy: chi2_contingency([[10, 20], [20, 10]])
        let (statistic, p) = contingency(&[10, 20, 0], &[20, 10, 0]).unwrap();
        assert!((statistic - 5.4).abs() < 1e-12 && (p - 0.020_136_751_550_346_3).abs() < 1e-10);
    }

    #[test]
    fn bins_hold_their_edges_and_the_rest_is_outside() {
        assert_eq!(
            in_bins(&[(-1.0, 1), (0.0, 2), (1.0, 3), (2.0, 4), (2.5, 5)], &[0.0, 1.0, 2.0]),
            [2, 7, 6]
        );
        assert_eq!(doane_edges(&[(4.0, 9)]), Some(vec![3.5, 4.5]));
        assert_eq!(doane_edges(&[]), None);
        // numpy: histogram_bin_edges([0, 1, 2, 3, 10], bins="doane")
        assert_eq!(doane_edges(&[(0.0, 1), (1.0, 1), (2.0, 1), (3.0, 1), (10.0, 1)]).unwrap().len(), 6);
    }

    proptest! {
        #[test]
        fn distances_are_symmetric_and_none_between_equals(
            a in proptest::collection::vec(1_u64..50, 2..8), b in proptest::collection::vec(0_u64..50, 8), times in 1_u64..5,
        ) {
            let b = &b[..a.len()];
            for distance in [jensen_shannon, hellinger, l_infinity] {
                prop_assert_eq!(distance(&a, b), distance(b, &a));
                let again: Vec<u64> = a.iter().map(|count| count * times).collect();
                prop_assert!(distance(&a, &again).unwrap() < 1e-7);
                prop_assert!(distance(&a, b).is_none_or(|value| (0.0..=1.0 + 1e-12).contains(&value)));
            }
        }
    }
}
