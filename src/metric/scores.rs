//! Metrics from sums over scored rows.

use serde::{Deserialize, Serialize};

use super::UndefinedCode as Code;
use super::class_scores;
use super::reading::Reading;
use super::spec::{Compare, Direction, Family, Metric, Read, Unit};
use super::state::{MeanSums, RowWeight, Tally};
use crate::stats::math::{ln, ln_1p};

/// The smallest probability that log loss distinguishes from 0: 2^-52, as scikit-learn clips.
pub(super) const SMALLEST: f64 = f64::EPSILON;

/// Sums over rows with a score.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Scores {
    scored: Tally,
    labelled: Tally,
    score: MeanSums,
    log_loss: MeanSums,
    squared_error: MeanSums,
    improper: bool,
}

impl Scores {
    /// Adds a row with a score, and its label where it has one. `probability` says whether all scores of the audit are within 0 to 1;
    /// where they are not, losses are undefined.
    pub fn update(&mut self, label: Option<bool>, score: f64, probability: bool, row: RowWeight) {
        self.scored.update(row.count, row.weight);
        self.score.update(row, score);
        let Some(positive) = label else { return };
        self.labelled.update(row.count, row.weight);
        if !probability {
            self.improper = true;
            return;
        }
        let clipped = score.clamp(SMALLEST, 1.0 - SMALLEST);
        self.log_loss.update(row, if positive { -ln(clipped) } else { -ln_1p(-clipped) });
        let error = if positive { 1.0 - score } else { score };
        self.squared_error.update(row, error * error);
    }

    /// Adds a row of several classes: the score of its true class.
    pub fn update_true_class(&mut self, score_of_label: f64, probability: bool, row: RowWeight) {
        self.labelled.update(row.count, row.weight);
        if probability {
            self.log_loss.update(row, -ln(score_of_label.clamp(SMALLEST, 1.0 - SMALLEST)));
        } else {
            self.improper = true;
        }
    }

    /// Adds another cell's sums.
    pub fn merge(&mut self, other: &Self) {
        self.scored.merge(&other.scored);
        self.labelled.merge(&other.labelled);
        self.score.merge(&other.score);
        self.log_loss.merge(&other.log_loss);
        self.squared_error.merge(&other.squared_error);
        self.improper |= other.improper;
    }

    fn loss(&self, sums: &MeanSums) -> Reading {
        if self.improper {
            return Reading::undefined(Code::ScoreOutOfRange, self.labelled.rows());
        }
        Reading::mean(sums, &self.labelled)
    }
}

fn mean_score(scores: &Scores) -> Reading {
    Reading::mean(&scores.score, &scores.scored)
}

fn log_loss(scores: &Scores) -> Reading {
    scores.loss(&scores.log_loss)
}

fn brier_score(scores: &Scores) -> Reading {
    scores.loss(&scores.squared_error)
}

const LOSS: Metric = Metric {
    family: Family::Scores,
    direction: Direction::LowerIsBetter,
    range: (0.0, f64::INFINITY),
    ..Metric::BLANK
};

/// The rows of this family, in the order they are shown.
pub const METRICS: [Metric; 3] = [
    Metric {
        id: "log_loss",
        name: "log loss",
        aliases: &["cross_entropy", "logistic_loss"],
        words: &["cross entropy"],
        summary: "How surprised the model is by what really happened, on average.",
        formula: "mean of -ln(score of the true class), scores clipped to 2^-52 and 1 - 2^-52",
        reading: "0 is perfect; 0.693 is what always saying 50 % costs with two classes.",
        caveat: "A few confident errors can dominate it.",
        reference: "scikit-learn, log_loss",
        unit: Unit::Nats,
        reads: &[Read::Scores(log_loss), Read::ClassScores(log_loss)],
        ..LOSS
    },
    Metric {
        id: "brier_score",
        name: "Brier score",
        aliases: &["brier"],
        words: &[],
        summary: "The average squared distance between the score and what really happened.",
        formula: "mean of (score - truth)^2, truth 0 or 1",
        reading: "0 is perfect; 0.25 is what always saying 50 % costs.",
        caveat: "It mixes calibration with telling classes apart.",
        reference: "Brier 1950; scikit-learn, brier_score_loss",
        range: (0.0, 1.0),
        by_group: true,
        reads: &[
            Read::Scores(brier_score),
            Read::View {
                needs: class_scores::has_labelled_scores,
                read: class_scores::class_brier_score,
            },
        ],
        ..LOSS
    },
    Metric {
        id: "mean_score",
        name: "mean score",
        aliases: &[],
        words: &[],
        summary: "The average score.",
        formula: "mean of the score",
        reading: "For a probability, compare it with the base rate.",
        caveat: "It says nothing about errors.",
        reference: "numpy, average",
        direction: Direction::Neutral,
        range: (f64::NEG_INFINITY, f64::INFINITY),
        compare: Compare::Difference,
        reads: &[Read::ScoresAlone(mean_score)],
        ..LOSS
    },
];
