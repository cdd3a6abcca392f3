//! The built-in real data sets.

use leptos::prelude::*;

use crate::app::desk::Desk;
use crate::app::tasks;
use crate::present::EXAMPLES;

/// A button an example.
#[component]
pub fn Examples(
    /// The state of the page.
    desk: Desk,
) -> impl IntoView {
    let buttons = EXAMPLES.iter().map(|example| {
        view! {
            <li>
                <button type="button" class="example" data-example=example.id on:click=move |_| tasks::open_example(desk, example)>
                    <span class="example__title">{example.title}</span>
                    <span class="example__about">{example.summary}</span>
                </button>
            </li>
        }
    });
    view! {
        <section class="examples" aria-labelledby="examples-heading">
            <h2 id="examples-heading">"Try an example"</h2>
            <ul class="examples__list">{buttons.collect_view()}</ul>
        </section>
    }
}
