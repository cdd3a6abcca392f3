//! The least and the largest that the size of a column's drift and its p-value could be.

use super::bounds::{Range, Ranged, drift_score, stability_term, term};
use super::limits::Told;
use super::pooled::Pooled;
use crate::metric::drift::cells::{LEAST_EXPECTED, MOST_LEVELS, Of};
use crate::metric::drift::numbers::ks_p_of;
use crate::metric::sample::Pair;
use crate::run::drift::evidence::{against_rest, outside};
use crate::run::drift::{Measured, measure};
use crate::stats::special::chi_squared_sf;

/// The size and the p-value that are computed with, and the limits of both.
pub struct Evidence {
    /// As from data.
    pub measured: Measured,
    /// The limits of the size.
    pub score: Range,
    /// The limits of the p-value.
    pub p_value: Range,
}

/// What is told of a column's drift.
pub fn evidence(pair: &Pair<'_>, told: &Told) -> Evidence {
    let measured = measure(pair);
    let own = |value: Option<f64>| (value.unwrap_or(0.0), value.unwrap_or(1.0));
    let is_empty = pair.reference.rows == 0 || pair.current.rows == 0;
    let (score, p_value) = match told {
        Told::Numbers { apart, cells, .. } if !is_empty => {
            let score = drift_score(cells, (pair.reference.rows, pair.current.rows));
            (score, chance_of_numbers(pair, apart.largest, cells))
        }
        Told::Levels(pooled) if !is_empty => of_levels(pair, pooled),
        _ => (own(measured.size.score), own(measured.p_value)),
    };
    Evidence { measured, score, p_value }
}

fn combined(parts: &[Range]) -> Range {
    let smallest = |of: fn(&Range) -> f64| parts.iter().map(of).fold(1.0, f64::min);
    let number = parts.len() as f64;
    (
        (smallest(|range| range.0) * number).min(1.0),
        (smallest(|range| range.1) * number).min(1.0),
    )
}

fn chance_of_numbers(pair: &Pair<'_>, largest: (u128, u128), cells: &[Ranged]) -> Range {
    let (n, m) = (pair.reference.present(), pair.current.present());
    let mut parts: Vec<Range> = Vec::new();
    if pair.support() > 0 {
        parts.push((ks_p_of((n, m), largest.1), ks_p_of((n, m), largest.0)));
        let beyond = cells.iter().filter(|own| matches!(own.cell.of, Of::Below | Of::Above));
        let (fewest, most) = beyond.fold((0, 0), |sum, own| (sum.0 + own.current.0, sum.1 + own.current.1));
        parts.push((outside(most, n, m), outside(fewest, n, m)));
    }
    let cells: Vec<_> = cells.iter().map(|own| own.cell.clone()).collect();
    parts.extend(against_rest(&cells, &Of::Missing, (pair.reference.rows, pair.current.rows)).map(|p| (p, p)));
    combined(&parts)
}

/// Whether a level has a cell of its own.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Own {
    Yes,
    Maybe,
    No,
}

/// A level that the reference may have, and the current data does.
struct Level {
    reference: (u64, u64),
    current: u64,
    own: Own,
}

/// Levels with what decides whether they have cells of their own.
struct Levels {
    levels: Vec<Level>,
    /// How many suppressed levels may have cells of their own without any current row, and the rows that each can have.
    gone: (u64, u64),
    sizes: (u64, u64),
    suppressed: u64,
}

/// Between how many rows of the reference a level has, and its current rows.
type Rows = ((u64, u64), u64);

impl Levels {
    fn new(pooled: &Pooled, sizes: (u64, u64)) -> Self {
        let (n, m) = (pooled.present.0 as f64, pooled.present.1 as f64);
        let smaller = n.min(m) / (n + m);
        let pool = pooled.suppressed;
        let most = pool.at_most.min(pool.rows - (pool.levels - 1));
        let named = pooled.named.iter().map(|(reference, current)| ((*reference, *reference), *current));
        let others = pooled.others.iter().map(|current| ((0, most), *current));
        let all: Vec<Rows> = named.chain(others).collect();
        let ranked = |of: &dyn Fn(&Rows) -> u64, more: u64| {
            let mut totals: Vec<u64> = all.iter().map(of).collect();
            totals.extend((0..more.min(MOST_LEVELS as u64 + 1)).map(|_| most));
            totals.sort_unstable_by(|a, b| b.cmp(a));
            totals.get(MOST_LEVELS).map_or(0, |total| total + 1)
        };
        let full = (
            ranked(&|level| level.0.0 + level.1, 0),
            ranked(&|level| level.0.1 + level.1, pool.levels),
        );
        let is_large = |total: u64| total as f64 * smaller >= LEAST_EXPECTED;
        let own = |reference: (u64, u64), current: u64| {
            let (least, largest) = (reference.0 + current, reference.1 + current);
            if is_large(least) && least >= full.1 {
                Own::Yes
            } else if !is_large(largest) || largest < full.0 {
                Own::No
            } else {
                Own::Maybe
            }
        };
        let is_gone = is_large(most) && most >= full.0;
        Self {
            gone: (if is_gone { pool.levels } else { 0 }, most),
            levels: all
                .into_iter()
                .map(|(reference, current)| Level {
                    reference,
                    current,
                    own: own(reference, current),
                })
                .collect(),
            sizes,
            suppressed: pool.rows,
        }
    }

    fn score(&self, missing: (u64, u64)) -> Range {
        let (n, m) = self.sizes;
        let share = |count: u64, rows: u64| (count as f64 / rows as f64).max((0.5 / rows as f64).max(1e-4));
        let ranged = |reference: (u64, u64), current: (u64, u64)| {
            let range = term(
                stability_term,
                (share(reference.0, n), share(reference.1, n)),
                (share(current.0, m), share(current.1, m)),
            );
            let may_be_empty = reference.0 + current.0 == 0;
            (
                if may_be_empty { 0.0 } else { range.0 },
                if reference.1 + current.1 == 0 { 0.0 } else { range.1 },
            )
        };
        let mut sum = ranged((missing.0, missing.0), (missing.1, missing.1));
        let (mut reference, mut current) = ((0, self.suppressed), (0, 0));
        let mut all_rare = true;
        for level in &self.levels {
            let own = ranged(level.reference, (level.current, level.current));
            let is_named = level.reference.0 == level.reference.1;
            match level.own {
                Own::Yes => sum = (sum.0 + own.0, sum.1 + own.1),
                Own::Maybe => sum.1 += own.1,
                Own::No => {}
            }
            all_rare &= is_named || level.own == Own::No;
            if level.own != Own::Yes {
                let fewest = if level.own == Own::No { 1 } else { 0 };
                current = (current.0 + fewest * level.current, current.1 + level.current);
                if is_named {
                    reference = (reference.0 + fewest * level.reference.0, reference.1 + level.reference.0);
                }
            }
        }
        if all_rare && self.gone.0 == 0 {
            reference.0 += self.suppressed;
        }
        let gone = ranged((0, self.gone.1), (0, 0)).1 * self.gone.0 as f64;
        let rare = ranged(reference, current);
        ((sum.0 + rare.0) * (1.0 - 1e-12), (sum.1 + rare.1 + gone) * (1.0 + 1e-12))
    }

    /// Whether all cells are known.
    fn is_known(&self) -> bool {
        let is_sure = |level: &Level| level.own == Own::No || level.own == Own::Yes && level.reference.0 == level.reference.1;
        self.gone.0 == 0 && self.levels.iter().all(is_sure)
    }

    /// The p-value of chi-squared of the levels with cells of their own, whichever they are.
    fn chance(&self) -> Range {
        let sure = self.levels.iter().filter(|level| level.own == Own::Yes);
        let maybe = self.levels.iter().filter(|level| level.own == Own::Maybe);
        let fewest = sure.clone().count();
        let most = fewest + maybe.clone().count() + self.gone.0 as usize;
        // Of two levels the test is Fisher's.
        if fewest <= 2 {
            return (0.0, 1.0);
        }
        let mut n = sure
            .clone()
            .fold((0, 0), |sum, level| (sum.0 + level.reference.0, sum.1 + level.reference.1));
        let mut m = sure
            .clone()
            .fold((0, 0), |sum, level| (sum.0 + level.current, sum.1 + level.current));
        for level in maybe.clone() {
            (n.1, m.1) = (n.1 + level.reference.1, m.1 + level.current);
        }
        n.1 += self.gone.0.saturating_mul(self.gone.1).min(self.suppressed);
        let of = |a: (u64, u64), b: u64| {
            let (a, b) = ((a.0 as f64, a.1 as f64), b as f64);
            let (n, m) = ((n.0 as f64, n.1 as f64), (m.0 as f64, m.1 as f64));
            let apart = (a.0 * m.0 - b * n.1, a.1 * m.1 - b * n.0);
            let (near, far) = (apart.0.abs().min(apart.1.abs()), apart.0.abs().max(apart.1.abs()));
            let near = if apart.0 <= 0.0 && apart.1 >= 0.0 { 0.0 } else { near };
            let least = near * near / ((a.1 + b) * n.1 * m.1);
            let rows = (a.0 + b) * n.0 * m.0;
            (least, if rows > 0.0 { far * far / rows } else { f64::INFINITY })
        };
        let mut sum = (0.0, 0.0);
        for level in sure {
            let own = of(level.reference, level.current);
            sum = (sum.0 + own.0, sum.1 + own.1);
        }
        let is_sure = most == fewest;
        if !is_sure {
            sum.1 = f64::INFINITY;
        }
        let degrees = |levels: usize| (levels - 1) as f64;
        let low = if sum.1.is_finite() {
            chi_squared_sf(sum.1, degrees(fewest))
        } else {
            0.0
        };
        (low * (1.0 - 1e-9), (chi_squared_sf(sum.0, degrees(most)) * (1.0 + 1e-9)).min(1.0))
    }
}

fn of_levels(pair: &Pair<'_>, pooled: &Pooled) -> (Range, Range) {
    let sizes = (pair.reference.rows, pair.current.rows);
    let levels = Levels::new(pooled, sizes);
    let missing = (pair.reference.missing, pair.current.missing);
    let score = levels.score(missing);
    let mut parts = Vec::new();
    if pair.support() > 0 {
        parts.push(levels.chance());
        // Rare levels against all others: whatever they are.
        if levels.is_known() {
            return (score, chance_when_known(pair));
        }
        parts.push((0.0, 1.0));
    }
    let cell = [crate::metric::drift::cells::Cell {
        of: Of::Missing,
        reference: missing.0,
        current: missing.1,
    }];
    if missing.0 + missing.1 > 0 {
        parts.extend(against_rest(&cell, &Of::Missing, sizes).map(|p| (p, p)));
    }
    (score, combined(&parts))
}

/// Where only rare levels are suppressed, and remain rare whatever they are, everything is known.
fn chance_when_known(pair: &Pair<'_>) -> Range {
    let p = measure(pair).p_value.unwrap_or(1.0);
    (p, p)
}
