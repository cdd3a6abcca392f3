//! The first bytes of a file: how it is written, its columns, and its first rows as a table.

use std::sync::Arc;

use csv::ByteRecord;

use super::pass::{Counts, MOST_ROW_BYTES, PREVIEW_ROWS};
use super::{FirstPass, Grown, Opened};
use crate::data::block::{BlockPlan, Form, Job, ParsedBlock, lines, parse_block};
use crate::data::decide::{Counted, decide};
use crate::data::dialect::{Dialect, is_blank, next_row, open_quote, parser};
use crate::data::header::{Header, name_columns, number_columns};
use crate::data::options::Detected;
use crate::data::rules::{Rules, Style};
use crate::data::table::Table;
use crate::data::tally::{Decision, Place, Shape};
use crate::data::{DataError, Values};

/// Opens the file called `file`, which is written as was found by its first bytes; `None` when they do not hold the header.
pub(super) fn open(
    file: &str,
    window: &[u8],
    is_whole: bool,
    (dialect, rules, reading): (Dialect, &Rules, &[Detected]),
    is_hashed: bool,
) -> Result<Option<Opened>, DataError> {
    if let Err(error) = std::str::from_utf8(window)
        && (is_whole || error.error_len().is_some())
    {
        let byte = error.valid_up_to();
        return Err(DataError::NotUtf8 {
            file: file.to_owned(),
            line: lines(window, 0, byte) + 1,
            byte: byte as u64 + 1,
        });
    }
    let Some((record, start, end)) = header(file, window, is_whole, &dialect)? else {
        return Ok(None);
    };
    let line = lines(window, 0, start) + 1;
    let (header, first) = if dialect.has_header {
        (name_columns(&record, line), end)
    } else {
        (number_columns(record.len(), line), start)
    };
    let first = Place {
        byte: first as u64,
        line: lines(window, 0, first),
    };
    let decisions = decisions(window, is_whole, &dialect, rules, &header, first);
    let mut opened = Opened {
        dialect,
        rules: rules.clone(),
        skipped: vec![false; header.names.len()],
        first,
        decisions,
        sample: None,
        keyed: vec![false; header.names.len()],
        is_hashed,
        header,
        reading: reading.to_vec(),
        table: Table::default(),
        bytes: window.len() as u64,
    };
    opened.table = opened.first_rows(file, window, is_whole)?;
    Ok(Some(opened))
}

/// The header, where it begins and where it ends; `None` when the bytes end before.
fn header(file: &str, window: &[u8], is_whole: bool, dialect: &Dialect) -> Result<Option<(ByteRecord, usize, usize)>, DataError> {
    let origin = dialect.start as usize;
    let mut reader = parser(dialect).from_reader(&window[origin..]);
    let mut record = ByteRecord::new();
    loop {
        let before = origin + reader.position().byte() as usize;
        let found = reader.read_byte_record(&mut record).unwrap_or(false);
        let end = origin + reader.position().byte() as usize;
        let start = next_row(window, before, dialect);
        if found && is_blank(&record) && (end < window.len() || is_whole) {
            continue;
        }
        if end == window.len() && !is_whole {
            return if end - start > MOST_ROW_BYTES as usize {
                Err(too_long(file, window, start, dialect))
            } else {
                Ok(None)
            };
        }
        if !found {
            return Err(DataError::Empty { file: file.to_owned() });
        }
        if end == window.len()
            && let Some(opened) = open_quote(&window[start..], dialect)
        {
            let line = lines(window, 0, start + opened) + 1;
            return Err(DataError::UnclosedQuote {
                file: file.to_owned(),
                line,
            });
        }
        return Ok(Some((record, start, end)));
    }
}

fn too_long(file: &str, window: &[u8], start: usize, dialect: &Dialect) -> DataError {
    let file = file.to_owned();
    match open_quote(&window[start..], dialect) {
        Some(opened) => DataError::UnclosedQuote {
            file,
            line: lines(window, 0, start + opened) + 1,
        },
        None => DataError::RowTooLong {
            file,
            line: lines(window, 0, start) + 1,
            most: MOST_ROW_BYTES,
        },
    }
}

/// The rows of the window, read in some form.
fn rows(window: &[u8], is_whole: bool, plan: BlockPlan, first: Place) -> ParsedBlock {
    let size = window.len() as u64;
    let job = Job {
        id: 0,
        from: 0,
        to: size,
        ends_file: is_whole,
        first: Some(first.byte),
        until: size,
        own: None,
        preview: PREVIEW_ROWS,
        plan: Arc::new(plan),
    };
    parse_block(window, &job)
}

/// What the columns are as far as the window tells.
fn decisions(window: &[u8], is_whole: bool, dialect: &Dialect, rules: &Rules, header: &Header, first: Place) -> Vec<Decision> {
    let unknown = Form::Kept(Decision {
        shape: Shape::Empty,
        style: Style::PLAIN,
    });
    let plan = BlockPlan {
        dialect: *dialect,
        rules: rules.clone(),
        forms: vec![unknown; header.names.len()],
        sample: None,
        keyed: Vec::new(),
        is_hashed: false,
    };
    let parsed = rows(window, is_whole, plan, first);
    let mut tallies: Vec<_> = parsed.columns.into_iter().map(|chunk| chunk.tally).collect();
    tallies.resize_with(header.names.len(), Default::default);
    let counted: Vec<Counted> = header
        .names
        .iter()
        .zip(&tallies)
        .map(|(name, tally)| Counted { name, tally })
        .collect();
    decide(&counted, rules, dialect)
}

impl Opened {
    /// The rows of the window as a table.
    fn first_rows(&mut self, file: &str, window: &[u8], is_whole: bool) -> Result<Table, DataError> {
        let plan = self.plan();
        let mut columns: Vec<Grown> = plan.forms.iter().map(|&form| Grown::new(form)).collect();
        let parsed = rows(window, is_whole, plan, self.first);
        for (column, chunk) in columns.iter_mut().zip(parsed.columns) {
            column.push(chunk, parsed.kept as usize);
        }
        let first = FirstPass {
            counts: Counts {
                kept: parsed.kept,
                set_aside: parsed.set_aside,
                left_out: 0,
                bad: parsed.bad,
                preview: parsed.preview,
            },
            size: window.len() as u64,
            fingerprint: String::new(),
            decisions: self.decisions.clone(),
            columns,
        };
        self.assemble(file, first)
    }
}

/// About how many bytes the columns of a file of `size` bytes take at most: at twice the widths of the first rows, because what numbers of
/// the rows to come do not fit in a few bytes is not known yet, and levels may come.
pub(super) fn estimate(opened: &Opened, size: u64) -> u64 {
    let table = &opened.table;
    if table.rows == 0 {
        return size;
    }
    let share = opened.sample.map_or(1.0, |sample| sample.share);
    let rows = table.rows as f64 * size as f64 / opened.bytes.max(1) as f64 * share;
    let width = |values: &Values| match values {
        Values::Numeric(numbers) => (numbers.width() * 2).min(8) as f64,
        Values::Time(times) => (times.width() * 2).min(8) as f64,
        Values::Levels(levels) => (levels.codes.width() * 2).min(4) as f64,
        Values::None => 0.0,
    };
    let kept = table.columns.iter().zip(&opened.skipped).filter(|(_, skipped)| !**skipped);
    let bytes: f64 = kept.map(|(column, _)| width(&column.values)).sum();
    let keys = opened.keyed.iter().filter(|keyed| **keyed).count() as f64 * 16.0;
    (rows * (bytes + keys)) as u64
}
