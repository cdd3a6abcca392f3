//! The page as a person uses it: give it a file, confirm the columns, start, read, keep.

use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::{Value, json};

use crate::browser::Browser;
use crate::folder::Folder;
use crate::product;
use crate::webdriver::wait_until;

/// The COMPAS counts, as published statistics.
pub const COMPAS: &str = "tests/oracle/compas_counts.csv";
/// The roles in which they are audited, and those of the columns that would otherwise be taken for something.
pub const COMPAS_ROLES: [(&str, &str); 7] = [
    ("count", "count"),
    ("two_year_recid", "label"),
    ("decile_score", "score"),
    ("predicted_high_risk", "feature"),
    ("race", "sensitive"),
    ("sex", "sensitive"),
    ("age_cat", "sensitive"),
];
/// The same audit for the command.
pub const COMPAS_FLAGS: [&str; 11] = [
    "--slice-features",
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
];
/// What the newspaper printed of it: metric, group, percent.
pub const COMPAS_PUBLISHED: [(&str, &str, &str); 4] = [
    ("false_positive_rate", "race=African-American", "44.85"),
    ("false_positive_rate", "race=Caucasian", "23.45"),
    ("false_negative_rate", "race=African-American", "27.99"),
    ("false_negative_rate", "race=Caucasian", "47.72"),
];

/// A number as it stands in a table of the report.
pub struct Number {
    /// What is read in its cell.
    pub text: String,
    /// What is read in its row.
    pub row: String,
    /// Its exact value.
    pub value: Option<f64>,
}

/// The product in a browser.
pub struct Page<'a> {
    /// Where it runs.
    pub browser: &'a Browser,
}

impl<'a> Page<'a> {
    /// Opens the product from disk.
    pub fn open(browser: &'a Browser) -> Self {
        Self::open_at(browser, &product::file_url())
    }

    /// Opens the product at an address and waits until it can be used.
    pub fn open_at(browser: &'a Browser, url: &str) -> Self {
        browser.go(url);
        let page = Self { browser };
        page.wait_for_start();
        page
    }

    /// Waits for the first screen: a file can be given.
    pub fn wait_for_start(&self) {
        self.wait_for("#drop-zone");
        self.browser.find("#file-input");
    }

    /// Gives a file through the file input.
    pub fn choose(&self, path: &Path) {
        let path = path.canonicalize().unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        self.browser
            .type_into("#file-input", path.to_str().expect("test files have plain names"));
    }

    /// Gives a file by dropping it.
    pub fn drop(&self, path: &Path) {
        self.drop_on("#drop-zone", &[path]);
    }

    /// Gives files by dropping them together on a part of the page.
    pub fn drop_on(&self, selector: &str, paths: &[&Path]) {
        let paths: Vec<PathBuf> = paths
            .iter()
            .map(|path| path.canonicalize().unwrap_or_else(|error| panic!("{}: {error}", path.display())))
            .collect();
        self.browser.drop_files(selector, &paths);
    }

    /// The part that a file plays, once all are read.
    pub fn wait_for_part(&self, file: &str, part: &str) {
        let selector = format!("#files [data-file={}] select", quoted(file));
        wait_until(&format!("{file} to be {part}"), || (self.value(&selector) == part).then_some(()));
        self.wait_for_columns();
    }

    /// Waits for the table of columns, of the whole file.
    pub fn wait_for_columns(&self) {
        wait_until("the columns of the whole file", || {
            (self.shows("#columns select") && !self.shows("#progress")).then_some(())
        });
    }

    /// Gives columns their roles.
    pub fn set_roles(&self, roles: &[(&str, &str)]) {
        for (column, role) in roles {
            let select = format!("select[data-column={}]", quoted(column));
            self.browser.click(&format!("{select} option[value={}]", quoted(role)));
            wait_until(&format!("{column} to be {role}"), || (self.value(&select) == *role).then_some(()));
        }
    }

    /// Fills in a field of the settings.
    pub fn set(&self, field: &str, value: &str) {
        self.browser.clear(field);
        self.browser.type_into(field, value);
    }

    /// Starts the audit, once the page has agreed that there is one.
    pub fn start(&self) {
        wait_until("the audit to be possible", || {
            self.is("#start", "!e.disabled && e.getAttribute('aria-disabled') !== 'true'")
        });
        self.browser.click("#start");
    }

    /// Waits for the report.
    pub fn wait_for_report(&self) {
        wait_until("the report", || {
            assert!(!self.shows("#error"), "instead of a report: {}", self.text("#error"));
            self.shows("#report").then_some(())
        });
    }

    /// A plain number in the report's tables; `group` is `COLUMN=LEVEL`, or empty for all rows. Unfolds what it is folded into.
    pub fn number(&self, metric: &str, group: &str) -> Number {
        let group = if group.is_empty() {
            ":not([data-group])".to_owned()
        } else {
            format!("[data-group={}]", quoted(group))
        };
        let metric = quoted(metric);
        let selector = format!("#report td[data-metric={metric}]{group}:not([data-comparison], [data-params])");
        self.browser.find(&selector);
        let answer = self.browser.run(
            "const e = document.querySelector(arguments[0]);
             for (let fold = e.closest('details'); fold; fold = fold.parentElement.closest('details')) fold.open = true;
             return [e.innerText, e.closest('tr').innerText, e.dataset.value]",
            json!([selector]),
        );
        let part = |place: usize| answer[place].as_str().unwrap_or_default().to_owned();
        Number {
            text: part(0),
            row: part(1),
            value: part(2).parse().ok(),
        }
    }

    /// Checks that a number on the screen is a share of that many percent: its exact value to two decimals, as printed elsewhere, and
    /// what is read to the one decimal that the report shows.
    pub fn assert_reads(&self, metric: &str, group: &str, percent: &str) {
        let Number { text, value, .. } = self.number(metric, group);
        let share = value.unwrap_or_else(|| panic!("{metric} of {group} has no exact value")) * 100.0;
        assert_eq!(format!("{share:.2}"), percent, "{metric} of {group}");
        assert!(
            text.starts_with(&format!("{share:.1}")),
            "{metric} of {group} reads {text:?}, not {share:.1}"
        );
    }

    /// Downloads the report as JSON.
    pub fn download_json(&self) -> (String, Vec<u8>) {
        self.browser.forget_downloads();
        self.browser.click("#download-json");
        self.browser.downloaded(".json")
    }

    /// Waits until something that matches is visible.
    pub fn wait_for(&self, selector: &str) {
        wait_until(&format!("{selector} to show"), || self.shows(selector).then_some(()));
    }

    /// Whether something that matches is visible and says or holds something.
    pub fn shows(&self, selector: &str) -> bool {
        self.is(selector, "e.checkVisibility() && !e.hidden").is_some()
    }

    /// The visible text of an element, or nothing where there is none.
    pub fn text(&self, selector: &str) -> String {
        self.ask("return document.querySelector(arguments[0])?.innerText ?? ''", selector)
    }

    /// The value of a field.
    pub fn value(&self, selector: &str) -> String {
        self.ask("return document.querySelector(arguments[0])?.value ?? ''", selector)
    }

    fn ask(&self, script: &str, selector: &str) -> String {
        self.browser.run(script, json!([selector])).as_str().unwrap_or_default().to_owned()
    }

    fn is(&self, selector: &str, condition: &str) -> Option<()> {
        let script = format!("const e = document.querySelector(arguments[0]); return !!e && {condition}");
        (self.browser.run(&script, json!([selector])) == Value::Bool(true)).then_some(())
    }
}

/// A text as a value in a selector.
fn quoted(text: &str) -> String {
    Value::from(text).to_string()
}

/// What the command writes about the same file with these flags.
pub fn command_json(file: &str, flags: &[&str]) -> Vec<u8> {
    let folder = Folder::new();
    let out = folder.path().join("out.json");
    let run = Command::new(env!("CARGO_BIN_EXE_assay"))
        .arg("audit")
        .arg(file)
        .args(flags)
        .arg("--json")
        .arg(&out)
        .output();
    let run = run.expect("the command was built with this test");
    // 1 says that a check failed, which is an answer, too.
    assert!(
        matches!(run.status.code(), Some(0 | 1)),
        "assay audit {file}: {}",
        String::from_utf8_lossy(&run.stderr)
    );
    std::fs::read(&out).expect("the command wrote its report")
}

/// Two reports that must be the same; says where they part.
pub fn assert_same_json(page: &[u8], command: &[u8]) {
    if page == command {
        return;
    }
    let (page, command) = (String::from_utf8_lossy(page), String::from_utf8_lossy(command));
    let parted = page.lines().zip(command.lines()).position(|(a, b)| a != b);
    let line = parted.unwrap_or_else(|| page.lines().count().min(command.lines().count()));
    panic!(
        "the page's JSON is not the command's; line {}:\n  page    {:?}\n  command {:?}",
        line + 1,
        page.lines().nth(line).unwrap_or_default(),
        command.lines().nth(line).unwrap_or_default()
    );
}
