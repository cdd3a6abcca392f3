//! Drawing a curve in the unit square.

use plotters::prelude::{Cartesian2d, Color, DrawingArea, PathElement, Text};

use super::CurveChart;
use super::backend::MeasuredSvg;
use super::number::fixed;
use super::svg::{Anchor, Area, Drawn, Ink, Shape, TEXT, style};
use super::text;
use plotters::coord::types::RangedCoordf64;

type Square<'a> = DrawingArea<MeasuredSvg<'a>, Cartesian2d<RangedCoordf64, RangedCoordf64>>;

/// Room left of the square for the vertical axis, and under it for the horizontal one.
const LEFT: i32 = 36;
const BELOW: i32 = 48;
const ABOVE: i32 = 28;
const RIGHT: i32 = 18;

fn side(shape: Shape) -> i32 {
    match shape {
        Shape::Wide => 380,
        Shape::Narrow => 286,
    }
}

/// The size of the drawing.
pub(super) fn size(shape: Shape) -> (u32, u32) {
    let side = side(shape);
    ((LEFT + side + RIGHT).unsigned_abs(), (ABOVE + side + BELOW).unsigned_abs())
}

/// Draws the chart.
pub(super) fn draw(area: &Area<'_>, chart: &CurveChart, shape: Shape) -> Drawn {
    let side = side(shape);
    let square: Square<'_> = area.apply_coord_spec(Cartesian2d::<RangedCoordf64, RangedCoordf64>::new(
        0.0..1.0,
        0.0..1.0,
        (LEFT..LEFT + side, ABOVE + side..ABOVE),
    ));
    draw_axes(area, chart, side)?;
    if let Some(diagonal) = &chart.diagonal {
        square.draw(&PathElement::new(vec![(0.0, 0.0), (1.0, 1.0)], Ink::Reference.color()))?;
        let words = text::fit(diagonal, TEXT, f64::from(side) * 0.6);
        let (x, y) = (LEFT + side - 2, ABOVE + side * 62 / 100);
        area.draw(&Text::new(words, (x, y), style(Ink::Soft, Anchor::End)))?;
    }
    let points: Vec<(f64, f64)> = chart
        .points
        .iter()
        .filter(|(x, y)| x.is_finite() && y.is_finite())
        .map(|(x, y)| (x.clamp(0.0, 1.0), y.clamp(0.0, 1.0)))
        .collect();
    if points.len() > 1 {
        square.draw(&PathElement::new(points, Ink::Current.color().stroke_width(2)))?;
    }
    let words = text::fit(&chart.label, TEXT, f64::from(side) * 0.75);
    area.draw(&Text::new(words, (LEFT + side, ABOVE + side - 16), style(Ink::Text, Anchor::End)))?;
    Ok(())
}

fn draw_axes(area: &Area<'_>, chart: &CurveChart, side: i32) -> Drawn {
    let bottom = ABOVE + side;
    for step in 0..=4 {
        let share = f64::from(step) / 4.0;
        let (x, y) = (LEFT + side * step / 4, bottom - side * step / 4);
        let rule = if step == 0 { Ink::Soft } else { Ink::Rule };
        area.draw(&PathElement::new(vec![(LEFT, y), (LEFT + side, y)], rule.color()))?;
        area.draw(&PathElement::new(vec![(x, bottom), (x, bottom + 4)], Ink::Soft.color()))?;
        let label = fixed(share, 2);
        area.draw(&Text::new(label.clone(), (x, bottom + 15), style(Ink::Soft, Anchor::Middle)))?;
        area.draw(&Text::new(label, (LEFT - 6, y), style(Ink::Soft, Anchor::End)))?;
    }
    let room = f64::from(side);
    let across = text::fit(&chart.across, TEXT, room);
    area.draw(&Text::new(across, (LEFT + side, bottom + 37), style(Ink::Soft, Anchor::End)))?;
    // Upright and above its axis: turned text is hard to read.
    let up = text::fit(&chart.up, TEXT, room);
    area.draw(&Text::new(up, (0, 9), style(Ink::Soft, Anchor::Start)))?;
    Ok(())
}
