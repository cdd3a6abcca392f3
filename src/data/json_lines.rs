//! Reads a file of JSON Lines into a table: one object a line, a column for each key in order of first appearance.
//!
//! A value is read as the same text in a CSV file would be: `"5"` is a number, `null` and a key that is not there are missing, and what is
//! an object or an array is its JSON as text. Lines that are no objects are set aside and listed. A key that occurs twice in an object has
//! its last value. As with delimited rows, columns whose first values suggested the wrong form are read a second time.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Read, Seek};

use super::block::{LISTED_BAD_ROWS, preview};
use super::builder::Builder;
use super::coordinator::{MOST_ROW_BYTES, PREVIEW_ROWS};
use super::decide::{Counted, decide, evidence};
use super::dialect::Dialect;
use super::error::counted;
use super::format::{Opened, error_of};
use super::header::name_columns;
use super::json::Members;
use super::keys::{Keys as Wanted, NO_ID, key_of};
use super::noted::note;
use super::options::Detected;
use super::rules::Rules;
use super::source::{Fault, Source};
use super::tally::{Decision, Place};
use super::{BadRow, DataError, Intake, Keyed, Notice, NoticeCode, Table};

/// The most different keys of a file.
const MOST_KEYS: usize = 20_000;

/// Whether a text begins with a line that is a JSON object, or with the start of one that is longer than the window.
pub(super) fn looks_like(text: &[u8], whole: bool) -> bool {
    let text = text.trim_ascii_start();
    if !text.starts_with(b"{") {
        return false;
    }
    match text.iter().position(|&byte| byte == b'\n') {
        Some(end) => Members::default().read(&text[..end]).is_ok(),
        None if whole => Members::default().read(text).is_ok(),
        None => text.trim_ascii_start()[1..].trim_ascii_start().starts_with(b"\""),
    }
}

/// A file of JSON Lines on its first or second way through.
pub(super) struct Lines<R: Read + Seek> {
    file: String,
    bytes: u64,
    reader: BufReader<Source<R>>,
    start: u64,
    at: Place,
    line: Vec<u8>,
    members: Members,
    rules: Rules,
    reading: Vec<Detected>,
    keys: Vec<Vec<u8>>,
    places: BTreeMap<Vec<u8>, usize>,
    /// The columns of this pass, with their places among the keys.
    builders: Vec<(usize, Builder)>,
    /// The columns whose ids are wanted, and the ids so far.
    wanted: Option<Wanted>,
    keyed: Vec<(usize, Vec<u128>)>,
    /// For each column its value in this row.
    row: Vec<Option<usize>>,
    first_row: Place,
    counts: Counts,
    first_pass: Option<FirstPass>,
}

#[derive(Default)]
struct Counts {
    kept: u64,
    set_aside: u64,
    bad: Vec<BadRow>,
    preview: Vec<Vec<(usize, String)>>,
}

struct FirstPass {
    counts: Counts,
    text: u64,
    bytes: u64,
    fingerprint: String,
    decisions: Vec<Decision>,
    right: Vec<(usize, Builder)>,
}

/// How a pass ended.
pub(super) enum Ended<R: Read + Seek> {
    /// Some columns must be read again.
    Again(Box<Lines<R>>),
    /// Everything is read.
    Whole(Box<Table>),
}

impl<R: Read + Seek> Lines<R> {
    pub(super) fn new(opened: Opened<R>, start: u64, file: &str, bytes: u64) -> Result<Self, DataError> {
        let mut lines = Self {
            file: file.to_owned(),
            bytes,
            reader: BufReader::with_capacity(1 << 16, opened.source),
            start,
            at: Place { byte: 0, line: 0 },
            line: Vec::new(),
            members: Members::default(),
            rules: opened.rules,
            reading: opened.reading,
            keys: Vec::new(),
            places: BTreeMap::new(),
            builders: Vec::new(),
            wanted: None,
            keyed: Vec::new(),
            row: Vec::new(),
            first_row: Place { byte: 0, line: 1 },
            counts: Counts::default(),
            first_pass: None,
        };
        lines.go_to_start()?;
        Ok(lines)
    }

    /// Keeps the ids of those columns, too.
    pub(super) fn keeping(mut self, keys: Option<Wanted>) -> Self {
        self.wanted = keys;
        self
    }

    fn go_to_start(&mut self) -> Result<(), DataError> {
        let start = self.start;
        // The buffer is empty: a pass begins at its start or ends at the end of the file.
        let moved = self.reader.get_mut().go_to(start);
        self.at = Place { byte: start, line: 0 };
        moved.map_err(|error| super::format::io_error(&self.file, &error.to_string()))
    }

    /// Bytes done, bytes in all, rows read.
    pub(super) fn progress(&self) -> (u64, u64, u64) {
        let file = self.reader.get_ref().file();
        let total = self.bytes.max(file.seen());
        let at = file.raw_position().min(total);
        match &self.first_pass {
            None => (at, total, self.counts.kept + self.counts.set_aside),
            Some(first) => (total + at, total * 2, first.counts.kept + first.counts.set_aside),
        }
    }

    /// Adds the next line to the columns, or sets it aside. Gives whether there was one.
    pub(super) fn read_row(&mut self) -> Result<bool, DataError> {
        self.at.byte += self.line.len() as u64;
        self.at.line += 1;
        self.line.clear();
        self.reader.get_mut().limit_to(self.at.byte + MOST_ROW_BYTES);
        if let Err(error) = self.reader.read_until(b'\n', &mut self.line) {
            return Err(self.stopped(&error));
        }
        if self.line.is_empty() {
            return Ok(false);
        }
        if self.line.trim_ascii().is_empty() {
            return Ok(true);
        }
        match self.members.read(self.line.trim_ascii_end()) {
            Ok(()) => self.add()?,
            Err(at) => {
                self.counts.set_aside += 1;
                if self.counts.bad.len() < LISTED_BAD_ROWS {
                    self.counts.bad.push(BadRow {
                        line: self.at.line,
                        reason: if at == 1 {
                            "is not a JSON object".to_owned()
                        } else {
                            format!("is broken JSON at character {at}")
                        },
                    });
                }
            }
        }
        Ok(true)
    }

    /// The file, if it stopped at the first byte beyond ASCII because that is not UTF-8: it is in another encoding then.
    pub(super) fn into_other_encoding(self) -> Option<R> {
        let fault = self.reader.get_ref().fault();
        let is_other = matches!(fault, Some(Fault::NotUtf8 { is_first: true, .. }));
        is_other.then(|| self.reader.into_inner().into_inner())
    }

    fn stopped(&self, error: &std::io::Error) -> DataError {
        match self.reader.get_ref().fault() {
            Some(Fault::Limit) => DataError::RowTooLong {
                file: self.file.clone(),
                line: self.at.line,
                most: MOST_ROW_BYTES,
            },
            Some(fault) => error_of(fault, &self.file),
            None => super::format::io_error(&self.file, &error.to_string()),
        }
    }

    /// Adds the object of the line.
    fn add(&mut self) -> Result<(), DataError> {
        if self.counts.kept == 0 {
            self.first_row = self.at;
        }
        self.row.clear();
        self.row.resize(self.keys.len(), None);
        for (index, (key, _)) in self.members.iter().enumerate() {
            let column = match self.places.get(key) {
                Some(&column) => column,
                // Keys that only lines of a second pass have cannot be.
                None if self.first_pass.is_some() => continue,
                None if self.keys.len() == MOST_KEYS => {
                    return Err(DataError::TooManyKeys {
                        file: self.file.clone(),
                        line: self.at.line,
                        most: MOST_KEYS,
                    });
                }
                None => {
                    let column = self.keys.len();
                    self.keys.push(key.to_vec());
                    self.places.insert(key.to_vec(), column);
                    self.builders.push((column, Builder::late(self.counts.kept, &self.first_row)));
                    self.row.push(None);
                    let name = String::from_utf8_lossy(key);
                    if self.wanted.as_ref().is_some_and(|keys| keys.has(name.trim(), self.keyed.len())) {
                        self.keyed.push((column, vec![NO_ID; self.counts.kept as usize]));
                    }
                    column
                }
            };
            self.row[column] = Some(index);
        }
        let cells: Vec<&[u8]> = self.members.iter().map(|(_, value)| value).collect();
        for (column, builder) in &mut self.builders {
            let cell = self.row[*column].map_or(&b""[..], |index| cells[index]);
            builder.push(cell, &self.at, &self.rules);
        }
        if self.first_pass.is_none() {
            for (column, keys) in &mut self.keyed {
                keys.push(self.row[*column].map_or(NO_ID, |index| key_of(cells[index], &self.rules)));
            }
        }
        if self.counts.preview.len() < PREVIEW_ROWS as usize {
            let shown = self.row.iter().enumerate();
            let shown = shown.filter_map(|(column, index)| Some((column, preview(cells[(*index)?]))));
            self.counts.preview.push(shown.collect());
        }
        self.counts.kept += 1;
        Ok(())
    }

    /// Ends a pass at the end of the file.
    pub(super) fn end_pass(mut self) -> Result<Ended<R>, DataError> {
        if let Some(first) = self.first_pass.take() {
            return self.end_second_pass(first).map(|table| Ended::Whole(Box::new(table)));
        }
        if self.keys.is_empty() {
            let reason = self.counts.bad.first().map_or_else(
                || "every object is empty".to_owned(),
                |row| format!("line {} {}", row.line, row.reason),
            );
            return Err(DataError::NoObjects {
                file: self.file,
                lines: self.counts.kept + self.counts.set_aside,
                reason,
            });
        }
        let names: Vec<String> = self.keys.iter().map(|key| String::from_utf8_lossy(key).into_owned()).collect();
        let columns: Vec<Counted> = self
            .builders
            .iter()
            .map(|(index, builder)| Counted {
                name: &names[*index],
                tally: &builder.tally,
            })
            .collect();
        let decisions = decide(&columns, &self.rules, &Dialect::of(b','));
        self.reading.extend(evidence(&columns, &decisions, &self.rules));
        let (right, wrong): (Vec<_>, Vec<_>) = std::mem::take(&mut self.builders)
            .into_iter()
            .partition(|(index, builder)| builder.is_right(decisions[*index]));
        let file = self.reader.get_ref().file();
        let first = FirstPass {
            text: self.reader.get_ref().seen(),
            bytes: file.seen(),
            fingerprint: file.fingerprint(),
            counts: std::mem::take(&mut self.counts),
            decisions,
            right,
        };
        if wrong.is_empty() {
            return self.finish(first).map(|table| Ended::Whole(Box::new(table)));
        }
        let rows = first.counts.kept as usize;
        self.builders = wrong
            .iter()
            .map(|(index, _)| (*index, Builder::of(first.decisions[*index], rows)))
            .collect();
        self.first_pass = Some(first);
        self.line.clear();
        self.go_to_start()?;
        Ok(Ended::Again(Box::new(self)))
    }

    fn end_second_pass(mut self, mut first: FirstPass) -> Result<Table, DataError> {
        let rows = |counts: &Counts| (counts.kept, counts.set_aside);
        let is_same = rows(&self.counts) == rows(&first.counts) && self.reader.get_ref().seen() == first.text;
        let is_right = |(index, builder): &(usize, Builder)| builder.is_right(first.decisions[*index]);
        if !is_same || !self.builders.iter().all(is_right) {
            return Err(DataError::Changed { file: self.file });
        }
        first.right.append(&mut self.builders);
        crate::stats::order::sort_by_key(&mut first.right, |(index, _)| *index);
        self.finish(first)
    }

    fn finish(self, first: FirstPass) -> Result<Table, DataError> {
        let FirstPass {
            counts,
            bytes,
            fingerprint,
            decisions,
            right,
            ..
        } = first;
        let header = name_columns(&csv::ByteRecord::from(self.keys), self.first_row.line);
        let mut notices = header.notices;
        notices.extend(broken(&counts));
        let mut columns = Vec::with_capacity(right.len());
        for (index, builder) in right {
            let (tally, decision) = (builder.tally.clone(), decisions[index]);
            let column = builder.finish(&header.names[index], decision);
            notices.extend(note(&column, &tally, decision, &self.rules, &mut |place| Ok(place.line))?);
            columns.push(column);
        }
        let preview = counts.preview.into_iter().map(|row| {
            let mut cells = vec![String::new(); columns.len()];
            row.into_iter().for_each(|(column, cell)| cells[column] = cell);
            cells
        });
        let keyed = self.keyed.into_iter().map(|(index, keys)| Keyed {
            column: header.names[index].clone(),
            keys,
        });
        let keys = keyed.collect();
        Ok(Table {
            intake: Intake {
                name: self.file,
                bytes,
                fingerprint,
                delimiter: '\n',
                rows_read: counts.kept + counts.set_aside,
                rows_set_aside: counts.set_aside,
                bad_rows: counts.bad,
                sample: None,
                told: BTreeMap::new(),
            },
            rows: counts.kept as usize,
            preview: preview.collect(),
            columns,
            notices,
            reading: self.reading,
            keys,
            labels: None,
        })
    }
}

fn broken(counts: &Counts) -> Option<Notice> {
    let first = counts.bad.first()?;
    let (is, was) = if counts.set_aside == 1 {
        ("is not a JSON object", "was")
    } else {
        ("are not JSON objects", "were")
    };
    Some(Notice {
        code: NoticeCode::BrokenLines,
        text: format!(
            "{} {is} and {was} set aside (first at line {}).",
            counted(counts.set_aside, "line"),
            first.line
        ),
        column: None,
        rows: Some(counts.set_aside),
        line: Some(first.line),
    })
}
