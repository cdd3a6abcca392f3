//! The sums over residuals from which most metrics of predicted numbers are read.

use serde::{Deserialize, Serialize};

use crate::metric::state::{MeanSums, RowWeight, Tally};
use crate::stats::math::{fma, ln, ln_1p};
use crate::stats::sum::ExactSum;

/// Sums over rows with truth and prediction.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Residuals {
    pub(super) all: Tally,
    pub(super) complete: Tally,
    /// Prediction less truth.
    pub(super) error: MeanSums,
    pub(super) absolute: MeanSums,
    pub(super) squared: MeanSums,
    /// The error as a share of the truth.
    pub(super) percentage: MeanSums,
    /// The error as a share of the mean of truth and prediction.
    pub(super) symmetric: MeanSums,
    /// The squared difference of logarithms.
    pub(super) logarithmic: MeanSums,
    pub(super) poisson: MeanSums,
    pub(super) gamma: MeanSums,
    /// Rows that a formula does not take.
    pub(super) outside: Outside,
    pub(super) magnitude: Magnitude,
    truth: ExactSum,
    prediction: ExactSum,
    /// Products with the part that rounding would lose: most of a sum cancels where numbers are far from 0.
    truth_squared: ExactSum,
    prediction_squared: ExactSum,
    truth_by_prediction: ExactSum,
    powers: Powers,
}

/// How many rows a formula does not take.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub(super) struct Outside {
    /// Truth is 0 and prediction is not.
    pub percentage: u64,
    /// Truth or prediction is at most -1.
    pub logarithmic: u64,
    /// Truth is negative, or prediction is not positive.
    pub poisson: u64,
    /// Truth or prediction is not positive.
    pub gamma: u64,
}

/// The truth's size, with what the variance of a ratio to it needs.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub(super) struct Magnitude {
    /// The sum of |y|.
    pub first: ExactSum,
    /// The sum of w^2 y^2.
    pub squared_second: ExactSum,
    /// The sum of w^2 |e| |y|.
    pub crossed: ExactSum,
}

/// Sums of w^2 times powers of the error e and of the truth less a fixed pivot, t, for the variance of shares of variation explained.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
struct Powers {
    /// The truth less the pivot, with the plain weight.
    shifted: ExactSum,
    /// Powers 1 to 4 of t.
    truth: [ExactSum; 4],
    /// e^2 t and e^2 t^2.
    crossed: [ExactSum; 2],
    /// e^3, e t and e t^2.
    about_mean: [ExactSum; 3],
}

/// Means of truth and prediction, and sums of squares and products about them.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Moments {
    pub truth_mean: f64,
    pub prediction_mean: f64,
    /// The truth's squared distances from its mean.
    pub truth: f64,
    /// The prediction's.
    pub prediction: f64,
    /// Products of both.
    pub crossed: f64,
    /// Those of truth less prediction.
    pub residual: f64,
    /// Products of the prediction's distances and those of truth less prediction.
    pub prediction_by_residual: f64,
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
        row.add(&mut self.prediction, prediction);
        add_in_full(&mut self.truth_squared, row, truth, truth);
        add_in_full(&mut self.prediction_squared, row, prediction, prediction);
        add_in_full(&mut self.truth_by_prediction, row, truth, prediction);
        self.powers.update(row, error, truth - pivot);
        self.magnitude.update(row, error, truth);
        self.update_shares(row, truth, prediction);
        self.update_deviances(row, truth, prediction);
    }

    fn update_shares(&mut self, row: RowWeight, truth: f64, prediction: f64) {
        let error = (prediction - truth).abs();
        if truth == 0.0 && error > 0.0 {
            self.outside.percentage += row.count;
        } else {
            // As scikit-learn: nothing is divided by less than 2^-52.
            self.percentage.update(row, error / truth.abs().max(f64::EPSILON));
        }
        let size = truth.abs() + prediction.abs();
        self.symmetric.update(row, if size > 0.0 { 2.0 * error / size } else { 0.0 });
    }

    fn update_deviances(&mut self, row: RowWeight, truth: f64, prediction: f64) {
        if truth > -1.0 && prediction > -1.0 {
            let difference = ln_1p(prediction) - ln_1p(truth);
            self.logarithmic.update(row, difference * difference);
        } else {
            self.outside.logarithmic += row.count;
        }
        if truth < 0.0 || prediction <= 0.0 {
            self.outside.poisson += row.count;
            self.outside.gamma += row.count;
            return;
        }
        let logarithm = if truth > 0.0 { ln(truth / prediction) } else { 0.0 };
        self.poisson.update(row, 2.0 * (truth * logarithm - truth + prediction));
        if truth > 0.0 {
            self.gamma.update(row, 2.0 * (truth / prediction - 1.0 - logarithm));
        } else {
            self.outside.gamma += row.count;
        }
    }

    /// Adds another cell's sums.
    pub fn merge(&mut self, other: &Self) {
        self.all.merge(&other.all);
        self.complete.merge(&other.complete);
        for (mine, theirs) in [
            (&mut self.error, &other.error),
            (&mut self.absolute, &other.absolute),
            (&mut self.squared, &other.squared),
            (&mut self.percentage, &other.percentage),
            (&mut self.symmetric, &other.symmetric),
            (&mut self.logarithmic, &other.logarithmic),
            (&mut self.poisson, &other.poisson),
            (&mut self.gamma, &other.gamma),
        ] {
            mine.merge(theirs);
        }
        self.outside.percentage += other.outside.percentage;
        self.outside.logarithmic += other.outside.logarithmic;
        self.outside.poisson += other.outside.poisson;
        self.outside.gamma += other.outside.gamma;
        for (mine, theirs) in [
            (&mut self.magnitude.first, &other.magnitude.first),
            (&mut self.magnitude.squared_second, &other.magnitude.squared_second),
            (&mut self.magnitude.crossed, &other.magnitude.crossed),
            (&mut self.truth, &other.truth),
            (&mut self.prediction, &other.prediction),
            (&mut self.truth_squared, &other.truth_squared),
            (&mut self.prediction_squared, &other.prediction_squared),
            (&mut self.truth_by_prediction, &other.truth_by_prediction),
        ] {
            mine.merge(theirs);
        }
        self.powers.merge(&other.powers);
    }

    /// Whether all rows weigh the same, so that what is not defined with weights is defined as without.
    pub(super) fn has_equal_weights(&self) -> bool {
        let rows = self.complete.rows() as f64;
        !self.complete.is_weighted() || (self.complete.effective_size() - rows).abs() <= 1e-12 * rows
    }

    /// Means and central sums; NaN where numbers are too large. A sum that is only what rounding leaves of numbers that do not vary is 0.
    pub(super) fn moments(&self) -> Moments {
        let weight = self.complete.weight();
        let truth = (&self.truth, &self.truth_squared);
        let residual = combined(&[(1.0, &self.truth), (-1.0, &self.prediction)]);
        let residual_squared = combined(&[
            (1.0, &self.truth_squared),
            (1.0, &self.prediction_squared),
            (-2.0, &self.truth_by_prediction),
        ]);
        let prediction_by_residual = combined(&[(1.0, &self.truth_by_prediction), (-1.0, &self.prediction_squared)]);
        let about = |sum: &ExactSum, products: &ExactSum| self.about_means(sum, sum, products);
        let squares = (self.truth_squared.value(), self.prediction_squared.value());
        let varies = |spread: f64, squares: f64| if spread <= squares * 1e-28 { 0.0 } else { spread };
        Moments {
            truth_mean: self.truth.value() / weight,
            prediction_mean: self.prediction.value() / weight,
            truth: varies(about(truth.0, truth.1), squares.0),
            prediction: varies(about(&self.prediction, &self.prediction_squared), squares.1),
            crossed: self.about_means(&self.truth, &self.prediction, &self.truth_by_prediction),
            residual: varies(about(&residual, &residual_squared), squares.0 + squares.1),
            prediction_by_residual: self.about_means(&self.prediction, &residual, &prediction_by_residual),
        }
    }

    /// The sum of products of two columns' distances from their means, from their sums and the sum of their products: distances from
    /// the rounded means, expanded and added exactly, less what rounding the means adds.
    fn about_means(&self, a: &ExactSum, b: &ExactSum, products: &ExactSum) -> f64 {
        let weight = self.complete.exact_weight();
        let total = self.complete.weight();
        let (centre_a, centre_b) = (a.value() / total, b.value() / total);
        let square = centre_a * centre_b;
        if !(centre_a.is_finite() && centre_b.is_finite() && square.is_finite() && products.value().is_finite()) {
            return f64::NAN;
        }
        let (mut about, mut rest_a, mut rest_b) = (products.clone(), a.clone(), b.clone());
        for part in parts(a) {
            about.add_product(-centre_b, part);
        }
        for part in parts(b) {
            about.add_product(-centre_a, part);
        }
        for part in parts(&weight) {
            about.add_product(square, part);
            about.add_product(fma(centre_a, centre_b, -square), part);
            rest_a.add_product(-centre_a, part);
            rest_b.add_product(-centre_b, part);
        }
        about.value() - rest_a.value() * rest_b.value() / total
    }

    /// The linearised variance of one less the ratio of squared errors about `centre` to the truth's spread: the sum of
    /// w^2 ((e - centre)^2 - ratio (y - mean)^2)^2 over the squared spread. `None` where so much of it cancels that rounding shows: in a group whose
    /// truths are very far from the pivot, or whose errors are very far from 0.
    pub(super) fn variance_explained(&self, ratio: f64, centre: f64, spread: f64) -> Option<f64> {
        let m = self.powers.shifted.value() / self.complete.weight();
        let [y1, y2, y3, y4] = self.powers.truth.each_ref().map(ExactSum::value);
        let [e3, ey, eyy] = self.powers.about_mean.each_ref().map(ExactSum::value);
        let [eey, eeyy] = self.powers.crossed.each_ref().map(ExactSum::value);
        let (e1, e2, e4) = (
            self.error.squared_first(),
            self.squared.squared_first(),
            self.squared.squared_second(),
        );
        let (c, squares) = (centre, self.complete.squares());
        let (cc, mm) = (c * c, m * m);
        let fourth = e4 - 4.0 * c * e3 + 6.0 * cc * e2 - 4.0 * cc * c * e1 + cc * cc * squares;
        let crossed = (eeyy - 2.0 * m * eey + mm * e2) - 2.0 * c * (eyy - 2.0 * m * ey + mm * e1) + cc * (y2 - 2.0 * m * y1 + mm * squares);
        let centred = y4 - 4.0 * m * y3 + 6.0 * mm * y2 - 4.0 * mm * m * y1 + mm * mm * squares;
        let sum = fourth - 2.0 * ratio * crossed + ratio * ratio * centred;
        let largest = e4
            + 8.0 * cc * (e2 + cc * squares)
            + 4.0 * ratio.abs() * (eeyy + mm * e2 + cc * (y2 + mm * squares))
            + 8.0 * ratio * ratio * (y4 + mm * mm * squares);
        (sum > 1e-12 * largest).then(|| sum / (spread * spread))
    }
}

impl Magnitude {
    fn update(&mut self, row: RowWeight, error: f64, truth: f64) {
        let size = truth.abs();
        row.add(&mut self.first, size);
        row.add_squared(&mut self.squared_second, size * size);
        row.add_squared(&mut self.crossed, error.abs() * size);
    }
}

impl Powers {
    fn update(&mut self, row: RowWeight, error: f64, truth: f64) {
        row.add(&mut self.shifted, truth);
        let mut power = 1.0;
        for sum in &mut self.truth {
            power *= truth;
            row.add_squared(sum, power);
        }
        row.add_squared(&mut self.crossed[0], error * error * truth);
        row.add_squared(&mut self.crossed[1], error * error * truth * truth);
        row.add_squared(&mut self.about_mean[0], error * error * error);
        row.add_squared(&mut self.about_mean[1], error * truth);
        row.add_squared(&mut self.about_mean[2], error * truth * truth);
    }

    fn merge(&mut self, other: &Self) {
        self.shifted.merge(&other.shifted);
        let mine = self.truth.iter_mut().chain(&mut self.crossed).chain(&mut self.about_mean);
        for (mine, theirs) in mine.zip(other.truth.iter().chain(&other.crossed).chain(&other.about_mean)) {
            mine.merge(theirs);
        }
    }
}

/// Adds a product and what its rounding lost.
fn add_in_full(sum: &mut ExactSum, row: RowWeight, a: f64, b: f64) {
    let product = a * b;
    row.add(sum, product);
    if product.is_finite() {
        row.add(sum, fma(a, b, -product));
    }
}

/// A sum as the unevaluated sum of two numbers, which holds twice the digits of one.
fn parts(sum: &ExactSum) -> [f64; 2] {
    let high = sum.value();
    let mut rest = sum.clone();
    rest.add(-high);
    [high, rest.value()]
}

/// A sum of multiples of sums.
fn combined(terms: &[(f64, &ExactSum)]) -> ExactSum {
    let mut total = ExactSum::default();
    for (factor, sum) in terms {
        for part in parts(sum) {
            total.add_product(*factor, part);
        }
    }
    total
}
