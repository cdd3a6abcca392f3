//! "How was it measured?": settings, intervals, verdicts, and what every metric used means.

use std::collections::BTreeSet;

use super::super::format::level;
use super::super::index::Index;
use super::super::words::{method_name, share_method};
use super::block::{Block, Definition, Fact, Table};
use super::heading;
use crate::metric::criterion::CRITERIA;
use crate::metric::registry;
use crate::report::model::SCHEMA_VERSION;
use crate::run::Task;

/// The metrics that blocks lead to, so that each has its definition.
pub(super) fn metrics_of(blocks: &[Block]) -> BTreeSet<String> {
    let mut used = BTreeSet::new();
    for block in blocks {
        match block {
            Block::Headlines(lines) => used.extend(lines.iter().filter_map(|line| line.cell.metric.clone())),
            Block::Figures(figures) => used.extend(figures.iter().map(|figure| figure.metric.clone())),
            Block::Findings(lines) => used.extend(lines.iter().filter_map(|line| Some(line.key.as_ref()?.metric.clone()))),
            Block::Table(table) => used.extend(metrics_of_table(table)),
            Block::Beside(blocks) => used.extend(metrics_of(blocks)),
            Block::Folded(folded) => used.extend(metrics_of(&folded.blocks)),
            _ => {}
        }
    }
    used
}

fn metrics_of_table(table: &Table) -> impl Iterator<Item = String> {
    let headers = table.columns.iter().filter_map(|column| column.metric.clone());
    headers.chain(
        table
            .rows
            .iter()
            .flat_map(|row| row.cells.iter().filter_map(|cell| cell.metric.clone())),
    )
}

pub(super) fn blocks(index: &Index<'_>, used: &BTreeSet<String>) -> Vec<Block> {
    let settings = &index.report.settings;
    let mut blocks = vec![
        heading(2, "method", "How was it measured?"),
        Block::Lead(format!(
            "Every number comes from the rows of the file alone; intervals would hold the true value in {} of samples drawn alike.",
            level(settings.level)
        )),
        Block::Prose(format!(
            "A check is judged by the interval, not by the number: it holds or fails when the whole interval is on one side of the bound, and \
             cannot be said while the bound is inside. Groups with fewer than {} rows are shown, but not judged. A rate without a denominator is \
             undefined, never zero. The report assesses what was measured here; it does not certify the model.",
            settings.min_support
        )),
        Block::Facts(facts(index)),
    ];
    let definitions: Vec<Definition> = registry::METRICS
        .iter()
        .filter(|metric| used.contains(metric.id))
        .map(|metric| Definition {
            metric: metric.id.to_owned(),
            name: metric.name.to_owned(),
            summary: metric.summary.to_owned(),
            formula: metric.formula.to_owned(),
            reading: metric.reading.to_owned(),
            caveat: metric.caveat.to_owned(),
            reference: metric.reference.to_owned(),
        })
        .collect();
    let criteria = CRITERIA.iter().filter(|criterion| used.contains(criterion.id));
    let definitions: Vec<Definition> = definitions
        .into_iter()
        .chain(criteria.map(|criterion| Definition {
            metric: criterion.id.to_owned(),
            name: criterion.name.to_owned(),
            summary: criterion.summary.to_owned(),
            formula: criterion.formula.to_owned(),
            reading: criterion.reading.to_owned(),
            caveat: criterion.caveat.to_owned(),
            reference: criterion.reference.to_owned(),
        }))
        .collect();
    if !definitions.is_empty() {
        blocks.push(Block::Definitions(definitions));
    }
    blocks
}

fn facts(index: &Index<'_>) -> Vec<Fact> {
    let report = index.report;
    let settings = &report.settings;
    let mut facts: Vec<Fact> = Vec::new();
    let mut say = |name: &str, value: String, is_code: bool| {
        facts.push(Fact {
            name: name.to_owned(),
            value,
            is_code,
        });
    };
    let task = match report.outcome.task {
        Some(Task::Binary) => "two classes",
        Some(Task::Multiclass) => "several classes",
        Some(Task::Multilabel) => "several labels at once",
        Some(Task::Regression) => "a number",
        Some(Task::Ranking) => "items in order, for queries",
        None => "not known: no truth or no prediction",
    };
    say("What is predicted", task.to_owned(), false);
    if let Some(positive) = &report.outcome.positive_class {
        say("Positive class", positive.clone(), true);
    }
    if let Some(threshold) = report.outcome.decision_threshold {
        say("Decision threshold", format!("score of at least {threshold}"), false);
    }
    if report.outcome.task != Some(Task::Regression) {
        say(
            "Interval of a share",
            format!("{}, {}", share_method(settings.interval), level(settings.level)),
            false,
        );
    }
    let methods: BTreeSet<_> = report
        .estimates
        .iter()
        .filter_map(|estimate| Some(estimate.interval?.method))
        .collect();
    let methods: Vec<&str> = methods
        .into_iter()
        .map(method_name)
        .filter(|name| *name != share_method(settings.interval))
        .collect();
    if !methods.is_empty() {
        say("Other intervals", methods.join("; "), false);
    }
    for (column, group) in &settings.reference_groups {
        say("Reference group", format!("{column} = {group}"), true);
    }
    say("Report schema", SCHEMA_VERSION.to_string(), false);
    facts
}
