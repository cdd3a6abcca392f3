//! Metrics from the order of the scores: one scan over rows sorted by score, highest first, feeds every group.

use serde::{Deserialize, Serialize};

use super::UndefinedCode as Code;
use super::class_scores;
use super::labels;
use super::reading::{Evidence, Reading};
use super::spec::{Compare, Family, Metric, Read};
use super::state::{RowWeight, Tally, beyond_rounding};
use crate::stats::interval::Method;
use crate::stats::running::Running;

/// The positives and negatives of a cell that have a score; counted before the scan, because the scan divides by them.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct RankTotals {
    positives: Tally,
    negatives: Tally,
}

impl RankTotals {
    /// Counts a row with label and score.
    pub fn update(&mut self, positive: bool, row: RowWeight) {
        let tally = if positive { &mut self.positives } else { &mut self.negatives };
        tally.update(row.count, row.weight);
    }

    /// The rows of one class against those of the others.
    pub fn one_of(classes: &[Tally], class: usize) -> Self {
        let mut totals = Self::default();
        for (place, tally) in classes.iter().enumerate() {
            let side = if place == class {
                &mut totals.positives
            } else {
                &mut totals.negatives
            };
            side.merge(tally);
        }
        totals
    }

    /// Adds another cell's rows.
    pub fn merge(&mut self, other: &Self) {
        self.positives.merge(&other.positives);
        self.negatives.merge(&other.negatives);
    }
}

/// Rows with the same score, in one group.
#[derive(Debug, Clone, Copy, Default)]
struct Tie {
    /// Negatives and positives without importance weights.
    rows: [u64; 2],
    /// With importance weights.
    weighted: Weighted,
}

#[derive(Debug, Clone, Copy, Default)]
struct Weighted {
    positive: Running,
    negative: Running,
    positive_squares: Running,
    negative_squares: Running,
}

/// What the rows of one side with one score weigh, and the squares of their weights.
#[derive(Debug, Clone, Copy)]
struct Side {
    weight: f64,
    squares: f64,
}

impl Side {
    /// Rows that weigh 1 each.
    fn plain(rows: u64) -> Self {
        Self {
            weight: rows as f64,
            squares: rows as f64,
        }
    }

    fn weighted(weights: Running, squares: Running) -> Self {
        Self {
            weight: weights.value(),
            squares: squares.value(),
        }
    }
}

/// First and second moments of placements: of how much of the other side a row is on the wrong side of.
#[derive(Debug, Clone, Copy, Default)]
struct Placements {
    /// Sum of w u.
    first: f64,
    /// Sum of w^2 u.
    squared_first: f64,
    /// Sum of w^2 u^2.
    squared_second: f64,
}

impl Placements {
    fn add(&mut self, side: Side, u: f64) {
        self.first += side.weight * u;
        let squared = side.squares * u;
        self.squared_first += squared;
        self.squared_second += squared * u;
    }

    /// The variance of the mean placement, as a share of the other side, of which 1 is `whole`: with unit weights, DeLong's sample variance
    /// over the number of rows.
    fn variance(&self, tally: &Tally, whole: f64) -> Option<f64> {
        let (rows, weight) = (tally.rows() as f64, tally.weight());
        if rows < 2.0 {
            return None;
        }
        let mean = self.first / weight;
        let spread = self.squared_second - 2.0 * mean * self.squared_first + mean * mean * tally.squares();
        let scale = weight * whole;
        Some(beyond_rounding(spread, self.squared_second) / (scale * scale) * (rows / (rows - 1.0)))
    }
}

/// One group's scan.
///
/// The placement kept for a positive is how much of the negatives is above it (ties half), for a negative how much of the positives is below it
/// (ties half): both are small when the score orders well, so that their variance does not cancel. It is a number of rows, which rounds nothing
/// and takes no division a score; with importance weights, whose products could be too large for a number, it is a share.
#[derive(Debug, Clone)]
pub struct Scan {
    totals: RankTotals,
    is_weighted: bool,
    positive_weight: f64,
    negative_weight: f64,
    above_positive: f64,
    above_negative: f64,
    tie: Tie,
    tie_score: f64,
    of_positives: Placements,
    of_negatives: Placements,
    /// The sum of precisions, each as often as a positive is met.
    precisions: f64,
    /// How many different scores there were.
    scores: usize,
    /// How many rows were taken.
    places: usize,
}

impl Scan {
    /// Starts a scan of a group with these totals.
    pub fn new(totals: RankTotals) -> Self {
        Self {
            is_weighted: totals.positives.is_weighted() || totals.negatives.is_weighted(),
            positive_weight: totals.positives.weight(),
            negative_weight: totals.negatives.weight(),
            totals,
            above_positive: 0.0,
            above_negative: 0.0,
            tie: Tie::default(),
            tie_score: f64::NAN,
            of_positives: Placements::default(),
            of_negatives: Placements::default(),
            precisions: 0.0,
            scores: 0,
            places: 0,
        }
    }

    /// Takes the next row, in order of falling score.
    #[inline(always)]
    pub fn update(&mut self, positive: bool, score: f64, row: RowWeight) {
        if score != self.tie_score {
            self.close_tie();
            self.tie_score = score;
        }
        self.places += 1;
        let Some(weight) = row.weight else {
            self.tie.rows[usize::from(positive)] += row.count;
            return;
        };
        let (count, tie) = (row.count as f64, &mut self.tie.weighted);
        let (sum, squares) = if positive {
            (&mut tie.positive, &mut tie.positive_squares)
        } else {
            (&mut tie.negative, &mut tie.negative_squares)
        };
        // Rows with the same score come in file order, which must not show in the last digit.
        sum.add_product(count, weight);
        squares.add_product(count, weight * weight);
    }

    fn close_tie(&mut self) {
        // An audit has weights for all rows or for none.
        let (positive, negative) = if self.is_weighted {
            let tie = std::mem::take(&mut self.tie.weighted);
            (
                Side::weighted(tie.positive, tie.positive_squares),
                Side::weighted(tie.negative, tie.negative_squares),
            )
        } else {
            let [negatives, positives] = std::mem::take(&mut self.tie.rows);
            (Side::plain(positives), Side::plain(negatives))
        };
        if positive.weight > 0.0 {
            let above = self.above_negative + 0.5 * negative.weight;
            self.of_positives.add(positive, self.placement(above, self.negative_weight));
            let found = self.above_positive + positive.weight;
            self.precisions += positive.weight * (found / (found + self.above_negative + negative.weight));
        }
        if negative.weight > 0.0 {
            let below = self.positive_weight - self.above_positive - 0.5 * positive.weight;
            self.of_negatives
                .add(negative, self.placement(below.max(0.0), self.positive_weight));
        }
        self.above_positive += positive.weight;
        self.above_negative += negative.weight;
        self.scores += 1;
    }

    fn placement(&self, rows: f64, all: f64) -> f64 {
        if self.is_weighted { rows / all } else { rows }
    }

    /// A placement of all of a side.
    fn whole(&self, all: f64) -> f64 {
        if self.is_weighted { 1.0 } else { all }
    }

    /// Ends the scan.
    pub fn finish(mut self) -> Rank {
        self.close_tie();
        Rank { scan: self }
    }
}

/// What one group's scan found.
#[derive(Debug, Clone)]
pub struct Rank {
    scan: Scan,
}

impl Rank {
    /// At most so many different scores were met.
    pub fn scores(&self) -> usize {
        self.scan.scores
    }

    /// So many rows were met, each once whatever it stands for.
    pub fn places(&self) -> usize {
        self.scan.places
    }

    fn support(&self) -> u64 {
        self.scan.totals.positives.rows() + self.scan.totals.negatives.rows()
    }

    fn missing_class(&self) -> Option<Code> {
        match (self.scan.positive_weight > 0.0, self.scan.negative_weight > 0.0) {
            (true, true) => None,
            (false, false) => Some(Code::NoRows),
            (false, true) => Some(Code::NoPositives),
            (true, false) => Some(Code::NoNegatives),
        }
    }

    /// The area under the ROC curve and the variance of its estimator.
    fn area(&self) -> Result<(f64, Option<f64>), Code> {
        if let Some(code) = self.missing_class() {
            return Err(code);
        }
        let scan = &self.scan;
        let [positives, negatives] = [scan.positive_weight, scan.negative_weight].map(|all| scan.whole(all));
        // Sums of weights are rounded here, so the area of a reversed order could miss 0 by a hair.
        let area = (1.0 - scan.of_positives.first / (scan.positive_weight * negatives)).clamp(0.0, 1.0);
        let of_positives = scan.of_positives.variance(&scan.totals.positives, negatives);
        let of_negatives = scan.of_negatives.variance(&scan.totals.negatives, positives);
        Ok((area, of_positives.zip(of_negatives).map(|(a, b)| a + b)))
    }

    /// A number that is `scale` times as far from 1 as the area.
    fn of_area(&self, scale: f64) -> Reading {
        let (area, variance) = match self.area() {
            Err(code) => return Reading::undefined(code, self.support()),
            Ok(found) => found,
        };
        let RankTotals { positives, negatives } = &self.scan.totals;
        let plain = Reading::with_variance(area, variance, Method::Delong, self.support());
        let evidence = match plain.evidence {
            Evidence::StandardError { se, .. } => Evidence::Area {
                area,
                se,
                sizes: (positives.effective_size(), negatives.effective_size()),
                is_weighted: positives.is_weighted(),
                scale,
            },
            _ => Evidence::None,
        };
        Reading {
            value: Ok(scale * area - (scale - 1.0)),
            evidence,
            ..plain
        }
    }
}

/// A number that falls as the score rises; 0 and -0 are equal.
pub fn falling_key(score: f64) -> u64 {
    let bits = (score + 0.0).to_bits();
    let rising = if bits >> 63 == 1 { !bits } else { bits | (1 << 63) };
    !rising
}

/// The score of such a number.
pub fn score_of(falling_key: u64) -> f64 {
    let rising = !falling_key;
    f64::from_bits(if rising >> 63 == 1 { rising & !(1 << 63) } else { !rising })
}

pub(super) fn roc_auc(rank: &Rank) -> Reading {
    rank.of_area(1.0)
}

fn gini(rank: &Rank) -> Reading {
    rank.of_area(2.0)
}

/// The interval is the logit one of Boyd, Eng and Page (2013): logit(AP) plus or minus z / sqrt(n AP (1 - AP)), n the effective number of positives.
pub(super) fn average_precision(rank: &Rank) -> Reading {
    match rank.missing_class() {
        Some(Code::NoNegatives) | None => {}
        Some(code) => return Reading::undefined(code, rank.support()),
    }
    let value = (rank.scan.precisions / rank.scan.positive_weight).min(1.0);
    let room = rank.scan.totals.positives.effective_size() * value * (1.0 - value);
    let evidence = if room > 0.0 {
        Evidence::LogitError {
            se: 1.0 / room.sqrt(),
            method: Method::LogitNormal,
        }
    } else {
        Evidence::None
    };
    Reading {
        value: Ok(value),
        support: rank.support(),
        evidence,
    }
}

const ORDER: Metric = Metric {
    family: Family::Scores,
    ..Metric::BLANK
};

/// The rows of this family, in the order they are shown.
pub const METRICS: [Metric; 3] = [
    Metric {
        id: "roc_auc",
        name: "ROC AUC",
        aliases: &["auc", "auroc", "c_statistic"],
        words: &["auc", "area under the roc curve"],
        summary: "How often a random positive has a higher score than a random negative.",
        formula: "share of (positive, negative) pairs in the right order, ties counting half",
        reading: "0.5 is guessing, 1 is perfect order; it does not depend on the decision threshold.",
        caveat: "It says nothing about whether the score is a true probability, nor about errors at your threshold.",
        reference: "scikit-learn, roc_auc_score; DeLong, DeLong and Clarke-Pearson 1988",
        by_group: true,
        reads: &[
            Read::Rank(roc_auc),
            Read::View {
                needs: class_scores::has_labelled_scores,
                read: class_scores::class_roc_auc,
            },
            labels::of_label_scores(labels::label_roc_auc),
        ],
        ..ORDER
    },
    Metric {
        id: "gini",
        name: "Gini coefficient",
        aliases: &["accuracy_ratio", "somers_d"],
        words: &[],
        summary: "ROC AUC on a scale where guessing is 0.",
        formula: "2 x ROC AUC - 1",
        reading: "0 is guessing, 1 is perfect order.",
        caveat: "As ROC AUC.",
        reference: "Credit scoring practice",
        range: (-1.0, 1.0),
        compare: Compare::Difference,
        reads: &[Read::Rank(gini)],
        ..ORDER
    },
    Metric {
        id: "average_precision",
        name: "average precision",
        aliases: &["ap", "auprc"],
        words: &[],
        summary: "Precision averaged over all thresholds, each weighted by the recall it adds.",
        formula: "sum over thresholds of (recall gained) x precision, ties merged",
        reading: "Guessing reaches the base rate; 1 is perfect.",
        caveat: "It depends on the base rate, so it moves between groups even when the order is equally good.",
        reference: "scikit-learn, average_precision_score",
        by_group: true,
        reads: &[
            Read::Rank(average_precision),
            Read::View {
                needs: class_scores::has_labelled_scores,
                read: class_scores::class_average_precision,
            },
            labels::of_label_scores(labels::label_average_precision),
        ],
        ..ORDER
    },
];

#[cfg(test)]
mod tests {
    use super::*;

    const ONE: RowWeight = RowWeight { count: 1, weight: None };

    fn scan(rows: &[(bool, f64)]) -> Rank {
        let mut totals = RankTotals::default();
        for (positive, _) in rows {
            totals.update(*positive, ONE);
        }
        let mut scan = Scan::new(totals);
        for (positive, score) in rows {
            scan.update(*positive, *score, ONE);
        }
        scan.finish()
    }

    #[test]
    fn keys_fall_as_scores_rise() {
        let scores = [f64::NEG_INFINITY, -1e300, -0.5, 0.0, 5e-324, 0.25, 1e300, f64::INFINITY];
        assert!(scores.windows(2).all(|pair| falling_key(pair[0]) > falling_key(pair[1])));
        assert!(scores.iter().all(|score| score_of(falling_key(*score)) == *score));
        assert_eq!(falling_key(-0.0), falling_key(0.0));
    }

    #[test]
    fn ties_count_half() {
        // Pairs: 0.9 against 0.5 and 0.1 right, 0.5 against 0.5 half, against 0.1 right: 3.5 of 4.
        let rank = scan(&[(true, 0.9), (true, 0.5), (false, 0.5), (false, 0.1)]);
        assert_eq!(roc_auc(&rank).value, Ok(0.875));
        assert_eq!(gini(&rank).value, Ok(0.75));
        // Recall 0.5 at precision 1, then 0.5 more at precision 2/3.
        assert_eq!(average_precision(&rank).value, Ok(0.5 + 0.5 * (2.0 / 3.0)));
    }

    #[test]
    fn an_order_without_spread_has_no_interval() {
        let weights: Vec<f64> = (1..40).map(|row| 1.0 / f64::from(row)).collect();
        let rank = |score: fn(usize) -> f64| {
            let row = |place: usize| RowWeight {
                count: 1,
                weight: Some(weights[place]),
            };
            let is_positive = |place: usize| place >= 17;
            let mut totals = RankTotals::default();
            (0..weights.len()).for_each(|place| totals.update(is_positive(place), row(place)));
            let mut scan = Scan::new(totals);
            (0..weights.len()).for_each(|place| scan.update(is_positive(place), score(place), row(place)));
            roc_auc(&scan.finish())
        };
        let (reversed, tied) = (rank(|place| -(place as f64)), rank(|_| 0.1));
        assert_eq!((reversed.value, reversed.evidence), (Ok(0.0), Evidence::None));
        assert!(tied.value.is_ok_and(|area| (area - 0.5).abs() < 1e-15));
        assert_eq!(tied.evidence, Evidence::None);
    }

    #[test]
    fn one_class_is_undefined_with_its_reason() {
        assert_eq!(roc_auc(&scan(&[(true, 0.9)])).value, Err(Code::NoNegatives));
        assert_eq!(roc_auc(&scan(&[(false, 0.9)])).value, Err(Code::NoPositives));
        assert_eq!(roc_auc(&scan(&[])).value, Err(Code::NoRows));
    }
}
