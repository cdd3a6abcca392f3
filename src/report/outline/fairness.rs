//! "How do the groups fare?": the gaps that matter told about people, then each feature with the named criteria, its figure and its table,
//! then intersections with the worst cells first.

mod criteria;
mod crossed;
mod dialect;
mod grouping;
mod people;
mod table;

use super::super::doubts;
use super::super::index::Index;
use super::super::words::{columns, metric_name};
use super::block::{Block, Folded};
use super::heading;
use crate::chart::number::counted;
use crate::metric::Comparison;
use crate::run::Task;
use crate::stats::order;
use grouping::Grouping;

pub(super) fn blocks(index: &Index<'_>) -> Vec<Block> {
    if index.report.outcome.task.is_none() {
        return Vec::new();
    }
    let all: Vec<Grouping<'_>> = index
        .report
        .groupings
        .iter()
        .enumerate()
        .map(|(number, by)| Grouping::new(index, number, by))
        .filter(|grouping| !grouping.groups.is_empty())
        .collect();
    let (single, several): (Vec<_>, Vec<_>) = all.into_iter().partition(|grouping| grouping.by.len() == 1);
    let of_all = if single.is_empty() { &several } else { &single };
    let primary = primary(index, of_all);
    let mut blocks = vec![
        heading(2, "fairness", "How do the groups fare?"),
        Block::Lead(answer(of_all, primary)),
    ];
    if let Some(metric) = primary.filter(|_| single.len() > 1) {
        let told = single.iter().filter(|grouping| grouping.gap(metric).is_some());
        blocks.push(Block::Sentences(told.map(|grouping| grouping.line(metric)).collect()));
        blocks.extend(people::meaning(index, metric).map(Block::Prose));
    }
    blocks.extend(criteria::dialect_note(index));
    let cautions = doubted(index);
    for grouping in &single {
        blocks.push(heading(
            3,
            format!("fairness-{}", grouping.number),
            format!("By {}", columns(grouping.by)),
        ));
        blocks.extend(grouping.blocks(primary, single.len() > 1));
    }
    if !several.is_empty() {
        blocks.push(heading(3, "fairness-crossed", "Where features cross"));
        blocks.extend(crossed::blocks(index, &several, primary));
    }
    for grouping in &several {
        blocks.push(Block::Folded(Folded {
            title: format!(
                "By {} together: {}",
                columns(grouping.by),
                counted(grouping.groups.len() as u64, "group", "groups")
            ),
            blocks: grouping.together(primary),
        }));
    }
    if !cautions.is_empty() {
        blocks.push(Block::Cautions(cautions));
    }
    blocks
}

/// The error that matters most here: among those who deserve what is good, being denied it, where it is known what is good; else the error with
/// the gap that is largest for sure.
fn primary<'a>(index: &'a Index<'a>, groupings: &[Grouping<'a>]) -> Option<&'static str> {
    if index.report.outcome.task != Some(Task::Binary) {
        return None;
    }
    let errors: &[&'static str] = match people::is_flag_good(index.report) {
        Some(true) => &["false_negative_rate"],
        Some(false) => &["false_positive_rate"],
        None => &["false_positive_rate", "false_negative_rate"],
    };
    let sure = |metric: &&'static str| {
        let gaps = groupings.iter().filter_map(|grouping| grouping.gap(metric));
        let lows = gaps.map(|gap| gap.interval.map_or(-1.0, |interval| interval.low));
        (lows.fold(-2.0, f64::max), *metric)
    };
    let mut found: Vec<(f64, &'static str)> = errors.iter().map(sure).filter(|(low, _)| *low > -2.0).collect();
    if found.is_empty() {
        found.extend(Some(sure(&"selection_rate")).filter(|(low, _)| *low > -2.0));
    }
    order::sort_by(&mut found, |a, b| b.0.total_cmp(&a.0));
    found.first().map(|(_, metric)| *metric)
}

/// Which limits of groups, and of gaps between them, hold less or more often than they say.
fn doubted(index: &Index<'_>) -> Vec<String> {
    let shown = table_metrics(index.report.outcome.task);
    let of_groups = index.report.estimates.iter().filter(|estimate| {
        let key = &estimate.key;
        let is_gap = matches!(key.comparison, Some(Comparison::Difference | Comparison::Ratio));
        let is_of_group = key.comparison.is_none() && !key.group.is_empty();
        (is_gap || is_of_group) && shown.contains(&key.metric.as_str()) && estimate.support >= index.report.settings.min_support
    });
    doubts::sentences(index, of_groups)
}

/// The metrics of the groups' table, by task.
const fn table_metrics(task: Option<Task>) -> &'static [&'static str] {
    match task {
        Some(Task::Binary) | None => &[
            "prevalence",
            "selection_rate",
            "false_positive_rate",
            "false_negative_rate",
            "precision",
            "accuracy",
            "roc_auc",
        ],
        Some(Task::Multiclass) => &["accuracy", "balanced_accuracy", "recall_macro", "precision_macro", "f1_macro"],
        Some(Task::Multilabel) => &["subset_accuracy", "hamming_loss", "f1_micro", "f1_macro", "f1_samples"],
        Some(Task::Regression) => &["mae", "rmse", "mean_error", "r2"],
        Some(Task::Ranking) => &["mean_ndcg", "mean_average_precision", "mean_reciprocal_rank", "queries"],
    }
}

/// Further metrics, in tables shown on request: each narrow enough for paper.
const MORE: [&[&str]; 2] = [
    &[
        "recall",
        "specificity",
        "negative_predictive_value",
        "false_discovery_rate",
        "false_omission_rate",
        "balanced_accuracy",
    ],
    &[
        "f1",
        "matthews_correlation",
        "average_precision",
        "brier_score",
        "log_loss",
        "mean_score",
    ],
];

/// The metrics that may be the most telling one; how common the class is, is context and not the model's doing.
const fn telling_metrics(task: Option<Task>) -> &'static [&'static str] {
    match task {
        Some(Task::Binary) | None => &[
            "false_positive_rate",
            "false_negative_rate",
            "selection_rate",
            "precision",
            "accuracy",
        ],
        Some(Task::Multiclass) => &["accuracy", "recall_macro", "precision_macro"],
        Some(Task::Multilabel) => &["subset_accuracy", "hamming_loss", "f1_micro"],
        Some(Task::Regression) => &["mae", "rmse", "mean_error"],
        Some(Task::Ranking) => &["mean_ndcg", "mean_average_precision", "mean_reciprocal_rank"],
    }
}

/// The section's answer: the largest clear gap, or that there is none.
fn answer(all: &[Grouping<'_>], primary: Option<&str>) -> String {
    if all.is_empty() {
        return "Nothing was compared between groups: no sensitive feature was chosen.".to_owned();
    }
    let own = primary.as_slice();
    let mut clear: Vec<(&Grouping<'_>, &str, f64)> = Vec::new();
    let mut is_any_judged = false;
    for grouping in all {
        let metrics = if own.is_empty() { telling_metrics(grouping.task()) } else { own };
        for metric in metrics {
            if let Some(gap) = grouping.gap(metric) {
                is_any_judged = true;
                if Grouping::is_clear(gap) {
                    let sure = gap.interval.map_or_else(|| gap.value.unwrap_or(0.0), |interval| interval.low);
                    clear.push((grouping, metric, sure));
                }
            }
        }
    }
    order::sort_by(&mut clear, |a, b| b.2.total_cmp(&a.2));
    match clear.first() {
        Some((grouping, metric, _)) if all.len() > 1 => {
            format!(
                "Not alike: groups differ most in {} by {}.",
                metric_name(metric),
                columns(grouping.by)
            )
        }
        Some((grouping, metric, _)) => grouping.sentence(metric),
        None if is_any_judged && primary.is_some() => {
            format!("No clear gap in {} shows in this data.", metric_name(primary.unwrap_or_default()))
        }
        None if is_any_judged => "No clear gap between groups shows in this data.".to_owned(),
        None => "It cannot be said: no two groups have enough rows to be compared.".to_owned(),
    }
}
