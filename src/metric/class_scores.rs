//! Metrics of several classes from the rows' scores, one score a class.
//!
//! Rows count that have a score for every class; what compares with the truth needs a label too. Sums over single rows are [`sums`], what
//! depends on the order of the scores is [`ranks`], put together in [`average`]; confidence against what
//! happened is [`calibration`]; both are computed once a view.

pub mod average;
pub mod calibration;
pub mod ranks;
pub mod sums;
mod table;

use std::collections::BTreeMap;

use super::Task;
use super::reading::Reading;
use super::rows::Rows;
use super::state::RowWeight;
use super::view::{Measured, Subject, View};
use crate::data::column::MISSING;

use ranks::ClassRanks;
use sums::ClassSums;
pub use table::METRICS;

/// Whether there are scores of several classes.
pub(super) fn has_scores(subject: &Subject<'_>) -> bool {
    subject.task == Some(Task::Multiclass) && subject.rows.class_scores.len() > 1
}

/// Whether there are scores of several classes, and the truth.
pub(super) fn has_labelled_scores(subject: &Subject<'_>) -> bool {
    has_scores(subject) && subject.rows.label.is_some()
}

/// A row with a score for every class.
struct ScoredRow {
    /// Its place in the table.
    row: usize,
    /// The place of its true class among the score columns.
    label: Option<usize>,
    weight: RowWeight,
}

/// The place among the score columns of every class; a class of the label always has one.
fn columns_of(rows: &Rows, classes: usize) -> Vec<usize> {
    let mut columns = vec![usize::MAX; classes];
    for (column, (class, _)) in rows.class_scores.iter().enumerate() {
        if let Some(place) = columns.get_mut(*class as usize) {
            *place = column;
        }
    }
    columns
}

/// The rows of a view that have a score for every class.
fn scored_rows<'v>(view: &'v View<'_>, columns: &'v [usize]) -> impl Iterator<Item = ScoredRow> + 'v {
    let rows = view.subject.rows;
    view.rows.iter().filter_map(move |row| {
        let row = *row as usize;
        // A row that lacks some score has none.
        let is_scored = rows.class_scores.first().is_some_and(|(_, scores)| !scores[row].is_nan());
        let label = rows.label.as_ref().map(|label| label[row]).filter(|class| *class != MISSING);
        Some(ScoredRow {
            row,
            label: label.and_then(|class| columns.get(class as usize).copied()),
            weight: rows.weight(row).filter(|_| is_scored)?,
        })
    })
}

fn sums<'v>(view: &'v View<'_>) -> &'v ClassSums {
    view.memory.class_sums.get_or_init(|| ClassSums::of(view))
}

fn ranks<'v>(view: &'v View<'_>) -> &'v ClassRanks {
    view.memory.class_ranks.get_or_init(|| ClassRanks::of(view))
}

/// One form a class.
fn of_each_class(view: &View<'_>, read: impl Fn(usize) -> Reading) -> Vec<Measured> {
    let Subject { rows, classes, .. } = view.subject;
    let form = |(column, (class, _)): (usize, &(u32, Vec<f64>))| Measured {
        params: BTreeMap::from([("class".to_owned(), classes[*class as usize].clone())]),
        reading: read(column),
        text: None,
    };
    rows.class_scores.iter().enumerate().map(form).collect()
}

/// ROC AUC of every class's score against the rest.
pub(super) fn class_roc_auc(view: &View<'_>) -> Vec<Measured> {
    of_each_class(view, |class| ranks(view).roc_auc(class))
}

/// Average precision of every class's score against the rest.
pub(super) fn class_average_precision(view: &View<'_>) -> Vec<Measured> {
    of_each_class(view, |class| ranks(view).average_precision(class))
}

/// The Brier score of every class's score against the rest.
pub(super) fn class_brier_score(view: &View<'_>) -> Vec<Measured> {
    of_each_class(view, |class| sums(view).class_brier_score(class))
}
