//! The audit is done.

use leptos::prelude::*;

use crate::app::components::{FailureNote, Keep};
use crate::app::desk::Desk;
use crate::app::tasks;

/// The report, and the ways to keep it.
#[component]
pub fn ReportPage(
    /// The state of the page.
    desk: Desk,
) -> impl IntoView {
    // Drawn by our own renderer, which escapes whatever came from the file.
    let body = desk
        .session
        .with_untracked(|session| session.outcome().map(|outcome| crate::report::html::body(&outcome.report)))?;
    Some(view! {
        <nav class="report-bar" aria-label="Report">
            <button type="button" id="back" class="button button--quiet" on:click=move |_| tasks::revise(desk)>"Change roles and settings"</button>
            <button type="button" id="again" class="button button--quiet" on:click=move |_| tasks::start_over(desk)>"Audit another file"</button>
        </nav>
        <FailureNote desk />
        <div id="report" inner_html=body></div>
        <Keep desk />
    })
}
