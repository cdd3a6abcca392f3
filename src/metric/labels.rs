//! Rows that can have several labels at once: whole rows right or wrong, and the labels' values put together.
//!
//! Single labels are counted as two classes are; here is what needs all labels of a row. Rows count in which every label is known, in truth and
//! as predicted.

use std::collections::BTreeMap;

use super::multiclass::Average;
use super::ranking::{self, RankTotals, Scan, falling_key};
use super::reading::Reading;
use super::spec::{Direction, Metric, Read, Unit};
use super::state::{MeanSums, RowWeight, Tally};
use super::view::{Measured, Subject, View};
use super::{Task, UndefinedCode as Code};
use crate::stats::interval::Method;
use crate::stats::sum::ExactSum;

/// One of several labels that a row can have at once.
#[derive(Debug, Clone, Default)]
pub struct LabelRows {
    /// For each row whether it has the label; `None` where that is not known.
    pub truth: Vec<Option<bool>>,
    /// For each row whether the label is predicted; `None` where that is not known.
    pub prediction: Vec<Option<bool>>,
    /// For each row the label's score, NaN where missing.
    pub score: Option<Vec<f64>>,
}

/// A ratio that every label, and every row, has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ratio {
    /// True positives over those predicted.
    Precision,
    /// True positives over those true.
    Recall,
    /// Twice the true positives over those predicted and those true.
    F1,
    /// True positives over those predicted or true.
    Jaccard,
}

const RATIOS: [Ratio; 4] = [Ratio::Precision, Ratio::Recall, Ratio::F1, Ratio::Jaccard];
const AVERAGES: [Average; 3] = [Average::Macro, Average::Micro, Average::Weighted];

impl Ratio {
    /// Numerator and denominator from what is both, what is true, and what is predicted.
    fn parts(self, both: f64, truth: f64, predicted: f64) -> (f64, f64) {
        match self {
            Self::Precision => (both, predicted),
            Self::Recall => (both, truth),
            Self::F1 => (2.0 * both, truth + predicted),
            Self::Jaccard => (both, truth + predicted - both),
        }
    }
}

/// Whether rows can have several labels.
pub(super) fn has_labels(subject: &Subject<'_>) -> bool {
    subject.task == Some(Task::Multilabel)
}

/// Whether they do, and labels have scores.
pub(super) fn has_label_scores(subject: &Subject<'_>) -> bool {
    has_labels(subject) && subject.rows.labels.iter().any(|label| label.score.is_some())
}

/// How a metric of several labels is read.
pub(super) const fn of_labels(read: fn(&View<'_>) -> Vec<Measured>) -> Read {
    Read::View { needs: has_labels, read }
}

/// How a metric of single labels' scores is read.
pub(super) const fn of_label_scores(read: fn(&View<'_>) -> Vec<Measured>) -> Read {
    Read::View {
        needs: has_label_scores,
        read,
    }
}

/// What is true, what is predicted, and what is both: of a label over rows, or of a row over labels.
#[derive(Debug, Clone, Copy, Default)]
struct Size {
    truth: f64,
    predicted: f64,
    both: f64,
}

impl Size {
    fn of(truth: bool, predicted: bool) -> Self {
        let size = |is: bool| f64::from(u8::from(is));
        Self {
            truth: size(truth),
            predicted: size(predicted),
            both: size(truth && predicted),
        }
    }

    fn parts(self, ratio: Ratio) -> (f64, f64) {
        ratio.parts(self.both, self.truth, self.predicted)
    }

    fn ratio(self, ratio: Ratio) -> Option<f64> {
        let (numerator, denominator) = self.parts(ratio);
        (denominator > 0.0).then(|| numerator / denominator)
    }
}

/// Sums over the rows of a view in which every label is known.
#[derive(Debug)]
pub struct LabelSums {
    all: Tally,
    exact: Tally,
    wrong: MeanSums,
    /// For each ratio, its mean over the rows that have one, and those rows.
    samples: [(MeanSums, Tally); RATIOS.len()],
    averages: [[Reading; AVERAGES.len()]; RATIOS.len()],
}

impl LabelSums {
    /// Sums over a view.
    pub fn of(view: &View<'_>) -> Self {
        let labels = &view.subject.rows.labels;
        let mut sums: Vec<[ExactSum; 3]> = vec![Default::default(); labels.len()];
        let (mut all, mut exact, mut wrong) = (Tally::default(), Tally::default(), MeanSums::default());
        let mut samples: [(MeanSums, Tally); RATIOS.len()] = Default::default();
        for (row, weight) in complete(view) {
            let mut own = Size::default();
            let mut errors = 0.0;
            for (label, sum) in labels.iter().zip(&mut sums) {
                let size = at(label, row);
                for (sum, x) in sum.iter_mut().zip([size.truth, size.predicted, size.both]) {
                    if x > 0.0 {
                        weight.add(sum, 1.0);
                    }
                }
                own.truth += size.truth;
                own.predicted += size.predicted;
                own.both += size.both;
                errors += size.truth + size.predicted - 2.0 * size.both;
            }
            all.update(weight.count, weight.weight);
            if errors == 0.0 {
                exact.update(weight.count, weight.weight);
            }
            wrong.update(weight, errors / labels.len() as f64);
            for (ratio, (mean, rows)) in RATIOS.iter().zip(&mut samples) {
                if let Some(value) = own.ratio(*ratio) {
                    mean.update(weight, value);
                    rows.update(weight.count, weight.weight);
                }
            }
        }
        let sizes: Vec<Size> = sums
            .iter()
            .map(|[truth, predicted, both]| Size {
                truth: truth.value(),
                predicted: predicted.value(),
                both: both.value(),
            })
            .collect();
        Self {
            averages: RATIOS.map(|ratio| AVERAGES.map(|average| averaged(view, &sizes, &all, ratio, average))),
            all,
            exact,
            wrong,
            samples,
        }
    }
}

/// The rows in which every label is known, with what they count.
fn complete<'v>(view: &'v View<'_>) -> impl Iterator<Item = (usize, RowWeight)> + 'v {
    let rows = view.subject.rows;
    let is_known = move |row: usize| {
        rows.labels
            .iter()
            .all(|label| label.truth[row].is_some() && label.prediction[row].is_some())
    };
    let all = view.rows.iter().map(|row| *row as usize);
    all.filter(move |row| is_known(*row))
        .filter_map(move |row| Some((row, rows.weight(row)?)))
}

fn at(label: &LabelRows, row: usize) -> Size {
    Size::of(label.truth[row] == Some(true), label.prediction[row] == Some(true))
}

/// An average over labels with the delta method's variance: what every row adds to it, squared; a row's labels are not independent.
fn averaged(view: &View<'_>, sizes: &[Size], all: &Tally, ratio: Ratio, average: Average) -> Reading {
    let undefined = |code| Reading::undefined(code, all.rows());
    if all.weight() <= 0.0 {
        return undefined(Code::NoRows);
    }
    let values: Vec<Option<f64>> = sizes.iter().map(|size| size.ratio(ratio)).collect();
    let total_truth: f64 = sizes.iter().map(|size| size.truth).sum();
    let parts: Vec<(f64, f64)> = sizes.iter().map(|size| size.parts(ratio)).collect();
    let pooled: (f64, f64) = parts.iter().fold((0.0, 0.0), |sum, part| (sum.0 + part.0, sum.1 + part.1));
    let defined = values.iter().flatten().count() as f64;
    // How much each label counts in the average.
    let share = |label: usize| match average {
        Average::Macro => 1.0 / defined,
        Average::Micro => parts[label].1 / pooled.1,
        Average::Weighted => sizes[label].truth / total_truth,
    };
    let size = match average {
        Average::Macro => defined,
        Average::Micro => pooled.1,
        Average::Weighted => total_truth,
    };
    if size <= 0.0 {
        return undefined(Code::ZeroDenominator);
    }
    let value = match average {
        Average::Micro => pooled.0 / pooled.1,
        _ => (0..sizes.len()).map(|label| share(label) * values[label].unwrap_or(0.0)).sum(),
    };
    let mut squares = ExactSum::default();
    for (row, weight) in complete(view) {
        let mut slope = 0.0;
        for (label, rows) in view.subject.rows.labels.iter().enumerate() {
            let own = at(rows, row);
            let (numerator, denominator) = own.parts(ratio);
            slope += match (average, values[label]) {
                (Average::Micro, _) => (numerator - value * denominator) / pooled.1,
                (_, Some(of_label)) => share(label) * (numerator - of_label * denominator) / parts[label].1,
                (_, None) => 0.0,
            };
            if average == Average::Weighted {
                slope += own.truth * (values[label].unwrap_or(0.0) - value) / total_truth;
            }
        }
        let part = weight.weight.unwrap_or(1.0) * slope;
        squares.add_product(weight.count as f64, part * part);
    }
    Reading::with_variance(value, Some(squares.value()), Method::Delta, all.rows())
}

fn sums<'v>(view: &'v View<'_>) -> &'v LabelSums {
    view.memory.label_sums.get_or_init(|| LabelSums::of(view))
}

/// A ratio's average over labels.
pub(super) fn average(view: &View<'_>, ratio: Ratio, average: Average) -> Vec<Measured> {
    let column = AVERAGES.iter().position(|own| *own == average).unwrap_or(0);
    vec![Measured::plain(sums(view).averages[ratio as usize][column])]
}

fn samples(view: &View<'_>, ratio: Ratio) -> Vec<Measured> {
    let (mean, rows) = &sums(view).samples[ratio as usize];
    let reading = match rows.rows() {
        0 => Reading::undefined(
            if sums(view).all.rows() == 0 {
                Code::NoRows
            } else {
                Code::ZeroDenominator
            },
            0,
        ),
        _ => Reading::mean(mean, rows),
    };
    vec![Measured::plain(reading)]
}

fn subset_accuracy(view: &View<'_>) -> Vec<Measured> {
    let LabelSums { all, exact, .. } = sums(view);
    vec![Measured::plain(Reading::share_of(exact, all, Code::NoRows))]
}

fn hamming_loss(view: &View<'_>) -> Vec<Measured> {
    let LabelSums { all, wrong, .. } = sums(view);
    vec![Measured::plain(Reading::mean(wrong, all))]
}

/// One form a label that has scores; the labels are named as the classes are.
fn of_each_label(view: &View<'_>, read: impl Fn(&LabelRows, &[f64]) -> Reading) -> Vec<Measured> {
    let labels = view.subject.rows.labels.iter().zip(view.subject.classes);
    let form = |(label, name): (&LabelRows, &String)| {
        Some(Measured {
            params: BTreeMap::from([("label".to_owned(), name.clone())]),
            reading: read(label, label.score.as_ref()?),
            text: None,
        })
    };
    labels.filter_map(form).collect()
}

/// The rows of a view with a label's truth and score, with what they count.
fn scored<'v>(view: &'v View<'_>, label: &'v LabelRows, scores: &'v [f64]) -> impl Iterator<Item = (bool, f64, RowWeight)> + 'v {
    view.rows.iter().filter_map(move |row| {
        let row = *row as usize;
        let score = Some(scores[row]).filter(|score| !score.is_nan())?;
        Some((label.truth[row]?, score, view.subject.rows.weight(row)?))
    })
}

/// What the order of each label's scores tells.
fn ranked(view: &View<'_>, read: fn(&ranking::Rank) -> Reading) -> Vec<Measured> {
    of_each_label(view, |label, scores| {
        let mut order: Vec<(u64, u32)> = Vec::new();
        let mut rows: Vec<(bool, f64, RowWeight)> = Vec::new();
        let mut totals = RankTotals::default();
        for row in scored(view, label, scores) {
            totals.update(row.0, row.2);
            order.push((falling_key(row.1), rows.len() as u32));
            rows.push(row);
        }
        order.sort_unstable();
        let mut scan = Scan::new(totals);
        for (_, place) in order {
            let (positive, score, weight) = rows[place as usize];
            scan.update(positive, score, weight);
        }
        read(&scan.finish())
    })
}

/// ROC AUC of every label's score.
pub(super) fn label_roc_auc(view: &View<'_>) -> Vec<Measured> {
    ranked(view, ranking::roc_auc)
}

/// Average precision of every label's score.
pub(super) fn label_average_precision(view: &View<'_>) -> Vec<Measured> {
    ranked(view, ranking::average_precision)
}

/// The Brier score of every label's score.
pub(super) fn label_brier_score(view: &View<'_>) -> Vec<Measured> {
    of_each_label(view, |label, scores| {
        let (mut errors, mut rows) = (MeanSums::default(), Tally::default());
        for (positive, score, weight) in scored(view, label, scores) {
            let error = if positive { 1.0 - score } else { score };
            errors.update(weight, error * error);
            rows.update(weight.count, weight.weight);
        }
        if view.subject.is_probability {
            Reading::mean(&errors, &rows)
        } else {
            Reading::undefined(Code::ScoreOutOfRange, rows.rows())
        }
    })
}

const SAMPLES: Metric = Metric {
    reading: "From 0 % to 100 %.",
    caveat: "Rows for which the value is undefined are left out.",
    reference: "scikit-learn, average=\"samples\", zero_division=nan",
    unit: Unit::Share,
    by_group: true,
    ..Metric::BLANK
};

/// The rows of this family, in the order they are shown.
pub const METRICS: [Metric; 6] = [
    Metric {
        id: "subset_accuracy",
        name: "subset accuracy",
        aliases: &["exact_match_ratio"],
        summary: "How often all labels of a row are right.",
        formula: "rows without a wrong label / rows",
        caveat: "One wrong label of many counts as much as all wrong.",
        reference: "scikit-learn, accuracy_score",
        reads: &[of_labels(subset_accuracy)],
        ..SAMPLES
    },
    Metric {
        id: "hamming_loss",
        name: "Hamming loss",
        summary: "Of all labels of all rows, the share that are wrong.",
        formula: "mean over rows of wrong labels / labels",
        reading: "0 % is perfect.",
        caveat: "Where most labels are absent, predicting none is wrong seldom.",
        reference: "scikit-learn, hamming_loss",
        direction: Direction::LowerIsBetter,
        reads: &[of_labels(hamming_loss)],
        ..SAMPLES
    },
    Metric {
        id: "precision_samples",
        name: "precision by row",
        summary: "Of the labels predicted for a row, the share that are right, averaged over rows.",
        formula: "mean over rows of right labels / predicted labels",
        reads: &[of_labels(|view| samples(view, Ratio::Precision))],
        ..SAMPLES
    },
    Metric {
        id: "recall_samples",
        name: "recall by row",
        summary: "Of the labels that a row has, the share that are predicted, averaged over rows.",
        formula: "mean over rows of right labels / true labels",
        reads: &[of_labels(|view| samples(view, Ratio::Recall))],
        ..SAMPLES
    },
    Metric {
        id: "f1_samples",
        name: "F1 by row",
        summary: "F1 of the labels of a row, averaged over rows.",
        formula: "mean over rows of 2 x right labels / (predicted labels + true labels)",
        unit: Unit::Score,
        reads: &[of_labels(|view| samples(view, Ratio::F1))],
        ..SAMPLES
    },
    Metric {
        id: "jaccard_samples",
        name: "Jaccard index by row",
        summary: "Of the labels that a row has or is predicted to have, the share that are both, averaged over rows.",
        formula: "mean over rows of right labels / (predicted or true labels)",
        reads: &[of_labels(|view| samples(view, Ratio::Jaccard))],
        ..SAMPLES
    },
];
