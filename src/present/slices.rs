//! Where weak spots are looked for: which columns, and the predicates that a user types.

use std::collections::BTreeSet;

use crate::data::{DataError, Kind, Predicate, PredicateError, Role, closest};
use crate::engine::{InspectedColumn, Inspection};
use crate::run::slices::MOST_LEVELS;

/// Which columns a user leaves out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Looks {
    /// Whether feature columns are looked at, or sensitive ones alone.
    pub features: bool,
    /// Columns that are not looked at.
    pub left_out: BTreeSet<String>,
}

impl Default for Looks {
    fn default() -> Self {
        Self {
            features: true,
            left_out: BTreeSet::new(),
        }
    }
}

impl Looks {
    /// The columns that may be looked at with these roles, in file order, each with whether it is.
    pub fn columns(&self, inspection: &Inspection, role_of: impl Fn(&str) -> Role) -> Vec<(String, bool)> {
        let may_be = |column: &&InspectedColumn| match role_of(&column.name) {
            Role::Sensitive => true,
            Role::Feature => self.features && is_feature(column),
            _ => false,
        };
        let columns = inspection.columns.iter().filter(may_be);
        columns
            .map(|column| (column.name.clone(), !self.left_out.contains(&column.name)))
            .collect()
    }

    /// The setting that says so; `None` where it is what the engine does unasked.
    pub fn setting(&self, inspection: &Inspection, role_of: impl Fn(&str) -> Role) -> Option<Vec<String>> {
        let columns = self.columns(inspection, role_of);
        if !self.features && columns.iter().all(|(_, is_in)| *is_in) {
            return None;
        }
        Some(columns.into_iter().filter(|(_, is_in)| *is_in).map(|(name, _)| name).collect())
    }
}

/// Whether the column of a feature has levels or bins: a few levels, or numbers.
fn is_feature(column: &InspectedColumn) -> bool {
    match column.kind {
        Kind::Numeric => true,
        Kind::Categorical | Kind::Boolean => column.levels.is_none_or(|levels| (2..=MOST_LEVELS as u64).contains(&levels)),
        Kind::Time | Kind::Text | Kind::Empty => false,
    }
}

/// Reads a predicate a line; empty lines are none.
///
/// # Errors
/// With the line and the place of the first that is none.
pub fn predicates(text: &str) -> Result<Vec<String>, String> {
    let mut predicates = Vec::new();
    for (line, text) in lines(text) {
        let predicate: Predicate = text.parse().map_err(|error| said(line, &error))?;
        predicates.push(predicate.to_string());
    }
    Ok(predicates)
}

/// What is wrong with the columns that the predicates name, in the words of the first fault.
pub fn fault(text: &str, inspection: &Inspection) -> Option<String> {
    lines(text).find_map(|(line, text)| {
        let predicate: Predicate = text.parse().ok()?;
        let columns = predicate.columns();
        columns.into_iter().find_map(|named| {
            let found = inspection.columns.iter().find(|column| column.name == named.value);
            let column = named.value.clone();
            let error = match found.map(|column| column.kind) {
                None => {
                    let names = inspection.columns.iter().map(|column| column.name.as_str());
                    DataError::UnknownColumn {
                        closest: closest(&column, names),
                        column,
                    }
                }
                Some(Kind::Text) => DataError::NotKept { column },
                Some(Kind::Empty) => DataError::NoValues { column },
                Some(_) => return None,
            };
            Some(said(line, &PredicateError::Column { at: named.at, error }))
        })
    })
}

/// The lines that hold something, each with its number where there are several.
fn lines(text: &str) -> impl Iterator<Item = (Option<usize>, &str)> {
    let are_several = text.lines().filter(|line| !line.trim().is_empty()).count() > 1;
    let filled = text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty());
    filled.map(move |(place, line)| (are_several.then_some(place + 1), line))
}

fn said(line: Option<usize>, error: &PredicateError) -> String {
    match line {
        Some(line) => format!("Line {line}: {error}"),
        None => error.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::super::session::tests::inspection;
    use super::*;

    fn looked_at(looks: &Looks) -> Option<Vec<String>> {
        let mut inspection = inspection(&["y", "sex", "age", "job", "city", "day", "note"]);
        for (column, (kind, levels)) in inspection.columns.iter_mut().zip([
            (Kind::Numeric, None),
            (Kind::Categorical, Some(2)),
            (Kind::Numeric, None),
            (Kind::Categorical, Some(50)),
            (Kind::Categorical, Some(51)),
            (Kind::Time, None),
            (Kind::Text, None),
        ]) {
            (column.kind, column.levels) = (kind, levels);
        }
        let role_of = |name: &str| match name {
            "y" => Role::Label,
            "sex" => Role::Sensitive,
            _ => Role::Feature,
        };
        looks.setting(&inspection, role_of)
    }

    #[test]
    fn features_of_few_levels_or_of_numbers_are_looked_at_unless_left_out() {
        let mut looks = Looks::default();
        let names = |names: &[&str]| Some(names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>());
        assert_eq!(looked_at(&looks), names(&["sex", "age", "job"]));
        looks.left_out.insert("age".to_owned());
        assert_eq!(looked_at(&looks), names(&["sex", "job"]));
        looks.features = false;
        assert_eq!(looked_at(&looks), None);
        looks.left_out.insert("sex".to_owned());
        assert_eq!(looked_at(&looks), names(&[]));
    }

    #[test]
    fn each_line_is_a_predicate_and_a_fault_says_which() {
        assert_eq!(predicates(" \n"), Ok(vec![]));
        assert_eq!(
            predicates("age>=65\n\n sex==Female \n"),
            Ok(vec!["age >= 65".to_owned(), "sex = \"Female\"".to_owned()])
        );
        assert_eq!(
            predicates("age >="),
            Err("The predicate ends where a number, a word, or a text between double quotes is expected.".to_owned())
        );
        assert_eq!(
            predicates("age > 5\n\nsex is 5"),
            Err("Line 3: At character 8, expected missing, or not missing, found \"5\".".to_owned())
        );
    }

    #[test]
    fn columns_that_do_not_exist_are_named_with_their_place() {
        let mut inspection = inspection(&["age", "note"]);
        assert_eq!(fault("age > 5", &inspection), None);
        assert_eq!(
            fault("age > 5\nagee > 5", &inspection).as_deref(),
            Some("Line 2: At character 1: There is no column \"agee\". The closest names are: \"age\".")
        );
        inspection.columns[1].kind = Kind::Text;
        assert_eq!(
            fault("age > 5 and note = a", &inspection).as_deref(),
            Some("At character 13: Column \"note\" holds free text, which is not kept. Choose a column of numbers or categories.")
        );
    }
}
