//! Laws that every metric of the registry keeps, whatever it measures: whole reports of drawn tables are held against reports of the same tables
//! with their rows in another order, repeated, or weighted. A metric that no table here reaches fails the first test.

use std::collections::{BTreeMap, BTreeSet};

use assay::data::{ClassScore, Period, QuantileColumn, Roles};
use assay::metric::parameters::{Costs, Parameters};
use assay::metric::registry::{self, METRICS};
use assay::metric::{Compare, Comparison, Estimate, Family, Key, Metric, Read, UndefinedCode};
use assay::run::Settings;
use assay::run::windows::{Cut, WindowSettings};

use super::frame::{Draw, audit_in_steps, csv, roles};

/// Metrics to which the order of rows with equal scores matters.
pub(super) fn is_by_file_order(metric: &str) -> bool {
    const OTHERS: [&str; 7] = [
        "halves_ks_statistic",
        "durbin_watson",
        "precision_at_k",
        "recall_at_k",
        "lift_at_k",
        "hosmer_lemeshow_chi2",
        "hosmer_lemeshow_pvalue",
    ];
    metric.starts_with("decile_") || metric.starts_with("cumulative_") || OTHERS.contains(&metric)
}

/// Metrics that choose rows by their number, or bins by quantiles over rows: an importance weight is no number of rows to them.
fn is_by_rows(metric: &str) -> bool {
    const OTHERS: [&str; 7] = ["ece", "ece_debiased", "mce", "ace", "rmsce", "classwise_ece", "residual_by_time"];
    let is_of_bins = metric.starts_with("calibration_bin_") || metric.starts_with("top_label_");
    is_by_file_order(metric) || is_of_bins || OTHERS.contains(&metric)
}

/// Metrics of how strong the evidence is: importance is no number of rows to them either.
fn is_of_evidence(metric: &str) -> bool {
    // A correction for chance and the parts of a cross-validation rest on numbers of rows.
    metric.starts_with("spiegelhalter_") || ["p_value", "cramers_v_corrected", "group_told_apart"].contains(&metric)
}

/// What windows tell together: bands and change points rest on numbers of rows, and errors without truth on bins of them.
fn is_of_windows(metric: &str) -> bool {
    registry::find(metric).is_some_and(|metric| metric.family == Family::Time)
}

/// Metrics of what columns and whole rows hold: importance changes no distribution.
fn is_of_columns(metric: &str) -> bool {
    // Between any two columns; those of a feature and a sensitive one are weighted.
    if matches!(metric, "correlation_ratio" | "mutual_information") {
        return true;
    }
    let family = registry::find(metric).map(|metric| metric.family);
    matches!(family, Some(Family::Columns | Family::Efficiency | Family::Drift))
}

/// The numbers of a model, without those of columns and whole rows, which see columns without a role too.
pub(super) fn of_model(estimates: &[Estimate]) -> Vec<Estimate> {
    let is_own = |estimate: &&Estimate| !is_of_columns(&estimate.key.metric);
    estimates.iter().filter(is_own).cloned().collect()
}

/// A drawn table: its rows without and the roles with which it is audited.
struct Drawn {
    header: &'static str,
    rows: Vec<String>,
    roles: Roles,
}

impl Drawn {
    fn audit_as(&self, header: &str, rows: &[String], change: impl Fn(&mut Roles)) -> Vec<Estimate> {
        let mut roles = self.roles.clone();
        change(&mut roles);
        audit_in_steps(&csv(header, rows), &roles, &settings(), 1 << 20).estimates
    }

    fn audit(&self) -> Vec<Estimate> {
        self.audit_as(self.header, &self.rows, |_| {})
    }

    /// With one more column, which `change` gives a role.
    fn audit_with(&self, name: &str, values: &[usize], change: impl Fn(&mut Roles)) -> Vec<Estimate> {
        let rows: Vec<String> = self.rows.iter().zip(values).map(|(row, value)| format!("{row},{value}")).collect();
        self.audit_as(&format!("{},{name}", self.header), &rows, change)
    }

    fn repeated(&self, times: &[usize]) -> Self {
        let rows = self.rows.iter().zip(times);
        Self {
            rows: rows.flat_map(|(row, times)| std::iter::repeat_n(row.clone(), *times)).collect(),
            roles: self.roles.clone(),
            ..*self
        }
    }
}

/// Everything that must be asked for is asked for.
fn settings() -> Settings {
    Settings {
        parameters: Parameters {
            top: vec![7, 50],
            tolerances: vec![0.5, 2.0],
            features: Some(3),
            alphas: vec![0.25],
            powers: vec![0.0, 1.5, 3.0],
            nominal: Some(0.9),
            slo: vec![8.0],
            apdex: Some(4.0),
            beta: Some(3.0),
            costs: Some(Costs {
                false_negative: 5.0,
                true_positive: -0.5,
                ..Costs::default()
            }),
            calibration_bins: ["width10_left", "width5_right", "rank4"].map(|bins| bins.parse().unwrap()).to_vec(),
            ..Parameters::default()
        },
        // The largest group by rows would not be the largest by rows repeated.
        reference_groups: BTreeMap::from([("a".to_owned(), "x".to_owned())]),
        // Windows of as many rows each would part rows of one moment by the order of the file.
        windows: WindowSettings {
            cut: Cut::Period(Period::Day),
            ..WindowSettings::default()
        },
        ..Settings::default()
    }
}

fn missing(draw: &mut Draw, text: String) -> String {
    if draw.below(20) == 0 { String::new() } else { text }
}

/// Two classes with a score of 17 values, or of as many as there are rows.
fn binary(draw: &mut Draw, rows: usize, has_ties: bool) -> Drawn {
    let row = |draw: &mut Draw, place: usize| {
        let score = if has_ties {
            draw.below(17) as f64 / 16.0
        } else {
            (place * 7919 % rows) as f64 / rows as f64
        };
        let label = usize::from(draw.unit() < 0.2 + 0.6 * score);
        let prediction = usize::from(draw.unit() < 0.1 + 0.8 * score);
        let (label, prediction) = (missing(draw, label.to_string()), missing(draw, prediction.to_string()));
        format!(
            "{label},{prediction},{},{}",
            missing(draw, score.to_string()),
            draw.pick(&["x", "y", "z", ""])
        )
    };
    Drawn {
        header: "y,p,s,a",
        rows: (0..rows).map(|place| row(draw, place)).collect(),
        roles: roles("label=y prediction=p score=s sensitive=a"),
    }
}

fn multiclass(draw: &mut Draw, rows: usize) -> Drawn {
    // Numbers, so that they have an order.
    const CLASSES: [&str; 4] = ["1", "2", "5", "10"];
    let row = |draw: &mut Draw| {
        let class = draw.below(4);
        let prediction = if draw.unit() < 0.6 { class } else { draw.below(4) };
        let share = |place: usize| if place == prediction { 0.625 } else { 0.125 };
        let scores: Vec<String> = (0..4).map(|place| share(place).to_string()).collect();
        let (class, prediction) = (
            missing(draw, CLASSES[class].to_owned()),
            missing(draw, CLASSES[prediction].to_owned()),
        );
        format!("{class},{prediction},{},{}", scores.join(","), draw.pick(&["x", "y", ""]))
    };
    let score = |class: &str| ClassScore {
        class: class.to_owned(),
        column: format!("p_{class}"),
    };
    Drawn {
        header: "y,p,p_1,p_2,p_5,p_10,a",
        rows: (0..rows).map(|_| row(draw)).collect(),
        roles: Roles {
            class_scores: CLASSES.map(score).to_vec(),
            ..roles("label=y prediction=p sensitive=a")
        },
    }
}

/// Three labels at once, with scores of nine values.
fn multilabel(draw: &mut Draw, rows: usize) -> Drawn {
    let row = |draw: &mut Draw| {
        let scores = [0; 3].map(|_| draw.below(9) as f64 / 8.0);
        let truth = scores.map(|score| usize::from(draw.unit() < 0.1 + 0.8 * score).to_string());
        let predicted = scores.map(|score| usize::from(score > 0.5).to_string());
        let (truth, predicted) = (
            truth.map(|truth| missing(draw, truth)).join(","),
            predicted.map(|predicted| missing(draw, predicted)).join(","),
        );
        let scores = scores.map(|score| missing(draw, score.to_string())).join(",");
        format!("{truth},{predicted},{scores},{}", draw.pick(&["x", "y", ""]))
    };
    let named = |kind: &str| ["k", "l", "m"].map(|label| format!("{kind}_{label}")).to_vec();
    Drawn {
        header: "true_k,true_l,true_m,pred_k,pred_l,pred_m,score_k,score_l,score_m,a",
        rows: (0..rows).map(|_| row(draw)).collect(),
        roles: Roles {
            labels: named("true"),
            predictions: named("pred"),
            scores: named("score"),
            ..roles("sensitive=a")
        },
    }
}

fn regression(draw: &mut Draw, rows: usize) -> Drawn {
    let row = |draw: &mut Draw| {
        let truth = draw.below(400) as f64 / 8.0 + 1.0;
        let prediction = truth + draw.below(65) as f64 / 16.0 - 1.5;
        let numbers = [
            truth,
            prediction,
            prediction - 2.0,
            prediction + 1.5,
            prediction - 1.0,
            prediction + 1.25,
        ];
        let numbers = numbers.map(|number| missing(draw, number.to_string())).join(",");
        let day = format!("2024-01-{:02}", draw.below(28) + 1);
        let day = missing(draw, day);
        format!("{numbers},{day},{}", draw.pick(&["x", "y", ""]))
    };
    let quantile = |(quantile, column): (&str, &str)| QuantileColumn {
        quantile: quantile.to_owned(),
        column: column.to_owned(),
    };
    Drawn {
        header: "y,p,low,high,q1,q9,t,a",
        rows: (0..rows).map(|_| row(draw)).collect(),
        roles: Roles {
            lower: Some("low".to_owned()),
            upper: Some("high".to_owned()),
            quantiles: [("0.1", "q1"), ("0.9", "q9")].map(quantile).to_vec(),
            time: Some("t".to_owned()),
            ..roles("label=y prediction=p sensitive=a")
        },
    }
}

/// Lists of items with ties, some without a relevant one.
fn ranking(draw: &mut Draw, rows: usize) -> Drawn {
    let row = |draw: &mut Draw| {
        let (query, relevance, score) = (draw.below(30), draw.below(9) / 6 + draw.below(9) / 8, draw.below(8));
        let relevance = if query == 7 { 0 } else { relevance };
        let (relevance, score) = (missing(draw, relevance.to_string()), missing(draw, score.to_string()));
        format!("{query},{relevance},{score},{}", draw.pick(&["x", "y", ""]))
    };
    Drawn {
        header: "q,y,s,a",
        rows: (0..rows).map(|_| row(draw)).collect(),
        roles: Roles {
            query: Some("q".to_owned()),
            ..roles("label=y score=s sensitive=a")
        },
    }
}

/// Requests with what they took, and columns of numbers and levels beside it, without anything predicted.
fn requests(draw: &mut Draw, rows: usize) -> Drawn {
    let row = |draw: &mut Draw| {
        let took = draw.below(80) as f64 / 8.0 + 0.5;
        let (x, y) = (took + draw.below(9) as f64, draw.below(50) as f64 / 4.0);
        let numbers = [took, x, y].map(|number| missing(draw, number.to_string())).join(",");
        let status = draw.pick(&["200", "429", "503"]).to_owned();
        let status = missing(draw, status);
        let time = format!("2024-01-01T{:02}:{:02}:00", draw.below(5), draw.below(60));
        format!(
            "{numbers},{status},{time},{},{}",
            draw.pick(&["u", "v", ""]),
            draw.pick(&["x", "y", "z"])
        )
    };
    Drawn {
        header: "took,x,y,status,t,b,a",
        rows: (0..rows).map(|_| row(draw)).collect(),
        roles: Roles {
            latency: vec!["took".to_owned()],
            status: Some("status".to_owned()),
            segments: vec!["b".to_owned()],
            time: Some("t".to_owned()),
            ..roles("sensitive=a")
        },
    }
}

fn drawn(seed: u64) -> Vec<Drawn> {
    let draw = &mut Draw(seed);
    vec![
        binary(draw, 300, true),
        binary(draw, 251, false),
        multiclass(draw, 250),
        regression(draw, 250),
        ranking(draw, 250),
        multilabel(draw, 250),
        requests(draw, 250),
    ]
}

fn by_key(estimates: &[Estimate]) -> BTreeMap<&Key, &Estimate> {
    estimates.iter().map(|estimate| (&estimate.key, estimate)).collect()
}

/// Equal but for rounding.
fn is_near(a: Option<f64>, b: Option<f64>, tolerance: f64) -> bool {
    match (a, b) {
        (Some(a), Some(b)) => (a - b).abs() <= tolerance * a.abs().max(b.abs()).max(1.0),
        (None, None) => true,
        _ => false,
    }
}

/// Every number of one report at the same address in the other, but for metrics to which `skips` says yes.
fn same_values(a: &[Estimate], b: &[Estimate], has_intervals: bool, skips: impl Fn(&str) -> bool) {
    let (a, b) = (by_key(a), by_key(b));
    let mut compared = 0;
    for (key, own) in a.iter().filter(|(key, _)| !skips(&key.metric)) {
        let other = b.get(key).unwrap_or_else(|| panic!("no other {key:?}"));
        if is_not_weighted(own) || is_not_weighted(other) {
            continue;
        }
        let is_same = is_near(own.value, other.value, 1e-9) && own.special == other.special && own.undefined == other.undefined;
        assert!(is_same, "{own:#?}\n{other:#?}");
        if has_intervals {
            let limits = |estimate: &Estimate| estimate.interval.map(|interval| (interval.low, interval.high)).unzip();
            let (own_limits, other_limits) = (limits(own), limits(other));
            let is_same = is_near(own_limits.0, other_limits.0, 1e-9) && is_near(own_limits.1, other_limits.1, 1e-9);
            assert!(is_same && own.support == other.support, "{own:#?}\n{other:#?}");
        }
        compared += 1;
    }
    assert!(compared > 5, "{compared}");
}

fn is_not_weighted(estimate: &Estimate) -> bool {
    estimate.undefined.as_ref().is_some_and(|why| why.code == UndefinedCode::Weighted)
}

#[test]
fn every_metric_has_a_value_in_a_table_here() {
    let mut seen = BTreeSet::new();
    for table in drawn(1) {
        let estimates = table.audit();
        let has_answer = |estimate: &&Estimate| estimate.value.is_some() || estimate.text.is_some();
        seen.extend(estimates.iter().filter(has_answer).map(|estimate| estimate.key.metric.clone()));
    }
    // What compares two files or windows is held by the oracles.
    let is_of_two = |metric: &&Metric| {
        metric.id == "shared_rows"
            || matches!(metric.family, Family::Drift | Family::Time)
            || metric.reads.iter().any(|read| matches!(read, Read::Pair { .. }))
    };
    let further = super::hidden::everything().estimates;
    seen.extend(
        further
            .into_iter()
            .filter(|estimate| estimate.value.is_some())
            .map(|estimate| estimate.key.metric),
    );
    let of_one = METRICS.iter().filter(|metric| !is_of_two(metric));
    let unseen: Vec<&str> = of_one.map(|metric| metric.id).filter(|id| !seen.contains(*id)).collect();
    assert!(unseen.is_empty(), "let a table here measure {unseen:?}");
}

#[test]
fn values_and_limits_are_within_the_range_declared() {
    for seed in 0..4 {
        for estimate in drawn(seed).iter().flat_map(Drawn::audit) {
            let metric = registry::find(&estimate.key.metric).unwrap();
            let (low, high) = match estimate.key.comparison {
                None | Some(Comparison::GroupMin | Comparison::GroupMax) => metric.range,
                Some(Comparison::Difference | Comparison::ToOverallDifference) => (0.0, metric.range.1 - metric.range.0),
                Some(Comparison::Ratio | Comparison::ToOverallRatio) => (0.0, 1.0),
                _ => continue,
            };
            let is_in = |value: f64| value >= low && value <= high;
            assert!(estimate.value.is_none_or(is_in), "{estimate:#?}");
            if let (Some(value), Some(limits), None) = (estimate.value, estimate.interval, estimate.key.comparison) {
                assert!(is_in(limits.low) && is_in(limits.high), "{estimate:#?}");
                assert!(limits.low <= value && value <= limits.high, "{estimate:#?}");
            }
        }
    }
}

#[test]
fn only_what_is_declared_is_compared() {
    for estimate in drawn(2).iter().flat_map(Drawn::audit) {
        let metric = registry::find(&estimate.key.metric).unwrap();
        if metric.reads.iter().any(|read| matches!(read, Read::Between { .. })) {
            continue;
        }
        let compare = metric.compare;
        match estimate.key.comparison {
            None => {}
            Some(Comparison::Ratio | Comparison::ToOverallRatio | Comparison::ToReferenceRatio) => assert_eq!(compare, Compare::Both),
            Some(_) => assert_ne!(compare, Compare::No, "{estimate:?}"),
        }
    }
}

#[test]
fn the_order_of_rows_does_not_show_unless_scores_are_equal() {
    for seed in 0..4 {
        let draw = &mut Draw(seed + 100);
        for (place, table) in drawn(seed).into_iter().enumerate() {
            let mut rows = table.rows.clone();
            draw.shuffle(&mut rows);
            let has_ties = place == 0 || place == 2;
            let is_by_order =
                |key: &Key| is_by_file_order(&key.metric) || key.params.get("bins").is_some_and(|bins| bins.starts_with("rank"));
            // Rows of one moment stay in the order of the file.
            let is_always = |metric: &str| matches!(metric, "durbin_watson" | "halves_ks_statistic");
            let skips = |estimate: &&Estimate| !(has_ties && is_by_order(&estimate.key) || is_always(&estimate.key.metric));
            let (before, after) = (table.audit(), table.audit_as(table.header, &rows, |_| {}));
            for (before, after) in before.iter().filter(skips).zip(after.iter().filter(skips)) {
                assert_eq!(before, after, "table {place}");
            }
            // The same with weights that no sum of which is exact.
            let weight = |row: &String| format!("{row},{}", 1.0 / (1.0 + row.bytes().map(usize::from).sum::<usize>() as f64));
            let weigh = |rows: &[String]| -> Vec<Estimate> {
                let rows: Vec<String> = rows.iter().map(weight).collect();
                table.audit_as(&format!("{},w", table.header), &rows, |roles| roles.weight = Some("w".to_owned()))
            };
            let (before, after) = (weigh(&table.rows), weigh(&rows));
            for (before, after) in before.iter().filter(skips).zip(after.iter().filter(skips)) {
                assert_eq!(before, after, "table {place}");
            }
        }
    }
}

#[test]
fn the_order_of_rows_matters_only_where_the_caveat_says_so() {
    for metric in METRICS {
        let says_so = metric.caveat.contains("order of the file");
        assert!(!says_so || is_by_file_order(metric.id), "{}", metric.id);
    }
    for metric in METRICS.iter().filter(|metric| is_by_file_order(metric.id)) {
        assert!(metric.caveat.contains("order of the file"), "{}", metric.id);
    }
}

#[test]
fn a_count_is_the_row_repeated_in_every_field() {
    for seed in 0..4 {
        let draw = &mut Draw(seed + 200);
        for table in drawn(seed) {
            let times: Vec<usize> = table.rows.iter().map(|_| draw.below(5)).collect();
            let counted = table.audit_with("n", &times, |roles| roles.count = Some("n".to_owned()));
            let repeated = table.repeated(&times).audit();
            assert_eq!(counted.len(), repeated.len());
            for (counted, repeated) in counted.iter().zip(&repeated) {
                assert_eq!(counted, repeated);
            }
        }
    }
}

#[test]
fn a_weight_of_one_is_no_weight() {
    for seed in 0..4 {
        for table in drawn(seed) {
            let ones = vec![1; table.rows.len()];
            let weighted = table.audit_with("w", &ones, |roles| roles.weight = Some("w".to_owned()));
            same_values(&weighted, &table.audit(), true, |_| false);
        }
    }
}

#[test]
fn a_whole_weight_is_the_row_repeated_in_the_value() {
    for seed in 0..4 {
        let draw = &mut Draw(seed + 300);
        // An item that is repeated makes another list.
        for table in drawn(seed).into_iter().filter(|table| table.roles.query.is_none()) {
            let times: Vec<usize> = table.rows.iter().map(|_| draw.below(5)).collect();
            let weighted = table.audit_with("w", &times, |roles| roles.weight = Some("w".to_owned()));
            let repeated = table.repeated(&times).audit();
            // Comparisons among groups of enough rows ask for rows, of which weights make no more.
            let plain = |estimates: &[Estimate]| -> Vec<Estimate> {
                let is_plain = |estimate: &&Estimate| !estimate.key.params.contains_key("min_support");
                estimates.iter().filter(is_plain).cloned().collect()
            };
            same_values(&plain(&repeated), &plain(&weighted), false, |metric| {
                is_by_rows(metric) || is_of_evidence(metric) || is_of_columns(metric) || is_of_windows(metric)
            });
        }
    }
}

/// With very many groups and a score, which is what fills a report most.
#[test]
fn a_report_of_scores_in_many_groups_stays_small() {
    let draw = &mut Draw(5);
    let row = |draw: &mut Draw| format!("{},{},g{},h{}", draw.below(2), draw.unit(), draw.below(900), draw.below(700));
    let rows: Vec<String> = (0..6000).map(|_| row(draw)).collect();
    let report = audit_in_steps(
        &csv("y,s,a,b", &rows),
        &roles("label=y score=s sensitive=a,b"),
        &Settings::default(),
        1 << 20,
    );
    let size = report.to_json().len();
    assert!(size < 20_000_000, "{size}");
    assert!(report.groupings.len() == 3 && report.estimates.len() > 20_000);
}
