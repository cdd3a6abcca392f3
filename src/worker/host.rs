//! Inside the engine's worker: answers requests, and runs one job at a time in short steps.
//!
//! Between two steps the worker goes back to its event loop by a message to itself, because a busy worker sees no other message:
//! so a cancel arrives before the next step. Nothing is computed inside a promise, because a trap there would never reach the page.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;
use std::sync::Arc;

use js_sys::{Array, ArrayBuffer, Uint8Array};
use wasm_bindgen::prelude::*;
use web_sys::{Blob, DedicatedWorkerGlobalScope, MessageChannel, MessageEvent, MessagePort};

use super::pool::{BLOCK, Pool, Pooled, ahead};
use super::reads::Reads;
use super::slices::Slices;
use super::{FILE, PORTS, TEXT, field, listen, panic};
use crate::data::block::Sample;
use crate::data::coordinator::{Coordinator, Opening, Pieces};
use crate::data::read::{Reading, read_full};
use crate::data::{By, DataError, Keys, ReadOptions, Roles, Table};
use crate::engine::{
    AuditJob, EngineError, Found, KeptProfile, Part, ProfileJob, Progress, ReadJob, Reference, Step, foresee, inspect, join_to,
};
use crate::present::Pace;
use crate::protocol::{Envelope, Preview, Purpose, Rendering, Request, Response};
use crate::report::explore::{self, Ask};
use crate::report::index::{classes, features};
use crate::report::{Report, csv, html, outline};
use crate::run::Settings;
use crate::run::profile::model::SMALLEST;
use crate::run::profile::{HEAD, MOST_BYTES, is_profile};
use crate::run::threshold::{Building, Explorer};

/// The least time between two progress messages: a frame.
const PROGRESS_MS: f64 = 16.0;

/// Columns that may take more memory than this are read when somebody has said so: a worker has 4 GB, and an audit needs some of them.
const MOST_MEMORY: u64 = 3_000_000_000;

/// Columns of more bytes than this are not copied for an aide: it would take as much memory once more, of which the machine may have no more.
const MOST_CARRIED: usize = 600_000_000;

/// Starts the worker: listens, and says that it is ready.
///
/// # Panics
/// Where the browser cannot make a message channel, without which nothing here can run.
pub fn start() {
    let scope: DedicatedWorkerGlobalScope = js_sys::global().unchecked_into();
    let channel = MessageChannel::new().expect("a browser that runs workers has message channels");
    let host = Rc::new(Host {
        scope: scope.clone(),
        pump: channel.port2(),
        state: RefCell::default(),
    });

    let stepping = Rc::clone(&host);
    listen(
        move |_: MessageEvent| stepping.tick(),
        |listener| channel.port1().set_onmessage(Some(listener)),
    );
    let listening = Rc::clone(&host);
    listen(
        move |event: MessageEvent| listening.receive(&event),
        |listener| scope.set_onmessage(Some(listener)),
    );
    host.post(0, Response::Ready);
}

enum Job {
    /// By several workers, each where it likes.
    Pooled(Box<Pool>),
    /// From the first byte to the last.
    Reading(Box<ReadJob<Slices>>),
    Auditing(Box<AuditJob>),
    /// A file is kept without its rows.
    Profiling(Box<ProfileJob>),
    /// After a report: what answers for other thresholds is being made.
    Exploring(Box<Building>),
}

/// What came of a step, whichever job it was of.
enum Outcome {
    Working(Progress),
    /// There is more to do, of which nobody is told.
    Quiet,
    /// There is more to do when something comes.
    Waiting(Progress),
    Read(Table),
    /// It must be read in order, in the encoding that this line shows.
    OtherEncoding(u64),
    Reported(Box<Rendering>),
    Explorable(Box<Explorer>),
    Profiled(String),
}

struct Running {
    id: u32,
    job: Job,
    pace: Pace,
    told_at: f64,
}

#[derive(Default)]
struct State {
    /// The file and how it is read.
    file: Option<OpenFile>,
    /// A file that waits to be read.
    waiting: Option<(u32, Box<Pool>)>,
    /// The tables, by the numbers of their files; while a file is read, that of its first bytes.
    tables: BTreeMap<u32, Held>,
    /// What stands in for tables, likewise.
    profiles: BTreeMap<u32, Arc<KeptProfile>>,
    /// What answers for other thresholds, from a report until something else is asked of the table.
    explorer: Option<Box<Explorer>>,
    running: Option<Running>,
    /// Whether a message to itself is under way, so that there is never more than one.
    pumping: bool,
}

/// A table, and about how many bytes of memory it takes, where that is known.
struct Held {
    table: Arc<Table>,
    memory: u64,
}

/// What is needed to read a file once more.
#[derive(Clone)]
struct OpenFile {
    number: u32,
    name: String,
    purpose: Purpose,
    /// Which columns' ids are kept.
    keys: Option<Keys>,
    blob: Blob,
    options: ReadOptions,
    columns: Option<Vec<String>>,
    sample: Option<Sample>,
}

struct Host {
    scope: DedicatedWorkerGlobalScope,
    pump: MessagePort,
    state: RefCell<State>,
}

impl Host {
    fn post(&self, id: u32, message: Response) {
        panic::post(&self.scope, id, message);
    }

    fn fail(&self, id: u32, message: String) {
        self.post(id, Response::Failed { message });
    }

    /// Milliseconds on a clock that only paces steps; no result depends on it.
    fn now(&self) -> f64 {
        self.scope.performance().map(|clock| clock.now()).unwrap_or_default()
    }

    fn receive(self: &Rc<Self>, event: &MessageEvent) {
        let data = event.data();
        let Some(Ok(Envelope { id, message })) = field(&data, TEXT).as_string().map(|text| serde_json::from_str(&text)) else {
            return self.fail(
                0,
                "The page sent a message that the engine cannot read. Reload the page, so that both are of the same version.".to_owned(),
            );
        };
        match message {
            Request::Open {
                file: number,
                name,
                options,
                purpose,
            } => match field(&data, FILE).dyn_into::<Blob>() {
                Ok(blob) => {
                    let file = OpenFile {
                        number,
                        keys: self.keys(&purpose),
                        name,
                        purpose,
                        blob,
                        options,
                        columns: None,
                        sample: None,
                    };
                    let ports = Array::from(&field(&data, PORTS));
                    let opened = match file.purpose {
                        Purpose::Peek => self.peek(id, &file),
                        _ => self.open(id, file, ports.iter().filter_map(|port| port.dyn_into().ok()).collect()),
                    };
                    if let Err(error) = opened {
                        self.fail(id, error.to_string());
                    }
                }
                Err(_) => self.fail(id, format!("\"{name}\" did not reach the engine. Choose the file again.")),
            },
            Request::Begin { columns, sample } => self.begin(columns, sample),
            Request::Foresee {
                current,
                files,
                roles,
                settings,
            } => {
                self.forget_others(&files);
                self.foresee(id, current, &roles, &settings);
            }
            Request::Audit {
                current,
                reference,
                roles,
                settings,
            } => {
                let lines = field(&data, PORTS).dyn_into::<Array>();
                let line = lines.ok().and_then(|lines| lines.get(0).dyn_into().ok());
                self.audit(id, (current, reference), roles, settings, line);
            }
            Request::Profile { current, roles, settings } => self.profile(id, current, roles, &settings),
            Request::Explore(ask) => self.explore(id, &ask),
            Request::Alone => self.go_on_alone(id),
            Request::Cancel => {
                let mut state = self.state.borrow_mut();
                (state.running, state.waiting) = (None, None);
                drop(state);
                self.post(id, Response::Cancelled);
            }
        }
    }

    /// Looks at the first bytes of a file, and begins to read it or says why that waits.
    fn open(self: &Rc<Self>, id: u32, file: OpenFile, lines: Vec<MessagePort>) -> Result<(), DataError> {
        self.leave_report();
        {
            let mut state = self.state.borrow_mut();
            (state.running, state.waiting) = (None, None);
            state.tables.remove(&file.number);
            state.profiles.remove(&file.number);
            state.file = Some(file.clone());
        }
        if let Some(kept) = file.profile()? {
            self.hold(id, file.number, kept);
            return Ok(());
        }
        let mut slices = file.slices()?;
        let size = slices.size();
        let pieces = Pieces {
            block: BLOCK,
            ahead: ahead(lines.len()),
        };
        let mut coordinator = Coordinator::new(&file.name, Some(size), pieces).reading_as(file.options.clone());
        let mut window = Vec::new();
        loop {
            let held = window.len();
            window.resize(coordinator.window().min(size) as usize, 0);
            let came = read_full(&mut slices, &mut window[held..]).map_err(|error| file.fault(error.to_string()))?;
            window.truncate(held + came);
            match coordinator.open(&window)? {
                Opening::More => {}
                Opening::Ready => break,
                Opening::InOrder => return self.read_in_order(id, &file, None),
            }
        }
        let preview = coordinator.opened().filter(|_| (window.len() as u64) < size).cloned();
        let memory = coordinator.estimate();
        if let Some(keys) = &file.keys {
            coordinator.keep_keys(keys);
        }
        for (place, line) in lines.iter().enumerate() {
            let hearing = Rc::clone(self);
            listen(
                move |event: MessageEvent| hearing.hear(id, place, event.data()),
                |listener| line.set_onmessage(Some(listener)),
            );
        }
        let waking = Rc::clone(self);
        let own = Reads::new(file.blob, Rc::new(move || waking.schedule()));
        let pool = Box::new(Pool::new(&file.name, coordinator, lines, own));
        let others: u64 = self.state.borrow().tables.values().map(|held| held.memory).sum();
        let waits = memory.is_some_and(|bytes| bytes + others > MOST_MEMORY);
        if let Some(table) = preview {
            self.show_first(id, file.number, table, (size, memory, waits));
        }
        if waits {
            self.state.borrow_mut().waiting = Some((id, pool));
        } else {
            self.run(id, Job::Pooled(pool));
        }
        Ok(())
    }

    /// Forgets all files but these, and stops reading one of them.
    fn forget_others(&self, files: &[u32]) {
        let mut state = self.state.borrow_mut();
        state.tables.retain(|file, _| files.contains(file));
        state.profiles.retain(|file, _| files.contains(file));
        let is_read = matches!(
            &state.running,
            Some(Running {
                job: Job::Pooled(_) | Job::Reading(_),
                ..
            })
        );
        if state.file.as_ref().is_some_and(|file| !files.contains(&file.number)) {
            state.file = None;
            state.waiting = None;
            if is_read {
                state.running = None;
            }
        }
    }

    /// Which columns' ids are kept for a join.
    fn keys(&self, purpose: &Purpose) -> Option<Keys> {
        match purpose {
            Purpose::Peek | Purpose::Table => None,
            Purpose::Labels { id: Some(id) } => Some(Keys::Of(vec![id.clone()])),
            Purpose::Labels { id: None } => Some(Keys::Likely(Vec::new())),
            Purpose::Joined { by: Some((own, _)), .. } => Some(Keys::Of(vec![own.clone()])),
            Purpose::Joined { labels, by: None } => {
                let labels = self.table(*labels);
                let keys = labels.iter().flat_map(|labels| &labels.keys);
                Some(Keys::Likely(keys.map(|keyed| keyed.column.clone()).collect()))
            }
        }
    }

    /// Says what the first rows of a file tell; nothing of it is kept.
    fn peek(&self, id: u32, file: &OpenFile) -> Result<(), DataError> {
        if let Some(kept) = file.profile()? {
            let first = kept.map(|kept| Response::Peeked(Some(Box::new(kept.inspection()))));
            self.post(id, first.unwrap_or_else(|message| Response::Failed { message }));
            return Ok(());
        }
        let slices = file.slices()?;
        let size = slices.size();
        let mut reading = Reading::with_options(slices, &file.name, size, file.options.clone());
        let whole = reading.step(1)?;
        let first = whole.as_ref().or(reading.opened()).map(|table| {
            let mut inspection = inspect(table);
            inspection.intake.bytes = size;
            Box::new(inspection)
        });
        self.post(id, Response::Peeked(first));
        Ok(())
    }

    /// Keeps a profile beside the file that is compared with it; alone it tells nothing.
    fn hold(&self, id: u32, file: u32, kept: Result<KeptProfile, String>) {
        let is_alone = self.state.borrow().tables.is_empty();
        match kept {
            Ok(kept) if is_alone => self.fail(
                id,
                format!(
                    "\"{}\" is a profile, which holds no rows. Choose it together with the file that is to be compared with it.",
                    kept.name
                ),
            ),
            Ok(kept) => {
                let inspection = kept.inspection();
                self.state.borrow_mut().profiles.insert(file, Arc::new(kept));
                self.post(id, Response::Opened(Box::new(inspection)));
            }
            Err(message) => self.fail(id, message),
        }
    }

    /// Shows the first rows of a file that is being read, or waits.
    fn show_first(&self, id: u32, file: u32, table: Table, (size, memory, waits): (u64, Option<u64>, bool)) {
        let mut inspection = inspect(&table);
        inspection.intake.bytes = size;
        let held = Held {
            table: Arc::new(table),
            memory: memory.unwrap_or_default(),
        };
        self.state.borrow_mut().tables.insert(file, held);
        self.post(id, Response::Previewed(Box::new(Preview { inspection, memory, waits })));
    }

    /// Reads what waits, as far as it is wanted.
    fn begin(&self, columns: Option<Vec<String>>, sample: Option<Sample>) {
        let Some((id, mut pool)) = self.state.borrow_mut().waiting.take() else {
            return;
        };
        if let Some(names) = &columns
            && let Err(error) = pool.coordinator().keep(names)
        {
            return self.fail(id, error.to_string());
        }
        if let Some(sample) = sample {
            pool.coordinator().sample(sample);
        }
        if let Some(file) = &mut self.state.borrow_mut().file {
            (file.columns, file.sample) = (columns, sample);
        }
        self.run(id, Job::Pooled(pool));
    }

    /// Reads from the first byte to the last; `other_encoding` is the line that shows one.
    fn read_in_order(&self, id: u32, file: &OpenFile, other_encoding: Option<u64>) -> Result<(), DataError> {
        let slices = file.slices()?;
        let size = slices.size();
        let mut reading = Reading::with_options(slices, &file.name, size, file.options.clone());
        if let Some(line) = other_encoding {
            reading = reading.in_other_encoding(line);
        }
        if let Some(columns) = &file.columns {
            reading = reading.keep(columns);
        }
        if let Some(sample) = file.sample {
            reading = reading.sample(sample);
        }
        if let Some(keys) = &file.keys {
            reading = reading.keep_keys(keys.clone());
        }
        self.run(id, Job::Reading(Box::new(ReadJob::of(reading))));
        Ok(())
    }

    /// Takes what a parser says.
    fn hear(&self, id: u32, helper: usize, said: JsValue) {
        let running = self.state.borrow_mut().running.take();
        let Some(mut running) = running else { return };
        let outcome = match &mut running.job {
            Job::Pooled(pool) if running.id == id => of_pool(pool, |pool| pool.hear(helper, said)),
            // It comes too late to matter.
            _ => {
                self.state.borrow_mut().running = Some(running);
                return;
            }
        };
        self.conclude(running, outcome);
    }

    /// What was made of the last report is not asked for any more; its memory is.
    fn leave_report(&self) {
        let mut state = self.state.borrow_mut();
        state.explorer = None;
        if matches!(
            &state.running,
            Some(Running {
                job: Job::Exploring(_),
                ..
            })
        ) {
            state.running = None;
        }
    }

    fn explore(&self, id: u32, ask: &Ask) {
        match &self.state.borrow().explorer {
            Some(explorer) => self.post(id, Response::Explored(Box::new(explore::explore(explorer, ask)))),
            None => self.fail(
                id,
                "The engine holds no report whose threshold can be moved. Start the audit again.".to_owned(),
            ),
        }
    }

    fn foresee(&self, id: u32, current: u32, roles: &Roles, settings: &Settings) {
        self.leave_report();
        match self.table(current) {
            Some(table) => self.post(id, Response::Foreseen(foresee(&table, roles, settings))),
            None if self.state.borrow().profiles.contains_key(&current) => {
                let message = "A profile holds no rows that could be judged. Make it the reference, and judge the other file.";
                self.fail(id, message.to_owned());
            }
            None => self.fail(id, NO_TABLE.to_owned()),
        }
    }

    /// Begins an audit; at the other end of the line, if there is one, somebody can help.
    fn audit(
        self: &Rc<Self>,
        id: u32,
        (current, reference): (u32, Option<u32>),
        roles: Roles,
        settings: Settings,
        line: Option<MessagePort>,
    ) {
        self.leave_report();
        let tables = (self.table(current), reference.map(|reference| self.reference(reference)));
        let (Some(table), None | Some(Some(_))) = tables else {
            return self.fail(id, NO_TABLE.to_owned());
        };
        match AuditJob::new(table, roles, settings) {
            Ok(mut job) => {
                if let Some(reference) = tables.1.flatten() {
                    job = job.beside(reference);
                }
                if let Some(line) = line {
                    let (hearing, own) = (Rc::clone(self), line.clone());
                    listen(
                        move |event: MessageEvent| hearing.hear_aide(id, &own, &event.data()),
                        |listener| line.set_onmessage(Some(listener)),
                    );
                }
                self.run(id, Job::Auditing(Box::new(job)));
            }
            Err(error) => self.fail(id, error.to_string()),
        }
    }

    fn profile(&self, id: u32, current: u32, roles: Roles, settings: &Settings) {
        self.leave_report();
        let Some(table) = self.table(current) else {
            return self.fail(id, NO_TABLE.to_owned());
        };
        match ProfileJob::new(table, roles, settings, SMALLEST) {
            Ok(job) => self.run(id, Job::Profiling(Box::new(job))),
            Err(error) => self.fail(id, error.to_string()),
        }
    }

    fn reference(&self, file: u32) -> Option<Reference> {
        let kept = self.state.borrow().profiles.get(&file).map(Arc::clone);
        kept.map(Reference::Profile).or_else(|| self.table(file).map(Reference::Data))
    }

    /// Takes what an aide says: nothing when it is ready, how many steps it has done, or what it found.
    fn hear_aide(&self, id: u32, line: &MessagePort, said: &JsValue) {
        let is_over = self.change_audit(id, |job| {
            if said.is_null() {
                return !hand_out(job, line);
            }
            if let Some(done) = said.as_f64() {
                job.hear(Part::Columns, done as u64);
                return false;
            }
            let bytes = said.dyn_ref::<ArrayBuffer>().map(|bytes| Uint8Array::new(bytes).to_vec());
            match bytes.and_then(|bytes| Found::of_bytes(&bytes)) {
                Some(found) => job.supply(found),
                None => job.take_back(Part::Columns),
            }
            true
        });
        if is_over.unwrap_or(true) {
            // That ends it, and frees its memory.
            _ = line.post_message(&JsValue::NULL);
        }
    }

    /// Does by itself what an aide was to do, which is lost.
    fn go_on_alone(&self, id: u32) {
        _ = self.change_audit(id, |job| job.take_back(Part::Columns));
    }

    /// Changes the audit of that id, if it runs, and sees that it goes on.
    fn change_audit<T>(&self, id: u32, change: impl FnOnce(&mut AuditJob) -> T) -> Option<T> {
        let changed = match &mut self.state.borrow_mut().running {
            Some(Running {
                id: own,
                job: Job::Auditing(job),
                ..
            }) if *own == id => change(job),
            // It comes too late to matter.
            _ => return None,
        };
        self.schedule();
        Some(changed)
    }

    fn table(&self, file: u32) -> Option<Arc<Table>> {
        self.state.borrow().tables.get(&file).map(|held| Arc::clone(&held.table))
    }

    /// Keeps the table of a file that was read, with the columns of its label file where it has one.
    fn keep(&self, id: u32, mut table: Table) {
        let mut state = self.state.borrow_mut();
        let Some(file) = state.file.clone() else { return };
        let mut unjoined = None;
        if let Purpose::Joined { labels, by } = file.purpose {
            let by = by.map_or(By::Found, |(predictions, labels)| By::Columns { predictions, labels });
            let labels = state.tables.remove(&labels).and_then(|held| Arc::into_inner(held.table));
            unjoined = match labels {
                Some(labels) => join_to(&mut table, labels, &by).err().map(|error| error.to_string()),
                None => Some(NO_TABLE.to_owned()),
            };
        }
        let inspection = inspect(&table);
        let memory = state.tables.get(&file.number).map_or(0, |first| first.memory);
        let table = Arc::new(table);
        state.tables.insert(file.number, Held { table, memory });
        drop(state);
        if let Some(message) = unjoined {
            self.post(id, Response::Unjoined { message });
        }
        self.post(id, Response::Opened(Box::new(inspection)));
    }

    /// Puts a job in place of the running one.
    fn run(&self, id: u32, job: Job) {
        self.state.borrow_mut().running = Some(Running {
            id,
            job,
            pace: Pace::default(),
            told_at: f64::NEG_INFINITY,
        });
        self.schedule();
    }

    fn schedule(&self) {
        let was_pumping = std::mem::replace(&mut self.state.borrow_mut().pumping, true);
        if !was_pumping {
            // Posting null to a port of our own cannot fail.
            let _ = self.pump.post_message(&JsValue::NULL);
        }
    }

    /// One step of the running job.
    fn tick(&self) {
        let running = {
            let mut state = self.state.borrow_mut();
            state.pumping = false;
            state.running.take()
        };
        let Some(mut running) = running else { return };
        let started = self.now();
        let outcome = running.step();
        let ended = self.now();
        running.pace.learn(ended - started);
        self.conclude(running, outcome);
    }

    /// Says what came of a step, and sees that there is another.
    fn conclude(&self, mut running: Running, outcome: Result<Outcome, EngineError>) {
        match outcome {
            Ok(Outcome::Working(progress)) => {
                self.tell_first(&running);
                self.tell(&mut running, progress);
                self.state.borrow_mut().running = Some(running);
                self.schedule();
            }
            Ok(Outcome::Waiting(progress)) => {
                self.tell(&mut running, progress);
                self.state.borrow_mut().running = Some(running);
            }
            Ok(Outcome::OtherEncoding(line)) => {
                let file = self.state.borrow().file.clone();
                if let Some(file) = file
                    && let Err(error) = self.read_in_order(running.id, &file, Some(line))
                {
                    self.fail(running.id, error.to_string());
                }
            }
            Ok(Outcome::Quiet) => {
                self.state.borrow_mut().running = Some(running);
                self.schedule();
            }
            Ok(Outcome::Read(table)) => {
                // What read it goes before more memory is needed.
                drop(running.job);
                self.keep(running.id, table);
            }
            Ok(Outcome::Reported(rendering)) => {
                self.post(running.id, Response::Reported(rendering));
                if let Job::Auditing(job) = running.job
                    && let Some(building) = job.explore()
                {
                    self.run(running.id, Job::Exploring(Box::new(building)));
                }
            }
            Ok(Outcome::Profiled(json)) => self.post(running.id, Response::Profiled { json }),
            Ok(Outcome::Explorable(explorer)) => {
                self.post(running.id, Response::Explorable(Box::new(explore::begin(&explorer))));
                self.state.borrow_mut().explorer = Some(explorer);
            }
            Err(error) => self.fail(running.id, error.to_string()),
        }
    }

    /// Says what the first rows tell of a file that is read from its first byte to its last.
    fn tell_first(&self, running: &Running) {
        let file = self.state.borrow().file.clone();
        if let (Job::Reading(job), Some(file)) = (&running.job, file)
            && !self.state.borrow().tables.contains_key(&file.number)
            && let Some(table) = job.opened()
        {
            self.show_first(running.id, file.number, table.clone(), (file.blob.size() as u64, None, false));
        }
    }

    /// Says how far a job is, not too often.
    fn tell(&self, running: &mut Running, progress: Progress) {
        let now = self.now();
        if now - running.told_at >= PROGRESS_MS {
            running.told_at = now;
            self.post(running.id, Response::Progress(progress));
        }
    }
}

/// Gives a part of an audit to an aide; false where it is not to be given away.
fn hand_out(job: &mut AuditJob, line: &MessagePort) -> bool {
    if job.weight() > MOST_CARRIED {
        return false;
    }
    let Some(errand) = job.give_away(Part::Columns) else { return false };
    let pieces = Array::new();
    let is_carried = errand.carry(&mut |piece| _ = pieces.push(&Uint8Array::from(piece.as_slice()).buffer()));
    let is_sent = is_carried && line.post_message_with_transferable(&pieces, &pieces).is_ok();
    if !is_sent {
        job.take_back(Part::Columns);
    }
    is_sent
}

const NO_TABLE: &str = "The engine holds no table. Choose the file again.";

impl Running {
    fn step(&mut self) -> Result<Outcome, EngineError> {
        let rows = self.pace.rows();
        Ok(match &mut self.job {
            Job::Pooled(pool) => return of_pool(pool, Pool::step),
            Job::Reading(job) => match job.step(rows)? {
                Step::Working(progress) | Step::Waiting(progress) => Outcome::Working(progress),
                Step::Done(table) => Outcome::Read(table),
            },
            Job::Auditing(job) => match job.step(rows)? {
                Step::Working(progress) => Outcome::Working(progress),
                Step::Waiting(progress) => Outcome::Waiting(progress),
                Step::Done(report) => Outcome::Reported(Box::new(rendering(&report))),
            },
            Job::Profiling(job) => match job.step() {
                Step::Working(progress) | Step::Waiting(progress) => Outcome::Working(progress),
                Step::Done(profile) => Outcome::Profiled(profile.to_json()),
            },
            Job::Exploring(building) => match building.step(rows) {
                Some(explorer) => Outcome::Explorable(Box::new(explorer)),
                None => return Ok(Outcome::Quiet),
            },
        })
    }
}

/// A step of a file that is read by several workers.
fn of_pool(pool: &mut Pool, step: impl FnOnce(&mut Pool) -> Result<Pooled, DataError>) -> Result<Outcome, EngineError> {
    Ok(match step(pool)? {
        Pooled::Further if pool.has_more() => Outcome::Working(pool.progress()),
        Pooled::Further => Outcome::Waiting(pool.progress()),
        Pooled::OtherEncoding(line) => Outcome::OtherEncoding(line),
        Pooled::Whole(table) => Outcome::Read(*table),
    })
}

impl OpenFile {
    fn slices(&self) -> Result<Slices, DataError> {
        Slices::new(self.blob.clone())
            .map_err(|_| self.fault("this browser gives workers no way to read files; use a current one".to_owned()))
    }

    /// The profile that it is, or why it cannot be used as one; `None` of data.
    fn profile(&self) -> Result<Option<Result<KeptProfile, String>>, DataError> {
        let mut slices = self.slices()?;
        let size = slices.size();
        let mut bytes = vec![0; size.min(HEAD as u64) as usize];
        let mut fill = |bytes: &mut [u8]| read_full(&mut slices, bytes).map_err(|error| self.fault(error.to_string()));
        fill(&mut bytes)?;
        if !is_profile(&bytes) {
            return Ok(None);
        }
        let held = bytes.len();
        // One byte more than is read of any, which refuses it.
        bytes.resize(size.min(MOST_BYTES as u64 + 1) as usize, 0);
        fill(&mut bytes[held..])?;
        Ok(Some(KeptProfile::parse(&self.name, &bytes).map_err(|error| error.to_string())))
    }

    fn fault(&self, reason: String) -> DataError {
        DataError::Io {
            file: self.name.clone(),
            reason,
        }
    }
}

fn rendering(report: &Report) -> Rendering {
    let (name, about) = outline::title(report);
    Rendering {
        json: report.to_json(),
        name,
        about,
        body: html::body(report),
        features: features(report),
        classes: classes(report),
        sheets: csv::sheets(&report.presets),
    }
}
