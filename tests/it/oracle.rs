//! Every number of the oracles against the JSON that the command writes: never against inner functions.
//!
//! An entry is covered when this file knows its address in a report; then it must pass at the oracle's own tolerance.
//! Everything else must stand in `tests/oracle/waiting.txt` with a reason, and that list may only become shorter.

mod adult;
mod compas;
mod diabetes;
mod digits;
mod drift;
mod labels;
mod latency;
mod nannyml;
mod quality;
mod ranking;

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::rc::Rc;

use serde::Deserialize;
use serde_json::Value;

/// One expected number.
#[derive(Debug, Deserialize)]
struct Entry {
    id: String,
    metric: String,
    value: Option<f64>,
    special: Option<String>,
    text: Option<String>,
    tolerance: f64,
    abs_tolerance: f64,
    #[serde(flatten)]
    rest: BTreeMap<String, Value>,
}

impl Entry {
    fn get(&self, name: &str) -> Option<String> {
        self.rest
            .get(name)
            .map(|value| value.as_str().map_or_else(|| value.to_string(), str::to_owned))
    }

    /// Whether the report answers yes or no as expected.
    fn judge_text(&self, got: Option<&str>) -> Result<(), String> {
        let wanted = match (self.text.as_deref(), self.special.as_deref()) {
            // A level of the file, whatever it is called.
            (Some(text), _) if self.metric == "column_mode" => Some(text),
            (Some("True"), _) => Some("yes"),
            (Some("False"), _) => Some("no"),
            (Some("undefined"), _) => None,
            (Some(text), _) => Some(text),
            (None, _) => None,
        };
        if wanted == got {
            Ok(())
        } else {
            Err(format!("{}: expected {wanted:?}, got {got:?}", self.id))
        }
    }

    /// The number at the address, and whether it is the one expected.
    fn judge(&self, got: Option<f64>) -> Result<(), String> {
        match (self.value, self.special.as_deref(), got) {
            (Some(wanted), _, Some(got)) if (got - wanted).abs() <= self.abs_tolerance.max(self.tolerance * wanted.abs()) => Ok(()),
            (None, Some("undefined"), None) => Ok(()),
            _ => Err(format!("{}: expected {:?} {:?}, got {got:?}", self.id, self.value, self.special)),
        }
    }
}

#[derive(Deserialize)]
struct Oracle {
    entries: Vec<Entry>,
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/oracle")
}

fn oracle(name: &str) -> Oracle {
    let path = folder().join(format!("{name}.expected.json"));
    serde_json::from_str(&std::fs::read_to_string(&path).unwrap()).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// The estimates of one run of the command, by address.
type Frame = BTreeMap<String, Value>;

thread_local! {
    static RUNS: RefCell<BTreeMap<String, Rc<Frame>>> = const { RefCell::new(BTreeMap::new()) };
}

/// Runs `assay audit` with these arguments, once for all entries that need them.
fn run(arguments: &str) -> Rc<Frame> {
    if let Some(frame) = RUNS.with_borrow(|runs| runs.get(arguments).cloned()) {
        return frame;
    }
    let output = Command::new(env!("CARGO_BIN_EXE_assay"))
        .arg("audit")
        .args(arguments.split_whitespace().map(|argument| argument.replace('+', " ")))
        .args(["--json", "-"])
        .current_dir(folder())
        .output()
        .unwrap();
    assert!(
        matches!(output.status.code(), Some(0 | 1)),
        "{arguments}: {}",
        String::from_utf8_lossy(&output.stderr)
    );
    let report: Value = serde_json::from_slice(&output.stdout).unwrap();
    let mut frame = Frame::new();
    for estimate in report["estimates"].as_array().unwrap() {
        let part = |name: &str| &estimate[name];
        // No oracle is about columns yet.
        let key = address(
            part("metric"),
            part("params"),
            part("group"),
            part("comparison"),
            part("by"),
            part("reference_group"),
            part("control"),
            part("slice"),
            [part("source"), part("columns"), part("window")],
        );
        assert!(frame.insert(key.clone(), estimate.clone()).is_none(), "two estimates at {key}");
    }
    let frame = Rc::new(frame);
    RUNS.with_borrow_mut(|runs| runs.insert(arguments.to_owned(), Rc::clone(&frame)));
    frame
}

#[allow(clippy::too_many_arguments, reason = "the parts of one address")]
fn address(
    metric: &Value,
    params: &Value,
    group: &Value,
    comparison: &Value,
    by: &Value,
    reference: &Value,
    control: &Value,
    slice: &Value,
    [source, columns, window]: [&Value; 3],
) -> String {
    // A window is known by its place.
    let window = &window["index"];
    format!("{metric} {params} {group} {comparison} {by} {reference} {control} {slice} {source} {columns} {window}")
}

/// Which number of an estimate is meant.
#[derive(Clone, Copy)]
enum Part {
    Value,
    Low,
    High,
    /// Half the interval's width over the normal quantile: the standard error of a normal interval.
    StandardError,
}

/// Where an entry is found: a run, an address in it, and a part of the estimate.
struct Address {
    run: String,
    metric: String,
    params: Value,
    group: Value,
    comparison: Value,
    by: Value,
    reference: Value,
    control: Value,
    slice: Value,
    source: Value,
    columns: Value,
    window: Value,
    part: Part,
    scale: f64,
}

impl Address {
    fn new(run: &str, metric: &str) -> Self {
        Self {
            run: run.to_owned(),
            metric: metric.to_owned(),
            params: serde_json::json!({}),
            group: serde_json::json!({}),
            comparison: Value::Null,
            by: serde_json::json!([]),
            reference: Value::Null,
            control: Value::Null,
            slice: Value::Null,
            source: "current".into(),
            columns: serde_json::json!([]),
            window: Value::Null,
            part: Part::Value,
            scale: 1.0,
        }
    }

    fn param(mut self, name: &str, value: Option<String>) -> Self {
        if let Some(value) = value {
            self.params[name] = value.into();
        }
        self
    }

    fn group(mut self, columns: &[String], levels: &str) -> Self {
        self.group = group(columns, levels);
        self
    }

    /// The columns that the number is about.
    fn columns(mut self, columns: &[String]) -> Self {
        self.columns = columns.into();
        self
    }

    fn part(mut self, part: Part) -> Self {
        self.part = part;
        self
    }

    fn estimate(&self) -> Result<Value, String> {
        let frame = run(&self.run);
        let key = address(
            &self.metric.clone().into(),
            &self.params,
            &self.group,
            &self.comparison,
            &self.by,
            &self.reference,
            &self.control,
            &self.slice,
            [&self.source, &self.columns, &self.window],
        );
        let estimate = frame.get(&key).cloned();
        estimate.ok_or_else(|| format!("no estimate at {key} in `assay audit {}`", self.run))
    }

    /// Whether the report holds what the entry expects.
    fn judge(&self, entry: &Entry) -> Result<(), String> {
        let estimate = self.estimate()?;
        if entry.text.is_some() || !estimate["text"].is_null() {
            return entry.judge_text(estimate["text"].as_str());
        }
        entry.judge(self.number(&estimate))
    }

    fn number(&self, estimate: &Value) -> Option<f64> {
        let number = |value: &Value| value.as_f64();
        let got = match self.part {
            Part::Value => number(&estimate["value"]),
            Part::Low => number(&estimate["interval"]["low"]),
            Part::High => number(&estimate["interval"]["high"]),
            Part::StandardError => number(&estimate["interval"]["high"])
                .zip(number(&estimate["interval"]["low"]))
                .map(|(high, low)| (high - low) / 2.0 / 1.959_963_984_540_054),
        };
        got.map(|value| value * self.scale)
    }
}

fn group(columns: &[String], levels: &str) -> Value {
    columns
        .iter()
        .cloned()
        .zip(levels.split(" & ").map(Value::from))
        .collect::<serde_json::Map<_, _>>()
        .into()
}

/// `race_x_sex` is the pair of race and sex.
fn columns(name: &str) -> Vec<String> {
    name.split("_x_").map(str::to_owned).collect()
}

/// The report's name of a metric that the oracles call otherwise.
fn id_of(name: &str) -> &str {
    match name {
        "count" | "total_weight" | "slice_count" => "rows",
        "tp" => "true_positives",
        "fp" => "false_positives",
        "fn" => "false_negatives",
        "tn" => "true_negatives",
        "tpr" => "recall",
        "tnr" => "specificity",
        "fpr" => "false_positive_rate",
        "fnr" => "false_negative_rate",
        "ppv" => "precision",
        "npv" => "negative_predictive_value",
        "fdr" => "false_discovery_rate",
        "for" => "false_omission_rate",
        "slice_error_rate" => "error_rate",
        "slice_roc_auc" => "roc_auc",
        "support" => "label_positives",
        other => other,
    }
}

/// The metrics that a binary run holds.
fn is_binary(name: &str) -> bool {
    const METRICS: &str = " rows label_positives predicted_positives true_positives false_positives false_negatives true_negatives prevalence \
        selection_rate accuracy error_rate balanced_accuracy precision recall specificity false_positive_rate false_negative_rate \
        negative_predictive_value false_discovery_rate false_omission_rate f1 f0_5 f2 f1_macro f1_weighted jaccard matthews_correlation \
        cohen_kappa informedness markedness g_mean fowlkes_mallows positive_likelihood_ratio negative_likelihood_ratio \
        predicted_positive_share roc_auc gini average_precision log_loss brier_score mean_score ";
    METRICS.contains(&format!(" {} ", id_of(name)))
}

fn interval_part(name: &str) -> Option<(&str, Part)> {
    name.strip_suffix("_lower")
        .map(|name| (name, Part::Low))
        .or_else(|| name.strip_suffix("_upper").map(|name| (name, Part::High)))
}

/// A line of the list of what is not covered: an oracle, a metric, qualifiers (`*` for any value), and why.
struct Waiting {
    oracle: String,
    metric: String,
    qualifiers: Vec<(String, String)>,
    line: String,
}

impl Waiting {
    fn matches(&self, oracle: &str, entry: &Entry) -> bool {
        let has = |(name, wanted): &(String, String)| entry.get(name).is_some_and(|value| wanted == "*" || value == *wanted);
        self.oracle == oracle && self.metric == entry.metric && self.qualifiers.iter().all(has)
    }
}

fn waiting() -> Vec<Waiting> {
    let text = std::fs::read_to_string(folder().join("waiting.txt")).unwrap();
    let lines = text.lines().filter(|line| !line.trim().is_empty() && !line.starts_with('#'));
    lines
        .map(|line| {
            let (subject, reason) = line.split_once(": ").unwrap_or_else(|| panic!("no reason: {line}"));
            assert!(
                reason == "not built yet" || reason.starts_with("the package is wrong, because"),
                "no known reason: {line}"
            );
            let mut words = subject.split_whitespace().map(str::to_owned);
            let (oracle, metric) = (words.next().unwrap(), words.next().unwrap());
            let qualifiers = words
                .map(|word| {
                    word.split_once('=')
                        .map(|(name, value)| (name.to_owned(), value.to_owned()))
                        .unwrap()
                })
                .collect();
            Waiting {
                oracle,
                metric,
                qualifiers,
                line: line.to_owned(),
            }
        })
        .collect()
}

/// Metrics that no oracle reports, held by tests of their own: the first in `frame.rs`, those of several classes in `several.rs`, residuals by
/// where they occur in `numbers.rs`, those about columns beside the reference in `drift.rs`, shares of groups and associations in `hidden.rs`
/// and beside the code, what windows tell in `windows.rs`, the others in `binary.rs`.
const WITHOUT_ORACLE: &[&str] = &[
    "majority_share",
    "f_beta",
    "diagnostic_odds_ratio",
    "expected_cost",
    "naive_log_loss",
    "best_expected_cost",
    "best_threshold_cost",
    "recall_at_specificity",
    "recall_at_precision",
    "expected_observed_ratio",
    "ece_debiased",
    "mean_class_distance",
    "classwise_ece",
    "residual_by_prediction",
    "residual_by_truth",
    "residual_by_time",
    "drift_pvalue",
    "score_change_by_mix",
    "error_change_by_mix",
    "error_change_within",
    "change_pvalue",
    "missing_share_change",
    "out_of_range_share",
    "new_level_share",
    "new_levels",
    "vanished_levels",
    "missing_share",
    "conflicting_rows",
    "shared_rows",
    "correlation_ratio",
    "mean_score_error",
    "group_share",
    "population_share",
    "representation_difference",
    "representation_ratio",
    "label_missing_rate",
    "cramers_v_corrected",
    "group_told_apart",
    "treatment_ratio",
    "mean_score_positives",
    "mean_score_negatives",
    "window_partial",
    "labelled_share",
    "expected_outcomes",
    "estimated_loss",
    "estimate_off",
    "estimate_missed",
    "change_point_p_value",
    "change_point",
    "change_before",
    "change_after",
    "changes_tested",
    "weekday_share",
    "weekday_p_value",
    "domain_classifier_auc",
    "domain_classifier_pvalue",
    "domain_classifier_share",
    "correlation_change",
    "correlation_change_pvalue",
    "changed_correlations",
    "judged_correlations",
];

#[test]
fn every_entry_is_covered_and_passes_or_is_known_to_wait() {
    let waiting = waiting();
    let mut used = vec![false; waiting.len()];
    let (mut passed, mut wait, mut wrong) = (0, 0, Vec::new());
    let mut held = BTreeSet::new();
    type Map = fn(&Entry) -> Option<Address>;
    let oracles: [(&str, Map); 9] = [
        ("compas", compas::address),
        ("adult", adult::address),
        ("digits", digits::address),
        ("labels", labels::address),
        ("diabetes", diabetes::address),
        ("drift", drift::address),
        ("drift_small", drift::address_small),
        ("latency", latency::address),
        ("ranking", ranking::address),
    ];
    for (name, map) in oracles {
        for entry in oracle(name).entries {
            let listed = waiting.iter().position(|line| line.matches(name, &entry));
            if let Some(line) = listed {
                used[line] = true;
            }
            match (map(&entry), listed) {
                (Some(_), Some(line)) => wrong.push(format!("{name} {}: covered, so strike \"{}\"", entry.id, waiting[line].line)),
                (None, None) => wrong.push(format!("{name} {}: neither covered nor waiting", entry.id)),
                (None, Some(_)) => wait += 1,
                (Some(address), None) => match address.judge(&entry) {
                    Ok(()) => {
                        passed += 1;
                        held.insert(address.metric);
                    }
                    Err(error) => wrong.push(format!("{name} {error}")),
                },
            }
        }
    }
    let without = assay::metric::registry::METRICS
        .iter()
        .filter(|metric| !held.contains(metric.id) && !WITHOUT_ORACLE.contains(&metric.id));
    wrong.extend(without.map(|metric| format!("{} is held by no oracle", metric.id)));
    let unused = waiting.iter().zip(&used).filter(|(_, used)| !**used);
    wrong.extend(unused.map(|(line, _)| format!("waits for nothing, so strike it: {}", line.line)));
    println!("oracles: {} covered, {passed} passed, {wait} waiting", passed + wrong.len());
    if let Ok(path) = std::env::var("ASSAY_ORACLE_WRONG") {
        std::fs::write(path, wrong.join("\n")).unwrap();
    }
    assert!(
        wrong.is_empty(),
        "{} wrong:\n{}",
        wrong.len(),
        wrong[..wrong.len().min(60)].join("\n")
    );
    let said = format!(
        "Today {passed} of {} expected numbers are covered and come out; {wait} wait.",
        passed + wait
    );
    crate::generated::check("oracles", &said);
}
