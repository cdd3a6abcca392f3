//! A typed column in memory, and its two other readings: as levels and as numbers.

use std::borrow::Cow;
use std::cmp::Ordering;
use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::packed::Narrow;
use super::time::{self, MISSING_TIME};
use super::{Codes, DataError, Numbers, Times, cell};

/// What a column was read as.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// Numbers.
    Numeric,
    /// Two spellings of yes and no.
    Boolean,
    /// A limited set of texts.
    Categorical,
    /// Dates or times.
    Time,
    /// Texts too various to be categories; the values are not kept.
    Text,
    /// Nothing but missing values.
    Empty,
}

/// The code of a missing value in [`Levels::codes`].
pub const MISSING: u32 = u32::MAX;

/// Dictionary-coded texts.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Levels {
    /// One code a row: an index into `names`, or [`MISSING`].
    pub codes: Codes,
    /// The distinct texts, in order of first appearance.
    pub names: Vec<String>,
}

/// The values of a column, one a row.
#[derive(Debug, Clone, PartialEq)]
pub enum Values {
    /// Numbers; NaN is missing, infinities are kept.
    Numeric(Numbers),
    /// Dictionary codes (categorical and boolean columns).
    Levels(Levels),
    /// Microseconds since 1970-01-01T00:00:00Z; `i64::MIN` is missing.
    Time(Times),
    /// Not kept.
    None,
}

/// A named column.
#[derive(Debug, Clone, PartialEq)]
pub struct Column {
    /// The header's name, made unique.
    pub name: String,
    /// What it was read as.
    pub kind: Kind,
    /// Its values, one a row that was kept.
    pub values: Values,
    /// Rows with an empty cell or a missing marker.
    pub missing: u64,
    /// Rows whose text did not fit the kind; they count as missing too.
    pub invalid: u64,
}

impl Column {
    /// The column as dictionary codes, whatever its kind, with at most `most` levels in order of first appearance.
    ///
    /// A number is named by its shortest text that reads back (`1` for 1.0 and 0 for -0), a time by its ISO text. Missing and invalid
    /// values have the code [`MISSING`].
    ///
    /// # Errors
    /// When there are more levels, or when the column keeps no values.
    pub fn to_levels(&self, most: usize) -> Result<Cow<'_, Levels>, DataError> {
        let too_many = |found: usize| DataError::TooManyLevels {
            column: self.name.clone(),
            found: found as u64,
            most: most as u64,
        };
        match &self.values {
            Values::Levels(levels) if levels.names.len() > most => Err(too_many(levels.names.len())),
            Values::Levels(levels) => Ok(Cow::Borrowed(levels)),
            Values::Numeric(values) => {
                if let Some(narrow) = values.narrow() {
                    return code_few(values, narrow, most).map(Cow::Owned).map_err(too_many);
                }
                let keys = values.iter().map(|value| (!value.is_nan()).then(|| (value + 0.0).to_bits()));
                code(keys, most, |bits| number_text(f64::from_bits(bits)))
                    .map(Cow::Owned)
                    .map_err(too_many)
            }
            Values::Time(values) => {
                let keys = values.iter().map(|value| (value != MISSING_TIME).then_some(value));
                code(keys, most, time::format).map(Cow::Owned).map_err(too_many)
            }
            Values::None => Err(self.has_no_values()),
        }
    }

    /// The column as numbers, NaN where it is missing: a numeric one as it is, levels that all spell numbers by their value, yes-or-no
    /// words as 1 and 0.
    ///
    /// # Errors
    /// When some value is not a number, or when the column keeps no values.
    pub fn to_numbers(&self) -> Result<Cow<'_, [f64]>, DataError> {
        match &self.values {
            Values::Numeric(values) => Ok(values.wide()),
            Values::Levels(levels) => {
                let mut numbers = Vec::with_capacity(levels.names.len());
                for (code, name) in levels.names.iter().enumerate() {
                    let row = || levels.codes.iter().position(|other| other as usize == code);
                    numbers.push(self.number_of(name).ok_or_else(|| self.not_numbers(name.clone(), row()))?);
                }
                let value = |code: u32| numbers.get(code as usize).copied().unwrap_or(f64::NAN);
                Ok(Cow::Owned(levels.codes.iter().map(value).collect()))
            }
            Values::Time(values) => {
                let row = values.iter().position(|value| value != MISSING_TIME);
                let text = row.map(|row| time::format(values.get(row))).unwrap_or_default();
                Err(self.not_numbers(text, row))
            }
            Values::None => Err(self.has_no_values()),
        }
    }

    /// How many different values the column has, where they are kept as levels.
    pub fn level_count(&self) -> Option<usize> {
        match &self.values {
            Values::Levels(levels) => Some(levels.names.len()),
            _ => None,
        }
    }

    fn number_of(&self, name: &str) -> Option<f64> {
        if self.kind == Kind::Boolean {
            let is_yes = ["true", "yes", "t", "y"].iter().any(|yes| name.eq_ignore_ascii_case(yes));
            return Some(f64::from(u8::from(is_yes)));
        }
        cell::number(name.trim_ascii().as_bytes())
    }

    fn not_numbers(&self, value: String, row: Option<usize>) -> DataError {
        DataError::NotNumbers {
            column: self.name.clone(),
            value,
            row: row.map(|row| row as u64 + 1),
        }
    }

    fn has_no_values(&self) -> DataError {
        let column = self.name.clone();
        match self.kind {
            Kind::Empty => DataError::NoValues { column },
            _ => DataError::NotKept { column },
        }
    }
}

/// Dictionary codes of numbers of few; the number of levels reached when there are more than `most`.
fn code_few(values: &Numbers, narrow: Narrow<'_>, most: usize) -> Result<Levels, usize> {
    const NEW: u32 = MISSING - 1;
    let number = narrow.table(&|value| if value.is_nan() { f64::NAN } else { value + 0.0 }.to_bits());
    let missing = f64::NAN.to_bits();
    let mut known: Vec<u32> = number.iter().map(|bits| if *bits == missing { MISSING } else { NEW }).collect();
    let mut levels = Levels {
        codes: Codes::with_room(0, values.len()),
        ..Levels::default()
    };
    for row in 0..values.len() {
        let place = narrow.place(row);
        if known[place] == NEW {
            let next = levels.names.len();
            if next == most {
                return Err(next + 1);
            }
            levels.names.push(number_text(f64::from_bits(number[place])));
            known[place] = next as u32;
            // Zero stands in two places: negative zero is no other number.
            if number[place] == 0 {
                known
                    .iter_mut()
                    .zip(&number)
                    .filter(|(_, bits)| **bits == 0)
                    .for_each(|(code, _)| *code = next as u32);
            }
        }
        levels.codes.push(known[place]);
    }
    Ok(levels)
}

/// Dictionary codes of `keys`; the number of levels reached when there are more than `most`.
fn code<K: Copy + Ord>(keys: impl Iterator<Item = Option<K>>, most: usize, name: impl Fn(K) -> String) -> Result<Levels, usize> {
    let mut known: BTreeMap<K, u32> = BTreeMap::new();
    // The first levels are looked at one by one: most columns that are read so have no more.
    const FIRST: usize = 8;
    let mut first: Vec<K> = Vec::with_capacity(FIRST);
    let mut levels = Levels {
        codes: Codes::with_room(0, keys.size_hint().0),
        ..Levels::default()
    };
    for key in keys {
        let Some(key) = key else {
            levels.codes.push(MISSING);
            continue;
        };
        if let Some(code) = first.iter().position(|own| *own == key) {
            levels.codes.push(code as u32);
            continue;
        }
        let next = levels.names.len();
        let code = *known.entry(key).or_insert(next as u32);
        if code as usize == next {
            if next == most {
                return Err(next + 1);
            }
            levels.names.push(name(key));
            if next < FIRST {
                first.push(key);
            }
        }
        levels.codes.push(code);
    }
    Ok(levels)
}

/// The shortest text of a number that reads back: plain digits where they are few, an exponent otherwise.
///
/// ```
/// use assay::data::column::number_text;
/// assert_eq!(number_text(1.0), "1");
/// assert_eq!(number_text(-0.0), "0");
/// assert_eq!(number_text(0.1), "0.1");
/// assert_eq!(number_text(1e300), "1e300");
/// ```
pub fn number_text(value: f64) -> String {
    let size = value.abs();
    if value == 0.0 {
        "0".to_owned()
    } else if size.is_finite() && !(1e-7..1e17).contains(&size) {
        format!("{value:e}")
    } else {
        format!("{value}")
    }
}

/// The number that a level's name spells, where it spells one.
pub fn level_number(name: &str) -> Option<f64> {
    cell::number(name.as_bytes()).map(|value| value + 0.0)
}

/// The order in which levels are shown: numbers by value and before texts, texts by their bytes.
///
/// A total order on texts; two spellings of one number (`1` and `1.0`) go by their bytes.
pub fn level_order(a: &str, b: &str) -> Ordering {
    match (level_number(a), level_number(b)) {
        (Some(x), Some(y)) => x.total_cmp(&y).then_with(|| a.cmp(b)),
        (Some(_), None) => Ordering::Less,
        (None, Some(_)) => Ordering::Greater,
        (None, None) => a.cmp(b),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn column(kind: Kind, values: Values) -> Column {
        Column {
            name: "x".into(),
            kind,
            values,
            missing: 0,
            invalid: 0,
        }
    }

    fn levels(kind: Kind, names: &[&str], codes: &[u32]) -> Column {
        let names = names.iter().map(|&name| name.to_owned()).collect();
        let codes = codes.to_vec().into();
        column(kind, Values::Levels(Levels { codes, names }))
    }

    #[test]
    fn numbers_become_levels() {
        let numbers = column(
            Kind::Numeric,
            Values::Numeric(vec![1.0, f64::NAN, 0.5, -0.0, 0.0, 1.0, f64::INFINITY].into()),
        );
        let found = numbers.to_levels(4).unwrap();
        assert_eq!(found.codes, [0, MISSING, 1, 2, 2, 0, 3]);
        assert_eq!(found.names, ["1", "0.5", "0", "inf"]);
        let error = numbers.to_levels(3).unwrap_err();
        assert_eq!(
            error.to_string(),
            "Column \"x\" has at least 4 different values and at most 3 can be told apart. Choose a column with fewer, or group its values first."
        );
    }

    #[test]
    fn times_become_levels() {
        let times = column(Kind::Time, Values::Time(vec![0, MISSING_TIME, 1_500_000, 0].into()));
        let found = times.to_levels(10).unwrap();
        assert_eq!(found.codes, [0, MISSING, 1, 0]);
        assert_eq!(found.names, ["1970-01-01", "1970-01-01T00:00:01.5"]);
    }

    #[test]
    fn levels_stay_as_they_are_up_to_the_cap() {
        let column = levels(Kind::Categorical, &["b", "a"], &[0, 1, MISSING]);
        assert!(matches!(column.to_levels(2), Ok(Cow::Borrowed(_))));
        assert_eq!(
            column.to_levels(1),
            Err(DataError::TooManyLevels {
                column: "x".into(),
                found: 2,
                most: 1
            })
        );
    }

    #[test]
    fn what_is_not_kept_is_an_error() {
        let text = column(Kind::Text, Values::None);
        assert_eq!(
            text.to_levels(9).unwrap_err().to_string(),
            "Column \"x\" holds free text, which is not kept. Choose a column of numbers or categories."
        );
        let empty = column(Kind::Empty, Values::None);
        assert_eq!(
            empty.to_numbers().unwrap_err().to_string(),
            "Column \"x\" holds no values. Choose another column."
        );
    }

    #[test]
    fn numbers_of_few_become_levels_as_all_others_do() {
        let some = [-0.0, 2.5, f64::NAN, 0.0, f64::INFINITY, -1.0];
        let of_rows = |rows: usize| {
            let values: Vec<f64> = (0..rows).map(|row| some[row % some.len()]).collect();
            column(Kind::Numeric, Values::Numeric(values.into()))
        };
        let (few, all) = (of_rows(12), of_rows(300));
        let (few, all) = (few.to_levels(4).unwrap(), all.to_levels(4).unwrap());
        assert_eq!(all.names, ["0", "2.5", "inf", "-1"]);
        assert_eq!((&all.names, &all.codes.to_vec()[..12]), (&few.names, few.codes.to_vec().as_slice()));
        assert_eq!(of_rows(300).to_levels(3).unwrap_err(), of_rows(12).to_levels(3).unwrap_err());
    }

    #[test]
    fn levels_that_spell_numbers_become_numbers() {
        let numbers = levels(Kind::Categorical, &["3", "0.5"], &[1, 0, MISSING]);
        let found = numbers.to_numbers().unwrap();
        assert_eq!(found[..2], [0.5, 3.0]);
        assert!(found[2].is_nan());
        let words = levels(Kind::Boolean, &["No", "YES"], &[0, 1]);
        assert_eq!(*words.to_numbers().unwrap(), [0.0, 1.0]);
    }

    #[test]
    fn a_value_that_is_no_number_is_named_with_its_row() {
        let mixed = levels(Kind::Categorical, &["3", "high"], &[0, MISSING, 1]);
        assert_eq!(
            mixed.to_numbers().unwrap_err().to_string(),
            "Column \"x\" must hold numbers and holds \"high\" (row 3). Choose a column of numbers."
        );
        let times = column(Kind::Time, Values::Time(vec![MISSING_TIME, 0].into()));
        assert_eq!(
            times.to_numbers(),
            Err(DataError::NotNumbers {
                column: "x".into(),
                value: "1970-01-01".into(),
                row: Some(2)
            })
        );
    }

    #[test]
    fn numbers_come_before_texts() {
        let mut names = vec!["b", "10", "a", "-inf", "9", "007", "1.0", "1", "é"];
        names.sort_by(|a, b| level_order(a, b));
        assert_eq!(names, ["-inf", "1", "1.0", "9", "10", "007", "a", "b", "é"]);
    }

    proptest! {
        #[test]
        fn number_texts_read_back(bits in any::<u64>()) {
            let value = f64::from_bits(bits);
            prop_assume!(!value.is_nan());
            let text = number_text(value);
            prop_assert_eq!(cell::number(text.as_bytes()), Some(value), "{}", text);
            prop_assert!(text.len() < 30);
        }

        #[test]
        fn the_order_is_total(names in proptest::collection::vec("[-+0-9.einfa]{0,4}", 3)) {
            let [a, b, c] = [&names[0], &names[1], &names[2]];
            prop_assert_eq!(level_order(a, b), level_order(b, a).reverse());
            prop_assert_eq!(level_order(a, b) == Ordering::Equal, a == b);
            if level_order(a, b) != Ordering::Greater && level_order(b, c) != Ordering::Greater {
                prop_assert!(level_order(a, c) != Ordering::Greater);
            }
        }
    }
}
