//! Whether a column's change can be chance.
//!
//! Every part is valid by itself, whatever the sizes of both files: none takes more rows for granted than there are. The smallest p-value, times
//! the number of parts, is valid for all of them.

use crate::metric::drift::cells::{Cell, Of};
use crate::metric::drift::numbers::ks_p;
use crate::metric::sample::Pair;
use crate::stats::hypothesis::{chi_squared, two_by_two};
use crate::stats::math::{exp, ln, ln_1p};

/// The p-value of a column's change; `None` where a file has no rows.
pub fn p_value(pair: &Pair<'_>, cells: &[Cell]) -> Option<f64> {
    let (n, m) = (pair.reference.rows, pair.current.rows);
    if n == 0 || m == 0 {
        return None;
    }
    let mut parts = Vec::new();
    if pair.support() > 0 {
        if pair.reference.kind.is_ordered() {
            parts.push(ks_p(pair));
            let is_outside = |cell: &&Cell| matches!(cell.of, Of::Below | Of::Above);
            let count = cells.iter().filter(is_outside).map(|cell| cell.current).sum();
            parts.push(outside(count, pair.reference.present(), pair.current.present()));
        } else {
            parts.extend(frequent(cells));
            parts.extend(against_rest(cells, &Of::Rare, (pair.reference.present(), pair.current.present())));
        }
    }
    parts.extend(against_rest(cells, &Of::Missing, (n, m)));
    let smallest = parts.iter().copied().fold(1.0, f64::min);
    Some((smallest * parts.len() as f64).min(1.0))
}

/// The probability that chance puts at least so many of the current rows outside the range of the reference: each place from either end is a
/// current row with the same probability, and at most one other row may come before they are counted. Ties make it smaller still.
/// Source: Rosenbaum 1953, "Tables for a nonparametric test of dispersion", in the limit of many rows.
pub fn outside(count: u64, n: u64, m: u64) -> f64 {
    let share = m as f64 / (n as f64 + m as f64);
    let count = count as f64;
    exp(count * ln(share) + ln_1p(count * (1.0 - share))).min(1.0)
}

/// Chi-squared of the levels that are frequent enough for it, or Fisher's test of two.
fn frequent(cells: &[Cell]) -> Option<f64> {
    let frequent: Vec<&Cell> = cells.iter().filter(|cell| matches!(cell.of, Of::Level(_))).collect();
    if let [a, b] = frequent[..] {
        return two_by_two([[a.reference, b.reference], [a.current, b.current]]).map(|(p, _)| p);
    }
    let row = |of: fn(&Cell) -> u64| frequent.iter().map(|cell| of(cell) as f64).collect::<Vec<f64>>();
    chi_squared(&[&row(|cell| cell.reference), &row(|cell| cell.current)]).map(|test| test.p_value)
}

/// Fisher's test of one cell against all other rows.
pub fn against_rest(cells: &[Cell], of: &Of, (n, m): (u64, u64)) -> Option<f64> {
    let cell = cells.iter().find(|cell| cell.of == *of)?;
    two_by_two([[cell.reference, n - cell.reference], [cell.current, m - cell.current]]).map(|(p, _)| p)
}
