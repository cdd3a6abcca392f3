//! How groups are compared, changed beside the report: reference group, dialect, what is good, control feature, rules of law.

use std::sync::Arc;

use leptos::prelude::*;

use crate::app::desk::Desk;
use crate::app::tasks;
use crate::present::Compare;
use crate::present::comparing::{PRESETS, RULES};
use crate::protocol::Rendering;
use crate::run::Dialect;

/// An option: its value, its words, and what choosing it changes.
pub(super) type Choice = (String, String, Compare);

/// The fields; nothing where no groups are compared.
#[component]
pub fn Comparing(
    /// The state of the page.
    desk: Desk,
    /// The report.
    report: Memo<Option<Arc<Rendering>>>,
) -> impl IntoView {
    let features = Memo::new(move |_| report.with(|report| report.as_ref().map(|report| report.features.clone()).unwrap_or_default()));
    let classes = Memo::new(move |_| report.with(|report| report.as_ref().map(|report| report.classes.clone()).unwrap_or_default()));
    let controls = Memo::new(move |_| desk.session.with(|session| session.control_choices()));
    let groups = move || {
        let of_feature = |(place, (column, groups)): (usize, (String, Vec<String>))| {
            let named = column.clone();
            let chosen = Signal::derive(move || {
                let of_column = desk
                    .session
                    .with(|session| session.settings().reference_groups.get(&named).cloned());
                of_column.map(|level| format!("={level}")).unwrap_or_default()
            });
            let by_rule = ("".to_owned(), "by the rule".to_owned(), Compare::Group(column.clone(), None));
            let named = groups
                .into_iter()
                .map(|level| (format!("={level}"), level.clone(), Compare::Group(column.clone(), Some(level))));
            let choices: Vec<Choice> = std::iter::once(by_rule).chain(named).collect();
            view! { <Select desk id=format!("reference-{place}") label=format!("Reference group of {column}") choices chosen /> }
        };
        features.get().into_iter().enumerate().map(of_feature).collect_view()
    };
    let rules: Vec<Choice> = RULES
        .iter()
        .map(|(value, words, rule)| ((*value).to_owned(), (*words).to_owned(), Compare::Rule(*rule)))
        .collect();
    let rule = Signal::derive(move || {
        let rule = desk.session.with(|session| session.settings().reference_rule);
        RULES.iter().find(|own| own.2 == rule).map_or("", |own| own.0).to_owned()
    });
    let dialects: Vec<Choice> = Dialect::ALL
        .iter()
        .map(|dialect| (dialect.id().to_owned(), dialect.name().to_owned(), Compare::Dialect(*dialect)))
        .collect();
    let dialect = Signal::derive(move || desk.session.with(|session| session.settings().dialect.id().to_owned()));
    let good = Signal::derive(move || {
        let class = desk.session.with(|session| session.settings().favorable.clone());
        class.map(|class| format!("={class}")).unwrap_or_default()
    });
    let goods = move || {
        let nobody = ("".to_owned(), "not said".to_owned(), Compare::Favorable(None));
        let class = |class: String| (format!("={class}"), class.clone(), Compare::Favorable(Some(class)));
        let choices: Vec<Choice> = std::iter::once(nobody).chain(classes.get().into_iter().map(class)).collect();
        (choices.len() > 1).then(|| view! { <Select desk id="favorable".to_owned() label="Which prediction is good for people".to_owned() choices chosen=good /> })
    };
    let control = Signal::derive(move || {
        let column = desk.session.with(|session| session.roles().control.first().cloned());
        column.map(|column| format!("={column}")).unwrap_or_default()
    });
    let within = move || {
        let none = ("".to_owned(), "none".to_owned(), Compare::Control(None));
        let column = |column: String| (format!("={column}"), column.clone(), Compare::Control(Some(column)));
        let choices: Vec<Choice> = std::iter::once(none).chain(controls.get().into_iter().map(column)).collect();
        (choices.len() > 1)
            .then(|| view! { <Select desk id="control".to_owned() label="Compare within levels of".to_owned() choices chosen=control /> })
    };
    let is_there = Memo::new(move |_| features.with(|features| !features.is_empty()));
    view! {
        <Show when=move || is_there.get()>
            <details class="more compare" id="compare">
                <summary>"How groups are compared: reference, dialect, rules of law"</summary>
                <div class="fields">
                    <Select desk id="dialect".to_owned() label="Names and definitions of".to_owned() choices=dialects.clone() chosen=dialect />
                    <Select desk id="reference-rule".to_owned() label="Reference group".to_owned() choices=rules.clone() chosen=rule />
                    {groups}
                    {goods}
                    {within}
                </div>
                <fieldset class="compare__rules">
                    <legend>"Tables of rules of law: figures, not legal advice"</legend>
                    {PRESETS.iter().map(|&(id, words, preset)| {
                        let is_chosen = move || desk.session.with(|session| session.settings().presets.chosen.contains(&preset));
                        let choose = move |event: leptos::ev::Event| tasks::compare(desk, Compare::Preset(preset, event_target_checked(&event)));
                        view! { <label class="ticks__one"><input type="checkbox" id=id prop:checked=is_chosen on:change=choose />{words}</label> }
                    }).collect_view()}
                </fieldset>
            </details>
        </Show>
    }
}

/// A field with a list of choices.
#[component]
pub(super) fn Select(
    /// The state of the page.
    desk: Desk,
    /// The element's id.
    id: String,
    /// What it is called.
    label: String,
    /// What can be chosen.
    choices: Vec<Choice>,
    /// The value in force.
    #[prop(into)]
    chosen: Signal<String>,
) -> impl IntoView {
    let options = choices
        .iter()
        .map(|(value, words, _)| {
            let own = value.clone();
            view! { <option value=value.clone() prop:selected=move || chosen.with(|chosen| *chosen == own)>{words.clone()}</option> }
        })
        .collect_view();
    let choose = move |event: leptos::ev::Event| {
        let value = event_target_value(&event);
        if let Some((.., change)) = choices.iter().find(|choice| choice.0 == value) {
            tasks::compare(desk, change.clone());
        }
    };
    view! {
        <p class="field">
            <label for=id.clone()>{label}</label>
            <select id=id on:change=choose>{options}</select>
        </p>
    }
}
