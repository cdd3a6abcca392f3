//! Rows cut into windows.
//!
//! Windows of a period are those of the calendar in UTC, from the first that holds a row to the last; those between without rows stay,
//! empty. Windows of rows follow the file, or the column named; a row that stands for several is never split, and belongs where the first of
//! them falls. A window at either end that is not full is kept, and marked as partial.

use crate::data::column::MISSING;
use crate::data::{Column, MISSING_TIME, Period, Values, time_text};
use crate::metric::Window;

use super::settings::Cut;

/// Most windows of a file.
pub const MOST_WINDOWS: usize = 366;
/// Part of a period that the rows of its window must span, from its begin or to its end, to count as full.
const FULL: f64 = 0.9;

/// The windows of a file.
#[derive(Debug, Clone, Default)]
pub struct Windows {
    /// Their addresses, in order.
    pub list: Vec<Window>,
    /// Whether each is not full.
    pub partial: Vec<bool>,
    /// The window of each row, or [`MISSING`].
    pub codes: Vec<u32>,
    /// Rows in no window: without a moment, or before the windows that are kept.
    pub left_out: u64,
    /// What is worth saying.
    pub notes: Vec<String>,
}

/// Cuts rows by the calendar; a period too short for [`MOST_WINDOWS`] gives way to the next longer one. `counts` is how many rows each
/// stands for, 0 for a row that is not used.
pub fn by_period(column: &Column, mut period: Period, counts: &[u64]) -> Option<Windows> {
    let Values::Time(times) = &column.values else { return None };
    let used = || {
        times
            .iter()
            .zip(counts)
            .filter(|(time, count)| *time != MISSING_TIME && **count > 0)
            .map(|(time, _)| time)
    };
    let (first, last) = (used().min()?, used().max()?);
    let mut notes = Vec::new();
    let span = |period: Period| period.number(last) - period.number(first) + 1;
    while span(period) > MOST_WINDOWS as i64 && period != Period::Month {
        let longer = Period::ALL[Period::ALL.iter().position(|own| *own == period).map_or(3, |place| place + 1)];
        notes.push(format!(
            "Column \"{}\" spans {} windows of a {}; windows of a {} are used instead.",
            column.name,
            span(period),
            Cut::Period(period),
            Cut::Period(longer)
        ));
        period = longer;
    }
    // Of more months than that, the latest ones.
    let start = period.number(first).max(period.number(last) - MOST_WINDOWS as i64 + 1);
    let number = |time: i64| period.number(time) - start;
    let list: Vec<Window> = (0..=number(last))
        .map(|index| Window {
            by: column.name.clone(),
            index: index as u32,
            from: time_text(period.begin(start + index)),
            to: time_text(period.begin(start + index + 1)),
        })
        .collect();
    let share = |time: i64| {
        let (begin, end) = (period.begin(period.number(time)), period.begin(period.number(time) + 1));
        (time - begin) as f64 / (end - begin) as f64
    };
    let mut partial = vec![false; list.len()];
    partial[0] = number(first) == 0 && share(first) > 1.0 - FULL;
    partial[list.len() - 1] |= share(last) < FULL;
    let mut windows = Windows {
        list,
        partial,
        notes,
        ..Windows::default()
    };
    for (time, count) in times.iter().zip(counts) {
        let is_in = time != MISSING_TIME && *count > 0 && number(time) >= 0;
        windows.codes.push(if is_in { number(time) as u32 } else { MISSING });
        windows.left_out += if is_in { 0 } else { *count };
    }
    Some(windows)
}

/// Cuts rows into windows of `size` rows each, or, without it, into `count` of about as many; in file order, or by a column of moments.
pub fn by_rows(size: Option<u64>, count: u64, column: Option<&Column>, counts: &[u64]) -> Windows {
    let times = match column.map(|column| &column.values) {
        Some(Values::Time(times)) => Some(times),
        _ => None,
    };
    let mut order: Vec<u32> = (0..counts.len() as u32).filter(|row| counts[*row as usize] > 0).collect();
    let mut windows = Windows {
        codes: vec![MISSING; counts.len()],
        ..Windows::default()
    };
    if let Some(times) = times {
        windows.left_out = order
            .iter()
            .filter(|row| times.get(**row as usize) == MISSING_TIME)
            .map(|row| counts[*row as usize])
            .sum();
        order.retain(|row| times.get(*row as usize) != MISSING_TIME);
        // Rows of the same moment stay in file order.
        order.sort_unstable_by_key(|row| (times.get(*row as usize), *row));
    }
    let total: u64 = order.iter().map(|row| counts[*row as usize]).sum();
    let least = total.div_ceil(MOST_WINDOWS as u64).max(1);
    let count = count.min(MOST_WINDOWS as u64);
    if let Some(size) = size.filter(|size| *size < least) {
        windows.notes.push(format!(
            "Windows of {size} rows would be more than {MOST_WINDOWS}; they have {least} rows instead."
        ));
    }
    let place = |before: u64| match size {
        Some(size) => before / size.max(least),
        None => (u128::from(before) * u128::from(count) / u128::from(total.max(1))) as u64,
    };
    let by = column.map_or_else(|| "rows".to_owned(), |column| column.name.clone());
    let name = |row: u32| times.map_or_else(|| (row + 1).to_string(), |times| time_text(times.get(row as usize)));
    let mut before = 0;
    for row in order {
        let index = place(before) as usize;
        before += counts[row as usize];
        // A row that stands for many may fill the next windows alone: they stay empty.
        while windows.list.len() <= index {
            let index = windows.list.len() as u32;
            let (from, to) = (name(row), name(row));
            windows.list.push(Window {
                by: by.clone(),
                index,
                from,
                to,
            });
        }
        windows.list[index].to = name(row);
        windows.codes[row as usize] = index as u32;
    }
    windows.partial = vec![false; windows.list.len()];
    if let (Some(size), Some(last)) = (size, windows.partial.last_mut()) {
        *last = !total.is_multiple_of(size.max(least));
    }
    windows
}

/// The cut that fits a column of moments; `counts` is how many rows each stands for, `least` how many a window should hold.
///
/// It is the shortest period that gives from 6 to 40 windows of at least `least` rows on average, else the shortest that gives as many of
/// fewer rows. Of years it is the month. Moments that lie too near each other for six hours or days, and are no mere dates, are cut into as
/// many as 12 windows of about `least` rows or more. Else, and where all are of one moment, nothing fits.
pub fn fitting(column: &Column, counts: &[u64], least: u64) -> Option<Cut> {
    let Values::Time(times) = &column.values else { return None };
    let known = || {
        let used = times
            .iter()
            .zip(counts)
            .filter(|(time, count)| *time != MISSING_TIME && **count > 0);
        used.map(|(time, count)| (time, *count))
    };
    let (first, last) = (known().map(|(time, _)| time).min()?, known().map(|(time, _)| time).max()?);
    let rows: u64 = known().map(|(_, count)| count).sum();
    let windows = |period: Period| (period.number(last) - period.number(first) + 1).unsigned_abs();
    let fits = |period: &&Period| (6..=40).contains(&windows(**period));
    let is_full = |period: &&Period| rows >= least * windows(**period);
    let fitting = || Period::ALL.iter().filter(fits);
    if let Some(period) = fitting().find(is_full).or_else(|| fitting().next()) {
        return Some(Cut::Period(*period));
    }
    if (41..=MOST_WINDOWS as u64).contains(&windows(Period::Month)) {
        return Some(Cut::Period(Period::Month));
    }
    let count = (rows / least.max(1)).min(12);
    let are_dates = known().all(|(time, _)| time == Period::Day.begin(Period::Day.number(time)));
    (windows(Period::Day) < 6 && count >= 6 && !are_dates && first < last).then_some(Cut::Count(count))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::Kind;

    const DAY: i64 = 86_400_000_000;

    fn column(times: &[i64]) -> Column {
        Column {
            name: "at".to_owned(),
            kind: Kind::Time,
            values: Values::Time(times.to_vec().into()),
            missing: 0,
            invalid: 0,
        }
    }

    #[test]
    fn a_calendar_has_gaps_and_partial_ends() {
        let times = [3 * DAY, 0, MISSING_TIME, DAY / 2, 3 * DAY + DAY / 2, DAY];
        let windows = by_period(&column(&times), Period::Day, &[1, 1, 4, 1, 1, 0]).unwrap();
        assert_eq!(windows.codes, [3, 0, MISSING, 0, 3, MISSING]);
        assert_eq!((windows.list.len(), windows.left_out), (4, 4));
        assert_eq!(
            (windows.list[3].from.as_str(), windows.list[3].to.as_str()),
            ("1970-01-04", "1970-01-05")
        );
        assert_eq!(windows.partial, [false, false, false, true]);
        assert!(by_period(&column(&[MISSING_TIME]), Period::Day, &[1]).is_none());
    }

    #[test]
    fn the_cut_fits_the_span_and_the_rows() {
        let of = |times: &[i64], rows: u64, least: u64| fitting(&column(times), &vec![rows; times.len()], least);
        assert_eq!(of(&[0, 20 * DAY], 1000, 30), Some(Cut::Period(Period::Day)));
        assert_eq!(of(&[0, DAY / 2], 1000, 30), Some(Cut::Period(Period::Hour)));
        assert_eq!(
            of(&[0, 38 * DAY], 100, 30),
            Some(Cut::Period(Period::Week)),
            "5 rows a day are too few, where 33 a week are not"
        );
        assert_eq!(of(&[0, 20 * DAY], 10, 30), Some(Cut::Period(Period::Day)), "no longer period fits");
        assert_eq!(of(&[0, 5 * 365 * DAY], 1000, 30), Some(Cut::Period(Period::Month)));
        assert_eq!(of(&[0, 60 * 365 * DAY], 1000, 30), None, "a life is no timeline");
        assert_eq!(of(&[0, 3 * DAY + 1], 1000, 30), Some(Cut::Count(12)));
        assert_eq!(of(&[0, 3 * DAY + 1], 100, 30), Some(Cut::Count(6)));
        assert_eq!(of(&[0, 3 * DAY], 1000, 30), None, "of dates nobody knows the order within a day");
        assert_eq!(of(&[5, 5], 1000, 30), None);
        assert_eq!(of(&[MISSING_TIME], 1, 30), None);
    }

    #[test]
    fn too_many_windows_become_longer_or_fewer() {
        let windows = by_period(&column(&[0, 400 * DAY]), Period::Hour, &[1, 1]).unwrap();
        assert!(windows.notes.len() == 2 && windows.list.len() == 58, "{:?}", windows.notes);
        let ages = by_period(&column(&[0, 20_000 * DAY]), Period::Month, &[1, 1]).unwrap();
        assert_eq!((ages.list.len(), ages.left_out, ages.codes[0]), (MOST_WINDOWS, 1, MISSING));
        assert_eq!(by_rows(Some(1), 0, None, &[1; 1000]).list.len(), 334);
    }

    #[test]
    fn rows_are_cut_in_order_and_none_is_split() {
        let windows = by_rows(Some(3), 0, None, &[1, 1, 1, 1, 0, 5, 1]);
        assert_eq!(windows.codes, [0, 0, 0, 1, MISSING, 1, 3]);
        assert_eq!((windows.list.len(), windows.partial.last()), (4, Some(&true)));
        let by_time = by_rows(None, 2, Some(&column(&[5, 1, 4, 2, MISSING_TIME])), &[1; 5]);
        assert_eq!((by_time.codes, by_time.left_out), (vec![1, 0, 1, 0, MISSING], 1));
        assert!(by_rows(Some(3), 0, None, &[]).list.is_empty());
    }
}
