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
use crate::metric::drift::cells::{Cell, Of, cells, stability};
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
    let cells = cells(pair);
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
            cells.push(Bar {
                name: name.to_owned(),
                from: range.map(|range| range.0),
                to: range.map(|range| range.1),
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

    fn reading(&self, value: Option<f64>) -> Reading {
        value.map_or(Reading::undefined(UndefinedCode::NoRows, self.rows), |value| {
            Reading::exact(value, self.rows)
        })
    }

    fn write(&self, settings: &Settings, to: &mut Vec<Estimate>) {
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
