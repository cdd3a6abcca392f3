//! Metrics of predicted numbers, from sums over residuals.

use serde::{Deserialize, Serialize};

use super::UndefinedCode as Code;
use super::reading::Reading;
use super::spec::{Compare, Direction, Family, Metric, Read, Unit};
use super::state::{MeanSums, RowWeight, Tally};
use crate::stats::interval::Method;
use crate::stats::math::fma;
use crate::stats::sum::ExactSum;

/// Sums over rows with truth and prediction.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Residuals {
    all: Tally,
    complete: Tally,
    error: MeanSums,
    absolute: MeanSums,
    squared: MeanSums,
    truth: ExactSum,
    /// With the part of each square that rounding would lose: most of the sum cancels where truths are far from 0.
    truth_squared: ExactSum,
    /// The truth less a fixed pivot near the mean of the audit.
    shifted: ExactSum,
    /// Sums of w^2 times the powers 1 to 4 of the truth less the pivot.
    truth_powers: [ExactSum; 4],
    /// Sums of w^2 e^2 times the powers 1 and 2 of the same.
    crossed: [ExactSum; 2],
}

impl Residuals {
    /// Adds a row; rows without truth or prediction are only counted. `pivot` is fixed for the audit.
    pub fn update(&mut self, truth: f64, prediction: f64, pivot: f64, row: RowWeight) {
        self.all.update(row.count, row.weight);
        if truth.is_nan() || prediction.is_nan() {
            return;
        }
        self.complete.update(row.count, row.weight);
        let error = prediction - truth;
        self.error.update(row, error);
        self.absolute.update(row, error.abs());
        self.squared.update(row, error * error);
        row.add(&mut self.truth, truth);
        let square = truth * truth;
        row.add(&mut self.truth_squared, square);
        if square.is_finite() {
            row.add(&mut self.truth_squared, fma(truth, truth, -square));
        }
        let truth = truth - pivot;
        row.add(&mut self.shifted, truth);
        let mut power = 1.0;
        for sum in &mut self.truth_powers {
            power *= truth;
            row.add_squared(sum, power);
        }
        row.add_squared(&mut self.crossed[0], error * error * truth);
        row.add_squared(&mut self.crossed[1], error * error * truth * truth);
    }

    /// Adds another cell's sums.
    pub fn merge(&mut self, other: &Self) {
        self.all.merge(&other.all);
        self.complete.merge(&other.complete);
        self.error.merge(&other.error);
        self.absolute.merge(&other.absolute);
        self.squared.merge(&other.squared);
        self.truth.merge(&other.truth);
        self.truth_squared.merge(&other.truth_squared);
        self.shifted.merge(&other.shifted);
        for (mine, theirs) in self.truth_powers.iter_mut().zip(&other.truth_powers) {
            mine.merge(theirs);
        }
        for (mine, theirs) in self.crossed.iter_mut().zip(&other.crossed) {
            mine.merge(theirs);
        }
    }

    /// The sum of the truth's squared distances from its mean: those from the rounded mean, expanded and added exactly, less what rounding the
    /// mean adds.
    fn spread(&self) -> f64 {
        let weight = self.complete.exact_weight();
        let centre = self.truth.value() / self.complete.weight();
        let (mut about, mut rest) = (self.truth_squared.clone(), self.truth.clone());
        if !centre.is_finite() || !about.value().is_finite() {
            return f64::NAN;
        }
        let square = centre * centre;
        for part in parts(&self.truth) {
            about.add_product(-2.0 * centre, part);
        }
        for part in parts(&weight) {
            about.add_product(square, part);
            about.add_product(fma(centre, centre, -square), part);
            rest.add_product(-centre, part);
        }
        let rest = rest.value();
        about.value() - rest * rest / self.complete.weight()
    }

    /// The linearised variance of R2: the sum of w^2 (e^2 - (1 - R2) (y - mean)^2)^2 over the squared total sum of squares.
    /// `None` where so much of it cancels that rounding shows: in a group whose truths are very far from the pivot.
    fn variance_of_r2(&self, r2: f64, spread: f64) -> Option<f64> {
        let mean = self.shifted.value() / self.complete.weight();
        let [y1, y2, y3, y4] = [0, 1, 2, 3].map(|power| self.truth_powers[power].value());
        let fourth = self.squared.squared_second();
        let mean2 = mean * mean;
        let offset = mean2 * self.squared.squared_first();
        let crossed = self.crossed[1].value() - 2.0 * mean * self.crossed[0].value() + offset;
        let centred = y4 - 4.0 * mean * y3 + 6.0 * mean2 * y2 - 4.0 * mean2 * mean * y1 + mean2 * mean2 * self.complete.squares();
        let ratio = 1.0 - r2;
        let sum = fourth - 2.0 * ratio * crossed + ratio * ratio * centred;
        let largest = fourth
            + 4.0 * ratio.abs() * (self.crossed[1].value() + offset)
            + 8.0 * ratio * ratio * (y4 + mean2 * mean2 * self.complete.squares());
        (sum > 1e-12 * largest).then(|| sum / (spread * spread))
    }
}

/// A sum as the unevaluated sum of two numbers, which holds twice the digits of one.
fn parts(sum: &ExactSum) -> [f64; 2] {
    let high = sum.value();
    let mut rest = sum.clone();
    rest.add(-high);
    [high, rest.value()]
}

/// All rows, those without truth or prediction included.
pub fn rows(residuals: &Residuals) -> Reading {
    Reading::exact(residuals.all.weight(), residuals.all.rows())
}

fn mae(residuals: &Residuals) -> Reading {
    Reading::mean(&residuals.absolute, &residuals.complete)
}

fn mse(residuals: &Residuals) -> Reading {
    Reading::mean(&residuals.squared, &residuals.complete)
}

/// The root's standard error is the delta method's: that of the mean squared error over twice the root.
fn rmse(residuals: &Residuals) -> Reading {
    let support = residuals.complete.rows();
    let Some(mean) = residuals.squared.mean(&residuals.complete) else {
        return Reading::undefined(Code::NoRows, support);
    };
    let root = mean.sqrt();
    let variance = residuals
        .squared
        .variance_of_mean(&residuals.complete)
        .map(|variance| variance / (4.0 * mean));
    Reading::with_variance(root, variance, Method::Delta, support)
}

fn mean_error(residuals: &Residuals) -> Reading {
    Reading::mean(&residuals.error, &residuals.complete)
}

fn r2(residuals: &Residuals) -> Reading {
    let support = residuals.complete.rows();
    if residuals.complete.weight() <= 0.0 {
        return Reading::undefined(Code::NoRows, support);
    }
    let spread = residuals.spread();
    if !spread.is_finite() {
        return Reading::undefined(Code::TooLarge, support);
    }
    // Below this the spread is what rounding leaves of a truth that does not vary.
    if spread <= residuals.truth_squared.value() * 1e-28 {
        return Reading::undefined(Code::ConstantTruth, support);
    }
    let value = 1.0 - residuals.squared.sum() / spread;
    let variance = residuals.variance_of_r2(value, spread);
    Reading::with_variance(value, variance, Method::Delta, support)
}

const ERROR: Metric = Metric {
    family: Family::Regression,
    reading: "In the unit of the target; 0 is perfect.",
    direction: Direction::LowerIsBetter,
    range: (0.0, f64::INFINITY),
    unit: Unit::Target,
    ..Metric::BLANK
};

/// The rows of this family, in the order they are shown.
pub const METRICS: [Metric; 5] = [
    Metric {
        id: "mae",
        name: "mean absolute error",
        aliases: &["mean_absolute_error"],
        words: &["mean absolute error"],
        summary: "How far the prediction is off, on average.",
        formula: "mean of |prediction - target|",
        caveat: "It hides whether errors are many and small or few and large.",
        reference: "scikit-learn, mean_absolute_error",
        reads: &[Read::Residuals(mae)],
        ..ERROR
    },
    Metric {
        id: "rmse",
        name: "root mean squared error",
        aliases: &["root_mean_squared_error"],
        words: &["root mean squared error"],
        summary: "How far the prediction is off, large errors counting more.",
        formula: "sqrt(mean of (prediction - target)^2)",
        caveat: "A few large errors can dominate it.",
        reference: "scikit-learn, root_mean_squared_error",
        reads: &[Read::Residuals(rmse)],
        ..ERROR
    },
    Metric {
        id: "mse",
        name: "mean squared error",
        aliases: &["mean_squared_error"],
        words: &["mean squared error"],
        summary: "The average squared error.",
        formula: "mean of (prediction - target)^2",
        reading: "In the squared unit of the target; 0 is perfect.",
        caveat: "A few large errors can dominate it.",
        reference: "scikit-learn, mean_squared_error",
        unit: Unit::TargetSquared,
        reads: &[Read::Residuals(mse)],
        ..ERROR
    },
    Metric {
        id: "r2",
        name: "R2",
        aliases: &["r_squared", "coefficient_of_determination"],
        words: &["r squared"],
        summary: "The share of the target's variation that the prediction explains.",
        formula: "1 - sum of (prediction - target)^2 / sum of (target - mean target)^2",
        reading: "1 is perfect, 0 is what always naming the mean reaches; it can be negative.",
        caveat: "It depends on how much the target varies, so groups with little variation look worse.",
        reference: "scikit-learn, r2_score",
        direction: Direction::HigherIsBetter,
        range: (f64::NEG_INFINITY, 1.0),
        unit: Unit::Score,
        compare: Compare::Difference,
        reads: &[Read::Residuals(r2)],
        ..ERROR
    },
    Metric {
        id: "mean_error",
        name: "mean error",
        aliases: &["bias"],
        words: &["bias"],
        summary: "Whether predictions are too high or too low, on average.",
        formula: "mean of (prediction - target)",
        reading: "Positive: predictions are too high. Negative: too low.",
        caveat: "Errors in both directions cancel.",
        reference: "numpy, mean",
        direction: Direction::CloserToZero,
        range: (f64::NEG_INFINITY, f64::INFINITY),
        compare: Compare::Difference,
        reads: &[Read::Residuals(mean_error)],
        ..ERROR
    },
];

#[cfg(test)]
mod tests {
    use super::*;

    /// R2 of truths `offset`, `offset + 0.25`, ... and predictions that miss by 0.25, up and down.
    fn shifted(offset: f64, pivot: f64) -> Reading {
        let mut residuals = Residuals::default();
        for row in 0..40_u32 {
            let truth = offset + 0.25 * f64::from(row % 10);
            let error = if row % 3 == 0 { 0.25 } else { -0.25 };
            let weight = Some(f64::from(1 + row % 7));
            residuals.update(truth, truth + error, pivot, RowWeight { count: 1, weight });
        }
        r2(&residuals)
    }

    #[test]
    fn r2_does_not_depend_on_where_the_truths_lie() {
        let near = shifted(0.0, 0.0);
        for (offset, pivot) in [(1e3, 0.0), (0.0, 5e6), (-5e6, 1e9), (1e12, 0.0), (0.0, 1e12)] {
            let (far, near) = (shifted(offset, pivot).value.unwrap(), near.value.unwrap());
            assert!((far - near).abs() < 1e-12, "{offset} {pivot}: {far} {near}");
        }
    }

    #[test]
    fn where_the_variance_of_r2_cancels_there_is_no_interval() {
        let variance = |offset, pivot| match shifted(offset, pivot).evidence {
            crate::metric::reading::Evidence::StandardError { se, .. } => Some(se * se),
            _ => None,
        };
        let near = variance(0.0, 0.0).unwrap();
        assert!((variance(100.0, 0.0).unwrap() / near - 1.0).abs() < 1e-4);
        assert_eq!(variance(1e6, 0.0), None);
        assert_eq!(variance(0.0, 5e6), None);
    }

    #[test]
    fn r2_of_a_constant_truth_and_of_overflowing_truths_has_a_reason() {
        let of = |truths: &[f64]| {
            let mut residuals = Residuals::default();
            for truth in truths {
                residuals.update(
                    *truth,
                    1.0,
                    5e6,
                    RowWeight {
                        count: 3,
                        weight: Some(0.1),
                    },
                );
            }
            r2(&residuals).value
        };
        assert_eq!(of(&[0.1; 7]), Err(Code::ConstantTruth));
        assert_eq!(of(&[0.0; 7]), Err(Code::ConstantTruth));
        assert_eq!(of(&[1e200, 2e200]), Err(Code::TooLarge));
        assert!(of(&[0.1, 0.1, 0.100_001]).is_ok());
    }
}
