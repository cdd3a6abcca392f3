//! What metrics between groups see: the outcomes of every group of a grouping, and how each is compared with a reference group.

use super::cells::{Cells, Outcomes};
use super::reading::Reading;
use super::{Comparison, UndefinedCode};

/// Groupings of more groups are not read pair by pair: the report would be of little else.
const MOST_PAIRED: usize = 50;

/// The groups of a grouping, two classes each. Rows with a missing level and the marked rest are none of them.
#[derive(Debug)]
pub struct Groups<'a> {
    /// The groups, in the grouping's order.
    pub groups: Vec<&'a Outcomes>,
    /// The place of the group that others are compared with.
    pub reference: Option<usize>,
    /// Groups of fewer rows are read, but a test over them is not corrected for.
    pub min_support: u64,
    /// The lowest ratio to the reference group that counts as parity; its inverse is the highest.
    pub tau: f64,
    /// Nominal coverage of intervals.
    pub level: f64,
}

/// One number between groups.
#[derive(Debug, Clone)]
pub struct Between {
    /// What distinguishes this form of the metric.
    pub params: Vec<(&'static str, String)>,
    /// How groups are compared.
    pub comparison: Option<Comparison>,
    /// The place of the group that is held against the reference group; `None` for a number over all groups.
    pub group: Option<usize>,
    /// The number.
    pub reading: Reading,
}

impl Between {
    /// A number over all groups.
    pub fn all(comparison: Option<Comparison>, params: Vec<(&'static str, String)>, reading: Reading) -> Self {
        Self {
            params,
            comparison,
            group: None,
            reading,
        }
    }
}

/// Which rows a share is of: its name in `params`, the numerator's and the denominator's outcomes.
#[derive(Debug, Clone, Copy)]
pub struct ShareOf {
    /// The metric's id.
    pub metric: &'static str,
    /// The numerator's outcomes.
    pub hits: Cells,
    /// The denominator's outcomes.
    pub of: Cells,
}

impl ShareOf {
    /// The share of a group; `None` without rows in its denominator.
    pub fn value(&self, outcomes: &Outcomes) -> Option<f64> {
        let of = outcomes.tally(self.of).weight();
        (of > 0.0).then(|| outcomes.tally(self.hits).weight() / of)
    }

    /// Rows in the numerator, and in the denominator but not in the numerator; `None` where rows carry importance weights.
    pub fn counts(&self, outcomes: &Outcomes) -> Option<[u64; 2]> {
        let (hits, of) = (outcomes.tally(self.hits), outcomes.tally(self.of));
        (!of.is_weighted()).then(|| [hits.rows(), of.rows() - hits.rows()])
    }

    /// The rows of a group's denominator.
    pub fn support(&self, outcomes: &Outcomes) -> u64 {
        outcomes.tally(self.of).rows()
    }
}

impl Groups<'_> {
    /// Every group with the reference group, that one included; none in groupings of very many groups.
    pub fn with_reference(&self) -> impl Iterator<Item = (usize, &Outcomes, &Outcomes)> {
        let is_few = self.groups.len() <= MOST_PAIRED;
        let base = self.reference.filter(|_| is_few).and_then(|place| self.groups.get(place).copied());
        let groups = self.groups.iter().enumerate();
        groups.filter_map(move |(place, group)| Some((place, *group, base?)))
    }

    /// Every group that is not the reference group, with the reference group.
    pub fn pairs(&self) -> impl Iterator<Item = (usize, &Outcomes, &Outcomes)> {
        self.with_reference().filter(|(place, ..)| Some(*place) != self.reference)
    }

    /// The rows of all groups together.
    pub fn together(&self) -> Outcomes {
        let mut all = Outcomes::default();
        self.groups.iter().for_each(|group| all.merge(group));
        all
    }
}

/// A number without a known spread, or the reason that there is none.
pub fn plain(value: Result<f64, UndefinedCode>, support: u64) -> Reading {
    match value {
        Ok(value) => Reading::exact(value, support),
        Err(code) => Reading::undefined(code, support),
    }
}
