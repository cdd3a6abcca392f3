//! `assay metrics` and `assay explain`.

use std::collections::BTreeSet;
use std::fmt::Write;
use std::process::ExitCode;

use crate::check::nearest::{nearest, suggestion};
use crate::metric::criterion::{self, Criterion};
use crate::metric::registry::{METRICS, find};
use crate::metric::spec::Compare;
use crate::metric::{Direction, Metric, Unit};
use crate::report::terminal::{plain, wrapped};
use crate::report::words::capital;

use super::Refusal;
use super::output::print;

/// Where the texts of `explain` begin.
const INDENT: usize = 15;

/// Lists every metric, a chapter a family.
pub fn metrics() -> Result<ExitCode, Refusal> {
    let width = METRICS.iter().map(|metric| metric.id.len()).max().unwrap_or(0);
    let families: BTreeSet<_> = METRICS.iter().map(|metric| metric.family).collect();
    let mut text = String::new();
    for family in families {
        let _ = writeln!(text, "{}", family.title());
        for metric in METRICS.iter().filter(|metric| metric.family == family) {
            let _ = writeln!(text, "  {:width$}  {}", metric.id, wrapped(metric.summary, width + 4));
        }
        text.push('\n');
    }
    text.push_str("`assay explain METRIC` says how one is computed and how to read it.\n");
    print(&text)?;
    Ok(ExitCode::SUCCESS)
}

/// Says everything about one metric.
pub fn explain(name: &str) -> Result<ExitCode, Refusal> {
    let Some(metric) = find(name) else {
        if let Some(criterion) = criterion::find(name) {
            print(&describe_criterion(criterion))?;
            return Ok(ExitCode::SUCCESS);
        }
        let near = nearest(name);
        let advice = if near.is_empty() {
            "`assay metrics` lists all of them.".to_owned()
        } else {
            suggestion(&near)
        };
        return Err(Refusal::new(format!("no metric is called \"{}\". {advice}", plain(name))));
    };
    print(&describe(metric))?;
    Ok(ExitCode::SUCCESS)
}

/// A criterion is a comparison of a metric, under its own name.
fn describe_criterion(criterion: &Criterion) -> String {
    let mut text = format!("{}\n{}\n\n", capital(criterion.name), wrapped(criterion.summary, 0));
    for (title, body) in [
        ("id", criterion.id),
        ("formula", criterion.formula),
        ("reading", criterion.reading),
        ("caveat", criterion.caveat),
        ("source", criterion.reference),
        ("also called", &criterion.aliases.join(", ")),
    ] {
        if !body.is_empty() {
            let _ = writeln!(text, "  {title:11}  {}", wrapped(body, INDENT));
        }
    }
    text
}

fn describe(metric: &Metric) -> String {
    let mut text = format!("{}\n{}\n\n", capital(metric.name), wrapped(metric.summary, 0));
    let better = match metric.direction {
        Direction::HigherIsBetter => "higher",
        Direction::LowerIsBetter => "lower",
        Direction::CloserToZero => "closer to zero",
        Direction::Neutral => "neither, by itself",
    };
    let unit = match metric.unit {
        Unit::Share => "a share, shown in percent",
        Unit::Score => "a number without unit",
        Unit::Count => "rows, or their total weight",
        Unit::Target => "the unit of what is predicted",
        Unit::TargetSquared => "the squared unit of what is predicted",
        Unit::Nats => "nats, from natural logarithms",
        Unit::YesNo => "yes or no",
    };
    let groups = match metric.compare {
        Compare::No => "not compared",
        Compare::Difference => "compared by difference",
        Compare::Both => "compared by difference and ratio",
    };
    let range = format!("{} to {}", limit(metric.range.0), limit(metric.range.1));
    for (title, body) in [
        ("id", metric.id),
        ("formula", metric.formula),
        ("reading", metric.reading),
        ("caveat", metric.caveat),
        ("better", better),
        ("range", &range),
        ("unit", unit),
        ("groups", groups),
        ("source", metric.reference),
        ("also called", &metric.aliases.join(", ")),
    ] {
        if !body.is_empty() {
            let _ = writeln!(text, "  {title:11}  {}", wrapped(body, INDENT));
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
