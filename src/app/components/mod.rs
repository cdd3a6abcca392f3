//! The parts of the pages, one file each.

mod columns;
mod examples;
mod explorer;
mod failure;
mod forecast;
mod keep;
pub mod masthead;
mod notices;
mod preview;
mod privacy;
mod settings;
mod slices;
mod source;

pub use columns::Columns;
pub use examples::Examples;
pub use explorer::{Explorer, ExplorerLink};
pub use failure::FailureNote;
pub use forecast::Forecast;
pub use keep::Keep;
pub use notices::Notices;
pub use preview::Preview;
pub use privacy::Privacy;
pub use settings::SettingsFields;
pub use slices::SliceFields;
pub use source::Source;
