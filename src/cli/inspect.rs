//! `assay inspect` and `assay suggest`.

use std::fmt::Write;
use std::process::ExitCode;

use crate::check::default_suite;
use crate::data::Roles;
use crate::engine::{Inspection, foresee, inspect as inspect_table};
use crate::report::terminal::plain;
use crate::run::Settings;

use super::Refusal;
use super::arguments::InspectOptions;
use super::input::read;
use super::output::print;

/// Shows what a file holds and how it would be audited.
pub fn inspect(options: &InspectOptions) -> Result<ExitCode, Refusal> {
    let table = read(&options.file)?;
    let inspection = inspect_table(&table);
    let mut text = describe(&inspection);
    let forecast = foresee(&table, &inspection.roles, &Settings::default());
    let _ = writeln!(text);
    for line in forecast
        .answers
        .iter()
        .chain(&forecast.problem)
        .map(String::as_str)
        .chain(forecast.notices.iter().map(|notice| notice.text.as_str()))
    {
        let _ = writeln!(text, "{}", plain(line));
    }
    print(&text)?;
    Ok(ExitCode::SUCCESS)
}

fn describe(inspection: &Inspection) -> String {
    let intake = &inspection.intake;
    let mut text = format!(
        "{}: {} rows read, {} set aside, {} columns, delimiter {:?}\n\n",
        plain(&intake.name),
        intake.rows_read,
        intake.rows_set_aside,
        inspection.columns.len(),
        intake.delimiter
    );
    let width = inspection
        .columns
        .iter()
        .map(|column| plain(&column.name).chars().count())
        .max()
        .unwrap_or(0)
        .clamp(6, 40);
    let _ = writeln!(
        text,
        "{:width$}  {:11}  {:>7}  {:>8}  {:12}  why",
        "column", "read as", "levels", "missing", "role"
    );
    for column in &inspection.columns {
        let kind = format!("{:?}", column.kind).to_lowercase();
        let levels = column.levels.map_or_else(String::new, |levels| levels.to_string());
        let name: String = plain(&column.name).chars().take(40).collect();
        let line = format!(
            "{name:width$}  {kind:11}  {levels:>7}  {:>8}  {:12}  {}",
            column.missing,
            column.role.as_str(),
            plain(&column.why)
        );
        let _ = writeln!(text, "{}", line.trim_end());
    }
    for notice in &inspection.notices {
        let _ = writeln!(text, "\n{}", plain(&notice.text));
    }
    text
}

/// Prints the default checks as a file to edit.
pub fn suggest(options: &InspectOptions) -> Result<ExitCode, Refusal> {
    let table = read(&options.file)?;
    let roles: Roles = inspect_table(&table).roles;
    let forecast = foresee(&table, &roles, &Settings::default());
    if let Some(problem) = forecast.problem {
        return Err(Refusal::new(problem));
    }
    print(&default_suite().to_toml())?;
    Ok(ExitCode::SUCCESS)
}
