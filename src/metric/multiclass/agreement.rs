//! How far predictions agree with the truth beyond chance, and how far apart ordered classes are.

use super::super::UndefinedCode as Code;
use super::super::reading::Reading;
use super::averages::Margins;
use super::{Apart, ClassCounts};
use crate::stats::sum::ExactSum;

impl ClassCounts {
    /// Gorodkin's correlation of K classes (2004), with the delta method.
    pub(super) fn matthews(&self, margins: &Margins) -> Reading {
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

    pub(super) fn kappa(&self, margins: &Margins) -> Reading {
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

    /// Cohen's kappa of ordered classes (1968): 1 less the distance seen over the distance that chance would give, with the delta method.
    pub(super) fn weighted_kappa(&self, margins: &Margins, apart: Apart) -> Reading {
        let n = margins.total;
        let classes = margins.label.len();
        let support = self.total(|_, _| true).rows();
        if n <= 0.0 {
            return Reading::undefined(Code::NoRows, support);
        }
        // How far the rows of a class would be from the predictions, and the predictions of a class from the truths.
        let from = |of: &[f64]| -> Vec<f64> {
            let far = |class: usize| (0..classes).map(|other| apart.between(class, other) * of[other]).sum();
            (0..classes).map(far).collect()
        };
        let (to_predictions, to_labels) = (from(&margins.prediction), from(&margins.label));
        let cells = self.cells.iter();
        let seen: f64 = cells
            .map(|((label, prediction), tally)| apart.between(*label as usize, *prediction as usize) * tally.weight())
            .sum();
        let expected = margins.label.iter().zip(&to_predictions).map(|(t, far)| t * far).sum::<f64>() / n;
        if expected <= 0.0 {
            return Reading::undefined(Code::OneClass, support);
        }
        let value = 1.0 - seen / expected;
        self.delta(value, |label, prediction| {
            let d_expected = (to_predictions[label] + to_labels[prediction] - expected) / n;
            ((1.0 - value) * d_expected - apart.between(label, prediction)) / expected
        })
    }

    /// The mean number of places between the true and the predicted class.
    pub(super) fn class_distance(&self) -> Reading {
        let all = self.total(|_, _| true);
        if all.weight() <= 0.0 {
            return Reading::undefined(Code::NoRows, all.rows());
        }
        let mut places: Vec<ExactSum> = Vec::new();
        for ((label, prediction), tally) in &self.cells {
            let apart = label.abs_diff(*prediction) as usize;
            places.resize_with(places.len().max(apart + 1), ExactSum::default);
            places[apart].merge(&tally.exact_weight());
        }
        let far: f64 = places.iter().enumerate().map(|(apart, weight)| apart as f64 * weight.value()).sum();
        let value = far / all.weight();
        self.delta(value, |label, prediction| {
            (Apart::Linear.between(label, prediction) - value) / all.weight()
        })
    }
}
