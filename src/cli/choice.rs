//! What was typed becomes roles and settings.

use crate::data::{ClassScore, QuantileColumn, Roles, Table, infer};
use crate::metric::{Gain, Parameters};
use crate::run::{Settings, ShareInterval, Task};

use super::arguments::{GainName, IntervalName, RoleOptions, SettingOptions, TaskName};

/// Inferred roles, overridden by those given. Any of label, prediction and score given switches inference off for the three.
pub fn roles(options: &RoleOptions, table: &Table) -> Roles {
    let mut roles = Roles::from_guesses(&infer(table));
    let given = [&options.label, &options.prediction, &options.score];
    if given.iter().any(|column| column.is_some()) || !options.class_score.is_empty() {
        roles.label = named(&options.label);
        roles.prediction = named(&options.prediction);
        roles.score = named(&options.score);
        let class_score = |(class, column): &(String, String)| ClassScore {
            class: class.clone(),
            column: column.clone(),
        };
        roles.class_scores = options.class_score.iter().map(class_score).collect();
    }
    if let Some(sensitive) = &options.sensitive {
        roles.sensitive = sensitive
            .iter()
            .map(|name| name.trim().to_owned())
            .filter(|name| !name.is_empty())
            .collect();
    }
    if !options.quantile.is_empty() {
        let quantile = |(quantile, column): &(String, String)| QuantileColumn {
            quantile: quantile.clone(),
            column: column.clone(),
        };
        roles.quantiles = options.quantile.iter().map(quantile).collect();
    }
    for (role, column) in [
        (&mut roles.lower, &options.lower),
        (&mut roles.upper, &options.upper),
        (&mut roles.query, &options.query),
        (&mut roles.count, &options.count),
        (&mut roles.weight, &options.weight),
        (&mut roles.time, &options.time),
        (&mut roles.id, &options.id),
    ] {
        if column.is_some() {
            *role = named(column);
        }
    }
    release(&mut roles, options);
    roles
}

/// An empty name takes an inferred role back.
fn named(column: &Option<String>) -> Option<String> {
    column.clone().filter(|name| !name.is_empty())
}

/// A column that was given a role loses the one that was inferred for it.
fn release(roles: &mut Roles, options: &RoleOptions) {
    let sensitive = options.sensitive.iter().flatten();
    let single = [
        &options.label,
        &options.prediction,
        &options.score,
        &options.lower,
        &options.upper,
        &options.query,
        &options.count,
        &options.weight,
        &options.time,
        &options.id,
    ];
    let named = options.class_score.iter().chain(&options.quantile).map(|(_, column)| column);
    let given: Vec<&String> = single.into_iter().flatten().chain(sensitive).chain(named).collect();
    for (role, own) in [
        (&mut roles.label, &options.label),
        (&mut roles.prediction, &options.prediction),
        (&mut roles.score, &options.score),
        (&mut roles.lower, &options.lower),
        (&mut roles.upper, &options.upper),
        (&mut roles.query, &options.query),
        (&mut roles.count, &options.count),
        (&mut roles.weight, &options.weight),
        (&mut roles.time, &options.time),
        (&mut roles.id, &options.id),
    ] {
        if own.is_none() && role.as_ref().is_some_and(|column| given.contains(&column)) {
            *role = None;
        }
    }
    if options.quantile.is_empty() {
        roles.quantiles.retain(|quantile| !given.contains(&&quantile.column));
    }
    if options.sensitive.is_none() {
        roles.sensitive.retain(|column| !given.contains(&column));
    }
}

/// The settings as given.
pub fn settings(options: &SettingOptions) -> Settings {
    Settings {
        task: options.task.map(|task| match task {
            TaskName::Binary => Task::Binary,
            TaskName::Multiclass => Task::Multiclass,
            TaskName::Regression => Task::Regression,
            TaskName::Ranking => Task::Ranking,
        }),
        positive: options.positive.clone(),
        threshold: options.threshold,
        level: options.level,
        interval: match options.interval {
            IntervalName::Wilson => ShareInterval::Wilson,
            IntervalName::ClopperPearson => ShareInterval::ClopperPearson,
            IntervalName::AgrestiCoull => ShareInterval::AgrestiCoull,
            IntervalName::Wald => ShareInterval::Wald,
        },
        min_support: options.min_support,
        reference_groups: options.reference_group.iter().cloned().collect(),
        parameters: Parameters {
            tolerances: options.tolerance.clone(),
            features: options.features,
            powers: options.power.clone(),
            alphas: options.pinball.clone(),
            nominal: options.nominal,
            gain: match options.gain {
                GainName::Linear => Gain::Linear,
                GainName::Exponential => Gain::Exponential,
            },
            ..Parameters::default()
        },
    }
}
