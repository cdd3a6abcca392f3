//! What is said of a join: how many rows of both files found each other, and what became of the others. No id is said.

use super::Matched;
use crate::data::error::{counted, quoted};
use crate::data::{Notice, NoticeCode};

fn notice(code: NoticeCode, rows: u64, column: &str, text: String) -> Notice {
    Notice::of_rows(code, column, rows, text)
}

/// What became of the rows, sorts of rows that do not occur left out.
pub(super) fn of_ids(file: &str, (own, other): (&str, &str), matched: &Matched) -> Vec<Notice> {
    let file = quoted(file);
    let by = if own == other {
        quoted(own)
    } else {
        format!("{} = {}", quoted(own), quoted(other))
    };
    let rows = |count: u64| counted(count, "row");
    let have = |count: u64| if count == 1 { "has" } else { "have" };
    let are = |count: u64| if count == 1 { "is" } else { "are" };
    let mut notices = vec![notice(
        NoticeCode::Joined,
        matched.found,
        own,
        format!("{} of {} found a row of {file}, by {by}.", matched.found, rows(matched.rows)),
    )];
    let mut say = |code: NoticeCode, count: u64, column: &str, text: String| {
        if count > 0 {
            notices.push(notice(code, count, column, text));
        }
    };
    let count = matched.unmatched;
    let kept = format!("{} counted and kept out of what needs a label", are(count));
    let text = format!("{} {} an id that {file} does not have and {kept}.", rows(count), have(count));
    say(NoticeCode::UnmatchedIds, count, own, text);
    let count = matched.without_id;
    let text = format!("{} {} no id, so nothing of {file}.", rows(count), have(count));
    say(NoticeCode::UnmatchedIds, count, own, text);
    let count = matched.labels_unmatched;
    let text = format!(
        "{} of {file} {} an id that no prediction has and {} not used.",
        rows(count),
        have(count),
        are(count)
    );
    say(NoticeCode::UnmatchedIds, count, other, text);
    let count = matched.labels_without_id;
    let text = format!("{} of {file} {} no id and {} not used.", rows(count), have(count), are(count));
    say(NoticeCode::UnmatchedIds, count, other, text);
    let at = |at: Option<(u64, u64)>| at.map_or_else(String::new, |(a, b)| format!(" (first rows {a} and {b})"));
    let count = matched.repeated;
    let text = format!(
        "{} share their id with another one{}: each gets what {file} says of it.",
        rows(count),
        at(matched.repeated_at)
    );
    say(NoticeCode::DuplicateIds, count, own, text);
    let count = matched.labels_repeated;
    let verb = if count == 1 { "says" } else { "say" };
    let text = format!("{} of {file} {verb} again what another one says of the same id.", rows(count));
    say(NoticeCode::DuplicateIds, count, other, text);
    let count = matched.labels_disputed;
    let text = format!(
        "{} of {file} say different things of the same id{}: none of them is used, which leaves {} without a label.",
        rows(count),
        at(matched.labels_disputed_at),
        rows(matched.disputed)
    );
    say(NoticeCode::DuplicateIds, count, other, text);
    notices
}

/// A column has another name than in its file.
pub(super) fn renamed(file: &str, before: &str, after: &str) -> Notice {
    let text = format!(
        "Column {} of {} is called {}, because the predictions have a column of that name.",
        quoted(before),
        quoted(file),
        quoted(after)
    );
    Notice::of_column(NoticeCode::DuplicateHeader, after, text)
}

/// What was odd in the label file itself.
pub(super) fn of_file(file: &str, notices: Vec<Notice>) -> impl Iterator<Item = Notice> {
    let file = quoted(file);
    notices.into_iter().map(move |notice| Notice {
        text: format!("In {file}: {}", notice.text),
        ..notice
    })
}
