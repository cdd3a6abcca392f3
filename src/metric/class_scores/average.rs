//! Averages of areas under ROC curves, and what every row adds to them.

use super::super::UndefinedCode as Code;
use super::super::state::{RowWeight, Tally};
use super::ranks::Standings;
use crate::stats::running::Running;
use crate::stats::sum::ExactSum;

/// How areas are put together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Average {
    /// Each class against the rest: the plain mean.
    RestMacro,
    /// Each class against the rest, weighted by how frequent it is in truth.
    RestWeighted,
    /// Every pair of classes, both ways: the plain mean.
    PairsMacro,
    /// Every pair of classes, both ways, weighted by how frequent the two are in truth.
    PairsWeighted,
    /// All rows' scores for all classes, pooled.
    Micro,
}

impl Average {
    /// How many there are.
    pub const COUNT: usize = 5;
}

/// One less the areas: the share of pairs in the wrong order, ties counting half.
#[derive(Debug)]
pub(super) struct Losses {
    weights: Vec<f64>,
    total: f64,
    /// Each class against the rest.
    rest: Vec<f64>,
    /// Positives of one class, by the row, against negatives of another, by the column.
    pairs: Vec<Vec<f64>>,
    pooled: f64,
}

/// The scan of one class's scores, as far as averages need it.
pub(super) struct Walk {
    class: usize,
    /// The rows with a higher score, with this one or a higher one, and with this one, by class.
    above: Vec<f64>,
    down_to: Vec<Running>,
    tie: Vec<Running>,
    touched: Vec<usize>,
    /// The same of the classes that are not this one.
    rest_above: f64,
    rest_down_to: Running,
    rest_tie: Running,
    /// Pairs in the wrong order with the rows of every class.
    wrong: Vec<f64>,
    /// For a positive with this score, the share of the rest above it, and such shares of single classes put together as pairs need them.
    of_rest: f64,
    of_pairs: f64,
    of_pairs_weighted: f64,
    /// For a negative with this score, the share of positives below it.
    below: f64,
    /// What a positive's shares, and what the share below a negative of each class, count in every average but the pooled one.
    by_positive: [f64; 4],
    by_negative: Vec<[f64; 4]>,
}

impl Walk {
    /// Adds a row to the ties of the score at hand.
    pub fn tie(&mut self, label: usize, weight: RowWeight) {
        let (count, weight) = (weight.count as f64, weight.weight.unwrap_or(1.0));
        if self.tie[label] == Running::default() {
            self.touched.push(label);
        }
        self.tie[label].add_product(count, weight);
        self.down_to[label].add_product(count, weight);
        if label != self.class {
            self.rest_tie.add_product(count, weight);
            self.rest_down_to.add_product(count, weight);
        }
    }

    /// Computes the shares at the score at hand, and moves below it.
    pub fn close(&mut self, losses: &Losses) {
        let class = self.class;
        let own = losses.weights[class];
        let (positive_above, positive) = (self.above[class], self.tie[class].value());
        self.below = ((own - positive_above - 0.5 * positive) / own).max(0.0);
        if positive > 0.0 {
            self.of_rest = (self.rest_above + 0.5 * self.rest_tie.value()) / losses.rest_of(class);
            (self.of_pairs, self.of_pairs_weighted) = (0.0, 0.0);
            for other in (0..self.tie.len()).filter(|other| *other != class && losses.weights[*other] > 0.0) {
                let above = self.above[other] + 0.5 * self.tie[other].value();
                let share = above / losses.weights[other];
                self.wrong[other] += positive * above;
                self.of_pairs += share;
                self.of_pairs_weighted += share * (own + losses.weights[other]);
            }
        }
        for class in self.touched.drain(..) {
            self.above[class] = self.down_to[class].value();
            self.tie[class] = Running::default();
        }
        self.rest_above = self.rest_down_to.value();
        self.rest_tie = Running::default();
    }

    /// What a row with the score just closed adds to the loss of every average; nothing to the pooled one.
    pub fn parts(&self, label: usize) -> [f64; Average::COUNT] {
        if label == self.class {
            let [rest, rest_weighted, pairs, pairs_weighted] = self.by_positive;
            [
                self.of_rest * rest,
                self.of_rest * rest_weighted,
                self.of_pairs * pairs,
                self.of_pairs_weighted * pairs_weighted,
                0.0,
            ]
        } else {
            let [rest, rest_weighted, pairs, pairs_weighted] = self.by_negative[label];
            let below = self.below;
            [below * rest, below * rest_weighted, below * pairs, below * pairs_weighted, 0.0]
        }
    }
}

impl Losses {
    /// Before any scan; `weights` are those of the classes in truth.
    pub fn new(weights: &[f64], total: f64) -> Self {
        Self {
            weights: weights.to_vec(),
            total,
            rest: vec![0.0; weights.len()],
            pairs: Vec::with_capacity(weights.len()),
            pooled: 0.0,
        }
    }

    /// The weight of the pooled negatives: every row is one for each class but its own.
    pub fn negatives_pooled(&self) -> f64 {
        (self.weights.len() as f64 - 1.0) * self.total
    }

    /// The weight of all classes but one.
    fn rest_of(&self, class: usize) -> f64 {
        self.total - self.weights[class]
    }

    /// Begins the scan of a class's scores.
    pub fn walk(&self, class: usize) -> Walk {
        let none = vec![0.0; self.weights.len()];
        let classes = self.weights.len() as f64;
        let (own, rest) = (self.weights[class], self.rest_of(class));
        let pairs = |label: f64| classes * (classes - 1.0) * label;
        let pairs_weighted = |label: f64| 2.0 * (classes - 1.0) * self.total * label;
        let by_negative = |label: &f64| {
            if own <= 0.0 || *label <= 0.0 {
                return [0.0; 4];
            }
            [
                1.0 / (classes * rest),
                own / self.total / rest,
                1.0 / pairs(*label),
                (own + label) / pairs_weighted(*label),
            ]
        };
        Walk {
            class,
            above: none.clone(),
            down_to: vec![Running::default(); self.weights.len()],
            tie: vec![Running::default(); self.weights.len()],
            touched: Vec::new(),
            rest_above: 0.0,
            rest_down_to: Running::default(),
            rest_tie: Running::default(),
            wrong: none,
            of_rest: 0.0,
            of_pairs: 0.0,
            of_pairs_weighted: 0.0,
            below: 0.0,
            by_positive: [1.0 / (classes * own), 1.0 / self.total, 1.0 / pairs(own), 1.0 / pairs_weighted(own)],
            by_negative: self.weights.iter().map(by_negative).collect(),
        }
    }

    /// Ends the scan of a class's scores; scans end in order of the classes.
    pub fn take(&mut self, class: usize, walk: Walk) {
        let own = self.weights[class];
        self.rest[class] = walk.wrong.iter().sum::<f64>() / (own * self.rest_of(class));
        let of_pair = |(wrong, weight): (&f64, &f64)| if *weight > 0.0 { wrong / (own * weight) } else { 0.0 };
        self.pairs.push(walk.wrong.iter().zip(&self.weights).map(of_pair).collect());
    }

    /// Takes the loss over pooled classes.
    pub fn take_pooled(&mut self, loss: f64) {
        self.pooled = loss;
    }

    /// The areas with the variances of their estimators.
    pub fn averages(&self, standings: &Standings, all: &Tally) -> [Result<(f64, Option<f64>), Code>; Average::COUNT] {
        [
            Average::RestMacro,
            Average::RestWeighted,
            Average::PairsMacro,
            Average::PairsWeighted,
            Average::Micro,
        ]
        .map(|average| {
            self.missing(average).map_or(Ok(()), Err)?;
            let (loss, expected) = self.loss(average);
            Ok(((1.0 - loss).clamp(0.0, 1.0), variance(standings, average, &expected, all)))
        })
    }

    /// Why there is no such average.
    fn missing(&self, average: Average) -> Option<Code> {
        let present = self.weights.iter().filter(|weight| **weight > 0.0).count();
        match average {
            _ if present == 0 => Some(Code::NoRows),
            Average::Micro => None,
            Average::RestWeighted if present > 1 => None,
            Average::RestWeighted => Some(Code::OneClass),
            _ => (present < self.weights.len()).then_some(Code::ClassAbsent),
        }
    }

    /// The loss, and what a row of every class adds to it on average.
    fn loss(&self, average: Average) -> (f64, Vec<f64>) {
        let classes: Vec<usize> = (0..self.weights.len()).filter(|class| self.weights[*class] > 0.0).collect();
        let (count, total) = (self.weights.len() as f64, self.total);
        let weight = |class: usize| self.weights[class];
        let both = |a: usize, b: usize| self.pairs[a][b] + self.pairs[b][a];
        let others = |class: usize| classes.iter().copied().filter(move |other| *other != class);
        let mut expected = vec![0.0; self.weights.len()];
        let loss = match average {
            Average::RestMacro => {
                for class in &classes {
                    let as_rest: f64 = others(*class).map(|other| self.rest[other] / self.rest_of(other)).sum();
                    expected[*class] = (self.rest[*class] / weight(*class) + as_rest) / count;
                }
                classes.iter().map(|class| self.rest[*class]).sum::<f64>() / count
            }
            Average::RestWeighted => {
                let loss = classes.iter().map(|class| weight(*class) * self.rest[*class]).sum::<f64>() / total;
                for class in &classes {
                    let as_rest: f64 = others(*class)
                        .map(|other| weight(other) / total * self.rest[other] / self.rest_of(other))
                        .sum();
                    expected[*class] = loss / total + as_rest;
                }
                loss
            }
            Average::PairsMacro => {
                let pairs = count * (count - 1.0);
                for class in &classes {
                    expected[*class] = others(*class).map(|other| both(*class, other)).sum::<f64>() / (pairs * weight(*class));
                }
                classes.iter().map(|class| weight(*class) * expected[*class]).sum::<f64>() / 2.0
            }
            Average::PairsWeighted => {
                let size = 2.0 * (count - 1.0) * total;
                let share = |class: usize| -> f64 {
                    let of_pair = |other: usize| (weight(class) + weight(other)) * both(class, other);
                    others(class).map(of_pair).sum::<f64>() / size
                };
                let loss = classes.iter().map(|class| share(*class)).sum::<f64>() / 2.0;
                for class in &classes {
                    let mean = others(*class).map(|other| both(*class, other)).sum::<f64>() / (2.0 * (count - 1.0));
                    expected[*class] = share(*class) / weight(*class) - (mean - loss) / total;
                }
                loss
            }
            Average::Micro => {
                expected.fill(2.0 * self.pooled / total);
                self.pooled
            }
        };
        (loss, expected)
    }
}

/// The sum of the squares of what single rows add beyond what rows of their class are expected to, times n / (n - 1).
fn variance(standings: &Standings, average: Average, expected: &[f64], all: &Tally) -> Option<f64> {
    let rows = all.rows() as f64;
    if rows < 2.0 {
        return None;
    }
    let mut squares = ExactSum::default();
    for (row, (parts, label)) in standings.parts.iter().zip(&standings.labels).enumerate() {
        let RowWeight { count, weight } = standings.weight(row);
        let part = weight.unwrap_or(1.0) * (parts[average as usize] - expected[*label as usize]);
        squares.add_product(count as f64, part * part);
    }
    Some(squares.value() * (rows / (rows - 1.0)))
}
