//! A column while it is read: its values in the form that the first rows suggest, and the counts that decide in the end.

use super::cell::{Cell, Sort, classify, read_number, read_time};
use super::column::MISSING;
use super::dictionary::{Dictionary, one_spelling};
use super::rules::{Rules, Style};
use super::tally::{Decision, MOST_LEVEL_BYTES, MOST_LEVELS, Place, Shape, Tally};
use super::time::MISSING_TIME;
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
    /// How values are read on this way through the file.
    style: Style,
    pub(super) tally: Tally,
}

impl Builder {
    /// An empty column that takes the form of its first value.
    pub(super) fn new() -> Self {
        Self {
            store: Store::Waiting(0),
            style: Style::PLAIN,
            tally: Tally::default(),
        }
    }

    /// An empty column for values as decided, with room for `rows`.
    pub(super) fn of(decision: Decision, rows: usize) -> Self {
        Self {
            store: Store::of(decision.shape, rows),
            style: decision.style,
            tally: Tally::default(),
        }
    }

    /// An empty column that takes the form of its first value, which comes behind `rows` rows without one.
    pub(super) fn late(rows: u64, first: &Place) -> Self {
        let mut tally = Tally::default();
        tally.count_missing(rows, first);
        Self {
            store: Store::Waiting(rows as usize),
            tally,
            ..Self::new()
        }
    }

    /// Adds a row's cell.
    pub(super) fn push(&mut self, cell: &[u8], place: &Place, rules: &Rules) {
        let (text, style) = (cell.trim_ascii(), self.style);
        let cell = match &mut self.store {
            Store::Numbers(values) => match read_number(text, rules, style) {
                Some((value, cell)) => {
                    values.push(value);
                    cell
                }
                None => {
                    values.push(f64::NAN);
                    classify(text, rules)
                }
            },
            Store::Times(values) => match read_time(text, rules, style) {
                Some((value, cell)) => {
                    values.push(value);
                    cell
                }
                None => {
                    values.push(MISSING_TIME);
                    classify(text, rules)
                }
            },
            Store::Texts(codes, dictionary, cells) => match dictionary.find(text) {
                Some(code) => {
                    codes.push(code);
                    cells[code as usize]
                }
                None => self.push_new_text(text, rules),
            },
            Store::Waiting(rows) => {
                let (cell, rows) = (classify(text, rules), *rows);
                self.store = Store::starting_with(cell, text, rows, rules, style);
                cell
            }
            Store::Dropped => classify(text, rules),
        };
        self.tally.count(cell, place);
    }

    /// Adds a text that is missing or not yet in the dictionary.
    fn push_new_text(&mut self, text: &[u8], rules: &Rules) -> Cell {
        let cell = classify(text, rules);
        let Store::Texts(codes, dictionary, cells) = &mut self.store else {
            return cell;
        };
        if cell.sort == Sort::Missing {
            codes.push(MISSING);
        } else if dictionary.len() == MOST_LEVELS || dictionary.bytes() + text.len() > MOST_LEVEL_BYTES {
            self.store = Store::Dropped;
        } else {
            codes.push(dictionary.add(text));
            cells.push(cell);
        }
        cell
    }

    /// Whether the values have the form and the style that was decided; if not, the file must be read again for this column.
    pub(super) fn is_right(&self, decision: Decision) -> bool {
        match (decision.shape, &self.store) {
            (Shape::Empty, Store::Waiting(_)) | (Shape::Texts, Store::Texts(..) | Store::Dropped) => true,
            (Shape::Numbers, Store::Numbers(_)) => self.tally.are_same_numbers(self.style, decision.style),
            (Shape::Times, Store::Times(_)) => self.tally.are_same_times(self.style, decision.style),
            _ => false,
        }
    }

    /// The column, once [`Builder::is_right`].
    pub(super) fn finish(self, name: &str, decision: Decision) -> Column {
        let tally = self.tally;
        let values = tally.values(decision.shape);
        let (kind, kept, fitting) = match self.store {
            Store::Numbers(numbers) => (Kind::Numeric, Values::Numeric(numbers.into()), tally.numbers(decision.style)),
            Store::Times(times) => (Kind::Time, Values::Time(times.into()), tally.times(decision.style)),
            Store::Texts(codes, dictionary, _) if tally.is_boolean() => (Kind::Boolean, one_spelling(&codes.into(), dictionary), values),
            Store::Texts(codes, dictionary, _) if tally.is_categorical(dictionary.len() as u64) => {
                let (codes, names) = (codes.into(), dictionary.into_names());
                (Kind::Categorical, Values::Levels(Levels { codes, names }), values)
            }
            Store::Texts(..) | Store::Dropped => (Kind::Text, Values::None, values),
            Store::Waiting(_) => (Kind::Empty, Values::None, 0),
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
    fn of(shape: Shape, rows: usize) -> Self {
        match shape {
            Shape::Empty => Self::Waiting(0),
            Shape::Numbers => Self::Numbers(with_room(rows)),
            Shape::Times => Self::Times(with_room(rows)),
            Shape::Texts => Self::Texts(with_room(rows), Dictionary::new(), Vec::new()),
        }
    }

    /// The store for a column whose first value comes after `rows` rows without one.
    fn starting_with(cell: Cell, text: &[u8], rows: usize, rules: &Rules, style: Style) -> Self {
        if cell.sort == Sort::Missing {
            Self::Waiting(rows + 1)
        } else if let Some((value, _)) = read_number(text, rules, style) {
            let mut values = vec![f64::NAN; rows];
            values.push(value);
            Self::Numbers(values)
        } else if let Some((value, _)) = read_time(text, rules, style) {
            let mut values = vec![MISSING_TIME; rows];
            values.push(value);
            Self::Times(values)
        } else {
            let mut codes = vec![MISSING; rows];
            let mut dictionary = Dictionary::new();
            codes.push(dictionary.add(text));
            Self::Texts(codes, dictionary, vec![cell])
        }
    }
}

/// An empty vector with room for `rows`, if there is so much memory: the number is an estimate, so that failing to get it is no failure.
fn with_room<T>(rows: usize) -> Vec<T> {
    let mut values = Vec::new();
    let _ = values.try_reserve_exact(rows);
    values
}

#[cfg(test)]
mod tests {
    use super::super::decide::{Counted, decide};
    use super::super::dialect::Dialect;
    use super::*;

    const PLACE: Place = Place { byte: 0, line: 1 };

    fn build<'a>(mut builder: Builder, cells: impl IntoIterator<Item = &'a str>) -> Builder {
        for cell in cells {
            builder.push(cell.as_bytes(), &PLACE, &Rules::default());
        }
        builder
    }

    fn decided(builder: &Builder) -> Decision {
        let counted = Counted {
            name: "x",
            tally: &builder.tally,
        };
        decide(&[counted], &Rules::default(), &Dialect::of(b','))[0]
    }

    fn finish(builder: Builder) -> Column {
        let decision = decided(&builder);
        builder.finish("x", decision)
    }

    fn is_right(builder: &Builder) -> bool {
        builder.is_right(decided(builder))
    }

    fn of(shape: Shape) -> Builder {
        Builder::of(
            Decision {
                shape,
                style: Style::PLAIN,
            },
            3,
        )
    }

    #[test]
    fn the_first_value_gives_the_form() {
        let column = finish(build(Builder::new(), ["", "NA", " 1 ", "2.5"]));
        assert_eq!((column.kind, column.missing, column.invalid), (Kind::Numeric, 2, 0));
        let Values::Numeric(values) = column.values else { panic!() };
        let values = values.wide();
        assert!(values[0].is_nan() && values[1].is_nan());
        assert_eq!(values[2..], [1.0, 2.5]);

        let column = finish(build(Builder::new(), ["", "b", "a", "b", "?"]));
        let Values::Levels(levels) = column.values else { panic!() };
        assert_eq!(
            (levels.codes, levels.names),
            (vec![MISSING, 0, 1, 0, 2].into(), vec!["b".into(), "a".into(), "?".into()])
        );

        let column = finish(build(Builder::new(), ["", "1970-01-01"]));
        assert_eq!(column.values, Values::Time(vec![MISSING_TIME, 0].into()));
        assert_eq!(finish(build(Builder::new(), ["", "-"])).kind, Kind::Empty);
    }

    #[test]
    fn a_wrong_form_is_told() {
        assert!(!is_right(&build(Builder::new(), ["1", "a", "b"])));
        assert!(is_right(&build(of(Shape::Texts), ["1", "a", "b"])));
        let numbers = ["x"].into_iter().chain(["1"; 30]);
        assert!(!is_right(&build(Builder::new(), numbers.clone())));
        let column = finish(build(of(Shape::Numbers), numbers));
        assert_eq!((column.kind, column.invalid, column.missing), (Kind::Numeric, 1, 0));
    }

    #[test]
    fn spellings_of_a_word_become_one() {
        let column = finish(build(Builder::new(), ["True", "FALSE", "TRUE", "", "false"]));
        assert_eq!(column.kind, Kind::Boolean);
        let Values::Levels(levels) = column.values else { panic!() };
        assert_eq!(
            (levels.codes, levels.names),
            (vec![0, 1, 0, MISSING, 1].into(), vec!["True".into(), "FALSE".into()])
        );
    }

    #[test]
    fn too_many_levels_are_text() {
        let texts: Vec<String> = (0..=MOST_LEVELS)
            .flat_map(|i| [format!("t{i}"), format!("t{i}"), format!("t{i}")])
            .collect();
        let whole = build(Builder::new(), texts.iter().map(String::as_str));
        assert!(is_right(&whole));
        assert_eq!((finish(whole.clone()).kind, whole.tally.of(Sort::Other)), (Kind::Text, 30_003));
        let less = build(Builder::new(), texts[3..].iter().map(String::as_str));
        assert_eq!(finish(less).kind, Kind::Categorical);
    }

    #[test]
    fn numbers_among_dropped_texts_still_count() {
        let texts: Vec<String> = (0..=MOST_LEVELS).map(|i| format!("t{i}")).collect();
        let numbers = std::iter::repeat_n("5", 200_000);
        let builder = build(Builder::new(), texts.iter().map(String::as_str).chain(numbers));
        assert_eq!(decided(&builder).shape, Shape::Numbers);
        assert!(!is_right(&builder));
    }
}
