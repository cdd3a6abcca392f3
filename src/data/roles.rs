//! Which column plays which part.

use serde::{Deserialize, Serialize};

/// The part a column can play.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// The truth.
    Label,
    /// The predicted class or value.
    Prediction,
    /// The predicted probability or margin.
    Score,
    /// The predicted probability of one class.
    ClassScore,
    /// A feature whose groups are compared.
    Sensitive,
    /// The row's importance weight.
    Weight,
    /// How many rows one row stands for.
    Count,
    /// When the row happened.
    Time,
    /// An identifier: never reported.
    Id,
    /// Any other column.
    Feature,
    /// Not used.
    Ignored,
}

/// The score column of one class.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClassScore {
    /// The class.
    pub class: String,
    /// The column that holds its score.
    pub column: String,
}

/// Column names by role.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Roles {
    /// The truth column.
    pub label: Option<String>,
    /// The predicted class or value.
    pub prediction: Option<String>,
    /// The predicted probability or margin.
    pub score: Option<String>,
    /// One score column a class.
    pub class_scores: Vec<ClassScore>,
    /// Importance weight.
    pub weight: Option<String>,
    /// How many rows one row stands for.
    pub count: Option<String>,
    /// Time.
    pub time: Option<String>,
    /// Identifiers.
    pub id: Option<String>,
    /// Sensitive features, in the order given.
    pub sensitive: Vec<String>,
}
