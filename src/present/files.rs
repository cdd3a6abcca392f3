//! The files of a session: which is which, and what has to be read for that.
//!
//! What the user wants stands in the list: each file with its part and how it is to be read. What the engine holds stands beside it.
//! [`Files::next`] is the difference, one file at a time: so a swap needs no reading where both tables are there, and a label file that
//! comes late is read before the predictions are read again, by the ids that it has.

pub mod compare;
pub mod guess;

use std::collections::BTreeMap;
use std::sync::Arc;

use super::facts;
use crate::data::ReadOptions;
use crate::engine::Inspection;
use crate::protocol::Purpose;

/// What a file is in the audit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub enum Part {
    /// The data that are judged.
    #[default]
    Current,
    /// Earlier data to compare with.
    Reference,
    /// The truth, to be joined by an id.
    Labels,
}

impl Part {
    /// All of them, in the order of the select.
    pub const ALL: [Self; 3] = [Self::Current, Self::Reference, Self::Labels];

    /// The part in a word, which is also its value in the select.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Current => "current",
            Self::Reference => "reference",
            Self::Labels => "labels",
        }
    }

    /// The part in few words.
    pub fn words(self) -> &'static str {
        match self {
            Self::Current => "current: what is judged",
            Self::Reference => "reference: what it is compared with",
            Self::Labels => "labels: joined to it by an id",
        }
    }
}

/// The most files of a session: one of each part.
pub const MOST: usize = Part::ALL.len();

/// A file that was chosen.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Chosen {
    /// Its number, which no other file of the session ever has.
    pub number: u32,
    /// Its base name.
    pub name: String,
    /// What it is.
    pub part: Part,
    /// Why it was taken for that; empty where somebody said so.
    pub why: String,
    /// How it is to be read, as far as that was said.
    pub options: ReadOptions,
    /// How it was read before that was said.
    pub options_before: Option<ReadOptions>,
    /// What is known of it, from its first rows or from all.
    pub inspection: Option<Arc<Inspection>>,
    /// The number of the first file that came with it.
    came_with: u32,
    /// Whether its first rows were looked at, or more.
    is_known: bool,
}

/// A file that has to be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Next {
    /// Its number.
    pub file: u32,
    /// What for.
    pub purpose: Purpose,
    /// How.
    pub options: ReadOptions,
}

/// The files, in the order in which they came.
#[derive(Debug, Clone, Default)]
pub struct Files {
    list: Vec<Chosen>,
    /// What the engine holds: what for it was read, and how.
    held: BTreeMap<u32, (Purpose, ReadOptions)>,
    /// What it reads.
    under_way: Option<Next>,
    /// Whether it has the first rows of that.
    has_first_rows: bool,
    /// At whose first rows it looks.
    peeking: Option<u32>,
    /// The id columns of predictions and labels, where they were said.
    by: Option<(String, String)>,
    /// Why the labels could not be joined.
    unjoined: Option<String>,
    last: u32,
}

impl Files {
    /// Takes files in, each with its part where that is known; gives their numbers.
    ///
    /// # Errors
    /// When they are too many: what to do. None is taken then.
    pub fn add(&mut self, names: &[String], parts: Option<&[Part]>) -> Result<Vec<u32>, String> {
        if self.list.len() + names.len() > MOST {
            return Err(format!(
                "{} files are too many: one is judged, one of earlier data can be compared with it, and one of labels joined to it. Give those.",
                self.list.len() + names.len()
            ));
        }
        let mut numbers = Vec::new();
        let came_with = self.last + 1;
        for (place, name) in names.iter().enumerate() {
            self.last += 1;
            numbers.push(self.last);
            let part = parts.and_then(|parts| parts.get(place)).copied();
            self.list.push(Chosen {
                number: self.last,
                name: name.clone(),
                part: part.unwrap_or_default(),
                came_with,
                is_known: part.is_some(),
                ..Chosen::default()
            });
        }
        Ok(numbers)
    }

    /// All of them.
    pub fn list(&self) -> &[Chosen] {
        &self.list
    }

    /// The file with that number.
    pub fn get(&self, number: u32) -> Option<&Chosen> {
        self.list.iter().find(|file| file.number == number)
    }

    /// The file that plays a part, once that is settled.
    pub fn of(&self, part: Part) -> Option<&Chosen> {
        self.list.iter().find(|file| file.part == part)
    }

    /// The number of the file under test.
    pub fn current(&self) -> u32 {
        self.of(Part::Current).map_or(0, |file| file.number)
    }

    /// The file under test, to be told how it is read.
    pub fn current_mut(&mut self) -> Option<&mut Chosen> {
        self.list.iter_mut().find(|file| file.part == Part::Current)
    }

    /// The numbers of all files.
    pub fn numbers(&self) -> Vec<u32> {
        self.list.iter().map(|file| file.number).collect()
    }

    /// What is being read.
    pub fn under_way(&self) -> Option<&Next> {
        self.under_way.as_ref()
    }

    /// Whether the first rows of a file are being looked at.
    pub fn is_peeking(&self) -> bool {
        self.peeking.is_some()
    }

    /// The file that is being read or looked at.
    pub fn being_read(&self) -> Option<&Chosen> {
        let number = self.under_way.as_ref().map(|next| next.file).or(self.peeking)?;
        self.get(number)
    }

    /// Whether the engine holds nothing but tables of this file, or nothing at all.
    pub fn holds_only(&self, number: u32) -> bool {
        self.held.keys().all(|held| *held == number)
    }

    /// Whether the engine holds the table of the file under test.
    pub fn holds_current(&self) -> bool {
        self.held.contains_key(&self.current())
    }

    /// Whether the engine has a table of the file under test, be it of the first rows alone.
    pub fn has_current(&self) -> bool {
        let is_shown = |next: &Next| self.has_first_rows && next.file == self.current();
        self.holds_current() || self.under_way.as_ref().is_some_and(is_shown)
    }

    /// The number of the reference that the engine holds.
    pub fn reference(&self) -> Option<u32> {
        let number = self.of(Part::Reference)?.number;
        self.held.contains_key(&number).then_some(number)
    }

    /// The engine was ended, and everything that it held with it.
    pub fn lose(&mut self) {
        self.held.clear();
        self.under_way = None;
        self.peeking = None;
    }

    /// A file whose first rows must be looked at before it is settled which is which.
    pub fn next_peek(&mut self) -> Option<Next> {
        if self.list.len() < 2 || self.peeking.is_some() {
            return None;
        }
        let being_read = self.under_way.as_ref().map(|next| next.file);
        let file = self.list.iter().find(|file| !file.is_known && Some(file.number) != being_read)?;
        self.peeking = Some(file.number);
        Some(Next {
            file: file.number,
            purpose: Purpose::Peek,
            options: file.options.clone(),
        })
    }

    /// What has to be read next, for everybody to play their part.
    pub fn next(&self) -> Option<Next> {
        if self.list.len() > 1 && self.list.iter().any(|file| !file.is_known) {
            // The one that is read, is read on.
            return self.under_way.clone();
        }
        let read = |file: &Chosen, purpose: Purpose| {
            let wanted = (purpose, file.options.clone());
            (self.held.get(&file.number) != Some(&wanted)).then_some(Next {
                file: file.number,
                purpose: wanted.0,
                options: wanted.1,
            })
        };
        let current = self.of(Part::Current)?;
        let labels = self.of(Part::Labels).filter(|_| self.unjoined.is_none());
        let first = match labels {
            Some(labels) => {
                let joined = Purpose::Joined {
                    labels: labels.number,
                    by: self.by.clone(),
                };
                let id = self.by.as_ref().map(|(_, id)| id.clone());
                // The labels go into the table that they are joined to.
                read(current, joined).map(|current| read(labels, Purpose::Labels { id }).unwrap_or(current))
            }
            None => read(current, Purpose::Table),
        };
        first.or_else(|| self.of(Part::Reference).and_then(|file| read(file, Purpose::Table)))
    }

    /// The engine was asked to read that.
    pub fn begin(&mut self, next: &Next) {
        self.held.remove(&next.file);
        self.under_way = Some(next.clone());
        self.has_first_rows = false;
    }

    /// The first rows of what is under way are there.
    pub fn previewed(&mut self, inspection: Arc<Inspection>) -> Option<u32> {
        let file = self.under_way.as_ref()?.file;
        self.has_first_rows = true;
        self.know(file, Some(inspection));
        Some(file)
    }

    /// The first rows of a file, as far as they tell anything. When all are known, it is settled which is which.
    pub fn peeked(&mut self, inspection: Option<Inspection>) {
        let Some(number) = self.peeking.take() else { return };
        self.know(number, inspection.map(Arc::new));
    }

    /// More is known of a file.
    fn know(&mut self, number: u32, inspection: Option<Arc<Inspection>>) {
        let Some(file) = self.list.iter_mut().find(|file| file.number == number) else {
            return;
        };
        if inspection.is_some() {
            file.inspection = inspection;
        }
        let was_known = std::mem::replace(&mut file.is_known, true);
        if !was_known && self.list.len() > 1 && self.list.iter().all(|file| file.is_known) {
            guess::settle(&mut self.list);
        }
    }

    /// What was under way is read.
    pub fn read(&mut self, inspection: Arc<Inspection>) -> Option<Next> {
        let done = self.under_way.take()?;
        let mut purpose = done.purpose.clone();
        if let Purpose::Joined { labels, .. } = &done.purpose {
            self.held.remove(labels);
            if self.unjoined.is_some() {
                purpose = Purpose::Table;
            }
        }
        self.held.insert(done.file, (purpose, done.options.clone()));
        self.know(done.file, Some(inspection));
        Some(done)
    }

    /// The labels do not belong to the predictions.
    pub fn not_joined(&mut self, message: String) {
        self.unjoined = Some(message);
    }

    /// What was under way cannot be read, or the file whose first rows were looked at; gives it.
    pub fn failed(&mut self, is_peek: bool) -> Option<u32> {
        if is_peek {
            return self.peeking.take();
        }
        self.under_way.take().map(|next| next.file)
    }

    /// Stops what is under way, and lets files go that are not read. Whether the file under test is still there.
    pub fn cancel(&mut self) -> bool {
        self.under_way = None;
        self.peeking = None;
        if !self.holds_current() {
            return false;
        }
        // Labels that were joined are in the table of the other file.
        let joined = self.held.values().find_map(|(purpose, _)| match purpose {
            Purpose::Joined { labels, .. } => Some(*labels),
            _ => None,
        });
        let gone: Vec<u32> = self
            .numbers()
            .into_iter()
            .filter(|number| !self.held.contains_key(number) && Some(*number) != joined)
            .collect();
        gone.into_iter().for_each(|number| self.remove(number));
        true
    }

    /// Lets a file go. Where it was the one under test, another one takes its place.
    pub fn remove(&mut self, number: u32) {
        self.list.retain(|file| file.number != number);
        self.held.remove(&number);
        self.under_way.take_if(|next| next.file == number);
        self.peeking.take_if(|peeked| *peeked == number);
        if self.of(Part::Labels).is_none() {
            (self.by, self.unjoined) = (None, None);
        }
        self.see_that_one_is_judged();
        if self.list.len() > 1 && self.list.iter().any(|file| self.list.iter().any(|other| is_twin(file, other))) {
            guess::settle(&mut self.list);
        }
    }

    /// Gives a file a part; who had it gets what this one had.
    pub fn give(&mut self, number: u32, part: Part) {
        let Some(had) = self.get(number).map(|file| file.part) else {
            return;
        };
        for file in &mut self.list {
            if file.number == number {
                file.part = part;
            } else if file.part == part {
                file.part = had;
            } else {
                continue;
            }
            file.why.clear();
        }
        (self.by, self.unjoined) = (None, None);
        self.see_that_one_is_judged();
    }

    fn see_that_one_is_judged(&mut self) {
        if self.of(Part::Current).is_some() {
            return;
        }
        let place = self.list.iter().position(|file| file.part == Part::Reference).unwrap_or(0);
        if let Some(file) = self.list.get_mut(place) {
            file.part = Part::Current;
            file.why.clear();
        }
    }

    /// Joins by these id columns of predictions and labels.
    pub fn join_by(&mut self, by: Option<(String, String)>) {
        self.by = by;
        self.unjoined = None;
    }

    /// The id columns, where they were said.
    pub fn joined_by(&self) -> Option<&(String, String)> {
        self.by.as_ref()
    }

    /// Why the labels could not be joined.
    pub fn unjoined(&self) -> Option<&str> {
        self.unjoined.as_deref()
    }

    /// What is said of each file, where there are several.
    pub fn lines(&self) -> Vec<Line> {
        if self.list.len() < 2 {
            return Vec::new();
        }
        let lines = self.list.iter().map(|file| Line {
            number: file.number,
            name: file.name.clone(),
            part: file.part,
            why: file.why.clone(),
            facts: self.facts(file),
        });
        lines.collect()
    }

    fn facts(&self, file: &Chosen) -> String {
        let Some(inspection) = &file.inspection else {
            return String::new();
        };
        let rows = inspection.intake.rows_read;
        // Labels that were joined are read, too, but what is held of them is in another table.
        if self.held.contains_key(&file.number) || file.part == Part::Labels && rows > 0 && self.has_joined() {
            facts::of_file(inspection)
        } else {
            facts::of_first_bytes(inspection, None)
        }
    }

    fn has_joined(&self) -> bool {
        let is_joined = |(purpose, _): &(Purpose, ReadOptions)| matches!(purpose, Purpose::Joined { .. });
        self.held.values().any(is_joined)
    }

    /// By which columns labels are joined, and which there are.
    pub fn join(&self) -> Join {
        let columns = |part| {
            let inspection = self.of(part).and_then(|file| file.inspection.as_ref());
            let columns = inspection.map(|inspection| inspection.columns.iter().map(|column| column.name.clone()));
            columns.map(Iterator::collect).unwrap_or_default()
        };
        Join {
            own: columns(Part::Current),
            labels: columns(Part::Labels),
            by: self.by.clone().unwrap_or_default(),
        }
    }

    /// What differs between the columns of the file under test and of the reference, a sentence each.
    pub fn differences(&self) -> Vec<String> {
        let known = |part| {
            self.of(part)
                .and_then(|file| Some((file.name.as_str(), file.inspection.as_deref()?)))
        };
        match (known(Part::Current), known(Part::Reference)) {
            (Some(current), Some(reference)) => compare::differences(current, reference),
            _ => Vec::new(),
        }
    }
}

/// By which columns labels are joined.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Join {
    /// The columns of the predictions.
    pub own: Vec<String>,
    /// The columns of the label file.
    pub labels: Vec<String>,
    /// Those of the ids; empty where they are found.
    pub by: (String, String),
}

impl Join {
    /// With another id column of the predictions or of the label file. The other one follows where it was not said: it has the same name,
    /// if there is such a column, or else the first one.
    pub fn with(&self, is_own: bool, column: &str) -> Option<(String, String)> {
        if column.is_empty() {
            return None;
        }
        let follow = |columns: &[String], said: &str| {
            let same = columns.iter().find(|other| *other == column);
            let first = same.or(columns.first()).cloned().unwrap_or_default();
            if said.is_empty() { first } else { said.to_owned() }
        };
        Some(match is_own {
            true => (column.to_owned(), follow(&self.labels, &self.by.1)),
            false => (follow(&self.own, &self.by.0), column.to_owned()),
        })
    }
}

/// Whether two files play the same part.
fn is_twin(file: &Chosen, other: &Chosen) -> bool {
    file.number != other.number && file.part == other.part
}

/// What is said of one of several files.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// Its number.
    pub number: u32,
    /// Its base name.
    pub name: String,
    /// What it is.
    pub part: Part,
    /// Why it was taken for that.
    pub why: String,
    /// Size, shape and dialect, as far as they are known.
    pub facts: String,
}

#[cfg(test)]
mod tests;
