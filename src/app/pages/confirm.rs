//! The file is read, or its first rows are; what its columns mean is confirmed.

use std::sync::Arc;

use leptos::prelude::*;

use crate::app::components::{
    Columns, FailureNote, FilesPanel, Forecast, Notices, Preview, ReadingOn, SettingsFields, SliceFields, TimelineFields, Ways,
};
use crate::app::desk::Desk;
use crate::app::tasks;
use crate::engine::Inspection;
use crate::present::facts;

/// The table of columns with their roles, the settings, the forecast, and the start of the audit.
#[component]
pub fn ConfirmPage(
    /// The state of the page.
    desk: Desk,
) -> impl IntoView {
    let example = desk.session.with_untracked(|session| session.example());
    let name = Memo::new(move |_| desk.session.with(|session| session.file().unwrap_or_default().to_owned()));
    let inspection = Memo::new_with_compare(move |_| desk.session.with(|session| session.inspection().cloned()), is_other);
    let facts = Memo::new(move |_| {
        desk.session.with(|session| {
            session.inspection().map(|inspection| match session.files().holds_current() {
                true => facts::of_file(inspection),
                false => facts::of_first_bytes(inspection, session.memory()),
            })
        })
    });
    let can_start = Memo::new(move |_| desk.session.with(|session| session.can_start() && !session.waits()));
    let can_profile = Memo::new(move |_| desk.session.with(|session| session.can_profile() && !session.waits()));
    let starts = Memo::new(move |_| desk.session.with(|session| session.starts_when_read()));
    let start_words = move || {
        if starts.get() {
            "Starts when all is read"
        } else {
            "Start the audit"
        }
    };
    view! {
        <header class="file">
            <h1><bdi class="name">{name}</bdi></h1>
            <p class="file__facts" id="file-facts">{move || facts.get()}</p>
            {example.map(|example| view! {
                <p class="source" id="example-source">{example.about} " " <small>{example.source}</small></p>
            })}
        </header>
        <FailureNote desk />
        <FilesPanel desk />
        <ReadingOn desk />
        <Notices desk />
        <section aria-labelledby="columns-heading">
            <h2 id="columns-heading">"What its columns mean"</h2>
            <Columns desk inspection />
            <Preview inspection />
            <Ways desk />
        </section>
        <SettingsFields desk />
        <TimelineFields desk />
        <SliceFields desk />
        <div class="decide">
            <Forecast desk />
            <div class="decide__buttons">
                <button type="button" id="start" class="button button--main" disabled=move || !can_start.get()
                    aria-pressed=move || starts.get().then_some("true") on:click=move |_| tasks::start(desk)>
                    {start_words}
                </button>
                <button type="button" id="again" class="button" on:click=move |_| tasks::start_over(desk)>"Choose another file"</button>
                <button type="button" id="keep-profile" class="button button--quiet" disabled=move || !can_profile.get()
                    title="Saves what a comparison needs of the file, without its rows: a reference for later files. What fewer than 10 rows share is left out."
                    on:click=move |_| tasks::keep_profile(desk)>"Keep as a profile"</button>
            </div>
        </div>
    }
}

/// Whether there is something else to show: the same inspection stays where it is.
fn is_other(before: Option<&Option<Arc<Inspection>>>, now: Option<&Option<Arc<Inspection>>>) -> bool {
    match (before, now) {
        (Some(Some(before)), Some(Some(now))) => !Arc::ptr_eq(before, now),
        _ => true,
    }
}
