//! What changed over time, when it began and how sure that is; and how well the model probably does where labels are missing.

mod series;

use super::super::format::{self, level};
use super::super::index::Index;
use super::super::words::{capital, metric_name};
use super::block::{Block, Cell, Figure, Folded, Row, Table};
use super::cells::{absent, names, numbers, of_estimate};
use super::heading;
use crate::chart::number::{NARROW_SPACE, Quantity, count, counted};
use crate::chart::{Axis, ChartSpec, Layer, Plot, Tone};
use crate::metric::Source;
pub(super) use series::moment;
use series::{Change, Series, Timeline};

/// Most small multiples.
const MOST_FIGURES: usize = 8;
/// Most of them that show a change, where there is something else to show.
const MOST_CHANGES_DRAWN: usize = 4;
/// Most changes in the table.
const MOST_CHANGES: usize = 30;
/// Most windows in the table: the latest.
const MOST_ROWS: usize = 60;
/// Part of labels that are in below which a window is incomplete.
const COMPLETE: f64 = 0.9;
/// Numbers by window in the table, where they are measured, and figures without a change.
const SHOWN: [&str; 7] = ["accuracy", "roc_auc", "recall", "precision", "mae", "rmse", "selection_rate"];

/// The section; empty where nothing was cut into windows.
pub(super) fn blocks(index: &Index<'_>) -> Vec<Block> {
    let timeline = Timeline::new(index.report);
    if timeline.windows(Source::Current) == 0 {
        return Vec::new();
    }
    let mut blocks = vec![heading(2, "time", "What changed, and when?"), Block::Lead(lead(&timeline))];
    blocks.extend(evidence(&timeline).map(Block::Prose));
    let cautions = cautions(&timeline, index);
    let sentences = estimated(&timeline);
    if !sentences.is_empty() {
        blocks.push(Block::Sentences(sentences));
    }
    if !cautions.is_empty() {
        blocks.push(Block::Cautions(cautions));
    }
    let figures = figures(&timeline);
    if !figures.is_empty() {
        blocks.push(Block::Figures(figures));
    }
    if !timeline.changes.is_empty() {
        blocks.push(Block::Folded(Folded {
            title: format!("{} that changed", counted(timeline.changes.len() as u64, "number", "numbers")),
            blocks: vec![Block::Table(changes(&timeline))],
        }));
    }
    blocks.push(Block::Table(by_window(&timeline, index)));
    blocks
}

/// What began when, how sure.
fn lead(timeline: &Timeline<'_>) -> String {
    let tested = timeline.tested;
    let windows = counted(timeline.windows(Source::Current) as u64, "window", "windows");
    if tested == 0 {
        return format!(
            "{} are too few to tell a change from chance: a number needs eight full ones with enough rows, beside those that tell what is usual.",
            capital(&windows)
        );
    }
    match timeline.changes.first() {
        Some(first) => told(first, timeline),
        None => format!(
            "Over {windows}, none of the {} numbers followed changed by more than chance would.",
            count(tested)
        ),
    }
}

/// "Recall fell from 93 % to 85 %, from 2019-01-07 on."
fn told(change: &Change<'_>, timeline: &Timeline<'_>) -> String {
    let quantity = change.series.quantity();
    let verb = if change.after > change.before { "rose" } else { "fell" };
    format!(
        "{} {verb} from {} to {}, from {} on.",
        capital(&change.series.name()),
        quantity.with_unit(change.before),
        quantity.with_unit(change.after),
        timeline.label(change.at as i64)
    )
}

/// What changed most, for the summary; nothing where it is no performance.
pub(super) fn in_short(index: &Index<'_>) -> Option<String> {
    let timeline = Timeline::new(index.report);
    let first = timeline.changes.first().filter(|change| change.series.is_performance())?;
    Some(format!("It was not so all the time: {}", told(first, &timeline)))
}

/// When the first change began, how sure that is, and what changed beside it.
fn evidence(timeline: &Timeline<'_>) -> Option<String> {
    let first = timeline.changes.first()?;
    let place = |place: f64| timeline.label(place as i64);
    let when = if first.low == first.high {
        "no earlier and no later".to_owned()
    } else {
        format!("at the earliest {} and at the latest {}", place(first.low), place(first.high))
    };
    let chance = (first.p_value * 1000.0).round().max(1.0);
    let more = match timeline.changes.len() - 1 {
        0 => "No other number followed changed by more than chance would.".to_owned(),
        others => format!(
            "{} of the {} numbers followed changed too.",
            count(others as u64),
            count(timeline.tested)
        ),
    };
    Some(format!(
        "It began {when} ({} confidence). Where nothing changes, one of all numbers shows so clear a step in at most {} of 1{NARROW_SPACE}000 cases. {more}",
        level(0.95),
        Quantity::Decimal(0).number(chance),
    ))
}

/// How well the model probably does, and how far such estimates were off.
fn estimated(timeline: &Timeline<'_>) -> Vec<String> {
    let mut said = Vec::new();
    for series in timeline.series.iter().filter(|series| series.is_estimated_performance()).take(2) {
        let Some((place, latest)) = series.current().rev().find(|(_, estimate)| estimate.value.is_some()) else {
            continue;
        };
        let what = metric_name(series.key.params.get("metric").map_or("", String::as_str));
        let mut text = format!(
            "In the window of {}, {what} is probably {}, told without labels.",
            timeline.label(place),
            format_in_full(latest, series.quantity())
        );
        for (source, whose) in [
            (Source::Reference, "windows of the reference"),
            (Source::Current, "windows that have labels"),
        ] {
            if let Some(off) = timeline.off(series, source) {
                let quantity = if series.quantity() == Quantity::Percent {
                    Quantity::Points
                } else {
                    series.quantity()
                };
                text.push_str(&format!(
                    " On {} {whose}, such estimates were off by {} on average.",
                    count(off.support),
                    quantity.with_unit(off.value.unwrap_or(0.0))
                ));
            }
        }
        said.push(text);
    }
    said
}

fn format_in_full(estimate: &crate::metric::Estimate, quantity: Quantity) -> String {
    let number = format::with_unit(quantity, estimate);
    format::limits(quantity, estimate).map_or(number.clone(), |limits| format!("{number} {limits}"))
}

fn cautions(timeline: &Timeline<'_>, index: &Index<'_>) -> Vec<String> {
    let mut said = Vec::new();
    if timeline.series.iter().any(Series::is_estimated_performance) {
        said.push(
            "Estimates without labels hold as long as scores and features mean what they meant in the reference. If the truth follows other rules \
             now (concept shift), they cannot see it."
                .to_owned(),
        );
    }
    let (missed, of) = timeline.missed();
    if missed > 0 {
        let meaning = if missed * 5 > of {
            "its assumption does not hold there, so do not rely on it."
        } else {
            "look at it before you rely on others."
        };
        said.push(format!(
            "In {} of {} windows with labels, what the labels show is outside the limits of the estimate made without them: {meaning}",
            count(missed as u64),
            count(of as u64)
        ));
    }
    let late: Vec<i64> = timeline
        .current("labelled_share")
        .filter(|(_, estimate)| estimate.value.is_some_and(|share| share < COMPLETE))
        .map(|(place, _)| place)
        .collect();
    let has_labels = index.report.roles.label.is_some() || !index.report.roles.labels.is_empty();
    if let (Some(first), true) = (late.first(), has_labels) {
        said.push(format!(
            "Labels are not all in: in {}, first {}, fewer than {} of rows have one. What is measured there may change.",
            counted(late.len() as u64, "window", "windows"),
            timeline.label(*first),
            Quantity::Percent.with_unit(COMPLETE)
        ));
    }
    let partial: Vec<String> = timeline
        .current("window_partial")
        .filter(|(_, estimate)| estimate.text.as_deref() == Some("yes"))
        .map(|(place, _)| timeline.label(place))
        .collect();
    if !partial.is_empty() {
        said.push(format!("Not full, so no change is looked for there: {}.", partial.join(", ")));
    }
    let gaps = timeline.current("rows").filter(|(_, estimate)| estimate.value == Some(0.0)).count();
    if gaps > 0 {
        said.push(format!(
            "{} without any row.",
            capital(&counted(gaps as u64, "window is", "windows are"))
        ));
    }
    if let Some(weekly) = timeline.weekly() {
        said.push(format!(
            "The day of the week shows, most of all in {}: {} of its ups and downs follow it. A change at a weekend may be the weekend.",
            weekly.0,
            Quantity::Percent.with_unit(weekly.1)
        ));
    }
    said
}

fn figures(timeline: &Timeline<'_>) -> Vec<Figure> {
    // What tells of rows without labels has a place, however many numbers have changed.
    let mut drawn: Vec<&Series<'_>> = timeline
        .changes
        .iter()
        .take(MOST_CHANGES_DRAWN)
        .map(|change| &change.series)
        .collect();
    let is_shown =
        |series: &&Series<'_>| series.key.columns.is_empty() && SHOWN.contains(&series.key.metric.as_str()) && series.key.params.is_empty();
    let estimated = timeline.series.iter().filter(|series| series.is_estimated_performance()).take(2);
    let changed = timeline.changes.iter().map(|change| &change.series);
    for series in estimated.chain(timeline.series.iter().filter(is_shown)).chain(changed) {
        if !drawn.iter().any(|own| own.key == series.key) {
            drawn.push(series);
        }
    }
    drawn
        .into_iter()
        .take(MOST_FIGURES)
        .enumerate()
        .filter_map(|(place, series)| figure(place, series, timeline))
        .collect()
}

fn figure(place: usize, series: &Series<'_>, timeline: &Timeline<'_>) -> Option<Figure> {
    let points = |source: Source| -> Vec<(f64, f64)> {
        series
            .of(source)
            .filter_map(|(place, estimate)| Some((place as f64, estimate.value?)))
            .collect()
    };
    let (earlier, current) = (points(Source::Reference), points(Source::Current));
    // All figures have the same windows: where one ends early, its numbers are not in yet.
    let before = timeline.windows(Source::Reference) as f64;
    let ends = (-before, timeline.windows(Source::Current) as f64 - 1.0);
    if earlier.len() + current.len() < 2 {
        return None;
    }
    let change = timeline.changes.iter().find(|change| change.series.key == series.key);
    let quantity = series.quantity();
    let mut layers = Vec::new();
    let (low, high) = series.band;
    if let (Some(low), Some(high)) = (low.or(high.map(|_| 0.0)), high) {
        layers.push(Layer::Band {
            label: "usual".to_owned(),
            points: vec![(ends.0, low, high), (ends.1, low, high)],
        });
    }
    if let Some(change) = change {
        layers.push(Layer::Rule {
            label: "change".to_owned(),
            at: change.at - 0.5,
            is_upright: true,
        });
    }
    if let Some(seen) = timeline.realised(series) {
        layers.push(Layer::Line {
            label: "seen".to_owned(),
            tone: Tone::Other,
            points: seen
                .current()
                .filter_map(|(place, estimate)| Some((place as f64, estimate.value?)))
                .collect(),
        });
    }
    for (label, tone, points) in [("reference", Tone::Reference, earlier), ("", Tone::Current, current)] {
        if !points.is_empty() {
            layers.push(Layer::Line {
                label: label.to_owned(),
                tone,
                points,
            });
        }
    }
    let name = capital(&series.name());
    let title = match change {
        Some(change) => format!(
            "{name} {} from {} on",
            if change.after > change.before { "is higher" } else { "is lower" },
            timeline.label(change.at as i64)
        ),
        None => format!("{name}: no change beyond chance"),
    };
    Some(Figure {
        id: format!("fig-time-{place}"),
        title,
        metric: series.key.metric.clone(),
        chart: ChartSpec::Plot(Plot {
            subject: format!("{name} by window"),
            across: Axis {
                name: if before > 0.0 { "window, the reference's first" } else { "window" }.to_owned(),
                quantity: Quantity::Decimal(0),
                range: Some(ends),
                words: timeline.places().map(|place| (place as f64, timeline.short_label(place))).collect(),
            },
            up: Axis {
                name: String::new(),
                quantity,
                range: None,
                words: Vec::new(),
            },
            is_square: false,
            layers,
            answer: String::new(),
        }),
        note: String::new(),
    })
}

fn changes(timeline: &Timeline<'_>) -> Table {
    let rows = timeline.changes.iter().take(MOST_CHANGES).map(|change| {
        let quantity = change.series.quantity();
        let cells = vec![
            Cell::text(capital(&change.series.name())),
            Cell::text(timeline.label(change.at as i64)),
            Cell::text(timeline.label(change.low as i64)),
            Cell::text(timeline.label(change.high as i64)),
            Cell::text(quantity.with_unit(change.before)),
            Cell::text(quantity.with_unit(change.after)),
            Cell::text(crate::report::format::p_words(change.p_value)),
        ];
        Row { cells, is_foot: false }
    });
    let left = timeline.changes.len().saturating_sub(MOST_CHANGES);
    Table {
        caption: "What changed, and when".to_owned(),
        columns: vec![
            names("Number"),
            names("From"),
            names("At the earliest"),
            names("At the latest"),
            numbers("Before", ""),
            numbers("After", ""),
            numbers("p", ""),
        ],
        rows: rows.collect(),
        note: if left > 0 {
            format!("{} more are in the JSON report.", count(left as u64))
        } else {
            String::new()
        },
    }
}

fn by_window(timeline: &Timeline<'_>, index: &Index<'_>) -> Table {
    let is_shown = |series: &&Series<'_>| {
        let is_plain = series.key.columns.is_empty() && series.key.params.is_empty();
        is_plain && SHOWN[..6].contains(&series.key.metric.as_str()) || series.is_estimated_performance()
    };
    let shown: Vec<&Series<'_>> = timeline.series.iter().filter(is_shown).take(6).collect();
    let mut columns = vec![names("Window"), numbers("Rows", ""), numbers("Unusual", "")];
    columns.extend(
        shown
            .iter()
            .map(|series| numbers(capital(&series.name()), series.quantity().unit())),
    );
    let is_bare = |place: i64| {
        let mut labelled = timeline.current("labelled_share");
        labelled.any(|(own, share)| own == place && share.value == Some(0.0))
    };
    let windows = timeline.windows(Source::Current);
    let from = windows.saturating_sub(MOST_ROWS);
    let rows = (from..windows).map(|place| {
        let place = place as i64;
        let rows = timeline
            .current("rows")
            .find(|(own, _)| *own == place)
            .and_then(|(_, estimate)| estimate.value);
        let mut cells = vec![
            Cell::text(timeline.label(place)),
            Cell::text(count(rows.unwrap_or(0.0) as u64)),
            Cell::text(count(timeline.alerts(place) as u64)),
        ];
        cells.extend(shown.iter().map(|series| {
            let own = series.current().find(|(own, _)| *own == place);
            // That no row has a label is said above the table, once.
            let own = own.filter(|(_, estimate)| estimate.value.is_some() || !is_bare(place));
            own.map_or_else(absent, |(_, estimate)| {
                of_estimate(series.quantity(), estimate, Some(index.report.settings.min_support))
            })
        }));
        Row { cells, is_foot: false }
    });
    Table {
        caption: "By window".to_owned(),
        columns,
        rows: rows.collect(),
        note: if from > 0 {
            format!("The latest {MOST_ROWS} of {windows} windows; the JSON report has all.")
        } else {
            let usual = match timeline.windows(Source::Reference) {
                0 => "the first windows",
                _ => "the reference's windows",
            };
            format!("“Unusual” counts the numbers that are outside what {usual} show; one or two of many are chance.")
        },
    }
}
