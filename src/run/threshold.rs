//! What the audit would say at another decision threshold, without another pass over the rows.
//!
//! Rows with a score are kept by falling score and cut into blocks. At the edge of every block stands what lies above it and what lies
//! below it, for all rows and for every group of every single sensitive feature; any threshold falls into one block, so its confusion
//! matrices are two of those sums and the rows of that block. Sums are exact and nothing is subtracted, so that the numbers are those of an
//! audit with that threshold, bit for bit.

mod building;
mod stops;

use std::ops::Range;

use crate::data::column::MISSING;
use crate::metric::Estimate;
use crate::metric::cells::Outcomes;
use crate::metric::state::Tally;

use super::frame::{self, Form};
use super::frontier::{Frontier, frontiers};
use super::grouping::Grouping;
use super::pass::Passed;
use super::plan::Plan;
use super::{Settings, compare};

pub use building::Building;
pub use stops::Origin;

/// What is known of a row with a score: positive in truth, negative, or not known.
const KINDS: [Option<bool>; 3] = [Some(true), Some(false), None];

/// Answers what the audit would say at any decision threshold.
pub struct Explorer {
    plan: Plan,
    settings: Settings,
    /// The metrics that follow from the confusion matrix, in the registry's order.
    forms: Vec<Form>,
    /// All rows first, then every single sensitive feature.
    parts: Vec<Part>,
    /// The outcomes that the audit itself found, part by part and group by group.
    audited: Vec<Outcomes>,
    /// The rows with a score, highest score first.
    order: Vec<u32>,
    /// Rows without a score, which no threshold predicts; in the order of `audited`.
    unscored: Vec<Outcomes>,
    /// Rows a block.
    every: usize,
    /// One a block; one where there is no row.
    blocks: Vec<Block>,
    origin: Origin,
}

/// All rows or a sensitive feature: its place among the plan's groupings, and its groups' places among everything that is counted.
struct Part {
    grouping: usize,
    places: Range<usize>,
}

/// What lies beside a block, for every group [`KINDS`] long.
struct Block {
    above: Vec<Tally>,
    below: Vec<Tally>,
}

/// Everyone's outcomes at one or several thresholds.
pub struct Cut {
    passed: Passed,
    groupings: Vec<usize>,
}

impl Explorer {
    /// The sensitive features whose groups can be explored: their places among the plan's groupings, and the groupings.
    pub fn features(&self) -> impl Iterator<Item = (usize, &Grouping)> {
        let features = self.parts.iter().skip(1);
        features.map(|part| (part.grouping, &self.plan.partition.groupings[part.grouping]))
    }

    /// The settings of the audit.
    pub fn settings(&self) -> &Settings {
        &self.settings
    }

    /// The positive class.
    pub fn positive_class(&self) -> &str {
        self.plan.outcome.positive_class.as_deref().unwrap_or_default()
    }

    /// Where the audit's predictions come from, as a threshold.
    pub fn origin(&self) -> Origin {
        self.origin
    }

    /// What the audit itself counted: the predictions given, or those of its own threshold. `None` where nobody was predicted.
    pub fn audited(&self) -> Option<Cut> {
        let is_predicted = !matches!(self.origin, Origin::Unset(_));
        is_predicted.then(|| {
            self.cut(
                self.parts
                    .iter()
                    .map(|part| (part, self.audited[part.places.clone()].to_vec()))
                    .collect(),
            )
        })
    }

    /// One threshold for all: the outcomes of all rows, and of the groups of these features (places among the plan's groupings).
    pub fn shared(&self, threshold: f64, features: &[usize]) -> Cut {
        let position = self.position(threshold);
        let wanted = self
            .parts
            .iter()
            .filter(|part| part.grouping == 0 || features.contains(&part.grouping));
        self.cut(wanted.map(|part| (part, self.outcomes(position, part))).collect())
    }

    /// A threshold of their own for some groups of a feature, by their places in it; `threshold` for the others and for rows in no group
    /// named. Counts all rows and that feature's groups.
    pub fn own(&self, feature: usize, threshold: f64, own: &[(usize, f64)]) -> Cut {
        let Some(part) = self.parts.iter().skip(1).find(|part| part.grouping == feature) else {
            return self.shared(threshold, &[]);
        };
        let mut groups = self.outcomes(self.position(threshold), part);
        for (place, threshold) in own {
            if *place < groups.len() {
                groups[*place] = self.outcomes(self.position(*threshold), part).swap_remove(*place);
            }
        }
        let mut all = Outcomes::default();
        for group in &groups {
            all.merge(group);
        }
        self.cut(vec![(&self.parts[0], vec![all]), (part, groups)])
    }

    fn cut(&self, counted: Vec<(&Part, Vec<Outcomes>)>) -> Cut {
        let mut groups: Vec<Vec<Outcomes>> = self.plan.partition.groupings.iter().map(|_| Vec::new()).collect();
        let groupings = counted.iter().map(|(part, _)| part.grouping).collect();
        for (part, outcomes) in counted {
            groups[part.grouping] = outcomes;
        }
        Cut {
            passed: Passed::of_outcomes(groups),
            groupings,
        }
    }

    /// Everything that a cut says, in the order of a report: over all rows, then feature by feature its groups and their comparisons.
    pub fn estimates(&self, cut: &Cut) -> Vec<Estimate> {
        let of = |grouping: &usize| self.read(cut, *grouping, &self.forms);
        cut.groupings.iter().flat_map(of).collect()
    }

    /// What a cut says over all rows.
    pub fn overall(&self, cut: &Cut) -> Vec<Estimate> {
        self.read(cut, 0, &self.forms)
    }

    /// What a cut says of these metrics over all rows (grouping 0) or in the groups of a feature.
    pub fn of_metrics(&self, cut: &Cut, grouping: usize, metrics: &[&str]) -> Vec<Estimate> {
        let forms: Vec<Form> = self
            .forms
            .iter()
            .filter(|form| metrics.contains(&form.metric.id))
            .cloned()
            .collect();
        self.read(cut, grouping, &forms)
    }

    fn read(&self, cut: &Cut, grouping: usize, forms: &[Form]) -> Vec<Estimate> {
        let series = frame::series(&self.plan, &cut.passed, &self.settings, grouping, forms);
        let mut estimates = frame::estimates(&self.plan, &cut.passed, &self.settings, grouping, &series);
        estimates.extend(compare::comparisons(&self.plan, &cut.passed, &self.settings, grouping, &series));
        estimates
    }

    /// These metrics over all rows at each threshold, for drawing; `None` where a metric does not exist there.
    pub fn sweep(&self, thresholds: &[f64], metrics: &[&str]) -> Vec<Vec<Option<f64>>> {
        let cuts: Vec<Cut> = thresholds.iter().map(|threshold| self.shared(*threshold, &[])).collect();
        let of = |metric: &&str| {
            let form = self.forms.iter().find(|form| form.metric.id == *metric);
            let value = |cut: &Cut| {
                let all = cut.passed.groups.first()?.first()?;
                let value = form?.read(&self.plan, &self.settings, all, all).value.ok()?;
                value.is_finite().then_some(value)
            };
            cuts.iter().map(value).collect()
        };
        metrics.iter().map(of).collect()
    }

    /// What holding groups alike would cost, feature by feature.
    pub fn frontiers(&self) -> Vec<Frontier> {
        frontiers(&self.plan, &self.order, &self.settings)
    }

    fn scores(&self) -> &[f64] {
        self.plan.rows.score.as_deref().unwrap_or_default()
    }

    /// How many of the ordered rows reach the threshold.
    fn position(&self, threshold: f64) -> usize {
        let scores = self.scores();
        self.order.partition_point(|row| scores[*row as usize] >= threshold)
    }

    /// The outcomes of a part's groups when the first `position` of the ordered rows are predicted positive, and the others negative.
    fn outcomes(&self, position: usize, part: &Part) -> Vec<Outcomes> {
        let block = (position / self.every).min(self.blocks.len() - 1);
        let counts = KINDS.len() * part.places.start..KINDS.len() * part.places.end;
        let mut above = self.blocks[block].above[counts.clone()].to_vec();
        let mut below = self.blocks[block].below[counts].to_vec();
        let start = (block * self.every).min(self.order.len());
        let end = (start + self.every).min(self.order.len());
        let grouping = &self.plan.partition.groupings[part.grouping];
        for (index, row) in self.order[start..end].iter().enumerate() {
            let row = *row as usize;
            let side = if start + index < position { &mut above } else { &mut below };
            if let Some(weight) = self.plan.rows.weight(row) {
                let place = grouping.group_of(&self.plan.partition, row);
                side[KINDS.len() * place + kind(&self.plan, row)].update(weight.count, weight.weight);
            }
        }
        let unscored = &self.unscored[part.places.clone()];
        let outcomes = unscored.iter().enumerate().map(|(place, unscored)| {
            let mut outcomes = unscored.clone();
            for (kind, label) in KINDS.into_iter().enumerate() {
                outcomes.absorb(label, Some(true), &above[KINDS.len() * place + kind]);
                outcomes.absorb(label, Some(false), &below[KINDS.len() * place + kind]);
            }
            outcomes
        });
        outcomes.collect()
    }
}

/// The row's place among [`KINDS`].
fn kind(plan: &Plan, row: usize) -> usize {
    match plan.rows.label.as_ref().map_or(MISSING, |labels| labels[row]) {
        MISSING => 2,
        class => usize::from(class != plan.positive),
    }
}
