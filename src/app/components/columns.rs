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
    inspection: Memo<Option<Arc<Inspection>>>,
) -> impl IntoView {
    let rows = Memo::new(move |_| inspection.with(|inspection| inspection.as_deref().map(rows).unwrap_or_default()));
    // A line is made anew when the columns change; what is known of a column changes inside its line, so that an open select stays open.
    let columns = Memo::new(move |_| {
        rows.with(|rows| {
            rows.iter()
                .map(|row| (row.name.clone(), row.class.clone(), row.quantile.clone()))
                .collect::<Vec<_>>()
        })
    });
    let lines = move || {
        let columns = columns.get().into_iter().enumerate();
        columns
            .map(|(place, (name, class, quantile))| {
                let row = Memo::new(move |_| rows.with(|rows| rows.get(place).cloned().unwrap_or_default()));
                view! { <ColumnLine desk name class quantile row /> }
            })
            .collect_view()
    };
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
                <tbody role="rowgroup">{lines}</tbody>
            </table>
        </div>
    }
}

/// A column's row; its role is a select.
#[component]
fn ColumnLine(
    /// The state of the page.
    desk: Desk,
    /// The column's name.
    name: String,
    /// The class whose score it may be.
    class: Option<String>,
    /// The quantile that it may predict.
    quantile: Option<String>,
    /// What is shown of the column.
    row: Memo<ColumnRow>,
) -> impl IntoView {
    let shown = name.clone();
    let role = Memo::new(move |_| desk.session.with(|session| session.role_of(&shown)));
    let class_score = class.map(|class| (CLASS_SCORE, format!("score of class {class}")));
    let quantile = quantile.map(|quantile| (QUANTILE, format!("predicted quantile {quantile}")));
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
    let named = name.clone();
    let choose = move |event: leptos::ev::Event| {
        if let Some(role) = role_of_value(&event_target_value(&event)) {
            let column = named.clone();
            tasks::edit(desk, Edit::Role { column, role });
        }
    };
    let values = move || {
        let values = row.with(|row| row.looks_like.clone()).into_iter();
        values.map(|value| view! { <bdi class="value">{value}</bdi> }).collect_view()
    };
    view! {
        <tr role="row" class:used=move || is_used(role.get())>
            <th scope="row" role="rowheader"><bdi class="name">{name.clone()}</bdi></th>
            <td role="cell">
                <select class="role" data-column=name.clone() aria-label=format!("Role of {name}") title=move || row.with(|row| row.why.clone()) on:change=choose>{options}</select>
            </td>
            <td role="cell">{move || row.with(|row| row.read_as.clone())}</td>
            <td role="cell" class="number" class:zero=move || row.with(|row| row.missing == 0)>{move || count(row.with(|row| row.missing))}</td>
            <td role="cell" class="values">{values}</td>
        </tr>
    }
}
