//! The table of metrics: pickers, tooltips, `assay explain`, English checks, the README's table and the JSON's ids all derive from it.

pub use super::spec::{Direction, Family, Metric, Unit};
use super::{
    association, binary, by_score, calibration, class_scores, curve, domain, drift, efficiency, evidence, fairness, labels, multiclass,
    proxies, quality, ranking, regression, representation, retrieval, scores, time, top,
};

/// The families' tables, in the order they are shown.
const FAMILIES: &[&[Metric]] = &[
    &binary::METRICS,
    &multiclass::METRICS,
    &labels::METRICS,
    &ranking::METRICS,
    &scores::METRICS,
    &by_score::METRICS,
    &curve::METRICS,
    &top::METRICS,
    &calibration::METRICS,
    &class_scores::METRICS,
    regression::METRICS[0],
    regression::METRICS[1],
    regression::METRICS[2],
    regression::METRICS[3],
    regression::METRICS[4],
    regression::METRICS[5],
    &retrieval::METRICS,
    &fairness::METRICS,
    &representation::METRICS,
    &proxies::METRICS,
    &evidence::METRICS,
    drift::METRICS[0],
    drift::METRICS[1],
    drift::METRICS[2],
    drift::METRICS[3],
    &domain::METRICS,
    &time::METRICS,
    &efficiency::METRICS,
    &quality::METRICS,
    &quality::rows::METRICS,
    &association::METRICS,
];

const COUNT: usize = {
    let (mut family, mut rows) = (0, 0);
    while family < FAMILIES.len() {
        rows += FAMILIES[family].len();
        family += 1;
    }
    rows
};

const fn all() -> [Metric; COUNT] {
    let mut table = [FAMILIES[0][0]; COUNT];
    let (mut family, mut filled) = (0, 0);
    while family < FAMILIES.len() {
        let mut row = 0;
        while row < FAMILIES[family].len() {
            table[filled] = FAMILIES[family][row];
            filled += 1;
            row += 1;
        }
        family += 1;
    }
    table
}

static TABLE: [Metric; COUNT] = all();

/// Every metric, in the order they are shown.
pub static METRICS: &[Metric] = &TABLE;

/// The metric of that id or alias; letter case, blanks, hyphens and underscores do not matter.
pub fn find(name: &str) -> Option<&'static Metric> {
    // Nearly always an id as it is.
    if let Some(metric) = METRICS.iter().find(|metric| metric.id == name) {
        return Some(metric);
    }
    let plain = |text: &str| {
        text.chars()
            .filter(|c| c.is_alphanumeric())
            .flat_map(char::to_lowercase)
            .collect::<String>()
    };
    let wanted = plain(name);
    let is_called = |metric: &&Metric| {
        [metric.id, metric.name]
            .iter()
            .chain(metric.aliases)
            .chain(metric.words)
            .any(|called| plain(called) == wanted)
    };
    METRICS
        .iter()
        .find(|metric| plain(metric.id) == wanted)
        .or_else(|| METRICS.iter().find(is_called))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    #[test]
    fn every_row_is_documented() {
        for metric in METRICS {
            for text in [
                metric.id,
                metric.name,
                metric.summary,
                metric.formula,
                metric.reading,
                metric.caveat,
                metric.reference,
            ] {
                assert!(!text.is_empty(), "{} lacks a text", metric.id);
            }
            assert!(
                metric.summary.ends_with('.') && metric.reading.ends_with('.') && metric.caveat.ends_with('.'),
                "{}",
                metric.id
            );
            assert!(!metric.reads.is_empty(), "{} reads nothing", metric.id);
            assert!(metric.range.0 < metric.range.1, "{}", metric.id);
            assert!(
                metric.id.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_'),
                "{}",
                metric.id
            );
        }
    }

    #[test]
    fn no_name_calls_two_metrics() {
        let mut called: BTreeMap<String, &str> = BTreeMap::new();
        for metric in METRICS {
            let mut names: Vec<String> = [metric.id, metric.name]
                .iter()
                .chain(metric.aliases)
                .chain(metric.words)
                .map(|name| name.replace('_', " ").to_lowercase())
                .collect();
            names.sort();
            names.dedup();
            for name in names {
                let other = called.insert(name.clone(), metric.id);
                assert_eq!(other, None, "\"{name}\" calls {} too", metric.id);
            }
        }
    }

    #[test]
    fn ids_aliases_and_words_find_their_metric() {
        for metric in METRICS {
            for name in [metric.id, metric.name].iter().chain(metric.aliases).chain(metric.words) {
                assert_eq!(find(name).map(|found| found.id), Some(metric.id), "{name}");
            }
        }
        assert!(find("no such thing").is_none());
    }
}
