//! Who is beyond the median of all scores: found by counting the scores' bits, without putting the rows in order.

use super::super::grouping::Grouping;
use super::super::plan::Plan;

/// The side of the median that is favourable.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Side {
    /// Higher scores.
    Above,
    /// Lower scores.
    Below,
}

/// A number that rises with the score; negative and positive zero are the same.
fn rising(score: f64) -> u64 {
    let bits = (score + 0.0).to_bits();
    if bits >> 63 == 1 { !bits } else { bits | 1 << 63 }
}

fn score_of(key: u64) -> f64 {
    f64::from_bits(if key >> 63 == 1 { key & !(1 << 63) } else { !key })
}

/// The persons with a score: the row, the score's key, and how many they are.
fn scored(plan: &Plan) -> impl Iterator<Item = (usize, u64, u64)> {
    let scores = plan.rows.score.as_deref().unwrap_or_default();
    scores.iter().enumerate().filter_map(|(row, score)| {
        let count = plan.rows.weight(row)?.count;
        (!score.is_nan() && count > 0).then(|| (row, rising(*score), count))
    })
}

/// The key at that place, counted from 0, when all persons stand in the order of their scores.
fn at(plan: &Plan, place: u64) -> u64 {
    let (mut known, mut place) = (0_u64, place);
    for shift in [48_u32, 32, 16, 0] {
        let mut counts = vec![0_u64; 1 << 16];
        for (_, key, count) in scored(plan) {
            // Of the first digits all is known; shifted by 64 there are none.
            if key.checked_shr(shift + 16).unwrap_or(0) == known.checked_shr(shift + 16).unwrap_or(0) {
                counts[(key >> shift) as usize & 0xffff] += count;
            }
        }
        for (digit, count) in counts.iter().enumerate() {
            if place < *count {
                known |= (digit as u64) << shift;
                break;
            }
            place -= count;
        }
    }
    known
}

/// The median of all scores, and for each group its persons with a score and those beyond the median; `None` without a score.
///
/// Of an even number of persons the median is the mean of the middle two. Nobody is beyond it who has the median itself.
pub(super) fn beyond_median(plan: &Plan, grouping: &Grouping, side: Side) -> Option<(f64, Vec<(u64, u64)>)> {
    let total: u64 = scored(plan).map(|(.., count)| count).sum();
    if total == 0 {
        return None;
    }
    let (low, high) = (at(plan, (total - 1) / 2), at(plan, total / 2));
    let mut counts = vec![(0, 0); grouping.groups.len()];
    for (row, key, count) in scored(plan) {
        let (persons, beyond) = &mut counts[grouping.group_of(&plan.partition, row)];
        *persons += count;
        // Between the middle two there is nobody, so that beyond the median is beyond the nearer of them.
        let is_beyond = match side {
            Side::Above => key > low,
            Side::Below => key < high,
        };
        if is_beyond {
            *beyond += count;
        }
    }
    Some((f64::midpoint(score_of(low), score_of(high)), counts))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_rise_with_scores_and_lead_back() {
        let scores = [f64::NEG_INFINITY, -2.5, -1e-300, 0.0, 1e-300, 0.5, 10.0, f64::INFINITY];
        for pair in scores.windows(2) {
            assert!(rising(pair[0]) < rising(pair[1]), "{pair:?}");
        }
        for score in scores {
            assert_eq!(score_of(rising(score)), score);
        }
        assert_eq!(rising(-0.0), rising(0.0));
    }
}
