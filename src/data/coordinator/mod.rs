//! Reads a file into a [`Table`] without touching it: says which bytes are wanted, takes what [`parse_block`](super::block::parse_block)
//! makes of them, in any order, and puts it together in file order.
//!
//! The table depends on the file alone: not on the size of the blocks, nor on who reads them, nor on the order in which they come back.
//!
//! 1. [`Coordinator::open`] looks at the first bytes: how the file is written, its columns, the first rows.
//! 2. [`Coordinator::next_job`] hands out jobs, [`Coordinator::accept`] takes them back, until [`Coordinator::table`] gives the table.

mod fingerprint;
mod finish;
mod grown;
mod opening;
#[cfg(test)]
mod oracle;
mod pass;
#[cfg(test)]
mod tests;

use super::block::{BlockPlan, Form, Job, ParsedBlock, Sample};
use super::decide::{Counted, decide, evidence};
use super::dialect::Dialect;
use super::format::{Form as Rows, Looked, WINDOW, look, plain};
use super::header::Header;
use super::keys::Keys;
use super::options::{Detected, Encoding, ReadOptions};
use super::roles::closest;
use super::rules::Rules;
use super::tally::{Decision, Place};
use super::{DataError, Table};
use grown::Grown;
pub(super) use pass::{MOST_ROW_BYTES, PREVIEW_ROWS};
use pass::{Pass, Stop};

/// The least size of a block, and what every size is a multiple of: a chunk of the fingerprint.
const LEAST_BLOCK: u64 = 1 << 10;

/// How a file is read; nothing of it changes the table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pieces {
    /// Bytes of a block; the next power of two is taken.
    pub block: u64,
    /// How many blocks may be under way at once. With 1, no row is ever read twice.
    pub ahead: u64,
}

impl Default for Pieces {
    fn default() -> Self {
        Self { block: 4 << 20, ahead: 1 }
    }
}

/// A file being read.
#[derive(Debug)]
pub struct Coordinator {
    name: String,
    size: Option<u64>,
    pieces: Pieces,
    options: ReadOptions,
    /// Whether blocks make the fingerprint; otherwise it is left empty.
    is_hashed: bool,
    /// Bytes wanted to open the file.
    window: u64,
    /// How the file is written, once it was looked at.
    looked: Option<Looked>,
    /// Whether the file is read, or was read, a second time.
    is_second: bool,
    /// The line that shows the file to be in another encoding.
    other_encoding: Option<u64>,
    opened: Option<Opened>,
    stage: Stage,
}

/// What came of the first bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Opening {
    /// They are too few; [`Coordinator::window`] says how many are wanted.
    More,
    /// The file is ready to be read.
    Ready,
    /// The file is packed, not in UTF-8, or not of delimited rows: it can only be read in order, by [`Reading`](super::read::Reading).
    InOrder,
}

/// What the first bytes tell.
#[derive(Debug)]
struct Opened {
    dialect: Dialect,
    rules: Rules,
    header: Header,
    /// Where the first row begins.
    first: Place,
    decisions: Vec<Decision>,
    /// Which columns are not read.
    skipped: Vec<bool>,
    sample: Option<Sample>,
    /// Which columns' ids are kept.
    keyed: Vec<bool>,
    is_hashed: bool,
    /// How the file is read, and how that is known.
    reading: Vec<Detected>,
    /// The rows of the first bytes.
    table: Table,
    bytes: u64,
}

#[derive(Debug)]
enum Stage {
    /// Nothing is handed out yet.
    Waiting,
    First(Box<Pass>),
    Second(Box<Pass>, Box<FirstPass>),
    /// The table until it is taken, and the rows read.
    Done(Option<Box<Table>>, u64),
}

/// What is settled when the file was read once.
#[derive(Debug)]
struct FirstPass {
    counts: pass::Counts,
    size: u64,
    fingerprint: String,
    decisions: Vec<Decision>,
    columns: Vec<Grown>,
}

impl Coordinator {
    /// A file called `name` (its base name) of `size` bytes; without a size, blocks are read one after the other until the bytes end.
    pub fn new(name: &str, size: Option<u64>, pieces: Pieces) -> Self {
        let block = pieces.block.clamp(LEAST_BLOCK, 1 << 40).next_power_of_two();
        Self::with_blocks(name, size, Pieces { block, ..pieces })
    }

    /// Blocks of any size; the fingerprint holds for sizes that are powers of two from 1024 on.
    fn with_blocks(name: &str, size: Option<u64>, pieces: Pieces) -> Self {
        Self {
            name: name.to_owned(),
            size,
            pieces,
            options: ReadOptions::default(),
            is_hashed: true,
            window: WINDOW as u64,
            looked: None,
            is_second: false,
            other_encoding: None,
            opened: None,
            stage: Stage::Waiting,
        }
    }

    /// A text of unknown size that was looked at before, read in order; whoever turns a file into it makes the fingerprint.
    pub(super) fn in_order(name: &str, block: u64, looked: Looked, encoding: Option<Encoding>) -> Self {
        Self {
            is_hashed: false,
            looked: Some(looked),
            options: ReadOptions {
                encoding,
                ..ReadOptions::default()
            },
            ..Self::with_blocks(name, None, Pieces { block, ahead: 1 })
        }
    }

    /// Reads the file as `options` say; what they do not say is found out.
    pub fn reading_as(mut self, options: ReadOptions) -> Self {
        self.options = options;
        self
    }

    /// How many bytes from the start of the file [`Coordinator::open`] wants; fewer where the file is shorter.
    pub fn window(&self) -> u64 {
        self.window
    }

    /// Looks at the first bytes, as many as [`Coordinator::window`] says or the file has.
    ///
    /// # Errors
    /// When the file is no table.
    pub fn open(&mut self, window: &[u8]) -> Result<Opening, DataError> {
        let is_whole = (window.len() as u64) < self.window || self.size == Some(window.len() as u64);
        if self.looked.is_none() {
            let Some(reading) = plain(&self.name, window, &self.options)? else {
                return Ok(Opening::InOrder);
            };
            self.looked = Some(look(&self.name, window, is_whole, &self.options, reading)?);
        }
        let Some(Looked {
            form: Rows::Rows(dialect),
            rules,
            reading,
        }) = &self.looked
        else {
            return Ok(Opening::InOrder);
        };
        self.opened = opening::open(&self.name, window, is_whole, (*dialect, rules, reading), self.is_hashed)?;
        if self.opened.is_some() {
            return Ok(Opening::Ready);
        }
        self.window *= 2;
        Ok(Opening::More)
    }

    /// After an error of [`Coordinator::accept`]: whether the file is in another encoding than UTF-8, as its first character beyond ASCII
    /// shows; then it can be read in order, as [`Reading::in_other_encoding`](super::read::Reading::in_other_encoding). Gives the line.
    pub fn other_encoding(&self) -> Option<u64> {
        self.other_encoding
    }

    /// The table of the first bytes alone, with its columns, its preview and what is odd so far; once the file is open.
    pub fn opened(&self) -> Option<&Table> {
        self.opened.as_ref().map(|opened| &opened.table)
    }

    /// About how many bytes of memory the table takes, once the file is open and its size is known.
    pub fn estimate(&self) -> Option<u64> {
        let opened = self.opened.as_ref()?;
        Some(opening::estimate(opened, self.size?))
    }

    /// Leaves columns out, by name, before the reading begins; names that are no column's are passed over.
    pub fn leave_out(&mut self, names: &[String]) {
        if let (Some(opened), Stage::Waiting) = (&mut self.opened, &self.stage) {
            for (name, skipped) in opened.header.names.iter().zip(&mut opened.skipped) {
                *skipped |= names.contains(name);
            }
        }
    }

    /// Leaves out all columns but these, before the reading begins.
    ///
    /// # Errors
    /// When one of them is no column's name.
    pub fn keep(&mut self, names: &[String]) -> Result<(), DataError> {
        let Some(opened) = &self.opened else { return Ok(()) };
        let known = &opened.header.names;
        if let Some(name) = names.iter().find(|name| !known.contains(name)) {
            return Err(DataError::UnknownColumn {
                column: name.clone(),
                closest: closest(name, opened.table.columns.iter().map(|column| column.name.as_str())),
            });
        }
        let others: Vec<String> = known.iter().filter(|name| !names.contains(name)).cloned().collect();
        self.leave_out(&others);
        Ok(())
    }

    /// Keeps a sample of the rows only; given before the reading begins.
    pub fn sample(&mut self, sample: Sample) {
        if let (Some(opened), Stage::Waiting) = (&mut self.opened, &self.stage) {
            opened.sample = Some(sample);
        }
    }

    /// Keeps the ids of columns, too, be they left out or not; given before the reading begins.
    pub fn keep_keys(&mut self, keys: &Keys) {
        if let (Some(opened), Stage::Waiting) = (&mut self.opened, &self.stage) {
            let wanted = keys.columns(&opened.table);
            opened.keyed = opened.header.names.iter().map(|name| wanted.contains(name)).collect();
        }
    }

    /// The bytes wanted next. `None` before the file is open, while enough is under way, and when everything is read.
    pub fn next_job(&mut self) -> Option<Job> {
        if let (Stage::Waiting, Some(opened)) = (&self.stage, &self.opened) {
            let Pieces { block, ahead } = self.pieces;
            let pass = Pass::new(opened.plan(), block, ahead, self.size, opened.first);
            self.stage = Stage::First(Box::new(pass));
        }
        match &mut self.stage {
            Stage::First(pass) | Stage::Second(pass, _) => pass.next_job(),
            Stage::Waiting | Stage::Done(..) => None,
        }
    }

    /// Takes what came of a job.
    ///
    /// # Errors
    /// When the file cannot be read as a table, or changed meanwhile; the reading is over then.
    pub fn accept(&mut self, parsed: ParsedBlock) -> Result<(), DataError> {
        let (Stage::First(pass) | Stage::Second(pass, _)) = &mut self.stage else {
            return Ok(());
        };
        let accepted = pass.accept(parsed).map_err(|stop| {
            if let (Stop::NotUtf8 { line, is_first: true, .. }, None) = (&stop, self.options.encoding) {
                self.other_encoding = Some(*line);
            }
            stop.of(&self.name)
        });
        let is_over = pass.is_over();
        if accepted.is_err() {
            self.stage = Stage::Done(None, 0);
        }
        accepted?;
        if is_over { self.end_pass() } else { Ok(()) }
    }

    /// Bytes done, bytes in all, rows so far. The bytes in all double when the file must be read again for some of its columns.
    pub fn progress(&self) -> (u64, u64, u64) {
        let rows = |counts: &pass::Counts| counts.kept + counts.set_aside + counts.left_out;
        let size = self.size.unwrap_or(0);
        match &self.stage {
            Stage::Waiting => (0, size, 0),
            Stage::First(pass) => (pass.done(), size.max(pass.done()), rows(&pass.counts)),
            Stage::Second(pass, first) => (first.size + pass.done(), first.size * 2, rows(&first.counts)),
            Stage::Done(_, rows) => {
                let total = if self.is_second { size * 2 } else { size };
                (total, total, *rows)
            }
        }
    }

    /// Whether the file is read, or was read, a second time.
    pub(super) fn is_second(&self) -> bool {
        self.is_second
    }

    /// The table, once everything is read; it is given once.
    pub fn table(&mut self) -> Option<Table> {
        match &mut self.stage {
            Stage::Done(table, _) => table.take().map(|table| *table),
            _ => None,
        }
    }

    fn end_pass(&mut self) -> Result<(), DataError> {
        let Some(opened) = &mut self.opened else { return Ok(()) };
        let mut table = match std::mem::replace(&mut self.stage, Stage::Done(None, 0)) {
            Stage::First(pass) => {
                self.size = pass.size;
                let Pieces { block, ahead } = self.pieces;
                match opened.end_first(&self.name, *pass, block, ahead)? {
                    Ended::Again(pass, first) => {
                        self.is_second = true;
                        self.stage = Stage::Second(pass, first);
                        return Ok(());
                    }
                    Ended::Whole(first) => opened.finish(&self.name, *first)?,
                }
            }
            Stage::Second(pass, first) => opened.end_second(&self.name, *pass, *first)?,
            stage => {
                self.stage = stage;
                return Ok(());
            }
        };
        table.intake.told = self.options.told();
        let rows = table.intake.rows_read;
        self.stage = Stage::Done(Some(Box::new(table)), rows);
        Ok(())
    }
}

/// How the first pass ended.
enum Ended {
    /// Some columns must be read again.
    Again(Box<Pass>, Box<FirstPass>),
    /// Everything is read.
    Whole(Box<FirstPass>),
}

impl Opened {
    fn plan(&self) -> BlockPlan {
        let form = |(&decision, &skipped): (&Decision, &bool)| if skipped { Form::Skipped } else { Form::Kept(decision) };
        BlockPlan {
            dialect: self.dialect,
            rules: self.rules.clone(),
            forms: self.decisions.iter().zip(&self.skipped).map(form).collect(),
            sample: self.sample,
            keyed: self.keyed.clone(),
            is_hashed: self.is_hashed,
        }
    }

    fn end_first(&mut self, file: &str, pass: Pass, block: u64, ahead: u64) -> Result<Ended, DataError> {
        self.check_end(file, &pass.counts)?;
        let tallies = self.header.names.iter().zip(&pass.columns);
        let counted: Vec<Counted> = tallies
            .map(|(name, column)| Counted {
                name,
                tally: &column.tally,
            })
            .collect();
        let decisions = decide(&counted, &self.rules, &self.dialect);
        self.reading.extend(evidence(&counted, &decisions, &self.rules));
        let wrong: Vec<bool> = pass
            .columns
            .iter()
            .zip(&decisions)
            .map(|(column, &decision)| !column.is_right(decision))
            .collect();
        let size = pass.size.unwrap_or(0);
        let first = Box::new(FirstPass {
            counts: pass.counts,
            size,
            fingerprint: if self.is_hashed { pass.fingerprint.finish() } else { String::new() },
            decisions,
            columns: pass.columns,
        });
        if !wrong.contains(&true) {
            return Ok(Ended::Whole(first));
        }
        let form = |(&decision, &wrong): (&Decision, &bool)| if wrong { Form::Kept(decision) } else { Form::Skipped };
        let plan = BlockPlan {
            forms: first.decisions.iter().zip(&wrong).map(form).collect(),
            // The ids do not depend on the form.
            keyed: Vec::new(),
            ..self.plan()
        };
        let again = Pass::once_more(plan, block, ahead, Some(size), self.first, pass.starts);
        Ok(Ended::Again(Box::new(again), first))
    }

    fn end_second(&mut self, file: &str, pass: Pass, mut first: FirstPass) -> Result<Table, DataError> {
        let changed = || DataError::Changed { file: file.to_owned() };
        let rows = |counts: &pass::Counts| (counts.kept, counts.set_aside, counts.left_out);
        if rows(&pass.counts) != rows(&first.counts) {
            return Err(changed());
        }
        for ((column, again), &decision) in first.columns.iter_mut().zip(pass.columns).zip(&first.decisions) {
            if column.is_right(decision) {
                continue;
            }
            if !again.tally.has_counts_of(&column.tally) || !again.is_right(decision) {
                return Err(changed());
            }
            // The places of the first pass are those of the file's lines.
            let (tally, keys) = (std::mem::take(&mut column.tally), std::mem::take(&mut column.keys));
            *column = again;
            (column.tally, column.keys) = (tally, keys);
        }
        self.finish(file, first)
    }
}
