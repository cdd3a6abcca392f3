//! Where weak spots are looked for.

use leptos::prelude::*;

use super::people::SearchFields;
use super::settings::LinesField;
use crate::app::desk::Desk;
use crate::app::tasks;
use crate::present::{Edit, Field};

const PREDICATES: &str = "One a line, such as: age >= 65 and sex = \"Female\". Also !=, <, in (a, b), is missing, or, not, parentheses.";

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
            <SearchFields desk />
            <LinesField desk field=Field::Slices id="slices" label="Slices of your own" note=PREDICATES />
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
