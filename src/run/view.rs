//! Gives metrics that need the rows themselves a view of all rows and of every group.

use crate::metric::ranking::Rank;
use crate::metric::registry::METRICS;
use crate::metric::steps::Steps;
use crate::metric::view::{Measured, Memory, Subject, View};
use crate::metric::{Metric, Read, UndefinedCode};

use super::falling::Falling;
use super::frame::Series;
use super::pass::{Folded, Passed};
use super::plan::Plan;
use super::{Settings, Task};
use crate::metric::reading::Reading;

/// The rows of every group of a grouping.
#[derive(Debug)]
pub struct Members {
    groups: Vec<Group>,
}

#[derive(Debug, Default)]
struct Group {
    rows: Vec<u32>,
    falling: Vec<u32>,
    memory: Memory,
}

impl Members {
    /// Puts the rows into the groups of a grouping: in file order, or with two classes by falling score.
    pub fn of(plan: &Plan, passed: &Passed, grouping: usize) -> Self {
        let own = &plan.partition.groupings[grouping];
        let group_of = |row: u32| own.group_of(&plan.partition, row as usize);
        let mut groups: Vec<Group> = own.groups.iter().map(|_| Group::default()).collect();
        if plan.outcome.task != Some(Task::Binary) {
            for row in (0..plan.rows.len as u32).filter(|row| plan.rows.weight(*row as usize).is_some()) {
                groups[group_of(row)].rows.push(row);
            }
            return Self { groups };
        }
        let falling = &passed.falling;
        let group_at = |at: usize| falling.group(&plan.partition, own, at);
        let Falling {
            rows, scores, positives, ..
        } = falling;
        for (group, folded) in groups.iter_mut().zip(&passed.groups[grouping]) {
            group.falling.reserve_exact(folded.rank.as_ref().map_or(0, Rank::places));
        }
        if !plan.rows.is_plain() {
            for (at, row) in rows.iter().enumerate() {
                groups[group_at(at)].falling.push(*row);
            }
            return Self { groups };
        }
        // What nearly all of these metrics need is made while the rows are looked at.
        let of_group = |folded: &Folded| Steps::with_room(folded.rank.as_ref().map_or(0, Rank::scores));
        let mut steps: Vec<Steps> = passed.groups[grouping].iter().map(of_group).collect();
        for (at, ((row, score), positive)) in rows.iter().zip(scores).zip(positives).enumerate() {
            let group = group_at(at);
            groups[group].falling.push(*row);
            steps[group].push(*positive, *score);
        }
        for (group, steps) in groups.iter_mut().zip(steps) {
            group.memory = Memory::of_steps(steps.end());
        }
        Self { groups }
    }
}

/// The audit as its metrics see it.
pub fn subject<'a>(plan: &'a Plan, settings: &'a Settings) -> Subject<'a> {
    Subject {
        task: plan.outcome.task,
        rows: &plan.rows,
        classes: &plan.outcome.classes,
        positive: plan.positive,
        is_probability: plan.is_probability,
        parameters: &settings.parameters,
        level: settings.level,
    }
}

/// The metrics that read rows and have what they need, in the registry's order.
pub fn metrics(plan: &Plan, settings: &Settings) -> Vec<&'static Metric> {
    let subject = subject(plan, settings);
    METRICS.iter().filter(|metric| reader(metric, &subject).is_some()).collect()
}

fn reader(metric: &Metric, subject: &Subject<'_>) -> Option<fn(&View<'_>) -> Vec<Measured>> {
    metric.reads.iter().find_map(|read| match read {
        Read::View { needs, read } if needs(subject) => Some(*read),
        _ => None,
    })
}

/// What one metric measures in all rows (`overall`, computed before) and in every group of a grouping.
/// The forms are those of all rows; a group that lacks one has no value there.
pub fn series(metric: &'static Metric, views: &[View<'_>], overall: Option<&[Series]>) -> Vec<Series> {
    let Some(read) = views.first().and_then(|view| reader(metric, &view.subject)) else {
        return Vec::new();
    };
    let measured: Vec<Vec<Measured>> = views.iter().map(read).collect();
    match overall {
        None => {
            let own = measured.into_iter().next().unwrap_or_default();
            let alone = own.into_iter().map(|form| Series {
                metric,
                params: form.params,
                overall: form.reading,
                groups: vec![form.reading],
            });
            alone.collect()
        }
        Some(overall) => {
            let of_group = |form: &Series, own: &[Measured]| {
                let same = own.iter().find(|measured| measured.params == form.params);
                same.map_or(Reading::undefined(UndefinedCode::NoRows, 0), |measured| measured.reading)
            };
            let grouped = overall.iter().filter(|form| form.metric.id == metric.id).map(|form| Series {
                groups: measured.iter().map(|own| of_group(form, own)).collect(),
                ..form.clone()
            });
            grouped.collect()
        }
    }
}

/// A view of every group of a grouping.
pub fn views<'a>(plan: &'a Plan, passed: &'a Passed, settings: &'a Settings, members: &'a Members, grouping: usize) -> Vec<View<'a>> {
    let subject = subject(plan, settings);
    let view = |(group, folded): (&'a Group, &'a Folded)| {
        let residuals = folded.cell.residuals.as_deref();
        View::new(subject, &group.rows, &group.falling, residuals, &group.memory)
    };
    members.groups.iter().zip(&passed.groups[grouping]).map(view).collect()
}
