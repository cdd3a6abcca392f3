//! The threshold explorer: a slider, and what its threshold would give.

use std::sync::Arc;
use std::time::Duration;

use leptos::prelude::*;

use super::constraint::ConstraintFields;
use crate::app::desk::Desk;
use crate::app::tasks;
use crate::present::{Exploring, Move};
use crate::report::explore::{Exploration, Explored};

/// How long the slider must rest before what it gives is said aloud.
const REST: Duration = Duration::from_millis(700);

/// Reads the explorer of the report that is shown.
fn read<T>(desk: Desk, get: impl FnOnce(&Exploring) -> T) -> Option<T> {
    desk.session.with(|session| session.exploring().map(get))
}

/// The explorer, once the engine is ready for it; nothing where a decision threshold means nothing.
#[component]
pub fn Explorer(
    /// The state of the page.
    desk: Desk,
) -> impl IntoView {
    let about = Memo::new(move |_| read(desk, |exploring| Arc::clone(exploring.about())));
    move || about.get().map(|about| view! { <Explore desk about /> })
}

/// The way to the explorer, beside the other things that can be done with a report.
#[component]
pub fn ExplorerLink(
    /// The state of the page.
    desk: Desk,
) -> impl IntoView {
    let is_there = Memo::new(move |_| read(desk, |_| ()).is_some());
    move || {
        is_there
            .get()
            .then(|| view! { <a id="explore-link" class="button button--quiet" href="#explore">"Move the threshold"</a> })
    }
}

#[component]
fn Explore(
    /// The state of the page.
    desk: Desk,
    /// What can be explored.
    about: Arc<Exploration>,
) -> impl IntoView {
    let first = Arc::new(about.first.clone());
    let shown = Memo::new(move |_| read(desk, |exploring| Arc::clone(exploring.shown())).unwrap_or_else(|| Arc::clone(&first)));
    // Written by our own renderer, which escapes whatever came from the file.
    let part = move |get: fn(&Explored) -> &String| move || shown.with(|shown| get(shown).clone());
    let threshold = move || shown.with(|shown| shown.ask.threshold.to_string());
    let lead = format!(
        "A score at or above the threshold counts as “{}”. {} Move it, and see what would change: this is exploration, not advice. Which error weighs more \
         is not in the data.",
        about.positive, about.origin
    );
    view! {
        <section id="explore" class="explore" aria-labelledby="explore-heading" data-explored=threshold>
            <h2 id="explore-heading" tabindex="-1">"What would another threshold give?"</h2>
            <p class="explore__lead">{lead}</p>
            <div class="explore__bench">
                <Board desk about=about.clone() />
                <div inner_html=part(|shown| &shown.main)></div>
            </div>
            <div class="explore__words" inner_html=part(|shown| &shown.words)></div>
            {(!about.features.is_empty()).then(|| view! { <FeatureField desk about=about.clone() /> })}
            <div inner_html=part(|shown| &shown.groups)></div>
            {(!about.frontiers.is_empty()).then(|| view! { <ConstraintFields desk /> })}
            {(!about.features.is_empty()).then(|| view! { <OwnThresholds desk about=about.clone() /> })}
            <details class="more">
                <summary>"All other measures that depend on the threshold"</summary>
                <div class="table-wrap" role="region" aria-label="Other measures" tabindex="0" inner_html=part(|shown| &shown.more)></div>
            </details>
            <Said desk shown />
        </section>
    }
}

/// The curves over the slider, with its field and what can be done with its threshold.
#[component]
fn Board(
    /// The state of the page.
    desk: Desk,
    /// What can be explored.
    about: Arc<Exploration>,
) -> impl IntoView {
    let way = move || read(desk, |exploring| format!("inset-inline-start:{}", exploring.way()));
    let end = |stop: Option<&f64>| stop.map(f64::to_string);
    view! {
        <div class="explore__board">
            <div class="sweep">
                <div class="sweep__plot">
                    <div inner_html=about.sweep.clone()></div>
                    <span class="sweep__here" style=way></span>
                </div>
                <p class="sweep__ends"><span>{end(about.stops.first())}</span><span>{end(about.stops.last())}</span></p>
            </div>
            <Slider desk about />
        </div>
    }
}

/// The slider and its field. Stays in view on a phone while the section is read.
#[component]
fn Slider(
    /// The state of the page.
    desk: Desk,
    /// What can be explored.
    about: Arc<Exploration>,
) -> impl IntoView {
    let stop = Memo::new(move |_| read(desk, Exploring::stop).unwrap_or(0).to_string());
    let spoken = move || read(desk, |exploring| exploring.wanted().threshold.to_string());
    let usable = Memo::new(move |_| read(desk, Exploring::usable).flatten().is_some());
    let is_moved = Memo::new(move |_| read(desk, Exploring::is_moved).unwrap_or(false));
    let last = about.stops.len().saturating_sub(1).to_string();
    let slide = move |event: leptos::ev::Event| {
        if let Ok(stop) = event_target_value(&event).parse() {
            tasks::explore(desk, Move::Stop(stop));
        }
    };
    let back = format!("Back to {}", about.first.ask.threshold);
    view! {
        <div class="explore__slider">
            <input id="explore-slider" type="range" min="0" max=last step="1" aria-label="Decision threshold" aria-valuetext=spoken
                value=stop.get_untracked() prop:value=stop on:input=slide />
            <p class="explore__controls">
                <label for="explore-threshold">"Threshold"</label>
                <ThresholdField desk place=None id="explore-threshold".to_owned() />
                <button type="button" id="explore-back" class="button button--quiet" disabled=move || !is_moved.get()
                    on:click=move |_| tasks::explore(desk, Move::Back)>{back}</button>
                <button type="button" id="explore-use" class="button" disabled=move || !usable.get() on:click=move |_| tasks::use_threshold(desk)>
                    "Audit with it"
                </button>
            </p>
            <Fault desk place=None id="explore-threshold-fault".to_owned() />
        </div>
    }
}

/// A field of a threshold.
#[component]
fn ThresholdField(
    /// The state of the page.
    desk: Desk,
    /// The group's place; `None` for the common threshold.
    place: Option<usize>,
    /// The element's id; what is wrong stands in the element of that id and `-fault`.
    id: String,
) -> impl IntoView {
    let text = Memo::new(move |_| read(desk, |exploring| exploring.text(place)).unwrap_or_default());
    let is_faulty = move || read(desk, |exploring| exploring.fault(place).is_some()) == Some(true);
    let common = move || read(desk, |exploring| exploring.wanted().threshold.to_string());
    let write = move |event: leptos::ev::Event| {
        let text = event_target_value(&event);
        tasks::explore(
            desk,
            place.map_or_else(|| Move::Text(text.clone()), |place| Move::Own(place, text.clone())),
        );
    };
    view! {
        <input id=id.clone() type="text" inputmode="decimal" autocomplete="off" aria-describedby=format!("{id}-fault") placeholder=common prop:value=text
            aria-invalid=move || is_faulty().then_some("true") on:change=write />
    }
}

/// What is wrong with a field of a threshold.
#[component]
fn Fault(
    /// The state of the page.
    desk: Desk,
    /// The group's place; `None` for the common threshold.
    place: Option<usize>,
    /// The element's id.
    id: String,
) -> impl IntoView {
    let fault = Memo::new(move |_| read(desk, |exploring| exploring.fault(place).map(str::to_owned)).flatten());
    view! { <small id=id class="explore__fault fault" role="alert">{fault}</small> }
}

/// The feature whose groups are shown.
#[component]
fn FeatureField(
    /// The state of the page.
    desk: Desk,
    /// What can be explored.
    about: Arc<Exploration>,
) -> impl IntoView {
    let options = about
        .features
        .iter()
        .map(|(name, _)| view! { <option value=name.clone() selected=about.first.ask.feature.as_ref() == Some(name)>{name.clone()}</option> })
        .collect_view();
    let choose = move |event: leptos::ev::Event| tasks::explore(desk, Move::Feature(event_target_value(&event)));
    view! {
        <p class="field explore__by">
            <label for="explore-feature">"Groups by"</label>
            <select id="explore-feature" on:change=choose>{options}</select>
        </p>
    }
}

/// A field a group. An audit takes one threshold, so these are for exploring alone.
#[component]
fn OwnThresholds(
    /// The state of the page.
    desk: Desk,
    /// What can be explored.
    about: Arc<Exploration>,
) -> impl IntoView {
    let feature = Memo::new(move |_| read(desk, |exploring| exploring.wanted().feature.clone()).flatten());
    let groups = move || {
        let feature = feature.get();
        let own = about.features.iter().find(|(name, _)| Some(name) == feature.as_ref());
        let field = |(place, name): (usize, &String)| {
            let id = format!("explore-own-{place}");
            view! {
                <p class="field">
                    <label for=id.clone()><bdi>{name.clone()}</bdi></label>
                    <ThresholdField desk place=Some(place) id=id.clone() />
                    <Fault desk place=Some(place) id=format!("{id}-fault") />
                </p>
            }
        };
        own.map(|(_, names)| names.iter().enumerate().map(field).collect_view())
    };
    view! {
        <details class="more" id="explore-own">
            <summary>"A threshold for each group"</summary>
            <p class="explore__note">"A group without a threshold of its own takes the common one. Different rules for different people may be against the law; an audit takes \
                one threshold."</p>
            <div class="fields">{groups}</div>
        </details>
    }
}

/// What the slider gives, said aloud once it rests.
#[component]
fn Said(
    /// The state of the page.
    desk: Desk,
    /// What is shown.
    shown: Memo<Arc<Explored>>,
) -> impl IntoView {
    let said = RwSignal::new(String::new());
    Effect::new(move |before: Option<Arc<Explored>>| {
        let now = shown.get();
        if before.is_some_and(|before| before.ask != now.ask) {
            let answer = Arc::clone(&now);
            set_timeout(
                move || {
                    // Gone with the report, or moved on: then this is no news.
                    let is_news = desk
                        .session
                        .with_untracked(|session| session.exploring().is_some_and(|exploring| exploring.shown().ask == answer.ask));
                    if is_news {
                        said.try_set(answer.said.clone());
                    }
                },
                REST,
            );
        }
        now
    });
    view! { <output class="aside-heard" for="explore-slider explore-threshold" aria-live="polite">{said}</output> }
}
