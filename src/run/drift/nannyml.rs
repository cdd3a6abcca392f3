//! NannyML's rule for two whole files: the Jensen-Shannon distance to the reference, held against what ten parts of the reference show.

use super::Judged;
use crate::data::Column;
use crate::metric::Source;
use crate::metric::sample::{Pair, Sample, SampleKind, samples};
use crate::run::columns::Files;
use crate::run::quality::counter;
use crate::stats::math::{log2, pow};
use crate::stats::two_sample::shares;

/// Parts of the reference, in file order.
const PARTS: usize = 10;

/// What NannyML says of a column by its defaults, the current data being one chunk.
pub fn judge(pair: &Pair<'_>, files: &Files<'_>, earlier: &Column) -> Judged {
    let edges = edges(pair.reference);
    let distance = |sample: &Sample| {
        let table = table(pair.reference, sample, &edges)?;
        Some(shares(table.into_iter()).jensen_shannon_bits())
    };
    let rows = files.reference.map_or(0, |table| table.rows).max(1);
    let count = counter(files, Source::Reference);
    let part_of = |row: usize| count(row).map(|count| (row * PARTS / rows, count));
    let parts = samples(earlier, pair.reference.kind, PARTS, &part_of).unwrap_or_default();
    let known: Vec<f64> = parts.iter().filter_map(&distance).collect();
    let mean = known.iter().sum::<f64>() / known.len() as f64;
    let variance = known.iter().map(|value| (value - mean) * (value - mean)).sum::<f64>() / known.len() as f64;
    let bound = mean + 3.0 * variance.sqrt();
    let score = distance(pair.current).filter(|_| bound.is_finite());
    Judged::larger("jensen_shannon", score, if bound.is_finite() { bound } else { 0.0 })
}

/// Doane's bins of the reference; empty for levels.
fn edges(reference: &Sample) -> Vec<f64> {
    let numbers = reference.numbers();
    let (Some(low), Some(high)) = (numbers.first(), numbers.last()) else {
        return Vec::new();
    };
    let (low, high, size) = (low.0, high.0, reference.present() as f64);
    let sum = |power: f64, mean: f64| {
        let terms = numbers.iter().map(|(value, count)| *count as f64 * pow(value - mean, power));
        terms.sum::<f64>() / size
    };
    let mean = sum(1.0, 0.0);
    let spread = sum(2.0, mean).sqrt();
    let skewness = if spread > 0.0 {
        sum(3.0, mean) / (spread * spread * spread)
    } else {
        0.0
    };
    let expected = (6.0 * (size - 2.0) / ((size + 1.0) * (size + 3.0))).sqrt();
    let bins = (1.0 + log2(size) + log2(1.0 + skewness.abs() / expected)).ceil();
    let bins = if high > low && bins.is_finite() {
        bins.clamp(1.0, 1e4)
    } else {
        1.0
    };
    (0..=bins as u32).map(|bin| low + f64::from(bin) * ((high - low) / bins)).collect()
}

/// Shares of the reference and of a sample, by bin or level; what lies outside the bins has one more.
fn table(reference: &Sample, sample: &Sample, edges: &[f64]) -> Option<Vec<(f64, f64)>> {
    if reference.present() == 0 || sample.present() == 0 {
        return None;
    }
    let count = |of: &Sample| -> Vec<u64> {
        let mut counts = vec![0; edges.len()];
        let (Some(low), Some(high)) = (edges.first(), edges.last()) else {
            return counts;
        };
        let (mut bin, last) = (0, edges.len() - 2);
        for (value, count) in of.numbers() {
            while bin < last && *value >= edges[bin + 1] {
                bin += 1;
            }
            let is_inside = value >= low && value <= high;
            counts[if is_inside { bin } else { last + 1 }] += count;
        }
        counts
    };
    let (n, m) = (reference.present() as f64, sample.present() as f64);
    let rows: Vec<(u64, u64)> = if reference.kind == SampleKind::Levels {
        let pair = Pair {
            reference,
            current: sample,
            memory: &Default::default(),
        };
        pair.table().to_vec()
    } else {
        count(reference).into_iter().zip(count(sample)).collect()
    };
    Some(rows.into_iter().map(|(a, b)| (a as f64 / n, b as f64 / m)).collect())
}
