//! How cells are to be understood: what holds for a file, and what was found for a column of it.

use serde::{Deserialize, Serialize};

/// The sign between the whole part of a number and its fraction.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Decimal {
    /// `1.5`
    Point,
    /// `1,5`
    Comma,
}

/// What comes first in a date that is not in the order of ISO 8601.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Order {
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
    /// Whether percentages are numbers.
    pub percents: bool,
}

impl Style {
    /// How columns are understood that say nothing else.
    pub(super) const PLAIN: Self = Self {
        decimal: Decimal::Point,
        order: Order::MonthFirst,
        stamp: None,
        percents: false,
    };
}

/// Which signs may set thousands apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Separators(u8);

impl Separators {
    /// No sign.
    pub(super) const NONE: Self = Self(0);
    /// Every sign that is known.
    pub(super) const ALL: Self = Self(0b1111);

    /// One sign: `.`, `,`, a blank or `'`.
    pub(super) fn only(sign: u8) -> Self {
        Self(Self::bit(sign))
    }

    /// Whether the sign may set thousands apart.
    pub(super) fn has(self, sign: u8) -> bool {
        self.0 & Self::bit(sign) != 0
    }

    fn bit(sign: u8) -> u8 {
        match sign {
            b',' => 1,
            b'.' => 2,
            b' ' => 4,
            b'\'' => 8,
            _ => 0,
        }
    }
}

/// The texts that stand for a missing value, beside the empty text.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub(super) struct Markers {
    /// Those given, in place of the usual ones.
    given: Option<Vec<Vec<u8>>>,
    /// Whether one of them is a number or a time.
    comes_first: bool,
}

impl Markers {
    /// These texts and no others.
    pub(super) fn given(texts: Vec<Vec<u8>>) -> Self {
        let is_text = |text: &Vec<u8>| !text.iter().any(u8::is_ascii_digit) && !matches!(text.as_slice(), b"inf" | b"Infinity");
        Self {
            comes_first: !texts.iter().all(is_text),
            given: Some(texts),
        }
    }

    /// Those given; `None` for the usual ones.
    pub(super) fn texts(&self) -> Option<&[Vec<u8>]> {
        self.given.as_deref()
    }

    /// Whether a cell must be held against the markers before it is read as a number.
    pub(super) fn comes_first(&self) -> bool {
        self.comes_first
    }
}

/// What holds for all cells of a file, as found or as given.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Rules {
    /// What stands for a missing value.
    pub missing: Markers,
    /// How fractions are written, when it was given; otherwise the values of each column say it.
    pub decimal: Option<Decimal>,
    /// What may set thousands apart.
    pub thousands: Separators,
    /// How dates are written, when it was given; otherwise the values of each column say it.
    pub order: Option<Order>,
    /// Columns whose numbers are times, beside those named like one.
    pub times: Vec<String>,
}

impl Default for Rules {
    fn default() -> Self {
        Self {
            missing: Markers::default(),
            decimal: None,
            thousands: Separators::ALL,
            order: None,
            times: Vec::new(),
        }
    }
}
