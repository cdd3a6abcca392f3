//! What a profile holds, as it is written.

use serde::{Deserialize, Serialize};

use crate::data::{Kind, Role};
use crate::metric::Task;

/// What the first field of every profile says; a file is known by it, not by its name.
pub const FORMAT: &str = "assay-profile";
/// Raised when the meaning of a field changes.
pub const VERSION: u32 = 1;
/// The fewest rows of a level or a cell, unless set.
pub const SMALLEST: u64 = 10;

/// A reference without its rows.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Profile {
    /// [`FORMAT`]; stands first.
    pub format: String,
    /// [`VERSION`].
    pub version: u32,
    /// The base name of the file that it was made of.
    pub name: String,
    /// Its rows; a count stands for as many.
    pub rows: u64,
    /// The fewest rows of a level or a cell.
    pub smallest: u64,
    /// What was predicted.
    pub task: Option<Task>,
    /// Its columns, in file order.
    pub columns: Vec<ProfiledColumn>,
}

/// What is known of a column.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ProfiledColumn {
    /// The header's name, made unique.
    pub name: String,
    /// What it was read as.
    pub kind: Kind,
    /// Its role.
    pub role: Role,
    /// Rows without a value.
    pub missing: u64,
    /// Its values.
    pub values: ProfiledValues,
}

/// What is known of a column's values.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ProfiledValues {
    /// Numbers.
    Numbers(Sketch),
    /// Moments, as microseconds since 1970.
    Times(Sketch),
    /// Texts out of a limited set.
    Levels(LevelCounts),
    /// Nothing: free text, or no value at all.
    NotKept,
    /// Nothing, because fewer rows than the smallest size have a value.
    TooFew,
}

/// Levels and their rows.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LevelCounts {
    /// Every level that is named, in the order in which levels are shown, with its rows.
    pub named: Vec<(String, u64)>,
    /// The others together; left out where there are none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub suppressed: Option<Suppressed>,
}

/// Levels that are not named.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Suppressed {
    /// How many they are.
    pub levels: u64,
    /// Their rows together.
    pub rows: u64,
    /// No single one of them has more.
    pub at_most: u64,
}

/// How numbers are distributed: rows in cells.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sketch {
    /// The mean; none where a value is infinite.
    pub mean: Option<f64>,
    /// The standard deviation, with rows less one in its denominator; none where a value is infinite, or for one row.
    pub sd: Option<f64>,
    /// The mean of the first cell where that is open below.
    pub low_mean: Option<f64>,
    /// The mean of the last cell where that is open above.
    pub high_mean: Option<f64>,
    /// The rows, from the lowest numbers to the highest.
    pub cells: Vec<SketchCell>,
    /// The distinct deciles without the lowest and the highest number.
    pub tenths: Vec<Tenth>,
}

/// Rows whose numbers are between two, neither included, or all the same where both are; written as an array of three.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct SketchCell(
    /// All numbers are above; none for the first cell where its lowest number is not told.
    pub Option<f64>,
    /// All numbers are below; none for the last cell where its highest number is not told.
    pub Option<f64>,
    /// Rows.
    pub u64,
);

impl SketchCell {
    /// The number that all rows share.
    pub fn atom(&self) -> Option<f64> {
        match (self.0, self.1) {
            (Some(low), Some(high)) if low == high => Some(low),
            _ => None,
        }
    }
}

/// A decile: where it is, and how many rows are below; written as an array of three.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Tenth(
    /// It is above this number, or exactly it where both are the same; none: above the lowest number.
    pub Option<f64>,
    /// It is below this number; none: below the highest number.
    pub Option<f64>,
    /// Rows below it.
    pub u64,
);

impl Profile {
    /// The column of that name.
    pub fn column(&self, name: &str) -> Option<&ProfiledColumn> {
        self.columns.iter().find(|column| column.name == name)
    }
}
