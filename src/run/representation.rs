//! Who is in the data: shares of groups beside those of a population, and labels that are missing more in some groups than in others.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::data::column::MISSING;
use crate::data::{Notice, NoticeCode, Roles};
use crate::metric::reading::{Evidence, Reading};
use crate::metric::rows::Rows;
use crate::metric::state::Tally;
use crate::metric::{Estimate, Key, Metric, UndefinedCode, registry};
use crate::stats::hypothesis::{Test, chi_squared, two_by_two};
use crate::stats::multiple::Correction;

use super::frame::{estimate, group_key};
use super::grouping::{Group, Grouping};
use super::plan::Plan;
use super::{PlanError, Settings};

/// How far the shares of a population may add up to more than 1, for rounding.
const ROUNDING: f64 = 0.005;

/// What was found about the groups of a sensitive feature; the numbers are among the report's estimates.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Represented {
    /// The sensitive feature.
    pub column: String,
    /// Rows without a level.
    pub missing: u64,
    /// Levels of the population that no row has.
    pub absent: Vec<String>,
    /// Whether population shares were given.
    pub has_population: bool,
    /// The probability that labels are missing so unevenly by chance, corrected for how many features there are; none where no label is missing.
    pub uneven_labels: Option<f64>,
}

/// Holds the population that was given against the roles.
///
/// # Errors
/// When a column is no sensitive feature, or shares are none.
pub fn check(roles: &Roles, settings: &Settings) -> Result<(), PlanError> {
    for (column, shares) in &settings.population {
        let wrong = |value: String, expected| PlanError::Setting {
            name: "population",
            value: format!("\"{column}\"{value}"),
            expected,
        };
        if !roles.sensitive.contains(column) {
            return Err(wrong(String::new(), "about a sensitive feature"));
        }
        if let Some((level, share)) = shares.iter().find(|(_, share)| !(0.0..=1.0).contains(*share)) {
            return Err(wrong(
                format!(": \"{level}\" = {share}"),
                "shares from 0 to 1, for instance race:Caucasian=0.6",
            ));
        }
        let sum: f64 = shares.values().sum();
        if shares.is_empty() || sum > 1.0 + ROUNDING {
            return Err(wrong(
                format!(": shares that add up to {sum:.4}"),
                "shares that add up to 1 at most",
            ));
        }
    }
    Ok(())
}

/// A group's rows, and those of them without a label.
#[derive(Default, Clone)]
struct Counted {
    rows: Tally,
    unlabelled: Tally,
}

/// What is said of every sensitive feature, in their order.
pub fn representation(plan: &Plan, settings: &Settings) -> (Vec<Represented>, Vec<Estimate>, Vec<Notice>) {
    let (mut all, mut estimates) = (Vec::new(), Vec::new());
    let mut tests = Vec::new();
    for own in plan
        .partition
        .groupings
        .iter()
        .filter(|own| own.columns.len() == 1 && own.control.is_none())
    {
        let counted = count(plan, own);
        let column = &own.columns[0];
        let population = settings.population.get(column);
        let place = estimates.len();
        estimates.extend(shares(own, &counted, population, settings));
        let test = unlabelled(own, &counted, settings, &mut estimates);
        tests.push((place, test));
        let named = |level: &&String| {
            own.groups
                .iter()
                .any(|group| !group.is_rest && group.levels[0].as_ref() == Some(level))
        };
        all.push(Represented {
            column: column.clone(),
            missing: own
                .groups
                .iter()
                .zip(&counted)
                .filter(|(group, _)| is_missing(group))
                .map(|(_, one)| one.rows.rows())
                .sum(),
            absent: population
                .into_iter()
                .flat_map(BTreeMap::keys)
                .filter(|level| !named(level))
                .cloned()
                .collect(),
            has_population: population.is_some(),
            uneven_labels: None,
        });
    }
    let known: Vec<f64> = tests.iter().filter_map(|(_, p)| *p).collect();
    let mut corrected = Correction::Holm.adjust(&known).into_iter();
    let mut notices = Vec::new();
    for (one, (_, p)) in all.iter_mut().zip(&tests) {
        one.uneven_labels = p.and_then(|_| corrected.next());
        if one.uneven_labels.is_some_and(|p| p <= 1.0 - settings.level) {
            let text = format!(
                "Labels are missing more often in some groups of \"{}\" than in others, beyond chance: what is measured against the label is \
                 measured on different selections of each group (selection bias).",
                one.column
            );
            notices.push(Notice::of_column(NoticeCode::UnevenLabels, &one.column, text));
        }
    }
    (all, estimates, notices)
}

fn is_missing(group: &Group) -> bool {
    !group.is_rest && group.levels[0].is_none()
}

/// Whether the truth of a row is known; `None` where no row has one.
fn has_label(rows: &Rows, row: usize) -> Option<bool> {
    match (&rows.label, &rows.truth) {
        (Some(label), _) => Some(label[row] != MISSING),
        (None, Some(truth)) => Some(!truth[row].is_nan()),
        (None, None) => None,
    }
}

fn count(plan: &Plan, own: &Grouping) -> Vec<Counted> {
    let rows = &plan.rows;
    let mut counted = vec![Counted::default(); own.groups.len()];
    for row in 0..rows.len {
        if let Some(weight) = rows.weight(row) {
            let group = &mut counted[own.group_of(&plan.partition, row)];
            group.rows.update(weight.count, weight.weight);
            if has_label(rows, row) == Some(false) {
                group.unlabelled.update(weight.count, weight.weight);
            }
        }
    }
    counted
}

/// The shares of groups, and how they stand to those of the population.
fn shares(own: &Grouping, counted: &[Counted], population: Option<&BTreeMap<String, f64>>, settings: &Settings) -> Vec<Estimate> {
    let (mut all, mut known) = (Tally::default(), Tally::default());
    for (group, one) in own.groups.iter().zip(counted) {
        all.merge(&one.rows);
        if !is_missing(group) {
            known.merge(&one.rows);
        }
    }
    let mut estimates = Vec::new();
    for (group, one) in own.groups.iter().zip(counted) {
        let whole = if is_missing(group) { &all } else { &known };
        let share = Reading::share_of(&one.rows, whole, UndefinedCode::NoRows);
        let given = population
            .zip(group.levels[0].as_ref())
            .and_then(|(population, level)| population.get(level));
        let mut params = BTreeMap::new();
        if group.is_rest {
            params.insert("rest".to_owned(), "true".to_owned());
        }
        estimates.extend(beside(params, group_key(own, group), &share, given, settings));
    }
    for (level, given) in population.into_iter().flatten() {
        if !own.groups.iter().any(|group| group.levels[0].as_ref() == Some(level)) {
            let share = Reading::share_of(&Tally::default(), &known, UndefinedCode::NoRows);
            let group = BTreeMap::from([(own.columns[0].clone(), Some(level.clone()))]);
            // Such a group is in no other table.
            let params = BTreeMap::from([("absent".to_owned(), "true".to_owned())]);
            estimates.extend(beside(params, group, &share, Some(given), settings));
        }
    }
    estimates
}

/// A share, and where the population's is given that, the difference and the ratio.
fn beside(
    params: BTreeMap<String, String>,
    group: BTreeMap<String, Option<String>>,
    share: &Reading,
    given: Option<&f64>,
    settings: &Settings,
) -> Vec<Estimate> {
    let make = |id: &str, reading: &Reading| {
        let metric: &'static Metric = registry::find(id)?;
        let key = Key {
            params: params.clone(),
            group: group.clone(),
            ..Key::overall(metric.id)
        };
        Some(estimate(key, reading, metric, settings))
    };
    let mut estimates: Vec<Estimate> = make("group_share", share).into_iter().collect();
    let Some(given) = given else { return estimates };
    let limits = estimates.first().and_then(|estimate| estimate.interval);
    let plain = |value| Reading {
        value,
        support: share.support,
        evidence: Evidence::None,
    };
    estimates.extend(make("population_share", &plain(Ok(*given))));
    let ratio = share.value.and_then(|value| {
        if *given > 0.0 {
            Ok(value / given)
        } else {
            Err(UndefinedCode::ZeroDenominator)
        }
    });
    let derived = [
        ("representation_difference", share.value.map(|value| value - given), 1.0, *given),
        ("representation_ratio", ratio, *given, 0.0),
    ];
    for (id, value, unit, zero) in derived {
        if let Some(mut estimate) = make(id, &plain(value)) {
            estimate.interval = estimate.value.and(limits).map(|mut limits| {
                (limits.low, limits.high) = ((limits.low - zero) / unit, (limits.high - zero) / unit);
                limits
            });
            estimates.push(estimate);
        }
    }
    estimates
}

/// The share of rows without a label in every group, and whether it can be chance that it differs; nothing where no label is missing.
fn unlabelled(own: &Grouping, counted: &[Counted], settings: &Settings, estimates: &mut Vec<Estimate>) -> Option<f64> {
    if counted.iter().all(|one| one.unlabelled.rows() == 0) {
        return None;
    }
    let metric = registry::find("label_missing_rate")?;
    for (group, one) in own.groups.iter().zip(counted) {
        let reading = Reading::share_of(&one.unlabelled, &one.rows, UndefinedCode::NoRows);
        let mut key = Key {
            group: group_key(own, group),
            ..Key::overall(metric.id)
        };
        if group.is_rest {
            key.params.insert("rest".to_owned(), "true".to_owned());
        }
        estimates.push(estimate(key, &reading, metric, settings));
    }
    let judged: Vec<&Counted> = own
        .groups
        .iter()
        .zip(counted)
        .filter(|(group, one)| group.is_compared() && one.rows.rows() >= settings.min_support.max(1))
        .map(|(_, one)| one)
        .collect();
    let (value, test) = test(&judged);
    let p_value = registry::find("p_value")?;
    let named = [("of", metric.id), ("test", test.id())];
    let key = Key {
        params: named
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
            .collect(),
        by: own.columns.clone(),
        ..Key::overall(p_value.id)
    };
    let reading = Reading {
        value,
        support: judged.iter().map(|one| one.rows.rows()).min().unwrap_or(0),
        evidence: Evidence::None,
    };
    estimates.push(estimate(key, &reading, p_value, settings));
    value.ok()
}

/// Whether labels are missing alike in all groups: Fisher's test for two, chi-squared for more.
fn test(groups: &[&Counted]) -> (Result<f64, UndefinedCode>, Test) {
    let counts: Vec<[u64; 2]> = groups
        .iter()
        .map(|one| [one.unlabelled.rows(), one.rows.rows() - one.unlabelled.rows()])
        .collect();
    if groups.iter().any(|one| one.rows.is_weighted()) {
        let test = if groups.len() == 2 { Test::FisherExact } else { Test::ChiSquared };
        return (Err(UndefinedCode::Weighted), test);
    }
    match counts.as_slice() {
        [] | [_] => (Err(UndefinedCode::TooFewGroups), Test::ChiSquared),
        [a, b] => match two_by_two([*a, *b]) {
            Some((p, test)) => (Ok(p), test),
            None => (Err(UndefinedCode::NoSpread), Test::FisherExact),
        },
        _ => {
            let table: Vec<[f64; 2]> = counts.iter().map(|row| row.map(|count| count as f64)).collect();
            let table: Vec<&[f64]> = table.iter().map(<[f64; 2]>::as_slice).collect();
            let found = chi_squared(&table).map(|test| test.p_value);
            (found.ok_or(UndefinedCode::NoSpread), Test::ChiSquared)
        }
    }
}
