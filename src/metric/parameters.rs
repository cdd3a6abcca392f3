//! What a user can set about single metrics.

use serde::{Deserialize, Serialize};

/// What a user can set about single metrics; the defaults are those of a plain run.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Default)]
#[serde(default, deny_unknown_fields)]
pub struct Parameters {
    /// How many rows, from the highest score down, the metrics at the top look at.
    pub top: Vec<u64>,
    /// For how many of the highest scores it is asked whether the true class, of several, is among them; empty: 1, 2, 3 and 5.
    pub top_classes: Vec<u64>,
}
