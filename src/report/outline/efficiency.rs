//! "What does a row take?": the usual, the slow ones with their limits, by segment, over time.

use super::super::format;
use super::super::index::{Group, Index};
use super::super::words::{capital, group_name, metric_name};
use super::accuracy::dot_row;
use super::block::{Block, Cell, Figure, Folded, Row, Table};
use super::timeline::moment;
use super::{cells, heading};
use crate::chart::number::{Quantity, counted};
use crate::chart::{Axis, ChartSpec, DotInterval, Layer, Plot, PlotDot};
use crate::metric::{Estimate, Family, Key, Source, registry};

/// The most segments that a table shows; the report's JSON has all.
const SHOWN: usize = 30;

pub(super) fn blocks(index: &Index<'_>) -> Vec<Block> {
    let report = index.report;
    let measured: Vec<&String> = report
        .roles
        .latency
        .iter()
        .filter(|name| percentile(index, name, "50").is_some())
        .collect();
    let Some(first) = measured.first() else { return Vec::new() };
    let mut blocks = vec![heading(2, "efficiency", "What does a row take?"), Block::Lead(answer(index, first))];
    let rate = report
        .roles
        .time
        .as_ref()
        .and_then(|time| of(index, "throughput_per_second", &[time]));
    if let Some((rate, value)) = rate.and_then(|rate| Some((rate, rate.value?))) {
        blocks.push(Block::Prose(format!(
            "{} came in all, {} on average.",
            counted(rate.support, "row", "rows"),
            pace(value)
        )));
    }
    for (place, name) in measured.iter().enumerate() {
        let figures: Vec<Figure> = ladder(index, name, place)
            .into_iter()
            .chain(over_time(index, name, place))
            .collect();
        blocks.push(Block::Figures(figures));
        blocks.extend(by_segment(index, name));
        blocks.push(measures(index, name));
    }
    blocks
}

fn of<'a>(index: &Index<'a>, metric: &str, columns: &[&String]) -> Option<&'a Estimate> {
    index.get(&Key {
        columns: columns.iter().map(|name| (*name).clone()).collect(),
        ..Key::overall(metric)
    })
}

fn percentile_key(name: &str, percent: &str) -> Key {
    Key {
        columns: vec![name.to_owned()],
        params: [("percent".to_owned(), percent.to_owned())].into(),
        ..Key::overall("latency_percentile")
    }
}

fn percentile<'a>(index: &Index<'a>, name: &str, percent: &str) -> Option<&'a Estimate> {
    index.get(&percentile_key(name, percent))
}

fn answer(index: &Index<'_>, name: &str) -> String {
    let told = |percent: &str| {
        percentile(index, name, percent)
            .filter(|own| own.value.is_some())
            .map(format::in_full)
    };
    match (told("50"), told("95")) {
        (Some(half), Some(slow)) => format!("By {name}, half of the rows take at most {half}; of a hundred, five take more than {slow}."),
        (Some(half), None) => format!("By {name}, half of the rows take at most {half}."),
        _ => format!("It cannot be said: column {name} has no values."),
    }
}

/// The percentiles over all rows, rising.
fn percentiles<'a>(index: &Index<'a>, name: &str) -> Vec<(&'a str, &'a Estimate)> {
    let is_plain = |estimate: &&'a Estimate| {
        let key = &estimate.key;
        let is_whole = key.group.is_empty() && key.window.is_none() && key.source == Source::Current;
        key.metric == "latency_percentile" && key.columns == [name.to_owned()] && is_whole && key.params.len() == 1
    };
    let own = index.report.estimates.iter().filter(is_plain);
    own.filter_map(|estimate| Some((estimate.key.params.get("percent")?.as_str(), estimate)))
        .collect()
}

/// One dot a percentile, the budget of a check as a line.
fn ladder(index: &Index<'_>, name: &str, place: usize) -> Option<Figure> {
    let found = percentiles(index, name);
    let (_, last) = found.last()?;
    let quantity = Quantity::fitting(last.value?);
    let least = index.report.settings.min_support;
    let slow = percentile(index, name, "95").or(Some(last))?;
    Some(Figure {
        id: format!("fig-ladder-{place}"),
        title: format!(
            "The slow ones take {} times what is usual",
            times(slow, percentile(index, name, "50")?)?
        ),
        metric: "latency_percentile".to_owned(),
        chart: ChartSpec::DotInterval(DotInterval {
            subject: format!("Percentiles of {name}"),
            quantity,
            rows: found
                .iter()
                .map(|(percent, own)| dot_row(&format!("{percent} of 100 rows"), own, least))
                .collect(),
            overall: None,
            bound: None,
        }),
        note: "The 95th percentile is held against the median. Limits are two numbers of the order, whatever the distribution.".to_owned(),
    })
}

/// So many a second, minute, hour or day: the first of which there is one or more.
fn pace(per_second: f64) -> String {
    const SPANS: [(&str, f64); 4] = [("second", 1.0), ("minute", 60.0), ("hour", 3600.0), ("day", 86_400.0)];
    let (name, seconds) = SPANS
        .into_iter()
        .find(|(_, seconds)| per_second * seconds >= 1.0)
        .unwrap_or(SPANS[3]);
    let value = per_second * seconds;
    format!("{} a {name}", Quantity::fitting(value).number(value))
}

fn times(slow: &Estimate, usual: &Estimate) -> Option<String> {
    let (slow, usual) = (slow.value?, usual.value.filter(|usual| *usual > 0.0)?);
    Some(Quantity::Decimal(1).number(slow / usual))
}

/// The 95th percentile of every hour or day.
fn over_time(index: &Index<'_>, name: &str, place: usize) -> Option<Figure> {
    let mut dots = Vec::new();
    let (mut by, mut highest) = ("", (f64::NEG_INFINITY, ""));
    for estimate in &index.report.estimates {
        let key = &estimate.key;
        let is_own = key.metric == "latency_percentile" && key.columns == [name.to_owned()] && key.source == Source::Current;
        let Some(window) = key.window.as_ref().filter(|_| is_own) else {
            continue;
        };
        by = &window.by;
        if let Some(value) = estimate.value {
            if value > highest.0 {
                highest = (value, &window.from);
            }
            dots.push(PlotDot {
                x: f64::from(window.index) + 1.0,
                y: value,
                interval: estimate.interval.map(|interval| (interval.low, interval.high)),
                support: estimate.support,
            });
        }
    }
    (dots.len() > 1).then(|| {
        let axis = |name: String, quantity: Quantity| Axis {
            name,
            quantity,
            range: None,
            words: Vec::new(),
        };
        Figure {
            id: format!("fig-hours-{place}"),
            title: format!("The slowest {by} begins at {}", moment(highest.1, by == "hour")),
            metric: "latency_percentile".to_owned(),
            chart: ChartSpec::Plot(Plot {
                subject: format!("95th percentile of {name} by {by}"),
                across: axis(format!("{by}, from the first"), Quantity::Decimal(0)),
                up: axis(name.to_owned(), Quantity::fitting(highest.0)),
                is_square: false,
                layers: vec![Layer::Dots {
                    label: "95th percentile".to_owned(),
                    dots,
                }],
                answer: String::new(),
            }),
            note: String::new(),
        }
    })
}

/// The levels of every segment, the slowest first as the report has them.
fn by_segment(index: &Index<'_>, name: &str) -> Vec<Block> {
    const PERCENTS: [&str; 3] = ["50", "95", "99"];
    let segments = index.report.roles.segments.iter().chain(&index.report.roles.sensitive);
    let table = |segment: &String| {
        let grouping = std::slice::from_ref(segment);
        let is_own = |estimate: &&Estimate| {
            let key = &estimate.key;
            key.metric == "latency_count"
                && key.columns == [name.to_owned()]
                && key.group.contains_key(segment)
                && key.source == Source::Current
        };
        let groups: Vec<(&Group, &Estimate)> = index
            .report
            .estimates
            .iter()
            .filter(is_own)
            .map(|own| (&own.key.group, own))
            .collect();
        let largest = groups
            .iter()
            .filter_map(|(group, _)| at(index, name, group, "99")?.value)
            .fold(0.0, f64::max);
        let quantity = Quantity::fitting(largest);
        let least = Some(index.report.settings.min_support);
        let row = |(group, rows): &(&Group, &Estimate)| {
            let mut cells = vec![
                Cell::code(group_name(group, grouping)),
                cells::of_estimate(Quantity::Count, rows, None),
            ];
            for percent in PERCENTS {
                let own = at(index, name, group, percent);
                cells.push(own.map_or_else(cells::absent, |own| cells::of_estimate(quantity, own, least)));
            }
            Row { cells, is_foot: false }
        };
        let mut columns = vec![cells::names(capital(segment)), cells::numbers("Rows", "")];
        columns.extend(PERCENTS.iter().map(|percent| cells::numbers(format!("{percent} of 100 rows"), "")));
        (!groups.is_empty()).then(|| {
            Block::Table(Table {
                caption: format!("{name} by {segment}"),
                columns,
                rows: groups.iter().take(SHOWN).map(row).collect(),
                note: String::new(),
            })
        })
    };
    segments.filter_map(table).collect()
}

fn at<'a>(index: &Index<'a>, name: &str, group: &Group, percent: &str) -> Option<&'a Estimate> {
    index.get(&Key {
        group: group.clone(),
        ..percentile_key(name, percent)
    })
}

/// Every other measure, on request.
fn measures(index: &Index<'_>, name: &str) -> Block {
    let is_own = |estimate: &&Estimate| {
        let key = &estimate.key;
        let is_whole = key.group.is_empty() && key.window.is_none() && key.source == Source::Current;
        let is_of = |column: &String| {
            column == name || Some(column) == index.report.roles.status.as_ref() || Some(column) == index.report.roles.time.as_ref()
        };
        let family = registry::find(&key.metric).map(|metric| metric.family);
        is_whole && family == Some(Family::Efficiency) && key.columns.iter().all(is_of) && key.metric != "latency_percentile"
    };
    let row = |own: &Estimate| {
        let params: Vec<String> = own.key.params.iter().map(|(name, value)| format!("{name} {value}")).collect();
        let mut text = capital(&metric_name(&own.key.metric));
        if !params.is_empty() {
            text.push_str(&format!(" ({})", params.join(", ")));
        }
        let measure = Cell {
            metric: Some(own.key.metric.clone()),
            ..Cell::text(text)
        };
        Row {
            cells: vec![measure, cells::of_estimate(format::own_quantity(own), own, None)],
            is_foot: false,
        }
    };
    Block::Folded(Folded {
        title: format!("Every measure of {name}"),
        blocks: vec![Block::Table(Table {
            caption: format!("Measures of {name} over all rows"),
            columns: vec![cells::names("Measure"), cells::numbers("Value", "")],
            rows: index.report.estimates.iter().filter(is_own).map(row).collect(),
            note: String::new(),
        })],
    })
}
