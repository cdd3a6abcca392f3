//! Thresholds that hold groups alike, for the explorer's fields.

use leptos::prelude::*;

use crate::app::desk::Desk;
use crate::app::tasks;
use crate::present::explore::LIMITS;
use crate::present::{Exploring, Move};
use crate::report::words::capital;
use crate::run::frontier::Constraint;

/// What is to be alike, how nearly, and with which thresholds; then what it costs, and the way there.
#[component]
pub fn ConstraintFields(
    /// The state of the page.
    desk: Desk,
) -> impl IntoView {
    let wish = Memo::new(move |_| desk.session.with(|session| session.exploring().map(Exploring::wish)));
    let offered = Memo::new(move |_| {
        desk.session
            .with(|session| session.exploring().map(Exploring::offered))
            .unwrap_or_default()
    });
    let is_there = Memo::new(move |_| {
        desk.session
            .with(|session| session.exploring().is_some_and(|exploring| exploring.offer().is_some()))
    });
    let alike = Constraint::ALL
        .iter()
        .enumerate()
        .map(|(place, constraint)| {
            let is_it = move || wish.get().is_some_and(|wish| wish.0 == *constraint);
            view! { <option value=place prop:selected=is_it>{capital(constraint.name())}</option> }
        })
        .collect_view();
    let limits = LIMITS
        .iter()
        .enumerate()
        .map(|(place, (words, limit))| view! { <option value=place prop:selected=move || wish.get().is_some_and(|wish| wish.1 == *limit)>{*words}</option> })
        .collect_view();
    let place = |event: &leptos::ev::Event| event_target_value(event).parse::<usize>().unwrap_or(0);
    let choose_alike = move |event: leptos::ev::Event| {
        if let Some(constraint) = Constraint::ALL.get(place(&event)) {
            tasks::explore(desk, Move::Constraint(*constraint));
        }
    };
    let choose_limit = move |event: leptos::ev::Event| {
        if let Some((_, limit)) = LIMITS.get(place(&event)) {
            tasks::explore(desk, Move::Limit(*limit));
        }
    };
    let choose_shared = move |event: leptos::ev::Event| tasks::explore(desk, Move::Shared(event_target_value(&event) == "shared"));
    let is_shared = move |wanted: bool| move || wish.get().is_some_and(|wish| wish.2 == wanted);
    view! {
        <fieldset class="explore__constraint" id="explore-constraint">
            <legend>"Hold groups alike"</legend>
            <div class="fields">
                <p class="field">
                    <label for="constraint">"Alike in"</label>
                    <select id="constraint" on:change=choose_alike>{alike}</select>
                </p>
                <p class="field">
                    <label for="constraint-limit">"With a gap of at most"</label>
                    <select id="constraint-limit" on:change=choose_limit>{limits}</select>
                </p>
                <p class="field">
                    <label for="constraint-shared">"Thresholds"</label>
                    <select id="constraint-shared" on:change=choose_shared>
                        <option value="own" prop:selected=is_shared(false)>"one a group"</option>
                        <option value="shared" prop:selected=is_shared(true)>"one for all"</option>
                    </select>
                </p>
            </div>
            <p class="explore__offer" id="constraint-offer" aria-live="polite">{offered}</p>
            <button type="button" id="constraint-take" class="button" disabled=move || !is_there.get() on:click=move |_| tasks::explore(desk, Move::Take)>
                "Set these thresholds"
            </button>
        </fieldset>
    }
}
