//! Charts that exercise every way of drawing: the golden files natively, and the same bytes in a browser and its worker.

use super::{Axis, ChartSpec, DotInterval, DotRow, Layer, Mark, Plot, PlotDot, Quantity, Shade, Tone};

fn row(label: &str, value: f64, low: f64, high: f64, support: u64) -> DotRow {
    DotRow {
        label: label.to_owned(),
        value: Some(value),
        interval: Some((low, high)),
        earlier: None,
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
        ("dots_earlier", dots_earlier()),
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
        ("reliability", reliability()),
        ("histograms", histograms()),
        ("sweep", sweep()),
        ("shades", shades()),
        ("residuals", residuals()),
        ("windows", windows()),
        ("plot_hostile", plot_hostile()),
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

fn dots_earlier() -> ChartSpec {
    let with_earlier = |row, earlier| DotRow { earlier, ..row };
    ChartSpec::DotInterval(DotInterval {
        subject: "Share of rows without a value, by column".to_owned(),
        quantity: Quantity::Percent,
        rows: vec![
            with_earlier(row("driver_tenure", 0.2125, 0.1752, 0.2553, 400), Some(0.1)),
            with_earlier(row("salary_range", 0.1950, 0.1592, 0.2366, 400), Some(0.1925)),
            row("in this file only", 0.05, 0.0326, 0.0760, 400),
        ],
        overall: None,
        bound: None,
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
                earlier: None,
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

fn axis(name: &str, quantity: Quantity, range: Option<(f64, f64)>) -> Axis {
    Axis {
        name: name.to_owned(),
        quantity,
        range,
        words: Vec::new(),
    }
}

fn line(label: &str, tone: Tone, points: impl Iterator<Item = (f64, f64)>) -> Layer {
    Layer::Line {
        label: label.to_owned(),
        tone,
        points: points.collect(),
    }
}

/// Places from 0 to 1.
fn places(steps: u32) -> impl Iterator<Item = f64> {
    (0..=steps).map(move |step| f64::from(step) / f64::from(steps))
}

const UNIT: Option<(f64, f64)> = Some((0.0, 1.0));

fn curve() -> ChartSpec {
    ChartSpec::Plot(Plot {
        subject: "ROC curve".to_owned(),
        across: axis("false positive rate", Quantity::Decimal(2), UNIT),
        up: axis("true positive rate (recall)", Quantity::Decimal(2), UNIT),
        is_square: true,
        layers: vec![
            Layer::Diagonal {
                label: "no better than chance".to_owned(),
            },
            line("", Tone::Current, places(40).map(|x| (x, 1.0 - (1.0 - x) * (1.0 - x)))),
        ],
        answer: "AUC 0.667 (0.660 to 0.674)".to_owned(),
    })
}

fn reliability() -> ChartSpec {
    let dot = |bin: u32| {
        let x = (f64::from(bin) + 0.5) / 10.0;
        let y = x * x;
        PlotDot {
            x,
            y,
            interval: Some(((y - 0.05).max(0.0), (y + 0.05).min(1.0))),
            support: 100,
        }
    };
    ChartSpec::Plot(Plot {
        subject: "Reliability".to_owned(),
        across: axis("mean score", Quantity::Percent, UNIT),
        up: axis("observed share", Quantity::Percent, UNIT),
        is_square: true,
        layers: vec![
            Layer::Diagonal {
                label: "as predicted".to_owned(),
            },
            Layer::Dots {
                label: "bin".to_owned(),
                dots: (0..10).map(dot).collect(),
            },
        ],
        answer: "ECE 0.042".to_owned(),
    })
}

fn histograms() -> ChartSpec {
    let bars = |label: &str, tone, peak: f64| Layer::Bars {
        label: label.to_owned(),
        tone,
        bars: places(19)
            .map(|x| (x * 0.95, x * 0.95 + 0.05, (0.2 - (x - peak) * (x - peak) * 0.4).max(0.0)))
            .collect(),
    };
    ChartSpec::Plot(Plot {
        subject: "Scores by class".to_owned(),
        across: axis("score", Quantity::Decimal(2), UNIT),
        up: axis("share of the class", Quantity::Percent, None),
        is_square: false,
        layers: vec![
            bars("the others", Tone::Reference, 0.25),
            bars("\u{201c}1\u{201d}", Tone::Current, 0.75),
            Layer::Rule {
                label: "threshold 0.5".to_owned(),
                at: 0.5,
                is_upright: true,
            },
        ],
        answer: String::new(),
    })
}

fn sweep() -> ChartSpec {
    ChartSpec::Plot(Plot {
        subject: "What a threshold does".to_owned(),
        across: axis("decision threshold", Quantity::Decimal(2), UNIT),
        up: axis("share", Quantity::Percent, UNIT),
        is_square: false,
        layers: vec![
            line("selected", Tone::Reference, places(50).map(|t| (t, (1.0 - t) * (1.0 - t)))),
            line("precision", Tone::Other, places(50).map(|t| (t, 0.3 + 0.6 * t))),
            line("recall", Tone::Current, places(50).map(|t| (t, 1.0 - t * t))),
            Layer::Rule {
                label: "audited 0.5".to_owned(),
                at: 0.5,
                is_upright: true,
            },
        ],
        answer: String::new(),
    })
}

fn shades() -> ChartSpec {
    let cell = |x: u32, y: u32| Shade {
        x: (f64::from(x) * 20.0, f64::from(x + 1) * 20.0),
        y: (f64::from(y) * 20.0, f64::from(y + 1) * 20.0),
        count: f64::from(40_u32.saturating_sub(x.abs_diff(y) * 9)),
    };
    ChartSpec::Plot(Plot {
        subject: "Predicted and true numbers".to_owned(),
        across: axis("predicted", Quantity::Decimal(0), None),
        up: axis("true", Quantity::Decimal(0), None),
        is_square: true,
        layers: vec![
            Layer::Shades {
                label: "rows".to_owned(),
                shades: (0..15).flat_map(|x| (0..15).map(move |y| cell(x, y))).collect(),
            },
            Layer::Diagonal { label: "right".to_owned() },
        ],
        answer: "R\u{b2} 0.48".to_owned(),
    })
}

fn residuals() -> ChartSpec {
    ChartSpec::Plot(Plot {
        subject: "Errors by predicted number".to_owned(),
        across: axis("predicted", Quantity::Decimal(0), None),
        up: axis("prediction minus truth", Quantity::Decimal(0), None),
        is_square: false,
        layers: vec![
            Layer::Band {
                label: "middle half".to_owned(),
                points: places(10).map(|x| (100.0 + 200.0 * x, -40.0 - 20.0 * x, 30.0 + 10.0 * x)).collect(),
            },
            Layer::Rule {
                label: "no error".to_owned(),
                at: 0.0,
                is_upright: false,
            },
            line("median", Tone::Current, places(10).map(|x| (100.0 + 200.0 * x, -5.0 - 5.0 * x))),
        ],
        answer: String::new(),
    })
}

/// Names and numbers that no drawing must break on.
fn windows() -> ChartSpec {
    let share = |place: i32| 0.2 + 0.01 * f64::from(place % 3);
    let side = |places: std::ops::Range<i32>| places.map(move |place| (f64::from(place), share(place.abs())));
    ChartSpec::Plot(Plot {
        subject: "Selection rate by window".to_owned(),
        across: Axis {
            words: (-6..6)
                .map(|place| (f64::from(place), format!("2026-{:02}-01", (place + 7).clamp(1, 12))))
                .collect(),
            ..axis("window", Quantity::Decimal(0), Some((-6.0, 5.0)))
        },
        up: axis("", Quantity::Percent, None),
        is_square: false,
        layers: vec![line("reference", Tone::Reference, side(-6..0)), line("", Tone::Current, side(0..6))],
        answer: String::new(),
    })
}

fn plot_hostile() -> ChartSpec {
    ChartSpec::Plot(Plot {
        subject: "</title><script>alert(1)</script>".to_owned(),
        across: axis(&"no end of a name ".repeat(20), Quantity::Count, None),
        up: axis("\"&' fill=\"#0B5A73\"\u{202e}", Quantity::Points, None),
        is_square: false,
        layers: vec![
            line(
                "<b>",
                Tone::Current,
                [(0.0, f64::NAN), (1.0, 2.0), (f64::INFINITY, 1.0), (3.0, 1e300)].into_iter(),
            ),
            Layer::Bars {
                label: String::new(),
                tone: Tone::Other,
                bars: vec![(f64::NAN, 1.0, 2.0)],
            },
            Layer::Shades {
                label: String::new(),
                shades: Vec::new(),
            },
            Layer::Dots {
                label: String::new(),
                dots: Vec::new(),
            },
        ],
        answer: String::new(),
    })
}
