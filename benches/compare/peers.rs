//! Libraries that read a CSV in a browser, in the same Chromium.

use std::path::Path;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use super::browser::Browser;
use super::figures::Figures;
use super::memory;
use super::native::Truth;
use super::site::Site;

/// The libraries, by the names that the page of the libraries gives them.
pub const LIBRARIES: [&str; 2] = ["papaparse", "duckdb"];

/// Reads the file to a typed table, on the page's clock, the library's own start left out.
pub fn read(figures: &mut Figures, site: &Site, file: &Path, library: &str, truth: &Truth) {
    let browser = Browser::chromium();
    browser.go(&site.peers());
    let path = file.to_str().expect("the benchmark's file has a plain name");
    browser.type_into("#file", path);
    let deadline = Instant::now() + Duration::from_secs(300);
    while browser.run("return typeof window.read === 'function'", json!([])) != true {
        assert!(Instant::now() < deadline, "the page of the libraries does not start");
    }
    super::assay::settle(&browser);
    browser.run("window.read(arguments[0])", json!([library]));
    let result = loop {
        let result = browser.run("return window.result", json!([]));
        if !result.is_null() {
            break result;
        }
        assert!(Instant::now() < deadline, "no table within 300 s");
        std::thread::sleep(Duration::from_millis(50));
    };
    let milliseconds = result["ms"].as_f64().unwrap_or_else(|| panic!("{}", result["error"]));
    figures.note(&format!("{library}: read"), milliseconds);
    if let Some(bytes) = memory::of_renderers() {
        figures.note(&format!("{library}: renderer"), bytes);
    }
    truth.check_matrices(library, result.get("answer").unwrap_or(&Value::Null));
}
