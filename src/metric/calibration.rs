//! How far scores are probabilities: what was expected against what happened, overall, by bins of the score, and by fits.

use super::UndefinedCode as Code;
use super::bins::{Bin, Binned, Binning, binned, ranks};
use super::curve::has_scores;
use super::fit::{self, Coefficient};
use super::reading::Reading;
use super::spec::{Compare, Direction, Family, Metric, Params, Read, Unit};
use super::steps::Steps;
use super::view::{Measured, View};
use crate::stats::interval::Method;
use crate::stats::math::{erf, exp};
use crate::stats::running::Running;
use crate::stats::special::{chi_squared_sf, normal_sf};
use crate::stats::sum::ExactSum;

/// The reading of a probability's metric: undefined where scores are none, or where there are no rows.
fn of_probability(view: &View<'_>, read: impl Fn() -> Result<Reading, Code>) -> Reading {
    let support = Steps::of(view).support();
    let undefined = |code| Reading::undefined(code, support);
    if !view.subject.is_probability {
        undefined(Code::ScoreOutOfRange)
    } else if Steps::of(view).steps.is_empty() {
        undefined(Code::NoRows)
    } else {
        read().unwrap_or_else(undefined)
    }
}

/// One form for each binning asked for, the plain one first.
pub(super) fn by_binning(view: &View<'_>, value: fn(&[&Bin]) -> f64) -> Vec<Measured> {
    let form = |Binned { binning, bins }: &Binned| {
        let filled: Vec<&Bin> = bins.iter().filter(|bin| !bin.is_empty()).collect();
        let reading = of_probability(view, || Ok(Reading::exact(value(&filled), Steps::of(view).support())));
        Measured::with(&name(*binning), reading)
    };
    if view.subject.is_probability {
        binned(view).iter().map(form).collect()
    } else {
        vec![Measured::plain(of_probability(view, || Err(Code::NoRows)))]
    }
}

fn name(binning: Binning) -> Params {
    if binning == Binning::PLAIN {
        Vec::new()
    } else {
        vec![("bins", binning.to_string())]
    }
}

/// One form for each bin of each binning asked for.
fn by_bin(view: &View<'_>, read: fn(&Bin) -> Reading) -> Vec<Measured> {
    if !view.subject.is_probability {
        return vec![Measured::plain(of_probability(view, || Err(Code::NoRows)))];
    }
    let mut forms = Vec::new();
    for Binned { binning, bins } in binned(view) {
        for place in 0..binning.bins as usize {
            let mut params = name(*binning);
            params.push(("bin", place.to_string()));
            let empty = || Reading::undefined(Code::NoRows, 0);
            forms.push(Measured::with(&params, bins.get(place).map_or_else(empty, read)));
        }
    }
    forms
}

fn mean_score(bin: &Bin) -> Reading {
    if bin.is_empty() {
        Reading::undefined(Code::NoRows, bin.rows.rows())
    } else {
        Reading::exact(bin.mean_score(), bin.rows.rows())
    }
}

/// The mean over bins, each with its weight.
fn weighted(bins: &[&Bin], value: impl Fn(&Bin) -> f64) -> f64 {
    let (mut sum, mut total) = (ExactSum::default(), ExactSum::default());
    for bin in bins {
        sum.add_product(bin.rows.weight(), value(bin));
        total.add(bin.rows.weight());
    }
    sum.value() / total.value()
}

pub(super) fn ece(bins: &[&Bin]) -> f64 {
    weighted(bins, Bin::gap)
}

pub(super) fn mce(bins: &[&Bin]) -> f64 {
    bins.iter().map(|bin| bin.gap()).fold(0.0, f64::max)
}

pub(super) fn ace(bins: &[&Bin]) -> f64 {
    let sum: ExactSum = bins.iter().map(|bin| bin.gap()).collect();
    sum.value() / bins.len() as f64
}

pub(super) fn rmsce(bins: &[&Bin]) -> f64 {
    weighted(bins, |bin| bin.gap() * bin.gap()).sqrt()
}

/// Twice the calibration error less what it would be on average if each bin's share of positives were drawn anew around the one seen, from a
/// normal distribution: the estimate of Kumar, Liang and Ma (2019), with the mean of the folded normal in place of their draws.
fn ece_debiased(bins: &[&Bin]) -> f64 {
    let redrawn = weighted(bins, |bin| {
        let (gap, rate) = (bin.gap(), bin.observed_rate());
        let spread = (rate * (1.0 - rate) / bin.rows.effective_size()).sqrt();
        if spread > 0.0 { folded_normal_mean(gap, spread) } else { gap }
    });
    (2.0 * ece(bins) - redrawn).max(0.0)
}

/// The mean of the absolute value of a normal variable. Source: Leone, Nelson and Nottingham 1961.
fn folded_normal_mean(mean: f64, deviation: f64) -> f64 {
    const ROOT_2_OVER_PI: f64 = 0.797_884_560_802_865_4;
    let z = mean / deviation;
    deviation * ROOT_2_OVER_PI * exp(-0.5 * z * z) + mean * erf(z * std::f64::consts::FRAC_1_SQRT_2)
}

/// The weighted mean over different scores of the squared distance of the share of positives there from `other`.
fn murphy(view: &View<'_>, other: fn(f64, f64) -> f64) -> Vec<Measured> {
    let steps = Steps::of(view);
    let reading = of_probability(view, || {
        let (positives, total) = (steps.positives.weight(), steps.positives.weight() + steps.negatives.weight());
        let mut sum = Running::default();
        for step in &steps.steps {
            let rows = step.positive + step.negative;
            let distance = step.positive / rows - other(step.score, positives / total);
            sum.add_product(rows, distance * distance);
        }
        Ok(Reading::exact(sum.value() / total, steps.support()))
    });
    vec![Measured::plain(reading)]
}

fn fitted(view: &View<'_>, read: impl Fn() -> Result<Coefficient, Code>) -> Vec<Measured> {
    let reading = of_probability(view, || {
        let Coefficient { value, standard_error } = read()?;
        let variance = Some(standard_error * standard_error);
        Ok(Reading::with_variance(
            value,
            variance,
            Method::MaximumLikelihood,
            Steps::of(view).support(),
        ))
    });
    vec![Measured::plain(reading)]
}

/// Spiegelhalter's statistic: the Brier score less what it would be on average were the scores the probabilities, over its standard deviation
/// then. Importance weights enter the variance squared.
fn spiegelhalter_z(view: &View<'_>) -> Result<f64, Code> {
    let (mut excess, mut variance) = (Running::default(), Running::default());
    let steps = Steps::of(view);
    for (place, step) in steps.steps.iter().enumerate() {
        let (score, slope) = (step.score, 1.0 - 2.0 * step.score);
        excess.add_product(step.positive, (1.0 - score) * slope);
        excess.add_product(step.negative, -score * slope);
        variance.add_product(steps.squares(place), slope * slope * score * (1.0 - score));
    }
    let deviation = variance.value().sqrt();
    if deviation > 0.0 {
        Ok(excess.value() / deviation)
    } else {
        Err(Code::ZeroDenominator)
    }
}

/// Hosmer and Lemeshow's statistic over ten parts of equal numbers of rows, none of them empty. With importance weights a part counts as many rows
/// as its effective size.
fn hosmer_lemeshow(view: &View<'_>) -> Result<f64, Code> {
    let parts = ranks(view);
    if parts.iter().any(Bin::is_empty) {
        return Err(Code::TooFewRows);
    }
    let term = |bin: &Bin| {
        let (mean, gap) = (bin.mean_score(), bin.gap());
        let spread = mean * (1.0 - mean);
        if gap == 0.0 {
            0.0
        } else {
            bin.rows.effective_size() * gap * gap / spread
        }
    };
    Ok(parts.iter().map(term).sum())
}

/// A value made of the rows of a view, as the plain form.
fn plain(view: &View<'_>, value: fn(&View<'_>) -> Result<f64, Code>) -> Vec<Measured> {
    let reading = of_probability(view, || Ok(Reading::exact(value(view)?, Steps::of(view).support())));
    vec![Measured::plain(reading)]
}

const CALIBRATION: Metric = Metric {
    family: Family::Calibration,
    direction: Direction::LowerIsBetter,
    compare: Compare::No,
    ..Metric::BLANK
};

const ERROR: Metric = Metric {
    caveat: "It depends on the bins (ten quantiles of the score, ignoring importance weights, unless others are named), and chance alone makes it positive.",
    reading: "0: in every bin the mean score is the share of positives.",
    ..CALIBRATION
};

const BIN: Metric = Metric {
    direction: Direction::Neutral,
    caveat: "Bins are ten quantiles of the score unless others are named, counted from 0.",
    ..CALIBRATION
};

const TEST: Metric = Metric {
    range: (0.0, 1.0),
    direction: Direction::HigherIsBetter,
    reading: "Small: calibrated scores would rarely miss what happened by so much.",
    caveat: "With many rows it is small for errors that do not matter, with few it is large for errors that do.",
    ..CALIBRATION
};

const fn view(read: fn(&View<'_>) -> Vec<Measured>) -> Read {
    Read::View { needs: has_scores, read }
}

/// The rows of this family, in the order they are shown.
pub const METRICS: [Metric; 18] = [
    Metric {
        id: "expected_observed_ratio",
        name: "expected over observed positives",
        aliases: &["expected_over_observed", "oe_ratio", "e_o_ratio"],
        summary: "How many positives the scores announce for every one that happened.",
        formula: "sum of scores / number of positives",
        reading: "1 is right; above 1 the scores are too high, below 1 too low.",
        caveat: "Errors of high and low scores can cancel.",
        reference: "Debray and others 2017",
        direction: Direction::Neutral,
        range: (0.0, f64::INFINITY),
        compare: Compare::Both,
        reads: &[Read::Scores(super::scores::expected_observed_ratio)],
        ..CALIBRATION
    },
    Metric {
        id: "calibration_in_the_large",
        name: "calibration in the large",
        aliases: &["calibration_intercept"],
        summary: "How far the log odds of all scores must be moved so that they announce as many positives as happened.",
        formula: "intercept of a logistic fit of the truth with logit(score), kept within 1e-6 and 1 - 1e-6, as offset",
        reading: "0 is right; above 0 the scores are too low, below 0 too high.",
        caveat: "Errors of high and low scores can cancel.",
        reference: "Van Calster and others 2019; statsmodels, GLM",
        direction: Direction::CloserToZero,
        range: (f64::NEG_INFINITY, f64::INFINITY),
        compare: Compare::Difference,
        by_group: true,
        reads: &[view(|view| fitted(view, || fit::in_the_large(view)))],
        ..CALIBRATION
    },
    Metric {
        id: "calibration_slope",
        name: "calibration slope",
        aliases: &[],
        summary: "How far scores must be spread or drawn together on the log-odds scale to fit what happened.",
        formula: "slope of a logistic fit of the truth on logit(score), kept within 1e-6 and 1 - 1e-6",
        reading: "1 is right; below 1 the scores are too extreme, above 1 too timid.",
        caveat: "Undefined where some threshold tells the classes apart without error.",
        reference: "Cox 1958; Van Calster and others 2019; statsmodels, GLM",
        direction: Direction::Neutral,
        range: (f64::NEG_INFINITY, f64::INFINITY),
        reads: &[view(|view| fitted(view, || Ok(fit::joint(view)?.slope)))],
        ..CALIBRATION
    },
    Metric {
        id: "calibration_intercept_joint",
        name: "calibration intercept beside the slope",
        aliases: &["calibration_intercept_with_slope"],
        summary: "The intercept of the fit that gives the calibration slope.",
        formula: "intercept of a logistic fit of the truth on logit(score), kept within 1e-6 and 1 - 1e-6",
        reading: "It means something only together with the slope.",
        caveat: "Undefined where some threshold tells the classes apart without error.",
        reference: "Cox 1958; statsmodels, GLM",
        direction: Direction::Neutral,
        range: (f64::NEG_INFINITY, f64::INFINITY),
        reads: &[view(|view| fitted(view, || Ok(fit::joint(view)?.intercept)))],
        ..CALIBRATION
    },
    Metric {
        id: "ece",
        name: "expected calibration error",
        aliases: &["expected_calibration_error"],
        words: &["calibration error"],
        summary: "How far scores are from the share of positives, on average over bins of the score.",
        formula: "sum over bins of (rows in it / rows) x |mean score - share of positives|",
        reference: "Naeini, Cooper and Hauskrecht 2015; bins of equal numbers: Nguyen and O'Connor 2015",
        compare: Compare::Both,
        by_group: true,
        reads: &[view(|view| by_binning(view, ece))],
        ..ERROR
    },
    Metric {
        id: "ece_debiased",
        name: "debiased expected calibration error",
        aliases: &["debiased_ece"],
        summary: "The expected calibration error less what chance adds to it.",
        formula: "2 ECE - mean ECE with each bin's share of positives redrawn, normal around the one seen; at least 0",
        reference: "Kumar, Liang and Ma 2019, in closed form",
        reads: &[view(|view| by_binning(view, ece_debiased))],
        caveat: "It depends on the bins (ten quantiles of the score, ignoring importance weights, unless others are named).",
        ..ERROR
    },
    Metric {
        id: "mce",
        name: "maximum calibration error",
        aliases: &["maximum_calibration_error"],
        summary: "How far scores are from the share of positives in the bin where they are farthest.",
        formula: "max over bins of |mean score - share of positives|",
        reference: "Naeini, Cooper and Hauskrecht 2015",
        reads: &[view(|view| by_binning(view, mce))],
        ..ERROR
    },
    Metric {
        id: "ace",
        name: "average calibration error",
        aliases: &["average_calibration_error"],
        summary: "How far scores are from the share of positives, the plain average over bins that hold rows.",
        formula: "mean over bins of |mean score - share of positives|",
        reference: "Neumann, Zisserman and Vedaldi 2018",
        reads: &[view(|view| by_binning(view, ace))],
        ..ERROR
    },
    Metric {
        id: "rmsce",
        name: "root mean squared calibration error",
        aliases: &["l2_calibration_error"],
        summary: "How far scores are from the share of positives over bins, large distances counting more.",
        formula: "sqrt(sum over bins of (rows in it / rows) x (mean score - share of positives)^2)",
        reference: "Hendrycks, Mazeika and Dietterich 2019",
        reads: &[view(|view| by_binning(view, rmsce))],
        ..ERROR
    },
    Metric {
        id: "calibration_bin_count",
        name: "rows in a bin of the score",
        summary: "How many rows are in each bin of the score.",
        formula: "the sum of weights; without weights the number of rows",
        reading: "Bins with few rows say little.",
        reference: "scikit-learn, calibration_curve",
        range: (0.0, f64::INFINITY),
        unit: Unit::Count,
        reads: &[view(|view| by_bin(view, |bin| Reading::exact(bin.rows.weight(), bin.rows.rows())))],
        ..BIN
    },
    Metric {
        id: "calibration_bin_mean_score",
        name: "mean score in a bin",
        summary: "The average score in each bin of the score.",
        formula: "mean of the score over the bin's rows",
        reading: "Compare it with the share of positives in the same bin.",
        reference: "scikit-learn, calibration_curve",
        reads: &[view(|view| by_bin(view, mean_score))],
        ..BIN
    },
    Metric {
        id: "calibration_bin_observed_rate",
        name: "share of positives in a bin",
        summary: "The share of rows that are positive in each bin of the score.",
        formula: "positives in the bin / rows in the bin",
        reading: "Compare it with the mean score in the same bin.",
        reference: "scikit-learn, calibration_curve",
        unit: Unit::Share,
        reads: &[view(|view| by_bin(view, Bin::rate))],
        ..BIN
    },
    Metric {
        id: "brier_reliability",
        name: "reliability part of the Brier score",
        aliases: &["reliability"],
        summary: "The part of the Brier score that comes from scores that are not the share of positives among the rows with that score.",
        formula: "mean over rows of (score - share of positives with that score)^2",
        reading: "0 is best; Brier score = reliability - resolution + uncertainty.",
        caveat: "Where hardly any two rows have the same score it is nearly the Brier score itself.",
        reference: "Murphy 1973",
        reads: &[view(|view| murphy(view, |score, _| score))],
        ..CALIBRATION
    },
    Metric {
        id: "brier_resolution",
        name: "resolution part of the Brier score",
        aliases: &["resolution"],
        summary: "How far the shares of positives with each score are from that among all rows.",
        formula: "mean over rows of (share of positives with that score - share of positives)^2",
        reading: "0: the score tells nothing apart; at most the uncertainty.",
        caveat: "Where hardly any two rows have the same score it is nearly the uncertainty.",
        reference: "Murphy 1973",
        direction: Direction::HigherIsBetter,
        range: (0.0, 0.25),
        reads: &[view(|view| murphy(view, |_, prevalence| prevalence))],
        ..CALIBRATION
    },
    Metric {
        id: "spiegelhalter_z",
        name: "Spiegelhalter's z",
        aliases: &["spiegelhalter"],
        summary: "How many standard deviations the Brier score is from what calibrated scores give.",
        formula: "sum of (truth - score)(1 - 2 score) / sqrt(sum of (1 - 2 score)^2 score (1 - score))",
        reading: "Beyond -2 or 2 the scores are hardly calibrated.",
        caveat: "With many rows it is large for errors that do not matter.",
        reference: "Spiegelhalter 1986",
        direction: Direction::CloserToZero,
        range: (f64::NEG_INFINITY, f64::INFINITY),
        reads: &[view(|view| plain(view, spiegelhalter_z))],
        ..CALIBRATION
    },
    Metric {
        id: "spiegelhalter_pvalue",
        name: "p-value of Spiegelhalter's z",
        aliases: &["spiegelhalter_p_value"],
        summary: "How often calibrated scores would be as far from what happened, by Spiegelhalter's test.",
        formula: "two-sided tail of the normal distribution beyond z",
        reference: "Spiegelhalter 1986",
        reads: &[view(|view| {
            plain(view, |view| Ok((2.0 * normal_sf(spiegelhalter_z(view)?.abs())).min(1.0)))
        })],
        ..TEST
    },
    Metric {
        id: "hosmer_lemeshow_chi2",
        name: "Hosmer-Lemeshow statistic",
        aliases: &["hosmer_lemeshow"],
        summary: "How far expected and observed positives differ over ten parts of the rows by score, in units of chance.",
        formula: "sum over parts of (observed - expected)^2 / (expected (1 - mean score))",
        reading: "About 8 is what calibrated scores give.",
        caveat: "Rows with equal scores are parted in the order of the file; it grows with the number of rows.",
        reference: "Hosmer and Lemeshow 1980",
        range: (0.0, f64::INFINITY),
        reads: &[view(|view| plain(view, hosmer_lemeshow))],
        ..CALIBRATION
    },
    Metric {
        id: "hosmer_lemeshow_pvalue",
        name: "p-value of the Hosmer-Lemeshow statistic",
        aliases: &["hosmer_lemeshow_p_value"],
        summary: "How often calibrated scores would be as far from what happened, by Hosmer and Lemeshow's test.",
        formula: "upper tail of chi-squared with 8 degrees of freedom beyond the statistic",
        caveat: "Rows with equal scores are parted in the order of the file; with many rows it is small for errors that do not matter.",
        reference: "Hosmer and Lemeshow 1980",
        reads: &[view(|view| {
            plain(view, |view| hosmer_lemeshow(view).map(|statistic| chi_squared_sf(statistic, 8.0)))
        })],
        ..TEST
    },
];
