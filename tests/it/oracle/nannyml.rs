//! Where the numbers of NannyML stand in a report: chunks of 1,000 rows in file order are windows.

use super::*;

const RUN: &str = "drift_current.csv --reference drift_reference.csv --windows 1000rows";

pub(super) fn address(entry: &Entry) -> Option<Address> {
    if is_off(entry) {
        return None;
    }
    let (metric, name) = match entry.metric.strip_prefix("nannyml_") {
        Some(name) => (name, name),
        None => (entry.metric.strip_prefix("chunk_")?, "drift"),
    };
    let found = match (metric, name) {
        ("ks_exact", _) => windowed(entry, "window_drift").param("method", Some("kolmogorov_smirnov".to_owned())),
        ("wasserstein_exact", _) => windowed(entry, "window_drift").param("method", Some("wasserstein".to_owned())),
        ("drift", _) => windowed(entry, "window_drift").param("method", entry.get("method")),
        ("drift_alert", _) => about(windowed(entry, "band_alert"), "window_drift").param("method", entry.get("method")),
        ("drift_lower_threshold", _) => about(whole(entry, "band_lower"), "window_drift").param("method", entry.get("method")),
        ("drift_upper_threshold", _) => about(whole(entry, "band_upper"), "window_drift").param("method", entry.get("method")),
        ("missing_rate", _) => windowed(entry, "window_missing_rate"),
        ("unseen_rate", _) => windowed(entry, "window_unseen_rate"),
        ("reconstruction_error", metric) => windowed(entry, metric),
        ("reconstruction_components", metric) => whole(entry, metric),
        ("reconstruction_lower_threshold", _) => about(whole(entry, "band_lower"), "reconstruction_error"),
        ("reconstruction_upper_threshold", _) => about(whole(entry, "band_upper"), "reconstruction_error"),
        ("realized" | "cbpe_realized", _) => windowed(entry, &entry.get("performance")?),
        ("realized_lower_threshold", _) => about(whole(entry, "band_lower"), &entry.get("performance")?),
        ("realized_upper_threshold", _) => about(whole(entry, "band_upper"), &entry.get("performance")?),
        ("cbpe_needs_calibration", _) => whole(entry, "needs_calibration"),
        ("cbpe_lower_threshold", _) => about(whole(entry, "band_lower"), "estimated_performance"),
        ("cbpe_upper_threshold", _) => about(whole(entry, "band_upper"), "estimated_performance"),
        ("cbpe_alert", _) => about(windowed(entry, "band_alert"), "estimated_performance"),
        ("cbpe_estimated", _) => windowed(entry, "estimated_performance"),
        ("cbpe_confidence_lower", _) => windowed(entry, "estimated_performance").part(Part::Low),
        ("cbpe_confidence_upper", _) => windowed(entry, "estimated_performance").part(Part::High),
        // The limits are three of them to either side.
        ("cbpe_sampling_error", _) => Address {
            scale: 1.959_963_984_540_054 / 3.0,
            ..windowed(entry, "estimated_performance").part(Part::StandardError)
        },
        _ => return None,
    };
    Some(
        if metric.starts_with("cbpe") && metric != "cbpe_needs_calibration" && metric != "cbpe_realized" {
            found.param("metric", entry.get("performance"))
        } else {
            found
        },
    )
}

/// What the package approximates, as the list of what waits says line by line.
fn is_off(entry: &Entry) -> bool {
    let is = |name: &str, of: &[&str]| entry.get(name).is_some_and(|value| of.contains(&value.as_str()));
    match entry.metric.as_str() {
        "nannyml_drift" | "nannyml_drift_upper_threshold" => {
            is("method", &["kolmogorov_smirnov"]) && is("column", &["car_value", "debt_to_income_ratio"])
                || is("method", &["wasserstein"]) && !is("column", &["driver_tenure"])
        }
        "nannyml_cbpe_sampling_error" | "nannyml_cbpe_confidence_lower" | "nannyml_cbpe_confidence_upper" => {
            is("performance", &["roc_auc"])
        }
        _ => false,
    }
}

fn whole(entry: &Entry, metric: &str) -> Address {
    Address::new(RUN, metric).columns(&entry.get("column").into_iter().collect::<Vec<String>>())
}

/// The number of a window; it is known by its place alone.
fn windowed(entry: &Entry, metric: &str) -> Address {
    let mut found = whole(entry, metric);
    found.window = serde_json::json!({ "index": entry.rest.get("chunk") });
    if entry.get("period").as_deref() == Some("reference") {
        found.source = "reference".into();
    }
    found
}

fn about(address: Address, metric: &str) -> Address {
    address.param("of", Some(metric.to_owned()))
}
