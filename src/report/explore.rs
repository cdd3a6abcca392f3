//! What the threshold explorer shows: the numbers and sentences of a decision threshold, beside those of the audit.
//!
//! Everything here is made from estimates that an audit with that threshold would report; nothing is advice.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::format::{self, own_quantity, with_unit};
use super::outline::DRAWN_GROUPS;
use super::words::{capital, event, level_name, metric_name, told, why_undefined};
use crate::chart::number::{Quantity, count};
use crate::metric::{Comparison, Estimate};
use crate::run::grouping::Grouping;
use crate::run::threshold::{Cut, Explorer, Origin};
use crate::stats::order;

/// What to explore: one decision threshold, and for some groups of a feature their own.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Ask {
    /// The threshold of everyone else.
    pub threshold: f64,
    /// The sensitive feature whose groups are shown.
    pub feature: Option<String>,
    /// Thresholds of single groups of that feature, by the groups' places.
    pub own: BTreeMap<usize, f64>,
}

/// What can be explored, and where it begins.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Exploration {
    /// The positive class.
    pub positive: String,
    /// Which predictions the audit is of, in a sentence or two.
    pub origin: String,
    /// The threshold of the audit's predictions, where they have one or come near one.
    pub audited: Option<f64>,
    /// The thresholds at which the slider stops, rising; never empty.
    pub stops: Vec<f64>,
    /// How all rows fare over all stops.
    pub curves: Vec<Curve>,
    /// The sensitive features, and their groups' names by place.
    pub features: Vec<(String, Vec<String>)>,
    /// What is shown first.
    pub first: Explored,
}

/// One measure over all stops.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Curve {
    /// The metric's id.
    pub metric: String,
    /// Its name.
    pub name: String,
    /// Its value at each stop, where it exists.
    pub values: Vec<Option<f64>>,
}

/// What a threshold would give.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Explored {
    /// What it is the answer to.
    pub ask: Ask,
    /// What happens to rows, in sentences.
    pub sentences: Vec<String>,
    /// True positives, false positives, false negatives, true negatives.
    pub cells: Vec<Measure>,
    /// The measures that the curves show.
    pub main: Vec<Measure>,
    /// All other measures that depend on the threshold.
    pub more: Vec<Measure>,
    /// The chosen feature's groups; empty without one.
    pub groups: Vec<GroupMeasure>,
    /// What the groups shown are, where not all are.
    pub note: String,
}

/// A number over all rows, beside the audit's.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Measure {
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
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct GroupMeasure {
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
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct GroupRow {
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

/// The measures that are drawn over all thresholds: shares, so that one scale fits.
const CURVES: [&str; 5] = ["selection_rate", "recall", "precision", "false_positive_rate", "accuracy"];
/// The confusion matrix.
const CELLS: [&str; 4] = ["true_positives", "false_positives", "false_negatives", "true_negatives"];
/// The measures of groups, after the group's rows.
const OF_GROUPS: [&str; 4] = ["rows", "selection_rate", "false_positive_rate", "recall"];
/// What no threshold changes, or says the same twice.
const LEFT_OUT: [&str; 6] = [
    "rows",
    "label_positives",
    "predicted_positives",
    "prevalence",
    "majority_share",
    "predicted_positive_share",
];

/// Says what can be explored.
pub fn begin(explorer: &Explorer) -> Exploration {
    let origin = explorer.origin();
    let mut stops = explorer.stops();
    if stops.is_empty() {
        stops.push(origin.threshold());
    }
    let curves = CURVES.iter().zip(explorer.sweep(&stops, &CURVES)).map(|(metric, values)| Curve {
        metric: (*metric).to_owned(),
        name: capital(&metric_name(metric)),
        values,
    });
    let features = explorer.features().map(|(_, feature)| {
        let groups = feature.groups.iter().enumerate();
        (
            feature.columns.concat(),
            groups.map(|(place, _)| group_name(feature, place)).collect(),
        )
    });
    let features: Vec<(String, Vec<String>)> = features.collect();
    let ask = Ask {
        threshold: origin.threshold(),
        feature: features.first().map(|(name, _)| name.clone()),
        own: BTreeMap::new(),
    };
    Exploration {
        positive: explorer.positive_class().to_owned(),
        origin: origin_in_words(origin),
        audited: (!matches!(origin, Origin::Unset(_))).then_some(origin.threshold()),
        curves: curves.collect(),
        first: explore(explorer, &ask),
        stops,
        features,
    }
}

/// Says what a threshold would give.
pub fn explore(explorer: &Explorer, ask: &Ask) -> Explored {
    let feature = explorer
        .features()
        .find(|(_, feature)| Some(feature.columns.concat()) == ask.feature);
    let cut = match feature {
        Some((place, _)) if !ask.own.is_empty() => explorer.own(place, ask.threshold, &ask.own),
        Some((place, _)) => explorer.shared(ask.threshold, &[place]),
        None => explorer.shared(ask.threshold, &[]),
    };
    let audited = explorer.audited();
    let now = explorer.overall(&cut);
    let before = audited.as_ref().map(|cut| explorer.overall(cut)).unwrap_or_default();
    let measure = |id: &str| {
        let own = now.iter().find(|estimate| estimate.key.metric == id)?;
        Some(measure_of(own, before.iter().find(|estimate| estimate.key == own.key)))
    };
    let is_more = |id: &&str| ![&CURVES[..], &CELLS, &LEFT_OUT].iter().any(|ids| ids.contains(id));
    let more = now.iter().map(|estimate| estimate.key.metric.as_str()).filter(is_more);
    Explored {
        sentences: sentences(&now, &before, explorer.positive_class()),
        cells: CELLS.iter().filter_map(|id| measure(id)).collect(),
        main: CURVES.iter().filter_map(|id| measure(id)).collect(),
        more: more.filter_map(measure).collect(),
        groups: feature.map_or_else(Vec::new, |(place, feature)| {
            Groups::new(explorer, place, feature, &cut, audited.as_ref()).measures()
        }),
        note: feature.map_or_else(String::new, |(_, feature)| note(feature)),
        ask: ask.clone(),
    }
}

fn note(feature: &Grouping) -> String {
    if feature.groups.len() > DRAWN_GROUPS {
        format!("The {DRAWN_GROUPS} largest of {} groups.", count(feature.groups.len() as u64))
    } else {
        String::new()
    }
}

fn origin_in_words(origin: Origin) -> String {
    match origin {
        Origin::Audited(threshold) => format!("The audit was made with {threshold}."),
        Origin::Given { threshold, agreeing, of } if agreeing == of => {
            format!("The predictions that were audited are those of the threshold {threshold}.")
        }
        Origin::Given { threshold, agreeing, of } => format!(
            "The predictions that were audited do not come from one threshold. {threshold} comes nearest: {} of {} rows are predicted alike. \
             Changes are counted from the predictions that were audited.",
            count(agreeing),
            count(of)
        ),
        Origin::Unset(threshold) => format!(
            "The audit has no threshold, so nobody was predicted and there is nothing to compare with. It begins at {threshold}, in the middle of \
             the scores."
        ),
    }
}

/// A group's name by its place.
fn group_name(feature: &Grouping, place: usize) -> String {
    match feature.groups.get(place) {
        Some(group) if group.is_rest => "all smaller groups".to_owned(),
        group => level_name(group.and_then(|group| group.levels.first()).and_then(Option::as_ref)),
    }
}

/// What happens to rows, and what happened as audited where that is another number of 100.
fn sentences(now: &[Estimate], before: &[Estimate], positive: &str) -> Vec<String> {
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

fn measure_of(now: &Estimate, before: Option<&Estimate>) -> Measure {
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
struct Groups<'a> {
    feature: &'a Grouping,
    positive: &'a str,
    least: u64,
    now: Vec<Estimate>,
    before: Vec<Estimate>,
}

impl<'a> Groups<'a> {
    fn new(explorer: &'a Explorer, place: usize, feature: &'a Grouping, cut: &Cut, audited: Option<&Cut>) -> Self {
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

    fn measures(&self) -> Vec<GroupMeasure> {
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

    #[test]
    fn where_the_predictions_come_from_is_said() {
        assert_eq!(origin_in_words(Origin::Audited(0.5)), "The audit was made with 0.5.");
        let given = |agreeing| Origin::Given {
            threshold: 0.47,
            agreeing,
            of: 1000,
        };
        assert!(origin_in_words(given(1000)).ends_with("are those of the threshold 0.47."));
        assert!(origin_in_words(given(930)).contains("0.47 comes nearest: 930 of 1\u{202f}000 rows"));
        assert!(origin_in_words(Origin::Unset(3.0)).contains("has no threshold"));
    }
}
