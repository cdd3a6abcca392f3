//! What an answer without any model would reach: the measure beside each headline number.

use super::super::index::Index;

/// A number that takes no model.
pub(super) struct Naive {
    /// What it would be.
    pub value: f64,
    /// Whose number it is, in two or three words.
    pub who: &'static str,
}

fn of(value: f64, who: &'static str) -> Option<Naive> {
    value.is_finite().then_some(Naive { value, who })
}

/// What an answer without any model reaches, where that is known.
pub(super) fn naive(index: &Index<'_>, metric: &str) -> Option<Naive> {
    let value = |metric: &str| index.overall(metric)?.value;
    const CONSTANT: &str = "always the most frequent";
    const RANDOM: &str = "any order";
    match metric {
        "accuracy" => of(value("majority_share")?, CONSTANT),
        "balanced_accuracy" | "recall_macro" => of(1.0 / index.report.outcome.classes.len() as f64, CONSTANT),
        "roc_auc" => of(0.5, RANDOM),
        "mean_ndcg" => of(value("random_ndcg")?, RANDOM),
        "average_precision" => of(value("prevalence")?, RANDOM),
        "precision" => of(value("prevalence")?, "flagging at random"),
        // A model that flags as many rows at random finds that share of them.
        "recall" => of(value("selection_rate")?, "as many at random"),
        "brier_score" => {
            let base = value("prevalence")?;
            of(base * (1.0 - base), "always the base rate")
        }
        // From the skill, which is one minus the ratio of both errors.
        "mae" => of(value("mae")? / (1.0 - value("d2_absolute_error")?), "always the median"),
        "rmse" => of(value("rmse")? / (1.0 - value("r2")?).sqrt(), "always the mean"),
        "r2" => of(0.0, "always the mean"),
        _ => None,
    }
}
