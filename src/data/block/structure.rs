//! Finds the rows of delimited text and where each of their fields ends.
//!
//! The grammar is that of the `csv` crate: a quotation mark opens at the start of a field only, elsewhere it is text; a doubled one stands
//! for itself; any of `\n`, `\r\n` and `\r` ends a row outside quotation marks; ends of lines where a row would begin are skipped.
//!
//! Warning: the two ways through 64 bytes (`without_marks` and `with_marks`) must stay the same grammar. The first is taken where no
//! quotation mark, escape or comment can matter, which is nearly everywhere in nearly every file.

use super::masks::{Masks, Wanted};
use super::{Sample, chunk};
use crate::data::dialect::Dialect;

/// Rows gathered before their cells are read; few enough for the places to stay in the processor's cache.
const BATCH: usize = 1024;

/// Fields of one batch at most, for wide files.
const BATCH_FIELDS: usize = 1 << 15;

/// Places that 64 bytes may fill beyond the row they are in: an end and the next start for each byte.
const ROOM: usize = 132;

/// Rows set aside that are listed one by one.
pub(crate) const LISTED_BAD_ROWS: usize = 100;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    Plain,
    /// Inside quotation marks.
    Quoted,
    /// Behind a quotation mark that closes, unless another follows.
    Closed,
}

/// A row with another number of fields than the header.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Misfit {
    /// Where it begins in the text.
    pub start: usize,
    pub fields: u64,
}

/// The rows of a text, batch by batch.
pub(super) struct Structure<'a> {
    text: &'a [u8],
    /// Where the text begins in the file; rows are sampled by their place in the file.
    base: u64,
    ends_file: bool,
    dialect: &'a Dialect,
    wanted: Wanted,
    sample: Option<Sample>,
    /// Fields of the header.
    fields: usize,
    /// Rows that start behind it are another block's.
    until: usize,
    /// The next byte to look at.
    at: usize,
    state: State,
    /// Where the latest quotation mark opened, and where one closed.
    opened: usize,
    closed: usize,
    /// The byte behind an escape, which has no meaning.
    escaped: usize,
    /// Where the row being read starts.
    start: usize,
    /// For each row the place before it, then the end of each field; the row being read comes last, at `row`.
    places: Vec<u32>,
    row: usize,
    filled: usize,
    /// Fields of the row being read that are not in `places`, because it has too many anyway.
    beyond: u64,
    /// The first rows of another length, and how many there are.
    pub misfits: Vec<Misfit>,
    pub set_aside: u64,
    /// Rows that are not in the sample.
    pub left_out: u64,
    /// Whether nothing is left to read; `start` is where the next row would begin then.
    stopped: bool,
}

/// How the text ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Ending {
    /// Where the next row begins, ends of lines before it perhaps included.
    pub next: usize,
    /// Whether a row begins there that this text does not hold whole.
    pub is_unfinished: bool,
    /// Where the quotation mark opens that the text does not close.
    pub open_quote: Option<usize>,
}

impl<'a> Structure<'a> {
    /// The rows from `start` on.
    pub(super) fn new(text: &'a [u8], base: u64, ends_file: bool, dialect: &'a Dialect, fields: usize, start: usize, until: usize) -> Self {
        // Whether a line feed follows a last carriage return cannot be seen; so nor is the return.
        let text = text.strip_suffix(b"\r").filter(|_| !ends_file).unwrap_or(text);
        let mut structure = Self {
            text,
            base,
            ends_file,
            dialect,
            wanted: Wanted::of(dialect),
            sample: None,
            fields,
            until,
            at: start,
            state: State::Plain,
            opened: 0,
            closed: 0,
            escaped: usize::MAX,
            start,
            places: Vec::new(),
            row: 0,
            filled: 0,
            beyond: 0,
            misfits: Vec::new(),
            set_aside: 0,
            left_out: 0,
            stopped: start > until,
        };
        let rows = (BATCH_FIELDS / (fields + 1)).clamp(1, BATCH);
        structure.places = vec![0; (rows + 1) * (fields + 1) + ROOM];
        structure.places[0] = (start as u32).wrapping_sub(1);
        structure.filled = 1;
        structure
    }

    /// Keeps a sample of the rows only.
    pub(super) fn sampling(mut self, sample: Option<Sample>) -> Self {
        self.sample = sample;
        self
    }

    /// Finds the next rows; `None` when there are no more.
    pub(super) fn next_batch(&mut self) -> Option<Batch<'_>> {
        // The row being read moves to the front.
        self.places.copy_within(self.row..self.filled, 0);
        self.filled -= self.row;
        self.row = 0;
        let stride = self.fields + 1;
        let enough = self.places.len() - stride - ROOM;
        while !self.stopped && self.row < enough {
            self.look();
        }
        (self.row > 0).then(|| Batch {
            text: self.text,
            places: &self.places[..self.row],
            stride,
        })
    }

    /// How the text ended, once there are no more rows.
    pub(super) fn ending(&self) -> Ending {
        let is_open = self.state == State::Quoted;
        Ending {
            next: self.start,
            is_unfinished: self.start <= self.until && (self.start < self.text.len() || !self.ends_file),
            open_quote: is_open.then_some(self.opened),
        }
    }

    /// Looks at the next 64 bytes.
    fn look(&mut self) {
        let rest = &self.text[self.at..];
        let (masks, length) = match rest.first_chunk::<64>() {
            Some(piece) => (self.wanted.find(piece), 64),
            None => {
                let mut piece = [0; 64];
                piece[..rest.len()].copy_from_slice(rest);
                let mut masks = self.wanted.find(&piece);
                let inside = (1_u64 << rest.len()) - 1;
                masks.delimiters &= inside;
                masks.ends &= inside;
                masks.marks &= inside;
                (masks, rest.len())
            }
        };
        if masks.marks == 0 && self.state == State::Plain && self.dialect.comment.is_none() {
            self.without_marks(masks);
        } else {
            self.with_marks(masks);
        }
        self.at += length;
        self.forget_excess();
        if length < 64 && !self.stopped {
            self.end_text();
        }
    }

    fn without_marks(&mut self, masks: Masks) {
        let Masks {
            mut delimiters, mut ends, ..
        } = masks;
        while ends != 0 {
            let bit = ends & ends.wrapping_neg();
            let before = delimiters & (bit - 1);
            self.put_all(before);
            delimiters ^= before;
            self.end_line(self.at + bit.trailing_zeros() as usize);
            if self.stopped {
                return;
            }
            ends ^= bit;
        }
        self.put_all(delimiters);
    }

    fn put_all(&mut self, mut bits: u64) {
        let count = bits.count_ones() as usize;
        let at = self.at as u32;
        for place in &mut self.places[self.filled..self.filled + count] {
            *place = at + bits.trailing_zeros();
            bits &= bits - 1;
        }
        self.filled += count;
    }

    fn with_marks(&mut self, masks: Masks) {
        let mut bits = masks.delimiters | masks.ends | masks.marks;
        while bits != 0 && !self.stopped {
            let bit = bits & bits.wrapping_neg();
            bits ^= bit;
            let at = self.at + bit.trailing_zeros() as usize;
            if at != self.escaped {
                self.meet(at, masks.marks & bit != 0, masks.ends & bit != 0);
            }
        }
    }

    /// Meets a byte that may matter.
    fn meet(&mut self, at: usize, is_mark: bool, is_end: bool) {
        let is_quote = is_mark && Some(self.text[at]) == self.dialect.quote;
        match self.state {
            State::Quoted if is_quote => {
                self.state = State::Closed;
                self.closed = at;
                return;
            }
            State::Quoted if is_mark => {
                self.escaped = at + 1;
                return;
            }
            State::Quoted => return,
            State::Closed if is_quote && self.dialect.doubled && at == self.closed + 1 => {
                self.state = State::Quoted;
                return;
            }
            _ => self.state = State::Plain,
        }
        if self.is_comment() {
            if is_end {
                self.skip_to(at);
            }
        } else if is_end {
            self.end_line(at);
        } else if !is_mark {
            self.places[self.filled] = at as u32;
            self.filled += 1;
        } else if is_quote && at == self.places[self.filled - 1].wrapping_add(1) as usize {
            self.state = State::Quoted;
            self.opened = at;
        }
    }

    /// Whether the row being read is a comment, as its first byte says.
    fn is_comment(&self) -> bool {
        self.dialect.comment.is_some() && self.filled == self.row + 1 && self.text.get(self.start).copied() == self.dialect.comment
    }

    /// Goes on behind `at`, where no row began.
    fn skip_to(&mut self, at: usize) {
        self.start = at + 1;
        self.places[self.row] = at as u32;
        self.stopped = self.start > self.until;
    }

    fn end_line(&mut self, at: usize) {
        if at == self.start {
            return self.skip_to(at);
        }
        self.places[self.filled] = at as u32;
        self.filled += 1;
        if self.has_extra_end() {
            self.filled -= 1;
        }
        if self.filled - self.row == self.fields + 1 && self.is_sampled() {
            self.row = self.filled;
        } else {
            self.set_aside();
            self.filled = self.row;
        }
        self.beyond = 0;
        self.filled += 1;
        self.skip_to(at);
    }

    /// Whether the row has one field too many that is empty, as when every line ends in a delimiter: it does no harm.
    fn has_extra_end(&self) -> bool {
        let field = |ends: &[u32]| &self.text[ends[0].wrapping_add(1) as usize..ends[1] as usize];
        let is_empty = |field: &[u8]| field.is_empty() || chunk::plain_text(field, self.dialect, &mut Vec::new()).is_empty();
        self.filled - self.row == self.fields + 2 && self.beyond == 0 && is_empty(field(&self.places[self.filled - 2..]))
    }

    fn is_sampled(&mut self) -> bool {
        let start = self.base + self.start as u64;
        self.sample.is_none_or(|sample| sample.holds(start))
    }

    #[cold]
    fn set_aside(&mut self) {
        let fields = (self.filled - self.row - 1) as u64 + self.beyond;
        if fields == self.fields as u64 {
            self.left_out += 1;
            return;
        }
        let end = self.places[self.row + 1] as usize;
        if fields == 1 && is_blank(&self.text[self.start..end], self.dialect) {
            return;
        }
        self.set_aside += 1;
        if self.misfits.len() < LISTED_BAD_ROWS {
            self.misfits.push(Misfit { start: self.start, fields });
        }
    }

    /// Keeps a row of too many fields from taking room: that it has too many is known.
    fn forget_excess(&mut self) {
        let most = self.fields + 2;
        let held = self.filled - self.row;
        if held > most {
            // The last place tells where the field being read begins.
            self.places[self.row + most - 1] = self.places[self.filled - 1];
            self.beyond += (held - most) as u64;
            self.filled = self.row + most;
        }
    }

    /// At the end of the text: the row there is whole only where the file ends, too.
    fn end_text(&mut self) {
        if self.ends_file && self.state != State::Quoted {
            if self.is_comment() {
                self.start = self.text.len();
            } else if self.start < self.text.len() {
                self.end_line(self.text.len());
                self.start = self.text.len();
            }
        }
        self.stopped = true;
    }
}

/// Whether the only field of a row is white space: a line with nothing on it. (`""` is a value.)
fn is_blank(field: &[u8], dialect: &Dialect) -> bool {
    let mut plain = Vec::new();
    let field = chunk::plain_text(field, dialect, &mut plain);
    !field.is_empty() && field.trim_ascii().is_empty()
}

/// Some rows, each with as many fields as the header.
pub(super) struct Batch<'a> {
    pub text: &'a [u8],
    places: &'a [u32],
    stride: usize,
}

impl<'a> Batch<'a> {
    pub(super) fn rows(&self) -> usize {
        self.places.len() / self.stride
    }

    /// The start and the end of every cell of a column from row `from` on.
    pub(super) fn cells(&self, column: usize, from: usize) -> impl Iterator<Item = (usize, usize)> + use<'a> {
        let rows = self.places[from * self.stride..].chunks_exact(self.stride);
        rows.map(move |places| (places[column].wrapping_add(1) as usize, places[column + 1] as usize))
    }

    /// Where a row begins.
    pub(super) fn start(&self, row: usize) -> usize {
        self.places[row * self.stride].wrapping_add(1) as usize
    }
}
