//! A column while it is read: its values in the form that the first rows suggest, and the counts that decide in the end.

use super::cell::{Cell, classify, is_missing, number};
use super::column::MISSING;
use super::dictionary::Dictionary;
use super::tally::{MOST_LEVEL_BYTES, MOST_LEVELS, Place, Shape, Tally};
use super::time::{self, MISSING_TIME};
use super::{Column, Kind, Levels, Values};

/// Values so far.
#[derive(Debug, Clone)]
enum Store {
    /// So many rows, all missing.
    Waiting(usize),
    Numbers(Vec<f64>),
    Times(Vec<i64>),
    /// Codes, the texts, and what each text is.
    Texts(Vec<u32>, Dictionary, Vec<Cell>),
    /// Too many different texts.
    Dropped,
}

/// A column being read.
#[derive(Debug, Clone)]
pub(super) struct Builder {
    store: Store,
    pub(super) tally: Tally,
}

impl Builder {
    /// An empty column that takes the form of its first value.
    pub(super) fn new() -> Self {
        Self {
            store: Store::Waiting(0),
            tally: Tally::default(),
        }
    }

    /// An empty column for values of a shape, with room for `rows`.
    pub(super) fn of(shape: Shape, rows: usize) -> Self {
        Self {
            store: Store::of(shape, rows),
            tally: Tally::default(),
        }
    }

    /// Adds a row's cell.
    pub(super) fn push(&mut self, cell: &[u8], place: &Place) {
        let text = cell.trim_ascii();
        let cell = match &mut self.store {
            Store::Numbers(values) => match number(text) {
                Some(value) => {
                    values.push(value);
                    Cell::Number(value)
                }
                None => {
                    values.push(f64::NAN);
                    classify(text)
                }
            },
            Store::Times(values) => match time::parse(text) {
                Some(value) => {
                    values.push(value);
                    Cell::Time(value)
                }
                None => {
                    values.push(MISSING_TIME);
                    classify(text)
                }
            },
            Store::Texts(codes, dictionary, cells) => match dictionary.find(text) {
                Some(code) => {
                    codes.push(code);
                    cells[code as usize]
                }
                None => self.push_new_text(text),
            },
            Store::Waiting(rows) => {
                let (cell, rows) = (classify(text), *rows);
                self.store = Store::starting_with(cell, text, rows);
                cell
            }
            Store::Dropped => classify(text),
        };
        self.tally.count(cell, place);
    }

    /// Adds a text that is missing or not yet in the dictionary.
    fn push_new_text(&mut self, text: &[u8]) -> Cell {
        let cell = classify(text);
        let Store::Texts(codes, dictionary, cells) = &mut self.store else {
            return cell;
        };
        if is_missing(text) {
            codes.push(MISSING);
        } else if dictionary.len() == MOST_LEVELS || dictionary.bytes() + text.len() > MOST_LEVEL_BYTES {
            self.store = Store::Dropped;
        } else {
            codes.push(dictionary.add(text));
            cells.push(cell);
        }
        cell
    }

    /// Whether the values have the form that the counts ask for; if not, the file must be read again for this column.
    pub(super) fn is_right(&self) -> bool {
        matches!(
            (self.tally.shape(), &self.store),
            (Shape::Empty, Store::Waiting(_))
                | (Shape::Numbers, Store::Numbers(_))
                | (Shape::Times, Store::Times(_))
                | (Shape::Texts, Store::Texts(..) | Store::Dropped)
        )
    }

    /// The column, once [`Builder::is_right`].
    pub(super) fn finish(self, name: &str) -> Column {
        let tally = self.tally;
        let (kind, values, fitting) = match self.store {
            Store::Numbers(values) => (Kind::Numeric, Values::Numeric(values), tally.numbers),
            Store::Times(values) => (Kind::Time, Values::Time(values), tally.times),
            Store::Texts(codes, dictionary, _) if tally.is_boolean() => (Kind::Boolean, one_spelling(codes, dictionary), tally.words),
            Store::Texts(codes, dictionary, _) if tally.is_categorical(dictionary.len() as u64) => {
                let names = dictionary.into_names();
                (Kind::Categorical, Values::Levels(Levels { codes, names }), tally.values())
            }
            Store::Texts(..) | Store::Dropped => (Kind::Text, Values::None, tally.values()),
            Store::Waiting(_) => (Kind::Empty, Values::None, 0),
        };
        Column {
            name: name.to_owned(),
            kind,
            values,
            missing: tally.missing,
            invalid: tally.values() - fitting,
        }
    }
}

impl Store {
    fn of(shape: Shape, rows: usize) -> Self {
        match shape {
            Shape::Empty => Self::Waiting(0),
            Shape::Numbers => Self::Numbers(with_room(rows)),
            Shape::Times => Self::Times(with_room(rows)),
            Shape::Texts => Self::Texts(with_room(rows), Dictionary::new(), Vec::new()),
        }
    }

    /// The store for a column whose first value comes after `rows` rows without one.
    fn starting_with(cell: Cell, text: &[u8], rows: usize) -> Self {
        match cell {
            Cell::Missing => Self::Waiting(rows + 1),
            Cell::Number(value) => {
                let mut values = vec![f64::NAN; rows];
                values.push(value);
                Self::Numbers(values)
            }
            Cell::Time(value) => {
                let mut values = vec![MISSING_TIME; rows];
                values.push(value);
                Self::Times(values)
            }
            Cell::Word(_) | Cell::Other => {
                let mut codes = vec![MISSING; rows];
                let mut dictionary = Dictionary::new();
                codes.push(dictionary.add(text));
                Self::Texts(codes, dictionary, vec![cell])
            }
        }
    }
}

/// An empty vector with room for `rows`, if there is so much memory: the number is an estimate, so that failing to get it is no failure.
fn with_room<T>(rows: usize) -> Vec<T> {
    let mut values = Vec::new();
    let _ = values.try_reserve_exact(rows);
    values
}

/// Puts the spellings of one word (`True`, `TRUE`) together under the first of them.
fn one_spelling(mut codes: Vec<u32>, dictionary: Dictionary) -> Values {
    let spelled = dictionary.into_names();
    let mut names: Vec<String> = Vec::new();
    let mut turned = Vec::new();
    for spelling in spelled {
        let known = names.iter().position(|name| name.eq_ignore_ascii_case(&spelling));
        turned.push(known.unwrap_or(names.len()) as u32);
        if known.is_none() {
            names.push(spelling);
        }
    }
    for code in codes.iter_mut().filter(|code| **code != MISSING) {
        *code = turned[*code as usize];
    }
    Values::Levels(Levels { codes, names })
}

#[cfg(test)]
mod tests {
    use super::*;

    const PLACE: Place = Place { byte: 0, line: 1, rows: 0 };

    fn build<'a>(mut builder: Builder, cells: impl IntoIterator<Item = &'a str>) -> Builder {
        for cell in cells {
            builder.push(cell.as_bytes(), &PLACE);
        }
        builder
    }

    #[test]
    fn the_first_value_gives_the_form() {
        let column = build(Builder::new(), ["", "NA", " 1 ", "2.5"]).finish("x");
        assert_eq!((column.kind, column.missing, column.invalid), (Kind::Numeric, 2, 0));
        let Values::Numeric(values) = column.values else { panic!() };
        assert!(values[0].is_nan() && values[1].is_nan());
        assert_eq!(values[2..], [1.0, 2.5]);

        let column = build(Builder::new(), ["", "b", "a", "b", "?"]).finish("x");
        let Values::Levels(levels) = column.values else { panic!() };
        assert_eq!(
            (levels.codes, levels.names),
            (vec![MISSING, 0, 1, 0, 2], vec!["b".into(), "a".into(), "?".into()])
        );

        let column = build(Builder::new(), ["", "1970-01-01"]).finish("x");
        assert_eq!(column.values, Values::Time(vec![MISSING_TIME, 0]));
        assert_eq!(build(Builder::new(), ["", "-"]).finish("x").kind, Kind::Empty);
    }

    #[test]
    fn a_wrong_form_is_told() {
        assert!(!build(Builder::new(), ["1", "a", "b"]).is_right());
        assert!(build(Builder::of(Shape::Texts, 3), ["1", "a", "b"]).is_right());
        let numbers = ["x"].into_iter().chain(["1"; 30]);
        assert!(!build(Builder::new(), numbers.clone()).is_right());
        let column = build(Builder::of(Shape::Numbers, 0), numbers).finish("x");
        assert_eq!((column.kind, column.invalid, column.missing), (Kind::Numeric, 1, 0));
    }

    #[test]
    fn spellings_of_a_word_become_one() {
        let column = build(Builder::new(), ["True", "FALSE", "TRUE", "", "false"]).finish("x");
        assert_eq!(column.kind, Kind::Boolean);
        let Values::Levels(levels) = column.values else { panic!() };
        assert_eq!(
            (levels.codes, levels.names),
            (vec![0, 1, 0, MISSING, 1], vec!["True".into(), "FALSE".into()])
        );
    }

    #[test]
    fn too_many_levels_are_text() {
        let texts: Vec<String> = (0..=MOST_LEVELS)
            .flat_map(|i| [format!("t{i}"), format!("t{i}"), format!("t{i}")])
            .collect();
        let whole = build(Builder::new(), texts.iter().map(String::as_str));
        assert!(whole.is_right());
        assert_eq!((whole.clone().finish("x").kind, whole.tally.others), (Kind::Text, 30_003));
        let less = build(Builder::new(), texts[3..].iter().map(String::as_str));
        assert_eq!(less.finish("x").kind, Kind::Categorical);
    }

    #[test]
    fn numbers_among_dropped_texts_still_count() {
        let texts: Vec<String> = (0..=MOST_LEVELS).map(|i| format!("t{i}")).collect();
        let numbers = std::iter::repeat_n("5", 200_000);
        let builder = build(Builder::new(), texts.iter().map(String::as_str).chain(numbers));
        assert_eq!(builder.tally.shape(), Shape::Numbers);
        assert!(!builder.is_right());
    }
}
