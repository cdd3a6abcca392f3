//! What metrics see that need more of their rows than sums: the rows themselves, in file order and by falling score.
//!
//! A view is over all rows of the audit or over one group. What several metrics need of the same view is computed once and kept in its memory.

use std::cell::OnceCell;
use std::collections::BTreeMap;

use super::UndefinedCode;
use super::bins::{Bin, Binned};
use super::class_scores::calibration::Calibration;
use super::class_scores::ranks::ClassRanks;
use super::class_scores::sums::ClassSums;
use super::fit::Fit;
use super::labels::LabelSums;
use super::reading::Reading;
use super::regression::Residuals;
use super::rows::Rows;
use super::state::RowWeight;
use super::steps::Steps;
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
    /// What was computed from these rows before.
    pub memory: &'a Memory,
}

/// What several metrics need of the same rows: computed when first asked for, kept as long as the rows.
#[derive(Debug, Default)]
pub struct Memory {
    /// Positives and negatives at every score.
    pub(super) steps: OnceCell<Steps>,
    /// Ten parts of equal numbers of rows, highest score first.
    pub(super) deciles: OnceCell<Vec<Bin>>,
    /// Ten parts of equal numbers of rows, lowest score first.
    pub(super) ranks: OnceCell<Vec<Bin>>,
    /// The bins of every binning asked for.
    pub(super) bins: OnceCell<Vec<Binned>>,
    /// The logistic fit of the truth on the log odds of the score.
    pub(super) fit: OnceCell<Result<Fit, UndefinedCode>>,
    /// With several labels, sums over rows.
    pub(super) label_sums: OnceCell<LabelSums>,
    /// With several classes, sums over scores.
    pub(super) class_sums: OnceCell<ClassSums>,
    /// With several classes, what the order of each class's scores tells.
    pub(super) class_ranks: OnceCell<ClassRanks>,
    /// With several classes, how far scores are from what happened: the highest ones, and those of each class.
    pub(super) class_calibration: OnceCell<Calibration>,
    /// Predicted numbers in order, and tests of them.
    pub(super) numbers: super::regression::Numbers,
    /// What all ranked lists gave.
    pub(super) lists: super::retrieval::Retrieved,
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
    pub fn new(subject: Subject<'a>, rows: &'a [u32], falling: &'a [u32], residuals: Option<&'a Residuals>, memory: &'a Memory) -> Self {
        Self {
            subject,
            rows,
            falling,
            residuals,
            memory,
        }
    }

    /// The rows with label and score, highest score first; equal scores in file order.
    pub fn scored(&self) -> impl Iterator<Item = Scored> + '_ {
        self.scored_in(self.falling)
    }

    /// Those of some rows that have label and score, in the order given.
    pub fn scored_in<'r>(&'r self, order: &'r [u32]) -> impl Iterator<Item = Scored> + 'r {
        let Subject { rows, positive, .. } = self.subject;
        order.iter().filter_map(move |row| {
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
    /// The answer, where it is a word or a moment and no number; the reading's support then says how many rows give it.
    pub text: Option<String>,
}

impl Measured {
    /// The plain form.
    pub fn plain(reading: Reading) -> Self {
        Self {
            params: BTreeMap::new(),
            reading,
            text: None,
        }
    }

    /// A form with parameters.
    pub fn with(params: &[(&str, String)], reading: Reading) -> Self {
        let named = params.iter().map(|(name, value)| ((*name).to_owned(), value.clone()));
        Self {
            params: named.collect(),
            reading,
            text: None,
        }
    }
}
