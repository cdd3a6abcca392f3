//! What a constraint on the gap between groups would cost: for every single sensitive feature, how right predictions could be at most with one
//! threshold for all, or one a group, while groups differ by no more than so much.
//!
//! Thresholds are tried at stops common to all groups, so that what is found is the best among those. Equalized odds with a threshold a group is
//! searched from every group's points, not proved best. Nothing is randomised: a constraint that only a lottery would meet is not met.

mod search;
#[cfg(test)]
mod tests;

use serde::{Deserialize, Serialize};

use super::Settings;
use super::grouping::Grouping;
use super::plan::Plan;
use crate::data::column::MISSING;
use crate::metric::Task;
use crate::metric::parameters::Costs;
use crate::stats::order;
pub use search::{Front, Offer};
use search::{Member, fronts, offers};

/// The most stops at which thresholds are tried.
const MOST_STOPS: usize = 50;
/// The most groups that have a threshold of their own: the largest.
const MOST_GROUPS: usize = 8;

/// What groups are held alike in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Constraint {
    /// The selection rate.
    DemographicParity,
    /// The recall.
    EqualOpportunity,
    /// The recall and the false positive rate.
    EqualizedOdds,
    /// The accuracy.
    EqualAccuracy,
}

impl Constraint {
    /// All of them, in the order they are shown.
    pub const ALL: [Self; 4] = [
        Self::DemographicParity,
        Self::EqualOpportunity,
        Self::EqualizedOdds,
        Self::EqualAccuracy,
    ];

    /// Its name in prose.
    pub const fn name(self) -> &'static str {
        match self {
            Self::DemographicParity => "demographic parity",
            Self::EqualOpportunity => "equal opportunity",
            Self::EqualizedOdds => "equalized odds",
            Self::EqualAccuracy => "equal accuracy",
        }
    }
}

/// A group with its ROC curve over the stops.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct GroupCurve {
    /// Its level.
    pub group: String,
    /// False positive rate and recall, from the highest threshold to the lowest.
    pub points: Vec<(f64, f64)>,
}

/// What constraints would cost by one feature.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Frontier {
    /// The sensitive feature.
    pub by: String,
    /// Its groups with enough positives and negatives, the largest first.
    pub curves: Vec<GroupCurve>,
    /// Groups left out for too few of either, or for being beyond the largest.
    pub left_out: Vec<String>,
    /// Whether performance is the mean cost of a row, where less is better; else the accuracy.
    pub is_cost: bool,
    /// The best performance that one threshold reaches, and that threshold.
    pub best: (f64, f64),
    /// For each constraint the best performance by gap.
    pub fronts: Vec<Front>,
    /// For each constraint and some gaps the thresholds that meet it best.
    pub offers: Vec<Offer>,
}

/// The frontiers of all single features; rows in order of falling score, with a label or without. Empty where a threshold means nothing.
pub fn frontiers(plan: &Plan, falling: &[u32], settings: &Settings) -> Vec<Frontier> {
    let is_possible = plan.outcome.task == Some(Task::Binary) && plan.rows.score.is_some() && plan.rows.label.is_some();
    if !is_possible {
        return Vec::new();
    }
    let stops = stops(plan, falling);
    let single = plan.partition.groupings.iter();
    let single: Vec<&Grouping> = single.filter(|own| own.columns.len() == 1 && own.control.is_none()).collect();
    let members = members(plan, falling, &single, &stops);
    let made = single.into_iter().zip(members);
    made.filter_map(|(own, members)| frontier(settings, own, members, &stops)).collect()
}

fn score(plan: &Plan, row: u32) -> f64 {
    plan.rows.score.as_ref().map_or(f64::NAN, |scores| scores[row as usize])
}

/// The thresholds that are tried, falling: one that nobody reaches, then every score where they are few, else scores at even steps of rows.
fn stops(plan: &Plan, falling: &[u32]) -> Vec<f64> {
    let mut distinct: Vec<f64> = Vec::new();
    for row in falling {
        let score = score(plan, *row);
        if distinct.last() != Some(&score) && score.is_finite() {
            distinct.push(score);
        }
        if distinct.len() > MOST_STOPS {
            break;
        }
    }
    if distinct.len() > MOST_STOPS {
        let last = falling.len() - 1;
        let at = |step: usize| score(plan, falling[last * step / (MOST_STOPS - 1)]);
        distinct = (0..MOST_STOPS).map(at).filter(|score| score.is_finite()).collect();
        distinct.dedup();
    }
    let above = distinct.first().map(|highest| {
        let next = highest.floor() + 1.0;
        if next > *highest { next } else { highest.next_up() }
    });
    above.into_iter().chain(distinct).filter(|stop| stop.is_finite()).collect()
}

/// The counts of every group of every feature at every stop.
fn members(plan: &Plan, falling: &[u32], features: &[&Grouping], stops: &[f64]) -> Vec<Vec<Member>> {
    let empty = |place: usize| Member {
        place,
        hits: vec![(0.0, 0.0); stops.len()],
        positives: 0.0,
        negatives: 0.0,
        rows: [0, 0],
    };
    let mut members: Vec<Vec<Member>> = features.iter().map(|own| (0..own.groups.len()).map(empty).collect()).collect();
    let labels = plan.rows.label.as_deref().unwrap_or_default();
    let mut add = |row: u32| {
        let (label, score) = (labels[row as usize], score(plan, row));
        let Some(weight) = plan.rows.weight(row as usize).filter(|_| label != MISSING && !score.is_nan()) else {
            return;
        };
        let reached = stops.partition_point(|stop| *stop > score);
        let amount = weight.count as f64 * weight.weight.unwrap_or(1.0);
        let is_positive = label == plan.positive;
        for (own, members) in features.iter().zip(&mut members) {
            let member = &mut members[own.group_of(&plan.partition, row as usize)];
            member.rows[usize::from(!is_positive)] += weight.count;
            let (total, hit) = match (is_positive, member.hits.get_mut(reached)) {
                (true, hit) => (&mut member.positives, hit.map(|hit| &mut hit.0)),
                (false, hit) => (&mut member.negatives, hit.map(|hit| &mut hit.1)),
            };
            *total += amount;
            if let Some(hit) = hit {
                *hit += amount;
            }
        }
    };
    if plan.rows.is_plain() {
        // Sums of ones are the same in any order, and in the file's the columns are read much faster.
        (0..plan.rows.len as u32).for_each(add);
    } else {
        falling.iter().for_each(|row| add(*row));
    }
    members.iter_mut().flatten().for_each(add_up);
    members
}

/// Makes sums up to each stop of those between stops.
fn add_up(member: &mut Member) {
    let mut sum = (0.0, 0.0);
    for hit in &mut member.hits {
        sum = (sum.0 + hit.0, sum.1 + hit.1);
        *hit = sum;
    }
}

fn frontier(settings: &Settings, own: &Grouping, mut members: Vec<Member>, stops: &[f64]) -> Option<Frontier> {
    members.retain(|member| own.groups[member.place].is_compared());
    order::sort_by(&mut members, |a, b| {
        b.rows.iter().sum::<u64>().cmp(&a.rows.iter().sum()).then(a.place.cmp(&b.place))
    });
    let is_enough =
        |member: &Member| member.rows.iter().all(|rows| *rows >= settings.min_support) && member.positives > 0.0 && member.negatives > 0.0;
    let (mut kept, mut others): (Vec<Member>, Vec<Member>) = members.into_iter().partition(is_enough);
    others.extend(kept.split_off(kept.len().min(MOST_GROUPS)));
    if kept.len() < 2 || stops.is_empty() {
        return None;
    }
    let name = |member: &Member| own.groups[member.place].levels[0].clone().unwrap_or_default();
    let costs = settings.parameters.costs;
    let curve = |member: &Member| GroupCurve {
        group: name(member),
        points: std::iter::once((0.0, 0.0))
            .chain(member.hits.iter().map(|(tp, fp)| (fp / member.negatives, tp / member.positives)))
            .collect(),
    };
    let search = search::Search::new(&kept, stops, costs.unwrap_or_default(), costs.is_some());
    Some(Frontier {
        by: own.columns.concat(),
        curves: kept.iter().map(curve).collect(),
        left_out: others.iter().map(name).collect(),
        is_cost: costs.is_some(),
        best: search.best(),
        fronts: fronts(&search),
        offers: offers(&search),
    })
}

impl Frontier {
    /// Whether that performance is worse than another one, and by how much.
    pub fn loss(&self, performance: f64, than: f64) -> f64 {
        if self.is_cost { performance - than } else { than - performance }
    }
}

/// The costs of counting errors.
#[cfg(test)]
fn plain_costs() -> Costs {
    Costs::default()
}
