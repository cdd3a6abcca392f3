//! Figures over all rows: what the scores do with two classes, where predicted numbers miss. Each is titled by its answer.

use super::super::format::{in_full, out_of, own_quantity};
use super::super::index::Index;
use super::block::{Block, Figure};
use super::positive_class;
use crate::chart::number::Quantity;
use crate::chart::{Axis, ChartSpec, Layer, Plot, PlotDot, Shade, Tone};
use crate::metric::{Estimate, Key};

/// An axis that counts shares from 0 to 1.
fn share_axis(name: &str) -> Axis {
    axis(name, Quantity::Decimal(2), Some((0.0, 1.0)))
}

fn axis(name: &str, quantity: Quantity, range: Option<(f64, f64)>) -> Axis {
    Axis {
        name: name.to_owned(),
        quantity,
        range,
        words: Vec::new(),
    }
}

fn figure(id: &str, title: String, metric: &str, plot: Plot) -> Figure {
    Figure {
        id: format!("fig-{id}"),
        title,
        metric: metric.to_owned(),
        chart: ChartSpec::Plot(plot),
        note: String::new(),
    }
}

fn line(label: &str, tone: Tone, points: &[(f64, f64)]) -> Layer {
    Layer::Line {
        label: label.to_owned(),
        tone,
        points: points.to_vec(),
    }
}

fn points<'a>(index: &Index<'a>, kind: &str) -> Option<&'a [(f64, f64)]> {
    let curve = index.report.curves.iter().find(|curve| curve.kind == kind)?;
    (curve.points.len() > 1).then_some(curve.points.as_slice())
}

fn value(index: &Index<'_>, metric: &str) -> Option<f64> {
    index.overall(metric)?.value
}

/// "N of 100".
fn of_hundred(share: f64) -> String {
    let (whole, some) = out_of(share);
    format!("{some} of {whole}")
}

/// The decision threshold in force, as an upright line.
fn threshold_rule(index: &Index<'_>) -> Option<Layer> {
    let at = index.report.outcome.decision_threshold?;
    Some(Layer::Rule {
        label: format!("audited {at}"),
        at,
        is_upright: true,
    })
}

/// A dot where the audited predictions are.
fn audited_dot(x: Option<f64>, y: Option<&Estimate>) -> Option<Layer> {
    let y = y?;
    let dot = PlotDot {
        x: x?,
        y: y.value?,
        interval: y.interval.map(|interval| (interval.low, interval.high)),
        support: y.support,
    };
    Some(Layer::Dots {
        label: "audited predictions".to_owned(),
        dots: vec![dot],
    })
}

/// The ROC curve, to stand beside the confusion matrix.
pub(super) fn roc(index: &Index<'_>) -> Option<Block> {
    let auc = index.overall("roc_auc")?;
    let points = points(index, "roc")?;
    let low = auc.interval.map_or(auc.value?, |interval| interval.low);
    let high = auc.interval.map_or(auc.value?, |interval| interval.high);
    let positive = positive_class(index.report);
    let title = if low > 0.5 {
        let wins = Quantity::Decimal(0).number(auc.value? * 100.0);
        format!("In {wins} of 100 pairs, the “{positive}” scores higher than the other")
    } else if high < 0.5 {
        "Scores point the wrong way more often than the right one".to_owned()
    } else {
        "Scores do not clearly tell the classes apart".to_owned()
    };
    let mut layers = vec![
        Layer::Diagonal {
            label: "no better than chance".to_owned(),
        },
        line("", Tone::Current, points),
    ];
    layers.extend(audited_dot(value(index, "false_positive_rate"), index.overall("recall")));
    let plot = Plot {
        subject: "ROC curve".to_owned(),
        across: share_axis("false positive rate"),
        up: share_axis("recall"),
        is_square: true,
        layers,
        answer: format!("AUC {}", in_full(auc)),
    };
    Some(Block::Figures(vec![figure("roc", title, "roc_auc", plot)]))
}

/// What the scores of two classes do.
pub(super) fn of_scores(index: &Index<'_>) -> Option<Block> {
    let figures: Vec<Figure> = [
        reliability(index),
        histograms(index),
        sweep(index),
        precision_recall(index),
        gain(index),
        cost(index),
    ]
    .into_iter()
    .flatten()
    .collect();
    (!figures.is_empty()).then_some(Block::Figures(figures))
}

fn histograms(index: &Index<'_>) -> Option<Figure> {
    let bars = |kind: &str| -> Option<Vec<(f64, f64, f64)>> {
        let begins = points(index, kind)?;
        Some(begins.windows(2).map(|pair| (pair[0].0, pair[1].0, pair[0].1)).collect())
    };
    let (positives, negatives) = (bars("scores_positive")?, bars("scores_negative")?);
    let positive = positive_class(index.report);
    let range = (positives.first()?.0, positives.last()?.1);
    let title = match (
        index.report.outcome.decision_threshold,
        value(index, "recall"),
        value(index, "false_positive_rate"),
    ) {
        (Some(at), Some(recall), Some(wrong)) => format!(
            "At {at} or higher: {} “{positive}” and {} of the others",
            of_hundred(recall),
            of_hundred(wrong)
        ),
        _ => format!("Where the scores of “{positive}” and of the others lie"),
    };
    let layer = |label: &str, tone, bars| Layer::Bars {
        label: label.to_owned(),
        tone,
        bars,
    };
    let mut layers = vec![
        layer("the others", Tone::Reference, negatives),
        layer(&format!("“{positive}”"), Tone::Current, positives),
    ];
    layers.extend(threshold_rule(index));
    let plot = Plot {
        subject: "Scores by true class".to_owned(),
        across: axis("score", Quantity::Decimal(2), Some(range)),
        up: axis("share of the class", Quantity::Percent, None),
        is_square: false,
        layers,
        answer: String::new(),
    };
    Some(figure("scores", title, "mean_score", plot))
}

fn sweep(index: &Index<'_>) -> Option<Figure> {
    let precision = points(index, "threshold_precision")?;
    let recall = points(index, "threshold_recall")?;
    let selected = points(index, "threshold_selection_rate")?;
    let f1 = |(_, precision): &(f64, f64), (_, recall): &(f64, f64)| 2.0 * precision * recall / (precision + recall);
    let balanced = precision
        .iter()
        .filter_map(|point| Some((point.0, f1(point, recall.iter().find(|(at, _)| *at == point.0)?))))
        .filter(|(_, f1)| f1.is_finite())
        .max_by(|a, b| a.1.total_cmp(&b.1).then(b.0.total_cmp(&a.0)))?;
    let best = Quantity::Decimal(2).number(balanced.0);
    let title = format!(
        "Precision and recall balance best near {best} (F1 {})",
        Quantity::Decimal(2).number(balanced.1)
    );
    let range = (recall.first()?.0, recall.last()?.0);
    let mut layers = vec![
        line("selected", Tone::Reference, selected),
        line("precision", Tone::Other, precision),
        line("recall", Tone::Current, recall),
    ];
    layers.extend(threshold_rule(index));
    let plot = Plot {
        subject: "What another decision threshold would do".to_owned(),
        across: axis("decision threshold", Quantity::Decimal(2), Some(range)),
        up: axis("share", Quantity::Percent, Some((0.0, 1.0))),
        is_square: false,
        layers,
        answer: String::new(),
    };
    Some(figure("sweep", title, "f1", plot))
}

fn precision_recall(index: &Index<'_>) -> Option<Figure> {
    let points = points(index, "precision_recall")?;
    let average = index.overall("average_precision")?;
    let positive = positive_class(index.report);
    let title = match (value(index, "precision"), value(index, "recall")) {
        (Some(precision), Some(recall)) => format!(
            "{} flagged are right; {} “{positive}” are found",
            of_hundred(precision),
            of_hundred(recall)
        ),
        _ => format!("How many “{positive}” are found, and at what price"),
    };
    let mut layers = Vec::new();
    if let Some(at) = value(index, "prevalence") {
        layers.push(Layer::Line {
            label: "flagging at random".to_owned(),
            tone: Tone::Reference,
            points: vec![(0.0, at), (1.0, at)],
        });
    }
    layers.push(line("", Tone::Current, points));
    layers.extend(audited_dot(value(index, "recall"), index.overall("precision")));
    let plot = Plot {
        subject: "Precision and recall".to_owned(),
        across: share_axis("recall"),
        up: share_axis("precision"),
        is_square: true,
        layers,
        answer: format!("AP {}", in_full(average)),
    };
    Some(figure("precision-recall", title, "average_precision", plot))
}

fn gain(index: &Index<'_>) -> Option<Figure> {
    let points = points(index, "gain")?;
    let tenth = interpolated(points, 0.1)?;
    let title = format!(
        "The tenth with the highest scores holds {} “{}”",
        of_hundred(tenth),
        positive_class(index.report)
    );
    let plot = Plot {
        subject: "Cumulative gain".to_owned(),
        across: share_axis("share of rows, highest scores first"),
        up: share_axis("recall"),
        is_square: true,
        layers: vec![
            Layer::Diagonal {
                label: "any order".to_owned(),
            },
            line("", Tone::Current, points),
        ],
        answer: format!("lift of the first tenth {}", Quantity::Decimal(2).number(tenth / 0.1)),
    };
    Some(figure("gain", title, "recall", plot))
}

/// The height of a rising curve at a place.
fn interpolated(points: &[(f64, f64)], at: f64) -> Option<f64> {
    let place = points.partition_point(|(x, _)| *x < at);
    let (right, left) = (points.get(place)?, points.get(place.checked_sub(1)?)?);
    let share = if right.0 > left.0 {
        (at - left.0) / (right.0 - left.0)
    } else {
        1.0
    };
    Some(left.1 + share * (right.1 - left.1))
}

/// The expected cost at every threshold, where errors have a price.
fn cost(index: &Index<'_>) -> Option<Figure> {
    let points = points(index, "threshold_cost")?;
    let best = points.iter().min_by(|a, b| a.1.total_cmp(&b.1))?;
    let largest = points.iter().map(|(_, cost)| *cost).fold(0.0, f64::max);
    let quantity = Quantity::fitting(largest);
    let title = format!(
        "Errors cost least at {}: {} a row",
        Quantity::Decimal(2).number(best.0),
        quantity.number(best.1)
    );
    let mut layers = vec![line("cost", Tone::Current, points)];
    layers.extend(threshold_rule(index));
    let plot = Plot {
        subject: "Cost of errors".to_owned(),
        across: axis(
            "decision threshold",
            Quantity::Decimal(2),
            Some((points.first()?.0, points.last()?.0)),
        ),
        up: axis("cost a row", quantity, None),
        is_square: false,
        layers,
        answer: String::new(),
    };
    Some(figure("cost", title, "expected_cost", plot))
}

/// The bins of the plain calibration error: mean score and what happened.
fn reliability(index: &Index<'_>) -> Option<Figure> {
    let of_bin = |metric: &str, bin: usize| {
        let mut key = Key::overall(metric);
        key.params.insert("bin".to_owned(), bin.to_string());
        index.get(&key)
    };
    let dots: Vec<PlotDot> = (0..10)
        .filter_map(|bin| {
            let rate = of_bin("calibration_bin_observed_rate", bin)?;
            Some(PlotDot {
                x: of_bin("calibration_bin_mean_score", bin)?.value?,
                y: rate.value?,
                interval: rate.interval.map(|interval| (interval.low, interval.high)),
                support: rate.support,
            })
        })
        .collect();
    if dots.len() < 2 {
        return None;
    }
    let (promised, happened) = (value(index, "mean_score")?, index.overall("prevalence")?);
    let limits = happened.interval.map(|interval| (interval.low, interval.high));
    let told = format!("scores promise {}, {} happen", of_hundred(promised), of_hundred(happened.value?));
    let title = match limits {
        Some((_, high)) if promised > high => format!("Too high: {told}"),
        Some((low, _)) if promised < low => format!("Too low: {told}"),
        _ => format!("Right on average: {told}"),
    };
    let plot = Plot {
        subject: "Reliability".to_owned(),
        across: share_axis("mean score"),
        up: share_axis("share that is positive"),
        is_square: true,
        layers: vec![
            Layer::Diagonal {
                label: "as promised".to_owned(),
            },
            Layer::Dots {
                label: "bin".to_owned(),
                dots,
            },
        ],
        answer: index.overall("ece").map_or_else(String::new, |ece| format!("ECE {}", in_full(ece))),
    };
    Some(figure("reliability", title, "ece", plot))
}

/// Where predicted numbers miss.
pub(super) fn of_numbers(index: &Index<'_>) -> Option<Block> {
    let figures: Vec<Figure> = [predicted_by_true(index), errors(index)].into_iter().flatten().collect();
    (!figures.is_empty()).then_some(Block::Figures(figures))
}

fn predicted_by_true(index: &Index<'_>) -> Option<Figure> {
    let grid = index.report.grids.iter().find(|grid| grid.kind == "predicted_by_true")?;
    let columns = grid.across.len().checked_sub(1)?;
    let shades: Vec<Shade> = grid
        .counts
        .iter()
        .enumerate()
        .filter(|(_, count)| **count > 0.0)
        .map(|(place, count)| Shade {
            x: (grid.across[place % columns], grid.across[place % columns + 1]),
            y: (grid.up[place / columns], grid.up[place / columns + 1]),
            count: *count,
        })
        .collect();
    let range = (*grid.across.first()?, *grid.across.last()?);
    let quantity = Quantity::fitting(range.0.abs().max(range.1.abs()));
    let typical = index.overall("median_absolute_error").filter(|estimate| estimate.value.is_some());
    let title = match (typical, index.overall("mae")) {
        (Some(median), _) => format!(
            "Half of the predictions are within {} of the truth",
            own_quantity(median).number(median.value?)
        ),
        (None, Some(mae)) => format!("Predictions miss by {} on average", own_quantity(mae).number(mae.value?)),
        _ => return None,
    };
    let plot = Plot {
        subject: "Predicted and true numbers".to_owned(),
        across: axis("predicted", quantity, Some(range)),
        up: axis("true", quantity, Some(range)),
        is_square: true,
        layers: vec![
            Layer::Shades {
                label: "rows".to_owned(),
                shades,
            },
            Layer::Diagonal { label: "right".to_owned() },
        ],
        answer: index.overall("r2").map_or_else(String::new, |r2| format!("R² {}", in_full(r2))),
    };
    Some(figure("predicted-true", title, "mae", plot))
}

fn errors(index: &Index<'_>) -> Option<Figure> {
    let (low, median, high) = (
        points(index, "error_low_quartile")?,
        points(index, "error_median")?,
        points(index, "error_high_quartile")?,
    );
    let widths: Vec<f64> = low.iter().zip(high).map(|(low, high)| high.1 - low.1).collect();
    let (first, last) = (widths.first()?, widths.last()?);
    let title = if *last > 1.5 * first {
        "Errors grow with the prediction"
    } else if *first > 1.5 * last {
        "Errors shrink with the prediction"
    } else {
        "Errors are about as large everywhere"
    };
    let range = (median.first()?.0, median.last()?.0);
    if range.0 >= range.1 {
        return None;
    }
    let largest = low.iter().chain(high).map(|(_, error)| error.abs()).fold(0.0, f64::max);
    let band = low.iter().zip(high).map(|(low, high)| (low.0, low.1, high.1));
    let plot = Plot {
        subject: "Errors by predicted number".to_owned(),
        across: axis("predicted", Quantity::fitting(range.0.abs().max(range.1.abs())), Some(range)),
        up: axis(
            "prediction minus truth; half of the rows are in the band",
            Quantity::fitting(largest),
            None,
        ),
        is_square: false,
        layers: vec![
            Layer::Band {
                label: "middle half".to_owned(),
                points: band.collect(),
            },
            Layer::Rule {
                label: "no error".to_owned(),
                at: 0.0,
                is_upright: false,
            },
            line("median", Tone::Current, median),
        ],
        answer: String::new(),
    };
    Some(figure("errors", title.to_owned(), "mean_error", plot))
}
