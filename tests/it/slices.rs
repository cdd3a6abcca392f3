//! Slices of whole reports: each is what an audit of its rows alone gives, each is held against all other rows, and nothing is named that was
//! not asked for.

use std::collections::{BTreeMap, BTreeSet};

use assay::data::{Predicate, Roles};
use assay::metric::{Comparison, Estimate, Key, UndefinedCode};
use assay::report::Report;
use assay::run::Settings;
use assay::run::slices::SliceSettings;
use assay::stats::hypothesis::{Side, fisher_exact};
use assay::stats::multiple::Correction;

use crate::command::{Folder, notices, refused};
use crate::frame::{Draw, audit_in_steps, binary_rows, class_rows, csv, number_rows, roles, same_estimates, table};
use crate::properties::of_model;

/// Settings that look at these columns and predicates, however few rows they have.
fn settings(by: &[&str], predicates: &[&str]) -> Settings {
    let texts = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
    Settings {
        min_support: 1,
        slices: SliceSettings {
            by: Some(texts(by)),
            predicates: texts(predicates),
            ..SliceSettings::default()
        },
        ..Settings::default()
    }
}

fn audit(text: &str, roles: &Roles, settings: &Settings) -> Report {
    audit_in_steps(text, roles, settings, 100_000)
}

/// The slices of a report, in its order.
fn slices(report: &Report) -> Vec<String> {
    let mut seen = BTreeSet::new();
    let named = report.estimates.iter().filter_map(|estimate| estimate.key.slice.clone());
    named.filter(|slice| seen.insert(slice.clone())).collect()
}

fn of_slice<'r>(report: &'r Report, slice: &str, metric: &str, comparison: Option<Comparison>) -> Option<&'r Estimate> {
    report.estimate(&Key {
        slice: Some(slice.to_owned()),
        comparison,
        ..Key::overall(metric)
    })
}

/// The p-value as it is, or corrected.
fn p_value<'r>(report: &'r Report, slice: &str, is_corrected: bool) -> &'r Estimate {
    let is_it = |estimate: &&Estimate| {
        let key = &estimate.key;
        key.metric == "p_value" && key.slice.as_deref() == Some(slice) && key.params.contains_key("correction") == is_corrected
    };
    report
        .estimates
        .iter()
        .find(is_it)
        .unwrap_or_else(|| panic!("no p-value of {slice}"))
}

/// The rows for which a predicate holds, and the others.
fn parted(text: &str, slice: &str) -> (String, String) {
    let table = table(text, 1000);
    let predicate: Predicate = slice.parse().unwrap();
    let holds = predicate.select(&table).unwrap();
    let (header, rows) = text.split_once('\n').unwrap();
    let pick = |wanted: bool| {
        let rows = rows.lines().zip(&holds).filter(|(_, is_in)| **is_in == wanted);
        csv(header, &rows.map(|(row, _)| row.to_owned()).collect::<Vec<_>>())
    };
    (pick(true), pick(false))
}

/// Every number of every slice is that of an audit of its rows alone, and every difference is to an audit of the other rows.
fn slices_are_their_rows(text: &str, named: &str, settings: &Settings, metrics: &[&str]) {
    let report = audit(text, &roles(named), settings);
    let names = slices(&report);
    assert!(names.len() >= 4, "{names:?}");
    for slice in names {
        let (own, rest) = parted(text, &slice);
        // The task and the classes are those of all rows.
        let whole = Settings {
            task: report.outcome.task,
            positive: report.outcome.positive_class.clone(),
            ..Settings::default()
        };
        let (own, rest) = (audit(&own, &roles(named), &whole), audit(&rest, &roles(named), &whole));
        for metric in metrics {
            let alone = own.estimate(&Key::overall(metric)).unwrap();
            let found = of_slice(&report, &slice, metric, None).unwrap_or_else(|| panic!("no {metric} of {slice}"));
            assert_eq!((found.value, found.support), (alone.value, alone.support), "{metric} {slice}");
            assert_eq!(found.interval, alone.interval, "{metric} {slice}");
            let Some(difference) = of_slice(&report, &slice, metric, Some(Comparison::ToRestDifference)) else {
                continue;
            };
            let other = rest.estimate(&Key::overall(metric)).unwrap();
            let expected = alone.value.zip(other.value).map(|(own, rest)| own - rest);
            assert_eq!(
                (difference.value, difference.support),
                (expected, alone.support.min(other.support)),
                "{metric} {slice}"
            );
            if let (Some(value), Some(limits)) = (difference.value, difference.interval) {
                assert!(limits.low <= value && value <= limits.high, "{difference:?}");
            }
        }
    }
}

#[test]
fn slices_of_two_classes_are_their_rows() {
    for seed in 0..4 {
        let draw = &mut Draw(seed);
        let rows: Vec<String> = binary_rows(draw, 200)
            .into_iter()
            .map(|row| {
                format!(
                    "{row},{},{}",
                    draw.pick(&["0.5", "1", "2", "7"]),
                    draw.pick(&["1", "2", "40", "55.5", "-3", ""])
                )
            })
            .collect();
        let text = csv("y,p,s,a,b,w,n", &rows);
        let predicates = ["n >= 2 and (a = x or b is missing)", "not (a = x)", "s > 0.4"];
        let metrics = ["rows", "error_rate", "recall", "precision", "roc_auc"];
        for named in [
            "label=y prediction=p score=s",
            "label=y prediction=p score=s weight=w",
            "label=y prediction=p",
        ] {
            let metrics = if named.contains("score") { &metrics[..] } else { &metrics[..4] };
            slices_are_their_rows(&text, named, &settings(&["a", "b", "n"], &predicates), metrics);
        }
    }
}

#[test]
fn slices_of_several_classes_and_of_numbers_are_their_rows() {
    for seed in 0..4 {
        let draw = &mut Draw(seed);
        let metrics = ["rows", "error_rate"];
        let classes = csv("y,p,a", &class_rows(draw, 200));
        slices_are_their_rows(&classes, "label=y prediction=p", &settings(&["a"], &["a != x"]), &metrics);
        let rows: Vec<String> = number_rows(draw, 200)
            .into_iter()
            .map(|row| format!("{row},{}", draw.pick(&["0.5", "1", "2", "7"])))
            .collect();
        let text = csv("y,p,a,w", &rows);
        for named in ["label=y prediction=p", "label=y prediction=p weight=w"] {
            slices_are_their_rows(&text, named, &settings(&["a"], &["p > 5"]), &["rows", "mae", "rmse"]);
        }
    }
}

#[test]
fn steps_order_and_counts_do_not_show_in_slices() {
    let draw = &mut Draw(3);
    let mut rows: Vec<String> = binary_rows(draw, 300)
        .into_iter()
        .map(|row| format!("{row},{},{}", (draw.unit() * 100.0).floor(), draw.below(4)))
        .collect();
    let named = roles("label=y prediction=p score=s count=c");
    let settings = settings(&["a", "n"], &["n < 50 and a = x"]);
    let text = csv("y,p,s,a,b,n,c", &rows);
    let whole = audit(&text, &named, &settings);
    assert!(slices(&whole).len() > 8, "{:?}", slices(&whole));
    for step in [1, 7, 64] {
        same_estimates(&whole, &audit_in_steps(&text, &named, &settings, step));
    }
    let count = |row: &String| row.rsplit(',').next().unwrap().parse::<usize>().unwrap();
    let repeated: Vec<String> = rows.iter().flat_map(|row| vec![row.clone(); count(row)]).collect();
    let plain = roles("label=y prediction=p score=s");
    // The column of counts is a column like any other where nobody counts.
    let repeated = audit(&csv("y,p,s,a,b,n,c", &repeated), &plain, &settings);
    assert_eq!(of_model(&whole.estimates), of_model(&repeated.estimates));
    draw.shuffle(&mut rows);
    let shuffled = audit(&csv("y,p,s,a,b,n,c", &rows), &named, &settings);
    for slice in slices(&whole) {
        for metric in ["rows", "error_rate", "recall"] {
            assert_eq!(
                of_slice(&whole, &slice, metric, None),
                of_slice(&shuffled, &slice, metric, None),
                "{metric} {slice}"
            );
        }
        assert_eq!(p_value(&whole, &slice, true), p_value(&shuffled, &slice, true), "{slice}");
    }
}

/// So many rows with that level, of which so many are wrong.
fn with_errors(level: &str, wrong: usize, rows: usize) -> Vec<String> {
    (0..rows).map(|row| format!("1,{},{level}", u8::from(row >= wrong))).collect()
}

/// Three levels of rows, and a fourth of few.
fn uneven() -> String {
    let mut rows = with_errors("good", 4, 100);
    rows.extend(with_errors("fair", 12, 100));
    rows.extend(with_errors("bad", 30, 100));
    rows.extend(with_errors("rare", 9, 10));
    rows.extend((0..40).map(|_| "0,0,good".to_owned()));
    csv("y,p,a", &rows)
}

#[test]
fn p_values_are_fishers_corrected_for_what_was_looked_at() {
    for correction in [Correction::BenjaminiHochberg, Correction::Holm, Correction::Bonferroni] {
        let mut settings = settings(&["a"], &["a = rare", "a in (rare, bad)"]);
        settings.min_support = 30;
        settings.slices.correction = correction;
        let report = audit(&uneven(), &roles("label=y prediction=p"), &settings);
        let looked_at = ["a = \"bad\"", "a = \"fair\"", "a = \"good\"", "a in (\"rare\", \"bad\")"];
        assert_eq!(
            slices(&report).iter().filter(|slice| *slice != "a = \"rare\"").collect::<Vec<_>>(),
            looked_at
        );
        let expected = [[30, 70], [12, 88], [4, 136], [39, 71]]
            .map(|[wrong, right]| fisher_exact([[wrong, right], [55 - wrong, 295 - right]], Side::Both));
        let adjusted = correction.adjust(&expected);
        for ((slice, p), adjusted) in looked_at.into_iter().zip(expected).zip(adjusted) {
            assert_eq!(p_value(&report, slice, false).value, Some(p), "{slice}");
            assert_eq!(p_value(&report, slice, true).value, Some(adjusted), "{slice}");
        }
        // Too few rows to be looked at: not tested, and not counted among the tests.
        let small = p_value(&report, "a = \"rare\"", true);
        assert_eq!(small.undefined.as_ref().unwrap().code, UndefinedCode::BelowMinSupport);
        assert_eq!(of_slice(&report, "a = \"rare\"", "error_rate", None).unwrap().value, Some(0.9));
    }
}

#[test]
fn weighted_shares_and_numbers_have_tests_of_their_own() {
    let draw = &mut Draw(8);
    let rows: Vec<String> = (0..400)
        .map(|_| {
            format!(
                "{},{},{},{}",
                draw.below(2),
                draw.below(2),
                draw.pick(&["x", "y"]),
                draw.pick(&["1", "3"])
            )
        })
        .collect();
    let text = csv("y,p,a,w", &rows);
    let test = |named: &str, task| {
        let settings = Settings {
            task,
            ..settings(&["a"], &[])
        };
        let report = audit(&text, &roles(named), &settings);
        let estimate = p_value(&report, "a = \"x\"", false).clone();
        assert!(estimate.value.is_some_and(|p| p > 0.0 && p <= 1.0), "{estimate:?}");
        estimate.key.params["test"].clone()
    };
    assert_eq!(test("label=y prediction=p", None), "fisher_exact");
    assert_eq!(test("label=y prediction=p weight=w", None), "pooled_z");
    assert_eq!(test("label=y prediction=p", Some(assay::run::Task::Regression)), "z");
}

#[test]
fn a_slice_that_is_everything_or_nothing_says_why_it_is_not_compared() {
    let settings = settings(&[], &["a is not missing", "a = none_such"]);
    let report = audit(&uneven(), &roles("label=y prediction=p"), &settings);
    for (slice, rows) in [("a is not missing", 350), ("a = \"none_such\"", 0)] {
        assert_eq!(of_slice(&report, slice, "rows", None).unwrap().support, rows);
        let p = p_value(&report, slice, true);
        assert_eq!(
            (p.value, p.undefined.as_ref().unwrap().code),
            (None, UndefinedCode::NoRows),
            "{slice}"
        );
    }
}

// ---- what is named -------------------------------------------------------------------------------------------------------------------------

/// An id, a feature, a sensitive feature with a rare level, a note; two hundred rows.
fn people() -> String {
    let rows = (0..200).map(|row| {
        let (sex, job) = (if row % 2 == 0 { "Female" } else { "Male" }, ["cook", "clerk", "smith"][row % 3]);
        let sex = if row == 7 { "SECRET_LEVEL" } else { sex };
        format!(
            "SECRET_ID_{row},{sex},{job},{},free words {row} of one kind or another,{},{}",
            row % 70,
            u8::from(row % 5 > 2),
            u8::from(row % 7 > 3)
        )
    });
    csv("id,sex,job,age,note,y_true,y_pred", &rows.collect::<Vec<_>>())
}

#[test]
fn only_what_was_asked_for_is_named() {
    let folder = Folder::new().with("people.csv", people());
    let named = |arguments: &str| {
        let report = folder.report(&format!("people.csv --id id {arguments}"));
        let slices: BTreeMap<String, ()> = report["estimates"]
            .as_array()
            .unwrap()
            .iter()
            .filter_map(|estimate| Some((estimate["slice"].as_str()?.to_owned(), ())))
            .collect();
        for face in ["json", "markdown", "html"] {
            let text = folder.run(&format!("audit people.csv --id id {arguments} --{face} -")).out;
            assert!(!text.contains("SECRET_ID"), "{arguments}: {face} names an id");
            // Beside a column's most frequent level, which thirty rows have at least.
            let text = text.replace("\"text\":\"clerk\"", "").replace("name\">clerk</bdi>", "");
            assert_eq!(
                text.contains("clerk"),
                slices.keys().any(|slice| slice.contains("clerk")),
                "{arguments}: {face}"
            );
        }
        slices.into_keys().collect::<Vec<_>>()
    };
    assert_eq!(named("--sensitive sex"), ["sex = \"Female\"", "sex = \"Male\""]);
    assert_eq!(named("--slices-by="), Vec::<String>::new());
    assert_eq!(named("--slices-by job"), ["job = \"clerk\"", "job = \"cook\"", "job = \"smith\""]);
    let features = named("--sensitive sex --slice-features");
    assert_eq!(features.len(), 2 + 3 + 4, "{features:?}");
    assert_eq!(
        named("--slices-by= --bins age=18,50"),
        ["age < 18", "age >= 18 and age < 50", "age >= 50"]
    );
    let report = folder.report("people.csv --id id --sensitive sex");
    assert_eq!(
        notices(&report, "slices"),
        ["Slices of fewer than 30 rows are not looked at: 1 of \"sex\"."]
    );
}

#[test]
fn what_cannot_be_sliced_is_refused() {
    let folder = Folder::new().with("people.csv", people());
    for (arguments, message) in [
        (
            "--slices-by id",
            "Column \"id\" is the id, whose values are never reported, so it makes no slices. Choose another column, or give it another role.",
        ),
        (
            "--slice id=1",
            "Column \"id\" is the id, whose values are never reported, so it makes no slices. Choose another column, or give it another role.",
        ),
        ("--slices-by jobb", "There is no column \"jobb\". The closest names are: \"job\"."),
        (
            "--slice age>",
            "The slice `age>` cannot be read. The predicate ends where a number, a word, or a text between double quotes is expected.",
        ),
        (
            "--slice agee>5",
            "The slice `agee>5` cannot be read. At character 1: There is no column \"agee\". The closest names are: \"age\".",
        ),
        (
            "--slice job>5",
            "The slice `job>5` cannot be read. At character 1: column \"job\" holds texts, which have no order. Use =, != or in.",
        ),
        (
            "--bins age=50,18",
            "The setting bins is \"age\" = 50,18, but must be one to 49 rising numbers, for instance 18,30,50.",
        ),
        (
            "--bins job=5",
            "The setting bins is \"job\" = a column of no numbers, but must be for a column of numbers.",
        ),
    ] {
        refused(&folder, &format!("audit people.csv --id id {arguments}"), message);
    }
    let ran = folder.run("audit people.csv --bins age=young");
    assert!(
        ran.code == 2
            && ran
                .err
                .contains("\"young\" must be numbers separated by commas, as in age=18,30,50"),
        "{}",
        ran.err
    );
}

#[test]
fn a_check_names_its_slice() {
    let suite = r#"
[[check]]
sentence = "error_rate for job=clerk and age<50 is at most 1 %"

[[check]]
id = "fields"
subject = { metric = "rows", slice = "(job == clerk)" }
condition = { relation = "at_least", bound = 10 }

[[check]]
sentence = "the difference to the rest of error_rate for sex = Male is at most 99 %"
"#;
    let folder = Folder::new().with("people.csv", people()).with("suite.toml", suite);
    let report = folder.report("people.csv --id id --suite suite.toml --slices-by=");
    let findings: Vec<(&str, &str)> = report["findings"]
        .as_array()
        .unwrap()
        .iter()
        .map(|finding| (finding["verdict"].as_str().unwrap(), finding["sentence"].as_str().unwrap()))
        .collect();
    assert_eq!(findings.len(), 3);
    assert_eq!(findings[0].0, "fail");
    assert!(
        findings[0].1.starts_with("For job = \"clerk\" and age < 50, of 100 rows,"),
        "{findings:?}"
    );
    assert_eq!(findings[1].0, "pass");
    assert!(findings[1].1.starts_with("For job = \"clerk\", there are 67 rows"), "{findings:?}");
    assert!(findings[2].1.contains("minus that of all other rows"), "{findings:?}");
    let folder = Folder::new().with("people.csv", people()).with(
        "suite.toml",
        "[[check]]\nsubject = { metric = \"rows\", slice = \"job ==\" }\ncondition = { relation = \"at_least\", bound = 1 }\n",
    );
    let ran = folder.run("audit people.csv --suite suite.toml");
    assert!(
        ran.code == 2
            && ran
                .err
                .contains("The predicate ends where a number, a word, or a text between double quotes is expected."),
        "{}",
        ran.err
    );
}

#[test]
fn hostile_names_stay_text_in_every_face() {
    let rows: Vec<String> = (0..120)
        .map(|row| {
            let level = if row % 3 == 0 {
                "<img src=x onerror=alert(1)>"
            } else {
                "\"\"|`*_\u{202e}"
            };
            format!("{},{},\"{level}\"", row % 2, (row / 3) % 2)
        })
        .collect();
    let text = csv("y_true,y_pred,\"<script>\"\" and `x` | y\"", &rows);
    let folder = Folder::new().with("hostile.csv", text);
    let mut command = folder.command("audit hostile.csv --json report.json --html report.html --markdown report.md --slices-by");
    let ran = command.arg("\"<script>\"\" and `x` | y\"").output().unwrap();
    // The column's name as a list of columns is read by its commas only.
    assert_eq!(ran.status.code(), Some(2));
    let mut command = folder.command("audit hostile.csv --json report.json --html report.html --markdown report.md --slices-by");
    let ran = command.arg("<script>\" and `x` | y").output().unwrap();
    assert!(matches!(ran.status.code(), Some(0 | 1)), "{}", String::from_utf8_lossy(&ran.stderr));
    let html = folder.read("report.html");
    assert!(!html.contains("<script>\"") && !html.contains("<img"), "markup got into the page");
    assert!(html.contains("&lt;img src=x"));
    let summary = String::from_utf8(ran.stdout).unwrap();
    assert!(!summary.contains('\u{202e}') && !folder.read("report.md").contains("<img"));
    let report: serde_json::Value = serde_json::from_str(&folder.read("report.json")).unwrap();
    let slice = report["estimates"]
        .as_array()
        .unwrap()
        .iter()
        .find_map(|estimate| estimate["slice"].as_str())
        .unwrap();
    let again: Predicate = slice.parse().unwrap();
    assert_eq!(again.to_string(), slice);
}
