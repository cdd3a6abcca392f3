//! Comparisons between the groups of a grouping: fairness, drift between groups, any "how far apart".
//!
//! Groups with a missing level and the marked rest are left out. Every gap comes twice: over all groups, and over groups with enough
//! support (parameter `min_support`), which is what checks judge.

use crate::metric::reading::{Evidence, Reading};
use crate::metric::{Compare, Comparison, Estimate, Key, UndefinedCode};
use crate::stats::interval::{self, Interval, Measured, Method, Share};

use super::frame::{Series, estimate, group_key};
use super::grouping::{Group, Grouping};
use super::pass::Passed;
use super::plan::Plan;
use super::{ReferenceRule, Settings, ShareInterval};

/// A group's reading.
struct Entry<'a> {
    group: &'a Group,
    reading: Reading,
}

impl Entry<'_> {
    fn value(&self) -> Option<f64> {
        self.reading.value.ok().filter(|value| value.is_finite())
    }
}

/// The groups that are compared with each other, by their places: all of a grouping, or those within each level of its control feature.
pub(super) fn strata(own: &Grouping) -> Vec<(Option<&String>, Vec<usize>)> {
    let mut strata: Vec<(Option<&String>, Vec<usize>)> = Vec::new();
    for (place, group) in own.groups.iter().enumerate().filter(|(_, group)| group.is_compared()) {
        match strata.iter_mut().find(|(control, _)| *control == group.control.as_ref()) {
            Some((_, places)) => places.push(place),
            None => strata.push((group.control.as_ref(), vec![place])),
        }
    }
    strata
}

/// All comparisons of one grouping.
pub fn comparisons(plan: &Plan, passed: &Passed, settings: &Settings, grouping: usize, series: &[Series]) -> Vec<Estimate> {
    let own = &plan.partition.groupings[grouping];
    if own.columns.is_empty() {
        return Vec::new();
    }
    let mut estimates = Vec::new();
    for (control, places) in strata(own) {
        let largest = reference_group(own, passed, settings, grouping, &places);
        for form in series.iter().filter(|form| form.metric.compare != Compare::No) {
            let entry = |place: &usize| Entry {
                group: &own.groups[*place],
                reading: form.groups[*place],
            };
            let entries: Vec<Entry<'_>> = places.iter().map(entry).collect();
            let reference = match settings.reference_rule {
                ReferenceRule::Largest => largest,
                ReferenceRule::Lowest => extreme(&entries, 1.0),
                ReferenceRule::Highest => extreme(&entries, -1.0),
            };
            let comparer = Comparer {
                own,
                form,
                settings,
                control,
            };
            estimates.extend(comparer.gaps(&entries, None));
            estimates.extend(comparer.gaps(&entries, Some(settings.min_support)));
            if control.is_none() {
                estimates.extend(comparer.to_overall(&entries, &form.overall));
            }
            if let Some(reference) = reference {
                estimates.extend(comparer.to_reference(&entries, reference));
            }
        }
    }
    estimates
}

/// The group that others are compared with: the one set, else the one with most rows, the first among equals.
pub(super) fn reference_group<'a>(
    own: &'a Grouping,
    passed: &Passed,
    settings: &Settings,
    grouping: usize,
    places: &[usize],
) -> Option<&'a Group> {
    let set: Vec<Option<&String>> = own.columns.iter().map(|column| settings.reference_groups.get(column)).collect();
    let is_set = |group: &&Group| set.iter().zip(&group.levels).all(|(wanted, level)| *wanted == level.as_ref());
    if set.iter().all(Option::is_some)
        && let Some(group) = places.iter().map(|place| &own.groups[*place]).find(is_set)
    {
        return Some(group);
    }
    let rows = |place: usize| {
        let cell = &passed.groups[grouping][place].cell;
        let counted = cell.outcomes.tally(crate::metric::cells::Cells::ALL).rows();
        let classes = cell
            .classes
            .read(crate::metric::multiclass::ClassReader::Rows, 0)
            .map_or(0, |reading| reading.support);
        counted
            + classes
            + cell
                .residuals
                .as_deref()
                .map_or(0, |residuals| crate::metric::regression::rows(residuals).support)
    };
    let largest = places.iter().max_by_key(|place| (rows(**place), std::cmp::Reverse(**place)));
    largest.map(|place| &own.groups[*place])
}

/// The group with the lowest value times `sign`; the first among equals, `None` where no group has a value.
fn extreme<'a>(entries: &[Entry<'a>], sign: f64) -> Option<&'a Group> {
    let valued = entries.iter().filter_map(|entry| Some((entry.group, entry.value()? * sign)));
    valued.min_by(|a, b| a.1.total_cmp(&b.1)).map(|(group, _)| group)
}

struct Comparer<'a> {
    own: &'a Grouping,
    form: &'a Series,
    settings: &'a Settings,
    control: Option<&'a String>,
}

impl Comparer<'_> {
    fn has_ratio(&self) -> bool {
        self.form.metric.compare == Compare::Both
    }

    fn key(&self, comparison: Comparison) -> Key {
        Key {
            metric: self.form.metric.id.to_owned(),
            params: self.form.params.clone(),
            comparison: Some(comparison),
            by: self.own.columns.clone(),
            control: self.control.cloned(),
            ..Key::default()
        }
    }

    fn estimate(&self, key: Key, value: Result<f64, UndefinedCode>, support: u64, interval: Option<Interval>) -> Estimate {
        let reading = Reading {
            value,
            support,
            evidence: Evidence::None,
        };
        let interval = interval.filter(|interval| interval.low.is_finite() && interval.high.is_finite());
        let mut estimate = estimate(key, &reading, self.form.metric, self.settings);
        estimate.interval = estimate.value.and(interval);
        estimate
    }

    /// Largest minus smallest, smallest over largest, smallest and largest.
    fn gaps(&self, entries: &[Entry<'_>], min_support: Option<u64>) -> Vec<Estimate> {
        let chosen: Vec<&Entry<'_>> = entries
            .iter()
            .filter(|entry| entry.value().is_some() && min_support.is_none_or(|least| entry.reading.support >= least))
            .collect();
        let values: Vec<f64> = chosen.iter().filter_map(|entry| entry.value()).collect();
        let support = chosen.iter().map(|entry| entry.reading.support).min().unwrap_or(0);
        let low = values.iter().copied().fold(f64::INFINITY, f64::min);
        let high = values.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        let enough = values.len() >= 2;
        let key = |comparison| {
            let mut key = self.key(comparison);
            if let Some(least) = min_support {
                key.params.insert("min_support".to_owned(), least.to_string());
            }
            key
        };
        let evidence = GroupEvidence::of(&chosen);
        let level = self.settings.level;
        let mut gaps = Vec::new();
        let difference = if enough { Ok(high - low) } else { Err(UndefinedCode::TooFewGroups) };
        gaps.push(self.estimate(key(Comparison::Difference), difference, support, evidence.gap(level)));
        if self.has_ratio() {
            let ratio = match (enough, high > 0.0) {
                (false, _) => Err(UndefinedCode::TooFewGroups),
                (true, false) => Err(UndefinedCode::ZeroDenominator),
                (true, true) => Ok(low / high),
            };
            gaps.push(self.estimate(key(Comparison::Ratio), ratio, support, evidence.smallest_ratio(level)));
        }
        if min_support.is_none() {
            let some = |value: f64| {
                if values.is_empty() {
                    Err(UndefinedCode::TooFewGroups)
                } else {
                    Ok(value)
                }
            };
            gaps.push(self.estimate(key(Comparison::GroupMin), some(low), support, None));
            gaps.push(self.estimate(key(Comparison::GroupMax), some(high), support, None));
        }
        gaps
    }

    /// The group farthest from all rows. A group is part of all rows, so the two are not independent and no interval is given.
    fn to_overall(&self, entries: &[Entry<'_>], overall: &Reading) -> Vec<Estimate> {
        let overall = overall.value.ok().filter(|value| value.is_finite());
        let values: Vec<f64> = entries.iter().filter_map(Entry::value).collect();
        let support = entries
            .iter()
            .filter(|entry| entry.value().is_some())
            .map(|entry| entry.reading.support)
            .min()
            .unwrap_or(0);
        let Some(overall) = overall.filter(|_| !values.is_empty()) else {
            let code = UndefinedCode::TooFewGroups;
            return vec![self.estimate(self.key(Comparison::ToOverallDifference), Err(code), support, None)];
        };
        let farthest = values.iter().map(|value| (value - overall).abs()).fold(0.0, f64::max);
        let mut estimates = vec![self.estimate(self.key(Comparison::ToOverallDifference), Ok(farthest), support, None)];
        if self.has_ratio() {
            let folded = |value: f64| if value < overall { value / overall } else { overall / value };
            let smallest = values
                .iter()
                .map(|value| folded(*value))
                .filter(|ratio| !ratio.is_nan())
                .fold(f64::INFINITY, f64::min);
            let ratio = if smallest.is_finite() {
                Ok(smallest)
            } else {
                Err(UndefinedCode::ZeroDenominator)
            };
            estimates.push(self.estimate(self.key(Comparison::ToOverallRatio), ratio, support, None));
        }
        estimates
    }

    /// Every group against the reference group.
    fn to_reference(&self, entries: &[Entry<'_>], reference: &Group) -> Vec<Estimate> {
        let Some(base) = entries.iter().find(|entry| entry.group == reference) else {
            return Vec::new();
        };
        let level = self.settings.level;
        let mut estimates = Vec::new();
        for entry in entries {
            let is_reference = entry.group == reference;
            let support = entry.reading.support.min(base.reading.support);
            let key = |comparison| Key {
                group: group_key(self.own, entry.group),
                reference_group: Some(group_key(self.own, reference)),
                ..self.key(comparison)
            };
            let own_code = entry.reading.value.err();
            let pair = entry.value().zip(base.value());
            let difference = pair.map(|(a, b)| a - b).ok_or(own_code.unwrap_or(UndefinedCode::ReferenceUnusable));
            let limits = (!is_reference)
                .then(|| pair_difference(&entry.reading, &base.reading, self.settings))
                .flatten();
            estimates.push(self.estimate(key(Comparison::ToReferenceDifference), difference, support, limits));
            if self.has_ratio() {
                let ratio = pair
                    .filter(|(_, b)| *b != 0.0)
                    .map(|(a, b)| a / b)
                    .ok_or(own_code.unwrap_or(UndefinedCode::ReferenceUnusable));
                let limits = (!is_reference).then(|| pair_ratio(&entry.reading, &base.reading, level)).flatten();
                estimates.push(self.estimate(key(Comparison::ToReferenceRatio), ratio, support, limits));
            }
        }
        estimates
    }
}

/// A reading's standard error on its own scale.
pub(super) fn measured(reading: &Reading) -> Option<Measured> {
    let value = reading.value.ok()?;
    let standard_error = reading.evidence.standard_error(value)?;
    Some(Measured { value, standard_error })
}

pub(super) fn share(reading: &Reading) -> Option<Share> {
    match reading.evidence {
        Evidence::Share(share) => Some(share),
        _ => None,
    }
}

/// Newcombe's limits for two shares, or the normal approximation where that was asked for.
pub(super) fn pair_difference(a: &Reading, b: &Reading, settings: &Settings) -> Option<Interval> {
    let level = settings.level;
    match (share(a), share(b)) {
        (Some(a), Some(b)) if settings.interval == ShareInterval::Wald => {
            interval::difference_measured(normal(a), normal(b), level).map(|limits| Interval {
                method: Method::Wald,
                ..limits
            })
        }
        (Some(a), Some(b)) => Some(interval::newcombe_difference(a, b, level)),
        _ => interval::difference_measured(measured(a)?, measured(b)?, level),
    }
}

/// A share with the standard error of its normal approximation.
fn normal(share: Share) -> Measured {
    Measured {
        value: share.value,
        standard_error: (share.value * (1.0 - share.value) / share.size).sqrt(),
    }
}

fn pair_ratio(a: &Reading, b: &Reading, level: f64) -> Option<Interval> {
    match (share(a), share(b)) {
        (Some(a), Some(b)) => interval::katz_ratio(a, b, level),
        _ => interval::ratio_measured(measured(a)?, measured(b)?, level),
    }
}

/// The evidence of all groups, where it is of one kind.
enum GroupEvidence {
    Shares(Vec<Share>),
    Measured(Vec<Measured>),
    None,
}

impl GroupEvidence {
    fn of(entries: &[&Entry<'_>]) -> Self {
        let shares: Option<Vec<Share>> = entries.iter().map(|entry| share(&entry.reading)).collect();
        if let Some(shares) = shares {
            return Self::Shares(shares);
        }
        let all: Option<Vec<Measured>> = entries.iter().map(|entry| measured(&entry.reading)).collect();
        all.map_or(Self::None, Self::Measured)
    }

    fn gap(&self, level: f64) -> Option<Interval> {
        match self {
            Self::Shares(shares) => interval::gap(shares, level),
            Self::Measured(all) => interval::gap_measured(all, level),
            Self::None => None,
        }
    }

    fn smallest_ratio(&self, level: f64) -> Option<Interval> {
        match self {
            Self::Shares(shares) => interval::smallest_ratio(shares, level),
            Self::Measured(all) => interval::smallest_ratio_measured(all, level),
            Self::None => None,
        }
    }
}
