//! Guesses the role of every column from its name and its content. A guess is shown with its reason and can be changed.
//!
//! With a label file, the column that joins it is the id, and its plainest name of a truth, or its only column, the label.
//!
//! A name alone never makes a role: the content must fit. In this order, a column keeping the first role it gets:
//!
//! 1. **label**: the plainest name of a truth (`y_true`, `label`, `target`, ..., `*_label`), unless it holds free text;
//! 2. **prediction**: the plainest name of a prediction (`y_pred`, `prediction`, ..., `predicted_*`);
//! 3. **count**: named `count`, `n`, `frequency`, ..., whole numbers from 1;
//! 4. **weight**: what is named `weight`, `sample_weight`, ... and holds no negative number is pointed out, but stays a feature: a weight
//!    changes every number, so it is used only where that is chosen;
//! 5. **id**: named `id`, `uuid`, `*_id`, ..., or the nameless first column, with no value twice;
//! 6. **time**: a column of times with such a name, or the only one (dates of birth left out);
//! 7. **sensitive features**: named after sex, race, religion, age group and the like, with 2 to 50 levels; what is only protected in
//!    some places (marital status, native country) when there is no other;
//! 8. a label without such a name, when there is a prediction or a score: the one column left with two values (those of the prediction,
//!    when there is one), or the one of several whose name is that of an outcome (`repaid`, `churn`);
//! 9. **predicted quantiles**, beside a label of numbers: at least two of `pred_q10`, `q90`, `yhat_p05`, ... (two digits are percent, three
//!    thousandths); **lower** and **upper** limit: the first pair such as `pred_lower` and `pred_upper`;
//! 10. **class scores**: `proba_X`, `p_X`, `score[X]`, `X_score`, ... from 0 to 1, for at least two levels X of the label or the prediction;
//! 11. **score**: the plainest name (`score`, `y_prob`, ...), those from 0 to 1 first; `*_score`, `*_proba` and `proba_1` only from 0 to 1.
//!
//! 12. **query** of ranked lists: `query`, `query_id`, `qid`, `search_id`, with values that repeat, beside a label of whole numbers from 0 and a score.
//!
//! Before all that, **several labels** at once: at least two columns of yes and no named after a label (`true_X`, `label_X`, `X_true`, ...), each with
//! a prediction (`pred_X`, `X_pred`, ...) or each with a score (named as class scores are).
//!
//! 13. **what rows took**: `latency`, `*_latency_ms`, `response_time`, `inference_time`, ... with numbers from 0; beside it the **status** of requests
//!     (`status`, `http_status`, whole numbers from 100 to 599) and **segments** (`endpoint`, `route`, `model_version`, ... of 2 to 50 levels).
//!
//! A second model's columns (`score_b`) stay features.

use std::borrow::Cow;

use super::names::{Name, Plainness, class_of, classes_of, is_positive, is_prediction_of, is_score_of, label_of_truth, same_class};
use super::{Column, Kind, Levels, Numbers, Role, Table, Values};

mod forecast;
mod taken;

/// The fewest and the most levels of a sensitive feature that is guessed.
const SENSITIVE_LEVELS: std::ops::RangeInclusive<usize> = 2..=50;

/// The most classes for which class scores are looked for.
const MOST_CLASSES: usize = 1000;

/// The guessed role of a column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Guess {
    /// The column.
    pub column: String,
    /// Its role.
    pub role: Role,
    /// Why, in a few words.
    pub why: String,
    /// The class whose score it is, for a class score; the quantile, for a predicted quantile.
    pub class: Option<String>,
}

/// Guesses the role of every column, in file order; there is at most one of each but class scores, quantiles and sensitive
/// features.
pub fn infer(table: &Table) -> Vec<Guess> {
    let mut inference = Inference::new(table);
    inference.joined_id(table);
    inference.several_labels();
    if inference.with(Role::Label).is_some() {
        inference.count();
        inference.beside();
        inference.taken();
        return inference.guesses();
    }
    inference.joined_label(table);
    if inference.with(Role::Label).is_none() {
        inference.by_name(Role::Label, Name::label, is_kept, "named like a truth");
    }
    inference.by_name(Role::Prediction, Name::prediction, is_kept, "named like a prediction");
    inference.count();
    inference.beside();
    inference.unnamed_label();
    inference.forecasts();
    inference.class_scores();
    inference.score();
    inference.query();
    inference.taken();
    inference.guesses()
}

/// A role, why, and the class of a class score or the probability of a quantile.
type Part = (Role, String, Option<String>);

struct Inference<'a> {
    columns: &'a [Column],
    names: Vec<Name>,
    parts: Vec<Option<Part>>,
}

impl<'a> Inference<'a> {
    fn new(table: &'a Table) -> Self {
        Self {
            columns: &table.columns,
            names: table.columns.iter().map(|column| Name::of(&column.name)).collect(),
            parts: vec![None; table.columns.len()],
        }
    }

    fn give(&mut self, index: usize, role: Role, why: impl Into<String>) {
        self.parts[index] = Some((role, why.into(), None));
    }

    /// The columns without a role.
    fn free(&self) -> impl Iterator<Item = usize> + '_ {
        (0..self.columns.len()).filter(|&index| self.parts[index].is_none())
    }

    fn with(&self, role: Role) -> Option<usize> {
        self.parts
            .iter()
            .position(|part| part.as_ref().is_some_and(|(given, ..)| *given == role))
    }

    /// The free column of the plainest name whose content fits; the first of equals.
    fn plainest(&self, name: impl Fn(&Name) -> Option<Plainness>, fits: impl Fn(&Column) -> bool) -> Option<usize> {
        let named = self.free().filter_map(|index| Some((name(&self.names[index])?, index)));
        named.filter(|(_, index)| fits(&self.columns[*index])).min().map(|(_, index)| index)
    }

    fn by_name(&mut self, role: Role, name: impl Fn(&Name) -> Option<Plainness>, fits: impl Fn(&Column) -> bool, why: &str) {
        if let Some(index) = self.plainest(name, fits) {
            self.give(index, role, why);
        }
    }

    /// The column that joins a label file.
    fn joined_id(&mut self, table: &Table) {
        let joined = table.labels.as_ref().map(|labels| &labels.predictions_id);
        if let Some(id) = table.columns.iter().position(|column| Some(&column.name) == joined) {
            self.give(id, Role::Id, "its ids join the two files");
        }
    }

    /// A label file was given for its label.
    fn joined_label(&mut self, table: &Table) {
        let first = table.labels.as_ref().map_or(usize::MAX, |labels| labels.first);
        let own: Vec<usize> = self
            .free()
            .filter(|&index| index >= first && is_kept(&self.columns[index]))
            .collect();
        // A name that was taken got a number behind it.
        let given = |index: usize| self.columns[index].name.rsplit_once(" (").map(|(name, _)| Name::of(name));
        let plainness = |index: usize| self.names[index].label().or_else(|| given(index)?.label());
        let named = own.iter().filter_map(|&index| Some((plainness(index)?, index))).min();
        match (named, own.as_slice()) {
            (Some((_, index)), _) => self.give(index, Role::Label, "named like a truth, from the label file"),
            (None, [index]) => self.give(*index, Role::Label, "the only column of the label file"),
            _ => {}
        }
    }

    /// Labels with a prediction or a score each, named after it: `true_cat` and `pred_cat`, `cat_true` and `cat_score`.
    fn several_labels(&mut self) {
        let truths: Vec<(usize, usize, &str)> = (0..self.columns.len())
            .filter(|index| is_yes_or_no(&self.columns[*index]))
            .filter_map(|index| label_of_truth(&self.columns[index].name).map(|(way, label)| (index, way, label)))
            .collect();
        let size = |way: usize| truths.iter().filter(|(_, other, _)| *other == way).count();
        // The way of naming that covers most labels; the first of equals.
        let Some(&(_, best, _)) = truths.iter().rev().max_by_key(|(_, way, _)| size(*way)) else {
            return;
        };
        let labels: Vec<(usize, &str)> = truths
            .iter()
            .filter(|(_, way, _)| *way == best)
            .map(|(index, _, label)| (*index, *label))
            .collect();
        let find = |is_of: fn(&str, &str) -> bool, fits: fn(&Column) -> bool| -> Vec<Option<usize>> {
            let of =
                |label: &str| (0..self.columns.len()).find(|index| is_of(&self.columns[*index].name, label) && fits(&self.columns[*index]));
            labels.iter().map(|(_, label)| of(label)).collect()
        };
        let predictions = find(is_prediction_of, is_yes_or_no);
        let scores = find(is_score_of, |column| numbers(column).is_some());
        let is_whole = |found: &[Option<usize>]| found.iter().all(Option::is_some);
        if labels.len() < 2 || !(is_whole(&predictions) || is_whole(&scores)) {
            return;
        }
        let mut parts: Vec<(usize, Role, &str)> = Vec::new();
        for (role, found) in [(Role::Prediction, &predictions), (Role::Score, &scores)] {
            if is_whole(found) {
                parts.extend(
                    found
                        .iter()
                        .flatten()
                        .zip(&labels)
                        .map(|(index, (_, label))| (*index, role, *label)),
                );
            }
        }
        parts.extend(labels.iter().map(|(index, label)| (*index, Role::Label, *label)));
        for (index, role, label) in parts {
            let why = format!("named after the label {}", super::error::quoted(label));
            self.parts[index] = Some((role, why, Some(label.to_owned())));
        }
    }

    fn count(&mut self) {
        self.by_name(
            Role::Count,
            Name::count,
            are_counts,
            "named like a count, with whole numbers from 1",
        );
    }

    /// What stands beside label, prediction and count.
    fn beside(&mut self) {
        self.weight();
        self.id();
        self.time();
        self.sensitive();
    }

    fn weight(&mut self) {
        let is_body = self.names.iter().any(|name| name.is("height"));
        let named = |name: &Name| name.weight().filter(|_| !(is_body && name.is("weight")));
        let fits = |column: &Column| numbers(column).is_some_and(|values| all(values, |value| value >= 0.0 && value.is_finite()));
        // A weight changes every number without a trace in the file, so it is offered, never taken.
        self.by_name(
            Role::Feature,
            named,
            fits,
            "named like a weight; used as one only where that is chosen",
        );
    }

    fn id(&mut self) {
        if self.with(Role::Id).is_some() {
            return;
        }
        let nameless = self.columns.first().is_some_and(|column| column.name == "column 1");
        if nameless && self.parts[0].is_none() && are_row_numbers(&self.columns[0]) {
            self.give(0, Role::Id, "numbers the rows and has no name");
        } else {
            self.by_name(Role::Id, Name::id, are_different, "named like an identifier, with no value twice");
        }
    }

    fn time(&mut self) {
        let times: Vec<usize> = self
            .free()
            .filter(|&index| self.columns[index].kind == Kind::Time && !self.names[index].is_birth())
            .collect();
        let named = times.iter().filter_map(|&index| Some((self.names[index].time()?, index))).min();
        match (named, times.as_slice()) {
            (Some((_, index)), _) => self.give(index, Role::Time, "holds times and is named like one"),
            (None, [index]) => self.give(*index, Role::Time, "the only column of times"),
            _ => {}
        }
    }

    fn sensitive(&mut self) {
        let fits = |index: &usize| {
            let levels = self.columns[*index].to_levels(*SENSITIVE_LEVELS.end());
            levels.is_ok_and(|levels| levels.names.len() >= *SENSITIVE_LEVELS.start())
        };
        let mut found: Vec<usize> = self.free().filter(|&index| self.names[index].is_sensitive()).filter(fits).collect();
        if found.is_empty() {
            found = self
                .free()
                .filter(|&index| self.names[index].is_nearly_sensitive())
                .filter(fits)
                .collect();
        }
        for index in found {
            self.give(index, Role::Sensitive, "named like a sensitive feature, with few levels");
        }
    }

    fn unnamed_label(&mut self) {
        let prediction = self.with(Role::Prediction);
        let has_scores = self.best_score().is_some() || self.columns.iter().filter(|column| is_class_score(column)).count() > 1;
        if self.with(Role::Label).is_some() || (prediction.is_none() && !has_scores) {
            return;
        }
        let predicted = prediction.and_then(|index| levels(&self.columns[index], MOST_CLASSES));
        let fits = |index: &usize| match &predicted {
            Some(predicted) if predicted.names.len() > 1 => {
                levels(&self.columns[*index], predicted.names.len()).is_some_and(|found| same_levels(&found, predicted))
            }
            _ => prediction.is_none() && levels(&self.columns[*index], 2).is_some_and(|found| found.names.len() == 2),
        };
        let left: Vec<usize> = self
            .free()
            .filter(|&index| !self.names[index].is_of_a_model())
            .filter(fits)
            .collect();
        let outcomes: Vec<usize> = left.iter().copied().filter(|&index| self.names[index].is_outcome()).collect();
        let what = if prediction.is_some() {
            "the values of the prediction"
        } else {
            "two values"
        };
        match (left.as_slice(), outcomes.as_slice()) {
            ([index], _) => self.give(*index, Role::Label, format!("the only column left with {what}")),
            (_, [index]) => self.give(*index, Role::Label, format!("has {what} and is named like an outcome")),
            _ => {}
        }
    }

    fn class_scores(&mut self) {
        let Some(classes) = self.with(Role::Label).or(self.with(Role::Prediction)) else {
            return;
        };
        let Some(classes) = levels(&self.columns[classes], MOST_CLASSES) else {
            return;
        };
        let mut found: Vec<(usize, usize, &String)> = Vec::new();
        for index in self.free().filter(|&index| is_class_score(&self.columns[index])) {
            for (way, class) in classes_of(&self.columns[index].name) {
                let exact = classes.names.iter().find(|name| *name == class);
                if let Some(class) = exact.or_else(|| classes.names.iter().find(|name| same_class(name, class)))
                    && !found.iter().any(|(other, _, name)| *other == way && *name == class)
                {
                    found.push((way, index, class));
                }
            }
        }
        let size = |way: usize| found.iter().filter(|(other, ..)| *other == way).count();
        // The way of naming that covers most classes; the first of equals.
        let Some(&(best, ..)) = found.iter().rev().max_by_key(|(way, ..)| size(*way)) else {
            return;
        };
        if size(best) < 2 {
            return;
        }
        for &(_, index, class) in found.iter().filter(|(way, ..)| *way == best) {
            let why = format!("named after the class {}, from 0 to 1", super::error::quoted(class));
            self.parts[index] = Some((Role::ClassScore, why, Some(class.clone())));
        }
    }

    /// The free column that is most plainly a score, and whether it lies between 0 and 1.
    fn best_score(&self) -> Option<(usize, bool)> {
        let rank = |index: usize| {
            let column = &self.columns[index];
            let is_share = numbers(column).map(|values| all(values, is_share))?;
            let named = self.names[index].score();
            let positive = classes_of(&column.name).any(|(_, class)| is_positive(class));
            let plain = named.is_some_and(Name::is_plain_score);
            let plainness = named.or(positive.then_some(usize::MAX))?;
            (plain || is_share).then_some((!plain, !is_share, plainness, index))
        };
        self.free().filter_map(rank).min().map(|(_, beyond, _, index)| (index, !beyond))
    }

    fn score(&mut self) {
        match self.best_score() {
            Some((index, true)) => self.give(index, Role::Score, "named like a score, from 0 to 1"),
            Some((index, false)) => self.give(index, Role::Score, "named like a score"),
            None => {}
        }
    }

    fn guesses(self) -> Vec<Guess> {
        let other = |column: &Column| match column.kind {
            Kind::Empty => (Role::Ignored, "holds no values".to_owned(), None),
            Kind::Text => (Role::Ignored, "free text, which is not kept".to_owned(), None),
            _ => (Role::Feature, "no other role fits".to_owned(), None),
        };
        let guess = |(column, part): (&Column, Option<Part>)| {
            let (role, why, class) = part.unwrap_or_else(|| other(column));
            Guess {
                column: column.name.clone(),
                role,
                why,
                class,
            }
        };
        self.columns.iter().zip(self.parts).map(guess).collect()
    }
}

fn is_kept(column: &Column) -> bool {
    matches!(column.kind, Kind::Numeric | Kind::Boolean | Kind::Categorical)
}

fn numbers(column: &Column) -> Option<&Numbers> {
    match &column.values {
        Values::Numeric(values) => Some(values),
        _ => None,
    }
}

/// Whether all values that are not missing are so.
fn all(values: &Numbers, is_so: impl Fn(f64) -> bool) -> bool {
    values.iter().all(|value| value.is_nan() || is_so(value))
}

/// Whether a column holds two values at most that say yes and no, as labels do.
fn is_yes_or_no(column: &Column) -> bool {
    match &column.values {
        Values::Numeric(values) => all(values, |value| value == 0.0 || value == 1.0),
        _ => column.kind == Kind::Boolean,
    }
}

fn is_share(value: f64) -> bool {
    (0.0..=1.0).contains(&value)
}

fn is_class_score(column: &Column) -> bool {
    class_of(&column.name).is_some() && numbers(column).is_some_and(|values| all(values, is_share))
}

fn are_counts(column: &Column) -> bool {
    numbers(column).is_some_and(|values| all(values, |value| value >= 1.0 && value.is_finite() && value.floor() == value))
}

/// Whether the values are 0, 1, 2, ... or 1, 2, 3, ...
fn are_row_numbers(column: &Column) -> bool {
    let Some(values) = numbers(column) else { return false };
    let first = values.iter().next().unwrap_or(f64::NAN);
    (first == 0.0 || first == 1.0) && values.iter().enumerate().all(|(row, value)| value == first + row as f64)
}

/// Whether no value occurs twice, as far as values are kept; a single row proves nothing.
pub(super) fn are_different(column: &Column) -> bool {
    match &column.values {
        Values::Numeric(values) if !all(values, |value| value.floor() == value) => false,
        // Most ids rise.
        Values::Numeric(values) if values.len() > 1 && values.iter().zip(values.iter().skip(1)).all(|(own, next)| own < next) => true,
        Values::Numeric(values) => {
            let mut bits: Vec<u64> = values
                .iter()
                .filter(|value| !value.is_nan())
                .map(|value| (value + 0.0).to_bits())
                .collect();
            let count = bits.len();
            bits.sort_unstable();
            bits.dedup();
            count > 1 && bits.len() == count
        }
        Values::Levels(levels) => levels.names.len() > 1 && column.missing + levels.names.len() as u64 == levels.codes.len() as u64,
        Values::Time(_) => false,
        Values::None => column.kind == Kind::Text,
    }
}

fn levels(column: &Column, most: usize) -> Option<Cow<'_, Levels>> {
    if is_kept(column) { column.to_levels(most).ok() } else { None }
}

/// Whether two columns have the same levels, in any order and any case.
fn same_levels(a: &Levels, b: &Levels) -> bool {
    let within = |a: &Levels, b: &Levels| a.names.iter().all(|name| b.names.iter().any(|other| same_class(name, other)));
    a.names.len() == b.names.len() && within(a, b)
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use super::super::read::Reading;
    use super::super::{ClassScore, QuantileColumn, Roles};
    use super::*;

    fn table(text: impl AsRef<[u8]>) -> Table {
        let bytes = text.as_ref();
        let mut reading = Reading::new(Cursor::new(bytes), "f.csv", bytes.len() as u64);
        loop {
            if let Some(table) = reading.step(10_000).unwrap() {
                return table;
            }
        }
    }

    fn oracle(name: &str) -> Roles {
        let path = format!("{}/tests/oracle/{name}", env!("CARGO_MANIFEST_DIR"));
        roles(std::fs::read(path).unwrap())
    }

    fn roles(text: impl AsRef<[u8]>) -> Roles {
        let table = table(text);
        let guesses = infer(&table);
        assert_eq!(guesses.len(), table.columns.len());
        assert!(guesses.iter().all(|guess| !guess.why.is_empty()));
        let roles = Roles::from_guesses(&guesses);
        roles.check(&table).unwrap();
        roles
    }

    fn quantile((quantile, column): (&str, &str)) -> QuantileColumn {
        QuantileColumn {
            quantile: quantile.to_owned(),
            column: column.to_owned(),
        }
    }

    #[test]
    fn limits_come_in_pairs_beside_numbers() {
        let both = roles("y,pred,pred_upper,pred_lower\n1.5,1,2,0\n2.5,1,2,0\n3,2,3,1\n");
        assert_eq!((both.lower, both.upper), (some("pred_lower"), some("pred_upper")));
        let one = roles("y,pred,pred_upper\n1.5,1,2\n2.5,1,2\n3,2,3\n");
        assert_eq!((one.lower, one.upper), (None, None));
        let classes = roles("y,pred,lower,upper\nyes,yes,2,0\nno,no,2,0\n");
        assert_eq!((classes.lower, classes.upper), (None, None));
        let single = roles("y,pred,pred_q10\n1.5,1,2\n2.5,1,2\n3,2,3\n");
        assert_eq!(single.quantiles, []);
    }

    #[test]
    fn a_query_repeats_beside_grades_and_a_score() {
        let ranked = roles("qid,label,score\n1,2,0.5\n1,0,0.7\n2,1,0.1\n");
        assert_eq!(ranked.query, some("qid"));
        let named = roles("query_id,region,relevance,score\n1,north,0,0.1\n1,north,2,-0.1\n2,south,1,0.7\n2,south,0,1.2\n");
        assert_eq!((named.query, named.label), (some("query_id"), some("relevance")));
        assert_eq!(roles("qid,label,pred\n1,2,0\n1,0,0\n2,1,1\n").query, None);
        assert_eq!(roles("qid,label,score\n1,2,0.5\n3,0,0.7\n2,1,0.1\n").query, None);
    }

    fn some(name: &str) -> Option<String> {
        Some(name.to_owned())
    }

    fn list(names: &[&str]) -> Vec<String> {
        names.iter().map(|&name| name.to_owned()).collect()
    }

    #[test]
    fn adult() {
        let expected = Roles {
            label: some("y_true"),
            prediction: some("y_pred"),
            score: some("score"),
            id: some("id"),
            sensitive: list(&["race", "sex"]),
            ..Roles::default()
        };
        assert_eq!(oracle("adult.csv"), expected);
    }

    #[test]
    fn compas() {
        let expected = Roles {
            label: some("two_year_recid"),
            prediction: some("predicted_high_risk"),
            score: some("decile_score"),
            count: some("count"),
            sensitive: list(&["race", "sex", "age_cat"]),
            ..Roles::default()
        };
        assert_eq!(oracle("compas_counts.csv"), expected);
    }

    #[test]
    fn digits() {
        let class_score = |class: u8| ClassScore {
            class: class.to_string(),
            column: format!("proba_{class}"),
        };
        let expected = Roles {
            label: some("y_true"),
            prediction: some("y_pred"),
            id: some("id"),
            class_scores: (0..10).map(class_score).collect(),
            ..Roles::default()
        };
        assert_eq!(oracle("digits.csv"), expected);
    }

    #[test]
    fn diabetes() {
        let expected = Roles {
            label: some("y_true"),
            prediction: some("y_pred"),
            id: some("id"),
            sensitive: list(&["sex"]),
            quantiles: [("0.1", "pred_q10"), ("0.5", "pred_q50"), ("0.9", "pred_q90")]
                .map(quantile)
                .to_vec(),
            ..Roles::default()
        };
        assert_eq!(oracle("diabetes.csv"), expected);
    }

    #[test]
    fn drift() {
        let expected = Roles {
            label: some("repaid"),
            prediction: some("y_pred"),
            score: some("y_pred_proba"),
            time: some("timestamp"),
            id: some("id"),
            ..Roles::default()
        };
        for name in ["drift_reference", "drift_current", "drift_small_reference", "drift_small_current"] {
            assert_eq!(oracle(&format!("{name}.csv")), expected, "{name}");
        }
    }

    #[test]
    fn latency() {
        let expected = Roles {
            time: some("timestamp"),
            latency: vec!["latency_ms".to_owned()],
            status: some("status"),
            segments: vec!["endpoint".to_owned()],
            ..Roles::default()
        };
        assert_eq!(oracle("latency.csv"), expected);
    }

    #[test]
    fn reasons_are_given() {
        let guesses = infer(&table("repaid,score,note,gone,x\n1,0.5,a,,3\n0,0.7,b,,4\n"));
        let whys: Vec<(Role, &str)> = guesses.iter().map(|guess| (guess.role, guess.why.as_str())).collect();
        let expected = [
            (Role::Label, "has two values and is named like an outcome"),
            (Role::Score, "named like a score, from 0 to 1"),
            (Role::Feature, "no other role fits"),
            (Role::Ignored, "holds no values"),
            (Role::Feature, "no other role fits"),
        ];
        assert_eq!(whys, expected);
    }

    #[test]
    fn a_label_without_a_name_is_the_one_column_that_fits() {
        assert_eq!(roles("z,q,pred\n1,5,0\n0,6,1\n1,7,0\n").label, some("z"));
        assert_eq!(roles("z,q,pred\n1,1,0\n0,0,1\n").label, None);
        assert_eq!(roles("churned,q,pred\n1,1,0\n0,0,1\n").label, some("churned"));
        assert_eq!(roles("z,pred_b,pred\n1,0,0\n0,1,1\n").label, some("z"));
        assert_eq!(roles("z,q\n1,1\n0,0\n").label, None);
        assert_eq!(roles("z,q,pred\nc,5,a\nb,6,b\na,7,C\n").label, some("z"));
    }

    #[test]
    fn content_must_fit_the_name() {
        assert_eq!(roles("count,x\n1.5,1\n2,2\n").count, None);
        assert_eq!(roles("weight,x\n1,1\n2,2\n").weight, None);
        assert_eq!(roles("id,x\n1,1\n1,2\n").id, None);
        assert_eq!(roles("sex,x\nF,1\nF,2\n").sensitive, list(&[]));
        assert_eq!(roles("score,x\nhigh,1\nlow,2\n").score, None);
        assert_eq!(roles("credit_score,x\n700,1\n650,2\n").score, None);
        assert_eq!(roles("date_of_birth,x\n1990-01-01,1\n1991-01-01,2\n").time, None);
        assert_eq!(roles("marital_status,x\na,1\nb,2\n").sensitive, list(&["marital_status"]));
        assert_eq!(roles(",x\n0,5\n1,5\n2,6\n").id, some("column 1"));
    }

    #[test]
    fn scores_are_matched_to_classes_however_they_are_named() {
        for names in [
            ["proba_cat", "proba_dog", "proba_owl"],
            ["p_cat", "p_dog", "p_owl"],
            ["score[cat]", "score[dog]", "score[owl]"],
            ["cat_score", "dog_score", "owl_score"],
            ["Cat.prob", "Dog.prob", "Owl.prob"],
        ] {
            let roles = roles(format!("y,{}\ncat,0.2,0.7,0.1\ndog,0.6,0.4,0\nowl,0.1,0.1,0.8\n", names.join(",")));
            let classes: Vec<(&str, &str)> = roles.class_scores.iter().map(|s| (s.class.as_str(), s.column.as_str())).collect();
            assert_eq!(classes, [("cat", names[0]), ("dog", names[1]), ("owl", names[2])]);
        }
        // The way of naming that fits more classes wins: "p_a_score" is the score of "p_a" or of "a_score".
        let both = roles("y,p_a_score,p_b_score\np_a,0.2,0.7\np_b,0.6,0.4\n");
        assert_eq!(both.class_scores[0].class, "p_a");
    }

    #[test]
    fn scores_of_classes_need_two_classes() {
        let both = roles("y,proba_no,proba_Yes\nyes,0.2,0.8\nno,0.6,0.4\n");
        let classes: Vec<(&str, &str)> = both
            .class_scores
            .iter()
            .map(|score| (score.class.as_str(), score.column.as_str()))
            .collect();
        assert_eq!(classes, [("no", "proba_no"), ("yes", "proba_Yes")]);
        let one = roles("y,proba_1\n1,0.8\n0,0.4\n");
        assert_eq!((one.class_scores.len(), one.score), (0, some("proba_1")));
        assert_eq!(
            roles("y,score_a,score_b\n1,0.8,0.1\n0,0.4,0.2\n"),
            Roles {
                label: some("y"),
                ..Roles::default()
            }
        );
    }
}
