//! What a finding says: rows first, the number with its interval in the sentence, and the bound it is held against.

use super::condition::{Bound, Check, Relation};
use super::naming::{about, by_columns, capital, name_in_text, name_with_params, place, reference, safe, shown_params};
use super::number::{Figures, count, fixed, significant_decimals};
use super::wording::{self, Wording};
use crate::metric::registry::{Metric, Unit, find};
use crate::metric::{Comparison, Estimate, Key};

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
            Unit::Target | Unit::TargetSquared => {
                let value = significant_decimals(figures.value);
                figures
                    .bound
                    .filter(|&bound| bound != 0.0)
                    .map_or(value, |bound| value.min(significant_decimals(bound).max(2)))
            }
            Unit::Share | Unit::Score | Unit::Nats | Unit::YesNo => 2,
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
        let manner = self.manner();
        let said = match self.estimate.key.comparison {
            None => self.plain(&manner),
            Some(comparison) => self.compared(comparison, &manner),
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

    fn manner(&self) -> Manner {
        let (metric, key) = (self.metric, &self.estimate.key);
        if is_told_of_rows(metric, key) {
            Manner::of_rows(self.figures())
        } else {
            Manner::plain(self.figures(), unit(metric, key))
        }
    }

    fn place(&self) -> String {
        place(&self.estimate.key.group).map_or_else(String::new, |place| format!("{place}, "))
    }

    fn plain(&self, manner: &Manner) -> String {
        let (place, value, limits) = (self.place(), manner.value(), manner.limits());
        if let Some((wording, class)) = self.wording() {
            return format!("{place}{}{limits}", told_of_rows(wording, class.as_deref(), manner));
        }
        match self.metric.id {
            "roc_auc" if is_ranking(self.metric, &self.estimate.key) => {
                let base = manner.base();
                format!(
                    "{place}of {base} pairs of a positive and a negative row, {value} {} ranked the right way round{limits}",
                    verb(&value)
                )
            }
            "rows" => format!("{place}there {} {value} row{}", verb(&value), if value == "1" { "" } else { "s" }),
            "mae" => format!("{place}the prediction is off by {value} on average{limits}"),
            "mean_error" if self.value < 0.0 => format!("{place}the prediction is too low on average: mean error {value}{limits}"),
            "mean_error" if self.value > 0.0 => format!("{place}the prediction is too high on average: mean error {value}{limits}"),
            _ => format!("{place}{} is {value}{limits}", name_with_params(self.metric, &self.estimate.key)),
        }
    }

    fn compared(&self, comparison: Comparison, manner: &Manner) -> String {
        let key = &self.estimate.key;
        let (place, by, name) = (self.place(), by_columns(", ", &key.by), name_with_params(self.metric, key));
        let (value, limits) = (manner.value(), manner.limits());
        match comparison {
            Comparison::Difference => difference_between_groups(&name, self.wording(), manner, &by),
            Comparison::Ratio => ratio_between_groups(&name, self.wording(), manner, &by),
            Comparison::GroupMin => self.extreme("lowest", &name, manner, &by),
            Comparison::GroupMax => self.extreme("highest", &name, manner, &by),
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
        }
    }

    fn extreme(&self, extreme: &str, name: &str, manner: &Manner, by: &str) -> String {
        let told = match self.wording() {
            Some((wording, class)) => told_of_rows(wording, class.as_deref(), manner),
            None => format!("it is {}", manner.value()),
        };
        format!("in the group with the {extreme} {name}{by}, {told}{}", manner.limits())
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

fn difference_between_groups(name: &str, wording: Option<(Wording, Option<String>)>, manner: &Manner, by: &str) -> String {
    let (value, limits) = (manner.value(), manner.limits());
    let Some((wording, class)) = wording else {
        return format!("{name} differs by {value} between the highest and the lowest group{limits}{by}");
    };
    let (of, are) = (spaced(&wording.of.text(class.as_deref())), wording.compared.text(class.as_deref()));
    let (base, verb) = (manner.base(), verb(&value));
    format!("of {base} rows{of}, {value} more {verb} {are} in the group with the most than in the group with the least{limits}{by}")
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

/// A number alone, in the manner of its sentence: `0.30`, or `30 in 100` where it is told of rows.
pub(super) fn bare(metric: &Metric, key: &Key, value: f64) -> String {
    let figures = Figures {
        value,
        ..Figures::default()
    };
    if is_told_of_rows(metric, key) {
        let manner = Manner::of_rows(figures);
        format!("{} in {}", manner.value(), manner.base())
    } else {
        Manner::plain(figures, unit(metric, key)).value()
    }
}

/// Whether the number is told as so many rows of a hundred: a share, a gap between shares, or the ranking of pairs.
fn is_told_of_rows(metric: &Metric, key: &Key) -> bool {
    let is_share = matches!(
        key.comparison,
        None | Some(Comparison::Difference | Comparison::GroupMin | Comparison::GroupMax)
    );
    is_share && wording_of(metric, key).is_some() || is_ranking(metric, key)
}

fn is_ranking(metric: &Metric, key: &Key) -> bool {
    metric.id == "roc_auc" && key.comparison.is_none() && shown_params(key).is_empty()
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
    let class = params
        .remove("class")
        .or_else(|| params.remove("label"))
        .map(|class| format!("“{}”", safe(class)));
    params.is_empty().then_some(())?;
    Some((wording::of_metric(metric.id)?, class))
}

fn spaced(text: &str) -> String {
    if text.is_empty() { String::new() } else { format!(" {text}") }
}

fn verb(shown: &str) -> &'static str {
    if shown == "1" { "is" } else { "are" }
}

#[cfg(test)]
#[path = "phrase_tests.rs"]
mod tests;
