//! What a user can set beside the roles.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::drift::DriftDialect;
use super::search::SearchSettings;
use super::slices::SliceSettings;
use super::windows::WindowSettings;
use super::{Dialect, Presets, Wording};
use crate::metric::{Parameters, Task};
use crate::stats::math::expit;

/// The interval method for shares.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ShareInterval {
    /// Wilson's score interval.
    #[default]
    Wilson,
    /// Clopper and Pearson's exact interval.
    ClopperPearson,
    /// Agresti and Coull's adjusted interval.
    AgrestiCoull,
    /// The normal approximation.
    Wald,
}

/// Which group the others are compared with, where none is named.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ReferenceRule {
    /// The group of most rows.
    #[default]
    Largest,
    /// For each metric the group with the lowest value.
    Lowest,
    /// For each metric the group with the highest value.
    Highest,
}

/// The interval method for ROC AUC and the Gini coefficient.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AucInterval {
    /// DeLong's variance of placements.
    #[default]
    Delong,
    /// DeLong's variance, the limits made on the logit scale: they stay within 0 to 1.
    DelongLogit,
    /// Hanley and McNeil's variance, from the area and the numbers of positives and negatives alone.
    HanleyMcneil,
}

/// How the numbers in the score column are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ScoreScale {
    /// As they are meant: probabilities, or any numbers that order rows.
    #[default]
    AsGiven,
    /// Probabilities in percent.
    Percent,
    /// Log odds of probabilities.
    LogOdds,
}

impl ScoreScale {
    /// The score that a number stands for.
    pub fn read(self, number: f64) -> f64 {
        match self {
            Self::AsGiven => number,
            Self::Percent => number / 100.0,
            Self::LogOdds => expit(number),
        }
    }
}

/// Settings of an audit; the defaults are those of a plain run.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Settings {
    /// The task, or `None` to infer it.
    pub task: Option<Task>,
    /// The class counted as positive, or `None` to infer it.
    pub positive: Option<String>,
    /// What stands between the labels of a value that names several; `None`: `|` or `;` where values suggest it.
    pub label_separator: Option<String>,
    /// The classes from the lowest to the highest, where they have an order that their names do not tell; empty: names that are numbers are
    /// ordered by value, others have no order.
    pub class_order: Vec<String>,
    /// The decision threshold: a score at or above it is positive. `None`: predictions as given, or 0.5 on a probability.
    pub threshold: Option<f64>,
    /// How the numbers in the score column of two classes are written; the decision threshold is on the scale of 0 to 1 then.
    pub score_scale: ScoreScale,
    /// Nominal coverage of intervals.
    pub level: f64,
    /// How intervals of shares are made.
    pub interval: ShareInterval,
    /// How intervals of ROC AUC are made.
    pub auc_interval: AucInterval,
    /// The smallest group that is judged.
    pub min_support: u64,
    /// The reference group of a sensitive feature; the largest group unless set.
    pub reference_groups: BTreeMap<String, String>,
    /// Which group takes the part of the reference group where none is named.
    pub reference_rule: ReferenceRule,
    /// The lowest ratio to the reference group that counts as parity.
    pub tau: f64,
    /// Under whose names and definitions comparisons between groups are shown.
    pub dialect: Dialect,
    /// The class that is good for whoever gets it; the positive one unless set.
    pub favorable: Option<String>,
    /// Words for the people that rows are about.
    pub wording: Wording,
    /// Which rules of law get their tables.
    pub presets: Presets,
    /// What is set about single metrics.
    pub parameters: Parameters,
    /// Where weak spots are looked for.
    pub slices: SliceSettings,
    /// How change over time is followed.
    pub windows: WindowSettings,
    /// By whose rules a column counts as drifted.
    pub drift_dialect: DriftDialect,
    /// Columns that have another name now: the reference's name, and the name here.
    pub renamed: BTreeMap<String, String>,
    /// Whether groups that nobody named are looked for.
    pub search: SearchSettings,
    /// For a sensitive feature the share of each of its levels in the population that the model is for.
    pub population: BTreeMap<String, BTreeMap<String, f64>>,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            task: None,
            positive: None,
            label_separator: None,
            class_order: Vec::new(),
            threshold: None,
            score_scale: ScoreScale::AsGiven,
            level: 0.95,
            interval: ShareInterval::Wilson,
            auc_interval: AucInterval::Delong,
            min_support: 30,
            reference_groups: BTreeMap::new(),
            reference_rule: ReferenceRule::Largest,
            tau: 0.8,
            dialect: Dialect::Assay,
            favorable: None,
            wording: Wording::default(),
            presets: Presets::default(),
            parameters: Parameters::default(),
            slices: SliceSettings::default(),
            windows: WindowSettings::default(),
            drift_dialect: DriftDialect::Assay,
            renamed: BTreeMap::new(),
            search: SearchSettings::default(),
            population: BTreeMap::new(),
        }
    }
}
