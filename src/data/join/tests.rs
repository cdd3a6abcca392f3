use std::io::Cursor;

use proptest::prelude::*;

use super::super::read::Reading;
use super::super::{Keys, Kind, NoticeCode, Roles, infer};
use super::*;

fn joined(mut predictions: Table, labels: Table, by: &By) -> Result<Table, JoinError> {
    let before = predictions.clone();
    let result = join(&mut predictions, labels, by);
    if result.is_err() {
        // What labels do not belong to is as it was, but for its ids.
        let before = Table {
            keys: Vec::new(),
            ..before
        };
        // As text, because a number that is missing does not equal itself.
        assert_eq!(format!("{before:?}"), format!("{predictions:?}"));
    }
    result.map(|()| predictions)
}

fn read(name: &str, text: &str, keys: Keys) -> Table {
    let mut reading = Reading::new(Cursor::new(text.as_bytes()), name, text.len() as u64).keep_keys(keys);
    loop {
        if let Some(table) = reading.step(3).unwrap() {
            return table;
        }
    }
}

/// The two files joined by what is found.
fn found(predictions: &str, labels: &str) -> Result<Table, JoinError> {
    let labels = read("labels.csv", labels, Keys::Likely(Vec::new()));
    let likely = labels.keys.iter().map(|keyed| keyed.column.clone()).collect();
    joined(read("p.csv", predictions, Keys::Likely(likely)), labels, &By::Found)
}

fn by(predictions: &str, labels: &str, own: &str, other: &str) -> Result<Table, JoinError> {
    let keys = |name: &str| Keys::Of(vec![name.to_owned()]);
    let by = By::Columns {
        predictions: own.to_owned(),
        labels: other.to_owned(),
    };
    joined(read("p.csv", predictions, keys(own)), read("labels.csv", labels, keys(other)), &by)
}

/// A column as text, missing values empty.
fn texts(table: &Table, column: &str) -> Vec<String> {
    let column = table.column(column).unwrap();
    (0..table.rows).map(|row| shown(&column.values, row)).collect()
}

fn matched(table: &Table) -> Matched {
    table.labels.as_ref().unwrap().matched
}

#[test]
fn rows_find_their_labels_in_any_order() {
    let table = found("id,score\n3,0.9\n1,0.1\n2,0.5\n", "y,id\nyes,1\nno,2\nyes,3\n").unwrap();
    assert_eq!(texts(&table, "y"), ["yes", "yes", "no"]);
    assert_eq!(table.columns.len(), 3);
    assert_eq!(table.preview[2], ["2", "0.5", "no"]);
    assert!(table.keys.is_empty());
    let labels = table.labels.as_ref().unwrap();
    assert_eq!((labels.first, labels.intake.name.as_str()), (2, "labels.csv"));
    assert_eq!(table.notices[0].text, "3 of 3 rows found a row of \"labels.csv\", by \"id\".");
}

#[test]
fn what_matches_nothing_is_counted_on_both_sides() {
    let table = found("id,score\n1,0.1\n2,0.2\nNA,0.3\n9,0.9\n", "id,y\n2,1\n1,0\n,1\n77,1\n78,0\n").unwrap();
    let labels = table.column("y").unwrap();
    assert_eq!((labels.kind, labels.missing), (Kind::Numeric, 2));
    assert_eq!(texts(&table, "y"), ["0", "1", "", ""]);
    let expected = Matched {
        rows: 4,
        found: 2,
        unmatched: 1,
        without_id: 1,
        labels_used: 2,
        labels_unmatched: 2,
        labels_without_id: 1,
        ..Matched::default()
    };
    assert_eq!(matched(&table), expected);
    let said: Vec<&str> = table
        .notices
        .iter()
        .filter(|notice| notice.code == NoticeCode::UnmatchedIds)
        .map(|notice| notice.text.as_str())
        .collect();
    assert_eq!(
        said,
        [
            "1 row has an id that \"labels.csv\" does not have and is counted and kept out of what needs a label.",
            "1 row has no id, so nothing of \"labels.csv\".",
            "2 rows of \"labels.csv\" have an id that no prediction has and are not used.",
            "1 row of \"labels.csv\" has no id and is not used.",
        ]
    );
}

#[test]
fn ids_that_occur_twice_follow_the_rule() {
    let predictions = "id,score\na,0.1\nb,0.2\na,0.3\nc,0.4\n";
    let table = found(predictions, "id,y\nb,1\na,0\nc,1\nb,1\nc,0\n").unwrap();
    assert_eq!(texts(&table, "y"), ["0", "1", "0", ""]);
    let got = matched(&table);
    assert_eq!((got.repeated, got.repeated_at), (2, Some((1, 3))));
    assert_eq!((got.labels_used, got.labels_repeated, got.disputed), (2, 1, 1));
    assert_eq!((got.labels_disputed, got.labels_disputed_at), (2, Some((3, 5))));
    let said: Vec<&str> = table
        .notices
        .iter()
        .filter(|notice| notice.code == NoticeCode::DuplicateIds)
        .map(|notice| notice.text.as_str())
        .collect();
    assert_eq!(
        said,
        [
            "2 rows share their id with another one (first rows 1 and 3): each gets what \"labels.csv\" says of it.",
            "1 row of \"labels.csv\" says again what another one says of the same id.",
            "2 rows of \"labels.csv\" say different things of the same id (first rows 3 and 5): none of them is used, which leaves 1 row without a label.",
        ]
    );
}

#[test]
fn names_that_are_taken_get_a_number_and_the_label_file_tells_the_label() {
    let table = by(
        "case,y,y (2),score\n1,0,5,0.2\n2,1,5,0.7\n",
        "nr,y,y (3)\n1,1,7\n2,0,8\n",
        "case",
        "nr",
    )
    .unwrap();
    let names: Vec<&str> = table.columns.iter().map(|column| column.name.as_str()).collect();
    assert_eq!(names, ["case", "y", "y (2)", "score", "y (4)", "y (3)"]);
    let roles = Roles::from_guesses(&infer(&table));
    assert_eq!((roles.label.as_deref(), roles.id.as_deref()), (Some("y (4)"), Some("case")));
    assert!(roles.check(&table).is_ok());
    let texts: Vec<&str> = table.notices.iter().map(|notice| notice.text.as_str()).collect();
    assert!(
        texts.contains(&"Column \"y\" of \"labels.csv\" is called \"y (4)\", because the predictions have a column of that name."),
        "{texts:?}"
    );
}

#[test]
fn numbers_go_by_their_value_and_texts_as_they_stand() {
    let table = by(
        "id,s\n1.0,1\n007,2\n12345678901234567890,3\n A ,4\na,5\n",
        "id,y\n1,p\n7,q\n12345678901234567891,r\nA,s\n",
        "id",
        "id",
    )
    .unwrap();
    assert_eq!(texts(&table, "y"), ["p", "", "", "s", ""]);
}

#[test]
fn free_text_and_quoted_ids_join_in_every_form() {
    let id = |i: u32| format!("the \"{i}\", of Zürich; with a long tail {}", i % 7);
    let csv = |rows: &mut dyn Iterator<Item = u32>, name: &str| {
        let lines: Vec<String> = rows.map(|i| format!("\"{}\",{}\n", id(i).replace('"', "\"\""), i)).collect();
        format!("key,{name}\n{}", lines.concat())
    };
    let labels = csv(&mut (0..600).rev(), "y");
    let table = found(&csv(&mut (0..900), "score"), &labels).unwrap();
    assert_eq!(table.column("key").unwrap().kind, Kind::Text);
    assert_eq!((matched(&table).found, matched(&table).unmatched), (600, 300));
    let y = texts(&table, "y");
    assert!((0..900).all(|i| y[i] == if i < 600 { i.to_string() } else { String::new() }));
    // The same predictions as JSON Lines.
    let line = |i: u32| format!("{}\n", serde_json::json!({"key": id(i), "score": i}));
    let lines: String = (0..900).map(line).collect();
    assert_eq!(texts(&found(&lines, &labels).unwrap(), "y"), y);
}

#[test]
fn id_columns_are_found() {
    let pair = |predictions: &str, labels: &str| {
        let table = found(predictions, labels).unwrap();
        let labels = table.labels.unwrap();
        (labels.predictions_id, labels.labels_id)
    };
    let both = |a: &str, b: &str| (a.to_owned(), b.to_owned());
    // The same name but for case and signs; the pair with the most ids in common.
    assert_eq!(
        pair("Customer ID,s\n5,1\n6,2\n", "customer_id,y\n6,1\n5,0\n"),
        both("Customer ID", "customer_id")
    );
    assert_eq!(
        pair("row_id,user_id\n1,8\n2,9\n", "row_id,user_id,y\n2,8\n5,9,1\n6,8,1\n7,9,1\n"),
        both("user_id", "user_id")
    );
    // Other names, all values different.
    assert_eq!(
        pair("case,s\nx1,1\nx2,2\nx3,2\n", "sample,y\nx3,1\nx2,0\nx1,1\n"),
        both("case", "sample")
    );
    // What numbers the rows of a file says nothing.
    assert_eq!(pair(",ref,s\n0,u,1\n1,v,2\n", ",ref,y\n0,v,1\n1,u,0\n"), both("ref", "ref"));
}

#[test]
fn errors_say_what_and_what_to_do() {
    let error = |joined: Result<Table, JoinError>| joined.unwrap_err().to_string();
    assert_eq!(
        error(found("case,s\nx1,1\nx2,2\n", "sample,y\nz1,1\nz2,0\n")),
        "No id column was found by which \"p.csv\" (with \"case\", \"s\") and \"labels.csv\" (with \"sample\", \"y\") belong together: none of the same name that holds ids, and none whose values are all different and mostly the same in both. Say which columns hold the ids."
    );
    assert_eq!(
        error(by("ids,s\n1,1\n", "id,y\n1,1\n", "id", "id")),
        "There is no id column \"id\" in \"p.csv\". The closest names are: \"ids\"."
    );
    assert_eq!(
        error(by("id\n1\n", "id\n1\n", "id", "id")),
        "\"labels.csv\" has no column beside its ids in \"id\". Choose a file that holds the ids and the labels."
    );
    let nothing = |predictions: &str, labels: &str| error(found(predictions, labels));
    let start = "No row of \"p.csv\" has a label: no id in \"id\" is one in \"id\" of \"labels.csv\". ";
    for (predictions, labels, reason) in [
        (
            "id,s\n007,1\n008,2\n",
            "id,y\n7,1\n8,0\n",
            "Without leading zeros, 2 rows match. Spreadsheets drop them: keep the ids as text in both files.",
        ),
        (
            "id,s\nAB,1\nCD,2\n",
            "id,y\nab,1\ncx,0\n",
            "In lower case, 1 row matches. Write the ids in the same case in both files.",
        ),
        (
            "id,s\n#12,1\n#13,2\n",
            "id,y\n12,1\n13,0\n",
            "By their digits alone, 2 rows match. One of the files writes something around them: take it away.",
        ),
        (
            "id,s\n1.23E+17,1\n1.24E+17,2\n",
            "id,y\n123456789012345678,1\n123556789012345678,0\n",
            "Ids of the predictions are written with a power of ten, as spreadsheets do with long numbers: their last digits are lost. Write that file anew.",
        ),
        (
            "id,s\nx,1\ny,2\n",
            "id,y\n1,1\n2,0\n",
            "The ids of the predictions are texts, those of the label file numbers. Choose columns that hold the same ids.",
        ),
        (
            "id,s\n1,1\n2,2\n",
            "id,y\n3,1\n4,0\n",
            "Check that both files are about the same rows and that these are their ids.",
        ),
        (
            "id,s\n1,1\n2,2\n",
            "id,y\n1,1\n1,0\n",
            "The ids that both have are each in several rows of the label file that say different things. Keep one row for each id.",
        ),
        (
            "id,s\n,1\nNA,2\n",
            "id,y\n1,1\n2,0\n",
            "No row of the predictions has an id. Choose another column.",
        ),
        (
            "id,s\n1,1\n2,2\n",
            "id,y\n,1\n-,0\n",
            "No row of the label file has an id. Choose another column.",
        ),
    ] {
        assert_eq!(nothing(predictions, labels), format!("{start}{reason}"), "{predictions}");
    }
}

#[test]
fn a_column_read_anew_keeps_its_ids() {
    // The first rows look like numbers, all rows do not, so that the column is read a second time.
    let early: String = (0..60_000).map(|i| format!("{i},1\n")).collect();
    let late: String = (0..60_000).map(|i| format!("x{i},1\n")).collect();
    let table = by(&format!("id,s\n{early}{late}"), "id,y\n59999,a\nx0,b\nx59999,c\n", "id", "id").unwrap();
    assert_eq!(table.column("id").unwrap().kind, Kind::Text);
    let y = texts(&table, "y");
    assert_eq!([&y[59_999], &y[60_000], &y[119_999]], ["a", "b", "c"]);
    assert_eq!(matched(&table).found, 3);
}

/// What an id is, said in another way.
fn plain(id: &str) -> Option<String> {
    let id = id.trim();
    match id {
        "" | "NA" => None,
        "1.0" | "1.00" => Some("1".to_owned()),
        _ => Some(id.to_owned()),
    }
}

fn naive(own: &[String], labels: &[(String, String)]) -> Vec<String> {
    let label = |id: &String| {
        let id = plain(id)?;
        let mut all = labels
            .iter()
            .filter(|(other, _)| plain(other).as_ref() == Some(&id))
            .map(|(_, label)| label);
        let first = all.next()?;
        all.all(|other| other == first).then(|| first.clone())
    };
    own.iter().map(|id| label(id).unwrap_or_default()).collect()
}

fn ids() -> impl Strategy<Value = String> {
    let hostile = "an id that is longer than fifteen bytes";
    prop_oneof![
        proptest::sample::select(vec![
            "1", "1.0", "1.00", "01", "", "NA", "é", "=1+1", "<b>", "1e0", " 1 ", "a", hostile
        ])
        .prop_map(str::to_owned),
        (0..12_u8).prop_map(move |i| format!("{hostile} {i}")),
    ]
}

proptest! {
    #[test]
    fn it_is_what_a_plain_search_finds(own in proptest::collection::vec(ids(), 1..20), labels in proptest::collection::vec((ids(), "[pqr]"), 1..20), turn in 0..20_usize) {
        let predictions: String = own.iter().map(|id| format!("{id},0\n")).collect();
        let predictions = format!("k,s\n{predictions}");
        let file = |labels: &[(String, String)]| {
            let rows: String = labels.iter().map(|(id, label)| format!("{id},{label}\n")).collect();
            format!("k,y\n{rows}")
        };
        let expected = naive(&own, &labels);
        let joined = by(&predictions, &file(&labels), "k", "k");
        let mut turned = labels.clone();
        turned.rotate_left(turn % labels.len());
        let again = by(&predictions, &file(&turned), "k", "k");
        if expected.iter().all(String::is_empty) {
            let is_nothing = |joined: &Result<Table, JoinError>| matches!(joined, Err(JoinError::NothingMatches { .. }));
            prop_assert!(is_nothing(&joined) && is_nothing(&again));
            return Ok(());
        }
        let (joined, again) = (joined.unwrap(), again.unwrap());
        prop_assert_eq!(texts(&joined, "y"), expected.clone());
        prop_assert_eq!(joined.column("y"), again.column("y"));
        let got = matched(&joined);
        prop_assert_eq!(got.rows, own.len() as u64);
        prop_assert_eq!(got.found, expected.iter().filter(|label| !label.is_empty()).count() as u64);
        prop_assert_eq!(got.rows, got.found + got.unmatched + got.without_id + got.disputed);
        prop_assert_eq!(
            labels.len() as u64,
            got.labels_used + got.labels_unmatched + got.labels_without_id + got.labels_repeated + got.labels_disputed
        );
        let mut one = got;
        let mut two = matched(&again);
        (one.labels_disputed_at, two.labels_disputed_at) = (None, None);
        prop_assert_eq!(one, two);
    }
}
