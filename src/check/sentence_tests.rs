//! Sentences written, read, and refused with a place; and the law that what is written reads back.

use super::*;
use crate::data::predicate::tests::predicates;
use crate::metric::registry::METRICS;
use proptest::prelude::*;

fn told(text: &str) -> String {
    body(&parse(text).unwrap_or_else(|error| panic!("{text}: {error}")))
}

#[test]
fn sentences_read_back_as_written() {
    for text in [
        "accuracy is at least 0.8",
        "accuracy is at least majority_share",
        "the ratio of selection_rate by race is at least 0.8",
        "the difference of recall between groups is at most 0.1, else warn, where measured",
        "recall in each group of sex and age_cat is at least 0.5, else warn",
        "recall in each group is at least 0.5",
        "recall (class = 3) is at least 0.5",
        "the lowest recall by \"home town\" is at least 0.5",
        "the difference to reference of recall in each group of sex is at least -0.1",
        "the change of accuracy is at least -0.02",
        "error_rate for age >= 65 and sex = \"Female\" is at most 0.2, else warn",
        "the difference to the rest of error_rate for \"a b\" is missing is at most 0.05",
    ] {
        assert_eq!(told(text), text);
    }
}

#[test]
fn other_ways_to_say_it_are_understood() {
    for (text, canonical) in [
        ("Accuracy >= 80 %", "accuracy is at least 0.8"),
        ("accuracy is at least 80%", "accuracy is at least 0.8"),
        ("tpr at least .5", "recall is at least 0.5"),
        (
            "False positive rate in every group is at most 0.2.",
            "false_positive_rate in each group is at most 0.2",
        ),
        (
            "gap of false positive rate by sex ≤ 0.1",
            "the difference of false_positive_rate by sex is at most 0.1",
        ),
        ("accuracy is at least the majority share", "accuracy is at least majority_share"),
        ("error rate for age >= 65 at most 20 %", "error_rate for age >= 65 is at most 0.2"),
        (
            "Error rate for (sex==Female or age is missing) <= 20%",
            "error_rate for sex = \"Female\" or age is missing is at most 0.2",
        ),
        ("for for age<5 is at most 1", "false_omission_rate for age < 5 is at most 1"),
        (
            "gap to the rest of error_rate for age > 5 <= 5%",
            "the difference to the rest of error_rate for age > 5 is at most 0.05",
        ),
        ("the mean error is at least −2", "mean_error is at least -2"),
    ] {
        assert_eq!(told(text), canonical);
    }
}

#[test]
fn an_id_stands_before_the_sentence_or_follows_from_it() {
    assert_eq!(
        parse("four_fifths: the ratio of selection_rate by race is at least 0.8")
            .unwrap()
            .id,
        "four_fifths"
    );
    assert_eq!(parse("\"my check\": accuracy is at least 0.8").unwrap().id, "my check");
    assert_eq!(
        parse("the ratio of selection_rate by race is at least 0.8").unwrap().id,
        "ratio_selection_rate_by_race_at_least_0.8"
    );
    assert_ne!(parse("r2 is at least 0.5").unwrap().id, parse("r2 is at least -0.5").unwrap().id);
}

#[test]
fn the_reason_is_everything_after_because() {
    let check = parse("x: accuracy is at least 0.8, else warn, because the contract, page 3, says: \"80 %\".").unwrap();
    assert_eq!(check.why, "the contract, page 3, says: \"80 %\".");
    assert_eq!(check.severity, Severity::Warn);
}

#[test]
fn errors_say_where_and_what_was_expected() {
    for (text, message) in [
        ("", "The sentence ends where a metric such as accuracy is expected."),
        (
            "acuracy is at least 0.8",
            "At character 1 of the sentence, no metric is called “acuracy”. Is accuracy meant?",
        ),
        (
            "accuracy is above 0.8",
            "At character 13 of the sentence, expected “is at least” or “is at most”, found “above”.",
        ),
        ("accuracy is at", "The sentence ends where “least” or “most” is expected."),
        (
            "accuracy is at least",
            "The sentence ends where a number such as 0.8, or a metric is expected.",
        ),
        (
            "accuracy is at least 0.8.1",
            "At character 22 of the sentence, expected a number such as 0.8, or a metric, found “0.8.1”.",
        ),
        (
            "accuracy is at least 0.8 always",
            "At character 26 of the sentence, expected “else warn”, “where measured”, “because” or the end, found “always”.",
        ),
        (
            "recall by \"sex is at least 1",
            "The quote that begins at character 11 of the sentence does not end; add a \".",
        ),
        (
            "error_rate for age > is at most 0.2",
            "The slice after “for” cannot be read. At character 22, expected a number, a word, or a text between double quotes, found \"is\".",
        ),
        (
            "error_rate in each group for age > 5 is at most 0.2",
            "The sentence cannot be checked: a slice is not divided into groups; write the group into the slice, or leave one of them out.",
        ),
        (
            "the difference to the rest of error_rate is at most 0.2",
            "The sentence cannot be checked: the distance to the rest of the rows is a number of a slice; say which with “for”.",
        ),
        (
            "recall by sex is at least 0.5",
            "The sentence cannot be checked: the check names groups, but not what to do with them; ask for a comparison such as the ratio, or \
             for each group.",
        ),
    ] {
        assert_eq!(parse(text).unwrap_err().to_string(), message, "{text}");
    }
    assert!(matches!(parse("accuracy is at least 1e999"), Err(SentenceError::Expected { .. })));
    assert!(matches!(
        parse("accuracy is at least nan"),
        Err(SentenceError::UnknownMetric { .. })
    ));
}

pub(in crate::check) fn any_check() -> impl Strategy<Value = Check> {
    let metric = || (0..METRICS.len()).prop_map(|place| METRICS[place].id.to_owned());
    let names = || prop::collection::vec("\\PC{1,8}|[a-z]{1,4}|and|is", 0..3);
    let comparison = prop::option::of(prop::sample::select(vec![
        Comparison::Difference,
        Comparison::Ratio,
        Comparison::ToOverallDifference,
        Comparison::ToOverallRatio,
        Comparison::ToReferenceDifference,
        Comparison::ToReferenceRatio,
        Comparison::GroupMin,
        Comparison::GroupMax,
        Comparison::Change,
    ]));
    let slice = prop::option::weighted(0.3, (predicates().prop_map(|predicate| predicate.to_string()), any::<bool>()))
        .prop_filter("short", |slice| slice.as_ref().is_none_or(|(text, _)| text.chars().count() < 1000));
    let subject = (
        metric(),
        prop::collection::btree_map("\\PC{0,5}", "\\PC{0,5}", 0..3),
        comparison,
        names(),
        prop::sample::select(vec![Aim::Overall, Aim::EachGroup]),
        slice,
    );
    let bound = prop_oneof![
        prop::num::f64::NORMAL.prop_map(Bound::Constant),
        (-100..100_i32).prop_map(|n| Bound::Constant(f64::from(n) / 100.0)),
        metric().prop_map(|metric| Bound::Metric { metric }),
    ];
    let relation = prop::sample::select(vec![Relation::AtLeast, Relation::AtMost]);
    let severity = prop::sample::select(vec![Severity::Fail, Severity::Warn]);
    let rest = (relation, bound, severity, any::<bool>(), "\\PC{0,20}");
    ("\\PC{1,8}|[a-z_0-9]{1,8}", subject, rest)
        .prop_map(
            |(id, (metric, params, comparison, by, aim, slice), (relation, bound, severity, optional, why))| Check {
                id,
                subject: match slice {
                    None => Subject {
                        metric,
                        params,
                        comparison,
                        by,
                        slice: None,
                        aim,
                    },
                    Some((slice, is_compared)) => Subject {
                        metric,
                        params,
                        comparison: is_compared.then_some(Comparison::ToRestDifference),
                        slice: Some(slice),
                        ..Subject::default()
                    },
                },
                condition: Condition { relation, bound },
                severity,
                optional,
                why: why.trim().to_owned(),
            },
        )
        .prop_filter("a check that some data can be asked", |check| check.flaw().is_none())
}

proptest! {
    #[test]
    fn every_check_reads_back_from_its_sentence(check in any_check()) {
        let text = print(&check);
        prop_assert_eq!(parse(&text), Ok(check), "{}", text);
    }

    #[test]
    fn no_text_makes_the_reader_panic(text in "\\PC{0,40}", start in prop::sample::select(vec!["", "recall ", "the ratio of ", "accuracy is at least "])) {
        let _ = parse(&format!("{start}{text}"));
    }
}
