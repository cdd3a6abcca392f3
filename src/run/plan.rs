//! Roles and settings, held against the table, become a plan: the task, the classes, and every row's part in it.

use crate::stats::order;
use std::borrow::Cow;

use crate::data::column::{Levels, MISSING};
use crate::data::{Column, DataError, Kind, Notice, NoticeCode, Roles, Table, Values};
use crate::metric::state::RowWeight;

use super::classes::{infer_positive, unite};
use super::grouping::{Partition, partition};
use super::{Outcome, PlanError, Settings, Task};

/// The most classes a task may have.
pub const MOST_CLASSES: usize = 200;
/// The most levels a sensitive feature may have.
pub const MOST_LEVELS: usize = 100_000;
/// The most groups a grouping may have.
pub const MOST_GROUPS: usize = 2000;
/// The most rows that all counts together may stand for: whole numbers up to 2^53 are exact.
const MOST_ROWS: u64 = 1 << 53;
/// A label that is a whole number with more distinct values than this is a quantity, not a class.
const MOST_NUMBER_CLASSES: usize = 20;

/// What is known of every row.
#[derive(Debug, Clone, Default)]
pub struct Rows {
    /// How many rows the table has.
    pub len: usize,
    /// For each row its class in truth, or [`MISSING`]; `None` without a label.
    pub label: Option<Vec<u32>>,
    /// For each row its predicted class, or [`MISSING`]; `None` without a prediction.
    pub prediction: Option<Vec<u32>>,
    /// For each row its score, NaN where missing.
    pub score: Option<Vec<f64>>,
    /// For each class with a score column: the class and its scores.
    pub class_scores: Vec<(u32, Vec<f64>)>,
    /// For each row the true number, NaN where missing.
    pub truth: Option<Vec<f64>>,
    /// For each row the predicted number, NaN where missing.
    pub predicted: Option<Vec<f64>>,
    counts: Option<Vec<f64>>,
    weights: Option<Vec<f64>>,
}

impl Rows {
    /// The row's weight; `None` for a row that is not used, or stands for no row.
    pub fn weight(&self, row: usize) -> Option<RowWeight> {
        let count = self.counts.as_ref().map_or(1, |counts| whole(counts[row]).unwrap_or(0));
        let weight = self.weights.as_ref().map(|weights| weights[row]);
        let is_used = count > 0 && weight.is_none_or(|weight| weight.is_finite() && weight >= 0.0);
        is_used.then_some(RowWeight { count, weight })
    }

    /// How many of the rows used have a score that is no probability.
    fn outside(&self, scores: &[f64]) -> u64 {
        let is_outside = |score: f64| !score.is_nan() && !(0.0..=1.0).contains(&score);
        let used = (0..self.len).filter(|row| self.weight(*row).is_some());
        used.filter(|row| is_outside(scores[*row])).count() as u64
    }

    /// Whether rows carry importance weights.
    pub fn is_weighted(&self) -> bool {
        self.weights.is_some()
    }
}

/// A count: a whole number from 0 to 2^53.
fn whole(value: f64) -> Option<u64> {
    ((0.0..=MOST_ROWS as f64).contains(&value) && value.fract() == 0.0).then_some(value as u64)
}

/// An audit ready to be made.
#[derive(Debug, Clone)]
pub struct Plan {
    /// What is predicted.
    pub outcome: Outcome,
    /// The positive class's place among the classes, for two classes.
    pub positive: u32,
    /// Whether all scores are within 0 to 1.
    pub is_probability: bool,
    /// A fixed value near the mean of the true numbers.
    pub pivot: f64,
    /// What is known of every row.
    pub rows: Rows,
    /// The groups.
    pub partition: Partition,
    /// Rows that cannot be used at all.
    pub unusable: u64,
    /// Odd things that follow from the choice of roles.
    pub notices: Vec<Notice>,
}

fn notice(code: NoticeCode, column: &str, rows: u64, text: String) -> Notice {
    Notice {
        code,
        text,
        column: Some(column.to_owned()),
        rows: Some(rows),
        line: None,
    }
}

/// A count of rows in words.
fn rows_in_words(rows: u64) -> String {
    if rows == 1 { "1 row".to_owned() } else { format!("{rows} rows") }
}

/// The task with its classes and rows, before groups.
struct Framed {
    task: Task,
    names: Vec<String>,
    positive_class: Option<String>,
    threshold: Option<f64>,
    is_probability: bool,
}

/// Holds roles and settings against a table.
///
/// # Errors
/// When they make no audit: a column is missing or cannot play its part, label and prediction have nothing in common,
/// a setting names what does not occur, or no row can be used.
pub fn plan(table: &Table, roles: &Roles, settings: &Settings) -> Result<Plan, PlanError> {
    check_settings(settings)?;
    roles.check(table)?;
    let mut rows = Rows {
        len: table.rows,
        ..Rows::default()
    };
    let mut notices = Vec::new();
    let unusable = take_weights(table, roles, &mut rows, &mut notices)?;
    let framed = frame(table, roles, settings, &mut rows, &mut notices)?;
    note_missing(roles, &rows, framed.threshold.is_some(), &mut notices);
    let rows_represented = represented(&rows, roles)?;
    if rows_represented == 0 {
        return Err(PlanError::NoUsableRows {
            reason: "every row was set aside or stands for no row".to_owned(),
        });
    }
    let partition = take_groups(table, roles, settings, &rows, framed.names.len(), &mut notices)?;
    let positive = framed
        .positive_class
        .as_ref()
        .and_then(|class| framed.names.iter().position(|name| name == class));
    Ok(Plan {
        outcome: Outcome {
            task: Some(framed.task),
            classes: framed.names,
            positive_class: framed.positive_class,
            decision_threshold: framed.threshold,
            rows_represented,
        },
        positive: positive.map_or(MISSING, |place| place as u32),
        is_probability: framed.is_probability,
        pivot: pivot(&rows),
        rows,
        partition,
        unusable,
        notices,
    })
}

/// The rows that the rows used stand for; at most 2^53 together, so that every count is an exact number.
fn represented(rows: &Rows, roles: &Roles) -> Result<u64, PlanError> {
    let counts = (0..rows.len).filter_map(|row| rows.weight(row)).map(|weight| weight.count);
    let mut sum = 0_u64;
    for count in counts {
        sum = sum.saturating_add(count);
    }
    if sum > MOST_ROWS {
        return Err(PlanError::TooManyRows {
            column: roles.count.clone().unwrap_or_default(),
        });
    }
    Ok(sum)
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
    Ok(())
}

fn column<'t>(table: &'t Table, name: &str) -> Result<&'t Column, PlanError> {
    table.column(name).ok_or_else(|| {
        PlanError::Column(DataError::UnknownColumn {
            column: name.to_owned(),
            closest: Vec::new(),
        })
    })
}

/// Reads count and weight columns; gives the number of rows that cannot be used.
fn take_weights(table: &Table, roles: &Roles, rows: &mut Rows, notices: &mut Vec<Notice>) -> Result<u64, PlanError> {
    if let Some(name) = &roles.count {
        rows.counts = Some(column(table, name)?.to_numbers()?.into_owned());
    }
    if let Some(name) = &roles.weight {
        rows.weights = Some(column(table, name)?.to_numbers()?.into_owned());
    }
    let mut unusable = 0;
    let of = |values: &Option<Vec<f64>>, is_usable: &dyn Fn(f64) -> bool| {
        values
            .as_ref()
            .map_or(0, |values| values.iter().filter(|value| !is_usable(**value)).count() as u64)
    };
    let bad_counts = of(&rows.counts, &|value| whole(value).is_some());
    if let (Some(name), 1..) = (&roles.count, bad_counts) {
        let text = format!(
            "{} in column \"{name}\" (count) {} no whole number from 0 and {} set aside.",
            rows_in_words(bad_counts),
            if bad_counts == 1 { "holds" } else { "hold" },
            if bad_counts == 1 { "was" } else { "were" }
        );
        notices.push(notice(NoticeCode::UnusableWeights, name, bad_counts, text));
    }
    let bad_weights = of(&rows.weights, &|value| value.is_finite() && value >= 0.0);
    if let (Some(name), 1..) = (&roles.weight, bad_weights) {
        let text = format!(
            "{} in column \"{name}\" (weight) {} no number from 0 and {} set aside.",
            rows_in_words(bad_weights),
            if bad_weights == 1 { "holds" } else { "hold" },
            if bad_weights == 1 { "was" } else { "were" }
        );
        notices.push(notice(NoticeCode::UnusableWeights, name, bad_weights, text));
    }
    if bad_counts + bad_weights > 0 {
        for row in 0..rows.len {
            let bad_count = rows.counts.as_ref().is_some_and(|counts| whole(counts[row]).is_none());
            let bad_weight = rows
                .weights
                .as_ref()
                .is_some_and(|weights| !(weights[row].is_finite() && weights[row] >= 0.0));
            unusable += u64::from(bad_count || bad_weight);
        }
    }
    Ok(unusable)
}

/// Whether a column's values are quantities: numbers with decimals, or many different whole numbers.
fn is_quantity(column: &Column) -> bool {
    let Values::Numeric(values) = &column.values else { return false };
    values.iter().any(|value| value.is_finite() && value.fract() != 0.0) || column.to_levels(MOST_NUMBER_CLASSES).is_err()
}

/// Decides the task and reads what it needs.
fn frame(table: &Table, roles: &Roles, settings: &Settings, rows: &mut Rows, notices: &mut Vec<Notice>) -> Result<Framed, PlanError> {
    let label = roles.label.as_deref().map(|name| column(table, name)).transpose()?;
    let prediction = roles.prediction.as_deref().map(|name| column(table, name)).transpose()?;
    if label.is_none() && prediction.is_none() && roles.score.is_none() && roles.class_scores.is_empty() {
        return Err(PlanError::NothingToMeasure);
    }
    let task = settings.task.map_or_else(|| infer_task(label, prediction, roles), Ok)?;
    match task {
        Task::Regression => frame_regression(label, prediction, rows),
        Task::Binary | Task::Multiclass => {
            let framed = frame_classes(table, roles, settings, label, prediction, task, rows, notices)?;
            if let (Some(name), Task::Multiclass, Some(_)) = (&roles.score, framed.task, &rows.score) {
                let text = format!("Column \"{name}\" (score) is not used: with several classes, give one score column a class.");
                notices.push(Notice {
                    code: NoticeCode::Setting,
                    text,
                    column: Some(name.clone()),
                    rows: None,
                    line: None,
                });
            }
            Ok(framed)
        }
    }
}

fn infer_task(label: Option<&Column>, prediction: Option<&Column>, roles: &Roles) -> Result<Task, PlanError> {
    if roles.class_scores.len() > 2 {
        return Ok(Task::Multiclass);
    }
    let has_scores = roles.score.is_some() || !roles.class_scores.is_empty();
    match (label, prediction) {
        (Some(label), _) if is_quantity(label) => Ok(Task::Regression),
        (Some(label), Some(prediction)) if is_quantity(prediction) => {
            let classes = label.to_levels(MOST_CLASSES).map_or(0, |levels| levels.names.len());
            let is_number = matches!(label.kind, Kind::Numeric);
            if classes <= 2 || !is_number {
                let example = first_fraction(prediction);
                return Err(PlanError::PredictionIsScore {
                    column: prediction.name.clone(),
                    example,
                });
            }
            Ok(Task::Regression)
        }
        (None, Some(prediction)) if is_quantity(prediction) => Ok(Task::Regression),
        (None, None) if has_scores => Ok(Task::Binary),
        _ => {
            let mut names: Vec<String> = Vec::new();
            for column in [label, prediction].into_iter().flatten() {
                names.extend(column.to_levels(MOST_CLASSES)?.names.iter().cloned());
            }
            order::sort(&mut names);
            names.dedup();
            // Two columns of at most two levels and none in common may spell the same two classes; with one in common they hold three.
            let differ = match label.zip(prediction) {
                Some((label, prediction)) => {
                    let (own, other) = (label.to_levels(MOST_CLASSES)?, prediction.to_levels(MOST_CLASSES)?);
                    own.names.len().max(other.names.len()) <= 2 && own.names.iter().all(|name| !other.names.contains(name))
                }
                None => false,
            };
            Ok(if names.len() <= 2 || differ {
                Task::Binary
            } else {
                Task::Multiclass
            })
        }
    }
}

fn first_fraction(column: &Column) -> String {
    let Values::Numeric(values) = &column.values else {
        return String::new();
    };
    let fraction = values
        .iter()
        .find(|value| value.is_finite() && value.fract() != 0.0)
        .or_else(|| values.iter().find(|value| !value.is_nan()));
    fraction.map_or_else(String::new, f64::to_string)
}

fn frame_regression(label: Option<&Column>, prediction: Option<&Column>, rows: &mut Rows) -> Result<Framed, PlanError> {
    let (Some(label), Some(prediction)) = (label, prediction) else {
        let reason = "predicted numbers need both a label (the true number) and a prediction".to_owned();
        return Err(PlanError::TaskDoesNotFit {
            task: "regression",
            reason,
        });
    };
    let finite = |column: &Column| -> Result<Vec<f64>, PlanError> {
        Ok(column
            .to_numbers()?
            .iter()
            .map(|value| if value.is_finite() { *value } else { f64::NAN })
            .collect())
    };
    rows.truth = Some(finite(label)?);
    rows.predicted = Some(finite(prediction)?);
    Ok(Framed {
        task: Task::Regression,
        names: vec![],
        positive_class: None,
        threshold: None,
        is_probability: false,
    })
}

/// Whether the prediction follows from a score and a threshold that was set.
fn is_by_threshold(roles: &Roles, settings: &Settings, task: Task) -> bool {
    settings.threshold.is_some() && task == Task::Binary && (roles.score.is_some() || !roles.class_scores.is_empty())
}

#[allow(clippy::too_many_arguments)]
fn frame_classes(
    table: &Table,
    roles: &Roles,
    settings: &Settings,
    label: Option<&Column>,
    prediction: Option<&Column>,
    task: Task,
    rows: &mut Rows,
    notices: &mut Vec<Notice>,
) -> Result<Framed, PlanError> {
    let label = label
        .map(|column| Ok::<_, PlanError>((column.name.as_str(), column.to_levels(MOST_CLASSES)?)))
        .transpose()?;
    // A decision threshold makes the prediction; a prediction column beside it is not used.
    let by_threshold = is_by_threshold(roles, settings, task);
    if settings.threshold.is_some() && !by_threshold {
        let why = if task == Task::Binary {
            "no column is a score"
        } else {
            "it applies to two classes only"
        };
        notices.push(Notice {
            code: NoticeCode::Setting,
            text: format!("The decision threshold is not used: {why}."),
            column: None,
            rows: None,
            line: None,
        });
    }
    if let (true, Some(column)) = (by_threshold, prediction) {
        let text = format!(
            "Column \"{}\" (prediction) is not used: the decision threshold makes the prediction from the score.",
            column.name
        );
        notices.push(Notice {
            code: NoticeCode::Setting,
            text,
            column: Some(column.name.clone()),
            rows: None,
            line: None,
        });
    }
    let prediction = prediction.filter(|_| !by_threshold);
    let prediction = prediction
        .map(|column| Ok::<_, PlanError>((column.name.as_str(), column.to_levels(MOST_CLASSES)?)))
        .transpose()?;
    let none: (&str, Cow<'_, Levels>) = ("", Cow::Owned(Levels::default()));
    let (own, other) = (label.as_ref().unwrap_or(&none), prediction.as_ref().unwrap_or(&none));
    let classes = unite((own.0, &own.1.names), (other.0, &other.1.names))?;
    if let Some(text) = &classes.matched {
        notices.push(Notice {
            code: NoticeCode::SpellingsMatched,
            text: text.clone(),
            column: Some(other.0.to_owned()),
            rows: None,
            line: None,
        });
    }
    if let [only] = own.1.names.as_slice() {
        let text = format!(
            "Column \"{}\" (label) holds one class only, \"{only}\", so recall or specificity, AUC and the like do not exist.",
            own.0
        );
        notices.push(Notice {
            code: NoticeCode::OneClass,
            text,
            column: Some(own.0.to_owned()),
            rows: None,
            line: None,
        });
    }
    let mut names = classes.names.clone();
    rows.label = label.as_ref().map(|(_, levels)| recode(levels, &classes.of_label));
    rows.prediction = prediction.as_ref().map(|(_, levels)| recode(levels, &classes.of_prediction));
    for score in &roles.class_scores {
        let place = names.iter().position(|name| *name == score.class).unwrap_or_else(|| {
            names.push(score.class.clone());
            names.len() - 1
        });
        rows.class_scores
            .push((place as u32, column(table, &score.column)?.to_numbers()?.into_owned()));
    }
    if task == Task::Multiclass {
        let is_probability = rows.class_scores.iter().all(|(_, scores)| rows.outside(scores) == 0);
        predict_highest(rows);
        leave_out_partial_scores(own, &names, rows, notices);
        return Ok(Framed {
            task,
            names,
            positive_class: None,
            threshold: None,
            is_probability,
        });
    }
    frame_binary(table, roles, settings, own, names, rows, notices)
}

fn frame_binary(
    table: &Table,
    roles: &Roles,
    settings: &Settings,
    label: &(&str, Cow<'_, Levels>),
    mut names: Vec<String>,
    rows: &mut Rows,
    notices: &mut Vec<Notice>,
) -> Result<Framed, PlanError> {
    if names.len() > 2 {
        let reason = format!("label and prediction hold {} classes", names.len());
        return Err(PlanError::TaskDoesNotFit { task: "binary", reason });
    }
    let positive = match &settings.positive {
        Some(class) if names.is_empty() || names.contains(class) => Some(class.clone()),
        // One class only: the other one may be named though it does not occur.
        Some(class) if names.len() == 1 => Some(class.clone()),
        Some(class) => {
            return Err(PlanError::UnknownClass {
                class: class.clone(),
                classes: names,
            });
        }
        None => infer_positive(&names).map(|(class, says_so)| {
            if !says_so && names.len() == 2 {
                let text =
                    format!("\"{class}\" was taken as the positive class. Choose the other if it is the one that the model looks for.");
                notices.push(Notice {
                    code: NoticeCode::PositiveClassInferred,
                    text,
                    column: Some(label.0.to_owned()),
                    rows: None,
                    line: None,
                });
            }
            class
        }),
    };
    let positive_class = positive.or_else(|| (!roles.class_scores.is_empty() || roles.score.is_some()).then(|| "1".to_owned()));
    if let Some(class) = &positive_class
        && !names.contains(class)
    {
        names.push(class.clone());
    }
    let place = names.iter().position(|name| Some(name) == positive_class.as_ref()).unwrap_or(0) as u32;
    if let Some(name) = &roles.score {
        rows.score = Some(column(table, name)?.to_numbers()?.into_owned());
    } else if let Some(at) = rows.class_scores.iter().position(|(class, _)| *class == place) {
        rows.score = Some(rows.class_scores.swap_remove(at).1);
    }
    let of_positive = roles
        .class_scores
        .iter()
        .find(|score| Some(&score.class) == positive_class.as_ref());
    note_unused_class_score(roles, settings, positive_class.as_deref(), rows, notices)?;
    let outside = rows.score.as_ref().map_or(0, |scores| rows.outside(scores));
    let is_probability = rows.score.is_some() && outside == 0;
    let score_name = roles
        .score
        .as_ref()
        .or(of_positive.map(|score| &score.column))
        .map_or("", String::as_str);
    if outside > 0 {
        let without = if rows.prediction.is_none() && settings.threshold.is_none() {
            " Without a prediction column or a decision threshold nobody is predicted positive or negative; set a threshold."
        } else {
            ""
        };
        let text = format!(
            "Column \"{score_name}\" (score) is outside 0 to 1 in {}, so it orders rows but is no probability: log loss and Brier score do not exist.{without}",
            rows_in_words(outside)
        );
        notices.push(notice(NoticeCode::ScoreOutOfRange, score_name, outside, text));
    }
    let threshold = match (&rows.score, &rows.prediction, settings.threshold) {
        (Some(_), _, Some(threshold)) => Some(threshold),
        (Some(_), None, None) if is_probability => Some(0.5),
        _ => None,
    };
    if let (Some(scores), Some(threshold)) = (&rows.score, threshold) {
        // The other class is whichever is not positive; where only the positive one is known, "not" it is any other code.
        let negative = u32::from(place == 0);
        let predict = |score: &f64| {
            if score.is_nan() {
                MISSING
            } else if *score >= threshold {
                place
            } else {
                negative
            }
        };
        rows.prediction = Some(scores.iter().map(predict).collect());
    }
    Ok(Framed {
        task: Task::Binary,
        names,
        positive_class,
        threshold,
        is_probability,
    })
}

/// The score columns of classes are of use to two classes only where one is the positive class's.
fn note_unused_class_score(
    roles: &Roles,
    settings: &Settings,
    positive: Option<&str>,
    rows: &Rows,
    notices: &mut Vec<Notice>,
) -> Result<(), PlanError> {
    let (None, Some(given), Some(positive)) = (&rows.score, roles.class_scores.first(), positive) else {
        return Ok(());
    };
    if is_by_threshold(roles, settings, Task::Binary) {
        return Err(PlanError::TaskDoesNotFit {
            task: "binary",
            reason: format!(
                "a decision threshold needs the score of the positive class \"{positive}\", and only other classes have a score column"
            ),
        });
    }
    notices.push(Notice {
        code: NoticeCode::Setting,
        text: format!(
            "Column \"{}\" (score of class \"{}\") is not used: give the score column of the positive class, \"{positive}\".",
            given.column, given.class
        ),
        column: Some(given.column.clone()),
        rows: None,
        line: None,
    });
    Ok(())
}

/// Log loss over the rows of some classes only would flatter; where a class of the label has no score column, there is none.
fn leave_out_partial_scores(label: &(&str, Cow<'_, Levels>), names: &[String], rows: &mut Rows, notices: &mut Vec<Notice>) {
    if rows.class_scores.is_empty() {
        return;
    }
    let has_scores = |name: &String| rows.class_scores.iter().any(|(class, _)| names[*class as usize] == *name);
    let Some(without) = label.1.names.iter().find(|name| !has_scores(name)) else {
        return;
    };
    notices.push(Notice {
        code: NoticeCode::Setting,
        text: format!(
            "Class \"{without}\" of column \"{}\" (label) has no score column, so log loss does not exist.",
            label.0
        ),
        column: Some(label.0.to_owned()),
        rows: None,
        line: None,
    });
    rows.class_scores.clear();
}

fn recode(levels: &Levels, class: &[u32]) -> Vec<u32> {
    levels
        .codes
        .iter()
        .map(|code| if *code == MISSING { MISSING } else { class[*code as usize] })
        .collect()
}

/// Without a prediction column, the class with the highest score is predicted; the first among equals.
fn predict_highest(rows: &mut Rows) {
    if rows.prediction.is_some() || rows.class_scores.is_empty() {
        return;
    }
    let highest = |row: usize| {
        let mut best = (MISSING, f64::NEG_INFINITY);
        for (class, scores) in &rows.class_scores {
            if scores[row].is_nan() {
                return MISSING;
            }
            if scores[row] > best.1 {
                best = (*class, scores[row]);
            }
        }
        best.0
    };
    let prediction = (0..rows.len).map(highest).collect();
    rows.prediction = Some(prediction);
}

fn note_missing(roles: &Roles, rows: &Rows, is_from_score: bool, notices: &mut Vec<Notice>) {
    let missing = |codes: &Option<Vec<u32>>| {
        codes
            .as_ref()
            .map_or(0, |codes| codes.iter().filter(|code| **code == MISSING).count() as u64)
    };
    let not_numbers = |values: &Option<Vec<f64>>| {
        values
            .as_ref()
            .map_or(0, |values| values.iter().filter(|value| value.is_nan()).count() as u64)
    };
    let mut note = |column: &Option<String>, code: NoticeCode, count: u64, what: &str| {
        if let (Some(name), 1..) = (column, count) {
            let text = format!(
                "{} in column \"{name}\" {} no {what}; {} kept out of everything that needs it.",
                rows_in_words(count),
                if count == 1 { "has" } else { "have" },
                if count == 1 { "it is" } else { "they are" }
            );
            notices.push(notice(code, name, count, text));
        }
    };
    note(
        &roles.label,
        NoticeCode::MissingLabels,
        missing(&rows.label) + not_numbers(&rows.truth),
        "label",
    );
    let from_column = roles.prediction.is_some() && !is_from_score;
    note(
        &roles.prediction,
        NoticeCode::MissingPredictions,
        if from_column {
            missing(&rows.prediction) + not_numbers(&rows.predicted)
        } else {
            0
        },
        "prediction",
    );
    note(&roles.score, NoticeCode::MissingPredictions, not_numbers(&rows.score), "score");
}

/// A round number near the mean of the true numbers: exact sums of squares about it do not cancel. A row that stands for several counts as
/// often, so that it gives the numbers that the several rows give.
fn pivot(rows: &Rows) -> f64 {
    let Some(truth) = &rows.truth else { return 0.0 };
    let mut sum = crate::stats::sum::ExactSum::default();
    let mut known = 0;
    for (row, value) in truth.iter().enumerate().filter(|(_, value)| !value.is_nan()) {
        if let Some(weight) = rows.weight(row) {
            sum.add_product(weight.count as f64, *value);
            known += weight.count;
        }
    }
    let mean = sum.value() / known as f64;
    if mean.is_finite() { mean.round() } else { 0.0 }
}

fn take_groups(
    table: &Table,
    roles: &Roles,
    settings: &Settings,
    rows: &Rows,
    classes: usize,
    notices: &mut Vec<Notice>,
) -> Result<Partition, PlanError> {
    let mut features: Vec<(&str, Cow<'_, Levels>)> = Vec::new();
    for name in &roles.sensitive {
        let levels = column(table, name)?.to_levels(MOST_LEVELS)?;
        let missing = levels.codes.iter().filter(|code| **code == MISSING).count() as u64;
        if missing > 0 {
            let text = format!(
                "{} in column \"{name}\" {} no level; such rows are a group of their own, shown, but left out of gaps.",
                rows_in_words(missing),
                if missing == 1 { "has" } else { "have" }
            );
            notices.push(notice(NoticeCode::MissingGroups, name, missing, text));
        }
        features.push((name, levels));
    }
    for (name, level) in &settings.reference_groups {
        let Some((_, levels)) = features.iter().find(|(feature, _)| feature == name) else {
            return Err(PlanError::NotSensitive { column: name.clone() });
        };
        if !levels.names.contains(level) {
            return Err(PlanError::UnknownGroup {
                column: name.clone(),
                level: level.clone(),
                levels: levels.names.clone(),
            });
        }
    }
    let features: Vec<(&str, &Levels)> = features.iter().map(|(name, levels)| (*name, levels.as_ref())).collect();
    let stands_for = |row: usize| rows.weight(row).map_or(0, |weight| weight.count);
    let (has_pairs, most) = room(features.len(), classes);
    if !has_pairs && features.len() > 1 {
        let text = format!(
            "Pairs of the {} sensitive features are not reported, because the report would become too large. For pairs, choose fewer features.",
            features.len()
        );
        notices.push(Notice {
            code: NoticeCode::GroupsCapped,
            text,
            column: None,
            rows: None,
            line: None,
        });
    }
    let partition = partition(&features, has_pairs, rows.len, stands_for, most);
    for grouping in partition.groupings.iter().filter(|grouping| grouping.put_together > 0) {
        let text = format!(
            "{} has {} groups; the {most} largest are reported, the other {} are put together as the rest.",
            grouping.columns.join(" and "),
            grouping.put_together + most,
            grouping.put_together
        );
        notices.push(Notice {
            code: NoticeCode::GroupsCapped,
            text,
            column: None,
            rows: None,
            line: None,
        });
    }
    Ok(partition)
}

/// About how many numbers a report may hold, so that its JSON stays below 20 MB.
const MOST_NUMBERS: usize = 40_000;
/// The most classes that are each read in every group; beyond, classes are read over all rows only.
pub const MOST_CLASSES_BY_GROUP: usize = 20;

/// Whether pairs of features are grouped, and how many groups a grouping may have.
fn room(features: usize, classes: usize) -> (bool, usize) {
    // Forms of metrics a group, of which each is read, and compared with the reference group twice.
    let forms = match classes {
        0..=2 => 42,
        3..=MOST_CLASSES_BY_GROUP => 20 + 9 * classes,
        _ => 20,
    };
    // A grouping's own numbers: differences, ratios, extremes.
    let gaps = 8 * forms;
    let pairs = features * features.saturating_sub(1) / 2;
    let has_pairs = (features + pairs) * gaps <= MOST_NUMBERS / 2;
    let groupings = if has_pairs { features + pairs } else { features }.max(1);
    let left = MOST_NUMBERS.saturating_sub(groupings * gaps);
    (has_pairs, (left / (3 * forms) / groupings).clamp(2, MOST_GROUPS))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::Intake;

    fn numbers(name: &str, values: &[f64]) -> Column {
        Column {
            name: name.to_owned(),
            kind: Kind::Numeric,
            values: Values::Numeric(values.to_vec()),
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
        };
        let table = Table {
            intake,
            rows,
            columns,
            notices: Vec::new(),
            preview: Vec::new(),
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
