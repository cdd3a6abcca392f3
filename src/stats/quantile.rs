//! Quantiles of numbers that may stand for several, or carry weights, and limits for them that assume no distribution.

use super::math::floor;
use super::rank::Ranked;
use super::special::{normal_quantile, regularized_beta};

/// Computes the quantile that interpolates between neighbours, Hyndman and Fan's type 7, the default of numpy, R and Excel.
///
/// `None` without numbers, and for a probability outside 0 to 1.
///
/// ```
/// use assay::stats::{quantile::linear, rank::Ranked};
/// let ranked = Ranked::new(4, &|place| [1.0, 2.0, 3.0, 10.0][place], &|_| 1);
/// assert_eq!(linear(&ranked, 0.5), Some(2.5));
/// ```
pub fn linear(ranked: &Ranked, probability: f64) -> Option<f64> {
    if ranked.is_empty() || !(0.0..=1.0).contains(&probability) {
        return None;
    }
    let position = (ranked.len() - 1) as f64 * probability;
    let part = position - floor(position);
    let low = ranked.at(floor(position) as u64)?;
    let Some(high) = ranked.at(floor(position) as u64 + 1).filter(|_| part > 0.0) else {
        return Some(low);
    };
    // From the nearer end, so that the last step arrives exactly.
    let step = high - low;
    Some(if part < 0.5 {
        low + step * part
    } else {
        high - step * (1.0 - part)
    })
}

/// Computes the quantile of weighted numbers: the smallest that so much of the weight does not exceed, and the mean with the next one
/// where the weight is met exactly. Hyndman and Fan's type 2; scikit-learn's "averaged inverted cdf". At one half it is the median.
///
/// `through` gives, for each of the different numbers, the weight of all that are at most as large. `None` without weight, and for a
/// probability outside 0 to 1.
pub fn averaged(values: &[f64], through: &dyn Fn(usize) -> f64, probability: f64) -> Option<f64> {
    let total = through(values.len().checked_sub(1)?);
    if !((0.0..=1.0).contains(&probability) && total > 0.0 && total.is_finite()) {
        return None;
    }
    // As scikit-learn: by percent, and at least the smallest number, so that a leading number without weight is passed over.
    let target = (probability * 100.0 / 100.0 * total).max(f64::from_bits(1));
    let first = |reached: &dyn Fn(f64) -> bool| {
        let (mut low, mut high) = (0, values.len() - 1);
        while low < high {
            let middle = (low + high) / 2;
            if reached(through(middle)) {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        low
    };
    let place = first(&|weight| weight >= target);
    if through(place) - target > f64::EPSILON {
        return Some(values[place]);
    }
    let met = through(place);
    let next = first(&|weight| weight > met);
    let next = if through(next) > met { next } else { place };
    Some(0.5 * values[place] + 0.5 * values[next])
}

/// Computes limits for a quantile from the order of the numbers alone: two of them, far enough apart that the quantile of what they were drawn
/// from lies between them at least as often as the level says, whatever its distribution.
///
/// `None` where there are too few numbers for that. Source: David and Nagaraja 2003, "Order Statistics", section 7.1. Beyond ten
/// million numbers the binomial distribution is replaced by the normal one.
pub fn order_limits(ranked: &Ranked, probability: f64, level: f64) -> Option<(f64, f64)> {
    let size = ranked.len();
    if size == 0 || !(probability > 0.0 && probability < 1.0 && level > 0.0 && level < 1.0) {
        return None;
    }
    let tail = 0.5 * (1.0 - level);
    // The lower limit has rank l with P(X < l) at most the tail; the upper one is the lower one of the order turned round.
    let low = lower_rank(size, probability, tail)?;
    let high = lower_rank(size, 1.0 - probability, tail)?;
    Some((ranked.at(low - 1)?, ranked.at(size - high)?))
}

/// The largest rank `l`, counted from 1, for which fewer than `l` successes of so many trials have at most the probability `tail`.
fn lower_rank(size: u64, probability: f64, tail: f64) -> Option<u64> {
    const EXACT: u64 = 10_000_000;
    let trials = size as f64;
    if size > EXACT {
        let spread = (trials * probability * (1.0 - probability)).sqrt();
        let rank = floor(trials * probability + normal_quantile(tail) * spread);
        return (rank >= 1.0).then_some(rank as u64);
    }
    // At most l - 1 successes: the upper tail of a beta distribution.
    let at_most = |successes: u64| regularized_beta(1.0 - probability, trials - successes as f64, successes as f64 + 1.0);
    let (mut low, mut high) = (0, size);
    while low < high {
        let middle = (low + high).div_ceil(2);
        if at_most(middle - 1) <= tail {
            low = middle;
        } else {
            high = middle - 1;
        }
    }
    (low > 0).then_some(low)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ranked(values: &[f64]) -> Ranked {
        Ranked::new(values.len(), &|place| values[place], &|_| 1)
    }

    fn counted(rows: &[(f64, u64)]) -> Ranked {
        Ranked::new(rows.len(), &|place| rows[place].0, &|place| rows[place].1)
    }

    #[test]
    fn linear_quantiles() {
        // numpy.percentile([1, 2, 4, 8, 16], [0, 10, 30, 50, 90, 100]).
        let five = ranked(&[16.0, 1.0, 8.0, 2.0, 4.0]);
        for (percent, expected) in [(0, 1.0), (10, 1.4), (30, 2.4), (50, 4.0), (90, 12.8), (100, 16.0)] {
            let found = linear(&five, f64::from(percent) / 100.0).unwrap();
            assert!((found - expected).abs() < 1e-14, "{percent}: {found}");
        }
        assert_eq!(linear(&counted(&[(1.0, 3), (2.0, 1_000_000_000_001)]), 0.5), Some(2.0));
        assert_eq!(linear(&ranked(&[]), 0.5), None);
        assert_eq!(linear(&five, 1.5), None);
    }

    #[test]
    fn averaged_quantiles() {
        let values = [1.0, 2.0, 4.0, 8.0];
        let ones = |place: usize| (place + 1) as f64;
        assert_eq!(averaged(&values, &ones, 0.5), Some(3.0));
        assert_eq!(averaged(&values, &ones, 0.6), Some(4.0));
        assert_eq!(averaged(&values, &ones, 0.0), Some(1.0));
        assert_eq!(averaged(&values, &ones, 1.0), Some(8.0));
        // Weights 0, 1, 0, 1: met exactly at 2, the next that weighs is 8.
        let some = |place: usize| [0.0, 1.0, 1.0, 2.0][place];
        assert_eq!(averaged(&values, &some, 0.5), Some(5.0));
        assert_eq!(averaged(&values, &some, 0.0), Some(2.0));
        assert_eq!(averaged(&values, &|_| 0.0, 0.5), None);
        assert_eq!(averaged(&[], &ones, 0.5), None);
    }

    #[test]
    fn limits_of_a_median_are_the_tabled_ranks() {
        // Binomial(25, 1/2): P(X < 8) = 0.0216, so ranks 8 and 18; of 5 numbers no two are far enough apart.
        let numbers: Vec<f64> = (1..=25).map(f64::from).collect();
        assert_eq!(order_limits(&ranked(&numbers), 0.5, 0.95), Some((8.0, 18.0)));
        assert_eq!(order_limits(&ranked(&numbers[..6]), 0.5, 0.95), Some((1.0, 6.0)));
        assert_eq!(order_limits(&ranked(&numbers[..5]), 0.5, 0.95), None);
        // Binomial(100, 0.9): P(X < 84) = 0.0206, P(X < 85) = 0.0399; P(X > 95) = 0.0237.
        let numbers: Vec<f64> = (1..=100).map(f64::from).collect();
        assert_eq!(order_limits(&ranked(&numbers), 0.9, 0.95), Some((84.0, 96.0)));
    }

    #[test]
    fn limits_of_many_numbers_are_near_the_normal_ones() {
        let rank = |size| lower_rank(size, 0.5, 0.025).unwrap() as f64;
        let of = |size: f64| 0.5 * size - 0.98 * size.sqrt();
        assert!((rank(10_000_000) - of(1e7)).abs() < 2.0);
        assert!((rank(10_000_001) - of(1e7)).abs() < 2.0);
        assert_eq!(lower_rank(20_000_000, 1e-8, 0.025), None);
    }
}
