//! The numbers of a chart as rows of text, so that nothing is in the drawing alone.

use super::number::count;
use super::{ChartSpec, CurveChart, DotInterval, Quantity};

/// A chart's numbers: a header, and one list of cells a row. The first cell names the row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChartTable {
    /// Column names, with the unit.
    pub header: Vec<String>,
    /// The cells.
    pub rows: Vec<Vec<String>>,
}

/// The most points of a curve that are listed; the report's JSON has them all.
const LISTED_POINTS: usize = 21;

/// The numbers of `spec`.
pub fn rows(spec: &ChartSpec) -> ChartTable {
    match spec {
        ChartSpec::DotInterval(chart) => dots(chart),
        ChartSpec::Curve(chart) => curve(chart),
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
    let rows = chart
        .rows
        .iter()
        .map(|row| {
            vec![
                row.label.clone(),
                number(row.value),
                number(row.interval.map(|(low, _)| low)),
                number(row.interval.map(|(_, high)| high)),
                count(row.support),
                row.muted.clone().unwrap_or_default(),
            ]
        })
        .chain([&chart.overall, &chart.bound].into_iter().flatten().map(|mark| {
            let mut cells = vec![mark.label.clone(), number(Some(mark.value))];
            cells.resize(6, String::new());
            cells
        }))
        .collect();
    ChartTable {
        header: vec![
            String::new(),
            format!("value{unit}"),
            format!("low{unit}"),
            format!("high{unit}"),
            "rows".to_owned(),
            "note".to_owned(),
        ],
        rows,
    }
}

fn curve(chart: &CurveChart) -> ChartTable {
    let last = chart.points.len().saturating_sub(1);
    let wanted = LISTED_POINTS.min(chart.points.len());
    let quantity = Quantity::Decimal(3);
    let rows = (0..wanted)
        .map(|index| if wanted > 1 { index * last / (wanted - 1) } else { 0 })
        .filter_map(|index| chart.points.get(index))
        .enumerate()
        .map(|(index, (x, y))| vec![(index + 1).to_string(), quantity.number(*x), quantity.number(*y)])
        .collect();
    ChartTable {
        header: vec!["point".to_owned(), chart.across.clone(), chart.up.clone()],
        rows,
    }
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
    fn a_long_curve_keeps_its_ends() {
        let points: Vec<(f64, f64)> = (0..=500).map(|i| (f64::from(i) / 500.0, f64::from(i) / 500.0)).collect();
        let table = curve(&CurveChart {
            subject: String::new(),
            across: "x".to_owned(),
            up: "y".to_owned(),
            points,
            diagonal: None,
            label: String::new(),
        });
        assert_eq!(table.rows.len(), LISTED_POINTS);
        assert_eq!(table.rows[0][1], "0.000");
        assert_eq!(table.rows[LISTED_POINTS - 1][1], "1.000");
    }
}
