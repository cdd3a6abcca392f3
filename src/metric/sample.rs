//! What metrics of columns see: the values of one column in some rows, and the same column in two files or windows.
//!
//! A count stands for as many rows; importance weights change no distribution. Which rows are meant, and in which order they stand, does not show.

use std::cell::OnceCell;

use serde::{Deserialize, Serialize};

use crate::data::Column;
use crate::data::column::{MISSING, level_number, level_order};
use crate::data::{Kind, MISSING_TIME, Values};
use crate::stats::counted::counted;
use crate::stats::order;
use crate::stats::rank::{of_rising_key, rising_key};
use crate::stats::two_sample::{Moments, RankSums, Step, moments, rank_sums};

use super::drift::cells::{Cell, cells};
use super::quality::summary::Summary;

/// How a column's values are compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum SampleKind {
    /// Numbers.
    Numbers,
    /// Texts out of a limited set, yes and no among them.
    Levels,
    /// Moments, as microseconds since 1970.
    Times,
}

impl SampleKind {
    /// How a column of that kind is compared; `None` where its values are not kept.
    pub fn of(kind: Kind) -> Option<Self> {
        match kind {
            Kind::Numeric => Some(Self::Numbers),
            Kind::Boolean | Kind::Categorical => Some(Self::Levels),
            Kind::Time => Some(Self::Times),
            Kind::Text | Kind::Empty => None,
        }
    }

    /// Whether the values are numbers or moments.
    pub fn is_ordered(self) -> bool {
        self != Self::Levels
    }
}

/// The values of a column in some rows.
#[derive(Debug, Clone, PartialEq)]
pub enum Distribution {
    /// The distinct numbers in rising order (infinities included; moments as microseconds), and how many rows have each.
    Numbers(Vec<(f64, u64)>),
    /// The distinct texts in the order in which levels are shown, and how many rows have each; a text that no row has is left out.
    Levels(Vec<(String, u64)>),
}

/// One column in some rows.
#[derive(Debug, Clone)]
pub struct Sample {
    /// How its values are compared.
    pub kind: SampleKind,
    /// Rows, those without a value included.
    pub rows: u64,
    /// Rows without a value.
    pub missing: u64,
    /// The values.
    pub values: Distribution,
    /// Of numbers, what several metrics need.
    summary: OnceCell<Box<Summary>>,
}

impl Sample {
    /// A column's values in some rows.
    pub fn new(kind: SampleKind, rows: u64, missing: u64, values: Distribution) -> Self {
        Self {
            kind,
            rows,
            missing,
            values,
            summary: OnceCell::new(),
        }
    }

    /// Sums and places of the numbers, computed when first asked for.
    pub fn summary(&self) -> &Summary {
        self.summary.get_or_init(|| Box::new(Summary::of(self)))
    }

    /// Rows with a value.
    pub fn present(&self) -> u64 {
        self.rows - self.missing
    }

    /// The distinct numbers and their rows; empty for texts.
    pub fn numbers(&self) -> &[(f64, u64)] {
        match &self.values {
            Distribution::Numbers(numbers) => numbers,
            Distribution::Levels(_) => &[],
        }
    }

    /// The distinct texts and their rows; empty for numbers.
    pub fn levels(&self) -> &[(String, u64)] {
        match &self.values {
            Distribution::Numbers(_) => &[],
            Distribution::Levels(levels) => levels,
        }
    }
}

/// The samples of a column in the parts into which `part_of` puts each row, with how many rows it stands for; `None` leaves the row out.
/// `None` where the column's values cannot be read as that kind.
pub fn samples(column: &Column, kind: SampleKind, parts: usize, part_of: &dyn Fn(usize) -> Option<(usize, u64)>) -> Option<Vec<Sample>> {
    match kind {
        SampleKind::Levels => {
            let levels = column.to_levels(usize::MAX).ok()?;
            let mut counts = vec![vec![0_u64; levels.names.len() + 1]; parts];
            for (row, code) in levels.codes.iter().enumerate() {
                if let Some((part, count)) = part_of(row) {
                    let place = if code == MISSING { levels.names.len() } else { code as usize };
                    counts[part][place] += count;
                }
            }
            Some(counts.iter().map(|counts| of_levels(&levels.names, counts)).collect())
        }
        SampleKind::Numbers => {
            if let Values::Numeric(numbers) = &column.values {
                if let Some(parts) = numbers.counted_in(parts, part_of) {
                    let sample = |(rows, (values, missing))| Sample::new(kind, rows, missing, Distribution::Numbers(values));
                    return Some(parts.into_iter().map(sample).collect());
                }
                return Some(of_numbers(kind, &mut numbers.iter(), parts, part_of));
            }
            let numbers = column.to_numbers().ok()?;
            Some(of_numbers(kind, &mut numbers.iter().copied(), parts, part_of))
        }
        SampleKind::Times => {
            let Values::Time(times) = &column.values else { return None };
            Some(of_numbers(kind, &mut times.iter().map(moment), parts, part_of))
        }
    }
}

/// A column's values in all rows, each of which stands for itself alone; `None` where they cannot be read as that kind.
pub fn of_all(column: &Column, kind: SampleKind) -> Option<Sample> {
    Some(match kind {
        SampleKind::Levels => {
            let levels = column.to_levels(usize::MAX).ok()?;
            let missing = levels.names.len();
            let mut counts = vec![0_u64; missing + 1];
            for code in levels.codes.iter() {
                counts[(code as usize).min(missing)] += 1;
            }
            of_levels(&levels.names, &counts)
        }
        SampleKind::Numbers => {
            // Numbers that are kept in few bytes are not made wide all at once.
            if let Values::Numeric(numbers) = &column.values
                && let Some((values, missing)) = numbers.counted()
            {
                return Some(Sample::new(kind, numbers.len() as u64, missing, Distribution::Numbers(values)));
            }
            let own = match &column.values {
                Values::Numeric(numbers) => Gathered::of(numbers.iter(), numbers.len()),
                _ => {
                    let numbers = column.to_numbers().ok()?;
                    Gathered::of(numbers.iter().copied(), numbers.len())
                }
            };
            own.sample(kind)
        }
        SampleKind::Times => {
            let Values::Time(times) = &column.values else { return None };
            Gathered::of(times.iter().map(moment), times.len()).sample(kind)
        }
    })
}

/// A moment as a number, NaN where it is missing.
fn moment(time: i64) -> f64 {
    if time == MISSING_TIME { f64::NAN } else { time as f64 }
}

fn of_levels(names: &[String], counts: &[u64]) -> Sample {
    let (missing, own) = counts.split_last().map_or((0, counts), |(last, own)| (*last, own));
    let mut levels: Vec<(String, u64)> = names
        .iter()
        .cloned()
        .zip(own.iter().copied())
        .filter(|(_, count)| *count > 0)
        .collect();
    sort_levels(&mut levels);
    Sample::new(SampleKind::Levels, counts.iter().sum(), missing, Distribution::Levels(levels))
}

/// Many levels are sorted by what their names are read as once, not at every comparison.
fn sort_levels(levels: &mut Vec<(String, u64)>) {
    let mut keyed: Vec<(Option<u64>, String, u64)> = std::mem::take(levels)
        .into_iter()
        .map(|(name, count)| (level_number(&name).map(rising_key), name, count))
        .collect();
    order::sort_by(&mut keyed, |a, b| match (a.0, b.0) {
        (Some(x), Some(y)) => x.cmp(&y).then_with(|| a.1.cmp(&b.1)),
        (Some(_), None) => std::cmp::Ordering::Less,
        (None, Some(_)) => std::cmp::Ordering::Greater,
        (None, None) => a.1.cmp(&b.1),
    });
    levels.extend(keyed.into_iter().map(|(_, name, count)| (name, count)));
}

/// The numbers of one part, by the whole numbers that rise with them.
#[derive(Default)]
struct Gathered {
    keys: Vec<u64>,
    /// As many as there are keys, once a row has stood for more than itself.
    counts: Vec<u64>,
    missing: u64,
}

impl Gathered {
    /// So many values, each of one row.
    fn of(values: impl Iterator<Item = f64>, rows: usize) -> Self {
        let mut own = Self::default();
        own.keys.reserve_exact(rows);
        for value in values {
            if value.is_nan() {
                own.missing += 1;
            } else {
                own.keys.push(rising_key(value));
            }
        }
        own
    }

    fn take(&mut self, value: f64, count: u64) {
        if value.is_nan() {
            self.missing += count;
            return;
        }
        if count != 1 && self.counts.is_empty() {
            self.counts.resize(self.keys.len(), 1);
        }
        if count != 1 || !self.counts.is_empty() {
            self.counts.push(count);
        }
        // No negative zero: it is no other number.
        self.keys.push(rising_key(value));
    }

    fn sample(self, kind: SampleKind) -> Sample {
        let values = if self.counts.is_empty() {
            counted(self.keys)
        } else {
            let mut pairs: Vec<(u64, u64)> = self.keys.into_iter().zip(self.counts).collect();
            pairs.sort_unstable();
            let same = pairs.chunk_by(|a, b| a.0 == b.0);
            same.map(|run| (of_rising_key(run[0].0), run.iter().map(|(_, count)| count).sum()))
                .collect()
        };
        let rows = self.missing + values.iter().map(|(_, count)| count).sum::<u64>();
        Sample::new(kind, rows, self.missing, Distribution::Numbers(values))
    }
}

fn of_numbers(
    kind: SampleKind,
    values: &mut dyn Iterator<Item = f64>,
    parts: usize,
    part_of: &dyn Fn(usize) -> Option<(usize, u64)>,
) -> Vec<Sample> {
    let mut found: Vec<Gathered> = Vec::new();
    found.resize_with(parts, Gathered::default);
    for (row, value) in values.enumerate() {
        if let Some((part, count)) = part_of(row) {
            found[part].take(value, count);
        }
    }
    found.into_iter().map(|own| own.sample(kind)).collect()
}

/// The same column twice: earlier rows, and the rows under test. Both are of one kind.
#[derive(Debug)]
pub struct Pair<'a> {
    /// The earlier rows.
    pub reference: &'a Sample,
    /// The rows under test.
    pub current: &'a Sample,
    /// What several metrics need of the same two samples.
    pub memory: &'a PairMemory,
}

/// What several metrics need of the same two samples: computed when first asked for.
#[derive(Debug, Default)]
pub struct PairMemory {
    /// Every value that either has, in order, with its rows in the reference and in the current data: the two-row table, or the steps of the
    /// two distribution functions.
    merged: OnceCell<Vec<(u64, u64)>>,
    steps: OnceCell<Vec<Step>>,
    ranks: OnceCell<RankSums>,
    moments: OnceCell<Moments>,
    cells: OnceCell<Vec<Cell>>,
}

impl PairMemory {
    /// A memory of cells, and of what the numbers tell, that are known without the rows of the reference.
    pub fn told(cells: Option<Vec<Cell>>, moments: Option<Moments>) -> Self {
        Self {
            cells: cells.map(OnceCell::from).unwrap_or_default(),
            moments: moments.map(OnceCell::from).unwrap_or_default(),
            ..Self::default()
        }
    }
}

impl Pair<'_> {
    /// Rows with a value in the smaller of both.
    pub fn support(&self) -> u64 {
        self.reference.present().min(self.current.present())
    }

    /// Every number that either has, in rising order, with its rows in the reference (first) and in the current data (second); empty for texts.
    pub fn steps(&self) -> &[Step] {
        self.memory
            .steps
            .get_or_init(|| merged_steps(self.reference.numbers(), self.current.numbers()))
    }

    /// What the order of the numbers tells.
    pub fn ranks(&self) -> &RankSums {
        self.memory.ranks.get_or_init(|| rank_sums(self.steps()))
    }

    /// What the numbers themselves tell.
    pub fn moments(&self) -> &Moments {
        self.memory.moments.get_or_init(|| moments(self.steps()))
    }

    /// Both in cells.
    pub fn cells(&self) -> &[Cell] {
        self.memory.cells.get_or_init(|| cells(self))
    }

    /// Every value that either has, in order, with its rows in the reference and in the current data.
    pub fn table(&self) -> &[(u64, u64)] {
        self.memory
            .merged
            .get_or_init(|| match (&self.reference.values, &self.current.values) {
                (Distribution::Numbers(a), Distribution::Numbers(b)) => merged(a, b, |x, y| x.total_cmp(y)),
                (Distribution::Levels(a), Distribution::Levels(b)) => merged(a, b, |x, y| level_order(x, y)),
                _ => Vec::new(),
            })
    }
}

fn merged_steps(first: &[(f64, u64)], second: &[(f64, u64)]) -> Vec<Step> {
    let (mut i, mut j) = (0, 0);
    let mut steps = Vec::with_capacity(first.len().max(second.len()));
    while i < first.len() || j < second.len() {
        let (a, b) = (first.get(i), second.get(j));
        let value = match (a, b) {
            (Some((x, _)), Some((y, _))) => x.min(*y),
            (Some((x, _)), None) | (None, Some((x, _))) => *x,
            (None, None) => break,
        };
        let mut step = Step {
            value,
            first: 0,
            second: 0,
        };
        if let Some((_, count)) = a.filter(|(own, _)| *own == value) {
            step.first = *count;
            i += 1;
        }
        if let Some((_, count)) = b.filter(|(own, _)| *own == value) {
            step.second = *count;
            j += 1;
        }
        steps.push(step);
    }
    steps
}

fn merged<V>(a: &[(V, u64)], b: &[(V, u64)], compare: impl Fn(&V, &V) -> std::cmp::Ordering) -> Vec<(u64, u64)> {
    let (mut i, mut j) = (0, 0);
    let mut table = Vec::with_capacity(a.len().max(b.len()));
    loop {
        let order = match (a.get(i), b.get(j)) {
            (Some((x, _)), Some((y, _))) => compare(x, y),
            (Some(_), None) => std::cmp::Ordering::Less,
            (None, Some(_)) => std::cmp::Ordering::Greater,
            (None, None) => return table,
        };
        let mut row = (0, 0);
        if order.is_le() {
            row.0 = a[i].1;
            i += 1;
        }
        if order.is_ge() {
            row.1 = b[j].1;
            j += 1;
        }
        table.push(row);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::column::Levels;

    fn column(kind: Kind, values: Values) -> Column {
        Column {
            name: "x".to_owned(),
            kind,
            values,
            missing: 0,
            invalid: 0,
        }
    }

    #[test]
    fn numbers_are_counted_once_each_and_in_order() {
        let values = vec![2.0, f64::NAN, -0.0, 0.0, f64::INFINITY, 2.0];
        let numbers = column(Kind::Numeric, Values::Numeric(values.into()));
        // The last row counts twice, the fifth not at all.
        let counts = [1, 1, 1, 1, 0, 2];
        let part_of = |row: usize| (counts[row] > 0).then_some((0, counts[row]));
        let own = samples(&numbers, SampleKind::Numbers, 1, &part_of).unwrap().remove(0);
        assert_eq!((own.rows, own.missing, own.present()), (6, 1, 5));
        assert_eq!(own.numbers(), [(0.0, 2), (2.0, 3)]);
    }

    #[test]
    fn texts_are_counted_in_their_parts() {
        let names = ["b", "a", "10", "9"].map(str::to_owned).to_vec();
        let codes = vec![0, 1, MISSING, 2, 3, 0];
        let texts = column(
            Kind::Categorical,
            Values::Levels(Levels {
                codes: codes.into(),
                names,
            }),
        );
        let parts = samples(&texts, SampleKind::Levels, 2, &|row| Some((row / 4, 1))).unwrap();
        let named = |part: &Sample| {
            part.levels()
                .iter()
                .map(|(name, count)| format!("{name}{count}"))
                .collect::<String>()
        };
        assert_eq!((named(&parts[0]), parts[0].missing), ("101a1b1".to_owned(), 1));
        assert_eq!((named(&parts[1]), parts[1].missing), ("91b1".to_owned(), 0));
    }

    #[test]
    fn the_table_of_a_pair_holds_every_value_of_either() {
        let numbers = |values: &[f64]| {
            let own = column(Kind::Numeric, Values::Numeric(values.to_vec().into()));
            samples(&own, SampleKind::Numbers, 1, &|_| Some((0, 1))).unwrap().remove(0)
        };
        let (reference, current) = (numbers(&[1.0, 3.0, 3.0]), numbers(&[2.0, 3.0, 4.0]));
        let memory = PairMemory::default();
        let pair = Pair {
            reference: &reference,
            current: &current,
            memory: &memory,
        };
        assert_eq!(pair.table(), [(1, 0), (0, 1), (2, 1), (0, 1)]);
        let steps: Vec<(f64, u64, u64)> = pair.steps().iter().map(|step| (step.value, step.first, step.second)).collect();
        assert_eq!(steps, [(1.0, 1, 0), (2.0, 0, 1), (3.0, 2, 1), (4.0, 0, 1)]);
    }
}
