//! The outcome of a check.

use serde::{Deserialize, Serialize};

use super::Check;
use crate::metric::{Estimate, Key};

/// Does it hold?
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// The check could not be carried out as written.
    Error,
    /// The evidence says that it does not hold.
    Fail,
    /// As fail, of a check whose breach is only to be watched.
    Warn,
    /// Too few rows, or the interval straddles the bound.
    Inconclusive,
    /// The evidence says that it holds.
    Pass,
    /// The check does not apply to this data.
    NotApplicable,
}

/// A check with its outcome on one number.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Finding {
    /// The check's id.
    pub check: String,
    /// The number that was judged; null where there is none.
    pub key: Option<Key>,
    /// The outcome.
    pub verdict: Verdict,
    /// The number itself, with interval and support.
    pub estimate: Option<Estimate>,
    /// The limit as a number, where it could be resolved.
    pub bound: Option<f64>,
    /// What it says, in plain words, with the numbers.
    pub sentence: String,
    /// Why the verdict is not pass or fail, or what else to know; empty otherwise.
    pub reason: String,
}

impl Finding {
    /// Whether this finding is of that check.
    pub fn is_of(&self, check: &Check) -> bool {
        self.check == check.id
    }
}
