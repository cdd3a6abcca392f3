//! Joins a table of predictions with a table of labels by an id that both have.
//!
//! The predictions get the columns of the label file, and keep all their rows in their order:
//!
//! - Ids are compared as `keys` keeps them: texts as they stand, plain numbers by value. Rows without an id match nothing.
//! - A row whose id the label file does not have has missing labels, so that it is counted and kept out of what needs a label.
//! - An id that several rows of the label file have is used when they all say the same, once; otherwise none of them is.
//! - An id that several rows of predictions have gives its label to each of them.
//! - A column whose name is taken gets a number behind it: `y (2)`.
//!
//! Which columns hold the ids is given, or found in this order:
//!
//! 1. Columns of the same name (but for case and signs), which is that of an id or has no value twice in the label file: the pair with the
//!    most ids in common. Two of an id's name are taken even if they have none, which is an error then.
//! 2. One column of each whose values are all different, and which is not named like a label, a prediction or a score, with at least half
//!    of the fewer ids in common: again the pair with the most.
//!
//! Columns that number the rows (`index`, `row`, one without a name) must be given: they tell places, not rows.
//!
//! The result does not depend on the order of the rows of the label file.

mod choose;
mod error;
mod reason;
mod said;

pub use error::JoinError;

use super::column::{MISSING, number_text};
use super::keys::{Keyed, NO_ID};
use super::roles::closest;
use super::{Codes, Column, Intake, Levels, MISSING_TIME, Table, Values, time};

/// No row.
const NONE: u32 = u32::MAX;

/// By which columns files are joined.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum By {
    /// By these.
    Columns {
        /// The column of the predictions.
        predictions: String,
        /// The column of the label file.
        labels: String,
    },
    /// By those that are found.
    Found,
}

/// The file that a table's last columns were joined from.
#[derive(Debug, Clone, PartialEq)]
pub struct LabelFile {
    /// Where it came from.
    pub intake: Intake,
    /// Its columns without their values, under their names in the joined table.
    pub columns: Vec<Column>,
    /// The place of its first column in the joined table.
    pub first: usize,
    /// The id column of the predictions.
    pub predictions_id: String,
    /// Its own id column.
    pub labels_id: String,
    /// What became of the rows of both files.
    pub matched: Matched,
}

/// What became of the rows of two files.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Matched {
    /// Rows of predictions in all: the sum of the next four.
    pub rows: u64,
    /// Rows that found a row of labels.
    pub found: u64,
    /// Rows whose id the label file does not have.
    pub unmatched: u64,
    /// Rows without an id.
    pub without_id: u64,
    /// Rows whose id has different labels.
    pub disputed: u64,
    /// Rows with an id that another row has too, and the first two of one such id.
    pub repeated: u64,
    /// The first two rows of the first id that occurs twice, counted from 1.
    pub repeated_at: Option<(u64, u64)>,
    /// Rows of labels that a row of predictions found.
    pub labels_used: u64,
    /// Rows of labels whose id no row of predictions has.
    pub labels_unmatched: u64,
    /// Rows of labels without an id.
    pub labels_without_id: u64,
    /// Rows of labels that say again what another one says.
    pub labels_repeated: u64,
    /// Rows of labels with an id of which another row says something else.
    pub labels_disputed: u64,
    /// The first two rows of the first such id, counted from 1.
    pub labels_disputed_at: Option<(u64, u64)>,
}

/// The ids of a column in rising order, each with its row.
struct Sorted(Vec<(u128, u32)>);

impl Sorted {
    fn of(keys: &[u128]) -> Self {
        let numbered = keys.iter().zip(0_u32..);
        let mut ids: Vec<(u128, u32)> = numbered.filter(|(key, _)| **key != NO_ID).map(|(key, row)| (*key, row)).collect();
        ids.sort_unstable();
        Self(ids)
    }

    /// The rows of each id, in their order.
    fn groups(&self) -> impl Iterator<Item = &[(u128, u32)]> {
        self.0.chunk_by(|a, b| a.0 == b.0)
    }

    fn are_different(&self) -> bool {
        self.0.windows(2).all(|pair| pair[0].0 != pair[1].0)
    }
}

/// Gives `predictions` the columns of `labels`. Both were read with the ids of the columns to join by, which the predictions lose.
///
/// # Errors
/// When there are no such columns, when nothing matches, and when the label file has no other column; the predictions are without the
/// labels then.
pub fn join(predictions: &mut Table, mut labels: Table, by: &By) -> Result<(), JoinError> {
    let places = match by {
        By::Columns {
            predictions: own,
            labels: other,
        } => named(predictions, own).and_then(|own| Ok((own, named(&labels, other)?))),
        By::Found => choose::choose(predictions, &labels),
    };
    let mut own = std::mem::take(&mut predictions.keys);
    let (place, other) = places?;
    let own = own.swap_remove(place);
    let other = labels.keys.swap_remove(other);
    labels.keys = Vec::new();
    let values: Vec<&Column> = labels.columns.iter().filter(|column| column.name != other.column).collect();
    if values.is_empty() {
        return Err(JoinError::OnlyIds {
            file: labels.intake.name,
            column: other.column,
        });
    }
    let (rows, matched) = match_rows(&own.keys, &other.keys, &values);
    if matched.found == 0 {
        return Err(JoinError::NothingMatches {
            predictions: (predictions.intake.name.clone(), own.column),
            labels: (labels.intake.name, other.column),
            reason: reason::reason(&own.keys, &other.keys, &matched),
        });
    }
    drop(values);
    put_together(predictions, labels, (own.column, other.column), &rows, matched);
    Ok(())
}

fn named(table: &Table, column: &str) -> Result<usize, JoinError> {
    let place = table.keys.iter().position(|keyed| keyed.column == column);
    place.ok_or_else(|| JoinError::UnknownColumn {
        file: table.intake.name.clone(),
        column: column.to_owned(),
        closest: closest(column, table.columns.iter().map(|own| own.name.as_str())),
    })
}

/// For each row of predictions its row of labels, or [`NONE`]; `columns` are those of the label file.
fn match_rows(own: &[u128], other: &[u128], columns: &[&Column]) -> (Vec<u32>, Matched) {
    let (predictions, labels) = (Sorted::of(own), Sorted::of(other));
    let mut rows = vec![NONE; own.len()];
    let mut matched = Matched {
        rows: own.len() as u64,
        without_id: (own.len() - predictions.0.len()) as u64,
        labels_without_id: (other.len() - labels.0.len()) as u64,
        ..Matched::default()
    };
    let mut groups = predictions
        .groups()
        .inspect(|group| matched.repeated += repeated(group, &mut matched.repeated_at))
        .peekable();
    for group in labels.groups() {
        let (key, row) = group[0];
        let more = group.len() as u64 - 1;
        while groups.next_if(|own| own[0].0 < key).is_some() {}
        let found = groups.next_if(|own| own[0].0 == key).unwrap_or_default();
        let is_settled = group[1..].iter().all(|(_, other)| are_same(columns, row, *other));
        if !is_settled {
            matched.labels_disputed += more + 1;
            matched.disputed += found.len() as u64;
            first_two(group, &mut matched.labels_disputed_at);
            continue;
        }
        matched.labels_repeated += more;
        matched.found += found.len() as u64;
        if found.is_empty() {
            matched.labels_unmatched += 1;
        } else {
            matched.labels_used += 1;
        }
        found.iter().for_each(|(_, own)| rows[*own as usize] = row);
    }
    groups.for_each(drop);
    matched.unmatched = matched.rows - matched.found - matched.without_id - matched.disputed;
    (rows, matched)
}

/// How many rows of an id are not alone.
fn repeated(group: &[(u128, u32)], at: &mut Option<(u64, u64)>) -> u64 {
    if group.len() == 1 {
        return 0;
    }
    first_two(group, at);
    group.len() as u64
}

/// Keeps the first two rows of an id if they come before those of others.
fn first_two(group: &[(u128, u32)], at: &mut Option<(u64, u64)>) {
    let two = (u64::from(group[0].1) + 1, u64::from(group[1].1) + 1);
    if at.is_none_or(|before| two < before) {
        *at = Some(two);
    }
}

/// Whether two rows say the same, as far as values are kept.
fn are_same(columns: &[&Column], a: u32, b: u32) -> bool {
    let (a, b) = (a as usize, b as usize);
    columns.iter().all(|column| match &column.values {
        Values::Numeric(values) => {
            let (a, b) = (values.get(a), values.get(b));
            a == b || a.is_nan() && b.is_nan()
        }
        Values::Levels(levels) => levels.codes.get(a) == levels.codes.get(b),
        Values::Time(values) => values.get(a) == values.get(b),
        Values::None => true,
    })
}

fn put_together(table: &mut Table, labels: Table, (own_id, labels_id): (String, String), rows: &[u32], matched: Matched) {
    let first = table.columns.len();
    let mut notices = said::of_ids(&labels.intake.name, (&own_id, &labels_id), &matched);
    let names: Vec<String> = labels.columns.iter().map(|column| column.name.clone()).collect();
    let mut columns = Vec::with_capacity(names.len());
    for column in labels.columns {
        let is_id = column.name == labels_id;
        let mut summary = Column {
            values: Values::None,
            name: column.name.clone(),
            ..column
        };
        if !is_id {
            let free = |name: &str| table.column(name).is_none() && (name == column.name || !names.iter().any(|other| other == name));
            summary.name = unique(&column.name, free);
            if summary.name != column.name {
                notices.push(said::renamed(&labels.intake.name, &column.name, &summary.name));
            }
            table.columns.push(gather(&column.values, rows, &summary));
        }
        columns.push(summary);
    }
    for (row, cells) in table.preview.iter_mut().enumerate() {
        cells.extend(table.columns[first..].iter().map(|column| shown(&column.values, row)));
    }
    notices.extend(said::of_file(&labels.intake.name, labels.notices));
    table.notices.append(&mut notices);
    table.labels = Some(Box::new(LabelFile {
        intake: labels.intake,
        columns,
        first,
        predictions_id: own_id,
        labels_id,
        matched,
    }));
}

/// `name`, or with the first number behind it that makes it free.
fn unique(name: &str, free: impl Fn(&str) -> bool) -> String {
    let numbered = (2_u64..).map(|number| format!("{name} ({number})"));
    let mut names = std::iter::once(name.to_owned()).chain(numbered);
    names.find(|name| free(name)).unwrap_or_default()
}

/// A column of the label file in the order of the predictions. Of a column that keeps no values, only rows without a match are counted.
fn gather(values: &Values, rows: &[u32], summary: &Column) -> Column {
    let found = |row: &u32| (*row != NONE).then_some(*row as usize);
    let count = |missing: usize| missing as u64;
    let (values, missing) = match values {
        Values::Numeric(values) => {
            let values: Vec<f64> = rows.iter().map(|row| found(row).map_or(f64::NAN, |row| values.get(row))).collect();
            let missing = values.iter().filter(|value| value.is_nan()).count();
            (Values::Numeric(values.into()), count(missing))
        }
        Values::Time(values) => {
            let values: Vec<i64> = rows
                .iter()
                .map(|row| found(row).map_or(MISSING_TIME, |row| values.get(row)))
                .collect();
            let missing = values.iter().filter(|value| **value == MISSING_TIME).count();
            (Values::Time(values.into()), count(missing))
        }
        Values::Levels(levels) => {
            let levels = gather_levels(levels, rows);
            let missing = levels.codes.iter().filter(|code| *code == MISSING).count();
            (Values::Levels(levels), count(missing))
        }
        Values::None => (Values::None, count(rows.iter().filter(|row| **row == NONE).count())),
    };
    Column {
        name: summary.name.clone(),
        kind: summary.kind,
        values,
        missing,
        invalid: 0,
    }
}

/// The levels that occur, in the order in which they do.
fn gather_levels(levels: &Levels, rows: &[u32]) -> Levels {
    let mut turned = vec![MISSING; levels.names.len()];
    let mut names = Vec::new();
    let mut codes = Codes::with_room(levels.names.len(), rows.len());
    for row in rows {
        let code = if *row == NONE { MISSING } else { levels.codes.get(*row as usize) };
        let Some(new) = turned.get_mut(code as usize) else {
            codes.push(MISSING);
            continue;
        };
        if *new == MISSING {
            *new = names.len() as u32;
            names.push(levels.names[code as usize].clone());
        }
        codes.push(*new);
    }
    Levels { codes, names }
}

/// A value for the preview.
fn shown(values: &Values, row: usize) -> String {
    let of_row = |rows: usize| (row < rows).then_some(row);
    match values {
        Values::Numeric(values) => of_row(values.len())
            .map(|row| values.get(row))
            .filter(|value| !value.is_nan())
            .map(number_text),
        Values::Time(values) => of_row(values.len())
            .map(|row| values.get(row))
            .filter(|value| *value != MISSING_TIME)
            .map(time::format),
        Values::Levels(levels) => of_row(levels.codes.len()).and_then(|row| levels.names.get(levels.codes.get(row) as usize).cloned()),
        Values::None => None,
    }
    .unwrap_or_default()
}

/// The ids of a column.
fn sorted(keyed: &Keyed) -> Sorted {
    Sorted::of(&keyed.keys)
}

#[cfg(test)]
mod tests;
