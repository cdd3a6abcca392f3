//! A piece of a file to typed columns, wherever it is done: [`parse_block`] is a pure function of some bytes and a [`Job`].
//!
//! A file is cut into blocks of one size. A block's rows are those that begin behind its first byte and up to the first byte of the next
//! block (the first block has its first byte, too), so that the bytes of a job reach a little into the next block. What the rows are may
//! be a guess of where the first one begins; who hands out the jobs proves it, or asks again.

mod bytes;
mod chunk;
mod masks;
mod numbers;
mod start;
mod structure;
mod texts;
mod times;
mod wire;

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::dialect::Dialect;
use super::rules::Rules;
use super::tally::Place;
use chunk::{Ground, Growing};
use structure::Structure;

pub(super) use bytes::{Bytes, lines};
pub(super) use chunk::{Chunk, Form, Values};
pub(super) use structure::LISTED_BAD_ROWS;

/// The most characters of a cell in the preview.
const PREVIEW_CHARS: usize = 200;

/// A part of the rows, drawn by chance: a row is kept when a number made of the seed and its place in the file says so, so that it does
/// not depend on anything else.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Sample {
    /// The share of the rows that are kept, from 0 to 1.
    pub share: f64,
    /// Another seed draws other rows.
    pub seed: u64,
}

impl Sample {
    /// Whether the row that begins at that byte of the file is drawn.
    fn holds(self, byte: u64) -> bool {
        // SplitMix64's finish of the two numbers, as 53 bits of a share.
        let mut state = byte
            .wrapping_add(self.seed.wrapping_mul(0x9e37_79b9_7f4a_7c15))
            .wrapping_add(0x9e37_79b9_7f4a_7c15);
        state = (state ^ state >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        state = (state ^ state >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
        state ^= state >> 31;
        ((state >> 11) as f64) < self.share * 9_007_199_254_740_992.0
    }
}

/// What is the same for all jobs of one way through a file.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct BlockPlan {
    pub(super) dialect: Dialect,
    pub(super) rules: Rules,
    /// How each column is read.
    pub(super) forms: Vec<Form>,
    pub(super) sample: Option<Sample>,
    /// Which columns' ids are kept; none where the list ends before.
    pub(super) keyed: Vec<bool>,
    /// Whether the fingerprint is made of the blocks.
    pub(super) is_hashed: bool,
}

/// Some bytes to be read, and what is wanted of them. [`Job::to_bytes`] and [`Job::from_bytes`] carry it to another worker.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Job {
    /// Its number; the [`ParsedBlock`] has it, too.
    pub id: u64,
    /// The first byte of the file that is wanted.
    pub from: u64,
    /// The byte behind the last one; the file may end before it where its size was not known.
    pub to: u64,
    /// Whether the file ends at `to`.
    pub(super) ends_file: bool,
    /// Where the first row begins, when that is known.
    pub(super) first: Option<u64>,
    /// Rows that begin behind this byte are not wanted.
    pub(super) until: u64,
    /// How many bytes from the first on are the block's own, when what they tell is wanted.
    pub(super) own: Option<u64>,
    /// Rows wanted as text.
    pub(super) preview: u64,
    #[serde(with = "wire::shared")]
    pub(super) plan: Arc<BlockPlan>,
}

/// A row set aside: where it begins, and its fields.
pub(super) type BadPlace = (Place, u64);

/// What came of a [`Job`]. [`ParsedBlock::to_bytes`] and [`ParsedBlock::from_bytes`] carry it to another worker.
#[derive(Debug, Clone, PartialEq)]
pub struct ParsedBlock {
    /// The job's number.
    pub id: u64,
    /// The byte behind the last one that was there, and whether the file ends with it.
    pub(super) seen_to: u64,
    pub(super) ends_file: bool,
    pub(super) bytes: Option<Bytes>,
    /// The first row begins in this range, ends of lines apart; empty where no start was found.
    pub(super) starts: Option<(u64, u64)>,
    /// Where the next row begins, and the ends of lines from the job's first byte to it.
    pub(super) next: Place,
    /// Whether a row of this block begins there and does not end in the bytes that were there.
    pub(super) is_unfinished: bool,
    /// The quotation mark that is not closed.
    pub(super) open_quote: Option<Place>,
    pub(super) kept: u64,
    pub(super) set_aside: u64,
    pub(super) left_out: u64,
    pub(super) bad: Vec<BadPlace>,
    pub(super) preview: Vec<Vec<String>>,
    pub(super) columns: Vec<Chunk>,
}

/// Reads `text`, the bytes of the file from [`Job::from`] on up to [`Job::to`] or the end of the file.
///
/// Lines are counted from the job's first byte on.
pub fn parse_block(text: &[u8], job: &Job) -> ParsedBlock {
    let plan = &*job.plan;
    let ends_file = job.ends_file || (text.len() as u64) < job.to - job.from;
    let mut bytes = job.own.map(|own| {
        let own = own.min(text.len() as u64) as usize;
        let is_whole = job.from == 0 && ends_file && own == text.len();
        bytes::look(text, own, job.from, plan.is_hashed, is_whole)
    });
    let relative = |byte: u64| byte.saturating_sub(job.from).min(usize::MAX as u64 >> 1) as usize;
    let start = match job.first {
        Some(first) => Some(relative(first)),
        None => start::guess(text, &plan.dialect, plan.forms.len()),
    };
    let until = relative(job.until);
    let mut rows = Rows::read(text, job, ends_file, start.unwrap_or(usize::MAX >> 1), until);
    let starts = start.map(|start| {
        let rest = text.get(start..).unwrap_or_default();
        let blank = rest.iter().take_while(|byte| matches!(byte, b'\n' | b'\r')).count();
        (job.from + start as u64, job.from + (start + blank) as u64)
    });
    let mut own_end = Place {
        byte: job.from + job.own.unwrap_or(0),
        line: 0,
    };
    rows.find_lines(text, job.from, &mut own_end);
    if let Some(bytes) = &mut bytes {
        bytes.lines = own_end.line;
    }
    ParsedBlock {
        id: job.id,
        seen_to: job.from + text.len() as u64,
        ends_file,
        bytes,
        starts,
        next: rows.next,
        is_unfinished: rows.is_unfinished,
        open_quote: rows.open_quote,
        kept: rows.kept,
        set_aside: rows.set_aside,
        left_out: rows.left_out,
        bad: rows.bad,
        preview: rows.preview,
        columns: rows.columns,
    }
}

/// The rows of a text.
struct Rows {
    next: Place,
    is_unfinished: bool,
    open_quote: Option<Place>,
    kept: u64,
    set_aside: u64,
    left_out: u64,
    bad: Vec<BadPlace>,
    preview: Vec<Vec<String>>,
    columns: Vec<Chunk>,
}

impl Rows {
    fn read(text: &[u8], job: &Job, ends_file: bool, start: usize, until: usize) -> Self {
        let plan = &*job.plan;
        let ground = Ground {
            dialect: &plan.dialect,
            rules: &plan.rules,
            base: job.from,
        };
        let fields = plan.forms.len();
        let mut structure = Structure::new(text, job.from, ends_file, &plan.dialect, fields, start, until).sampling(plan.sample);
        let mut columns: Vec<Growing> = Vec::new();
        let (mut kept, mut preview) = (0, Vec::new());
        while let Some(batch) = structure.next_batch() {
            if columns.is_empty() {
                let room = room(&batch, text.len().min(until) - batch.start(0));
                let is_keyed = |index: usize| plan.keyed.get(index) == Some(&true);
                let forms = plan.forms.iter().enumerate();
                columns = forms.map(|(index, &form)| Growing::new(form, room, is_keyed(index))).collect();
            }
            for (index, column) in columns.iter_mut().enumerate() {
                column.read(&batch, index, ground);
            }
            let wanted = job.preview.saturating_sub(kept).min(batch.rows() as u64) as usize;
            preview.extend((0..wanted).map(|row| shown(&batch, row, fields, &plan.dialect)));
            kept += batch.rows() as u64;
        }
        let ending = structure.ending();
        let place = |at: usize| Place {
            byte: job.from + at as u64,
            line: 0,
        };
        Self {
            next: place(ending.next),
            is_unfinished: ending.is_unfinished,
            open_quote: ending.open_quote.map(place),
            kept,
            set_aside: structure.set_aside,
            left_out: structure.left_out,
            bad: structure
                .misfits
                .iter()
                .map(|misfit| (place(misfit.start), misfit.fields))
                .collect(),
            preview,
            columns: columns.into_iter().map(Growing::finish).collect(),
        }
    }

    /// Counts the lines before each place, and before the block's end, on one way through the text.
    fn find_lines(&mut self, text: &[u8], base: u64, own_end: &mut Place) {
        let mut places: Vec<&mut Place> = vec![&mut self.next, own_end];
        places.extend(&mut self.open_quote);
        places.extend(self.bad.iter_mut().map(|(place, _)| place));
        places.extend(self.columns.iter_mut().flat_map(|column| column.tally.places()));
        crate::stats::order::sort_by_key(&mut places, |place| place.byte);
        let (mut at, mut line) = (0, 0);
        for place in places {
            let to = ((place.byte - base) as usize).min(text.len()).max(at);
            line += bytes::lines(text, at, to);
            at = to;
            place.line = line;
        }
    }
}

/// About how many rows a text has of which some were read.
fn room(batch: &structure::Batch, bytes: usize) -> usize {
    let rows = batch.rows();
    let read = batch.start(rows - 1) + 1 - batch.start(0);
    if rows < 64 {
        return rows;
    }
    (bytes as u64 * rows as u64 / read as u64) as usize * 21 / 20 + 16
}

/// A row as text.
fn shown(batch: &structure::Batch, row: usize, fields: usize, dialect: &Dialect) -> Vec<String> {
    let mut plain = Vec::new();
    let mut cell = |column: usize| {
        let (start, end) = batch.cells(column, row).next().unwrap_or_default();
        preview(chunk::plain_text(&batch.text[start..end], dialect, &mut plain))
    };
    (0..fields).map(&mut cell).collect()
}

/// The start of a cell as text.
pub(super) fn preview(cell: &[u8]) -> String {
    // A little more than is shown is turned into characters, whatever the length of the cell.
    let mut text = String::from_utf8_lossy(&cell[..cell.len().min(PREVIEW_CHARS * 4 + 8)]).into_owned();
    if let Some((end, _)) = text.char_indices().nth(PREVIEW_CHARS) {
        text.truncate(end);
        text.push('…');
    }
    text
}
