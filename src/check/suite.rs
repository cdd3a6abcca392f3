//! A suite as a file: TOML for people, JSON for machines, a check in either given as a sentence or as fields.
//!
//! ```toml
//! [[check]]
//! sentence = "four_fifths: the ratio of selection_rate by race is at least 0.8"
//!
//! [[check]]
//! id = "recall_of_each_sex"
//! severity = "warn"
//! subject = { metric = "recall", aim = "each_group", by = ["sex"] }
//! condition = { relation = "at_least", bound = 0.5 }
//! ```

use std::collections::BTreeMap;
use std::fmt;

use serde::{Deserialize, Serialize};
use toml::Spanned;

use super::condition::{Check, Condition, Flaw, Severity, Subject};
use super::sentence::{self, SentenceError};

/// A list of checks.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Suite {
    /// The checks, in the order in which they are read.
    pub checks: Vec<Check>,
}

/// Why a file is no suite.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum SuiteError {
    /// The text does not read as a suite.
    Text {
        /// The line, from 1.
        line: usize,
        /// The place in the line, in characters from 1.
        column: usize,
        /// What is wrong there.
        fault: String,
    },
    /// Two checks have the same id.
    Duplicate {
        /// The id.
        id: String,
        /// Which check had it first, from 1.
        first: usize,
        /// Which check has it again, from 1.
        again: usize,
        /// The line where that check begins, where the reader knows it.
        line: Option<usize>,
    },
    /// The file holds no check.
    Empty,
}

impl fmt::Display for SuiteError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Text { line, column, fault } => write!(f, "The suite, line {line}, column {column}: {fault}"),
            Self::Duplicate { id, first, again, line } => {
                let line = line.map_or_else(String::new, |line| format!(", line {line}"));
                write!(
                    f,
                    "The suite{line}: its checks {first} and {again} are both called “{id}”; give one of them another id, as in \"other_id: accuracy is \
                     at least 0.8\"."
                )
            }
            Self::Empty => write!(
                f,
                "The suite holds no check, so nothing could fail; add one, as in [[check]] with sentence = \"accuracy is at least 0.8\"."
            ),
        }
    }
}

impl std::error::Error for SuiteError {}

/// A check as a file has it: a sentence, or a subject with a condition.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    sentence: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    severity: Option<Severity>,
    #[serde(skip_serializing_if = "Option::is_none")]
    optional: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    why: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    subject: Option<Subject>,
    #[serde(skip_serializing_if = "Option::is_none")]
    condition: Option<Condition>,
}

/// What is wrong with an entry that reads well.
#[derive(Debug)]
enum EntryError {
    Sentence(SentenceError),
    Flaw(Flaw),
    SaidTwice(&'static str),
    Incomplete,
}

impl fmt::Display for EntryError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Sentence(error) => error.fmt(f),
            Self::Flaw(flaw) => write!(f, "This cannot be checked: {flaw}."),
            Self::SaidTwice(field) => write!(f, "The sentence says already what `{field}` says; leave one of them out."),
            Self::Incomplete => f.write_str("A check needs a `sentence`, or else a `subject` and a `condition`."),
        }
    }
}

/// A check that was an entry of a file.
#[derive(Deserialize)]
#[serde(try_from = "Entry")]
struct Read(Check);

impl TryFrom<Entry> for Read {
    type Error = EntryError;

    fn try_from(entry: Entry) -> Result<Self, EntryError> {
        let check = if let Some(text) = &entry.sentence {
            from_sentence(text, &entry)?
        } else {
            from_fields(entry)?
        };
        check.flaw().map_or(Ok(Self(check)), |flaw| Err(EntryError::Flaw(flaw)))
    }
}

fn from_sentence(text: &str, entry: &Entry) -> Result<Check, EntryError> {
    let (id, mut check) = sentence::parse_with_id(text).map_err(EntryError::Sentence)?;
    let twice = [
        ("id", id.is_some() && entry.id.is_some()),
        ("subject", entry.subject.is_some()),
        ("condition", entry.condition.is_some()),
        ("severity", entry.severity.is_some()),
        ("optional", entry.optional.is_some()),
        ("why", !check.why.is_empty() && entry.why.is_some()),
    ];
    if let Some((field, _)) = twice.into_iter().find(|(_, is_twice)| *is_twice) {
        return Err(EntryError::SaidTwice(field));
    }
    check.id = id.or_else(|| entry.id.clone()).unwrap_or_else(|| sentence::derived_id(&check));
    if let Some(why) = &entry.why {
        check.why.clone_from(why);
    }
    Ok(check)
}

fn from_fields(entry: Entry) -> Result<Check, EntryError> {
    let (Some(subject), Some(condition)) = (entry.subject, entry.condition) else {
        return Err(EntryError::Incomplete);
    };
    let mut check = Check {
        id: String::new(),
        subject,
        condition,
        severity: entry.severity.unwrap_or_default(),
        optional: entry.optional.unwrap_or_default(),
        why: entry.why.unwrap_or_default(),
    };
    check.id = entry.id.unwrap_or_else(|| sentence::derived_id(&check));
    Ok(check)
}

/// The check as a sentence if it reads back the same, else as fields.
fn entry(check: &Check) -> Entry {
    let why = (!check.why.is_empty()).then(|| check.why.clone());
    let text = sentence::body(check);
    let plain = Check {
        why: String::new(),
        ..check.clone()
    };
    let reads_back = sentence::parse_with_id(&text).is_ok_and(|(id, read)| {
        let read = Check {
            id: check.id.clone(),
            ..read
        };
        id.is_none() && read == plain
    });
    if reads_back {
        return Entry {
            id: Some(check.id.clone()),
            sentence: Some(text),
            why,
            ..Entry::default()
        };
    }
    Entry {
        id: Some(check.id.clone()),
        severity: Some(check.severity),
        optional: check.optional.then_some(true),
        why,
        subject: Some(check.subject.clone()),
        condition: Some(check.condition.clone()),
        ..Entry::default()
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File<T> {
    #[serde(default = "Vec::new", rename = "check")]
    checks: Vec<T>,
}

#[derive(Serialize)]
struct Written {
    check: Vec<Entry>,
}

impl Suite {
    /// Reads a suite from TOML, or from JSON where the text begins with a brace.
    pub fn parse(text: &str) -> Result<Self, SuiteError> {
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        if text.trim_start().starts_with('{') {
            Self::from_json(text)
        } else {
            Self::from_toml(text)
        }
    }

    /// Reads a suite from TOML.
    pub fn from_toml(text: &str) -> Result<Self, SuiteError> {
        let file: File<Spanned<Read>> = toml::from_str(text).map_err(|error| {
            let (line, column) = place(text, error.span().map_or(0, |span| span.start));
            SuiteError::Text {
                line,
                column,
                fault: sentence_of(error.message()),
            }
        })?;
        let lines: Vec<usize> = file.checks.iter().map(|read| place(text, read.span().start).0).collect();
        Self::of(file.checks.into_iter().map(|read| read.into_inner().0).collect(), &lines)
    }

    /// Reads a suite from JSON.
    pub fn from_json(text: &str) -> Result<Self, SuiteError> {
        let file: File<Read> = serde_json::from_str(text).map_err(|error| {
            let (line, column) = (error.line(), error.column());
            let told = error.to_string();
            let fault = told.strip_suffix(&format!(" at line {line} column {column}")).unwrap_or(&told);
            SuiteError::Text {
                line,
                column,
                fault: sentence_of(fault),
            }
        })?;
        Self::of(file.checks.into_iter().map(|read| read.0).collect(), &[])
    }

    /// The checks, if there are any and their ids differ; `lines` says where each begins, as far as known.
    fn of(checks: Vec<Check>, lines: &[usize]) -> Result<Self, SuiteError> {
        if checks.is_empty() {
            return Err(SuiteError::Empty);
        }
        let mut seen: BTreeMap<&str, usize> = BTreeMap::new();
        for (place, check) in checks.iter().enumerate() {
            if let Some(first) = seen.insert(&check.id, place + 1) {
                return Err(SuiteError::Duplicate {
                    id: check.id.clone(),
                    first,
                    again: place + 1,
                    line: lines.get(place).copied(),
                });
            }
        }
        Ok(Self { checks })
    }

    /// The suite as TOML, a sentence for every check that has one.
    pub fn to_toml(&self) -> String {
        toml::to_string_pretty(&self.written()).expect("entries hold texts, numbers and maps with text keys, so they always serialize")
    }

    /// The suite as JSON, a sentence for every check that has one.
    pub fn to_json(&self) -> String {
        let mut text =
            serde_json::to_string_pretty(&self.written()).expect("entries hold only maps with text keys, so they always serialize");
        text.push('\n');
        text
    }

    fn written(&self) -> Written {
        Written {
            check: self.checks.iter().map(entry).collect(),
        }
    }
}

/// Line and column of a byte, both from 1.
fn place(text: &str, byte: usize) -> (usize, usize) {
    let before = text.get(..byte).unwrap_or(text);
    let line = before.matches('\n').count() + 1;
    let column = before.rsplit('\n').next().map_or(0, |start| start.chars().count()) + 1;
    (line, column)
}

/// The reader's message as one sentence on one line.
fn sentence_of(message: &str) -> String {
    let text = message
        .lines()
        .map(str::trim)
        .filter(|line| !line.is_empty())
        .collect::<Vec<_>>()
        .join("; ");
    if text.ends_with(['.', '?']) { text } else { format!("{text}.") }
}

#[cfg(test)]
#[path = "suite_tests.rs"]
mod tests;
