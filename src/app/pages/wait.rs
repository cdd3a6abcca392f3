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
    let verb = Memo::new(move |_| {
        desk.session.with(|session| match session.moment() {
            Moment::Reading => "Reading",
            _ => "Auditing",
        })
    });
    let name = Memo::new(move |_| desk.session.with(|session| session.reading_name().to_owned()));
    view! {
        <section class="wait">
            <h1>{verb} " " <bdi class="name">{name}</bdi></h1>
            <Progress desk />
        </section>
    }
}
