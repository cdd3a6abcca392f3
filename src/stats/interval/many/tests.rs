use super::*;
use crate::stats::interval::{katz_ratio, newcombe_difference, sidak_level};

const LEVEL: f64 = 0.95;

fn of(successes: u32, size: u32) -> Share {
    Share {
        value: f64::from(successes) / f64::from(size),
        size: f64::from(size),
    }
}

fn measured(value: f64, standard_error: f64) -> Measured {
    Measured { value, standard_error }
}

/// SplitMix64 (Steele, Lea and Flood 2014): the same draws everywhere.
struct Draws(u64);

impl Draws {
    fn uniform(&mut self) -> f64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut bits = self.0;
        bits = (bits ^ (bits >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        bits = (bits ^ (bits >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((bits ^ (bits >> 31)) >> 11) as f64 / (1_u64 << 53) as f64
    }

    fn share(&mut self, probability: f64, size: u32) -> Share {
        of((0..size).filter(|_| self.uniform() < probability).count() as u32, size)
    }
}

/// The share of samples of equal groups whose interval excludes what is true.
fn errors(groups: usize, samples: u32, seed: u64, excludes: impl Fn(&[Share]) -> bool) -> f64 {
    let mut draws = Draws(seed);
    let wrong = (0..samples)
        .filter(|_| {
            let shares: Vec<Share> = (0..groups).map(|_| draws.share(0.3, 200)).collect();
            excludes(&shares)
        })
        .count();
    wrong as f64 / f64::from(samples)
}

#[test]
fn equal_groups_are_flagged_no_more_often_than_asked() {
    // Four standard errors of the simulation above 5 %: 0.05 + 4 sqrt(0.05 * 0.95 / 2000) is 0.0695.
    for (groups, seed) in [(2, 1), (3, 2), (6, 3), (12, 4)] {
        let gaps = errors(groups, 2000, seed, |shares| {
            gap(shares, LEVEL).is_some_and(|limits| limits.low > 0.0)
        });
        assert!(gaps < 0.0695, "{groups} groups: gap excludes 0 in {gaps}");
        let ratios = errors(groups, 2000, seed, |shares| {
            smallest_ratio(shares, LEVEL).is_some_and(|limits| limits.high < 1.0)
        });
        assert!(ratios < 0.0695, "{groups} groups: ratio excludes 1 in {ratios}");
        // And not for want of trying: limits that never exclude anything would pass the above.
        assert!(gaps > 0.01 && ratios > 0.01, "{groups} groups: {gaps} {ratios}");
    }
}

#[test]
fn limits_for_the_extremes_alone_would_flag_noise() {
    let flagged = errors(12, 500, 5, |shares| {
        let by = |a: &&Share, b: &&Share| a.value.total_cmp(&b.value);
        let (low, high) = (shares.iter().min_by(by), shares.iter().max_by(by));
        low.zip(high)
            .is_some_and(|(low, high)| newcombe_difference(*high, *low, LEVEL).low > 0.0)
    });
    assert!(flagged > 0.6, "{flagged}");
}

#[test]
fn a_true_gap_and_ratio_are_covered() {
    let mut draws = Draws(6);
    let (mut gaps, mut ratios) = (0, 0);
    for _ in 0..1000 {
        let shares: Vec<Share> = [0.2, 0.3, 0.3, 0.5]
            .iter()
            .map(|&probability| draws.share(probability, 150))
            .collect();
        gaps += u32::from(gap(&shares, LEVEL).is_some_and(|limits| limits.low <= 0.3 && 0.3 <= limits.high));
        ratios += u32::from(smallest_ratio(&shares, LEVEL).is_some_and(|limits| limits.low <= 0.4 && 0.4 <= limits.high));
    }
    assert!(gaps > 940 && ratios > 940, "{gaps} {ratios}");
}

#[test]
fn two_groups_are_newcombe_and_katz() {
    let (a, b) = (of(56, 70), of(48, 80));
    let plain = newcombe_difference(a, b, LEVEL);
    for shares in [[a, b], [b, a]] {
        assert_eq!(gap(&shares, LEVEL), Some(plain));
        let ratio = smallest_ratio(&shares, LEVEL).expect("usable");
        let katz = katz_ratio(b, a, LEVEL).expect("no zero");
        assert!((ratio.low - katz.low).abs() < 1e-15 && (ratio.high - katz.high).abs() < 1e-15);
        assert_eq!(ratio.method, Method::KatzLog);
    }
}

#[test]
fn what_straddles_is_floored_and_capped() {
    let (a, b) = (of(30, 100), of(5, 12));
    let signed = newcombe_difference(b, a, LEVEL);
    assert!(signed.low < 0.0 && signed.high > 0.0);
    let limits = gap(&[a, b], LEVEL).expect("usable");
    assert_eq!((limits.low, limits.high), (0.0, signed.high.max(-signed.low)));
    assert_eq!(smallest_ratio(&[a, b], LEVEL).expect("usable").high, 1.0);
}

#[test]
fn more_groups_take_every_pair_at_the_sidak_level() {
    let shares = [of(20, 100), of(45, 90), of(30, 120), of(3, 9)];
    let level = sidak_level(LEVEL, 6);
    let (mut low, mut high, mut ratio_low, mut ratio_high) = (0.0_f64, 0.0_f64, 1.0_f64, 1.0_f64);
    for a in shares {
        for b in shares.into_iter().filter(|b| b.value < a.value) {
            let (difference, ratio) = (newcombe_difference(a, b, level), katz_ratio(b, a, level).expect("no zero"));
            (low, high) = (low.max(difference.low), high.max(difference.high).max(-difference.low));
            (ratio_low, ratio_high) = (ratio_low.min(ratio.low), ratio_high.min(ratio.high));
        }
    }
    let gap = gap(&shares, LEVEL).expect("usable");
    assert!((gap.low - low).abs() < 1e-12 && (gap.high - high).abs() < 1e-12 && low > 0.0);
    assert_eq!((gap.method, gap.level), (Method::SidakNewcombe, LEVEL));
    let ratio = smallest_ratio(&shares, LEVEL).expect("usable");
    assert!((ratio.low - ratio_low).abs() < 1e-12 && (ratio.high - ratio_high).abs() < 1e-12 && ratio_high < 1.0);
    assert_eq!((ratio.method, ratio.level), (Method::SidakKatzLog, LEVEL));
}

#[test]
fn the_order_of_groups_does_not_matter() {
    let mut shares = vec![of(0, 30), of(7, 7), of(20, 20), of(1, 1000), of(0, 1), of(50, 100)];
    let first = (gap(&shares, LEVEL), smallest_ratio(&shares, LEVEL));
    for _ in 0..shares.len() {
        shares.rotate_left(1);
        assert_eq!((gap(&shares, LEVEL), smallest_ratio(&shares, LEVEL)), first);
        let reversed: Vec<Share> = shares.iter().rev().copied().collect();
        assert_eq!((gap(&reversed, LEVEL), smallest_ratio(&reversed, LEVEL)), first);
    }
}

#[test]
fn a_zero_share_starts_the_ratio_at_zero_and_half_a_row_ends_it() {
    let limits = smallest_ratio(&[of(0, 50), of(30, 60)], LEVEL).expect("one is not zero");
    assert_eq!(limits.low, 0.0);
    // ln of (0.5 / 51) / (30.5 / 61), plus 1.96 sqrt(1 / 0.5 - 1 / 51 + 1 / 30.5 - 1 / 61).
    assert!((limits.high - 0.312_783).abs() < 1e-5, "{limits:?}");
    assert_eq!(smallest_ratio(&[of(0, 50), of(0, 60)], LEVEL), None);
    // One row without a hit against one hit in a thousand says nothing: the zero stays the smaller, and the limit is capped.
    let unknown = smallest_ratio(&[of(0, 1), of(1, 1000)], LEVEL).expect("one is not zero");
    assert_eq!((unknown.low, unknown.high), (0.0, 1.0));
}

#[test]
fn full_shares_leave_room() {
    let limits = smallest_ratio(&[of(10, 10), of(20, 20)], LEVEL).expect("usable");
    assert!(limits.low < 0.95 && limits.high == 1.0, "{limits:?}");
    let gap = gap(&[of(10, 10), of(20, 20)], LEVEL).expect("usable");
    assert!(gap.low == 0.0 && gap.high > 0.1, "{gap:?}");
}

#[test]
fn measured_groups() {
    let two = [measured(5.0, 0.3), measured(7.0, 0.4)];
    let z = critical_value(LEVEL, 1);
    let limits = gap_measured(&two, LEVEL).expect("usable");
    assert!((limits.low - (2.0 - 0.5 * z)).abs() < 1e-12 && (limits.high - (2.0 + 0.5 * z)).abs() < 1e-12);
    assert_eq!(limits.method, Method::Delta);
    let ratio = smallest_ratio_measured(&[measured(10.0, 4.0), measured(5.0, 1.5)], LEVEL).expect("usable");
    assert!((ratio.low - 0.5 * exp(-0.5 * z)).abs() < 1e-12 && ratio.high == 1.0);
    assert_eq!(ratio.method, Method::DeltaLog);
    let three = [two[0], two[1], measured(6.0, 0.1)];
    assert_eq!(gap_measured(&three, LEVEL).expect("usable").method, Method::SidakDelta);
    assert!(gap_measured(&three, LEVEL).expect("usable").high > limits.high);
    assert_eq!(
        smallest_ratio_measured(&three, LEVEL).expect("usable").method,
        Method::SidakDeltaLog
    );
}

#[test]
fn what_cannot_be_compared_has_no_interval() {
    let fine = of(3, 10);
    assert_eq!(
        (gap(&[], LEVEL), gap(&[fine], LEVEL), smallest_ratio(&[fine], LEVEL)),
        (None, None, None)
    );
    for bad in [
        Share { value: 1.5, size: 10.0 },
        Share { value: 0.5, size: 0.0 },
        Share {
            value: f64::NAN,
            size: 5.0,
        },
    ] {
        assert_eq!((gap(&[fine, bad], LEVEL), smallest_ratio(&[fine, bad], LEVEL)), (None, None));
    }
    assert_eq!(gap(&[fine, fine], 1.0), None);
    let fine = measured(1.0, 0.1);
    for bad in [measured(1.0, 0.0), measured(f64::NAN, 0.1), measured(1.0, f64::INFINITY)] {
        assert_eq!(
            (gap_measured(&[fine, bad], LEVEL), smallest_ratio_measured(&[fine, bad], LEVEL)),
            (None, None)
        );
    }
    assert_eq!(smallest_ratio_measured(&[fine, measured(0.0, 0.1)], LEVEL), None);
    assert_eq!(smallest_ratio_measured(&[fine, measured(-1.0, 0.1)], LEVEL), None);
}

#[test]
fn two_thousand_groups_have_limits() {
    let shares: Vec<Share> = (0..2000).map(|group| of(60 + group % 7, 200)).collect();
    let limits = gap(&shares, LEVEL).expect("usable");
    assert!(limits.low == 0.0 && limits.high > 0.03 && limits.high < 0.4, "{limits:?}");
    let ratio = smallest_ratio(&shares, LEVEL).expect("usable");
    assert!(ratio.high == 1.0 && ratio.low > 0.2, "{ratio:?}");
}
