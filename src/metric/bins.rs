//! Bins of probabilities: how far the mean score and the share of hits are apart in each.

use super::UndefinedCode as Code;
use super::reading::Reading;
use super::state::{RowWeight, Tally};
use crate::stats::sum::ExactSum;

/// Bins of equal width from 0 to 1. Edges are whole multiples of 1 / count, rounded as numpy's `linspace` rounds them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct EqualWidth {
    /// How many.
    pub count: u32,
    /// Whether a score at an edge belongs above it, `[a, b)`, the last bin being closed; else below, `(a, b]`, the first being closed.
    pub is_closed_left: bool,
}

impl EqualWidth {
    /// The bin of a score from 0 to 1.
    pub fn bin(self, score: f64) -> usize {
        let step = 1.0 / f64::from(self.count);
        let is_beyond = |edge: u32| {
            let edge = f64::from(edge) * step;
            if self.is_closed_left { score >= edge } else { score > edge }
        };
        // The product is next to the right bin; which side of the edge the score is on is then compared.
        let mut bin = ((score * f64::from(self.count)) as u32).min(self.count - 1);
        while bin > 0 && !is_beyond(bin) {
            bin -= 1;
        }
        while bin + 1 < self.count && is_beyond(bin + 1) {
            bin += 1;
        }
        bin as usize
    }
}

/// The rows of one bin.
#[derive(Debug, Clone, Default)]
struct Bin {
    rows: Tally,
    score: ExactSum,
    hits: ExactSum,
}

/// Rows put into bins.
#[derive(Debug, Clone)]
pub struct Bins {
    edges: EqualWidth,
    bins: Vec<Bin>,
}

/// How the bins' gaps are put together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Gaps {
    /// Their mean, each bin counting by its rows.
    Expected,
    /// The largest.
    Largest,
    /// Their plain mean.
    Plain,
    /// The square root of their mean square, each bin counting by its rows.
    RootMeanSquare,
}

impl Bins {
    /// No rows yet.
    pub fn new(edges: EqualWidth) -> Self {
        Self {
            edges,
            bins: vec![Bin::default(); edges.count as usize],
        }
    }

    /// Adds a row with a score from 0 to 1.
    pub fn update(&mut self, score: f64, is_hit: bool, row: RowWeight) {
        let bin = &mut self.bins[self.edges.bin(score)];
        bin.rows.update(row.count, row.weight);
        row.add(&mut bin.score, score);
        if is_hit {
            row.add(&mut bin.hits, 1.0);
        }
    }

    /// The distance between mean score and share of hits over the bins that hold rows.
    pub fn read(&self, gaps: Gaps) -> Reading {
        let (mut support, mut weight, mut filled) = (0, 0.0, 0.0_f64);
        let (mut first, mut second, mut plain, mut largest) = (0.0, 0.0, 0.0, 0.0_f64);
        for bin in &self.bins {
            support += bin.rows.rows();
            let size = bin.rows.weight();
            if size > 0.0 {
                let gap = (bin.score.value() / size - bin.hits.value() / size).abs();
                weight += size;
                filled += 1.0;
                first += size * gap;
                second += size * gap * gap;
                plain += gap;
                largest = largest.max(gap);
            }
        }
        if weight <= 0.0 {
            return Reading::undefined(Code::NoRows, support);
        }
        let value = match gaps {
            Gaps::Expected => first / weight,
            Gaps::Largest => largest,
            Gaps::Plain => plain / filled,
            Gaps::RootMeanSquare => (second / weight).sqrt(),
        };
        Reading::exact(value, support)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scores_at_edges_belong_where_the_bins_are_closed() {
        let bin = |count, is_closed_left, score| EqualWidth { count, is_closed_left }.bin(score);
        assert_eq!((bin(10, true, 0.5), bin(10, false, 0.5)), (5, 4));
        assert_eq!((bin(10, true, 0.0), bin(10, false, 0.0)), (0, 0));
        assert_eq!((bin(10, true, 1.0), bin(10, false, 1.0)), (9, 9));
        // The third edge is 3 x 0.1, a hair above 0.3.
        assert_eq!((bin(10, true, 0.3), bin(10, false, 0.3)), (2, 2));
        for step in 0..=3000 {
            let score = f64::from(step) / 3000.0;
            for count in [1, 7, 10, 15] {
                let edges: Vec<f64> = (1..count).map(|edge| f64::from(edge) * (1.0 / f64::from(count))).collect();
                assert_eq!(bin(count, true, score), edges.iter().filter(|edge| **edge <= score).count());
                assert_eq!(bin(count, false, score), edges.iter().filter(|edge| **edge < score).count());
            }
        }
    }

    #[test]
    fn gaps_are_put_together_in_four_ways() {
        let mut bins = Bins::new(EqualWidth {
            count: 10,
            is_closed_left: true,
        });
        let row = |count| RowWeight { count, weight: None };
        bins.update(0.75, true, row(1));
        bins.update(0.75, false, row(1));
        bins.update(0.25, false, row(6));
        let read = |gaps| bins.read(gaps).value;
        assert_eq!(read(Gaps::Expected), Ok(0.25));
        assert_eq!(read(Gaps::Plain), Ok(0.25));
        bins.update(0.95, true, row(2));
        let gap = 1.0 - 0.95;
        assert_eq!(bins.read(Gaps::Largest).value, Ok(0.25));
        assert!(
            bins.read(Gaps::Plain)
                .value
                .is_ok_and(|mean| (mean - (0.5 + gap) / 3.0).abs() < 1e-15)
        );
        assert!(
            bins.read(Gaps::Expected)
                .value
                .is_ok_and(|mean| (mean - (2.0 + 2.0 * gap) / 10.0).abs() < 1e-15)
        );
        assert_eq!(bins.read(Gaps::Expected).support, 10);
    }
}
