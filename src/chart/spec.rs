//! What a chart shows, as data.

use serde::{Deserialize, Serialize};

use super::Quantity;

/// A chart, ready to be drawn, described, or listed as a table.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum ChartSpec {
    /// One dot with its interval a row.
    DotInterval(DotInterval),
    /// Lines, bands, bars, dots and shades over two axes.
    Plot(Plot),
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
    /// The same number in the reference, an open ring; `None` where there is none.
    pub earlier: Option<f64>,
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

/// Two axes and what is drawn over them: curves, histograms, reliability diagrams, residuals.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Plot {
    /// What is shown, for instance "ROC curve".
    pub subject: String,
    /// The horizontal axis.
    pub across: Axis,
    /// The vertical axis.
    pub up: Axis,
    /// Whether both axes count the same, so that the diagonal means something.
    pub is_square: bool,
    /// What is drawn, from back to front.
    pub layers: Vec<Layer>,
    /// What it says in a few words, for instance "AUC 0.704"; written into the plot's lower right corner.
    pub answer: String,
}

/// An axis.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Axis {
    /// What it counts.
    pub name: String,
    /// How its numbers read.
    pub quantity: Quantity,
    /// Where it begins and ends; `None` fits what is drawn.
    pub range: Option<(f64, f64)>,
    /// Words for places on it, in rising order, in place of round numbers; as many of them are drawn as there is room for.
    pub words: Vec<(f64, String)>,
}

impl Axis {
    /// How a place on the axis reads: its own words, else as a number.
    pub fn said(&self, value: f64, number: impl FnOnce(f64) -> String) -> String {
        let own = self.words.iter().find(|(place, _)| *place == value);
        own.map_or_else(|| number(value), |(_, words)| words.clone())
    }
}

/// Whose line it is. Tones differ by colour, width and dashes, so that they are told apart in print.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Tone {
    /// The strong one: the data under test, the positives, the main curve.
    Current,
    /// The muted, dashed one: the data compared with, the negatives.
    Reference,
    /// A third one, thin and dark.
    Other,
}

/// One thing drawn over the axes.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "layer", rename_all = "snake_case")]
pub enum Layer {
    /// A line through points in drawing order.
    Line {
        /// Written beside it; may be empty.
        label: String,
        /// Whose it is.
        tone: Tone,
        /// Its points.
        points: Vec<(f64, f64)>,
    },
    /// The room between two lines.
    Band {
        /// Its name in the table.
        label: String,
        /// For each place its lower and upper limit.
        points: Vec<(f64, f64, f64)>,
    },
    /// A histogram.
    Bars {
        /// Written beside it; may be empty.
        label: String,
        /// Whose it is.
        tone: Tone,
        /// For each bar where it begins, where it ends, and its height.
        bars: Vec<(f64, f64, f64)>,
    },
    /// Dots with their intervals.
    Dots {
        /// Its name in the table.
        label: String,
        /// The dots.
        dots: Vec<PlotDot>,
    },
    /// Rectangles whose darkness counts.
    Shades {
        /// What the darkness counts, in the table.
        label: String,
        /// The rectangles.
        shades: Vec<Shade>,
    },
    /// A labelled straight line: a decision threshold, a bound, no error.
    Rule {
        /// What it is.
        label: String,
        /// Where it crosses its axis.
        at: f64,
        /// Whether it stands upright, at a place of the horizontal axis.
        is_upright: bool,
    },
    /// The line on which both axes are equal.
    Diagonal {
        /// What it stands for.
        label: String,
    },
}

/// A dot of a [`Plot`].
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct PlotDot {
    /// Its place across.
    pub x: f64,
    /// Its height.
    pub y: f64,
    /// The limits of its height.
    pub interval: Option<(f64, f64)>,
    /// Rows behind it.
    pub support: u64,
}

/// A rectangle of a [`Plot`].
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Shade {
    /// Where it begins and ends across.
    pub x: (f64, f64),
    /// Where it begins and ends in height.
    pub y: (f64, f64),
    /// What its darkness counts.
    pub count: f64,
}
