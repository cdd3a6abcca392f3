//! Several classes: their order, and what the score columns of single classes are good for.

use std::borrow::Cow;

use crate::data::column::{Levels, MISSING};
use crate::data::{Notice, NoticeCode, level_order};
use crate::metric::rows::Rows;
use crate::stats::order;

use super::framing::{Framed, Framing, MOST_CLASSES};
use super::weights::rows_in_words;
use super::{PlanError, Task};

/// How far the scores of a row may add up to something else than 1 before that is said.
const SUM_TOLERANCE: f64 = 0.01;

impl Framing<'_> {
    /// Frames several classes; `label` is the label column with its levels, `names` are the classes that occur or have a score column.
    pub(super) fn several_classes(&mut self, label: &(&str, Cow<'_, Levels>), names: Vec<String>) -> Result<Framed, PlanError> {
        let (names, place) = self.arranged(names)?;
        let arrange = |codes: &mut Option<Vec<u32>>| {
            for code in codes.iter_mut().flatten().filter(|code| **code != MISSING) {
                *code = place[*code as usize];
            }
        };
        arrange(&mut self.rows.label);
        arrange(&mut self.rows.prediction);
        for (class, _) in &mut self.rows.class_scores {
            *class = place[*class as usize];
        }
        order::sort_by_key(&mut self.rows.class_scores, |(class, _)| *class);
        if self.rows.class_scores.len() > MOST_CLASSES {
            return Err(PlanError::TaskDoesNotFit {
                task: "multiclass",
                reason: format!(
                    "{} columns are scores of classes, and at most {MOST_CLASSES} classes can be told apart",
                    self.rows.class_scores.len()
                ),
            });
        }
        let is_probability = self.note_scores(&names);
        predict_highest(self.rows);
        self.leave_out_partial_scores(label, &names);
        let is_number = |name: &String| name.trim().parse::<f64>().is_ok_and(f64::is_finite);
        Ok(Framed {
            task: Some(Task::Multiclass),
            is_ordered: !self.settings.class_order.is_empty() || names.iter().all(is_number),
            names,
            positive_class: None,
            threshold: None,
            is_probability,
        })
    }

    /// The classes in their order, and where each went: as given, else numbers by value, then texts. A class of the order given that does not
    /// occur keeps its place, because it lies between others.
    fn arranged(&self, names: Vec<String>) -> Result<(Vec<String>, Vec<u32>), PlanError> {
        let given = &self.settings.class_order;
        let mut arranged = if given.is_empty() { names.clone() } else { given.clone() };
        if given.is_empty() {
            order::sort_by(&mut arranged, |a, b| level_order(a, b));
        }
        let mut sorted = arranged.clone();
        order::sort(&mut sorted);
        if let Some(twice) = sorted.windows(2).find(|pair| pair[0] == pair[1]) {
            return Err(PlanError::ClassOrder {
                class: twice[0].clone(),
                is_twice: true,
            });
        }
        let mut place = Vec::with_capacity(names.len());
        for name in names {
            match arranged.iter().position(|class| *class == name) {
                Some(at) => place.push(at as u32),
                None => {
                    return Err(PlanError::ClassOrder {
                        class: name,
                        is_twice: false,
                    });
                }
            }
        }
        Ok((arranged, place))
    }

    /// Says what is odd about the classes' scores; gives whether all are within 0 to 1.
    fn note_scores(&mut self, names: &[String]) -> bool {
        let mut is_probability = true;
        for (class, scores) in &self.rows.class_scores {
            let outside = self.rows.outside(scores);
            if outside > 0 && is_probability {
                let text = format!(
                    "The score of class \"{}\" is outside 0 to 1 in {}, so scores order classes but are no probabilities: log loss, Brier scores, entropy and calibration do not exist.",
                    names[*class as usize],
                    rows_in_words(outside)
                );
                self.notices.push(Notice::general(NoticeCode::ScoreOutOfRange, text));
            }
            is_probability &= outside == 0;
        }
        if self.rows.class_scores.is_empty() {
            return is_probability;
        }
        let (mut lacking, mut off, mut incomplete) = (0_u64, 0_u64, Vec::new());
        for row in (0..self.rows.len).filter(|row| self.rows.weight(*row).is_some()) {
            let scores = self.rows.class_scores.iter().map(|(_, scores)| scores[row]);
            let is_lacking = scores.clone().any(f64::is_nan);
            lacking += u64::from(is_lacking);
            off += u64::from((scores.sum::<f64>() - 1.0).abs() > SUM_TOLERANCE);
            // A row without some score has none, so that all that is measured from scores has the same rows behind it.
            if is_lacking {
                incomplete.push(row);
            }
        }
        for (_, scores) in &mut self.rows.class_scores {
            for row in &incomplete {
                scores[*row] = f64::NAN;
            }
        }
        if lacking > 0 {
            let text = format!(
                "{} the score of some class and are kept out of everything that needs it.",
                if lacking == 1 {
                    "1 row lacks".to_owned()
                } else {
                    format!("{lacking} rows lack")
                }
            );
            self.notices.push(Notice::general(NoticeCode::MissingPredictions, text));
        }
        if is_probability && off > 0 {
            let text = format!(
                "The scores of the classes do not add up to 1 in {}; they are taken as they stand.",
                rows_in_words(off)
            );
            self.notices.push(Notice::general(NoticeCode::Setting, text));
        }
        is_probability
    }

    /// Losses over the rows of some classes only would flatter; where a class of the label has no score column, there are none.
    fn leave_out_partial_scores(&mut self, label: &(&str, Cow<'_, Levels>), names: &[String]) {
        if self.rows.class_scores.is_empty() {
            return;
        }
        let has_scores = |name: &String| self.rows.class_scores.iter().any(|(class, _)| names[*class as usize] == *name);
        let Some(without) = label.1.names.iter().find(|name| !has_scores(name)) else {
            return;
        };
        self.notices.push(Notice::of_column(
            NoticeCode::Setting,
            label.0,
            format!(
                "Class \"{without}\" of column \"{}\" (label) has no score column, so log loss, AUC and all else that is measured from scores does not exist.",
                label.0
            ),
        ));
        self.rows.class_scores.clear();
    }
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
