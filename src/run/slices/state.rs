//! What is counted of a slice: just what its few numbers need, so that many columns are counted in little time.

use crate::data::column::MISSING;
use crate::metric::cells::{Cells, Outcomes, outcome};
use crate::metric::reading::Reading;
use crate::metric::registry;
use crate::metric::state::{MeanSums, RowWeight, Tally};
use crate::metric::{Read, UndefinedCode};
use crate::run::Task;
use crate::run::plan::Plan;
use crate::stats::interval::Method;
use crate::stats::sum::ExactSum;

/// An outcome that stands for a row that is not used.
const UNUSED: u8 = 9;

/// What every row is in the eyes of a slice.
#[derive(Debug)]
pub(super) enum Seen {
    /// An outcome of [`outcome`], or [`UNUSED`]. With several classes a right prediction is a true positive, a wrong one a false negative.
    Outcomes(Vec<u8>),
    /// The size of the error, NaN where it is not known.
    Errors(Vec<f64>),
}

impl Seen {
    /// Looks at every row once.
    pub(super) fn of(plan: &Plan) -> Self {
        let rows = &plan.rows;
        if plan.outcome.task == Some(Task::Regression) {
            let value = |values: &Option<Vec<f64>>, row: usize| values.as_ref().map_or(f64::NAN, |values| values[row]);
            let error = |row| (value(&rows.predicted, row) - value(&rows.truth, row)).abs();
            return Self::Errors((0..rows.len).map(error).collect());
        }
        let known = |codes: &Option<Vec<u32>>, row: usize| codes.as_ref().map(|codes| codes[row]).filter(|code| *code != MISSING);
        let is_binary = plan.outcome.task == Some(Task::Binary);
        let see = |row: usize| {
            if rows.weight(row).is_none() {
                return UNUSED;
            }
            let (label, prediction) = (known(&rows.label, row), known(&rows.prediction, row));
            let seen = if is_binary {
                let positive = |class: u32| class == plan.positive;
                outcome(label.map(positive), prediction.map(positive))
            } else {
                outcome(
                    label.map(|_| true),
                    label.zip(prediction).map(|(label, prediction)| label == prediction),
                )
            };
            seen as u8
        };
        Self::Outcomes((0..rows.len).map(see).collect())
    }
}

/// The states of some cells.
#[derive(Debug, Clone)]
pub(super) enum States {
    /// Rows by outcome, without weights: ten counts a cell.
    Counts(Vec<u64>),
    /// Rows by outcome, with weights.
    Outcomes(Vec<Outcomes>),
    /// Sums over the sizes of errors.
    Errors(Vec<ErrorSums>),
}

impl States {
    pub(super) fn new(plan: &Plan, seen: &Seen, cells: usize) -> Self {
        match seen {
            Seen::Errors(_) => Self::Errors(vec![ErrorSums::new(plan.rows.weights.is_some()); cells]),
            Seen::Outcomes(_) if plan.rows.weights.is_some() => Self::Outcomes(vec![Outcomes::default(); cells]),
            Seen::Outcomes(_) => Self::Counts(vec![0; cells * 10]),
        }
    }

    /// Counts the rows from `from` up to `to`, each in its cell.
    pub(super) fn fold(&mut self, plan: &Plan, seen: &Seen, cells: &[u8], from: usize, to: usize) {
        let rows = from..to;
        match (self, seen) {
            (Self::Counts(counts), Seen::Outcomes(outcomes)) => match &plan.rows.counts {
                None => {
                    for (cell, outcome) in cells[rows.clone()].iter().zip(&outcomes[rows]) {
                        counts[usize::from(*cell) * 10 + usize::from(*outcome)] += 1;
                    }
                }
                Some(_) => {
                    for row in rows {
                        let count = plan.rows.weight(row).map_or(0, |weight| weight.count);
                        counts[usize::from(cells[row]) * 10 + usize::from(outcomes[row])] += count;
                    }
                }
            },
            (Self::Outcomes(states), Seen::Outcomes(outcomes)) => {
                for row in rows {
                    if let Some(weight) = plan.rows.weight(row) {
                        let (label, prediction) = sides(outcomes[row]);
                        states[usize::from(cells[row])].update(label, prediction, weight.count, weight.weight);
                    }
                }
            }
            (Self::Errors(states), Seen::Errors(errors)) => {
                for row in rows {
                    if let Some(weight) = plan.rows.weight(row) {
                        states[usize::from(cells[row])].update(errors[row], weight);
                    }
                }
            }
            _ => {}
        }
    }

    /// The states of the first `slices` cells, each with that of all other rows.
    pub(super) fn against_rest(self, slices: usize) -> Vec<(State, State)> {
        let all: Vec<State> = match self {
            Self::Counts(counts) => counts.chunks(10).map(of_counts).collect(),
            Self::Outcomes(states) => states.into_iter().map(State::Outcomes).collect(),
            Self::Errors(states) => states.into_iter().map(|sums| State::Errors(Box::new(sums))).collect(),
        };
        let rest_of = |cell: usize| {
            let mut others = all.iter().enumerate().filter(|(other, _)| *other != cell).map(|(_, state)| state);
            let mut rest = others.next().cloned().unwrap_or_else(|| State::Outcomes(Outcomes::default()));
            others.for_each(|other| rest.merge(other));
            rest
        };
        (0..slices).map(|cell| (all[cell].clone(), rest_of(cell))).collect()
    }
}

fn of_counts(counts: &[u64]) -> State {
    let mut outcomes = Outcomes::default();
    for (outcome, count) in counts.iter().enumerate().take(usize::from(UNUSED)) {
        let (label, prediction) = sides(outcome as u8);
        outcomes.update(label, prediction, *count, None);
    }
    State::Outcomes(outcomes)
}

/// Truth and prediction of an outcome: the inverse of [`outcome`].
fn sides(seen: u8) -> (Option<bool>, Option<bool>) {
    const SIDES: [Option<bool>; 3] = [Some(true), Some(false), None];
    let pairs = SIDES
        .iter()
        .flat_map(|label| SIDES.iter().map(move |prediction| (*label, *prediction)));
    let mut found = pairs.filter(|(label, prediction)| outcome(*label, *prediction) == usize::from(seen));
    found.next().unwrap_or((None, None))
}

/// What was counted of one slice, or of all other rows.
#[derive(Debug, Clone)]
pub enum State {
    /// Rows by outcome.
    Outcomes(Outcomes),
    /// Sums over the sizes of errors.
    Errors(Box<ErrorSums>),
}

impl State {
    fn merge(&mut self, other: &Self) {
        match (self, other) {
            (Self::Outcomes(mine), Self::Outcomes(theirs)) => mine.merge(theirs),
            (Self::Errors(mine), Self::Errors(theirs)) => mine.merge(theirs),
            _ => {}
        }
    }

    /// Reads a metric; `None` where the state does not hold it.
    pub(super) fn read(&self, metric: &str) -> Option<Reading> {
        match self {
            Self::Outcomes(outcomes) => {
                let metric = registry::find(metric)?;
                metric.reads.iter().find_map(|read| match read {
                    Read::Share { hits, of, empty } => Some(Reading::share(outcomes, *hits, *of, *empty)),
                    Read::Weight(cells) => {
                        let tally = outcomes.tally(*cells);
                        Some(Reading::exact(tally.weight(), tally.rows()))
                    }
                    _ => None,
                })
            }
            Self::Errors(sums) => match metric {
                "rows" => Some(Reading::exact(sums.all.weight(), sums.all.rows())),
                "mae" => Some(Reading::mean(&sums.absolute(), &sums.complete)),
                "rmse" => Some(sums.root_mean_square()),
                _ => None,
            },
        }
    }

    /// Wrong and right predictions.
    pub(super) fn errors(&self) -> Option<[u64; 2]> {
        match self {
            Self::Outcomes(outcomes) => Some([Cells::FP.or(Cells::FN), Cells::TP.or(Cells::TN)].map(|cells| outcomes.tally(cells).rows())),
            Self::Errors(_) => None,
        }
    }
}

/// Sums over the sizes of errors: the same as those of [`Residuals`](crate::metric::regression::Residuals), and no more than the mean
/// absolute and the root mean squared error need.
#[derive(Debug, Clone)]
pub struct ErrorSums {
    all: Tally,
    complete: Tally,
    /// Of the sizes, their squares, their fourth powers, where rows have no weights: three sums then hold what six hold with weights.
    powers: [ExactSum; 3],
    weighted: Option<[MeanSums; 2]>,
}

impl ErrorSums {
    fn new(is_weighted: bool) -> Self {
        Self {
            all: Tally::default(),
            complete: Tally::default(),
            powers: Default::default(),
            weighted: is_weighted.then(Default::default),
        }
    }

    fn update(&mut self, error: f64, row: RowWeight) {
        self.all.update(row.count, row.weight);
        if error.is_nan() {
            return;
        }
        self.complete.update(row.count, row.weight);
        let square = error * error;
        if let Some([absolute, squared]) = &mut self.weighted {
            absolute.update(row, error);
            squared.update(row, square);
            return;
        }
        for (sum, power) in self.powers.iter_mut().zip([error, square, square * square]) {
            if row.count == 1 {
                sum.add(power);
            } else {
                row.add(sum, power);
            }
        }
    }

    fn merge(&mut self, other: &Self) {
        self.all.merge(&other.all);
        self.complete.merge(&other.complete);
        for (mine, theirs) in self.powers.iter_mut().zip(&other.powers) {
            mine.merge(theirs);
        }
        if let (Some(mine), Some(theirs)) = (&mut self.weighted, &other.weighted) {
            for (mine, theirs) in mine.iter_mut().zip(theirs) {
                mine.merge(theirs);
            }
        }
    }

    fn absolute(&self) -> MeanSums {
        let [first, second, _] = &self.powers;
        let own = || MeanSums::unweighted(first.clone(), second.clone());
        self.weighted.as_ref().map_or_else(own, |[absolute, _]| absolute.clone())
    }

    fn squared(&self) -> MeanSums {
        let [_, second, fourth] = &self.powers;
        let own = || MeanSums::unweighted(second.clone(), fourth.clone());
        self.weighted.as_ref().map_or_else(own, |[_, squared]| squared.clone())
    }

    /// The root's standard error is the delta method's.
    fn root_mean_square(&self) -> Reading {
        let (squared, support) = (self.squared(), self.complete.rows());
        let Some(mean) = squared.mean(&self.complete) else {
            return Reading::undefined(UndefinedCode::NoRows, support);
        };
        let variance = squared.variance_of_mean(&self.complete).map(|variance| variance / (4.0 * mean));
        Reading::with_variance(mean.sqrt(), variance, Method::Delta, support)
    }
}
