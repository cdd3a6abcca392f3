//! The line at the top of every moment.

use leptos::prelude::*;

use crate::app::browser;
use crate::app::desk::Desk;
use crate::present::Moment;

use super::privacy::Enforced;

/// The name, the theme, and what the page is.
#[component]
pub fn Masthead(
    /// The state of the page.
    desk: Desk,
) -> impl IntoView {
    let dark = RwSignal::new(browser::is_dark());
    let about = NodeRef::<leptos::html::Dialog>::new();
    let toggle = move |_| {
        dark.update(|dark| *dark = !browser::is_dark());
        browser::set_dark(dark.get_untracked());
    };
    let open = move |_| {
        if let Some(about) = about.get() {
            // It fails only where it is open already.
            let _ = about.show_modal();
        }
    };
    let close = move |_| {
        if let Some(about) = about.get() {
            about.close();
        }
    };
    // At the start the page says the same itself, in full view.
    let is_start = Memo::new(move |_| desk.session.with(|session| session.moment() == Moment::Start));
    view! {
        <header class="masthead">
            <p class="masthead__name">"Assay"</p>
            <p class="masthead__promise" class:masthead__promise--quiet=is_start>"Nothing leaves this machine"</p>
            <button type="button" id="theme" class="button button--quiet" on:click=toggle>
                {move || if dark.get() { "Light theme" } else { "Dark theme" }}
            </button>
            <button type="button" id="about-open" class="button button--quiet" aria-haspopup="dialog" on:click=open>"About"</button>
            <dialog id="about" class="dialog" node_ref=about aria-labelledby="about-heading">
                <h2 id="about-heading">"About Assay"</h2>
                <p>
                    "Assay measures a model from its predictions: how often it is right, for whom it is right less often, and how sure those numbers are. "
                    "It assesses and measures; it does not certify. Version " {env!("CARGO_PKG_VERSION")} ", MIT or Apache-2.0."
                </p>
                <Enforced />
                <p><button type="button" id="about-close" class="button" on:click=close>"Close"</button></p>
            </dialog>
        </header>
    }
}
