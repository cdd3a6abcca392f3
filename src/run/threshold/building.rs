//! Making an explorer, in steps.

use crate::data::column::MISSING;
use crate::metric::cells::Outcomes;
use crate::metric::state::Tally;

use super::super::frame;
use super::super::pass::Passed;
use super::super::plan::Plan;
use super::super::{Settings, Task};
use super::stops::Origin;
use super::{Block, Explorer, KINDS, Part, kind};
use crate::metric::ranking::falling_key;

/// Rows a block, unless there are so many groups that the sums would take too much memory.
const EVERY: usize = 4096;
/// About the most memory that the sums beside the blocks may take, in bytes.
const MOST_BYTES: usize = 64 << 20;

enum Phase {
    /// Rows that are not ordered yet are looked at: those without a label, and those without a score.
    Looking { row: usize, unlabelled: Vec<(u64, u32)> },
    /// Ordered rows are counted, block by block.
    Counting { at: usize },
}

/// An explorer that is being made.
pub struct Building {
    explorer: Option<Box<Explorer>>,
    phase: Phase,
}

impl Building {
    /// Starts from an audit's plan and pass. `None` where a decision threshold means nothing: without two classes, a label and a score.
    pub fn new(plan: Plan, passed: Passed, settings: Settings) -> Option<Self> {
        let has_all = plan.outcome.task == Some(Task::Binary) && plan.rows.score.is_some() && plan.rows.label.is_some();
        if !has_all {
            return None;
        }
        let mut plan = plan;
        let given = plan.rows.prediction.take().filter(|_| plan.outcome.decision_threshold.is_none());
        let mut explorer = Explorer {
            forms: Vec::new(),
            parts: parts(&plan),
            audited: Vec::new(),
            unscored: Vec::new(),
            every: EVERY,
            blocks: Vec::new(),
            origin: Origin::Unset(0.0),
            order: passed.falling.rows,
            plan,
            settings,
        };
        for part in &explorer.parts {
            let groups = &passed.groups[part.grouping];
            explorer.audited.extend(groups.iter().map(|group| group.cell.outcomes.clone()));
        }
        explorer.unscored = vec![Outcomes::default(); explorer.audited.len()];
        explorer.origin = explorer.find_origin(given.as_deref());
        // From here on a threshold predicts; what matters is only that there is a prediction.
        explorer.plan.rows.prediction = Some(Vec::new());
        let forms = frame::forms(&explorer.plan, &explorer.settings);
        explorer.forms = forms.into_iter().filter(frame::Form::reads_outcomes).collect();
        Some(Self {
            explorer: Some(Box::new(explorer)),
            phase: Phase::Looking {
                row: 0,
                unlabelled: Vec::new(),
            },
        })
    }

    /// Looks at about `rows` more rows; gives the explorer at the end.
    pub fn step(&mut self, rows: usize) -> Option<Explorer> {
        let explorer = self.explorer.as_mut()?;
        match &mut self.phase {
            Phase::Looking { row, unlabelled } => {
                let end = explorer.plan.rows.len.min(row.saturating_add(rows.max(1)));
                explorer.look(*row..end, unlabelled);
                *row = end;
                if end == explorer.plan.rows.len {
                    explorer.put_in_order(std::mem::take(unlabelled));
                    self.phase = Phase::Counting { at: 0 };
                }
                None
            }
            Phase::Counting { at } => {
                let end = explorer.blocks.len().min(*at + rows.div_ceil(explorer.every));
                for block in *at..end {
                    explorer.count(block);
                }
                *at = end;
                if end < explorer.blocks.len() {
                    return None;
                }
                explorer.sum_up();
                self.explorer.take().map(|explorer| *explorer)
            }
        }
    }
}

/// All rows and every single feature.
fn parts(plan: &Plan) -> Vec<Part> {
    let mut parts: Vec<Part> = Vec::new();
    for (grouping, own) in plan.partition.groupings.iter().enumerate() {
        if own.columns.len() <= 1 {
            let start = parts.last().map_or(0, |part| part.places.end);
            let places = start..start + own.groups.len();
            parts.push(Part { grouping, places });
        }
    }
    parts
}

impl Explorer {
    /// Puts rows with a score and no label aside, and counts those without a score.
    fn look(&mut self, rows: std::ops::Range<usize>, unlabelled: &mut Vec<(u64, u32)>) {
        for row in rows {
            let Some(weight) = self.plan.rows.weight(row) else { continue };
            let kind = kind(&self.plan, row);
            let score = self.scores()[row];
            if !score.is_nan() {
                if KINDS[kind].is_none() {
                    unlabelled.push((falling_key(score), row as u32));
                }
                continue;
            }
            for part in &self.parts {
                let group = self.plan.partition.groupings[part.grouping].group_of(&self.plan.partition, row);
                self.unscored[part.places.start + group].update(KINDS[kind], None, weight.count, weight.weight);
            }
        }
    }

    /// Merges the rows without a label into the order, and makes room for the blocks.
    fn put_in_order(&mut self, mut unlabelled: Vec<(u64, u32)>) {
        unlabelled.sort_unstable();
        if !unlabelled.is_empty() {
            let mut order = Vec::with_capacity(self.order.len() + unlabelled.len());
            let mut waiting = unlabelled.into_iter().peekable();
            for row in std::mem::take(&mut self.order) {
                let key = falling_key(self.scores()[row as usize]);
                while let Some((_, other)) = waiting.next_if(|(other, _)| *other < key) {
                    order.push(other);
                }
                order.push(row);
            }
            order.extend(waiting.map(|(_, row)| row));
            self.order = order;
        }
        let counts = KINDS.len() * self.unscored.len();
        let of_weights = if self.plan.rows.weights.is_some() { 1024 } else { 0 };
        let bytes = 2 * counts * (size_of::<Tally>() + of_weights);
        self.every = EVERY.max(self.order.len().saturating_mul(bytes) / MOST_BYTES);
        let blocks = self.order.len().div_ceil(self.every).max(1);
        let empty = || Block {
            above: vec![Tally::default(); counts],
            below: Vec::new(),
        };
        self.blocks = (0..blocks).map(|_| empty()).collect();
    }

    /// Counts the rows of a block.
    fn count(&mut self, block: usize) {
        let start = block * self.every;
        let end = (start + self.every).min(self.order.len());
        let inside = &mut self.blocks[block].above;
        for row in &self.order[start..end] {
            let row = *row as usize;
            let Some(weight) = self.plan.rows.weight(row) else { continue };
            let kind = kind(&self.plan, row);
            for part in &self.parts {
                let group = self.plan.partition.groupings[part.grouping].group_of(&self.plan.partition, row);
                inside[KINDS.len() * (part.places.start + group) + kind].update(weight.count, weight.weight);
            }
        }
    }

    /// Puts in place of what is in each block what is above it and what is below it.
    fn sum_up(&mut self) {
        let Some(first) = self.blocks.first() else { return };
        let nothing = vec![Tally::default(); first.above.len()];
        let inside: Vec<Vec<Tally>> = self.blocks.iter_mut().map(|block| std::mem::take(&mut block.above)).collect();
        let add = |sum: &mut Vec<Tally>, inside: &[Tally]| {
            for (mine, theirs) in sum.iter_mut().zip(inside) {
                mine.merge(theirs);
            }
        };
        let mut sum = nothing.clone();
        for (block, inside) in self.blocks.iter_mut().zip(&inside) {
            block.above = sum.clone();
            add(&mut sum, inside);
        }
        let mut sum = nothing;
        for (block, inside) in self.blocks.iter_mut().zip(&inside).rev() {
            block.below = sum.clone();
            add(&mut sum, inside);
        }
    }

    /// The threshold that the audit's predictions come from, or come nearest to.
    fn find_origin(&self, given: Option<&[u32]>) -> Origin {
        if let Some(threshold) = self.plan.outcome.decision_threshold {
            return Origin::Audited(threshold);
        }
        let known = given.and_then(|codes| {
            let code = |row: u32| Some(codes[row as usize]).filter(|code| *code != MISSING);
            let row = |row: &u32| {
                let weight = self.plan.rows.weight(*row as usize)?;
                Some((self.scores()[*row as usize], code(*row)? == self.plan.positive, weight.count))
            };
            // The order of the file is read sooner than that of the scores, and mostly tells.
            let labels = self.plan.rows.label.as_deref().unwrap_or_default();
            let has_both = |row: &u32| labels[*row as usize] != MISSING && !self.scores()[*row as usize].is_nan();
            let in_file = (0..self.plan.rows.len as u32).filter(has_both).filter_map(|place| row(&place));
            Origin::apart(in_file).or_else(|| Origin::of_predictions(self.order.iter().filter_map(row)))
        });
        match known {
            Some(origin) => origin,
            None => {
                let middle = self.order.get(self.order.len() / 2).map_or(0.5, |row| self.scores()[*row as usize]);
                Origin::Unset(if middle.is_finite() { middle } else { 0.0 })
            }
        }
    }
}
