//! Several labels at once: columns that say yes or no, or one column whose values name all labels of a row.

use std::collections::BTreeSet;

use crate::data::column::MISSING;
use crate::data::{Column, DataError, Levels, Notice, NoticeCode, Values, label_name, level_order};
use crate::metric::labels::LabelRows;
use crate::stats::order;

use super::classes::truth_word;
use super::framing::{Framed, Framing, MOST_CLASSES};
use super::groups::MOST_LEVELS;
use super::weights::{column, rows_in_words};
use super::{PlanError, Task};

/// What may stand between the labels of a value, unless set: the first that separates.
const SEPARATORS: [&str; 2] = ["|", ";"];

/// The labels of a value: what stands between separators, blanks trimmed; empty parts are none.
fn parts<'v>(value: &'v str, separator: &'v str) -> impl Iterator<Item = &'v str> {
    value.split(separator).map(str::trim).filter(|part| !part.is_empty())
}

/// The different labels of columns of separated labels, sorted.
fn labels_of(columns: &[&Levels], separator: &str) -> Vec<String> {
    let values = columns.iter().flat_map(|levels| &levels.names);
    let names: BTreeSet<&str> = values.flat_map(|value| parts(value, separator)).collect();
    let mut names: Vec<String> = names.into_iter().map(str::to_owned).collect();
    order::sort_by(&mut names, |a, b| level_order(a, b));
    names
}

/// The separator that the values of label and prediction suggest: one that occurs, and with which labels combine, so that there are fewer
/// of them than of values.
pub(super) fn inferred_separator(label: Option<&Column>, prediction: Option<&Column>) -> Option<&'static str> {
    let (Values::Levels(label), Values::Levels(prediction)) = (&label?.values, &prediction?.values) else {
        return None;
    };
    SEPARATORS.into_iter().find(|separator| {
        let occurs = |levels: &Levels| levels.names.iter().any(|value| parts(value, separator).count() > 1);
        let values: BTreeSet<&String> = label.names.iter().chain(&prediction.names).collect();
        (occurs(label) || occurs(prediction)) && labels_of(&[label, prediction], separator).len() < values.len()
    })
}

impl Framing<'_> {
    /// The separator of labels that was set, or, where label columns are not given one by one, that the values suggest.
    pub(super) fn separator(&self, label: Option<&Column>, prediction: Option<&Column>) -> Option<String> {
        if !self.roles.labels.is_empty() {
            return None;
        }
        let set = self.settings.label_separator.clone();
        set.or_else(|| inferred_separator(label, prediction).map(str::to_owned))
    }

    /// Frames several labels.
    pub(super) fn several_labels(&mut self, label: Option<&Column>, prediction: Option<&Column>) -> Result<Framed, PlanError> {
        let separator = self.separator(label, prediction);
        let names = match (label, prediction, separator) {
            _ if !self.roles.labels.is_empty() => self.label_columns()?,
            (Some(label), Some(prediction), Some(separator)) => self.label_sets(label, prediction, &separator)?,
            (_, _, Some(_)) => return Err(refused("labels in one column need both a label and a prediction column".to_owned())),
            _ => {
                let reason = "neither are there label columns with a prediction or score column each, nor do values of the label column hold labels \
                              separated by | or ; (set the separator where it is another)";
                return Err(refused(reason.to_owned()));
            }
        };
        if names.len() > MOST_CLASSES {
            return Err(refused(format!(
                "there are {} labels, and at most {MOST_CLASSES} can be told apart",
                names.len()
            )));
        }
        let (is_probability, threshold) = self.label_predictions()?;
        Ok(Framed {
            task: Some(Task::Multilabel),
            names,
            positive_class: None,
            threshold,
            is_probability,
            is_ordered: false,
        })
    }

    /// Reads a column of truths, and of predictions or scores, for each label; gives the labels' names.
    fn label_columns(&mut self) -> Result<Vec<String>, PlanError> {
        let roles = self.roles;
        for (what, columns) in [("prediction", &roles.predictions), ("score", &roles.scores)] {
            if !columns.is_empty() && columns.len() != roles.labels.len() {
                return Err(refused(format!(
                    "there are {} label columns and {} {what} columns; give one {what} column a label, in the same order",
                    roles.labels.len(),
                    columns.len()
                )));
            }
        }
        if roles.predictions.is_empty() && roles.scores.is_empty() {
            return Err(refused("labels need a prediction or a score column each".to_owned()));
        }
        for (place, name) in roles.labels.iter().enumerate() {
            let flags = |name: &String| yes_or_no(column(self.table, name)?);
            let prediction = roles.predictions.get(place).map(flags).transpose()?;
            let score = roles
                .scores
                .get(place)
                .map(|name| Ok::<_, PlanError>(column(self.table, name)?.to_numbers()?.into_owned()));
            self.rows.labels.push(LabelRows {
                truth: flags(name)?,
                prediction: prediction.unwrap_or_default(),
                score: score.transpose()?,
            });
        }
        Ok(names_of(&roles.labels))
    }

    /// Reads the labels of label and prediction from one column each; gives their names.
    fn label_sets(&mut self, label: &Column, prediction: &Column, separator: &str) -> Result<Vec<String>, PlanError> {
        let (own, other) = (label.to_levels(MOST_LEVELS)?, prediction.to_levels(MOST_LEVELS)?);
        let names = labels_of(&[&own, &other], separator);
        self.notices.push(Notice::of_column(
            NoticeCode::Setting,
            &label.name,
            format!(
                "Columns \"{}\" and \"{}\" were read as labels separated by \"{separator}\": {} different ones.",
                label.name,
                prediction.name,
                names.len()
            ),
        ));
        let truth = self.members(&label.name, "label", &own, separator, &names);
        let predicted = self.members(&prediction.name, "prediction", &other, separator, &names);
        self.rows.labels = truth
            .into_iter()
            .zip(predicted)
            .map(|(truth, prediction)| LabelRows {
                truth,
                prediction,
                score: None,
            })
            .collect();
        Ok(names)
    }

    /// For each label whether each row has it.
    fn members(&mut self, name: &str, role: &str, levels: &Levels, separator: &str, names: &[String]) -> Vec<Vec<Option<bool>>> {
        let place = |part: &str| names.iter().position(|name| name == part);
        let sets: Vec<Vec<usize>> = levels
            .names
            .iter()
            .map(|value| parts(value, separator).filter_map(place).collect())
            .collect();
        let empty = levels.codes.iter().filter(|code| *code == MISSING).count() as u64;
        if empty > 0 {
            let text = format!(
                "Column \"{name}\" ({role}) holds no label in {}; that was read as having none of the labels.",
                rows_in_words(empty)
            );
            self.notices.push(Notice::of_rows(NoticeCode::Setting, name, empty, text));
        }
        let mut members = vec![vec![Some(false); levels.codes.len()]; names.len()];
        for (row, code) in levels.codes.iter().enumerate().filter(|(_, code)| *code != MISSING) {
            for label in &sets[code as usize] {
                members[*label][row] = Some(true);
            }
        }
        members
    }

    /// Makes predictions from scores where there are none, or where a threshold was set; gives whether all scores are within 0 to 1, and the
    /// threshold in force.
    fn label_predictions(&mut self) -> Result<(bool, Option<f64>), PlanError> {
        let scores = || self.rows.labels.iter().filter_map(|label| label.score.as_ref());
        let (mut has_scores, mut outside) = (false, 0);
        for scores in scores() {
            has_scores = true;
            outside += self.rows.outside(scores);
        }
        let is_probability = has_scores && outside == 0;
        if outside > 0 {
            let text = "Scores of labels are outside 0 to 1, so they order rows but are no probabilities: Brier scores do not exist.";
            self.notices.push(Notice::general(NoticeCode::ScoreOutOfRange, text.to_owned()));
        }
        let lacks_predictions = self.rows.labels.iter().any(|label| label.prediction.is_empty());
        let threshold = match self.settings.threshold {
            Some(_) if !has_scores => {
                let text = "The decision threshold is not used: no column is a label's score.";
                self.notices.push(Notice::general(NoticeCode::Setting, text.to_owned()));
                None
            }
            Some(threshold) => Some(threshold),
            None if !lacks_predictions => None,
            None if is_probability => Some(0.5),
            None => {
                let reason = "the labels' scores are outside 0 to 1 and there are no predictions; set a decision threshold";
                return Err(refused(reason.to_owned()));
            }
        };
        if let Some(threshold) = threshold {
            for label in &mut self.rows.labels {
                if let Some(scores) = &label.score {
                    let predict = |score: &f64| (!score.is_nan()).then_some(*score >= threshold);
                    label.prediction = scores.iter().map(predict).collect();
                }
            }
        }
        Ok((is_probability, threshold))
    }
}

fn refused(reason: String) -> PlanError {
    PlanError::TaskDoesNotFit {
        task: "multilabel",
        reason,
    }
}

/// The labels' names: what their columns are called beside the word for a truth, or the whole name where that would name two alike.
fn names_of(columns: &[String]) -> Vec<String> {
    let short: Vec<&str> = columns.iter().map(|column| label_name(column)).collect();
    let differ = short.iter().collect::<BTreeSet<_>>().len() == columns.len();
    let name = |(short, whole): (&&str, &String)| if differ { (*short).to_owned() } else { whole.clone() };
    short.iter().zip(columns).map(name).collect()
}

/// A column of 1 and 0, or of words for yes and no.
fn yes_or_no(column: &Column) -> Result<Vec<Option<bool>>, PlanError> {
    let wrong = |value: String| PlanError::NotYesOrNo {
        column: column.name.clone(),
        value,
    };
    match &column.values {
        Values::Numeric(values) => values
            .iter()
            .map(|value| match value {
                1.0 => Ok(Some(true)),
                0.0 => Ok(Some(false)),
                value if value.is_nan() => Ok(None),
                value => Err(wrong(value.to_string())),
            })
            .collect(),
        Values::Levels(levels) => {
            let known: Result<Vec<bool>, PlanError> = levels
                .names
                .iter()
                .map(|name| truth_word(name).ok_or_else(|| wrong(name.clone())))
                .collect();
            let known = known?;
            let flag = |code: u32| (code != MISSING).then(|| known[code as usize]);
            Ok(levels.codes.iter().map(flag).collect())
        }
        Values::Time(_) => Err(wrong("times".to_owned())),
        Values::None => Err(PlanError::Column(DataError::NoValues {
            column: column.name.clone(),
        })),
    }
}
