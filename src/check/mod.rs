//! What must hold: checks are data, verdicts follow from estimates alone.

pub mod condition;
pub mod verdict;

pub use condition::{Aim, Bound, Check, Condition, Relation, Severity, Subject};
pub use verdict::{Finding, Verdict};
