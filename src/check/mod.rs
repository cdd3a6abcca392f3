//! What must hold: checks are data, verdicts follow from estimates alone.
//!
//! Read [`Check`] first: a subject, a condition on it, and how serious a breach is. A check has three faces that read back as the same check: a TOML
//! file and JSON ([`Suite`]) and an English sentence ([`sentence`]). [`judge()`] holds checks against estimates and returns [`Finding`]s. How estimates are
//! made, and how findings are drawn, is no concern of this module.

pub mod condition;
mod defaults;
pub mod judge;
mod matching;
mod naming;
pub(crate) mod nearest;
mod number;
mod phrase;
pub mod sentence;
pub mod suite;
pub mod verdict;
mod wording;
mod words;

pub use condition::{Aim, Bound, Check, Condition, Flaw, Relation, Severity, Subject};
pub use defaults::default_suite;
pub use judge::{Context, judge};
pub use sentence::SentenceError;
pub use suite::{Suite, SuiteError};
pub use verdict::{Finding, Verdict};
