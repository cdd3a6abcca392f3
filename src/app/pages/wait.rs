//! A job runs.

use leptos::prelude::*;

use crate::app::components::Progress;
use crate::app::desk::Desk;
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
    view! {
        <section class="wait">
            <h1>{heading.0} " " <bdi class="name">{heading.1}</bdi></h1>
            <Progress desk />
        </section>
    }
}
