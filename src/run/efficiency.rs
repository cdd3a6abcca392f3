//! What rows took: overall, by segment, by hour, in the reference too; how requests ended, and how many came.

use std::collections::BTreeMap;

use super::Settings;
use super::columns::Files;
use super::frame::estimate;
use super::quality::{Said, counter};
use crate::data::column::{Levels, MISSING};
use crate::data::{Column, MISSING_TIME, NoticeCode, Table, Times, Values, time_text};
use crate::metric::efficiency::{Taken, throughput};
use crate::metric::quality::share;
use crate::metric::reading::Reading;
use crate::metric::registry::{self, METRICS};
use crate::metric::sample::{Pair, PairMemory, SampleKind, samples};
use crate::metric::view::Measured;
use crate::metric::{Key, Metric, Read, Source, Window};
use crate::stats::order;
use crate::stats::rank::Ranked;

/// The most levels of a segment that are measured by themselves.
const MOST_LEVELS: usize = 50;
/// The most windows of time.
const MOST_WINDOWS: usize = 24 * 32;
/// Microseconds of an hour.
const HOUR: i64 = 3_600_000_000;

/// How many rows a row stands for, and `None` for one that is not used.
type Count<'a> = dyn Fn(usize) -> Option<u64> + 'a;

/// Some rows of a file, and how they are addressed.
struct Parts {
    /// One part's address a place.
    keys: Vec<Key>,
    /// Each row's place, or [`MISSING`].
    of: Vec<u32>,
}

/// Looks at what rows took, one file a step.
#[derive(Debug, Default)]
pub(super) struct TakenPass {
    next: usize,
}

impl TakenPass {
    /// How many steps there are.
    pub const UNITS: usize = 2;

    /// How many of them are done.
    pub fn done(&self) -> usize {
        self.next
    }

    /// Reads one more file; whether it was the last.
    pub fn step(&mut self, said: &mut Said, files: &Files<'_>, settings: &Settings) -> bool {
        let source = [Source::Current, Source::Reference].get(self.next).copied();
        self.next += 1;
        let table = match source {
            Some(Source::Current) => Some(files.current),
            Some(_) => files.reference,
            None => None,
        };
        if let (Some(table), Some(source), false) = (table, source, files.roles.latency.is_empty() && files.roles.status.is_none()) {
            let job = Job {
                files,
                table,
                source,
                settings,
            };
            job.measure(said);
        }
        self.next >= Self::UNITS
    }
}

struct Job<'a> {
    files: &'a Files<'a>,
    table: &'a Table,
    source: Source,
    settings: &'a Settings,
}

impl Job<'_> {
    fn column(&self, name: &str) -> Option<&Column> {
        self.table.column(name)
    }

    fn measure(&self, said: &mut Said) {
        let roles = self.files.roles;
        let count = counter(self.files, self.source);
        let all = Parts {
            keys: vec![Key::default()],
            of: vec![0; self.table.rows],
        };
        let mut parts = vec![all];
        let mut by: Vec<&String> = roles.segments.iter().chain(&roles.sensitive).collect();
        order::sort(&mut by);
        by.dedup();
        parts.extend(by.iter().filter_map(|name| self.levels(said, name, &count)));
        let hours = self.hours(said);
        for name in &roles.latency {
            let Some(column) = self.column(name) else { continue };
            if column.to_numbers().is_err() {
                let text = format!("Column \"{name}\" holds no numbers, so what rows took is not known from it.");
                said.note(NoticeCode::Setting, Some(name), None, text);
                continue;
            }
            for own in &parts {
                self.taken(said, column, own, &count, &|_| true);
            }
            if let Some(own) = &hours {
                self.taken(said, column, own, &count, &is_hourly);
            }
            self.halves(said, column, &count);
        }
        if let Some(column) = roles.status.as_deref().and_then(|name| self.column(name)) {
            for own in &parts {
                self.statuses(said, column, own, &count);
            }
        }
        self.span(said, &count);
    }

    /// The rows by the levels of a column, the largest ones first; further ones are not measured.
    fn levels(&self, said: &mut Said, name: &str, count: &Count<'_>) -> Option<Parts> {
        let column = self.column(name)?;
        let levels = column.to_levels(100_000).ok()?;
        let Levels { codes, names } = levels.as_ref();
        let mut sizes: Vec<(u64, u32)> = (0..names.len() as u32).map(|code| (0, code)).collect();
        for (row, code) in codes.iter().enumerate().filter(|(_, code)| *code != MISSING) {
            sizes[code as usize].0 += count(row).unwrap_or(0);
        }
        sizes.retain(|(rows, _)| *rows > 0);
        order::sort_by(&mut sizes, |a, b| {
            b.0.cmp(&a.0).then_with(|| names[a.1 as usize].cmp(&names[b.1 as usize]))
        });
        if sizes.len() > MOST_LEVELS {
            let text = format!(
                "Column \"{name}\" has {} levels; what rows took is measured in the {MOST_LEVELS} largest.",
                sizes.len()
            );
            said.note(NoticeCode::NotLooked, Some(name), None, text);
            sizes.truncate(MOST_LEVELS);
        }
        let mut places = vec![MISSING; names.len()];
        let mut keys = Vec::new();
        for (place, (_, code)) in sizes.iter().enumerate() {
            places[*code as usize] = place as u32;
            keys.push(Key {
                group: BTreeMap::from([(name.to_owned(), Some(names[*code as usize].clone()))]),
                ..Key::default()
            });
        }
        let place = |code: u32| if code == MISSING { MISSING } else { places[code as usize] };
        Some(Parts {
            keys,
            of: codes.iter().map(place).collect(),
        })
    }

    /// The times of the rows, where the audit has some.
    fn times(&self) -> Option<&Times> {
        match &self.column(self.files.roles.time.as_deref()?)?.values {
            Values::Time(times) => Some(times),
            _ => None,
        }
    }

    /// The earliest and the latest moment.
    fn ends(&self, count: &Count<'_>) -> Option<(i64, i64, u64)> {
        let times = self.times()?.iter().enumerate().filter(|(_, time)| *time != MISSING_TIME);
        let used = times.filter_map(|(row, time)| Some((time, count(row)?)));
        used.fold(None, |ends, (time, rows)| match ends {
            None => Some((time, time, rows)),
            Some((first, last, all)) => Some((time.min(first), time.max(last), all + rows)),
        })
    }

    /// The rows by calendar hour, or by day where hours are too many.
    fn hours(&self, said: &mut Said) -> Option<Parts> {
        let times = self.times()?;
        let (first, last, _) = self.ends(&counter(self.files, self.source))?;
        let windows = |length: i64| (last.div_euclid(length) - first.div_euclid(length)) as usize + 1;
        let (by, length) = if windows(HOUR) <= MOST_WINDOWS {
            ("hour", HOUR)
        } else {
            ("day", 24 * HOUR)
        };
        if windows(length) > MOST_WINDOWS {
            let text = format!("The rows cover more than {MOST_WINDOWS} days, so what they took is not measured day by day.");
            said.note(NoticeCode::NotLooked, None, None, text);
            return None;
        }
        let start = first.div_euclid(length);
        let keys = (0..windows(length) as i64).map(|index| Key {
            window: Some(Window {
                by: by.to_owned(),
                index: index as u32,
                from: time_text((start + index) * length),
                to: time_text((start + index + 1) * length),
            }),
            ..Key::default()
        });
        let place = |time: i64| {
            if time == MISSING_TIME {
                MISSING
            } else {
                (time.div_euclid(length) - start) as u32
            }
        };
        Some(Parts {
            keys: keys.collect(),
            of: times.iter().map(place).collect(),
        })
    }

    fn taken(&self, said: &mut Said, column: &Column, parts: &Parts, count: &Count<'_>, is_read: &dyn Fn(&Measured) -> bool) {
        let part_of = |row: usize| {
            let place = parts.of[row];
            if place == MISSING {
                None
            } else {
                Some((place as usize, count(row)?))
            }
        };
        let Some(samples) = samples(column, SampleKind::Numbers, parts.keys.len(), &part_of) else {
            return;
        };
        for (sample, key) in samples.iter().zip(&parts.keys) {
            let ranked = Ranked::of_sorted(sample.numbers());
            let taken = Taken {
                sample,
                ranked: &ranked,
                parameters: &self.settings.parameters,
                level: self.settings.level,
            };
            for metric in METRICS {
                for read in metric.reads {
                    let Read::Taken(read) = read else { continue };
                    if key.window.is_some() && !matches!(metric.id, "latency_percentile" | "latency_count") {
                        continue;
                    }
                    for form in read(&taken) {
                        if key.window.is_none() || metric.id == "latency_count" || is_read(&form) {
                            self.keep(said, metric, form, &[&column.name], key);
                        }
                    }
                }
            }
        }
    }

    fn keep(&self, said: &mut Said, metric: &Metric, form: Measured, columns: &[&str], key: &Key) {
        let key = Key {
            metric: metric.id.to_owned(),
            params: form.params,
            source: self.source,
            columns: columns.iter().map(|name| (*name).to_owned()).collect(),
            ..key.clone()
        };
        said.estimates.push(estimate(key, &form.reading, metric, self.settings));
    }

    fn keep_one(&self, said: &mut Said, id: &str, reading: Reading, columns: &[&str], key: &Key) {
        if let Some(metric) = registry::find(id) {
            self.keep(said, metric, Measured::plain(reading), columns, key);
        }
    }

    /// How requests ended.
    fn statuses(&self, said: &mut Said, column: &Column, parts: &Parts, count: &Count<'_>) {
        let Ok(statuses) = column.to_numbers() else { return };
        let mut counts = vec![[0_u64; 3]; parts.keys.len()];
        for (row, status) in statuses.iter().enumerate().filter(|(_, status)| !status.is_nan()) {
            if let (place, Some(rows)) = (parts.of[row], count(row))
                && place != MISSING
            {
                let own = &mut counts[place as usize];
                own[0] += rows;
                own[1] += if *status >= 500.0 { rows } else { 0 };
                own[2] += if *status == 429.0 { rows } else { 0 };
            }
        }
        for ([all, failed, throttled], key) in counts.into_iter().zip(&parts.keys) {
            self.keep_one(said, "error_share_5xx", share(failed, all), &[&column.name], key);
            self.keep_one(said, "throttled_share_429", share(throttled, all), &[&column.name], key);
        }
    }

    fn span(&self, said: &mut Said, count: &Count<'_>) {
        let (Some(name), Some((first, last, rows))) = (self.files.roles.time.as_deref(), self.ends(count)) else {
            return;
        };
        let span = (last - first) as f64 / 1e6;
        self.keep_one(said, "span_seconds", Reading::exact(span, rows), &[name], &Key::default());
        self.keep_one(said, "throughput_per_second", throughput(rows, span), &[name], &Key::default());
    }

    /// The first half of the rows against the second.
    fn halves(&self, said: &mut Said, column: &Column, count: &Count<'_>) {
        let all: u64 = (0..self.table.rows).filter_map(count).sum();
        // How many of the rows that each row stands for come before it.
        let mut before = Vec::with_capacity(self.table.rows);
        let mut seen = 0;
        for row in 0..self.table.rows {
            before.push(seen);
            seen += count(row).unwrap_or(0);
        }
        let middle = all.div_ceil(2);
        let half = |is_first: bool| {
            let part_of = |row: usize| {
                let rows = count(row)?;
                let first = middle.saturating_sub(before[row]).min(rows);
                let own = if is_first { first } else { rows - first };
                (own > 0).then_some((0, own))
            };
            samples(column, SampleKind::Numbers, 1, &part_of).and_then(|mut own| own.pop())
        };
        let (Some(first), Some(second)) = (half(true), half(false)) else {
            return;
        };
        if first.present() == 0 || second.present() == 0 {
            return;
        }
        let memory = PairMemory::default();
        let pair = Pair {
            reference: &first,
            current: &second,
            memory: &memory,
        };
        self.keep_one(
            said,
            "halves_ks_statistic",
            Reading::exact(pair.ranks().distance(), first.present().min(second.present())),
            &[&column.name],
            &Key::default(),
        );
    }
}

/// Of each hour, the 95th percentile is read, in the plain way.
fn is_hourly(form: &Measured) -> bool {
    form.params.len() == 1 && form.params.get("percent").is_some_and(|percent| percent == "95")
}
