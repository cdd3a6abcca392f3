//! The tables of rules of law as CSV, for a spreadsheet. A cell that a spreadsheet would take for a formula is made text by an apostrophe.

use std::fmt::Write as _;

use serde::{Deserialize, Serialize};

use super::outline::preset_caption;
use crate::run::preset::{Preset, PresetTable, Rate};

/// A table with the name of its file, without ending.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sheet {
    /// Of letters, digits and hyphens.
    pub name: String,
    /// What it holds, in a few words.
    pub caption: String,
    /// The CSV text.
    pub text: String,
}

/// All tables of a report.
pub fn sheets(tables: &[PresetTable]) -> Vec<Sheet> {
    let mut sheets: Vec<Sheet> = Vec::new();
    for table in tables {
        let rule = match table.preset {
            Preset::FourFifths => "four-fifths",
            Preset::NycLl144 => "local-law-144",
        };
        let caption = preset_caption(table);
        let plain: String = caption
            .chars()
            .map(|sign| {
                if sign.is_ascii_alphanumeric() {
                    sign.to_ascii_lowercase()
                } else {
                    '-'
                }
            })
            .collect();
        let parts: Vec<&str> = plain.split('-').filter(|part| !part.is_empty()).collect();
        let mut name = format!("{rule}-{}", parts.join("-"));
        // Names of columns may differ in signs alone.
        while sheets.iter().any(|sheet| sheet.name == name) {
            name.push_str("-2");
        }
        sheets.push(Sheet {
            name,
            caption,
            text: sheet(table),
        });
    }
    sheets
}

fn sheet(table: &PresetTable) -> String {
    let mut header: Vec<String> = table.by.iter().map(|column| cell(column)).collect();
    let rate = match table.rate {
        Rate::Selection => ["selected", "selection_rate"],
        Rate::Scoring => ["beyond_median", "scoring_rate"],
    };
    let is_tested = table.preset == Preset::FourFifths;
    header.extend(
        [
            "persons",
            rate[0],
            "share_of_persons",
            rate[1],
            "impact_ratio",
            "is_below_2_percent",
        ]
        .map(str::to_owned),
    );
    if is_tested {
        let tested = ["z", "z_p_value", "fisher_p_value", "short_of_four_fifths", "short_of_parity"];
        header.extend(tested.map(str::to_owned));
    }
    let mut out = header.join(",");
    out.push_str("\r\n");
    // A tiny p-value is not written out digit by digit.
    let number = |value: Option<f64>| match value {
        Some(value) if value != 0.0 && value.abs() < 1e-4 => format!("{value:e}"),
        Some(value) => value.to_string(),
        None => String::new(),
    };
    for row in &table.rows {
        let mut cells: Vec<String> = table
            .by
            .iter()
            .map(|column| cell(row.group.get(column).map_or("", String::as_str)))
            .collect();
        cells.extend([
            row.persons.to_string(),
            row.selected.to_string(),
            row.share.to_string(),
            row.rate.to_string(),
            number(row.impact_ratio),
            if row.is_small { "yes" } else { "no" }.to_owned(),
        ]);
        if is_tested {
            cells.extend([number(row.z), number(row.z_p_value), number(row.fisher_p_value)]);
            cells.extend([row.short_of_four_fifths.to_string(), row.short_of_parity.to_string()]);
        }
        out.push_str(&cells.join(","));
        out.push_str("\r\n");
    }
    let blank = ",".repeat(header.len().saturating_sub(2));
    for (name, persons) in [("(unknown category)", table.unknown), ("(not listed)", table.unlisted)] {
        if persons > 0 {
            // Below the name, the persons stand in their column.
            let lead = ",".repeat(table.by.len());
            let rest = blank.len().saturating_sub(table.by.len() - 1);
            let _ = write!(out, "{name}{lead}{persons}{}\r\n", ",".repeat(rest));
        }
    }
    out
}

/// A name from the file as a cell: quoted where it must be, and text whatever a spreadsheet makes of it.
fn cell(text: &str) -> String {
    let is_formula = text
        .trim_start()
        .starts_with(['=', '+', '-', '@', '\t', '\r', '\u{ff1d}', '\u{ff0b}', '\u{ff0d}', '\u{ff20}'])
        || text.starts_with(['\t', '\r', '\n']);
    let text = if is_formula { format!("'{text}") } else { text.to_owned() };
    if text.contains([',', '"', '\n', '\r', ';', '\'']) || text.trim() != text {
        format!("\"{}\"", text.replace('"', "\"\""))
    } else {
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_looks_like_a_formula_is_text() {
        assert_eq!(cell("=1+1"), "\"'=1+1\"");
        assert_eq!(cell("  @x"), "\"'  @x\"");
        assert_eq!(cell("-"), "\"'-\"");
        assert_eq!(cell("a, \"b\""), "\"a, \"\"b\"\"\"");
        assert_eq!(cell("Other"), "Other");
    }
}
