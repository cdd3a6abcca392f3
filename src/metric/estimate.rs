//! A number with its evidence.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::Key;
use crate::stats::interval::Interval;

/// A value that JSON has no number for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Special {
    /// Positive infinity.
    #[serde(rename = "inf")]
    Inf,
    /// Negative infinity.
    #[serde(rename = "-inf")]
    NegInf,
}

/// Why a number does not exist.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum UndefinedCode {
    /// No usable rows.
    NoRows,
    /// Nobody is positive in truth.
    NoPositives,
    /// Nobody is negative in truth.
    NoNegatives,
    /// Nobody is predicted positive.
    NoPredictedPositives,
    /// Nobody is predicted negative.
    NoPredictedNegatives,
    /// Truth or prediction holds one class only.
    OneClass,
    /// A class of the audit does not occur in truth.
    ClassAbsent,
    /// The formula divides zero by zero.
    ZeroDenominator,
    /// The truth does not vary.
    ConstantTruth,
    /// A score is outside 0 to 1, so it is no probability.
    ScoreOutOfRange,
    /// Fewer than two groups with a defined value.
    TooFewGroups,
    /// The reference group's value is zero or undefined.
    ReferenceUnusable,
    /// Fewer rows than are judged.
    BelowMinSupport,
    /// No spread was seen, so chance cannot be judged.
    NoSpread,
    /// Numbers too large for the formula: it would subtract infinity from infinity.
    TooLarge,
    /// The score does not vary.
    ConstantScore,
    /// The score tells the classes apart without error, so that no finite fit is best.
    Separated,
    /// The fit came to no end.
    NoConvergence,
    /// No threshold reaches what is asked for.
    Unreached,
    /// The prediction does not vary.
    ConstantPrediction,
    /// Truth less prediction does not vary.
    ConstantResidual,
    /// Not defined with importance weights, or not where they differ.
    Weighted,
    /// Fewer rows than the metric needs, or looks at.
    TooFewRows,
    /// More rows than the formula was made for.
    TooManyRows,
    /// A true number is 0, of which the error is no share.
    ZeroTruth,
    /// A number is outside those for which the formula exists.
    OutOfDomain,
    /// No query has a relevant item.
    NoRelevant,
    /// How many features the model has is not set.
    FeaturesNotSet,
    /// How often the interval should hold the truth is not set.
    NominalNotSet,
    /// A column has the same value in all rows.
    ConstantColumn,
    /// The values of a column that it depends on are not kept.
    NotKept,
    /// Nothing can cross a limit there.
    NoLimit,
    /// The reference is a profile, which does not tell it.
    FromProfile,
}

impl UndefinedCode {
    /// The reason in words.
    pub const fn text(self) -> &'static str {
        match self {
            Self::NoRows => "there are no usable rows",
            Self::NoPositives => "nobody here is positive in truth",
            Self::NoNegatives => "nobody here is negative in truth",
            Self::NoPredictedPositives => "nobody here is predicted positive",
            Self::NoPredictedNegatives => "nobody here is predicted negative",
            Self::OneClass => "only one class occurs here",
            Self::ClassAbsent => "one of the classes does not occur in truth here",
            Self::ZeroDenominator => "the formula divides zero by zero here",
            Self::ConstantTruth => "the truth does not vary here",
            Self::ScoreOutOfRange => "the score is not a probability between 0 and 1",
            Self::TooFewGroups => "fewer than two groups have a value",
            Self::ReferenceUnusable => "the group compared with has no usable value",
            Self::BelowMinSupport => "there are too few rows to judge",
            Self::NoSpread => "no spread shows here to judge chance by",
            Self::TooLarge => "the numbers here are too large to compute it from",
            Self::ConstantScore => "the score does not vary here",
            Self::Separated => "the score tells the classes apart without error here, so that no finite fit is best",
            Self::NoConvergence => "the fit comes to no end here",
            Self::Unreached => "no threshold reaches it here",
            Self::ConstantPrediction => "the prediction does not vary here",
            Self::ConstantResidual => "the error is the same in all rows here",
            Self::Weighted => "it is not defined for rows of different importance weights",
            Self::TooFewRows => "there are too few rows here for it",
            Self::TooManyRows => "there are more rows here than it was made for",
            Self::ZeroTruth => "the true number is 0 in some rows here, and no error is a share of 0",
            Self::OutOfDomain => "some numbers here are too low for the formula",
            Self::NoRelevant => "no query here has a relevant item",
            Self::FeaturesNotSet => "it needs the number of features that the model uses, which is not set",
            Self::NominalNotSet => "it needs the coverage that the interval promises, which is not set",
            Self::ConstantColumn => "the values do not vary here",
            Self::NotKept => "it depends on texts that are not kept",
            Self::FromProfile => "the reference is a profile, which holds no rows to tell it from",
            Self::NoLimit => "nothing is beyond the usual on this side",
        }
    }
}

/// The reason that a number does not exist, as code and as words.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Undefined {
    /// For machines.
    pub code: UndefinedCode,
    /// For people.
    pub text: String,
}

impl From<UndefinedCode> for Undefined {
    fn from(code: UndefinedCode) -> Self {
        Self {
            code,
            text: code.text().to_owned(),
        }
    }
}

impl fmt::Display for Undefined {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

/// Between which two numbers a value computed without the rows of the reference certainly lies.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Within {
    /// The least that it can be.
    pub low: f64,
    /// The largest.
    pub high: f64,
}

/// A number with its address, support and interval, or the reason that it does not exist.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Estimate {
    /// Its address.
    #[serde(flatten)]
    pub key: Key,
    /// The number; `None` where undefined, infinite or a word.
    pub value: Option<f64>,
    /// Set where the number is infinite.
    pub special: Option<Special>,
    /// Set where the answer is a word.
    pub text: Option<String>,
    /// Rows behind the number: its denominator where it is a share; for a comparison the smallest denominator.
    pub support: u64,
    /// Limits, where the metric has them.
    pub interval: Option<Interval>,
    /// Why there is no number.
    pub undefined: Option<Undefined>,
    /// Where the reference is a profile: between which two numbers the value from its data is; both are the value where that is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub within: Option<Within>,
}
