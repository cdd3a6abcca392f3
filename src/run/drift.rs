//! What is concluded about each column that both files have: how far it has drifted, whether that can be chance, and what the two together say.

pub mod beside;
pub mod deepchecks;
pub mod evidence;
pub mod evidently;
pub mod matter;
pub mod mismatch;
mod nannyml;
pub mod together;

use std::borrow::Cow;
use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::data::{Column, Notice, NoticeCode, Role};
use crate::metric::drift::cells::{Cell, Of, stability};
use crate::metric::estimate::Within;
use crate::metric::reading::Reading;
use crate::metric::registry::find;
use crate::metric::sample::{Pair, SampleKind};
use crate::metric::{Estimate, Key, Source, UndefinedCode};
use crate::stats::exact;
use crate::stats::multiple::Correction;
use crate::stats::order;
use crate::stats::rank::rising_key;

use super::Settings;
use super::columns::{Files, MOST_DETAILED};
use super::frame::estimate;
use super::profile::bounds::Range;
use super::profile::evidence::Evidence;
use super::quality::counter;
use matter::Known;

/// By whose rules a column counts as drifted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DriftDialect {
    /// A large enough change that is no chance.
    #[default]
    Assay,
    /// What Evidently chooses by kind, rows and distinct values.
    Evidently,
    /// NannyML's: beyond three standard deviations of what ten parts of the reference show.
    Nannyml,
    /// Deepchecks': the Kolmogorov-Smirnov distance, or Cramér's V corrected for chance.
    Deepchecks,
}

/// From this population stability index on a column has changed by more than little.
pub const BOUND: f64 = 0.1;

/// What a dialect says of a column.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Judged {
    /// What the column is judged by.
    pub test: Cow<'static, str>,
    /// The number that is held against the bound; `None` where there is none.
    #[serde(with = "exact::some")]
    pub score: Option<f64>,
    /// The bound.
    #[serde(with = "exact")]
    pub bound: f64,
    /// Whether the score is beyond it.
    pub is_beyond: bool,
}

impl Judged {
    /// A distance, which is beyond its bound where it is at least that large.
    pub fn distance(test: &'static str, score: Option<f64>, bound: f64) -> Self {
        Self {
            test: Cow::Borrowed(test),
            score,
            bound,
            is_beyond: score.is_some_and(|score| score >= bound),
        }
    }

    /// A distance, which is beyond its bound where it is larger.
    pub fn larger(test: &'static str, score: Option<f64>, bound: f64) -> Self {
        Self {
            is_beyond: score.is_some_and(|score| score > bound),
            ..Self::distance(test, score, bound)
        }
    }

    /// A p-value, which is beyond its bound where it is smaller, or no larger.
    pub fn chance(test: &'static str, score: Option<f64>, bound: f64, or_equal: bool) -> Self {
        Self {
            is_beyond: score.is_some_and(|score| score < bound || or_equal && score == bound),
            ..Self::distance(test, score, bound)
        }
    }
}

/// What this project says of a column: the size of its change, and a p-value beside it.
pub struct Measured {
    /// The cells that both were read from.
    pub cells: Vec<Cell>,
    /// The size.
    pub size: Judged,
    /// The p-value.
    pub p_value: Option<f64>,
}

/// Measures a column.
pub fn measure(pair: &Pair<'_>) -> Measured {
    let cells = pair.cells().to_vec();
    Measured {
        size: Judged::distance("psi", stability(&cells), BOUND),
        p_value: evidence::p_value(pair, &cells),
        cells,
    }
}

/// A column that both files have.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct Found {
    column: String,
    role: Role,
    rows: u64,
    judged: Judged,
    #[serde(with = "exact::some")]
    p_value: Option<f64>,
    #[serde(with = "exact::some")]
    corrected: Option<f64>,
    is_drifted: bool,
    /// Under each of the dialect's tests.
    tests: Vec<Judged>,
    cells: Vec<Cell>,
    kind: SampleKind,
    /// Weighed last, where the rows are.
    #[serde(skip)]
    matter: Option<matter::Matter>,
    /// Where the reference is a profile: how well the size and the p-value are known. Nothing of it is carried to other workers.
    #[serde(skip)]
    told: Option<Told>,
}

/// How well a column's drift is known from a profile.
#[derive(Debug, Clone)]
struct Told {
    /// The limits of the size; `None` where it is not known at all.
    score: Option<Range>,
    p_value: Range,
    corrected: Range,
    /// Whether it has drifted, where the limits leave no doubt.
    is_drifted: Option<bool>,
}

/// What is concluded about columns.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Drift {
    found: Vec<Found>,
    /// The columns whose drift is weighed, the most drifted first, and how many of them are done.
    weighed: (Vec<usize>, usize),
}

/// The most columns whose drift is weighed.
const MOST_WEIGHED: usize = 20;
/// The most columns whose distributions are kept for drawing.
const MOST_DRAWN: usize = 12;

/// How the values of a column are distributed in both files, for drawing.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Distribution {
    /// The column.
    pub column: String,
    /// Its cells, in order.
    pub cells: Vec<Bar>,
}

/// A cell of a [`Distribution`].
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Bar {
    /// What is in it, for levels and for what is beside the numbers.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub name: String,
    /// Where it begins, for numbers; microseconds for moments.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<f64>,
    /// Where it ends.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<f64>,
    /// Rows of the reference.
    pub reference: u64,
    /// Rows of the current data.
    pub current: u64,
}

impl Drift {
    /// Judges a column. The time at which rows happened is later than in the reference by itself, so that it is not judged.
    pub fn judge(&mut self, pair: &Pair<'_>, files: &Files<'_>, (earlier, column): (&Column, &Column), settings: &Settings) {
        let role = files.roles.role_of(&column.name);
        if role == Role::Time {
            return;
        }
        let own = measure(pair);
        let dialect = settings.drift_dialect;
        let judged = match dialect {
            DriftDialect::Assay => own.size,
            DriftDialect::Evidently => evidently::judge(pair),
            DriftDialect::Nannyml => nannyml::judge(pair, files, earlier),
            DriftDialect::Deepchecks => deepchecks::judge(pair, role == Role::Feature),
        };
        let tests = match dialect {
            DriftDialect::Evidently if self.found.len() < MOST_DETAILED => {
                evidently::tests(pair).iter().map(|(_, judge)| judge(pair)).collect()
            }
            _ => Vec::new(),
        };
        self.found.push(Found {
            column: column.name.clone(),
            role,
            rows: pair.reference.rows.min(pair.current.rows),
            is_drifted: judged.is_beyond,
            judged,
            p_value: own.p_value.filter(|_| dialect == DriftDialect::Assay),
            corrected: None,
            tests,
            cells: own.cells,
            kind: pair.reference.kind,
            matter: None,
            told: None,
        });
    }

    /// Judges a column beside a profile, within the limits of what that tells. Other dialects than this project's need the rows.
    pub fn judge_told(&mut self, pair: &Pair<'_>, column: &str, role: Role, own: Evidence, settings: &Settings) {
        if role == Role::Time {
            return;
        }
        let is_own = settings.drift_dialect == DriftDialect::Assay;
        let Measured { cells, size, p_value } = own.measured;
        let within = |value: Option<f64>, range: Range| value.map(|value| value.clamp(range.0, range.1.max(range.0)));
        self.found.push(Found {
            column: column.to_owned(),
            role,
            rows: pair.reference.rows.min(pair.current.rows),
            is_drifted: false,
            judged: Judged {
                score: within(size.score, own.score).filter(|_| is_own),
                ..size
            },
            p_value: within(p_value, own.p_value).filter(|_| is_own),
            corrected: None,
            tests: Vec::new(),
            cells,
            kind: pair.reference.kind,
            matter: None,
            told: Some(Told {
                score: size.score.map(|_| own.score).filter(|_| is_own),
                p_value: own.p_value,
                corrected: own.p_value,
                is_drifted: None,
            }),
        });
    }

    /// Keeps a column that a profile does not tell of: nothing is concluded about it, and that is said.
    pub fn judge_untold(&mut self, column: &str, role: Role, rows: u64) {
        if role == Role::Time {
            return;
        }
        self.found.push(Found {
            column: column.to_owned(),
            role,
            rows,
            is_drifted: false,
            judged: Judged::distance("psi", None, BOUND),
            p_value: None,
            corrected: None,
            tests: Vec::new(),
            cells: Vec::new(),
            kind: SampleKind::Levels,
            matter: None,
            told: Some(Told {
                score: None,
                p_value: (0.0, 1.0),
                corrected: (0.0, 1.0),
                is_drifted: None,
            }),
        });
    }

    /// Corrects p-values for how many columns there are, and decides which have drifted.
    pub fn conclude(&mut self, files: &Files<'_>, settings: &Settings) -> Vec<Notice> {
        if settings.drift_dialect == DriftDialect::Assay {
            let places: Vec<usize> = (0..self.found.len()).filter(|place| self.found[*place].p_value.is_some()).collect();
            let p_values: Vec<f64> = places.iter().filter_map(|place| self.found[*place].p_value).collect();
            for found in &mut self.found {
                found.is_drifted = false;
            }
            for (place, p) in places.into_iter().zip(Correction::BenjaminiHochberg.adjust(&p_values)) {
                let found = &mut self.found[place];
                found.corrected = Some(p);
                found.is_drifted = found.judged.is_beyond && p < 1.0 - settings.level;
            }
            self.conclude_told(settings);
        }
        self.weighed = (self.ranked(), 0);
        self.weighed.0.truncate(MOST_WEIGHED);
        let mut notices = Vec::new();
        if let Some(reference) = files.reference.filter(|table| table.rows == 0 || files.current.rows == 0) {
            let which = if reference.rows == 0 { "reference" } else { "file under test" };
            let text = format!("The {which} has no rows, so that nothing can be said about drift.");
            notices.push(Notice::general(NoticeCode::Setting, text));
        }
        notices.extend(self.found.iter().filter_map(respelled));
        notices
    }

    /// The same for the least and the largest that p-values can be: corrected ones rise with any of them.
    fn conclude_told(&mut self, settings: &Settings) {
        if self.found.iter().all(|found| found.told.is_none()) {
            return;
        }
        let places: Vec<usize> = (0..self.found.len()).filter(|place| self.found[*place].p_value.is_some()).collect();
        let adjusted = |of: fn(&Range) -> f64| {
            let p_values = places.iter().filter_map(|place| self.found[*place].told.as_ref());
            Correction::BenjaminiHochberg.adjust(&p_values.map(|told| of(&told.p_value)).collect::<Vec<f64>>())
        };
        let (low, high) = (adjusted(|range| range.0), adjusted(|range| range.1));
        let most = 1.0 - settings.level;
        for (place, range) in places.into_iter().zip(low.into_iter().zip(high)) {
            let found = &mut self.found[place];
            let Some(told) = &mut found.told else { continue };
            told.corrected = range;
            told.is_drifted = match told.score {
                Some(score) if score.0 >= BOUND && range.1 < most => Some(true),
                Some(score) if score.1 < BOUND || range.0 >= most => Some(false),
                _ => None,
            };
            found.is_drifted = told.is_drifted == Some(true);
        }
    }

    /// The columns that have drifted first, and among those and the others the larger drift first.
    fn ranked(&self) -> Vec<usize> {
        let mut places: Vec<usize> = (0..self.found.len()).collect();
        let by = |place: usize| {
            let found = &self.found[place];
            (found.is_drifted, rising_key(found.judged.score.unwrap_or(-1.0)))
        };
        order::sort_by(&mut places, |a, b| by(*b).cmp(&by(*a)));
        places
    }

    /// Weighs one more column's drift; false when there is none left.
    pub fn weigh(&mut self, files: &Files<'_>, known: (&Known, &Known)) -> bool {
        let (places, next) = &mut self.weighed;
        let Some(place) = places.get(*next) else { return false };
        *next += 1;
        let found = &mut self.found[*place];
        let columns = (
            files.reference.and_then(|table| table.column(&found.column)),
            files.current.column(&found.column),
        );
        let counts = (counter(files, Source::Reference), counter(files, Source::Current));
        if let (Some(earlier), Some(column)) = columns
            && found.role == Role::Feature
        {
            let reference = matter::Side {
                column: earlier,
                count: &counts.0,
                known: known.0,
            };
            let current = matter::Side {
                column,
                count: &counts.1,
                known: known.1,
            };
            found.matter = matter::matter(&found.cells, found.kind, &reference, &current);
        }
        true
    }

    /// What was weighed.
    pub fn weights(&self, settings: &Settings) -> Vec<Estimate> {
        let mut estimates = Vec::new();
        for found in &self.found {
            if found.told.is_some() && found.role == Role::Feature {
                for metric in ["score_change_by_mix", "error_change_by_mix", "error_change_within"] {
                    let reading = Reading::undefined(UndefinedCode::FromProfile, found.rows);
                    push(&mut estimates, metric, &found.column, &[], reading, settings);
                }
            }
            let Some(of) = &found.matter else { continue };
            for (metric, reading) in [
                ("score_change_by_mix", of.score),
                ("error_change_by_mix", of.error_mix),
                ("error_change_within", of.error_within),
            ] {
                if let Some(reading) = reading {
                    push(&mut estimates, metric, &found.column, &[], reading, settings);
                }
            }
        }
        estimates
    }

    /// The distributions of the most drifted columns. Levels of fewer rows than are judged are not named.
    pub fn distributions(&self, settings: &Settings) -> Vec<Distribution> {
        let places = self.ranked().into_iter().take(MOST_DRAWN);
        places.map(|place| self.found[place].distribution(settings)).collect()
    }

    /// The numbers of every column, then of all.
    pub fn estimates(&self, settings: &Settings) -> Vec<Estimate> {
        let mut estimates = Vec::new();
        for found in &self.found {
            found.write(settings, &mut estimates);
        }
        let counted: Vec<&Found> = self
            .found
            .iter()
            .filter(|found| found.role != Role::Label && found.judged.score.is_some())
            .collect();
        let open = counted.iter().filter(|found| found.is_open()).count() as f64;
        let drifted = counted.iter().filter(|found| found.is_drifted).count();
        let all = counted.len() as u64;
        let share = drifted as f64 / all as f64;
        let of_all = |value: f64| match all {
            0 => Reading::undefined(UndefinedCode::NoRows, 0),
            _ => Reading::exact(value, all),
        };
        for (metric, reading) in [
            ("drifted_columns", of_all(drifted as f64)),
            ("drifted_share", of_all(share)),
            ("dataset_drift", of_all(f64::from(u8::from(share >= 0.5)))),
        ] {
            push(&mut estimates, metric, "", &[], reading, settings);
            let Some(own) = estimates.last_mut().filter(|_| self.found.iter().any(|found| found.told.is_some())) else {
                continue;
            };
            let drifted = drifted as f64;
            let within = match metric {
                "drifted_columns" => (drifted, drifted + open),
                _ => (drifted / all as f64, (drifted + open) / all as f64),
            };
            if metric == "dataset_drift" {
                if (within.0 >= 0.5) != (within.1 >= 0.5) {
                    (own.text, own.undefined) = (None, Some(UndefinedCode::FromProfile.into()));
                }
            } else if own.value.is_some() {
                own.within = Some(Within {
                    low: within.0,
                    high: within.1,
                });
            }
        }
        estimates
    }
}

fn push(to: &mut Vec<Estimate>, metric: &str, column: &str, params: &[(&str, &str)], reading: Reading, settings: &Settings) {
    let Some(metric) = find(metric) else { return };
    let params: BTreeMap<String, String> = params
        .iter()
        .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
        .collect();
    let key = Key {
        metric: metric.id.to_owned(),
        params,
        columns: (!column.is_empty()).then(|| column.to_owned()).into_iter().collect(),
        ..Key::default()
    };
    to.push(estimate(key, &reading, metric, settings));
}

impl Found {
    fn distribution(&self, settings: &Settings) -> Distribution {
        let mut cells: Vec<Bar> = Vec::new();
        let mut rest = (0, 0);
        for cell in &self.cells {
            let (name, range) = match &cell.of {
                Of::Below => ("below the reference", None),
                Of::Above => ("above the reference", None),
                Of::Missing => ("missing", None),
                Of::Range(from, to) => ("", Some((*from, *to))),
                Of::Level(name) if cell.reference + cell.current >= settings.min_support => (name.as_str(), None),
                Of::Level(_) | Of::Rare => {
                    rest = (rest.0 + cell.reference, rest.1 + cell.current);
                    continue;
                }
            };
            // The ends of the reference's range are not known from a profile.
            cells.push(Bar {
                name: name.to_owned(),
                from: range.map(|range| range.0).filter(|end| end.is_finite()),
                to: range.map(|range| range.1).filter(|end| end.is_finite()),
                reference: cell.reference,
                current: cell.current,
            });
        }
        if rest != (0, 0) {
            cells.push(Bar {
                name: "other levels".to_owned(),
                from: None,
                to: None,
                reference: rest.0,
                current: rest.1,
            });
        }
        Distribution {
            column: self.column.clone(),
            cells,
        }
    }

    /// Whether a profile leaves open whether the column has drifted.
    fn is_open(&self) -> bool {
        self.told.as_ref().is_some_and(|told| told.is_drifted.is_none())
    }

    /// Puts limits beside what is told from a profile.
    fn limit(&self, told: &Told, to: &mut [Estimate]) {
        let untold = UndefinedCode::FromProfile;
        for own in to {
            let range = match own.key.metric.as_str() {
                "drift_score" => told.score,
                "drift_pvalue" if own.key.params.is_empty() => Some(told.p_value),
                "drift_pvalue" => Some(told.corrected),
                "drifted" if told.is_drifted.is_none() => {
                    (own.text, own.undefined) = (None, Some(untold.into()));
                    continue;
                }
                _ => continue,
            };
            match (own.value, range) {
                (Some(value), Some((low, high))) => {
                    own.within = Some(Within {
                        low: low.min(value),
                        high: high.max(value),
                    });
                }
                _ => (own.value, own.undefined) = (None, Some(untold.into())),
            }
        }
    }

    fn reading(&self, value: Option<f64>) -> Reading {
        value.map_or(Reading::undefined(UndefinedCode::NoRows, self.rows), |value| {
            Reading::exact(value, self.rows)
        })
    }

    fn write(&self, settings: &Settings, to: &mut Vec<Estimate>) {
        let first = to.len();
        let mut add = |metric: &str, params: &[(&str, &str)], value: Option<f64>| {
            push(to, metric, &self.column, params, self.reading(value), settings);
        };
        let is = |judged: &Judged, is_beyond: bool| judged.score.map(|_| f64::from(u8::from(is_beyond)));
        add("drift_score", &[], self.judged.score);
        add("drift_bound", &[], Some(self.judged.bound));
        if settings.drift_dialect == DriftDialect::Assay {
            add("drift_pvalue", &[], self.p_value);
            add(
                "drift_pvalue",
                &[("correction", Correction::BenjaminiHochberg.id())],
                self.corrected,
            );
        }
        add("drifted", &[], is(&self.judged, self.is_drifted));
        for test in &self.tests {
            let params = [("test", &*test.test)];
            add("drift_score", &params, test.score);
            add("drifted", &params, is(test, test.is_beyond));
        }
        push(to, "drift_test", &self.column, &[], self.reading(Some(0.0)), settings);
        if let Some(estimate) = to.last_mut() {
            (estimate.value, estimate.text) = (None, Some(self.judged.test.clone().into_owned()));
        }
        if let Some(told) = &self.told {
            self.limit(told, &mut to[first..]);
        }
    }
}

/// Levels that are gone and new ones that differ from them in letter case, blanks or punctuation alone.
fn respelled(found: &Found) -> Option<Notice> {
    let plain = |name: &str| {
        name.chars()
            .filter(|c| c.is_alphanumeric())
            .flat_map(char::to_lowercase)
            .collect::<String>()
    };
    let named = |is: fn(&Cell) -> bool| {
        found
            .cells
            .iter()
            .filter(move |cell| is(cell))
            .filter_map(move |cell| match &cell.of {
                Of::Level(name) => Some((plain(name), name.as_str())),
                _ => None,
            })
    };
    let gone: BTreeMap<String, &str> = named(|cell| cell.current == 0).filter(|(plain, _)| !plain.is_empty()).collect();
    let pairs: Vec<String> = named(|cell| cell.reference == 0)
        .filter_map(|(plain, new)| Some(format!("\"{}\" is \"{new}\" now", gone.get(&plain)?)))
        .take(5)
        .collect();
    let text = format!(
        "Levels of column \"{}\" seem to be spelled differently than in the reference: {}. They are compared as different levels; spell them alike.",
        found.column,
        pairs.join(", ")
    );
    (!pairs.is_empty()).then(|| Notice::of_column(NoticeCode::Setting, &found.column, text))
}
