//! `assay profile`: what a file holds, without its rows, as a small file to keep.

use std::process::ExitCode;
use std::sync::Arc;

use crate::chart::number::counted;
use crate::engine::{ProfileJob, Step};
use crate::report::terminal::plain;

use super::Refusal;
use super::arguments::ProfileOptions;
use super::choice::{roles, settings};
use super::input::{is_standard, read};
use super::output::{check_targets, print, write};

/// Writes the profile of a file, and says what it holds unless standard output is taken.
pub fn profile(options: &ProfileOptions) -> Result<ExitCode, Refusal> {
    let input = &options.input;
    if input.reference.is_some() {
        return Err(Refusal::new(
            "a profile is of one file: leave --reference out, and give the profile as --reference to `assay audit`.",
        ));
    }
    for file in std::iter::once(&input.file).chain(&input.label_file) {
        check_targets(file, std::iter::once(&options.output))?;
    }
    let table = read(input)?;
    let roles = roles(&input.roles, &table);
    let settings = settings(input, &table, &roles);
    let mut job = ProfileJob::new(Arc::new(table), roles, &settings, options.smallest)?;
    let profile = loop {
        if let Step::Done(profile) = job.step() {
            break profile;
        }
    };
    let json = profile.to_json();
    write(&options.output, &json)?;
    if !is_standard(&options.output) {
        let name = options.output.to_string_lossy();
        print(&plain_line(&format!(
            "{}: {} and {} of \"{}\" in {} bytes; what fewer than {} rows share is not in it.",
            name,
            counted(profile.rows, "row", "rows"),
            counted(profile.columns.len() as u64, "column", "columns"),
            profile.name,
            json.len(),
            profile.smallest
        )))?;
        print(&plain_line(&format!("Compare with it: assay audit FILE --reference {name}")))?;
    }
    Ok(ExitCode::SUCCESS)
}

fn plain_line(text: &str) -> String {
    format!("{}\n", plain(text))
}
