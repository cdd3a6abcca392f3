//! The pieces a report is shown in: text and numbers already in words, without a word of HTML.

use crate::chart::ChartSpec;
use crate::check::Verdict;
use crate::metric::{Estimate, Key};

/// One piece.
#[derive(Debug, Clone, PartialEq)]
pub enum Block {
    /// Begins a section (level 2) or a subsection (level 3).
    Heading(Heading),
    /// The answer of a section, in plain words.
    Lead(String),
    /// A sentence or two.
    Prose(String),
    /// Sentences that stand side by side: what the numbers mean.
    Sentences(Vec<String>),
    /// Sentences that warn.
    Cautions(Vec<String>),
    /// How many checks have which outcome.
    Tally(Vec<(Verdict, usize)>),
    /// The findings that matter most, in full.
    Findings(Vec<FindingLine>),
    /// A few numbers to be seen first.
    Headlines(Vec<Headline>),
    /// One figure, or several small ones.
    Figures(Vec<Figure>),
    /// Numbers.
    Table(Table),
    /// Which class was predicted for which.
    Matrix(Matrix),
    /// Odd things in the data.
    Notices(Vec<NoticeLine>),
    /// What the metrics mean.
    Definitions(Vec<Definition>),
    /// Names and values.
    Facts(Vec<Fact>),
    /// Next to each other where there is room.
    Beside(Vec<Block>),
    /// Shown on request.
    Folded(Folded),
}

/// Begins a section.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Heading {
    /// 2 or 3.
    pub level: u8,
    /// Of letters, digits and hyphens; unique in the report.
    pub id: String,
    /// What it says.
    pub text: String,
}

/// A finding.
#[derive(Debug, Clone, PartialEq)]
pub struct FindingLine {
    /// The outcome.
    pub verdict: Verdict,
    /// What it says.
    pub sentence: String,
    /// Why the verdict is what it is; empty where there is no more to say.
    pub reason: String,
    /// The number in words of art; empty where there is none.
    pub term: String,
    /// The number's address.
    pub key: Option<Key>,
}

/// A large number.
#[derive(Debug, Clone, PartialEq)]
pub struct Headline {
    /// The number.
    pub cell: Cell,
    /// What it is.
    pub name: String,
    /// What an answer without any model reaches, in a few words; empty where that is not known.
    pub naive: String,
}

/// A chart with its answer.
#[derive(Debug, Clone, PartialEq)]
pub struct Figure {
    /// Of letters, digits and hyphens; unique in the report.
    pub id: String,
    /// The answer.
    pub title: String,
    /// The metric it shows, for its definition.
    pub metric: String,
    /// What is drawn.
    pub chart: ChartSpec,
    /// A sentence under it; may be empty.
    pub note: String,
}

/// How a column's cells stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Align {
    /// Text.
    Start,
    /// Numbers.
    End,
}

/// A table's column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Column {
    /// Its name.
    pub name: String,
    /// The unit of its numbers; may be empty.
    pub unit: &'static str,
    /// The metric whose definition its header leads to.
    pub metric: Option<String>,
    /// How its cells stand.
    pub align: Align,
}

/// A cell.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Cell {
    /// What it says.
    pub text: String,
    /// Limits, or why there is no number; may be empty.
    pub note: String,
    /// The number behind the text.
    pub estimate: Option<Box<Estimate>>,
    /// Whether too few rows are behind it to judge.
    pub is_muted: bool,
    /// Whether it is a name from the file.
    pub is_code: bool,
    /// The metric whose definition it leads to.
    pub metric: Option<String>,
}

impl Cell {
    /// A cell of words.
    pub fn text(text: impl Into<String>) -> Self {
        Self {
            text: text.into(),
            ..Self::default()
        }
    }

    /// A cell with a name or value from the file.
    pub fn code(text: impl Into<String>) -> Self {
        Self {
            is_code: true,
            ..Self::text(text)
        }
    }
}

/// A table's row; the first cell names it.
#[derive(Debug, Clone, PartialEq)]
pub struct Row {
    /// The cells, as many as there are columns.
    pub cells: Vec<Cell>,
    /// Whether it belongs to the foot: gaps under groups.
    pub is_foot: bool,
}

/// A table.
#[derive(Debug, Clone, PartialEq)]
pub struct Table {
    /// What it holds.
    pub caption: String,
    /// Its columns.
    pub columns: Vec<Column>,
    /// Its rows.
    pub rows: Vec<Row>,
    /// A sentence under it; may be empty.
    pub note: String,
}

/// A confusion matrix.
#[derive(Debug, Clone, PartialEq)]
pub struct Matrix {
    /// What it holds.
    pub caption: String,
    /// The classes, as columns and as rows.
    pub classes: Vec<String>,
    /// One row a true class; each cell with its count, and its share of the row from 0 to 1.
    pub rows: Vec<Vec<(Cell, f64)>>,
}

/// A notice.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NoticeLine {
    /// What it says.
    pub text: String,
    /// Where, in a few words; may be empty.
    pub place: String,
}

/// What a metric means.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Definition {
    /// The metric's id.
    pub metric: String,
    /// Its name.
    pub name: String,
    /// In one sentence.
    pub summary: String,
    /// How it is computed.
    pub formula: String,
    /// How to read a value.
    pub reading: String,
    /// What it hides.
    pub caveat: String,
    /// Where it comes from.
    pub reference: String,
}

/// A name and its value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fact {
    /// The name.
    pub name: String,
    /// The value.
    pub value: String,
    /// Whether the value comes from the file.
    pub is_code: bool,
}

/// Pieces shown on request.
#[derive(Debug, Clone, PartialEq)]
pub struct Folded {
    /// What is inside.
    pub title: String,
    /// The pieces.
    pub blocks: Vec<Block>,
}
