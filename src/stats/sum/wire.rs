//! The serialized form of an [`ExactSum`]: sign, digits without the zeros around them, and what was not finite.
//!
//! It is canonical: sums that hold the same values have the same bytes, and what breaks the form is refused on reading.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::{ExactSum, LIMB_BITS, LIMBS, Specials};

/// An exact sum as it is written. Every number in it is below 2^53, so that any JSON reader keeps it.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Wire {
    /// Whether the finite part is below zero.
    negative: bool,
    /// Index of the first digit given.
    first: usize,
    /// Digits of base 2^52 of the absolute finite part in steps of 2^-1074, lowest first; neither end is zero.
    digits: Vec<u64>,
    /// Whether positive infinity was added.
    infinity: bool,
    /// Whether negative infinity was added.
    negative_infinity: bool,
    /// Whether NaN was added.
    nan: bool,
}

impl From<ExactSum> for Wire {
    fn from(sum: ExactSum) -> Self {
        let (negative, magnitude) = sum.magnitude();
        let first = magnitude.iter().position(|&limb| limb != 0).unwrap_or(0);
        let end = magnitude.iter().rposition(|&limb| limb != 0).map_or(0, |last| last + 1);
        Self {
            negative,
            first,
            digits: magnitude[first..end.max(first)].iter().map(|&limb| limb as u64).collect(),
            infinity: sum.specials.infinity,
            negative_infinity: sum.specials.negative_infinity,
            nan: sum.specials.nan,
        }
    }
}

/// Why a serialized sum is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum WireError {
    /// More digits than a sum of `f64` values can have.
    TooLong { first: usize, digits: usize },
    /// A digit of 2^52 or more.
    DigitTooLarge { index: usize, digit: u64 },
    /// Zeros around the digits, or a sign or an index without digits: another form has the same value.
    NotCanonical,
}

impl fmt::Display for WireError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TooLong { first, digits } => write!(
                f,
                "exact sum: {digits} digits from index {first} on, but a sum has at most {} digits; write the sum again with this program",
                LIMBS - 1
            ),
            Self::DigitTooLarge { index, digit } => {
                write!(f, "exact sum: digit {index} is {digit}, but digits are below 2^{LIMB_BITS}; write the sum again with this program")
            }
            Self::NotCanonical => f.write_str(
                "exact sum: zeros around the digits, or a sign or index without digits; drop the zeros, or write the sum again with this program",
            ),
        }
    }
}

impl TryFrom<Wire> for ExactSum {
    type Error = WireError;

    fn try_from(wire: Wire) -> Result<Self, WireError> {
        // The last limb stays free, so that no file can make later merges overflow.
        if wire.digits.len() > LIMBS - 1 || wire.first > LIMBS - 1 - wire.digits.len() {
            return Err(WireError::TooLong {
                first: wire.first,
                digits: wire.digits.len(),
            });
        }
        let ends = (wire.digits.first(), wire.digits.last());
        if ends.0 == Some(&0) || ends.1 == Some(&0) || (wire.digits.is_empty() && (wire.negative || wire.first != 0)) {
            return Err(WireError::NotCanonical);
        }
        let mut sum = Self {
            specials: Specials {
                infinity: wire.infinity,
                negative_infinity: wire.negative_infinity,
                nan: wire.nan,
            },
            ..Self::default()
        };
        for (index, &digit) in wire.digits.iter().enumerate() {
            if digit >> LIMB_BITS != 0 {
                return Err(WireError::DigitTooLarge { index, digit });
            }
            let digit = digit as i64;
            sum.limbs[wire.first + index] = if wire.negative { -digit } else { digit };
        }
        sum.carry();
        Ok(sum)
    }
}
