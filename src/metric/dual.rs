//! Numbers that carry their derivative by each of the four cells of a confusion matrix,
//! so that a metric is written once and the delta method has its exact gradient.

use std::ops::{Add, Div, Mul, Sub};

/// A value and its four partial derivatives.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Dual {
    /// The value.
    pub value: f64,
    /// Its derivative by tp, fp, fn and tn.
    pub slope: [f64; 4],
}

impl Dual {
    /// A constant.
    pub const fn constant(value: f64) -> Self {
        Self { value, slope: [0.0; 4] }
    }

    /// The four cells as variables.
    pub fn variables(cells: [f64; 4]) -> [Self; 4] {
        let mut variables = cells.map(Self::constant);
        for (index, variable) in variables.iter_mut().enumerate() {
            variable.slope[index] = 1.0;
        }
        variables
    }

    /// The square root; the slope is infinite at 0.
    pub fn sqrt(self) -> Self {
        let value = self.value.sqrt();
        Self {
            value,
            slope: self.slope.map(|slope| slope / (2.0 * value)),
        }
    }

    fn map2(self, other: Self, value: f64, slope: impl Fn(f64, f64) -> f64) -> Self {
        let mut result = Self::constant(value);
        for index in 0..4 {
            result.slope[index] = slope(self.slope[index], other.slope[index]);
        }
        result
    }
}

impl Add for Dual {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        self.map2(other, self.value + other.value, |a, b| a + b)
    }
}

impl Sub for Dual {
    type Output = Self;
    fn sub(self, other: Self) -> Self {
        self.map2(other, self.value - other.value, |a, b| a - b)
    }
}

#[expect(clippy::suspicious_arithmetic_impl, reason = "the product rule adds")]
impl Mul for Dual {
    type Output = Self;
    fn mul(self, other: Self) -> Self {
        self.map2(other, self.value * other.value, |a, b| a * other.value + self.value * b)
    }
}

#[expect(clippy::suspicious_arithmetic_impl, reason = "the quotient rule subtracts")]
impl Div for Dual {
    type Output = Self;
    fn div(self, other: Self) -> Self {
        let value = self.value / other.value;
        self.map2(other, value, |a, b| (a - value * b) / other.value)
    }
}

impl Mul<Dual> for f64 {
    type Output = Dual;
    fn mul(self, other: Dual) -> Dual {
        Dual::constant(self) * other
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_slope_of_a_quotient_is_the_textbook_one() {
        // precision = tp / (tp + fp) at tp = 3, fp = 1: d/dtp = fp / 16, d/dfp = -tp / 16.
        let [tp, fp, _, _] = Dual::variables([3.0, 1.0, 0.0, 0.0]);
        let precision = tp / (tp + fp);
        assert_eq!(precision.value, 0.75);
        assert_eq!(precision.slope, [0.0625, -0.1875, 0.0, 0.0]);
        let root = (tp * tp).sqrt();
        assert_eq!((root.value, root.slope[0]), (3.0, 1.0));
    }
}
