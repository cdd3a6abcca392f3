//! Curves and grids for drawing, over all rows: exact where they turn, thinned where nobody could see it.

use serde::{Deserialize, Serialize};

use crate::metric::steps::Steps;
use crate::metric::view::{Scored, View};
use crate::metric::{Key, Task};
use crate::stats::order;

/// Points of a curve, thinned for drawing.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Curve {
    /// What it is: `roc`, `precision_recall`, `gain`, `threshold_precision`, `threshold_recall`, `threshold_selection_rate`,
    /// `threshold_cost`, `scores_positive`, `scores_negative`, `error_low_quartile`, `error_median`, `error_high_quartile`.
    pub kind: String,
    /// The estimate that it belongs to.
    pub key: Key,
    /// Its points.
    pub points: Vec<(f64, f64)>,
}

/// How many rows are in each rectangle of a grid.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Grid {
    /// What it is: `predicted_by_true`.
    pub kind: String,
    /// The estimate that it belongs to.
    pub key: Key,
    /// Where the columns begin, and where the last one ends.
    pub across: Vec<f64>,
    /// Where the rows begin, and where the last one ends.
    pub up: Vec<f64>,
    /// Weight in each rectangle, row by row from the bottom.
    pub counts: Vec<f64>,
}

/// How finely a curve in the unit square is kept.
const STEP: f64 = 1.0 / 250.0;
/// Thresholds at which a sweep is kept.
const SWEEP: u32 = 200;
/// Bars of a histogram.
const BARS: u32 = 20;
/// Columns and rows of a grid.
const CELLS: u32 = 24;
/// Places at which errors are summed up.
const PLACES: usize = 10;

/// The curves of an audit.
pub fn curves(view: &View<'_>) -> Vec<Curve> {
    match view.subject.task {
        Some(Task::Binary) => binary(view),
        Some(Task::Regression) => errors(view),
        _ => Vec::new(),
    }
}

/// The grids of an audit.
pub fn grids(view: &View<'_>) -> Vec<Grid> {
    match view.subject.task {
        Some(Task::Regression) => predicted_by_true(view).into_iter().collect(),
        _ => Vec::new(),
    }
}

fn curve(kind: &str, metric: &str, points: Vec<(f64, f64)>) -> Curve {
    Curve {
        kind: kind.to_owned(),
        key: Key::overall(metric),
        points,
    }
}

fn weight_of(row: &Scored) -> f64 {
    row.weight.count as f64 * row.weight.weight.unwrap_or(1.0)
}

/// Positive and negative weight at or above a score.
#[derive(Debug, Clone, Copy, Default)]
struct Above {
    score: f64,
    positive: f64,
    negative: f64,
}

/// The cumulative weights where scores change, highest score first.
fn cumulated(view: &View<'_>) -> Vec<Above> {
    let mut now = Above::default();
    let known = Steps::of(view);
    if !known.is_weighted() {
        // Whole numbers, whose sums are the same however they are added.
        let above = known.steps.iter().map(|step| {
            now.score = step.score;
            now.positive += step.positive;
            now.negative += step.negative;
            now
        });
        return above.collect();
    }
    let mut steps: Vec<Above> = Vec::new();
    for row in view.scored() {
        if steps.is_empty() || row.score != now.score {
            now.score = row.score;
            steps.push(now);
        }
        if row.positive {
            now.positive += weight_of(&row);
        } else {
            now.negative += weight_of(&row);
        }
        if let Some(last) = steps.last_mut() {
            *last = now;
        }
    }
    steps
}

fn binary(view: &View<'_>) -> Vec<Curve> {
    let steps = cumulated(view);
    let Some(&all) = steps.last() else { return Vec::new() };
    if all.positive <= 0.0 || all.negative <= 0.0 {
        return Vec::new();
    }
    let total = all.positive + all.negative;
    let recall = |at: &Above| at.positive / all.positive;
    let precision = |at: &Above| at.positive / (at.positive + at.negative);
    let selected = |at: &Above| (at.positive + at.negative) / total;
    let origin = (0.0, 0.0);
    let mut curves = vec![
        curve(
            "roc",
            "roc_auc",
            thinned(Some(origin), steps.iter().map(|at| (at.negative / all.negative, recall(at)))),
        ),
        curve(
            "precision_recall",
            "average_precision",
            thinned(None, steps.iter().map(|at| (recall(at), precision(at)))),
        ),
        curve(
            "gain",
            "recall",
            thinned(Some(origin), steps.iter().map(|at| (selected(at), recall(at)))),
        ),
    ];
    let Some((low, high)) = score_range(view, &steps) else {
        return curves;
    };
    let thresholds: Vec<f64> = (0..=SWEEP)
        .map(|step| low + (high - low) * f64::from(step) / f64::from(SWEEP))
        .collect();
    let at = |threshold: f64| {
        let place = steps.partition_point(|above| above.score >= threshold);
        place.checked_sub(1).map_or(Above::default(), |place| steps[place])
    };
    let swept = |value: &dyn Fn(&Above) -> f64| -> Vec<(f64, f64)> {
        let points = thresholds.iter().map(|threshold| (*threshold, value(&at(*threshold))));
        points.filter(|(_, value)| value.is_finite()).collect()
    };
    curves.push(curve("threshold_precision", "precision", swept(&precision)));
    curves.push(curve("threshold_recall", "recall", swept(&recall)));
    curves.push(curve("threshold_selection_rate", "selection_rate", swept(&selected)));
    if let Some(costs) = view.subject.parameters.costs {
        let cost = |at: &Above| {
            let flagged = at.positive * costs.true_positive + at.negative * costs.false_positive;
            let left = (all.positive - at.positive) * costs.false_negative + (all.negative - at.negative) * costs.true_negative;
            (flagged + left) / total
        };
        curves.push(curve("threshold_cost", "expected_cost", swept(&cost)));
    }
    for (kind, positive, whole) in [("scores_positive", true, all.positive), ("scores_negative", false, all.negative)] {
        curves.push(curve(kind, "mean_score", histogram(view, positive, whole, (low, high))));
    }
    curves
}

/// From 0 to 1 for probabilities, else from the lowest to the highest finite score; `None` where those are too far apart to divide.
fn score_range(view: &View<'_>, steps: &[Above]) -> Option<(f64, f64)> {
    if view.subject.is_probability {
        return Some((0.0, 1.0));
    }
    let finite = || steps.iter().map(|step| step.score).filter(|score| score.is_finite());
    let (high, low) = (finite().next().unwrap_or(1.0), finite().next_back().unwrap_or(0.0));
    let range = if low < high { (low, high) } else { (low - 0.5, low + 0.5) };
    ((range.1 - range.0).is_finite() && range.0 < range.1).then_some(range)
}

/// The share of a class in each of equal bins, as (where the bin begins, share); at the end (where the last bin ends, 0).
fn histogram(view: &View<'_>, positive: bool, whole: f64, (low, high): (f64, f64)) -> Vec<(f64, f64)> {
    let mut shares = vec![0.0; BARS as usize];
    let place = |score: f64| ((score - low) / (high - low) * f64::from(BARS)).clamp(0.0, f64::from(BARS - 1)) as usize;
    if view.subject.rows.is_plain() {
        for step in &Steps::of(view).steps {
            let share = &mut shares[place(step.score)];
            let rows = if positive { step.positive } else { step.negative };
            // Row by row, so that rounding is that of rows.
            for _ in 0..rows as u64 {
                *share += 1.0 / whole;
            }
        }
    } else {
        for row in view.scored().filter(|row| row.positive == positive) {
            shares[place(row.score)] += weight_of(&row) / whole;
        }
    }
    let begin = |bar: usize| low + (high - low) * bar as f64 / f64::from(BARS);
    let bars = shares.iter().enumerate().map(|(bar, share)| (begin(bar), *share));
    bars.chain([(high, 0.0)]).collect()
}

/// Points at least a step apart in one direction, and the last one.
fn thinned(first: Option<(f64, f64)>, points: impl Iterator<Item = (f64, f64)>) -> Vec<(f64, f64)> {
    let mut kept: Vec<(f64, f64)> = first.into_iter().collect();
    let mut latest = None;
    for (x, y) in points {
        let is_far = kept.last().is_none_or(|(a, b)| (x - a).abs() >= STEP || (y - b).abs() >= STEP);
        latest = if is_far { None } else { Some((x, y)) };
        if is_far {
            kept.push((x, y));
        }
    }
    kept.extend(latest);
    kept
}

/// Rows with both numbers: predicted, true, weight.
fn complete(view: &View<'_>) -> Vec<(f64, f64, f64)> {
    let rows = view.subject.rows;
    let (Some(truth), Some(predicted)) = (&rows.truth, &rows.predicted) else {
        return Vec::new();
    };
    let numbers = view.rows.iter().map(|row| *row as usize).filter_map(|row| {
        let weight = rows.weight(row)?;
        Some((predicted[row], truth[row], weight.count as f64 * weight.weight.unwrap_or(1.0)))
    });
    numbers
        .filter(|(predicted, truth, weight)| !predicted.is_nan() && !truth.is_nan() && *weight > 0.0)
        .collect()
}

/// Quartiles of the error among rows with about the same prediction: the curves of a band.
fn errors(view: &View<'_>) -> Vec<Curve> {
    let mut rows = complete(view);
    if rows.len() < 4 * PLACES {
        return Vec::new();
    }
    order::sort_by(&mut rows, |a, b| a.0.total_cmp(&b.0));
    let mut quartiles: [Vec<(f64, f64)>; 3] = Default::default();
    for place in 0..PLACES {
        let own = &rows[rows.len() * place / PLACES..rows.len() * (place + 1) / PLACES];
        let middle = own[own.len() / 2].0;
        let mut errors: Vec<(f64, f64)> = own.iter().map(|(predicted, truth, weight)| (predicted - truth, *weight)).collect();
        order::sort_by(&mut errors, |a, b| a.0.total_cmp(&b.0));
        for (points, share) in quartiles.iter_mut().zip([0.25, 0.5, 0.75]) {
            points.push((middle, weighted_quantile(&errors, share)));
        }
    }
    let [low, median, high] = quartiles;
    vec![
        curve("error_low_quartile", "mean_error", low),
        curve("error_median", "mean_error", median),
        curve("error_high_quartile", "mean_error", high),
    ]
}

/// The first value at or below which that share of the weight lies; values in order.
fn weighted_quantile(values: &[(f64, f64)], share: f64) -> f64 {
    let total: f64 = values.iter().map(|(_, weight)| weight).sum();
    let mut below = 0.0;
    for (value, weight) in values {
        below += weight;
        if below >= share * total {
            return *value;
        }
    }
    values.last().map_or(f64::NAN, |(value, _)| *value)
}

/// Both axes the same, so that the diagonal is the right answer.
fn predicted_by_true(view: &View<'_>) -> Option<Grid> {
    let rows = complete(view);
    let ends = |least: f64, most: f64| (rows.len() > 1 && least < most && (most - least).is_finite()).then_some((least, most));
    let numbers = || rows.iter().flat_map(|(predicted, truth, _)| [*predicted, *truth]);
    let (low, high) = ends(numbers().fold(f64::INFINITY, f64::min), numbers().fold(f64::NEG_INFINITY, f64::max))?;
    let cells = CELLS as usize;
    let place = |value: f64| (((value - low) / (high - low) * f64::from(CELLS)) as usize).min(cells - 1);
    let mut counts = vec![0.0; cells * cells];
    for (predicted, truth, weight) in &rows {
        counts[place(*truth) * cells + place(*predicted)] += weight;
    }
    let edges: Vec<f64> = (0..=CELLS)
        .map(|edge| low + (high - low) * f64::from(edge) / f64::from(CELLS))
        .collect();
    Some(Grid {
        kind: "predicted_by_true".to_owned(),
        key: Key::overall("mae"),
        across: edges.clone(),
        up: edges,
        counts,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thinning_keeps_turns_and_ends() {
        let points: Vec<(f64, f64)> = (0..=10_000).map(|i| (f64::from(i) / 10_000.0, 0.5)).collect();
        let kept = thinned(None, points.iter().copied());
        assert!(kept.len() <= 252, "{}", kept.len());
        assert_eq!((kept.first(), kept.last()), (points.first(), points.last()));
        let corner = [(0.0, 0.0), (0.0, 1.0), (1.0, 1.0)];
        assert_eq!(thinned(None, corner.into_iter()), corner);
    }

    #[test]
    fn a_quantile_counts_weights() {
        assert_eq!(weighted_quantile(&[(1.0, 1.0), (2.0, 1.0), (3.0, 2.0)], 0.5), 2.0);
        assert_eq!(weighted_quantile(&[(1.0, 1.0), (2.0, 1.0), (3.0, 2.0)], 0.75), 3.0);
    }
}
