//! Long work shows how far it is, can be stopped at once, and leaves the page ready to go on.

use std::fmt::Write;
use std::path::{Path, PathBuf};

use serde_json::json;

use crate::browser::Browser;
use crate::folder::Folder;
use crate::page::{COMPAS, Page};
use crate::webdriver::wait_until;

/// Notes every figure that the progress shows, and presses `#cancel` at the second while `window.cancelAt` names the moment.
const WATCH: &str = r#"
window.seen = [];
window.cancelled = false;
new MutationObserver(() => {
  const progress = document.querySelector('#progress');
  const cancel = document.querySelector('#cancel');
  if (!progress || !progress.checkVisibility() || !cancel) return;
  const bar = progress.matches('progress') ? progress : progress.querySelector('progress');
  if (!bar || !bar.hasAttribute('value')) return;
  if (seen.at(-1) !== bar.value) seen.push(bar.value);
  if (window.cancelAt && seen.length >= window.cancelAt && !cancelled) { cancelled = true; cancel.click(); }
}).observe(document, { subtree: true, childList: true, attributes: true, characterData: true });
"#;

#[test]
fn reading_is_cancelled_and_another_file_can_be_read() {
    let folder = Folder::new();
    let large = large_file(&folder);
    let browser = Browser::chromium();
    browser.before_every_page(WATCH);
    let page = Page::open(&browser);
    browser.run("window.cancelAt = 2", json!([]));
    page.choose(&large);
    wait_for_cancel(&page);
    assert!(!page.shows("#columns"), "a file that was not read to the end is not audited");
    browser.run("window.cancelAt = 0", json!([]));
    page.choose(Path::new(COMPAS));
    page.wait_for_columns();
}

#[test]
fn an_audit_is_cancelled_and_started_again_without_reading_again() {
    let folder = Folder::new();
    let large = large_file(&folder);
    let browser = Browser::chromium();
    browser.before_every_page(WATCH);
    let page = Page::open(&browser);
    page.choose(&large);
    page.wait_for_columns();
    assert_rising(&browser);
    page.set_roles(&[
        ("label", "label"),
        ("score", "score"),
        ("region", "sensitive"),
        ("age_band", "sensitive"),
    ]);
    browser.run("window.seen.length = 0; window.cancelAt = 2", json!([]));
    page.start();
    wait_for_cancel(&page);
    assert!(!page.shows("#report"), "a cancelled audit has no report");
    browser.run("window.seen.length = 0; window.cancelAt = 0", json!([]));
    page.wait_for_columns();
    page.start();
    page.wait_for_report();
    assert_rising(&browser);
}

fn wait_for_cancel(page: &Page<'_>) {
    wait_until("the work to be cancelled", || {
        (page.browser.run("return window.cancelled", json!([])) == true).then_some(())
    });
    wait_until("the page to say so", || {
        let said = page.text("#status").to_lowercase();
        ["cancel", "stopped"].iter().any(|word| said.contains(word)).then_some(())
    });
    assert_rising(page.browser);
}

fn assert_rising(browser: &Browser) {
    let seen = browser.run("return window.seen", json!([]));
    let seen: Vec<f64> = seen
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(serde_json::Value::as_f64)
        .collect();
    assert!(seen.len() >= 2, "the progress showed {seen:?}, which is no progress");
}

/// A file of about 40 MB: a million predictions with two features to compare.
fn large_file(folder: &Folder) -> PathBuf {
    let mut text = String::from("id,label,score,region,age_band,comment\n");
    for row in 0u64..1_000_000 {
        let bits = row.wrapping_mul(0x9e37_79b9_7f4a_7c15);
        let score = (bits >> 44) as f64 / (1u64 << 20) as f64;
        let label = u64::from((bits >> 20) % 1000 < (score * 1000.0) as u64);
        writeln!(text, "{row},{label},{score:.6},region {},band {},steady", bits % 7, bits % 11).expect("a text can be written to");
    }
    assert!(text.len() > 35_000_000, "{} bytes are not large", text.len());
    folder.write("large.csv", text)
}
