//! Whole reports of CSV text in memory, through the public engine, held against numbers that are computed here the plain way: the rows of a
//! group are picked out, and the metric is computed of them.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Cursor;
use std::sync::Arc;

use assay::data::{ClassScore, NoticeCode, Roles, Table};
use assay::engine::{AuditJob, ReadJob, Step};
use assay::metric::{Comparison, Estimate, Key, Special, UndefinedCode};
use assay::report::Report;
use assay::run::{Settings, Task};
use proptest::prelude::*;

const Z: f64 = 1.959_963_984_540_054;

/// Reads CSV text in steps of so many rows.
pub(super) fn table(text: &str, step: usize) -> Arc<Table> {
    let bytes = text.as_bytes().to_vec();
    let size = bytes.len() as u64;
    let mut job = ReadJob::new(Cursor::new(bytes), "rows.csv", size);
    loop {
        if let Step::Done(table) = job.step(step).unwrap() {
            return Arc::new(table);
        }
    }
}

pub(super) fn audit_in_steps(text: &str, roles: &Roles, settings: &Settings, step: usize) -> Report {
    let mut job = AuditJob::new(table(text, step), roles.clone(), settings.clone()).unwrap_or_else(|error| panic!("{error}"));
    loop {
        if let Step::Done(report) = job.step(step).unwrap() {
            return report;
        }
    }
}

pub(super) fn audit(text: &str, roles: &Roles) -> Report {
    audit_in_steps(text, roles, &Settings::default(), 100_000)
}

/// Roles from a short text such as `label=y score=s sensitive=a,b`.
pub(super) fn roles(text: &str) -> Roles {
    let mut roles = Roles::default();
    for part in text.split_whitespace() {
        let (role, column) = part.split_once('=').unwrap();
        let column = column.to_owned();
        match role {
            "label" => roles.label = Some(column),
            "prediction" => roles.prediction = Some(column),
            "score" => roles.score = Some(column),
            "count" => roles.count = Some(column),
            "weight" => roles.weight = Some(column),
            "sensitive" => roles.sensitive = column.split(',').map(str::to_owned).collect(),
            _ => panic!("{role}"),
        }
    }
    roles
}

/// Every estimate, as text that keeps every bit.
pub(super) fn estimates(report: &Report) -> Vec<String> {
    report
        .estimates
        .iter()
        .map(|estimate| serde_json::to_string(estimate).unwrap())
        .collect()
}

pub(super) fn same_estimates(a: &Report, b: &Report) {
    assert!(a.estimates.len() > 50, "{}", a.estimates.len());
    assert_eq!(a.estimates.len(), b.estimates.len());
    for (a, b) in estimates(a).iter().zip(estimates(b)) {
        assert_eq!(*a, b);
    }
}

/// A small generator of numbers that differ enough (SplitMix64), so that every run draws the same.
pub(super) struct Draw(pub(super) u64);

impl Draw {
    pub(super) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    pub(super) fn below(&mut self, n: usize) -> usize {
        (self.next() % n as u64) as usize
    }

    /// Between 0 and 1.
    pub(super) fn unit(&mut self) -> f64 {
        (self.next() >> 11) as f64 / (1_u64 << 53) as f64
    }

    /// Nearly normal: twelve uniform numbers.
    pub(super) fn normal(&mut self) -> f64 {
        (0..12).map(|_| self.unit()).sum::<f64>() - 6.0
    }

    /// How often each cell is drawn in `n` draws.
    fn multinomial(&mut self, shares: &[f64], n: usize) -> Vec<u64> {
        let total: f64 = shares.iter().sum();
        let mut counts = vec![0; shares.len()];
        for _ in 0..n {
            let mut at = self.unit() * total;
            let cell = shares.iter().position(|share| {
                at -= share;
                at < 0.0
            });
            counts[cell.unwrap_or(shares.len() - 1)] += 1;
        }
        counts
    }

    pub(super) fn shuffle<T>(&mut self, items: &mut [T]) {
        for last in (1..items.len()).rev() {
            items.swap(last, self.below(last + 1));
        }
    }

    pub(super) fn pick<'a>(&mut self, of: &[&'a str]) -> &'a str {
        of[self.below(of.len())]
    }
}

pub(super) fn csv(header: &str, rows: &[String]) -> String {
    format!("{header}\n{}\n", rows.join("\n"))
}

/// Rows of two classes: y, p, s, a, b; some cells missing, few different rows.
pub(super) fn binary_rows(draw: &mut Draw, n: usize) -> Vec<String> {
    let row = |draw: &mut Draw| {
        let label = draw.pick(&["0", "0", "1", "1", "1", ""]);
        let prediction = draw.pick(&["0", "1", "1", "0", "NA"]);
        let score = draw.pick(&["0.1", "0.25", "0.5", "0.75", "0.9", ""]);
        let (a, b) = (draw.pick(&["x", "y", "z", "x", ""]), draw.pick(&["u", "v", "v", "NA"]));
        format!("{label},{prediction},{score},{a},{b}")
    };
    (0..n).map(|_| row(draw)).collect()
}

pub(super) fn class_rows(draw: &mut Draw, n: usize) -> Vec<String> {
    let row = |draw: &mut Draw| {
        let class = ["ant", "bee", "cat", "dog", ""];
        format!("{},{},{}", draw.pick(&class), draw.pick(&class), draw.pick(&["x", "y", ""]))
    };
    (0..n).map(|_| row(draw)).collect()
}

pub(super) fn number_rows(draw: &mut Draw, n: usize) -> Vec<String> {
    let row = |draw: &mut Draw| {
        let truth = draw.pick(&["1.5", "100.25", "-3.125", "7.1", "0.3", "99.9", ""]);
        let prediction = draw.pick(&["1.75", "90.5", "-2.2", "7.3", ""]);
        format!("{truth},{prediction},{}", draw.pick(&["x", "y", ""]))
    };
    (0..n).map(|_| row(draw)).collect()
}

const BINARY: &str = "label=y prediction=p score=s sensitive=a,b";

// ---- counts, steps, order --------------------------------------------------------------------------------------------------------------

/// The rows once each with a `count` column, some of them split over two lines and one standing for no row; and each as often as it counts.
fn counted_and_repeated(header: &str, rows: &[String], draw: &mut Draw) -> (String, String) {
    let (mut counted, mut repeated) = (Vec::new(), Vec::new());
    for row in rows {
        let count = draw.below(6);
        counted.push(format!("{row},{count}"));
        repeated.extend(std::iter::repeat_n(row.clone(), count));
    }
    (csv(&format!("{header},count"), &counted), csv(header, &repeated))
}

fn counting_is_repeating(header: &str, rows: &[String], named: &str, seed: u64) {
    let (counted, repeated) = counted_and_repeated(header, rows, &mut Draw(seed));
    let plain = audit(&repeated, &roles(named));
    let short = audit(&counted, &roles(&format!("{named} count=count")));
    assert_eq!(plain.outcome.rows_represented, short.outcome.rows_represented);
    assert_eq!(plain.outcome, short.outcome);
    same_estimates(&short, &plain);
}

#[test]
fn a_count_column_gives_what_repeated_rows_give() {
    for seed in 0..8 {
        let draw = &mut Draw(seed);
        counting_is_repeating("y,p,s,a,b", &binary_rows(draw, 120), BINARY, seed);
        counting_is_repeating("y,p,a", &class_rows(draw, 120), "label=y prediction=p sensitive=a", seed);
        counting_is_repeating("y,p,a", &number_rows(draw, 120), "label=y prediction=p sensitive=a", seed);
    }
}

#[test]
fn a_level_of_rows_that_stand_for_no_row_is_no_group() {
    let report = audit(
        "y,p,a,n\n1,1,x,3\n0,0,x,2\n1,0,y,4\n1,1,z,0\n",
        &roles("label=y prediction=p sensitive=a count=n"),
    );
    let levels: BTreeSet<Option<String>> = report
        .estimates
        .iter()
        .flat_map(|estimate| estimate.key.group.values().cloned())
        .collect();
    assert_eq!(levels, BTreeSet::from([Some("x".to_owned()), Some("y".to_owned())]));
}

#[test]
fn the_size_of_steps_does_not_show() {
    for (header, rows, named) in [
        ("y,p,s,a,b", binary_rows(&mut Draw(1), 400), BINARY),
        ("y,p,a", class_rows(&mut Draw(2), 400), "label=y prediction=p sensitive=a"),
        ("y,p,a", number_rows(&mut Draw(3), 400), "label=y prediction=p sensitive=a"),
    ] {
        let mut rows = rows;
        rows.insert(17, "too,few".to_owned());
        let text = csv(header, &rows);
        let [one, seven, thousand] = [1, 7, 1000].map(|step| audit_in_steps(&text, &roles(named), &Settings::default(), step).to_json());
        assert!(one == seven && seven == thousand, "{named}");
        assert!(one.contains("\"rows_set_aside\":1"));
    }
}

#[test]
fn the_order_of_rows_does_not_show() {
    for seed in 0..5 {
        let draw = &mut Draw(seed);
        for (header, mut rows, named) in [
            ("y,p,s,a,b", binary_rows(draw, 300), BINARY),
            ("y,p,a", class_rows(draw, 300), "label=y prediction=p sensitive=a"),
            ("y,p,a", number_rows(draw, 300), "label=y prediction=p sensitive=a"),
        ] {
            let known = |rows: &[String]| {
                let mut report = audit(&csv(header, rows), &roles(named));
                report
                    .estimates
                    .retain(|estimate| !super::properties::is_by_file_order(&estimate.key.metric));
                report
            };
            let sorted = known(&rows);
            draw.shuffle(&mut rows);
            same_estimates(&known(&rows), &sorted);
        }
    }
}

// ---- the plain way ---------------------------------------------------------------------------------------------------------------------

/// A row of two classes as the plain way sees it.
#[derive(Debug, Clone)]
pub(super) struct Person {
    label: Option<bool>,
    prediction: Option<bool>,
    score: Option<f64>,
    weight: f64,
    levels: [Option<&'static str>; 2],
}

pub(super) fn people(draw: &mut Draw, n: usize, is_weighted: bool) -> Vec<Person> {
    let maybe = |draw: &mut Draw, share: f64| (draw.unit() > 0.1).then(|| draw.unit() < share);
    let person = |draw: &mut Draw| Person {
        label: maybe(draw, 0.45),
        prediction: maybe(draw, 0.4),
        score: (draw.unit() > 0.1).then(|| draw.below(50) as f64 / 64.0),
        weight: if is_weighted { (draw.below(40) as f64) / 8.0 } else { 1.0 },
        levels: [
            [Some("x"), Some("y"), Some("z"), None][draw.below(4)],
            [Some("u"), Some("v"), None][draw.below(3)],
        ],
    };
    (0..n).map(|_| person(draw)).collect()
}

pub(super) fn people_csv(people: &[Person], is_weighted: bool) -> String {
    let text = |value: Option<bool>| value.map_or("", |value| if value { "1" } else { "0" });
    let row = |person: &Person| {
        let score = person.score.map_or(String::new(), |score| score.to_string());
        let [a, b] = person.levels.map(Option::unwrap_or_default);
        let weight = if is_weighted {
            format!(",{}", person.weight)
        } else {
            String::new()
        };
        format!("{},{},{score},{a},{b}{weight}", text(person.label), text(person.prediction))
    };
    let rows: Vec<String> = people.iter().map(row).collect();
    csv(if is_weighted { "y,p,s,a,b,w" } else { "y,p,s,a,b" }, &rows)
}

/// Weight and rows of those who are so.
fn mass(people: &[&Person], is_so: impl Fn(&Person) -> bool) -> (f64, u64) {
    let chosen: Vec<&&Person> = people.iter().filter(|person| is_so(person)).collect();
    (chosen.iter().map(|person| person.weight).sum(), chosen.len() as u64)
}

/// A metric of some people by its definition: the value (`None` where it does not exist) and the rows behind it.
fn plainly(metric: &str, people: &[&Person]) -> (Option<f64>, u64) {
    let cell = |label: bool, prediction: bool| mass(people, |p| p.label == Some(label) && p.prediction == Some(prediction));
    let [(tp, n_tp), (fp, n_fp), (fn_, n_fn), (tn, n_tn)] = [cell(true, true), cell(false, true), cell(true, false), cell(false, false)];
    let over = |a: f64, b: f64| (b > 0.0).then(|| a / b);
    let complete = n_tp + n_fp + n_fn + n_tn;
    let mean = |of: &dyn Fn(&Person) -> Option<f64>| {
        let known: Vec<(f64, f64)> = people.iter().filter_map(|p| Some((p.weight, of(p)?))).collect();
        let weight: f64 = known.iter().map(|(w, _)| w).sum();
        (over(known.iter().map(|(w, x)| w * x).sum(), weight), known.len() as u64)
    };
    let truth = |p: &Person| p.label.map(|label| if label { 1.0 } else { 0.0 });
    match metric {
        "rows" => (Some(mass(people, |_| true).0), people.len() as u64),
        "selection_rate" => mean(&|p| p.prediction.map(|p| if p { 1.0 } else { 0.0 })),
        "prevalence" => mean(&truth),
        "accuracy" => (over(tp + tn, tp + fp + fn_ + tn), complete),
        "recall" => (over(tp, tp + fn_), n_tp + n_fn),
        "false_positive_rate" => (over(fp, fp + tn), n_fp + n_tn),
        "false_negative_rate" => (over(fn_, tp + fn_), n_tp + n_fn),
        "precision" => (over(tp, tp + fp), n_tp + n_fp),
        "f1" => (over(2.0 * tp, 2.0 * tp + fp + fn_), complete),
        "matthews_correlation" => {
            let product = (tp + fp) * (tp + fn_) * (tn + fp) * (tn + fn_);
            (over(tp * tn - fp * fn_, product.sqrt()), complete)
        }
        "mean_score" => mean(&|p| p.score),
        "brier_score" => mean(&|p| Some((p.score? - truth(p)?) * (p.score? - truth(p)?))),
        "log_loss" => mean(&|p| {
            let (score, truth) = (p.score?.clamp(f64::EPSILON, 1.0 - f64::EPSILON), truth(p)?);
            Some(-assay::stats::math::ln(if truth == 1.0 { score } else { 1.0 - score }))
        }),
        "roc_auc" => {
            let scored: Vec<(f64, bool, f64)> = people.iter().filter_map(|p| Some((p.weight, p.label?, p.score?))).collect();
            let (mut right, mut pairs) = (0.0, 0.0);
            for (w, _, s) in scored.iter().filter(|(_, label, _)| *label) {
                for (v, _, t) in scored.iter().filter(|(_, label, _)| !*label) {
                    pairs += w * v;
                    right += w
                        * v
                        * if s > t {
                            1.0
                        } else if s == t {
                            0.5
                        } else {
                            0.0
                        };
                }
            }
            (over(right, pairs), scored.len() as u64)
        }
        _ => panic!("{metric}"),
    }
}

const PLAIN: [&str; 14] = [
    "rows",
    "selection_rate",
    "prevalence",
    "accuracy",
    "recall",
    "false_positive_rate",
    "false_negative_rate",
    "precision",
    "f1",
    "matthews_correlation",
    "mean_score",
    "brier_score",
    "log_loss",
    "roc_auc",
];

fn close(got: &Estimate, wanted: Option<f64>) {
    let is_close = match (got.value, wanted) {
        (Some(got), Some(wanted)) => (got - wanted).abs() <= 1e-12 * wanted.abs().max(1.0),
        (None, None) => got.undefined.is_some(),
        _ => false,
    };
    assert!(is_close, "expected {wanted:?}, got {got:?}");
}

pub(super) fn find<'r>(report: &'r Report, key: &Key) -> &'r Estimate {
    report.estimate(key).unwrap_or_else(|| panic!("no estimate at {key:?}"))
}

type Group = BTreeMap<String, Option<String>>;

fn group_of(person: &Person, places: &[usize]) -> Group {
    let column = |place: usize| ["a", "b"][place].to_owned();
    places
        .iter()
        .map(|place| (column(*place), person.levels[*place].map(str::to_owned)))
        .collect()
}

/// Groups, intersections, missing levels and gaps of one metric.
fn check_groups(report: &Report, people: &[Person], metric: &str, places: &[usize]) {
    let groups: BTreeSet<Group> = people.iter().map(|person| group_of(person, places)).collect();
    let mut compared: Vec<(Group, f64)> = Vec::new();
    for group in &groups {
        let members: Vec<&Person> = people.iter().filter(|person| group_of(person, places) == *group).collect();
        let (value, support) = plainly(metric, &members);
        let key = Key {
            group: group.clone(),
            ..Key::overall(metric)
        };
        let got = find(report, &key);
        close(got, value);
        assert_eq!(got.support, support, "{key:?}");
        if let (Some(value), true) = (value, group.values().all(Option::is_some)) {
            compared.push((group.clone(), value));
        }
    }
    if metric == "rows" || places.is_empty() {
        return;
    }
    let columns: Vec<String> = groups.iter().next().unwrap().keys().cloned().collect();
    let gap = |comparison| {
        let by = columns.clone();
        report.estimate(&Key {
            comparison: Some(comparison),
            by,
            ..Key::overall(metric)
        })
    };
    let everyone: Vec<&Person> = people.iter().collect();
    let overall = plainly(metric, &everyone).0.unwrap();
    let values: Vec<f64> = compared.iter().map(|(_, value)| *value).collect();
    let low = values.iter().copied().fold(f64::INFINITY, f64::min);
    let high = values.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let farthest = values.iter().map(|value| (value - overall).abs()).fold(0.0, f64::max);
    close(gap(Comparison::Difference).unwrap(), (values.len() > 1).then_some(high - low));
    close(gap(Comparison::GroupMin).unwrap(), Some(low));
    close(gap(Comparison::GroupMax).unwrap(), Some(high));
    close(gap(Comparison::ToOverallDifference).unwrap(), Some(farthest));
    if let Some(ratio) = gap(Comparison::Ratio) {
        close(ratio, (values.len() > 1 && high > 0.0).then(|| low / high));
        let folded = values
            .iter()
            .map(|value| (value / overall).min(overall / value))
            .fold(1.0, f64::min);
        close(gap(Comparison::ToOverallRatio).unwrap(), Some(folded));
    }
}

#[test]
fn groups_are_what_picking_out_their_rows_gives() {
    for (seed, is_weighted) in (0..6).flat_map(|seed| [(seed, false), (seed, true)]) {
        let people = people(&mut Draw(seed), 250, is_weighted);
        let named = if is_weighted {
            format!("{BINARY} weight=w")
        } else {
            BINARY.to_owned()
        };
        let report = audit(&people_csv(&people, is_weighted), &roles(&named));
        for metric in PLAIN {
            for places in [&[][..], &[0], &[1], &[0, 1]] {
                check_groups(&report, &people, metric, places);
            }
        }
    }
}

/// Weighted means of residuals in a group, the plain way.
fn plain_regression(rows: &[(f64, f64)]) -> [(&'static str, f64); 5] {
    let n = rows.len() as f64;
    let mean = |of: &dyn Fn(&(f64, f64)) -> f64| rows.iter().map(of).sum::<f64>() / n;
    let centre = mean(&|(truth, _)| *truth);
    let mse = mean(&|(t, p)| (p - t) * (p - t));
    let spread = mean(&|(t, _)| (t - centre) * (t - centre));
    [
        ("mae", mean(&|(t, p)| (p - t).abs())),
        ("mse", mse),
        ("rmse", mse.sqrt()),
        ("mean_error", mean(&|(t, p)| p - t)),
        ("r2", 1.0 - mse / spread),
    ]
}

#[test]
fn predicted_numbers_are_what_picking_out_their_rows_gives() {
    let rows = number_rows(&mut Draw(5), 200);
    let report = audit(&csv("y,p,a", &rows), &roles("label=y prediction=p sensitive=a"));
    for level in ["x", "y", ""] {
        let of_level = rows.iter().filter(|row| row.rsplit(',').next() == Some(level));
        let complete: Vec<(f64, f64)> = of_level
            .filter_map(|row| {
                let mut cells = row.split(',').map(str::parse);
                Some((cells.next()?.ok()?, cells.next()?.ok()?))
            })
            .collect();
        for (metric, wanted) in plain_regression(&complete) {
            let group = BTreeMap::from([("a".to_owned(), (!level.is_empty()).then(|| level.to_owned()))]);
            let got = find(
                &report,
                &Key {
                    group,
                    ..Key::overall(metric)
                },
            );
            assert!(
                (got.value.unwrap() - wanted).abs() < 1e-11 * wanted.abs().max(1.0),
                "{metric} {level}: {got:?} {wanted}"
            );
            assert_eq!(got.support, complete.len() as u64);
        }
    }
}

#[test]
fn several_classes_are_what_picking_out_their_rows_gives() {
    let rows = class_rows(&mut Draw(6), 300);
    let report = audit(&csv("y,p,a", &rows), &roles("label=y prediction=p sensitive=a"));
    let cells: Vec<Vec<&str>> = rows.iter().map(|row| row.split(',').collect()).collect();
    for level in ["x", "y", ""] {
        let group = BTreeMap::from([("a".to_owned(), (!level.is_empty()).then(|| level.to_owned()))]);
        let own: Vec<&Vec<&str>> = cells
            .iter()
            .filter(|c| c[2] == level && !c[0].is_empty() && !c[1].is_empty())
            .collect();
        let count = |is_so: &dyn Fn(&str, &str) -> bool| own.iter().filter(|c| is_so(c[0], c[1])).count() as f64;
        let mut f1s = Vec::new();
        for class in ["ant", "bee", "cat", "dog"] {
            let (hits, labelled, predicted) = (
                count(&|y, p| y == class && p == class),
                count(&|y, _| y == class),
                count(&|_, p| p == class),
            );
            f1s.push(2.0 * hits / (labelled + predicted));
            for (metric, wanted) in [("recall", hits / labelled), ("precision", hits / predicted)] {
                let params = BTreeMap::from([("class".to_owned(), class.to_owned())]);
                let key = Key {
                    group: group.clone(),
                    params,
                    ..Key::overall(metric)
                };
                close(find(&report, &key), Some(wanted));
            }
        }
        for (metric, wanted) in [
            ("accuracy", count(&|y, p| y == p) / own.len() as f64),
            ("f1_macro", f1s.iter().sum::<f64>() / 4.0),
        ] {
            close(
                find(
                    &report,
                    &Key {
                        group: group.clone(),
                        ..Key::overall(metric)
                    },
                ),
                Some(wanted),
            );
        }
    }
}

// ---- large cross products, caps, reference groups --------------------------------------------------------------------------------------

#[test]
fn the_share_of_the_most_frequent_class_is_its_rows_over_all() {
    let share = |text: &str, named: &str| find(&audit(text, &roles(named)), &Key::overall("majority_share")).value;
    assert_eq!(share("y,p\n1,1\n0,1\n0,0\n0,1\n", "label=y prediction=p"), Some(0.75));
    assert_eq!(share("y,p,w\n1,1,6\n0,1,1\n0,0,1\n", "label=y prediction=p weight=w"), Some(0.75));
    assert_eq!(share("y,p\na,b\nb,b\nc,b\nb,a\nb,c\n", "label=y prediction=p"), Some(0.6));
}

/// Three features of 20 levels: their combinations are too many for one base of cells.
fn many_groups() -> Vec<String> {
    let draw = &mut Draw(9);
    let row = |draw: &mut Draw| {
        let levels = [draw.below(20), draw.below(20), draw.below(20)];
        let label = draw.unit() < 0.3 + 0.02 * levels[0] as f64;
        let score = (draw.unit() + if label { 0.3 } else { 0.0 }).min(1.0);
        format!("{},{score:.2},l{},l{},l{}", u8::from(label), levels[0], levels[1], levels[2])
    };
    (0..12_000).map(|_| row(draw)).collect()
}

#[test]
fn groups_of_many_features_are_those_of_each_by_itself() {
    let rows = many_groups();
    let text = csv("y,s,a,b,c", &rows);
    let combinations: BTreeSet<&str> = rows.iter().map(|row| row.splitn(3, ',').nth(2).unwrap()).collect();
    assert!(
        combinations.len() > 4096,
        "too few combinations to leave the small path: {}",
        combinations.len()
    );
    let all: BTreeMap<Key, Estimate> = audit(&text, &roles("label=y score=s sensitive=a,b,c"))
        .estimates
        .into_iter()
        .map(|estimate| (estimate.key.clone(), estimate))
        .collect();
    for alone in ["a", "b", "c"] {
        let single = audit(&text, &roles(&format!("label=y score=s sensitive={alone}")));
        assert!(single.estimates.len() > 800);
        // What is corrected for how many slices were looked at depends on the other features; what columns tell about each other, on their roles.
        let is_corrected = |key: &Key| key.params.contains_key("correction") || !key.columns.is_empty();
        for estimate in single.estimates.iter().filter(|estimate| !is_corrected(&estimate.key)) {
            assert_eq!(all.get(&estimate.key), Some(estimate));
        }
    }
    // Pairs are capped in both, at different sizes; the largest are in both.
    let pair = audit(&text, &roles("label=y score=s sensitive=a,b"));
    let is_of_pair = |key: &Key| key.group.len() == 2 && key.comparison.is_none() && key.params.is_empty();
    let shared: Vec<&Estimate> = pair
        .estimates
        .iter()
        .filter(|estimate| is_of_pair(&estimate.key) && all.contains_key(&estimate.key))
        .collect();
    assert!(shared.len() > 30 * 40, "{}", shared.len());
    for estimate in shared {
        assert_eq!(&all[&estimate.key], estimate);
    }
}

#[test]
fn the_report_stays_small_with_many_features_and_with_many_classes() {
    let names: Vec<String> = (0..12).map(|feature| format!("s{feature}")).collect();
    let rows: Vec<String> = (0..4000_usize)
        .map(|row| {
            let levels: Vec<String> = (0..12).map(|feature| ((row * (feature + 3) + row / 7) % 30).to_string()).collect();
            format!("{},{},{}", row % 2, row / 2 % 2, levels.join(","))
        })
        .collect();
    let report = audit(
        &csv(&format!("y,p,{}", names.join(",")), &rows),
        &roles(&format!("label=y prediction=p sensitive={}", names.join(","))),
    );
    assert!(report.to_json().len() < 20_000_000, "{}", report.to_json().len());
    assert_eq!(report.groupings.len(), 12);
    assert!(
        report
            .notices
            .iter()
            .any(|notice| notice.text.starts_with("Pairs of the 12 sensitive features"))
    );

    let rows: Vec<String> = (0..4000_usize)
        .map(|row| format!("c{},c{},{}", row % 200, row * 7 % 200, row % 12))
        .collect();
    let report = audit(&csv("y,p,g", &rows), &roles("label=y prediction=p sensitive=g"));
    assert!(report.to_json().len() < 20_000_000, "{}", report.to_json().len());
    let of_class = |key: &Key| key.metric == "recall" && key.params.contains_key("class");
    assert_eq!(report.estimates.iter().filter(|estimate| of_class(&estimate.key)).count(), 200);
}

#[test]
fn a_grouping_with_too_many_groups_keeps_the_largest_and_marks_the_rest() {
    // Every level twice, "big" often.
    let levels = 100_000;
    let mut rows: Vec<String> = (0..2 * levels)
        .map(|row| format!("{},{},{},{}", row % 2, (row / 2) % 2, row % levels, row * 7 % levels))
        .collect();
    rows[..50].fill("1,1,1,1".to_owned());
    let report = audit(&csv("y,p,a,b", &rows), &roles("label=y prediction=p sensitive=a,b"));
    let size = report.to_json().len();
    assert!(size < 20_000_000, "{size} bytes");
    assert_eq!(report.groupings.len(), 3, "a, b and their pairs: {:?}", report.groupings);
    for columns in &report.groupings {
        let own = |estimate: &&Estimate| {
            let key = &estimate.key;
            key.metric == "rows" && key.comparison.is_none() && key.group.keys().eq(columns.iter())
        };
        let groups: Vec<&Estimate> = report.estimates.iter().filter(own).collect();
        let total: u64 = groups.iter().map(|estimate| estimate.support).sum();
        assert_eq!(total, 200_000, "the rest keeps the partition complete: {columns:?}");
        let rest: Vec<&&Estimate> = groups.iter().filter(|estimate| estimate.key.params.contains_key("rest")).collect();
        assert_eq!(rest.len(), 1);
        assert!(rest[0].key.group.values().all(Option::is_none) && rest[0].support > 190_000);
        let largest = groups
            .iter()
            .find(|estimate| estimate.key.group.values().all(|level| level.as_deref() == Some("1")));
        assert!(largest.is_some_and(|estimate| estimate.support >= 50), "{columns:?}");
    }
    let capped: Vec<&str> = report
        .notices
        .iter()
        .filter(|notice| notice.code == NoticeCode::GroupsCapped)
        .map(|notice| notice.text.as_str())
        .collect();
    assert_eq!(capped.len(), 3, "{capped:?}");
    assert!(
        capped[0].starts_with("a has ") && capped[2].starts_with("a and b has "),
        "{capped:?}"
    );
}

#[test]
fn a_reference_group_that_no_row_is_in_is_said_to_be_replaced() {
    let text = "y,p,a,b\n1,1,x,u\n0,1,x,u\n1,0,y,v\n0,0,y,v\n1,1,y,v\n";
    let references = [("a", "x"), ("b", "v")].map(|(column, level)| (column.to_owned(), level.to_owned()));
    let settings = Settings {
        reference_groups: references.into(),
        ..Settings::default()
    };
    let report = audit_in_steps(text, &roles("label=y prediction=p sensitive=a,b"), &settings, 100);
    let said: Vec<&str> = report
        .notices
        .iter()
        .map(|notice| notice.text.as_str())
        .filter(|text| text.contains("reference group"))
        .collect();
    assert_eq!(
        said,
        ["The reference group of a and b is not among the groups reported; each group is compared with the largest one instead."]
    );
}

#[test]
fn groups_are_compared_with_the_one_set_or_the_largest() {
    let rows: Vec<String> = [("x", 30, 50), ("y", 10, 40), ("z", 5, 45)]
        .iter()
        .flat_map(|(level, hits, rows)| (0..*rows).map(move |row| format!("1,{},{level}", u8::from(row < *hits))))
        .chain((0..60).map(|row| format!("{},1,", row % 2)))
        .collect();
    let text = csv("y,p,a", &rows);
    let group = |level: &str| BTreeMap::from([("a".to_owned(), Some(level.to_owned()))]);
    let gap = |report: &Report, level: &str, reference: &str, comparison| {
        let key = Key {
            group: group(level),
            comparison: Some(comparison),
            by: vec!["a".to_owned()],
            reference_group: Some(group(reference)),
            ..Key::overall("recall")
        };
        find(report, &key).value.unwrap()
    };
    let named = roles("label=y prediction=p sensitive=a");
    // The rows without a level are more, but they are no group to compare with.
    let plain = audit(&text, &named);
    assert_eq!(gap(&plain, "y", "x", Comparison::ToReferenceDifference), 0.25 - 0.6);
    assert_eq!(gap(&plain, "x", "x", Comparison::ToReferenceRatio), 1.0);
    let settings = Settings {
        reference_groups: BTreeMap::from([("a".to_owned(), "z".to_owned())]),
        ..Settings::default()
    };
    let set = audit_in_steps(&text, &named, &settings, 1000);
    assert_eq!(gap(&set, "y", "z", Comparison::ToReferenceRatio), 0.25 / (5.0 / 45.0));
    assert_eq!(gap(&set, "z", "z", Comparison::ToReferenceDifference), 0.0);
}

// ---- what does not exist ---------------------------------------------------------------------------------------------------------------

fn code(report: &Report, key: &Key) -> UndefinedCode {
    let estimate = find(report, key);
    assert_eq!((estimate.value, estimate.special, estimate.interval), (None, None, None), "{key:?}");
    estimate.undefined.as_ref().unwrap_or_else(|| panic!("{key:?} is defined")).code
}

fn in_group(metric: &str, level: &str) -> Key {
    Key {
        group: BTreeMap::from([("a".to_owned(), Some(level.to_owned()))]),
        ..Key::overall(metric)
    }
}

/// JSON holds no NaN by its grammar; nor may a number be written that stands for one, or a negative zero.
fn no_odd_numbers(report: &Report) {
    let json = report.to_json();
    serde_json::from_str::<serde_json::Value>(&json).unwrap();
    for odd in ["NaN", "nan,", "Infinity", ":-0.0,", ":-0,"] {
        assert!(!json.contains(odd), "{odd}");
    }
    for estimate in &report.estimates {
        let said = [
            estimate.value.is_some(),
            estimate.special.is_some(),
            estimate.undefined.is_some(),
            estimate.text.is_some(),
        ];
        assert_eq!(
            said.iter().filter(|is_said| **is_said).count(),
            1,
            "exactly one answer: {estimate:?}"
        );
        assert!(estimate.value.is_none_or(f64::is_finite), "{estimate:?}");
        if let Some(interval) = estimate.interval {
            assert!(
                interval.low.is_finite() && interval.high.is_finite() && interval.low <= interval.high,
                "{estimate:?}"
            );
        }
    }
}

#[test]
fn what_does_not_exist_says_why() {
    // x: nobody positive; y: nobody negative; z: nobody selected; w: all missing.
    let text = "y,p,s,a\n0,1,0.6,x\n0,0,0.2,x\n1,1,0.7,y\n1,0,0.4,y\n1,0,0.3,z\n0,0,0.1,z\n,,,w\n";
    let report = audit(text, &roles("label=y prediction=p score=s sensitive=a"));
    no_odd_numbers(&report);
    for (metric, level, expected) in [
        ("recall", "x", UndefinedCode::NoPositives),
        ("false_negative_rate", "x", UndefinedCode::NoPositives),
        ("roc_auc", "x", UndefinedCode::NoPositives),
        ("average_precision", "x", UndefinedCode::NoPositives),
        ("balanced_accuracy", "x", UndefinedCode::NoPositives),
        ("false_positive_rate", "y", UndefinedCode::NoNegatives),
        ("specificity", "y", UndefinedCode::NoNegatives),
        ("roc_auc", "y", UndefinedCode::NoNegatives),
        ("matthews_correlation", "y", UndefinedCode::OneClass),
        ("precision", "z", UndefinedCode::NoPredictedPositives),
        ("matthews_correlation", "z", UndefinedCode::OneClass),
        ("accuracy", "w", UndefinedCode::NoRows),
        ("selection_rate", "w", UndefinedCode::NoRows),
        ("prevalence", "w", UndefinedCode::NoRows),
        ("roc_auc", "w", UndefinedCode::NoRows),
        ("log_loss", "w", UndefinedCode::NoRows),
        ("mean_score", "w", UndefinedCode::NoRows),
    ] {
        assert_eq!(code(&report, &in_group(metric, level)), expected, "{metric} in {level}");
    }
    assert_eq!(find(&report, &in_group("recall", "z")).value, Some(0.0), "a true zero is a zero");
}

#[test]
fn one_class_only_says_so() {
    let report = audit("y,p,s\n0,0,0.2\n0,1,0.6\n0,0,0.3\n", &roles("label=y prediction=p score=s"));
    no_odd_numbers(&report);
    assert_eq!(code(&report, &Key::overall("recall")), UndefinedCode::NoPositives);
    assert_eq!(code(&report, &Key::overall("roc_auc")), UndefinedCode::NoPositives);
    assert_eq!(code(&report, &Key::overall("matthews_correlation")), UndefinedCode::OneClass);
    assert!(report.notices.iter().any(|notice| notice.code == NoticeCode::OneClass));
    let agreed = audit("y,p\n1,1\n1,1\n", &roles("label=y prediction=p"));
    assert_eq!(code(&agreed, &Key::overall("cohen_kappa")), UndefinedCode::OneClass);
}

#[test]
fn a_score_beyond_a_probability_orders_and_no_more() {
    let report = audit("y,p,s\n0,0,-2\n1,1,3\n0,1,0.5\n1,0,0.7\n", &roles("label=y prediction=p score=s"));
    no_odd_numbers(&report);
    assert_eq!(code(&report, &Key::overall("log_loss")), UndefinedCode::ScoreOutOfRange);
    assert_eq!(code(&report, &Key::overall("brier_score")), UndefinedCode::ScoreOutOfRange);
    assert_eq!(find(&report, &Key::overall("roc_auc")).value, Some(1.0));
}

#[test]
fn numbers_that_do_not_vary_or_are_too_large_say_so() {
    let constant = audit("y,p\n0.1,0.2\n0.1,0.3\n0.1,0.1\n", &roles("label=y prediction=p"));
    no_odd_numbers(&constant);
    assert_eq!(code(&constant, &Key::overall("r2")), UndefinedCode::ConstantTruth);
    let huge = audit("y,p\n1e200,2e200\n-1e200,3e200\n1.5,1e300\n", &roles("label=y prediction=p"));
    no_odd_numbers(&huge);
    assert_eq!(code(&huge, &Key::overall("r2")), UndefinedCode::TooLarge);
    assert_eq!(find(&huge, &Key::overall("mse")).special, Some(Special::Inf));
    let infinite = audit("y,p,s\n0,0,inf\n1,1,-inf\n1,1,0.5\n", &roles("label=y prediction=p score=s"));
    no_odd_numbers(&infinite);
    assert_eq!(code(&infinite, &Key::overall("mean_score")), UndefinedCode::TooLarge);
}

#[test]
fn weights_beyond_any_number_are_infinite_also_in_the_confusion_matrix() {
    let text = "y,p,w\na,b,1e308\na,b,1e308\nc,c,1\n";
    let report = audit(text, &roles("label=y prediction=p weight=w"));
    no_odd_numbers(&report);
    let params = BTreeMap::from([
        ("true_class".to_owned(), "a".to_owned()),
        ("predicted_class".to_owned(), "b".to_owned()),
    ]);
    let key = Key {
        params,
        ..Key::overall("confusion")
    };
    assert_eq!(find(&report, &key).special, Some(Special::Inf));
}

#[test]
fn columns_that_share_one_of_their_two_levels_hold_three_classes() {
    let report = audit("y,p\na,b\na,a\nb,c\n", &roles("label=y prediction=p"));
    assert_eq!(report.outcome.task, Some(Task::Multiclass));
    assert_eq!(report.outcome.classes.len(), 3);
    let spelled = audit("y,p\n1,yes\n0,no\n", &roles("label=y prediction=p"));
    assert_eq!(spelled.outcome.task, Some(Task::Binary));
}

#[test]
fn fewer_than_two_groups_have_no_gap() {
    let report = audit("y,p,a\n1,1,x\n0,0,x\n1,0,x\n", &roles("label=y prediction=p sensitive=a"));
    no_odd_numbers(&report);
    let key = Key {
        comparison: Some(Comparison::Difference),
        by: vec!["a".to_owned()],
        ..Key::overall("recall")
    };
    assert_eq!(code(&report, &key), UndefinedCode::TooFewGroups);
}

// ---- intervals against simulations -----------------------------------------------------------------------------------------------------

/// Value and standard error of some metrics in one draw; the standard error is read off the normal interval.
fn measured(text: &str, named: &Roles, task: Task, metrics: &[&str]) -> Vec<(f64, f64)> {
    let settings = Settings {
        task: Some(task),
        ..Settings::default()
    };
    let report = audit_in_steps(text, named, &settings, 100_000);
    let of = |metric: &&str| {
        let estimate = find(&report, &Key::overall(metric));
        let interval = estimate.interval.unwrap_or_else(|| panic!("{metric} has no interval"));
        (estimate.value.unwrap(), (interval.high - interval.low) / 2.0 / Z)
    };
    metrics.iter().map(of).collect()
}

/// The spread of a metric over many draws against the standard error that each draw states, within Monte Carlo error.
fn standard_errors_hold(draws: usize, metrics: &[&str], one: impl Fn(usize) -> Vec<(f64, f64)>) {
    let found: Vec<Vec<(f64, f64)>> = (0..draws).map(one).collect();
    for (place, metric) in metrics.iter().enumerate() {
        let n = draws as f64;
        let mean = found.iter().map(|draw| draw[place].0).sum::<f64>() / n;
        let spread = (found
            .iter()
            .map(|draw| (draw[place].0 - mean) * (draw[place].0 - mean))
            .sum::<f64>()
            / (n - 1.0))
            .sqrt();
        let stated = (found.iter().map(|draw| draw[place].1 * draw[place].1).sum::<f64>() / n).sqrt();
        assert!((stated / spread - 1.0).abs() < 0.05, "{metric}: stated {stated}, seen {spread}");
    }
}

fn counted_csv(header: &str, cells: &[String], counts: &[u64]) -> String {
    let rows: Vec<String> = cells.iter().zip(counts).map(|(cell, count)| format!("{cell},{count}")).collect();
    csv(header, &rows)
}

const DRAWS: usize = 3000;

#[test]
fn standard_errors_of_two_classes_are_those_of_repeated_draws() {
    let metrics = [
        "f1",
        "f2",
        "matthews_correlation",
        "balanced_accuracy",
        "cohen_kappa",
        "g_mean",
        "f1_macro",
        "f1_weighted",
    ];
    let cells = ["1,1", "0,1", "1,0", "0,0"].map(str::to_owned);
    let named = roles("label=y prediction=p count=n");
    standard_errors_hold(DRAWS, &metrics, |seed| {
        let counts = Draw(seed as u64).multinomial(&[0.25, 0.12, 0.15, 0.48], 800);
        measured(&counted_csv("y,p,n", &cells, &counts), &named, Task::Binary, &metrics)
    });
}

#[test]
fn standard_errors_of_three_classes_are_those_of_repeated_draws() {
    let metrics = [
        "f1_macro",
        "f1_weighted",
        "precision_macro",
        "precision_weighted",
        "balanced_accuracy",
        "matthews_correlation",
        "cohen_kappa",
    ];
    let classes = ["ant", "bee", "cat"];
    let cells: Vec<String> = classes.iter().flat_map(|y| classes.map(|p| format!("{y},{p}"))).collect();
    let named = roles("label=y prediction=p count=n");
    let shares = [0.3, 0.05, 0.03, 0.06, 0.2, 0.04, 0.05, 0.07, 0.2];
    standard_errors_hold(DRAWS, &metrics, |seed| {
        let counts = Draw(seed as u64).multinomial(&shares, 800);
        measured(&counted_csv("y,p,n", &cells, &counts), &named, Task::Multiclass, &metrics)
    });
}

#[test]
fn standard_errors_of_predicted_numbers_are_those_of_repeated_draws() {
    // A fixed population of 60 points, drawn from with replacement: the bootstrap.
    let draw = &mut Draw(77);
    let cells: Vec<String> = (0..60)
        .map(|_| {
            let truth = 5000.0 + 30.0 * draw.normal();
            format!("{truth:.3},{:.3}", truth + 12.0 * draw.normal() + 3.0)
        })
        .collect();
    let named = roles("label=y prediction=p count=n");
    let metrics = ["r2", "rmse", "mse", "mae", "mean_error"];
    standard_errors_hold(DRAWS, &metrics, |seed| {
        let counts = Draw(seed as u64 + 1000).multinomial(&[1.0; 60], 600);
        measured(&counted_csv("y,p,n", &cells, &counts), &named, Task::Regression, &metrics)
    });
}

#[test]
fn wilson_intervals_cover_what_they_say() {
    let (n, named) = (60_u64, roles("label=y prediction=p count=n"));
    let intervals: Vec<(f64, f64)> = (0..=n)
        .map(|hits| {
            let report = audit(&format!("y,p,n\n1,1,{hits}\n1,0,{}\n0,0,7\n", n - hits), &named);
            let interval = find(&report, &Key::overall("recall")).interval.unwrap();
            (interval.low, interval.high)
        })
        .collect();
    let mut coverages = Vec::new();
    for share in [0.05_f64, 0.1, 0.2, 0.3, 0.5, 0.7, 0.9] {
        // Exactly: the binomial probability of every number of hits whose interval holds the share.
        let mut probability = assay::stats::math::pow(1.0 - share, n as f64);
        let mut covered = 0.0;
        for (hits, (low, high)) in intervals.iter().enumerate() {
            if (*low..=*high).contains(&share) {
                covered += probability;
            }
            probability *= (n as f64 - hits as f64) / (hits as f64 + 1.0) * share / (1.0 - share);
        }
        assert!((0.91..0.985).contains(&covered), "{share}: {covered}");
        coverages.push(covered);
    }
    let mean = coverages.iter().sum::<f64>() / coverages.len() as f64;
    assert!((mean - 0.95).abs() < 0.015, "{coverages:?}");
}

#[test]
fn delong_intervals_cover_what_they_say() {
    let named = roles("label=y score=s");
    // Normal scores one standard deviation apart: the area is the normal distribution's at 1 / sqrt 2.
    let (truth, draws) = (0.760_249_938_906_5, 1500);
    let mut covered = 0;
    for seed in 0..draws {
        let draw = &mut Draw(seed + 5_000);
        let rows: Vec<String> = (0..120)
            .map(|row| {
                let label = row % 2;
                format!("{label},{:.6}", draw.normal() + label as f64)
            })
            .collect();
        let report = audit(&csv("y,s", &rows), &named);
        let interval = find(&report, &Key::overall("roc_auc")).interval.unwrap();
        covered += u32::from((interval.low..=interval.high).contains(&truth));
    }
    let share = f64::from(covered) / draws as f64;
    assert!((0.925..0.97).contains(&share), "{share}");
}

// ---- anything at all -------------------------------------------------------------------------------------------------------------------

fn cell() -> impl Strategy<Value = String> {
    prop_oneof![
        prop::sample::select(vec![
            "0",
            "1",
            "1",
            "0",
            "yes",
            "no",
            "a",
            "b",
            "",
            "NA",
            "0.5",
            "0.25",
            "-1",
            "2",
            "1e308",
            "-1e308",
            "inf",
            "-inf",
            "1e-320",
            "2024-01-01",
            "<b>x</b>",
            "\"q,\"",
            "3.5",
            "9007199254740993",
            "é",
            "\"\"",
            "-0"
        ])
        .prop_map(str::to_owned),
        "[ -~]{0,4}",
    ]
}

fn small_csv() -> impl Strategy<Value = String> {
    (2..6_usize, 0..25_usize).prop_flat_map(|(columns, rows)| {
        prop::collection::vec(prop::collection::vec(cell(), columns), rows).prop_map(move |rows| {
            let header: Vec<String> = (0..columns).map(|column| format!("c{column}")).collect();
            let rows: Vec<String> = rows.iter().map(|row| row.join(",")).collect();
            csv(&header.join(","), &rows)
        })
    })
}

/// Few different cells, so that columns are alike and audits succeed.
fn tame_csv() -> impl Strategy<Value = String> {
    let column = prop::sample::select(vec![
        vec!["0", "1"],
        vec!["0", "1", ""],
        vec!["yes", "no", "NA"],
        vec!["0.1", "0.9", "0.5", "1"],
        vec!["1e308", "-1e308", "5e-324", "3"],
        vec!["inf", "-inf", "0.5", "1"],
        vec!["a", "b", "c", ""],
        vec!["1", "2", "3", "0"],
        vec!["0"],
        vec![""],
    ]);
    (prop::collection::vec(column, 5), 1..30_usize, any::<u64>()).prop_map(|(columns, rows, seed)| {
        let draw = &mut Draw(seed);
        let rows: Vec<String> = (0..rows)
            .map(|_| columns.iter().map(|cells| draw.pick(cells)).collect::<Vec<_>>().join(","))
            .collect();
        csv("c0,c1,c2,c3,c4", &rows)
    })
}

fn any_roles() -> impl Strategy<Value = Roles> {
    let role = prop::sample::select(vec!["label", "prediction", "score", "count", "weight", "sensitive", "class", ""]);
    prop::collection::vec(role, 5).prop_map(|parts| {
        let mut roles = Roles::default();
        for (place, part) in parts.into_iter().enumerate() {
            let column = format!("c{place}");
            match part {
                "label" => roles.label = Some(column),
                "prediction" => roles.prediction = Some(column),
                "score" => roles.score = Some(column),
                "count" => roles.count = Some(column),
                "weight" => roles.weight = Some(column),
                "sensitive" => roles.sensitive.push(column),
                "class" => roles.class_scores.push(ClassScore {
                    class: ["0", "1", "a", "b", "yes"][place].to_owned(),
                    column,
                }),
                _ => {}
            }
        }
        roles
    })
}

fn any_settings() -> impl Strategy<Value = Settings> {
    let task = prop::option::of(prop::sample::select(vec![Task::Binary, Task::Multiclass, Task::Regression]));
    let threshold = prop::option::of(prop::sample::select(vec![0.5, 0.0, -1.0, 1e308]));
    (task, prop::option::weighted(0.2, Just("1".to_owned())), threshold, 0..5_u64).prop_map(|(task, positive, threshold, min_support)| {
        Settings {
            task,
            positive,
            threshold,
            min_support,
            ..Settings::default()
        }
    })
}

/// A report or a refusal that says something; never a panic. What is read is whether there was a report.
fn report_or_refusal(bytes: &[u8], roles: Option<&Roles>, settings: &Settings) -> bool {
    let mut reading = ReadJob::new(Cursor::new(bytes.to_vec()), "any.csv", bytes.len() as u64);
    let table = loop {
        match reading.step(3) {
            Ok(Step::Done(table)) => break table,
            Ok(Step::Working(_) | Step::Waiting(_)) => {}
            Err(error) => {
                assert!(error.to_string().len() > 20);
                return false;
            }
        }
    };
    let inferred = assay::engine::inspect(&table).roles;
    let roles = roles.unwrap_or(&inferred);
    assay::engine::foresee(&table, roles, settings);
    let mut job = match AuditJob::new(Arc::new(table), roles.clone(), settings.clone()) {
        Ok(job) => job,
        Err(error) => {
            assert!(error.to_string().len() > 20);
            return false;
        }
    };
    let report = loop {
        if let Step::Done(report) = job.step(3).unwrap() {
            break report;
        }
    };
    no_odd_numbers(&report);
    assay::report::html::document(&report, None);
    assay::report::markdown::render(&report);
    assay::report::terminal::render(&report);
    true
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn any_small_file_gives_a_report_or_a_refusal(text in small_csv(), roles in any_roles(), settings in any_settings()) {
        report_or_refusal(text.as_bytes(), Some(&roles), &settings);
        report_or_refusal(text.as_bytes(), None, &settings);
    }

    #[test]
    fn any_tame_file_gives_a_report_or_a_refusal(text in tame_csv(), roles in any_roles(), settings in any_settings()) {
        report_or_refusal(text.as_bytes(), Some(&roles), &settings);
    }

    #[test]
    fn any_bytes_give_a_report_or_a_refusal(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        report_or_refusal(&bytes, None, &Settings::default());
    }
}
