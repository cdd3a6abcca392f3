//! How misses and false alarms are balanced in a group.

use super::super::UndefinedCode as Code;
use super::super::dual::Dual;
use super::super::reading::Reading;
use super::super::spec::{Compare, Direction, Metric, Read};
use super::CRITERION;

fn misses_for_each_false_alarm([_, fp, fn_, _]: [Dual; 4]) -> Result<Dual, Code> {
    if fp.value > 0.0 { Ok(fn_ / fp) } else { Err(Code::ZeroDenominator) }
}

/// The rows of this part.
pub(super) const METRICS: [Metric; 1] = [Metric {
    id: "treatment_ratio",
    name: "misses for each false alarm",
    aliases: &["false_negatives_to_false_positives"],
    words: &[],
    summary: "How many positives are missed for each negative that is flagged.",
    formula: "false negatives / false positives",
    reading: "1 means as many misses as false alarms; treatment equality asks for the same in every group.",
    caveat: "It says how errors are balanced, not how many there are. Undefined without false positives.",
    reference: "Berk and others 2018",
    direction: Direction::Neutral,
    range: (0.0, f64::INFINITY),
    compare: Compare::Both,
    reads: &[Read::Outcomes {
        form: |_| Some(Vec::new()),
        read: |outcomes, _| Reading::ratio(outcomes, misses_for_each_false_alarm),
    }],
    ..CRITERION
}];
