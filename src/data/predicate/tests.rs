//! The language of predicates: what reads, what does not and where, and which rows are meant.

use proptest::prelude::*;

use super::*;
use crate::data::{Column, Intake, Kind, Levels, MISSING_TIME, Table, Values};

fn parse(text: &str) -> Predicate {
    text.parse().unwrap_or_else(|error| panic!("{text}: {error}"))
}

fn fault(text: &str) -> String {
    text.parse::<Predicate>().expect_err(text).to_string()
}

#[test]
fn texts_have_one_canonical_form() {
    for (text, canonical) in [
        ("age>=65 AND sex = \"Female\"", "age >= 65 and sex = \"Female\""),
        ("age ≥ 65.0 and sex==Female", "age >= 65 and sex = \"Female\""),
        ("((a = 1))", "a = 1"),
        ("a = 1 or b = 2 and c = 3", "a = 1 or b = 2 and c = 3"),
        ("(a = 1 or b = 2) and c = 3", "(a = 1 or b = 2) and c = 3"),
        ("(a = 1 and b = 2) and c = 3", "a = 1 and b = 2 and c = 3"),
        ("not a <> 1", "not (a != 1)"),
        ("not (not a = 1)", "not (not (a = 1))"),
        ("x In (1, b, \"c d\", \u{2212}2.50)", "x in (1, \"b\", \"c d\", -2.5)"),
        ("x not in (1)", "x not in (1)"),
        ("x is missing", "x is missing"),
        ("x IS NOT Missing", "x is not missing"),
        ("`a b` = 1", "\"a b\" = 1"),
        ("\"and\" = \"or\"", "\"and\" = \"or\""),
        ("\"say \\\"a\\\\b\\\"\" = \"\\\"\"", "\"say \\\"a\\\\b\\\"\" = \"\\\"\""),
        ("hours-per-week < 1e3", "hours-per-week < 1000"),
        ("day >= 2018-10-30T18:00", "day >= \"2018-10-30T18:00\""),
        ("zip = 00501", "zip = \"00501\""),
        ("5 = 5", "\"5\" = 5"),
        ("größe = \"\"", "größe = \"\""),
    ] {
        assert_eq!(parse(text).to_string(), canonical, "{text}");
        assert_eq!(parse(canonical), parse(text), "{canonical}");
    }
}

#[test]
fn what_is_no_predicate_says_where() {
    for (text, message) in [
        ("", "The predicate ends where a column is expected."),
        (
            "age",
            "The predicate ends where =, !=, <, <=, >, >=, in, or is missing is expected.",
        ),
        (
            "age >=",
            "The predicate ends where a number, a word, or a text between double quotes is expected.",
        ),
        ("age >= 65 and", "The predicate ends where a column is expected."),
        ("age >= 65 sex = 1", "At character 11, expected and, or, or the end, found \"sex\"."),
        ("é = é? b", "At character 6, expected and, or, or the end, found \"?\"."),
        (
            "a = 'b'",
            "At character 5, expected a number, a word, or a text between double quotes, found \"'\".",
        ),
        (
            "a = and",
            "At character 5, expected a number, a word, or a text between double quotes, found \"and\".",
        ),
        ("(a = 1", "The predicate ends where and, or, or a closing parenthesis is expected."),
        ("a = \"b", "The quote that begins at character 5 does not end; add a \"."),
        ("`a = 1", "The quote that begins at character 1 does not end; add a `."),
        ("a in 1", "At character 6, expected a list of values in parentheses, found \"1\"."),
        (
            "a in ()",
            "At character 7, expected a number, a word, or a text between double quotes, found \")\".",
        ),
        (
            "a in (1 2)",
            "At character 9, expected a comma or a closing parenthesis, found \"2\".",
        ),
        ("a is 5", "At character 6, expected missing, or not missing, found \"5\"."),
        ("a not 5", "At character 7, expected in, found \"5\"."),
        (
            "a & b",
            "At character 3, expected =, !=, <, <=, >, >=, in, or is missing, found \"&\".",
        ),
    ] {
        assert_eq!(fault(text), message, "{text}");
    }
    assert_eq!(
        fault(&format!("{}a = 1{}", "(".repeat(41), ")".repeat(41))),
        "At character 41, parentheses are nested too deeply; write it with fewer."
    );
    assert!(fault(&"not ".repeat(100_000)).contains("too deeply"));
    assert_eq!(
        fault(&format!("a = \"{}\"", "x".repeat(2000))),
        "The predicate is longer than 1000 characters; make it shorter."
    );
}

#[test]
fn a_predicate_can_begin_a_longer_text() {
    for (text, rest) in [
        ("age >= 65 is at most 20 %", " is at most 20 %"),
        ("age is missing is at most 1", " is at most 1"),
        ("age >= 65 >= 0.2", " >= 0.2"),
        ("a = 1 and (b = 2 or c in (3)) at least 1", " at least 1"),
    ] {
        let (_, end) = Predicate::parse_start(text).unwrap();
        assert_eq!(&text[end..], rest);
    }
    let error = Predicate::parse_start("= 1").unwrap_err().moved(10);
    assert_eq!(error.at(), Some(11));
}

fn column(name: &str, kind: Kind, values: Values) -> Column {
    Column {
        name: name.to_owned(),
        kind,
        values,
        missing: 0,
        invalid: 0,
    }
}

fn levels(names: &[&str], codes: &[u32]) -> Values {
    Values::Levels(Levels {
        codes: codes.to_vec().into(),
        names: names.iter().map(|name| (*name).to_owned()).collect(),
    })
}

const NONE: u32 = crate::data::column::MISSING;

fn table() -> Table {
    Table {
        intake: Intake {
            name: "t.csv".to_owned(),
            bytes: 0,
            fingerprint: String::new(),
            delimiter: ',',
            rows_read: 5,
            rows_set_aside: 0,
            bad_rows: Vec::new(),
            sample: None,
            told: std::collections::BTreeMap::new(),
        },
        reading: Vec::new(),
        keys: Vec::new(),
        labels: None,
        rows: 5,
        columns: vec![
            column(
                "age",
                Kind::Numeric,
                Values::Numeric(vec![65.0, 64.9, f64::NAN, 80.0, f64::NEG_INFINITY].into()),
            ),
            column("sex", Kind::Categorical, levels(&["Female", "Male"], &[0, 1, 0, NONE, 1])),
            column("year", Kind::Categorical, levels(&["10", "9"], &[0, 1, 1, 0, NONE])),
            column("ok", Kind::Boolean, levels(&["True", "False"], &[0, 1, 0, 1, 0])),
            column("day", Kind::Time, Values::Time(vec![0, 86_400_000_000, MISSING_TIME, 1, -1].into())),
            column("note", Kind::Text, Values::None),
            column("nothing", Kind::Empty, Values::None),
        ],
        notices: Vec::new(),
        preview: Vec::new(),
    }
}

/// The rows selected, as ones and zeros.
fn selected(text: &str) -> String {
    let rows = parse(text).select(&table()).unwrap_or_else(|error| panic!("{text}: {error}"));
    rows.iter().map(|is_in| if *is_in { '1' } else { '0' }).collect()
}

#[test]
fn rows_are_those_meant() {
    for (text, rows) in [
        ("age >= 65", "10010"),
        ("age > 65", "00010"),
        ("age < \"65\"", "01001"),
        ("age != 65", "01011"),
        ("not age = 65", "01111"),
        ("age in (65, 80)", "10010"),
        ("age not in (65, 80)", "01001"),
        ("age is missing", "00100"),
        ("age is not missing", "11011"),
        ("sex = Female", "10100"),
        ("sex = female", "00000"),
        ("sex != Female", "01001"),
        ("sex is missing", "00010"),
        ("sex is not missing", "11101"),
        ("sex in (Female, Male, Other)", "11101"),
        ("sex not in (Female)", "01001"),
        ("year < 10", "01100"),
        ("year >= 9.5", "10010"),
        ("year = 9.0", "01100"),
        ("year = \"9\"", "01100"),
        ("ok = true", "10101"),
        ("day >= 1970-01-01", "11010"),
        ("day = \"1970-01-02\"", "01000"),
        ("age >= 65 and sex = Female or day is missing", "10100"),
        ("age >= 65 and (sex = Female or day is missing)", "10000"),
    ] {
        assert_eq!(selected(text), rows, "{text}");
    }
}

#[test]
fn what_the_table_cannot_be_asked_is_refused() {
    for (text, message) in [
        (
            "agee = 1",
            "At character 1: There is no column \"agee\". The closest names are: \"age\".",
        ),
        (
            "age = 1 and Sexe = 1",
            "At character 13: There is no column \"Sexe\". The closest names are: \"sex\".",
        ),
        (
            "age > old",
            "At character 7: column \"age\" holds numbers, and \"old\" is none. Write one such as 65.",
        ),
        (
            "age in (1, old)",
            "At character 12: column \"age\" holds numbers, and \"old\" is none. Write one such as 65.",
        ),
        (
            "sex > Female",
            "At character 1: column \"sex\" holds texts, which have no order. Use =, != or in.",
        ),
        (
            "year > old",
            "At character 8: column \"year\" holds numbers, and \"old\" is none. Write one such as 65.",
        ),
        (
            "day > 1970",
            "At character 7: column \"day\" holds times, and \"1970\" is none. Write one such as \"2018-10-30\".",
        ),
        (
            "note = a",
            "At character 1: Column \"note\" holds free text, which is not kept. Choose a column of numbers or categories.",
        ),
        (
            "nothing is missing",
            "At character 1: Column \"nothing\" holds no values. Choose another column.",
        ),
    ] {
        let predicate = parse(text);
        let error = predicate.check(&table()).expect_err(text);
        assert_eq!(error.to_string(), message, "{text}");
        assert_eq!(predicate.select(&table()), Err(error), "{text}");
    }
}

fn literals() -> impl Strategy<Value = Placed<Literal>> {
    prop_oneof![
        "\\PC{0,6}".prop_map(Literal::Text),
        "[a-z]{1,3}".prop_map(Literal::Text),
        any::<f64>()
            .prop_filter("finite", |x| x.is_finite())
            .prop_map(|x| Literal::Number(x + 0.0)),
        (-99..99_i32).prop_map(|x| Literal::Number(f64::from(x))),
    ]
    .prop_map(Placed::from)
}

/// Any predicate.
pub(crate) fn predicates() -> impl Strategy<Value = Predicate> {
    let names = || prop_oneof!["\\PC{0,6}", "[a-z]{1,3}", "(and|is|In|missing)"].prop_map(Placed::from);
    let relations = prop::sample::select(vec![
        Relation::Equal,
        Relation::NotEqual,
        Relation::Less,
        Relation::AtMost,
        Relation::Greater,
        Relation::AtLeast,
    ]);
    let leaf = prop_oneof![
        (names(), relations, literals()).prop_map(|(column, relation, value)| Predicate::Compare { column, relation, value }),
        (names(), prop::collection::vec(literals(), 1..4), any::<bool>()).prop_map(|(column, values, is_negated)| Predicate::In {
            column,
            values,
            is_negated
        }),
        (names(), any::<bool>()).prop_map(|(column, is_negated)| Predicate::Missing { column, is_negated }),
    ];
    leaf.prop_recursive(4, 12, 3, |inner| {
        prop_oneof![
            inner.clone().prop_map(|inner| Predicate::Not(Box::new(inner))),
            prop::collection::vec(inner.clone(), 1..3).prop_map(Predicate::all),
            prop::collection::vec(inner, 1..3).prop_map(Predicate::any),
        ]
    })
}

proptest! {
    #[test]
    fn canonical_texts_read_back(predicate in predicates()) {
        let text = predicate.to_string();
        prop_assume!(text.chars().count() <= 1000);
        let again: Predicate = text.parse().map_err(|error| TestCaseError::fail(format!("{text}: {error}")))?;
        prop_assert_eq!(&again, &predicate, "{}", text);
        prop_assert_eq!(again.to_string(), text);
    }

    #[test]
    fn any_text_is_read_or_refused(text in "\\PC{0,40}") {
        if let Ok(predicate) = text.parse::<Predicate>() {
            prop_assert_eq!(predicate.to_string().parse::<Predicate>(), Ok(predicate.clone()));
        }
    }

    #[test]
    fn texts_of_the_language_are_read_or_refused(
        words in prop::collection::vec(prop::sample::select(vec!["age", "sex", "and", "or", "not", "(", ")", "in", ",", "is", "missing", "=", "<", "5", "\"a\"", "`b`"]), 0..12)
    ) {
        let text = words.join(" ");
        if let Ok(predicate) = text.parse::<Predicate>() {
            prop_assert_eq!(predicate.to_string().parse::<Predicate>(), Ok(predicate.clone()), "{}", text);
            let _ = predicate.select(&table());
        }
    }
}
