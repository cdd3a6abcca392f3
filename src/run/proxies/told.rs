//! How well a model that sees the features tells the groups of a sensitive one apart, on rows that it was not fitted to.

use std::collections::BTreeMap;

use crate::metric::ranking::{RankTotals, Scan, falling_key};
use crate::metric::reading::{Evidence, Reading};
use crate::metric::rows::Rows;
use crate::metric::state::RowWeight;
use crate::metric::{Estimate, Key, Read, UndefinedCode, registry};
use crate::run::Settings;
use crate::run::features::{Feature, Scale, alike, weight_mark};
use crate::run::frame::estimate;
use crate::stats::interval::Method;
use crate::stats::order;

use super::logistic::{Row, fit, log_odds};
use super::too_few;

/// The most rows that the model is fitted to.
const MOST_ROWS: u64 = 2000;
/// The most columns of zeros and ones that the model has.
const MOST_COLUMNS: usize = 48;
/// The most levels of a sensitive feature that are told apart, the largest.
const MOST_LEVELS: usize = 6;
/// Parts of the rows, of which each is ranked by a model fitted to the others.
const FOLDS: u64 = 5;
/// What a unit of a squared coefficient costs.
const PENALTY: f64 = 1.0;
/// The seed of which rows are drawn and in which part each is.
const SEED: u64 = 0;

/// The work as it stands: one level after the other.
pub(super) struct Told {
    /// The places of the features that the model sees.
    seen: Vec<usize>,
    /// A level that is told apart: the sensitive feature's place, the level's code.
    levels: Vec<(usize, usize)>,
    next: usize,
    rows: u64,
}

/// A row as the model sees it.
struct Case {
    ones: Vec<u16>,
    group: usize,
    weight: Option<f64>,
    fold: u64,
}

impl Told {
    pub(super) fn new(features: &[Feature], tells: &[f64], sensitive: &[Feature], rows: &Rows, settings: &Settings) -> Self {
        let mut by_tells: Vec<usize> = (0..features.len()).collect();
        order::sort_by(&mut by_tells, |a, b| tells[*b].total_cmp(&tells[*a]));
        let mut room = MOST_COLUMNS;
        let mut seen = Vec::new();
        for feature in by_tells {
            if features[feature].width() <= room {
                room -= features[feature].width();
                seen.push(feature);
            }
        }
        order::sort(&mut seen);
        let mut levels = Vec::new();
        for (place, feature) in sensitive.iter().enumerate() {
            levels.extend(largest(feature, rows, settings.min_support).into_iter().map(|code| (place, code)));
        }
        Self {
            seen,
            levels,
            next: 0,
            rows: 0,
        }
    }

    /// The most rows that a model was fitted to.
    pub(super) const fn rows(&self) -> u64 {
        self.rows
    }

    /// The features that the model sees.
    pub(super) fn names(&self, features: &[Feature]) -> Vec<String> {
        self.seen.iter().map(|place| features[*place].name.clone()).collect()
    }

    /// Tells the next level apart; `None` after the last.
    pub(super) fn step(&mut self, features: &[Feature], sensitive: &[Feature], rows: &Rows, settings: &Settings) -> Option<Vec<Estimate>> {
        let (place, code) = *self.levels.get(self.next)?;
        self.next += 1;
        let own = &sensitive[place];
        let seen: Vec<Feature> = self
            .seen
            .iter()
            .map(|place| features[*place].clone())
            .filter(|feature| feature.name != own.name)
            .collect();
        let cases = cases(seen, own, rows);
        self.rows = self.rows.max(cases.len() as u64);
        let reading = told_apart(
            &cases,
            code,
            self.seen.iter().map(|place| features[*place].width()).sum(),
            settings.min_support,
        );
        let metric = registry::find("group_told_apart")?;
        let level = match &own.scale {
            Scale::Levels(names) => names[code].clone(),
            _ => own.condition(code, code).map(|condition| condition.to_string()).unwrap_or_default(),
        };
        let key = Key {
            columns: vec![own.name.clone()],
            params: BTreeMap::from([("level".to_owned(), level)]),
            ..Key::overall(metric.id)
        };
        Some(vec![estimate(key, &reading, metric, settings)])
    }
}

/// The largest levels of enough rows, in order of their codes; of two, one is enough.
fn largest(feature: &Feature, rows: &Rows, least: u64) -> Vec<usize> {
    let mut sizes = vec![0_u64; feature.width()];
    for (row, code) in feature.codes.iter().enumerate() {
        sizes[usize::from(*code)] += rows.weight(row).map_or(0, |weight| weight.count);
    }
    let known = sizes[..=feature.parts].iter().filter(|size| **size > 0).count();
    let mut kept: Vec<usize> = (0..feature.parts).filter(|code| sizes[*code] >= least.max(1)).collect();
    order::sort_by(&mut kept, |a, b| sizes[*b].cmp(&sizes[*a]));
    kept.truncate(if known == 2 { 1 } else { MOST_LEVELS });
    order::sort(&mut kept);
    if known < 2 { Vec::new() } else { kept }
}

/// The rows whose group is known, at most so many, each in its part.
fn cases(mut seen: Vec<Feature>, own: &Feature, rows: &Rows) -> Vec<Case> {
    let mut starts = vec![0_u16];
    for feature in &seen {
        starts.push(starts.last().copied().unwrap_or(0) + feature.width() as u16);
    }
    seen.push(own.clone());
    let stands_for = |row: usize| match rows.weight(row) {
        Some(weight) if usize::from(own.codes[row]) <= own.parts && weight.weight != Some(0.0) => weight.count,
        _ => 0,
    };
    let weight = |row: usize| rows.weights.as_ref().map(|weights| weights[row]);
    let cells = alike(&seen, rows.len, &|row| [weight_mark(weight(row)), 0], &stands_for);
    let mut total = 0_u64;
    for cell in &cells {
        total = total.saturating_add(cell.count);
    }
    let share = MOST_ROWS as f64 / total as f64;
    let mut cases = Vec::new();
    for cell in &cells {
        let row = cell.row as usize;
        let ones = seen.iter().zip(&starts).take(seen.len() - 1);
        let ones: Vec<u16> = ones.map(|(feature, start)| start + u16::from(feature.codes[row])).collect();
        for copy in 0..cell.drawn(share, SEED) {
            cases.push(Case {
                ones: ones.clone(),
                group: usize::from(own.codes[row]),
                weight: weight(row),
                fold: cell.chance(SEED, copy) % FOLDS,
            });
        }
    }
    cases
}

/// The mean area over the parts that have both sides.
fn told_apart(cases: &[Case], code: usize, columns: usize, least: u64) -> Reading {
    let rows = cases.len() as u64;
    let inside = cases.iter().filter(|case| case.group == code).count() as u64;
    let least = least.max(FOLDS);
    if inside < least || rows - inside < least {
        let short = too_few(rows);
        return if rows == 0 {
            short
        } else {
            Reading::undefined(UndefinedCode::BelowMinSupport, rows)
        };
    }
    let weights = cases.iter().map(|case| case.weight.unwrap_or(1.0));
    let mean: f64 = weights.sum::<f64>() / rows as f64;
    let weight = |case: &Case| case.weight.unwrap_or(1.0) / mean;
    let mut areas: Vec<(f64, Option<f64>)> = Vec::new();
    for fold in 0..FOLDS {
        let others: Vec<Row<'_>> = cases
            .iter()
            .filter(|case| case.fold != fold)
            .map(|case| Row {
                ones: &case.ones,
                positive: case.group == code,
                weight: weight(case),
            })
            .collect();
        let coefficients = fit(&others, columns, PENALTY);
        let own: Vec<&Case> = cases.iter().filter(|case| case.fold == fold).collect();
        areas.extend(area(&own, code, &coefficients));
    }
    let parts = areas.len() as f64;
    if areas.len() < 2 {
        return Reading::undefined(UndefinedCode::TooFewRows, rows);
    }
    let value = areas.iter().map(|(area, _)| area).sum::<f64>() / parts;
    let variance: Option<f64> = areas.iter().map(|(_, error)| error.map(|error| error * error)).sum();
    Reading::with_variance(value, variance.map(|sum| sum / (parts * parts)), Method::Delong, rows)
}

/// The area under the ROC curve of some rows, with its standard error; `None` where a side is missing.
fn area(own: &[&Case], code: usize, coefficients: &[f64]) -> Option<(f64, Option<f64>)> {
    let mut falling: Vec<(u64, u32)> = own
        .iter()
        .enumerate()
        .map(|(place, case)| (falling_key(log_odds(coefficients, &case.ones)), place as u32))
        .collect();
    falling.sort_unstable();
    let weight = |case: &Case| RowWeight {
        count: 1,
        weight: case.weight,
    };
    let mut totals = RankTotals::default();
    own.iter().for_each(|case| totals.update(case.group == code, weight(case)));
    let mut scan = Scan::new(totals);
    for (_, place) in falling {
        let case = own[place as usize];
        scan.update(case.group == code, log_odds(coefficients, &case.ones), weight(case));
    }
    let rank = scan.finish();
    let read = registry::find("roc_auc")?.reads.iter().find_map(|read| match read {
        Read::Rank(read) => Some(*read),
        _ => None,
    })?;
    let reading = read(&rank);
    let error = match reading.evidence {
        Evidence::Area { se, .. } => Some(se),
        _ => None,
    };
    reading.value.ok().map(|area| (area, error))
}
