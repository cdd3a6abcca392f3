//! Distances over cells, for numbers and for levels alike.

use super::cells::{Of, cells};
use super::{DISTANCE, STATISTIC};
use crate::metric::UndefinedCode as Code;
use crate::metric::reading::{Evidence, Reading};
use crate::metric::sample::{Pair, SampleKind};
use crate::metric::spec::{Direction, Metric, Read, Unit};
use crate::metric::view::Measured;
use crate::stats::interval::{Method, Share};
use crate::stats::math::ln;
use crate::stats::two_sample::{Shares, shares};

/// Distances of any column.
pub const METRICS: [Metric; 10] = [
    Metric {
        id: "missing_share_change",
        name: "Change of the share of missing values",
        words: &["change of missing values", "missing share change"],
        summary: "How much larger the share of rows without a value is than in the reference.",
        formula: "missing / rows of the current data - missing / rows of the reference.",
        reading: "0.05: five rows in a hundred more lack a value.",
        caveat: "It says nothing about why values are missing, nor whether those that are left have changed.",
        reference: "Newcombe 1998; here the plain standard error of a difference of shares",
        range: (-1.0, 1.0),
        reads: &[Read::Pair {
            of: |_| true,
            read: missing_share_change,
        }],
        ..DISTANCE
    },
    Metric {
        id: "out_of_range_share",
        name: "Share of values outside the reference's range",
        words: &["values out of range", "out of range share"],
        summary: "The share of the current numbers that are below the lowest or above the highest of the reference.",
        formula: "rows with value < min(reference) or value > max(reference), over rows with a value.",
        reading: "0: everything was seen before. A model knows nothing of what is outside.",
        caveat: "A small reference has a narrow range: of equally many new rows without any drift about two lie outside.",
        reference: "NannyML, continuous range",
        unit: Unit::Share,
        direction: Direction::LowerIsBetter,
        reads: &[Read::Pair {
            of: SampleKind::is_ordered,
            read: out_of_range_share,
        }],
        ..DISTANCE
    },
    Metric {
        id: "psi",
        name: "Population stability index",
        aliases: &["psi_reference_deciles", "population_stability"],
        words: &["population stability"],
        summary: "How far the shares of the cells have moved, each difference weighted by the logarithm of the ratio.",
        formula: "sum over cells of (r - c) ln(r / c), r and c being the shares of the reference and of the current data; numbers in the distinct \
                  deciles of the reference, outer ones open; levels by name; missing values left out; a share of 0 counts as 0.0001.",
        reading: "Below 0.1 little has moved, above 0.25 much; the bounds are a convention of banks.",
        caveat: "It depends on the cells, on what stands for an empty one, and on the number of rows: few rows make it large by chance.",
        reference: "Siddiqi 2006, Credit Risk Scorecards; Evidently and others differ in cells and floor",
        range: (0.0, f64::INFINITY),
        reads: &[Read::Pair { of: |_| true, read: psi }],
        ..DISTANCE
    },
    Metric {
        id: "jensen_shannon_distance",
        name: "Jensen-Shannon distance",
        words: &["jensen shannon"],
        summary: "The root of the mean divergence of both distributions from their middle.",
        formula: "sqrt((KL(r || m) + KL(c || m)) / 2) with m = (r + c) / 2, over the cells of the population stability index; with logarithms to base e \
                  and to base 2.",
        reading: "0: the same shares; at most 0.833 to base e and 1 to base 2, where nothing is shared.",
        caveat: "Packages differ in the base, and some give the divergence, its square.",
        reference: "Lin 1991; SciPy, jensenshannon",
        reads: &[Read::Pair {
            of: |_| true,
            read: jensen_shannon,
        }],
        ..DISTANCE
    },
    Metric {
        id: "hellinger",
        name: "Hellinger distance",
        words: &["hellinger distance"],
        summary: "How little the roots of the two shares have in common.",
        formula: "sqrt(1 - sum over cells of sqrt(r c)), over the cells of the population stability index.",
        reading: "0: the same shares; 1: nothing in common.",
        caveat: "For numbers it depends on the cells.",
        reference: "Hellinger 1909",
        reads: &[Read::Pair {
            of: |_| true,
            read: |pair| of_shares(pair, Shares::hellinger),
        }],
        ..DISTANCE
    },
    Metric {
        id: "total_variation",
        name: "Total variation distance",
        words: &["total variation"],
        summary: "The share of rows that would have to change cells for both distributions to be the same.",
        formula: "half the sum over cells of |r - c|, over the cells of the population stability index.",
        reading: "0.1: one row in ten is in another cell than before.",
        caveat: "With many cells and few rows chance alone moves many.",
        reference: "Levin, Peres and Wilmer 2009, Markov Chains and Mixing Times",
        reads: &[Read::Pair {
            of: |_| true,
            read: |pair| of_shares(pair, |shares| shares.total_variation),
        }],
        ..DISTANCE
    },
    Metric {
        id: "l_infinity",
        name: "Largest change of a share",
        words: &["l infinity distance"],
        summary: "The change of the level whose share has changed most.",
        formula: "max over levels of |r - c|.",
        reading: "0.1: one level is ten points more or less frequent.",
        caveat: "It does not see many small changes.",
        reference: "NannyML, L-infinity",
        reads: &[Read::Pair {
            of: |kind| kind == SampleKind::Levels,
            read: |pair| of_shares(pair, |shares| shares.largest),
        }],
        ..DISTANCE
    },
    Metric {
        id: "bhattacharyya_distance",
        name: "Bhattacharyya distance",
        words: &["bhattacharyya"],
        summary: "How little the two shares overlap, on the scale of a logarithm.",
        formula: "-ln(sum over levels of sqrt(r c)).",
        reading: "0: the same shares; infinite where no level is shared.",
        caveat: "Without upper bound, so that it is hard to read alone.",
        reference: "Bhattacharyya 1943",
        range: (0.0, f64::INFINITY),
        reads: &[Read::Pair {
            of: |kind| kind == SampleKind::Levels,
            read: |pair| of_shares(pair, |shares| -ln(shares.overlap.min(1.0))),
        }],
        ..DISTANCE
    },
    Metric {
        id: "kl_reference_current",
        name: "Divergence of the reference from the current data",
        words: &["kullback leibler of the reference"],
        summary: "How surprised one who expects the current shares would be by the reference.",
        formula: "sum over levels of r ln(r / c).",
        reading: "0: the same shares; infinite where the current data lacks a level of the reference.",
        caveat: "Not symmetric, and one vanished level makes it infinite.",
        reference: "Kullback and Leibler 1951; SciPy, entropy",
        unit: Unit::Nats,
        range: (0.0, f64::INFINITY),
        reads: &[Read::Pair {
            of: |kind| kind == SampleKind::Levels,
            read: |pair| of_shares(pair, |shares| shares.first_from_second),
        }],
        ..STATISTIC
    },
    Metric {
        id: "kl_current_reference",
        name: "Divergence of the current data from the reference",
        words: &["kullback leibler of the current data"],
        summary: "How surprised one who expects the reference's shares is by the current data.",
        formula: "sum over levels of c ln(c / r).",
        reading: "0: the same shares; infinite where a level is new.",
        caveat: "Not symmetric, and one new level makes it infinite.",
        reference: "Kullback and Leibler 1951; SciPy, entropy",
        unit: Unit::Nats,
        range: (0.0, f64::INFINITY),
        reads: &[Read::Pair {
            of: |kind| kind == SampleKind::Levels,
            read: |pair| of_shares(pair, |shares| shares.second_from_first),
        }],
        ..STATISTIC
    },
];

fn missing_share_change(pair: &Pair<'_>) -> Vec<Measured> {
    let (n, m) = (pair.reference.rows, pair.current.rows);
    let support = n.min(m);
    if support == 0 {
        return vec![Measured::plain(Reading::undefined(Code::NoRows, support))];
    }
    let (before, now) = (pair.reference.missing as f64 / n as f64, pair.current.missing as f64 / m as f64);
    let variance = before * (1.0 - before) / n as f64 + now * (1.0 - now) / m as f64;
    vec![Measured::plain(Reading::with_variance(
        now - before,
        Some(variance),
        Method::Normal,
        support,
    ))]
}

fn out_of_range_share(pair: &Pair<'_>) -> Vec<Measured> {
    let rows = pair.current.present();
    let (Some(lowest), Some(highest)) = (pair.reference.numbers().first(), pair.reference.numbers().last()) else {
        return vec![Measured::plain(Reading::undefined(Code::NoRows, 0))];
    };
    let is_outside = |value: f64| value < lowest.0 || value > highest.0;
    let outside = pair.current.numbers().iter().filter(|(value, _)| is_outside(*value));
    vec![Measured::plain(share(outside.map(|(_, count)| count).sum(), rows))]
}

/// A share of rows.
pub(super) fn share(hits: u64, rows: u64) -> Reading {
    if rows == 0 {
        return Reading::undefined(Code::NoRows, 0);
    }
    let value = hits as f64 / rows as f64;
    Reading {
        value: Ok(value),
        support: rows,
        evidence: Evidence::Share(Share { value, size: rows as f64 }),
    }
}

/// The shares of values that are not missing, in the deciles of the reference or by level; `None` where a sample is empty or does not vary.
fn pairs_of_shares(pair: &Pair<'_>) -> Result<Vec<(f64, f64)>, Code> {
    let (n, m) = (pair.reference.present() as f64, pair.current.present() as f64);
    if n == 0.0 || m == 0.0 {
        return Err(Code::NoRows);
    }
    let counts: Vec<(u64, u64)> = if pair.reference.kind == SampleKind::Levels {
        pair.table().to_vec()
    } else {
        let cells = cells(pair);
        if cells.iter().any(|cell| matches!(cell.of, Of::Range(low, high) if low == high)) {
            return Err(Code::NoSpread);
        }
        let mut cells: Vec<(u64, u64)> = cells
            .iter()
            .filter(|cell| cell.of != Of::Missing)
            .map(|cell| (cell.reference, cell.current))
            .collect();
        // The outer deciles are open: what is outside belongs to them.
        let above = cells.pop().unwrap_or_default();
        let below = cells.remove(0);
        let last = cells.len() - 1;
        cells[0].1 += below.1;
        cells[last].1 += above.1;
        cells
    };
    Ok(counts.into_iter().map(|(a, b)| (a as f64 / n, b as f64 / m)).collect())
}

fn psi(pair: &Pair<'_>) -> Vec<Measured> {
    const FLOOR: f64 = 1e-4;
    let filled = |share: f64| if share == 0.0 { FLOOR } else { share };
    vec![Measured::plain(match pairs_of_shares(pair) {
        Err(code) => Reading::undefined(code, pair.support()),
        Ok(shares) => {
            let shares = shares.into_iter().map(|(r, c)| (filled(r), filled(c)));
            Reading::exact(crate::stats::two_sample::stability(shares), pair.support())
        }
    })]
}

fn jensen_shannon(pair: &Pair<'_>) -> Vec<Measured> {
    type Form = (&'static str, fn(&Shares) -> f64);
    let forms: [Form; 2] = [("e", |shares| shares.jensen_shannon), ("2", Shares::jensen_shannon_bits)];
    forms
        .into_iter()
        .flat_map(|(base, of)| {
            of_shares(pair, of)
                .into_iter()
                .map(move |measured| Measured::with(&[("log_base", base.to_owned())], measured.reading))
        })
        .collect()
}

fn of_shares(pair: &Pair<'_>, of: fn(&Shares) -> f64) -> Vec<Measured> {
    vec![Measured::plain(match pairs_of_shares(pair) {
        Err(code) => Reading::undefined(code, pair.support()),
        Ok(table) => Reading::exact(of(&shares(table.into_iter())), pair.support()),
    })]
}
