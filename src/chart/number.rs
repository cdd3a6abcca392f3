//! How numbers are written for people: one place, so that a chart, a table and a sentence never disagree.

use serde::{Deserialize, Serialize};

/// The true minus sign.
const MINUS: char = '\u{2212}';
/// Between groups of three digits, and between a number and its unit: narrow, and never broken over lines.
pub const NARROW_SPACE: char = '\u{202f}';

/// What kind of number it is, which decides how it is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Quantity {
    /// A share from 0 to 1, written as percent with one decimal.
    Percent,
    /// A difference of shares, written as percentage points with one decimal.
    Points,
    /// A plain number with that many decimals.
    Decimal(u8),
    /// A number of rows.
    Count,
}

impl Quantity {
    /// The quantity with as many decimals as four significant digits of `largest` need: for numbers in the target's own unit.
    pub fn fitting(largest: f64) -> Self {
        let mut decimals = 3_u8;
        let mut limit = 10.0;
        while decimals > 0 && largest.abs() >= limit {
            decimals -= 1;
            limit *= 10.0;
        }
        let mut limit = 1.0;
        while largest != 0.0 && (3..9).contains(&decimals) && largest.abs() < limit {
            decimals += 1;
            limit /= 10.0;
        }
        Self::Decimal(decimals)
    }

    /// The number without its unit.
    pub fn number(self, value: f64) -> String {
        match self {
            Self::Percent | Self::Points => fixed(value * 100.0, 1),
            Self::Decimal(decimals) => fixed(value, usize::from(decimals)),
            Self::Count => fixed(value, 0),
        }
    }

    /// The unit as a column header writes it; empty where there is none.
    pub const fn unit(self) -> &'static str {
        match self {
            Self::Percent => "%",
            Self::Points => "points",
            Self::Decimal(_) => "",
            Self::Count => "rows",
        }
    }

    /// The number with its unit, for a sentence.
    pub fn with_unit(self, value: f64) -> String {
        let number = self.number(value);
        match self {
            Self::Percent => format!("{number}{NARROW_SPACE}%"),
            Self::Points => format!("{number} points"),
            Self::Decimal(_) => number,
            Self::Count if value == 1.0 => format!("{number} row"),
            Self::Count => format!("{number} rows"),
        }
    }

    /// Limits in parentheses: "(42.6 to 47.1)".
    pub fn limits(self, low: f64, high: f64) -> String {
        format!("({} to {})", self.number(low), self.number(high))
    }
}

/// A whole number with its digits in groups of three.
pub fn count(value: u64) -> String {
    grouped(&value.to_string())
}

/// A whole number of things, with the right form of their name.
pub fn counted(value: u64, one: &str, many: &str) -> String {
    format!("{} {}", count(value), if value == 1 { one } else { many })
}

/// A number with so many decimals, a true minus, grouped digits, and no negative zero.
pub fn fixed(value: f64, decimals: usize) -> String {
    if value.is_nan() {
        return "undefined".to_owned();
    }
    if value.is_infinite() {
        return if value > 0.0 { "∞".to_owned() } else { format!("{MINUS}∞") };
    }
    if value.abs() >= 1e15 {
        return format!("{value:.3e}").replace('-', "\u{2212}");
    }
    let text = format!("{:.decimals$}", value.abs());
    let (whole, fraction) = text.split_once('.').unwrap_or((&text, ""));
    let is_zero = text.bytes().all(|byte| byte == b'0' || byte == b'.');
    let mut out = String::new();
    if value < 0.0 && !is_zero {
        out.push(MINUS);
    }
    out.push_str(&grouped(whole));
    if !fraction.is_empty() {
        out.push('.');
        out.push_str(fraction);
    }
    out
}

fn grouped(digits: &str) -> String {
    let mut out = String::with_capacity(digits.len() + digits.len() / 3 * 3);
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            out.push(NARROW_SPACE);
        }
        out.push(digit);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_written_by_their_quantity() {
        assert_eq!(Quantity::Percent.with_unit(0.44846), "44.8\u{202f}%");
        assert_eq!(Quantity::Points.number(-0.1234), "\u{2212}12.3");
        assert_eq!(Quantity::Decimal(3).limits(0.9, 0.91), "(0.900 to 0.910)");
        assert_eq!(Quantity::Count.with_unit(1.0), "1 row");
        assert_eq!(count(1_234_567), "1\u{202f}234\u{202f}567");
        assert_eq!(count(123), "123");
        assert_eq!(counted(1, "row", "rows"), "1 row");
    }

    #[test]
    fn no_negative_zero_and_no_nan() {
        assert_eq!(fixed(-0.0001, 2), "0.00");
        assert_eq!(fixed(-0.0, 0), "0");
        assert_eq!(fixed(f64::NAN, 2), "undefined");
        assert_eq!(fixed(f64::NEG_INFINITY, 2), "\u{2212}∞");
    }

    #[test]
    fn decimals_fit_the_size_of_the_target() {
        assert_eq!(Quantity::fitting(3018.0), Quantity::Decimal(0));
        assert_eq!(Quantity::fitting(54.9), Quantity::Decimal(2));
        assert_eq!(Quantity::fitting(1.5), Quantity::Decimal(3));
        assert_eq!(Quantity::fitting(0.05), Quantity::Decimal(5));
        assert_eq!(Quantity::fitting(0.0), Quantity::Decimal(3));
    }
}
