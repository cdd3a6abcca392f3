//! What can be typed, as typed. A flag that is not listed here is refused by clap with exit code 2, never ignored.

use std::collections::BTreeMap;
use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

use super::population::population;
use crate::metric::bins::Binning;
use crate::metric::efficiency::PercentileMethod;
use crate::metric::registry;
use crate::run::profile::model::SMALLEST;
use crate::run::search::ErrorKind;
use crate::run::windows::{Band, Cut};

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
    #[command(after_help = EXIT_CODES)]
    Audit(Box<AuditOptions>),
    /// Show columns, the roles they would play, and what an audit would answer.
    Inspect(FileOptions),
    /// Print a starter suite of checks, to edit and keep.
    Suggest(FileOptions),
    /// Keep what a file holds, without its rows, to compare other files with it later: `assay audit FILE --reference PROFILE`.
    Profile(Box<ProfileOptions>),
    /// List every metric.
    Metrics,
    /// Say what a metric is, how it is computed and how to read it.
    Explain(ExplainOptions),
}

/// Lines are short enough for most terminals.
const EXIT_CODES: &str = "\
Roles that are not given are inferred from names and contents; `assay inspect FILE` shows them, each
with its reason. Any of label, prediction and score given switches inference off for the three. An
empty name, as in --count \"\", takes an inferred role back.

Exit codes: 0 no check failed, 1 a check failed, 2 the audit could not be made or a check is in error.";

/// Options of `explain`.
#[derive(Debug, Args)]
pub struct ExplainOptions {
    /// A metric's id, name or alias, for instance recall or tpr.
    pub metric: String,
}

/// Options of `profile`.
#[derive(Debug, Args)]
pub struct ProfileOptions {
    /// The file and how it is read.
    #[command(flatten)]
    pub input: FileOptions,
    /// Where the profile is written, as JSON; - is standard output.
    #[arg(long, value_name = "FILE", help_heading = "Profile")]
    pub output: PathBuf,
    /// The fewest rows of a level, and of the cells into which numbers are put; less is suppressed.
    #[arg(long, value_name = "ROWS", default_value_t = SMALLEST, value_parser = clap::value_parser!(u64).range(1..), help_heading = "Profile")]
    pub smallest: u64,
}

/// The file and how it is read: options of every command that reads one.
#[derive(Debug, Args)]
pub struct FileOptions {
    /// The CSV or JSON Lines file, packed by gzip or not, or - for standard input.
    pub file: PathBuf,
    /// A second file with the labels, joined to the first by the ids of their rows; how it is written is found out.
    #[arg(long, value_name = "FILE")]
    pub label_file: Option<PathBuf>,
    /// Earlier data with the same columns, to compare with, or a profile of it; how it is written is found out.
    #[arg(long, value_name = "FILE")]
    pub reference: Option<PathBuf>,
    /// Which column plays which part.
    #[command(flatten)]
    pub roles: RoleOptions,
    /// How numbers are made.
    #[command(flatten)]
    pub settings: SettingOptions,
    /// How the file is written, as far as it is not to be found out.
    #[command(flatten)]
    pub reading: ReadingOptions,
    /// What of the file is read.
    #[command(flatten)]
    pub rows: RowOptions,
    /// Where weak spots are looked for.
    #[command(flatten)]
    pub slices: SliceOptions,
    /// Which rules of law get their tables.
    #[command(flatten)]
    pub presets: PresetOptions,
    /// Groups that nobody named, and who is in the data.
    #[command(flatten)]
    pub groups: GroupOptions,
    /// How change over time is followed.
    #[command(flatten)]
    pub windows: WindowOptions,
}

/// What of the file is read, and by how many.
#[derive(Debug, Args)]
#[command(next_help_heading = "Size")]
pub struct RowOptions {
    /// Read only these columns, separated by commas; the others take neither time nor memory.
    #[arg(long, value_name = "COLUMNS", value_delimiter = ',')]
    pub columns: Option<Vec<String>>,
    /// Read only this share of the rows, drawn by chance, for instance 0.1; the report says so.
    #[arg(long, value_name = "SHARE", value_parser = share)]
    pub sample: Option<f64>,
    /// Another seed draws other rows.
    #[arg(long, value_name = "NUMBER", default_value_t = 0)]
    pub seed: u64,
    /// Threads that read and audit; as many as the machine has processors unless given. The result does not depend on it.
    #[arg(long, value_name = "NUMBER", value_parser = workers)]
    pub workers: Option<usize>,
}

/// How the file is written, as far as it is not to be found out.
#[derive(Debug, Default, Args)]
#[command(next_help_heading = "Reading (found out unless given; `assay inspect FILE` shows what was found)")]
pub struct ReadingOptions {
    /// csv or json-lines.
    #[arg(long, value_name = "FORMAT")]
    pub format: Option<String>,
    /// utf-8, utf-16le, utf-16be, windows-1252, latin-1, windows-1250, windows-1251, windows-1254, ibm437 or ibm850.
    #[arg(long, value_name = "NAME")]
    pub encoding: Option<String>,
    /// comma, semicolon, tab, bar or any other single sign.
    #[arg(long, value_name = "SIGN")]
    pub delimiter: Option<String>,
    /// The quotation mark: double, single or none.
    #[arg(long, value_name = "MARK")]
    pub quote: Option<String>,
    /// How a quotation mark inside a quoted field is written: doubled or backslash.
    #[arg(long, value_name = "WAY")]
    pub escape: Option<String>,
    /// The sign at the start of lines that are no rows, or none.
    #[arg(long, value_name = "SIGN")]
    pub comment: Option<String>,
    /// The first row names the columns.
    #[arg(long, conflicts_with = "no_header")]
    pub header: bool,
    /// The first row holds values.
    #[arg(long)]
    pub no_header: bool,
    /// The decimal sign: point or comma.
    #[arg(long, value_name = "SIGN")]
    pub decimal: Option<String>,
    /// The sign that sets thousands apart: none, comma, point, blank or apostrophe.
    #[arg(long, value_name = "SIGN")]
    pub thousands: Option<String>,
    /// What comes first in a date like 03/04/2018: day-first or month-first.
    #[arg(long, value_name = "ORDER")]
    pub dates: Option<String>,
    /// The texts that stand for a missing value, separated by commas; `usual` keeps the usual ones.
    #[arg(long, value_name = "TEXTS", allow_hyphen_values = true)]
    pub missing: Option<String>,
}

/// Which column plays which part, as far as given.
#[derive(Debug, Args)]
#[command(next_help_heading = "Roles")]
pub struct RoleOptions {
    /// The column with the truth.
    #[arg(long, value_name = "COLUMN")]
    pub label: Option<String>,
    /// The column with the predicted class or number.
    #[arg(long, value_name = "COLUMN")]
    pub prediction: Option<String>,
    /// The column with the predicted probability, or any score that is higher where the positive class is likelier.
    #[arg(long, value_name = "COLUMN")]
    pub score: Option<String>,
    /// The column with the probability of one class; repeat for each class.
    #[arg(long, value_name = "CLASS=COLUMN", value_parser = pair)]
    pub class_score: Vec<(String, String)>,
    /// The column with the lower limit of a prediction interval.
    #[arg(long, value_name = "COLUMN")]
    pub lower: Option<String>,
    /// The column with the upper limit of a prediction interval.
    #[arg(long, value_name = "COLUMN")]
    pub upper: Option<String>,
    /// The column with a predicted quantile, for instance 0.9=q90; repeat for each quantile.
    #[arg(long, value_name = "QUANTILE=COLUMN", value_parser = pair)]
    pub quantile: Vec<(String, String)>,
    /// The column with the query that a ranked item is an answer to; the label is how relevant the item is.
    #[arg(long, value_name = "COLUMN")]
    pub query: Option<String>,
    /// Several labels at once: the columns that say whether a row has each, separated by commas.
    #[arg(long, value_name = "COLUMNS", value_delimiter = ',')]
    pub labels: Vec<String>,
    /// The columns that say whether each label is predicted, in the order of the labels.
    #[arg(long, value_name = "COLUMNS", value_delimiter = ',')]
    pub predictions: Vec<String>,
    /// The columns with the score of each label, in the order of the labels.
    #[arg(long, value_name = "COLUMNS", value_delimiter = ',')]
    pub scores: Vec<String>,
    /// The columns whose groups are compared, separated by commas.
    #[arg(long, value_name = "COLUMNS", value_delimiter = ',')]
    pub sensitive: Option<Vec<String>>,
    /// The columns within whose levels groups are compared too, separated by commas.
    #[arg(long, value_name = "COLUMNS", value_delimiter = ',')]
    pub control: Vec<String>,
    /// The columns with what a row took: milliseconds, bytes, tokens, money; separated by commas, "" for none.
    #[arg(long, value_name = "COLUMNS", value_delimiter = ',')]
    pub latency: Option<Vec<String>>,
    /// The column with the status of a request, such as 200 or 503.
    #[arg(long, value_name = "COLUMN")]
    pub status: Option<String>,
    /// The columns by whose levels what rows took is measured too, separated by commas.
    #[arg(long, value_name = "COLUMNS", value_delimiter = ',')]
    pub segment: Option<Vec<String>>,
    /// The column that says how many rows a row stands for.
    #[arg(long, value_name = "COLUMN")]
    pub count: Option<String>,
    /// The column with importance weights; never inferred.
    #[arg(long, value_name = "COLUMN")]
    pub weight: Option<String>,
    /// The column that says when a row happened: residuals are measured by it.
    #[arg(long, value_name = "COLUMN")]
    pub time: Option<String>,
    /// The identifier column; its values are never reported. With --label-file, files are joined by it: COLUMN=COLUMN_OF_LABELS where names differ.
    #[arg(long, value_name = "COLUMN")]
    pub id: Option<String>,
}

/// How numbers are made.
#[derive(Debug, Args)]
#[command(next_help_heading = "Settings")]
pub struct SettingOptions {
    /// What is predicted; inferred unless given.
    #[arg(long, value_name = "TASK")]
    pub task: Option<TaskName>,
    /// The class counted as positive; inferred unless given.
    #[arg(long, value_name = "CLASS")]
    pub positive: Option<String>,
    /// What stands between labels where a value names several; | or ; unless given, where values suggest it.
    #[arg(long, value_name = "TEXT")]
    pub label_separator: Option<String>,
    /// The classes from the lowest to the highest, separated by commas, where their names are no numbers.
    #[arg(long, value_name = "CLASSES", value_delimiter = ',')]
    pub class_order: Vec<String>,
    /// A score at or above it is a positive prediction, in place of the prediction column.
    #[arg(long, value_name = "NUMBER", allow_negative_numbers = true)]
    pub threshold: Option<f64>,
    /// How the numbers in the score column are written; the threshold is on the scale of 0 to 1.
    #[arg(long, value_name = "SCALE", default_value = "as-given")]
    pub score_scale: ScoreScaleName,
    /// Nominal coverage of intervals.
    #[arg(long, value_name = "LEVEL", default_value_t = 0.95)]
    pub level: f64,
    /// How intervals of shares are made.
    #[arg(long, value_name = "METHOD", default_value = "wilson")]
    pub interval: IntervalName,
    /// How intervals of ROC AUC are made.
    #[arg(long, value_name = "METHOD", default_value = "delong")]
    pub auc_interval: AucIntervalName,
    /// Numbers over fewer rows are shown, but not judged.
    #[arg(long, value_name = "ROWS", default_value_t = 30)]
    pub min_support: u64,
    /// Which group the others are compared with where none is named.
    #[arg(long, value_name = "RULE", default_value = "largest")]
    pub reference_rule: ReferenceRuleName,
    /// The lowest ratio to the reference group that counts as parity; four fifths unless given.
    #[arg(long, value_name = "RATIO", default_value_t = 0.8)]
    pub tau: f64,
    /// The group of a column that its others are compared with; the largest unless given.
    #[arg(long, value_name = "COLUMN=LEVEL", value_parser = pair)]
    pub reference_group: Vec<(String, String)>,
    /// By whose rules a column counts as drifted from the reference.
    #[arg(long, value_name = "DIALECT", default_value = "assay")]
    pub drift_dialect: DriftDialectName,
    /// A column that has another name in the reference; repeat for more.
    #[arg(long, value_name = "OLD=NEW", value_parser = pair)]
    pub renamed: Vec<(String, String)>,
    /// Under whose names and definitions gaps between groups are shown.
    #[arg(long, value_name = "NAME", default_value = "assay")]
    pub dialect: DialectName,
    /// The class that is good for whoever gets it; the positive one unless given.
    #[arg(long, value_name = "CLASS")]
    pub favorable: Option<String>,
    /// Five words for sentences, separated by commas: who rows are about, what positives and what negatives did, what happens to those predicted positive and to the others.
    #[arg(long, value_name = "WORDS", value_parser = five_words)]
    pub words: Option<FiveWords>,
    /// What is set about single metrics.
    #[command(flatten)]
    pub metrics: MetricOptions,
}

/// What is set about single metrics.
#[derive(Debug, Args)]
#[command(next_help_heading = "Single metrics")]
pub struct MetricOptions {
    /// How many times as important as precision recall is: measures F-beta.
    #[arg(long, value_name = "NUMBER")]
    pub beta: Option<f64>,
    /// What predicting a negative positive costs; any of the four costs given measures costs.
    #[arg(long, value_name = "COST", allow_negative_numbers = true)]
    pub cost_false_positive: Option<f64>,
    /// What predicting a positive negative costs.
    #[arg(long, value_name = "COST", allow_negative_numbers = true)]
    pub cost_false_negative: Option<f64>,
    /// What predicting a positive positive costs; negative where it gains.
    #[arg(long, value_name = "COST", allow_negative_numbers = true)]
    pub cost_true_positive: Option<f64>,
    /// What predicting a negative negative costs; negative where it gains.
    #[arg(long, value_name = "COST", allow_negative_numbers = true)]
    pub cost_true_negative: Option<f64>,
    /// How many rows, from the highest score down, metrics at the top look at.
    #[arg(long, value_name = "ROWS", value_delimiter = ',')]
    pub top: Vec<u64>,
    /// Which shares of all rows they look at; 0.01,0.05,0.1 unless given.
    #[arg(long, value_name = "SHARES", value_delimiter = ',')]
    pub top_share: Option<Vec<f64>>,
    /// The highest false positive rate of the partial ROC AUC; 0.1 unless given.
    #[arg(long, value_name = "RATE")]
    pub max_fpr: Option<f64>,
    /// At which false positive rates the true positive rate is read.
    #[arg(long, value_name = "RATES", value_delimiter = ',')]
    pub at_fpr: Option<Vec<f64>>,
    /// At which specificities recall is read.
    #[arg(long, value_name = "SHARES", value_delimiter = ',')]
    pub at_specificity: Option<Vec<f64>>,
    /// At which precisions recall is read.
    #[arg(long, value_name = "SHARES", value_delimiter = ',')]
    pub at_precision: Option<Vec<f64>>,
    /// With several classes: whether the true class is among so many of the highest scores, separated by commas; 1,2,3,5 unless given.
    #[arg(long, value_name = "NUMBERS", value_delimiter = ',')]
    pub top_classes: Vec<u64>,
    /// Further bins for calibration, such as width10_left, width10_right, quantile20, rank10.
    #[arg(long, value_name = "BINS", value_delimiter = ',')]
    pub calibration_bins: Vec<Binning>,
    /// How far off a predicted number may be to count as within; several separated by commas.
    #[arg(long, value_name = "NUMBERS", value_delimiter = ',')]
    pub tolerance: Vec<f64>,
    /// How many features the model of a predicted number uses, for adjusted R2.
    #[arg(long, value_name = "NUMBER")]
    pub features: Option<u64>,
    /// How often the interval from lower to upper limit should hold the truth, for instance 0.8.
    #[arg(long, value_name = "SHARE")]
    pub nominal: Option<f64>,
    /// Quantiles that the prediction is held against as if it were one of them, separated by commas.
    #[arg(long, value_name = "NUMBERS", value_delimiter = ',')]
    pub pinball: Vec<f64>,
    /// Powers of Tweedie deviances, separated by commas; 1.5 unless given.
    #[arg(long, value_name = "NUMBERS", value_delimiter = ',', allow_negative_numbers = true)]
    pub power: Vec<f64>,
    /// How much a relevant item is worth in a ranked list.
    #[arg(long, value_name = "GAIN", default_value = "linear")]
    pub gain: GainName,
    /// Which percentiles of what rows took are read; 50,75,90,95,99,99.9 unless given.
    #[arg(long, value_name = "NUMBERS", value_delimiter = ',')]
    pub percentiles: Option<Vec<f64>>,
    /// Further ways to read percentiles: inverted-cdf, higher, hazen, median-unbiased, separated by commas.
    #[arg(long, value_name = "METHODS", value_delimiter = ',')]
    pub percentile_methods: Vec<PercentileMethod>,
    /// What a row may take, separated by commas: the share of rows within each is measured.
    #[arg(long, value_name = "NUMBERS", value_delimiter = ',')]
    pub slo: Vec<f64>,
    /// What a row may take for people to be content: measures Apdex.
    #[arg(long, value_name = "NUMBER")]
    pub apdex: Option<f64>,
}

/// Which rules of law get their tables.
#[derive(Debug, Args)]
#[command(next_help_heading = "Rules of law (figures, no legal advice)")]
pub struct PresetOptions {
    /// The four-fifths rule of the US Uniform Guidelines, the bias audit of New York City Local Law 144, or both.
    #[arg(long, value_name = "RULES", value_delimiter = ',')]
    pub preset: Vec<PresetName>,
    /// The sensitive feature that holds the sex; found by its name unless given.
    #[arg(long, value_name = "COLUMN")]
    pub preset_sex: Option<String>,
    /// The sensitive feature that holds race or ethnicity; found by its name unless given.
    #[arg(long, value_name = "COLUMN")]
    pub preset_race: Option<String>,
}

/// Where weak spots are looked for.
#[derive(Debug, Args)]
#[command(next_help_heading = "Slices")]
pub struct SliceOptions {
    /// The columns whose levels or bins are looked at, separated by commas; the sensitive ones unless given, "" for none.
    #[arg(long, value_name = "COLUMNS", value_delimiter = ',')]
    pub slices_by: Option<Vec<String>>,
    /// Look at every feature column too; the report then names its levels.
    #[arg(long, conflicts_with = "slices_by")]
    pub slice_features: bool,
    /// Look at the rows where this holds, as in 'age >= 65 and sex = "Female"'; repeat for more.
    #[arg(long, value_name = "PREDICATE")]
    pub slice: Vec<String>,
    /// Cut a column of numbers at these, in place of its quartiles.
    #[arg(long, value_name = "COLUMN=NUMBERS", value_parser = cuts)]
    pub bins: Vec<(String, Vec<f64>)>,
    /// How p-values are corrected for how many slices are looked at.
    #[arg(long, value_name = "METHOD", default_value = "benjamini-hochberg")]
    pub correction: CorrectionName,
}

/// Groups that nobody named, and who is in the data.
#[derive(Debug, Args)]
#[command(next_help_heading = "Groups")]
pub struct GroupOptions {
    /// Look for groups that nobody named in which predictions err more often; the report then names levels of features.
    #[arg(long)]
    pub search: bool,
    /// Search these columns, separated by commas; the sensitive ones and all without a role unless given. Searches.
    #[arg(long, value_name = "COLUMNS", value_delimiter = ',')]
    pub search_features: Option<Vec<String>>,
    /// Search by this error: error_rate, false_positive_rate, false_negative_rate, mae or mean_score_error. Searches.
    #[arg(long, value_name = "METRIC", value_parser = error_kind)]
    pub search_by: Option<ErrorKind>,
    /// Shares of a sensitive feature's levels in the population: race:Caucasian=0.6,Asian=0.1 or race=FILE.csv (level,share); repeat for more.
    #[arg(long, value_name = "COLUMN:LEVEL=SHARE,...", value_parser = population)]
    pub population: Vec<(String, BTreeMap<String, f64>)>,
}

/// How change over time is followed.
#[derive(Debug, Args)]
#[command(next_help_heading = "Windows of time")]
pub struct WindowOptions {
    /// Follow every number over windows: hour, day, week or month (in UTC), 1000rows, 12 (so many windows), none, or auto: what fits the times.
    #[arg(long, value_name = "CUT", default_value_t)]
    pub windows: Cut,
    /// The column by which rows are cut or ordered; the time column for periods, file order for rows unless given.
    #[arg(long, value_name = "COLUMN")]
    pub window_by: Option<String>,
    /// What is usual: 3sd around the mean of the reference's windows, q0.05..q0.95 between their quantiles, or METRIC=0.7..0.9; repeat for more.
    #[arg(long, value_name = "BAND")]
    pub band: Vec<Band>,
    /// Without a reference, the share of windows, from the first on, that stand for it.
    #[arg(long, value_name = "SHARE", value_parser = share, default_value_t = 0.5)]
    pub window_reference: f64,
}

/// Options of `audit`.
#[derive(Debug, Args)]
pub struct AuditOptions {
    /// The file and how it is read.
    #[command(flatten)]
    pub input: FileOptions,

    /// A file of checks (TOML or JSON) instead of the default ones.
    #[arg(long, value_name = "FILE", help_heading = "Checks")]
    pub suite: Option<PathBuf>,
    /// Count checks that cannot be said as failed.
    #[arg(long, help_heading = "Checks")]
    pub strict: bool,

    /// Write the report as one HTML file; - is standard output.
    #[arg(long, value_name = "FILE", help_heading = "Outputs")]
    pub html: Option<PathBuf>,
    /// Write every number as JSON; - is standard output.
    #[arg(long, value_name = "FILE", help_heading = "Outputs")]
    pub json: Option<PathBuf>,
    /// Write a short report as Markdown; - is standard output.
    #[arg(long, value_name = "FILE", help_heading = "Outputs")]
    pub markdown: Option<PathBuf>,
    /// Write each table of a rule of law as a CSV file into this folder.
    #[arg(long, value_name = "FOLDER", help_heading = "Outputs")]
    pub preset_csv: Option<PathBuf>,
}

/// A task's name.
#[derive(Debug, Clone, Copy, ValueEnum)]
pub enum TaskName {
    /// Two classes.
    Binary,
    /// Three or more classes.
    Multiclass,
    /// Several labels at once.
    Multilabel,
    /// A number.
    Regression,
    /// Items in order, for queries.
    Ranking,
}

/// A gain's name.
#[derive(Debug, Clone, Copy, ValueEnum)]
pub enum GainName {
    /// Its relevance.
    Linear,
    /// 2 to the power of its relevance, less 1.
    Exponential,
}

/// Which group the others are compared with.
#[derive(Debug, Clone, Copy, ValueEnum)]
pub enum ReferenceRuleName {
    /// The group of most rows.
    Largest,
    /// For each metric the group with the lowest value.
    Lowest,
    /// For each metric the group with the highest value.
    Highest,
}

/// By whose rules a column counts as drifted.
#[derive(Debug, Clone, Copy, ValueEnum)]
pub enum DriftDialectName {
    /// A large enough change that is no chance.
    Assay,
    /// What Evidently chooses by kind, rows and distinct values.
    Evidently,
    /// Beyond three standard deviations of what ten parts of the reference show.
    Nannyml,
    /// The Kolmogorov-Smirnov distance, or Cramér's V corrected for chance.
    Deepchecks,
}

/// The name of a dialect.
#[derive(Debug, Clone, Copy, ValueEnum)]
pub enum DialectName {
    /// Gaps over groups with enough rows, with simultaneous intervals.
    Assay,
    /// Differences and ratios over all groups, as fairlearn.
    Fairlearn,
    /// Each group over a reference group, fair between tau and its inverse, as aequitas.
    Aequitas,
    /// Each group less the privileged one, with its sign, as AIF360.
    Aif360,
}

/// The name of a rule of law.
#[derive(Debug, Clone, Copy, ValueEnum)]
pub enum PresetName {
    /// US Uniform Guidelines on Employee Selection Procedures, 29 CFR 1607.4 D.
    #[value(name = "four_fifths", alias = "four-fifths")]
    FourFifths,
    /// New York City Local Law 144 of 2021, 6 RCNY 5-300 and following.
    #[value(name = "nyc_ll144", alias = "nyc-ll144")]
    NycLl144,
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

/// A correction's name.
#[derive(Debug, Clone, Copy, ValueEnum)]
pub enum CorrectionName {
    /// Benjamini and Hochberg's.
    BenjaminiHochberg,
    /// Holm's.
    Holm,
    /// Bonferroni's.
    Bonferroni,
}

fn cuts(text: &str) -> Result<(String, Vec<f64>), String> {
    let (column, numbers) = pair(text)?;
    let cuts: Result<Vec<f64>, _> = numbers.split(',').map(|number| number.trim().parse()).collect();
    match cuts {
        Ok(cuts) => Ok((column, cuts)),
        Err(_) => Err(format!(
            "\"{numbers}\" must be numbers separated by commas, as in {column}=18,30,50"
        )),
    }
}

/// The name of a score scale.
#[derive(Debug, Clone, Copy, ValueEnum)]
pub enum ScoreScaleName {
    /// Probabilities, or any numbers that order rows.
    AsGiven,
    /// Probabilities in percent.
    Percent,
    /// Log odds of probabilities.
    LogOdds,
}

/// The name of an interval method for ROC AUC.
#[derive(Debug, Clone, Copy, ValueEnum)]
pub enum AucIntervalName {
    /// DeLong's variance of placements.
    Delong,
    /// DeLong's variance, with limits made on the logit scale.
    DelongLogit,
    /// Hanley and McNeil's variance.
    HanleyMcneil,
}

fn error_kind(text: &str) -> Result<ErrorKind, String> {
    const KINDS: [ErrorKind; 5] = [
        ErrorKind::ErrorRate,
        ErrorKind::FalsePositiveRate,
        ErrorKind::FalseNegativeRate,
        ErrorKind::Mae,
        ErrorKind::MeanScoreError,
    ];
    let id = registry::find(text).map(|metric| metric.id);
    let found = KINDS.into_iter().find(|kind| Some(kind.metric()) == id);
    found.ok_or_else(|| {
        let names = KINDS.map(ErrorKind::metric).join(", ");
        format!("\"{text}\" is no error of a single row. Search by one of {names}")
    })
}

/// Who rows are about, what positives and what negatives did, what happens to those predicted positive and to the others.
#[derive(Debug, Clone)]
pub struct FiveWords(pub [String; 5]);

fn five_words(text: &str) -> Result<FiveWords, String> {
    let words: Vec<String> = text.split(',').map(|word| word.trim().to_owned()).collect();
    <[String; 5]>::try_from(words).map(FiveWords).map_err(|words| {
        format!(
            "\"{text}\" has {} words, not five, as in defendants,reoffended,did not reoffend,were flagged,were not flagged",
            words.len()
        )
    })
}

fn share(text: &str) -> Result<f64, String> {
    let share = text.parse().ok().filter(|share| *share > 0.0 && *share <= 1.0);
    share.ok_or_else(|| format!("\"{text}\" must be a number above 0 and up to 1"))
}

fn workers(text: &str) -> Result<usize, String> {
    let workers = text.parse().ok().filter(|workers| (1..=256).contains(workers));
    workers.ok_or_else(|| format!("\"{text}\" must be a number from 1 to 256"))
}

fn pair(text: &str) -> Result<(String, String), String> {
    match text.split_once('=') {
        Some((left, right)) if !left.is_empty() && !right.is_empty() => Ok((left.to_owned(), right.to_owned())),
        _ => Err(format!("\"{text}\" must have the form NAME=VALUE")),
    }
}
