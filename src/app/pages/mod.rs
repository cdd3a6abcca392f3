//! The moments of a session, one file each.

mod confirm;
mod report;
mod start;
mod wait;

pub use confirm::ConfirmPage;
pub use report::ReportPage;
pub use start::StartPage;
pub use wait::WaitPage;
