use proptest::prelude::*;

use super::*;

const X: [f64; 12] = [2.1, -0.3, 4.4, 1.0, 7.7, 3.2, -5.1, 0.9, 6.3, 2.2, 8.8, -1.4];
const Y: [f64; 12] = [1.9, 0.4, 3.9, 2.5, 6.0, 5.2, -2.2, -1.3, 6.6, 0.7, 9.9, 1.1];
const TIED_X: [f64; 12] = [1.0, 2.0, 2.0, 3.0, 3.0, 3.0, 4.0, 5.0, 5.0, 6.0, 7.0, 7.0];
const TIED_Y: [f64; 12] = [2.0, 1.0, 2.0, 2.0, 4.0, 3.0, 3.0, 6.0, 5.0, 5.0, 5.0, 7.0];

fn ranked(values: &[f64]) -> Ranked {
    Ranked::new(values.len(), &|place| values[place], &|_| 1)
}

fn close(found: f64, expected: f64) {
    assert!((found / expected - 1.0).abs() < 1e-10, "{found:e} for {expected:e}");
}

// Expected values are SciPy 1.17.1's: spearmanr, kendalltau.

#[test]
fn the_reference_agrees() {
    for (x, y, expected) in [
        (
            X,
            Y,
            [
                0.895_104_895_104_895_1,
                8.366_586_429_091_718e-5,
                0.727_272_727_272_727_2,
                4.988_835_110_362_888e-4,
            ],
        ),
        (
            TIED_X,
            TIED_Y,
            [
                0.888_494_956_898_135_7,
                1.122_679_656_609_789_6e-4,
                0.756_329_226_134_416_1,
                1.395_803_119_507_748e-3,
            ],
        ),
        (
            X,
            TIED_Y,
            [
                0.081_715_592_669_822_34,
                0.800_682_724_698_510_5,
                0.080_125_735_808_026_16,
                0.726_500_532_827_667_4,
            ],
        ),
    ] {
        let (x, y) = (ranked(&x), ranked(&y));
        let rho = spearman(&x, &y, &|_| 1).unwrap();
        let tau = kendall(&x, &y, &|_| 1).unwrap();
        for (found, expected) in [rho, t_test(rho, 12), tau.tau, tau.p_value].into_iter().zip(expected) {
            close(found, expected);
        }
    }
}

#[test]
fn sixty_rows_take_the_normal_approximation_unless_nearly_in_order() {
    let x: Vec<f64> = (0..60).map(f64::from).collect();
    let mixed: Vec<f64> = (0..60).map(|row| f64::from(row * 37 % 61)).collect();
    let tau = kendall(&ranked(&x), &ranked(&mixed), &|_| 1).unwrap();
    close(tau.tau, 0.094_915_254_237_288_14);
    close(tau.p_value, 0.283_948_305_910_745_05);
    let mut swapped = x.clone();
    swapped.swap(3, 4);
    let tau = kendall(&ranked(&x), &ranked(&swapped), &|_| 1).unwrap();
    close(tau.tau, 0.998_870_056_497_175_1);
    close(tau.p_value, 1.442_136_592_379_187_1e-80);
}

#[test]
fn what_does_not_vary_has_no_correlation() {
    let constant = ranked(&[1.0; 12]);
    assert_eq!(spearman(&constant, &ranked(&X), &|_| 1), None);
    assert_eq!(kendall(&constant, &ranked(&X), &|_| 1), None);
    assert_eq!(kendall(&ranked(&[]), &ranked(&[]), &|_| 1), None);
    let pair = kendall(&ranked(&[1.0, 2.0]), &ranked(&[5.0, 3.0]), &|_| 1).unwrap();
    assert_eq!((pair.tau, pair.p_value), (-1.0, 1.0));
    assert_eq!((t_test(1.0, 2), t_test(1.0, 9)), (1.0, 0.0));
    assert!(t_test(0.5, 1).is_nan());
}

proptest! {
    #[test]
    fn counts_are_repeated_rows_and_pairs_are_pairs(rows in proptest::collection::vec((-3_i8..3, -3_i8..3, 1_u64..4), 2..25)) {
        let counted = |column: &dyn Fn(usize) -> f64| Ranked::new(rows.len(), column, &|row| rows[row].2);
        let count = |row: usize| rows[row].2;
        let (x, y) = (counted(&|row| f64::from(rows[row].0)), counted(&|row| f64::from(rows[row].1)));
        let written: Vec<(f64, f64)> = rows.iter().flat_map(|row| (0..row.2).map(|_| (f64::from(row.0), f64::from(row.1)))).collect();
        let column = |pick: fn(&(f64, f64)) -> f64| ranked(&written.iter().map(pick).collect::<Vec<_>>());
        let (long_x, long_y) = (column(|row| row.0), column(|row| row.1));
        prop_assert_eq!(spearman(&x, &y, &count), spearman(&long_x, &long_y, &|_| 1));
        let tau = kendall(&x, &y, &count);
        prop_assert_eq!(tau, kendall(&long_x, &long_y, &|_| 1));
        // Pair by pair.
        let (mut excess, mut in_x, mut in_y) = (0.0, 0.0, 0.0);
        for (place, a) in written.iter().enumerate() {
            for b in &written[..place] {
                let sign = |d: f64| if d == 0.0 { 0.0 } else { d.signum() };
                let (dx, dy) = (sign(a.0 - b.0), sign(a.1 - b.1));
                (excess, in_x, in_y) = (excess + dx * dy, in_x + dx * dx, in_y + dy * dy);
            }
        }
        match tau {
            None => prop_assert!(in_x == 0.0 || in_y == 0.0),
            Some(tau) => {
                prop_assert!((tau.tau - excess / f64::sqrt(in_x * in_y)).abs() < 1e-12);
                prop_assert!((0.0..=1.0).contains(&tau.p_value), "{tau:?}");
            }
        }
    }
}
