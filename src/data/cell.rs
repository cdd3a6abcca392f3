//! What one cell says: nothing, a number, a time, a yes-or-no word, or some other text.
//!
//! A cell is judged by itself, its surrounding white space (ASCII) taken away. What a column is follows from counts of these.

use super::rules::{Decimal, Order, Rules, Stamp, Style};
use super::{date, numeral};

/// What sort of thing a cell is. It does not depend on the style of its column: where styles read a cell differently, it is a sort of its
/// own, and counts of sorts over all rows decide on the style.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[repr(u8)]
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
    /// For a word its bit in [`WORDS`]; for a number its percent sign and sign of money, by the bits of `numeral`.
    pub marks: u16,
}

impl Cell {
    fn of(sort: Sort) -> Self {
        Self { sort, marks: 0 }
    }
}

/// The yes-or-no words: each pair takes two neighbouring bits.
pub(super) const WORDS: [&str; 10] = ["false", "true", "no", "yes", "f", "t", "n", "y", "off", "on"];

/// The texts that stand for a missing value unless others are given, beside the empty text. `?` is one only in a column that otherwise
/// holds numbers or times: data sets use it as a category too.
pub const MISSING_MARKERS: [&str; 11] = ["NA", "N/A", "n/a", "NaN", "nan", "null", "NULL", "None", "none", "-", "#N/A"];

/// Whether a trimmed cell is empty or a missing marker.
pub(super) fn is_missing(cell: &[u8], rules: &Rules) -> bool {
    match rules.missing.texts() {
        _ if cell.is_empty() => true,
        Some(given) => given.iter().any(|marker| marker == cell),
        None => matches!(
            cell,
            b"NA" | b"N/A" | b"n/a" | b"NaN" | b"nan" | b"null" | b"NULL" | b"None" | b"none" | b"-" | b"#N/A"
        ),
    }
}

/// Judges a trimmed cell.
pub(super) fn classify(cell: &[u8], rules: &Rules) -> Cell {
    if is_missing(cell, rules) {
        Cell::of(Sort::Missing)
    } else if let Some((_, sort)) = plain(cell, rules) {
        Cell::of(sort)
    } else if let Some(numeral) = numeral::read(cell, rules) {
        Cell {
            sort: numeral.sort,
            marks: numeral.marks,
        }
    } else if let Some(moment) = date::read(cell) {
        Cell::of(moment.sort)
    } else if let Some(bit) = word(cell) {
        Cell {
            sort: Sort::Word,
            marks: bit,
        }
    } else if cell == b"?" && rules.missing.texts().is_none() {
        Cell::of(Sort::Question)
    } else {
        Cell::of(Sort::Other)
    }
}

/// The sort of a number of plain digits, of which `scale` stand behind the decimal sign of the style and the others before it: `whole` is
/// the number without that sign. `None` leaves the cell to [`read_number`], with which it agrees.
#[inline]
pub(super) fn plain_sort(whole: i64, scale: u8, rules: &Rules, style: Style) -> Option<Sort> {
    let size = whole.unsigned_abs();
    match (scale, style.decimal) {
        (0, _) if whole < 10_000_000 => Some(Sort::Number),
        (0, _) => plain_long(size),
        // With one to three digits before the sign and three behind it, it may set thousands apart.
        (3, Decimal::Point) if (1000..1_000_000).contains(&size) && rules.thousands.has(b'.') => Some(Sort::Dotted),
        (3, Decimal::Comma) if (1000..1_000_000).contains(&size) && rules.thousands.has(b',') => Some(Sort::Commaed),
        (_, Decimal::Comma) => Some(Sort::Comma),
        // With nine before it, it may be a time.
        (_, Decimal::Point) => (size < 100_000_000).then_some(Sort::Point),
    }
}

/// The sort of a whole number of eight to fifteen digits, as [`long`] gives it; `None` where it may be a date.
fn plain_long(whole: u64) -> Option<Sort> {
    let (unit, sort) = match whole {
        0..100_000_000 => {
            let (month, day) = (whole / 100 % 100, whole % 100);
            let may_be_date = (1..=12).contains(&month) && (1..=31).contains(&day);
            return (!may_be_date).then_some(Sort::Number);
        }
        100_000_000..10_000_000_000 => (1.0, Sort::Seconds),
        100_000_000_000..10_000_000_000_000 => (1e3, Sort::Millis),
        100_000_000_000_000.. => (1e6, Sort::Micros),
        _ => return Some(Sort::Number),
    };
    Some(if SECONDS.contains(&(whole as f64 / unit)) {
        sort
    } else {
        Sort::Number
    })
}

/// The number that a trimmed cell spells in a style, and what it is; `None` where it is none in that style.
#[inline]
pub(super) fn read_number(cell: &[u8], rules: &Rules, style: Style) -> Option<(f64, Cell)> {
    if rules.missing.comes_first() && is_missing(cell, rules) {
        return None;
    }
    match plain(cell, rules) {
        Some((_, Sort::Point | Sort::PointSeconds)) if style.decimal == Decimal::Comma => None,
        Some((value, sort)) if sort != Sort::Dotted || style.decimal == Decimal::Point => Some((value, Cell::of(sort))),
        _ => read_numeral(cell, rules, style),
    }
}

#[cold]
fn read_numeral(cell: &[u8], rules: &Rules, style: Style) -> Option<(f64, Cell)> {
    if is_missing(cell, rules) {
        return None;
    }
    let numeral = numeral::read(cell, rules)?;
    let cell = Cell {
        sort: numeral.sort,
        marks: numeral.marks,
    };
    Some((numeral.value(style.decimal)?, cell))
}

/// The moment that a trimmed cell spells in a style, in microseconds since 1970, and what it is; `None` where it is none in that style.
pub(super) fn read_time(cell: &[u8], rules: &Rules, style: Style) -> Option<(i64, Cell)> {
    if is_missing(cell, rules) {
        return None;
    }
    if let Some(stamp) = style.stamp
        && let Some((value, found)) = read_number(cell, rules, style)
    {
        let value = if is_time(found.sort, style) {
            date::stamped(cell, value, stamp)
        } else {
            None
        };
        return value.map(|value| (value, found));
    }
    let moment = date::read(cell)?;
    Some((moment.value(style.order)?, Cell::of(moment.sort)))
}

/// Whether a cell of that sort is a number in a column of that style.
pub(super) fn is_number(sort: Sort, style: Style) -> bool {
    match sort {
        Sort::Number | Sort::Compact | Sort::Seconds | Sort::Millis | Sort::Micros | Sort::Nanos | Sort::Dotted | Sort::Commaed => true,
        Sort::Point | Sort::PointSeconds => style.decimal == Decimal::Point,
        Sort::Comma => style.decimal == Decimal::Comma,
        _ => false,
    }
}

/// Whether a cell of that sort is a time in a column of that style.
pub(super) fn is_time(sort: Sort, style: Style) -> bool {
    match sort {
        Sort::Time | Sort::EitherFirst => true,
        Sort::DayFirst => style.order == Order::DayFirst,
        Sort::MonthFirst => style.order == Order::MonthFirst,
        Sort::Compact => style.stamp == Some(Stamp::Compact),
        Sort::Seconds => style.stamp == Some(Stamp::Seconds),
        Sort::PointSeconds => style.stamp == Some(Stamp::Seconds) && style.decimal == Decimal::Point,
        Sort::Millis => style.stamp == Some(Stamp::Millis),
        Sort::Micros => style.stamp == Some(Stamp::Micros),
        Sort::Nanos => style.stamp == Some(Stamp::Nanos),
        _ => false,
    }
}

/// The number that a trimmed cell spells plainly, correctly rounded: see [`plain`].
pub(super) fn number(cell: &[u8]) -> Option<f64> {
    plain(cell, &Rules::default()).map(|(number, _)| number)
}

/// The number that a trimmed cell spells without any sign but a point, correctly rounded, and its sort.
///
/// Digits with at most one point, an exponent, a sign of either kind; `inf` and `infinity` in any case. A number with a leading zero
/// (`007`) is a text, since it names something.
fn plain(cell: &[u8], rules: &Rules) -> Option<(f64, Sort)> {
    let (negative, digits) = match cell {
        [b'-', rest @ ..] => (true, rest),
        [b'+', rest @ ..] => (false, rest),
        _ => (false, cell),
    };
    let (magnitude, sort) = match digits {
        [] => return None,
        [b'0', b'0'..=b'9', ..] => return None,
        [b'0'..=b'9' | b'.', ..] => magnitude(digits, rules)?,
        _ if digits.eq_ignore_ascii_case(b"inf") || digits.eq_ignore_ascii_case(b"infinity") => (f64::INFINITY, Sort::Number),
        _ => return None,
    };
    Some(match (negative, sort) {
        (false, _) => (magnitude, sort),
        (true, Sort::Point | Sort::PointSeconds) => (-magnitude, Sort::Point),
        (true, Sort::Dotted) => (-magnitude, Sort::Dotted),
        (true, _) => (-magnitude, Sort::Number),
    })
}

/// The number of a text that begins with a digit or a point.
fn magnitude(digits: &[u8], rules: &Rules) -> Option<(f64, Sort)> {
    let mut whole = 0_u64;
    for (index, &byte) in digits.iter().enumerate() {
        if !byte.is_ascii_digit() {
            let value = fast_float2::parse(digits).ok()?;
            let sort = match byte {
                b'.' if is_thousands(digits, index) && rules.thousands.has(b'.') => Sort::Dotted,
                b'.' if SECONDS.contains(&value) => Sort::PointSeconds,
                b'.' => Sort::Point,
                // An exponent; behind it no point can stand, and before it none stood.
                _ => Sort::Number,
            };
            return Some((value, sort));
        }
        whole = whole.wrapping_mul(10).wrapping_add(u64::from(byte - b'0'));
    }
    // Up to 15 digits are exact in a double, and most cells are short whole numbers.
    let value = if digits.len() <= 15 {
        whole as f64
    } else {
        fast_float2::parse(digits).ok()?
    };
    Some((value, if digits.len() < 8 { Sort::Number } else { long(digits, value) }))
}

/// Times from 1973 to 2099 in seconds; in smaller units they have three digits more each.
const SECONDS: std::ops::Range<f64> = 1e8..4_102_444_800.0;

/// The sort of a whole number of eight or more digits.
fn long(digits: &[u8], value: f64) -> Sort {
    let scaled = |unit: f64| SECONDS.contains(&(value / unit));
    match digits.len() {
        8 if date::is_compact(digits) => Sort::Compact,
        9..=10 if scaled(1.0) => Sort::Seconds,
        12..=13 if scaled(1e3) => Sort::Millis,
        15..=16 if scaled(1e6) => Sort::Micros,
        18..=19 if scaled(1e9) => Sort::Nanos,
        _ => Sort::Number,
    }
}

/// Whether the point at `index` may set thousands apart: up to three digits before it, of which the first is not 0, and three behind it.
fn is_thousands(digits: &[u8], index: usize) -> bool {
    (1..=3).contains(&index) && digits[0] != b'0' && digits.len() == index + 4 && digits[index + 1..].iter().all(u8::is_ascii_digit)
}

/// The bit of a yes-or-no word in any case.
fn word(cell: &[u8]) -> Option<u16> {
    if !(1..=5).contains(&cell.len()) {
        return None;
    }
    let index = WORDS.iter().position(|word| cell.eq_ignore_ascii_case(word.as_bytes()))?;
    Some(1 << index)
}

#[cfg(test)]
mod tests {
    use super::super::rules::Markers;
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
    fn sorts_are_told_apart() {
        for (expected, texts) in [
            (Sort::Question, &["?"][..]),
            (
                Sort::Number,
                &[
                    "1",
                    "-20181030",
                    "1e3",
                    "inf",
                    "1 234",
                    "12345678",
                    "45%",
                    "$5",
                    "100000000000000000000",
                ],
            ),
            (Sort::Compact, &["20181030", "19000101"]),
            (Sort::Seconds, &["100000000", "1540922400", "4102444799"]),
            (Sort::Number, &["99999999", "4102444800", "-1540922400", "99999999999"]),
            (Sort::Millis, &["1540922400000"]),
            (Sort::Micros, &["1540922400000000"]),
            (Sort::Nanos, &["1540922400000000000"]),
            (
                Sort::Point,
                &[
                    "1.5",
                    "0.123",
                    "1234.567",
                    "1.2345",
                    ".5",
                    "5.",
                    "-1540922400.5",
                    "1.2e5",
                    "1,234.5",
                    "0.5%",
                ],
            ),
            (Sort::PointSeconds, &["1540922400.25"]),
            (Sort::Comma, &["1,5", "0,123", "1.234,5"]),
            (Sort::Dotted, &["1.234", "-123.456"]),
            (Sort::Commaed, &["1,234", "-123,456"]),
            (Sort::Time, &["2018-10-30", "2018-10-30 18:00", "30-Oct-2018"]),
            (Sort::DayFirst, &["30/10/2018", "3.4.2018"]),
            (Sort::MonthFirst, &["10/30/2018"]),
            (Sort::EitherFirst, &["03/04/2018"]),
            (Sort::Word, &["on", "Off", "yes", "T"]),
            (Sort::Other, &["007", "00.5", "ja", "1,2,3", "10.0.0.1", "a"]),
        ] {
            for text in texts {
                assert_eq!(sort(text), expected, "{text}");
            }
        }
    }

    #[test]
    fn a_style_decides_what_can_be_read_in_two_ways() {
        let rules = Rules::default();
        let comma = Style {
            decimal: Decimal::Comma,
            ..Style::PLAIN
        };
        let number = |text: &str, style| read_number(text.as_bytes(), &rules, style).map(|(value, _)| value);
        assert_eq!((number("1.234", Style::PLAIN), number("1.234", comma)), (Some(1.234), Some(1234.0)));
        assert_eq!((number("1,234", Style::PLAIN), number("1,234", comma)), (Some(1234.0), Some(1.234)));
        assert_eq!((number("1.5", Style::PLAIN), number("1.5", comma)), (Some(1.5), None));
        assert_eq!((number("1,5", Style::PLAIN), number("1,5", comma)), (None, Some(1.5)));
        assert_eq!((number("7", comma), number("1e3", comma)), (Some(7.0), Some(1000.0)));
        let seconds = Style {
            stamp: Some(Stamp::Seconds),
            ..Style::PLAIN
        };
        let time = |text: &str, style| read_time(text.as_bytes(), &rules, style).map(|(value, _)| value);
        assert_eq!(time("1540922400", seconds), Some(1_540_922_400_000_000));
        assert_eq!((time("1540922400", Style::PLAIN), time("5", seconds)), (None, None));
        assert_eq!(time("1970-01-02", seconds), Some(86_400_000_000));
    }

    #[test]
    fn given_markers_replace_the_usual_ones() {
        let rules = Rules {
            missing: Markers::given(vec![b"-999".to_vec(), b"?".to_vec()]),
            ..Rules::default()
        };
        let sort = |text: &str| classify(text.as_bytes(), &rules).sort;
        assert_eq!((sort("-999"), sort("?"), sort("")), (Sort::Missing, Sort::Missing, Sort::Missing));
        assert_eq!((sort("NA"), sort("-"), sort("-998")), (Sort::Other, Sort::Other, Sort::Number));
        assert_eq!(read_number(b"-999", &rules, Style::PLAIN), None);
    }

    #[test]
    fn missing_markers_are_the_listed_ones() {
        assert_eq!(sort(""), Sort::Missing);
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
    }
}
