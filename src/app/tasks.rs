//! What users make happen: each task changes the session and asks the worker.

use std::sync::Arc;

use leptos::prelude::*;
use web_sys::File;

use super::browser;
use super::desk::Desk;
use crate::data::Aspect;
use crate::present::opening::Wanted;
use crate::present::{Compare, Edit, Example, Moment, Move, Part, Session, facts};
use crate::protocol::{Envelope, Rendering, Request, Response};
use crate::report::html;
use crate::worker::Client;

/// How long a worker may take to answer a cancel before it is ended.
const CANCEL_MS: u64 = 2_000;

/// Files of fewer rows are audited by the engine's worker alone: it is done before another has started.
const WORTH_AIDE: u64 = 200_000;

/// Opens what the user dropped or chose: one file, or two or three that belong together.
pub fn open_files(desk: Desk, files: Vec<File>) {
    if files.is_empty() {
        say(desk, "What was dropped is not a file. Drop a CSV file, or paste its text.");
    } else {
        open(desk, files, None);
    }
}

/// Takes files in beside those that are there: earlier data, or labels.
pub fn add_files(desk: Desk, files: Vec<File>) {
    let names: Vec<String> = files.iter().map(File::name).collect();
    let (numbers, request) = write(desk, |session| session.add(&names, browser::now()));
    desk.files.update_value(|all| all.extend(numbers.into_iter().zip(files)));
    ask(desk, request);
}

/// Opens what the user dropped beside the drop zone: where a file is read or confirmed, it comes beside that one.
pub fn open_dropped_anywhere(desk: Desk, files: Vec<File>) {
    let (moment, example) = desk.session.with_untracked(|session| (session.moment(), session.example()));
    match moment {
        _ if files.is_empty() => {}
        Moment::Start => open_files(desk, files),
        Moment::Reading | Moment::Confirm if example.is_some() => open_files(desk, files),
        Moment::Reading | Moment::Confirm => add_files(desk, files),
        Moment::Running | Moment::Report => {}
    }
}

/// Opens pasted text as a file.
pub fn open_pasted(desk: Desk, text: &str) {
    match browser::file_of_text("pasted.csv", text) {
        Some(file) => open_files(desk, vec![file]),
        None => say(
            desk,
            "The browser could not make a file of the pasted text. Save it as a CSV file and choose that.",
        ),
    }
}

/// Opens a built-in example.
pub fn open_example(desk: Desk, example: &'static Example) {
    let ids = [format!("example-{}", example.id), format!("example-{}-reference", example.id)];
    let texts = ids.iter().zip(example.files());
    let files: Option<Vec<File>> = texts
        .map(|(id, name)| browser::file_of_text(name, &browser::text_of(id)?))
        .collect();
    match files {
        Some(files) => open(desk, files, Some(example)),
        None => say(
            desk,
            &format!("This copy of the page lacks its example {}. Get a complete copy.", example.file),
        ),
    }
}

fn open(desk: Desk, files: Vec<File>, example: Option<&'static Example>) {
    let names: Vec<String> = files.iter().map(File::name).collect();
    let (numbers, request) = write(desk, |session| session.open(&names, example, browser::now()));
    desk.files.set_value(numbers.into_iter().zip(files).collect());
    ask(desk, request);
}

/// Reads the same files again after the engine stopped.
pub fn retry(desk: Desk) {
    ask(desk, write(desk, |session| session.reopen(browser::now())));
}

/// Gives a file another part.
pub fn give_part(desk: Desk, file: u32, part: Part) {
    ask(desk, write(desk, |session| session.give_part(file, part, browser::now())));
}

/// Lets a file go.
pub fn remove(desk: Desk, file: u32) {
    ask(desk, write(desk, |session| session.remove(file, browser::now())));
}

/// Joins labels by these id columns, or by those that are found.
pub fn join_by(desk: Desk, by: Option<(String, String)>) {
    ask(desk, write(desk, |session| session.join_by(by, browser::now())));
}

/// Changes a role or a setting.
pub fn edit(desk: Desk, edit: Edit) {
    ask(desk, write(desk, |session| session.edit(edit, browser::now())));
}

/// Reads the file again with one thing said of how it is written.
pub fn read_as(desk: Desk, aspect: Aspect, word: &str) {
    ask(desk, write(desk, |session| session.read_as(aspect, word, browser::now())));
}

/// Reads a large file that waits.
pub fn begin(desk: Desk, wanted: Wanted) {
    ask(desk, write(desk, |session| session.begin(wanted)));
}

/// Starts the audit.
pub fn start(desk: Desk) {
    ask(desk, write(desk, |session| session.start(browser::now())));
}

/// Stops what is running. A worker that does not answer is ended, and the file is read again by a new one.
pub fn cancel(desk: Desk) {
    let Some(request) = write(desk, |session| session.cancel(browser::now())) else {
        return;
    };
    let id = request.id;
    ask(desk, Some(request));
    set_timeout(
        move || {
            if desk.session.with_untracked(|session| session.is_cancelling(id)) {
                give_up_on_worker(desk);
            }
        },
        std::time::Duration::from_millis(CANCEL_MS),
    );
}

fn give_up_on_worker(desk: Desk) {
    desk.client.set_value(None);
    if desk.session.with_untracked(|session| !session.is_read()) {
        start_over(desk);
        return;
    }
    write(desk, |session| {
        session.crashed("The engine did not answer and was ended.".to_owned())
    });
    retry(desk);
}

/// Moves the threshold that is explored.
pub fn explore(desk: Desk, change: Move) {
    ask(desk, write(desk, |session| session.explore(change)));
}

/// Changes how the report's groups are compared.
pub fn compare(desk: Desk, change: Compare) {
    ask(desk, write(desk, |session| session.compare(change, browser::now())));
}

/// Audits again with the threshold that is explored.
pub fn use_threshold(desk: Desk) {
    ask(desk, write(desk, |session| session.use_threshold(browser::now())));
}

/// Goes back from the report to roles and settings.
pub fn revise(desk: Desk) {
    ask(desk, write(desk, |session| session.revise(browser::now())));
}

/// Forgets the file and everything made of it.
pub fn start_over(desk: Desk) {
    desk.client.set_value(None);
    desk.files.set_value(Vec::new());
    write(desk, |session| session.start_over());
}

/// Gives the user the report's canonical text.
pub fn keep_json(desk: Desk) {
    if let Some(report) = report(desk) {
        keep(desk, "json", "application/json", &report.json);
    }
}

/// Gives the user the report as one HTML file, byte for byte what the command writes.
pub fn keep_html(desk: Desk) {
    if let Some(report) = report(desk) {
        let document = html::document_of(&report.name, &report.about, &report.body, None);
        keep(desk, "html", "text/html", &document);
    }
}

/// Has the file under test kept as a profile.
pub fn keep_profile(desk: Desk) {
    ask(desk, write(desk, Session::keep_profile));
}

/// Gives the user the profile that the worker made.
fn save_profile(desk: Desk) {
    let Some(json) = desk.session.try_update_untracked(Session::take_profile).flatten() else {
        return;
    };
    let name = desk
        .session
        .with_untracked(|session| facts::profile_name(session.file().unwrap_or_default()));
    save(desk, &name, "application/json", &json);
}

/// Gives the user a table of a rule of law for a spreadsheet.
pub fn keep_sheet(desk: Desk, name: &str) {
    let sheet = report(desk).and_then(|report| report.sheets.iter().find(|sheet| sheet.name == name).cloned());
    if let Some(sheet) = sheet {
        keep(desk, &format!("{}.csv", sheet.name), "text/csv", &sheet.text);
    }
}

fn report(desk: Desk) -> Option<Arc<Rendering>> {
    desk.session.with_untracked(|session| session.report().cloned())
}

fn keep(desk: Desk, ending: &str, kind: &str, text: &str) {
    let name = desk
        .session
        .with_untracked(|session| facts::report_name(session.file().unwrap_or_default(), ending));
    save(desk, &name, kind, text);
}

fn save(desk: Desk, name: &str, kind: &str, text: &str) {
    if browser::download(name, kind, text).is_err() {
        say(
            desk,
            &format!("The browser refused to save {name}. Allow downloads for this page, then try again."),
        );
    }
}

fn say(desk: Desk, message: &str) {
    write(desk, |session| session.fail(message.to_owned()));
}

/// Changes the session and gives what came of it.
fn write<T>(desk: Desk, change: impl FnOnce(&mut Session) -> T) -> T {
    let done = desk
        .session
        .try_update(change)
        .expect("the page's signals live as long as the page");
    show_progress(desk);
    done
}

fn show_progress(desk: Desk) {
    desk.progress
        .set(desk.session.with_untracked(|session| session.progress().cloned()));
}

/// Takes an answer of the worker. What only moves the progress does not touch the rest of the screen.
fn hear(desk: Desk, answer: Envelope<Response>) {
    if matches!(answer.message, Response::Progress(_)) {
        desk.session.update_untracked(|session| _ = session.receive(answer, browser::now()));
        show_progress(desk);
    } else {
        ask(desk, write(desk, |session| session.receive(answer, browser::now())));
        save_profile(desk);
    }
}

/// A new worker: the memory of the old one would never shrink. Whether the browser gave one.
fn restart(desk: Desk) -> bool {
    desk.client.set_value(None);
    let on_answer = move |answer| hear(desk, answer);
    let on_crash = move |message: String| {
        // The session first: the message says more than the silence after it.
        if desk.client.with_value(Option::is_some) {
            desk.client.set_value(None);
            write(desk, |session| session.crashed(message));
        }
    };
    match Client::start(on_answer, on_crash) {
        Ok(client) => {
            desk.client.set_value(Some(client));
            true
        }
        Err(error) => {
            let message =
                format!("The browser refused to start the engine's worker ({error:?}). Use a current browser that allows workers.");
            write(desk, |session| session.crashed(message));
            false
        }
    }
}

fn ask(desk: Desk, request: Option<Envelope<Request>>) {
    let Some(request) = request else { return };
    let Request::Open { file, .. } = request.message else {
        let is_large = desk.session.with_untracked(|session| session.rows() >= WORTH_AIDE);
        let has_aide = matches!(request.message, Request::Audit { .. }) && is_large && browser::workers() > 1;
        return desk.client.with_value(|client| match client {
            Some(client) if has_aide => client.ask_with_aide(&request),
            Some(client) => client.ask(&request),
            None => {}
        });
    };
    if desk.session.with_untracked(Session::restarts) && !restart(desk) {
        return;
    }
    // What was let go is let go here, too.
    let known = desk.session.with_untracked(|session| session.files().numbers());
    desk.files.update_value(|files| files.retain(|(number, _)| known.contains(number)));
    desk.client.with_value(|client| {
        desk.files.with_value(|files| {
            let handle = files.iter().find(|(number, _)| *number == file);
            if let (Some(client), Some((_, handle))) = (client, handle) {
                client.open(&request, handle, browser::workers());
            }
        });
    });
}
