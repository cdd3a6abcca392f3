//! Takes from the table how much every row counts, and says what is missing.

use crate::data::column::MISSING;
use crate::data::{Column, DataError, Notice, NoticeCode, Roles, Table};
use crate::metric::rows::{MOST_ROWS, Rows, whole};
use crate::stats::sum::ExactSum;

use super::PlanError;

/// The rows that the rows used stand for; at most 2^53 together, so that every count is an exact number.
pub(super) fn represented(rows: &Rows, roles: &Roles) -> Result<u64, PlanError> {
    let counts = (0..rows.len).filter_map(|row| rows.weight(row)).map(|weight| weight.count);
    let mut sum = 0_u64;
    for count in counts {
        sum = sum.saturating_add(count);
    }
    if sum > MOST_ROWS {
        return Err(PlanError::TooManyRows {
            column: roles.count.clone().unwrap_or_default(),
        });
    }
    Ok(sum)
}

/// Reads count and weight columns; gives the number of rows that cannot be used.
pub fn take_weights(table: &Table, roles: &Roles, rows: &mut Rows, notices: &mut Vec<Notice>) -> Result<u64, PlanError> {
    if let Some(name) = &roles.count {
        rows.counts = Some(column(table, name)?.to_numbers()?.into_owned());
    }
    if let Some(name) = &roles.weight {
        rows.weights = Some(column(table, name)?.to_numbers()?.into_owned());
    }
    let mut unusable = 0;
    let of = |values: &Option<Vec<f64>>, is_usable: &dyn Fn(f64) -> bool| {
        values
            .as_ref()
            .map_or(0, |values| values.iter().filter(|value| !is_usable(**value)).count() as u64)
    };
    let bad_counts = of(&rows.counts, &|value| whole(value).is_some());
    if let (Some(name), 1..) = (&roles.count, bad_counts) {
        let text = format!(
            "{} in column \"{name}\" (count) {} no whole number from 0 and {} set aside.",
            rows_in_words(bad_counts),
            if bad_counts == 1 { "holds" } else { "hold" },
            if bad_counts == 1 { "was" } else { "were" }
        );
        notices.push(Notice::of_rows(NoticeCode::UnusableWeights, name, bad_counts, text));
    }
    if let (Some(name), Some(weights)) = (&roles.weight, &rows.weights) {
        check_weights(name, weights)?;
    }
    let bad_weights = of(&rows.weights, &|value| value.is_finite() && value >= 0.0);
    if let (Some(name), 1..) = (&roles.weight, bad_weights) {
        let text = format!(
            "{} in column \"{name}\" (weight) {} no number from 0 and {} set aside.",
            rows_in_words(bad_weights),
            if bad_weights == 1 { "holds" } else { "hold" },
            if bad_weights == 1 { "was" } else { "were" }
        );
        notices.push(Notice::of_rows(NoticeCode::UnusableWeights, name, bad_weights, text));
    }
    if bad_counts + bad_weights > 0 {
        for row in 0..rows.len {
            let bad_count = rows.counts.as_ref().is_some_and(|counts| whole(counts[row]).is_none());
            let bad_weight = rows
                .weights
                .as_ref()
                .is_some_and(|weights| !(weights[row].is_finite() && weights[row] >= 0.0));
            unusable += u64::from(bad_count || bad_weight);
        }
    }
    Ok(unusable)
}

/// Refuses weights that cannot be meant: below zero, or all zero.
fn check_weights(name: &str, weights: &[f64]) -> Result<(), PlanError> {
    let column = name.to_owned();
    let negative = weights.iter().filter(|weight| **weight < 0.0).count() as u64;
    if negative > 0 {
        return Err(PlanError::NegativeWeight { column, rows: negative });
    }
    let has_numbers = weights.iter().any(|weight| weight.is_finite());
    if has_numbers && weights.iter().all(|weight| !(weight.is_finite() && *weight > 0.0)) {
        return Err(PlanError::NoWeight { column });
    }
    Ok(())
}

/// Says how many rows lack what.
pub(super) fn note_missing(roles: &Roles, rows: &Rows, is_from_score: bool, notices: &mut Vec<Notice>) {
    let missing = |codes: &Option<Vec<u32>>| {
        codes
            .as_ref()
            .map_or(0, |codes| codes.iter().filter(|code| **code == MISSING).count() as u64)
    };
    let not_numbers = |values: &Option<Vec<f64>>| {
        values
            .as_ref()
            .map_or(0, |values| values.iter().filter(|value| value.is_nan()).count() as u64)
    };
    let mut note = |column: &Option<String>, code: NoticeCode, count: u64, what: &str| {
        if let (Some(name), 1..) = (column, count) {
            let text = format!(
                "{} in column \"{name}\" {} no {what}; {} kept out of everything that needs it.",
                rows_in_words(count),
                if count == 1 { "has" } else { "have" },
                if count == 1 { "it is" } else { "they are" }
            );
            notices.push(Notice::of_rows(code, name, count, text));
        }
    };
    note(
        &roles.label,
        NoticeCode::MissingLabels,
        missing(&rows.label) + not_numbers(&rows.truth),
        "label",
    );
    let from_column = roles.prediction.is_some() && !is_from_score;
    note(
        &roles.prediction,
        NoticeCode::MissingPredictions,
        if from_column {
            missing(&rows.prediction) + not_numbers(&rows.predicted)
        } else {
            0
        },
        "prediction",
    );
    note(&roles.score, NoticeCode::MissingPredictions, not_numbers(&rows.score), "score");
}

/// A round number near the mean of the true numbers: exact sums of squares about it do not cancel. A row that stands for several counts as
/// often, so that it gives the numbers that the several rows give.
pub(super) fn pivot(rows: &Rows) -> f64 {
    let Some(truth) = &rows.truth else { return 0.0 };
    let mut sum = ExactSum::default();
    let mut known = 0;
    for (row, value) in truth.iter().enumerate().filter(|(_, value)| !value.is_nan()) {
        if let Some(weight) = rows.weight(row) {
            sum.add_product(weight.count as f64, *value);
            known += weight.count;
        }
    }
    let mean = sum.value() / known as f64;
    if mean.is_finite() { mean.round() } else { 0.0 }
}

/// The column of that name.
pub(super) fn column<'t>(table: &'t Table, name: &str) -> Result<&'t Column, PlanError> {
    table.column(name).ok_or_else(|| {
        PlanError::Column(DataError::UnknownColumn {
            column: name.to_owned(),
            closest: Vec::new(),
        })
    })
}

/// A count of rows in words.
pub(super) fn rows_in_words(rows: u64) -> String {
    if rows == 1 { "1 row".to_owned() } else { format!("{rows} rows") }
}
