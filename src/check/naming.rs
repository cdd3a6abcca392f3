//! Names inside a sentence: of metrics, of groups, and of columns and levels, which come from a file and are never trusted.

use std::collections::BTreeMap;

use super::matching::MIN_SUPPORT;
use crate::metric::registry::Metric;
use crate::metric::{Comparison, Key};

/// Names that keep their capital inside a sentence.
const PROPER: [&str; 4] = ["Brier", "Cohen", "Matthews", "Youden"];

/// A column or level longer than this is cut.
const LONGEST_NAME: usize = 60;

/// What a number is, in words: `recall where sex is Female`, `the ratio of selection rate between groups, by race`.
pub(super) fn about(metric: &Metric, key: &Key) -> String {
    let name = name_with_params(metric, key);
    let by = by_columns(" ", &key.by);
    let place = place_of(key).map_or_else(String::new, |place| format!(" {place}"));
    match key.comparison {
        None => format!("{name}{place}"),
        Some(Comparison::Difference) => format!("the difference of {name} between groups{by}"),
        Some(Comparison::Ratio) => format!("the ratio of {name} between groups{by}"),
        Some(Comparison::GroupMin) => format!("the lowest {name} of a group{by}"),
        Some(Comparison::GroupMax) => format!("the highest {name} of a group{by}"),
        Some(Comparison::ToOverallDifference) => format!("the difference of {name} to that of all rows{place}{by}"),
        Some(Comparison::ToOverallRatio) => format!("the ratio of {name} to that of all rows{place}{by}"),
        Some(Comparison::ToReferenceDifference) => format!("the difference of {name} to that {}{place}", reference(key)),
        Some(Comparison::ToReferenceRatio) => format!("the ratio of {name} to that {}{place}", reference(key)),
        Some(Comparison::ToRestDifference) => format!("the difference of {name} to that of all other rows{place}"),
        Some(Comparison::Change) => format!("the change of {name}{place}"),
    }
}

/// The metric's name as it stands inside a sentence.
pub(super) fn name_in_text(name: &str) -> String {
    let mut chars = name.chars();
    let (first, second) = (chars.next(), chars.next());
    let is_word = second.is_none_or(char::is_lowercase) && !PROPER.iter().any(|proper| name.starts_with(proper));
    match first {
        Some(first) if is_word => first.to_lowercase().chain(name.chars().skip(1)).collect(),
        _ => name.to_owned(),
    }
}

pub(super) fn name_with_params(metric: &Metric, key: &Key) -> String {
    let params: Vec<String> = shown_params(key)
        .iter()
        .map(|(name, value)| format!("{} {}", safe(name), quoted(value)))
        .collect();
    let name = name_in_text(metric.name);
    if params.is_empty() {
        name
    } else {
        format!("{name} ({})", params.join(", "))
    }
}

/// The parameters that are part of what was measured; which groups were judged is not.
pub(super) fn shown_params(key: &Key) -> BTreeMap<&str, &str> {
    let all = key.params.iter().map(|(name, value)| (name.as_str(), value.as_str()));
    all.filter(|(name, _)| *name != MIN_SUPPORT).collect()
}

/// Which rows the number is about, in words: those of a slice, or of a group; `None` for all rows.
pub(super) fn place_of(key: &Key) -> Option<String> {
    match &key.slice {
        Some(slice) => Some(format!("for {}", visible(slice))),
        None => place(&key.group),
    }
}

/// `where sex is Female and race is “Native American”`; `None` for all rows.
pub(super) fn place(group: &BTreeMap<String, Option<String>>) -> Option<String> {
    let parts: Vec<String> = group
        .iter()
        .map(|(column, level)| match level {
            Some(level) => format!("{} is {}", quoted(column), quoted(level)),
            None => format!("{} is missing", quoted(column)),
        })
        .collect();
    (!parts.is_empty()).then(|| format!("where {}", parts.join(" and ")))
}

pub(super) fn reference(key: &Key) -> String {
    key.reference_group
        .as_ref()
        .and_then(place)
        .unwrap_or_else(|| "of the reference group".to_owned())
}

pub(super) fn by_columns(lead: &str, by: &[String]) -> String {
    if by.is_empty() {
        return String::new();
    }
    let columns: Vec<String> = by.iter().map(|column| quoted(column)).collect();
    format!("{lead}by {}", columns.join(" and "))
}

/// A name from the file as it stands in a sentence: as it is where it is one plain word, else between quotes.
pub(super) fn quoted(name: &str) -> String {
    let is_plain = !name.is_empty() && name.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '-'));
    let name = safe(name);
    if is_plain { name } else { format!("“{name}”") }
}

/// The text with a mark for every character that would change the text around it: controls and directions.
pub(super) fn visible(text: &str) -> String {
    let is_unsafe = |c: char| c.is_control() || matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    text.chars().map(|c| if is_unsafe(c) { '\u{fffd}' } else { c }).collect()
}

/// The name made visible, and cut where it is very long.
pub(super) fn safe(name: &str) -> String {
    let short: String = name.chars().take(LONGEST_NAME).collect();
    let mut text = visible(&short);
    if name.chars().nth(LONGEST_NAME).is_some() {
        text.push('…');
    }
    text
}

/// The text with its first letter large.
pub(super) fn capital(text: &str) -> String {
    let mut chars = text.chars();
    chars
        .next()
        .map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}
