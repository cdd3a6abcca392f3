//! Tests against SciPy, and the laws of p-values.

use proptest::prelude::*;

use super::*;

/// By SciPy 1.17, fisher_exact: the table, then p-values two-sided, lower and upper.
const FISHER: &[([[u64; 2]; 2], f64, f64, f64)] = &[
    (
        [[3, 1], [1, 3]],
        0.485_714_285_714_285_7,
        0.985_714_285_714_285_8,
        0.242_857_142_857_142_85,
    ),
    (
        [[8, 2], [1, 5]],
        0.034_965_034_965_034_97,
        0.999_125_874_125_874_2,
        0.024_475_524_475_524_476,
    ),
    ([[0, 10], [10, 0]], 1.082508822446903e-05, 5.412544112234515e-06, 1.0),
    ([[0, 5], [0, 7]], 1.0, 1.0, 1.0),
    (
        [[1, 9], [11, 3]],
        0.002_759_456_185_220_083_6,
        0.001_379_728_092_610_041_8,
        0.999_966_348_095_302_2,
    ),
    (
        [[25, 431], [2835, 12_990]],
        1.0269136935409728e-14,
        6.28622211916407e-15,
        0.999_999_999_999_998_3,
    ),
    (
        [[1, 31], [2859, 13_390]],
        0.032_917_284_063_049_72,
        0.016_089_198_897_323_527,
        0.997_946_483_907_776_5,
    ),
    (
        [[2, 5], [2858, 13_416]],
        0.355_507_536_121_271,
        0.891_205_983_821_372_1,
        0.355_507_536_121_271,
    ),
    ([[0, 3], [2860, 13_418]], 1.0, 0.560_137_108_355_076_2, 1.0),
    (
        [[100, 2], [1000, 5]],
        0.130_075_936_343_001_69,
        0.130_075_936_343_001_69,
        0.979_790_445_314_722_9,
    ),
    (
        [[2, 7], [8, 2]],
        0.023_014_137_565_221_155,
        0.018_521_725_952_066_508,
        0.999_014_916_971_573_3,
    ),
    ([[30, 30], [30, 30]], 1.0, 0.572_382_779_327_679_4, 0.572_382_779_327_679_4),
    (
        [[12_000, 88_000], [36_500, 263_500]],
        0.163_701_801_658_347_3,
        0.081_750_531_237_596_14,
        0.919_930_099_197_821_2,
    ),
    (
        [[151_500, 148_500], [848_500, 851_500]],
        2.868602630091938e-09,
        0.999_999_998_599_947_9,
        1.434301315045969e-09,
    ),
    ([[5, 0], [1, 4]], 0.047_619_047_619_047_616, 1.0, 0.023_809_523_809_523_808),
    (
        [[1000, 4000], [900, 4100]],
        0.011_603_839_588_922_986,
        0.994_987_663_635_302_3,
        0.005_801_919_794_461_493,
    ),
    (
        [[3, 997], [40, 98_960]],
        0.009_140_271_798_055_473,
        0.999_100_240_869_386,
        0.009_140_271_798_055_473,
    ),
];

/// By SciPy 1.17, chi2_contingency(correction=False): the table, statistic, degrees of freedom, p-value.
const CHI_SQUARED: &[(&[&[f64]], f64, f64, f64)] = &[
    (
        &[&[10.0, 20.0], &[20.0, 10.0]],
        6.666_666_666_666_667,
        1.0,
        0.009_823_274_507_519_235,
    ),
    (
        &[&[12.0, 5.0, 9.0], &[7.0, 13.0, 6.0], &[4.0, 4.0, 20.0]],
        19.956_540_354_055_882,
        4.0,
        0.000_509_361_643_107_320_8,
    ),
    (
        &[&[100.0, 150.0, 200.0, 50.0], &[90.0, 160.0, 210.0, 40.0]],
        2.203_909_984_770_476,
        3.0,
        0.531_178_636_818_669_7,
    ),
    (&[&[0.5, 3.25], &[9.5, 2.75]], 5.051_791_383_219_955, 1.0, 0.024_600_491_932_330_59),
    (
        &[&[1_000_000.0, 2_000_000.0], &[1_002_000.0, 1_998_000.0]],
        2.998_502_248_127_060_5,
        1.0,
        0.083_341_529_733_485_87,
    ),
];

fn close(got: f64, expected: f64, relative: f64) -> bool {
    (got - expected).abs() <= relative * expected.abs() + 1e-300
}

#[test]
fn fisher_is_as_known() {
    for &(table, both, lower, upper) in FISHER {
        for (side, expected) in [(Side::Both, both), (Side::Lower, lower), (Side::Upper, upper)] {
            let got = fisher_exact(table, side);
            assert!(close(got, expected, 1e-8), "{table:?} {side:?}: {got} {expected}");
        }
    }
}

#[test]
fn the_far_side_of_an_unlikely_table_is_certain() {
    for table in [[[999, 1], [1, 999]], [[400_000_000, 1], [1, 400_000_000]]] {
        assert_eq!(fisher_exact(table, Side::Lower), 1.0);
        assert_eq!(fisher_exact(table, Side::Both), 0.0);
    }
    let [[a, b], [c, d]] = [[1_u64, 999], [999, 1]];
    assert_eq!(fisher_exact([[a, b], [c, d]], Side::Upper), 1.0);
}

#[test]
fn chi_squared_is_as_known() {
    for (table, statistic, degrees, p) in CHI_SQUARED {
        let got = chi_squared(table).unwrap();
        assert!(
            close(got.statistic, *statistic, 1e-12) && got.degrees_of_freedom == *degrees,
            "{table:?} {got:?}"
        );
        assert!(close(got.p_value, *p, 1e-10), "{table:?} {got:?} {p}");
    }
}

#[test]
fn tables_that_compare_nothing_have_no_test() {
    assert_eq!(chi_squared(&[]), None);
    assert_eq!(chi_squared(&[&[1.0, 2.0]]), None);
    assert_eq!(chi_squared(&[&[1.0, 2.0], &[1.0]]), None);
    assert_eq!(chi_squared(&[&[1.0, -2.0], &[1.0, 1.0]]), None);
    assert_eq!(chi_squared(&[&[1.0, 0.0], &[3.0, 0.0]]), None);
    assert_eq!(two_by_two([[0, 0], [3, 4]]), None);
    assert_eq!(two_by_two([[3, 4], [0, 0]]), None);
    assert_eq!(two_by_two([[3, 0], [4, 0]]), Some((1.0, Test::FisherExact)));
    assert_eq!(fisher_exact([[0, 0], [0, 0]], Side::Both), 1.0);
}

#[test]
fn empty_lines_are_left_out_of_chi_squared() {
    let full = chi_squared(&[&[10.0, 20.0], &[20.0, 10.0]]).unwrap();
    let padded = chi_squared(&[&[10.0, 0.0, 20.0], &[0.0, 0.0, 0.0], &[20.0, 0.0, 10.0]]).unwrap();
    assert_eq!(full, padded);
}

#[test]
fn huge_tables_are_tested_by_chi_squared() {
    let quarter = 1_u64 << 50;
    let (p, test) = two_by_two([[quarter, quarter], [quarter, quarter]]).unwrap();
    assert_eq!((p, test), (1.0, Test::ChiSquared));
    // Where the switch lies both say the same, up to what a normal curve leaves out.
    let table = [[150_060_000, 150_000_000], [150_000_000, 150_000_000]];
    let (chi, test) = two_by_two(table).unwrap();
    assert_eq!(test, Test::ChiSquared);
    assert!((fisher_exact(table, Side::Both) / chi - 1.0).abs() < 1e-3, "{chi}");
}

#[test]
fn normal_tests_are_as_known() {
    // By statsmodels 0.15, proportions_ztest([60, 45], [100, 100]).
    let share = |value, size| Share { value, size };
    let p = pooled_z(share(0.6, 100.0), share(0.45, 100.0)).unwrap();
    assert!(close(p, 0.033_672_068_856_345_855, 1e-12), "{p}");
    assert_eq!(pooled_z(share(0.0, 10.0), share(0.0, 20.0)), Some(1.0));
    assert_eq!(pooled_z(share(1.5, 10.0), share(0.0, 20.0)), None);
    assert_eq!(pooled_z(share(0.5, 0.0), share(0.0, 20.0)), None);
    let measured = |value, standard_error| Measured { value, standard_error };
    let p = z(measured(3.0, 0.3), measured(2.0, 0.4)).unwrap();
    assert!(close(p, 0.045_500_263_896_358_42, 1e-12), "{p}");
    assert_eq!(z(measured(3.0, 0.0), measured(2.0, 0.4)), None);
    assert_eq!(z(measured(f64::NAN, 0.1), measured(2.0, 0.4)), None);
    assert!(two_sided(f64::NAN).is_nan() && two_sided(0.0) == 1.0);
}

/// Every table with the same margins, each with its probability by plain products.
fn by_enumeration(table: [[u64; 2]; 2]) -> [f64; 3] {
    let [[a, b], [c, d]] = table;
    let choose = |n: u64, k: u64| (0..k).fold(1.0, |product, i| product * (n - i) as f64 / (i + 1) as f64);
    let (drawn, rest, marked) = (a + b, c + d, a + c);
    let probability = |x: u64| {
        if x > drawn || x > marked || marked - x > rest {
            0.0
        } else {
            choose(drawn, x) * choose(rest, marked - x) / choose(drawn + rest, marked)
        }
    };
    let own = probability(a);
    let sum = |is_in: &dyn Fn(u64) -> bool| (0..=drawn).filter(|x| is_in(*x)).map(probability).sum::<f64>();
    [sum(&|x| probability(x) <= own * (1.0 + 1e-9)), sum(&|x| x <= a), sum(&|x| x >= a)]
}

proptest! {
    #[test]
    fn fisher_is_the_sum_over_tables(a in 0..30_u64, b in 0..30_u64, c in 0..30_u64, d in 0..30_u64) {
        let table = [[a, b], [c, d]];
        let expected = by_enumeration(table);
        for (side, expected) in [Side::Both, Side::Lower, Side::Upper].into_iter().zip(expected) {
            let got = fisher_exact(table, side);
            prop_assert!((got - expected).abs() < 1e-10 * expected + 1e-300, "{:?} {:?} {} {}", table, side, got, expected);
        }
    }

    #[test]
    fn fisher_does_not_change_when_the_table_is_turned(a in 0..3000_u64, b in 0..3000_u64, c in 0..3000_u64, d in 0..3000_u64) {
        let p = fisher_exact([[a, b], [c, d]], Side::Both);
        prop_assert!((0.0..=1.0).contains(&p));
        for turned in [[[c, d], [a, b]], [[b, a], [d, c]], [[a, c], [b, d]]] {
            let other = fisher_exact(turned, Side::Both);
            prop_assert!((p - other).abs() <= 1e-9 * p + 1e-300, "{} {}", p, other);
        }
    }
}
