//! Dates and times in ISO 8601, to and from microseconds since 1970-01-01T00:00:00Z in the Gregorian calendar. Other ways to write them
//! are in `date`.

/// The moment that stands for none.
pub const MISSING_TIME: i64 = i64::MIN;

pub(super) const DAY: i64 = 86_400_000_000;

/// The moment that a text spells, in microseconds since 1970.
///
/// Takes `2018-10-30`, and after a blank or a `T` also `18:00`, `18:00:05` and `18:00:05.25`, then nothing, `Z` or an offset such as
/// `+02:00`, `+0200` or `+02`. Without an offset the time counts as UTC. Digits beyond the microsecond are dropped. Years 0000 to 9999.
pub(super) fn parse(text: &[u8]) -> Option<i64> {
    let (date, rest) = text.split_at_checked(10)?;
    let [y1, y2, y3, y4, b'-', m1, m2, b'-', d1, d2] = *date else {
        return None;
    };
    let year = pair(y1, y2)? * 100 + pair(y3, y4)?;
    let (month, day) = (pair(m1, m2)?, pair(d1, d2)?);
    if !(1..=12).contains(&month) || day < 1 || day > days_in_month(year, month) {
        return None;
    }
    let midnight = days_from_civil(year, month, day) * DAY;
    match rest {
        [] => Some(midnight),
        [b' ' | b'T' | b't', clock @ ..] => Some(midnight + time_of_day(clock)?),
        _ => None,
    }
}

/// The shortest ISO text of a moment: the date alone at midnight, otherwise `2018-10-30T18:00:05`, with a fraction when there is one.
pub fn format(micros: i64) -> String {
    let (year, month, day) = civil_from_days(micros.div_euclid(DAY));
    let within = micros.rem_euclid(DAY);
    let date = format!("{year:04}-{month:02}-{day:02}");
    if within == 0 {
        return date;
    }
    let (seconds, fraction) = (within / 1_000_000, within % 1_000_000);
    let clock = format!("{:02}:{:02}:{:02}", seconds / 3600, seconds / 60 % 60, seconds % 60);
    if fraction == 0 {
        return format!("{date}T{clock}");
    }
    let fraction = format!("{fraction:06}");
    format!("{date}T{clock}.{}", fraction.trim_end_matches('0'))
}

pub(super) fn pair(tens: u8, ones: u8) -> Option<i64> {
    (tens.is_ascii_digit() && ones.is_ascii_digit()).then(|| i64::from(tens - b'0') * 10 + i64::from(ones - b'0'))
}

/// Microseconds since midnight UTC of `18:00[:05[.25]][Z|+02:00]`.
fn time_of_day(text: &[u8]) -> Option<i64> {
    let [h1, h2, b':', m1, m2, rest @ ..] = text else {
        return None;
    };
    let (hour, minute) = (pair(*h1, *h2)?, pair(*m1, *m2)?);
    let (second, rest) = match rest {
        [b':', s1, s2, rest @ ..] => (pair(*s1, *s2)?, rest),
        _ => (0, rest),
    };
    let (fraction, rest) = match rest {
        [b'.', digits @ ..] => fraction(digits)?,
        _ => (0, rest),
    };
    if hour > 23 || minute > 59 || second > 59 {
        return None;
    }
    Some((hour * 3600 + minute * 60 + second) * 1_000_000 + fraction - offset(rest)?)
}

/// The microseconds of the digits at the start, and what follows them.
pub(super) fn fraction(text: &[u8]) -> Option<(i64, &[u8])> {
    let end = text.iter().position(|byte| !byte.is_ascii_digit()).unwrap_or(text.len());
    let micros = (0..6).fold(0, |sum, index| {
        let digit = if index < end { i64::from(text[index] - b'0') } else { 0 };
        sum * 10 + digit
    });
    (end > 0).then_some((micros, &text[end..]))
}

/// The microseconds that local time is ahead of UTC.
pub(super) fn offset(text: &[u8]) -> Option<i64> {
    let (sign, digits) = match text {
        [] | [b'Z' | b'z'] => return Some(0),
        [b'+', digits @ ..] => (1, digits),
        [b'-', digits @ ..] => (-1, digits),
        _ => return None,
    };
    let (hours, minutes) = match *digits {
        [h1, h2] => (pair(h1, h2)?, 0),
        [h1, h2, m1, m2] | [h1, h2, b':', m1, m2] => (pair(h1, h2)?, pair(m1, m2)?),
        _ => return None,
    };
    (hours <= 23 && minutes <= 59).then_some(sign * (hours * 60 + minutes) * 60_000_000)
}

pub(super) fn days_in_month(year: i64, month: i64) -> i64 {
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    match month {
        2 if leap => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// Days from 1970-01-01. Years are counted from March, so that the leap day comes last and months follow one line.
pub(super) fn days_from_civil(year: i64, month: i64, day: i64) -> i64 {
    let (year, month) = if month > 2 { (year, month - 3) } else { (year - 1, month + 9) };
    let (era, year) = (year.div_euclid(400), year.rem_euclid(400));
    let in_year = (153 * month + 2) / 5 + day - 1;
    let in_era = year * 365 + year / 4 - year / 100 + in_year;
    era * 146_097 + in_era - 719_468
}

/// Year, month and day of a number of days from 1970-01-01: the inverse of [`days_from_civil`].
pub(super) fn civil_from_days(days: i64) -> (i64, i64, i64) {
    let shifted = days + 719_468;
    let (era, in_era) = (shifted.div_euclid(146_097), shifted.rem_euclid(146_097));
    let year = (in_era - in_era / 1460 + in_era / 36_524 - in_era / 146_096) / 365;
    let in_year = in_era - (365 * year + year / 4 - year / 100);
    let month = (5 * in_year + 2) / 153;
    let day = in_year - (153 * month + 2) / 5 + 1;
    let year = era * 400 + year;
    if month < 10 {
        (year, month + 3, day)
    } else {
        (year + 1, month - 9, day)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn seconds(text: &str) -> Option<f64> {
        parse(text.as_bytes()).map(|micros| micros as f64 / 1e6)
    }

    #[test]
    fn known_moments() {
        assert_eq!(seconds("1970-01-01"), Some(0.0));
        assert_eq!(seconds("2000-03-01"), Some(951_868_800.0));
        assert_eq!(seconds("1969-12-31 23:59:59"), Some(-1.0));
        assert_eq!(seconds("2018-10-30 18:00:00.000"), Some(1_540_922_400.0));
        assert_eq!(seconds("2018-10-30T18:00"), Some(1_540_922_400.0));
        assert_eq!(seconds("2018-10-30T20:00:00.25+02:00"), Some(1_540_922_400.25));
        assert_eq!(seconds("2018-10-30T16:30:00-0130"), Some(1_540_922_400.0));
        assert_eq!(seconds("2018-10-30T18:00:00Z"), Some(1_540_922_400.0));
        assert_eq!(parse(b"1970-01-01T00:00:00.1234567"), Some(123_456));
    }

    #[test]
    fn other_texts_are_not_times() {
        for text in [
            "",
            "2018",
            "2018-1-1",
            "2018-13-01",
            "2018-02-29",
            "2018-00-10",
            "30/10/2018",
            "2018-10-30x",
            "2018-10-30 ",
            "2018-10-30 24:00",
            "2018-10-30 18",
            "2018-10-30 18:60",
            "2018-10-30 18:00:00.",
            "2018-10-30 18:00 CET",
            "2018-10-30 18:00+2",
            "1900-02-29",
            "2018-10-30é",
        ] {
            assert_eq!(parse(text.as_bytes()), None, "{text}");
        }
        assert!(parse(b"2000-02-29").is_some());
    }

    #[test]
    fn texts_are_as_short_as_they_can_be() {
        for text in [
            "2018-10-30",
            "2018-10-30T18:00:05",
            "0000-01-01",
            "9999-12-31T23:59:59.999999",
            "2018-10-30T00:00:00.5",
        ] {
            assert_eq!(parse(text.as_bytes()).map(format).as_deref(), Some(text));
        }
    }

    proptest! {
        #[test]
        fn texts_read_back(micros in -62_167_219_200_000_000_i64..253_402_300_800_000_000) {
            prop_assert_eq!(parse(format(micros).as_bytes()), Some(micros));
        }
    }
}
