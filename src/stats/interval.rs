//! Interval estimates: the value type and the methods that make one.

use serde::{Deserialize, Serialize};

/// How an interval was made; named in every report beside the interval.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Method {
    /// Wilson's score interval for a share.
    Wilson,
    /// Clopper and Pearson's exact interval for a share.
    ClopperPearson,
    /// Agresti and Coull's adjusted interval for a share.
    AgrestiCoull,
    /// The normal approximation for a share.
    Wald,
    /// Newcombe's hybrid score interval for a difference of two shares.
    Newcombe,
    /// Pairwise Newcombe limits at a Sidak-corrected level: for a largest gap over several groups.
    SidakNewcombe,
    /// Katz' log interval for a ratio of two shares.
    KatzLog,
    /// Pairwise log limits at a Sidak-corrected level: for a smallest ratio over several groups.
    SidakKatzLog,
    /// Mean plus or minus normal quantile times standard error.
    Normal,
    /// Delta method from second moments.
    Delta,
    /// Delta method on the logarithm, for a ratio of two estimates.
    DeltaLog,
    /// Pairwise delta-method limits at a Sidak-corrected level.
    SidakDelta,
    /// Pairwise delta-method limits on the logarithm at a Sidak-corrected level.
    SidakDeltaLog,
    /// DeLong, DeLong and Clarke-Pearson's placement variance.
    Delong,
    /// The placement variance with importance weights.
    DelongWeighted,
    /// Normal approximation on the logit scale (Boyd, Eng and Page 2013), for average precision.
    LogitNormal,
}

/// Limits around a value.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Interval {
    /// Lower limit.
    pub low: f64,
    /// Upper limit.
    pub high: f64,
    /// Nominal coverage, for instance 0.95.
    pub level: f64,
    /// How the limits were made.
    pub method: Method,
}
