//! Metrics of ranked lists: items with a relevance and a score, in the order of the score, one list a query.
//!
//! Each list is measured by itself and lists are averaged, every list counting once. Items of equal score have no order: what is measured is
//! the average over all their orders, so that no number depends on the order of the file. A list without relevant items has no best order; such lists are
//! counted and left out. Nothing of a single query is reported.

use std::cell::OnceCell;

use super::reading::Reading;
use super::spec::{Compare, Direction, Family, Metric, Read, Unit};
use super::state::{MeanSums, RowWeight, Tally};
use super::view::{Measured, Subject, View};
use super::{Gain, Task, UndefinedCode as Code};
use crate::data::column::{MISSING, number_text};
use crate::stats::interval::Method;
use crate::stats::math::{exp2, log2};
use crate::stats::quantile::{linear, order_limits};
use crate::stats::rank::{Ranked, rising_key};

mod list;

use list::{Block, List};

/// The lengths of lists at whose top is looked where none are set.
const TOP: [u64; 3] = [1, 5, 10];
/// The percents of lists' quantiles.
const PERCENTS: [f64; 5] = [5.0, 25.0, 50.0, 75.0, 95.0];
/// The most items that one list may stand for: their places are walked one by one.
const MOST_ITEMS: u64 = 10_000_000;

const ONCE: RowWeight = RowWeight { count: 1, weight: None };

/// What all lists of a view gave.
#[derive(Debug, Default)]
pub struct Retrieved {
    kept: OnceCell<Result<Summary, Code>>,
}

/// Sums over lists.
#[derive(Debug, Default)]
struct Summary {
    lists: u64,
    without_relevant: u64,
    /// Whether relevance is negative somewhere, so that it is no gain.
    is_negative: bool,
    measured: Tally,
    ndcg: Vec<f64>,
    plain: [MeanSums; 4],
    /// For each length of the top, NDCG, average precision, precision, recall and hits.
    at: Vec<[MeanSums; 5]>,
}

/// The place of a number among those without a top.
#[derive(Clone, Copy)]
enum Plain {
    Ndcg,
    AveragePrecision,
    ReciprocalRank,
    RandomNdcg,
}

/// The place of a number among those at a top.
#[derive(Clone, Copy)]
enum At {
    Ndcg,
    AveragePrecision,
    Precision,
    Recall,
    Hits,
}

fn tops(view: &View<'_>) -> Vec<u64> {
    let set: Vec<u64> = view.subject.parameters.top.iter().copied().filter(|top| *top > 0).collect();
    if set.is_empty() { TOP.to_vec() } else { set }
}

/// The rows of a view that are part of a list, by query, highest score first.
fn in_lists(view: &View<'_>) -> Vec<u32> {
    let rows = view.subject.rows;
    let (Some(query), Some(score), Some(truth)) = (&rows.query, &rows.score, &rows.truth) else {
        return Vec::new();
    };
    let is_item = |row: &&u32| {
        let row = **row as usize;
        query[row] != MISSING && !score[row].is_nan() && !truth[row].is_nan()
    };
    let mut keys: Vec<(u64, u32)> = view
        .rows
        .iter()
        .filter(is_item)
        .map(|row| (!rising_key(score[*row as usize]), *row))
        .collect();
    keys.sort_unstable();
    // Then by query, which keeps the order of scores: places counted out.
    let queries = keys.iter().map(|(_, row)| query[*row as usize] as usize + 1).max().unwrap_or(0);
    let mut starts = vec![0_u32; queries + 1];
    for (_, row) in &keys {
        starts[query[*row as usize] as usize + 1] += 1;
    }
    for place in 1..starts.len() {
        starts[place] += starts[place - 1];
    }
    let mut sorted = vec![0; keys.len()];
    for (_, row) in keys {
        let start = &mut starts[query[row as usize] as usize];
        sorted[*start as usize] = row;
        *start += 1;
    }
    sorted
}

fn summarize(view: &View<'_>) -> Result<Summary, Code> {
    let rows = view.subject.rows;
    let items = in_lists(view);
    let (Some(query), Some(score), Some(truth)) = (&rows.query, &rows.score, &rows.truth) else {
        return Err(Code::NoRows);
    };
    let weight = |row: u32| rows.weight(row as usize).and_then(|weight| weight.weight);
    if items.windows(2).any(|pair| weight(pair[0]) != weight(pair[1])) {
        return Err(Code::Weighted);
    }
    let gain = |relevance: f64| match view.subject.parameters.gain {
        Gain::Linear => relevance,
        Gain::Exponential => exp2(relevance) - 1.0,
    };
    let mut summary = Summary {
        is_negative: items.iter().any(|row| truth[*row as usize] < 0.0),
        ..Summary::default()
    };
    let tops = tops(view);
    summary.at.resize_with(tops.len(), Default::default);
    let mut discounts = Discounts::default();
    for list in items.chunk_by(|a, b| query[*a as usize] == query[*b as usize]) {
        let blocks = list.chunk_by(|a, b| score[*a as usize] == score[*b as usize]).map(|tied| {
            let mut block = Block::default();
            for row in tied {
                let count = rows.weight(*row as usize).map_or(0, |weight| weight.count);
                block.add(count, truth[*row as usize], gain(truth[*row as usize]));
            }
            block
        });
        let list = List::new(blocks.collect());
        if list.len() > MOST_ITEMS {
            return Err(Code::TooManyRows);
        }
        discounts.reach(list.len());
        summary.add(&list, &tops, &discounts);
    }
    Ok(summary)
}

/// Sums of what the places of a list are worth, `1 / log2(place + 1)`, up to each place.
#[derive(Debug)]
struct Discounts {
    through: Vec<f64>,
}

impl Default for Discounts {
    fn default() -> Self {
        Self { through: vec![0.0] }
    }
}

impl Discounts {
    fn reach(&mut self, places: u64) {
        while self.through.len() as u64 <= places {
            let place = self.through.len() as f64;
            let last = self.through.last().copied().unwrap_or(0.0);
            self.through.push(last + 1.0 / log2(place + 1.0));
        }
    }

    /// What the places behind `from`, up to `to`, are worth together.
    fn between(&self, from: u64, to: u64) -> f64 {
        if to <= from {
            return 0.0;
        }
        self.through[to as usize] - self.through[from as usize]
    }
}

impl Summary {
    fn add(&mut self, list: &List, tops: &[u64], discounts: &Discounts) {
        self.lists += 1;
        if list.relevant() == 0 {
            self.without_relevant += 1;
            return;
        }
        self.measured.update(1, None);
        let all = list.len();
        let ndcg = list.ndcg(all, discounts);
        self.ndcg.push(ndcg);
        let plain = [
            ndcg,
            list.average_precision(all),
            list.reciprocal_rank(),
            list.shuffled().ndcg(all, discounts),
        ];
        for (sums, value) in self.plain.iter_mut().zip(plain) {
            sums.update(ONCE, value);
        }
        for (sums, top) in self.at.iter_mut().zip(tops) {
            let found = list.found(*top);
            let values = [
                list.ndcg(*top, discounts),
                list.average_precision(*top),
                found / *top as f64,
                found / list.relevant() as f64,
                list.hits(*top),
            ];
            for (sums, value) in sums.iter_mut().zip(values) {
                sums.update(ONCE, value);
            }
        }
    }

    /// The mean over lists with its standard error over lists.
    fn mean(&self, sums: &MeanSums, is_gain: bool) -> Reading {
        if is_gain && self.is_negative {
            return Reading::undefined(Code::OutOfDomain, self.measured.rows());
        }
        if self.measured.rows() == 0 {
            let code = if self.lists == 0 { Code::NoRows } else { Code::NoRelevant };
            return Reading::undefined(code, 0);
        }
        Reading::mean(sums, &self.measured)
    }
}

fn read(view: &View<'_>, number: impl Fn(&Summary) -> Reading) -> Reading {
    match view.memory.lists.kept.get_or_init(|| summarize(view)) {
        Ok(summary) => number(summary),
        Err(code) => Reading::undefined(*code, 0),
    }
}

fn plain(view: &View<'_>, which: Plain) -> Measured {
    let is_gain = matches!(which, Plain::Ndcg | Plain::RandomNdcg);
    Measured::plain(read(view, |summary| summary.mean(&summary.plain[which as usize], is_gain)))
}

fn at(view: &View<'_>, which: At) -> impl Iterator<Item = Measured> {
    let is_gain = matches!(which, At::Ndcg);
    tops(view).into_iter().enumerate().map(move |(place, top)| {
        let reading = read(view, |summary| summary.mean(&summary.at[place][which as usize], is_gain));
        Measured::with(&[("k", top.to_string())], reading)
    })
}

fn ndcg(view: &View<'_>) -> Vec<Measured> {
    std::iter::once(plain(view, Plain::Ndcg)).chain(at(view, At::Ndcg)).collect()
}

fn average_precision(view: &View<'_>) -> Vec<Measured> {
    let whole = plain(view, Plain::AveragePrecision);
    std::iter::once(whole).chain(at(view, At::AveragePrecision)).collect()
}

fn ndcg_quantile(view: &View<'_>) -> Vec<Measured> {
    let form = |percent: f64| {
        let reading = read(view, |summary| {
            let support = summary.measured.rows();
            let ranked = Ranked::new(summary.ndcg.len(), &|place| summary.ndcg[place], &|_| 1);
            match (summary.mean(&summary.plain[0], true).value, linear(&ranked, percent / 100.0)) {
                (Err(code), _) => Reading::undefined(code, support),
                (Ok(_), None) => Reading::undefined(Code::NoRows, support),
                (Ok(_), Some(value)) => {
                    let limits = order_limits(&ranked, percent / 100.0, view.subject.level);
                    Reading::with_limits(value, limits, Method::OrderStatistics, support)
                }
            }
        });
        Measured::with(&[("percent", number_text(percent))], reading)
    };
    PERCENTS.map(form).to_vec()
}

fn is_ranking(subject: &Subject<'_>) -> bool {
    subject.task == Some(Task::Ranking)
}

const fn view(read: fn(&View<'_>) -> Vec<Measured>) -> Read {
    Read::View { needs: is_ranking, read }
}

const LISTS: Metric = Metric {
    family: Family::Retrieval,
    reading: "From 0 to 1; 1 is the best possible. Support and interval are over queries.",
    by_group: true,
    ..Metric::BLANK
};

const COUNT: Metric = Metric {
    unit: Unit::Count,
    direction: Direction::Neutral,
    range: (0.0, f64::INFINITY),
    compare: Compare::No,
    ..LISTS
};

/// The rows of this family, in the order they are shown.
pub const METRICS: [Metric; 10] = [
    Metric {
        id: "queries",
        name: "queries",
        aliases: &["lists"],
        words: &["number of queries"],
        summary: "How many queries have a ranked item.",
        formula: "different queries among rows with relevance and score",
        reading: "A count: it says how much evidence there is.",
        caveat: "Queries without relevant items are among them; they have no part in averages.",
        reference: "trec_eval, num_q",
        reads: &[view(|view| {
            vec![Measured::plain(read(view, |summary| {
                Reading::exact(summary.lists as f64, summary.lists)
            }))]
        })],
        ..COUNT
    },
    Metric {
        id: "queries_without_relevant",
        name: "queries without a relevant item",
        summary: "How many queries have no item that is relevant, so that no order of theirs is better than another.",
        formula: "queries whose items all have a relevance of 0 or less",
        reading: "They are left out of all averages.",
        caveat: "Where they are many, look at why: the search may find nothing, or the labels may be incomplete.",
        reference: "trec_eval leaves them out; scikit-learn's ndcg_score gives them 0",
        reads: &[view(|view| {
            vec![Measured::plain(read(view, |summary| {
                Reading::exact(summary.without_relevant as f64, summary.lists)
            }))]
        })],
        ..COUNT
    },
    Metric {
        id: "mean_ndcg",
        name: "mean NDCG",
        aliases: &["ndcg_over_queries"],
        words: &[],
        summary: "How near lists are to their best order, the top counting most; for the whole list and for its first k items.",
        formula: "mean over queries of sum of gain / log2(place + 1), over that sum in the best order",
        caveat: "Items that nobody labelled count as not relevant. Gain is the relevance unless set to 2^relevance - 1; ties are averaged.",
        reference: "scikit-learn, ndcg_score; Jarvelin and Kekalainen 2002",
        reads: &[view(ndcg)],
        ..LISTS
    },
    Metric {
        id: "random_ndcg",
        name: "NDCG of a random order",
        summary: "What a random order of the same items reaches on average: the least that a ranking must beat.",
        formula: "NDCG with all items tied",
        caveat: "Short lists and lists full of relevant items reach much without any skill.",
        reference: "scikit-learn, ndcg_score of a constant score",
        direction: Direction::Neutral,
        compare: Compare::No,
        reads: &[view(|rows| vec![plain(rows, Plain::RandomNdcg)])],
        ..LISTS
    },
    Metric {
        id: "mean_average_precision",
        name: "mean average precision",
        aliases: &["map_score", "map_at_k"],
        words: &[],
        summary: "How purely relevant lists are down to each relevant item, on average; for the whole list and for its first k items.",
        formula: "mean over queries of (sum over relevant items of the precision at their place) / (number of relevant items, at most k)",
        caveat: "It sees relevant and not relevant only. Some divide by all relevant items even where k is smaller; here 1 can be reached.",
        reference: "Manning, Raghavan and Schuetze 2008; ties: McSherry and Najork 2008",
        reads: &[view(average_precision)],
        ..LISTS
    },
    Metric {
        id: "mean_reciprocal_rank",
        name: "mean reciprocal rank",
        aliases: &["mrr"],
        words: &[],
        summary: "How near the top the first relevant item is: 1 for the first place, 1/2 for the second.",
        formula: "mean over queries of 1 / place of the first relevant item",
        caveat: "It sees nothing behind the first relevant item.",
        reference: "Voorhees 1999; ties: McSherry and Najork 2008",
        reads: &[view(|rows| vec![plain(rows, Plain::ReciprocalRank)])],
        ..LISTS
    },
    Metric {
        id: "ranked_hit_rate",
        name: "hit rate at k",
        aliases: &["hit_rate_at_k", "success_at_k"],
        words: &[],
        summary: "How often there is a relevant item among the first k.",
        formula: "share of queries with a relevant item in places 1 to k",
        caveat: "It does not see where among the first k, nor how many.",
        reference: "trec_eval, success",
        unit: Unit::Share,
        reads: &[view(|rows| at(rows, At::Hits).collect())],
        ..LISTS
    },
    Metric {
        id: "ranked_precision",
        name: "precision of the first k of lists",
        aliases: &[],
        words: &[],
        summary: "How many of the first k items are relevant, on average over queries.",
        formula: "mean over queries of (relevant items in places 1 to k) / k",
        caveat: "Queries with fewer than k relevant items cannot reach 1.",
        reference: "trec_eval, P",
        reads: &[view(|rows| at(rows, At::Precision).collect())],
        ..LISTS
    },
    Metric {
        id: "ranked_recall",
        name: "recall of the first k of lists",
        aliases: &[],
        words: &[],
        summary: "How many of the relevant items are among the first k, on average over queries.",
        formula: "mean over queries of (relevant items in places 1 to k) / (relevant items)",
        caveat: "Queries with more than k relevant items cannot reach 1.",
        reference: "trec_eval, recall",
        reads: &[view(|rows| at(rows, At::Recall).collect())],
        ..LISTS
    },
    Metric {
        id: "ndcg_quantile",
        name: "quantile of NDCG over queries",
        summary: "The NDCG that so many of 100 queries do not exceed: how bad the bad lists are.",
        formula: "quantile (linear, type 7) of the queries' NDCG",
        caveat: "Its limits assume no distribution; few queries give none.",
        reference: "numpy, percentile; limits: David and Nagaraja 2003",
        compare: Compare::Difference,
        by_group: false,
        reads: &[view(ndcg_quantile)],
        ..LISTS
    },
];

#[cfg(test)]
mod tests;
