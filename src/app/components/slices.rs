//! Where weak spots are looked for.

use leptos::prelude::*;

use crate::app::desk::Desk;
use crate::app::tasks;
use crate::present::fields;
use crate::present::{Edit, Field};

/// The columns that are looked at, and slices that the user types; what is wrong with them stands under them.
#[component]
pub fn SliceFields(
    /// The state of the page.
    desk: Desk,
) -> impl IntoView {
    let features = Memo::new(move |_| desk.session.with(|session| session.looks().features));
    let columns = Memo::new(move |_| desk.session.with(|session| session.sliced_columns()));
    let least = Memo::new(move |_| desk.session.with(|session| session.settings().min_support));
    let counted = move || {
        columns.with(|columns| {
            let looked_at = columns.iter().filter(|(_, is_in)| *is_in).count();
            format!("Columns looked at: {looked_at} of {}", columns.len())
        })
    };
    view! {
        <section class="settings" aria-labelledby="slices-heading">
            <h2 id="slices-heading">"Where it could be weaker"</h2>
            <p class="tick">
                <input id="slice-features" type="checkbox" prop:checked=move || features.get() aria-describedby="slice-features-note"
                    on:change=move |event| tasks::edit(desk, Edit::SliceFeatures(event_target_checked(&event))) />
                <label for="slice-features">"Look for weak spots in all feature columns"</label>
                <small id="slice-features-note">
                    {move || format!("The report then names their levels and bins of {} rows or more. Identifiers and free text never appear in it.", least.get())}
                </small>
            </p>
            <details class="more">
                <summary>{counted}</summary>
                <fieldset class="ticks">
                    <legend class="aside-heard">"Columns looked at"</legend>
                    <For each=move || columns.get() key=|(name, _)| name.clone() let((name, _))>
                        <ColumnTick desk name />
                    </For>
                </fieldset>
            </details>
            <PredicatesField desk />
        </section>
    }
}

/// Whether one column is looked at.
#[component]
fn ColumnTick(
    /// The state of the page.
    desk: Desk,
    /// The column.
    name: String,
) -> impl IntoView {
    let own = name.clone();
    let is_in = Memo::new(move |_| desk.session.with(|session| !session.looks().left_out.contains(&own)));
    let own = name.clone();
    let choose = move |event: leptos::ev::Event| {
        let edit = Edit::SliceColumn {
            column: own.clone(),
            is_looked_at: event_target_checked(&event),
        };
        tasks::edit(desk, edit);
    };
    view! {
        <label class="ticks__one">
            <input type="checkbox" data-slice=name.clone() prop:checked=move || is_in.get() on:change=choose />
            <bdi class="name">{name.clone()}</bdi>
        </label>
    }
}

/// Slices of the user's own, one a line.
#[component]
fn PredicatesField(
    /// The state of the page.
    desk: Desk,
) -> impl IntoView {
    const NOTE: &str = "One a line, such as: age >= 65 and sex = \"Female\". Also !=, <, in (a, b), is missing, or, not, parentheses.";
    let first = desk
        .session
        .with_untracked(|session| fields::read(session.settings(), Field::Slices));
    let fault = Memo::new(move |_| desk.session.with(|session| session.fault(Field::Slices).map(str::to_owned)));
    view! {
        <p class="field field--wide">
            <label for="slices">"Slices of your own"</label>
            <textarea id="slices" rows="2" autocomplete="off" spellcheck="false" aria-describedby="slices-note"
                aria-invalid=move || fault.with(Option::is_some).then_some("true")
                on:input=move |event| tasks::edit(desk, Edit::Text(Field::Slices, event_target_value(&event)))>{first}</textarea>
            <small id="slices-note" class:fault=move || fault.with(Option::is_some)>{move || fault.get().unwrap_or_else(|| NOTE.to_owned())}</small>
        </p>
    }
}
