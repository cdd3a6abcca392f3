//! Which column plays which part.

use crate::stats::order;
use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{DataError, Guess, Table};

/// The part a column can play.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// The truth.
    Label,
    /// The predicted class or value.
    Prediction,
    /// The predicted probability or margin.
    Score,
    /// The predicted probability of one class.
    ClassScore,
    /// The lower limit of a prediction interval.
    Lower,
    /// The upper limit of a prediction interval.
    Upper,
    /// A predicted quantile.
    Quantile,
    /// The query that a ranked item is an answer to.
    Query,
    /// A feature whose groups are compared.
    Sensitive,
    /// A feature within whose levels groups are compared.
    Control,
    /// The row's importance weight.
    Weight,
    /// How many rows one row stands for.
    Count,
    /// When the row happened.
    Time,
    /// What the row took: time, memory, tokens, money.
    Latency,
    /// The status of a request.
    Status,
    /// A column by whose levels what rows took is measured too.
    Segment,
    /// An identifier: never reported.
    Id,
    /// Any other column.
    Feature,
    /// Not used.
    Ignored,
}

impl Role {
    /// The role as people read it, in lower case.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Label => "label",
            Self::Prediction => "prediction",
            Self::Score => "score",
            Self::ClassScore => "class score",
            Self::Lower => "lower limit",
            Self::Upper => "upper limit",
            Self::Quantile => "predicted quantile",
            Self::Query => "query",
            Self::Sensitive => "sensitive feature",
            Self::Control => "control feature",
            Self::Weight => "weight",
            Self::Count => "count",
            Self::Time => "time",
            Self::Latency => "time or cost taken",
            Self::Status => "status",
            Self::Segment => "segment",
            Self::Id => "id",
            Self::Feature => "feature",
            Self::Ignored => "ignored",
        }
    }
}

/// The score column of one class.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClassScore {
    /// The class.
    pub class: String,
    /// The column that holds its score.
    pub column: String,
}

/// The column of one predicted quantile.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct QuantileColumn {
    /// The quantile's probability as it was written, a number between 0 and 1.
    pub quantile: String,
    /// The column that holds it.
    pub column: String,
}

impl QuantileColumn {
    /// The probability; `None` where what was written is none.
    pub fn probability(&self) -> Option<f64> {
        self.quantile
            .trim()
            .parse()
            .ok()
            .filter(|probability: &f64| *probability > 0.0 && *probability < 1.0)
    }
}

/// Column names by role.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Roles {
    /// The truth column.
    pub label: Option<String>,
    /// The predicted class or value.
    pub prediction: Option<String>,
    /// The predicted probability or margin.
    pub score: Option<String>,
    /// One score column a class.
    pub class_scores: Vec<ClassScore>,
    /// The lower limit of a prediction interval.
    pub lower: Option<String>,
    /// The upper limit of a prediction interval.
    pub upper: Option<String>,
    /// One column a predicted quantile.
    pub quantiles: Vec<QuantileColumn>,
    /// The query that a ranked item is an answer to.
    pub query: Option<String>,
    /// Several labels at once: the truth column of each.
    pub labels: Vec<String>,
    /// The prediction column of each label, in the same order; empty where there are none.
    pub predictions: Vec<String>,
    /// The score column of each label, in the same order; empty where there are none.
    pub scores: Vec<String>,
    /// Importance weight.
    pub weight: Option<String>,
    /// How many rows one row stands for.
    pub count: Option<String>,
    /// Time.
    pub time: Option<String>,
    /// What rows took, in the order given.
    pub latency: Vec<String>,
    /// The status of a request.
    pub status: Option<String>,
    /// By whose levels what rows took is measured too, in the order given.
    pub segments: Vec<String>,
    /// Identifiers.
    pub id: Option<String>,
    /// Sensitive features, in the order given.
    pub sensitive: Vec<String>,
    /// Control features, in the order given.
    pub control: Vec<String>,
}

impl Roles {
    /// The same roles without the columns that are gone; of several labels none, where one is.
    pub fn without(&self, is_gone: &dyn Fn(&str) -> bool) -> Self {
        let one = |column: &Option<String>| column.clone().filter(|column| !is_gone(column));
        let all = |columns: &Vec<String>| {
            let is_whole = !columns.iter().any(|column| is_gone(column));
            columns.iter().filter(|_| is_whole).cloned().collect::<Vec<String>>()
        };
        let some = |columns: &Vec<String>| columns.iter().filter(|column| !is_gone(column)).cloned().collect::<Vec<String>>();
        Self {
            label: one(&self.label),
            prediction: one(&self.prediction),
            score: one(&self.score),
            class_scores: self.class_scores.iter().filter(|score| !is_gone(&score.column)).cloned().collect(),
            lower: one(&self.lower),
            upper: one(&self.upper),
            quantiles: self
                .quantiles
                .iter()
                .filter(|quantile| !is_gone(&quantile.column))
                .cloned()
                .collect(),
            query: one(&self.query),
            labels: all(&self.labels),
            predictions: all(&self.predictions),
            scores: all(&self.scores),
            weight: one(&self.weight),
            count: one(&self.count),
            time: one(&self.time),
            latency: some(&self.latency),
            status: one(&self.status),
            segments: some(&self.segments),
            id: one(&self.id),
            sensitive: some(&self.sensitive),
            control: some(&self.control),
        }
    }

    /// The roles with their columns, in the order of [`Role`].
    pub fn named(&self) -> Vec<(Role, &str)> {
        let single = [
            (Role::Label, &self.label),
            (Role::Prediction, &self.prediction),
            (Role::Score, &self.score),
            (Role::Lower, &self.lower),
            (Role::Upper, &self.upper),
            (Role::Query, &self.query),
            (Role::Weight, &self.weight),
            (Role::Count, &self.count),
            (Role::Time, &self.time),
            (Role::Status, &self.status),
            (Role::Id, &self.id),
        ];
        let mut named: Vec<(Role, &str)> = Vec::new();
        named.extend(single.into_iter().filter_map(|(role, column)| Some((role, column.as_deref()?))));
        named.extend(self.class_scores.iter().map(|score| (Role::ClassScore, score.column.as_str())));
        named.extend(self.quantiles.iter().map(|quantile| (Role::Quantile, quantile.column.as_str())));
        for (role, columns) in [
            (Role::Label, &self.labels),
            (Role::Prediction, &self.predictions),
            (Role::Score, &self.scores),
        ] {
            named.extend(columns.iter().map(|column| (role, column.as_str())));
        }
        named.extend(self.latency.iter().map(|column| (Role::Latency, column.as_str())));
        named.extend(self.segments.iter().map(|column| (Role::Segment, column.as_str())));
        named.extend(self.sensitive.iter().map(|column| (Role::Sensitive, column.as_str())));
        named.extend(self.control.iter().map(|column| (Role::Control, column.as_str())));
        order::sort_by_key(&mut named, |(role, _)| *role);
        named
    }

    /// The role of a column; [`Role::Feature`] when it was given none.
    pub fn role_of(&self, column: &str) -> Role {
        let named = self.named();
        named
            .iter()
            .find(|(_, name)| *name == column)
            .map_or(Role::Feature, |(role, _)| *role)
    }

    /// Checks that every column exists, and that no column has two roles, no class two scores and no quantile two columns.
    ///
    /// # Errors
    /// With the first column or class for which that does not hold.
    pub fn check(&self, table: &Table) -> Result<(), DataError> {
        let mut seen: BTreeMap<&str, Role> = BTreeMap::new();
        for (role, column) in self.named() {
            table.find(column)?;
            if let Some(first) = seen.insert(column, role) {
                return Err(DataError::TwoRoles {
                    column: column.to_owned(),
                    first,
                    second: role,
                });
            }
        }
        let mut scores: BTreeMap<&str, &str> = BTreeMap::new();
        for ClassScore { class, column } in &self.class_scores {
            if let Some(first) = scores.insert(class, column) {
                return Err(DataError::TwoClassScores {
                    class: class.clone(),
                    first: first.to_owned(),
                    second: column.clone(),
                });
            }
        }
        let mut quantiles: Vec<(f64, &str)> = Vec::new();
        for own in &self.quantiles {
            let QuantileColumn { quantile, column } = own;
            let probability = own.probability().ok_or_else(|| DataError::NoProbability {
                column: column.clone(),
                quantile: quantile.clone(),
            })?;
            if let Some((_, first)) = quantiles.iter().find(|(other, _)| *other == probability) {
                return Err(DataError::TwoQuantiles {
                    quantile: quantile.clone(),
                    first: (*first).to_owned(),
                    second: column.clone(),
                });
            }
            quantiles.push((probability, column));
        }
        Ok(())
    }

    /// The roles that guesses give.
    pub fn from_guesses(guesses: &[Guess]) -> Self {
        let mut roles = Self::default();
        let of_label = |wanted: Role, label: &Option<String>| {
            let found = guesses.iter().find(|guess| guess.role == wanted && guess.class == *label);
            found.map(|guess| guess.column.clone())
        };
        for Guess { column, role, class, .. } in guesses {
            let column = column.clone();
            match role {
                Role::Label if class.is_some() => {
                    roles.labels.push(column);
                    roles.predictions.extend(of_label(Role::Prediction, class));
                    roles.scores.extend(of_label(Role::Score, class));
                }
                Role::Prediction | Role::Score if class.is_some() => {}
                Role::Label => roles.label = Some(column),
                Role::Prediction => roles.prediction = Some(column),
                Role::Score => roles.score = Some(column),
                Role::ClassScore => roles.class_scores.extend(class.clone().map(|class| ClassScore { class, column })),
                Role::Lower => roles.lower = Some(column),
                Role::Upper => roles.upper = Some(column),
                Role::Quantile => roles
                    .quantiles
                    .extend(class.clone().map(|quantile| QuantileColumn { quantile, column })),
                Role::Query => roles.query = Some(column),
                Role::Sensitive => roles.sensitive.push(column),
                Role::Control => roles.control.push(column),
                Role::Weight => roles.weight = Some(column),
                Role::Count => roles.count = Some(column),
                Role::Time => roles.time = Some(column),
                Role::Latency => roles.latency.push(column),
                Role::Status => roles.status = Some(column),
                Role::Segment => roles.segments.push(column),
                Role::Id => roles.id = Some(column),
                Role::Feature | Role::Ignored => {}
            }
        }
        roles
    }
}

/// The names most like `wanted`, at most three: the same but for case and signs, or a few typing errors away.
pub fn closest<'a>(wanted: &str, names: impl Iterator<Item = &'a str>) -> Vec<String> {
    const MOST: usize = 3;
    let plain = |name: &str| -> Vec<char> {
        name.chars()
            .filter(|c| c.is_alphanumeric())
            .flat_map(char::to_lowercase)
            .take(64)
            .collect()
    };
    let target = plain(wanted);
    let mut near: Vec<(usize, &str)> = Vec::new();
    for known in names {
        let name = plain(known);
        let distance = edits(&target, &name);
        let is_part = !target.is_empty() && name.windows(target.len()).any(|part| part == target);
        if distance <= target.len().max(name.len()) / 3 {
            near.push((distance, known));
        } else if is_part {
            near.push((distance.max(name.len() - target.len()), known));
        }
    }
    order::sort(&mut near);
    near.into_iter().take(MOST).map(|(_, name)| name.to_owned()).collect()
}

/// Insertions, deletions, replacements and swaps of neighbours that turn one text into the other (optimal string alignment).
fn edits(a: &[char], b: &[char]) -> usize {
    let mut before: Vec<usize> = Vec::new();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.iter().enumerate() {
        let mut next = vec![i + 1];
        for (j, y) in b.iter().enumerate() {
            let mut cost = (row[j] + usize::from(x != y)).min(row[j + 1] + 1).min(next[j] + 1);
            if i > 0 && j > 0 && a[i - 1] == *y && b[j - 1] == *x {
                cost = cost.min(before[j - 1] + 1);
            }
            next.push(cost);
        }
        before = std::mem::replace(&mut row, next);
    }
    row[b.len()]
}

#[cfg(test)]
mod tests {
    use super::super::{Column, Intake, Kind, Values};
    use super::*;

    fn table(names: &[&str]) -> Table {
        let column = |name: &&str| Column {
            name: (*name).to_owned(),
            kind: Kind::Empty,
            values: Values::None,
            missing: 0,
            invalid: 0,
        };
        Table {
            intake: Intake {
                name: "f.csv".into(),
                bytes: 0,
                fingerprint: String::new(),
                delimiter: ',',
                rows_read: 0,
                rows_set_aside: 0,
                bad_rows: Vec::new(),
                sample: None,
                told: BTreeMap::new(),
            },
            rows: 0,
            columns: names.iter().map(column).collect(),
            notices: Vec::new(),
            preview: Vec::new(),
            reading: Vec::new(),
            ..Table::default()
        }
    }

    fn roles() -> Roles {
        Roles {
            label: Some("y".into()),
            sensitive: vec!["sex".into()],
            class_scores: vec![ClassScore {
                class: "1".into(),
                column: "p".into(),
            }],
            ..Roles::default()
        }
    }

    #[test]
    fn a_column_without_a_role_is_a_feature() {
        assert_eq!(roles().role_of("y"), Role::Label);
        assert_eq!(roles().role_of("p"), Role::ClassScore);
        assert_eq!(roles().role_of("sex"), Role::Sensitive);
        assert_eq!(roles().role_of("age"), Role::Feature);
    }

    #[test]
    fn roles_that_fit_pass() {
        assert_eq!(roles().check(&table(&["y", "sex", "p", "x"])), Ok(()));
    }

    #[test]
    fn an_unknown_column_comes_with_the_closest_names() {
        let check = |names: &[&str]| roles().check(&table(names)).unwrap_err().to_string();
        assert_eq!(check(&["x", "q"]), "There is no column \"y\". Choose one of the file's columns.");
        assert_eq!(
            check(&["y_true", "Y ", "q"]),
            "There is no column \"y\". The closest names are: \"Y \", \"y_true\"."
        );
        assert_eq!(
            check(&["y", "p", "Sexe", "age"]),
            "There is no column \"sex\". The closest names are: \"Sexe\"."
        );
        assert_eq!(
            check(&["y", "p", "esx", "age"]),
            "There is no column \"sex\". The closest names are: \"esx\"."
        );
    }

    #[test]
    fn no_column_has_two_roles_and_no_class_two_scores() {
        let mut twice = roles();
        twice.prediction = Some("y".into());
        assert_eq!(
            twice.check(&table(&["y", "sex", "p"])).unwrap_err().to_string(),
            "Column \"y\" is given as label and as prediction. Give it one role."
        );
        let mut double = roles();
        double.class_scores.push(ClassScore {
            class: "1".into(),
            column: "q".into(),
        });
        assert_eq!(
            double.check(&table(&["y", "sex", "p", "q"])).unwrap_err().to_string(),
            "Class \"1\" has two score columns, \"p\" and \"q\". Give it one."
        );
    }

    #[test]
    fn a_quantile_is_a_probability_and_has_one_column() {
        let check = |quantiles: &[(&str, &str)]| {
            let column = |(quantile, column): &(&str, &str)| QuantileColumn {
                quantile: (*quantile).to_owned(),
                column: (*column).to_owned(),
            };
            let roles = Roles {
                quantiles: quantiles.iter().map(column).collect(),
                ..Roles::default()
            };
            roles.check(&table(&["a", "b"])).map_err(|error| error.to_string())
        };
        assert_eq!(check(&[("0.1", "a"), ("0.9", "b")]), Ok(()));
        assert_eq!(
            check(&[("0.1", "a"), ("0.10", "b")]).unwrap_err(),
            "The quantile \"0.10\" is predicted by two columns, \"a\" and \"b\". Give it one."
        );
        for wrong in ["10", "0", "1", "x", ""] {
            assert!(check(&[(wrong, "a")]).unwrap_err().contains("which is no probability"), "{wrong}");
        }
    }

    #[test]
    fn a_file_may_name_some_roles_and_no_others() {
        let roles: Roles = serde_json::from_str(r#"{"label": "y"}"#).unwrap();
        assert_eq!((roles.label.as_deref(), roles.sensitive.len()), (Some("y"), 0));
        assert!(serde_json::from_str::<Roles>(r#"{"labels": "y"}"#).is_err());
    }
}
