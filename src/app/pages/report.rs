//! The audit is done.

use std::sync::Arc;

use leptos::prelude::*;

use crate::app::components::{Comparing, Explorer, FailureNote, Keep, Timeline};
use crate::app::desk::Desk;
use crate::protocol::Rendering;

/// The report, and the ways to keep it.
#[component]
pub fn ReportPage(
    /// The state of the page.
    desk: Desk,
) -> impl IntoView {
    let name = desk.session.with_untracked(|session| session.file().unwrap_or_default().to_owned());
    let report = Memo::new_with_compare(move |_| desk.session.with(|session| session.report().cloned()), is_other);
    // While the moment changes there may be none.
    let part = move |get: fn(&Rendering) -> &String| {
        move || report.with(|report| report.as_deref().map(|report| get(report).clone()).unwrap_or_default())
    };
    let busy = Memo::new(move |_| desk.session.with(|session| session.is_comparing()));
    view! {
        <div id="report">
            <header class="file">
                <h1><bdi class="name">{name}</bdi></h1>
                <p class="file__facts">{part(|report| &report.about)}</p>
            </header>
            <Keep desk report />
            <Comparing desk report />
            <Timeline desk />
            <FailureNote desk />
            // Drawn by our own renderer, which escapes whatever came from the file.
            <div id="report-body" class="report-body" aria-busy=move || busy.get().then_some("true") inner_html=part(|report| &report.body)></div>
            <Explorer desk />
        </div>
    }
}

/// Whether there is another report to show.
fn is_other(before: Option<&Option<Arc<Rendering>>>, now: Option<&Option<Arc<Rendering>>>) -> bool {
    match (before, now) {
        (Some(Some(before)), Some(Some(now))) => !Arc::ptr_eq(before, now),
        _ => true,
    }
}
