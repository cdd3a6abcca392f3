//! Cells are read into the frame: every metric that the audit has the state for, over all rows and over every group.

use std::collections::BTreeMap;

use crate::metric::cells::{Cells, Outcomes};
use crate::metric::multiclass::ClassReader;
use crate::metric::reading::{Evidence, Reading};
use crate::metric::registry::METRICS;
use crate::metric::{Estimate, Key, Metric, Read, Special, UndefinedCode, Unit};
use crate::stats::interval::{self, Interval, Method};

use super::grouping::{Group, Grouping};
use super::pass::{Folded, Passed};
use super::plan::Plan;
use super::{AucInterval, Settings, ShareInterval, Task};

/// Most classes for which the whole confusion matrix is reported; of more classes, the pairs confused most often.
const MOST_MATRIX_CLASSES: usize = 50;
/// How many pairs those are.
const MOST_CONFUSED: usize = 100;

/// A metric in one of its forms, read over all rows and in every group of a grouping.
#[derive(Debug, Clone)]
pub struct Series {
    /// The metric.
    pub metric: &'static Metric,
    /// What distinguishes the form.
    pub params: BTreeMap<String, String>,
    /// Over all rows.
    pub overall: Reading,
    /// In each group, in the grouping's order.
    pub groups: Vec<Reading>,
}

/// A metric in one of its forms, read from cells.
#[derive(Debug, Clone)]
pub struct Form {
    /// The metric.
    pub metric: &'static Metric,
    /// What distinguishes the form.
    pub params: BTreeMap<String, String>,
    read: Read,
    /// One class against the rest.
    class: Option<u32>,
}

impl Form {
    fn whole(metric: &'static Metric, read: Read, params: &[(&str, String)]) -> Self {
        let params = params.iter().map(|(name, value)| ((*name).to_owned(), value.clone()));
        Self {
            metric,
            params: params.collect(),
            read,
            class: None,
        }
    }

    fn of_class(metric: &'static Metric, read: Read, class: u32, (part, name): (&str, &str)) -> Self {
        Self {
            metric,
            params: BTreeMap::from([(part.to_owned(), name.to_owned())]),
            read,
            class: Some(class),
        }
    }

    /// Whether the number follows from the confusion matrix of two classes alone.
    pub fn reads_outcomes(&self) -> bool {
        let of_outcomes = matches!(
            self.read,
            Read::Share { .. } | Read::ShareOfAll { .. } | Read::Weight(_) | Read::Function(_) | Read::Outcomes { .. }
        );
        of_outcomes && self.class.is_none()
    }

    /// Reads a group; `all` is the same grouping's total.
    pub fn read(&self, plan: &Plan, settings: &Settings, group: &Folded, all: &Folded) -> Reading {
        if let Some(class) = self.class {
            let place = class as usize;
            return read_outcomes(self.read, &group.against_rest[place], &all.against_rest[place]);
        }
        let none = || Reading::undefined(UndefinedCode::NoRows, 0);
        match self.read {
            Read::Classes(reader) => group
                .cell
                .classes
                .read(reader, plan.outcome.classes.len() as u32)
                .unwrap_or_else(none),
            Read::ScoresAlone(read) | Read::Scores(read) | Read::ClassScores(read) => read(&group.cell.scores),
            Read::Rank(read) => group.rank.as_ref().map_or_else(none, read),
            Read::Residuals(read) => group.cell.residuals.as_deref().map_or_else(none, read),
            Read::View { .. } | Read::Between { .. } => none(),
            Read::Outcomes { read, .. } => read(&group.cell.outcomes, &settings.parameters),
            _ => read_outcomes(self.read, &group.cell.outcomes, &all.cell.outcomes),
        }
    }
}

fn read_outcomes(read: Read, group: &Outcomes, all: &Outcomes) -> Reading {
    match read {
        Read::Share { hits, of, empty } => Reading::share(group, hits, of, empty),
        Read::ShareOfAll { of, empty } => Reading::share_of(&group.tally(of), &all.tally(of), empty),
        Read::Weight(cells) => {
            let tally = group.tally(cells);
            Reading::exact(tally.weight(), tally.rows())
        }
        Read::Function(function) => Reading::function(group, function),
        _ => Reading::undefined(UndefinedCode::NoRows, 0),
    }
}

/// The forms that are read in the groups of a grouping: all of them over all rows; in groups none of single classes where classes are many.
pub fn forms_in(plan: &Plan, forms: &[Form], grouping: usize) -> Vec<Form> {
    let has_classes = reads_classes(plan, grouping);
    forms.iter().filter(|form| has_classes || form.class.is_none()).cloned().collect()
}

/// Whether single classes are read in the groups of a grouping.
pub fn reads_classes(plan: &Plan, grouping: usize) -> bool {
    grouping == 0 || plan.outcome.classes.len() <= super::groups::MOST_CLASSES_BY_GROUP
}

/// The forms that this audit can read, in the registry's order: those over all classes, then those of single classes.
pub fn forms(plan: &Plan, settings: &Settings) -> Vec<Form> {
    let mut forms: Vec<Form> = Vec::new();
    for metric in METRICS {
        if let Some(read) = metric.reads.iter().find(|read| is_readable(plan, read)) {
            let params = match read {
                Read::Outcomes { form, .. } => form(&settings.parameters),
                _ => Some(Vec::new()),
            };
            forms.extend(params.map(|params| Form::whole(metric, *read, &params)));
        }
        for read in metric.reads {
            if let Read::ClassForm { name, value, reader } = *read
                && is_readable(plan, &Read::Classes(reader))
            {
                forms.push(Form::whole(metric, Read::Classes(reader), &[(name, value.to_owned())]));
            }
        }
    }
    let part = match plan.outcome.task {
        Some(Task::Multiclass) => "class",
        Some(Task::Multilabel) => "label",
        _ => return forms,
    };
    for metric in METRICS.iter().filter(|metric| metric.per_class) {
        let Some(read) = metric.reads.iter().find(|read| is_readable_of_outcomes(plan, read)) else {
            continue;
        };
        for (class, name) in plan.outcome.classes.iter().enumerate() {
            forms.push(Form::of_class(metric, *read, class as u32, (part, name)));
        }
    }
    forms
}

/// Whether the audit has what a reading needs.
fn is_readable(plan: &Plan, read: &Read) -> bool {
    let rows = &plan.rows;
    let (has_label, has_prediction) = (rows.label.is_some(), rows.prediction.is_some());
    match (plan.outcome.task, read) {
        (Some(Task::Binary), Read::ScoresAlone(_)) => rows.score.is_some(),
        (Some(Task::Binary), Read::Scores(_) | Read::Rank(_)) => rows.score.is_some() && has_label,
        (Some(Task::Binary), _) => is_readable_of_outcomes(plan, read),
        (Some(Task::Multiclass), Read::Classes(ClassReader::Rows)) => true,
        (Some(Task::Multiclass), Read::Classes(ClassReader::PerClassOnly)) => false,
        (Some(Task::Multiclass), Read::Classes(reader)) => has_label && has_prediction && (plan.is_ordered || !reader.needs_order()),
        (Some(Task::Multiclass), Read::ClassScores(_)) => has_label && !rows.class_scores.is_empty(),
        // Of all rows alone; everything else is read of each label, or of the rows.
        (Some(Task::Multilabel), Read::Weight(Cells::ALL)) => true,
        (Some(Task::Regression), Read::Residuals(_)) => true,
        (Some(Task::Ranking) | None, Read::Weight(Cells::ALL)) => true,
        _ => false,
    }
}

/// Whether the audit knows of each row what membership in the outcomes depends on.
fn is_readable_of_outcomes(plan: &Plan, read: &Read) -> bool {
    let is_known = plan.outcome.task == Some(Task::Multilabel);
    let knows = |cells: Cells| {
        is_known || (plan.rows.label.is_some() || !cells.needs_label()) && (plan.rows.prediction.is_some() || !cells.needs_prediction())
    };
    match read {
        Read::Share { hits, of, .. } => knows(*hits) && knows(*of),
        Read::ShareOfAll { of: cells, .. } | Read::Weight(cells) => knows(*cells),
        Read::Function(_) | Read::Outcomes { .. } => knows(Cells::COMPLETE),
        _ => false,
    }
}

/// A reading becomes an estimate: value or reason, support, interval.
pub fn estimate(key: Key, reading: &Reading, metric: &Metric, settings: &Settings) -> Estimate {
    let mut estimate = Estimate {
        key,
        value: None,
        special: None,
        text: None,
        support: reading.support,
        interval: None,
        undefined: None,
        within: None,
    };
    match reading.value {
        Err(code) => estimate.undefined = Some(code.into()),
        Ok(value) if metric.unit == Unit::YesNo => {
            estimate.text = Some(if value == 1.0 { "yes" } else { "no" }.to_owned());
        }
        Ok(value) if value.is_finite() => {
            // No negative zero: it would print as -0.
            estimate.value = Some(value + 0.0);
            estimate.interval = interval_of(value, reading.evidence, metric, settings);
        }
        Ok(value) if value.is_nan() => estimate.undefined = Some(UndefinedCode::TooLarge.into()),
        Ok(value) => estimate.special = Some(if value > 0.0 { Special::Inf } else { Special::NegInf }),
    }
    estimate
}

/// The limits, where both are numbers.
pub(super) fn finite(limits: Interval) -> Option<Interval> {
    (limits.low.is_finite() && limits.high.is_finite()).then_some(limits)
}

fn interval_of(value: f64, evidence: Evidence, metric: &Metric, settings: &Settings) -> Option<Interval> {
    let level = settings.level;
    let limits = match evidence {
        Evidence::Share(share) => Some(match settings.interval {
            ShareInterval::Wilson => interval::wilson(share, level),
            ShareInterval::ClopperPearson => interval::clopper_pearson(share, level),
            ShareInterval::AgrestiCoull => interval::agresti_coull(share, level),
            ShareInterval::Wald => interval::wald(share, level),
        }),
        Evidence::StandardError { se, method } => interval::normal(value, se, level, method),
        Evidence::LogitError { se, method } => interval::logit_normal(value, se, level, method),
        Evidence::LogError { se, method } => interval::log_normal(value, se, level, method),
        Evidence::Area { .. } => area_interval(value, evidence, settings),
        Evidence::FisherError { se, method } => interval::fisher_normal(value, se, level, method),
        Evidence::Limits { low, high, method } => Some(Interval { low, high, level, method }),
        Evidence::None => None,
    }?;
    let limits = finite(limits)?;
    let (lowest, highest) = metric.range;
    Some(Interval {
        low: limits.low.clamp(lowest, highest) + 0.0,
        high: limits.high.clamp(lowest, highest) + 0.0,
        ..limits
    })
}

/// Limits of an area under the ROC curve in the way asked for, carried over to the value made of it.
fn area_interval(value: f64, evidence: Evidence, settings: &Settings) -> Option<Interval> {
    let Evidence::Area {
        area,
        se,
        sizes: (positives, negatives),
        is_weighted,
        scale,
    } = evidence
    else {
        return None;
    };
    let level = settings.level;
    let limits = match settings.auc_interval {
        AucInterval::Delong => {
            let method = if is_weighted { Method::DelongWeighted } else { Method::Delong };
            return interval::normal(value, scale * se, level, method);
        }
        AucInterval::DelongLogit => {
            let method = if is_weighted {
                Method::DelongLogitWeighted
            } else {
                Method::DelongLogit
            };
            interval::logit_normal(area, se / (area * (1.0 - area)), level, method)?
        }
        AucInterval::HanleyMcneil => {
            let se = interval::hanley_mcneil_error(area, positives, negatives);
            interval::normal(area, se, level, Method::HanleyMcneil)?
        }
    };
    Some(Interval {
        low: scale * limits.low - (scale - 1.0),
        high: scale * limits.high - (scale - 1.0),
        ..limits
    })
}

/// The address of a group.
pub fn group_key(grouping: &Grouping, group: &Group) -> BTreeMap<String, Option<String>> {
    grouping.columns.iter().cloned().zip(group.levels.iter().cloned()).collect()
}

/// What these forms read in every group of a grouping.
pub fn series(plan: &Plan, passed: &Passed, settings: &Settings, grouping: usize, forms: &[Form]) -> Vec<Series> {
    let all = &passed.groups[0][0];
    let read = |form: &Form| Series {
        metric: form.metric,
        params: form.params.clone(),
        overall: form.read(plan, settings, all, all),
        groups: passed.groups[grouping]
            .iter()
            .map(|group| form.read(plan, settings, group, all))
            .collect(),
    };
    forms.iter().map(read).collect()
}

/// The estimates of one grouping's groups, group by group.
pub fn estimates(plan: &Plan, passed: &Passed, settings: &Settings, grouping: usize, series: &[Series]) -> Vec<Estimate> {
    let own = &plan.partition.groupings[grouping];
    let mut estimates = Vec::new();
    for (place, group) in own.groups.iter().enumerate() {
        for form in series {
            let mut params = form.params.clone();
            if group.is_rest {
                params.insert("rest".to_owned(), "true".to_owned());
            }
            let key = Key {
                metric: form.metric.id.to_owned(),
                params,
                group: group_key(own, group),
                control: group.control.clone(),
                ..Key::default()
            };
            estimates.push(estimate(key, &form.groups[place], form.metric, settings));
        }
    }
    if grouping == 0 {
        estimates.extend(confusion(plan, &passed.groups[0][0], settings));
    }
    estimates
}

/// The confusion matrix of several classes, cell by cell, or the cells of the pairs confused most often.
fn confusion(plan: &Plan, all: &Folded, settings: &Settings) -> Vec<Estimate> {
    let names = &plan.outcome.classes;
    let has_matrix = plan.outcome.task == Some(Task::Multiclass) && plan.rows.label.is_some() && plan.rows.prediction.is_some();
    let Some(metric) = METRICS.iter().find(|metric| metric.id == "confusion").filter(|_| has_matrix) else {
        return Vec::new();
    };
    let cell = |label: usize, prediction: usize| {
        let tally = all.cell.classes.cell(label as u32, prediction as u32);
        let params = BTreeMap::from([
            ("true_class".to_owned(), names[label].clone()),
            ("predicted_class".to_owned(), names[prediction].clone()),
        ]);
        let key = Key {
            params,
            ..Key::overall(metric.id)
        };
        estimate(key, &Reading::exact(tally.weight(), tally.rows()), metric, settings)
    };
    if names.len() > MOST_MATRIX_CLASSES {
        let confused = all.cell.classes.most_confused(MOST_CONFUSED);
        return confused.into_iter().map(|(t, p)| cell(t as usize, p as usize)).collect();
    }
    (0..names.len())
        .flat_map(|label| (0..names.len()).map(move |prediction| (label, prediction)))
        .map(|(t, p)| cell(t, p))
        .collect()
}
