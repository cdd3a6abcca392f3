use std::collections::BTreeMap;

use proptest::prelude::*;

use super::*;
use crate::metric::drift::cells::deciles;
use crate::metric::sample::{Distribution, SampleKind};

fn sample(numbers: &[(f64, u64)]) -> Sample {
    let rows = numbers.iter().map(|(_, count)| count).sum();
    Sample::new(SampleKind::Numbers, rows, 0, Distribution::Numbers(numbers.to_vec()))
}

fn of(numbers: &[(f64, u64)], smallest: u64) -> Option<Sketch> {
    let sample = sample(numbers);
    sketch(&sample, &deciles(&sample), smallest)
}

#[test]
fn frequent_numbers_are_kept_and_others_are_between_edges() {
    let found = of(&[(0.0, 40), (1.0, 3), (2.0, 4), (3.0, 5), (9.0, 20)], 10).unwrap();
    let cells = [
        SketchCell(Some(0.0), Some(0.0), 40),
        SketchCell(Some(0.0), Some(9.0), 12),
        SketchCell(Some(9.0), Some(9.0), 20),
    ];
    assert_eq!(found.cells, cells);
    assert_eq!((found.low_mean, found.high_mean), (None, None));
    assert!(of(&[(1.0, 4), (2.0, 5)], 10).is_none());
}

#[test]
fn deciles_between_two_frequent_numbers_are_where_no_row_is() {
    let numbers: Vec<(f64, u64)> = (0..16).map(|value| (f64::from(value), 25)).collect();
    let found = of(&numbers, 10).unwrap();
    // Of 400 rows, the median is between the 200th and the 201st.
    assert_eq!(found.tenths[4], Tenth(Some(7.0), Some(8.0), 200));
    assert_eq!(found.check(400), Ok(()));
}

#[test]
fn few_rows_beside_a_frequent_number_hide_it() {
    let found = of(&[(-1.0, 2), (0.0, 40), (5.0, 30)], 10).unwrap();
    assert_eq!(found.cells[0], SketchCell(None, Some(5.0), 42));
    assert!((found.low_mean.unwrap() + 2.0 / 42.0).abs() < 1e-15);
}

#[test]
fn infinite_numbers_have_no_edge_and_no_mean() {
    let mut numbers: Vec<(f64, u64)> = (0..40).map(|value| (f64::from(value), 1)).collect();
    numbers.insert(0, (f64::NEG_INFINITY, 12));
    numbers.push((f64::INFINITY, 30));
    let found = of(&numbers, 10).unwrap();
    assert_eq!((found.mean, found.sd, found.low_mean, found.high_mean), (None, None, None, None));
    assert!(
        found
            .cells
            .iter()
            .all(|cell| cell.0.is_none_or(f64::is_finite) && cell.1.is_none_or(f64::is_finite))
    );
    assert_eq!(found.cells.iter().map(|cell| cell.2).sum::<u64>(), 82);
    assert_eq!(of(&[(f64::INFINITY, 20)], 10).unwrap().cells, [SketchCell(None, None, 20)]);
}

#[test]
fn many_numbers_have_narrow_cells() {
    let numbers: Vec<(f64, u64)> = (0..100_000).map(|value| (f64::from(value) * 0.37, 1)).collect();
    let found = of(&numbers, 10).unwrap();
    assert!((250..330).contains(&found.cells.len()), "{}", found.cells.len());
    assert!(found.cells.iter().all(|cell| cell.2 >= 10 && cell.2 <= 410));
    assert_eq!(found.tenths.len(), 9);
    assert!(found.tenths.iter().all(|tenth| tenth.0 == tenth.1));
}

/// Numbers of many shapes: few or many distinct ones, some frequent.
pub(in crate::run::profile) fn numbers() -> impl Strategy<Value = Vec<(f64, u64)>> {
    let number = prop_oneof![
        (-40_i32..40).prop_map(f64::from),
        (-1.0_f64..1.0).prop_map(|x| x * x * x * 100.0),
        Just(0.0),
        Just(7.0)
    ];
    let count = prop_oneof![4 => Just(1_u64), 2 => 1_u64..4, 1 => 5_u64..60];
    proptest::collection::vec((number, count), 1..160).prop_map(|rows| {
        let mut counted: BTreeMap<i64, (f64, u64)> = BTreeMap::new();
        for (value, count) in rows {
            let key = crate::stats::rank::rising_key(value) as i64 ^ i64::MIN;
            counted.entry(key).or_insert((value + 0.0, 0)).1 += count;
        }
        counted.into_values().collect()
    })
}

proptest! {
    #[test]
    fn cells_are_large_enough_follow_each_other_and_hold_their_rows(numbers in numbers(), smallest in 1_u64..16) {
        let total: u64 = numbers.iter().map(|(_, count)| count).sum();
        let Some(found) = of(&numbers, smallest) else {
            prop_assert!(total < smallest);
            return Ok(());
        };
        let mut rest = numbers.iter();
        for cell in &found.cells {
            prop_assert!(cell.2 >= smallest);
            let mut rows = 0;
            while rows < cell.2 {
                let (value, count) = rest.next().unwrap();
                rows += count;
                match cell.atom() {
                    Some(atom) => prop_assert_eq!(*value, atom),
                    None => prop_assert!(cell.0.is_none_or(|low| low < *value) && cell.1.is_none_or(|high| *value < high), "{value} {cell:?}"),
                }
            }
            prop_assert_eq!(rows, cell.2);
        }
        // What is written is read again.
        prop_assert_eq!(found.check(total), Ok(()));
        for tenth in &found.tenths {
            let below = |x: f64| numbers.iter().filter(|(value, _)| *value < x).map(|(_, count)| count).sum::<u64>();
            if let (Some(low), true) = (tenth.0, tenth.0 == tenth.1) {
                prop_assert_eq!(below(low), tenth.2);
            }
        }
    }

    #[test]
    fn no_rare_number_is_named(numbers in numbers(), smallest in 1_u64..16) {
        let Some(found) = of(&numbers, smallest) else { return Ok(()) };
        let named = found.cells.iter().flat_map(|cell| [cell.0, cell.1]).chain(found.tenths.iter().flat_map(|tenth| [tenth.0, tenth.1])).flatten();
        for value in named {
            let rows = numbers.iter().find(|(own, _)| *own == value).map(|(_, count)| *count);
            prop_assert!(rows.is_none_or(|rows| rows >= smallest), "{value}");
        }
    }
}
