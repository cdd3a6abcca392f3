//! How numbers are made: settings and roles become a plan, rows fold into cells, cells are read into the frame.

pub mod error;
pub mod settings;

pub use error::PlanError;
pub use settings::{Settings, ShareInterval, Task};
