//! What is drawn, and what an audit says of it: planted groups, noise, groups alike.

use std::ops::Range;
use std::sync::Arc;

use assay::check::{Suite, Verdict};
use assay::data::{Column, Intake, Kind, Levels, Predicate, Roles, Table, Values};
use assay::engine::{AuditJob, Step};
use assay::metric::{Comparison, Estimate};
use assay::report::Report;
use assay::run::Settings;
use assay::run::search::{ErrorKind, SearchSettings};

use super::coverage;
use super::draws::Draws;

/// Seeds of every condition.
pub const SEEDS: Range<u64> = 0..200;

/// Where errors are more frequent than elsewhere.
pub struct Planted {
    /// The rows, as a predicate on the drawn columns.
    pub rows: &'static str,
    /// The rate of errors there; for numbers, how many times as large errors are.
    pub rate: f64,
}

/// One condition: so many rows, an error, and what is planted.
pub struct Condition {
    /// Its name on the page.
    pub name: &'static str,
    /// Rows of a sample.
    pub rows: usize,
    /// By which error it is searched.
    pub by: ErrorKind,
    /// What is to be found; `None` for noise.
    pub planted: Option<Planted>,
}

const fn planted(name: &'static str, by: ErrorKind, rows: &'static str, rate: f64) -> Condition {
    Condition {
        name,
        rows: 4000,
        by,
        planted: Some(Planted { rows, rate }),
    }
}

/// The rate of errors elsewhere.
pub const ELSEWHERE: f64 = 0.15;

/// The conditions with something to find.
pub const PLANTED: [Condition; 7] = [
    planted("one level", ErrorKind::ErrorRate, "a = \"a3\"", 0.35),
    planted("two levels", ErrorKind::ErrorRate, "a = \"a0\" and c = \"yes\"", 0.35),
    planted("an interval of numbers", ErrorKind::ErrorRate, "x >= 60 and x < 75", 0.35),
    planted("a level and an interval", ErrorKind::ErrorRate, "b = \"b0\" and x < 30", 0.35),
    planted(
        "three conditions",
        ErrorKind::ErrorRate,
        "a = \"a0\" and b = \"b0\" and x >= 50",
        0.45,
    ),
    planted(
        "false positives of two levels",
        ErrorKind::FalsePositiveRate,
        "a = \"a1\" and b = \"b1\"",
        0.45,
    ),
    planted("errors of numbers in two levels", ErrorKind::Mae, "a = \"a0\" and c = \"yes\"", 1.8),
];

const fn noise(name: &'static str, rows: usize, by: ErrorKind) -> Condition {
    Condition {
        name,
        rows,
        by,
        planted: None,
    }
}

/// The conditions with nothing to find.
pub const NOISE: [Condition; 5] = [
    noise("wrong classes", 4000, ErrorKind::ErrorRate),
    noise("wrong classes, fewer rows", 800, ErrorKind::ErrorRate),
    noise("false negatives", 4000, ErrorKind::FalseNegativeRate),
    noise("errors of numbers", 4000, ErrorKind::Mae),
    noise("scores less labels", 4000, ErrorKind::MeanScoreError),
];

fn column(name: &str, kind: Kind, values: Values) -> Column {
    Column {
        name: name.to_owned(),
        kind,
        values,
        missing: 0,
        invalid: 0,
    }
}

fn levels(name: &str, names: &[&str], codes: Vec<u32>) -> Column {
    let names = names.iter().map(|name| (*name).to_owned()).collect();
    column(
        name,
        Kind::Categorical,
        Values::Levels(Levels {
            codes: codes.into(),
            names,
        }),
    )
}

fn numbers(name: &str, values: Vec<f64>) -> Column {
    column(name, Kind::Numeric, Values::Numeric(values.into()))
}

impl Condition {
    /// The seed of its draws, the same for no other condition.
    fn seed(&self) -> u64 {
        self.name.bytes().fold(77, |seed, byte| seed * 31 % 1_000_003 + u64::from(byte))
    }

    /// The columns that are searched: levels, some of which go together, and numbers, some of which are missing.
    fn features(&self, draws: &mut Draws) -> Vec<Column> {
        let n = self.rows;
        let pick = |draws: &mut Draws, shares: &[f64]| {
            let at = draws.uniform();
            let mut sum = 0.0;
            let place = shares.iter().position(|share| {
                sum += share;
                at < sum
            });
            place.unwrap_or(shares.len() - 1) as u32
        };
        let a: Vec<u32> = (0..n).map(|_| pick(draws, &[0.4, 0.3, 0.2, 0.1])).collect();
        let b: Vec<u32> = a
            .iter()
            .map(|a| {
                if *a == 0 {
                    pick(draws, &[0.5, 0.3, 0.2])
                } else {
                    pick(draws, &[0.3, 0.3, 0.4])
                }
            })
            .collect();
        let c: Vec<u32> = (0..n).map(|_| pick(draws, &[0.7, 0.3])).collect();
        let d: Vec<u32> = (0..n).map(|_| draws.below(8) as u32).collect();
        let x: Vec<f64> = (0..n).map(|_| (100.0 * draws.uniform()).floor()).collect();
        let z = (0..n)
            .map(|_| if draws.uniform() < 0.1 { f64::NAN } else { draws.normal() })
            .collect();
        vec![
            levels("a", &["a0", "a1", "a2", "a3"], a),
            levels("b", &["b0", "b1", "b2"], b),
            levels("c", &["no", "yes"], c),
            levels("d", &["d0", "d1", "d2", "d3", "d4", "d5", "d6", "d7"], d),
            numbers("x", x),
            numbers("z", z),
        ]
    }

    /// A sample, and which of its rows are planted.
    pub fn draw(&self, seed: u64) -> (Table, Vec<bool>) {
        let mut draws = Draws::of(self.seed(), seed);
        let mut table = Table {
            intake: Intake {
                name: "drawn.csv".to_owned(),
                rows_read: self.rows as u64,
                delimiter: ',',
                ..Intake::default()
            },
            rows: self.rows,
            columns: self.features(&mut draws),
            ..Table::default()
        };
        let is_planted = match &self.planted {
            Some(planted) => {
                let rows: Predicate = planted.rows.parse().expect("a planted group is a predicate");
                rows.select(&table).expect("its columns are drawn")
            }
            None => vec![false; self.rows],
        };
        let rate = self.planted.as_ref().map_or(0.0, |planted| planted.rate);
        let (mut truth, mut answer) = (Vec::new(), Vec::new());
        for is_planted in &is_planted {
            let (label, answered) = self.outcome(&mut draws, *is_planted, rate);
            truth.push(label);
            answer.push(answered);
        }
        table.columns.push(numbers("y", truth));
        table.columns.push(numbers("answer", answer));
        (table, is_planted)
    }

    /// The truth of a row and what was answered.
    fn outcome(&self, draws: &mut Draws, is_planted: bool, rate: f64) -> (f64, f64) {
        if self.by == ErrorKind::Mae {
            let truth = 50.0 + 10.0 * draws.normal();
            let scale = if is_planted { rate } else { 1.0 };
            return (truth, truth + scale * draws.normal());
        }
        if self.by == ErrorKind::MeanScoreError {
            let score = (draws.uniform() * 1000.0).round() / 1000.0;
            return (f64::from(u8::from(draws.uniform() < score)), score);
        }
        let is_positive = draws.uniform() < 0.4;
        let hits = match self.by {
            ErrorKind::FalsePositiveRate => is_planted && !is_positive,
            _ => is_planted,
        };
        let is_wrong = draws.uniform() < if hits { rate } else { ELSEWHERE };
        (f64::from(u8::from(is_positive)), f64::from(u8::from(is_positive != is_wrong)))
    }

    /// The report of a sample.
    fn report(&self, table: Table) -> Report {
        let roles = Roles {
            label: Some("y".to_owned()),
            prediction: (self.by != ErrorKind::MeanScoreError).then(|| "answer".to_owned()),
            score: (self.by == ErrorKind::MeanScoreError).then(|| "answer".to_owned()),
            ..Roles::default()
        };
        let settings = Settings {
            task: (self.by == ErrorKind::Mae).then_some(assay::metric::Task::Regression),
            search: SearchSettings {
                is_on: true,
                by: Some(self.by),
                ..SearchSettings::default()
            },
            ..Settings::default()
        };
        let job = AuditJob::with_suite(Arc::new(table), roles, settings, Suite::default());
        let mut job = job.expect("the roles make an audit");
        loop {
            if let Step::Done(report) = job.step(usize::MAX >> 1).expect("the job was made") {
                return report;
            }
        }
    }

    /// Whether the search does in this sample what the condition counts: finds what is planted (a group stands out that shares at least half of
    /// the rows of either), or with noise says that anything stands out.
    pub fn counts(&self, seed: u64) -> bool {
        let (table, is_planted) = self.draw(seed);
        let selected = |condition: &str| -> Vec<bool> {
            let predicate: Predicate = condition.parse().expect("a condition is a predicate");
            predicate.select(&table).expect("its columns are drawn")
        };
        let search = self.report(table.clone()).search.expect("it was asked for");
        let mut groups = search.subgroups.iter().filter(|group| group.stands_out);
        if self.planted.is_none() {
            return groups.next().is_some() || search.clusters.iter().any(|cluster| cluster.stands_out);
        }
        groups.any(|group| {
            let rows = selected(&group.condition);
            let pairs = || rows.iter().zip(&is_planted);
            let both = pairs().filter(|(a, b)| **a && **b).count();
            2 * both >= pairs().filter(|(a, b)| **a || **b).count()
        })
    }

    /// The share of rows that are planted.
    pub fn share(&self) -> f64 {
        let (table, is_planted) = self.draw(0);
        is_planted.iter().filter(|is_planted| **is_planted).count() as f64 / table.rows as f64
    }
}

/// The rates whose gaps are studied here; the coverage page has more.
pub const GAPS: [&str; 3] = ["selection_rate", "false_positive_rate", "recall"];

/// Of each rate, whether the limits of its largest gap between groups of 200 rows hold the true one.
pub fn gaps_hold(model: &coverage::Model, truth: &[f64; 3], seed: u64) -> [bool; 3] {
    let report = model.report(200, seed);
    let mut held = [false; 3];
    for (place, metric) in GAPS.iter().enumerate() {
        let limits = difference(&report, metric).and_then(|gap| gap.interval).expect("a gap has limits");
        held[place] = limits.low <= truth[place] + 1e-12 && truth[place] <= limits.high + 1e-12;
    }
    held
}

/// The true gaps of a model.
pub fn true_gaps(model: &coverage::Model) -> [f64; 3] {
    let truth = model.truth();
    GAPS.map(|metric| {
        let is_it =
            |key: &&assay::metric::Key| key.metric == metric && key.comparison == Some(Comparison::Difference) && key.params.is_empty();
        truth
            .keys()
            .find(is_it)
            .and_then(|key| truth.get(key))
            .copied()
            .expect("the model has the gap")
    })
}

fn difference<'r>(report: &'r Report, metric: &str) -> Option<&'r Estimate> {
    let is_it = |estimate: &&Estimate| {
        let key = &estimate.key;
        key.metric == metric && key.comparison == Some(Comparison::Difference) && key.params.is_empty()
    };
    report.estimates.iter().find(is_it)
}

/// What flags groups where none differs.
pub const FLAGS: [&str; 3] = [
    "Fisher's test of a group against the reference group, three rates, corrected by Benjamini and Hochberg",
    "the error rate of a group against all other rows, corrected by Benjamini and Hochberg",
    "a default check on groups",
];

/// Whether each flags anything among forty groups of 100 rows that are all alike.
pub fn flags(model: &coverage::Model, seed: u64) -> [bool; 3] {
    let report = model.checked(100, seed);
    let is_small = |estimate: &Estimate| estimate.value.is_some_and(|p| p <= 0.05) && estimate.key.params.contains_key("correction");
    let any = |metric: &str| {
        report
            .estimates
            .iter()
            .any(|estimate| estimate.key.metric == metric && is_small(estimate))
    };
    let is_flag = |verdict: Verdict| matches!(verdict, Verdict::Fail | Verdict::Warn);
    let of_groups = ["four_fifths", "equal_opportunity", "false_alarm_gap"];
    let by_check = |finding: &assay::check::Finding| is_flag(finding.verdict) && of_groups.contains(&finding.check.as_str());
    [any("fisher_p_value"), any("p_value"), report.findings.iter().any(by_check)]
}
