//! Parts of an audit that depend on nothing that its other parts find, so that somebody else can do them at the same time: another thread,
//! another worker. Who does one has no part in what comes of it.

use std::fmt;
use std::sync::Arc;

use super::{AuditJob, KeptProfile};
use crate::check::Suite;
use crate::data::{Notice, Roles, Table};
use crate::metric::rows::Rows;
use crate::metric::{Estimate, Task};
use crate::run::Settings;
use crate::run::columns::{ColumnPass, Files};
use crate::run::drift::Drift;
use crate::run::drift::matter::Known;
use crate::run::plan::Plan;

/// Which part of an audit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// What columns hold, and how far they are from the reference.
    Columns,
    /// The numbers of the reference.
    Reference,
}

impl Part {
    /// All of them, in the order in which they are given away: the one that takes longer comes first.
    pub const ALL: [Self; 2] = [Self::Columns, Self::Reference];
}

/// A part of an audit, to be done wherever.
pub enum Errand {
    /// See [`Part::Columns`].
    Columns(Box<ColumnsJob>),
    /// See [`Part::Reference`].
    Reference(Box<ReferenceJob>),
}

/// What came of an [`Errand`].
pub enum Found {
    /// Of [`Part::Columns`].
    Columns(Box<Columns>),
    /// Of [`Part::Reference`]; the reason where the reference makes no such audit.
    Reference(Result<Box<Earlier>, String>),
}

impl Errand {
    /// Which part it is.
    pub const fn part(&self) -> Part {
        match self {
            Self::Columns(_) => Part::Columns,
            Self::Reference(_) => Part::Reference,
        }
    }

    /// Does a step, of about so many rows where rows are gone through; gives what was found after the last.
    pub fn step(&mut self, rows: usize) -> Option<Found> {
        match self {
            Self::Columns(job) => job.step().map(Found::Columns),
            Self::Reference(job) => job.step(rows).map(Found::Reference),
        }
    }

    /// How many steps are done, as [`AuditJob`] counts them.
    pub fn done(&self) -> u64 {
        match self {
            Self::Columns(job) => job.pass.done(),
            Self::Reference(job) => job.done(),
        }
    }
}

impl Found {
    /// Which part it is of.
    pub const fn part(&self) -> Part {
        match self {
            Self::Columns(_) => Part::Columns,
            Self::Reference(_) => Part::Reference,
        }
    }
}

impl fmt::Debug for Errand {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.part().fmt(f)
    }
}

impl fmt::Debug for Found {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.part().fmt(f)
    }
}

/// Who knows of the rows of the table under test.
pub(super) enum Whose {
    /// The audit, which knows more than columns need.
    Audit(Arc<Plan>),
    /// The errand, since it was carried elsewhere.
    Own(Box<Rows>),
}

impl Whose {
    pub(super) fn rows(&self) -> &Rows {
        match self {
            Self::Audit(plan) => &plan.rows,
            Self::Own(rows) => rows,
        }
    }
}

/// Reads columns; see [`Part::Columns`].
pub struct ColumnsJob {
    pub(super) table: Arc<Table>,
    pub(super) reference: Option<Arc<Table>>,
    pub(super) profile: Option<Arc<KeptProfile>>,
    pub(super) whose: Whose,
    pub(super) task: Option<Task>,
    pub(super) roles: Roles,
    pub(super) settings: Settings,
    pub(super) pass: ColumnPass,
}

/// What columns hold.
#[derive(Debug, Default)]
pub struct Columns {
    pub(super) estimates: Vec<Estimate>,
    pub(super) notices: Vec<Notice>,
    pub(super) drift: Drift,
}

impl ColumnsJob {
    fn step(&mut self) -> Option<Box<Columns>> {
        let files = Files {
            current: &self.table,
            rows: self.whose.rows(),
            reference: self.reference.as_deref(),
            profile: self.profile.as_ref().map(|kept| &kept.profile),
            roles: &self.roles,
            task: self.task,
        };
        self.pass.step(&files, &self.settings).then(|| {
            Box::new(Columns {
                estimates: std::mem::take(&mut self.pass.estimates),
                notices: std::mem::take(&mut self.pass.notices),
                drift: std::mem::take(&mut self.pass.drift),
            })
        })
    }
}

/// Measures the reference as the file under test is measured, without slices, columns and checks; see [`Part::Reference`].
pub struct ReferenceJob {
    pub(super) table: Arc<Table>,
    pub(super) roles: Roles,
    pub(super) settings: Settings,
    /// What is being done, once it was planned.
    pub(super) job: Option<AuditJob>,
}

/// The numbers of the reference.
pub struct Earlier {
    pub(super) estimates: Vec<Estimate>,
    /// What is known of each of its rows.
    pub(super) known: Known,
}

impl ReferenceJob {
    fn step(&mut self, rows: usize) -> Option<Result<Box<Earlier>, String>> {
        let Some(job) = &mut self.job else {
            let (table, roles, settings) = (Arc::clone(&self.table), self.roles.clone(), self.settings.clone());
            return match AuditJob::with_suite(table, roles, settings, Suite::default()) {
                Ok(job) => {
                    self.job = Some(job);
                    None
                }
                Err(error) => Some(Err(error.to_string())),
            };
        };
        let estimates = job.step_alone(rows)?;
        let known = Known::of(&job.plan.rows, job.plan.positive);
        self.job = None;
        Some(Ok(Box::new(Earlier { estimates, known })))
    }

    /// Groupings that are read.
    fn done(&self) -> u64 {
        self.job.as_ref().map_or(0, AuditJob::groupings_read)
    }
}

/// Where a part stands.
pub(super) enum Place {
    /// Nobody has begun it.
    Open,
    /// Somebody else does it.
    Away,
    /// The audit does it.
    Here(Errand),
    /// It is done.
    There(Found),
    /// What came of it was used, or there was nothing to do.
    Over,
}
