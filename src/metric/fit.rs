//! The logistic fit of the truth on the log odds of the score, by Newton's method.
//!
//! Source: Cox 1958, "Two further applications of a model for binary regression"; Miller, Hui and Tierney 1991 for its use on predictions.

use super::UndefinedCode as Code;
use super::steps::{Step, Steps};
use super::view::View;
use crate::stats::math::{exp, expit, logit};

/// Scores are kept this far from 0 and 1, whose log odds are infinite.
const CLOSEST: f64 = 1e-6;
/// Steps of Newton's method before it is given up.
const MOST_STEPS: usize = 100;
/// A step this small, relative to where it leads, is the last one: the error left is of the order of its square.
const SMALL: f64 = 1e-9;

/// An estimate and its standard error.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Coefficient {
    /// The estimate.
    pub value: f64,
    /// Its standard error.
    pub standard_error: f64,
}

/// Intercept and slope fitted together.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Fit {
    /// The intercept.
    pub intercept: Coefficient,
    /// The slope.
    pub slope: Coefficient,
}

/// A score, kept from 0 and 1.
fn kept(score: f64) -> f64 {
    score.clamp(CLOSEST, 1.0 - CLOSEST)
}

/// The sums that Newton's method needs: the gradient, and the curvature (a symmetric matrix).
#[derive(Debug, Clone, Copy, Default)]
struct Sums {
    gradient: [f64; 2],
    curvature: [f64; 3],
}

impl Sums {
    /// Adds a score with log odds `x` that the model calls positive with probability `p`.
    fn add(&mut self, x: f64, p: f64, step: &Step) {
        let residual = step.positive * (1.0 - p) - step.negative * p;
        let weight = (step.positive + step.negative) * p * (1.0 - p);
        self.gradient[0] += residual;
        self.gradient[1] += residual * x;
        self.add_curvature(x, weight);
    }

    fn add_curvature(&mut self, x: f64, weight: f64) {
        self.curvature[0] += weight;
        self.curvature[1] += weight * x;
        self.curvature[2] += weight * x * x;
    }

    /// Newton's step: the curvature's inverse times the gradient.
    fn step(&self) -> [f64; 2] {
        let ([g0, g1], [[a, b], [_, c]]) = (self.gradient, inverse(self.curvature));
        [a * g0 + b * g1, b * g0 + c * g1]
    }
}

fn inverse([a, b, c]: [f64; 3]) -> [[f64; 2]; 2] {
    let determinant = a * c - b * b;
    [[c / determinant, -b / determinant], [-b / determinant, a / determinant]]
}

/// Fits intercept and slope.
///
/// Undefined for one class, for a score that does not vary, and where a score tells the classes apart without error, so that the likelihood grows
/// with the slope for ever. Standard errors are the model's; importance weights enter them squared.
pub fn joint(view: &View<'_>) -> Result<Fit, Code> {
    *view.memory.fit.get_or_init(|| fit(view))
}

fn fit(view: &View<'_>) -> Result<Fit, Code> {
    let steps = Steps::of(view);
    steps.totals()?;
    overlap(&steps.steps)?;
    let log_odds: Vec<f64> = steps.steps.iter().map(|step| logit(kept(step.score))).collect();
    let sums = |[intercept, slope]: [f64; 2]| {
        let mut sums = Sums::default();
        let is_score = intercept == 0.0 && slope == 1.0;
        for (step, x) in steps.steps.iter().zip(&log_odds) {
            let p = if is_score { kept(step.score) } else { expit(intercept + slope * x) };
            sums.add(*x, p, step);
        }
        sums
    };
    let (at, last) = climb(sums)?;
    let mut meat = if steps.is_weighted() { Sums::default() } else { last };
    for (place, x) in log_odds.iter().enumerate().filter(|_| steps.is_weighted()) {
        let p = expit(at[0] + at[1] * x);
        meat.add_curvature(*x, steps.squares(place) * p * (1.0 - p));
    }
    let errors = standard_errors(last.curvature, meat.curvature);
    let coefficient = |place: usize| Coefficient {
        value: at[place],
        standard_error: errors[place],
    };
    Ok(Fit {
        intercept: coefficient(0),
        slope: coefficient(1),
    })
}

/// Whether positives and negatives overlap, without which no finite slope fits best.
fn overlap(steps: &[Step]) -> Result<(), Code> {
    let of = |is_in: fn(&Step) -> bool| {
        let scores = || steps.iter().filter(|step| is_in(step)).map(|step| kept(step.score));
        let highest = scores().next().unwrap_or(f64::NAN);
        (scores().next_back().unwrap_or(highest), highest)
    };
    let (low_positive, high_positive) = of(|step| step.positive > 0.0);
    let (low_negative, high_negative) = of(|step| step.negative > 0.0);
    if low_positive.min(low_negative) == high_positive.max(high_negative) {
        Err(Code::ConstantScore)
    } else if low_positive >= high_negative || low_negative >= high_positive {
        Err(Code::Separated)
    } else {
        Ok(())
    }
}

/// Newton's method from intercept 0 and slope 1, where a calibrated score is already; a step that leads beyond the top is halved.
fn climb(sums: impl Fn([f64; 2]) -> Sums) -> Result<([f64; 2], Sums), Code> {
    let mut at = [0.0, 1.0];
    let mut here = sums(at);
    let mut step = here.step();
    for _ in 0..MOST_STEPS {
        let next = [at[0] + step[0], at[1] + step[1]];
        let there = sums(next);
        let along = |sums: &Sums| sums.gradient[0] * step[0] + sums.gradient[1] * step[1];
        let is_small = |place: usize| step[place].abs() <= SMALL * (1.0 + next[place].abs());
        if is_small(0) && is_small(1) {
            return Ok((next, there));
        }
        // The likelihood is concave: past the top its slope along the step is negative.
        let slope = along(&there);
        if slope.is_finite() && slope >= -0.5 * along(&here) {
            (at, here) = (next, there);
            step = here.step();
        } else {
            step = step.map(|part| 0.5 * part);
        }
        if !(step[0].is_finite() && step[1].is_finite()) {
            break;
        }
    }
    Err(Code::NoConvergence)
}

/// The square roots of the diagonal of the inverse curvature times the meat times the inverse curvature.
fn standard_errors(curvature: [f64; 3], [m00, m01, m11]: [f64; 3]) -> [f64; 2] {
    inverse(curvature).map(|[a, b]| (a * a * m00 + 2.0 * a * b * m01 + b * b * m11).sqrt())
}

/// Fits the intercept with the slope fixed at 1: how far the log odds of all scores must be moved for their sum to be what happened.
///
/// Undefined for one class.
pub fn in_the_large(view: &View<'_>) -> Result<Coefficient, Code> {
    let steps = Steps::of(view);
    let (positives, _) = steps.totals()?;
    // With the odds o of a score, the moved probability is o * f / (1 + o * f): no exponential a row. f is sought on the log scale.
    let moved = |score: f64, factor: f64| {
        let odds = kept(score) * factor;
        odds / (1.0 - kept(score) + odds)
    };
    let expected = |factor: f64| {
        let (mut sum, mut spread) = (0.0, 0.0);
        for step in &steps.steps {
            let p = moved(step.score, factor);
            let mass = (step.positive + step.negative) * p;
            sum += mass;
            spread += mass * (1.0 - p);
        }
        (sum, spread)
    };
    // The expected number rises with the intercept, so the answer stays between the limits; a step out of them is replaced by the middle.
    let (mut low, mut high) = (-60.0, 60.0);
    let mut at = 0.0;
    for _ in 0..MOST_STEPS {
        let (sum, spread) = expected(exp(at));
        if sum > positives {
            high = at
        } else {
            low = at
        }
        let step = (positives - sum) / spread;
        let next = at + step;
        if step.abs() <= SMALL * (1.0 + next.abs()) {
            let factor = exp(next);
            let part = |(place, step): (usize, &Step)| {
                let p = moved(step.score, factor);
                steps.squares(place) * p * (1.0 - p)
            };
            let meat: f64 = steps.steps.iter().enumerate().map(part).sum();
            return Ok(Coefficient {
                value: next,
                standard_error: f64::sqrt(meat) / spread,
            });
        }
        at = if next > low && next < high { next } else { 0.5 * (low + high) };
    }
    Err(Code::NoConvergence)
}
