//! Suites read, written, and refused with a place.

use proptest::prelude::*;

use super::*;
use crate::check::default_suite;
use crate::check::sentence::parse;
use crate::check::sentence::tests::any_check;

#[test]
fn sentences_and_fields_read_as_the_same_checks() {
    let toml = r#"
[[check]]
sentence = "four_fifths: the ratio of selection_rate by race is at least 0.8, because it is the rule."

[[check]]
id = "four"
sentence = "accuracy is at least majority_share"
why = "It is the least."

[[check]]
id = "recall_of_each_sex"
severity = "warn"
optional = true
subject = { metric = "recall", aim = "each_group", by = ["sex"], params = { class = "3" } }
condition = { relation = "at_least", bound = 1 }

[[check]]
subject = { metric = "selection_rate", comparison = "ratio" }
condition = { relation = "at_most", bound = { metric = "prevalence" } }
"#;
    let expected = [
        "four_fifths: the ratio of selection_rate by race is at least 0.8, because it is the rule.",
        "four: accuracy is at least majority_share, because It is the least.",
        "recall_of_each_sex: recall (class = 3) in each group of sex is at least 1, else warn, where measured",
        "the ratio of selection_rate between groups is at most prevalence",
    ];
    let suite = Suite::parse(toml).unwrap();
    assert_eq!(suite.checks, expected.map(|text| parse(text).unwrap()));
    let json = r#"{"check": [{"id": "four", "sentence": "accuracy is at least majority_share", "why": "It is the least."},
        {"subject": {"metric": "selection_rate", "comparison": "ratio"}, "condition": {"relation": "at_most", "bound": {"metric": "prevalence"}}}]}"#;
    assert_eq!(
        Suite::parse(json).unwrap().checks,
        [suite.checks[1].clone(), suite.checks[3].clone()]
    );
}

#[test]
fn the_default_suite_is_written_in_sentences() {
    let text = default_suite().to_toml();
    assert!(
        text.contains("sentence = \"the ratio of selection_rate between groups is at least 0.8, where measured\""),
        "{text}"
    );
    assert_eq!(Suite::parse(&text).unwrap(), default_suite());
}

#[test]
fn a_check_whose_sentence_would_not_read_back_is_kept_as_fields() {
    for metric in ["my own", "tpr"] {
        let mut check = parse("accuracy is at least 0.5").unwrap();
        check.subject.metric = metric.to_owned();
        let suite = Suite { checks: vec![check] };
        assert!(suite.to_toml().contains(&format!("metric = \"{metric}\"")));
        assert_eq!(Suite::parse(&suite.to_toml()).unwrap(), suite);
    }
}

#[test]
fn faults_are_told_with_line_and_column() {
    for (text, message) in [
        (
            "[[check]]\nsentence = \"acuracy is at least 0.8\"\n",
            "The suite, line 1, column 1: At character 1 of the sentence, no metric is called “acuracy”. Is accuracy meant?",
        ),
        (
            "\n[[check]]\nid = \"x\"\n",
            "The suite, line 2, column 1: A check needs a `sentence`, or else a `subject` and a `condition`.",
        ),
        (
            "[[check]]\nid = \"x\"\nsentence = \"y: accuracy is at least 0.8\"",
            "The suite, line 1, column 1: The sentence says already what `id` says; leave one of them out.",
        ),
        (
            "[[check]]\nsentence = \"accuracy is at least 0.8\"\nlevel = 3",
            "unknown field `level`",
        ),
        (
            "[[check]]\nsubject = { metric = \"recall\" }\ncondition = { relation = \"at_least\", bound = \"much\" }",
            "a bound is a number, or a metric as in { metric = \"majority_share\" }",
        ),
        (
            "[[check]]\nsubject = { metric = \"recall\" }\ncondition = { relation = \"at_least\", bound = nan }",
            "finite",
        ),
        ("check = 3 = 4", "The suite, line 1, column "),
        (
            "{\"check\": [\n{\"sentence\": \"accuracy is at least\"}]}",
            "The suite, line 2, column ",
        ),
        ("{\"check\": [", "The suite, line 1, column "),
        ("", "The suite holds no check, so nothing could fail"),
        ("[[chek]]\nid = \"x\"", "unknown field `chek`"),
        (
            "[[check]]\nsentence = \"accuracy is at least 0.8\"\n[[check]]\nsentence = \"accuracy is at least 0.8\"",
            "The suite, line 3: its checks 1 and 2 are both called “accuracy_at_least_0.8”",
        ),
    ] {
        let told = Suite::parse(text).unwrap_err().to_string();
        assert!(told.contains(message), "{text}\n{told}");
        assert!(!told.contains('\n'), "{told}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]
    #[test]
    fn suites_read_back_as_written(mut checks in prop::collection::vec(any_check(), 1..4)) {
        for (place, check) in checks.iter_mut().enumerate() {
            check.id.push_str(&place.to_string());
        }
        let suite = Suite { checks };
        prop_assert_eq!(Suite::parse(&suite.to_toml()), Ok(suite.clone()), "{}", suite.to_toml());
        prop_assert_eq!(Suite::parse(&suite.to_json()), Ok(suite));
    }

    #[test]
    fn no_text_makes_the_reader_panic(text in "[\\[\\]{}a-z=\" \n\u{e9}]{0,40}") {
        let _ = Suite::parse(&text);
    }
}
