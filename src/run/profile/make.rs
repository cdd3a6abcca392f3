//! Makes a profile of the rows of a file, one column a step.

use super::cells::sketch;
use super::levels::suppressed;
use super::model::{FORMAT, Profile, ProfiledColumn, ProfiledValues, VERSION};
use crate::data::Column;
use crate::metric::Source;
use crate::metric::drift::cells::deciles;
use crate::metric::sample::{Sample, SampleKind};
use crate::run::columns::{Files, is_read, one};
use crate::run::quality::counter;

/// A profile in the making.
#[derive(Debug)]
pub struct Making {
    next: usize,
    profile: Profile,
}

impl Making {
    /// A profile of the file called `name`; levels and cells of fewer rows than `smallest` are suppressed.
    pub fn new(name: &str, smallest: u64) -> Self {
        Self {
            next: 0,
            profile: Profile {
                format: FORMAT.to_owned(),
                version: VERSION,
                name: name.to_owned(),
                rows: 0,
                smallest: smallest.max(1),
                task: None,
                columns: Vec::new(),
            },
        }
    }

    /// Columns looked at.
    pub fn done(&self) -> u64 {
        self.next as u64
    }

    /// Looks at one more column of the reference, and gives the profile after the last.
    pub fn step(&mut self, files: &Files<'_>) -> Option<Profile> {
        let reference = files.reference?;
        let count = counter(files, Source::Reference);
        if self.next == 0 {
            self.profile.rows = (0..reference.rows).filter_map(&count).sum();
            self.profile.task = files.task;
        }
        let Some(column) = reference.columns.get(self.next) else {
            return Some(self.profile.clone());
        };
        self.next += 1;
        if is_read(files.roles, &column.name) {
            let own = self.column(files, column, &count);
            self.profile.columns.push(own);
        }
        None
    }

    fn column(&self, files: &Files<'_>, column: &Column, count: &dyn Fn(usize) -> Option<u64>) -> ProfiledColumn {
        let sample = files.kind_of(column).and_then(|kind| one(column, kind, count));
        // Of texts that are not kept it is known which are missing only as long as every row counts once.
        let unkept = (column.missing + column.invalid).min(self.profile.rows);
        ProfiledColumn {
            name: column.name.clone(),
            kind: column.kind,
            role: files.roles.role_of(&column.name),
            missing: sample.as_ref().map_or(unkept, |sample| sample.missing),
            values: sample.map_or(ProfiledValues::NotKept, |sample| self.values(&sample)),
        }
    }

    fn values(&self, sample: &Sample) -> ProfiledValues {
        let smallest = self.profile.smallest;
        if sample.present() < smallest {
            return ProfiledValues::TooFew;
        }
        let sketch = || sketch(sample, &deciles(sample), smallest);
        match sample.kind {
            SampleKind::Levels => ProfiledValues::Levels(suppressed(sample.levels(), smallest)),
            SampleKind::Numbers => sketch().map_or(ProfiledValues::TooFew, ProfiledValues::Numbers),
            SampleKind::Times => sketch().map_or(ProfiledValues::TooFew, ProfiledValues::Times),
        }
    }
}
