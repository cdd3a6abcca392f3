//! The numbers of every slice, and whether it is weaker than the rest beyond chance.

use std::collections::BTreeMap;

use crate::metric::reading::{Evidence, Reading};
use crate::metric::{Estimate, Key, Metric, Read, Task, UndefinedCode, registry};
use crate::run::Settings;
use crate::run::compare::{measured, pair_difference, share};
use crate::run::frame::{estimate, finite};
use crate::run::plan::Plan;
use crate::stats::hypothesis::{self, Test};

use super::pass::{Slice, Sliced};
use crate::metric::Comparison;

/// The numbers of a slice beside the one it is compared in.
const fn metrics(task: Option<Task>) -> &'static [&'static str] {
    match task {
        Some(Task::Binary) | None => &["rows", "error_rate", "recall", "precision", "roc_auc"],
        Some(Task::Multiclass) => &["rows", "error_rate"],
        Some(Task::Regression) => &["rows", "mae", "rmse"],
        Some(Task::Ranking | Task::Multilabel) => &[],
    }
}

/// All numbers of all slices, slice by slice.
pub fn estimates(plan: &Plan, settings: &Settings, sliced: &Sliced) -> Vec<Estimate> {
    let Some(metric) = plan.slices.metric.and_then(registry::find) else {
        return Vec::new();
    };
    let is_counted = is_counted(plan);
    let compared: Vec<Compared> = sliced
        .slices
        .iter()
        .map(|slice| Compared::of(is_counted, settings, metric, slice))
        .collect();
    let known: Vec<f64> = compared.iter().filter_map(|one| one.p.ok()).collect();
    let mut adjusted = settings.slices.correction.adjust(&known).into_iter();
    let mut estimates = Vec::new();
    for (slice, compared) in sliced.slices.iter().zip(&compared) {
        let own = metrics(plan.outcome.task).iter().filter_map(|metric| registry::find(metric));
        for metric in own {
            if let Some(reading) = read(slice, metric) {
                estimates.push(estimate(key(slice, metric.id), &reading, metric, settings));
            }
        }
        estimates.push(compared.difference(settings, metric, slice));
        let corrected = compared.p.map(|p| adjusted.next().unwrap_or(p));
        estimates.extend(compared.p_values(settings, metric, slice, corrected));
    }
    estimates
}

fn key(slice: &Slice, metric: &str) -> Key {
    Key {
        slice: Some(slice.text.clone()),
        ..Key::overall(metric)
    }
}

fn read(slice: &Slice, metric: &Metric) -> Option<Reading> {
    let of_rank = metric.reads.iter().find_map(|read| match read {
        Read::Rank(read) => Some(read),
        _ => None,
    });
    match of_rank {
        Some(read) => slice.rank.as_ref().map(read),
        None => slice.own.read(metric.id),
    }
}

/// A slice held against all other rows.
struct Compared {
    own: Reading,
    rest: Reading,
    test: Test,
    p: Result<f64, UndefinedCode>,
}

impl Compared {
    fn of(is_counted: bool, settings: &Settings, metric: &Metric, slice: &Slice) -> Self {
        let none = || Reading::undefined(UndefinedCode::NoRows, 0);
        let own = slice.own.read(metric.id).unwrap_or_else(none);
        let rest = slice.rest.read(metric.id).unwrap_or_else(none);
        let (found, test) = test(is_counted, slice, &own, &rest);
        let is_thin = own.support < settings.min_support.max(1) || rest.support < settings.min_support.max(1);
        let p = match (own.value, rest.value) {
            (Err(code), _) | (_, Err(code)) => Err(code),
            _ if is_thin => Err(UndefinedCode::BelowMinSupport),
            _ => found.ok_or(UndefinedCode::NoSpread),
        };
        Self { own, rest, test, p }
    }

    fn support(&self) -> u64 {
        self.own.support.min(self.rest.support)
    }

    fn difference(&self, settings: &Settings, metric: &Metric, slice: &Slice) -> Estimate {
        let value = match (self.own.value, self.rest.value) {
            (Ok(own), Ok(rest)) => Ok(own - rest),
            (Err(code), _) | (_, Err(code)) => Err(code),
        };
        let key = Key {
            comparison: Some(Comparison::ToRestDifference),
            ..key(slice, metric.id)
        };
        let reading = Reading {
            value,
            support: self.support(),
            evidence: Evidence::None,
        };
        let mut difference = estimate(key, &reading, metric, settings);
        let limits = pair_difference(&self.own, &self.rest, settings).and_then(finite);
        difference.interval = difference.value.and(limits);
        difference
    }

    /// The p-value as it is, and corrected.
    fn p_values(&self, settings: &Settings, metric: &Metric, slice: &Slice, corrected: Result<f64, UndefinedCode>) -> Vec<Estimate> {
        let Some(p_value) = registry::find("p_value") else {
            return Vec::new();
        };
        let made = |p: Result<f64, UndefinedCode>, correction: Option<&'static str>| {
            let named = [("of", Some(metric.id)), ("test", Some(self.test.id())), ("correction", correction)];
            let params: BTreeMap<String, String> = named
                .into_iter()
                .filter_map(|(name, value)| Some((name.to_owned(), value?.to_owned())))
                .collect();
            let reading = Reading {
                value: p,
                support: self.support(),
                evidence: Evidence::None,
            };
            let key = Key {
                params,
                ..key(slice, p_value.id)
            };
            estimate(key, &reading, p_value, settings)
        };
        vec![made(self.p, None), made(corrected, Some(settings.slices.correction.id()))]
    }
}

/// Whether rows are counted alike: without weights, or with the same weight for all, which says no more.
fn is_counted(plan: &Plan) -> bool {
    if plan.rows.weights.is_none() {
        return true;
    }
    let mut weights = (0..plan.rows.len).filter_map(|row| plan.rows.weight(row)?.weight);
    let first = weights.next();
    weights.all(|weight| Some(weight) == first)
}

/// The two-sided p-value of a slice against the rest: of counts by Fisher's exact test, of weighted shares by their effective sizes, of
/// everything else by standard errors.
fn test(is_counted: bool, slice: &Slice, own: &Reading, rest: &Reading) -> (Option<f64>, Test) {
    match (slice.own.errors(), slice.rest.errors()) {
        (Some(own), Some(rest)) if is_counted => match hypothesis::two_by_two([own, rest]) {
            Some((p, test)) => (Some(p), test),
            None => (None, Test::FisherExact),
        },
        (Some(_), Some(_)) => {
            let p = share(own).zip(share(rest)).and_then(|(own, rest)| hypothesis::pooled_z(own, rest));
            (p, Test::PooledZ)
        }
        _ => {
            let p = measured(own).zip(measured(rest)).and_then(|(own, rest)| hypothesis::z(own, rest));
            (p, Test::Z)
        }
    }
}
