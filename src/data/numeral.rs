//! Numbers that are not plain: with decimal commas, separated thousands, a percent sign or a sign of money.
//!
//! A number is a sign, digits and at most one decimal sign; an exponent may follow. Thousands may be set apart, by threes and by one kind
//! of separator throughout: a comma (a point, where the comma is the decimal sign), a blank of any width, or an apostrophe. A percent sign
//! behind it divides by one hundred. One of `$`, `€`, `£` and `¥` may stand before or behind it. A leading zero makes a text of it.

use super::cell::Sort;
use super::rules::{Decimal, Rules, Separators};

/// The mark of a cell with a percent sign.
pub(super) const PERCENT: u16 = 1 << 10;

/// The marks of cells with a sign of money.
pub(super) const MONEY: u16 = 0b1111 << 11;

const SIGNS_OF_MONEY: [(&str, u16); 4] = [("$", 1 << 11), ("€", 1 << 12), ("£", 1 << 13), ("¥", 1 << 14)];

/// Blanks within a number: plain, no-break, narrow no-break, thin, and a figure's width.
const BLANKS: [&str; 5] = [" ", "\u{a0}", "\u{202f}", "\u{2009}", "\u{2007}"];

const APOSTROPHES: [&str; 2] = ["'", "\u{2019}"];

/// The most digits of such a number.
const MOST_DIGITS: usize = 40;

/// A number in every way that it can be read.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Numeral {
    /// With a decimal point, and with a decimal comma.
    values: [Option<f64>; 2],
    /// What the number is.
    pub sort: Sort,
    /// Its percent sign and sign of money.
    pub marks: u16,
}

impl Numeral {
    /// The value in a style.
    pub(super) fn value(&self, decimal: Decimal) -> Option<f64> {
        self.values[decimal as usize]
    }
}

/// The number that a trimmed cell spells, if it spells one in some style.
pub(super) fn read(cell: &[u8], rules: &Rules) -> Option<Numeral> {
    // A quick no for most texts: a number ends in a digit, a decimal sign or one of few other signs.
    let last = *cell.last()?;
    if !(last.is_ascii_digit() || matches!(last, b'.' | b',' | b'%' | b'$') || last >= 0x80) || cell.len() > 80 {
        return None;
    }
    let (body, negative, marks) = bare(cell)?;
    let body = Body::of(body)?;
    let is_percent = marks & PERCENT != 0;
    let value = |decimal| body.value(decimal, rules.thousands, negative, is_percent);
    let values = [value(Decimal::Point), value(Decimal::Comma)];
    let sort = match values {
        [Some(point), Some(comma)] if point == comma => Sort::Number,
        [Some(_), Some(_)] if body.has(b'.') => Sort::Dotted,
        [Some(_), Some(_)] => Sort::Commaed,
        [Some(_), None] => Sort::Point,
        [None, Some(_)] => Sort::Comma,
        [None, None] => return None,
    };
    Some(Numeral { values, sort, marks })
}

/// A number without its signs; whether it is negative; its percent sign and sign of money.
fn bare(mut text: &[u8]) -> Option<(&[u8], bool, u16)> {
    let (mut negative, mut marks, mut signs) = (None, 0, 0);
    loop {
        if let Some(rest) = strip(text, &["-", "\u{2212}"]) {
            signs += 1;
            (text, negative) = (rest, Some(true));
        } else if let Some(rest) = strip(text, &["+"]) {
            signs += 1;
            (text, negative) = (rest, Some(false));
        } else if let Some((rest, mark)) = SIGNS_OF_MONEY.iter().find_map(|(sign, mark)| Some((strip(text, &[sign])?, *mark))) {
            if marks != 0 {
                return None;
            }
            marks = mark;
            text = rest;
            while let Some(rest) = strip(text, &BLANKS) {
                text = rest;
            }
        } else {
            break;
        }
    }
    let behind = [("%", PERCENT)].into_iter().chain(SIGNS_OF_MONEY);
    let found = behind
        .into_iter()
        .find_map(|(sign, mark)| Some((text.strip_suffix(sign.as_bytes())?, mark)));
    if let Some((rest, mark)) = found {
        if marks != 0 {
            return None;
        }
        marks = mark;
        text = rest;
        while let Some(rest) = BLANKS.iter().find_map(|blank| text.strip_suffix(blank.as_bytes())) {
            text = rest;
        }
    }
    (signs <= 1).then_some((text, negative.unwrap_or(false), marks))
}

fn strip<'a>(text: &'a [u8], starts: &[&str]) -> Option<&'a [u8]> {
    starts.iter().find_map(|start| text.strip_prefix(start.as_bytes()))
}

/// The digits of a number and what stands between them.
struct Body {
    digits: [u8; MOST_DIGITS],
    count: usize,
    /// Each separator as `.`, `,`, blank or `'`, with the number of digits before it.
    separators: [(u8, usize); MOST_DIGITS],
    separated: usize,
    exponent: i32,
}

impl Body {
    fn of(mut text: &[u8]) -> Option<Self> {
        let mut body = Self {
            digits: [0; MOST_DIGITS],
            count: 0,
            separators: [(0, 0); MOST_DIGITS],
            separated: 0,
            exponent: 0,
        };
        while let Some(&byte) = text.first() {
            if byte.is_ascii_digit() {
                *body.digits.get_mut(body.count)? = byte;
                body.count += 1;
                text = &text[1..];
                continue;
            }
            if matches!(byte, b'e' | b'E') {
                body.exponent = exponent(&text[1..])?;
                break;
            }
            let (rest, separator) = separator(text)?;
            *body.separators.get_mut(body.separated)? = (separator, body.count);
            body.separated += 1;
            text = rest;
        }
        (body.count > 0).then_some(body)
    }

    fn has(&self, separator: u8) -> bool {
        self.separators[..self.separated].iter().any(|(other, _)| *other == separator)
    }

    /// The number with that decimal sign, correctly rounded.
    fn value(&self, decimal: Decimal, allowed: Separators, negative: bool, is_percent: bool) -> Option<f64> {
        let sign = match decimal {
            Decimal::Point => b'.',
            Decimal::Comma => b',',
        };
        let mut separators = &self.separators[..self.separated];
        let mut whole = self.count;
        if let Some((&(last, before), rest)) = separators.split_last()
            && last == sign
        {
            (whole, separators) = (before, rest);
        }
        if !are_thousands(separators, whole, sign, allowed) || (whole > 1 && self.digits[0] == b'0') {
            return None;
        }
        let mut text = [0_u8; MOST_DIGITS + 16];
        let mut length = 0;
        let mut push = |byte: u8| {
            text[length] = byte;
            length += 1;
        };
        if negative {
            push(b'-');
        }
        self.digits[..whole].iter().for_each(|&digit| push(digit));
        if whole == 0 {
            push(b'0');
        }
        push(b'.');
        self.digits[whole..self.count].iter().for_each(|&digit| push(digit));
        if whole == self.count {
            push(b'0');
        }
        push(b'e');
        let exponent = self.exponent - if is_percent { 2 } else { 0 };
        push(if exponent < 0 { b'-' } else { b'+' });
        let size = exponent.unsigned_abs();
        for power in [1000, 100, 10, 1] {
            push(b'0' + (size / power % 10) as u8);
        }
        fast_float2::parse(&text[..length]).ok()
    }
}

/// Whether separators set groups of three digits apart: one kind of them, allowed and not the decimal sign.
fn are_thousands(separators: &[(u8, usize)], whole: usize, decimal: u8, allowed: Separators) -> bool {
    let Some(&(kind, first)) = separators.first() else {
        return true;
    };
    let ends = separators.iter().skip(1).map(|&(_, before)| before).chain([whole]);
    let in_threes = separators
        .iter()
        .zip(ends)
        .all(|(&(other, start), end)| other == kind && end == start + 3);
    kind != decimal && allowed.has(kind) && (1..=3).contains(&first) && in_threes
}

fn separator(text: &[u8]) -> Option<(&[u8], u8)> {
    match text[0] {
        byte @ (b'.' | b',') => Some((&text[1..], byte)),
        _ => strip(text, &BLANKS)
            .map(|rest| (rest, b' '))
            .or_else(|| strip(text, &APOSTROPHES).map(|rest| (rest, b'\''))),
    }
}

fn exponent(text: &[u8]) -> Option<i32> {
    let (negative, digits) = match text {
        [b'-', rest @ ..] => (true, rest),
        [b'+', rest @ ..] => (false, rest),
        _ => (false, text),
    };
    if !(1..=3).contains(&digits.len()) || !digits.iter().all(u8::is_ascii_digit) {
        return None;
    }
    let size = digits.iter().fold(0, |sum, digit| sum * 10 + i32::from(digit - b'0'));
    Some(if negative { -size } else { size })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(text: &str) -> Option<(Option<f64>, Option<f64>, Sort)> {
        let numeral = read(text.as_bytes(), &Rules::default())?;
        Some((numeral.value(Decimal::Point), numeral.value(Decimal::Comma), numeral.sort))
    }

    #[test]
    fn both_readings_are_told() {
        for (text, point, comma, sort) in [
            ("1,5", None, Some(1.5), Sort::Comma),
            ("0,123", None, Some(0.123), Sort::Comma),
            ("-1,5e-3", None, Some(-0.0015), Sort::Comma),
            (",5", None, Some(0.5), Sort::Comma),
            ("1,234", Some(1234.0), Some(1.234), Sort::Commaed),
            ("1.234", Some(1.234), Some(1234.0), Sort::Dotted),
            ("1,234.5", Some(1234.5), None, Sort::Point),
            ("1.234,56", None, Some(1234.56), Sort::Comma),
            ("1,234,567", Some(1_234_567.0), None, Sort::Point),
            ("1.234.567", None, Some(1_234_567.0), Sort::Comma),
            ("1 234", Some(1234.0), Some(1234.0), Sort::Number),
            ("12\u{a0}345,5", None, Some(12345.5), Sort::Comma),
            ("1\u{202f}234", Some(1234.0), Some(1234.0), Sort::Number),
            ("1'234'567.25", Some(1_234_567.25), None, Sort::Point),
            ("1\u{2019}234", Some(1234.0), Some(1234.0), Sort::Number),
            ("\u{2212}5", Some(-5.0), Some(-5.0), Sort::Number),
        ] {
            assert_eq!(of(text), Some((point, comma, sort)), "{text}");
        }
    }

    #[test]
    fn percentages_and_money() {
        for (text, value, marks) in [
            ("45%", 0.45, PERCENT),
            ("45.5 %", 0.455, PERCENT),
            ("100%", 1.0, PERCENT),
            ("-0.1%", -0.001, PERCENT),
            ("$5", 5.0, 1 << 11),
            ("-$1,234.50", -1234.5, 1 << 11),
            ("$-5", -5.0, 1 << 11),
            ("12 €", 12.0, 1 << 12),
            ("£ 3.5", 3.5, 1 << 13),
            ("¥1000", 1000.0, 1 << 14),
        ] {
            let numeral = read(text.as_bytes(), &Rules::default()).unwrap();
            assert_eq!((numeral.value(Decimal::Point), numeral.marks), (Some(value), marks), "{text}");
        }
    }

    #[test]
    fn other_texts_are_no_numbers() {
        for text in [
            "1,23,4",
            "12,34,567",
            "1.2.3",
            "1,2,3",
            "1 23",
            "1,234 567",
            "0,123,456",
            "00,5",
            "1234,567.5",
            "1..5",
            "%",
            "$",
            "5%%",
            "$5%",
            "--5",
            "$",
            "5 $ €",
            "1'23",
            "1e",
            "1e5000",
            "10.0.0.1",
            "a1",
            "1a",
            "1_000",
            "",
            "+",
            ",",
            ".",
        ] {
            assert_eq!(of(text), None, "{text}");
        }
    }

    #[test]
    fn only_given_separators_are_taken() {
        let rules = Rules {
            thousands: Separators::NONE,
            ..Rules::default()
        };
        let numeral = read(b"1,234", &rules).unwrap();
        assert_eq!((numeral.value(Decimal::Point), numeral.value(Decimal::Comma)), (None, Some(1.234)));
        assert_eq!(numeral.sort, Sort::Comma);
        assert_eq!(read(b"1 234", &rules), None);
    }
}
