//! A specification to SVG text: the same bytes natively, on a page and in a worker.
//!
//! Colours are written as custom properties with the light theme's value as fallback, so that a page's theme, dark mode and print
//! colour a chart that was drawn once, and a chart on its own is still right.

use plotters::coord::Shift;
use plotters::prelude::{Color, DrawingArea, IntoDrawingArea, IntoFont, RGBColor, TextStyle};
use plotters::style::text_anchor::{HPos, Pos, VPos};

use super::backend::MeasuredSvg;
use super::{ChartSpec, describe, dots, plot};

/// How much room there is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    /// A column of text: 720 units wide.
    Wide,
    /// A phone, or one of several small figures: 340 units wide.
    Narrow,
}

pub(super) type Area<'a> = DrawingArea<MeasuredSvg<'a>, Shift>;
pub(super) type Drawn = Result<(), Box<dyn std::error::Error>>;

/// The size of all text.
pub(super) const TEXT: f64 = 13.0;
/// The backend writes sizes divided by this.
const PLOTTERS_TEXT: f64 = 1.24;

/// What a colour stands for; each becomes one custom property.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Ink {
    Text,
    Soft,
    Rule,
    Current,
    Reference,
    Bound,
    Paper,
}

const INKS: [(Ink, (u8, u8, u8), &str); 7] = [
    (Ink::Text, (0x1b, 0x1e, 0x22), "--ink"),
    (Ink::Soft, (0x59, 0x5d, 0x63), "--ink-soft"),
    (Ink::Rule, (0xdc, 0xd8, 0xce), "--line"),
    (Ink::Current, (0x0b, 0x5a, 0x73), "--current"),
    (Ink::Reference, (0x8d, 0x8b, 0x84), "--reference"),
    (Ink::Bound, (0xa3, 0x26, 0x1d), "--bound"),
    (Ink::Paper, (0xfd, 0xfc, 0xf9), "--paper"),
];

impl Ink {
    pub(super) fn color(self) -> RGBColor {
        let (r, g, b) = INKS[self as usize].1;
        RGBColor(r, g, b)
    }
}

/// Where text sits relative to its point.
#[derive(Debug, Clone, Copy)]
pub(super) enum Anchor {
    Start,
    Middle,
    End,
}

/// Text style; `anchor` is horizontal, vertically the point is the text's middle.
pub(super) fn style(ink: Ink, anchor: Anchor) -> TextStyle<'static> {
    let horizontal = match anchor {
        Anchor::Start => HPos::Left,
        Anchor::Middle => HPos::Center,
        Anchor::End => HPos::Right,
    };
    TextStyle {
        font: ("sans-serif", TEXT * PLOTTERS_TEXT).into_font(),
        color: ink.color().to_backend_color(),
        pos: Pos::new(horizontal, VPos::Center),
    }
}

/// Draws a chart. `id` must be unique in the document that will hold it, of letters, digits and hyphens.
pub fn draw(spec: &ChartSpec, shape: Shape, id: &str) -> String {
    let mut text = String::new();
    let size = match spec {
        ChartSpec::DotInterval(chart) => dots::size(chart, shape),
        ChartSpec::Plot(chart) => plot::size(chart, shape),
    };
    {
        let area = MeasuredSvg::new(&mut text, size).into_drawing_area();
        let drawn = match spec {
            ChartSpec::DotInterval(chart) => dots::draw(&area, chart, shape),
            ChartSpec::Plot(chart) => plot::draw(&area, chart, shape),
        };
        // Writing to a string cannot fail; were it to, a chart without marks still has its description and its table.
        if drawn.and_then(|()| Ok(area.present()?)).is_err() {
            debug_assert!(false, "drawing into a string failed");
        }
    }
    finish(&text, spec, size, id)
}

/// Gives the drawing its role, name, description, classes and colours.
fn finish(text: &str, spec: &ChartSpec, size: (u32, u32), id: &str) -> String {
    let body = text.split_once(">\n").map_or("", |(_, body)| body);
    // What every text says alike is said once, by the root.
    let size_of_text = format!(" font-size=\"{}\"", TEXT * PLOTTERS_TEXT / PLOTTERS_TEXT);
    let mut body = [" opacity=\"1\"", " font-family=\"sans-serif\"", size_of_text.as_str()]
        .into_iter()
        .fold(body.replace("\n</text>", "</text>"), |body, attribute| body.replace(attribute, ""));
    for (ink, (r, g, b), property) in INKS {
        let raw = format!("\"#{r:02X}{g:02X}{b:02X}\"");
        let dash = if ink == Ink::Reference { " stroke-dasharray=\"3 3\"" } else { "" };
        body = body.replace(
            &format!("stroke={raw}"),
            &format!("stroke=\"var({property},#{r:02x}{g:02x}{b:02x})\"{dash}"),
        );
        body = body.replace(&format!("fill={raw}"), &format!("fill=\"var({property},#{r:02x}{g:02x}{b:02x})\""));
    }
    let body = joined(&body);
    let (width, height) = size;
    format!(
        "<svg class=\"chart__svg\" xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {height}\" role=\"img\" \
         aria-labelledby=\"{id}-t {id}-d\" font-family=\"sans-serif\" font-size=\"{TEXT}\">\n<title id=\"{id}-t\">{}</title>\n<desc id=\"{id}-d\">{}</desc>\n{body}",
        escaped(describe::subject(spec)),
        escaped(&describe::sentence(spec)),
    )
}

/// Puts each text on the line of its tag, so that it has no white space of its own.
fn joined(body: &str) -> String {
    let mut out = String::with_capacity(body.len());
    for line in body.lines() {
        out.push_str(line);
        if !line.starts_with("<text") || line.ends_with("</text>") {
            out.push('\n');
        }
    }
    out
}

fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '&' => out.push_str("&amp;"),
            '"' => out.push_str("&quot;"),
            c if super::text::is_unsafe(c) => out.push(' '),
            c => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::chart::examples;

    #[test]
    fn inks_are_in_the_order_of_their_names() {
        for (index, (ink, _, _)) in INKS.into_iter().enumerate() {
            assert_eq!(ink as usize, index);
        }
    }

    #[test]
    fn every_example_is_named_described_and_coloured_by_role() {
        for (name, spec) in examples() {
            for shape in [Shape::Wide, Shape::Narrow] {
                let svg = draw(&spec, shape, "x");
                assert!(
                    svg.starts_with("<svg class=\"chart__svg\"") && svg.trim_end().ends_with("</svg>"),
                    "{name}: {svg}"
                );
                assert!(svg.contains("role=\"img\" aria-labelledby=\"x-t x-d\""), "{name}");
                assert!(!svg.contains("=\"#"), "{name} has a raw colour: {svg}");
                assert!(!svg.contains("width=\"720\""), "{name} has a fixed width");
                assert!(!svg.contains("<script"), "{name}");
            }
        }
    }
}
