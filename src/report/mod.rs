//! The result as one serializable value, and its faces: one file each.

pub mod html;
pub mod json;
pub mod markdown;
pub mod model;
pub mod terminal;

pub use model::{ColumnSummary, Curve, Input, Outcome, Report};
