//! The report's numbers by window, gathered into series.

use std::collections::BTreeMap;

use super::super::super::Report;
use super::super::super::format;
use super::super::super::words::metric_name;
use crate::chart::number::Quantity;
use crate::metric::{Estimate, Key, Source, Window};
use crate::stats::order;

/// The length of a date.
const DATE: usize = 10;

/// A moment as it is read: the seconds only where they are not 0, the time of midnight only where it is `timed`.
pub(in super::super) fn moment(text: &str, is_timed: bool) -> String {
    let text = text.replace('T', " ");
    match text.strip_suffix(":00") {
        Some(short) if text.len() == DATE + 9 => short.to_owned(),
        _ if is_timed && text.len() == DATE => format!("{text} 00:00"),
        _ => text,
    }
}

/// One number over the windows.
#[derive(Debug, Clone)]
pub(super) struct Series<'a> {
    /// Its address without source and window.
    pub(super) key: Key,
    /// Its places and numbers; windows of the reference have places below 0.
    points: Vec<(i64, &'a Estimate)>,
    /// What is usual.
    pub(super) band: (Option<f64>, Option<f64>),
}

impl<'a> Series<'a> {
    /// The windows of a source, in order.
    pub(super) fn of(&self, source: Source) -> impl DoubleEndedIterator<Item = (i64, &'a Estimate)> + '_ {
        self.points
            .iter()
            .copied()
            .filter(move |(_, estimate)| estimate.key.source == source)
    }

    /// The windows of the data under test.
    pub(super) fn current(&self) -> impl DoubleEndedIterator<Item = (i64, &'a Estimate)> + '_ {
        self.of(Source::Current)
    }

    /// What a number without labels stands for.
    fn stands_for(&self) -> &str {
        self.key.params.get("metric").map_or(self.key.metric.as_str(), String::as_str)
    }

    /// Whether it tells how well the model does.
    pub(super) fn is_performance(&self) -> bool {
        self.rank() <= 1
    }

    pub(super) fn is_estimated_performance(&self) -> bool {
        matches!(self.key.metric.as_str(), "estimated_performance" | "estimated_loss")
    }

    /// How its numbers are written.
    pub(super) fn quantity(&self) -> Quantity {
        let largest = self
            .points
            .iter()
            .map(|(_, estimate)| format::magnitude(estimate))
            .fold(0.0, f64::max);
        format::quantity(&Key::overall(self.stands_for()), largest)
    }

    /// What it is, for a sentence.
    pub(super) fn name(&self) -> String {
        let own = metric_name(&self.key.metric);
        match (self.key.metric.as_str(), self.key.columns.first()) {
            ("window_drift", Some(column)) => {
                let method = self.key.params.get("method").map_or("", String::as_str).replace('_', " ");
                format!("the distance of “{column}” from the reference ({method})")
            }
            (_, Some(column)) => format!("{own}, “{column}”"),
            _ if self.is_estimated_performance() => format!("estimated {}", metric_name(self.stands_for())),
            _ => {
                let params: Vec<&str> = self.key.params.values().map(String::as_str).collect();
                if params.is_empty() {
                    own
                } else {
                    format!("{own}, {}", params.join(", "))
                }
            }
        }
    }

    /// How much a reader cares: performance first, then estimates of it, then what is missing, then distances by one method.
    fn rank(&self) -> u8 {
        match self.key.metric.as_str() {
            "roc_auc" | "accuracy" | "mae" | "rmse" | "recall" | "precision" | "f1" => 0,
            "estimated_performance" | "estimated_loss" => 1,
            "window_missing_rate" | "window_unseen_rate" => 2,
            "window_drift" if self.key.params.get("method").is_some_and(|method| method == "jensen_shannon") => 3,
            "reconstruction_error" => 4,
            "window_drift" => 6,
            _ => 5,
        }
    }
}

/// A change of a series.
#[derive(Debug)]
pub(super) struct Change<'a> {
    pub(super) series: Series<'a>,
    pub(super) at: f64,
    pub(super) low: f64,
    pub(super) high: f64,
    pub(super) before: f64,
    pub(super) after: f64,
    pub(super) p_value: f64,
}

/// Everything by window.
pub(super) struct Timeline<'a> {
    pub(super) series: Vec<Series<'a>>,
    /// What changed, what matters most first.
    pub(super) changes: Vec<Change<'a>>,
    /// How many numbers were looked at for a change.
    pub(super) tested: u64,
    windows: BTreeMap<i64, &'a Window>,
    about: Vec<&'a Estimate>,
    alerts: BTreeMap<i64, usize>,
}

impl<'a> Timeline<'a> {
    pub(super) fn new(report: &'a Report) -> Self {
        let earlier = report.estimates.iter().filter(|estimate| estimate.key.source == Source::Reference);
        let before = earlier
            .filter_map(|estimate| estimate.key.window.as_ref())
            .map(|window| i64::from(window.index) + 1)
            .max();
        let place = |estimate: &Estimate, window: &Window| {
            let first = if estimate.key.source == Source::Reference {
                before.unwrap_or(0)
            } else {
                0
            };
            i64::from(window.index) - first
        };
        let mut timeline = Self {
            series: Vec::new(),
            changes: Vec::new(),
            tested: report
                .estimates
                .iter()
                .find(|own| own.key.metric == "changes_tested")
                .map_or(0, |own| own.support),
            windows: BTreeMap::new(),
            about: report.estimates.iter().filter(|estimate| is_about(&estimate.key.metric)).collect(),
            alerts: BTreeMap::new(),
        };
        let mut places: BTreeMap<Subject<'_>, usize> = BTreeMap::new();
        for estimate in &report.estimates {
            let key = &estimate.key;
            let Some(window) = &key.window else { continue };
            let at = place(estimate, window);
            timeline.windows.insert(at, window);
            if key.metric == "band_alert" {
                *timeline.alerts.entry(at).or_default() += usize::from(estimate.text.as_deref() == Some("yes"));
            } else if key.metric != "estimate_missed" {
                let known = places.entry((&key.metric, &key.params, &key.columns)).or_insert_with(|| {
                    timeline.series.push(Series {
                        key: Key {
                            source: Source::Current,
                            window: None,
                            ..key.clone()
                        },
                        points: Vec::new(),
                        band: (None, None),
                    });
                    timeline.series.len() - 1
                });
                timeline.series[*known].points.push((at, estimate));
            }
        }
        timeline.gather();
        timeline
    }

    /// Bands and changes to the series that they are about.
    fn gather(&mut self) {
        let by_subject: BTreeMap<(&str, Key), &Estimate> = self
            .about
            .iter()
            .filter_map(|own| Some(((own.key.metric.as_str(), subject(&own.key)?), *own)))
            .collect();
        for series in &mut self.series {
            let get = |what: &'static str| by_subject.get(&(what, series.key.clone())).copied();
            let value = |what: &'static str| get(what).and_then(|own| own.value);
            let band = (value("band_lower"), value("band_upper"));
            let change = get("change_point").and_then(|own| {
                let at = own.value?;
                let within = own.interval.map_or((at, at), |interval| (interval.low, interval.high));
                Some((
                    at,
                    within,
                    value("change_before")?,
                    value("change_after")?,
                    value("change_point_p_value")?,
                ))
            });
            series.band = band;
            if let Some((at, (low, high), before, after, p_value)) = change {
                let series = series.clone();
                self.changes.push(Change {
                    series,
                    at,
                    low,
                    high,
                    before,
                    after,
                    p_value,
                });
            }
        }
        order::sort_by(&mut self.changes, |a, b| {
            let rank = a.series.rank().cmp(&b.series.rank());
            rank.then(a.p_value.total_cmp(&b.p_value)).then(a.at.total_cmp(&b.at))
        });
    }

    /// How many windows a source has.
    pub(super) fn windows(&self, source: Source) -> usize {
        self.windows
            .keys()
            .filter(|place| (**place < 0) == (source == Source::Reference))
            .count()
    }

    /// A window's name, for a sentence.
    pub(super) fn label(&self, place: i64) -> String {
        match self.windows.get(&place) {
            Some(window) if window.by == "rows" => {
                let whose = if place < 0 { " of the reference" } else { "" };
                format!("rows {} to {}{whose}", window.from, window.to)
            }
            Some(window) => moment(&window.from, window.to.len() > DATE),
            None => format!("window {place}"),
        }
    }

    /// The places of all windows, those of the reference first.
    pub(super) fn places(&self) -> impl Iterator<Item = i64> + '_ {
        self.windows.keys().copied()
    }

    /// Where a window begins, as short as an axis needs it.
    pub(super) fn short_label(&self, place: i64) -> String {
        match self.windows.get(&place) {
            Some(window) if window.by == "rows" => window.from.clone(),
            _ => self.label(place),
        }
    }

    /// A plain number's windows of the data under test.
    pub(super) fn current(&self, metric: &str) -> impl Iterator<Item = (i64, &'a Estimate)> + '_ {
        let is_it =
            move |series: &&Series<'a>| series.key.metric == metric && series.key.params.is_empty() && series.key.columns.is_empty();
        let found: Vec<_> = self.series.iter().find(is_it).into_iter().flat_map(Series::current).collect();
        found.into_iter()
    }

    /// What was seen of what a series estimates.
    pub(super) fn realised(&self, series: &Series<'a>) -> Option<&Series<'a>> {
        let metric = series.key.params.get("metric").filter(|_| series.is_estimated_performance())?;
        self.series
            .iter()
            .find(|own| own.key.metric == *metric && own.key.params.is_empty() && own.key.columns.is_empty())
    }

    /// How far a series' estimates were off.
    pub(super) fn off(&self, series: &Series<'a>, source: Source) -> Option<&'a Estimate> {
        let is_it = |own: &&&'a Estimate| {
            own.key.metric == "estimate_off" && own.key.source == source && own.key.params.get("metric") == series.key.params.get("metric")
        };
        self.about.iter().find(is_it).copied()
    }

    /// Windows in which what labels show is outside an estimate's limits, and windows in which that can be said; the worst metric's.
    pub(super) fn missed(&self) -> (usize, usize) {
        let mut counts: BTreeMap<Option<&String>, (usize, usize)> = BTreeMap::new();
        for own in self.about.iter().filter(|own| own.key.metric == "estimate_missed") {
            let count = counts.entry(own.key.params.get("metric")).or_default();
            count.0 += usize::from(own.text.as_deref() == Some("yes"));
            count.1 += 1;
        }
        counts.into_values().max().unwrap_or_default()
    }

    /// Numbers outside the usual in a window.
    pub(super) fn alerts(&self, place: i64) -> usize {
        self.alerts.get(&place).copied().unwrap_or(0)
    }

    /// What follows the day of the week most, and how much.
    pub(super) fn weekly(&self) -> Option<(String, f64)> {
        let shares = self.about.iter().filter(|own| own.key.metric == "weekday_share");
        let most = shares.max_by(|a, b| a.value.unwrap_or(0.0).total_cmp(&b.value.unwrap_or(0.0)))?;
        let key = subject(&most.key)?;
        let name = self.series.iter().find(|series| series.key == key)?.name();
        Some((name, most.value?))
    }
}

/// A metric in one of its forms, and the columns it is about.
type Subject<'a> = (&'a str, &'a BTreeMap<String, String>, &'a [String]);

/// Numbers about other numbers.
fn is_about(metric: &str) -> bool {
    metric.starts_with("band_") || metric.starts_with("change_") || metric.starts_with("weekday_") || metric.starts_with("estimate_")
}

/// The address of the number that a number is about.
fn subject(key: &Key) -> Option<Key> {
    let mut params = key.params.clone();
    let metric = params.remove("of")?;
    Some(Key {
        metric,
        params,
        columns: key.columns.clone(),
        ..Key::default()
    })
}
