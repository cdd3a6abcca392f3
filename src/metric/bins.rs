//! Rows in bins by score: for calibration, and for parts of equal size.

use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::UndefinedCode as Code;
use super::reading::Reading;
use super::state::{RowWeight, Tally};
use super::steps::{Step, Steps};
use super::view::{Memory, Scored, View};
use crate::stats::sum::ExactSum;

/// How the edges of bins are chosen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Edges {
    /// Equal parts of 0 to 1, each with its lower edge; the last with both.
    WidthLeft,
    /// Equal parts of 0 to 1, each with its upper edge; the first with both.
    WidthRight,
    /// Quantiles of the score (linear between rows), each bin with its upper edge.
    Quantile,
    /// Equal numbers of rows by rising score, the first ones larger by one; equal scores in file order.
    Rank,
}

/// A binning: how many bins, and where they end. Written as `width10_left`, `width10_right`, `quantile10`, `rank10`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Binning {
    /// Where bins end.
    pub edges: Edges,
    /// How many.
    pub bins: u32,
}

/// The fewest and the most bins.
const SIZES: std::ops::RangeInclusive<u32> = 2..=100;

impl Binning {
    /// The binning in use unless another is asked for: it keeps its meaning where scores crowd at one end, and the order of rows does not show.
    pub const PLAIN: Self = Self {
        edges: Edges::Quantile,
        bins: 10,
    };
}

impl fmt::Display for Binning {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.edges {
            Edges::WidthLeft => write!(f, "width{}_left", self.bins),
            Edges::WidthRight => write!(f, "width{}_right", self.bins),
            Edges::Quantile => write!(f, "quantile{}", self.bins),
            Edges::Rank => write!(f, "rank{}", self.bins),
        }
    }
}

impl FromStr for Binning {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let sided = |text: &str| {
            let (bins, side) = text.split_once('_')?;
            match side {
                "left" => Some((bins.to_owned(), Edges::WidthLeft)),
                "right" => Some((bins.to_owned(), Edges::WidthRight)),
                _ => None,
            }
        };
        let parts = text
            .strip_prefix("quantile")
            .map(|bins| (bins.to_owned(), Edges::Quantile))
            .or_else(|| text.strip_prefix("rank").map(|bins| (bins.to_owned(), Edges::Rank)))
            .or_else(|| text.strip_prefix("width").and_then(sided));
        let known = parts.and_then(|(bins, edges)| {
            let bins = bins.parse().ok().filter(|bins| SIZES.contains(bins))?;
            Some(Self { edges, bins })
        });
        known.ok_or_else(|| {
            format!(
                "\"{text}\" is no binning; write width10_left, width10_right, quantile10 or rank10, with any number of bins from 2 to 100"
            )
        })
    }
}

impl From<Binning> for String {
    fn from(binning: Binning) -> Self {
        binning.to_string()
    }
}

impl TryFrom<String> for Binning {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        text.parse()
    }
}

/// The rows of one bin.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Bin {
    /// All of them.
    pub rows: Tally,
    /// Those that are positive.
    pub positives: Tally,
    /// The weighted sum of their scores.
    pub scores: ExactSum,
    /// The score of the row that came last.
    pub last: f64,
}

impl Bin {
    fn add(&mut self, row: Scored) {
        let RowWeight { count, weight } = row.weight;
        self.rows.update(count, weight);
        if row.positive {
            self.positives.update(count, weight);
        }
        row.weight.add(&mut self.scores, row.score);
        self.last = row.score;
    }

    /// Adds all rows with one score of an unweighted audit.
    fn add_step(&mut self, step: &Step) {
        self.rows.update((step.positive + step.negative) as u64, None);
        self.positives.update(step.positive as u64, None);
        self.scores.add_product(step.positive + step.negative, step.score);
        self.last = step.score;
    }

    /// Whether nothing can be measured here.
    pub fn is_empty(&self) -> bool {
        self.rows.weight() <= 0.0
    }

    /// The mean score; NaN in an empty bin.
    pub fn mean_score(&self) -> f64 {
        self.scores.value() / self.rows.weight()
    }

    /// The share of positives; NaN in an empty bin.
    pub fn observed_rate(&self) -> f64 {
        self.positives.weight() / self.rows.weight()
    }

    /// How far the mean score is from the share of positives.
    pub fn gap(&self) -> f64 {
        (self.mean_score() - self.observed_rate()).abs()
    }

    /// The share of positives with its evidence.
    pub fn rate(&self) -> Reading {
        Reading::share_of(&self.positives, &self.rows, Code::NoRows)
    }
}

/// A view's rows in the bins of one binning.
#[derive(Debug, Clone)]
pub struct Binned {
    /// The binning.
    pub binning: Binning,
    /// Its bins by rising score, empty ones among them.
    pub bins: Vec<Bin>,
}

/// The bins of every binning asked for, the plain one first.
pub fn binned<'v>(view: &'v View<'_>) -> &'v [Binned] {
    let Memory { bins, .. } = view.memory;
    let further = &view.subject.parameters.calibration_bins;
    let all = std::iter::once(Binning::PLAIN).chain(further.iter().copied());
    bins.get_or_init(|| all.map(|binning| fill(view, binning)).collect())
}

/// Ten parts of equal numbers of rows, highest score first; the first ones are larger by one.
pub fn deciles<'v>(view: &'v View<'_>) -> &'v [Bin] {
    view.memory.deciles.get_or_init(|| split(view, false, 10))
}

/// Ten parts of equal numbers of rows, lowest score first; the first ones are larger by one.
pub fn ranks<'v>(view: &'v View<'_>) -> &'v [Bin] {
    view.memory.ranks.get_or_init(|| split(view, true, 10))
}

fn fill(view: &View<'_>, binning: Binning) -> Binned {
    let bins = match binning.edges {
        Edges::WidthLeft | Edges::WidthRight => {
            let edges: Vec<f64> = (1..binning.bins).map(|edge| f64::from(edge) / f64::from(binning.bins)).collect();
            between(view, &edges, binning.edges == Edges::WidthLeft)
        }
        Edges::Quantile => between(view, &quantiles(view, binning.bins), false),
        Edges::Rank => split(view, true, u64::from(binning.bins)),
    };
    Binned { binning, bins }
}

/// The rows between inner edges; a score on an edge goes up where `is_left`, down otherwise.
fn between(view: &View<'_>, edges: &[f64], is_left: bool) -> Vec<Bin> {
    let mut bins = vec![Bin::default(); edges.len() + 1];
    let mut place = edges.len();
    // Scores fall, so the place only ever moves down.
    let mut place_of = |score: f64| {
        while place > 0 && (score < edges[place - 1] || (score == edges[place - 1] && !is_left)) {
            place -= 1;
        }
        place
    };
    let steps = Steps::of(view);
    if steps.is_weighted() {
        view.scored().for_each(|row| bins[place_of(row.score)].add(row));
    } else {
        steps.steps.iter().for_each(|step| bins[place_of(step.score)].add_step(step));
    }
    bins
}

/// The inner edges at equal steps of the quantile function, linear between rows (type 7), a row counted as often as it stands for and
/// whatever its importance: fewer where there are no rows.
fn quantiles(view: &View<'_>, bins: u32) -> Vec<f64> {
    let steps = Steps::of(view);
    let total = steps.support();
    let Some(last) = total.checked_sub(1) else { return Vec::new() };
    // Places are exact, because last * edge is split by the number of bins in whole numbers.
    let place = |edge: u32| {
        let product = u128::from(last) * u128::from(edge);
        let part = (product % u128::from(bins)) as f64 / f64::from(bins);
        ((product / u128::from(bins)) as u64, part)
    };
    let wanted = (1..bins).map(place).flat_map(|(place, _)| [place, (place + 1).min(last)]);
    let mut scores: BTreeMap<u64, f64> = wanted.map(|place| (place, f64::NAN)).collect();
    let mut open = scores.iter_mut().rev().peekable();
    let mut below = total;
    // Scores fall; says whether a place is still open.
    let mut pass = |count: u64, score: f64| {
        below -= count;
        while let Some((_, found)) = open.next_if(|(place, _)| **place >= below) {
            *found = score;
        }
        open.peek().is_some()
    };
    if steps.is_weighted() {
        let _is_open = view.scored().all(|row| pass(row.weight.count, row.score));
    } else {
        let rows = |step: &Step| (step.positive + step.negative) as u64;
        let _is_open = steps.steps.iter().all(|step| pass(rows(step), step.score));
    }
    let edge = |(place, part): (u64, f64)| {
        let (low, high) = (scores[&place], scores[&(place + 1).min(last)]);
        if part > 0.0 { low + (high - low) * part } else { low }
    };
    (1..bins).map(place).map(edge).collect()
}

/// The rows by rising score; equal scores in file order.
fn rising(view: &View<'_>) -> Vec<u32> {
    let (falling, scores) = (view.falling, view.subject.rows.score.as_deref().unwrap_or_default());
    let mut rising = Vec::with_capacity(falling.len());
    let mut end = falling.len();
    while end > 0 {
        let score = scores[falling[end - 1] as usize];
        let start = falling[..end]
            .iter()
            .rposition(|row| scores[*row as usize] != score)
            .map_or(0, |place| place + 1);
        rising.extend_from_slice(&falling[start..end]);
        end = start;
    }
    rising
}

/// The rows by rising or by falling score in parts of equal numbers, the first ones larger by one; equal scores in file order. A row that stands for
/// several may be in two parts.
fn split(view: &View<'_>, is_rising: bool, parts: u64) -> Vec<Bin> {
    let steps = Steps::of(view);
    let mut filling = Filling {
        bins: vec![Bin::default(); parts as usize],
        total: steps.support(),
        part: 0,
        room: 0,
    };
    filling.room = filling.size(0);
    if steps.is_weighted() {
        let rising = if is_rising { rising(view) } else { Vec::new() };
        let order = if is_rising { &rising } else { view.falling };
        view.scored_in(order).for_each(|row| filling.add(row));
        return filling.bins;
    }
    let mut take = |place: usize| {
        if !filling.add_step(&steps.steps[place]) {
            view.scored_in(&view.falling[steps.places(place)]).for_each(|row| filling.add(row));
        }
    };
    if is_rising {
        (0..steps.steps.len()).rev().for_each(&mut take);
    } else {
        (0..steps.steps.len()).for_each(&mut take);
    }
    filling.bins
}

/// Parts being filled, one after the other.
struct Filling {
    bins: Vec<Bin>,
    total: u64,
    part: u64,
    room: u64,
}

impl Filling {
    fn size(&self, part: u64) -> u64 {
        let parts = self.bins.len() as u64;
        self.total / parts + u64::from(part < self.total % parts)
    }

    /// Goes on to the part that has room.
    fn open(&mut self) {
        while self.room == 0 {
            self.part += 1;
            self.room = self.size(self.part);
        }
    }

    /// Adds all rows with one score of an unweighted audit, unless they do not fit in one part.
    fn add_step(&mut self, step: &Step) -> bool {
        let rows = (step.positive + step.negative) as u64;
        self.open();
        let fits = rows <= self.room;
        if fits {
            self.bins[self.part as usize].add_step(step);
            self.room -= rows;
        }
        fits
    }

    fn add(&mut self, row: Scored) {
        let mut left = row.weight.count;
        while left > 0 {
            self.open();
            let taken = left.min(self.room);
            let weight = RowWeight {
                count: taken,
                ..row.weight
            };
            self.bins[self.part as usize].add(Scored { weight, ..row });
            left -= taken;
            self.room -= taken;
        }
    }
}
