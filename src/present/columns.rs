//! The table of columns on the confirm screen: what each was read as, which role it has, and what an edit of a role does.

use std::collections::BTreeSet;

use crate::chart::number::counted;
use crate::data::{ClassScore, Kind, QuantileColumn, Role, Roles};
use crate::engine::{InspectedColumn, Inspection};

/// A role as an option of a select.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RoleChoice {
    /// The role.
    pub role: Role,
    /// The option's value.
    pub value: &'static str,
    /// The option's words.
    pub words: &'static str,
}

/// Every role that a user can give, in the order of the select. A class score is offered only where the engine found one.
pub const CHOICES: [RoleChoice; 17] = [
    choice(Role::Label, "label", "label (truth)"),
    choice(Role::Prediction, "prediction", "prediction"),
    choice(Role::Score, "score", "score"),
    choice(Role::Lower, "lower", "lower limit"),
    choice(Role::Upper, "upper", "upper limit"),
    choice(Role::Query, "query", "query"),
    choice(Role::Sensitive, "sensitive", "sensitive"),
    choice(Role::Control, "control", "control (compare within)"),
    choice(Role::Weight, "weight", "weight"),
    choice(Role::Count, "count", "count (of rows)"),
    choice(Role::Time, "time", "time"),
    choice(Role::Latency, "latency", "time or cost taken"),
    choice(Role::Status, "status", "status (of a request)"),
    choice(Role::Segment, "segment", "segment (measure by)"),
    choice(Role::Id, "id", "id"),
    choice(Role::Feature, "feature", "feature"),
    choice(Role::Ignored, "ignored", "ignored"),
];

/// The value of the option that stands for a class score.
pub const CLASS_SCORE: &str = "class_score";

/// The value of the option that stands for a predicted quantile.
pub const QUANTILE: &str = "quantile";

const fn choice(role: Role, value: &'static str, words: &'static str) -> RoleChoice {
    RoleChoice { role, value, words }
}

/// The role that a select's value names.
pub fn role_of_value(value: &str) -> Option<Role> {
    if value == CLASS_SCORE {
        return Some(Role::ClassScore);
    }
    if value == QUANTILE {
        return Some(Role::Quantile);
    }
    CHOICES.iter().find(|choice| choice.value == value).map(|choice| choice.role)
}

/// Whether a role takes part in the audit.
pub fn is_used(role: Role) -> bool {
    !matches!(role, Role::Feature | Role::Id | Role::Ignored)
}

/// A column as a row of the confirm table.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ColumnRow {
    /// The column's name.
    pub name: String,
    /// What it was read as, in words.
    pub read_as: String,
    /// The class whose score the engine took it for, if any.
    pub class: Option<String>,
    /// The quantile that the engine took it for, if any.
    pub quantile: Option<String>,
    /// Why the engine gave it its first role.
    pub why: String,
    /// The first few values, each once.
    pub looks_like: Vec<String>,
    /// Rows without a value.
    pub missing: u64,
}

/// The rows of the confirm table, in file order.
pub fn rows(inspection: &Inspection) -> Vec<ColumnRow> {
    inspection
        .columns
        .iter()
        .map(|column| ColumnRow {
            name: column.name.clone(),
            read_as: read_as(column),
            class: class_of(&inspection.roles, &column.name),
            quantile: quantile_of(&inspection.roles, &column.name),
            why: column.why.clone(),
            looks_like: distinct(&column.looks_like),
            missing: column.missing,
        })
        .collect()
}

/// The first of each value: one that repeats says nothing new.
fn distinct(values: &[String]) -> Vec<String> {
    let mut seen = BTreeSet::new();
    values.iter().filter(|value| seen.insert(value.as_str())).cloned().collect()
}

fn read_as(column: &InspectedColumn) -> String {
    match (column.kind, column.levels) {
        (Kind::Numeric, _) => "number".to_owned(),
        (Kind::Boolean, _) => "two values".to_owned(),
        (Kind::Categorical, Some(levels)) => counted(levels, "level", "levels"),
        (Kind::Categorical, None) => "levels".to_owned(),
        (Kind::Time, _) => "time".to_owned(),
        (Kind::Text, _) => "text".to_owned(),
        (Kind::Empty, _) => "nothing".to_owned(),
    }
}

fn class_of(roles: &Roles, column: &str) -> Option<String> {
    roles
        .class_scores
        .iter()
        .find(|score| score.column == column)
        .map(|score| score.class.clone())
}

fn quantile_of(roles: &Roles, column: &str) -> Option<String> {
    let own = roles.quantiles.iter().find(|quantile| quantile.column == column);
    own.map(|quantile| quantile.quantile.clone())
}

/// The role that a column has; a column without one is a feature unless it is ignored.
pub fn role_of(roles: &Roles, ignored: &BTreeSet<String>, column: &str) -> Role {
    let single = [
        (&roles.label, Role::Label),
        (&roles.prediction, Role::Prediction),
        (&roles.score, Role::Score),
        (&roles.lower, Role::Lower),
        (&roles.upper, Role::Upper),
        (&roles.query, Role::Query),
        (&roles.weight, Role::Weight),
        (&roles.count, Role::Count),
        (&roles.time, Role::Time),
        (&roles.status, Role::Status),
        (&roles.id, Role::Id),
    ];
    if let Some((_, role)) = single.iter().find(|(name, _)| name.as_deref() == Some(column)) {
        return *role;
    }
    let of_labels = [
        (&roles.labels, Role::Label),
        (&roles.predictions, Role::Prediction),
        (&roles.scores, Role::Score),
        (&roles.latency, Role::Latency),
        (&roles.segments, Role::Segment),
    ];
    if let Some((_, role)) = of_labels.iter().find(|(columns, _)| columns.iter().any(|name| name == column)) {
        return *role;
    }
    if roles.sensitive.iter().any(|name| name == column) {
        Role::Sensitive
    } else if roles.control.iter().any(|name| name == column) {
        Role::Control
    } else if roles.class_scores.iter().any(|score| score.column == column) {
        Role::ClassScore
    } else if roles.quantiles.iter().any(|quantile| quantile.column == column) {
        Role::Quantile
    } else if ignored.contains(column) {
        Role::Ignored
    } else {
        Role::Feature
    }
}

/// Gives `column` a role, taking its old one away; a role that only one column can have leaves whoever had it.
///
/// Sensitive features, class scores and quantiles stay in file order, so that the report does not depend on the order of clicks.
pub fn assign(roles: &mut Roles, ignored: &mut BTreeSet<String>, inspection: &Inspection, column: &str, role: Role) {
    take_away(roles, column);
    ignored.remove(column);
    let name = column.to_owned();
    if matches!(role, Role::Label | Role::Prediction | Role::Score) {
        // One column of its kind, in place of one a label.
        (roles.labels, roles.predictions, roles.scores) = Default::default();
    }
    match role {
        Role::Label => roles.label = Some(name),
        Role::Prediction => roles.prediction = Some(name),
        Role::Score => roles.score = Some(name),
        Role::Lower => roles.lower = Some(name),
        Role::Upper => roles.upper = Some(name),
        Role::Query => roles.query = Some(name),
        Role::Weight => roles.weight = Some(name),
        Role::Count => roles.count = Some(name),
        Role::Time => roles.time = Some(name),
        Role::Status => roles.status = Some(name),
        Role::Latency => keep_in_order(&mut roles.latency, inspection, name),
        Role::Segment => keep_in_order(&mut roles.segments, inspection, name),
        Role::Id => roles.id = Some(name),
        Role::Sensitive => keep_in_order(&mut roles.sensitive, inspection, name),
        Role::Control => keep_in_order(&mut roles.control, inspection, name),
        Role::ClassScore => {
            if let Some(class) = class_of(&inspection.roles, column) {
                let before = |other: &ClassScore| place(inspection, &other.column) < place(inspection, &name);
                roles
                    .class_scores
                    .insert(roles.class_scores.partition_point(before), ClassScore { class, column: name });
            }
        }
        Role::Quantile => {
            if let Some(quantile) = quantile_of(&inspection.roles, column) {
                let before = |other: &QuantileColumn| place(inspection, &other.column) < place(inspection, &name);
                roles
                    .quantiles
                    .insert(roles.quantiles.partition_point(before), QuantileColumn { quantile, column: name });
            }
        }
        Role::Ignored => {
            ignored.insert(name);
        }
        Role::Feature => {}
    }
}

/// Puts a column among others in file order.
fn keep_in_order(columns: &mut Vec<String>, inspection: &Inspection, name: String) {
    let before = |other: &String| place(inspection, other) < place(inspection, &name);
    columns.insert(columns.partition_point(before), name);
}

fn take_away(roles: &mut Roles, column: &str) {
    for slot in [
        &mut roles.label,
        &mut roles.prediction,
        &mut roles.score,
        &mut roles.lower,
        &mut roles.upper,
        &mut roles.query,
        &mut roles.weight,
        &mut roles.count,
        &mut roles.time,
        &mut roles.status,
        &mut roles.id,
    ] {
        if slot.as_deref() == Some(column) {
            *slot = None;
        }
    }
    take_label_away(roles, column);
    roles.sensitive.retain(|name| name != column);
    for columns in [&mut roles.control, &mut roles.latency, &mut roles.segments] {
        columns.retain(|name| name != column);
    }
    roles.class_scores.retain(|score| score.column != column);
    roles.quantiles.retain(|quantile| quantile.column != column);
}

/// Takes the label away of which a column is the truth, the prediction or the score: the other two say nothing without it.
fn take_label_away(roles: &mut Roles, column: &str) {
    let lists = [&mut roles.labels, &mut roles.predictions, &mut roles.scores];
    let label = lists.iter().find_map(|columns| columns.iter().position(|name| name == column));
    if let Some(label) = label {
        for columns in lists {
            if label < columns.len() {
                columns.remove(label);
            }
        }
    }
}

fn place(inspection: &Inspection, column: &str) -> usize {
    inspection.columns.iter().position(|each| each.name == column).unwrap_or(usize::MAX)
}

#[cfg(test)]
mod tests {
    use super::super::session::tests::inspection;
    use super::*;

    #[test]
    fn a_role_that_one_column_can_have_moves() {
        let inspection = inspection(&["a", "b", "c"]);
        let (mut roles, mut ignored) = (Roles::default(), BTreeSet::new());
        assign(&mut roles, &mut ignored, &inspection, "a", Role::Label);
        assign(&mut roles, &mut ignored, &inspection, "b", Role::Label);
        assert_eq!(role_of(&roles, &ignored, "a"), Role::Feature);
        assert_eq!(role_of(&roles, &ignored, "b"), Role::Label);
    }

    #[test]
    fn sensitive_features_stay_in_file_order_whatever_the_order_of_clicks() {
        let inspection = inspection(&["a", "b", "c"]);
        let (mut roles, mut ignored) = (Roles::default(), BTreeSet::new());
        for column in ["c", "a", "b"] {
            assign(&mut roles, &mut ignored, &inspection, column, Role::Sensitive);
        }
        assert_eq!(roles.sensitive, ["a", "b", "c"]);
        assign(&mut roles, &mut ignored, &inspection, "b", Role::Weight);
        assert_eq!(roles.sensitive, ["a", "c"]);
        assert_eq!(roles.weight.as_deref(), Some("b"));
    }

    #[test]
    fn every_role_survives_being_chosen_and_read_back() {
        let mut inspection = inspection(&["a"]);
        inspection.roles.class_scores.push(ClassScore {
            class: "x".to_owned(),
            column: "a".to_owned(),
        });
        inspection.roles.quantiles.push(QuantileColumn {
            quantile: "0.9".to_owned(),
            column: "a".to_owned(),
        });
        let (mut roles, mut ignored) = (Roles::default(), BTreeSet::new());
        for value in CHOICES.iter().map(|choice| choice.value).chain([CLASS_SCORE, QUANTILE]) {
            let role = role_of_value(value).expect("the value is of the list");
            assign(&mut roles, &mut ignored, &inspection, "a", role);
            assert_eq!(role_of(&roles, &ignored, "a"), role, "{value}");
        }
        assert_eq!(role_of_value("nonsense"), None);
    }
}
