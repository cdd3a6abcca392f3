//! What a profile tells of a column of numbers: between which distributions the true one lies, and one of them to compute with.

use super::model::{Sketch, SketchCell};
use crate::metric::sample::{Distribution, Sample, SampleKind};

/// Into how many places the rows of a cell are spread to compute with.
const PLACES: u64 = 8;

/// Rows whose numbers are above one and below another, or all the same where both are.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Span {
    /// The lower end; minus infinity where nothing is known.
    pub low: f64,
    /// The upper end.
    pub high: f64,
    /// Rows.
    pub rows: u64,
}

impl Span {
    /// Whether all rows have the same number.
    pub fn is_atom(&self) -> bool {
        self.low == self.high
    }
}

/// A number that is known up to two: strictly between them, or exactly where both are the same.
pub type Bracket = (f64, f64);

/// What is known of a column of numbers.
#[derive(Debug, Clone)]
pub struct Known {
    /// How its values are compared.
    pub kind: SampleKind,
    /// Rows, those without a value included.
    pub rows: u64,
    /// Rows without a value.
    pub missing: u64,
    /// Rows in spans that follow each other.
    pub spans: Vec<Span>,
    /// The inner deciles, each with the rows below it.
    pub tenths: Vec<(Bracket, u64)>,
    /// The lowest number.
    pub lowest: Bracket,
    /// The highest number.
    pub highest: Bracket,
    /// Mean and sum of squared deviations from it.
    pub moments: Option<(f64, f64)>,
    /// Where the first span ends, and the area below the distribution function up to there, where the span is open.
    pub low_tail: Option<(f64, f64)>,
    /// Where the last span begins, and the area above the distribution function from there on.
    pub high_tail: Option<(f64, f64)>,
}

impl Known {
    /// What a sketch tells.
    pub fn new(kind: SampleKind, rows: u64, missing: u64, sketch: &Sketch) -> Self {
        let present = rows - missing;
        let n = present as f64;
        let moments = match (sketch.mean, sketch.sd) {
            (Some(mean), Some(sd)) => Some((mean, sd * sd * (n - 1.0))),
            (Some(mean), None) if present == 1 => Some((mean, 0.0)),
            _ => None,
        };
        // No number is farther from the mean than that (Samuelson 1968), nor farther into its cell than all of the cell's distance from its edge.
        let reach = moments.map(|(mean, squares)| (mean, (squares * (n - 1.0) / n).sqrt() * (1.0 + 1e-9) + mean.abs() * 1e-12));
        let far = |edge: Option<f64>, mean: Option<f64>, rows: u64| match (edge, mean) {
            (Some(edge), Some(mean)) => (mean - edge).abs() * rows as f64 * (1.0 + 1e-9) + mean.abs() * 1e-12 * rows as f64,
            _ => f64::INFINITY,
        };
        let mut spans: Vec<Span> = sketch
            .cells
            .iter()
            .map(|SketchCell(low, high, rows)| Span {
                low: low.unwrap_or(f64::NEG_INFINITY),
                high: high.unwrap_or(f64::INFINITY),
                rows: *rows,
            })
            .collect();
        let (first, last) = (sketch.cells[0], sketch.cells[sketch.cells.len() - 1]);
        if first.0.is_none() {
            let edge = first
                .1
                .map_or(f64::NEG_INFINITY, |edge| edge - far(Some(edge), sketch.low_mean, first.2));
            let limit = reach.map_or(edge, |(mean, reach)| edge.max(mean - reach));
            spans[0].low = if limit.is_nan() { f64::NEG_INFINITY } else { limit.next_down() };
        }
        let end = spans.len() - 1;
        if last.1.is_none() {
            let edge = last
                .0
                .map_or(f64::INFINITY, |edge| edge + far(Some(edge), sketch.high_mean, last.2));
            let limit = reach.map_or(edge, |(mean, reach)| edge.min(mean + reach));
            spans[end].high = if limit.is_nan() { f64::INFINITY } else { limit.next_up() };
        }
        let (bottom, top) = (spans[0], spans[end]);
        let area = |rows: u64, edge: f64, mean: f64| (edge, rows as f64 / n * (edge - mean).abs());
        Self {
            kind,
            rows,
            missing,
            tenths: sketch
                .tenths
                .iter()
                .map(|tenth| ((tenth.0.unwrap_or(bottom.low), tenth.1.unwrap_or(top.high)), tenth.2))
                .collect(),
            lowest: if bottom.is_atom() || first.0.is_some() {
                (bottom.low, bottom.high)
            } else {
                (bottom.low, sketch.low_mean.unwrap_or(bottom.high).next_up())
            },
            highest: if top.is_atom() || last.1.is_some() {
                (top.low, top.high)
            } else {
                (sketch.high_mean.unwrap_or(top.low).next_down(), top.high)
            },
            moments,
            low_tail: first
                .1
                .zip(sketch.low_mean)
                .filter(|_| first.0.is_none())
                .map(|(edge, mean)| area(first.2, edge, mean)),
            high_tail: last
                .0
                .zip(sketch.high_mean)
                .filter(|_| last.1.is_none())
                .map(|(edge, mean)| area(last.2, edge, mean)),
            spans,
        }
    }

    /// Rows with a value.
    pub fn present(&self) -> u64 {
        self.rows - self.missing
    }

    /// Whether every row's number is known.
    pub fn is_exact(&self) -> bool {
        self.spans.iter().all(Span::is_atom)
    }

    /// A sample that fits: the rows of every span spread evenly over it, those of an open one so that they have its mean.
    pub fn sample(&self) -> Sample {
        let mut values: Vec<(f64, u64)> = Vec::new();
        for span in &self.spans {
            if span.is_atom() {
                push(&mut values, span.low, span.rows);
                continue;
            }
            let (low, high) = self.evenly(span);
            let places = PLACES.min(span.rows);
            for place in 0..places {
                let rows = span.rows * (place + 1) / places - span.rows * place / places;
                let value = low + (high - low) * ((place as f64 + 0.5) / places as f64);
                push(&mut values, value.clamp(span.low.next_up(), span.high.next_down()), rows);
            }
        }
        Sample::new(self.kind, self.rows, self.missing, Distribution::Numbers(values))
    }

    /// Over which numbers the rows of a span are spread.
    fn evenly(&self, span: &Span) -> (f64, f64) {
        let mirrored = |(_, area): (f64, f64)| 2.0 * area * self.present() as f64 / span.rows as f64;
        let (is_first, is_last) = (span.low == self.spans[0].low, span.high == self.spans[self.spans.len() - 1].high);
        if let Some(tail) = self.low_tail.filter(|_| is_first) {
            return ((tail.0 - mirrored(tail)).max(span.low), tail.0);
        }
        if let Some(tail) = self.high_tail.filter(|_| is_last) {
            return (tail.0, (tail.0 + mirrored(tail)).min(span.high));
        }
        match (span.low.is_finite(), span.high.is_finite()) {
            (true, true) => (span.low, span.high),
            (true, false) => (span.low, span.low),
            (false, true) => (span.high, span.high),
            (false, false) => self.moments.map_or((0.0, 0.0), |(mean, _)| (mean, mean)),
        }
    }

    /// The lowest and the highest number that the sample has, as ends of its range.
    pub fn ends(&self) -> (f64, f64) {
        let (first, last) = (self.spans[0], self.spans[self.spans.len() - 1]);
        let low = if first.is_atom() { first.low } else { self.evenly(&first).0 };
        let high = if last.is_atom() { last.high } else { self.evenly(&last).1 };
        (low, high)
    }

    /// Between which numbers the `rank`-th lies, counted from 0.
    pub fn ranked(&self, rank: u64) -> Bracket {
        let mut through = 0;
        for span in &self.spans {
            through += span.rows;
            if rank < through {
                return (span.low, span.high);
            }
        }
        self.highest
    }
}

/// Numbers rise; equal ones are one.
fn push(values: &mut Vec<(f64, u64)>, value: f64, rows: u64) {
    match values.last_mut() {
        Some(last) if last.0 >= value => last.1 += rows,
        _ => values.push((value + 0.0, rows)),
    }
}
