//! Which columns hold the ids, where that was not given.

use super::{JoinError, Sorted, sorted};
use crate::data::Table;
use crate::data::keys::same_name;
use crate::data::names::Name;

/// The places of the two id columns among those whose ids were kept.
pub(super) fn choose(predictions: &Table, labels: &Table) -> Result<(usize, usize), JoinError> {
    let own: Vec<Sorted> = predictions.keys.iter().map(sorted).collect();
    let others: Vec<Sorted> = labels.keys.iter().map(sorted).collect();
    let mut best_named: Option<(u64, (usize, usize))> = None;
    let mut best_other: Option<(u64, (usize, usize))> = None;
    for (j, labels_keys) in labels.keys.iter().enumerate() {
        for (i, keys) in predictions.keys.iter().enumerate() {
            let (own, other) = (&own[i], &others[j]);
            let is_id = Name::of(&labels_keys.column).id().is_some();
            let common = || common(own, other);
            if same_name(&keys.column, &labels_keys.column) && (is_id || other.are_different()) {
                let both = common();
                if both > 0 || is_id {
                    better(&mut best_named, both, (i, j));
                }
            } else if own.are_different() && other.are_different() {
                let (both, fewer) = (common(), own.0.len().min(other.0.len()) as u64);
                // Two rows may well have the same number by chance.
                if fewer > 1 && both * 2 >= fewer {
                    better(&mut best_other, both, (i, j));
                }
            }
        }
    }
    // Ids of one name that have nothing in common are to be looked at, not passed over.
    best_named
        .or(best_other)
        .map(|(_, places)| places)
        .ok_or_else(|| JoinError::NoCommonId {
            predictions: (predictions.intake.name.clone(), names(predictions)),
            labels: (labels.intake.name.clone(), names(labels)),
        })
}

/// Takes another pair if it has more in common.
fn better(best: &mut Option<(u64, (usize, usize))>, common: u64, places: (usize, usize)) {
    if best.is_none_or(|(most, _)| common > most) {
        *best = Some((common, places));
    }
}

/// How many ids both have.
fn common(a: &Sorted, b: &Sorted) -> u64 {
    let mut groups = b.groups().peekable();
    let is_in_both = |group: &&[(u128, u32)]| {
        while groups.next_if(|other| other[0].0 < group[0].0).is_some() {}
        groups.next_if(|other| other[0].0 == group[0].0).is_some()
    };
    a.groups().filter(is_in_both).count() as u64
}

fn names(table: &Table) -> Vec<String> {
    table.columns.iter().map(|column| column.name.clone()).collect()
}
