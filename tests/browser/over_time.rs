//! One file with times: the page cuts it into windows by itself, tells when something began, and how well the model probably does where labels
//! are not in yet; and all of it is what the command makes of the same file.

use std::fmt::Write;
use std::path::PathBuf;

use serde_json::{Value, json};

use crate::browser::Browser;
use crate::folder::Folder;
use crate::keyboard::{ENTER, arrow_to, tab_to};
use crate::page::{Page, assert_same_json, command_json};
use crate::webdriver::wait_until;

/// Weeks of the file, rows of each, and the first week in which scores tell little, and in which labels lack.
const WEEKS: u32 = 20;
const ROWS: u32 = 60;
const WORSE: u32 = 12;
const UNLABELLED: u32 = 17;

/// Twenty weeks from Monday, 1 January 2024: the model is worse from 25 March on, and the labels from 29 April on are not in.
fn weeks(folder: &Folder) -> PathBuf {
    let mut state = 12_345_u64;
    let mut draw = || {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) as f64 / (1_u64 << 31) as f64
    };
    let mut text = "day,branch,amount,score,label\n".to_owned();
    for week in 0..WEEKS {
        for row in 0..ROWS {
            let score = (1000.0 * (0.02 + 0.96 * draw())).round() / 1000.0;
            let amount = (1000.0 + 4000.0 * draw()) as u32;
            let branch = if draw() < 0.5 { "north" } else { "south" };
            let chance = if week < WORSE { score } else { 0.5 + (score - 0.5) * 0.1 };
            let label = match (draw() < chance, week < UNLABELLED) {
                (_, false) => "",
                (true, _) => "1",
                (false, _) => "0",
            };
            let (month, day) = date(week * 7 + row % 7);
            writeln!(text, "2024-{month:02}-{day:02},{branch},{amount},{score},{label}").expect("a text grows");
        }
    }
    folder.write("weeks.csv", text)
}

/// Month and day of a day of 2024.
fn date(mut day: u32) -> (u32, u32) {
    let mut month = 1;
    for days in [31, 29, 31, 30, 31, 30] {
        if day < days {
            break;
        }
        (day, month) = (day - days, month + 1);
    }
    (month, day + 1)
}

fn open<'a>(browser: &'a Browser, file: &std::path::Path) -> Page<'a> {
    let page = Page::open(browser);
    page.choose(file);
    page.wait_for_columns();
    page
}

fn wait_to_say(page: &Page<'_>, selector: &str, said: &str) {
    wait_until(&format!("{selector} to say {said:?}"), || {
        page.text(selector).contains(said).then_some(())
    });
}

/// The only estimate of that metric with these parameters.
fn estimate<'a>(report: &'a Value, metric: &str, params: &Value, window: Option<u32>) -> &'a Value {
    let estimates = report["estimates"].as_array().expect("a report lists its estimates");
    let is_it = |own: &&Value| {
        let is_there = window.is_none_or(|window| own["window"]["index"] == window);
        own["metric"] == metric && own["params"] == *params && own["columns"] == json!([]) && is_there
    };
    let found: Vec<&Value> = estimates.iter().filter(is_it).collect();
    assert_eq!(found.len(), 1, "{metric} {params}");
    found[0]
}

/// The Monday of a week.
fn monday(week: &Value) -> String {
    let (month, day) = date(7 * week.as_f64().expect("a number of a window") as u32);
    format!("2024-{month:02}-{day:02}")
}

#[test]
fn one_file_with_times_tells_when_it_began_and_what_labels_will_probably_show() {
    let folder = Folder::new();
    let file = weeks(&folder);
    let path = file.to_str().expect("test files have plain names");
    let browser = Browser::chromium();
    let page = open(&browser, &file);
    assert_eq!(page.value("select[data-column=day]"), "time");
    assert_eq!(page.value("#windows"), "auto", "nobody has to know how to cut");
    wait_to_say(&page, "#windows-note", "windows of a week");
    wait_to_say(&page, "#forecast", "change over time, in windows of a week");
    page.start();
    page.wait_for_report();
    let bytes = page.download_json().1;
    let command = command_json(path, &["--slice-features"]);
    assert_same_json(&bytes, &command);
    assert_same_json(&bytes, &command_json(path, &["--slice-features", "--windows", "auto"]));

    // When it began, at the earliest and at the latest.
    let report: Value = serde_json::from_slice(&command).expect("the command writes JSON");
    let began = estimate(&report, "change_point", &json!({"of": "accuracy"}), None);
    let [at, low, high] = [&began["value"], &began["interval"]["low"], &began["interval"]["high"]].map(monday);
    assert_eq!(at, "2024-03-25", "where it was planted");
    let section = browser.run(
        "return document.querySelector('#report-time').closest('section').innerText",
        json!([]),
    );
    let section = section.as_str().expect("a text");
    for said in [
        "Accuracy fell from 72.1",
        &format!("from {at} on"),
        &format!("at the earliest {low} and at the latest {high}"),
    ] {
        assert!(section.contains(said), "{said:?} is not in {section}");
    }

    // The last week has no label: what it would show is estimated, with limits.
    let params = json!({"metric": "roc_auc"});
    let estimated = estimate(&report, "estimated_performance", &params, Some(WEEKS - 1));
    let cell = "#report td[data-metric=estimated_performance]";
    let script = "return [...document.querySelectorAll(arguments[0])].map(e => [e.closest('tr').innerText, e.innerText, e.dataset.value, e.dataset.params])";
    let cells = browser.run(script, json!([cell]));
    let of_week = |cell: &&Value| {
        let texts = [0, 3].map(|place| cell[place].as_str().unwrap_or_default());
        texts[0].contains(&monday(&json!(WEEKS - 1))) && texts[1].contains("roc_auc")
    };
    let shown = cells
        .as_array()
        .expect("cells")
        .iter()
        .find(of_week)
        .unwrap_or_else(|| panic!("{cells}"));
    let exact: f64 = shown[2].as_str().expect("its exact value").parse().expect("a number");
    assert_eq!(Some(exact), estimated["value"].as_f64());
    let [low, high] = ["low", "high"].map(|limit| estimated["interval"][limit].as_f64().expect("a limit"));
    assert!(low < 0.75 && 0.75 < high, "the truth of the first weeks is within {low} to {high}");
    let read = shown[1].as_str().unwrap_or_default();
    for number in [exact, low, high] {
        assert!(read.contains(&format!("{number:.3}")), "{number} is not in {read:?}");
    }
    assert_eq!(browser.errors(), [""; 0]);
}

#[test]
fn the_cut_is_changed_before_the_audit_and_beside_the_report_by_keyboard_too() {
    let folder = Folder::new();
    let file = weeks(&folder);
    let path = file.to_str().expect("test files have plain names");
    let browser = Browser::chromium();
    let page = open(&browser, &file);
    browser.click("#windows option[value=rows]");
    page.wait_for("#window-size");
    assert_eq!(page.value("#window-by"), "=day", "rows follow the time");
    page.set("#window-size", "none");
    wait_to_say(&page, "#window-size-note", "is not a number of rows");
    page.set("#window-size", "150");
    wait_to_say(&page, "#forecast", "windows of 150 rows");
    page.start();
    page.wait_for_report();
    let flags = ["--slice-features", "--windows", "150rows", "--window-by", "day"];
    assert_same_json(&page.download_json().1, &command_json(path, &flags));

    // Beside the report, without a mouse.
    tab_to(&browser, "#over-time > summary");
    browser.press(ENTER);
    tab_to(&browser, "#report-windows");
    arrow_to(&page, "#report-windows", "month");
    wait_until("the report by months", || {
        (!page.shows("#report-body[aria-busy]")
            && page.value("#report-windows") == "month"
            && page.text("#report-body").contains("2024-02-01"))
        .then_some(())
    });
    let flags = ["--slice-features", "--windows", "month"];
    assert_same_json(&page.download_json().1, &command_json(path, &flags));
    tab_to(&browser, "#report-windows");
    arrow_to(&page, "#report-windows", "none");
    wait_until("the report without windows", || {
        (!page.shows("#report-body[aria-busy]") && !page.shows("#report-time")).then_some(())
    });
    assert_same_json(
        &page.download_json().1,
        &command_json(path, &["--slice-features", "--windows", "none"]),
    );
    assert_eq!(browser.errors(), [""; 0]);
}
