//! The address of one number.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// Which data a number is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Source {
    /// The data under test.
    #[default]
    Current,
    /// Earlier data.
    Reference,
    /// Another model on the same rows.
    Baseline,
    /// The file that labels were joined from. No number is about it alone.
    Labels,
}

/// How a number compares others.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Comparison {
    /// Largest minus smallest over groups.
    Difference,
    /// Smallest over largest over groups.
    Ratio,
    /// Largest absolute distance of a group from all rows; with a group, that group minus all rows.
    ToOverallDifference,
    /// Smallest ratio of a group and all rows, folded to at most 1; with a group, that group over all rows.
    ToOverallRatio,
    /// A group minus the reference group.
    ToReferenceDifference,
    /// A group over the reference group.
    ToReferenceRatio,
    /// A slice minus all other rows.
    ToRestDifference,
    /// The smallest value over groups.
    GroupMin,
    /// The largest value over groups.
    GroupMax,
    /// Current minus reference.
    Change,
}

/// A range of time or order.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Window {
    /// What the windows are cut by.
    pub by: String,
    /// Its place, from 0.
    pub index: u32,
    /// Where it begins.
    pub from: String,
    /// Where it ends.
    pub to: String,
}

/// The address of one number: a table cell, a point of a chart, a check's subject, a link's anchor.
///
/// `group` maps each grouping column to the level, `None` for rows in which it is missing.
/// In the marked rest of a capped grouping, `params` holds `"rest": "true"` and the levels are `None`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
pub struct Key {
    /// A metric's id.
    pub metric: String,
    /// What distinguishes this form of the metric from its plain form, for instance `class` or `average`.
    pub params: BTreeMap<String, String>,
    /// Which data.
    pub source: Source,
    /// The columns that the number is about, where it is about columns.
    pub columns: Vec<String>,
    /// The group, empty for all rows.
    pub group: BTreeMap<String, Option<String>>,
    /// The slice's predicate.
    pub slice: Option<String>,
    /// The level of the control feature.
    pub control: Option<String>,
    /// The window.
    pub window: Option<Window>,
    /// How it compares others, or null for a plain number.
    pub comparison: Option<Comparison>,
    /// The columns whose groups are compared.
    pub by: Vec<String>,
    /// The group compared with, where there is one.
    pub reference_group: Option<BTreeMap<String, Option<String>>>,
}

impl Key {
    /// The plain number of a metric over all current rows.
    pub fn overall(metric: &str) -> Self {
        Self {
            metric: metric.to_owned(),
            ..Self::default()
        }
    }
}
