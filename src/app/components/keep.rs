//! The ways to keep a report.

use leptos::prelude::*;

use crate::app::desk::Desk;
use crate::app::tasks;

/// A button a format, and what is inside.
#[component]
pub fn Keep(
    /// The state of the page.
    desk: Desk,
) -> impl IntoView {
    view! {
        <section class="keep" aria-labelledby="keep-heading">
            <h2 id="keep-heading">"Keep it"</h2>
            <p class="keep__buttons">
                <button type="button" id="download-html" class="button button--main" on:click=move |_| tasks::keep_html(desk)>"Report, one HTML file"</button>
                <button type="button" id="download-json" class="button" on:click=move |_| tasks::keep_json(desk)>"JSON"</button>
            </p>
            <p class="keep__note">
                "Inside: numbers over groups of rows, column names, and the names of the groups compared. No rows. The JSON is byte for byte what the command "
                <code>"assay audit"</code> " writes for the same file, roles and settings."
            </p>
        </section>
    }
}
