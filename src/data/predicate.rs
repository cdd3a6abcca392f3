//! Predicates over columns: `age >= 65 and sex = "Female"`. A small language of its own, its canonical text, and the rows it selects.
//!
//! ```text
//! PREDICATE = PREDICATE or PREDICATE | PREDICATE and PREDICATE | not PREDICATE | (PREDICATE)
//!           | COLUMN = VALUE           also != < <= > >=
//!           | COLUMN in (VALUE, ...)   also not in
//!           | COLUMN is missing        also is not missing
//! COLUMN    = a plain word, or any name between double quotes or backquotes
//! VALUE     = a number, a plain word, or any text between double quotes
//! ```
//!
//! `not` binds tighter than `and`, `and` tighter than `or`. Inside quotes a backslash takes the next character as it is. No comparison
//! holds of a missing value, `!=` and `not in` included; `not (...)` selects every row that `(...)` does not. Times are written as text
//! in ISO 8601. Only numbers and times have an order.
//!
//! Read [`Predicate`] first.

use std::fmt;

use super::column::number_text;
use super::error::quoted;

mod error;
mod parse;
mod select;

pub use error::PredicateError;

/// Words that mean something in a predicate, so that a column or value called so stands between quotes.
const RESERVED: [&str; 6] = ["and", "or", "not", "in", "is", "missing"];

/// Something that was written, with its place: the character where it begins, counted from 1; 0 where it was not written by anyone.
///
/// Two are equal when they say the same, wherever that stands.
#[derive(Debug, Clone)]
pub struct Placed<T> {
    /// What was written.
    pub value: T,
    /// Where.
    pub at: usize,
}

impl<T: PartialEq> PartialEq for Placed<T> {
    fn eq(&self, other: &Self) -> bool {
        self.value == other.value
    }
}

impl<T> From<T> for Placed<T> {
    fn from(value: T) -> Self {
        Self { value, at: 0 }
    }
}

/// How a value stands to another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Relation {
    /// The same.
    Equal,
    /// Another.
    NotEqual,
    /// Below.
    Less,
    /// Below or the same.
    AtMost,
    /// Above.
    Greater,
    /// Above or the same.
    AtLeast,
}

impl Relation {
    const fn sign(self) -> &'static str {
        match self {
            Self::Equal => "=",
            Self::NotEqual => "!=",
            Self::Less => "<",
            Self::AtMost => "<=",
            Self::Greater => ">",
            Self::AtLeast => ">=",
        }
    }

    /// Whether it asks which of two values is larger.
    const fn is_order(self) -> bool {
        !matches!(self, Self::Equal | Self::NotEqual)
    }

    /// Whether `a` stands so to `b`; never where they cannot be compared.
    fn holds<T: PartialOrd>(self, a: &T, b: &T) -> bool {
        let Some(order) = a.partial_cmp(b) else { return false };
        match self {
            Self::Equal => order.is_eq(),
            Self::NotEqual => order.is_ne(),
            Self::Less => order.is_lt(),
            Self::AtMost => order.is_le(),
            Self::Greater => order.is_gt(),
            Self::AtLeast => order.is_ge(),
        }
    }
}

/// A value as it is written.
#[derive(Debug, Clone, PartialEq)]
pub enum Literal {
    /// A finite number.
    Number(f64),
    /// A text, a level, a time.
    Text(String),
}

impl fmt::Display for Literal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Number(number) => f.write_str(&number_text(*number)),
            Self::Text(text) => write_quoted(f, text),
        }
    }
}

/// Which rows are meant.
///
/// Its [`Display`](fmt::Display) is the canonical text: it reads back as the same predicate, and two texts with the same meaning word by
/// word have the same one.
#[derive(Debug, Clone, PartialEq)]
pub enum Predicate {
    /// The column's value stands so to that value.
    Compare {
        /// The column's name.
        column: Placed<String>,
        /// How.
        relation: Relation,
        /// To what.
        value: Placed<Literal>,
    },
    /// The column's value is one of these.
    In {
        /// The column's name.
        column: Placed<String>,
        /// The values; at least one.
        values: Vec<Placed<Literal>>,
        /// Whether it is none of them instead.
        is_negated: bool,
    },
    /// The column has no value there.
    Missing {
        /// The column's name.
        column: Placed<String>,
        /// Whether it has one instead.
        is_negated: bool,
    },
    /// Every row that the other does not select.
    Not(Box<Predicate>),
    /// All of these, at least two, none of which is itself an `and`.
    And(Vec<Predicate>),
    /// Any of these, at least two, none of which is itself an `or`.
    Or(Vec<Predicate>),
}

impl Predicate {
    /// The rows with that level.
    pub fn level(column: &str, level: &str) -> Self {
        Self::Compare {
            column: column.to_owned().into(),
            relation: Relation::Equal,
            value: Literal::Text(level.to_owned()).into(),
        }
    }

    /// The rows whose number stands so to that number.
    pub fn number(column: &str, relation: Relation, number: f64) -> Self {
        Self::Compare {
            column: column.to_owned().into(),
            relation,
            value: Literal::Number(number).into(),
        }
    }

    /// The rows that have no value in the column.
    pub fn missing(column: &str) -> Self {
        Self::Missing {
            column: column.to_owned().into(),
            is_negated: false,
        }
    }

    /// The rows that all of them select, of which there is at least one.
    pub fn all(parts: Vec<Self>) -> Self {
        let mut flat = Vec::with_capacity(parts.len());
        for part in parts {
            match part {
                Self::And(inner) => flat.extend(inner),
                other => flat.push(other),
            }
        }
        if flat.len() == 1 { flat.remove(0) } else { Self::And(flat) }
    }

    /// The rows that any of them selects, of which there is at least one.
    pub fn any(parts: Vec<Self>) -> Self {
        let mut flat = Vec::with_capacity(parts.len());
        for part in parts {
            match part {
                Self::Or(inner) => flat.extend(inner),
                other => flat.push(other),
            }
        }
        if flat.len() == 1 { flat.remove(0) } else { Self::Or(flat) }
    }

    /// The columns it reads with their places, as often as they are named.
    pub fn columns(&self) -> Vec<&Placed<String>> {
        match self {
            Self::Compare { column, .. } | Self::In { column, .. } | Self::Missing { column, .. } => vec![column],
            Self::Not(inner) => inner.columns(),
            Self::And(parts) | Self::Or(parts) => parts.iter().flat_map(Self::columns).collect(),
        }
    }
}

impl fmt::Display for Predicate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Compare { column, relation, value } => {
                write_name(f, &column.value)?;
                write!(f, " {} {}", relation.sign(), value.value)
            }
            Self::In {
                column,
                values,
                is_negated,
            } => {
                write_name(f, &column.value)?;
                f.write_str(if *is_negated { " not in (" } else { " in (" })?;
                for (place, value) in values.iter().enumerate() {
                    write!(f, "{}{}", if place == 0 { "" } else { ", " }, value.value)?;
                }
                f.write_str(")")
            }
            Self::Missing { column, is_negated } => {
                write_name(f, &column.value)?;
                f.write_str(if *is_negated { " is not missing" } else { " is missing" })
            }
            Self::Not(inner) => write!(f, "not ({inner})"),
            Self::And(parts) => write_joined(f, parts, " and "),
            Self::Or(parts) => write_joined(f, parts, " or "),
        }
    }
}

fn write_joined(f: &mut fmt::Formatter<'_>, parts: &[Predicate], word: &str) -> fmt::Result {
    for (place, part) in parts.iter().enumerate() {
        if place > 0 {
            f.write_str(word)?;
        }
        // Only an `or` within an `and` would fall apart without parentheses.
        match part {
            Predicate::Or(_) => write!(f, "({part})")?,
            _ => write!(f, "{part}")?,
        }
    }
    Ok(())
}

fn write_name(f: &mut fmt::Formatter<'_>, name: &str) -> fmt::Result {
    let begins = name.starts_with(|c: char| c.is_alphabetic() || c == '_');
    let is_plain = begins && name.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '.' | '-'));
    if is_plain && !is_reserved(name) {
        f.write_str(name)
    } else {
        write_quoted(f, name)
    }
}

fn write_quoted(f: &mut fmt::Formatter<'_>, text: &str) -> fmt::Result {
    f.write_str("\"")?;
    for c in text.chars() {
        if matches!(c, '"' | '\\') {
            f.write_str("\\")?;
        }
        write!(f, "{c}")?;
    }
    f.write_str("\"")
}

fn is_reserved(word: &str) -> bool {
    RESERVED.iter().any(|reserved| word.eq_ignore_ascii_case(reserved))
}

#[cfg(test)]
pub(crate) mod tests;
