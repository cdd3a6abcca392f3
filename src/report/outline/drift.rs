//! "What has changed since the reference?": columns that have drifted, whether that matters, and how the numbers have changed.

use std::collections::{BTreeMap, BTreeSet};

use super::super::format::{in_full, own_quantity};
use super::super::index::Index;
use super::super::words::{capital, metric_name, why_undefined};
use super::block::{Block, Cell, Figure, Row, Table};
use super::slices::p_cell;
use super::{cells, heading};
use crate::chart::number::{NARROW_SPACE, Quantity, count, counted};
use crate::chart::{Axis, ChartSpec, Layer, Plot, Tone};
use crate::data::Kind;
use crate::metric::{Comparison, Estimate, Key, Source};
use crate::report::Distribution;
use crate::run::drift::DriftDialect;
use crate::stats::order;
use crate::stats::rank::rising_key;

/// The most columns in the table.
const SHOWN: usize = 50;
/// The most columns of numbers that are drawn, and of levels that are listed.
const DRAWN: usize = 4;
/// The numbers whose changes are shown, where they are measured.
const CHANGES: [&str; 16] = [
    "accuracy",
    "balanced_accuracy",
    "precision",
    "recall",
    "f1",
    "f1_macro",
    "roc_auc",
    "log_loss",
    "brier_score",
    "prevalence",
    "selection_rate",
    "mean_score",
    "mae",
    "rmse",
    "mean_error",
    "r2",
];

/// What is known of a column's drift.
struct Drifted<'a> {
    column: &'a str,
    score: &'a Estimate,
    p_value: Option<&'a Estimate>,
    missing: Option<&'a Estimate>,
    matter: Option<&'a Estimate>,
    is_drifted: bool,
    /// Whether the limits of what a profile tells leave it open.
    is_open: bool,
}

pub(super) fn blocks(index: &Index<'_>) -> Vec<Block> {
    let found = ranked(index);
    let has_reference = index.report.inputs.iter().any(|input| input.source == Source::Reference);
    if !has_reference {
        return Vec::new();
    }
    let mut blocks = vec![heading(2, "drift", "What has changed since the reference?")];
    blocks.push(Block::Lead(answer(index, &found)));
    blocks.extend(from_profile(index, &found).map(Block::Prose));
    blocks.extend(chance(index, &found).map(Block::Prose));
    if let Some(text) = importance(index, &found) {
        blocks.push(Block::Prose(text));
    }
    if !found.is_empty() {
        blocks.push(Block::Table(columns(index, &found)));
        let (figures, tables) = pictures(index);
        if !figures.is_empty() {
            blocks.push(Block::Figures(figures));
        }
        blocks.extend(tables.into_iter().map(Block::Table));
    }
    blocks.extend(together(index));
    blocks.extend(changes(index).map(Block::Table));
    blocks
}

fn of_column<'a>(index: &Index<'a>, metric: &str, column: &str, params: &[(&str, &str)]) -> Option<&'a Estimate> {
    let params: BTreeMap<String, String> = params
        .iter()
        .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
        .collect();
    index.get(&Key {
        params,
        columns: vec![column.to_owned()],
        ..Key::overall(metric)
    })
}

/// Every column that was judged: those that have drifted first; then those that move the score most, then by the size of the drift.
fn ranked<'a>(index: &Index<'a>) -> Vec<Drifted<'a>> {
    let is_plain =
        |estimate: &&Estimate| estimate.key.metric == "drift_score" && estimate.key.params.is_empty() && estimate.key.window.is_none();
    let mut found: Vec<Drifted<'a>> = index
        .report
        .estimates
        .iter()
        .filter(is_plain)
        .filter_map(|score| {
            let column = score.key.columns.first()?;
            let verdict = of_column(index, "drifted", column, &[])?;
            Some(Drifted {
                column,
                score,
                p_value: of_column(index, "drift_pvalue", column, &[("correction", "benjamini_hochberg")]),
                missing: of_column(index, "missing_share_change", column, &[]),
                matter: of_column(index, "score_change_by_mix", column, &[]),
                is_drifted: verdict.text.as_deref() == Some("yes"),
                is_open: verdict.undefined.is_some(),
            })
        })
        .collect();
    let size = |estimate: Option<&Estimate>| rising_key(estimate.and_then(|estimate| estimate.value).map_or(-1.0, f64::abs));
    let by = |found: &Drifted<'_>| (found.is_drifted, size(found.matter), size(Some(found.score)));
    order::sort_by(&mut found, |a, b| by(b).cmp(&by(a)));
    found
}

fn quoted(found: &[&Drifted<'_>]) -> String {
    const NAMED: usize = 3;
    let names: Vec<String> = found.iter().take(NAMED).map(|found| format!("“{}”", found.column)).collect();
    match found.len().saturating_sub(NAMED) {
        0 => names.join(", "),
        more => format!("{} and {more} more", names.join(", ")),
    }
}

fn answer(index: &Index<'_>, found: &[Drifted<'_>]) -> String {
    let judged = found.iter().filter(|found| found.score.value.is_some()).count() as u64;
    let drifted: Vec<&Drifted<'_>> = found.iter().filter(|found| found.is_drifted).collect();
    if judged == 0 {
        return "Nothing can be said: no column of the two files can be compared.".to_owned();
    }
    let by = match index.report.settings.drift_dialect {
        DriftDialect::Assay => "by more than little and by more than chance",
        DriftDialect::Evidently => "by Evidently's rules",
        DriftDialect::Nannyml => "by NannyML's rules",
        DriftDialect::Deepchecks => "by Deepchecks' rules",
    };
    if drifted.is_empty() {
        return format!(
            "None of {} has changed {by}. That does not prove that nothing has: small changes need many rows to show, and each column was looked at alone.",
            counted(judged, "column", "columns")
        );
    }
    let verb = if drifted.len() == 1 { "has" } else { "have" };
    format!(
        "{} of {} {verb} changed {by}: {}.",
        count(drifted.len() as u64),
        counted(judged, "column", "columns"),
        quoted(&drifted)
    )
}

/// How well a profile in place of the reference tells all this.
fn from_profile(index: &Index<'_>, found: &[Drifted<'_>]) -> Option<String> {
    let input = index.report.inputs.iter().find(|input| input.profile.is_some())?;
    let of = input.profile.as_ref()?;
    let off = |own: &Estimate| {
        let (value, within) = own.value.zip(own.within)?;
        Some((value - within.low).max(within.high - value))
    };
    let judged = |metric: &str| {
        let own = found.iter().filter_map(|found| off(of_column(index, metric, found.column, &[])?));
        own.reduce(f64::max)
    };
    let open = found.iter().filter(|found| found.is_open && found.score.value.is_some()).count() as u64;
    let mut text = format!(
        "The reference is a profile of {} of “{}”, without what fewer than {} share",
        counted(input.rows_read, "row", "rows"),
        of.name,
        counted(of.smallest, "row", "rows"),
    );
    text.push_str(&match judged("drift_score") {
        Some(off) => format!(": sizes of drift are within ±{} of those that its data gives", in_thousandths(off)),
        None => ": it tells of no column how far that has drifted".to_owned(),
    });
    if let Some(off) = judged("ks_distance") {
        text.push_str(&format!(", Kolmogorov-Smirnov distances within ±{}", in_thousandths(off)));
    }
    text.push('.');
    if open > 0 {
        let of_columns = counted(open, "column", "columns");
        text.push_str(&format!(
            " For {of_columns} that is too wide to say whether there is drift; the data itself would tell."
        ));
    }
    Some(text)
}

/// Rounded up, so that it still holds.
fn in_thousandths(bound: f64) -> String {
    Quantity::Decimal(3).number((1000.0 * bound).ceil() / 1000.0)
}

/// How often chance would show as much as the least sure of the columns that have drifted.
fn chance(index: &Index<'_>, found: &[Drifted<'_>]) -> Option<String> {
    let drifted: Vec<&Drifted<'_>> = found.iter().filter(|found| found.is_drifted).collect();
    if drifted.is_empty() || index.report.settings.drift_dialect != DriftDialect::Assay {
        return None;
    }
    let most = drifted.iter().filter_map(|found| found.p_value?.value).fold(0.0, f64::max);
    let of = if most < 1e-3 {
        format!("less than once in 1{NARROW_SPACE}000 comparisons")
    } else {
        format!("in {} of 1{NARROW_SPACE}000 comparisons", count((1000.0 * most).ceil() as u64))
    };
    Some(format!(
        "If nothing had changed, chance would show as much {of}, all columns taken together."
    ))
}

/// Whether it matters: for the mean score, and for the error where labels are known.
fn importance(index: &Index<'_>, found: &[Drifted<'_>]) -> Option<String> {
    let is_sure = |estimate: &&Estimate| estimate.interval.is_some_and(|interval| interval.low > 0.0 || interval.high < 0.0);
    let size = |found: &&Drifted<'_>| found.matter.and_then(|matter| matter.value).map_or(0.0, f64::abs);
    let sure = found.iter().filter(|found| found.matter.as_ref().is_some_and(is_sure));
    let most = sure.max_by(|a, b| size(a).total_cmp(&size(b)));
    let mut text = most.and_then(|found| {
        Some(format!(
            "Does it matter? The change of “{}” alone would move the mean score by {}, more than that of any other column.",
            found.column,
            in_full(found.matter?)
        ))
    });
    let change = |metric: &str| {
        index.get(&Key {
            comparison: Some(Comparison::Change),
            ..Key::overall(metric)
        })
    };
    if let Some((metric, change)) = ["error_rate", "mae"].into_iter().find_map(|metric| Some((metric, change(metric)?))) {
        let sure = change.interval.map(|interval| interval.low > 0.0 || interval.high < 0.0);
        let own = match sure {
            Some(true) => "more than chance shows",
            Some(false) => "no more than chance can show",
            None => "how sure that is, is not known",
        };
        let sentence = format!("The {} has changed by {}: {own}.", metric_name(metric), in_full(change));
        text = Some(text.map_or_else(|| sentence.clone(), |text| format!("{text} {sentence}")));
    }
    text
}

fn columns(index: &Index<'_>, found: &[Drifted<'_>]) -> Table {
    let has = |of: fn(&Drifted<'_>) -> bool| found.iter().any(of);
    let has_p = has(|found| found.p_value.is_some());
    // One and the same reason in every row would hide the numbers beside it: it is said below the table.
    let matters = || found.iter().filter_map(|found| found.matter);
    let reasons: BTreeSet<String> = matters().map(why_undefined).collect();
    let unknown = reasons
        .first()
        .filter(|_| reasons.len() == 1 && matters().all(|matter| matter.value.is_none()));
    let has_matter = !reasons.is_empty() && unknown.is_none();
    let scores: Vec<&Estimate> = found.iter().map(|found| found.score).collect();
    let quantity = cells::column_quantity(&scores);
    let mut columns = vec![cells::names("Column"), cells::of_metric("drift_score", quantity)];
    if has_p {
        columns.push(cells::of_metric("drift_pvalue", Quantity::Decimal(4)));
    }
    columns.push(cells::of_metric("missing_share_change", Quantity::Decimal(3)));
    if has_matter {
        columns.push(cells::of_metric("score_change_by_mix", Quantity::Decimal(4)));
    }
    columns.push(cells::names("Drifted"));
    let cell = |estimate: Option<&Estimate>, quantity| estimate.map_or_else(cells::absent, |own| cells::of_estimate(quantity, own, None));
    let rows = found.iter().take(SHOWN).map(|found| {
        let mut row = vec![Cell::code(found.column), cell(Some(found.score), quantity)];
        if has_p {
            row.push(found.p_value.map_or_else(cells::absent, p_cell));
        }
        row.push(cell(found.missing, Quantity::Decimal(3)));
        if has_matter {
            row.push(cell(found.matter, Quantity::Decimal(4)));
        }
        let verdict = match (found.score.value, found.is_drifted) {
            (None, _) => "cannot be said",
            _ if found.is_open => "cannot be said",
            (_, true) => "yes",
            (_, false) => "no",
        };
        row.push(Cell::text(verdict));
        Row {
            cells: row,
            is_foot: false,
        }
    });
    let rows: Vec<Row> = rows.collect();
    let hidden = found.len() - rows.len();
    let mut note = match index.report.settings.drift_dialect {
        DriftDialect::Assay => {
            "A column has drifted where the size of its drift is at least 0.1 and the p-value, corrected for all columns, is below 0.05 (1 less the level)."
                .to_owned()
        }
        _ => "Judged by the one number that the package takes, whose bounds the JSON holds.".to_owned(),
    };
    if let Some(reason) = unknown {
        let name = capital(&metric_name("score_change_by_mix"));
        note.push_str(&format!(" {name} is known of no column: {reason}."));
    }
    if hidden > 0 {
        note.push_str(&format!(" {} more are in the JSON.", counted(hidden as u64, "column", "columns")));
    }
    Table {
        caption: "Columns, those first that have drifted and matter most".to_owned(),
        columns,
        rows,
        note,
    }
}

/// Pictures of numbers and tables of levels, of the most drifted columns.
fn pictures(index: &Index<'_>) -> (Vec<Figure>, Vec<Table>) {
    let (mut figures, mut tables) = (Vec::new(), Vec::new());
    for (place, of) in index.report.distributions.iter().enumerate() {
        let is_numbers = of.cells.iter().any(|cell| cell.from.is_some());
        if is_numbers && figures.len() < DRAWN {
            figures.push(figure(place, of, index));
        } else if !is_numbers && tables.len() < DRAWN {
            tables.push(levels(of));
        }
    }
    (figures, tables)
}

/// The shares of both in every cell.
fn shares(of: &Distribution) -> Vec<(f64, f64)> {
    let (n, m) = of.cells.iter().fold((0, 0), |(n, m), cell| (n + cell.reference, m + cell.current));
    let share = |count: u64, rows: u64| if rows == 0 { 0.0 } else { count as f64 / rows as f64 };
    of.cells
        .iter()
        .map(|cell| (share(cell.reference, n), share(cell.current, m)))
        .collect()
}

fn figure(place: usize, of: &Distribution, index: &Index<'_>) -> Figure {
    let shares = shares(of);
    let bars = |side: fn(&(f64, f64)) -> f64| {
        let of_cell = |(cell, share): (usize, &(f64, f64))| (cell as f64 + 0.5, cell as f64 + 1.5, side(share));
        shares.iter().enumerate().map(of_cell).collect::<Vec<(f64, f64, f64)>>()
    };
    let layer = |label: &str, tone, bars| Layer::Bars {
        label: label.to_owned(),
        tone,
        bars,
    };
    let apart: f64 = shares.iter().map(|(r, c)| (r - c).abs()).sum::<f64>() / 2.0;
    let named = of.cells.iter().enumerate().filter(|(_, cell)| !cell.name.is_empty());
    let names: Vec<String> = named
        .map(|(cell, bar)| format!("{} is {}", which(cell, of.cells.len()), bar.name))
        .collect();
    Figure {
        id: format!("fig-drift-{place}"),
        title: format!(
            "“{}”: {} of 100 rows are in another cell than before",
            of.column,
            Quantity::Decimal(1).number(100.0 * apart)
        ),
        metric: "drift_score".to_owned(),
        chart: ChartSpec::Plot(Plot {
            subject: format!("{} in tenths of the reference", of.column),
            across: Axis {
                name: "value, in tenths of the reference".to_owned(),
                quantity: Quantity::Count,
                range: None,
                words: edges(of, index),
            },
            up: Axis {
                name: "share of rows".to_owned(),
                quantity: Quantity::Decimal(2),
                range: None,
                words: Vec::new(),
            },
            is_square: false,
            layers: vec![
                layer("reference", Tone::Reference, bars(|share| share.0)),
                layer("now", Tone::Current, bars(|share| share.1)),
            ],
            answer: String::new(),
        }),
        note: format!("Cells are the tenths of the reference; {}.", names.join(", ")),
    }
}

/// Which of so many cells one is.
fn which(cell: usize, cells: usize) -> &'static str {
    match cells - cell {
        _ if cell == 0 => "the first",
        1 => "the last",
        2 => "the last but one",
        _ => "one",
    }
}

/// The numbers between which cells lie, where they begin and end; none for moments.
fn edges(of: &Distribution, index: &Index<'_>) -> Vec<(f64, String)> {
    let columns = index.report.inputs.iter().flat_map(|input| &input.columns);
    if columns
        .filter(|column| column.name == of.column)
        .any(|column| column.kind == Kind::Time)
    {
        return Vec::new();
    }
    let mut between = of
        .cells
        .iter()
        .enumerate()
        .filter_map(|(place, cell)| Some((place as f64, cell.from?, cell.to?)));
    let mut edges: Vec<(f64, f64)> = between.clone().map(|(place, from, _)| (place + 0.5, from)).collect();
    edges.extend(between.next_back().map(|(place, _, to)| (place + 1.5, to)));
    let largest = edges.iter().map(|(_, value)| value.abs()).fold(0.0, f64::max);
    let is_whole = edges.iter().all(|(_, value)| value.fract() == 0.0);
    let quantity = if is_whole {
        Quantity::Decimal(0)
    } else {
        Quantity::fitting(largest)
    };
    edges.into_iter().map(|(at, value)| (at, quantity.number(value))).collect()
}

fn levels(of: &Distribution) -> Table {
    let shares = shares(of);
    let percent = |share: f64| format!("{} %", Quantity::Decimal(1).number(100.0 * share));
    let mut rows: Vec<(f64, Row)> = of
        .cells
        .iter()
        .zip(&shares)
        .map(|(cell, (before, now))| {
            let change = Quantity::Decimal(1).number(100.0 * (now - before));
            let row = Row {
                cells: vec![
                    Cell::code(cell.name.clone()),
                    Cell::text(percent(*before)),
                    Cell::text(percent(*now)),
                    Cell::text(change),
                ],
                is_foot: false,
            };
            ((now - before).abs(), row)
        })
        .collect();
    order::sort_by(&mut rows, |a, b| b.0.total_cmp(&a.0));
    Table {
        caption: format!("Levels of {}, those first whose share has changed most", of.column),
        columns: vec![
            cells::names("Level"),
            cells::numbers("Reference", "of rows"),
            cells::numbers("Now", "of rows"),
            cells::numbers("Change", "points"),
        ],
        rows: rows.into_iter().map(|(_, row)| row).take(SHOWN).collect(),
        note: String::new(),
    }
}

/// Pairs of columns that go together otherwise, which no column shows by itself.
fn together(index: &Index<'_>) -> Vec<Block> {
    let number = |metric: &str| index.overall(metric).and_then(|own| own.value);
    let (Some(found), Some(judged)) = (number("changed_correlations"), number("judged_correlations")) else {
        return Vec::new();
    };
    let judged = counted(judged as u64, "pair of columns", "pairs of columns");
    if found == 0.0 {
        let text = format!("Of {judged}, none goes together otherwise than in the reference by more than little and by more than chance.");
        return vec![Block::Prose(text)];
    }
    let changes: Vec<&Estimate> = index
        .report
        .estimates
        .iter()
        .filter(|own| own.key.metric == "correlation_change")
        .collect();
    let largest = changes.first().map_or_else(String::new, |change| {
        format!(": most of all “{}”, by {}", change.key.columns.join("” with “"), in_full(change))
    });
    let rows: Vec<Row> = changes
        .iter()
        .filter_map(|change| {
            let [x, y] = change.key.columns.as_slice() else { return None };
            let chance = index.get(&Key {
                params: BTreeMap::from([("correction".to_owned(), "benjamini_hochberg".to_owned())]),
                columns: change.key.columns.clone(),
                ..Key::overall("correlation_change_pvalue")
            })?;
            Some(Row {
                cells: vec![
                    Cell::code(x.clone()),
                    Cell::code(y.clone()),
                    cells::of_estimate(Quantity::Decimal(2), change, None),
                    p_cell(chance),
                ],
                is_foot: false,
            })
        })
        .collect();
    let hidden = found as usize - rows.len();
    let mut note = "A rank correlation is 1 where two columns put rows into the same order, 0 where they have no order in common, -1 where one falls as the other \
                    rises. It does not change when a single column does."
        .to_owned();
    if hidden > 0 {
        note.push_str(&format!(
            " The {} largest changes of {} are shown.",
            rows.len(),
            count(found as u64)
        ));
    }
    let text = format!(
        "Of {judged}, {} together otherwise than in the reference, by more than little and by more than chance{largest}. Columns looked at one by one do not show \
         this.",
        counted(found as u64, "goes", "go"),
    );
    let table = Table {
        caption: "Columns that go together otherwise".to_owned(),
        columns: vec![
            cells::names("Column"),
            cells::names("with"),
            cells::of_metric("correlation_change", Quantity::Decimal(2)),
            cells::of_metric("correlation_change_pvalue", Quantity::Decimal(4)),
        ],
        rows,
        note,
    };
    vec![Block::Prose(text), Block::Table(table)]
}

/// The numbers of both files beside each other.
fn changes(index: &Index<'_>) -> Option<Table> {
    let rows: Vec<Row> = CHANGES
        .iter()
        .filter_map(|metric| {
            let now = index.overall(metric)?;
            let before = index.get(&Key {
                source: Source::Reference,
                ..Key::overall(metric)
            })?;
            let change = index.get(&Key {
                comparison: Some(Comparison::Change),
                ..Key::overall(metric)
            })?;
            let chance = index.get(&Key {
                params: BTreeMap::from([("of".to_owned(), (*metric).to_owned())]),
                ..Key::overall("change_pvalue")
            });
            let quantity = own_quantity(now);
            let mut name = Cell::text(capital(&metric_name(metric)));
            name.metric = Some((*metric).to_owned());
            Some(Row {
                cells: vec![
                    name,
                    cells::of_estimate(quantity, before, None),
                    cells::of_estimate(quantity, now, None),
                    cells::of_estimate(quantity, change, None),
                    chance.map_or_else(cells::absent, p_cell),
                ],
                is_foot: false,
            })
        })
        .collect();
    (!rows.is_empty()).then(|| Table {
        caption: "The same numbers in the reference".to_owned(),
        columns: vec![
            cells::names("Number"),
            cells::numbers("Reference", ""),
            cells::numbers("Now", ""),
            cells::numbers("Change", ""),
            cells::of_metric("change_pvalue", Quantity::Decimal(4)),
        ],
        rows,
        note: "A change is now less reference; its limits follow from those of both numbers. P-values are not corrected for how many numbers stand here."
            .to_owned(),
    })
}
