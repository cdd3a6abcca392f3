//! What the first bytes of a file tell, and what is asked before a very large one is read.

use std::collections::BTreeSet;

use super::columns::{is_used, role_of};
use super::format;
use crate::data::block::Sample;
use crate::data::{Kind, Notice, NoticeCode, Role, Roles};
use crate::engine::Inspection;

/// Memory that the columns of a sample take at most.
const SAMPLE_MEMORY: f64 = 1e9;

/// The seed of a sample drawn on the page, which the report states.
const SEED: u64 = 1;

/// How much of a very large file is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wanted {
    /// The columns that the audit uses.
    Used,
    /// Some of the rows.
    Sampled,
    /// Everything, whatever comes of it.
    Everything,
}

/// The columns and the sample that are read, where that is not everything.
pub(super) fn begin(wanted: Wanted, inspection: &Inspection, roles: &Roles, memory: Option<u64>) -> (Option<Vec<String>>, Option<Sample>) {
    let none = BTreeSet::new();
    match wanted {
        Wanted::Used => {
            let names = inspection.columns.iter().map(|column| &column.name);
            (
                Some(names.filter(|name| is_used(role_of(roles, &none, name))).cloned().collect()),
                None,
            )
        }
        Wanted::Sampled => {
            let share = one_in(memory);
            let sample = Sample {
                share: 1.0 / share as f64,
                seed: SEED,
            };
            (None, Some(sample))
        }
        Wanted::Everything => (None, None),
    }
}

/// One row in how many is kept of a file whose columns take that much memory.
fn one_in(memory: Option<u64>) -> u64 {
    (memory.unwrap_or(0) as f64 / SAMPLE_MEMORY).ceil().max(2.0) as u64
}

/// The choices of somebody whose file is very large, with the words of their buttons.
pub fn choices(memory: Option<u64>) -> [(&'static str, Wanted, String); 3] {
    [
        ("read-used", Wanted::Used, "Read the columns with a role".to_owned()),
        (
            "read-sample",
            Wanted::Sampled,
            format!("Read a sample: one row in {}", one_in(memory)),
        ),
        ("read-all", Wanted::Everything, "Read everything all the same".to_owned()),
    ]
}

/// Why it is asked.
pub fn question(memory: Option<u64>) -> String {
    format!(
        "The columns of this file will take about {} of memory, and a page can use 4 GB at most. The command has no such limit.",
        format::bytes(memory.unwrap_or(0))
    )
}

/// The columns that are ignored at first.
pub(super) fn ignored(inspection: &Inspection) -> BTreeSet<String> {
    let ignored = inspection.columns.iter().filter(|column| column.role == Role::Ignored);
    ignored.map(|column| column.name.clone()).collect()
}

/// What the whole file says of its columns that its first bytes did not.
pub(super) fn changes(before: &Inspection, now: &Inspection, roles_before: &Roles, roles: &Roles) -> Vec<Notice> {
    let none = BTreeSet::new();
    let mut notices = Vec::new();
    for column in &now.columns {
        let Some(first) = before.columns.iter().find(|first| first.name == column.name) else {
            continue;
        };
        if first.kind == column.kind {
            continue;
        }
        let name = &column.name;
        let mut text = format!(
            "Column \"{name}\" looked like {} in the first rows; the whole file has {} there.",
            kind(first.kind),
            kind(column.kind)
        );
        if role_of(roles_before, &none, name) != role_of(roles, &none, name) {
            text.push_str(" Its role was found anew.");
        }
        notices.push(Notice::of_column(NoticeCode::Reading, name, text));
    }
    notices
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

#[cfg(test)]
mod tests {
    use super::super::session::tests::inspection;
    use super::*;

    #[test]
    fn a_sample_fits_whatever_the_size_of_the_file() {
        let inspection = inspection(&["a", "b"]);
        for memory in [1_u64, 3_500_000_000, 80_000_000_000] {
            let (columns, sample) = begin(Wanted::Sampled, &inspection, &Roles::default(), Some(memory));
            let share = sample.expect("a sample is asked for").share;
            assert!(columns.is_none() && share * memory as f64 <= SAMPLE_MEMORY, "{share} of {memory}");
        }
        assert!(choices(Some(7_300_000_000))[1].2.ends_with("one row in 8"));
    }

    #[test]
    fn columns_without_a_role_are_left_out_when_asked() {
        let roles = Roles {
            label: Some("b".to_owned()),
            id: Some("c".to_owned()),
            ..Roles::default()
        };
        let (columns, sample) = begin(Wanted::Used, &inspection(&["a", "b", "c"]), &roles, None);
        assert_eq!((columns, sample), (Some(vec!["b".to_owned()]), None));
    }

    #[test]
    fn a_kind_that_changes_is_said() {
        let (before, mut now) = (inspection(&["a", "b"]), inspection(&["a", "b"]));
        now.columns[1].kind = Kind::Text;
        let notices = changes(&before, &now, &Roles::default(), &Roles::default());
        let texts: Vec<&str> = notices.iter().map(|notice| notice.text.as_str()).collect();
        assert_eq!(
            texts,
            ["Column \"b\" looked like numbers in the first rows; the whole file has text there."]
        );
    }
}
