//! How far the values of a column are from those of the reference, whether that can be chance, and what the two together say.

use super::spec::{Compare, Direction, Family, Metric, Unit};

pub mod both;
pub mod categories;
pub mod cells;
pub mod numbers;
pub mod verdict;

/// What the rows of this family have in common unless they say otherwise.
const DISTANCE: Metric = Metric {
    family: Family::Drift,
    direction: Direction::CloserToZero,
    unit: Unit::Score,
    compare: Compare::No,
    ..Metric::BLANK
};

/// A statistic without bound whose sign or size says nothing by itself.
const STATISTIC: Metric = Metric {
    direction: Direction::Neutral,
    range: (f64::NEG_INFINITY, f64::INFINITY),
    ..DISTANCE
};

/// What all p-values have in common.
const P_VALUE: Metric = Metric {
    direction: Direction::HigherIsBetter,
    ..DISTANCE
};
/// How every p-value reads.
const P_READING: &str = "How often chance alone would give a difference at least as large if nothing had changed; below 0.05 is seldom.";
/// What every p-value hides.
const P_CAVEAT: &str =
    "Not corrected for how many columns are looked at, and with many rows every trifle becomes significant: read a distance beside it.";

/// The rows of this family, in the order they are shown.
pub const METRICS: [&[Metric]; 4] = [&verdict::METRICS, &both::METRICS, &numbers::METRICS, &categories::METRICS];
