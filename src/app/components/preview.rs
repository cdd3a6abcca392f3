//! The first rows of the file, on the screen only.

use std::sync::Arc;

use leptos::prelude::*;

use crate::chart::number::count;
use crate::engine::Inspection;

/// The rows as they were read, behind a summary.
#[component]
pub fn Preview(
    /// What the file holds.
    inspection: Memo<Option<Arc<Inspection>>>,
) -> impl IntoView {
    let first = Memo::new(move |_| inspection.with(|inspection| inspection.as_deref().map(first_rows).unwrap_or_default()));
    move || {
        let FirstRows { names, rows } = first.get();
        let summary = match rows.len() {
            0 => return None,
            1 => "The first row".to_owned(),
            rows => format!("The first {} rows", count(rows as u64)),
        };
        let header = names
            .into_iter()
            .map(|name| view! { <th scope="col"><bdi class="name">{name}</bdi></th> })
            .collect_view();
        let rows = rows
            .into_iter()
            .map(|row| {
                let cells = row
                    .into_iter()
                    .map(|cell| view! { <td><bdi class="value">{cell}</bdi></td> })
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
}

/// What is shown: drawn again only where it changes.
#[derive(Clone, PartialEq, Default)]
struct FirstRows {
    names: Vec<String>,
    rows: Vec<Vec<String>>,
}

fn first_rows(inspection: &Inspection) -> FirstRows {
    FirstRows {
        names: inspection.columns.iter().map(|column| column.name.clone()).collect(),
        rows: inspection.preview.clone(),
    }
}
