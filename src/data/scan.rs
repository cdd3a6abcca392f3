//! One or two ways through a file: rows to columns, and columns to a table.

use crate::stats::order;
use std::io::{Read, Seek};

use csv::ByteRecord;

use super::builder::Builder;
use super::decide::{Counted, decide, evidence};
use super::dialect::{Dialect, fits, is_blank, open_quote};
use super::error::counted;
use super::format::{Opened, error_of, io_error};
use super::header::{Header, name_columns, number_columns};
use super::noted::note;
use super::opening::{START, first_builders, from_start};
use super::options::Detected;
use super::rules::Rules;
use super::source::{Fault, Source};
use super::tally::{Decision, Place, Shape};
use super::{BadRow, DataError, Intake, Notice, NoticeCode, Table};

/// The most bytes of a row.
pub(super) const MOST_ROW_BYTES: u64 = 16 << 20;

/// Rows set aside that are listed one by one.
pub(super) const LISTED_BAD_ROWS: usize = 100;

/// Rows kept as text for a preview.
pub(super) const PREVIEW_ROWS: usize = 20;

/// The most characters of a cell in the preview.
const PREVIEW_CHARS: usize = 200;

/// A file on its first or second way through the parser.
pub(super) struct Scan<R: Read + Seek> {
    file: String,
    bytes: u64,
    reader: csv::Reader<Source<R>>,
    record: ByteRecord,
    dialect: Dialect,
    rules: Rules,
    reading: Vec<Detected>,
    header: Header,
    /// Where the latest row begins.
    latest: Place,
    /// The columns of this pass, with their places in the header.
    builders: Vec<(usize, Builder)>,
    counts: Counts,
    first_pass: Option<FirstPass>,
}

/// Rows of a pass.
#[derive(Default)]
struct Counts {
    kept: u64,
    set_aside: u64,
    /// The first rows set aside, each with its number of fields.
    bad: Vec<(Place, usize)>,
    preview: Vec<Vec<String>>,
}

/// What is settled when the file was read once.
struct FirstPass {
    counts: Counts,
    text: u64,
    bytes: u64,
    fingerprint: String,
    /// What each column is.
    decisions: Vec<Decision>,
    /// The columns that need no second pass.
    right: Vec<(usize, Builder)>,
}

/// How a pass ended.
pub(super) enum Ended<R: Read + Seek> {
    /// Some columns must be read again.
    Again(Box<Scan<R>>),
    /// Everything is read.
    Whole(Table),
}

impl<R: Read + Seek> Scan<R> {
    /// Reads the header, and prepares a column for each of its names.
    pub(super) fn new(opened: Opened<R>, dialect: Dialect, file: &str, bytes: u64) -> Result<Self, DataError> {
        let Opened {
            source,
            window,
            whole,
            rules,
            reading,
            ..
        } = opened;
        let mut scan = Self {
            file: file.to_owned(),
            bytes,
            reader: from_start(source, &dialect, bytes).map_err(|error| io_error(file, &error.to_string()))?,
            record: ByteRecord::new(),
            dialect,
            rules,
            reading,
            header: name_columns(&ByteRecord::new(), 1),
            latest: START,
            builders: Vec::new(),
            counts: Counts::default(),
            first_pass: None,
        };
        scan.read_header()?;
        let line = scan.line_of(&scan.latest.clone())?;
        scan.header = if dialect.has_header {
            name_columns(&scan.record, line)
        } else {
            number_columns(scan.record.len(), line)
        };
        let text = &window[dialect.start as usize..];
        scan.builders = first_builders(text, whole, &dialect, &scan.header.names, bytes, &scan.rules);
        if !dialect.has_header {
            scan.add_record();
        }
        Ok(scan)
    }

    /// The file, if it stopped at the first byte beyond ASCII because that is not UTF-8: it is in another encoding then.
    pub(super) fn into_other_encoding(self) -> Option<R> {
        let fault = self.reader.get_ref().fault();
        let is_other = matches!(fault, Some(Fault::NotUtf8 { is_first: true, .. }));
        is_other.then(|| self.reader.into_inner().into_inner())
    }

    /// Bytes done, bytes in all, rows read.
    pub(super) fn progress(&self) -> (u64, u64, u64) {
        let file = self.reader.get_ref().file();
        let at = file.raw_position();
        let total = self.bytes.max(file.seen());
        match &self.first_pass {
            None => (at.min(total), total, self.counts.kept + self.counts.set_aside),
            Some(first) => (total + at.min(total), total * 2, first.counts.kept + first.counts.set_aside),
        }
    }

    /// Adds the next row to the columns, or sets it aside. Gives whether there was one.
    pub(super) fn read_row(&mut self) -> Result<bool, DataError> {
        if !self.read_record()? {
            return Ok(false);
        }
        self.add_record();
        Ok(true)
    }

    /// Adds the row that was read to the columns, or sets it aside.
    fn add_record(&mut self) {
        if fits(&self.record, self.header.names.len()) {
            for (index, builder) in &mut self.builders {
                builder.push(self.record.get(*index).unwrap_or_default(), &self.latest, &self.rules);
            }
            self.counts.kept += 1;
            if self.counts.preview.len() < PREVIEW_ROWS {
                let columns = self.header.names.len();
                self.counts.preview.push(self.record.iter().take(columns).map(preview).collect());
            }
        } else if !is_blank(&self.record) {
            self.counts.set_aside += 1;
            if self.counts.bad.len() < LISTED_BAD_ROWS {
                self.counts.bad.push((self.latest, self.record.len()));
            }
        }
    }

    fn read_header(&mut self) -> Result<(), DataError> {
        while self.read_record()? {
            if !is_blank(&self.record) {
                return Ok(());
            }
        }
        Err(DataError::Empty { file: self.file.clone() })
    }

    fn read_record(&mut self) -> Result<bool, DataError> {
        let position = self.reader.position();
        let place = Place {
            byte: self.dialect.start + position.byte(),
            line: position.line() + self.dialect.line - 1,
            rows: position.record() + self.dialect.line - 1,
        };
        self.reader.get_mut().limit_to(place.byte + MOST_ROW_BYTES);
        match self.reader.read_byte_record(&mut self.record) {
            Ok(true) => {
                self.latest = place;
                Ok(true)
            }
            Ok(false) => Ok(false),
            Err(error) => Err(self.stopped(&place, &error)),
        }
    }

    /// Why the parser got no more bytes in the row that begins at `place`.
    fn stopped(&mut self, place: &Place, error: &csv::Error) -> DataError {
        match self.reader.get_ref().fault().cloned() {
            Some(Fault::Limit) => self.too_long(place).unwrap_or_else(|error| error),
            Some(fault) => error_of(&fault, &self.file),
            None => io_error(&self.file, &error.to_string()),
        }
    }

    fn too_long(&mut self, place: &Place) -> Result<DataError, DataError> {
        if let Some(line) = self.quote_open_at(place, MOST_ROW_BYTES)? {
            let file = self.file.clone();
            return Ok(DataError::UnclosedQuote { file, line });
        }
        Ok(DataError::RowTooLong {
            line: self.line_of(place)?,
            file: self.file.clone(),
            most: MOST_ROW_BYTES,
        })
    }

    /// The line of the quotation mark that is still open `most` bytes behind `place`.
    fn quote_open_at(&mut self, place: &Place, most: u64) -> Result<Option<u64>, DataError> {
        let text = self.excerpt(place.byte, most)?;
        let line = |feeds| {
            if self.dialect.bare_returns {
                place.rows + 1
            } else {
                place.line + feeds
            }
        };
        Ok(open_quote(&text, &self.dialect).map(line))
    }

    /// The line on which a row begins. The parser begins to look for it at the end of the row before, ahead of blank lines.
    fn line_of(&mut self, place: &Place) -> Result<u64, DataError> {
        const PIECE: u64 = 4096;
        if self.dialect.bare_returns {
            return Ok(place.rows + 1);
        }
        let (mut byte, mut line) = (place.byte, place.line);
        loop {
            let text = self.excerpt(byte, PIECE)?;
            let blank = text.iter().take_while(|byte| matches!(byte, b'\n' | b'\r')).count();
            line += text[..blank].iter().filter(|&&byte| byte == b'\n').count() as u64;
            if blank < text.len() || text.is_empty() {
                return Ok(line);
            }
            byte += blank as u64;
        }
    }

    fn excerpt(&mut self, byte: u64, most: u64) -> Result<Vec<u8>, DataError> {
        let found = self.reader.get_mut().excerpt(byte, most);
        found.map_err(|error| io_error(&self.file, &error.to_string()))
    }

    /// Ends a pass at the end of the file.
    pub(super) fn end_pass(mut self) -> Result<Ended<R>, DataError> {
        if let Some(first) = self.first_pass.take() {
            return self.end_second_pass(first).map(Ended::Whole);
        }
        self.check_end()?;
        let decisions = self.decide();
        self.reading.extend(evidence(&self.counted(), &decisions, &self.rules));
        let (right, wrong): (Vec<_>, Vec<_>) = std::mem::take(&mut self.builders)
            .into_iter()
            .partition(|(index, builder)| builder.is_right(decisions[*index]));
        let source = self.reader.get_ref();
        let first = FirstPass {
            text: source.seen(),
            bytes: source.file().seen(),
            fingerprint: source.file().fingerprint(),
            counts: std::mem::take(&mut self.counts),
            decisions,
            right,
        };
        if wrong.is_empty() {
            return self.finish(first).map(Ended::Whole);
        }
        let rows = first.counts.kept as usize;
        let again = |(index, _)| (index, Builder::of(first.decisions[index], rows));
        let mut scan = self;
        scan.builders = wrong.into_iter().map(again).collect();
        let source = scan.reader.into_inner();
        scan.reader = from_start(source, &scan.dialect, scan.bytes).map_err(|error| io_error(&scan.file, &error.to_string()))?;
        scan.first_pass = Some(first);
        scan.read_header()?;
        if !scan.dialect.has_header {
            scan.add_record();
        }
        Ok(Ended::Again(Box::new(scan)))
    }

    /// What each column is, when all are counted.
    fn decide(&self) -> Vec<Decision> {
        decide(&self.counted(), &self.rules, &self.dialect)
    }

    fn counted(&self) -> Vec<Counted<'_>> {
        self.builders
            .iter()
            .map(|(index, builder)| Counted {
                name: &self.header.names[*index],
                tally: &builder.tally,
            })
            .collect()
    }

    fn end_second_pass(mut self, mut first: FirstPass) -> Result<Table, DataError> {
        let rows = |counts: &Counts| (counts.kept, counts.set_aside);
        let same = rows(&self.counts) == rows(&first.counts) && self.reader.get_ref().seen() == first.text;
        if !same
            || !self
                .builders
                .iter()
                .all(|(index, builder)| builder.is_right(first.decisions[*index]))
        {
            return Err(DataError::Changed { file: self.file });
        }
        first.right.append(&mut self.builders);
        order::sort_by_key(&mut first.right, |(index, _)| *index);
        self.finish(first)
    }

    /// Whether the file ends as it should, with at least one row.
    fn check_end(&mut self) -> Result<(), DataError> {
        let latest = self.latest;
        let left = self.reader.get_ref().seen().saturating_sub(latest.byte);
        if let Some(line) = self.quote_open_at(&latest, left)? {
            let file = self.file.clone();
            return Err(DataError::UnclosedQuote { file, line });
        }
        if self.counts.kept > 0 {
            return Ok(());
        }
        let file = self.file.clone();
        let Some(&(place, found)) = self.counts.bad.first() else {
            return Err(DataError::HeaderOnly { file });
        };
        Err(DataError::NoRowFits {
            file,
            rows: self.counts.set_aside,
            expected: self.header.names.len(),
            line: self.line_of(&place)?,
            found,
        })
    }

    fn finish(mut self, first: FirstPass) -> Result<Table, DataError> {
        let FirstPass {
            mut counts,
            bytes,
            fingerprint,
            decisions,
            right: mut builders,
            ..
        } = first;
        // A delimiter at the end of every line makes no column.
        let fields = self.header.names.len();
        if fields > 1 && self.header.last_unnamed && decisions[fields - 1].shape == Shape::Empty {
            let name = self.header.names.pop();
            builders.pop();
            self.header.notices.retain(|notice| notice.column != name);
            counts.preview.iter_mut().for_each(|row| row.truncate(fields - 1));
        }
        let mut bad_rows = Vec::with_capacity(counts.bad.len());
        for (place, found) in &counts.bad {
            let (line, found) = (self.line_of(place)?, counted(*found as u64, "field"));
            let reason = format!("has {found}, the header has {fields}");
            bad_rows.push(BadRow { line, reason });
        }
        let mut notices = std::mem::take(&mut self.header.notices);
        notices.extend(ragged(counts.set_aside, fields, &bad_rows));
        let mut columns = Vec::with_capacity(builders.len());
        for (index, builder) in builders {
            let tally = builder.tally.clone();
            let decision = decisions[index];
            let column = builder.finish(&self.header.names[index], decision);
            let rules = self.rules.clone();
            notices.extend(note(&column, &tally, decision, &rules, &mut |place| self.line_of(place))?);
            columns.push(column);
        }
        Ok(Table {
            intake: Intake {
                name: self.file,
                bytes,
                fingerprint,
                delimiter: char::from(self.dialect.delimiter),
                rows_read: counts.kept + counts.set_aside,
                rows_set_aside: counts.set_aside,
                bad_rows,
            },
            rows: counts.kept as usize,
            columns,
            notices,
            preview: counts.preview,
            reading: self.reading,
        })
    }
}

fn ragged(set_aside: u64, fields: usize, bad_rows: &[BadRow]) -> Option<Notice> {
    let first = bad_rows.first()?;
    let (verb, were) = if set_aside == 1 { ("does", "was") } else { ("do", "were") };
    Some(Notice {
        code: NoticeCode::RaggedRows,
        text: format!(
            "{} {verb} not have the {} of the header and {were} set aside (first at line {}).",
            counted(set_aside, "row"),
            counted(fields as u64, "field"),
            first.line
        ),
        column: None,
        rows: Some(set_aside),
        line: Some(first.line),
    })
}

pub(super) fn preview(cell: &[u8]) -> String {
    let mut text = String::from_utf8_lossy(cell).into_owned();
    if let Some((end, _)) = text.char_indices().nth(PREVIEW_CHARS) {
        text.truncate(end);
        text.push('…');
    }
    text
}
