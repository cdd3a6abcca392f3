//! What an auditor has to justify: the first page of fairness, comparisons changed beside the report, and the tables of rules of law.

use std::fs;
use std::process::Command;

use serde_json::json;

use crate::browser::Browser;
use crate::folder::Folder;
use crate::keyboard::{ENTER, arrow_to, tab_to};
use crate::page::{COMPAS, Page};
use crate::webdriver::wait_until;

/// What the page's example of COMPAS is, for the command.
const FLAGS: [&str; 14] = [
    "--count",
    "count",
    "--label",
    "two_year_recid",
    "--score",
    "decile_score",
    "--threshold",
    "5",
    "--sensitive",
    "race,sex,age_cat",
    "--favorable",
    "0",
    "--preset",
    "four_fifths,nyc_ll144",
];

/// The example's report, with the explorer ready.
fn compas(browser: &Browser) -> Page<'_> {
    let page = Page::open(browser);
    browser.click("[data-example=\"compas\"]");
    page.wait_for_columns();
    page.start();
    page.wait_for_report();
    page.wait_for("#explore");
    page
}

/// Waits until the report is computed again and says something.
fn wait_to_read(page: &Page<'_>, said: &str) {
    wait_until(&format!("the report to say {said:?}"), || {
        let is_done = !page.shows("#report-body[aria-busy]");
        (is_done && page.text("#report-body").contains(said)).then_some(())
    });
}

fn choose(page: &Page<'_>, select: &str, value: &str) {
    page.browser.click(&format!("{select} option[value=\"{value}\"]"));
    wait_until(&format!("{select} to be {value}"), || (page.value(select) == value).then_some(()));
}

/// What the command writes of the tables.
fn sheet_of_command(name: &str) -> Vec<u8> {
    let folder = Folder::new();
    let run = Command::new(env!("CARGO_BIN_EXE_assay"))
        .args(["audit", COMPAS])
        .args(FLAGS)
        .arg("--preset-csv")
        .arg(folder.path())
        .output()
        .expect("the command was built with this test");
    assert!(matches!(run.status.code(), Some(0 | 1)), "{}", String::from_utf8_lossy(&run.stderr));
    fs::read(folder.path().join(format!("{name}.csv"))).expect("the command wrote the table")
}

#[test]
fn the_first_screen_of_fairness_tells_the_false_positive_gap_about_people() {
    let browser = Browser::chromium();
    let page = compas(&browser);
    let script = "const heading = document.querySelector('#report-fairness');
        heading.scrollIntoView({block: 'start'});
        const seen = [];
        for (const e of heading.closest('section').querySelectorAll('p, li')) {
            if (e.getBoundingClientRect().bottom <= innerHeight) seen.push(e.innerText);
        }
        return seen.join('\\n')";
    let seen = browser.run(script, json!([]));
    let seen = seen.as_str().expect("a text");
    for said in [
        "among those who did not reoffend, 45 of 100 African-American defendants were flagged high risk, 23 of 100 Caucasian defendants",
        "The gap in false positive rate is 30.1 points (22.5 to 36.0).",
        "a harm of allocation",
    ] {
        assert!(seen.contains(said), "{said:?} is not in the first screen: {seen}");
    }
    assert!(page.text("#report").contains("Crossings") || page.text("#report").contains("worst crossings"));
    // An intersection can be read: its cell is on the page, with its number.
    let crossed = page.number("false_positive_rate", "race=African-American;sex=Male");
    assert!(
        crossed.value.is_some_and(|value| (value - 0.461).abs() < 0.001),
        "{:?}",
        crossed.text
    );
}

#[test]
fn comparisons_are_changed_beside_the_report() {
    let browser = Browser::chromium();
    let page = compas(&browser);
    browser.click("#compare > summary");
    choose(&page, "#dialect", "aequitas");
    wait_to_read(&page, "in the dialect of aequitas");
    wait_to_read(&page, "Reference: African-American.");
    choose(&page, "#reference-0", "=Caucasian");
    wait_to_read(&page, "Reference: Caucasian.");
    choose(&page, "#dialect", "aif360");
    wait_to_read(&page, "Privileged: Caucasian.");
    choose(&page, "#dialect", "assay");
    choose(&page, "#control", "=c_charge_degree");
    wait_to_read(&page, "Conditional demographic parity");
    page.wait_for("#explore");

    // The threshold: groups held alike, then another audit.
    browser.click("#constraint-shared option[value=\"shared\"]");
    wait_until("an offer", || page.text("#constraint-offer").contains("it costs").then_some(()));
    browser.click("#constraint-take");
    wait_until("the threshold to be set", || {
        (page.value("#explore-threshold") != "5").then_some(())
    });
    let threshold = page.value("#explore-threshold");
    browser.click("#explore-use");
    wait_until("the audit with it", || {
        page.text("#report")
            .contains(&format!("score of at least {threshold}"))
            .then_some(())
    });
    assert_eq!(browser.errors(), Vec::<String>::new());
}

#[test]
fn rules_of_law_are_laid_out_and_exported_by_keyboard() {
    let browser = Browser::chromium();
    let page = compas(&browser);
    tab_to(&browser, "#compare > summary");
    browser.press(ENTER);
    tab_to(&browser, "#dialect");
    arrow_to(&page, "#dialect", "fairlearn");
    wait_to_read(&page, "in the dialect of fairlearn");
    let focus = browser.run("return document.activeElement.id", json!([]));
    assert_eq!(focus, "dialect", "the focus stays where the change was made");
    arrow_to(&page, "#dialect", "assay");
    wait_until("the report in our own words", || {
        (!page.shows("#report-body[aria-busy]") && !page.text("#report-body").contains("in the dialect of")).then_some(())
    });
    tab_to(&browser, "#preset-four-fifths");
    browser.press(" ");
    wait_to_read(&page, "The four-fifths rule");
    tab_to(&browser, "#preset-nyc-ll144");
    browser.press(" ");
    wait_to_read(&page, "New York City Local Law 144");
    wait_to_read(&page, "Selected means predicted “0”. These are figures, not legal advice.");
    tab_to(&browser, "#sheets > summary");
    browser.press(ENTER);
    for name in [
        "four-fifths-selection-rates-by-race-or-ethnicity",
        "local-law-144-scoring-rates-by-race-or-ethnicity-and-sex",
    ] {
        tab_to(&browser, &format!("#sheet-{name}"));
        browser.press(" ");
        let (_, bytes) = browser.downloaded(&format!("{name}.csv"));
        assert_eq!(
            String::from_utf8_lossy(&bytes),
            String::from_utf8_lossy(&sheet_of_command(name)),
            "{name} is the command's"
        );
    }
}
