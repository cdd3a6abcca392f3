use proptest::prelude::*;

use super::*;

fn test(numbers: &[(f64, u64)]) -> Option<Test> {
    let some: Vec<(f64, u64)> = numbers.iter().copied().filter(|(number, _)| *number != 0.0).collect();
    let zeros = numbers.iter().filter(|(number, _)| *number == 0.0).map(|(_, count)| count).sum();
    let count = |row: usize| some[row].1;
    let sizes = Ranked::new(some.len(), &|row| some[row].0.abs(), &count);
    wilcoxon(&sizes, &|row| some[row].0 > 0.0, &count, zeros)
}

fn single(numbers: &[f64]) -> Vec<(f64, u64)> {
    numbers.iter().map(|number| (*number, 1)).collect()
}

#[test]
fn the_reference_agrees() {
    // SciPy 1.17.1, wilcoxon by its defaults: exact, exact with ties and zeros, normal with ties, exact at 50, normal at 51.
    let tied = [1.0, -1.0, 2.0, 2.0, -3.0, 4.0, 0.0, 0.0, 5.0];
    let spread = |size: u32| -> Vec<f64> { (0..size).map(|i| f64::from(i * 17 % 53) - 20.5 + f64::from(i) * 0.001).collect() };
    for (numbers, statistic, p_value) in [
        (vec![1.5, -0.3, 2.2, 4.1, -5.0, 3.3, 0.7], 8.0, 0.375),
        (tied.to_vec(), 6.5, 0.25),
        (tied.repeat(3), 52.5, 0.027_565_380_740_482_356),
        (spread(50), 377.0, 0.011_200_519_477_185_367),
        (spread(51), 414.0, 0.019_596_075_362_947_708),
        (vec![1.0], 0.0, 1.0),
        (vec![0.0, 1.0, -1.0], 1.5, 1.0),
    ] {
        let found = test(&single(&numbers)).unwrap();
        assert_eq!(found.statistic, statistic);
        assert!((found.p_value / p_value - 1.0).abs() < 1e-11, "{found:?} for {p_value}");
    }
    assert_eq!(test(&single(&[0.0, 0.0])), None);
    assert_eq!(test(&[]), None);
}

proptest! {
    #[test]
    fn counts_are_repeated_numbers(numbers in proptest::collection::vec((-3_i8..4, 1_u64..4), 1..20)) {
        let counted: Vec<(f64, u64)> = numbers.iter().map(|(number, count)| (f64::from(*number), *count)).collect();
        let repeated: Vec<f64> = counted.iter().flat_map(|(number, count)| (0..*count).map(|_| *number)).collect();
        prop_assert_eq!(test(&counted), test(&single(&repeated)));
    }
}
