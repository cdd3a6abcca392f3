//! The numbers of a chart as rows of text, so that nothing is in the drawing alone.

use super::number::count;
use super::{ChartSpec, DotInterval, Layer, Plot, Quantity};
use crate::stats::order;

/// A chart's numbers: a header, and one list of cells a row. The first cell names the row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChartTable {
    /// Column names, with the unit.
    pub header: Vec<String>,
    /// The cells.
    pub rows: Vec<Vec<String>>,
}

/// The most points of a line that are listed; the report's JSON has them all.
const LISTED_POINTS: usize = 21;

/// The most rectangles of shades that are listed, fullest first.
const LISTED_SHADES: usize = 40;

/// Where the reference's numbers stand, after the value's own limits.
const EARLIER: usize = 4;

/// The numbers of `spec`.
pub fn rows(spec: &ChartSpec) -> ChartTable {
    match spec {
        ChartSpec::DotInterval(chart) => dots(chart),
        ChartSpec::Plot(chart) => plot(chart),
    }
}

fn dots(chart: &DotInterval) -> ChartTable {
    let quantity = chart.quantity;
    let unit = if quantity.unit().is_empty() {
        String::new()
    } else {
        format!(", {}", quantity.unit())
    };
    let number = |value: Option<f64>| value.map_or_else(|| "–".to_owned(), |value| quantity.number(value));
    let has_earlier = chart.rows.iter().any(|row| row.earlier.is_some());
    let mut header = vec![
        String::new(),
        format!("value{unit}"),
        format!("low{unit}"),
        format!("high{unit}"),
        "rows".to_owned(),
        "note".to_owned(),
    ];
    if has_earlier {
        header.insert(EARLIER, format!("reference{unit}"));
    }
    let rows = chart.rows.iter().map(|row| {
        let mut cells = vec![
            row.label.clone(),
            number(row.value),
            number(row.interval.map(|(low, _)| low)),
            number(row.interval.map(|(_, high)| high)),
            count(row.support),
            row.muted.clone().unwrap_or_default(),
        ];
        if has_earlier {
            cells.insert(EARLIER, number(row.earlier));
        }
        cells
    });
    let marks = [&chart.overall, &chart.bound].into_iter().flatten().map(|mark| {
        let mut cells = vec![mark.label.clone(), number(Some(mark.value))];
        cells.resize(header.len(), String::new());
        cells
    });
    ChartTable {
        rows: rows.chain(marks).collect(),
        header,
    }
}

/// A row a point, whatever layer it is of.
fn plot(chart: &Plot) -> ChartTable {
    let exact = |quantity: Quantity| match quantity {
        Quantity::Decimal(decimals) => Quantity::Decimal(decimals.max(3)),
        other => other,
    };
    let across = |value: f64| chart.across.said(value, |value| exact(chart.across.quantity).number(value));
    let up = |value: f64| exact(chart.up.quantity).number(value);
    let range = |from: f64, to: f64, number: &dyn Fn(f64) -> String| format!("{} to {}", number(from), number(to));
    let mut rows: Vec<Vec<String>> = Vec::new();
    let mut add = |label: &str, x: String, y: String, note: String| rows.push(vec![label.to_owned(), x, y, note]);
    for layer in &chart.layers {
        match layer {
            Layer::Line { label, points, .. } => {
                for (x, y) in thinned(points) {
                    add(label, across(x), up(y), String::new());
                }
            }
            Layer::Band { label, points } => {
                for (x, low, high) in points {
                    add(label, across(*x), range(*low, *high, &up), String::new());
                }
            }
            Layer::Bars { label, bars, .. } => {
                for (from, to, height) in bars {
                    add(label, range(*from, *to, &across), up(*height), String::new());
                }
            }
            Layer::Dots { label, dots } => {
                for dot in dots {
                    let limits = dot
                        .interval
                        .map_or_else(String::new, |(low, high)| format!("{}; ", range(low, high, &up)));
                    add(label, across(dot.x), up(dot.y), format!("{limits}{} rows", count(dot.support)));
                }
            }
            Layer::Shades { label, shades } => {
                let mut fullest: Vec<_> = shades.iter().filter(|shade| shade.count > 0.0).collect();
                order::sort_by(&mut fullest, |a, b| b.count.total_cmp(&a.count));
                for shade in fullest.into_iter().take(LISTED_SHADES) {
                    let note = Quantity::Count.with_unit(shade.count);
                    add(label, range(shade.x.0, shade.x.1, &across), range(shade.y.0, shade.y.1, &up), note);
                }
            }
            Layer::Rule {
                label,
                at,
                is_upright: true,
            } => add(label, across(*at), String::new(), String::new()),
            Layer::Rule { label, at, .. } => add(label, String::new(), up(*at), String::new()),
            Layer::Diagonal { .. } => {}
        }
    }
    let named = |name: &str, quantity: Quantity| match quantity.unit() {
        "" => name.to_owned(),
        unit => format!("{name}, {unit}"),
    };
    ChartTable {
        header: vec![
            String::new(),
            named(&chart.across.name, chart.across.quantity),
            named(&chart.up.name, chart.up.quantity),
            "note".to_owned(),
        ],
        rows,
    }
}

/// Evenly chosen points, both ends among them.
fn thinned(points: &[(f64, f64)]) -> Vec<(f64, f64)> {
    let last = points.len().saturating_sub(1);
    let wanted = LISTED_POINTS.min(points.len());
    let place = |index: usize| if wanted > 1 { index * last / (wanted - 1) } else { 0 };
    (0..wanted).filter_map(|index| points.get(place(index)).copied()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::chart::examples;

    #[test]
    fn every_row_has_a_cell_a_column() {
        for (name, spec) in examples() {
            let table = rows(&spec);
            assert!(!table.rows.is_empty() || name == "dots_empty", "{name}");
            for row in &table.rows {
                assert_eq!(row.len(), table.header.len(), "{name}");
            }
        }
    }

    #[test]
    fn a_long_line_keeps_its_ends() {
        let points: Vec<(f64, f64)> = (0..=500).map(|i| (f64::from(i) / 500.0, f64::from(i) / 500.0)).collect();
        let listed = thinned(&points);
        assert_eq!(
            (listed.len(), listed[0], listed[LISTED_POINTS - 1]),
            (LISTED_POINTS, (0.0, 0.0), (1.0, 1.0))
        );
        assert!(thinned(&[]).is_empty());
    }
}
