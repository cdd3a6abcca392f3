//! What can be measured, declared once: one row of [`registry::METRICS`] a metric.

pub mod estimate;
pub mod key;
pub mod registry;

pub use estimate::{Estimate, Special, Undefined, UndefinedCode};
pub use key::{Comparison, Key, Source, Window};
