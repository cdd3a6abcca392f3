//! Metrics of several classes through the public engine, held against numbers that are computed here pair by pair and row by row.

use super::properties::of_model;
use std::io::Cursor;
use std::sync::Arc;

use assay::data::{ClassScore, Roles, Table};
use assay::engine::{AuditJob, EngineError, ReadJob, Step};
use assay::metric::{Estimate, Key, UndefinedCode};
use assay::report::Report;
use assay::run::{Settings, Task};
use proptest::prelude::*;

pub(super) const Z: f64 = 1.959_963_984_540_054;
const NAMES: [&str; 3] = ["ant", "bee", "cat"];

pub(super) fn table(text: &str) -> Arc<Table> {
    let bytes = text.as_bytes().to_vec();
    let size = bytes.len() as u64;
    let mut job = ReadJob::new(Cursor::new(bytes), "rows.csv", size);
    loop {
        if let Step::Done(table) = job.step(100_000).unwrap() {
            return Arc::new(table);
        }
    }
}

fn try_audit(text: &str, roles: &Roles, settings: &Settings) -> Result<Report, EngineError> {
    let mut job = AuditJob::new(table(text), roles.clone(), settings.clone())?;
    loop {
        if let Step::Done(report) = job.step(100_000)? {
            return Ok(report);
        }
    }
}

fn several() -> Settings {
    Settings {
        task: Some(Task::Multiclass),
        ..Settings::default()
    }
}

/// Label `y`, prediction `q`, scores `p_ant`, ...; weight `w` and count `n` where asked for.
fn roles(has_weight: bool, has_count: bool) -> Roles {
    let score = |class: &&str| ClassScore {
        class: (*class).to_owned(),
        column: format!("p_{class}"),
    };
    Roles {
        label: Some("y".to_owned()),
        prediction: Some("q".to_owned()),
        class_scores: NAMES.iter().map(score).collect(),
        weight: has_weight.then(|| "w".to_owned()),
        count: has_count.then(|| "n".to_owned()),
        ..Roles::default()
    }
}

#[derive(Debug, Clone)]
struct Row {
    label: usize,
    prediction: usize,
    /// In tenths, so that there are ties.
    scores: [u32; 3],
    weight: u32,
    count: u32,
}

impl Row {
    fn score(&self, class: usize) -> f64 {
        f64::from(self.scores[class]) / 10.0
    }

    fn size(&self) -> f64 {
        f64::from(self.weight * self.count)
    }
}

fn rows(most: usize) -> impl Strategy<Value = Vec<Row>> {
    let row = (0..3_usize, 0..3_usize, [0..=10_u32, 0..=10, 0..=10], 1..4_u32, 1..4_u32);
    let row = row.prop_map(|(label, prediction, scores, weight, count)| Row {
        label,
        prediction,
        scores,
        weight,
        count,
    });
    prop::collection::vec(row, 3..most).prop_map(|mut rows| {
        // Every class occurs.
        for (class, row) in rows.iter_mut().take(3).enumerate() {
            row.label = class;
        }
        rows
    })
}

fn text(rows: &[Row]) -> String {
    let line = |row: &Row| {
        let [a, b, c] = [0, 1, 2].map(|class| row.score(class));
        let (y, q) = (NAMES[row.label], NAMES[row.prediction]);
        format!("{y},{q},{a},{b},{c},{},{}", row.weight, row.count)
    };
    let lines: Vec<String> = rows.iter().map(line).collect();
    format!("y,q,p_ant,p_bee,p_cat,w,n\n{}\n", lines.join("\n"))
}

fn audit(rows: &[Row], has_weight: bool, has_count: bool) -> Report {
    try_audit(&text(rows), &roles(has_weight, has_count), &several()).unwrap()
}

pub(super) fn find<'r>(report: &'r Report, metric: &str, params: &[(&str, &str)]) -> &'r Estimate {
    let key = Key {
        params: params
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
            .collect(),
        ..Key::overall(metric)
    };
    report
        .estimates
        .iter()
        .find(|estimate| estimate.key == key)
        .unwrap_or_else(|| panic!("no {metric} {params:?}"))
}

pub(super) fn value(report: &Report, metric: &str, params: &[(&str, &str)]) -> f64 {
    let estimate = find(report, metric, params);
    estimate.value.unwrap_or_else(|| panic!("{metric}: {:?}", estimate.undefined))
}

/// The share of pairs of a positive and a negative in the right order, ties counting half; `(score, size)` each.
fn area(positives: &[(f64, f64)], negatives: &[(f64, f64)]) -> f64 {
    let (mut right, mut all) = (0.0, 0.0);
    for (a, x) in positives {
        for (b, y) in negatives {
            all += x * y;
            right += x
                * y
                * if a > b {
                    1.0
                } else if a == b {
                    0.5
                } else {
                    0.0
                };
        }
    }
    right / all
}

/// The sum over different scores, highest first, of recall gained times precision.
fn average_precision(positives: &[(f64, f64)], negatives: &[(f64, f64)]) -> f64 {
    let mut thresholds: Vec<f64> = positives.iter().map(|item| item.0).collect();
    thresholds.sort_by(f64::total_cmp);
    thresholds.dedup();
    let at_least =
        |items: &[(f64, f64)], threshold: f64| -> f64 { items.iter().filter(|item| item.0 >= threshold).map(|item| item.1).sum() };
    let total: f64 = positives.iter().map(|item| item.1).sum();
    let gained = |threshold: &f64| -> f64 { positives.iter().filter(|item| item.0 == *threshold).map(|item| item.1).sum() };
    let precision = |threshold: f64| {
        let found = at_least(positives, threshold);
        found / (found + at_least(negatives, threshold))
    };
    thresholds
        .iter()
        .map(|threshold| gained(threshold) / total * precision(*threshold))
        .sum()
}

fn of(rows: &[Row], class: usize, keep: impl Fn(usize) -> bool) -> Vec<(f64, f64)> {
    rows.iter()
        .filter(|row| keep(row.label))
        .map(|row| (row.score(class), row.size()))
        .collect()
}

fn weight_of(rows: &[Row], keep: impl Fn(&Row) -> bool) -> f64 {
    rows.iter().filter(|row| keep(row)).map(Row::size).sum()
}

fn square(x: f64) -> f64 {
    x * x
}

fn mean(rows: &[Row], x: impl Fn(&Row) -> f64) -> f64 {
    rows.iter().map(|row| row.size() * x(row)).sum::<f64>() / weight_of(rows, |_| true)
}

/// Metric, parameters, value.
type Expected = (&'static str, Vec<(&'static str, String)>, f64);

/// Every number that the tests compute by themselves.
fn expected(rows: &[Row]) -> Vec<Expected> {
    let total = weight_of(rows, |_| true);
    let share = |class: usize| weight_of(rows, |row| row.label == class) / total;
    let rest = |class: usize| area(&of(rows, class, |label| label == class), &of(rows, class, |label| label != class));
    let pair = |a: usize, b: usize| area(&of(rows, a, |label| label == a), &of(rows, a, |label| label == b));
    let precise = |class: usize| average_precision(&of(rows, class, |label| label == class), &of(rows, class, |label| label != class));
    let pairs = [(0, 1), (0, 2), (1, 2)];
    let both = |(a, b): (usize, usize)| (pair(a, b) + pair(b, a)) / 2.0;
    let pooled = |is_positive: bool| -> Vec<(f64, f64)> {
        let items = rows.iter().flat_map(|row| (0..3).map(move |class| (row, class)));
        items
            .filter(|(row, class)| (row.label == *class) == is_positive)
            .map(|(row, class)| (row.score(class), row.size()))
            .collect()
    };
    let place = |row: &Row| {
        (0..3)
            .filter(|class| (row.scores[*class], *class) > (row.scores[row.label], row.label))
            .count()
    };
    let error = |row: &Row, class: usize| square(row.score(class) - f64::from(u8::from(row.label == class)));
    let mut expected = vec![
        ("roc_auc_ovr_macro", vec![], (0..3).map(rest).sum::<f64>() / 3.0),
        ("roc_auc_ovr_weighted", vec![], (0..3).map(|class| share(class) * rest(class)).sum()),
        ("roc_auc_ovr_micro", vec![], area(&pooled(true), &pooled(false))),
        ("roc_auc_ovo_macro", vec![], pairs.map(both).iter().sum::<f64>() / 3.0),
        (
            "roc_auc_ovo_weighted",
            vec![],
            pairs.map(|(a, b)| (share(a) + share(b)) * both((a, b))).iter().sum::<f64>() / 2.0,
        ),
        ("average_precision_macro", vec![], (0..3).map(precise).sum::<f64>() / 3.0),
        (
            "average_precision_weighted",
            vec![],
            (0..3).map(|class| share(class) * precise(class)).sum(),
        ),
        ("average_precision_micro", vec![], average_precision(&pooled(true), &pooled(false))),
        (
            "brier_score_multiclass",
            vec![],
            mean(rows, |row| (0..3).map(|class| error(row, class)).sum()),
        ),
        (
            "mean_margin",
            vec![],
            mean(rows, |row| {
                let mut scores = row.scores;
                scores.sort_unstable();
                f64::from(scores[2]) / 10.0 - f64::from(scores[1]) / 10.0
            }),
        ),
        (
            "mean_class_distance",
            vec![],
            mean(rows, |row| row.label.abs_diff(row.prediction) as f64),
        ),
    ];
    for k in [1, 2] {
        expected.push((
            "top_k_accuracy",
            vec![("k", k.to_string())],
            mean(rows, |row| f64::from(u8::from(place(row) < k))),
        ));
    }
    for (class, name) in NAMES.iter().enumerate() {
        let named = || vec![("class", (*name).to_owned())];
        expected.push(("roc_auc", named(), rest(class)));
        expected.push(("average_precision", named(), precise(class)));
        expected.push(("brier_score", named(), mean(rows, |row| error(row, class))));
    }
    for (weights, is_square) in [("linear", false), ("quadratic", true)] {
        let apart = |a: usize, b: usize| {
            let places = a.abs_diff(b) as f64;
            if is_square { square(places) } else { places }
        };
        let predicted = |class: usize| weight_of(rows, |row| row.prediction == class) / total;
        let chance: f64 = (0..9)
            .map(|cell| share(cell / 3) * predicted(cell % 3) * apart(cell / 3, cell % 3))
            .sum();
        let seen = mean(rows, |row| apart(row.label, row.prediction));
        expected.push(("cohen_kappa", vec![("weights", weights.to_owned())], 1.0 - seen / chance));
    }
    expected
}

fn ordered() -> Settings {
    Settings {
        class_order: NAMES.map(str::to_owned).to_vec(),
        ..several()
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(60))]

    /// Every wrong row is one false positive and one false negative, so pooled over classes precision, recall and F1 are the accuracy.
    #[test]
    fn f1_pooled_over_classes_is_the_accuracy(rows in rows(30)) {
        let report = audit(&rows, false, false);
        prop_assert!((value(&report, "f1_micro", &[]) - value(&report, "accuracy", &[])).abs() < 1e-12);
    }

    #[test]
    fn numbers_are_those_of_pairs_and_rows(rows in rows(14)) {
        let report = try_audit(&text(&rows), &roles(true, true), &ordered()).unwrap();
        for (metric, params, wanted) in expected(&rows) {
            let params: Vec<(&str, &str)> = params.iter().map(|(name, value)| (*name, value.as_str())).collect();
            let got = value(&report, metric, &params);
            prop_assert!((got - wanted).abs() < 1e-12, "{metric} {params:?}: {got} for {wanted}");
        }
    }

    #[test]
    fn a_count_is_the_row_repeated_in_every_field(rows in rows(12)) {
        let repeated: Vec<Row> = rows
            .iter()
            .flat_map(|row| std::iter::repeat_n(Row { count: 1, ..row.clone() }, row.count as usize))
            .collect();
        let (counted, repeated) = (audit(&rows, false, true), audit(&repeated, false, false));
        prop_assert_eq!(of_model(&counted.estimates), of_model(&repeated.estimates));
    }

    #[test]
    fn a_weight_is_the_row_repeated_in_value(rows in rows(12)) {
        let repeated: Vec<Row> = rows
            .iter()
            .flat_map(|row| std::iter::repeat_n(row.clone(), row.weight as usize))
            .collect();
        let (weighted, repeated) = (audit(&rows, true, false), audit(&repeated, false, false));
        for (a, b) in of_model(&weighted.estimates).iter().zip(&of_model(&repeated.estimates)) {
            prop_assert_eq!(&a.key, &b.key);
            // Bins hold equal numbers of rows, whatever their importance.
            if a.key.metric.starts_with("top_label_") || a.key.metric == "classwise_ece" {
                continue;
            }
            prop_assert_eq!(a.undefined.as_ref(), b.undefined.as_ref());
            if let (Some(x), Some(y)) = (a.value, b.value) {
                prop_assert!((x - y).abs() < 1e-12, "{:?}: {x} {y}", a.key);
            }
        }
    }

    #[test]
    fn the_order_of_rows_does_not_show(rows in rows(12)) {
        let reversed: Vec<Row> = rows.iter().rev().cloned().collect();
        let (a, b) = (audit(&rows, true, true), audit(&reversed, true, true));
        prop_assert_eq!(of_model(&a.estimates), of_model(&b.estimates));
    }
}

/// A small generator of numbers that differ enough (SplitMix64).
struct Draw(u64);

impl Draw {
    fn unit(&mut self) -> f64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((z ^ (z >> 31)) >> 11) as f64 / (1_u64 << 53) as f64
    }
}

/// Ninety rows whose scores lean to their class.
fn population() -> Vec<Row> {
    let draw = &mut Draw(5);
    let row = |place: usize| {
        let label = [0, 0, 0, 0, 1, 1, 1, 2, 2][place % 9];
        let mut scores = [0; 3].map(|_: u32| (100.0 * draw.unit()) as u32);
        scores[label] += 25;
        Row {
            label,
            prediction: (0..3).max_by_key(|class| scores[*class]).unwrap(),
            scores,
            weight: 1 + place as u32 % 3,
            count: 1,
        }
    };
    (0..90).map(row).collect()
}

#[test]
fn standard_errors_of_averaged_areas_are_those_of_repeated_draws() {
    let population = population();
    let metrics = [
        ("roc_auc_ovr_macro", vec![]),
        ("roc_auc_ovr_weighted", vec![]),
        ("roc_auc_ovr_micro", vec![]),
        ("roc_auc_ovo_macro", vec![]),
        ("roc_auc_ovo_weighted", vec![]),
        ("roc_auc", vec![("class", "ant")]),
        ("jaccard_macro", vec![]),
        ("jaccard_micro", vec![]),
        ("jaccard_weighted", vec![]),
        ("balanced_accuracy_adjusted", vec![]),
        ("mean_class_distance", vec![]),
        ("cohen_kappa", vec![("weights", "linear")]),
        ("cohen_kappa", vec![("weights", "quadratic")]),
        ("brier_score_multiclass", vec![]),
        ("log_loss_renormalised", vec![]),
    ];
    let table: Vec<Row> = population
        .iter()
        .map(|row| Row {
            scores: row.scores.map(|score| score.min(100) / 10),
            ..row.clone()
        })
        .collect();
    for has_weight in [false, true] {
        let (draws, size) = (400_u64, 900);
        let mut found: Vec<Vec<(f64, f64)>> = vec![Vec::new(); metrics.len()];
        for seed in 0..draws {
            let draw = &mut Draw(seed + 100);
            let mut drawn: Vec<Row> = table.iter().map(|row| Row { count: 0, ..row.clone() }).collect();
            for _ in 0..size {
                drawn[(draw.unit() * 90.0) as usize].count += 1;
            }
            let report = try_audit(&text(&drawn), &roles(has_weight, true), &ordered()).unwrap();
            for (place, (metric, params)) in metrics.iter().enumerate() {
                let estimate = find(&report, metric, params);
                let interval = estimate.interval.unwrap_or_else(|| panic!("{metric} has no interval"));
                found[place].push((estimate.value.unwrap(), (interval.high - interval.low) / 2.0 / Z));
            }
        }
        for ((metric, _), found) in metrics.iter().zip(&found) {
            let n = draws as f64;
            let mean = found.iter().map(|draw| draw.0).sum::<f64>() / n;
            let spread = (found.iter().map(|draw| square(draw.0 - mean)).sum::<f64>() / (n - 1.0)).sqrt();
            let stated = (found.iter().map(|draw| draw.1 * draw.1).sum::<f64>() / n).sqrt();
            assert!((stated / spread - 1.0).abs() < 0.13, "{metric}: stated {stated}, seen {spread}");
        }
    }
}

#[test]
fn class_wise_calibration_is_the_mean_of_the_classes() {
    // Scores of 0.8 that are right half the time, of the one class; the others' scores fit exactly.
    let rows = "y,q,p_ant,p_bee,p_cat\nant,ant,0.8,0,0\nbee,ant,0.8,1,0\ncat,ant,0,0,1\n";
    let report = try_audit(rows, &roles(false, false), &several()).unwrap();
    let of_ant = value(&report, "classwise_ece", &[("class", "ant")]);
    assert!((of_ant - 2.0 / 3.0 * 0.3).abs() < 1e-15, "{of_ant}");
    assert_eq!(value(&report, "classwise_ece", &[("class", "bee")]), 0.0);
    assert!((value(&report, "classwise_ece", &[]) - of_ant / 3.0).abs() < 1e-15);
}

#[test]
fn order_matters_only_where_it_is_known() {
    let text = text(&population()[..30]).replace("p_", "x_");
    let roles = Roles {
        class_scores: Vec::new(),
        ..roles(false, false)
    };
    let has = |report: &Report, metric: &str| report.estimates.iter().any(|estimate| estimate.key.metric == metric);
    let unordered = try_audit(&text, &roles, &several()).unwrap();
    assert!(!has(&unordered, "mean_class_distance"));
    let ordered = |classes: &[&str]| {
        let class_order = classes.iter().map(|class| (*class).to_owned()).collect();
        try_audit(&text, &roles, &Settings { class_order, ..several() })
    };
    let (known, turned) = (ordered(&["ant", "bee", "cat"]).unwrap(), ordered(&["bee", "ant", "cat"]).unwrap());
    assert_eq!(known.outcome.classes, ["ant", "bee", "cat"]);
    assert_eq!(turned.outcome.classes, ["bee", "ant", "cat"]);
    assert_ne!(
        value(&known, "mean_class_distance", &[]),
        value(&turned, "mean_class_distance", &[])
    );
    assert_eq!(value(&known, "accuracy", &[]), value(&turned, "accuracy", &[]));
    let of_numbers = try_audit(
        &text.replace("ant", "1").replace("bee", "2").replace("cat", "10"),
        &roles,
        &several(),
    )
    .unwrap();
    assert_eq!(
        value(&of_numbers, "mean_class_distance", &[]),
        value(&known, "mean_class_distance", &[])
    );
    // A class between two others that does not occur keeps them apart.
    let apart = ordered(&["ant", "between", "bee", "cat"]).unwrap();
    assert!(value(&apart, "mean_class_distance", &[]) > value(&known, "mean_class_distance", &[]));
    for (classes, said) in [
        (vec!["ant", "bee"], "lacks \"cat\", which occurs"),
        (vec!["ant", "bee", "cat", "bee"], "names \"bee\" twice"),
    ] {
        let error = ordered(&classes).unwrap_err().to_string();
        assert!(error.contains(said), "{error}");
    }
}

#[test]
fn scores_that_are_no_probabilities_still_order_classes() {
    let rows = "y,q,p_ant,p_bee,p_cat\nant,ant,3,-1,0\nbee,bee,1,2,-4\ncat,ant,5,0,1\nant,ant,2,1,1\n";
    let report = try_audit(rows, &roles(false, false), &several()).unwrap();
    let code = |metric: &str| find(&report, metric, &[]).undefined.as_ref().map(|undefined| undefined.code);
    for metric in [
        "log_loss",
        "log_loss_renormalised",
        "brier_score_multiclass",
        "top_label_ece",
        "classwise_ece",
        "mean_predictive_entropy",
    ] {
        assert_eq!(code(metric), Some(UndefinedCode::ScoreOutOfRange), "{metric}");
    }
    assert_eq!(value(&report, "top_k_accuracy", &[("k", "1")]), 0.75);
    assert_eq!(code("roc_auc_ovr_macro"), None);
    assert!(report.notices.iter().any(|notice| notice.text.contains("are no probabilities")));
}

#[test]
fn a_class_that_does_not_occur_is_said() {
    let rows = "y,q,p_ant,p_bee,p_cat\nant,ant,0.5,0.3,0.2\nbee,cat,0.1,0.2,0.7\nant,bee,0.4,0.5,0.1\n";
    let report = try_audit(rows, &roles(false, false), &several()).unwrap();
    let code = |metric: &str, params: &[(&str, &str)]| find(&report, metric, params).undefined.as_ref().map(|undefined| undefined.code);
    for metric in [
        "roc_auc_ovr_macro",
        "roc_auc_ovo_macro",
        "roc_auc_ovo_weighted",
        "average_precision_macro",
        "balanced_accuracy_adjusted",
    ] {
        assert_eq!(code(metric, &[]), Some(UndefinedCode::ClassAbsent), "{metric}");
    }
    assert_eq!(code("roc_auc", &[("class", "cat")]), Some(UndefinedCode::NoPositives));
    assert!((value(&report, "roc_auc_ovr_weighted", &[]) - 2.0 / 3.0).abs() < 1e-15);
    let one = try_audit("y,q,p_ant,p_bee,p_cat\nant,ant,0.5,0.3,0.2\n", &roles(false, false), &several()).unwrap();
    assert_eq!(
        find(&one, "roc_auc_ovr_weighted", &[])
            .undefined
            .as_ref()
            .map(|undefined| undefined.code),
        Some(UndefinedCode::OneClass)
    );
    assert_eq!(value(&one, "roc_auc_ovr_micro", &[]), 1.0);
}

#[test]
fn a_row_without_some_score_is_kept_out_of_all_that_needs_scores() {
    let whole = "y,q,p_ant,p_bee,p_cat\nant,ant,0.5,0.3,0.2\nbee,bee,0.1,0.8,0.1\ncat,bee,0.4,0.5,0.1\n";
    let with = format!("{whole}ant,cat,0.1,,0.9\n,ant,0.9,0.1,0\n");
    let (whole, with) = (
        try_audit(whole, &roles(false, false), &several()).unwrap(),
        try_audit(&with, &roles(false, false), &several()).unwrap(),
    );
    for metric in [
        "log_loss",
        "log_loss_renormalised",
        "roc_auc_ovr_macro",
        "roc_auc_ovr_micro",
        "brier_score_multiclass",
    ] {
        assert_eq!(find(&whole, metric, &[]).value, find(&with, metric, &[]).value, "{metric}");
        assert_eq!(find(&with, metric, &[]).support, 3, "{metric}");
    }
    assert_eq!(find(&with, "mean_margin", &[]).support, 4);
    assert!(
        with.notices
            .iter()
            .any(|notice| notice.text.starts_with("1 row lacks the score of some class"))
    );
}

#[test]
fn too_many_classes_are_refused_in_words() {
    let rows: Vec<String> = (0..40_000).map(|row| format!("c{},c{}", row % 10_000, row * 7 % 10_000)).collect();
    let roles = Roles {
        class_scores: Vec::new(),
        ..roles(false, false)
    };
    let error = try_audit(&format!("y,q\n{}\n", rows.join("\n")), &roles, &Settings::default()).unwrap_err();
    assert!(error.to_string().contains("at most 200 can be told apart"), "{error}");
}
