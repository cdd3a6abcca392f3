//! Numbers into cells that are each large enough, without naming the number of any single row.

use super::model::{Sketch, SketchCell, Tenth};
use crate::metric::sample::Sample;

/// Into about how many cells numbers are put.
pub const CELLS: u64 = 256;
/// Of so many distinct numbers each has a cell of its own where it has the rows; of more, those of more rows than a usual cell.
const FEW: usize = 512;

/// The number with the fewest digits between two; `None` where there is none between them, or one is infinite.
///
/// ```
/// use assay::run::profile::cells::between;
/// assert_eq!(between(31.0, 35.0), Some(33.0));
/// assert_eq!(between(0.12345, 0.12391), Some(0.1237));
/// assert_eq!(between(1.0, f64::from_bits(1.0_f64.to_bits() + 1)), None);
/// ```
pub fn between(low: f64, high: f64) -> Option<f64> {
    if !(low.is_finite() && high.is_finite()) {
        return None;
    }
    let middle = low / 2.0 + high / 2.0;
    (0..17)
        .filter_map(|digits| format!("{middle:.digits$e}").parse::<f64>().ok())
        .find(|number| low < *number && *number < high)
}

/// A sketch of the numbers of a sample, each cell of at least `smallest` rows; `deciles` are those of the sample, its lowest and highest number among
/// them. `None` where fewer rows have a number.
pub fn sketch(sample: &Sample, deciles: &[f64], smallest: u64) -> Option<Sketch> {
    let smallest = smallest.max(1);
    if sample.present() < smallest {
        return None;
    }
    let cutting = Cutting::new(sample.numbers(), deciles, smallest);
    let starts = cutting.starts();
    let cells = cutting.cells(&starts);
    let finite = |value: f64| value.is_finite().then_some(value);
    let summary = sample.summary();
    let mean_of = |(from, to): (usize, usize)| {
        let part = &cutting.numbers[from..to];
        Sample::new(
            sample.kind,
            cutting.rows(from, to),
            0,
            crate::metric::sample::Distribution::Numbers(part.to_vec()),
        )
        .summary()
        .mean
    };
    let of_end =
        |cell: Option<&SketchCell>, range: (usize, usize)| cell.filter(|cell| cell.atom().is_none()).and_then(|_| finite(mean_of(range)));
    let ends = (
        starts.get(1).copied().unwrap_or(cutting.numbers.len()),
        starts.last().copied().unwrap_or(0),
    );
    Some(Sketch {
        mean: finite(summary.mean),
        sd: finite(summary.variance().sqrt()),
        low_mean: of_end(cells.first(), (0, ends.0)),
        high_mean: of_end(cells.last(), (ends.1, cutting.numbers.len())),
        tenths: cutting.tenths(&cells),
        cells,
    })
}

/// Where numbers are cut into cells.
struct Cutting<'a> {
    numbers: &'a [(f64, u64)],
    /// Rows below each distinct number, and all.
    below: Vec<u64>,
    smallest: u64,
    usual: u64,
    /// The inner deciles, each with the first number that is not below it.
    inner: Vec<(f64, usize)>,
}

impl<'a> Cutting<'a> {
    fn new(numbers: &'a [(f64, u64)], deciles: &[f64], smallest: u64) -> Self {
        let mut below = vec![0];
        let mut rows = 0;
        for (_, count) in numbers {
            rows += count;
            below.push(rows);
        }
        let inner = deciles.get(1..deciles.len().saturating_sub(1)).unwrap_or_default();
        Self {
            numbers,
            below,
            smallest,
            usual: rows.div_ceil(CELLS).max(smallest),
            inner: inner
                .iter()
                .map(|edge| (*edge, numbers.partition_point(|(value, _)| value < edge)))
                .collect(),
        }
    }

    fn rows(&self, from: usize, to: usize) -> u64 {
        self.below[to] - self.below[from]
    }

    /// Whether a number has so many rows that it gets a cell of its own.
    fn is_atom(&self, place: usize) -> bool {
        let least = if self.numbers.len() <= FEW { self.smallest } else { self.usual };
        self.numbers[place].0.is_finite() && self.numbers[place].1 >= least
    }

    /// A number between a distinct one and the one before it: the decile that is there, else the shortest.
    fn cut(&self, place: usize) -> Option<f64> {
        let (low, high) = (self.numbers[place - 1].0, self.numbers[place].0);
        let decile = self
            .inner
            .iter()
            .find(|(edge, first)| *first == place && low < *edge && *edge < high);
        decile.map(|(edge, _)| *edge).or_else(|| between(low, high))
    }

    /// The places at which cells start: greedily, small cells at both ends, at deciles and around frequent numbers where that leaves enough rows.
    fn starts(&self) -> Vec<usize> {
        let end = self.numbers.len();
        let all = self.below[end];
        let mut starts = vec![0];
        let mut narrow = false;
        for place in 1..end {
            let start = starts[starts.len() - 1];
            let (own, left) = (self.rows(start, place), self.rows(place, end));
            if left < self.smallest {
                break;
            }
            let next = self.inner.iter().find(|(_, first)| *first >= place);
            let is_decile = next.is_some_and(|(_, first)| *first == place);
            let is_single = self.is_atom(place) || (place - start == 1 && self.is_atom(start));
            if own < self.smallest {
                // What is too little before a frequent number belongs to the cell before, if that is none of a frequent number.
                let before = starts.len().checked_sub(2).map(|before| starts[before]);
                if self.is_atom(place)
                    && let Some(before) = before.filter(|before| start - before > 1 || !self.is_atom(*before))
                    && self.between_places(place)
                {
                    debug_assert!(before < start);
                    starts.pop();
                    starts.push(place);
                    narrow = false;
                }
                continue;
            }
            let wanted = if narrow {
                self.smallest
            } else {
                self.usual
                    .min(self.below[start].min(all - self.below[start] - own))
                    .max(self.smallest)
            };
            let spoils = next.is_some_and(|(_, first)| *first > place && self.rows(place, *first) < self.smallest);
            if (is_decile || is_single || own >= wanted && !spoils) && self.between_places(place) {
                starts.push(place);
                // A decile that is a number of few rows is known up to the cell that begins with it: that should be narrow.
                narrow = is_decile
                    && self
                        .inner
                        .iter()
                        .any(|(edge, first)| *first == place && *edge == self.numbers[place].0);
            }
        }
        starts
    }

    fn between_places(&self, place: usize) -> bool {
        let (low, high) = (self.numbers[place - 1].0, self.numbers[place].0);
        between(low, high).is_some()
    }

    fn cells(&self, starts: &[usize]) -> Vec<SketchCell> {
        let end = self.numbers.len();
        let ranges: Vec<(usize, usize)> = starts.iter().copied().zip(starts[1..].iter().copied().chain([end])).collect();
        let atom = |range: Option<&(usize, usize)>| {
            range
                .filter(|(from, to)| to - from == 1 && self.numbers[*from].0.is_finite())
                .map(|(from, _)| self.numbers[*from].0)
        };
        ranges
            .iter()
            .enumerate()
            .map(|(at, range)| {
                let (from, to) = *range;
                let rows = self.rows(from, to);
                if let Some(value) = atom(Some(range)) {
                    return SketchCell(Some(value), Some(value), rows);
                }
                let before = at.checked_sub(1).and_then(|before| atom(ranges.get(before)));
                let low = (at > 0).then(|| before.or_else(|| self.cut(from))).flatten();
                let high = (to < end).then(|| atom(ranges.get(at + 1)).or_else(|| self.cut(to))).flatten();
                SketchCell(low, high, rows)
            })
            .collect()
    }

    /// Where the deciles are, as far as cells tell. They rise, so that each is above where the one before it may begin.
    fn tenths(&self, cells: &[SketchCell]) -> Vec<Tenth> {
        let mut least: Option<f64> = None;
        let mut tenths = Vec::new();
        for (edge, first) in &self.inner {
            let (low, high) = self.bracket(cells, *edge, *first);
            least = match (low, least) {
                (Some(low), Some(least)) => Some(low.max(least)),
                (low, least) => low.or(least),
            };
            tenths.push(Tenth(least, high, self.below[*first]));
        }
        tenths
    }

    /// Between which numbers a decile is, both the same where it is known; `first` is the first number that is not below it.
    fn bracket(&self, cells: &[SketchCell], edge: f64, first: usize) -> (Option<f64>, Option<f64>) {
        let is_edge = |bound: Option<f64>| bound == Some(edge);
        let own = self.numbers.get(first);
        let is_frequent = own.is_some_and(|(value, count)| *value == edge && *count >= self.smallest);
        if is_frequent || cells.iter().any(|cell| is_edge(cell.0) || is_edge(cell.1)) {
            return (Some(edge), Some(edge));
        }
        let holds = |cell: &&SketchCell| cell.0.is_none_or(|low| low < edge) && cell.1.is_none_or(|high| edge < high);
        cells.iter().find(holds).map_or_else(
            // Deciles may lie between two frequent numbers, where no row is.
            || {
                let before = cells.iter().rev().find_map(|cell| cell.1.filter(|high| *high < edge));
                (before, cells.iter().find_map(|cell| cell.0.filter(|low| edge < *low)))
            },
            |cell| (cell.0, cell.1),
        )
    }
}

#[cfg(test)]
#[path = "cells_tests.rs"]
pub(super) mod tests;
