//! The state of a session: which moment it is, what was read, what is set, what came out.
//!
//! Events come in (a file was chosen, a role was changed, the worker answered); where one needs the worker, the request comes back.
//! No clock of its own: whoever calls says what time it is.

mod answers;
mod view;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::columns;
use super::comparing::{self, Compare};
use super::examples::Example;
use super::explore::{Exploring, Move};
use super::fields::{self, Edit, Field};
use super::files::{Files, Next, Part};
use super::opening::{self, Wanted};
use super::people;
use super::progress::ProgressView;
use super::slices::{self, Looks};
use super::timeline;
use crate::data::{Aspect, Notice, Role, Roles};
use crate::engine::{Forecast, Inspection};
use crate::protocol::{Envelope, Rendering, Request};
use crate::run::Settings;
use crate::run::search::SearchSettings;

/// Which of its moments a session is in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Moment {
    /// Nothing is chosen.
    #[default]
    Start,
    /// A file is being read, and nothing of it is known.
    Reading,
    /// Roles and settings are confirmed; a large file is still being read then.
    Confirm,
    /// The audit runs.
    Running,
    /// The report is there.
    Report,
}

/// What went wrong, and what the page can do about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure {
    /// What, where, what to do.
    pub message: String,
    /// The file that can be read again with the same roles and settings, after the engine stopped.
    pub retry: Option<String>,
}

/// Everything that the page shows.
#[derive(Debug, Clone, Default)]
pub struct Session {
    moment: Moment,
    file: Option<String>,
    example: Option<&'static Example>,
    /// The files, of which `file` is the one under test.
    files: Files,
    inspection: Option<Arc<Inspection>>,
    /// The number of the file that the inspection is of.
    inspected: u32,
    /// The request to read, until it is answered; and the one to look at first rows.
    reading: Option<u32>,
    peeking: Option<u32>,
    /// Whether a worker was started for these files, and whether another one is wanted for what is asked.
    has_worker: bool,
    restarts: bool,
    /// Whether the inspection is of the first bytes that are being read on.
    is_preview: bool,
    memory: Option<u64>,
    waits: bool,
    /// The audit starts when the file is read.
    starts_when_read: bool,
    /// The roles that the user gave, in that order.
    chosen: Vec<(String, Role)>,
    /// What turned out otherwise than the first bytes had it.
    changes: Vec<Notice>,
    roles: Roles,
    ignored: BTreeSet<String>,
    settings: Settings,
    looks: Looks,
    faults: BTreeMap<Field, String>,
    forecast: Option<Forecast>,
    progress: Option<ProgressView>,
    report: Option<Arc<Rendering>>,
    exploring: Option<Exploring>,
    /// The request for a profile, until it is answered; and the profile, until somebody takes it.
    profiling: Option<u32>,
    profile: Option<String>,
    /// Roles and settings of the report that is shown, while it is computed again with others.
    compared_before: Option<(Roles, Settings)>,
    failure: Option<Failure>,
    cancelling: bool,
    was_cancelled: bool,
    last_id: u32,
    awaited: u32,
    asked_at: f64,
    read_at: f64,
}

impl Session {
    /// Files were chosen: forgets everything of those before, and asks for these to be read. Gives their numbers. An example's come in
    /// their order: the one under test, then the reference.
    pub fn open(&mut self, names: &[String], example: Option<&'static Example>, now: f64) -> (Vec<u32>, Option<Envelope<Request>>) {
        *self = Self {
            last_id: self.last_id,
            example,
            settings: example.map(Example::settings).unwrap_or_default(),
            ..Self::default()
        };
        self.add(names, now)
    }

    /// More files were chosen: asks for them to be read. Gives their numbers.
    pub fn add(&mut self, names: &[String], now: f64) -> (Vec<u32>, Option<Envelope<Request>>) {
        // Of an example it is known which is which.
        let parts = self.example.map(|_| [Part::Current, Part::Reference]);
        self.starts_when_read = false;
        match self.files.add(names, parts.as_ref().map(<[Part; 2]>::as_slice)) {
            Ok(numbers) => {
                self.failure = None;
                let request = self.go_on(now);
                (numbers, request)
            }
            Err(message) => {
                self.fail(message);
                (Vec::new(), None)
            }
        }
    }

    /// The same files again, with the roles and settings as they are: after the engine stopped.
    pub fn reopen(&mut self, now: f64) -> Option<Envelope<Request>> {
        self.failure = None;
        self.go_on(now)
    }

    /// Asks for what has to be read next; once everything is, asks what would be answered.
    fn go_on(&mut self, now: f64) -> Option<Envelope<Request>> {
        if let Some(next) = self.files.next_peek() {
            return Some(self.ask_to_peek(next));
        }
        self.see_who_is_judged();
        match self.files.next() {
            Some(next) if self.files.under_way() == Some(&next) => None,
            Some(next) => Some(self.ask_to_read(next, now)),
            None if self.files.is_peeking() => None,
            None => {
                self.reading = None;
                self.progress = None;
                self.files.holds_current().then(|| self.ask_to_foresee(now))
            }
        }
    }

    /// Shows the file under test, which may be another one than before.
    fn see_who_is_judged(&mut self) {
        let Some(current) = self.files.of(Part::Current) else { return };
        self.file = Some(current.name.clone());
        if self.inspection.is_some()
            && self.inspected != current.number
            && let Some(inspection) = current.inspection.clone()
        {
            self.is_preview = !self.files.holds_current();
            self.forecast = None;
            self.show(inspection);
        }
    }

    fn ask_to_peek(&mut self, next: Next) -> Envelope<Request> {
        if self.inspection.is_none() {
            self.moment = Moment::Reading;
        }
        self.progress.get_or_insert_with(ProgressView::waiting);
        self.restarts = !std::mem::replace(&mut self.has_worker, true);
        self.last_id += 1;
        self.peeking = Some(self.last_id);
        Envelope {
            id: self.last_id,
            message: self.to_open(next),
        }
    }

    fn to_open(&self, next: Next) -> Request {
        Request::Open {
            file: next.file,
            name: self.files.get(next.file).map(|file| file.name.clone()).unwrap_or_default(),
            options: next.options,
            purpose: next.purpose,
        }
    }

    fn ask_to_read(&mut self, next: Next, now: f64) -> Envelope<Request> {
        // What is on the screen stays there while the file is read in another way.
        self.moment = if self.inspection.is_some() {
            Moment::Confirm
        } else {
            Moment::Reading
        };
        (self.waits, self.memory) = (false, None);
        if next.file == self.files.current() {
            self.is_preview = false;
        }
        self.cancelling = false;
        self.was_cancelled = false;
        self.profiling = None;
        self.progress = Some(ProgressView::waiting());
        // The memory of a worker never shrinks: a new one takes its place where nothing else is lost.
        let is_alone = self.files.list().len() == 1 && self.files.holds_only(next.file);
        self.restarts = !std::mem::replace(&mut self.has_worker, true) || is_alone;
        self.files.begin(&next);
        let request = self.to_open(next);
        let request = self.await_answer(request, now);
        self.reading = Some(request.id);
        self.read_at = now;
        request
    }

    /// Whether a new worker is wanted for what was asked last.
    pub fn restarts(&self) -> bool {
        self.restarts
    }

    /// Reads the file again with one thing said of how it is written.
    pub fn read_as(&mut self, aspect: Aspect, word: &str, now: f64) -> Option<Envelope<Request>> {
        if self.moment != Moment::Confirm || self.cancelling {
            return None;
        }
        let file = self.files.current_mut()?;
        let mut options = file.options.clone();
        if let Err(error) = options.give(aspect, word).and_then(|()| options.check()) {
            self.fail(error.to_string());
            return None;
        }
        file.options_before = Some(std::mem::replace(&mut file.options, options));
        self.change_files(now)
    }

    /// Gives a file another part.
    pub fn give_part(&mut self, file: u32, part: Part, now: f64) -> Option<Envelope<Request>> {
        self.files.give(file, part);
        self.change_files(now)
    }

    /// Lets a file go.
    pub fn remove(&mut self, file: u32, now: f64) -> Option<Envelope<Request>> {
        self.files.remove(file);
        self.change_files(now)
    }

    /// Joins labels by these columns of the predictions and of the label file; by those that are found where none are said.
    pub fn join_by(&mut self, by: Option<(String, String)>, now: f64) -> Option<Envelope<Request>> {
        if let Some((own, _)) = &by {
            self.chosen.retain(|(other, _)| other != own);
            self.chosen.push((own.clone(), Role::Id));
        }
        self.files.join_by(by);
        self.change_files(now)
    }

    fn change_files(&mut self, now: f64) -> Option<Envelope<Request>> {
        if self.cancelling {
            return None;
        }
        self.failure = None;
        self.starts_when_read = false;
        self.forecast = None;
        self.go_on(now)
    }

    /// Reads a large file that waits, as far as it is wanted.
    pub fn begin(&mut self, wanted: Wanted) -> Option<Envelope<Request>> {
        if !std::mem::take(&mut self.waits) {
            return None;
        }
        let read = self.files.being_read().and_then(|file| file.inspection.as_ref());
        let inspection = read.or(self.inspection.as_ref())?;
        let (columns, sample) = opening::begin(wanted, inspection, &self.roles, self.memory);
        self.last_id += 1;
        Some(Envelope {
            id: self.last_id,
            message: Request::Begin { columns, sample },
        })
    }

    /// Changes a role or a setting; asks what would be answered then.
    pub fn edit(&mut self, edit: Edit, now: f64) -> Option<Envelope<Request>> {
        let inspection = self.inspection.clone().filter(|_| !self.cancelling)?;
        self.failure = None;
        match edit {
            Edit::Role { column, role } => {
                let label = self.roles.label.clone();
                self.chosen.retain(|(other, _)| *other != column);
                self.chosen.push((column.clone(), role));
                columns::assign(&mut self.roles, &mut self.ignored, &inspection, &column, role);
                if self.roles.label != label {
                    self.settings.positive = None;
                    self.settings.favorable = None;
                }
                comparing::forget(&mut self.settings, &self.roles);
            }
            Edit::Task(task) => self.settings.task = task,
            Edit::Positive(class) => self.settings.positive = class,
            Edit::Interval(method) => self.settings.interval = method,
            Edit::Cut(cut) => {
                self.faults.remove(&Field::WindowSize);
                timeline::choose(&mut self.settings.windows, &self.roles, cut);
            }
            Edit::Favorable(class) => self.settings.favorable = class,
            Edit::Search(is_on) => {
                // Without a search its fields are gone, with what they hold and what is wrong in them.
                self.settings.search = SearchSettings {
                    is_on,
                    ..SearchSettings::default()
                };
                self.faults.remove(&Field::SearchFeatures);
            }
            Edit::SearchBy(error) => self.settings.search.by = error,
            Edit::WindowBy(column) => self.settings.windows.by = column,
            Edit::SliceFeatures(features) => self.looks.features = features,
            Edit::SliceColumn { column, is_looked_at } => {
                if is_looked_at {
                    self.looks.left_out.remove(&column);
                } else {
                    self.looks.left_out.insert(column);
                }
            }
            Edit::Text(field, text) => match self.write(&inspection, field, &text) {
                Ok(()) => drop(self.faults.remove(&field)),
                Err(message) => {
                    self.faults.insert(field, message);
                    return None;
                }
            },
        }
        // Before the first rows are there, nothing can be foreseen.
        self.files.has_current().then(|| self.ask_to_foresee(now))
    }

    /// Writes a field's text into the settings; columns that are named must exist.
    fn write(&mut self, inspection: &Inspection, field: Field, text: &str) -> Result<(), String> {
        if let Some(fault) = slices::fault(text, inspection).filter(|_| field == Field::Slices) {
            return Err(fault);
        }
        if let Some(fault) = people::fault(fields::named(field, text).iter().map(String::as_str), inspection) {
            return Err(fault);
        }
        fields::write(&mut self.settings, field, text)
    }

    /// The settings with the columns that are looked at.
    fn settings_in_force(&self) -> Settings {
        let mut settings = self.settings.clone();
        if let Some(inspection) = &self.inspection {
            settings.slices.by = self.looks.setting(inspection, |column| self.role_of(column));
        }
        settings
    }

    fn ask_to_foresee(&mut self, now: f64) -> Envelope<Request> {
        let request = Request::Foresee {
            current: self.files.current(),
            files: self.files.numbers(),
            roles: self.roles.clone(),
            settings: self.settings_in_force(),
        };
        self.await_answer(request, now)
    }

    /// Starts the audit, unless something stands against it. While the file is read, it starts when that is done; asked again, it does not.
    pub fn start(&mut self, now: f64) -> Option<Envelope<Request>> {
        if self.moment != Moment::Confirm || !self.can_start() {
            return None;
        }
        if self.is_reading() {
            self.starts_when_read = !self.starts_when_read;
            return None;
        }
        Some(self.audit(now))
    }

    fn audit(&mut self, now: f64) -> Envelope<Request> {
        self.report = None;
        self.exploring = None;
        self.profiling = None;
        self.compared_before = None;
        self.moment = Moment::Running;
        self.failure = None;
        self.cancelling = false;
        self.was_cancelled = false;
        self.progress = Some(ProgressView::waiting());
        let request = Request::Audit {
            current: self.files.current(),
            reference: self.files.reference(),
            roles: self.roles.clone(),
            settings: self.settings_in_force(),
        };
        self.await_answer(request, now)
    }

    /// Whether the file under test can be kept as a profile: it is read, and nothing else is under way.
    pub fn can_profile(&self) -> bool {
        self.moment == Moment::Confirm && self.can_start() && !self.is_reading() && self.profiling.is_none()
    }

    /// Asks for what the file under test holds, without its rows.
    pub fn keep_profile(&mut self) -> Option<Envelope<Request>> {
        if !self.can_profile() {
            return None;
        }
        self.failure = None;
        self.last_id += 1;
        self.profiling = Some(self.last_id);
        Some(Envelope {
            id: self.last_id,
            message: Request::Profile {
                current: self.files.current(),
                roles: self.roles.clone(),
                settings: self.settings_in_force(),
            },
        })
    }

    /// The profile that was asked for, once.
    pub fn take_profile(&mut self) -> Option<String> {
        self.profile.take()
    }

    /// Moves the threshold of the explorer; asks what it would give unless an answer is under way.
    pub fn explore(&mut self, change: Move) -> Option<Envelope<Request>> {
        self.exploring.as_mut()?.apply(change);
        self.ask_to_explore()
    }

    fn ask_to_explore(&mut self) -> Option<Envelope<Request>> {
        let id = self.last_id + 1;
        let ask = self.exploring.as_mut()?.ask(id)?;
        self.last_id = id;
        Some(Envelope {
            id,
            message: Request::Explore(ask),
        })
    }

    /// Audits again with the threshold that is explored. The positive class stays what it was: without a prediction column it could be
    /// inferred otherwise.
    pub fn use_threshold(&mut self, now: f64) -> Option<Envelope<Request>> {
        let exploring = self.exploring.as_ref().filter(|_| self.moment == Moment::Report)?;
        let threshold = exploring.usable()?;
        self.settings.positive = Some(exploring.about().positive.clone());
        self.settings.threshold = Some(threshold);
        self.faults.remove(&Field::Threshold);
        Some(self.audit(now))
    }

    /// Changes how groups are compared, and asks for the report to be computed again; the one that is there stays until then.
    pub fn compare(&mut self, change: Compare, now: f64) -> Option<Envelope<Request>> {
        if self.moment != Moment::Report {
            return None;
        }
        let before = (self.roles.clone(), self.settings.clone());
        comparing::apply(&mut self.settings, &mut self.roles, change);
        if before == (self.roles.clone(), self.settings.clone()) {
            return None;
        }
        self.compared_before.get_or_insert(before);
        self.failure = None;
        // It is of the report before.
        self.exploring = None;
        let request = Request::Audit {
            current: self.files.current(),
            reference: self.files.reference(),
            roles: self.roles.clone(),
            settings: self.settings_in_force(),
        };
        Some(self.await_answer(request, now))
    }

    /// Whether the report that is shown is computed again.
    pub fn is_comparing(&self) -> bool {
        self.compared_before.is_some()
    }

    /// The columns that may be control features.
    pub fn control_choices(&self) -> Vec<String> {
        let choices = |inspection: &Arc<Inspection>| comparing::controls(inspection, &self.roles);
        self.inspection.as_ref().map(choices).unwrap_or_default()
    }

    /// Asks for what is running to be stopped.
    pub fn cancel(&mut self, now: f64) -> Option<Envelope<Request>> {
        if !self.is_busy() || self.cancelling {
            return None;
        }
        self.cancelling = true;
        self.reading = None;
        self.peeking = None;
        Some(self.await_answer(Request::Cancel, now))
    }

    /// Back from the report to roles and settings; the table is still in the worker.
    pub fn revise(&mut self, now: f64) -> Option<Envelope<Request>> {
        if self.moment != Moment::Report {
            return None;
        }
        self.report = None;
        self.exploring = None;
        self.compared_before = None;
        Some(self.confirm_again(now))
    }

    /// The roles and settings, with a fresh forecast: the last one may never have been answered.
    fn confirm_again(&mut self, now: f64) -> Envelope<Request> {
        self.moment = Moment::Confirm;
        self.progress = None;
        self.ask_to_foresee(now)
    }

    /// Forgets everything.
    pub fn start_over(&mut self) {
        *self = Self {
            last_id: self.last_id,
            ..Self::default()
        };
    }

    /// The page itself could not do what was asked: says so where the user is.
    pub fn fail(&mut self, message: String) {
        self.failure = Some(Failure { message, retry: None });
    }

    /// The worker is gone: shows why, and offers to read the file again with the choices made so far.
    pub fn crashed(&mut self, message: String) {
        self.moment = Moment::Start;
        self.inspection = None;
        self.reading = None;
        self.peeking = None;
        self.profiling = None;
        self.files.lose();
        self.has_worker = false;
        self.forecast = None;
        self.progress = None;
        self.report = None;
        self.exploring = None;
        self.compared_before = None;
        self.cancelling = false;
        self.faults.clear();
        self.awaited = 0;
        self.failure = Some(Failure {
            message,
            retry: self.file.clone(),
        });
    }

    fn await_answer(&mut self, message: Request, now: f64) -> Envelope<Request> {
        self.last_id += 1;
        self.awaited = self.last_id;
        self.asked_at = now;
        Envelope { id: self.last_id, message }
    }
}

#[cfg(test)]
pub(super) mod tests;
