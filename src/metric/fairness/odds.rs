//! Criteria over the two error rates, or over the two predictive values.

use super::super::between::{Between, Groups, ShareOf, plain};
use super::super::cells::Outcomes;
use super::super::reading::{Evidence, Reading};
use super::super::spec::{Metric, Read};
use super::super::{Comparison, UndefinedCode as Code};
use super::{CRITERION, FALSE_OMISSION, FALSE_POSITIVE, PRECISION, RECALL, has_both};
use crate::stats::interval::{self, Method, Share};

const ODDS: [ShareOf; 2] = [RECALL, FALSE_POSITIVE];
const PREDICTIVE: [ShareOf; 2] = [PRECISION, FALSE_OMISSION];

/// Largest minus smallest, and smallest over largest, over the groups where the share is defined.
struct Gap {
    difference: f64,
    ratio: Result<f64, Code>,
    support: u64,
}

fn gap(share: &ShareOf, groups: &Groups<'_>) -> Result<Gap, Code> {
    let defined: Vec<(f64, u64)> = groups
        .groups
        .iter()
        .filter_map(|group| Some((share.value(group)?, share.support(group))))
        .collect();
    if defined.len() < 2 {
        return Err(Code::TooFewGroups);
    }
    let low = defined.iter().map(|(value, _)| *value).fold(f64::INFINITY, f64::min);
    let high = defined.iter().map(|(value, _)| *value).fold(f64::NEG_INFINITY, f64::max);
    Ok(Gap {
        difference: high - low,
        ratio: if high > 0.0 { Ok(low / high) } else { Err(Code::ZeroDenominator) },
        support: defined.iter().map(|(_, support)| *support).min().unwrap_or(0),
    })
}

fn worst(a: f64, b: f64) -> f64 {
    a.max(b)
}

fn lowest(a: f64, b: f64) -> f64 {
    a.min(b)
}

fn mean(a: f64, b: f64) -> f64 {
    f64::midpoint(a, b)
}

type Fold = fn(f64, f64) -> f64;

/// Over all groups, the worse and the mean of both gaps; against the reference group, the larger of both differences.
fn equalized_odds(groups: &Groups<'_>) -> Vec<Between> {
    let gaps = ODDS.map(|share| gap(&share, groups));
    let support = gaps.iter().flatten().map(|gap| gap.support).min().unwrap_or(0);
    let mut out = Vec::new();
    let kinds: [(Comparison, [(&str, Fold); 2]); 2] = [
        (Comparison::Difference, [("worst_case", worst), ("mean", mean)]),
        (Comparison::Ratio, [("worst_case", lowest), ("mean", mean)]),
    ];
    for (comparison, forms) in kinds {
        for (name, fold) in forms {
            let part = |gap: &Result<Gap, Code>| match (gap, comparison) {
                (Err(code), _) => Err(*code),
                (Ok(gap), Comparison::Ratio) => gap.ratio,
                (Ok(gap), _) => Ok(gap.difference),
            };
            let value = part(&gaps[0]).and_then(|a| Ok(fold(a, part(&gaps[1])?)));
            out.push(Between::all(
                Some(comparison),
                vec![("aggregate", name.to_owned())],
                plain(value, support),
            ));
        }
    }
    out.push(judged(groups));
    out.extend(to_reference(groups, &ODDS, |a, b| a.abs().max(b.abs())));
    out
}

/// The worse of both gaps over the groups with enough rows. Its limits hold both gaps at once: each is given half of the error (Bonferroni), and
/// the larger of two numbers is between the larger of their lower and the larger of their upper limits.
fn judged(groups: &Groups<'_>) -> Between {
    let level = 1.0 - (1.0 - groups.level) / 2.0;
    let parts = ODDS.map(|share| {
        let read = |group: &&Outcomes| Reading::share(group, share.hits, share.of, Code::ZeroDenominator);
        let readings: Vec<Reading> = groups.groups.iter().map(read).collect();
        let enough = readings
            .iter()
            .filter(|reading| reading.value.is_ok() && reading.support >= groups.min_support);
        let of_share = |reading: &Reading| match reading.evidence {
            Evidence::Share(share) => Some(share),
            _ => None,
        };
        let shares: Vec<Share> = enough.clone().filter_map(of_share).collect();
        let values = || enough.clone().filter_map(|reading| reading.value.ok());
        let (low, high) = (values().fold(f64::INFINITY, f64::min), values().fold(f64::NEG_INFINITY, f64::max));
        let support = enough.clone().map(|reading| reading.support).min().unwrap_or(0);
        let is_known = enough.clone().count() >= 2;
        is_known.then(|| (high - low, interval::gap(&shares, level), support))
    });
    let params = vec![
        ("aggregate", "worst_case".to_owned()),
        ("min_support", groups.min_support.to_string()),
    ];
    let reading = match parts {
        [Some((a, a_limits, a_support)), Some((b, b_limits, b_support))] => {
            let limits = a_limits.zip(b_limits).map(|(a, b)| (a.low.max(b.low), a.high.max(b.high)));
            Reading::with_limits(worst(a, b), limits, Method::SidakNewcombe, a_support.min(b_support))
        }
        _ => Reading::undefined(Code::TooFewGroups, 0),
    };
    Between::all(Some(Comparison::Difference), params, reading)
}

fn average_odds(groups: &Groups<'_>) -> Vec<Between> {
    to_reference(groups, &ODDS, mean)
}

fn average_absolute_odds(groups: &Groups<'_>) -> Vec<Between> {
    to_reference(groups, &ODDS, |a, b| mean(a.abs(), b.abs()))
}

fn average_predictive_value(groups: &Groups<'_>) -> Vec<Between> {
    to_reference(groups, &PREDICTIVE, mean)
}

/// Two differences from the reference group, folded.
fn to_reference(groups: &Groups<'_>, shares: &[ShareOf; 2], fold: Fold) -> Vec<Between> {
    let one = |(place, group, base): (usize, &Outcomes, &Outcomes)| {
        let differences = shares.map(|share| Some(share.value(group)? - share.value(base)?));
        let supports = shares.iter().flat_map(|share| [share.support(group), share.support(base)]);
        let value = differences[0].zip(differences[1]).map(|(a, b)| fold(a, b));
        Between {
            params: Vec::new(),
            comparison: Some(Comparison::ToReferenceDifference),
            group: Some(place),
            reading: Reading {
                ..plain(value.ok_or(Code::ReferenceUnusable), supports.min().unwrap_or(0))
            },
        }
    };
    groups.pairs().map(one).collect()
}

/// The rows of this part.
pub(super) const METRICS: [Metric; 4] = [
    Metric {
        id: "equalized_odds",
        name: "equalized odds",
        aliases: &["odds_parity"],
        words: &["equalised odds"],
        summary: "Whether groups differ in how often positives are found and negatives are flagged.",
        formula: "Over groups: the worse (or the mean) of the gaps in recall and in false positive rate. Against a reference group: the larger of both differences.",
        reading: "0 as a difference and 1 as a ratio mean equal rates in all groups.",
        caveat: "The largest of several gaps grows with the number of groups even where no true gap exists.",
        reference: "Hardt, Price and Srebro 2016; fairlearn, equalized_odds_difference; AIF360, equalized_odds_difference",
        reads: &[Read::Between {
            needs: has_both,
            read: equalized_odds,
        }],
        ..CRITERION
    },
    Metric {
        id: "average_odds",
        name: "average odds",
        aliases: &["average_odds_difference"],
        words: &[],
        summary: "How much more often a group is flagged than the reference group, averaged over those who are positive and those who are not.",
        formula: "mean of the differences in recall and in false positive rate, group minus reference group",
        reading: "0 means no difference on average.",
        caveat: "A gap in one rate can cancel a gap in the other.",
        reference: "AIF360, average_odds_difference",
        range: (-1.0, 1.0),
        reads: &[Read::Between {
            needs: has_both,
            read: average_odds,
        }],
        ..CRITERION
    },
    Metric {
        id: "average_absolute_odds",
        name: "average absolute odds",
        aliases: &["average_abs_odds_difference"],
        words: &[],
        summary: "How far a group's recall and false positive rate are from the reference group's, on average.",
        formula: "mean of the absolute differences in recall and in false positive rate",
        reading: "0 means equal rates.",
        caveat: "It does not say in whose favour the gap is.",
        reference: "AIF360, average_abs_odds_difference",
        reads: &[Read::Between {
            needs: has_both,
            read: average_absolute_odds,
        }],
        ..CRITERION
    },
    Metric {
        id: "average_predictive_value",
        name: "average predictive value",
        aliases: &["average_predictive_value_difference"],
        words: &[],
        summary: "How much more often a prediction is followed by a positive than in the reference group, averaged over both predictions.",
        formula: "mean of the differences in precision and in false omission rate, group minus reference group",
        reading: "0 means that a prediction is worth the same on average.",
        caveat: "A gap in one value can cancel a gap in the other.",
        reference: "AIF360, average_predictive_value_difference",
        range: (-1.0, 1.0),
        reads: &[Read::Between {
            needs: has_both,
            read: average_predictive_value,
        }],
        ..CRITERION
    },
];
