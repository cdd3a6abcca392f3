//! The end of the reading: columns, counts and what was odd become a table.

use super::pass::Counts;
use super::{FirstPass, Opened};
use crate::data::error::{counted, quoted};
use crate::data::noted::note;
use crate::data::tally::{Place, Shape};
use crate::data::{BadRow, DataError, Intake, Keyed, Notice, NoticeCode, Sampled, Table};

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

    /// Says which columns were left out.
    fn left_out(&self) -> Option<Notice> {
        let names: Vec<String> = self
            .header
            .names
            .iter()
            .zip(&self.skipped)
            .filter(|(_, skipped)| **skipped)
            .map(|(name, _)| quoted(name))
            .collect();
        let (shown, more) = names.split_at(names.len().min(10));
        let more = if more.is_empty() {
            String::new()
        } else {
            format!(" and {} more", more.len())
        };
        let verb = if names.len() == 1 { "was" } else { "were" };
        let columns = if names.len() == 1 { "Column" } else { "Columns" };
        let text = format!("{columns} {}{more} {verb} left out before the reading.", shown.join(", "));
        (!names.is_empty()).then(|| Notice::general(NoticeCode::LeftOut, text))
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
        let bad_row = |(place, found): &(Place, u64)| BadRow {
            line: place.line + 1,
            reason: format!("has {}, the header has {fields}", counted(*found, "field")),
        };
        let bad_rows: Vec<BadRow> = counts.bad.iter().map(bad_row).collect();
        let sample = self.sample.map(|sample| Sampled {
            share: sample.share,
            seed: sample.seed,
            of: counts.kept + counts.left_out,
        });
        notices.extend(sample.map(|sample| drawn(sample, counts.kept)));
        notices.extend(self.left_out());
        notices.extend(ragged(counts.set_aside, fields, &bad_rows));
        let mut columns = Vec::with_capacity(names.len());
        let mut keys = Vec::new();
        for (index, (name, mut grown)) in names.iter().zip(grown).enumerate() {
            if self.keyed[index] {
                keys.push(Keyed {
                    column: name.clone(),
                    keys: std::mem::take(&mut grown.keys),
                });
            }
            if self.skipped[index] {
                continue;
            }
            let (tally, decision) = (grown.tally.clone(), decisions[index]);
            let column = grown.finish(name, decision);
            notices.extend(note(&column, &tally, decision, &self.rules, &mut |place| Ok(place.line + 1))?);
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
                sample,
                told: std::collections::BTreeMap::new(),
            },
            rows: counts.kept as usize,
            columns,
            notices,
            preview: counts.preview,
            reading: self.reading.clone(),
            keys,
            labels: None,
        })
    }
}

/// What stands at the head of every report on a sample.
fn drawn(sample: Sampled, kept: u64) -> Notice {
    let Sampled { share, seed, of } = sample;
    let rows = counted(of, "row");
    Notice {
        code: NoticeCode::Sample,
        text: format!("These are {kept} of {rows}, drawn by chance (share {share}, seed {seed}): every number is that of the sample."),
        column: None,
        rows: Some(kept),
        line: None,
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
