//! Where the numbers of the drift oracles stand in a report.

use super::*;

pub(super) fn address(entry: &Entry) -> Option<Address> {
    quality::address(entry).or_else(|| found("drift_current.csv --reference drift_reference.csv", entry))
}

pub(super) fn address_small(entry: &Entry) -> Option<Address> {
    found("drift_small_current.csv --reference drift_small_reference.csv", entry)
}

fn found(run: &str, entry: &Entry) -> Option<Address> {
    let column = entry.get("column")?;
    (entry.metric == "ks_statistic").then(|| Address::new(run, &entry.metric).columns(&[column]))
}
