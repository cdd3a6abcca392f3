//! Moving the decision threshold shows what an audit with that threshold shows: the page's figures are the command's.

use serde_json::{Value, json};

use crate::browser::Browser;
use crate::keyboard::{ENTER, TAB, tab_to};
use crate::page::{Page, command_json};
use crate::webdriver::wait_until;

const ADULT: &str = "public/examples/adult.csv";
const LEFT: &str = "\u{e012}";
const HOME: &str = "\u{e011}";

/// What the command says of the example at a threshold.
fn command(threshold: &str) -> Value {
    let flags = [
        "--label",
        "y_true",
        "--score",
        "score",
        "--sensitive",
        "race,sex",
        "--threshold",
        threshold,
    ];
    serde_json::from_slice(&command_json(ADULT, &flags)).expect("the command writes JSON")
}

/// The command's plain value of a metric; `group` is a column and its level.
fn value(report: &Value, metric: &str, group: Option<(&str, &str)>) -> Option<f64> {
    let group = group.map_or_else(|| json!({}), |(column, level)| json!({ column: level }));
    let is_plain = |estimate: &&Value| estimate["metric"] == metric && estimate["group"] == group && estimate["comparison"].is_null();
    let estimates = report["estimates"].as_array().expect("a report lists its estimates");
    let found = estimates.iter().find(is_plain);
    found.unwrap_or_else(|| panic!("the command has no {metric} of {group}"))["value"].as_f64()
}

/// The example's report, with the explorer ready.
fn explored(browser: &Browser) -> Page<'_> {
    let page = Page::open(browser);
    browser.click("[data-example=\"adult\"]");
    page.wait_for_columns();
    page.start();
    page.wait_for_report();
    page.wait_for("#explore");
    page
}

fn wait_for_threshold(browser: &Browser, threshold: &str) {
    let script = "return document.querySelector('#explore')?.dataset.explored ?? ''";
    wait_until(&format!("the figures of {threshold}"), || {
        (browser.run(script, json!([])) == threshold).then_some(())
    });
}

/// Every figure over all rows: metric, exact value, and what is read.
fn figures(browser: &Browser) -> Vec<(String, Option<f64>, String)> {
    let script = "return [...document.querySelectorAll('#explore td[data-measure]')].map(e => [e.dataset.measure, e.dataset.exact ?? '', e.textContent])";
    triples(&browser.run(script, json!([])))
}

/// Every figure of a group: metric and group, exact value, and what is read.
fn of_groups(browser: &Browser) -> Vec<(String, Option<f64>, String)> {
    let script = "return [...document.querySelectorAll('#explore li[data-group]')].map(e =>
        [e.closest('[data-group-measure]').dataset.groupMeasure + ' ' + e.dataset.group, e.dataset.exact ?? '', e.textContent])";
    triples(&browser.run(script, json!([])))
}

fn triples(answer: &Value) -> Vec<(String, Option<f64>, String)> {
    let part = |line: &Value, place: usize| line[place].as_str().unwrap_or_default().to_owned();
    let lines = answer.as_array().expect("a list").iter();
    lines
        .map(|line| (part(line, 0), part(line, 1).parse().ok(), part(line, 2)))
        .collect()
}

fn assert_as_the_command(browser: &Browser, threshold: &str, feature: &str) {
    let report = command(threshold);
    let figures = figures(browser);
    assert!(figures.len() >= 25, "{figures:?}");
    for (metric, exact, read) in &figures {
        assert_eq!(*exact, value(&report, metric, None), "{metric} at {threshold} reads {read:?}");
    }
    let (_, recall, read) = figures.iter().find(|figure| figure.0 == "recall").expect("recall is shown");
    let percent = format!("{:.1}", recall.expect("somebody is positive") * 100.0);
    assert!(read.contains(&percent), "recall reads {read:?}, not {percent}");
    let groups = of_groups(browser);
    assert!(groups.len() >= 6, "{groups:?}");
    for (name, exact, read) in &groups {
        let (metric, level) = name.split_once(' ').expect("a metric and a group");
        assert_eq!(
            *exact,
            value(&report, metric, Some((feature, level))),
            "{name} at {threshold} reads {read:?}"
        );
    }
}

#[test]
fn the_slider_moves_every_figure_to_what_the_command_says() {
    let browser = Browser::chromium();
    let page = explored(&browser);
    wait_for_threshold(&browser, "0.5");
    let audited = figures(&browser);
    assert_as_the_command(&browser, "0.5", "race");

    tab_to(&browser, "#explore-link");
    browser.press(ENTER);
    browser.press(TAB);
    let focus = browser.run("return document.activeElement.id", json!([]));
    assert_eq!(focus, "explore-slider", "the slider is the first control of its section");
    browser.press(&LEFT.repeat(30));
    wait_for_threshold(&browser, "0.35");
    assert_as_the_command(&browser, "0.35", "race");
    let moved = figures(&browser)
        .iter()
        .zip(&audited)
        .filter(|(now, before)| now.2 != before.2)
        .count();
    assert!(moved >= 25, "only {moved} figures changed");
    assert_eq!(page.value("#explore-threshold"), "0.35");
    let said = || page.text("#explore output");
    wait_until("the new figures to be said aloud", || {
        said().starts_with("Threshold 0.35. Of 100 rows").then_some(())
    });

    browser.press(HOME);
    wait_for_threshold(&browser, "0");
    assert_as_the_command(&browser, "0", "race");
    assert!(page.text("#explore").contains("everybody is predicted “1”"));
}

#[test]
fn a_threshold_is_written_shown_for_another_feature_and_audited() {
    let browser = Browser::chromium();
    let page = explored(&browser);
    page.set("#explore-threshold", "half\u{e007}");
    wait_until("the text to be refused", || {
        page.text("#explore-threshold-fault")
            .contains("\"half\" is not a number")
            .then_some(())
    });
    page.set("#explore-threshold", "0.62175\u{e007}");
    wait_for_threshold(&browser, "0.62175");
    browser.click("#explore-feature option[value=\"sex\"]");
    wait_until("the groups of sex", || (of_groups(&browser).len() == 6).then_some(()));
    assert_as_the_command(&browser, "0.62175", "sex");

    browser.click("#explore-use");
    wait_until("the audit with it", || {
        (page.shows("#report") && page.shows("#explore-link")).then_some(())
    });
    wait_for_threshold(&browser, "0.62175");
    let expected = value(&command("0.62175"), "accuracy", None);
    assert_eq!(page.number("accuracy", "").value, expected);
    assert!(page.text("#explore").contains("The audit was made with 0.62175."));
}

#[test]
fn a_threshold_of_one_group_leaves_the_other_alone_until_it_is_taken_back() {
    let browser = Browser::chromium();
    let page = explored(&browser);
    browser.click("#explore-feature option[value=\"sex\"]");
    wait_until("the groups of sex", || (of_groups(&browser).len() == 6).then_some(()));
    let before = of_groups(&browser);
    browser.click("#explore-own summary");
    page.set("#explore-own-0", "0.25\u{e007}");
    let changed = wait_until("one group to change", || {
        let now = of_groups(&browser);
        let changed: Vec<String> = now
            .iter()
            .zip(&before)
            .filter(|(a, b)| a.1 != b.1)
            .map(|(a, _)| a.0.clone())
            .collect();
        (!changed.is_empty()).then_some(changed)
    });
    assert_eq!(changed, ["selection_rate Female", "false_positive_rate Female", "recall Female"]);
    let report = command("0.25");
    let recall = of_groups(&browser)
        .into_iter()
        .find(|figure| figure.0 == "recall Female")
        .expect("it is shown")
        .1;
    assert_eq!(recall, value(&report, "recall", Some(("sex", "Female"))));
    assert!(browser.run("return document.querySelector('#explore-use').disabled", json!([])) == true);
    browser.click("#explore-back");
    wait_until("all to be as before", || (of_groups(&browser) == before).then_some(()));
}
