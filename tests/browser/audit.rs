//! A real file goes in, the published figures come out, and what is kept is what the command writes.

use std::path::Path;

use serde_json::Value;

use crate::browser::Browser;
use crate::page::{COMPAS, COMPAS_FLAGS, COMPAS_PUBLISHED, COMPAS_ROLES, Page, assert_same_json, command_json};

const ADULT: &str = "tests/oracle/adult.csv";
const ADULT_ROLES: [(&str, &str); 6] = [
    ("y_true", "label"),
    ("score", "score"),
    ("y_pred", "feature"),
    ("race", "sensitive"),
    ("sex", "sensitive"),
    ("sample_weight", "feature"),
];
const ADULT_FLAGS: [&str; 9] = [
    "--slice-features",
    "--label",
    "y_true",
    "--score",
    "score",
    "--threshold",
    "0.5",
    "--sensitive",
    "race,sex",
];

/// Columns of Adult that could be taken for something else.
const ADULT_OTHERS: [(&str, &str); 4] = [("score_b", "feature"), ("y_pred_b", "feature"), ("age", "feature"), ("id", "id")];

#[test]
fn compas_dropped_gives_the_published_figures_and_the_commands_json() {
    let browser = Browser::chromium();
    let page = Page::open(&browser);
    page.drop(Path::new(COMPAS));
    confirm_and_read_compas(&page);
}

#[test]
fn compas_chosen_gives_the_published_figures_and_the_commands_json() {
    let browser = Browser::chromium();
    let page = Page::open(&browser);
    page.choose(Path::new(COMPAS));
    confirm_and_read_compas(&page);
}

fn confirm_and_read_compas(page: &Page<'_>) {
    page.wait_for_columns();
    page.set_roles(&COMPAS_ROLES);
    page.set("#threshold", "5");
    page.start();
    page.wait_for_report();
    for (metric, group, percent) in COMPAS_PUBLISHED {
        page.assert_reads(metric, group, percent);
    }
    let (name, json) = page.download_json();
    assert_same_json(&json, &command_json(COMPAS, &COMPAS_FLAGS));
    assert!(name.contains("compas_counts"), "the download is called {name}");
}

#[test]
fn adult_gives_the_commands_numbers_intervals_and_json() {
    let browser = Browser::chromium();
    let page = Page::open(&browser);
    page.choose(Path::new(ADULT));
    page.wait_for_columns();
    page.set_roles(&ADULT_ROLES);
    page.set_roles(&ADULT_OTHERS);
    page.set("#threshold", "0.5");
    page.start();
    page.wait_for_report();
    let command = command_json(ADULT, &[&ADULT_FLAGS[..], &["--id", "id"]].concat());
    let report: Value = serde_json::from_slice(&command).expect("the command writes JSON");
    for metric in ["log_loss", "roc_auc", "brier_score", "accuracy"] {
        let estimate = overall(&report, metric);
        let number = page.number(metric, "");
        assert_eq!(number.value, estimate["value"].as_f64(), "{metric} reads {:?}", number.text);
    }
    let interval = &overall(&report, "roc_auc")["interval"];
    let row = page.number("roc_auc", "").row;
    for end in ["low", "high"] {
        let end = format!("{:.3}", interval[end].as_f64().expect("the area under the curve has an interval"));
        assert!(
            row.contains(&end),
            "the interval of the area under the curve reads {row:?}, without {end}"
        );
    }
    assert_same_json(&page.download_json().1, &command);
}

#[test]
fn adult_by_weight_gives_the_commands_json() {
    let browser = Browser::chromium();
    let page = Page::open(&browser);
    page.choose(Path::new(ADULT));
    page.wait_for_columns();
    page.set_roles(&ADULT_ROLES);
    page.set_roles(&ADULT_OTHERS);
    page.set_roles(&[("sample_weight", "weight")]);
    page.set("#threshold", "0.5");
    page.start();
    page.wait_for_report();
    let flags = [&ADULT_FLAGS[..], &["--id", "id", "--weight", "sample_weight"]].concat();
    assert_same_json(&page.download_json().1, &command_json(ADULT, &flags));
}

/// The plain estimate of a metric over all rows.
fn overall<'a>(report: &'a Value, metric: &str) -> &'a Value {
    let is_plain = |estimate: &&Value| {
        let empty = |field: &str| estimate[field].as_object().is_some_and(serde_json::Map::is_empty);
        estimate["metric"] == metric && estimate["comparison"].is_null() && empty("group") && empty("params")
    };
    let estimates = report["estimates"].as_array().expect("a report lists its estimates");
    estimates
        .iter()
        .find(is_plain)
        .unwrap_or_else(|| panic!("the report has no {metric}"))
}
