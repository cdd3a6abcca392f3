//! The report as HTML: a fragment for the page, and a document that needs nothing beside itself.
//!
//! No script: definitions are popovers, detail is folded by `<details>`, and everything prints. Every number in a table carries its
//! address as `data-` attributes and its exact value as `data-value`.

pub(super) mod escape;
mod figure;
mod parts;
mod table;

use std::collections::BTreeSet;
use std::fmt::Write as _;

use super::Report;
use super::outline::{self, Block, Heading};
use escape::{attribute, percent, text};

/// The design tokens, which the page shares.
const TOKENS: &str = include_str!("../../style/tokens.css");
/// The report's own rules.
const STYLE: &str = include_str!("../../style/report.css");
/// Nothing is loaded, nothing runs.
const POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'";

/// The report as a fragment: one `<div class="report">`. Its ids begin with `n-`, `def-`, `fig-` or `report-`.
pub fn body(report: &Report) -> String {
    let blocks = outline::outline(report);
    let mut html = Html::new(&blocks);
    html.out.push_str("<div class=\"report\">\n");
    html.contents(&blocks);
    html.sections(&blocks);
    html.out.push_str("</div>\n");
    html.out
}

/// The report as one file. `json`, where given, is put behind a link that saves it.
pub fn document(report: &Report, json: Option<&str>) -> String {
    let (name, about) = outline::title(report);
    document_of(&name, &about, &body(report), json)
}

/// The same of a report that is a fragment already: what [`outline::title`] and [`body`] say of it.
pub fn document_of(name: &str, about: &str, body: &str, json: Option<&str>) -> String {
    let name = text(name);
    let saved = json.map_or_else(String::new, |json| {
        format!(
            " <a download=\"report.json\" href=\"data:application/json;charset=utf-8,{}\">Save all numbers as JSON</a>.",
            percent(json)
        )
    });
    format!(
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"{POLICY}\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <title>{name} · Assay report</title>\n<link rel=\"icon\" href=\"data:,\">\n<style>\n{TOKENS}\n{STYLE}</style>\n</head>\n\
         <body class=\"report-page\">\n<header class=\"report-head\">\n<p class=\"report-head__maker\">Assay report</p>\n\
         <h1><bdi>{name}</bdi></h1>\n<p class=\"report-head__about\">{about}</p>\n</header>\n<main>\n{body}</main>\n\
         <footer class=\"report-foot\">\n<p>Made with Assay {version}. This file holds aggregates only: no row of the data is in it.{saved}</p>\n\
         </footer>\n</body>\n</html>\n",
        about = text(about),
        version = env!("CARGO_PKG_VERSION"),
    )
}

/// What is written, and which ids are taken.
struct Html {
    out: String,
    /// Ids of numbers that some table shows.
    shown: BTreeSet<String>,
    /// Ids already given.
    given: BTreeSet<String>,
    /// Metrics with a definition.
    defined: BTreeSet<String>,
}

impl Html {
    fn new(blocks: &[Block]) -> Self {
        let mut html = Self {
            out: String::new(),
            shown: BTreeSet::new(),
            given: BTreeSet::new(),
            defined: BTreeSet::new(),
        };
        html.look_through(blocks);
        html
    }

    /// Notes which numbers are shown and which metrics are defined, so that links lead somewhere.
    fn look_through(&mut self, blocks: &[Block]) {
        for block in blocks {
            match block {
                Block::Table(table) => {
                    let cells = table.rows.iter().flat_map(|row| &row.cells);
                    self.shown
                        .extend(cells.filter_map(|cell| Some(super::anchor::id(&cell.estimate.as_ref()?.key))));
                }
                Block::Definitions(definitions) => self.defined.extend(definitions.iter().map(|definition| definition.metric.clone())),
                Block::Beside(blocks) => self.look_through(blocks),
                Block::Folded(folded) => self.look_through(&folded.blocks),
                _ => {}
            }
        }
    }

    /// Links to the sections.
    fn contents(&mut self, blocks: &[Block]) {
        self.out
            .push_str("<nav class=\"contents\" aria-label=\"Sections of the report\">\n<ul>\n");
        for block in blocks {
            if let Block::Heading(Heading { level: 2, id, text: title }) = block {
                let _ = writeln!(self.out, "<li><a href=\"#report-{}\">{}</a></li>", attribute(id), text(title));
            }
        }
        self.out.push_str("</ul>\n</nav>\n");
    }

    /// All blocks, each section in an element of its own.
    fn sections(&mut self, blocks: &[Block]) {
        let mut open: Vec<u8> = Vec::new();
        for block in blocks {
            if let Block::Heading(heading) = block {
                while open.last().is_some_and(|level| *level >= heading.level) {
                    open.pop();
                    self.out.push_str("</section>\n");
                }
                open.push(heading.level);
                let (level, id) = (heading.level, attribute(&heading.id));
                let _ = writeln!(
                    self.out,
                    "<section class=\"section section--{level}\" aria-labelledby=\"report-{id}\">\n<h{level} id=\"report-{id}\" tabindex=\"-1\">{}</h{level}>",
                    text(&heading.text)
                );
            } else {
                self.block(block);
            }
        }
        for _ in open {
            self.out.push_str("</section>\n");
        }
    }

    fn block(&mut self, block: &Block) {
        match block {
            Block::Heading(heading) => {
                let _ = writeln!(self.out, "<h4>{}</h4>", text(&heading.text));
            }
            Block::Lead(sentence) => {
                let _ = writeln!(self.out, "<p class=\"lead\">{}</p>", text(sentence));
            }
            Block::Prose(sentence) => {
                let _ = writeln!(self.out, "<p class=\"prose\">{}</p>", text(sentence));
            }
            Block::Tally(tally) => self.tally(tally),
            Block::Findings(lines) => self.findings(lines),
            Block::Headlines(lines) => self.headlines(lines),
            Block::Sentences(sentences) => self.sentences(sentences, "sentences"),
            Block::Cautions(cautions) => self.sentences(cautions, "cautions"),
            Block::Figures(figures) => self.figures(figures),
            Block::Table(table) => self.table(table),
            Block::Matrix(matrix) => self.matrix(matrix),
            Block::Notices(lines) => self.notices(lines),
            Block::Definitions(definitions) => self.definitions(definitions),
            Block::Facts(facts) => self.facts(facts),
            Block::Beside(blocks) => {
                self.out.push_str("<div class=\"beside\">\n");
                for block in blocks {
                    self.out.push_str("<div>\n");
                    self.block(block);
                    self.out.push_str("</div>\n");
                }
                self.out.push_str("</div>\n");
            }
            Block::Folded(folded) => {
                let _ = writeln!(
                    self.out,
                    "<details class=\"fold\">\n<summary>{}</summary>\n<div class=\"fold__inside\">",
                    text(&folded.title)
                );
                for block in &folded.blocks {
                    self.block(block);
                }
                self.out.push_str("</div>\n</details>\n");
            }
        }
    }

    /// A metric's name as a button that opens its definition, or as text where it has none.
    fn term(&self, metric: Option<&String>, name: &str) -> String {
        match metric.filter(|metric| self.defined.contains(*metric)) {
            Some(metric) => format!(
                "<button type=\"button\" class=\"term\" popovertarget=\"{}\">{}</button>",
                super::anchor::definition(metric),
                text(name)
            ),
            None => text(name),
        }
    }
}

#[cfg(test)]
mod tests;
