//! Whole rows held against each other: repeated ones, contradicting ones, those that the reference has too.
//!
//! Rows are first told apart by a number of 64 bits made from their values; where two have the same number, the values themselves decide, so
//! that no answer hangs on the number.

use super::{Said, Settings, own_columns};
use crate::data::column::MISSING;
use crate::data::{Column, Kind, MISSING_TIME, NoticeCode, Role, Values};
use crate::metric::quality::share;
use crate::metric::reading::{Evidence, Reading};
use crate::metric::{Source, UndefinedCode};
use crate::run::columns::Files;
use crate::stats::order;
use crate::stats::rank::rising_key;

/// How many rows each row stands for; `None` for one that is not used.
type Count<'a> = dyn Fn(usize) -> Option<u64> + 'a;

/// Spreads the bits of a number. Source: Steele, Lea and Flood 2014, SplitMix64.
const fn mixed(bits: u64) -> u64 {
    let bits = (bits ^ (bits >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let bits = (bits ^ (bits >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    bits ^ (bits >> 31)
}

/// The number of a text: the same in every file.
fn of_text(text: &str) -> u64 {
    let steps = text.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |bits, byte| {
        (bits ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3)
    });
    mixed(steps)
}

/// Adds a column's values to the rows' numbers; taking the same from the result again takes the column out.
fn add(hashes: &mut [u64], column: &Column, place: usize, is_added: bool) {
    const NONE: u64 = 0x5851_f42d_4c95_7f2d;
    let seed = mixed((place as u64 + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15));
    let own = |bits: u64| mixed(bits ^ seed);
    let mut put = |row: usize, own: u64| {
        hashes[row] = if is_added {
            hashes[row].wrapping_add(own)
        } else {
            hashes[row].wrapping_sub(own)
        };
    };
    match &column.values {
        Values::Numeric(values) => {
            let of = |value: f64| own(if value.is_nan() { NONE } else { rising_key(value) });
            if let Some(narrow) = values.narrow() {
                let table = narrow.table(&of);
                (0..values.len()).for_each(|row| put(row, table[narrow.place(row)]));
            } else {
                values.iter().enumerate().for_each(|(row, value)| put(row, of(value)));
            }
        }
        Values::Time(values) => {
            for (row, value) in values.iter().enumerate() {
                put(row, own(if value == MISSING_TIME { NONE } else { value as u64 }));
            }
        }
        Values::Levels(levels) => {
            let names: Vec<u64> = levels.names.iter().map(|name| own(of_text(name))).collect();
            let none = own(NONE);
            for (row, code) in levels.codes.iter().enumerate() {
                put(row, if code == MISSING { none } else { names[code as usize] });
            }
        }
        Values::None => {}
    }
}

fn hashes(columns: &[&Column], rows: usize) -> Vec<u64> {
    let mut hashes = vec![0; rows];
    for (place, column) in columns.iter().enumerate() {
        add(&mut hashes, column, place, true);
    }
    hashes
}

/// Whether two rows have the same value in a column of each of two files, two missing ones being alike.
fn is_same((a, row): (&Column, usize), (b, other): (&Column, usize)) -> bool {
    match (&a.values, &b.values) {
        (Values::Numeric(a), Values::Numeric(b)) => {
            let (a, b) = (a.get(row), b.get(other));
            a == b || a.is_nan() && b.is_nan()
        }
        (Values::Time(a), Values::Time(b)) => a.get(row) == b.get(other),
        (Values::Levels(a), Values::Levels(b)) => match (a.codes.get(row), b.codes.get(other)) {
            (MISSING, MISSING) => true,
            (MISSING, _) | (_, MISSING) => false,
            (x, y) => a.names[x as usize] == b.names[y as usize],
        },
        (Values::None, Values::None) => true,
        _ => false,
    }
}

fn are_same(a: &[&Column], row: usize, b: &[&Column], other: usize) -> bool {
    a.iter().zip(b).all(|(a, b)| is_same((a, row), (b, other)))
}

/// Which numbers occur among some, and few others: a bit for each of 32 times as many.
struct Bits {
    words: Vec<u64>,
}

impl Bits {
    fn new(numbers: usize) -> Self {
        let bits = (numbers.max(2) * 32).next_power_of_two();
        Self { words: vec![0; bits / 64] }
    }

    fn place(&self, number: u64) -> (usize, u64) {
        // The words are a power of two.
        ((number >> 6) as usize & (self.words.len() - 1), 1 << (number % 64))
    }

    fn set(&mut self, number: u64) {
        let (word, bit) = self.place(number);
        self.words[word] |= bit;
    }

    fn has(&self, number: u64) -> bool {
        let (word, bit) = self.place(number);
        self.words[word] & bit != 0
    }
}

/// Rows that are alike, put together: each class with two rows or more, in the order of their numbers.
fn alike(columns: &[&Column], hashes: &[u64], is_used: &dyn Fn(usize) -> bool) -> Vec<Vec<u32>> {
    // Every number sets a bit of many; only rows whose bit another one set, too, can be alike.
    let (mut once, mut again) = (Bits::new(hashes.len()), Bits::new(hashes.len()));
    for row in (0..hashes.len()).filter(|row| is_used(*row)) {
        if once.has(hashes[row]) {
            again.set(hashes[row]);
        } else {
            once.set(hashes[row]);
        }
    }
    drop(once);
    let is_repeated = |row: &usize| again.has(hashes[*row]) && is_used(*row);
    let mut rows: Vec<(u64, u32)> = (0..hashes.len()).filter(is_repeated).map(|row| (hashes[row], row as u32)).collect();
    rows.sort_unstable();
    let mut classes: Vec<Vec<u32>> = Vec::new();
    for run in rows.chunk_by(|a, b| a.0 == b.0).filter(|run| run.len() > 1) {
        let first = classes.len();
        for (_, row) in run {
            let same = |class: &&mut Vec<u32>| are_same(columns, class[0] as usize, columns, *row as usize);
            match classes[first..].iter_mut().find(same) {
                Some(class) => class.push(*row),
                None => classes.push(vec![*row]),
            }
        }
    }
    classes.retain(|class| class.len() > 1);
    classes
}

/// Cells without a value, and which columns miss theirs together.
pub(super) fn missing(said: &mut Said, columns: &[&Column], rows: usize, count: &Count<'_>, source: Source, settings: &Settings) {
    let mut cells = 0;
    let mut is_known = true;
    for column in columns {
        let is_missing: Box<dyn Fn(usize) -> bool> = match &column.values {
            Values::Numeric(values) => Box::new(|row| values.get(row).is_nan()),
            Values::Time(values) => Box::new(|row| values.get(row) == MISSING_TIME),
            Values::Levels(levels) => Box::new(|row| levels.codes.get(row) == MISSING),
            Values::None => {
                // Which rows they are is not known, only how many; all of them where the column is empty.
                let missing = column.missing + column.invalid;
                let every: u64 = (0..rows).filter_map(count).sum();
                is_known &= missing == 0 || missing == rows as u64 || every == rows as u64;
                cells += if missing == rows as u64 { every } else { missing };
                continue;
            }
        };
        if column.missing + column.invalid > 0 {
            cells += (0..rows).filter(|row| is_missing(*row)).filter_map(count).sum::<u64>();
        }
    }
    let every: u64 = (0..rows).filter_map(count).sum();
    let reading = if is_known {
        Reading::exact(cells as f64, every)
    } else {
        Reading::undefined(UndefinedCode::NotKept, every)
    };
    said.keep_one("missing_cells", &[], source, reading, settings);
}

/// Whether there are texts of which only the number of missing ones is known.
fn has_texts(columns: &[&Column]) -> bool {
    columns.iter().any(|column| column.kind == Kind::Text)
}

/// How many rows repeat another one in these columns.
fn repeats(columns: &[&Column], hashes: &[u64], count: &Count<'_>) -> u64 {
    let classes = alike(columns, hashes, &|row| count(row).is_some());
    let used = (0..hashes.len()).filter_map(count);
    let more: u64 = used.map(|count| count - 1).sum();
    more + classes.iter().map(|class| class.len() as u64 - 1).sum::<u64>()
}

pub(super) fn duplicates(
    said: &mut Said,
    files: &Files<'_>,
    columns: &[&Column],
    rows: usize,
    count: &Count<'_>,
    source: Source,
    settings: &Settings,
) {
    let all: u64 = (0..rows).filter_map(count).sum();
    let mut own = hashes(columns, rows);
    let repeated = repeats(columns, &own, count);
    let is_open = repeated > 0 && has_texts(columns);
    let reading = if is_open {
        Reading::undefined(UndefinedCode::NotKept, all)
    } else {
        Reading::exact(repeated as f64, all)
    };
    said.keep_one("duplicate_rows", &[], source, reading, settings);
    if source != Source::Current || files.roles.count.is_some() {
        return;
    }
    if is_open {
        let text = format!(
            "At most {repeated} of {all} rows repeat another row: they are alike in all columns but those of free text, which are not kept."
        );
        said.note(NoticeCode::NotLooked, None, Some(repeated), text);
    } else if repeated > 0 {
        let text = format!("{repeated} of {all} rows repeat another row in every column, and count twice in every number.");
        said.note(NoticeCode::Repeated, None, Some(repeated), text);
    }
    let Some(place) = columns.iter().position(|column| files.roles.role_of(&column.name) == Role::Id) else {
        return;
    };
    add(&mut own, columns[place], place, false);
    let others: Vec<&Column> = columns
        .iter()
        .enumerate()
        .filter(|(other, _)| *other != place)
        .map(|(_, column)| *column)
        .collect();
    let near = repeats(&others, &own, count);
    if near > repeated && others.len() > 1 && !has_texts(&others) {
        let text = format!(
            "{} of {all} rows repeat another row in everything but the id \"{}\".",
            near - repeated,
            columns[place].name
        );
        said.note(NoticeCode::Repeated, Some(&columns[place].name), Some(near - repeated), text);
    }
}

/// A part of all rows. Rows that are alike come together, so that no limits for single rows drawn apart fit.
fn part(some: u64, all: u64) -> Reading {
    Reading {
        evidence: Evidence::None,
        ..share(some, all)
    }
}

/// Rows alike in every feature with different labels.
pub(super) fn conflicts(said: &mut Said, files: &Files<'_>, settings: &Settings) {
    let Some(labels) = &files.rows.label else { return };
    let is_feature = |column: &&Column| {
        let role = files.roles.role_of(&column.name);
        matches!(role, Role::Feature | Role::Sensitive | Role::Control) && column.kind != Kind::Empty
    };
    let columns: Vec<&Column> = files.current.columns.iter().filter(is_feature).collect();
    if columns.is_empty() {
        return;
    }
    let count = |row: usize| {
        (labels[row] != MISSING)
            .then(|| files.rows.weight(row))
            .flatten()
            .map(|weight| weight.count)
    };
    let all: u64 = (0..files.rows.len).filter_map(count).sum();
    let own = hashes(&columns, files.rows.len);
    let classes = alike(&columns, &own, &|row| count(row).is_some());
    let differ = classes
        .iter()
        .filter(|class| class.iter().any(|row| labels[*row as usize] != labels[class[0] as usize]));
    let conflicting: u64 = differ.flatten().filter_map(|row| count(*row as usize)).sum();
    let reading = if conflicting > 0 && has_texts(&columns) {
        Reading::undefined(UndefinedCode::NotKept, all)
    } else {
        part(conflicting, all)
    };
    said.keep_one("conflicting_rows", &[], Source::Current, reading, settings);
    // Where features have few values, rows are alike by chance, and that they differ in the label is what is to be expected.
    let different = all - classes.iter().map(|class| class.len() as u64 - 1).sum::<u64>().min(all);
    if conflicting > 0 && reading.value.is_ok() && different * 2 > all {
        let text = format!(
            "{conflicting} of {all} rows are alike in every feature to a row with another label: one of the two is wrong, or a feature is lacking."
        );
        said.note(NoticeCode::Repeated, files.roles.label.as_deref(), Some(conflicting), text);
    }
}

/// Current rows that the reference has too.
pub(super) fn shared(said: &mut Said, files: &Files<'_>, settings: &Settings) {
    let Some(reference) = files.reference else { return };
    let mut pairs: Vec<(&Column, &Column)> = Vec::new();
    for column in own_columns(files.current, files.roles) {
        let is_aside = matches!(
            files.roles.role_of(&column.name),
            Role::Id | Role::Time | Role::Prediction | Role::Score | Role::ClassScore | Role::Weight | Role::Ignored
        );
        if let Some(other) = reference
            .column(&column.name)
            .filter(|other| other.kind == column.kind && !is_aside)
        {
            pairs.push((column, other));
        }
    }
    let (own, others): (Vec<&Column>, Vec<&Column>) = pairs.into_iter().unzip();
    if own.iter().all(|column| matches!(column.values, Values::None)) {
        return;
    }
    let count = super::counter(files, Source::Current);
    let is_used = super::counter(files, Source::Reference);
    let all: u64 = (0..files.rows.len).filter_map(&count).sum();
    let (hashed, known) = (hashes(&own, files.rows.len), hashes(&others, reference.rows));
    // Only current rows whose bit a reference row sets can be alike to one, and only reference rows of a number that those have.
    let mut bits = Bits::new(reference.rows);
    for row in (0..reference.rows).filter(|row| is_used(*row).is_some()) {
        bits.set(known[row]);
    }
    let likely: Vec<usize> = (0..files.rows.len).filter(|row| bits.has(hashed[*row])).collect();
    let mut wanted: Vec<u64> = likely.iter().map(|row| hashed[*row]).collect();
    order::sort_keys(&mut wanted);
    wanted.dedup();
    let mut bits = Bits::new(wanted.len());
    wanted.iter().for_each(|hash| bits.set(*hash));
    let is_wanted = |row: &usize| bits.has(known[*row]) && is_used(*row).is_some() && wanted.binary_search(&known[*row]).is_ok();
    let mut places: Vec<(u64, u32)> = (0..reference.rows).filter(is_wanted).map(|row| (known[row], row as u32)).collect();
    places.sort_unstable();
    let is_shared = |row: &usize| {
        let first = places.partition_point(|(bits, _)| *bits < hashed[*row]);
        let mut same = places[first..].iter().take_while(|(bits, _)| *bits == hashed[*row]);
        same.any(|(_, other)| are_same(&own, *row, &others, *other as usize))
    };
    let found: u64 = likely.into_iter().filter(is_shared).filter_map(&count).sum();
    let reading = if found > 0 && has_texts(&own) {
        Reading::undefined(UndefinedCode::NotKept, all)
    } else {
        part(found, all)
    };
    said.keep_one("shared_rows", &[], Source::Current, reading, settings);
    // Few columns of few values are alike by chance; different rows are not.
    let differ = || {
        let mut seen: Vec<u64> = (0..reference.rows)
            .filter(|row| is_used(*row).is_some())
            .map(|row| known[row])
            .collect();
        order::sort_keys(&mut seen);
        seen.dedup();
        seen.len() as u64 * 2 > reference.rows as u64
    };
    if found > 0 && reading.value.is_ok() && differ() {
        let text = format!("{found} of {all} rows stand in the reference too (ids, times, predictions and scores aside).");
        said.note(NoticeCode::Leakage, None, Some(found), text);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::Levels;

    fn numbers(name: &str, values: &[f64]) -> Column {
        Column {
            name: name.to_owned(),
            kind: Kind::Numeric,
            values: Values::Numeric(values.to_vec().into()),
            missing: 0,
            invalid: 0,
        }
    }

    fn texts(names: &[&str], codes: &[u32]) -> Column {
        Column {
            kind: Kind::Categorical,
            values: Values::Levels(Levels {
                codes: codes.to_vec().into(),
                names: names.iter().map(|&name| name.to_owned()).collect(),
            }),
            ..numbers("t", &[])
        }
    }

    #[test]
    fn equal_rows_are_put_together_whatever_their_numbers() {
        let a = numbers("a", &[1.0, 1.0, 0.0, -0.0, f64::NAN, f64::NAN]);
        let b = texts(&["x", "y"], &[0, 1, 1, 1, MISSING, MISSING]);
        let columns = [&a, &b];
        let expected = [vec![2, 3], vec![4, 5]];
        for own in [hashes(&columns, 6), vec![7; 6]] {
            let mut classes = alike(&columns, &own, &|_| true);
            order::sort(&mut classes);
            assert_eq!(classes, expected);
        }
        assert_eq!(repeats(&columns, &hashes(&columns, 6), &|_| Some(1)), 2);
        assert_eq!(repeats(&columns, &hashes(&columns, 6), &|row| (row != 3).then_some(2)), 6);
    }

    #[test]
    fn a_column_can_be_taken_out_again() {
        let (a, b) = (numbers("a", &[1.0, 2.0]), numbers("b", &[5.0, 5.0]));
        let mut own = hashes(&[&b, &a], 2);
        add(&mut own, &a, 1, false);
        assert_eq!(own, hashes(&[&b], 2));
        assert_eq!(own[0], own[1]);
    }

    #[test]
    fn levels_have_the_same_number_in_every_file() {
        let (a, b) = (texts(&["x", "y"], &[0, 1]), texts(&["y", "x"], &[1, 0]));
        assert_eq!(hashes(&[&a], 2), hashes(&[&b], 2));
        assert!(are_same(&[&a], 0, &[&b], 0) && !are_same(&[&a], 0, &[&b], 1));
    }
}
