//! Numbers and times in as few bytes as all of a column need, without loss: every value comes back bit by bit.
//!
//! Numbers of few digits are kept as whole ones, with the same number of digits behind the point for all: both parts are exact in a double,
//! so that one division rounds once and gives the double that the text spells. Times are kept in whole days, minutes or seconds. What does
//! not fit so is kept in eight bytes.

use std::borrow::Cow;

use super::time::MISSING_TIME;
use crate::stats::order;

/// Powers of ten that are exact in a double.
pub(super) const POWERS: [f64; 10] = [1.0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9];

/// The most digits behind the point of a packed number.
pub(super) const MOST_SCALE: u8 = 9;

/// The packed forms of what is no decimal number. They are the least values of every width.
pub(super) const MISSING: i32 = i32::MIN;
const NEGATIVE_ZERO: i32 = i32::MIN + 1;
const NEGATIVE_INFINITY: i32 = i32::MIN + 2;
const INFINITY: i32 = i32::MIN + 3;
const SPECIALS: i32 = 4;

/// Where packed times are counted from: 2000-01-01T00:00:00Z.
const START: i64 = 946_684_800_000_000;

/// Microseconds of what packed times are counted in; each is a multiple of the next.
const UNITS: [i64; 3] = [86_400_000_000, 60_000_000, 1_000_000];

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
#[derive(Debug, Clone)]
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

/// The times of a column or of a part of it, each in as few bytes as all of them need.
#[derive(Debug, Clone)]
pub enum Times {
    /// Microseconds since 1970-01-01T00:00:00Z; `i64::MIN` is missing.
    Wide(Vec<i64>),
    /// Whole days, minutes or seconds since 2000-01-01T00:00:00Z.
    Packed {
        /// Which of them, as a place in their order.
        unit: u8,
        /// How many.
        whole: Whole,
    },
}

/// Numbers of which so few different ones can be that a table holds what is made of each.
#[derive(Clone, Copy)]
pub struct Narrow<'a> {
    power: f64,
    whole: &'a Whole,
}

impl Narrow<'_> {
    /// How many different numbers can be.
    pub fn size(self) -> usize {
        if self.whole.width() == 1 { 1 << 8 } else { 1 << 16 }
    }

    /// Which of them a row has.
    #[inline(always)]
    pub fn place(self, row: usize) -> usize {
        match self.whole {
            Whole::One(values) => usize::from(values[row].cast_unsigned()),
            Whole::Two(values) => usize::from(values[row].cast_unsigned()),
            Whole::Four(_) => 0,
        }
    }

    /// For every row what `table` has for its number.
    ///
    /// # Panics
    /// When the table is shorter than there can be numbers.
    pub fn looked_up<T: Copy>(self, table: &[T]) -> Vec<T> {
        match self.whole {
            Whole::One(values) => values.iter().map(|value| table[usize::from(value.cast_unsigned())]).collect(),
            Whole::Two(values) => values.iter().map(|value| table[usize::from(value.cast_unsigned())]).collect(),
            Whole::Four(_) => Vec::new(),
        }
    }

    /// What is made of each.
    pub fn table(self, of: &dyn Fn(f64) -> u64) -> Vec<u64> {
        let number = |place: usize| match self.whole {
            Whole::One(_) => of_one((place as u8).cast_signed()),
            _ => of_two((place as u16).cast_signed()),
        };
        (0..self.size()).map(|place| of(unpack(number(place), self.power))).collect()
    }
}

const fn is_special(packed: i32) -> bool {
    packed < i32::MIN + SPECIALS
}

/// The whole number as it is packed, where it fits.
pub(super) fn pack(whole: i64) -> Option<i32> {
    i32::try_from(whole).ok().filter(|&packed| !is_special(packed))
}

/// The packed form of what is no decimal number but needs no other width.
pub(super) fn special(value: f64) -> Option<i32> {
    if value.is_nan() {
        Some(MISSING)
    } else if value == f64::INFINITY {
        Some(INFINITY)
    } else if value == f64::NEG_INFINITY {
        Some(NEGATIVE_INFINITY)
    } else if value == 0.0 && value.is_sign_negative() {
        Some(NEGATIVE_ZERO)
    } else {
        None
    }
}

#[inline(always)]
fn unpack(packed: i32, power: f64) -> f64 {
    if is_special(packed) {
        return of_special(packed);
    }
    f64::from(packed) / power
}

#[inline(never)]
fn of_special(packed: i32) -> f64 {
    match packed {
        NEGATIVE_ZERO => -0.0,
        NEGATIVE_INFINITY => f64::NEG_INFINITY,
        INFINITY => f64::INFINITY,
        _ => f64::NAN,
    }
}

fn power(scale: u8) -> f64 {
    POWERS[usize::from(scale.min(MOST_SCALE))]
}

fn rescaled(whole: i64, from: u8, to: u8) -> Option<i64> {
    whole.checked_mul(10_i64.checked_pow(u32::from(to.checked_sub(from)?))?)
}

/// A whole number at another scale, packed.
pub(super) fn packed_at(whole: i64, from: u8, to: u8) -> Option<i32> {
    rescaled(whole, from, to).and_then(pack)
}

/// Multiplies to a larger scale; does nothing and says so where one of them does not fit.
pub(super) fn rescale(whole: &mut [i32], from: u8, to: u8) -> bool {
    let next = |packed: i32| {
        if is_special(packed) {
            Some(packed)
        } else {
            packed_at(i64::from(packed), from, to)
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

impl Whole {
    /// So many missing ones.
    fn missing(rows: usize) -> Self {
        Self::One(vec![i8::MIN; rows])
    }

    /// None yet of numbers within these limits, with room for some.
    fn with_room((least, most): (i64, i64), rows: usize) -> Self {
        let fits = |low: i64, high: i64| low + i64::from(SPECIALS) <= least && most <= high;
        if fits(i64::from(i8::MIN), i64::from(i8::MAX)) {
            Self::One(Vec::with_capacity(rows))
        } else if fits(i64::from(i16::MIN), i64::from(i16::MAX)) {
            Self::Two(Vec::with_capacity(rows))
        } else {
            Self::Four(Vec::with_capacity(rows))
        }
    }

    /// The numbers in the least width that holds them all.
    pub(super) fn narrow(wide: Vec<i32>) -> Self {
        let (mut least, mut most) = (0, 0);
        for &packed in &wide {
            let value = if is_special(packed) { 0 } else { packed };
            least = value.min(least);
            most = value.max(most);
        }
        match Self::with_room((i64::from(least), i64::from(most)), 0) {
            Self::Four(_) => Self::Four(wide),
            Self::One(_) => Self::One(wide.iter().map(|&packed| as_one(packed)).collect()),
            Self::Two(_) => Self::Two(wide.iter().map(|&packed| as_two(packed)).collect()),
        }
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        match self {
            Self::One(values) => values.len(),
            Self::Two(values) => values.len(),
            Self::Four(values) => values.len(),
        }
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    fn width(&self) -> usize {
        match self {
            Self::One(_) => 1,
            Self::Two(_) => 2,
            Self::Four(_) => 4,
        }
    }

    /// The number of a row in the widest form.
    #[inline(always)]
    fn get(&self, row: usize) -> i32 {
        match self {
            Self::One(values) => of_one(values[row]),
            Self::Two(values) => of_two(values[row]),
            Self::Four(values) => values[row],
        }
    }

    /// The least and the greatest number, 0 among them.
    fn limits(&self) -> (i64, i64) {
        let wider = |(least, most): (i32, i32), packed: i32| {
            let value = if is_special(packed) { 0 } else { packed };
            (value.min(least), value.max(most))
        };
        let (least, most) = match self {
            Self::One(values) => values.iter().fold((0, 0), |limits, &value| wider(limits, of_one(value))),
            Self::Two(values) => values.iter().fold((0, 0), |limits, &value| wider(limits, of_two(value))),
            Self::Four(values) => values.iter().fold((0, 0), |limits, &value| wider(limits, value)),
        };
        (i64::from(least), i64::from(most))
    }

    /// Adds numbers, each so many times as large; they must fit.
    fn extend(&mut self, part: &Self, times: i32) {
        let next = |row: usize| {
            let packed = part.get(row);
            if is_special(packed) { packed } else { packed.wrapping_mul(times) }
        };
        let rows = 0..part.len();
        match self {
            Self::One(values) => values.extend(rows.map(|row| as_one(next(row)))),
            Self::Two(values) => values.extend(rows.map(|row| as_two(next(row)))),
            Self::Four(values) => values.extend(rows.map(next)),
        }
    }

    /// Parts, each with how many times as large its numbers are made, one behind the other. `None`, and the parts stay, where a number
    /// does not fit. Each part goes as soon as it is joined.
    fn joined(parts: &mut Vec<(Self, i64)>) -> Option<Self> {
        let (mut least, mut most) = (0_i64, 0_i64);
        for (part, times) in parts.iter() {
            let (low, high) = part.limits();
            least = least.min(low.checked_mul(*times)?);
            most = most.max(high.checked_mul(*times)?);
        }
        pack(least)?;
        pack(most)?;
        if let [(_, 1)] = parts.as_slice() {
            return parts.pop().map(|(part, _)| part);
        }
        let mut joined = Self::with_room((least, most), parts.iter().map(|(part, _)| part.len()).sum());
        for (part, times) in parts.drain(..) {
            // Where the factor is larger than this, all of the part's numbers are 0 or special.
            joined.extend(&part, i32::try_from(times).unwrap_or(0));
        }
        Some(joined)
    }
}

fn as_one(packed: i32) -> i8 {
    if is_special(packed) {
        i8::MIN + (packed - i32::MIN) as i8
    } else {
        packed as i8
    }
}

fn as_two(packed: i32) -> i16 {
    if is_special(packed) {
        i16::MIN + (packed - i32::MIN) as i16
    } else {
        packed as i16
    }
}

#[inline(always)]
fn of_one(packed: i8) -> i32 {
    if packed < i8::MIN + SPECIALS as i8 {
        i32::MIN + i32::from(packed.wrapping_sub(i8::MIN))
    } else {
        i32::from(packed)
    }
}

#[inline(always)]
fn of_two(packed: i16) -> i32 {
    if packed < i16::MIN + SPECIALS as i16 {
        i32::MIN + i32::from(packed.wrapping_sub(i16::MIN))
    } else {
        i32::from(packed)
    }
}

/// The scale at which all numbers are whole, as far as there is one; with the numbers.
fn scaled(values: &[f64]) -> Option<(u8, Vec<i32>)> {
    let whole = |value: f64, scale: u8| {
        let whole = (value * power(scale)).round();
        let fits = whole.abs() < 2_147_483_000.0 && (whole / power(scale)).to_bits() == value.to_bits();
        fits.then_some(whole as i32)
    };
    let mut scale = 0;
    for &value in values {
        if special(value).is_none() {
            while whole(value, scale).is_none() {
                scale += 1;
                if scale > MOST_SCALE {
                    return None;
                }
            }
        }
    }
    let packed = values.iter().map(|&value| special(value).or_else(|| whole(value, scale)));
    Some((scale, packed.collect::<Option<_>>()?))
}

impl Numbers {
    /// So many missing numbers.
    pub fn missing(rows: usize) -> Self {
        Self::Packed {
            scale: 0,
            whole: Whole::missing(rows),
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

    /// How many bytes a number takes.
    pub fn width(&self) -> usize {
        match self {
            Self::Wide(_) => 8,
            Self::Packed { whole, .. } => whole.width(),
        }
    }

    /// The number of a row, NaN where it is missing.
    ///
    /// # Panics
    /// When there is no such row.
    #[inline(always)]
    pub fn get(&self, row: usize) -> f64 {
        match self {
            Self::Wide(values) => values[row],
            Self::Packed { scale, whole } => unpack(whole.get(row), power(*scale)),
        }
    }

    /// The numbers, row by row.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = f64> + Clone {
        (0..self.len()).map(|row| self.get(row))
    }

    /// The numbers as doubles side by side; made when asked for where they are kept otherwise, so best not held for long.
    pub fn wide(&self) -> Cow<'_, [f64]> {
        match self {
            Self::Wide(values) => Cow::Borrowed(values),
            Self::Packed { scale, whole } => {
                let power = power(*scale);
                Cow::Owned(match whole {
                    Whole::One(values) => values.iter().map(|&packed| unpack(of_one(packed), power)).collect(),
                    Whole::Two(values) => values.iter().map(|&packed| unpack(of_two(packed), power)).collect(),
                    Whole::Four(values) => values.iter().map(|&packed| unpack(packed, power)).collect(),
                })
            }
        }
    }

    /// The numbers as ones of few, where a table of those is small beside the rows.
    pub fn narrow(&self) -> Option<Narrow<'_>> {
        let Self::Packed { scale, whole } = self else { return None };
        let own = Narrow {
            power: power(*scale),
            whole,
        };
        (whole.width() <= 2 && own.size() <= whole.len()).then_some(own)
    }

    /// The different numbers in rising order, infinite ones among them, with how many rows have each; and how many rows have none. `None`
    /// where they are kept as doubles. Negative zero is no other number than zero.
    pub fn counted(&self) -> Option<Counted> {
        let Self::Packed { scale, whole } = self else { return None };
        let power = power(*scale);
        Some(match whole {
            Whole::One(values) => {
                let mut counts = vec![0_u32; 1 << 8];
                values
                    .iter()
                    .for_each(|value| counts[usize::from(value.cast_unsigned() ^ 0x80)] += 1);
                of_narrow(&counts, i32::from(i8::MIN), power)
            }
            Whole::Two(values) => {
                let mut counts = vec![0_u32; 1 << 16];
                values
                    .iter()
                    .for_each(|value| counts[usize::from(value.cast_unsigned() ^ 0x8000)] += 1);
                of_narrow(&counts, i32::from(i16::MIN), power)
            }
            Whole::Four(values) => counted_whole(values, power),
        })
    }

    /// The same of the rows that `part_of` puts into each part, and how many rows those are. `None` where the numbers are kept as doubles, or
    /// a row stands for more than itself.
    pub fn counted_in(&self, parts: usize, part_of: &dyn Fn(usize) -> Option<(usize, u64)>) -> Option<Vec<(u64, Counted)>> {
        let Self::Packed { scale, whole } = self else { return None };
        let mut own: Vec<Vec<i32>> = vec![Vec::new(); parts];
        for row in 0..whole.len() {
            match part_of(row) {
                Some((part, 1)) => own[part].push(whole.get(row)),
                Some(_) => return None,
                None => {}
            }
        }
        let power = power(*scale);
        Some(own.iter().map(|own| (own.len() as u64, counted_whole(own, power))).collect())
    }

    /// Parts of a column one behind the other; each goes as soon as it is joined.
    pub(super) fn joined(parts: Vec<Self>) -> Self {
        let scale = parts.iter().map(|part| match part {
            Self::Packed { scale, .. } => Some(*scale),
            Self::Wide(_) => None,
        });
        let Some(scale) = scale
            .collect::<Option<Vec<u8>>>()
            .map(|scales| scales.into_iter().max().unwrap_or(0))
        else {
            return Self::Wide(wide(parts));
        };
        let mut scales = Vec::with_capacity(parts.len());
        let mut factored = Vec::with_capacity(parts.len());
        for part in parts {
            if let Self::Packed { scale: own, whole } = part {
                scales.push(own);
                factored.push((whole, rescaled(1, own, scale).unwrap_or(i64::MAX)));
            }
        }
        match Whole::joined(&mut factored) {
            Some(whole) => Self::Packed { scale, whole },
            None => {
                let parts = factored.into_iter().zip(scales);
                Self::Wide(wide(parts.map(|((whole, _), scale)| Self::Packed { scale, whole }).collect()))
            }
        }
    }
}

/// Numbers in rising order with how many rows have each, and how many rows have none.
pub type Counted = (Vec<(f64, u64)>, u64);

/// From how often each number of a width occurs, the codes of what is no decimal number first.
fn of_narrow(counts: &[u32], least: i32, power: f64) -> Counted {
    let (specials, counts) = counts.split_at(SPECIALS as usize);
    let own = counts
        .iter()
        .enumerate()
        .map(|(place, count)| (place as i32 + SPECIALS + least, u64::from(*count)));
    in_order(specials, &mut own.filter(|(_, count)| *count > 0), used(counts), power)
}

/// How many numbers occur.
fn used(counts: &[u32]) -> usize {
    counts.iter().filter(|count| **count > 0).count()
}

/// By counting, or, where they lie far apart, by sorting.
fn counted_whole(values: &[i32], power: f64) -> Counted {
    let mut specials = [0_u32; SPECIALS as usize];
    let (mut least, mut most) = (i32::MAX, i32::MIN);
    for &packed in values {
        if is_special(packed) {
            specials[(packed - i32::MIN) as usize] += 1;
        } else {
            least = least.min(packed);
            most = most.max(packed);
        }
    }
    if least > most {
        return in_order(&specials, &mut std::iter::empty(), 0, power);
    }
    let offset = |packed: i32| (i64::from(packed) - i64::from(least)) as u64;
    let number = |offset: u64| (i64::from(least) + offset as i64) as i32;
    let range = offset(most) + 1;
    let own = values.iter().copied().filter(|packed| !is_special(*packed));
    if range <= 2 * values.len() as u64 {
        let mut counts = vec![0_u32; range as usize];
        own.for_each(|packed| counts[offset(packed) as usize] += 1);
        let own = counts.iter().enumerate().filter(|(_, count)| **count > 0);
        let mut own = own.map(|(own, count)| (number(own as u64), u64::from(*count)));
        return in_order(&specials, &mut own, used(&counts), power);
    }
    let mut keys: Vec<u64> = own.map(offset).collect();
    order::sort_keys(&mut keys);
    let mut runs = keys.chunk_by(|a, b| a == b).map(|run| (number(run[0]), run.len() as u64));
    let different = keys.windows(2).filter(|pair| pair[0] != pair[1]).count() + 1;
    in_order(&specials, &mut runs, different, power)
}

/// Numbers that rise, with what is no decimal number where it belongs.
fn in_order(specials: &[u32], numbers: &mut dyn Iterator<Item = (i32, u64)>, room: usize, power: f64) -> Counted {
    let of = |special: i32| u64::from(specials[(special - i32::MIN) as usize]);
    let mut zeros = of(NEGATIVE_ZERO);
    let mut found = Vec::with_capacity(room + 3);
    let mut push = |number: f64, count: u64| {
        if count > 0 {
            found.push((number, count));
        }
    };
    push(f64::NEG_INFINITY, of(NEGATIVE_INFINITY));
    for (packed, count) in numbers {
        if packed > 0 {
            push(0.0, std::mem::take(&mut zeros));
        }
        let others = if packed == 0 { std::mem::take(&mut zeros) } else { 0 };
        push(f64::from(packed) / power, count + others);
    }
    push(0.0, zeros);
    push(f64::INFINITY, of(INFINITY));
    (found, of(MISSING))
}

/// Parts as doubles one behind the other.
fn wide(parts: Vec<Numbers>) -> Vec<f64> {
    let mut values = Vec::with_capacity(parts.iter().map(Numbers::len).sum());
    for part in parts {
        values.extend(part.iter());
    }
    values
}

impl From<Vec<f64>> for Numbers {
    fn from(values: Vec<f64>) -> Self {
        match scaled(&values) {
            Some((scale, whole)) => Self::Packed {
                scale,
                whole: Whole::narrow(whole),
            },
            None => Self::Wide(values),
        }
    }
}

impl FromIterator<f64> for Numbers {
    fn from_iter<I: IntoIterator<Item = f64>>(values: I) -> Self {
        values.into_iter().collect::<Vec<f64>>().into()
    }
}

/// The same doubles bit by bit, whatever their widths; missing ones are alike.
impl PartialEq for Numbers {
    fn eq(&self, other: &Self) -> bool {
        let is_same = |a: f64, b: f64| a.to_bits() == b.to_bits() || a.is_nan() && b.is_nan();
        self.len() == other.len() && self.iter().zip(other.iter()).all(|(a, b)| is_same(a, b))
    }
}

impl Times {
    /// So many missing times.
    pub fn missing(rows: usize) -> Self {
        Self::Packed {
            unit: 0,
            whole: Whole::missing(rows),
        }
    }

    /// How many times there are.
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

    /// How many bytes a time takes.
    pub fn width(&self) -> usize {
        match self {
            Self::Wide(_) => 8,
            Self::Packed { whole, .. } => whole.width(),
        }
    }

    /// The moment of a row in microseconds since 1970-01-01T00:00:00Z, or [`MISSING_TIME`].
    ///
    /// # Panics
    /// When there is no such row.
    #[inline(always)]
    pub fn get(&self, row: usize) -> i64 {
        match self {
            Self::Wide(values) => values[row],
            Self::Packed { unit, whole } => match whole.get(row) {
                MISSING => MISSING_TIME,
                packed => START + micros(*unit) * i64::from(packed),
            },
        }
    }

    /// The moments, row by row.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = i64> + Clone {
        (0..self.len()).map(|row| self.get(row))
    }

    /// The moments in microseconds side by side.
    pub fn to_vec(&self) -> Vec<i64> {
        self.iter().collect()
    }

    /// Parts of a column one behind the other; each goes as soon as it is joined.
    pub(super) fn joined(parts: Vec<Self>) -> Self {
        let units = parts.iter().map(|part| match part {
            Self::Packed { unit, .. } => Some(*unit),
            Self::Wide(_) => None,
        });
        let Some(unit) = units.collect::<Option<Vec<u8>>>().map(|units| units.into_iter().max().unwrap_or(0)) else {
            return Self::Wide(wide_times(parts));
        };
        let mut units = Vec::with_capacity(parts.len());
        let mut factored = Vec::with_capacity(parts.len());
        for part in parts {
            if let Self::Packed { unit: own, whole } = part {
                units.push(own);
                factored.push((whole, micros(own) / micros(unit)));
            }
        }
        match Whole::joined(&mut factored) {
            Some(whole) => Self::Packed { unit, whole },
            None => {
                let parts = factored.into_iter().zip(units);
                Self::Wide(wide_times(parts.map(|((whole, _), unit)| Self::Packed { unit, whole }).collect()))
            }
        }
    }
}

/// Microseconds of a unit.
fn micros(unit: u8) -> i64 {
    UNITS[usize::from(unit).min(UNITS.len() - 1)]
}

/// Parts as microseconds one behind the other.
fn wide_times(parts: Vec<Times>) -> Vec<i64> {
    let mut values = Vec::with_capacity(parts.iter().map(Times::len).sum());
    for part in parts {
        values.extend(part.iter());
    }
    values
}

impl From<Vec<i64>> for Times {
    fn from(values: Vec<i64>) -> Self {
        let known = || values.iter().copied().filter(|value| *value != MISSING_TIME);
        let mut unit = 0;
        for value in known() {
            let Some(since) = value.checked_sub(START) else {
                return Self::Wide(values);
            };
            while since % micros(unit) != 0 {
                unit += 1;
                if usize::from(unit) == UNITS.len() {
                    return Self::Wide(values);
                }
            }
        }
        let packed = |value: i64| match value {
            MISSING_TIME => Some(MISSING),
            value => pack((value - START) / micros(unit)),
        };
        match values.iter().map(|value| packed(*value)).collect() {
            Some(whole) => Self::Packed {
                unit,
                whole: Whole::narrow(whole),
            },
            None => Self::Wide(values),
        }
    }
}

impl FromIterator<i64> for Times {
    fn from_iter<I: IntoIterator<Item = i64>>(values: I) -> Self {
        values.into_iter().collect::<Vec<i64>>().into()
    }
}

/// The same moments, whatever their widths.
impl PartialEq for Times {
    fn eq(&self, other: &Self) -> bool {
        self.iter().eq(other.iter())
    }
}

impl Eq for Times {}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn number() -> impl Strategy<Value = f64> {
        prop_oneof![
            4 => (-100_000_i64..100_000, 0..10_usize).prop_map(|(whole, scale)| whole as f64 / POWERS[scale]),
            4 => (-120_i64..130).prop_map(|whole| whole as f64),
            2 => prop_oneof![Just(-0.0), Just(f64::NAN), Just(f64::INFINITY), Just(f64::NEG_INFINITY)],
            1 => prop_oneof![Just(f64::MIN_POSITIVE / 8.0), Just(2_147_483_647.0), Just(-2_147_483_648.0), Just(0.1 + 0.2), Just(1e300)],
            1 => any::<u64>().prop_map(f64::from_bits),
        ]
    }

    fn moments() -> impl Strategy<Value = Vec<i64>> {
        let moment = move |unit: i64| {
            prop_oneof![
                9 => (-30_000_i64..30_000).prop_map(move |count| START + count * unit),
                1 => Just(MISSING_TIME)
            ]
        };
        let all = prop_oneof![moment(UNITS[0]), moment(UNITS[1]), moment(UNITS[2])];
        prop_oneof![
            proptest::collection::vec(moment(UNITS[0]), 0..20),
            proptest::collection::vec(all, 0..20),
            proptest::collection::vec(prop_oneof![moment(UNITS[2]), any::<i64>()], 0..20),
        ]
    }

    /// Counted one by one.
    fn plainly(values: &[f64]) -> Vec<(f64, u64)> {
        let mut sorted: Vec<f64> = values.iter().filter(|value| !value.is_nan()).map(|value| value + 0.0).collect();
        sorted.sort_by(f64::total_cmp);
        sorted.chunk_by(|a, b| a == b).map(|run| (run[0], run.len() as u64)).collect()
    }

    fn bits(values: impl Iterator<Item = f64>) -> Vec<u64> {
        values
            .map(|value| if value.is_nan() { f64::NAN } else { value }.to_bits())
            .collect()
    }

    #[test]
    fn the_width_is_the_least() {
        let width = |values: &[f64]| Numbers::from(values.to_vec()).width();
        assert_eq!(width(&[127.0, -124.0, f64::NAN, -0.0, f64::INFINITY]), 1);
        assert_eq!(width(&[128.0]), 2);
        assert_eq!(width(&[-125.0]), 2);
        assert_eq!(width(&[0.705_644, 1.0]), 4);
        assert_eq!(width(&[3e9]), 8);
        assert_eq!(width(&[0.1 + 0.2]), 8);
        let width = |values: &[i64]| Times::from(values.to_vec()).width();
        assert_eq!(width(&[1_767_225_600_000_000, MISSING_TIME]), 2);
        assert_eq!(width(&[1_767_225_601_000_000, 1_767_225_600_000_000]), 4);
        assert_eq!(width(&[1_767_225_601_000_001]), 8);
    }

    #[test]
    fn parts_of_different_scales_become_wide_where_they_do_not_fit() {
        let parts = vec![
            Numbers::from(vec![1_000_000.0]),
            Numbers::missing(1),
            Numbers::from(vec![0.123_456]),
        ];
        assert!(parts.iter().all(|part| part.width() < 8));
        let joined = Numbers::joined(parts);
        assert_eq!(joined.width(), 8);
        assert_eq!(joined, Numbers::from(vec![1_000_000.0, f64::NAN, 0.123_456]));
        let parts = vec![Numbers::from(vec![100.0]), Numbers::missing(2), Numbers::from(vec![0.25])];
        assert_eq!(Numbers::joined(parts).width(), 2);
    }

    #[test]
    fn narrow_numbers_are_read_from_a_table() {
        let some = [-0.0, f64::NAN, f64::INFINITY, f64::NEG_INFINITY, 0.5, -12.3, 12.7];
        let wider = [some.as_slice(), &[-3276.4, 3276.7]].concat();
        for (some, rows) in [(some.as_slice(), 1 << 8), (&wider, 1 << 16)] {
            let values: Vec<f64> = (0..rows).map(|row| some[row % some.len()]).collect();
            let numbers = Numbers::from(values.clone());
            let narrow = numbers.narrow().unwrap();
            assert_eq!(narrow.size(), rows);
            let table = narrow.table(&|number| if number.is_nan() { f64::NAN } else { number }.to_bits());
            let found: Vec<u64> = (0..rows).map(|row| table[narrow.place(row)]).collect();
            assert_eq!(found, bits(values.iter().copied()));
            assert!(Numbers::from(values[1..].to_vec()).narrow().is_none());
        }
    }

    proptest! {
        #[test]
        fn numbers_read_back(values in proptest::collection::vec(number(), 0..30)) {
            let numbers = Numbers::from(values.clone());
            prop_assert_eq!(bits(numbers.iter()), bits(values.iter().copied()));
            prop_assert_eq!(bits(numbers.wide().iter().copied()), bits(values.iter().copied()));
        }

        #[test]
        fn packed_numbers_read_back(wholes in proptest::collection::vec(-2_147_483_000_i32..2_147_483_000, 1..30), scale in 0..10_usize) {
            let values: Vec<f64> = wholes.iter().map(|whole| f64::from(*whole) / POWERS[scale]).collect();
            let numbers = Numbers::from(values.clone());
            prop_assert!(numbers.width() <= 4);
            prop_assert_eq!(bits(numbers.iter()), bits(values.into_iter()));
        }

        #[test]
        fn numbers_are_counted(few in proptest::collection::vec(0..11_usize, 0..60), most in 1..12_usize, scale in 0..4_usize) {
            let some = [-0.0, 0.0, f64::NAN, f64::INFINITY, f64::NEG_INFINITY, 7.0, -7.0, 300.0, -32_764.0, 70_000.0, 70_003.0];
            let few: Vec<usize> = few.into_iter().map(|place| place % most).collect();
            let values: Vec<f64> = few.iter().map(|place| if some[*place].abs() < 10.0 { some[*place] / POWERS[scale] } else { some[*place] }).collect();
            let expected = plainly(&values);
            let numbers = Numbers::from(values.clone());
            prop_assert_eq!(numbers.counted().is_some(), numbers.width() <= 4);
            if let Some((found, missing)) = numbers.counted() {
                prop_assert_eq!(found, expected);
                prop_assert_eq!(missing as usize, values.iter().filter(|value| value.is_nan()).count());
            }
            // The same in parts, each of which is counted or sorted.
            let part_of = |row: usize| (!row.is_multiple_of(5)).then_some((row % 2, 1));
            for (part, (rows, (found, missing))) in numbers.counted_in(2, &part_of).unwrap().into_iter().enumerate() {
                let own = (0..values.len()).filter(|row| part_of(*row) == Some((part, 1)));
                let own: Vec<f64> = own.map(|row| values[row]).collect();
                prop_assert_eq!(rows as usize, own.len());
                prop_assert_eq!(missing as usize, own.iter().filter(|value| value.is_nan()).count());
                prop_assert_eq!(found, plainly(&own));
            }
            prop_assert!(values.is_empty() || numbers.counted_in(1, &|_| Some((0, 2))).is_none());
        }

        #[test]
        fn numbers_are_the_same_in_any_parts(parts in proptest::collection::vec(proptest::collection::vec(number(), 0..8), 0..6)) {
            let whole = parts.concat();
            let joined = Numbers::joined(parts.into_iter().map(Numbers::from).collect());
            prop_assert_eq!(bits(joined.iter()), bits(whole.iter().copied()));
            prop_assert_eq!(joined.width(), Numbers::from(whole).width());
        }

        #[test]
        fn times_are_the_same_in_any_parts(parts in proptest::collection::vec(moments(), 0..5)) {
            let whole = parts.concat();
            for part in &parts {
                prop_assert_eq!(&Times::from(part.clone()).to_vec(), part);
            }
            let joined = Times::joined(parts.into_iter().map(Times::from).collect());
            prop_assert_eq!(joined.to_vec(), whole.clone());
            prop_assert_eq!(joined.width(), Times::from(whole).width());
        }
    }
}
