//! What the order of each class's scores tells: one sort and one scan a class.
//!
//! Each class's score is read against the rest, and against every other class (one-vs-one); pooled over classes, a row and a class are one
//! item, positive where the class is the row's true one (micro). The intervals of averages are DeLong's idea for all classes at once: what
//! each row adds to the average, as a positive of its own class and a negative of the others, is summed before it is squared, so that the
//! classes' covariance is in.

use super::super::UndefinedCode as Code;
use super::super::ranking::{self, Rank, RankTotals, Scan, falling_key};
use super::super::reading::Reading;
use super::super::state::{RowWeight, Tally};
use super::super::view::View;
use super::average::{Average, Losses};
use super::{columns_of, scored_rows};
use crate::stats::interval::Method;
use crate::stats::running::Running;

/// A row with label and all scores.
#[derive(Debug)]
pub(super) struct Standing {
    pub row: u32,
    /// The place of its true class among the score columns.
    pub label: u32,
    /// The place of its true class's score among all rows' such scores, equal ones together.
    pub own: u32,
    pub weight: RowWeight,
    /// What it adds to the loss of each average.
    pub parts: [f64; Average::COUNT],
}

/// What the order of each class's scores tells.
#[derive(Debug)]
pub struct ClassRanks {
    all: Tally,
    weights: Vec<f64>,
    ranks: Vec<Rank>,
    averages: [Result<(f64, Option<f64>), Code>; Average::COUNT],
    micro_precision: f64,
}

impl ClassRanks {
    /// Sorts and scans a view, class by class.
    pub fn of(view: &View<'_>) -> Self {
        let rows = view.subject.rows;
        let columns = columns_of(rows, view.subject.classes.len());
        let classes = rows.class_scores.len();
        let mut tallies = vec![Tally::default(); classes];
        let mut standings: Vec<Standing> = Vec::with_capacity(view.rows.len());
        for scored in scored_rows(view, &columns) {
            let Some(label) = scored.label else { continue };
            tallies[label].update(scored.weight.count, scored.weight.weight);
            standings.push(Standing {
                row: scored.row as u32,
                label: label as u32,
                own: 0,
                weight: scored.weight,
                parts: [0.0; Average::COUNT],
            });
        }
        let mut all = Tally::default();
        tallies.iter().for_each(|tally| all.merge(tally));
        let mut pooled = Pooled::of(&mut standings, |standing| {
            rows.class_scores[standing.label as usize].1[standing.row as usize]
        });
        let weights: Vec<f64> = tallies.iter().map(Tally::weight).collect();
        let mut losses = Losses::new(&weights, all.weight());
        let mut ranks = Vec::with_capacity(classes);
        for (class, (_, scores)) in rows.class_scores.iter().enumerate() {
            let totals = RankTotals::one_of(&tallies, class);
            let order = falling(&standings, scores);
            ranks.push(scan(class, totals, &order, scores, &mut standings, &mut losses, &mut pooled));
        }
        let micro_precision = pooled.finish(&mut standings, &mut losses);
        Self {
            averages: losses.averages(&standings, &all),
            all,
            weights,
            ranks,
            micro_precision,
        }
    }

    /// The area under the ROC curve of one class's score against the rest.
    pub fn roc_auc(&self, class: usize) -> Reading {
        ranking::roc_auc(&self.ranks[class])
    }

    /// The average precision of one class's score against the rest.
    pub fn average_precision(&self, class: usize) -> Reading {
        ranking::average_precision(&self.ranks[class])
    }

    /// An average of areas under the ROC curve.
    pub fn average_roc_auc(&self, average: Average) -> Reading {
        match self.averages[average as usize] {
            Err(code) => Reading::undefined(code, self.all.rows()),
            Ok((area, variance)) => {
                let method = if self.all.is_weighted() {
                    Method::DelongWeighted
                } else {
                    Method::Delong
                };
                Reading::with_variance(area, variance, method, self.all.rows())
            }
        }
    }

    /// The plain mean of the classes' average precisions; undefined where a class does not occur in truth.
    pub fn average_precision_macro(&self) -> Reading {
        if self.weights.iter().any(|weight| *weight <= 0.0) {
            return self.absent();
        }
        let sum: f64 = (0..self.ranks.len())
            .filter_map(|class| self.average_precision(class).value.ok())
            .sum();
        Reading::exact(sum / self.ranks.len() as f64, self.all.rows())
    }

    /// The mean of the classes' average precisions, weighted by how frequent they are in truth.
    pub fn average_precision_weighted(&self) -> Reading {
        let total = self.all.weight();
        if total <= 0.0 {
            return self.absent();
        }
        let value = |class: usize| self.average_precision(class).value.map_or(0.0, |value| self.weights[class] * value);
        let sum: f64 = (0..self.ranks.len()).map(value).sum();
        Reading::exact(sum / total, self.all.rows())
    }

    /// The average precision of all rows' scores for all classes, pooled.
    pub fn average_precision_micro(&self) -> Reading {
        if self.all.weight() <= 0.0 {
            return self.absent();
        }
        Reading::exact(self.micro_precision.min(1.0), self.all.rows())
    }

    fn absent(&self) -> Reading {
        let code = if self.all.weight() > 0.0 { Code::ClassAbsent } else { Code::NoRows };
        Reading::undefined(code, self.all.rows())
    }
}

/// The places of the rows by falling score, and the keys that they are sorted by: equal ones are ties.
fn falling(standings: &[Standing], scores: &[f64]) -> Vec<(u64, u32)> {
    let key = |(place, standing): (usize, &Standing)| (falling_key(scores[standing.row as usize]), place as u32);
    let mut order: Vec<(u64, u32)> = standings.iter().enumerate().map(key).collect();
    order.sort_unstable();
    order
}

/// Scans one class's scores, highest first.
fn scan(
    class: usize,
    totals: RankTotals,
    order: &[(u64, u32)],
    scores: &[f64],
    standings: &mut [Standing],
    losses: &mut Losses,
    pooled: &mut Pooled,
) -> Rank {
    let mut scan = Scan::new(totals);
    let mut walk = losses.walk(class);
    let mut own = 0;
    for tie in order.chunk_by(|a, b| a.0 == b.0) {
        let below = pooled.place(tie[0].0, &mut own);
        for (_, place) in tie {
            let standing = &standings[*place as usize];
            let is_positive = standing.label as usize == class;
            scan.update(is_positive, scores[standing.row as usize], standing.weight);
            walk.tie(standing.label as usize, standing.weight);
            if !is_positive {
                pooled.add_negative(below, standing.weight);
            }
        }
        let pooled_share = pooled.share_below(below);
        walk.close(losses);
        for (_, place) in tie {
            let standing = &mut standings[*place as usize];
            walk.add_to(standing, losses);
            if standing.label as usize != class {
                standing.parts[Average::Micro as usize] += pooled_share / losses.negatives_pooled();
            }
        }
    }
    losses.take(class, walk);
    scan.finish()
}

/// The scores of the rows' true classes, highest first, and where the other scores stand among them.
#[derive(Debug)]
struct Pooled {
    /// The different scores' keys.
    keys: Vec<u64>,
    /// The rows with each.
    positive: Vec<f64>,
    /// The rows with a higher one.
    positive_above: Vec<f64>,
    /// Negatives between the next higher score and this one, and negatives equal to it; one more place for those below all.
    between: Vec<Running>,
    equal: Vec<Running>,
    total: f64,
}

/// Adds what a row counts.
fn add(sum: &mut Running, weight: RowWeight) {
    sum.add_product(weight.count as f64, weight.weight.unwrap_or(1.0));
}

/// Where a score stands among those of the true classes: before the place, or equal to it.
#[derive(Clone, Copy)]
struct Place {
    at: usize,
    is_equal: bool,
}

impl Pooled {
    fn of(standings: &mut [Standing], score: impl Fn(&Standing) -> f64) -> Self {
        let key = |(place, standing): (usize, &Standing)| (falling_key(score(standing)), place as u32);
        let mut order: Vec<(u64, u32)> = standings.iter().enumerate().map(key).collect();
        order.sort_unstable();
        let (mut keys, mut positive, mut positive_above) = (Vec::new(), Vec::new(), Vec::new());
        let mut total = Running::default();
        for tie in order.chunk_by(|a, b| a.0 == b.0) {
            let mut size = Running::default();
            positive_above.push(total.value());
            for (_, place) in tie {
                let standing = &mut standings[*place as usize];
                standing.own = keys.len() as u32;
                add(&mut size, standing.weight);
                add(&mut total, standing.weight);
            }
            keys.push(tie[0].0);
            positive.push(size.value());
        }
        Self {
            between: vec![Running::default(); keys.len() + 1],
            equal: vec![Running::default(); keys.len() + 1],
            keys,
            positive,
            positive_above,
            total: total.value(),
        }
    }

    /// The place of a score; `from` is the place of a higher one.
    fn place(&self, key: u64, from: &mut usize) -> Place {
        while self.keys.get(*from).is_some_and(|own| *own < key) {
            *from += 1;
        }
        Place {
            at: *from,
            is_equal: self.keys.get(*from) == Some(&key),
        }
    }

    fn add_negative(&mut self, place: Place, weight: RowWeight) {
        let slot = if place.is_equal { &mut self.equal } else { &mut self.between };
        add(&mut slot[place.at], weight);
    }

    /// The share of positives below a place, those equal to it counting half.
    fn share_below(&self, place: Place) -> f64 {
        let (above, equal) = match self.positive.get(place.at) {
            Some(size) if place.is_equal => (self.positive_above[place.at], 0.5 * size),
            Some(_) => (self.positive_above[place.at], 0.0),
            None => (self.total, 0.0),
        };
        ((self.total - above - equal) / self.total).max(0.0)
    }

    /// Adds to every row what it adds as a positive; gives the average precision.
    fn finish(self, standings: &mut [Standing], losses: &mut Losses) -> f64 {
        let (mut negatives_above, mut loss, mut precision) = (0.0, 0.0, 0.0);
        let mut shares = Vec::with_capacity(self.keys.len());
        for (at, size) in self.positive.iter().enumerate() {
            negatives_above += self.between[at].value();
            let share = (negatives_above + 0.5 * self.equal[at].value()) / losses.negatives_pooled();
            loss += size / self.total * share;
            negatives_above += self.equal[at].value();
            let selected = self.positive_above[at] + size;
            if *size > 0.0 {
                precision += size / self.total * (selected / (selected + negatives_above));
            }
            shares.push(share);
        }
        for standing in standings {
            standing.parts[Average::Micro as usize] += shares[standing.own as usize] / self.total;
        }
        losses.take_pooled(loss);
        precision
    }
}
