//! A beam search over conjunctions of conditions: which rows err more often than all others?
//!
//! Every level, value, interval of bins and missing value of every column is a condition; the best few of each length are made longer by every
//! other. Shares are scored by the likelihood that the rate inside differs from that outside (Kulldorff 1997, "A spatial scan statistic"),
//! other errors by the difference in standard errors; both are then about standard normal deviates. A longer conjunction must be better by
//! [`PENALTY`] for each condition, so that none is there that says nothing.

use crate::run::features::Feature;
use crate::stats::math::ln;

use super::ErrorKind;
use super::errors::Sample;

/// The most conditions of a conjunction.
pub const MOST_CONDITIONS: usize = 3;
/// How many conjunctions of each length are made longer.
pub const BEAM: usize = 10;
/// What another condition must add to the score.
pub const PENALTY: f64 = 0.5;

/// Codes of a feature from `low` to `high`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Condition {
    /// The feature's place.
    pub feature: usize,
    /// The lowest code.
    pub low: u8,
    /// The highest code.
    pub high: u8,
}

impl Condition {
    /// Whether it holds of a row with these codes.
    pub fn holds(&self, codes: &[u8]) -> bool {
        (self.low..=self.high).contains(&codes[self.feature])
    }
}

/// A conjunction with its score.
#[derive(Debug, Clone, PartialEq)]
pub struct Candidate {
    /// The conditions, in order of their features.
    pub conditions: Vec<Condition>,
    /// How far its rows err more than all others; about a standard normal deviate, less the penalty of its length.
    pub score: f64,
}

/// What is summed over rows: weights, weights times errors, squared weights.
#[derive(Debug, Clone, Copy, Default)]
struct Sums {
    weight: f64,
    error: f64,
    squares: f64,
}

impl Sums {
    fn add(&mut self, other: Self) {
        self.weight += other.weight;
        self.error += other.error;
        self.squares += other.squares;
    }

    fn without(self, part: Self) -> Self {
        Self {
            weight: self.weight - part.weight,
            error: self.error - part.error,
            squares: self.squares - part.squares,
        }
    }

    fn mean(self) -> f64 {
        self.error / self.weight
    }

    /// Kish's effective size.
    fn size(self) -> f64 {
        self.weight * self.weight / self.squares
    }
}

/// What is the same for all searches of some rows.
pub struct Scan<'a> {
    sample: &'a Sample,
    features: &'a [Feature],
    by: ErrorKind,
    least: f64,
    /// Where the sums of each feature's codes begin.
    starts: Vec<usize>,
    spread: f64,
    all: Sums,
}

/// A conjunction whose rows are known, to be made longer.
struct Parent {
    conditions: Vec<Condition>,
    rows: Vec<u32>,
}

impl<'a> Scan<'a> {
    /// A search of these rows for groups of at least `least` of them.
    pub fn new(sample: &'a Sample, features: &'a [Feature], by: ErrorKind, least: u64) -> Self {
        let mut starts = vec![0];
        for feature in features {
            starts.push(starts.last().copied().unwrap_or(0) + feature.width());
        }
        let mut scan = Self {
            sample,
            features,
            by,
            least: least.max(1) as f64,
            starts,
            spread: 0.0,
            all: Sums::default(),
        };
        // Whatever order errors are dealt out in, their sums are those of the rows, but for weights.
        let mut squares = 0.0;
        for row in 0..sample.len() {
            let own = scan.of_row(row, &sample.errors);
            scan.all.add(own);
            squares += own.error * sample.errors[row];
        }
        let mean = scan.all.mean();
        scan.spread = (squares / scan.all.weight - mean * mean).max(0.0).sqrt();
        scan
    }

    /// Whether errors differ at all: otherwise there is nothing to find.
    pub fn has_spread(&self) -> bool {
        self.spread > 1e-9 * self.all.mean().abs() && self.spread > 0.0
    }

    fn of_row(&self, row: usize, errors: &[f64]) -> Sums {
        let weight = self.sample.weights.as_ref().map_or(1.0, |weights| weights[row]);
        Sums {
            weight,
            error: weight * errors[row],
            squares: weight * weight,
        }
    }

    /// The best conjunctions, the best first, and how many were looked at. `errors` stand for those of the rows, which may be dealt out anew.
    pub fn best(&self, errors: &[f64]) -> (Vec<Candidate>, u64) {
        let mut all = Sums::default();
        for row in 0..errors.len() {
            all.add(self.of_row(row, errors));
        }
        let mut parents = vec![Parent {
            conditions: Vec::new(),
            rows: (0..errors.len() as u32).collect(),
        }];
        let (mut found, mut looked_at) = (Vec::new(), 0);
        for length in 1..=MOST_CONDITIONS {
            let mut level: Vec<Candidate> = Vec::new();
            for parent in &parents {
                looked_at += self.extend(parent, errors, all, &mut level);
            }
            if length < MOST_CONDITIONS {
                parents = level.iter().filter_map(|candidate| self.rows_of(candidate, &parents)).collect();
            }
            found.extend(level);
        }
        crate::stats::order::sort_by(&mut found, |a, b| b.score.total_cmp(&a.score));
        (found, looked_at)
    }

    /// A candidate with its rows, picked out of those of a shorter one.
    fn rows_of(&self, candidate: &Candidate, parents: &[Parent]) -> Option<Parent> {
        let is_part = |parent: &&Parent| {
            let is_in = |condition: &Condition| candidate.conditions.contains(condition);
            parent.conditions.len() + 1 == candidate.conditions.len() && parent.conditions.iter().all(is_in)
        };
        let parent = parents.iter().find(is_part)?;
        let holds = |row: &&u32| {
            let codes = self.sample.row(**row as usize);
            candidate.conditions.iter().all(|condition| condition.holds(codes))
        };
        Some(Parent {
            conditions: candidate.conditions.clone(),
            rows: parent.rows.iter().filter(holds).copied().collect(),
        })
    }

    /// Makes a conjunction longer by every condition of every other feature; gives how many that are.
    fn extend(&self, parent: &Parent, errors: &[f64], all: Sums, level: &mut Vec<Candidate>) -> u64 {
        let mut sums = vec![Sums::default(); self.starts.last().copied().unwrap_or(0)];
        for row in &parent.rows {
            let own = self.of_row(*row as usize, errors);
            for (code, start) in self.sample.row(*row as usize).iter().zip(&self.starts) {
                sums[start + usize::from(*code)].add(own);
            }
        }
        let penalty = PENALTY * parent.conditions.len() as f64;
        let mut looked_at = 0;
        for (place, feature) in self.features.iter().enumerate() {
            if parent.conditions.iter().any(|condition| condition.feature == place) {
                continue;
            }
            let own = &sums[self.starts[place]..self.starts[place + 1]];
            let mut look = |low: usize, high: usize, inside: Sums| {
                looked_at += 1;
                if let Some(score) = self.score(inside, all).map(|score| score - penalty) {
                    let condition = Condition {
                        feature: place,
                        low: low as u8,
                        high: high as u8,
                    };
                    keep(level, &parent.conditions, condition, score);
                }
            };
            for low in 0..feature.parts {
                let mut inside = Sums::default();
                let last = if feature.is_ordered() { feature.parts } else { low + 1 };
                for (high, sum) in own.iter().enumerate().take(last).skip(low) {
                    inside.add(*sum);
                    // All parts together say only that there is a value.
                    if high - low + 1 < feature.parts || !feature.is_ordered() {
                        look(low, high, inside);
                    }
                }
            }
            look(feature.missing(), feature.missing(), own[feature.missing()]);
        }
        looked_at
    }

    /// How far the rate inside is above that outside; `None` where it is not, or where too few rows are on a side.
    fn score(&self, inside: Sums, all: Sums) -> Option<f64> {
        let outside = all.without(inside);
        if inside.weight <= 0.0 || outside.weight <= 0.0 || inside.size() < self.least || outside.size() < self.least {
            return None;
        }
        let (own, rest) = (inside.mean(), outside.mean());
        if self.by.is_share() {
            let middle = all.mean();
            let likelihood = inside.size() * divergence(own, middle) + outside.size() * divergence(rest, middle);
            return (own > rest).then(|| (2.0 * likelihood).max(0.0).sqrt());
        }
        let error = self.spread * (1.0 / inside.size() + 1.0 / outside.size()).sqrt();
        let z = (own - rest) / error;
        let z = if self.by == ErrorKind::MeanScoreError { z.abs() } else { z };
        (z > 0.0 && z.is_finite()).then_some(z)
    }
}

/// The Kullback-Leibler divergence of one share from another, in natural units.
fn divergence(share: f64, from: f64) -> f64 {
    let term = |a: f64, b: f64| if a > 0.0 { a * ln(a / b) } else { 0.0 };
    term(share, from) + term(1.0 - share, 1.0 - from)
}

/// Keeps a conjunction among the best, unless it is there in another order.
fn keep(level: &mut Vec<Candidate>, conditions: &[Condition], condition: Condition, score: f64) {
    if level.len() == BEAM && level.last().is_some_and(|last| last.score >= score) {
        return;
    }
    let mut conditions = conditions.to_vec();
    conditions.insert(conditions.partition_point(|own| *own < condition), condition);
    if level.iter().any(|own| own.conditions == conditions) {
        return;
    }
    let place = level.partition_point(|own| own.score >= score);
    level.insert(place, Candidate { conditions, score });
    level.truncate(BEAM);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::run::features::Scale;
    use crate::stats::math::ln;

    fn feature(parts: usize, scale: Scale) -> Feature {
        Feature {
            name: "x".to_owned(),
            scale,
            parts,
            codes: Vec::new(),
        }
    }

    fn levels(parts: usize) -> Feature {
        feature(parts, Scale::Levels((0..parts).map(|part| part.to_string()).collect()))
    }

    fn sample(rows: &[(&[u8], f64)]) -> Sample {
        Sample {
            width: rows[0].0.len(),
            codes: rows.iter().flat_map(|(codes, _)| codes.to_vec()).collect(),
            errors: rows.iter().map(|(_, error)| *error).collect(),
            weights: None,
        }
    }

    /// 10 rows of level 0 of which 8 err, 30 of level 1 of which 6 do.
    fn two_levels() -> Sample {
        let rows: Vec<(&[u8], f64)> = (0..40)
            .map(|row| {
                let codes: &[u8] = if row < 10 { &[0] } else { &[1] };
                (codes, f64::from(u8::from(row < 8 || (10..16).contains(&row))))
            })
            .collect();
        sample(&rows)
    }

    #[test]
    fn a_share_is_scored_by_its_likelihood() {
        let (sample, features) = (two_levels(), [levels(2)]);
        let scan = Scan::new(&sample, &features, ErrorKind::ErrorRate, 1);
        let (found, looked_at) = scan.best(&sample.errors);
        // Both levels and the missing value.
        assert_eq!((found.len(), looked_at), (1, 3));
        let likelihood = 8.0 * ln(0.8 / 0.35) + 2.0 * ln(0.2 / 0.65) + 6.0 * ln(0.2 / 0.35) + 24.0 * ln(0.8 / 0.65);
        assert!((found[0].score - (2.0 * likelihood).sqrt()).abs() < 1e-12, "{}", found[0].score);
        assert_eq!(
            found[0].conditions,
            [Condition {
                feature: 0,
                low: 0,
                high: 0
            }]
        );
        assert!(
            Scan::new(&sample, &features, ErrorKind::ErrorRate, 11)
                .best(&sample.errors)
                .0
                .is_empty()
        );
    }

    #[test]
    fn a_mean_is_scored_in_standard_errors() {
        let (sample, features) = (two_levels(), [levels(2)]);
        let scan = Scan::new(&sample, &features, ErrorKind::Mae, 1);
        let z = 0.6 / (0.35 * 0.65 * (1.0 / 10.0 + 1.0 / 30.0_f64)).sqrt();
        assert!((scan.best(&sample.errors).0[0].score - z).abs() < 1e-12);
        let opposite: Vec<f64> = sample.errors.iter().map(|error| -error).collect();
        let both_ways = Scan::new(&sample, &features, ErrorKind::MeanScoreError, 1).best(&opposite).0;
        assert!(both_ways.iter().any(|candidate| candidate.conditions[0].low == 0));
    }

    #[test]
    fn numbers_are_looked_at_in_intervals_and_conjunctions_pay_for_their_length() {
        // Errors where the number is in its second or third of four bins and the level is 1.
        let mut rows: Vec<(Vec<u8>, f64)> = Vec::new();
        for bin in 0..4_u8 {
            for level in 0..2_u8 {
                for copy in 0..10 {
                    let is_planted = (1..3).contains(&bin) && level == 1;
                    rows.push((vec![bin, level], f64::from(u8::from(copy < if is_planted { 8 } else { 1 }))));
                }
            }
        }
        let rows: Vec<(&[u8], f64)> = rows.iter().map(|(codes, error)| (codes.as_slice(), *error)).collect();
        let (sample, features) = (sample(&rows), [feature(4, Scale::Cuts(vec![1.0, 2.0, 3.0])), levels(2)]);
        let (found, _) = Scan::new(&sample, &features, ErrorKind::ErrorRate, 5).best(&sample.errors);
        let expected = [
            Condition {
                feature: 0,
                low: 1,
                high: 2,
            },
            Condition {
                feature: 1,
                low: 1,
                high: 1,
            },
        ];
        assert_eq!(found[0].conditions, expected);
    }

    #[test]
    fn weights_count() {
        let mut sample = two_levels();
        sample.weights = Some(vec![2.0; 40]);
        let features = [levels(2)];
        let weighted = Scan::new(&sample, &features, ErrorKind::ErrorRate, 1).best(&sample.errors).0;
        sample.weights = None;
        let plain = Scan::new(&sample, &features, ErrorKind::ErrorRate, 1).best(&sample.errors).0;
        assert!((weighted[0].score - plain[0].score).abs() < 1e-12);
    }
}
