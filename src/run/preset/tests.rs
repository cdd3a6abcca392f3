//! A table's figures against counts done by hand.

use std::collections::BTreeMap;

use super::PresetRow;
use super::table::{Counted, Style, rows};

fn counted(of: &[(u64, u64)]) -> Vec<Counted> {
    let one = |(place, (persons, selected)): (usize, &(u64, u64))| Counted {
        group: BTreeMap::from([("sex".to_owned(), place.to_string())]),
        persons: *persons,
        selected: *selected,
    };
    of.iter().enumerate().map(one).collect()
}

fn made(of: &[(u64, u64)]) -> Vec<PresetRow> {
    rows(counted(of), Style::NoteSmall)
}

#[test]
fn a_shortfall_is_in_whole_persons() {
    // 48 of 80 and 12 of 40: the guidelines' own questions and answers hold such rates against each other.
    let rows = made(&[(80, 48), (40, 12)]);
    assert_eq!((rows[0].rate, rows[0].impact_ratio, rows[0].is_highest), (0.6, Some(1.0), true));
    assert_eq!(rows[1].impact_ratio, Some(0.5));
    // Four fifths of 60 % of 40 are 19.2 persons, so 20 have to be selected; 24 for the same rate.
    assert_eq!((rows[1].short_of_four_fifths, rows[1].short_of_parity), (8, 12));
    assert_eq!((rows[0].short_of_four_fifths, rows[0].short_of_parity), (0, 0));
    assert!(
        rows[1].z.is_some_and(|z| (z + 3.098_386_676_965_933).abs() < 1e-12),
        "{:?}",
        rows[1].z
    );
    assert!(rows[1].fisher_p_value.is_some_and(|p| (p - 0.003_314_9).abs() < 1e-4), "{rows:?}");
}

#[test]
fn exactly_four_fifths_is_no_shortfall() {
    let rows = made(&[(100, 50), (100, 40)]);
    assert_eq!((rows[1].impact_ratio, rows[1].short_of_four_fifths), (Some(0.8), 0));
    let rows = made(&[(100, 60), (100, 48), (300, 144)]);
    assert_eq!((rows[1].impact_ratio, rows[2].impact_ratio), (Some(0.8), Some(0.8)));
}

#[test]
fn where_nobody_is_selected_there_is_no_ratio() {
    for row in made(&[(50, 0), (60, 0)]) {
        assert_eq!(
            (row.impact_ratio, row.z, row.fisher_p_value, row.short_of_parity),
            (None, None, None, 0)
        );
    }
}

#[test]
fn a_category_below_two_percent_is_not_the_highest_and_may_be_left_out() {
    let of = [(500, 100), (481, 120), (19, 19)];
    let noted = made(&of);
    assert!(noted[1].is_highest && noted[2].is_small && !noted[2].is_highest);
    assert!(noted[2].impact_ratio.is_some_and(|ratio| ratio > 4.0));
    let excluded = rows(counted(&of), Style::ExcludeSmall);
    assert_eq!((excluded[2].impact_ratio, excluded[2].rate), (None, 1.0));
    // Exactly 2 % is not below it.
    assert!(!made(&[(980, 1), (20, 1)])[1].is_small);
}

#[test]
fn of_equal_rates_the_larger_category_is_the_highest() {
    let rows = made(&[(10, 5), (40, 20), (30, 15)]);
    let highest: Vec<bool> = rows.iter().map(|row| row.is_highest).collect();
    assert_eq!(highest, [false, true, false]);
    assert!(rows.iter().all(|row| row.impact_ratio == Some(1.0)));
}

#[test]
fn many_small_categories_are_held_against_the_highest_of_them() {
    let of: Vec<(u64, u64)> = (0..60).map(|place| (100, place)).collect();
    let rows = made(&of);
    assert!(rows.iter().all(|row| row.is_small));
    assert!(rows[59].is_highest);
}
