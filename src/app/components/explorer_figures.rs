//! What the explorer draws: measures over all thresholds, and groups as dots with their intervals.
//!
//! Drawn here and not by the engine, because only marks move while the slider does: the scales stand still, so that a step shows as a step.

use std::sync::Arc;

use leptos::prelude::*;

use super::explorer::{across, read};
use crate::app::desk::Desk;
use crate::app::tasks;
use crate::present::Move;
use crate::present::explore::{DRAWING, path, share_of_way};
use crate::report::explore::{Exploration, Explored, GroupMeasure, GroupRow, Measure};

/// The measures over all thresholds, a line each, with the audit's threshold and the one that is explored.
#[component]
pub fn Sweep(
    /// The state of the page.
    desk: Desk,
    /// What can be explored.
    about: Arc<Exploration>,
) -> impl IntoView {
    let (width, height) = DRAWING;
    let stops = about.stops.clone();
    let here = Memo::new(move |_| read(desk, |exploring| across(&stops, exploring.wanted().threshold)));
    let audited = about.audited.map(|threshold| across(&about.stops, threshold));
    let way = about
        .audited
        .map(|threshold| format!("{:.1}%", share_of_way(&about.stops, threshold) * 100.0));
    let lines = about
        .curves
        .iter()
        .enumerate()
        .map(|(place, curve)| view! { <path class=format!("curve curve--{place}") d=path(curve) /> })
        .collect_view();
    let rules = [0.0, 0.5, 1.0]
        .map(|share| view! { <line class="sweep__rule" x1="0" x2=width y1=share * height y2=share * height /> })
        .collect_view();
    let names: Vec<&str> = about.curves.iter().map(|curve| curve.name.as_str()).collect();
    let ends = [about.stops.first(), about.stops.last()].map(|stop| stop.map(f64::to_string));
    let label = format!(
        "{} over all thresholds from {} to {}. The numbers at the threshold are in the table.",
        names.join(", "),
        ends[0].clone().unwrap_or_default(),
        ends[1].clone().unwrap_or_default()
    );
    view! {
        <figure class="sweep">
            <div class="sweep__plot">
                <svg viewBox=format!("0 0 {width} {height}") preserveAspectRatio="none" role="img" aria-label=label>
                    {rules}
                    {audited.map(|x| view! { <line class="sweep__audited" x1=x.clone() x2=x y1="0" y2=height /> })}
                    {lines}
                    <line class="sweep__here" x1=here x2=here y1="0" y2=height />
                </svg>
                {way.map(|way| view! { <span class="sweep__name" style:inset-inline-start=way>"as audited"</span> })}
                <span class="sweep__scale sweep__scale--top">"100\u{202f}%"</span>
                <span class="sweep__scale sweep__scale--middle">"50\u{202f}%"</span>
            </div>
            <p class="sweep__ends"><span>{ends[0].clone()}</span><span>{ends[1].clone()}</span></p>
        </figure>
    }
}

/// The measures that are drawn, at the threshold and as audited.
#[component]
pub fn Measures(
    /// What is shown.
    #[prop(into)]
    shown: Signal<Arc<Explored>>,
) -> impl IntoView {
    let row = |(place, measure): (usize, &Measure)| {
        view! {
            <tr>
                <th scope="row">
                    <svg class="swatch" viewBox="0 0 24 8" aria-hidden="true"><path class=format!("curve curve--{place}") d="M1 4H23" /></svg>
                    {measure.name.clone()}
                </th>
                <td class="number" data-measure=measure.metric.clone() data-exact=measure.value.map(|value| value.to_string())>
                    {measure.now.clone()} <small class="under">{measure.note.clone()}</small>
                </td>
                <td class="number change">{measure.change.clone()}</td>
            </tr>
        }
    };
    let rows = move || shown.with(|shown| shown.main.iter().enumerate().map(row).collect_view());
    view! {
        <table class="table explore__main" id="explore-measures">
            <thead>
                <tr>
                    <th scope="col">"all rows"</th>
                    <th scope="col" class="number">"here"</th>
                    <th scope="col" class="number">"change, points"</th>
                </tr>
            </thead>
            <tbody>{rows}</tbody>
        </table>
    }
}

/// The groups of one feature, a block a measure; and a threshold for each group where that is wanted.
#[component]
pub fn GroupRows(
    /// The state of the page.
    desk: Desk,
    /// What can be explored.
    about: Arc<Exploration>,
    /// What is shown.
    #[prop(into)]
    shown: Signal<Arc<Explored>>,
) -> impl IntoView {
    let feature = Memo::new(move |_| read(desk, |exploring| exploring.wanted().feature.clone()).flatten());
    feature.get_untracked()?;
    let options = about
        .features
        .iter()
        .map(|(name, _)| {
            let own = name.clone();
            let selected = move || feature.with(|feature| feature.as_ref() == Some(&own));
            view! { <option value=name.clone() prop:selected=selected>{name.clone()}</option> }
        })
        .collect_view();
    let choose = move |event: leptos::ev::Event| tasks::explore(desk, Move::Feature(event_target_value(&event)));
    let blocks = move || shown.with(|shown| shown.groups.iter().map(block).collect_view());
    let note = move || shown.with(|shown| shown.note.clone());
    Some(view! {
        <div class="explore__groups">
            <p class="field explore__by">
                <label for="explore-feature">"Groups by"</label>
                <select id="explore-feature" on:change=choose>{options}</select>
            </p>
            <div class="explore__blocks" id="explore-groups">{blocks}</div>
            <p class="explore__note">"From 0 to 100\u{202f}%: the dot is the group at this threshold with its interval, the stroke across is the group as audited, the number at the end the change in points. " {note}</p>
            <OwnThresholds desk about=about.clone() />
        </div>
    })
}

fn block(measure: &GroupMeasure) -> impl IntoView + use<> {
    let rows = measure.rows.iter().map(row).collect_view();
    view! {
        <section class="groups" data-group-measure=measure.metric.clone() aria-label=measure.name.clone()>
            <h3>{measure.title.clone()} " " <small>{measure.name.clone()}</small></h3>
            <p class="groups__gap">{measure.gap.clone()}</p>
            <ul class="groups__rows">{rows}</ul>
        </section>
    }
}

fn row(row: &GroupRow) -> impl IntoView + use<> {
    let x = |value: f64| format!("{:.1}", value.clamp(0.0, 1.0) * DRAWING.0);
    let limits = row.limits.map(|(low, high)| (x(low), x(high)));
    let audited = row.audited.map(x);
    let dot = row.value.map(x);
    let stroke = |class: &'static str, from: String, to: String, top: &'static str, bottom: &'static str| {
        view! { <line class=class x1=from x2=to y1=top y2=bottom /> }
    };
    view! {
        <li class="group" class:group--muted=row.is_muted data-group=row.name.clone() data-exact=row.value.map(|value| value.to_string())>
            <bdi class="group__name">{row.name.clone()}</bdi>
            <span class="group__said">{row.said.clone()} <small class="change">{row.change.clone()}</small></span>
            <svg class="track" viewBox="0 0 1000 16" preserveAspectRatio="none" aria-hidden="true">
                <line class="track__axis" x1="0" x2="1000" y1="8" y2="8" />
                {limits.map(|(low, high)| stroke("track__limits", low, high, "8", "8"))}
                {audited.map(|at| stroke("track__audited", at.clone(), at, "1", "15"))}
                {dot.map(|at| stroke("track__dot", at.clone(), at, "8", "8"))}
            </svg>
        </li>
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
        let names = own.map(|(_, names)| names.clone()).unwrap_or_default();
        let field = |(place, name): (usize, String)| view! { <OwnThreshold desk place name /> };
        names.into_iter().enumerate().map(field).collect_view()
    };
    view! {
        <details class="more">
            <summary>"A threshold for each group"</summary>
            <p class="explore__note">"A group without a threshold of its own takes the common one. Different rules for different people may be against the law; an audit takes \
                one threshold."</p>
            <div class="fields">{groups}</div>
        </details>
    }
}

/// The field of one group.
#[component]
fn OwnThreshold(
    /// The state of the page.
    desk: Desk,
    /// The group's place.
    place: usize,
    /// The group's name.
    name: String,
) -> impl IntoView {
    let id = format!("explore-own-{place}");
    let note_id = format!("{id}-note");
    let text = Memo::new(move |_| read(desk, |exploring| exploring.text(Some(place))).unwrap_or_default());
    let common = move || read(desk, |exploring| exploring.wanted().threshold.to_string());
    let fault = Memo::new(move |_| read(desk, |exploring| exploring.fault(Some(place)).map(str::to_owned)).flatten());
    view! {
        <p class="field">
            <label for=id.clone()><bdi>{name}</bdi></label>
            <input id=id type="text" inputmode="decimal" autocomplete="off" placeholder=common aria-describedby=note_id.clone() prop:value=text
                aria-invalid=move || fault.with(Option::is_some).then_some("true")
                on:change=move |event| tasks::explore(desk, Move::Own(place, event_target_value(&event))) />
            <small id=note_id class="fault">{fault}</small>
        </p>
    }
}
