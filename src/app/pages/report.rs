//! The audit is done.

use leptos::prelude::*;

use crate::app::components::{Explorer, FailureNote, Keep};
use crate::app::desk::Desk;

/// The report, and the ways to keep it.
#[component]
pub fn ReportPage(
    /// The state of the page.
    desk: Desk,
) -> impl IntoView {
    let (name, report) = desk
        .session
        .with_untracked(|session| (session.file().unwrap_or_default().to_owned(), session.report().cloned()));
    let report = report?;
    Some(view! {
        <div id="report">
            <header class="file">
                <h1><bdi class="name">{name}</bdi></h1>
                <p class="file__facts">{report.about.clone()}</p>
            </header>
            <Keep desk />
            <FailureNote desk />
            // Drawn by our own renderer, which escapes whatever came from the file.
            <div inner_html=report.body.clone()></div>
            <Explorer desk />
        </div>
    })
}
