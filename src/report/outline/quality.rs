//! "Is the data sound?": what is odd first, in words; then what every column holds, and how columns go together.

use super::super::format;
use super::super::index::Index;
use super::block::{Block, Cell, Figure, Folded, Row, Table};
use super::{cells, heading};
use crate::chart::number::{Quantity, count, counted};
use crate::chart::{ChartSpec, DotInterval, DotRow};
use crate::data::{NoticeCode, Role};
use crate::metric::{Comparison, Estimate, Key, Source};
use crate::stats::order;

/// The most columns in full view; the others are folded.
const SHOWN: usize = 20;
/// The most columns that the table has at all; the report's JSON has all.
const LISTED: usize = 200;
/// The most columns that a figure draws, and pairs that the table shows.
const DRAWN: usize = 12;

/// Whether a notice is told here, not among those of the reading.
pub(super) const fn is_told_here(code: NoticeCode) -> bool {
    use NoticeCode::{Constant, Imbalance, Leakage, MissingTogether, Moments, NotLooked, Repeated, Spellings};
    matches!(
        code,
        Constant | Repeated | Spellings | Moments | Leakage | Imbalance | MissingTogether | NotLooked
    )
}

pub(super) fn blocks(index: &Index<'_>) -> Vec<Block> {
    let columns = columns(index);
    if columns.is_empty() {
        return Vec::new();
    }
    let told = |is_limit: bool| -> Vec<String> {
        let own = index.report.notices.iter().filter(|notice| is_told_here(notice.code));
        let own = own.filter(|notice| (notice.code == NoticeCode::NotLooked) == is_limit);
        own.map(|notice| notice.text.clone()).collect()
    };
    let (odd, limits) = (told(false), told(true));
    let mut blocks = vec![
        heading(2, "quality", "Is the data sound?"),
        Block::Lead(answer(index, &columns, odd.len())),
    ];
    if !odd.is_empty() {
        blocks.push(Block::Cautions(odd));
    }
    if !limits.is_empty() {
        blocks.push(Block::Sentences(limits));
    }
    blocks.extend(told_apart(index).map(Block::Prose));
    blocks.extend(missing_figure(index, &columns));
    blocks.extend(files(index));
    let (shown, others) = columns.split_at(columns.len().min(SHOWN));
    blocks.push(table(index, "What the columns hold", shown));
    if !others.is_empty() {
        let listed = &others[..others.len().min(LISTED - SHOWN)];
        blocks.push(Block::Folded(Folded {
            title: format!("{} more", counted(others.len() as u64, "column", "columns")),
            blocks: vec![table(index, "What further columns hold", listed)],
        }));
    }
    blocks.extend(pairs(index));
    blocks
}

/// The columns that something is said about, in file order.
fn columns<'a>(index: &Index<'a>) -> Vec<&'a str> {
    let own = index
        .report
        .inputs
        .iter()
        .filter(|input| matches!(input.source, Source::Current | Source::Labels));
    let named = own.flat_map(|input| &input.columns).map(|column| column.name.as_str());
    named
        .filter(|name| of(index, "missing_share", name, Source::Current).is_some())
        .collect()
}

fn of<'a>(index: &Index<'a>, metric: &str, column: &str, source: Source) -> Option<&'a Estimate> {
    index.get(&Key {
        source,
        columns: vec![column.to_owned()],
        ..Key::overall(metric)
    })
}

fn of_file<'a>(index: &Index<'a>, metric: &str, source: Source) -> Option<&'a Estimate> {
    index.get(&Key {
        source,
        ..Key::overall(metric)
    })
}

fn answer(index: &Index<'_>, columns: &[&str], odd: usize) -> String {
    let cells = of_file(index, "missing_cells", Source::Current).and_then(|estimate| estimate.value);
    let missing = match cells {
        Some(0.0) => "every cell has a value".to_owned(),
        Some(cells) => format!("{} no value", counted(cells as u64, "cell has", "cells have")),
        None => "how many cells have no value is not known".to_owned(),
    };
    let read = counted(columns.len() as u64, "column was", "columns were");
    match odd {
        0 => format!("Nothing odd was seen: {read} looked at, and {missing}."),
        1 => format!("One thing is odd: {read} looked at, and {missing}."),
        _ => format!("{odd} things are odd: {read} looked at, and {missing}."),
    }
}

/// How well a model tells the rows of the two files apart, and by which columns.
fn told_apart(index: &Index<'_>) -> Option<String> {
    const NAMED: usize = 3;
    let own = of_file(index, "domain_classifier_auc", Source::Current)?;
    let (whole, right) = format::out_of(own.value?);
    let p = of_file(index, "domain_classifier_pvalue", Source::Current).and_then(|p| p.value);
    let is_chance = p.is_none_or(|p| p > 0.05);
    let mut parts: Vec<(f64, &str)> = Vec::new();
    let of_columns = index
        .report
        .estimates
        .iter()
        .filter(|share| share.key.metric == "domain_classifier_share");
    for share in of_columns {
        parts.extend(share.value.zip(share.key.columns.first().map(String::as_str)));
    }
    order::sort_by(&mut parts, |a, b| b.0.total_cmp(&a.0));
    let names: Vec<&str> = parts.iter().take(NAMED).map(|(_, name)| *name).collect();
    let end = if is_chance {
        "no more than chance does when rows are dealt out to the files".to_owned()
    } else {
        format!("more than in any of 19 deals by chance; most telling: {}", names.join(", "))
    };
    Some(format!(
        "Of {whole} pairs of a row here and one of the reference, a small model says of {right} rightly which is which (ROC AUC {}): {end}.",
        format::in_full(own)
    ))
}

/// The columns with most missing, each a dot with its interval, and the reference's share as a ring.
fn missing_figure(index: &Index<'_>, columns: &[&str]) -> Option<Block> {
    let mut found: Vec<(&str, &Estimate)> = Vec::new();
    for name in columns {
        let own = of(index, "missing_share", name, Source::Current);
        found.extend(own.filter(|own| own.value.is_some_and(|share| share > 0.0)).map(|own| (*name, own)));
    }
    let share = |estimate: &Estimate| estimate.value.unwrap_or(0.0);
    order::sort_by(&mut found, |a, b| share(b.1).total_cmp(&share(a.1)));
    let (worst, most) = found.first().copied()?;
    let (whole, some) = format::out_of(share(most));
    let row = |(name, own): &(&str, &Estimate)| DotRow {
        label: (*name).to_owned(),
        value: own.value,
        interval: own.interval.map(|interval| (interval.low, interval.high)),
        earlier: of(index, "missing_share", name, Source::Reference).and_then(|was| was.value),
        support: own.support,
        muted: None,
    };
    let rows: Vec<DotRow> = found.iter().take(DRAWN).map(row).collect();
    let has_earlier = rows.iter().any(|row| row.earlier.is_some());
    Some(Block::Figures(vec![Figure {
        id: "fig-missing".to_owned(),
        title: format!("Of {whole} rows, {some} have no value in {worst}"),
        metric: "missing_share".to_owned(),
        chart: ChartSpec::DotInterval(DotInterval {
            subject: "Share of rows without a value, by column".to_owned(),
            quantity: Quantity::Percent,
            rows,
            overall: None,
            bound: None,
        }),
        note: if has_earlier {
            "Rings: the reference.".to_owned()
        } else {
            String::new()
        },
    }]))
}

/// Rows, columns, missing cells, repeated and contradicting rows of the file, and of the reference beside it.
fn files(index: &Index<'_>) -> Option<Block> {
    const METRICS: [&str; 6] = [
        "rows",
        "columns",
        "missing_cells",
        "duplicate_rows",
        "conflicting_rows",
        "shared_rows",
    ];
    let has_reference = index.report.inputs.iter().any(|input| input.source == Source::Reference);
    let mut columns = vec![cells::names("Of the whole file"), cells::numbers("Here", "")];
    if has_reference {
        columns.push(cells::numbers("In the reference", ""));
    }
    let cell =
        |estimate: Option<&Estimate>| estimate.map_or_else(cells::absent, |own| cells::of_estimate(format::own_quantity(own), own, None));
    let mut rows = Vec::new();
    for metric in METRICS {
        let Some(own) = of_file(index, metric, Source::Current) else {
            continue;
        };
        let name = Cell {
            metric: Some(metric.to_owned()),
            ..Cell::text(super::super::words::capital(&super::super::words::metric_name(metric)))
        };
        let mut cells = vec![name, cell(Some(own))];
        if has_reference {
            cells.push(cell(of_file(index, metric, Source::Reference)));
        }
        rows.push(Row { cells, is_foot: false });
    }
    (rows.len() > 1).then(|| {
        Block::Table(Table {
            caption: "Whole files".to_owned(),
            columns,
            rows,
            note: String::new(),
        })
    })
}

/// "5 % to 95 %" of a column of numbers, or the rows of the most frequent value.
fn spread(index: &Index<'_>, name: &str, source: Source) -> Cell {
    let ends = of(index, "column_q05", name, source).zip(of(index, "column_q95", name, source));
    if let Some((Some(low), Some(high))) = ends.map(|(low, high)| (low.value, high.value)) {
        let is_whole = low.fract() == 0.0 && high.fract() == 0.0;
        let quantity = if is_whole {
            Quantity::Decimal(0)
        } else {
            Quantity::fitting(low.abs().max(high.abs()))
        };
        return Cell::text(format!("{} to {}", quantity.number(low), quantity.number(high)));
    }
    let times = of(index, "column_min", name, source).zip(of(index, "column_max", name, source));
    if let Some((Some(first), Some(last))) = times.map(|(first, last)| (first.text.as_ref(), last.text.as_ref())) {
        // Of more than a day, the dates say enough.
        let [day, last_day] = [first, last].map(|moment| moment.get(..10).unwrap_or(moment));
        if day != last_day {
            return Cell::text(format!("{day} to {last_day}"));
        }
        return Cell::text(format!("{first} to {last}"));
    }
    match of(index, "column_mode_count", name, source) {
        Some(Estimate {
            value: Some(rows),
            support,
            ..
        }) if *support > 0 => Cell::text(format!("in {}", Quantity::Percent.with_unit(rows / *support as f64))),
        _ => cells::absent(),
    }
}

/// The median of numbers, or the most frequent value.
fn usual(index: &Index<'_>, name: &str, source: Source) -> Cell {
    let mode = of(index, "column_mode", name, source);
    match (mode, of(index, "column_median", name, source)) {
        (Some(mode), _) if mode.text.is_some() => Cell {
            is_code: true,
            ..cells::of_estimate(Quantity::Count, mode, None)
        },
        (_, Some(median)) => cells::of_estimate(format::own_quantity(median), median, None),
        (Some(mode), None) => cells::of_estimate(Quantity::Count, mode, None),
        (None, None) => cells::absent(),
    }
}

fn table(index: &Index<'_>, caption: &str, names: &[&str]) -> Block {
    let has_reference = index.report.inputs.iter().any(|input| input.source == Source::Reference);
    let mut columns = vec![
        cells::names("Column"),
        cells::of_metric("missing_share", Quantity::Percent),
        cells::of_metric("distinct_count", Quantity::Count),
        cells::numbers("Usual", ""),
        cells::numbers("Spread", ""),
        cells::of_metric("column_iqr_outliers", Quantity::Count),
    ];
    if has_reference {
        columns.push(cells::numbers("Usual in the reference", ""));
        columns.push(cells::numbers("Spread in the reference", ""));
    }
    let number = |metric: &str, name: &str, quantity: Quantity| {
        let own = of(index, metric, name, Source::Current);
        own.map_or_else(cells::absent, |own| Cell {
            note: String::new(),
            ..cells::of_estimate(quantity, own, None)
        })
    };
    let row = |name: &&str| {
        let mut cells = vec![
            Cell::code(*name),
            number("missing_share", name, Quantity::Percent),
            number("distinct_count", name, Quantity::Count),
            usual(index, name, Source::Current),
            spread(index, name, Source::Current),
            number("column_iqr_outliers", name, Quantity::Count),
        ];
        if has_reference {
            cells.push(usual(index, name, Source::Reference));
            cells.push(spread(index, name, Source::Reference));
        }
        Row { cells, is_foot: false }
    };
    let has_ids = names.iter().any(|name| index.report.roles.role_of(name) == Role::Id);
    let ids = if has_ids { " Values of ids are never reported." } else { "" };
    Block::Table(Table {
        caption: caption.to_owned(),
        columns,
        rows: names.iter().map(row).collect(),
        note: format!(
            "Usual: the median, or the most frequent value where at least {} rows have it. Spread: from the 5 % to the 95 % quantile, the first and last \
             moment, or the share of rows with the most frequent value.{ids}",
            count(index.report.settings.min_support)
        ),
    })
}

/// The pairs of columns that go together most, or whose going together changed most.
fn pairs(index: &Index<'_>) -> Option<Block> {
    const TOLD: [&str; 3] = ["spearman", "association_cramer", "correlation_ratio"];
    let is_told = |estimate: &&Estimate| {
        let key = &estimate.key;
        key.columns.len() == 2 && key.source == Source::Current && key.comparison.is_none() && TOLD.contains(&key.metric.as_str())
    };
    let mut found: Vec<(f64, &Estimate, Option<&Estimate>)> = Vec::new();
    for own in index.report.estimates.iter().filter(is_told) {
        let change = index.get(&Key {
            comparison: Some(Comparison::Change),
            ..own.key.clone()
        });
        let moved = change.and_then(|change| change.value).map_or(0.0, f64::abs);
        found.extend(own.value.map(|value| (value.abs().max(moved), own, change)));
    }
    order::sort_by(&mut found, |a, b| b.0.total_cmp(&a.0));
    found.truncate(DRAWN);
    let has_change = found.iter().any(|(_, _, change)| change.is_some());
    let mut columns = vec![cells::names("Columns"), cells::names("Measured by"), cells::numbers("Here", "")];
    if has_change {
        columns.push(cells::numbers("Change from the reference", ""));
    }
    let row = |(_, own, change): &(f64, &Estimate, Option<&Estimate>)| {
        let measure = Cell {
            metric: Some(own.key.metric.clone()),
            ..Cell::text(super::super::words::capital(&super::super::words::metric_name(&own.key.metric)))
        };
        let mut cells = vec![
            Cell::code(own.key.columns.join(" · ")),
            measure,
            cells::of_estimate(Quantity::Decimal(2), own, None),
        ];
        if has_change {
            cells.push(change.map_or_else(cells::absent, |change| cells::of_estimate(Quantity::Decimal(2), change, None)));
        }
        Row { cells, is_foot: false }
    };
    (!found.is_empty()).then(|| {
        Block::Folded(Folded {
            title: "Columns that go together most".to_owned(),
            blocks: vec![Block::Table(Table {
                caption: "Columns that go together most, or whose going together changed most".to_owned(),
                columns,
                rows: found.iter().map(row).collect(),
                note: "0: they have nothing to do with each other; 1 or \u{2212}1: one tells the other.".to_owned(),
            })],
        })
    })
}
