//! The rows of two classes by score: how many positives and negatives there are at every score, highest first.
//!
//! Every curve over thresholds is read from these steps, because a threshold between two scores decides as the lower one's neighbour does.

use super::UndefinedCode as Code;
use super::reading::Reading;
use super::state::{RowWeight, Tally};
use super::view::{Memory, View};
use crate::stats::running::Running;

/// The rows with one score.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Step {
    /// The score.
    pub score: f64,
    /// The weight of the positives with it.
    pub positive: f64,
    /// The weight of the negatives with it.
    pub negative: f64,
}

/// What is selected at or above a score.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Point {
    /// The score; infinite where nobody is selected.
    pub score: f64,
    /// The weight of the true positives.
    pub tp: f64,
    /// The weight of the false positives.
    pub fp: f64,
}

/// The rows with one score while they are added up.
struct Tie {
    score: f64,
    start: u32,
    positive: Running,
    negative: Running,
    squares: Running,
}

impl Tie {
    fn at(score: f64, start: u32) -> Self {
        let nothing = Running::default();
        Self {
            score,
            start,
            positive: nothing,
            negative: nothing,
            squares: nothing,
        }
    }
}

/// The rows with label and score, by falling score.
#[derive(Debug, Clone, Default)]
pub struct Steps {
    /// One a score, highest first.
    pub steps: Vec<Step>,
    /// For each step where its rows begin among the falling ones, and at last where all end.
    starts: Vec<u32>,
    /// How many rows were pushed one by one.
    pushed: u32,
    /// For each step the sum of the rows' squared weights; empty in an unweighted audit.
    squares: Vec<f64>,
    /// The positives.
    pub positives: Tally,
    /// The negatives.
    pub negatives: Tally,
}

impl Steps {
    /// The steps of a view.
    pub fn of<'v>(view: &'v View<'_>) -> &'v Self {
        let Memory { steps, .. } = view.memory;
        steps.get_or_init(|| {
            let mut made = Self::default();
            let mut tie = Tie::at(f64::NAN, 0);
            for (place, row) in view.scored().enumerate() {
                if row.score != tie.score {
                    made.close(&tie);
                    tie = Tie::at(row.score + 0.0, place as u32);
                }
                let (tally, sum) = if row.positive {
                    (&mut made.positives, &mut tie.positive)
                } else {
                    (&mut made.negatives, &mut tie.negative)
                };
                let RowWeight { count, weight } = row.weight;
                tally.update(count, weight);
                sum.add_product(count as f64, weight.unwrap_or(1.0));
                if let Some(weight) = weight {
                    tie.squares.add_product(count as f64, weight * weight);
                }
            }
            made.close(&tie);
            made.starts.push(view.falling.len() as u32);
            made
        })
    }

    /// No steps yet, with room for so many.
    pub fn with_room(scores: usize) -> Self {
        Self {
            steps: Vec::with_capacity(scores),
            starts: Vec::with_capacity(scores + 1),
            ..Self::default()
        }
    }

    /// Adds a row that stands for itself alone, without weight, in order of falling score; after the last one comes [`Steps::end`].
    #[inline(always)]
    pub fn push(&mut self, positive: bool, score: f64) {
        let (gained, lost) = if positive { (1.0, 0.0) } else { (0.0, 1.0) };
        match self.steps.last_mut() {
            // Whole numbers, so that no order shows.
            Some(step) if step.score == score => {
                step.positive += gained;
                step.negative += lost;
            }
            _ => {
                self.steps.push(Step {
                    score: score + 0.0,
                    positive: gained,
                    negative: lost,
                });
                self.starts.push(self.pushed);
            }
        }
        self.pushed += 1;
    }

    /// Ends what was pushed.
    pub fn end(mut self) -> Self {
        self.starts.push(self.pushed);
        let positives: f64 = self.steps.iter().map(|step| step.positive).sum();
        self.positives.update(positives as u64, None);
        self.negatives.update(u64::from(self.pushed) - positives as u64, None);
        self
    }

    fn close(&mut self, tie: &Tie) {
        let (positive, negative) = (tie.positive.value(), tie.negative.value());
        // Rows without weight make no step: nothing is won or lost by a threshold between them.
        if positive + negative > 0.0 {
            self.steps.push(Step {
                score: tie.score,
                positive,
                negative,
            });
            self.starts.push(tie.start);
            if self.is_weighted() {
                self.squares.push(tie.squares.value());
            }
        }
    }

    /// Where a step's rows are among the falling ones of an unweighted audit.
    pub fn places(&self, step: usize) -> std::ops::Range<usize> {
        self.starts[step] as usize..self.starts[step + 1] as usize
    }

    /// Whether rows carry importance weights.
    pub fn is_weighted(&self) -> bool {
        self.positives.is_weighted() || self.negatives.is_weighted()
    }

    /// The sum of a step's squared weights.
    pub fn squares(&self, place: usize) -> f64 {
        let step = &self.steps[place];
        self.squares.get(place).copied().unwrap_or(step.positive + step.negative)
    }

    /// Rows behind whatever is read from all steps.
    pub fn support(&self) -> u64 {
        self.positives.rows() + self.negatives.rows()
    }

    /// The weight of all positives and of all negatives, or which of them is missing.
    pub fn totals(&self) -> Result<(f64, f64), Code> {
        let (positives, negatives) = (self.positives.weight(), self.negatives.weight());
        match (positives > 0.0, negatives > 0.0) {
            (true, true) => Ok((positives, negatives)),
            (false, false) => Err(Code::NoRows),
            (false, true) => Err(Code::NoPositives),
            (true, false) => Err(Code::NoNegatives),
        }
    }

    /// What is selected at every score, highest first; the first selects nobody.
    pub fn points(&self) -> impl Iterator<Item = Point> + '_ {
        let nobody = Point {
            score: f64::INFINITY,
            tp: 0.0,
            fp: 0.0,
        };
        let mut sums = (Running::default(), Running::default());
        let points = self.steps.iter().map(move |step| {
            sums.0.add(step.positive);
            sums.1.add(step.negative);
            Point {
                score: step.score,
                tp: sums.0.value(),
                fp: sums.1.value(),
            }
        });
        std::iter::once(nobody).chain(points)
    }

    /// A value read from all steps, without a known spread.
    pub fn reading(&self, value: Result<f64, Code>) -> Reading {
        value.map_or_else(
            |code| Reading::undefined(code, self.support()),
            |value| Reading::exact(value, self.support()),
        )
    }
}
