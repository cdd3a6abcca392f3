//! Columns beside a profile: what the reference held, how far each is from it, and what cannot be told without its rows.

use std::collections::BTreeMap;

use super::bounds::{apart, ranged};
use super::evidence::evidence;
use super::known::Known;
use super::limits::{Limit, Told};
use super::model::{LevelCounts, Profile, ProfiledColumn, ProfiledValues};
use super::pooled::{self, Pooled};
use super::reference;
use crate::data::{Column, Notice, NoticeCode};
use crate::metric::estimate::Within;
use crate::metric::reading::Reading;
use crate::metric::registry::{METRICS, find};
use crate::metric::sample::{Pair, PairMemory, Sample, SampleKind};
use crate::metric::{Estimate, Key, Metric, Read, Source, UndefinedCode};
use crate::run::Settings;
use crate::run::columns::{Files, is_read, one};
use crate::run::drift::Drift;
use crate::run::frame::estimate;
use crate::run::quality::counter;
use crate::stats::two_sample::{Moments, moments};

/// What both samples tell together, and how well it is known.
struct Both {
    reference: Sample,
    told: Told,
    memory: PairMemory,
}

/// What is told of columns beside a profile.
#[derive(Debug, Default)]
pub struct Compared {
    /// Numbers.
    pub estimates: Vec<Estimate>,
    /// What is odd.
    pub notices: Vec<Notice>,
}

/// How values of a profiled column are compared; `None` where they are not known.
fn kind_of(of: &ProfiledColumn) -> Option<SampleKind> {
    match of.values {
        ProfiledValues::Numbers(_) => Some(SampleKind::Numbers),
        ProfiledValues::Times(_) => Some(SampleKind::Times),
        ProfiledValues::Levels(_) => Some(SampleKind::Levels),
        ProfiledValues::NotKept | ProfiledValues::TooFew => None,
    }
}

impl Compared {
    /// Compares a column; `is_detailed` adds distances and tests to what is concluded.
    pub fn column(
        &mut self,
        profile: &Profile,
        files: &Files<'_>,
        column: &Column,
        drift: &mut Drift,
        is_detailed: bool,
        settings: &Settings,
    ) {
        let Some(earlier) = profile.column(&column.name) else { return };
        reference::describe(&mut self.estimates, profile, earlier, settings);
        if !is_read(files.roles, &column.name) {
            return;
        }
        let role = files.roles.role_of(&column.name);
        let count = counter(files, Source::Current);
        let own = kind_of(earlier).and_then(|kind| one(column, kind, &count));
        let Some(current) = own else {
            let Some(kind) = files.kind_of(column) else { return };
            drift.judge_untold(&column.name, role, profile.rows.min(files.rows.len as u64));
            self.nothing(profile, column, earlier, kind, is_detailed, settings);
            return;
        };
        let both = both(profile.rows, earlier, &current);
        let pair = Pair {
            reference: &both.reference,
            current: &current,
            memory: &both.memory,
        };
        drift.judge_told(&pair, &column.name, role, evidence(&pair, &both.told), settings);
        if !is_detailed {
            return;
        }
        for metric in METRICS {
            for read in metric.reads {
                if let Read::Pair { of, read } = read
                    && of(current.kind)
                {
                    for form in read(&pair) {
                        let limit = both.told.limit(metric.id, &form.params, &pair);
                        self.keep(metric, &column.name, form.params, form.reading, limit, settings);
                    }
                }
            }
        }
    }

    fn keep(
        &mut self,
        metric: &Metric,
        column: &str,
        params: BTreeMap<String, String>,
        reading: Reading,
        limit: Limit,
        settings: &Settings,
    ) {
        let key = Key {
            metric: metric.id.to_owned(),
            params,
            columns: vec![column.to_owned()],
            ..Key::default()
        };
        self.estimates.push(limited(key, reading, limit, metric, settings));
    }

    /// Of a column whose values the profile does not have, or has of another kind.
    fn nothing(
        &mut self,
        profile: &Profile,
        column: &Column,
        earlier: &ProfiledColumn,
        kind: SampleKind,
        is_detailed: bool,
        settings: &Settings,
    ) {
        let why = match earlier.values {
            ProfiledValues::TooFew => format!("fewer than {} rows of it have a value", profile.smallest),
            ProfiledValues::NotKept => "its texts are not kept".to_owned(),
            _ => format!("it holds {:?} there and {:?} here", earlier.kind, column.kind),
        };
        let text = format!(
            "Column \"{}\" is not compared with the profile: {why}. Use the data itself as the reference.",
            column.name
        );
        self.notices.push(Notice::of_column(NoticeCode::Setting, &column.name, text));
        if !is_detailed {
            return;
        }
        for metric in METRICS {
            if metric.reads.iter().any(|read| matches!(read, Read::Pair { of, .. } if of(kind))) {
                let reading = Reading::undefined(UndefinedCode::FromProfile, 0);
                self.keep(metric, &column.name, BTreeMap::new(), reading, Limit::Unknown, settings);
            }
        }
    }
}

/// An estimate as well as it is known: with limits that hold its value, or undefined.
pub(super) fn limited(key: Key, reading: Reading, limit: Limit, metric: &Metric, settings: &Settings) -> Estimate {
    let mut own = estimate(key, &reading, metric, settings);
    match (limit, own.value) {
        (Limit::Unknown, _) => {
            own = estimate(
                own.key,
                &Reading::undefined(UndefinedCode::FromProfile, reading.support),
                metric,
                settings,
            );
        }
        (Limit::Exact, Some(value)) => own.within = Some(Within { low: value, high: value }),
        (Limit::Within((low, high)), Some(value)) => {
            let value = if low <= high { value.clamp(low, high) } else { value };
            own.value = Some(value);
            own.within = Some(Within {
                low: low.min(value) + 0.0,
                high: high.max(value) + 0.0,
            });
            // Limits of chance are of a value that is known.
            if low < high {
                own.interval = None;
            }
        }
        // A number whose limits are known, but not what the rows spread over cells give.
        (Limit::Within(_), None) if own.undefined.is_none() => {
            own = estimate(
                own.key,
                &Reading::undefined(UndefinedCode::FromProfile, reading.support),
                metric,
                settings,
            );
        }
        _ => {}
    }
    own
}

/// The reference beside the current values.
fn both(rows: u64, earlier: &ProfiledColumn, current: &Sample) -> Both {
    match &earlier.values {
        ProfiledValues::Numbers(sketch) | ProfiledValues::Times(sketch) => {
            let known = Known::new(current.kind, rows, earlier.missing, sketch);
            numbers(known, current)
        }
        ProfiledValues::Levels(counts) => levels(counts, (rows, earlier.missing), current),
        ProfiledValues::NotKept | ProfiledValues::TooFew => levels(
            &LevelCounts {
                named: Vec::new(),
                suppressed: None,
            },
            (earlier.missing, earlier.missing),
            current,
        ),
    }
}

fn levels(counts: &LevelCounts, (rows, missing): (u64, u64), current: &Sample) -> Both {
    let told = Pooled::new(counts, current, rows - missing);
    Both {
        reference: pooled::sample(counts, current.levels(), (rows, missing)),
        told: told.map_or(Told::Values, Told::Levels),
        memory: PairMemory::default(),
    }
}

fn numbers(known: Known, current: &Sample) -> Both {
    let reference = known.sample();
    if known.is_exact() || current.present() == 0 {
        return Both {
            reference,
            told: Told::Values,
            memory: PairMemory::default(),
        };
    }
    let cells = ranged(&known, current.numbers(), current.missing);
    let spread = PairMemory::default();
    let steps = Pair {
        reference: &reference,
        current,
        memory: &spread,
    };
    let own = moments(steps.steps());
    let exact = known.moments.map(|(mean, squares)| Moments {
        means: (mean, own.means.1),
        squares: (squares, own.squares.1),
        ..own
    });
    let memory = PairMemory::told(Some(cells.iter().map(|own| own.cell.clone()).collect()), exact);
    let apart = apart(&known, current.numbers());
    Both {
        reference,
        told: Told::Numbers { known, cells, apart },
        memory,
    }
}

/// What is told of whole files, and cannot be told from a profile.
const OF_ROWS: [&str; 5] = [
    "domain_classifier_auc",
    "domain_classifier_pvalue",
    "shared_rows",
    "changed_correlations",
    "judged_correlations",
];

/// What is told of the reference's rows, and cannot be.
const OF_REFERENCE: [&str; 2] = ["missing_cells", "duplicate_rows"];

/// What a profile leaves open of whole files, and which columns one side has alone.
pub fn conclude(profile: &Profile, files: &Files<'_>, settings: &Settings) -> Compared {
    let mut said = Compared::default();
    let undefined = |id: &str, source| {
        let metric = find(id)?;
        let key = Key {
            metric: id.to_owned(),
            source,
            ..Key::default()
        };
        Some(estimate(
            key,
            &Reading::undefined(UndefinedCode::FromProfile, profile.rows),
            metric,
            settings,
        ))
    };
    said.estimates
        .extend(OF_ROWS.iter().filter_map(|id| undefined(id, Source::Current)));
    said.estimates
        .extend(OF_REFERENCE.iter().filter_map(|id| undefined(id, Source::Reference)));
    for (id, value) in [("rows", profile.rows), ("columns", profile.columns.len() as u64)] {
        if let Some(metric) = find(id) {
            let key = Key {
                metric: id.to_owned(),
                source: Source::Reference,
                ..Key::default()
            };
            said.estimates.push(limited(
                key,
                Reading::exact(value as f64, profile.rows),
                Limit::Exact,
                metric,
                settings,
            ));
        }
    }
    let text = format!(
        "The reference is a profile of {} rows of \"{}\": what is told from it stands with the limits within which the data would put it. What needs rows \
         (whether the files can be told apart, repeated rows, how columns go together, numbers by window and the performance of the reference) is not told.",
        profile.rows, profile.name
    );
    said.notices.push(Notice::general(NoticeCode::Setting, text));
    said.notices.extend(mismatches(profile, files));
    said
}

fn mismatches(profile: &Profile, files: &Files<'_>) -> Vec<Notice> {
    const NAMED: usize = 20;
    let gone = profile.columns.iter().map(|column| column.name.as_str());
    let new = files.current.columns.iter().map(|column| column.name.as_str());
    let told = |names: Vec<&str>, text: &str| {
        let quoted: Vec<String> = names.iter().take(NAMED).map(|name| format!("\"{name}\"")).collect();
        let more = names.len().saturating_sub(NAMED);
        let more = if more > 0 { format!(" and {more} more") } else { String::new() };
        let text = format!("Columns {}{more} {text}.", quoted.join(", "));
        (!names.is_empty()).then(|| Notice::general(NoticeCode::Setting, text))
    };
    let gone = gone.filter(|name| files.current.column(name).is_none()).collect();
    let new = new
        .filter(|name| profile.column(name).is_none() && is_read(files.roles, name))
        .collect();
    let only = [
        told(gone, "are in the profile only and are not compared"),
        told(new, "are not in the profile and are not compared"),
    ];
    only.into_iter().flatten().collect()
}

#[cfg(test)]
#[path = "compare_tests.rs"]
mod tests;
