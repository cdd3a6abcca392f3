//! Hierarchical bias-aware clustering: the cluster whose errors vary most is split in two by what its rows hold, again and again.
//!
//! Source: Misztal-Radecka and Indurkhya 2021, "Bias-aware hierarchical clustering for detecting the discriminated groups of users in
//! recommendation systems"; the form that Algorithm Audit's tool made known. A cluster is split by two prototypes: the most frequent code of
//! each categorical column (k-modes, Huang 1998), the mean place among the bins of each numeric one (k-means), one distance over both. A split
//! stays where one of its parts is farther from all other rows in its error than the whole was, and both have enough rows.

use crate::run::features::Feature;
use crate::stats::random::Draws;

use super::errors::Sample;

/// The most clusters.
pub const MOST_CLUSTERS: usize = 8;
/// The most rows that prototypes are made from.
const MOST_ROWS: usize = 20_000;
/// How many pairs of rows a split starts from; the closest fit is kept.
const STARTS: u64 = 4;
/// The most rounds of a start.
const ROUNDS: usize = 10;

/// What stands for a cluster: for each column its most frequent code, or its mean place.
type Prototype = Vec<f64>;

/// A split, and what becomes of its parts.
#[derive(Debug, Clone)]
struct Split {
    prototypes: [Prototype; 2],
    parts: [usize; 2],
}

/// A cluster, split or not.
#[derive(Debug, Clone)]
struct Node {
    rows: Vec<u32>,
    split: Option<Split>,
    /// Whether it cannot be split to any use.
    is_settled: bool,
}

/// The tree of clusters as a job: each step tries one split.
pub struct Clustering {
    nodes: Vec<Node>,
    /// The mean error of all rows that prototypes are made from, and how many they are.
    all: (f64, usize),
    least: usize,
    seed: u64,
    tried: u64,
}

impl Clustering {
    /// All rows in one cluster; no cluster will have fewer rows than `least`.
    pub fn new(sample: &Sample, least: u64, seed: u64) -> Self {
        let rows: Vec<u32> = (0..sample.len().min(MOST_ROWS) as u32).collect();
        let all = (mean(sample, &rows).unwrap_or(0.0), rows.len());
        let root = Node {
            rows,
            split: None,
            is_settled: false,
        };
        Self {
            nodes: vec![root],
            all,
            least: least.max(1) as usize,
            seed,
            tried: 0,
        }
    }

    /// The clusters that are not split.
    fn leaves(&self) -> Vec<usize> {
        (0..self.nodes.len()).filter(|node| self.nodes[*node].split.is_none()).collect()
    }

    /// How many clusters there are.
    pub fn count(&self) -> usize {
        self.leaves().len()
    }

    /// Tries one split; false when there is nothing left to try.
    pub fn step(&mut self, sample: &Sample, features: &[Feature]) -> bool {
        let leaves = self.leaves();
        let open = leaves.iter().copied().filter(|node| !self.nodes[*node].is_settled);
        let spread = |node: usize| variance(sample, &self.nodes[node].rows);
        let widest = open
            .map(|node| (spread(node), node))
            .max_by(|a, b| a.0.total_cmp(&b.0).then(b.1.cmp(&a.1)));
        let Some((_, node)) = widest.filter(|(spread, _)| *spread > 0.0 && leaves.len() < MOST_CLUSTERS) else {
            return false;
        };
        self.nodes[node].is_settled = true;
        self.tried += 1;
        let rows = std::mem::take(&mut self.nodes[node].rows);
        let split = self.split(sample, features, &rows);
        if let Some((prototypes, parts)) = split {
            let bias = |rows: &[u32]| bias(sample, rows, self.all);
            let is_better = parts.iter().map(|part| bias(part)).fold(0.0, f64::max) > bias(&rows);
            if is_better && parts.iter().all(|part| part.len() >= self.least) {
                let first = self.nodes.len();
                self.nodes[node].split = Some(Split {
                    prototypes,
                    parts: [first, first + 1],
                });
                self.nodes.extend(parts.map(|rows| Node {
                    rows,
                    split: None,
                    is_settled: false,
                }));
            }
        }
        self.nodes[node].rows = rows;
        true
    }

    /// The closest of several splits in two.
    fn split(&self, sample: &Sample, features: &[Feature], rows: &[u32]) -> Option<([Prototype; 2], [Vec<u32>; 2])> {
        if rows.len() < 2 * self.least {
            return None;
        }
        let mut best: Option<(f64, [Prototype; 2], [Vec<u32>; 2])> = None;
        for start in 0..STARTS {
            let mut draws = Draws::of(self.seed, self.tried * STARTS + start);
            let mut at = |_| place(features, sample.row(rows[draws.below(rows.len())] as usize));
            let mut prototypes = [0, 1].map(&mut at);
            let mut cost = f64::INFINITY;
            let mut parts = [Vec::new(), Vec::new()];
            for _ in 0..ROUNDS {
                let (now, sides) = divide(sample, features, rows, &prototypes);
                if now >= cost || sides.iter().any(Vec::is_empty) {
                    break;
                }
                (cost, parts) = (now, sides);
                // The rows were divided by these prototypes, so those are what later rows are held against.
                let next = [0, 1].map(|side| prototype(sample, features, &parts[side]));
                if next == prototypes {
                    break;
                }
                prototypes = next;
            }
            let (_, sides) = divide(sample, features, rows, &prototypes);
            if !parts[0].is_empty() && sides.iter().all(|side| !side.is_empty()) && best.as_ref().is_none_or(|(least, ..)| cost < *least) {
                best = Some((cost, prototypes, sides));
            }
        }
        best.map(|(_, prototypes, parts)| (prototypes, parts))
    }

    /// The cluster of each row of a sample: its place among the clusters, in the order of [`Self::count`].
    pub fn assign(&self, sample: &Sample, features: &[Feature]) -> Vec<usize> {
        let leaves = self.leaves();
        let of_row = |row: usize| {
            let mut node = 0;
            while let Some(split) = &self.nodes[node].split {
                node = split.parts[side(features, sample.row(row), &split.prototypes).0];
            }
            leaves.iter().position(|leaf| *leaf == node).unwrap_or(0)
        };
        (0..sample.len()).map(of_row).collect()
    }
}

/// What a row is at: its code, or its place among the bins from 0 to 1.
fn place(features: &[Feature], codes: &[u8]) -> Prototype {
    let at = |(feature, code): (&Feature, &u8)| {
        if feature.is_ordered() && usize::from(*code) < feature.parts {
            f64::from(*code) / (feature.parts.max(2) - 1) as f64
        } else if feature.is_ordered() {
            f64::NAN
        } else {
            f64::from(*code)
        }
    };
    features.iter().zip(codes).map(at).collect()
}

/// How far a row is from a prototype: 1 for another level, the squared distance of places for numbers, 1 where one of the two is missing.
fn distance(features: &[Feature], codes: &[u8], prototype: &Prototype) -> f64 {
    let mut sum = 0.0;
    for ((feature, code), at) in features.iter().zip(codes).zip(prototype) {
        let is_value = usize::from(*code) < feature.parts;
        sum += if feature.is_ordered() && is_value && !at.is_nan() {
            let apart = f64::from(*code) / (feature.parts.max(2) - 1) as f64 - at;
            apart * apart
        } else if feature.is_ordered() {
            f64::from(u8::from(is_value != at.is_nan()))
        } else {
            f64::from(u8::from(f64::from(*code) != *at))
        };
    }
    sum
}

/// The nearer prototype, the first where both are as near, and how far it is.
fn side(features: &[Feature], codes: &[u8], prototypes: &[Prototype; 2]) -> (usize, f64) {
    let [first, second] = [0, 1].map(|side: usize| distance(features, codes, &prototypes[side]));
    if second < first { (1, second) } else { (0, first) }
}

fn divide(sample: &Sample, features: &[Feature], rows: &[u32], prototypes: &[Prototype; 2]) -> (f64, [Vec<u32>; 2]) {
    let mut cost = 0.0;
    let mut sides = [Vec::new(), Vec::new()];
    for row in rows {
        let (side, distance) = side(features, sample.row(*row as usize), prototypes);
        cost += distance;
        sides[side].push(*row);
    }
    (cost, sides)
}

/// The most frequent code of each categorical column, the mean place of each numeric one; missing where most rows are.
fn prototype(sample: &Sample, features: &[Feature], rows: &[u32]) -> Prototype {
    let of_feature = |(place, feature): (usize, &Feature)| {
        let mut counts = vec![0_u64; feature.width()];
        for row in rows {
            counts[usize::from(sample.row(*row as usize)[place])] += 1;
        }
        let known: u64 = counts[..feature.parts].iter().sum();
        if !feature.is_ordered() {
            let largest = counts.iter().copied().max().unwrap_or(0);
            return counts.iter().position(|count| *count == largest).unwrap_or(0) as f64;
        }
        if 2 * known < rows.len() as u64 {
            return f64::NAN;
        }
        let sum: f64 = counts[..feature.parts]
            .iter()
            .enumerate()
            .map(|(code, count)| code as f64 * *count as f64)
            .sum();
        sum / known as f64 / (feature.parts.max(2) - 1) as f64
    };
    features.iter().enumerate().map(of_feature).collect()
}

fn weight(sample: &Sample, row: u32) -> f64 {
    sample.weights.as_ref().map_or(1.0, |weights| weights[row as usize])
}

fn mean(sample: &Sample, rows: &[u32]) -> Option<f64> {
    let (mut sum, mut whole) = (0.0, 0.0);
    for row in rows {
        let weight = weight(sample, *row);
        sum += weight * sample.errors[*row as usize];
        whole += weight;
    }
    (whole > 0.0).then(|| sum / whole)
}

fn variance(sample: &Sample, rows: &[u32]) -> f64 {
    let Some(mean) = mean(sample, rows) else { return 0.0 };
    let (mut sum, mut whole) = (0.0, 0.0);
    for row in rows {
        let weight = weight(sample, *row);
        let apart = sample.errors[*row as usize] - mean;
        sum += weight * apart * apart;
        whole += weight;
    }
    sum / whole
}

/// How far the mean error of some rows is from that of all others: 0 for all rows.
fn bias(sample: &Sample, rows: &[u32], (all, total): (f64, usize)) -> f64 {
    let others = total - rows.len().min(total);
    match mean(sample, rows) {
        // The mean of all is made of both by their sizes; close enough with weights, where it only decides whether a split stays.
        Some(mean) if others > 0 => ((mean - all) * total as f64 / others as f64).abs(),
        _ => 0.0,
    }
}
