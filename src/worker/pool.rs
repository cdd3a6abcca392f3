//! A file read by several workers: the coordinator hands out blocks to the parsers, and to the engine's own worker when they have enough
//! to do, and puts together what comes back. The table does not depend on who read what.

use js_sys::{ArrayBuffer, Uint8Array};
use wasm_bindgen::prelude::*;
use web_sys::MessagePort;

use super::reads::Reads;
use crate::data::block::ParsedBlock;
use crate::data::coordinator::Coordinator;
use crate::data::{DataError, Table};
use crate::engine::{Progress, Stage};

/// Blocks that each worker has: one to parse, while the next is read.
const EACH: usize = 2;

/// Bytes of a block.
pub(super) const BLOCK: u64 = 4 << 20;

/// The most blocks under way where so many parsers help.
pub(super) fn ahead(parsers: usize) -> u64 {
    // One worker alone has few; more workers wait less for the one before them.
    ((parsers + 1) * EACH + parsers.min(1)) as u64
}

/// A parser at the other end of a line.
struct Helper {
    line: MessagePort,
    is_ready: bool,
    under_way: usize,
}

/// A file being read.
pub(super) struct Pool {
    name: String,
    coordinator: Coordinator,
    helpers: Vec<Helper>,
    own: Reads,
}

/// Where the reading stands.
pub(super) enum Pooled {
    /// Blocks are under way.
    Further,
    /// It is another encoding than UTF-8, as that line shows.
    OtherEncoding(u64),
    Whole(Box<Table>),
}

impl Pool {
    pub fn new(name: &str, coordinator: Coordinator, lines: Vec<MessagePort>, own: Reads) -> Self {
        let helpers = lines.into_iter().map(|line| Helper {
            line,
            is_ready: false,
            under_way: 0,
        });
        Self {
            name: name.to_owned(),
            coordinator,
            helpers: helpers.collect(),
            own,
        }
    }

    /// What knows how the file is read.
    pub fn coordinator(&mut self) -> &mut Coordinator {
        &mut self.coordinator
    }

    pub fn progress(&self) -> Progress {
        let (done, total, rows) = self.coordinator.progress();
        Progress {
            stage: Stage::Reading,
            done,
            total,
            rows,
        }
    }

    /// Whether bytes are there that nobody has parsed.
    pub fn has_more(&self) -> bool {
        self.own.has_more()
    }

    /// Parses a block that is there, if there is one, and hands out more.
    pub fn step(&mut self) -> Result<Pooled, DataError> {
        match self.own.parse_next() {
            Some(parsed) => self.take(parsed),
            None => self.hand_out(),
        }
    }

    /// Takes what a parser says.
    pub fn hear(&mut self, helper: usize, said: JsValue) -> Result<Pooled, DataError> {
        let Some(helper) = self.helpers.get_mut(helper) else {
            return Ok(Pooled::Further);
        };
        if said.is_null() {
            helper.is_ready = true;
            return self.hand_out();
        }
        helper.under_way = helper.under_way.saturating_sub(1);
        let parsed = match said.dyn_into::<ArrayBuffer>() {
            Ok(bytes) => {
                let parsed = ParsedBlock::from_bytes(&Uint8Array::new(&bytes).to_vec());
                parsed.ok_or_else(|| "a parser gave an answer that the engine cannot read; reload the page".to_owned())
            }
            Err(reason) => Err(reason.as_string().unwrap_or_default()),
        };
        self.take(parsed)
    }

    fn take(&mut self, parsed: Result<ParsedBlock, String>) -> Result<Pooled, DataError> {
        let parsed = parsed.map_err(|reason| DataError::Io {
            file: self.name.clone(),
            reason,
        })?;
        if let Err(error) = self.coordinator.accept(parsed) {
            return match self.coordinator.other_encoding() {
                Some(line) => Ok(Pooled::OtherEncoding(line)),
                None => Err(error),
            };
        }
        if let Some(table) = self.coordinator.table() {
            return Ok(Pooled::Whole(Box::new(table)));
        }
        self.hand_out()
    }

    /// Gives everyone enough to do, the parsers first.
    fn hand_out(&mut self) -> Result<Pooled, DataError> {
        loop {
            let idle = self.helpers.iter_mut().filter(|helper| helper.is_ready && helper.under_way < EACH);
            let idlest = idle.min_by_key(|helper| helper.under_way);
            if idlest.is_none() && self.own.under_way() >= EACH {
                return Ok(Pooled::Further);
            }
            let Some(job) = self.coordinator.next_job() else {
                return Ok(Pooled::Further);
            };
            match idlest {
                Some(helper) => {
                    helper.under_way += 1;
                    // Bytes can always be posted on a line of our own.
                    _ = helper.line.post_message(&Uint8Array::from(job.to_bytes().as_slice()));
                }
                None => self.own.begin(job),
            }
        }
    }
}
