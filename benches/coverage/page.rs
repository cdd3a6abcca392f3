//! The study as a page: Markdown that people read, and that the tests read back.

use std::collections::BTreeMap;
use std::fmt::Write;

use super::study::{Counts, Held, Line};

/// What is near enough to 95 %, in percent.
pub const NEAR: (f64, f64) = (93.0, 97.0);

/// Whether a coverage in percent is near enough.
pub fn is_near(percent: f64) -> bool {
    (NEAR.0..=NEAR.1).contains(&percent)
}

/// A percentage as a cell: heavy where it is too far from 95.
pub fn percent_cell(percent: f64) -> String {
    // What is shown decides, so that 97.0 is never heavy.
    let shown = (percent * 10.0).round() / 10.0;
    if is_near(shown) {
        format!("{shown:.1}")
    } else {
        format!("**{shown:.1}**")
    }
}

/// Coverage in percent, and where some runs had no limits how many of them had.
pub fn cell(held: Option<&Held>, runs: u64) -> String {
    let Some(held) = held.filter(|held| held.limits > 0) else {
        return "–".to_owned();
    };
    let percent = percent_cell(100.0 * held.held as f64 / held.limits as f64);
    let missing = 100.0 * (runs - held.limits) as f64 / runs as f64;
    if missing >= 0.5 {
        format!("{percent} (no limits: {missing:.0})")
    } else {
        percent
    }
}

/// A table of one model: a line a number, a column a condition.
pub fn table(columns: &[String], counts: &[Counts], runs: u64) -> String {
    let mut lines: Vec<&Line> = counts.iter().flat_map(BTreeMap::keys).collect();
    lines.sort();
    lines.dedup();
    let mut text = format!(
        "| number | limits | {} |\n|---|---|{}\n",
        columns.join(" | "),
        "---:|".repeat(columns.len())
    );
    for line in lines {
        let cells: Vec<String> = counts.iter().map(|counts| cell(counts.get(line), runs)).collect();
        let _ = writeln!(text, "| {} | `{}` | {} |", line.name, line.method, cells.join(" | "));
    }
    text
}

/// The cells of the table under a heading: by the first two columns, the percentages of the others.
pub fn read(page: &str, heading: &str) -> BTreeMap<(String, String), Vec<Option<f64>>> {
    let part = page.split_once(&format!("# {heading}\n")).map_or("", |(_, rest)| rest);
    let part = part.split("\n## ").next().unwrap_or("");
    let percent = |cell: &str| cell.split_whitespace().next()?.trim_matches('*').parse().ok();
    let mut found = BTreeMap::new();
    for row in part.lines().filter(|line| line.starts_with("| ")).skip(1) {
        let mut cells = row.trim_matches('|').split('|').map(str::trim);
        let (Some(first), Some(second)) = (cells.next(), cells.next()) else {
            continue;
        };
        found.insert(
            (first.to_owned(), second.trim_matches('`').to_owned()),
            cells.map(percent).collect(),
        );
    }
    found
}
