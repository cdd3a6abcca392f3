//! Estimates to table cells, one way for all tables.

use super::super::format;
use super::super::words::{capital, metric_name, why_undefined};
use super::block::{Align, Cell, Column};
use crate::chart::number::{Quantity, count};
use crate::metric::{Estimate, registry};

/// A cell with the number and its limits under it.
pub(super) fn of_estimate(quantity: Quantity, estimate: &Estimate, min_support: Option<u64>) -> Cell {
    let is_small = min_support.is_some_and(|least| estimate.support < least);
    let has_value = estimate.value.is_some() || estimate.special.is_some() || estimate.text.is_some();
    let note = match estimate.interval {
        _ if !has_value => why_undefined(estimate),
        _ if is_small && quantity != Quantity::Count => format!("too few to say: {}", count(estimate.support)),
        Some(interval) => format!("{} to {}", quantity.number(interval.low), quantity.number(interval.high)),
        None => within(quantity, estimate),
    };
    Cell {
        text: format::number(quantity, estimate),
        note,
        estimate: Some(Box::new(estimate.clone())),
        is_muted: is_small || !has_value,
        ..Cell::default()
    }
}

/// Between which numbers a value told from a profile is.
fn within(quantity: Quantity, estimate: &Estimate) -> String {
    match estimate.within.filter(|within| within.low < within.high) {
        Some(within) => format!("surely {} to {}", quantity.number(within.low), quantity.number(within.high)),
        None => String::new(),
    }
}

/// A cell for a number that the report does not have.
pub(super) fn absent() -> Cell {
    Cell {
        text: "–".to_owned(),
        is_muted: true,
        ..Cell::default()
    }
}

/// The quantity of a column: the same decimals for all.
pub(super) fn column_quantity(estimates: &[&Estimate]) -> Quantity {
    let largest = estimates
        .iter()
        .fold(0.0_f64, |largest, estimate| largest.max(format::magnitude(estimate)));
    estimates
        .first()
        .map_or(Quantity::Decimal(3), |first| format::quantity(&first.key, largest))
}

/// A column that names things.
pub(super) fn names(name: impl Into<String>) -> Column {
    Column {
        name: name.into(),
        unit: "",
        metric: None,
        align: Align::Start,
    }
}

/// A column of numbers without a metric of its own.
pub(super) fn numbers(name: impl Into<String>, unit: &'static str) -> Column {
    Column {
        name: name.into(),
        unit,
        metric: None,
        align: Align::End,
    }
}

/// A column of one metric's numbers.
pub(super) fn of_metric(metric: &str, quantity: Quantity) -> Column {
    // The registry's id, so that the header leads to the definition when the report calls the metric by another name.
    let id = registry::find(metric).map_or(metric, |found| found.id);
    let is_support = id == "label_positives";
    Column {
        name: if is_support {
            "Rows".to_owned()
        } else {
            capital(&metric_name(metric))
        },
        unit: if quantity == Quantity::Count { "" } else { quantity.unit() },
        metric: Some(id.to_owned()),
        align: Align::End,
    }
}
