//! What the order of each class's scores tells: one sort and one scan a class.
//!
//! Each class's score is read against the rest, and against every other class (one-vs-one); pooled over classes, a row and a class are one
//! item, positive where the class is the row's true one (micro). The intervals of averages are DeLong's idea for all classes at once: what
//! each row adds to the average, as a positive of its own class and a negative of the others, is summed before it is squared, so that the
//! classes' covariance is in.

use super::super::UndefinedCode as Code;
use super::super::ranking::{self, Rank, RankTotals, Scan, falling_key, score_of};
use super::super::reading::Reading;
use super::super::state::{RowWeight, Tally};
use super::super::view::View;
use super::average::{Average, Losses};
use super::{columns_of, scored_rows};
use crate::stats::interval::Method;
use crate::stats::running::Running;

/// How many rows' parts are added at once: places in memory that are far apart are then reached side by side.
const BLOCK: usize = 1024;

/// The rows with label and all scores.
#[derive(Debug, Default)]
pub(super) struct Standings {
    rows: Vec<u32>,
    /// The place of each row's true class among the score columns.
    pub labels: Vec<u32>,
    /// The place of each true class's score among all rows' such scores, equal ones together.
    own: Vec<u32>,
    /// `None` where every row counts once.
    weights: Option<Vec<RowWeight>>,
    /// What each row adds to the loss of each average.
    pub parts: Vec<[f64; Average::COUNT]>,
}

impl Standings {
    /// What a row counts.
    pub fn weight(&self, row: usize) -> RowWeight {
        const ONE: RowWeight = RowWeight { count: 1, weight: None };
        self.weights.as_ref().map_or(ONE, |weights| weights[row])
    }

    /// Adds rows' parts.
    fn add(&mut self, added: &mut Vec<(u32, [f64; Average::COUNT])>) {
        for (place, parts) in added.drain(..) {
            for (sum, part) in self.parts[place as usize].iter_mut().zip(parts) {
                *sum += part;
            }
        }
    }

    /// Keys by which rows come in order of falling scores, and the rows' places: equal keys are ties.
    fn falling(&self, score: impl Fn(usize) -> f64) -> Vec<(u64, u32)> {
        let mut order: Vec<(u64, u32)> = (0..self.rows.len())
            .map(|place| (falling_key(score(place)), place as u32))
            .collect();
        order.sort_unstable();
        order
    }
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
        let mut standings = Standings::default();
        let mut counted = Vec::new();
        for scored in scored_rows(view, &columns) {
            let Some(label) = scored.label else { continue };
            tallies[label].update(scored.weight.count, scored.weight.weight);
            standings.rows.push(scored.row as u32);
            standings.labels.push(label as u32);
            if rows.counts.is_some() || rows.weights.is_some() {
                counted.push(scored.weight);
            }
        }
        standings.weights = Some(counted).filter(|counted| !counted.is_empty());
        standings.parts = vec![[0.0; Average::COUNT]; standings.rows.len()];
        let mut all = Tally::default();
        tallies.iter().for_each(|tally| all.merge(tally));
        let of_label = |place: usize| rows.class_scores[standings.labels[place] as usize].1[standings.rows[place] as usize];
        let own = standings.falling(of_label);
        let mut pooled = Pooled::of(&mut standings, &own);
        let weights: Vec<f64> = tallies.iter().map(Tally::weight).collect();
        let mut losses = Losses::new(&weights, all.weight());
        let mut ranks = Vec::with_capacity(classes);
        for (class, (_, scores)) in rows.class_scores.iter().enumerate() {
            let order = standings.falling(|place| scores[standings.rows[place] as usize]);
            let totals = RankTotals::one_of(&tallies, class);
            ranks.push(scan(class, totals, &order, &mut standings, &mut losses, &mut pooled));
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

/// Scans one class's scores, highest first.
fn scan(
    class: usize,
    totals: RankTotals,
    order: &[(u64, u32)],
    standings: &mut Standings,
    losses: &mut Losses,
    pooled: &mut Pooled,
) -> Rank {
    // What is known of the rows, in order of their scores, so that the scan itself walks straight through memory.
    let places = || order.iter().map(|(_, place)| *place as usize);
    let labels: Vec<u32> = places().map(|place| standings.labels[place]).collect();
    let weights: Option<Vec<RowWeight>> = standings
        .weights
        .as_ref()
        .map(|weights| places().map(|place| weights[place]).collect());
    let weight = |at: usize| weights.as_ref().map_or(RowWeight { count: 1, weight: None }, |weights| weights[at]);
    let (mut scan, mut walk) = (Scan::new(totals), losses.walk(class));
    let (mut at, mut own) = (0, 0);
    let mut added = Vec::with_capacity(BLOCK);
    for tie in order.chunk_by(|a, b| a.0 == b.0) {
        let labels = &labels[at..at + tie.len()];
        let below = pooled.place(tie[0].0, &mut own);
        let score = score_of(tie[0].0);
        for (label, at) in labels.iter().zip(at..) {
            let is_positive = *label as usize == class;
            scan.update(is_positive, score, weight(at));
            walk.tie(*label as usize, weight(at));
            if !is_positive {
                pooled.add_negative(below, weight(at));
            }
        }
        let pooled_part = pooled.share_below(below) / losses.negatives_pooled();
        walk.close(losses);
        for (label, (_, place)) in labels.iter().zip(tie) {
            let mut parts = walk.parts(*label as usize);
            if *label as usize != class {
                parts[Average::Micro as usize] = pooled_part;
            }
            added.push((*place, parts));
        }
        at += tie.len();
        if added.len() >= BLOCK {
            standings.add(&mut added);
        }
    }
    standings.add(&mut added);
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
    fn of(standings: &mut Standings, order: &[(u64, u32)]) -> Self {
        let (mut keys, mut positive, mut positive_above) = (Vec::new(), Vec::new(), Vec::new());
        let mut total = Running::default();
        standings.own = vec![0; order.len()];
        for tie in order.chunk_by(|a, b| a.0 == b.0) {
            let mut size = Running::default();
            positive_above.push(total.value());
            for (_, place) in tie {
                standings.own[*place as usize] = keys.len() as u32;
                add(&mut size, standings.weight(*place as usize));
                add(&mut total, standings.weight(*place as usize));
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
    fn finish(self, standings: &mut Standings, losses: &mut Losses) -> f64 {
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
        for (parts, own) in standings.parts.iter_mut().zip(&standings.own) {
            parts[Average::Micro as usize] += shares[*own as usize] / self.total;
        }
        losses.take_pooled(loss);
        precision
    }
}
