//! What can be done with a report.

use std::sync::Arc;

use leptos::prelude::*;

use super::ExplorerLink;
use crate::app::desk::Desk;
use crate::app::tasks;
use crate::protocol::Rendering;
use crate::report::csv::Sheet;

/// A button a format, what is inside, and the ways on.
#[component]
pub fn Keep(
    /// The state of the page.
    desk: Desk,
    /// The report.
    report: Memo<Option<Arc<Rendering>>>,
) -> impl IntoView {
    let sheets = Memo::new(move |_| report.with(|report| report.as_ref().map(|report| report.sheets.clone()).unwrap_or_default()));
    let buttons = move || {
        let button = |sheet: Sheet| {
            let (id, name) = (format!("sheet-{}", sheet.name), sheet.name.clone());
            let rule = if sheet.name.starts_with("four") {
                "Four-fifths"
            } else {
                "Local Law 144"
            };
            let words = format!("{rule}: {}", sheet.caption.to_lowercase());
            view! { <button type="button" id=id class="button" on:click=move |_| tasks::keep_sheet(desk, &name)>{words}</button> }
        };
        let all = sheets.get();
        (!all.is_empty()).then(|| {
            view! {
                <details class="more keep__sheets" id="sheets">
                    <summary>{format!("Tables for a spreadsheet ({} CSV files)", all.len())}</summary>
                    <p class="keep__buttons">{all.into_iter().map(button).collect_view()}</p>
                </details>
            }
        })
    };
    view! {
        <section class="keep" aria-label="Keep the report, or go on">
            <p class="keep__buttons">
                <span class="keep__lead">"Keep this report"</span>
                <button type="button" id="download-html" class="button button--main" on:click=move |_| tasks::keep_html(desk)>"One HTML file"</button>
                <button type="button" id="download-json" class="button" on:click=move |_| tasks::keep_json(desk)>"JSON"</button>
                <span class="keep__on">
                <ExplorerLink desk />
                <button type="button" id="back" class="button button--quiet" on:click=move |_| tasks::revise(desk)>"Change roles and settings"</button>
                <button type="button" id="again" class="button button--quiet" on:click=move |_| tasks::start_over(desk)>"Audit another file"</button>
                </span>
            </p>
            {buttons}
            <p class="keep__note">"Inside: numbers over groups of rows, column names, and the names of the groups compared. No rows."</p>
        </section>
    }
}
