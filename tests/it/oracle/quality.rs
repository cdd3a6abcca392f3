//! Where numbers about columns and whole files stand in a report.

use super::*;

const RUN: &str = "drift_current.csv --reference drift_reference.csv";

pub(super) fn address(entry: &Entry) -> Option<Address> {
    let source = match entry.get("file")?.as_str() {
        "drift_current.csv" => "current",
        "drift_reference.csv" => "reference",
        _ => return None,
    };
    let columns: Vec<String> = ["column", "column_b"].iter().filter_map(|name| entry.get(name)).collect();
    Some(Address {
        source: source.into(),
        ..Address::new(RUN, &entry.metric).columns(&columns)
    })
}
