//! Sums that are read while they grow: [`Running`] keeps twice the digits of a number, at the price of a few additions.
//!
//! [`ExactSum`](super::sum::ExactSum) is exact without condition but dear to read; a cumulative curve reads a sum at every point.

use super::math::fma;

/// A sum with twice the digits of a number.
///
/// Exact, and so independent of the order of additions, as long as all values are multiples of one power of two and the sum is below 2^104
/// times it: always for counts, and for weights whose sizes differ by less than about 2^40.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Running {
    high: f64,
    low: f64,
}

impl Running {
    /// Adds a value.
    #[inline(always)]
    pub fn add(&mut self, x: f64) {
        let (sum, error) = two_sum(self.high, x);
        if sum.is_finite() {
            (self.high, self.low) = two_sum(sum, self.low + error);
        } else {
            (self.high, self.low) = (sum, 0.0);
        }
    }

    /// Adds the product of two values without rounding it first.
    pub fn add_product(&mut self, a: f64, b: f64) {
        let product = a * b;
        if product == 0.0 {
            return;
        }
        self.add(product);
        if a != 1.0 && b != 1.0 && product.is_finite() {
            self.add(fma(a, b, -product));
        }
    }

    /// The sum, rounded.
    pub const fn value(self) -> f64 {
        self.high
    }
}

/// The rounded sum and what rounding lost. Source: Knuth, The Art of Computer Programming, volume 2, section 4.2.2.
#[inline(always)]
fn two_sum(a: f64, b: f64) -> (f64, f64) {
    let sum = a + b;
    let of_b = sum - a;
    (sum, (a - (sum - of_b)) + (b - of_b))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stats::sum::ExactSum;

    #[test]
    fn the_order_does_not_show_and_nothing_is_lost() {
        let values: Vec<f64> = (1..500).map(|x| 1.0 / f64::from(x)).collect();
        let sum = |values: &mut dyn Iterator<Item = &f64>| {
            let mut sum = Running::default();
            values.for_each(|value| sum.add(*value));
            sum.value()
        };
        let exact: ExactSum = values.iter().copied().collect();
        assert_eq!(sum(&mut values.iter()), exact.value());
        assert_eq!(sum(&mut values.iter().rev()), exact.value());
    }

    #[test]
    fn a_product_is_the_repeated_sum() {
        let (mut product, mut repeated) = (Running::default(), Running::default());
        product.add_product(7.0, 0.1);
        (0..7).for_each(|_| repeated.add(0.1));
        assert_eq!(product, repeated);
    }

    #[test]
    fn too_much_is_infinite() {
        let mut sum = Running::default();
        (0..3).for_each(|_| sum.add(f64::MAX));
        sum.add_product(f64::MAX, 2.0);
        assert_eq!(sum.value(), f64::INFINITY);
    }
}
