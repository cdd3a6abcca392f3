//! The confusion matrix of several classes: its state, and what is read from it.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::UndefinedCode as Code;
use super::cells::Outcomes;
use super::reading::Reading;
use super::state::Tally;
use crate::stats::interval::Method;
use crate::stats::order;

mod agreement;
mod averages;
mod table;

use averages::{Margins, Part};
pub use table::METRICS;

/// How the classes' values are put together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Average {
    /// The plain mean over classes for which the value is defined.
    Macro,
    /// From pooled counts; with one label and one prediction a row, accuracy.
    Micro,
    /// Weighted by the true class's rows; a class without a value adds nothing.
    Weighted,
}

/// How much it counts that two ordered classes are some places apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Apart {
    /// As many as there are places between them.
    Linear,
    /// Their square.
    Quadratic,
}

impl Apart {
    /// What it counts that a row of one class was given another.
    fn between(self, a: usize, b: usize) -> f64 {
        let places = a.abs_diff(b) as f64;
        match self {
            Self::Linear => places,
            Self::Quadratic => places * places,
        }
    }
}

/// What is read from the matrix as a whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ClassReader {
    /// All rows.
    Rows,
    /// The share on the diagonal.
    Accuracy,
    /// The share off the diagonal.
    ErrorRate,
    /// The largest row's share.
    MajorityShare,
    /// The mean of the classes' recalls; undefined when a class of the audit is absent.
    BalancedAccuracy,
    /// Precision over classes.
    Precision(Average),
    /// Recall over classes.
    Recall(Average),
    /// F1 over classes.
    F1(Average),
    /// Jaccard index over classes.
    Jaccard(Average),
    /// The mean of the classes' recalls, brought to a scale where guessing is 0.
    BalancedAccuracyAdjusted,
    /// Matthews correlation (Gorodkin's form).
    Matthews,
    /// Cohen's kappa.
    Kappa,
    /// Cohen's kappa that counts how far apart ordered classes are.
    WeightedKappa(Apart),
    /// The mean distance between the places of the true and the predicted class in their order.
    ClassDistance,
    /// Nothing as a whole: read for each class, or for each cell.
    PerClassOnly,
}

/// Rows by true and predicted class; a class is its place in the audit's list.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct ClassCounts {
    #[serde(with = "listed")]
    cells: BTreeMap<(u32, u32), Tally>,
    /// Rows without truth, prediction or both.
    #[serde(with = "listed")]
    partial: BTreeMap<(Option<u32>, Option<u32>), Tally>,
}

/// A matrix is written as a list: a pair of classes is no name of a field.
mod listed {
    use std::collections::BTreeMap;

    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    use super::Tally;

    type Cells<K> = BTreeMap<K, Tally>;

    pub fn serialize<K: Serialize, S: Serializer>(cells: &Cells<K>, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(cells)
    }

    pub fn deserialize<'de, K: Deserialize<'de> + Ord, D: Deserializer<'de>>(deserializer: D) -> Result<Cells<K>, D::Error> {
        Ok(Vec::deserialize(deserializer)?.into_iter().collect())
    }
}

impl ClassReader {
    /// Whether the order of the classes matters, so that it must be known.
    pub const fn needs_order(self) -> bool {
        matches!(self, Self::WeightedKappa(_) | Self::ClassDistance)
    }
}

impl ClassCounts {
    /// Counts a row that stands for `count` rows of weight `weight`.
    pub fn update(&mut self, label: Option<u32>, prediction: Option<u32>, count: u64, weight: Option<f64>) {
        match (label, prediction) {
            (Some(label), Some(prediction)) => self.cells.entry((label, prediction)).or_default().update(count, weight),
            _ => self.partial.entry((label, prediction)).or_default().update(count, weight),
        }
    }

    /// Adds another cell's rows.
    pub fn merge(&mut self, other: &Self) {
        for (cell, tally) in &other.cells {
            self.cells.entry(*cell).or_default().merge(tally);
        }
        for (cell, tally) in &other.partial {
            self.partial.entry(*cell).or_default().merge(tally);
        }
    }

    /// The rows of one cell of the matrix.
    pub fn cell(&self, label: u32, prediction: u32) -> Tally {
        self.cells.get(&(label, prediction)).cloned().unwrap_or_default()
    }

    /// The pairs of a true and another predicted class with most rows, most rows first, at most so many.
    pub fn most_confused(&self, most: usize) -> Vec<(u32, u32)> {
        let wrong = self.cells.iter().filter(|((label, prediction), _)| label != prediction);
        let mut pairs: Vec<(f64, (u32, u32))> = wrong.map(|(pair, tally)| (tally.weight(), *pair)).collect();
        order::sort_by(&mut pairs, |a, b| b.0.total_cmp(&a.0));
        pairs.into_iter().take(most).map(|(_, pair)| pair).collect()
    }

    /// One class against the rest.
    pub fn against_rest(&self, class: u32) -> Outcomes {
        let mut outcomes = Outcomes::default();
        for ((label, prediction), tally) in &self.cells {
            outcomes.absorb(Some(*label == class), Some(*prediction == class), tally);
        }
        for ((label, prediction), tally) in &self.partial {
            outcomes.absorb(
                label.map(|label| label == class),
                prediction.map(|prediction| prediction == class),
                tally,
            );
        }
        outcomes
    }

    fn total(&self, keep: impl Fn(u32, u32) -> bool) -> Tally {
        let mut sum = Tally::default();
        for ((label, prediction), tally) in &self.cells {
            if keep(*label, *prediction) {
                sum.merge(tally);
            }
        }
        sum
    }

    /// Reads the matrix as a whole; `classes` is the number of classes in the audit.
    pub fn read(&self, reader: ClassReader, classes: u32) -> Option<Reading> {
        let share = |hits: &Tally| Reading::share_of(hits, &self.total(|_, _| true), Code::NoRows);
        Some(match reader {
            ClassReader::Rows => {
                let mut all = self.total(|_, _| true);
                self.partial.values().for_each(|tally| all.merge(tally));
                Reading::exact(all.weight(), all.rows())
            }
            ClassReader::Accuracy | ClassReader::Precision(Average::Micro) | ClassReader::Recall(Average::Micro | Average::Weighted) => {
                share(&self.total(|label, prediction| label == prediction))
            }
            ClassReader::F1(Average::Micro) => share(&self.total(|label, prediction| label == prediction)),
            ClassReader::ErrorRate => share(&self.total(|label, prediction| label != prediction)),
            ClassReader::MajorityShare => {
                let rows = (0..classes).map(|class| self.total(|label, _| label == class));
                let largest = rows.max_by(|a, b| a.weight().total_cmp(&b.weight())).unwrap_or_default();
                share(&largest)
            }
            ClassReader::BalancedAccuracy => self.balanced_accuracy(&Margins::new(self, classes)),
            ClassReader::BalancedAccuracyAdjusted => {
                let guessing = 1.0 / f64::from(classes);
                self.balanced_accuracy(&Margins::new(self, classes)).on_scale(guessing, 1.0)
            }
            ClassReader::Precision(average) => self.averaged(&Margins::new(self, classes), Part::Precision, average),
            ClassReader::Recall(average) => self.averaged(&Margins::new(self, classes), Part::Recall, average),
            ClassReader::F1(average) => self.averaged(&Margins::new(self, classes), Part::F1, average),
            ClassReader::Jaccard(Average::Micro) => self.pooled_jaccard(),
            ClassReader::Jaccard(average) => self.averaged(&Margins::new(self, classes), Part::Jaccard, average),
            ClassReader::Matthews => self.matthews(&Margins::new(self, classes)),
            ClassReader::Kappa => self.kappa(&Margins::new(self, classes)),
            ClassReader::WeightedKappa(apart) => self.weighted_kappa(&Margins::new(self, classes), apart),
            ClassReader::ClassDistance => self.class_distance(),
            ClassReader::PerClassOnly => return None,
        })
    }

    /// The delta method over the cells: the sum of (squared weights in the cell) x (slope by the cell)^2.
    fn delta(&self, value: f64, slope: impl Fn(usize, usize) -> f64) -> Reading {
        let mut variance = 0.0;
        let mut support = 0;
        for ((label, prediction), tally) in &self.cells {
            let slope = slope(*label as usize, *prediction as usize);
            variance += tally.squares() * slope * slope;
            support += tally.rows();
        }
        Reading::with_variance(value, Some(variance), Method::Delta, support)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::metric::cells::Cells;

    fn counts(rows: &[(Option<u32>, Option<u32>, u64)]) -> ClassCounts {
        let mut counts = ClassCounts::default();
        for (label, prediction, count) in rows {
            counts.update(*label, *prediction, *count, None);
        }
        counts
    }

    #[test]
    fn rows_without_truth_or_prediction_keep_their_other_half() {
        let counts = counts(&[
            (Some(0), Some(0), 4),
            (Some(1), Some(0), 3),
            (None, Some(0), 5),
            (None, Some(2), 7),
            (Some(0), None, 2),
            (None, None, 1),
        ]);
        let class = counts.against_rest(0);
        let rows = |cells| class.tally(cells).rows();
        assert_eq!((rows(Cells::SELECTED), rows(Cells::PREDICTED)), (12, 19));
        assert_eq!((rows(Cells::POSITIVE), rows(Cells::LABELLED)), (6, 9));
        assert_eq!((rows(Cells::TP), rows(Cells::COMPLETE), rows(Cells::ALL)), (4, 7, 22));
        let all = counts.read(ClassReader::Rows, 3).map(|reading| reading.value);
        assert_eq!(all, Some(Ok(22.0)));
    }

    #[test]
    fn balanced_accuracy_says_that_a_class_is_absent() {
        let code = |rows: &[_]| counts(rows).read(ClassReader::BalancedAccuracy, 3).map(|reading| reading.value);
        assert_eq!(code(&[(Some(0), Some(0), 4), (Some(1), Some(2), 3)]), Some(Err(Code::ClassAbsent)));
        assert_eq!(code(&[(Some(0), None, 4)]), Some(Err(Code::NoRows)));
    }
}
