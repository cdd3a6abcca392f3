//! Words in a plot, each where it is nearest to its line and farthest from everything else.

use plotters::prelude::{Color, Rectangle, Text};

use super::{ABOVE, Layout};
use crate::chart::svg::{Anchor, Area, Drawn, Ink, TEXT, style};
use crate::chart::text;

/// A rectangle: left, top, right, bottom.
type Frame = (i32, i32, i32, i32);

/// Words that wait to be placed.
struct Wish {
    said: String,
    ink: Ink,
    /// The line they belong to.
    along: Vec<(i32, i32)>,
}

/// The words of a plot.
pub(super) struct Labels {
    /// Where words may be.
    room: Frame,
    wishes: Vec<Wish>,
    /// Where marks are that words should not hide.
    marks: Vec<(i32, i32)>,
    placed: Vec<(String, Ink, Frame)>,
}

const HALF_LINE: i32 = 8;
/// How far words stand from their line.
const GAP: i32 = 12;

impl Labels {
    pub(super) fn new(layout: &Layout) -> Self {
        Self {
            room: (layout.left + 2, ABOVE, layout.left + layout.width, layout.bottom() - 2),
            wishes: Vec::new(),
            marks: Vec::new(),
            placed: Vec::new(),
        }
    }

    /// Words for a line through these points.
    pub(super) fn beside(&mut self, said: &str, ink: Ink, along: Vec<(i32, i32)>) {
        let most = f64::from(self.room.2 - self.room.0) * 0.6;
        let ink = if ink == Ink::Reference { Ink::Soft } else { ink };
        self.wishes.push(Wish {
            said: text::fit(said, TEXT, most),
            ink,
            along: dense(&along),
        });
    }

    /// Words for a straight line from side to side.
    pub(super) fn at_rule(&mut self, said: &str, ink: Ink, ends: [(i32, i32); 2]) {
        self.beside(said, ink, ends.to_vec());
    }

    /// A mark that words should not hide.
    pub(super) fn avoid(&mut self, place: (i32, i32)) {
        self.marks.push(place);
    }

    /// Words in the lower right corner.
    pub(super) fn corner(&mut self, said: &str) {
        if !said.is_empty() {
            let width = text::width(said, TEXT).ceil() as i32;
            let (_, _, right, bottom) = self.room;
            self.placed
                .push((said.to_owned(), Ink::Text, (right - width, bottom - 22, right, bottom - 6)));
        }
    }

    /// Places and draws all words.
    pub(super) fn draw(mut self, area: &Area<'_>) -> Drawn {
        let marks: Vec<(i32, i32)> = self
            .wishes
            .iter()
            .flat_map(|wish| wish.along.iter().copied())
            .chain(self.marks.iter().copied())
            .collect();
        let wishes = std::mem::take(&mut self.wishes);
        for wish in wishes.iter().filter(|wish| !wish.said.is_empty()) {
            if let Some(frame) = self.best(wish, &marks) {
                self.placed.push((wish.said.clone(), wish.ink, frame));
            }
        }
        for (said, ink, (left, top, right, bottom)) in &self.placed {
            let paper = Ink::Paper.color().mix(0.8).filled();
            area.draw(&Rectangle::new([(*left - 2, *top), (*right + 2, *bottom)], paper))?;
            let at = (*left, (*top + *bottom) / 2);
            area.draw(&Text::new(said.clone(), at, style(*ink, Anchor::Start)))?;
        }
        Ok(())
    }

    /// The place beside its line that covers the fewest marks; the first among equals.
    fn best(&self, wish: &Wish, marks: &[(i32, i32)]) -> Option<Frame> {
        let width = text::width(&wish.said, TEXT).ceil() as i32;
        let mut best: Option<(usize, Frame)> = None;
        for step in [5, 4, 6, 3, 7, 2, 8, 1, 9] {
            let Some((x, y)) = wish.along.get(wish.along.len() * step / 10) else {
                continue;
            };
            let beside = [
                (x + GAP, y + GAP),
                (x + GAP, y - GAP),
                (x - width - GAP, y - GAP),
                (x - width - GAP, y + GAP),
                (x - width / 2, y - GAP),
                (x - width / 2, y + GAP),
            ];
            for (left, middle) in beside {
                let frame = (left, middle - HALF_LINE, left + width, middle + HALF_LINE);
                let (room_left, top, right, bottom) = self.room;
                if frame.0 < room_left || frame.1 < top || frame.2 > right || frame.3 > bottom {
                    continue;
                }
                if self.placed.iter().any(|(_, _, other)| overlap(frame, *other)) {
                    continue;
                }
                let covered = marks.iter().filter(|mark| holds(frame, **mark)).count();
                if best.is_none_or(|(least, _)| covered < least) {
                    best = Some((covered, frame));
                }
            }
        }
        best.map(|(_, frame)| frame)
    }
}

/// The points of a line at most a few units apart, so that a long straight piece counts as much as a bent one.
fn dense(along: &[(i32, i32)]) -> Vec<(i32, i32)> {
    const APART: i32 = 6;
    let mut out = Vec::new();
    for pair in along.windows(2) {
        let (dx, dy) = (pair[1].0 - pair[0].0, pair[1].1 - pair[0].1);
        let steps = (dx.abs().max(dy.abs()) / APART).max(1);
        out.extend((0..steps).map(|step| (pair[0].0 + dx * step / steps, pair[0].1 + dy * step / steps)));
    }
    out.extend(along.last().copied());
    out
}

fn holds(frame: Frame, (x, y): (i32, i32)) -> bool {
    (frame.0..=frame.2).contains(&x) && (frame.1..=frame.3).contains(&y)
}

fn overlap(a: Frame, b: Frame) -> bool {
    a.0 < b.2 && b.0 < a.2 && a.1 < b.3 && b.1 < a.3
}
