//! What the cells of a column add up to, and the one rule that makes a kind of it.
//!
//! The rule looks at all rows, and at nothing but counts, so that it cannot matter in which pieces a file is read:
//!
//! 1. A column without values is empty.
//! 2. When at least 95 % of the values are numbers, it is numeric; the others are invalid and count as missing.
//! 3. When at least 95 % of the values are dates or times, it is a time; the same holds for the others.
//! 4. When all values are of one pair of `true`/`false`, `yes`/`no`, `t`/`f` or `y`/`n` in any case, it is boolean; a pair of single letters
//!    must occur with both. (`0` and `1` are numbers.)
//! 5. When there are at most 10,000 different texts, of 16 MiB together, and not more than 200 values of which more than half are
//!    different, it is categorical.
//! 6. Otherwise it is text, which is not kept.

use super::cell::Cell;

/// The most different texts of a categorical column.
pub(super) const MOST_LEVELS: usize = 10_000;

/// The most bytes of the different texts of a categorical column.
pub(super) const MOST_LEVEL_BYTES: usize = 16 << 20;

/// Up to so many values, any share of them may be different.
const FEW_VALUES: u64 = 200;

/// Where a row begins: enough to find its line in the file later.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Place {
    /// The byte of the file where the parser began to look for it.
    pub byte: u64,
    /// The line there, counted from 1.
    pub line: u64,
    /// Rows before it, the header included.
    pub rows: u64,
}

/// What the values of a column are, as far as one row after the other can tell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Shape {
    Empty,
    Numbers,
    Times,
    Texts,
}

/// Counts over the cells of a column.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Tally {
    pub missing: u64,
    pub numbers: u64,
    pub times: u64,
    pub words: u64,
    pub others: u64,
    /// The yes-or-no words that occurred, a bit each.
    spelled: u8,
    pub first_missing: Option<Place>,
    pub first_not_number: Option<Place>,
    pub first_not_time: Option<Place>,
}

impl Tally {
    /// Counts a cell. Its place is kept when it is the first of its sort.
    pub(super) fn count(&mut self, cell: Cell, place: &Place) {
        match cell {
            Cell::Missing => {
                self.missing += 1;
                self.first_missing.get_or_insert(*place);
                return;
            }
            Cell::Number(_) => self.numbers += 1,
            Cell::Time(_) => self.times += 1,
            Cell::Word(bit) => {
                self.words += 1;
                self.spelled |= bit;
            }
            Cell::Other => self.others += 1,
        }
        if self.first_not_number.is_none() && !matches!(cell, Cell::Number(_)) {
            self.first_not_number = Some(*place);
        }
        if self.first_not_time.is_none() && !matches!(cell, Cell::Time(_)) {
            self.first_not_time = Some(*place);
        }
    }

    /// Cells that are not missing.
    pub(super) fn values(&self) -> u64 {
        self.numbers + self.times + self.words + self.others
    }

    /// What the values are, by rules 1 to 3.
    pub(super) fn shape(&self) -> Shape {
        let values = u128::from(self.values());
        let nearly_all = |count: u64| u128::from(count) * 100 >= values * 95;
        if values == 0 {
            Shape::Empty
        } else if nearly_all(self.numbers) {
            Shape::Numbers
        } else if nearly_all(self.times) {
            Shape::Times
        } else {
            Shape::Texts
        }
    }

    /// Whether all values are of one yes-or-no pair, by rule 4.
    pub(super) fn is_boolean(&self) -> bool {
        self.words == self.values()
            && matches!(
                self.spelled,
                0b01 | 0b10 | 0b11 | 0b0100 | 0b1000 | 0b1100 | 0b11_0000 | 0b1100_0000
            )
    }

    /// Whether so many different texts make a categorical column, by rule 5.
    pub(super) fn is_categorical(&self, levels: u64) -> bool {
        self.values() <= FEW_VALUES || levels * 2 <= self.values()
    }
}

#[cfg(test)]
mod tests {
    use super::super::cell::classify;
    use super::*;

    fn tally<'a>(cells: impl IntoIterator<Item = &'a str>) -> Tally {
        let mut tally = Tally::default();
        for (row, cell) in cells.into_iter().enumerate() {
            let place = Place {
                byte: 0,
                line: row as u64 + 2,
                rows: row as u64,
            };
            tally.count(classify(cell.as_bytes()), &place);
        }
        tally
    }

    #[test]
    fn ninety_five_percent_decides() {
        assert_eq!(tally([]).shape(), Shape::Empty);
        assert_eq!(tally(["", "NA"]).shape(), Shape::Empty);
        assert_eq!(tally(["1"; 19].into_iter().chain(["x", "", ""])).shape(), Shape::Numbers);
        assert_eq!(tally(["1"; 18].into_iter().chain(["x"])).shape(), Shape::Texts);
        assert_eq!(tally(["2020-01-01"; 19].into_iter().chain(["7"])).shape(), Shape::Times);
        assert_eq!(tally(["007", "008"]).shape(), Shape::Texts);
    }

    #[test]
    fn booleans_are_one_pair_of_words() {
        for yes in [&["true"][..], &["True", "FALSE"], &["yes", "no"], &["t", "F"], &["y", "n", "Y"]] {
            assert!(tally(yes.iter().copied()).is_boolean(), "{yes:?}");
        }
        for no in [
            &["true", "no"][..],
            &["F"],
            &["y"],
            &["y", "f"],
            &["t", "f", "x"],
            &["true", "1"],
            &["n", "yes"],
        ] {
            assert!(!tally(no.iter().copied()).is_boolean(), "{no:?}");
        }
    }

    #[test]
    fn mostly_different_texts_are_no_categories() {
        assert!(tally(["a"; 200]).is_categorical(200));
        assert!(tally(["a"; 202]).is_categorical(101));
        assert!(!tally(["a"; 202]).is_categorical(102));
    }

    #[test]
    fn the_first_misfits_are_kept() {
        let tally = tally(["1", "", "x", "2020-01-01", ""]);
        assert_eq!(tally.first_missing.map(|place| place.line), Some(3));
        let not_number = tally.first_not_number.unwrap();
        assert_eq!(not_number.line, 4);
        assert_eq!(tally.first_not_time.unwrap().line, 2);
        assert_eq!((tally.missing, tally.numbers, tally.times, tally.others), (2, 1, 1, 1));
    }
}
