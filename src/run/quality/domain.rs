//! Tries to tell current rows from those of the reference with a small model, and asks chance how well it would do.

use super::{Said, counter};
use crate::data::column::{Levels, MISSING};
use crate::data::{Column, NoticeCode, Role, Table, Values};
use crate::metric::Source;
use crate::metric::domain::area;
use crate::metric::reading::Reading;
use crate::run::Settings;
use crate::run::columns::Files;
use crate::run::proxies::logistic::{Row, fit, log_odds};
use crate::stats::order;
use crate::stats::random::Draws;

/// The most rows of each file.
const MOST_ROWS: usize = 1500;
/// The most columns.
const MOST_COLUMNS: usize = 20;
/// Bins of numbers, and levels that are told apart; one more is for all others, one for a missing value.
const PARTS: usize = 6;
/// Each row is predicted by a model fitted without its part.
const FOLDS: usize = 5;
/// How often rows are dealt out to the files by chance.
const SHUFFLES: u64 = 19;
/// The strength of the penalty.
const PENALTY: f64 = 1.0;

/// The rows of both files, in columns of zeros and ones.
#[derive(Debug, Default)]
struct Rows {
    names: Vec<String>,
    /// Each row's ones, one a column.
    ones: Vec<Vec<u16>>,
    is_current: Vec<bool>,
    counts: Vec<u64>,
    /// Which part a row belongs to.
    folds: Vec<usize>,
}

/// Tells files apart, one fit of all folds a step.
#[derive(Debug, Default)]
pub(in crate::run) struct DomainPass {
    next: u64,
    rows: Option<Rows>,
    own: f64,
    as_high: u64,
}

impl DomainPass {
    /// How many steps there are.
    pub const UNITS: usize = SHUFFLES as usize + 1;

    /// How many of them are done.
    pub fn done(&self) -> usize {
        self.next as usize
    }

    /// Fits once more; whether it was the last time.
    pub fn step(&mut self, said: &mut Said, files: &Files<'_>, settings: &Settings) {
        if self.next == 0 {
            self.rows = files.reference.and_then(|reference| Rows::of(said, files, reference));
            if let Some(rows) = &self.rows {
                self.own = rows.tell(said, settings);
            }
        } else if let Some(rows) = &self.rows {
            let mut order: Vec<f64> = rows.is_current.iter().map(|own| f64::from(u8::from(*own))).collect();
            Draws::of(0, self.next).shuffle(&mut order);
            let dealt: Vec<bool> = order.iter().map(|own| *own == 1.0).collect();
            let found = area(&rows.scores(&dealt), &dealt, &rows.counts);
            self.as_high += u64::from(found.value.is_ok_and(|found| found >= self.own));
            if self.next == SHUFFLES {
                let p = (1 + self.as_high) as f64 / (1 + SHUFFLES) as f64;
                let reading = Reading::exact(p, rows.counts.iter().sum());
                said.keep_one("domain_classifier_pvalue", &[], Source::Current, reading, settings);
            }
        }
        self.next += 1;
    }
}

/// Every so many rows of a file, and how many each stands for.
fn drawn(rows: usize, count: &dyn Fn(usize) -> Option<u64>) -> Vec<(u32, u64)> {
    let used: Vec<(u32, u64)> = (0..rows).filter_map(|row| Some((row as u32, count(row)?))).collect();
    let every = used.len().div_ceil(MOST_ROWS).max(1);
    used.into_iter().step_by(every).collect()
}

impl Rows {
    fn of(said: &mut Said, files: &Files<'_>, reference: &Table) -> Option<Self> {
        let is_told = |column: &&Column| {
            use Role::{Control, Feature, Latency, Segment, Sensitive, Status};
            matches!(
                files.roles.role_of(&column.name),
                Feature | Sensitive | Control | Segment | Latency | Status
            )
        };
        let mut pairs: Vec<(&Column, &Column)> = Vec::new();
        for column in files.current.columns.iter().filter(is_told) {
            let other = reference.column(&column.name).filter(|other| other.kind == column.kind);
            pairs.extend(other.map(|other| (column, other)));
        }
        let (current, earlier) = (
            drawn(files.current.rows, &counter(files, Source::Current)),
            drawn(reference.rows, &counter(files, Source::Reference)),
        );
        let mut rows = Self {
            is_current: [vec![true; current.len()], vec![false; earlier.len()]].concat(),
            counts: current.iter().chain(&earlier).map(|(_, count)| *count).collect(),
            folds: (0..current.len()).chain(0..earlier.len()).map(|place| place % FOLDS).collect(),
            ones: vec![Vec::new(); current.len() + earlier.len()],
            names: Vec::new(),
        };
        let places = |drawn: &[(u32, u64)]| drawn.iter().map(|(row, _)| *row).collect::<Vec<u32>>();
        let (current, earlier) = (places(&current), places(&earlier));
        if current.len() < 10 * FOLDS || earlier.len() < 10 * FOLDS {
            return None;
        }
        let mut left = 0;
        for (own, other) in pairs {
            let Some(parts) = parts_of((own, &current), (other, &earlier)) else {
                continue;
            };
            if rows.names.len() == MOST_COLUMNS {
                left += 1;
                continue;
            }
            let first = rows.names.len() * (PARTS + 2);
            for (ones, part) in rows.ones.iter_mut().zip(parts) {
                ones.push((first + part) as u16);
            }
            rows.names.push(own.name.clone());
        }
        if left > 0 {
            let text =
                format!("Whether the files can be told apart is asked of the first {MOST_COLUMNS} columns; {left} more are not looked at.");
            said.note(NoticeCode::NotLooked, None, None, text);
        }
        (!rows.names.is_empty()).then_some(rows)
    }

    fn fitted(&self, is_current: &[bool], without: Option<usize>) -> Vec<f64> {
        let is_in = |row: &usize| without.is_none_or(|fold| self.folds[*row] != fold);
        let rows: Vec<Row<'_>> = (0..self.ones.len())
            .filter(is_in)
            .map(|row| Row {
                ones: &self.ones[row],
                positive: is_current[row],
                weight: self.counts[row] as f64,
            })
            .collect();
        fit(&rows, self.names.len() * (PARTS + 2), PENALTY)
    }

    /// The log odds of every row, by the model that did not see it.
    fn scores(&self, is_current: &[bool]) -> Vec<f64> {
        let models: Vec<Vec<f64>> = (0..FOLDS).map(|fold| self.fitted(is_current, Some(fold))).collect();
        let score = |(ones, fold): (&Vec<u16>, &usize)| log_odds(&models[*fold], ones);
        self.ones.iter().zip(&self.folds).map(score).collect()
    }

    /// Says how well the files are told apart, and by which columns; gives the area.
    fn tell(&self, said: &mut Said, settings: &Settings) -> f64 {
        let reading = area(&self.scores(&self.is_current), &self.is_current, &self.counts);
        said.keep_one("domain_classifier_auc", &[], Source::Current, reading, settings);
        let model = self.fitted(&self.is_current, None);
        let all: f64 = self.counts.iter().map(|count| *count as f64).sum();
        let variance = |column: usize| {
            let part = |row: usize| model[usize::from(self.ones[row][column])];
            let moment = |power: fn(f64) -> f64| {
                let sum: f64 = (0..self.ones.len()).map(|row| self.counts[row] as f64 * power(part(row))).sum();
                sum / all
            };
            let mean = moment(|x| x);
            (moment(|x| x * x) - mean * mean).max(0.0)
        };
        let variances: Vec<f64> = (0..self.names.len()).map(variance).collect();
        let total: f64 = variances.iter().sum();
        for (name, variance) in self.names.iter().zip(&variances).filter(|_| total > 0.0) {
            let reading = Reading::exact(variance / total, all as u64);
            said.keep_one("domain_classifier_share", &[name], Source::Current, reading, settings);
        }
        reading.value.unwrap_or(f64::INFINITY)
    }
}

/// The part of every row drawn, of a column in the current file and in the reference: a bin or a level, all others, or missing.
fn parts_of(current: (&Column, &[u32]), reference: (&Column, &[u32])) -> Option<Vec<usize>> {
    match (&current.0.values, &reference.0.values) {
        (Values::Numeric(own), Values::Numeric(other)) => {
            let own = current.1.iter().map(|row| own.get(*row as usize));
            let values: Vec<f64> = own.chain(reference.1.iter().map(|row| other.get(*row as usize))).collect();
            let mut sorted: Vec<f64> = values.iter().copied().filter(|value| !value.is_nan()).collect();
            order::sort_by(&mut sorted, f64::total_cmp);
            let mut cuts: Vec<f64> = (1..PARTS)
                .filter_map(|cut| sorted.get(cut * sorted.len() / PARTS).copied())
                .collect();
            cuts.dedup();
            let part = |value: &f64| {
                if value.is_nan() {
                    PARTS + 1
                } else {
                    cuts.partition_point(|cut| *cut <= *value)
                }
            };
            (sorted.first() != sorted.last()).then(|| values.iter().map(part).collect())
        }
        (Values::Levels(own), Values::Levels(other)) => {
            let name = |levels: &'_ Levels, row: &u32| match levels.codes.get(*row as usize) {
                MISSING => None,
                code => Some(levels.names[code as usize].clone()),
            };
            let own = current.1.iter().map(|row| name(own, row));
            let names: Vec<Option<String>> = own.chain(reference.1.iter().map(|row| name(other, row))).collect();
            let mut sorted: Vec<&String> = names.iter().flatten().collect();
            order::sort(&mut sorted);
            let mut sizes: Vec<(usize, &String)> = sorted.chunk_by(|a, b| a == b).map(|run| (run.len(), run[0])).collect();
            order::sort_by(&mut sizes, |a, b| b.0.cmp(&a.0).then_with(|| a.1.cmp(b.1)));
            let part = |name: &Option<String>| match name {
                None => PARTS + 1,
                Some(name) => sizes.iter().take(PARTS).position(|(_, level)| *level == name).unwrap_or(PARTS),
            };
            (sizes.len() > 1).then(|| names.iter().map(part).collect())
        }
        _ => None,
    }
}
