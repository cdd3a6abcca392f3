//! The sentences of findings, word for word.

use std::collections::BTreeMap;

use super::*;
use crate::check::naming::quoted;
use crate::check::sentence::parse;
use crate::stats::interval::{Interval, Method};

fn estimate(key: Key, value: f64, limits: Option<(f64, f64)>) -> Estimate {
    Estimate {
        key,
        value: Some(value),
        special: None,
        text: None,
        support: 100,
        interval: limits.map(|(low, high)| Interval {
            low,
            high,
            level: 0.95,
            method: Method::Wilson,
        }),
        undefined: None,
        within: None,
    }
}

fn told(check: &str, edit: impl FnOnce(&mut Key), value: f64, limits: Option<(f64, f64)>, bound: f64) -> String {
    let check = parse(check).unwrap();
    let mut key = Key {
        params: check.subject.params.clone(),
        comparison: check.subject.comparison,
        by: check.subject.by.clone(),
        ..Key::overall(&check.subject.metric)
    };
    edit(&mut key);
    let estimate = estimate(key, value, limits);
    let metric = find(&check.subject.metric).unwrap();
    let told = Told {
        check: &check,
        metric,
        estimate: &estimate,
        value,
        bound,
    };
    told.sentence()
}

fn women(key: &mut Key) {
    key.by.clear();
    key.group.insert("sex".to_owned(), Some("Female".to_owned()));
}

#[test]
fn shares_are_told_of_rows() {
    assert_eq!(
        told(
            "accuracy is at least majority_share",
            |_| (),
            0.6537,
            Some((0.6427, 0.6646)),
            0.5493
        ),
        "Of 100 rows, 65 are predicted correctly (64 to 66); always answering with the most frequent class would get 55."
    );
    assert_eq!(
        told("recall in each group of sex is at least 0.5", women, 0.52, Some((0.49, 0.55)), 0.5),
        "Where sex is Female, of 100 rows positive in truth, 52 are found (49 to 55); the bound is 50 or more."
    );
    assert_eq!(
        told("false_positive_rate is at most 1%", |_| (), 0.0103, Some((0.0098, 0.0108)), 0.01),
        "Of 10\u{202f}000 rows negative in truth, 103 are flagged wrongly (98 to 108); the bound is 100 or less."
    );
    assert_eq!(
        told("precision (class = \"a b\") is at least 0.5", |_| (), 0.01, None, 0.5),
        "Of 100 rows predicted “a b”, 1 is “a b” in truth; the bound is 50 or more."
    );
}

#[test]
fn gaps_are_told_between_the_extreme_groups() {
    assert_eq!(
        told(
            "the ratio of selection_rate by race is at least 0.8",
            |_| (),
            0.36,
            Some((0.31, 0.42)),
            0.8
        ),
        "The group selected least often is selected at 0.36 times the rate of the group selected most often (0.31 to 0.42), by race; \
         the bound is 0.80 or more."
    );
    assert_eq!(
        told(
            "the difference of recall by race and \"home town\" is at most 0.1",
            |_| (),
            0.12,
            Some((0.08, 0.16)),
            0.1
        ),
        "Of 100 rows positive in truth, 12 more are found in the group with the most than in the group with the least (8 to 16), \
         by race and “home town”; the bound is 10 or less."
    );
    assert_eq!(
        told("the ratio of recall by race is at least 0.8", |_| (), 0.9, None, 0.8),
        "Among rows positive in truth, the group found least often is found at 0.90 times the rate of the group found most often, \
         by race; the bound is 0.80 or more."
    );
    assert_eq!(
        told("the difference of f1 by race is at most 0.1", |_| (), 0.12, None, 0.1),
        "F1 differs by 0.12 between the highest and the lowest group, by race; the bound is 0.10 or less."
    );
    assert_eq!(
        told("the ratio of f1 by race is at least 0.8", |_| (), 0.7, None, 0.8),
        "The lowest F1 of a group is 0.70 times the highest, by race; the bound is 0.80 or more."
    );
    assert_eq!(
        told("the lowest recall by race is at least 0.5", |_| (), 0.4, None, 0.5),
        "In the group with the lowest recall, by race, of 100 rows positive in truth, 40 are found; the bound is 50 or more."
    );
    assert_eq!(
        told("the highest mae by race is at most 50", |_| (), 44.123, None, 50.0),
        "In the group with the highest mean absolute error, by race, it is 44.1; the bound is 50.0 or less."
    );
}

#[test]
fn distances_keep_their_sign() {
    let reference = |key: &mut Key| {
        women(key);
        key.reference_group = Some(BTreeMap::from([("sex".to_owned(), Some("Male".to_owned()))]));
    };
    assert_eq!(
        told(
            "the difference to reference of recall in each group of sex is at least -0.1",
            reference,
            -0.12,
            None,
            -0.1
        ),
        "Where sex is Female, recall minus that where sex is Male is \u{2212}0.12; the bound is \u{2212}0.10 or more."
    );
    assert_eq!(
        told(
            "the ratio to reference of recall in each group of sex is at least 0.8",
            women,
            0.75,
            None,
            0.8
        ),
        "Where sex is Female, recall is 0.75 times that of the reference group; the bound is 0.80 or more."
    );
    assert_eq!(
        told("the difference to overall of recall by sex is at most 0.1", |_| (), 0.12, None, 0.1),
        "The group farthest from all rows differs from them by 0.12 in recall, by sex; the bound is 0.10 or less."
    );
    assert_eq!(
        told("the ratio to overall of recall by sex is at least 0.8", |_| (), 0.75, None, 0.8),
        "Of all rows and the group farthest from them, one has 0.75 times the recall of the other, by sex; the bound is 0.80 or more."
    );
    assert_eq!(
        told("the change of accuracy is at least -0.02", |_| (), -0.03, None, -0.02),
        "Accuracy changes by \u{2212}0.03 from the reference to the current data; the bound is \u{2212}0.02 or more."
    );
}

#[test]
fn other_metrics_go_by_what_they_measure_or_by_name() {
    assert_eq!(
        told("roc_auc is at least 0.5", |_| (), 0.7, Some((0.69, 0.71)), 0.5),
        "Of 100 pairs of a positive and a negative row, 70 are ranked the right way round (69 to 71); guessing would get 50."
    );
    assert_eq!(
        told("rows is at least 100", |_| (), 7214.0, None, 100.0),
        "There are 7\u{202f}214 rows; the bound is 100 or more."
    );
    assert_eq!(
        told("mae is at most 50", |_| (), 44.123, Some((40.0, 48.0)), 50.0),
        "The prediction is off by 44.1 on average (40.0 to 48.0); the bound is 50.0 or less."
    );
    assert_eq!(
        told("mean_error is at least -2", |_| (), -0.0909, None, -2.0),
        "The prediction is too low on average: mean error \u{2212}0.09; the bound is \u{2212}2.00 or more."
    );
    assert_eq!(
        told("r2 is at least 0", |_| (), -0.1, Some((-0.2, 0.05)), 0.0),
        "R2 is \u{2212}0.10 (\u{2212}0.20 to 0.05); always answering with the mean would get 0."
    );
    assert_eq!(
        told("log_loss is at most 0.5", |_| (), f64::INFINITY, None, 0.5),
        "Log loss is \u{221e}; the bound is 0.50 or less."
    );
    assert_eq!(
        told("brier_score is at most prevalence", |_| (), 0.2, None, 0.45),
        "Brier score is 0.20; the bound is 0.45 or less, by prevalence."
    );
    assert_eq!(
        told("recall (average = macro) is at least 0.5", |_| (), 0.6, None, 0.5),
        "Recall (average macro) is 0.60; the bound is 0.50 or more."
    );
}

#[test]
fn names_from_the_file_cannot_break_the_sentence() {
    assert_eq!(quoted("Female"), "Female");
    assert_eq!(quoted("<b>x</b>"), "“<b>x</b>”");
    assert_eq!(quoted("a\u{1b}[2J\u{202e}b"), "“a\u{fffd}[2J\u{fffd}b”");
    assert_eq!(quoted("").as_str(), "“”");
    assert_eq!(quoted(&"x".repeat(61)).chars().count(), 61);
    assert_eq!(name_in_text("Brier score"), "Brier score");
    assert_eq!(name_in_text("Recall"), "recall");
}
