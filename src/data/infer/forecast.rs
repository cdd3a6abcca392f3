//! Guesses which columns are predicted quantiles, limits of prediction intervals, and queries.

use super::super::column::number_text;
use super::super::names::Name;
use super::super::{Kind, Role};
use super::{Inference, all, is_kept, numbers};

impl Inference<'_> {
    /// Predicted quantiles, at least two, and the pair of limits, where the label is a number.
    pub(super) fn forecasts(&mut self) {
        let has_numbers = self
            .with(Role::Label)
            .is_some_and(|label| self.columns[label].kind == Kind::Numeric);
        if !has_numbers {
            return;
        }
        self.quantiles();
        self.limits();
    }

    fn quantiles(&mut self) {
        let mut found: Vec<(usize, String)> = Vec::new();
        for index in self.free().filter(|&index| numbers(&self.columns[index]).is_some()) {
            if let Some(quantile) = self.names[index].quantile().map(number_text)
                && !found.iter().any(|(_, other)| *other == quantile)
            {
                found.push((index, quantile));
            }
        }
        if found.len() < 2 {
            return;
        }
        for (index, quantile) in found {
            let why = format!("named like the predicted quantile {quantile}");
            self.parts[index] = Some((Role::Quantile, why, Some(quantile)));
        }
    }

    /// The first pair of names that are equal but for lower and upper.
    fn limits(&mut self) {
        let named: Vec<(usize, bool, String)> = self
            .free()
            .filter(|&index| numbers(&self.columns[index]).is_some())
            .filter_map(|index| self.names[index].limit().map(|(is_upper, rest)| (index, is_upper, rest)))
            .collect();
        let pair = named.iter().filter(|(_, is_upper, _)| !is_upper).find_map(|(lower, _, rest)| {
            let upper = named.iter().find(|(_, is_upper, other)| *is_upper && other == rest)?;
            Some((*lower, upper.0))
        });
        if let Some((lower, upper)) = pair {
            self.give(lower, Role::Lower, "named like a lower limit, beside an upper one");
            self.give(upper, Role::Upper, "named like an upper limit, beside a lower one");
        }
    }

    /// The query of ranked lists: named like one, with values that repeat, beside a label of whole numbers and a score.
    pub(super) fn query(&mut self) {
        let grades = self.with(Role::Label).and_then(|label| numbers(&self.columns[label]));
        let has_grades = grades.is_some_and(|grades| all(grades, |grade| grade >= 0.0 && grade.fract() == 0.0));
        if has_grades && self.with(Role::Score).is_some() {
            let repeats = |column: &super::Column| is_kept(column) && !super::are_different(column);
            self.by_name(Role::Query, Name::query, repeats, "named like a query, with values that repeat");
        }
    }
}
