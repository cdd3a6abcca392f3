//! Why roles and settings do not make an audit.

use std::fmt;

use crate::data::{DataError, PredicateError};

/// Says what is missing or contradictory, and what to do.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum PlanError {
    /// No column has a role that anything can be measured from.
    NothingToMeasure,
    /// A column cannot play its part.
    Column(DataError),
    /// Label and prediction have no class in common.
    ClassesDiffer {
        /// The label column and its classes.
        label: (String, Vec<String>),
        /// The prediction column and its classes.
        prediction: (String, Vec<String>),
    },
    /// The prediction holds numbers between the label's two classes.
    PredictionIsScore {
        /// The prediction column.
        column: String,
        /// One of its values.
        example: String,
    },
    /// The positive class does not occur.
    UnknownClass {
        /// The class asked for.
        class: String,
        /// The classes that occur.
        classes: Vec<String>,
    },
    /// A label's column holds something else than yes and no.
    NotYesOrNo {
        /// The column.
        column: String,
        /// What it holds.
        value: String,
    },
    /// The order given for the classes lacks one that occurs, or names one twice.
    ClassOrder {
        /// The class.
        class: String,
        /// Whether it is named twice.
        is_twice: bool,
    },
    /// A reference group does not occur.
    UnknownGroup {
        /// The sensitive feature.
        column: String,
        /// The level asked for.
        level: String,
        /// Levels that occur.
        levels: Vec<String>,
    },
    /// A reference group is set for a column that is not a sensitive feature.
    NotSensitive {
        /// The column.
        column: String,
    },
    /// A rule of law is to be asked of a column that is not a sensitive feature.
    PresetColumn {
        /// The column.
        column: String,
    },
    /// The task asked for does not fit the columns.
    TaskDoesNotFit {
        /// The task asked for.
        task: &'static str,
        /// Why not.
        reason: String,
    },
    /// A setting is outside its range.
    Setting {
        /// The setting.
        name: &'static str,
        /// Its value.
        value: String,
        /// What it must be.
        expected: &'static str,
    },
    /// A predicate is none, or cannot be asked of this table.
    Slice {
        /// The predicate as it was written.
        predicate: String,
        /// What is wrong with it.
        error: PredicateError,
    },
    /// Slices are asked for by the column of identifiers.
    SliceById {
        /// That column.
        column: String,
    },
    /// The rows stand for more rows than can be counted.
    TooManyRows {
        /// The count column.
        column: String,
    },
    /// A weight is below zero.
    NegativeWeight {
        /// The weight column.
        column: String,
        /// How many of its values are.
        rows: u64,
    },
    /// No row has any weight.
    NoWeight {
        /// The weight column.
        column: String,
    },
    /// No row can be used.
    NoUsableRows {
        /// Why not.
        reason: String,
    },
}

/// At most five names, quoted.
fn quoted(names: &[String]) -> String {
    let shown: Vec<String> = names.iter().take(5).map(|name| format!("\"{name}\"")).collect();
    let more = names.len().saturating_sub(5);
    if more > 0 {
        format!("{} and {more} more", shown.join(", "))
    } else {
        shown.join(", ")
    }
}

/// A text on one line, cut where it is very long.
fn shown(text: &str) -> String {
    const MOST: usize = 120;
    let short: String = text
        .chars()
        .take(MOST)
        .map(|c| if c.is_control() { '\u{fffd}' } else { c })
        .collect();
    if text.chars().nth(MOST).is_some() {
        format!("{short}…")
    } else {
        short
    }
}

impl fmt::Display for PlanError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NothingToMeasure => f.write_str(
                "No column is a label, prediction or score, so there is nothing to measure. \
                 Say which column holds the truth (label) and which the prediction or score.",
            ),
            Self::Column(error) => error.fmt(f),
            Self::ClassesDiffer { label, prediction } => write!(
                f,
                "Column \"{}\" (label) holds {}, but column \"{}\" (prediction) holds {}. \
                 Spell the classes alike in both, or choose another column.",
                label.0,
                quoted(&label.1),
                prediction.0,
                quoted(&prediction.1)
            ),
            Self::PredictionIsScore { column, example } => write!(
                f,
                "Column \"{column}\" is given as the prediction, but holds numbers such as {example} while the label has two classes. \
                 Give it the role score instead."
            ),
            Self::UnknownClass { class, classes } => {
                write!(
                    f,
                    "The positive class \"{class}\" does not occur. The classes are {}; choose one of them.",
                    quoted(classes)
                )
            }
            Self::NotYesOrNo { column, value } => write!(
                f,
                "Column \"{column}\" must hold 1 and 0, or words for yes and no, one for each row that has the label or not, and holds \"{value}\"."
            ),
            Self::ClassOrder { class, is_twice: true } => {
                write!(
                    f,
                    "The order of the classes names \"{class}\" twice. Name every class once, from the lowest to the highest."
                )
            }
            Self::ClassOrder { class, .. } => write!(
                f,
                "The order of the classes lacks \"{class}\", which occurs. Name every class once, from the lowest to the highest."
            ),
            Self::UnknownGroup { column, level, levels } => write!(
                f,
                "The reference group \"{level}\" does not occur in column \"{column}\". Its levels are {}; choose one of them.",
                quoted(levels)
            ),
            Self::NotSensitive { column } => write!(
                f,
                "A reference group is set for column \"{column}\", which is not a sensitive feature. Add it to the sensitive features, or leave the reference group out."
            ),
            Self::PresetColumn { column } => write!(
                f,
                "Column \"{column}\" is to hold the sex or the race for a rule of law, and is not a sensitive feature. Add it to the sensitive features, or name another one."
            ),
            Self::TaskDoesNotFit { task, reason } => write!(f, "The task {task} does not fit these columns: {reason}."),
            Self::Setting { name, value, expected } => write!(f, "The setting {name} is {value}, but must be {expected}."),
            Self::Slice { predicate, error } => write!(f, "The slice `{}` cannot be read. {error}", shown(predicate)),
            Self::SliceById { column } => write!(
                f,
                "Column \"{column}\" is the id, whose values are never reported, so it makes no slices. Choose another column, or give it another role."
            ),
            Self::TooManyRows { column } => write!(
                f,
                "The numbers in column \"{column}\" (count) add up to more than 2^53 rows. Choose another column, or none."
            ),
            Self::NegativeWeight { column, rows } => write!(
                f,
                "Column \"{column}\" (weight) holds {rows} {} below 0, and a weight says how much a row counts. Choose another column, or correct it.",
                if *rows == 1 { "number" } else { "numbers" }
            ),
            Self::NoWeight { column } => write!(
                f,
                "Every number in column \"{column}\" (weight) is 0, so no row counts. Choose another column, or none."
            ),
            Self::NoUsableRows { reason } => write!(f, "No row can be used: {reason}."),
        }
    }
}

impl std::error::Error for PlanError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Column(error) => Some(error),
            Self::Slice { error, .. } => Some(error),
            _ => None,
        }
    }
}

impl From<DataError> for PlanError {
    fn from(error: DataError) -> Self {
        Self::Column(error)
    }
}
