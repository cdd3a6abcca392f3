//! Where sensitive features cross: the cells that fare worst, each held against everybody else, with the number of cells looked at taken into account.

use super::super::super::words::{capital, columns, group_name, metric_name};
use super::super::block::{Block, Cell, Row, Table};
use super::super::cells;
use super::grouping::Grouping;
use crate::chart::number::{Quantity, counted};
use crate::metric::{Direction, Estimate, registry};
use crate::report::format::{own_quantity, p_words};
use crate::report::index::Index;
use crate::stats::hypothesis::pooled_z;
use crate::stats::interval::Share;
use crate::stats::multiple::Correction;
use crate::stats::order;

/// How many cells are listed.
const WORST: usize = 12;

struct Crossed<'a> {
    name: String,
    by: String,
    estimate: &'a Estimate,
    value: f64,
    /// How far it is worse than everybody else.
    worse: f64,
    p: Option<f64>,
}

/// The worst cells of all crossings by the metric that matters most.
pub(super) fn blocks(index: &Index<'_>, several: &[Grouping<'_>], primary: Option<&str>) -> Vec<Block> {
    let Some(metric) = primary.or_else(|| several.iter().find_map(Grouping::telling)) else {
        return Vec::new();
    };
    let Some((overall, value)) = index.overall(metric).and_then(|overall| Some((overall, overall.value?))) else {
        return Vec::new();
    };
    let sign = match registry::find(metric).map(|found| found.direction) {
        Some(Direction::HigherIsBetter) => -1.0,
        _ => 1.0,
    };
    let is_weighted = index.report.roles.weight.is_some();
    let mut found: Vec<Crossed<'_>> = Vec::new();
    let mut small = 0;
    for grouping in several {
        let compared = grouping
            .groups
            .iter()
            .filter(|listed| !listed.is_rest && listed.group.values().all(Option::is_some));
        for listed in compared {
            let Some(estimate) = index.of_group(metric, listed) else { continue };
            if estimate.support < grouping.least() {
                small += 1;
                continue;
            }
            let Some(own) = estimate.value else { continue };
            let rest = (
                value * overall.support as f64 - own * estimate.support as f64,
                overall.support - estimate.support.min(overall.support),
            );
            let p = (!is_weighted && own_quantity(estimate) == Quantity::Percent && rest.1 > 0)
                .then(|| {
                    let share = |value: f64, size: u64| Share {
                        value: value.clamp(0.0, 1.0),
                        size: size as f64,
                    };
                    pooled_z(share(own, estimate.support), share(rest.0 / rest.1 as f64, rest.1))
                })
                .flatten();
            found.push(Crossed {
                name: group_name(&listed.group, grouping.by),
                by: columns(grouping.by),
                estimate,
                value: own,
                worse: sign * (own - value),
                p,
            });
        }
    }
    let tested: Vec<f64> = found.iter().filter_map(|cell| cell.p).collect();
    let mut adjusted = Correction::BenjaminiHochberg.adjust(&tested).into_iter();
    for cell in &mut found {
        cell.p = cell.p.and_then(|_| adjusted.next());
    }
    order::sort_by(&mut found, |a, b| b.worse.total_cmp(&a.worse).then_with(|| a.name.cmp(&b.name)));
    table(metric, &found, small)
}

fn table(metric: &str, found: &[Crossed<'_>], small: usize) -> Vec<Block> {
    let Some(worst) = found.first() else {
        return vec![Block::Lead("No crossing of features has enough rows to judge.".to_owned())];
    };
    let clear = found
        .iter()
        .filter(|cell| cell.worse > 0.0 && cell.p.is_some_and(|p| p < 0.05))
        .count();
    let quantity = own_quantity(worst.estimate);
    let lead = format!(
        "Of {}, {} {} a worse {} than everybody else beyond chance; the worst is {}, {}.",
        counted(found.len() as u64, "crossing with enough rows", "crossings with enough rows"),
        clear,
        if clear == 1 { "has" } else { "have" },
        metric_name(metric),
        worst.name,
        quantity.with_unit(worst.value)
    );
    let row = |cell: &Crossed<'_>| Row {
        cells: vec![
            Cell::code(cell.name.clone()),
            Cell::text(cell.by.clone()),
            Cell::text(crate::chart::number::count(cell.estimate.support)),
            cells::of_estimate(quantity, cell.estimate, None),
            Cell::text(cell.p.map_or_else(|| "–".to_owned(), p_words)),
        ],
        is_foot: false,
    };
    let small = if small > 0 {
        format!(" Not judged, too few to say: {}.", counted(small as u64, "crossing", "crossings"))
    } else {
        String::new()
    };
    vec![
        Block::Lead(lead),
        Block::Table(Table {
            caption: format!("{}: the worst crossings", capital(&metric_name(metric))),
            columns: vec![
                cells::names("Group"),
                cells::names("Of"),
                cells::numbers("Rows behind it", ""),
                cells::of_metric(metric, quantity),
                cells::numbers("p, corrected", ""),
            ],
            rows: found.iter().take(WORST).map(row).collect(),
            note: format!(
                "Each held against all other rows by the pooled z test; p-values are corrected for all {} crossings looked at (Benjamini and Hochberg), \
                 though crossings share rows.{small}",
                found.len()
            ),
        }),
    ]
}
