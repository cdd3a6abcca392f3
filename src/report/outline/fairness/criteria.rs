//! The named criteria by one feature: value and interval, the groups that make it, a verdict in words; and which of them cannot hold together.

use super::super::super::format::{limits, own_quantity, with_unit};
use super::super::super::words::{columns, listed_name, why_undefined};
use super::super::block::{Align, Block, Cell, Column, Row, Table};
use super::super::cells;
use super::grouping::Grouping;
use crate::chart::number::Quantity;
use crate::metric::criterion::{Asks, CRITERIA, Criterion};
use crate::metric::{Comparison, Estimate, Key};
use crate::report::index::Index;
use crate::run::{Dialect, Task};

/// A criterion's number and the two groups that make it, the higher one first.
struct Found<'a> {
    estimate: &'a Estimate,
    ends: Option<(Cell, Cell)>,
    /// What there is to say of where it was found.
    place: String,
}

/// Says whose names comparisons are shown under, where those are not our own.
pub(super) fn dialect_note(index: &Index<'_>) -> Option<Block> {
    let settings = &index.report.settings;
    let said = match settings.dialect {
        Dialect::Assay => return None,
        Dialect::Fairlearn => {
            "Comparisons are shown in the dialect of fairlearn: differences and ratios over all groups, small ones too, equalized odds in its worst \
             case; fairlearn gives no intervals. A group without positives has no recall here, where fairlearn counts 0."
                .to_owned()
        }
        Dialect::Aequitas => format!(
            "Comparisons are shown in the dialect of aequitas: each group over its reference group, fair from {} to {}. Over a reference of 0 there is \
             no disparity here, where aequitas gives 10.",
            settings.tau,
            super::grouping::trimmed(1.0 / settings.tau)
        ),
        Dialect::Aif360 => "Comparisons are shown in the dialect of AIF360: each group less the privileged one, with its sign, below 0 to the group's \
                            disadvantage where being predicted positive is good. AIF360 pools several unprivileged groups; here each has its own row."
            .to_owned(),
    };
    Some(Block::Prose(said))
}

/// The table of criteria and what follows from it; nothing without two classes, truth and prediction.
pub(super) fn blocks(grouping: &Grouping<'_>) -> Vec<Block> {
    if grouping.task() != Some(Task::Binary) {
        return Vec::new();
    }
    let rows: Vec<Row> = CRITERIA.iter().filter_map(|criterion| row(grouping, criterion)).collect();
    if rows.len() < 2 {
        return Vec::new();
    }
    let mut blocks = vec![Block::Table(Table {
        caption: format!("Criteria by {}", columns(grouping.by)),
        columns: vec![
            cells::names("Criterion"),
            cells::numbers("Gap or ratio", ""),
            cells::numbers("Highest", ""),
            cells::numbers("Lowest", ""),
            Column {
                align: Align::Start,
                ..cells::names("In words")
            },
        ],
        rows,
        note: note(grouping),
    })];
    blocks.extend(conflict(grouping).map(Block::Prose));
    blocks
}

fn row(grouping: &Grouping<'_>, criterion: &'static Criterion) -> Option<Row> {
    let found = find(grouping, criterion)?;
    let estimate = found.estimate;
    let quantity = match criterion.asks {
        Asks::Odds => Quantity::Points,
        _ => grouping.gap_quantity(estimate),
    };
    let value = Cell {
        text: with_unit(quantity, estimate),
        note: match estimate.value {
            Some(_) => limits(quantity, estimate).map_or_else(String::new, |limits| limits.trim_matches(['(', ')']).to_owned()),
            None => why_undefined(estimate),
        },
        estimate: Some(Box::new(estimate.clone())),
        is_muted: estimate.value.is_none(),
        ..Cell::default()
    };
    let (high, low) = found.ends.unwrap_or_else(|| (cells::absent(), cells::absent()));
    let mut said = verdict(criterion, estimate, grouping);
    if !found.place.is_empty() && estimate.value.is_some() {
        said.push_str(&format!("; {}", found.place));
    }
    let name = Cell {
        metric: Some(criterion.id.to_owned()),
        ..Cell::text(super::super::super::words::capital(criterion.name))
    };
    Some(Row {
        cells: vec![name, value, high, low, Cell::text(said)],
        is_foot: false,
    })
}

/// What a criterion's number says, judged by its interval.
fn verdict(criterion: &Criterion, estimate: &Estimate, grouping: &Grouping<'_>) -> String {
    let tau = grouping.index.report.settings.tau;
    let (Some(value), interval) = (estimate.value, estimate.interval) else {
        return if grouping.judged("rows").len() < 2 {
            "Too few to say".to_owned()
        } else {
            "Cannot be said".to_owned()
        };
    };
    let is_impact = criterion.id == "disparate_impact";
    match (criterion.asks, interval) {
        (Asks::Ratio(_), Some(limits)) if is_impact && limits.high < tau => format!("Below {tau}"),
        (Asks::Ratio(_), Some(limits)) if is_impact && limits.low >= tau => format!("At least {tau}"),
        (Asks::Ratio(_), Some(_)) if is_impact && value < tau => format!("Below {tau}, which may be chance"),
        (Asks::Ratio(_), Some(_)) if is_impact => format!("Above {tau}, which may be chance"),
        (Asks::Ratio(_), Some(limits)) if limits.high < 1.0 => "A clear difference".to_owned(),
        (Asks::Ratio(_), Some(_)) => "May be chance".to_owned(),
        (_, Some(limits)) if limits.low > 0.0 => "A clear gap".to_owned(),
        (_, Some(_)) => "May be chance".to_owned(),
        (_, None) if value == 0.0 => "No gap".to_owned(),
        (_, None) => "Without an interval, not judged".to_owned(),
    }
}

fn find<'a>(grouping: &Grouping<'a>, criterion: &Criterion) -> Option<Found<'a>> {
    let index = grouping.index;
    let plain = |metric: &str, comparison| {
        Some(Found {
            estimate: index.gap(metric, comparison, grouping.by, true)?,
            ends: ends(grouping, metric),
            place: String::new(),
        })
    };
    match criterion.asks {
        Asks::Gap(metric) => plain(metric, Comparison::Difference),
        Asks::Ratio(metric) => plain(metric, Comparison::Ratio),
        Asks::Odds => {
            let odds = index.get(&Key {
                params: [
                    ("aggregate", "worst_case".to_owned()),
                    ("min_support", grouping.least().to_string()),
                ]
                .map(|(name, value)| (name.to_owned(), value))
                .into(),
                comparison: Some(Comparison::Difference),
                by: grouping.by.to_vec(),
                ..Key::overall("equalized_odds")
            })?;
            let worse = ["recall", "false_positive_rate"]
                .into_iter()
                .find(|metric| grouping.gap(metric).is_some_and(|gap| gap.value == odds.value))?;
            Some(Found {
                estimate: odds,
                ends: ends(grouping, worse),
                place: format!("the gap in {} is the larger one", super::super::super::words::metric_name(worse)),
            })
        }
        Asks::Calibration => calibration(grouping),
        Asks::WithinControl(metric) => within_control(grouping, metric),
    }
}

/// The judged groups at the ends of a metric.
fn ends(grouping: &Grouping<'_>, metric: &str) -> Option<(Cell, Cell)> {
    let judged = grouping.judged(metric);
    let [lowest, .., highest] = judged.as_slice() else { return None };
    let cell = |end: &super::grouping::End<'_>| Cell {
        note: with_unit(own_quantity(end.estimate), end.estimate),
        ..Cell::code(end.name.clone())
    };
    Some((cell(highest), cell(lowest)))
}

/// The largest judged gap at one score, else the largest calibration error of a group with enough rows.
fn calibration<'a>(grouping: &Grouping<'a>) -> Option<Found<'a>> {
    let least = grouping.least().to_string();
    let at_scores = grouping.index.report.estimates.iter().filter(|estimate| {
        let key = &estimate.key;
        key.metric == "observed_rate_at_score"
            && key.by == grouping.by
            && key.control.is_none()
            && key.comparison == Some(Comparison::Difference)
            && key.params.get("min_support") == Some(&least)
            && estimate.value.is_some()
    });
    let worst = at_scores.max_by(|a, b| a.value.unwrap_or(0.0).total_cmp(&b.value.unwrap_or(0.0)));
    if let Some(estimate) = worst {
        let score = estimate.key.params.get("score").cloned().unwrap_or_default();
        let mut of_groups: Vec<(f64, String, &Estimate)> = grouping
            .groups
            .iter()
            .filter(|listed| !listed.is_rest && listed.group.values().all(Option::is_some))
            .filter_map(|listed| {
                let own = grouping.index.get(&Key {
                    params: [("score".to_owned(), score.clone())].into(),
                    group: listed.group.clone(),
                    ..Key::overall("observed_rate_at_score")
                })?;
                let value = own.value.filter(|_| own.support >= grouping.least())?;
                Some((value, listed_name(listed, grouping.by), own))
            })
            .collect();
        crate::stats::order::sort_by(&mut of_groups, |a, b| a.0.total_cmp(&b.0));
        let cell = |(_, name, own): &(f64, String, &Estimate)| Cell {
            note: with_unit(own_quantity(own), own),
            ..Cell::code(name.clone())
        };
        return Some(Found {
            estimate,
            ends: of_groups.first().zip(of_groups.last()).map(|(low, high)| (cell(high), cell(low))),
            place: format!("the widest of all scores, at {score}"),
        });
    }
    let judged = grouping.judged("ece");
    let [lowest, .., highest] = judged.as_slice() else { return None };
    let cell = |end: &super::grouping::End<'_>| Cell {
        note: with_unit(own_quantity(end.estimate), end.estimate),
        ..Cell::code(end.name.clone())
    };
    Some(Found {
        estimate: highest.estimate,
        ends: Some((cell(highest), cell(lowest))),
        place: "the largest calibration error of a group".to_owned(),
    })
}

/// The largest judged gap within a level of a control feature.
fn within_control<'a>(grouping: &Grouping<'a>, metric: &str) -> Option<Found<'a>> {
    let least = grouping.least().to_string();
    let within = grouping.index.report.estimates.iter().filter(|estimate| {
        let key = &estimate.key;
        key.metric == metric
            && key.by == grouping.by
            && key.control.is_some()
            && key.comparison == Some(Comparison::Difference)
            && key.params.get("min_support") == Some(&least)
            && estimate.value.is_some()
    });
    let estimate = within.max_by(|a, b| a.value.unwrap_or(0.0).total_cmp(&b.value.unwrap_or(0.0)))?;
    let level = estimate.key.control.clone().unwrap_or_default();
    Some(Found {
        estimate,
        ends: None,
        place: format!("the widest of all levels, where {level}"),
    })
}

fn note(grouping: &Grouping<'_>) -> String {
    let least = grouping.least();
    let small: Vec<String> = grouping
        .groups
        .iter()
        .filter(|listed| !listed.is_rest && listed.rows < least)
        .take(8)
        .map(|listed| format!("{} ({})", listed_name(listed, grouping.by), listed.rows))
        .collect();
    let small = if small.is_empty() {
        String::new()
    } else {
        format!(" Too few to say: {}.", small.join(", "))
    };
    format!(
        "Over groups with at least {least} rows behind the number; limits hold for all pairs of groups at once. Among {} criteria, a gap may be clear by chance.{small}",
        CRITERIA.len()
    )
}

/// Which criteria exclude each other on this data.
fn conflict(grouping: &Grouping<'_>) -> Option<String> {
    let gap = grouping.gap("prevalence")?;
    let judged = grouping.judged("prevalence");
    let [lowest, .., highest] = judged.as_slice() else { return None };
    let full = format!(
        "{}{}",
        with_unit(own_quantity(gap), gap),
        limits(own_quantity(gap), gap).map_or_else(String::new, |limits| format!(" {limits}"))
    );
    if !Grouping::is_clear(gap) {
        return Some(format!(
            "Base rates: no clear gap between groups ({full}), so that the criteria need not exclude each other."
        ));
    }
    Some(format!(
        "Not all of these can hold at once. Base rates differ: {} for {}, {} for {}, a gap of {full}. Then a model that errs cannot have predictive \
         parity and equal error rates (Chouldechova 2017), nor calibration within groups and balance for both classes (Kleinberg, Mullainathan and \
         Raghavan 2017), nor demographic parity and equalized odds unless it tells nothing. Which of them to be held to is a decision, not a finding.",
        with_unit(own_quantity(highest.estimate), highest.estimate),
        highest.name,
        with_unit(own_quantity(lowest.estimate), lowest.estimate),
        lowest.name
    ))
}
