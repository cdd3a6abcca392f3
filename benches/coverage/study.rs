//! What is studied, and how a condition's runs are counted.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;

use assay::check::{Suite, Verdict};
use assay::data::Table;
use assay::engine::{AuditJob, Step};
use assay::metric::ranking::{RankTotals, Scan};
use assay::metric::reading::{Evidence, Reading};
use assay::metric::state::RowWeight;
use assay::metric::{Comparison, Estimate, Key, Metric, Read, registry};
use assay::report::Report;
use assay::run::{AucInterval, Settings, ShareInterval, frame};
use assay::stats::interval::{Interval, Method, Share};
use assay::stats::math::{exp, ln};

use super::draws::Draws;
use super::models::{self, Population};

/// What a line of the study is about: a number and how its limits were made.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Line {
    /// The metric, with the comparison where it is one, and with its parameters.
    pub name: String,
    /// The method's name in the JSON.
    pub method: String,
}

/// How often limits were there, and held.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Held {
    /// Runs with limits.
    pub limits: u64,
    /// Of them, those whose limits held the true value.
    pub held: u64,
}

/// A condition's counts.
pub type Counts = BTreeMap<Line, Held>;

/// Adds counts of other runs.
pub fn add(counts: &mut Counts, others: Counts) {
    for (line, other) in others {
        let own = counts.entry(line).or_default();
        own.limits += other.limits;
        own.held += other.held;
    }
}

/// A method's name in the JSON.
pub fn method_name(method: Method) -> String {
    let text = serde_json::to_string(&method).expect("a method is a word");
    text.trim_matches('"').to_owned()
}

fn found(metric: &str) -> &'static Metric {
    registry::find(metric).expect("the study names metrics of the registry")
}

fn holds(limits: Interval, truth: f64) -> bool {
    // Limits that end at the truth hold it, also where they were rounded on the way.
    let slack = 1e-12 * truth.abs().max(1.0);
    limits.low <= truth + slack && truth - slack <= limits.high
}

// ---- shares, exactly -------------------------------------------------------------------------------------------------------------------

/// The interval methods of shares.
pub const SHARE_METHODS: [(&str, ShareInterval); 4] = [
    ("Wilson", ShareInterval::Wilson),
    ("Clopper-Pearson", ShareInterval::ClopperPearson),
    ("Agresti-Coull", ShareInterval::AgrestiCoull),
    ("Wald", ShareInterval::Wald),
];

/// The chance that the limits of a share hold it: the sum over all numbers of hits that could be seen.
pub fn share_coverage(interval: ShareInterval, probability: f64, size: u32) -> f64 {
    let (metric, settings) = (
        found("accuracy"),
        Settings {
            interval,
            ..Settings::default()
        },
    );
    let n = f64::from(size);
    let (mut coverage, mut ways) = (0.0, 0.0);
    for hits in 0..=size {
        let k = f64::from(hits);
        if hits > 0 {
            // The logarithm of the number of ways to choose the hits.
            ways += ln((n - k + 1.0) / k);
        }
        let reading = Reading {
            value: Ok(k / n),
            support: u64::from(size),
            evidence: Evidence::Share(Share { value: k / n, size: n }),
        };
        let estimate = frame::estimate(Key::overall(metric.id), &reading, metric, &settings);
        if estimate.interval.is_some_and(|limits| holds(limits, probability)) {
            coverage += exp(ways + k * ln(probability) + (n - k) * ln(1.0 - probability));
        }
    }
    coverage
}

// ---- the area under the ROC curve ------------------------------------------------------------------------------------------------------

/// The interval methods of areas.
pub const AREA_METHODS: [(&str, AucInterval); 3] = [
    ("DeLong", AucInterval::Delong),
    ("DeLong, logit", AucInterval::DelongLogit),
    ("Hanley-McNeil", AucInterval::HanleyMcneil),
];

/// True areas with the distance between the means of two standard normal scores that has them: the square root of 2 times the normal quantile.
pub const AREAS: [(f64, f64); 3] = [
    (0.6, 0.358_286_909_291_334_9),
    (0.8, 1.190_232_229_064_393_7),
    (0.95, 2.326_174_307_353_347),
];

/// Numbers of positives and of negatives.
pub const AREA_SIZES: [(usize, usize); 4] = [(30, 30), (100, 100), (50, 500), (10, 90)];

/// Runs of a true area with so many positives and negatives.
pub fn area_runs(area: usize, size: usize, runs: Range<u64>) -> [Held; 3] {
    let ((truth, distance), (positives, negatives)) = (AREAS[area], AREA_SIZES[size]);
    let metric = found("roc_auc");
    let read = metric.reads.iter().find_map(|read| match read {
        Read::Rank(read) => Some(*read),
        _ => None,
    });
    let read = read.expect("the area is read from ranks");
    let mut counts = [Held::default(); 3];
    for run in runs {
        let draws = &mut Draws::of(100 + (area * 10 + size) as u64, run);
        let mut rows: Vec<(f64, bool)> = (0..positives).map(|_| (draws.normal() + distance, true)).collect();
        rows.extend((0..negatives).map(|_| (draws.normal(), false)));
        rows.sort_by(|a, b| b.0.total_cmp(&a.0));
        let once = RowWeight { count: 1, weight: None };
        let mut totals = RankTotals::default();
        rows.iter().for_each(|(_, positive)| totals.update(*positive, once));
        let mut scan = Scan::new(totals);
        rows.iter().for_each(|(score, positive)| scan.update(*positive, *score, once));
        let reading = read(&scan.finish());
        for ((_, auc_interval), held) in AREA_METHODS.into_iter().zip(&mut counts) {
            let settings = Settings {
                auc_interval,
                ..Settings::default()
            };
            if let Some(limits) = frame::estimate(Key::overall(metric.id), &reading, metric, &settings).interval {
                held.limits += 1;
                held.held += u64::from(holds(limits, truth));
            }
        }
    }
    counts
}

// ---- whole audits ----------------------------------------------------------------------------------------------------------------------

/// One population, drawn from in several sizes.
pub struct Model {
    /// Its heading.
    pub title: &'static str,
    /// In a sentence.
    pub text: &'static str,
    /// What is drawn.
    pub population: Population,
    /// How many rows, or lists, or rows of each group.
    pub sizes: &'static [usize],
    /// Keeps its draws from those of others.
    pub seed: u64,
    /// Whether gaps between groups are studied, not the numbers themselves.
    pub is_gaps: bool,
}

/// The models of all metrics.
pub fn models() -> Vec<Model> {
    let model = |title, text, population, sizes, seed| Model {
        title,
        text,
        population,
        sizes,
        seed,
        is_gaps: false,
    };
    vec![
        model(
            "Two classes",
            "{prevalence} of 100 rows are positive, the ROC AUC is {area}, the decision threshold 0.5.",
            models::two_classes(1, &[-0.6], 0.5),
            &[100, 1000],
            1,
        ),
        model(
            "Two classes, one of them rare",
            "{prevalence} of 100 rows are positive, the ROC AUC is {area}, the decision threshold 0.15.",
            models::two_classes(2, &[-3.55], 0.15),
            &[100, 1000],
            2,
        ),
        model(
            "Four classes",
            "In an order, of shares 0.4, 0.3, 0.2 and 0.1, with a score for each.",
            models::four_classes(3),
            &[100, 1000],
            3,
        ),
        model(
            "A number, normal errors",
            "A linear prediction with normal errors, with an interval and two quantiles.",
            models::number(4, false),
            &[100, 1000],
            4,
        ),
        model(
            "A number, skewed errors",
            "The same on a logarithmic scale: the truth is log-normal, with errors in proportion.",
            models::number(5, true),
            &[100, 1000],
            5,
        ),
        model(
            "Ranked lists",
            "Lists of ten items with two grades of relevance; n is the number of lists.",
            models::lists(6),
            &[100, 400],
            6,
        ),
    ]
}

/// How many groups gaps are studied over.
pub const GROUPS: [usize; 4] = [2, 3, 6, 12];

/// The metrics whose gaps are studied: shares of all rows and of some, functions of the confusion matrix, means, areas.
const COMPARED: [&str; 7] = [
    "selection_rate",
    "accuracy",
    "recall",
    "false_positive_rate",
    "f1",
    "brier_score",
    "roc_auc",
];

/// The models of gaps between groups: without and with a true gap.
pub fn gaps(groups: usize, is_true: bool) -> Model {
    let intercepts: Vec<f64> = (0..groups).map(|group| if is_true && group == 0 { 0.3 } else { -0.6 }).collect();
    Model {
        title: "",
        text: "",
        population: models::two_classes(7, &intercepts, 0.5),
        sizes: &[200],
        seed: 1000 + 100 * u64::from(is_true) + groups as u64,
        is_gaps: true,
    }
}

/// How many of 100 rows are positive in the group that has more, and in the others.
pub fn gap_of_prevalence() -> (f64, f64) {
    let truth = gaps(2, true).truth();
    let of_group = |name: &str| {
        let key = Key {
            group: BTreeMap::from([("group".to_owned(), Some(name.to_owned()))]),
            ..Key::overall("prevalence")
        };
        100.0 * truth.get(&key).copied().unwrap_or(f64::NAN)
    };
    (of_group("g00"), of_group("g01"))
}

/// Many groups without a true gap, audited with the default checks.
pub fn forty_groups() -> Model {
    Model {
        seed: 2000,
        ..gaps(40, false)
    }
}

/// What has limits and no true value that limits could hold, with the reason.
pub const WITHOUT_TRUTH: [(&str, &str); 2] = [
    ("predicted_positive_share", "over all rows it is always 1"),
    (
        "precision_at_k",
        "the first so many rows are another part of the population in every sample; the form by share is studied",
    ),
];

fn reported(table: Table, population: &Population, suite: Option<Suite>) -> Report {
    let table = Arc::new(table);
    let (roles, settings) = (population.roles.clone(), population.settings.clone());
    let job = match suite {
        Some(suite) => AuditJob::with_suite(table, roles, settings, suite),
        None => AuditJob::new(table, roles, settings),
    };
    let mut job = job.expect("the roles make an audit");
    loop {
        if let Step::Done(report) = job.step(usize::MAX >> 1).expect("the job was made") {
            return report;
        }
    }
}

fn comparison_name(comparison: Comparison) -> &'static str {
    match comparison {
        Comparison::Difference => "difference of ",
        Comparison::Ratio => "ratio of ",
        _ => "",
    }
}

impl Model {
    /// The line of an estimate that is studied here.
    pub fn line(&self, estimate: &Estimate) -> Option<Line> {
        let key = &estimate.key;
        let limits = estimate.interval?;
        // Numbers about columns are not those of a model.
        if !key.columns.is_empty() {
            return None;
        }
        let is_asked = if self.is_gaps {
            let is_gap = matches!(key.comparison, Some(Comparison::Difference | Comparison::Ratio));
            is_gap && key.params.is_empty() && COMPARED.contains(&key.metric.as_str())
        } else {
            // Of four classes the most frequent and the rarest say enough, of ten bins the outer ones and one between.
            let class = key.params.get("class").is_none_or(|class| class == "1" || class == "4");
            let bin = key
                .params
                .get("bin")
                .is_none_or(|bin| ["0", "1", "5", "10"].contains(&bin.as_str()));
            let is_studied = !WITHOUT_TRUTH.iter().any(|(metric, _)| *metric == key.metric);
            key.comparison.is_none() && key.group.is_empty() && class && bin && (is_studied || key.params.contains_key("share"))
        };
        let comparison = key.comparison.map_or("", comparison_name);
        let params: Vec<String> = key.params.iter().map(|(name, value)| format!("{name} {value}")).collect();
        let params = if params.is_empty() {
            String::new()
        } else {
            format!(", {}", params.join(", "))
        };
        is_asked.then(|| Line {
            name: format!("{comparison}`{}`{params}", key.metric),
            method: method_name(limits.method),
        })
    }

    /// The true value at every address.
    pub fn truth(&self) -> BTreeMap<Key, f64> {
        let report = reported(self.population.table(), &self.population, Some(Suite::default()));
        let known = report.estimates.into_iter();
        known.filter_map(|estimate| Some((estimate.key, estimate.value?))).collect()
    }

    /// What is drawn, in a sentence with the true figures.
    pub fn told(&self, truth: &BTreeMap<Key, f64>) -> String {
        let figure = |metric: &str, scale: f64, digits: usize| {
            let value = truth.get(&Key::overall(metric)).copied().unwrap_or(f64::NAN);
            format!("{:.digits$}", scale * value)
        };
        let text = self.text.replace("{prevalence}", &figure("prevalence", 100.0, 1));
        text.replace("{area}", &figure("roc_auc", 1.0, 3))
    }

    /// What one run is audited to.
    pub fn report(&self, each: usize, run: u64) -> Report {
        let drawn = self.population.draw(each, &mut Draws::of(self.seed * 10_000 + each as u64, run));
        reported(drawn, &self.population, Some(Suite::default()))
    }

    /// The same, with the default checks.
    pub fn checked(&self, each: usize, run: u64) -> Report {
        let drawn = self.population.draw(each, &mut Draws::of(self.seed * 10_000 + each as u64, run));
        reported(drawn, &self.population, None)
    }

    /// Runs of `each` rows, or lists, of every group.
    pub fn runs(&self, truth: &BTreeMap<Key, f64>, each: usize, runs: Range<u64>) -> Counts {
        let mut counts = Counts::new();
        for run in runs {
            for estimate in self.report(each, run).estimates {
                let (Some(line), Some(truth)) = (self.line(&estimate), truth.get(&estimate.key)) else {
                    continue;
                };
                let held = counts.entry(line).or_default();
                held.limits += 1;
                held.held += u64::from(estimate.interval.is_some_and(|limits| holds(limits, *truth)));
            }
        }
        counts
    }

    /// In how many runs a default check on groups flags, and in how many any studied gap excludes that there is none.
    pub fn flags(&self, each: usize, runs: Range<u64>) -> (u64, u64) {
        let (mut flagged, mut excluded) = (0, 0);
        for run in runs {
            let report = self.checked(each, run);
            let is_flag = |verdict: Verdict| matches!(verdict, Verdict::Fail | Verdict::Warn);
            let of_groups = ["four_fifths", "equal_opportunity", "false_alarm_gap"];
            flagged += u64::from(
                report
                    .findings
                    .iter()
                    .any(|finding| is_flag(finding.verdict) && of_groups.contains(&finding.check.as_str())),
            );
            excluded += u64::from(report.estimates.iter().any(|estimate| {
                let is_gap = estimate.key.comparison == Some(Comparison::Difference) && estimate.key.metric == "selection_rate";
                is_gap && estimate.interval.is_some_and(|limits| limits.low > 0.0)
            }));
        }
        (flagged, excluded)
    }
}
