//! The report as HTML.

use super::Report;

/// The inside of a page.
pub fn body(report: &Report) -> String {
    format!("<h1>Is it all right?</h1><p>{} numbers</p>", report.estimates.len())
}

/// A page of its own.
pub fn document(report: &Report) -> String {
    format!("<!doctype html><meta charset=utf-8>{}", body(report))
}
