//! A chart in one or two sentences, for whoever hears it instead of seeing it.

use super::number::counted;
use super::{ChartSpec, CurveChart, DotInterval};
use crate::stats::order;

/// What the chart shows.
pub fn subject(spec: &ChartSpec) -> &str {
    match spec {
        ChartSpec::DotInterval(chart) => &chart.subject,
        ChartSpec::Curve(chart) => &chart.subject,
    }
}

/// What the chart says: how many rows, the range, who is at its ends, the lines.
pub fn sentence(spec: &ChartSpec) -> String {
    match spec {
        ChartSpec::DotInterval(chart) => dots(chart),
        ChartSpec::Curve(chart) => curve(chart),
    }
}

fn dots(chart: &DotInterval) -> String {
    let mut judged: Vec<(&str, f64)> = chart
        .rows
        .iter()
        .filter(|row| row.muted.is_none())
        .filter_map(|row| row.value.map(|value| (row.label.as_str(), value)))
        .collect();
    order::sort_by(&mut judged, |a, b| a.1.total_cmp(&b.1));
    let unit = |value| chart.quantity.with_unit(value);
    let mut out = match (judged.first(), judged.last()) {
        (Some((low, least)), Some((high, most))) if judged.len() > 1 => format!(
            "{} of {} with enough rows: from {} ({low}) to {} ({high}).",
            judged.len(),
            chart.rows.len(),
            unit(*least),
            unit(*most)
        ),
        (Some((label, value)), _) => format!("Only {label} has enough rows: {}.", unit(*value)),
        _ => "No row has a number that can be judged.".to_owned(),
    };
    for mark in [&chart.overall, &chart.bound].into_iter().flatten() {
        out.push_str(&format!(" Line at {}: {}.", unit(mark.value), mark.label));
    }
    out
}

fn curve(chart: &CurveChart) -> String {
    format!(
        "{} over {}, {}. {}.",
        chart.up,
        chart.across,
        counted(chart.points.len() as u64, "point", "points"),
        chart.label
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::chart::{DotRow, Mark, Quantity};

    #[test]
    fn the_ends_and_the_lines_are_said() {
        let row = |label: &str, value, muted: Option<&str>| DotRow {
            label: label.to_owned(),
            value,
            interval: None,
            support: 100,
            muted: muted.map(str::to_owned),
        };
        let spec = ChartSpec::DotInterval(DotInterval {
            subject: "Recall by sex".to_owned(),
            quantity: Quantity::Percent,
            rows: vec![
                row("Male", Some(0.61), None),
                row("Female", Some(0.52), None),
                row("X", Some(1.0), Some("too few rows to say: 3")),
            ],
            overall: None,
            bound: Some(Mark {
                label: "at least".to_owned(),
                value: 0.6,
            }),
        });
        assert_eq!(
            sentence(&spec),
            "2 of 3 with enough rows: from 52.0\u{202f}% (Female) to 61.0\u{202f}% (Male). Line at 60.0\u{202f}%: at least."
        );
    }
}
