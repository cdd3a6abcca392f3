//! `assay audit`.

use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;
use std::thread::{self, ScopedJoinHandle};

use crate::check::{Suite, Verdict};
use crate::data::{Roles, Table};
use crate::engine::{AuditJob, Errand, Found, Part, Reference, Step};
use crate::report::{Report, csv, html, markdown, terminal};
use crate::run::Settings;

use super::Refusal;
use super::arguments::AuditOptions;
use super::choice::{roles, settings};
use super::input::{is_standard, read, read_reference, workers};
use super::output::{check_targets, print, write};

/// Rows a step.
const ROWS_A_STEP: usize = 1 << 20;

/// Audits a file, writes what was asked for, prints a summary unless standard output is taken.
pub fn audit(options: &AuditOptions) -> Result<ExitCode, Refusal> {
    let targets = [&options.html, &options.json, &options.markdown];
    let input = &options.input;
    for file in std::iter::once(&input.file).chain(&input.label_file).chain(&input.reference) {
        check_targets(file, targets.into_iter().flatten())?;
    }
    let suite = options.suite.as_ref().map(|path| read_suite(path)).transpose()?;
    let table = read(input)?;
    let reference = read_reference(input)?;
    let roles = roles(&input.roles, &table);
    let settings = settings(input, &table, &roles);
    let report = run((table, reference), roles, settings, suite, workers(input))?;
    let outputs = [
        options.html.as_ref().map(|path| (path, html::document(&report, None))),
        options.json.as_ref().map(|path| (path, report.to_json())),
        options.markdown.as_ref().map(|path| (path, markdown::render(&report))),
    ];
    if let Some(folder) = &options.preset_csv {
        write_sheets(folder, &report)?;
    }
    let mut is_taken = false;
    for (path, text) in outputs.iter().flatten() {
        is_taken |= is_standard(path);
        write(path, text)?;
    }
    if !is_taken {
        print(&terminal::render(&report))?;
    }
    Ok(exit_code(&report, options.strict))
}

/// Writes the tables of rules of law, a file each.
fn write_sheets(folder: &Path, report: &Report) -> Result<(), Refusal> {
    let sheets = csv::sheets(&report.presets);
    if sheets.is_empty() {
        let advice = "choose a rule by --preset, and see that there are two classes, a prediction or a score, and sensitive features";
        return Err(Refusal::new(format!("no rule of law has a table to write: {advice}.")));
    }
    std::fs::create_dir_all(folder).map_err(|error| Refusal::new(format!("\"{}\" cannot be made: {error}.", folder.display())))?;
    for sheet in sheets {
        write(&folder.join(format!("{}.csv", sheet.name)), &sheet.text)?;
    }
    Ok(())
}

/// Makes the report of a table beside its reference by so many threads, with the default checks where no suite is given.
pub fn run(
    (table, reference): (Table, Option<Reference>),
    roles: Roles,
    settings: Settings,
    suite: Option<Suite>,
    workers: usize,
) -> Result<Report, Refusal> {
    let table = Arc::new(table);
    let job = match suite {
        Some(suite) => AuditJob::with_suite(table, roles, settings, suite),
        None => AuditJob::new(table, roles, settings),
    };
    let mut job = job?;
    if let Some(reference) = reference {
        job = job.beside(reference);
    }
    thread::scope(|scope| {
        let given_away = Part::ALL.into_iter().filter_map(|part| job.give_away(part));
        let errands: Vec<Errand> = given_away.take(workers - 1).collect();
        let mut threads: Vec<ScopedJoinHandle<'_, Found>> = errands.into_iter().map(|errand| scope.spawn(|| finish(errand))).collect();
        loop {
            match job.step(ROWS_A_STEP)? {
                Step::Working(_) => {}
                Step::Waiting(_) => {
                    for thread in threads.drain(..) {
                        match thread.join() {
                            Ok(found) => job.supply(found),
                            Err(panic) => std::panic::resume_unwind(panic),
                        }
                    }
                }
                Step::Done(report) => return Ok(report),
            }
        }
    })
}

/// Does a part of an audit.
fn finish(mut errand: Errand) -> Found {
    loop {
        if let Some(found) = errand.step(ROWS_A_STEP) {
            return found;
        }
    }
}

fn read_suite(path: &Path) -> Result<Suite, Refusal> {
    let text = std::fs::read_to_string(path).map_err(|error| Refusal::new(format!("\"{}\" cannot be read: {error}.", path.display())))?;
    Suite::parse(&text).map_err(|error| Refusal::new(format!("\"{}\": {error}", path.display())))
}

fn exit_code(report: &Report, is_strict: bool) -> ExitCode {
    let has = |verdict: Verdict| report.findings.iter().any(|finding| finding.verdict == verdict);
    if has(Verdict::Error) {
        ExitCode::from(2)
    } else if has(Verdict::Fail) || (is_strict && has(Verdict::Inconclusive)) {
        ExitCode::from(1)
    } else {
        ExitCode::SUCCESS
    }
}
