//! Bytes to typed columns. Knows nothing of models: a role is only a name given to a column.
//!
//! [`coordinator::Coordinator`] turns a file into a [`Table`] without touching it: it says which bytes are wanted, and puts together what
//! [`block::parse_block`] makes of them, wherever that is done. [`read::Reading`] drives both, in steps. What kind a column is follows from
//! all its rows by one rule (module `tally`).
//!
//! [`roles`] names the part that each column plays, and [`infer`] guesses it.

mod cell;
mod decide;
mod dialect;
mod dictionary;
mod header;
mod names;
mod rules;
mod tally;
mod time;

pub mod block;
pub mod column;
pub mod coordinator;
pub mod error;
pub mod infer;
pub mod notice;
pub mod read;
pub mod roles;
pub mod table;

pub use cell::MISSING_MARKERS;
pub use column::{Column, Kind, Levels, Values, level_order};
pub use error::DataError;
pub use infer::{Guess, infer};
pub use notice::{Notice, NoticeCode};
pub use roles::{ClassScore, Role, Roles};
pub use table::{BadRow, Intake, Table};
pub use time::MISSING_TIME;
