//! Figures: the answer as caption, the drawing twice (wide and narrow, one of them shown), the numbers as a table.

use std::fmt::Write as _;

use super::Html;
use super::escape::text;
use crate::chart::{ChartSpec, Shape, draw, table};
use crate::report::outline::Figure;
use crate::report::words::{capital, metric_name};

impl Html {
    pub(super) fn figures(&mut self, figures: &[Figure]) {
        if let [figure] = figures {
            self.figure(figure, &[Shape::Wide, Shape::Narrow]);
            return;
        }
        self.out.push_str("<div class=\"figures\">\n");
        for figure in figures {
            self.figure(figure, &[Shape::Narrow]);
        }
        self.out.push_str("</div>\n");
    }

    fn figure(&mut self, figure: &Figure, shapes: &[Shape]) {
        let term = self.term(Some(&figure.metric), &capital(&metric_name(&figure.metric)));
        let kind = match figure.chart {
            ChartSpec::DotInterval(_) => "dots",
            ChartSpec::Plot(ref plot) if plot.is_square => "square",
            ChartSpec::Plot(_) => "plot",
        };
        let id = &figure.id;
        let _ = writeln!(
            self.out,
            "<figure class=\"figure figure--{kind}\" id=\"{id}\">\n<figcaption><strong class=\"figure__title\">{}</strong> {term}</figcaption>",
            text(&figure.title)
        );
        for shape in shapes {
            let name = match shape {
                Shape::Wide => "wide",
                Shape::Narrow if shapes.len() == 1 => "only",
                Shape::Narrow => "narrow",
            };
            let _ = writeln!(
                self.out,
                "<div class=\"chart chart--{name}\">\n{}</div>",
                draw(&figure.chart, *shape, &format!("{id}-{name}"))
            );
        }
        if !figure.note.is_empty() {
            let _ = writeln!(self.out, "<p class=\"note\">{}</p>", text(&figure.note));
        }
        self.chart_table(figure);
        self.out.push_str("</figure>\n");
    }

    fn chart_table(&mut self, figure: &Figure) {
        let numbers = table::rows(&figure.chart);
        let label = text(&figure.title);
        let _ = write!(
            self.out,
            "<details class=\"fold fold--small\">\n<summary>Show as table</summary>\n\
             <div class=\"scroll\" role=\"region\" tabindex=\"0\" aria-label=\"{label}\">\n<table>\n<caption class=\"hidden\">{label}</caption>\n<thead><tr>"
        );
        for (index, name) in numbers.header.iter().enumerate() {
            let class = if index == 0 { "" } else { " class=\"number\"" };
            let _ = write!(self.out, "<th scope=\"col\"{class}>{}</th>", text(name));
        }
        self.out.push_str("</tr></thead>\n<tbody>\n");
        for row in &numbers.rows {
            self.out.push_str("<tr>");
            for (index, cell) in row.iter().enumerate() {
                if index == 0 {
                    let _ = write!(self.out, "<th scope=\"row\"><bdi>{}</bdi></th>", text(cell));
                } else {
                    let _ = write!(self.out, "<td class=\"number\">{}</td>", text(cell));
                }
            }
            self.out.push_str("</tr>\n");
        }
        self.out.push_str("</tbody>\n</table>\n</div>\n</details>\n");
    }
}
