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

/// The reference's numbers, ready to be compared with many windows, each in a time that depends on the window's rows.
#[derive(Debug, Clone)]
pub struct Baseline<'a> {
    values: &'a Counted,
    /// Rows at or below each value.
    through: Vec<u64>,
    /// The integral of the number of rows at or below, from the first value to each.
    area: Vec<f64>,
}

impl<'a> Baseline<'a> {
    /// `None` without numbers.
    pub fn new(values: &'a Counted) -> Option<Self> {
        let (mut through, mut area) = (Vec::with_capacity(values.len()), Vec::with_capacity(values.len()));
        let (mut rows, mut sum) = (0, ExactSum::default());
        for (place, (x, count)) in values.iter().enumerate() {
            if let Some((before, _)) = place.checked_sub(1).map(|before| values[before]) {
                sum.add_product(rows as f64, x - before);
            }
            rows += count;
            through.push(rows);
            area.push(sum.value());
        }
        (rows > 0).then_some(Self { values, through, area })
    }

    fn rows(&self) -> u64 {
        self.through.last().copied().unwrap_or(0)
    }

    /// Rows below a number, and rows at or below it.
    fn around(&self, x: f64) -> (u64, u64) {
        let rows = |place: usize| place.checked_sub(1).map_or(0, |last| self.through[last]);
        (
            rows(self.values.partition_point(|value| value.0 < x)),
            rows(self.values.partition_point(|value| value.0 <= x)),
        )
    }

    fn area_to(&self, x: f64) -> f64 {
        match self.values.partition_point(|value| value.0 <= x).checked_sub(1) {
            None => 0.0,
            Some(place) => self.area[place] + self.through[place] as f64 * (x - self.values[place].0),
        }
    }

    /// Computes the Kolmogorov-Smirnov statistic: the largest difference of the shares at or below a value, 0 to 1; `None` for a window
    /// without numbers.
    ///
    /// ```
    /// use assay::stats::chunk_distance::Baseline;
    /// let baseline = Baseline::new(&[(0.0, 1), (1.0, 1), (3.0, 1)]).unwrap();
    /// let window = [(5.0, 1), (6.0, 1), (8.0, 1)];
    /// assert_eq!((baseline.kolmogorov_smirnov(&window), baseline.wasserstein(&window)), (Some(1.0), Some(5.0)));
    /// ```
    pub fn kolmogorov_smirnov(&self, window: &Counted) -> Option<f64> {
        let (n, m) = (self.rows(), window.iter().map(|value| value.1).sum::<u64>());
        let (mut before, mut largest) = (0, 0);
        // Over the common denominator, differences are whole numbers. Between two values of the window its share is level and the
        // reference's rises, so the largest difference is at an end.
        let apart = |own: u64, other: u64| (u128::from(own) * u128::from(m)).abs_diff(u128::from(other) * u128::from(n));
        for (x, count) in window {
            let (below, through) = self.around(*x);
            largest = largest.max(apart(below, before));
            before += count;
            largest = largest.max(apart(through, before));
        }
        (m > 0).then(|| largest as f64 / (n as f64 * m as f64))
    }

    /// Computes the Wasserstein distance: how far a row moved on average, in the values' own unit; `None` for a window without numbers.
    pub fn wasserstein(&self, window: &Counted) -> Option<f64> {
        let (n, m) = (self.rows(), window.iter().map(|value| value.1).sum::<u64>());
        let (first, last) = (window.first()?.0, window.last()?.0);
        let (low, high) = (self.values.first()?.0.min(first), self.values.last()?.0.max(last));
        let mut sum = ExactSum::default();
        let mut before = 0;
        let ends = window.iter().map(|value| value.0).chain([high]);
        let counts = [0].into_iter().chain(window.iter().map(|value| value.1));
        let mut from = low;
        for (to, count) in ends.zip(counts) {
            before += count;
            // Where the reference's share, which rises, passes the window's, which is level here.
            let level = u128::from(before) * u128::from(n);
            let place = self.through.partition_point(|rows| u128::from(*rows) * u128::from(m) < level);
            let passes = self.values.get(place).map_or(to, |value| value.0).clamp(from, to);
            let (own, level) = (|a: f64, b: f64| m as f64 * (self.area_to(b) - self.area_to(a)), level as f64);
            sum.add((level * (passes - from) - own(from, passes)).max(0.0));
            sum.add((own(passes, to) - level * (to - passes)).max(0.0));
            from = to;
        }
        Some(sum.value() / (n as f64 * m as f64))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn known_distances() {
        let a = [(0.0, 1), (1.0, 1), (3.0, 1)];
        let baseline = Baseline::new(&a).unwrap();
        assert_eq!((baseline.kolmogorov_smirnov(&[]), baseline.wasserstein(&[])), (None, None));
        assert_eq!((baseline.kolmogorov_smirnov(&a), baseline.wasserstein(&a)), (Some(0.0), Some(0.0)));
        assert!(Baseline::new(&[]).is_none());
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

    /// Step by step over every value of either side.
    fn walked(a: &Counted, b: &Counted) -> (f64, f64) {
        let share = |side: &Counted, x: f64| {
            let rows = |is_in: &dyn Fn(f64) -> bool| side.iter().filter(|value| is_in(value.0)).map(|value| value.1).sum::<u64>() as f64;
            rows(&|own| own <= x) / rows(&|_| true)
        };
        let mut xs: Vec<f64> = a.iter().chain(b).map(|value| value.0).collect();
        xs.sort_by(f64::total_cmp);
        let apart = |x: f64| (share(a, x) - share(b, x)).abs();
        (
            xs.iter().map(|x| apart(*x)).fold(0.0, f64::max),
            xs.windows(2).map(|pair| apart(pair[0]) * (pair[1] - pair[0])).sum(),
        )
    }

    fn counted() -> impl Strategy<Value = Vec<(f64, u64)>> {
        proptest::collection::btree_map(-20_i32..20, 1_u64..9, 1..12)
            .prop_map(|map| map.into_iter().map(|(x, count)| (f64::from(x) / 4.0, count)).collect())
    }

    proptest! {
        #[test]
        fn distances_of_numbers_are_those_of_a_walk_over_all(a in counted(), b in counted()) {
            let baseline = Baseline::new(&a).unwrap();
            let (largest, area) = walked(&a, &b);
            prop_assert!((baseline.kolmogorov_smirnov(&b).unwrap() - largest).abs() < 1e-12);
            prop_assert!((baseline.wasserstein(&b).unwrap() - area).abs() < 1e-12);
        }

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
