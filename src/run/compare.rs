//! Comparisons between the groups of a grouping: fairness, drift between groups, any "how far apart".
//!
//! Groups with a missing level and the marked rest are left out. Every gap comes twice: over all groups, and over groups with enough
//! support (parameter `min_support`), which is what checks judge.

use crate::metric::reading::{Evidence, Reading};
use crate::metric::{Compare, Comparison, Estimate, Key, UndefinedCode};
use crate::stats::interval::{self, Interval, Measured, Share};

use super::Settings;
use super::frame::{Series, estimate, group_key};
use super::grouping::{Group, Grouping};
use super::pass::Passed;
use super::plan::Plan;

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

/// All comparisons of one grouping.
pub fn comparisons(plan: &Plan, passed: &Passed, settings: &Settings, grouping: usize, series: &[Series]) -> Vec<Estimate> {
    let own = &plan.partition.groupings[grouping];
    if own.columns.is_empty() {
        return Vec::new();
    }
    let reference = reference_group(own, passed, settings, grouping);
    let mut estimates = Vec::new();
    for form in series.iter().filter(|form| form.metric.compare != Compare::No) {
        let entries: Vec<Entry<'_>> = own
            .groups
            .iter()
            .zip(&form.groups)
            .filter(|(group, _)| group.is_compared())
            .map(|(group, reading)| Entry { group, reading: *reading })
            .collect();
        let comparer = Comparer { own, form, settings };
        estimates.extend(comparer.gaps(&entries, None));
        estimates.extend(comparer.gaps(&entries, Some(settings.min_support)));
        estimates.extend(comparer.to_overall(&entries, &form.overall));
        if let Some(reference) = reference {
            estimates.extend(comparer.to_reference(&entries, reference));
        }
    }
    estimates
}

/// The group that others are compared with: the one set, else the one with most rows, the first among equals.
fn reference_group<'a>(own: &'a Grouping, passed: &Passed, settings: &Settings, grouping: usize) -> Option<&'a Group> {
    let set: Vec<Option<&String>> = own.columns.iter().map(|column| settings.reference_groups.get(column)).collect();
    let is_set = |group: &Group| set.iter().zip(&group.levels).all(|(wanted, level)| *wanted == level.as_ref());
    if set.iter().all(Option::is_some)
        && let Some(group) = own.groups.iter().find(|group| group.is_compared() && is_set(group))
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
    let compared = own.groups.iter().enumerate().filter(|(_, group)| group.is_compared());
    compared
        .max_by_key(|(place, _)| (rows(*place), std::cmp::Reverse(*place)))
        .map(|(_, group)| group)
}

struct Comparer<'a> {
    own: &'a Grouping,
    form: &'a Series,
    settings: &'a Settings,
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
                .then(|| pair_difference(&entry.reading, &base.reading, level))
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
    let standard_error = match reading.evidence {
        Evidence::StandardError { se, .. } => se,
        // The delta method back from the logit scale.
        Evidence::LogitError { se, .. } => se * value * (1.0 - value),
        Evidence::Share(_) | Evidence::None => return None,
    };
    Some(Measured { value, standard_error })
}

pub(super) fn share(reading: &Reading) -> Option<Share> {
    match reading.evidence {
        Evidence::Share(share) => Some(share),
        _ => None,
    }
}

pub(super) fn pair_difference(a: &Reading, b: &Reading, level: f64) -> Option<Interval> {
    match (share(a), share(b)) {
        (Some(a), Some(b)) => Some(interval::newcombe_difference(a, b, level)),
        _ => interval::difference_measured(measured(a)?, measured(b)?, level),
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
