//! Two files, or three: the page asks which is which, and what comes out is what the command makes of the same files.

use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use crate::browser::Browser;
use crate::folder::Folder;
use crate::keyboard::{ENTER, tab_to};
use crate::page::{Page, assert_same_json, command_json};
use crate::webdriver::wait_until;

const CURRENT: &str = "tests/oracle/drift_small_current.csv";
const REFERENCE: &str = "tests/oracle/drift_small_reference.csv";
const CURRENT_NAME: &str = "drift_small_current.csv";
const REFERENCE_NAME: &str = "drift_small_reference.csv";

/// The first bytes of a picture.
const PICTURE: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01\x08\x06\0\0\0\x1f\x15\xc4\x89";

/// The current file without its truth, and the truth alone in another order.
fn predictions_and_labels(folder: &Folder) -> (PathBuf, PathBuf) {
    let text = std::fs::read_to_string(CURRENT).expect(CURRENT);
    let rows: Vec<(&str, &str)> = text.lines().map(|line| line.rsplit_once(',').expect("rows have commas")).collect();
    let predictions: String = rows.iter().map(|(others, _)| format!("{others}\n")).collect();
    let mut labels: Vec<String> = rows
        .iter()
        .map(|(others, label)| format!("{},{label}\n", others.split(',').next().expect("ids come first")))
        .collect();
    labels[1..].reverse();
    (
        folder.write("scored.csv", predictions),
        folder.write("what_came_of_it.csv", labels.concat()),
    )
}

fn audit(page: &Page<'_>) -> Vec<u8> {
    page.start();
    page.wait_for_report();
    page.download_json().1
}

/// The first column of the report's table of drift is the one that has drifted and moves the score most, with its exact number.
fn assert_leads_with_the_most_drifted(page: &Page<'_>, report: &Value) {
    let cell = "#report td[data-metric=drift_score]:not([data-params])";
    page.browser.find(cell);
    let script = "const e = document.querySelector(arguments[0]); return [e.closest('tr').querySelector('th').innerText, e.dataset.value]";
    let first = page.browser.run(script, json!([cell]));
    let of = |metric: &str, column: &Value| {
        let estimates = report["estimates"].as_array().expect("a report lists its estimates").iter();
        let own = |estimate: &&Value| {
            let is_plain = |field: &str| estimate[field].as_object().is_none_or(serde_json::Map::is_empty);
            estimate["metric"] == metric && estimate["columns"] == json!([column]) && is_plain("params") && estimate["window"].is_null()
        };
        estimates.clone().find(own).cloned().unwrap_or_default()
    };
    let score = of("drift_score", &first[0])["value"]
        .as_f64()
        .expect("the first column has a number");
    assert_eq!(first[1].as_str().and_then(|value| value.parse().ok()), Some(score), "{first}");
    assert_eq!(of("drifted", &first[0])["text"], "yes");
    let matter = |column: &Value| of("score_change_by_mix", column)["value"].as_f64().map_or(-1.0, f64::abs);
    let inputs = report["inputs"][0]["columns"]
        .as_array()
        .expect("an input lists its columns")
        .iter();
    for column in inputs
        .map(|column| &column["name"])
        .filter(|column| of("drifted", column)["text"] == "yes")
    {
        assert!(matter(column) <= matter(&first[0]), "{column} moves the score more than {first}");
    }
}

#[test]
fn two_files_dropped_together_are_compared_as_the_command_compares_them() {
    let browser = Browser::chromium();
    let page = Page::open(&browser);
    page.drop_on("#drop-zone", &[Path::new(CURRENT), Path::new(REFERENCE)]);
    page.wait_for_part(CURRENT_NAME, "current");
    page.wait_for_part(REFERENCE_NAME, "reference");
    assert_eq!(page.text("h1"), CURRENT_NAME);
    assert!(page.text("#files").contains("400 rows"), "both files' facts are shown");
    let command = command_json(CURRENT, &["--slice-features", "--reference", REFERENCE]);
    let report: Value = serde_json::from_slice(&command).expect("the command writes JSON");
    assert_same_json(&audit(&page), &command);
    assert_leads_with_the_most_drifted(&page, &report);

    // Back, and the other way round: nothing has to be given anew.
    browser.click("#back");
    page.wait_for_columns();
    browser.click("#swap");
    page.wait_for_part(REFERENCE_NAME, "current");
    wait_until("the other file's name to stand above", || {
        (page.text("h1") == REFERENCE_NAME).then_some(())
    });
    let swapped = command_json(REFERENCE, &["--slice-features", "--reference", CURRENT]);
    assert_same_json(&audit(&page), &swapped);
    assert_eq!(browser.errors(), [""; 0]);
}

#[test]
fn a_reference_that_comes_later_and_goes_again_changes_the_report() {
    let browser = Browser::chromium();
    let page = Page::open(&browser);
    page.choose(Path::new(CURRENT));
    page.wait_for_columns();
    page.drop_on("#columns", &[Path::new(REFERENCE)]);
    page.wait_for_part(REFERENCE_NAME, "reference");
    assert_same_json(
        &audit(&page),
        &command_json(CURRENT, &["--slice-features", "--reference", REFERENCE]),
    );
    browser.click("#back");
    page.wait_for_columns();
    browser.click(&format!("[data-file=\"{REFERENCE_NAME}\"] button"));
    wait_until("the file to go", || (!page.shows("#swap")).then_some(()));
    assert_same_json(&audit(&page), &command_json(CURRENT, &["--slice-features"]));
}

#[test]
fn a_label_file_is_joined_as_the_command_joins_it() {
    let folder = Folder::new();
    let (scored, labels) = predictions_and_labels(&folder);
    let browser = Browser::chromium();
    let page = Page::open(&browser);
    page.drop_on("#drop-zone", &[&labels, &scored, Path::new(REFERENCE)]);
    page.wait_for_part("what_came_of_it.csv", "labels");
    page.wait_for_part("scored.csv", "current");
    page.wait_for_part(REFERENCE_NAME, "reference");
    assert_eq!(
        page.value("select[data-column=repaid]"),
        "label",
        "the truth is a column of the predictions now"
    );
    let [scored, labels] = [&scored, &labels].map(|path| path.to_str().expect("test files have plain names"));
    let flags = ["--slice-features", "--label-file", labels, "--reference", REFERENCE];
    assert_same_json(&audit(&page), &command_json(scored, &flags));

    // The same with the ids said.
    browser.click("#back");
    page.wait_for_columns();
    browser.click("#id-own option[value=id]");
    page.wait_for_part("what_came_of_it.csv", "labels");
    let flags = [&flags[..], &["--id", "id=id"]].concat();
    assert_same_json(&audit(&page), &command_json(scored, &flags));
}

#[test]
fn a_wrong_second_file_is_explained_and_the_page_goes_on_with_the_first() {
    let folder = Folder::new();
    let (scored, _) = predictions_and_labels(&folder);
    let browser = Browser::chromium();
    let page = Page::open(&browser);
    page.drop_on("#drop-zone", &[&scored, &folder.write("photo.csv", PICTURE)]);
    wait_until("the message about the picture", || {
        page.text("#error").contains("photo.csv").then_some(())
    });
    page.wait_for_columns();
    assert!(page.text("h1") == "scored.csv" && !page.shows("#files h2"));

    // Labels of other rows.
    page.drop_on("#columns", &[&folder.write("labels.csv", "id,repaid\nx1,1\nx2,0\nx3,1\n")]);
    page.wait_for("#unjoined");
    let said = page.text("#unjoined");
    assert!(said.contains("labels.csv") && said.contains("scored.csv"), "{said}");
    page.wait_for_columns();
    let stands = browser.run("return document.querySelector('#start').disabled", json!([]));
    assert_eq!(stands, true, "without its labels it does not start by itself");
    browser.click("[data-file=\"labels.csv\"] button");
    wait_until("the audit to be possible", || {
        (browser.run("return document.querySelector('#start').disabled", json!([])) == false).then_some(())
    });

    // Nothing in common, and one too many.
    page.drop_on("#columns", &[&folder.write("old.csv", "a,b\n1,2\n3,4\n")]);
    wait_until("what differs to be said", || {
        page.text("#differences")
            .contains("No column has the same name in both files")
            .then_some(())
    });
    let more = [1, 2].map(|number| folder.write(&format!("more{number}.csv"), "a,b\n1,2\n"));
    page.drop_on("#columns", &[&more[0], &more[1]]);
    wait_until("too many files to be refused", || {
        page.text("#error").starts_with("4 files are too many").then_some(())
    });
    assert_eq!(browser.errors(), [""; 0]);
}

#[test]
fn which_file_is_which_is_said_by_keyboard_alone() {
    let browser = Browser::chromium();
    let page = Page::open(&browser);
    tab_to(&browser, "[data-example=\"loans\"]");
    browser.press(ENTER);
    page.wait_for_part("loans_current.csv", "current");
    tab_to(&browser, "#swap");
    browser.press(ENTER);
    page.wait_for_part("loans_reference.csv", "current");
    let part = "[data-file=\"loans_reference.csv\"] select";
    tab_to(&browser, part);
    browser.press("r");
    page.wait_for_part("loans_reference.csv", "reference");
    page.wait_for_part("loans_current.csv", "current");
    tab_to(&browser, "#start");
    browser.press(ENTER);
    page.wait_for_report();
    let report: Value = serde_json::from_slice(&page.download_json().1).expect("the page writes JSON");
    let sources: Vec<&Value> = report["inputs"]
        .as_array()
        .expect("inputs")
        .iter()
        .map(|input| &input["source"])
        .collect();
    assert_eq!(sources, ["current", "reference"]);
    // Files can be chosen by whoever cannot drop them.
    browser.click("#again");
    page.wait_for_start();
    let both = [CURRENT, REFERENCE].map(|path| Path::new(path).canonicalize().expect(path).display().to_string());
    browser.type_into("#file-input", &both.join("\n"));
    page.wait_for_part(CURRENT_NAME, "current");
}

#[test]
fn a_reference_is_kept_as_a_profile_and_stands_in_for_its_data() {
    let browser = Browser::chromium();
    let page = Page::open(&browser);
    page.drop(Path::new(REFERENCE));
    page.wait_for_columns();
    wait_until("the file to be read", || page.shows("#keep-profile:not([disabled])").then_some(()));
    browser.forget_downloads();
    browser.click("#keep-profile");
    let (name, kept) = browser.downloaded(".json");
    assert_eq!(name, "assay-profile-drift_small_reference.json");
    let folder = Folder::new();
    let own = folder.path().join("own.json");
    let run = std::process::Command::new(env!("CARGO_BIN_EXE_assay"))
        .args(["profile", REFERENCE, "--output"])
        .arg(&own)
        .status();
    assert!(run.is_ok_and(|status| status.success()));
    assert_same_json(&kept, &std::fs::read(&own).expect("the command wrote its profile"));

    // By its name it would be the file under test.
    let file = folder.write("current.json", &kept);
    let page = Page::open(&browser);
    page.drop_on("#drop-zone", &[Path::new(CURRENT), &file]);
    page.wait_for_part("current.json", "reference");
    let path = file.to_string_lossy().into_owned();
    let command = command_json(CURRENT, &["--slice-features", "--reference", &path]);
    assert_same_json(&audit(&page), &command);
    assert!(page.text("#report").contains("The reference is a profile of"));

    // Alone it tells nothing.
    let page = Page::open(&browser);
    page.drop(&file);
    page.wait_for("#error");
    assert!(page.text("#error").contains("is a profile, which holds no rows"));
    assert_eq!(browser.errors(), [""; 0]);
}
