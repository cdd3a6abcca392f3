//! What can be typed, as typed. A flag that is not listed here is refused by clap with exit code 2, never ignored.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

/// Audits a model from a CSV of its predictions. Nothing leaves this machine.
#[derive(Debug, Parser)]
#[command(name = "assay", version, about, max_term_width = 100)]
pub struct Arguments {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// What to do.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Run every check that the columns allow, print a summary, write reports.
    Audit(Box<AuditOptions>),
    /// Show columns, inferred roles and notices.
    Inspect(InspectOptions),
    /// Print a starter suite of checks, to edit and keep.
    Suggest(InspectOptions),
    /// List every metric.
    Metrics,
    /// Say what a metric is, how it is computed and how to read it.
    Explain(ExplainOptions),
}

/// Options of `inspect` and `suggest`.
#[derive(Debug, Args)]
pub struct InspectOptions {
    /// The CSV file, or - for standard input.
    pub file: PathBuf,
}

/// Options of `explain`.
#[derive(Debug, Args)]
pub struct ExplainOptions {
    /// A metric's id, name or alias, for instance recall or tpr.
    pub metric: String,
}

/// Options of `audit`.
#[derive(Debug, Args)]
pub struct AuditOptions {
    /// The CSV file, or - for standard input.
    pub file: PathBuf,

    /// The truth column.
    #[arg(long, value_name = "COLUMN", help_heading = "Roles")]
    pub label: Option<String>,
    /// The column with the predicted class or value.
    #[arg(long, value_name = "COLUMN", help_heading = "Roles")]
    pub prediction: Option<String>,
    /// The column with the predicted probability or margin.
    #[arg(long, value_name = "COLUMN", help_heading = "Roles")]
    pub score: Option<String>,
    /// The score column of one class; repeat for each class.
    #[arg(long, value_name = "CLASS=COLUMN", help_heading = "Roles", value_parser = pair)]
    pub class_score: Vec<(String, String)>,
    /// Columns whose groups are compared, separated by commas.
    #[arg(long, value_name = "COLUMNS", help_heading = "Roles", value_delimiter = ',')]
    pub sensitive: Option<Vec<String>>,
    /// The column that says how many rows a row stands for; empty to undo what was inferred.
    #[arg(long, value_name = "COLUMN", help_heading = "Roles")]
    pub count: Option<String>,
    /// The column with importance weights.
    #[arg(long, value_name = "COLUMN", help_heading = "Roles")]
    pub weight: Option<String>,
    /// The column that says when a row happened.
    #[arg(long, value_name = "COLUMN", help_heading = "Roles")]
    pub time: Option<String>,
    /// The identifier column; its values are never reported.
    #[arg(long, value_name = "COLUMN", help_heading = "Roles")]
    pub id: Option<String>,

    /// What kind of prediction it is; inferred unless given.
    #[arg(long, value_name = "TASK", help_heading = "Settings")]
    pub task: Option<TaskName>,
    /// The class counted as positive; inferred unless given.
    #[arg(long, value_name = "CLASS", help_heading = "Settings")]
    pub positive: Option<String>,
    /// A score at or above it is a positive prediction.
    #[arg(long, value_name = "NUMBER", help_heading = "Settings", allow_negative_numbers = true)]
    pub threshold: Option<f64>,
    /// Nominal coverage of intervals.
    #[arg(long, value_name = "LEVEL", default_value_t = 0.95, help_heading = "Settings")]
    pub level: f64,
    /// How intervals of shares are made.
    #[arg(long, value_name = "METHOD", default_value = "wilson", help_heading = "Settings")]
    pub interval: IntervalName,
    /// The smallest group that is judged.
    #[arg(long, value_name = "ROWS", default_value_t = 30, help_heading = "Settings")]
    pub min_support: u64,
    /// The group that others are compared with; the largest unless given. Repeat for each column.
    #[arg(long, value_name = "COLUMN=LEVEL", help_heading = "Settings", value_parser = pair)]
    pub reference_group: Vec<(String, String)>,
    /// A file of checks (TOML or JSON) instead of the default ones.
    #[arg(long, value_name = "FILE", help_heading = "Settings")]
    pub suite: Option<PathBuf>,
    /// Count inconclusive checks as failed.
    #[arg(long, help_heading = "Settings")]
    pub strict: bool,

    /// Write the report as one HTML file; - is standard output.
    #[arg(long, value_name = "FILE", help_heading = "Outputs")]
    pub html: Option<PathBuf>,
    /// Write the report as JSON.
    #[arg(long, value_name = "FILE", help_heading = "Outputs")]
    pub json: Option<PathBuf>,
    /// Write a short report as Markdown.
    #[arg(long, value_name = "FILE", help_heading = "Outputs")]
    pub markdown: Option<PathBuf>,
}

/// A task's name.
#[derive(Debug, Clone, Copy, ValueEnum)]
pub enum TaskName {
    /// Two classes.
    Binary,
    /// Three or more classes.
    Multiclass,
    /// A number.
    Regression,
}

/// An interval method's name.
#[derive(Debug, Clone, Copy, ValueEnum)]
pub enum IntervalName {
    /// Wilson's score interval.
    Wilson,
    /// Clopper and Pearson's exact interval.
    ClopperPearson,
    /// Agresti and Coull's adjusted interval.
    AgrestiCoull,
    /// The normal approximation.
    Wald,
}

fn pair(text: &str) -> Result<(String, String), String> {
    match text.split_once('=') {
        Some((left, right)) if !left.is_empty() && !right.is_empty() => Ok((left.to_owned(), right.to_owned())),
        _ => Err(format!("\"{text}\" must have the form NAME=VALUE")),
    }
}
