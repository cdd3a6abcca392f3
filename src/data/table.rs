//! What reading a file gives.

use serde::{Deserialize, Serialize};

use super::roles::closest;
use super::{Column, DataError, Notice};

/// A row that was set aside.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BadRow {
    /// Its line in the file, counted from 1.
    pub line: u64,
    /// What is wrong with it.
    pub reason: String,
}

/// Where a table came from and what happened on the way.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Intake {
    /// The file's base name.
    pub name: String,
    /// Bytes read.
    pub bytes: u64,
    /// BLAKE3 of the bytes, in hexadecimal.
    pub fingerprint: String,
    /// The field delimiter.
    pub delimiter: char,
    /// Rows read, without the header: kept plus set aside.
    pub rows_read: u64,
    /// Rows set aside because they could not be read.
    pub rows_set_aside: u64,
    /// The first hundred of them.
    pub bad_rows: Vec<BadRow>,
}

/// Typed columns of equal length.
#[derive(Debug, Clone, PartialEq)]
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
