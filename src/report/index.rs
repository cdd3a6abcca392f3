//! The report's numbers by address, and its groups in the order they are shown.

use crate::stats::order;
use std::collections::BTreeMap;

use super::Report;
use crate::metric::{Comparison, Estimate, Key, Source};

/// A group: its levels by column, `None` for missing.
pub type Group = BTreeMap<String, Option<String>>;

/// A group of a grouping as the report shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    /// The levels.
    pub group: Group,
    /// Whether it stands for the small groups of a capped grouping.
    pub is_rest: bool,
    /// Its rows.
    pub rows: u64,
}

/// See the module's doc.
pub struct Index<'a> {
    /// The report.
    pub report: &'a Report,
    by_key: BTreeMap<&'a Key, &'a Estimate>,
}

impl<'a> Index<'a> {
    /// Indexes a report.
    pub fn new(report: &'a Report) -> Self {
        Self {
            report,
            by_key: report.estimates.iter().map(|estimate| (&estimate.key, estimate)).collect(),
        }
    }

    /// The number at that address.
    pub fn get(&self, key: &Key) -> Option<&'a Estimate> {
        self.by_key.get(key).copied()
    }

    /// The plain number over all rows.
    pub fn overall(&self, metric: &str) -> Option<&'a Estimate> {
        self.get(&Key::overall(metric))
    }

    /// The number over all rows for one class.
    pub fn of_class(&self, metric: &str, class: &str) -> Option<&'a Estimate> {
        self.of_part(metric, "class", class)
    }

    /// The number over all rows for one class or one label: the parameter that tells them apart, and its name.
    pub fn of_part(&self, metric: &str, part: &str, name: &str) -> Option<&'a Estimate> {
        self.get(&Key {
            params: BTreeMap::from([(part.to_owned(), name.to_owned())]),
            ..Key::overall(metric)
        })
    }

    /// A group's number.
    pub fn of_group(&self, metric: &str, listed: &Listed) -> Option<&'a Estimate> {
        self.get(&Key {
            params: rest_params(listed.is_rest),
            group: listed.group.clone(),
            ..Key::overall(metric)
        })
    }

    /// A comparison over the groups of `by`: over those with enough rows, or over all.
    pub fn gap(&self, metric: &str, comparison: Comparison, by: &[String], only_judged: bool) -> Option<&'a Estimate> {
        let mut params = BTreeMap::new();
        if only_judged {
            params.insert("min_support".to_owned(), self.report.settings.min_support.to_string());
        }
        self.get(&Key {
            params,
            comparison: Some(comparison),
            by: by.to_vec(),
            ..Key::overall(metric)
        })
    }

    /// The groups of a grouping: the largest first, missing levels and the rest at the end.
    pub fn groups(&self, grouping: &[String]) -> Vec<Listed> {
        let mut found: BTreeMap<(&Group, bool), (bool, u64)> = BTreeMap::new();
        for estimate in &self.report.estimates {
            let key = &estimate.key;
            if is_of_grouping(key, grouping) {
                let rows = found.entry((&key.group, key.params.contains_key("rest"))).or_default();
                // The rows behind the count of rows where the report has it, else the largest denominator.
                *rows = (*rows).max((key.metric == "rows", estimate.support));
            }
        }
        let mut listed: Vec<Listed> = found
            .into_iter()
            .map(|((group, is_rest), (_, rows))| Listed {
                group: group.clone(),
                is_rest,
                rows,
            })
            .collect();
        let is_last = |group: &Listed| group.is_rest || group.group.values().any(Option::is_none);
        order::sort_by(&mut listed, |a, b| {
            (is_last(a), b.rows, &a.group).cmp(&(is_last(b), a.rows, &b.group))
        });
        listed
    }

    /// Groups with a value and enough rows behind it, lowest first; missing levels and the rest are no groups to compare.
    pub fn judged(&self, metric: &str, grouping: &[String]) -> Vec<(Listed, &'a Estimate)> {
        let mut judged: Vec<(Listed, &'a Estimate)> = self
            .groups(grouping)
            .into_iter()
            .filter(|listed| !listed.is_rest && listed.group.values().all(Option::is_some))
            .filter_map(|listed| {
                let estimate = self.of_group(metric, &listed)?;
                let is_judged = estimate.value.is_some() && estimate.support >= self.report.settings.min_support;
                is_judged.then_some((listed, estimate))
            })
            .collect();
        let value = |estimate: &Estimate| estimate.value.unwrap_or(0.0);
        order::sort_by(&mut judged, |a, b| value(a.1).total_cmp(&value(b.1)));
        judged
    }

    /// Every plain number over all rows, in the report's order.
    pub fn all_overall(&self) -> impl Iterator<Item = &'a Estimate> {
        self.report
            .estimates
            .iter()
            .filter(|estimate| estimate.key == Key::overall(&estimate.key.metric))
    }
}

/// The single sensitive features, each with the groups that others can be compared with, the largest first; not more than a list can show.
pub fn features(report: &Report) -> Vec<(String, Vec<String>)> {
    const MOST: usize = 50;
    let index = Index::new(report);
    let levels = |by: &Vec<String>| {
        let groups = index.groups(by).into_iter().filter(|listed| !listed.is_rest);
        let levels = groups.filter_map(|listed| listed.group.into_values().next().flatten());
        (by.concat(), levels.take(MOST).collect())
    };
    report.groupings.iter().filter(|by| by.len() == 1).map(levels).collect()
}

/// The two classes, the positive one first; empty where there are not two.
pub fn classes(report: &Report) -> Vec<String> {
    let Some(positive) = &report.outcome.positive_class else {
        return Vec::new();
    };
    let others = report.outcome.classes.iter().filter(|class| *class != positive);
    std::iter::once(positive).chain(others).cloned().collect()
}

fn rest_params(is_rest: bool) -> BTreeMap<String, String> {
    if is_rest {
        BTreeMap::from([("rest".to_owned(), "true".to_owned())])
    } else {
        BTreeMap::new()
    }
}

fn is_of_grouping(key: &Key, grouping: &[String]) -> bool {
    key.source == Source::Current
        && key.columns.is_empty()
        && key.comparison.is_none()
        && !key.params.contains_key("absent")
        && key.slice.is_none()
        && key.window.is_none()
        && key.control.is_none()
        && key.group.len() == grouping.len()
        && grouping.iter().all(|column| key.group.contains_key(column))
}
