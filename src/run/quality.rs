//! What the data holds, whatever is predicted: numbers about columns and whole rows, and what is odd about them in words.

mod domain;
mod odd;
mod pairs;
mod rows;

pub(super) use domain::DomainPass;
pub(super) use pairs::PairPass;

use std::collections::BTreeMap;

use super::Settings;
use super::columns::Files;
use super::frame::estimate;
use crate::data::{Column, Kind, Notice, NoticeCode, Role, Roles, Table};
use crate::metric::reading::Reading;
use crate::metric::registry::{self, METRICS};
use crate::metric::rows::whole;
use crate::metric::sample::Sample;
use crate::metric::view::Measured;
use crate::metric::{Estimate, Family, Key, Metric, Read, Source, UndefinedCode};

/// The most columns that are described in full; of further ones it is said what is missing.
const MOST_COLUMNS: usize = 200;

/// What is said of a column of ids, whose values are never reported.
const OF_IDS: [&str; 3] = ["missing_count", "missing_share", "distinct_count"];

/// Whether anything is said about a column by itself: not about one of counts or weights, nor about what is not used.
pub(super) fn is_described(roles: &Roles, column: &str) -> bool {
    !matches!(roles.role_of(column), Role::Count | Role::Weight | Role::Ignored)
}

/// How many rows each row of a file stands for; `None` for a row that is not used.
pub(super) fn counter<'a>(files: &Files<'a>, source: Source) -> Box<dyn Fn(usize) -> Option<u64> + 'a> {
    if source == Source::Current {
        let rows = files.rows;
        if rows.is_plain() {
            return Box::new(|_| Some(1));
        }
        return Box::new(|row| rows.weight(row).map(|weight| weight.count));
    }
    let name = files.roles.count.as_deref();
    let counts = files
        .reference
        .zip(name)
        .and_then(|(table, name)| table.column(name)?.to_numbers().ok());
    Box::new(move |row| match &counts {
        Some(counts) => whole(counts[row]).filter(|count| *count > 0),
        None => Some(1),
    })
}

/// Whether every row of a file stands for itself alone.
pub(super) fn is_plain(files: &Files<'_>, source: Source) -> bool {
    let counts = || {
        files
            .reference
            .zip(files.roles.count.as_deref())
            .and_then(|(table, name)| table.column(name))
    };
    match source {
        Source::Current => files.rows.is_plain(),
        _ => counts().is_none(),
    }
}

/// What is collected: numbers, and what is odd in words.
#[derive(Debug, Default)]
pub(super) struct Said {
    pub estimates: Vec<Estimate>,
    pub notices: Vec<Notice>,
}

impl Said {
    /// Keeps the forms of a metric; a text that fewer rows give than are judged is not said, for it may tell of single people.
    pub fn keep(&mut self, metric: &Metric, columns: &[&str], source: Source, measured: Vec<Measured>, settings: &Settings) {
        for form in measured {
            let key = Key {
                metric: metric.id.to_owned(),
                params: form.params,
                source,
                columns: columns.iter().map(|name| (*name).to_owned()).collect(),
                group: BTreeMap::new(),
                ..Key::default()
            };
            let mut estimate = estimate(key, &form.reading, metric, settings);
            if let Some(text) = form.text {
                estimate.value = None;
                if estimate.support >= settings.min_support {
                    estimate.text = Some(text);
                } else {
                    estimate.undefined = Some(UndefinedCode::BelowMinSupport.into());
                }
            }
            self.estimates.push(estimate);
        }
    }

    /// Keeps the plain form of a metric that is about whole rows.
    pub fn keep_one(&mut self, id: &str, columns: &[&str], source: Source, reading: Reading, settings: &Settings) {
        if let Some(metric) = registry::find(id) {
            self.keep(metric, columns, source, vec![Measured::plain(reading)], settings);
        }
    }

    /// Says what is odd.
    pub fn note(&mut self, code: NoticeCode, column: Option<&str>, rows: Option<u64>, text: String) {
        self.notices.push(Notice {
            code,
            text,
            column: column.map(str::to_owned),
            rows,
            line: None,
        });
    }
}

/// Says what a column of a file holds; `sample` is `None` where its values are not kept.
pub(super) fn describe(
    said: &mut Said,
    files: &Files<'_>,
    column: &Column,
    sample: Option<&Sample>,
    source: Source,
    place: usize,
    settings: &Settings,
) {
    let Some(sample) = sample else {
        return not_kept(said, files, column, source, settings);
    };
    let role = files.roles.role_of(&column.name);
    let is_brief = role == Role::Id || place >= MOST_COLUMNS;
    for metric in METRICS.iter().filter(|metric| metric.family == Family::Columns) {
        if is_brief && !OF_IDS.contains(&metric.id) {
            continue;
        }
        for read in metric.reads {
            if let Read::Column { of, read } = read
                && of(sample.kind)
            {
                said.keep(metric, &[&column.name], source, read(sample), settings);
            }
        }
    }
    if source == Source::Current && !is_brief {
        odd::column(said, column, role, sample, settings);
    } else if source == Source::Current && role == Role::Id {
        odd::ids(said, column, sample);
    }
}

/// Of texts that are not kept it is known only how many rows have none, as long as every row counts once.
fn not_kept(said: &mut Said, files: &Files<'_>, column: &Column, source: Source, settings: &Settings) {
    let rows = match source {
        Source::Current => files.rows.len as u64,
        _ => files.reference.map_or(0, |table| table.rows as u64),
    };
    let missing = column.missing + column.invalid;
    let is_known = files.roles.count.is_none() && (0..files.rows.len).all(|row| files.rows.weight(row).is_some()) || missing == 0;
    let unknown = Reading::undefined(UndefinedCode::NotKept, rows);
    let counted = Reading::exact(missing as f64, rows);
    said.keep_one(
        "missing_count",
        &[&column.name],
        source,
        if is_known { counted } else { unknown },
        settings,
    );
    let share = crate::metric::quality::share(missing, rows);
    said.keep_one(
        "missing_share",
        &[&column.name],
        source,
        if is_known { share } else { unknown },
        settings,
    );
    if column.kind == Kind::Text {
        said.keep_one("distinct_count", &[&column.name], source, unknown, settings);
    }
}

/// Looks at whole rows, one question a step.
#[derive(Debug, Default)]
pub(super) struct RowPass {
    next: usize,
}

type Question = fn(&mut Said, &Files<'_>, &Settings);

const QUESTIONS: [Question; 4] = [
    |said, files, settings| of_file(said, files, Source::Current, settings),
    |said, files, settings| of_file(said, files, Source::Reference, settings),
    rows::conflicts,
    rows::shared,
];

impl RowPass {
    /// How many steps there are.
    pub const UNITS: usize = QUESTIONS.len();

    /// How many of them are done.
    pub fn done(&self) -> usize {
        self.next
    }

    /// Answers one more question.
    pub fn step(&mut self, said: &mut Said, files: &Files<'_>, settings: &Settings) {
        if let Some(question) = QUESTIONS.get(self.next) {
            self.next += 1;
            question(said, files, settings);
        }
    }
}

/// The columns of a file that count as its data: those of counts and weights do not.
fn own_columns<'t>(table: &'t Table, roles: &Roles) -> Vec<&'t Column> {
    let is_own = |column: &&Column| !matches!(roles.role_of(&column.name), Role::Count | Role::Weight);
    table.columns.iter().filter(is_own).collect()
}

fn of_file(said: &mut Said, files: &Files<'_>, source: Source, settings: &Settings) {
    let table = match source {
        Source::Current => files.current,
        _ => match files.reference {
            Some(table) => table,
            None => return,
        },
    };
    let columns = own_columns(table, files.roles);
    let count = counter(files, source);
    let all: u64 = (0..table.rows).filter_map(&count).sum();
    if source == Source::Reference {
        said.keep_one("rows", &[], source, Reading::exact(all as f64, all), settings);
    }
    said.keep_one("columns", &[], source, Reading::exact(columns.len() as f64, all), settings);
    rows::missing(said, &columns, table.rows, &count, source, settings);
    rows::duplicates(said, files, &columns, table.rows, &count, source, settings);
    if source == Source::Current && table.columns.len() > MOST_COLUMNS {
        let text = format!(
            "Of {} columns, the first {MOST_COLUMNS} are described in full; of the others it is said what is missing.",
            table.columns.len()
        );
        said.note(NoticeCode::NotLooked, None, None, text);
    }
}
