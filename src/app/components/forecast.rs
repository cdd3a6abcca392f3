//! What an audit with these roles would answer.

use leptos::prelude::*;

use crate::app::desk::Desk;

/// The answers to be, or what stands against the audit.
#[component]
pub fn Forecast(
    /// The state of the page.
    desk: Desk,
) -> impl IntoView {
    let forecast = Memo::new(move |_| desk.session.with(|session| session.forecast().cloned()));
    let reading = Memo::new(move |_| desk.session.with(|session| session.is_reading()));
    let content = move || {
        forecast.get().map(|forecast| match forecast.problem {
            Some(problem) => view! { <p class="forecast__problem">{problem}</p> }.into_any(),
            None => {
                let so_far = reading
                    .get()
                    .then(|| view! { <p><small>"As far as the first rows tell."</small></p> });
                let answers = forecast.answers.into_iter().map(|answer| view! { <p>{answer}</p> }).collect_view();
                view! { {answers} {so_far} }.into_any()
            }
        })
    };
    view! { <div id="forecast" class="forecast" aria-live="polite">{content}</div> }
}
