//! What the page shows of a session: questions that change nothing.

use std::sync::Arc;

use super::{Failure, Moment, Session};
use crate::data::{Notice, Role, Roles};
use crate::engine::{Forecast, Inspection};
use crate::present::columns;
use crate::present::examples::Example;
use crate::present::explore::Exploring;
use crate::present::fields::Field;
use crate::present::files::Files;
use crate::present::progress::ProgressView;
use crate::present::slices::Looks;
use crate::present::timeline;
use crate::protocol::Rendering;
use crate::run::{Settings, Task};

impl Session {
    /// The moment.
    pub fn moment(&self) -> Moment {
        self.moment
    }

    /// The chosen file's name.
    pub fn file(&self) -> Option<&str> {
        self.file.as_deref()
    }

    /// All files.
    pub fn files(&self) -> &Files {
        &self.files
    }

    /// The name of the file that is read, or else of the one under test.
    pub fn reading_name(&self) -> &str {
        let read = self.files.being_read().map(|file| file.name.as_str());
        read.or(self.file.as_deref()).unwrap_or_default()
    }

    /// What is said while a file is read that is shown already.
    pub fn reading_words(&self) -> String {
        let of_first_rows = "What stands here is from its first rows; roles can be given meanwhile, and are kept.";
        let read = self.files.being_read();
        match read.filter(|file| self.files.list().len() > 1 && file.number != self.files.current()) {
            Some(file) => format!("\"{}\" is being read. Roles can be given meanwhile, and are kept.", file.name),
            None if self.files.list().len() > 1 => format!("\"{}\" is being read. {of_first_rows}", self.reading_name()),
            None => format!("The whole file is being read. {of_first_rows}"),
        }
    }

    /// The built-in example that was chosen.
    pub fn example(&self) -> Option<&'static Example> {
        self.example
    }

    /// What the file holds.
    pub fn inspection(&self) -> Option<&Arc<Inspection>> {
        self.inspection.as_ref()
    }

    /// Rows read of the file that the inspection is of.
    pub fn rows(&self) -> u64 {
        self.inspection.as_ref().map_or(0, |inspection| inspection.intake.rows_read)
    }

    /// Which column plays which part.
    pub fn roles(&self) -> &Roles {
        &self.roles
    }

    /// The role of one column.
    pub fn role_of(&self, column: &str) -> Role {
        columns::role_of(&self.roles, &self.ignored, column)
    }

    /// What is set.
    pub fn settings(&self) -> &Settings {
        &self.settings
    }

    /// Which columns are looked at for weak spots.
    pub fn looks(&self) -> &Looks {
        &self.looks
    }

    /// The columns that may be looked at for weak spots, each with whether it is.
    pub fn sliced_columns(&self) -> Vec<(String, bool)> {
        let columns = |inspection: &Arc<Inspection>| self.looks.columns(inspection, |column| self.role_of(column));
        self.inspection.as_ref().map(columns).unwrap_or_default()
    }

    /// Whether anything can be followed over time: rows have one, or are cut in their order.
    pub fn is_followed(&self) -> bool {
        self.roles.time.is_some() || timeline::size(self.settings.windows.cut).is_some()
    }

    /// What is said of how rows are cut into windows of time; nothing while the engine is asked.
    pub fn timeline_note(&self) -> String {
        let found = |forecast: &Forecast| timeline::note(&self.settings, &self.roles, forecast.windows);
        self.forecast.as_ref().map(found).unwrap_or_default()
    }

    /// What is wrong with a field's text.
    pub fn fault(&self, field: Field) -> Option<&str> {
        self.faults.get(&field).map(String::as_str)
    }

    /// What an audit would answer.
    pub fn forecast(&self) -> Option<&Forecast> {
        self.forecast.as_ref()
    }

    /// How far the job is.
    pub fn progress(&self) -> Option<&ProgressView> {
        self.progress.as_ref()
    }

    /// The finished report.
    pub fn report(&self) -> Option<&Arc<Rendering>> {
        self.report.as_ref()
    }

    /// The explorer of the report, where a decision threshold means something.
    pub fn exploring(&self) -> Option<&Exploring> {
        self.exploring.as_ref()
    }

    /// What went wrong.
    pub fn failure(&self) -> Option<&Failure> {
        self.failure.as_ref()
    }

    /// Whether a job is running that can be cancelled.
    pub fn is_busy(&self) -> bool {
        self.reading.is_some() || self.peeking.is_some() || self.moment == Moment::Running
    }

    /// Whether the file is still being read, or its reading is being cancelled.
    pub fn is_reading(&self) -> bool {
        self.reading.is_some() || self.peeking.is_some() || self.cancelling && self.moment != Moment::Running
    }

    /// Whether the worker holds the whole table.
    pub fn is_read(&self) -> bool {
        self.inspection.is_some() && !self.is_reading()
    }

    /// Whether the audit starts as soon as the file is read.
    pub fn starts_when_read(&self) -> bool {
        self.starts_when_read
    }

    /// About how many bytes of memory the columns of a large file take.
    pub fn memory(&self) -> Option<u64> {
        self.memory
    }

    /// Whether a large file waits for the user to say how much of it is read.
    pub fn waits(&self) -> bool {
        self.waits
    }

    /// Whether the cancel with that id is still unanswered.
    pub fn is_cancelling(&self, id: u32) -> bool {
        self.cancelling && self.awaited == id
    }

    /// Whether the audit can start: every field has a meaning, and the engine foresees no problem.
    pub fn can_start(&self) -> bool {
        !self.cancelling
            && self.faults.is_empty()
            && self.files.unjoined().is_none()
            && self.forecast.as_ref().is_some_and(|forecast| forecast.problem.is_none())
    }

    /// The classes to choose the positive one from, and the one in force; empty where there are not two.
    pub fn positive_choices(&self) -> (Vec<String>, Option<String>) {
        match self.foreseen_outcome() {
            Some(outcome) if outcome.task == Some(Task::Binary) => (outcome.classes.clone(), outcome.positive_class.clone()),
            _ => (Vec::new(), None),
        }
    }

    /// What the engine takes the task for, in words; empty while it is not known.
    pub fn task_note(&self) -> &'static str {
        match self.foreseen_outcome().and_then(|outcome| outcome.task) {
            Some(Task::Binary) => "Two classes.",
            Some(Task::Multiclass) => "Several classes.",
            Some(Task::Multilabel) => "Several labels at once.",
            Some(Task::Regression) => "A number.",
            Some(Task::Ranking) => "Items in order, for queries.",
            None => "",
        }
    }

    /// What an empty field stands for, where the engine knows it.
    pub fn placeholder(&self, field: Field) -> String {
        match field {
            Field::Threshold => self.foreseen_outcome().and_then(|outcome| outcome.decision_threshold),
            _ => None,
        }
        .map(|value| value.to_string())
        .unwrap_or_default()
    }

    fn foreseen_outcome(&self) -> Option<&crate::report::Outcome> {
        self.forecast.as_ref()?.outcome.as_ref()
    }

    /// Every notice: of the file, then of the choice of roles. None before the file is read: they would be of its first rows.
    pub fn notices(&self) -> Vec<Notice> {
        if self.is_reading() {
            return Vec::new();
        }
        let of_file = self.inspection.iter().flat_map(|inspection| &inspection.notices);
        let of_roles = self.forecast.iter().flat_map(|forecast| &forecast.notices);
        self.changes.iter().chain(of_file).chain(of_roles).cloned().collect()
    }

    /// The sentence for people who do not see the screen change.
    pub fn status(&self) -> String {
        let name = self.file.as_deref().unwrap_or_default();
        match self.moment {
            Moment::Start if self.was_cancelled => format!("Cancelled. {name} was not kept."),
            Moment::Start => String::new(),
            _ if self.cancelling => "Stopping.".to_owned(),
            Moment::Reading => format!("Reading {}.", self.reading_name()),
            Moment::Confirm if self.waits => format!("{name} is large. Say how much of it is to be read."),
            Moment::Confirm if self.is_reading() && self.files.list().len() > 1 => {
                format!("Reading {}.", self.reading_name())
            }
            Moment::Confirm if self.reading.is_some() => {
                format!("Reading {name}. Its first rows are there: confirm what its columns mean.")
            }
            Moment::Confirm if self.was_cancelled => "Cancelled. The file is still read, and the roles are as they were.".to_owned(),
            Moment::Confirm if self.files.list().len() > 1 => {
                "The files are read. Confirm which is which, and what their columns mean.".to_owned()
            }
            Moment::Confirm => format!("{name} is read. Confirm what its columns mean."),
            Moment::Running => format!("Auditing {name}."),
            Moment::Report if self.is_comparing() => "Comparing again.".to_owned(),
            Moment::Report => "The report is ready.".to_owned(),
        }
    }
}
