//! Sensitive features become a partition, within the room that a report has.

use std::borrow::Cow;

use crate::data::column::{Levels, MISSING};
use crate::data::{Notice, NoticeCode, Roles, Table};

use super::grouping::{Partition, partition};
use super::weights::{column, rows_in_words};
use super::{PlanError, Settings};
use crate::metric::rows::Rows;

/// The most levels a sensitive feature may have.
pub const MOST_LEVELS: usize = 100_000;
/// The most groups a grouping may have.
pub const MOST_GROUPS: usize = 2000;
/// The most levels a control feature may have: beyond, few rows are left in each.
const MOST_CONTROL_LEVELS: usize = 100;
/// About how many numbers a report may hold, so that its JSON stays below 20 MB.
const MOST_NUMBERS: usize = 40_000;
/// The most classes that are each read in every group; beyond, classes are read over all rows only.
pub const MOST_CLASSES_BY_GROUP: usize = 20;

/// Groups the rows by every sensitive feature and every pair of them.
pub(super) fn take_groups(
    table: &Table,
    roles: &Roles,
    settings: &Settings,
    rows: &Rows,
    classes: usize,
    notices: &mut Vec<Notice>,
) -> Result<Partition, PlanError> {
    let mut features: Vec<(&str, Cow<'_, Levels>)> = Vec::new();
    for name in &roles.sensitive {
        let levels = column(table, name)?.to_levels(MOST_LEVELS)?;
        let missing = levels.codes.iter().filter(|code| *code == MISSING).count() as u64;
        if missing > 0 {
            let text = format!(
                "{} in column \"{name}\" {} no level; such rows are a group of their own, shown, but left out of gaps.",
                rows_in_words(missing),
                if missing == 1 { "has" } else { "have" }
            );
            notices.push(Notice::of_rows(NoticeCode::MissingGroups, name, missing, text));
        }
        features.push((name, levels));
    }
    let sensitive = features.len();
    for name in &roles.control {
        features.push((name, column(table, name)?.to_levels(MOST_CONTROL_LEVELS)?));
    }
    for (name, level) in &settings.reference_groups {
        let Some((_, levels)) = features.iter().find(|(feature, _)| feature == name) else {
            return Err(PlanError::NotSensitive { column: name.clone() });
        };
        if !levels.names.contains(level) {
            return Err(PlanError::UnknownGroup {
                column: name.clone(),
                level: level.clone(),
                levels: levels.names.clone(),
            });
        }
    }
    let features: Vec<(&str, &Levels)> = features.iter().map(|(name, levels)| (*name, levels.as_ref())).collect();
    let stands_for = |row: usize| rows.weight(row).map_or(0, |weight| weight.count);
    let controls = features.len() - sensitive;
    let (depth, most) = room(sensitive, controls, classes, !rows.class_scores.is_empty());
    if depth < 2 && sensitive > 1 {
        let text = format!(
            "Pairs of the {} sensitive features are not reported, because the report would become too large. For pairs, choose fewer features.",
            sensitive
        );
        notices.push(Notice::general(NoticeCode::GroupsCapped, text));
    }
    if depth == 2 && sensitive > 2 {
        let text = format!(
            "Crossings of three of the {sensitive} sensitive features are not reported, because the report would become too large. For these, choose fewer \
             features."
        );
        notices.push(Notice::general(NoticeCode::GroupsCapped, text));
    }
    let partition = partition(&features, controls, depth, rows.len, stands_for, most);
    for grouping in partition.groupings.iter().filter(|grouping| grouping.put_together > 0) {
        let text = format!(
            "{} has {} groups; the {most} largest are reported, the other {} are put together as the rest.",
            grouping.columns.join(" and "),
            grouping.put_together + most,
            grouping.put_together
        );
        notices.push(Notice::general(NoticeCode::GroupsCapped, text));
    }
    note_absent_references(&partition, settings, notices);
    Ok(partition)
}

/// Says where the reference group that was set is none of a grouping's groups, so that the largest takes its place.
fn note_absent_references(partition: &Partition, settings: &Settings, notices: &mut Vec<Notice>) {
    for grouping in partition.groupings.iter().filter(|grouping| !grouping.columns.is_empty()) {
        let levels: Option<Vec<&String>> = grouping
            .columns
            .iter()
            .map(|column| settings.reference_groups.get(column))
            .collect();
        let Some(levels) = levels else { continue };
        let is_there = grouping
            .groups
            .iter()
            .any(|group| group.is_compared() && group.levels.iter().flatten().eq(levels.iter().copied()));
        if !is_there {
            let text = format!(
                "The reference group of {} is not among the groups reported; each group is compared with the largest one instead.",
                grouping.columns.join(" and ")
            );
            notices.push(Notice::general(NoticeCode::Setting, text));
        }
    }
}

/// How many features are crossed at most, and how many groups a grouping may have.
fn room(features: usize, controls: usize, classes: usize, has_class_scores: bool) -> (usize, usize) {
    // Forms of metrics a group, of which each is read, and compared with the reference group twice.
    let (whole, of_class) = if has_class_scores { (43, 13) } else { (27, 10) };
    let forms = match classes {
        // What is read between a group and the reference group comes beside it, but only where groups are few.
        0..=2 => 58,
        3..=MOST_CLASSES_BY_GROUP => whole + of_class * classes,
        _ => whole,
    };
    // A grouping's own numbers: differences, ratios, extremes.
    let gaps = 8 * forms;
    let pairs = features * features.saturating_sub(1) / 2;
    let triples = pairs * features.saturating_sub(2) / 3;
    let crossed = [features, features + pairs, features + pairs + triples];
    // Three at once only where they take little room from the others.
    let depth = match crossed.map(|groupings| groupings * gaps) {
        [_, _, three] if three <= MOST_NUMBERS / 8 && triples > 0 => 3,
        [_, two, _] if two <= MOST_NUMBERS / 2 => 2,
        _ => 1,
    };
    let groupings = (crossed[depth - 1] + controls * (features + 1)).max(1);
    let left = MOST_NUMBERS.saturating_sub(groupings * gaps);
    (depth, (left / (3 * forms) / groupings).clamp(2, MOST_GROUPS))
}
