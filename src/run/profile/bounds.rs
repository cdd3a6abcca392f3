//! The least and the largest that a comparison of numbers could give for any reference that fits a profile.

use super::known::{Bracket, Known};
use crate::metric::drift::cells::{Cell, Of};
use crate::stats::order;
use crate::stats::sum::ExactSum;

/// The least and the largest that something can be.
pub type Range = (f64, f64);

/// A cell, and how many of the current rows may be in it.
#[derive(Debug, Clone, PartialEq)]
pub struct Ranged {
    /// The cell, with as many current rows as are computed with.
    pub cell: Cell,
    /// The fewest and the most current rows.
    pub current: (u64, u64),
}

/// The current numbers, in rising order, with their rows.
type Numbers<'a> = &'a [(f64, u64)];

fn rows_where(numbers: Numbers<'_>, is_in: &dyn Fn(f64) -> bool) -> u64 {
    numbers.iter().filter(|(value, _)| is_in(*value)).map(|(_, rows)| rows).sum()
}

/// How many current rows are below a number that is known up to two.
fn below(numbers: Numbers<'_>, (low, high): Bracket) -> (u64, u64) {
    if low == high {
        let rows = rows_where(numbers, &|value| value < low);
        return (rows, rows);
    }
    (
        rows_where(numbers, &|value| value <= low),
        rows_where(numbers, &|value| value < high),
    )
}

/// How many are above.
fn above(numbers: Numbers<'_>, (low, high): Bracket) -> (u64, u64) {
    if low == high {
        let rows = rows_where(numbers, &|value| value > low);
        return (rows, rows);
    }
    (
        rows_where(numbers, &|value| value >= high),
        rows_where(numbers, &|value| value > low),
    )
}

/// The cells of the population stability index: below the reference, between its deciles, above it, and without a value.
pub fn ranged(known: &Known, numbers: Numbers<'_>, missing: u64) -> Vec<Ranged> {
    let all: u64 = numbers.iter().map(|(_, rows)| rows).sum();
    let (low, high) = known.ends();
    // Below each edge: rows of the reference, current rows as computed with, and between how many.
    let mut edges = vec![(low, 0, rows_where(numbers, &|value| value < low), below(numbers, known.lowest))];
    for (bracket, rows) in &known.tenths {
        let edge = bracket.0.clamp(low, high.max(low));
        edges.push((edge, *rows, rows_where(numbers, &|value| value < edge), below(numbers, *bracket)));
    }
    let beyond = above(numbers, known.highest);
    let through = all - rows_where(numbers, &|value| value > high);
    edges.push((high, known.present(), through, (all - beyond.1, all - beyond.0)));
    let mut cells = Vec::new();
    let mut cell = |of, reference, current: u64, (fewest, most)| {
        cells.push(Ranged {
            cell: Cell { of, reference, current },
            current: (fewest, most),
        });
    };
    cell(Of::Below, 0, edges[0].2, edges[0].3);
    for pair in edges.windows(2) {
        let (from, to) = (&pair[0], &pair[1]);
        cell(
            Of::Range(from.0, to.0),
            to.1.saturating_sub(from.1),
            to.2.saturating_sub(from.2),
            (to.3.0.saturating_sub(from.3.1), to.3.1.saturating_sub(from.3.0)),
        );
    }
    let last = &edges[edges.len() - 1];
    cell(Of::Above, 0, all - last.2, (all - last.3.1, all - last.3.0));
    if known.missing + missing > 0 {
        cell(Of::Missing, known.missing, missing, (missing, missing));
    }
    cells
}

/// The range of a distance's term for shares in two ranges: it is 0 for equal shares and grows as they part.
pub fn term(of: fn(f64, f64) -> f64, r: Range, c: Range) -> Range {
    let most = of(r.0, c.1).max(of(r.1, c.0));
    let least = if r.1 < c.0 {
        of(r.1, c.0)
    } else if c.1 < r.0 {
        of(r.0, c.1)
    } else {
        0.0
    };
    (least, most)
}

/// The sum of ranges.
pub fn total(ranges: impl Iterator<Item = Range>) -> Range {
    ranges.fold((0.0, 0.0), |(low, high), range| (low + range.0, high + range.1))
}

/// The term of the population stability index.
pub fn stability_term(r: f64, c: f64) -> f64 {
    if r == c { 0.0 } else { (r - c) * crate::stats::math::ln(r / c) }
}

/// The term of the divergence of both shares from their middle.
pub fn jensen_term(r: f64, c: f64) -> f64 {
    let middle = 0.5 * (r + c);
    let part = |p: f64| if p > 0.0 { p * crate::stats::math::ln(p / middle) } else { 0.0 };
    (part(r) + part(c)).max(0.0)
}

/// The term of one less the overlap: half the squared difference of roots.
pub fn hellinger_term(r: f64, c: f64) -> f64 {
    let apart = r.sqrt() - c.sqrt();
    0.5 * apart * apart
}

/// The term of the total variation.
pub fn variation_term(r: f64, c: f64) -> f64 {
    0.5 * (r - c).abs()
}

/// The population stability index of a column's drift over all cells, outer and missing ones by themselves.
pub fn drift_score(cells: &[Ranged], (n, m): (u64, u64)) -> Range {
    let floor = |rows: u64| (0.5 / rows as f64).max(1e-4);
    let share = |count: u64, rows: u64| (count as f64 / rows as f64).max(floor(rows));
    total(cells.iter().map(|own| {
        let reference = share(own.cell.reference, n);
        let range = term(
            stability_term,
            (reference, reference),
            (share(own.current.0, m), share(own.current.1, m)),
        );
        // A cell without rows does not count.
        match (own.cell.reference, own.current) {
            (0, (_, 0)) => (0.0, 0.0),
            (0, (0, _)) => (0.0, range.1),
            _ => range,
        }
    }))
}

/// The cells between the inner deciles, the outer ones open, as shares of both.
pub fn open_shares(known: &Known, numbers: Numbers<'_>) -> Vec<(Range, Range)> {
    let all: u64 = numbers.iter().map(|(_, rows)| rows).sum();
    let (n, m) = (known.present() as f64, all as f64);
    let mut edges = vec![(0, (0, 0))];
    edges.extend(known.tenths.iter().map(|(bracket, rows)| (*rows, below(numbers, *bracket))));
    edges.push((known.present(), (all, all)));
    let shares = edges.windows(2).map(|pair| {
        let ((before, from), (through, to)) = (pair[0], pair[1]);
        let reference = through.saturating_sub(before) as f64 / n;
        let current = (to.0.saturating_sub(from.1) as f64 / m, to.1.saturating_sub(from.0) as f64 / m);
        ((reference, reference), current)
    });
    shares.collect()
}

/// What the distribution functions between which the reference's lies tell of its distance from the current one's.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Apart {
    /// The largest difference, times both sizes.
    pub largest: (u128, u128),
    /// The area between the two.
    pub area: Range,
    /// The area between the two, squared.
    pub squared: Range,
    /// Pairs in which the reference has the larger number, ties counting half.
    pub wins: Range,
}

/// What is added to a distribution function at a number: before it, at it, or after it.
struct Event {
    at: f64,
    phase: u8,
    earliest: u64,
    latest: u64,
    current: u64,
}

fn events(known: &Known, numbers: Numbers<'_>) -> Vec<Event> {
    let event = |at, phase, earliest, latest, current| Event {
        at,
        phase,
        earliest,
        latest,
        current,
    };
    let mut ends: Vec<Event> = Vec::with_capacity(2 * known.spans.len());
    for span in &known.spans {
        if span.is_atom() {
            ends.push(event(span.low, 1, span.rows, span.rows, 0));
        } else {
            // Above its lower end, below its upper one.
            ends.push(event(span.low, 2, span.rows, 0, 0));
            ends.push(event(span.high, 0, 0, span.rows, 0));
        }
    }
    order::sort_by(&mut ends, |a, b| a.at.total_cmp(&b.at).then(a.phase.cmp(&b.phase)));
    // The current numbers are in order already.
    let mut events = Vec::with_capacity(ends.len() + numbers.len());
    let mut numbers = numbers.iter().peekable();
    for end in ends {
        while let Some((value, rows)) = numbers.next_if(|(value, _)| *value < end.at || *value == end.at && end.phase > 0) {
            events.push(event(*value, 1, 0, 0, *rows));
        }
        events.push(end);
    }
    events.extend(numbers.map(|(value, rows)| event(*value, 1, 0, 0, *rows)));
    events
}

/// Walks once over everything that either has. Both have rows.
pub fn apart(known: &Known, numbers: Numbers<'_>) -> Apart {
    let n = known.present();
    let m: u64 = numbers.iter().map(|(_, rows)| rows).sum();
    let events = events(known, numbers);
    let mut largest = (0_u128, 0_u128);
    let mut regions = [Region::default(); 3];
    let (mut earliest, mut latest, mut current) = (0_u64, 0_u64, 0_u64);
    let ends = (known.low_tail.map(|tail| tail.0), known.high_tail.map(|tail| tail.0));
    for (place, own) in events.iter().enumerate() {
        (earliest, latest, current) = (earliest + own.earliest, latest + own.latest, current + own.current);
        let next = events.get(place + 1);
        if next.is_some_and(|next| next.at == own.at && next.phase == own.phase) {
            continue;
        }
        let (up, down) = (u128::from(earliest) * u128::from(m), u128::from(latest) * u128::from(m));
        let level = u128::from(current) * u128::from(n);
        let most = up.saturating_sub(level).max(level.saturating_sub(down));
        let least = down.saturating_sub(level).max(level.saturating_sub(up));
        largest = (largest.0.max(least), largest.1.max(most));
        if let Some(next) = next.filter(|next| next.at > own.at) {
            let product = n as f64 * m as f64;
            let region = match ends {
                (Some(end), _) if next.at <= end => 0,
                (_, Some(start)) if own.at >= start => 2,
                _ => 1,
            };
            regions[region].add(least as f64 / product, most as f64 / product, next.at - own.at);
        }
    }
    let mut found = Apart {
        largest,
        area: (0.0, 0.0),
        squared: (0.0, 0.0),
        wins: wins(known, numbers),
    };
    let of_tails = [
        known.low_tail.map(|(end, area)| {
            (
                area,
                tail_area(numbers, m, &|value| end - value),
                rows_where(numbers, &|value| value < end),
                known.spans[0].rows,
            )
        }),
        None,
        known.high_tail.map(|(start, area)| {
            (
                area,
                tail_area(numbers, m, &|value| value - start),
                rows_where(numbers, &|value| value > start),
                known.spans[known.spans.len() - 1].rows,
            )
        }),
    ];
    for (region, tail) in regions.iter().zip(of_tails) {
        let (mut area, mut squared) = region.values();
        if let Some((own, other, rows, of_reference)) = tail {
            area.0 = area.0.max((own - other).abs() * (1.0 - 1e-12) - (own + other) * 1e-12);
            area.1 = area.1.min((own + other) * (1.0 + 1e-12));
            // Nowhere in the tail are the two farther apart than all rows there.
            let farthest = (of_reference as f64 / n as f64).max(rows as f64 / m as f64);
            squared.1 = squared.1.min(farthest * area.1);
        }
        found.area = (found.area.0 + area.0.max(0.0), found.area.1 + area.1);
        found.squared = (found.squared.0 + squared.0, found.squared.1 + squared.1);
    }
    if let Some((mean, _)) = known.moments {
        // The means alone tell how far rows have moved at least.
        let mut sum = ExactSum::default();
        for (value, rows) in numbers {
            sum.add_product(*value, *rows as f64);
        }
        let by_means = (sum.value() / m as f64 - mean).abs() * (1.0 - 1e-9);
        if by_means.is_finite() {
            found.area.0 = found.area.0.max(by_means);
        }
    }
    found
}

/// The area beyond an end of the current distribution function.
fn tail_area(numbers: Numbers<'_>, m: u64, beyond: &dyn Fn(f64) -> f64) -> f64 {
    let mut sum = ExactSum::default();
    for (value, rows) in numbers.iter().filter(|(value, _)| beyond(*value) > 0.0) {
        sum.add_product(beyond(*value), *rows as f64);
    }
    sum.value() / m as f64
}

/// Areas over a part of the numbers.
#[derive(Debug, Clone, Copy, Default)]
struct Region {
    area: Range,
    squared: Range,
}

impl Region {
    fn add(&mut self, least: f64, most: f64, width: f64) {
        let times = |height: f64| if height == 0.0 { 0.0 } else { height * width };
        self.area = (self.area.0 + times(least), self.area.1 + times(most));
        self.squared = (self.squared.0 + times(least * least), self.squared.1 + times(most * most));
    }

    /// A little wider, for sums are rounded.
    fn values(&self) -> (Range, Range) {
        let wider = |range: Range| (range.0 * (1.0 - 1e-12), range.1 * (1.0 + 1e-12));
        (wider(self.area), wider(self.squared))
    }
}

fn wins(known: &Known, numbers: Numbers<'_>) -> Range {
    let (mut low, mut high) = (0_u128, 0_u128);
    let mut through: Vec<u64> = vec![0];
    for (_, rows) in numbers {
        through.push(through[through.len() - 1] + rows);
    }
    let below = |x: f64| through[numbers.partition_point(|(value, _)| *value < x)];
    let at_most = |x: f64| through[numbers.partition_point(|(value, _)| *value <= x)];
    for span in &known.spans {
        let rows = u128::from(span.rows);
        if span.is_atom() {
            let own = rows * u128::from(below(span.low) + at_most(span.low));
            (low, high) = (low + own, high + own);
        } else {
            (low, high) = (
                low + rows * 2 * u128::from(at_most(span.low)),
                high + rows * 2 * u128::from(below(span.high)),
            );
        }
    }
    (low as f64 / 2.0, high as f64 / 2.0)
}

/// How many current rows are surely, and may be, outside the range of the reference.
pub fn outside(known: &Known, numbers: Numbers<'_>) -> (u64, u64) {
    let (low, high) = (below(numbers, known.lowest), above(numbers, known.highest));
    (low.0 + high.0, low.1 + high.1)
}
