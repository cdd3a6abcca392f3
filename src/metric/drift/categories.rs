//! Levels: tests of the table of two rows, and levels that are new or gone.

use super::both::share;
use super::{DISTANCE, P_CAVEAT, P_READING, P_VALUE, STATISTIC};
use crate::metric::UndefinedCode as Code;
use crate::metric::reading::Reading;
use crate::metric::sample::{Pair, SampleKind};
use crate::metric::spec::{Direction, Metric, Read, Unit};
use crate::metric::view::Measured;
use crate::stats::hypothesis::{chi_squared, two_by_two, two_sided};
use crate::stats::two_sample::{Tested, g_test, yates};

macro_rules! of_levels {
    ($read:expr) => {
        &[Read::Pair {
            of: |kind| kind == SampleKind::Levels,
            read: $read,
        }]
    };
}

/// Distances and tests of levels.
pub const METRICS: [Metric; 11] = [
    Metric {
        id: "cramers_v_to_reference",
        name: "Cramér's V of level and file",
        words: &["cramers v of the column"],
        summary: "How strongly the level depends on whether a row is from the reference or current.",
        formula: "sqrt(chi-squared / rows) of the table of two rows.",
        reading: "0: not at all; 1: the level tells the file.",
        caveat: "Not corrected for chance, which makes it larger with many levels and few rows.",
        reference: "Cramér 1946; SciPy, association",
        reads: of_levels!(|pair| tested(pair, pearson, |test, rows| (test.statistic / rows).sqrt())),
        ..DISTANCE
    },
    Metric {
        id: "chi2_contingency_statistic",
        name: "Chi-squared of level and file",
        words: &["chi squared of the table"],
        summary: "The squared differences between observed and expected rows, over the expected ones.",
        formula: "sum of (observed - expected)^2 / expected over the table of two rows; correction=yates: with Yates' correction, of two levels.",
        reading: "About as large as the number of levels where nothing has changed.",
        caveat: "It grows with the number of rows, so it is no effect size.",
        reference: "Pearson 1900; Yates 1934; SciPy, chi2_contingency",
        reads: of_levels!(|pair| corrected(pair, |test| test.statistic)),
        ..STATISTIC
    },
    Metric {
        id: "chi2_contingency_pvalue",
        name: "P-value of chi-squared of level and file",
        words: &["p value of chi squared of the table"],
        summary: "The probability of a chi-squared at least as large by chance.",
        formula: "chi-squared with as many degrees of freedom as there are levels, less one; correction=yates: with Yates' correction, of two levels.",
        reading: P_READING,
        caveat: P_CAVEAT,
        reference: "Pearson 1900; Yates 1934; SciPy, chi2_contingency",
        reads: of_levels!(|pair| corrected(pair, |test| test.p_value)),
        ..P_VALUE
    },
    Metric {
        id: "g_test_statistic",
        name: "G of level and file",
        words: &["g test of the table"],
        summary: "Twice the logarithm of how much better the two rows explain themselves apart than together.",
        formula: "2 sum of observed ln(observed / expected) over the table of two rows.",
        reading: "About as large as the number of levels where nothing has changed.",
        caveat: "It grows with the number of rows, so it is no effect size.",
        reference: "Wilks 1935; SciPy, chi2_contingency(lambda_=\"log-likelihood\")",
        reads: of_levels!(|pair| tested(pair, |pair| g_test(pair.table()), |test, _| test.statistic)),
        ..STATISTIC
    },
    Metric {
        id: "g_test_pvalue",
        name: "P-value of G of level and file",
        words: &["g test p value"],
        summary: "The probability of a G at least as large by chance.",
        formula: "chi-squared with as many degrees of freedom as there are levels, less one.",
        reading: P_READING,
        caveat: P_CAVEAT,
        reference: "Wilks 1935; SciPy, chi2_contingency(lambda_=\"log-likelihood\")",
        reads: of_levels!(|pair| tested(pair, |pair| g_test(pair.table()), |test, _| test.p_value)),
        ..P_VALUE
    },
    Metric {
        id: "fisher_pvalue_to_reference",
        name: "P-value of Fisher's exact test of two levels",
        words: &["fisher p value to the reference"],
        summary: "The probability of a table at least as unusual, given its margins.",
        formula: "the hypergeometric distribution, two-sided by probability; chi-squared beyond some hundred million rows.",
        reading: P_READING,
        caveat: P_CAVEAT,
        reference: "Fisher 1935; SciPy, fisher_exact",
        reads: of_levels!(|pair| two_levels(pair, |table| two_by_two(table).map(|(p, _)| p))),
        ..P_VALUE
    },
    Metric {
        id: "ztest_statistic",
        name: "Z of the share of the second of two levels",
        words: &["z test of the table"],
        summary: "The share of the second level in the reference less the current one, in standard errors.",
        formula: "(p_reference - p_current) / sqrt(p (1 - p) (1 / n + 1 / m)), p over both.",
        reading: "Beyond about 2 in either direction chance alone seldom gets.",
        caveat: "It grows with the number of rows, so it is no effect size.",
        reference: "statsmodels, proportions_ztest",
        reads: of_levels!(|pair| two_levels(pair, z_of)),
        ..STATISTIC
    },
    Metric {
        id: "ztest_pvalue",
        name: "P-value of the share of the second of two levels",
        words: &["z test p value"],
        summary: "The probability of a z at least as far from 0 by chance.",
        formula: "the normal distribution, two-sided.",
        reading: P_READING,
        caveat: P_CAVEAT,
        reference: "statsmodels, proportions_ztest",
        reads: of_levels!(|pair| two_levels(pair, |table| z_of(table).map(two_sided))),
        ..P_VALUE
    },
    Metric {
        id: "new_level_share",
        name: "Share of rows with a new level",
        aliases: &[],
        words: &["share of new levels", "unseen levels"],
        summary: "The share of current rows with a value whose level the reference does not have.",
        formula: "rows whose level is not in the reference, over rows with a value.",
        reading: "0: everything was seen before. A model knows nothing of a new level.",
        caveat: "Where a column has many rare levels, some are always new.",
        reference: "NannyML, unseen values",
        unit: Unit::Share,
        direction: Direction::LowerIsBetter,
        reads: of_levels!(|pair| {
            let new = pair.table().iter().filter(|(a, _)| *a == 0).map(|(_, b)| b).sum();
            vec![Measured::plain(share(new, pair.current.present()))]
        }),
        ..DISTANCE
    },
    Metric {
        id: "new_levels",
        name: "New levels",
        words: &["number of new levels"],
        summary: "How many levels the current data has that the reference has not.",
        formula: "levels in the current data and not in the reference.",
        reading: "0: no new level.",
        caveat: "One row is enough for a level; read the share of rows beside it.",
        reference: "Deepchecks, New Category",
        unit: Unit::Count,
        range: (0.0, f64::INFINITY),
        direction: Direction::LowerIsBetter,
        reads: of_levels!(|pair| absent(pair, |(reference, _)| *reference)),
        ..DISTANCE
    },
    Metric {
        id: "vanished_levels",
        name: "Vanished levels",
        words: &["number of vanished levels"],
        summary: "How many levels the reference has that the current data has not.",
        formula: "levels in the reference and not in the current data.",
        reading: "0: no level has vanished.",
        caveat: "Of fewer rows rare levels are missing by chance.",
        reference: "Great Expectations, distinct values to contain set",
        unit: Unit::Count,
        range: (0.0, f64::INFINITY),
        direction: Direction::Neutral,
        reads: of_levels!(|pair| absent(pair, |(_, current)| *current)),
        ..DISTANCE
    },
];

fn absent(pair: &Pair<'_>, rows: fn(&(u64, u64)) -> u64) -> Vec<Measured> {
    let count = pair.table().iter().filter(|level| rows(level) == 0).count();
    let reading = if pair.support() == 0 {
        Reading::undefined(Code::NoRows, 0)
    } else {
        Reading::exact(count as f64, pair.support())
    };
    vec![Measured::plain(reading)]
}

fn pearson(pair: &Pair<'_>) -> Option<Tested> {
    let first: Vec<f64> = pair.table().iter().map(|(a, _)| *a as f64).collect();
    let second: Vec<f64> = pair.table().iter().map(|(_, b)| *b as f64).collect();
    let test = chi_squared(&[&first, &second])?;
    Some(Tested {
        statistic: test.statistic,
        p_value: test.p_value,
    })
}

fn reading(pair: &Pair<'_>, value: Option<f64>) -> Reading {
    let support = pair.support();
    match value {
        _ if support == 0 => Reading::undefined(Code::NoRows, support),
        Some(value) => Reading::exact(value, support),
        None => Reading::undefined(Code::NoSpread, support),
    }
}

fn tested(pair: &Pair<'_>, test: fn(&Pair<'_>) -> Option<Tested>, of: fn(&Tested, f64) -> f64) -> Vec<Measured> {
    let rows = (pair.reference.present() + pair.current.present()) as f64;
    vec![Measured::plain(reading(pair, test(pair).map(|test| of(&test, rows))))]
}

fn square(pair: &Pair<'_>) -> Option<[[u64; 2]; 2]> {
    let [a, b] = pair.table() else { return None };
    Some([[a.0, b.0], [a.1, b.1]])
}

/// The plain form, and with two levels the one with Yates' correction.
fn corrected(pair: &Pair<'_>, of: fn(&Tested) -> f64) -> Vec<Measured> {
    let mut forms = vec![Measured::plain(reading(pair, pearson(pair).as_ref().map(of)))];
    if let Some(table) = square(pair) {
        let value = yates(table).as_ref().map(of);
        forms.push(Measured::with(&[("correction", "yates".to_owned())], reading(pair, value)));
    }
    forms
}

/// What exists for two levels only.
fn two_levels(pair: &Pair<'_>, of: fn([[u64; 2]; 2]) -> Option<f64>) -> Vec<Measured> {
    square(pair).map_or_else(Vec::new, |table| vec![Measured::plain(reading(pair, of(table)))])
}

/// The standardised difference of the shares of the second level, reference less current.
pub fn z_of(table: [[u64; 2]; 2]) -> Option<f64> {
    let [[a, b], [c, d]] = table.map(|row| row.map(|count| count as f64));
    let (n, m) = (a + b, c + d);
    let pooled = (b + d) / (n + m);
    let variance = pooled * (1.0 - pooled) * (1.0 / n + 1.0 / m);
    (variance > 0.0).then(|| (b / n - d / m) / variance.sqrt())
}
