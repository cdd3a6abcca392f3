//! Columns as bytes, so that one worker can hand them to another. They travel as they lie in memory, the least significant byte first: a
//! column of a million rows is a few copies.

use super::block::Values as Parsed;
use super::codes::Codes;
use super::column::{Column, Kind, Levels, Values};
use super::packed::{Numbers, Times, Whole};

pub(crate) fn put_all(out: &mut Vec<u8>, numbers: &[u64]) {
    numbers.iter().for_each(|number| out.extend_from_slice(&number.to_le_bytes()));
}

pub(crate) fn put_texts(out: &mut Vec<u8>, texts: &[String]) {
    put_all(out, &[texts.len() as u64]);
    for text in texts {
        put_all(out, &[text.len() as u64]);
        out.extend_from_slice(text.as_bytes());
    }
}

/// Puts values behind their number; the loop over places of a known size becomes one copy.
macro_rules! put_values {
    ($out:expr, $values:expr, $size:literal) => {{
        let (out, values) = (&mut *$out, $values);
        put_all(out, &[values.len() as u64]);
        let start = out.len();
        out.resize(start + values.len() * $size, 0);
        for (place, value) in out[start..].as_chunks_mut::<$size>().0.iter_mut().zip(values) {
            *place = value.to_le_bytes();
        }
    }};
}

/// Takes values behind their number.
macro_rules! take_values {
    ($input:expr, $kind:ty, $size:literal) => {{
        let count = usize::try_from($input.take()?).ok()?;
        let bytes = $input.slice(count.checked_mul($size)?)?;
        bytes
            .as_chunks::<$size>()
            .0
            .iter()
            .map(|value| <$kind>::from_le_bytes(*value))
            .collect::<Vec<$kind>>()
    }};
}

pub(super) use {put_values, take_values};

pub(super) fn put_numbers(out: &mut Vec<u8>, numbers: &Numbers) {
    match numbers {
        Numbers::Wide(values) => {
            put_all(out, &[2]);
            put_values!(out, values, 8);
        }
        Numbers::Packed { scale, whole } => put_whole(out, whole, 3, *scale),
    }
}

pub(super) fn put_times(out: &mut Vec<u8>, times: &Times) {
    match times {
        Times::Wide(values) => {
            put_all(out, &[6]);
            put_values!(out, values, 8);
        }
        Times::Packed { unit, whole } => put_whole(out, whole, 10, *unit),
    }
}

pub(super) fn put_levels(out: &mut Vec<u8>, codes: &Codes, names: &[String]) {
    match codes {
        Codes::One(codes) => {
            put_all(out, &[7]);
            put_values!(out, codes, 1);
        }
        Codes::Two(codes) => {
            put_all(out, &[8]);
            put_values!(out, codes, 2);
        }
        Codes::Four(codes) => {
            put_all(out, &[9]);
            put_values!(out, codes, 4);
        }
    }
    put_texts(out, names);
}

/// Whole numbers: the first of three forms and the width after it, then what they are counted in.
fn put_whole(out: &mut Vec<u8>, whole: &Whole, form: u64, counted_in: u8) {
    let width = match whole {
        Whole::One(_) => 0,
        Whole::Two(_) => 1,
        Whole::Four(_) => 2,
    };
    put_all(out, &[form + width, u64::from(counted_in)]);
    match whole {
        Whole::One(values) => put_values!(out, values, 1),
        Whole::Two(values) => put_values!(out, values, 2),
        Whole::Four(values) => put_values!(out, values, 4),
    }
}

/// Bytes being read.
pub(crate) struct Input<'a>(pub &'a [u8]);

impl Input<'_> {
    pub fn slice(&mut self, length: usize) -> Option<&[u8]> {
        let (slice, rest) = self.0.split_at_checked(length)?;
        self.0 = rest;
        Some(slice)
    }

    pub fn take(&mut self) -> Option<u64> {
        let bytes = self.slice(8)?;
        Some(u64::from_le_bytes(bytes.try_into().ok()?))
    }

    pub fn take_all<const N: usize>(&mut self) -> Option<[u64; N]> {
        let mut numbers = [0; N];
        for number in &mut numbers {
            *number = self.take()?;
        }
        Some(numbers)
    }

    pub fn texts(&mut self) -> Option<Vec<String>> {
        (0..self.take()?)
            .map(|_| {
                let length = usize::try_from(self.take()?).ok()?;
                String::from_utf8(self.slice(length)?.to_vec()).ok()
            })
            .collect()
    }

    pub fn values(&mut self) -> Option<Parsed> {
        Some(match self.take()? {
            0 => Parsed::None,
            1 => Parsed::Missing(self.take()?),
            2 => Parsed::Numbers(Numbers::Wide(take_values!(self, f64, 8))),
            form @ 3..=5 => {
                let scale = self.take()? as u8;
                let whole = self.whole(form - 3)?;
                Parsed::Numbers(Numbers::Packed { scale, whole })
            }
            6 => Parsed::Times(Times::Wide(take_values!(self, i64, 8))),
            7 => Parsed::Texts(Codes::One(take_values!(self, u8, 1)), self.texts()?),
            8 => Parsed::Texts(Codes::Two(take_values!(self, u16, 2)), self.texts()?),
            9 => Parsed::Texts(Codes::Four(take_values!(self, u32, 4)), self.texts()?),
            form @ 10..=12 => {
                let unit = self.take()? as u8;
                let whole = self.whole(form - 10)?;
                Parsed::Times(Times::Packed { unit, whole })
            }
            _ => return None,
        })
    }

    fn whole(&mut self, width: u64) -> Option<Whole> {
        Some(match width {
            0 => Whole::One(take_values!(self, i8, 1)),
            1 => Whole::Two(take_values!(self, i16, 2)),
            _ => Whole::Four(take_values!(self, i32, 4)),
        })
    }
}

/// The kinds by their numbers.
const KINDS: [Kind; 6] = [Kind::Numeric, Kind::Boolean, Kind::Categorical, Kind::Time, Kind::Text, Kind::Empty];

impl Column {
    /// About how many bytes its values take.
    pub fn weight(&self) -> usize {
        match &self.values {
            Values::Numeric(numbers) => numbers.len() * numbers.width(),
            Values::Time(times) => times.len() * times.width(),
            Values::Levels(levels) => {
                let names = levels.names.iter().map(|name| name.len() + size_of::<String>());
                levels.codes.len() * levels.codes.width() + names.sum::<usize>()
            }
            Values::None => 0,
        }
    }

    /// The column as bytes.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut out = Vec::with_capacity(self.weight() + self.name.len() + 256);
        put_all(&mut out, &[self.kind as u64, self.missing, self.invalid]);
        put_texts(&mut out, std::slice::from_ref(&self.name));
        match &self.values {
            Values::Numeric(numbers) => put_numbers(&mut out, numbers),
            Values::Time(times) => put_times(&mut out, times),
            Values::Levels(levels) => put_levels(&mut out, &levels.codes, &levels.names),
            Values::None => put_all(&mut out, &[0]),
        }
        out
    }

    /// The column of some bytes; `None` where they are none of [`Column::to_bytes`].
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let mut input = Input(bytes);
        let [kind, missing, invalid] = input.take_all()?;
        let name = input.texts()?.pop()?;
        let values = match input.values()? {
            Parsed::None => Values::None,
            Parsed::Missing(_) => return None,
            Parsed::Numbers(numbers) => Values::Numeric(numbers),
            Parsed::Times(times) => Values::Time(times),
            Parsed::Texts(codes, names) => Values::Levels(Levels { codes, names }),
        };
        let column = Self {
            name,
            kind: *KINDS.get(usize::try_from(kind).ok()?)?,
            values,
            missing,
            invalid,
        };
        input.0.is_empty().then_some(column)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::column::MISSING;
    use crate::data::time::MISSING_TIME;
    use proptest::prelude::*;

    /// Numbers of every width: small and large whole ones, decimals, any doubles, and what is no number.
    fn numbers() -> impl Strategy<Value = Values> {
        let special = prop_oneof![Just(f64::NAN), Just(-0.0), Just(f64::INFINITY), Just(f64::NEG_INFINITY)];
        let of = |most: i64, scale: f64| (-most..most).prop_map(move |whole| whole as f64 / scale);
        let one = prop_oneof![
            proptest::collection::vec(of(100, 1.0), 0..20),
            proptest::collection::vec(of(30_000, 100.0), 0..20),
            proptest::collection::vec(of(2_000_000_000, 1e6), 0..20),
            proptest::collection::vec(any::<f64>(), 0..20),
        ];
        (one, proptest::collection::vec(special, 0..4)).prop_map(|(values, specials)| Values::Numeric([values, specials].concat().into()))
    }

    /// Times of every width and unit.
    fn times() -> impl Strategy<Value = Values> {
        let of = |most: i64, unit: i64| (-most..most).prop_map(move |count| 946_684_800_000_000 + count * unit);
        let one = prop_oneof![
            proptest::collection::vec(of(100, 86_400_000_000), 0..20),
            proptest::collection::vec(of(30_000, 60_000_000), 0..20),
            proptest::collection::vec(of(1_000_000_000, 1_000_000), 0..20),
            proptest::collection::vec(any::<i64>(), 0..20),
        ];
        (one, 0..3_usize).prop_map(|(values, missing)| Values::Time([values, vec![MISSING_TIME; missing]].concat().into()))
    }

    /// Levels of every width of codes; the largest width by codes whose names are not there, which bytes carry all the same.
    fn levels() -> impl Strategy<Value = Values> {
        let code = prop_oneof![Just(4_u32), Just(300), Just(70_000)].prop_flat_map(|most| proptest::collection::vec(0..most, 0..30));
        (code, 0..3_usize, proptest::collection::vec(".{0,12}", 0..6)).prop_map(|(codes, missing, names)| {
            let codes = [codes, vec![MISSING; missing]].concat().into();
            Values::Levels(Levels { codes, names })
        })
    }

    fn column() -> impl Strategy<Value = Column> {
        let values = prop_oneof![numbers(), times(), levels(), Just(Values::None)];
        (".{0,12}", 0..KINDS.len(), values, any::<u64>(), any::<u64>()).prop_map(|(name, kind, values, missing, invalid)| Column {
            name,
            kind: KINDS[kind],
            values,
            missing,
            invalid,
        })
    }

    fn width(values: &Values) -> usize {
        match values {
            Values::Numeric(numbers) => numbers.width(),
            Values::Time(times) => times.width(),
            Values::Levels(levels) => levels.codes.width(),
            Values::None => 0,
        }
    }

    #[test]
    fn kinds_have_their_numbers() {
        assert!(KINDS.iter().enumerate().all(|(place, kind)| *kind as usize == place));
    }

    proptest! {
        #[test]
        fn columns_read_back_from_bytes(column in column()) {
            let bytes = column.to_bytes();
            let read = Column::from_bytes(&bytes).expect("bytes of a column");
            prop_assert_eq!(width(&read.values), width(&column.values));
            prop_assert_eq!(&read, &column);
            prop_assert!(bytes.len() <= column.weight() + column.name.len() + 256);
        }

        #[test]
        fn other_bytes_are_no_column(column in column(), cut in 0..200_usize, bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
            let own = column.to_bytes();
            prop_assert_eq!(Column::from_bytes(&own[..own.len().saturating_sub(cut + 1)]), None);
            prop_assert_eq!(Column::from_bytes(&[own.as_slice(), &[0]].concat()), None);
            // Whatever they are, they are read without a panic.
            _ = Column::from_bytes(&bytes);
        }
    }
}
