//! Metrics of the curves over all thresholds: ROC, precision and recall, and the threshold that does best.

use super::UndefinedCode as Code;
use super::spec::{Compare, Direction, Family, Metric, Read, Unit};
use super::steps::{Point, Steps};
use super::view::{Measured, Subject, View};
use super::{Parameters, Task};
use crate::stats::running::Running;

/// Values closer than this are equal when the best of them is sought.
const EQUAL: f64 = 1e-15;

/// Whether there are two classes with label and score.
pub(super) fn has_scores(subject: &Subject<'_>) -> bool {
    subject.task == Some(Task::Binary) && subject.rows.label.is_some() && subject.rows.score.is_some()
}

fn has_costs(subject: &Subject<'_>) -> bool {
    has_scores(subject) && subject.parameters.costs.is_some()
}

/// The value read from a view's steps, as the plain form.
fn plain(view: &View<'_>, value: fn(&Steps) -> Result<f64, Code>) -> Vec<Measured> {
    let steps = Steps::of(view);
    vec![Measured::plain(steps.reading(value(steps)))]
}

/// One form for each of some shares.
fn at_each(view: &View<'_>, name: &str, shares: fn(&Parameters) -> &[f64], value: fn(&Steps, f64) -> Result<f64, Code>) -> Vec<Measured> {
    let steps = Steps::of(view);
    let form = |share: &f64| Measured::with(&[(name, share.to_string())], steps.reading(value(steps, *share)));
    shares(view.subject.parameters).iter().map(form).collect()
}

fn pr_auc_trapezoid(steps: &Steps) -> Result<f64, Code> {
    let (positives, _) = at_least_positives(steps)?;
    let mut area = Running::default();
    let mut last = (0.0, 1.0);
    for point in steps.points().skip(1) {
        let precision = point.tp / (point.tp + point.fp);
        area.add_product(point.tp - last.0, 0.5 * (precision + last.1));
        last = (point.tp, precision);
    }
    Ok((area.value() / positives).min(1.0))
}

/// The totals; a curve of precision and recall needs no negatives.
fn at_least_positives(steps: &Steps) -> Result<(f64, f64), Code> {
    match steps.totals() {
        Err(Code::NoNegatives) => Ok((steps.positives.weight(), 0.0)),
        totals => totals,
    }
}

/// The true positives at a false positive rate, and the area below them: straight between the points of the ROC curve.
fn below(steps: &Steps, negatives: f64, fpr: f64) -> (f64, f64) {
    let false_positives = fpr * negatives;
    let mut area = Running::default();
    let mut last = Point {
        score: f64::INFINITY,
        tp: 0.0,
        fp: 0.0,
    };
    for point in steps.points() {
        // Rates are compared, not numbers: 0.29 times 100 is less than 29.
        if point.fp / negatives > fpr {
            let part = (false_positives - last.fp) / (point.fp - last.fp);
            let tp = last.tp + part * (point.tp - last.tp);
            area.add_product(false_positives - last.fp, 0.5 * (last.tp + tp));
            return (tp, area.value());
        }
        area.add_product(point.fp - last.fp, 0.5 * (last.tp + point.tp));
        last = point;
    }
    (last.tp, area.value())
}

fn roc_auc_partial(steps: &Steps, max_fpr: f64) -> Result<f64, Code> {
    let (positives, negatives) = steps.totals()?;
    let (_, area) = below(steps, negatives, max_fpr);
    let area = area / positives / negatives;
    let least = 0.5 * max_fpr * max_fpr;
    Ok(0.5 * (1.0 + (area - least) / (max_fpr - least)))
}

fn tpr_at_fpr(steps: &Steps, fpr: f64) -> Result<f64, Code> {
    let (positives, negatives) = steps.totals()?;
    Ok((below(steps, negatives, fpr).0 / positives).min(1.0))
}

fn recall_at_specificity(steps: &Steps, specificity: f64) -> Result<f64, Code> {
    let (positives, negatives) = steps.totals()?;
    let is_so = |point: &Point| (negatives - point.fp) / negatives >= specificity;
    let most = steps.points().take_while(is_so).map(|point| point.tp).last().unwrap_or(0.0);
    Ok((most / positives).min(1.0))
}

fn recall_at_precision(steps: &Steps, precision: f64) -> Result<f64, Code> {
    let (positives, _) = at_least_positives(steps)?;
    let is_so = |point: &Point| point.tp / (point.tp + point.fp) >= precision;
    let most = steps.points().skip(1).filter(is_so).map(|point| point.tp).last();
    most.map(|most| (most / positives).min(1.0)).ok_or(Code::Unreached)
}

/// The best value over all thresholds, and the highest and the lowest score at which it is reached.
fn best(steps: &Steps, value: impl Fn(Point) -> f64) -> (f64, f64, f64) {
    let best = steps.points().map(&value).fold(f64::NEG_INFINITY, f64::max);
    let mut reached = steps
        .points()
        .filter(|point| value(*point) >= best - EQUAL)
        .map(|point| point.score);
    let highest = reached.next().unwrap_or(f64::INFINITY);
    (best, highest, reached.last().unwrap_or(highest))
}

fn youden(steps: &Steps) -> Result<(f64, f64, f64), Code> {
    let (positives, negatives) = steps.totals()?;
    Ok(best(steps, |point| point.tp / positives - point.fp / negatives))
}

fn best_by_f1(steps: &Steps) -> Result<(f64, f64, f64), Code> {
    let (positives, _) = at_least_positives(steps)?;
    Ok(best(steps, |point| 2.0 * point.tp / (point.tp + point.fp + positives)))
}

/// The lowest cost a row, and the highest score at which it is reached.
fn best_by_cost(view: &View<'_>) -> Result<(f64, f64), Code> {
    let steps = Steps::of(view);
    let (positives, negatives) = match steps.totals() {
        Err(Code::NoRows) => return Err(Code::NoRows),
        _ => (steps.positives.weight(), steps.negatives.weight()),
    };
    let [tp, fp, fn_, tn] = view.subject.parameters.costs.unwrap_or_default().of_cells();
    let rows = positives + negatives;
    let gain = |point: Point| -(tp * point.tp + fp * point.fp + fn_ * (positives - point.tp) + tn * (negatives - point.fp)) / rows;
    let (most, highest, _) = best(steps, gain);
    Ok((-most, highest))
}

fn with_costs(view: &View<'_>, value: Result<f64, Code>) -> Vec<Measured> {
    let params = view.subject.parameters.costs.unwrap_or_default().params();
    vec![Measured::with(&params, Steps::of(view).reading(value))]
}

/// Points that turn, as scikit-learn counts them: the first and the last score, and those after which the curve goes on in other steps.
fn turning_points(steps: &Steps) -> Result<f64, Code> {
    steps.totals()?;
    let turns = |three: &[super::steps::Step]| three[1].positive != three[2].positive || three[1].negative != three[2].negative;
    let between = steps.steps.windows(3).filter(|three| turns(three)).count();
    Ok((1 + steps.steps.len().min(2) + between) as f64)
}

const CURVE: Metric = Metric {
    family: Family::Scores,
    compare: Compare::No,
    ..Metric::BLANK
};

const THRESHOLD: Metric = Metric {
    direction: Direction::Neutral,
    range: (f64::NEG_INFINITY, f64::INFINITY),
    caveat: "It is the best on these very rows; on new rows it does a little worse.",
    ..CURVE
};

const POINTS: Metric = Metric {
    direction: Direction::Neutral,
    range: (0.0, f64::INFINITY),
    unit: Unit::Count,
    reading: "Few points mean a coarse score, with few thresholds to choose from.",
    caveat: "It says nothing about how good the score is.",
    reference: "scikit-learn, roc_curve",
    ..CURVE
};

const fn view(read: fn(&View<'_>) -> Vec<Measured>) -> Read {
    Read::View { needs: has_scores, read }
}

/// The rows of this family, in the order they are shown.
pub const METRICS: [Metric; 13] = [
    Metric {
        id: "roc_auc_partial",
        name: "partial ROC AUC",
        aliases: &["partial_auc", "pauc"],
        summary: "ROC AUC over the low false positive rates only, scaled so that guessing is 0.5.",
        formula: "0.5 x (1 + (area up to max_fpr - max_fpr^2 / 2) / (max_fpr - max_fpr^2 / 2))",
        reading: "0.5 is guessing, 1 is perfect order among the highest scores.",
        caveat: "Points between those of the curve are taken from straight lines.",
        reference: "McClish 1989; scikit-learn, roc_auc_score(max_fpr)",
        reads: &[view(|view| {
            let steps = Steps::of(view);
            let max_fpr = view.subject.parameters.max_fpr;
            vec![Measured::with(
                &[("max_fpr", max_fpr.to_string())],
                steps.reading(roc_auc_partial(steps, max_fpr)),
            )]
        })],
        ..CURVE
    },
    Metric {
        id: "pr_auc_trapezoid",
        name: "area under the precision-recall curve, straight lines",
        aliases: &["pr_auc"],
        summary: "Precision averaged over recall, with straight lines between thresholds.",
        formula: "trapezoids under precision over recall, from recall 0 at precision 1",
        reading: "Guessing reaches about the base rate; 1 is perfect.",
        caveat: "Straight lines are too kind where thresholds are few; average precision is not.",
        reference: "scikit-learn, auc(precision_recall_curve)",
        reads: &[view(|view| plain(view, pr_auc_trapezoid))],
        ..CURVE
    },
    Metric {
        id: "ks_statistic",
        name: "Kolmogorov-Smirnov distance of the classes",
        aliases: &["ks", "best_youden"],
        words: &["kolmogorov smirnov"],
        summary: "The largest distance between the shares of positives and of negatives above a threshold.",
        formula: "max over thresholds of recall - false positive rate",
        reading: "0: the scores of both classes are alike; 1: some threshold tells them apart without error.",
        caveat: "It looks at the best threshold only, and is too large with few rows.",
        reference: "scipy, ks_2samp; credit scoring practice",
        reads: &[view(|view| plain(view, |steps| Ok(youden(steps)?.0)))],
        ..CURVE
    },
    Metric {
        id: "best_threshold_youden",
        name: "threshold with the largest informedness",
        aliases: &["youden_threshold"],
        summary: "The decision threshold at which recall is farthest above the false positive rate.",
        formula: "the highest score at which recall - false positive rate is largest",
        reading: "Infinite where no threshold is better than selecting nobody.",
        reference: "Youden 1950",
        reads: &[view(|view| plain(view, |steps| Ok(youden(steps)?.1)))],
        ..THRESHOLD
    },
    Metric {
        id: "best_f1",
        name: "largest F1",
        aliases: &["max_f1"],
        summary: "The F1 score at the threshold where it is largest.",
        formula: "max over thresholds of 2 tp / (2 tp + fp + fn)",
        reading: "From 0 to 1: what F1 could be with another threshold.",
        caveat: "It is the best on these very rows; on new rows it is a little lower.",
        reference: "scikit-learn, precision_recall_curve",
        reads: &[view(|view| plain(view, |steps| Ok(best_by_f1(steps)?.0)))],
        ..CURVE
    },
    Metric {
        id: "best_threshold_f1",
        name: "threshold with the largest F1",
        aliases: &["f1_threshold"],
        summary: "The decision threshold at which F1 is largest.",
        formula: "the lowest score at which F1 is largest",
        reading: "Compare it with the decision threshold in force.",
        reference: "scikit-learn, precision_recall_curve",
        reads: &[view(|view| plain(view, |steps| Ok(best_by_f1(steps)?.2)))],
        ..THRESHOLD
    },
    Metric {
        id: "best_expected_cost",
        name: "lowest expected cost",
        aliases: &["min_expected_cost"],
        summary: "The cost a row at the threshold where it is lowest.",
        formula: "min over thresholds of (sum of costs) / rows",
        reading: "In the unit of the costs given.",
        caveat: "It is the best on these very rows; on new rows it is a little higher.",
        reference: "Elkan 2001",
        direction: Direction::LowerIsBetter,
        range: (f64::NEG_INFINITY, f64::INFINITY),
        reads: &[Read::View {
            needs: has_costs,
            read: |view| with_costs(view, best_by_cost(view).map(|(cost, _)| cost)),
        }],
        ..CURVE
    },
    Metric {
        id: "best_threshold_cost",
        name: "threshold with the lowest cost",
        aliases: &["cost_threshold"],
        summary: "The decision threshold at which the decisions cost least.",
        formula: "the highest score at which the sum of costs is lowest",
        reading: "Infinite where it is cheapest to select nobody.",
        reference: "Elkan 2001",
        reads: &[Read::View {
            needs: has_costs,
            read: |view| with_costs(view, best_by_cost(view).map(|(_, threshold)| threshold)),
        }],
        ..THRESHOLD
    },
    Metric {
        id: "tpr_at_fpr",
        name: "true positive rate at a false positive rate",
        aliases: &["recall_at_fpr"],
        summary: "The share of positives that are found when so many negatives may be flagged.",
        formula: "the ROC curve at that false positive rate, straight between its points",
        reading: "At least the false positive rate itself where the score is better than guessing.",
        caveat: "A threshold with just this false positive rate need not exist.",
        reference: "scikit-learn, roc_curve; numpy, interp",
        unit: Unit::Share,
        reads: &[view(|view| at_each(view, "fpr", |parameters| &parameters.at_fpr, tpr_at_fpr))],
        ..CURVE
    },
    Metric {
        id: "recall_at_specificity",
        name: "recall at a specificity",
        aliases: &["sensitivity_at_specificity"],
        summary: "The share of positives that are found when so many of the negatives must be left alone.",
        formula: "max recall over thresholds with at least that specificity",
        reading: "From 0 % to 100 %.",
        caveat: "The threshold is chosen on these very rows.",
        reference: "torchmetrics, SensitivityAtSpecificity",
        unit: Unit::Share,
        reads: &[view(|view| {
            at_each(view, "specificity", |parameters| &parameters.at_specificity, recall_at_specificity)
        })],
        ..CURVE
    },
    Metric {
        id: "recall_at_precision",
        name: "recall at a precision",
        aliases: &["recall_at_fixed_precision"],
        summary: "The share of positives that are found when so many of those flagged must be positive.",
        formula: "max recall over thresholds with at least that precision",
        reading: "From 0 % to 100 %.",
        caveat: "The threshold is chosen on these very rows; undefined where none has that precision.",
        reference: "torchmetrics, RecallAtFixedPrecision",
        unit: Unit::Share,
        reads: &[view(|view| {
            at_each(view, "precision", |parameters| &parameters.at_precision, recall_at_precision)
        })],
        ..CURVE
    },
    Metric {
        id: "roc_curve_points",
        name: "corners of the ROC curve",
        summary: "How many points the ROC curve needs: those after which it goes on as before are left out.",
        formula: "1 + the scores at which either class's number changes from that at the score before",
        reads: &[view(|view| plain(view, turning_points))],
        ..POINTS
    },
    Metric {
        id: "roc_curve_points_full",
        name: "points of the ROC curve",
        summary: "How many points the ROC curve has.",
        formula: "1 + the number of different scores",
        reads: &[view(|view| {
            plain(view, |steps| steps.totals().map(|_| (1 + steps.steps.len()) as f64))
        })],
        ..POINTS
    },
];
