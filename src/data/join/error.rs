//! Why two files cannot be joined, said as what, where and what to do.

use std::fmt;

use crate::data::error::quoted;

/// The most names of columns in a message.
const MOST_NAMES: usize = 8;

/// Why two files cannot be joined.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum JoinError {
    /// No columns were found that hold the ids.
    NoCommonId {
        /// The file of predictions and its columns.
        predictions: (String, Vec<String>),
        /// The label file and its columns.
        labels: (String, Vec<String>),
    },
    /// An id column that was given does not exist.
    UnknownColumn {
        /// The file.
        file: String,
        /// The name asked for.
        column: String,
        /// The names most like it, best first.
        closest: Vec<String>,
    },
    /// No row of predictions found a label.
    NothingMatches {
        /// The file of predictions and its id column.
        predictions: (String, String),
        /// The label file and its id column.
        labels: (String, String),
        /// Why, as far as that can be told, and what to do: whole sentences.
        reason: String,
    },
    /// The label file has no column beside its ids.
    OnlyIds {
        /// The label file.
        file: String,
        /// Its column.
        column: String,
    },
}

fn listed(names: &[String]) -> String {
    let shown: Vec<String> = names.iter().take(MOST_NAMES).map(|name| quoted(name)).collect();
    match names.len() - shown.len() {
        0 => shown.join(", "),
        more => format!("{} and {more} more", shown.join(", ")),
    }
}

impl fmt::Display for JoinError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoCommonId { predictions, labels } => write!(
                f,
                "No id column was found by which {} (with {}) and {} (with {}) belong together: none of the same name that holds ids, and none whose values are all different and mostly the same in both. Say which columns hold the ids.",
                quoted(&predictions.0),
                listed(&predictions.1),
                quoted(&labels.0),
                listed(&labels.1),
            ),
            Self::UnknownColumn { file, column, closest } if closest.is_empty() => {
                write!(
                    f,
                    "There is no id column {} in {}. Choose one of the file's columns.",
                    quoted(column),
                    quoted(file)
                )
            }
            Self::UnknownColumn { file, column, closest } => write!(
                f,
                "There is no id column {} in {}. The closest names are: {}.",
                quoted(column),
                quoted(file),
                listed(closest)
            ),
            Self::NothingMatches {
                predictions,
                labels,
                reason,
            } => write!(
                f,
                "No row of {} has a label: no id in {} is one in {} of {}. {reason}",
                quoted(&predictions.0),
                quoted(&predictions.1),
                quoted(&labels.1),
                quoted(&labels.0),
            ),
            Self::OnlyIds { file, column } => write!(
                f,
                "{} has no column beside its ids in {}. Choose a file that holds the ids and the labels.",
                quoted(file),
                quoted(column)
            ),
        }
    }
}

impl std::error::Error for JoinError {}
