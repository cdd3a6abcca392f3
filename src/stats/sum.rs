//! Exact sums: [`ExactSum`] adds floating-point numbers without rounding, so order, chunking and number of workers cannot show.
//!
//! The sum is one wide fixed-point integer that covers every finite `f64` (Kulisch's accumulator, in the carry-save form of
//! Neal 2015, "Fast exact summation using small and large superaccumulators"); rounding happens once, when the value is read.
//! The crate `xsum` implements the same idea, but offers neither a merge of two sums nor a serialized form, and both are needed here.
//!
//! Compensated sums (Kahan, Neumaier) are no substitute: their last bit depends on how the rows were chunked.

use serde::{Deserialize, Serialize};

mod wire;

/// Payload bits of one limb. A 53-bit significand shifted by less than 52 bits spans two limbs, never three.
const LIMB_BITS: usize = 52;
/// The payload of one limb.
const LIMB_MASK: i64 = (1 << LIMB_BITS) - 1;
/// Limbs of the accumulator: 2,098 bits hold every finite `f64`, the rest is headroom for more than 2^86 additions, and the last
/// limb only ever holds the sign and what carries into it.
const LIMBS: usize = 43;
/// Additions that a limb can take before its carry must be moved: each adds less than 2^52 in magnitude to one of 63 bits.
const MAX_PENDING: u32 = 2046;
/// The significand's stored bits.
const FRACTION_MASK: u64 = (1 << 52) - 1;
/// Position 0 of the accumulator is worth 2^-1074, the smallest subnormal.
const LOWEST_EXPONENT: i32 = 1074;

/// An exact sum of `f64` values.
///
/// Sums that hold the same values are equal bit by bit, in memory and serialized, whatever the order, the chunking and the merges
/// that made them. `Default` is the empty sum, which is the identity of [`merge`](Self::merge).
///
/// ```
/// use assay::stats::sum::ExactSum;
/// let mut sum = ExactSum::default();
/// for value in [1e308, 1.0, -1e308] {
///     sum.add(value);
/// }
/// assert_eq!(sum.value(), 1.0);
/// ```
#[derive(Clone, Serialize, Deserialize)]
#[serde(try_from = "wire::Wire", into = "wire::Wire")]
pub struct ExactSum {
    /// Little-endian digits of base 2^52, signed and not carried: between carries each may exceed its payload.
    limbs: [i64; LIMBS],
    /// Upper bound of the additions since the last carry: every limb is at most `(pending + 1) * 2^52` in magnitude.
    pending: u32,
    /// What was added that no integer can hold.
    specials: Specials,
}

/// Which of the values that are not finite were added. Flags, not counts: IEEE addition does not tell one infinity from two.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct Specials {
    infinity: bool,
    negative_infinity: bool,
    nan: bool,
}

impl Specials {
    const fn any(self) -> bool {
        self.infinity || self.negative_infinity || self.nan
    }
}

impl Default for ExactSum {
    fn default() -> Self {
        Self {
            limbs: [0; LIMBS],
            pending: 0,
            specials: Specials::default(),
        }
    }
}

impl ExactSum {
    /// Adds one value exactly. Infinities and NaN are remembered apart, see [`value`](Self::value).
    #[inline(always)]
    pub fn add(&mut self, value: f64) {
        let (significand, position) = split(value);
        if position > 2045 {
            self.add_special(value);
            return;
        }
        if self.pending >= MAX_PENDING {
            self.carry();
        }
        self.pending += 1;
        self.deposit(significand, position, value.is_sign_negative());
    }

    /// Adds the product of two values without rounding it first.
    ///
    /// Two limits of the accumulator's range apply: a product beyond the largest `f64` counts as the infinity that IEEE
    /// multiplication gives, and one with bits below the smallest subnormal is rounded (to nearest, ties to even) to a multiple
    /// of it. Neither depends on the order of additions.
    #[inline]
    pub fn add_product(&mut self, a: f64, b: f64) {
        let rounded = a * b;
        if !rounded.is_finite() {
            self.add_special(rounded);
            return;
        }
        if a == 0.0 || b == 0.0 {
            return;
        }
        // Two 53-bit significands give 106 bits at most: an exact two-product in integers, where software fma would cost more.
        let ((significand_a, position_a), (significand_b, position_b)) = (split(a), split(b));
        let product = u128::from(significand_a) * u128::from(significand_b);
        let exponent = position_a as i32 + position_b as i32 - LOWEST_EXPONENT;
        let (product, position) = if exponent < 0 {
            (shift_right_to_nearest(product, exponent.unsigned_abs()), 0)
        } else {
            (product, exponent as usize)
        };
        if self.pending + 2 > MAX_PENDING {
            self.carry();
        }
        self.pending += 2;
        let negative = a.is_sign_negative() != b.is_sign_negative();
        self.deposit((product as u64) & ((1 << 53) - 1), position, negative);
        // A finite product has no bit above the largest f64, so a high part that would lie beyond the limbs is zero.
        let high = (product >> 53) as u64;
        if high != 0 {
            self.deposit(high, position + 53, negative);
        }
    }

    /// Adds everything that the other sum holds. Associative and commutative, bit by bit.
    pub fn merge(&mut self, other: &Self) {
        if self.pending + other.pending + 1 > MAX_PENDING {
            self.carry();
            if other.pending + 1 > MAX_PENDING {
                return self.merge(&other.carried());
            }
        }
        for (limb, addend) in self.limbs.iter_mut().zip(&other.limbs) {
            *limb += addend;
        }
        self.pending += other.pending + 1;
        self.specials.infinity |= other.specials.infinity;
        self.specials.negative_infinity |= other.specials.negative_infinity;
        self.specials.nan |= other.specials.nan;
    }

    /// Computes the sum, rounded once: to nearest, ties to even.
    ///
    /// A zero sum is `0.0`, never `-0.0`. Beyond the largest `f64` it is an infinity; later additions can bring it back, because
    /// the exact sum is kept. Added infinities give that infinity, both signs or any NaN give NaN, as IEEE addition does.
    pub fn value(&self) -> f64 {
        match self.specials {
            Specials {
                infinity: false,
                negative_infinity: false,
                nan: false,
            } => {
                let (negative, magnitude) = self.magnitude();
                let value = round(&magnitude);
                if negative { -value } else { value }
            }
            Specials {
                infinity: true,
                negative_infinity: false,
                nan: false,
            } => f64::INFINITY,
            Specials {
                infinity: false,
                negative_infinity: true,
                nan: false,
            } => f64::NEG_INFINITY,
            _ => f64::NAN,
        }
    }

    /// Tells whether the exact sum is zero: nothing was added, or all of it cancelled.
    pub fn is_zero(&self) -> bool {
        !self.specials.any() && self.carried().limbs.iter().all(|&limb| limb == 0)
    }

    #[cold]
    fn add_special(&mut self, value: f64) {
        if value.is_nan() {
            self.specials.nan = true;
        } else if value > 0.0 {
            self.specials.infinity = true;
        } else {
            self.specials.negative_infinity = true;
        }
    }

    /// Adds `significand * 2^(position - 1074)` with a sign; the caller has made room by counting it as pending.
    #[inline(always)]
    fn deposit(&mut self, significand: u64, position: usize, negative: bool) {
        let (index, shift) = (position / LIMB_BITS, position % LIMB_BITS);
        let low = (significand << shift) as i64 & LIMB_MASK;
        let high = (significand >> (LIMB_BITS - shift)) as i64;
        // Two's complement negation without a branch: signs of residuals are as good as random.
        let mask = -i64::from(negative);
        self.limbs[index] += (low ^ mask) - mask;
        self.limbs[index + 1] += (high ^ mask) - mask;
    }

    /// Moves every carry up, after which equal sums have equal limbs: all but the last are in `0..2^52`, the last has the sign.
    #[cold]
    fn carry(&mut self) {
        let mut carry = 0;
        for limb in &mut self.limbs[..LIMBS - 1] {
            let digit = *limb + carry;
            *limb = digit & LIMB_MASK;
            carry = digit >> LIMB_BITS;
        }
        self.limbs[LIMBS - 1] += carry;
        self.pending = 0;
    }

    fn carried(&self) -> Self {
        let mut sum = self.clone();
        sum.carry();
        sum
    }

    /// The sign and the carried digits of the absolute sum.
    fn magnitude(&self) -> (bool, [i64; LIMBS]) {
        let mut sum = self.carried();
        let negative = sum.limbs[LIMBS - 1] < 0;
        if negative {
            for limb in &mut sum.limbs {
                *limb = -*limb;
            }
            sum.carry();
        }
        (negative, sum.limbs)
    }
}

/// Splits a value into an integer significand and its position: `|value| = significand * 2^(position - 1074)`.
/// The position exceeds 2,045 exactly where the value is not finite.
#[inline(always)]
fn split(value: f64) -> (u64, usize) {
    let bits = value.to_bits();
    let exponent = ((bits >> 52) & 0x7ff) as usize;
    let is_normal = u64::from(exponent != 0);
    ((bits & FRACTION_MASK) | (is_normal << 52), exponent - is_normal as usize)
}

/// Divides by a power of two, to nearest, ties to even.
#[cold]
fn shift_right_to_nearest(product: u128, shift: u32) -> u128 {
    if shift > 106 {
        // A product below 2^106 is less than half of the smallest step.
        return 0;
    }
    let (quotient, rest, half) = (product >> shift, product & ((1 << shift) - 1), 1 << (shift - 1));
    quotient + u128::from(rest > half || (rest == half && quotient & 1 == 1))
}

/// Rounds carried digits of a non-negative number of steps of 2^-1074 to the nearest `f64`, ties to even.
fn round(limbs: &[i64; LIMBS]) -> f64 {
    let Some(top) = limbs.iter().rposition(|&limb| limb != 0) else {
        return 0.0;
    };
    let bits = top * LIMB_BITS + (64 - limbs[top].leading_zeros() as usize);
    if bits <= 53 {
        // Below 2^53 steps the number is its own bit pattern, subnormal or of the lowest normal exponent.
        return f64::from_bits((limbs[0] | (limbs[1] << LIMB_BITS)) as u64);
    }
    let position = bits - 53;
    if position > 2045 {
        return f64::INFINITY;
    }
    let (index, shift) = (position / LIMB_BITS, position % LIMB_BITS);
    let significand = ((limbs[index] as u64) >> shift) | ((limbs[index + 1] as u64) << (LIMB_BITS - shift));
    let below = position - 1;
    let (below_index, below_shift) = (below / LIMB_BITS, below % LIMB_BITS);
    let half = limbs[below_index] >> below_shift & 1 == 1;
    let sticky = limbs[below_index] & ((1 << below_shift) - 1) != 0 || limbs[..below_index].iter().any(|&limb| limb != 0);
    let up = u64::from(half && (sticky || significand & 1 == 1));
    // The hidden bit adds one to the exponent field; a round-up that overflows the significand carries into it, up to infinity.
    f64::from_bits(((position as u64) << 52) + significand + up)
}

impl PartialEq for ExactSum {
    fn eq(&self, other: &Self) -> bool {
        self.specials == other.specials && self.carried().limbs == other.carried().limbs
    }
}

impl Eq for ExactSum {}

impl std::fmt::Debug for ExactSum {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("ExactSum").field(&wire::Wire::from(self.clone())).finish()
    }
}

impl Extend<f64> for ExactSum {
    fn extend<I: IntoIterator<Item = f64>>(&mut self, values: I) {
        for value in values {
            self.add(value);
        }
    }
}

impl FromIterator<f64> for ExactSum {
    fn from_iter<I: IntoIterator<Item = f64>>(values: I) -> Self {
        let mut sum = Self::default();
        sum.extend(values);
        sum
    }
}

#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests;
