//! Columns by window: how far each window is from the reference, what is missing, what is new.

use crate::data::Column;
use crate::metric::Read;
use crate::metric::UndefinedCode;
use crate::metric::reading::{Evidence, Reading};
use crate::metric::registry::METRICS;
use crate::metric::sample::{Pair, PairMemory, Sample, SampleKind};
use crate::metric::view::Measured;
use crate::stats::chunk_distance as distance;
use crate::stats::interval::Share;

use super::lines::Line;

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
    for line in &mut lines {
        line.is_own = true;
    }
    if reference.missing + windows.iter().flatten().map(|sample| sample.missing).sum::<u64>() > 0 {
        let missing = over(windows, &|sample| share(sample.missing, sample.rows));
        lines.push(Line::of_column("missing_rate", column, None, missing));
    }
    if kind == SampleKind::Levels {
        let seen = |level: &str| reference.levels().iter().any(|(known, _)| known == level);
        let unseen = |sample: &Sample| {
            sample
                .levels()
                .iter()
                .filter(|(level, _)| !seen(level))
                .map(|(_, count)| count)
                .sum()
        };
        let rates = over(windows, &|sample| share(unseen(sample), sample.rows));
        lines.push(Line::of_column("unseen_rate", column, None, rates));
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
    let Some(edges) = distance::doane_edges(numbers) else {
        return Vec::new();
    };
    let binned = distance::in_bins(numbers, &edges);
    let in_bins = |sample: &Sample| distance::in_bins(finite(sample), &edges);
    type Distance<'a> = &'a dyn Fn(&Sample) -> Option<f64>;
    let methods: [(&str, Distance<'_>); 4] = [
        ("kolmogorov_smirnov", &|sample| {
            distance::kolmogorov_smirnov(numbers, finite(sample))
        }),
        ("jensen_shannon", &|sample| distance::jensen_shannon(&binned, &in_bins(sample))),
        ("wasserstein", &|sample| distance::wasserstein(numbers, finite(sample))),
        ("hellinger", &|sample| distance::hellinger(&binned, &in_bins(sample))),
    ];
    let line = |(method, of): (&str, Distance<'_>)| {
        let points = over(windows, &|sample| reading(of(sample), sample));
        Line::of_column("window_drift", column, Some(method), points)
    };
    methods.into_iter().map(line).collect()
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
    // NannyML puts all texts that the reference does not have into one cell, except for chi-squared and L-infinity.
    let folded = |sample: &Sample| -> (Vec<u64>, Vec<u64>) {
        let (a, b) = counts(sample);
        let outside: u64 = a.iter().zip(&b).filter(|(a, _)| **a == 0).map(|(_, b)| b).sum();
        a.iter().copied().zip(b).filter(|(a, _)| *a > 0).chain([(0, outside)]).unzip()
    };
    type Distance<'a> = &'a dyn Fn(&Sample) -> Option<f64>;
    let chi_squared = |sample: &Sample| {
        let (a, b) = counts(sample);
        distance::contingency(&a, &b)
    };
    let methods: [(&str, Distance<'_>); 4] = [
        ("chi2", &|sample| chi_squared(sample).map(|found| found.0)),
        ("jensen_shannon", &|sample| {
            let (a, b) = folded(sample);
            distance::jensen_shannon(&a, &b)
        }),
        ("hellinger", &|sample| {
            let (a, b) = folded(sample);
            distance::hellinger(&a, &b)
        }),
        ("l_infinity", &|sample| {
            let (a, b) = counts(sample);
            distance::l_infinity(&a, &b)
        }),
    ];
    let line = |(method, of): (&str, Distance<'_>)| {
        let points = over(windows, &|sample| reading(of(sample), sample));
        let mut line = Line::of_column("window_drift", column, Some(method), points);
        let is_alarm = |sample: &Sample| chi_squared(sample).is_some_and(|found| found.1 < CHI_SQUARED_ALARM);
        line.alarms = (method == "chi2").then(|| windows.last().into_iter().flatten().map(is_alarm).collect());
        line
    };
    methods.into_iter().map(line).collect()
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
