//! The result as one serializable value, and its faces: one file each.

pub mod model;

pub use model::{ColumnSummary, Curve, Input, Outcome, Report};
