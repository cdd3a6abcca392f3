//! Every verdict, and the words that go with it.

use std::collections::BTreeMap;

use super::*;
use crate::check::default_suite;
use crate::check::sentence::{parse, parse_with_id};
use crate::stats::interval::Method;

const CONTEXT: Context = Context {
    min_support: 30,
    level: 0.95,
};

fn number(key: Key, value: f64, support: u64, limits: Option<(f64, f64)>) -> Estimate {
    Estimate {
        key,
        value: Some(value),
        special: None,
        text: None,
        support,
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

fn overall(metric: &str, value: f64, low: f64, high: f64) -> Estimate {
    number(Key::overall(metric), value, 100, Some((low, high)))
}

fn undefined(key: Key, code: UndefinedCode) -> Estimate {
    Estimate {
        value: None,
        undefined: Some(code.into()),
        ..number(key, 0.0, 0, None)
    }
}

fn in_group(metric: &str, column: &str, level: Option<&str>) -> Key {
    Key {
        group: BTreeMap::from([(column.to_owned(), level.map(str::to_owned))]),
        ..Key::overall(metric)
    }
}

fn gap(metric: &str, comparison: Comparison, by: &[&str], min_support: Option<u64>) -> Key {
    Key {
        comparison: Some(comparison),
        by: by.iter().map(|&column| column.to_owned()).collect(),
        params: min_support
            .map(|rows| (MIN_SUPPORT.to_owned(), rows.to_string()))
            .into_iter()
            .collect(),
        ..Key::overall(metric)
    }
}

fn all(checks: &[&str], estimates: &[Estimate]) -> Vec<Finding> {
    let suite: Vec<Check> = checks.iter().map(|text| parse(text).unwrap()).collect();
    judge(&suite, estimates, &CONTEXT)
}

fn one(check: &str, estimates: &[Estimate]) -> Finding {
    let mut findings = all(&[check], estimates);
    assert_eq!(findings.len(), 1, "{findings:#?}");
    findings.remove(0)
}

#[test]
fn the_interval_is_judged_not_the_number() {
    let accuracy = [overall("accuracy", 0.65, 0.6, 0.7)];
    for (check, verdict) in [
        ("accuracy is at least 0.5", Verdict::Pass),
        ("accuracy is at least 0.6", Verdict::Pass),
        ("accuracy is at least 0.62", Verdict::Inconclusive),
        ("accuracy is at least 0.7", Verdict::Inconclusive),
        ("accuracy is at least 0.71", Verdict::Fail),
        ("accuracy is at least 0.71, else warn", Verdict::Warn),
        ("accuracy is at most 0.7", Verdict::Pass),
        ("accuracy is at most 0.6", Verdict::Inconclusive),
        ("accuracy is at most 0.59", Verdict::Fail),
    ] {
        assert_eq!(one(check, &accuracy).verdict, verdict, "{check}");
    }
    let open = one("accuracy is at least 0.62", &accuracy);
    assert_eq!(
        open.reason,
        "The bound lies within the 95\u{202f}% interval, so these rows do not decide it."
    );
    assert_eq!(open.bound, Some(0.62));
    assert_eq!(open.key, Some(Key::overall("accuracy")));
    assert_eq!(one("accuracy is at least 0.5", &accuracy).reason, "");
}

#[test]
fn a_number_without_interval_is_judged_itself_and_that_is_said() {
    let finding = one("f1 is at least 0.5", &[number(Key::overall("f1"), 0.49, 100, None)]);
    assert_eq!(finding.verdict, Verdict::Fail);
    assert_eq!(
        finding.reason,
        "There is no 95\u{202f}% interval for this number, so the number itself is judged."
    );
    let infinite = Estimate {
        value: None,
        special: Some(Special::Inf),
        ..number(Key::overall("log_loss"), 0.0, 100, None)
    };
    assert_eq!(
        one("log_loss is at most 0.7", std::slice::from_ref(&infinite)).verdict,
        Verdict::Fail
    );
    assert_eq!(one("log_loss is at least 0.7", &[infinite]).verdict, Verdict::Pass);
}

#[test]
fn counts_are_exact_however_few() {
    let rows = [number(Key::overall("rows"), 12.0, 12, None)];
    let finding = one("rows is at least 100, else warn", &rows);
    assert_eq!((finding.verdict, finding.reason.as_str()), (Verdict::Warn, ""));
    assert_eq!(finding.sentence, "There are 12 rows; the bound is 100 or more.");
    assert_eq!(one("rows is at least 12", &rows).verdict, Verdict::Pass);
}

#[test]
fn too_few_rows_are_inconclusive_whatever_the_number() {
    let few = [number(in_group("recall", "sex", Some("Other")), 0.0, 12, Some((0.0, 0.2)))];
    let finding = one("recall in each group of sex is at least 0.5", &few);
    assert_eq!(finding.verdict, Verdict::Inconclusive);
    assert_eq!(finding.sentence, "Too few rows to say: 12 (recall where sex is Other).");
    assert_eq!(finding.reason, "A number is judged from 30 rows on.");
    let enough = [number(in_group("recall", "sex", Some("Other")), 0.0, 30, Some((0.0, 0.2)))];
    assert_eq!(one("recall in each group of sex is at least 0.5", &enough).verdict, Verdict::Fail);
}

#[test]
fn what_does_not_exist_is_inconclusive_with_its_reason() {
    let finding = one(
        "recall is at least 0.5",
        &[undefined(Key::overall("recall"), UndefinedCode::NoPositives)],
    );
    assert_eq!(finding.verdict, Verdict::Inconclusive);
    assert_eq!(finding.sentence, "Recall cannot be said: nobody here is positive in truth.");
    assert_eq!(finding.reason, "Nobody here is positive in truth.");
}

#[test]
fn the_bound_may_be_another_metric_of_the_same_rows() {
    let mut estimates = vec![
        overall("accuracy", 0.6537, 0.6427, 0.6646),
        overall("majority_share", 0.5493, 0.54, 0.56),
    ];
    let check = "accuracy is at least majority_share";
    let finding = one(check, &estimates);
    assert_eq!((finding.verdict, finding.bound), (Verdict::Pass, Some(0.5493)));
    assert_eq!(
        finding.sentence,
        "Of 100 rows, 65 are predicted correctly (64 to 66); always answering with the most frequent class would get 55."
    );
    estimates[1] = undefined(Key::overall("majority_share"), UndefinedCode::NoRows);
    let finding = one(check, &estimates);
    assert_eq!(finding.verdict, Verdict::Inconclusive);
    assert_eq!(
        finding.reason,
        "The bound, majority_share, cannot be said: there are no usable rows."
    );
    estimates.pop();
    let finding = one(check, &estimates);
    assert_eq!((finding.verdict, finding.bound), (Verdict::Error, None));
    assert_eq!(finding.sentence, "Could not be checked: accuracy is at least majority_share.");
    assert_eq!(
        finding.reason,
        "The bound, majority_share, is not among the numbers of this report over the same rows."
    );
}

#[test]
fn in_each_group_the_bound_is_that_groups_own() {
    let estimates = [
        number(in_group("accuracy", "sex", Some("F")), 0.8, 50, Some((0.7, 0.9))),
        number(in_group("majority_share", "sex", Some("F")), 0.95, 50, None),
        overall("majority_share", 0.5, 0.4, 0.6),
    ];
    let finding = one("accuracy in each group is at least majority_share", &estimates);
    assert_eq!((finding.verdict, finding.bound), (Verdict::Fail, Some(0.95)));
}

#[test]
fn each_group_is_judged_and_the_missing_level_is_no_group() {
    let recall = |level, value: f64| number(in_group("recall", "sex", level), value, 50, Some((value - 0.05, value + 0.05)));
    let mut rest = recall(None, 0.1);
    rest.key.params.insert("rest".to_owned(), "true".to_owned());
    let mut reference = recall(Some("F"), 0.1);
    reference.key.source = crate::metric::Source::Reference;
    let estimates = [recall(Some("M"), 0.6), recall(Some("F"), 0.4), recall(None, 0.1), rest, reference];
    let findings = all(&["recall in each group of sex is at least 0.5"], &estimates);
    let told: Vec<(Verdict, &str)> = findings
        .iter()
        .map(|finding| (finding.verdict, finding.sentence.as_str()))
        .collect();
    assert_eq!(
        told,
        [
            (
                Verdict::Fail,
                "Where sex is F, of 100 rows positive in truth, 40 are found (35 to 45); the bound is 50 or more."
            ),
            (
                Verdict::Pass,
                "Where sex is M, of 100 rows positive in truth, 60 are found (55 to 65); the bound is 50 or more."
            ),
        ]
    );
}

#[test]
fn a_gap_is_judged_over_groups_with_enough_rows_and_told_over_all() {
    let ratio = |min_support, value, limits| {
        number(
            gap("selection_rate", Comparison::Ratio, &["race"], min_support),
            value,
            100,
            Some(limits),
        )
    };
    let estimates = [
        ratio(None, 0.1, (0.01, 0.9)),
        ratio(Some(30), 0.36, (0.31, 0.42)),
        ratio(Some(10), 0.2, (0.1, 0.3)),
    ];
    let finding = one("the ratio of selection_rate by race is at least 0.8", &estimates);
    assert_eq!((finding.verdict, finding.estimate.as_ref()), (Verdict::Fail, Some(&estimates[1])));
    assert_eq!(
        finding.sentence,
        "The group selected least often is selected at 0.36 times the rate of the group selected most often (0.31 to 0.42), by race; \
         the bound is 0.80 or more."
    );
    assert_eq!(finding.reason, "With the groups of fewer than 30 rows, it is 0.10.");
    let same = [ratio(None, 0.36, (0.31, 0.42)), ratio(Some(30), 0.36, (0.31, 0.42))];
    assert_eq!(one("the ratio of selection_rate by race is at least 0.8", &same).reason, "");
    let alone = [ratio(None, 0.36, (0.31, 0.42))];
    assert_eq!(
        one("the ratio of selection_rate by race is at least 0.8", &alone).verdict,
        Verdict::Fail
    );
}

#[test]
fn between_groups_means_every_grouping_fewer_columns_first() {
    let ratio = |by: &[&str]| number(gap("selection_rate", Comparison::Ratio, by, Some(30)), 0.9, 100, Some((0.85, 0.95)));
    let estimates = [ratio(&["race", "sex"]), ratio(&["sex"]), ratio(&["race"])];
    let findings = all(&["the ratio of selection_rate between groups is at least 0.8"], &estimates);
    let by: Vec<usize> = findings.iter().map(|finding| finding.key.as_ref().unwrap().by.len()).collect();
    assert_eq!(by, [1, 1, 2]);
    let pair = one("the ratio of selection_rate by sex and race is at least 0.8", &estimates);
    assert_eq!(pair.key.unwrap().by, ["race", "sex"]);
}

#[test]
fn too_few_groups_are_inconclusive_or_do_not_apply() {
    let lone = |min_support| {
        undefined(
            gap("recall", Comparison::Difference, &["sex"], min_support),
            UndefinedCode::TooFewGroups,
        )
    };
    let check = "the difference of recall by sex is at most 0.1";
    let optional = "the difference of recall by sex is at most 0.1, where measured";
    let estimates = [lone(None), lone(Some(30))];
    assert_eq!(one(check, &estimates).verdict, Verdict::Inconclusive);
    let finding = one(optional, &estimates);
    assert_eq!(finding.verdict, Verdict::NotApplicable);
    assert_eq!(finding.reason, "Fewer than two groups have a value.");
    let small = [
        number(gap("recall", Comparison::Difference, &["sex"], None), 0.3, 12, Some((0.0, 0.6))),
        lone(Some(30)),
    ];
    let finding = one(optional, &small);
    assert_eq!(finding.verdict, Verdict::Inconclusive);
    assert_eq!(
        finding.sentence,
        "The difference of recall between groups by sex cannot be said: fewer than two groups have 30 rows."
    );
    assert_eq!(
        finding.reason,
        "Fewer than two groups have 30 rows. With the groups of fewer than 30 rows, it is 30 in 100."
    );
}

#[test]
fn distances_and_changes_are_found_by_their_addresses() {
    let mut apart = in_group("recall", "sex", Some("F"));
    apart.comparison = Some(Comparison::ToReferenceDifference);
    apart.reference_group = Some(BTreeMap::from([("sex".to_owned(), Some("M".to_owned()))]));
    let change = Key {
        comparison: Some(Comparison::Change),
        ..Key::overall("accuracy")
    };
    let estimates = [
        number(apart, -0.2, 50, Some((-0.3, -0.15))),
        number(change, 0.0, 50, Some((-0.01, 0.01))),
    ];
    assert_eq!(
        one(
            "the difference to reference of recall in each group of sex is at least -0.1",
            &estimates
        )
        .verdict,
        Verdict::Fail
    );
    assert_eq!(one("the change of accuracy is at least -0.02", &estimates).verdict, Verdict::Pass);
}

#[test]
fn a_check_that_matches_nothing_fails_even_if_it_only_warns() {
    let recall = [
        overall("recall", 0.5, 0.4, 0.6),
        number(in_group("recall", "sex", Some("F")), 0.5, 50, None),
    ];
    for (check, estimates, reason) in [
        (
            "accuracy is at least 0.5, else warn",
            &recall[..],
            "This report holds no accuracy: the data has no columns to measure it on. A check that finds nothing to check fails.",
        ),
        (
            "recall in each group of gender is at least 0.5",
            &recall[..],
            "This report has no groups by gender; it has them by sex. A check that finds nothing to check fails.",
        ),
        (
            "recall in each group is at least 0.5",
            &recall[..1],
            "This report has no groups: no column is marked sensitive. A check that finds nothing to check fails.",
        ),
        (
            "the ratio of recall by sex is at least 0.5",
            &recall[..],
            "This report has groups, but recall is not measured like this in them. A check that finds nothing to check fails.",
        ),
        (
            "recall (class = 7) is at least 0.5",
            &recall[..],
            "This report holds recall, but not in this form. A check that finds nothing to check fails.",
        ),
    ] {
        let finding = one(check, estimates);
        assert_eq!((finding.verdict, finding.reason.as_str()), (Verdict::Fail, reason), "{check}");
        assert!(finding.key.is_none() && finding.estimate.is_none());
        assert!(finding.sentence.starts_with("Nothing to check: "), "{}", finding.sentence);
    }
}

#[test]
fn an_optional_check_that_matches_nothing_does_not_apply() {
    let finding = one("roc_auc is at least 0.5, where measured", &[overall("accuracy", 0.6, 0.5, 0.7)]);
    assert_eq!(finding.verdict, Verdict::NotApplicable);
    assert_eq!(finding.sentence, "Does not apply here: roc_auc is at least 0.5.");
    assert_eq!(
        finding.reason,
        "This report holds no ROC AUC: the data has no columns to measure it on."
    );
}

#[test]
fn what_cannot_be_carried_out_is_an_error() {
    let mut misspelt = parse("accuracy is at least 0.5").unwrap();
    misspelt.subject.metric = "acuracy".to_owned();
    let mut bound = parse("accuracy is at least majority_share").unwrap();
    bound.condition.bound = Bound::Metric {
        metric: "majority_shar".to_owned(),
    };
    let (_, mut flawed) = parse_with_id("recall by sex is at least 0.5").unwrap();
    flawed.id = "flawed".to_owned();
    let word = Estimate {
        value: None,
        text: Some("yes".to_owned()),
        ..number(Key::overall("accuracy"), 0.0, 100, None)
    };
    let lone = parse("accuracy is at least 0.5").unwrap();
    for (check, reason) in [
        (misspelt, "No metric is called acuracy. Is accuracy meant?"),
        (bound, "No metric is called majority_shar. Is majority_share meant?"),
        (
            flawed,
            "The check names groups, but not what to do with them; ask for a comparison such as the ratio, or for each group.",
        ),
        (lone, "Accuracy is not a number, so it cannot be held against a bound."),
    ] {
        let findings = judge(std::slice::from_ref(&check), std::slice::from_ref(&word), &CONTEXT);
        assert_eq!(findings.len(), 1);
        assert_eq!((findings[0].verdict, findings[0].reason.as_str()), (Verdict::Error, reason));
    }
}

#[test]
fn the_most_serious_comes_first_then_the_suites_order() {
    let estimates = [
        overall("accuracy", 0.65, 0.6, 0.7),
        overall("recall", 0.65, 0.6, 0.7),
        overall("precision", 0.65, 0.6, 0.7),
    ];
    let findings = all(
        &[
            "na: r2 is at least 0, where measured",
            "pass: recall is at least 0.5",
            "open: recall is at least 0.65",
            "warn: accuracy is at least 0.8, else warn",
            "fail_b: precision is at least 0.8",
            "fail_a: accuracy is at least 0.8",
            "error: accuracy is at least majority_share",
        ],
        &estimates,
    );
    let ids: Vec<&str> = findings.iter().map(|finding| finding.check.as_str()).collect();
    assert_eq!(ids, ["error", "fail_b", "fail_a", "warn", "open", "pass", "na"]);
}

#[test]
fn the_default_suite_sets_aside_what_the_data_lacks() {
    let estimates = [
        number(Key::overall("rows"), 442.0, 442, None),
        number(Key::overall("r2"), 0.5, 442, Some((0.43, 0.57))),
    ];
    let findings = judge(&default_suite().checks, &estimates, &CONTEXT);
    let held: Vec<&str> = findings
        .iter()
        .filter(|f| f.verdict == Verdict::Pass)
        .map(|f| f.check.as_str())
        .collect();
    assert_eq!(held, ["enough_rows", "explains_variation"]);
    assert!(findings[2..].iter().all(|finding| finding.verdict == Verdict::NotApplicable));
    assert_eq!(findings.len(), 8);
}

#[test]
fn no_suite_and_no_numbers_find_nothing_but_rows_missing() {
    assert!(judge(&[], &[], &CONTEXT).is_empty());
    let findings = judge(&default_suite().checks, &[], &CONTEXT);
    assert_eq!((findings[0].check.as_str(), findings[0].verdict), ("enough_rows", Verdict::Fail));
}
