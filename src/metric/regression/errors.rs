//! Errors from sums: mean errors, errors as shares, deviances, variation explained, agreement.

use super::sums::{Moments, Residuals};
use crate::metric::UndefinedCode as Code;
use crate::metric::reading::Reading;
use crate::metric::spec::{Compare, Direction, Family, Metric, Read, Unit};
use crate::metric::state::{MeanSums, beyond_rounding};
use crate::stats::interval::Method;

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

fn rmse(residuals: &Residuals) -> Reading {
    root(mse(residuals), residuals, &residuals.squared)
}

fn mean_error(residuals: &Residuals) -> Reading {
    Reading::mean(&residuals.error, &residuals.complete)
}

/// The root of a mean; its standard error is the delta method's: that of the mean over twice the root.
fn root(mean: Reading, residuals: &Residuals, sums: &MeanSums) -> Reading {
    let Ok(value) = mean.value else { return mean };
    let variance = sums.variance_of_mean(&residuals.complete).map(|variance| variance / (4.0 * value));
    Reading::with_variance(value.sqrt(), variance, Method::Delta, mean.support)
}

/// A mean that some rows have no part in; where there are such rows, it does not exist.
fn mean_inside(residuals: &Residuals, sums: &MeanSums, outside: u64, code: Code) -> Reading {
    if outside > 0 {
        return Reading::undefined(code, residuals.complete.rows());
    }
    Reading::mean(sums, &residuals.complete)
}

fn mape(residuals: &Residuals) -> Reading {
    mean_inside(residuals, &residuals.percentage, residuals.outside.percentage, Code::ZeroTruth)
}

fn smape(residuals: &Residuals) -> Reading {
    Reading::mean(&residuals.symmetric, &residuals.complete)
}

/// The standard error is the delta method's for a ratio of two sums.
fn wape(residuals: &Residuals) -> Reading {
    let support = residuals.complete.rows();
    let (error, size) = (residuals.absolute.sum(), residuals.magnitude.first.value());
    if residuals.complete.weight() <= 0.0 {
        return Reading::undefined(Code::NoRows, support);
    }
    if size <= 0.0 {
        return Reading::undefined(Code::ZeroDenominator, support);
    }
    let ratio = error / size;
    let squares = residuals.squared.squared_first();
    let of_size = residuals.magnitude.squared_second.value();
    let sum = squares - 2.0 * ratio * residuals.magnitude.crossed.value() + ratio * ratio * of_size;
    let sum = beyond_rounding(sum, squares + ratio * ratio * of_size);
    let rows = support as f64;
    let variance = (support > 1).then(|| sum / (size * size) * (rows / (rows - 1.0)));
    Reading::with_variance(ratio, variance, Method::Delta, support)
}

fn msle(residuals: &Residuals) -> Reading {
    mean_inside(residuals, &residuals.logarithmic, residuals.outside.logarithmic, Code::OutOfDomain)
}

fn rmsle(residuals: &Residuals) -> Reading {
    root(msle(residuals), residuals, &residuals.logarithmic)
}

fn poisson_deviance(residuals: &Residuals) -> Reading {
    mean_inside(residuals, &residuals.poisson, residuals.outside.poisson, Code::OutOfDomain)
}

fn gamma_deviance(residuals: &Residuals) -> Reading {
    mean_inside(residuals, &residuals.gamma, residuals.outside.gamma, Code::OutOfDomain)
}

/// The moments, where there are rows and numbers that can be squared; and whether the truth varies.
pub(super) fn moments(residuals: &Residuals) -> Result<Moments, Code> {
    if residuals.complete.weight() <= 0.0 {
        return Err(Code::NoRows);
    }
    let moments = residuals.moments();
    let all = [moments.truth, moments.prediction, moments.crossed, moments.residual];
    if all.iter().all(|sum| sum.is_finite()) {
        Ok(moments)
    } else {
        Err(Code::TooLarge)
    }
}

pub(super) fn r2(residuals: &Residuals) -> Reading {
    explained(residuals, |_| (residuals.squared.sum(), 0.0))
}

fn explained_variance(residuals: &Residuals) -> Reading {
    explained(residuals, |moments| {
        (moments.residual, moments.prediction_mean - moments.truth_mean)
    })
}

/// One less squared errors, about some centre, over the truth's spread.
fn explained(residuals: &Residuals, unexplained: impl Fn(&Moments) -> (f64, f64)) -> Reading {
    let support = residuals.complete.rows();
    let moments = match moments(residuals) {
        Ok(moments) if moments.truth > 0.0 => moments,
        Ok(_) => return Reading::undefined(Code::ConstantTruth, support),
        Err(code) => return Reading::undefined(code, support),
    };
    let (sum, centre) = unexplained(&moments);
    let ratio = sum / moments.truth;
    let variance = residuals.variance_explained(ratio, centre, moments.truth);
    Reading::with_variance(1.0 - ratio, variance, Method::Delta, support)
}

/// The moments where truth and prediction vary.
pub(super) fn varying(residuals: &Residuals) -> Result<Moments, Code> {
    let moments = moments(residuals)?;
    if moments.truth <= 0.0 {
        Err(Code::ConstantTruth)
    } else if moments.prediction <= 0.0 {
        Err(Code::ConstantPrediction)
    } else {
        Ok(moments)
    }
}

/// A correlation with Fisher's variance, 1 / (n - 3), n the effective number of rows.
pub(super) fn correlated(residuals: &Residuals, product: f64, a: f64, b: f64) -> Reading {
    let value = (product / (a.sqrt() * b.sqrt())).clamp(-1.0, 1.0);
    let variance = 1.0 / (residuals.complete.effective_size() - 3.0);
    Reading::correlation(value, variance, Method::FisherZ, residuals.complete.rows())
}

pub(super) fn pearson_true_pred(residuals: &Residuals) -> Reading {
    match varying(residuals) {
        Ok(moments) => correlated(residuals, moments.crossed, moments.truth, moments.prediction),
        Err(code) => Reading::undefined(code, residuals.complete.rows()),
    }
}

/// The variance on Fisher's scale is Lin's (1989, with the correction of 2000).
fn concordance_ccc(residuals: &Residuals) -> Reading {
    let support = residuals.complete.rows();
    let moments = match moments(residuals) {
        Ok(moments) => moments,
        Err(code) => return Reading::undefined(code, support),
    };
    let weight = residuals.complete.weight();
    let shift = moments.truth_mean - moments.prediction_mean;
    let size = moments.truth + moments.prediction + weight * shift * shift;
    if size <= 0.0 {
        return Reading::undefined(Code::ConstantTruth, support);
    }
    let value = 2.0 * moments.crossed / size;
    let both = moments.truth * moments.prediction;
    let r = moments.crossed / both.sqrt();
    let u = weight * shift * shift / both.sqrt();
    let (cc, rest) = (value * value, 1.0 - value * value);
    let spread = (1.0 - r * r) * cc / (rest * r * r) + 2.0 * cc * value * (1.0 - value) * u / (r * rest * rest)
        - cc * cc * u * u / (2.0 * r * r * rest * rest);
    Reading::correlation(
        value,
        spread / (residuals.complete.effective_size() - 2.0),
        Method::FisherZ,
        support,
    )
}

/// The slope of the line through (prediction, truth); its standard error is that of least squares.
fn calibration_line_slope(residuals: &Residuals) -> Reading {
    line(residuals, |moments, slope, _| (slope, 1.0 / moments.prediction))
}

fn calibration_line_intercept(residuals: &Residuals) -> Reading {
    line(residuals, |moments, slope, weight| {
        let mean = moments.prediction_mean;
        (moments.truth_mean - slope * mean, 1.0 / weight + mean * mean / moments.prediction)
    })
}

/// A coefficient of the line and its variance over that of the rows about the line, which is known where rows weigh the same.
fn line(residuals: &Residuals, coefficient: impl Fn(&Moments, f64, f64) -> (f64, f64)) -> Reading {
    let support = residuals.complete.rows();
    let moments = match moments(residuals) {
        Ok(moments) if moments.prediction > 0.0 => moments,
        Ok(_) => return Reading::undefined(Code::ConstantPrediction, support),
        Err(code) => return Reading::undefined(code, support),
    };
    let slope = moments.crossed / moments.prediction;
    let rows = support as f64;
    let has_variance = rows > 2.0 && residuals.has_equal_weights();
    let about = beyond_rounding(moments.truth - slope * moments.crossed, moments.truth);
    let (value, factor) = coefficient(&moments, slope, residuals.complete.weight());
    // The factor is one over a sum of weights as the numerator is a sum of weights, so that their scale is out.
    let variance = has_variance.then(|| about / (rows - 2.0) * factor);
    Reading::with_variance(value, variance, Method::Normal, support)
}

const ERROR: Metric = Metric {
    family: Family::Regression,
    reading: "In the unit of the target; 0 is perfect.",
    direction: Direction::LowerIsBetter,
    range: (0.0, f64::INFINITY),
    unit: Unit::Target,
    ..Metric::BLANK
};

const SHARE_OF_TRUTH: Metric = Metric {
    unit: Unit::Share,
    ..ERROR
};

const DEVIANCE: Metric = Metric {
    unit: Unit::Score,
    reading: "0 is perfect; only comparable on the same rows.",
    ..ERROR
};

const EXPLAINED: Metric = Metric {
    direction: Direction::HigherIsBetter,
    range: (f64::NEG_INFINITY, 1.0),
    unit: Unit::Score,
    compare: Compare::Difference,
    ..ERROR
};

/// The rows of this family that are read from sums, in the order they are shown.
pub const METRICS: [Metric; 17] = [
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
        reads: &[Read::Residuals(r2)],
        ..EXPLAINED
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
    Metric {
        id: "mape",
        name: "mean absolute percentage error",
        aliases: &["mean_absolute_percentage_error"],
        words: &["percentage error"],
        summary: "How far the prediction is off as a share of the truth, on average.",
        formula: "mean of |prediction - target| / |target|, not divided by less than 2^-52",
        reading: "0 % is perfect; it can exceed 100 %.",
        caveat: "Truths near 0 blow it up, and it is kinder to predictions that are too low. Undefined where a truth is 0 and its prediction is not.",
        reference: "scikit-learn, mean_absolute_percentage_error",
        reads: &[Read::Residuals(mape)],
        ..SHARE_OF_TRUTH
    },
    Metric {
        id: "smape",
        name: "symmetric mean absolute percentage error",
        aliases: &["symmetric_mape"],
        words: &[],
        summary: "How far the prediction is off as a share of the mean of truth and prediction, on average.",
        formula: "mean of 2 |prediction - target| / (|target| + |prediction|), 0 where both are 0",
        reading: "0 % is perfect, 200 % the worst.",
        caveat: "In spite of its name it is not symmetric: a prediction too low costs more than one too high by as much.",
        reference: "Makridakis 1993",
        range: (0.0, 2.0),
        reads: &[Read::Residuals(smape)],
        ..SHARE_OF_TRUTH
    },
    Metric {
        id: "wape",
        name: "weighted absolute percentage error",
        aliases: &["weighted_mape", "wmape", "mad_mean_ratio"],
        words: &[],
        summary: "All errors together as a share of all truths together.",
        formula: "sum of |prediction - target| / sum of |target|",
        reading: "0 % is perfect; it exists where single truths are 0.",
        caveat: "Rows with large truths decide it.",
        reference: "Kolassa and Schuetz 2007, MAD/mean ratio",
        reads: &[Read::Residuals(wape)],
        ..SHARE_OF_TRUTH
    },
    Metric {
        id: "msle",
        name: "mean squared logarithmic error",
        aliases: &["mean_squared_log_error"],
        words: &[],
        summary: "The average squared difference of logarithms: errors count by proportion.",
        formula: "mean of (ln(1 + prediction) - ln(1 + target))^2",
        caveat: "A prediction too low costs more than one too high by as much. Undefined where a number is -1 or less.",
        reference: "scikit-learn, mean_squared_log_error",
        reads: &[Read::Residuals(msle)],
        ..DEVIANCE
    },
    Metric {
        id: "rmsle",
        name: "root mean squared logarithmic error",
        aliases: &["root_mean_squared_log_error"],
        words: &[],
        summary: "By about which proportion predictions miss, on a logarithmic scale.",
        formula: "sqrt(mean of (ln(1 + prediction) - ln(1 + target))^2)",
        reading: "0 is perfect; 0.1 is about 10 % off where numbers are well above 1.",
        caveat: "A prediction too low costs more than one too high by as much. Undefined where a number is -1 or less.",
        reference: "scikit-learn, root_mean_squared_log_error",
        reads: &[Read::Residuals(rmsle)],
        ..DEVIANCE
    },
    Metric {
        id: "explained_variance",
        name: "explained variance",
        aliases: &["explained_variance_score"],
        words: &[],
        summary: "As R2, but forgiving predictions that are all too high or too low by the same amount.",
        formula: "1 - variance of (target - prediction) / variance of target",
        reading: "1 is perfect but for a constant shift, 0 is what always naming one number reaches.",
        caveat: "It does not see bias; read it beside the mean error.",
        reference: "scikit-learn, explained_variance_score",
        reads: &[Read::Residuals(explained_variance)],
        ..EXPLAINED
    },
    Metric {
        id: "poisson_deviance",
        name: "Poisson deviance",
        aliases: &["mean_poisson_deviance"],
        words: &[],
        summary: "The misfit of predicted counts or rates, errors counting by the size that chance gives them.",
        formula: "mean of 2 (target ln(target / prediction) - target + prediction)",
        caveat: "Undefined where a truth is negative or a prediction is 0 or less.",
        reference: "scikit-learn, mean_poisson_deviance",
        reads: &[Read::Residuals(poisson_deviance)],
        ..DEVIANCE
    },
    Metric {
        id: "gamma_deviance",
        name: "gamma deviance",
        aliases: &["mean_gamma_deviance"],
        words: &[],
        summary: "The misfit of predicted positive amounts, errors counting by proportion.",
        formula: "mean of 2 (target / prediction - 1 - ln(target / prediction))",
        caveat: "Undefined where a truth or a prediction is 0 or less.",
        reference: "scikit-learn, mean_gamma_deviance",
        reads: &[Read::Residuals(gamma_deviance)],
        ..DEVIANCE
    },
    Metric {
        id: "pearson_true_pred",
        name: "correlation of truth and prediction",
        aliases: &["pearson_r"],
        words: &["pearson correlation"],
        summary: "How closely truth and prediction lie on a rising line.",
        formula: "covariance of target and prediction / (standard deviation of each)",
        reading: "1 is a perfect line, 0 is none, -1 a perfect falling line.",
        caveat: "It sees neither bias nor scale: predictions twice too high can reach 1.",
        reference: "SciPy, pearsonr",
        range: (-1.0, 1.0),
        reads: &[Read::Residuals(pearson_true_pred)],
        ..EXPLAINED
    },
    Metric {
        id: "concordance_ccc",
        name: "concordance correlation",
        aliases: &["lins_ccc", "ccc"],
        words: &["lin's concordance"],
        summary: "How closely truth and prediction agree: correlation, lowered by any shift or change of scale.",
        formula: "2 covariance / (variance of target + variance of prediction + (difference of means)^2)",
        reading: "1 is perfect agreement, 0 is none.",
        caveat: "As R2 it depends on how much the target varies.",
        reference: "Lin 1989",
        range: (-1.0, 1.0),
        reads: &[Read::Residuals(concordance_ccc)],
        ..EXPLAINED
    },
    Metric {
        id: "calibration_line_slope",
        name: "slope of truth over prediction",
        aliases: &["mincer_zarnowitz_slope"],
        words: &[],
        summary: "By how much the truth rises where the prediction rises by one.",
        formula: "covariance of target and prediction / variance of prediction",
        reading: "1 is right; below 1 predictions are too extreme, above 1 too timid.",
        caveat: "It says nothing about how far single rows lie from the line.",
        reference: "SciPy, linregress; Mincer and Zarnowitz 1969",
        direction: Direction::Neutral,
        range: (f64::NEG_INFINITY, f64::INFINITY),
        reads: &[Read::Residuals(calibration_line_slope)],
        ..EXPLAINED
    },
    Metric {
        id: "calibration_line_intercept",
        name: "intercept of truth over prediction",
        aliases: &["mincer_zarnowitz_intercept"],
        words: &[],
        summary: "The truth to be expected where the prediction is 0, by the line through both.",
        formula: "mean target - slope x mean prediction",
        reading: "0 is right where the slope is 1.",
        caveat: "Where no prediction is near 0 it reaches beyond the data.",
        reference: "SciPy, linregress; Mincer and Zarnowitz 1969",
        direction: Direction::CloserToZero,
        range: (f64::NEG_INFINITY, f64::INFINITY),
        unit: Unit::Target,
        reads: &[Read::Residuals(calibration_line_intercept)],
        ..EXPLAINED
    },
];
