//! Which numbers of a report a check is about.

use crate::stats::order;
use std::collections::BTreeMap;

use super::condition::{Aim, Subject};
use crate::metric::{Comparison, Estimate, Key, Source};

/// The parameter of a comparison that keeps groups with less support out of it.
pub(super) const MIN_SUPPORT: &str = "min_support";

/// Estimates by address and by metric.
pub(super) struct Index<'a> {
    by_key: BTreeMap<&'a Key, &'a Estimate>,
    by_metric: BTreeMap<&'a str, Vec<&'a Estimate>>,
}

/// A number to judge.
#[derive(Debug, Clone, Copy)]
pub(super) struct Target<'a> {
    /// It.
    pub(super) estimate: &'a Estimate,
    /// For a comparison between groups, that over all groups, however small.
    pub(super) over_all_groups: Option<&'a Estimate>,
}

impl<'a> Index<'a> {
    pub(super) fn of(estimates: &'a [Estimate]) -> Self {
        let mut by_metric: BTreeMap<&str, Vec<&Estimate>> = BTreeMap::new();
        for estimate in estimates {
            by_metric.entry(&estimate.key.metric).or_default().push(estimate);
        }
        Self {
            by_key: estimates.iter().map(|estimate| (&estimate.key, estimate)).collect(),
            by_metric,
        }
    }

    pub(super) fn get(&self, key: &Key) -> Option<&'a Estimate> {
        self.by_key.get(key).copied()
    }

    /// Whether the report holds any number of that metric.
    pub(super) fn holds(&self, metric: &str) -> bool {
        self.by_metric.contains_key(metric)
    }

    /// The groupings in which the metric was measured or compared, each as its columns, sorted.
    pub(super) fn groupings(&self, metric: &str) -> Vec<Vec<&'a str>> {
        let of_metric = self.by_metric.get(metric).into_iter().flatten();
        let mut groupings: Vec<Vec<&str>> = of_metric
            .map(|estimate| columns_of(&estimate.key))
            .filter(|columns| !columns.is_empty())
            .collect();
        order::sort(&mut groupings);
        groupings.dedup();
        groupings
    }

    /// The numbers that the subject names, in the order of their addresses, those of fewer columns first.
    pub(super) fn targets(&self, metric: &str, subject: &Subject, min_support: u64) -> Vec<Target<'a>> {
        let mut targets = match (subject.aim, subject.comparison) {
            (Aim::Overall, None | Some(Comparison::Change | Comparison::ToRestDifference)) => self.over_all_rows(metric, subject),
            (Aim::Overall, Some(_)) => self.between_groups(metric, subject, min_support),
            (Aim::EachGroup, _) => self.in_each_group(metric, subject),
        };
        order::sort_by_key(&mut targets, |target| {
            (columns_of(&target.estimate.key).len(), &target.estimate.key)
        });
        targets
    }

    fn over_all_rows(&self, metric: &str, subject: &Subject) -> Vec<Target<'a>> {
        let key = Key {
            params: subject.params.clone(),
            comparison: subject.comparison,
            slice: subject.slice.clone(),
            ..Key::overall(metric)
        };
        if let Some(estimate) = self.get(&key) {
            return vec![Target::plain(estimate)];
        }
        // A metric of columns: the number of each.
        let of_metric = self.by_metric.get(metric).into_iter().flatten().copied();
        let of_columns = of_metric.filter(|estimate| {
            let plain = Key {
                columns: Vec::new(),
                ..estimate.key.clone()
            };
            plain == key
        });
        of_columns.map(Target::plain).collect()
    }

    /// One number a grouping: that over groups with enough support, with that over all groups beside it; the latter alone where it is all there is.
    fn between_groups(&self, metric: &str, subject: &Subject, min_support: u64) -> Vec<Target<'a>> {
        let mut supported = subject.params.clone();
        supported.entry(MIN_SUPPORT.to_owned()).or_insert_with(|| min_support.to_string());
        let mut found: BTreeMap<Vec<&str>, (Option<&'a Estimate>, Option<&'a Estimate>)> = BTreeMap::new();
        for estimate in self.candidates(metric, subject).filter(|estimate| estimate.key.group.is_empty()) {
            let pair = found.entry(columns_of(&estimate.key)).or_default();
            if estimate.key.params == supported {
                pair.0 = Some(estimate);
            } else if estimate.key.params == subject.params {
                pair.1 = Some(estimate);
            }
        }
        let targets = found.into_values().filter_map(|(judged, plain)| {
            judged.or(plain).map(|estimate| Target {
                estimate,
                over_all_groups: plain,
            })
        });
        targets.collect()
    }

    /// Groups whose level is missing or that are the rest of a capped grouping are none.
    fn in_each_group(&self, metric: &str, subject: &Subject) -> Vec<Target<'a>> {
        let groups = self.candidates(metric, subject).filter(|estimate| {
            let group = &estimate.key.group;
            !group.is_empty() && group.values().all(Option::is_some) && estimate.key.params == subject.params
        });
        groups.map(Target::plain).collect()
    }

    /// Numbers of current data, whole columns and rows, with the subject's comparison and grouping.
    fn candidates<'s>(&'s self, metric: &str, subject: &'s Subject) -> impl Iterator<Item = &'a Estimate> + 's {
        let mut wanted: Vec<&str> = subject.by.iter().map(String::as_str).collect();
        order::sort(&mut wanted);
        wanted.dedup();
        let of_metric = self.by_metric.get(metric).into_iter().flatten().copied();
        of_metric.filter(move |estimate| {
            let key = &estimate.key;
            let is_whole = key.slice.is_none() && key.control.is_none() && key.window.is_none();
            let columns = columns_of(key);
            let is_wanted = if wanted.is_empty() {
                // Three features at once are judged where a check names them.
                (1..=2).contains(&columns.len())
            } else {
                columns == wanted
            };
            is_whole && key.source == Source::Current && key.comparison == subject.comparison && is_wanted
        })
    }
}

impl<'a> Target<'a> {
    const fn plain(estimate: &'a Estimate) -> Self {
        Self {
            estimate,
            over_all_groups: None,
        }
    }
}

/// The grouping columns of a number, sorted.
fn columns_of(key: &Key) -> Vec<&str> {
    let mut columns: Vec<&str> = key
        .by
        .iter()
        .map(String::as_str)
        .chain(key.group.keys().map(String::as_str))
        .collect();
    order::sort(&mut columns);
    columns.dedup();
    columns
}
