//! How far a job is, and the way to stop it.

use leptos::prelude::*;

use crate::app::desk::Desk;
use crate::app::tasks;

/// The bar, the figures under it, and the button.
#[component]
pub fn Progress(
    /// The state of the page.
    desk: Desk,
) -> impl IntoView {
    let view = desk.progress;
    let share = move || view.with(|view| view.as_ref().and_then(|view| view.share).map(|share| share.to_string()));
    let doing = Memo::new(move |_| view.with(|view| view.as_ref().map(|view| view.doing)));
    let detail = move || view.with(|view| view.as_ref().map(|view| view.detail.clone()));
    view! {
        <progress id="progress" aria-label="Share done" max="1" value=share></progress>
        <p class="wait__doing">{move || doing.get()}</p>
        <p class="wait__detail" id="progress-detail">{detail}</p>
        <p><button type="button" id="cancel" class="button" on:click=move |_| tasks::cancel(desk)>"Cancel"</button></p>
    }
}
