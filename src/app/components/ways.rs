//! How the file is read, how that is known, and the choice to read it otherwise.

use leptos::prelude::*;

use crate::app::desk::Desk;
use crate::app::tasks;
use crate::data::{Aspect, Detected};

/// A field for each thing that was found out about the file, behind a summary.
#[component]
pub fn Ways(
    /// The state of the page.
    desk: Desk,
) -> impl IntoView {
    let found = Memo::new(move |_| {
        desk.session.with(|session| {
            session
                .inspection()
                .map(|inspection| inspection.reading.clone())
                .unwrap_or_default()
        })
    });
    let aspects = Memo::new(move |_| found.with(|found| found.iter().map(|found| found.what).collect::<Vec<_>>()));
    let summary = move || {
        let words = found.with(|found| {
            found
                .iter()
                .map(|found| format!("{} {}", found.what.as_str(), found.value))
                .collect::<Vec<_>>()
        });
        format!("How it is read: {}", words.join(", "))
    };
    let fields = move || {
        aspects
            .get()
            .into_iter()
            .map(|aspect| view! { <Way desk found aspect /> })
            .collect_view()
    };
    view! {
        <details class="more" id="ways">
            <summary>{summary}</summary>
            <p>"Found from the file itself. Where it is wrong, say otherwise: the file is read again, and roles stay."</p>
            <div class="fields">{fields}</div>
        </details>
    }
}

/// One thing: a select, or a field of text where any text can be said.
#[component]
fn Way(
    /// The state of the page.
    desk: Desk,
    /// What was found.
    found: Memo<Vec<Detected>>,
    /// Which of it this is.
    aspect: Aspect,
) -> impl IntoView {
    let of_aspect = Memo::new(move |_| found.with(|found| found.iter().find(|found| found.what == aspect).cloned()));
    let value = Memo::new(move |_| of_aspect.with(|found| found.as_ref().map(|found| found.value.clone()).unwrap_or_default()));
    let why = move || of_aspect.with(|found| found.as_ref().map(|found| found.why.clone()));
    let id = format!("way-{}", aspect.as_str());
    let note_id = format!("{id}-note");
    let choose = move |event: leptos::ev::Event| tasks::read_as(desk, aspect, &event_target_value(&event));
    let choices = aspect.choices();
    let control = if aspect == Aspect::Missing {
        view! { <input id=id.clone() type="text" autocomplete="off" spellcheck="false" data-aspect=aspect.as_str() aria-describedby=note_id.clone() prop:value=move || value.get() on:change=choose /> }
            .into_any()
    } else {
        let options = move || {
            let value = value.get();
            // A sign may have been found that has no name.
            let other = (!choices.contains(&value.as_str())).then(|| value.clone());
            let all = choices.iter().map(|&choice| choice.to_owned()).chain(other);
            all.map(|choice| {
                let selected = choice == value;
                view! { <option value=choice.clone() selected=selected>{choice.clone()}</option> }
            })
            .collect_view()
        };
        view! { <select id=id.clone() data-aspect=aspect.as_str() aria-describedby=note_id.clone() disabled=choices.is_empty() on:change=choose>{options}</select> }
            .into_any()
    };
    view! {
        <p class="field">
            <label for=id.clone()>{aspect.as_str()}</label>
            {control}
            <small id=note_id>{why}</small>
        </p>
    }
}
