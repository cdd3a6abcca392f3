//! Drawing what lies over two axes: lines, bands, bars, dots, shades and rules.

mod labels;

use plotters::prelude::{Circle, Color, PathElement, Polygon, RGBColor, Rectangle, ShapeStyle, Text};

use super::number::fixed;
use super::scale::{Scale, scale};
use super::svg::{Anchor, Area, Drawn, Ink, Shape, TEXT, style};
use super::{Axis, Layer, Plot, Quantity, Shade, Tone, text};
use labels::Labels;

/// Room above the axes for the name of the vertical one, under them for ticks and the name of the horizontal one.
const ABOVE: i32 = 28;
const BELOW: i32 = 48;
const RIGHT: i32 = 18;
/// Room left of the axes for ticks, at least.
const LEFT: i32 = 36;

/// Where things are, in units of the drawing.
struct Layout {
    x: Scale,
    y: Scale,
    left: i32,
    width: i32,
    height: i32,
}

impl Layout {
    fn new(plot: &Plot, shape: Shape) -> Self {
        let x = fitted(&plot.across, plot.layers.iter().flat_map(across_of));
        let y = fitted(&plot.up, plot.layers.iter().flat_map(up_of));
        let widest = y
            .ticks
            .iter()
            .map(|tick| text::width(&tick_label(plot.up.quantity, *tick, y.decimals), TEXT))
            .fold(0.0, f64::max);
        let left = LEFT.max(widest.ceil() as i32 + 8);
        let (width, height) = match (plot.is_square, shape) {
            (true, Shape::Wide) => (380, 380),
            (true, Shape::Narrow) => (340 - left - RIGHT, 340 - left - RIGHT),
            (false, Shape::Wide) => (720 - left - RIGHT, 280),
            (false, Shape::Narrow) => (340 - left - RIGHT, 220),
        };
        Self { x, y, left, width, height }
    }

    fn bottom(&self) -> i32 {
        ABOVE + self.height
    }

    fn across(&self, value: f64) -> i32 {
        self.left + placed(&self.x, value, self.width)
    }

    fn up(&self, value: f64) -> i32 {
        self.bottom() - placed(&self.y, value, self.height)
    }

    fn at(&self, (x, y): (f64, f64)) -> (i32, i32) {
        (self.across(x), self.up(y))
    }
}

fn placed(scale: &Scale, value: f64, length: i32) -> i32 {
    let share = (value.clamp(scale.low, scale.high) - scale.low) / (scale.high - scale.low);
    (share * f64::from(length)).round() as i32
}

/// The scale that an axis states, or one that fits what is drawn.
fn fitted(axis: &Axis, values: impl Iterator<Item = f64>) -> Scale {
    let is_share = axis.quantity == Quantity::Percent;
    match axis.range {
        Some((0.0, 1.0)) => Scale {
            low: 0.0,
            high: 1.0,
            ticks: vec![0.0, 0.25, 0.5, 0.75, 1.0],
            decimals: 2,
        },
        Some((low, high)) if low < high && (high - low).is_finite() => {
            let mut own = scale([low, high], false, 4);
            own.ticks.retain(|tick| (low..=high).contains(tick));
            (own.low, own.high) = (low, high);
            own
        }
        _ => scale(values, is_share, 4),
    }
}

fn across_of(layer: &Layer) -> Vec<f64> {
    match layer {
        Layer::Line { points, .. } => points.iter().map(|(x, _)| *x).collect(),
        Layer::Band { points, .. } => points.iter().map(|(x, ..)| *x).collect(),
        Layer::Bars { bars, .. } => bars.iter().flat_map(|(from, to, _)| [*from, *to]).collect(),
        Layer::Dots { dots, .. } => dots.iter().map(|dot| dot.x).collect(),
        Layer::Shades { shades, .. } => shades.iter().flat_map(|shade| [shade.x.0, shade.x.1]).collect(),
        Layer::Rule { at, is_upright: true, .. } => vec![*at],
        Layer::Rule { .. } | Layer::Diagonal { .. } => Vec::new(),
    }
}

fn up_of(layer: &Layer) -> Vec<f64> {
    match layer {
        Layer::Line { points, .. } => points.iter().map(|(_, y)| *y).collect(),
        Layer::Band { points, .. } => points.iter().flat_map(|(_, low, high)| [*low, *high]).collect(),
        Layer::Bars { bars, .. } => bars.iter().map(|(.., height)| *height).chain([0.0]).collect(),
        Layer::Dots { dots, .. } => dots
            .iter()
            .flat_map(|dot| {
                [dot.y]
                    .into_iter()
                    .chain(dot.interval.into_iter().flat_map(|(low, high)| [low, high]))
            })
            .collect(),
        Layer::Shades { shades, .. } => shades.iter().flat_map(|shade| [shade.y.0, shade.y.1]).collect(),
        Layer::Rule { at, is_upright: false, .. } => vec![*at],
        Layer::Rule { .. } | Layer::Diagonal { .. } => Vec::new(),
    }
}

/// The size of the drawing.
pub(super) fn size(plot: &Plot, shape: Shape) -> (u32, u32) {
    let layout = Layout::new(plot, shape);
    (
        (layout.left + layout.width + RIGHT).unsigned_abs(),
        (layout.bottom() + BELOW).unsigned_abs(),
    )
}

/// Draws the plot.
pub(super) fn draw(area: &Area<'_>, plot: &Plot, shape: Shape) -> Drawn {
    let layout = Layout::new(plot, shape);
    let mut labels = Labels::new(&layout);
    draw_axes(area, plot, &layout)?;
    for layer in &plot.layers {
        draw_layer(area, layer, &layout, &mut labels)?;
    }
    let room = f64::from(layout.width) * 0.75;
    labels.corner(&text::fit(&plot.answer, TEXT, room));
    labels.draw(area)
}

fn draw_axes(area: &Area<'_>, plot: &Plot, layout: &Layout) -> Drawn {
    let (bottom, right) = (layout.bottom(), layout.left + layout.width);
    for tick in &layout.y.ticks {
        let y = layout.up(*tick);
        let rule = if y == bottom { Ink::Soft } else { Ink::Rule };
        area.draw(&PathElement::new(vec![(layout.left, y), (right, y)], rule.color()))?;
        let label = tick_label(plot.up.quantity, *tick, layout.y.decimals);
        area.draw(&Text::new(label, (layout.left - 6, y), style(Ink::Soft, Anchor::End)))?;
    }
    area.draw(&PathElement::new(vec![(layout.left, bottom), (right, bottom)], Ink::Soft.color()))?;
    for (tick, label) in ticks_across(plot, layout) {
        let x = layout.across(tick);
        area.draw(&PathElement::new(vec![(x, bottom), (x, bottom + 4)], Ink::Soft.color()))?;
        let half = (text::width(&label, TEXT) / 2.0).ceil() as i32;
        let middle = x.min(right + RIGHT - half).max(half);
        area.draw(&Text::new(label, (middle, bottom + 15), style(Ink::Soft, Anchor::Middle)))?;
    }
    let room = f64::from(layout.width);
    let across = text::fit(&plot.across.name, TEXT, room);
    area.draw(&Text::new(across, (right, bottom + 37), style(Ink::Soft, Anchor::End)))?;
    // Upright and above its axis: turned text is hard to read.
    let up = text::fit(&plot.up.name, TEXT, room);
    area.draw(&Text::new(up, (0, 9), style(Ink::Soft, Anchor::Start)))?;
    Ok(())
}

/// What stands under the axis: round numbers, or every first, second, third ... of its own words, so that they have room.
fn ticks_across(plot: &Plot, layout: &Layout) -> Vec<(f64, String)> {
    /// Between two words, at least.
    const APART: i32 = 10;
    let words = &plot.across.words;
    if words.is_empty() {
        let label = |tick: &f64| (*tick, tick_label(plot.across.quantity, *tick, layout.x.decimals));
        return layout.x.ticks.iter().map(label).collect();
    }
    let room = f64::from(layout.width) / 3.0;
    let fitted: Vec<(f64, String)> = words.iter().map(|(at, word)| (*at, text::fit(word, TEXT, room))).collect();
    let has_room = |step: usize| {
        let mut end = i32::MIN;
        fitted.iter().step_by(step).all(|(at, word)| {
            let (x, half) = (layout.across(*at), (text::width(word, TEXT) / 2.0).ceil() as i32);
            let is_apart = x.saturating_sub(half) >= end;
            end = x + half + APART;
            is_apart
        })
    };
    let step = (1..fitted.len()).find(|step| has_room(*step)).unwrap_or(fitted.len());
    fitted.into_iter().step_by(step).collect()
}

fn tick_label(quantity: Quantity, tick: f64, decimals: usize) -> String {
    match quantity {
        Quantity::Percent => format!("{}\u{202f}%", fixed(tick * 100.0, decimals.saturating_sub(2))),
        Quantity::Points => fixed(tick * 100.0, decimals.saturating_sub(2)),
        Quantity::Decimal(_) | Quantity::Count => fixed(tick, decimals),
    }
}

fn draw_layer(area: &Area<'_>, layer: &Layer, layout: &Layout, labels: &mut Labels) -> Drawn {
    match layer {
        Layer::Line { label, tone, points } => {
            let points = on_paper(points, layout);
            stroke(area, &points, line_style(*tone))?;
            labels.beside(label, ink_of(*tone), points);
        }
        Layer::Band { points, .. } => {
            let finite = || points.iter().filter(|(x, low, high)| (x + low + high).is_finite());
            let low = finite().map(|(x, low, _)| layout.at((*x, *low)));
            let high = finite().rev().map(|(x, _, high)| layout.at((*x, *high)));
            let outline: Vec<(i32, i32)> = low.chain(high).collect();
            if outline.len() > 3 {
                area.draw(&Polygon::new(outline, Ink::Current.color().mix(0.18).filled()))?;
            }
        }
        Layer::Bars { label, tone, bars } => draw_bars(area, label, *tone, bars, layout, labels)?,
        Layer::Dots { dots, .. } => {
            for dot in dots {
                if let Some((low, high)) = dot.interval {
                    let ends = [layout.at((dot.x, low)), layout.at((dot.x, high))];
                    stroke(area, &ends, Ink::Current.color().stroke_width(2))?;
                    let heights = (ends[1].1..=ends[0].1).step_by(4);
                    heights.for_each(|y| labels.avoid((ends[0].0, y)));
                }
                let place = layout.at((dot.x, dot.y));
                area.draw(&Circle::new(place, 4, Ink::Current.color().filled()))?;
                labels.avoid(place);
            }
        }
        Layer::Shades { shades, .. } => draw_shades(area, shades, layout)?,
        Layer::Rule { label, at, is_upright } => {
            let ends = if *is_upright {
                [(layout.across(*at), ABOVE), (layout.across(*at), layout.bottom())]
            } else {
                [(layout.left, layout.up(*at)), (layout.left + layout.width, layout.up(*at))]
            };
            stroke(area, &ends, Ink::Bound.color().stroke_width(1))?;
            labels.at_rule(label, Ink::Bound, ends);
        }
        Layer::Diagonal { label } => {
            let low = layout.x.low.max(layout.y.low);
            let high = layout.x.high.min(layout.y.high);
            let ends = vec![layout.at((low, low)), layout.at((high, high))];
            stroke(area, &ends, Ink::Reference.color().stroke_width(1))?;
            let along = (0..=20).map(|step| {
                let share = f64::from(step) / 20.0;
                layout.at((low + share * (high - low), low + share * (high - low)))
            });
            labels.beside(label, Ink::Soft, along.collect());
        }
    }
    Ok(())
}

/// The outline of a histogram, lightly filled, so that two of them can lie over each other.
fn draw_bars(area: &Area<'_>, label: &str, tone: Tone, bars: &[(f64, f64, f64)], layout: &Layout, labels: &mut Labels) -> Drawn {
    let base = layout.up(0.0_f64.max(layout.y.low));
    let mut outline: Vec<(i32, i32)> = Vec::new();
    for (from, to, height) in bars.iter().filter(|(from, to, height)| (from + to + height).is_finite()) {
        let (from, to, top) = (layout.across(*from), layout.across(*to), layout.up(*height));
        if top < base && tone == Tone::Current {
            area.draw(&Rectangle::new([(from, top), (to, base)], ink_of(tone).color().mix(0.18).filled()))?;
        }
        outline.extend([(from, top), (to, top)]);
    }
    if let (Some(first), Some(last)) = (outline.first().copied(), outline.last().copied()) {
        outline.insert(0, (first.0, base));
        outline.push((last.0, base));
    }
    stroke(area, &outline, line_style(tone))?;
    labels.beside(label, ink_of(tone), outline);
    Ok(())
}

/// The darkest rectangle is the fullest; each shade is one of five, which print and grey scale keep apart.
fn draw_shades(area: &Area<'_>, shades: &[Shade], layout: &Layout) -> Drawn {
    const STEPS: f64 = 5.0;
    let most = shades.iter().map(|shade| shade.count).fold(0.0, f64::max);
    for shade in shades.iter().filter(|shade| shade.count > 0.0) {
        let step = (shade.count / most * STEPS).ceil().clamp(1.0, STEPS);
        let corners = [layout.at((shade.x.0, shade.y.1)), layout.at((shade.x.1, shade.y.0))];
        let fill = Ink::Current.color().mix(0.1 + 0.8 * (step - 1.0) / (STEPS - 1.0)).filled();
        area.draw(&Rectangle::new(corners, fill))?;
    }
    Ok(())
}

fn on_paper(points: &[(f64, f64)], layout: &Layout) -> Vec<(i32, i32)> {
    let finite = points.iter().filter(|(x, y)| x.is_finite() && y.is_finite());
    let mut placed: Vec<(i32, i32)> = finite.map(|point| layout.at(*point)).collect();
    placed.dedup();
    placed
}

fn stroke(area: &Area<'_>, points: &[(i32, i32)], style: ShapeStyle) -> Drawn {
    if points.len() > 1 {
        area.draw(&PathElement::new(points.to_vec(), style))?;
    }
    Ok(())
}

const fn ink_of(tone: Tone) -> Ink {
    match tone {
        Tone::Current => Ink::Current,
        Tone::Reference => Ink::Reference,
        Tone::Other => Ink::Text,
    }
}

fn line_style(tone: Tone) -> ShapeStyle {
    let color: RGBColor = ink_of(tone).color();
    match tone {
        Tone::Current => color.stroke_width(2),
        Tone::Reference => color.stroke_width(2),
        Tone::Other => color.stroke_width(1),
    }
}
