//! Headline numbers in sentences for people who are no statisticians, and warnings where a number misleads.

use super::super::format::{in_full, out_of, own_quantity};
use super::super::index::Index;
use super::super::words::told;
use super::positive_class;
use crate::chart::number::Quantity;
use crate::metric::Estimate;
use crate::run::Task;

fn known<'a>(index: &Index<'a>, metric: &str) -> Option<(&'a Estimate, f64)> {
    let estimate = index.overall(metric)?;
    Some((estimate, estimate.value?))
}

/// One sentence a headline number, computed from the data.
pub(super) fn sentences(index: &Index<'_>) -> Vec<String> {
    match index.report.outcome.task {
        Some(Task::Binary) => two_classes(index),
        Some(Task::Multiclass) => classes(index),
        Some(Task::Regression) => numbers(index),
        _ => Vec::new(),
    }
}

fn two_classes(index: &Index<'_>) -> Vec<String> {
    let positive = positive_class(index.report);
    let mut out = Vec::new();
    if let Some((_, precision)) = known(index, "precision") {
        let (whole, right) = out_of(precision);
        let (_, wrong) = out_of(1.0 - precision);
        // Both numbers of the same whole.
        let wrong = if whole == "100" {
            wrong
        } else {
            Quantity::Decimal(0).number((1.0 - precision) * 1000.0)
        };
        out.push(format!("Of {whole} rows flagged “{positive}”, {right} are and {wrong} are not."));
    }
    if let Some((_, recall)) = known(index, "recall") {
        out.push(format!("{}.", told("recall", positive, recall).unwrap_or_default()));
    }
    if let Some((_, wrong)) = known(index, "false_positive_rate") {
        out.push(format!("{}.", told("false_positive_rate", positive, wrong).unwrap_or_default()));
    }
    if let Some((auc, value)) = known(index, "roc_auc") {
        let (whole, wins) = out_of(value);
        out.push(format!(
            "Take one row that is “{positive}” and one that is not: in {wins} of {whole} such pairs the first has the higher score (ROC AUC {}).",
            in_full(auc)
        ));
    }
    if let (Some((_, promised)), Some((_, happened))) = (known(index, "mean_score"), known(index, "prevalence"))
        && index.overall("brier_score").is_some_and(|brier| brier.value.is_some())
    {
        let (whole, promised) = out_of(promised);
        let (of, happened) = out_of(happened);
        if whole == of {
            out.push(format!(
                "Taken as probabilities, the scores promise {promised} of {whole}; {happened} of {whole} happen."
            ));
        }
    }
    out
}

fn classes(index: &Index<'_>) -> Vec<String> {
    let mut out = Vec::new();
    if let Some((_, accuracy)) = known(index, "accuracy") {
        let (whole, right) = out_of(accuracy);
        out.push(format!("Of {whole} rows, {right} are put into the right class."));
    }
    let mut key = crate::metric::Key::overall("top_k_accuracy");
    key.params.insert("k".to_owned(), "3".to_owned());
    if let Some(three) = index.get(&key).and_then(|estimate| estimate.value) {
        let (whole, right) = out_of(three);
        out.push(format!(
            "The right class is among the three with the highest scores in {right} of {whole}."
        ));
    }
    if let Some((_, value)) = known(index, "recall_macro") {
        let (whole, right) = out_of(value);
        out.push(format!("If every class counted the same, {right} of {whole} would be found."));
    }
    out
}

fn numbers(index: &Index<'_>) -> Vec<String> {
    let mut out = Vec::new();
    if let Some((median, value)) = known(index, "median_absolute_error") {
        out.push(format!(
            "Half of the predictions are within {} of the truth.",
            own_quantity(median).number(value)
        ));
    }
    if let Some((rmse, value)) = known(index, "rmse") {
        out.push(format!(
            "Counting large errors more than small ones, the typical error is {} (RMSE).",
            own_quantity(rmse).number(value)
        ));
    }
    if let Some((_, r2)) = known(index, "r2")
        && r2 > 0.0
    {
        let (whole, explained) = out_of(r2);
        out.push(format!(
            "The predictions account for {explained} of {whole} parts of the truth's variance (R²)."
        ));
    }
    if let Some((_, coverage)) = known(index, "interval_coverage") {
        let (whole, inside) = out_of(coverage);
        out.push(format!("Of {whole} prediction intervals, {inside} hold the truth."));
    }
    out
}

/// Where a number that people look at first says less than it seems.
pub(super) fn cautions(index: &Index<'_>) -> Vec<String> {
    let mut out = Vec::new();
    if let Some((_, majority)) = known(index, "majority_share").filter(|(_, share)| *share >= 0.9) {
        let (whole, some) = out_of(majority);
        out.push(format!(
            "Accuracy misleads here: always saying the most frequent class is right for {some} of {whole}. Look at recall and precision."
        ));
    }
    if let Some((_, prevalence)) = known(index, "prevalence").filter(|(_, share)| *share > 0.0 && *share < 0.05) {
        let (whole, some) = out_of(prevalence);
        out.push(format!(
            "Only {some} of {whole} rows are positive: ROC AUC looks better than it feels in use. Average precision shows what flagged rows are worth."
        ));
    }
    if let Some((positives, _)) = known(index, "label_positives").filter(|(positives, _)| positives.support < 30) {
        out.push(format!(
            "Only {} rows are positive in truth, so recall, precision and AUC are known roughly at best.",
            positives.support
        ));
    }
    if let Some((_, value)) = known(index, "mape").filter(|(_, value)| *value > 1.0) {
        out.push(format!(
            "MAPE is {}: some true numbers are near zero, where a small miss is a huge percentage. Read WAPE or MAE instead.",
            Quantity::Percent.with_unit(value)
        ));
    }
    if let (Some((_, r2)), Some((_, mae))) = (known(index, "r2"), known(index, "mae"))
        && r2 < 0.0
    {
        out.push(format!(
            "R² is negative ({}): the mean of the truth would do better than these predictions. Where the truth hardly varies that happens with small errors too; the mean absolute error is {}.",
            Quantity::Decimal(3).number(r2),
            Quantity::fitting(mae).number(mae)
        ));
    }
    out
}
