//! The state of a session: which moment it is, what was read, what is set, what came out.
//!
//! Events come in (a file was chosen, a role was changed, the worker answered); where one needs the worker, the request comes back.
//! No clock of its own: whoever calls says what time it is.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::columns;
use super::comparing::{self, Compare};
use super::examples::Example;
use super::explore::{Exploring, Move};
use super::fields::{self, Edit, Field};
use super::files::{Files, Next, Part};
use super::opening::{self, Wanted};
use super::progress::ProgressView;
use super::slices::{self, Looks};
use super::timeline;
use crate::data::{Aspect, Notice, Role, Roles};
use crate::engine::{Forecast, Inspection};
use crate::protocol::{Envelope, Preview, Rendering, Request, Response};
use crate::report::explore::Explored;
use crate::run::{Settings, Task};

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

    /// Takes an answer of the worker; one that is not awaited any more changes nothing.
    pub fn receive(&mut self, answer: Envelope<Response>, now: f64) -> Option<Envelope<Request>> {
        if self.exploring.as_ref().is_some_and(|exploring| exploring.awaits(answer.id)) {
            return self.explored(answer.message);
        }
        if answer.id == 0 {
            return None;
        }
        if self.reading == Some(answer.id) {
            return self.read_on(answer.message, now);
        }
        if self.peeking == Some(answer.id) {
            return self.peeked(answer.message, now);
        }
        if answer.id != self.awaited {
            return None;
        }
        match answer.message {
            Response::Ready => {}
            Response::Progress(progress) => self.progress = Some(ProgressView::of(progress, now - self.asked_at)),
            Response::Previewed(_) | Response::Peeked(_) | Response::Unjoined { .. } | Response::Opened(_) => {}
            Response::Foreseen(forecast) => {
                self.forecast = Some(forecast);
                // Once the file is read, the forecast is of all its rows.
                if !self.is_reading() && std::mem::take(&mut self.starts_when_read) && self.can_start() {
                    return Some(self.audit(now));
                }
            }
            Response::Reported(report) => self.reported(*report),
            Response::Explorable(about) => self.exploring = Some(Exploring::new(*about)),
            Response::Explored(_) => {}
            Response::Cancelled => return self.cancelled(now),
            Response::Failed { message } => return self.refused(message, now),
        }
        None
    }

    /// What the worker says of the file that it reads.
    fn read_on(&mut self, answer: Response, now: f64) -> Option<Envelope<Request>> {
        match answer {
            Response::Progress(progress) => {
                self.progress = Some(ProgressView::of(progress, now - self.read_at));
                None
            }
            Response::Previewed(preview) => self.previewed(*preview, now),
            Response::Unjoined { message } => {
                self.files.not_joined(message);
                None
            }
            Response::Opened(inspection) => self.opened(*inspection, now),
            Response::Failed { message } => self.unread(message, false, now),
            _ => None,
        }
    }

    /// What the worker says of a file's first rows.
    fn peeked(&mut self, answer: Response, now: f64) -> Option<Envelope<Request>> {
        match answer {
            Response::Peeked(first) => {
                self.peeking = None;
                self.files.peeked(first.map(|first| *first));
                self.go_on(now)
            }
            Response::Failed { message } => self.unread(message, true, now),
            _ => None,
        }
    }

    fn previewed(&mut self, preview: Preview, now: f64) -> Option<Envelope<Request>> {
        (self.memory, self.waits) = (preview.memory, preview.waits);
        let inspection = Arc::new(preview.inspection);
        let file = self.files.previewed(Arc::clone(&inspection))?;
        if file == self.files.current() {
            self.show(inspection);
            self.is_preview = true;
        }
        match self.go_on(now) {
            None if self.is_preview && file == self.files.current() => Some(self.ask_to_foresee(now)),
            request => request,
        }
    }

    fn opened(&mut self, inspection: Inspection, now: f64) -> Option<Envelope<Request>> {
        let inspection = Arc::new(inspection);
        let file = self.files.read(Arc::clone(&inspection))?.file;
        self.reading = None;
        self.waits = false;
        if file == self.files.current() {
            let before = self.inspection.take().filter(|_| std::mem::take(&mut self.is_preview));
            let roles_before = self.roles.clone();
            self.show(inspection);
            self.changes = match (&before, &self.inspection) {
                (Some(before), Some(now)) => opening::changes(before, now, &roles_before, &self.roles),
                _ => Vec::new(),
            };
            if let Some(file) = self.files.current_mut() {
                file.options_before = None;
            }
        }
        self.go_on(now)
    }

    /// Takes what is known of the file, with the roles inferred from it, and above them those that the user gave.
    fn show(&mut self, inspection: Arc<Inspection>) {
        (self.roles, self.ignored) = match self.example.and_then(Example::roles) {
            Some(roles) => (roles, BTreeSet::new()),
            None => (inspection.roles.clone(), opening::ignored(&inspection)),
        };
        let is_there = |column: &String| inspection.columns.iter().any(|each| each.name == *column);
        for (column, role) in self.chosen.iter().filter(|(column, _)| is_there(column)) {
            columns::assign(&mut self.roles, &mut self.ignored, &inspection, column, *role);
        }
        self.changes.clear();
        self.inspection = Some(inspection);
        self.inspected = self.files.current();
        self.moment = Moment::Confirm;
    }

    /// A file cannot be read: read in another way than before, it is read as before; otherwise another one is needed, unless there are
    /// others beside it.
    fn unread(&mut self, message: String, is_peek: bool, now: f64) -> Option<Envelope<Request>> {
        let failed = self.files.failed(is_peek)?;
        self.starts_when_read = false;
        *(if is_peek { &mut self.peeking } else { &mut self.reading }) = None;
        let current = self.files.current_mut().filter(|file| file.number == failed);
        match current.and_then(|file| Some((file.options_before.take()?, file))) {
            Some((options, file)) => file.options = options,
            None => {
                if self.inspected == failed {
                    self.inspection = None;
                }
                self.files.remove(failed);
            }
        }
        let request = self.go_on(now);
        if self.files.list().is_empty() {
            self.forget();
            self.file = None;
        }
        self.fail(message);
        request
    }

    /// Back to the start.
    fn forget(&mut self) {
        self.files = Files::default();
        self.reading = None;
        self.peeking = None;
        self.inspection = None;
        self.forecast = None;
        self.progress = None;
        self.starts_when_read = false;
        self.moment = Moment::Start;
    }

    fn reported(&mut self, report: Rendering) {
        self.progress = None;
        self.compared_before = None;
        self.report = Some(Arc::new(report));
        self.moment = Moment::Report;
    }

    fn explored(&mut self, answer: Response) -> Option<Envelope<Request>> {
        let (explored, failure): (Option<Explored>, _) = match answer {
            Response::Explored(explored) => (Some(*explored), None),
            Response::Failed { message } => (None, Some(message)),
            _ => return None,
        };
        self.exploring.as_mut()?.receive(explored);
        if let Some(message) = failure {
            self.fail(message);
        }
        self.ask_to_explore()
    }

    fn cancelled(&mut self, now: f64) -> Option<Envelope<Request>> {
        self.cancelling = false;
        self.was_cancelled = true;
        if self.moment == Moment::Running {
            return Some(self.confirm_again(now));
        }
        if self.files.cancel() {
            self.waits = false;
            self.starts_when_read = false;
            return self.go_on(now);
        }
        self.forget();
        None
    }

    fn refused(&mut self, message: String, now: f64) -> Option<Envelope<Request>> {
        self.fail(message);
        if let Some((roles, settings)) = self.compared_before.take() {
            // The report that is there was made with these.
            (self.roles, self.settings) = (roles, settings);
            self.progress = None;
            return None;
        }
        match self.moment {
            Moment::Running => Some(self.confirm_again(now)),
            Moment::Reading | Moment::Start | Moment::Confirm | Moment::Report => None,
        }
    }

    fn await_answer(&mut self, message: Request, now: f64) -> Envelope<Request> {
        self.last_id += 1;
        self.awaited = self.last_id;
        self.asked_at = now;
        Envelope { id: self.last_id, message }
    }

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

#[cfg(test)]
pub(super) mod tests {
    use super::super::explore::tests::{exploration, explored};
    use super::*;
    use crate::data::{Intake, Kind, ReadOptions};
    use crate::engine::{InspectedColumn, Progress, Stage};
    use crate::report::explore::Ask;
    use crate::run::{Dialect, Preset};

    /// An inspection of numeric columns without roles.
    pub(in crate::present) fn inspection(names: &[&str]) -> Inspection {
        Inspection {
            intake: Intake {
                name: "a.csv".to_owned(),
                bytes: 10,
                fingerprint: String::new(),
                delimiter: ',',
                rows_read: 3,
                rows_set_aside: 0,
                bad_rows: Vec::new(),
                sample: None,
                told: BTreeMap::new(),
            },
            columns: names
                .iter()
                .map(|&name| InspectedColumn {
                    name: name.to_owned(),
                    kind: Kind::Numeric,
                    levels: None,
                    role: Role::Feature,
                    why: String::new(),
                    missing: 0,
                    looks_like: Vec::new(),
                })
                .collect(),
            roles: Roles::default(),
            preview: Vec::new(),
            notices: Vec::new(),
            reading: Vec::new(),
        }
    }

    pub(in crate::present) fn forecast(problem: Option<&str>) -> Forecast {
        Forecast {
            outcome: None,
            answers: Vec::new(),
            windows: None,
            notices: Vec::new(),
            problem: problem.map(str::to_owned),
        }
    }

    fn rendering() -> Rendering {
        Rendering {
            json: "{}".to_owned(),
            about: String::new(),
            body: String::new(),
            document: String::new(),
            features: Vec::new(),
            classes: Vec::new(),
            sheets: Vec::new(),
        }
    }

    fn open_one(session: &mut Session, name: &str, example: Option<&'static Example>, now: f64) -> Envelope<Request> {
        session.open(&[name.to_owned()], example, now).1.expect("it asks for the file")
    }

    pub(in crate::present) fn answer(id: u32, message: Response) -> Envelope<Response> {
        Envelope { id, message }
    }

    /// A session that has read a file and heard the forecast.
    fn confirmed(problem: Option<&str>) -> Session {
        let mut session = Session::default();
        let open = open_one(&mut session, "a.csv", None, 0.0);
        let foresee = session
            .receive(answer(open.id, Response::Opened(Box::new(inspection(&["y", "p"])))), 1.0)
            .expect("it asks what would be answered");
        session.receive(answer(foresee.id, Response::Foreseen(forecast(problem))), 2.0);
        session
    }

    #[test]
    fn a_file_is_read_then_confirmed() {
        let session = confirmed(None);
        assert_eq!(session.moment(), Moment::Confirm);
        assert!(session.can_start());
    }

    #[test]
    fn a_foreseen_problem_stands_against_the_start() {
        let mut session = confirmed(Some("no label"));
        assert!(!session.can_start());
        assert_eq!(session.start(3.0), None);
        assert_eq!(session.moment(), Moment::Confirm);
    }

    #[test]
    fn a_field_without_meaning_stands_against_the_start_until_it_is_mended() {
        let mut session = confirmed(None);
        assert_eq!(session.edit(Edit::Text(Field::Level, "95".to_owned()), 3.0), None);
        assert!(session.fault(Field::Level).is_some() && !session.can_start());
        let foresee = session
            .edit(Edit::Text(Field::Level, "0.9".to_owned()), 4.0)
            .expect("a usable level asks again");
        assert!(matches!(foresee.message, Request::Foresee { settings, .. } if settings.level == 0.9));
        assert!(session.can_start());
    }

    #[test]
    fn only_the_last_forecast_counts() {
        let mut session = confirmed(None);
        let role = |column: &str| Edit::Role {
            column: column.to_owned(),
            role: Role::Label,
        };
        let first = session.edit(role("y"), 3.0).expect("asks");
        let second = session.edit(role("p"), 3.0).expect("asks");
        session.receive(answer(first.id, Response::Foreseen(forecast(Some("stale")))), 4.0);
        assert!(session.can_start());
        session.receive(answer(second.id, Response::Foreseen(forecast(Some("fresh")))), 4.0);
        assert!(!session.can_start());
    }

    #[test]
    fn another_label_forgets_the_positive_class() {
        let mut session = confirmed(None);
        session.edit(Edit::Positive(Some("1".to_owned())), 3.0);
        session.edit(
            Edit::Role {
                column: "p".to_owned(),
                role: Role::Sensitive,
            },
            3.0,
        );
        assert_eq!(session.settings().positive.as_deref(), Some("1"));
        session.edit(
            Edit::Role {
                column: "y".to_owned(),
                role: Role::Label,
            },
            3.0,
        );
        assert_eq!(session.settings().positive, None);
    }

    /// A session with a report that can be explored.
    fn reported() -> Session {
        let mut session = confirmed(None);
        let audit = session.start(3.0).expect("it can start");
        session.receive(answer(audit.id, Response::Reported(Box::new(rendering()))), 4.0);
        session.receive(answer(audit.id, Response::Explorable(Box::new(exploration()))), 5.0);
        session
    }

    #[test]
    fn the_explorer_asks_and_shows_what_it_asked_for_alone() {
        let mut session = reported();
        let first = session.explore(Move::Stop(1)).expect("it asks");
        assert_eq!(session.explore(Move::Stop(0)), None);
        let Request::Explore(ask) = first.message else {
            panic!("{first:?}")
        };
        let stale = explored(Ask::default());
        session.receive(answer(first.id + 7, Response::Explored(Box::new(stale))), 6.0);
        let shown = |session: &Session| session.exploring().map(|exploring| exploring.shown().ask.threshold);
        assert_eq!(shown(&session), Some(0.5));
        let next = session.receive(answer(first.id, Response::Explored(Box::new(explored(ask)))), 7.0);
        assert_eq!(shown(&session), Some(0.25));
        assert!(matches!(next, Some(Envelope { message: Request::Explore(ask), .. }) if ask.threshold == 0.0));
        assert_eq!(session.moment(), Moment::Report);
    }

    #[test]
    fn an_explored_threshold_is_audited_with_the_same_positive_class() {
        let mut session = reported();
        assert_eq!(session.use_threshold(6.0), None, "it is the audit's own");
        session.explore(Move::Text("0.35".to_owned()));
        let audit = session.use_threshold(6.0).expect("it can be audited");
        match audit.message {
            Request::Audit { settings, .. } => assert_eq!((settings.threshold, settings.positive.as_deref()), (Some(0.35), Some("1"))),
            other => panic!("{other:?}"),
        }
        assert!(session.exploring().is_none() && session.report().is_none());
        assert_eq!(session.moment(), Moment::Running);
    }

    #[test]
    fn an_explorer_that_fails_says_so_and_stands_where_it_was() {
        let mut session = reported();
        let ask = session.explore(Move::Stop(0)).expect("it asks");
        let message = "no table".to_owned();
        assert_eq!(session.receive(answer(ask.id, Response::Failed { message }), 6.0), None);
        assert!(session.failure().is_some() && session.moment() == Moment::Report);
        assert_eq!(session.exploring().map(|exploring| exploring.wanted().threshold), Some(0.5));
    }

    #[test]
    fn a_cancelled_audit_returns_to_the_roles_and_drops_its_late_report() {
        let mut session = confirmed(None);
        let audit = session.start(3.0).expect("it can start");
        let cancel = session.cancel(4.0).expect("it can be cancelled");
        assert!(session.is_cancelling(cancel.id));
        assert_eq!(session.cancel(4.0), None, "one cancel is enough");
        session.receive(answer(audit.id, Response::Reported(Box::new(rendering()))), 5.0);
        assert_eq!(session.moment(), Moment::Running);
        session.receive(answer(cancel.id, Response::Cancelled), 6.0);
        assert_eq!(session.moment(), Moment::Confirm);
        assert!(session.status().starts_with("Cancelled."));
        assert!(session.can_start());
    }

    #[test]
    fn a_cancelled_reading_returns_to_the_start() {
        let mut session = Session::default();
        open_one(&mut session, "a.csv", None, 0.0);
        let cancel = session.cancel(1.0).expect("it can be cancelled");
        session.receive(answer(cancel.id, Response::Cancelled), 2.0);
        assert_eq!(session.moment(), Moment::Start);
    }

    #[test]
    fn a_file_that_cannot_be_read_is_said_at_the_start() {
        let mut session = Session::default();
        let open = open_one(&mut session, "a.csv", None, 0.0);
        session.receive(
            answer(
                open.id,
                Response::Failed {
                    message: "it is empty".to_owned(),
                },
            ),
            1.0,
        );
        assert_eq!(session.moment(), Moment::Start);
        let failure = session.failure().expect("it is shown");
        assert_eq!((failure.message.as_str(), &failure.retry), ("it is empty", &None));
    }

    #[test]
    fn after_a_crash_the_file_is_read_again_with_the_same_choices() {
        let mut session = confirmed(None);
        session.edit(
            Edit::Role {
                column: "p".to_owned(),
                role: Role::Score,
            },
            3.0,
        );
        session.edit(Edit::Text(Field::MinSupport, "7".to_owned()), 3.0);
        session.start(4.0);
        session.crashed("memory ran out".to_owned());
        assert_eq!(session.failure().and_then(|failure| failure.retry.as_deref()), Some("a.csv"));
        let open = session.reopen(5.0).expect("the file is known");
        let foresee = session
            .receive(answer(open.id, Response::Opened(Box::new(inspection(&["y", "p"])))), 6.0)
            .expect("asks");
        match foresee.message {
            Request::Foresee { roles, settings, .. } => {
                assert_eq!((roles.score.as_deref(), settings.min_support), (Some("p"), 7));
            }
            other => panic!("{other:?}"),
        }
    }

    /// What the first bytes of a file tell.
    fn preview(names: &[&str], waits: bool) -> Response {
        Response::Previewed(Box::new(Preview {
            inspection: inspection(names),
            memory: Some(5_000_000_000),
            waits,
        }))
    }

    fn role(column: &str, role: Role) -> Edit {
        Edit::Role {
            column: column.to_owned(),
            role,
        }
    }

    /// A session that shows the first rows of a file that is being read, with the id of the reading.
    fn previewed(names: &[&str]) -> (Session, u32) {
        let mut session = Session::default();
        let open = open_one(&mut session, "a.csv", None, 0.0);
        let foresee = session.receive(answer(open.id, preview(names, false)), 1.0).expect("asks");
        session.receive(answer(foresee.id, Response::Foreseen(forecast(None))), 2.0);
        (session, open.id)
    }

    #[test]
    fn roles_given_while_the_file_is_read_are_kept() {
        let (mut session, reading) = previewed(&["y", "p"]);
        assert_eq!((session.moment(), session.is_read()), (Moment::Confirm, false));
        session.edit(role("p", Role::Score), 3.0).expect("asks");
        let progress = Progress {
            stage: Stage::Reading,
            done: 5,
            total: 10,
            rows: 1,
        };
        session.receive(answer(reading, Response::Progress(progress)), 4.0);
        assert_eq!(session.progress().and_then(|progress| progress.share), Some(0.5));
        let mut whole = inspection(&["y", "p"]);
        whole.columns[0].kind = Kind::Text;
        whole.roles.label = Some("y".to_owned());
        whole.roles.prediction = Some("p".to_owned());
        session.receive(answer(reading, Response::Opened(Box::new(whole))), 5.0);
        assert!(session.is_read() && session.progress().is_none());
        assert_eq!((session.role_of("p"), session.role_of("y")), (Role::Score, Role::Label));
        assert!(
            session.notices()[0].text.contains("\"y\" looked like numbers"),
            "{:?}",
            session.notices()
        );
    }

    #[test]
    fn an_audit_asked_for_early_starts_when_the_file_is_read() {
        let (mut session, reading) = previewed(&["y", "p"]);
        assert_eq!(session.start(3.0), None);
        assert!(session.starts_when_read());
        let opened = Response::Opened(Box::new(inspection(&["y", "p"])));
        let foresee = session.receive(answer(reading, opened), 4.0).expect("asks");
        assert_eq!(session.moment(), Moment::Confirm);
        let audit = session.receive(answer(foresee.id, Response::Foreseen(forecast(None))), 5.0);
        assert!(
            matches!(
                audit,
                Some(Envelope {
                    message: Request::Audit { .. },
                    ..
                })
            ),
            "{audit:?}"
        );
        assert_eq!(session.moment(), Moment::Running);
    }

    #[test]
    fn an_early_start_is_taken_back_by_asking_again_and_by_a_problem() {
        let (mut session, reading) = previewed(&["y", "p"]);
        session.start(3.0);
        session.start(3.0);
        assert!(!session.starts_when_read());
        session.start(3.0);
        let opened = Response::Opened(Box::new(inspection(&["y", "p"])));
        let foresee = session.receive(answer(reading, opened), 4.0).expect("asks");
        let none = session.receive(answer(foresee.id, Response::Foreseen(forecast(Some("no label")))), 5.0);
        assert_eq!((none, session.moment()), (None, Moment::Confirm));
    }

    #[test]
    fn a_reading_that_is_cancelled_after_its_first_rows_returns_to_the_start() {
        let (mut session, reading) = previewed(&["y", "p"]);
        let cancel = session.cancel(3.0).expect("it can be cancelled");
        assert_eq!(
            session.edit(role("y", Role::Label), 3.5),
            None,
            "the answer to the cancel is awaited"
        );
        session.receive(answer(reading, Response::Opened(Box::new(inspection(&["y", "p"])))), 4.0);
        session.receive(answer(cancel.id, Response::Cancelled), 5.0);
        assert_eq!((session.moment(), session.inspection().is_none()), (Moment::Start, true));
    }

    #[test]
    fn a_file_read_otherwise_keeps_the_roles_of_columns_that_stay() {
        let mut session = confirmed(None);
        session.edit(role("p", Role::Score), 3.0);
        session.edit(role("y", Role::Label), 3.0);
        let open = session.read_as(Aspect::Header, "no", 4.0).expect("it is read again");
        assert!(matches!(&open.message, Request::Open { options, .. } if options.header == Some(false)));
        assert_eq!(session.moment(), Moment::Confirm);
        assert!(!session.can_start());
        let opened = Response::Opened(Box::new(inspection(&["column 1", "p"])));
        session.receive(answer(open.id, opened), 5.0).expect("asks");
        assert_eq!((session.role_of("p"), session.roles().label.as_deref()), (Role::Score, None));
    }

    #[test]
    fn a_file_that_cannot_be_read_otherwise_is_read_as_before() {
        let mut session = confirmed(None);
        let open = session.read_as(Aspect::Delimiter, "tab", 3.0).expect("it is read again");
        let failed = Response::Failed {
            message: "it has no rows".to_owned(),
        };
        let again = session.receive(answer(open.id, failed), 4.0).expect("it is read again");
        assert!(matches!(&again.message, Request::Open { options, .. } if *options == ReadOptions::default()));
        assert_eq!(session.failure().map(|failure| failure.message.as_str()), Some("it has no rows"));
        session.receive(answer(again.id, Response::Opened(Box::new(inspection(&["y", "p"])))), 5.0);
        assert_eq!((session.moment(), session.is_read()), (Moment::Confirm, true));
    }

    #[test]
    fn words_that_do_not_go_together_change_nothing() {
        let mut session = confirmed(None);
        assert_eq!(session.read_as(Aspect::Header, "perhaps", 3.0), None);
        assert!(session.failure().is_some() && session.is_read());
    }

    #[test]
    fn a_file_that_may_be_too_large_waits_to_be_told_how_much_of_it_is_read() {
        let mut session = Session::default();
        let open = open_one(&mut session, "a.csv", None, 0.0);
        session.receive(answer(open.id, preview(&["y", "p"], true)), 1.0).expect("asks");
        assert!(session.waits() && session.is_reading());
        session.edit(role("y", Role::Label), 2.0);
        let begin = session.begin(Wanted::Used).expect("it is told");
        assert!(matches!(&begin.message, Request::Begin { columns: Some(columns), sample: None } if columns == &["y"]));
        assert_eq!(session.begin(Wanted::Used), None, "once");
        session.receive(answer(open.id, Response::Opened(Box::new(inspection(&["y"])))), 3.0);
        assert!(session.is_read());
    }

    #[test]
    fn an_example_brings_its_roles() {
        let mut session = Session::default();
        let example = Example::by_id("compas");
        let open = open_one(&mut session, "compas_counts.csv", example, 0.0);
        session.receive(answer(open.id, Response::Opened(Box::new(inspection(&["count", "race"])))), 1.0);
        assert_eq!(session.role_of("count"), Role::Count);
        assert_eq!(session.role_of("race"), Role::Sensitive);
        assert_eq!(session.settings().threshold, Some(5.0));
        open_one(&mut session, "mine.csv", None, 2.0);
        assert_eq!((session.example(), session.settings().threshold), (None, None));
    }

    #[test]
    fn progress_of_an_older_request_is_not_shown() {
        let mut session = Session::default();
        let first = open_one(&mut session, "a.csv", None, 0.0);
        open_one(&mut session, "b.csv", None, 1.0);
        let progress = Progress {
            stage: Stage::Reading,
            done: 5,
            total: 10,
            rows: 1,
        };
        session.receive(answer(first.id, Response::Progress(progress)), 2.0);
        assert_eq!(session.progress(), Some(&ProgressView::waiting()));
    }

    /// A session with a report.
    fn audited() -> Session {
        let mut session = confirmed(None);
        let audit = session.start(3.0).expect("it starts");
        session.receive(answer(audit.id, Response::Reported(Box::new(rendering()))), 4.0);
        session
    }

    #[test]
    fn a_comparison_is_changed_beside_the_report_and_the_last_one_counts() {
        let mut session = audited();
        let before = session.report().cloned();
        let first = session
            .compare(Compare::Dialect(Dialect::Fairlearn), 5.0)
            .expect("it is computed again");
        assert!(matches!(&first.message, Request::Audit { settings, .. } if settings.dialect == Dialect::Fairlearn));
        assert!(session.is_comparing() && session.moment() == Moment::Report && session.status() == "Comparing again.");
        assert_eq!(session.report().cloned(), before, "the report stays meanwhile");
        assert_eq!(session.compare(Compare::Dialect(Dialect::Fairlearn), 5.5), None, "nothing changes");
        let second = session
            .compare(Compare::Preset(Preset::FourFifths, true), 6.0)
            .expect("it is computed again");
        session.receive(answer(first.id, Response::Reported(Box::new(rendering()))), 7.0);
        assert!(session.is_comparing(), "an answer to what is not wanted any more changes nothing");
        session.receive(answer(second.id, Response::Reported(Box::new(rendering()))), 8.0);
        assert!(!session.is_comparing() && session.status() == "The report is ready.");
        assert_eq!(session.settings().presets.chosen, [Preset::FourFifths]);
        assert_eq!(session.settings().dialect, Dialect::Fairlearn);
    }

    #[test]
    fn a_comparison_that_cannot_be_made_is_taken_back_and_said() {
        let mut session = audited();
        let request = session
            .compare(Compare::Control(Some("y".to_owned())), 5.0)
            .expect("it is computed again");
        let message = "It has too many levels.".to_owned();
        assert_eq!(session.receive(answer(request.id, Response::Failed { message }), 6.0), None);
        assert!(session.roles().control.is_empty() && !session.is_comparing());
        assert_eq!(
            session.failure().map(|failure| failure.message.as_str()),
            Some("It has too many levels.")
        );
        assert_eq!(session.moment(), Moment::Report);
    }

    #[test]
    fn before_a_report_there_is_nothing_to_compare() {
        let mut session = confirmed(None);
        assert_eq!(session.compare(Compare::Dialect(Dialect::Aif360), 3.0), None);
        assert_eq!(session.settings().dialect, Dialect::Assay);
    }
}
