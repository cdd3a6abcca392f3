//! The English face of a check, written and read: `id: recall in each group of sex is at least 0.5, else warn`.
//!
//! ```text
//! [ID :] SUBJECT is at least|at most BOUND [, else warn] [, where measured] [, because WHY]
//! SUBJECT  = [the COMPARISON] METRIC [(NAME = VALUE, ...)] [GROUPS | for PREDICATE]
//! COMPARISON = difference of | ratio of | difference to overall of | ratio to overall of | difference to reference of
//!            | ratio to reference of | difference to the rest of | lowest | highest | change of
//! GROUPS   = between groups | by COLUMN and ... | in each group [of COLUMN and ...]
//! BOUND    = a number, a number with %, or a metric over the same rows
//! ```
//!
//! A metric goes by its id, an alias or its name; names that are not one plain word stand between double quotes.

use std::collections::BTreeMap;
use std::fmt;

use super::condition::{Aim, Bound, Check, Condition, Flaw, Relation, Severity, Subject};
use super::nearest::{called, nearest, suggestion};
use super::words::{Piece, Words, is_one_word, quoted_unless};
use crate::data::{Predicate, PredicateError};
use crate::metric::Comparison;

/// Words that end a metric's name, so that they can't stand for a column without quotes.
const RESERVED: [&str; 15] = [
    "for", "is", "at", "by", "in", "between", "and", "of", "the", "else", "where", "because", "to", "each", "every",
];

/// Why a sentence is no check.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum SentenceError {
    /// Another word was due.
    Expected {
        /// Its place, in characters from 1.
        column: usize,
        /// What was due.
        expected: &'static str,
        /// What stands there; `None` where the sentence ends.
        found: Option<String>,
    },
    /// No metric is called so.
    UnknownMetric {
        /// Its place, in characters from 1.
        column: usize,
        /// The name.
        found: String,
        /// The ids nearest to it.
        nearest: Vec<&'static str>,
    },
    /// A quoted name does not end.
    UnclosedQuote {
        /// Where it begins, in characters from 1.
        column: usize,
    },
    /// What stands after “for” is no predicate.
    Predicate(PredicateError),
    /// The words are right, but no data can be asked that.
    Flaw(Flaw),
}

impl fmt::Display for SentenceError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Expected {
                column,
                expected,
                found: Some(found),
            } => write!(f, "At character {column} of the sentence, expected {expected}, found “{found}”."),
            Self::Expected { expected, found: None, .. } => write!(f, "The sentence ends where {expected} is expected."),
            Self::UnknownMetric { column, found, nearest } => {
                write!(
                    f,
                    "At character {column} of the sentence, no metric is called “{found}”. {}",
                    suggestion(nearest)
                )
            }
            Self::UnclosedQuote { column } => write!(
                f,
                "The quote that begins at character {column} of the sentence does not end; add a \"."
            ),
            Self::Predicate(error) => write!(f, "The slice after “for” cannot be read. {error}"),
            Self::Flaw(flaw) => write!(f, "The sentence cannot be checked: {flaw}."),
        }
    }
}

impl std::error::Error for SentenceError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Flaw(flaw) => Some(flaw),
            Self::Predicate(error) => Some(error),
            _ => None,
        }
    }
}

/// The whole check in English: id, claim, what a breach is called, and why.
pub fn print(check: &Check) -> String {
    let why = if check.why.is_empty() {
        String::new()
    } else {
        format!(", because {}", check.why)
    };
    format!("{}: {}{why}", quoted_unless(is_one_word(&check.id), &check.id), body(check))
}

/// The check in English without its id and its why.
pub(super) fn body(check: &Check) -> String {
    let severity = if check.severity == Severity::Warn { ", else warn" } else { "" };
    let optional = if check.optional { ", where measured" } else { "" };
    format!("{}{severity}{optional}", claim(check))
}

/// What the check says must hold: `accuracy is at least 0.8`.
pub fn claim(check: &Check) -> String {
    let relation = match check.condition.relation {
        Relation::AtLeast => "at least",
        Relation::AtMost => "at most",
    };
    let bound = match &check.condition.bound {
        Bound::Constant(bound) => plain_number(*bound),
        Bound::Metric { metric } => name(metric),
    };
    format!("{} is {relation} {bound}", subject(&check.subject))
}

/// The subject in English: `the ratio of selection_rate by race`.
pub(super) fn subject(subject: &Subject) -> String {
    let comparison = subject.comparison.map_or("", comparison_words);
    let params: Vec<String> = subject
        .params
        .iter()
        .map(|(key, value)| format!("{} = {}", name(key), name(value)))
        .collect();
    let params = if params.is_empty() {
        String::new()
    } else {
        format!(" ({})", params.join(", "))
    };
    let by = subject.by.iter().map(|column| name(column)).collect::<Vec<_>>().join(" and ");
    let groups = match (subject.aim, by.is_empty()) {
        (Aim::EachGroup, true) => " in each group".to_owned(),
        (Aim::EachGroup, false) => format!(" in each group of {by}"),
        (Aim::Overall, false) => format!(" by {by}"),
        (Aim::Overall, true) if matches!(subject.comparison, None | Some(Comparison::Change | Comparison::ToRestDifference)) => {
            String::new()
        }
        (Aim::Overall, true) => " between groups".to_owned(),
    };
    let slice = subject.slice.as_ref().map_or_else(String::new, |slice| format!(" for {slice}"));
    format!("{comparison}{}{params}{groups}{slice}", name(&subject.metric))
}

const fn comparison_words(comparison: Comparison) -> &'static str {
    match comparison {
        Comparison::Difference => "the difference of ",
        Comparison::Ratio => "the ratio of ",
        Comparison::ToOverallDifference => "the difference to overall of ",
        Comparison::ToOverallRatio => "the ratio to overall of ",
        Comparison::ToReferenceDifference => "the difference to reference of ",
        Comparison::ToReferenceRatio => "the ratio to reference of ",
        Comparison::ToRestDifference => "the difference to the rest of ",
        Comparison::GroupMin => "the lowest ",
        Comparison::GroupMax => "the highest ",
        Comparison::Change => "the change of ",
    }
}

fn name(text: &str) -> String {
    let plain = text.chars().all(|c| c.is_alphanumeric() || c == '_') && !RESERVED.contains(&text.to_lowercase().as_str());
    quoted_unless(plain && !text.is_empty(), text)
}

/// The shortest digits that read back as the same number.
fn plain_number(x: f64) -> String {
    if x != 0.0 && x.is_finite() && !(1e-5..1e15).contains(&x.abs()) {
        format!("{x:e}")
    } else {
        x.to_string()
    }
}

/// Reads a check; without an id of its own it gets one made of its words.
pub fn parse(text: &str) -> Result<Check, SentenceError> {
    let (id, mut check) = parse_with_id(text)?;
    check.id = id.unwrap_or_else(|| derived_id(&check));
    check.flaw().map_or(Ok(check), |flaw| Err(SentenceError::Flaw(flaw)))
}

/// Reads a check whose id stays empty, and the id where the sentence names one. Flaws are the caller's to look for.
pub(super) fn parse_with_id(text: &str) -> Result<(Option<String>, Check), SentenceError> {
    let mut words = Words::of(text);
    let id = if words.names_an_id()? {
        let id = parse_name(&mut words, "an id")?;
        words.next()?;
        Some(id)
    } else {
        None
    };
    let subject = parse_subject(&mut words)?;
    let relation = parse_relation(&mut words)?;
    let bound = parse_bound(&mut words)?;
    let mut check = Check {
        id: String::new(),
        subject,
        condition: Condition { relation, bound },
        severity: Severity::Fail,
        optional: false,
        why: String::new(),
    };
    parse_clauses(&mut words, &mut check)?;
    Ok((id, check))
}

/// An id of the claim's telling words: `ratio_selection_rate_by_race_at_least_0.8`.
pub(super) fn derived_id(check: &Check) -> String {
    let claim = claim(check);
    let words = claim.split(|c: char| !(c.is_alphanumeric() || matches!(c, '_' | '.' | '-')));
    let telling = words.filter(|word| !word.is_empty() && !["the", "is", "of", "in"].contains(word));
    telling.collect::<Vec<_>>().join("_")
}

fn parse_subject(words: &mut Words<'_>) -> Result<Subject, SentenceError> {
    words.eat("the")?;
    let comparison = parse_comparison(words)?;
    let metric = parse_metric(words)?;
    let params = parse_params(words)?;
    let (aim, by) = parse_groups(words)?;
    let slice = parse_slice(words)?;
    Ok(Subject {
        metric,
        params,
        comparison,
        by,
        slice,
        aim,
    })
}

fn parse_comparison(words: &mut Words<'_>) -> Result<Option<Comparison>, SentenceError> {
    let (plain, to_overall, to_reference, to_rest) = if words.eat("difference")? || words.eat("gap")? {
        (
            Comparison::Difference,
            Comparison::ToOverallDifference,
            Comparison::ToReferenceDifference,
            Some(Comparison::ToRestDifference),
        )
    } else if words.eat("ratio")? {
        (Comparison::Ratio, Comparison::ToOverallRatio, Comparison::ToReferenceRatio, None)
    } else if words.eat("change")? {
        words.expect("of", "“of” and a metric")?;
        return Ok(Some(Comparison::Change));
    } else if words.eat("lowest")? {
        return Ok(Some(Comparison::GroupMin));
    } else if words.eat("highest")? {
        return Ok(Some(Comparison::GroupMax));
    } else {
        return Ok(None);
    };
    let comparison = if !words.eat("to")? {
        plain
    } else if words.eat("overall")? {
        to_overall
    } else if let Some(to_rest) = to_rest.filter(|_| matches!(words.peek(), Ok(Piece::Word("the" | "rest")))) {
        words.eat("the")?;
        words.expect("rest", "“rest”")?;
        to_rest
    } else {
        words.expect("reference", "“overall”, “reference” or “the rest”")?;
        to_reference
    };
    words.expect("of", "“of” and a metric")?;
    Ok(Some(comparison))
}

/// A metric's id, from the words up to one that cannot be part of its name.
fn parse_metric(words: &mut Words<'_>) -> Result<String, SentenceError> {
    let column = words.column();
    let mut found: Vec<String> = Vec::new();
    loop {
        match words.peek()? {
            // A metric may be called “for” itself.
            Piece::Word(word) if !RESERVED.contains(&word.to_lowercase().as_str()) || (found.is_empty() && word == "for") => {
                found.push(word.to_owned());
            }
            Piece::Quoted(name) if found.is_empty() => found.push(name),
            _ => break,
        }
        words.next()?;
    }
    if found.is_empty() {
        return Err(words.unexpected("a metric such as accuracy"));
    }
    let found = found.join(" ");
    match called(&found).or_else(|| called(found.trim_end_matches('.'))) {
        Some(metric) => Ok(metric.id.to_owned()),
        None => Err(SentenceError::UnknownMetric {
            column,
            nearest: nearest(&found),
            found,
        }),
    }
}

fn parse_params(words: &mut Words<'_>) -> Result<BTreeMap<String, String>, SentenceError> {
    let mut params = BTreeMap::new();
    if !words.eat("(")? {
        return Ok(params);
    }
    loop {
        let key = parse_name(words, "a parameter such as class")?;
        words.expect("=", "“=” and the parameter's value")?;
        let value = parse_name(words, "the parameter's value")?;
        params.insert(key, value);
        if !words.eat(",")? {
            words.expect(")", "“)” after the parameters")?;
            return Ok(params);
        }
    }
}

fn parse_name(words: &mut Words<'_>, expected: &'static str) -> Result<String, SentenceError> {
    match words.peek()? {
        Piece::Word(word) => {
            words.next()?;
            Ok(word.to_owned())
        }
        Piece::Quoted(name) => {
            words.next()?;
            Ok(name)
        }
        Piece::Mark(_) | Piece::End => Err(words.unexpected(expected)),
    }
}

fn parse_groups(words: &mut Words<'_>) -> Result<(Aim, Vec<String>), SentenceError> {
    if words.eat("between")? {
        words.expect("groups", "“groups”")?;
        Ok((Aim::Overall, Vec::new()))
    } else if words.eat("by")? {
        Ok((Aim::Overall, parse_columns(words)?))
    } else if words.eat("in")? {
        if !words.eat("every")? {
            words.expect("each", "“each group”")?;
        }
        words.expect("group", "“group”")?;
        let by = if words.eat("of")? { parse_columns(words)? } else { Vec::new() };
        Ok((Aim::EachGroup, by))
    } else {
        Ok((Aim::Overall, Vec::new()))
    }
}

/// The predicate after “for”, in its canonical text.
fn parse_slice(words: &mut Words<'_>) -> Result<Option<String>, SentenceError> {
    if !words.eat("for")? {
        return Ok(None);
    }
    let before = words.column() - 1;
    let (predicate, end) = Predicate::parse_start(words.left()).map_err(|error| SentenceError::Predicate(error.moved(before)))?;
    words.skip(end);
    Ok(Some(predicate.to_string()))
}

fn parse_columns(words: &mut Words<'_>) -> Result<Vec<String>, SentenceError> {
    let mut columns = vec![parse_name(words, "a column")?];
    while words.eat("and")? {
        columns.push(parse_name(words, "another column")?);
    }
    Ok(columns)
}

fn parse_relation(words: &mut Words<'_>) -> Result<Relation, SentenceError> {
    const EXPECTED: &str = "“is at least” or “is at most”";
    if words.eat(">=")? || words.eat("≥")? {
        return Ok(Relation::AtLeast);
    }
    if words.eat("<=")? || words.eat("≤")? {
        return Ok(Relation::AtMost);
    }
    words.eat("is")?;
    words.expect("at", EXPECTED)?;
    if words.eat("least")? {
        return Ok(Relation::AtLeast);
    }
    words.expect("most", "“least” or “most”")?;
    Ok(Relation::AtMost)
}

fn parse_bound(words: &mut Words<'_>) -> Result<Bound, SentenceError> {
    const EXPECTED: &str = "a number such as 0.8, or a metric";
    words.eat("the")?;
    let Piece::Word(word) = words.peek()? else {
        return match words.peek()? {
            Piece::Quoted(_) => Ok(Bound::Metric {
                metric: parse_metric(words)?,
            }),
            _ => Err(words.unexpected(EXPECTED)),
        };
    };
    let digits = word.replace('\u{2212}', "-");
    if !digits.starts_with(|c: char| c.is_ascii_digit() || matches!(c, '.' | '-' | '+')) {
        return Ok(Bound::Metric {
            metric: parse_metric(words)?,
        });
    }
    match digits.trim_end_matches('.').parse::<f64>() {
        Ok(number) if number.is_finite() => {
            words.next()?;
            Ok(Bound::Constant(if words.eat("%")? { number / 100.0 } else { number }))
        }
        _ => Err(words.unexpected(EXPECTED)),
    }
}

fn parse_clauses(words: &mut Words<'_>, check: &mut Check) -> Result<(), SentenceError> {
    loop {
        let comma = words.eat(",")?;
        if words.eat("else")? {
            if words.eat("warn")? {
                check.severity = Severity::Warn;
            } else {
                words.expect("fail", "“warn” or “fail”")?;
                check.severity = Severity::Fail;
            }
        } else if words.eat("where")? {
            words.expect("measured", "“measured”")?;
            check.optional = true;
        } else if words.eat("because")? {
            check.why = words.rest().to_owned();
            return Ok(());
        } else if !comma && matches!(words.peek()?, Piece::End) {
            return Ok(());
        } else {
            return Err(words.unexpected("“else warn”, “where measured”, “because” or the end"));
        }
    }
}

#[cfg(test)]
#[path = "sentence_tests.rs"]
pub(super) mod tests;
