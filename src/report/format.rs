//! Which way a number of the report is written: the one place that knows units, so that all faces agree.

use crate::chart::number::{Quantity, counted};
use crate::metric::{Comparison, Estimate, Key, Special, Unit, registry};

/// How the number at `key` is written. `largest` is the largest magnitude in its column, which decides decimals in the target's unit.
pub fn quantity(key: &Key, largest: f64) -> Quantity {
    use Comparison::{
        Change, Difference, Ratio, ToOverallDifference, ToOverallRatio, ToReferenceDifference, ToReferenceRatio, ToRestDifference,
    };
    let unit = registry::find(&key.metric).map_or(Unit::Score, |metric| metric.unit);
    match (key.comparison, unit) {
        (Some(Ratio | ToOverallRatio | ToReferenceRatio), _) => Quantity::Decimal(2),
        (Some(Difference | ToOverallDifference | ToReferenceDifference | ToRestDifference | Change), Unit::Share) => Quantity::Points,
        (_, Unit::Share) => Quantity::Percent,
        (_, Unit::Count) => Quantity::Count,
        (_, Unit::Target | Unit::TargetSquared) => Quantity::fitting(largest),
        (_, Unit::Score | Unit::Nats | Unit::YesNo) => Quantity::Decimal(3),
    }
}

/// The quantity of one estimate on its own.
pub fn own_quantity(estimate: &Estimate) -> Quantity {
    quantity(&estimate.key, magnitude(estimate))
}

/// A p-value as it is written: never as nothing.
pub fn p_words(p: f64) -> String {
    if p < 0.001 {
        "below 0.001".to_owned()
    } else {
        Quantity::Decimal(3).number(p)
    }
}

/// The largest magnitude among a number and its limits: a mean error near zero is written as finely as its interval, no finer.
pub fn magnitude(estimate: &Estimate) -> f64 {
    let limits = estimate.interval.into_iter().flat_map(|interval| [interval.low, interval.high]);
    limits
        .chain(estimate.value)
        .filter(|value| value.is_finite())
        .fold(0.0, |largest, value| largest.max(value.abs()))
}

/// The number without its unit; a dash where there is none.
pub fn number(quantity: Quantity, estimate: &Estimate) -> String {
    match (estimate.value, estimate.special, &estimate.text) {
        (Some(value), _, _) => quantity.number(value),
        (None, Some(Special::Inf), _) => "∞".to_owned(),
        (None, Some(Special::NegInf), _) => "\u{2212}∞".to_owned(),
        (None, None, Some(text)) => text.clone(),
        (None, None, None) => "–".to_owned(),
    }
}

/// The number with its unit, for a sentence; "undefined" where there is none.
pub fn with_unit(quantity: Quantity, estimate: &Estimate) -> String {
    match estimate.value {
        Some(value) => quantity.with_unit(value),
        None if estimate.special.is_some() || estimate.text.is_some() => number(quantity, estimate),
        None => "undefined".to_owned(),
    }
}

/// The limits in parentheses, where there are some.
pub fn limits(quantity: Quantity, estimate: &Estimate) -> Option<String> {
    estimate.interval.map(|interval| quantity.limits(interval.low, interval.high))
}

/// The number with unit and limits: "44.8 % (42.6 to 47.1)".
pub fn in_full(estimate: &Estimate) -> String {
    let quantity = own_quantity(estimate);
    let number = with_unit(quantity, estimate);
    match limits(quantity, estimate) {
        Some(limits) => format!("{number} {limits}"),
        None => number,
    }
}

/// A share as a whole number of 100, or of 1 000 where it is near an end: the two numbers, the whole first.
pub fn out_of(share: f64) -> (&'static str, String) {
    let is_near_an_end = (share > 0.0 && share < 0.0095) || (share > 0.9905 && share < 1.0);
    let (whole, of) = if is_near_an_end { ("1\u{202f}000", 1000.0) } else { ("100", 100.0) };
    (whole, Quantity::Decimal(0).number(share * of))
}

/// Bytes in the unit that fits.
pub fn bytes(value: u64) -> String {
    let size = value as f64;
    match value {
        0..1_000 => counted(value, "byte", "bytes"),
        1_000..1_000_000 => format!("{} kB", Quantity::Decimal(1).number(size / 1e3)),
        1_000_000..1_000_000_000 => format!("{} MB", Quantity::Decimal(1).number(size / 1e6)),
        _ => format!("{} GB", Quantity::Decimal(2).number(size / 1e9)),
    }
}

/// A coverage as percent: "95 %".
pub fn level(level: f64) -> String {
    let percent = level * 100.0;
    let decimals = u8::from((percent - percent.round()).abs() > 1e-9);
    format!("{}\u{202f}%", Quantity::Decimal(decimals).number(percent))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_gap_of_shares_is_in_points_and_a_ratio_is_plain() {
        let mut key = Key::overall("recall");
        assert_eq!(quantity(&key, 0.5), Quantity::Percent);
        key.comparison = Some(Comparison::Difference);
        assert_eq!(quantity(&key, 0.5), Quantity::Points);
        key.comparison = Some(Comparison::Ratio);
        assert_eq!(quantity(&key, 0.5), Quantity::Decimal(2));
        assert_eq!(quantity(&Key::overall("mae"), 3018.0), Quantity::Decimal(0));
    }

    #[test]
    fn shares_near_an_end_are_told_of_a_thousand() {
        assert_eq!(out_of(0.4485), ("100", "45".to_owned()));
        assert_eq!(out_of(0.003), ("1\u{202f}000", "3".to_owned()));
        assert_eq!(out_of(0.0), ("100", "0".to_owned()));
        assert_eq!(out_of(1.0), ("100", "100".to_owned()));
    }

    #[test]
    fn sizes_and_levels_read_well() {
        assert_eq!(bytes(1), "1 byte");
        assert_eq!(bytes(34_567), "34.6 kB");
        assert_eq!(level(0.95), "95\u{202f}%");
        assert_eq!(level(0.995), "99.5\u{202f}%");
    }
}
