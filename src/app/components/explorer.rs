//! The threshold explorer: a slider, and what its threshold would give.

use std::sync::Arc;
use std::time::Duration;

use leptos::prelude::*;

use super::explorer_figures::{GroupRows, Measures, Sweep};
use crate::app::desk::Desk;
use crate::app::tasks;
use crate::present::Move;
use crate::present::explore::{Exploring, share_of_way};
use crate::report::explore::{Exploration, Explored};

/// How long the slider must rest before what it gives is said aloud.
const REST: Duration = Duration::from_millis(700);

/// Reads the explorer of the report that is shown.
pub(super) fn read<T>(desk: Desk, get: impl FnOnce(&Exploring) -> T) -> Option<T> {
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
    let shown: Signal<Arc<Explored>> = shown.into();
    let threshold = move || shown.with(|shown| shown.ask.threshold.to_string());
    let sentences = move || {
        let line = |sentence: String| view! { <li>{sentence}</li> };
        shown.with(|shown| shown.sentences.iter().cloned().map(line).collect_view())
    };
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
                <div class="explore__board">
                    <Sweep desk about=about.clone() />
                    <Slider desk about=about.clone() />
                </div>
                <Measures shown />
            </div>
            <div class="explore__words">
                <ul class="explore__said">{sentences}</ul>
                <Cells about=about.clone() shown />
            </div>
            <GroupRows desk about=about.clone() shown />
            <More shown />
            <Said desk shown />
        </section>
    }
}

/// The slider with its field, and what can be done with its threshold. Stays in view while the section is read.
#[component]
fn Slider(
    /// The state of the page.
    desk: Desk,
    /// What can be explored.
    about: Arc<Exploration>,
) -> impl IntoView {
    let stop = Memo::new(move |_| read(desk, Exploring::stop).unwrap_or(0).to_string());
    let text = Memo::new(move |_| read(desk, |exploring| exploring.text(None)).unwrap_or_default());
    let spoken = move || read(desk, |exploring| exploring.wanted().threshold.to_string());
    let fault = Memo::new(move |_| read(desk, |exploring| exploring.fault(None).map(str::to_owned)).flatten());
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
                <input id="explore-threshold" type="text" inputmode="decimal" autocomplete="off" aria-describedby="explore-fault"
                    aria-invalid=move || fault.with(Option::is_some).then_some("true")
                    value=text.get_untracked() prop:value=text
                    on:change=move |event| tasks::explore(desk, Move::Text(event_target_value(&event))) />
                <button type="button" id="explore-back" class="button button--quiet" disabled=move || !is_moved.get()
                    on:click=move |_| tasks::explore(desk, Move::Back)>{back}</button>
                <button type="button" id="explore-use" class="button" disabled=move || !usable.get() on:click=move |_| tasks::use_threshold(desk)>
                    "Audit with it"
                </button>
            </p>
            <p id="explore-fault" class="explore__fault fault" role="alert">{fault}</p>
        </div>
    }
}

/// Rows by truth and prediction, as people say it.
#[component]
fn Cells(
    /// What can be explored.
    about: Arc<Exploration>,
    /// What is shown.
    #[prop(into)]
    shown: Signal<Arc<Explored>>,
) -> impl IntoView {
    let cell = move |place: usize, metric: &'static str| {
        let now = move || shown.with(|shown| shown.cells.get(place).map(|cell| cell.now.clone()));
        let value = move || shown.with(|shown| shown.cells.get(place).and_then(|cell| cell.value).map(|value| value.to_string()));
        let change = move || shown.with(|shown| shown.cells.get(place).map(|cell| cell.change.clone()));
        view! { <td class="number" data-measure=metric data-exact=value>{now} " " <small class="change">{change}</small></td> }
    };
    let positive = about.positive.clone();
    view! {
        <table class="table explore__cells">
            <caption>"Rows by truth and prediction, and the change"</caption>
            <thead>
                <tr>
                    <td></td>
                    <th scope="col" class="number">{format!("predicted “{positive}”")}</th>
                    <th scope="col" class="number">{format!("not predicted “{positive}”")}</th>
                </tr>
            </thead>
            <tbody>
                <tr><th scope="row">{format!("“{positive}” in truth")}</th>{cell(0, "true_positives")}{cell(2, "false_negatives")}</tr>
                <tr><th scope="row">{format!("not “{positive}” in truth")}</th>{cell(1, "false_positives")}{cell(3, "true_negatives")}</tr>
            </tbody>
        </table>
    }
}

/// All other measures that depend on the threshold.
#[component]
fn More(
    /// What is shown.
    #[prop(into)]
    shown: Signal<Arc<Explored>>,
) -> impl IntoView {
    let rows = move || {
        shown.with(|shown| {
            let row = |measure: &crate::report::explore::Measure| {
                view! {
                    <tr>
                        <th scope="row">{measure.name.clone()}</th>
                        <td class="number" data-measure=measure.metric.clone() data-exact=measure.value.map(|value| value.to_string())>{measure.now.clone()}</td>
                        <td class="number limits-of">{measure.note.clone()}</td>
                        <td class="number">{measure.audited.clone()}</td>
                        <td class="number">{measure.change.clone()}</td>
                    </tr>
                }
            };
            shown.more.iter().map(row).collect_view()
        })
    };
    view! {
        <details class="more">
            <summary>"All other measures that depend on the threshold"</summary>
            <div class="table-wrap" role="region" aria-label="Other measures" tabindex="0">
                <table class="table explore__more">
                    <thead>
                        <tr>
                            <th scope="col">"measure"</th>
                            <th scope="col" class="number">"here"</th>
                            <th scope="col" class="number">"interval"</th>
                            <th scope="col" class="number">"as audited"</th>
                            <th scope="col" class="number">"change (of %: points)"</th>
                        </tr>
                    </thead>
                    <tbody>{rows}</tbody>
                </table>
            </div>
        </details>
    }
}

/// What the slider gives, said aloud once it rests.
#[component]
fn Said(
    /// The state of the page.
    desk: Desk,
    /// What is shown.
    #[prop(into)]
    shown: Signal<Arc<Explored>>,
) -> impl IntoView {
    let said = RwSignal::new(String::new());
    Effect::new(move |before: Option<Arc<Explored>>| {
        let now = shown.get();
        if before.is_some_and(|before| before.ask != now.ask) {
            let asked = now.ask.clone();
            set_timeout(
                move || {
                    // Gone with the report, or moved on: then this is no news.
                    let is_news = desk.session.with_untracked(|session| {
                        session
                            .exploring()
                            .filter(|exploring| exploring.shown().ask == asked)
                            .map(Exploring::said)
                    });
                    if let Some(text) = is_news {
                        said.try_set(text);
                    }
                },
                REST,
            );
        }
        now
    });
    view! { <output class="aside-heard" for="explore-slider explore-threshold" aria-live="polite">{said}</output> }
}

/// Where a threshold stands on the drawings, in their own units.
pub(super) fn across(stops: &[f64], threshold: f64) -> String {
    format!("{:.1}", share_of_way(stops, threshold) * crate::present::explore::DRAWING.0)
}
