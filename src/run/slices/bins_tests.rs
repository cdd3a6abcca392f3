//! Cuts: against sorting, and what is named.

use proptest::prelude::*;

use super::*;
use crate::data::{Kind, Levels};

fn rows(len: usize, counts: Option<Vec<f64>>) -> Rows {
    Rows { counts, ..Rows::new(len) }
}

fn numbers(values: &[f64]) -> Column {
    Column {
        name: "age".to_owned(),
        kind: Kind::Numeric,
        values: Values::Numeric(values.to_vec().into()),
        missing: 0,
        invalid: 0,
    }
}

fn texts(cut: &Cut) -> Vec<String> {
    cut.slices.iter().map(ToString::to_string).collect()
}

/// The value at each rank of the sorted numbers, written out.
fn by_sorting(values: &[f64], counts: &[u64], bins: usize) -> Vec<f64> {
    let repeated = values.iter().zip(counts).flat_map(|(value, count)| vec![*value; *count as usize]);
    let mut sorted: Vec<f64> = repeated.filter(|value| !value.is_nan()).collect();
    sorted.sort_by(f64::total_cmp);
    let mut cuts: Vec<f64> = (1..bins)
        .filter_map(|part| sorted.get(sorted.len() * part / bins).copied())
        .collect();
    cuts.dedup();
    cuts.retain(|cut| cut.is_finite() && *cut > sorted[0]);
    cuts
}

#[test]
fn quartiles_are_named_by_their_limits() {
    let values: Vec<f64> = (0..100).map(f64::from).collect();
    let mut notices = Vec::new();
    let cut = cut(&numbers(&values), None, &rows(100, None), 1, &mut notices);
    assert_eq!(
        texts(&cut),
        ["age < 25", "age >= 25 and age < 50", "age >= 50 and age < 75", "age >= 75"]
    );
    assert_eq!(cut.count, 5);
    assert_eq!((cut.cells[24], cut.cells[25], cut.cells[99]), (0, 1, 3));
    assert!(notices.is_empty());
}

#[test]
fn given_cuts_are_kept_and_small_slices_not_named() {
    let mut values: Vec<f64> = (0..40).map(f64::from).collect();
    values.push(f64::NAN);
    let mut notices = Vec::new();
    let cut = cut(&numbers(&values), Some(&[2.0, 30.0]), &rows(41, None), 5, &mut notices);
    assert_eq!(texts(&cut), ["age >= 2 and age < 30", "age >= 30"]);
    assert_eq!((cut.cells[0], cut.cells[2], cut.cells[30], cut.cells[40]), (2, 0, 1, 2));
    assert_eq!((cut.small, notices.len()), (2, 0));
}

#[test]
fn few_different_numbers_are_levels() {
    let values = [1.0, 0.0, -0.0, 1.0, f64::NAN, f64::INFINITY];
    let cut = cut(&numbers(&values), None, &rows(6, None), 1, &mut Vec::new());
    assert_eq!(texts(&cut), ["age = 0", "age = 1", "age is missing"]);
    assert_eq!(cut.cells, [1, 0, 0, 1, 2, 3]);
}

#[test]
fn the_largest_levels_are_kept_in_their_order() {
    let names: Vec<String> = (0..60).map(|level| format!("l{level:02}")).collect();
    let codes: Vec<u32> = (0..60_u32).flat_map(|level| vec![level; 1 + level as usize]).collect();
    let len = codes.len();
    let column = Column {
        kind: Kind::Categorical,
        values: Values::Levels(Levels {
            codes: codes.into(),
            names,
        }),
        ..numbers(&[])
    };
    let mut notices = Vec::new();
    let cut = cut(&column, None, &rows(len, None), 1, &mut notices);
    assert_eq!(cut.slices.len(), 50);
    assert_eq!(texts(&cut)[0], "age = \"l10\"");
    assert_eq!(
        notices[0].text,
        "Of the 60 levels of column \"age\", the 50 largest are looked at as slices."
    );
    assert_eq!(cut.cells[0], 50);
}

#[test]
fn rows_that_stand_for_none_make_no_slice() {
    let counts = Some(vec![3.0, 0.0, 2.0]);
    let cut = cut(&numbers(&[1.0, 2.0, 3.0]), None, &rows(3, counts), 1, &mut Vec::new());
    assert_eq!(texts(&cut), ["age = 1", "age = 3"]);
}

proptest! {
    #[test]
    fn cuts_are_those_of_the_sorted_numbers(
        pairs in prop::collection::vec((prop_oneof![
            any::<f64>(),
            (-20..20_i32).prop_map(f64::from),
            prop::num::f64::NORMAL,
            Just(0.0), Just(-0.0)
        ], 1..4_u64), 1..60),
        bins in 2..6_usize,
    ) {
        let (values, counts): (Vec<f64>, Vec<u64>) = pairs.into_iter().map(|(value, count)| (value + 0.0, count)).unzip();
        let got = quantile_cuts(&values, |row| counts[row], bins);
        let expected = if values.iter().all(|value| value.is_nan()) { vec![] } else { by_sorting(&values, &counts, bins) };
        prop_assert_eq!(got, expected);
    }

    #[test]
    fn numbers_of_one_byte_are_cut_as_doubles_are(
        picked in prop::collection::vec((prop_oneof![
            (-120..120_i32).prop_map(f64::from),
            (0..4_i32).prop_map(f64::from),
            Just(-0.0), Just(f64::NAN), Just(f64::INFINITY), Just(f64::NEG_INFINITY)
        ], 0..4_u32), 1..40),
        are_counted in any::<bool>(),
        cuts in prop::option::of(Just(vec![-7.0, 0.0, 2.5])),
        min_support in 1..300_u64,
    ) {
        // Numbers are put into parts instead of rows where there are more rows than numbers of one byte.
        let (values, counts): (Vec<f64>, Vec<f64>) = picked.iter().map(|(value, count)| (*value, f64::from(*count))).cycle().take(600).unzip();
        let rows = rows(values.len(), are_counted.then_some(counts));
        let column = |values| Column { values: Values::Numeric(values), ..numbers(&[]) };
        let of = |values| {
            let mut notices = Vec::new();
            (cut(&column(values), cuts.as_deref(), &rows, min_support, &mut notices), notices)
        };
        let (few, wide) = (Numbers::from(values.clone()), Numbers::Wide(values));
        prop_assert!(few.narrow().is_some());
        prop_assert_eq!(of(few), of(wide));
    }
}
