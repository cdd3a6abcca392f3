//! Errands and what came of them as bytes, to be carried to another worker and back. Of the parts of an audit, columns can be carried: they
//! need the table and little else.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::errand::{Columns, ColumnsJob, Errand, Found, Whose};
use super::numbers;
use crate::data::wire::{Input, put_all, put_texts};
use crate::data::{Codes, Column, Kind, Levels, Roles, Table, Values};
use crate::metric::Task;
use crate::metric::rows::Rows;
use crate::run::columns::ColumnPass;
use crate::run::{Settings, weights};

/// What goes before the columns.
#[derive(Serialize, Deserialize)]
struct Head {
    /// Rows and columns of the table under test.
    current: (usize, usize),
    /// Those of the reference.
    reference: Option<(usize, usize)>,
    /// Whether the classes of rows follow, before the columns.
    has_label: bool,
    task: Option<Task>,
    roles: Roles,
    settings: Settings,
}

/// The name of the column in which the classes of rows travel.
const LABEL: &str = "label";

impl Errand {
    /// Hands out the errand as pieces of bytes, one at a time, so that no more than one takes memory beside the table; false where it
    /// cannot be carried.
    pub fn carry(&self, hand_out: &mut dyn FnMut(Vec<u8>)) -> bool {
        let Self::Columns(job) = self else { return false };
        // A profile is compared with at once: carrying it would take longer.
        if job.profile.is_some() {
            return false;
        }
        let rows = job.whose.rows();
        let size = |table: &Table| (table.rows, table.columns.len());
        let head = Head {
            current: size(&job.table),
            reference: job.reference.as_deref().map(size),
            has_label: rows.label.is_some(),
            task: job.task,
            roles: job.roles.clone(),
            settings: job.settings.clone(),
        };
        let Ok(head) = serde_json::to_vec(&head) else { return false };
        hand_out(head);
        if let Some(label) = &rows.label {
            hand_out(of_codes(label).to_bytes());
        }
        for column in &job.table.columns {
            hand_out(column.to_bytes());
        }
        for column in job.reference.iter().flat_map(|table| &table.columns) {
            // Nothing is read of the weights of the reference.
            let is_read = job.roles.weight.as_ref() != Some(&column.name);
            hand_out(if is_read {
                column.to_bytes()
            } else {
                without_values(column).to_bytes()
            });
        }
        true
    }

    /// The errand of such pieces; `None` where they are none of [`Errand::carry`].
    pub fn of_pieces(mut pieces: impl Iterator<Item = Vec<u8>>) -> Option<Self> {
        let head: Head = serde_json::from_str(std::str::from_utf8(&pieces.next()?).ok()?).ok()?;
        let label = if head.has_label { Some(codes(&pieces.next()?)?) } else { None };
        let mut table = |(rows, columns): (usize, usize)| {
            let columns = (0..columns).map(|_| Column::from_bytes(&pieces.next()?));
            Some(Arc::new(Table {
                rows,
                columns: columns.collect::<Option<Vec<Column>>>()?,
                ..Table::default()
            }))
        };
        let current = table(head.current)?;
        let reference = match head.reference {
            Some(size) => Some(table(size)?),
            None => None,
        };
        let mut rows = Rows::new(current.rows);
        // What is odd about them was said when the audit was planned.
        weights::take_weights(&current, &head.roles, &mut rows, &mut Vec::new()).ok()?;
        rows.label = label;
        Some(Self::Columns(Box::new(ColumnsJob {
            table: current,
            reference,
            profile: None,
            whose: Whose::Own(Box::new(rows)),
            task: head.task,
            roles: head.roles,
            settings: head.settings,
            pass: ColumnPass::default(),
        })))
    }
}

impl Found {
    /// What was found as bytes; `None` where it cannot be carried.
    pub fn to_bytes(&self) -> Option<Vec<u8>> {
        let Self::Columns(columns) = self else { return None };
        let Columns { estimates, notices, drift } = columns.as_ref();
        let mut out = Vec::new();
        put_texts(
            &mut out,
            &[serde_json::to_string(notices).ok()?, serde_json::to_string(drift).ok()?],
        );
        put_all(&mut out, &[estimates.len() as u64]);
        for estimate in estimates {
            numbers::put(&mut out, estimate)?;
        }
        Some(out)
    }

    /// What was found, of bytes; `None` where they are none of [`Found::to_bytes`].
    pub fn of_bytes(bytes: &[u8]) -> Option<Self> {
        let mut input = Input(bytes);
        let [notices, drift] = input.texts()?.try_into().ok()?;
        let columns = Columns {
            notices: serde_json::from_str(&notices).ok()?,
            drift: serde_json::from_str(&drift).ok()?,
            estimates: (0..input.take()?).map(|_| numbers::take(&mut input)).collect::<Option<_>>()?,
        };
        input.0.is_empty().then_some(Self::Columns(Box::new(columns)))
    }
}

/// Classes of rows as a column.
fn of_codes(codes: &[u32]) -> Column {
    let levels = Levels {
        codes: codes.iter().copied().collect::<Codes>(),
        names: Vec::new(),
    };
    Column {
        name: LABEL.to_owned(),
        kind: Kind::Categorical,
        values: Values::Levels(levels),
        missing: 0,
        invalid: 0,
    }
}

fn codes(bytes: &[u8]) -> Option<Vec<u32>> {
    match Column::from_bytes(bytes)?.values {
        Values::Levels(levels) => Some(levels.codes.to_vec()),
        _ => None,
    }
}

/// A column of which all is known but its values.
fn without_values(column: &Column) -> Column {
    Column {
        name: column.name.clone(),
        values: Values::None,
        ..*column
    }
}
