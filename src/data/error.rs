//! What can stop the reading of a file, said as what, where and what to do.

use std::fmt;

/// Why a file or a choice of columns cannot be used.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum DataError {
    /// The file holds no bytes, or only white space.
    Empty {
        /// The file's name.
        file: String,
    },
}

impl fmt::Display for DataError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty { file } => write!(f, "\"{file}\" is empty. Choose a CSV file with a header line and at least one row."),
        }
    }
}

impl std::error::Error for DataError {}
