//! Why a text is no predicate, or none of this table.

use std::fmt;

use super::quoted;
use crate::data::DataError;

/// Why a text is no predicate, or none of this table. Places are characters of the text, counted from 1.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum PredicateError {
    /// Something else was due.
    Expected {
        /// Where.
        at: usize,
        /// What was due.
        expected: &'static str,
        /// What stands there; `None` where the text ends.
        found: Option<String>,
    },
    /// A quoted name or text does not end.
    Unclosed {
        /// Where it begins.
        at: usize,
        /// The quote that is missing.
        quote: char,
    },
    /// Parentheses and `not` are nested too deeply.
    TooDeep {
        /// Where it becomes too much.
        at: usize,
    },
    /// The text is longer than a predicate may be.
    TooLong {
        /// The most characters it may have.
        most: usize,
    },
    /// A column cannot be read, or does not exist.
    Column {
        /// Where it is named.
        at: usize,
        /// Why.
        error: DataError,
    },
    /// A value that the column cannot hold.
    Value {
        /// Where it stands.
        at: usize,
        /// The column.
        column: String,
        /// The value.
        value: String,
        /// What the column holds.
        holds: &'static str,
        /// What to write instead.
        advice: &'static str,
    },
    /// Texts have no order.
    NoOrder {
        /// Where the column is named.
        at: usize,
        /// The column.
        column: String,
    },
}

impl PredicateError {
    /// The place of the fault, where it has one.
    pub fn at(&self) -> Option<usize> {
        match self {
            Self::Expected { at, .. }
            | Self::Unclosed { at, .. }
            | Self::TooDeep { at }
            | Self::Column { at, .. }
            | Self::Value { at, .. }
            | Self::NoOrder { at, .. } => Some(*at),
            Self::TooLong { .. } => None,
        }
    }

    /// The same fault in a longer text, in which so many characters stand before this one.
    #[must_use]
    pub fn moved(mut self, by: usize) -> Self {
        match &mut self {
            Self::Expected { at, .. }
            | Self::Unclosed { at, .. }
            | Self::TooDeep { at }
            | Self::Column { at, .. }
            | Self::Value { at, .. }
            | Self::NoOrder { at, .. } => *at += by,
            Self::TooLong { .. } => {}
        }
        self
    }
}

impl fmt::Display for PredicateError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Expected {
                at,
                expected,
                found: Some(found),
            } => write!(f, "At character {at}, expected {expected}, found {}.", quoted(found)),
            Self::Expected { expected, found: None, .. } => write!(f, "The predicate ends where {expected} is expected."),
            Self::Unclosed { at, quote } => write!(f, "The quote that begins at character {at} does not end; add a {quote}."),
            Self::TooDeep { at } => write!(f, "At character {at}, parentheses are nested too deeply; write it with fewer."),
            Self::TooLong { most } => write!(f, "The predicate is longer than {most} characters; make it shorter."),
            Self::Column { at, error } => write!(f, "At character {at}: {error}"),
            Self::Value {
                at,
                column,
                value,
                holds,
                advice,
            } => write!(
                f,
                "At character {at}: column {} holds {holds}, and {} is none. Write {advice}.",
                quoted(column),
                quoted(value)
            ),
            Self::NoOrder { at, column } => write!(
                f,
                "At character {at}: column {} holds texts, which have no order. Use =, != or in.",
                quoted(column)
            ),
        }
    }
}

impl std::error::Error for PredicateError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Column { error, .. } => Some(error),
            _ => None,
        }
    }
}
