//! What a profile tells of a column by itself: the same numbers as of data, as far as they are known.

use super::bounds::Range;
use super::compare::limited;
use super::known::Known;
use super::limits::Limit;
use super::model::{LevelCounts, Profile, ProfiledColumn, ProfiledValues};
use super::pooled;
use crate::data::Kind;
use crate::data::column::level_number;
use crate::metric::quality::summary::QUANTILES;
use crate::metric::reading::Reading;
use crate::metric::registry::METRICS;
use crate::metric::sample::{Distribution, Sample, SampleKind};
use crate::metric::view::Measured;
use crate::metric::{Estimate, Family, Key, Metric, Read, Source, UndefinedCode};
use crate::run::Settings;
use crate::stats::math::floor;
use crate::stats::order;

/// Says what a column of the reference held.
pub fn describe(estimates: &mut Vec<Estimate>, profile: &Profile, of: &ProfiledColumn, settings: &Settings) {
    let (rows, missing) = (profile.rows, of.missing);
    let kind = match of.kind {
        Kind::Numeric => SampleKind::Numbers,
        Kind::Time => SampleKind::Times,
        Kind::Boolean | Kind::Categorical => SampleKind::Levels,
        // As of data whose texts are not kept.
        Kind::Text | Kind::Empty => SampleKind::Levels,
    };
    let (sample, known) = match &of.values {
        ProfiledValues::Numbers(sketch) | ProfiledValues::Times(sketch) => {
            let known = Known::new(kind, rows, missing, sketch);
            (known.sample(), Some(known))
        }
        ProfiledValues::Levels(counts) if kind == SampleKind::Levels => (pooled::sample(counts, &[], (rows, missing)), None),
        ProfiledValues::Levels(counts) => (of_classes(counts, rows, missing), None),
        _ => (Sample::new(kind, rows, missing, empty(kind)), None),
    };
    for metric in METRICS.iter().filter(|metric| metric.family == Family::Columns) {
        for read in metric.reads {
            if let Read::Column { of: fits, read } = read
                && fits(kind)
            {
                let limit = match (&of.values, &known) {
                    (_, _) if is_of_missing(metric.id) => Limit::Exact,
                    (_, Some(known)) => of_numbers(metric.id, known),
                    (ProfiledValues::Levels(counts), _) => of_levels(metric.id, counts, &sample),
                    _ => Limit::Unknown,
                };
                let forms = match limit {
                    Limit::Unknown => vec![Measured::plain(Reading::undefined(UndefinedCode::FromProfile, rows - missing))],
                    _ => read(&sample),
                };
                for form in forms {
                    let own = told(metric, of, form, limit, known.as_ref(), settings);
                    estimates.push(own);
                }
            }
        }
    }
}

fn told(metric: &Metric, of: &ProfiledColumn, form: Measured, limit: Limit, known: Option<&Known>, settings: &Settings) -> Estimate {
    let key = Key {
        metric: metric.id.to_owned(),
        params: form.params,
        source: Source::Reference,
        columns: vec![of.name.clone()],
        ..Key::default()
    };
    // The spread of the rows as they are computed with is not theirs.
    let reading = match known.and_then(|known| exactly(metric.id, known)) {
        Some(value) => Reading::exact(value, form.reading.support),
        None => form.reading,
    };
    let mut own = limited(key, reading, limit, metric, settings);
    if let Some(text) = form.text.filter(|_| own.undefined.is_none()) {
        (own.value, own.within) = (None, None);
        if own.support >= settings.min_support {
            own.text = Some(text);
        } else {
            own.undefined = Some(UndefinedCode::BelowMinSupport.into());
        }
    }
    own
}

/// Classes that are written as numbers, as numbers again; none where one is not named.
fn of_classes(counts: &LevelCounts, rows: u64, missing: u64) -> Sample {
    let numbers = counts.named.iter().map(|(name, rows)| Some((level_number(name)?, *rows)));
    let mut numbers = match counts.suppressed {
        None => numbers.collect::<Option<Vec<(f64, u64)>>>().unwrap_or_default(),
        Some(_) => Vec::new(),
    };
    order::sort_by(&mut numbers, |a, b| a.0.total_cmp(&b.0));
    Sample::new(SampleKind::Numbers, rows, missing, Distribution::Numbers(numbers))
}

fn empty(kind: SampleKind) -> Distribution {
    if kind.is_ordered() {
        Distribution::Numbers(Vec::new())
    } else {
        Distribution::Levels(Vec::new())
    }
}

fn is_of_missing(metric: &str) -> bool {
    matches!(metric, "missing_count" | "missing_share")
}

/// What follows from the mean and the standard deviation alone.
fn exactly(metric: &str, known: &Known) -> Option<f64> {
    let ((mean, squares), n) = (known.moments?, known.present() as f64);
    if known.is_exact() {
        return None;
    }
    match metric {
        "column_mean" => Some(mean),
        "column_std" if n > 1.0 => Some((squares / (n - 1.0)).sqrt()),
        "column_variance" if n > 1.0 => Some(squares / (n - 1.0)),
        "column_sum" => Some(mean * n),
        _ => None,
    }
}

fn of_numbers(metric: &str, known: &Known) -> Limit {
    if known.is_exact() || exactly(metric, known).is_some() {
        return Limit::Exact;
    }
    let quantile = |place: usize| {
        let position = QUANTILES[place] * (known.present() - 1) as f64;
        let low = known.ranked(floor(position) as u64).0;
        (low, known.ranked(crate::stats::math::ceil(position) as u64).1)
    };
    let range: Option<Range> = match metric {
        "column_min" => Some(known.lowest),
        "column_max" => Some(known.highest),
        "column_q05" => Some(quantile(0)),
        "column_q25" => Some(quantile(1)),
        "column_median" => Some(quantile(2)),
        "column_q75" => Some(quantile(3)),
        "column_q95" => Some(quantile(4)),
        "column_zeros" => {
            let of = |is_in: &dyn Fn(f64, f64) -> bool| -> u64 {
                let spans = known.spans.iter().filter(|span| is_in(span.low, span.high));
                spans.map(|span| span.rows).sum()
            };
            let sure = of(&|low, high| low == 0.0 && high == 0.0);
            Some((sure as f64, (sure + of(&|low, high| low < 0.0 && high > 0.0)) as f64))
        }
        _ => None,
    };
    match range {
        Some((low, high)) if low.is_finite() && high.is_finite() => Limit::Within((low, high)),
        _ => Limit::Unknown,
    }
}

fn of_levels(metric: &str, counts: &LevelCounts, sample: &Sample) -> Limit {
    if sample.kind.is_ordered() {
        return if sample.numbers().is_empty() {
            Limit::Unknown
        } else {
            Limit::Exact
        };
    }
    let Some(pool) = counts.suppressed else { return Limit::Exact };
    match metric {
        "distinct_count" => Limit::Within({
            let levels = (counts.named.len() as u64 + pool.levels) as f64;
            (levels, levels)
        }),
        "column_mode" | "column_mode_count" if counts.named.iter().any(|(_, rows)| *rows > pool.at_most) => Limit::Exact,
        _ => Limit::Unknown,
    }
}
