//! The cells into which the values of two samples are put: made from the reference, with cells for what is outside of it and for missing values.

use serde::{Deserialize, Serialize};

use crate::metric::sample::{Distribution, Pair, Sample};
use crate::stats::exact;
use crate::stats::math::floor;

/// A cell.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Cell {
    /// Which values.
    pub of: Of,
    /// Rows of the reference in it.
    pub reference: u64,
    /// Rows of the current data in it.
    pub current: u64,
}

/// Which values are in a cell.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Of {
    /// Numbers below the lowest of the reference.
    Below,
    /// Numbers from one up to another.
    Range(#[serde(with = "exact")] f64, #[serde(with = "exact")] f64),
    /// Numbers above the highest of the reference.
    Above,
    /// A level.
    Level(String),
    /// Levels with too few rows for cells of their own.
    Rare,
    /// No value.
    Missing,
}

/// The most levels with a cell of their own.
pub const MOST_LEVELS: usize = 60;
/// A level has a cell of its own where at least so many of its rows are to be expected in either sample.
pub const LEAST_EXPECTED: f64 = 5.0;

/// Puts both samples into cells: numbers by the deciles of the reference and its range; levels by name, rare ones of both samples together;
/// missing values by themselves, where there are some.
pub fn cells(pair: &Pair<'_>) -> Vec<Cell> {
    let mut cells = match (&pair.reference.values, &pair.current.values) {
        (Distribution::Numbers(_), Distribution::Numbers(_)) => numbers(pair),
        _ => levels(pair),
    };
    if pair.reference.missing + pair.current.missing > 0 {
        cells.push(Cell {
            of: Of::Missing,
            reference: pair.reference.missing,
            current: pair.current.missing,
        });
    }
    cells
}

/// The distinct deciles of a sample of numbers, its lowest and highest number among them.
pub fn deciles(sample: &Sample) -> Vec<f64> {
    let numbers = sample.numbers();
    let size = sample.present();
    let mut edges: Vec<f64> = Vec::new();
    if size == 0 {
        return edges;
    }
    // One walk for all of them: the ranks rise.
    let (mut at, mut through) = (0, numbers[0].1);
    let mut ranked = |rank: u64| {
        while through <= rank && at + 1 < numbers.len() {
            at += 1;
            through += numbers[at].1;
        }
        (numbers[at].0, if through > rank + 1 { at } else { at + 1 })
    };
    for decile in 0..=10_u32 {
        let position = (size - 1) as f64 * (f64::from(decile) * 0.1).min(1.0);
        let part = position - floor(position);
        let (low, next) = ranked(floor(position) as u64);
        let high = numbers.get(next).map_or(low, |(value, _)| *value);
        let rise = high - low;
        let edge = match (part > 0.0, part < 0.5) {
            (false, _) => low,
            (true, true) => low + rise * part,
            (true, false) => high - rise * (1.0 - part),
        };
        if edges.last().is_none_or(|last| edge > *last) {
            edges.push(edge);
        }
    }
    edges
}

fn numbers(pair: &Pair<'_>) -> Vec<Cell> {
    let edges = deciles(pair.reference);
    let (Some(lowest), Some(highest)) = (edges.first(), edges.last()) else {
        return Vec::new();
    };
    let mut cells = vec![Of::Below];
    cells.extend(edges.windows(2).map(|edge| Of::Range(edge[0], edge[1])));
    if lowest == highest {
        cells.push(Of::Range(*lowest, *highest));
    }
    cells.push(Of::Above);
    let mut cells: Vec<Cell> = cells
        .into_iter()
        .map(|of| Cell {
            of,
            reference: 0,
            current: 0,
        })
        .collect();
    let last = cells.len() - 2;
    let mut at = 0;
    for step in pair.steps() {
        // Every range begins with its lower edge; the last ends with its upper one.
        while at <= last && !is_in(&cells[at].of, step.value, (*lowest, at == last)) {
            at += 1;
        }
        cells[at].reference += step.first;
        cells[at].current += step.second;
    }
    cells
}

fn is_in(of: &Of, value: f64, (lowest, is_last): (f64, bool)) -> bool {
    match of {
        Of::Below => value < lowest,
        Of::Range(_, high) => value < *high || (is_last && value == *high),
        _ => false,
    }
}

fn levels(pair: &Pair<'_>) -> Vec<Cell> {
    let (n, m) = (pair.reference.present() as f64, pair.current.present() as f64);
    let smaller = n.min(m) / (n + m);
    let table = pair.table();
    let mut totals: Vec<u64> = table.iter().map(|(a, b)| a + b).collect();
    totals.sort_unstable_by(|a, b| b.cmp(a));
    // All levels of that many rows have a cell, or none.
    let full = totals.get(MOST_LEVELS).map_or(0, |total| total + 1);
    let has_cell = |total: u64| total as f64 * smaller >= LEAST_EXPECTED && total >= full;
    let mut names = merged_names(pair).into_iter();
    let (mut cells, mut rare) = (Vec::new(), (0, 0));
    for (reference, current) in table.iter().copied() {
        let name = names.next().unwrap_or_default();
        if has_cell(reference + current) {
            cells.push(Cell {
                of: Of::Level(name.to_owned()),
                reference,
                current,
            });
        } else {
            rare = (rare.0 + reference, rare.1 + current);
        }
    }
    if rare != (0, 0) {
        cells.push(Cell {
            of: Of::Rare,
            reference: rare.0,
            current: rare.1,
        });
    }
    cells
}

/// The names of both samples in the order of their common table.
pub fn merged_names<'a>(pair: &Pair<'a>) -> Vec<&'a str> {
    use crate::data::column::level_order;
    let (first, second) = (pair.reference.levels(), pair.current.levels());
    let (mut i, mut j) = (0, 0);
    let mut names = Vec::with_capacity(first.len().max(second.len()));
    while i < first.len() || j < second.len() {
        let order = match (first.get(i), second.get(j)) {
            (Some((a, _)), Some((b, _))) => level_order(a, b),
            (Some(_), None) => std::cmp::Ordering::Less,
            _ => std::cmp::Ordering::Greater,
        };
        names.push(if order.is_le() { first[i].0.as_str() } else { second[j].0.as_str() });
        i += usize::from(order.is_le());
        j += usize::from(order.is_ge());
    }
    names
}

/// The share that counts as that of an empty cell: half a row, and at least one in ten thousand.
fn least_share(rows: u64) -> f64 {
    (0.5 / rows as f64).max(1e-4)
}

/// The population stability index over cells; an empty cell counts as if it held half a row, or one in ten thousand where that is more. `None`
/// where either sample is empty.
pub fn stability(cells: &[Cell]) -> Option<f64> {
    let (n, m) = cells.iter().fold((0, 0), |(n, m), cell| (n + cell.reference, m + cell.current));
    if n == 0 || m == 0 {
        return None;
    }
    let share = |count: u64, rows: u64| (count as f64 / rows as f64).max(least_share(rows));
    let used = cells.iter().filter(|cell| cell.reference + cell.current > 0);
    let shares = used.map(|cell| (share(cell.reference, n), share(cell.current, m)));
    Some(crate::stats::two_sample::stability(shares))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::metric::sample::{PairMemory, SampleKind};

    #[test]
    fn numbers_outside_the_reference_have_cells_of_their_own() {
        let sample = |values: &[f64]| {
            let numbers = values.iter().map(|value| (*value, 1)).collect();
            Sample::new(SampleKind::Numbers, values.len() as u64, 0, Distribution::Numbers(numbers))
        };
        let (reference, current) = (sample(&[0.0, 1.0]), sample(&[-2.0, -1.0, 0.0, 1.0, 3.0]));
        let found = cells(&Pair {
            reference: &reference,
            current: &current,
            memory: &PairMemory::default(),
        });
        let of = |wanted: &Of| {
            found
                .iter()
                .find(|cell| cell.of == *wanted)
                .map(|cell| (cell.reference, cell.current))
        };
        assert_eq!((of(&Of::Below), of(&Of::Above)), (Some((0, 2)), Some((0, 1))));
        assert_eq!(found.iter().map(|cell| cell.current).sum::<u64>(), 5);
    }
}
