//! A table's figures from its counts.

use std::collections::BTreeMap;

use super::PresetRow;
use crate::stats::hypothesis::{Side, fisher_exact, two_sided};

/// A category's counts.
#[derive(Debug, Clone)]
pub(super) struct Counted {
    pub group: BTreeMap<String, String>,
    pub persons: u64,
    pub selected: u64,
}

/// What becomes of a category with less than 2 % of the persons.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Style {
    /// It is held against the highest rate, and its size is noted.
    NoteSmall,
    /// It has no impact ratio.
    ExcludeSmall,
}

/// Whether that many of all are less than 2 %.
fn is_small(persons: u64, all: u64) -> bool {
    u128::from(persons) * 50 < u128::from(all)
}

/// The place of the highest rate: among categories of at least 2 %, where there are some; of equal rates that of most persons.
fn highest(counted: &[Counted], all: u64) -> Option<usize> {
    let has_large = counted.iter().any(|one| !is_small(one.persons, all));
    let eligible = counted
        .iter()
        .enumerate()
        .filter(|(_, one)| !has_large || !is_small(one.persons, all));
    let best = eligible.max_by(|(a_place, a), (b_place, b)| {
        let (left, right) = (
            u128::from(a.selected) * u128::from(b.persons),
            u128::from(b.selected) * u128::from(a.persons),
        );
        left.cmp(&right).then(a.persons.cmp(&b.persons)).then(b_place.cmp(a_place))
    });
    best.map(|(place, _)| place)
}

/// One rate over another, divided once, so that exactly four fifths is 0.8.
fn ratio(one: &Counted, best: &Counted) -> f64 {
    let product = |a: u64, b: u64| (u128::from(a) * u128::from(b)) as f64;
    product(one.selected, best.persons) / product(one.persons, best.selected)
}

/// How many more of `one` would have to be selected to reach `parts` of `whole` of the rate of `best`.
fn shortfall(one: &Counted, best: &Counted, (parts, whole): (u128, u128)) -> u64 {
    let wanted = (u128::from(best.selected) * u128::from(one.persons) * parts).div_ceil(u128::from(best.persons) * whole);
    wanted.saturating_sub(u128::from(one.selected)) as u64
}

/// The standard normal deviate of the difference of two rates, the variance pooled; `None` where all or none are selected.
fn deviate(one: &Counted, best: &Counted) -> Option<f64> {
    let [a, n, b, m] = [one.selected, one.persons, best.selected, best.persons].map(|count| count as f64);
    let pooled = (a + b) / (n + m);
    let variance = pooled * (1.0 - pooled) * (1.0 / n + 1.0 / m);
    (variance > 0.0).then(|| (a / n - b / m) / variance.sqrt())
}

/// Every category's figures; none of them is empty.
pub(super) fn rows(counted: Vec<Counted>, style: Style) -> Vec<PresetRow> {
    let all: u64 = counted.iter().map(|one| one.persons).sum();
    let best_place = highest(&counted, all);
    let best = best_place.map(|place| counted[place].clone());
    let row = |(place, one): (usize, Counted)| {
        let is_small = is_small(one.persons, all);
        let is_highest = best_place == Some(place);
        let is_compared = style == Style::NoteSmall || !is_small;
        let best = best.as_ref().filter(|best| best.selected > 0 && is_compared);
        let rate = one.selected as f64 / one.persons as f64;
        let tested = best.filter(|_| !is_highest);
        let z = tested.and_then(|best| deviate(&one, best));
        let fisher = |best: &Counted| {
            let table = [
                [one.selected, one.persons - one.selected],
                [best.selected, best.persons - best.selected],
            ];
            fisher_exact(table, Side::Both)
        };
        PresetRow {
            persons: one.persons,
            selected: one.selected,
            share: one.persons as f64 / all as f64,
            rate,
            impact_ratio: best.map(|best| ratio(&one, best)),
            is_highest,
            is_small,
            z,
            z_p_value: z.map(two_sided),
            fisher_p_value: tested.map(fisher),
            short_of_four_fifths: tested.map_or(0, |best| shortfall(&one, best, (4, 5))),
            short_of_parity: tested.map_or(0, |best| shortfall(&one, best, (1, 1))),
            group: one.group,
        }
    };
    counted.into_iter().enumerate().map(row).collect()
}
