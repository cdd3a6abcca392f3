//! The same numbers of the reference, and how far those of the file under test are from them.

use std::collections::BTreeMap;

use crate::metric::reading::{Evidence, Reading};
use crate::metric::registry::find;
use crate::metric::{Compare, Comparison, Estimate, Key, Source};
use crate::run::Settings;
use crate::run::frame::estimate;
use crate::stats::hypothesis::two_sided;
use crate::stats::interval::{Interval, Method};
use crate::stats::special::normal_quantile;

/// Puts the numbers of the reference, their changes and the p-values of those beside the numbers of the file under test.
///
/// Of groups only numbers with limits are kept, and no comparisons between groups.
pub fn beside(current: &[Estimate], reference: Vec<Estimate>, settings: &Settings) -> Vec<Estimate> {
    let now: BTreeMap<&Key, &Estimate> = current.iter().map(|estimate| (&estimate.key, estimate)).collect();
    let (mut earlier, mut changes, mut chances) = (Vec::new(), Vec::new(), Vec::new());
    for mut was in reference {
        let Some(metric) = find(&was.key.metric) else { continue };
        let is_plain = was.key.comparison.is_none() && was.key.by.is_empty() && was.key.slice.is_none() && was.key.control.is_none();
        if !is_plain || (!was.key.group.is_empty() && was.interval.is_none()) {
            continue;
        }
        if let Some(is) = now.get(&was.key).filter(|_| metric.compare != Compare::No)
            && let (Some(before), Some(after)) = (was.value, is.value)
        {
            let limits = limits((after, is.interval), (before, was.interval));
            let key = Key {
                comparison: Some(Comparison::Change),
                ..was.key.clone()
            };
            changes.push(Estimate {
                key,
                value: Some(after - before),
                special: None,
                text: None,
                support: is.support.min(was.support),
                interval: limits,
                undefined: None,
                within: None,
            });
            if let (Some(limits), true, Some(metric)) = (limits, was.key.group.is_empty(), find("change_pvalue")) {
                let mut params = was.key.params.clone();
                params.insert("of".to_owned(), was.key.metric.clone());
                let key = Key {
                    metric: metric.id.to_owned(),
                    params,
                    ..Key::default()
                };
                let reading = Reading {
                    value: Ok(p_value(after - before, &limits)),
                    support: is.support.min(was.support),
                    evidence: Evidence::None,
                };
                chances.push(estimate(key, &reading, metric, settings));
            }
        }
        was.key.source = Source::Reference;
        // What columns and whole files hold is told of both already.
        if !now.contains_key(&was.key) {
            earlier.push(was);
        }
    }
    earlier.append(&mut changes);
    earlier.append(&mut chances);
    earlier
}

/// Limits of the difference of two independent numbers from those of both: each limit takes the variance from the side on which it lies.
/// With Wilson's limits of shares it is Newcombe's interval. Source: Zou and Donner 2008, "Construction of confidence limits about effect measures".
pub(super) fn limits((a, of_a): (f64, Option<Interval>), (b, of_b): (f64, Option<Interval>)) -> Option<Interval> {
    let (of_a, of_b) = (of_a?, of_b?);
    let part = |x: f64, y: f64| crate::stats::math::hypot(x, y);
    let limits = Interval {
        low: a - b - part(a - of_a.low, of_b.high - b),
        high: a - b + part(of_a.high - a, b - of_b.low),
        level: of_a.level,
        method: if of_a.method == Method::Wilson && of_b.method == Method::Wilson {
            Method::Newcombe
        } else {
            Method::FromLimits
        },
    };
    (limits.low.is_finite() && limits.high.is_finite() && limits.low < limits.high).then_some(limits)
}

/// The p-value that goes with the limits: the change over the standard error that the limit on the side of 0 stands for.
fn p_value(change: f64, limits: &Interval) -> f64 {
    let reach = if change > 0.0 { change - limits.low } else { limits.high - change };
    let z = normal_quantile(0.5 + 0.5 * limits.level);
    if reach > 0.0 { two_sided(change / reach * z) } else { 1.0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn interval(low: f64, high: f64) -> Option<Interval> {
        Some(Interval {
            low,
            high,
            level: 0.95,
            method: Method::Normal,
        })
    }

    #[test]
    fn limits_and_p_value_agree_about_nothing_having_changed() {
        for (after, before) in [(0.5, 0.4), (0.4, 0.5), (0.5, 0.5), (0.58, 0.45)] {
            let limits = limits(
                (after, interval(after - 0.08, after + 0.05)),
                (before, interval(before - 0.06, before + 0.03)),
            )
            .unwrap();
            let p = p_value(after - before, &limits);
            assert_eq!(p < 0.05, limits.low > 0.0 || limits.high < 0.0, "{after} {before} {p}");
        }
        // Two symmetrical ones are the usual interval of a difference.
        let limits = limits((1.0, interval(0.7, 1.3)), (0.0, interval(-0.4, 0.4))).unwrap();
        assert!((limits.low - 0.5).abs() < 1e-12 && (limits.high - 1.5).abs() < 1e-12);
    }
}
