//! `assay metrics` and `assay explain`.

use std::fmt::Write;
use std::process::ExitCode;

use crate::metric::registry::{METRICS, find};
use crate::metric::{Direction, Metric, Unit};

use super::Refusal;
use super::output::print;

/// Lists every metric.
pub fn metrics() -> Result<ExitCode, Refusal> {
    let width = METRICS.iter().map(|metric| metric.id.len()).max().unwrap_or(0);
    let mut text = String::new();
    let mut family = None;
    for metric in METRICS {
        if family != Some(metric.family) {
            let _ = writeln!(text, "{}{}", if family.is_none() { "" } else { "\n" }, metric.family.title());
            family = Some(metric.family);
        }
        let _ = writeln!(text, "  {:width$}  {}", metric.id, metric.summary);
    }
    print(&text)?;
    Ok(ExitCode::SUCCESS)
}

/// Says everything about one metric.
pub fn explain(name: &str) -> Result<ExitCode, Refusal> {
    let metric = find(name).ok_or_else(|| Refusal::new(format!("no metric is called \"{name}\". `assay metrics` lists all of them.")))?;
    print(&describe(metric))?;
    Ok(ExitCode::SUCCESS)
}

fn describe(metric: &Metric) -> String {
    let mut text = format!("{} ({})\n\n{}\n\n", metric.name, metric.id, metric.summary);
    let direction = match metric.direction {
        Direction::HigherIsBetter => "higher is better",
        Direction::LowerIsBetter => "lower is better",
        Direction::CloserToZero => "closer to zero is better",
        Direction::Neutral => "neither high nor low is better by itself",
    };
    let unit = match metric.unit {
        Unit::Share => "a share of rows",
        Unit::Score => "a number without unit",
        Unit::Count => "rows, or their total weight",
        Unit::Target => "the unit of the target",
        Unit::TargetSquared => "the squared unit of the target",
        Unit::Nats => "nats",
    };
    let range = format!("{} to {}", limit(metric.range.0), limit(metric.range.1));
    let also = metric.aliases.join(", ");
    for (title, body) in [
        ("formula", metric.formula),
        ("reading", metric.reading),
        ("caveat", metric.caveat),
        ("direction", direction),
        ("range", &range),
        ("unit", unit),
        ("source", metric.reference),
        ("also called", &also),
    ] {
        if !body.is_empty() {
            let _ = writeln!(text, "{title:12} {body}");
        }
    }
    text
}

fn limit(value: f64) -> String {
    if value.is_finite() {
        value.to_string()
    } else if value > 0.0 {
        "infinity".to_owned()
    } else {
        "minus infinity".to_owned()
    }
}
