//! The slow and plain way to a table, for tests: rows from the `csv` crate over the whole file, every cell judged by the rules.

use csv::ByteRecord;

use crate::data::cell::{Sort, classify, read_number, read_time};
use crate::data::column::MISSING;
use crate::data::decide::{Counted, decide};
use crate::data::dialect::{Dialect, fits, is_blank, next_row, open_quote, parser};
use crate::data::error::counted;
use crate::data::format::{Form, Looked, look, plain};
use crate::data::header::{name_columns, number_columns};
use crate::data::options::ReadOptions;
use crate::data::rules::Rules;
use crate::data::tally::{Decision, MOST_LEVEL_BYTES, MOST_LEVELS, Place, Shape, Tally};
use crate::data::{BadRow, Column, DataError, Intake, Kind, Levels, MISSING_TIME, Table, Values};

const FILE: &str = "f.csv";

/// The table of a file, its notices left out of account; nothing where it is not plain delimited text.
pub(super) fn read(bytes: &[u8]) -> Option<Result<Table, DataError>> {
    let window = &bytes[..bytes.len().min(256 << 10)];
    let options = ReadOptions::default();
    let reading = match plain(FILE, window, &options) {
        Ok(reading) => reading?,
        Err(error) => return Some(Err(error)),
    };
    let is_whole = bytes.len() < 256 << 10;
    match look(FILE, window, is_whole, &options, reading) {
        Ok(Looked {
            form: Form::Rows(dialect), ..
        }) => Some(rows_of(bytes, dialect)),
        Ok(_) => None,
        Err(error) => Some(Err(error)),
    }
}

fn rows_of(bytes: &[u8], dialect: Dialect) -> Result<Table, DataError> {
    let file = || FILE.to_owned();
    if let Err(error) = std::str::from_utf8(bytes) {
        let byte = error.valid_up_to();
        return Err(DataError::NotUtf8 {
            file: file(),
            line: line(bytes, byte),
            byte: byte as u64 + 1,
        });
    }
    let mut rows = rows(bytes, &dialect);
    if let Some((_, start)) = rows.last()
        && let Some(opened) = open_quote(&bytes[*start..], &dialect)
    {
        let line = line(bytes, *start + opened);
        return Err(DataError::UnclosedQuote { file: file(), line });
    }
    rows.retain(|(record, _)| !is_blank(record) || rows_have_one_field(bytes, &dialect));
    if rows.is_empty() {
        return Err(DataError::Empty { file: file() });
    }
    let (first, start) = rows[0].clone();
    let header = if dialect.has_header {
        rows.remove(0);
        name_columns(&first, line(bytes, start))
    } else {
        number_columns(first.len(), line(bytes, start))
    };
    let fields = header.names.len();
    let (kept, bad): (Vec<_>, Vec<_>) = rows.into_iter().partition(|(record, _)| fits(record, fields));
    if kept.is_empty() {
        let Some((record, start)) = bad.first() else {
            return Err(DataError::HeaderOnly { file: file() });
        };
        return Err(DataError::NoRowFits {
            file: file(),
            rows: bad.len() as u64,
            expected: fields,
            line: line(bytes, *start),
            found: record.len(),
        });
    }
    let tallies: Vec<Tally> = (0..fields).map(|index| tally(bytes, &kept, index)).collect();
    let counted_all: Vec<Counted> = header
        .names
        .iter()
        .zip(&tallies)
        .map(|(name, tally)| Counted { name, tally })
        .collect();
    let decisions = decide(&counted_all, &Rules::default(), &dialect);
    let mut columns: Vec<Column> = (0..fields)
        .map(|index| column(&header.names[index], &kept, index, &tallies[index], decisions[index]))
        .collect();
    if fields > 1 && header.last_unnamed && decisions[fields - 1].shape == Shape::Empty {
        columns.pop();
    }
    let bad_row = |(record, start): &(ByteRecord, usize)| BadRow {
        line: line(bytes, *start),
        reason: format!("has {}, the header has {fields}", counted(record.len() as u64, "field")),
    };
    let text = |record: &ByteRecord| record.iter().take(columns.len()).map(shown).collect();
    Ok(Table {
        intake: Intake {
            name: file(),
            bytes: bytes.len() as u64,
            fingerprint: blake3::hash(bytes).to_hex().to_string(),
            delimiter: char::from(dialect.delimiter),
            rows_read: (kept.len() + bad.len()) as u64,
            rows_set_aside: bad.len() as u64,
            bad_rows: bad.iter().take(100).map(bad_row).collect(),
            sample: None,
            told: std::collections::BTreeMap::new(),
        },
        rows: kept.len(),
        preview: kept.iter().take(20).map(|(record, _)| text(record)).collect(),
        columns,
        notices: Vec::new(),
        reading: Vec::new(),
        ..Table::default()
    })
}

fn shown(cell: &[u8]) -> String {
    let text = String::from_utf8_lossy(cell);
    let start: String = text.chars().take(200).collect();
    if start == text { start } else { start + "…" }
}

/// Where the header has one field, a line of white space below it is a row.
fn rows_have_one_field(bytes: &[u8], dialect: &Dialect) -> bool {
    let header = rows(bytes, dialect)
        .into_iter()
        .map(|(record, _)| record)
        .find(|record| !is_blank(record));
    header.is_some_and(|record| record.len() == 1)
}

/// Every row with the byte that it begins at.
fn rows(bytes: &[u8], dialect: &Dialect) -> Vec<(ByteRecord, usize)> {
    let origin = dialect.start as usize;
    let mut reader = parser(dialect).from_reader(&bytes[origin..]);
    let mut rows = Vec::new();
    let mut record = ByteRecord::new();
    let mut headed = false;
    loop {
        let before = origin + reader.position().byte() as usize;
        if !reader.read_byte_record(&mut record).unwrap() {
            return rows;
        }
        let start = next_row(bytes, before, dialect);
        // At the end of the file, the crate takes a comment for an empty row.
        if start < bytes.len() && (headed || !is_blank(&record)) {
            headed = true;
            rows.push((record.clone(), start));
        }
    }
}

/// The line of a byte, counted from 1.
fn line(bytes: &[u8], at: usize) -> u64 {
    let ends = |&(place, byte): &(usize, &u8)| *byte == b'\n' || *byte == b'\r' && bytes.get(place + 1) != Some(&b'\n');
    bytes[..at].iter().enumerate().filter(ends).count() as u64 + 1
}

fn tally(bytes: &[u8], rows: &[(ByteRecord, usize)], index: usize) -> Tally {
    let mut tally = Tally::default();
    for (record, start) in rows {
        let place = Place {
            byte: *start as u64,
            line: line(bytes, *start) - 1,
        };
        tally.count(classify(record[index].trim_ascii(), &Rules::default()), &place);
    }
    tally
}

fn column(name: &str, rows: &[(ByteRecord, usize)], index: usize, tally: &Tally, decision: Decision) -> Column {
    let cells: Vec<&[u8]> = rows.iter().map(|(record, _)| record[index].trim_ascii()).collect();
    let rules = Rules::default();
    let number = |cell: &&[u8]| read_number(cell, &rules, decision.style).map_or(f64::NAN, |(value, _)| value);
    let time = |cell: &&[u8]| read_time(cell, &rules, decision.style).map_or(MISSING_TIME, |(value, _)| value);
    let (kind, values) = match decision.shape {
        Shape::Empty => (Kind::Empty, Values::None),
        Shape::Numbers => (Kind::Numeric, Values::Numeric(cells.iter().map(number).collect())),
        Shape::Times => (Kind::Time, Values::Time(cells.iter().map(time).collect())),
        Shape::Texts => texts(&cells, tally),
    };
    let all = tally.values(decision.shape);
    let fitting = match decision.shape {
        Shape::Numbers => tally.numbers(decision.style),
        Shape::Times => tally.times(decision.style),
        Shape::Empty | Shape::Texts => all,
    };
    Column {
        name: name.to_owned(),
        kind,
        values,
        missing: tally.missing(decision.shape),
        invalid: all - fitting,
    }
}

fn texts(cells: &[&[u8]], tally: &Tally) -> (Kind, Values) {
    let mut levels = Levels::default();
    let boolean = tally.is_boolean();
    for cell in cells {
        if classify(cell, &Rules::default()).sort == Sort::Missing {
            levels.codes.push(MISSING);
            continue;
        }
        let text = String::from_utf8_lossy(cell).into_owned();
        let is_it = |name: &String| if boolean { name.eq_ignore_ascii_case(&text) } else { *name == text };
        let code = levels.names.iter().position(is_it).unwrap_or(levels.names.len());
        if code == levels.names.len() {
            levels.names.push(text);
        }
        levels.codes.push(code as u32);
    }
    let bytes: usize = levels.names.iter().map(String::len).sum();
    if boolean {
        (Kind::Boolean, Values::Levels(levels))
    } else if levels.names.len() <= MOST_LEVELS && bytes <= MOST_LEVEL_BYTES && tally.is_categorical(levels.names.len() as u64) {
        (Kind::Categorical, Values::Levels(levels))
    } else {
        (Kind::Text, Values::None)
    }
}
