//! Slices: levels and bins of columns, and predicates that a user typed, each held against all other rows.
//!
//! [`plan`](plan::plan) decides which columns are cut and which predicates are read; a [`pass::SlicePass`] goes over the rows once more, a
//! column at a time; [`estimates`](estimates::estimates) reads the numbers and corrects p-values for everything that was looked at.
//! A column's slices, with what belongs to none of them, make up all rows, so that the rest of the rows is a merge of the other states.

pub mod bins;
pub mod estimates;
pub mod pass;
pub mod plan;
mod state;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::stats::multiple::Correction;

/// The most levels, or bins, of a column that are looked at: the largest.
pub const MOST_LEVELS: usize = 50;
/// The most slices of a report; columns with the most slices are left out beyond.
pub const MOST_SLICES: usize = 400;
/// The most predicates that can be typed.
pub const MOST_PREDICATES: usize = 100;

/// Where weak spots are looked for.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct SliceSettings {
    /// The columns whose levels or bins are looked at; the sensitive features unless set.
    pub by: Option<Vec<String>>,
    /// The values at which a column of numbers is cut, in place of its quartiles; such a column is looked at, too.
    pub bins: BTreeMap<String, Vec<f64>>,
    /// Further slices, each a predicate.
    pub predicates: Vec<String>,
    /// How p-values are corrected for the number of slices.
    pub correction: Correction,
}
