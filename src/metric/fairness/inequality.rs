//! How unevenly the benefit of predictions is spread over people, and between groups; and differential fairness.

use super::super::between::{Between, Groups, ShareOf, plain};
use super::super::cells::{Cells, Outcomes};
use super::super::spec::{Metric, Read};
use super::super::view::Subject;
use super::super::{Task, UndefinedCode as Code};
use super::{CRITERION, PREVALENCE, SELECTION, has_both};
use crate::stats::math::ln;

/// Weight of people with a benefit of 0 (a positive not found), 1 (a right prediction) and 2 (a negative flagged): prediction - truth + 1.
fn benefits(outcomes: &Outcomes) -> [f64; 3] {
    let weight = |cells: Cells| outcomes.tally(cells).weight();
    [weight(Cells::FN), weight(Cells::TP.or(Cells::TN)), weight(Cells::FP)]
}

fn complete(outcomes: &Outcomes) -> u64 {
    outcomes.tally(Cells::COMPLETE).rows()
}

/// The generalized entropy of benefits with these weights.
fn entropy(spread: &[(f64, f64)], alpha: f64) -> Result<f64, Code> {
    let total: f64 = spread.iter().map(|(_, weight)| weight).sum();
    let mean = spread.iter().map(|(benefit, weight)| benefit * weight).sum::<f64>() / total;
    if total <= 0.0 {
        return Err(Code::NoRows);
    }
    if mean <= 0.0 {
        return Err(Code::ZeroDenominator);
    }
    let term = |benefit: f64| {
        let share = benefit / mean;
        if alpha == 1.0 {
            if share > 0.0 { share * ln(share) } else { 0.0 }
        } else if alpha == 2.0 {
            (share * share - 1.0) / 2.0
        } else {
            // Only a half occurs beside 1 and 2.
            (share.sqrt() - 1.0) / (alpha * (alpha - 1.0))
        }
    };
    Ok(spread.iter().map(|(benefit, weight)| weight * term(*benefit)).sum::<f64>() / total)
}

/// Over everybody.
fn within(outcomes: &[&Outcomes], alpha: f64) -> Result<f64, Code> {
    let mut weights = [0.0; 3];
    for own in outcomes {
        for (sum, weight) in weights.iter_mut().zip(benefits(own)) {
            *sum += weight;
        }
    }
    entropy(&[(0.0, weights[0]), (1.0, weights[1]), (2.0, weights[2])], alpha)
}

/// As if everybody in a group had the group's mean benefit.
fn between(outcomes: &[&Outcomes], alpha: f64) -> Result<f64, Code> {
    let spread: Vec<(f64, f64)> = outcomes
        .iter()
        .map(|own| {
            let [none, one, two] = benefits(own);
            let total = none + one + two;
            ((one + 2.0 * two) / total, total)
        })
        .filter(|(_, total)| *total > 0.0)
        .collect();
    entropy(&spread, alpha)
}

type Measure = fn(&[&Outcomes], f64) -> Result<f64, Code>;

/// Over all groups, and over each group together with the reference group.
fn measured(groups: &Groups<'_>, measure: Measure, alpha: f64, turn: fn(f64) -> f64, params: &[(&'static str, String)]) -> Vec<Between> {
    let rows = |outcomes: &[&Outcomes]| outcomes.iter().map(|own| complete(own)).sum();
    let read = |outcomes: &[&Outcomes]| plain(measure(outcomes, alpha).map(turn), rows(outcomes));
    let mut out = vec![Between::all(None, params.to_vec(), read(&groups.groups))];
    for (place, group, base) in groups.pairs() {
        out.push(Between {
            params: params.to_vec(),
            comparison: None,
            group: Some(place),
            reading: read(&[group, base]),
        });
    }
    out
}

const fn itself(value: f64) -> f64 {
    value
}

/// AIF360's: the root of twice the generalized entropy of order 2.
fn variation(value: f64) -> f64 {
    (2.0 * value).max(0.0).sqrt()
}

fn by_order(groups: &Groups<'_>, measure: Measure) -> Vec<Between> {
    let orders = [("0.5", 0.5), ("1", 1.0), ("2", 2.0)];
    let of_order = |(name, alpha): (&str, f64)| measured(groups, measure, alpha, itself, &[("alpha", name.to_owned())]);
    orders.into_iter().flat_map(of_order).collect()
}

fn generalized_entropy(groups: &Groups<'_>) -> Vec<Between> {
    by_order(groups, within)
}

fn between_group_entropy(groups: &Groups<'_>) -> Vec<Between> {
    by_order(groups, between)
}

fn coefficient_of_variation(groups: &Groups<'_>) -> Vec<Between> {
    measured(groups, within, 2.0, variation, &[])
}

fn between_group_variation(groups: &Groups<'_>) -> Vec<Between> {
    measured(groups, between, 2.0, variation, &[])
}

fn needs_outcome(subject: &Subject<'_>) -> bool {
    subject.task == Some(Task::Binary) && (subject.rows.label.is_some() || subject.rows.prediction.is_some())
}

/// The rate of a group with half a row added to each side: a Dirichlet prior of concentration 1.
fn smoothed(share: &ShareOf, outcomes: &Outcomes) -> f64 {
    (outcomes.tally(share.hits).weight() + 0.5) / (outcomes.tally(share.of).weight() + 1.0)
}

/// The largest distance of the logarithms of two groups' rates, of either outcome.
fn differential(share: &ShareOf, groups: &Groups<'_>) -> Result<f64, Code> {
    let rates: Vec<f64> = groups
        .groups
        .iter()
        .filter(|group| share.support(group) > 0)
        .map(|group| smoothed(share, group))
        .collect();
    if rates.len() < 2 {
        return Err(Code::TooFewGroups);
    }
    let spread = |rate: &dyn Fn(f64) -> f64| {
        let logs = || rates.iter().map(|own| ln(rate(*own)));
        logs().fold(f64::NEG_INFINITY, f64::max) - logs().fold(f64::INFINITY, f64::min)
    };
    Ok(spread(&|rate| rate).max(spread(&|rate| 1.0 - rate)))
}

fn support(share: &ShareOf, groups: &Groups<'_>) -> u64 {
    groups.groups.iter().map(|group| share.support(group)).sum()
}

/// Over all groups, and over each group with the reference group alone.
fn differential_fairness(groups: &Groups<'_>) -> Vec<Between> {
    let mut out = Vec::new();
    for (of, share) in [("prediction", &SELECTION), ("label", &PREVALENCE)] {
        if support(share, groups) > 0 {
            let params = vec![("of", of.to_owned())];
            each(
                groups,
                &params,
                &|groups| plain(differential(share, groups), support(share, groups)),
                &mut out,
            );
        }
    }
    out
}

fn amplification(groups: &Groups<'_>) -> Vec<Between> {
    let mut out = Vec::new();
    let read = |groups: &Groups<'_>| {
        let value = differential(&SELECTION, groups).and_then(|own| Ok(own - differential(&PREVALENCE, groups)?));
        plain(value, support(&SELECTION, groups).min(support(&PREVALENCE, groups)))
    };
    each(groups, &[], &read, &mut out);
    out
}

fn each(
    groups: &Groups<'_>,
    params: &[(&'static str, String)],
    read: &dyn Fn(&Groups<'_>) -> super::super::reading::Reading,
    out: &mut Vec<Between>,
) {
    out.push(Between::all(None, params.to_vec(), read(groups)));
    for (place, group, base) in groups.pairs() {
        let pair = Groups {
            groups: vec![group, base],
            reference: Some(1),
            ..*groups
        };
        out.push(Between {
            params: params.to_vec(),
            comparison: None,
            group: Some(place),
            reading: read(&pair),
        });
    }
}

const INEQUALITY: Metric = Metric {
    range: (0.0, f64::INFINITY),
    reading: "0 is evenly spread; larger is more uneven.",
    caveat: "It takes every wrong flag as a benefit: choose the class that people hope for as the positive one.",
    reference: "Speicher and others 2018; AIF360, generalized_entropy_index",
    ..CRITERION
};

/// The rows of this part.
pub(super) const METRICS: [Metric; 6] = [
    Metric {
        id: "generalized_entropy",
        name: "generalized entropy of benefits",
        aliases: &["generalized_entropy_index", "theil_index"],
        words: &[],
        summary: "How unevenly the benefit of predictions is spread over people.",
        formula: "generalized entropy of order alpha of the benefits prediction - truth + 1; alpha 1 is Theil's index",
        reads: &[Read::Between {
            needs: has_both,
            read: generalized_entropy,
        }],
        ..INEQUALITY
    },
    Metric {
        id: "between_group_entropy",
        name: "between-group entropy of benefits",
        aliases: &["between_group_generalized_entropy_index", "between_group_theil_index"],
        words: &[],
        summary: "The part of the unevenness of benefits that lies between groups.",
        formula: "generalized entropy of order alpha with everybody's benefit replaced by the mean of their group",
        reads: &[Read::Between {
            needs: has_both,
            read: between_group_entropy,
        }],
        ..INEQUALITY
    },
    Metric {
        id: "benefit_variation",
        name: "coefficient of variation of benefits",
        aliases: &["coefficient_of_variation"],
        words: &[],
        summary: "How unevenly the benefit of predictions is spread over people, relative to its mean.",
        formula: "sqrt(2 x generalized entropy of order 2)",
        reads: &[Read::Between {
            needs: has_both,
            read: coefficient_of_variation,
        }],
        ..INEQUALITY
    },
    Metric {
        id: "between_group_benefit_variation",
        name: "between-group coefficient of variation of benefits",
        aliases: &["between_group_coefficient_of_variation"],
        words: &[],
        summary: "How unevenly the benefit of predictions is spread between groups, relative to its mean.",
        formula: "sqrt(2 x between-group entropy of order 2)",
        reads: &[Read::Between {
            needs: has_both,
            read: between_group_variation,
        }],
        ..INEQUALITY
    },
    Metric {
        id: "differential_fairness",
        name: "differential fairness",
        aliases: &["smoothed_empirical_differential_fairness"],
        words: &[],
        summary: "The largest distance between two groups' rates, of either outcome, on a logarithmic scale.",
        formula: "largest |ln(rate of a group) - ln(rate of another)|, for the outcome and its opposite, half a row added to each side",
        reading: "0 is equality; 0.22 is a ratio of 0.8.",
        caveat: "Small groups are pulled towards one half, yet still vary by chance.",
        reference: "Foulds and others 2020; AIF360, smoothed_empirical_differential_fairness",
        range: (0.0, f64::INFINITY),
        reads: &[Read::Between {
            needs: needs_outcome,
            read: differential_fairness,
        }],
        ..CRITERION
    },
    Metric {
        id: "bias_amplification",
        name: "bias amplification",
        aliases: &["differential_fairness_bias_amplification"],
        words: &[],
        summary: "How much farther apart the predictions are between groups than the truth is.",
        formula: "differential fairness of the predictions less that of the truth",
        reading: "Above 0 the predictions widen the gap that the truth has.",
        caveat: "A truth that is itself unfair makes a bad yardstick.",
        reference: "Foulds and others 2020; AIF360, differential_fairness_bias_amplification",
        range: (f64::NEG_INFINITY, f64::INFINITY),
        reads: &[Read::Between {
            needs: has_both,
            read: amplification,
        }],
        ..CRITERION
    },
];
