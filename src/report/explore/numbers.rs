//! The numbers of a decision threshold beside those of the audit, as people read them.

use super::super::format::{self, own_quantity, with_unit};
use super::super::outline::DRAWN_GROUPS;
use super::super::words::{capital, event, level_name, metric_name, told, why_undefined};
use crate::chart::number::{Quantity, count};
use crate::metric::{Comparison, Estimate};
use crate::run::grouping::Grouping;
use crate::run::threshold::{Cut, Explorer};
use crate::stats::order;

/// A number over all rows, beside the audit's.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Measure {
    /// The metric's id.
    pub metric: String,
    /// Its name.
    pub name: String,
    /// The exact value.
    pub value: Option<f64>,
    /// The number, or a dash.
    pub now: String,
    /// Its limits, or why there is no number.
    pub note: String,
    /// The audit's number; empty where it has none.
    pub audited: String,
    /// The difference from it; empty where there is none.
    pub change: String,
}

/// One measure in every group.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct GroupMeasure {
    /// The metric's id.
    pub metric: String,
    /// What happens to a group, for instance "Found".
    pub title: String,
    /// The metric's name.
    pub name: String,
    /// The gap between groups with enough rows, and the audit's.
    pub gap: String,
    /// The groups.
    pub rows: Vec<GroupRow>,
}

/// A group's number.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct GroupRow {
    /// The group's name.
    pub name: String,
    /// The exact value.
    pub value: Option<f64>,
    /// Its limits.
    pub limits: Option<(f64, f64)>,
    /// The audit's value.
    pub audited: Option<f64>,
    /// The number with its limits, or why it is not judged.
    pub said: String,
    /// The difference from the audit's.
    pub change: String,
    /// Whether there are too few rows to judge it, or no value.
    pub is_muted: bool,
}

/// The measures of groups, after the group's rows.
const OF_GROUPS: [&str; 4] = ["rows", "selection_rate", "false_positive_rate", "recall"];

/// A group's name by its place.
pub(super) fn group_name(feature: &Grouping, place: usize) -> String {
    match feature.groups.get(place) {
        Some(group) if group.is_rest => "all smaller groups".to_owned(),
        group => level_name(group.and_then(|group| group.levels.first()).and_then(Option::as_ref)),
    }
}

/// What happens to rows, and what happened as audited where that is another number of 100.
pub(super) fn sentences(now: &[Estimate], before: &[Estimate], positive: &str) -> Vec<String> {
    let value = |estimates: &[Estimate], id: &str| estimates.iter().find(|estimate| estimate.key.metric == id)?.value;
    let mut sentences = Vec::new();
    match value(now, "selection_rate") {
        Some(0.0) => return vec![format!("At this threshold nobody is predicted “{positive}”.")],
        Some(1.0) => sentences.push(format!("At this threshold everybody is predicted “{positive}”.")),
        _ => {}
    }
    let wanted = ["selection_rate", "precision", "recall", "false_positive_rate"];
    for id in wanted.iter().skip(sentences.len()) {
        let Some(said) = value(now, id).and_then(|share| told(id, positive, share)) else {
            continue;
        };
        let as_audited = value(before, id).filter(|share| told(id, positive, *share).as_ref() != Some(&said));
        sentences.push(match as_audited.map(format::out_of) {
            Some(("100", some)) => format!("{said}; as audited {some}."),
            Some((whole, some)) => format!("{said}; as audited {some} of {whole}."),
            None => format!("{said}."),
        });
    }
    sentences
}

/// A number over all rows, beside the audit's.
pub(super) fn measure_of(now: &Estimate, before: Option<&Estimate>) -> Measure {
    let quantity = own_quantity(now);
    let is_count = quantity == Quantity::Count;
    let written = |estimate: &Estimate| {
        if is_count {
            format::number(quantity, estimate)
        } else {
            with_unit(quantity, estimate)
        }
    };
    let has_value = now.value.is_some() || now.special.is_some();
    let limits = now
        .interval
        .map(|limits| format!("{} to {}", quantity.number(limits.low), quantity.number(limits.high)));
    Measure {
        metric: now.key.metric.clone(),
        name: capital(&metric_name(&now.key.metric)),
        value: now.value,
        now: if has_value { written(now) } else { "–".to_owned() },
        note: if has_value {
            limits.unwrap_or_default()
        } else {
            why_undefined(now)
        },
        audited: before.map_or_else(String::new, |before| {
            if before.value.is_some() {
                written(before)
            } else {
                "–".to_owned()
            }
        }),
        change: change(quantity, now.value, before.and_then(|before| before.value)),
    }
}

/// A difference with its sign, of shares in percentage points; without a sign where it rounds to nothing, empty where a value is missing.
fn change(quantity: Quantity, now: Option<f64>, before: Option<f64>) -> String {
    let Some((now, before)) = now.zip(before) else {
        return String::new();
    };
    let quantity = if quantity == Quantity::Percent {
        Quantity::Points
    } else {
        quantity
    };
    let number = quantity.number(now - before);
    let sign = if number.contains(|digit: char| ('1'..='9').contains(&digit)) && now > before {
        "+"
    } else {
        ""
    };
    format!("{sign}{number}")
}

/// A feature's groups at a threshold, and as audited.
pub(super) struct Groups<'a> {
    feature: &'a Grouping,
    positive: &'a str,
    least: u64,
    now: Vec<Estimate>,
    before: Vec<Estimate>,
}

impl<'a> Groups<'a> {
    pub(super) fn new(explorer: &'a Explorer, place: usize, feature: &'a Grouping, cut: &Cut, audited: Option<&Cut>) -> Self {
        Self {
            feature,
            positive: explorer.positive_class(),
            least: explorer.settings().min_support,
            now: explorer.of_metrics(cut, place, &OF_GROUPS),
            before: audited.map_or_else(Vec::new, |cut| explorer.of_metrics(cut, place, &OF_GROUPS)),
        }
    }

    /// The groups' own numbers of a metric, by place.
    fn plain<'b>(estimates: &'b [Estimate], metric: &'b str) -> impl Iterator<Item = &'b Estimate> {
        let is_plain = move |estimate: &&Estimate| estimate.key.metric == metric && estimate.key.comparison.is_none();
        estimates.iter().filter(is_plain)
    }

    /// Every measure in every group, the largest group first.
    pub(super) fn measures(&self) -> Vec<GroupMeasure> {
        let mut places: Vec<(usize, u64)> = Self::plain(&self.now, OF_GROUPS[0])
            .map(|estimate| estimate.support)
            .enumerate()
            .collect();
        let is_last = |place: usize| !self.feature.groups[place].is_compared();
        order::sort_by(&mut places, |a, b| (is_last(a.0), b.1, a.0).cmp(&(is_last(b.0), a.1, b.0)));
        places.truncate(DRAWN_GROUPS);
        let measure = |metric: &&str| {
            let now: Vec<&Estimate> = Self::plain(&self.now, metric).collect();
            let before: Vec<&Estimate> = Self::plain(&self.before, metric).collect();
            let row = |(place, _): &(usize, u64)| Some(self.row(*place, now.get(*place)?, before.get(*place).copied()));
            GroupMeasure {
                metric: (*metric).to_owned(),
                title: event(metric, self.positive).unwrap_or_default(),
                name: capital(&metric_name(metric)),
                gap: self.gap(metric),
                rows: places.iter().filter_map(row).collect(),
            }
        };
        OF_GROUPS[1..].iter().map(measure).collect()
    }

    fn row(&self, place: usize, now: &Estimate, before: Option<&Estimate>) -> GroupRow {
        let quantity = own_quantity(now);
        let is_small = now.support < self.least;
        let said = match now.value {
            None => why_undefined(now),
            Some(_) if is_small => format!("too few to say: {}", count(now.support)),
            Some(value) => match now.interval {
                Some(limits) => format!("{} {}", quantity.number(value), quantity.limits(limits.low, limits.high)),
                None => quantity.number(value),
            },
        };
        let audited = before.and_then(|before| before.value);
        let is_muted = is_small || now.value.is_none();
        GroupRow {
            name: group_name(self.feature, place),
            value: now.value,
            limits: now.interval.map(|limits| (limits.low, limits.high)),
            audited,
            said,
            change: if is_muted {
                String::new()
            } else {
                change(quantity, now.value, audited)
            },
            is_muted,
        }
    }

    /// "Gap 12.3 points (10.1 to 14.5); as audited 14.0 points."
    fn gap(&self, metric: &str) -> String {
        let is_judged = |estimate: &&Estimate| {
            let key = &estimate.key;
            key.metric == metric && key.comparison == Some(Comparison::Difference) && key.params.contains_key("min_support")
        };
        let now = self.now.iter().find(is_judged);
        let Some(now) = now.filter(|gap| gap.value.is_some()) else {
            return "Too few groups have enough rows to compare.".to_owned();
        };
        let mut said = format!("Gap {}", format::in_full(now));
        if now.interval.is_some_and(|interval| interval.low <= 0.0) {
            said.push_str(", which may be chance");
        }
        let before = self.before.iter().find(is_judged).filter(|gap| gap.value.is_some());
        match before {
            Some(before) if before.value != now.value => format!("{said}; as audited {}.", with_unit(own_quantity(before), before)),
            _ => format!("{said}."),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_change_has_its_sign_and_no_sign_when_it_is_none() {
        assert_eq!(change(Quantity::Percent, Some(0.5), Some(0.25)), "+25.0");
        assert_eq!(change(Quantity::Percent, Some(0.25), Some(0.5)), "\u{2212}25.0");
        assert_eq!(change(Quantity::Percent, Some(0.250_01), Some(0.25)), "0.0");
        assert_eq!(change(Quantity::Count, Some(3.0), Some(1.0)), "+2");
        assert_eq!(change(Quantity::Decimal(3), None, Some(1.0)), "");
    }
}
