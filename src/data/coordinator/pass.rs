//! One way through a file: which bytes are wanted next, and whether the rows of one block end where those of the next begin.
//!
//! Blocks come back in any order and are taken in file order. What a block says of its bytes holds in any case; its rows hold when the
//! block before ends where they begin. Otherwise they are asked for again, from where they do begin; so are the rest of a block whose
//! last row did not end in the bytes that were there.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::fingerprint::Fingerprint;
use super::grown::Grown;
use crate::data::DataError;
use crate::data::block::{BlockPlan, Bytes, Form, Job, LISTED_BAD_ROWS, ParsedBlock};
use crate::data::tally::Place;

/// The most bytes of a row.
pub(in crate::data) const MOST_ROW_BYTES: u64 = 16 << 20;

/// Rows kept as text for a preview.
pub(in crate::data) const PREVIEW_ROWS: u64 = 20;

/// Bytes behind a block that are read with it, so that its last row is whole.
const OVERLAP: u64 = 64 << 10;

/// Bytes behind a block that a character and an end of line may need.
const LEAST_OVERLAP: u64 = 4;

/// The numbers of jobs that ask again; blocks have theirs below.
const AGAIN: u64 = 1 << 62;

/// Rows so far.
#[derive(Debug, Default)]
pub(super) struct Counts {
    pub kept: u64,
    pub set_aside: u64,
    pub left_out: u64,
    /// The first rows set aside, each with its fields.
    pub bad: Vec<(Place, u64)>,
    pub preview: Vec<Vec<String>>,
}

/// What stops a pass; the file's name is put to it later.
#[derive(Debug)]
pub(super) enum Stop {
    /// A byte that is no UTF-8, and whether all before it are ASCII.
    NotUtf8 {
        line: u64,
        byte: u64,
        is_first: bool,
    },
    UnclosedQuote {
        line: u64,
    },
    RowTooLong {
        line: u64,
    },
    Changed,
}

impl Stop {
    pub(super) fn of(self, file: &str) -> DataError {
        let file = file.to_owned();
        match self {
            Self::NotUtf8 { line, byte, .. } => DataError::NotUtf8 {
                file,
                line,
                byte: byte + 1,
            },
            Self::UnclosedQuote { line } => DataError::UnclosedQuote { file, line },
            Self::RowTooLong { line } => DataError::RowTooLong {
                file,
                line,
                most: MOST_ROW_BYTES,
            },
            Self::Changed => DataError::Changed { file },
        }
    }
}

/// A way through the file.
#[derive(Debug)]
pub(super) struct Pass {
    plan: Arc<BlockPlan>,
    block: u64,
    /// The most blocks that are handed out and not yet taken.
    ahead: u64,
    /// The file's size, as soon as it is known.
    pub size: Option<u64>,
    /// Where each block's first row begins, where an earlier pass found it. The bytes were looked at then, too.
    known: Option<Vec<u64>>,
    /// The same, as this pass finds it.
    pub starts: Vec<u64>,
    pub fingerprint: Fingerprint,
    /// The first byte beyond ASCII.
    beyond: Option<u64>,
    /// The next block to hand out, and the next to take.
    handing: u64,
    taking: u64,
    held: BTreeMap<u64, ParsedBlock>,
    /// Where the row behind the last one taken begins.
    chain: Place,
    /// Ends of lines before the block to be taken.
    lines: u64,
    /// Bytes that the block to be taken owes to the last character before it.
    owed: u8,
    /// A part of the block to be taken that is asked for again.
    again: Option<Again>,
    repeats: u64,
    pub counts: Counts,
    pub columns: Vec<Grown>,
}

#[derive(Debug)]
struct Again {
    job: Job,
    is_out: bool,
}

impl Pass {
    /// A way through a file of blocks of `block` bytes, whose first row is at `first`.
    pub(super) fn new(plan: BlockPlan, block: u64, ahead: u64, size: Option<u64>, first: Place) -> Self {
        Self {
            columns: plan.forms.iter().map(|&form| Grown::new(form)).collect(),
            plan: Arc::new(plan),
            block,
            // Where the size is not known, blocks are read one after the other.
            ahead: if size.is_some() { ahead.max(1) } else { 1 },
            size,
            known: None,
            starts: Vec::new(),
            fingerprint: Fingerprint::default(),
            beyond: None,
            handing: 0,
            taking: 0,
            held: BTreeMap::new(),
            chain: first,
            lines: 0,
            owed: 0,
            again: None,
            repeats: 0,
            counts: Counts::default(),
        }
    }

    /// A way through the same file once more, whose blocks begin where they were found to begin.
    pub(super) fn once_more(plan: BlockPlan, block: u64, ahead: u64, size: Option<u64>, first: Place, starts: Vec<u64>) -> Self {
        Self {
            known: Some(starts),
            ..Self::new(plan, block, ahead, size, first)
        }
    }

    /// The bytes wanted next; `None` while enough of them are under way, and when there are no more.
    pub(super) fn next_job(&mut self) -> Option<Job> {
        if let Some(again) = &mut self.again
            && !again.is_out
        {
            again.is_out = true;
            return Some(again.job.clone());
        }
        let from = self.handing * self.block;
        if self.handing - self.taking >= self.ahead || self.size.is_some_and(|size| from >= size) {
            return None;
        }
        let id = self.handing;
        self.handing += 1;
        let is_next = id == self.taking && self.again.is_none();
        let first = match &self.known {
            Some(starts) => starts.get(id as usize).copied(),
            None => is_next.then_some(self.chain.byte),
        };
        let own = self.known.is_none().then_some(self.block);
        Some(Job {
            own,
            ..self.job(id, from, self.reach(id), first, id)
        })
    }

    /// Where the bytes read with a block end.
    fn reach(&self, block: u64) -> u64 {
        let to = (block + 1) * self.block + self.overlap();
        self.size.map_or(to, |size| to.min(size))
    }

    fn overlap(&self) -> u64 {
        OVERLAP.min(self.block).max(LEAST_OVERLAP)
    }

    fn job(&self, id: u64, from: u64, to: u64, first: Option<u64>, block: u64) -> Job {
        let seen = self.counts.preview.len() as u64;
        Job {
            id,
            from,
            to,
            ends_file: self.size == Some(to),
            first,
            until: (block + 1) * self.block,
            own: None,
            preview: if self.known.is_some() {
                0
            } else {
                PREVIEW_ROWS.saturating_sub(seen)
            },
            plan: Arc::clone(&self.plan),
        }
    }

    /// Takes what came of a job.
    pub(super) fn accept(&mut self, parsed: ParsedBlock) -> Result<(), Stop> {
        if parsed.id >= AGAIN {
            let Some(again) = self.again.take_if(|again| again.job.id == parsed.id) else {
                return Ok(());
            };
            self.learn_size(&parsed, again.job.to)?;
            self.take_rows(parsed, self.chain.line)?;
        } else {
            self.held.insert(parsed.id, parsed);
        }
        while self.again.is_none()
            && let Some(parsed) = self.held.remove(&self.taking)
        {
            self.take_block(parsed)?;
        }
        Ok(())
    }

    /// Whether every block is taken.
    pub(super) fn is_over(&self) -> bool {
        self.again.is_none() && self.size.is_some_and(|size| self.taking * self.block >= size)
    }

    /// Bytes taken.
    pub(super) fn done(&self) -> u64 {
        let done = self.taking * self.block;
        self.size.map_or(done, |size| done.min(size))
    }

    fn learn_size(&mut self, parsed: &ParsedBlock, wanted_to: u64) -> Result<(), Stop> {
        if self.size.is_none() && parsed.ends_file {
            self.size = Some(parsed.seen_to);
        }
        let is_short = parsed.seen_to < wanted_to && self.size != Some(parsed.seen_to);
        if is_short { Err(Stop::Changed) } else { Ok(()) }
    }

    fn take_block(&mut self, parsed: ParsedBlock) -> Result<(), Stop> {
        self.learn_size(&parsed, self.reach(parsed.id))?;
        let before = self.lines;
        if let Some(bytes) = &parsed.bytes {
            self.take_bytes(bytes)?;
        }
        self.starts.push(self.chain.byte);
        let until = (self.taking + 1) * self.block;
        let chain = self.chain.byte;
        if chain > until || self.size.is_some_and(|size| chain >= size) {
            self.taking += 1;
            return Ok(());
        }
        if parsed.starts.is_some_and(|(from, to)| (from..=to).contains(&chain)) {
            return self.take_rows(parsed, before);
        }
        if self.known.is_some() {
            return Err(Stop::Changed);
        }
        self.ask_again(self.reach(self.taking));
        Ok(())
    }

    fn take_bytes(&mut self, bytes: &Bytes) -> Result<(), Stop> {
        let start = self.taking * self.block;
        self.beyond = self.beyond.or(bytes.beyond.map(|byte| start + byte));
        let fault = if self.owed < bytes.lead {
            Some((u64::from(self.owed), 0))
        } else {
            bytes.fault
        };
        if let Some((byte, lines)) = fault {
            return Err(Stop::NotUtf8 {
                line: self.lines + lines + 1,
                byte: start + byte,
                is_first: self.beyond == Some(start + byte),
            });
        }
        self.fingerprint.push(bytes.hash);
        self.owed = bytes.tail;
        self.lines += bytes.lines;
        Ok(())
    }

    /// Takes rows whose lines are counted from behind `lines` others.
    fn take_rows(&mut self, parsed: ParsedBlock, lines: u64) -> Result<(), Stop> {
        let counts = &mut self.counts;
        counts.kept += parsed.kept;
        counts.set_aside += parsed.set_aside;
        counts.left_out += parsed.left_out;
        let listed = LISTED_BAD_ROWS - counts.bad.len();
        let moved = |(place, fields): (Place, u64)| (place.behind(lines), fields);
        counts.bad.extend(parsed.bad.into_iter().take(listed).map(moved));
        let shown = PREVIEW_ROWS as usize - counts.preview.len();
        counts.preview.extend(parsed.preview.into_iter().take(shown));
        for (column, mut chunk) in self.columns.iter_mut().zip(parsed.columns) {
            chunk.tally.places().for_each(|place| *place = place.behind(lines));
            column.push(chunk, parsed.kept as usize);
        }
        self.renew_forms();
        self.chain = parsed.next.behind(lines);
        if !parsed.is_unfinished {
            self.taking += 1;
            return Ok(());
        }
        let open = parsed.open_quote.map(|place| place.behind(lines).line + 1);
        let had = parsed.seen_to - self.chain.byte;
        if (parsed.ends_file || had > MOST_ROW_BYTES)
            && let Some(line) = open
        {
            return Err(Stop::UnclosedQuote { line });
        }
        if had > MOST_ROW_BYTES {
            return Err(Stop::RowTooLong { line: self.chain.line + 1 });
        }
        let width = (had * 2).clamp(self.overlap() * 2, MOST_ROW_BYTES + 2);
        self.ask_again((self.chain.byte + width).max(self.reach(self.taking)));
        Ok(())
    }

    /// Asks for the rest of the block to be taken, from the known start of its next row on.
    fn ask_again(&mut self, to: u64) {
        let to = self.size.map_or(to, |size| to.min(size));
        let (id, chain) = (AGAIN + self.repeats, self.chain.byte);
        self.repeats += 1;
        self.again = Some(Again {
            job: self.job(id, chain, to, Some(chain), self.taking),
            is_out: false,
        });
    }

    /// What was learnt of the columns makes later blocks quicker.
    fn renew_forms(&mut self) {
        for (index, column) in self.columns.iter().enumerate() {
            let before = self.plan.forms[index];
            let form: Form = column.form(before);
            if form != before {
                Arc::make_mut(&mut self.plan).forms[index] = form;
            }
        }
    }
}
