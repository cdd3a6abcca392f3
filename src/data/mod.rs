//! Bytes to typed columns. Knows nothing of models: a role is only a name given to a column.
//!
//! [`read::Reading`] turns a file into a [`Table`] in steps; what kind a column is follows from all its rows by one rule (module `tally`).
//! [`predicate`] says which rows are meant.
//! [`roles`] names the part that each column plays, and [`infer`] guesses it.

mod builder;
mod cell;
mod dialect;
mod dictionary;
mod header;
mod names;
mod opening;
mod scan;
mod source;
mod tally;
mod time;

pub mod column;
pub mod error;
pub mod infer;
pub mod notice;
pub mod predicate;
pub mod read;
pub mod roles;
pub mod table;

pub use cell::MISSING_MARKERS;
pub use column::{Column, Kind, Levels, Values, level_order};
pub use error::DataError;
pub use infer::{Guess, infer};
pub use notice::{Notice, NoticeCode};
pub use predicate::{Predicate, PredicateError};
pub use roles::{ClassScore, QuantileColumn, Role, Roles, closest};
pub use table::{BadRow, Intake, Table};
pub use time::{MISSING_TIME, format as time_text};
