//! Gaps told about people: whom a rate is about, what happens to them, which harm that points to, and what it does not show.

use super::super::super::words::level_name;
use super::super::positive_class;
use super::grouping::{End, Grouping};
use crate::chart::number::Quantity;
use crate::report::Report;
use crate::report::index::Index;

/// The words in force: those that were given, else the names of the classes.
struct Words {
    /// "defendants"; `None` where rows are called rows.
    people: Option<String>,
    positive: String,
    negative: String,
    predicted: String,
    not_predicted: String,
}

fn words(report: &Report) -> Words {
    let class = positive_class(report);
    let own = &report.settings.wording;
    let or = |given: &String, plain: String| if given.is_empty() { plain } else { given.clone() };
    Words {
        people: Some(own.people.clone()).filter(|people| !people.is_empty()),
        positive: or(&own.positive, format!("are “{class}” in truth")),
        negative: or(&own.negative, format!("are not “{class}” in truth")),
        predicted: or(&own.predicted, format!("are predicted “{class}”")),
        not_predicted: or(&own.not_predicted, format!("are not predicted “{class}”")),
    }
}

/// Whether it is good for people to be predicted positive; `None` where nobody said.
pub(super) fn is_flag_good(report: &Report) -> Option<bool> {
    let good = report.settings.favorable.as_ref()?;
    Some(report.outcome.positive_class.as_ref() == Some(good))
}

/// Among whom, and what happens to them; `None` for a metric that is no share of people.
fn told(words: &Words, metric: &str) -> Option<(Option<String>, String)> {
    let (among, part) = match metric {
        "selection_rate" => (None, &words.predicted),
        "prevalence" => (None, &words.positive),
        "recall" => (Some(&words.positive), &words.predicted),
        "false_negative_rate" => (Some(&words.positive), &words.not_predicted),
        "false_positive_rate" => (Some(&words.negative), &words.predicted),
        "specificity" => (Some(&words.negative), &words.not_predicted),
        "precision" => (Some(&words.predicted), &words.positive),
        "false_discovery_rate" => (Some(&words.predicted), &words.negative),
        "false_omission_rate" => (Some(&words.not_predicted), &words.positive),
        _ => return None,
    };
    let whom = if words.people.is_some() { "those who" } else { "rows that" };
    Some((among.map(|among| format!("{whom} {among}")), part.clone()))
}

/// "45 of 100 African-American defendants", or "45 of 100 in the group Less than 25".
fn some(words: &Words, name: &str, share: f64, is_first: bool) -> String {
    let number = Quantity::Decimal(0).number(share * 100.0);
    // A name of one word reads as an adjective; a condition does not.
    let is_word = !name.is_empty() && name.chars().all(|sign| sign.is_alphabetic() || sign == '-');
    match &words.people {
        Some(people) if is_word => format!("{number} of 100 {name} {people}"),
        Some(people) if is_first => format!("{number} of 100 {people} in the group {name}"),
        _ if is_first => format!("{number} of 100 in the group {name}"),
        _ => format!("{number} of 100 in {name}"),
    }
}

/// The groups that a sentence names: the one with the highest value, the largest other one where it is neither end, the one with the lowest.
fn named<'a, 'b>(grouping: &Grouping<'a>, judged: &'b [End<'a>]) -> Vec<&'b End<'a>> {
    let [lowest, .., highest] = judged else { return Vec::new() };
    let inner = &judged[1..judged.len() - 1];
    let rows = |end: &End<'_>| {
        let is_it = |listed: &&crate::report::index::Listed| crate::report::words::listed_name(listed, grouping.by) == end.name;
        grouping.groups.iter().find(is_it).map_or(0, |listed| listed.rows)
    };
    let most = |end: &End<'_>| rows(end) > rows(lowest).min(rows(highest));
    let middle = inner.iter().filter(|end| most(end)).max_by_key(|end| rows(end));
    std::iter::once(highest).chain(middle).chain([lowest]).collect()
}

/// "Among those who did not reoffend, 45 of 100 African-American defendants were flagged high risk, 23 of 100 Caucasian defendants."
pub(super) fn contrast(grouping: &Grouping<'_>, metric: &str) -> Option<String> {
    let words = words(grouping.index.report);
    let (among, part) = told(&words, metric)?;
    let judged = grouping.judged(metric);
    let ends = named(grouping, &judged);
    let share = |end: &End<'_>| end.estimate.value.unwrap_or(0.0);
    let (first, others) = ends.split_first()?;
    if share(first) > 0.9905 || share(ends.last()?) < 0.0095 {
        return None;
    }
    let among = among.map_or_else(String::new, |among| format!("Among {among}, "));
    let mut out = format!("{among}{} {part}", some(&words, &first.name, share(first), true));
    for end in others {
        out.push_str(&format!(", {}", some(&words, &end.name, share(end), false)));
    }
    out.push('.');
    Some(out)
}

impl Grouping<'_> {
    /// The sentence of a feature among those of others.
    pub(super) fn line(&self, metric: &str) -> String {
        let sentence = self.sentence(metric);
        let told = match sentence.strip_prefix("Among") {
            Some(rest) => format!("among{rest}"),
            None => sentence,
        };
        format!("By {}: {told}", level_name(self.by.first()))
    }
}

/// Which harm a gap in the metric points to, and what it does not show.
pub(super) fn meaning(index: &Index<'_>, metric: &str) -> Option<String> {
    let harm = match (metric, is_flag_good(index.report)) {
        ("false_positive_rate", Some(false)) => "A burden falls on people who did nothing to earn it: a harm of allocation.",
        ("false_positive_rate", Some(true)) => {
            "What is good goes to people who do not qualify, in one group more than in another: a question of allocation."
        }
        ("false_positive_rate", None) => {
            "Where being flagged is a burden, it falls on people who did nothing to earn it: a harm of allocation. Where it is an advantage, it is given \
             without ground."
        }
        ("false_negative_rate" | "recall", Some(true)) => "People who qualify are passed over: a harm of allocation.",
        ("false_negative_rate" | "recall", Some(false)) => {
            "People who would have been flagged rightly are spared, in one group more than in another."
        }
        ("false_negative_rate" | "recall", None) => {
            "Where being flagged is an advantage, people who qualify are passed over: a harm of allocation. Where it is help or protection, it fails \
             them: a harm of quality of service."
        }
        ("selection_rate", _) => {
            return Some(
                "What is given out, good or bad, is given out unevenly: a question of allocation. It does not show whether the groups differ in truth, \
                 nor why."
                    .to_owned(),
            );
        }
        ("precision" | "accuracy" | "roc_auc" | "mae" | "rmse" | "mean_error" | "recall_macro" | "precision_macro", _) => {
            "The model serves one group worse than another: a harm of quality of service."
        }
        _ => return None,
    };
    let label = index.report.roles.label.as_ref()?;
    Some(format!(
        "{harm} What it does not show: whether “{label}” is the truth (a label that was recorded unevenly hides a gap, or makes one), why the groups \
         differ, and what is decided in the end."
    ))
}
