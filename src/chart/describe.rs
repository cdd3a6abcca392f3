//! A chart in one or two sentences, for whoever hears it instead of seeing it.

use super::number::counted;
use super::{ChartSpec, DotInterval, Layer, Plot};
use crate::stats::order;

/// What the chart shows.
pub fn subject(spec: &ChartSpec) -> &str {
    match spec {
        ChartSpec::DotInterval(chart) => &chart.subject,
        ChartSpec::Plot(chart) => &chart.subject,
    }
}

/// What the chart says: how many rows, the range, who is at its ends, the lines.
pub fn sentence(spec: &ChartSpec) -> String {
    match spec {
        ChartSpec::DotInterval(chart) => dots(chart),
        ChartSpec::Plot(chart) => plot(chart),
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

/// The axes, then what is drawn, with the ends of each line and the fullest of bars and shades.
fn plot(chart: &Plot) -> String {
    let mut out = format!("{} over {}.", chart.up.name, chart.across.name);
    for layer in &chart.layers {
        let said = layer_said(chart, layer);
        if !said.is_empty() {
            out.push_str(&format!(" {said}."));
        }
    }
    if !chart.answer.is_empty() {
        out.push_str(&format!(" {}.", chart.answer));
    }
    out
}

fn layer_said(chart: &Plot, layer: &Layer) -> String {
    let across = |value| chart.across.said(value, |value| chart.across.quantity.with_unit(value));
    let up = |value| chart.up.quantity.with_unit(value);
    let named = |label: &str, otherwise: &str| if label.is_empty() { otherwise.to_owned() } else { label.to_owned() };
    match layer {
        Layer::Line { label, points, .. } => match (points.first(), points.last()) {
            (Some((x0, y0)), Some((x1, y1))) => format!(
                "{}: {}, from {} at {} to {} at {}",
                named(label, "Line"),
                counted(points.len() as u64, "point", "points"),
                up(*y0),
                across(*x0),
                up(*y1),
                across(*x1)
            ),
            _ => String::new(),
        },
        Layer::Band { label, points } => format!("{}: {}", named(label, "Band"), counted(points.len() as u64, "place", "places")),
        Layer::Bars { label, bars, .. } => {
            let tallest = bars.iter().max_by(|a, b| a.2.total_cmp(&b.2));
            tallest.map_or_else(String::new, |(from, to, height)| {
                format!(
                    "{}: {}, the tallest from {} to {} with {}",
                    named(label, "Bars"),
                    counted(bars.len() as u64, "bar", "bars"),
                    across(*from),
                    across(*to),
                    up(*height)
                )
            })
        }
        Layer::Dots { label, dots } => {
            let range = dots
                .iter()
                .map(|dot| dot.y)
                .fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), y| (low.min(y), high.max(y)));
            match dots.len() {
                0 => String::new(),
                count => format!(
                    "{}: {}, from {} to {}",
                    named(label, "Dots"),
                    counted(count as u64, "dot", "dots"),
                    up(range.0),
                    up(range.1)
                ),
            }
        }
        Layer::Shades { label, shades } => {
            let darkest = shades.iter().max_by(|a, b| a.count.total_cmp(&b.count));
            darkest.map_or_else(String::new, |shade| {
                format!(
                    "{}: most from {} to {}, at {} to {}",
                    named(label, "Shades"),
                    across(shade.x.0),
                    across(shade.x.1),
                    up(shade.y.0),
                    up(shade.y.1)
                )
            })
        }
        Layer::Rule { label, at, is_upright } => {
            let place = if *is_upright { across(*at) } else { up(*at) };
            format!("Line at {place}: {label}")
        }
        Layer::Diagonal { label } if label.is_empty() => String::new(),
        Layer::Diagonal { label } => format!("Diagonal: {label}"),
    }
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
            earlier: None,
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
