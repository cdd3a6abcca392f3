//! What can be measured, declared once: one row of [`registry::METRICS`] a metric.
//!
//! A row says what it means and which state it reads; [`state`] says how rows fold into states that merge;
//! [`reading`] turns a state into a value with its evidence; metrics that need the rows themselves read a [`view`].
//! Read [`spec::Metric`] first.

pub mod association;
pub mod between;
pub mod binary;
pub mod bins;
pub mod by_score;
pub mod calibration;
pub mod cells;
pub mod class_scores;
pub mod criterion;
pub mod curve;
pub mod domain;
pub mod drift;
pub mod dual;
pub mod efficiency;
pub mod estimate;
pub mod evidence;
pub mod fairness;
pub mod fit;
pub mod key;
pub mod labels;
pub mod multiclass;
pub mod parameters;
pub mod proxies;
pub mod quality;
pub mod ranking;
pub mod reading;
pub mod registry;
pub mod regression;
pub mod representation;
pub mod retrieval;
pub mod rows;
pub mod sample;
pub mod scores;
pub mod spec;
pub mod state;
pub mod steps;
pub mod task;
pub mod time;
pub mod top;
pub mod view;

pub use estimate::{Estimate, Special, Undefined, UndefinedCode};
pub use key::{Comparison, Key, Source, Window};
pub use parameters::{Gain, Parameters};
pub use spec::{Compare, Direction, Family, Metric, Read, Unit};
pub use task::Task;
