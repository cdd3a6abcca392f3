//! Which rows of a table a predicate selects.

use super::{Literal, Placed, Predicate, PredicateError, Relation};
use crate::data::column::{Levels, MISSING, number_text};
use crate::data::time::{self, MISSING_TIME};
use crate::data::{Column, DataError, Kind, Numbers, Table, Times, Values, cell};

/// A part that reads one column, held against that column.
enum Test<'a> {
    /// What holds of each level, and of a missing one.
    Levels(&'a Levels, Vec<bool>, bool),
    /// What numbers are compared with, any of which may hold; or that one is there.
    Numbers(&'a Numbers, Wanted<f64>),
    /// The same of times.
    Times(&'a Times, Wanted<i64>),
    /// It reads no column.
    Nothing,
}

/// What is asked of a value.
enum Wanted<T> {
    Compare(Relation, T),
    In(Vec<T>, bool),
    Missing(bool),
}

impl<T: PartialOrd> Wanted<T> {
    /// Whether it holds of a value, `None` where there is none.
    fn holds(&self, value: Option<&T>) -> bool {
        match (self, value) {
            (Self::Missing(is_negated), value) => value.is_none() != *is_negated,
            (_, None) => false,
            (Self::Compare(relation, other), Some(value)) => relation.holds(value, other),
            (Self::In(others, is_negated), Some(value)) => others.iter().any(|other| other == value) != *is_negated,
        }
    }
}

impl Predicate {
    /// Checks that the table has the columns, and that they can hold the values.
    ///
    /// # Errors
    /// With the first column or value for which that does not hold.
    pub fn check(&self, table: &Table) -> Result<(), PredicateError> {
        match self {
            Self::Not(inner) => inner.check(table),
            Self::And(parts) | Self::Or(parts) => parts.iter().try_for_each(|part| part.check(table)),
            leaf => leaf.test(table).map(|_| ()),
        }
    }

    /// Whether each row of the table is selected.
    ///
    /// # Errors
    /// As [`check`](Self::check).
    pub fn select(&self, table: &Table) -> Result<Vec<bool>, PredicateError> {
        match self {
            Self::Not(inner) => {
                let mut rows = inner.select(table)?;
                rows.iter_mut().for_each(|is_in| *is_in = !*is_in);
                Ok(rows)
            }
            Self::And(parts) => combined(table, parts, |mine, theirs| mine & theirs),
            Self::Or(parts) => combined(table, parts, |mine, theirs| mine | theirs),
            leaf => Ok(leaf.test(table)?.rows()),
        }
    }

    /// A part that reads one column, held against it.
    fn test<'a>(&self, table: &'a Table) -> Result<Test<'a>, PredicateError> {
        let (Self::Compare { column: name, .. } | Self::In { column: name, .. } | Self::Missing { column: name, .. }) = self else {
            return Ok(Test::Nothing);
        };
        let of_column = |error| PredicateError::Column { at: name.at, error };
        let column = table.find(&name.value).map_err(of_column)?;
        match &column.values {
            Values::Numeric(values) => Ok(Test::Numbers(values, self.wanted(|literal| number(name, literal))?)),
            Values::Time(values) => Ok(Test::Times(values, self.wanted(|literal| moment(name, literal))?)),
            Values::Levels(levels) => self.of_levels(name, column, levels),
            Values::None => Err(of_column(match column.kind {
                Kind::Empty => DataError::NoValues {
                    column: column.name.clone(),
                },
                _ => DataError::NotKept {
                    column: column.name.clone(),
                },
            })),
        }
    }

    fn wanted<T>(&self, read: impl Fn(&Placed<Literal>) -> Result<T, PredicateError>) -> Result<Wanted<T>, PredicateError> {
        Ok(match self {
            Self::Compare { relation, value, .. } => Wanted::Compare(*relation, read(value)?),
            Self::In { values, is_negated, .. } => Wanted::In(values.iter().map(read).collect::<Result<_, _>>()?, *is_negated),
            Self::Missing { is_negated, .. } => Wanted::Missing(*is_negated),
            _ => Wanted::Missing(false),
        })
    }

    /// Levels are compared as texts, and by order only where all of them spell numbers.
    fn of_levels<'a>(&self, name: &Placed<String>, column: &'a Column, levels: &'a Levels) -> Result<Test<'a>, PredicateError> {
        let is_same = |level: &str, literal: &Literal| is_level(column.kind, level, literal);
        let holds: Vec<bool> = match self {
            Self::Compare { relation, value, .. } if relation.is_order() => {
                let spelt: Option<Vec<f64>> = levels.names.iter().map(|level| cell::number(level.as_bytes())).collect();
                let Some(spelt) = spelt else {
                    return Err(PredicateError::NoOrder {
                        at: name.at,
                        column: name.value.clone(),
                    });
                };
                let bound = number(name, value)?;
                spelt.iter().map(|own| relation.holds(own, &bound)).collect()
            }
            Self::Compare { relation, value, .. } => {
                let is_equal = *relation == Relation::Equal;
                levels.names.iter().map(|level| is_same(level, &value.value) == is_equal).collect()
            }
            Self::In { values, is_negated, .. } => {
                let is_any = |level: &String| values.iter().any(|value| is_same(level, &value.value));
                levels.names.iter().map(|level| is_any(level) != *is_negated).collect()
            }
            Self::Missing { is_negated, .. } => vec![*is_negated; levels.names.len()],
            _ => Vec::new(),
        };
        let of_missing = matches!(self, Self::Missing { is_negated: false, .. });
        Ok(Test::Levels(levels, holds, of_missing))
    }
}

impl Test<'_> {
    fn rows(&self) -> Vec<bool> {
        match self {
            Self::Levels(levels, holds, of_missing) => {
                let is_in = |code: u32| if code == MISSING { *of_missing } else { holds[code as usize] };
                levels.codes.iter().map(is_in).collect()
            }
            Self::Numbers(values, wanted) => values
                .iter()
                .map(|value| wanted.holds(Some(&value).filter(|value| !value.is_nan())))
                .collect(),
            Self::Nothing => Vec::new(),
            Self::Times(values, wanted) => values
                .iter()
                .map(|value| wanted.holds(Some(&value).filter(|value| **value != MISSING_TIME)))
                .collect(),
        }
    }
}

fn combined(table: &Table, parts: &[Predicate], join: impl Fn(bool, bool) -> bool) -> Result<Vec<bool>, PredicateError> {
    let mut rows: Option<Vec<bool>> = None;
    for part in parts {
        let own = part.select(table)?;
        match &mut rows {
            None => rows = Some(own),
            Some(rows) => rows.iter_mut().zip(own).for_each(|(mine, theirs)| *mine = join(*mine, theirs)),
        }
    }
    Ok(rows.unwrap_or_default())
}

/// Whether a literal means that level: a text the same text, a number the same number; yes-or-no words in any case.
fn is_level(kind: Kind, level: &str, literal: &Literal) -> bool {
    match literal {
        Literal::Text(text) if kind == Kind::Boolean => level.eq_ignore_ascii_case(text),
        Literal::Text(text) => level == text,
        Literal::Number(number) => cell::number(level.as_bytes()) == Some(*number),
    }
}

fn number(column: &Placed<String>, literal: &Placed<Literal>) -> Result<f64, PredicateError> {
    let text = match &literal.value {
        Literal::Number(number) => return Ok(*number),
        Literal::Text(text) => text,
    };
    cell::number(text.as_bytes()).ok_or_else(|| wrong(column, literal, text, "numbers", "one such as 65"))
}

fn moment(column: &Placed<String>, literal: &Placed<Literal>) -> Result<i64, PredicateError> {
    let text = match &literal.value {
        Literal::Number(number) => &number_text(*number),
        Literal::Text(text) => text,
    };
    time::parse(text.as_bytes()).ok_or_else(|| wrong(column, literal, text, "times", "one such as \"2018-10-30\""))
}

fn wrong(column: &Placed<String>, literal: &Placed<Literal>, value: &str, holds: &'static str, advice: &'static str) -> PredicateError {
    PredicateError::Value {
        at: literal.at,
        column: column.value.clone(),
        value: value.to_owned(),
        holds,
        advice,
    }
}
