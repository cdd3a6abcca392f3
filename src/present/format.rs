//! Sizes and rates as people read them on the page; counts are written as in the report.

use crate::chart::number::{count, counted};

/// A size in decimal units with one digit after the point from megabytes on: `31 kB`, `244.2 MB`.
pub fn bytes(value: u64) -> String {
    let amount = value as f64;
    match value {
        0..1_000 => counted(value, "byte", "bytes"),
        1_000..1_000_000 => format!("{:.0} kB", (amount / 1e3).min(999.0)),
        1_000_000..1_000_000_000 => format!("{:.1} MB", amount / 1e6),
        _ => format!("{:.1} GB", amount / 1e9),
    }
}

/// Rows a second, rounded to two digits; `None` before a tenth of a second has passed, when it would only be noise.
pub fn rate(rows: u64, milliseconds: f64) -> Option<String> {
    if rows == 0 || milliseconds < 100.0 {
        return None;
    }
    let rate = rows as f64 * 1e3 / milliseconds;
    let unit = std::iter::successors(Some(1.0), |unit| Some(unit * 10.0))
        .find(|unit| rate / unit < 100.0)
        .unwrap_or(1.0);
    Some(format!("{} rows a second", count(((rate / unit).round() * unit) as u64)))
}

/// Bytes a second, and the time left at that pace; `None` before a tenth of a second has passed.
pub fn flow(done: u64, total: u64, milliseconds: f64) -> Option<String> {
    if done == 0 || milliseconds < 100.0 {
        return None;
    }
    let rate = done as f64 * 1e3 / milliseconds;
    let left = total.saturating_sub(done) as f64 / rate;
    let left = if left < 120.0 {
        counted(left.ceil() as u64, "second", "seconds")
    } else {
        counted((left / 60.0).ceil() as u64, "minute", "minutes")
    };
    Some(format!("{} a second, {left} left", bytes(rate as u64)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_take_the_unit_that_fits() {
        assert_eq!(bytes(1), "1 byte");
        assert_eq!(bytes(31_195), "31 kB");
        assert_eq!(bytes(999_999), "999 kB");
        assert_eq!(bytes(244_200_000), "244.2 MB");
        assert_eq!(bytes(1_222_000_000), "1.2 GB");
    }

    #[test]
    fn the_time_left_follows_from_the_pace() {
        assert_eq!(flow(1, 2, 50.0), None);
        assert_eq!(
            flow(500_000_000, 501_000_000, 1_000.0).as_deref(),
            Some("500.0 MB a second, 1 second left")
        );
        assert_eq!(
            flow(1_000_000, 1_000_000_000, 1_000.0).as_deref(),
            Some("1.0 MB a second, 17 minutes left")
        );
    }

    #[test]
    fn a_rate_waits_for_evidence_and_is_rounded() {
        assert_eq!(rate(10, 50.0), None);
        assert_eq!(rate(123_456, 1_000.0).as_deref(), Some("120\u{202f}000 rows a second"));
        assert_eq!(rate(7, 1_000.0).as_deref(), Some("7 rows a second"));
    }
}
