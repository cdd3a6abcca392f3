//! A shortcut for times of the usual form: mostly the day is that of the row before.

use crate::data::time;

/// The day that came last.
#[derive(Debug, Default)]
pub(super) struct Clock {
    date: [u8; 10],
    midnight: i64,
}

impl Clock {
    /// The moment that `2018-10-30`, `2018-10-30T18:00:05` or `2018-10-30 18:00:05Z` spells; `None` leaves the cell to the rules.
    pub(super) fn read(&mut self, cell: &[u8]) -> Option<i64> {
        let (date, rest) = cell.split_first_chunk::<10>()?;
        if *date != self.date {
            self.midnight = time::parse(date)?;
            self.date = *date;
        }
        let (clock, zone) = match rest {
            [] => return Some(self.midnight),
            [b' ' | b'T', clock @ ..] => clock.split_first_chunk::<8>()?,
            _ => return None,
        };
        if !matches!(zone, [] | [b'Z']) {
            return None;
        }
        let [h1, h2, b':', m1, m2, b':', s1, s2] = clock.map(|byte| byte.wrapping_sub(DIGIT[usize::from(byte == b':')])) else {
            return None;
        };
        let pair = |tens: u8, ones: u8| (tens < 10 && ones < 10).then(|| i64::from(tens * 10 + ones));
        let (hours, minutes, seconds) = (pair(h1, h2)?, pair(m1, m2)?, pair(s1, s2)?);
        (hours < 24 && minutes < 60 && seconds < 60).then(|| self.midnight + (hours * 3600 + minutes * 60 + seconds) * 1_000_000)
    }
}

/// What is taken from a byte: the digit zero, or nothing of a colon.
const DIGIT: [u8; 2] = [b'0', 0];

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn usual_times_are_read() {
        let mut clock = Clock::default();
        for text in ["2018-10-30", "2018-10-30T18:00:05", "2018-10-31 18:00:05Z", "1969-12-31 23:59:59"] {
            assert_eq!(clock.read(text.as_bytes()), time::parse(text.as_bytes()), "{text}");
            assert!(clock.read(text.as_bytes()).is_some(), "{text}");
        }
        for text in [
            "",
            "2018-10-30T",
            "2018-10-30T24:00:00",
            "2018-10-30T18:00:05.5",
            "2018-13-30",
            "0000000000",
        ] {
            assert_eq!(clock.read(text.as_bytes()), None, "{text}");
        }
    }

    proptest! {
        #[test]
        fn times_agree_with_the_rules(texts in proptest::collection::vec("(2018-1[0-3]-[0-3][0-9]|[-0-9]{10})([ T][012:][0-9:][:0][0-6][0-9][:0][0-6][0-9]Z?)?", 1..4)) {
            let mut clock = Clock::default();
            for text in texts {
                if let Some(found) = clock.read(text.as_bytes()) {
                    prop_assert_eq!(time::parse(text.as_bytes()), Some(found));
                }
            }
        }
    }
}
