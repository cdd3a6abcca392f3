//! What metrics of predicted numbers need of the order of their rows, computed once a view.

use std::cell::OnceCell;

use super::sums::Residuals;
use crate::metric::state::RowWeight;
use crate::metric::view::View;
use crate::metric::{Task, UndefinedCode as Code};
use crate::stats::correlation::Kendall;
use crate::stats::normality::Test;
use crate::stats::quantile;
use crate::stats::rank::Ranked;
use crate::stats::sum::ExactSum;

/// The shared parts of a view of predicted numbers.
#[derive(Debug, Default)]
pub struct Numbers {
    complete: OnceCell<Vec<u32>>,
    truth: OnceCell<Ranked>,
    prediction: OnceCell<Ranked>,
    residual: OnceCell<Ranked>,
    absolute: OnceCell<Ranked>,
    pub(super) shape: OnceCell<Result<super::diagnostics::Central, Code>>,
    pub(super) shapiro_wilk: OnceCell<Result<Test, Code>>,
    pub(super) wilcoxon: OnceCell<Result<Test, Code>>,
    pub(super) spearman: [OnceCell<Result<f64, Code>>; 2],
    pub(super) kendall: [OnceCell<Result<Kendall, Code>>; 2],
}

/// A column of numbers of the rows with truth and prediction.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Column {
    Truth,
    Prediction,
    /// Truth less prediction.
    Residual,
    /// Its size.
    Absolute,
}

/// The rows of a view that have both truth and prediction.
#[derive(Debug, Clone, Copy)]
pub(super) struct Complete<'a> {
    view: &'a View<'a>,
    rows: &'a [u32],
    truth: &'a [f64],
    prediction: &'a [f64],
    /// The sums over them.
    pub sums: &'a Residuals,
}

/// Whether the audit predicts numbers, which is all that most metrics of this family need.
pub(super) fn is_regression(subject: &crate::metric::view::Subject<'_>) -> bool {
    subject.task == Some(Task::Regression)
}

impl<'a> Complete<'a> {
    /// The rows of a view; `None` where no numbers are predicted.
    pub fn of(view: &'a View<'a>) -> Option<Self> {
        let rows = view.subject.rows;
        let (truth, prediction) = (rows.truth.as_deref()?, rows.predicted.as_deref()?);
        let is_complete = |row: &u32| !truth[*row as usize].is_nan() && !prediction[*row as usize].is_nan();
        let complete = || view.rows.iter().copied().filter(is_complete).collect();
        Some(Self {
            view,
            rows: view.memory.numbers.complete.get_or_init(complete),
            truth,
            prediction,
            sums: view.residuals?,
        })
    }

    /// How many rows of the table.
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// How many rows they stand for.
    pub fn support(&self) -> u64 {
        self.sums.complete.rows()
    }

    /// The row's place in the table.
    pub fn row(&self, place: usize) -> usize {
        self.rows[place] as usize
    }

    /// The truth of a row.
    pub fn truth(&self, place: usize) -> f64 {
        self.truth[self.row(place)]
    }

    /// The prediction of a row.
    pub fn prediction(&self, place: usize) -> f64 {
        self.prediction[self.row(place)]
    }

    /// Truth less prediction of a row.
    pub fn residual(&self, place: usize) -> f64 {
        self.truth(place) - self.prediction(place)
    }

    /// How much a row counts.
    pub fn weight(&self, place: usize) -> RowWeight {
        let none = RowWeight { count: 0, weight: None };
        self.view.subject.rows.weight(self.row(place)).unwrap_or(none)
    }

    /// How many rows a row stands for.
    pub fn count(&self, place: usize) -> u64 {
        self.weight(place).count
    }

    fn value(&self, column: Column, place: usize) -> f64 {
        match column {
            Column::Truth => self.truth(place),
            Column::Prediction => self.prediction(place),
            Column::Residual => self.residual(place),
            Column::Absolute => self.residual(place).abs(),
        }
    }

    /// A column in order.
    pub fn ranked(&self, column: Column) -> &'a Ranked {
        let numbers = &self.view.memory.numbers;
        let kept = match column {
            Column::Truth => &numbers.truth,
            Column::Prediction => &numbers.prediction,
            Column::Residual => &numbers.residual,
            Column::Absolute => &numbers.absolute,
        };
        kept.get_or_init(|| Ranked::new(self.len(), &|place| self.value(column, place), &|place| self.count(place)))
    }

    /// What is kept with the view.
    pub fn numbers(&self) -> &'a Numbers {
        &self.view.memory.numbers
    }

    /// Why a metric that weights have no part in has no value: no rows, or rows of different weights.
    pub fn unweighted(&self) -> Result<(), Code> {
        if self.len() == 0 {
            Err(Code::NoRows)
        } else if self.sums.has_equal_weights() {
            Ok(())
        } else {
            Err(Code::Weighted)
        }
    }

    /// The quantile of a column by weight (type 2); of rows that weigh the same by number.
    pub fn averaged_quantile(&self, column: Column, probability: f64) -> Option<f64> {
        let ranked = self.ranked(column);
        if self.sums.has_equal_weights() {
            return quantile::averaged(ranked.values(), &|place| ranked.through(place) as f64, probability);
        }
        let through = self.weight_through(ranked);
        quantile::averaged(ranked.values(), &|place| through[place], probability)
    }

    /// For each different number of a column, the weight of the rows with at most that number.
    pub fn weight_through(&self, ranked: &Ranked) -> Vec<f64> {
        let mut rows: Vec<(u64, u32)> = ranked
            .places()
            .iter()
            .enumerate()
            .map(|(row, place)| (u64::from(*place), row as u32))
            .collect();
        rows.sort_unstable();
        let mut through = vec![0.0; ranked.values().len()];
        let mut total = ExactSum::default();
        for (at, (place, row)) in rows.iter().enumerate() {
            let weight = self.weight(*row as usize);
            weight.add(&mut total, 1.0);
            if rows.get(at + 1).is_none_or(|(next, _)| next != place) {
                through[*place as usize] = total.value();
            }
        }
        through
    }
}
