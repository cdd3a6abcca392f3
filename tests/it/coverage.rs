//! How often the 95 % intervals hold the true value: what can be enumerated is held to the page exactly, what is drawn by a small part of the study's
//! runs, and whatever leaves 93 to 97 % there is warned of by the report.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use assay::metric::registry::{Family, METRICS};
use assay::report::doubts;
use assay::report::index::Index;
use assay::stats::interval::doubt::{DOUBTS, Off};

#[path = "../../benches/coverage/draws.rs"]
pub(crate) mod draws;
#[path = "../../benches/coverage/models.rs"]
mod models;
#[path = "../../benches/coverage/page.rs"]
#[allow(dead_code, reason = "the study writes the page, here it is read")]
mod page;
#[path = "../../benches/coverage/study.rs"]
#[allow(dead_code, reason = "the study makes more of it than the tests")]
pub(crate) mod study;

use study::{AREA_METHODS, AREA_SIZES, AREAS, Counts, Held, Model, SHARE_METHODS};

const PAGE: &str = "tests/golden/coverage.md";

/// Runs of a condition here, the first of the study's.
const RUNS: u64 = 200;

/// Standard errors that a part of the runs may be from all of them: among a thousand figures none is that far by chance.
const FAR: f64 = 5.0;

/// What has limits and is not drawn, with the reason.
const NOT_STUDIED: [(&str, &str); 31] = [
    (
        "observed_rate_at_score",
        "a share with Wilson's limits, as calibration_bin_observed_rate",
    ),
    ("residual_by_time", "a mean with normal limits, as residual_by_prediction"),
    ("subset_accuracy", "a share with Wilson's limits, as accuracy"),
    ("hamming_loss", "a mean over rows with normal limits, as mae"),
    ("precision_samples", "a mean over rows with normal limits, as mae"),
    ("recall_samples", "a mean over rows with normal limits, as mae"),
    ("f1_samples", "a mean over rows with normal limits, as mae"),
    ("jaccard_samples", "a mean over rows with normal limits, as mae"),
    ("missing_share", "a share with Wilson's limits, as accuracy"),
    ("column_mean", "a mean over rows with normal limits, as mae"),
    (
        "latency_percentile",
        "two numbers of the order, which hold whatever the distribution",
    ),
    ("latency_mean", "a mean over rows with normal limits, as mae"),
    ("apdex", "a mean over rows with normal limits, as mae"),
    ("share_within_slo", "a share with Wilson's limits, as accuracy"),
    ("error_share_5xx", "a share with Wilson's limits, as accuracy"),
    ("throttled_share_429", "a share with Wilson's limits, as accuracy"),
    ("pearson", "as pearson_true_pred"),
    ("spearman", "as spearman_true_pred"),
    ("group_share", "a share with Wilson's limits, as prevalence"),
    ("label_missing_rate", "a share with Wilson's limits, as prevalence"),
    (
        "representation_difference",
        "the limits of group_share, less a number taken as exact",
    ),
    ("representation_ratio", "the limits of group_share, over a number taken as exact"),
    ("mean_score_error", "a mean with normal limits, as mean_error"),
    ("group_told_apart", "a mean of five areas, each as roc_auc"),
    ("labelled_share", "a share with Wilson's limits, as accuracy"),
    ("window_missing_rate", "a share with Wilson's limits, as accuracy"),
    ("window_unseen_rate", "a share with Wilson's limits, as accuracy"),
    ("reconstruction_error", "a mean over rows with normal limits, as mae"),
    (
        "estimated_performance",
        "three sampling errors, as the package has them; no level is promised",
    ),
    ("estimated_loss", "three sampling errors; no level is promised"),
    ("change_point", "drawn in tests/golden/changes.md"),
];

/// What is given without limits.
const WITHOUT_LIMITS: [&str; 168] = [
    "ace",
    "association_cramer",
    "association_pearson",
    "association_tschuprow",
    "average_absolute_odds",
    "average_odds",
    "average_precision_macro",
    "average_precision_micro",
    "average_precision_weighted",
    "average_predictive_value",
    "band_alert",
    "band_lower",
    "band_upper",
    "benefit_variation",
    "best_expected_cost",
    "best_f1",
    "best_threshold_cost",
    "best_threshold_f1",
    "best_threshold_youden",
    "between_group_benefit_variation",
    "between_group_entropy",
    "bias_amplification",
    "breusch_pagan_lm",
    "breusch_pagan_lm_pvalue",
    "brier_reliability",
    "brier_resolution",
    "calibration_bin_count",
    "calibration_bin_mean_score",
    "change_after",
    "change_before",
    "change_point_p_value",
    "changes_tested",
    "chi_squared",
    "chi_squared_degrees_of_freedom",
    "chi_squared_p_value",
    "chi_squared_smallest_expected",
    "classwise_ece",
    "column_entropy",
    "column_excess_kurtosis",
    "column_iqr_outliers",
    "column_mad",
    "column_max",
    "column_median",
    "column_min",
    "column_mode",
    "column_mode_count",
    "column_q05",
    "column_q25",
    "column_q75",
    "column_q95",
    "column_skewness",
    "column_std",
    "column_sum",
    "column_variance",
    "column_zeros",
    "column_zscore_outliers",
    "columns",
    "conflicting_rows",
    "confusion",
    "correlation_ratio",
    "cramers_v",
    "cramers_v_corrected",
    "cumulative_gain",
    "cumulative_ks",
    "cumulative_lift",
    "d2_brier",
    "d2_log_loss",
    "dagostino_k2_pvalue",
    "dagostino_k2_statistic",
    "decile_count",
    "decile_lift",
    "decile_min_score",
    "decile_positives",
    "differential_fairness",
    "distinct_count",
    "duplicate_rows",
    "durbin_watson",
    "ece",
    "ece_debiased",
    "equalized_odds",
    "estimate_missed",
    "estimate_off",
    "expected_outcomes",
    "false_negatives",
    "false_positives",
    "fisher_p_value",
    "g_statistic",
    "generalized_entropy",
    "halves_ks_statistic",
    "hosmer_lemeshow_chi2",
    "hosmer_lemeshow_pvalue",
    "interval_crossings",
    "jarque_bera_pvalue",
    "jarque_bera_statistic",
    "kendall_tau_b",
    "kendall_tau_b_pred_residual_pvalue",
    "kendall_tau_b_true_pred_pvalue",
    "ks_statistic",
    "label_positives",
    "latency_count",
    "latency_cv",
    "latency_geometric_mean",
    "latency_max",
    "latency_min",
    "latency_std",
    "latency_trimmed_mean_10",
    "lift_at_k",
    "max_error",
    "mce",
    "missing_cells",
    "missing_count",
    "mutual_information",
    "ndcg",
    "ndcg_at_k",
    "needs_calibration",
    "odds_ratio",
    "p_value",
    "parity",
    "pearson_pred_residual_pvalue",
    "pearson_true_pred_pvalue",
    "p_value",
    "population_share",
    "pr_auc_trapezoid",
    "predicted_positives",
    "queries",
    "queries_without_relevant",
    "recall_at_k",
    "recall_at_precision",
    "recall_at_specificity",
    "reconstruction_components",
    "residual_excess_kurtosis",
    "residual_excess_kurtosis_unbiased",
    "residual_mean_ttest",
    "residual_mean_ttest_pvalue",
    "residual_skewness",
    "residual_skewness_unbiased",
    "residual_std",
    "residual_wilcoxon_pvalue",
    "residual_wilcoxon_statistic",
    "rmsce",
    "roc_auc_partial",
    "roc_curve_points",
    "roc_curve_points_full",
    "rows",
    "rows_at_score",
    "shapiro_wilk_pvalue",
    "shapiro_wilk_statistic",
    "shared_rows",
    "span_seconds",
    "spearman_pred_residual_pvalue",
    "spearman_true_pred_pvalue",
    "spiegelhalter_pvalue",
    "spiegelhalter_z",
    "throughput_per_second",
    "top_label_ace",
    "top_label_ece",
    "top_label_mce",
    "top_label_rmsce",
    "total_cost",
    "tpr_at_fpr",
    "true_negatives",
    "true_positives",
    "weekday_p_value",
    "weekday_share",
    "window_drift",
    "window_partial",
    "z_p_value",
    "z_statistic",
];

fn recorded(heading: &str) -> BTreeMap<(String, String), Vec<Option<f64>>> {
    let page = fs::read_to_string(PAGE).unwrap_or_else(|error| panic!("{PAGE}: {error}"));
    let found = page::read(&page, heading);
    assert!(!found.is_empty(), "{PAGE} has no table under \"{heading}\"");
    found
}

/// Whether so many of these runs may come of a share that was recorded in per cent with one digit.
fn assert_near(held: Held, recorded: f64, runs: f64, what: &str) {
    let share = (recorded / 100.0).clamp(0.5 / runs, 1.0 - 0.5 / runs);
    let n = held.limits as f64;
    let error = (share * (1.0 - share) * (1.0 / n + 1.0 / runs)).sqrt();
    let off = (held.held as f64 / n - share).abs() - 0.0005;
    // A run more or less is no news where hardly any are expected.
    let may_be = off <= FAR * error + 1.5 / n;
    assert!(may_be, "{what}: {} of {} hold, {recorded} % recorded", held.held, held.limits);
}

#[test]
fn shares_are_held_as_enumerated() {
    let recorded = recorded("Shares");
    for ((probability, size), cells) in &recorded {
        for ((name, method), cell) in SHARE_METHODS.iter().zip(cells) {
            let coverage = 100.0 * study::share_coverage(*method, probability.parse().unwrap(), size.parse().unwrap());
            assert_eq!(Some((coverage * 10.0).round() / 10.0), *cell, "{name}, {probability} of {size}");
        }
    }
    assert_eq!(recorded.len(), 9);
}

#[test]
fn areas_are_held_as_often_as_recorded() {
    let recorded = recorded("The area under the ROC curve");
    for (area, (truth, _)) in AREAS.iter().enumerate() {
        for (size, (positives, negatives)) in AREA_SIZES.iter().enumerate() {
            let cells = &recorded[&(truth.to_string(), format!("{positives} + {negatives}"))];
            let counts = study::area_runs(area, size, 0..RUNS);
            for (((name, _), held), cell) in AREA_METHODS.iter().zip(counts).zip(cells) {
                assert_near(
                    held,
                    cell.unwrap(),
                    10_000.0,
                    &format!("{name}, {truth}, {positives} + {negatives}"),
                );
            }
        }
    }
}

fn hold_as_recorded(counts: &Counts, heading: &str, column: usize) {
    // The fewest that the page may rest on.
    let runs = 1000.0;
    let recorded = recorded(heading);
    assert!(counts.len() > 3, "{heading}");
    for (line, held) in counts.iter().filter(|(_, held)| held.limits >= RUNS / 10) {
        let cells = recorded.get(&(line.name.clone(), line.method.clone()));
        let cell = cells.and_then(|cells| cells[column]);
        let cell = cell.unwrap_or_else(|| panic!("{PAGE} lacks {line:?} under {heading}; make coverage writes it"));
        assert_near(*held, cell, runs, &format!("{heading}: {line:?}"));
    }
}

fn model_holds(title: &str) {
    let model = study::models().into_iter().find(|model| model.title == title).unwrap();
    let truth = model.truth();
    hold_as_recorded(&model.runs(&truth, model.sizes[0], 0..RUNS), title, 0);
    for (column, &size) in model.sizes.iter().enumerate() {
        warns(&model, size, title, column);
    }
}

/// Whether a recorded figure is outside 93 to 97 % by more than chance makes of the fewest samples that the page may rest on.
fn is_off(percent: f64) -> bool {
    const CHANCE: f64 = 1.2;
    percent < page::NEAR.0 - CHANCE || percent > page::NEAR.1 + CHANCE
}

/// In most reports of a condition, what leaves 93 to 97 % there is warned of.
fn warns(model: &Model, size: usize, heading: &str, column: usize) {
    const REPORTS: u64 = 9;
    let mut seen: BTreeMap<(String, String), (u64, u64)> = BTreeMap::new();
    for run in 0..REPORTS {
        let report = model.report(size, run);
        let index = Index::new(&report);
        for estimate in &report.estimates {
            if let Some(line) = model.line(estimate) {
                let (warned, all) = seen.entry((line.name, line.method)).or_default();
                *warned += u64::from(doubts::of(&index, estimate).is_some());
                *all += 1;
            }
        }
    }
    let silent: Vec<String> = recorded(heading)
        .into_iter()
        .filter_map(|(line, cells)| Some((cells[column].filter(|percent| is_off(*percent))?, line)))
        .filter_map(|(percent, line)| {
            let (warned, all) = seen.get(&line).copied().unwrap_or_default();
            (2 * warned < all).then(|| format!("{} by {}: {percent} %, warned in {warned} of {all}", line.0, line.1))
        })
        .collect();
    assert!(silent.is_empty(), "{heading}, {size}: no doubt covers {silent:#?}");
}

#[test]
fn two_classes_hold() {
    model_holds("Two classes");
}

#[test]
fn a_rare_class_holds() {
    model_holds("Two classes, one of them rare");
}

#[test]
fn four_classes_hold() {
    model_holds("Four classes");
}

#[test]
fn numbers_hold() {
    model_holds("A number, normal errors");
}

#[test]
fn skewed_numbers_hold() {
    model_holds("A number, skewed errors");
}

#[test]
fn ranked_lists_hold() {
    model_holds("Ranked lists");
}

#[test]
fn gaps_hold() {
    for (is_true, heading) in [
        (false, "Gaps between groups, no true gap"),
        (true, "Gaps between groups, a true gap"),
    ] {
        for (column, &groups) in study::GROUPS.iter().enumerate() {
            let model = study::gaps(groups, is_true);
            if groups < 6 {
                let counts = model.runs(&model.truth(), model.sizes[0], 0..RUNS / 2);
                hold_as_recorded(&counts, heading, column);
            }
            warns(&model, model.sizes[0], heading, column);
        }
    }
}

#[test]
fn every_metric_with_limits_is_studied_or_says_why_not() {
    let page = fs::read_to_string(PAGE).unwrap();
    let named: BTreeSet<&str> = NOT_STUDIED
        .iter()
        .chain(&study::WITHOUT_TRUTH)
        .chain(&study::ALIKE)
        .map(|(id, _)| *id)
        .collect();
    let without: BTreeSet<&str> = WITHOUT_LIMITS.into_iter().collect();
    // What compares two files is studied on a page of its own, `tests/golden/drift.md`: how often anything is found.
    let own = METRICS.iter().filter(|metric| metric.family != Family::Drift);
    let ids: BTreeSet<&str> = own.map(|metric| metric.id).collect();
    let gone: Vec<&&str> = named.union(&without).filter(|id| !ids.contains(**id)).collect();
    assert!(gone.is_empty(), "the registry has no {gone:?}");
    let unknown: Vec<&&str> = ids
        .iter()
        .filter(|id| !page.contains(&format!("\n| `{id}`")) && !named.contains(**id) && !without.contains(**id))
        .collect();
    assert!(unknown.is_empty(), "study {unknown:?} in benches/coverage, or say here why not");
    let mut models = study::models();
    models.push(study::gaps(2, false));
    for model in models {
        for estimate in model.report(model.sizes[0], 0).estimates {
            let id = estimate.key.metric.as_str();
            let is_plain = estimate.key.comparison.is_none();
            assert!(
                !is_plain || estimate.interval.is_none() || !without.contains(id),
                "{id} has limits: study it"
            );
        }
    }
}

#[test]
fn the_doubts_are_on_the_page_of_the_product() {
    let mut text = "| limits | where | |\n|---|---|---|\n".to_owned();
    for doubt in DOUBTS {
        let methods: Vec<String> = doubt
            .methods
            .iter()
            .map(|method| format!("`{}`", study::method_name(*method)))
            .collect();
        let off = match doubt.off {
            Off::TooNarrow => "hold less often",
            Off::TooWide => "hold more often",
            Off::Either => "hold less or more often",
        };
        text.push_str(&format!("| {} | {} | {off} |\n", methods.join(", "), doubts::because(doubt.when)));
    }
    super::generated::check("doubts", &text);
}
