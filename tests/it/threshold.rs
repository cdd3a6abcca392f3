//! The threshold explorer says what an audit with that threshold says, bit for bit.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::io::Cursor;
use std::sync::Arc;

use assay::data::{Roles, Table};
use assay::engine::{AuditJob, ReadJob, Step};
use assay::metric::Estimate;
use assay::report::Report;
use assay::run::Settings;
use assay::run::threshold::{Explorer, Origin};
use assay::stats::math;
use proptest::prelude::*;

fn read(csv: &[u8]) -> Arc<Table> {
    let mut job = ReadJob::new(Cursor::new(csv.to_vec()), "t.csv", csv.len() as u64);
    loop {
        if let Step::Done(table) = job.step(10_000).expect("the test's table can be read") {
            return Arc::new(table);
        }
    }
}

/// The audit's report, and the job after it.
fn audit(table: &Arc<Table>, roles: &Roles, settings: &Settings) -> (Report, AuditJob) {
    let mut job = AuditJob::new(Arc::clone(table), roles.clone(), settings.clone()).expect("the test's roles make an audit");
    loop {
        if let Step::Done(report) = job.step(1_000).expect("a job that was made ends") {
            return (report, job);
        }
    }
}

fn explorer(table: &Arc<Table>, roles: &Roles, settings: &Settings) -> Explorer {
    let mut building = audit(table, roles, settings).1.explore().expect("two classes, a label and a score");
    loop {
        if let Some(explorer) = building.step(1_000) {
            return explorer;
        }
    }
}

fn lines<'a>(estimates: impl Iterator<Item = &'a Estimate>) -> Vec<String> {
    estimates
        .map(|estimate| serde_json::to_string(estimate).expect("an estimate is JSON"))
        .collect()
}

/// What the report says of the same metrics, over all rows and by every single feature. Slices stay as audited.
fn of_report(report: &Report, like: &[Estimate]) -> Vec<String> {
    let metrics: std::collections::BTreeSet<&str> = like.iter().map(|estimate| estimate.key.metric.as_str()).collect();
    let is_same = |estimate: &&Estimate| {
        let key = &estimate.key;
        metrics.contains(key.metric.as_str()) && key.slice.is_none() && key.group.len() <= 1 && key.by.len() <= 1
    };
    lines(report.estimates.iter().filter(is_same))
}

fn assert_same(explored: &[Estimate], report: &Report, what: &str) {
    let (explored_lines, expected) = (lines(explored.iter()), of_report(report, explored));
    assert!(explored.len() > 30, "{what}: every metric of the confusion matrix");
    assert_eq!(explored_lines.len(), expected.len(), "{what}: as many numbers");
    for (own, expected) in explored_lines.iter().zip(&expected) {
        assert_eq!(own, expected, "{what}");
    }
}

/// Explores each threshold and audits with it.
fn assert_as_audited(csv: &[u8], roles: &Roles, thresholds: &[f64]) {
    let table = read(csv);
    let explorer = explorer(&table, roles, &Settings::default());
    let features: Vec<usize> = explorer.features().map(|(place, _)| place).collect();
    for threshold in thresholds {
        let settings = Settings {
            threshold: Some(*threshold),
            positive: Some(explorer.positive_class().to_owned()),
            ..Settings::default()
        };
        let (report, _) = audit(&table, roles, &settings);
        let explored = explorer.estimates(&explorer.shared(*threshold, &features));
        assert_same(&explored, &report, &format!("at {threshold}"));
    }
    assert!(thresholds.iter().all(|threshold| threshold.is_finite()));
}

fn roles(label: &str, score: &str, sensitive: &[&str]) -> Roles {
    Roles {
        label: Some(label.to_owned()),
        score: Some(score.to_owned()),
        sensitive: sensitive.iter().map(|&name| name.to_owned()).collect(),
        ..Roles::default()
    }
}

fn oracle(name: &str) -> Vec<u8> {
    std::fs::read(format!("tests/oracle/{name}")).expect("the oracle's file is there")
}

/// Below the lowest score, above the highest, at scores that occur, and between.
const THRESHOLDS: [f64; 9] = [-1.0, 0.0, 0.002766, 0.122979, 0.3, 0.5, 0.75, 1.0, 7.5];

#[test]
fn adult_by_weight_is_as_audited() {
    let roles = Roles {
        weight: Some("sample_weight".to_owned()),
        ..roles("y_true", "score", &["race", "sex"])
    };
    assert_as_audited(&oracle("adult.csv"), &roles, &THRESHOLDS);
}

#[test]
fn adult_without_weight_is_as_audited() {
    assert_as_audited(&oracle("adult.csv"), &roles("y_true", "score", &["race", "sex"]), &THRESHOLDS);
}

#[test]
fn compas_by_count_is_as_audited_though_its_score_is_no_probability() {
    let roles = Roles {
        count: Some("count".to_owned()),
        ..roles("two_year_recid", "decile_score", &["race", "sex", "age_cat"])
    };
    let deciles: Vec<f64> = (0..=22).map(|step| f64::from(step) / 2.0).collect();
    assert_as_audited(&oracle("compas_counts.csv"), &roles, &deciles);
}

#[test]
fn a_threshold_of_each_group_is_as_the_predictions_that_it_makes() {
    let csv = String::from_utf8(oracle("adult.csv")).expect("the oracle is UTF-8");
    let own = BTreeMap::from([("Female", 0.31), ("Male", 0.622)]);
    let mut with_predictions = String::new();
    for (number, line) in csv.lines().enumerate() {
        let cells: Vec<&str> = line.split(',').collect();
        let predicted = match number {
            0 => "mine".to_owned(),
            _ => u8::from(cells[13].parse::<f64>().expect("a score") >= own[cells[8]]).to_string(),
        };
        writeln!(with_predictions, "{line},{predicted}").expect("a string takes text");
    }
    let table = read(with_predictions.as_bytes());
    let roles = Roles {
        weight: Some("sample_weight".to_owned()),
        ..roles("y_true", "score", &["sex"])
    };
    let explorer = explorer(&table, &roles, &Settings::default());
    let (feature, groups) = explorer.features().next().expect("sex is a feature");
    let places = groups.groups.iter().enumerate().filter_map(|(place, group)| {
        let level = group.levels[0].as_deref()?;
        Some((place, own[level]))
    });
    let cut = explorer.own(feature, 0.5, &places.collect::<Vec<_>>());
    let given = Roles {
        prediction: Some("mine".to_owned()),
        ..roles
    };
    let (report, job) = audit(&table, &given, &Settings::default());
    assert_same(&explorer.estimates(&cut), &report, "by group");
    assert!(job.explore().is_some(), "given predictions can be explored, too");
}

#[test]
fn what_the_audit_found_is_what_it_reported_and_its_predictions_have_an_origin() {
    let table = read(&oracle("adult.csv"));
    let plain = roles("y_true", "score", &["race", "sex"]);
    let given = Roles {
        prediction: Some("y_pred".to_owned()),
        ..plain.clone()
    };
    let other = Roles {
        prediction: Some("y_pred_b".to_owned()),
        ..plain.clone()
    };
    for (roles, origin) in [(&plain, "audited"), (&given, "given"), (&other, "other")] {
        let explorer = explorer(&table, roles, &Settings::default());
        let (report, _) = audit(&table, roles, &Settings::default());
        let audited = explorer.audited().expect("there are predictions");
        assert_same(&explorer.estimates(&audited), &report, origin);
        match (origin, explorer.origin()) {
            ("audited", Origin::Audited(threshold)) => assert_eq!(threshold, 0.5),
            ("given", Origin::Given { threshold, agreeing, of }) => assert_eq!((threshold, agreeing, of), (0.5, 16_281, 16_281)),
            ("other", Origin::Given { agreeing, of, .. }) => assert!(agreeing < of),
            (expected, found) => panic!("{expected}: {found:?}"),
        }
    }
}

#[test]
fn several_classes_numbers_and_a_missing_label_have_no_threshold() {
    let table = read(b"y,s\na,0.1\nb,0.2\nc,0.3\n");
    let label_alone = Roles {
        label: Some("y".to_owned()),
        ..Roles::default()
    };
    assert!(audit(&table, &label_alone, &Settings::default()).1.explore().is_none());
    let score_alone = Roles {
        score: Some("s".to_owned()),
        ..Roles::default()
    };
    assert!(audit(&table, &score_alone, &Settings::default()).1.explore().is_none());
}

/// A table of few scores with many ties, and everything missing here and there.
fn table(weighted: bool) -> impl Strategy<Value = String> {
    let row = (0..4_u8, 0..9_u8, 0..4_u8, 0..3_u8, 0..5_u8, -3.0..3.0_f64);
    proptest::collection::vec(row, 1..60).prop_map(move |rows| {
        let mut csv = "y,s,g,h,n,w\n0,0.5,a,x,1,1\n1,0.5,b,y,1,1\n".to_owned();
        for (y, s, g, h, n, w) in rows {
            let y = ["0", "1", "1", ""][usize::from(y)];
            let s = ["0.1", "0.2", "0.2", "0.5", "0.9", "-0", "1", "0.50000001", ""][usize::from(s)];
            let g = ["a", "b", "c", ""][usize::from(g)];
            let h = ["x", "y", "y"][usize::from(h)];
            let n = ["0", "1", "2", "3", "1"][usize::from(n)];
            let w = if weighted { math::pow(10.0, w) } else { 1.0 };
            writeln!(csv, "{y},{s},{g},{h},{n},{w}").expect("a string takes text");
        }
        csv
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]
    #[test]
    fn any_table_is_as_audited(csv in prop_oneof![table(false), table(true)], threshold in -0.2..1.2_f64) {
        let roles = Roles {
            count: Some("n".to_owned()),
            weight: Some("w".to_owned()),
            ..roles("y", "s", &["g", "h"])
        };
        assert_as_audited(csv.as_bytes(), &roles, &[threshold, 0.2, 0.5, 0.0]);
    }
}
