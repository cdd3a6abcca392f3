//! Metrics about other metrics: whether a difference can be chance.

use super::spec::{Compare, Direction, Family, Metric, Read, Unit};

/// The rows of this family, in the order they are shown.
pub const METRICS: [Metric; 1] = [Metric {
    id: "p_value",
    name: "p-value",
    aliases: &["significance"],
    words: &["p value"],
    family: Family::Evidence,
    summary: "How often chance alone would make a difference at least as unusual as this one.",
    formula: "Parameter of names the metric, test how: fisher_exact (two-sided by probability) for counts, chi_squared for counts of some \
              hundred million rows, pooled_z (shares with effective sizes) for weighted rows, z from standard errors for everything else; \
              permutation: the share of searches among errors dealt out by chance that find as much. \
              Parameter correction: corrected for everything looked at by benjamini_hochberg, holm or bonferroni.",
    reading: "Below 0.05 is commonly taken for more than chance; among many slices only the corrected value says so.",
    caveat: "It is not the probability that there is no difference, and with many rows differences without importance have small ones.",
    reference: "SciPy, fisher_exact; statsmodels, multipletests",
    direction: Direction::Neutral,
    range: (0.0, 1.0),
    unit: Unit::Score,
    compare: Compare::No,
    reads: &[Read::Comparison],
    ..Metric::BLANK
}];
