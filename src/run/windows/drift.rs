//! Columns by window: how far each window is from the reference, what is missing, what is new.

use crate::data::Column;
use crate::metric::Read;
use crate::metric::UndefinedCode;
use crate::metric::reading::{Evidence, Reading};
use crate::metric::registry::METRICS;
use crate::metric::sample::{Pair, PairMemory, Sample, SampleKind};
use crate::metric::view::Measured;
use crate::stats::chunk_distance::{self as distance, Baseline};
use crate::stats::interval::Share;

use super::lines::Line;

/// The most different texts of a column whose distance is measured.
pub const MOST_LEVELS: usize = 20_000;
/// The p-value below which a window of texts is unusual.
const CHI_SQUARED_ALARM: f64 = 0.05;

/// Whether a column's windows are compared, and how; where the two files differ in kind, as texts.
pub fn kind(column: &Column, earlier: &Column) -> Option<SampleKind> {
    let (own, other) = (SampleKind::of(column.kind)?, SampleKind::of(earlier.kind)?);
    match own {
        SampleKind::Times => None,
        _ if own == other => Some(own),
        _ => Some(SampleKind::Levels),
    }
}

/// The finite ones of a sample's numbers.
fn finite(sample: &Sample) -> &[(f64, u64)] {
    let numbers = sample.numbers();
    let first = numbers.partition_point(|value| value.0 == f64::NEG_INFINITY);
    let last = numbers.partition_point(|value| value.0 < f64::INFINITY);
    &numbers[first..last]
}

/// A column in the windows of every side, against the reference.
pub fn lines(column: &str, kind: SampleKind, reference: &Sample, windows: &[Vec<Sample>]) -> Vec<Line> {
    let mut lines = match kind {
        SampleKind::Levels => of_levels(column, reference, windows),
        _ => of_numbers(column, reference, windows),
    };
    if reference.missing + windows.iter().flatten().map(|sample| sample.missing).sum::<u64>() > 0 {
        let missing = over(windows, &|sample| share(sample.missing, sample.rows));
        lines.push(Line::of_column("window_missing_rate", column, None, missing));
    }
    lines.extend(of_registry(column, kind, reference, windows));
    lines
}

fn over(windows: &[Vec<Sample>], read: &dyn Fn(&Sample) -> Reading) -> Vec<Vec<Reading>> {
    windows.iter().map(|side| side.iter().map(read).collect()).collect()
}

fn share(part: u64, of: u64) -> Reading {
    if of == 0 {
        return Reading::undefined(UndefinedCode::NoRows, 0);
    }
    let value = part as f64 / of as f64;
    Reading {
        evidence: Evidence::Share(Share { value, size: of as f64 }),
        ..Reading::exact(value, of)
    }
}

fn reading(value: Option<f64>, sample: &Sample) -> Reading {
    let support = sample.present();
    value.map_or(Reading::undefined(UndefinedCode::NoRows, support), |value| {
        Reading::exact(value, support)
    })
}

fn of_numbers(column: &str, reference: &Sample, windows: &[Vec<Sample>]) -> Vec<Line> {
    let numbers = finite(reference);
    let (Some(edges), Some(baseline)) = (distance::doane_edges(numbers), Baseline::new(numbers)) else {
        return Vec::new();
    };
    let binned = distance::in_bins(numbers, &edges);
    let measure = |sample: &Sample| {
        let own = finite(sample);
        let cells = distance::in_bins(own, &edges);
        [
            baseline.kolmogorov_smirnov(own),
            distance::jensen_shannon(&binned, &cells),
            baseline.wasserstein(own),
            distance::hellinger(&binned, &cells),
        ]
    };
    by_method(
        column,
        ["kolmogorov_smirnov", "jensen_shannon", "wasserstein", "hellinger"],
        windows,
        &measure,
    )
}

fn of_levels(column: &str, reference: &Sample, windows: &[Vec<Sample>]) -> Vec<Line> {
    let counts = |sample: &Sample| -> (Vec<u64>, Vec<u64>) {
        let memory = PairMemory::default();
        let pair = Pair {
            reference,
            current: sample,
            memory: &memory,
        };
        pair.table().iter().copied().unzip()
    };
    let unseen_in = |a: &[u64], b: &[u64]| a.iter().zip(b).filter(|(a, _)| **a == 0).map(|(_, b)| b).sum::<u64>();
    let measure = |sample: &Sample| {
        let (a, b) = counts(sample);
        // All texts that the reference does not have are one cell, except for chi-squared and L-infinity.
        let known = a.iter().copied().zip(b.iter().copied()).filter(|(a, _)| *a > 0);
        let (own, other): (Vec<u64>, Vec<u64>) = known.chain([(0, unseen_in(&a, &b))]).unzip();
        [
            distance::contingency(&a, &b).map(|found| found.0),
            distance::jensen_shannon(&own, &other),
            distance::hellinger(&own, &other),
            distance::l_infinity(&a, &b),
        ]
    };
    let mut lines = by_method(column, ["chi2", "jensen_shannon", "hellinger", "l_infinity"], windows, &measure);
    let is_alarm = |sample: &Sample| {
        let (a, b) = counts(sample);
        distance::contingency(&a, &b).is_some_and(|found| found.1 < CHI_SQUARED_ALARM)
    };
    lines[0].alarms = Some(windows.last().into_iter().flatten().map(is_alarm).collect());
    let unseen = |sample: &Sample| {
        let (a, b) = counts(sample);
        share(unseen_in(&a, &b), sample.rows)
    };
    let mut rates = Line::of_column("window_unseen_rate", column, None, over(windows, &unseen));
    rates.is_own = true;
    lines.push(rates);
    lines
}

/// One line a method, of what is measured of each window at once.
fn by_method(column: &str, methods: [&str; 4], windows: &[Vec<Sample>], measure: &dyn Fn(&Sample) -> [Option<f64>; 4]) -> Vec<Line> {
    let measured: Vec<Vec<[Reading; 4]>> = windows
        .iter()
        .map(|side| {
            side.iter()
                .map(|sample| measure(sample).map(|value| reading(value, sample)))
                .collect()
        })
        .collect();
    let line = |(place, method): (usize, &str)| {
        let points = measured.iter().map(|side| side.iter().map(|window| window[place]).collect());
        Line {
            is_own: true,
            ..Line::of_column("window_drift", column, Some(method), points.collect())
        }
    };
    methods.into_iter().enumerate().map(line).collect()
}

/// What the registry reads of columns and pairs of them, where it says so.
fn of_registry(column: &str, kind: SampleKind, reference: &Sample, windows: &[Vec<Sample>]) -> Vec<Line> {
    let mut lines: Vec<Line> = Vec::new();
    for metric in METRICS.iter().filter(|metric| metric.by_group) {
        for read in metric.reads {
            let measure = |sample: &Sample| -> Option<Vec<Measured>> {
                match read {
                    Read::Column { of, read } if of(kind) => Some(read(sample)),
                    Read::Pair { of, read } if of(kind) => {
                        let memory = PairMemory::default();
                        Some(read(&Pair {
                            reference,
                            current: sample,
                            memory: &memory,
                        }))
                    }
                    _ => None,
                }
            };
            let is_pair = matches!(read, Read::Pair { .. });
            let measured: Option<Vec<Vec<Vec<Measured>>>> = windows.iter().map(|side| side.iter().map(measure).collect()).collect();
            let Some(measured) = measured else { continue };
            let Some(forms) = measured.iter().flatten().next() else { continue };
            lines.extend(forms.iter().enumerate().map(|(form, first)| {
                let of = |window: &Vec<Measured>| {
                    let same = window.get(form).filter(|own| own.params == first.params);
                    same.map_or(Reading::undefined(UndefinedCode::NoRows, 0), |own| own.reading)
                };
                Line {
                    params: first.params.clone(),
                    is_own: is_pair,
                    ..Line::of_column(
                        metric.id,
                        column,
                        None,
                        measured.iter().map(|side| side.iter().map(of).collect()).collect(),
                    )
                }
            }));
        }
    }
    lines
}
