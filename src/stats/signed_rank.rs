//! Wilcoxon's signed rank test: whether numbers lie as far above zero as below.

use super::normality::Test;
use super::rank::Ranked;
use super::special::normal_sf;

/// The most numbers for which the distribution is counted out where no two are tied and none is 0.
const MOST_EXACT: u64 = 50;
/// The same where some are tied or 0.
const MOST_EXACT_WITH_TIES: u64 = 13;

/// Computes Wilcoxon's signed rank test of numbers against 0, two-sided; zeros are left out.
///
/// `sizes` ranks the absolute values of the numbers that are not 0, `is_positive` tells their signs, `zeros` is how many are 0. The statistic is the smaller sum of
/// ranks. The p-value is exact for up to 50 numbers without ties and zeros, and up to 13 with; otherwise normal, with the variance corrected for ties.
/// `None` where all are 0. Source: Wilcoxon 1945; as SciPy's `wilcoxon` by its defaults.
pub fn wilcoxon(sizes: &Ranked, is_positive: &dyn Fn(usize) -> bool, count: &dyn Fn(usize) -> u64, zeros: u64) -> Option<Test> {
    if sizes.is_empty() {
        return None;
    }
    // Sums of doubled mid-ranks are whole numbers.
    let (mut of_positive, mut of_all) = (0_u128, 0_u128);
    for (row, place) in sizes.places().iter().enumerate() {
        let doubled = u128::from(count(row)) * u128::from(doubled_rank(sizes, *place as usize));
        of_all += doubled;
        of_positive += if is_positive(row) { doubled } else { 0 };
    }
    let smaller = of_positive.min(of_all - of_positive);
    let size = sizes.len();
    let has_ties = size != sizes.values().len() as u64;
    let given = size + zeros;
    let most = if has_ties || zeros > 0 { MOST_EXACT_WITH_TIES } else { MOST_EXACT };
    let p_value = if given <= most {
        exact_p_value(sizes, smaller)
    } else {
        let n = size as f64;
        let ties = (0..sizes.values().len()).map(|place| sizes.ties(place) as f64);
        let correction: f64 = ties.map(|tied| tied * tied * tied - tied).sum();
        let variance = (n * (n + 1.0) * (2.0 * n + 1.0) - 0.5 * correction) / 24.0;
        let distance = 0.5 * smaller as f64 - 0.25 * n * (n + 1.0);
        2.0 * normal_sf((distance / variance.sqrt()).abs())
    };
    Some(Test {
        statistic: 0.5 * smaller as f64,
        p_value: p_value.min(1.0),
    })
}

fn doubled_rank(sizes: &Ranked, place: usize) -> u64 {
    sizes.below(place) + sizes.through(place) + 1
}

/// Twice the share of all choices of signs whose sum of doubled ranks is at most `smaller`.
fn exact_p_value(sizes: &Ranked, smaller: u128) -> f64 {
    let mut choices = vec![0_u64; smaller as usize + 1];
    choices[0] = 1;
    for place in 0..sizes.values().len() {
        let rank = doubled_rank(sizes, place) as usize;
        for _ in 0..sizes.ties(place) {
            for sum in (rank..choices.len()).rev() {
                choices[sum] += choices[sum - rank];
            }
        }
    }
    let all = (0..sizes.len()).fold(1.0, |all, _| all * 2.0);
    2.0 * choices.iter().sum::<u64>() as f64 / all
}

#[cfg(test)]
mod tests;
