//! What is predicted.

use serde::{Deserialize, Serialize};

use super::Task;

/// What is predicted: the task, the classes, and which class counts as positive.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Outcome {
    /// The task; `None` where neither accuracy nor groups can be measured.
    pub task: Option<Task>,
    /// The classes, sorted; empty for regression.
    pub classes: Vec<String>,
    /// The positive class, for two classes.
    pub positive_class: Option<String>,
    /// The decision threshold in force, where the prediction follows from the score.
    pub decision_threshold: Option<f64>,
    /// Rows stood for by the rows used: the sum of counts.
    pub rows_represented: u64,
}
