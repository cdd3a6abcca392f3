//! Dates that are not in ISO 8601, the clock times behind them, and numbers that are times.
//!
//! `30/10/2018`, `30-10-2018` and `30.10.2018`, with the month first as well; `2018/10/30` and `2018.10.30`; `30-Oct-2018`, `30 October 2018`,
//! `Oct 30, 2018` with English names of months; digits may lack leading zeros, and years the century (`30/10/18`: 69 to 99 are of the last
//! one). Behind the date may stand a time of day with or without AM or PM, and `Z`, `UTC`, `GMT` or an offset.

use super::cell::Sort;
use super::rules::{Order, Stamp};
use super::time::{DAY, days_from_civil, days_in_month, fraction, offset, parse};

/// The longest text that is looked at.
const LONGEST: usize = 48;

const MONTHS: [&[u8]; 12] = [
    b"january",
    b"february",
    b"march",
    b"april",
    b"may",
    b"june",
    b"july",
    b"august",
    b"september",
    b"october",
    b"november",
    b"december",
];

/// A moment in every way that it can be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Moment {
    /// With the day first, and with the month first.
    values: [Option<i64>; 2],
    /// What the text is.
    pub sort: Sort,
}

impl Moment {
    fn plain(value: i64) -> Self {
        Self {
            values: [Some(value); 2],
            sort: Sort::Time,
        }
    }

    /// The microseconds since 1970, with that order of day and month.
    pub(super) fn value(&self, order: Order) -> Option<i64> {
        self.values[order as usize]
    }
}

/// The moment that a trimmed cell spells, if it spells one in some order of day and month.
pub(super) fn read(cell: &[u8]) -> Option<Moment> {
    if let Some(value) = parse(cell) {
        return Some(Moment::plain(value));
    }
    let first = *cell.first()?;
    if !first.is_ascii_alphanumeric() || !(6..=LONGEST).contains(&cell.len()) {
        return None;
    }
    let mut text = Text(cell);
    let [day_first, month_first, dotted] = text.date()?;
    let clock = text.clock()?;
    let values = [day_first.map(|date| date + clock), month_first.map(|date| date + clock)];
    let sort = match values {
        [Some(a), Some(b)] if a == b => Sort::Time,
        // Points put the day first wherever they are used.
        [Some(_), _] if dotted.is_some() => Sort::DayFirst,
        [Some(_), Some(_)] => Sort::EitherFirst,
        [Some(_), None] => Sort::DayFirst,
        [None, Some(_)] => Sort::MonthFirst,
        [None, None] => return None,
    };
    let values = if sort == Sort::DayFirst { [values[0], None] } else { values };
    Some(Moment { values, sort })
}

/// Whether eight digits are a date of 1900 to 2099.
pub(super) fn is_compact(digits: &[u8]) -> bool {
    matches!(digits, [b'1', b'9', ..] | [b'2', b'0', ..]) && compact(digits).is_some()
}

fn compact(digits: &[u8]) -> Option<i64> {
    if digits.len() != 8 || !digits.iter().all(u8::is_ascii_digit) {
        return None;
    }
    let number = |digits: &[u8]| digits.iter().fold(0, |sum, digit| sum * 10 + i64::from(digit - b'0'));
    midnight(number(&digits[..4]), number(&digits[4..6]), number(&digits[6..]))
}

/// The moment of a number that is one, in microseconds since 1970; what lies below a microsecond is dropped.
pub(super) fn stamped(cell: &[u8], value: f64, stamp: Stamp) -> Option<i64> {
    let whole = || std::str::from_utf8(cell).ok()?.parse::<i64>().ok();
    match stamp {
        Stamp::Compact => compact(cell),
        // A double holds a time in seconds to the microsecond until 2099, if only just.
        Stamp::Seconds => Some((value * 1e6).round() as i64),
        Stamp::Millis => whole().map(|value| value * 1000),
        Stamp::Micros => whole(),
        Stamp::Nanos => whole().map(|value| value / 1000),
    }
}

fn midnight(year: i64, month: i64, day: i64) -> Option<i64> {
    let fits = (1..=12).contains(&month) && day >= 1 && day <= days_in_month(year, month);
    fits.then(|| days_from_civil(year, month, day) * DAY)
}

/// What is left of a text.
struct Text<'a>(&'a [u8]);

impl Text<'_> {
    /// The date at the start: with the day first, with the month first, and whether points separate it.
    fn date(&mut self) -> Option<[Option<i64>; 3]> {
        let both = |date: Option<i64>| date.map(|date| [Some(date), Some(date), None]);
        if let Some(month) = self.month() {
            self.any(b" -.,");
            let (day, _) = self.number(2)?;
            self.any(b" -,");
            let year = self.year()?;
            return both(midnight(year, month, day));
        }
        let (first, digits) = self.number(4)?;
        if digits == 4 {
            let sign = self.one_of(b"/.-")?;
            let (month, _) = self.number(2)?;
            self.one_of(&[sign])?;
            let (day, _) = self.number(2)?;
            return both(midnight(first, month, day));
        }
        if digits > 2 {
            return None;
        }
        let before = self.0;
        self.any(b" -.");
        if let Some(month) = self.month() {
            self.any(b" -.,");
            let year = self.year()?;
            return both(midnight(year, month, first));
        }
        self.0 = before;
        let sign = self.one_of(b"/.-")?;
        let (second, _) = self.number(2)?;
        self.one_of(&[sign])?;
        let before = self.0;
        let year = self.year()?;
        // Two digits between hyphens may be the year at either end.
        if sign == b'-' && before.len() - self.0.len() == 2 {
            return None;
        }
        let dates = [midnight(year, second, first), midnight(year, first, second)];
        Some([dates[0], dates[1], (sign == b'.').then_some(0)])
    }

    /// The microseconds since midnight, UTC, of the rest; 0 when there is none.
    fn clock(&mut self) -> Option<i64> {
        if self.0.is_empty() {
            return Some(0);
        }
        match self.0 {
            [b',', b' ', rest @ ..] | [b' ' | b'T' | b't', rest @ ..] => self.0 = rest,
            _ => return None,
        }
        let (mut hour, _) = self.number(2)?;
        self.one_of(b":")?;
        let (minute, digits) = self.number(2)?;
        let (mut second, mut micros) = (0, 0);
        if self.one_of(b":").is_some() {
            second = self.number(2).filter(|(_, digits)| *digits == 2)?.0;
            if let [b'.' | b',', rest @ ..] = self.0 {
                (micros, self.0) = fraction(rest)?;
            }
        }
        let before = self.0;
        self.blank();
        let half = self.0.split_at_checked(2).map(|(half, rest)| (half.to_ascii_lowercase(), rest));
        match half {
            Some((half, rest)) if half == b"am" || half == b"pm" => {
                if !(1..=12).contains(&hour) {
                    return None;
                }
                hour = hour % 12 + if half == b"pm" { 12 } else { 0 };
                self.0 = rest;
            }
            _ => self.0 = before,
        }
        let fits = digits == 2 && hour <= 23 && minute <= 59 && second <= 59;
        fits.then_some(())?;
        Some((hour * 3600 + minute * 60 + second) * 1_000_000 + micros - self.zone()?)
    }

    /// The microseconds that local time is ahead of UTC.
    fn zone(&mut self) -> Option<i64> {
        self.blank();
        if matches!(self.0, b"UTC" | b"GMT") {
            return Some(0);
        }
        offset(self.0)
    }

    fn blank(&mut self) {
        let rest = self.0.strip_prefix(b" ").or_else(|| self.0.strip_prefix("\u{202f}".as_bytes()));
        self.0 = rest.unwrap_or(self.0);
    }

    /// A number of at most so many digits, and how many it has.
    fn number(&mut self, most: usize) -> Option<(i64, usize)> {
        let count = self.0.iter().take(most + 1).take_while(|byte| byte.is_ascii_digit()).count();
        if count == 0 || count > most {
            return None;
        }
        let (digits, rest) = self.0.split_at(count);
        self.0 = rest;
        Some((digits.iter().fold(0, |sum, digit| sum * 10 + i64::from(digit - b'0')), count))
    }

    /// A year of four digits, or of two.
    fn year(&mut self) -> Option<i64> {
        match self.number(4)? {
            (year, 4) => Some(year),
            (year @ 0..=68, 2) => Some(2000 + year),
            (year, 2) => Some(1900 + year),
            _ => None,
        }
    }

    /// An English month, whole or by its first three letters (`Sept` too), with a point behind or not.
    fn month(&mut self) -> Option<i64> {
        let count = self.0.iter().take(10).take_while(|byte| byte.is_ascii_alphabetic()).count();
        let (name, rest) = self.0.split_at(count);
        let is_short = name.len() == 3 || name.eq_ignore_ascii_case(b"sept");
        let is_it = |month: &&[u8]| {
            let start = month.get(..name.len());
            start.is_some_and(|start| start.eq_ignore_ascii_case(name)) && (is_short || name.len() == month.len())
        };
        let index = MONTHS.iter().position(is_it)?;
        self.0 = rest;
        Some(index as i64 + 1)
    }

    fn one_of(&mut self, signs: &[u8]) -> Option<u8> {
        let (&first, rest) = self.0.split_first()?;
        signs.contains(&first).then(|| {
            self.0 = rest;
            first
        })
    }

    /// Takes up to two of these signs.
    fn any(&mut self, signs: &[u8]) {
        let _ = self.one_of(signs).and_then(|_| self.one_of(signs));
    }
}

#[cfg(test)]
mod tests {
    use super::super::time::format;
    use super::*;

    fn of(text: &str) -> (Option<String>, Option<String>, Option<Sort>) {
        let moment = read(text.as_bytes());
        let value = |order| moment.and_then(|moment| moment.value(order)).map(format);
        (value(Order::DayFirst), value(Order::MonthFirst), moment.map(|moment| moment.sort))
    }

    #[test]
    fn dates_with_one_reading() {
        for text in [
            "2018-10-30",
            "2018/10/30",
            "2018.10.30",
            "30-Oct-2018",
            "30 October 2018",
            "30. Oct 2018",
            "Oct 30, 2018",
            "October 30 2018",
            "oct. 30, 2018",
            "30OCT2018",
            "30-Oct-18",
        ] {
            let date = Some("2018-10-30".to_owned());
            assert_eq!(of(text), (date.clone(), date, Some(Sort::Time)), "{text}");
        }
        assert_eq!(of("2018-1-5").0.as_deref(), Some("2018-01-05"));
        assert_eq!(of("5/5/2018").2, Some(Sort::Time));
        assert_eq!(of("1 Sept 1999").0.as_deref(), Some("1999-09-01"));
        assert_eq!(of("1 May 69").0.as_deref(), Some("1969-05-01"));
    }

    #[test]
    fn day_and_month_can_change_places() {
        let some = |text: &str| Some(text.to_owned());
        assert_eq!(of("30/10/2018"), (some("2018-10-30"), None, Some(Sort::DayFirst)));
        assert_eq!(of("10/30/2018"), (None, some("2018-10-30"), Some(Sort::MonthFirst)));
        assert_eq!(of("3/4/2018"), (some("2018-04-03"), some("2018-03-04"), Some(Sort::EitherFirst)));
        assert_eq!(of("03-04-2018").2, Some(Sort::EitherFirst));
        assert_eq!(of("3.4.2018"), (some("2018-04-03"), None, Some(Sort::DayFirst)));
        assert_eq!(of("10.30.2018").2, Some(Sort::MonthFirst));
        assert_eq!(of("30/10/18").0, some("2018-10-30"));
    }

    #[test]
    fn times_of_day() {
        for (text, expected) in [
            ("30.10.2018 18:00", "2018-10-30T18:00:00"),
            ("10/30/2018, 6:05:09 PM", "2018-10-30T18:05:09"),
            ("10/30/2018 12:30 AM", "2018-10-30T00:30:00"),
            ("10/30/2018 12:30\u{202f}pm", "2018-10-30T12:30:00"),
            ("30 Oct 2018 18:00:00.250 +0200", "2018-10-30T16:00:00.25"),
            ("2018/10/30T18:00:00Z", "2018-10-30T18:00:00"),
            ("2018-10-30 18:00:00 UTC", "2018-10-30T18:00:00"),
            ("2018-10-30 18:00:00,5", "2018-10-30T18:00:00.5"),
            ("2018-10-30 9:00", "2018-10-30T09:00:00"),
        ] {
            let (day_first, month_first, _) = of(text);
            assert_eq!(day_first.or(month_first).as_deref(), Some(expected), "{text}");
        }
    }

    #[test]
    fn other_texts_are_no_dates() {
        for text in [
            "",
            "18:00",
            "2018",
            "2018-10",
            "32/10/2018",
            "30/13/2018",
            "30/02/2018",
            "1/2/3",
            "1.2.3",
            "10.0.0.1",
            "30-10-18",
            "May",
            "Mayor 3",
            "march 2018",
            "30/10/2018x",
            "30/10-2018",
            "10/30/2018 13:00 PM",
            "10/30/2018 25:00",
            "30 Oktober 2018",
            "2018-10-30 6",
            "12345678",
            "Monday, 30 Oct 2018",
            "10/30/2018 6:5",
            "10/30/2018 18:00 CET",
        ] {
            assert_eq!(read(text.as_bytes()), None, "{text}");
        }
    }

    #[test]
    fn numbers_that_are_times() {
        let of = |text: &str, stamp| stamped(text.as_bytes(), text.parse().unwrap(), stamp).map(format);
        let expected = Some("2018-10-30T18:00:00".to_owned());
        assert_eq!(of("20181030", Stamp::Compact).as_deref(), Some("2018-10-30"));
        assert_eq!(of("1540922400", Stamp::Seconds), expected);
        assert_eq!(of("1540922400000", Stamp::Millis), expected);
        assert_eq!(of("1540922400000000", Stamp::Micros), expected);
        assert_eq!(of("1540922400000000123", Stamp::Nanos), expected);
        assert_eq!(of("1540922400.25", Stamp::Seconds).as_deref(), Some("2018-10-30T18:00:00.25"));
        assert!(is_compact(b"20181030") && !is_compact(b"20181330") && !is_compact(b"12345678") && !is_compact(b"18991231"));
    }
}
