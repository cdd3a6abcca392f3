use super::super::session::tests::{answer, forecast, inspection};
use super::super::{Edit, Moment, Session};
use super::*;
use crate::data::{Kind, Role};
use crate::protocol::{Envelope, Preview, Request, Response};

/// What a small engine would answer: each file is known by its columns.
struct Desk {
    session: Session,
    columns: Vec<(u32, Vec<&'static str>)>,
    /// What was asked, a word each.
    asked: Vec<String>,
    /// Labels that do not belong to anything.
    is_unjoined: bool,
    /// Files that cannot be read.
    broken: Vec<u32>,
}

impl Desk {
    fn new() -> Self {
        Self {
            session: Session::default(),
            columns: Vec::new(),
            asked: Vec::new(),
            is_unjoined: false,
            broken: Vec::new(),
        }
    }

    /// Files that come together, each with its columns.
    fn drop(&mut self, files: &[(&str, &[&'static str])]) {
        let names: Vec<String> = files.iter().map(|(name, _)| (*name).to_owned()).collect();
        let (numbers, request) = if self.columns.is_empty() {
            self.session.open(&names, None, 0.0)
        } else {
            self.session.add(&names, 0.0)
        };
        for (number, (_, columns)) in numbers.iter().zip(files) {
            self.columns.push((*number, columns.to_vec()));
        }
        self.run(request);
    }

    fn run(&mut self, mut request: Option<Envelope<Request>>) {
        while let Some(Envelope { id, message }) = request {
            let mut first = None;
            let answered = match message {
                Request::Open { file, purpose, .. } if self.broken.contains(&file) => {
                    self.asked.push(format!("{} {file}", word(&purpose)));
                    Response::Failed {
                        message: format!("file {file} is a picture"),
                    }
                }
                Request::Open { file, purpose, .. } => {
                    self.asked.push(format!("{} {file}", word(&purpose)));
                    let columns = self
                        .columns
                        .iter()
                        .find(|(number, _)| *number == file)
                        .map(|(_, columns)| columns.clone());
                    let mut columns = columns.unwrap();
                    if let Purpose::Joined { labels, .. } = purpose {
                        if self.is_unjoined {
                            let message = "no id column was found".to_owned();
                            first = Some(Response::Unjoined { message });
                        } else {
                            let (_, others) = self.columns.iter().find(|(number, _)| *number == labels).unwrap();
                            columns.extend(others.iter().filter(|column| **column != "id"));
                        }
                    }
                    let mut inspection = Box::new(inspection(&columns));
                    inspection.is_profile = columns.contains(&"kept");
                    match purpose {
                        Purpose::Peek => Response::Peeked(Some(inspection)),
                        _ => Response::Opened(inspection),
                    }
                }
                Request::Foresee { current, .. } => {
                    self.asked.push(format!("foresee {current}"));
                    Response::Foreseen(forecast(None))
                }
                Request::Audit { current, reference, .. } => {
                    self.asked.push(format!("audit {current} {reference:?}"));
                    return;
                }
                other => panic!("{other:?}"),
            };
            if let Some(first) = first {
                self.session.receive(answer(id, first), 1.0);
            }
            request = self.session.receive(answer(id, answered), 1.0);
        }
    }

    fn parts(&self) -> Vec<(&str, Part)> {
        let list = self.session.files().list();
        list.iter().map(|file| (file.name.as_str(), file.part)).collect()
    }

    fn asked(&mut self) -> String {
        std::mem::take(&mut self.asked).join(", ")
    }
}

fn word(purpose: &Purpose) -> &'static str {
    match purpose {
        Purpose::Peek => "peek",
        Purpose::Table => "table",
        Purpose::Labels { .. } => "labels",
        Purpose::Joined { .. } => "joined",
    }
}

const PREDICTIONS: &[&str] = &["id", "age", "sex", "score", "prediction"];
const LABELS: &[&str] = &["id", "label"];

#[test]
fn two_files_at_once_are_looked_at_told_apart_and_read() {
    let mut desk = Desk::new();
    desk.drop(&[("may.csv", PREDICTIONS), ("training.csv", PREDICTIONS)]);
    assert_eq!(desk.parts(), [("may.csv", Part::Current), ("training.csv", Part::Reference)]);
    assert_eq!(desk.asked(), "peek 1, peek 2, table 1, table 2, foresee 1");
    assert_eq!((desk.session.moment(), desk.session.file()), (Moment::Confirm, Some("may.csv")));
    assert!(desk.session.can_start());
    let start = desk.session.start(2.0);
    desk.run(start);
    assert_eq!(desk.asked(), "audit 1 Some(2)");
}

#[test]
fn a_swap_reads_nothing_anew() {
    let mut desk = Desk::new();
    desk.drop(&[("may.csv", PREDICTIONS), ("training.csv", PREDICTIONS)]);
    desk.asked();
    let swap = desk.session.give_part(2, Part::Current, 2.0);
    desk.run(swap);
    assert_eq!(desk.asked(), "foresee 2");
    assert_eq!(desk.session.file(), Some("training.csv"));
    assert_eq!(desk.parts(), [("may.csv", Part::Reference), ("training.csv", Part::Current)]);
    assert!(desk.session.files().list().iter().all(|file| file.why.is_empty()));
    let start = desk.session.start(3.0);
    desk.run(start);
    assert_eq!(desk.asked(), "audit 2 Some(1)");
}

#[test]
fn labels_that_come_later_are_read_before_the_predictions_are_read_again() {
    let mut desk = Desk::new();
    desk.drop(&[("p.csv", PREDICTIONS)]);
    assert_eq!(desk.asked(), "table 1, foresee 1");
    desk.drop(&[("outcome.csv", LABELS)]);
    assert_eq!(desk.asked(), "peek 2, labels 2, joined 1, foresee 1");
    assert_eq!(desk.parts(), [("p.csv", Part::Current), ("outcome.csv", Part::Labels)]);
    let columns = desk.session.inspection().map(|inspection| inspection.columns.len());
    assert_eq!(columns, Some(6), "the label is a column of the predictions now");
    let gone = desk.session.remove(2, 2.0);
    desk.run(gone);
    assert_eq!(desk.asked(), "table 1, foresee 1");
}

#[test]
fn three_files_are_current_reference_and_labels_whatever_their_order() {
    let files: [(&str, &[&'static str]); 3] = [("y.csv", LABELS), ("2024-05.csv", PREDICTIONS), ("2024-04.csv", PREDICTIONS)];
    for turn in 0..3 {
        let mut desk = Desk::new();
        let mut files = files;
        files.rotate_left(turn);
        desk.drop(&files);
        let mut parts = desk.parts();
        parts.sort_unstable();
        let expected = [
            ("2024-04.csv", Part::Reference),
            ("2024-05.csv", Part::Current),
            ("y.csv", Part::Labels),
        ];
        assert_eq!(parts, expected, "turned by {turn}");
        let number = |name: &str| desk.session.files().list().iter().find(|file| file.name == name).unwrap().number;
        let (label, current, reference) = (number("y.csv"), number("2024-05.csv"), number("2024-04.csv"));
        let read = format!("peek 1, peek 2, peek 3, labels {label}, joined {current}, table {reference}, foresee {current}");
        assert_eq!(desk.asked(), read);
    }
}

#[test]
fn a_fourth_file_is_refused_and_changes_nothing() {
    let mut desk = Desk::new();
    let file = ("a.csv", PREDICTIONS);
    desk.drop(&[file, file, file]);
    desk.asked();
    desk.drop(&[file]);
    let failure = desk.session.failure().unwrap().message.clone();
    assert!(failure.starts_with("4 files are too many"), "{failure}");
    assert_eq!((desk.asked().as_str(), desk.parts().len()), ("", 3));
    let mut desk = Desk::new();
    desk.drop(&[file, file, file, file]);
    assert!(desk.session.failure().is_some() && desk.session.moment() == Moment::Start);
}

#[test]
fn a_file_that_cannot_be_read_goes_and_the_other_stays() {
    for broken in [1, 2] {
        let mut desk = Desk::new();
        desk.broken.push(broken);
        desk.drop(&[("a.csv", PREDICTIONS), ("b.csv", PREDICTIONS)]);
        let other = 3 - broken;
        assert!(desk.asked().ends_with(&format!("table {other}, foresee {other}")));
        assert_eq!(desk.parts().len(), 1);
        assert_eq!(desk.parts()[0].1, Part::Current);
        let failure = desk.session.failure().unwrap().message.clone();
        assert_eq!(failure, format!("file {broken} is a picture"));
        assert_eq!(desk.session.moment(), Moment::Confirm);
    }
    let mut desk = Desk::new();
    desk.broken.extend([1, 2]);
    desk.drop(&[("a.csv", PREDICTIONS), ("b.csv", PREDICTIONS)]);
    assert!(desk.session.failure().is_some() && desk.session.moment() == Moment::Start);
    assert!(desk.session.files().list().is_empty());
}

#[test]
fn labels_that_do_not_belong_stand_against_the_start_until_that_is_settled() {
    let mut desk = Desk::new();
    desk.is_unjoined = true;
    desk.drop(&[("p.csv", PREDICTIONS), ("labels.csv", LABELS)]);
    assert_eq!(desk.asked(), "peek 1, peek 2, labels 2, joined 1, foresee 1");
    assert!(desk.session.files().unjoined().is_some() && !desk.session.can_start());
    desk.is_unjoined = false;
    let by = Some(("id".to_owned(), "id".to_owned()));
    let again = desk.session.join_by(by, 2.0);
    desk.run(again);
    assert_eq!(desk.asked(), "labels 2, joined 1, foresee 1");
    assert!(desk.session.files().unjoined().is_none() && desk.session.can_start());
    assert_eq!(desk.session.role_of("id"), Role::Id, "it was said to be one");

    let mut desk = Desk::new();
    desk.is_unjoined = true;
    desk.drop(&[("p.csv", PREDICTIONS), ("labels.csv", LABELS)]);
    desk.asked();
    let gone = desk.session.remove(2, 2.0);
    desk.run(gone);
    assert_eq!(desk.asked(), "foresee 1", "its table is there");
    assert!(desk.session.can_start());
}

#[test]
fn a_second_file_is_cancelled_alone() {
    let mut desk = Desk::new();
    desk.drop(&[("p.csv", PREDICTIONS)]);
    let (numbers, peek) = desk.session.add(&["old.csv".to_owned()], 1.0);
    let peek = peek.unwrap();
    assert!(desk.session.is_busy() && !desk.session.restarts());
    let table = desk.session.receive(answer(peek.id, Response::Peeked(None)), 1.0).unwrap();
    assert!(matches!(&table.message, Request::Open { file, .. } if *file == numbers[0]));
    let cancel = desk.session.cancel(2.0).unwrap();
    let again = desk.session.receive(answer(cancel.id, Response::Cancelled), 3.0);
    desk.run(again);
    assert_eq!(desk.parts(), [("p.csv", Part::Current)]);
    assert!(desk.session.is_read() && desk.session.can_start());
}

#[test]
fn a_file_that_comes_while_another_is_read_does_not_stop_it() {
    let mut session = Session::default();
    let (_, first) = session.open(&["big.csv".to_owned()], None, 0.0);
    let reading = first.unwrap().id;
    let preview = Preview {
        inspection: inspection(PREDICTIONS),
        memory: None,
        waits: false,
    };
    session.receive(answer(reading, Response::Previewed(Box::new(preview))), 1.0);
    let (_, peek) = session.add(&["last_month.csv".to_owned()], 2.0);
    let peek = peek.unwrap();
    let on = session.receive(answer(peek.id, Response::Peeked(Some(Box::new(inspection(PREDICTIONS))))), 3.0);
    assert_eq!(on, None, "the first one is read on");
    assert!(session.is_reading());
    let next = session
        .receive(answer(reading, Response::Opened(Box::new(inspection(PREDICTIONS)))), 4.0)
        .unwrap();
    assert!(matches!(&next.message, Request::Open { name, purpose: Purpose::Table, .. } if name == "last_month.csv"));
}

#[test]
fn nothing_is_asked_of_a_table_that_is_not_there() {
    let mut desk = Desk::new();
    desk.drop(&[("p.csv", PREDICTIONS)]);
    let (_, peek) = desk.session.add(&["labels.csv".to_owned()], 1.0);
    let first = Response::Peeked(Some(Box::new(inspection(LABELS))));
    let labels = desk.session.receive(answer(peek.unwrap().id, first), 1.0).unwrap();
    let joined = desk
        .session
        .receive(answer(labels.id, Response::Opened(Box::new(inspection(LABELS)))), 2.0);
    assert!(joined.is_some());
    let role = Edit::Role {
        column: "age".to_owned(),
        role: Role::Sensitive,
    };
    assert_eq!(desk.session.edit(role, 3.0), None);
}

#[test]
fn names_times_and_labels_tell_which_is_which() {
    let settled = |a: (&str, Inspection), b: (&str, Inspection)| {
        let mut list: Vec<Chosen> = [a, b]
            .into_iter()
            .zip(1..)
            .map(|((name, inspection), number)| Chosen {
                number,
                name: name.to_owned(),
                inspection: Some(Arc::new(inspection)),
                is_known: true,
                ..Chosen::default()
            })
            .collect();
        guess::settle(&mut list);
        list.into_iter().map(|file| file.part).collect::<Vec<_>>()
    };
    let plain = || inspection(PREDICTIONS);
    let (current, reference, labels) = (Part::Current, Part::Reference, Part::Labels);
    for (a, b, expected) in [
        ("data_train.csv", "data_test.csv", [reference, current]),
        ("prod.csv", "base.csv", [current, reference]),
        ("now.csv", "b.csv", [current, reference]),
        ("2024-10.csv", "2024-9.csv", [current, reference]),
        ("a.csv", "b.csv", [reference, current]),
        // "restrained" is not "train".
        ("restrained.csv", "b.csv", [reference, current]),
    ] {
        assert_eq!(settled((a, plain()), (b, plain())), expected, "{a} and {b}");
    }
    let timed = |time: &str| {
        let mut inspection = inspection(&["t", "score"]);
        inspection.columns[0].kind = Kind::Time;
        inspection.preview = vec![vec![time.to_owned(), "1".to_owned()]];
        inspection
    };
    let parts = settled(("a.csv", timed("2024-06-01 00:00")), ("b.csv", timed("2024-05-01 00:00")));
    assert_eq!(parts, [current, reference]);
    let mut labelled = plain();
    labelled.roles.label = Some("prediction".to_owned());
    assert_eq!(settled(("a.csv", plain()), ("b.csv", labelled)), [current, reference]);
    assert_eq!(settled(("a.csv", inspection(LABELS)), ("b.csv", plain())), [labels, current]);
    assert_eq!(settled(("old.csv", inspection(LABELS)), ("b.csv", plain())), [reference, current]);
    assert_eq!(
        settled(("labels.csv", plain()), ("b.csv", plain())),
        [reference, current],
        "the same columns"
    );
}

#[test]
fn differences_between_columns_are_said() {
    let mut current = inspection(&["id", "age", "gross income", "city"]);
    let reference = inspection(&["id", "age", "GrossIncome", "country"]);
    current.columns[1].kind = Kind::Text;
    let said = compare::differences(("may.csv", &current), ("april.csv", &reference));
    assert_eq!(
        said,
        [
            "2 columns are in both files.",
            "Only in \"may.csv\", so not compared: \"gross income\", \"city\".",
            "Only in \"april.csv\", so not compared: \"GrossIncome\", \"country\".",
            "\"GrossIncome\" may now be called \"gross income\". If it is one column, give both the same name in the files to have them compared.",
            "Read in another way than in the reference: \"age\" (text, before numbers).",
        ]
    );
    let same = compare::differences(("a", &reference), ("b", &reference));
    assert_eq!(same, ["All 4 columns are in both files."]);
    let other = inspection(&["x"]);
    let said = compare::differences(("a.csv", &other), ("b.csv", &reference));
    assert!(said[0].starts_with("No column has the same name in both files"), "{said:?}");
}

#[test]
fn a_profile_is_what_the_other_file_is_compared_with() {
    // By its name and its place it would be the file under test.
    for names in [["now.csv", "old.csv"], ["x.csv", "y.csv"]] {
        let mut desk = Desk::new();
        desk.drop(&[(names[0], &["kept", "x"]), (names[1], &["x", "y"])]);
        let parts: Vec<Part> = desk.session.files().list().iter().map(|file| file.part).collect();
        assert_eq!(parts, [Part::Reference, Part::Current], "{names:?}");
        assert_eq!(desk.session.files().reference(), Some(1));
        assert!(desk.session.files().lines()[0].facts.starts_with("a profile of 3 rows"));
    }
    let mut desk = Desk::new();
    desk.drop(&[
        ("kept.json", &["kept", "x"]),
        ("truth.csv", &["id", "y"]),
        ("is.csv", &["id", "x", "p"]),
    ]);
    let parts: Vec<Part> = desk.session.files().list().iter().map(|file| file.part).collect();
    assert_eq!(parts, [Part::Reference, Part::Labels, Part::Current]);
}
