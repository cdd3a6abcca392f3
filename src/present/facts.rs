//! What is said of a file in one line.

use super::format;
use crate::engine::Inspection;

/// Size, shape and dialect: `16,281 rows · 17 columns · 1.9 MB · UTF-8, comma`.
pub fn of_file(inspection: &Inspection) -> String {
    let intake = &inspection.intake;
    let mut facts = vec![
        format::things(intake.rows_read, "row"),
        format::things(inspection.columns.len() as u64, "column"),
        format::bytes(intake.bytes),
        format!("UTF-8, {}", delimiter(intake.delimiter)),
    ];
    if intake.rows_set_aside > 0 {
        facts.push(format!("{} set aside", format::things(intake.rows_set_aside, "row")));
    }
    facts.join(" · ")
}

fn delimiter(delimiter: char) -> String {
    match delimiter {
        ',' => "comma".to_owned(),
        ';' => "semicolon".to_owned(),
        '\t' => "tab".to_owned(),
        '|' => "bar".to_owned(),
        other => format!("separated by {other}"),
    }
}

#[cfg(test)]
mod tests {
    use super::super::session::tests::inspection;
    use super::*;

    #[test]
    fn the_line_names_shape_size_and_dialect() {
        let mut inspection = inspection(&["a", "b"]);
        assert_eq!(of_file(&inspection), "3 rows · 2 columns · 10 bytes · UTF-8, comma");
        inspection.intake.rows_set_aside = 1;
        inspection.intake.delimiter = '\t';
        assert_eq!(of_file(&inspection), "3 rows · 2 columns · 10 bytes · UTF-8, tab · 1 row set aside");
    }
}
