//! What many metrics of one column of numbers have in common, computed once.

use crate::metric::sample::Sample;
use crate::stats::math::floor;
use crate::stats::running::Running;
use crate::stats::sum::ExactSum;

/// The probabilities at which quantiles are kept, rising.
pub const QUANTILES: [f64; 5] = [0.05, 0.25, 0.5, 0.75, 0.95];

/// Sums and places of a column of numbers. Everything is NaN where it does not exist.
#[derive(Debug, Clone, PartialEq)]
pub struct Summary {
    /// Rows with a value.
    pub rows: u64,
    /// The sum, rounded once.
    pub sum: f64,
    /// The mean.
    pub mean: f64,
    /// The sums of the second, third and fourth powers of distances from the mean.
    pub powers: [f64; 3],
    /// The quantiles of [`QUANTILES`], interpolated between neighbours.
    pub quantiles: [f64; 5],
    /// The median distance from the median.
    pub mad: f64,
    /// Rows more than one and a half quartile ranges below the lower or above the upper quartile.
    pub beyond_fences: u64,
    /// Rows more than three standard deviations from the mean.
    pub beyond_three: u64,
}

impl Summary {
    /// Computes the summary of a sample of numbers.
    pub fn of(sample: &Sample) -> Self {
        let values = sample.numbers();
        let rows = sample.present();
        let mut sum = ExactSum::default();
        for (value, count) in values {
            if *count == 1 {
                sum.add(*value);
            } else {
                sum.add_product(*value, *count as f64);
            }
        }
        let sum = sum.value();
        let mean = sum / rows as f64;
        let mut sums = [Running::default(); 3];
        for (value, count) in values {
            let (away, count) = (value - mean, *count as f64);
            let square = away * away;
            sums[0].add(count * square);
            sums[1].add(count * square * away);
            sums[2].add(count * square * square);
        }
        let powers = sums.map(Running::value);
        let quantiles = quantiles(values, rows);
        let [_, low, median, high, _] = quantiles;
        let fence = 1.5 * (high - low);
        let spread = (powers[0] / (rows as f64 - 1.0)).sqrt();
        let beyond = |is_beyond: &dyn Fn(f64) -> bool| -> u64 {
            let counted = values.iter().filter(|(value, _)| is_beyond(*value));
            counted.map(|(_, count)| count).sum()
        };
        Self {
            rows,
            sum,
            mean,
            powers,
            quantiles,
            mad: median_distance(values, rows, median),
            beyond_fences: beyond(&|value| value < low - fence || value > high + fence),
            beyond_three: beyond(&|value| (value - mean).abs() / spread > 3.0),
        }
    }

    /// The variance of what the rows were drawn from: n - 1 in the denominator.
    pub fn variance(&self) -> f64 {
        self.powers[0] / (self.rows as f64 - 1.0)
    }
}

/// The quantiles of [`QUANTILES`], Hyndman and Fan's type 7.
fn quantiles(values: &[(f64, u64)], rows: u64) -> [f64; 5] {
    let mut found = [f64::NAN; 5];
    let mut place = (0, 0_u64);
    for (quantile, probability) in found.iter_mut().zip(QUANTILES) {
        let position = rows.saturating_sub(1) as f64 * probability;
        let part = position - floor(position);
        let rank = floor(position) as u64;
        // The value that has the rank: places only rise.
        while place.0 < values.len() && place.1 + values[place.0].1 <= rank {
            place.1 += values[place.0].1;
            place.0 += 1;
        }
        let Some((low, count)) = values.get(place.0) else { break };
        let is_last = rank + 1 >= place.1 + count;
        let next = if is_last { values.get(place.0 + 1) } else { None };
        let step = next.map_or(0.0, |(high, _)| high - low);
        *quantile = match next {
            Some((high, _)) if part >= 0.5 => high - step * (1.0 - part),
            Some(_) if part > 0.0 => low + step * part,
            _ => *low,
        };
    }
    found
}

/// The median of the distances from `centre`: two walks outwards from it, the nearer value first.
fn median_distance(values: &[(f64, u64)], rows: u64, centre: f64) -> f64 {
    if rows == 0 || !centre.is_finite() {
        return f64::NAN;
    }
    let mut above = values.partition_point(|(value, _)| *value < centre);
    let mut below = above;
    let (low, high) = ((rows - 1) / 2, rows / 2);
    let (mut seen, mut first) = (0_u64, f64::NAN);
    loop {
        let down = below.checked_sub(1).map(|place| (centre - values[place].0, values[place].1));
        let up = values.get(above).map(|(value, count)| (value - centre, *count));
        let (distance, count) = match (down, up) {
            (Some(down), Some(up)) if down.0 < up.0 => {
                below -= 1;
                down
            }
            (_, Some(up)) => {
                above += 1;
                up
            }
            (Some(down), None) => {
                below -= 1;
                down
            }
            (None, None) => return f64::NAN,
        };
        seen += count;
        if first.is_nan() && seen > low {
            first = distance;
        }
        if seen > high {
            return if first == distance {
                first
            } else {
                first + 0.5 * (distance - first)
            };
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::metric::sample::{Distribution, SampleKind};
    use crate::stats::{quantile::linear, rank::Ranked};
    use proptest::prelude::*;

    fn sample(values: &[(f64, u64)]) -> Sample {
        let rows = values.iter().map(|(_, count)| count).sum();
        Sample::new(SampleKind::Numbers, rows, 0, Distribution::Numbers(values.to_vec()))
    }

    #[test]
    fn a_small_column() {
        // 1 2 2 3 100: mean 21.6, median 2, distances 1 0 0 1 98.
        let own = Summary::of(&sample(&[(1.0, 1), (2.0, 2), (3.0, 1), (100.0, 1)]));
        assert_eq!((own.rows, own.sum, own.mean), (5, 108.0, 21.6));
        assert_eq!((own.quantiles[2], own.mad), (2.0, 1.0));
        assert_eq!((own.beyond_fences, own.beyond_three), (1, 0));
        assert!((own.variance() - 1921.3).abs() < 1e-9);
    }

    #[test]
    fn nothing_has_no_summary() {
        let own = Summary::of(&sample(&[]));
        assert!(own.mean.is_nan() && own.mad.is_nan() && own.quantiles.iter().all(|value| value.is_nan()));
        let infinite = Summary::of(&sample(&[(f64::NEG_INFINITY, 1), (0.0, 1), (f64::INFINITY, 1)]));
        assert!(infinite.sum.is_nan() && infinite.mad == f64::INFINITY);
    }

    proptest! {
        #[test]
        fn quantiles_and_mad_are_those_of_written_out_numbers(rows in proptest::collection::btree_map(-9_i8..9, 1_u64..4, 1..9)) {
            let values: Vec<(f64, u64)> = rows.iter().map(|(value, count)| (f64::from(*value), *count)).collect();
            let own = Summary::of(&sample(&values));
            let ranked = Ranked::new(values.len(), &|place| values[place].0, &|place| values[place].1);
            for (found, probability) in own.quantiles.iter().zip(QUANTILES) {
                prop_assert!((found - linear(&ranked, probability).unwrap()).abs() < 1e-12);
            }
            let centre = own.quantiles[2];
            let away = Ranked::new(values.len(), &|place| (values[place].0 - centre).abs(), &|place| values[place].1);
            prop_assert!((own.mad - linear(&away, 0.5).unwrap()).abs() < 1e-12);
        }
    }
}
