//! Whether features stand in for sensitive ones: how much each tells about each, and how well all together tell a group apart.
//!
//! [`association`] is about two columns, [`logistic`] is the model; [`ProxyJob`] does all of it in steps, a column, a pair of columns or a
//! group a step.

pub mod association;
pub mod logistic;
mod told;

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

use crate::data::{Column, Levels, Notice, NoticeCode, Roles, Table, Values};
use crate::metric::reading::Reading;
use crate::metric::rows::Rows;
use crate::metric::{Estimate, Key, Task, UndefinedCode, registry};
use crate::stats::random::mix;

use super::Settings;
use super::features::{Feature, plain_columns};
use super::frame::estimate;
use super::plan::Plan;
use association::{Pairs, Table as Crossed};

/// The most rows of the file that are looked at.
pub const MOST_ROWS: usize = 100_000;
/// The most features that are looked at.
pub const MOST_FEATURES: usize = 100;
/// Bins of a column of numbers.
const BINS: usize = 6;
/// The most levels of a feature that are told apart.
const MOST_LEVELS: usize = 12;
/// The most levels of a sensitive feature that are told apart.
const MOST_GROUPS: usize = 50;

/// What was looked at for proxies; the numbers are among the report's estimates.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Proxies {
    /// The features.
    pub features: Vec<String>,
    /// The sensitive features they were held against.
    pub sensitive: Vec<String>,
    /// The column with the score or the predicted number, where there is one.
    pub score: Option<String>,
    /// Rows of the file that were looked at, where they are too many for all.
    pub sampled: Option<u64>,
    /// The features that the model sees.
    pub model_features: Vec<String>,
    /// The most rows that it is fitted to.
    pub model_rows: u64,
}

/// See the module's doc.
pub struct ProxyJob {
    /// The places of the rows looked at; `None` for all.
    kept: Option<Vec<u32>>,
    /// How much each of them counts.
    rows: Rows,
    names: Vec<String>,
    left_out: usize,
    features: Vec<Feature>,
    sensitive: Vec<Feature>,
    score: Option<String>,
    next: usize,
    estimates: Vec<Estimate>,
    /// For each feature the most it tells about a sensitive one.
    tells: Vec<f64>,
    told: Option<told::Told>,
}

impl ProxyJob {
    /// The job; `None` where there is no sensitive feature, or no other.
    pub fn new(table: &Table, roles: &Roles, plan: &Plan) -> Option<Self> {
        let mut names = plain_columns(table, roles);
        if roles.sensitive.is_empty() || names.is_empty() {
            return None;
        }
        let left_out = names.len().saturating_sub(MOST_FEATURES);
        names.truncate(MOST_FEATURES);
        let kept: Option<Vec<u32>> = (table.rows > MOST_ROWS).then(|| {
            let share = u64::MAX / table.rows as u64 * MOST_ROWS as u64;
            // Numbers that follow each other are far apart once mixed.
            (0..table.rows as u32).filter(|row| mix(u64::from(*row) + 1) < share).collect()
        });
        let of = |values: &Option<Vec<f64>>| values.as_ref().map(|values| numbers(&kept, values).into_owned());
        let rows = Rows {
            len: kept.as_ref().map_or(table.rows, Vec::len),
            counts: of(&plan.rows.counts),
            weights: of(&plan.rows.weights),
            ..Rows::default()
        };
        let score = match plan.outcome.task {
            Some(Task::Regression) => roles.prediction.clone().filter(|_| plan.rows.predicted.is_some()),
            _ => roles.score.clone().filter(|_| plan.rows.score.is_some()),
        };
        Some(Self {
            rows,
            kept,
            names,
            left_out,
            features: Vec::new(),
            sensitive: Vec::new(),
            score,
            next: 0,
            estimates: Vec::new(),
            tells: Vec::new(),
            told: None,
        })
    }

    /// Steps in all, about, of a job with these roles; none where there is none.
    pub fn units(table: &Table, roles: &Roles) -> u64 {
        let names = plain_columns(table, roles).len().min(MOST_FEATURES);
        if roles.sensitive.is_empty() || names == 0 {
            return 0;
        }
        (1 + names + 2 * roles.sensitive.len()) as u64
    }

    /// Does a step; gives what was found after the last.
    pub fn step(
        &mut self,
        table: &Table,
        roles: &Roles,
        plan: &Plan,
        settings: &Settings,
    ) -> Option<(Proxies, Vec<Estimate>, Vec<Notice>)> {
        let place = self.next;
        self.next += 1;
        if place == 0 {
            let of = |name: &String| self.feature(table.column(name)?, MOST_GROUPS);
            self.sensitive = roles.sensitive.iter().filter_map(of).collect();
        } else if let Some(name) = self.names.get(place - 1) {
            let column = table.column(name)?;
            if let Some(feature) = self.feature(column, MOST_LEVELS) {
                self.associate(column, &feature, plan, settings);
                self.features.push(feature);
            }
        } else {
            let told = self
                .told
                .get_or_insert_with(|| told::Told::new(&self.features, &self.tells, &self.sensitive, &self.rows, settings));
            match told.step(&self.features, &self.sensitive, &self.rows, settings) {
                Some(mut estimates) => self.estimates.append(&mut estimates),
                None => return Some(self.finish()),
            }
        }
        None
    }

    /// Steps done, and in all, about.
    pub fn progress(&self) -> (u64, u64) {
        let total = 1 + self.names.len() + 2 * self.sensitive.len();
        (self.next.min(total) as u64, total as u64)
    }

    fn finish(&mut self) -> (Proxies, Vec<Estimate>, Vec<Notice>) {
        let mut texts = Vec::new();
        if self.kept.is_some() {
            texts.push(format!(
                "Associations of features with sensitive ones are those of {} of the rows, drawn by their numbers.",
                self.rows.len
            ));
        }
        if self.left_out > 0 {
            texts.push(format!(
                "Associations with sensitive features are those of the first {MOST_FEATURES} features; {} are left out.",
                self.left_out
            ));
        }
        let told = self.told.as_ref();
        let model: Vec<String> = told.map_or_else(Vec::new, |told| told.names(&self.features));
        if model.len() < self.features.len() {
            texts.push(format!(
                "The model that tells groups apart has room for the {} features that tell most; {} are left out.",
                model.len(),
                self.features.len() - model.len()
            ));
        }
        let found = Proxies {
            features: self.features.iter().map(|feature| feature.name.clone()).collect(),
            sensitive: self.sensitive.iter().map(|feature| feature.name.clone()).collect(),
            score: self.score.clone(),
            sampled: self.kept.as_ref().map(|kept| kept.len() as u64),
            model_features: model,
            model_rows: told.map_or(0, told::Told::rows),
        };
        let notices = texts.into_iter().map(|text| Notice::general(NoticeCode::Slices, text));
        (found, std::mem::take(&mut self.estimates), notices.collect())
    }

    fn feature(&self, column: &Column, most: usize) -> Option<Feature> {
        let Some(kept) = &self.kept else {
            return Feature::of(column, &self.rows, BINS, most);
        };
        let values = match &column.values {
            Values::Numeric(values) => Values::Numeric(kept.iter().map(|row| values.get(*row as usize)).collect()),
            Values::Levels(levels) => Values::Levels(Levels {
                codes: kept.iter().map(|row| levels.codes.get(*row as usize)).collect(),
                names: levels.names.clone(),
            }),
            Values::Time(_) | Values::None => return None,
        };
        let drawn = Column {
            name: column.name.clone(),
            values,
            ..*column
        };
        Feature::of(&drawn, &self.rows, BINS, most)
    }

    /// The numbers of a feature beside every sensitive one, and beside the score.
    fn associate(&mut self, column: &Column, feature: &Feature, plan: &Plan, settings: &Settings) {
        let own = match &column.values {
            Values::Numeric(values) => Some(match &self.kept {
                Some(kept) => Cow::Owned(kept.iter().map(|row| values.get(*row as usize)).collect()),
                None => values.wide(),
            }),
            _ => None,
        };
        let mut tells = 0.0_f64;
        let mut put = |metric: &str, other: &str, reading: &Reading| {
            if let Some(metric) = registry::find(metric) {
                let key = Key {
                    columns: vec![feature.name.clone(), other.to_owned()],
                    ..Key::overall(metric.id)
                };
                self.estimates.push(estimate(key, reading, metric, settings));
            }
        };
        for sensitive in self.sensitive.iter().filter(|sensitive| sensitive.name != feature.name) {
            let table = Crossed::of(feature, sensitive, &self.rows);
            match &own {
                Some(values) => {
                    let pairs = Pairs {
                        codes: &sensitive.codes,
                        missing: sensitive.missing(),
                        values,
                    };
                    put("correlation_ratio", &sensitive.name, &pairs.correlation_ratio(&self.rows));
                }
                None => put("cramers_v_corrected", &sensitive.name, &table.cramers_v_corrected()),
            }
            let information = table.mutual_information();
            tells = tells.max(information.value.unwrap_or(0.0));
            put("mutual_information", &sensitive.name, &information);
        }
        let score = match plan.outcome.task {
            Some(Task::Regression) => &plan.rows.predicted,
            _ => &plan.rows.score,
        };
        if let (Some(name), Some(score)) = (&self.score, score) {
            let score = numbers(&self.kept, score);
            let pairs = Pairs {
                codes: &feature.codes,
                missing: feature.missing(),
                values: &score,
            };
            put("correlation_ratio", name, &pairs.correlation_ratio(&self.rows));
        }
        self.tells.push(tells);
    }
}

/// The numbers of the rows looked at.
fn numbers<'a>(kept: &Option<Vec<u32>>, values: &'a [f64]) -> Cow<'a, [f64]> {
    match kept {
        Some(kept) => Cow::Owned(kept.iter().map(|row| values[*row as usize]).collect()),
        None => Cow::Borrowed(values),
    }
}

/// No number, because too few rows are there.
fn too_few(rows: u64) -> Reading {
    Reading::undefined(
        if rows == 0 {
            UndefinedCode::NoRows
        } else {
            UndefinedCode::TooFewRows
        },
        rows,
    )
}
