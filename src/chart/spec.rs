//! What a chart shows, as data.

use serde::{Deserialize, Serialize};

use super::Quantity;

/// A chart, ready to be drawn, described, or listed as a table.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum ChartSpec {
    /// One dot with its interval a row.
    DotInterval(DotInterval),
    /// A line in the unit square.
    Curve(CurveChart),
}

/// A labelled value on the axis: a bound, or all rows.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Mark {
    /// What it is, in a few words.
    pub label: String,
    /// Where it is.
    pub value: f64,
}

/// One row of a [`DotInterval`].
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct DotRow {
    /// Whose number it is.
    pub label: String,
    /// The number; `None` where it does not exist.
    pub value: Option<f64>,
    /// The limits around it.
    pub interval: Option<(f64, f64)>,
    /// Rows behind the number.
    pub support: u64,
    /// Why the row is not judged, for instance too few rows; drawn muted then, with these words instead of the number.
    pub muted: Option<String>,
}

/// Numbers of the same kind for several groups or classes, each a dot on a common axis with its interval.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct DotInterval {
    /// What is shown, for instance "False positive rate by race".
    pub subject: String,
    /// How the numbers read.
    pub quantity: Quantity,
    /// The rows, from top to bottom.
    pub rows: Vec<DotRow>,
    /// The number over all rows, a light line.
    pub overall: Option<Mark>,
    /// The bound of a check, a labelled line.
    pub bound: Option<Mark>,
}

/// A curve in the unit square, for instance a ROC curve.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CurveChart {
    /// What is shown, for instance "ROC curve".
    pub subject: String,
    /// What the horizontal axis counts, 0 to 1.
    pub across: String,
    /// What the vertical axis counts, 0 to 1.
    pub up: String,
    /// The points in drawing order.
    pub points: Vec<(f64, f64)>,
    /// What the diagonal stands for; `None` draws no diagonal.
    pub diagonal: Option<String>,
    /// A few words beside the curve, for instance "AUC 0.704".
    pub label: String,
}
