//! Bytes to typed columns. Knows nothing of models: a role is only a name given to a column.

pub mod column;
pub mod error;
pub mod notice;
pub mod read;
pub mod roles;
pub mod table;

pub use column::{Column, Kind, Levels, Values};
pub use error::DataError;
pub use notice::{Notice, NoticeCode};
pub use roles::{ClassScore, Role, Roles};
pub use table::{BadRow, Intake, Table};
