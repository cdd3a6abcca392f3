//! Rank correlations of numbers that may stand for several, and what chance alone would give.

use super::rank::Ranked;
use super::special::{normal_sf, student_t_sf};
use super::sum::ExactSum;

/// Computes the probability that the Pearson or Spearman correlation of `rows` unrelated pairs is at least as far from 0 as `r`.
///
/// From Student's t with two degrees of freedom less; exact for pairs from a normal distribution, an approximation for ranks. 1 for two
/// rows, NaN for fewer. Source: as SciPy's `pearsonr` and `spearmanr`.
pub fn t_test(r: f64, rows: u64) -> f64 {
    if rows < 3 {
        return if rows == 2 { 1.0 } else { f64::NAN };
    }
    let freedom = (rows - 2) as f64;
    let room = (1.0 - r) * (1.0 + r);
    if room <= 0.0 {
        return 0.0;
    }
    2.0 * student_t_sf((r * (freedom / room).sqrt()).abs(), freedom)
}

/// Computes Spearman's rank correlation, ties at their mid-rank, of two columns of the same rows.
///
/// -1 to 1; `None` where one of them does not vary. Source: Spearman 1904; Pearson's correlation of mid-ranks.
pub fn spearman(x: &Ranked, y: &Ranked, count: &dyn Fn(usize) -> u64) -> Option<f64> {
    let mut crossed = ExactSum::default();
    for (row, (a, b)) in x.places().iter().zip(y.places()).enumerate() {
        crossed.add_product(count(row) as f64 * x.balance(*a as usize), y.balance(*b as usize));
    }
    let spread = |ranked: &Ranked| {
        let mut sum = ExactSum::default();
        for place in 0..ranked.values().len() {
            let balance = ranked.balance(place);
            sum.add_product(ranked.ties(place) as f64 * balance, balance);
        }
        sum.value()
    };
    let (of_x, of_y) = (spread(x), spread(y));
    (of_x > 0.0 && of_y > 0.0).then(|| (crossed.value() / (of_x.sqrt() * of_y.sqrt())).clamp(-1.0, 1.0))
}

/// Kendall's rank correlation with its p-value.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Kendall {
    /// Tau-b, -1 to 1.
    pub tau: f64,
    /// How probable a tau at least as far from 0 is among unrelated columns.
    pub p_value: f64,
}

/// How many ways rows are tied in one column: pairs, and the two sums of the variance.
struct Ties {
    pairs: u128,
    triples: f64,
    spread: f64,
}

impl Ties {
    fn of(ranked: &Ranked) -> Self {
        let mut ties = Self {
            pairs: 0,
            triples: 0.0,
            spread: 0.0,
        };
        for place in 0..ranked.values().len() {
            ties.add(ranked.ties(place));
        }
        ties
    }

    fn add(&mut self, count: u64) {
        let n = count as f64;
        self.pairs += pairs(count);
        self.triples += n * (n - 1.0) * (n - 2.0);
        self.spread += n * (n - 1.0) * (2.0 * n + 5.0);
    }
}

fn pairs(count: u64) -> u128 {
    let count = u128::from(count);
    count * count.saturating_sub(1) / 2
}

/// Computes Kendall's tau-b of two columns of the same rows, in time proportional to `n log n`.
///
/// The p-value is exact without ties for up to 33 rows, or where at most one pair is out of order; otherwise it is the normal approximation with
/// the variance corrected for ties. `None` where one column does not vary. Source: Kendall 1945; Knight 1966; as SciPy's `kendalltau`.
pub fn kendall(x: &Ranked, y: &Ranked, count: &dyn Fn(usize) -> u64) -> Option<Kendall> {
    let size = x.len();
    let total = pairs(size);
    let (of_x, of_y) = (Ties::of(x), Ties::of(y));
    if of_x.pairs == total || of_y.pairs == total {
        return None;
    }
    let (discordant, tied_in_both) = disorder(x, y, count);
    let concordant = total + tied_in_both - of_x.pairs - of_y.pairs - discordant;
    let excess = concordant as f64 - discordant as f64;
    let tau = excess / ((total - of_x.pairs) as f64).sqrt() / ((total - of_y.pairs) as f64).sqrt();
    let has_ties = of_x.pairs > 0 || of_y.pairs > 0;
    let rarer = discordant.min(total - discordant);
    let p_value = if !has_ties && (size <= 33 || rarer <= 1) {
        exact_p_value(size, rarer)
    } else {
        let n = size as f64;
        let ordered = n * (n - 1.0);
        let variance = (ordered * (2.0 * n + 5.0) - of_x.spread - of_y.spread) / 18.0
            + 2.0 * of_x.pairs as f64 * of_y.pairs as f64 / ordered
            + of_x.triples * of_y.triples / (9.0 * ordered * (n - 2.0)).max(f64::MIN_POSITIVE);
        2.0 * normal_sf((excess / variance.sqrt()).abs())
    };
    Some(Kendall {
        tau: tau.clamp(-1.0, 1.0),
        p_value: p_value.min(1.0),
    })
}

/// The pairs of rows whose order differs between the columns, and those tied in both.
fn disorder(x: &Ranked, y: &Ranked, count: &dyn Fn(usize) -> u64) -> (u128, u128) {
    let mut rows: Vec<(u64, u32)> = x
        .places()
        .iter()
        .zip(y.places())
        .enumerate()
        .map(|(row, (a, b))| ((u64::from(*a) << 32) | u64::from(*b), row as u32))
        .collect();
    rows.sort_unstable();
    let place_y = |key: u64| (key & u64::from(u32::MAX)) as usize;
    let mut seen = Counter::new(y.values().len());
    let (mut discordant, mut tied_in_both) = (0, 0);
    let mut start = 0;
    while start < rows.len() {
        let same_x = rows[start..].partition_point(|(key, _)| key >> 32 == rows[start].0 >> 32);
        let group = &rows[start..start + same_x];
        let mut at = 0;
        while at < group.len() {
            let key = group[at].0;
            let same = group[at..].partition_point(|(other, _)| *other == key);
            let here: u64 = group[at..at + same].iter().map(|(_, row)| count(*row as usize)).sum();
            tied_in_both += pairs(here);
            discordant += u128::from(here) * u128::from(seen.total - seen.through(place_y(key)));
            at += same;
        }
        for (key, row) in group {
            seen.add(place_y(*key), count(*row as usize));
        }
        start += same_x;
    }
    (discordant, tied_in_both)
}

/// Counts by place, with fast sums of the counts up to a place: Fenwick's tree.
struct Counter {
    sums: Vec<u64>,
    total: u64,
}

impl Counter {
    fn new(places: usize) -> Self {
        Self {
            sums: vec![0; places + 1],
            total: 0,
        }
    }

    fn add(&mut self, place: usize, count: u64) {
        self.total += count;
        let mut at = place + 1;
        while at < self.sums.len() {
            self.sums[at] += count;
            at += at & at.wrapping_neg();
        }
    }

    fn through(&self, place: usize) -> u64 {
        let (mut sum, mut at) = (0, place + 1);
        while at > 0 {
            sum += self.sums[at];
            at &= at - 1;
        }
        sum
    }
}

/// Twice the share of the orders of `size` rows with at most `rarer` pairs out of order. Source: Kendall 1970, "Rank Correlation Methods".
fn exact_p_value(size: u64, rarer: u128) -> f64 {
    let factorial = |of: u64| (1..=of).fold(1.0, |product, factor| product * factor as f64);
    match rarer {
        _ if size <= 2 => return 1.0,
        0 => return 2.0 / factorial(size),
        1 => return 2.0 / factorial(size - 1),
        _ => {}
    }
    if 4 * rarer == u128::from(size) * u128::from(size - 1) {
        return 1.0;
    }
    // For each number of pairs out of order, how many orders of the rows so far have it; 33! still fits.
    let rarer = rarer as usize;
    let mut orders = vec![0_u128; rarer + 1];
    orders[0] = 1;
    for rows in 2..=size as usize {
        let before = orders.clone();
        let mut window = 0;
        for (inverted, number) in orders.iter_mut().enumerate() {
            window += before[inverted];
            if inverted >= rows {
                window -= before[inverted - rows];
            }
            *number = window;
        }
    }
    2.0 * orders.iter().sum::<u128>() as f64 / factorial(size)
}

#[cfg(test)]
mod tests;
