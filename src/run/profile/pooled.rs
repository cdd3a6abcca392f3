//! The least and the largest that a comparison of levels could give for any reference that fits a profile: a suppressed level may be any that the
//! current data has and the profile does not name, or none of them.

use super::bounds::{Range, hellinger_term, jensen_term, stability_term, term, total, variation_term};
use super::model::{LevelCounts, Suppressed};
use crate::data::level_order;
use crate::metric::sample::{Distribution, Sample, SampleKind};
use crate::stats::math::{ln, sqrt};
use crate::stats::order;
use crate::stats::special::chi_squared_sf;

/// Levels of both, as far as a profile tells them.
#[derive(Debug, Clone, PartialEq)]
pub struct Pooled {
    /// Rows of each named level in the reference and in the current data.
    pub named: Vec<(u64, u64)>,
    /// Current rows of each level that is not named, the largest first.
    pub others: Vec<u64>,
    /// What the reference has beside named levels.
    pub suppressed: Suppressed,
    /// Rows with a value in the reference and in the current data.
    pub present: (u64, u64),
}

/// The most suppressed levels that get a name to compute with.
const MOST_OTHERS: u64 = 100_000;

/// A sample that fits: suppressed levels are the most frequent of those that the current data has and the profile does not name, with as many rows
/// each; where there are fewer, the others have names that nothing else has.
pub fn sample(counts: &LevelCounts, current: &[(String, u64)], (rows, missing): (u64, u64)) -> Sample {
    let mut levels = counts.named.clone();
    if let Some(pool) = counts.suppressed {
        let mut others: Vec<&(String, u64)> = unnamed(counts, current).collect();
        order::sort_by(&mut others, |a, b| b.1.cmp(&a.1));
        let number = pool.levels.min(MOST_OTHERS);
        for place in 0..number {
            let name = others
                .get(place as usize)
                .map_or_else(|| format!("other level {place}, suppressed"), |own| own.0.clone());
            levels.push((name, pool.rows / number + u64::from(place < pool.rows % number)));
        }
        order::sort_by(&mut levels, |a, b| level_order(&a.0, &b.0));
    }
    Sample::new(SampleKind::Levels, rows, missing, Distribution::Levels(levels))
}

/// The current levels that a profile does not name.
pub fn unnamed<'a>(counts: &'a LevelCounts, current: &'a [(String, u64)]) -> impl Iterator<Item = &'a (String, u64)> {
    current
        .iter()
        .filter(|(name, _)| counts.named.binary_search_by(|(own, _)| level_order(own, name)).is_err())
}

impl Pooled {
    /// The levels of a profile beside current ones; `None` where none is suppressed, so that everything is known.
    pub fn new(counts: &LevelCounts, current: &Sample, present: u64) -> Option<Self> {
        let suppressed = counts.suppressed?;
        let levels = current.levels();
        let now = |name: &str| {
            let place = levels.binary_search_by(|(own, _)| level_order(own, name));
            place.map_or(0, |place| levels[place].1)
        };
        let mut others: Vec<u64> = unnamed(counts, levels).map(|(_, rows)| *rows).collect();
        order::sort_by(&mut others, |a, b| b.cmp(a));
        Some(Self {
            named: counts.named.iter().map(|(name, rows)| (*rows, now(name))).collect(),
            others,
            suppressed,
            present: (present, current.present()),
        })
    }

    /// The most rows that a suppressed level can have.
    fn at_most(&self) -> u64 {
        self.suppressed.at_most.min(self.suppressed.rows - (self.suppressed.levels - 1))
    }

    fn shares(&self, rows: (u64, u64)) -> (f64, f64) {
        (rows.0 as f64 / self.present.0 as f64, rows.1 as f64 / self.present.1 as f64)
    }

    /// All rows that are not named, of both.
    fn pool(&self) -> (f64, f64) {
        self.shares((self.suppressed.rows, self.others.iter().sum()))
    }

    /// The range of a sum over levels whose terms are convex, and together no smaller than that of their sum: the rest is farthest apart where it has
    /// no level in common, nearest where it all is one.
    fn convex(&self, of: fn(f64, f64) -> f64) -> Range {
        let named: f64 = self.named.iter().map(|rows| self.shares(*rows)).map(|(r, c)| of(r, c)).sum();
        let (r, c) = self.pool();
        (
            (named + of(r, c)) * (1.0 - 1e-12),
            (named + of(r, 0.0) + of(0.0, c)) * (1.0 + 1e-12),
        )
    }

    /// The total variation distance.
    pub fn variation(&self) -> Range {
        let (low, high) = self.convex(variation_term);
        (low, high.min(1.0))
    }

    /// The Jensen-Shannon distance to base e.
    pub fn jensen_shannon(&self) -> Range {
        let (low, high) = self.convex(jensen_term);
        (sqrt(0.5 * low), sqrt((0.5 * high).min(std::f64::consts::LN_2)))
    }

    /// One less the overlap.
    fn apart(&self) -> Range {
        let (low, high) = self.convex(hellinger_term);
        (low, high.min(1.0))
    }

    /// The Hellinger distance.
    pub fn hellinger(&self) -> Range {
        let (low, high) = self.apart();
        (sqrt(low), sqrt(high))
    }

    /// The Bhattacharyya distance; `None` where nothing may be shared.
    pub fn bhattacharyya(&self) -> Option<Range> {
        let (low, high) = self.apart();
        (high < 1.0).then(|| ((-ln(1.0 - low)).max(0.0), -ln(1.0 - high)))
    }

    /// The largest change of a share.
    pub fn largest(&self) -> Range {
        let named = self.named.iter().map(|rows| self.shares(*rows)).map(|(r, c)| (r - c).abs());
        let named = named.fold(0.0, f64::max);
        let (rare, _) = self.shares((self.at_most(), 0));
        let most = self.shares((0, self.others.first().copied().unwrap_or(0))).1;
        (named.max(most - rare), named.max(most).max(rare))
    }

    /// The population stability index, an empty cell counting as one in ten thousand.
    pub fn stability(&self) -> Range {
        let filled = |share: f64| if share == 0.0 { 1e-4 } else { share };
        let named = self.named.iter().map(|rows| self.shares(*rows)).map(|(r, c)| {
            let value = stability_term(filled(r), filled(c));
            (value, value)
        });
        let (n, _) = self.present;
        let (one, most) = (1.0 / n as f64, self.at_most() as f64 / n as f64);
        // A current level is new, or one of those suppressed.
        let of_one = |c: f64| {
            let (of_new, of_old) = (stability_term(1e-4, c), term(stability_term, (one, most), (c, c)));
            (of_new.min(of_old.0), of_new.max(of_old.1))
        };
        let others = self.others.iter().map(|rows| of_one(self.shares((0, *rows)).1));
        let gone = term(stability_term, (one, most), (1e-4, 1e-4)).1 * self.suppressed.levels as f64;
        let (low, high) = total(named.chain(others));
        (low * (1.0 - 1e-12), (high + gone) * (1.0 + 1e-12))
    }

    /// Chi-squared of the table of two rows.
    pub fn chi_squared(&self) -> Range {
        let (n, m) = (self.present.0 as f64, self.present.1 as f64);
        // Of shares, times the harmonic sum of sizes: (r - c)^2 / (n r + m c), a convex term.
        let term = |r: f64, c: f64| {
            let rows = n * r + m * c;
            if rows > 0.0 { (r - c) * (r - c) * n * m / rows } else { 0.0 }
        };
        let named: f64 = self.named.iter().map(|rows| self.shares(*rows)).map(|(r, c)| term(r, c)).sum();
        let (r, c) = self.pool();
        (
            (named + term(r, c)) * (1.0 - 1e-9),
            (named + term(r, 0.0) + term(0.0, c)) * (1.0 + 1e-9),
        )
    }

    /// G of the table of two rows.
    pub fn g(&self) -> Range {
        let (n, m) = (self.present.0 as f64, self.present.1 as f64);
        let part = |own: f64, all: f64, rows: f64| if own > 0.0 { own * ln(own / (all * rows / (n + m))) } else { 0.0 };
        let term = |r: f64, c: f64| {
            let (a, b) = (n * r, m * c);
            2.0 * (part(a, n, a + b) + part(b, m, a + b))
        };
        let named: f64 = self.named.iter().map(|rows| self.shares(*rows)).map(|(r, c)| term(r, c)).sum();
        let (r, c) = self.pool();
        let slack = 1e-9 * (n + m).max(1.0) * 1e-3;
        ((named + term(r, c) - slack).max(0.0), named + term(r, 0.0) + term(0.0, c) + slack)
    }

    /// How many levels both have together, at least and at most.
    fn levels(&self) -> (u64, u64) {
        let (own, other) = (self.suppressed.levels, self.others.len() as u64);
        let named = self.named.len() as u64;
        (named + own.max(other), named + own + other)
    }

    /// The p-value of such a statistic.
    pub fn chance(&self, statistic: Range) -> Range {
        let (fewest, most) = self.levels();
        let degrees = |levels: u64| (levels.saturating_sub(1)).max(1) as f64;
        (
            chi_squared_sf(statistic.1, degrees(fewest)),
            chi_squared_sf(statistic.0, degrees(most)),
        )
    }

    /// How many levels are new.
    pub fn new_levels(&self) -> Range {
        let other = self.others.len() as u64;
        (other.saturating_sub(self.suppressed.levels) as f64, other as f64)
    }

    /// Which share of current rows has a new level.
    pub fn new_share(&self) -> Range {
        let kept = usize::try_from(self.suppressed.levels).unwrap_or(usize::MAX);
        let share = |rows: u64| self.shares((0, rows)).1;
        (share(self.others.iter().skip(kept).sum()), share(self.others.iter().sum()))
    }

    /// How many levels have vanished.
    pub fn vanished(&self) -> Range {
        let named = self.named.iter().filter(|(_, now)| *now == 0).count() as u64;
        let own = self.suppressed.levels;
        ((named + own.saturating_sub(self.others.len() as u64)) as f64, (named + own) as f64)
    }
}
