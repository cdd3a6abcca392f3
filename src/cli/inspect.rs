//! `assay inspect`: what a file holds, and what an audit of it would do. No value of the file is printed.

use std::fmt::Write;
use std::process::ExitCode;

use crate::chart::number::{count, counted};
use crate::data::{ClassScore, Detected, Kind, QuantileColumn, Role, Roles, Table};
use crate::engine::{Inspection, foresee, inspect as inspect_table};
use crate::report::terminal::{plain, wrapped};

use super::Refusal;
use super::arguments::{FileOptions, ReadingOptions};
use super::choice::{roles, settings, words};
use super::input::read;
use super::output::print;

/// Names longer than this are cut in the table.
const NAME: usize = 40;

/// Shows what a file holds and how it would be audited.
pub fn inspect(options: &FileOptions) -> Result<ExitCode, Refusal> {
    let table = read(options)?;
    let inspection = inspect_table(&table);
    let roles = roles(&options.roles, &table);
    roles.check(&table).map_err(Refusal::new)?;
    let mut text = format!("{}\n\n", plain(&headline(&inspection)));
    columns(&mut text, &inspection, &roles);
    text.push('\n');
    for Detected { what, value, why, .. } in &inspection.reading {
        let line = format!("{}: {value} ({why})", what.as_str());
        let _ = writeln!(text, "  {}", wrapped(&plain(&line), 4));
    }
    let notes = outlook(&mut text, options, &table, &roles);
    let notes: Vec<&str> = inspection
        .notices
        .iter()
        .map(|notice| notice.text.as_str())
        .chain(notes.iter().map(String::as_str))
        .collect();
    if !notes.is_empty() {
        text.push('\n');
    }
    for note in notes {
        let _ = writeln!(text, "Note: {}", wrapped(&plain(note), 6));
    }
    print(&text)?;
    Ok(ExitCode::SUCCESS)
}

fn headline(inspection: &Inspection) -> String {
    let intake = &inspection.intake;
    let delimiter = match intake.delimiter {
        ',' => "comma".to_owned(),
        ';' => "semicolon".to_owned(),
        '\t' => "tab".to_owned(),
        '|' => "bar".to_owned(),
        '\n' => "JSON Lines".to_owned(),
        other => format!("separated by {other}"),
    };
    let mut text = format!(
        "{} · {} · {} · {delimiter}",
        intake.name,
        counted(intake.rows_read, "row", "rows"),
        counted(inspection.columns.len() as u64, "column", "columns"),
    );
    if intake.rows_set_aside > 0 {
        let _ = write!(text, " · {} set aside", counted(intake.rows_set_aside, "row", "rows"));
    }
    text
}

/// One line a column: name, kind, missing values, role and why.
fn columns(text: &mut String, inspection: &Inspection, roles: &Roles) {
    let rows: Vec<[String; 5]> = inspection
        .columns
        .iter()
        .map(|column| {
            let role = roles.role_of(&column.name);
            let (role, why) = match role {
                // What has no part keeps what was said of it, for instance that free text is not kept.
                Role::Feature if column.role == Role::Feature || column.role == Role::Ignored => (column.role, column.why.clone()),
                Role::Feature => (role, "not used, by what was given".to_owned()),
                _ if role == column.role => (role, column.why.clone()),
                _ => (role, "as given".to_owned()),
            };
            [
                shortened(&column.name),
                read_as(column.kind, column.levels),
                count(column.missing),
                role.as_str().to_owned(),
                why,
            ]
        })
        .collect();
    let header = ["column", "read as", "missing", "role", "why"].map(str::to_owned);
    let width = |place: usize| {
        rows.iter()
            .chain([&header])
            .map(|row| row[place].chars().count())
            .max()
            .unwrap_or(0)
    };
    let widths = [width(0), width(1), width(2), width(3)];
    for [name, kind, missing, role, why] in [&header].into_iter().chain(&rows) {
        let line = format!(
            "  {name:0$}  {kind:1$}  {missing:>2$}  {role:3$}  {why}",
            widths[0], widths[1], widths[2], widths[3]
        );
        let _ = writeln!(text, "{}", plain(&line).trim_end());
    }
}

fn shortened(name: &str) -> String {
    let name = plain(name);
    if name.chars().count() <= NAME {
        return name;
    }
    let mut short: String = name.chars().take(NAME - 1).collect();
    short.push('…');
    short
}

fn read_as(kind: Kind, levels: Option<u64>) -> String {
    match (kind, levels) {
        (Kind::Numeric, _) => "number".to_owned(),
        (Kind::Boolean, _) => "yes or no".to_owned(),
        (Kind::Categorical, Some(levels)) => counted(levels, "level", "levels"),
        (Kind::Categorical, None) => "levels".to_owned(),
        (Kind::Time, _) => "time".to_owned(),
        (Kind::Text, _) => "free text".to_owned(),
        (Kind::Empty, _) => "nothing".to_owned(),
    }
}

/// What an audit would answer, and the command that makes it; returns what else is to be noted.
fn outlook(text: &mut String, options: &FileOptions, table: &Table, roles: &Roles) -> Vec<String> {
    let forecast = foresee(table, roles, &settings(options, table, roles));
    text.push('\n');
    for line in forecast.answers.iter().chain(&forecast.problem) {
        let _ = writeln!(text, "{}", wrapped(&plain(line), 0));
    }
    let file = options.file.to_string_lossy();
    if forecast.problem.is_none()
        && let Some(command) = command(&file, roles, &options.reading, joined(options, table))
    {
        let _ = writeln!(text, "\nThe same roles, spelled out:\n  {command}");
    }
    forecast.notices.into_iter().map(|notice| notice.text).collect()
}

/// The label file as it was given, and the columns that join it.
fn joined(options: &FileOptions, table: &Table) -> Option<(String, String)> {
    let path = options.label_file.as_ref()?.to_string_lossy().into_owned();
    let labels = table.labels.as_ref()?;
    let (own, other) = (&labels.predictions_id, &labels.labels_id);
    Some((path, if own == other { own.clone() } else { format!("{own}={other}") }))
}

/// `assay audit` with every role as a flag, and the flags of reading as they were given; `None` where a name cannot be written as one.
fn command(file: &str, roles: &Roles, reading: &ReadingOptions, joined: Option<(String, String)>) -> Option<String> {
    let mut parts = vec!["assay audit".to_owned(), quoted(file)?];
    let mut id = roles.id.clone();
    if let Some((labels, pair)) = joined {
        parts.push(format!("--label-file {}", quoted(&labels)?));
        id = Some(pair);
    }
    for (aspect, word) in words(reading) {
        if let Some(word) = word {
            parts.push(format!("--{} {}", aspect.as_str(), quoted(word)?));
        }
    }
    for (flag, is_given) in [("--header", reading.header), ("--no-header", reading.no_header)] {
        if is_given {
            parts.push(flag.to_owned());
        }
    }
    let single = [
        ("label", &roles.label),
        ("prediction", &roles.prediction),
        ("score", &roles.score),
        ("lower", &roles.lower),
        ("upper", &roles.upper),
        ("query", &roles.query),
        ("count", &roles.count),
        ("weight", &roles.weight),
        ("time", &roles.time),
        ("id", &id),
    ];
    for (flag, column) in single {
        if let Some(column) = column {
            parts.push(format!("--{flag} {}", quoted(column)?));
        }
    }
    for ClassScore { class, column } in &roles.class_scores {
        if class.contains('=') {
            return None;
        }
        parts.push(format!("--class-score {}", quoted(&format!("{class}={column}"))?));
    }
    for QuantileColumn { quantile, column } in &roles.quantiles {
        parts.push(format!("--quantile {}", quoted(&format!("{quantile}={column}"))?));
    }
    for (flag, columns) in [
        ("labels", &roles.labels),
        ("predictions", &roles.predictions),
        ("scores", &roles.scores),
    ] {
        if columns.iter().any(|column| column.contains(',')) {
            return None;
        }
        if !columns.is_empty() {
            parts.push(format!("--{flag} {}", quoted(&columns.join(","))?));
        }
    }
    if !roles.sensitive.is_empty() {
        if roles.sensitive.iter().any(|column| column.contains(',') || column.trim() != column) {
            return None;
        }
        parts.push(format!("--sensitive {}", quoted(&roles.sensitive.join(","))?));
    }
    Some(parts.join(" "))
}

/// A word as a POSIX shell reads it; `None` where it holds what a line of a terminal should not, or would be read as a flag.
fn quoted(word: &str) -> Option<String> {
    let is_plain = |c: char| c.is_alphanumeric() || "_-./,=+:@%".contains(c);
    if plain(word) != word || word.starts_with('-') && word != "-" {
        return None;
    }
    Some(if !word.is_empty() && word.chars().all(is_plain) {
        word.to_owned()
    } else {
        format!("'{}'", word.replace('\'', "'\\''"))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_quoted_for_a_shell() {
        assert_eq!(quoted("y_true").as_deref(), Some("y_true"));
        assert_eq!(quoted("charge degree").as_deref(), Some("'charge degree'"));
        assert_eq!(quoted("it's; rm -rf").as_deref(), Some("'it'\\''s; rm -rf'"));
        assert_eq!(quoted("--json"), None);
        assert_eq!(quoted("a\u{1b}[31m"), None);
    }

    #[test]
    fn a_column_with_a_comma_cannot_be_spelled_out() {
        let roles = Roles {
            label: Some("y".to_owned()),
            sensitive: vec!["a,b".to_owned()],
            ..Roles::default()
        };
        assert_eq!(command("f.csv", &roles, &ReadingOptions::default(), None), None);
    }
    #[test]
    fn flags_of_reading_are_kept() {
        let reading = ReadingOptions {
            delimiter: Some(";".to_owned()),
            no_header: true,
            ..ReadingOptions::default()
        };
        let command = command("f.csv", &Roles::default(), &reading, None);
        assert_eq!(command.as_deref(), Some("assay audit f.csv --delimiter ';' --no-header"));
    }
}
