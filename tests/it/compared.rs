//! Two files that are odd, compared by the command: what can be said is right by hand, and what cannot be said has its reason.

use std::fmt::Write;

use serde_json::Value;

use crate::command::{Folder, notices, refused};

/// A file of these columns, each of which gives a cell for a row.
fn file(rows: usize, columns: &[(&str, &dyn Fn(usize) -> String)]) -> String {
    let names: Vec<&str> = columns.iter().map(|(name, _)| *name).collect();
    let mut text = format!("{}\n", names.join(","));
    for row in 0..rows {
        let cells: Vec<String> = columns.iter().map(|(_, cell)| cell(row)).collect();
        let _ = writeln!(text, "{}", cells.join(","));
    }
    text
}

/// The report of the second file against the first.
fn compared(reference: &str, current: &str) -> Value {
    let folder = Folder::new().with("was.csv", reference).with("is.csv", current);
    folder.report("is.csv --reference was.csv --windows none")
}

/// A number of a column, in its plain form or with one parameter.
fn of<'a>(report: &'a Value, metric: &str, columns: &[&str]) -> &'a Value {
    let own = |estimate: &&Value| {
        let is_plain = |field: &str| estimate[field].as_object().is_none_or(serde_json::Map::is_empty);
        let source = estimate["source"].as_str();
        let named: Vec<&str> = estimate["columns"]
            .as_array()
            .into_iter()
            .flatten()
            .filter_map(Value::as_str)
            .collect();
        estimate["metric"] == metric && named == columns && is_plain("params") && source.is_none_or(|source| source == "current")
    };
    report["estimates"].as_array().unwrap().iter().find(own).unwrap_or(&Value::Null)
}

fn number(report: &Value, metric: &str, column: &str) -> f64 {
    of(report, metric, &[column])["value"]
        .as_f64()
        .unwrap_or_else(|| panic!("no {metric} of {column}: {}", of(report, metric, &[column])))
}

fn is_drifted(report: &Value, column: &str) -> bool {
    of(report, "drifted", &[column])["text"] == "yes"
}

#[test]
fn a_file_against_itself_has_not_drifted() {
    let text = file(
        200,
        &[
            ("x", &|row| (row * 37 % 101).to_string()),
            ("c", &|row| format!("level {}", row % 7)),
            ("same", &|_| "1".to_owned()),
            ("gone", &|_| String::new()),
        ],
    );
    let report = compared(&text, &text);
    for column in ["x", "c"] {
        assert_eq!(number(&report, "drift_score", column), 0.0, "{column}");
        assert_eq!(number(&report, "drift_pvalue", column), 1.0, "{column}");
        assert!(!is_drifted(&report, column), "{column}");
    }
    assert_eq!(number(&report, "ks_distance", "x"), 0.0);
    assert_eq!(number(&report, "wasserstein", "x"), 0.0);
    assert_eq!(of(&report, "drifted_columns", &[])["value"], 0.0);
    assert_eq!(
        of(&report, "changed_correlations", &[])["value"],
        Value::Null,
        "one column of numbers has no pair"
    );
}

#[test]
fn a_column_that_has_gone_missing_has_drifted_and_says_by_how_much() {
    let whole = file(300, &[("x", &|row| row.to_string()), ("y", &|row| (row % 2).to_string())]);
    let gaps = file(
        300,
        &[
            ("x", &|row| if row % 3 == 0 { String::new() } else { row.to_string() }),
            ("y", &|row| (row % 2).to_string()),
        ],
    );
    let report = compared(&whole, &gaps);
    let change = of(&report, "missing_share_change", &["x"]);
    assert!((change["value"].as_f64().unwrap() - 1.0 / 3.0).abs() < 1e-15, "{change}");
    assert!(change["interval"]["low"].as_f64().unwrap() > 0.25, "{change}");
    assert!(is_drifted(&report, "x") && !is_drifted(&report, "y"));
    // All of it gone: nothing is left whose distribution could be compared, and that is said.
    let nothing = file(300, &[("x", &|_| String::new()), ("y", &|row| (row % 2).to_string())]);
    let report = compared(&whole, &nothing);
    assert!(of(&report, "ks_distance", &["x"])["value"].is_null());
    assert!(
        report["estimates"].as_array().unwrap().len() > 50,
        "the rest is compared all the same"
    );
}

#[test]
fn new_levels_and_levels_that_are_gone_are_counted() {
    let was = file(400, &[("c", &|row| ["a", "b", "c", "d"][row % 4].to_owned())]);
    let is = file(400, &[("c", &|row| ["a", "b", "e", "f", "f"][row % 5].to_owned())]);
    let report = compared(&was, &is);
    assert_eq!(number(&report, "new_levels", "c"), 2.0);
    assert_eq!(number(&report, "vanished_levels", "c"), 2.0);
    assert_eq!(number(&report, "new_level_share", "c"), 0.6);
    // |0.25 - 0.2| twice, |0.25 - 0| twice, 0.2 and 0.4; half of their sum.
    assert!((number(&report, "total_variation", "c") - 0.6).abs() < 1e-15);
    assert!(is_drifted(&report, "c"));
}

#[test]
fn levels_spelled_otherwise_are_told() {
    let was = file(200, &[("city", &|row| ["New York", "Boston"][row % 2].to_owned())]);
    let is = file(200, &[("city", &|row| ["new york", "Boston"][row % 2].to_owned())]);
    let told = compared(&was, &is)["notices"].to_string();
    assert!(told.contains("new york") && told.contains("New York"), "{told}");
}

#[test]
fn a_file_without_rows_is_no_file_without_drift() {
    let some = file(50, &[("x", &|row| row.to_string())]);
    let folder = Folder::new().with("none.csv", "x\n").with("some.csv", some);
    let message = "\"none.csv\" has a header line and no rows. Choose a file with at least one row.";
    refused(&folder, "audit some.csv --reference none.csv", message);
    refused(&folder, "audit none.csv --reference some.csv", message);
}

#[test]
fn a_column_of_another_kind_is_compared_as_text_and_said() {
    let was = file(200, &[("x", &|row| (row % 5).to_string())]);
    let is = file(200, &[("x", &|row| ["low", "high"][row % 2].to_owned())]);
    let report = compared(&was, &is);
    let told = notices(&report, "setting").join("\n");
    assert!(told.contains("the two are compared as texts"), "{told}");
    assert_eq!(number(&report, "total_variation", "x"), 1.0);
    assert!(is_drifted(&report, "x"));
}

#[test]
fn a_reference_a_thousand_times_smaller_proves_little() {
    let was = file(30, &[("x", &|row| (row * 7 % 30).to_string())]);
    let is = file(30_000, &[("x", &|row| (row * 7 % 30).to_string())]);
    let report = compared(&was, &is);
    assert!(number(&report, "drift_pvalue", "x") > 0.9, "the same shares, whatever the sizes");
    assert!(!is_drifted(&report, "x"));
    // Half a standard deviation further up, which 30 rows cannot tell from chance as surely as 30 000 could.
    let shifted = file(30_000, &[("x", &|row| (row * 7 % 30 + 4).to_string())]);
    let report = compared(&was, &shifted);
    let p = number(&report, "drift_pvalue", "x");
    assert!((0.0005..0.5).contains(&p), "{p}");
}

#[test]
fn columns_of_very_many_levels_are_compared_or_left_out_in_words() {
    let was = file(
        40_000,
        &[
            ("code", &|row| format!("c{}", row * 7919 % 40_000)),
            ("x", &|row| (row % 9).to_string()),
        ],
    );
    let is = file(
        40_000,
        &[
            ("code", &|row| format!("d{}", row * 7919 % 40_000)),
            ("x", &|row| (row % 9).to_string()),
        ],
    );
    let report = compared(&was, &is);
    // Ids and free texts are told of by how many there are, never by value.
    let text = report.to_string();
    assert!(
        !text.contains("c123") && !text.contains("d123"),
        "a value that one row has is in the report"
    );
    assert!(!is_drifted(&report, "x"));
}

#[test]
fn columns_that_one_file_has_alone_are_named_and_a_new_name_is_suggested() {
    let was = file(
        200,
        &[
            ("income_eur", &|row| (row * 31 % 997).to_string()),
            ("old", &|row| (row % 3).to_string()),
        ],
    );
    let is = file(
        200,
        &[
            ("income_euro", &|row| (row * 31 % 997).to_string()),
            ("new", &|row| format!("n{}", row % 2)),
        ],
    );
    let told = notices(&compared(&was, &is), "setting").join("\n");
    assert!(told.contains("\"income_eur\", \"old\" are in the reference only"), "{told}");
    assert!(told.contains("--renamed \"income_eur=income_euro\""), "{told}");
    assert!(!told.contains("\"old=new\""), "{told}");
}

#[test]
fn columns_that_come_apart_are_named_in_every_face() {
    let mixed = |row: usize| (row * 73 % 401).to_string();
    let was = file(
        400,
        &[("a", &|row| row.to_string()), ("b", &|row| (row + row * 37 % 53).to_string())],
    );
    let is = file(400, &[("a", &|row| row.to_string()), ("b", &mixed)]);
    let folder = Folder::new().with("was.csv", was).with("is.csv", is);
    let report = folder.report("is.csv --reference was.csv --windows none");
    let change = of(&report, "correlation_change", &["a", "b"]);
    assert!(change["value"].as_f64().unwrap() < -0.8, "{change}");
    assert!(change["interval"]["high"].as_f64().unwrap() < -0.5, "{change}");
    let run = folder.run("audit is.csv --reference was.csv --windows none --markdown out.md --html out.html");
    let faces = [run.out, folder.read("out.md"), folder.read("out.html")];
    for face in faces {
        assert!(face.contains("otherwise than in the reference"), "{face}");
    }
}
