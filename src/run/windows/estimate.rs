//! Performance without labels, for two classes: from calibrated scores, as NannyML's CBPE.
//!
//! Calibration is learned on the reference; every row then counts as positive by its calibrated score. Limits are sampling errors taken from
//! the reference and scaled to the rows of the window.

use std::collections::BTreeMap;

use super::lines::{Line, SAMPLING_ERRORS};
use super::{Side, metric};
use crate::data::column::MISSING;
use crate::data::{Notice, NoticeCode};
use crate::metric::reading::{Evidence, Reading};
use crate::metric::{Estimate, Key, Source, UndefinedCode};
use crate::run::Settings;
use crate::run::frame::estimate;
use crate::stats::interval::Method;
use crate::stats::isotonic::Rising;
use crate::stats::random::Draws;
use crate::stats::sum::ExactSum;

/// The metrics that are estimated.
const ESTIMATED: [&str; 7] = [
    "roc_auc",
    "f1",
    "precision",
    "recall",
    "specificity",
    "accuracy",
    "average_precision",
];
/// Parts of the reference in which it is asked whether scores need calibration, and bins in which that is judged.
const FOLDS: usize = 10;
/// Samples by which the sampling error of average precision is judged, the most rows of each, and where the draws start.
const SAMPLES: usize = 200;
const MOST_DRAWN: usize = 50_000;
const SEED: u64 = 0x0061_7665_7261_6765;
/// A score that orders rows better than this needs no calibration: there is nothing left to fit.
const PERFECT: f64 = 0.999;

/// What is estimated without labels.
#[derive(Debug, Default)]
pub struct Estimated {
    /// The estimates in every window.
    pub lines: Vec<Line>,
    /// How far they were off, and the like.
    pub estimates: Vec<Estimate>,
    /// What is odd.
    pub notices: Vec<Notice>,
}

/// A row with a score.
#[derive(Debug, Clone, Copy)]
struct Row {
    score: f64,
    weight: f64,
    /// Whether it is predicted positive.
    predicted: Option<bool>,
    /// Whether it is positive.
    positive: Option<bool>,
    window: usize,
}

fn rows(side: &Side) -> Option<Vec<Row>> {
    let own = &side.plan.rows;
    let scores = own.score.as_ref()?;
    let is_positive = |codes: &Option<Vec<u32>>, row: usize| {
        let code = codes.as_ref()?[row];
        (code != MISSING).then_some(code == side.plan.positive)
    };
    let row = |row: usize| {
        let weight = own.weight(row).filter(|_| !scores[row].is_nan())?;
        let weight = weight.count as f64 * weight.weight.unwrap_or(1.0);
        Some(Row {
            score: scores[row],
            weight,
            predicted: is_positive(&own.prediction, row),
            positive: is_positive(&own.label, row),
            window: side.windows.codes[row] as usize,
        })
        .filter(|row| row.weight > 0.0)
    };
    Some((0..own.len).filter_map(row).collect())
}

/// Rows in file order, and their places by rising score: sorted once, because what scores mean is learned from many parts of them.
struct Labelled {
    rows: Vec<Row>,
    order: Vec<u32>,
}

impl Labelled {
    fn new(rows: Vec<Row>) -> Self {
        let mut order: Vec<u32> = (0..rows.len() as u32).collect();
        order.sort_unstable_by(|a, b| {
            let by_score = rows[*a as usize].score.total_cmp(&rows[*b as usize].score);
            by_score.then(a.cmp(b))
        });
        Self { rows, order }
    }

    /// The rows that are wanted, told by place and row, by rising score.
    fn by_score(&self, is_wanted: &dyn Fn(usize, &Row) -> bool) -> Vec<Row> {
        let places = self.order.iter().map(|place| *place as usize);
        places
            .filter(|place| is_wanted(*place, &self.rows[*place]))
            .map(|place| self.rows[place])
            .collect()
    }
}

/// Rows of the same score together: the score, the weight of positives, and the weight of all. Rows come by rising score.
fn ties(rows: &[Row], positive: &dyn Fn(&Row) -> f64) -> Vec<(f64, f64, f64)> {
    let tie = |tie: &[Row]| {
        let (hits, all) = plain_sums(tie, positive).unwrap_or_else(|| {
            let (mut hits, mut all) = (ExactSum::default(), ExactSum::default());
            for row in tie {
                hits.add_product(row.weight, positive(row));
                all.add(row.weight);
            }
            (hits.value(), all.value())
        });
        // No negative zero: it is no other score.
        (tie[0].score + 0.0, hits, all)
    };
    rows.chunk_by(|a, b| a.score == b.score).map(tie).collect()
}

/// The same two sums where plain ones are exact: of a single row; where weights are whole numbers and no sum of them needs rounding, of rows
/// that are positive alike or wholly.
fn plain_sums(tie: &[Row], positive: &dyn Fn(&Row) -> f64) -> Option<(f64, f64)> {
    const EXACT: f64 = (1_u64 << 53) as f64;
    let first = positive(&tie[0]);
    let (mut hits, mut all, mut is_alike, mut is_whole) = (0.0, 0.0, true, tie.len() > 1);
    for row in tie {
        let hit = positive(row);
        is_alike &= hit == first;
        is_whole &= hit == 0.0 || hit == 1.0;
        if tie.len() > 1 && (row.weight != row.weight.trunc() || !(is_alike || is_whole)) {
            return None;
        }
        hits += row.weight * hit;
        all += row.weight;
    }
    let hits = if is_alike { all * first } else { hits };
    (all < EXACT).then_some((hits, all))
}

/// What a score means: a calibrated probability, or the score itself.
#[derive(Debug, Clone)]
enum Meaning {
    AsIs,
    Calibrated(Rising),
}

impl Meaning {
    fn learn(rows: &[Row]) -> Self {
        let points = ties(rows, &|row| f64::from(u8::from(row.positive == Some(true))));
        let points: Vec<(f64, f64, f64)> = points.into_iter().map(|(score, hits, all)| (score, hits / all, all)).collect();
        Self::Calibrated(Rising::fit(&points))
    }

    fn of(&self, score: f64) -> f64 {
        match self {
            Self::AsIs => score,
            Self::Calibrated(curve) => curve.at(score).unwrap_or(score),
        }
    }
}

/// Whether calibration brings scores nearer to what happened, seen in tenths that it was not learned on.
fn needs_calibration(labelled: &Labelled, is_probability: bool) -> bool {
    if !is_probability {
        return true;
    }
    let all = labelled.by_score(&|_, _| true);
    let area = area(&ties(&all, &|row| f64::from(u8::from(row.positive == Some(true)))));
    if area.is_none_or(|area| area > PERFECT) {
        return false;
    }
    let mut all: Vec<(f64, f64, Row)> = Vec::with_capacity(all.len());
    for fold in 0..FOLDS {
        let meaning = Meaning::learn(&labelled.by_score(&|place, _| place % FOLDS != fold));
        let others = labelled.rows.iter().skip(fold).step_by(FOLDS);
        all.extend(others.map(|row| (row.score, meaning.of(row.score), *row)));
    }
    let error = |of: &dyn Fn(&(f64, f64, Row)) -> f64| {
        let mut order: Vec<u32> = (0..all.len() as u32).collect();
        order.sort_by(|a, b| all[*a as usize].0.total_cmp(&all[*b as usize].0));
        let size = order.len().div_ceil(FOLDS).max(1);
        let gap = |bin: &[u32]| {
            let sum = |of: &dyn Fn(&(f64, f64, Row)) -> f64| bin.iter().map(|row| of(&all[*row as usize])).sum::<f64>();
            (sum(&|row| of(row) * row.2.weight) - sum(&|row| f64::from(u8::from(row.2.positive == Some(true))) * row.2.weight)).abs()
        };
        order.chunks(size).map(gap).sum::<f64>()
    };
    error(&|row| row.0) > error(&|row| row.1)
}

/// The area under the ROC curve of rows that are positive in part, from ties of rising score.
fn area(ties: &[(f64, f64, f64)]) -> Option<f64> {
    let (mut above, mut below, mut area) = (0.0, 0.0, 0.0);
    for (_, hits, all) in ties.iter().rev() {
        let misses = all - hits;
        area += misses * (above + hits / 2.0);
        above += hits;
        below += misses;
    }
    let whole = above * below;
    (whole > 0.0).then(|| area / whole)
}

/// Average precision, the rows of a tie taken one by one.
fn precision_average(ties: &[(f64, f64, f64)]) -> Option<f64> {
    let (mut hits_above, mut above, mut sum) = (0.0, 0.0, ExactSum::default());
    for (_, hits, all) in ties.iter().rev() {
        let each = hits / all;
        // The sum over the tie's rows j of each * (hits_above + each j) / (above + j), closed.
        sum.add(each * hits);
        sum.add(each * (hits_above - each * above) * (harmonic(above + all) - harmonic(above)));
        hits_above += hits;
        above += all;
    }
    (hits_above > 0.0).then(|| sum.value() / hits_above)
}

/// The sum of 1/k up to n, carried on to numbers between (digamma of n + 1, and Euler's constant).
fn harmonic(n: f64) -> f64 {
    let (mut x, mut sum) = (n + 1.0, 0.577_215_664_901_532_9);
    while x < 10.0 {
        sum -= 1.0 / x;
        x += 1.0;
    }
    let square = 1.0 / (x * x);
    let series = square * (1.0 / 12.0 - square * (1.0 / 120.0 - square * (1.0 / 252.0 - square * (1.0 / 240.0 - square / 132.0))));
    sum + crate::stats::math::ln(x) - 0.5 / x - series
}

/// The expected outcomes tp, fp, fn, tn of rows.
fn outcomes(rows: &[Row], positive: &dyn Fn(&Row) -> Option<f64>) -> [f64; 4] {
    let mut sums: [ExactSum; 4] = Default::default();
    for row in rows {
        if let (Some(predicted), Some(share)) = (row.predicted, positive(row)) {
            let place = if predicted { 0 } else { 2 };
            sums[place].add_product(row.weight, share);
            sums[place + 1].add_product(row.weight, 1.0 - share);
        }
    }
    sums.map(|sum| sum.value())
}

/// The metrics of rows, by rising score, whose scores mean what they mean in the reference, in the order of [`ESTIMATED`].
fn performance(rows: &[Row], meaning: &Meaning) -> [Option<f64>; 7] {
    let ratio = |part: f64, of: f64| (of > 0.0).then(|| part / of);
    let [tp, fp, fn_, tn] = outcomes(rows, &|row| Some(meaning.of(row.score)));
    let ties = ties(rows, &|row| meaning.of(row.score));
    [
        area(&ties),
        ratio(2.0 * tp, 2.0 * tp + fp + fn_),
        ratio(tp, tp + fp),
        ratio(tp, tp + fn_),
        ratio(tn, tn + fp),
        ratio(tp + tn, tp + fp + fn_ + tn),
        precision_average(&ties),
    ]
}

/// Sampling errors of one row, in the order of [`ESTIMATED`]: over the root of a window's rows they are its sampling errors.
fn errors(labelled: &Labelled) -> [f64; 7] {
    let truth = |row: &Row| row.positive.map(|positive| f64::from(u8::from(positive)));
    let [tp, fp, fn_, tn] = outcomes(&labelled.rows, &truth);
    let n = tp + fp + fn_ + tn;
    // The spread of a share of some rows, over how many of all rows those are.
    let share = |part: f64, of: f64| {
        let value = part / of;
        (value * (1.0 - value) / (of / n)).sqrt()
    };
    let some = tp + fp + fn_;
    let stretch = some / (tp + 0.5 * (fp + fn_));
    [
        placement_error(&labelled.by_score(&|_, _| true)),
        stretch * share(tp, some),
        share(tp, tp + fp),
        share(tp, tp + fn_),
        share(tn, tn + fp),
        share(tp + tn, n),
        average_error(&labelled.rows),
    ]
}

/// The spread of the shares of the larger class that rows of the smaller class are placed above, ties at half.
fn placement_error(labelled: &[Row]) -> f64 {
    let of = |wanted: bool| ties(labelled, &move |row| f64::from(u8::from(row.positive == Some(wanted))));
    let weigh = |ties: &[(f64, f64, f64)]| ties.iter().fold((0.0, 0.0), |(hits, all), tie| (hits + tie.1, all + tie.2));
    let mut ties = of(true);
    let (mut hits, all) = weigh(&ties);
    if hits > 0.5 * all {
        ties = of(false);
        hits = all - hits;
        ties.reverse();
    }
    let others = all - hits;
    let (mut below, mut mean, mut squares) = (0.0, 0.0, 0.0);
    for (_, own, both) in &ties {
        let place = (below + 0.5 * (both - own)) / others;
        mean += own * place;
        squares += own * place * place;
        below += both - own;
    }
    let variance = (squares / hits - (mean / hits) * (mean / hits)).max(0.0);
    (variance / (hits / all)).sqrt()
}

/// Estimates performance in every window; `usual` is the side and how many of its windows are the reference.
pub fn estimates(sides: &[Side], usual: (usize, usize), lines: &[Line], settings: &Settings) -> Estimated {
    let mut told = Estimated::default();
    let Some(all) = sides.iter().map(rows).collect::<Option<Vec<Vec<Row>>>>() else {
        return told;
    };
    let is_reference = |row: &&Row| sides.len() > 1 || row.window < usual.1;
    let labelled = all[usual.0].iter().filter(is_reference).filter(|row| row.positive.is_some());
    let labelled = Labelled::new(labelled.copied().collect());
    let has_both = |wanted: bool| labelled.rows.iter().any(|row| row.positive == Some(wanted));
    if !(has_both(true) && has_both(false)) {
        let text = "Performance without labels is not estimated: the reference has no labels of both classes beside its scores, from which the \
                    meaning of a score could be learned.";
        told.notices.push(Notice::general(NoticeCode::Setting, text.to_owned()));
        return told;
    }
    let needs = needs_calibration(&labelled, sides.iter().all(|side| side.plan.is_probability));
    let learn = |is_wanted: &dyn Fn(usize, &Row) -> bool| match needs {
        true => Meaning::learn(&labelled.by_score(is_wanted)),
        false => Meaning::AsIs,
    };
    let meaning = learn(&|_, _| true);
    let answer = Reading::exact(f64::from(u8::from(needs)), labelled.rows.len() as u64);
    told.estimates.push(estimate(
        Key::overall("needs_calibration"),
        &answer,
        metric("needs_calibration"),
        settings,
    ));

    let errors = errors(&labelled);
    let windows: Vec<Vec<Vec<Row>>> = sides
        .iter()
        .zip(all)
        .map(|(side, rows)| in_windows(rows, side.windows.list.len()))
        .collect();
    let measured: Vec<Vec<[Option<f64>; 7]>> = windows
        .iter()
        .map(|side| side.iter().map(|rows| performance(rows, &meaning)).collect())
        .collect();
    // A window of the reference from the others alone.
    let crossed = |(window, rows): (usize, &Vec<Row>)| match window < usual.1 && sides[usual.0].is_complete(window, settings) {
        true => performance(rows, &learn(&|_, row| row.window != window)),
        false => [None; 7],
    };
    let crossed: Vec<[Option<f64>; 7]> = windows[usual.0].iter().enumerate().map(crossed).collect();
    for (place, id) in ESTIMATED.into_iter().enumerate() {
        let read = |(rows, measured): (&Vec<Row>, &[Option<f64>; 7])| {
            let support = rows.len() as u64;
            let mut n = ExactSum::default();
            rows.iter().for_each(|row| n.add(row.weight));
            let Some(value) = measured[place] else {
                return Reading::undefined(UndefinedCode::NoRows, support);
            };
            Reading::with_variance(
                value,
                Some(errors[place] * errors[place] / n.value()),
                Method::SamplingError,
                support,
            )
        };
        let points = windows
            .iter()
            .zip(&measured)
            .map(|(rows, measured)| rows.iter().zip(measured).map(read).collect());
        let params = BTreeMap::from([("metric".to_owned(), id.to_owned())]);
        let line = Line {
            params,
            is_own: true,
            ..Line::plain("estimated_performance", points.collect())
        };
        let cross = |window: usize| crossed[window][place];
        told.estimates
            .extend(held_against(&line, id, lines, sides, usual, &cross, settings));
        told.lines.push(line);
    }
    for (place, outcome) in ["tp", "fp", "fn", "tn"].into_iter().enumerate() {
        let read = |rows: &Vec<Row>| Reading::exact(outcomes(rows, &|row| Some(meaning.of(row.score)))[place], rows.len() as u64);
        let points = windows.iter().map(|side| side.iter().map(read).collect()).collect();
        let params = BTreeMap::from([("outcome".to_owned(), outcome.to_owned())]);
        told.lines.push(Line {
            params,
            is_own: true,
            ..Line::plain("expected_outcomes", points)
        });
    }
    told
}

/// The rows of each window, by rising score.
fn in_windows(rows: Vec<Row>, count: usize) -> Vec<Vec<Row>> {
    let mut windows = vec![Vec::new(); count];
    for row in Labelled::new(rows).by_score(&|_, row| row.window < count) {
        windows[row.window].push(row);
    }
    windows
}

/// The sampling error of average precision of one row: the spread over samples drawn from the reference, each of half as many rows.
fn average_error(labelled: &[Row]) -> f64 {
    let mut scores: Vec<f64> = labelled.iter().map(|row| row.score + 0.0).collect();
    scores.sort_unstable_by(f64::total_cmp);
    scores.dedup();
    let places: Vec<u32> = labelled
        .iter()
        .map(|row| scores.partition_point(|score| *score < row.score) as u32)
        .collect();
    let size = (labelled.len() / 2).min(MOST_DRAWN);
    let mut draws = Draws::new(SEED);
    let drawn: Vec<f64> = (0..SAMPLES)
        .filter_map(|_| {
            let mut ties = vec![(0.0, 0.0, 0.0); scores.len()];
            for _ in 0..size {
                let row = draws.below(labelled.len());
                let tie = &mut ties[places[row] as usize];
                tie.1 += labelled[row].weight * f64::from(u8::from(labelled[row].positive == Some(true)));
                tie.2 += labelled[row].weight;
            }
            average_precision(&ties)
        })
        .collect();
    let n = drawn.len() as f64;
    let mean = drawn.iter().sum::<f64>() / n;
    let variance = drawn.iter().map(|value| (value - mean) * (value - mean)).sum::<f64>() / n;
    (variance * size as f64).sqrt()
}

/// Average precision of rows with labels, ties together.
fn average_precision(ties: &[(f64, f64, f64)]) -> Option<f64> {
    let (mut hits_above, mut above, mut sum) = (0.0, 0.0, 0.0);
    for (_, hits, all) in ties.iter().rev() {
        hits_above += hits;
        above += all;
        sum += if above > 0.0 { hits * hits_above / above } else { 0.0 };
    }
    (hits_above > 0.0).then(|| sum / hits_above)
}

/// How far an estimate was off where labels are in; `cross` estimates a window of the reference from the others alone.
pub fn held_against(
    line: &Line,
    id: &str,
    lines: &[Line],
    sides: &[Side],
    usual: (usize, usize),
    cross: &dyn Fn(usize) -> Option<f64>,
    settings: &Settings,
) -> Vec<Estimate> {
    let mut told = Vec::new();
    let Some(realised) = lines.iter().find(|own| own.metric.id == id && own.params.is_empty()) else {
        return told;
    };
    let key = |name: &str, source: Source| {
        let mut key = Key::overall(name);
        key.params = BTreeMap::from([("of".to_owned(), line.metric.id.to_owned()), ("metric".to_owned(), id.to_owned())]);
        key.source = source;
        key
    };
    for (place, side) in sides.iter().enumerate() {
        let mut off = Vec::new();
        for window in 0..side.windows.list.len() {
            let is_complete = side.is_complete(window, settings);
            let is_reference = place == usual.0 && window < usual.1;
            let (Some(seen), true) = (realised.points[place][window].value.ok(), is_complete) else {
                continue;
            };
            let estimated = line.points[place][window];
            if let Some(value) = if is_reference { cross(window) } else { estimated.value.ok() } {
                off.push((value - seen).abs());
            }
            if let (Ok(value), Evidence::StandardError { se, .. }, false) = (estimated.value, estimated.evidence, is_reference) {
                let is_missed = (seen - value).abs() > SAMPLING_ERRORS * se;
                let mut key = key("estimate_missed", side.source);
                key.window = Some(side.windows.list[window].clone());
                let reading = Reading::exact(f64::from(u8::from(is_missed)), estimated.support);
                told.push(estimate(key, &reading, metric("estimate_missed"), settings));
            }
        }
        if !off.is_empty() {
            let reading = Reading::exact(off.iter().sum::<f64>() / off.len() as f64, off.len() as u64);
            told.push(estimate(
                key("estimate_off", side.source),
                &reading,
                metric("estimate_off"),
                settings,
            ));
        }
    }
    told
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(score: f64, weight: f64) -> Row {
        Row {
            score,
            weight,
            predicted: Some(score >= 0.5),
            positive: Some(score >= 0.4),
            window: 0,
        }
    }

    #[test]
    fn harmonic_numbers_are_sums() {
        assert!(harmonic(0.0).abs() < 1e-12);
        for n in [1, 2, 7, 30, 1000] {
            let sum: f64 = (1..=n).map(|k| 1.0 / f64::from(k)).sum();
            assert!((harmonic(f64::from(n)) / sum - 1.0).abs() < 1e-12, "{n}");
        }
    }

    #[test]
    fn a_weight_is_the_row_repeated() {
        let (once, twice) = (
            vec![row(0.2, 1.0), row(0.7, 3.0), row(0.9, 2.0)],
            vec![0.2, 0.7, 0.9, 0.7, 0.9, 0.7],
        );
        let twice = Labelled::new(twice.into_iter().map(|score| row(score, 1.0)).collect()).by_score(&|_, _| true);
        let (a, b) = (performance(&once, &Meaning::AsIs), performance(&twice, &Meaning::AsIs));
        for (a, b) in a.iter().zip(b) {
            assert!((a.unwrap() - b.unwrap()).abs() < 1e-12);
        }
        // Three of the six at 0.7, two at 0.9: 3.9 of 5 flagged are expected to be positive.
        assert!((a[2].unwrap() - 3.9 / 5.0).abs() < 1e-12);
    }

    #[test]
    fn average_precision_takes_the_rows_of_a_tie_one_by_one() {
        let rows: Vec<Row> = [0.3, 0.8, 0.8].into_iter().map(|score| row(score, 1.0)).collect();
        let by_hand = (0.8 * 0.8 + 0.8 * (1.6 / 2.0) + 0.3 * (1.9 / 3.0)) / 1.9;
        assert!((performance(&rows, &Meaning::AsIs)[6].unwrap() - by_hand).abs() < 1e-13);
    }

    #[test]
    fn plain_sums_are_the_exact_ones_wherever_they_are_taken() {
        let tie = |weights: &[f64]| -> Vec<Row> { weights.iter().map(|weight| row(0.3, *weight)).collect() };
        for (weights, is_plain) in [(&[0.1][..], true), (&[1.0, 3.0, 2.0][..], true), (&[0.1, 0.2, 0.3][..], false)] {
            let rows = tie(weights);
            let (mut hits, mut all) = (ExactSum::default(), ExactSum::default());
            for row in &rows {
                hits.add_product(row.weight, 0.3);
                all.add(row.weight);
            }
            let exact = (hits.value(), all.value());
            assert_eq!(plain_sums(&rows, &|_| 0.3), is_plain.then_some(exact), "{weights:?}");
            assert_eq!(ties(&rows, &|_| 0.3), [(0.3, exact.0, exact.1)]);
        }
        let mixed = tie(&[2.0, 3.0]);
        assert_eq!(plain_sums(&mixed, &|row| f64::from(u8::from(row.weight > 2.5))), Some((3.0, 5.0)));
        assert_eq!(plain_sums(&mixed, &|row| row.weight / 10.0), None);
    }

    #[test]
    fn scores_that_mean_something_else_need_calibration() {
        let labelled = |of: &dyn Fn(f64) -> f64| -> Labelled {
            let each = (0..2000).map(|place| {
                let chance = f64::from(place % 20) / 20.0 + 0.025;
                Row {
                    positive: Some(f64::from(place * 7 % 1000) / 1000.0 < chance),
                    ..row(of(chance), 1.0)
                }
            });
            Labelled::new(each.collect())
        };
        assert!(needs_calibration(&labelled(&|chance| chance * chance), true));
        assert!(needs_calibration(&labelled(&|chance| chance * 9.0), false));
    }
}
