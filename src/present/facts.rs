//! What is said of a file in one line.

use super::format;
use crate::chart::number::counted;
use crate::data::Aspect;
use crate::engine::Inspection;

/// Size, shape and dialect: `16 281 rows · 17 columns · 1.9 MB · UTF-8, comma`.
pub fn of_file(inspection: &Inspection) -> String {
    let intake = &inspection.intake;
    if inspection.is_profile {
        return of_profile(inspection);
    }
    let mut facts = vec![
        counted(intake.rows_read, "row", "rows"),
        counted(inspection.columns.len() as u64, "column", "columns"),
        format::bytes(intake.bytes),
        format!("{}, {}", encoding(inspection), delimiter(intake.delimiter)),
    ];
    if intake.rows_set_aside > 0 {
        facts.push(format!("{} set aside", counted(intake.rows_set_aside, "row", "rows")));
    }
    facts.join(" · ")
}

/// The same of a file that is still being read: `17 columns · 1.2 GB · UTF-8, comma · about 613 MB of memory`.
pub fn of_first_bytes(inspection: &Inspection, memory: Option<u64>) -> String {
    if inspection.is_profile {
        return of_profile(inspection);
    }
    let mut facts = vec![
        counted(inspection.columns.len() as u64, "column", "columns"),
        format::bytes(inspection.intake.bytes),
        format!("{}, {}", encoding(inspection), delimiter(inspection.intake.delimiter)),
    ];
    facts.extend(memory.map(|memory| format!("about {} of memory", format::bytes(memory))));
    facts.join(" · ")
}

fn of_profile(inspection: &Inspection) -> String {
    let facts = [
        format!("a profile of {}", counted(inspection.intake.rows_read, "row", "rows")),
        counted(inspection.columns.len() as u64, "column", "columns"),
        format::bytes(inspection.intake.bytes),
    ];
    facts.join(" · ")
}

/// The name under which the profile of `file` is saved: `assay-profile-compas_counts.json`.
pub fn profile_name(file: &str) -> String {
    report_name(file, "json").replacen("report", "profile", 1)
}

/// The name under which a report on `file` is saved: `assay-report-compas_counts.json`.
///
/// Letters, digits, `-`, `_` and `.` of the file's name are kept, sixty at most: a file's name is not ours to trust.
pub fn report_name(file: &str, ending: &str) -> String {
    let stem = file.rsplit_once('.').map_or(file, |(stem, _)| stem);
    let plain = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_' | '.');
    let stem: String = stem.chars().filter(|&c| plain(c)).take(60).collect();
    match stem.trim_matches('.') {
        "" => format!("assay-report.{ending}"),
        stem => format!("assay-report-{stem}.{ending}"),
    }
}

fn encoding(inspection: &Inspection) -> String {
    let found = inspection.reading.iter().find(|found| found.what == Aspect::Encoding);
    let name = found.map_or("utf-8", |found| found.value.as_str());
    match name.strip_prefix("utf-") {
        Some(rest) => format!("UTF-{}", rest.to_uppercase()),
        None => name.to_owned(),
    }
}

fn delimiter(delimiter: char) -> String {
    match delimiter {
        ',' => "comma".to_owned(),
        ';' => "semicolon".to_owned(),
        '\t' => "tab".to_owned(),
        '|' => "bar".to_owned(),
        '\n' => "JSON Lines".to_owned(),
        other => format!("separated by {other}"),
    }
}

#[cfg(test)]
mod tests {
    use super::super::session::tests::inspection;
    use super::*;

    #[test]
    fn a_report_is_named_after_its_file_and_nothing_else_in_it() {
        assert_eq!(report_name("compas_counts.csv", "json"), "assay-report-compas_counts.json");
        assert_eq!(report_name("<b>x & \u{202e}y/../z.csv", "html"), "assay-report-bxy..z.html");
        assert_eq!(report_name("..csv", "html"), "assay-report.html");
    }

    #[test]
    fn the_line_names_shape_size_and_dialect() {
        let mut inspection = inspection(&["a", "b"]);
        assert_eq!(of_file(&inspection), "3 rows · 2 columns · 10 bytes · UTF-8, comma");
        inspection.intake.rows_set_aside = 1;
        inspection.intake.delimiter = '\t';
        assert_eq!(of_file(&inspection), "3 rows · 2 columns · 10 bytes · UTF-8, tab · 1 row set aside");
    }
}
