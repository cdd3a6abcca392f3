//! What the cells of a column add up to, and the one rule that makes a kind of it.
//!
//! The rule looks at all rows, and at nothing but counts, so that it cannot matter in which pieces a file is read:
//!
//! 1. A column without values is empty.
//! 2. When at least 95 % of the values are numbers, it is numeric; the others are invalid and count as missing, but `?` is missing. How the
//!    numbers are written, `decide` says, and whether percentages are numbers. Amounts in several currencies are none.
//! 3. When at least 95 % of the values are dates or times, it is a time; the same holds for the others. Numbers are times only where
//!    `decide` says so.
//! 4. When all values are of one pair of `true`/`false`, `yes`/`no`, `on`/`off`, `t`/`f` or `y`/`n` in any case, it is boolean; a pair of
//!    single letters must occur with both. (`0` and `1` are numbers, and the words of other languages are levels, which serve as well.)
//! 5. When there are at most 10,000 different texts, of 16 MiB together, and not more than 200 values of which more than half are
//!    different, it is categorical.
//! 6. Otherwise it is text, which is not kept.

use serde::{Deserialize, Serialize};

use super::cell::{Cell, SORTS, Sort, is_number, is_time};
use super::numeral::{MONEY, PERCENT};
use super::rules::Style;

/// The most different texts of a categorical column.
pub(super) const MOST_LEVELS: usize = 10_000;

/// The most bytes of the different texts of a categorical column.
pub(super) const MOST_LEVEL_BYTES: usize = 16 << 20;

/// Up to so many values, any share of them may be different.
const FEW_VALUES: u64 = 200;

/// Where a row begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Place {
    /// The byte of the file.
    pub byte: u64,
    /// Ends of lines before it.
    pub line: u64,
}

impl Place {
    /// The same place, where its lines were counted behind `lines` others.
    pub(super) fn behind(self, lines: u64) -> Self {
        Self {
            line: self.line + lines,
            ..self
        }
    }
}

/// What the values of a column are, as far as one row after the other can tell.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum Shape {
    Empty,
    Numbers,
    Times,
    Texts,
}

/// What a column is: what follows from its tally, once all rows are counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Decision {
    /// What its values are.
    pub shape: Shape,
    /// How they are written.
    pub style: Style,
}

/// Counts over the cells of a column. Tallies of parts of a file add up to the tally of the whole, whatever the parts.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Tally {
    counts: [u64; SORTS],
    /// Where each sort occurs first.
    firsts: Vec<(Sort, Place)>,
    /// All marks of cells together.
    marks: u16,
    /// Cells with a percent sign.
    percents: u64,
}

impl Tally {
    /// Counts a cell. Its place is kept when it is the first of its sort.
    #[inline]
    pub(super) fn count(&mut self, cell: Cell, place: &Place) {
        let count = &mut self.counts[cell.sort as usize];
        if *count == 0 {
            self.firsts.push((cell.sort, *place));
        }
        *count += 1;
        self.marks |= cell.marks;
        self.percents += u64::from(cell.marks & PERCENT != 0);
    }

    /// Counts so many missing cells, from that place on.
    pub(super) fn count_missing(&mut self, count: u64, first: &Place) {
        if count > 0 {
            if self.of(Sort::Missing) == 0 {
                self.firsts.push((Sort::Missing, *first));
            }
            self.counts[Sort::Missing as usize] += count;
        }
    }

    /// Counts more cells like one that was counted before.
    pub(super) fn again(&mut self, cell: Cell, cells: u64) {
        self.counts[cell.sort as usize] += cells;
        self.percents += if cell.marks & PERCENT == 0 { 0 } else { cells };
    }

    /// Where each sort occurs first, to be changed.
    pub(super) fn places(&mut self) -> impl Iterator<Item = &mut Place> {
        self.firsts.iter_mut().map(|(_, place)| place)
    }

    /// Whether another tally counts the same.
    pub(super) fn has_counts_of(&self, other: &Self) -> bool {
        self.counts == other.counts && self.marks == other.marks && self.percents == other.percents
    }

    /// The counts of sorts, where each occurs first, all marks, and cells with a percent sign.
    pub(super) fn parts(&self) -> (&[u64; SORTS], &[(Sort, Place)], u16, u64) {
        (&self.counts, &self.firsts, self.marks, self.percents)
    }

    /// The tally of such parts.
    pub(super) fn of_parts(counts: [u64; SORTS], firsts: Vec<(Sort, Place)>, marks: u16, percents: u64) -> Self {
        Self {
            counts,
            firsts,
            marks,
            percents,
        }
    }

    /// Adds the tally of rows that come later in the file.
    pub(super) fn merge(&mut self, later: &Self) {
        for &(sort, place) in &later.firsts {
            if self.of(sort) == 0 {
                self.firsts.push((sort, place));
            }
        }
        for (count, more) in self.counts.iter_mut().zip(&later.counts) {
            *count += more;
        }
        self.marks |= later.marks;
        self.percents += later.percents;
    }

    /// Cells of a sort.
    pub(super) fn of(&self, sort: Sort) -> u64 {
        self.counts[sort as usize]
    }

    fn sum(&self, sorts: &[Sort]) -> u64 {
        sorts.iter().map(|&sort| self.of(sort)).sum()
    }

    /// Cells that are not missing in a column of that shape.
    pub(super) fn values(&self, shape: Shape) -> u64 {
        self.counts.iter().sum::<u64>() - self.missing(shape)
    }

    /// Cells that are missing in a column of that shape.
    pub(super) fn missing(&self, shape: Shape) -> u64 {
        match shape {
            Shape::Numbers | Shape::Times => self.of(Sort::Missing) + self.of(Sort::Question),
            Shape::Empty | Shape::Texts => self.of(Sort::Missing),
        }
    }

    /// Cells that are numbers in a style.
    pub(super) fn numbers(&self, style: Style) -> u64 {
        self.all().filter(|&(sort, _)| is_number(sort, style)).map(|(_, count)| count).sum()
    }

    /// Cells that are times in a style.
    pub(super) fn times(&self, style: Style) -> u64 {
        self.all().filter(|&(sort, _)| is_time(sort, style)).map(|(_, count)| count).sum()
    }

    fn all(&self) -> impl Iterator<Item = (Sort, u64)> + '_ {
        self.firsts.iter().map(|&(sort, _)| (sort, self.of(sort)))
    }

    /// The first cell that is missing in a column of that shape.
    pub(super) fn first_missing(&self, shape: Shape) -> Option<&Place> {
        let question = matches!(shape, Shape::Numbers | Shape::Times);
        self.first(|sort| sort == Sort::Missing || question && sort == Sort::Question)
    }

    /// The first value that does not fit what was decided.
    pub(super) fn first_misfit(&self, decision: Decision) -> Option<&Place> {
        let is_value = |sort| !matches!(sort, Sort::Missing | Sort::Question);
        match decision.shape {
            Shape::Numbers => self.first(|sort| is_value(sort) && !is_number(sort, decision.style)),
            Shape::Times => self.first(|sort| is_value(sort) && !is_time(sort, decision.style)),
            Shape::Empty | Shape::Texts => None,
        }
    }

    fn first(&self, is_so: impl Fn(Sort) -> bool) -> Option<&Place> {
        let found = self.firsts.iter().filter(|(sort, _)| is_so(*sort));
        found.map(|(_, place)| place).min_by_key(|place| place.byte)
    }

    /// What the values are in a style, by rules 1 to 3.
    pub(super) fn shape(&self, style: Style) -> Shape {
        if self.values(Shape::Texts) == 0 {
            Shape::Empty
        } else if self.are_nearly_all(self.times(style)) && style.stamp.is_some() {
            Shape::Times
        } else if self.are_nearly_all(self.numbers(style)) && !self.has_currencies() && (style.percents || !self.are_percentages()) {
            Shape::Numbers
        } else if self.are_nearly_all(self.times(style)) {
            Shape::Times
        } else {
            Shape::Texts
        }
    }

    /// Whether so many cells are 95 % of the values, `?` taken for missing; of no values, none are.
    pub(super) fn are_nearly_all(&self, count: u64) -> bool {
        let values = u128::from(self.values(Shape::Numbers));
        values > 0 && u128::from(count) * 100 >= values * 95
    }

    /// Whether more values than may be wrong have a percent sign.
    fn are_percentages(&self) -> bool {
        !self.are_nearly_all(self.values(Shape::Numbers) - self.percents)
    }

    /// Cells with a percent sign.
    pub(super) fn percents(&self) -> u64 {
        self.percents
    }

    /// Whether amounts of several currencies occur.
    pub(super) fn has_currencies(&self) -> bool {
        (self.marks & MONEY).count_ones() > 1
    }

    /// Whether all cells have the same value as numbers in both styles.
    pub(super) fn are_same_numbers(&self, a: Style, b: Style) -> bool {
        a.decimal == b.decimal || self.sum(&[Sort::Point, Sort::PointSeconds, Sort::Comma, Sort::Dotted, Sort::Commaed]) == 0
    }

    /// Whether all cells have the same value as times in both styles.
    pub(super) fn are_same_times(&self, a: Style, b: Style) -> bool {
        let same_order = a.order == b.order || self.sum(&[Sort::DayFirst, Sort::MonthFirst, Sort::EitherFirst]) == 0;
        same_order && a.stamp == b.stamp && (a.stamp.is_none() || self.are_same_numbers(a, b))
    }

    /// Whether all values are of one yes-or-no pair, by rule 4.
    pub(super) fn is_boolean(&self) -> bool {
        let is_pair = |pair: usize| {
            let both = 0b11 << (2 * pair);
            let is_letter = super::cell::WORDS[2 * pair].len() == 1;
            self.marks != 0 && self.marks & !both == 0 && (!is_letter || self.marks == both)
        };
        self.of(Sort::Word) == self.values(Shape::Texts) && (0..super::cell::WORDS.len() / 2).any(is_pair)
    }

    /// Whether so many different texts make a categorical column, by rule 5.
    pub(super) fn is_categorical(&self, levels: u64) -> bool {
        let values = self.values(Shape::Texts);
        values <= FEW_VALUES || levels * 2 <= values
    }
}

#[cfg(test)]
mod tests {
    use super::super::cell::classify;
    use super::super::rules::Rules;
    use super::*;

    fn tally<'a>(cells: impl IntoIterator<Item = &'a str>) -> Tally {
        let mut tally = Tally::default();
        for (row, cell) in cells.into_iter().enumerate() {
            let place = Place {
                byte: row as u64,
                line: row as u64 + 2,
            };
            tally.count(classify(cell.as_bytes(), &Rules::default()), &place);
        }
        tally
    }

    #[test]
    fn ninety_five_percent_decides() {
        assert_eq!(tally([]).shape(Style::PLAIN), Shape::Empty);
        assert_eq!(tally(["", "NA"]).shape(Style::PLAIN), Shape::Empty);
        assert_eq!(
            tally(["1"; 19].into_iter().chain(["x", "", ""])).shape(Style::PLAIN),
            Shape::Numbers
        );
        assert_eq!(tally(["1"; 18].into_iter().chain(["x"])).shape(Style::PLAIN), Shape::Texts);
        assert_eq!(tally(["2020-01-01"; 19].into_iter().chain(["7"])).shape(Style::PLAIN), Shape::Times);
        assert_eq!(tally(["007", "008"]).shape(Style::PLAIN), Shape::Texts);
    }

    #[test]
    fn booleans_are_one_pair_of_words() {
        for yes in [
            &["true"][..],
            &["True", "FALSE"],
            &["yes", "no"],
            &["t", "F"],
            &["y", "n", "Y"],
            &["on", "OFF"],
            &["off"],
        ] {
            assert!(tally(yes.iter().copied()).is_boolean(), "{yes:?}");
        }
        for no in [
            &["true", "no"][..],
            &["F"],
            &["y"],
            &["y", "f"],
            &["t", "f", "x"],
            &["true", "1"],
            &["on", "no"],
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
        let line = |place: Option<&Place>| place.map(|place| place.line);
        let misfit = |shape| {
            line(tally.first_misfit(Decision {
                shape,
                style: Style::PLAIN,
            }))
        };
        assert_eq!(line(tally.first_missing(Shape::Numbers)), Some(3));
        assert_eq!((misfit(Shape::Numbers), misfit(Shape::Times)), (Some(4), Some(2)));
        assert_eq!(
            (
                tally.missing(Shape::Numbers),
                tally.numbers(Style::PLAIN),
                tally.times(Style::PLAIN)
            ),
            (2, 1, 1)
        );
    }

    #[test]
    fn tallies_of_parts_add_up() {
        let cells = ["1", "", "x", "2020-01-01", "", "y", "true"];
        for cut in 0..=cells.len() {
            let (mut whole, mut parts) = (Tally::default(), [Tally::default(), Tally::default()]);
            for (row, cell) in cells.iter().enumerate() {
                let cell = classify(cell.as_bytes(), &Rules::default());
                let place = Place {
                    byte: row as u64 * 2,
                    line: row as u64,
                };
                whole.count(cell, &place);
                parts[usize::from(row >= cut)].count(cell, &place);
            }
            let [mut first, second] = parts;
            first.merge(&second);
            assert_eq!(first, whole);
        }
    }
}
