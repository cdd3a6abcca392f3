//! Calibration of several classes, measured as that of two: whether the class with the highest score is the true one, against that score; and
//! whether a class is the true one, against its score.

use super::super::bins::Bin;
use super::super::calibration::by_binning;
use super::super::ranking::{falling_key, score_of};
use super::super::reading::Reading;
use super::super::rows::Rows;
use super::super::view::{Measured, Memory, Subject, View};
use super::super::{Task, UndefinedCode as Code};
use super::sums::highest;
use super::{columns_of, scored_rows};

/// Several classes as cases of two.
#[derive(Debug)]
pub struct Calibration {
    top_label: TwoClasses,
    /// For each class with a score, its expected calibration error in every binning asked for.
    classes: Vec<Vec<Measured>>,
}

/// Rows that are positive or not, each with a score.
#[derive(Debug, Default)]
struct TwoClasses {
    /// In order of falling scores.
    rows: Rows,
    places: Vec<u32>,
    /// Counts and weights in file order.
    counts: Option<Vec<f64>>,
    weights: Option<Vec<f64>>,
    memory: Box<Memory>,
}

/// Which class counts as positive, and what it is where a score stands for it.
const POSITIVE: u32 = 1;

impl TwoClasses {
    /// The rows of a view with label and scores; nothing is known yet of what is positive.
    fn of(view: &View<'_>) -> (Self, Vec<usize>, Vec<usize>) {
        let all = view.subject.rows;
        let columns = columns_of(all, view.subject.classes.len());
        let (mut table_rows, mut labels) = (Vec::new(), Vec::new());
        for scored in scored_rows(view, &columns) {
            if let Some(label) = scored.label {
                table_rows.push(scored.row);
                labels.push(label);
            }
        }
        let picked = |values: &Vec<f64>| table_rows.iter().map(|row| values[*row]).collect();
        let two = Self {
            rows: Rows::new(table_rows.len()),
            places: (0..table_rows.len() as u32).collect(),
            counts: all.counts.as_ref().map(picked),
            weights: all.weights.as_ref().map(picked),
            ..Self::default()
        };
        (two, table_rows, labels)
    }

    /// Says what is positive and what its score is.
    fn set(&mut self, cases: impl Iterator<Item = (bool, f64)>) {
        let (labels, keys): (Vec<u32>, Vec<u64>) = cases
            .map(|(is_positive, score)| (u32::from(is_positive), falling_key(score)))
            .unzip();
        let mut order: Vec<(u64, u32)> = keys.into_iter().zip(0..).collect();
        order.sort_unstable();
        // Rows are put in order here, so that what reads them by falling score walks straight through memory.
        let places = || order.iter().map(|(_, place)| *place as usize);
        let sorted = |values: &Vec<f64>| places().map(|place| values[place]).collect();
        self.rows.counts = self.counts.as_ref().map(sorted);
        self.rows.weights = self.weights.as_ref().map(sorted);
        self.rows.label = Some(places().map(|place| labels[place]).collect());
        self.rows.score = Some(order.iter().map(|(key, _)| score_of(*key)).collect());
        *self.memory = Memory::default();
    }

    /// What is measured of them as of two classes.
    fn measured(&self, subject: &Subject<'_>, value: fn(&[&Bin]) -> f64) -> Vec<Measured> {
        let subject = Subject {
            task: Some(Task::Binary),
            rows: &self.rows,
            classes: &[],
            positive: POSITIVE,
            ..*subject
        };
        by_binning(&View::new(subject, &self.places, &self.places, None, &self.memory), value)
    }
}

impl Calibration {
    /// Of a view; `class_value` is what is measured of every class.
    pub fn of(view: &View<'_>, class_value: fn(&[&Bin]) -> f64) -> Self {
        let subject = &view.subject;
        let columns = &subject.rows.class_scores;
        let (mut two, rows, labels) = TwoClasses::of(view);
        let mut classes = Vec::with_capacity(columns.len());
        for (class, (_, scores)) in columns.iter().enumerate() {
            two.set(rows.iter().zip(&labels).map(|(row, label)| (*label == class, scores[*row])));
            classes.push(two.measured(subject, class_value));
        }
        let mut scores = vec![0.0; columns.len()];
        two.set(rows.iter().zip(&labels).map(|(row, label)| {
            for (score, (_, column)) in scores.iter_mut().zip(columns) {
                *score = column[*row];
            }
            let (best, confidence, _) = highest(&scores);
            (best == *label, confidence)
        }));
        Self { top_label: two, classes }
    }

    /// What is measured of the highest scores, in every binning asked for.
    pub fn top_label(&self, view: &View<'_>, value: fn(&[&Bin]) -> f64) -> Vec<Measured> {
        self.top_label.measured(&view.subject, value)
    }

    /// The plain mean over classes in every binning asked for, then the classes by themselves.
    pub fn classwise(&self, view: &View<'_>) -> Vec<Measured> {
        let mut forms: Vec<Measured> = Vec::new();
        for (place, form) in self.classes.first().into_iter().flatten().enumerate() {
            let readings: Vec<Reading> = self.classes.iter().filter_map(|class| Some(class.get(place)?.reading)).collect();
            forms.push(Measured {
                params: form.params.clone(),
                reading: mean(&readings),
                text: None,
            });
        }
        for ((class, _), measured) in view.subject.rows.class_scores.iter().zip(&self.classes) {
            let name = &view.subject.classes[*class as usize];
            forms.extend(measured.iter().map(|form| {
                let mut form = form.clone();
                form.params.insert("class".to_owned(), name.clone());
                form
            }));
        }
        forms
    }
}

/// The plain mean; undefined where one is.
fn mean(readings: &[Reading]) -> Reading {
    let mut sum = 0.0;
    for reading in readings {
        match reading.value {
            Ok(value) => sum += value,
            Err(_) => return *reading,
        }
    }
    readings.first().map_or(Reading::undefined(Code::NoRows, 0), |first| {
        Reading::exact(sum / readings.len() as f64, first.support)
    })
}
