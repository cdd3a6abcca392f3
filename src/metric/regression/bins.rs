//! Residuals by where they occur: by predicted value, by true value, by time, ten parts each.

use super::kept::{Column, Complete, is_regression};
use crate::data::{MISSING_TIME, time_text};
use crate::metric::UndefinedCode as Code;
use crate::metric::reading::Reading;
use crate::metric::spec::{Compare, Direction, Family, Metric, Read, Unit};
use crate::metric::state::{MeanSums, Tally};
use crate::metric::view::{Measured, Subject, View};
use crate::stats::quantile::linear;
use crate::stats::rank::Ranked;

/// How many parts.
const BINS: usize = 10;

/// The quantiles of residuals in a part, in percent.
const PERCENTS: [f64; 3] = [10.0, 50.0, 90.0];

/// One part: its rows.
#[derive(Default)]
struct Bin {
    places: Vec<usize>,
}

impl Bin {
    fn mean(&self, rows: &Complete<'_>, value: impl Fn(usize) -> f64) -> Reading {
        let (mut sums, mut tally) = (MeanSums::default(), Tally::default());
        for place in &self.places {
            let weight = rows.weight(*place);
            tally.update(weight.count, weight.weight);
            sums.update(weight, value(*place));
        }
        Reading::mean(&sums, &tally)
    }

    fn quantiles(&self, rows: &Complete<'_>) -> Vec<Reading> {
        let count = |at: usize| rows.count(self.places[at]);
        let ranked = Ranked::new(self.places.len(), &|at| rows.residual(self.places[at]), &count);
        let reading = |percent: f64| match rows
            .unweighted()
            .and_then(|()| linear(&ranked, percent / 100.0).ok_or(Code::NoRows))
        {
            Ok(value) => Reading::exact(value, ranked.len()),
            Err(code) => Reading::undefined(code, ranked.len()),
        };
        PERCENTS.map(reading).to_vec()
    }
}

/// Puts rows into ten parts of about equal weight by the order of a column; equal numbers stay together, so that a part may be empty.
fn bins(ranked: &Ranked, through: &dyn Fn(usize) -> f64, place_of: impl Fn(usize) -> usize) -> Vec<Bin> {
    let last = ranked.values().len().checked_sub(1);
    let total = last.map_or(0.0, through);
    // By the middle of what equals it, so that rows without ties fall into parts of equal size.
    let bin_of = |place: usize| {
        let below = place.checked_sub(1).map_or(0.0, through);
        ((BINS as f64 * (below + through(place)) / (2.0 * total)) as usize).min(BINS - 1)
    };
    let mut bins: Vec<Bin> = (0..BINS).map(|_| Bin::default()).collect();
    for (at, place) in ranked.places().iter().enumerate() {
        bins[bin_of(*place as usize)].places.push(place_of(at));
    }
    bins
}

/// The forms of ten parts: the mean residual of each, then where it lies, then quantiles of its residuals.
fn forms(
    rows: &Complete<'_>,
    bins: &[Bin],
    position: Option<Column>,
    names: impl Fn(&Bin) -> Vec<(&'static str, String)>,
) -> Vec<Measured> {
    let mut forms = Vec::new();
    for (index, bin) in bins.iter().enumerate() {
        let mut form = |statistic: Option<String>, reading: Reading| {
            let mut params = vec![("bin", (index + 1).to_string())];
            params.extend(names(bin));
            params.extend(statistic.map(|statistic| ("statistic", statistic)));
            forms.push(Measured::with(&params, reading));
        };
        form(None, bin.mean(rows, |place| rows.residual(place)));
        if let Some(column) = position {
            let value = |place: usize| {
                if column == Column::Truth {
                    rows.truth(place)
                } else {
                    rows.prediction(place)
                }
            };
            let mut position = bin.mean(rows, value);
            position.evidence = crate::metric::reading::Evidence::None;
            form(Some("position".to_owned()), position);
        }
        for (percent, reading) in PERCENTS.iter().zip(bin.quantiles(rows)) {
            form(Some(format!("percent_{percent}")), reading);
        }
    }
    forms
}

fn by_column(view: &View<'_>, column: Column) -> Vec<Measured> {
    let Some(rows) = Complete::of(view) else { return Vec::new() };
    let ranked = rows.ranked(column);
    let bins = if rows.sums.has_equal_weights() {
        bins(ranked, &|place| ranked.through(place) as f64, |at| at)
    } else {
        let through = rows.weight_through(ranked);
        bins(ranked, &|place| through[place], |at| at)
    };
    forms(&rows, &bins, Some(column), |_| Vec::new())
}

fn residual_by_prediction(view: &View<'_>) -> Vec<Measured> {
    by_column(view, Column::Prediction)
}

fn residual_by_truth(view: &View<'_>) -> Vec<Measured> {
    by_column(view, Column::Truth)
}

fn has_times(subject: &Subject<'_>) -> bool {
    is_regression(subject) && subject.rows.time.is_some()
}

/// Windows of about as many rows each; they are named by their first and last moment.
fn residual_by_time(view: &View<'_>) -> Vec<Measured> {
    let (Some(rows), Some(times)) = (Complete::of(view), &view.subject.rows.time) else {
        return Vec::new();
    };
    let time = |place: usize| times[rows.row(place)];
    let known: Vec<usize> = (0..rows.len()).filter(|place| time(*place) != MISSING_TIME).collect();
    // Microseconds are whole numbers that an f64 holds for some 285 years about 1970; beyond, neighbours fall together.
    let ranked = Ranked::new(known.len(), &|at| time(known[at]) as f64, &|at| rows.count(known[at]));
    let bins = bins(&ranked, &|place| ranked.through(place) as f64, |at| known[at]);
    forms(&rows, &bins, None, |bin| {
        let moments = || bin.places.iter().map(|place| time(*place));
        match (moments().min(), moments().max()) {
            (Some(from), Some(to)) => vec![("from", time_text(from)), ("to", time_text(to))],
            _ => Vec::new(),
        }
    })
}

const PARTS: Metric = Metric {
    family: Family::Residuals,
    formula: "mean of target - prediction in each tenth of the rows; beside it where the tenth lies and quantiles of its residuals",
    reading: "Near 0 in every part is right; positive: predictions are too low there.",
    caveat: "Equal numbers stay in one part, so parts may differ in size or be empty.",
    reference: "Residual plots; parts by rank",
    direction: Direction::CloserToZero,
    range: (f64::NEG_INFINITY, f64::INFINITY),
    unit: Unit::Target,
    compare: Compare::No,
    ..Metric::BLANK
};

/// The rows of this family, in the order they are shown.
pub const METRICS: [Metric; 3] = [
    Metric {
        id: "residual_by_prediction",
        name: "residuals by predicted value",
        summary: "Whether low, middle and high predictions are off in the same way.",
        reads: &[Read::View {
            needs: is_regression,
            read: residual_by_prediction,
        }],
        ..PARTS
    },
    Metric {
        id: "residual_by_truth",
        name: "residuals by true value",
        summary: "How predictions are off for rows of low, middle and high truth.",
        caveat: "Any model that is not perfect predicts too high where the truth is low and too low where it is high. Equal numbers stay in one part.",
        reads: &[Read::View {
            needs: is_regression,
            read: residual_by_truth,
        }],
        ..PARTS
    },
    Metric {
        id: "residual_by_time",
        name: "residuals by time",
        summary: "Whether predictions become too low or too high as time passes.",
        formula: "mean of target - prediction in each tenth of the rows by time; beside it quantiles of its residuals",
        reads: &[Read::View {
            needs: has_times,
            read: residual_by_time,
        }],
        ..PARTS
    },
];
