//! Inside the worker: answers requests, and runs one job at a time in short steps.
//!
//! Between two steps the worker goes back to its event loop by a message to itself, because a busy worker sees no other message:
//! so a cancel arrives before the next step. Nothing here is async, because a trap inside a promise would never reach the page.

use std::cell::RefCell;
use std::rc::Rc;
use std::sync::Arc;

use js_sys::Reflect;
use wasm_bindgen::prelude::*;
use web_sys::{Blob, DedicatedWorkerGlobalScope, MessageChannel, MessageEvent, MessagePort};

use super::slices::Slices;
use super::{FILE, TEXT};
use crate::data::{Roles, Table};
use crate::engine::{AuditJob, EngineError, Progress, ReadJob, Step, foresee, inspect};
use crate::present::Pace;
use crate::protocol::{Envelope, Rendering, Request, Response};
use crate::report::explore::{self, Ask};
use crate::report::{Report, html, outline};
use crate::run::Settings;
use crate::run::threshold::{Building, Explorer};

/// The least time between two progress messages.
const PROGRESS_MS: f64 = 50.0;

/// Starts the worker: listens, and says that it is ready.
///
/// # Panics
/// Where the browser cannot make a message channel, without which nothing here can run.
pub fn start() {
    let scope: DedicatedWorkerGlobalScope = js_sys::global().unchecked_into();
    std::panic::set_hook(Box::new(|panic| last_words(&describe(panic))));
    let channel = MessageChannel::new().expect("a browser that runs workers has message channels");
    let host = Rc::new(Host {
        scope: scope.clone(),
        pump: channel.port2(),
        state: RefCell::default(),
    });

    let stepping = Rc::clone(&host);
    listen(move |_| stepping.tick(), |listener| channel.port1().set_onmessage(Some(listener)));
    let listening = Rc::clone(&host);
    listen(
        move |event| listening.receive(&event),
        |listener| scope.set_onmessage(Some(listener)),
    );
    host.post(0, Response::Ready);
}

/// Makes a listener that lives as long as the worker.
fn listen(listener: impl FnMut(MessageEvent) + 'static, set: impl FnOnce(&js_sys::Function)) {
    let closure = Closure::<dyn FnMut(MessageEvent)>::new(listener);
    set(closure.as_ref().unchecked_ref());
    closure.forget();
}

/// What the page is told of a panic. The worker cannot be used after it.
fn describe(panic: &std::panic::PanicHookInfo<'_>) -> String {
    let cause = panic
        .payload()
        .downcast_ref::<String>()
        .map(String::as_str)
        .or_else(|| panic.payload().downcast_ref::<&str>().copied())
        .unwrap_or("no cause given");
    let place = panic
        .location()
        .map(|place| format!(", {}:{}", place.file(), place.line()))
        .unwrap_or_default();
    format!("The engine met a case that it does not handle ({cause}{place}). The file is untouched. Please report this text.")
}

fn last_words(message: &str) {
    let scope: DedicatedWorkerGlobalScope = js_sys::global().unchecked_into();
    post(
        &scope,
        0,
        Response::Failed {
            message: message.to_owned(),
        },
    );
}

fn post(scope: &DedicatedWorkerGlobalScope, id: u32, message: Response) {
    let Ok(text) = serde_json::to_string(&Envelope { id, message }) else {
        return;
    };
    let object = js_sys::Object::new();
    // Setting a field of a fresh plain object and posting text cannot fail.
    let _ = Reflect::set(&object, &TEXT.into(), &text.into());
    let _ = scope.post_message(&object);
}

enum Job {
    Reading(Box<ReadJob<Slices>>),
    Auditing(Box<AuditJob>),
    /// After a report: what answers for other thresholds is being made.
    Exploring(Box<Building>),
}

/// What came of a step, whichever job it was of.
enum Outcome {
    Working(Progress),
    /// There is more to do, of which nobody is told.
    Quiet,
    Read(Table),
    Reported(Box<Rendering>),
    Explorable(Box<Explorer>),
}

struct Running {
    id: u32,
    job: Job,
    pace: Pace,
    told_at: f64,
}

#[derive(Default)]
struct State {
    table: Option<Arc<Table>>,
    /// What answers for other thresholds, from a report until something else is asked of the table.
    explorer: Option<Box<Explorer>>,
    running: Option<Running>,
    /// Whether a message to itself is under way, so that there is never more than one.
    pumping: bool,
}

struct Host {
    scope: DedicatedWorkerGlobalScope,
    pump: MessagePort,
    state: RefCell<State>,
}

impl Host {
    fn post(&self, id: u32, message: Response) {
        post(&self.scope, id, message);
    }

    fn fail(&self, id: u32, message: String) {
        self.post(id, Response::Failed { message });
    }

    /// Milliseconds on a clock that only paces steps; no result depends on it.
    fn now(&self) -> f64 {
        self.scope.performance().map(|clock| clock.now()).unwrap_or_default()
    }

    fn receive(&self, event: &MessageEvent) {
        let data = event.data();
        let field = |name: &str| Reflect::get(&data, &name.into()).unwrap_or_default();
        let Some(Ok(Envelope { id, message })) = field(TEXT).as_string().map(|text| serde_json::from_str(&text)) else {
            return self.fail(
                0,
                "The page sent a message that the engine cannot read. Reload the page, so that both are of the same version.".to_owned(),
            );
        };
        match message {
            Request::Open { name } => self.open(id, &name, field(FILE)),
            Request::Foresee { roles, settings } => self.foresee(id, &roles, &settings),
            Request::Audit { roles, settings } => self.audit(id, roles, settings),
            Request::Explore(ask) => self.explore(id, &ask),
            Request::Cancel => {
                self.state.borrow_mut().running = None;
                self.post(id, Response::Cancelled);
            }
        }
    }

    fn open(&self, id: u32, name: &str, file: JsValue) {
        let Ok(blob) = file.dyn_into::<Blob>() else {
            return self.fail(id, format!("\"{name}\" did not reach the engine. Choose the file again."));
        };
        match Slices::new(blob) {
            Ok(slices) => {
                let size = slices.size();
                self.leave_report();
                self.state.borrow_mut().table = None;
                self.run(id, Job::Reading(Box::new(ReadJob::new(slices, name, size))));
            }
            Err(_) => self.fail(
                id,
                format!("\"{name}\" cannot be read: this browser gives workers no way to read files. Use a current browser."),
            ),
        }
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

    fn foresee(&self, id: u32, roles: &Roles, settings: &Settings) {
        self.leave_report();
        match self.table() {
            Some(table) => self.post(id, Response::Foreseen(foresee(&table, roles, settings))),
            None => self.fail(id, NO_TABLE.to_owned()),
        }
    }

    fn audit(&self, id: u32, roles: Roles, settings: Settings) {
        self.leave_report();
        let Some(table) = self.table() else {
            return self.fail(id, NO_TABLE.to_owned());
        };
        match AuditJob::new(table, roles, settings) {
            Ok(job) => self.run(id, Job::Auditing(Box::new(job))),
            Err(error) => self.fail(id, error.to_string()),
        }
    }

    fn table(&self) -> Option<Arc<Table>> {
        self.state.borrow().table.clone()
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
        match outcome {
            Ok(Outcome::Working(progress)) => {
                if ended - running.told_at >= PROGRESS_MS {
                    running.told_at = ended;
                    self.post(running.id, Response::Progress(progress));
                }
                self.state.borrow_mut().running = Some(running);
                self.schedule();
            }
            Ok(Outcome::Quiet) => {
                self.state.borrow_mut().running = Some(running);
                self.schedule();
            }
            Ok(Outcome::Read(table)) => {
                let inspection = inspect(&table);
                self.state.borrow_mut().table = Some(Arc::new(table));
                self.post(running.id, Response::Opened(Box::new(inspection)));
            }
            Ok(Outcome::Reported(rendering)) => {
                self.post(running.id, Response::Reported(rendering));
                if let Job::Auditing(job) = running.job
                    && let Some(building) = job.explore()
                {
                    self.run(running.id, Job::Exploring(Box::new(building)));
                }
            }
            Ok(Outcome::Explorable(explorer)) => {
                self.post(running.id, Response::Explorable(Box::new(explore::begin(&explorer))));
                self.state.borrow_mut().explorer = Some(explorer);
            }
            Err(error) => self.fail(running.id, error.to_string()),
        }
    }
}

const NO_TABLE: &str = "The engine holds no table. Choose the file again.";

impl Running {
    fn step(&mut self) -> Result<Outcome, EngineError> {
        let rows = self.pace.rows();
        Ok(match &mut self.job {
            Job::Reading(job) => match job.step(rows)? {
                Step::Working(progress) => Outcome::Working(progress),
                Step::Done(table) => Outcome::Read(table),
            },
            Job::Auditing(job) => match job.step(rows)? {
                Step::Working(progress) => Outcome::Working(progress),
                Step::Done(report) => Outcome::Reported(Box::new(rendering(&report))),
            },
            Job::Exploring(building) => match building.step(rows) {
                Some(explorer) => Outcome::Explorable(Box::new(explorer)),
                None => return Ok(Outcome::Quiet),
            },
        })
    }
}

fn rendering(report: &Report) -> Rendering {
    Rendering {
        json: report.to_json(),
        about: outline::title(report).1,
        body: html::body(report),
        document: html::document(report, None),
    }
}
