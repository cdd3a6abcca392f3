//! Rows by falling score, with what is asked of them in that order: put side by side once, because reading columns in another order than
//! the file's is what takes most of the time.

use crate::data::column::MISSING;
use crate::metric::ranking::falling_key;
use crate::stats::order;

use super::grouping::{Grouping, Partition};
use super::plan::Plan;

/// The rows with label and score, highest score first; equal scores in file order.
#[derive(Debug, Clone, Default)]
pub struct Falling {
    /// Their places in the table.
    pub rows: Vec<u32>,
    /// Their scores.
    pub scores: Vec<f64>,
    /// Whether they are positive in truth.
    pub positives: Vec<bool>,
    /// Their cells, where there is one base of not too many; see [`Falling::cell`].
    cells: Vec<u16>,
}

impl Falling {
    /// Puts the rows in order; there are none without label or score.
    pub fn of(plan: &Plan) -> Self {
        let (Some(scores), Some(labels)) = (&plan.rows.score, &plan.rows.label) else {
            return Self::default();
        };
        let has_both = |row: &usize| !scores[*row].is_nan() && labels[*row] != MISSING && plan.rows.weight(*row).is_some();
        let (rows, scores) = in_order((0..plan.rows.len).filter(has_both), scores);
        let cells = match plan.partition.bases.as_slice() {
            [base] if base.count <= 1 << 16 => rows.iter().map(|row| base.cells[*row as usize] as u16).collect(),
            _ => Vec::new(),
        };
        Self {
            cells,
            scores,
            positives: rows.iter().map(|row| labels[*row as usize] == plan.positive).collect(),
            rows,
        }
    }

    /// Lets go of everything but the places, once all groups are read.
    pub fn keep_rows(&mut self) {
        (self.scores, self.positives, self.cells) = Default::default();
    }

    /// The group of the row at a place of the order.
    #[inline(always)]
    pub fn group(&self, partition: &Partition, grouping: &Grouping, at: usize) -> usize {
        let (base, of_cell) = grouping.source();
        let cell = match self.cells.get(at) {
            Some(cell) => u32::from(*cell),
            None => partition.bases[base].cells[self.rows[at] as usize],
        };
        of_cell[cell as usize] as usize
    }
}

/// Some rows, which rise, by falling score, and their scores; equal scores in the order of the rows.
fn in_order(rows: impl Iterator<Item = usize>, scores: &[f64]) -> (Vec<u32>, Vec<f64>) {
    // The upper half of a score's key and the row in one number: half the memory of both, and sorted in half the time.
    let mut keys: Vec<u64> = rows
        .map(|row| falling_key(scores[row]) & !u64::from(u32::MAX) | row as u64)
        .collect();
    order::sort_upper(&mut keys);
    let score = |key: &u64| scores[*key as u32 as usize];
    let mut sorted: Vec<f64> = keys.iter().map(score).collect();
    let mut start = 0;
    for run in keys.chunk_by_mut(|a, b| a >> 32 == b >> 32) {
        let own = &mut sorted[start..start + run.len()];
        start += run.len();
        // Nearly always equal scores, whose rows are in order.
        if own.iter().any(|score| falling_key(*score) != falling_key(own[0])) {
            run.sort_unstable_by_key(|key| (falling_key(score(key)), *key as u32));
            for (own, key) in own.iter_mut().zip(run) {
                *own = score(key);
            }
        }
    }
    (keys.iter().map(|key| *key as u32).collect(), sorted)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn rows_are_in_order(picked in proptest::collection::vec((0..40_u32, 0..4_u8), 0..200)) {
            // Scores that differ in their last bits alone, beside others, with both zeros among them.
            let score = |(near, far): &(u32, u8)| match far {
                0 => 0.5 + f64::from(*near) * f64::EPSILON,
                1 => -0.5 - f64::from(near / 10) * f64::EPSILON,
                2 => f64::from(near / 20) * -0.0,
                _ => f64::from(*near),
            };
            let scores: Vec<f64> = picked.iter().map(score).collect();
            let mut expected: Vec<(u64, u32)> = scores.iter().enumerate().map(|(row, score)| (falling_key(*score), row as u32)).collect();
            expected.sort_unstable();
            let expected: Vec<u32> = expected.into_iter().map(|(_, row)| row).collect();
            let (rows, sorted) = in_order(0..scores.len(), &scores);
            prop_assert_eq!(&rows, &expected);
            let of = |row: &u32| scores[*row as usize].to_bits();
            prop_assert!(rows.iter().map(of).eq(sorted.iter().map(|score| score.to_bits())));
        }
    }
}
