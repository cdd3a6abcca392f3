//! Reads what predicted numbers and ranked lists need: truths, predictions, quantiles, limits, queries, times.

use crate::data::{Column, Notice, NoticeCode, Table, Values};
use crate::stats::order;

use super::framing::{Framed, Framing};
use super::weights::{column, rows_in_words};
use super::{PlanError, Task};

/// The most queries that are told apart.
const MOST_QUERIES: usize = 1 << 31;

/// A truth nearer to 0 than this part of the mean truth makes an error a misleading share of it.
const NEAR_ZERO: f64 = 0.01;

impl Framing<'_> {
    /// Reads truth and prediction, or the predicted median in its place, as numbers; and predicted quantiles and limits.
    pub(super) fn regression(&mut self, label: Option<&Column>, prediction: Option<&Column>) -> Result<Framed, PlanError> {
        self.quantiles()?;
        let median = self.rows.quantiles.iter().find(|(quantile, _)| *quantile == 0.5);
        let median = median.map(|(_, values)| values.clone());
        let (Some(label), true) = (label, prediction.is_some() || median.is_some()) else {
            return Err(misfit(
                "regression",
                "predicted numbers need both a label (the true number) and a prediction, or the predicted quantile 0.5",
            ));
        };
        let truth = self.finite(label, "label")?;
        self.note_near_zero(label, &truth);
        self.rows.truth = Some(truth);
        self.rows.predicted = match prediction {
            Some(column) => Some(self.finite(column, "prediction")?),
            None => median,
        };
        Ok(framed(Some(Task::Regression)))
    }

    /// Reads predicted quantiles, in order of their probabilities, and the limits of an interval.
    fn quantiles(&mut self) -> Result<(), PlanError> {
        let limit = |table: &Table, name: &Option<String>| -> Result<Option<Vec<f64>>, PlanError> {
            let Some(name) = name else { return Ok(None) };
            Ok(Some(column(table, name)?.to_numbers()?.into_owned()))
        };
        self.rows.lower = limit(self.table, &self.roles.lower)?;
        self.rows.upper = limit(self.table, &self.roles.upper)?;
        for (name, other, has_other) in [
            (&self.roles.lower, "an upper", self.rows.upper.is_some()),
            (&self.roles.upper, "a lower", self.rows.lower.is_some()),
        ] {
            if let (Some(name), false) = (name, has_other) {
                let text = format!("Column \"{name}\" is not used: an interval needs {other} limit too.");
                self.notices.push(Notice::of_column(NoticeCode::Setting, name, text));
            }
        }
        for quantile in &self.roles.quantiles {
            // The roles were checked: what is no probability was refused.
            if let Some(probability) = quantile.probability() {
                let values = column(self.table, &quantile.column)?.to_numbers()?.into_owned();
                self.rows.quantiles.push((probability, values));
            }
        }
        order::sort_by(&mut self.rows.quantiles, |a, b| a.0.total_cmp(&b.0));
        Ok(())
    }

    /// A column as numbers; infinite ones are missing, and that is told.
    fn finite(&mut self, column: &Column, role: &str) -> Result<Vec<f64>, PlanError> {
        let mut values = column.to_numbers()?.into_owned();
        let mut infinite = 0;
        for value in values.iter_mut().filter(|value| value.is_infinite()) {
            *value = f64::NAN;
            infinite += 1;
        }
        if infinite > 0 {
            let text = format!(
                "{} in column \"{}\" ({role}) {} an infinite number, which counts as missing.",
                rows_in_words(infinite),
                column.name,
                if infinite == 1 { "holds" } else { "hold" }
            );
            self.notices
                .push(Notice::of_rows(NoticeCode::InvalidValues, &column.name, infinite, text));
        }
        Ok(values)
    }

    /// Says where shares of the truth mislead.
    fn note_near_zero(&mut self, label: &Column, truth: &[f64]) {
        let known = || truth.iter().filter(|value| !value.is_nan());
        let size = crate::stats::sum::ExactSum::from_iter(known().map(|value| value.abs())).value() / known().count() as f64;
        let near = known().filter(|value| value.abs() < NEAR_ZERO * size).count() as u64;
        if near > 0 {
            let text = format!(
                "{} in column \"{}\" (label) {} a true number near 0, less than 1 % of the average size, of which any error is a huge share: \
                 the mean absolute percentage error says little here. Read the weighted one (wape) or the mean absolute error.",
                rows_in_words(near),
                label.name,
                if near == 1 { "has" } else { "have" }
            );
            self.notices
                .push(Notice::of_rows(NoticeCode::NearZeroTruth, &label.name, near, text));
        }
    }

    /// Reads the relevance of items, their order by score (high first) or by rank (low first), and their queries.
    pub(super) fn ranking(&mut self, label: Option<&Column>, prediction: Option<&Column>) -> Result<Framed, PlanError> {
        let query = self.roles.query.as_deref().map(|name| column(self.table, name)).transpose()?;
        let score = self.roles.score.as_deref().map(|name| column(self.table, name)).transpose()?;
        let (Some(label), Some(query)) = (label, query) else {
            return Err(misfit(
                "ranking",
                "ranked lists need a label (how relevant an item is) and a query column",
            ));
        };
        self.rows.truth = Some(self.finite(label, "label")?);
        self.rows.score = Some(match (score, prediction) {
            (Some(score), _) => self.finite(score, "score")?,
            (None, Some(rank)) => self.finite(rank, "prediction")?.into_iter().map(|rank| -rank).collect(),
            (None, None) => {
                return Err(misfit(
                    "ranking",
                    "ranked lists need a score (the highest first), or a prediction that is the rank (1 first)",
                ));
            }
        });
        let levels = query.to_levels(MOST_QUERIES)?;
        let missing = levels.codes.iter().filter(|code| *code == crate::data::column::MISSING).count() as u64;
        if missing > 0 {
            let text = format!(
                "{} in column \"{}\" {} no query and {} part of no list.",
                rows_in_words(missing),
                query.name,
                if missing == 1 { "has" } else { "have" },
                if missing == 1 { "is" } else { "are" }
            );
            self.notices
                .push(Notice::of_rows(NoticeCode::MissingValues, &query.name, missing, text));
        }
        self.rows.query = Some(levels.codes.to_vec());
        Ok(framed(Some(Task::Ranking)))
    }

    /// Reads the moments of rows, where the time column holds times and `is_wanted`; says where it holds none.
    pub(super) fn times(&mut self, is_wanted: bool) -> Result<(), PlanError> {
        let Some(name) = &self.roles.time else { return Ok(()) };
        match &column(self.table, name)?.values {
            Values::Time(times) if is_wanted => self.rows.time = Some(times.to_vec()),
            Values::Time(_) => {}
            _ if is_wanted => {}
            _ => {
                let text = format!("Column \"{name}\" (time) holds no dates or times, so nothing is measured by it.");
                self.notices.push(Notice::of_column(NoticeCode::Setting, name, text));
            }
        }
        Ok(())
    }
}

fn misfit(task: &'static str, reason: &str) -> PlanError {
    PlanError::TaskDoesNotFit {
        task,
        reason: reason.to_owned(),
    }
}

pub(super) fn framed(task: Option<Task>) -> Framed {
    Framed {
        task,
        names: Vec::new(),
        positive_class: None,
        threshold: None,
        is_probability: false,
        is_ordered: false,
    }
}
