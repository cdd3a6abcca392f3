//! Names and sentences for numbers: what a metric's value means, told about rows.

use super::format::out_of;
use super::index::{Group, Listed};
use crate::check::Verdict;
use crate::metric::{Comparison, Estimate, Key, registry};
use crate::run::ShareInterval;
use crate::stats::interval::Method;

/// A level as it is shown; missing is said so.
pub fn level_name(level: Option<&String>) -> String {
    match level {
        Some(level) if level.trim().is_empty() => format!("“{level}”"),
        Some(level) => level.clone(),
        None => "(missing)".to_owned(),
    }
}

/// A group's name: its levels, in the order of the grouping.
pub fn group_name(group: &Group, grouping: &[String]) -> String {
    let levels: Vec<String> = grouping
        .iter()
        .map(|column| level_name(group.get(column).and_then(Option::as_ref)))
        .collect();
    levels.join(" · ")
}

/// As [`group_name`], with the rest of a capped grouping named.
pub fn listed_name(listed: &Listed, grouping: &[String]) -> String {
    if listed.is_rest {
        "all smaller groups".to_owned()
    } else {
        group_name(&listed.group, grouping)
    }
}

/// Columns in prose: "race and sex", "race, sex and age".
pub fn columns(names: &[String]) -> String {
    match names {
        [first @ .., last] if !first.is_empty() => format!("{} and {last}", first.join(", ")),
        _ => names.concat(),
    }
}

/// A metric's name in prose; its id where the registry has none.
pub fn metric_name(id: &str) -> String {
    registry::find(id).map_or_else(|| id.replace('_', " "), |metric| metric.name.to_owned())
}

/// The name with a capital, for the beginning of a line.
pub fn capital(text: &str) -> String {
    let mut chars = text.chars();
    chars
        .next()
        .map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}

/// The address of a number in words: "false positive rate, ratio between groups of race".
pub fn address(key: &Key) -> String {
    let mut out = metric_name(&key.metric);
    for name in ["class", "label", "true_class", "predicted_class"] {
        if let Some(value) = key.params.get(name) {
            out.push_str(&format!(", {} {value}", name.replace('_', " ")));
        }
    }
    if !key.columns.is_empty() {
        out.push_str(&format!(", {}", columns(&key.columns)));
    }
    if let Some(comparison) = key.comparison {
        out.push_str(&format!(", {}", comparison_name(comparison)));
        if !key.by.is_empty() {
            out.push_str(&format!(" of {}", columns(&key.by)));
        }
    }
    if let Some(slice) = &key.slice {
        out.push_str(&format!(", for {slice}"));
    }
    if !key.group.is_empty() {
        let parts: Vec<String> = key
            .group
            .iter()
            .map(|(column, level)| format!("{column} = {}", level_name(level.as_ref())))
            .collect();
        out.push_str(&format!(", {}", parts.join(", ")));
    }
    out
}

/// A comparison in words that go before "of COLUMN".
pub const fn comparison_name(comparison: Comparison) -> &'static str {
    match comparison {
        Comparison::Difference => "largest gap between groups",
        Comparison::Ratio => "smallest ratio between groups",
        Comparison::ToOverallDifference => "difference from all rows, groups",
        Comparison::ToOverallRatio => "ratio to all rows, groups",
        Comparison::ToReferenceDifference => "difference from the reference group",
        Comparison::ToReferenceRatio => "ratio to the reference group",
        Comparison::ToRestDifference => "difference from all other rows",
        Comparison::GroupMin => "lowest group",
        Comparison::GroupMax => "highest group",
        Comparison::Change => "change",
    }
}

/// A verdict in one or two words.
pub const fn verdict_word(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Error => "Error",
        Verdict::Fail => "Fails",
        Verdict::Warn => "To watch",
        Verdict::Inconclusive => "Cannot be said",
        Verdict::Pass => "Holds",
        Verdict::NotApplicable => "Does not apply",
    }
}

/// So many checks of a verdict, in words without a subject: "2 fail".
pub fn verdict_count(verdict: Verdict, count: usize) -> String {
    let one = count == 1;
    let words = match verdict {
        Verdict::Error => "in error",
        Verdict::Fail => {
            if one {
                "fails"
            } else {
                "fail"
            }
        }
        Verdict::Warn => "to watch",
        Verdict::Inconclusive => "cannot be said",
        Verdict::Pass => {
            if one {
                "holds"
            } else {
                "hold"
            }
        }
        Verdict::NotApplicable => {
            if one {
                "does not apply"
            } else {
                "do not apply"
            }
        }
    };
    format!("{count} {words}")
}

/// What a share counts: of which rows, and what is said of the part.
pub fn share_words(metric: &str, positive: &str) -> Option<(String, String)> {
    let p = format!("“{positive}”");
    let (of, part) = match metric {
        "selection_rate" => ("rows".to_owned(), format!("are predicted {p}")),
        "prevalence" => ("rows".to_owned(), format!("are {p} in truth")),
        "accuracy" => ("rows".to_owned(), "are predicted right".to_owned()),
        "error_rate" => ("rows".to_owned(), "are predicted wrong".to_owned()),
        "recall" => (format!("rows that are {p}"), "are found".to_owned()),
        "false_negative_rate" => (format!("rows that are {p}"), "are missed".to_owned()),
        "specificity" => (format!("rows that are not {p}"), "are recognised as such".to_owned()),
        "false_positive_rate" => (format!("rows that are not {p}"), format!("are predicted {p} all the same")),
        "precision" => (format!("rows predicted {p}"), format!("are {p} in truth")),
        "false_discovery_rate" => (format!("rows predicted {p}"), "are not".to_owned()),
        "negative_predictive_value" => (format!("rows not predicted {p}"), "are not, in truth".to_owned()),
        "false_omission_rate" => (format!("rows not predicted {p}"), format!("are {p} in truth")),
        _ => return None,
    };
    Some((of, part))
}

/// What happens to a group, to begin a figure's title.
pub fn event(metric: &str, positive: &str) -> Option<String> {
    Some(match metric {
        "selection_rate" => format!("Predicted “{positive}”"),
        "prevalence" => format!("“{positive}” in truth"),
        "accuracy" => "Predicted right".to_owned(),
        "error_rate" => "Predicted wrong".to_owned(),
        "recall" => "Found".to_owned(),
        "false_negative_rate" => "Missed".to_owned(),
        "specificity" => format!("Rightly not predicted “{positive}”"),
        "false_positive_rate" => format!("Wrongly predicted “{positive}”"),
        "precision" => format!("Right when predicted “{positive}”"),
        _ => return None,
    })
}

/// A share told of 100 rows: "Of 100 rows that are “1”, 62 are found".
pub fn told(metric: &str, positive: &str, share: f64) -> Option<String> {
    let (of, part) = share_words(metric, positive)?;
    let (whole, some) = out_of(share);
    Some(format!("Of {whole} {of}, {some} {part}"))
}

/// Why a number does not exist, as a clause.
pub fn why_undefined(estimate: &Estimate) -> String {
    estimate
        .undefined
        .as_ref()
        .map_or_else(|| "there is no value".to_owned(), |undefined| undefined.text.clone())
}

/// An interval's method in words.
pub const fn method_name(method: Method) -> &'static str {
    match method {
        Method::Wilson => "Wilson's score interval",
        Method::ClopperPearson => "Clopper and Pearson's exact interval",
        Method::AgrestiCoull => "Agresti and Coull's interval",
        Method::Wald => "the normal approximation of a share",
        Method::Newcombe => "Newcombe's hybrid score interval for a difference",
        Method::SidakNewcombe => "simultaneous Newcombe limits over all pairs of groups (Sidak)",
        Method::KatzLog => "Katz' log interval for a ratio",
        Method::SidakKatzLog => "simultaneous log limits over all pairs of groups (Sidak)",
        Method::Normal => "the normal approximation",
        Method::Delta => "the delta method",
        Method::DeltaLog => "the delta method on the logarithm",
        Method::SidakDelta => "simultaneous delta-method limits over all pairs of groups (Sidak)",
        Method::SidakDeltaLog => "simultaneous delta-method limits on the logarithm (Sidak)",
        Method::Delong => "DeLong's variance of placements",
        Method::DelongWeighted => "DeLong's variance of placements, weighted",
        Method::LogitNormal => "the normal approximation on the logit scale",
        Method::FisherZ => "the normal approximation on Fisher's scale",
        Method::BonettWright => "the normal approximation on Fisher's scale, variance after Bonett and Wright",
        Method::Fieller => "the normal approximation on Fisher's scale, variance after Fieller, Hartley and Pearson",
        Method::FromLimits => "the limits of both numbers, after Zou and Donner",
        Method::OrderStatistics => "order statistics, whatever the distribution",
        Method::SamplingError => "three sampling errors, taken from the reference",
        Method::Bai => "Bai's limits of the time of a change",
        Method::DelongLogit => "DeLong's variance of placements, on the logit scale",
        Method::DelongLogitWeighted => "DeLong's variance of placements, weighted, on the logit scale",
        Method::HanleyMcneil => "Hanley and McNeil's variance",
        Method::MaximumLikelihood => "the curvature of the likelihood",
        Method::NormalLog => "the normal approximation on the logarithm",
    }
}

/// The chosen method for shares in words.
pub const fn share_method(method: ShareInterval) -> &'static str {
    match method {
        ShareInterval::Wilson => method_name(Method::Wilson),
        ShareInterval::ClopperPearson => method_name(Method::ClopperPearson),
        ShareInterval::AgrestiCoull => method_name(Method::AgrestiCoull),
        ShareInterval::Wald => method_name(Method::Wald),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_read_as_words() {
        let mut key = Key::overall("recall");
        key.comparison = Some(Comparison::Ratio);
        key.by = vec!["race".to_owned(), "sex".to_owned()];
        assert_eq!(address(&key), "recall, smallest ratio between groups of race and sex");
        let mut key = Key::overall("recall");
        key.group.insert("race".to_owned(), None);
        assert_eq!(address(&key), "recall, race = (missing)");
    }

    #[test]
    fn a_share_is_told_about_rows() {
        assert_eq!(
            told("false_positive_rate", "1", 0.4485).as_deref(),
            Some("Of 100 rows that are not “1”, 45 are predicted “1” all the same")
        );
        assert_eq!(told("roc_auc", "1", 0.7), None);
    }
}
