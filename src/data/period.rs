//! Hours, days, weeks and months of time, counted in UTC.

use super::time::{DAY, civil_from_days, days_from_civil};

/// A stretch of the calendar.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Period {
    /// From a full hour to the next.
    Hour,
    /// From midnight UTC to the next.
    Day,
    /// From Monday to Monday, as in ISO 8601.
    Week,
    /// From the first of a month to the first of the next.
    Month,
}

impl Period {
    /// The periods from the shortest to the longest.
    pub const ALL: [Self; 4] = [Self::Hour, Self::Day, Self::Week, Self::Month];

    /// The number of the period that holds a moment, given in microseconds since 1970; later ones have higher numbers, without gaps.
    pub fn number(self, micros: i64) -> i64 {
        let days = micros.div_euclid(DAY);
        match self {
            Self::Hour => micros.div_euclid(DAY / 24),
            Self::Day => days,
            // 1970-01-01 was a Thursday.
            Self::Week => (days + 3).div_euclid(7),
            Self::Month => {
                let (year, month, _) = civil_from_days(days);
                year * 12 + month - 1
            }
        }
    }

    /// Where the period of that number begins, in microseconds since 1970.
    pub fn begin(self, number: i64) -> i64 {
        match self {
            Self::Hour => number * (DAY / 24),
            Self::Day => number * DAY,
            Self::Week => (number * 7 - 3) * DAY,
            Self::Month => days_from_civil(number.div_euclid(12), number.rem_euclid(12) + 1, 1) * DAY,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::time::{format, parse};
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn periods_begin_where_the_calendar_says() {
        let begin = |period: Period, text: &str| format(period.begin(period.number(parse(text.as_bytes()).unwrap())));
        assert_eq!(begin(Period::Hour, "2018-10-30 18:43:35"), "2018-10-30T18:00:00");
        assert_eq!(begin(Period::Day, "2018-10-30 23:59:59.999999"), "2018-10-30");
        assert_eq!(begin(Period::Week, "2018-11-04 12:00"), "2018-10-29");
        assert_eq!(begin(Period::Week, "1969-12-29"), "1969-12-29");
        assert_eq!(begin(Period::Month, "2020-02-29 01:00+02:00"), "2020-02-01");
        assert_eq!(begin(Period::Month, "1969-12-31"), "1969-12-01");
    }

    proptest! {
        #[test]
        fn a_moment_is_within_its_period(micros in -62_000_000_000_000_000_i64..253_000_000_000_000_000) {
            for period in Period::ALL {
                let number = period.number(micros);
                prop_assert!(period.begin(number) <= micros && micros < period.begin(number + 1));
            }
        }
    }
}
