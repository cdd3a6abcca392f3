//! A logistic regression on columns of zeros and ones, with a penalty, fitted by Newton's method: the same coefficients everywhere.

use crate::stats::math::expit;

/// The most steps; from zero, with a penalty, fewer than ten are needed.
const STEPS: usize = 25;
/// A step whose largest part is smaller ends the fit.
const SMALL: f64 = 1e-9;
/// A larger step is shortened, so that nearly separate classes do not throw the fit off.
const LARGE: f64 = 5.0;

/// A row: which columns are one, whether it is positive, and its weight.
#[derive(Debug, Clone)]
pub struct Row<'a> {
    /// The columns that are one; the others are zero.
    pub ones: &'a [u16],
    /// Whether it is positive.
    pub positive: bool,
    /// How much it counts.
    pub weight: f64,
}

/// Fits log odds = intercept + the sum of the coefficients of the columns that are one: the most likely ones, less half of the penalty times
/// the sum of their squares, the intercept's left out (ridge regression, Hoerl and Kennard 1970; scikit-learn's LogisticRegression with
/// C = 1 / penalty).
///
/// Gives the coefficients, the intercept last; all zero without rows. The penalty is positive.
pub fn fit(rows: &[Row<'_>], columns: usize, penalty: f64) -> Vec<f64> {
    let mut coefficients = vec![0.0; columns + 1];
    for _ in 0..STEPS {
        let Some(step) = step(rows, &coefficients, penalty) else { break };
        let largest = step.iter().fold(0.0_f64, |largest, part| largest.max(part.abs()));
        let scale = if largest > LARGE { LARGE / largest } else { 1.0 };
        for (coefficient, part) in coefficients.iter_mut().zip(&step) {
            *coefficient += scale * part;
        }
        if largest < SMALL {
            break;
        }
    }
    coefficients
}

/// The log odds of a row.
pub fn log_odds(coefficients: &[f64], ones: &[u16]) -> f64 {
    let intercept = coefficients.last().copied().unwrap_or(0.0);
    ones.iter().fold(intercept, |sum, one| sum + coefficients[usize::from(*one)])
}

/// Newton's step: the inverse of the curvature times the slope.
fn step(rows: &[Row<'_>], coefficients: &[f64], penalty: f64) -> Option<Vec<f64>> {
    let (size, last) = (coefficients.len(), coefficients.len() - 1);
    let mut slope: Vec<f64> = coefficients.iter().map(|coefficient| -penalty * coefficient).collect();
    slope[last] = 0.0;
    let mut curvature = vec![0.0; size * size];
    for place in 0..last {
        curvature[place * size + place] = penalty;
    }
    for row in rows {
        let share = expit(log_odds(coefficients, row.ones));
        let residual = row.weight * (f64::from(u8::from(row.positive)) - share);
        let curve = row.weight * share * (1.0 - share);
        slope[last] += residual;
        curvature[last * size + last] += curve;
        for (at, one) in row.ones.iter().enumerate() {
            let one = usize::from(*one);
            slope[one] += residual;
            curvature[last * size + one] += curve;
            // The lower half is enough.
            for other in &row.ones[..=at] {
                let other = usize::from(*other);
                curvature[one.max(other) * size + one.min(other)] += curve;
            }
        }
    }
    solve(&mut curvature, &mut slope, size).then_some(slope)
}

/// Solves a symmetric positive definite system by Cholesky's method in place; false where it is not definite. The lower half is read.
fn solve(matrix: &mut [f64], right: &mut [f64], size: usize) -> bool {
    for column in 0..size {
        for row in column..size {
            let mut sum = matrix[row * size + column];
            for before in 0..column {
                sum -= matrix[row * size + before] * matrix[column * size + before];
            }
            if row == column {
                if !(sum > 0.0 && sum.is_finite()) {
                    return false;
                }
                matrix[row * size + column] = sum.sqrt();
            } else {
                matrix[row * size + column] = sum / matrix[column * size + column];
            }
        }
    }
    for row in 0..size {
        let sum = (0..row).fold(right[row], |sum, before| sum - matrix[row * size + before] * right[before]);
        right[row] = sum / matrix[row * size + row];
    }
    for row in (0..size).rev() {
        let sum = (row + 1..size).fold(right[row], |sum, after| sum - matrix[after * size + row] * right[after]);
        right[row] = sum / matrix[row * size + row];
    }
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    /// By Newton's method in Python, to rounding: eight rows of two features with two levels each, weighted.
    #[test]
    fn coefficients_are_those_of_another_implementation() {
        let rows: [(&[u16], bool, f64); 8] = [
            (&[0, 2], true, 1.0),
            (&[0, 3], false, 1.0),
            (&[1, 2], true, 2.0),
            (&[1, 3], false, 1.5),
            (&[0, 2], false, 1.0),
            (&[1, 3], true, 0.5),
            (&[1, 2], true, 1.0),
            (&[0, 3], false, 3.0),
        ];
        let rows = rows.map(|(ones, positive, weight)| Row { ones, positive, weight });
        let expected = [
            -0.565_492_085_185_027_7,
            0.565_492_085_185_027_8,
            0.819_628_389_680_117_4,
            -0.819_628_389_680_117_4,
            -0.336_499_554_114_482,
        ];
        let got = fit(&rows, 4, 1.0);
        for (got, expected) in got.iter().zip(expected) {
            assert!((got - expected).abs() < 1e-12, "{got} {expected}");
        }
        assert!((log_odds(&got, &[0, 2]) - (expected[0] + expected[2] + expected[4])).abs() < 1e-12);
    }

    #[test]
    fn the_slope_is_flat_at_the_fit_and_no_rows_give_nothing() {
        let row = |ones, positive| Row {
            ones,
            positive,
            weight: 1.0,
        };
        // Separate classes: without the penalty there would be no finite fit.
        let rows = [row(&[0][..], true), row(&[1], false), row(&[0], true), row(&[1], false)];
        let got = fit(&rows, 2, 1.0);
        let slope: f64 = rows
            .iter()
            .filter(|row| row.ones == [0])
            .map(|row| 1.0 - expit(log_odds(&got, row.ones)))
            .sum();
        assert!((slope - got[0]).abs() < 1e-9 && got[0] > 0.5, "{got:?}");
        assert_eq!(fit(&[], 2, 1.0), [0.0, 0.0, 0.0]);
    }
}
