//! A typed column in memory.

use serde::{Deserialize, Serialize};

/// What a column was read as.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// Numbers.
    Numeric,
    /// Two spellings of yes and no.
    Boolean,
    /// A limited set of texts.
    Categorical,
    /// Dates or times.
    Time,
    /// Texts too various to be categories; the values are not kept.
    Text,
    /// Nothing but missing values.
    Empty,
}

/// The code of a missing value in [`Levels::codes`].
pub const MISSING: u32 = u32::MAX;

/// Dictionary-coded texts.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Levels {
    /// One code a row: an index into `names`, or [`MISSING`].
    pub codes: Vec<u32>,
    /// The distinct texts, in order of first appearance.
    pub names: Vec<String>,
}

/// The values of a column, one a row.
#[derive(Debug, Clone, PartialEq)]
pub enum Values {
    /// Numbers; NaN is missing, infinities are kept.
    Numeric(Vec<f64>),
    /// Dictionary codes (categorical and boolean columns).
    Levels(Levels),
    /// Microseconds since 1970-01-01T00:00:00Z; `i64::MIN` is missing.
    Time(Vec<i64>),
    /// Not kept.
    None,
}

/// A named column.
#[derive(Debug, Clone, PartialEq)]
pub struct Column {
    /// The header's name, made unique.
    pub name: String,
    /// What it was read as.
    pub kind: Kind,
    /// Its values, one a row that was kept.
    pub values: Values,
    /// Rows with an empty cell or a missing marker.
    pub missing: u64,
    /// Rows whose text did not fit the kind; they count as missing too.
    pub invalid: u64,
}
