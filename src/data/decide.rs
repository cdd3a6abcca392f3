//! What the columns of a file are, from the counts of all their cells. A column that can be read in two ways follows the others.

use super::dialect::Dialect;
use super::rules::Rules;
use super::tally::{Decision, Tally};

/// A column as far as it decides: its name and its counts over all rows.
#[derive(Debug, Clone, Copy)]
pub(super) struct Counted<'a> {
    #[allow(dead_code, reason = "names decide between times and numbers, which are not told apart yet")]
    pub name: &'a str,
    pub tally: &'a Tally,
}

/// What each column is.
pub(super) fn decide(columns: &[Counted], _rules: &Rules, _dialect: &Dialect) -> Vec<Decision> {
    columns.iter().map(|column| column.tally.decide()).collect()
}
