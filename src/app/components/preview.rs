//! The first rows of the file, on the screen only.

use std::sync::Arc;

use leptos::prelude::*;

use crate::chart::number::count;
use crate::engine::Inspection;

/// The rows as they were read, behind a summary.
#[component]
pub fn Preview(
    /// What the file holds.
    inspection: Arc<Inspection>,
) -> impl IntoView {
    let summary = match inspection.preview.len() {
        0 => return None,
        1 => "The first row".to_owned(),
        rows => format!("The first {} rows", count(rows as u64)),
    };
    let header = inspection
        .columns
        .iter()
        .map(|column| view! { <th scope="col"><bdi class="name">{column.name.clone()}</bdi></th> })
        .collect_view();
    let rows = inspection
        .preview
        .iter()
        .map(|row| {
            let cells = row
                .iter()
                .map(|cell| view! { <td><bdi class="value">{cell.clone()}</bdi></td> })
                .collect_view();
            view! { <tr>{cells}</tr> }
        })
        .collect_view();
    Some(view! {
        <details class="more">
            <summary>{summary}</summary>
            <div class="table-wrap" role="region" aria-label="First rows" tabindex="0">
                <table id="preview" class="table"><thead><tr>{header}</tr></thead><tbody>{rows}</tbody></table>
            </div>
        </details>
    })
}
