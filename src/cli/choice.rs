//! What was typed becomes roles and settings.

use crate::data::{Aspect, ClassScore, DataError, QuantileColumn, ReadOptions, Roles, Table, infer};
use crate::metric::parameters::Costs;
use crate::metric::{Gain, Parameters};
use crate::run::drift::DriftDialect;
use crate::run::search::SearchSettings;
use crate::run::slices::SliceSettings;
use crate::run::slices::plan::feature_columns;
use crate::run::windows::WindowSettings;
use crate::run::{AucInterval, Dialect, Preset, Presets, ReferenceRule, ScoreScale, Settings, ShareInterval, Task, Wording};
use crate::stats::multiple::Correction;

use super::arguments::{
    AucIntervalName, CorrectionName, DialectName, DriftDialectName, FileOptions, GainName, GroupOptions, IntervalName, MetricOptions,
    PresetName, PresetOptions, ReadingOptions, ReferenceRuleName, RoleOptions, ScoreScaleName, SliceOptions, TaskName, WindowOptions,
};

/// Inferred roles, overridden by those given. Any of label, prediction and score given switches inference off for the three.
pub fn roles(options: &RoleOptions, table: &Table) -> Roles {
    let mut roles = Roles::from_guesses(&infer(table));
    // Where files are joined by the id column, it may be given as a pair.
    let joined_by = table.labels.as_ref().map(|labels| labels.predictions_id.clone());
    let id = if options.id.is_some() {
        joined_by.or(options.id.clone())
    } else {
        None
    };
    let given = [&options.label, &options.prediction, &options.score];
    let of_labels = [&options.labels, &options.predictions, &options.scores];
    let has_labels = of_labels.iter().any(|columns| !columns.is_empty());
    if given.iter().any(|column| column.is_some()) || !options.class_score.is_empty() || has_labels {
        roles.label = named(&options.label);
        roles.prediction = named(&options.prediction);
        roles.score = named(&options.score);
        let class_score = |(class, column): &(String, String)| ClassScore {
            class: class.clone(),
            column: column.clone(),
        };
        roles.class_scores = options.class_score.iter().map(class_score).collect();
        [roles.labels, roles.predictions, roles.scores] = of_labels.map(Clone::clone);
    }
    for (role, given) in [
        (&mut roles.sensitive, &options.sensitive),
        (&mut roles.latency, &options.latency),
        (&mut roles.segments, &options.segment),
    ] {
        if let Some(given) = given {
            let names = given.iter().map(|name| name.trim().to_owned());
            *role = names.filter(|name| !name.is_empty()).collect();
        }
    }
    if !options.quantile.is_empty() {
        let quantile = |(quantile, column): &(String, String)| QuantileColumn {
            quantile: quantile.clone(),
            column: column.clone(),
        };
        roles.quantiles = options.quantile.iter().map(quantile).collect();
    }
    roles.control = options
        .control
        .iter()
        .map(|name| name.trim().to_owned())
        .filter(|name| !name.is_empty())
        .collect();
    for (role, column) in [
        (&mut roles.lower, &options.lower),
        (&mut roles.upper, &options.upper),
        (&mut roles.query, &options.query),
        (&mut roles.count, &options.count),
        (&mut roles.weight, &options.weight),
        (&mut roles.time, &options.time),
        (&mut roles.status, &options.status),
        (&mut roles.id, &id),
    ] {
        if column.is_some() {
            *role = named(column);
        }
    }
    release(&mut roles, options, &id);
    roles
}

/// An empty name takes an inferred role back.
fn named(column: &Option<String>) -> Option<String> {
    column.clone().filter(|name| !name.is_empty())
}

/// A column that was given a role loses the one that was inferred for it.
fn release(roles: &mut Roles, options: &RoleOptions, id: &Option<String>) {
    let lists = [&options.sensitive, &options.latency, &options.segment];
    let sensitive = lists.into_iter().flatten().flatten().chain(&options.control);
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
        &options.status,
        id,
    ];
    let of_labels = [&options.labels, &options.predictions, &options.scores].into_iter().flatten();
    let named = options.class_score.iter().chain(&options.quantile).map(|(_, column)| column);
    let given: Vec<&String> = single
        .into_iter()
        .flatten()
        .chain(sensitive)
        .chain(named)
        .chain(of_labels)
        .collect();
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
        (&mut roles.status, &options.status),
        (&mut roles.id, id),
    ] {
        if own.is_none() && role.as_ref().is_some_and(|column| given.contains(&column)) {
            *role = None;
        }
    }
    if options.quantile.is_empty() {
        roles.quantiles.retain(|quantile| !given.contains(&&quantile.column));
    }
    for (role, own) in [
        (&mut roles.sensitive, &options.sensitive),
        (&mut roles.latency, &options.latency),
        (&mut roles.segments, &options.segment),
    ] {
        if own.is_none() {
            role.retain(|column| !given.contains(&column));
        }
    }
}

/// How the file is read, as far as given. A column given as the time is read as one.
pub fn reading(options: &FileOptions) -> Result<ReadOptions, DataError> {
    let mut reading = ReadOptions {
        times: options.roles.time.iter().filter(|name| !name.is_empty()).cloned().collect(),
        ..ReadOptions::default()
    };
    let flags = &options.reading;
    for (aspect, word) in words(flags) {
        if let Some(word) = word {
            reading.give(aspect, word)?;
        }
    }
    if flags.header || flags.no_header {
        reading.header = Some(flags.header);
    }
    reading.check()?;
    Ok(reading)
}

/// What is said of the reading in words, as far as it is.
pub fn words(flags: &ReadingOptions) -> [(Aspect, Option<&String>); 10] {
    [
        (Aspect::Format, flags.format.as_ref()),
        (Aspect::Encoding, flags.encoding.as_ref()),
        (Aspect::Delimiter, flags.delimiter.as_ref()),
        (Aspect::Quote, flags.quote.as_ref()),
        (Aspect::Escape, flags.escape.as_ref()),
        (Aspect::Comment, flags.comment.as_ref()),
        (Aspect::Decimal, flags.decimal.as_ref()),
        (Aspect::Thousands, flags.thousands.as_ref()),
        (Aspect::Dates, flags.dates.as_ref()),
        (Aspect::Missing, flags.missing.as_ref()),
    ]
}

/// The settings as given.
pub fn settings(input: &FileOptions, table: &Table, roles: &Roles) -> Settings {
    let options = &input.settings;
    Settings {
        task: options.task.map(|task| match task {
            TaskName::Binary => Task::Binary,
            TaskName::Multiclass => Task::Multiclass,
            TaskName::Multilabel => Task::Multilabel,
            TaskName::Regression => Task::Regression,
            TaskName::Ranking => Task::Ranking,
        }),
        positive: options.positive.clone(),
        label_separator: options.label_separator.clone(),
        class_order: options.class_order.clone(),
        threshold: options.threshold,
        score_scale: match options.score_scale {
            ScoreScaleName::AsGiven => ScoreScale::AsGiven,
            ScoreScaleName::Percent => ScoreScale::Percent,
            ScoreScaleName::LogOdds => ScoreScale::LogOdds,
        },
        level: options.level,
        interval: match options.interval {
            IntervalName::Wilson => ShareInterval::Wilson,
            IntervalName::ClopperPearson => ShareInterval::ClopperPearson,
            IntervalName::AgrestiCoull => ShareInterval::AgrestiCoull,
            IntervalName::Wald => ShareInterval::Wald,
        },
        auc_interval: match options.auc_interval {
            AucIntervalName::Delong => AucInterval::Delong,
            AucIntervalName::DelongLogit => AucInterval::DelongLogit,
            AucIntervalName::HanleyMcneil => AucInterval::HanleyMcneil,
        },
        min_support: options.min_support,
        reference_groups: options.reference_group.iter().cloned().collect(),
        reference_rule: match options.reference_rule {
            ReferenceRuleName::Largest => ReferenceRule::Largest,
            ReferenceRuleName::Lowest => ReferenceRule::Lowest,
            ReferenceRuleName::Highest => ReferenceRule::Highest,
        },
        tau: options.tau,
        dialect: match options.dialect {
            DialectName::Assay => Dialect::Assay,
            DialectName::Fairlearn => Dialect::Fairlearn,
            DialectName::Aequitas => Dialect::Aequitas,
            DialectName::Aif360 => Dialect::Aif360,
        },
        favorable: options.favorable.clone(),
        wording: wording(&options.words),
        presets: presets(&input.presets),
        parameters: parameters(&options.metrics),
        slices: slices(&input.slices, table, roles),
        windows: windows(&input.windows),
        drift_dialect: match options.drift_dialect {
            DriftDialectName::Assay => DriftDialect::Assay,
            DriftDialectName::Evidently => DriftDialect::Evidently,
            DriftDialectName::Nannyml => DriftDialect::Nannyml,
            DriftDialectName::Deepchecks => DriftDialect::Deepchecks,
        },
        renamed: options.renamed.iter().cloned().collect(),
        search: search(&input.groups, input.rows.seed),
        population: input.groups.population.iter().cloned().collect(),
    }
}

fn windows(options: &WindowOptions) -> WindowSettings {
    WindowSettings {
        cut: options.windows,
        by: options.window_by.clone(),
        bands: options.band.clone(),
        first: options.window_reference,
    }
}

fn search(options: &GroupOptions, seed: u64) -> SearchSettings {
    let named = |names: &Vec<String>| {
        let names = names.iter().map(|name| name.trim().to_owned());
        names.filter(|name| !name.is_empty()).collect()
    };
    SearchSettings {
        is_on: options.search || options.search_features.is_some() || options.search_by.is_some(),
        features: options.search_features.as_ref().map(named),
        by: options.search_by,
        seed,
    }
}

/// The five words, or none.
fn wording(words: &[String]) -> Wording {
    match words {
        [people, positive, negative, predicted, not_predicted] => Wording {
            people: people.clone(),
            positive: positive.clone(),
            negative: negative.clone(),
            predicted: predicted.clone(),
            not_predicted: not_predicted.clone(),
        },
        _ => Wording::default(),
    }
}

fn presets(options: &PresetOptions) -> Presets {
    let preset = |name: &PresetName| match name {
        PresetName::FourFifths => Preset::FourFifths,
        PresetName::NycLl144 => Preset::NycLl144,
    };
    Presets {
        chosen: options.preset.iter().map(preset).collect(),
        sex: options.preset_sex.clone(),
        race: options.preset_race.clone(),
    }
}

fn slices(options: &SliceOptions, table: &Table, roles: &Roles) -> SliceSettings {
    let given = options.slices_by.as_ref().map(|names| {
        let names = names.iter().map(|name| name.trim().to_owned());
        names.filter(|name| !name.is_empty()).collect()
    });
    SliceSettings {
        by: given.or_else(|| options.slice_features.then(|| feature_columns(table, roles))),
        bins: options.bins.iter().cloned().collect(),
        predicates: options.slice.clone(),
        correction: match options.correction {
            CorrectionName::BenjaminiHochberg => Correction::BenjaminiHochberg,
            CorrectionName::Holm => Correction::Holm,
            CorrectionName::Bonferroni => Correction::Bonferroni,
        },
    }
}

/// What is set about single metrics, as given.
fn parameters(options: &MetricOptions) -> Parameters {
    let default = Parameters::default();
    let given = |values: &Option<Vec<f64>>, default: Vec<f64>| values.clone().unwrap_or(default);
    Parameters {
        top: options.top.clone(),
        top_classes: options.top_classes.clone(),
        top_share: given(&options.top_share, default.top_share),
        beta: options.beta,
        costs: costs(options),
        max_fpr: options.max_fpr.unwrap_or(default.max_fpr),
        at_fpr: given(&options.at_fpr, default.at_fpr),
        at_specificity: given(&options.at_specificity, default.at_specificity),
        at_precision: given(&options.at_precision, default.at_precision),
        calibration_bins: options.calibration_bins.clone(),
        tolerances: options.tolerance.clone(),
        features: options.features,
        powers: options.power.clone(),
        alphas: options.pinball.clone(),
        nominal: options.nominal,
        gain: match options.gain {
            GainName::Linear => Gain::Linear,
            GainName::Exponential => Gain::Exponential,
        },
        percentiles: given(&options.percentiles, default.percentiles),
        percentile_methods: options.percentile_methods.clone(),
        slo: options.slo.clone(),
        apdex: options.apdex,
    }
}

/// The costs, where any is given; the others are those of counting errors.
fn costs(options: &MetricOptions) -> Option<Costs> {
    let default = Costs::default();
    let given = [
        options.cost_false_positive,
        options.cost_false_negative,
        options.cost_true_positive,
        options.cost_true_negative,
    ];
    given.iter().any(Option::is_some).then(|| Costs {
        false_positive: given[0].unwrap_or(default.false_positive),
        false_negative: given[1].unwrap_or(default.false_negative),
        true_positive: given[2].unwrap_or(default.true_positive),
        true_negative: given[3].unwrap_or(default.true_negative),
    })
}
