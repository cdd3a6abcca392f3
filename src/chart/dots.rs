//! Drawing dots with intervals: one row each, the number beside its mark.

use crate::stats::order;
use plotters::coord::ranged1d::Ranged;
use plotters::coord::types::RangedCoordf64;
use plotters::prelude::{Circle, Color, PathElement, Text};

use super::number::count;
use super::scale::{Scale, scale};
use super::svg::{Anchor, Area, Drawn, Ink, Shape, TEXT, style};
use super::{DotInterval, DotRow, Mark, Quantity, text};

/// Where things are, in units of the drawing.
struct Layout {
    width: i32,
    plot: (i32, i32),
    axis: Scale,
    heads: Vec<Head>,
    top: i32,
    row: i32,
    shape: Shape,
}

/// Room for the axis under the rows.
const AXIS: i32 = 30;
/// Room for the label of one line above the rows.
const HEAD: i32 = 20;

impl Layout {
    fn new(chart: &DotInterval, shape: Shape) -> Self {
        let (width, plot, row) = match shape {
            Shape::Wide => (720, (188, 468), 30),
            Shape::Narrow => (340, (8, 332), 46),
        };
        let judged = chart.rows.iter().filter(|row| row.muted.is_none());
        let values = judged
            .flat_map(|row| {
                row.value
                    .into_iter()
                    .chain(row.interval.into_iter().flat_map(|(low, high)| [low, high]))
                    .chain(row.earlier)
            })
            .chain([&chart.overall, &chart.bound].into_iter().flatten().map(|mark| mark.value));
        let axis = scale(values, chart.quantity == Quantity::Percent, 5);
        let heads = heads(chart, &Place::new(&axis, plot), width);
        let lines = heads.iter().map(|head| head.line + 1).max().unwrap_or(0);
        Self {
            width,
            plot,
            axis,
            heads,
            top: 6 + HEAD * lines,
            row,
            shape,
        }
    }

    fn bottom(&self, rows: usize) -> i32 {
        self.top + self.row * i32::try_from(rows).unwrap_or(0)
    }

    /// The heights of a row's text and of its mark.
    fn heights(&self, index: usize) -> (i32, i32) {
        let top = self.bottom(index);
        match self.shape {
            Shape::Wide => (top + self.row / 2, top + self.row / 2),
            Shape::Narrow => (top + 15, top + 33),
        }
    }
}

/// The size of the drawing.
pub(super) fn size(chart: &DotInterval, shape: Shape) -> (u32, u32) {
    let layout = Layout::new(chart, shape);
    (layout.width.unsigned_abs(), (layout.bottom(chart.rows.len()) + AXIS).unsigned_abs())
}

/// Draws the chart.
pub(super) fn draw(area: &Area<'_>, chart: &DotInterval, shape: Shape) -> Drawn {
    let layout = Layout::new(chart, shape);
    let place = Place::new(&layout.axis, layout.plot);
    draw_axis(area, chart, &layout, &place)?;
    draw_marks(area, chart, &layout)?;
    for (index, row) in chart.rows.iter().enumerate() {
        draw_row(area, chart, &layout, &place, index, row)?;
    }
    Ok(())
}

/// A line through the rows, and where its words go.
struct Head {
    said: String,
    /// Where the line is.
    x: i32,
    /// Where the middle of the words is.
    centre: i32,
    /// Which line of words above the rows: 0 is the one next to them.
    line: i32,
    ink: Ink,
    words: Ink,
}

/// Places the words of both lines beside each other where they fit, else above each other.
fn heads(chart: &DotInterval, place: &Place, width: i32) -> Vec<Head> {
    let marks = [(&chart.overall, Ink::Reference, Ink::Soft), (&chart.bound, Ink::Bound, Ink::Bound)];
    let mut heads: Vec<Head> = Vec::new();
    for (mark, ink, words) in marks {
        let Some(Mark { label, value }) = mark else { continue };
        let x = place.at(*value);
        heads.push(Head {
            said: format!("{label} {}", chart.quantity.with_unit(*value)),
            x,
            centre: x,
            line: 0,
            ink,
            words,
        });
    }
    order::sort_by_key(&mut heads, |head| head.x);
    let half = |head: &Head| (text::width(&head.said, TEXT) / 2.0).ceil() as i32;
    if let [left, right] = heads.as_mut_slice() {
        let (room_left, room_right) = (left.x - 2 * half(left), width - right.x - 2 * half(right));
        if room_left >= 0 && room_right >= 0 {
            left.centre = (left.x - half(left)).min(left.x.max(right.x - half(left) - half(right) - 12));
            right.centre = right.x + half(right);
        } else {
            right.line = 1;
        }
    }
    for head in &mut heads {
        let half = half(head).min(width / 2);
        head.centre = head.centre.clamp(half, width - half);
    }
    heads
}

/// Values to places on the axis, by plotters' own linear coordinate.
struct Place {
    coord: RangedCoordf64,
    limits: (i32, i32),
    low: f64,
    high: f64,
}

impl Place {
    fn new(axis: &Scale, limits: (i32, i32)) -> Self {
        Self {
            coord: RangedCoordf64::from(axis.low..axis.high),
            limits,
            low: axis.low,
            high: axis.high,
        }
    }

    fn at(&self, value: f64) -> i32 {
        self.coord.map(&value.clamp(self.low, self.high), self.limits)
    }

    fn holds(&self, value: f64) -> bool {
        (self.low..=self.high).contains(&value)
    }
}

fn draw_axis(area: &Area<'_>, chart: &DotInterval, layout: &Layout, place: &Place) -> Drawn {
    let axis = &layout.axis;
    let bottom = layout.bottom(chart.rows.len());
    let (left, right) = layout.plot;
    area.draw(&PathElement::new(vec![(left, bottom), (right, bottom)], Ink::Soft.color()))?;
    for (index, tick) in axis.ticks.iter().enumerate() {
        let x = place.at(*tick);
        area.draw(&PathElement::new(vec![(x, bottom), (x, bottom + 4)], Ink::Soft.color()))?;
        let anchor = match (layout.shape, index) {
            (Shape::Narrow, 0) => Anchor::Start,
            (Shape::Narrow, _) if index + 1 == axis.ticks.len() => Anchor::End,
            _ => Anchor::Middle,
        };
        let x = match anchor {
            Anchor::Start => x - 4,
            Anchor::Middle => x,
            Anchor::End => x + 4,
        };
        area.draw(&Text::new(
            tick_label(chart.quantity, *tick, axis.decimals),
            (x, bottom + 17),
            style(Ink::Soft, anchor),
        ))?;
    }
    Ok(())
}

fn tick_label(quantity: Quantity, tick: f64, decimals: usize) -> String {
    match quantity {
        Quantity::Percent => format!("{}\u{202f}%", super::number::fixed(tick * 100.0, decimals.saturating_sub(2))),
        Quantity::Points => super::number::fixed(tick * 100.0, decimals.saturating_sub(2)),
        Quantity::Decimal(_) | Quantity::Count => super::number::fixed(tick, decimals),
    }
}

/// The lines through all rows, each with its words above; between the rows' words where those are above the marks.
fn draw_marks(area: &Area<'_>, chart: &DotInterval, layout: &Layout) -> Drawn {
    for head in &layout.heads {
        let y = layout.top - 10 - HEAD * head.line;
        area.draw(&Text::new(head.said.clone(), (head.centre, y), style(head.words, Anchor::Middle)))?;
        let pieces: Vec<(i32, i32)> = match layout.shape {
            Shape::Wide => vec![(layout.top - 2, layout.bottom(chart.rows.len()))],
            Shape::Narrow => (0..chart.rows.len())
                .map(|row| (layout.bottom(row) + 24, layout.bottom(row + 1)))
                .collect(),
        };
        for (from, to) in pieces {
            area.draw(&PathElement::new(vec![(head.x, from), (head.x, to)], head.ink.color()))?;
        }
    }
    Ok(())
}

fn draw_row(area: &Area<'_>, chart: &DotInterval, layout: &Layout, place: &Place, index: usize, row: &DotRow) -> Drawn {
    let (words, mark) = layout.heights(index);
    let (left, right) = layout.plot;
    if index > 0 {
        let rule = layout.bottom(index);
        area.draw(&PathElement::new(vec![(0, rule), (layout.width, rule)], Ink::Rule.color()))?;
    }
    let ink = if row.muted.is_some() { Ink::Soft } else { Ink::Text };
    let said = said(chart.quantity, row);
    let said_width = text::width(&said, TEXT).ceil() as i32;
    let room = match layout.shape {
        Shape::Wide => left - 12,
        Shape::Narrow => (layout.width - said_width - 12).max(90),
    };
    let label = text::fit(&row.label, TEXT, f64::from(room));
    area.draw(&Text::new(label, (0, words), style(ink, Anchor::Start)))?;
    match layout.shape {
        Shape::Wide => {
            let said = text::fit(&said, TEXT, f64::from(layout.width - right - 24));
            area.draw(&Text::new(said, (right + 20, words), style(ink, Anchor::Start)))?;
            let rows = format!("{} rows", count(row.support));
            // Left out where there is no room: the table has it.
            if row.muted.is_none() && f64::from(said_width) + text::width(&rows, TEXT) < f64::from(layout.width - right - 28) {
                area.draw(&Text::new(rows, (layout.width, words), style(Ink::Soft, Anchor::End)))?;
            }
        }
        Shape::Narrow => {
            let said = text::fit(&said, TEXT, f64::from(layout.width - 90));
            area.draw(&Text::new(said, (layout.width, words), style(ink, Anchor::End)))?;
        }
    }
    draw_dot(area, place, mark, row)
}

fn draw_dot(area: &Area<'_>, place: &Place, y: i32, row: &DotRow) -> Drawn {
    let is_muted = row.muted.is_some();
    if let Some((low, high)) = row.interval.filter(|(low, high)| low.is_finite() && high.is_finite()) {
        let (from, to) = (place.at(low), place.at(high));
        if from < to {
            let stroke = if is_muted {
                Ink::Rule.color().stroke_width(2)
            } else {
                Ink::Current.color().stroke_width(2)
            };
            area.draw(&PathElement::new(vec![(from, y), (to, y)], stroke))?;
            // Ends, so that an interval narrower than its dot is still seen.
            for end in [from, to] {
                area.draw(&PathElement::new(vec![(end, y - 5), (end, y + 5)], stroke))?;
            }
        }
    }
    let seen = |value: Option<f64>| {
        value
            .filter(|value| value.is_finite() && place.holds(*value))
            .map(|value| place.at(value))
    };
    let ring = |x: i32| {
        area.draw(&Circle::new((x, y), 4, Ink::Paper.color().filled()))?;
        area.draw(&Circle::new((x, y), 4, Ink::Soft.color().stroke_width(1)))
    };
    if let Some(x) = seen(row.earlier) {
        ring(x)?;
    }
    let Some(x) = seen(row.value) else {
        return Ok(());
    };
    if is_muted {
        ring(x)?;
    } else {
        area.draw(&Circle::new((x, y), 4, Ink::Current.color().filled()))?;
    }
    Ok(())
}

/// The number and its limits, or why there is none.
fn said(quantity: Quantity, row: &DotRow) -> String {
    match (&row.muted, row.value) {
        (Some(reason), _) => reason.clone(),
        (None, None) => "no value".to_owned(),
        (None, Some(value)) => match row.interval {
            Some((low, high)) => format!("{} {}", quantity.number(value), quantity.limits(low, high)),
            None => quantity.number(value),
        },
    }
}
