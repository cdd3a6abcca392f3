//! Whether numbers follow the day of the week: a warning, because a change point may then be a weekend.

use super::lines::Line;
use super::{Side, metric};
use crate::metric::reading::Reading;
use crate::metric::{Estimate, Key};
use crate::run::Settings;
use crate::run::frame::estimate;
use crate::stats::special::regularized_beta;

/// Fewest days in which a weekday is looked for.
const FEWEST_DAYS: usize = 28;
const DAYS: usize = 7;
/// The error rate at which a pattern is reported.
pub const LEVEL: f64 = 0.05;

/// The part of each number that follows the weekday, where windows are days and it is more than chance.
pub fn estimates(lines: &[Line], sides: &[Side], settings: &Settings) -> Vec<Estimate> {
    let mut told = Vec::new();
    let Some((side, last)) = sides.last().zip(sides.len().checked_sub(1)) else {
        return told;
    };
    // Days of the calendar follow each other without gaps, so that every seventh is the same weekday.
    if !matches!(
        settings.windows.cut,
        super::Cut::Period(crate::data::Period::Day) | super::Cut::Auto
    ) || !is_daily(side)
    {
        return told;
    }
    let tested: Vec<(&Line, (f64, f64))> = lines
        .iter()
        .filter_map(|line| Some((line, pattern(&line.points[last], side)?)))
        .collect();
    for (line, (part, p_value)) in &tested {
        let p_value = (p_value * tested.len() as f64).min(1.0);
        if p_value > LEVEL {
            continue;
        }
        for (id, value) in [("weekday_share", *part), ("weekday_p_value", p_value)] {
            let mut key = Key::overall(id);
            key.params = line.params.clone();
            key.params.insert("of".to_owned(), line.metric.id.to_owned());
            key.columns = line.columns.clone();
            told.push(estimate(
                key,
                &Reading::exact(value, side.windows.list.len() as u64),
                metric(id),
                settings,
            ));
        }
    }
    told
}

/// Whether windows are days: each ends where the next begins, and none has a time of day.
fn is_daily(side: &Side) -> bool {
    let list = &side.windows.list;
    list.len() >= FEWEST_DAYS
        && list.windows(2).all(|pair| pair[0].to == pair[1].from)
        && list.iter().take(9).all(|window| window.from.len() == 10)
        && list.iter().take(40).filter(|window| window.from.ends_with("-01")).count() <= 2
        && list[0].from.get(8..).zip(list[1].from.get(8..)).is_some_and(|(a, b)| {
            let day = |text: &str| text.parse::<i64>().unwrap_or(0);
            day(b) == day(a) + 1 || day(b) == 1
        })
}

/// The part of the variance that weekdays explain beyond chance, and the p-value of the F test.
fn pattern(points: &[Reading], side: &Side) -> Option<(f64, f64)> {
    let mut days = [(0.0, 0.0); DAYS];
    let known = || points.iter().enumerate().filter(|(place, _)| !side.windows.partial[*place]);
    let values: Vec<(usize, f64)> = known()
        .filter_map(|(place, reading)| Some((place % DAYS, reading.value.ok().filter(|value| value.is_finite())?)))
        .collect();
    let n = values.len() as f64;
    if values.len() < FEWEST_DAYS {
        return None;
    }
    for (day, value) in &values {
        days[*day].0 += value;
        days[*day].1 += 1.0;
    }
    if days.iter().any(|day| day.1 < 3.0) {
        return None;
    }
    let mean = values.iter().map(|(_, value)| value).sum::<f64>() / n;
    let whole: f64 = values.iter().map(|(_, value)| (value - mean) * (value - mean)).sum();
    let between: f64 = days
        .iter()
        .map(|(sum, count)| count * (sum / count - mean) * (sum / count - mean))
        .sum();
    let (groups, rest) = (DAYS as f64 - 1.0, n - DAYS as f64);
    let within = (whole - between).max(0.0);
    if !(whole > n * 1e-24 * mean * mean && whole > 0.0) {
        return None;
    }
    let p_value = regularized_beta(within / whole, rest / 2.0, groups / 2.0);
    let part = ((between - groups * within / rest) / whole).max(0.0);
    Some((part, p_value))
}
