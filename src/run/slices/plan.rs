//! Which columns are cut into slices, and which predicates are read.

use crate::data::{Column, DataError, Kind, Notice, NoticeCode, Predicate, Role, Roles, Table, Values};
use crate::stats::order;

use super::bins::{MOST_NUMBERS, QUARTILES};
use super::{MOST_LEVELS, MOST_PREDICATES, MOST_SLICES, SliceSettings};
use crate::metric::Task;
use crate::metric::rows::Rows;
use crate::run::PlanError;

/// What is looked at.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct SlicePlan {
    /// Columns, in file order.
    pub columns: Vec<String>,
    /// Predicates, in the order given, no two the same.
    pub predicates: Vec<Predicate>,
    /// The metric in which slices are held against the rest; `None` where nothing can be.
    pub metric: Option<&'static str>,
}

/// The columns whose levels may be looked at: sensitive ones, and features of few levels or of numbers, in file order.
///
/// Identifiers, times and free text never are.
pub fn feature_columns(table: &Table, roles: &Roles) -> Vec<String> {
    let has_few = |column: &Column| match &column.values {
        Values::Numeric(_) => true,
        Values::Levels(levels) => (2..=MOST_LEVELS).contains(&levels.names.len()),
        _ => false,
    };
    let is_feature = |column: &&Column| match roles.role_of(&column.name) {
        Role::Sensitive => true,
        Role::Feature => has_few(column),
        _ => false,
    };
    table.columns.iter().filter(is_feature).map(|column| column.name.clone()).collect()
}

/// Holds what was set against the table.
///
/// # Errors
/// When a column or predicate that was asked for cannot be looked at.
pub fn plan(
    table: &Table,
    roles: &Roles,
    settings: &SliceSettings,
    task: Option<Task>,
    rows: &Rows,
    notices: &mut Vec<Notice>,
) -> Result<SlicePlan, PlanError> {
    let mut plan = SlicePlan {
        columns: columns(table, roles, settings)?,
        predicates: predicates(table, roles, settings)?,
        metric: compared(task, rows),
    };
    if plan.metric.is_none() {
        let is_asked =
            settings.by.as_ref().is_some_and(|by| !by.is_empty()) || !settings.predicates.is_empty() || !settings.bins.is_empty();
        if is_asked {
            let text = "Slices are not looked at: whether one is weaker shows in errors, which need both a label and a prediction.";
            notices.push(Notice::general(NoticeCode::Slices, text.to_owned()));
        }
        return Ok(SlicePlan::default());
    }
    make_room(table, settings, &mut plan, notices);
    Ok(plan)
}

/// The metric in which slices are held against the rest.
fn compared(task: Option<Task>, rows: &Rows) -> Option<&'static str> {
    match task {
        Some(Task::Binary | Task::Multiclass) => (rows.label.is_some() && rows.prediction.is_some()).then_some("error_rate"),
        Some(Task::Regression) => (rows.truth.is_some() && rows.predicted.is_some()).then_some("mae"),
        // A ranked list is judged as a whole, and a row of several labels can be right in some: such rows have no one error of their own.
        Some(Task::Ranking | Task::Multilabel) | None => None,
    }
}

/// The columns that were set, or the sensitive ones, in file order.
fn columns(table: &Table, roles: &Roles, settings: &SliceSettings) -> Result<Vec<String>, PlanError> {
    let chosen = settings.by.as_ref().unwrap_or(&roles.sensitive);
    let is_explicit = settings.by.is_some();
    for name in chosen.iter().chain(settings.bins.keys()) {
        let column = table.find(name)?;
        if roles.role_of(name) == Role::Id {
            return Err(PlanError::SliceById { column: name.clone() });
        }
        if is_explicit && let Values::None = column.values {
            return Err(PlanError::Column(if column.kind == Kind::Empty {
                DataError::NoValues { column: name.clone() }
            } else {
                DataError::NotKept { column: name.clone() }
            }));
        }
    }
    for (name, cuts) in &settings.bins {
        check_cuts(table.find(name)?, cuts)?;
    }
    let is_chosen = |column: &&Column| chosen.contains(&column.name) || settings.bins.contains_key(&column.name);
    Ok(table
        .columns
        .iter()
        .filter(is_chosen)
        .filter(|column| !matches!(column.values, Values::None))
        .map(|column| column.name.clone())
        .collect())
}

fn check_cuts(column: &Column, cuts: &[f64]) -> Result<(), PlanError> {
    let setting = |value: String, expected: &'static str| PlanError::Setting {
        name: "bins",
        value: format!("\"{}\" = {value}", column.name),
        expected,
    };
    if !matches!(column.values, Values::Numeric(_)) {
        return Err(setting("a column of no numbers".to_owned(), "for a column of numbers"));
    }
    let is_rising = cuts.windows(2).all(|pair| pair[0] < pair[1]);
    if cuts.is_empty() || cuts.len() >= MOST_LEVELS || !is_rising || !cuts.iter().all(|cut| cut.is_finite()) {
        let listed: Vec<String> = cuts.iter().take(5).map(f64::to_string).collect();
        return Err(setting(listed.join(","), "one to 49 rising numbers, for instance 18,30,50"));
    }
    Ok(())
}

/// The predicates, read and held against the table.
fn predicates(table: &Table, roles: &Roles, settings: &SliceSettings) -> Result<Vec<Predicate>, PlanError> {
    if settings.predicates.len() > MOST_PREDICATES {
        return Err(PlanError::Setting {
            name: "slice",
            value: format!("{} predicates", settings.predicates.len()),
            expected: "at most 100 of them",
        });
    }
    let mut predicates: Vec<Predicate> = Vec::new();
    for text in &settings.predicates {
        let of_slice = |error| PlanError::Slice {
            predicate: text.clone(),
            error,
        };
        let predicate: Predicate = text.parse().map_err(of_slice)?;
        predicate.check(table).map_err(of_slice)?;
        if let Some(column) = predicate.columns().iter().find(|column| roles.role_of(&column.value) == Role::Id) {
            return Err(PlanError::SliceById {
                column: column.value.clone(),
            });
        }
        if !predicates.contains(&predicate) {
            predicates.push(predicate);
        }
    }
    Ok(predicates)
}

/// Leaves out the columns with the most slices until the report has room for all.
fn make_room(table: &Table, settings: &SliceSettings, plan: &mut SlicePlan, notices: &mut Vec<Notice>) {
    let most = |name: &String| {
        let cuts = settings.bins.get(name).map(Vec::len);
        match table.column(name).map(|column| &column.values) {
            Some(Values::Levels(levels)) => levels.names.len().min(MOST_LEVELS) + 1,
            Some(Values::Numeric(_)) => cuts.map_or(MOST_NUMBERS.max(QUARTILES), |cuts| cuts + 1) + 1,
            _ => MOST_LEVELS + 1,
        }
    };
    let mut sizes: Vec<(usize, String)> = plan.columns.iter().map(|name| (most(name), name.clone())).collect();
    order::sort_by(&mut sizes, |a, b| a.0.cmp(&b.0));
    let mut left = MOST_SLICES.saturating_sub(plan.predicates.len());
    let mut dropped = Vec::new();
    for (size, name) in sizes {
        if size <= left && dropped.is_empty() {
            left -= size;
        } else {
            dropped.push(name);
        }
    }
    if dropped.is_empty() {
        return;
    }
    plan.columns.retain(|name| !dropped.contains(name));
    let names: Vec<String> = dropped.iter().take(5).map(|name| format!("\"{name}\"")).collect();
    let more = dropped.len().saturating_sub(names.len());
    let and_more = if more > 0 { format!(" and {more} more") } else { String::new() };
    let text = format!(
        "A report has room for {MOST_SLICES} slices, so those of {}{and_more} are not looked at. For them, choose fewer columns.",
        names.join(", ")
    );
    notices.push(Notice::general(NoticeCode::Slices, text));
}
