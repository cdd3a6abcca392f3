//! A column of a block: its cells in the form that is expected of it, and the counts that decide in the end.
//!
//! What a cell is, module `cell` says. Here are shortcuts for the cells that are nearly all cells: plain numbers, times of the usual form,
//! and texts that occurred before. A shortcut gives what the rules give, or leaves the cell to them.

use serde::{Deserialize, Serialize};

use super::numbers::{Gathered, plain};
use super::structure::Batch;
use super::texts::Texts;
use super::times::Clock;
use crate::data::MISSING_TIME;
use crate::data::cell::{Cell, Sort, classify, plain_sort, read_number, read_time};
use crate::data::codes::Codes;
use crate::data::dialect::Dialect;
use crate::data::keys::key_of;
use crate::data::packed::{Numbers, Times};
use crate::data::rules::{Decimal, Rules, Style};
use crate::data::tally::{Decision, Place, Shape, Tally};

/// How the cells of a column are to be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Form {
    /// Not at all.
    Skipped,
    /// Counted only, because its texts are too various to be kept.
    Counted,
    /// As values of that shape and style; in the form of its first value where no shape is known.
    Kept(Decision),
}

/// What came of the cells of a column.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Values {
    /// Nothing is kept.
    None,
    /// So many rows, all missing.
    Missing(u64),
    /// Numbers.
    Numbers(Numbers),
    /// Times.
    Times(Times),
    /// Codes, and the texts in order of first appearance.
    Texts(Codes, Vec<String>),
}

/// A column of a block, read.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Chunk {
    pub values: Values,
    pub tally: Tally,
    /// The ids of the rows, where they are wanted.
    pub keys: Vec<u128>,
}

/// What is the same for all columns of a block.
#[derive(Debug, Clone, Copy)]
pub(super) struct Ground<'a> {
    pub dialect: &'a Dialect,
    pub rules: &'a Rules,
    /// Where the text begins in the file.
    pub base: u64,
}

#[derive(Debug)]
enum Store {
    Waiting(usize),
    Numbers(Gathered),
    Times(Vec<i64>, Clock),
    Texts(Box<Texts>),
    Counted,
    Skipped,
}

/// A column of a block, being read.
#[derive(Debug)]
pub(super) struct Growing {
    store: Store,
    style: Style,
    tally: Tally,
    /// Rows there is room for.
    room: usize,
    plain: Vec<u8>,
    /// Ids so far, where they are wanted.
    keys: Option<Vec<u128>>,
}

/// The content of a field: its quotation marks taken away, what is doubled or escaped resolved.
pub(super) fn plain_text<'a>(field: &'a [u8], dialect: &Dialect, plain: &'a mut Vec<u8>) -> &'a [u8] {
    let Some((first, quoted)) = field.split_first() else {
        return field;
    };
    if Some(*first) != dialect.quote {
        return field;
    }
    plain.clear();
    let mut rest = quoted.iter();
    while let Some(byte) = rest.next() {
        if Some(*byte) == dialect.quote {
            match rest.next() {
                Some(next) if Some(*next) == dialect.quote && dialect.doubled => plain.push(*next),
                // What follows the closing mark is text as it stands.
                next => {
                    plain.extend(next);
                    plain.extend(rest);
                    break;
                }
            }
        } else if Some(*byte) == dialect.escape {
            plain.extend(rest.next());
        } else {
            plain.push(*byte);
        }
    }
    plain
}

impl Growing {
    pub(super) fn new(form: Form, room: usize, is_keyed: bool) -> Self {
        let (store, style) = match form {
            Form::Skipped => (Store::Skipped, Style::PLAIN),
            Form::Counted => (Store::Counted, Style::PLAIN),
            Form::Kept(Decision { shape, style }) => {
                let store = match shape {
                    Shape::Empty => Store::Waiting(0),
                    Shape::Numbers => Store::Numbers(Gathered::missing(0, room)),
                    Shape::Times => Store::Times(Vec::with_capacity(room), Clock::default()),
                    Shape::Texts => Store::Texts(Box::new(Texts::missing(0, room))),
                };
                (store, style)
            }
        };
        Self {
            store,
            style,
            tally: Tally::default(),
            room,
            plain: Vec::new(),
            keys: is_keyed.then(|| Vec::with_capacity(room)),
        }
    }

    /// Reads the cells of one column of some rows.
    pub(super) fn read(&mut self, batch: &Batch, column: usize, ground: Ground) {
        if let Some(keys) = &mut self.keys {
            for (start, end) in batch.cells(column, 0) {
                keys.push(key_of(
                    plain_text(&batch.text[start..end], ground.dialect, &mut self.plain),
                    ground.rules,
                ));
            }
        }
        let mut row = 0;
        while row < batch.rows() {
            row = match self.store {
                Store::Skipped => return,
                Store::Waiting(_) => self.wait(batch, column, row, ground),
                Store::Numbers(_) => self.read_numbers(batch, column, row, ground),
                Store::Times(..) => self.read_times(batch, column, row, ground),
                Store::Texts(_) => self.read_texts(batch, column, row, ground),
                Store::Counted => self.count(batch, column, row, ground),
            };
        }
    }

    /// Reads missing cells; at the first other one takes the form that it suggests.
    fn wait(&mut self, batch: &Batch, column: usize, from: usize, ground: Ground) -> usize {
        for (row, (start, end)) in batch.cells(column, from).enumerate() {
            let text = plain_text(&batch.text[start..end], ground.dialect, &mut self.plain).trim_ascii();
            let cell = classify(text, ground.rules);
            let Store::Waiting(missing) = &mut self.store else { break };
            if cell.sort != Sort::Missing {
                let (missing, room) = (*missing, self.room);
                self.store = if read_number(text, ground.rules, self.style).is_some() {
                    Store::Numbers(Gathered::missing(missing, room))
                } else if read_time(text, ground.rules, self.style).is_some() {
                    let mut times = Vec::with_capacity(room.max(missing));
                    times.resize(missing, MISSING_TIME);
                    Store::Times(times, Clock::default())
                } else {
                    Store::Texts(Box::new(Texts::missing(missing, room)))
                };
                return from + row;
            }
            *missing += 1;
            self.tally.count(cell, &place(batch, from + row, ground));
        }
        batch.rows()
    }

    fn read_numbers(&mut self, batch: &Batch, column: usize, from: usize, ground: Ground) -> usize {
        let Store::Numbers(numbers) = &mut self.store else { return from };
        let point = if self.style.decimal == Decimal::Comma { b',' } else { b'.' };
        let is_quick = !ground.rules.missing.comes_first();
        let mut run = Run::default();
        for (row, (start, end)) in batch.cells(column, from).enumerate() {
            let place = || place(batch, from + row, ground);
            if let Some(number) = plain(batch.text, start, end, point)
                && let Some(sort) = plain_sort(number.whole, number.scale, ground.rules, self.style)
                && is_quick
            {
                numbers.push(number);
                run.count(sort, &mut self.tally, place);
                continue;
            }
            let text = plain_text(&batch.text[start..end], ground.dialect, &mut self.plain).trim_ascii();
            let cell = match read_number(text, ground.rules, self.style) {
                Some((value, cell)) => {
                    match plain(text, 0, text.len(), point) {
                        Some(number) => numbers.push(number),
                        None => numbers.push_value(value),
                    }
                    cell
                }
                None => {
                    numbers.push_missing();
                    classify(text, ground.rules)
                }
            };
            self.tally.count(cell, &place());
        }
        run.end(&mut self.tally);
        batch.rows()
    }

    fn read_times(&mut self, batch: &Batch, column: usize, from: usize, ground: Ground) -> usize {
        let Store::Times(times, clock) = &mut self.store else { return from };
        // A missing marker that was given may be a time.
        let is_quick = ground.rules.missing.texts().is_none();
        let mut run = Run::default();
        for (row, (start, end)) in batch.cells(column, from).enumerate() {
            let place = || place(batch, from + row, ground);
            let quick = clock.read(&batch.text[start..end]).filter(|_| is_quick);
            if let Some(time) = quick {
                times.push(time);
                run.count(Sort::Time, &mut self.tally, place);
                continue;
            }
            let text = plain_text(&batch.text[start..end], ground.dialect, &mut self.plain).trim_ascii();
            let (time, cell) = read_time(text, ground.rules, self.style).unwrap_or_else(|| (MISSING_TIME, classify(text, ground.rules)));
            times.push(time);
            self.tally.count(cell, &place());
        }
        run.end(&mut self.tally);
        batch.rows()
    }

    fn read_texts(&mut self, batch: &Batch, column: usize, from: usize, ground: Ground) -> usize {
        let Store::Texts(texts) = &mut self.store else { return from };
        let mut run = Run::default();
        for (row, (start, end)) in batch.cells(column, from).enumerate() {
            if let Some(cell) = texts.push_known(batch.text, start, end) {
                if cell.marks == 0 {
                    run.again(cell.sort, &mut self.tally);
                } else {
                    self.tally.again(cell, 1);
                }
                continue;
            }
            let text = plain_text(&batch.text[start..end], ground.dialect, &mut self.plain).trim_ascii();
            let cell = classify(text, ground.rules);
            self.tally.count(cell, &place(batch, from + row, ground));
            if !texts.push(&batch.text[start..end], text, cell) {
                run.end(&mut self.tally);
                self.store = Store::Counted;
                return from + row + 1;
            }
        }
        run.end(&mut self.tally);
        batch.rows()
    }

    fn count(&mut self, batch: &Batch, column: usize, from: usize, ground: Ground) -> usize {
        for (row, (start, end)) in batch.cells(column, from).enumerate() {
            let text = plain_text(&batch.text[start..end], ground.dialect, &mut self.plain).trim_ascii();
            self.tally.count(classify(text, ground.rules), &place(batch, from + row, ground));
        }
        batch.rows()
    }

    pub(super) fn finish(self) -> Chunk {
        let values = match self.store {
            Store::Waiting(rows) => Values::Missing(rows as u64),
            Store::Numbers(numbers) => Values::Numbers(numbers.finish()),
            Store::Times(times, _) => Values::Times(times.into()),
            Store::Texts(texts) => {
                let (codes, names) = texts.finish();
                Values::Texts(codes, names)
            }
            Store::Counted | Store::Skipped => Values::None,
        };
        Chunk {
            values,
            tally: self.tally,
            keys: self.keys.unwrap_or_default(),
        }
    }
}

/// Cells of one sort, one after the other or nearly so, that are yet to be counted: their sort occurred before.
#[derive(Default)]
struct Run {
    sort: Option<Sort>,
    cells: u64,
}

impl Run {
    /// Counts a cell without marks, of which the place is needed if it is the first of its sort.
    #[inline]
    fn count(&mut self, sort: Sort, tally: &mut Tally, place: impl Fn() -> Place) {
        if self.sort == Some(sort) {
            self.cells += 1;
            return;
        }
        self.end(tally);
        tally.count(Cell { sort, marks: 0 }, &place());
        self.sort = Some(sort);
    }

    /// Counts a cell without marks, of a sort that was counted before.
    #[inline]
    fn again(&mut self, sort: Sort, tally: &mut Tally) {
        if self.sort != Some(sort) {
            self.end(tally);
            self.sort = Some(sort);
        }
        self.cells += 1;
    }

    fn end(&mut self, tally: &mut Tally) {
        if let Some(sort) = self.sort.take() {
            tally.again(Cell { sort, marks: 0 }, self.cells);
            self.cells = 0;
        }
    }
}

/// Where a row begins; its line is found later.
fn place(batch: &Batch, row: usize, ground: Ground) -> Place {
    Place {
        byte: ground.base + batch.start(row) as u64,
        line: 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::rules::Separators;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn the_quick_way_agrees_with_the_rules(text in "-?(0|[1-9][0-9]{0,14})([.,][0-9]{1,4})?|[-0-9.,]{1,9}|(19|20)[0-9]{6}|-?[14][0-9]{8,15}", comma in any::<bool>(), thousands in 0..3_usize) {
            let decimal = if comma { Decimal::Comma } else { Decimal::Point };
            let style = Style { decimal, ..Style::PLAIN };
            let thousands = [Separators::ALL, Separators::NONE, Separators::only(b'\'')][thousands];
            let rules = Rules { thousands, ..Rules::default() };
            let point = if comma { b',' } else { b'.' };
            if let Some(number) = plain(text.as_bytes(), 0, text.len(), point)
                && let Some(sort) = plain_sort(number.whole, number.scale, &rules, style)
            {
                let (value, cell) = read_number(text.as_bytes(), &rules, style).expect("the rules take it for a number");
                prop_assert_eq!((value.to_bits(), cell), (number.value().to_bits(), Cell { sort, marks: 0 }));
                prop_assert_eq!(classify(text.as_bytes(), &rules).sort, sort);
            }
        }

        #[test]
        fn fields_are_what_the_csv_crate_says(field in "[\"\"\"ax\\\\' ]{0,8}", style in 0..4) {
            let mut dialect = Dialect::of(b',');
            match style {
                1 => dialect.escape = Some(b'\\'),
                2 => dialect.doubled = false,
                3 => dialect.quote = Some(b'\''),
                _ => {}
            }
            let mut record = csv::ByteRecord::new();
            let found = crate::data::dialect::parser(&dialect).from_reader(field.as_bytes()).read_byte_record(&mut record).unwrap();
            let mut plain = Vec::new();
            let expected = if found { record.get(0).unwrap() } else { b"" };
            prop_assert_eq!(plain_text(field.as_bytes(), &dialect, &mut plain), expected);
        }
    }
}
