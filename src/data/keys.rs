//! Ids of rows as numbers of 128 bits, kept for the columns by which files are joined: the ids themselves are not kept.
//!
//! An id is its text without surrounding blanks, exactly as it stands; only plain decimal numbers go by their value, so that `7` and `7.0`
//! are one id. `007` is no plain number, nor is `7e0`, nor `+7`. An id of up to fifteen bytes is kept as it stands; of a longer one, the
//! first 127 bits of its BLAKE3 hash: two ids of equal bits are taken to be one.

use super::cell::is_missing;
use super::infer::are_different;
use super::names::Name;
use super::rules::Rules;
use super::{Column, Table};

/// The id of a row without one.
pub(super) const NO_ID: u128 = 0;

/// The most columns whose ids are kept where no column was named.
const MOST_LIKELY: usize = 4;

/// The most bytes of an id that is kept as it stands; its length takes the last byte.
const MOST_SHORT: usize = 15;

/// Which columns' ids are kept while a file is read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Keys {
    /// Those of these columns, as far as there are such.
    Of(Vec<String>),
    /// Those of up to four columns: named like an id, then of one of these names, then with whole numbers or texts that are all different
    /// in the first rows.
    Likely(Vec<String>),
}

/// The ids of a column, one a row that was kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Keyed {
    /// The column's name.
    pub column: String,
    /// The ids; 0 where a row has none.
    pub(super) keys: Vec<u128>,
}

impl Keys {
    /// The columns of a file whose ids are kept, going by its first rows.
    pub(super) fn columns(&self, first: &Table) -> Vec<String> {
        let others = match self {
            Self::Of(names) => return names.clone(),
            Self::Likely(others) => others,
        };
        let rank = |column: &Column| {
            let name = Name::of(&column.name);
            let is_answer = name.label().is_some() || name.prediction().is_some() || name.score().is_some();
            if name.is_of_places() {
                None
            } else if name.id().is_some() {
                Some(0)
            } else if is_shared(&column.name, others) {
                Some(1)
            } else {
                (are_different(column) && !is_answer).then_some(2)
            }
        };
        let mut likely: Vec<(usize, &String)> = Vec::new();
        likely.extend(first.columns.iter().filter_map(|column| Some((rank(column)?, &column.name))));
        crate::stats::order::sort_by_key(&mut likely, |(rank, _)| *rank);
        likely.into_iter().take(MOST_LIKELY).map(|(_, name)| name.clone()).collect()
    }

    /// Whether the ids of a column are kept, going by its name alone; `kept` columns' are already.
    pub(super) fn has(&self, name: &str, kept: usize) -> bool {
        match self {
            Self::Of(names) => names.iter().any(|wanted| wanted == name),
            Self::Likely(others) => {
                let is_likely = Name::of(name).id().is_some() || is_shared(name, others);
                kept < MOST_LIKELY && is_likely && !Name::of(name).is_of_places()
            }
        }
    }
}

/// Whether a name is one of others, but for case and signs.
pub(super) fn is_shared(name: &str, others: &[String]) -> bool {
    others.iter().any(|other| same_name(name, other))
}

/// Whether two names have the same letters and digits, in any case.
pub(super) fn same_name(a: &str, b: &str) -> bool {
    a == b || super::names::same_class(a, b)
}

/// The id that a cell holds, [`NO_ID`] where it is missing.
pub(super) fn key_of(cell: &[u8], rules: &Rules) -> u128 {
    let text = cell.trim_ascii();
    if is_missing(text, rules) { NO_ID } else { key(by_value(text)) }
}

/// The bits of a text that is not empty.
fn key(text: &[u8]) -> u128 {
    let mut bits = [0; 16];
    if text.len() <= MOST_SHORT {
        bits[..text.len()].copy_from_slice(text);
        bits[MOST_SHORT] = text.len() as u8;
    } else {
        bits.copy_from_slice(&blake3::hash(text).as_bytes()[..16]);
        // No length is that large.
        bits[MOST_SHORT] |= 0x80;
    }
    u128::from_le_bytes(bits)
}

/// The text of a short id, for a look at why ids do not match; never for a report.
pub(super) fn short_text(key: u128) -> Option<Vec<u8>> {
    let bits = key.to_le_bytes();
    let length = usize::from(bits[MOST_SHORT]);
    (1..=MOST_SHORT).contains(&length).then(|| bits[..length].to_vec())
}

/// A plain decimal number without the zeros that end its fraction, any other text as it stands.
fn by_value(text: &[u8]) -> &[u8] {
    let digits = text.strip_prefix(b"-").unwrap_or(text);
    let whole = digits.iter().take_while(|byte| byte.is_ascii_digit()).count();
    let is_plain = whole == 1 || whole > 1 && digits[0] != b'0';
    let fraction = match &digits[whole..] {
        [] => &[][..],
        [b'.', fraction @ ..] if !fraction.is_empty() => fraction,
        _ => return text,
    };
    if !is_plain || !fraction.iter().all(u8::is_ascii_digit) {
        return text;
    }
    let zeros = fraction.iter().rev().take_while(|byte| **byte == b'0').count();
    // The point goes with the last digit of the fraction.
    let cut = if zeros == fraction.len() && zeros > 0 { zeros + 1 } else { zeros };
    match &text[..text.len() - cut] {
        b"-0" => b"0",
        plain => plain,
    }
}

/// A text in the form in which it is kept, whatever stands for a missing value.
pub(super) fn key_of_text(text: &[u8]) -> u128 {
    if text.is_empty() { NO_ID } else { key(by_value(text)) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn plain_numbers_go_by_their_value() {
        for (text, plain) in [
            ("7", "7"),
            ("7.0", "7"),
            ("7.10", "7.1"),
            ("-7.00", "-7"),
            ("-0.0", "0"),
            ("0", "0"),
            ("0.50", "0.5"),
            ("100", "100"),
            ("12345678901234567890.0", "12345678901234567890"),
        ] {
            assert_eq!(by_value(text.as_bytes()), plain.as_bytes(), "{text}");
        }
        for text in [
            "007", "00", "7e0", "+7", "7.", ".5", "1.2.0", "a", "-", "1 000", "0x10", "7.0a", "-007.0",
        ] {
            assert_eq!(by_value(text.as_bytes()), text.as_bytes(), "{text}");
        }
    }

    #[test]
    fn an_id_that_differs_in_one_late_byte_differs() {
        let long = |end: &str| key_of_text(format!("{}{end}", "x".repeat(300)).as_bytes());
        assert_ne!(long("a"), long("b"));
        assert_eq!(short_text(long("a")), None);
        assert_ne!(key_of_text(b"a"), key_of_text(b"a\0"));
        assert_eq!(short_text(key_of_text(b"fifteen bytes..")), Some(b"fifteen bytes..".to_vec()));
    }

    proptest! {
        #[test]
        fn equal_keys_are_equal_texts(a in "[0-9.\\-a]{1,18}", b in "[0-9.\\-a]{1,18}") {
            prop_assert_ne!(key_of_text(a.as_bytes()), NO_ID);
            prop_assert_eq!(key_of_text(a.as_bytes()) == key_of_text(b.as_bytes()), by_value(a.as_bytes()) == by_value(b.as_bytes()));
        }
    }
}
