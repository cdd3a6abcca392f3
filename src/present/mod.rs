//! What the screen shows, without the screen: the state of a session and the view models, tested natively.
//!
//! Read [`Session`] first: everything the page shows is a function of it.

pub mod columns;
pub mod comparing;
pub mod examples;
pub mod explore;
pub mod facts;
pub mod fields;
pub mod files;
pub mod format;
pub mod opening;
pub mod pace;
pub mod people;
pub mod progress;
pub mod session;
pub mod slices;
pub mod timeline;

pub use columns::{ColumnRow, RoleChoice};
pub use comparing::Compare;
pub use examples::{EXAMPLES, Example};
pub use explore::{Exploring, Move};
pub use fields::{Edit, Field};
pub use files::{Files, Part};
pub use pace::Pace;
pub use progress::ProgressView;
pub use session::{Failure, Moment, Session};
