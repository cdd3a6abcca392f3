//! Two rows of counts: distances of their shares, and tests beside chi-squared.

use std::f64::consts::LN_2;

use crate::stats::hypothesis::{ChiSquared, chi_squared};
use crate::stats::math::{ln, sqrt};
use crate::stats::special::chi_squared_sf;

use super::{Sum, Tested};

/// Distances of two rows of shares.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Shares {
    /// Half the sum of absolute differences.
    pub total_variation: f64,
    /// The largest absolute difference.
    pub largest: f64,
    /// The root of half the divergence of each from their mean, in natural units.
    pub jensen_shannon: f64,
    /// The sum of roots of products.
    pub overlap: f64,
    /// The divergence of the first from the second in natural units; infinite where the second lacks what the first has.
    pub first_from_second: f64,
    /// The divergence of the second from the first; infinite where the first lacks what the second has.
    pub second_from_first: f64,
}

impl Shares {
    /// The Jensen-Shannon distance in bits, which is at most 1.
    pub fn jensen_shannon_bits(&self) -> f64 {
        self.jensen_shannon / sqrt(LN_2)
    }

    /// The Hellinger distance.
    pub fn hellinger(&self) -> f64 {
        sqrt((1.0 - self.overlap).max(0.0))
    }
}

/// Computes the distances of two rows of shares, each of which sums to 1.
pub fn shares(table: impl Iterator<Item = (f64, f64)>) -> Shares {
    let mut sums = [Sum::default(); 5];
    let mut largest = 0.0_f64;
    let relative = |p: f64, q: f64| if p > 0.0 { p * ln(p / q) } else { 0.0 };
    for (p, q) in table {
        let middle = 0.5 * (p + q);
        let terms = [
            (p - q).abs(),
            relative(p, middle) + relative(q, middle),
            sqrt(p * q),
            relative(p, q),
            relative(q, p),
        ];
        largest = largest.max((p - q).abs());
        for (sum, term) in sums.iter_mut().zip(terms) {
            // Infinity, of which the sum's compensation would make nothing.
            if term.is_infinite() {
                sum.total = term;
                sum.lost = 0.0;
            } else if sum.total.is_finite() {
                sum.add(term);
            }
        }
    }
    let [absolute, divergence, overlap, first, second] = sums.map(Sum::value);
    Shares {
        total_variation: 0.5 * absolute,
        largest,
        jensen_shannon: sqrt((0.5 * divergence).max(0.0)),
        overlap,
        first_from_second: first,
        second_from_first: second,
    }
}

/// The population stability index of two rows of shares: the sum of (p - q) ln(p / q). Infinite where one of them is 0 alone.
pub fn stability(table: impl Iterator<Item = (f64, f64)>) -> f64 {
    table.filter(|(p, q)| p != q).map(|(p, q)| (p - q) * ln(p / q)).sum()
}

/// Computes the likelihood-ratio test of independence of two rows of counts: twice the sum of observed times the logarithm of observed over
/// expected.
///
/// `None` where fewer than two columns are filled or a row is empty. Source: Wilks 1935; SciPy, chi2_contingency(lambda_="log-likelihood").
pub fn g_test(table: &[(u64, u64)]) -> Option<Tested> {
    let (of_first, of_second) = table.iter().fold((0.0, 0.0), |(n, m), (a, b)| (n + *a as f64, m + *b as f64));
    let total = of_first + of_second;
    let filled = table.iter().filter(|(a, b)| a + b > 0).count();
    if filled < 2 || of_first == 0.0 || of_second == 0.0 {
        return None;
    }
    let mut sum = Sum::default();
    for (a, b) in table {
        let column = (a + b) as f64;
        for (observed, of_row) in [(*a as f64, of_first), (*b as f64, of_second)] {
            if observed > 0.0 {
                sum.add(observed * ln(observed / (of_row * column / total)));
            }
        }
    }
    let statistic = (2.0 * sum.value()).max(0.0);
    Some(Tested {
        statistic,
        p_value: chi_squared_sf(statistic, (filled - 1) as f64),
    })
}

/// Computes Pearson's chi-squared test of a table of two by two with Yates' correction: every cell half a row nearer to what is expected, though
/// never beyond it.
///
/// `None` where a row or column is empty. Source: Yates 1934; SciPy, chi2_contingency(correction=True).
pub fn yates(table: [[u64; 2]; 2]) -> Option<Tested> {
    let [[a, b], [c, d]] = table.map(|row| row.map(|count| count as f64));
    let total = a + b + c + d;
    let apart = (a * d - b * c).abs() / total;
    let plain: ChiSquared = chi_squared(&[&[a, b], &[c, d]])?;
    if apart == 0.0 {
        return Some(Tested {
            statistic: 0.0,
            p_value: 1.0,
        });
    }
    // All four cells are equally far from what is expected.
    let kept = (apart - apart.min(0.5)) / apart;
    let statistic = plain.statistic * kept * kept;
    Some(Tested {
        statistic,
        p_value: chi_squared_sf(statistic, 1.0),
    })
}
