//! One pass a column: rows are put into the column's slices and counted, then, where there is a score, scanned from the highest down.

use crate::data::column::MISSING;
use crate::data::{Notice, Table};
use crate::metric::ranking::{Rank, RankTotals, Scan};
use crate::metric::state::RowWeight;
use crate::run::plan::Plan;
use crate::run::{PlanError, Settings};

use super::bins::{Cut, cut, cut_by};
use super::state::{Seen, State, States};

/// A slice with what was counted.
#[derive(Debug, Clone)]
pub struct Slice {
    /// The canonical text of its predicate.
    pub text: String,
    /// What was counted of it.
    pub own: State,
    /// What was counted of all other rows.
    pub rest: State,
    /// The order of its scores, where there are any.
    pub rank: Option<Rank>,
}

/// What the pass found.
#[derive(Debug, Default)]
pub struct Sliced {
    /// Slices column by column, then those of predicates.
    pub slices: Vec<Slice>,
    /// What was not looked at.
    pub notices: Vec<Notice>,
}

/// Rows with label and score from the highest score down, laid out in that order.
struct Ranked {
    scores: Vec<f64>,
    positives: Vec<bool>,
}

/// How far one column is.
struct Unit {
    cut: Cut,
    phase: Phase,
}

enum Phase {
    Folding {
        states: States,
        row: usize,
    },
    Totalling {
        states: States,
        totals: Vec<RankTotals>,
        at: usize,
    },
    Scanning {
        states: States,
        scans: Vec<Scan>,
        at: usize,
    },
}

/// The pass as a job in steps.
pub struct SlicePass {
    seen: Option<Seen>,
    ranked: Option<Ranked>,
    next: usize,
    unit: Option<Unit>,
    sliced: Sliced,
}

impl SlicePass {
    /// Starts before the first column.
    pub fn new() -> Self {
        Self {
            seen: None,
            ranked: None,
            next: 0,
            unit: None,
            sliced: Sliced::default(),
        }
    }

    /// Columns and predicates done.
    pub fn done(&self) -> u64 {
        self.next.saturating_sub(usize::from(self.unit.is_some())) as u64
    }

    /// Columns and predicates in all.
    pub fn units(plan: &Plan) -> u64 {
        (plan.slices.columns.len() + plan.slices.predicates.len()) as u64
    }

    /// Processes about `rows` more rows; gives the result at the end. `falling` are the rows with label and score, highest score first.
    ///
    /// # Errors
    /// When a column that the plan found is not in the table.
    pub fn step(
        &mut self,
        table: &Table,
        plan: &Plan,
        settings: &Settings,
        falling: &[u32],
        rows: usize,
    ) -> Result<Option<Sliced>, PlanError> {
        if let Some(unit) = self.unit.take() {
            self.unit = self.advance(plan, falling, unit, rows.max(1));
            return Ok(None);
        }
        if self.next as u64 == Self::units(plan) {
            return Ok(Some(std::mem::take(&mut self.sliced)));
        }
        if self.seen.is_none() {
            self.seen = Some(Seen::of(plan));
            self.ranked = Ranked::of(plan, falling);
            return Ok(None);
        }
        let cut = self.cut(table, plan, settings)?;
        self.next += 1;
        if let Some(seen) = &self.seen {
            let states = States::new(plan, seen, cut.count);
            self.unit = Some(Unit {
                cut,
                phase: Phase::Folding { states, row: 0 },
            });
        }
        Ok(None)
    }

    /// Cuts the next column, or selects the rows of the next predicate.
    fn cut(&mut self, table: &Table, plan: &Plan, settings: &Settings) -> Result<Cut, PlanError> {
        let columns = &plan.slices.columns;
        if let Some(name) = columns.get(self.next) {
            let bins = settings.slices.bins.get(name).map(Vec::as_slice);
            return Ok(cut(
                table.find(name)?,
                bins,
                &plan.rows,
                settings.min_support,
                &mut self.sliced.notices,
            ));
        }
        let predicate = &plan.slices.predicates[self.next - columns.len()];
        let of_slice = |error| PlanError::Slice {
            predicate: predicate.to_string(),
            error,
        };
        Ok(cut_by(predicate, &predicate.select(table).map_err(of_slice)?))
    }

    /// Counts or scans some more rows of a column; `None` when it is done.
    fn advance(&mut self, plan: &Plan, falling: &[u32], mut unit: Unit, rows: usize) -> Option<Unit> {
        let seen = self.seen.as_ref()?;
        let Cut { cells, slices, count } = &unit.cut;
        unit.phase = match unit.phase {
            Phase::Folding { mut states, row } => {
                let end = plan.rows.len.min(row.saturating_add(rows));
                states.fold(plan, seen, cells, row, end);
                match &self.ranked {
                    _ if end < plan.rows.len => Phase::Folding { states, row: end },
                    Some(_) => Phase::Totalling {
                        states,
                        totals: vec![RankTotals::default(); *count],
                        at: 0,
                    },
                    None => {
                        self.finish(slices, states, Vec::new());
                        return None;
                    }
                }
            }
            Phase::Totalling { states, mut totals, at } => {
                let end = falling.len().min(at.saturating_add(rows));
                if let Some(ranked) = &self.ranked {
                    for (row, positive) in falling[at..end].iter().zip(&ranked.positives[at..end]) {
                        if let Some(weight) = plan.rows.weight(*row as usize) {
                            totals[usize::from(cells[*row as usize])].update(*positive, weight);
                        }
                    }
                }
                if end < falling.len() {
                    Phase::Totalling { states, totals, at: end }
                } else {
                    let scans = totals.into_iter().take(slices.len()).map(Scan::new).collect();
                    Phase::Scanning { states, scans, at: 0 }
                }
            }
            Phase::Scanning { states, mut scans, at } => {
                let end = falling.len().min(at.saturating_add(rows));
                if let Some(ranked) = &self.ranked {
                    ranked.scan(plan, &falling[at..end], at, cells, &mut scans);
                }
                if end == falling.len() {
                    self.finish(slices, states, scans);
                    return None;
                }
                Phase::Scanning { states, scans, at: end }
            }
        };
        Some(unit)
    }

    fn finish(&mut self, slices: &[crate::data::Predicate], states: States, scans: Vec<Scan>) {
        let mut ranks = scans.into_iter().map(Scan::finish);
        for (predicate, (own, rest)) in slices.iter().zip(states.against_rest(slices.len())) {
            let slice = Slice {
                text: predicate.to_string(),
                own,
                rest,
                rank: ranks.next(),
            };
            // A predicate that says what a level says is one slice, not two.
            if self.sliced.slices.iter().all(|other| other.text != slice.text) {
                self.sliced.slices.push(slice);
            }
        }
    }
}

impl Default for SlicePass {
    fn default() -> Self {
        Self::new()
    }
}

impl Ranked {
    /// `None` where there is no order to scan.
    fn of(plan: &Plan, falling: &[u32]) -> Option<Self> {
        let (Some(scores), Some(labels)) = (&plan.rows.score, &plan.rows.label) else {
            return None;
        };
        let is_known = |row: &&u32| labels[**row as usize] != MISSING;
        (!falling.is_empty() && falling.iter().all(|row| is_known(&row))).then(|| Self {
            scores: falling.iter().map(|row| scores[*row as usize]).collect(),
            positives: falling.iter().map(|row| labels[*row as usize] == plan.positive).collect(),
        })
    }

    fn scan(&self, plan: &Plan, falling: &[u32], from: usize, cells: &[u8], scans: &mut [Scan]) {
        const ONE: RowWeight = RowWeight { count: 1, weight: None };
        let is_plain = plan.rows.counts.is_none() && plan.rows.weights.is_none();
        let rows = falling.iter().zip(&self.positives[from..]).zip(&self.scores[from..]);
        for ((row, positive), score) in rows {
            let Some(scan) = scans.get_mut(usize::from(cells[*row as usize])) else {
                continue;
            };
            let weight = if is_plain { Some(ONE) } else { plan.rows.weight(*row as usize) };
            if let Some(weight) = weight {
                scan.update(*positive, *score, weight);
            }
        }
    }
}
