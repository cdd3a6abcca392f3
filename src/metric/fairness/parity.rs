//! Parity by a fixed factor: whether a group's rate is near enough to the reference group's, as the four-fifths rule asks.

use super::super::UndefinedCode as Code;
use super::super::between::{Between, Groups, ShareOf};
use super::super::cells::{Cells, Outcomes};
use super::super::reading::Reading;
use super::super::spec::{Direction, Metric, Read, Unit};
use super::{CRITERION, FALSE_OMISSION, FALSE_POSITIVE, PRECISION, RECALL, SELECTION, has_both, share};

const RATES: [ShareOf; 8] = [
    SELECTION,
    PRECISION,
    share("false_discovery_rate", Cells::FP, Cells::TP.or(Cells::FP)),
    FALSE_POSITIVE,
    FALSE_OMISSION,
    share("false_negative_rate", Cells::FN, Cells::TP.or(Cells::FN)),
    RECALL,
    share("specificity", Cells::TN, Cells::FP.or(Cells::TN)),
];
const NEGATIVE_PREDICTIVE: ShareOf = share("negative_predictive_value", Cells::TN, Cells::FN.or(Cells::TN));

/// Criteria that ask for parity in two rates.
const PAIRS: [(&str, [ShareOf; 2]); 3] = [
    ("type_i", [RATES[2], FALSE_POSITIVE]),
    ("type_ii", [FALSE_OMISSION, RATES[5]]),
    ("equalized_odds", [FALSE_POSITIVE, RECALL]),
];

fn parity(groups: &Groups<'_>) -> Vec<Between> {
    let tau = groups.tau;
    let mut out = Vec::new();
    for (place, group, base) in groups.with_reference() {
        let near = |share: &ShareOf| -> Result<bool, Code> {
            let (own, other) = (share.value(group), share.value(base));
            let (Some(own), Some(other)) = (own, other) else {
                return Err(Code::ReferenceUnusable);
            };
            if other == 0.0 {
                return Err(Code::ReferenceUnusable);
            }
            Ok((tau..=1.0 / tau).contains(&(own / other)))
        };
        let mut push = |of: &str, value: Result<bool, Code>, support: u64| {
            out.push(Between {
                params: vec![("of", of.to_owned()), ("tau", tau.to_string())],
                comparison: None,
                group: Some(place),
                reading: match value {
                    Ok(holds) => Reading::exact(f64::from(u8::from(holds)), support),
                    Err(code) => Reading::undefined(code, support),
                },
            });
        };
        push(
            "predicted_positive_share",
            near_in_number(group, base, tau),
            rows(group, base, &SELECTION),
        );
        for share in RATES.iter().chain([&NEGATIVE_PREDICTIVE]) {
            push(share.metric, near(share), rows(group, base, share));
        }
        for (name, [a, b]) in &PAIRS {
            // A rate that is too far off settles it, whether the other is known or not.
            let both = match (near(a), near(b)) {
                (Ok(false), _) | (_, Ok(false)) => Ok(false),
                (first, second) => first.and(second),
            };
            push(name, both, rows(group, base, a).min(rows(group, base, b)));
        }
    }
    out
}

fn rows(group: &Outcomes, base: &Outcomes, share: &ShareOf) -> u64 {
    share.support(group).min(share.support(base))
}

/// Whether two groups hold about as many of all positive predictions: what aequitas calls statistical parity.
fn near_in_number(group: &Outcomes, base: &Outcomes, tau: f64) -> Result<bool, Code> {
    let (own, other) = (group.tally(Cells::SELECTED).weight(), base.tally(Cells::SELECTED).weight());
    if other > 0.0 {
        Ok((tau..=1.0 / tau).contains(&(own / other)))
    } else {
        Err(Code::ReferenceUnusable)
    }
}

/// The rows of this part.
pub(super) const METRICS: [Metric; 1] = [Metric {
    id: "parity",
    name: "parity",
    aliases: &["tau_rule"],
    words: &[],
    summary: "Whether a group's rate is within a fixed factor of the reference group's.",
    formula: "yes where tau <= group's rate / reference group's rate <= 1 / tau, tau 0.8 unless set",
    reading: "Yes or no, by rate; type_i asks for false discovery and false positive rate together, type_ii for false omission and false negative rate.",
    caveat: "It looks at the plain values: with few rows, chance alone breaks the rule.",
    reference: "aequitas, Fairness(tau=0.8); Uniform Guidelines on Employee Selection Procedures 1978, section 4D",
    direction: Direction::Neutral,
    unit: Unit::YesNo,
    reads: &[Read::Between {
        needs: has_both,
        read: parity,
    }],
    ..CRITERION
}];
