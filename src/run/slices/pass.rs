//! One pass a column: rows are put into the column's slices and counted, then, where there is a score, scanned from the highest down.

use crate::data::{Notice, NoticeCode, Table};
use crate::metric::ranking::{Rank, RankTotals, Scan};
use crate::metric::state::RowWeight;
use crate::run::falling::Falling;
use crate::run::plan::Plan;
use crate::run::weights::rows_in_words;
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

/// In file order: 0 for a negative with a score, 1 for a positive, 2 for a row that is not ranked.
struct Ranked {
    sides: Vec<u8>,
}

/// How far one column is.
struct Unit {
    cut: Cut,
    phase: Phase,
}

enum Phase {
    Folding { states: States, totals: Totals, row: usize },
    Scanning { states: States, scans: Vec<Scan>, at: usize },
}

/// The pass as a job in steps.
pub struct SlicePass {
    seen: Option<Seen>,
    ranked: Option<Ranked>,
    next: usize,
    unit: Option<Unit>,
    sliced: Sliced,
    /// Columns with how many of their levels are too small to be looked at.
    small: Vec<(String, usize)>,
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
            small: Vec::new(),
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
        falling: &Falling,
        rows: usize,
    ) -> Result<Option<Sliced>, PlanError> {
        if let Some(unit) = self.unit.take() {
            self.unit = self.advance(plan, falling, unit, rows.max(1));
            return Ok(None);
        }
        if self.next as u64 == Self::units(plan) {
            self.note_small(settings.min_support);
            return Ok(Some(std::mem::take(&mut self.sliced)));
        }
        if self.seen.is_none() {
            self.seen = Some(Seen::of(plan));
            self.ranked = Ranked::of(plan, falling);
            return Ok(None);
        }
        let cut = self.cut(table, plan, settings)?;
        if let Some(name) = plan.slices.columns.get(self.next).filter(|_| cut.small > 0) {
            self.small.push((name.clone(), cut.small));
        }
        self.next += 1;
        if let Some(seen) = &self.seen {
            let (states, totals) = (States::new(plan, seen, cut.count), Totals::new(plan, cut.count));
            self.unit = Some(Unit {
                cut,
                phase: Phase::Folding { states, totals, row: 0 },
            });
        }
        Ok(None)
    }

    /// Says of which columns some slices are too small; not which.
    fn note_small(&mut self, min_support: u64) {
        const NAMED: usize = 5;
        if self.small.is_empty() {
            return;
        }
        let mut parts: Vec<String> = self
            .small
            .iter()
            .take(NAMED)
            .map(|(name, small)| format!("{small} of \"{name}\""))
            .collect();
        let others: usize = self.small.iter().skip(NAMED).map(|(_, small)| small).sum();
        if others > 0 {
            parts.push(format!("{others} of other columns"));
        }
        let text = format!(
            "Slices of fewer than {} are not looked at: {}.",
            rows_in_words(min_support),
            parts.join(", ")
        );
        self.sliced.notices.push(Notice::general(NoticeCode::Slices, text));
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
    fn advance(&mut self, plan: &Plan, falling: &Falling, mut unit: Unit, rows: usize) -> Option<Unit> {
        let seen = self.seen.as_ref()?;
        let Cut { cells, slices, .. } = &unit.cut;
        unit.phase = match unit.phase {
            Phase::Folding {
                mut states,
                mut totals,
                row,
            } => {
                let end = plan.rows.len.min(row.saturating_add(rows));
                states.fold(plan, seen, cells, row, end);
                if let Some(ranked) = &self.ranked {
                    totals.fold(plan, &ranked.sides, cells, row, end);
                }
                if end < plan.rows.len {
                    Phase::Folding { states, totals, row: end }
                } else if self.ranked.is_some() {
                    let scans = totals.finish().into_iter().take(slices.len()).map(Scan::new).collect();
                    Phase::Scanning { states, scans, at: 0 }
                } else {
                    self.finish(slices, states, Vec::new());
                    return None;
                }
            }
            Phase::Scanning { states, mut scans, at } => {
                let end = falling.rows.len().min(at.saturating_add(rows));
                scan(plan, falling, at..end, cells, &mut scans);
                if end == falling.rows.len() {
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

/// A row without label or score.
const UNRANKED: u8 = 2;

/// Positives and negatives with a score, by cell: needed before the scan, which divides by them.
enum Totals {
    /// Without weights: three counts a cell.
    Counts(Vec<u64>),
    /// With weights.
    Weighted(Vec<RankTotals>),
}

impl Totals {
    fn new(plan: &Plan, cells: usize) -> Self {
        if plan.rows.weights.is_some() {
            Self::Weighted(vec![RankTotals::default(); cells])
        } else {
            Self::Counts(vec![0; cells * 3])
        }
    }

    fn fold(&mut self, plan: &Plan, sides: &[u8], cells: &[u8], from: usize, to: usize) {
        match self {
            Self::Counts(counts) if plan.rows.counts.is_none() => {
                for (cell, side) in cells[from..to].iter().zip(&sides[from..to]) {
                    counts[usize::from(*cell) * 3 + usize::from(*side)] += 1;
                }
            }
            _ => {
                for row in (from..to).filter(|row| sides[*row] != UNRANKED) {
                    let Some(weight) = plan.rows.weight(row) else { continue };
                    let (cell, side) = (usize::from(cells[row]), sides[row]);
                    match self {
                        Self::Counts(counts) => counts[cell * 3 + usize::from(side)] += weight.count,
                        Self::Weighted(totals) => totals[cell].update(side == 1, weight),
                    }
                }
            }
        }
    }

    fn finish(self) -> Vec<RankTotals> {
        let of_counts = |counts: &[u64]| {
            let mut totals = RankTotals::default();
            for (side, count) in counts.iter().enumerate().take(usize::from(UNRANKED)) {
                totals.update(
                    side == 1,
                    RowWeight {
                        count: *count,
                        weight: None,
                    },
                );
            }
            totals
        };
        match self {
            Self::Counts(counts) => counts.chunks(3).map(of_counts).collect(),
            Self::Weighted(totals) => totals,
        }
    }
}

impl Ranked {
    /// `None` where there is no order to scan.
    fn of(plan: &Plan, falling: &Falling) -> Option<Self> {
        if falling.rows.is_empty() {
            return None;
        }
        let mut sides = vec![UNRANKED; plan.rows.len];
        for (row, positive) in falling.rows.iter().zip(&falling.positives) {
            sides[*row as usize] = u8::from(*positive);
        }
        Some(Self { sides })
    }
}

/// Takes some of the rows in their order, each for its slice.
fn scan(plan: &Plan, falling: &Falling, range: std::ops::Range<usize>, cells: &[u8], scans: &mut [Scan]) {
    const ONE: RowWeight = RowWeight { count: 1, weight: None };
    // Cells are taken from all over the file: many at once, so that none of them is waited for alone.
    const AT_ONCE: usize = 256;
    let is_plain = plan.rows.is_plain();
    let mut own = [0; AT_ONCE];
    for start in range.clone().step_by(AT_ONCE) {
        let end = range.end.min(start + AT_ONCE);
        let rows = &falling.rows[start..end];
        for (cell, row) in own.iter_mut().zip(rows) {
            *cell = cells[*row as usize];
        }
        let scored = falling.scores[start..end].iter().zip(&falling.positives[start..end]);
        for ((cell, row), (score, positive)) in own.iter().zip(rows).zip(scored) {
            let Some(scan) = scans.get_mut(usize::from(*cell)) else {
                continue;
            };
            let weight = if is_plain { Some(ONE) } else { plan.rows.weight(*row as usize) };
            if let Some(weight) = weight {
                scan.update(*positive, *score, weight);
            }
        }
    }
}
