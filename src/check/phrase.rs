//! What a finding says: rows first, the number with its interval in the sentence, and the bound it is held against.

use std::collections::BTreeMap;

use super::condition::{Bound, Check, Relation};
use super::number::{Figures, count, fixed, significant_decimals};
use super::wording::{self, Wording};
use crate::metric::registry::{Metric, Unit, find};
use crate::metric::{Comparison, Estimate, Key};

/// Names that keep their capital inside a sentence.
const PROPER: [&str; 4] = ["Brier", "Cohen", "Matthews", "Youden"];

/// A column or level longer than this is cut.
const LONGEST_NAME: usize = 60;

/// A number that was judged, and what it was held against.
pub(super) struct Told<'a> {
    pub(super) check: &'a Check,
    pub(super) metric: &'static Metric,
    pub(super) estimate: &'a Estimate,
    pub(super) value: f64,
    pub(super) bound: f64,
}

/// How the numbers of one sentence are written: scaled, and with as many decimals.
struct Manner {
    figures: Figures,
    scale: f64,
    decimals: usize,
}

impl Manner {
    fn of_rows(figures: Figures) -> Self {
        Self {
            figures,
            scale: f64::from(figures.base()),
            decimals: 0,
        }
    }

    fn plain(figures: Figures, unit: Unit) -> Self {
        let least = match unit {
            Unit::Count => 0,
            Unit::Target | Unit::TargetSquared => significant_decimals(figures.value),
            Unit::Share | Unit::Score | Unit::Nats => 2,
        };
        Self {
            figures,
            scale: 1.0,
            decimals: figures.decimals(least),
        }
    }

    fn show(&self, x: f64) -> String {
        fixed(x * self.scale, self.decimals)
    }

    fn value(&self) -> String {
        self.show(self.figures.value)
    }

    /// The base in words: `100`.
    fn base(&self) -> String {
        fixed(self.scale, 0)
    }

    /// The interval in brackets, after a space; empty where there is none.
    fn limits(&self) -> String {
        self.figures
            .limits
            .map_or_else(String::new, |(low, high)| format!(" ({} to {})", self.show(low), self.show(high)))
    }
}

impl Told<'_> {
    /// The sentence.
    pub(super) fn sentence(&self) -> String {
        let (said, manner) = match self.estimate.key.comparison {
            None => self.plain(),
            Some(comparison) => self.compared(comparison),
        };
        capital(&format!("{said}{}.", self.tail(&manner)))
    }

    fn figures(&self) -> Figures {
        Figures {
            value: self.value,
            limits: self.estimate.interval.map(|interval| (interval.low, interval.high)),
            bound: Some(self.bound),
        }
    }

    fn wording(&self) -> Option<(Wording, Option<String>)> {
        wording_of(self.metric, &self.estimate.key)
    }

    fn plain(&self) -> (String, Manner) {
        let place = place(&self.estimate.key.group).map_or_else(String::new, |place| format!("{place}, "));
        if let Some((wording, class)) = self.wording() {
            let manner = Manner::of_rows(self.figures());
            let told = told_of_rows(wording, class.as_deref(), &manner);
            return (format!("{place}{told}{}", manner.limits()), manner);
        }
        let plain = Manner::plain(self.figures(), self.metric.unit);
        let said = match self.metric.id {
            "roc_auc" if self.has_no_params() => {
                let manner = Manner::of_rows(self.figures());
                let (base, value, limits) = (manner.base(), manner.value(), manner.limits());
                let said =
                    format!("{place}of {base} pairs of a positive and a negative row, {value} are ranked the right way round{limits}");
                return (said, manner);
            }
            "rows" => format!("{place}there are {} rows", plain.value()),
            "mae" => format!("{place}the prediction is off by {} on average{}", plain.value(), plain.limits()),
            "mean_error" if self.value < 0.0 => format!(
                "{place}the prediction is too low on average: mean error {}{}",
                plain.value(),
                plain.limits()
            ),
            "mean_error" if self.value > 0.0 => format!(
                "{place}the prediction is too high on average: mean error {}{}",
                plain.value(),
                plain.limits()
            ),
            _ => format!(
                "{place}{} is {}{}",
                name_with_params(self.metric, &self.estimate.key),
                plain.value(),
                plain.limits()
            ),
        };
        (said, plain)
    }

    fn has_no_params(&self) -> bool {
        shown_params(&self.estimate.key).is_empty()
    }

    fn compared(&self, comparison: Comparison) -> (String, Manner) {
        let key = &self.estimate.key;
        let by = by_columns(", ", &key.by);
        let name = name_with_params(self.metric, key);
        let wording = self.wording();
        let manner = Manner::plain(self.figures(), unit(self.metric, key));
        let (value, limits) = (manner.value(), manner.limits());
        let place = place(&key.group).map_or_else(String::new, |place| format!("{place}, "));
        let said = match comparison {
            Comparison::Difference => match wording {
                Some((wording, class)) => {
                    let manner = Manner::of_rows(self.figures());
                    let are = wording.compared.text(class.as_deref());
                    let said = format!(
                        "of {} rows{}, {} more {} {are} in the group with the most than in the group with the least{}{by}",
                        manner.base(),
                        spaced(&wording.of.text(class.as_deref())),
                        manner.value(),
                        verb(&manner.value()),
                        manner.limits(),
                    );
                    return (said, manner);
                }
                None => format!("{name} differs by {value} between the highest and the lowest group{limits}{by}"),
            },
            Comparison::Ratio => ratio_between_groups(&name, wording, &manner, &by),
            Comparison::GroupMin | Comparison::GroupMax => {
                let extreme = if comparison == Comparison::GroupMin { "lowest" } else { "highest" };
                let group = format!("in the group with the {extreme} {name}{by}");
                match wording {
                    Some((wording, class)) => {
                        let manner = Manner::of_rows(self.figures());
                        let told = told_of_rows(wording, class.as_deref(), &manner);
                        return (format!("{group}, {told}{}", manner.limits()), manner);
                    }
                    None => format!("{group}, it is {value}{limits}"),
                }
            }
            Comparison::ToOverallDifference if key.group.is_empty() => {
                format!("the group farthest from all rows differs from them by {value} in {name}{limits}{by}")
            }
            Comparison::ToOverallRatio if key.group.is_empty() => {
                format!("of all rows and the group farthest from them, one has {value} times the {name} of the other{limits}{by}")
            }
            Comparison::ToOverallDifference => format!("{place}{name} minus that of all rows is {value}{limits}"),
            Comparison::ToOverallRatio => format!("{place}{name} is {value} times that of all rows{limits}"),
            Comparison::ToReferenceDifference => format!("{place}{name} minus that {} is {value}{limits}", reference(key)),
            Comparison::ToReferenceRatio => format!("{place}{name} is {value} times that {}{limits}", reference(key)),
            Comparison::Change => format!("{place}{name} changes by {value} from the reference to the current data{limits}"),
        };
        (said, manner)
    }

    /// What the number is held against, in the sentence's own scale.
    fn tail(&self, manner: &Manner) -> String {
        let bound = manner.show(self.bound);
        let plain = self.estimate.key.comparison.is_none();
        match (&self.check.condition.bound, self.metric.id) {
            (Bound::Metric { metric }, "accuracy") if plain && find(metric).is_some_and(|metric| metric.id == "majority_share") => {
                format!("; always answering with the most frequent class would get {bound}")
            }
            (Bound::Constant(0.5), "roc_auc") if plain => format!("; guessing would get {bound}"),
            (Bound::Constant(0.0), "r2") if plain => "; always answering with the mean would get 0".to_owned(),
            (limit, _) => {
                let side = match self.check.condition.relation {
                    Relation::AtLeast => "or more",
                    Relation::AtMost => "or less",
                };
                let source = match limit {
                    Bound::Metric { metric } => {
                        find(metric).map_or_else(String::new, |metric| format!(", by {}", name_in_text(metric.name)))
                    }
                    Bound::Constant(_) => String::new(),
                };
                format!("; the bound is {bound} {side}{source}")
            }
        }
    }
}

fn told_of_rows(wording: Wording, class: Option<&str>, manner: &Manner) -> String {
    let value = manner.value();
    let (of, are) = (spaced(&wording.of.text(class)), wording.are.text(class));
    format!("of {} rows{of}, {value} {} {are}", manner.base(), verb(&value))
}

fn ratio_between_groups(name: &str, wording: Option<(Wording, Option<String>)>, manner: &Manner, by: &str) -> String {
    let (value, limits) = (manner.value(), manner.limits());
    let Some((wording, class)) = wording else {
        return format!("the lowest {name} of a group is {value} times the highest{limits}{by}");
    };
    let of = wording.of.text(class.as_deref());
    let among = if of.is_empty() {
        String::new()
    } else {
        format!("among rows {of}, ")
    };
    let are = wording.compared.text(class.as_deref());
    format!("{among}the group {are} least often is {are} at {value} times the rate of the group {are} most often{limits}{by}")
}

/// The sentence where too few rows are behind the number.
pub(super) fn too_few(metric: &Metric, estimate: &Estimate) -> String {
    format!(
        "Too few rows to say: {} ({}).",
        count(estimate.support),
        about(metric, &estimate.key)
    )
}

/// The sentence where the number does not exist.
pub(super) fn unknown(metric: &Metric, estimate: &Estimate, reason: &str) -> String {
    capital(&format!("{} cannot be said: {reason}.", about(metric, &estimate.key)))
}

/// What a number is, in words: `recall where sex is Female`, `the ratio of selection rate between groups, by race`.
pub(super) fn about(metric: &Metric, key: &Key) -> String {
    let name = name_with_params(metric, key);
    let by = by_columns(" ", &key.by);
    let place = place(&key.group).map_or_else(String::new, |place| format!(" {place}"));
    match key.comparison {
        None => format!("{name}{place}"),
        Some(Comparison::Difference) => format!("the difference of {name} between groups{by}"),
        Some(Comparison::Ratio) => format!("the ratio of {name} between groups{by}"),
        Some(Comparison::GroupMin) => format!("the lowest {name} of a group{by}"),
        Some(Comparison::GroupMax) => format!("the highest {name} of a group{by}"),
        Some(Comparison::ToOverallDifference) => format!("the difference of {name} to that of all rows{place}{by}"),
        Some(Comparison::ToOverallRatio) => format!("the ratio of {name} to that of all rows{place}{by}"),
        Some(Comparison::ToReferenceDifference) => format!("the difference of {name} to that {}{place}", reference(key)),
        Some(Comparison::ToReferenceRatio) => format!("the ratio of {name} to that {}{place}", reference(key)),
        Some(Comparison::Change) => format!("the change of {name}{place}"),
    }
}

/// A number alone, in the manner of its sentence: `0.30`, or `30 in 100` where it is told of rows.
pub(super) fn bare(metric: &Metric, key: &Key, value: f64) -> String {
    let figures = Figures {
        value,
        ..Figures::default()
    };
    let is_of_rows = matches!(
        key.comparison,
        Some(Comparison::Difference | Comparison::GroupMin | Comparison::GroupMax)
    ) && wording_of(metric, key).is_some();
    if is_of_rows {
        let manner = Manner::of_rows(figures);
        format!("{} in {}", manner.value(), manner.base())
    } else {
        Manner::plain(figures, unit(metric, key)).value()
    }
}

/// What a number counts in: a ratio in nothing, the rest in what its metric does.
fn unit(metric: &Metric, key: &Key) -> Unit {
    use Comparison::{Ratio, ToOverallRatio, ToReferenceRatio};
    if matches!(key.comparison, Some(Ratio | ToOverallRatio | ToReferenceRatio)) {
        Unit::Score
    } else {
        metric.unit
    }
}

/// The words for a share, unless the metric is averaged or otherwise changed by a parameter other than the class.
fn wording_of(metric: &Metric, key: &Key) -> Option<(Wording, Option<String>)> {
    let mut params = shown_params(key);
    let class = params.remove("class").map(|class| format!("“{}”", safe(class)));
    params.is_empty().then_some(())?;
    Some((wording::of_metric(metric.id)?, class))
}

/// The metric's name as it stands inside a sentence.
pub(super) fn name_in_text(name: &str) -> String {
    let mut chars = name.chars();
    let (first, second) = (chars.next(), chars.next());
    let is_word = second.is_none_or(char::is_lowercase) && !PROPER.iter().any(|proper| name.starts_with(proper));
    match first {
        Some(first) if is_word => first.to_lowercase().chain(name.chars().skip(1)).collect(),
        _ => name.to_owned(),
    }
}

fn name_with_params(metric: &Metric, key: &Key) -> String {
    let params: Vec<String> = shown_params(key)
        .iter()
        .map(|(name, value)| format!("{} {}", safe(name), quoted(value)))
        .collect();
    let name = name_in_text(metric.name);
    if params.is_empty() {
        name
    } else {
        format!("{name} ({})", params.join(", "))
    }
}

/// The parameters that are part of what was measured; which groups were judged is not.
fn shown_params(key: &Key) -> BTreeMap<&str, &str> {
    let all = key.params.iter().map(|(name, value)| (name.as_str(), value.as_str()));
    all.filter(|(name, _)| *name != super::matching::MIN_SUPPORT).collect()
}

/// `where sex is Female and race is “Native American”`; `None` for all rows.
fn place(group: &BTreeMap<String, Option<String>>) -> Option<String> {
    let parts: Vec<String> = group
        .iter()
        .map(|(column, level)| match level {
            Some(level) => format!("{} is {}", quoted(column), quoted(level)),
            None => format!("{} is missing", quoted(column)),
        })
        .collect();
    (!parts.is_empty()).then(|| format!("where {}", parts.join(" and ")))
}

fn reference(key: &Key) -> String {
    key.reference_group
        .as_ref()
        .and_then(place)
        .unwrap_or_else(|| "of the reference group".to_owned())
}

fn by_columns(lead: &str, by: &[String]) -> String {
    if by.is_empty() {
        return String::new();
    }
    let columns: Vec<String> = by.iter().map(|column| quoted(column)).collect();
    format!("{lead}by {}", columns.join(" and "))
}

/// A name from the file as it stands in a sentence: as it is where it is one plain word, else between quotes.
pub(super) fn quoted(name: &str) -> String {
    let is_plain = !name.is_empty() && name.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '-'));
    let name = safe(name);
    if is_plain { name } else { format!("“{name}”") }
}

/// The text with a mark for every character that would change the text around it: controls and directions.
pub(super) fn visible(text: &str) -> String {
    let is_unsafe = |c: char| c.is_control() || matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    text.chars().map(|c| if is_unsafe(c) { '\u{fffd}' } else { c }).collect()
}

/// The name made visible, and cut where it is very long.
fn safe(name: &str) -> String {
    let short: String = name.chars().take(LONGEST_NAME).collect();
    let mut text = visible(&short);
    if name.chars().nth(LONGEST_NAME).is_some() {
        text.push('…');
    }
    text
}

fn spaced(text: &str) -> String {
    if text.is_empty() { String::new() } else { format!(" {text}") }
}

fn verb(shown: &str) -> &'static str {
    if shown == "1" { "is" } else { "are" }
}

/// The text with its first letter large.
pub(super) fn capital(text: &str) -> String {
    let mut chars = text.chars();
    chars
        .next()
        .map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::sentence::parse;
    use crate::stats::interval::{Interval, Method};

    fn estimate(key: Key, value: f64, limits: Option<(f64, f64)>) -> Estimate {
        Estimate {
            key,
            value: Some(value),
            special: None,
            text: None,
            support: 100,
            interval: limits.map(|(low, high)| Interval {
                low,
                high,
                level: 0.95,
                method: Method::Wilson,
            }),
            undefined: None,
        }
    }

    fn told(check: &str, edit: impl FnOnce(&mut Key), value: f64, limits: Option<(f64, f64)>, bound: f64) -> String {
        let check = parse(check).unwrap();
        let mut key = Key {
            params: check.subject.params.clone(),
            comparison: check.subject.comparison,
            by: check.subject.by.clone(),
            ..Key::overall(&check.subject.metric)
        };
        edit(&mut key);
        let estimate = estimate(key, value, limits);
        let metric = find(&check.subject.metric).unwrap();
        let told = Told {
            check: &check,
            metric,
            estimate: &estimate,
            value,
            bound,
        };
        told.sentence()
    }

    fn women(key: &mut Key) {
        key.by.clear();
        key.group.insert("sex".to_owned(), Some("Female".to_owned()));
    }

    #[test]
    fn shares_are_told_of_rows() {
        assert_eq!(
            told(
                "accuracy is at least majority_share",
                |_| (),
                0.6537,
                Some((0.6427, 0.6646)),
                0.5493
            ),
            "Of 100 rows, 65 are predicted correctly (64 to 66); always answering with the most frequent class would get 55."
        );
        assert_eq!(
            told("recall in each group of sex is at least 0.5", women, 0.52, Some((0.49, 0.55)), 0.5),
            "Where sex is Female, of 100 rows positive in truth, 52 are found (49 to 55); the bound is 50 or more."
        );
        assert_eq!(
            told("false_positive_rate is at most 1%", |_| (), 0.0103, Some((0.0098, 0.0108)), 0.01),
            "Of 10,000 rows negative in truth, 103 are flagged wrongly (98 to 108); the bound is 100 or less."
        );
        assert_eq!(
            told("precision (class = \"a b\") is at least 0.5", |_| (), 0.01, None, 0.5),
            "Of 100 rows predicted “a b”, 1 is “a b” in truth; the bound is 50 or more."
        );
    }

    #[test]
    fn gaps_are_told_between_the_extreme_groups() {
        assert_eq!(
            told(
                "the ratio of selection_rate by race is at least 0.8",
                |_| (),
                0.36,
                Some((0.31, 0.42)),
                0.8
            ),
            "The group selected least often is selected at 0.36 times the rate of the group selected most often (0.31 to 0.42), by race; \
             the bound is 0.80 or more."
        );
        assert_eq!(
            told(
                "the difference of recall by race and \"home town\" is at most 0.1",
                |_| (),
                0.12,
                Some((0.08, 0.16)),
                0.1
            ),
            "Of 100 rows positive in truth, 12 more are found in the group with the most than in the group with the least (8 to 16), \
             by race and “home town”; the bound is 10 or less."
        );
        assert_eq!(
            told("the ratio of recall by race is at least 0.8", |_| (), 0.9, None, 0.8),
            "Among rows positive in truth, the group found least often is found at 0.90 times the rate of the group found most often, \
             by race; the bound is 0.80 or more."
        );
        assert_eq!(
            told("the difference of f1 by race is at most 0.1", |_| (), 0.12, None, 0.1),
            "F1 differs by 0.12 between the highest and the lowest group, by race; the bound is 0.10 or less."
        );
        assert_eq!(
            told("the ratio of f1 by race is at least 0.8", |_| (), 0.7, None, 0.8),
            "The lowest F1 of a group is 0.70 times the highest, by race; the bound is 0.80 or more."
        );
        assert_eq!(
            told("the lowest recall by race is at least 0.5", |_| (), 0.4, None, 0.5),
            "In the group with the lowest recall, by race, of 100 rows positive in truth, 40 are found; the bound is 50 or more."
        );
        assert_eq!(
            told("the highest mae by race is at most 50", |_| (), 44.123, None, 50.0),
            "In the group with the highest mean absolute error, by race, it is 44.1; the bound is 50.0 or less."
        );
    }

    #[test]
    fn distances_keep_their_sign() {
        let reference = |key: &mut Key| {
            women(key);
            key.reference_group = Some(BTreeMap::from([("sex".to_owned(), Some("Male".to_owned()))]));
        };
        assert_eq!(
            told(
                "the difference to reference of recall in each group of sex is at least -0.1",
                reference,
                -0.12,
                None,
                -0.1
            ),
            "Where sex is Female, recall minus that where sex is Male is \u{2212}0.12; the bound is \u{2212}0.10 or more."
        );
        assert_eq!(
            told(
                "the ratio to reference of recall in each group of sex is at least 0.8",
                women,
                0.75,
                None,
                0.8
            ),
            "Where sex is Female, recall is 0.75 times that of the reference group; the bound is 0.80 or more."
        );
        assert_eq!(
            told("the difference to overall of recall by sex is at most 0.1", |_| (), 0.12, None, 0.1),
            "The group farthest from all rows differs from them by 0.12 in recall, by sex; the bound is 0.10 or less."
        );
        assert_eq!(
            told("the ratio to overall of recall by sex is at least 0.8", |_| (), 0.75, None, 0.8),
            "Of all rows and the group farthest from them, one has 0.75 times the recall of the other, by sex; the bound is 0.80 or more."
        );
        assert_eq!(
            told("the change of accuracy is at least -0.02", |_| (), -0.03, None, -0.02),
            "Accuracy changes by \u{2212}0.03 from the reference to the current data; the bound is \u{2212}0.02 or more."
        );
    }

    #[test]
    fn other_metrics_go_by_what_they_measure_or_by_name() {
        assert_eq!(
            told("roc_auc is at least 0.5", |_| (), 0.7, Some((0.69, 0.71)), 0.5),
            "Of 100 pairs of a positive and a negative row, 70 are ranked the right way round (69 to 71); guessing would get 50."
        );
        assert_eq!(
            told("rows is at least 100", |_| (), 7214.0, None, 100.0),
            "There are 7,214 rows; the bound is 100 or more."
        );
        assert_eq!(
            told("mae is at most 50", |_| (), 44.123, Some((40.0, 48.0)), 50.0),
            "The prediction is off by 44.1 on average (40.0 to 48.0); the bound is 50.0 or less."
        );
        assert_eq!(
            told("mean_error is at least -2", |_| (), -0.0909, None, -2.0),
            "The prediction is too low on average: mean error \u{2212}0.09; the bound is \u{2212}2.00 or more."
        );
        assert_eq!(
            told("r2 is at least 0", |_| (), -0.1, Some((-0.2, 0.05)), 0.0),
            "R2 is \u{2212}0.10 (\u{2212}0.20 to 0.05); always answering with the mean would get 0."
        );
        assert_eq!(
            told("log_loss is at most 0.5", |_| (), f64::INFINITY, None, 0.5),
            "Log loss is \u{221e}; the bound is 0.50 or less."
        );
        assert_eq!(
            told("brier_score is at most prevalence", |_| (), 0.2, None, 0.45),
            "Brier score is 0.20; the bound is 0.45 or less, by prevalence."
        );
        assert_eq!(
            told("recall (average = macro) is at least 0.5", |_| (), 0.6, None, 0.5),
            "Recall (average macro) is 0.60; the bound is 0.50 or more."
        );
    }

    #[test]
    fn names_from_the_file_cannot_break_the_sentence() {
        assert_eq!(quoted("Female"), "Female");
        assert_eq!(quoted("<b>x</b>"), "“<b>x</b>”");
        assert_eq!(quoted("a\u{1b}[2J\u{202e}b"), "“a\u{fffd}[2J\u{fffd}b”");
        assert_eq!(quoted("").as_str(), "“”");
        assert_eq!(quoted(&"x".repeat(61)).chars().count(), 61);
        assert_eq!(name_in_text("Brier score"), "Brier score");
        assert_eq!(name_in_text("Recall"), "recall");
    }
}
