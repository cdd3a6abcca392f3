//! Roles and settings, held against the table, become a plan: the task, the classes, every row's part in it, the groups.

use crate::data::column::MISSING;
use crate::data::{Notice, Roles, Table};

use super::framing::Framing;
use super::grouping::Partition;
use super::groups::take_groups;
use super::search::SearchPlan;
use super::slices::plan::SlicePlan;
use super::weights::{note_missing, pivot, represented, take_weights};
use super::{Outcome, PlanError, Settings, preset, representation, search, slices};
use crate::metric::parameters::OutOfRange;
use crate::metric::rows::Rows;

/// An audit ready to be made.
#[derive(Debug, Clone)]
pub struct Plan {
    /// What is predicted.
    pub outcome: Outcome,
    /// The positive class's place among the classes, for two classes.
    pub positive: u32,
    /// Whether all scores are within 0 to 1.
    pub is_probability: bool,
    /// Whether the classes have an order: all are numbers, or the order was given.
    pub is_ordered: bool,
    /// A fixed value near the mean of the true numbers.
    pub pivot: f64,
    /// What is known of every row.
    pub rows: Rows,
    /// The groups.
    pub partition: Partition,
    /// The slices that are looked at.
    pub slices: SlicePlan,
    /// Where groups that nobody named are looked for.
    pub search: Option<SearchPlan>,
    /// Rows that cannot be used at all.
    pub unusable: u64,
    /// Odd things that follow from the choice of roles.
    pub notices: Vec<Notice>,
}

/// Holds roles and settings against a table.
///
/// # Errors
/// When they make no audit: a column is missing or cannot play its part, label and prediction have nothing in common,
/// a setting names what does not occur, or no row can be used.
pub fn plan(table: &Table, roles: &Roles, settings: &Settings) -> Result<Plan, PlanError> {
    check_settings(settings)?;
    roles.check(table)?;
    let mut rows = Rows::new(table.rows);
    let mut notices = Vec::new();
    let unusable = take_weights(table, roles, &mut rows, &mut notices)?;
    let framing = Framing {
        table,
        roles,
        settings,
        rows: &mut rows,
        notices: &mut notices,
    };
    let framed = framing.frame()?;
    note_missing(roles, &rows, framed.threshold.is_some(), &mut notices);
    let rows_represented = represented(&rows, roles)?;
    if rows_represented == 0 {
        return Err(PlanError::NoUsableRows {
            reason: "every row was set aside or stands for no row".to_owned(),
        });
    }
    preset::check(settings, roles, &framed.names, framed.task)?;
    let partition = take_groups(table, roles, settings, &rows, framed.names.len(), &mut notices)?;
    let slices = slices::plan::plan(table, roles, &settings.slices, framed.task, &rows, &mut notices)?;
    let search = search::plan(table, roles, &settings.search, framed.task, &rows)?;
    representation::check(roles, settings)?;
    let positive = framed
        .positive_class
        .as_ref()
        .and_then(|class| framed.names.iter().position(|name| name == class));
    Ok(Plan {
        outcome: Outcome {
            task: framed.task,
            classes: framed.names,
            positive_class: framed.positive_class,
            decision_threshold: framed.threshold,
            rows_represented,
        },
        positive: positive.map_or(MISSING, |place| place as u32),
        is_probability: framed.is_probability,
        is_ordered: framed.is_ordered,
        pivot: pivot(&rows),
        rows,
        partition,
        slices,
        search,
        unusable,
        notices,
    })
}

fn check_settings(settings: &Settings) -> Result<(), PlanError> {
    if !(settings.level > 0.5 && settings.level < 1.0) {
        return Err(PlanError::Setting {
            name: "level",
            value: settings.level.to_string(),
            expected: "between 0.5 and 1, for instance 0.95",
        });
    }
    if settings.threshold.is_some_and(|threshold| !threshold.is_finite()) {
        return Err(PlanError::Setting {
            name: "threshold",
            value: "not a number".to_owned(),
            expected: "a number",
        });
    }
    settings
        .parameters
        .check()
        .map_err(|OutOfRange { name, value, expected }| PlanError::Setting { name, value, expected })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::Intake;
    use crate::data::{Column, Kind, Levels, Values};
    use crate::metric::rows::MOST_ROWS;

    fn numbers(name: &str, values: &[f64]) -> Column {
        Column {
            name: name.to_owned(),
            kind: Kind::Numeric,
            values: Values::Numeric(values.to_vec().into()),
            missing: 0,
            invalid: 0,
        }
    }

    fn texts(name: &str, values: &[&str]) -> Column {
        let mut levels = Levels::default();
        for value in values {
            let code = levels.names.iter().position(|known| known == value).unwrap_or_else(|| {
                levels.names.push((*value).to_owned());
                levels.names.len() - 1
            });
            levels.codes.push(code as u32);
        }
        Column {
            kind: Kind::Categorical,
            values: Values::Levels(levels),
            ..numbers(name, &[])
        }
    }

    /// The plan of these columns; their names are their roles, `p_X` is the score of class X.
    fn planned(columns: Vec<Column>, threshold: Option<f64>) -> Result<Plan, PlanError> {
        let has = |name: &str| columns.iter().any(|column| column.name == name).then(|| name.to_owned());
        let class_score = |column: &Column| {
            column.name.strip_prefix("p_").map(|class| crate::data::ClassScore {
                class: class.to_owned(),
                column: column.name.clone(),
            })
        };
        let roles = Roles {
            label: has("label"),
            prediction: has("prediction"),
            score: has("score"),
            count: has("count"),
            class_scores: columns.iter().filter_map(class_score).collect(),
            ..Roles::default()
        };
        let rows = match &columns[0].values {
            Values::Numeric(values) => values.len(),
            Values::Levels(levels) => levels.codes.len(),
            _ => 0,
        };
        let intake = Intake {
            name: "t.csv".into(),
            bytes: 0,
            fingerprint: String::new(),
            delimiter: ',',
            rows_read: rows as u64,
            rows_set_aside: 0,
            bad_rows: Vec::new(),
            sample: None,
            told: std::collections::BTreeMap::new(),
        };
        let table = Table {
            intake,
            rows,
            columns,
            notices: Vec::new(),
            preview: Vec::new(),
            reading: Vec::new(),
            ..Table::default()
        };
        let settings = Settings {
            threshold,
            ..Settings::default()
        };
        plan(&table, &roles, &settings)
    }

    fn told(plan: &Plan) -> String {
        let texts: Vec<&str> = plan.notices.iter().map(|notice| notice.text.as_str()).collect();
        texts.join("\n")
    }

    #[test]
    fn counts_beyond_exact_numbers_are_refused() {
        let label = || numbers("label", &[0.0, 1.0, 1.0]);
        let all = MOST_ROWS as f64;
        let most = planned(
            vec![
                label(),
                numbers("score", &[0.1, 0.2, 0.3]),
                numbers("count", &[all - 1.0, 1.0, 0.0]),
            ],
            None,
        );
        assert_eq!(most.unwrap().outcome.rows_represented, MOST_ROWS);
        let more = planned(
            vec![label(), numbers("score", &[0.1, 0.2, 0.3]), numbers("count", &[all, all, all])],
            None,
        );
        assert_eq!(more.unwrap_err(), PlanError::TooManyRows { column: "count".into() });
    }

    #[test]
    fn a_row_that_stands_for_none_does_not_spoil_the_score() {
        let columns = |count| {
            vec![
                numbers("label", &[0.0, 1.0, 1.0]),
                numbers("score", &[0.1, 0.2, 7.0]),
                numbers("count", &[1.0, 1.0, count]),
            ]
        };
        assert!(planned(columns(0.0), None).unwrap().is_probability);
        assert!(!planned(columns(1.0), None).unwrap().is_probability);
    }

    #[test]
    fn a_threshold_without_effect_is_told() {
        let without_score = vec![numbers("label", &[0.0, 1.0]), numbers("prediction", &[0.0, 1.0])];
        assert!(told(&planned(without_score, Some(0.3)).unwrap()).contains("threshold is not used: no column is a score"));
        let several = vec![
            texts("label", &["a", "b", "c"]),
            texts("prediction", &["a", "b", "c"]),
            numbers("score", &[0.1, 0.2, 0.3]),
        ];
        let plan = planned(several, Some(0.3)).unwrap();
        assert!(told(&plan).contains("two classes only") && plan.rows.prediction.is_some());
    }

    #[test]
    fn a_threshold_replaces_the_prediction_whatever_the_score_column() {
        for score in ["score", "p_1"] {
            let columns = vec![
                numbers("label", &[0.0, 1.0, 1.0]),
                numbers("prediction", &[0.0, 0.0, 0.0]),
                numbers(score, &[0.1, 0.6, f64::NAN]),
            ];
            let plan = planned(columns, Some(0.5)).unwrap();
            assert_eq!(plan.rows.prediction, Some(vec![0, 1, MISSING]));
            let told = told(&plan);
            assert!(told.contains("\"prediction\" (prediction) is not used"), "{told}");
            assert!(!told.contains("\"prediction\" have no prediction"), "{told}");
        }
    }

    #[test]
    fn a_score_of_the_other_class_alone_is_told() {
        let columns = || vec![numbers("label", &[0.0, 1.0]), numbers("p_0", &[0.1, 0.6])];
        assert!(told(&planned(columns(), None).unwrap()).contains("\"p_0\" (score of class \"0\") is not used"));
        assert!(
            planned(columns(), Some(0.5))
                .unwrap_err()
                .to_string()
                .contains("score of the positive class \"1\"")
        );
    }

    #[test]
    fn log_loss_needs_a_score_for_every_class() {
        let label = || texts("label", &["a", "b", "c", "d"]);
        let score = |name| numbers(name, &[0.25; 4]);
        let partial = planned(vec![label(), score("p_a"), score("p_b"), score("p_c")], None).unwrap();
        assert!(partial.rows.class_scores.is_empty() && partial.rows.prediction.is_some());
        assert!(told(&partial).contains("Class \"d\""));
        let whole = planned(vec![label(), score("p_a"), score("p_b"), score("p_c"), score("p_d")], None).unwrap();
        assert_eq!(whole.rows.class_scores.len(), 4);
    }
}
