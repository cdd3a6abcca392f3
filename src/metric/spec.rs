//! The declaration of a metric: everything that anyone needs to know about it, in one row.

use super::between::{Between, Groups};
use super::cells::{Cells, Outcomes};
use super::dual::Dual;
use super::efficiency::Taken;
use super::multiclass::ClassReader;
use super::ranking::Rank;
use super::reading::Reading;
use super::regression::Residuals;
use super::sample::{Pair, Sample, SampleKind};
use super::scores::Scores;
use super::view::{Measured, Subject, View};
use super::{Parameters, UndefinedCode};

/// Which chapter of the table a metric belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Family {
    /// How many rows, of which kind.
    Counts,
    /// From predicted and true classes.
    Classification,
    /// From scores read as probabilities or as an order.
    Scores,
    /// How far scores are probabilities.
    Calibration,
    /// From predicted and true numbers.
    Regression,
    /// From predicted quantiles and intervals.
    Forecasts,
    /// From what predictions leave unexplained.
    Residuals,
    /// From lists of items, ranked for queries.
    Retrieval,
    /// How sure other numbers are.
    Evidence,
    /// Between groups.
    Fairness,
    /// What rows took.
    Efficiency,
    /// What columns hold.
    Columns,
    /// Reference against current data.
    Drift,
    /// Windows of time.
    Time,
}

impl Family {
    /// The chapter's heading.
    pub const fn title(self) -> &'static str {
        match self {
            Self::Counts => "Counts and shares",
            Self::Classification => "Predicted classes",
            Self::Scores => "Scores",
            Self::Calibration => "Calibration",
            Self::Regression => "Predicted numbers",
            Self::Forecasts => "Predicted quantiles and intervals",
            Self::Residuals => "Residuals",
            Self::Retrieval => "Ranked lists",
            Self::Evidence => "Evidence",
            Self::Fairness => "Between groups",
            Self::Efficiency => "Time, memory, tokens, money",
            Self::Columns => "Columns",
            Self::Drift => "Reference against current",
            Self::Time => "Over time",
        }
    }
}

/// Which way is better.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Direction {
    /// Larger is better.
    HigherIsBetter,
    /// Smaller is better.
    LowerIsBetter,
    /// Nearer to zero is better.
    CloserToZero,
    /// Neither is better by itself.
    Neutral,
}

/// What one unit of the value is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unit {
    /// A share from 0 to 1, shown as a percentage.
    Share,
    /// A number without unit.
    Score,
    /// Rows, or their total weight.
    Count,
    /// The unit of the target.
    Target,
    /// The squared unit of the target.
    TargetSquared,
    /// Natural units of information.
    Nats,
    /// Yes or no.
    YesNo,
}

/// Which comparisons between groups make sense.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Compare {
    /// None: a count of a group says nothing beside another's.
    No,
    /// Differences only: the value may be zero or negative, so a ratio means nothing.
    Difference,
    /// Differences and ratios.
    Both,
}

/// What distinguishes a form of a metric: names and values.
pub type Params = Vec<(&'static str, String)>;

/// How a value is read from a cell's state.
#[derive(Debug, Clone, Copy)]
pub enum Read {
    /// The rows of some outcomes over the rows of others: a share, with a share's interval.
    Share {
        /// The numerator's outcomes.
        hits: Cells,
        /// The denominator's outcomes, a superset.
        of: Cells,
        /// Why there is no value when nobody is in the denominator.
        empty: UndefinedCode,
    },
    /// The group's part of all rows with some outcomes.
    ShareOfAll {
        /// The outcomes.
        of: Cells,
        /// Why there is no value when nobody has them.
        empty: UndefinedCode,
    },
    /// The total weight of some outcomes.
    Weight(Cells),
    /// A smooth function of the four cells of the confusion matrix (tp, fp, fn, tn), with the delta method's interval.
    Function(fn([Dual; 4]) -> Result<Dual, UndefinedCode>),
    /// From the outcomes, in the form that the parameters ask for.
    Outcomes {
        /// What distinguishes the form; `None` where it is not asked for.
        form: fn(&Parameters) -> Option<Params>,
        /// Reads the outcomes.
        read: fn(&Outcomes, &Parameters) -> Reading,
    },
    /// From the confusion matrix of several classes.
    Classes(ClassReader),
    /// As [`Read::Classes`], in a form told apart by a parameter, beside the plain one.
    ClassForm {
        /// The parameter.
        name: &'static str,
        /// Its value.
        value: &'static str,
        /// What is read.
        reader: ClassReader,
    },
    /// From sums over scored rows, whether labelled or not.
    ScoresAlone(fn(&Scores) -> Reading),
    /// From sums over scored rows with a label.
    Scores(fn(&Scores) -> Reading),
    /// From sums over the scores of the true class, with several classes.
    ClassScores(fn(&Scores) -> Reading),
    /// From the order of the scores.
    Rank(fn(&Rank) -> Reading),
    /// From sums over residuals.
    Residuals(fn(&Residuals) -> Reading),
    /// From other numbers, where they are compared.
    Comparison,
    /// From the outcomes of every group of a grouping.
    Between {
        /// Whether the audit has what is needed.
        needs: fn(&Subject<'_>) -> bool,
        /// Reads a grouping.
        read: fn(&Groups<'_>) -> Vec<Between>,
    },
    /// From the rows themselves: one number a form of the metric. Forms come in the same order whatever the rows.
    View {
        /// Whether the audit has what is needed.
        needs: fn(&Subject<'_>) -> bool,
        /// Reads some rows.
        read: fn(&View<'_>) -> Vec<Measured>,
    },
    /// From the values of one column. Forms come in the same order whatever the values.
    Column {
        /// Of which kinds of columns.
        of: fn(SampleKind) -> bool,
        /// Reads a column in some rows.
        read: fn(&Sample) -> Vec<Measured>,
    },
    /// From the values of one column in the reference and in the current data.
    Pair {
        /// Of which kinds of columns.
        of: fn(SampleKind) -> bool,
        /// Reads the two samples.
        read: fn(&Pair<'_>) -> Vec<Measured>,
    },
    /// From what rows took: the values of a column of time, memory, tokens or money.
    Taken(fn(&Taken<'_>) -> Vec<Measured>),
    /// From whole rows of a file.
    Table,
}

/// One metric: a row of the registry.
#[derive(Debug, Clone, Copy)]
pub struct Metric {
    /// Its stable id.
    pub id: &'static str,
    /// Its name in prose.
    pub name: &'static str,
    /// Other names that find it.
    pub aliases: &'static [&'static str],
    /// English words that call it in a check.
    pub words: &'static [&'static str],
    /// Its chapter.
    pub family: Family,
    /// What it is, in one sentence that anyone understands.
    pub summary: &'static str,
    /// How it is computed.
    pub formula: &'static str,
    /// How to read a value.
    pub reading: &'static str,
    /// What it hides.
    pub caveat: &'static str,
    /// Where the definition comes from.
    pub reference: &'static str,
    /// Which way is better.
    pub direction: Direction,
    /// The lowest and highest possible value.
    pub range: (f64, f64),
    /// Its unit.
    pub unit: Unit,
    /// Which comparisons between groups make sense.
    pub compare: Compare,
    /// Whether, with several classes, it is also read for each class against the rest.
    pub per_class: bool,
    /// Whether a metric that reads rows is read in every group too. All others are.
    pub by_group: bool,
    /// How it is read; the first entry whose state the audit has is used. Forms with parameters and what views measure come beside it.
    pub reads: &'static [Read],
}

impl Metric {
    /// What a family's rows have in common unless they say otherwise: a share without unit, higher is better, compared in every way.
    pub(super) const BLANK: Self = Self {
        id: "",
        name: "",
        aliases: &[],
        words: &[],
        family: Family::Classification,
        summary: "",
        formula: "",
        reading: "",
        caveat: "",
        reference: "",
        direction: Direction::HigherIsBetter,
        range: (0.0, 1.0),
        unit: Unit::Score,
        compare: Compare::Both,
        per_class: false,
        by_group: false,
        reads: &[],
    };
}
