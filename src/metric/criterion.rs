//! The named criteria of fairness: which number each asks for, between which groups, and what it means.
//!
//! A criterion measures nothing of its own: it is a metric's gap or ratio between groups, under the name by which people are held to it.

/// The number that a criterion asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Asks {
    /// The gap of a metric: its largest value less its smallest.
    Gap(&'static str),
    /// The ratio of a metric: its smallest value over its largest.
    Ratio(&'static str),
    /// The larger one of the gaps in recall and in false positive rate.
    Odds,
    /// The largest gap in what is observed at the same score, or the largest error of calibration in a group.
    Calibration,
    /// The largest gap of a metric within a level of a control feature.
    WithinControl(&'static str),
}

/// A named criterion.
#[derive(Debug, Clone, Copy)]
pub struct Criterion {
    /// Its id.
    pub id: &'static str,
    /// Its name in prose.
    pub name: &'static str,
    /// Other names that find it.
    pub aliases: &'static [&'static str],
    /// The number.
    pub asks: Asks,
    /// What it asks for, in one sentence.
    pub summary: &'static str,
    /// How the number is computed.
    pub formula: &'static str,
    /// How to read a value.
    pub reading: &'static str,
    /// What it hides.
    pub caveat: &'static str,
    /// Where it comes from.
    pub reference: &'static str,
}

const NONE: &str = "0 means that groups are alike; shares are 0 to 1.";

/// The criteria, in the order they are shown.
pub const CRITERIA: [Criterion; 13] = [
    Criterion {
        id: "demographic_parity",
        name: "demographic parity",
        aliases: &["statistical_parity", "independence"],
        asks: Asks::Gap("selection_rate"),
        summary: "Every group is predicted positive equally often.",
        formula: "largest selection rate less smallest, over groups",
        reading: NONE,
        caveat: "It does not look at the truth: where groups differ in it, even a perfect model has a gap.",
        reference: "Calders, Kamiran and Pechenizkiy 2009; Dwork and others 2012",
    },
    Criterion {
        id: "disparate_impact",
        name: "disparate impact",
        aliases: &["impact_ratio"],
        asks: Asks::Ratio("selection_rate"),
        summary: "The group selected least often is selected nearly as often as the group selected most often.",
        formula: "smallest selection rate over largest, over groups",
        reading: "1 means equal rates; below 0.8 the four-fifths rule speaks of adverse impact.",
        caveat: "Of small rates a small gap is a small ratio. It does not look at the truth.",
        reference: "29 CFR 1607.4 D (1978); Feldman and others 2015",
    },
    Criterion {
        id: "equal_opportunity",
        name: "equal opportunity",
        aliases: &["true_positive_parity"],
        asks: Asks::Gap("recall"),
        summary: "Those who are positive in truth are found equally often in every group.",
        formula: "largest recall less smallest, over groups",
        reading: NONE,
        caveat: "It takes the label for the truth, and says nothing about those who are negative.",
        reference: "Hardt, Price and Srebro 2016",
    },
    Criterion {
        id: "predictive_equality",
        name: "predictive equality",
        aliases: &["false_positive_parity"],
        asks: Asks::Gap("false_positive_rate"),
        summary: "Those who are negative in truth are flagged equally often in every group.",
        formula: "largest false positive rate less smallest, over groups",
        reading: NONE,
        caveat: "It takes the label for the truth, and says nothing about those who are positive.",
        reference: "Chouldechova 2017; Corbett-Davies and others 2017",
    },
    Criterion {
        id: "equalized_odds_parity",
        name: "equalized odds, worst case",
        aliases: &["separation"],
        asks: Asks::Odds,
        summary: "Among those alike in truth, every group is predicted positive equally often.",
        formula: "the larger one of the gaps in recall and in false positive rate",
        reading: NONE,
        caveat: "The limits hold both gaps at once, so that they are wider than those of each.",
        reference: "Hardt, Price and Srebro 2016",
    },
    Criterion {
        id: "predictive_parity",
        name: "predictive parity",
        aliases: &["precision_parity", "sufficiency"],
        asks: Asks::Gap("precision"),
        summary: "Of those predicted positive, the same share is positive in truth in every group.",
        formula: "largest precision less smallest, over groups",
        reading: NONE,
        caveat: "With unequal base rates it cannot hold together with equal error rates.",
        reference: "Chouldechova 2017",
    },
    Criterion {
        id: "false_omission_parity",
        name: "false omission parity",
        aliases: &[],
        asks: Asks::Gap("false_omission_rate"),
        summary: "Of those predicted negative, the same share is positive in truth in every group.",
        formula: "largest false omission rate less smallest, over groups",
        reading: NONE,
        caveat: "With unequal base rates it cannot hold together with equal error rates.",
        reference: "Saleiro and others 2018, aequitas",
    },
    Criterion {
        id: "accuracy_equality",
        name: "accuracy equality",
        aliases: &["overall_accuracy_equality"],
        asks: Asks::Gap("accuracy"),
        summary: "Every group is predicted right equally often.",
        formula: "largest accuracy less smallest, over groups",
        reading: NONE,
        caveat: "Errors of different kinds weigh the same: one group may bear the false alarms, another the misses.",
        reference: "Berk and others 2018",
    },
    Criterion {
        id: "treatment_equality",
        name: "treatment equality",
        aliases: &[],
        asks: Asks::Ratio("treatment_ratio"),
        summary: "Every group has as many misses for each false alarm.",
        formula: "smallest ratio of false negatives to false positives over largest, over groups",
        reading: "1 means that the two errors are balanced alike in every group.",
        caveat: "It looks at the balance of errors, not at how many there are.",
        reference: "Berk and others 2018",
    },
    Criterion {
        id: "calibration_within_groups",
        name: "calibration within groups",
        aliases: &["test_fairness"],
        asks: Asks::Calibration,
        summary: "The same score means the same share of positives in every group.",
        formula: "where the score takes few values, the largest gap in the observed rate at one of them; else the largest expected calibration error of a group",
        reading: NONE,
        caveat: "The largest of many gaps grows with how many there are; a calibrated score can still rank a group badly.",
        reference: "Kleinberg, Mullainathan and Raghavan 2017",
    },
    Criterion {
        id: "balance_positive",
        name: "balance for the positive class",
        aliases: &[],
        asks: Asks::Gap("mean_score_positives"),
        summary: "Those who are positive in truth get the same average score in every group.",
        formula: "largest mean score of positives less smallest, over groups",
        reading: "0 means the same average score; in the unit of the score.",
        caveat: "Equal averages can hide unequal errors at the threshold.",
        reference: "Kleinberg, Mullainathan and Raghavan 2017",
    },
    Criterion {
        id: "balance_negative",
        name: "balance for the negative class",
        aliases: &[],
        asks: Asks::Gap("mean_score_negatives"),
        summary: "Those who are negative in truth get the same average score in every group.",
        formula: "largest mean score of negatives less smallest, over groups",
        reading: "0 means the same average score; in the unit of the score.",
        caveat: "Equal averages can hide unequal errors at the threshold.",
        reference: "Kleinberg, Mullainathan and Raghavan 2017",
    },
    Criterion {
        id: "conditional_parity",
        name: "conditional demographic parity",
        aliases: &["conditional_statistical_parity"],
        asks: Asks::WithinControl("selection_rate"),
        summary: "Among those alike in a control feature, every group is predicted positive equally often.",
        formula: "the largest gap in selection rate within a level of the control feature",
        reading: NONE,
        caveat: "Which features may explain a difference is a decision; a feature that carries the difference hides it.",
        reference: "Kamiran, Zliobaite and Calders 2013; Corbett-Davies and others 2017",
    },
];

/// The criterion of that id, name or alias; blanks, hyphens and underscores are alike.
pub fn find(name: &str) -> Option<&'static Criterion> {
    let name = name.to_lowercase().replace([' ', '-'], "_");
    let name = name.as_str();
    let is_it =
        |criterion: &&Criterion| criterion.id == name || criterion.name.replace(' ', "_") == name || criterion.aliases.contains(&name);
    CRITERIA.iter().find(is_it)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::metric::registry;

    #[test]
    fn every_criterion_asks_for_a_metric_and_has_a_name_of_its_own() {
        let mut names = std::collections::BTreeSet::new();
        for criterion in &CRITERIA {
            if let Asks::Gap(metric) | Asks::Ratio(metric) | Asks::WithinControl(metric) = criterion.asks {
                assert!(registry::METRICS.iter().any(|own| own.id == metric), "{metric}");
            }
            for name in criterion.aliases.iter().chain([&criterion.id, &criterion.name]) {
                assert!(names.insert(*name) || *name == criterion.name, "{name} twice");
                assert!(registry::find(name).is_none(), "{name} is a metric");
            }
            assert_eq!(find(criterion.id).map(|found| found.id), Some(criterion.id));
        }
    }
}
