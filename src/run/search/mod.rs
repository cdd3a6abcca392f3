//! Looks for groups that nobody named, in which predictions err more often: readable conditions ([`scan`]) and clusters ([`clusters`]).
//!
//! Rows are put into codes of few parts a column. One half of the rows, drawn by a fingerprint of what they hold, is searched; what was found
//! there is measured in the other half, which had no part in the finding, and p-values of that half are corrected for everything reported. A
//! scan's best is besides held against the best that the same search finds when errors are dealt out by chance. [`job`] does it in steps.

pub mod clusters;
pub mod errors;
pub mod job;
pub mod measure;
pub mod scan;

use serde::{Deserialize, Serialize};

use crate::data::{Column, DataError, Kind, Role, Roles, Table, Values};
use crate::metric::Task;
use crate::metric::rows::Rows;

use super::PlanError;
use super::features::plain_columns;

/// The most columns that are searched.
pub const MOST_FEATURES: usize = 50;
/// The most rows that are searched, both halves together.
pub const MOST_ROWS: u64 = 100_000;
/// How often errors are dealt out by chance.
pub const REPLICATES: u64 = 199;

/// By which error of a row groups are looked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ErrorKind {
    /// Whether the predicted class is wrong.
    ErrorRate,
    /// Among rows negative in truth: whether they are predicted positive.
    FalsePositiveRate,
    /// Among rows positive in truth: whether they are predicted negative.
    FalseNegativeRate,
    /// The distance of the predicted number from the truth.
    Mae,
    /// The score less what happened, 1 or 0: in either direction.
    MeanScoreError,
}

impl ErrorKind {
    /// The metric that is its average.
    pub const fn metric(self) -> &'static str {
        match self {
            Self::ErrorRate => "error_rate",
            Self::FalsePositiveRate => "false_positive_rate",
            Self::FalseNegativeRate => "false_negative_rate",
            Self::Mae => "mae",
            Self::MeanScoreError => "mean_score_error",
        }
    }

    /// Whether its average is a share of rows.
    pub const fn is_share(self) -> bool {
        !matches!(self, Self::Mae | Self::MeanScoreError)
    }
}

/// Whether groups that nobody named are looked for, and how.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct SearchSettings {
    /// Whether they are; the report then names levels of the columns searched.
    pub is_on: bool,
    /// The columns searched; the sensitive ones and all without another role unless set.
    pub features: Option<Vec<String>>,
    /// By which error; wrong classes, or the distance of numbers, unless set.
    pub by: Option<ErrorKind>,
    /// Another seed draws other halves.
    pub seed: u64,
}

/// What is searched.
#[derive(Debug, Clone, PartialEq)]
pub struct SearchPlan {
    /// The columns, in file order.
    pub features: Vec<String>,
    /// How many further columns there is no room for.
    pub left_out: usize,
    /// By which error.
    pub by: ErrorKind,
}

/// What a search found; its numbers are among the report's estimates, with the parameter `rows` = `held_back`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Search {
    /// The metric by which it was looked.
    pub metric: String,
    /// The columns searched.
    pub features: Vec<String>,
    /// Rows whose error is known.
    pub rows: u64,
    /// How many of them were searched, where they are too many for all.
    pub sampled: Option<u64>,
    /// Rows in the half that was searched.
    pub found_on: u64,
    /// Rows in the half that was held back.
    pub held_back: u64,
    /// How many groups the scan looked at.
    pub looked_at: u64,
    /// How often it was repeated with errors dealt out by chance.
    pub replicates: u64,
    /// The groups of the scan, the largest excess first.
    pub subgroups: Vec<Subgroup>,
    /// The clusters, the largest error in the searched half first.
    pub clusters: Vec<Cluster>,
}

/// Rows that a condition selects.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Subgroup {
    /// The condition: a predicate in its canonical text.
    pub condition: String,
    /// The rate in the half where it was found, inside and outside: too large, because it was chosen for being large.
    pub found: [f64; 2],
    /// The same without the rows of the groups before it, where there are some: where nothing is left between them, those groups say it all.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub without_others: Option<[f64; 2]>,
    /// The share of replicates whose best was at least as far out.
    pub chance: f64,
    /// Whether both halves speak against chance.
    pub stands_out: bool,
}

/// Rows alike.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Cluster {
    /// Its number, from 1.
    pub number: u32,
    /// What marks it, the most telling first.
    pub marks: Vec<Mark>,
    /// The rate in the half where it was found, inside and outside.
    pub found: [f64; 2],
    /// Whether the half held back speaks against chance.
    pub stands_out: bool,
}

/// A condition that holds of more rows inside than outside.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Mark {
    /// The condition.
    pub condition: String,
    /// The share of rows inside of which it holds.
    pub inside: f64,
    /// The share of rows outside of which it holds.
    pub outside: f64,
}

/// Holds what was set against the table; `None` where nothing is to be searched.
///
/// # Errors
/// When a column or an error that was asked for cannot be searched.
pub fn plan(
    table: &Table,
    roles: &Roles,
    settings: &SearchSettings,
    task: Option<Task>,
    rows: &Rows,
) -> Result<Option<SearchPlan>, PlanError> {
    if !settings.is_on {
        return Ok(None);
    }
    let by = kind(settings, task, rows)?;
    let mut features = match &settings.features {
        Some(chosen) => {
            for name in chosen {
                check_feature(table.find(name)?, roles)?;
            }
            let is_chosen = |column: &&Column| chosen.contains(&column.name);
            table.columns.iter().filter(is_chosen).map(|column| column.name.clone()).collect()
        }
        None => {
            let plain = plain_columns(table, roles);
            let is_searched = |column: &&Column| {
                let is_sensitive = roles.sensitive.contains(&column.name) && check_feature(column, roles).is_ok();
                is_sensitive || plain.contains(&column.name)
            };
            let names = table.columns.iter().filter(is_searched).map(|column| column.name.clone());
            names.collect::<Vec<String>>()
        }
    };
    if features.is_empty() {
        return Err(wrong(
            "search",
            "on without a column to search".to_owned(),
            "used on a file with features; name some with search-features",
        ));
    }
    let left_out = features.len().saturating_sub(MOST_FEATURES);
    features.truncate(MOST_FEATURES);
    Ok(Some(SearchPlan { features, left_out, by }))
}

fn wrong(name: &'static str, value: String, expected: &'static str) -> PlanError {
    PlanError::Setting { name, value, expected }
}

fn check_feature(column: &Column, roles: &Roles) -> Result<(), PlanError> {
    let name = column.name.clone();
    if roles.role_of(&name) == Role::Id {
        let expected = "columns other than the id, whose values are never reported";
        return Err(wrong("search-features", format!("\"{name}\""), expected));
    }
    match column.values {
        Values::Numeric(_) | Values::Levels(_) => Ok(()),
        Values::Time(_) => Err(wrong(
            "search-features",
            format!("\"{name}\""),
            "columns of levels or numbers, not of times",
        )),
        Values::None if column.kind == Kind::Empty => Err(PlanError::Column(DataError::NoValues { column: name })),
        Values::None => Err(PlanError::Column(DataError::NotKept { column: name })),
    }
}

/// The error that was asked for, or that of the task.
fn kind(settings: &SearchSettings, task: Option<Task>, rows: &Rows) -> Result<ErrorKind, PlanError> {
    let has_classes = rows.label.is_some() && rows.prediction.is_some();
    let has_numbers = rows.truth.is_some() && rows.predicted.is_some();
    let of_task = match task {
        Some(Task::Binary | Task::Multiclass) => ErrorKind::ErrorRate,
        Some(Task::Regression) => ErrorKind::Mae,
        Some(Task::Ranking | Task::Multilabel) | None => {
            return Err(wrong(
                "search",
                "on".to_owned(),
                "off for ranked lists, several labels and files without a truth, whose rows have no one error of their own",
            ));
        }
    };
    let by = settings.by.unwrap_or(of_task);
    let (fits, expected) = match by {
        ErrorKind::ErrorRate => (
            task != Some(Task::Regression) && has_classes,
            "an error that the columns have: error_rate needs classes in truth and prediction",
        ),
        ErrorKind::FalsePositiveRate | ErrorKind::FalseNegativeRate => (
            task == Some(Task::Binary) && has_classes,
            "error_rate unless there are two classes, in truth and prediction",
        ),
        ErrorKind::Mae => (
            task == Some(Task::Regression) && has_numbers,
            "an error of classes unless numbers are predicted",
        ),
        ErrorKind::MeanScoreError => (
            task == Some(Task::Binary) && rows.label.is_some() && rows.score.is_some(),
            "another error unless there are two classes and a score",
        ),
    };
    if fits {
        Ok(by)
    } else {
        Err(wrong("search-by", by.metric().to_owned(), expected))
    }
}
