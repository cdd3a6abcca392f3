//! What can be done with a report.

use leptos::prelude::*;

use super::ExplorerLink;
use crate::app::desk::Desk;
use crate::app::tasks;

/// A button a format, what is inside, and the ways on.
#[component]
pub fn Keep(
    /// The state of the page.
    desk: Desk,
) -> impl IntoView {
    view! {
        <section class="keep" aria-label="Keep the report, or go on">
            <p class="keep__buttons">
                <span class="keep__lead">"Keep this report"</span>
                <button type="button" id="download-html" class="button button--main" on:click=move |_| tasks::keep_html(desk)>"One HTML file"</button>
                <button type="button" id="download-json" class="button" on:click=move |_| tasks::keep_json(desk)>"JSON"</button>
                <span class="keep__on">
                <ExplorerLink desk />
                <button type="button" id="back" class="button button--quiet" on:click=move |_| tasks::revise(desk)>"Change roles and settings"</button>
                <button type="button" id="again" class="button button--quiet" on:click=move |_| tasks::start_over(desk)>"Audit another file"</button>
                </span>
            </p>
            <p class="keep__note">"Inside: numbers over groups of rows, column names, and the names of the groups compared. No rows."</p>
        </section>
    }
}
