//! The result as one serializable value, and its faces: one file each.
//!
//! [`model::Report`] holds numbers by address; [`outline`] says in which order and words they are shown; [`html`], [`markdown`] and
//! [`terminal`] write that outline. JSON is the report itself.

pub mod anchor;
pub mod format;
pub mod html;
pub mod index;
pub mod json;
pub mod markdown;
pub mod model;
pub mod outline;
pub mod terminal;
pub mod words;

#[cfg(test)]
mod fixtures;

pub use model::{ColumnSummary, Curve, Input, Outcome, Report};
