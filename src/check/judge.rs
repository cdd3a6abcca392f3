//! Verdicts from estimates: the interval is held against the bound, and what cannot be said is said.

use super::condition::{Aim, Bound, Check, Relation, Severity};
use super::matching::{Index, MIN_SUPPORT, Target};
use super::naming::{about, capital, name_in_text, quoted, visible};
use super::nearest::{nearest, suggestion};
use super::phrase::{Told, bare, too_few, unknown};
use super::verdict::{Finding, Verdict};
use super::{number, sentence};
use crate::metric::registry::{Metric, Unit, find};
use crate::metric::{Comparison, Estimate, Key, Special, Undefined, UndefinedCode};
use crate::stats::interval::Interval;
use crate::stats::order;

/// What judging needs to know beside the numbers.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Context {
    /// The fewest rows behind a number that is judged.
    pub min_support: u64,
    /// The nominal coverage that intervals were asked for.
    pub level: f64,
}

/// What every check of the suite says of the estimates: the most serious verdicts first, then in the suite's order, then by the numbers' addresses,
/// groupings of fewer columns first.
///
/// A number is judged by its interval: it holds where the whole interval keeps the bound, it is breached where none of it does, and is inconclusive
/// between the two. A number without interval is judged itself. A check that names no number of the report fails, or does not apply where it is optional.
pub fn judge(suite: &[Check], estimates: &[Estimate], context: &Context) -> Vec<Finding> {
    let index = Index::of(estimates);
    let mut findings: Vec<(usize, Finding)> = Vec::new();
    for (place, check) in suite.iter().enumerate() {
        findings.extend(judge_check(check, &index, context).into_iter().map(|finding| (place, finding)));
    }
    order::sort_by_key(&mut findings, |(place, finding)| (finding.verdict, *place));
    findings.into_iter().map(|(_, finding)| finding).collect()
}

fn judge_check(check: &Check, index: &Index<'_>, context: &Context) -> Vec<Finding> {
    if let Some(flaw) = check.flaw() {
        return vec![error(check, None, format!("{}.", capital(&flaw.to_string())))];
    }
    let metric = match known(&check.subject.metric) {
        Ok(metric) => metric,
        Err(reason) => return vec![error(check, None, reason)],
    };
    if let Bound::Metric { metric } = &check.condition.bound
        && let Err(reason) = known(metric)
    {
        return vec![error(check, None, reason)];
    }
    let targets = index.targets(metric.id, &check.subject, context.min_support);
    if targets.is_empty() {
        return vec![unmatched(check, metric, index)];
    }
    let judged = targets.into_iter().map(|target| {
        let case = Case {
            check,
            metric,
            target,
            context,
        };
        case.finding(index)
    });
    judged.collect()
}

fn known(name: &str) -> Result<&'static Metric, String> {
    find(name).ok_or_else(|| format!("No metric is called {}. {}", quoted(name), suggestion(&nearest(name))))
}

/// One number and all that its verdict follows from.
struct Case<'a> {
    check: &'a Check,
    metric: &'static Metric,
    target: Target<'a>,
    context: &'a Context,
}

/// How a number stands to its bound.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Standing {
    Holds,
    Breached,
    Open,
}

/// Holds where the whole interval keeps the bound, breached where none of it does. A lone number is its own interval.
fn weigh(relation: Relation, bound: f64, value: f64, interval: Option<&Interval>) -> Standing {
    let (low, high) = interval.map_or((value, value), |interval| (interval.low, interval.high));
    let (holds, breached) = match relation {
        Relation::AtLeast => (low >= bound, high < bound),
        Relation::AtMost => (high <= bound, low > bound),
    };
    match (holds, breached) {
        (true, _) => Standing::Holds,
        (false, true) => Standing::Breached,
        (false, false) => Standing::Open,
    }
}

impl Case<'_> {
    fn finding(&self, index: &Index<'_>) -> Finding {
        let estimate = self.target.estimate;
        if let Some(undefined) = &estimate.undefined {
            return self.without_number(undefined);
        }
        let Some(value) = number_of(estimate) else {
            return error(self.check, Some(estimate), self.no_number());
        };
        if self.metric.unit != Unit::Count && estimate.support < self.least_support() {
            return self.thin();
        }
        match self.bound(index) {
            Ok(bound) => self.weighed(value, bound),
            Err(finding) => *finding,
        }
    }

    fn weighed(&self, value: f64, bound: f64) -> Finding {
        let estimate = self.target.estimate;
        let interval = estimate.interval.as_ref();
        let told = Told {
            check: self.check,
            metric: self.metric,
            estimate,
            value,
            bound,
        };
        let mut reasons = Vec::new();
        let verdict = match (weigh(self.check.condition.relation, bound, value, interval), interval) {
            (Standing::Holds, _) => Verdict::Pass,
            (Standing::Breached, _) => breach(self.check.severity),
            (Standing::Open, Some(interval)) => {
                let level = number::percent(interval.level);
                reasons.push(format!(
                    "The bound lies within the {level} interval, so these rows do not decide it."
                ));
                Verdict::Inconclusive
            }
            (Standing::Open, None) => {
                reasons.push(self.no_number());
                Verdict::Error
            }
        };
        if interval.is_none() && self.metric.unit != Unit::Count && verdict != Verdict::Error {
            let level = number::percent(self.context.level);
            reasons.push(format!(
                "There is no {level} interval for this number, so the number itself is judged."
            ));
        }
        reasons.extend(self.over_all_groups(value));
        Finding {
            bound: Some(bound),
            ..finding(self.check, verdict, Some(estimate), told.sentence(), reasons.join(" "))
        }
    }

    /// The gap over all groups, where groups were kept out of what was judged and it makes a difference.
    fn over_all_groups(&self, judged: f64) -> Option<String> {
        let plain = self.target.over_all_groups.and_then(number_of)?;
        (plain != judged).then(|| {
            let (value, least) = (bare(self.metric, &self.target.estimate.key, plain), self.least_support());
            format!("With the groups of fewer than {} rows, it is {value}.", number::count(least))
        })
    }

    /// Fewer rows than this do not count: as the number's own address says, otherwise as set.
    fn least_support(&self) -> u64 {
        let own = self.target.estimate.key.params.get(MIN_SUPPORT).and_then(|rows| rows.parse().ok());
        own.unwrap_or(self.context.min_support)
    }

    fn thin(&self) -> Finding {
        let estimate = self.target.estimate;
        let reason = format!("A number is judged from {} rows on.", number::count(self.least_support()));
        finding(
            self.check,
            Verdict::Inconclusive,
            Some(estimate),
            too_few(self.metric, estimate),
            reason,
        )
    }

    /// The number does not exist: what the data lacks in kind does not concern an optional check, what it lacks in rows is inconclusive.
    fn without_number(&self, undefined: &Undefined) -> Finding {
        let estimate = self.target.estimate;
        let plain = self.target.over_all_groups.and_then(number_of);
        let lacks_kind = match undefined.code {
            UndefinedCode::TooFewGroups => plain.is_none(),
            UndefinedCode::ScoreOutOfRange => true,
            _ => false,
        };
        let why = match (undefined.code, plain) {
            (UndefinedCode::TooFewGroups, Some(_)) => format!("fewer than two groups have {} rows", number::count(self.least_support())),
            _ => visible(&undefined.text),
        };
        let verdict = if lacks_kind && self.check.optional {
            Verdict::NotApplicable
        } else {
            Verdict::Inconclusive
        };
        let reasons: Vec<String> = std::iter::once(format!("{}.", capital(&why)))
            .chain(self.over_all_groups(f64::NAN))
            .collect();
        finding(
            self.check,
            verdict,
            Some(estimate),
            unknown(self.metric, estimate, &why),
            reasons.join(" "),
        )
    }

    fn no_number(&self) -> String {
        capital(&format!(
            "{} is not a number, so it cannot be held against a bound.",
            about(self.metric, &self.target.estimate.key)
        ))
    }

    /// The bound as a number: a metric's is read over the same rows, which for a gap are all rows.
    fn bound(&self, index: &Index<'_>) -> Result<f64, Box<Finding>> {
        let metric = match &self.check.condition.bound {
            Bound::Constant(bound) => return Ok(*bound),
            Bound::Metric { metric } => metric,
        };
        let estimate = self.target.estimate;
        let key = Key {
            group: estimate.key.group.clone(),
            slice: estimate.key.slice.clone(),
            ..Key::overall(find(metric).map_or(metric, |metric| metric.id))
        };
        let limit = index.get(&key);
        if let Some(bound) = limit.and_then(number_of) {
            return Ok(bound);
        }
        Err(Box::new(match limit.and_then(|limit| limit.undefined.as_ref()) {
            Some(undefined) => {
                let reason = format!("The bound, {metric}, cannot be said: {}.", visible(&undefined.text));
                finding(self.check, Verdict::Inconclusive, Some(estimate), could_not(self.check), reason)
            }
            None => {
                let reason = format!("The bound, {metric}, is not among the numbers of this report over the same rows.");
                error(self.check, Some(estimate), reason)
            }
        }))
    }
}

const fn breach(severity: Severity) -> Verdict {
    match severity {
        Severity::Fail => Verdict::Fail,
        Severity::Warn => Verdict::Warn,
    }
}

fn number_of(estimate: &Estimate) -> Option<f64> {
    match estimate.special {
        Some(Special::Inf) => Some(f64::INFINITY),
        Some(Special::NegInf) => Some(f64::NEG_INFINITY),
        None => estimate.value.filter(|value| !value.is_nan()),
    }
}

/// No number answers to the check: it does not apply if it is optional, and otherwise fails whatever its severity, lest a misspelt check pass unseen.
fn unmatched(check: &Check, metric: &Metric, index: &Index<'_>) -> Finding {
    let why = why_unmatched(check, metric, index);
    if check.optional {
        let sentence = format!("Does not apply here: {}.", visible(&sentence::claim(check)));
        return finding(check, Verdict::NotApplicable, None, sentence, why);
    }
    let sentence = format!("Nothing to check: {}.", visible(&sentence::claim(check)));
    finding(
        check,
        Verdict::Fail,
        None,
        sentence,
        format!("{why} A check that finds nothing to check fails."),
    )
}

fn why_unmatched(check: &Check, metric: &Metric, index: &Index<'_>) -> String {
    let subject = &check.subject;
    let name = name_in_text(metric.name);
    if !index.holds(metric.id) {
        return format!("This report holds no {name}: the data has no columns to measure it on.");
    }
    let asks_for_groups =
        subject.aim == Aim::EachGroup || !matches!(subject.comparison, None | Some(Comparison::Change | Comparison::ToRestDifference));
    if subject.slice.is_some() {
        return format!("{} is not measured in slices, or these have no such numbers.", capital(&name));
    }
    if !asks_for_groups {
        return format!("This report holds {name}, but not in this form.");
    }
    let groupings = index.groupings(metric.id);
    if groupings.is_empty() {
        return "This report has no groups: no column is marked sensitive.".to_owned();
    }
    let mut by: Vec<&str> = subject.by.iter().map(String::as_str).collect();
    order::sort(&mut by);
    if by.is_empty() || groupings.contains(&by) {
        return format!("This report has groups, but {name} is not measured like this in them.");
    }
    let wanted = listed(&by);
    let held: Vec<String> = groupings.iter().map(|columns| format!("by {}", listed(columns))).collect();
    format!("This report has no groups by {wanted}; it has them {}.", held.join(", "))
}

fn listed(columns: &[&str]) -> String {
    columns.iter().map(|column| quoted(column)).collect::<Vec<_>>().join(" and ")
}

fn could_not(check: &Check) -> String {
    format!("Could not be checked: {}.", visible(&sentence::claim(check)))
}

fn error(check: &Check, estimate: Option<&Estimate>, reason: String) -> Finding {
    finding(check, Verdict::Error, estimate, could_not(check), reason)
}

fn finding(check: &Check, verdict: Verdict, estimate: Option<&Estimate>, sentence: String, reason: String) -> Finding {
    Finding {
        check: check.id.clone(),
        key: estimate.map(|estimate| estimate.key.clone()),
        verdict,
        estimate: estimate.cloned(),
        bound: match check.condition.bound {
            Bound::Constant(bound) if bound.is_finite() => Some(bound),
            _ => None,
        },
        sentence,
        reason,
    }
}

#[cfg(test)]
#[path = "judge_tests.rs"]
mod tests;
