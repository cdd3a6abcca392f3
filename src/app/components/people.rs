//! Who the rows are about, and the search for groups that nobody named.

use leptos::prelude::*;

use super::settings::{LinesField, TextField};
use crate::app::desk::Desk;
use crate::app::tasks;
use crate::present::fields::ERRORS;
use crate::present::people::WORDS;
use crate::present::{Edit, Field};

/// Words for people, which prediction is good for them, and their shares in the population; folded in.
#[component]
pub fn PeopleFields(
    /// The state of the page.
    desk: Desk,
) -> impl IntoView {
    let words = WORDS.map(|(word, id, label, note)| view! { <TextField desk field=Field::Word(word) id label note /> });
    let good = Memo::new(move |_| {
        desk.session
            .with(|session| (session.positive_choices().0, session.settings().favorable.clone()))
    });
    let classes = move || {
        let (classes, chosen) = good.get();
        let option = |class: String| {
            let selected = Some(&class) == chosen.as_ref();
            view! { <option value=format!("={class}") selected=selected>{class.clone()}</option> }
        };
        classes.into_iter().map(option).collect_view()
    };
    let choose = move |event: leptos::ev::Event| {
        let value = event_target_value(&event);
        tasks::edit(desk, Edit::Favorable(value.strip_prefix('=').map(str::to_owned)));
    };
    view! {
        <details class="more" id="people">
            <summary>"Words for people, and their shares in the population"</summary>
            <div class="fields">
                {words}
                <p class="field">
                    <label for="good">"Which prediction is good for people"</label>
                    <select id="good" on:change=choose>
                        <option value="" selected=move || good.with(|(_, chosen)| chosen.is_none())>"not said"</option>
                        {classes}
                    </select>
                </p>
                <LinesField desk field=Field::Population id="population" label="Shares in the population"
                    note="A sensitive column a line, such as: race: White=0.6, Other=0.4. Counts and percent are shares, too." />
            </div>
        </details>
    }
}

/// Whether groups that nobody named are looked for, by which error, and in which columns.
#[component]
pub fn SearchFields(
    /// The state of the page.
    desk: Desk,
) -> impl IntoView {
    let is_on = Memo::new(move |_| desk.session.with(|session| session.settings().search.is_on));
    let by = Memo::new(move |_| desk.session.with(|session| session.settings().search.by));
    let options = move || {
        let option = |(value, words, error)| view! { <option value=value prop:selected=move || by.get() == error>{words}</option> };
        ERRORS.into_iter().map(option).collect_view()
    };
    let choose = move |event: leptos::ev::Event| {
        let value = event_target_value(&event);
        if let Some((.., error)) = ERRORS.into_iter().find(|own| own.0 == value) {
            tasks::edit(desk, Edit::SearchBy(error));
        }
    };
    view! {
        <p class="tick">
            <input id="search" type="checkbox" prop:checked=move || is_on.get() aria-describedby="search-note"
                on:change=move |event| tasks::edit(desk, Edit::Search(event_target_checked(&event))) />
            <label for="search">"Search for groups that nobody named"</label>
            <small id="search-note">"Combinations of columns in which predictions err more, found in one half of the rows and measured in the other."</small>
        </p>
        <Show when=move || is_on.get()>
            <div class="fields">
                <p class="field">
                    <label for="search-by">"Search by"</label>
                    <select id="search-by" on:change=choose>{options}</select>
                </p>
                <LinesField desk field=Field::SearchFeatures id="search-features" label="Columns searched" note="One a line; where none is named, the sensitive ones and all without another role." />
            </div>
        </Show>
    }
}
