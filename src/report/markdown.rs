//! The report as short Markdown, for a pull request or a ticket: the answer, the checks, the headline numbers, the gaps.

use std::fmt::Write as _;

use super::Report;
use super::outline::{self, Block, Cell, Table};
use super::words::{verdict_count, verdict_word};
use crate::chart::text::is_unsafe;
use crate::check::Verdict;

/// The sections that a short report holds.
const SECTIONS: [&str; 13] = [
    "summary",
    "accuracy",
    "fairness",
    "rules",
    "representation",
    "proxies",
    "search",
    "slices",
    "drift",
    "time",
    "efficiency",
    "quality",
    "data",
];
/// Those of whose tables, a row for each column of the file, only the answer is held.
const ANSWERED: [&str; 2] = ["quality", "data"];

/// The report as Markdown.
pub fn render(report: &Report) -> String {
    let (name, about) = outline::title(report);
    let mut out = format!("# Report of {}\n\n{}\n", escaped(&name), escaped(&about));
    let mut section = String::new();
    for block in outline::outline(report) {
        if let Block::Heading(heading) = &block
            && heading.level == 2
        {
            section = heading.id.clone();
        }
        if SECTIONS.contains(&section.as_str()) {
            write(&mut out, &block, &section);
        }
    }
    let _ = write!(out, "\nMade with Assay {}. Aggregates only.\n", env!("CARGO_PKG_VERSION"));
    out
}

fn write(out: &mut String, block: &Block, section: &str) {
    let _ = match block {
        Block::Heading(heading) => write!(out, "\n{} {}\n\n", "#".repeat(usize::from(heading.level)), escaped(&heading.text)),
        Block::Lead(sentence) | Block::Prose(sentence) => write!(out, "{}\n\n", escaped(sentence)),
        Block::Tally(tally) => {
            let counts: Vec<String> = tally.iter().map(|(verdict, count)| verdict_count(*verdict, *count)).collect();
            write!(out, "**{}**\n\n", counts.join(" · "))
        }
        Block::Findings(lines) => {
            for line in lines {
                let reason = if line.reason.is_empty() {
                    String::new()
                } else {
                    format!(" {}", escaped(&line.reason))
                };
                let term = if line.term.is_empty() {
                    String::new()
                } else {
                    format!(" _{}_", escaped(&line.term))
                };
                let _ = writeln!(
                    out,
                    "- {} **{}.** {}{reason}{term}",
                    sign(line.verdict),
                    verdict_word(line.verdict),
                    escaped(&line.sentence)
                );
            }
            writeln!(out)
        }
        Block::Sentences(sentences) | Block::Cautions(sentences) => {
            for sentence in sentences {
                let _ = writeln!(out, "- {}", escaped(sentence));
            }
            writeln!(out)
        }
        Block::Headlines(lines) => {
            let _ = writeln!(out, "| Measure | Value | Interval | Without a model |\n|---|---:|---:|---|");
            for line in lines {
                let _ = writeln!(
                    out,
                    "| {} | {} | {} | {} |",
                    escaped(&line.name),
                    escaped(&line.cell.text),
                    escaped(&line.cell.note),
                    escaped(&line.naive)
                );
            }
            writeln!(out)
        }
        Block::Table(table) if !ANSWERED.contains(&section) => table_of(out, table),
        Block::Notices(lines) => {
            for line in lines {
                let _ = writeln!(out, "- {}", escaped(&line.text));
            }
            writeln!(out)
        }
        Block::Facts(facts) if section == "data" => {
            for fact in facts {
                let _ = writeln!(out, "- {}: {}", escaped(&fact.name), escaped(&fact.value));
            }
            writeln!(out)
        }
        Block::Beside(blocks) => {
            for block in blocks {
                write(out, block, section);
            }
            Ok(())
        }
        // Figures have their numbers in tables; what is folded on a screen is left to the JSON here.
        _ => Ok(()),
    };
}

fn table_of(out: &mut String, table: &Table) -> std::fmt::Result {
    let header: Vec<String> = table
        .columns
        .iter()
        .map(|column| {
            if column.unit.is_empty() {
                escaped(&column.name)
            } else {
                format!("{}, {}", escaped(&column.name), column.unit)
            }
        })
        .collect();
    let _ = writeln!(out, "**{}**\n\n| {} |", escaped(&table.caption), header.join(" | "));
    let _ = writeln!(
        out,
        "|{}",
        table
            .columns
            .iter()
            .map(|column| if column.align == outline::Align::End { "---:|" } else { "---|" })
            .collect::<String>()
    );
    for row in &table.rows {
        let cells: Vec<String> = row.cells.iter().map(cell).collect();
        let _ = writeln!(out, "| {} |", cells.join(" | "));
    }
    if !table.note.is_empty() {
        let _ = write!(out, "\n{}\n", escaped(&table.note));
    }
    writeln!(out)
}

fn cell(cell: &Cell) -> String {
    if cell.note.is_empty() {
        escaped(&cell.text)
    } else {
        format!("{} ({})", escaped(&cell.text), escaped(&cell.note))
    }
}

const fn sign(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Pass => "✓",
        Verdict::Warn => "△",
        Verdict::Fail => "✗",
        Verdict::Inconclusive => "○",
        Verdict::NotApplicable => "–",
        Verdict::Error => "ϟ",
    }
}

/// Text that is no Markdown and no HTML, whatever it holds, on one line.
fn escaped(raw: &str) -> String {
    let mut out = String::with_capacity(raw.len());
    for c in raw.chars() {
        match c {
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '&' => out.push_str("&amp;"),
            '\\' | '`' | '*' | '_' | '[' | ']' | '|' | '#' | '~' | '!' => {
                out.push('\\');
                out.push(c);
            }
            // A name such as @team would notify someone where the text is posted.
            '@' => out.push_str("@\u{200b}"),
            c if is_unsafe(c) => out.push(' '),
            c => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::fixtures;

    #[test]
    fn the_answer_the_checks_and_the_groups_are_in_it() {
        let text = render(&fixtures::compas());
        assert!(text.starts_with("# Report of compas\\_counts.csv\n"), "{text}");
        assert!(text.contains("**2 fail · 1 to watch"), "{text}");
        assert!(text.contains("| African-American |"), "{text}");
        assert!(text.len() < 20_000, "{} bytes", text.len());
    }

    #[test]
    fn names_from_the_file_are_neither_markdown_nor_html() {
        let text = render(&fixtures::hostile());
        assert!(
            !text.contains('<') && !text.contains("\u{1b}") && !text.contains('\u{202e}'),
            "{text}"
        );
        assert!(!text.contains(" `"), "{text}");
        assert!(text.contains("a\\|b\\`c&lt;/style&gt;&lt;script&gt;"), "{text}");
        // Within a table, every row has as many cells as the head.
        let bars = |line: &str| line.replace("\\|", "").matches('|').count();
        let lines: Vec<&str> = text.lines().collect();
        for pair in lines.windows(2).filter(|pair| pair.iter().all(|line| line.starts_with('|'))) {
            assert_eq!(bars(pair[0]), bars(pair[1]), "{pair:?}");
        }
        assert!(lines.iter().any(|line| line.starts_with("| ")));
    }

    #[test]
    fn an_empty_report_is_still_a_report() {
        let text = render(&fixtures::empty());
        assert!(text.contains("about the data alone"), "{text}");
    }
}
