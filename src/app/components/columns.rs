//! The table of columns with their roles.

use std::sync::Arc;

use leptos::prelude::*;

use crate::app::desk::Desk;
use crate::app::tasks;
use crate::chart::number::count;
use crate::engine::Inspection;
use crate::present::Edit;
use crate::present::columns::{CHOICES, CLASS_SCORE, ColumnRow, QUANTILE, is_used, role_of_value, rows};

/// One row a column: what it was read as, its role, how it looks, how much is missing.
#[component]
pub fn Columns(
    /// The state of the page.
    desk: Desk,
    /// What the file holds.
    inspection: Arc<Inspection>,
) -> impl IntoView {
    let rows = rows(&inspection).into_iter().map(|row| view! { <ColumnLine desk row /> });
    view! {
        <div class="table-wrap" role="region" aria-label="Columns and their roles" tabindex="0">
            <table id="columns" class="table columns" role="table">
                <thead role="rowgroup">
                    <tr role="row">
                        <th scope="col" role="columnheader">"column"</th>
                        <th scope="col" role="columnheader">"role"</th>
                        <th scope="col" role="columnheader">"read as"</th>
                        <th scope="col" role="columnheader" class="number">"missing rows"</th>
                        <th scope="col" role="columnheader">"looks like"</th>
                    </tr>
                </thead>
                <tbody role="rowgroup">{rows.collect_view()}</tbody>
            </table>
        </div>
    }
}

/// A column's row; its role is a select.
#[component]
fn ColumnLine(
    /// The state of the page.
    desk: Desk,
    /// What is shown of the column.
    row: ColumnRow,
) -> impl IntoView {
    let name = row.name.clone();
    let role = Memo::new(move |_| desk.session.with(|session| session.role_of(&name)));
    let class_score = row.class.map(|class| (CLASS_SCORE, format!("score of class {class}")));
    let quantile = row.quantile.map(|quantile| (QUANTILE, format!("predicted quantile {quantile}")));
    let options = CHOICES
        .iter()
        .map(|choice| (choice.value, choice.words.to_owned()))
        .chain(class_score)
        .chain(quantile)
        .map(|(value, words)| {
            let choice = role_of_value(value);
            view! { <option value=value prop:selected=move || Some(role.get()) == choice>{words}</option> }
        })
        .collect_view();
    let name = row.name.clone();
    let choose = move |event: leptos::ev::Event| {
        if let Some(role) = role_of_value(&event_target_value(&event)) {
            let column = name.clone();
            tasks::edit(desk, Edit::Role { column, role });
        }
    };
    let values = row
        .looks_like
        .into_iter()
        .map(|value| view! { <bdi class="value">{value}</bdi> })
        .collect_view();
    view! {
        <tr role="row" class:used=move || is_used(role.get())>
            <th scope="row" role="rowheader"><bdi class="name">{row.name.clone()}</bdi></th>
            <td role="cell">
                <select class="role" data-column=row.name.clone() aria-label=format!("Role of {}", row.name) title=row.why on:change=choose>{options}</select>
            </td>
            <td role="cell">{row.read_as}</td>
            <td role="cell" class="number" class:zero=row.missing == 0>{count(row.missing)}</td>
            <td role="cell" class="values">{values}</td>
        </tr>
    }
}
