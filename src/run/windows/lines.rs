//! Numbers followed over the windows: what is usual, which windows are not, and whether and when a number changed.

use std::collections::BTreeMap;

use super::settings::Band;
use super::{Side, metric};
use crate::data::{Notice, NoticeCode};
use crate::metric::reading::{Evidence, Reading};
use crate::metric::{Direction, Estimate, Family, Key, Metric, Read, UndefinedCode, Unit};
use crate::run::Settings;
use crate::run::frame::estimate;
use crate::stats::change::{self, Step};
use crate::stats::interval::{Interval, Method};
use crate::stats::quantile;
use crate::stats::rank::Ranked;

/// Sampling errors to either side of an estimate of performance, as NannyML draws them.
pub const SAMPLING_ERRORS: f64 = 3.0;
/// What so many standard errors of a normal distribution hold.
const SAMPLING_LEVEL: f64 = 0.997_300_203_936_74;
/// About how many numbers of windows a report may hold, so that its JSON stays below 20 MB.
const MOST_NUMBERS: usize = 15_000;
/// Fewest windows that tell what is usual.
const FEWEST_USUAL: usize = 3;
/// The error rate, of all series together, at which a change counts as one.
pub const CHANGE_LEVEL: f64 = 0.05;

/// One number in every window.
#[derive(Debug, Clone)]
pub struct Line {
    /// The metric.
    pub metric: &'static Metric,
    /// What distinguishes the form.
    pub params: BTreeMap<String, String>,
    /// The columns it is about.
    pub columns: Vec<String>,
    /// In the windows of each side, in the order of the sides.
    pub points: Vec<Vec<Reading>>,
    /// Where a window is unusual by its p-value, not by a band: those of the last side.
    pub alarms: Option<Vec<bool>>,
    /// Whether the windows of the reference are part of what they are held against, so that they do not compare with those of other data.
    pub is_own: bool,
}

impl Line {
    /// A number of a metric in its plain form.
    pub fn plain(id: &str, points: Vec<Vec<Reading>>) -> Self {
        Self {
            metric: metric(id),
            params: BTreeMap::new(),
            columns: Vec::new(),
            points,
            alarms: None,
            is_own: false,
        }
    }

    /// A number about a column, in a form of its metric.
    pub fn of_column(id: &str, column: &str, method: Option<&str>, points: Vec<Vec<Reading>>) -> Self {
        let params = method.map(|method| ("method".to_owned(), method.to_owned()));
        Self {
            columns: vec![column.to_owned()],
            params: params.into_iter().collect(),
            ..Self::plain(id, points)
        }
    }

    fn key(&self) -> Key {
        Key {
            metric: self.metric.id.to_owned(),
            params: self.params.clone(),
            columns: self.columns.clone(),
            ..Key::default()
        }
    }

    /// The address of something about this line.
    fn about(&self, id: &str) -> Key {
        let mut key = self.key();
        key.params.insert("of".to_owned(), self.metric.id.to_owned());
        key.metric = id.to_owned();
        key
    }

    /// Whether what is usual can be said of it: not of counts, answers and p-values, nor of a window's part of its whole file, which depends on
    /// how many windows the file has.
    fn is_followed(&self) -> bool {
        let metric = self.metric;
        let is_part = metric.reads.iter().any(|read| matches!(read, Read::ShareOfAll { .. }));
        let is_p_value = metric.id.contains("p_value") || metric.id.ends_with("pvalue");
        !is_part && !is_p_value && !matches!(metric.unit, Unit::Count | Unit::YesNo)
    }

    /// Whether nothing can be unusually near: a distance from the reference has an upper limit only.
    fn is_distance(&self) -> bool {
        self.metric.id == "window_drift" || self.metric.family == Family::Drift && self.metric.direction == Direction::CloserToZero
    }

    /// Whether a limit at the end of the range is none, because nothing can cross it; that of a performance stays.
    fn is_open(&self) -> bool {
        self.is_distance() || self.metric.family == Family::Time
    }
}

fn value(reading: &Reading) -> Option<f64> {
    reading.value.ok().filter(|value| value.is_finite())
}

/// The two limits of what is usual.
type Limits = (Option<f64>, Option<f64>);

fn limits(line: &Line, usual: &[f64], settings: &Settings) -> Limits {
    if line.alarms.is_some() {
        return (None, None);
    }
    let (lowest, highest) = line.metric.range;
    let (low, high) = match settings.windows.band(line.metric.id) {
        Band::Constant { low, high, .. } => return (low, high),
        _ if usual.len() < FEWEST_USUAL => return (None, None),
        Band::Deviations(times) => {
            let n = usual.len() as f64;
            let mean = usual.iter().sum::<f64>() / n;
            let deviation = (usual.iter().map(|value| (value - mean) * (value - mean)).sum::<f64>() / n).sqrt();
            (mean - times * deviation, mean + times * deviation)
        }
        Band::Quantiles(low, high) => {
            let ranked = Ranked::new(usual.len(), &|place| usual[place], &|_| 1);
            match (quantile::linear(&ranked, low), quantile::linear(&ranked, high)) {
                (Some(low), Some(high)) => (low, high),
                _ => return (None, None),
            }
        }
    };
    if line.is_open() {
        let low = Some(low).filter(|low| *low > lowest && !line.is_distance());
        return (low, Some(high).filter(|high| *high < highest));
    }
    (Some(low.clamp(lowest, highest)), Some(high.clamp(lowest, highest)))
}

/// What is said of all lines: the numbers of the windows, their bands, which are outside, and what changed when.
#[derive(Debug, Default)]
pub struct Told {
    /// The estimates.
    pub estimates: Vec<Estimate>,
    /// What is odd.
    pub notices: Vec<Notice>,
}

/// Tells of all lines; `usual` is the side and how many of its first windows tell what is usual.
pub fn tell(lines: &[Line], sides: &[Side], usual: (usize, usize), settings: &Settings) -> Told {
    let mut told = Told::default();
    let windows: usize = sides.iter().map(|side| side.windows.list.len()).sum();
    let most = (MOST_NUMBERS / (windows + sides.last().map_or(0, |side| side.windows.list.len())).max(1)).max(20);
    if lines.len() > most {
        let text = format!(
            "Of {} numbers that could be followed over {windows} windows, {most} are reported, because the report would become too large.",
            lines.len()
        );
        told.notices.push(Notice::general(NoticeCode::Setting, text));
    }
    let lines = &lines[..lines.len().min(most)];
    for line in lines {
        for (side, points) in sides.iter().zip(&line.points) {
            for (window, reading) in side.windows.list.iter().zip(points) {
                let mut key = line.key();
                (key.source, key.window) = (side.source, Some(window.clone()));
                told.estimates
                    .push(with_errors(estimate(key, reading, line.metric, settings), reading, line));
            }
        }
    }
    for line in lines.iter().filter(|line| line.is_followed()) {
        tell_limits(line, lines, sides, usual, settings, &mut told.estimates);
    }
    tell_changes(lines, sides, usual, settings, &mut told.estimates);
    told
}

/// Estimates of performance have limits of so many sampling errors, whatever the level of other intervals.
fn with_errors(mut estimate: Estimate, reading: &Reading, line: &Line) -> Estimate {
    if let (
        Some(value),
        Evidence::StandardError {
            se,
            method: Method::SamplingError,
        },
    ) = (estimate.value, reading.evidence)
    {
        let (lowest, highest) = line.metric.range;
        estimate.interval = Some(Interval {
            low: (value - SAMPLING_ERRORS * se).max(lowest),
            high: (value + SAMPLING_ERRORS * se).min(highest),
            level: SAMPLING_LEVEL,
            method: Method::SamplingError,
        });
    }
    estimate
}

/// The line whose windows tell what is usual: for an estimate of performance those of the performance itself.
fn usual_line<'a>(line: &'a Line, lines: &'a [Line]) -> &'a Line {
    let realised = line.params.get("metric").filter(|_| line.metric.id == "estimated_performance");
    let is_it = |own: &&Line| realised.is_some_and(|id| own.metric.id == id && own.params.is_empty());
    lines.iter().find(is_it).unwrap_or(line)
}

fn tell_limits(line: &Line, lines: &[Line], sides: &[Side], usual: (usize, usize), settings: &Settings, estimates: &mut Vec<Estimate>) {
    let from = usual_line(line, lines);
    let values: Vec<f64> = from.points[usual.0].iter().take(usual.1).filter_map(value).collect();
    let (low, high) = limits(from, &values, settings);
    for (id, limit) in [("band_lower", low), ("band_upper", high)] {
        let reading = limit.map_or(Reading::undefined(UndefinedCode::NoLimit, values.len() as u64), |limit| {
            Reading::exact(limit, values.len() as u64)
        });
        estimates.push(estimate(line.about(id), &reading, metric(id), settings));
    }
    let Some(((side, points), last)) = sides.iter().zip(&line.points).next_back().zip(sides.len().checked_sub(1)) else {
        return;
    };
    let known = if usual.0 == last { usual.1 } else { 0 };
    for (place, (window, reading)) in side.windows.list.iter().zip(points).enumerate().skip(known) {
        let Some(value) = value(reading) else { continue };
        let is_out = match &line.alarms {
            Some(alarms) => alarms[place],
            None if low.or(high).is_none() => continue,
            None => low.is_some_and(|low| value < low) || high.is_some_and(|high| value > high),
        };
        let answer = if reading.support < settings.min_support {
            Reading::undefined(UndefinedCode::BelowMinSupport, reading.support)
        } else {
            Reading::exact(f64::from(u8::from(is_out)), reading.support)
        };
        let mut key = line.about("band_alert");
        key.window = Some(window.clone());
        estimates.push(estimate(key, &answer, metric("band_alert"), settings));
    }
}

/// Steps in the lines; windows that are not full, or hold too few rows, are passed over.
fn tell_changes(lines: &[Line], sides: &[Side], usual: (usize, usize), settings: &Settings, estimates: &mut Vec<Estimate>) {
    let followed: Vec<&Line> = lines.iter().filter(|line| line.is_followed()).collect();
    let series: Vec<Vec<Option<f64>>> = followed.iter().map(|line| series(line, sides, usual, settings)).collect();
    let own = sides.last().map_or(0, |side| side.windows.list.len());
    let before = series.first().map_or(0, |series| series.len() - own.min(series.len()));
    let steps = change::steps(&series);
    let tested = steps.iter().flatten().count() as u64;
    estimates.push(estimate(
        Key::overall("changes_tested"),
        &Reading::exact(tested as f64, tested),
        metric("changes_tested"),
        settings,
    ));
    for (line, step) in followed.iter().zip(steps) {
        let Some(step) = step else { continue };
        let support = series.iter().map(Vec::len).max().unwrap_or(0) as u64;
        let p_value = Reading::exact(step.p_value, support);
        estimates.push(estimate(
            line.about("change_point_p_value"),
            &p_value,
            metric("change_point_p_value"),
            settings,
        ));
        if step.p_value <= CHANGE_LEVEL {
            tell_step(line, &step, before, support, settings, estimates);
        }
    }
}

fn tell_step(line: &Line, step: &Step, before: usize, support: u64, settings: &Settings, estimates: &mut Vec<Estimate>) {
    // Windows of the data under test are counted from 0, those of the reference from -1 down.
    let place = |place: usize| place as f64 - before as f64;
    let (low, high) = (place(step.within.0), place(step.within.1));
    let at = Reading::with_limits(place(step.place), Some((low, high)), Method::Bai, support);
    for (id, reading) in [
        ("change_point", at),
        ("change_before", Reading::exact(step.before, support)),
        ("change_after", Reading::exact(step.after, support)),
    ] {
        estimates.push(estimate(line.about(id), &reading, metric(id), settings));
    }
}

fn series(line: &Line, sides: &[Side], usual: (usize, usize), settings: &Settings) -> Vec<Option<f64>> {
    let mut series = Vec::new();
    for (own, (side, points)) in sides.iter().zip(&line.points).enumerate() {
        for (place, reading) in points.iter().enumerate() {
            let is_left_out = line.is_own && own == usual.0 && place < usual.1;
            let is_used = !is_left_out && !side.windows.partial[place] && side.rows[place] >= settings.min_support;
            series.push(value(reading).filter(|_| is_used));
        }
    }
    series
}
