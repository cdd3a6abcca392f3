//! The confusion matrix of several classes: its state, and what is read from it.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::UndefinedCode as Code;
use super::cells::Outcomes;
use super::reading::Reading;
use super::spec::{Metric, Read, Unit};
use super::state::Tally;
use crate::stats::interval::Method;

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
    /// Matthews correlation (Gorodkin's form).
    Matthews,
    /// Cohen's kappa.
    Kappa,
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
            ClassReader::BalancedAccuracy => {
                let margins = Margins::new(self, classes);
                if margins.label.iter().any(|weight| *weight <= 0.0) {
                    let code = if margins.total > 0.0 { Code::ClassAbsent } else { Code::NoRows };
                    return Some(Reading::undefined(code, self.total(|_, _| true).rows()));
                }
                self.averaged(&margins, Part::Recall, Average::Macro)
            }
            ClassReader::Precision(average) => self.averaged(&Margins::new(self, classes), Part::Precision, average),
            ClassReader::Recall(average) => self.averaged(&Margins::new(self, classes), Part::Recall, average),
            ClassReader::F1(average) => self.averaged(&Margins::new(self, classes), Part::F1, average),
            ClassReader::Matthews => self.matthews(&Margins::new(self, classes)),
            ClassReader::Kappa => self.kappa(&Margins::new(self, classes)),
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

    fn averaged(&self, margins: &Margins, part: Part, average: Average) -> Reading {
        let classes = margins.label.len();
        let ratio = |class: usize| part.ratio(margins, class);
        let defined: Vec<usize> = (0..classes).filter(|class| ratio(*class).is_some()).collect();
        let support = self.total(|_, _| true).rows();
        if defined.is_empty() || margins.total <= 0.0 {
            return Reading::undefined(Code::NoRows, support);
        }
        let value_of = |class: usize| ratio(class).unwrap_or(0.0);
        // What a unit more in cell (label, prediction) adds to the class's ratio N / D: (dN - ratio dD) / D.
        let slope_of = |class: usize, label: usize, prediction: usize| {
            let (numerator, denominator) = part.unit(class, label, prediction);
            let size = part.denominator(margins, class);
            if size > 0.0 {
                (numerator - value_of(class) * denominator) / size
            } else {
                0.0
            }
        };
        let touched = |label: usize, prediction: usize| std::iter::once(label).chain((label != prediction).then_some(prediction));
        match average {
            Average::Macro | Average::Micro => {
                let count = defined.len() as f64;
                let value = defined.iter().map(|class| value_of(*class)).sum::<f64>() / count;
                self.delta(value, |label, prediction| {
                    touched(label, prediction)
                        .map(|class| slope_of(class, label, prediction))
                        .sum::<f64>()
                        / count
                })
            }
            Average::Weighted => {
                let value = (0..classes).map(|class| margins.label[class] * value_of(class)).sum::<f64>() / margins.total;
                self.delta(value, |label, prediction| {
                    let moved = touched(label, prediction)
                        .map(|class| margins.label[class] * slope_of(class, label, prediction))
                        .sum::<f64>();
                    (value_of(label) - value + moved) / margins.total
                })
            }
        }
    }

    /// Gorodkin's correlation of K classes (2004), with the delta method.
    fn matthews(&self, margins: &Margins) -> Reading {
        let n = margins.total;
        let cross: f64 = margins.label.iter().zip(&margins.prediction).map(|(t, p)| t * p).sum();
        let truths: f64 = n * n - margins.label.iter().map(|t| t * t).sum::<f64>();
        let predictions: f64 = n * n - margins.prediction.iter().map(|p| p * p).sum::<f64>();
        if truths <= 0.0 || predictions <= 0.0 {
            return Reading::undefined(Code::OneClass, self.total(|_, _| true).rows());
        }
        let covariance = n * margins.correct - cross;
        let value = covariance / (truths * predictions).sqrt();
        self.delta(value, |label, prediction| {
            let hit = if label == prediction { n } else { 0.0 };
            let d_covariance = margins.correct + hit - margins.prediction[label] - margins.label[prediction];
            let d_truths = 2.0 * (n - margins.label[label]);
            let d_predictions = 2.0 * (n - margins.prediction[prediction]);
            d_covariance / (truths * predictions).sqrt() - 0.5 * value * (d_truths / truths + d_predictions / predictions)
        })
    }

    fn kappa(&self, margins: &Margins) -> Reading {
        let n = margins.total;
        let expected = margins.label.iter().zip(&margins.prediction).map(|(t, p)| t * p).sum::<f64>() / n;
        let room = n - expected;
        if n <= 0.0 || room <= 0.0 {
            return Reading::undefined(Code::OneClass, self.total(|_, _| true).rows());
        }
        let value = (margins.correct - expected) / room;
        self.delta(value, |label, prediction| {
            let hit = f64::from(u8::from(label == prediction));
            let d_expected = (margins.prediction[label] + margins.label[prediction] - expected) / n;
            (hit - d_expected - value * (1.0 - d_expected)) / room
        })
    }
}

/// Row, column and diagonal weights.
struct Margins {
    label: Vec<f64>,
    prediction: Vec<f64>,
    diagonal: Vec<f64>,
    total: f64,
    correct: f64,
}

impl Margins {
    fn new(counts: &ClassCounts, classes: u32) -> Self {
        let of = |keep: &dyn Fn(u32, u32, u32) -> bool| {
            let mut sums = vec![Tally::default(); classes as usize];
            for ((label, prediction), tally) in &counts.cells {
                for class in [*label, *prediction] {
                    if keep(class, *label, *prediction) {
                        sums[class as usize].merge(tally);
                    }
                    if label == prediction {
                        break;
                    }
                }
            }
            sums.iter().map(Tally::weight).collect::<Vec<f64>>()
        };
        Self {
            label: of(&|class, label, _| class == label),
            prediction: of(&|class, _, prediction| class == prediction),
            diagonal: of(&|_, label, prediction| label == prediction),
            total: counts.total(|_, _| true).weight(),
            correct: counts.total(|label, prediction| label == prediction).weight(),
        }
    }
}

/// A ratio that every class has.
#[derive(Clone, Copy)]
enum Part {
    Precision,
    Recall,
    F1,
}

impl Part {
    fn denominator(self, margins: &Margins, class: usize) -> f64 {
        match self {
            Self::Precision => margins.prediction[class],
            Self::Recall => margins.label[class],
            Self::F1 => margins.prediction[class] + margins.label[class],
        }
    }

    fn ratio(self, margins: &Margins, class: usize) -> Option<f64> {
        let denominator = self.denominator(margins, class);
        let hits = if matches!(self, Self::F1) {
            2.0 * margins.diagonal[class]
        } else {
            margins.diagonal[class]
        };
        (denominator > 0.0).then(|| hits / denominator)
    }

    /// What one more row in cell (label, prediction) adds to the class's numerator and denominator.
    fn unit(self, class: usize, label: usize, prediction: usize) -> (f64, f64) {
        let (is_label, is_prediction) = (f64::from(u8::from(class == label)), f64::from(u8::from(class == prediction)));
        match self {
            Self::Precision => (is_label * is_prediction, is_prediction),
            Self::Recall => (is_label * is_prediction, is_label),
            Self::F1 => (2.0 * is_label * is_prediction, is_label + is_prediction),
        }
    }
}

const AVERAGED: Metric = Metric {
    reading: "From 0 % to 100 %.",
    caveat: "Classes for which the value is undefined are left out.",
    reference: "scikit-learn",
    unit: Unit::Share,
    ..Metric::BLANK
};

/// The rows of this family, in the order they are shown.
pub const METRICS: [Metric; 7] = [
    Metric {
        id: "precision_macro",
        name: "macro precision",
        summary: "The plain average of every class's precision.",
        formula: "mean over classes of tp / (tp + fp)",
        reads: &[Read::Classes(ClassReader::Precision(Average::Macro))],
        ..AVERAGED
    },
    Metric {
        id: "precision_micro",
        name: "micro precision",
        summary: "Precision from the pooled counts of all classes.",
        formula: "sum of tp / sum of (tp + fp)",
        caveat: "With one label and one prediction a row it is accuracy.",
        reads: &[Read::Classes(ClassReader::Precision(Average::Micro))],
        ..AVERAGED
    },
    Metric {
        id: "precision_weighted",
        name: "weighted precision",
        summary: "The average of every class's precision, weighted by how frequent the class is.",
        formula: "sum over classes of (share of rows in the class) x precision",
        caveat: "A class that is never predicted adds nothing.",
        reads: &[Read::Classes(ClassReader::Precision(Average::Weighted))],
        ..AVERAGED
    },
    Metric {
        id: "recall_macro",
        name: "macro recall",
        summary: "The plain average of every class's recall.",
        formula: "mean over classes of tp / (tp + fn)",
        reads: &[Read::Classes(ClassReader::Recall(Average::Macro))],
        ..AVERAGED
    },
    Metric {
        id: "recall_micro",
        name: "micro recall",
        summary: "Recall from the pooled counts of all classes.",
        formula: "sum of tp / sum of (tp + fn)",
        caveat: "With one label and one prediction a row it is accuracy.",
        reads: &[Read::Classes(ClassReader::Recall(Average::Micro))],
        ..AVERAGED
    },
    Metric {
        id: "recall_weighted",
        name: "weighted recall",
        summary: "The average of every class's recall, weighted by how frequent the class is.",
        formula: "sum over classes of (share of rows in the class) x recall",
        caveat: "It is accuracy.",
        reads: &[Read::Classes(ClassReader::Recall(Average::Weighted))],
        ..AVERAGED
    },
    Metric {
        id: "f1_micro",
        name: "micro F1",
        summary: "F1 from the pooled counts of all classes.",
        formula: "2 sum of tp / sum of (2 tp + fp + fn)",
        caveat: "With one label and one prediction a row it is accuracy.",
        unit: Unit::Score,
        reads: &[Read::Classes(ClassReader::F1(Average::Micro))],
        ..AVERAGED
    },
];

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
