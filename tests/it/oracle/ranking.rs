//! Where the numbers of the ranking oracle stand in a report.

use super::*;

pub(super) fn address(entry: &Entry) -> Option<Address> {
    let gain = entry.get("gain").map_or_else(String::new, |gain| format!(" --gain {gain}"));
    let run = format!("ranking.csv --label relevance --score score --query query_id --sensitive region{gain}");
    let (metric, part) = match entry.metric.strip_suffix("_se") {
        Some(metric) => (metric, Part::StandardError),
        None => (entry.metric.as_str(), Part::Value),
    };
    let address = Address::new(&run, metric)
        .param("k", entry.get("k"))
        .param("percent", entry.get("percent"))
        .part(part);
    Some(match entry.get("group") {
        Some(level) => address.group(&columns("region"), &level),
        None => address,
    })
}
