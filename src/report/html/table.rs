//! Tables of numbers and confusion matrices; each number with its address.

use std::fmt::Write as _;

use super::Html;
use super::escape::{attribute, text};
use crate::metric::Estimate;
use crate::report::anchor;
use crate::report::outline::{Align, Cell, Column, Matrix, Row, Table};

impl Html {
    pub(super) fn table(&mut self, table: &Table) {
        let caption = text(&table.caption);
        let is_noted = table.rows.iter().flat_map(|row| &row.cells).any(|cell| !cell.note.is_empty());
        let class = if is_noted { " class=\"noted\"" } else { "" };
        let _ = write!(
            self.out,
            "<div class=\"scroll\" role=\"region\" tabindex=\"0\" aria-label=\"{caption}\">\n<table{class}>\n<caption><span>{caption}</span></caption>\n<thead><tr>"
        );
        for column in &table.columns {
            self.header(column);
        }
        self.out.push_str("</tr></thead>\n");
        let (foot, body): (Vec<&Row>, Vec<&Row>) = table.rows.iter().partition(|row| row.is_foot);
        for (tag, rows) in [("tbody", body), ("tfoot", foot)] {
            if rows.is_empty() {
                continue;
            }
            let _ = writeln!(self.out, "<{tag}>");
            for row in rows {
                self.row(row, &table.columns);
            }
            let _ = writeln!(self.out, "</{tag}>");
        }
        self.out.push_str("</table>\n</div>\n");
        if !table.note.is_empty() {
            let _ = writeln!(self.out, "<p class=\"note\">{}</p>", text(&table.note));
        }
    }

    fn header(&mut self, column: &Column) {
        let class = align(column.align);
        let name = self.term(column.metric.as_ref(), &column.name);
        let unit = if column.unit.is_empty() {
            String::new()
        } else {
            format!(" <span class=\"unit\">{}</span>", column.unit)
        };
        let _ = write!(self.out, "<th scope=\"col\"{class}>{name}{unit}</th>");
    }

    fn row(&mut self, row: &Row, columns: &[Column]) {
        self.out.push_str("<tr>");
        for (index, (cell, column)) in row.cells.iter().zip(columns).enumerate() {
            if index == 0 {
                let _ = write!(self.out, "<th scope=\"row\"{}>{}</th>", align(column.align), self.words(cell));
            } else {
                self.cell(cell, align(column.align));
            }
        }
        self.out.push_str("</tr>\n");
    }

    fn cell(&mut self, cell: &Cell, class: &str) {
        let class = if cell.is_muted {
            class.replace("\"number\"", "\"number muted\"")
        } else {
            class.to_owned()
        };
        let address = cell.estimate.as_ref().map_or_else(String::new, |estimate| self.address(estimate));
        let note = if cell.note.is_empty() {
            String::new()
        } else {
            format!("<small>{}</small>", text(&cell.note))
        };
        let words = self.words(cell);
        let _ = write!(self.out, "<td{class}{address}>{words}{note}</td>");
    }

    fn words(&self, cell: &Cell) -> String {
        if cell.is_code {
            format!("<bdi class=\"name\">{}</bdi>", text(&cell.text))
        } else {
            self.term(cell.metric.as_ref(), &cell.text)
        }
    }

    /// The attributes by which a number is found, linked to, and read exactly.
    pub(super) fn address(&mut self, estimate: &Estimate) -> String {
        let key = &estimate.key;
        let id = anchor::id(key);
        let mut out = String::new();
        if self.given.insert(id.clone()) {
            let _ = write!(out, " id=\"{id}\"");
        }
        let mut say = |name: &str, value: &str| {
            if !value.is_empty() {
                let _ = write!(out, " data-{name}=\"{}\"", attribute(value));
            }
        };
        say("metric", &key.metric);
        say("params", &anchor::params_text(&key.params));
        say("group", &anchor::group_text(&key.group));
        say("slice", key.slice.as_deref().unwrap_or_default());
        say("comparison", key.comparison.map_or("", anchor::comparison_id));
        say("by", &key.by.join(";"));
        say(
            "reference",
            &key.reference_group.as_ref().map(anchor::group_text).unwrap_or_default(),
        );
        say("value", &estimate.value.map(|value| value.to_string()).unwrap_or_default());
        say("support", &estimate.support.to_string());
        out
    }

    pub(super) fn matrix(&mut self, matrix: &Matrix) {
        let caption = text(&matrix.caption);
        let _ = write!(
            self.out,
            "<div class=\"scroll\" role=\"region\" tabindex=\"0\" aria-label=\"Confusion matrix\">\n<table class=\"matrix\">\n\
             <caption><span>{caption}</span></caption>\n<thead><tr><td></td>"
        );
        for class in &matrix.classes {
            let _ = write!(
                self.out,
                "<th scope=\"col\" class=\"number\"><span class=\"unit\">predicted</span> <bdi class=\"name\">{}</bdi></th>",
                text(class)
            );
        }
        self.out.push_str("</tr></thead>\n<tbody>\n");
        for (class, row) in matrix.classes.iter().zip(&matrix.rows) {
            let _ = write!(
                self.out,
                "<tr><th scope=\"row\"><span class=\"unit\">truly</span> <bdi class=\"name\">{}</bdi></th>",
                text(class)
            );
            for (cell, share) in row {
                // Six shades, whole steps of the share of the true class.
                let shade = (share.clamp(0.0, 1.0) * 5.0).ceil() as u8;
                self.cell(cell, &format!(" class=\"number shade-{shade}\""));
            }
            self.out.push_str("</tr>\n");
        }
        self.out.push_str("</tbody>\n</table>\n</div>\n");
    }
}

const fn align(align: Align) -> &'static str {
    match align {
        Align::Start => "",
        Align::End => " class=\"number\"",
    }
}
