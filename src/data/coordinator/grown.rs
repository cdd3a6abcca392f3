//! A column put together from the chunks of its blocks, in file order.

use crate::data::block::{Chunk, Form, Values as Part};
use crate::data::codes::Codes;
use crate::data::dictionary::{Dictionary, one_spelling};
use crate::data::packed::{Numbers, Times};
use crate::data::rules::Style;
use crate::data::tally::{Decision, MOST_LEVEL_BYTES, MOST_LEVELS, Shape, Tally};
use crate::data::{Column, Kind, Levels, Values};

#[derive(Debug)]
enum Store {
    Waiting(usize),
    Numbers(Vec<Numbers>),
    Times(Vec<Times>),
    Texts(Vec<Coded>, Dictionary),
    /// Too many different texts.
    Dropped,
    /// Parts of different forms: the column must be read again.
    Mixed,
    Skipped,
}

/// The texts of a block, narrow as they came: one column after the other is put together in the end, when it is known how long it is.
#[derive(Debug)]
enum Coded {
    /// So many rows without one.
    Missing(usize),
    /// The block's codes, and the column's code for each.
    Codes(Codes, Vec<u32>),
}

/// A column so far.
#[derive(Debug)]
pub(super) struct Grown {
    store: Store,
    style: Style,
    pub tally: Tally,
    /// The ids of the rows, where they are wanted.
    pub keys: Vec<u128>,
}

impl Grown {
    /// A column whose blocks are read in that form.
    pub(super) fn new(form: Form) -> Self {
        let (store, style) = match form {
            Form::Skipped => (Store::Skipped, Style::PLAIN),
            Form::Counted => (Store::Dropped, Style::PLAIN),
            Form::Kept(decision) => (Store::Waiting(0), decision.style),
        };
        Self {
            store,
            style,
            tally: Tally::default(),
            keys: Vec::new(),
        }
    }

    /// Adds a block's chunk of so many rows.
    pub(super) fn push(&mut self, mut chunk: Chunk, rows: usize) {
        self.keys.append(&mut chunk.keys);
        self.tally.merge(&chunk.tally);
        self.store = match (std::mem::replace(&mut self.store, Store::Mixed), chunk.values) {
            (Store::Skipped, _) => Store::Skipped,
            (Store::Waiting(before), Part::Missing(_)) => Store::Waiting(before + rows),
            (Store::Waiting(before), part) => Store::starting_with(part, before),
            (Store::Numbers(mut parts), Part::Numbers(part)) => {
                parts.push(part);
                Store::Numbers(parts)
            }
            (Store::Numbers(mut parts), Part::Missing(_)) => {
                parts.push(Numbers::missing(rows));
                Store::Numbers(parts)
            }
            (Store::Times(mut times), Part::Times(part)) => {
                times.push(part);
                Store::Times(times)
            }
            (Store::Times(mut times), Part::Missing(_)) => {
                times.push(Times::missing(rows));
                Store::Times(times)
            }
            (Store::Texts(codes, dictionary), Part::Texts(part, names)) => Store::with_texts(codes, dictionary, part, &names),
            (Store::Texts(mut codes, dictionary), Part::Missing(_)) => {
                codes.push(Coded::Missing(rows));
                Store::Texts(codes, dictionary)
            }
            (Store::Texts(..) | Store::Dropped, Part::None) | (Store::Dropped, Part::Missing(_) | Part::Texts(..)) => Store::Dropped,
            _ => Store::Mixed,
        };
    }

    /// How the blocks to come are best read, when that has changed.
    pub(super) fn form(&self, before: Form) -> Form {
        let shape = match (&self.store, before) {
            (Store::Dropped, Form::Kept(_)) => return Form::Counted,
            (Store::Numbers(_), Form::Kept(Decision { shape: Shape::Empty, .. })) => Shape::Numbers,
            (Store::Times(_), Form::Kept(Decision { shape: Shape::Empty, .. })) => Shape::Times,
            (Store::Texts(..), Form::Kept(Decision { shape: Shape::Empty, .. })) => Shape::Texts,
            _ => return before,
        };
        Form::Kept(Decision { shape, style: self.style })
    }

    /// Whether the column has the form and the style that was decided; if not, it must be read again.
    pub(super) fn is_right(&self, decision: Decision) -> bool {
        match (decision.shape, &self.store) {
            (_, Store::Skipped) => true,
            (Shape::Empty, Store::Waiting(_)) | (Shape::Texts, Store::Texts(..) | Store::Dropped) => true,
            (Shape::Numbers, Store::Numbers(_)) => self.tally.are_same_numbers(self.style, decision.style),
            (Shape::Times, Store::Times(_)) => self.tally.are_same_times(self.style, decision.style),
            _ => false,
        }
    }

    /// The column, once [`Grown::is_right`].
    pub(super) fn finish(self, name: &str, decision: Decision) -> Column {
        let tally = self.tally;
        let values = tally.values(decision.shape);
        let (kind, kept, fitting) = match self.store {
            Store::Numbers(parts) => (
                Kind::Numeric,
                Values::Numeric(Numbers::joined(parts)),
                tally.numbers(decision.style),
            ),
            Store::Times(times) => (Kind::Time, Values::Time(Times::joined(times)), tally.times(decision.style)),
            Store::Texts(codes, dictionary) if tally.is_boolean() => {
                (Kind::Boolean, one_spelling(&joined(codes, dictionary.len()), dictionary), values)
            }
            Store::Texts(codes, dictionary) if tally.is_categorical(dictionary.len() as u64) => {
                let codes = joined(codes, dictionary.len());
                let names = dictionary.into_names();
                (Kind::Categorical, Values::Levels(Levels { codes, names }), values)
            }
            Store::Texts(..) | Store::Dropped | Store::Mixed => (Kind::Text, Values::None, values),
            Store::Waiting(_) | Store::Skipped => (Kind::Empty, Values::None, 0),
        };
        Column {
            name: name.to_owned(),
            kind,
            values: kept,
            missing: tally.missing(decision.shape),
            invalid: values - fitting,
        }
    }
}

impl Store {
    /// The store for a column whose first values come after `before` rows without one.
    fn starting_with(part: Part, before: usize) -> Self {
        match part {
            Part::Numbers(part) if before == 0 => Self::Numbers(vec![part]),
            Part::Numbers(part) => Self::Numbers(vec![Numbers::missing(before), part]),
            Part::Times(part) => Self::Times(vec![Times::missing(before), part]),
            Part::Texts(codes, names) => Self::with_texts(vec![Coded::Missing(before)], Dictionary::new(), codes, &names),
            Part::None => Self::Dropped,
            Part::Missing(rows) => Self::Waiting(before + rows as usize),
        }
    }

    fn with_texts(mut codes: Vec<Coded>, mut dictionary: Dictionary, part: Codes, names: &[String]) -> Self {
        let mut turned = Vec::with_capacity(names.len());
        for name in names {
            turned.push(match dictionary.find(name.as_bytes()) {
                Some(code) => code,
                None if dictionary.len() == MOST_LEVELS || dictionary.bytes() + name.len() > MOST_LEVEL_BYTES => return Self::Dropped,
                None => dictionary.add(name.as_bytes()),
            });
        }
        codes.push(Coded::Codes(part, turned));
        Self::Texts(codes, dictionary)
    }
}

/// The codes of all blocks, of that many levels; each part goes as soon as it is joined.
fn joined(parts: Vec<Coded>, levels: usize) -> Codes {
    let length = |part: &Coded| match part {
        Coded::Missing(rows) => *rows,
        Coded::Codes(codes, _) => codes.len(),
    };
    let mut codes = Codes::with_room(levels, parts.iter().map(length).sum());
    for part in parts {
        match part {
            Coded::Missing(rows) => codes.push_missing(rows),
            Coded::Codes(part, turned) => codes.extend(&part, &turned),
        }
    }
    codes
}
