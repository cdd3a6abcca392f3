//! Reads plain decimal numbers, and keeps the numbers of a column in few bytes.

/// Powers of ten that are exact in a double.
const POWERS: [f64; 10] = [1.0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9];

/// The most digits behind the point of a packed number.
const MOST_SCALE: u8 = 9;

/// The packed forms of what is no decimal number. They are the least values of every width.
const MISSING: i32 = i32::MIN;
const NEGATIVE_ZERO: i32 = i32::MIN + 1;
const NEGATIVE_INFINITY: i32 = i32::MIN + 2;
const INFINITY: i32 = i32::MIN + 3;
const SPECIALS: i32 = 4;

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

/// Whole numbers of one width.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Whole {
    /// One byte each.
    One(Vec<i8>),
    /// Two bytes each.
    Two(Vec<i16>),
    /// Four bytes each.
    Four(Vec<i32>),
}

/// The numbers of a column or of a part of it, each in as few bytes as all of them need.
#[derive(Debug, Clone, PartialEq)]
pub enum Numbers {
    /// Doubles; NaN is missing.
    Wide(Vec<f64>),
    /// Decimal numbers with the same number of digits behind the point.
    Packed {
        /// That number of digits.
        scale: u8,
        /// The numbers without their points.
        whole: Whole,
    },
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
            let packed = rescaled(number.whole, number.scale, common).and_then(pack);
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
        let special = if value == f64::INFINITY {
            Some(INFINITY)
        } else if value == f64::NEG_INFINITY {
            Some(NEGATIVE_INFINITY)
        } else if value == 0.0 && value.is_sign_negative() {
            Some(NEGATIVE_ZERO)
        } else {
            None
        };
        match (self, special) {
            (Self::Packed { whole, .. }, Some(special)) => whole.push(special),
            (gathered, _) => gathered.widen().push(value),
        }
    }

    fn widen(&mut self) -> &mut Vec<f64> {
        if let Self::Packed { scale, whole } = self {
            let mut values = Vec::with_capacity(whole.capacity());
            let scale = *scale;
            values.extend(whole.iter().map(|&packed| unpack(packed, scale)));
            *self = Self::Wide(values);
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
            Self::Wide(values) => Numbers::Wide(values),
            Self::Packed { scale, whole } => Numbers::Packed {
                scale,
                whole: narrow(whole),
            },
        }
    }
}

fn pack(whole: i64) -> Option<i32> {
    i32::try_from(whole).ok().filter(|&packed| packed >= i32::MIN + SPECIALS)
}

fn unpack(packed: i32, scale: u8) -> f64 {
    match packed {
        MISSING => f64::NAN,
        NEGATIVE_ZERO => -0.0,
        NEGATIVE_INFINITY => f64::NEG_INFINITY,
        INFINITY => f64::INFINITY,
        _ => f64::from(packed) / POWERS[usize::from(scale.min(MOST_SCALE))],
    }
}

fn rescaled(whole: i64, from: u8, to: u8) -> Option<i64> {
    whole.checked_mul(10_i64.checked_pow(u32::from(to - from))?)
}

/// Multiplies to a larger scale; does nothing and says so where one of them does not fit.
fn rescale(whole: &mut [i32], from: u8, to: u8) -> bool {
    let is_special = |packed: i32| packed < i32::MIN + SPECIALS;
    let next = |packed: i32| {
        if is_special(packed) {
            Some(packed)
        } else {
            rescaled(i64::from(packed), from, to).and_then(pack)
        }
    };
    if from == to {
        return true;
    }
    if !whole.iter().all(|&packed| next(packed).is_some()) {
        return false;
    }
    whole.iter_mut().for_each(|packed| *packed = next(*packed).unwrap_or(*packed));
    true
}

fn narrow(whole: Vec<i32>) -> Whole {
    let (mut least, mut most) = (0, 0);
    for &packed in &whole {
        let value = if packed < i32::MIN + SPECIALS { 0 } else { packed };
        least = value.min(least);
        most = value.max(most);
    }
    let fits = |low: i32, high: i32| low + SPECIALS <= least && most <= high;
    if fits(i32::from(i8::MIN), i32::from(i8::MAX)) {
        let one = |packed: i32| {
            if packed < i32::MIN + SPECIALS {
                i8::MIN + (packed - i32::MIN) as i8
            } else {
                packed as i8
            }
        };
        Whole::One(whole.into_iter().map(one).collect())
    } else if fits(i32::from(i16::MIN), i32::from(i16::MAX)) {
        let two = |packed: i32| {
            if packed < i32::MIN + SPECIALS {
                i16::MIN + (packed - i32::MIN) as i16
            } else {
                packed as i16
            }
        };
        Whole::Two(whole.into_iter().map(two).collect())
    } else {
        Whole::Four(whole)
    }
}

impl Whole {
    fn len(&self) -> usize {
        match self {
            Self::One(values) => values.len(),
            Self::Two(values) => values.len(),
            Self::Four(values) => values.len(),
        }
    }

    /// Adds the numbers in the widest form.
    fn widen_into(&self, out: &mut Vec<i32>) {
        let one = |&packed: &i8| {
            if packed < i8::MIN + SPECIALS as i8 {
                i32::MIN + i32::from(packed.wrapping_sub(i8::MIN))
            } else {
                i32::from(packed)
            }
        };
        let two = |&packed: &i16| {
            if packed < i16::MIN + SPECIALS as i16 {
                i32::MIN + i32::from(packed.wrapping_sub(i16::MIN))
            } else {
                i32::from(packed)
            }
        };
        match self {
            Self::One(values) => out.extend(values.iter().map(one)),
            Self::Two(values) => out.extend(values.iter().map(two)),
            Self::Four(values) => out.extend_from_slice(values),
        }
    }
}

impl Numbers {
    /// So many missing numbers.
    pub(crate) fn missing(rows: usize) -> Self {
        Self::Packed {
            scale: 0,
            whole: Whole::One(vec![i8::MIN; rows]),
        }
    }

    /// How many numbers there are.
    pub fn len(&self) -> usize {
        match self {
            Self::Wide(values) => values.len(),
            Self::Packed { whole, .. } => whole.len(),
        }
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Adds the numbers as doubles.
    pub(crate) fn extend(&self, out: &mut Vec<f64>) {
        match self {
            Self::Wide(values) => out.extend_from_slice(values),
            Self::Packed { scale, whole } => {
                let mut wide = Vec::new();
                whole.widen_into(&mut wide);
                out.extend(wide.into_iter().map(|packed| unpack(packed, *scale)));
            }
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
        let (numbers, mut values) = (gathered.finish(), Vec::new());
        numbers.extend(&mut values);
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
