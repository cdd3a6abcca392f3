//! The checks of an audit whose owner brought none: few, each with its reason and its source.

use std::collections::BTreeMap;

use super::condition::{Bound, Check, Condition, Relation, Severity, Subject};
use super::suite::Suite;
use crate::metric::Comparison;

/// One of them, before it is made.
struct Row {
    id: &'static str,
    metric: &'static str,
    comparison: Option<Comparison>,
    relation: Relation,
    bound: Limit,
    severity: Severity,
    optional: bool,
    why: &'static str,
}

enum Limit {
    Number(f64),
    Metric(&'static str),
}

/// In the order in which they are read.
const DEFAULTS: [Row; 8] = [
    Row {
        id: "enough_rows",
        metric: "rows",
        comparison: None,
        relation: Relation::AtLeast,
        bound: Limit::Number(100.0),
        severity: Severity::Warn,
        optional: false,
        why: "Below 100 rows, the 95 % interval of a share can reach 10 points to either side (Wilson 1927), so little can be said.",
    },
    Row {
        id: "beats_majority",
        metric: "accuracy",
        comparison: None,
        relation: Relation::AtLeast,
        bound: Limit::Metric("majority_share"),
        severity: Severity::Fail,
        optional: true,
        why: "Always answering with the most frequent class needs no model; a model that is right no more often adds nothing to that.",
    },
    Row {
        id: "ranks_better_than_chance",
        metric: "roc_auc",
        comparison: None,
        relation: Relation::AtLeast,
        bound: Limit::Number(0.5),
        severity: Severity::Fail,
        optional: true,
        why: "Scores drawn by chance rank half of the pairs of a positive and a negative row rightly (Hanley and McNeil 1982).",
    },
    Row {
        id: "four_fifths",
        metric: "selection_rate",
        comparison: Some(Comparison::Ratio),
        relation: Relation::AtLeast,
        bound: Limit::Number(0.8),
        severity: Severity::Fail,
        optional: true,
        why: "The four-fifths rule: a group selected at less than four fifths of the rate of the group selected most often is generally regarded as evidence of \
              adverse impact in employment (US Uniform Guidelines on Employee Selection Procedures 1978, 29 CFR 1607.4(D)); elsewhere it is a convention.",
    },
    Row {
        id: "equal_opportunity",
        metric: "recall",
        comparison: Some(Comparison::Difference),
        relation: Relation::AtMost,
        bound: Limit::Number(0.1),
        severity: Severity::Warn,
        optional: true,
        why: "Equality of opportunity: rows positive in truth should be found equally often in every group (Hardt, Price and Srebro 2016); \
              the bound of 10 in 100 is a convention, to be set to what the use demands.",
    },
    Row {
        id: "false_alarm_gap",
        metric: "false_positive_rate",
        comparison: Some(Comparison::Difference),
        relation: Relation::AtMost,
        bound: Limit::Number(0.1),
        severity: Severity::Warn,
        optional: true,
        why: "The other half of equalized odds: rows negative in truth should be flagged wrongly equally often in every group (Hardt, Price and \
              Srebro 2016); the bound of 10 in 100 is a convention, to be set to what the use demands.",
    },
    Row {
        id: "explains_variation",
        metric: "r2",
        comparison: None,
        relation: Relation::AtLeast,
        bound: Limit::Number(0.0),
        severity: Severity::Fail,
        optional: true,
        why: "Always answering with the mean of the truth gets an R2 of 0 and needs no model; below 0 the predictions are worse than that.",
    },
    Row {
        id: "no_drift",
        metric: "drifted_columns",
        comparison: None,
        relation: Relation::AtMost,
        bound: Limit::Number(0.0),
        severity: Severity::Warn,
        optional: true,
        why: "A model was judged on rows like those of the reference; where a column has changed by more than little and by more than chance, that \
              judgement may not hold any more.",
    },
];

/// The suite of an audit without one. Every check but the first is set aside where the data has nothing to measure it on, so that one list serves
/// two classes, more classes and numbers alike.
pub fn default_suite() -> Suite {
    Suite {
        checks: DEFAULTS.iter().map(check).collect(),
    }
}

fn check(row: &Row) -> Check {
    Check {
        id: row.id.to_owned(),
        subject: Subject {
            metric: row.metric.to_owned(),
            params: BTreeMap::new(),
            comparison: row.comparison,
            ..Subject::default()
        },
        condition: Condition {
            relation: row.relation,
            bound: match row.bound {
                Limit::Number(bound) => Bound::Constant(bound),
                Limit::Metric(metric) => Bound::Metric { metric: metric.to_owned() },
            },
        },
        severity: row.severity,
        optional: row.optional,
        why: row.why.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::sentence::{parse, print};

    #[test]
    fn every_default_reads_as_a_sentence_and_is_explained() {
        for check in default_suite().checks {
            assert_eq!(parse(&print(&check)).as_ref(), Ok(&check));
            assert!(check.why.len() > 40 && check.why.ends_with('.'), "{}", check.id);
        }
    }

    #[test]
    fn the_defaults_are_these() {
        let sentences: Vec<String> = default_suite()
            .checks
            .into_iter()
            .map(|mut check| {
                check.why.clear();
                print(&check)
            })
            .collect();
        assert_eq!(
            sentences,
            [
                "enough_rows: rows is at least 100, else warn",
                "beats_majority: accuracy is at least majority_share, where measured",
                "ranks_better_than_chance: roc_auc is at least 0.5, where measured",
                "four_fifths: the ratio of selection_rate between groups is at least 0.8, where measured",
                "equal_opportunity: the difference of recall between groups is at most 0.1, else warn, where measured",
                "false_alarm_gap: the difference of false_positive_rate between groups is at most 0.1, else warn, where measured",
                "explains_variation: r2 is at least 0, where measured",
                "no_drift: drifted_columns is at most 0, else warn, where measured",
            ]
        );
    }
}
