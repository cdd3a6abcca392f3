//! A check: a subject, a condition on it, and how serious a breach is. All data.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::metric::Comparison;

/// Which numbers a check looks at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Aim {
    /// The one number over all rows, or the one comparison over all groups of `by`.
    #[default]
    Overall,
    /// The number of every group of `by`.
    EachGroup,
}

/// The subject of a check: a metric, and where to read it.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Subject {
    /// A metric's id.
    pub metric: String,
    /// Its parameters.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub params: BTreeMap<String, String>,
    /// A comparison between groups.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub comparison: Option<Comparison>,
    /// The grouping columns; empty together with a comparison or `each_group` means every grouping of the report.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub by: Vec<String>,
    /// Over all rows, or in each group.
    #[serde(default)]
    pub aim: Aim,
}

/// At least, or at most.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Relation {
    /// The number must not be below the bound.
    AtLeast,
    /// The number must not be above the bound.
    AtMost,
}

/// A limit.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Bound {
    /// A number.
    Constant(f64),
    /// The value of another metric over the same rows, for instance `majority_share`.
    Metric {
        /// That metric's id.
        metric: String,
    },
}

/// What must hold of the subject.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Condition {
    /// At least or at most.
    pub relation: Relation,
    /// The limit.
    pub bound: Bound,
}

/// What a breach is called.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// A breach fails the audit.
    #[default]
    Fail,
    /// A breach is to be watched.
    Warn,
}

/// One requirement.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Check {
    /// A short name, unique in its suite.
    pub id: String,
    /// What it looks at.
    pub subject: Subject,
    /// What must hold.
    pub condition: Condition,
    /// What a breach is called.
    #[serde(default)]
    pub severity: Severity,
}
