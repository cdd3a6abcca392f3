//! Predicted quantiles and prediction intervals.

use super::order::beside_constant;
use crate::data::column::number_text;
use crate::metric::reading::Reading;
use crate::metric::rows::Rows;
use crate::metric::spec::{Compare, Direction, Family, Metric, Read, Unit};
use crate::metric::state::{MeanSums, RowWeight, Tally};
use crate::metric::view::{Measured, Subject, View};
use crate::metric::{Task, UndefinedCode as Code};
use crate::stats::quantile::averaged;
use crate::stats::rank::Ranked;
use crate::stats::sum::ExactSum;

/// Rows of a view that have the truth and some columns.
struct Known<'a> {
    rows: &'a Rows,
    places: Vec<usize>,
    truth: &'a [f64],
}

impl<'a> Known<'a> {
    fn of(view: &View<'a>, columns: &[&[f64]]) -> Self {
        let rows = view.subject.rows;
        let truth = rows.truth.as_deref().unwrap_or(&[]);
        let is_known = |row: &usize| truth.get(*row).is_some_and(|y| !y.is_nan()) && columns.iter().all(|column| !column[*row].is_nan());
        let places = view.rows.iter().map(|row| *row as usize).filter(is_known).collect();
        Self { rows, places, truth }
    }

    fn weight(&self, row: usize) -> RowWeight {
        self.rows.weight(row).unwrap_or(RowWeight { count: 0, weight: None })
    }

    fn tally(&self, is_so: impl Fn(usize) -> bool) -> Tally {
        let mut tally = Tally::default();
        for row in self.places.iter().filter(|row| is_so(**row)) {
            let RowWeight { count, weight } = self.weight(*row);
            tally.update(count, weight);
        }
        tally
    }

    fn share(&self, is_so: impl Fn(usize) -> bool) -> Reading {
        Reading::share_of(&self.tally(is_so), &self.tally(|_| true), Code::NoRows)
    }

    fn mean(&self, value: impl Fn(usize) -> f64) -> Reading {
        let mut sums = MeanSums::default();
        for row in &self.places {
            sums.update(self.weight(*row), value(*row));
        }
        Reading::mean(&sums, &self.tally(|_| true))
    }

    /// The quantile of the truth by weight.
    fn quantile(&self, probability: f64) -> Option<f64> {
        let ranked = Ranked::new(self.places.len(), &|at| self.truth[self.places[at]], &|at| {
            self.weight(self.places[at]).count
        });
        if self.rows.weights.is_none() {
            return averaged(ranked.values(), &|place| ranked.through(place) as f64, probability);
        }
        let mut of_place = vec![ExactSum::default(); ranked.values().len()];
        for (at, place) in ranked.places().iter().enumerate() {
            self.weight(self.places[at]).add(&mut of_place[*place as usize], 1.0);
        }
        let mut total = ExactSum::default();
        let through: Vec<f64> = of_place
            .iter()
            .map(|weight| {
                total.merge(weight);
                total.value()
            })
            .collect();
        averaged(ranked.values(), &|place| through[place], probability)
    }
}

/// What missing by so much costs, for a predicted quantile.
fn pinball(alpha: f64, truth: f64, prediction: f64) -> f64 {
    let above = truth - prediction;
    if above >= 0.0 { alpha * above } else { (alpha - 1.0) * above }
}

/// The predicted quantiles: what names each, its probability and its column. First the prediction itself as each of the quantiles that are set,
/// then the columns of quantiles.
fn quantiles<'a>(subject: &Subject<'a>, has_prediction: bool) -> Vec<(&'static str, f64, &'a [f64])> {
    let mut all: Vec<(&str, f64, &[f64])> = Vec::new();
    if let (true, Some(predicted)) = (has_prediction, subject.rows.predicted.as_deref()) {
        all.extend(subject.parameters.alphas.iter().map(|alpha| ("alpha", *alpha, predicted)));
    }
    let columns = subject.rows.quantiles.iter();
    all.extend(columns.map(|(alpha, values)| ("quantile", *alpha, values.as_slice())));
    all
}

fn each_quantile(view: &View<'_>, has_prediction: bool, read: impl Fn(&Known<'_>, f64, &[f64]) -> Reading) -> Vec<Measured> {
    let form = |(name, alpha, column): (&'static str, f64, &[f64])| {
        let known = Known::of(view, &[column]);
        Measured::with(&[(name, number_text(alpha))], read(&known, alpha, column))
    };
    quantiles(&view.subject, has_prediction).into_iter().map(form).collect()
}

fn has_quantiles(subject: &Subject<'_>) -> bool {
    subject.task == Some(Task::Regression) && !quantiles(subject, true).is_empty()
}

fn has_quantile_columns(subject: &Subject<'_>) -> bool {
    subject.task == Some(Task::Regression) && !subject.rows.quantiles.is_empty()
}

fn mean_pinball_loss(view: &View<'_>) -> Vec<Measured> {
    each_quantile(view, true, |known, alpha, column| {
        known.mean(|row| pinball(alpha, known.truth[row], column[row]))
    })
}

fn d2_pinball(view: &View<'_>) -> Vec<Measured> {
    each_quantile(view, true, |known, alpha, column| {
        let Some(constant) = known.quantile(alpha) else {
            return Reading::undefined(Code::NoRows, known.tally(|_| true).rows());
        };
        let losses = |at: usize| {
            let row = known.places[at];
            (
                pinball(alpha, known.truth[row], column[row]),
                pinball(alpha, known.truth[row], constant),
            )
        };
        beside_constant(known.places.len(), &|at| known.weight(known.places[at]), &losses)
    })
}

fn quantile_coverage(view: &View<'_>) -> Vec<Measured> {
    each_quantile(view, false, |known, _, column| known.share(|row| known.truth[row] <= column[row]))
}

/// A prediction interval: how often it should hold the truth, where that is known, and its limits.
struct Span<'a> {
    is_plain: bool,
    nominal: Option<f64>,
    lower: &'a [f64],
    upper: &'a [f64],
}

/// The intervals of the audit: that of the lower and upper column, then each pair of quantiles that leaves as much below as above, the widest
/// first. The first of all is the plain one.
fn spans<'a>(subject: &Subject<'a>) -> Vec<Span<'a>> {
    const ROUNDING: f64 = 1e12;
    let rows = subject.rows;
    let mut all = Vec::new();
    if let (Some(lower), Some(upper)) = (&rows.lower, &rows.upper) {
        all.push(Span {
            is_plain: true,
            nominal: subject.parameters.nominal,
            lower,
            upper,
        });
    }
    // Columns of quantiles stand in order of their probabilities.
    for (alpha, lower) in &rows.quantiles {
        let is_opposite = |(other, _): &&(f64, Vec<f64>)| *alpha < 0.5 && (alpha + other - 1.0).abs() < 1.0 / ROUNDING;
        if let Some((other, upper)) = rows.quantiles.iter().find(is_opposite) {
            all.push(Span {
                is_plain: all.is_empty(),
                nominal: Some(((other - alpha) * ROUNDING).round() / ROUNDING),
                lower,
                upper,
            });
        }
    }
    all
}

fn has_spans(subject: &Subject<'_>) -> bool {
    subject.task == Some(Task::Regression) && !spans(subject).is_empty()
}

fn each_span(view: &View<'_>, read: impl Fn(&Known<'_>, &Span<'_>) -> Reading) -> Vec<Measured> {
    let form = |span: Span<'_>| {
        let reading = read(&Known::of(view, &[span.lower, span.upper]), &span);
        match span.nominal.filter(|_| !span.is_plain) {
            Some(nominal) => Measured::with(&[("nominal", number_text(nominal))], reading),
            None => Measured::plain(reading),
        }
    };
    spans(&view.subject).into_iter().map(form).collect()
}

fn interval_coverage(view: &View<'_>) -> Vec<Measured> {
    each_span(view, |known, span| {
        known.share(|row| (span.lower[row]..=span.upper[row]).contains(&known.truth[row]))
    })
}

fn interval_mean_width(view: &View<'_>) -> Vec<Measured> {
    each_span(view, |known, span| known.mean(|row| span.upper[row] - span.lower[row]))
}

fn interval_score_winkler(view: &View<'_>) -> Vec<Measured> {
    each_span(view, |known, span| {
        let Some(nominal) = span.nominal else {
            return Reading::undefined(Code::NominalNotSet, known.tally(|_| true).rows());
        };
        let penalty = 2.0 / (1.0 - nominal);
        known.mean(|row| {
            let (y, lower, upper) = (known.truth[row], span.lower[row], span.upper[row]);
            (upper - lower) + penalty * ((lower - y).max(0.0) + (y - upper).max(0.0))
        })
    })
}

fn interval_crossings(view: &View<'_>) -> Vec<Measured> {
    each_span(view, |known, span| {
        let crossed = known.tally(|row| span.lower[row] > span.upper[row]);
        Reading::exact(crossed.weight(), known.tally(|_| true).rows())
    })
}

const LOSS: Metric = Metric {
    family: Family::Forecasts,
    direction: Direction::LowerIsBetter,
    range: (0.0, f64::INFINITY),
    unit: Unit::Target,
    by_group: true,
    ..Metric::BLANK
};

const COVERAGE: Metric = Metric {
    direction: Direction::Neutral,
    range: (0.0, 1.0),
    unit: Unit::Share,
    ..LOSS
};

const fn quantiles_of(read: fn(&View<'_>) -> Vec<Measured>) -> Read {
    Read::View {
        needs: has_quantiles,
        read,
    }
}

const fn spans_of(read: fn(&View<'_>) -> Vec<Measured>) -> Read {
    Read::View { needs: has_spans, read }
}

/// The rows of this family, in the order they are shown.
pub const METRICS: [Metric; 7] = [
    Metric {
        id: "mean_pinball_loss",
        name: "pinball loss",
        aliases: &["quantile_loss"],
        words: &["quantile loss"],
        summary: "How far a predicted quantile is off, misses on its rarer side counting more.",
        formula: "mean of alpha (target - prediction) where that is positive, else (1 - alpha) (prediction - target)",
        reading: "In the unit of the target; 0 is perfect. At alpha 0.5 it is half the mean absolute error.",
        caveat: "Losses of different quantiles cannot be compared with each other.",
        reference: "scikit-learn, mean_pinball_loss; Koenker and Bassett 1978",
        reads: &[quantiles_of(mean_pinball_loss)],
        ..LOSS
    },
    Metric {
        id: "d2_pinball",
        name: "D2 of pinball losses",
        aliases: &["d2_pinball_score"],
        words: &[],
        summary: "How much better a predicted quantile is than always naming the target's own quantile.",
        formula: "1 - pinball loss of the prediction / pinball loss of the target's quantile",
        reading: "1 is perfect, 0 is what the constant reaches; it can be negative.",
        caveat: "It depends on how much the target varies.",
        reference: "scikit-learn, d2_pinball_score",
        direction: Direction::HigherIsBetter,
        range: (f64::NEG_INFINITY, 1.0),
        unit: Unit::Score,
        compare: Compare::Difference,
        by_group: false,
        reads: &[quantiles_of(d2_pinball)],
        ..LOSS
    },
    Metric {
        id: "quantile_coverage",
        name: "coverage of a predicted quantile",
        aliases: &[],
        words: &["quantile coverage"],
        summary: "How often the truth is at most the predicted quantile.",
        formula: "share of rows with target <= predicted quantile",
        reading: "It should be the quantile's own probability: 10 % for the quantile of 0.1.",
        caveat: "A quantile that is right on average can still be wrong for every kind of row.",
        reference: "numpy; Koenker and Bassett 1978",
        reads: &[Read::View {
            needs: has_quantile_columns,
            read: quantile_coverage,
        }],
        ..COVERAGE
    },
    Metric {
        id: "interval_coverage",
        name: "coverage of the prediction interval",
        aliases: &["picp"],
        words: &["interval coverage", "prediction interval coverage"],
        summary: "How often the truth lies within the predicted limits.",
        formula: "share of rows with lower limit <= target <= upper limit",
        reading: "It should be what the interval promises, for instance 80 %.",
        caveat: "Limits wide enough cover everything; read it beside the width.",
        reference: "numpy; Khosravi et al. 2011, PICP",
        reads: &[spans_of(interval_coverage)],
        ..COVERAGE
    },
    Metric {
        id: "interval_mean_width",
        name: "mean width of the prediction interval",
        aliases: &["sharpness"],
        words: &["interval width"],
        summary: "How far apart the predicted limits are, on average.",
        formula: "mean of upper limit - lower limit",
        reading: "In the unit of the target; of two intervals that cover equally often the narrower says more.",
        caveat: "Narrow limits that miss the truth are worth nothing. Where limits cross, the width is negative.",
        reference: "numpy; Khosravi et al. 2011",
        range: (f64::NEG_INFINITY, f64::INFINITY),
        compare: Compare::Difference,
        reads: &[spans_of(interval_mean_width)],
        ..LOSS
    },
    Metric {
        id: "interval_score_winkler",
        name: "interval score",
        aliases: &["winkler_score"],
        words: &[],
        summary: "Width and misses of the prediction interval in one number: the width, and a fine for each truth outside.",
        formula: "mean of width + 2 / (1 - nominal) x distance of the target from the interval",
        reading: "In the unit of the target; smaller is better.",
        caveat: "It needs the coverage that the interval promises, and only compares intervals that promise the same.",
        reference: "Winkler 1972; Gneiting and Raftery 2007",
        range: (f64::NEG_INFINITY, f64::INFINITY),
        compare: Compare::Difference,
        reads: &[spans_of(interval_score_winkler)],
        ..LOSS
    },
    Metric {
        id: "interval_crossings",
        name: "crossed prediction intervals",
        aliases: &["crossings"],
        words: &[],
        summary: "How many rows have a lower limit above their upper one.",
        formula: "rows with lower limit > upper limit",
        reading: "It should be 0.",
        caveat: "Quantiles that are fitted one by one cross where the model has seen little.",
        reference: "numpy; Koenker 2005, section 2.5",
        unit: Unit::Count,
        compare: Compare::No,
        reads: &[spans_of(interval_crossings)],
        ..LOSS
    },
];
