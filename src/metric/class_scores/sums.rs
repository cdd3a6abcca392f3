//! Sums over rows with a score for every class.

use super::super::UndefinedCode as Code;
use super::super::reading::Reading;
use super::super::scores::SMALLEST;
use super::super::state::{MeanSums, Tally};
use super::super::view::View;
use super::{ScoredRow, columns_of, scored_rows};
use crate::stats::math::ln;

/// For how many of the highest scores the true class is looked for among them, unless set.
const TOP: [u64; 4] = [1, 2, 3, 5];

/// Sums over the rows of a view that have a score for every class.
#[derive(Debug)]
pub struct ClassSums {
    is_probability: bool,
    /// Whether the scores of some row are all 0, so that they cannot be brought to a sum of 1.
    has_zero_sum: bool,
    scored: Tally,
    labelled: Tally,
    margin: MeanSums,
    entropy: MeanSums,
    log_loss_renormalised: MeanSums,
    brier: MeanSums,
    class_brier: Vec<MeanSums>,
    top: Vec<(u64, Tally)>,
}

impl ClassSums {
    /// Sums over a view.
    pub fn of(view: &View<'_>) -> Self {
        let subject = view.subject;
        let classes = subject.rows.class_scores.len();
        let set = &subject.parameters.top_classes;
        let among: Vec<u64> = if set.is_empty() {
            TOP.into_iter().filter(|k| *k < classes as u64).collect()
        } else {
            set.clone()
        };
        let mut sums = Self {
            is_probability: subject.is_probability,
            has_zero_sum: false,
            scored: Tally::default(),
            labelled: Tally::default(),
            margin: MeanSums::default(),
            entropy: MeanSums::default(),
            log_loss_renormalised: MeanSums::default(),
            brier: MeanSums::default(),
            class_brier: vec![MeanSums::default(); classes],
            top: among.into_iter().map(|k| (k, Tally::default())).collect(),
        };
        let columns = columns_of(subject.rows, subject.classes.len());
        let mut scores = vec![0.0; classes];
        for scored in scored_rows(view, &columns) {
            for (score, (_, column)) in scores.iter_mut().zip(&subject.rows.class_scores) {
                *score = column[scored.row];
            }
            sums.update(&scored, &scores);
        }
        sums
    }

    fn update(&mut self, row: &ScoredRow, scores: &[f64]) {
        let weight = row.weight;
        self.scored.update(weight.count, weight.weight);
        let (_, confidence, second) = highest(scores);
        self.margin.update(weight, confidence - second);
        if self.is_probability {
            let surprise = |score: &f64| if *score > 0.0 { -score * ln(*score) } else { 0.0 };
            self.entropy.update(weight, scores.iter().map(surprise).sum());
        }
        let Some(label) = row.label else { return };
        self.labelled.update(weight.count, weight.weight);
        let place = place_of(scores, label);
        for (k, hits) in &mut self.top {
            if place < *k {
                hits.update(weight.count, weight.weight);
            }
        }
        if !self.is_probability {
            return;
        }
        let sum: f64 = scores.iter().sum();
        self.has_zero_sum |= sum <= 0.0;
        if sum > 0.0 {
            let share = (scores[label] / sum).clamp(SMALLEST, 1.0 - SMALLEST);
            self.log_loss_renormalised.update(weight, -ln(share));
        }
        let mut of_all = 0.0;
        for (class, score) in scores.iter().enumerate() {
            let error = if class == label { 1.0 - score } else { *score };
            of_all += error * error;
            self.class_brier[class].update(weight, error * error);
        }
        self.brier.update(weight, of_all);
    }

    /// Why there is nothing that needs probabilities.
    fn improper(&self) -> Option<Reading> {
        (!self.is_probability).then(|| Reading::undefined(Code::ScoreOutOfRange, self.labelled.rows()))
    }

    /// The mean of -ln(share of the true class's score in the row's sum).
    pub fn log_loss_renormalised(&self) -> Reading {
        self.improper().unwrap_or_else(|| {
            if self.has_zero_sum {
                return Reading::undefined(Code::ZeroDenominator, self.labelled.rows());
            }
            Reading::mean(&self.log_loss_renormalised, &self.labelled)
        })
    }

    /// The mean of the rows' sums of squared errors over all classes.
    pub fn brier_score(&self) -> Reading {
        self.improper().unwrap_or_else(|| Reading::mean(&self.brier, &self.labelled))
    }

    /// The mean squared error of one class's score.
    pub fn class_brier_score(&self, class: usize) -> Reading {
        self.improper()
            .unwrap_or_else(|| Reading::mean(&self.class_brier[class], &self.labelled))
    }

    /// The mean entropy of the rows' scores.
    pub fn entropy(&self) -> Reading {
        if !self.is_probability {
            return Reading::undefined(Code::ScoreOutOfRange, self.scored.rows());
        }
        Reading::mean(&self.entropy, &self.scored)
    }

    /// The mean distance between the highest and the next score.
    pub fn margin(&self) -> Reading {
        Reading::mean(&self.margin, &self.scored)
    }

    /// For each number of highest scores, the share of rows whose true class is among them.
    pub fn top(&self) -> impl Iterator<Item = (u64, Reading)> + '_ {
        self.top
            .iter()
            .map(|(k, hits)| (*k, Reading::share_of(hits, &self.labelled, Code::NoRows)))
    }
}

/// The class of the highest score, the first among equals; that score, and the next.
pub(super) fn highest(scores: &[f64]) -> (usize, f64, f64) {
    let (mut best, mut first, mut second) = (0, f64::NEG_INFINITY, f64::NEG_INFINITY);
    for (class, score) in scores.iter().enumerate() {
        if *score > first {
            (best, second, first) = (class, first, *score);
        } else if *score > second {
            second = *score;
        }
    }
    (best, first, second)
}

/// How many classes come before the true one by falling score; of equal scores the class that is later in order comes first, as scikit-learn has it.
fn place_of(scores: &[f64], label: usize) -> u64 {
    let own = scores[label];
    let is_before = |(class, score): &(usize, &f64)| **score > own || (**score == own && *class > label);
    scores.iter().enumerate().filter(is_before).count() as u64
}
