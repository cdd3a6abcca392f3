//! Jobs that advance in steps: reading a file, making a report. No I/O of its own, no clock, no threads:
//! whoever drives a job decides how long a step may be, reports progress, and may drop the job between two steps.

use std::fmt;
use std::io::{Read, Seek};
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::data::read::Reading;
use crate::data::{DataError, Intake, Kind, Notice, Role, Roles, Table};
use crate::report::{Outcome, Report};
use crate::run::Settings;

/// What a job is doing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Stage {
    /// Reading the file.
    Reading,
    /// Folding rows into cells.
    Measuring,
    /// Reading estimates from cells, comparing, judging.
    Judging,
}

/// How far a job is, in absolute figures.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Progress {
    /// What it is doing.
    pub stage: Stage,
    /// Units done: bytes while reading, rows (times passes) while measuring.
    pub done: u64,
    /// Units in all.
    pub total: u64,
    /// Rows really processed in this stage so far.
    pub rows: u64,
}

/// The outcome of a step.
#[derive(Debug)]
pub enum Step<T> {
    /// There is more to do.
    Working(Progress),
    /// The result.
    Done(T),
}

/// Why an audit cannot be made; says what, where and what to do.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum EngineError {
    /// The file or the choice of columns.
    Data(DataError),
    /// The roles and settings do not make an audit.
    Plan(crate::run::PlanError),
}

impl fmt::Display for EngineError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Data(error) => error.fmt(f),
            Self::Plan(error) => error.fmt(f),
        }
    }
}

impl std::error::Error for EngineError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Data(error) => Some(error),
            Self::Plan(error) => Some(error),
        }
    }
}

impl From<DataError> for EngineError {
    fn from(error: DataError) -> Self {
        Self::Data(error)
    }
}

impl From<crate::run::PlanError> for EngineError {
    fn from(error: crate::run::PlanError) -> Self {
        Self::Plan(error)
    }
}

/// Reads a file into a table.
pub struct ReadJob<R: Read + Seek> {
    reading: Reading<R>,
}

impl<R: Read + Seek> ReadJob<R> {
    /// A job that reads `source`, a file called `name` (its base name) of `bytes` bytes.
    pub fn new(source: R, name: &str, bytes: u64) -> Self {
        Self {
            reading: Reading::new(source, name, bytes),
        }
    }

    /// Reads about `rows` more rows.
    ///
    /// # Errors
    /// When the file cannot be read as a table; the job is over then.
    pub fn step(&mut self, rows: usize) -> Result<Step<Table>, EngineError> {
        Ok(match self.reading.step(rows)? {
            Some(table) => Step::Done(table),
            None => {
                let (done, total, rows) = self.reading.progress();
                Step::Working(Progress {
                    stage: Stage::Reading,
                    done,
                    total,
                    rows,
                })
            }
        })
    }
}

/// A column as the confirm screen and `assay inspect` show it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct InspectedColumn {
    /// The header's name, made unique.
    pub name: String,
    /// What it was read as.
    pub kind: Kind,
    /// How many levels, where they are kept.
    pub levels: Option<u64>,
    /// The inferred role.
    pub role: Role,
    /// Why that role, in a few words.
    pub why: String,
    /// Missing values, invalid ones included.
    pub missing: u64,
    /// The first few values, for the screen only.
    pub looks_like: Vec<String>,
}

/// What a file holds and how it would be audited.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Inspection {
    /// Where the table came from.
    pub intake: Intake,
    /// Its columns.
    pub columns: Vec<InspectedColumn>,
    /// The inferred roles.
    pub roles: Roles,
    /// The first rows, for the screen only.
    pub preview: Vec<Vec<String>>,
    /// Odd things seen while reading.
    pub notices: Vec<Notice>,
}

/// What an audit with given roles and settings would answer; cheap enough to ask after every edit.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Forecast {
    /// Task, classes, positive class, threshold. `None` when `problem` is set.
    pub outcome: Option<Outcome>,
    /// What will be answered, a sentence each; and what would be, with one more role.
    pub answers: Vec<String>,
    /// Odd things that follow from the choice of roles.
    pub notices: Vec<Notice>,
    /// Why these roles and settings make no audit, and what to do.
    pub problem: Option<String>,
}

/// Describes a table and the roles inferred for it.
pub fn inspect(_table: &Table) -> Inspection {
    unimplemented!()
}

/// Says what an audit with these roles and settings would answer.
pub fn foresee(_table: &Table, _roles: &Roles, _settings: &Settings) -> Forecast {
    unimplemented!()
}

/// Makes the report of a table.
pub struct AuditJob {
    _table: Arc<Table>,
}

impl AuditJob {
    /// A job that audits `table` with these roles and settings and the default checks.
    ///
    /// # Errors
    /// When roles and settings make no audit.
    pub fn new(table: Arc<Table>, _roles: Roles, _settings: Settings) -> Result<Self, EngineError> {
        Ok(Self { _table: table })
    }

    /// Processes about `rows` more rows, or reads estimates from some more cells.
    ///
    /// # Errors
    /// Never, once [`AuditJob::new`] succeeded, in this version.
    pub fn step(&mut self, _rows: usize) -> Result<Step<Report>, EngineError> {
        unimplemented!()
    }
}
