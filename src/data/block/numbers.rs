//! Reads plain decimal numbers, and gathers the numbers of a column in few bytes.

use crate::data::packed::{MISSING, MOST_SCALE, Numbers, POWERS, Whole, pack, packed_at, rescale, special};

/// A decimal number: `whole` divided by ten to the power of `scale`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Decimal {
    pub whole: i64,
    pub scale: u8,
}

/// The number that a cell spells plainly: a minus or nothing, then up to 15 digits with at most one `point` among them, no zero before
/// another digit, no point at the end, and not `-0`. Everything else is for the general rules to judge; what is read here, they read alike.
#[inline(always)]
pub(super) fn plain(text: &[u8], start: usize, end: usize, point: u8) -> Option<Decimal> {
    let (negative, start) = match text.get(start) {
        Some(b'-') => (true, start + 1),
        _ => (false, start),
    };
    let length = end.wrapping_sub(start);
    let (whole, scale) = match text.get(start..start + 8) {
        Some(word) if (1..=8).contains(&length) => eight(u64::from_le_bytes(word.try_into().ok()?), length as u32, point)?,
        _ => digits(text.get(start..end)?, point)?,
    };
    if negative && whole == 0 {
        return None;
    }
    let whole = if negative { -(whole as i64) } else { whole as i64 };
    Some(Decimal { whole, scale })
}

/// The same for the first `length` (1 to 8) bytes of a word, all at once.
#[inline(always)]
fn eight(word: u64, length: u32, point: u8) -> Option<(u64, u8)> {
    const ONES: u64 = 0x0101_0101_0101_0101;
    // A zero before another digit makes a name of it.
    if word as u8 == b'0' && length > 1 && (word >> 8) as u8 != point {
        return None;
    }
    // The text to the high end, zeros before it.
    let shift = 64 - 8 * length;
    let mut word = word << shift | (0x30 * ONES) & !(u64::MAX << shift);
    let at_point = word ^ (u64::from(point) * ONES);
    let points = at_point.wrapping_sub(ONES) & !at_point & (0x80 * ONES);
    let mut scale = 0;
    if points != 0 {
        if length == 1 {
            return None;
        }
        // The lowest mark is exact; a second point fails as a digit below.
        let place = points.trailing_zeros() / 8;
        let before = word & ((1 << (8 * place)) - 1);
        let behind = word & !(u64::MAX >> (56 - 8 * place));
        word = behind | before << 8 | 0x30;
        scale = 7 - place as u8;
        if scale == 0 {
            return None;
        }
    }
    let high = word & (0xf0 * ONES);
    let carried = (word.wrapping_add(0x06 * ONES) & (0xf0 * ONES)) >> 4;
    if high | carried != 0x33 * ONES {
        return None;
    }
    let pairs = (word & (0x0f * ONES)).wrapping_mul(2561) >> 8;
    let fours = (pairs & 0x00ff_00ff_00ff_00ff).wrapping_mul(6_553_601) >> 16;
    let whole = (fours & 0x0000_ffff_0000_ffff).wrapping_mul(42_949_672_960_001) >> 32;
    Some((whole, scale))
}

/// The same for up to sixteen bytes, one after the other.
#[inline(never)]
fn digits(text: &[u8], point: u8) -> Option<(u64, u8)> {
    if text.len() > 16 {
        return None;
    }
    if let [b'0', next, ..] = text
        && *next != point
    {
        return None;
    }
    let (mut whole, mut count, mut scale) = (0_u64, 0_u32, None);
    for &byte in text {
        let digit = byte.wrapping_sub(b'0');
        if digit < 10 {
            whole = whole * 10 + u64::from(digit);
            count += 1;
            scale = scale.map(|scale| scale + 1);
        } else if byte == point && scale.is_none() {
            scale = Some(0);
        } else {
            return None;
        }
    }
    ((1..=15).contains(&count) && scale != Some(0)).then_some((whole, scale.unwrap_or(0)))
}

impl Decimal {
    /// The nearest double: both parts are exact in one, so that one division rounds once.
    pub(super) fn value(self) -> f64 {
        const MORE: [f64; 7] = [1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15];
        match POWERS.get(usize::from(self.scale)) {
            Some(power) => self.whole as f64 / power,
            None => self.whole as f64 / MORE[usize::from(self.scale - MOST_SCALE).min(6)],
        }
    }
}

/// Numbers being gathered.
#[derive(Debug)]
pub(super) enum Gathered {
    Packed { scale: u8, whole: Vec<i32> },
    Wide(Vec<f64>),
}

impl Gathered {
    /// So many missing values, with room for more.
    pub(super) fn missing(rows: usize, room: usize) -> Self {
        let mut whole = Vec::with_capacity(room.max(rows));
        whole.resize(rows, MISSING);
        Self::Packed { scale: 0, whole }
    }

    pub(super) fn push_missing(&mut self) {
        match self {
            Self::Packed { whole, .. } => whole.push(MISSING),
            Self::Wide(values) => values.push(f64::NAN),
        }
    }

    /// Adds a plain number.
    #[inline]
    pub(super) fn push(&mut self, number: Decimal) {
        if let Self::Packed { scale, whole } = self
            && *scale == number.scale
            && let Some(packed) = pack(number.whole)
        {
            whole.push(packed);
        } else {
            self.push_other(number);
        }
    }

    #[cold]
    fn push_other(&mut self, number: Decimal) {
        if let Self::Packed { scale, whole } = self {
            let common = number.scale.max(*scale);
            let packed = packed_at(number.whole, number.scale, common);
            if let Some(packed) = packed
                && common <= MOST_SCALE
                && rescale(whole, *scale, common)
            {
                *scale = common;
                whole.push(packed);
                return;
            }
        }
        self.widen().push(number.value());
    }

    /// Adds a number that is not spelled plainly.
    pub(super) fn push_value(&mut self, value: f64) {
        match (self, special(value)) {
            (Self::Packed { whole, .. }, Some(special)) => whole.push(special),
            (gathered, _) => gathered.widen().push(value),
        }
    }

    fn widen(&mut self) -> &mut Vec<f64> {
        if let Self::Packed { scale, whole } = self {
            let scale = *scale;
            *self = Self::Wide(
                Numbers::Packed {
                    scale,
                    whole: Whole::Four(std::mem::take(whole)),
                }
                .wide()
                .into_owned(),
            );
        }
        match self {
            Self::Wide(values) => values,
            // The form was made wide above.
            Self::Packed { .. } => unreachable!(),
        }
    }

    /// The numbers in the least width that holds them all.
    pub(super) fn finish(self) -> Numbers {
        match self {
            // Numbers that are spelled in other ways may be whole ones all the same.
            Self::Wide(values) => values.into(),
            Self::Packed { scale, whole } => Numbers::Packed {
                scale,
                whole: Whole::narrow(whole),
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::super::cell::number;
    use super::*;
    use proptest::prelude::*;

    fn read(text: &str) -> Option<f64> {
        let whole = format!("{text},and more behind");
        let long = plain(whole.as_bytes(), 0, text.len(), b'.').map(Decimal::value);
        let short = plain(text.as_bytes(), 0, text.len(), b'.').map(Decimal::value);
        assert_eq!(long.map(f64::to_bits), short.map(f64::to_bits), "{text}");
        long
    }

    #[test]
    fn plain_numbers_are_read() {
        for text in [
            "0",
            "7",
            "-7",
            "0.5",
            ".5",
            "-.5",
            "1000000",
            "0.623456",
            "-45678.12",
            "123456.78",
            "12345678",
            "123456789012345",
            "0.00000000000001",
            "99999999.9999999",
        ] {
            assert_eq!(read(text), number(text.as_bytes()), "{text}");
            assert!(read(text).is_some(), "{text}");
        }
    }

    #[test]
    fn the_rest_is_left_to_the_rules() {
        for text in [
            "",
            "-",
            "5.",
            ".",
            "-.",
            "007",
            "00.5",
            "-00",
            "-0",
            "-0.00",
            "+1",
            "1e3",
            "1.2.3",
            "..",
            "1,5",
            " 1",
            "1 ",
            "inf",
            "1234567890123456",
        ] {
            assert_eq!(read(text), None, "{text}");
        }
    }

    fn back(gathered: Gathered) -> (Numbers, Vec<f64>) {
        let numbers = gathered.finish();
        let values: Vec<f64> = numbers.iter().collect();
        assert_eq!(numbers.len(), values.len());
        (numbers, values)
    }

    #[test]
    fn what_is_no_decimal_keeps_the_width() {
        let mut gathered = Gathered::missing(1, 0);
        for text in ["-0", "inf", "1.5", "-inf", "-3"] {
            match plain(text.as_bytes(), 0, text.len(), b'.') {
                Some(number) => gathered.push(number),
                None => gathered.push_value(number(text.as_bytes()).unwrap()),
            }
        }
        let (numbers, values) = back(gathered);
        assert!(matches!(
            numbers,
            Numbers::Packed {
                scale: 1,
                whole: Whole::One(_)
            }
        ));
        assert!(values[0].is_nan() && values[1].is_sign_negative());
        assert_eq!(values[1..], [0.0, f64::INFINITY, 1.5, f64::NEG_INFINITY, -3.0]);
    }

    proptest! {
        #[test]
        fn numbers_agree_with_the_rules(text in "-?[0-9]{0,9}[.]?[0-9]{0,9}") {
            if let Some(value) = read(&text) {
                prop_assert_eq!(number(text.as_bytes()).map(f64::to_bits), Some(value.to_bits()));
            }
        }

        #[test]
        fn odd_texts_agree_with_the_rules(text in "[-+0-9.eE, ]{0,18}") {
            if let Some(value) = read(&text) {
                prop_assert_eq!(number(text.as_bytes()).map(f64::to_bits), Some(value.to_bits()));
            }
        }

        #[test]
        fn packed_numbers_read_back(texts in proptest::collection::vec("-?(0|[1-9][0-9]{0,5})([.][0-9]{0,4})?|-?inf|1e5", 0..40)) {
            let mut gathered = Gathered::missing(0, 0);
            for text in &texts {
                match plain(text.as_bytes(), 0, text.len(), b'.') {
                    Some(number) => gathered.push(number),
                    None => gathered.push_value(number(text.as_bytes()).unwrap()),
                }
            }
            let expected: Vec<u64> = texts.iter().map(|text| number(text.as_bytes()).unwrap().to_bits()).collect();
            let found: Vec<u64> = back(gathered).1.into_iter().map(f64::to_bits).collect();
            prop_assert_eq!(found, expected);
        }
    }
}
