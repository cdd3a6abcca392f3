//! Which of several files is the one under test, which holds earlier data, which the labels: a guess that the user can change.
//!
//! A file holds labels when it has few columns, hardly any of which the other one has, and the other one lacks the truth, or when it is
//! called so. Of two files alike, the reference is the one whose name says so (`train`, `2024-01`), then the one whose times are earlier,
//! then the one that has labels where the other has none yet, then the one that came first, or, beside a file that was there before, the
//! new one.

use std::collections::BTreeSet;

use super::{Chosen, Part};
use crate::data::Kind;

/// Words in the name of a file of earlier data.
const BEFORE: [&str; 17] = [
    "ref",
    "reference",
    "train",
    "training",
    "baseline",
    "base",
    "before",
    "old",
    "past",
    "prev",
    "previous",
    "earlier",
    "last",
    "history",
    "historical",
    "expected",
    "fit",
];

/// Words in the name of a file of data that are judged.
const NOW: [&str; 16] = [
    "cur",
    "current",
    "prod",
    "production",
    "live",
    "new",
    "now",
    "after",
    "today",
    "latest",
    "this",
    "test",
    "analysis",
    "serving",
    "recent",
    "candidate",
];

/// Words in the name of a label file.
const LABELS: [&str; 10] = [
    "label", "labels", "truth", "target", "targets", "outcome", "outcomes", "actual", "actuals", "answers",
];

/// The most columns of a file that is taken for one of labels.
const MOST_LABEL_COLUMNS: usize = 6;

/// Settles which of two or three files is which, all of them known as far as that goes.
pub(super) fn settle(files: &mut [Chosen]) {
    let kept: Vec<usize> = (0..files.len()).filter(|place| is_profile(&files[*place])).collect();
    if let [kept] = kept[..] {
        return settle_beside(files, kept);
    }
    let labels = (0..files.len()).find(|&place| is_label_file(files, place));
    // Of three, one holds the labels.
    let labels = labels.or_else(|| (files.len() == super::MOST).then(|| fewest_columns(files)));
    let others: Vec<usize> = (0..files.len()).filter(|place| Some(*place) != labels).collect();
    if let Some(place) = labels {
        say(&mut files[place], Part::Labels, "few columns that the other file lacks");
    }
    match others[..] {
        [one] => say(&mut files[one], Part::Current, ""),
        [a, b] => {
            let (is_first_before, why) = before(&files[a], &files[b]);
            let (reference, current) = if is_first_before { (a, b) } else { (b, a) };
            say(&mut files[reference], Part::Reference, why);
            say(&mut files[current], Part::Current, "");
        }
        _ => {}
    }
}

fn is_profile(file: &Chosen) -> bool {
    file.inspection.as_ref().is_some_and(|inspection| inspection.is_profile)
}

/// A profile can only be what another file is compared with; of two others, one holds the labels.
fn settle_beside(files: &mut [Chosen], kept: usize) {
    say(&mut files[kept], Part::Reference, "it is a profile");
    let others: Vec<usize> = (0..files.len()).filter(|place| *place != kept).collect();
    let columns = |place: &usize| {
        files[*place]
            .inspection
            .as_ref()
            .map_or(usize::MAX, |inspection| inspection.columns.len())
    };
    let called = others.iter().copied().find(|place| has_word(&files[*place].name, &LABELS));
    let labels = called
        .or_else(|| others.iter().copied().min_by_key(columns))
        .filter(|_| others.len() > 1);
    for place in others {
        if Some(place) == labels {
            say(&mut files[place], Part::Labels, "few columns that the other file lacks");
        } else {
            say(&mut files[place], Part::Current, "");
        }
    }
}

fn say(file: &mut Chosen, part: Part, why: &str) {
    file.part = part;
    file.why = why.to_owned();
}

fn fewest_columns(files: &[Chosen]) -> usize {
    let columns = |file: &Chosen| file.inspection.as_ref().map_or(usize::MAX, |inspection| inspection.columns.len());
    (0..files.len()).min_by_key(|&place| columns(&files[place])).unwrap_or(0)
}

fn names(file: &Chosen) -> BTreeSet<&str> {
    let columns = file.inspection.iter().flat_map(|inspection| &inspection.columns);
    columns.map(|column| column.name.as_str()).collect()
}

/// Whether the file at that place holds the labels of another one.
fn is_label_file(files: &[Chosen], place: usize) -> bool {
    let file = &files[place];
    let own = names(file);
    let is_called_so = has_word(&file.name, &LABELS);
    // Earlier data with other columns are earlier data all the same.
    if !is_called_so && has_word(&file.name, &BEFORE) {
        return false;
    }
    let is_of = |other: &Chosen| {
        let all = names(other);
        if own.is_empty() || all.is_empty() {
            return is_called_so;
        }
        let shared = own.intersection(&all).count();
        let is_other = shared * 2 <= own.len().min(all.len()) && shared < own.len();
        let lacks_truth = other
            .inspection
            .as_ref()
            .is_some_and(|inspection| inspection.roles.label.is_none() && inspection.roles.labels.is_empty());
        is_other && shared <= 2 && (is_called_so || own.len() <= MOST_LABEL_COLUMNS && own.len() < all.len() && lacks_truth)
    };
    let others = files.iter().enumerate().filter(|(other, _)| *other != place);
    others.map(|(_, other)| other).any(is_of)
}

/// Whether the first of two files holds the earlier data, and why that is thought.
fn before(a: &Chosen, b: &Chosen) -> (bool, &'static str) {
    let is_before = |file: &Chosen| has_word(&file.name, &BEFORE);
    let is_now = |file: &Chosen| has_word(&file.name, &NOW);
    if is_before(a) != is_before(b) || is_now(a) != is_now(b) {
        let is_first = if is_before(a) == is_before(b) { is_now(b) } else { is_before(a) };
        return (is_first, "by the names of the files");
    }
    let (numbers, others) = (numbers(&a.name), numbers(&b.name));
    if !numbers.is_empty() && numbers.len() == others.len() && numbers != others {
        return (numbers < others, "by the numbers in the names of the files");
    }
    if let (Some(first), Some(second)) = (first_time(a), first_time(b))
        && first != second
    {
        return (first < second, "its first rows are of an earlier time");
    }
    let has_label = |file: &Chosen| file.inspection.as_ref().is_some_and(|inspection| inspection.roles.label.is_some());
    if has_label(a) != has_label(b) {
        return (has_label(a), "it has labels, which the other file lacks");
    }
    if a.came_with == b.came_with {
        (true, "nothing tells: it came first")
    } else {
        (false, "nothing tells: it came second")
    }
}

/// Whether a name has one of these words in it.
fn has_word(name: &str, words: &[&str]) -> bool {
    let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem).to_lowercase();
    stem.split(|c: char| !c.is_alphabetic()).any(|word| words.contains(&word))
}

/// The numbers in a name, each without leading zeros, longer ones after shorter ones.
fn numbers(name: &str) -> Vec<(usize, String)> {
    let digits = name.split(|c: char| !c.is_ascii_digit()).filter(|digits| !digits.is_empty());
    digits
        .map(|digits| digits.trim_start_matches('0'))
        .map(|digits| (digits.len(), digits.to_owned()))
        .collect()
}

/// The earliest time in the first rows, written with the year first.
fn first_time(file: &Chosen) -> Option<&str> {
    let inspection = file.inspection.as_ref()?;
    let place = inspection.columns.iter().position(|column| column.kind == Kind::Time)?;
    let times = inspection.preview.iter().filter_map(|row| row.get(place)).map(String::as_str);
    let is_dated = |text: &&str| text.len() >= 10 && text.as_bytes()[..4].iter().all(u8::is_ascii_digit) && text.as_bytes()[4] == b'-';
    times.filter(is_dated).min()
}
