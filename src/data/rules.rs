//! How cells are to be understood: what holds for a file, and what was found for a column of it.

use serde::{Deserialize, Serialize};

/// The sign between the whole part of a number and its fraction.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum Decimal {
    /// `1.5`
    Point,
    /// `1,5`
    Comma,
}

/// What comes first in a date that is not in the order of ISO 8601.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum Order {
    /// `30/10/2018`
    DayFirst,
    /// `10/30/2018`
    MonthFirst,
}

/// How a number says when something was.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum Stamp {
    /// Year, month and day in eight digits: `20181030`.
    Compact,
    /// Seconds since 1970.
    Seconds,
    /// Milliseconds since 1970.
    Millis,
    /// Microseconds since 1970.
    Micros,
    /// Nanoseconds since 1970.
    Nanos,
}

/// How the cells of one column are turned into values. What sort of thing a cell is (see `cell`) does not depend on it, so that counts
/// over all rows decide between styles without reading the cells again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Style {
    /// How fractions are written.
    pub decimal: Decimal,
    /// How dates are written.
    pub order: Order,
    /// How numbers are times, when they are.
    pub stamp: Option<Stamp>,
}

impl Style {
    /// How columns are understood that say nothing else.
    pub(super) const PLAIN: Self = Self {
        decimal: Decimal::Point,
        order: Order::MonthFirst,
        stamp: None,
    };
}

/// What holds for all cells of a file, as found or as given.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub(super) struct Rules {
    /// How fractions are written, when it was given; otherwise the values of each column say it.
    pub decimal: Option<Decimal>,
    /// How dates are written, when it was given; otherwise the values of each column say it.
    pub order: Option<Order>,
}
