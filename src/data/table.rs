//! What reading a file gives.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::roles::closest;
use super::{Aspect, Column, DataError, Detected, Keyed, LabelFile, Notice};

/// A row that was set aside.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BadRow {
    /// Its line in the file, counted from 1.
    pub line: u64,
    /// What is wrong with it.
    pub reason: String,
}

/// What a sample was drawn from, and how.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Sampled {
    /// The share of rows that was asked for.
    pub share: f64,
    /// The seed.
    pub seed: u64,
    /// Rows that it was drawn from, those set aside not among them.
    pub of: u64,
}

/// Where a table came from and what happened on the way.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Intake {
    /// The file's base name.
    pub name: String,
    /// Bytes read.
    pub bytes: u64,
    /// BLAKE3 of the bytes, in hexadecimal.
    pub fingerprint: String,
    /// The field delimiter; a line feed for JSON Lines, where a row is a line.
    pub delimiter: char,
    /// Rows read, without the header: kept plus set aside. Rows that were not drawn for a sample do not count.
    pub rows_read: u64,
    /// Rows set aside because they could not be read.
    pub rows_set_aside: u64,
    /// The first hundred of them.
    pub bad_rows: Vec<BadRow>,
    /// What the rows are a sample of, when they are one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sample: Option<Sampled>,
    /// How the file was read, as far as somebody said so, each in the word by which it can be said again.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub told: BTreeMap<Aspect, String>,
}

/// Typed columns of equal length.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Table {
    /// Where it came from.
    pub intake: Intake,
    /// Rows kept: the length of every column that keeps values.
    pub rows: usize,
    /// The columns, in file order.
    pub columns: Vec<Column>,
    /// Odd things seen while reading.
    pub notices: Vec<Notice>,
    /// The first rows as text, for a preview on screen only; never in a report.
    pub preview: Vec<Vec<String>>,
    /// How the file was read, and how that is known.
    pub reading: Vec<Detected>,
    /// The ids of the columns for which they were asked, until the table is joined; never in a report.
    pub keys: Vec<Keyed>,
    /// The file that the last columns were joined from, where there is one.
    pub labels: Option<Box<LabelFile>>,
}

impl Table {
    /// The column of that name.
    pub fn column(&self, name: &str) -> Option<&Column> {
        self.columns.iter().find(|column| column.name == name)
    }

    /// The column of that name, or the names most like it.
    ///
    /// # Errors
    /// When there is none.
    pub fn find(&self, name: &str) -> Result<&Column, DataError> {
        self.column(name).ok_or_else(|| DataError::UnknownColumn {
            column: name.to_owned(),
            closest: closest(name, self.columns.iter().map(|column| column.name.as_str())),
        })
    }
}
