//! The metric names nearest to a name that is none.

use crate::metric::registry::{self, METRICS, Metric};
use crate::stats::order;

/// At most this many are offered.
const OFFERED: usize = 3;

/// The metric that is called so: by id or alias, or by its name in any case and with spaces or hyphens for underscores.
pub(crate) fn called(name: &str) -> Option<&'static Metric> {
    let plain = normal(name);
    registry::find(name)
        .or_else(|| registry::find(&plain))
        .or_else(|| METRICS.iter().find(|metric| normal(metric.name) == plain))
}

/// The ids of up to three metrics whose id, alias or name is near to `name`, nearest first; empty where none is.
pub(crate) fn nearest(name: &str) -> Vec<&'static str> {
    let plain = normal(name);
    let mut near: Vec<(usize, &'static str)> = METRICS
        .iter()
        .filter_map(|metric| Some((distance_to(metric, &plain)?, metric.id)))
        .collect();
    order::sort(&mut near);
    near.into_iter().take(OFFERED).map(|(_, id)| id).collect()
}

/// The nearest names as the end of a message, or where to look.
pub(crate) fn suggestion(nearest: &[&str]) -> String {
    match nearest {
        [] => "The list of metrics shows what can be measured.".to_owned(),
        [only] => format!("Is {only} meant?"),
        [rest @ .., last] => format!("Is {} or {last} meant?", rest.join(", ")),
    }
}

fn normal(name: &str) -> String {
    name.to_lowercase().replace([' ', '-'], "_")
}

/// How far the metric's nearest name is, if near at all: a third of the letters may differ, or one name may be part of the other.
fn distance_to(metric: &Metric, plain: &str) -> Option<usize> {
    let names = std::iter::once(metric.id.to_owned()).chain(metric.aliases.iter().map(|&alias| alias.to_owned()));
    names
        .chain(std::iter::once(normal(metric.name)))
        .filter_map(|known| {
            let apart = edits(&known, plain);
            let room = (known.chars().count().min(plain.chars().count()) / 3).max(1);
            let part = plain.len() >= 3 && known.contains(plain) || known.len() >= 3 && plain.contains(&known);
            (apart <= room || part).then_some(apart)
        })
        .min()
}

/// Levenshtein's distance: insertions, deletions and substitutions of a character.
fn edits(left: &str, right: &str) -> usize {
    let right: Vec<char> = right.chars().take(64).collect();
    let mut row: Vec<usize> = (0..=right.len()).collect();
    for (i, a) in left.chars().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, &b) in right.iter().enumerate() {
            let substituted = diagonal + usize::from(a != b);
            diagonal = row[j + 1];
            row[j + 1] = substituted.min(diagonal + 1).min(row[j] + 1);
        }
    }
    row[right.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_metric_is_called_by_id_alias_or_name() {
        for name in ["false_positive_rate", "fpr", "False positive rate", "false-positive rate"] {
            assert_eq!(called(name).map(|metric| metric.id), Some("false_positive_rate"), "{name}");
        }
        assert!(called("").is_none());
    }

    #[test]
    fn the_nearest_names_are_offered_nearest_first() {
        assert_eq!(nearest("acuracy").first(), Some(&"accuracy"));
        assert_eq!(nearest("recal").first(), Some(&"recall"));
        assert!(nearest("positive_rate").contains(&"false_positive_rate"));
        assert!(nearest("zzzzzzzz").is_empty());
    }

    #[test]
    fn edits_are_levenshteins() {
        assert_eq!(edits("kitten", "sitting"), 3);
        assert_eq!(edits("", "abc"), 3);
        assert_eq!(edits("same", "same"), 0);
    }
}
