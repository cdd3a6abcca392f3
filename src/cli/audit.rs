//! `assay audit`.

use std::process::ExitCode;
use std::sync::Arc;

use crate::check::{Suite, Verdict};
use crate::data::{ClassScore, Roles, Table, infer};
use crate::engine::{AuditJob, Step};
use crate::report::{Report, html, markdown, terminal};
use crate::run::{Settings, ShareInterval, Task};

use super::Refusal;
use super::arguments::{AuditOptions, IntervalName, TaskName};
use super::input::{is_standard, read};
use super::output::{print, write};

/// Rows a step.
const ROWS_A_STEP: usize = 1 << 20;

/// Audits a file, writes what was asked for, prints a summary unless standard output is taken.
pub fn audit(options: &AuditOptions) -> Result<ExitCode, Refusal> {
    check_outputs(options)?;
    let table = read(&options.file)?;
    let roles = roles(options, &table);
    let suite = options.suite.as_ref().map(|path| read_suite(path)).transpose()?;
    let report = run(table, roles, settings(options), suite)?;
    let outputs = [
        options.html.as_ref().map(|path| (path, html::document(&report, None))),
        options.json.as_ref().map(|path| (path, report.to_json())),
        options.markdown.as_ref().map(|path| (path, markdown::render(&report))),
    ];
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

/// Two reports on standard output would be neither.
fn check_outputs(options: &AuditOptions) -> Result<(), Refusal> {
    let outputs = [
        ("--html", &options.html),
        ("--json", &options.json),
        ("--markdown", &options.markdown),
    ];
    let standard: Vec<&str> = outputs
        .into_iter()
        .filter(|(_, path)| path.as_ref().is_some_and(|path| is_standard(path)))
        .map(|(flag, _)| flag)
        .collect();
    match standard.as_slice() {
        [first, second, ..] => Err(Refusal::new(format!(
            "{first} and {second} are both to go to standard output. Name a file for one of them."
        ))),
        _ => Ok(()),
    }
}

fn run(table: Table, roles: Roles, settings: Settings, suite: Option<Suite>) -> Result<Report, Refusal> {
    let table = Arc::new(table);
    let job = match suite {
        Some(suite) => AuditJob::with_suite(table, roles, settings, suite),
        None => AuditJob::new(table, roles, settings),
    };
    let mut job = job.map_err(Refusal::new)?;
    loop {
        if let Step::Done(report) = job.step(ROWS_A_STEP).map_err(Refusal::new)? {
            return Ok(report);
        }
    }
}

fn read_suite(path: &std::path::Path) -> Result<Suite, Refusal> {
    let text = std::fs::read_to_string(path).map_err(|error| Refusal::new(format!("\"{}\" cannot be read: {error}.", path.display())))?;
    Suite::parse(&text).map_err(|error| Refusal::new(format!("\"{}\": {error}", path.display())))
}

/// Inferred roles, overridden by those given. Any of label, prediction and score given switches inference off for the three.
fn roles(options: &AuditOptions, table: &Table) -> Roles {
    let mut roles = Roles::from_guesses(&infer(table));
    let given = [&options.label, &options.prediction, &options.score];
    if given.iter().any(|column| column.is_some()) || !options.class_score.is_empty() {
        roles.label.clone_from(&options.label);
        roles.prediction.clone_from(&options.prediction);
        roles.score.clone_from(&options.score);
        let class_score = |(class, column): &(String, String)| ClassScore {
            class: class.clone(),
            column: column.clone(),
        };
        roles.class_scores = options.class_score.iter().map(class_score).collect();
    }
    if let Some(sensitive) = &options.sensitive {
        roles.sensitive = sensitive
            .iter()
            .map(|name| name.trim().to_owned())
            .filter(|name| !name.is_empty())
            .collect();
    }
    for (role, column) in [
        (&mut roles.count, &options.count),
        (&mut roles.weight, &options.weight),
        (&mut roles.time, &options.time),
        (&mut roles.id, &options.id),
    ] {
        if column.is_some() {
            // An empty name takes an inferred role back.
            *role = column.clone().filter(|name| !name.is_empty());
        }
    }
    release(&mut roles, options);
    roles
}

/// A column that was given a role loses the one that was inferred for it.
fn release(roles: &mut Roles, options: &AuditOptions) {
    let sensitive = options.sensitive.iter().flatten();
    let single = [
        &options.label,
        &options.prediction,
        &options.score,
        &options.count,
        &options.weight,
        &options.time,
        &options.id,
    ];
    let class_scores = options.class_score.iter().map(|(_, column)| column);
    let given: Vec<&String> = single.into_iter().flatten().chain(sensitive).chain(class_scores).collect();
    for (role, own) in [
        (&mut roles.label, &options.label),
        (&mut roles.prediction, &options.prediction),
        (&mut roles.score, &options.score),
        (&mut roles.count, &options.count),
        (&mut roles.weight, &options.weight),
        (&mut roles.time, &options.time),
        (&mut roles.id, &options.id),
    ] {
        if own.is_none() && role.as_ref().is_some_and(|column| given.contains(&column)) {
            *role = None;
        }
    }
    if options.sensitive.is_none() {
        roles.sensitive.retain(|column| !given.contains(&column));
    }
}

fn settings(options: &AuditOptions) -> Settings {
    Settings {
        task: options.task.map(|task| match task {
            TaskName::Binary => Task::Binary,
            TaskName::Multiclass => Task::Multiclass,
            TaskName::Regression => Task::Regression,
        }),
        positive: options.positive.clone(),
        threshold: options.threshold,
        level: options.level,
        interval: match options.interval {
            IntervalName::Wilson => ShareInterval::Wilson,
            IntervalName::ClopperPearson => ShareInterval::ClopperPearson,
            IntervalName::AgrestiCoull => ShareInterval::AgrestiCoull,
            IntervalName::Wald => ShareInterval::Wald,
        },
        min_support: options.min_support,
        reference_groups: options.reference_group.iter().cloned().collect(),
    }
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
