//! What was found, measured in the half that was held back: rates inside and outside, their difference, and whether it can be chance.

use std::collections::BTreeMap;

use crate::metric::reading::{Evidence, Reading};
use crate::metric::state::{MeanSums, RowWeight, Tally};
use crate::metric::{Comparison, Estimate, Key, Metric, UndefinedCode, registry};
use crate::run::Settings;
use crate::run::compare::{measured, pair_difference, share};
use crate::run::frame::{estimate, finite};
use crate::stats::hypothesis::{self, Test};
use crate::stats::multiple::Correction;

use super::ErrorKind;
use super::errors::Sample;

/// Some rows beside all others.
#[derive(Debug, Clone)]
pub struct Contrast {
    /// The address of what was found, without a metric.
    pub key: Key,
    /// The rate inside.
    pub own: Reading,
    /// The rate outside.
    pub rest: Reading,
    test: Test,
    p: Result<f64, UndefinedCode>,
}

/// Sums over the errors of some rows.
#[derive(Default)]
struct Sums {
    rows: Tally,
    errors: Tally,
    sums: MeanSums,
}

impl Sums {
    fn update(&mut self, by: ErrorKind, error: f64, weight: Option<f64>) {
        self.rows.update(1, weight);
        if !by.is_share() {
            self.sums.update(RowWeight { count: 1, weight }, error);
        } else if error > 0.0 {
            self.errors.update(1, weight);
        }
    }

    fn read(&self, by: ErrorKind) -> Reading {
        if !by.is_share() {
            return Reading::mean(&self.sums, &self.rows);
        }
        Reading::share_of(&self.errors, &self.rows, UndefinedCode::NoRows)
    }

    fn counts(&self) -> [u64; 2] {
        [self.errors.rows(), self.rows.rows() - self.errors.rows()]
    }
}

impl Contrast {
    /// Measures the rows for which `is_in` holds.
    pub fn of(sample: &Sample, by: ErrorKind, settings: &Settings, key: Key, is_in: &dyn Fn(usize) -> bool) -> Self {
        let mut sides = [Sums::default(), Sums::default()];
        for row in 0..sample.len() {
            let weight = sample.weights.as_ref().map(|weights| weights[row]);
            sides[usize::from(!is_in(row))].update(by, sample.errors[row], weight);
        }
        let [own, rest] = [sides[0].read(by), sides[1].read(by)];
        let (found, test) = if by.is_share() && sample.weights.is_none() {
            match hypothesis::two_by_two([sides[0].counts(), sides[1].counts()]) {
                Some((p, test)) => (Some(p), test),
                None => (None, Test::FisherExact),
            }
        } else if by.is_share() {
            (
                share(&own)
                    .zip(share(&rest))
                    .and_then(|(own, rest)| hypothesis::pooled_z(own, rest)),
                Test::PooledZ,
            )
        } else {
            (
                measured(&own).zip(measured(&rest)).and_then(|(own, rest)| hypothesis::z(own, rest)),
                Test::Z,
            )
        };
        let least = settings.min_support.max(2) / 2;
        let p = match (own.value, rest.value) {
            (Err(code), _) | (_, Err(code)) => Err(code),
            _ if own.support < least || rest.support < least => Err(UndefinedCode::BelowMinSupport),
            _ => found.ok_or(UndefinedCode::NoSpread),
        };
        Self { key, own, rest, test, p }
    }

    /// Inside less outside.
    pub fn difference(&self) -> Result<f64, UndefinedCode> {
        Ok(self.own.value? - self.rest.value?)
    }

    fn estimates(&self, settings: &Settings, metric: &Metric, corrected: Result<f64, UndefinedCode>) -> Vec<Estimate> {
        let support = self.own.support.min(self.rest.support);
        let plain = |value| Reading {
            value,
            support,
            evidence: Evidence::None,
        };
        let at = |metric: &str, comparison| Key {
            metric: metric.to_owned(),
            comparison,
            ..self.key.clone()
        };
        let mut difference = estimate(
            at(metric.id, Some(Comparison::ToRestDifference)),
            &plain(self.difference()),
            metric,
            settings,
        );
        difference.interval = difference
            .value
            .and(pair_difference(&self.own, &self.rest, settings).and_then(finite));
        let mut estimates = vec![estimate(at(metric.id, None), &self.own, metric, settings), difference];
        for (value, correction) in [(self.p, None), (corrected, Some(Correction::Holm.id()))] {
            estimates.extend(p_value(&self.key, metric, settings, (self.test.id(), correction), &plain(value)));
        }
        estimates
    }
}

/// A p-value at that address.
pub fn p_value(
    at: &Key,
    of: &Metric,
    settings: &Settings,
    (test, correction): (&str, Option<&str>),
    reading: &Reading,
) -> Option<Estimate> {
    let metric = registry::find("p_value")?;
    let mut key = Key {
        metric: metric.id.to_owned(),
        ..at.clone()
    };
    let named = [("of", Some(of.id)), ("test", Some(test)), ("correction", correction)];
    let named = named
        .into_iter()
        .filter_map(|(name, value)| Some((name.to_owned(), value?.to_owned())));
    key.params.extend(named);
    Some(estimate(key, reading, metric, settings))
}

/// The numbers of all that was found, p-values corrected by Holm for all of it; with each the corrected one.
pub fn estimates(found: &[Contrast], by: ErrorKind, settings: &Settings) -> Vec<(Vec<Estimate>, Option<f64>)> {
    let Some(metric) = registry::find(by.metric()) else {
        return Vec::new();
    };
    let known: Vec<f64> = found.iter().filter_map(|one| one.p.ok()).collect();
    let mut adjusted = Correction::Holm.adjust(&known).into_iter();
    let one = |contrast: &Contrast| {
        let corrected = contrast.p.map(|p| adjusted.next().unwrap_or(p));
        (contrast.estimates(settings, metric, corrected), corrected.ok())
    };
    found.iter().map(one).collect()
}

/// An address in the half held back.
pub fn held_back(slice: Option<String>, cluster: Option<u32>) -> Key {
    let mut params = BTreeMap::from([("rows".to_owned(), "held_back".to_owned())]);
    params.extend(cluster.map(|number| ("cluster".to_owned(), number.to_string())));
    Key {
        slice,
        params,
        ..Key::default()
    }
}
