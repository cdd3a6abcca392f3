//! What is concluded from distances and p-values: of each column, and of all.

use super::{DISTANCE, P_READING, P_VALUE, STATISTIC};
use crate::metric::spec::{Direction, Metric, Read, Unit};

const CONCLUDED: &[Read] = &[Read::Comparison];
const DIALECTS: &str = "the population stability index over the deciles of the reference with cells for what is outside and for missing values, or over \
                        levels; an empty cell counts as half a row, at least 0.0001. Dialects: what Evidently, NannyML or Deepchecks take.";

/// Conclusions.
pub const METRICS: [Metric; 16] = [
    Metric {
        id: "drift_score",
        name: "Size of a column's drift",
        aliases: &["evidently_auto_score"],
        words: &["drift score"],
        summary: "How much a column has changed, missing values included, on a scale that is the same for all columns.",
        formula: DIALECTS,
        reading: "Below 0.1 little has moved, above 0.25 much.",
        caveat: "Few rows make it large by chance: it means something together with the p-value.",
        reference: "Siddiqi 2006, Credit Risk Scorecards",
        range: (0.0, f64::INFINITY),
        reads: CONCLUDED,
        ..DISTANCE
    },
    Metric {
        id: "drift_bound",
        name: "Bound of the size of a column's drift",
        aliases: &["evidently_auto_threshold"],
        words: &["drift bound"],
        summary: "From which size on, or for p-values below which, a column counts as drifted.",
        formula: "0.1; in a dialect what the package takes by default.",
        reading: "It is a convention, to be set to what the use demands.",
        caveat: "No bound fits every use.",
        reference: "Siddiqi 2006; Evidently, NannyML and Deepchecks, defaults",
        range: (0.0, f64::INFINITY),
        reads: CONCLUDED,
        ..STATISTIC
    },
    Metric {
        id: "drift_test",
        name: "What a column's drift is measured by",
        aliases: &["evidently_auto_test"],
        words: &["drift test"],
        summary: "The name of the distance or test by which a column is judged.",
        formula: "psi; in a dialect what the package chooses by kind, rows and distinct values.",
        reading: "See the metric of that name.",
        caveat: "Columns judged by different tests cannot be compared with one another.",
        reference: "Evidently, NannyML and Deepchecks, defaults",
        reads: CONCLUDED,
        ..STATISTIC
    },
    Metric {
        id: "drift_pvalue",
        name: "P-value of a column's drift",
        words: &["drift p value"],
        summary: "The probability of a change at least as large by chance; correction=benjamini_hochberg: corrected for all columns judged.",
        formula: "numbers: the smallest p-value of Kolmogorov and Smirnov's test, of Rosenbaum's for rows outside the reference's range, and of \
                  Fisher's for missing values, times their number; levels: of chi-squared for levels that are frequent enough, and Fisher's for rare and \
                  for missing ones, likewise.",
        reading: P_READING,
        caveat: "A small p-value alone says that something changed, not that it matters.",
        reference: "Smirnov 1939; Rosenbaum 1953; Fisher 1935; Benjamini and Hochberg 1995",
        reads: CONCLUDED,
        ..P_VALUE
    },
    Metric {
        id: "drifted",
        name: "Whether a column has drifted",
        aliases: &["evidently_auto_drifted"],
        words: &["column has drifted"],
        summary: "Whether a column has changed by more than little and by more than chance.",
        formula: "drift_score at least drift_bound, and the corrected drift_pvalue below 1 - level; in a dialect the one number that the package takes.",
        reading: "Yes: look at what changed. No: nothing was found, which does not prove that there is nothing.",
        caveat: "It looks at one column at a time: a change in how columns hang together is told by changed_correlations.",
        reference: "This project: effect and evidence; Evidently, NannyML and Deepchecks for their dialects",
        unit: Unit::YesNo,
        reads: CONCLUDED,
        ..DISTANCE
    },
    Metric {
        id: "drifted_columns",
        name: "Columns that have drifted",
        aliases: &["evidently_drifted_columns"],
        words: &["number of drifted columns"],
        summary: "How many columns have drifted; the label is judged and not counted.",
        formula: "columns with drifted = yes.",
        reading: "0: no column was found to have changed.",
        caveat: "With p-values corrected, chance alone makes it more than 0 in at most one comparison in twenty.",
        reference: "Evidently, Drifted Columns Count",
        unit: Unit::Count,
        range: (0.0, f64::INFINITY),
        direction: Direction::LowerIsBetter,
        reads: CONCLUDED,
        ..DISTANCE
    },
    Metric {
        id: "drifted_share",
        name: "Share of columns that have drifted",
        aliases: &["evidently_drifted_share"],
        words: &["share of drifted columns"],
        summary: "How many of the columns that were judged have drifted; the label is judged and not counted.",
        formula: "columns with drifted = yes, over columns judged.",
        reading: "0: no column was found to have changed.",
        caveat: "Columns count alike, whether the model uses them or not.",
        reference: "Evidently, Drifted Columns Count",
        unit: Unit::Share,
        direction: Direction::LowerIsBetter,
        reads: CONCLUDED,
        ..DISTANCE
    },
    Metric {
        id: "dataset_drift",
        name: "Whether the data as a whole has drifted",
        aliases: &["evidently_dataset_drift"],
        words: &["dataset has drifted"],
        summary: "Whether at least half of the columns have drifted.",
        formula: "drifted_share at least 0.5.",
        reading: "Yes: most of what is known of rows has changed.",
        caveat: "A convention of one package; a single column that matters can be enough.",
        reference: "Evidently, drift share 0.5",
        unit: Unit::YesNo,
        reads: CONCLUDED,
        ..DISTANCE
    },
    Metric {
        id: "score_change_by_mix",
        name: "Change of the mean score by a column's drift",
        words: &["score change by mix"],
        summary: "How much the mean score (or predicted number, or share predicted positive) would have changed if only this column had.",
        formula: "sum over the column's cells of (share now - share in the reference) times the reference's mean score in the cell; a cell without \
                  reference rows takes the current mean.",
        reading: "0: rows moved between cells that score alike. Beside the whole change of the mean it says how much this column matters.",
        caveat: "Columns that hang together are counted each, so that the parts need not add up to the whole.",
        reference: "Kitagawa 1955; Oaxaca 1973",
        range: (f64::NEG_INFINITY, f64::INFINITY),
        reads: CONCLUDED,
        ..DISTANCE
    },
    Metric {
        id: "error_change_by_mix",
        name: "Change of the error by a column's drift",
        words: &["error change by mix"],
        summary: "How much the error rate (or mean absolute error) would have changed if only the shares of this column's cells had.",
        formula: "sum over the column's cells of (share now - share in the reference) times the reference's error in the cell.",
        reading: "Above 0: rows moved to where the model errs more.",
        caveat: "Columns that hang together are counted each, so that the parts need not add up to the whole.",
        reference: "Kitagawa 1955",
        range: (f64::NEG_INFINITY, f64::INFINITY),
        reads: CONCLUDED,
        ..DISTANCE
    },
    Metric {
        id: "error_change_within",
        name: "Change of the error within a column's cells",
        words: &["error change within"],
        summary: "How much the error has changed among rows of the same cell: what is left of its change when the shares of cells are held.",
        formula: "sum over the column's cells of the current share times (error now - error in the reference); cells without reference rows left out.",
        reading: "Above 0: the model errs more on rows of the same kind, so that the relation itself may have changed.",
        caveat: "Other columns may have changed within the cells.",
        reference: "Kitagawa 1955",
        range: (f64::NEG_INFINITY, f64::INFINITY),
        reads: CONCLUDED,
        ..DISTANCE
    },
    Metric {
        id: "change_pvalue",
        name: "P-value of a metric's change",
        words: &["change p value"],
        summary: "The probability of a change of a metric between reference and current data at least as large by chance.",
        formula: "the normal distribution, at the change over the standard error that its limits stand for.",
        reading: P_READING,
        caveat: super::P_CAVEAT,
        reference: "Zou and Donner 2008, for the limits",
        reads: CONCLUDED,
        ..P_VALUE
    },
    Metric {
        id: "correlation_change",
        name: "Change of the rank correlation of two columns",
        words: &["change of correlation"],
        summary: "How much more, or less, two columns put rows into the same order than they did in the reference.",
        formula: "Spearman's correlation now less that in the reference, each column ranked among its own values, in rows with both; columns of two levels \
                  as 0 and 1; at most 5,000 rows of each file, drawn evenly, and 60 columns. Told of changed pairs, the 20 \
                  largest changes.",
        reading: "0: the columns hang together as before, whatever has become of each; 2 or -2: they have turned round.",
        caveat: "What rises and falls again does not show, and columns of three or more levels are not looked at.",
        reference: "Spearman 1904; Bonett and Wright 2000 and Zou 2007 for the limits",
        range: (-2.0, 2.0),
        reads: CONCLUDED,
        ..DISTANCE
    },
    Metric {
        id: "correlation_change_pvalue",
        name: "P-value of the change of a rank correlation",
        words: &["p value of the change of correlation"],
        summary: "The probability of a change at least as large by chance; correction=benjamini_hochberg: corrected for all pairs judged.",
        formula: "the normal distribution, at the difference of both correlations' inverse hyperbolic tangents over its standard error.",
        reading: P_READING,
        caveat: "It holds well for many different values; of columns with very few it is an approximation.",
        reference: "Fisher 1921; Bonett and Wright 2000; Benjamini and Hochberg 1995",
        reads: CONCLUDED,
        ..P_VALUE
    },
    Metric {
        id: "changed_correlations",
        name: "Pairs of columns that go together otherwise",
        words: &["number of changed correlations"],
        summary: "How many pairs of columns hang together by more than little, and more than chance, otherwise than in the reference.",
        formula: "pairs with an absolute correlation_change of at least 0.1 and a corrected p-value below a fifth of 1 - level: the rest of it is left to \
                  columns by themselves.",
        reading: "0: no pair was found to have changed.",
        caveat: "It shows what no column shows by itself; see correlation_change for what it does not see.",
        reference: "This project: effect and evidence",
        unit: Unit::Count,
        range: (0.0, f64::INFINITY),
        direction: Direction::LowerIsBetter,
        reads: CONCLUDED,
        ..DISTANCE
    },
    Metric {
        id: "judged_correlations",
        name: "Pairs of columns that were judged",
        words: &["number of judged correlations"],
        summary: "How many pairs of columns were asked whether they hang together otherwise than in the reference.",
        formula: "pairs of columns of numbers or of two levels that vary in both files, of the first 60 columns.",
        reading: "Beside changed_correlations: how many could have been found.",
        caveat: "More columns are not looked at; those the audit is about come first.",
        reference: "This project",
        unit: Unit::Count,
        range: (0.0, f64::INFINITY),
        direction: Direction::Neutral,
        reads: CONCLUDED,
        ..DISTANCE
    },
];
