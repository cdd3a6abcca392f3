//! What metrics see that need more of their rows than sums: the rows themselves, in file order and by falling score.
//!
//! A view is over all rows of the audit or over one group. What several metrics need of the same view is computed once and kept with it.

use std::collections::BTreeMap;

use super::reading::Reading;
use super::regression::Residuals;
use super::rows::Rows;
use super::state::RowWeight;
use super::{Parameters, Task};

/// The audit as its metrics see it.
#[derive(Debug, Clone, Copy)]
pub struct Subject<'a> {
    /// What is predicted; `None` where neither accuracy nor groups can be measured.
    pub task: Option<Task>,
    /// What is known of every row of the table.
    pub rows: &'a Rows,
    /// The classes, sorted; empty for numbers.
    pub classes: &'a [String],
    /// The positive class's place among the classes, for two classes.
    pub positive: u32,
    /// Whether all scores are within 0 to 1.
    pub is_probability: bool,
    /// What the user can set about single metrics.
    pub parameters: &'a Parameters,
    /// Nominal coverage of intervals.
    pub level: f64,
}

/// What several metrics need of the same rows, computed when the first of them asks.
#[derive(Debug, Default)]
pub struct Kept {
    pub(super) numbers: super::regression::Numbers,
    pub(super) lists: super::retrieval::Retrieved,
}

/// Some rows of an audit.
#[derive(Debug)]
pub struct View<'a> {
    /// The audit.
    pub subject: Subject<'a>,
    /// The rows that count, in file order: places in the table. None of them stands for no row.
    pub rows: &'a [u32],
    /// With two classes, those of them with label and score, highest score first; equal scores in file order.
    pub falling: &'a [u32],
    /// With predicted numbers, the sums over the same rows.
    pub residuals: Option<&'a Residuals>,
    pub(super) kept: &'a Kept,
}

/// A row with two classes, a score, and how much it counts.
#[derive(Debug, Clone, Copy)]
pub struct Scored {
    /// Whether it is positive in truth.
    pub positive: bool,
    /// Its score.
    pub score: f64,
    /// How much it counts.
    pub weight: RowWeight,
}

impl<'a> View<'a> {
    /// A view of these rows.
    pub fn new(subject: Subject<'a>, rows: &'a [u32], falling: &'a [u32], residuals: Option<&'a Residuals>, kept: &'a Kept) -> Self {
        Self {
            subject,
            rows,
            falling,
            residuals,
            kept,
        }
    }

    /// The rows with label and score, highest score first; equal scores in file order.
    pub fn scored(&self) -> impl DoubleEndedIterator<Item = Scored> + '_ {
        let Subject { rows, positive, .. } = self.subject;
        self.falling.iter().filter_map(move |row| {
            let row = *row as usize;
            Some(Scored {
                positive: rows.label.as_ref()?[row] == positive,
                score: rows.score.as_ref()?[row],
                weight: rows.weight(row)?,
            })
        })
    }
}

/// What a metric measured in a view: one of its forms.
#[derive(Debug, Clone, PartialEq)]
pub struct Measured {
    /// What distinguishes this form from the plain one; empty for the plain form.
    pub params: BTreeMap<String, String>,
    /// The number.
    pub reading: Reading,
}

impl Measured {
    /// The plain form.
    pub fn plain(reading: Reading) -> Self {
        Self {
            params: BTreeMap::new(),
            reading,
        }
    }

    /// A form with parameters.
    pub fn with(params: &[(&str, String)], reading: Reading) -> Self {
        let named = params.iter().map(|(name, value)| ((*name).to_owned(), value.clone()));
        Self {
            params: named.collect(),
            reading,
        }
    }
}
