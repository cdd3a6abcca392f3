//! Something odd in the data that does not stop the run.

use serde::{Deserialize, Serialize};

/// Which kind of oddity.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NoticeCode {
    /// Rows with too few or too many fields were set aside.
    RaggedRows,
    /// The rows are a sample of the file's.
    Sample,
    /// Columns were left out before the reading.
    LeftOut,
    /// Lines that are no JSON objects were set aside.
    BrokenLines,
    /// The file has no header line.
    NoHeader,
    /// Values that could be read in another way too, or were converted.
    Reading,
    /// A header name occurred twice and was made unique.
    DuplicateHeader,
    /// A header name was empty and was replaced.
    EmptyHeader,
    /// A column has missing values.
    MissingValues,
    /// Values that do not fit their column's kind.
    InvalidValues,
    /// A column that holds nothing.
    EmptyColumn,
    /// Rows without label or prediction were kept out of what needs them.
    MissingLabels,
    /// Rows without a prediction or score.
    MissingPredictions,
    /// Rows without a level of a sensitive feature.
    MissingGroups,
    /// Rows without, or with an unusable, count or weight.
    UnusableWeights,
    /// Label and prediction spell their classes differently and were matched.
    SpellingsMatched,
    /// The label has one class only.
    OneClass,
    /// A score outside 0 to 1.
    ScoreOutOfRange,
    /// The positive class was inferred.
    PositiveClassInferred,
    /// A grouping has more groups than are reported; the smallest were put together.
    GroupsCapped,
    /// Columns, levels or slices that were not looked at for weak spots.
    Slices,
    /// Labels are missing more often in some groups than in others.
    UnevenLabels,
    /// A file of labels was joined.
    Joined,
    /// Rows without an id, or with one that the other file does not have.
    UnmatchedIds,
    /// Rows with an id that another row has too.
    DuplicateIds,
    /// True numbers near 0, of which errors are misleading shares.
    NearZeroTruth,
    /// A column that holds the same value in all rows, or nearly all.
    Constant,
    /// Rows that repeat others, or contradict them.
    Repeated,
    /// Values of one column that are spelled differently, of several kinds, or hold odd signs.
    Spellings,
    /// Moments that cannot be, or in the wrong order.
    Moments,
    /// A column that tells the label almost alone, or rows that were seen before.
    Leakage,
    /// A class that is much rarer than another.
    Imbalance,
    /// Columns whose values are missing together, or mostly.
    MissingTogether,
    /// What of the data was not looked at, and why.
    NotLooked,
    /// Anything about a setting that has an effect worth knowing.
    Setting,
}

/// A notice: what, where, how often.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Notice {
    /// Which kind.
    pub code: NoticeCode,
    /// One sentence: what, where, and what was done about it.
    pub text: String,
    /// The column it is about.
    pub column: Option<String>,
    /// How many rows.
    pub rows: Option<u64>,
    /// The first line of the file where it occurred, counted from 1.
    pub line: Option<u64>,
}

impl Notice {
    /// A notice about a column.
    pub fn of_column(code: NoticeCode, column: &str, text: String) -> Self {
        Self {
            code,
            text,
            column: Some(column.to_owned()),
            rows: None,
            line: None,
        }
    }

    /// A notice about some rows of a column.
    pub fn of_rows(code: NoticeCode, column: &str, rows: u64, text: String) -> Self {
        Self {
            rows: Some(rows),
            ..Self::of_column(code, column, text)
        }
    }

    /// A notice about no column in particular.
    pub fn general(code: NoticeCode, text: String) -> Self {
        Self {
            code,
            text,
            column: None,
            rows: None,
            line: None,
        }
    }
}
