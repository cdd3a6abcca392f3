//! A file of more than a gigabyte in one tab: cancelled once half-way, then read whole and audited.

use std::path::Path;
use std::time::Duration;

use serde_json::{Value, json};

use super::assay::{between, give, open, wait_for};
use super::browser::Browser;
use super::memory;
use super::site::Site;

/// How long each part may take.
const LIMIT: Duration = Duration::from_secs(900);

/// Reads the file and says what it took.
///
/// # Panics
/// When the page does not cancel, shows no progress, or does not come to a report.
pub fn measure(site: &Site, file: &Path, rows: u64) {
    let bytes = std::fs::metadata(file).map_or(0, |meta| meta.len()) as f64;
    println!("{} rows, {:.0} MB, in one tab of Chromium", rows, bytes / 1e6);
    let browser = Browser::chromium();
    open(&browser, &site.product(""), &json!({ "cancelAt": 0.5 }), file);
    let probe = wait_for(&browser, "cancelled", LIMIT);
    println!(
        "cancelled half-way: {:.0} ms after Cancel was pressed, {:.1} s after the file was chosen; {} figures of progress were shown",
        between(&probe, "cancel", "cancelled").expect("both marks are there"),
        between(&probe, "chosen", "cancelled").expect("both marks are there") / 1000.0,
        shares(&probe).len()
    );
    let roles = json!({ "race": "sensitive", "sex": "sensitive", "age": "feature", "region": "feature" });
    // In the same page: what was read before the cancel must not be in the way.
    give(&browser, &json!({ "audit": true, "roles": roles }), file);
    let probe = wait_for(&browser, "report", LIMIT);
    let seconds = |mark: &str| between(&probe, "chosen", mark).unwrap_or(f64::NAN) / 1000.0;
    let progress = shares(&probe);
    assert!(progress.len() > 10, "{} figures of progress are no progress", progress.len());
    println!("first rows on screen: {:.2} s", seconds("preview"));
    println!("read whole: {:.1} s, {:.0} MB/s", seconds("read"), bytes / 1e6 / seconds("read"));
    println!("report on screen: {:.1} s", seconds("report"));
    println!("{} figures of progress were shown", progress.len());
    println!(
        "longest gap between two frames while reading: {:.0} ms",
        probe["longest"]["reading"].as_f64().unwrap_or(f64::NAN)
    );
    match memory::of_renderers() {
        Some(peak) => println!("peak memory of the tab: {:.0} MB, {:.2} of the file", peak / 1e6, peak / bytes),
        None => println!("peak memory of the tab: this system does not say"),
    }
}

fn shares(probe: &Value) -> Vec<f64> {
    probe["shares"].as_array().into_iter().flatten().filter_map(Value::as_f64).collect()
}
