//! Why roles and settings do not make an audit.

use std::fmt;

/// Says what is missing or contradictory, and what to do.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum PlanError {
    /// No column has a role that anything can be measured from.
    NothingToMeasure,
}

impl fmt::Display for PlanError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NothingToMeasure => f.write_str(
                "No column is a label, prediction or score, so there is nothing to measure. Say which column holds the truth and which the prediction.",
            ),
        }
    }
}

impl std::error::Error for PlanError {}
