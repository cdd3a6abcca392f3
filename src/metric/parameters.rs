//! What a user can set about single metrics.

use serde::{Deserialize, Serialize};

/// What a user can set about single metrics; the defaults are those of a plain run.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Default)]
#[serde(default, deny_unknown_fields)]
pub struct Parameters {
    /// How many rows, from the highest score down, the metrics at the top look at.
    pub top: Vec<u64>,
    /// How far off a predicted number may be to count as within, in the unit of the target.
    pub tolerances: Vec<f64>,
    /// How many features the model of a predicted number uses.
    pub features: Option<u64>,
    /// Powers of Tweedie deviances, each at most 0 or at least 1; 1.5 where none is given.
    pub powers: Vec<f64>,
    /// Which quantiles the prediction is held against as if it were one of them: probabilities between 0 and 1.
    pub alphas: Vec<f64>,
    /// How often the interval from lower to upper limit should hold the truth.
    pub nominal: Option<f64>,
    /// How much a relevant item is worth in a ranked list.
    pub gain: Gain,
}

/// How much a relevant item is worth in a ranked list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Gain {
    /// Its relevance.
    #[default]
    Linear,
    /// 2 to the power of its relevance, less 1.
    Exponential,
}
