//! How much columns tell about each other: whether a feature stands in for a sensitive one.

use super::spec::{Compare, Direction, Family, Metric, Read, Unit};

/// What the rows of this family have in common.
const ASSOCIATION: Metric = Metric {
    family: Family::Fairness,
    compare: Compare::No,
    direction: Direction::Neutral,
    caveat: "An association is no cause, and a feature may stand in for a sensitive one only together with others.",
    reads: &[Read::Comparison],
    ..Metric::BLANK
};

/// The rows of this family, in the order they are shown.
pub const METRICS: [Metric; 4] = [
    Metric {
        id: "cramers_v_corrected",
        name: "bias-corrected Cramér's V",
        aliases: &["cramers_v_bias_corrected"],
        words: &[],
        summary: "How strongly two columns of levels go together, less what chance makes of many levels.",
        formula: "phi2 = chi-squared/n, less (k-1)(r-1)/(n-1), at least 0; k' = k - (k-1)^2/(n-1), r' alike; sqrt(phi2 / min(k'-1, r'-1)); n is the \
                  effective size with weights",
        reading: "0 is no association, 1 is complete; 0.1 is weak, 0.3 is moderate.",
        reference: "Bergsma 2013, A bias-correction for Cramér's V and Tschuprow's T",
        ..ASSOCIATION
    },
    Metric {
        id: "correlation_ratio",
        name: "correlation ratio",
        aliases: &["eta"],
        words: &[],
        summary: "How much of the spread of numbers lies between the levels of another column, as a correlation.",
        formula: "sqrt(sum over levels of n_level (mean_level - mean)^2 / sum over rows of (x - mean)^2)",
        reading: "0: the same mean at every level; 1: the level fixes the number. Its square is a share of the variance.",
        reference: "Pearson 1905; Fisher 1925",
        ..ASSOCIATION
    },
    Metric {
        id: "mutual_information",
        name: "mutual information",
        aliases: &[],
        words: &[],
        summary: "How much knowing one column tells about another, in natural units of information.",
        formula: "sum over pairs of parts of p_ab ln(p_ab / (p_a p_b)); numbers in ten bins of equal rows",
        reading: "0 is nothing; at most the entropy of either column, 0.69 for two levels of equal size.",
        caveat: "Many levels on few rows raise it by chance: about (k-1)(r-1) / (2 n).",
        reference: "Shannon 1948; scikit-learn, mutual_info_score",
        range: (0.0, f64::INFINITY),
        unit: Unit::Nats,
        ..ASSOCIATION
    },
    Metric {
        id: "group_told_apart",
        name: "how well a group is told apart",
        aliases: &["proxy_auc"],
        words: &[],
        summary: "How often a simple model that sees only the features without a role ranks a row of the group above one of the others.",
        formula: "mean ROC AUC over five parts of the rows, each ranked by a logistic regression (penalty 1/2 of the squared weights) fitted on the other \
                  four; features as levels and fifths of numbers",
        reading: "0.5: the features say nothing about the group; 1: they give it away, so that leaving its column out hides it from nobody.",
        caveat: "A model of more detail may tell more; limits leave out that the fits share rows.",
        reference: "Hoerl and Kennard 1970; LeDell, Petersen and van der Laan 2015",
        direction: Direction::LowerIsBetter,
        ..ASSOCIATION
    },
];
