//! What a profile lets be said of each metric of a column beside the reference: exact, within limits, or nothing.

use std::collections::BTreeMap;

use super::bounds::{self, Apart, Range, Ranged, hellinger_term, jensen_term, open_shares, stability_term, term, total, variation_term};
use super::known::Known;
use super::pooled::Pooled;
use crate::metric::drift::numbers::{ks_approximate_of, ks_p_of};
use crate::metric::sample::Pair;
use crate::stats::math::sqrt;

/// How well a number is known.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Limit {
    /// As well as from the data.
    Exact,
    /// Between two.
    Within(Range),
    /// Not at all.
    Unknown,
}

/// What is known of the reference of a column.
#[derive(Debug)]
pub enum Told {
    /// Every value's rows.
    Values,
    /// Numbers up to their cells.
    Numbers {
        /// The reference.
        known: Known,
        /// The cells of the population stability index.
        cells: Vec<Ranged>,
        /// Distances.
        apart: Apart,
    },
    /// Levels, some of them suppressed.
    Levels(Pooled),
}

impl Told {
    /// How well a metric in one of its forms is known.
    pub fn limit(&self, metric: &str, params: &BTreeMap<String, String>, pair: &Pair<'_>) -> Limit {
        if metric == "missing_share_change" || pair.support() == 0 {
            return Limit::Exact;
        }
        match self {
            Self::Values => Limit::Exact,
            Self::Numbers { known, apart, .. } => of_numbers(metric, params, pair, known, apart),
            Self::Levels(pooled) => of_levels(metric, params, pooled),
        }
    }
}

fn of_numbers(metric: &str, params: &BTreeMap<String, String>, pair: &Pair<'_>, known: &Known, apart: &Apart) -> Limit {
    let numbers = pair.current.numbers();
    let product = known.present() as f64 * pair.current.present() as f64;
    let summed = |of: fn(f64, f64) -> f64| {
        let shares = open_shares(known, numbers);
        total(shares.into_iter().map(|(r, c)| term(of, r, c)))
    };
    let range = match metric {
        "psi" => Some(stability(&open_shares(known, numbers), pair.current.present())),
        "jensen_shannon_distance" => Some(based(params, summed(jensen_term))),
        "hellinger" => {
            let (low, high) = summed(hellinger_term);
            Some((sqrt(low), sqrt(high.min(1.0))))
        }
        "total_variation" => {
            let (low, high) = summed(variation_term);
            Some((low, high.min(1.0)))
        }
        "out_of_range_share" => {
            let (fewest, most) = bounds::outside(known, numbers);
            let rows = pair.current.present() as f64;
            Some((fewest as f64 / rows, most as f64 / rows))
        }
        "ks_distance" => Some((apart.largest.0 as f64 / product, apart.largest.1 as f64 / product)),
        "ks_pvalue" => {
            let sizes = (known.present(), pair.current.present());
            let p = |largest: u128| match params.get("method") {
                Some(_) => ks_approximate_of(sizes, largest),
                None => ks_p_of(sizes, largest),
            };
            Some((p(apart.largest.1), p(apart.largest.0)))
        }
        "wasserstein" => {
            let (low, high) = apart.area;
            match (params.get("scale"), known.moments) {
                (None, _) => Some((low, high)),
                (Some(_), Some((_, squares))) => {
                    let spread = sqrt(squares / known.present() as f64).max(0.001);
                    Some((low / spread, high / spread))
                }
                (Some(_), None) => None,
            }
        }
        "energy_distance" => Some((sqrt(2.0 * apart.squared.0), sqrt(2.0 * apart.squared.1))),
        "mannwhitney_u" => Some(apart.wins),
        "ttest_statistic" | "ttest_pvalue" | "cohens_d" if known.moments.is_some() => return Limit::Exact,
        _ => None,
    };
    match range {
        Some(range) if range.0.is_finite() && range.1.is_finite() => Limit::Within(range),
        _ => Limit::Unknown,
    }
}

/// The Jensen-Shannon distance of a sum of divergences, to the base that is asked for.
fn based(params: &BTreeMap<String, String>, (low, high): Range) -> Range {
    let base = match params.get("log_base").map(String::as_str) {
        Some("2") => std::f64::consts::LN_2,
        _ => 1.0,
    };
    let of = |sum: f64| sqrt(0.5 * sum / base);
    (of(low), of(high.min(2.0 * std::f64::consts::LN_2)))
}

/// The population stability index of shares that are known up to two, an empty cell counting as one in ten thousand.
fn stability(shares: &[(Range, Range)], rows: u64) -> Range {
    const FLOOR: f64 = 1e-4;
    let filled = |share: f64| if share == 0.0 { FLOOR } else { share };
    let one = 1.0 / rows as f64;
    total(shares.iter().map(|(r, c)| {
        let r = (filled(r.0), filled(r.1));
        if c.0 > 0.0 || c.1 == 0.0 {
            return term(stability_term, r, (filled(c.0), filled(c.1)));
        }
        // Empty, or with one row at least.
        let (empty, some) = (term(stability_term, r, (FLOOR, FLOOR)), term(stability_term, r, (one, c.1)));
        (empty.0.min(some.0), empty.1.max(some.1))
    }))
}

fn of_levels(metric: &str, params: &BTreeMap<String, String>, pooled: &Pooled) -> Limit {
    let rows = (pooled.present.0 + pooled.present.1) as f64;
    let is_plain = params.is_empty();
    let range = match metric {
        "psi" => pooled.stability(),
        "jensen_shannon_distance" => {
            let (low, high) = pooled.jensen_shannon();
            based(params, (2.0 * low * low, 2.0 * high * high))
        }
        "hellinger" => pooled.hellinger(),
        "total_variation" => pooled.variation(),
        "l_infinity" => pooled.largest(),
        "bhattacharyya_distance" => match pooled.bhattacharyya() {
            Some(range) => range,
            None => return Limit::Unknown,
        },
        "cramers_v_to_reference" => {
            let (low, high) = pooled.chi_squared();
            (sqrt(low / rows), sqrt(high / rows).min(1.0))
        }
        "chi2_contingency_statistic" if is_plain => pooled.chi_squared(),
        "chi2_contingency_pvalue" if is_plain => pooled.chance(pooled.chi_squared()),
        "g_test_statistic" => pooled.g(),
        "g_test_pvalue" => pooled.chance(pooled.g()),
        "new_level_share" => pooled.new_share(),
        "new_levels" => pooled.new_levels(),
        "vanished_levels" => pooled.vanished(),
        _ => return Limit::Unknown,
    };
    Limit::Within(range)
}
