//! Numbers about columns: what each holds, and how far it is from the reference. One column after the other.

use std::collections::BTreeMap;

use crate::data::{Column, Notice, NoticeCode, Role, Roles, Table};
use crate::metric::registry::METRICS;
use crate::metric::rows::Rows;
use crate::metric::sample::{Pair, PairMemory, Sample, SampleKind, of_all, samples};
use crate::metric::view::Measured;
use crate::metric::{Estimate, Key, Metric, Read, Source, Task};

use super::Settings;
use super::drift::together::Together;
use super::drift::{Drift, mismatch};
use super::efficiency::TakenPass;
use super::frame::estimate;
use super::profile::Profile;
use super::profile::compare::{Compared, conclude};
use super::quality::{self, DomainPass, PairPass, RowPass, Said};

/// Of more columns than these, distances and tests beside the verdict are reported of the first ones only, so that a report stays small.
pub const MOST_DETAILED: usize = 100;

/// The files whose columns are read.
#[derive(Debug, Clone, Copy)]
pub struct Files<'a> {
    /// The data under test.
    pub current: &'a Table,
    /// Which of its rows count, and for how many.
    pub rows: &'a Rows,
    /// Earlier data, where there is some.
    pub reference: Option<&'a Table>,
    /// A profile of earlier data, where that stands in for it.
    pub profile: Option<&'a Profile>,
    /// Which column plays which part, in both.
    pub roles: &'a Roles,
    /// What is predicted: classes that are written as numbers are compared as classes.
    pub task: Option<Task>,
}

impl<'a> Files<'a> {
    /// How a column's values are compared; `None` where they are not kept.
    pub fn kind_of(&self, column: &Column) -> Option<SampleKind> {
        let kind = SampleKind::of(column.kind)?;
        let is_class = matches!(self.task, Some(Task::Binary | Task::Multiclass | Task::Multilabel))
            && matches!(self.roles.role_of(&column.name), Role::Label | Role::Prediction);
        Some(if is_class { SampleKind::Levels } else { kind })
    }

    /// How both columns are compared: where their kinds differ, as texts. `None` where the values of one are not kept.
    pub fn common_kind(&self, earlier: &Column, column: &Column) -> Option<SampleKind> {
        let (was, kind) = (self.kind_of(earlier)?, self.kind_of(column)?);
        Some(if kind == was { kind } else { SampleKind::Levels })
    }
}

/// Reads columns one after the other.
#[derive(Debug, Default)]
pub struct ColumnPass {
    next: usize,
    detailed: usize,
    /// What is concluded about those that both files have.
    pub drift: Drift,
    rows: RowPass,
    pairs: PairPass,
    domain: DomainPass,
    taken: TakenPass,
    said: Said,
    /// What was read so far.
    pub estimates: Vec<Estimate>,
    /// What is odd about it.
    pub notices: Vec<Notice>,
}

impl ColumnPass {
    /// How many steps there are.
    pub fn units(files: &Files<'_>) -> u64 {
        (files.current.columns.len() + RowPass::UNITS + PairPass::UNITS + DomainPass::UNITS + TakenPass::UNITS) as u64
    }

    /// How many of them are done.
    pub fn done(&self) -> u64 {
        (self.next + self.rows.done() + self.pairs.done() + self.domain.done() + self.taken.done()) as u64
    }

    /// Reads one more column, then looks at whole rows; whether that was the last step.
    pub fn step(&mut self, files: &Files<'_>, settings: &Settings) -> bool {
        if let Some(column) = files.current.columns.get(self.next) {
            self.next += 1;
            if quality::is_described(files.roles, &column.name) {
                self.read(files, column, settings);
            }
            return false;
        }
        if self.rows.done() < RowPass::UNITS {
            self.rows.step(&mut self.said, files, settings);
            return false;
        }
        if self.pairs.done() < PairPass::UNITS {
            self.pairs.step(&mut self.said, files, settings);
            return false;
        }
        if self.domain.done() < DomainPass::UNITS {
            self.domain.step(&mut self.said, files, settings);
            return false;
        }
        let is_last = self.taken.step(&mut self.said, files, settings);
        if is_last {
            self.estimates.append(&mut self.said.estimates);
            self.notices.append(&mut self.said.notices);
            if let Some(profile) = files.profile {
                let Compared { estimates, notices } = conclude(profile, files, settings);
                self.estimates.extend(estimates);
                self.notices.extend(notices);
                self.notices.extend(self.drift.conclude(files, settings));
                self.estimates.extend(self.drift.estimates(settings));
            }
            if files.reference.is_some() {
                self.notices.extend(mismatch::notices(files, settings));
                self.notices.extend(self.drift.conclude(files, settings));
                self.estimates.extend(self.drift.estimates(settings));
                let together = Together::judge(files, settings);
                self.estimates.extend(together.estimates(settings));
                self.notices.extend(together.notice());
            }
        }
        is_last
    }

    fn read(&mut self, files: &Files<'_>, column: &Column, settings: &Settings) {
        let place = self.next - 1;
        let sample = |column: &Column, kind, source| {
            if quality::is_plain(files, source) {
                of_all(column, kind)
            } else {
                one(column, kind, &quality::counter(files, source))
            }
        };
        let own = SampleKind::of(column.kind).and_then(|kind| sample(column, kind, Source::Current));
        quality::describe(&mut self.said, files, column, own.as_ref(), Source::Current, place, settings);
        if let Some(profile) = files.profile {
            self.detailed += usize::from(is_read(files.roles, &column.name));
            let mut said = Compared::default();
            said.column(profile, files, column, &mut self.drift, self.detailed <= MOST_DETAILED, settings);
            self.estimates.append(&mut said.estimates);
            self.notices.append(&mut said.notices);
            return;
        }
        let Some(earlier) = files.reference.and_then(|table| table.column(&column.name)) else {
            return;
        };
        let was = SampleKind::of(earlier.kind).and_then(|kind| sample(earlier, kind, Source::Reference));
        quality::describe(&mut self.said, files, earlier, was.as_ref(), Source::Reference, place, settings);
        if !is_read(files.roles, &column.name) {
            return;
        }
        let (Some(own), Some(before)) = (own, was) else { return };
        let Some(kind) = files.common_kind(earlier, column) else { return };
        if files.kind_of(column) != files.kind_of(earlier) {
            let text = format!(
                "Column \"{}\" is read as {:?} here and as {:?} in the reference; the two are compared as texts.",
                column.name, column.kind, earlier.kind
            );
            self.notices.push(Notice::of_column(NoticeCode::Setting, &column.name, text));
        }
        let (current, reference) = if own.kind == kind && before.kind == kind {
            (own, before)
        } else {
            match (sample(column, kind, Source::Current), sample(earlier, kind, Source::Reference)) {
                (Some(current), Some(reference)) => (current, reference),
                _ => return,
            }
        };
        let memory = PairMemory::default();
        let pair = Pair {
            reference: &reference,
            current: &current,
            memory: &memory,
        };
        self.drift.judge(&pair, files, (earlier, column), settings);
        self.detailed += 1;
        if self.detailed > MOST_DETAILED {
            if self.detailed == MOST_DETAILED + 1 {
                let text = format!(
                    "Beside what is concluded, distances and tests are reported of the first {MOST_DETAILED} columns only, so that the report stays small."
                );
                self.notices.push(Notice::general(NoticeCode::Setting, text));
            }
            return;
        }
        for metric in METRICS {
            for read in metric.reads {
                if let Read::Pair { of, read } = read
                    && of(kind)
                {
                    self.keep(metric, &column.name, Source::Current, read(&pair), settings);
                }
            }
        }
    }

    fn keep(&mut self, metric: &Metric, column: &str, source: Source, measured: Vec<Measured>, settings: &Settings) {
        for form in measured {
            let key = Key {
                metric: metric.id.to_owned(),
                params: form.params,
                source,
                columns: vec![column.to_owned()],
                group: BTreeMap::new(),
                ..Key::default()
            };
            self.estimates.push(estimate(key, &form.reading, metric, settings));
        }
    }
}

/// Ids, weights and what is not used are no columns that anything is said about.
pub fn is_read(roles: &Roles, column: &str) -> bool {
    !matches!(roles.role_of(column), Role::Id | Role::Weight | Role::Count | Role::Ignored)
}

/// A column in the rows that count.
pub fn one(column: &Column, kind: SampleKind, count: &dyn Fn(usize) -> Option<u64>) -> Option<Sample> {
    let own = samples(column, kind, 1, &|row| count(row).map(|count| (0, count)));
    own.and_then(|mut own| own.pop())
}
