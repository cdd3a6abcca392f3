//! Which file is which, where there are several; and the way to add one.

use leptos::prelude::*;

use super::source::FileInput;
use crate::app::desk::Desk;
use crate::app::tasks;
use crate::present::Part;
use crate::present::files::{Line, MOST};

/// A line a file with its part, what differs between them, by what labels are joined, and the button that adds a file.
#[component]
pub fn FilesPanel(
    /// The state of the page.
    desk: Desk,
) -> impl IntoView {
    let lines = Memo::new(move |_| desk.session.with(|session| session.files().lines()));
    let count = Memo::new(move |_| desk.session.with(|session| session.files().list().len()));
    let is_example = desk.session.with_untracked(|session| session.example().is_some());
    let numbers = Memo::new(move |_| lines.with(|lines| lines.iter().map(|line| line.number).collect::<Vec<_>>()));
    let differences = Memo::new(move |_| desk.session.with(|session| session.files().differences()));
    let has_reference = Memo::new(move |_| lines.with(|lines| lines.len() == 2 && lines.iter().any(|line| line.part == Part::Reference)));
    let has_labels = Memo::new(move |_| lines.with(|lines| lines.iter().any(|line| line.part == Part::Labels)));
    let items = move || {
        let numbers = numbers.get().into_iter().enumerate();
        numbers
            .map(|(place, number)| view! { <FileLine desk lines place number /> })
            .collect_view()
    };
    let swap = move |_| {
        if let Some(line) = lines.with_untracked(|lines| lines.iter().find(|line| line.part == Part::Reference).cloned()) {
            tasks::give_part(desk, line.number, Part::Current);
        }
    };
    view! {
        <section id="files" class="files" aria-label="Files">
            {move || (count.get() > 1).then(|| view! {
                <h2>"Which file is which?"</h2>
                <ul class="files__list">{items}</ul>
            })}
            {move || has_labels.get().then(|| view! { <JoinedBy desk /> })}
            <ul id="differences" class="files__differences">
                {move || differences.get().into_iter().map(|text| view! { <li>{text}</li> }).collect_view()}
            </ul>
            <p class="files__more">
                {move || has_reference.get().then(|| view! { <button type="button" id="swap" class="button" on:click=swap>"Swap the two"</button> })}
                {move || (count.get() < MOST && !is_example).then(|| view! {
                    <FileInput id="add-file" words="Add a file" is_main=false take=move |files| tasks::add_files(desk, files) />
                    <span>{if count.get() == 1 { "Earlier data to compare with, or labels to join by an id." } else { "A third: one is judged, one compared with, one holds labels." }}</span>
                })}
            </p>
        </section>
    }
}

/// A file: its part, its name, its facts, why it was taken for that, and the way to let it go.
#[component]
fn FileLine(
    /// The state of the page.
    desk: Desk,
    /// All files.
    lines: Memo<Vec<Line>>,
    /// Which of them this is.
    place: usize,
    /// Its number.
    number: u32,
) -> impl IntoView {
    let line = Memo::new(move |_| lines.with(|lines| lines.get(place).cloned()));
    let text = move |of: fn(&Line) -> &str| line.with(|line| line.as_ref().map(|line| of(line).to_owned()).unwrap_or_default());
    let part = Memo::new(move |_| line.with(|line| line.as_ref().map(|line| line.part)));
    let name = text(|line| &line.name);
    let id = format!("part-{number}");
    let options = Part::ALL.map(|choice| {
        view! { <option value=choice.as_str() prop:selected=move || part.get() == Some(choice)>{choice.words()}</option> }
    });
    let choose = move |event: leptos::ev::Event| {
        let value = event_target_value(&event);
        if let Some(part) = Part::ALL.into_iter().find(|part| part.as_str() == value) {
            tasks::give_part(desk, number, part);
        }
    };
    view! {
        <li class="files__file" data-file=name.clone() data-part=move || part.get().map(Part::as_str)>
            <bdi class="name">{name.clone()}</bdi>
            <select id=id class="files__part" aria-label=format!("Part of {name}") on:change=choose>{options}</select>
            <button type="button" class="button files__remove" aria-label=format!("Remove {name}") on:click=move |_| tasks::remove(desk, number)>"Remove"</button>
            <span class="files__facts">{move || text(|line| &line.facts)}</span>
            <small class="files__why">{move || Some(text(|line| &line.why)).filter(|why| !why.is_empty()).map(|why| format!("Guessed: {why}."))}</small>
        </li>
    }
}

/// By which columns the labels are joined, and why that did not work.
#[component]
fn JoinedBy(
    /// The state of the page.
    desk: Desk,
) -> impl IntoView {
    let join = Memo::new(move |_| desk.session.with(|session| session.files().join()));
    let fault = Memo::new(move |_| desk.session.with(|session| session.files().unjoined().map(str::to_owned)));
    let select = move |id: &'static str, words: &'static str, is_own: bool| {
        let options = move || {
            let join = join.get();
            let (columns, chosen) = if is_own { (join.own, join.by.0) } else { (join.labels, join.by.1) };
            let found = view! { <option value="" selected=chosen.is_empty()>"found by itself"</option> };
            let columns = columns.into_iter().map(|column| {
                let selected = column == chosen;
                view! { <option value=column.clone() selected=selected>{column.clone()}</option> }
            });
            view! { {found} {columns.collect_view()} }
        };
        let choose = move |event: leptos::ev::Event| {
            let value = event_target_value(&event);
            let by = join.with_untracked(|join| join.with(is_own, &value));
            tasks::join_by(desk, by);
        };
        view! {
            <p class="field">
                <label for=id>{words}</label>
                <select id=id on:change=choose>{options}</select>
            </p>
        }
    };
    view! {
        <div id="joined-by">
            {move || fault.get().map(|message| view! { <p class="failure" id="unjoined" role="alert">{message}</p> })}
            <div class="fields">
                {select("id-own", "Id in the predictions", true)}
                {select("id-labels", "Id in the label file", false)}
            </div>
        </div>
    }
}
