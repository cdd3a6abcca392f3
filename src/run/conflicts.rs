//! Which criteria of fairness cannot hold together on this data, and why: where groups differ in their base rates and the classifier errs, equal
//! precision and equal error rates exclude each other.
//!
//! Sources: Chouldechova 2017, "Fair prediction with disparate impact": in every group FPR = p / (1 - p) x (1 - PPV) / PPV x (1 - FNR) with p the
//! base rate. Kleinberg, Mullainathan and Raghavan 2017, "Inherent trade-offs in the fair determination of risk scores": the same of calibrated
//! scores and their averages in each class.

use serde::{Deserialize, Serialize};

use crate::metric::cells::Cells;
use crate::metric::reading::Reading;
use crate::metric::{Task, UndefinedCode};
use crate::stats::interval::{self, Share};

use super::Settings;
use super::compare::share;
use super::pass::Passed;
use super::plan::Plan;

/// Two criteria that cannot both hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Pair {
    /// The same precision in all groups, and the same false positive and false negative rates.
    PredictiveParityAndEqualizedOdds,
    /// Scores that are right on average at every score in all groups, and the same average score in each class.
    CalibrationAndBalance,
    /// The same selection rate in all groups, and the same false positive and false negative rates.
    DemographicParityAndEqualizedOdds,
}

/// What the groups of a sensitive feature exclude.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Conflict {
    /// The sensitive feature.
    pub by: String,
    /// The levels with the lowest and the highest base rate, among groups with enough labelled rows.
    pub groups: [String; 2],
    /// Their base rates.
    pub base_rates: [f64; 2],
    /// Whether base rates differ beyond chance: the simultaneous limits of their largest gap exclude 0.
    pub is_beyond_chance: bool,
    /// Whether some predictions are wrong: a classifier that never errs meets all criteria.
    pub errs: bool,
    /// Precision and false negative rate over all rows, where they are defined.
    pub held_equal: Option<[f64; 2]>,
    /// The false positive rates that the two groups would have with that precision and that false negative rate in both.
    pub forced: Option<[f64; 2]>,
    /// What cannot hold together; empty where nothing is excluded.
    pub pairs: Vec<Pair>,
}

/// The conflicts of every sensitive feature for which two groups have enough labelled rows; empty but for two classes.
pub fn conflicts(plan: &Plan, passed: &Passed, settings: &Settings) -> Vec<Conflict> {
    if plan.outcome.task != Some(Task::Binary) || plan.rows.label.is_none() || plan.rows.prediction.is_none() {
        return Vec::new();
    }
    let groupings = plan.partition.groupings.iter().enumerate();
    let single = groupings.filter(|(_, own)| own.columns.len() == 1 && own.control.is_none());
    single.filter_map(|(place, _)| conflict(plan, passed, settings, place)).collect()
}

fn conflict(plan: &Plan, passed: &Passed, settings: &Settings, place: usize) -> Option<Conflict> {
    let own = &plan.partition.groupings[place];
    let groups = own
        .groups
        .iter()
        .zip(&passed.groups[place])
        .filter(|(group, _)| group.is_compared());
    let mut known: Vec<(Share, &String)> = Vec::new();
    for (group, folded) in groups {
        let rate = Reading::share(&folded.cell.outcomes, Cells::POSITIVE, Cells::LABELLED, UndefinedCode::NoRows);
        if rate.support >= settings.min_support.max(1) {
            known.extend(share(&rate).zip(group.levels[0].as_ref()));
        }
    }
    let by_rate = |a: &&(Share, &String), b: &&(Share, &String)| a.0.value.total_cmp(&b.0.value);
    let lowest = known.iter().min_by(by_rate)?;
    let highest = known.iter().max_by(by_rate).filter(|_| known.len() > 1)?;
    let shares: Vec<Share> = known.iter().map(|(share, _)| *share).collect();
    let is_beyond_chance = interval::gap(&shares, settings.level).is_some_and(|limits| limits.low > 0.0);
    let all = &passed.groups[0][0].cell.outcomes;
    let rate = |hits: Cells, of: Cells| Reading::share(all, hits, of, UndefinedCode::NoRows).value.ok();
    let precision = rate(Cells::TP, Cells::TP.or(Cells::FP));
    let missed = rate(Cells::FN, Cells::TP.or(Cells::FN));
    let wrong = rate(Cells::FP, Cells::FP.or(Cells::TN));
    let errs = all.tally(Cells::FP.or(Cells::FN)).weight() > 0.0;
    let base_rates = [lowest.0.value, highest.0.value];
    let held_equal = precision.zip(missed).map(|(precision, missed)| [precision, missed]);
    let forced = held_equal.filter(|[precision, _]| *precision > 0.0);
    let forced =
        forced.map(|[precision, missed]| base_rates.map(|rate| rate / (1.0 - rate) * (1.0 - precision) / precision * (1.0 - missed)));
    let mut pairs = Vec::new();
    if is_beyond_chance && errs {
        if precision.is_some_and(|precision| precision < 1.0) {
            pairs.push(Pair::PredictiveParityAndEqualizedOdds);
        }
        if plan.is_probability && plan.rows.score.is_some() {
            pairs.push(Pair::CalibrationAndBalance);
        }
    }
    // A prediction that is the same for positives and negatives can be parted from the base rate; every other cannot.
    let tells = missed.zip(wrong).is_some_and(|(missed, wrong)| 1.0 - missed != wrong);
    if is_beyond_chance && tells {
        pairs.push(Pair::DemographicParityAndEqualizedOdds);
    }
    Some(Conflict {
        by: own.columns[0].clone(),
        groups: [lowest.1.clone(), highest.1.clone()],
        base_rates,
        is_beyond_chance,
        errs,
        held_equal,
        forced: forced.filter(|rates| rates.iter().all(|rate| rate.is_finite())),
        pairs,
    })
}
