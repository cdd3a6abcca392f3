//! "What would other thresholds give?": the groups' ROC curves, what holding groups alike would cost, and the thresholds that do it.

use super::block::{Block, Cell, Figure, Folded, Row, Table};
use super::{cells, heading};
use crate::chart::number::Quantity;
use crate::chart::{Axis, ChartSpec, Layer, Plot, Tone};
use crate::report::index::Index;
use crate::report::words::capital;
use crate::run::frontier::{Constraint, Frontier, Offer};

/// The most curves in one chart.
const CURVES: usize = 4;
/// The gap whose thresholds are shown first.
const SHOWN: f64 = 0.05;

/// The section; nothing where thresholds mean nothing, or no two groups have enough rows.
pub(super) fn blocks(index: &Index<'_>) -> Vec<Block> {
    let frontiers = &index.report.frontiers;
    if frontiers.is_empty() {
        return Vec::new();
    }
    let mut blocks = vec![
        heading(2, "thresholds", "What would holding groups alike cost?"),
        Block::Lead(answer(frontiers)),
        Block::Prose(
            "This explores what the scores allow; it is not advice. Different thresholds for different groups may be against the law, and which error weighs \
             more is not in the data. Figures are those of this data: thresholds chosen on it do better here than on new rows."
                .to_owned(),
        ),
    ];
    for (place, frontier) in frontiers.iter().enumerate() {
        blocks.push(heading(3, format!("thresholds-{place}"), format!("Thresholds by {}", frontier.by)));
        let mut figures = vec![roc(index, frontier, place)];
        figures.extend(
            Constraint::ALL
                .into_iter()
                .filter_map(|constraint| front(frontier, constraint, place)),
        );
        blocks.push(Block::Figures(figures));
        blocks.push(Block::Table(offers(frontier, SHOWN)));
        let others: Vec<Block> = [0.02, 0.1].into_iter().map(|limit| Block::Table(offers(frontier, limit))).collect();
        blocks.push(Block::Folded(Folded {
            title: format!("Thresholds for a narrower and a wider gap by {}", frontier.by),
            blocks: others,
        }));
    }
    blocks
}

fn quantity(frontier: &Frontier) -> Quantity {
    if frontier.is_cost {
        Quantity::Decimal(3)
    } else {
        Quantity::Percent
    }
}

/// A loss of performance in words.
pub(in crate::report) fn loss(frontier: &Frontier, performance: f64) -> String {
    let loss = frontier.loss(performance, frontier.best.0);
    match (frontier.is_cost, loss <= 0.0) {
        (_, true) => "nothing".to_owned(),
        (true, false) => format!("{} a row", Quantity::Decimal(3).number(loss)),
        (false, false) => format!("{} of accuracy", Quantity::Points.with_unit(loss)),
    }
}

/// What keeping a gap costs when all is done to lose little.
fn at_least(frontier: &Frontier, performance: f64) -> String {
    let loss = loss(frontier, performance);
    if loss == "nothing" { loss } else { format!("{loss} at least") }
}

fn find(frontier: &Frontier, constraint: Constraint, is_shared: bool, limit: f64) -> Option<&Offer> {
    frontier
        .offers
        .iter()
        .find(|offer| offer.constraint == constraint && offer.is_shared == is_shared && offer.limit == limit)
}

/// What equal opportunity within 5 points would cost by the feature where it costs most.
fn answer(frontiers: &[Frontier]) -> String {
    let constraint = Constraint::EqualOpportunity;
    let cost = |frontier: &&Frontier| {
        find(frontier, constraint, false, SHOWN).map_or(0.0, |offer| frontier.loss(offer.performance, frontier.best.0))
    };
    let Some(dearest) = frontiers.iter().max_by(|a, b| cost(a).total_cmp(&cost(b))) else {
        return String::new();
    };
    let said = |is_shared| {
        find(dearest, constraint, is_shared, SHOWN).map_or_else(
            || "no such thresholds exist".to_owned(),
            |offer| format!("it costs {}", loss(dearest, offer.performance)),
        )
    };
    format!(
        "To find positives about equally often by {}, within 5 points, {} with a threshold a group; with one threshold for all, {}.",
        dearest.by,
        said(false),
        said(true)
    )
}

fn axis(name: &str, quantity: Quantity, range: Option<(f64, f64)>) -> Axis {
    Axis {
        name: name.to_owned(),
        quantity,
        range,
        words: Vec::new(),
    }
}

/// All groups' ROC curves in one chart.
fn roc(index: &Index<'_>, frontier: &Frontier, place: usize) -> Figure {
    let judged = index.judged("roc_auc", std::slice::from_ref(&frontier.by));
    let is_apart = |estimate: &crate::metric::Estimate| estimate.interval.is_some_and(|limits| limits.low > 0.5);
    let title = if !judged.is_empty() && judged.iter().all(|(_, estimate)| is_apart(estimate)) {
        format!("The scores tell the classes apart in every group of {}", frontier.by)
    } else {
        format!("Not in every group of {} do the scores clearly tell the classes apart", frontier.by)
    };
    let tones = [Tone::Current, Tone::Reference, Tone::Other, Tone::Other];
    let mut layers = vec![Layer::Diagonal {
        label: "chance".to_owned(),
    }];
    layers.extend(frontier.curves.iter().take(CURVES).zip(tones).map(|(curve, tone)| Layer::Line {
        label: curve.group.clone(),
        tone,
        points: curve.points.clone(),
    }));
    let mut note = String::new();
    if frontier.curves.len() > CURVES {
        note.push_str(&format!("The {CURVES} largest of {} groups. ", frontier.curves.len()));
    }
    if !frontier.left_out.is_empty() {
        let named: Vec<&str> = frontier.left_out.iter().take(6).map(String::as_str).collect();
        note.push_str(&format!(
            "Left out, with too few positives or negatives, or beyond the largest: {}.",
            named.join(", ")
        ));
    }
    Figure {
        id: format!("fig-roc-{place}"),
        title,
        metric: "roc_auc".to_owned(),
        chart: ChartSpec::Plot(Plot {
            subject: format!("ROC curves by {}", frontier.by),
            across: axis("false positive rate", Quantity::Decimal(2), Some((0.0, 1.0))),
            up: axis("recall", Quantity::Decimal(2), Some((0.0, 1.0))),
            is_square: true,
            layers,
            answer: String::new(),
        }),
        note: note.trim_end().to_owned(),
    }
}

/// Performance by gap, with one threshold and with one a group.
fn front(frontier: &Frontier, constraint: Constraint, place: usize) -> Option<Figure> {
    let own = frontier.fronts.iter().filter(|front| front.constraint == constraint);
    let layers: Vec<Layer> = own
        .clone()
        .map(|front| Layer::Line {
            label: if front.is_shared { "one threshold" } else { "one a group" }.to_owned(),
            tone: if front.is_shared { Tone::Reference } else { Tone::Current },
            points: front.points.clone(),
        })
        .collect();
    if own.clone().all(|front| front.points.len() < 2) {
        return None;
    }
    let offer = find(frontier, constraint, false, SHOWN);
    let title = offer.map_or_else(
        || capital(constraint.name()),
        |offer| {
            format!(
                "{} within 5 points costs {}",
                capital(constraint.name()),
                at_least(frontier, offer.performance)
            )
        },
    );
    Some(Figure {
        id: format!("fig-front-{place}-{}", constraint as usize),
        title,
        metric: if frontier.is_cost { "expected_cost" } else { "accuracy" }.to_owned(),
        chart: ChartSpec::Plot(Plot {
            subject: format!(
                "{} by gap, {}",
                if frontier.is_cost { "Cost" } else { "Accuracy" },
                constraint.name()
            ),
            across: axis("gap between groups, points", Quantity::Points, None),
            up: axis(
                if frontier.is_cost { "mean cost of a row" } else { "accuracy" },
                quantity(frontier),
                None,
            ),
            is_square: false,
            layers,
            answer: String::new(),
        }),
        note: String::new(),
    })
}

/// The thresholds that keep a gap within a limit, and what they cost.
fn offers(frontier: &Frontier, limit: f64) -> Table {
    let mut header = vec![cells::names("Alike in"), cells::names("Thresholds")];
    header.extend(frontier.curves.iter().map(|curve| cells::numbers(curve.group.clone(), "")));
    header.push(cells::numbers("Gap", "points"));
    header.push(cells::numbers(
        if frontier.is_cost { "Cost" } else { "Accuracy" },
        if frontier.is_cost { "" } else { "%" },
    ));
    header.push(cells::names("Costs"));
    let mut rows = Vec::new();
    for constraint in Constraint::ALL {
        for is_shared in [true, false] {
            let mut row = vec![
                Cell::text(if is_shared { capital(constraint.name()) } else { String::new() }),
                Cell::text(if is_shared { "one for all" } else { "one a group" }),
            ];
            if let Some(offer) = find(frontier, constraint, is_shared, limit) {
                row.extend(offer.thresholds.iter().map(|(_, threshold)| Cell::text(threshold.to_string())));
                row.push(Cell::text(Quantity::Points.number(offer.gap)));
                row.push(Cell::text(quantity(frontier).number(offer.performance)));
                row.push(Cell::text(loss(frontier, offer.performance)));
            } else {
                row.resize_with(row.len() + frontier.curves.len() + 2, cells::absent);
                row.push(Cell::text("none keeps the gap"));
            }
            rows.push(Row {
                cells: row,
                is_foot: false,
            });
        }
    }
    Table {
        caption: format!(
            "Thresholds with a gap of at most {} by {}",
            Quantity::Points.with_unit(limit),
            frontier.by
        ),
        columns: header,
        rows,
        note: format!(
            "Over these groups alone. Costs are against the best single threshold, {}, with {}. Nobody reaches the highest threshold, so that it selects nobody.",
            frontier.best.1,
            quantity(frontier).with_unit(frontier.best.0)
        ),
    }
}
