//! The end of the reading: columns, counts and what was odd become a table.

use super::pass::Counts;
use super::{FirstPass, Opened};
use crate::data::error::{counted, quoted};
use crate::data::tally::{Decision, Shape, Tally};
use crate::data::{BadRow, Column, DataError, Intake, Kind, Notice, NoticeCode, Table};

impl Opened {
    /// Whether there is at least one row.
    pub(super) fn check_end(&self, file: &str, counts: &Counts) -> Result<(), DataError> {
        if counts.kept > 0 {
            return Ok(());
        }
        let file = file.to_owned();
        if counts.left_out > 0 {
            return Err(DataError::EmptySample {
                file,
                rows: counts.left_out,
            });
        }
        let Some((place, found)) = counts.bad.first() else {
            return Err(DataError::HeaderOnly { file });
        };
        Err(DataError::NoRowFits {
            file,
            rows: counts.set_aside,
            expected: self.header.names.len(),
            line: place.line + 1,
            found: *found as usize,
        })
    }

    pub(super) fn finish(&mut self, file: &str, first: FirstPass) -> Result<Table, DataError> {
        self.assemble(file, first)
    }

    /// The table of what was read.
    pub(super) fn assemble(&self, file: &str, first: FirstPass) -> Result<Table, DataError> {
        let FirstPass {
            mut counts,
            size,
            fingerprint,
            decisions,
            columns: grown,
        } = first;
        let fields = self.header.names.len();
        let mut names = self.header.names.as_slice();
        let mut notices = self.header.notices.clone();
        // A delimiter at the end of every line makes no column.
        if fields > 1 && self.header.last_unnamed && decisions[fields - 1].shape == Shape::Empty {
            notices.retain(|notice| notice.column != self.header.names.last().cloned());
            names = &names[..fields - 1];
        }
        let is_shown: Vec<bool> = (0..fields).map(|index| index < names.len() && !self.skipped[index]).collect();
        for row in &mut counts.preview {
            let mut shown = is_shown.iter();
            row.retain(|_| shown.next() == Some(&true));
        }
        let bad_row = |(place, found): &(crate::data::tally::Place, u64)| BadRow {
            line: place.line + 1,
            reason: format!("has {}, the header has {fields}", counted(*found, "field")),
        };
        let bad_rows: Vec<BadRow> = counts.bad.iter().map(bad_row).collect();
        notices.extend(ragged(counts.set_aside, fields, &bad_rows));
        let mut columns = Vec::with_capacity(names.len());
        for (index, (name, grown)) in names.iter().zip(grown).enumerate() {
            if self.skipped[index] {
                continue;
            }
            let (tally, decision) = (grown.tally.clone(), decisions[index]);
            let column = grown.finish(name, decision);
            note(&column, &tally, decision, &mut notices);
            columns.push(column);
        }
        Ok(Table {
            intake: Intake {
                name: file.to_owned(),
                bytes: size,
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
        })
    }
}

/// Adds what is odd about a column.
fn note(column: &Column, tally: &Tally, decision: Decision, notices: &mut Vec<Notice>) {
    let name = quoted(&column.name);
    let mut add = |code, text, rows, line| {
        notices.push(Notice {
            code,
            text,
            column: Some(column.name.clone()),
            rows: Some(rows),
            line,
        });
    };
    if column.kind == Kind::Empty {
        let text = format!("Column {name} holds no values.");
        return add(NoticeCode::EmptyColumn, text, column.missing, None);
    }
    if let Some(place) = tally.first_missing(decision.shape) {
        let line = place.line + 1;
        let missing = counted(column.missing, "missing value");
        let text = format!("Column {name} has {missing} (first at line {line}).");
        add(NoticeCode::MissingValues, text, column.missing, Some(line));
    }
    let what = if column.kind == Kind::Time { "date or time" } else { "number" };
    if let Some(place) = tally.first_misfit(decision) {
        let line = place.line + 1;
        let (verb, count) = if column.invalid == 1 { ("is", "counts") } else { ("are", "count") };
        let text = format!(
            "{} of column {name} {verb} not a {what} and {count} as missing (first at line {line}).",
            counted(column.invalid, "value")
        );
        add(NoticeCode::InvalidValues, text, column.invalid, Some(line));
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
