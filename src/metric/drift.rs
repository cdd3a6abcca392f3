//! How far the values of a column are from those of the reference, and whether that can be chance.

use super::UndefinedCode as Code;
use super::reading::Reading;
use super::sample::{Pair, SampleKind};
use super::spec::{Compare, Direction, Family, Metric, Read, Unit};
use super::view::Measured;

/// What the rows of this family have in common unless they say otherwise.
const DISTANCE: Metric = Metric {
    family: Family::Drift,
    direction: Direction::CloserToZero,
    unit: Unit::Score,
    compare: Compare::No,
    ..Metric::BLANK
};

/// The rows of this family, in the order they are shown.
pub const METRICS: [Metric; 1] = [Metric {
    id: "ks_statistic",
    name: "Kolmogorov-Smirnov distance to the reference",
    aliases: &["ks_2samp", "two_sample_ks"],
    words: &["kolmogorov smirnov distance", "ks distance"],
    summary: "The largest difference between the shares of rows at or below a value, in the reference and in the current data.",
    formula: "max over x of |F_reference(x) - F_current(x)|, missing values left out.",
    reading: "0: the same values equally often; 1: no overlap. 0.1 means that somewhere along the scale a tenth of the rows moved across.",
    caveat: "It sees shifts in the middle better than in the tails, and says nothing about how far values moved.",
    reference: "Smirnov 1939; SciPy, ks_2samp",
    reads: &[Read::Pair {
        of: |kind| kind != SampleKind::Levels,
        read: ks_statistic,
    }],
    ..DISTANCE
}];

fn ks_statistic(pair: &Pair<'_>) -> Vec<Measured> {
    vec![Measured::plain(largest_step(pair))]
}

fn largest_step(pair: &Pair<'_>) -> Reading {
    let (n, m) = (pair.reference.present(), pair.current.present());
    let support = n.min(m);
    if support == 0 {
        return Reading::undefined(Code::NoRows, support);
    }
    let (mut below, mut largest) = ((0_u64, 0_u64), 0_u128);
    for (a, b) in pair.table() {
        below = (below.0 + a, below.1 + b);
        // Over the common denominator, differences are whole numbers.
        let (left, right) = (u128::from(below.0) * u128::from(m), u128::from(below.1) * u128::from(n));
        largest = largest.max(left.abs_diff(right));
    }
    Reading::exact(largest as f64 / (n as f64 * m as f64), support)
}
