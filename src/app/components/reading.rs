//! A file that is shown while it is read, or that waits to be read.

use leptos::prelude::*;

use super::Progress;
use crate::app::desk::Desk;
use crate::app::tasks;
use crate::present::opening;

/// How far the reading is; or, where the file may be too large, how much of it is to be read.
#[component]
pub fn ReadingOn(
    /// The state of the page.
    desk: Desk,
) -> impl IntoView {
    let state = Memo::new(move |_| desk.session.with(|session| (session.is_reading(), session.waits())));
    let words = Memo::new(move |_| desk.session.with(|session| session.reading_words()));
    move || match state.get() {
        (false, _) => ().into_any(),
        (true, false) => view! {
            <section class="wait wait--on" id="reading-on" aria-label="Reading">
                <p>{move || words.get()}</p>
                <Progress desk />
            </section>
        }
        .into_any(),
        (true, true) => view! { <Question desk /> }.into_any(),
    }
}

/// Asks how much of a very large file is read.
#[component]
fn Question(
    /// The state of the page.
    desk: Desk,
) -> impl IntoView {
    let (memory, name) = desk
        .session
        .with_untracked(|session| (session.memory(), session.reading_name().to_owned()));
    let buttons = opening::choices(memory)
        .into_iter()
        .map(|(id, wanted, words)| {
            view! { <button type="button" id=id class="button" on:click=move |_| tasks::begin(desk, wanted)>{words}</button> }
        })
        .collect_view();
    view! {
        <section class="wait wait--on" id="too-large" aria-labelledby="too-large-heading">
            <h2 id="too-large-heading">"How much of " <bdi class="name">{name}</bdi> " is to be read?"</h2>
            <p>{opening::question(memory)}</p>
            <p class="decide__buttons decide__buttons--start">
                {buttons}
                <button type="button" id="cancel" class="button" on:click=move |_| tasks::cancel(desk)>"Cancel"</button>
            </p>
        </section>
    }
}
