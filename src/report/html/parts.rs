//! Verdicts, findings, large numbers, notices, facts and definitions.

use std::fmt::Write as _;

use super::Html;
use super::escape::text;
use crate::check::Verdict;
use crate::report::anchor;
use crate::report::outline::{Definition, Fact, FindingLine, Headline, NoticeLine};
use crate::report::words::{capital, verdict_count, verdict_word};

/// The verdict's part of a class name.
const fn class(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Error => "error",
        Verdict::Fail => "fail",
        Verdict::Warn => "warn",
        Verdict::Inconclusive => "inconclusive",
        Verdict::Pass => "pass",
        Verdict::NotApplicable => "not-applicable",
    }
}

/// The verdict's sign: tick, triangle, cross, open circle, dash, bolt; told apart without colour.
fn icon(verdict: Verdict) -> String {
    let path = match verdict {
        Verdict::Pass => "<path d=\"M2.5 8.5 6.5 12.5 13.5 4\"/>",
        Verdict::Warn => "<path d=\"M8 2 14.5 13.5h-13z\"/><path d=\"M8 6.5v3.2M8 11.4v.4\"/>",
        Verdict::Fail => "<path d=\"M3.5 3.5l9 9M12.5 3.5l-9 9\"/>",
        Verdict::Inconclusive => "<circle cx=\"8\" cy=\"8\" r=\"5.5\"/>",
        Verdict::NotApplicable => "<path d=\"M3 8h10\"/>",
        Verdict::Error => "<path d=\"M9 1.5 3.5 9H8l-1 5.5L12.5 7H8z\"/>",
    };
    format!("<svg class=\"icon\" viewBox=\"0 0 16 16\" aria-hidden=\"true\">{path}</svg>")
}

impl Html {
    pub(super) fn tally(&mut self, tally: &[(Verdict, usize)]) {
        self.out.push_str("<ul class=\"tally\">\n");
        for (verdict, count) in tally {
            let _ = writeln!(
                self.out,
                "<li class=\"verdict verdict--{}\">{}{}</li>",
                class(*verdict),
                icon(*verdict),
                verdict_count(*verdict, *count)
            );
        }
        self.out.push_str("</ul>\n");
    }

    pub(super) fn findings(&mut self, lines: &[FindingLine]) {
        self.out.push_str("<ol class=\"findings\">\n");
        for line in lines {
            let _ = write!(
                self.out,
                "<li class=\"finding finding--{class}\">\n<span class=\"verdict verdict--{class}\">{icon}{word}</span>\n\
                 <div>\n<p class=\"finding__sentence\">{sentence}</p>\n",
                class = class(line.verdict),
                icon = icon(line.verdict),
                word = verdict_word(line.verdict),
                sentence = text(&line.sentence),
            );
            let mut more: Vec<String> = Vec::new();
            if !line.reason.is_empty() {
                more.push(text(&line.reason));
            }
            if !line.term.is_empty() {
                more.push(format!("<span class=\"finding__term\">{}</span>", text(&capital(&line.term))));
            }
            if let Some(id) = line.key.as_ref().map(anchor::id).filter(|id| self.shown.contains(id)) {
                more.push(format!("<a href=\"#{id}\">See the number</a>"));
            }
            if !more.is_empty() {
                let _ = writeln!(self.out, "<p class=\"finding__more\">{}</p>", more.join(" "));
            }
            self.out.push_str("</div>\n</li>\n");
        }
        self.out.push_str("</ol>\n");
    }

    pub(super) fn headlines(&mut self, lines: &[Headline]) {
        self.out.push_str("<dl class=\"headlines\">\n");
        for line in lines {
            let term = self.term(line.cell.metric.as_ref(), &line.name);
            let value = match &line.cell.estimate {
                Some(estimate) if estimate.value.is_some() => text(&line.cell.text),
                _ => "–".to_owned(),
            };
            let address = line
                .cell
                .estimate
                .as_ref()
                .map_or_else(String::new, |estimate| self.address(estimate));
            let naive = if line.naive.is_empty() {
                String::new()
            } else {
                format!(" <small class=\"headline__naive\">{}</small>", text(&line.naive))
            };
            let _ = writeln!(
                self.out,
                "<div class=\"headline\">\n<dt>{term}</dt>\n<dd{address}><strong>{value}</strong> <small>{}</small>{naive}</dd>\n</div>",
                text(&line.cell.note)
            );
        }
        self.out.push_str("</dl>\n");
    }

    /// Sentences beside each other, or warnings under each other.
    pub(super) fn sentences(&mut self, sentences: &[String], class: &str) {
        let _ = writeln!(self.out, "<ul class=\"{class}\">");
        for sentence in sentences {
            let _ = writeln!(self.out, "<li>{}</li>", text(sentence));
        }
        self.out.push_str("</ul>\n");
    }

    pub(super) fn notices(&mut self, lines: &[NoticeLine]) {
        self.out.push_str("<ul class=\"notices\">\n");
        for line in lines {
            let place = if line.place.is_empty() {
                String::new()
            } else {
                format!(" <small>{}</small>", text(&capital(&line.place)))
            };
            let _ = writeln!(self.out, "<li>{}{place}</li>", text(&line.text));
        }
        self.out.push_str("</ul>\n");
    }

    pub(super) fn facts(&mut self, facts: &[Fact]) {
        self.out.push_str("<dl class=\"facts\">\n");
        for fact in facts {
            let value = text(&fact.value);
            let value = if fact.is_code {
                format!("<bdi class=\"name\">{value}</bdi>")
            } else {
                value
            };
            let _ = writeln!(self.out, "<div><dt>{}</dt><dd>{value}</dd></div>", text(&fact.name));
        }
        self.out.push_str("</dl>\n");
    }

    /// On screen a row of buttons, each opening its definition over the page; on paper the definitions themselves.
    pub(super) fn definitions(&mut self, definitions: &[Definition]) {
        self.out
            .push_str("<h3 class=\"definitions__title\">What the measures mean</h3>\n<p class=\"terms\">");
        for definition in definitions {
            let _ = writeln!(self.out, "{}", self.term(Some(&definition.metric), &capital(&definition.name)));
        }
        self.out.push_str("</p>\n<div class=\"definitions\">\n");
        for definition in definitions {
            let name = text(&capital(&definition.name));
            let id = anchor::definition(&definition.metric);
            let _ = writeln!(
                self.out,
                "<div class=\"definition\" id=\"{id}\" popover aria-label=\"{name}\">\n<p class=\"definition__name\">{name} <code>{}</code></p>\n\
                 <p>{}</p>\n<p class=\"definition__formula\">{}</p>\n<p>{}</p>\n<p>{}</p>\n<p class=\"definition__source\">{}</p>\n\
                 <button type=\"button\" class=\"definition__close\" popovertarget=\"{id}\" popovertargetaction=\"hide\">Close</button>\n</div>",
                text(&definition.metric),
                text(&definition.summary),
                text(&definition.formula),
                text(&definition.reading),
                text(&definition.caveat),
                text(&definition.reference),
            );
        }
        self.out.push_str("</div>\n");
    }
}
