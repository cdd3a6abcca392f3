//! Comparisons between groups as other systems name and define them: the same numbers under their names.

use super::super::super::format::own_quantity;
use super::super::super::words::{columns, group_name, listed_name};
use super::super::block::{Block, Cell, Column, Folded, Row, Table};
use super::super::{SHOWN_GROUPS, cells};
use super::grouping::Grouping;
use crate::metric::{Comparison, Estimate, Key};
use crate::report::index::Listed;
use crate::run::{Dialect, Task};

/// A column of a dialect: its name there, and our metric and comparison.
type Named = (&'static str, &'static str, Comparison);

const FAIRLEARN: [(&str, &str); 8] = [
    ("demographic_parity", "selection_rate"),
    ("equal_opportunity", "recall"),
    ("equalized_odds, worst_case", "equalized_odds"),
    ("equalized_odds, mean", "equalized_odds"),
    ("false_positive_rate", "false_positive_rate"),
    ("false_negative_rate", "false_negative_rate"),
    ("true_negative_rate", "specificity"),
    ("accuracy_score", "accuracy"),
];

const AEQUITAS: [&[Named]; 2] = {
    use Comparison::ToReferenceRatio as Disparity;
    [
        &[
            ("pprev", "selection_rate", Disparity),
            ("ppr", "predicted_positive_share", Disparity),
            ("fpr", "false_positive_rate", Disparity),
            ("fnr", "false_negative_rate", Disparity),
            ("fdr", "false_discovery_rate", Disparity),
            ("for", "false_omission_rate", Disparity),
        ],
        &[
            ("tpr", "recall", Disparity),
            ("tnr", "specificity", Disparity),
            ("precision", "precision", Disparity),
            ("npv", "negative_predictive_value", Disparity),
        ],
    ]
};

const AIF360: [&[Named]; 2] = {
    use Comparison::{ToReferenceDifference as Less, ToReferenceRatio as Over};
    [
        &[
            ("statistical_parity_difference", "selection_rate", Less),
            ("disparate_impact", "selection_rate", Over),
            ("equal_opportunity_difference", "recall", Less),
            ("average_odds_difference", "average_odds", Less),
            ("equalized_odds_difference", "equalized_odds", Less),
        ],
        &[
            ("average_abs_odds_difference", "average_absolute_odds", Less),
            ("false_positive_rate_difference", "false_positive_rate", Less),
            ("false_discovery_rate_difference", "false_discovery_rate", Less),
            ("false_omission_rate_difference", "false_omission_rate", Less),
            ("error_rate_difference", "error_rate", Less),
        ],
    ]
};

/// The tables of a dialect; nothing where there are not two classes.
pub(super) fn blocks(grouping: &Grouping<'_>, dialect: Dialect) -> Vec<Block> {
    if grouping.task() != Some(Task::Binary) {
        return Vec::new();
    }
    match dialect {
        Dialect::Assay => Vec::new(),
        Dialect::Fairlearn => fairlearn(grouping).into_iter().collect(),
        Dialect::Aequitas | Dialect::Aif360 => {
            let named = if dialect == Dialect::Aequitas { AEQUITAS } else { AIF360 };
            let title = format!("By {}, as {}", columns(grouping.by), dialect.name());
            let mut tables = named.iter().filter_map(|named| to_reference(grouping, dialect, named, &title));
            let mut blocks: Vec<Block> = tables.next().into_iter().collect();
            let more: Vec<Block> = tables.collect();
            if !more.is_empty() {
                blocks.push(Block::Folded(Folded {
                    title: format!("Further comparisons by {}, as {}", columns(grouping.by), dialect.name()),
                    blocks: more,
                }));
            }
            blocks
        }
    }
}

/// Differences and ratios over all groups.
fn fairlearn(grouping: &Grouping<'_>) -> Option<Block> {
    let find = |name: &str, metric: &str, comparison: Comparison| {
        let aggregate = if name.ends_with("mean") { "mean" } else { "worst_case" };
        let params = if metric == "equalized_odds" {
            [("aggregate".to_owned(), aggregate.to_owned())].into()
        } else {
            std::collections::BTreeMap::new()
        };
        grouping.index.get(&Key {
            params,
            comparison: Some(comparison),
            by: grouping.by.to_vec(),
            ..Key::overall(metric)
        })
    };
    let row = |(name, metric): &(&str, &str)| {
        let (difference, ratio) = (find(name, metric, Comparison::Difference)?, find(name, metric, Comparison::Ratio)?);
        let cell = |estimate: &Estimate| cells::of_estimate(own_quantity(estimate), estimate, None);
        let name = Cell {
            metric: Some((*metric).to_owned()),
            ..Cell::text(*name)
        };
        Some(Row {
            cells: vec![name, cell(difference), cell(ratio)],
            is_foot: false,
        })
    };
    let rows: Vec<Row> = FAIRLEARN.iter().filter_map(row).collect();
    (!rows.is_empty()).then(|| {
        Block::Table(Table {
            caption: format!("By {}, as fairlearn", columns(grouping.by)),
            columns: vec![
                cells::names("Metric"),
                cells::numbers("difference", ""),
                cells::numbers("ratio", ""),
            ],
            rows,
            note: "Over all groups, however small: few rows make large gaps. Limits, where there are some, are ours; equalized odds over all groups has none."
                .to_owned(),
        })
    })
}

/// A group's number against the reference group.
fn against<'a>(grouping: &Grouping<'a>, listed: &Listed, (_, metric, comparison): Named) -> Option<&'a Estimate> {
    grouping.index.report.estimates.iter().find(|estimate| {
        let key = &estimate.key;
        key.metric == metric
            && key.comparison == Some(comparison)
            && key.by == grouping.by
            && key.control.is_none()
            && key.group == listed.group
            && key.params.is_empty()
    })
}

/// A row a group, a column a comparison with the reference group.
fn to_reference(grouping: &Grouping<'_>, dialect: Dialect, named: &[Named], caption: &str) -> Option<Block> {
    let listed: Vec<&Listed> = grouping
        .groups
        .iter()
        .filter(|listed| !listed.is_rest && listed.group.values().all(Option::is_some))
        .take(SHOWN_GROUPS)
        .collect();
    let tau = grouping.index.report.settings.tau;
    let mut references: Vec<String> = Vec::new();
    let mut rows: Vec<Row> = Vec::new();
    for group in &listed {
        let mut row = vec![Cell::code(listed_name(group, grouping.by))];
        for column in named {
            let Some(estimate) = against(grouping, group, *column) else {
                row.push(cells::absent());
                continue;
            };
            let reference = estimate.key.reference_group.as_ref();
            if let Some(name) = reference
                .map(|group| group_name(group, grouping.by))
                .filter(|name| !references.contains(name))
            {
                references.push(name);
            }
            let mut cell = cells::of_estimate(own_quantity(estimate), estimate, Some(grouping.least()));
            if reference == Some(&group.group) {
                cell.note = if dialect == Dialect::Aif360 { "privileged" } else { "reference" }.to_owned();
            } else if let Some(value) = estimate.value.filter(|_| dialect == Dialect::Aequitas) {
                let is_fair = (tau..=1.0 / tau).contains(&value);
                cell.note = match (is_fair, cell.is_muted) {
                    (_, true) => cell.note,
                    (true, _) => "fair".to_owned(),
                    (false, _) => "unfair".to_owned(),
                };
            }
            row.push(cell);
        }
        rows.push(Row {
            cells: row,
            is_foot: false,
        });
    }
    let is_known = rows.iter().flat_map(|row| &row.cells).any(|cell| cell.estimate.is_some());
    let mut header = vec![cells::names(columns(grouping.by))];
    header.extend(named.iter().map(|(name, metric, _)| Column {
        metric: Some((*metric).to_owned()),
        ..cells::numbers(*name, "")
    }));
    let part = if dialect == Dialect::Aif360 { "Privileged" } else { "Reference" };
    is_known.then(|| {
        Block::Table(Table {
            caption: caption.to_owned(),
            columns: header,
            rows,
            note: format!("{part}: {}.", references.join(", ")),
        })
    })
}
