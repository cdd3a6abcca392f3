//! Columns that one file has alone, and which of them may be the same under another name.

use crate::data::{Column, Notice, NoticeCode, Table};
use crate::metric::Source;
use crate::metric::sample::{Pair, PairMemory};
use crate::run::Settings;
use crate::run::columns::{Files, is_read, one};
use crate::run::quality::counter;

use super::measure;

/// The most columns that a notice names.
const MOST_NAMED: usize = 20;
/// The most columns on either side that are compared with each other.
const MOST_COMPARED: usize = 40;
/// From this likeness of names on, of 1, a new name is suggested where the values are alike, too.
const ALIKE: f64 = 0.5;

/// Says which columns one of the files has alone, and suggests which are the same.
pub fn notices(files: &Files<'_>, settings: &Settings) -> Vec<Notice> {
    let Some(reference) = files.reference else { return Vec::new() };
    let mut notices = Vec::new();
    for (old, new) in &settings.renamed {
        // The reference's column has its new name by now, where that could be given to it.
        if reference.column(new).is_none() || reference.column(old).is_some() || files.current.column(new).is_none() {
            let text = format!(
                "The setting that column \"{old}\" of the reference is called \"{new}\" now has no effect: the reference must have the one and the file \
                 under test the other."
            );
            notices.push(Notice::general(NoticeCode::Setting, text));
        }
    }
    let only = |table: &'_ Table, other: &'_ Table| -> Vec<usize> {
        let columns = table.columns.iter().enumerate();
        columns
            .filter(|(_, column)| other.column(&column.name).is_none() && is_read(files.roles, &column.name))
            .map(|(place, _)| place)
            .collect()
    };
    let (gone, new) = (only(reference, files.current), only(files.current, reference));
    for (table, places, text) in [
        (reference, &gone, "are in the reference only and are not compared"),
        (files.current, &new, "are not in the reference and are not compared"),
    ] {
        if !places.is_empty() {
            let names: Vec<String> = places
                .iter()
                .take(MOST_NAMED)
                .map(|place| format!("\"{}\"", table.columns[*place].name))
                .collect();
            let more = places.len().saturating_sub(MOST_NAMED);
            let more = if more > 0 { format!(" and {more} more") } else { String::new() };
            notices.push(Notice::general(
                NoticeCode::Setting,
                format!("Columns {}{more} {text}.", names.join(", ")),
            ));
        }
    }
    for place in new.iter().take(MOST_COMPARED) {
        let column = &files.current.columns[*place];
        let old = gone.iter().take(MOST_COMPARED).map(|place| &reference.columns[*place]);
        if let Some(best) = best_match(files, column, old) {
            let text = format!(
                "Column \"{}\" may be the reference's \"{best}\" under another name: names and values are alike. To compare the two, say so: \
                 --renamed \"{best}={}\".",
                column.name, column.name
            );
            notices.push(Notice::of_column(NoticeCode::Setting, &column.name, text));
        }
    }
    notices
}

fn best_match<'a>(files: &Files<'_>, column: &Column, old: impl Iterator<Item = &'a Column>) -> Option<&'a str> {
    let mut best: Option<(f64, &str)> = None;
    for earlier in old {
        let alike = likeness(&earlier.name, &column.name);
        if alike >= ALIKE && best.is_none_or(|(most, _)| alike > most) && has_like_values(files, earlier, column) {
            best = Some((alike, &earlier.name));
        }
    }
    best.map(|(_, name)| name)
}

/// Whether the values could be those of one column: of one kind, and no farther apart than drift usually gets.
fn has_like_values(files: &Files<'_>, earlier: &Column, column: &Column) -> bool {
    const FAR: f64 = 0.5;
    let kinds = (files.kind_of(earlier), files.kind_of(column));
    let (Some(kind), true) = (kinds.1, kinds.0 == kinds.1) else {
        return false;
    };
    let reference = one(earlier, kind, &counter(files, Source::Reference));
    let current = one(column, kind, &counter(files, Source::Current));
    let (Some(reference), Some(current)) = (reference, current) else {
        return false;
    };
    let pair = Pair {
        reference: &reference,
        current: &current,
        memory: &PairMemory::default(),
    };
    measure(&pair).size.score.is_some_and(|score| score < FAR)
}

/// How alike two names are: the share of their pairs of neighbouring signs that both have (Dice 1945), letter case and what is no letter or digit
/// left out. Range 0 to 1.
fn likeness(a: &str, b: &str) -> f64 {
    let pairs = |name: &str| -> Vec<(char, char)> {
        let plain: Vec<char> = name.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect();
        plain.windows(2).map(|pair| (pair[0], pair[1])).collect()
    };
    let (first, mut second) = (pairs(a), pairs(b));
    let all = first.len() + second.len();
    let mut shared = 0;
    for pair in &first {
        if let Some(place) = second.iter().position(|other| other == pair) {
            second.swap_remove(place);
            shared += 1;
        }
    }
    if all == 0 { 0.0 } else { 2.0 * f64::from(shared) / all as f64 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_alike_by_their_pairs_of_signs() {
        assert_eq!(likeness("car_value", "Car Value"), 1.0);
        assert_eq!(likeness("age", "income"), 0.0);
        assert!(likeness("debt_to_income", "debt_to_income_ratio") > 0.7);
        assert!(likeness("a", "b") == 0.0 && likeness("", "") == 0.0);
    }
}
