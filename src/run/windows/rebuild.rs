//! The reconstruction error: how badly the reference's principal axes describe the rows of a window, as NannyML measures it.

use std::collections::BTreeMap;

use super::lines::Line;
use super::{Side, metric};
use crate::data::{Role, Roles, Table};
use crate::metric::reading::Reading;
use crate::metric::sample::SampleKind;
use crate::metric::{Estimate, Key, UndefinedCode};
use crate::run::Settings;
use crate::run::frame::estimate;
use crate::stats::eigen;
use crate::stats::interval::Method;
use crate::stats::sum::ExactSum;

/// The part of the variance that the axes kept hold.
const KEPT: f64 = 0.65;
/// Most features: the axes of more would take too long.
const MOST_FEATURES: usize = 100;

/// A feature that both files have, and how it is read.
pub struct Feature {
    /// Its name.
    pub name: String,
    /// As numbers or as texts.
    pub kind: SampleKind,
}

/// The features that all tables have, as numbers or texts.
pub fn features(tables: &[&Table], roles: &Roles) -> Vec<Feature> {
    let Some(last) = tables.last() else { return Vec::new() };
    let is_feature = |name: &str| matches!(roles.role_of(name), Role::Feature | Role::Sensitive | Role::Control);
    let feature = |name: &String| {
        let mut kind = None;
        for table in tables {
            let own = SampleKind::of(table.column(name)?.kind).filter(|kind| *kind != SampleKind::Times)?;
            kind = match kind {
                Some(other) if other != own => return None,
                _ => Some(own),
            };
        }
        Some(Feature {
            name: name.clone(),
            kind: kind?,
        })
    };
    let names = last.columns.iter().map(|column| &column.name).filter(|name| is_feature(name));
    names.filter_map(feature).take(MOST_FEATURES).collect()
}

/// What was rebuilt.
#[derive(Debug, Default)]
pub struct Rebuilt {
    /// The error in every window.
    pub lines: Vec<Line>,
    /// The axes kept.
    pub estimates: Vec<Estimate>,
}

/// Measures the reconstruction error in every window.
pub fn lines(sides: &[Side], tables: &[&Table], roles: &Roles, usual: (usize, usize), settings: &Settings) -> Rebuilt {
    let side = &sides[usual.0];
    let counts: Vec<u64> = (0..side.plan.rows.len)
        .map(|row| {
            let is_reference = sides.len() > 1 || (side.windows.codes[row] as usize) < usual.1;
            side.plan.rows.weight(row).filter(|_| is_reference).map_or(0, |weight| weight.count)
        })
        .collect();
    let features = features(tables, roles);
    let columns: Vec<Vec<Vec<f64>>> = features
        .iter()
        .filter_map(|feature| scaled(feature, tables, usual.0, &counts))
        .collect();
    if columns.len() < 2 {
        return Rebuilt::default();
    }
    let n = counts.iter().sum::<u64>() as f64;
    let covariance = |a: &Vec<Vec<f64>>, b: &Vec<Vec<f64>>| {
        let mut sum = ExactSum::default();
        for ((x, y), count) in a[usual.0].iter().zip(&b[usual.0]).zip(&counts).filter(|(_, count)| **count > 0) {
            sum.add_product(*count as f64, x * y);
        }
        sum.value() / n
    };
    let matrix: Vec<Vec<f64>> = columns.iter().map(|a| columns.iter().map(|b| covariance(a, b)).collect()).collect();
    let axes = eigen::symmetric(&matrix);
    let total: f64 = axes.iter().map(|axis| axis.0).sum();
    let mut held = 0.0;
    let more = axes.iter().take_while(|axis| {
        held += axis.0;
        held / total <= KEPT
    });
    let kept = (more.count() + 1).min(axes.len());
    let points = sides
        .iter()
        .enumerate()
        .map(|(place, side)| errors(side, place, &columns, &axes[kept..]))
        .collect();
    let components = Reading::exact(kept as f64, columns.len() as u64);
    Rebuilt {
        lines: vec![Line {
            is_own: true,
            ..Line::plain("reconstruction_error", points)
        }],
        estimates: vec![estimate(
            Key::overall("reconstruction_components"),
            &components,
            metric("reconstruction_components"),
            settings,
        )],
    }
}

/// The mean distance of a window's rows from their images: the length of what lies along the axes that were not kept.
fn errors(side: &Side, place: usize, columns: &[Vec<Vec<f64>>], left_out: &[(f64, Vec<f64>)]) -> Vec<Reading> {
    let windows = side.windows.list.len();
    let mut sums: Vec<(ExactSum, ExactSum, u64)> = vec![Default::default(); windows];
    for row in 0..side.plan.rows.len {
        let Some((window, count)) = side.window_of(row) else { continue };
        let square = |axis: &(f64, Vec<f64>)| {
            let along: f64 = axis.1.iter().zip(columns).map(|(part, column)| part * column[place][row]).sum();
            along * along
        };
        let error = left_out.iter().map(square).sum::<f64>().sqrt();
        let sum = &mut sums[window];
        sum.0.add_product(count as f64, error);
        sum.1.add_product(count as f64, error * error);
        sum.2 += count;
    }
    let reading = |(first, second, rows): (ExactSum, ExactSum, u64)| {
        if rows == 0 {
            return Reading::undefined(UndefinedCode::NoRows, 0);
        }
        let n = rows as f64;
        let mean = first.value() / n;
        let variance = (second.value() - n * mean * mean) / (n - 1.0) / n;
        Reading::with_variance(mean, Some(variance).filter(|_| rows > 1), Method::Normal, rows)
    };
    sums.into_iter().map(reading).collect()
}

/// A feature as numbers of mean 0 and variance 1 in the reference; `None` where it does not vary there. Texts count as their share in the
/// reference, missing ones as the most frequent text, missing numbers as the mean.
fn scaled(feature: &Feature, tables: &[&Table], reference: usize, counts: &[u64]) -> Option<Vec<Vec<f64>>> {
    let columns = tables.iter().map(|table| table.column(&feature.name)).collect::<Option<Vec<_>>>()?;
    let mut sides: Vec<Vec<f64>> = match feature.kind {
        SampleKind::Numbers => {
            let numbers = columns.iter().map(|column| Some(column.to_numbers().ok()?.into_owned()));
            numbers.collect::<Option<Vec<_>>>()?
        }
        _ => {
            let levels = columns
                .iter()
                .map(|column| column.to_levels(usize::MAX).ok())
                .collect::<Option<Vec<_>>>()?;
            let own = &levels[reference];
            let mut rows: Vec<u64> = vec![0; own.names.len()];
            let mut missing = 0;
            for (code, count) in own.codes.iter().zip(counts) {
                *rows.get_mut(code as usize).unwrap_or(&mut missing) += count;
            }
            let most = (0..rows.len()).min_by(|a, b| rows[*b].cmp(&rows[*a]).then_with(|| own.names[*a].cmp(&own.names[*b])))?;
            rows[most] += missing;
            let n = counts.iter().sum::<u64>() as f64;
            let of = |level: usize| rows[level] as f64 / n;
            let places: BTreeMap<&String, usize> = own.names.iter().enumerate().map(|(place, name)| (name, place)).collect();
            let side = |side: &crate::data::Levels| {
                // A text that the reference does not have has a share of 0 there.
                let known = |name: &String| places.get(name).copied().map_or(0.0, of);
                let of_code: Vec<f64> = side.names.iter().map(known).collect();
                side.codes
                    .iter()
                    .map(|code| of_code.get(code as usize).copied().unwrap_or(of(most)))
                    .collect()
            };
            levels.iter().map(|levels| side(levels)).collect()
        }
    };
    let mean_of = |of: &dyn Fn(f64) -> f64| {
        let (mut sum, mut n) = (ExactSum::default(), 0);
        for (value, count) in sides[reference]
            .iter()
            .zip(counts)
            .filter(|(value, count)| value.is_finite() && **count > 0)
        {
            sum.add_product(*count as f64, of(*value));
            n += count;
        }
        sum.value() / n as f64
    };
    let mean = mean_of(&|value| value);
    let own = mean_of(&|value| (value - mean) * (value - mean));
    let known = sides[reference]
        .iter()
        .zip(counts)
        .filter(|(value, _)| value.is_finite())
        .map(|(_, count)| count)
        .sum::<u64>();
    // Missing values stand at the mean, so that they take variance away.
    let deviation = (own * known as f64 / counts.iter().sum::<u64>() as f64).sqrt();
    if !(deviation > 1e-12 * mean.abs() && deviation.is_finite()) {
        return None;
    }
    for value in sides.iter_mut().flatten() {
        *value = if value.is_finite() { (*value - mean) / deviation } else { 0.0 };
    }
    Some(sides)
}
