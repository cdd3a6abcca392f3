//! Two classes: which is positive, what the score says, who is predicted positive.

use crate::data::column::MISSING;
use crate::data::{Notice, NoticeCode};

use super::classes::infer_positive;
use super::framing::{Framed, Framing};
use super::weights::{column, rows_in_words};
use super::{PlanError, Task};

impl Framing<'_> {
    /// Frames two classes; `label` is the label column's name, `names` are the classes that occur.
    pub(super) fn two_classes(&mut self, label: &str, mut names: Vec<String>) -> Result<Framed, PlanError> {
        if names.len() > 2 {
            let reason = format!("label and prediction hold {} classes", names.len());
            return Err(PlanError::TaskDoesNotFit { task: "binary", reason });
        }
        let positive = match &self.settings.positive {
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
                    self.notices.push(Notice::of_column(NoticeCode::PositiveClassInferred, label, text));
                }
                class
            }),
        };
        let positive_class =
            positive.or_else(|| (!self.roles.class_scores.is_empty() || self.roles.score.is_some()).then(|| "1".to_owned()));
        if let Some(class) = &positive_class
            && !names.contains(class)
        {
            names.push(class.clone());
        }
        let place = names.iter().position(|name| Some(name) == positive_class.as_ref()).unwrap_or(0) as u32;
        if let Some(name) = &self.roles.score {
            self.rows.score = Some(column(self.table, name)?.to_numbers()?.into_owned());
        } else if let Some(at) = self.rows.class_scores.iter().position(|(class, _)| *class == place) {
            self.rows.score = Some(self.rows.class_scores.swap_remove(at).1);
        }
        if let Some(scores) = &mut self.rows.score {
            let scale = self.settings.score_scale;
            scores.iter_mut().for_each(|score| *score = scale.read(*score));
        }
        let of_positive = self
            .roles
            .class_scores
            .iter()
            .find(|score| Some(&score.class) == positive_class.as_ref());
        self.note_unused_class_score(positive_class.as_deref())?;
        let outside = self.rows.score.as_ref().map_or(0, |scores| self.rows.outside(scores));
        let is_probability = self.rows.score.is_some() && outside == 0;
        let score_name = self
            .roles
            .score
            .as_ref()
            .or(of_positive.map(|score| &score.column))
            .map_or("", String::as_str);
        if outside > 0 {
            let without = if self.rows.prediction.is_none() && self.settings.threshold.is_none() {
                " Without a prediction column or a decision threshold nobody is predicted positive or negative; set a threshold."
            } else {
                ""
            };
            let text = format!(
                "Column \"{score_name}\" (score) is outside 0 to 1 in {}, so it orders rows but is no probability: log loss and Brier score do not exist.{}{without}",
                rows_in_words(outside),
                self.rows.score.as_deref().and_then(suggest_scale).unwrap_or_default()
            );
            self.notices
                .push(Notice::of_rows(NoticeCode::ScoreOutOfRange, score_name, outside, text));
        }
        let threshold = match (&self.rows.score, &self.rows.prediction, self.settings.threshold) {
            (Some(_), _, Some(threshold)) => Some(threshold),
            (Some(_), None, None) if is_probability => Some(0.5),
            _ => None,
        };
        if let (Some(scores), Some(threshold)) = (&self.rows.score, threshold) {
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
            self.rows.prediction = Some(scores.iter().map(predict).collect());
        }
        Ok(Framed {
            task: Some(Task::Binary),
            names,
            positive_class,
            threshold,
            is_probability,
            is_ordered: false,
        })
    }

    /// The score columns of classes are of use to two classes only where one is the positive class's.
    fn note_unused_class_score(&mut self, positive: Option<&str>) -> Result<(), PlanError> {
        let (None, Some(given), Some(positive)) = (&self.rows.score, self.roles.class_scores.first(), positive) else {
            return Ok(());
        };
        if self.is_by_threshold(Task::Binary) {
            return Err(PlanError::TaskDoesNotFit {
                task: "binary",
                reason: format!(
                    "a decision threshold needs the score of the positive class \"{positive}\", and only other classes have a score column"
                ),
            });
        }
        self.notices.push(Notice::of_column(
            NoticeCode::Setting,
            &given.column,
            format!(
                "Column \"{}\" (score of class \"{}\") is not used: give the score column of the positive class, \"{positive}\".",
                given.column, given.class
            ),
        ));
        Ok(())
    }
}

/// What to do where scores look like probabilities that are written otherwise.
fn suggest_scale(scores: &[f64]) -> Option<&'static str> {
    let known = || scores.iter().copied().filter(|score| !score.is_nan());
    let (low, high) = known().fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), score| {
        (low.min(score), high.max(score))
    });
    // Grades from 1 to 10 are no percentages, nor are grades from -2 to 2 log odds.
    let has_fractions = || known().any(|score| score.fract() != 0.0);
    if low >= 0.0 && high > 10.0 && high <= 100.0 {
        Some(" If it is in percent, divide it by 100, or run the command with --score-scale percent.")
    } else if low < 0.0 && high > 0.0 && low >= -50.0 && high <= 50.0 && has_fractions() {
        Some(" If it holds log odds, run the command with --score-scale log-odds.")
    } else {
        None
    }
}
