//! What one cell says: nothing, a number, a time, a yes-or-no word, or some other text.
//!
//! A cell is judged by itself, its surrounding white space (ASCII) taken away. What a column is follows from counts of these.

use super::time;

/// What a cell holds.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Cell {
    /// Empty, or a missing marker.
    Missing,
    /// A number; infinities included, never NaN.
    Number(f64),
    /// A date or a time, in microseconds since 1970.
    Time(i64),
    /// A yes-or-no word: its bit in [`WORDS`].
    Word(u8),
    /// Any other text.
    Other,
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
pub(super) fn classify(cell: &[u8]) -> Cell {
    if let Some(number) = number(cell) {
        Cell::Number(number)
    } else if is_missing(cell) {
        Cell::Missing
    } else if let Some(time) = time::parse(cell) {
        Cell::Time(time)
    } else if let Some(bit) = word(cell) {
        Cell::Word(bit)
    } else {
        Cell::Other
    }
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
fn word(cell: &[u8]) -> Option<u8> {
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

    #[test]
    fn missing_markers_are_the_listed_ones() {
        assert!(is_missing(b""));
        for marker in MISSING_MARKERS {
            assert_eq!(classify(marker.as_bytes()), Cell::Missing, "{marker}");
        }
        for text in ["?", "NAN", "Na", "none.", "missing", "--", "0"] {
            assert_ne!(classify(text.as_bytes()), Cell::Missing, "{text}");
        }
    }

    #[test]
    fn words_are_found_in_any_case() {
        assert_eq!(classify(b"False"), Cell::Word(1));
        assert_eq!(classify(b"TRUE"), Cell::Word(2));
        assert_eq!(classify(b"y"), Cell::Word(128));
        assert_eq!(classify(b"truely"), Cell::Other);
        assert_eq!(classify(b"?"), Cell::Other);
    }
}
