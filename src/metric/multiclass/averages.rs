//! Values of single classes put together: macro and weighted averages, and what is pooled over classes.

use super::super::UndefinedCode as Code;
use super::super::reading::Reading;
use super::super::state::Tally;
use super::{Average, ClassCounts};

impl ClassCounts {
    pub(super) fn averaged(&self, margins: &Margins, part: Part, average: Average) -> Reading {
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

    /// The macro recall where every class of the audit occurs in truth.
    pub(super) fn balanced_accuracy(&self, margins: &Margins) -> Reading {
        if margins.label.iter().any(|weight| *weight <= 0.0) {
            let code = if margins.total > 0.0 { Code::ClassAbsent } else { Code::NoRows };
            return Reading::undefined(code, self.total(|_, _| true).rows());
        }
        self.averaged(margins, Part::Recall, Average::Macro)
    }

    /// The rows of the diagonal over all rows and those off it once more: pooled tp / (tp + fp + fn).
    pub(super) fn pooled_jaccard(&self) -> Reading {
        let correct = self.total(|label, prediction| label == prediction).weight();
        let all = self.total(|_, _| true);
        let size = 2.0 * all.weight() - correct;
        if size <= 0.0 {
            return Reading::undefined(Code::NoRows, all.rows());
        }
        let value = correct / size;
        self.delta(value, |label, prediction| {
            if label == prediction {
                (1.0 - value) / size
            } else {
                -2.0 * value / size
            }
        })
    }
}

/// Row, column and diagonal weights.
pub(super) struct Margins {
    pub label: Vec<f64>,
    pub prediction: Vec<f64>,
    diagonal: Vec<f64>,
    pub total: f64,
    pub correct: f64,
}

impl Margins {
    pub(super) fn new(counts: &ClassCounts, classes: u32) -> Self {
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
pub(super) enum Part {
    Precision,
    Recall,
    F1,
    Jaccard,
}

impl Part {
    fn denominator(self, margins: &Margins, class: usize) -> f64 {
        match self {
            Self::Precision => margins.prediction[class],
            Self::Recall => margins.label[class],
            Self::F1 => margins.prediction[class] + margins.label[class],
            Self::Jaccard => margins.prediction[class] + margins.label[class] - margins.diagonal[class],
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
            Self::Jaccard => (is_label * is_prediction, is_label + is_prediction - is_label * is_prediction),
        }
    }
}
