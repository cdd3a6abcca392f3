//! The names of the columns: trimmed, none empty, no two the same.

use std::collections::BTreeMap;

use super::error::quoted;
use super::{Notice, NoticeCode};

/// The notices of one kind that are given one by one; the others are put together.
const MOST_NOTICES: usize = 10;

/// Column names, and what was odd about them.
#[derive(Debug)]
pub(super) struct Header {
    pub names: Vec<String>,
    pub notices: Vec<Notice>,
    /// Whether the last name was empty, as when every line ends in a delimiter.
    pub last_unnamed: bool,
}

/// Names the columns after the fields of the header, which stands on `line`.
pub(super) fn name_columns(fields: &csv::ByteRecord, line: u64) -> Header {
    let given: Vec<String> = fields
        .iter()
        .map(|field| String::from_utf8_lossy(field).trim().to_owned())
        .collect();
    // Where each name stands first, and the last number tried to make a repetition of it unique.
    let mut first: BTreeMap<&str, (usize, usize)> = BTreeMap::new();
    for (index, name) in given.iter().enumerate() {
        first.entry(name).or_insert((index, 1));
    }
    let mut numbers: BTreeMap<&str, usize> = BTreeMap::new();
    let mut taken: BTreeMap<String, ()> = BTreeMap::new();
    let (mut names, mut empty, mut repeated) = (Vec::new(), Vec::new(), Vec::new());
    for (index, name) in given.iter().enumerate() {
        let position = index + 1;
        let is_free = |name: &str, taken: &BTreeMap<String, ()>| !taken.contains_key(name) && !first.contains_key(name);
        let unique = if name.is_empty() {
            let base = format!("column {position}");
            let unique = number(&base, is_free(&base, &taken), &mut 1, |name| is_free(name, &taken));
            empty.push((
                position,
                format!("Column {position} has no name; it is called {}.", quoted(&unique)),
            ));
            unique
        } else if first[name.as_str()].0 != index {
            let next = numbers.entry(name).or_insert(1);
            let unique = number(name, false, next, |name| is_free(name, &taken));
            let text = format!(
                "Column {position} has the same name as column {}, {}; it is called {}.",
                first[name.as_str()].0 + 1,
                quoted(name),
                quoted(&unique)
            );
            repeated.push((position, text));
            unique
        } else {
            name.clone()
        };
        taken.insert(unique.clone(), ());
        names.push(unique);
    }
    let mut notices = noticed(NoticeCode::EmptyHeader, &empty, &names, line, "have no name either");
    notices.extend(noticed(NoticeCode::DuplicateHeader, &repeated, &names, line, "repeat a name too"));
    Header {
        last_unnamed: given.last().is_some_and(String::is_empty),
        names,
        notices,
    }
}

/// Names the columns of a file without a header, whose first row stands on `line`.
pub(super) fn number_columns(columns: usize, line: u64) -> Header {
    let text = match columns {
        1 => "The first line holds a value and no name; the column is called \"column 1\".".to_owned(),
        _ => format!("The first line holds values and no names; the columns are called \"column 1\" to \"column {columns}\"."),
    };
    Header {
        names: (1..=columns).map(|position| format!("column {position}")).collect(),
        notices: vec![Notice {
            code: NoticeCode::NoHeader,
            text,
            column: None,
            rows: None,
            line: Some(line),
        }],
        last_unnamed: true,
    }
}

/// `base` itself when that is free, otherwise `base (2)` or the next number that is free.
fn number(base: &str, is_free: bool, last: &mut usize, free: impl Fn(&str) -> bool) -> String {
    if is_free {
        return base.to_owned();
    }
    loop {
        *last += 1;
        let name = format!("{base} ({last})");
        if free(&name) {
            return name;
        }
    }
}

fn noticed(code: NoticeCode, found: &[(usize, String)], names: &[String], line: u64, others: &str) -> Vec<Notice> {
    let notice = |text: String, column: Option<String>| Notice {
        code,
        text,
        column,
        rows: None,
        line: Some(line),
    };
    let (single, rest) = found.split_at(found.len().min(MOST_NOTICES));
    let mut notices: Vec<Notice> = single
        .iter()
        .map(|(position, text)| notice(text.clone(), names.get(position - 1).cloned()))
        .collect();
    if !rest.is_empty() {
        notices.push(notice(format!("{} more columns {others}.", rest.len()), None));
    }
    notices
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn header(fields: &[&str]) -> Header {
        name_columns(&csv::ByteRecord::from(fields.to_vec()), 1)
    }

    #[test]
    fn names_are_trimmed_completed_and_made_unique() {
        let header = header(&[" a ", "b", "", "a", "a", "a (2)"]);
        assert_eq!(header.names, ["a", "b", "column 3", "a (3)", "a (4)", "a (2)"]);
        let texts: Vec<&str> = header.notices.iter().map(|notice| notice.text.as_str()).collect();
        assert_eq!(
            texts,
            [
                "Column 3 has no name; it is called \"column 3\".",
                "Column 4 has the same name as column 1, \"a\"; it is called \"a (3)\".",
                "Column 5 has the same name as column 1, \"a\"; it is called \"a (4)\".",
            ]
        );
        assert_eq!(header.notices[1].column.as_deref(), Some("a (3)"));
        assert_eq!(header.notices[1].line, Some(1));
        assert!(!header.last_unnamed);
    }

    #[test]
    fn an_empty_name_does_not_take_another_columns_name() {
        assert_eq!(header(&["column 2", ""]).names, ["column 2", "column 2 (2)"]);
        assert!(header(&["a", " "]).last_unnamed);
    }

    #[test]
    fn many_repetitions_are_put_together() {
        let header = header(&["x"; 100]);
        assert_eq!(header.notices.len(), 11);
        assert_eq!(header.notices[10].text, "89 more columns repeat a name too.");
    }

    proptest! {
        #[test]
        fn names_are_unique_and_never_empty(fields in proptest::collection::vec("( |a|b|\\(2\\)|column 2|é){0,3}", 1..12)) {
            let header = name_columns(&csv::ByteRecord::from(fields.clone()), 1);
            prop_assert_eq!(header.names.len(), fields.len());
            let set: std::collections::BTreeSet<&String> = header.names.iter().collect();
            prop_assert_eq!(set.len(), fields.len());
            prop_assert!(header.names.iter().all(|name| !name.is_empty()));
        }
    }
}
