//! Metrics from sums over scored rows.

use serde::{Deserialize, Serialize};

use super::UndefinedCode as Code;
use super::class_scores;
use super::labels;
use super::reading::{Evidence, Reading};
use super::spec::{Compare, Direction, Family, Metric, Read, Unit};
use super::state::{MeanSums, RowWeight, Tally};
use crate::stats::interval::{Method, Share};
use crate::stats::math::{ln, ln_1p, logit};

/// The smallest probability that log loss distinguishes from 0: 2^-52, as scikit-learn clips.
pub(super) const SMALLEST: f64 = f64::EPSILON;

/// Sums over rows with a score.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Scores {
    labelled: Tally,
    positives: Tally,
    negatives: Tally,
    unlabelled: Tally,
    positive_score: MeanSums,
    negative_score: MeanSums,
    unlabelled_score: MeanSums,
    log_loss: MeanSums,
    squared_error: MeanSums,
    improper: bool,
}

impl Scores {
    /// Adds a row with a score, and its label where it has one. `probability` says whether all scores of the audit are within 0 to 1;
    /// where they are not, losses are undefined.
    pub fn update(&mut self, label: Option<bool>, score: f64, probability: bool, row: RowWeight) {
        let Some(positive) = label else {
            self.unlabelled.update(row.count, row.weight);
            self.unlabelled_score.update(row, score);
            return;
        };
        self.labelled.update(row.count, row.weight);
        if positive {
            self.positives.update(row.count, row.weight);
            self.positive_score.update(row, score);
        } else {
            self.negatives.update(row.count, row.weight);
            self.negative_score.update(row, score);
        }
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
        self.labelled.merge(&other.labelled);
        self.positives.merge(&other.positives);
        self.negatives.merge(&other.negatives);
        self.unlabelled.merge(&other.unlabelled);
        self.positive_score.merge(&other.positive_score);
        self.negative_score.merge(&other.negative_score);
        self.unlabelled_score.merge(&other.unlabelled_score);
        self.log_loss.merge(&other.log_loss);
        self.squared_error.merge(&other.squared_error);
        self.improper |= other.improper;
    }

    /// The sums of all scores with a label.
    fn score(&self) -> MeanSums {
        let mut all = self.positive_score.clone();
        all.merge(&self.negative_score);
        all
    }

    fn loss(&self, sums: &MeanSums) -> Reading {
        if self.improper {
            return Reading::undefined(Code::ScoreOutOfRange, self.labelled.rows());
        }
        Reading::mean(sums, &self.labelled)
    }

    /// The share of positives among the rows with score and label.
    fn prevalence(&self) -> Reading {
        if self.improper {
            return Reading::undefined(Code::ScoreOutOfRange, self.labelled.rows());
        }
        Reading::share_of(&self.positives, &self.labelled, Code::NoRows)
    }

    /// One minus a loss over that of a score that always is the share of positives.
    fn skill(&self, sums: &MeanSums, naive: fn(&Self) -> Reading) -> Reading {
        let naive = naive(self);
        let value = match (self.loss(sums).value, naive.value) {
            (Ok(_), Ok(naive)) if naive <= 0.0 => Err(Code::OneClass),
            (Ok(loss), Ok(naive)) => Ok(1.0 - loss / naive),
            (Err(code), _) | (_, Err(code)) => Err(code),
        };
        value.map_or_else(
            |code| Reading::undefined(code, naive.support),
            |value| Reading::exact(value, naive.support),
        )
    }
}

fn mean_score(scores: &Scores) -> Reading {
    let (mut sums, mut tally) = (scores.score(), scores.labelled.clone());
    sums.merge(&scores.unlabelled_score);
    tally.merge(&scores.unlabelled);
    Reading::mean(&sums, &tally)
}

fn mean_score_positives(scores: &Scores) -> Reading {
    of_class(&scores.positive_score, &scores.positives, Code::NoPositives)
}

fn mean_score_negatives(scores: &Scores) -> Reading {
    of_class(&scores.negative_score, &scores.negatives, Code::NoNegatives)
}

fn of_class(sums: &MeanSums, rows: &Tally, none: Code) -> Reading {
    if rows.rows() == 0 {
        Reading::undefined(none, 0)
    } else {
        Reading::mean(sums, rows)
    }
}

/// The variance is that of the share of positives times the squared slope.
fn of_prevalence(scores: &Scores, value: impl Fn(f64) -> f64, slope: impl Fn(f64) -> f64) -> Reading {
    let share = scores.prevalence();
    let (Ok(p), Evidence::Share(Share { size, .. })) = (share.value, share.evidence) else {
        return Reading {
            value: share.value.map(value),
            evidence: Evidence::None,
            ..share
        };
    };
    let variance = slope(p) * slope(p) * p * (1.0 - p) / size;
    Reading::with_variance(value(p), Some(variance), Method::Delta, share.support)
}

fn naive_log_loss(scores: &Scores) -> Reading {
    let part = |p: f64| if p > 0.0 { -p * ln(p) } else { 0.0 };
    of_prevalence(scores, |p| part(p) + part(1.0 - p), |p| logit(1.0 - p))
}

/// Also the Brier score of always giving the share of positives.
fn brier_uncertainty(scores: &Scores) -> Reading {
    of_prevalence(scores, |p| p * (1.0 - p), |p| 1.0 - 2.0 * p)
}

fn d2_log_loss(scores: &Scores) -> Reading {
    scores.skill(&scores.log_loss, naive_log_loss)
}

fn d2_brier(scores: &Scores) -> Reading {
    scores.skill(&scores.squared_error, brier_uncertainty)
}

/// The interval is on the logarithm: the error of the number of positives, the expected one taken as given (Debray and others 2017).
pub(super) fn expected_observed_ratio(scores: &Scores) -> Reading {
    let share = scores.prevalence();
    let support = share.support;
    match share.value {
        Err(code) => Reading::undefined(code, support),
        Ok(p) if p <= 0.0 => Reading::undefined(Code::NoPositives, support),
        Ok(p) => Reading {
            value: Ok(scores.score().sum() / scores.positives.weight()),
            support,
            evidence: match share.evidence {
                Evidence::Share(Share { size, .. }) if p < 1.0 => Evidence::LogError {
                    se: ((1.0 - p) / (size * p)).sqrt(),
                    method: Method::NormalLog,
                },
                _ => Evidence::None,
            },
        },
    }
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
pub const METRICS: [Metric; 10] = [
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
            labels::of_label_scores(labels::label_brier_score),
        ],
        ..LOSS
    },
    Metric {
        id: "d2_log_loss",
        name: "log loss skill",
        aliases: &["log_loss_skill_score", "mcfadden_r2"],
        words: &[],
        summary: "How much of the log loss of the naive score is gone: that score always is the share of positives.",
        formula: "1 - log loss / log loss of the share of positives",
        reading: "1 is perfect, 0 is no better than the share of positives, below 0 is worse.",
        caveat: "Each group is held against its own share of positives.",
        reference: "scikit-learn, d2_log_loss_score; McFadden 1974",
        direction: Direction::HigherIsBetter,
        range: (f64::NEG_INFINITY, 1.0),
        compare: Compare::Difference,
        reads: &[Read::Scores(d2_log_loss)],
        ..LOSS
    },
    Metric {
        id: "d2_brier",
        name: "Brier skill score",
        aliases: &["brier_skill_score", "bss"],
        words: &[],
        summary: "How much of the Brier score of the naive score is gone: that score always is the share of positives.",
        formula: "1 - Brier score / (p (1 - p)), p the share of positives",
        reading: "1 is perfect, 0 is no better than the share of positives, below 0 is worse.",
        caveat: "Each group is held against its own share of positives.",
        reference: "scikit-learn, d2_brier_score",
        direction: Direction::HigherIsBetter,
        range: (f64::NEG_INFINITY, 1.0),
        compare: Compare::Difference,
        reads: &[Read::Scores(d2_brier)],
        ..LOSS
    },
    Metric {
        id: "naive_log_loss",
        name: "log loss of the naive score",
        aliases: &["log_loss_of_prevalence"],
        words: &[],
        summary: "The log loss of always giving the share of positives as the score.",
        formula: "-p ln(p) - (1 - p) ln(1 - p), p the share of positives",
        reading: "What log loss must stay below to be worth anything.",
        caveat: "It knows the share of positives in these very rows.",
        reference: "scikit-learn, DummyClassifier(strategy=\"prior\")",
        direction: Direction::Neutral,
        unit: Unit::Nats,
        compare: Compare::No,
        reads: &[Read::Scores(naive_log_loss)],
        ..LOSS
    },
    Metric {
        id: "brier_uncertainty",
        name: "Brier score of the naive score",
        aliases: &["uncertainty", "naive_brier_score"],
        words: &[],
        summary: "The Brier score of always giving the share of positives as the score: the part of it that no score can change.",
        formula: "p (1 - p), p the share of positives",
        reading: "What the Brier score must stay below to be worth anything.",
        caveat: "It knows the share of positives in these very rows.",
        reference: "Murphy 1973",
        direction: Direction::Neutral,
        range: (0.0, 0.25),
        compare: Compare::No,
        reads: &[Read::Scores(brier_uncertainty)],
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
    Metric {
        id: "mean_score_positives",
        name: "mean score of positives",
        aliases: &[],
        words: &[],
        summary: "The average score of the rows that are positive in truth.",
        formula: "mean of the score over rows that are positive in truth",
        reading: "Balance for the positive class asks for the same in every group.",
        caveat: "Equal averages can hide unequal errors at the threshold.",
        reference: "Kleinberg, Mullainathan and Raghavan 2017",
        direction: Direction::Neutral,
        range: (f64::NEG_INFINITY, f64::INFINITY),
        compare: Compare::Difference,
        reads: &[Read::Scores(mean_score_positives)],
        ..LOSS
    },
    Metric {
        id: "mean_score_negatives",
        name: "mean score of negatives",
        aliases: &[],
        words: &[],
        summary: "The average score of the rows that are negative in truth.",
        formula: "mean of the score over rows that are negative in truth",
        reading: "Balance for the negative class asks for the same in every group.",
        caveat: "Equal averages can hide unequal errors at the threshold.",
        reference: "Kleinberg, Mullainathan and Raghavan 2017",
        direction: Direction::Neutral,
        range: (f64::NEG_INFINITY, f64::INFINITY),
        compare: Compare::Difference,
        reads: &[Read::Scores(mean_score_negatives)],
        ..LOSS
    },
    Metric {
        id: "mean_score_error",
        name: "mean score error",
        aliases: &["score_minus_label"],
        words: &[],
        summary: "How far the scores are above or below what happened, on average, among rows that a search found.",
        formula: "mean of score less truth, which is 1 for the positive class and 0 for all others",
        reading: "0.05 says that of 100 such rows five fewer are positive than the scores promise.",
        caveat: "It cancels over rows: 0 does not say that each score is right.",
        reference: "Misztal-Radecka and Indurkhya 2021",
        direction: Direction::CloserToZero,
        range: (f64::NEG_INFINITY, f64::INFINITY),
        compare: Compare::Difference,
        reads: &[Read::Comparison],
        ..LOSS
    },
];
