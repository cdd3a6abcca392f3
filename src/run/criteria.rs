//! Metrics between groups: the outcomes of every group of a grouping, read together.

use std::collections::BTreeMap;

use crate::metric::between::{Between, Groups};
use crate::metric::registry::METRICS;
use crate::metric::view::Subject;
use crate::metric::{Estimate, Key, Metric, Read};

use super::compare::{reference_group, strata};
use super::frame::{estimate, group_key};
use super::pass::Passed;
use super::plan::Plan;
use super::{Settings, view};

fn reader(metric: &Metric, subject: &Subject<'_>) -> Option<fn(&Groups<'_>) -> Vec<Between>> {
    metric.reads.iter().find_map(|read| match read {
        Read::Between { needs, read } if needs(subject) => Some(*read),
        _ => None,
    })
}

/// Every metric between the groups of one grouping.
pub fn criteria(plan: &Plan, passed: &Passed, settings: &Settings, grouping: usize) -> Vec<Estimate> {
    let own = &plan.partition.groupings[grouping];
    if own.columns.is_empty() {
        return Vec::new();
    }
    let subject = view::subject(plan, settings);
    let mut estimates = Vec::new();
    for (control, places) in strata(own) {
        let reference = reference_group(own, passed, settings, grouping, &places);
        let groups = Groups {
            groups: places.iter().map(|place| &passed.groups[grouping][*place].cell.outcomes).collect(),
            reference: reference.and_then(|wanted| places.iter().position(|place| own.groups[*place] == *wanted)),
            min_support: settings.min_support,
            tau: settings.tau,
            level: settings.level,
        };
        for metric in METRICS {
            let Some(read) = reader(metric, &subject) else { continue };
            for between in read(&groups) {
                let group = between.group.map(|place| group_key(own, &own.groups[places[place]]));
                let key = Key {
                    metric: metric.id.to_owned(),
                    params: between.params.into_iter().map(|(name, value)| (name.to_owned(), value)).collect(),
                    comparison: between.comparison,
                    by: own.columns.clone(),
                    control: control.cloned(),
                    reference_group: group.as_ref().and(reference).map(|reference| group_key(own, reference)),
                    group: group.unwrap_or_else(BTreeMap::new),
                    ..Key::default()
                };
                estimates.push(estimate(key, &between.reading, metric, settings));
            }
        }
    }
    estimates
}
