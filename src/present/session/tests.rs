//! The session, event by event.

use super::super::explore::tests::{exploration, explored};
use super::*;
use crate::data::{Intake, Kind, ReadOptions};
use crate::engine::{InspectedColumn, Progress, Stage};
use crate::protocol::{Preview, Response};
use crate::report::explore::Ask;
use crate::run::search::ErrorKind;
use crate::run::windows::Cut;
use crate::run::{Dialect, Preset};

/// An inspection of numeric columns without roles.
pub(in crate::present) fn inspection(names: &[&str]) -> Inspection {
    Inspection {
        is_profile: false,
        intake: Intake {
            name: "a.csv".to_owned(),
            bytes: 10,
            fingerprint: String::new(),
            delimiter: ',',
            rows_read: 3,
            rows_set_aside: 0,
            bad_rows: Vec::new(),
            sample: None,
            told: BTreeMap::new(),
        },
        columns: names
            .iter()
            .map(|&name| InspectedColumn {
                name: name.to_owned(),
                kind: Kind::Numeric,
                levels: None,
                role: Role::Feature,
                why: String::new(),
                missing: 0,
                looks_like: Vec::new(),
            })
            .collect(),
        roles: Roles::default(),
        preview: Vec::new(),
        notices: Vec::new(),
        reading: Vec::new(),
    }
}

pub(in crate::present) fn forecast(problem: Option<&str>) -> Forecast {
    Forecast {
        outcome: None,
        answers: Vec::new(),
        windows: None,
        notices: Vec::new(),
        problem: problem.map(str::to_owned),
    }
}

fn rendering() -> Rendering {
    Rendering {
        json: "{}".to_owned(),
        name: String::new(),
        about: String::new(),
        body: String::new(),
        features: Vec::new(),
        classes: Vec::new(),
        sheets: Vec::new(),
    }
}

fn open_one(session: &mut Session, name: &str, example: Option<&'static Example>, now: f64) -> Envelope<Request> {
    session.open(&[name.to_owned()], example, now).1.expect("it asks for the file")
}

pub(in crate::present) fn answer(id: u32, message: Response) -> Envelope<Response> {
    Envelope { id, message }
}

/// A session that has read a file and heard the forecast.
fn confirmed(problem: Option<&str>) -> Session {
    let mut session = Session::default();
    let open = open_one(&mut session, "a.csv", None, 0.0);
    let foresee = session
        .receive(answer(open.id, Response::Opened(Box::new(inspection(&["y", "p"])))), 1.0)
        .expect("it asks what would be answered");
    session.receive(answer(foresee.id, Response::Foreseen(forecast(problem))), 2.0);
    session
}

#[test]
fn a_file_is_read_then_confirmed() {
    let session = confirmed(None);
    assert_eq!(session.moment(), Moment::Confirm);
    assert!(session.can_start());
}

#[test]
fn a_foreseen_problem_stands_against_the_start() {
    let mut session = confirmed(Some("no label"));
    assert!(!session.can_start());
    assert_eq!(session.start(3.0), None);
    assert_eq!(session.moment(), Moment::Confirm);
}

#[test]
fn a_field_without_meaning_stands_against_the_start_until_it_is_mended() {
    let mut session = confirmed(None);
    assert_eq!(session.edit(Edit::Text(Field::Level, "95".to_owned()), 3.0), None);
    assert!(session.fault(Field::Level).is_some() && !session.can_start());
    let foresee = session
        .edit(Edit::Text(Field::Level, "0.9".to_owned()), 4.0)
        .expect("a usable level asks again");
    assert!(matches!(foresee.message, Request::Foresee { settings, .. } if settings.level == 0.9));
    assert!(session.can_start());
}

#[test]
fn only_the_last_forecast_counts() {
    let mut session = confirmed(None);
    let role = |column: &str| Edit::Role {
        column: column.to_owned(),
        role: Role::Label,
    };
    let first = session.edit(role("y"), 3.0).expect("asks");
    let second = session.edit(role("p"), 3.0).expect("asks");
    session.receive(answer(first.id, Response::Foreseen(forecast(Some("stale")))), 4.0);
    assert!(session.can_start());
    session.receive(answer(second.id, Response::Foreseen(forecast(Some("fresh")))), 4.0);
    assert!(!session.can_start());
}

#[test]
fn another_label_forgets_the_positive_class() {
    let mut session = confirmed(None);
    session.edit(Edit::Positive(Some("1".to_owned())), 3.0);
    session.edit(
        Edit::Role {
            column: "p".to_owned(),
            role: Role::Sensitive,
        },
        3.0,
    );
    assert_eq!(session.settings().positive.as_deref(), Some("1"));
    session.edit(
        Edit::Role {
            column: "y".to_owned(),
            role: Role::Label,
        },
        3.0,
    );
    assert_eq!(session.settings().positive, None);
}

/// A session with a report that can be explored.
fn reported() -> Session {
    let mut session = confirmed(None);
    let audit = session.start(3.0).expect("it can start");
    session.receive(answer(audit.id, Response::Reported(Box::new(rendering()))), 4.0);
    session.receive(answer(audit.id, Response::Explorable(Box::new(exploration()))), 5.0);
    session
}

#[test]
fn the_explorer_asks_and_shows_what_it_asked_for_alone() {
    let mut session = reported();
    let first = session.explore(Move::Stop(1)).expect("it asks");
    assert_eq!(session.explore(Move::Stop(0)), None);
    let Request::Explore(ask) = first.message else {
        panic!("{first:?}")
    };
    let stale = explored(Ask::default());
    session.receive(answer(first.id + 7, Response::Explored(Box::new(stale))), 6.0);
    let shown = |session: &Session| session.exploring().map(|exploring| exploring.shown().ask.threshold);
    assert_eq!(shown(&session), Some(0.5));
    let next = session.receive(answer(first.id, Response::Explored(Box::new(explored(ask)))), 7.0);
    assert_eq!(shown(&session), Some(0.25));
    assert!(matches!(next, Some(Envelope { message: Request::Explore(ask), .. }) if ask.threshold == 0.0));
    assert_eq!(session.moment(), Moment::Report);
}

#[test]
fn an_explored_threshold_is_audited_with_the_same_positive_class() {
    let mut session = reported();
    assert_eq!(session.use_threshold(6.0), None, "it is the audit's own");
    session.explore(Move::Text("0.35".to_owned()));
    let audit = session.use_threshold(6.0).expect("it can be audited");
    match audit.message {
        Request::Audit { settings, .. } => assert_eq!((settings.threshold, settings.positive.as_deref()), (Some(0.35), Some("1"))),
        other => panic!("{other:?}"),
    }
    assert!(session.exploring().is_none() && session.report().is_none());
    assert_eq!(session.moment(), Moment::Running);
}

#[test]
fn an_explorer_that_fails_says_so_and_stands_where_it_was() {
    let mut session = reported();
    let ask = session.explore(Move::Stop(0)).expect("it asks");
    let message = "no table".to_owned();
    assert_eq!(session.receive(answer(ask.id, Response::Failed { message }), 6.0), None);
    assert!(session.failure().is_some() && session.moment() == Moment::Report);
    assert_eq!(session.exploring().map(|exploring| exploring.wanted().threshold), Some(0.5));
}

#[test]
fn a_cancelled_audit_returns_to_the_roles_and_drops_its_late_report() {
    let mut session = confirmed(None);
    let audit = session.start(3.0).expect("it can start");
    let cancel = session.cancel(4.0).expect("it can be cancelled");
    assert!(session.is_cancelling(cancel.id));
    assert_eq!(session.cancel(4.0), None, "one cancel is enough");
    session.receive(answer(audit.id, Response::Reported(Box::new(rendering()))), 5.0);
    assert_eq!(session.moment(), Moment::Running);
    session.receive(answer(cancel.id, Response::Cancelled), 6.0);
    assert_eq!(session.moment(), Moment::Confirm);
    assert!(session.status().starts_with("Cancelled."));
    assert!(session.can_start());
}

#[test]
fn a_cancelled_reading_returns_to_the_start() {
    let mut session = Session::default();
    open_one(&mut session, "a.csv", None, 0.0);
    let cancel = session.cancel(1.0).expect("it can be cancelled");
    session.receive(answer(cancel.id, Response::Cancelled), 2.0);
    assert_eq!(session.moment(), Moment::Start);
}

#[test]
fn a_file_that_cannot_be_read_is_said_at_the_start() {
    let mut session = Session::default();
    let open = open_one(&mut session, "a.csv", None, 0.0);
    session.receive(
        answer(
            open.id,
            Response::Failed {
                message: "it is empty".to_owned(),
            },
        ),
        1.0,
    );
    assert_eq!(session.moment(), Moment::Start);
    let failure = session.failure().expect("it is shown");
    assert_eq!((failure.message.as_str(), &failure.retry), ("it is empty", &None));
}

#[test]
fn after_a_crash_the_file_is_read_again_with_the_same_choices() {
    let mut session = confirmed(None);
    session.edit(
        Edit::Role {
            column: "p".to_owned(),
            role: Role::Score,
        },
        3.0,
    );
    session.edit(Edit::Text(Field::MinSupport, "7".to_owned()), 3.0);
    session.start(4.0);
    session.crashed("memory ran out".to_owned());
    assert_eq!(session.failure().and_then(|failure| failure.retry.as_deref()), Some("a.csv"));
    let open = session.reopen(5.0).expect("the file is known");
    let foresee = session
        .receive(answer(open.id, Response::Opened(Box::new(inspection(&["y", "p"])))), 6.0)
        .expect("asks");
    match foresee.message {
        Request::Foresee { roles, settings, .. } => {
            assert_eq!((roles.score.as_deref(), settings.min_support), (Some("p"), 7));
        }
        other => panic!("{other:?}"),
    }
}

/// What the first bytes of a file tell.
fn preview(names: &[&str], waits: bool) -> Response {
    Response::Previewed(Box::new(Preview {
        inspection: inspection(names),
        memory: Some(5_000_000_000),
        waits,
    }))
}

fn role(column: &str, role: Role) -> Edit {
    Edit::Role {
        column: column.to_owned(),
        role,
    }
}

/// A session that shows the first rows of a file that is being read, with the id of the reading.
fn previewed(names: &[&str]) -> (Session, u32) {
    let mut session = Session::default();
    let open = open_one(&mut session, "a.csv", None, 0.0);
    let foresee = session.receive(answer(open.id, preview(names, false)), 1.0).expect("asks");
    session.receive(answer(foresee.id, Response::Foreseen(forecast(None))), 2.0);
    (session, open.id)
}

#[test]
fn roles_given_while_the_file_is_read_are_kept() {
    let (mut session, reading) = previewed(&["y", "p"]);
    assert_eq!((session.moment(), session.is_read()), (Moment::Confirm, false));
    session.edit(role("p", Role::Score), 3.0).expect("asks");
    let progress = Progress {
        stage: Stage::Reading,
        done: 5,
        total: 10,
        rows: 1,
    };
    session.receive(answer(reading, Response::Progress(progress)), 4.0);
    assert_eq!(session.progress().and_then(|progress| progress.share), Some(0.5));
    let mut whole = inspection(&["y", "p"]);
    whole.columns[0].kind = Kind::Text;
    whole.roles.label = Some("y".to_owned());
    whole.roles.prediction = Some("p".to_owned());
    session.receive(answer(reading, Response::Opened(Box::new(whole))), 5.0);
    assert!(session.is_read() && session.progress().is_none());
    assert_eq!((session.role_of("p"), session.role_of("y")), (Role::Score, Role::Label));
    assert!(
        session.notices()[0].text.contains("\"y\" looked like numbers"),
        "{:?}",
        session.notices()
    );
}

#[test]
fn an_audit_asked_for_early_starts_when_the_file_is_read() {
    let (mut session, reading) = previewed(&["y", "p"]);
    assert_eq!(session.start(3.0), None);
    assert!(session.starts_when_read());
    let opened = Response::Opened(Box::new(inspection(&["y", "p"])));
    let foresee = session.receive(answer(reading, opened), 4.0).expect("asks");
    assert_eq!(session.moment(), Moment::Confirm);
    let audit = session.receive(answer(foresee.id, Response::Foreseen(forecast(None))), 5.0);
    assert!(
        matches!(
            audit,
            Some(Envelope {
                message: Request::Audit { .. },
                ..
            })
        ),
        "{audit:?}"
    );
    assert_eq!(session.moment(), Moment::Running);
}

#[test]
fn an_early_start_is_taken_back_by_asking_again_and_by_a_problem() {
    let (mut session, reading) = previewed(&["y", "p"]);
    session.start(3.0);
    session.start(3.0);
    assert!(!session.starts_when_read());
    session.start(3.0);
    let opened = Response::Opened(Box::new(inspection(&["y", "p"])));
    let foresee = session.receive(answer(reading, opened), 4.0).expect("asks");
    let none = session.receive(answer(foresee.id, Response::Foreseen(forecast(Some("no label")))), 5.0);
    assert_eq!((none, session.moment()), (None, Moment::Confirm));
}

#[test]
fn a_reading_that_is_cancelled_after_its_first_rows_returns_to_the_start() {
    let (mut session, reading) = previewed(&["y", "p"]);
    let cancel = session.cancel(3.0).expect("it can be cancelled");
    assert_eq!(
        session.edit(role("y", Role::Label), 3.5),
        None,
        "the answer to the cancel is awaited"
    );
    session.receive(answer(reading, Response::Opened(Box::new(inspection(&["y", "p"])))), 4.0);
    session.receive(answer(cancel.id, Response::Cancelled), 5.0);
    assert_eq!((session.moment(), session.inspection().is_none()), (Moment::Start, true));
}

#[test]
fn a_file_read_otherwise_keeps_the_roles_of_columns_that_stay() {
    let mut session = confirmed(None);
    session.edit(role("p", Role::Score), 3.0);
    session.edit(role("y", Role::Label), 3.0);
    let open = session.read_as(Aspect::Header, "no", 4.0).expect("it is read again");
    assert!(matches!(&open.message, Request::Open { options, .. } if options.header == Some(false)));
    assert_eq!(session.moment(), Moment::Confirm);
    assert!(!session.can_start());
    let opened = Response::Opened(Box::new(inspection(&["column 1", "p"])));
    session.receive(answer(open.id, opened), 5.0).expect("asks");
    assert_eq!((session.role_of("p"), session.roles().label.as_deref()), (Role::Score, None));
}

#[test]
fn a_file_that_cannot_be_read_otherwise_is_read_as_before() {
    let mut session = confirmed(None);
    let open = session.read_as(Aspect::Delimiter, "tab", 3.0).expect("it is read again");
    let failed = Response::Failed {
        message: "it has no rows".to_owned(),
    };
    let again = session.receive(answer(open.id, failed), 4.0).expect("it is read again");
    assert!(matches!(&again.message, Request::Open { options, .. } if *options == ReadOptions::default()));
    assert_eq!(session.failure().map(|failure| failure.message.as_str()), Some("it has no rows"));
    session.receive(answer(again.id, Response::Opened(Box::new(inspection(&["y", "p"])))), 5.0);
    assert_eq!((session.moment(), session.is_read()), (Moment::Confirm, true));
}

#[test]
fn words_that_do_not_go_together_change_nothing() {
    let mut session = confirmed(None);
    assert_eq!(session.read_as(Aspect::Header, "perhaps", 3.0), None);
    assert!(session.failure().is_some() && session.is_read());
}

#[test]
fn a_file_that_may_be_too_large_waits_to_be_told_how_much_of_it_is_read() {
    let mut session = Session::default();
    let open = open_one(&mut session, "a.csv", None, 0.0);
    session.receive(answer(open.id, preview(&["y", "p"], true)), 1.0).expect("asks");
    assert!(session.waits() && session.is_reading());
    session.edit(role("y", Role::Label), 2.0);
    let begin = session.begin(Wanted::Used).expect("it is told");
    assert!(matches!(&begin.message, Request::Begin { columns: Some(columns), sample: None } if columns == &["y"]));
    assert_eq!(session.begin(Wanted::Used), None, "once");
    session.receive(answer(open.id, Response::Opened(Box::new(inspection(&["y"])))), 3.0);
    assert!(session.is_read());
}

#[test]
fn an_example_brings_its_roles() {
    let mut session = Session::default();
    let example = Example::by_id("compas");
    let open = open_one(&mut session, "compas_counts.csv", example, 0.0);
    session.receive(answer(open.id, Response::Opened(Box::new(inspection(&["count", "race"])))), 1.0);
    assert_eq!(session.role_of("count"), Role::Count);
    assert_eq!(session.role_of("race"), Role::Sensitive);
    assert_eq!(session.settings().threshold, Some(5.0));
    open_one(&mut session, "mine.csv", None, 2.0);
    assert_eq!((session.example(), session.settings().threshold), (None, None));
}

#[test]
fn progress_of_an_older_request_is_not_shown() {
    let mut session = Session::default();
    let first = open_one(&mut session, "a.csv", None, 0.0);
    open_one(&mut session, "b.csv", None, 1.0);
    let progress = Progress {
        stage: Stage::Reading,
        done: 5,
        total: 10,
        rows: 1,
    };
    session.receive(answer(first.id, Response::Progress(progress)), 2.0);
    assert_eq!(session.progress(), Some(&ProgressView::waiting()));
}

/// A session with a report.
fn audited() -> Session {
    let mut session = confirmed(None);
    let audit = session.start(3.0).expect("it starts");
    session.receive(answer(audit.id, Response::Reported(Box::new(rendering()))), 4.0);
    session
}

#[test]
fn a_comparison_is_changed_beside_the_report_and_the_last_one_counts() {
    let mut session = audited();
    let before = session.report().cloned();
    let first = session
        .compare(Compare::Dialect(Dialect::Fairlearn), 5.0)
        .expect("it is computed again");
    assert!(matches!(&first.message, Request::Audit { settings, .. } if settings.dialect == Dialect::Fairlearn));
    assert!(session.is_comparing() && session.moment() == Moment::Report && session.status() == "Comparing again.");
    assert_eq!(session.report().cloned(), before, "the report stays meanwhile");
    assert_eq!(session.compare(Compare::Dialect(Dialect::Fairlearn), 5.5), None, "nothing changes");
    let second = session
        .compare(Compare::Preset(Preset::FourFifths, true), 6.0)
        .expect("it is computed again");
    session.receive(answer(first.id, Response::Reported(Box::new(rendering()))), 7.0);
    assert!(session.is_comparing(), "an answer to what is not wanted any more changes nothing");
    session.receive(answer(second.id, Response::Reported(Box::new(rendering()))), 8.0);
    assert!(!session.is_comparing() && session.status() == "The report is ready.");
    assert_eq!(session.settings().presets.chosen, [Preset::FourFifths]);
    assert_eq!(session.settings().dialect, Dialect::Fairlearn);
}

#[test]
fn a_comparison_that_cannot_be_made_is_taken_back_and_said() {
    let mut session = audited();
    let request = session
        .compare(Compare::Control(Some("y".to_owned())), 5.0)
        .expect("it is computed again");
    let message = "It has too many levels.".to_owned();
    assert_eq!(session.receive(answer(request.id, Response::Failed { message }), 6.0), None);
    assert!(session.roles().control.is_empty() && !session.is_comparing());
    assert_eq!(
        session.failure().map(|failure| failure.message.as_str()),
        Some("It has too many levels.")
    );
    assert_eq!(session.moment(), Moment::Report);
}

#[test]
fn before_a_report_there_is_nothing_to_compare() {
    let mut session = confirmed(None);
    assert_eq!(session.compare(Compare::Dialect(Dialect::Aif360), 3.0), None);
    assert_eq!(session.settings().dialect, Dialect::Assay);
}

#[test]
fn a_cut_is_chosen_before_the_audit_and_changed_beside_the_report() {
    let mut session = confirmed(None);
    assert!(!session.is_followed());
    session.edit(role("y", Role::Time), 3.0);
    assert!(session.is_followed());
    session.edit(Edit::Cut(Cut::Rows(1000)), 3.0);
    assert_eq!(session.settings().windows.by.as_deref(), Some("y"));
    assert_eq!(session.edit(Edit::Text(Field::WindowSize, "few".to_owned()), 3.0), None);
    assert!(session.fault(Field::WindowSize).is_some() && !session.can_start());
    // The field goes, and with it what is wrong in it.
    session.edit(Edit::Cut(Cut::Auto), 3.0);
    assert_eq!((session.fault(Field::WindowSize), &session.settings().windows.by), (None, &None));
    let mut session = audited();
    let request = session.compare(Compare::Cut(Cut::None), 5.0).expect("it is computed again");
    assert!(matches!(&request.message, Request::Audit { settings, .. } if settings.windows.cut == Cut::None));
}

#[test]
fn a_search_taken_back_leaves_nothing_behind_and_columns_must_exist() {
    let mut session = confirmed(None);
    session.edit(Edit::Search(true), 3.0);
    session.edit(Edit::SearchBy(Some(ErrorKind::ErrorRate)), 3.0);
    session.edit(Edit::Text(Field::SearchFeatures, "y\np".to_owned()), 3.0);
    assert_eq!(session.settings().search.features.as_ref().map(Vec::len), Some(2));
    session.edit(Edit::Text(Field::SearchFeatures, "q".to_owned()), 3.0);
    assert!(
        session
            .fault(Field::SearchFeatures)
            .is_some_and(|said| said.contains("no column \"q\""))
    );
    session.edit(Edit::Search(false), 3.0);
    assert_eq!(
        (session.settings(), session.fault(Field::SearchFeatures)),
        (&Settings::default(), None)
    );
    session.edit(Edit::Text(Field::Population, "x: a=1".to_owned()), 3.0);
    assert!(session.fault(Field::Population).is_some());
}

#[test]
fn a_file_is_kept_as_a_profile_once_and_the_session_goes_on() {
    let mut session = confirmed(None);
    let request = session.keep_profile().expect("it asks");
    assert!(matches!(request.message, Request::Profile { current: 1, .. }));
    assert_eq!(session.keep_profile(), None, "one is under way");
    let json = "{}".to_owned();
    assert_eq!(session.receive(answer(request.id, Response::Profiled { json }), 3.0), None);
    assert_eq!((session.take_profile().as_deref(), session.take_profile()), (Some("{}"), None));
    assert!(session.moment() == Moment::Confirm && session.can_start() && session.can_profile());
    // One that cannot be made says why; one that comes after the audit began is of no use.
    let request = session.keep_profile().unwrap();
    let message = "no".to_owned();
    session.receive(answer(request.id, Response::Failed { message }), 4.0);
    assert_eq!(session.failure().map(|failure| failure.message.as_str()), Some("no"));
    let request = session.keep_profile().unwrap();
    session.start(5.0).unwrap();
    let json = "{}".to_owned();
    session.receive(answer(request.id, Response::Profiled { json }), 6.0);
    assert_eq!(session.take_profile(), None);
}
