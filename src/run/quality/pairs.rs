//! How columns go together, and which tell the label almost alone: in all rows, or in a part drawn evenly where rows are many.

use std::collections::BTreeMap;

use super::{Said, counter};
use crate::data::column::{MISSING, number_text};
use crate::data::{Column, NoticeCode, Role, Table, Values, level_order};
use crate::metric::association::{correlation_ratio, of_table, pearson};
use crate::metric::reading::Reading;
use crate::metric::{Comparison, Estimate, Key, Source, UndefinedCode, registry};
use crate::run::Settings;
use crate::run::columns::Files;
use crate::run::frame::estimate;
use crate::stats::correlation::{kendall, spearman};
use crate::stats::interval::Method;
use crate::stats::order;
use crate::stats::rank::Ranked;

/// The most rows that are looked at: of more, every second, third, ...
const MOST_ROWS: usize = 20_000;
/// The most columns of numbers, and of levels, that are held against each other.
const MOST_COLUMNS: usize = 10;
/// The most levels of a column that is held against others.
const MOST_LEVELS: usize = 100;
/// The most columns that are asked whether they tell the label.
const MOST_FEATURES: usize = 60;
/// An area under the ROC curve from which one column tells the label almost alone.
const TELLING_AREA: f64 = 0.99;
/// Cramér's V from which one does.
const TELLING_V: f64 = 0.98;

/// A column in the rows looked at.
struct Own<'t> {
    name: &'t str,
    /// Whether it is a sensitive feature.
    is_sensitive: bool,
    /// Its numbers, NaN where missing; empty for levels.
    numbers: Vec<f64>,
    /// Its numbers in order, where none is missing.
    ranked: Option<Ranked>,
    /// Its levels, or [`MISSING`]; empty for numbers.
    codes: Vec<u32>,
    levels: usize,
}

/// The rows looked at, and how many each stands for.
struct Drawn {
    rows: Vec<u32>,
    counts: Vec<u64>,
    /// One of how many rows it is.
    every: usize,
}

impl Drawn {
    fn of(rows: usize, count: &dyn Fn(usize) -> Option<u64>) -> Self {
        let used: Vec<u32> = (0..rows as u32).filter(|row| count(*row as usize).is_some()).collect();
        let every = used.len().div_ceil(MOST_ROWS).max(1);
        let rows: Vec<u32> = used.into_iter().step_by(every).collect();
        Self {
            counts: rows.iter().filter_map(|row| count(*row as usize)).collect(),
            rows,
            every,
        }
    }
}

/// How fitting a column is to be looked at: what the audit is about first.
fn rank(role: Role) -> Option<u8> {
    match role {
        Role::Label | Role::Prediction | Role::Score | Role::Latency => Some(0),
        Role::Sensitive | Role::Control | Role::Segment | Role::Status => Some(1),
        Role::Feature => Some(2),
        _ => None,
    }
}

impl<'t> Own<'t> {
    /// A column of levels: two or more, and not too many, in the rows looked at.
    fn levels(column: &'t Column, codes: Vec<u32>, names: &[String]) -> Option<Self> {
        let mut is_used = vec![false; names.len()];
        for code in codes.iter().filter(|code| **code != MISSING) {
            is_used[*code as usize] = true;
        }
        // In the order of their names, so that no number hangs on the order of rows.
        let mut used: Vec<usize> = (0..names.len()).filter(|code| is_used[*code]).collect();
        if used.len() < 2 || used.len() > MOST_LEVELS {
            return None;
        }
        order::sort_by(&mut used, |a, b| level_order(&names[*a], &names[*b]));
        let mut places = vec![MISSING; names.len()];
        for (place, code) in used.iter().enumerate() {
            places[*code] = place as u32;
        }
        let place = |code: &u32| if *code == MISSING { MISSING } else { places[*code as usize] };
        Some(Self {
            name: &column.name,
            is_sensitive: false,
            numbers: Vec::new(),
            ranked: None,
            codes: codes.iter().map(place).collect(),
            levels: used.len(),
        })
    }

    fn numbers(column: &'t Column, numbers: Vec<f64>, drawn: &Drawn) -> Option<Self> {
        if numbers.iter().any(|value| value.is_infinite()) {
            return None;
        }
        let is_whole = !numbers.iter().any(|value| value.is_nan());
        let ranked = is_whole.then(|| Ranked::new(numbers.len(), &|place| numbers[place], &|place| drawn.counts[place]));
        Some(Self {
            name: &column.name,
            is_sensitive: false,
            numbers,
            ranked,
            codes: Vec::new(),
            levels: 0,
        })
    }

    /// A column of numbers, or, where only two of them occur or it holds texts, of levels.
    fn of(column: &'t Column, drawn: &Drawn) -> Option<Self> {
        match &column.values {
            Values::Numeric(values) => {
                let numbers: Vec<f64> = drawn.rows.iter().map(|row| values.get(*row as usize) + 0.0).collect();
                let mut few: Vec<f64> = Vec::new();
                for number in numbers.iter().filter(|number| !number.is_nan()) {
                    if few.len() < 3 && !few.contains(number) {
                        few.push(*number);
                    }
                }
                if few.len() > 2 {
                    return Self::numbers(column, numbers, drawn);
                }
                let code = |number: &f64| few.iter().position(|other| other == number).map_or(MISSING, |place| place as u32);
                let names: Vec<String> = few.iter().map(|number| number_text(*number)).collect();
                Self::levels(column, numbers.iter().map(code).collect(), &names)
            }
            Values::Levels(levels) => {
                let codes = drawn.rows.iter().map(|row| levels.codes.get(*row as usize)).collect();
                Self::levels(column, codes, &levels.names)
            }
            Values::Time(_) | Values::None => None,
        }
    }

    const fn is_numbers(&self) -> bool {
        self.codes.is_empty()
    }
}

/// Holds columns against each other.
#[derive(Debug, Default)]
pub(in crate::run) struct PairPass {
    next: usize,
}

impl PairPass {
    /// How many steps there are.
    pub const UNITS: usize = 3;

    /// How many of them are done.
    pub fn done(&self) -> usize {
        self.next
    }

    /// Looks at one more file, then at the label.
    pub fn step(&mut self, said: &mut Said, files: &Files<'_>, settings: &Settings) {
        match self.next {
            0 => of_file(said, files, files.current, Source::Current, settings),
            1 => {
                if let Some(table) = files.reference {
                    of_file(said, files, table, Source::Reference, settings);
                    changes(said, settings);
                }
            }
            _ => telling(said, files),
        }
        self.next += 1;
    }
}

/// The columns that are held against each other: some of numbers, some of levels.
fn chosen<'t>(files: &Files<'_>, table: &'t Table, drawn: &Drawn) -> (Vec<Own<'t>>, Vec<Own<'t>>, usize) {
    let mut columns: Vec<(u8, &Column)> = Vec::new();
    for column in &table.columns {
        columns.extend(rank(files.roles.role_of(&column.name)).map(|rank| (rank, column)));
    }
    order::sort_by_key(&mut columns, |(rank, _)| *rank);
    let (mut numbers, mut levels, mut left) = (Vec::new(), Vec::new(), 0);
    for (_, column) in columns {
        let is_full = numbers.len() >= MOST_COLUMNS && levels.len() >= MOST_COLUMNS;
        let Some(mut own) = (!is_full).then(|| Own::of(column, drawn)).flatten() else {
            left += usize::from(is_full);
            continue;
        };
        own.is_sensitive = files.roles.role_of(own.name) == Role::Sensitive;
        let kept = if own.is_numbers() { &mut numbers } else { &mut levels };
        if kept.len() < MOST_COLUMNS {
            kept.push(own);
        } else {
            left += 1;
        }
    }
    // In the order of the file: what comes first is named first.
    let place = |own: &Own<'_>| table.columns.iter().position(|column| column.name == own.name);
    for own in [&mut numbers, &mut levels] {
        order::sort_by_key(own, place);
    }
    (numbers, levels, left)
}

fn of_file(said: &mut Said, files: &Files<'_>, table: &Table, source: Source, settings: &Settings) {
    let count = counter(files, source);
    let drawn = Drawn::of(table.rows, &count);
    let (numbers, levels, left) = chosen(files, table, &drawn);
    if numbers.len() + levels.len() < 2 {
        return;
    }
    if source == Source::Current {
        note_limits(said, &drawn, left);
    }
    for (place, x) in numbers.iter().enumerate() {
        for y in &numbers[place + 1..] {
            of_numbers(said, x, y, &drawn, source, settings);
        }
        for y in &levels {
            of_both(said, x, y, &drawn, source, settings);
        }
    }
    for (place, x) in levels.iter().enumerate() {
        for y in &levels[place + 1..] {
            of_levels(said, x, y, &drawn, source, settings);
        }
    }
}

fn note_limits(said: &mut Said, drawn: &Drawn, left: usize) {
    if drawn.every > 1 {
        let text = format!(
            "How columns go together is measured in one of {} rows, {} in all, drawn evenly over the file.",
            drawn.every,
            drawn.rows.len()
        );
        said.note(NoticeCode::NotLooked, None, None, text);
    }
    if left > 0 {
        let text = format!(
            "How columns go together is measured for {MOST_COLUMNS} columns of numbers and {MOST_COLUMNS} of levels, what the audit is about first; {left} more are not looked at."
        );
        said.note(NoticeCode::NotLooked, None, None, text);
    }
}

/// The rows in which both columns have a value.
fn complete(x: &Own<'_>, y: &Own<'_>) -> Vec<usize> {
    let has = |own: &Own<'_>, row: usize| {
        if own.is_numbers() {
            !own.numbers[row].is_nan()
        } else {
            own.codes[row] != MISSING
        }
    };
    let rows = x.numbers.len().max(x.codes.len());
    (0..rows).filter(|row| has(x, *row) && has(y, *row)).collect()
}

fn picked<T: Copy>(values: &[T], rows: &[usize]) -> Vec<T> {
    rows.iter().map(|row| values[*row]).collect()
}

fn value(result: Result<f64, UndefinedCode>, rows: u64) -> Reading {
    match result {
        Ok(value) => Reading::exact(value, rows),
        Err(code) => Reading::undefined(code, rows),
    }
}

fn of_numbers(said: &mut Said, x: &Own<'_>, y: &Own<'_>, drawn: &Drawn, source: Source, settings: &Settings) {
    let rows = complete(x, y);
    let counts = picked(&drawn.counts, &rows);
    let (a, b) = (picked(&x.numbers, &rows), picked(&y.numbers, &rows));
    let all: u64 = counts.iter().sum();
    let columns = [x.name, y.name];
    let error = 1.0 / (all as f64 - 3.0);
    let linear = match pearson(&a, &b, &counts) {
        Ok(r) => Reading::correlation(r, error, Method::FisherZ, all),
        Err(code) => Reading::undefined(code, all),
    };
    said.keep_one("pearson", &columns, source, linear, settings);
    let count = |place: usize| counts[place];
    let ranked = |own: &Own<'_>, values: &[f64]| {
        own.ranked
            .clone()
            .unwrap_or_else(|| Ranked::new(values.len(), &|place| values[place], &count))
    };
    let is_whole = rows.len() == drawn.rows.len();
    let (of_x, of_y) = if is_whole {
        (ranked(x, &a), ranked(y, &b))
    } else {
        let new = |values: &[f64]| Ranked::new(values.len(), &|place| values[place], &count);
        (new(&a), new(&b))
    };
    let by_rank = match spearman(&of_x, &of_y, &count) {
        Some(r) => Reading::correlation(r, error * (1.0 + 0.5 * r * r), Method::BonettWright, all),
        None => Reading::undefined(UndefinedCode::ConstantColumn, all),
    };
    said.keep_one("spearman", &columns, source, by_rank, settings);
    let tau = kendall(&of_x, &of_y, &count)
        .map(|own| own.tau)
        .ok_or(UndefinedCode::ConstantColumn);
    said.keep_one("kendall_tau_b", &columns, source, value(tau, all), settings);
}

fn of_both(said: &mut Said, x: &Own<'_>, y: &Own<'_>, drawn: &Drawn, source: Source, settings: &Settings) {
    // What features tell about a sensitive one is told with the groups.
    if x.is_sensitive || y.is_sensitive {
        return;
    }
    let rows = complete(x, y);
    let counts = picked(&drawn.counts, &rows);
    let ratio = correlation_ratio(&picked(&x.numbers, &rows), &picked(&y.codes, &rows), y.levels, &counts);
    let reading = value(ratio, counts.iter().sum());
    said.keep_one("correlation_ratio", &[x.name, y.name], source, reading, settings);
}

fn table_of(x: &Own<'_>, y: &Own<'_>, counts: &[u64]) -> (Vec<Vec<f64>>, u64) {
    let mut table = vec![vec![0.0; y.levels]; x.levels];
    let mut all = 0;
    for row in complete(x, y) {
        table[x.codes[row] as usize][y.codes[row] as usize] += counts[row] as f64;
        all += counts[row];
    }
    (table, all)
}

fn of_levels(said: &mut Said, x: &Own<'_>, y: &Own<'_>, drawn: &Drawn, source: Source, settings: &Settings) {
    let (table, all) = table_of(x, y, &drawn.counts);
    let found = of_table(&table);
    let ids = [
        "association_cramer",
        "association_tschuprow",
        "association_pearson",
        "mutual_information",
    ];
    let is_told = |place: &usize| *place != 3 || !(x.is_sensitive || y.is_sensitive);
    for (place, id) in ids.into_iter().enumerate().filter(|(place, _)| is_told(place)) {
        let reading = value(found.map(|own| own[place]), all);
        said.keep_one(id, &[x.name, y.name], source, reading, settings);
    }
}

/// Current less reference, for the numbers that people look at; limits where those of both are known.
fn changes(said: &mut Said, settings: &Settings) {
    const TOLD: [&str; 4] = ["pearson", "spearman", "association_cramer", "correlation_ratio"];
    let pairs = |estimate: &&Estimate| TOLD.contains(&estimate.key.metric.as_str()) && estimate.key.columns.len() == 2;
    let before: BTreeMap<(&str, &[String]), &Estimate> = said
        .estimates
        .iter()
        .filter(pairs)
        .filter(|estimate| estimate.key.source == Source::Reference)
        .map(|estimate| ((estimate.key.metric.as_str(), estimate.key.columns.as_slice()), estimate))
        .collect();
    let mut found = Vec::new();
    for now in said.estimates.iter().filter(pairs).filter(|now| now.key.source == Source::Current) {
        let was = before.get(&(now.key.metric.as_str(), now.key.columns.as_slice()));
        let Some((was, metric)) = was.zip(registry::find(&now.key.metric)) else {
            continue;
        };
        let support = now.support.min(was.support);
        let reading = match (now.value, was.value) {
            (Some(now_value), Some(was_value)) => {
                let error = |estimate: &Estimate, r: f64| {
                    let rows = estimate.support as f64;
                    estimate.interval.map(|_| (1.0 - r * r) * (1.0 - r * r) / (rows - 1.0))
                };
                let variance = error(now, now_value).zip(error(was, was_value)).map(|(a, b)| a + b);
                Reading::with_variance(now_value - was_value, variance, Method::Delta, support)
            }
            _ => Reading::undefined(UndefinedCode::ReferenceUnusable, support),
        };
        let key = Key {
            comparison: Some(Comparison::Change),
            ..now.key.clone()
        };
        // A correlation can change by 2.
        let wide = crate::metric::Metric {
            range: (-2.0, 2.0),
            ..*metric
        };
        found.push(estimate(key, &reading, &wide, settings));
    }
    said.estimates.append(&mut found);
}

/// The area under the ROC curve of numbers as scores of the second class; `None` without both classes.
fn area(numbers: &[f64], classes: &[u32], counts: &[u64]) -> Option<f64> {
    let rows: Vec<usize> = (0..numbers.len())
        .filter(|row| !numbers[*row].is_nan() && classes[*row] != MISSING)
        .collect();
    let ranked = Ranked::new(rows.len(), &|place| numbers[rows[place]], &|place| counts[rows[place]]);
    let (mut above, mut sizes) = (0.0, [0.0; 2]);
    for (row, place) in rows.iter().zip(ranked.places()) {
        let count = counts[*row] as f64;
        let class = usize::from(classes[*row] == 1);
        sizes[class] += count;
        if class == 1 {
            above += count * ranked.balance(*place as usize);
        }
    }
    // The balance of a class against itself is nothing in sum, so what is left counts pairs, won less lost.
    let pairs = sizes[0] * sizes[1];
    (pairs > 0.0).then(|| 0.5 + 0.5 * above / pairs)
}

/// Columns that tell the label almost alone, and whether the order of rows does.
fn telling(said: &mut Said, files: &Files<'_>) {
    let Some(labels) = &files.rows.label else { return };
    let Some(name) = files.roles.label.as_deref() else { return };
    let count = counter(files, Source::Current);
    let drawn = Drawn::of(files.rows.len, &count);
    let codes: Vec<u32> = drawn.rows.iter().map(|row| labels[*row as usize]).collect();
    let classes = codes
        .iter()
        .filter(|code| **code != MISSING)
        .max()
        .map_or(0, |most| *most as usize + 1);
    let label = Own {
        name,
        is_sensitive: false,
        numbers: Vec::new(),
        ranked: None,
        codes,
        levels: classes,
    };
    if !(2..=MOST_LEVELS).contains(&classes) {
        return;
    }
    let is_asked = |column: &&Column| {
        matches!(
            files.roles.role_of(&column.name),
            Role::Feature | Role::Sensitive | Role::Control | Role::Id
        )
    };
    for column in files.current.columns.iter().filter(is_asked).take(MOST_FEATURES) {
        let role = files.roles.role_of(&column.name);
        let Some(own) = Own::of(column, &drawn) else { continue };
        let (found, how) = if own.is_numbers() {
            if classes > 2 {
                continue;
            }
            let area = area(&own.numbers, &label.codes, &drawn.counts).unwrap_or(0.5);
            (area.max(1.0 - area) >= TELLING_AREA, format!("ROC AUC {:.3}", area.max(1.0 - area)))
        } else {
            let (table, _) = table_of(&own, &label, &drawn.counts);
            let v = of_table(&table).map_or(0.0, |own| own[0]);
            (v >= TELLING_V, format!("Cramér's V {v:.3}"))
        };
        if found {
            let what = if role == Role::Id { "The id" } else { "Column" };
            let text = format!(
                "{what} \"{}\" tells the label \"{name}\" almost alone ({how}): it may hold what is known only afterwards.",
                column.name
            );
            said.note(NoticeCode::Leakage, Some(&column.name), None, text);
        }
    }
    if classes == 2 {
        let places: Vec<f64> = (0..drawn.rows.len()).map(|place| place as f64).collect();
        let area = area(&places, &label.codes, &drawn.counts).unwrap_or(0.5);
        if area.max(1.0 - area) >= 0.95 {
            let text = format!(
                "The order of the rows tells the label \"{name}\" (ROC AUC {:.3}): the file is sorted by it, or its parts were collected apart.",
                area.max(1.0 - area)
            );
            said.note(NoticeCode::Leakage, Some(name), None, text);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn areas_count_pairs() {
        let numbers = [0.1, 0.4, 0.4, 0.9, f64::NAN];
        assert_eq!(area(&numbers, &[0, 0, 1, 1, 1], &[1; 5]), Some(0.875));
        let counted = area(&numbers, &[0, 0, 1, 1, 1], &[1, 2, 1, 1, 9]).unwrap();
        assert!((counted - 5.0 / 6.0).abs() < 1e-15);
        assert_eq!(area(&numbers, &[1, 1, 1, 1, MISSING], &[1; 5]), None);
    }

    #[test]
    fn many_rows_are_drawn_evenly() {
        let drawn = Drawn::of(3 * MOST_ROWS, &|row| (row != 3).then_some(1));
        assert_eq!((drawn.every, drawn.rows.len()), (3, MOST_ROWS));
        assert_eq!(drawn.rows[..3], [0, 4, 7]);
    }
}
