//! What the worker answers, and what becomes of the session then.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::{Moment, Session};
use crate::engine::Inspection;
use crate::present::columns;
use crate::present::examples::Example;
use crate::present::explore::Exploring;
use crate::present::files::Files;
use crate::present::opening;
use crate::present::progress::ProgressView;
use crate::protocol::{Envelope, Preview, Rendering, Request, Response};
use crate::report::explore::Explored;

impl Session {
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
        if self.profiling == Some(answer.id) {
            self.profiled(answer.message);
            return None;
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
            Response::Explored(_) | Response::Profiled { .. } => {}
            Response::Cancelled => return self.cancelled(now),
            Response::Failed { message } => return self.refused(message, now),
        }
        None
    }

    /// What the worker says of the profile that was asked for.
    fn profiled(&mut self, answer: Response) {
        match answer {
            Response::Profiled { json } => (self.profile, self.profiling) = (Some(json), None),
            Response::Failed { message } => {
                self.profiling = None;
                self.fail(message);
            }
            _ => {}
        }
    }

    /// What the worker says of the file that it reads.
    pub(super) fn read_on(&mut self, answer: Response, now: f64) -> Option<Envelope<Request>> {
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
    pub(super) fn peeked(&mut self, answer: Response, now: f64) -> Option<Envelope<Request>> {
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

    pub(super) fn previewed(&mut self, preview: Preview, now: f64) -> Option<Envelope<Request>> {
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

    pub(super) fn opened(&mut self, inspection: Inspection, now: f64) -> Option<Envelope<Request>> {
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
    pub(super) fn show(&mut self, inspection: Arc<Inspection>) {
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
    pub(super) fn unread(&mut self, message: String, is_peek: bool, now: f64) -> Option<Envelope<Request>> {
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
    pub(super) fn forget(&mut self) {
        self.files = Files::default();
        self.reading = None;
        self.peeking = None;
        self.inspection = None;
        self.forecast = None;
        self.progress = None;
        self.starts_when_read = false;
        self.moment = Moment::Start;
    }

    pub(super) fn reported(&mut self, report: Rendering) {
        self.progress = None;
        self.compared_before = None;
        self.report = Some(Arc::new(report));
        self.moment = Moment::Report;
    }

    pub(super) fn explored(&mut self, answer: Response) -> Option<Envelope<Request>> {
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

    pub(super) fn cancelled(&mut self, now: f64) -> Option<Envelope<Request>> {
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

    pub(super) fn refused(&mut self, message: String, now: f64) -> Option<Envelope<Request>> {
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
}
