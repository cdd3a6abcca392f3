//! Nothing is chosen yet.

use leptos::prelude::*;

use crate::app::components::{Examples, FailureNote, Privacy, Source};
use crate::app::desk::Desk;

/// Asks for a file, offers the examples, and says what the browser enforces.
#[component]
pub fn StartPage(
    /// The state of the page.
    desk: Desk,
) -> impl IntoView {
    view! {
        <header class="opening">
            <h1>"Is your model all right?"</h1>
            <p class="opening__lead">"Drop a CSV of its predictions. It is read here, and stays here."</p>
        </header>
        <FailureNote desk />
        <Source desk />
        <Examples desk />
        <Privacy />
    }
}
