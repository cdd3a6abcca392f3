//! Decides what is predicted, and reads what that needs from the columns: the task, the classes, predicted numbers.

use std::borrow::Cow;

use crate::data::column::{Levels, MISSING};
use crate::data::{Column, Kind, Notice, NoticeCode, Roles, Table, Values};
use crate::stats::order;

use super::classes::unite;
use super::weights::column;
use super::{PlanError, ScoreScale, Settings, Task};
use crate::metric::rows::Rows;

/// The most classes a task may have.
pub const MOST_CLASSES: usize = 200;
/// A label that is a whole number with more distinct values than this is a quantity, not a class.
const MOST_NUMBER_CLASSES: usize = 20;

/// The task with its classes and rows, before groups.
pub(super) struct Framed {
    pub task: Option<Task>,
    pub names: Vec<String>,
    pub positive_class: Option<String>,
    pub threshold: Option<f64>,
    pub is_probability: bool,
    /// Whether several classes have an order.
    pub is_ordered: bool,
}

/// Roles and settings held against a table; rows and notices are filled on the way.
pub(super) struct Framing<'a> {
    pub table: &'a Table,
    pub roles: &'a Roles,
    pub settings: &'a Settings,
    pub rows: &'a mut Rows,
    pub notices: &'a mut Vec<Notice>,
}

impl Framing<'_> {
    /// Decides the task and reads what it needs.
    pub(super) fn frame(mut self) -> Result<Framed, PlanError> {
        let label = self.roles.label.as_deref().map(|name| column(self.table, name)).transpose()?;
        let prediction = self.roles.prediction.as_deref().map(|name| column(self.table, name)).transpose()?;
        let has_none = label.is_none() && prediction.is_none() && self.roles.score.is_none() && self.roles.class_scores.is_empty();
        if has_none && self.roles.labels.is_empty() {
            if self.settings.task.is_some() || self.table.columns.iter().all(|column| column.kind == Kind::Empty) {
                return Err(PlanError::NothingToMeasure);
            }
            self.times(false)?;
            return Ok(super::numbers::framed(None));
        }
        self.times(false)?;
        let task = match self.settings.task {
            Some(task) => task,
            None if !self.roles.labels.is_empty() || self.separator(label, prediction).is_some() => Task::Multilabel,
            None => infer_task(label, prediction, self.roles, self.settings)?,
        };
        self.note_unused_scale(task);
        match task {
            Task::Regression => {
                // Only what is predicted in numbers is followed row by row in time.
                self.times(true)?;
                self.regression(label, prediction)
            }
            Task::Ranking => self.ranking(label, prediction),
            Task::Multilabel => self.several_labels(label, prediction),
            Task::Binary | Task::Multiclass => {
                let framed = self.classes(label, prediction, task)?;
                if let (Some(name), Some(Task::Multiclass), Some(_)) = (&self.roles.score, framed.task, &self.rows.score) {
                    let text = format!("Column \"{name}\" (score) is not used: with several classes, give one score column a class.");
                    self.notices.push(Notice::of_column(NoticeCode::Setting, name, text));
                }
                Ok(framed)
            }
        }
    }

    /// Whether the prediction follows from a score and a threshold that was set.
    pub(super) fn is_by_threshold(&self, task: Task) -> bool {
        self.settings.threshold.is_some() && task == Task::Binary && (self.roles.score.is_some() || !self.roles.class_scores.is_empty())
    }

    /// Reads labels and predictions as classes.
    fn classes(&mut self, label: Option<&Column>, prediction: Option<&Column>, task: Task) -> Result<Framed, PlanError> {
        let label = label
            .map(|column| Ok::<_, PlanError>((column.name.as_str(), column.to_levels(MOST_CLASSES)?)))
            .transpose()?;
        // A decision threshold makes the prediction; a prediction column beside it is not used.
        let by_threshold = self.is_by_threshold(task);
        if self.settings.threshold.is_some() && !by_threshold {
            let why = if task == Task::Binary {
                "no column is a score"
            } else {
                "it applies to two classes only"
            };
            self.notices.push(Notice::general(
                NoticeCode::Setting,
                format!("The decision threshold is not used: {why}."),
            ));
        }
        if let (true, Some(column)) = (by_threshold, prediction) {
            let text = format!(
                "Column \"{}\" (prediction) is not used: the decision threshold makes the prediction from the score.",
                column.name
            );
            self.notices.push(Notice::of_column(NoticeCode::Setting, &column.name, text));
        }
        let prediction = prediction.filter(|_| !by_threshold);
        let prediction = prediction
            .map(|column| Ok::<_, PlanError>((column.name.as_str(), column.to_levels(MOST_CLASSES)?)))
            .transpose()?;
        let none: (&str, Cow<'_, Levels>) = ("", Cow::Owned(Levels::default()));
        let (own, other) = (label.as_ref().unwrap_or(&none), prediction.as_ref().unwrap_or(&none));
        let classes = unite((own.0, &own.1.names), (other.0, &other.1.names))?;
        if let Some(text) = &classes.matched {
            self.notices
                .push(Notice::of_column(NoticeCode::SpellingsMatched, other.0, text.clone()));
        }
        if let [only] = own.1.names.as_slice() {
            let text = format!(
                "Column \"{}\" (label) holds one class only, \"{only}\", so recall or specificity, AUC and the like do not exist.",
                own.0
            );
            self.notices.push(Notice::of_column(NoticeCode::OneClass, own.0, text));
        }
        let mut names = classes.names.clone();
        self.rows.label = label.as_ref().map(|(_, levels)| recode(levels, &classes.of_label));
        self.rows.prediction = prediction.as_ref().map(|(_, levels)| recode(levels, &classes.of_prediction));
        for score in &self.roles.class_scores {
            let place = names.iter().position(|name| *name == score.class).unwrap_or_else(|| {
                names.push(score.class.clone());
                names.len() - 1
            });
            self.rows
                .class_scores
                .push((place as u32, column(self.table, &score.column)?.to_numbers()?.into_owned()));
        }
        if task == Task::Multiclass {
            return self.several_classes(own, names);
        }
        if !self.settings.class_order.is_empty() {
            self.notices.push(Notice::general(
                NoticeCode::Setting,
                "The order of the classes is not used: it matters with three or more classes only.".to_owned(),
            ));
        }
        self.two_classes(own.0, names)
    }

    /// A score scale without two classes and a score has no effect, which is worth saying.
    fn note_unused_scale(&mut self, task: Task) {
        let has_score = self.roles.score.is_some() || !self.roles.class_scores.is_empty();
        if self.settings.score_scale != ScoreScale::AsGiven && (task != Task::Binary || !has_score) {
            let text = "The score scale is not used: it is read with two classes and a score only.".to_owned();
            self.notices.push(Notice::general(NoticeCode::Setting, text));
        }
    }
}

/// Whether a column's values are quantities: numbers with decimals, or many different whole numbers.
fn is_quantity(column: &Column) -> bool {
    let Values::Numeric(values) = &column.values else { return false };
    values.iter().any(|value| value.is_finite() && value.fract() != 0.0) || column.to_levels(MOST_NUMBER_CLASSES).is_err()
}

/// The task that the columns suggest.
fn infer_task(label: Option<&Column>, prediction: Option<&Column>, roles: &Roles, settings: &Settings) -> Result<Task, PlanError> {
    if roles.query.is_some() {
        return Ok(Task::Ranking);
    }
    if roles.lower.is_some() || roles.upper.is_some() || !roles.quantiles.is_empty() {
        return Ok(Task::Regression);
    }
    if roles.class_scores.len() > 2 || settings.class_order.len() > 2 {
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

/// A value that shows that a column holds numbers between classes.
fn first_fraction(column: &Column) -> String {
    let Values::Numeric(values) = &column.values else {
        return String::new();
    };
    let fraction = values
        .iter()
        .find(|value| value.is_finite() && value.fract() != 0.0)
        .or_else(|| values.iter().find(|value| !value.is_nan()));
    fraction.map_or_else(String::new, |value| value.to_string())
}

fn recode(levels: &Levels, class: &[u32]) -> Vec<u32> {
    levels
        .codes
        .iter()
        .map(|code| if code == MISSING { MISSING } else { class[code as usize] })
        .collect()
}
