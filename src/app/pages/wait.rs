//! A job runs.

use leptos::prelude::*;

use crate::app::desk::Desk;
use crate::app::tasks;
use crate::present::Moment;

/// How far the job is, and the way to stop it.
#[component]
pub fn WaitPage(
    /// The state of the page.
    desk: Desk,
) -> impl IntoView {
    let heading = desk.session.with_untracked(|session| {
        let verb = if session.moment() == Moment::Reading {
            "Reading"
        } else {
            "Auditing"
        };
        (verb, session.file().unwrap_or_default().to_owned())
    });
    let view = Memo::new(move |_| desk.session.with(|session| session.progress().cloned()));
    let share = move || view.with(|view| view.as_ref().and_then(|view| view.share).map(|share| share.to_string()));
    let doing = move || view.with(|view| view.as_ref().map(|view| view.doing));
    let detail = move || view.with(|view| view.as_ref().map(|view| view.detail.clone()));
    view! {
        <section class="wait">
            <h1>{heading.0} " " <bdi class="name">{heading.1}</bdi></h1>
            <progress id="progress" aria-label="Share done" max="1" value=share></progress>
            <p class="wait__doing">{doing}</p>
            <p class="wait__detail" id="progress-detail">{detail}</p>
            <p><button type="button" id="cancel" class="button" on:click=move |_| tasks::cancel(desk)>"Cancel"</button></p>
        </section>
    }
}
