//! The browser page.
//!
//! [`desk`] holds the state, [`tasks`] is what users make happen, [`browser`] touches the outside world, `pages` are the moments of a session,
//! `components` their parts. What is shown, and when, is decided in [`present`](crate::present).

pub mod browser;
pub mod components;
pub mod desk;
pub mod pages;
pub mod tasks;

use leptos::prelude::*;

use components::masthead::Masthead;
use desk::Desk;
use pages::{ConfirmPage, ReportPage, StartPage, WaitPage};

use crate::present::Moment;

/// Puts the page in place of the text that was shown while the engine was unpacked.
pub fn mount() {
    std::panic::set_hook(Box::new(|panic| {
        console_error_panic_hook::hook(panic);
        browser::show_failure(&format!(
            "The page met a case that it does not handle ({panic}). Your file is untouched. Reload the page, and please report this text."
        ));
    }));
    let Some(place) = browser::clear("app") else { return };
    mount_to(place, App).forget();
}

/// The page: the masthead, the moment, and the line that says aloud what changed.
#[component]
fn App() -> impl IntoView {
    let desk = Desk::new();
    let moment = Memo::new(move |_| desk.session.with(|session| session.moment()));
    Effect::new(move |before: Option<Moment>| {
        let now = moment.get();
        if before.is_some_and(|before| before != now) {
            browser::focus_heading();
        }
        now
    });
    let status = Memo::new(move |_| desk.session.with(|session| session.status()));
    browser::keep_drops_in_the_page(move |files| tasks::open_dropped_anywhere(desk, files));
    view! {
        <a class="skip" href="#main">"Skip to the content"</a>
        <Masthead desk />
        <main id="main" class="page" tabindex="-1">
            {move || match moment.get() {
                Moment::Start => view! { <StartPage desk /> }.into_any(),
                Moment::Reading | Moment::Running => view! { <WaitPage desk /> }.into_any(),
                Moment::Confirm => view! { <ConfirmPage desk /> }.into_any(),
                Moment::Report => view! { <ReportPage desk /> }.into_any(),
            }}
        </main>
        <p id="status" class="aside-heard" role="status" aria-live="polite">{status}</p>
    }
}
