//! Levels without the rare ones.

use super::model::{LevelCounts, Suppressed};
use crate::stats::order;

/// The most levels that are named.
const MOST_NAMED: usize = 2000;

/// Names the levels of at least `smallest` rows, the [`MOST_NAMED`] largest of them, and pools the others: until those have as many rows together,
/// too, the next larger level joins them, so that none can be told from what is left of all rows.
///
/// ```
/// use assay::run::profile::levels::suppressed;
/// let levels = |counts: &[(&str, u64)]| counts.iter().map(|(name, rows)| (name.to_string(), *rows)).collect::<Vec<_>>();
/// let found = suppressed(&levels(&[("a", 50), ("b", 12), ("c", 3)]), 10);
/// // "c" alone would be 3 rows; with "b" they are 15.
/// assert_eq!(found.named, levels(&[("a", 50)]));
/// assert_eq!(found.suppressed.map(|others| (others.levels, others.rows)), Some((2, 15)));
/// ```
pub fn suppressed(levels: &[(String, u64)], smallest: u64) -> LevelCounts {
    let mut places: Vec<usize> = (0..levels.len()).collect();
    order::sort_by(&mut places, |a, b| levels[*b].1.cmp(&levels[*a].1));
    // All levels of as many rows are named, or none, so that no choice depends on names.
    let full = places.get(MOST_NAMED).map_or(0, |place| levels[*place].1 + 1);
    let mut least = smallest.max(full).max(1);
    loop {
        let others = || levels.iter().filter(|(_, rows)| *rows < least);
        let pool = Suppressed {
            levels: others().count() as u64,
            rows: others().map(|(_, rows)| rows).sum(),
            at_most: least - 1,
        };
        let larger = levels.iter().map(|(_, rows)| *rows).filter(|rows| *rows >= least).min();
        match larger {
            // The level that hides the others makes the pool large enough by itself.
            Some(larger) if pool.levels > 0 && pool.rows < smallest => least = larger + 1,
            _ => {
                return LevelCounts {
                    named: levels.iter().filter(|(_, rows)| *rows >= least).cloned().collect(),
                    suppressed: (pool.levels > 0).then_some(pool),
                };
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn no_level_and_no_pool_is_smaller(counts in proptest::collection::vec(1_u64..40, 0..12), smallest in 1_u64..20) {
            let levels: Vec<(String, u64)> = counts.iter().enumerate().map(|(place, rows)| (format!("l{place}"), *rows)).collect();
            let total: u64 = counts.iter().sum();
            let found = suppressed(&levels, smallest);
            prop_assert!(found.named.iter().all(|(_, rows)| *rows >= smallest));
            let named: u64 = found.named.iter().map(|(_, rows)| rows).sum();
            prop_assert_eq!(named + found.suppressed.map_or(0, |others| others.rows), total);
            if let Some(others) = found.suppressed {
                prop_assert!(others.rows >= smallest.min(total));
                prop_assert_eq!(others.levels as usize + found.named.len(), counts.len());
                let largest = levels.iter().filter(|level| !found.named.contains(level)).map(|(_, rows)| *rows).max();
                prop_assert!(largest <= Some(others.at_most));
            }
        }
    }
}
