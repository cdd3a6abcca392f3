//! Which limits in a report hold less or more often than they say, and why.

use super::Report;
use super::format::level;
use super::index::Index;
use super::words::metric_name;
use crate::metric::{Estimate, Key, Unit, registry};
use crate::stats::interval::doubt::{Circumstances, DOUBTS, Doubt, Off, When, doubt};

/// How many numbers a sentence names.
const MOST_NAMED: usize = 4;

/// The doubt about an estimate's limits, where there is one.
pub fn of(index: &Index<'_>, estimate: &Estimate) -> Option<&'static Doubt> {
    let limits = estimate.interval?;
    // Of all rows it is all there is, so that nothing is left to hold.
    if estimate.key.metric == "predicted_positive_share" && estimate.key.group.is_empty() {
        return None;
    }
    doubt(limits.method, &circumstances(index, estimate))
}

fn circumstances<'a>(index: &Index<'_>, estimate: &'a Estimate) -> Circumstances<'a> {
    let metric = registry::find(&estimate.key.metric);
    let value = estimate.value.filter(|_| estimate.key.comparison.is_none());
    let quantile = estimate.key.params.get("percent").and_then(|percent| percent.parse::<f64>().ok());
    let is_share = metric.is_some_and(|metric| metric.unit == Unit::Share);
    Circumstances {
        metric: &estimate.key.metric,
        support: estimate.support,
        rarest: rarest(index, estimate),
        share: quantile.map(|percent| percent / 100.0).or(value.filter(|_| is_share)),
        // The Gini coefficient goes from -1 to 1 where the area goes from 0 to 1.
        area: value
            .zip(metric)
            .map(|(value, metric)| if metric.range.0 < 0.0 { 0.5 + 0.5 * value } else { value }),
        kurtosis: index.overall("residual_excess_kurtosis").and_then(|kurtosis| kurtosis.value),
    }
}

/// Rows of the rarest class in truth behind the number, as far as the report tells.
fn rarest(index: &Index<'_>, estimate: &Estimate) -> Option<u64> {
    let prevalence = |class: Option<&String>| {
        let key = Key {
            params: class.map(|class| ("class".to_owned(), class.clone())).into_iter().collect(),
            group: estimate.key.group.clone(),
            control: estimate.key.control.clone(),
            ..Key::overall("prevalence")
        };
        let known = index.get(&key)?;
        let hits = (known.value? * known.support as f64).round() as u64;
        Some(hits.min(known.support.saturating_sub(hits)))
    };
    match estimate.key.params.get("class") {
        Some(class) => prevalence(Some(class)),
        None => prevalence(None).or_else(|| {
            index
                .report
                .outcome
                .classes
                .iter()
                .filter_map(|class| prevalence(Some(class)))
                .min()
        }),
    }
}

/// A sentence for every doubt about these estimates, each naming some of them.
pub fn sentences<'a>(index: &Index<'_>, estimates: impl Iterator<Item = &'a Estimate>) -> Vec<String> {
    let mut named: Vec<Vec<String>> = DOUBTS.iter().map(|_| Vec::new()).collect();
    for estimate in estimates {
        let place = of(index, estimate).and_then(|doubt| DOUBTS.iter().position(|own| own == doubt));
        let name = metric_name(&estimate.key.metric);
        if let Some(names) = place.map(|place| &mut named[place]).filter(|names| !names.contains(&name)) {
            names.push(name);
        }
    }
    let told = DOUBTS.iter().zip(named).filter(|(_, names)| !names.is_empty());
    told.map(|(doubt, names)| sentence(index.report, doubt, &names)).collect()
}

fn sentence(report: &Report, doubt: &Doubt, names: &[String]) -> String {
    let mut subject = names[..names.len().min(MOST_NAMED)].join(", ");
    if names.len() > MOST_NAMED {
        subject.push_str(&format!(" and {} more", names.len() - MOST_NAMED));
    }
    let off = match doubt.off {
        Off::TooNarrow => "hold the true value less often than",
        Off::TooWide => "hold the true value more often than",
        Off::Either => "may hold the true value noticeably less often or more often than",
    };
    format!(
        "The limits of {subject} {off} {} of the time: {}.",
        level(report.settings.level),
        because(doubt.when)
    )
}

/// When limits are off, as a clause.
pub fn because(when: When) -> String {
    match when {
        When::Always(why) => why.to_owned(),
        When::FewOfAClass(rows) => format!("one of the classes has fewer than {rows} rows in truth"),
        When::EvenClasses(_) => "the classes are about equally frequent".to_owned(),
        When::NearTheEnd(rows) => format!("fewer than {rows} rows are on one side, as hits or misses of a share or beyond a quantile"),
        When::NearlyPerfect(rows) => format!("the area is so near 1, or a class so rare, that fewer than {rows} of its rows are misplaced"),
        When::FewErrors(rows) => format!("fewer than {rows} predicted numbers are behind them"),
        When::LargeErrors(_) => "a few errors are far larger than the rest".to_owned(),
    }
}
