//! How the order of predictions goes with truth, and how errors go with predictions.

use super::errors::{correlated, moments, pearson_true_pred, varying};
use super::kept::{Column, Complete, is_regression};
use super::order::plain;
use super::sums::Residuals;
use crate::metric::UndefinedCode as Code;
use crate::metric::reading::Reading;
use crate::metric::spec::{Compare, Direction, Family, Metric, Read, Unit};
use crate::metric::view::{Measured, View};
use crate::stats::correlation::{self, Kendall, t_test};
use crate::stats::interval::Method;

/// Which two columns are held together.
#[derive(Debug, Clone, Copy)]
enum Pair {
    /// Truth and prediction.
    TruePred,
    /// Prediction, and truth less prediction.
    PredResidual,
}

impl Pair {
    const fn columns(self) -> (Column, Column) {
        match self {
            Self::TruePred => (Column::Truth, Column::Prediction),
            Self::PredResidual => (Column::Prediction, Column::Residual),
        }
    }

    /// Why there is no correlation: a column that does not vary.
    fn check(self, residuals: &Residuals) -> Result<(), Code> {
        match self {
            Self::TruePred => varying(residuals).map(|_| ()),
            Self::PredResidual => match moments(residuals)? {
                moments if moments.prediction <= 0.0 => Err(Code::ConstantPrediction),
                moments if moments.residual <= 0.0 => Err(Code::ConstantResidual),
                _ => Ok(()),
            },
        }
    }
}

fn pearson_pred_residual(residuals: &Residuals) -> Reading {
    match Pair::PredResidual.check(residuals).and_then(|()| moments(residuals)) {
        Ok(moments) => correlated(residuals, moments.prediction_by_residual, moments.prediction, moments.residual),
        Err(code) => Reading::undefined(code, residuals.complete.rows()),
    }
}

fn pearson(residuals: &Residuals, pair: Pair) -> Reading {
    match pair {
        Pair::TruePred => pearson_true_pred(residuals),
        Pair::PredResidual => pearson_pred_residual(residuals),
    }
}

/// A number of rows that weigh the same, or why there is none.
fn exact(rows: &Complete<'_>, value: Result<f64, Code>) -> Reading {
    match rows.unweighted().and(value) {
        Ok(value) => Reading::exact(value, rows.support()),
        Err(code) => Reading::undefined(code, rows.support()),
    }
}

/// The p-value of a correlation that is compared with Student's t.
fn p_value(rows: &Complete<'_>, correlation: Result<f64, Code>) -> Reading {
    let enough = |r: f64| {
        if rows.support() < 3 {
            Err(Code::TooFewRows)
        } else {
            Ok(t_test(r, rows.support()))
        }
    };
    exact(rows, correlation.and_then(enough))
}

fn pearson_p(view: &View<'_>, pair: Pair) -> Vec<Measured> {
    plain(view, |rows| p_value(rows, pearson(rows.sums, pair).value))
}

fn spearman(rows: &Complete<'_>, pair: Pair) -> Result<f64, Code> {
    let compute = || {
        rows.unweighted()?;
        pair.check(rows.sums)?;
        let (a, b) = pair.columns();
        correlation::spearman(rows.ranked(a), rows.ranked(b), &|place| rows.count(place)).ok_or(Code::ConstantTruth)
    };
    *rows.numbers().spearman[pair as usize].get_or_init(compute)
}

/// With Bonett and Wright's (2000) variance on Fisher's scale.
fn spearman_of(view: &View<'_>, pair: Pair) -> Vec<Measured> {
    plain(view, |rows| match spearman(rows, pair) {
        Err(code) => Reading::undefined(code, rows.support()),
        Ok(r) => {
            let variance = (1.0 + 0.5 * r * r) / (rows.support() as f64 - 3.0);
            Reading::correlation(r, variance, Method::BonettWright, rows.support())
        }
    })
}

fn spearman_p(view: &View<'_>, pair: Pair) -> Vec<Measured> {
    plain(view, |rows| p_value(rows, spearman(rows, pair)))
}

fn kendall(rows: &Complete<'_>, pair: Pair) -> Result<Kendall, Code> {
    let compute = || {
        rows.unweighted()?;
        pair.check(rows.sums)?;
        let (a, b) = pair.columns();
        correlation::kendall(rows.ranked(a), rows.ranked(b), &|place| rows.count(place)).ok_or(Code::ConstantTruth)
    };
    *rows.numbers().kendall[pair as usize].get_or_init(compute)
}

/// With the variance of Fieller, Hartley and Pearson (1957) on Fisher's scale.
fn kendall_of(view: &View<'_>, pair: Pair) -> Vec<Measured> {
    plain(view, |rows| match kendall(rows, pair) {
        Err(code) => Reading::undefined(code, rows.support()),
        Ok(kendall) => {
            let variance = 0.437 / (rows.support() as f64 - 4.0);
            Reading::correlation(kendall.tau, variance, Method::Fieller, rows.support())
        }
    })
}

fn kendall_p(view: &View<'_>, pair: Pair) -> Vec<Measured> {
    plain(view, |rows| exact(rows, kendall(rows, pair).map(|kendall| kendall.p_value)))
}

const fn view(read: fn(&View<'_>) -> Vec<Measured>) -> Read {
    Read::View {
        needs: is_regression,
        read,
    }
}

const RANKS: Metric = Metric {
    family: Family::Regression,
    unit: Unit::Score,
    direction: Direction::HigherIsBetter,
    range: (-1.0, 1.0),
    compare: Compare::Difference,
    ..Metric::BLANK
};

const OF_RESIDUALS: Metric = Metric {
    family: Family::Residuals,
    direction: Direction::CloserToZero,
    reading: "Near 0 is right; above, high predictions are too low, and below, they are too high.",
    ..RANKS
};

/// A p-value of the hypothesis that there is no connection.
pub(super) const P_VALUE: Metric = Metric {
    family: Family::Residuals,
    unit: Unit::Score,
    direction: Direction::Neutral,
    range: (0.0, 1.0),
    compare: Compare::No,
    reading: "Small values, say below 0.05, are rare by chance.",
    caveat: "With many rows a connection too weak to matter has a small p-value too. Undefined for rows of different weights.",
    ..Metric::BLANK
};

const UNWEIGHTED: &str = "Undefined for rows of different weights.";

/// The rows of this family, in the order they are shown; the first four are of predictions, the others of residuals.
pub const METRICS: [Metric; 11] = [
    Metric {
        id: "spearman_true_pred",
        name: "rank correlation of truth and prediction",
        aliases: &["spearman_rho"],
        words: &["spearman correlation"],
        summary: "How well predictions put rows in the order of the truth.",
        formula: "Pearson's correlation of ranks, ties at their mid-rank",
        reading: "1 is the right order, 0 none, -1 the order turned round.",
        caveat: UNWEIGHTED,
        reference: "SciPy, spearmanr; interval: Bonett and Wright 2000",
        reads: &[view(|rows| spearman_of(rows, Pair::TruePred))],
        ..RANKS
    },
    Metric {
        id: "kendall_tau_b_true_pred",
        name: "Kendall's tau of truth and prediction",
        aliases: &["kendall_tau", "kendall"],
        words: &[],
        summary: "How much more often two rows are in the right order than in the wrong one.",
        formula: "(concordant - discordant pairs) / sqrt(pairs not tied in target x pairs not tied in prediction)",
        reading: "1 is the right order, 0 none, -1 the order turned round.",
        caveat: UNWEIGHTED,
        reference: "SciPy, kendalltau (tau-b); interval: Fieller, Hartley and Pearson 1957",
        reads: &[view(|rows| kendall_of(rows, Pair::TruePred))],
        ..RANKS
    },
    Metric {
        id: "pearson_true_pred_pvalue",
        name: "p-value of the correlation of truth and prediction",
        summary: "How rarely unrelated columns would correlate as strongly.",
        formula: "two-sided, from Student's t with n - 2 degrees of freedom",
        reference: "SciPy, pearsonr",
        reads: &[view(|rows| pearson_p(rows, Pair::TruePred))],
        ..P_VALUE
    },
    Metric {
        id: "spearman_true_pred_pvalue",
        name: "p-value of the rank correlation of truth and prediction",
        summary: "How rarely unrelated columns would have so similar an order.",
        formula: "two-sided, from Student's t with n - 2 degrees of freedom",
        reference: "SciPy, spearmanr",
        reads: &[view(|rows| spearman_p(rows, Pair::TruePred))],
        ..P_VALUE
    },
    Metric {
        id: "kendall_tau_b_true_pred_pvalue",
        name: "p-value of Kendall's tau of truth and prediction",
        summary: "How rarely unrelated columns would have so many pairs in the same order.",
        formula: "two-sided; counted out for up to 33 rows without ties, else normal with the variance corrected for ties",
        reference: "SciPy, kendalltau",
        reads: &[view(|rows| kendall_p(rows, Pair::TruePred))],
        ..P_VALUE
    },
    Metric {
        id: "pearson_pred_residual",
        name: "correlation of prediction and residual",
        summary: "Whether errors rise or fall with the prediction along a line.",
        formula: "covariance of prediction and (target - prediction) / (standard deviation of each)",
        caveat: "Errors can depend on the prediction without a line: look at residuals by predicted value.",
        reference: "SciPy, pearsonr",
        reads: &[view(|rows| plain(rows, |rows| pearson_pred_residual(rows.sums)))],
        ..OF_RESIDUALS
    },
    Metric {
        id: "pearson_pred_residual_pvalue",
        name: "p-value of the correlation of prediction and residual",
        summary: "How rarely unrelated errors would correlate with predictions as strongly.",
        formula: "two-sided, from Student's t with n - 2 degrees of freedom",
        reference: "SciPy, pearsonr",
        reads: &[view(|rows| pearson_p(rows, Pair::PredResidual))],
        ..P_VALUE
    },
    Metric {
        id: "spearman_pred_residual",
        name: "rank correlation of prediction and residual",
        summary: "Whether errors rise or fall with the prediction, by order.",
        formula: "Pearson's correlation of the ranks of prediction and target - prediction",
        caveat: UNWEIGHTED,
        reference: "SciPy, spearmanr; interval: Bonett and Wright 2000",
        reads: &[view(|rows| spearman_of(rows, Pair::PredResidual))],
        ..OF_RESIDUALS
    },
    Metric {
        id: "spearman_pred_residual_pvalue",
        name: "p-value of the rank correlation of prediction and residual",
        summary: "How rarely unrelated errors would go with the order of predictions as closely.",
        formula: "two-sided, from Student's t with n - 2 degrees of freedom",
        reference: "SciPy, spearmanr",
        reads: &[view(|rows| spearman_p(rows, Pair::PredResidual))],
        ..P_VALUE
    },
    Metric {
        id: "kendall_tau_b_pred_residual",
        name: "Kendall's tau of prediction and residual",
        summary: "Whether errors rise or fall with the prediction, pair by pair.",
        formula: "(concordant - discordant pairs) / sqrt(pairs not tied in either)",
        caveat: UNWEIGHTED,
        reference: "SciPy, kendalltau (tau-b); interval: Fieller, Hartley and Pearson 1957",
        reads: &[view(|rows| kendall_of(rows, Pair::PredResidual))],
        ..OF_RESIDUALS
    },
    Metric {
        id: "kendall_tau_b_pred_residual_pvalue",
        name: "p-value of Kendall's tau of prediction and residual",
        summary: "How rarely unrelated errors would have so many pairs in the order of predictions.",
        formula: "two-sided; counted out for up to 33 rows without ties, else normal with the variance corrected for ties",
        reference: "SciPy, kendalltau",
        reads: &[view(|rows| kendall_p(rows, Pair::PredResidual))],
        ..P_VALUE
    },
];
