//! What went wrong, where the user is.

use leptos::prelude::*;

use crate::app::desk::Desk;
use crate::app::tasks;

/// The message, said aloud when it appears, and the way to go on where the page knows one.
#[component]
pub fn FailureNote(
    /// The state of the page.
    desk: Desk,
) -> impl IntoView {
    let failure = Memo::new(move |_| desk.session.with(|session| session.failure().cloned()));
    move || {
        failure.get().map(|failure| {
            view! {
                <div class="failure">
                    <p id="error" role="alert">{failure.message}</p>
                    {failure.retry.map(|name| view! {
                        <p><button type="button" id="retry" class="button" on:click=move |_| tasks::retry(desk)>
                            <span>"Read " <bdi class="name">{name}</bdi> " again"</span>
                        </button></p>
                    })}
                </div>
            }
        })
    }
}
