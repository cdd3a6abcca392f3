//! One pass over the rows fills the cells; one sort and one scan, highest score first, feed the rank metrics of every group.

use serde::{Deserialize, Serialize};

use crate::data::column::MISSING;
use crate::metric::cells::Outcomes;
use crate::metric::multiclass::ClassCounts;
use crate::metric::ranking::{Rank, RankTotals, Scan, falling_key};
use crate::metric::regression::Residuals;
use crate::metric::scores::Scores;

use super::Task;
use super::plan::Plan;

/// The states of one cell; those that the task does not need stay empty.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cell {
    /// Two classes.
    pub outcomes: Outcomes,
    /// Several classes.
    pub classes: ClassCounts,
    /// Several labels: the outcomes of each.
    pub labels: Vec<Outcomes>,
    /// Sums over scored rows.
    pub scores: Scores,
    /// Positives and negatives with a score.
    pub totals: RankTotals,
    /// Sums over residuals.
    pub residuals: Option<Box<Residuals>>,
}

impl Cell {
    /// Adds another cell.
    pub fn merge(&mut self, other: &Self) {
        self.outcomes.merge(&other.outcomes);
        self.classes.merge(&other.classes);
        self.labels
            .resize_with(self.labels.len().max(other.labels.len()), Outcomes::default);
        for (mine, theirs) in self.labels.iter_mut().zip(&other.labels) {
            mine.merge(theirs);
        }
        self.scores.merge(&other.scores);
        self.totals.merge(&other.totals);
        if let Some(theirs) = &other.residuals {
            self.residuals.get_or_insert_default().merge(theirs);
        }
    }

    fn update(&mut self, plan: &Plan, row: usize) {
        let Some(weight) = plan.rows.weight(row) else { return };
        let known = |codes: &Option<Vec<u32>>| codes.as_ref().map(|codes| codes[row]).filter(|code| *code != MISSING);
        let (label, prediction) = (known(&plan.rows.label), known(&plan.rows.prediction));
        match plan.outcome.task {
            Some(Task::Binary) => {
                let positive = |class: u32| class == plan.positive;
                self.outcomes
                    .update(label.map(positive), prediction.map(positive), weight.count, weight.weight);
                if let Some(score) = plan.rows.score.as_ref().map(|scores| scores[row]).filter(|score| !score.is_nan()) {
                    self.scores.update(label.map(positive), score, plan.is_probability, weight);
                    if let Some(label) = label {
                        self.totals.update(positive(label), weight);
                    }
                }
            }
            Some(Task::Multiclass) => {
                self.classes.update(label, prediction, weight.count, weight.weight);
                let own = label.and_then(|label| plan.rows.class_scores.iter().find(|(class, _)| *class == label));
                if let Some(score) = own.map(|(_, scores)| scores[row]).filter(|score| !score.is_nan()) {
                    self.scores.update_true_class(score, plan.is_probability, weight);
                }
            }
            Some(Task::Multilabel) => {
                // Counts the row.
                self.outcomes.update(None, None, weight.count, weight.weight);
                self.labels.resize_with(plan.rows.labels.len(), Outcomes::default);
                for (outcomes, label) in self.labels.iter_mut().zip(&plan.rows.labels) {
                    outcomes.update(label.truth[row], label.prediction[row], weight.count, weight.weight);
                }
            }
            Some(Task::Regression) => {
                let value = |values: &Option<Vec<f64>>| values.as_ref().map_or(f64::NAN, |values| values[row]);
                let residuals = self.residuals.get_or_insert_default();
                residuals.update(value(&plan.rows.truth), value(&plan.rows.predicted), plan.pivot, weight);
            }
            // Ranked lists are read by views, columns one by one; here rows are only counted.
            Some(Task::Ranking) | None => self.outcomes.update(None, None, weight.count, weight.weight),
        }
    }
}

/// A group's states, and its rank metrics where there is a score.
#[derive(Debug, Clone)]
pub struct Folded {
    /// Merged from base cells.
    pub cell: Cell,
    /// From the scan.
    pub rank: Option<Rank>,
    /// With several classes, each against the rest: many metrics read them, and each takes a walk over the whole matrix. With several labels,
    /// each of them.
    pub against_rest: Vec<Outcomes>,
}

/// What the pass found: for every grouping, for every group.
#[derive(Debug)]
pub struct Passed {
    /// In the order of the plan's groupings and their groups.
    pub groups: Vec<Vec<Folded>>,
    /// With two classes, the rows with label and score, highest score first; equal scores in file order.
    pub falling: Vec<u32>,
}

impl Passed {
    /// A pass of which only confusion matrices are known, grouping by grouping and group by group.
    pub(super) fn of_outcomes(groups: Vec<Vec<Outcomes>>) -> Self {
        let folded = |outcomes| Folded {
            cell: Cell {
                outcomes,
                ..Cell::default()
            },
            rank: None,
            against_rest: Vec::new(),
        };
        Self {
            groups: groups.into_iter().map(|groups| groups.into_iter().map(folded).collect()).collect(),
            falling: Vec::new(),
        }
    }
}

enum Phase {
    Folding {
        bases: Vec<Vec<Cell>>,
        row: usize,
    },
    Scanning {
        groups: Vec<Vec<Cell>>,
        scans: Vec<Vec<Scan>>,
        order: Vec<u32>,
        at: usize,
    },
    Over,
}

/// The pass as a job in steps.
pub struct Pass {
    phase: Phase,
}

impl Pass {
    /// Starts before the first row.
    pub fn new(plan: &Plan) -> Self {
        let bases = plan.partition.bases.iter().map(|base| vec![Cell::default(); base.count]).collect();
        Self {
            phase: Phase::Folding { bases, row: 0 },
        }
    }

    /// Rows done and rows in all, counting the scan's.
    pub fn progress(&self, plan: &Plan) -> (u64, u64) {
        let rows = plan.rows.len as u64;
        let total = if Self::has_ranks(plan) { 2 * rows } else { rows };
        match &self.phase {
            Phase::Folding { row, .. } => (*row as u64, total),
            Phase::Scanning { at, .. } => (rows + *at as u64, total),
            Phase::Over => (total, total),
        }
    }

    fn has_ranks(plan: &Plan) -> bool {
        plan.outcome.task == Some(Task::Binary) && plan.rows.score.is_some() && plan.rows.label.is_some()
    }

    /// Processes about `rows` more rows; gives the result at the end.
    pub fn step(&mut self, plan: &Plan, rows: usize) -> Option<Passed> {
        match std::mem::replace(&mut self.phase, Phase::Over) {
            Phase::Folding { mut bases, row } => {
                let end = plan.rows.len.min(row.saturating_add(rows.max(1)));
                for (base, cells) in plan.partition.bases.iter().zip(&mut bases) {
                    for row in row..end {
                        cells[base.cells[row] as usize].update(plan, row);
                    }
                }
                if end < plan.rows.len {
                    self.phase = Phase::Folding { bases, row: end };
                    return None;
                }
                let groups = merge_bases(plan, &bases);
                if !Self::has_ranks(plan) {
                    return Some(finish(plan, groups, Vec::new(), Vec::new()));
                }
                let scans = groups
                    .iter()
                    .map(|groups| groups.iter().map(|cell| Scan::new(cell.totals.clone())).collect())
                    .collect();
                self.phase = Phase::Scanning {
                    groups,
                    scans,
                    order: falling_scores(plan),
                    at: 0,
                };
                None
            }
            Phase::Scanning {
                groups,
                mut scans,
                order,
                at,
            } => {
                let end = order.len().min(at.saturating_add(rows.max(1)));
                for row in &order[at..end] {
                    scan_row(plan, &mut scans, *row as usize);
                }
                if end < order.len() {
                    self.phase = Phase::Scanning {
                        groups,
                        scans,
                        order,
                        at: end,
                    };
                    return None;
                }
                Some(finish(plan, groups, scans, order))
            }
            Phase::Over => None,
        }
    }
}

fn merge_bases(plan: &Plan, bases: &[Vec<Cell>]) -> Vec<Vec<Cell>> {
    let merged = plan.partition.groupings.iter().map(|grouping| {
        let (base, of_cell) = grouping.source();
        let mut groups = vec![Cell::default(); grouping.groups.len()];
        for (cell, group) in bases[base].iter().zip(of_cell) {
            groups[*group as usize].merge(cell);
        }
        groups
    });
    merged.collect()
}

/// Rows with label and score, highest score first; equal scores in file order.
fn falling_scores(plan: &Plan) -> Vec<u32> {
    let (Some(scores), Some(labels)) = (&plan.rows.score, &plan.rows.label) else {
        return Vec::new();
    };
    let has_both = |row: &usize| !scores[*row].is_nan() && labels[*row] != MISSING && plan.rows.weight(*row).is_some();
    let mut keys: Vec<(u64, u32)> = (0..plan.rows.len)
        .filter(has_both)
        .map(|row| (falling_key(scores[row]), row as u32))
        .collect();
    keys.sort_unstable();
    keys.into_iter().map(|(_, row)| row).collect()
}

fn scan_row(plan: &Plan, scans: &mut [Vec<Scan>], row: usize) {
    let (Some(scores), Some(labels), Some(weight)) = (&plan.rows.score, &plan.rows.label, plan.rows.weight(row)) else {
        return;
    };
    let positive = labels[row] == plan.positive;
    for (grouping, scans) in plan.partition.groupings.iter().zip(scans.iter_mut()) {
        scans[grouping.group_of(&plan.partition, row)].update(positive, scores[row], weight);
    }
}

fn against_rest(plan: &Plan, cell: &Cell) -> Vec<Outcomes> {
    let count = plan.outcome.classes.len();
    match plan.outcome.task {
        Some(Task::Multiclass) => (0..count as u32).map(|class| cell.classes.against_rest(class)).collect(),
        // A group without rows has no outcomes yet.
        Some(Task::Multilabel) => {
            let mut labels = cell.labels.clone();
            labels.resize_with(count, Outcomes::default);
            labels
        }
        _ => Vec::new(),
    }
}

fn finish(plan: &Plan, groups: Vec<Vec<Cell>>, scans: Vec<Vec<Scan>>, falling: Vec<u32>) -> Passed {
    let mut scans = scans.into_iter();
    let groups = groups.into_iter().map(|cells| {
        let mut own = scans.next().unwrap_or_default().into_iter();
        cells
            .into_iter()
            .map(|cell| Folded {
                against_rest: against_rest(plan, &cell),
                cell,
                rank: own.next().map(Scan::finish),
            })
            .collect()
    });
    Passed {
        groups: groups.collect(),
        falling,
    }
}
