//! Thresholds worth stopping at, and the one that the audit's predictions come from.

use super::Explorer;

/// Where the audit's predictions come from, as a decision threshold.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Origin {
    /// The audit made them with this threshold.
    Audited(f64),
    /// They were given, and this threshold repeats them best.
    Given {
        /// The threshold: the plainest number among those that do as well.
        threshold: f64,
        /// Rows with the prediction that it gives.
        agreeing: u64,
        /// Rows with a prediction, a label and a score.
        of: u64,
    },
    /// Nobody was predicted; the middle of the scores.
    Unset(f64),
}

impl Origin {
    /// The threshold.
    pub const fn threshold(self) -> f64 {
        match self {
            Self::Audited(threshold) | Self::Given { threshold, .. } | Self::Unset(threshold) => threshold,
        }
    }

    /// The threshold that repeats all of given predictions; rows with score, prediction and count, in any order. `None` where none does, or not
    /// both of two classes were predicted.
    pub(super) fn apart(rows: impl Iterator<Item = (f64, bool, u64)>) -> Option<Self> {
        let (mut low, mut high, mut of) = (f64::NEG_INFINITY, f64::INFINITY, 0);
        for (score, is_positive, count) in rows {
            of += count;
            if is_positive {
                high = score.min(high);
            } else {
                low = score.max(low);
            }
            if low >= high {
                return None;
            }
        }
        (low.is_finite() && high.is_finite()).then(|| Self::Given {
            threshold: plainest(low, high),
            agreeing: of,
            of,
        })
    }

    /// The threshold that repeats given predictions best; rows with score, prediction and count, highest score first. Among equally good ones
    /// the highest. `None` without a row.
    pub(super) fn of_predictions(rows: impl Iterator<Item = (f64, bool, u64)> + Clone) -> Option<Self> {
        let (highest, ..) = rows.clone().next()?;
        let (mut of, mut agreeing, mut lowest) = (0, 0, highest);
        for (score, is_positive, count) in rows.clone() {
            of += count;
            agreeing += if is_positive { 0 } else { count };
            lowest = score;
        }
        // The best so far, and the scores between which its threshold lies.
        let mut best = above(highest).map(|_| (agreeing, (highest, highest + 1.0)));
        let mut rows = rows.peekable();
        while let Some((score, is_positive, count)) = rows.next() {
            agreeing = if is_positive { agreeing + count } else { agreeing - count };
            let next = rows.peek().map(|row| row.0);
            let is_edge = next != Some(score) && score.is_finite();
            if is_edge && best.is_none_or(|(most, _)| agreeing > most) {
                best = Some((agreeing, (next.unwrap_or(lowest - 1.0).max(f64::MIN), score)));
            }
        }
        best.map(|(agreeing, (low, high))| Self::Given {
            threshold: plainest(low, high),
            agreeing,
            of,
        })
    }
}

/// A threshold that no score reaches; `None` where there is no such number.
fn above(highest: f64) -> Option<f64> {
    let candidate = plainest(highest, highest + 1.0);
    (candidate > highest && candidate.is_finite()).then_some(candidate)
}

/// The number with fewest decimals above `low` and at most `high`; `high` where more than fifteen are needed.
fn plainest(low: f64, high: f64) -> f64 {
    let mut unit = 1.0;
    for decimals in 0..=15 {
        // Through its text, so that it is the number that people write.
        let text = format!("{:.decimals$}", (high * unit).floor() / unit);
        if let Some(number) = text.parse::<f64>().ok().filter(|number| low < *number && *number <= high) {
            return number + 0.0;
        }
        unit *= 10.0;
    }
    high
}

/// Steps over the range of scores.
const STEPS: usize = 200;
/// At most so many different scores are stops themselves.
const MOST_DISTINCT: usize = 100;

impl Explorer {
    /// The thresholds at which a slider stops, rising: every score where they are few and one that nobody reaches, even steps from 0 to 1
    /// where probabilities are spread, else steps of equally many rows. Empty without a finite score.
    pub fn stops(&self) -> Vec<f64> {
        let scores = self.scores();
        let score = |place: usize| scores[self.order[place] as usize];
        let count = self.order.len();
        let mut distinct: Vec<f64> = Vec::new();
        let mut place = 0;
        while place < count && distinct.len() <= MOST_DISTINCT {
            distinct.push(score(place));
            place = self.position(score(place));
        }
        if distinct.len() <= MOST_DISTINCT {
            let mut stops: Vec<f64> = distinct.into_iter().rev().filter(|score| score.is_finite()).collect();
            stops.extend(stops.last().copied().and_then(above));
            return stops;
        }
        let is_spread = score(count / 20) - score(count - 1 - count / 20) >= 0.2;
        if self.plan.is_probability && is_spread {
            return (0..=STEPS).map(|step| step as f64 / STEPS as f64).collect();
        }
        let mut stops: Vec<f64> = Vec::new();
        for step in 0..=STEPS {
            let score = score((count - 1) - (count - 1) * step / STEPS);
            let low = stops.last().copied().unwrap_or(score - 1.0);
            if score.is_finite() && low < score {
                stops.push(plainest(low, score));
            }
        }
        stops.extend(Some(score(0)).filter(|score| score.is_finite()).and_then(above));
        stops
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_plainest_number_is_the_one_that_people_would_set() {
        assert_eq!(plainest(0.4973, 0.5012), 0.5);
        assert_eq!(plainest(4.0, 5.0), 5.0);
        assert_eq!(plainest(-0.31, -0.29), -0.3);
        assert_eq!(plainest(0.1, 0.1_f64.next_up()), 0.1_f64.next_up());
        assert_eq!(above(10.0), Some(11.0));
        assert_eq!(above(0.97), Some(1.0));
        assert_eq!(above(f64::MAX), None);
        assert_eq!(above(f64::INFINITY), None);
    }

    #[test]
    fn predictions_of_a_threshold_are_told_from_others() {
        let by = |threshold: f64, odd: Option<usize>| {
            let scores = [0.9, 0.7, 0.7, 0.52, 0.48, 0.1];
            let rows = scores.iter().enumerate();
            let rows = rows.map(|(row, score)| (*score, (*score >= threshold) != (odd == Some(row)), 2));
            let all = Origin::apart(rows.clone().rev());
            let best = Origin::of_predictions(rows);
            assert!(all.is_none() || all == best, "{all:?} {best:?}");
            assert_eq!(all.is_some(), odd.is_none() && threshold > 0.1 && threshold < 1.0);
            best
        };
        let given = |threshold, agreeing| {
            Some(Origin::Given {
                threshold,
                agreeing,
                of: 12,
            })
        };
        assert_eq!(by(0.5, None), given(0.5, 12));
        assert_eq!(by(0.7, None), given(0.7, 12));
        assert_eq!(by(2.0, None), given(1.0, 12));
        assert_eq!(by(0.0, None), given(0.0, 12));
        assert_eq!(by(0.5, Some(5)), given(0.5, 10));
        assert_eq!(Origin::of_predictions(std::iter::empty()), None);
    }
}
