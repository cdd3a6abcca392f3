//! The start of a pass: the first bytes, the parser, and columns in a promising form.

use std::io::{self, Read, Seek};

use csv::ByteRecord;

use super::builder::Builder;
use super::decide::{Counted, decide};
use super::dialect::{Dialect, fits, parser};
use super::rules::Rules;
use super::source::Source;
use super::tally::Place;

/// Bytes looked at before the reading begins.
pub(super) const WINDOW: usize = 256 << 10;

/// The most bytes asked for at once.
const BUFFER: u64 = 4 << 20;

/// Where a file's first row is looked for.
pub(super) const START: Place = Place { byte: 0, line: 1, rows: 0 };

/// The first bytes of a file, as many as there are up to [`WINDOW`]. A fault stays with the source.
pub(super) fn first_bytes<R: Read + Seek>(source: &mut Source<R>) -> Vec<u8> {
    let mut window = vec![0; WINDOW];
    let mut filled = 0;
    while let (Some(rest @ [_, ..]), None) = (window.get_mut(filled..), source.fault()) {
        match source.read(rest) {
            Ok(count @ 1..) => filled += count,
            _ => break,
        }
    }
    window.truncate(filled);
    window
}

/// A parser of the file from its start.
pub(super) fn from_start<R: Read + Seek>(mut source: Source<R>, dialect: &Dialect, bytes: u64) -> io::Result<csv::Reader<Source<R>>> {
    source.go_to(dialect.start)?;
    let capacity = bytes.clamp(WINDOW as u64, BUFFER) as usize;
    Ok(parser(dialect).buffer_capacity(capacity).from_reader(source))
}

/// Columns in the form that the rows of the window suggest, with room for about as many rows as the file will have.
pub(super) fn first_builders(
    window: &[u8],
    whole: bool,
    dialect: &Dialect,
    names: &[String],
    bytes: u64,
    rules: &Rules,
) -> Vec<(usize, Builder)> {
    let columns = names.len();
    let mut sample = vec![Builder::new(); columns];
    let mut reader = parser(dialect).from_reader(window);
    let (mut record, mut rows, mut header) = (ByteRecord::new(), 0_u64, dialect.has_header);
    while reader.read_byte_record(&mut record).unwrap_or(false) {
        let cut_off = !whole && reader.position().byte() == window.len() as u64;
        if cut_off || !fits(&record, columns) {
            continue;
        }
        if header {
            header = false;
            continue;
        }
        for (builder, cell) in sample.iter_mut().zip(&record) {
            builder.push(cell, &START, rules);
        }
        rows += 1;
    }
    // A little more than the window promises, but never more than the file can hold at two bytes a cell.
    let expected = u128::from(rows) * u128::from(bytes) * 21 / (window.len().max(1) as u128 * 20);
    let most = u128::from(bytes) / (2 * columns.max(1) as u128);
    let room = expected.min(most) as usize + 1;
    let counted: Vec<Counted> = names
        .iter()
        .zip(&sample)
        .map(|(name, builder)| Counted {
            name,
            tally: &builder.tally,
        })
        .collect();
    let decisions = decide(&counted, rules, dialect);
    decisions
        .into_iter()
        .map(|decision| Builder::of(decision, room))
        .enumerate()
        .collect()
}
