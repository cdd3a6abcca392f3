//! What kind of prediction is audited.

use serde::{Deserialize, Serialize};

/// What kind of prediction is audited.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Task {
    /// Two classes.
    Binary,
    /// Three or more classes.
    Multiclass,
    /// Several labels at once, each of them there or not.
    Multilabel,
    /// A number.
    Regression,
    /// Items in order, for queries.
    Ranking,
}
