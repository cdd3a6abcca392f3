//! Levels without the rare ones.

use super::model::{LevelCounts, Suppressed};
use crate::stats::order;

/// The most levels that are named.
const MOST_NAMED: usize = 2000;

/// Names the levels of at least `smallest` rows, the [`MOST_NAMED`] largest of them, and pools the others: how many they are and how many rows they
/// have together is told, which the named ones and the number of all rows would tell anyway.
///
/// ```
/// use assay::run::profile::levels::suppressed;
/// let levels = |counts: &[(&str, u64)]| counts.iter().map(|(name, rows)| (name.to_string(), *rows)).collect::<Vec<_>>();
/// let found = suppressed(&levels(&[("a", 50), ("b", 9), ("c", 3)]), 10);
/// assert_eq!(found.named, levels(&[("a", 50)]));
/// assert_eq!(found.suppressed.map(|others| (others.levels, others.rows)), Some((2, 12)));
/// ```
pub fn suppressed(levels: &[(String, u64)], smallest: u64) -> LevelCounts {
    let mut counts: Vec<u64> = levels.iter().map(|(_, rows)| *rows).collect();
    order::sort_by(&mut counts, |a, b| b.cmp(a));
    // All levels of as many rows are named, or none, so that no choice depends on names.
    let full = counts.get(MOST_NAMED).map_or(0, |rows| rows + 1);
    let least = smallest.max(full).max(1);
    let others = || levels.iter().filter(|(_, rows)| *rows < least);
    let pool = Suppressed {
        levels: others().count() as u64,
        rows: others().map(|(_, rows)| rows).sum(),
        at_most: least - 1,
    };
    LevelCounts {
        named: levels.iter().filter(|(_, rows)| *rows >= least).cloned().collect(),
        suppressed: (pool.levels > 0).then_some(pool),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn no_named_level_is_smaller(counts in proptest::collection::vec(1_u64..40, 0..12), smallest in 1_u64..20) {
            let levels: Vec<(String, u64)> = counts.iter().enumerate().map(|(place, rows)| (format!("l{place}"), *rows)).collect();
            let total: u64 = counts.iter().sum();
            let found = suppressed(&levels, smallest);
            prop_assert!(found.named.iter().all(|(_, rows)| *rows >= smallest));
            let named: u64 = found.named.iter().map(|(_, rows)| rows).sum();
            prop_assert_eq!(named + found.suppressed.map_or(0, |others| others.rows), total);
            if let Some(others) = found.suppressed {
                prop_assert_eq!(others.levels as usize + found.named.len(), counts.len());
                let largest = levels.iter().filter(|level| !found.named.contains(level)).map(|(_, rows)| *rows).max();
                prop_assert!(largest <= Some(others.at_most));
            }
        }
    }
}
