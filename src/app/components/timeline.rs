//! How rows are cut into windows of time: on the confirm screen, and beside the report.

use leptos::prelude::*;

use super::comparing::{Choice, Select};
use super::settings::{LinesField, TextField};
use crate::app::desk::Desk;
use crate::app::tasks;
use crate::present::timeline::{self, CUTS};
use crate::present::{Compare, Edit, Field};

/// The cut and what belongs to it; what is seldom changed is folded in.
#[component]
pub fn TimelineFields(
    /// The state of the page.
    desk: Desk,
) -> impl IntoView {
    let option = Memo::new(move |_| desk.session.with(|session| timeline::option(session.settings().windows.cut)));
    let options = CUTS
        .iter()
        .map(|&(value, words, _)| view! { <option value=value prop:selected=move || option.get() == value>{words}</option> })
        .collect_view();
    let choose = move |event: leptos::ev::Event| {
        let value = event_target_value(&event);
        if let Some((.., cut)) = CUTS.iter().find(|own| own.0 == value) {
            tasks::edit(desk, Edit::Cut(*cut));
        }
    };
    let size = move || match option.get() {
        "rows" => Some(
            view! { <TextField desk field=Field::WindowSize id="window-size" label="Rows of a window" note="The last one may have fewer." /> },
        ),
        "count" => Some(
            view! { <TextField desk field=Field::WindowSize id="window-size" label="Number of windows" note="Of about as many rows each." /> },
        ),
        _ => None,
    };
    let order = move || {
        (timeline::size(desk.session.with(|session| session.settings().windows.cut)).is_some()).then(|| view! { <OrderField desk /> })
    };
    let is_cut = Memo::new(move |_| option.get() != "none" && desk.session.with(|session| session.is_followed()));
    let is_alone = Memo::new(move |_| desk.session.with(|session| session.files().reference().is_none()));
    view! {
        <section class="settings" aria-labelledby="timeline-heading">
            <h2 id="timeline-heading">"What changed over time"</h2>
            <div class="fields">
                <p class="field">
                    <label for="windows">"Follow it in"</label>
                    <select id="windows" aria-describedby="windows-note" on:change=choose>{options}</select>
                    <small id="windows-note">{move || desk.session.with(|session| session.timeline_note())}</small>
                </p>
                {size}
                {order}
            </div>
            <Show when=move || is_cut.get()>
                <details class="more">
                    <summary>"What counts as unusual"</summary>
                    <div class="fields">
                        <LinesField desk field=Field::Bands id="bands" label="Bands" note="One a line: 3sd around the mean of earlier windows, q0.05..q0.95 between their quantiles, or a metric between limits, as in recall=0.7.." />
                        <Show when=move || is_alone.get()>
                            <TextField desk field=Field::FirstWindows id="window-reference" label="Share of windows that tell what is usual" note="From the first on; later ones are held against them." />
                        </Show>
                    </div>
                </details>
            </Show>
        </section>
    }
}

/// By which column rows are put in order.
#[component]
fn OrderField(
    /// The state of the page.
    desk: Desk,
) -> impl IntoView {
    let orders = Memo::new(move |_| {
        desk.session.with(|session| {
            session
                .inspection()
                .map(|inspection| timeline::orders(inspection))
                .unwrap_or_default()
        })
    });
    let by = Memo::new(move |_| desk.session.with(|session| session.settings().windows.by.clone()));
    let choose = move |event: leptos::ev::Event| {
        let value = event_target_value(&event);
        tasks::edit(desk, Edit::WindowBy(value.strip_prefix('=').map(str::to_owned)));
    };
    let options = move || {
        let columns = orders.get().into_iter();
        columns
            .map(|column| {
                let own = column.clone();
                view! { <option value=format!("={column}") prop:selected=move || by.with(|by| by.as_ref() == Some(&own))>{column.clone()}</option> }
            })
            .collect_view()
    };
    view! {
        <p class="field">
            <label for="window-by">"In order of"</label>
            <select id="window-by" on:change=choose>
                <option value="" prop:selected=move || by.with(Option::is_none)>"the file"</option>
                {options}
            </select>
        </p>
    }
}

/// The cut, changed beside the report; nothing where rows have no time and are not cut.
#[component]
pub fn Timeline(
    /// The state of the page.
    desk: Desk,
) -> impl IntoView {
    let is_followed = Memo::new(move |_| desk.session.with(|session| session.is_followed()));
    let own = desk.session.with_untracked(|session| session.settings().windows.cut);
    let cuts = CUTS.iter().filter(|(value, ..)| !matches!(*value, "rows" | "count"));
    let mut choices: Vec<Choice> = cuts
        .map(|&(_, words, cut)| (cut.to_string(), words.to_owned(), Compare::Cut(cut)))
        .collect();
    // What was typed on the screen before can be chosen again.
    if timeline::size(own).is_some() {
        choices.insert(0, (own.to_string(), own.in_words(), Compare::Cut(own)));
    }
    let chosen = Signal::derive(move || desk.session.with(|session| session.settings().windows.cut.to_string()));
    view! {
        <Show when=move || is_followed.get()>
            <details class="more compare" id="over-time">
                <summary>"How change over time is followed"</summary>
                <div class="fields">
                    <Select desk id="report-windows".to_owned() label="Follow it in".to_owned() choices=choices.clone() chosen />
                </div>
            </details>
        </Show>
    }
}
