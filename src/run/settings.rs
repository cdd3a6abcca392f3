//! What a user can set beside the roles.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::slices::SliceSettings;
use crate::metric::{Parameters, Task};

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

/// Settings of an audit; the defaults are those of a plain run.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Settings {
    /// The task, or `None` to infer it.
    pub task: Option<Task>,
    /// The class counted as positive, or `None` to infer it.
    pub positive: Option<String>,
    /// The decision threshold: a score at or above it is positive. `None`: predictions as given, or 0.5 on a probability.
    pub threshold: Option<f64>,
    /// Nominal coverage of intervals.
    pub level: f64,
    /// How intervals of shares are made.
    pub interval: ShareInterval,
    /// The smallest group that is judged.
    pub min_support: u64,
    /// The reference group of a sensitive feature; the largest group unless set.
    pub reference_groups: BTreeMap<String, String>,
    /// What is set about single metrics.
    pub parameters: Parameters,
    /// Where weak spots are looked for.
    pub slices: SliceSettings,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            task: None,
            positive: None,
            threshold: None,
            level: 0.95,
            interval: ShareInterval::Wilson,
            min_support: 30,
            reference_groups: BTreeMap::new(),
            parameters: Parameters::default(),
            slices: SliceSettings::default(),
        }
    }
}
