//! The outcomes of a row with two classes, and the state that counts them.

use serde::{Deserialize, Serialize};

use super::state::Tally;

/// A set of outcomes: truth (positive, negative, missing) by prediction (positive, negative, missing).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cells(u16);

impl Cells {
    /// True positives.
    pub const TP: Self = Self(1 << 0);
    /// False positives.
    pub const FP: Self = Self(1 << 1);
    /// False negatives.
    pub const FN: Self = Self(1 << 2);
    /// True negatives.
    pub const TN: Self = Self(1 << 3);
    /// Predicted positive, truth missing.
    pub const UNLABELLED_POSITIVE: Self = Self(1 << 4);
    /// Predicted negative, truth missing.
    pub const UNLABELLED_NEGATIVE: Self = Self(1 << 5);
    /// Positive in truth, prediction missing.
    pub const POSITIVE_UNPREDICTED: Self = Self(1 << 6);
    /// Negative in truth, prediction missing.
    pub const NEGATIVE_UNPREDICTED: Self = Self(1 << 7);
    /// Neither truth nor prediction.
    pub const NEITHER: Self = Self(1 << 8);

    /// Both sets together.
    pub const fn or(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// The four cells of the confusion matrix.
    pub const COMPLETE: Self = Self::TP.or(Self::FP).or(Self::FN).or(Self::TN);
    /// Everyone positive in truth.
    pub const POSITIVE: Self = Self::TP.or(Self::FN).or(Self::POSITIVE_UNPREDICTED);
    /// Everyone with a known truth.
    pub const LABELLED: Self = Self::POSITIVE.or(Self::FP).or(Self::TN).or(Self::NEGATIVE_UNPREDICTED);
    /// Everyone predicted positive.
    pub const SELECTED: Self = Self::TP.or(Self::FP).or(Self::UNLABELLED_POSITIVE);
    /// Everyone with a prediction.
    pub const PREDICTED: Self = Self::SELECTED.or(Self::FN).or(Self::TN).or(Self::UNLABELLED_NEGATIVE);
    /// Every row.
    pub const ALL: Self = Self::COMPLETE
        .or(Self::UNLABELLED_POSITIVE)
        .or(Self::UNLABELLED_NEGATIVE)
        .or(Self::POSITIVE_UNPREDICTED)
        .or(Self::NEGATIVE_UNPREDICTED)
        .or(Self::NEITHER);

    /// Whether membership depends on the truth: not when every prediction's rows are in, or out, together.
    pub const fn needs_label(self) -> bool {
        self.splits([[0, 1, 4], [2, 3, 5], [6, 7, 8]])
    }

    /// Whether membership depends on the prediction.
    pub const fn needs_prediction(self) -> bool {
        self.splits([[0, 2, 6], [1, 3, 7], [4, 5, 8]])
    }

    /// Whether one of the families of outcomes is partly in and partly out.
    const fn splits(self, families: [[usize; 3]; 3]) -> bool {
        let mut index = 0;
        while index < 3 {
            let [a, b, c] = families[index];
            if self.has(a) != self.has(b) || self.has(b) != self.has(c) {
                return true;
            }
            index += 1;
        }
        false
    }

    const fn has(self, outcome: usize) -> bool {
        self.0 & (1 << outcome) != 0
    }
}

/// The place of a row among the nine outcomes.
pub const fn outcome(label: Option<bool>, prediction: Option<bool>) -> usize {
    match (label, prediction) {
        (Some(true), Some(true)) => 0,
        (Some(false), Some(true)) => 1,
        (Some(true), Some(false)) => 2,
        (Some(false), Some(false)) => 3,
        (None, Some(true)) => 4,
        (None, Some(false)) => 5,
        (Some(true), None) => 6,
        (Some(false), None) => 7,
        (None, None) => 8,
    }
}

/// Rows by outcome.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Outcomes {
    tallies: [Tally; 9],
}

impl Outcomes {
    /// Counts a row that stands for `count` rows of weight `weight`.
    pub fn update(&mut self, label: Option<bool>, prediction: Option<bool>, count: u64, weight: Option<f64>) {
        self.tallies[outcome(label, prediction)].update(count, weight);
    }

    /// Adds another cell's rows.
    pub fn merge(&mut self, other: &Self) {
        for (mine, theirs) in self.tallies.iter_mut().zip(&other.tallies) {
            mine.merge(theirs);
        }
    }

    /// The rows of a set of outcomes.
    pub fn tally(&self, cells: Cells) -> Tally {
        let mut sum = Tally::default();
        for (outcome, tally) in self.tallies.iter().enumerate() {
            if cells.has(outcome) {
                sum.merge(tally);
            }
        }
        sum
    }

    /// The tallies of the confusion matrix: tp, fp, fn, tn.
    pub fn confusion(&self) -> [&Tally; 4] {
        [&self.tallies[0], &self.tallies[1], &self.tallies[2], &self.tallies[3]]
    }

    /// Counts a whole tally at once, for one class against the rest.
    pub fn absorb(&mut self, label: Option<bool>, prediction: Option<bool>, tally: &Tally) {
        self.tallies[outcome(label, prediction)].merge(tally);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_set_says_what_it_needs_to_know() {
        let needs = |cells: Cells| (cells.needs_label(), cells.needs_prediction());
        assert_eq!(needs(Cells::ALL), (false, false));
        assert_eq!(needs(Cells::SELECTED), (false, true));
        assert_eq!(needs(Cells::PREDICTED), (false, true));
        assert_eq!(needs(Cells::POSITIVE), (true, false));
        assert_eq!(needs(Cells::LABELLED), (true, false));
        assert_eq!(needs(Cells::TP), (true, true));
        assert_eq!(needs(Cells::COMPLETE), (true, true));
    }
}
