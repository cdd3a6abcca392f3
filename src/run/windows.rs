//! Change over time: every number of the audit in windows of rows, what is usual, what is not, when it began, and how well the model
//! probably does where labels are not in yet.
//!
//! A window is a partition of rows, like a grouping; windows of the data under test and of the reference are cut alike, each file by itself.
//! Without a reference, the first windows stand for it. Read [`WindowPass`] first.

use crate::data::column::MISSING;
use crate::data::{Column, Levels, Notice, NoticeCode, Role, Roles, Table};
use crate::metric::reading::{Evidence, Reading};
use crate::metric::registry::METRICS;
use crate::metric::rows::Rows;
use crate::metric::sample::{Sample, samples};
use crate::metric::{Estimate, Metric, Source, Task, UndefinedCode};
use crate::stats::interval::Share;

use super::Settings;
use super::columns::Files;
use super::frame;
use super::grouping::partition;
use super::pass::{Pass, Passed};
use super::plan::{Plan, plan};
use super::view::{self, Members};

pub mod cut;
mod drift;
mod estimate;
pub mod lines;
mod loss;
mod rebuild;
mod rhythm;
pub mod settings;

pub use settings::{Band, Cut, WindowSettings};

use cut::Windows;
use estimate::Estimated;
use lines::Line;
use rebuild::Rebuilt;

/// The metric of that id.
fn metric(id: &str) -> &'static Metric {
    METRICS
        .iter()
        .find(|metric| metric.id == id)
        .expect("the registry holds what windows report, as a test of this module holds it to")
}

/// One file, cut into windows.
pub struct Side {
    /// Which file.
    pub source: Source,
    /// Its windows.
    pub windows: Windows,
    /// How many rows each window has.
    pub rows: Vec<u64>,
    /// How many of them have a label.
    pub labelled: Vec<u64>,
    plan: Plan,
}

impl Side {
    fn new(source: Source, mut plan: Plan, windows: Windows) -> Self {
        let names: Vec<String> = (0..windows.list.len()).map(|index| index.to_string()).collect();
        let levels = Levels {
            codes: windows.codes.iter().copied().collect(),
            names,
        };
        let stands_for = |row: usize| plan.rows.weight(row).map_or(0, |weight| weight.count);
        plan.partition = partition(&[("window", &levels)], 0, 1, plan.rows.len, stands_for, usize::MAX);
        let (mut rows, mut labelled) = (vec![0; windows.list.len()], vec![0; windows.list.len()]);
        for (row, code) in windows.codes.iter().enumerate().filter(|(_, code)| **code != MISSING) {
            rows[*code as usize] += stands_for(row);
            labelled[*code as usize] += if is_labelled(&plan.rows, row) { stands_for(row) } else { 0 };
        }
        Self {
            source,
            windows,
            rows,
            labelled,
            plan,
        }
    }

    /// Whether a window has rows enough to be judged, and its labels are in: those of some rows only may not be like the others.
    fn is_complete(&self, window: usize, settings: &Settings) -> bool {
        self.rows[window] >= settings.min_support && self.labelled[window] * 10 >= self.rows[window] * 9
    }

    /// The window of a row that counts.
    fn window_of(&self, row: usize) -> Option<(usize, u64)> {
        let code = self.windows.codes[row];
        let weight = self.plan.rows.weight(row).filter(|_| code != MISSING)?;
        Some((code as usize, weight.count))
    }
}

fn is_labelled(rows: &Rows, row: usize) -> bool {
    let has_class = rows.label.as_ref().is_some_and(|label| label[row] != MISSING);
    let has_number = rows.truth.as_ref().is_some_and(|truth| !truth[row].is_nan());
    let has_labels = rows.labels.first().is_some_and(|label| label.truth[row].is_some());
    has_class || has_number || has_labels
}

enum Stage {
    Start,
    Folding(usize, Box<Pass>),
    Columns(usize),
    /// What windows tell together, one question a step; with what is known so far.
    Estimating,
    Rebuilding(Box<Estimated>),
    Telling(Box<Estimated>, Vec<Estimate>),
    Over,
}

/// Reads an audit by windows, step by step.
pub struct WindowPass {
    stage: Stage,
    sides: Vec<Side>,
    lines: Vec<Line>,
    /// What was read.
    pub estimates: Vec<Estimate>,
    /// What is odd about it.
    pub notices: Vec<Notice>,
}

impl Default for WindowPass {
    fn default() -> Self {
        Self {
            stage: Stage::Start,
            sides: Vec::new(),
            lines: Vec::new(),
            estimates: Vec::new(),
            notices: Vec::new(),
        }
    }
}

impl WindowPass {
    /// Reads some more; whether that was all.
    pub fn step(&mut self, files: &Files<'_>, plan: &Plan, settings: &Settings, rows: usize) -> bool {
        match std::mem::replace(&mut self.stage, Stage::Over) {
            Stage::Start => {
                self.start(files, plan, settings);
                if let Some(side) = self.sides.first() {
                    self.stage = Stage::Folding(0, Box::new(Pass::new(&side.plan)));
                }
            }
            Stage::Folding(place, mut pass) => {
                let Some(passed) = pass.step(&self.sides[place].plan, rows) else {
                    self.stage = Stage::Folding(place, pass);
                    return false;
                };
                self.read(place, &passed, settings);
                self.stage = match self.sides.get(place + 1) {
                    Some(side) => Stage::Folding(place + 1, Box::new(Pass::new(&side.plan))),
                    None => Stage::Columns(0),
                };
            }
            Stage::Columns(place) => match files.current.columns.get(place) {
                Some(column) => {
                    self.read_column(files, column, settings);
                    self.stage = Stage::Columns(place + 1);
                }
                None => self.stage = Stage::Estimating,
            },
            Stage::Estimating => {
                let estimated = self.estimate(files, settings);
                self.stage = Stage::Rebuilding(Box::new(estimated));
            }
            Stage::Rebuilding(estimated) => {
                let rebuilt = self.rebuild(files, settings);
                let mut estimated = estimated;
                estimated.lines.extend(rebuilt.lines);
                self.stage = Stage::Telling(estimated, rebuilt.estimates);
            }
            Stage::Telling(estimated, rebuilt) => self.tell(*estimated, rebuilt, settings),
            Stage::Over => {}
        }
        matches!(self.stage, Stage::Over)
    }

    fn note(&mut self, text: String) {
        self.notices.push(Notice::general(NoticeCode::Setting, text));
    }

    /// Cuts both files.
    fn start(&mut self, files: &Files<'_>, plan: &Plan, settings: &Settings) {
        let Some((cut, by)) = in_force(files.current, files.roles, plan, settings) else {
            if settings.windows.cut == Cut::Auto && files.roles.time.is_some() && plan.rows.len > MOST_BY_ITSELF {
                let rows = plan.rows.len;
                self.note(format!(
                    "Change over time is not followed by itself in a file of {rows} rows, more than {MOST_BY_ITSELF}, because it takes longer than all \
                     the rest: choose windows to see it, such as --windows week."
                ));
            }
            return;
        };
        if let Some(reference) = files.reference {
            match reference_plan(reference, files.roles, plan, settings) {
                Ok(own) => self.cut(Source::Reference, reference, own, cut, by, files.roles),
                Err(reason) => self.note(format!("The reference is not cut into windows: {reason}")),
            }
        }
        self.cut(Source::Current, files.current, plan.clone(), cut, by, files.roles);
        if self.sides.last().is_none_or(|side| side.source != Source::Current) {
            self.sides.clear();
        }
    }

    fn cut(&mut self, source: Source, table: &Table, plan: Plan, cut: Cut, given: Option<&str>, roles: &Roles) {
        let counts = counts(&plan);
        let named = |name: Option<&str>| name.and_then(|name| table.column(name));
        let windows = match cut {
            Cut::Auto | Cut::None => None,
            Cut::Period(period) => named(given.or(roles.time.as_deref())).and_then(|column| cut::by_period(column, period, &counts)),
            Cut::Rows(size) => Some(cut::by_rows(Some(size), 0, named(given), &counts)),
            Cut::Count(count) => Some(cut::by_rows(None, count, named(given), &counts)),
        };
        let which = if source == Source::Reference { "the reference" } else { "the file" };
        match windows {
            None if cut == Cut::None => {}
            None => self.note(format!(
                "There are no windows of a {cut} in {which}: no column holds times. Name one with --time, or cut by rows, as in --windows 1000rows."
            )),
            Some(windows) => {
                if windows.left_out > 0 {
                    self.note(format!("{} of {which} are in no window: they have no readable moment, or lie too far back.", super::weights::rows_in_words(windows.left_out)));
                }
                for note in &windows.notes {
                    self.notices.push(Notice::general(NoticeCode::Setting, note.clone()));
                }
                self.sides.push(Side::new(source, plan, windows));
            }
        }
    }

    /// The side whose first windows tell what is usual, and how many of them.
    fn usual(&self, settings: &Settings) -> (usize, usize) {
        let windows = self.sides.first().map_or(0, |side| side.windows.list.len());
        match self.sides.len() {
            1 => (
                0,
                ((windows as f64 * settings.windows.first.clamp(0.0, 1.0)).ceil() as usize).clamp(1, windows.max(1)),
            ),
            _ => (0, windows),
        }
    }

    /// Reads every metric in a side's windows.
    fn read(&mut self, place: usize, passed: &Passed, settings: &Settings) {
        let side = &self.sides[place];
        let windows = side.windows.list.len();
        let own = &side.plan.partition.groupings[1];
        let place_of: Vec<Option<usize>> = own
            .groups
            .iter()
            .map(|group| group.levels.first()?.as_ref()?.parse().ok())
            .collect();
        let forms = frame::forms_in(&side.plan, &frame::forms(&side.plan, settings), 1);
        let mut series = frame::series(&side.plan, passed, settings, 1, &forms);
        let (whole, grouped) = (Members::of(&side.plan, passed, 0), Members::of(&side.plan, passed, 1));
        for metric in view::metrics(&side.plan, settings).into_iter().filter(|metric| metric.by_group) {
            let all = view::series(metric, &view::views(&side.plan, passed, settings, &whole, 0), None);
            series.extend(view::series(
                metric,
                &view::views(&side.plan, passed, settings, &grouped, 1),
                Some(&all),
            ));
        }
        for form in series {
            let mut points = vec![empty(form.metric); windows];
            for (reading, window) in form.groups.iter().zip(&place_of) {
                if let Some(window) = window {
                    points[*window] = *reading;
                }
            }
            let same = |line: &&mut Line| line.metric.id == form.metric.id && line.params == form.params;
            match self.lines.iter_mut().find(same) {
                Some(line) => line.points.push(points),
                None => {
                    let mut all: Vec<Vec<Reading>> = self.sides[..place]
                        .iter()
                        .map(|side| vec![empty(form.metric); side.windows.list.len()])
                        .collect();
                    all.push(points);
                    let params = form.params.clone();
                    self.lines.push(Line {
                        params,
                        ..Line::plain(form.metric.id, all)
                    });
                }
            }
        }
        // What only an earlier side has is undefined here.
        for line in self.lines.iter_mut().filter(|line| line.points.len() == place) {
            line.points.push(vec![empty(line.metric); windows]);
        }
    }

    fn read_column(&mut self, files: &Files<'_>, column: &Column, settings: &Settings) {
        let is_read = !matches!(
            files.roles.role_of(&column.name),
            Role::Id | Role::Weight | Role::Count | Role::Ignored | Role::Time
        );
        let earlier = match files.reference {
            Some(reference) => reference.column(&column.name),
            None => Some(column),
        };
        let Some((earlier, kind)) = earlier
            .filter(|_| is_read)
            .and_then(|earlier| Some((earlier, drift::kind(column, earlier)?)))
        else {
            return;
        };
        let columns = [earlier, column];
        let columns = &columns[columns.len() - self.sides.len()..];
        let (is_alone, first) = (self.sides.len() == 1, self.usual(settings).1);
        let cut = |(side, column): (&Side, &&Column)| samples(column, kind, side.windows.list.len(), &|row| side.window_of(row));
        let windows: Option<Vec<Vec<Sample>>> = self.sides.iter().zip(columns).map(cut).collect();
        let side = &self.sides[0];
        let part_of = |row: usize| match side.window_of(row) {
            Some((window, count)) => (!is_alone || window < first).then_some((0, count)),
            None => side.plan.rows.weight(row).filter(|_| !is_alone).map(|weight| (0, weight.count)),
        };
        let reference = samples(columns[0], kind, 1, &part_of).and_then(|mut all| all.pop());
        if let (Some(windows), Some(reference)) = (windows, reference) {
            if reference.levels().len() > drift::MOST_LEVELS {
                let text = format!(
                    "Column \"{}\" has more than {} different texts, so its distance from the reference is not measured by window.",
                    column.name,
                    drift::MOST_LEVELS
                );
                self.notices.push(Notice::of_column(NoticeCode::Setting, &column.name, text));
                return;
            }
            self.lines.extend(drift::lines(&column.name, kind, &reference, &windows));
        }
    }

    /// The files that were cut.
    fn tables<'a>(&self, files: &Files<'a>) -> Vec<&'a Table> {
        let reference = files.reference.filter(|_| self.sides.len() > 1);
        reference.into_iter().chain([files.current]).collect()
    }

    /// How well the model probably does where labels are not in.
    fn estimate(&mut self, files: &Files<'_>, settings: &Settings) -> Estimated {
        let usual = self.usual(settings);
        self.lines.extend(about_windows(&self.sides));
        match self.sides.first().and_then(|side| side.plan.outcome.task) {
            Some(Task::Binary) => estimate::estimates(&self.sides, usual, &self.lines, settings),
            Some(Task::Regression) => loss::estimates(&self.sides, &self.tables(files), files.roles, usual, &self.lines, settings),
            _ => Estimated::default(),
        }
    }

    /// How far rows are from what few axes keep of them.
    fn rebuild(&self, files: &Files<'_>, settings: &Settings) -> Rebuilt {
        rebuild::lines(&self.sides, &self.tables(files), files.roles, self.usual(settings), settings)
    }

    fn tell(&mut self, estimated: Estimated, rebuilt: Vec<Estimate>, settings: &Settings) {
        let usual = self.usual(settings);
        let sides = std::mem::take(&mut self.sides);
        let mut lines = std::mem::take(&mut self.lines);
        self.notices.extend(estimated.notices);
        // First what matters most, because what is too much is left out from the end.
        let place = lines.iter().position(|line| !line.columns.is_empty()).unwrap_or(lines.len());
        lines.splice(place..place, estimated.lines);
        let told = lines::tell(&lines, &sides, usual, settings);
        self.estimates.extend(told.estimates);
        self.notices.extend(told.notices);
        self.estimates.extend(estimated.estimates);
        self.estimates.extend(rebuilt);
        self.estimates.extend(rhythm::estimates(&lines, &sides, settings));
    }
}

/// The most rows that are cut without being asked: following every number in every window takes longer than all the rest of an audit.
const MOST_BY_ITSELF: usize = 250_000;

/// How many rows each row of a plan stands for, 0 where it is not used.
fn counts(plan: &Plan) -> Vec<u64> {
    let stands_for = |row| plan.rows.weight(row).map_or(0, |weight| weight.count);
    (0..plan.rows.len).map(stands_for).collect()
}

/// How the data under test are cut with these settings, and the column that is said or found for it; `None` where they are not.
pub fn in_force<'a>(current: &Table, roles: &'a Roles, plan: &Plan, settings: &'a Settings) -> Option<(Cut, Option<&'a str>)> {
    let given = settings.windows.by.as_deref();
    match settings.windows.cut {
        Cut::None => None,
        Cut::Auto if plan.rows.len > MOST_BY_ITSELF => None,
        Cut::Auto => {
            let by = given.or(roles.time.as_deref())?;
            Some((cut::fitting(current.column(by)?, &counts(plan), settings.min_support)?, Some(by)))
        }
        cut => Some((cut, given)),
    }
}

/// What a metric is in a window without rows.
fn empty(metric: &Metric) -> Reading {
    if metric.id == "rows" {
        Reading::exact(0.0, 0)
    } else {
        Reading::undefined(UndefinedCode::NoRows, 0)
    }
}

/// How full windows are, and how complete their labels.
fn about_windows(sides: &[Side]) -> Vec<Line> {
    let partial = |side: &Side| -> Vec<Reading> {
        let answer = side.windows.partial.iter().zip(&side.rows);
        answer
            .map(|(partial, rows)| Reading::exact(f64::from(u8::from(*partial)), *rows))
            .collect()
    };
    let labelled = |side: &Side| -> Vec<Reading> {
        let share = |(labelled, rows): (&u64, &u64)| {
            if *rows == 0 {
                return Reading::undefined(UndefinedCode::NoRows, 0);
            }
            let value = *labelled as f64 / *rows as f64;
            Reading {
                evidence: Evidence::Share(Share { value, size: *rows as f64 }),
                ..Reading::exact(value, *rows)
            }
        };
        side.labelled.iter().zip(&side.rows).map(share).collect()
    };
    vec![
        Line::plain("window_partial", sides.iter().map(partial).collect()),
        Line::plain("labelled_share", sides.iter().map(labelled).collect()),
    ]
}

/// The reference as the same audit: the same task, classes and threshold, without groups.
fn reference_plan(table: &Table, roles: &Roles, plan_of_current: &Plan, settings: &Settings) -> Result<Plan, String> {
    let outcome = &plan_of_current.outcome;
    let settings = Settings {
        task: outcome.task,
        positive: outcome.positive_class.clone(),
        reference_groups: Default::default(),
        slices: Default::default(),
        ..settings.clone()
    };
    let mut roles = Roles {
        sensitive: Vec::new(),
        control: Vec::new(),
        ..roles.clone()
    };
    for column in [
        &mut roles.label,
        &mut roles.prediction,
        &mut roles.score,
        &mut roles.time,
        &mut roles.id,
    ] {
        if column.as_deref().is_some_and(|name| table.column(name).is_none()) {
            *column = None;
        }
    }
    plan(table, &roles, &settings).map_err(|error| error.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_registry_holds_what_windows_report() {
        for row in &crate::metric::time::METRICS {
            assert_eq!(metric(row.id).family, crate::metric::Family::Time);
        }
        assert_eq!(metric("rows").id, "rows");
    }
}
