//! "Who is in the data?": the groups' shares, beside those of a population where it was given, missing labels, and which criteria of fairness
//! cannot hold together.

use super::super::format::{in_full, out_of};
use super::super::index::{Index, Listed};
use super::super::words::{columns, listed_name};
use super::block::{Block, Cell, Row, Table};
use super::{SHOWN_GROUPS, cells, heading, positive_class};
use crate::chart::number::{Quantity, count, counted};
use crate::metric::{Estimate, Key};
use crate::run::conflicts::{Conflict, Pair};
use crate::run::representation::Represented;

/// The numbers of a group, as far as there are any.
const SHOWN: [&str; 6] = [
    "group_share",
    "population_share",
    "representation_difference",
    "representation_ratio",
    "prevalence",
    "label_missing_rate",
];

pub(super) fn blocks(index: &Index<'_>) -> Vec<Block> {
    let report = index.report;
    if report.representation.is_empty() {
        return Vec::new();
    }
    let mut blocks = vec![heading(2, "representation", "Who is in the data?"), Block::Lead(answer(index))];
    let cautions: Vec<String> = report.representation.iter().filter_map(|one| uneven(index, one)).collect();
    if !cautions.is_empty() {
        blocks.push(Block::Cautions(cautions));
    }
    blocks.extend(report.representation.iter().map(|one| table(index, one)));
    if !report.conflicts.is_empty() {
        blocks.push(heading(3, "conflicts", "Which criteria cannot hold together here?"));
        blocks.push(Block::Sentences(report.conflicts.iter().map(|one| conflict(index, one)).collect()));
        blocks.push(Block::Prose(
            "Where base rates differ and predictions err, every choice of a criterion is a choice against another (Chouldechova 2017; Kleinberg, \
             Mullainathan and Raghavan 2017): which errors weigh more is for people to decide, not for a test."
                .to_owned(),
        ));
    }
    blocks
}

/// The groups of a column, those of the population that no row has last.
fn groups(index: &Index<'_>, column: &str) -> Vec<Listed> {
    let mut groups = index.groups(&[column.to_owned()]);
    let absent = index.report.representation.iter().filter(|one| one.column == column);
    groups.extend(absent.flat_map(|one| &one.absent).map(|level| Listed {
        group: [(column.to_owned(), Some(level.clone()))].into(),
        is_rest: false,
        rows: 0,
    }));
    groups
}

fn of<'a>(index: &Index<'a>, metric: &str, listed: &Listed) -> Option<&'a Estimate> {
    let mut key = Key {
        group: listed.group.clone(),
        ..Key::overall(metric)
    };
    if listed.rows == 0 && !listed.is_rest {
        key.params.insert("absent".to_owned(), "true".to_owned());
    }
    index.get(&key).or_else(|| index.of_group(metric, listed))
}

/// The group farthest from its share of the population, or else the smallest group of each column.
fn answer(index: &Index<'_>) -> String {
    let mut far: Option<(f64, String)> = None;
    let mut has_population = false;
    for one in &index.report.representation {
        has_population |= one.has_population;
        for listed in groups(index, &one.column) {
            let numbers = SHOWN.map(|metric| of(index, metric, &listed));
            let [Some(share), Some(population), Some(difference), ..] = numbers else {
                continue;
            };
            let is_clear = difference.interval.is_some_and(|limits| limits.low > 0.0 || limits.high < 0.0);
            let (Some(own), Some(given), Some(by)) = (share.value, population.value, difference.value) else {
                continue;
            };
            if is_clear && far.as_ref().is_none_or(|(most, _)| by.abs() > *most) {
                let ((whole, some), (of, should)) = (out_of(own), out_of(given));
                let name = listed_name(&listed, std::slice::from_ref(&one.column));
                far = Some((
                    by.abs(),
                    format!(
                        "Farthest from the population is “{name}” ({}): {some} of {whole} rows, {should} of {of} people.",
                        one.column
                    ),
                ));
            }
        }
    }
    match (far, has_population) {
        (Some((_, told)), _) => told,
        (None, true) => "No group is farther from its share of the population than chance explains.".to_owned(),
        (None, false) => smallest(index),
    }
}

fn smallest(index: &Index<'_>) -> String {
    let least = index.report.settings.min_support;
    let told = index.report.representation.iter().map(|one| {
        let named: Vec<Listed> = groups(index, &one.column)
            .into_iter()
            .filter(|listed| !listed.is_rest && listed.group.values().all(Option::is_some))
            .collect();
        let small = named.iter().filter(|listed| listed.rows < least).count();
        let mut out = format!("{} by {}", counted(named.len() as u64, "group", "groups"), one.column);
        if small > 0 {
            out.push_str(&format!(" ({} with fewer than {} rows)", count(small as u64), count(least)));
        }
        out
    });
    let told: Vec<String> = told.collect();
    format!(
        "The data has {}. Whether it has them as the population does is not known: no population was given.",
        columns(&told)
    )
}

/// Labels that are missing unevenly, told about rows.
fn uneven(index: &Index<'_>, one: &Represented) -> Option<String> {
    one.uneven_labels.filter(|p| *p <= 1.0 - index.report.settings.level)?;
    let judged = index.judged("label_missing_rate", std::slice::from_ref(&one.column));
    let ([lowest, ..], [.., highest]) = (judged.as_slice(), judged.as_slice()) else {
        return None;
    };
    let name = |listed: &Listed| listed_name(listed, std::slice::from_ref(&one.column));
    Some(format!(
        "Selection bias: the label is missing in {} of the rows of “{}” and in {} of those of “{}” ({}). Whatever is measured against the label is \
         measured on different selections.",
        in_full(highest.1),
        name(&highest.0),
        in_full(lowest.1),
        name(&lowest.0),
        one.column
    ))
}

fn table(index: &Index<'_>, one: &Represented) -> Block {
    let listed = groups(index, &one.column);
    let shown = &listed[..listed.len().min(SHOWN_GROUPS)];
    let of_all = |metric: &str| -> Vec<&Estimate> { shown.iter().filter_map(|listed| of(index, metric, listed)).collect() };
    let metrics = SHOWN.into_iter().filter_map(|metric| {
        let all = of_all(metric);
        let quantity = match metric {
            "representation_difference" => Quantity::Points,
            "representation_ratio" => Quantity::Decimal(2),
            _ => Quantity::Percent,
        };
        (!all.is_empty()).then_some((metric, quantity))
    });
    let metrics: Vec<(&str, Quantity)> = metrics.collect();
    let mut columns = vec![cells::names("Group"), cells::numbers("Rows", "")];
    columns.extend(metrics.iter().map(|(metric, quantity)| cells::of_metric(metric, *quantity)));
    let row = |listed: &Listed| {
        let numbers = metrics.iter().map(|(metric, quantity)| {
            of(index, metric, listed).map_or_else(cells::absent, |estimate| cells::of_estimate(*quantity, estimate, None))
        });
        let first = [
            Cell::code(listed_name(listed, std::slice::from_ref(&one.column))),
            Cell::text(count(listed.rows)),
        ];
        Row {
            cells: first.into_iter().chain(numbers).collect(),
            is_foot: false,
        }
    };
    let mut note = String::new();
    if listed.len() > shown.len() {
        note = format!(
            "The {} largest of {} groups.",
            count(shown.len() as u64),
            count(listed.len() as u64)
        );
    }
    Block::Table(Table {
        caption: format!("Rows by {}", one.column),
        columns,
        rows: shown.iter().map(row).collect(),
        note,
    })
}

/// What the groups of a column exclude, told about rows.
fn conflict(index: &Index<'_>, one: &Conflict) -> String {
    let positive = positive_class(index.report);
    let told = |share: f64| {
        let (whole, some) = out_of(share);
        format!("{some} of {whole}")
    };
    let [low, high] = [0, 1].map(|side| (&one.groups[side], one.base_rates[side]));
    let rates = format!(
        "By {}: {} rows of “{}” are “{positive}” in truth, {} of “{}”",
        one.by,
        told(low.1),
        low.0,
        told(high.1),
        high.0
    );
    if !one.is_beyond_chance {
        return format!("{rates}. That may be chance, so nothing is excluded for certain.");
    }
    if one.pairs.is_empty() {
        return format!("{rates}, but the predictions leave nothing to exclude: they never err, or say nothing.");
    }
    let mut out = format!("{rates}, beyond chance.");
    let percent = |share: f64| Quantity::Percent.with_unit(share);
    if one.pairs.contains(&Pair::PredictiveParityAndEqualizedOdds) {
        out.push_str(" So equal precision and equal error rates exclude each other");
        if let Some(([precision, missed], [a, b])) = one.held_equal.zip(one.forced) {
            let forced = |rate: f64| if rate > 1.0 { "more than all".to_owned() } else { percent(rate) };
            out.push_str(&format!(
                ": with the precision of {} and the false negative rate of {} of all rows in both, the false positive rate would be {} in “{}” and \
                 {} in “{}”",
                percent(precision),
                percent(missed),
                forced(a),
                low.0,
                forced(b),
                high.0
            ));
        }
        out.push('.');
    }
    if one.pairs.contains(&Pair::CalibrationAndBalance) {
        out.push_str(" Scores that are right at every level in both groups cannot have the same average in both among positives and among negatives.");
    }
    if one.pairs.contains(&Pair::DemographicParityAndEqualizedOdds) {
        out.push_str(" Equal selection rates exclude equal error rates, too.");
    }
    out
}
