//! "Do other columns stand in for the groups?": how well features tell groups apart, and what each tells about each sensitive feature.

use super::super::format::{in_full, out_of};
use super::super::index::Index;
use super::super::words::{capital, columns, metric_name};
use super::block::{Block, Cell, Column, Folded, Row, Table};
use super::{cells, heading};
use crate::chart::number::{Quantity, count, counted};
use crate::metric::{Estimate, Key};
use crate::run::proxies::Proxies;
use crate::stats::order;

/// The associations in full view; the others are folded.
const SHOWN: usize = 10;
/// An area above which a group is told apart well.
const WELL: f64 = 0.8;
/// An area below which it is hardly.
const HARDLY: f64 = 0.6;

pub(super) fn blocks(index: &Index<'_>) -> Vec<Block> {
    let Some(proxies) = &index.report.proxies else {
        return Vec::new();
    };
    let told: Vec<&Estimate> = index
        .report
        .estimates
        .iter()
        .filter(|estimate| estimate.key.metric == "group_told_apart")
        .collect();
    let mut blocks = vec![
        heading(2, "proxies", "Do other columns stand in for the groups?"),
        Block::Lead(answer(&told)),
    ];
    if !told.is_empty() {
        blocks.push(groups(&told, proxies));
    }
    let found = associations(index, proxies);
    let (shown, others) = found.split_at(found.len().min(SHOWN));
    if !shown.is_empty() {
        let note = "Cramér's V for columns of levels, the correlation ratio for numbers; both are 0 where nothing goes together and 1 where one \
                    column fixes the other. Whether a column may be used is a question of purpose and law, not of its association alone.";
        blocks.push(table("Columns that tell most about a sensitive feature or the score", shown, note));
    }
    if !others.is_empty() {
        blocks.push(Block::Folded(Folded {
            title: counted(others.len() as u64, "further association", "further associations"),
            blocks: vec![table("Further associations, strongest first", others, "")],
        }));
    }
    blocks
}

/// The group that is told apart best.
fn answer(told: &[&Estimate]) -> String {
    let value = |estimate: &&&Estimate| estimate.value.unwrap_or(f64::NEG_INFINITY);
    let best = told.iter().max_by(|a, b| value(a).total_cmp(&value(b)));
    let Some((best, area)) = best.and_then(|best| Some((best, best.value?))) else {
        return "Whether a model could tell the groups apart cannot be said: too few rows.".to_owned();
    };
    let low = best.interval.map_or(area, |limits| limits.low);
    let verdict = if low >= WELL {
        "Yes"
    } else if area >= HARDLY {
        "In part"
    } else {
        "Hardly"
    };
    let (whole, pairs) = out_of(area);
    format!(
        "{verdict}: from the features alone, a simple model picks out the row of {} from a pair in {pairs} of {whole} cases at best (ROC AUC {}); \
         50 would be guessing.",
        name(best),
        in_full(best)
    )
}

/// "sex “Male”": of which column, which group.
fn name(estimate: &Estimate) -> String {
    let level = estimate.key.params.get("level").map_or("", String::as_str);
    format!("{} “{level}”", columns(&estimate.key.columns))
}

fn groups(told: &[&Estimate], proxies: &Proxies) -> Block {
    let rows = told.iter().map(|estimate| Row {
        cells: vec![
            Cell::code(columns(&estimate.key.columns)),
            Cell::code(estimate.key.params.get("level").cloned().unwrap_or_default()),
            Cell::text(count(estimate.support)),
            cells::of_estimate(Quantity::Decimal(3), estimate, None),
        ],
        is_foot: false,
    });
    Block::Table(Table {
        caption: "How well the features tell groups apart".to_owned(),
        columns: vec![
            cells::names("Column"),
            cells::names("Group"),
            cells::numbers("Rows", ""),
            Column {
                metric: Some("group_told_apart".to_owned()),
                ..cells::numbers("ROC AUC", "")
            },
        ],
        rows: rows.collect(),
        note: format!(
            "By a logistic regression on {}, judged on rows that it was not fitted to.",
            counted(proxies.model_features.len() as u64, "feature", "features")
        ),
    })
}

/// What a feature tells about another column.
struct Association<'a> {
    strength: &'a Estimate,
    information: Option<&'a Estimate>,
}

/// All associations, the strongest first; those without a value last.
fn associations<'a>(index: &Index<'a>, proxies: &Proxies) -> Vec<Association<'a>> {
    let mut found: Vec<Association<'a>> = Vec::new();
    for feature in &proxies.features {
        for other in proxies.sensitive.iter().chain(&proxies.score) {
            let get = |metric: &str| {
                index.get(&Key {
                    columns: vec![feature.clone(), other.clone()],
                    ..Key::overall(metric)
                })
            };
            let strength = get("cramers_v_corrected").or_else(|| get("correlation_ratio"));
            found.extend(strength.map(|strength| Association {
                strength,
                information: get("mutual_information"),
            }));
        }
    }
    let value = |one: &Association<'_>| one.strength.value.unwrap_or(-1.0);
    order::sort_by(&mut found, |a, b| value(b).total_cmp(&value(a)));
    found
}

fn table(caption: &str, found: &[Association<'_>], note: &str) -> Block {
    let rows = found.iter().map(|one| {
        let key = &one.strength.key;
        let at = |place: usize| Cell::code(key.columns.get(place).cloned().unwrap_or_default());
        let mut by = Cell::text(capital(&metric_name(&key.metric)));
        by.metric = Some(key.metric.clone());
        Row {
            cells: vec![
                at(0),
                at(1),
                cells::of_estimate(Quantity::Decimal(3), one.strength, None),
                by,
                one.information.map_or_else(cells::absent, |information| {
                    cells::of_estimate(Quantity::Decimal(3), information, None)
                }),
                Cell::text(count(one.strength.support)),
            ],
            is_foot: false,
        }
    });
    Block::Table(Table {
        caption: caption.to_owned(),
        columns: vec![
            cells::names("Column"),
            cells::names("Tells about"),
            cells::numbers("Association", ""),
            cells::names("Measured by"),
            Column {
                metric: Some("mutual_information".to_owned()),
                ..cells::numbers("Mutual information", "nats")
            },
            cells::numbers("Rows", ""),
        ],
        rows: rows.collect(),
        note: note.to_owned(),
    })
}
