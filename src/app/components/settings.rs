//! What can be set beside the roles.

use leptos::prelude::*;

use super::people::PeopleFields;
use crate::app::desk::Desk;
use crate::app::tasks;
use crate::present::fields::{self, INTERVALS, TASKS};
use crate::present::{Edit, Field};

/// The fields: those that the answer hangs on in full view, the others behind "Settings".
#[component]
pub fn SettingsFields(
    /// The state of the page.
    desk: Desk,
) -> impl IntoView {
    view! {
        <section class="settings" aria-labelledby="settings-heading">
            <h2 id="settings-heading">"What is predicted"</h2>
            <div class="fields">
                <TaskField desk />
                <PositiveField desk />
                <TextField desk field=Field::Threshold id="threshold" label="Decision threshold" note="A score at or above it counts as positive." />
            </div>
            <details class="more">
                <summary>"Settings"</summary>
                <div class="fields">
                    <TextField desk field=Field::MinSupport id="min-support" label="Smallest group judged" note="Rows that a group must have before it is judged." />
                    <TextField desk field=Field::Level id="level" label="Level of intervals" note="0.95 means intervals that hold the true value 95 times in 100." />
                    <IntervalField desk />
                </div>
            </details>
            <PeopleFields desk />
        </section>
    }
}

/// What kind of prediction it is.
#[component]
fn TaskField(
    /// The state of the page.
    desk: Desk,
) -> impl IntoView {
    let task = Memo::new(move |_| desk.session.with(|session| session.settings().task));
    let options = TASKS
        .iter()
        .map(|&(value, words, choice)| view! { <option value=value prop:selected=move || task.get() == choice>{words}</option> })
        .collect_view();
    let choose = move |event: leptos::ev::Event| {
        let value = event_target_value(&event);
        if let Some((_, _, task)) = TASKS.iter().find(|(each, _, _)| *each == value) {
            tasks::edit(desk, Edit::Task(*task));
        }
    };
    view! {
        <p class="field">
            <label for="task">"Task"</label>
            <select id="task" aria-describedby="task-note" on:change=choose>{options}</select>
            <small id="task-note">{move || desk.session.with(|session| session.task_note())}</small>
        </p>
    }
}

/// Which of two classes counts as positive.
#[component]
fn PositiveField(
    /// The state of the page.
    desk: Desk,
) -> impl IntoView {
    let choices = Memo::new(move |_| desk.session.with(|session| session.positive_choices()));
    let options = move || {
        let (classes, positive) = choices.get();
        classes
            .into_iter()
            .map(|class| {
                let selected = Some(&class) == positive.as_ref();
                view! { <option value=class.clone() selected=selected>{class.clone()}</option> }
            })
            .collect_view()
    };
    let choose = move |event: leptos::ev::Event| tasks::edit(desk, Edit::Positive(Some(event_target_value(&event))));
    view! {
        <p class="field">
            <label for="positive-class">"Positive class"</label>
            <select id="positive-class" aria-describedby="positive-note" disabled=move || choices.with(|(classes, _)| classes.is_empty()) on:change=choose>{options}</select>
            <small id="positive-note">"The class that counts as the event. Of two classes only."</small>
        </p>
    }
}

/// How intervals of shares are made.
#[component]
fn IntervalField(
    /// The state of the page.
    desk: Desk,
) -> impl IntoView {
    let method = Memo::new(move |_| desk.session.with(|session| session.settings().interval));
    let options = INTERVALS
        .iter()
        .map(|&(value, words, choice)| view! { <option value=value prop:selected=move || method.get() == choice>{words}</option> })
        .collect_view();
    let choose = move |event: leptos::ev::Event| {
        let value = event_target_value(&event);
        if let Some((_, _, method)) = INTERVALS.iter().find(|(each, _, _)| *each == value) {
            tasks::edit(desk, Edit::Interval(*method));
        }
    };
    view! {
        <p class="field">
            <label for="interval">"Intervals of shares"</label>
            <select id="interval" on:change=choose>{options}</select>
        </p>
    }
}

/// A field of text; what is wrong with it stands under it.
#[component]
pub(super) fn TextField(
    /// The state of the page.
    desk: Desk,
    /// Which setting it is.
    field: Field,
    /// The element's id.
    id: &'static str,
    /// What it is called.
    label: &'static str,
    /// What it means.
    note: &'static str,
) -> impl IntoView {
    let first = desk.session.with_untracked(|session| fields::read(session.settings(), field));
    let fault = Memo::new(move |_| desk.session.with(|session| session.fault(field).map(str::to_owned)));
    let placeholder = move || desk.session.with(|session| session.placeholder(field));
    let note_id = format!("{id}-note");
    let keys = if matches!(field, Field::Word(_)) { "text" } else { "decimal" };
    view! {
        <p class="field">
            <label for=id>{label}</label>
            <input id=id type="text" inputmode=keys autocomplete="off" value=first placeholder=placeholder aria-describedby=note_id.clone()
                aria-invalid=move || fault.with(Option::is_some).then_some("true")
                on:input=move |event| tasks::edit(desk, Edit::Text(field, event_target_value(&event))) />
            <small id=note_id class:fault=move || fault.with(Option::is_some)>{move || fault.get().unwrap_or_else(|| note.to_owned())}</small>
        </p>
    }
}

/// A field of several lines; what is wrong with it stands under it.
#[component]
pub(super) fn LinesField(
    /// The state of the page.
    desk: Desk,
    /// Which setting it is.
    field: Field,
    /// The element's id.
    id: &'static str,
    /// What it is called.
    label: &'static str,
    /// What it means.
    note: &'static str,
) -> impl IntoView {
    let first = desk.session.with_untracked(|session| fields::read(session.settings(), field));
    let fault = Memo::new(move |_| desk.session.with(|session| session.fault(field).map(str::to_owned)));
    let note_id = format!("{id}-note");
    view! {
        <p class="field field--wide">
            <label for=id>{label}</label>
            <textarea id=id rows="2" autocomplete="off" spellcheck="false" aria-describedby=note_id.clone()
                aria-invalid=move || fault.with(Option::is_some).then_some("true")
                on:input=move |event| tasks::edit(desk, Edit::Text(field, event_target_value(&event)))>{first}</textarea>
            <small id=note_id class:fault=move || fault.with(Option::is_some)>{move || fault.get().unwrap_or_else(|| note.to_owned())}</small>
        </p>
    }
}
