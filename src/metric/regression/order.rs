//! Errors that need the order of the rows or what the user sets: medians, quantiles, shares within a tolerance, variation explained beside a
//! constant, Tweedie deviances, adjusted R2.

use super::errors::r2;
use super::kept::{Column, Complete, is_regression};
use crate::data::column::number_text;
use crate::metric::UndefinedCode as Code;
use crate::metric::reading::Reading;
use crate::metric::spec::{Compare, Direction, Family, Metric, Read, Unit};
use crate::metric::state::{RowWeight, Tally, beyond_rounding};
use crate::metric::view::{Measured, View};
use crate::stats::interval::Method;
use crate::stats::math::{ln, pow};
use crate::stats::quantile::{linear, order_limits};
use crate::stats::sum::ExactSum;

/// A plain form read from the complete rows.
pub(super) fn plain(view: &View<'_>, read: impl Fn(&Complete<'_>) -> Reading) -> Vec<Measured> {
    let complete = Complete::of(view);
    vec![Measured::plain(
        complete.map_or(Reading::undefined(Code::NoRows, 0), |rows| read(&rows)),
    )]
}

/// A form for each number, named by it.
pub(super) fn each(view: &View<'_>, name: &str, numbers: &[f64], read: impl Fn(&Complete<'_>, f64) -> Reading) -> Vec<Measured> {
    let complete = Complete::of(view);
    let form = |number: &f64| {
        let reading = complete
            .as_ref()
            .map_or(Reading::undefined(Code::NoRows, 0), |rows| read(rows, *number));
        Measured::with(&[(name, number_text(*number))], reading)
    };
    numbers.iter().map(form).collect()
}

fn median_absolute_error(view: &View<'_>) -> Vec<Measured> {
    plain(view, |rows| {
        let Some(median) = rows.averaged_quantile(Column::Absolute, 0.5) else {
            return Reading::undefined(Code::NoRows, rows.support());
        };
        let limits = limits(rows, Column::Absolute, 0.5, view.subject.level);
        Reading::with_limits(median, limits, Method::OrderStatistics, rows.support())
    })
}

/// Limits by order statistics, which rows of different weights do not have.
fn limits(rows: &Complete<'_>, column: Column, probability: f64, level: f64) -> Option<(f64, f64)> {
    rows.sums
        .has_equal_weights()
        .then(|| order_limits(rows.ranked(column), probability, level))
        .flatten()
}

fn max_error(view: &View<'_>) -> Vec<Measured> {
    plain(view, |rows| {
        let weighs = |place: &usize| rows.weight(*place).weight != Some(0.0);
        let errors = (0..rows.len()).filter(weighs).map(|place| rows.residual(place).abs());
        match errors.reduce(f64::max) {
            Some(most) => Reading::exact(most, rows.support()),
            None => Reading::undefined(Code::NoRows, rows.support()),
        }
    })
}

/// The percents of quantiles that are reported.
const PERCENTS: [f64; 9] = [1.0, 5.0, 10.0, 25.0, 50.0, 75.0, 90.0, 95.0, 99.0];

fn quantiles(view: &View<'_>, column: Column) -> Vec<Measured> {
    each(view, "percent", &PERCENTS, |rows, percent| {
        let value = rows
            .unweighted()
            .and_then(|()| linear(rows.ranked(column), percent / 100.0).ok_or(Code::NoRows));
        match value {
            Err(code) => Reading::undefined(code, rows.support()),
            Ok(value) => {
                let limits = limits(rows, column, percent / 100.0, view.subject.level);
                Reading::with_limits(value, limits, Method::OrderStatistics, rows.support())
            }
        }
    })
}

fn residual_quantile(view: &View<'_>) -> Vec<Measured> {
    quantiles(view, Column::Residual)
}

fn absolute_error_quantile(view: &View<'_>) -> Vec<Measured> {
    quantiles(view, Column::Absolute)
}

fn share_within(view: &View<'_>) -> Vec<Measured> {
    each(view, "tolerance", &view.subject.parameters.tolerances, |rows, tolerance| {
        share(rows, |place| rows.residual(place).abs() <= tolerance)
    })
}

/// The share of rows that are so.
fn share(rows: &Complete<'_>, is_so: impl Fn(usize) -> bool) -> Reading {
    let mut hits = Tally::default();
    for place in (0..rows.len()).filter(|place| is_so(*place)) {
        let RowWeight { count, weight } = rows.weight(place);
        hits.update(count, weight);
    }
    Reading::share_of(&hits, &rows.sums.complete, Code::NoRows)
}

/// One less the rows' losses over the losses of a constant prediction, with the delta method's interval. The constant is the best one, so that its own
/// variation has no part in the first order.
pub(super) fn beside_constant(size: usize, weight: &dyn Fn(usize) -> RowWeight, losses: &dyn Fn(usize) -> (f64, f64)) -> Reading {
    let (mut own, mut base) = (ExactSum::default(), ExactSum::default());
    let mut tally = Tally::default();
    for place in 0..size {
        let (loss, of_constant) = losses(place);
        let row = weight(place);
        tally.update(row.count, row.weight);
        row.add(&mut own, loss);
        row.add(&mut base, of_constant);
    }
    let support = tally.rows();
    if tally.weight() <= 0.0 {
        return Reading::undefined(Code::NoRows, support);
    }
    let base = base.value();
    if base <= 0.0 {
        return Reading::undefined(Code::ConstantTruth, support);
    }
    let ratio = own.value() / base;
    let (mut squares, mut largest) = (ExactSum::default(), ExactSum::default());
    for place in 0..size {
        let (loss, of_constant) = losses(place);
        let distance = loss - ratio * of_constant;
        weight(place).add_squared(&mut squares, distance * distance);
        weight(place).add_squared(&mut largest, loss * loss);
    }
    let spread = beyond_rounding(squares.value(), largest.value());
    let rows = support as f64;
    let variance = (support > 1).then(|| spread / (base * base) * (rows / (rows - 1.0)));
    Reading::with_variance(1.0 - ratio, variance, Method::Delta, support)
}

fn d2_absolute_error(view: &View<'_>) -> Vec<Measured> {
    plain(view, |rows| {
        let Some(median) = rows.averaged_quantile(Column::Truth, 0.5) else {
            return Reading::undefined(Code::NoRows, rows.support());
        };
        let losses = |place: usize| (rows.residual(place).abs(), (rows.truth(place) - median).abs());
        beside_constant(rows.len(), &|place| rows.weight(place), &losses)
    })
}

/// The unit deviance of Tweedie's distribution with a power that is at most 0 or at least 1; `None` outside its domain.
fn unit_deviance(power: f64, truth: f64, prediction: f64) -> Option<f64> {
    let is_inside = match power {
        0.0 => true,
        _ if power < 0.0 => prediction > 0.0,
        _ if power < 2.0 => truth >= 0.0 && prediction > 0.0,
        _ => truth > 0.0 && prediction > 0.0,
    };
    if !is_inside {
        return None;
    }
    let (y, p) = (truth, prediction);
    let logarithm = || if y > 0.0 { ln(y / p) } else { 0.0 };
    Some(match power {
        0.0 => (y - p) * (y - p),
        1.0 => 2.0 * (y * logarithm() - y + p),
        2.0 => 2.0 * (y / p - 1.0 - logarithm()),
        _ => {
            let (one, two) = (1.0 - power, 2.0 - power);
            2.0 * (pow(y.max(0.0), two) / (one * two) - y * pow(p, one) / one + pow(p, two) / two)
        }
    })
}

/// Whether all rows are inside the domain of the deviance.
fn has_deviance(rows: &Complete<'_>, power: f64) -> bool {
    (0..rows.len()).all(|place| unit_deviance(power, rows.truth(place), rows.prediction(place)).is_some())
}

/// The powers set, or 1.5.
fn powers(view: &View<'_>) -> Vec<f64> {
    let set = &view.subject.parameters.powers;
    if set.is_empty() { vec![1.5] } else { set.clone() }
}

fn tweedie_deviance(view: &View<'_>) -> Vec<Measured> {
    each(view, "power", &powers(view), |rows, power| {
        if !has_deviance(rows, power) {
            return Reading::undefined(Code::OutOfDomain, rows.support());
        }
        mean(rows, |place| {
            unit_deviance(power, rows.truth(place), rows.prediction(place)).unwrap_or(f64::NAN)
        })
    })
}

/// The mean of a number of every row.
pub(super) fn mean(rows: &Complete<'_>, value: impl Fn(usize) -> f64) -> Reading {
    let mut sums = crate::metric::state::MeanSums::default();
    for place in 0..rows.len() {
        sums.update(rows.weight(place), value(place));
    }
    Reading::mean(&sums, &rows.sums.complete)
}

fn d2_tweedie(view: &View<'_>) -> Vec<Measured> {
    let mut all = vec![1.0, 2.0];
    all.extend(powers(view).into_iter().filter(|power| *power != 1.0 && *power != 2.0));
    each(view, "power", &all, |rows, power| {
        if rows.len() == 0 {
            return Reading::undefined(Code::NoRows, 0);
        }
        let mean = rows.sums.moments().truth_mean;
        let deviance = |truth, prediction| unit_deviance(power, truth, prediction).unwrap_or(f64::NAN);
        if !has_deviance(rows, power) || unit_deviance(power, mean, mean).is_none() {
            return Reading::undefined(Code::OutOfDomain, rows.support());
        }
        let losses = |place: usize| {
            (
                deviance(rows.truth(place), rows.prediction(place)),
                deviance(rows.truth(place), mean),
            )
        };
        beside_constant(rows.len(), &|place| rows.weight(place), &losses)
    })
}

fn adjusted_r2(view: &View<'_>) -> Vec<Measured> {
    plain(view, |rows| {
        let support = rows.support();
        let Some(features) = view.subject.parameters.features else {
            return Reading::undefined(Code::FeaturesNotSet, support);
        };
        let plain = r2(rows.sums);
        let (n, left) = (support as f64, support as f64 - features as f64 - 1.0);
        match (plain.value, rows.unweighted()) {
            (Err(code), _) | (_, Err(code)) => Reading::undefined(code, support),
            _ if left <= 0.0 => Reading::undefined(Code::TooFewRows, support),
            (Ok(value), Ok(())) => {
                let factor = (n - 1.0) / left;
                let se = match plain.evidence {
                    crate::metric::reading::Evidence::StandardError { se, .. } => Some(se * se * factor * factor),
                    _ => None,
                };
                Reading::with_variance(1.0 - (1.0 - value) * factor, se, Method::Delta, support)
            }
        }
    })
}

const ERROR: Metric = Metric {
    family: Family::Regression,
    reading: "In the unit of the target; 0 is perfect.",
    direction: Direction::LowerIsBetter,
    range: (0.0, f64::INFINITY),
    unit: Unit::Target,
    by_group: true,
    ..Metric::BLANK
};

const EXPLAINED: Metric = Metric {
    reading: "1 is perfect, 0 is what always naming the best constant reaches; it can be negative.",
    direction: Direction::HigherIsBetter,
    range: (f64::NEG_INFINITY, 1.0),
    unit: Unit::Score,
    compare: Compare::Difference,
    by_group: false,
    ..ERROR
};

/// What a quantile's row says of its method.
const QUANTILE_CAVEAT: &str = "Its limits assume no distribution; few rows give none. Undefined for rows of different weights.";

const fn view(read: fn(&View<'_>) -> Vec<Measured>) -> Read {
    Read::View {
        needs: is_regression,
        read,
    }
}

/// The rows of this family that need more than sums, in the order they are shown.
pub const METRICS: [Metric; 9] = [
    Metric {
        id: "median_absolute_error",
        name: "median absolute error",
        aliases: &["medae"],
        words: &["median error"],
        summary: "How far the prediction is off for the row in the middle: half of the rows miss by no more.",
        formula: "median of |prediction - target|",
        caveat: "It does not see the larger half of the errors.",
        reference: "scikit-learn, median_absolute_error; with weights the averaged inverted cdf",
        reads: &[view(median_absolute_error)],
        ..ERROR
    },
    Metric {
        id: "max_error",
        name: "largest error",
        aliases: &["maximum_error"],
        words: &["maximum absolute error"],
        summary: "How far the worst prediction is off.",
        formula: "largest |prediction - target|",
        caveat: "It is one row, and grows with the number of rows.",
        reference: "scikit-learn, max_error",
        reads: &[view(max_error)],
        ..ERROR
    },
    Metric {
        id: "share_within",
        name: "share within tolerance",
        aliases: &["within_tolerance"],
        words: &["share within a tolerance"],
        summary: "How often the prediction is off by no more than a tolerance.",
        formula: "share of rows with |prediction - target| <= tolerance",
        reading: "From 0 % to 100 %, for each tolerance that is set.",
        caveat: "It says nothing of how far the others are off.",
        reference: "numpy",
        direction: Direction::HigherIsBetter,
        range: (0.0, 1.0),
        unit: Unit::Share,
        reads: &[view(share_within)],
        ..ERROR
    },
    Metric {
        id: "d2_absolute_error",
        name: "D2 of absolute errors",
        aliases: &["d2_absolute_error_score"],
        words: &[],
        summary: "As R2 with absolute errors: how much better than always naming the median.",
        formula: "1 - sum of |prediction - target| / sum of |target - median target|",
        caveat: "It depends on how much the target varies.",
        reference: "scikit-learn, d2_absolute_error_score",
        reads: &[view(d2_absolute_error)],
        ..EXPLAINED
    },
    Metric {
        id: "adjusted_r2",
        name: "adjusted R2",
        aliases: &["adj_r2"],
        words: &["adjusted r squared"],
        summary: "R2, lowered for every feature that the model uses.",
        formula: "1 - (1 - R2) (n - 1) / (n - features - 1)",
        caveat: "Made for rows that the model was fitted to; it needs the number of features. Undefined for rows of different weights.",
        reference: "Theil 1961",
        reads: &[view(adjusted_r2)],
        ..EXPLAINED
    },
    Metric {
        id: "tweedie_deviance",
        name: "Tweedie deviance",
        aliases: &["mean_tweedie_deviance"],
        words: &[],
        summary: "The misfit of predicted amounts whose spread grows with their size by some power.",
        formula: "mean of 2 (target^(2-p) / ((1-p)(2-p)) - target prediction^(1-p) / (1-p) + prediction^(2-p) / (2-p)), p the power",
        reading: "0 is perfect; only comparable on the same rows and for the same power.",
        caveat: "Powers from 1 to 2 take no negative truth, higher ones none of 0; predictions must be positive, except for power 0.",
        reference: "scikit-learn, mean_tweedie_deviance",
        unit: Unit::Score,
        by_group: false,
        reads: &[view(tweedie_deviance)],
        ..ERROR
    },
    Metric {
        id: "d2_tweedie",
        name: "D2 of Tweedie deviances",
        aliases: &["d2_tweedie_score"],
        words: &[],
        summary: "As R2 with a Tweedie deviance: how much better than always naming the mean.",
        formula: "1 - deviance of the prediction / deviance of the mean",
        caveat: "Power 1 is the Poisson, power 2 the gamma deviance, each with its domain.",
        reference: "scikit-learn, d2_tweedie_score",
        reads: &[view(d2_tweedie)],
        ..EXPLAINED
    },
    Metric {
        id: "absolute_error_quantile",
        name: "quantile of absolute errors",
        aliases: &[],
        words: &[],
        summary: "How far off the prediction is at most, for so many of 100 rows.",
        formula: "quantile (linear, type 7) of |prediction - target|",
        caveat: QUANTILE_CAVEAT,
        reference: "numpy, percentile; limits: David and Nagaraja 2003",
        by_group: false,
        reads: &[view(absolute_error_quantile)],
        ..ERROR
    },
    Metric {
        id: "residual_quantile",
        name: "quantile of residuals",
        aliases: &[],
        words: &[],
        summary: "The residual that so many of 100 rows do not exceed; a residual is the target less the prediction.",
        formula: "quantile (linear, type 7) of target - prediction",
        reading: "In the unit of the target; quantiles of good predictions lie evenly about 0.",
        caveat: QUANTILE_CAVEAT,
        reference: "numpy, percentile; limits: David and Nagaraja 2003",
        direction: Direction::Neutral,
        range: (f64::NEG_INFINITY, f64::INFINITY),
        compare: Compare::Difference,
        by_group: false,
        reads: &[view(residual_quantile)],
        ..ERROR
    },
];
