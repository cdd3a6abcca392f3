//! Principal axes of a small symmetric matrix.

use super::math::{hypot, sqrt};
use super::order;

/// Most rounds over all pairs of axes; ten are plenty.
const MOST_SWEEPS: usize = 60;

/// Computes the eigenvalues of a symmetric matrix, largest first, each with its eigenvector of length 1.
///
/// Jacobi's rotations (Golub and Van Loan 2013, section 8.5): slow for large matrices, exact to rounding for small ones. The sign of a
/// vector is open.
pub fn symmetric(matrix: &[Vec<f64>]) -> Vec<(f64, Vec<f64>)> {
    let size = matrix.len();
    let mut a: Vec<Vec<f64>> = matrix.to_vec();
    let mut vectors: Vec<Vec<f64>> = (0..size)
        .map(|i| (0..size).map(|j| f64::from(u8::from(i == j))).collect())
        .collect();
    let scale = a.iter().flatten().fold(0.0_f64, |most, x| most.max(x.abs()));
    for _ in 0..MOST_SWEEPS {
        let mut rest = 0.0_f64;
        for p in 0..size {
            for q in p + 1..size {
                rest = rest.max(a[p][q].abs());
                rotate(&mut a, &mut vectors, p, q);
            }
        }
        if rest <= 1e-15 * scale {
            break;
        }
    }
    let mut pairs: Vec<(f64, Vec<f64>)> = vectors.into_iter().enumerate().map(|(i, vector)| (a[i][i], vector)).collect();
    order::sort_by(&mut pairs, |x, y| y.0.total_cmp(&x.0));
    pairs
}

/// Turns two axes so that their entry becomes 0. `vectors` holds one axis a row.
fn rotate(a: &mut [Vec<f64>], vectors: &mut [Vec<f64>], p: usize, q: usize) {
    if a[p][q] == 0.0 {
        return;
    }
    let theta = (a[q][q] - a[p][p]) / (2.0 * a[p][q]);
    let t = theta.signum() / (theta.abs() + hypot(theta, 1.0));
    let c = 1.0 / sqrt(t * t + 1.0);
    let s = t * c;
    for row in a.iter_mut() {
        let (x, y) = (row[p], row[q]);
        (row[p], row[q]) = (c * x - s * y, s * x + c * y);
    }
    for rows in [a, vectors] {
        let (upper, lower) = rows.split_at_mut(q);
        for (x, y) in upper[p].iter_mut().zip(&mut lower[0]) {
            (*x, *y) = (c * *x - s * *y, s * *x + c * *y);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn axes_of_a_known_matrix() {
        let found = symmetric(&[vec![2.0, 1.0, 0.0], vec![1.0, 2.0, 0.0], vec![0.0, 0.0, 5.0]]);
        let values: Vec<f64> = found.iter().map(|pair| pair.0).collect();
        for (value, wanted) in values.iter().zip([5.0, 3.0, 1.0]) {
            assert!((value - wanted).abs() < 1e-14, "{values:?}");
        }
        assert!((found[1].1[0].abs() - 0.5_f64.sqrt()).abs() < 1e-14 && (found[1].1[0] - found[1].1[1]).abs() < 1e-14);
    }

    #[test]
    fn the_matrix_comes_back_from_its_axes() {
        let entry = |i: usize, j: usize| 1.0 / (1.0 + i as f64 + j as f64) + if i == j { 0.3 * i as f64 } else { 0.0 };
        let matrix: Vec<Vec<f64>> = (0..7).map(|i| (0..7).map(|j| entry(i, j)).collect()).collect();
        let found = symmetric(&matrix);
        assert!(found.windows(2).all(|pair| pair[0].0 >= pair[1].0));
        for i in 0..7 {
            for j in 0..7 {
                let back: f64 = found.iter().map(|(value, vector)| value * vector[i] * vector[j]).sum();
                assert!((back - matrix[i][j]).abs() < 1e-13);
            }
        }
    }
}
