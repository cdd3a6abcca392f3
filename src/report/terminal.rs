//! The summary that the command prints: the answer, the checks, the headline numbers, the gaps. Aligned, without colour codes.

use std::fmt::Write as _;

use super::Report;
use super::format::{in_full, own_quantity, p_words, with_unit};
use super::index::{Index, Listed};
use super::outline::slices::{self, Slice, Standing};
use super::outline::{self, Block, FindingLine};
use super::words::{capital, columns, listed_name, metric_name, verdict_count, verdict_word};
use crate::chart::number::count;
use crate::chart::text::is_unsafe;
use crate::check::Verdict;
use crate::metric::{Comparison, Estimate, Source};

/// How wide a line may be.
const WIDTH: usize = 100;
/// The sections whose answer is printed.
const ANSWERED: [&str; 11] = [
    "summary",
    "accuracy",
    "fairness",
    "rules",
    "representation",
    "proxies",
    "search",
    "drift",
    "time",
    "efficiency",
    "quality",
];
/// The most slices that are listed.
const WEAKEST: usize = 5;
/// How wide a name in a table may be.
const NAME: usize = 34;

/// The summary as text; ends with a line break.
pub fn render(report: &Report) -> String {
    let (name, about) = outline::title(report);
    let mut out = format!("{}\n{}\n", plain(&name), wrapped(&plain(&about), 0));
    let mut section = String::new();
    for block in outline::outline(report) {
        match &block {
            Block::Heading(heading) if heading.level == 2 => section = heading.id.clone(),
            Block::Lead(sentence) if ANSWERED.contains(&section.as_str()) => {
                // The section's answer; those of single groupings follow in the gaps.
                let _ = write!(out, "\n{}\n", wrapped(&plain(sentence), 0));
                section.push_str(" answered");
            }
            Block::Sentences(sentences) if section.starts_with("fairness") => {
                for sentence in sentences {
                    let _ = writeln!(out, "  {}", wrapped(&plain(sentence), 4));
                }
            }
            // Whether a change matters, and what no column shows by itself.
            Block::Prose(sentence) if section.starts_with("drift") => {
                let _ = writeln!(out, "{}", wrapped(&plain(sentence), 0));
            }
            Block::Tally(tally) => {
                let counts: Vec<String> = tally.iter().map(|(verdict, count)| verdict_count(*verdict, *count)).collect();
                let _ = writeln!(out, "{}", counts.join(" · "));
            }
            Block::Findings(lines) => {
                out.push('\n');
                findings(&mut out, lines, |_| true);
            }
            // Whoever reads a pipeline's log sees why it failed, all of it.
            Block::Folded(folded) if section.starts_with("summary") => {
                for block in &folded.blocks {
                    if let Block::Findings(lines) = block {
                        findings(&mut out, lines, |verdict| matches!(verdict, Verdict::Fail | Verdict::Error));
                    }
                }
            }
            Block::Headlines(lines) => {
                let rows: Vec<Vec<String>> = lines
                    .iter()
                    .map(|line| {
                        vec![
                            line.name.clone(),
                            line.cell.text.clone(),
                            line.cell.note.clone(),
                            line.naive.clone(),
                        ]
                    })
                    .collect();
                aligned(&mut out, &rows);
            }
            Block::Cautions(sentences) => {
                for sentence in sentences {
                    let _ = writeln!(out, "  {:<16}{}", "Careful", wrapped(&plain(sentence), 18));
                }
            }
            _ => {}
        }
    }
    gaps(&mut out, report);
    weak(&mut out, report);
    notices(&mut out, report);
    out.replace(TIE, " ")
}

/// One line a finding.
fn findings(out: &mut String, lines: &[FindingLine], is_shown: impl Fn(Verdict) -> bool) {
    for line in lines.iter().filter(|line| is_shown(line.verdict)) {
        let text = format!("{} {}", line.sentence, line.reason);
        let _ = writeln!(out, "  {:<16}{}", verdict_word(line.verdict), wrapped(plain(&text).trim_end(), 18));
    }
}

/// One line a grouping and metric: the gap over groups with enough rows, and the groups at its ends.
fn gaps(out: &mut String, report: &Report) {
    let index = Index::new(report);
    let metrics = [
        "selection_rate",
        "false_positive_rate",
        "false_negative_rate",
        "precision",
        "accuracy",
        "mae",
        "mean_error",
    ];
    let mut rows: Vec<Vec<String>> = Vec::new();
    for grouping in report.groupings.iter().filter(|grouping| grouping.len() == 1) {
        for metric in metrics {
            let Some(gap) = index
                .gap(metric, Comparison::Difference, grouping, true)
                .filter(|gap| gap.value.is_some())
            else {
                continue;
            };
            let judged = index.judged(metric, grouping);
            let (Some(lowest), Some(highest)) = (judged.first(), judged.last()) else {
                continue;
            };
            let said = |(group, estimate): &(Listed, &Estimate)| {
                format!("{} {}", listed_name(group, grouping), with_unit(own_quantity(estimate), estimate))
            };
            let (lowest, highest) = (said(lowest), said(highest));
            rows.push(vec![columns(grouping), metric_name(metric), in_full(gap), lowest, highest]);
        }
    }
    if rows.is_empty() {
        return;
    }
    rows.insert(
        0,
        ["Groups of", "Measure", "Largest gap", "Lowest", "Highest"]
            .map(str::to_owned)
            .to_vec(),
    );
    out.push('\n');
    aligned_text(out, &rows);
}

/// One line a slice that is worse beyond chance, the weakest first.
fn weak(out: &mut String, report: &Report) {
    let index = Index::new(report);
    let slices = slices::slices(&index);
    let Some(first) = slices.first() else { return };
    let _ = write!(out, "\n{}\n", wrapped(&plain(&slices::answer(&slices)), 0));
    let worse: Vec<&Slice<'_>> = slices
        .iter()
        .filter(|slice| slice.standing == Standing::Worse)
        .take(WEAKEST)
        .collect();
    if worse.is_empty() {
        return;
    }
    let metric = capital(&metric_name(&first.own.key.metric));
    let mut rows = vec![
        ["Weakest", "Rows", metric.as_str(), "Against all others", "p, corrected"]
            .map(str::to_owned)
            .to_vec(),
    ];
    for slice in worse {
        let p = slice.p.value.map_or_else(String::new, p_words);
        rows.push(vec![
            slice.text.to_owned(),
            count(slice.rows),
            in_full(slice.own),
            in_full(slice.difference),
            p,
        ]);
    }
    out.push('\n');
    aligned_text(out, &rows);
}

fn notices(out: &mut String, report: &Report) {
    if let Some(input) = report.inputs.first() {
        let _ = write!(
            out,
            "\nRows: {} read = {} used + {} set aside\n",
            count(input.rows_read),
            count(input.rows_used),
            count(input.rows_set_aside)
        );
    }
    for input in report.inputs.iter().filter(|input| input.source == Source::Labels) {
        let _ = writeln!(
            out,
            "Rows of {}: {} read = {} used + {} set aside",
            plain(&input.name),
            count(input.rows_read),
            count(input.rows_used),
            count(input.rows_set_aside)
        );
    }
    for notice in &report.notices {
        let _ = writeln!(out, "Note: {}", wrapped(&plain(&notice.text), 6));
    }
}

/// Rows of name and numbers: the first column to the left, the rest to the right.
fn aligned(out: &mut String, rows: &[Vec<String>]) {
    let widths = widths(rows);
    out.push('\n');
    for row in rows {
        let mut line = String::from(" ");
        for (index, (cell, width)) in row.iter().zip(&widths).enumerate() {
            let cell = cut(&plain(cell));
            let pad = " ".repeat(width.saturating_sub(cell.chars().count()));
            let _ = if index == 0 {
                write!(line, " {cell}{pad}")
            } else {
                write!(line, "  {pad}{cell}")
            };
        }
        let _ = writeln!(out, "{}", line.trim_end());
    }
}

/// Rows of texts: all columns to the left.
fn aligned_text(out: &mut String, rows: &[Vec<String>]) {
    let widths = widths(rows);
    for row in rows {
        let mut line = String::from(" ");
        for (cell, width) in row.iter().zip(&widths) {
            let cell = cut(&plain(cell));
            let pad = " ".repeat(width.saturating_sub(cell.chars().count()));
            let _ = write!(line, " {cell}{pad} ");
        }
        let _ = writeln!(out, "{}", line.trim_end());
    }
}

fn widths(rows: &[Vec<String>]) -> Vec<usize> {
    let columns = rows.iter().map(Vec::len).max().unwrap_or(0);
    (0..columns)
        .map(|column| {
            rows.iter()
                .filter_map(|row| row.get(column))
                .map(|cell| cut(&plain(cell)).chars().count())
                .max()
                .unwrap_or(0)
        })
        .collect()
}

fn cut(text: &str) -> String {
    if text.chars().count() <= NAME {
        return text.to_owned();
    }
    let mut out: String = text.chars().take(NAME - 1).collect();
    out.push('…');
    out
}

/// The space that holds a number and its unit together until lines are broken; a plain one in the end, so that columns align everywhere.
const TIE: char = '\u{a0}';

/// Text without control characters: no name moves the cursor, rings or colours.
pub fn plain(raw: &str) -> String {
    raw.chars()
        .map(|c| match c {
            '\u{202f}' | TIE => TIE,
            c if is_unsafe(c) => ' ',
            c => c,
        })
        .collect()
}

/// Text broken over lines of at most [`WIDTH`], the later ones indented.
pub fn wrapped(text: &str, indent: usize) -> String {
    let mut out = String::new();
    let mut used = indent;
    for word in text.split([' ', '\n', '\t']).filter(|word| !word.is_empty()) {
        let length = word.chars().count();
        if used > indent && used + 1 + length > WIDTH {
            out.push('\n');
            out.push_str(&" ".repeat(indent));
            used = indent;
        } else if used > indent {
            out.push(' ');
            used += 1;
        }
        out.push_str(word);
        used += length;
    }
    out.replace(TIE, " ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::fixtures;

    #[test]
    fn the_summary_says_verdicts_numbers_and_gaps() {
        let text = render(&fixtures::compas());
        for wanted in [
            "No: 2 of 8 checks fail.",
            "2 fail · 1 to watch",
            "ROC AUC",
            "Largest gap",
            "African-American 44.8 %",
            "Rows: 699 read = 699 used + 0 set aside",
        ] {
            assert!(text.contains(wanted), "no “{wanted}” in\n{text}");
        }
    }

    #[test]
    fn no_name_moves_the_cursor_or_breaks_a_line() {
        let text = render(&fixtures::hostile());
        assert!(text.chars().all(|c| c == '\n' || !is_unsafe(c)), "{text:?}");
        assert!(!text.contains("line\nnull"), "{text}");
    }

    #[test]
    fn sentences_are_broken_over_lines() {
        for (name, report) in fixtures::all() {
            let text = render(&report);
            for line in text.lines() {
                assert!(line.chars().count() <= 180, "{name}: {line}");
            }
            assert!(text.ends_with('\n'));
        }
    }
}
