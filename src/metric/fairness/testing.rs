//! Tests of a group's rate against the reference group's.

use super::super::between::{Between, Groups, ShareOf, plain};
use super::super::spec::{Direction, Metric, Read};
use super::super::view::Subject;
use super::super::{Task, UndefinedCode as Code};
use super::{CRITERION, FALSE_POSITIVE, RECALL, SELECTION};
use crate::stats::hypothesis::{Side, fisher_exact, two_sided};
use crate::stats::multiple::Correction;

const TESTED: [ShareOf; 3] = [SELECTION, FALSE_POSITIVE, RECALL];

fn needs(subject: &Subject<'_>) -> bool {
    subject.task == Some(Task::Binary) && subject.rows.prediction.is_some()
}

/// A table of two by two: hits and misses of a group, hits and misses of the reference group.
type Table = [[u64; 2]; 2];

/// One number for every tested rate of every group against the reference group.
fn pair_by_pair(groups: &Groups<'_>, read: fn(&Table) -> Result<f64, Code>) -> Vec<Between> {
    let mut out = Vec::new();
    for share in &TESTED {
        for (place, group, base) in groups.pairs() {
            let support = share.support(group).min(share.support(base));
            if support == 0 && share.metric != SELECTION.metric {
                continue;
            }
            let counts = share.counts(group).zip(share.counts(base));
            let value = match counts {
                None => Err(Code::Weighted),
                Some(_) if support == 0 => Err(Code::NoRows),
                Some((a, b)) => read(&[a, b]),
            };
            out.push(Between {
                params: vec![("of", share.metric.to_owned())],
                comparison: None,
                group: Some(place),
                reading: plain(value, support),
            });
        }
    }
    out
}

/// The standard normal deviate of the difference, the variance pooled.
fn deviate([[a, b], [c, d]]: &Table) -> Result<f64, Code> {
    let [a, b, c, d] = [*a, *b, *c, *d].map(|count| count as f64);
    let (first, second) = (a + b, c + d);
    let pooled = (a + c) / (first + second);
    let variance = pooled * (1.0 - pooled) * (1.0 / first + 1.0 / second);
    if variance > 0.0 {
        Ok((a / first - c / second) / variance.sqrt())
    } else {
        Err(Code::ZeroDenominator)
    }
}

fn z_statistic(groups: &Groups<'_>) -> Vec<Between> {
    pair_by_pair(groups, deviate)
}

fn z_p_value(groups: &Groups<'_>) -> Vec<Between> {
    pair_by_pair(groups, |table| deviate(table).map(two_sided))
}

/// Plain, and corrected for all rates and groups of this grouping that have enough rows.
fn fisher_p_value(groups: &Groups<'_>) -> Vec<Between> {
    let mut out = pair_by_pair(groups, |table| Ok(fisher_exact(*table, Side::Both)));
    let judged = |between: &Between| between.reading.value.ok().filter(|_| between.reading.support >= groups.min_support);
    let values: Vec<f64> = out.iter().filter_map(judged).collect();
    let correction = Correction::BenjaminiHochberg;
    let mut adjusted = correction.adjust(&values).into_iter();
    let corrected = out.clone().into_iter().map(|mut between| {
        between.params.push(("correction", correction.id().to_owned()));
        let value = match judged(&between) {
            Some(_) => adjusted.next().ok_or(Code::TooFewRows),
            None => Err(between.reading.value.err().unwrap_or(Code::TooFewRows)),
        };
        between.reading = plain(value, between.reading.support);
        between
    });
    out.extend(corrected);
    out
}

fn odds_ratio(groups: &Groups<'_>) -> Vec<Between> {
    let ratio = |[[a, b], [c, d]]: &Table| match (a * d, b * c) {
        (0, 0) => Err(Code::ZeroDenominator),
        (_, 0) => Ok(f64::INFINITY),
        (up, down) => Ok(up as f64 / down as f64),
    };
    pair_by_pair(groups, ratio)
}

const EVIDENCE: Metric = Metric {
    direction: Direction::Neutral,
    ..CRITERION
};

/// The rows of this part.
pub(super) const METRICS: [Metric; 4] = [
    Metric {
        id: "z_statistic",
        name: "z statistic",
        aliases: &["two_proportion_z"],
        words: &[],
        summary: "How many standard errors a group's rate is from the reference group's.",
        formula: "difference of both rates over its standard error under one common rate",
        reading: "Beyond about 2 in either direction, chance is a poor explanation.",
        caveat: "It needs some tens of rows in each group; Fisher's test does not.",
        reference: "statsmodels, proportions_ztest",
        range: (f64::NEG_INFINITY, f64::INFINITY),
        reads: &[Read::Between { needs, read: z_statistic }],
        ..EVIDENCE
    },
    Metric {
        id: "z_p_value",
        name: "p-value of the z test",
        aliases: &[],
        words: &[],
        summary: "How probable so large a difference of two rates would be if chance alone were at work, by the z test.",
        formula: "two-sided p-value of the z statistic",
        reading: "Small values speak against chance; they do not say that the gap is large.",
        caveat: "Among many comparisons some are small by chance.",
        reference: "statsmodels, proportions_ztest",
        reads: &[Read::Between { needs, read: z_p_value }],
        ..EVIDENCE
    },
    Metric {
        id: "fisher_p_value",
        name: "p-value of Fisher's test",
        aliases: &["fisher_exact"],
        words: &[],
        summary: "How probable so large a difference of two rates would be if chance alone were at work, by Fisher's exact test.",
        formula: "two-sided p-value of Fisher's exact test; with correction: Benjamini and Hochberg over the rates and groups of the grouping",
        reading: "Small values speak against chance; they do not say that the gap is large.",
        caveat: "Among many comparisons some are small by chance: read the corrected one.",
        reference: "Fisher 1935; SciPy, fisher_exact; Benjamini and Hochberg 1995",
        reads: &[Read::Between {
            needs,
            read: fisher_p_value,
        }],
        ..EVIDENCE
    },
    Metric {
        id: "odds_ratio",
        name: "odds ratio",
        aliases: &[],
        words: &[],
        summary: "The odds of a group over the odds of the reference group.",
        formula: "(hits / misses of the group) / (hits / misses of the reference group)",
        reading: "1 is no difference, 2 twice the odds.",
        caveat: "Odds are not rates: with common events the odds ratio looks larger than the ratio of rates.",
        reference: "SciPy, fisher_exact",
        range: (0.0, f64::INFINITY),
        reads: &[Read::Between { needs, read: odds_ratio }],
        ..EVIDENCE
    },
];
