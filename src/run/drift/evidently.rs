//! Evidently's tests, by its own definitions where they differ from everyone else's, and its choice among them.

use super::Judged;
use crate::metric::drift::categories::z_of;
use crate::metric::drift::numbers::{epps_singleton_of, ks_p, wasserstein_scaled};
use crate::metric::sample::Pair;
use crate::stats::hypothesis::{two_by_two, two_sided};
use crate::stats::math::{ln, log2};
use crate::stats::special::chi_squared_sf;
use crate::stats::two_sample::{
    anderson_darling, anderson_darling_p, cramer_von_mises, cramer_von_mises_p, mann_whitney_p, shares, stability, student,
};

/// From so many rows of the reference on it takes distances instead of tests.
const LARGE: u64 = 1000;
/// Numbers with at most so many distinct values are taken as levels by its choice.
const FEW: usize = 5;
/// Numbers with at most so many distinct values are not put into bins.
const UNBINNED: usize = 20;

/// A test by the name that Evidently has for it.
type Test = (&'static str, fn(&Pair<'_>) -> Judged);

const NUMBERS: [Test; 12] = [
    ("ks", |pair| Judged::chance("ks", has_rows(pair).then(|| ks_p(pair)), 0.05, true)),
    ("wasserstein", |pair| {
        Judged::distance("wasserstein", has_rows(pair).then(|| wasserstein_scaled(pair)), 0.1)
    }),
    ("psi", psi),
    ("jensenshannon", jensen_shannon),
    ("kl_div", kl_div),
    ("hellinger", hellinger),
    ("anderson", |pair| {
        Judged::chance("anderson", anderson_darling(pair.steps()).map(anderson_darling_p), 0.1, false)
    }),
    ("cramer_von_mises", |pair| {
        let p = || cramer_von_mises_p(pair.ranks(), cramer_von_mises(pair.ranks()));
        Judged::chance("cramer_von_mises", has_rows(pair).then(p), 0.1, true)
    }),
    ("ed", |pair| {
        Judged::distance("ed", has_rows(pair).then(|| pair.moments().energy), 0.1)
    }),
    ("mannw", |pair| {
        // One-sided, whatever its text says: it sees numbers that have become larger, and none that have become smaller.
        Judged::chance("mannw", has_rows(pair).then(|| mann_whitney_p(pair.ranks(), true)), 0.05, false)
    }),
    ("t_test", |pair| {
        let test = has_rows(pair).then(|| student(pair.moments())).flatten();
        Judged::chance("t_test", test.map(|test| test.p_value), 0.05, false)
    }),
    ("es", |pair| {
        Judged::chance("es", epps_singleton_of(pair).map(|test| test.p_value), 0.05, false)
    }),
];

const LEVELS: [Test; 8] = [
    ("chisquare", |pair| {
        Judged::chance("chisquare", one_sample(pair, pearson_term), 0.05, false)
    }),
    ("z", |pair| {
        let z = square(pair).and_then(z_of);
        Judged::chance("z", z.map(two_sided), 0.05, false)
    }),
    ("psi", psi),
    ("jensenshannon", jensen_shannon),
    ("kl_div", kl_div),
    ("hellinger", hellinger),
    ("g_test", |pair| {
        Judged::chance("g_test", one_sample(pair, likelihood_term), 0.1, false)
    }),
    ("fisher_exact", |pair| {
        let p = square(pair).and_then(two_by_two).map(|(p, _)| p);
        Judged::chance("fisher_exact", p, 0.1, false)
    }),
];

/// The tests that Evidently has for a column's kind, each by name.
pub fn tests(pair: &Pair<'_>) -> &'static [Test] {
    if pair.reference.kind.is_ordered() { &NUMBERS } else { &LEVELS }
}

/// What Evidently says of a column when it is left to choose.
pub fn judge(pair: &Pair<'_>) -> Judged {
    let is_large = pair.reference.present() > LARGE;
    let is_ordered = pair.reference.kind.is_ordered();
    let has_many = is_ordered && pair.reference.numbers().len() > FEW;
    let levels = if is_ordered { pair.steps().len() } else { pair.table().len() };
    let wanted = match (has_many, is_large) {
        (true, true) => "wasserstein",
        (true, false) => "ks",
        (false, true) => "jensenshannon",
        (false, false) if levels > 2 => "chisquare",
        (false, false) => "z",
    };
    let chosen = NUMBERS.iter().chain(&LEVELS).find(|(name, _)| *name == wanted);
    chosen.map_or(Judged::distance("psi", None, 0.1), |(_, judge)| judge(pair))
}

fn has_rows(pair: &Pair<'_>) -> bool {
    pair.support() > 0
}

/// The rows of each distinct value in both.
fn counts(pair: &Pair<'_>) -> Vec<(u64, u64)> {
    if pair.reference.kind.is_ordered() {
        pair.steps().iter().map(|step| (step.first, step.second)).collect()
    } else {
        pair.table().to_vec()
    }
}

fn square(pair: &Pair<'_>) -> Option<[[u64; 2]; 2]> {
    let [a, b] = counts(pair)[..] else { return None };
    (pair.support() > 0).then_some([[a.0, b.0], [a.1, b.1]])
}

/// A test of the current rows against the reference's, brought to as many rows, as if those were known without error.
fn one_sample(pair: &Pair<'_>, term: fn(f64, f64) -> f64) -> Option<f64> {
    let scale = pair.current.present() as f64 / pair.reference.present() as f64;
    let table = counts(pair);
    if !has_rows(pair) || table.len() < 2 {
        return None;
    }
    let statistic: f64 = table.iter().map(|(a, b)| term(*b as f64, *a as f64 * scale)).sum();
    Some(chi_squared_sf(statistic.max(0.0), (table.len() - 1) as f64))
}

fn pearson_term(observed: f64, expected: f64) -> f64 {
    (observed - expected) * (observed - expected) / expected
}

fn likelihood_term(observed: f64, expected: f64) -> f64 {
    if observed == 0.0 {
        0.0
    } else {
        2.0 * observed * ln(observed / expected)
    }
}

/// Shares over the values of a column: by value, or for numbers with many in bins of equal width over both samples, as many as Sturges' rule
/// gives for `size` numbers.
fn binned(pair: &Pair<'_>, size: fn(&Pair<'_>) -> u64) -> Option<Vec<(f64, f64)>> {
    if !has_rows(pair) {
        return None;
    }
    let (n, m) = (pair.reference.present() as f64, pair.current.present() as f64);
    let table = if pair.reference.kind.is_ordered() && pair.reference.numbers().len() > UNBINNED {
        in_bins(pair, size(pair))?
    } else {
        counts(pair)
    };
    Some(table.into_iter().map(|(a, b)| (a as f64 / n, b as f64 / m)).collect())
}

fn in_bins(pair: &Pair<'_>, size: u64) -> Option<Vec<(u64, u64)>> {
    let steps = pair.steps();
    let (low, high) = (steps.first()?.value, steps.last()?.value);
    let mut width = (high - low) / (log2(size as f64) + 1.0);
    // Whole numbers get no bins narrower than 1, where the package sees them as such: not once a value is missing.
    let is_whole = pair.reference.missing + pair.current.missing == 0 && steps.iter().all(|step| step.value.fract() == 0.0);
    if is_whole && width < 1.0 {
        width = 1.0;
    }
    let bins = ((high - low) / width).ceil();
    if !(1.0..1e4).contains(&bins) {
        return None;
    }
    let step_width = (high - low) / bins;
    let last = bins as usize - 1;
    let mut table = vec![(0, 0); last + 1];
    let mut bin = 0;
    for step in steps {
        while bin < last && step.value >= (bin + 1) as f64 * step_width + low {
            bin += 1;
        }
        table[bin].0 += step.first;
        table[bin].1 += step.second;
    }
    Some(table)
}

/// Both samples together.
fn rows_of_both(pair: &Pair<'_>) -> u64 {
    pair.reference.present() + pair.current.present()
}

/// An empty share becomes one in ten thousand, or a millionth of the smallest where that is no larger.
fn filled(mut table: Vec<(f64, f64)>) -> Vec<(f64, f64)> {
    let floor = |of: &dyn Fn(&(f64, f64)) -> f64| {
        let smallest = table.iter().map(of).filter(|share| *share > 0.0).fold(1.0, f64::min);
        if smallest <= 1e-4 { smallest / 1e6 } else { 1e-4 }
    };
    let floors = (floor(&|pair| pair.0), floor(&|pair| pair.1));
    for (a, b) in &mut table {
        *a = if *a == 0.0 { floors.0 } else { *a };
        *b = if *b == 0.0 { floors.1 } else { *b };
    }
    table
}

fn psi(pair: &Pair<'_>) -> Judged {
    let table = binned(pair, rows_of_both).map(filled);
    Judged::distance("psi", table.map(|table| stability(table.into_iter())), 0.1)
}

fn jensen_shannon(pair: &Pair<'_>) -> Judged {
    let table = binned(pair, rows_of_both);
    Judged::distance("jensenshannon", table.map(|table| shares(table.into_iter()).jensen_shannon), 0.1)
}

fn kl_div(pair: &Pair<'_>) -> Judged {
    let table = binned(pair, rows_of_both).map(filled).map(|table| {
        // The divergence brings both to a sum of 1 again.
        let (n, m) = table.iter().fold((0.0, 0.0), |(n, m), (a, b)| (n + a, m + b));
        shares(table.into_iter().map(|(a, b)| (a / n, b / m))).first_from_second
    });
    Judged::distance("kl_div", table, 0.1)
}

fn hellinger(pair: &Pair<'_>) -> Judged {
    // Here the number of bins follows from the distinct values.
    let table = binned_always(pair);
    Judged::distance("hellinger", table.map(|table| shares(table.into_iter()).hellinger()), 0.1)
}

fn binned_always(pair: &Pair<'_>) -> Option<Vec<(f64, f64)>> {
    if !pair.reference.kind.is_ordered() {
        return binned(pair, rows_of_both);
    }
    if !has_rows(pair) {
        return None;
    }
    let (n, m) = (pair.reference.present() as f64, pair.current.present() as f64);
    let table = in_bins(pair, pair.steps().len() as u64)?;
    Some(table.into_iter().map(|(a, b)| (a as f64 / n, b as f64 / m)).collect())
}
