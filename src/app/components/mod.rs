//! The parts of the pages, one file each.

mod columns;
mod comparing;
mod constraint;
mod examples;
mod explorer;
mod failure;
mod files;
mod forecast;
mod keep;
pub mod masthead;
mod notices;
mod preview;
mod privacy;
mod progress;
mod reading;
mod settings;
mod slices;
mod source;
mod ways;

pub use columns::Columns;
pub use comparing::Comparing;
pub use examples::Examples;
pub use explorer::{Explorer, ExplorerLink};
pub use failure::FailureNote;
pub use files::FilesPanel;
pub use forecast::Forecast;
pub use keep::Keep;
pub use notices::Notices;
pub use preview::Preview;
pub use privacy::Privacy;
pub use progress::Progress;
pub use reading::ReadingOn;
pub use settings::SettingsFields;
pub use slices::SliceFields;
pub use source::Source;
pub use ways::Ways;
