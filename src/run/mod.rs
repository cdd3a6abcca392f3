//! How numbers are made: roles and settings become a [`plan`], rows fold into cells in one [`pass`],
//! cells are read into the [`frame`], groups are compared ([`compare`]), weak spots looked for ([`slices`]), and everything followed over time ([`windows`]).

pub mod classes;
pub mod columns;
pub mod compare;
pub mod conflicts;
pub mod criteria;
pub mod curves;
pub mod drift;
mod efficiency;
pub mod error;
pub mod falling;
pub mod features;
pub mod frame;
mod framing;
pub mod frontier;
pub mod grouping;
pub mod groups;
mod numbers;
pub mod outcome;
pub mod pass;
pub mod plan;
pub mod population;
pub mod preset;
pub mod profile;
pub mod proxies;
pub mod quality;
pub mod representation;
pub mod search;
pub mod settings;
mod several_classes;
mod several_labels;
pub mod slices;
pub mod telling;
pub mod threshold;
mod two_classes;
pub mod view;
pub mod weights;
pub mod windows;

pub use crate::metric::Task;
pub use error::PlanError;
pub use outcome::Outcome;
pub use preset::{Preset, Presets};
pub use settings::{AucInterval, ReferenceRule, ScoreScale, Settings, ShareInterval};
pub use telling::{Dialect, Wording};
