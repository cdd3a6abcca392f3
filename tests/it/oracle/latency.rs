//! Where the numbers of the latency oracle stand in a report.

use super::*;

const RUN: &str = "latency.csv --percentile-methods inverted_cdf,higher,hazen,median_unbiased --slo 100,250,1000 --apdex 100";

pub(super) fn address(entry: &Entry) -> Option<Address> {
    let name = entry.metric.as_str();
    let (metric, column) = match name {
        "hourly_p95" => ("latency_percentile", "latency_ms"),
        "hourly_count" => ("latency_count", "latency_ms"),
        "error_share_5xx" | "throttled_share_429" => (name, "status"),
        "span_seconds" | "throughput_per_second" => (name, "timestamp"),
        _ => (name, "latency_ms"),
    };
    let mut address = Address::new(RUN, metric).columns(&[column.to_owned()]);
    for (own, param) in [("percent", "percent"), ("t_ms", "t"), ("limit_ms", "limit")] {
        address = address.param(param, entry.get(own));
    }
    address = address.param("method", entry.get("method").filter(|method| method != "linear"));
    if let Some(level) = entry.get("endpoint").filter(|level| level != "all") {
        address = address.group(&["endpoint".to_owned()], &level);
    }
    if let Some(hour) = entry.get("hour") {
        if name == "hourly_p95" {
            address = address.param("percent", Some("95".to_owned()));
        }
        // The file begins in hour 0.
        address.window = serde_json::json!({ "index": hour.get(11..13)?.parse::<u32>().ok()? });
    }
    Some(address)
}
