use proptest::prelude::*;

use super::*;

fn steps(first: &[f64], second: &[f64]) -> Vec<Step> {
    let mut all: Vec<f64> = first.iter().chain(second).copied().collect();
    all.sort_by(f64::total_cmp);
    all.dedup();
    let count = |of: &[f64], value: f64| of.iter().filter(|other| **other == value).count() as u64;
    all.into_iter()
        .map(|value| Step {
            value,
            first: count(first, value),
            second: count(second, value),
        })
        .collect()
}

#[test]
fn exact_probabilities_are_those_of_all_orders() {
    // Every order of n and m numbers, as bits.
    for (n, m) in [(1_u64, 1_u64), (2, 2), (3, 2), (4, 4), (5, 3), (3, 6), (6, 6)] {
        let lcm = (1..).find(|k| k % n == 0 && k % m == 0).unwrap();
        let mut counts = vec![0_u64; lcm as usize + 1];
        for order in 0..1_u32 << (n + m) {
            if u64::from(order.count_ones()) != n {
                continue;
            }
            let (mut a, mut b, mut largest) = (0_u64, 0_u64, 0_u64);
            for place in 0..n + m {
                if order >> place & 1 == 1 {
                    a += 1
                } else {
                    b += 1
                }
                largest = largest.max((a * (lcm / n)).abs_diff(b * (lcm / m)));
            }
            counts[largest as usize] += 1;
        }
        let all: u64 = counts.iter().sum();
        for steps in 0..=lcm {
            let expected = counts[steps as usize..].iter().sum::<u64>() as f64 / all as f64;
            assert!((ks_exact(n, m, steps) - expected).abs() < 1e-14, "{n} {m} {steps}");
        }
    }
}

#[test]
fn the_one_sample_distribution_is_the_known_one() {
    // Marsaglia, Tsang and Wang 2003, and SciPy 1.17, kstwo.sf.
    for (n, distance, expected) in [(10, 0.274, 1.0 - 0.628_479_615_456_504_3), (1, 0.75, 0.5), (2, 0.5, 0.5)] {
        let got = kolmogorov_sf(n, distance);
        assert!((got - expected).abs() < 1e-12, "{n}: {got} {expected}");
    }
    assert_eq!(
        (kolmogorov_sf(10, 0.05), kolmogorov_sf(10, 1.0), kolmogorov_sf(0, 0.3)),
        (1.0, 0.0, 1.0)
    );
}

#[test]
fn the_ways_to_the_one_sample_distribution_meet() {
    // Where one formula gives way to another, both say the same.
    let bend = |n| kolmogorov_sf(n, 0.1) - 0.5 * (kolmogorov_sf(n - 1, 0.1) + kolmogorov_sf(n + 1, 0.1));
    for n in [139, 141] {
        assert!((bend(140) - bend(n)).abs() < 3e-6, "{n}: {} {}", bend(140), bend(n));
    }
    let at = |n: u64, square: f64| kolmogorov_sf(n, (square / n as f64).sqrt());
    for n in [100, 1000, 100_000, 5_000_000] {
        let edge = if n <= 140 { 4.0 } else { 2.2 };
        let (before, after) = (at(n, edge - 1e-9), at(n, edge + 1e-9));
        assert!((before / after - 1.0).abs() < 2e-5, "{n}: {before} {after}");
    }
    // The grid, of every second number from 16,384 on, loses nothing.
    for square in [2.3, 6.0, 100.0] {
        let (all, grid) = (at(16_383, square), at(16_384, square));
        assert!((grid / all - 1.0).abs() < 2e-5, "{square}: {all} {grid}");
    }
    // The limit 2 exp(-2 z^2) is approached as 1 / sqrt(n).
    let ratio = at(10_000_000, 6.0) / (2.0 * crate::stats::math::exp(-12.0));
    assert!((ratio - 1.0 + 2.0 / 3.0 * (6.0_f64 / 1e7).sqrt()).abs() < 1e-5, "{ratio}");
}

#[test]
fn identical_samples_differ_in_nothing() {
    let same = steps(&[1.0, 2.0, 2.0, 5.0, 9.0, 11.0], &[1.0, 2.0, 2.0, 5.0, 9.0, 11.0]);
    let sums = rank_sums(&same);
    assert_eq!((sums.distance(), sums.largest), (0.0, 0));
    assert_eq!(mann_whitney_p(&sums, false), 1.0);
    assert!(cramer_von_mises_p(&sums, cramer_von_mises(&sums)) > 0.99);
    let moments = moments(&same);
    assert_eq!((moments.wasserstein, moments.energy, moments.cohens_d()), (0.0, 0.0, Some(0.0)));
    assert_eq!(student(&moments).unwrap().p_value, 1.0);
    assert_eq!(welch(&moments).unwrap().p_value, 1.0);
    assert_eq!(levene(&same).unwrap().p_value, 1.0);
    assert_eq!(epps_singleton(&same).unwrap().p_value, 1.0);
}

#[test]
fn constant_and_empty_samples_have_no_tests() {
    let constant = steps(&[3.0; 6], &[3.0; 7]);
    assert_eq!(anderson_darling(&constant), None);
    assert_eq!((student(&moments(&constant)), welch(&moments(&constant))), (None, None));
    assert_eq!((levene(&constant), epps_singleton(&constant)), (None, None));
    assert_eq!(mann_whitney_p(&rank_sums(&constant), false), 1.0);
    let empty = steps(&[1.0, 2.0], &[]);
    assert_eq!(rank_sums(&empty).distance(), 0.0);
    assert_eq!((levene(&empty), anderson_darling(&empty)), (None, None));
}

#[test]
fn distances_of_shares_by_hand() {
    let apart = shares([(1.0, 0.0), (0.0, 1.0)].into_iter());
    assert_eq!((apart.total_variation, apart.largest, apart.hellinger()), (1.0, 1.0, 1.0));
    assert!((apart.jensen_shannon_bits() - 1.0).abs() < 1e-15);
    assert_eq!(apart.first_from_second, f64::INFINITY);
    let half = shares([(0.5, 0.25), (0.5, 0.75)].into_iter());
    assert!((half.total_variation - 0.25).abs() < 1e-15);
    let stable = stability([(0.5, 0.25), (0.5, 0.75)].into_iter());
    assert!((stable - 0.25 * crate::stats::math::ln(3.0)).abs() < 1e-15);
    // Every cell is half a row nearer: from 5 to 4.5.
    let corrected = yates([[10, 20], [20, 10]]).unwrap().statistic;
    assert!((corrected - 20.0 / 3.0 * (4.5 / 5.0) * (4.5 / 5.0)).abs() < 1e-12);
}

fn numbers() -> impl Strategy<Value = Vec<f64>> {
    proptest::collection::vec((-6_i32..6).prop_map(|number| f64::from(number) / 2.0), 5..30)
}

proptest! {
    #[test]
    fn turning_the_samples_round_turns_signs_only(first in numbers(), second in numbers()) {
        let (there, back) = (steps(&first, &second), steps(&second, &first));
        let (a, b) = (rank_sums(&there), rank_sums(&back));
        prop_assert_eq!((a.largest, a.ties, a.rank_shifts), (b.largest, b.ties, (b.rank_shifts.1, b.rank_shifts.0)));
        prop_assert_eq!(mann_whitney_p(&a, false), mann_whitney_p(&b, false));
        let (a, b) = (moments(&there), moments(&back));
        prop_assert!((a.wasserstein - b.wasserstein).abs() < 1e-12 && (a.energy - b.energy).abs() < 1e-7);
        match (welch(&a), welch(&b)) {
            (Some(a), Some(b)) => prop_assert!((a.p_value - b.p_value).abs() < 1e-9 && (a.statistic + b.statistic).abs() < 1e-9),
            (a, b) => prop_assert_eq!(a.is_none(), b.is_none()),
        }
    }

    #[test]
    fn p_values_are_probabilities(first in numbers(), second in numbers()) {
        let steps = steps(&first, &second);
        let sums = rank_sums(&steps);
        let moments = moments(&steps);
        let mut all = vec![mann_whitney_p(&sums, false), mann_whitney_p(&sums, true), cramer_von_mises_p(&sums, cramer_von_mises(&sums))];
        all.extend(anderson_darling(&steps).map(anderson_darling_p));
        all.extend([student(&moments), welch(&moments), levene(&steps), epps_singleton(&steps)].into_iter().flatten().map(|test| test.p_value));
        let (n, m) = sums.sizes;
        all.push(kolmogorov_sf(n * m / (n + m), sums.distance()));
        for p in all {
            prop_assert!((0.0..=1.0).contains(&p), "{}", p);
        }
    }

    #[test]
    fn a_shift_moves_the_wasserstein_distance_by_itself(first in numbers(), halves in 1_i32..20) {
        let shift = f64::from(halves) / 2.0;
        let second: Vec<f64> = first.iter().map(|value| value + shift).collect();
        prop_assert!((moments(&steps(&first, &second)).wasserstein - shift).abs() < 1e-12);
    }
}
