//! `assay suggest`: the default checks that say something about a file, as a file to edit.

use std::collections::BTreeSet;
use std::process::ExitCode;

use crate::check::{Suite, Verdict, default_suite};
use crate::report::Report;
use crate::report::terminal::plain;
use crate::run::Task;

use super::Refusal;
use super::arguments::FileOptions;
use super::audit::run;
use super::choice::{roles, settings};
use super::input::{read, read_reference, workers};
use super::output::print;

/// Prints the default checks that apply to the file. They lose "where measured": a suite that is kept should fail when what it checks is gone.
pub fn suggest(options: &FileOptions) -> Result<ExitCode, Refusal> {
    let table = read(options)?;
    let roles = roles(&options.roles, &table);
    let name = plain(&table.intake.name);
    let settings = settings(options, &table, &roles);
    let report = run((table, read_reference(options)?), roles, settings, None, workers(options))?;
    let suite = applying(&report);
    print(&format!("{}\n{}", opening(&name, report.outcome.task), suite.to_toml()))?;
    Ok(ExitCode::SUCCESS)
}

fn opening(name: &str, task: Option<Task>) -> String {
    let mut text = format!(
        "# Checks for {name}, to start from. The bounds are conventions: set them to what the use demands.\n\
         # Use: assay audit FILE --suite THIS_FILE\n\
         # Other sentences that work, with the metrics that `assay metrics` lists:\n"
    );
    for sentence in examples(task) {
        text.push_str(&format!("#   {sentence}\n"));
    }
    text
}

/// Sentences of every shape, with metrics that the task has.
const fn examples(task: Option<Task>) -> [&'static str; 3] {
    match task {
        Some(Task::Regression) => [
            "mae is at most 10",
            "mae in each group is at most 12, else warn",
            "the difference of mean_error between groups is at most 5, because the review of March asked for it",
        ],
        Some(Task::Ranking) => [
            "mean_ndcg is at least 0.7",
            "mean_ndcg in each group is at least 0.6, else warn",
            "the difference of mean_ndcg between groups is at most 0.05, because the review of March asked for it",
        ],
        Some(Task::Multiclass) => [
            "f1_macro is at least 0.7",
            "accuracy in each group is at least 50 %, else warn",
            "the difference of accuracy between groups is at most 0.05, because the review of March asked for it",
        ],
        Some(Task::Multilabel) => [
            "f1_micro is at least 0.7",
            "subset_accuracy in each group is at least 50 %, else warn",
            "the difference of f1_macro between groups is at most 0.05, because the review of March asked for it",
        ],
        Some(Task::Binary) | None => [
            "precision is at least 0.7",
            "recall in each group is at least 50 %, else warn",
            "the difference of false_positive_rate between groups is at most 0.05, because the review of March asked for it",
        ],
    }
}

/// The default checks that have something to judge in the report.
fn applying(report: &Report) -> Suite {
    let judged: BTreeSet<&str> = report
        .findings
        .iter()
        .filter(|finding| finding.verdict != Verdict::NotApplicable)
        .map(|finding| finding.check.as_str())
        .collect();
    let mut suite = default_suite();
    suite.checks.retain(|check| judged.contains(check.id.as_str()));
    for check in &mut suite.checks {
        check.optional = false;
    }
    suite
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_other_sentences_do_work() {
        for task in [
            None,
            Some(Task::Binary),
            Some(Task::Multiclass),
            Some(Task::Multilabel),
            Some(Task::Regression),
            Some(Task::Ranking),
        ] {
            for sentence in examples(task) {
                let parsed = crate::check::sentence::parse(sentence);
                assert!(parsed.is_ok(), "{sentence}: {parsed:?}");
            }
        }
    }
}
