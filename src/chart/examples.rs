//! Charts that exercise every way of drawing: the golden files natively, and the same bytes in a browser and its worker.

use super::{ChartSpec, CurveChart, DotInterval, DotRow, Mark, Quantity};

fn row(label: &str, value: f64, low: f64, high: f64, support: u64) -> DotRow {
    DotRow {
        label: label.to_owned(),
        value: Some(value),
        interval: Some((low, high)),
        support,
        muted: None,
    }
}

fn muted(mut row: DotRow) -> DotRow {
    row.muted = Some(format!("too few rows to say: {}", row.support));
    row
}

fn mark(label: &str, value: f64) -> Option<Mark> {
    Some(Mark {
        label: label.to_owned(),
        value,
    })
}

/// Named example charts, in a fixed order.
pub fn examples() -> Vec<(&'static str, ChartSpec)> {
    vec![
        ("dots_share", dots_share()),
        ("dots_hostile", dots_hostile()),
        ("dots_signed", dots_signed()),
        (
            "dots_empty",
            ChartSpec::DotInterval(DotInterval {
                subject: "Recall by sex".to_owned(),
                quantity: Quantity::Percent,
                rows: Vec::new(),
                overall: None,
                bound: None,
            }),
        ),
        ("curve", curve()),
    ]
}

fn dots_share() -> ChartSpec {
    ChartSpec::DotInterval(DotInterval {
        subject: "False positive rate by race".to_owned(),
        quantity: Quantity::Percent,
        rows: vec![
            row("African-American", 0.4485, 0.4258, 0.4714, 1795),
            row("Caucasian", 0.2345, 0.2138, 0.2566, 1488),
            row("Hispanic", 0.2148, 0.1780, 0.2569, 405),
            row("Other", 0.1474, 0.1117, 0.1919, 244),
            muted(row("Asian", 0.0870, 0.0242, 0.2680, 23)),
            muted(row("Native American", 0.3750, 0.1368, 0.6943, 8)),
        ],
        overall: mark("all rows", 0.3235),
        bound: mark("bound", 0.3588),
    })
}

fn dots_hostile() -> ChartSpec {
    ChartSpec::DotInterval(DotInterval {
        subject: "<script>alert(1)</script> & \"quotes\"".to_owned(),
        quantity: Quantity::Decimal(3),
        rows: vec![
            row("<script>alert(1)</script>", 0.71, 0.69, 0.73, 1_234_567),
            row("\"&' onload=\"x\" fill=\"#0B5A73\"", 0.68, 0.60, 0.75, 40),
            row(&"a name without any end ".repeat(8), 0.70, 0.66, 0.74, 210),
            row("مرحبا بالعالم", 0.72, 0.70, 0.74, 900),
            row("tab\tand\u{0}null\u{202e}turned", 0.69, 0.67, 0.71, 900),
            DotRow {
                label: "(missing)".to_owned(),
                value: None,
                interval: None,
                support: 0,
                muted: None,
            },
        ],
        overall: None,
        bound: None,
    })
}

fn dots_signed() -> ChartSpec {
    ChartSpec::DotInterval(DotInterval {
        subject: "Mean error by sex".to_owned(),
        quantity: Quantity::Decimal(2),
        rows: vec![row("1", 0.62, -6.58, 7.83, 235), row("2", -1.89, -9.4, 5.61, 207)],
        overall: mark("no error", 0.0),
        bound: None,
    })
}

fn curve() -> ChartSpec {
    ChartSpec::Curve(CurveChart {
        subject: "ROC curve".to_owned(),
        across: "false positive rate".to_owned(),
        up: "true positive rate (recall)".to_owned(),
        points: (0..=40)
            .map(|step| {
                let x = f64::from(step) / 40.0;
                (x, 1.0 - (1.0 - x) * (1.0 - x))
            })
            .collect(),
        diagonal: Some("no better than chance".to_owned()),
        label: "AUC 0.667 (0.660 to 0.674)".to_owned(),
    })
}
