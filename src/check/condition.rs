//! A check: a subject, a condition on it, and how serious a breach is. All data.

use std::collections::BTreeMap;
use std::fmt;

use serde::{Deserialize, Deserializer, Serialize};

use crate::data::Predicate;
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
    /// A slice's predicate, in its canonical text: the rows that are looked at instead of all.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "canonical")]
    pub slice: Option<String>,
    /// Over all rows, or in each group.
    #[serde(default)]
    pub aim: Aim,
}

/// A predicate in whatever words, to its canonical text.
fn canonical<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
    let text = String::deserialize(deserializer)?;
    let predicate: Predicate = text.parse().map_err(serde::de::Error::custom)?;
    Ok(Some(predicate.to_string()))
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
#[serde(
    untagged,
    deny_unknown_fields,
    expecting = "a bound is a number, or a metric as in { metric = \"majority_share\" }"
)]
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
    /// Whether the check is set aside, as not applicable, where the data holds nothing to measure it on; otherwise that is a failure.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub optional: bool,
    /// Why it is asked for, and where the bound comes from; empty where nobody said.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub why: String,
}

/// What makes a check impossible to carry out on any data.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Flaw {
    /// The id is empty.
    NoId,
    /// The bound is infinite or not a number.
    BoundNotFinite,
    /// Groups are named, but neither compared nor looked at one by one.
    GroupsWithoutQuestion,
    /// A gap between groups is asked for in each group.
    GapInEachGroup,
    /// A distance to the reference group is asked for, of no group in particular.
    ReferenceWithoutGroup,
    /// Groups are asked for within a slice.
    GroupsInSlice,
    /// A distance to the rest of the rows is asked for, of no slice.
    RestWithoutSlice,
}

impl fmt::Display for Flaw {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NoId => "the check has no id; give it a short name",
            Self::BoundNotFinite => "the bound is not a finite number; give one such as 0.8",
            Self::GroupsWithoutQuestion => {
                "the check names groups, but not what to do with them; ask for a comparison such as the ratio, or for each group"
            }
            Self::GapInEachGroup => "a gap between groups is one number for all of them; leave out \"each group\" or the comparison",
            Self::ReferenceWithoutGroup => "the distance to the reference group is a number of each group; ask for it in each group",
            Self::GroupsInSlice => "a slice is not divided into groups; write the group into the slice, or leave one of them out",
            Self::RestWithoutSlice => "the distance to the rest of the rows is a number of a slice; say which with “for”",
        })
    }
}

impl std::error::Error for Flaw {}

impl Check {
    /// What makes the check impossible to carry out on any data, if anything does. Whether its metric exists is not looked at.
    pub fn flaw(&self) -> Option<Flaw> {
        if self.id.is_empty() {
            return Some(Flaw::NoId);
        }
        if matches!(self.condition.bound, Bound::Constant(bound) if !bound.is_finite()) {
            return Some(Flaw::BoundNotFinite);
        }
        let Subject { comparison, by, aim, .. } = &self.subject;
        let Subject { slice, .. } = &self.subject;
        match (slice, comparison) {
            (None, Some(Comparison::ToRestDifference)) => return Some(Flaw::RestWithoutSlice),
            (Some(_), Some(Comparison::ToRestDifference) | None) if by.is_empty() && *aim == Aim::Overall => return None,
            (Some(_), _) => return Some(Flaw::GroupsInSlice),
            (None, _) => {}
        }
        match (aim, comparison) {
            (Aim::Overall, None | Some(Comparison::Change)) if !by.is_empty() => Some(Flaw::GroupsWithoutQuestion),
            (Aim::Overall, Some(Comparison::ToReferenceDifference | Comparison::ToReferenceRatio)) => Some(Flaw::ReferenceWithoutGroup),
            (Aim::EachGroup, Some(Comparison::Difference | Comparison::Ratio | Comparison::GroupMin | Comparison::GroupMax)) => {
                Some(Flaw::GapInEachGroup)
            }
            _ => None,
        }
    }
}
