//! Words for people, shares in the population, and the search for groups that nobody named: set on the page, they are the command's.

use std::path::Path;

use serde_json::{Value, json};

use crate::browser::Browser;
use crate::page::{COMPAS, COMPAS_FLAGS, COMPAS_ROLES, Page, assert_same_json, command_json};
use crate::webdriver::wait_until;

const WORDS: [(&str, &str); 5] = [
    ("#word-people", "defendants"),
    ("#word-positive", "reoffended"),
    ("#word-negative", "did not reoffend"),
    ("#word-predicted", "were flagged high risk"),
    ("#word-not-predicted", "were not flagged"),
];
const FLAGS: [&str; 10] = [
    "--words",
    "defendants,reoffended,did not reoffend,were flagged high risk,were not flagged",
    "--favorable",
    "0",
    "--population",
    "race:African-American=0.3,Caucasian=0.6,Hispanic=0.1",
    "--search-by",
    "false_positive_rate",
    "--search-features",
    "race,age_cat,c_charge_degree",
];

fn wait_to_say(page: &Page<'_>, selector: &str, said: &str) {
    wait_until(&format!("{selector} to say {said:?}"), || {
        page.text(selector).contains(said).then_some(())
    });
}

#[test]
fn people_are_named_counted_and_searched_as_the_command_does() {
    let browser = Browser::chromium();
    let page = Page::open(&browser);
    page.choose(Path::new(COMPAS));
    page.wait_for_columns();
    page.set_roles(&COMPAS_ROLES);
    page.set("#threshold", "5");
    browser.click("#people > summary");
    for (field, word) in WORDS {
        page.set(field, word);
    }
    browser.click("#good option[value=\"=0\"]");

    // What is wrong is said where it stands, and nothing starts with it.
    page.set("#population", "race: Caucasian=many");
    wait_to_say(&page, "#population-note", "must be a number from 0");
    page.set("#population", "rase: Caucasian=0.6");
    wait_to_say(&page, "#population-note", "There is no column \"rase\"");
    page.set("#population", "race: African-American=0.3, Caucasian=0.6, Hispanic=0.1");
    wait_to_say(&page, "#population-note", "A sensitive column a line");

    assert!(!page.shows("#search-by"), "a search is made on request");
    browser.click("#search");
    page.wait_for("#search-by");
    browser.click("#search-by option[value=false_positive_rate]");
    page.set("#search-features", "race\nage_group");
    wait_to_say(&page, "#search-features-note", "There is no column \"age_group\"");
    let is_held = browser.run("return document.querySelector('#start').disabled", json!([]));
    assert_eq!(is_held, true);
    page.set("#search-features", "race\nage_cat\nc_charge_degree");
    page.start();
    page.wait_for_report();
    let flags = [&COMPAS_FLAGS[..], &FLAGS[..]].concat();
    let command = command_json(COMPAS, &flags);
    assert_same_json(&page.download_json().1, &command);

    let report: Value = serde_json::from_slice(&command).expect("the command writes JSON");
    assert_eq!(report["settings"]["wording"]["people"], "defendants");
    assert_eq!(report["settings"]["population"]["race"]["Caucasian"], 0.6);
    let text = page.text("#report-body");
    for said in [
        "among those who did not reoffend, 45 of 100 African-American defendants were flagged high risk",
        "nobody named",
        "population",
    ] {
        assert!(text.contains(said), "{said:?} is not in the report");
    }

    // Taken back, it leaves nothing behind.
    browser.click("#back");
    page.wait_for_columns();
    browser.click("#search");
    wait_until("the search to be off", || (!page.shows("#search-by")).then_some(()));
    page.start();
    page.wait_for_report();
    let flags = [&COMPAS_FLAGS[..], &FLAGS[..6]].concat();
    assert_same_json(&page.download_json().1, &command_json(COMPAS, &flags));
    assert_eq!(browser.errors(), [""; 0]);
}
