//! Bytes to typed columns. Knows nothing of models: a role is only a name given to a column.
//!
//! [`coordinator::Coordinator`] turns a file into a [`Table`] without touching it: it says which bytes are wanted, and puts together what
//! [`block::parse_block`] makes of them, wherever that is done. [`read::Reading`] drives both, in steps. What kind a column is follows from
//! all its rows by one rule (module `tally`). [`predicate`] says which rows are meant.
//!
//! [`mod@join`] puts the columns of a file of labels to a table of predictions.
//!
//! [`roles`] names the part that each column plays, and [`infer`] guesses it.

mod builder;
mod cell;
mod codes;
mod date;
mod decide;
mod decode;
mod detect;
mod dialect;
mod dictionary;
mod format;
mod header;
mod json;
mod json_lines;
mod keys;
mod names;
mod noted;
mod numeral;
mod options;
mod packed;
mod period;
mod rules;
mod signature;
mod source;
mod tally;
mod time;
pub(crate) mod wire;

pub mod block;
pub mod column;
pub mod coordinator;
pub mod error;
pub mod infer;
pub mod join;
pub mod notice;
pub mod predicate;
pub mod read;
pub mod roles;
pub mod table;

pub use cell::MISSING_MARKERS;
pub use codes::Codes;
pub use column::{Column, Kind, Levels, Values, level_order};
pub use error::DataError;
pub use infer::{Guess, infer};
pub use join::{By, JoinError, LabelFile};
pub use keys::{Keyed, Keys};
pub use names::label_name;
pub use notice::{Notice, NoticeCode};
pub use options::{Aspect, Comment, Detected, Encoding, Escape, Format, Quote, ReadOptions, Thousands};
pub use packed::{Numbers, Times, Whole};
pub use period::Period;
pub use predicate::{Predicate, PredicateError};
pub use roles::{ClassScore, QuantileColumn, Role, Roles, closest};
pub use rules::{Decimal, Order};
pub use table::{BadRow, Intake, Sampled, Table};
pub use time::{MISSING_TIME, format as time_text};
