//! What differs between the columns of two files, said before anything is measured.

use std::collections::BTreeSet;

use crate::chart::number::counted;
use crate::data::{Kind, closest};
use crate::engine::{InspectedColumn, Inspection};

/// The most names in a sentence.
const MOST_NAMES: usize = 8;

/// A sentence for the columns that both have, for those in one file only, for those that may have another name in the other, and for those that were read otherwise.
/// Each file comes with its name.
pub fn differences(current: (&str, &Inspection), reference: (&str, &Inspection)) -> Vec<String> {
    let (own, other) = (&current.1.columns, &reference.1.columns);
    let find = |columns: &[InspectedColumn], name: &str| columns.iter().any(|column| column.name == name);
    let new: Vec<&InspectedColumn> = own.iter().filter(|column| !find(other, &column.name)).collect();
    let gone: Vec<&InspectedColumn> = other.iter().filter(|column| !find(own, &column.name)).collect();
    let mut said = Vec::new();
    let both = counted((own.len() - new.len()) as u64, "column is", "columns are");
    if new.is_empty() && gone.is_empty() {
        said.push(format!("All {both} in both files."));
    } else if new.len() < own.len() {
        said.push(format!("{both} in both files."));
    } else {
        said.push(format!(
            "No column has the same name in both files, so nothing can be compared. Are \"{}\" and \"{}\" about the same?",
            current.0, reference.0
        ));
    }
    for (file, columns) in [(current.0, &new), (reference.0, &gone)] {
        if !columns.is_empty() {
            let names = listed(columns.iter().map(|column| column.name.as_str()));
            said.push(format!("Only in \"{file}\", so not compared: {names}."));
        }
    }
    let renamed: Vec<String> = renamed(&new, &gone)
        .into_iter()
        .map(|(was, is)| format!("\"{was}\" may now be called \"{is}\""))
        .collect();
    if !renamed.is_empty() {
        let these = if renamed.len() == 1 {
            "it is one column"
        } else {
            "they are the same"
        };
        said.push(format!(
            "{}. If {these}, give both the same name in the files to have them compared.",
            renamed.join("; ")
        ));
    }
    let changed: Vec<String> = own
        .iter()
        .filter_map(|column| {
            let before = other.iter().find(|other| other.name == column.name)?;
            (before.kind != column.kind && before.kind != Kind::Empty && column.kind != Kind::Empty)
                .then(|| format!("\"{}\" ({}, before {})", column.name, kind(column.kind), kind(before.kind)))
        })
        .collect();
    if !changed.is_empty() {
        said.push(format!("Read in another way than in the reference: {}.", limited(&changed)));
    }
    said
}

/// Pairs of columns of one kind, one in each file only, whose names or levels are much alike: the name before and the name now.
fn renamed<'a>(new: &[&'a InspectedColumn], gone: &[&'a InspectedColumn]) -> Vec<(&'a str, &'a str)> {
    let mut taken = BTreeSet::new();
    let mut pairs = Vec::new();
    for column in new {
        let free = || {
            let alike = gone.iter().filter(|before| before.kind == column.kind);
            alike.filter(|before| !taken.contains(before.name.as_str()))
        };
        let by_name = closest(&column.name, free().map(|before| before.name.as_str())).into_iter().next();
        let by_name = by_name.and_then(|name| free().find(|before| before.name == name).copied());
        let found = by_name.or_else(|| free().find(|before| has_same_values(column, before)).copied());
        if let Some(before) = found {
            taken.insert(before.name.as_str());
            pairs.push((before.name.as_str(), column.name.as_str()));
        }
    }
    pairs
}

/// Whether the first values of two columns of levels are mostly the same.
fn has_same_values(a: &InspectedColumn, b: &InspectedColumn) -> bool {
    let values = |column: &InspectedColumn| column.looks_like.iter().cloned().collect::<BTreeSet<_>>();
    let (own, other) = (values(a), values(b));
    a.kind == Kind::Categorical && own.len() > 1 && own.intersection(&other).count() * 2 > own.len().max(other.len())
}

fn listed<'a>(names: impl Iterator<Item = &'a str>) -> String {
    limited(&names.map(|name| format!("\"{name}\"")).collect::<Vec<_>>())
}

fn limited(words: &[String]) -> String {
    let shown = words[..words.len().min(MOST_NAMES)].join(", ");
    match words.len().saturating_sub(MOST_NAMES) {
        0 => shown,
        more => format!("{shown} and {more} more"),
    }
}

fn kind(kind: Kind) -> &'static str {
    match kind {
        Kind::Numeric => "numbers",
        Kind::Boolean => "two values",
        Kind::Categorical => "levels",
        Kind::Time => "times",
        Kind::Text => "text",
        Kind::Empty => "nothing",
    }
}
