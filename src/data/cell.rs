//! What one cell says: nothing, a number, a time, a yes-or-no word, or some other text.
//!
//! A cell is judged by itself, its surrounding white space (ASCII) taken away. What a column is follows from counts of these.

use super::rules::{Rules, Style};
use super::time;

/// What sort of thing a cell is. It does not depend on the style of its column: where styles read a cell differently, it is a sort of its
/// own, and counts of sorts over all rows decide on the style.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[repr(u8)]
#[allow(dead_code, reason = "not every sort is told apart yet")]
pub(super) enum Sort {
    /// Empty, or a missing marker.
    Missing,
    /// `?`: missing in a column of numbers or times, a text otherwise.
    Question,
    /// A number in every style.
    Number,
    /// A number of eight digits that is a date too: `20181030`.
    Compact,
    /// A whole number that would be a time of 1973 to 2099 in seconds.
    Seconds,
    /// The same in milliseconds.
    Millis,
    /// The same in microseconds.
    Micros,
    /// The same in nanoseconds.
    Nanos,
    /// A number with decimal points only.
    Point,
    /// The same, and a time of 1973 to 2099 in seconds.
    PointSeconds,
    /// A number with decimal commas only.
    Comma,
    /// A number whose point is a decimal point or one of thousands: `1.234`.
    Dotted,
    /// A number whose comma is a decimal comma or one of thousands: `1,234`.
    Commaed,
    /// A date or a time that can be read in one way.
    Time,
    /// A date that is one with the day first only: `30/10/2018`.
    DayFirst,
    /// A date that is one with the month first only: `10/30/2018`.
    MonthFirst,
    /// A date with the day first and with the month first: `03/04/2018`.
    EitherFirst,
    /// A yes-or-no word.
    Word,
    /// Any other text.
    Other,
}

/// How many sorts there are.
pub(super) const SORTS: usize = Sort::Other as usize + 1;

/// All sorts, in their order.
const ALL: [Sort; SORTS] = [
    Sort::Missing,
    Sort::Question,
    Sort::Number,
    Sort::Compact,
    Sort::Seconds,
    Sort::Millis,
    Sort::Micros,
    Sort::Nanos,
    Sort::Point,
    Sort::PointSeconds,
    Sort::Comma,
    Sort::Dotted,
    Sort::Commaed,
    Sort::Time,
    Sort::DayFirst,
    Sort::MonthFirst,
    Sort::EitherFirst,
    Sort::Word,
    Sort::Other,
];

impl Sort {
    /// The sort of that number in their order.
    pub(super) fn of_number(number: u64) -> Option<Self> {
        ALL.get(usize::try_from(number).ok()?).copied()
    }
}

/// What a cell is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Cell {
    /// Its sort.
    pub sort: Sort,
    /// For a word its bit in [`WORDS`].
    pub marks: u16,
}

impl Cell {
    fn of(sort: Sort) -> Self {
        Self { sort, marks: 0 }
    }
}

/// The yes-or-no words: each pair takes two neighbouring bits.
pub(super) const WORDS: [&str; 8] = ["false", "true", "no", "yes", "f", "t", "n", "y"];

/// The texts that stand for a missing value, beside the empty text. `?` is not one of them: data sets use it as a category.
pub const MISSING_MARKERS: [&str; 11] = ["NA", "N/A", "n/a", "NaN", "nan", "null", "NULL", "None", "none", "-", "#N/A"];

/// Whether a trimmed cell is empty or one of [`MISSING_MARKERS`].
pub(super) fn is_missing(cell: &[u8]) -> bool {
    matches!(
        cell,
        b"" | b"NA" | b"N/A" | b"n/a" | b"NaN" | b"nan" | b"null" | b"NULL" | b"None" | b"none" | b"-" | b"#N/A"
    )
}

/// Judges a trimmed cell.
pub(super) fn classify(cell: &[u8], rules: &Rules) -> Cell {
    if let Some((_, cell)) = read_number(cell, rules, Style::PLAIN) {
        cell
    } else if is_missing(cell) {
        Cell::of(Sort::Missing)
    } else if let Some((_, cell)) = read_time(cell, rules, Style::PLAIN) {
        cell
    } else if let Some(bit) = word(cell) {
        Cell {
            sort: Sort::Word,
            marks: bit,
        }
    } else {
        Cell::of(Sort::Other)
    }
}

/// The sort of a number of plain digits: `whole` divided by ten to the power of `scale`. `None` leaves the cell to [`classify`], with which
/// it agrees.
#[inline]
pub(super) fn plain_sort(_whole: i64, _scale: u8) -> Option<Sort> {
    Some(Sort::Number)
}

/// The number that a trimmed cell spells in a style, and what it is; `None` where it is none in that style.
pub(super) fn read_number(cell: &[u8], _rules: &Rules, _style: Style) -> Option<(f64, Cell)> {
    number(cell).map(|number| (number, Cell::of(Sort::Number)))
}

/// The moment that a trimmed cell spells in a style, in microseconds since 1970, and what it is; `None` where it is none in that style.
pub(super) fn read_time(cell: &[u8], _rules: &Rules, _style: Style) -> Option<(i64, Cell)> {
    time::parse(cell).map(|time| (time, Cell::of(Sort::Time)))
}

/// The number that a trimmed cell spells, correctly rounded.
///
/// Digits with at most one point, an exponent, a sign of either kind; `inf` and `infinity` in any case. A number with a leading zero
/// (`007`) is a text, since it names something; so is one with separators of thousands (`1,234`), since they differ by country.
pub(super) fn number(cell: &[u8]) -> Option<f64> {
    let (negative, digits) = match cell {
        [b'-', rest @ ..] => (true, rest),
        [b'+', rest @ ..] => (false, rest),
        _ => (false, cell),
    };
    let magnitude = match digits {
        [] => return None,
        [b'0', b'0'..=b'9', ..] => return None,
        [b'0'..=b'9' | b'.', ..] => magnitude(digits)?,
        _ if digits.eq_ignore_ascii_case(b"inf") || digits.eq_ignore_ascii_case(b"infinity") => f64::INFINITY,
        _ => return None,
    };
    Some(if negative { -magnitude } else { magnitude })
}

fn magnitude(digits: &[u8]) -> Option<f64> {
    // Up to 15 digits are exact in a double, and most cells are short whole numbers.
    if digits.len() <= 15 {
        let mut whole = 0_u64;
        for &byte in digits {
            if !byte.is_ascii_digit() {
                return fast_float2::parse(digits).ok();
            }
            whole = whole * 10 + u64::from(byte - b'0');
        }
        return Some(whole as f64);
    }
    fast_float2::parse(digits).ok()
}

/// The bit of a yes-or-no word in any case.
fn word(cell: &[u8]) -> Option<u16> {
    if cell.len() > 5 {
        return None;
    }
    let index = WORDS.iter().position(|word| cell.eq_ignore_ascii_case(word.as_bytes()))?;
    Some(1 << index)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_plain_decimal_numbers() {
        for (text, expected) in [
            ("0", 0.0),
            ("-0", -0.0),
            ("7", 7.0),
            ("+7", 7.0),
            ("0.5", 0.5),
            (".5", 0.5),
            ("5.", 5.0),
            ("1e3", 1000.0),
            ("-1.5E-2", -0.015),
            ("0.1", 0.1),
            ("123456789012345678", 123_456_789_012_345_680.0),
            ("inf", f64::INFINITY),
            ("-Infinity", f64::NEG_INFINITY),
        ] {
            assert_eq!(number(text.as_bytes()).map(f64::to_bits), Some(expected.to_bits()), "{text}");
        }
    }

    #[test]
    fn other_spellings_are_not_numbers() {
        for text in [
            "", "-", "+", ".", "007", "-007", "00", "00.5", "1,234", "1 000", "1_000", "0x10", "nan", "NaN", "--1", "+-1", "1e", "e5",
            "10%", "infinite", "۱",
        ] {
            assert_eq!(number(text.as_bytes()), None, "{text}");
        }
    }

    fn sort(text: &str) -> Sort {
        classify(text.as_bytes(), &Rules::default()).sort
    }

    #[test]
    fn missing_markers_are_the_listed_ones() {
        assert!(is_missing(b""));
        for marker in MISSING_MARKERS {
            assert_eq!(sort(marker), Sort::Missing, "{marker}");
        }
        for text in ["?", "NAN", "Na", "none.", "missing", "--", "0"] {
            assert_ne!(sort(text), Sort::Missing, "{text}");
        }
    }

    #[test]
    fn words_are_found_in_any_case() {
        let marks = |text: &str| classify(text.as_bytes(), &Rules::default()).marks;
        assert_eq!((sort("False"), marks("False")), (Sort::Word, 1));
        assert_eq!((marks("TRUE"), marks("y")), (2, 128));
        assert_eq!(sort("truely"), Sort::Other);
        assert_eq!(sort("?"), Sort::Other);
    }
}
