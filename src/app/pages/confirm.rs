//! The file is read; what its columns mean is confirmed.

use leptos::prelude::*;

use crate::app::components::{Columns, FailureNote, Forecast, Notices, Preview, SettingsFields, SliceFields};
use crate::app::desk::Desk;
use crate::app::tasks;
use crate::present::facts;

/// The table of columns with their roles, the settings, the forecast, and the start of the audit.
#[component]
pub fn ConfirmPage(
    /// The state of the page.
    desk: Desk,
) -> impl IntoView {
    let (inspection, example) = desk
        .session
        .with_untracked(|session| (session.inspection().cloned(), session.example()));
    let inspection = inspection?;
    let can_start = Memo::new(move |_| desk.session.with(|session| session.can_start()));
    Some(view! {
        <header class="file">
            <h1><bdi class="name">{inspection.intake.name.clone()}</bdi></h1>
            <p class="file__facts" id="file-facts">{facts::of_file(&inspection)}</p>
            {example.map(|example| view! {
                <p class="source" id="example-source">{example.about} " " <small>{example.source}</small></p>
            })}
        </header>
        <FailureNote desk />
        <Notices desk />
        <section aria-labelledby="columns-heading">
            <h2 id="columns-heading">"What its columns mean"</h2>
            <Columns desk inspection=inspection.clone() />
            <Preview inspection=inspection.clone() />
        </section>
        <SettingsFields desk />
        <SliceFields desk />
        <div class="decide">
            <Forecast desk />
            <div class="decide__buttons">
                <button type="button" id="start" class="button button--main" disabled=move || !can_start.get() on:click=move |_| tasks::start(desk)>
                    "Start the audit"
                </button>
                <button type="button" id="again" class="button" on:click=move |_| tasks::start_over(desk)>"Choose another file"</button>
            </div>
        </div>
    })
}
