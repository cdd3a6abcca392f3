//! Jobs that advance in steps: reading a file, making a report. No I/O of its own, no clock, no threads:
//! whoever drives a job decides how long a step may be, reports progress, and may drop the job between two steps. Who has a second core
//! may have a part of an audit done there: see [`Errand`].

mod errand;
mod numbers;
mod wire;

use std::collections::BTreeMap;
use std::fmt;
use std::io::{Read, Seek};
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use errand::{ColumnsJob, Place, ReferenceJob, Whose};

pub use errand::{Columns, Earlier, Errand, Found, Part};

use crate::check::judge::{Context, judge};
use crate::check::{Suite, default_suite};
use crate::data::read::Reading;
use crate::data::{
    By, Column, DataError, Detected, Intake, JoinError, Keys, Kind, Notice, NoticeCode, ReadOptions, Role, Roles, Table, infer,
};
use crate::metric::{Estimate, Metric, Source};
use crate::report::model::{ProfileOf, SCHEMA_VERSION};
use crate::report::{ColumnSummary, Input, Outcome, Report};
use crate::run::columns::{ColumnPass, Files};
use crate::run::curves::{Curve, Grid, curves, grids};
use crate::run::drift::Drift;
use crate::run::drift::beside::beside;
use crate::run::drift::matter::Known;
use crate::run::frame::{self, Series};
use crate::run::frontier::frontiers;
use crate::run::pass::{Pass, Passed};
use crate::run::plan::{Plan, plan};
use crate::run::profile::make::Making;
use crate::run::profile::{Profile, ProfileError};
use crate::run::proxies::{Proxies, ProxyJob};
use crate::run::representation::{Represented, representation};
use crate::run::search::job::SearchJob;
use crate::run::search::{Search, SearchSettings};
use crate::run::slices::SliceSettings;
use crate::run::slices::estimates::estimates as slice_estimates;
use crate::run::slices::pass::SlicePass;
use crate::run::threshold::Building;
use crate::run::view::{self, Members};
use crate::run::windows::{Cut, WindowPass, WindowSettings, in_force};
use crate::run::{Presets, Settings, Task, compare, conflicts, criteria, preset};

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
    /// There is more to do when somebody else has done their part; of audits alone, of which something was given away.
    Waiting(Progress),
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
    /// The predictions and the labels do not belong together.
    Join(Box<JoinError>),
}

impl fmt::Display for EngineError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Data(error) => error.fmt(f),
            Self::Plan(error) => error.fmt(f),
            Self::Join(error) => error.fmt(f),
        }
    }
}

impl std::error::Error for EngineError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Data(error) => Some(error),
            Self::Plan(error) => Some(error),
            Self::Join(error) => Some(error.as_ref()),
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

impl From<JoinError> for EngineError {
    fn from(error: JoinError) -> Self {
        Self::Join(Box::new(error))
    }
}

/// Reads a file into a table.
pub struct ReadJob<R: Read + Seek> {
    reading: Reading<R>,
}

impl<R: Read + Seek> ReadJob<R> {
    /// A job that reads `source`, a file called `name` (its base name) of `bytes` bytes.
    pub fn new(source: R, name: &str, bytes: u64) -> Self {
        Self::with_options(source, name, bytes, ReadOptions::default())
    }

    /// The same, read as `options` say.
    pub fn with_options(source: R, name: &str, bytes: u64, options: ReadOptions) -> Self {
        Self {
            reading: Reading::with_options(source, name, bytes, options),
        }
    }

    /// Keeps the ids of columns, too, for a [`join`]; given before the first step.
    pub fn keep_keys(self, keys: Keys) -> Self {
        Self {
            reading: self.reading.keep_keys(keys),
        }
    }

    /// A job that goes on with what was begun.
    pub fn of(reading: Reading<R>) -> Self {
        Self { reading }
    }

    /// The table of the first bytes alone, after the first step and until the file is read; none of JSON Lines.
    pub fn opened(&self) -> Option<&Table> {
        self.reading.opened()
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
    /// How the file was read, how that is known, and what could be chosen instead.
    pub reading: Vec<Detected>,
    /// Whether it is a profile, which can only be compared with.
    #[serde(default)]
    pub is_profile: bool,
}

/// What an audit with given roles and settings would answer; cheap enough to ask after every edit.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Forecast {
    /// Task, classes, positive class, threshold. `None` when `problem` is set.
    pub outcome: Option<Outcome>,
    /// What will be answered, a sentence each; and what would be, with one more role.
    pub answers: Vec<String>,
    /// How rows would be cut into windows of time; `None` where they would not.
    pub windows: Option<Cut>,
    /// Odd things that follow from the choice of roles.
    pub notices: Vec<Notice>,
    /// Why these roles and settings make no audit, and what to do.
    pub problem: Option<String>,
}

/// Gives predictions the columns of a label file, row by row of the same id; see [`mod@crate::data::join`].
///
/// The label file is read first, keeping [`Keys::Likely`] of no names or [`Keys::Of`] the given one; the predictions are read keeping the same
/// given one, or [`Keys::Likely`] of the columns whose ids the label file has (`labels.keys`).
///
/// # Errors
/// When there are no ids by which the two belong together.
pub fn join(mut predictions: Table, labels: Table, by: &By) -> Result<Table, EngineError> {
    join_to(&mut predictions, labels, by)?;
    Ok(predictions)
}

/// The same in place: predictions to which the labels do not belong stay as they are.
///
/// # Errors
/// When there are no ids by which the two belong together.
pub fn join_to(predictions: &mut Table, labels: Table, by: &By) -> Result<(), EngineError> {
    Ok(crate::data::join::join(predictions, labels, by)?)
}

/// Describes a table and the roles inferred for it.
pub fn inspect(table: &Table) -> Inspection {
    let guesses = infer(table);
    let columns = table.columns.iter().enumerate().map(|(place, column)| {
        let guess = guesses.iter().find(|guess| guess.column == column.name);
        InspectedColumn {
            name: column.name.clone(),
            kind: column.kind,
            levels: column.level_count().map(|count| count as u64),
            role: guess.map_or(Role::Feature, |guess| guess.role),
            why: guess.map_or_else(String::new, |guess| guess.why.clone()),
            missing: column.missing + column.invalid,
            looks_like: table.preview.iter().filter_map(|row| row.get(place)).take(5).cloned().collect(),
        }
    });
    Inspection {
        intake: table.intake.clone(),
        columns: columns.collect(),
        roles: Roles::from_guesses(&guesses),
        preview: table.preview.clone(),
        notices: table.notices.clone(),
        reading: table.reading.clone(),
        is_profile: false,
    }
}

/// Says what an audit with these roles and settings would answer.
pub fn foresee(table: &Table, roles: &Roles, settings: &Settings) -> Forecast {
    match plan(table, roles, settings) {
        Ok(plan) => {
            let windows = in_force(table, roles, &plan, settings).map(|(cut, _)| cut);
            Forecast {
                answers: answers(&plan, roles, windows),
                outcome: Some(plan.outcome),
                windows,
                notices: plan.notices,
                problem: None,
            }
        }
        Err(error) => Forecast {
            outcome: None,
            answers: Vec::new(),
            windows: None,
            notices: Vec::new(),
            problem: Some(error.to_string()),
        },
    }
}

/// What will be answered, then what one more role would add; rows are cut into windows of time that way.
fn answers(plan: &Plan, roles: &Roles, cut: Option<Cut>) -> Vec<String> {
    let rows = &plan.rows;
    let change = cut.map(|cut| format!("change over time, in {}", cut.in_words()));
    if plan.outcome.task.is_none() {
        let change = change.map(|change| format!("; {change}")).unwrap_or_default();
        return vec![
            format!("Will be answered: what each column holds, and what is missing, repeated or odd in the data{change}."),
            "For accuracy, mark the columns that hold the truth (label) and the prediction or score.".to_owned(),
        ];
    }
    let has_labels = !rows.labels.is_empty();
    let has_truth = rows.label.is_some() || rows.truth.is_some() || has_labels;
    let has_answer = rows.prediction.is_some() || rows.predicted.is_some() || has_labels;
    let mut topics: Vec<String> = Vec::new();
    match (has_truth, has_answer) {
        (true, true) => topics.push("accuracy".to_owned()),
        (false, true) => topics.push("how often each class is predicted".to_owned()),
        _ => {}
    }
    if !rows.class_scores.is_empty() && has_truth && plan.outcome.task == Some(Task::Multiclass) {
        topics.push("how well the scores fit what happened (log loss)".to_owned());
    }
    if rows.score.is_some() && has_truth {
        topics.push("how well the score orders rows".to_owned());
    }
    if !roles.sensitive.is_empty() {
        topics.push(format!("gaps between groups of {}", roles.sensitive.join(", ")));
    }
    topics.extend(change);
    let mut answers = Vec::new();
    if !topics.is_empty() {
        answers.push(format!("Will be answered: {}.", topics.join("; ")));
    }
    if !has_truth {
        answers.push("For accuracy, mark the column that holds the truth (label).".to_owned());
    }
    if roles.sensitive.is_empty() {
        answers.push("For gaps between groups, mark a sensitive column, for instance sex or race.".to_owned());
    }
    if plan.outcome.task == Some(Task::Binary) && rows.score.is_none() {
        answers.push("For ROC AUC and log loss, mark a score column.".to_owned());
    }
    answers
}

enum Phase {
    Measuring(Pass),
    Slicing(Box<Passed>, Box<SlicePass>),
    Judging(Box<Judging>),
    Windows(Box<Judging>, Box<WindowPass>),
    /// What is told beside the numbers of groups, then the parts that others may do.
    Adding(Box<Adding>),
    /// All is there but what the drift of columns does.
    Weighing(Box<Weighing>),
    /// The report was given; what the pass found is kept for whoever wants to explore.
    Reported(Passed),
    Over,
}

/// Numbers, and what is odd in words.
#[derive(Default)]
struct Told {
    estimates: Vec<Estimate>,
    notices: Vec<Notice>,
}

impl Told {
    fn append(&mut self, mut estimates: Vec<Estimate>, mut notices: Vec<Notice>) {
        self.estimates.append(&mut estimates);
        self.notices.append(&mut notices);
    }
}

/// Groupings are read one after the other, and in each the metrics that need rows one after the other.
struct Judging {
    passed: Passed,
    viewed: Vec<&'static Metric>,
    /// What the viewed metrics measured over all rows.
    overall: Vec<Series>,
    grouping: usize,
    members: Option<Members>,
    next: usize,
    series: Vec<Series>,
    estimates: Vec<Estimate>,
    /// The numbers of slices and columns, which stand after those of groups.
    of_slices: Vec<Estimate>,
    /// Curves and grids over all rows.
    drawn: (Vec<Curve>, Vec<Grid>),
    notices: Vec<Notice>,
}

impl Judging {
    fn new(passed: Passed, viewed: Vec<&'static Metric>) -> Self {
        Self {
            passed,
            viewed,
            overall: Vec::new(),
            grouping: 0,
            members: None,
            next: 0,
            series: Vec::new(),
            estimates: Vec::new(),
            of_slices: Vec::new(),
            drawn: Default::default(),
            notices: Vec::new(),
        }
    }
}

/// What groups are in the data, whether other columns stand in for them, and groups that nobody named.
struct Adding {
    passed: Passed,
    /// Of rows, groups and slices.
    measured: Told,
    /// Of windows, and of what groups are in the data.
    windows: Told,
    representation: Vec<Represented>,
    proxy_job: Option<ProxyJob>,
    proxies: Option<Proxies>,
    search_job: Option<SearchJob>,
    search: Option<Search>,
    /// Of the two.
    found: Told,
    /// Curves and grids over all rows.
    drawn: (Vec<Curve>, Vec<Grid>),
}

/// The whole of what is reported, while it is found out what the drift of columns does.
struct Weighing {
    adding: Adding,
    told: Told,
    drift: Drift,
    /// What is known of each row of the reference, and of the file under test.
    known: Option<(Known, Known)>,
}

impl Adding {
    fn new(plan: &Plan, settings: &Settings, proxy_job: Option<ProxyJob>, judging: Judging, mut windows: Told) -> Self {
        let mut measured = Told {
            estimates: judging.estimates,
            notices: judging.notices,
        };
        measured.append(judging.of_slices, Vec::new());
        let (representation, own, told) = representation(plan, settings);
        windows.append(own, told);
        Self {
            passed: judging.passed,
            measured,
            windows,
            representation,
            proxy_job,
            proxies: None,
            search_job: plan.search.as_ref().map(|_| SearchJob::new()),
            search: None,
            found: Told::default(),
            drawn: judging.drawn,
        }
    }

    /// Does a step; false when there is no more to do.
    fn step(&mut self, table: &Table, roles: &Roles, plan: &Plan, settings: &Settings) -> bool {
        if let Some(job) = &mut self.proxy_job {
            if let Some((found, estimates, notices)) = job.step(table, roles, plan, settings) {
                self.found.append(estimates, notices);
                (self.proxies, self.proxy_job) = (Some(found), None);
            }
            return true;
        }
        let (Some(job), Some(search)) = (&mut self.search_job, &plan.search) else {
            return false;
        };
        if let Some((found, estimates, notices)) = job.step(table, plan, search, settings) {
            self.found.append(estimates, notices);
            (self.search, self.search_job) = (Some(found), None);
        }
        true
    }

    /// Steps done of so many that proxies take and of those of the search.
    fn done(&self, proxies: u64, plan: &Plan) -> u64 {
        let proxies = self.proxy_job.as_ref().map_or(proxies, |job| job.progress().0);
        match (&self.search_job, &plan.search) {
            (Some(job), _) => proxies + job.done(),
            (None, Some(search)) => proxies + SearchJob::units(search),
            _ => proxies,
        }
    }
}

/// How the parts stand that others may do.
enum Standing {
    Working,
    Waiting,
    Done,
}

/// A slice that a check asks for is looked at.
fn add_slices(settings: &mut Settings, suite: &Suite) {
    for slice in suite.checks.iter().filter_map(|check| check.subject.slice.as_ref()) {
        if !settings.slices.predicates.contains(slice) {
            settings.slices.predicates.push(slice.clone());
        }
    }
}

/// A profile as a file holds it.
#[derive(Debug, Clone, PartialEq)]
pub struct KeptProfile {
    /// The base name of the file.
    pub name: String,
    /// Its size.
    pub bytes: u64,
    /// BLAKE3 of its bytes, in hexadecimal.
    pub fingerprint: String,
    /// What it holds.
    pub profile: Profile,
}

impl KeptProfile {
    /// Reads the profile that a file called `name` (its base name) holds.
    ///
    /// # Errors
    /// When it cannot be used as one.
    pub fn parse(name: &str, bytes: &[u8]) -> Result<Self, ProfileError> {
        Ok(Self {
            name: name.to_owned(),
            bytes: bytes.len() as u64,
            fingerprint: blake3::hash(bytes).to_hex().to_string(),
            profile: Profile::parse(name, bytes)?,
        })
    }

    /// What it holds, as of a file.
    pub fn inspection(&self) -> Inspection {
        let columns = self.profile.columns.iter().map(|column| InspectedColumn {
            name: column.name.clone(),
            kind: column.kind,
            levels: None,
            role: column.role,
            why: String::new(),
            missing: column.missing,
            looks_like: Vec::new(),
        });
        Inspection {
            intake: Intake {
                name: self.name.clone(),
                bytes: self.bytes,
                fingerprint: self.fingerprint.clone(),
                rows_read: self.profile.rows,
                ..Intake::default()
            },
            columns: columns.collect(),
            roles: Roles::default(),
            preview: Vec::new(),
            notices: Vec::new(),
            reading: Vec::new(),
            is_profile: true,
        }
    }

    /// As the report lists it among what was audited.
    fn input(&self, roles: &Roles) -> Input {
        let columns = self.profile.columns.iter().map(|column| ColumnSummary {
            name: column.name.clone(),
            kind: column.kind,
            role: roles.role_of(&column.name),
            missing: column.missing,
            invalid: 0,
        });
        Input {
            source: Source::Reference,
            name: self.name.clone(),
            bytes: self.bytes,
            fingerprint: self.fingerprint.clone(),
            delimiter: ',',
            told: BTreeMap::new(),
            rows_read: self.profile.rows,
            rows_used: self.profile.rows,
            rows_set_aside: 0,
            bad_rows: Vec::new(),
            columns: columns.collect(),
            profile: Some(ProfileOf {
                name: self.profile.name.clone(),
                smallest: self.profile.smallest,
            }),
        }
    }
}

/// Earlier data, or a profile of it.
#[derive(Debug, Clone)]
pub enum Reference {
    /// Its rows.
    Data(Arc<Table>),
    /// What was kept of them.
    Profile(Arc<KeptProfile>),
}

/// Makes a profile of a table, to be used as a reference in its place.
pub struct ProfileJob {
    table: Arc<Table>,
    roles: Roles,
    plan: Plan,
    making: Making,
}

impl ProfileJob {
    /// A job that profiles `table` with these roles and settings; levels and cells of fewer rows than `smallest` are suppressed.
    ///
    /// # Errors
    /// When roles and settings make no audit.
    pub fn new(table: Arc<Table>, roles: Roles, settings: &Settings, smallest: u64) -> Result<Self, EngineError> {
        let plan = plan(&table, &roles, settings)?;
        Ok(Self {
            making: Making::new(&table.intake.name, smallest),
            table,
            roles,
            plan,
        })
    }

    /// Looks at one more column.
    pub fn step(&mut self) -> Step<Profile> {
        // The table is the reference, so that its rows count as those of a reference do.
        let files = Files {
            current: &self.table,
            rows: &self.plan.rows,
            reference: Some(&self.table),
            profile: None,
            roles: &self.roles,
            task: self.plan.outcome.task,
        };
        match self.making.step(&files) {
            Some(profile) => Step::Done(profile),
            None => Step::Working(Progress {
                stage: Stage::Judging,
                done: self.making.done(),
                total: self.table.columns.len() as u64,
                rows: self.table.rows as u64,
            }),
        }
    }
}

/// Makes the report of a table.
pub struct AuditJob {
    table: Arc<Table>,
    reference: Option<Arc<Table>>,
    profile: Option<Arc<KeptProfile>>,
    roles: Roles,
    settings: Settings,
    suite: Suite,
    plan: Arc<Plan>,
    phase: Phase,
    /// Where the parts stand that others may do.
    parts: [Place; Part::ALL.len()],
    /// The most steps of each that were heard to be done elsewhere: of a part that was taken back, so many are not told again.
    heard: [u64; Part::ALL.len()],
    /// Steps that looking for proxies takes.
    proxy_units: u64,
}

impl AuditJob {
    /// A job that audits `table` with these roles and settings and the default checks.
    ///
    /// # Errors
    /// When roles and settings make no audit.
    pub fn new(table: Arc<Table>, roles: Roles, settings: Settings) -> Result<Self, EngineError> {
        Self::with_suite(table, roles, settings, default_suite())
    }

    /// A job that audits `table` with these checks.
    ///
    /// # Errors
    /// When roles and settings make no audit.
    pub fn with_suite(table: Arc<Table>, roles: Roles, mut settings: Settings, suite: Suite) -> Result<Self, EngineError> {
        add_slices(&mut settings, &suite);
        let plan = plan(&table, &roles, &settings)?;
        let phase = Phase::Measuring(Pass::new(&plan));
        let proxy_units = ProxyJob::units(&table, &roles);
        Ok(Self {
            table,
            reference: None,
            profile: None,
            roles,
            settings,
            suite,
            plan: Arc::new(plan),
            phase,
            parts: [Place::Open, Place::Open],
            heard: [0; Part::ALL.len()],
            proxy_units,
        })
    }

    /// The same audit, beside earlier data or a profile of it; given before the first step.
    pub fn beside(self, reference: Reference) -> Self {
        match reference {
            Reference::Data(table) => self.with_reference(table),
            Reference::Profile(kept) => self.with_profile(kept),
        }
    }

    /// The same audit, beside earlier data with the same columns; given before the first step.
    /// Columns that are called otherwise now get their new name, where the reference has no column of that name.
    pub fn with_reference(self, reference: Arc<Table>) -> Self {
        let is_free = |(old, new): &(&String, &String)| reference.column(old).is_some() && reference.column(new).is_none();
        let renamed: Vec<(&String, &String)> = self.settings.renamed.iter().filter(is_free).collect();
        let reference = if renamed.is_empty() {
            reference
        } else {
            let mut table = Table::clone(&reference);
            for column in &mut table.columns {
                if let Some((_, new)) = renamed.iter().find(|(old, _)| **old == column.name) {
                    column.name.clone_from(new);
                }
            }
            Arc::new(table)
        };
        Self {
            reference: Some(reference),
            ..self
        }
    }

    /// The same audit beside a profile of earlier data; given before the first step. Columns that are called otherwise now get their new name.
    pub fn with_profile(self, kept: Arc<KeptProfile>) -> Self {
        let profile = &kept.profile;
        let is_free = |(old, new): &(&String, &String)| profile.column(old).is_some() && profile.column(new).is_none();
        let renamed: Vec<(&String, &String)> = self.settings.renamed.iter().filter(is_free).collect();
        let kept = if renamed.is_empty() {
            kept
        } else {
            let mut own = KeptProfile::clone(&kept);
            for column in &mut own.profile.columns {
                if let Some((_, new)) = renamed.iter().find(|(old, _)| **old == column.name) {
                    column.name.clone_from(new);
                }
            }
            Arc::new(own)
        };
        Self {
            profile: Some(kept),
            ..self
        }
    }

    /// Gives a part away, to be done by somebody else while this job does the others: what came of it is [`AuditJob::supply`]ed, or the part
    /// is [taken back](AuditJob::take_back). `None` where there is no such part, or it was begun.
    pub fn give_away(&mut self, part: Part) -> Option<Errand> {
        if !matches!(self.parts[part as usize], Place::Open) {
            return None;
        }
        let errand = self.errand(part)?;
        self.parts[part as usize] = Place::Away;
        Some(errand)
    }

    /// About how many bytes the columns take that are audited, those of the reference among them.
    pub fn weight(&self) -> usize {
        let tables = std::iter::once(&self.table).chain(&self.reference);
        tables.flat_map(|table| &table.columns).map(Column::weight).sum()
    }

    /// Takes what came of a part that was given away.
    pub fn supply(&mut self, found: Found) {
        let place = &mut self.parts[found.part() as usize];
        if matches!(place, Place::Away) {
            *place = Place::There(found);
        }
    }

    /// Hears how many steps of a part are done that was given away.
    pub fn hear(&mut self, part: Part, done: u64) {
        let before = &mut self.heard[part as usize];
        *before = done.max(*before);
    }

    /// Does a part itself after all that was given away.
    pub fn take_back(&mut self, part: Part) {
        let place = &mut self.parts[part as usize];
        if matches!(place, Place::Away) {
            *place = Place::Open;
        }
    }

    /// A part, if there is something to do.
    fn errand(&self, part: Part) -> Option<Errand> {
        match part {
            Part::Columns => Some(Errand::Columns(Box::new(ColumnsJob {
                table: Arc::clone(&self.table),
                reference: self.reference.clone(),
                profile: self.profile.clone(),
                whose: Whose::Audit(Arc::clone(&self.plan)),
                task: self.plan.outcome.task,
                roles: self.roles.clone(),
                settings: self.settings.clone(),
                pass: ColumnPass::default(),
            }))),
            Part::Reference => self.reference_job().map(|job| Errand::Reference(Box::new(job))),
        }
    }

    /// The same audit of the reference, as far as it has the columns.
    fn reference_job(&self) -> Option<ReferenceJob> {
        let reference = self.reference.as_ref().filter(|table| table.rows > 0)?;
        let settings = Settings {
            task: self.plan.outcome.task,
            positive: self.plan.outcome.positive_class.clone(),
            slices: SliceSettings {
                by: Some(Vec::new()),
                predicates: Vec::new(),
                ..self.settings.slices.clone()
            },
            search: SearchSettings::default(),
            population: BTreeMap::new(),
            presets: Presets::default(),
            windows: WindowSettings {
                cut: Cut::None,
                ..WindowSettings::default()
            },
            ..self.settings.clone()
        };
        Some(ReferenceJob {
            table: Arc::clone(reference),
            roles: self.roles.without(&|column| reference.column(column).is_none()),
            settings,
            job: None,
        })
    }

    /// Does a step of the parts that nobody else does.
    fn step_parts(&mut self, rows: usize) -> Standing {
        for part in Part::ALL {
            let place = &mut self.parts[part as usize];
            match place {
                Place::Open => {
                    let errand = self.errand(part);
                    self.parts[part as usize] = errand.map_or(Place::Over, Place::Here);
                    return Standing::Working;
                }
                Place::Here(errand) => {
                    if let Some(found) = errand.step(rows) {
                        *place = Place::There(found);
                    }
                    return Standing::Working;
                }
                Place::Away | Place::There(_) | Place::Over => {}
            }
        }
        if self.parts.iter().any(|place| matches!(place, Place::Away)) {
            Standing::Waiting
        } else {
            Standing::Done
        }
    }

    /// Puts everything together, in the order of the report.
    fn gather(&mut self, mut adding: Adding) -> Weighing {
        let mut take = |part: Part| std::mem::replace(&mut self.parts[part as usize], Place::Over);
        let (columns, reference) = (take(Part::Columns), take(Part::Reference));
        let mut told = std::mem::take(&mut adding.measured);
        let mut drift = Drift::default();
        if let Place::There(Found::Columns(columns)) = columns {
            told.append(columns.estimates, columns.notices);
            drift = columns.drift;
        }
        if self.profile.is_some() && self.plan.outcome.task.is_some() {
            // Without rows of the reference, nothing weighs how much a column's change matters.
            told.append(drift.weights(&self.settings), Vec::new());
        }
        told.append(
            std::mem::take(&mut adding.windows.estimates),
            std::mem::take(&mut adding.windows.notices),
        );
        let known = match reference {
            Place::There(Found::Reference(Ok(earlier))) => {
                let found = beside(&told.estimates, earlier.estimates, &self.settings);
                told.append(found, Vec::new());
                Some((earlier.known, Known::of(&self.plan.rows, self.plan.positive)))
            }
            Place::There(Found::Reference(Err(error))) => {
                let text = format!("The numbers of the file under test have none of the reference beside them: {error}");
                told.notices.push(Notice::general(NoticeCode::Setting, text));
                None
            }
            _ => None,
        };
        Weighing {
            adding,
            told,
            drift,
            known,
        }
    }

    /// Weighs the drift of one more column; false when there is none left.
    fn weigh(&self, weighing: &mut Weighing) -> bool {
        let Some((before, now)) = &weighing.known else { return false };
        if weighing.drift.weigh(&self.files(), (before, now)) {
            return true;
        }
        let weights = weighing.drift.weights(&self.settings);
        weighing.told.append(weights, Vec::new());
        weighing.known = None;
        false
    }

    /// Does a step towards the numbers of rows and groups alone, without slices, columns and checks, and gives them at the end.
    fn step_alone(&mut self, rows: usize) -> Option<Vec<Estimate>> {
        match std::mem::replace(&mut self.phase, Phase::Over) {
            Phase::Measuring(mut pass) => {
                self.phase = match pass.step(&self.plan, rows) {
                    Some(passed) => Phase::Judging(Box::new(Judging::new(passed, view::metrics(&self.plan, &self.settings)))),
                    None => Phase::Measuring(pass),
                };
            }
            Phase::Judging(mut judging) => {
                if judging.grouping == self.plan.partition.groupings.len() {
                    return Some(judging.estimates);
                }
                self.judge_more(&mut judging);
                self.phase = Phase::Judging(judging);
            }
            _ => return Some(Vec::new()),
        }
        None
    }

    /// Groupings that were read.
    fn groupings_read(&self) -> u64 {
        match &self.phase {
            Phase::Judging(judging) => judging.grouping as u64,
            _ => 0,
        }
    }

    fn files(&self) -> Files<'_> {
        Files {
            current: &self.table,
            rows: &self.plan.rows,
            reference: self.reference.as_deref(),
            profile: self.profile.as_ref().map(|kept| &kept.profile),
            roles: &self.roles,
            task: self.plan.outcome.task,
        }
    }

    /// Processes about `rows` more rows, or reads the numbers of one more metric or grouping.
    ///
    /// # Errors
    /// Never, once the job is made: the plan has held everything against the table.
    pub fn step(&mut self, rows: usize) -> Result<Step<Report>, EngineError> {
        match std::mem::replace(&mut self.phase, Phase::Over) {
            Phase::Measuring(mut pass) => {
                if let Some(passed) = pass.step(&self.plan, rows) {
                    self.phase = Phase::Slicing(Box::new(passed), Box::default());
                } else {
                    self.phase = Phase::Measuring(pass);
                }
            }
            Phase::Slicing(passed, mut pass) => match pass.step(&self.table, &self.plan, &self.settings, &passed.falling, rows)? {
                Some(sliced) => {
                    let mut judging = Judging::new(*passed, view::metrics(&self.plan, &self.settings));
                    judging.of_slices = slice_estimates(&self.plan, &self.settings, &sliced);
                    judging.notices = sliced.notices;
                    self.phase = Phase::Judging(Box::new(judging));
                }
                None => self.phase = Phase::Slicing(passed, pass),
            },
            Phase::Judging(mut judging) => {
                if judging.grouping == self.plan.partition.groupings.len() {
                    judging.passed.falling.keep_rows();
                    self.phase = Phase::Windows(judging, Box::default());
                } else {
                    self.judge_more(&mut judging);
                    self.phase = Phase::Judging(judging);
                }
            }
            Phase::Windows(judging, mut pass) => {
                if pass.step(&self.files(), &self.plan, &self.settings, rows) {
                    let proxies = ProxyJob::new(&self.table, &self.roles, &self.plan);
                    let windows = Told {
                        estimates: std::mem::take(&mut pass.estimates),
                        notices: std::mem::take(&mut pass.notices),
                    };
                    let adding = Adding::new(&self.plan, &self.settings, proxies, *judging, windows);
                    self.phase = Phase::Adding(Box::new(adding));
                } else {
                    self.phase = Phase::Windows(judging, pass);
                }
            }
            Phase::Adding(mut adding) => {
                let standing = if adding.step(&self.table, &self.roles, &self.plan, &self.settings) {
                    Standing::Working
                } else {
                    self.step_parts(rows)
                };
                self.phase = match standing {
                    Standing::Done => Phase::Weighing(Box::new(self.gather(*adding))),
                    _ => Phase::Adding(adding),
                };
                if matches!(standing, Standing::Waiting) {
                    return Ok(Step::Waiting(self.progress()));
                }
            }
            Phase::Weighing(mut weighing) => {
                if !self.weigh(&mut weighing) {
                    let (report, passed) = self.report(*weighing);
                    self.phase = Phase::Reported(passed);
                    return Ok(Step::Done(report));
                }
                self.phase = Phase::Weighing(weighing);
            }
            Phase::Reported(_) | Phase::Over => {}
        }
        Ok(Step::Working(self.progress()))
    }

    /// After the report: what answers for other decision thresholds. `None` before it, and where a threshold means nothing.
    pub fn explore(self) -> Option<Building> {
        match self.phase {
            Phase::Reported(passed) => Building::new(Arc::unwrap_or_clone(self.plan), passed, self.settings),
            _ => None,
        }
    }

    /// Reads one more metric in the rows of a grouping's groups, or ends the grouping.
    fn judge_more(&self, judging: &mut Judging) {
        let grouping = judging.grouping;
        let is_read = |metric: &Metric| grouping == 0 || metric.by_group;
        while let Some(metric) = judging.viewed.get(judging.next) {
            judging.next += 1;
            if is_read(metric) {
                let members = judging
                    .members
                    .get_or_insert_with(|| Members::of(&self.plan, &judging.passed, grouping));
                let views = view::views(&self.plan, &judging.passed, &self.settings, members, grouping);
                let overall = (grouping > 0).then_some(judging.overall.as_slice());
                let mut series = view::series(metric, &views, overall);
                if !frame::reads_classes(&self.plan, grouping) {
                    series.retain(|form| !form.params.contains_key("class") && !form.params.contains_key("label"));
                }
                judging.series.append(&mut series);
                return;
            }
        }
        if grouping == 0 {
            judging.overall = judging.series.clone();
            let members = judging
                .members
                .get_or_insert_with(|| Members::of(&self.plan, &judging.passed, grouping));
            let all = &view::views(&self.plan, &judging.passed, &self.settings, members, grouping)[0];
            judging.drawn = (curves(all), grids(all));
        }
        let forms = frame::forms_in(&self.plan, &frame::forms(&self.plan, &self.settings), grouping);
        let mut series = frame::series(&self.plan, &judging.passed, &self.settings, grouping, &forms);
        series.append(&mut judging.series);
        let estimates = &mut judging.estimates;
        estimates.extend(frame::estimates(&self.plan, &judging.passed, &self.settings, grouping, &series));
        estimates.extend(compare::comparisons(&self.plan, &judging.passed, &self.settings, grouping, &series));
        estimates.extend(criteria::criteria(&self.plan, &judging.passed, &self.settings, grouping));
        (judging.grouping, judging.next, judging.members) = (grouping + 1, 0, None);
    }

    fn progress(&self) -> Progress {
        match &self.phase {
            Phase::Measuring(pass) => {
                let (done, total) = pass.progress(&self.plan);
                Progress {
                    stage: Stage::Measuring,
                    done,
                    total,
                    rows: done.min(self.plan.rows.len as u64),
                }
            }
            Phase::Slicing(_, pass) => self.judging(pass.done()),
            Phase::Judging(judging) => self.judging(SlicePass::units(&self.plan) + judging.grouping as u64),
            Phase::Windows(..) => self.judging(self.units_before()),
            Phase::Adding(adding) => self.judging(self.units_before() + 1 + adding.done(self.proxy_units, &self.plan)),
            Phase::Weighing(_) | Phase::Reported(_) | Phase::Over => self.judging(self.units()),
        }
    }

    /// Steps of columns cut into slices, and of groupings.
    fn units_before(&self) -> u64 {
        SlicePass::units(&self.plan) + self.plan.partition.groupings.len() as u64
    }

    /// All steps of judging: those, windows, what is told beside the numbers of groups, and the parts that others may do.
    fn units(&self) -> u64 {
        let search = self.plan.search.as_ref().map_or(0, SearchJob::units);
        let parts: u64 = Part::ALL.into_iter().map(|part| self.units_of(part)).sum();
        self.units_before() + 1 + self.proxy_units + search + parts
    }

    /// Steps of a part that others may do.
    fn units_of(&self, part: Part) -> u64 {
        match part {
            Part::Columns => ColumnPass::units(&self.files()),
            Part::Reference if self.reference.is_some() => self.plan.partition.groupings.len() as u64,
            Part::Reference => 0,
        }
    }

    /// How far judging is, when the job itself has done so many steps beside those of parts.
    fn judging(&self, own: u64) -> Progress {
        let done_of = |part: Part| match &self.parts[part as usize] {
            Place::Open | Place::Away => self.heard[part as usize],
            Place::Here(errand) => errand.done().max(self.heard[part as usize]),
            Place::There(_) | Place::Over => u64::MAX,
        };
        let parts = Part::ALL.into_iter().map(|part| done_of(part).min(self.units_of(part)));
        let total = self.units();
        Progress {
            stage: Stage::Judging,
            done: (own + parts.sum::<u64>()).min(total),
            total,
            rows: self.plan.rows.len as u64,
        }
    }

    /// The report, and what the pass found.
    fn report(&self, weighing: Weighing) -> (Report, Passed) {
        let Weighing {
            adding, mut told, drift, ..
        } = weighing;
        told.append(adding.found.estimates, adding.found.notices);
        let Told { estimates, notices } = told;
        let (curves, grids) = adding.drawn;
        let passed = adding.passed;
        let context = Context {
            min_support: self.settings.min_support,
            level: self.settings.level,
        };
        let findings = judge(&self.suite.checks, &estimates, &context);
        let report = Report {
            schema_version: SCHEMA_VERSION,
            inputs: self.inputs(),
            roles: self.roles.clone(),
            settings: self.settings.clone(),
            outcome: self.plan.outcome.clone(),
            groupings: self
                .plan
                .partition
                .groupings
                .iter()
                .filter(|grouping| !grouping.columns.is_empty() && grouping.control.is_none())
                .map(|grouping| grouping.columns.clone())
                .collect(),
            suite: self.suite.checks.clone(),
            findings,
            estimates,
            curves,
            grids,
            distributions: drift.distributions(&self.settings),
            frontiers: frontiers(&self.plan, &passed.falling.rows, &self.settings),
            presets: preset::tables(&self.plan, &passed, &self.settings, &self.roles),
            representation: adding.representation,
            conflicts: conflicts::conflicts(&self.plan, &passed, &self.settings),
            proxies: adding.proxies,
            search: adding.search,
            notices: self
                .table
                .notices
                .iter()
                .chain(&self.plan.notices)
                .chain(&notices)
                .cloned()
                .collect(),
        };
        (report, passed)
    }

    fn inputs(&self) -> Vec<Input> {
        let intake = &self.table.intake;
        let labels = self.table.labels.as_deref();
        let own = labels.map_or(self.table.columns.len(), |labels| labels.first);
        let set_aside = intake.rows_set_aside + self.plan.unusable;
        let mut inputs = vec![self.input(Source::Current, intake, &self.table.columns[..own], set_aside)];
        if let Some(labels) = labels {
            let set_aside = labels.intake.rows_read - labels.matched.labels_used;
            let mut input = self.input(Source::Labels, &labels.intake, &labels.columns, set_aside);
            for column in input.columns.iter_mut().filter(|column| column.name == labels.labels_id) {
                column.role = Role::Id;
            }
            inputs.push(input);
        }
        if let Some(table) = self.reference.as_deref() {
            inputs.push(self.input(Source::Reference, &table.intake, &table.columns, table.intake.rows_set_aside));
        }
        inputs.extend(self.profile.as_ref().map(|kept| kept.input(&self.roles)));
        inputs
    }

    fn input(&self, source: Source, intake: &Intake, columns: &[Column], rows_set_aside: u64) -> Input {
        let columns = columns.iter().map(|column| ColumnSummary {
            name: column.name.clone(),
            kind: column.kind,
            role: self.roles.role_of(&column.name),
            missing: column.missing,
            invalid: column.invalid,
        });
        Input {
            source,
            name: intake.name.clone(),
            bytes: intake.bytes,
            fingerprint: intake.fingerprint.clone(),
            delimiter: intake.delimiter,
            told: intake.told.clone(),
            rows_read: intake.rows_read,
            rows_used: intake.rows_read - rows_set_aside,
            rows_set_aside,
            bad_rows: intake.bad_rows.clone(),
            columns: columns.collect(),
            profile: None,
        }
    }
}
