//! Intervals for the extremes of several independent groups: the largest gap and the smallest ratio.
//!
//! Newcombe's or Katz' limits for the two extreme groups alone would flag noise: the pair was picked because it is extreme, and with twelve
//! equal groups of 200 rows its interval excludes zero in most samples. So every pair gets limits at Sidak's level over all
//! k(k-1)/2 pairs. Then, with the asked coverage, all pairs are inside theirs at once, and so is the largest gap
//! between the largest lower and the largest upper limit.

use super::pair::{Logged, Scored, logged};
use super::{Interval, Measured, Method, Share, critical_value};
use crate::stats::math::{exp, sqrt};

/// Computes limits for the gap, the largest share minus the smallest, over two groups or more.
///
/// The lower limit is the largest over all pairs of the lower limit of their absolute difference, but not below 0; the upper limit is the largest
/// over all pairs of the upper limit. For exactly two groups it is Newcombe's interval of `|a - b|`: where it straddles zero, it
/// starts at 0 and ends at the limit farther from zero. Method `Newcombe` for two groups, `SidakNewcombe` for more. Within 0 to 1.
///
/// `None` for fewer than two groups, where a share is outside 0 to 1 or a size not positive and finite, or the level is not between 0 and 1.
/// Sources: Newcombe 1998 (method 10), Sidak 1967.
///
/// ```
/// use assay::stats::interval::{Share, gap};
/// let share = |value| Share { value, size: 200.0 };
/// let limits = gap(&[share(0.3), share(0.3), share(0.6)], 0.95).unwrap();
/// assert!(limits.low > 0.15 && limits.low < 0.3 && limits.high > 0.3);
/// ```
pub fn gap(shares: &[Share], level: f64) -> Option<Interval> {
    let z = usable(shares, Share::is_usable, level)?;
    let scored: Vec<Scored> = shares.iter().map(|&share| Scored::new(share, z)).collect();
    Some(largest_gap(&scored, level, (Method::Newcombe, Method::SidakNewcombe), |a, b| {
        a.minus(b)
    }))
}

/// Computes limits for the gap, the largest estimate minus the smallest, over two groups or more, from standard errors.
///
/// As [`gap`], with normal limits for each pair. Method `Delta` for two groups, `SidakDelta` for more. `None` for fewer than two groups,
/// where a value is not finite or a standard error not positive and finite, or the level is not between 0 and 1.
pub fn gap_measured(estimates: &[Measured], level: f64) -> Option<Interval> {
    let z = usable(estimates, Measured::is_usable, level)?;
    Some(largest_gap(estimates, level, (Method::Delta, Method::SidakDelta), |a, b| {
        let (centre, half) = measured_pair(a, b, z);
        (centre - half, centre + half)
    }))
}

/// Computes limits for the smallest ratio, the smallest share over the largest, over two groups or more.
///
/// Each pair has log limits for its smaller share over its larger. The lower limit is the smallest over all pairs, the upper limit the smallest
/// upper limit, but not above 1. Method `KatzLog` for two groups, `SidakKatzLog` for more. Within 0 to 1.
///
/// A group whose share is 0 makes the ratio 0, and the lower limit is then 0. The logarithm of zero has no limits, so in each pair with one
/// zero half a row is added to each cell of the two-by-two table (Haldane 1956, Anscombe 1956; Agresti 2002, section 3.1), which gives the upper limit;
/// the same holds where both shares are 1, for else there would be no width. A pair of two zeros says nothing about a ratio and is left out.
///
/// `None` where all shares are 0 (the ratio is undefined), for fewer than two groups, where a share is outside 0 to 1 or a size not positive and
/// finite, or the level is not between 0 and 1. Sources: Katz et al. 1978, Sidak 1967.
///
/// ```
/// use assay::stats::interval::{Share, smallest_ratio};
/// let share = |value| Share { value, size: 200.0 };
/// let limits = smallest_ratio(&[share(0.3), share(0.3), share(0.6)], 0.95).unwrap();
/// assert!(limits.low < 0.5 && limits.high > 0.5 && limits.high < 0.75);
/// ```
pub fn smallest_ratio(shares: &[Share], level: f64) -> Option<Interval> {
    let z = usable(shares, Share::is_usable, level)?;
    let logged: Vec<Logged> = shares.iter().map(|&share| Logged::new(share)).collect();
    let zeros = logged.iter().filter(|share| share.value == 0.0).count();
    if zeros == logged.len() {
        return None;
    }
    let mut interval = smallest(&logged, level, (Method::KatzLog, Method::SidakKatzLog), |a, b| {
        (a.value != 0.0 || b.value != 0.0).then(|| logged_pair(a, b, z))
    });
    if zeros > 0 {
        interval.low = 0.0;
    }
    Some(interval)
}

/// Computes limits for the smallest ratio, the smallest estimate over the largest, over two groups or more, from standard errors.
///
/// As [`smallest_ratio`], with the delta method on the logarithm for each pair. Method `DeltaLog` for two groups, `SidakDeltaLog` for more. `None`
/// for fewer than two groups, where a value is not positive and finite or a standard error not positive and finite, or the level is not between 0 and 1.
pub fn smallest_ratio_measured(estimates: &[Measured], level: f64) -> Option<Interval> {
    let logs: Vec<Measured> = estimates.iter().map(|&estimate| logged(estimate)).collect::<Option<_>>()?;
    let z = usable(&logs, Measured::is_usable, level)?;
    Some(smallest(&logs, level, (Method::DeltaLog, Method::SidakDeltaLog), |a, b| {
        let (centre, half) = measured_pair(a, b, z);
        Some((-centre.abs() - half, half - centre.abs()))
    }))
}

/// The normal quantile for all pairs at once, if there are pairs and all groups are usable.
fn usable<T: Copy>(groups: &[T], is_usable: impl Fn(T) -> bool, level: f64) -> Option<f64> {
    let z = critical_value(level, pairs(groups.len()));
    (groups.len() >= 2 && groups.iter().all(|&group| is_usable(group)) && z.is_finite()).then_some(z)
}

fn pairs(groups: usize) -> usize {
    groups * groups.saturating_sub(1) / 2
}

/// Centre and half width of the difference of two estimates.
fn measured_pair(a: &Measured, b: &Measured, z: f64) -> (f64, f64) {
    let variance = a.standard_error * a.standard_error + b.standard_error * b.standard_error;
    (a.value - b.value, z * sqrt(variance))
}

/// Limits of the logarithm of the smaller share over the larger.
fn logged_pair(a: &Logged, b: &Logged, z: f64) -> (f64, f64) {
    // The order is that of the shares as observed: half a row more can turn a zero of a tiny group into the larger one.
    let (smaller, larger) = if a.value <= b.value { (a, b) } else { (b, a) };
    let (centre, half) = smaller.over(larger, z);
    if a.value == b.value {
        (-centre.abs() - half, centre.abs() + half)
    } else {
        (centre - half, centre + half)
    }
}

/// The interval over all pairs of absolute differences; the limits of a signed difference come from `limits`.
fn largest_gap<T>(groups: &[T], level: f64, methods: (Method, Method), limits: impl Fn(&T, &T) -> (f64, f64)) -> Interval {
    let (mut low, mut high) = (0.0_f64, 0.0_f64);
    for (index, a) in groups.iter().enumerate() {
        for b in &groups[index + 1..] {
            let (down, up) = limits(a, b);
            // Whichever side of zero the difference lies on, its absolute value is between these two.
            low = low.max(down).max(-up);
            high = high.max(up).max(-down);
        }
    }
    Interval {
        low,
        high,
        level,
        method: if groups.len() == 2 { methods.0 } else { methods.1 },
    }
}

/// The interval over all pairs of ratios of the smaller to the larger; `limits` gives the limits of a pair's logarithm.
fn smallest<T>(groups: &[T], level: f64, methods: (Method, Method), limits: impl Fn(&T, &T) -> Option<(f64, f64)>) -> Interval {
    // The logarithm of 1 caps both: a ratio of the smaller to the larger is never above it.
    let (mut low, mut high) = (0.0_f64, 0.0_f64);
    for (index, a) in groups.iter().enumerate() {
        for b in &groups[index + 1..] {
            if let Some((down, up)) = limits(a, b) {
                low = low.min(down);
                high = high.min(up);
            }
        }
    }
    Interval {
        low: exp(low),
        high: exp(high),
        level,
        method: if groups.len() == 2 { methods.0 } else { methods.1 },
    }
}

#[cfg(test)]
mod tests;
