//! Reports for the faces' tests, computed plainly from the oracles' files: near enough to real ones to be looked at.

use std::collections::BTreeMap;

use super::index::Group;
use super::{ColumnSummary, Curve, Input, Outcome, Report};
use crate::check::{Check, Finding, Verdict};
use crate::data::{BadRow, Kind, Notice, NoticeCode, Role, Roles};
use crate::metric::{Comparison, Estimate, Key, Source, UndefinedCode};
use crate::run::{Settings, Task};
use crate::stats::interval::{Interval, Method};

/// All fixtures by name.
pub(super) fn all() -> Vec<(&'static str, Report)> {
    vec![
        ("compas", compas()),
        ("digits", digits()),
        ("diabetes", diabetes()),
        ("hostile", hostile()),
        ("empty", empty()),
        ("wide", wide()),
    ]
}

fn records(name: &str) -> Vec<BTreeMap<String, String>> {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/oracle").join(name);
    let mut reader = csv::Reader::from_path(path).expect("the oracle's file is there");
    reader.deserialize().map(|row| row.expect("the oracle's rows are whole")).collect()
}

fn wilson(hits: f64, of: f64) -> Interval {
    let z = 1.959_963_984_540_054;
    let (p, n) = (hits / of, of);
    let centre = (p + z * z / (2.0 * n)) / (1.0 + z * z / n);
    let half = z / (1.0 + z * z / n) * (p * (1.0 - p) / n + z * z / (4.0 * n * n)).sqrt();
    Interval {
        low: centre - half,
        high: centre + half,
        level: 0.95,
        method: Method::Wilson,
    }
}

fn estimate(key: Key, value: Option<f64>, support: f64, interval: Option<Interval>) -> Estimate {
    Estimate {
        key,
        undefined: value.is_none().then(|| UndefinedCode::ZeroDenominator.into()),
        value,
        special: None,
        text: None,
        support: support as u64,
        interval,
        within: None,
    }
}

/// Cells of a confusion matrix: tp, fp, fn, tn.
type Cells = [f64; 4];

/// Numerators and denominators of the shares of a confusion matrix.
fn shares([tp, fp, fn_, tn]: Cells) -> Vec<(&'static str, f64, f64)> {
    let n = tp + fp + fn_ + tn;
    vec![
        ("prevalence", tp + fn_, n),
        ("selection_rate", tp + fp, n),
        ("accuracy", tp + tn, n),
        ("recall", tp, tp + fn_),
        ("specificity", tn, tn + fp),
        ("false_positive_rate", fp, tn + fp),
        ("false_negative_rate", fn_, tp + fn_),
        ("precision", tp, tp + fp),
        ("negative_predictive_value", tn, tn + fn_),
        ("false_discovery_rate", fp, tp + fp),
        ("false_omission_rate", fn_, tn + fn_),
    ]
}

struct Maker {
    report: Report,
}

impl Maker {
    fn new(name: &str, task: Option<Task>) -> Self {
        Self {
            report: Report {
                schema_version: super::model::SCHEMA_VERSION,
                inputs: vec![Input {
                    source: Source::Current,
                    name: name.to_owned(),
                    bytes: 34_812,
                    fingerprint: "7f83b1657ff1fc53b92dc18148a1d65dfc2d4b1fa3d677284addd200126d9069".to_owned(),
                    delimiter: ',',
                    told: BTreeMap::new(),
                    rows_read: 0,
                    rows_used: 0,
                    rows_set_aside: 0,
                    bad_rows: Vec::new(),
                    columns: Vec::new(),
                    profile: None,
                }],
                roles: Roles::default(),
                settings: Settings::default(),
                outcome: Outcome {
                    task,
                    classes: Vec::new(),
                    positive_class: None,
                    decision_threshold: None,
                    rows_represented: 0,
                },
                groupings: Vec::new(),
                suite: Vec::new(),
                findings: Vec::new(),
                estimates: Vec::new(),
                curves: Vec::new(),
                grids: Vec::new(),
                distributions: Vec::new(),
                presets: Vec::new(),
                representation: Vec::new(),
                conflicts: Vec::new(),
                proxies: None,
                search: None,
                frontiers: Vec::new(),
                notices: Vec::new(),
            },
        }
    }

    fn rows(&mut self, read: u64, represented: u64) {
        self.report.inputs[0].rows_read = read;
        self.report.inputs[0].rows_used = read - self.report.inputs[0].rows_set_aside;
        self.report.outcome.rows_represented = represented;
    }

    fn column(&mut self, name: &str, kind: Kind, role: Role, missing: u64) {
        self.report.inputs[0].columns.push(ColumnSummary {
            name: name.to_owned(),
            kind,
            role,
            missing,
            invalid: 0,
        });
    }

    fn put(&mut self, key: Key, value: Option<f64>, support: f64, interval: Option<Interval>) {
        self.report.estimates.push(estimate(key, value, support, interval));
    }

    fn binary(&mut self, key: &Key, cells: Cells) {
        let n: f64 = cells.iter().sum();
        let at = |metric: &str| Key {
            metric: metric.to_owned(),
            ..key.clone()
        };
        self.put(at("rows"), Some(n), n, None);
        for (metric, hits, of) in shares(cells) {
            let value = (of > 0.0).then(|| hits / of);
            self.put(at(metric), value, of, (of > 0.0).then(|| wilson(hits, of)));
        }
        let [tp, fp, fn_, tn] = cells;
        for (metric, value) in [
            ("true_positives", tp),
            ("false_positives", fp),
            ("false_negatives", fn_),
            ("true_negatives", tn),
        ] {
            self.put(at(metric), Some(value), n, None);
        }
        let f1 = (2.0 * tp + fp + fn_ > 0.0).then(|| 2.0 * tp / (2.0 * tp + fp + fn_));
        self.put(at("f1"), f1, n, None);
        let denominator = ((tp + fp) * (tp + fn_) * (tn + fp) * (tn + fn_)).sqrt();
        self.put(
            at("matthews_correlation"),
            (denominator > 0.0).then(|| (tp * tn - fp * fn_) / denominator),
            n,
            None,
        );
    }

    /// Groups, gaps over all of them and over those with enough rows.
    fn grouping(&mut self, by: &[&str], cells: &BTreeMap<Vec<Option<String>>, Cells>) {
        let by: Vec<String> = by.iter().map(|name| (*name).to_owned()).collect();
        for (levels, cells) in cells {
            let group: Group = by.iter().cloned().zip(levels.iter().cloned()).collect();
            self.binary(&Key { group, ..Key::default() }, *cells);
        }
        for (position, (metric, _, _)) in shares([1.0; 4]).into_iter().enumerate() {
            for least in [None, Some(30.0)] {
                let ends: Vec<(f64, f64)> = cells
                    .iter()
                    .filter(|(levels, _)| levels.iter().all(Option::is_some))
                    .map(|(_, cells)| (shares(*cells)[position].1, shares(*cells)[position].2))
                    .filter(|(_, of)| *of > 0.0 && least.is_none_or(|least| *of >= least))
                    .collect();
                self.gap(metric, &by, least.is_some(), &ends);
            }
        }
        self.report.groupings.push(by);
    }

    fn gap(&mut self, metric: &str, by: &[String], is_judged: bool, ends: &[(f64, f64)]) {
        let share = |(hits, of): &(f64, f64)| hits / of;
        let (Some(low), Some(high)) = (
            ends.iter().min_by(|a, b| share(a).total_cmp(&share(b))),
            ends.iter().max_by(|a, b| share(a).total_cmp(&share(b))),
        ) else {
            return;
        };
        let (a, b) = (wilson(high.0, high.1), wilson(low.0, low.1));
        let (p, q) = (share(high), share(low));
        let half = ((p - a.low).powi_two() + (b.high - q).powi_two()).sqrt();
        let params = if is_judged {
            BTreeMap::from([("min_support".to_owned(), "30".to_owned())])
        } else {
            BTreeMap::new()
        };
        for (comparison, value, interval) in [
            (Comparison::Difference, Some(p - q), Some((p - q - half, p - q + half))),
            (
                Comparison::Ratio,
                (p > 0.0).then(|| q / p),
                Some((b.low / a.high, (b.high / a.low).min(1.0))),
            ),
        ] {
            let key = Key {
                metric: metric.to_owned(),
                params: params.clone(),
                comparison: Some(comparison),
                by: by.to_vec(),
                ..Key::default()
            };
            let value = if ends.len() < 2 { None } else { value };
            let interval = interval.filter(|_| value.is_some()).map(|(low, high)| Interval {
                low,
                high,
                level: 0.95,
                method: Method::SidakNewcombe,
            });
            self.put(key, value, low.1.min(high.1), interval);
        }
    }

    fn finding(&mut self, check: &str, key: Key, verdict: Verdict, bound: Option<f64>, sentence: &str, reason: &str) {
        let estimate = self.report.estimate(&key).cloned();
        self.report.findings.push(Finding {
            check: check.to_owned(),
            key: Some(key),
            verdict,
            estimate,
            bound,
            sentence: sentence.to_owned(),
            reason: reason.to_owned(),
        });
    }

    fn notice(&mut self, code: NoticeCode, text: &str, column: Option<&str>, rows: Option<u64>, line: Option<u64>) {
        self.report.notices.push(Notice {
            code,
            text: text.to_owned(),
            column: column.map(str::to_owned),
            rows,
            line,
        });
    }
}

trait Square {
    fn powi_two(self) -> f64;
}

impl Square for f64 {
    fn powi_two(self) -> f64 {
        self * self
    }
}

fn judged_gap(metric: &str, comparison: Comparison, by: &[&str]) -> Key {
    Key {
        metric: metric.to_owned(),
        params: BTreeMap::from([("min_support".to_owned(), "30".to_owned())]),
        comparison: Some(comparison),
        by: by.iter().map(|name| (*name).to_owned()).collect(),
        ..Key::default()
    }
}

/// Two classes, three sensitive features and their pairs.
pub(super) fn compas() -> Report {
    let records = records("compas_counts.csv");
    let mut maker = Maker::new("compas_counts.csv", Some(Task::Binary));
    let total: f64 = records.iter().map(|row| number(row, "count")).sum();
    maker.rows(records.len() as u64, total as u64);
    let cell_of = |row: &BTreeMap<String, String>| match (row["two_year_recid"].as_str(), row["predicted_high_risk"].as_str()) {
        ("1", "1") => 0,
        ("0", "1") => 1,
        ("1", _) => 2,
        _ => 3,
    };
    let fold = |by: &[&str]| {
        let mut cells: BTreeMap<Vec<Option<String>>, Cells> = BTreeMap::new();
        for row in &records {
            let levels = by.iter().map(|name| Some(row[*name].clone())).collect();
            cells.entry(levels).or_default()[cell_of(row)] += number(row, "count");
        }
        cells
    };
    let all = fold(&[])[&Vec::new()];
    maker.binary(&Key::default(), all);
    let [tp, fp, fn_, tn] = all;
    maker.put(Key::overall("majority_share"), Some((fp + tn).max(tp + fn_) / total), total, None);
    ranked(&mut maker, &records);
    for by in [
        &["race"][..],
        &["sex"],
        &["age_cat"],
        &["race", "sex"],
        &["race", "age_cat"],
        &["sex", "age_cat"],
    ] {
        maker.grouping(by, &fold(by));
    }
    compas_frame(&mut maker);
    compas_findings(&mut maker);
    maker.report
}

fn number(row: &BTreeMap<String, String>, column: &str) -> f64 {
    row[column].parse().unwrap_or(f64::NAN)
}

/// AUC and the curve of the decile scores.
fn ranked(maker: &mut Maker, records: &[BTreeMap<String, String>]) {
    let mut by_score = [[0.0; 2]; 11];
    for row in records {
        let score = number(row, "decile_score") as usize;
        by_score[score.min(10)][usize::from(row["two_year_recid"] == "1")] += number(row, "count");
    }
    let (negatives, positives): (f64, f64) = by_score.iter().fold((0.0, 0.0), |(n, p), cell| (n + cell[0], p + cell[1]));
    let mut points = vec![(0.0, 0.0)];
    let (mut fp, mut tp, mut auc) = (0.0, 0.0, 0.0);
    for [n, p] in by_score.iter().rev() {
        auc += n * (tp + p / 2.0);
        fp += n;
        tp += p;
        points.push((fp / negatives, tp / positives));
    }
    let value = auc / negatives / positives;
    let interval = Interval {
        low: value - 0.012,
        high: value + 0.012,
        level: 0.95,
        method: Method::Delong,
    };
    maker.put(Key::overall("roc_auc"), Some(value), negatives + positives, Some(interval));
    maker.report.curves.push(Curve {
        kind: "roc".to_owned(),
        key: Key::overall("roc_auc"),
        points,
    });
}

fn compas_frame(maker: &mut Maker) {
    for (name, kind, role) in [
        ("race", Kind::Categorical, Role::Sensitive),
        ("sex", Kind::Categorical, Role::Sensitive),
        ("age_cat", Kind::Categorical, Role::Sensitive),
        ("c_charge_degree", Kind::Categorical, Role::Feature),
        ("decile_score", Kind::Numeric, Role::Score),
        ("score_text", Kind::Categorical, Role::Feature),
        ("predicted_high_risk", Kind::Boolean, Role::Prediction),
        ("two_year_recid", Kind::Boolean, Role::Label),
        ("count", Kind::Numeric, Role::Count),
    ] {
        maker.column(name, kind, role, 0);
    }
    let report = &mut maker.report;
    report.roles = Roles {
        label: Some("two_year_recid".to_owned()),
        prediction: Some("predicted_high_risk".to_owned()),
        score: Some("decile_score".to_owned()),
        count: Some("count".to_owned()),
        sensitive: vec!["race".to_owned(), "sex".to_owned(), "age_cat".to_owned()],
        ..Roles::default()
    };
    report.outcome.classes = vec!["0".to_owned(), "1".to_owned()];
    report.outcome.positive_class = Some("1".to_owned());
    report.suite = serde_json::from_str::<Vec<Check>>(
        r#"[{"id": "selection-rate-ratio", "subject": {"metric": "selection_rate", "comparison": "ratio"},
            "condition": {"relation": "at_least", "bound": 0.8}}]"#,
    )
    .expect("the suite is written by hand");
    maker.notice(
        NoticeCode::PositiveClassInferred,
        "Of the classes 0 and 1, “1” was taken as positive; choose another if it is not the one to be found.",
        Some("two_year_recid"),
        None,
        None,
    );
    maker.notice(
        NoticeCode::ScoreOutOfRange,
        "The score is not between 0 and 1, so it is used as an order only: log loss and Brier score are not measured.",
        Some("decile_score"),
        Some(699),
        Some(2),
    );
}

fn compas_findings(maker: &mut Maker) {
    use Verdict::{Fail, Inconclusive, NotApplicable, Pass, Warn};
    let ratio = Comparison::Ratio;
    for (by, lowest, highest) in [
        (&["race"][..], "Other (21.0\u{202f}%)", "African-American (58.8\u{202f}%)"),
        (&["age_cat"], "Greater than 45 (25.0\u{202f}%)", "Less than 25 (65.3\u{202f}%)"),
    ] {
        maker.finding(
            "selection-rate-ratio",
            judged_gap("selection_rate", ratio, by),
            Fail,
            Some(0.8),
            &format!(
                "The lowest selection rate by {}, {lowest}, is well below 0.8 of the highest, {highest}.",
                by.join(" and ")
            ),
            "The whole interval of the ratio lies below the bound.",
        );
    }
    maker.finding(
        "error-rate-gap",
        judged_gap("false_positive_rate", Comparison::Difference, &["race"]),
        Warn,
        Some(0.1),
        "Of 100 rows that are not “1”, 45 are predicted “1” in the group African-American and 15 in Other: a gap of 30 points, above the 10 asked for.",
        "",
    );
    maker.finding(
        "selection-rate-ratio",
        judged_gap("selection_rate", ratio, &["sex"]),
        Inconclusive,
        Some(0.8),
        "The selection rate of Female is 0.89 of that of Male; the bound of 0.8 is not clearly met.",
        "The interval, 0.79 to 0.95, holds the bound.",
    );
    let accuracy = Key::overall("accuracy");
    maker.finding(
        "better-than-naive",
        accuracy,
        Pass,
        Some(0.549),
        "Of 100 rows, 65 are predicted right; always saying “0” gets 55.",
        "",
    );
    for check in ["enough-rows", "auc"] {
        maker.finding(
            check,
            Key::overall("roc_auc"),
            Pass,
            Some(0.6),
            "ROC AUC is 0.702 (0.690 to 0.714), above 0.6.",
            "",
        );
    }
    maker.finding(
        "calibration",
        Key::overall("brier_score"),
        NotApplicable,
        None,
        "The Brier score needs a score between 0 and 1.",
        "decile_score is not a probability.",
    );
}

/// Ten classes.
pub(super) fn digits() -> Report {
    let records = records("digits.csv");
    let mut maker = Maker::new("digits.csv", Some(Task::Multiclass));
    maker.rows(records.len() as u64, records.len() as u64);
    let classes: Vec<String> = (0..10).map(|digit: u32| digit.to_string()).collect();
    let mut matrix = [[0.0_f64; 10]; 10];
    for row in &records {
        matrix[number(row, "y_true") as usize][number(row, "y_pred") as usize] += 1.0;
    }
    let n = records.len() as f64;
    let diagonal: f64 = (0..10).map(|i| matrix[i][i]).sum();
    maker.put(Key::overall("rows"), Some(n), n, None);
    maker.put(Key::overall("accuracy"), Some(diagonal / n), n, Some(wilson(diagonal, n)));
    maker.put(Key::overall("majority_share"), Some(0.1012), n, None);
    let mut sums = [0.0; 3];
    for (class, name) in classes.iter().enumerate() {
        let hit = matrix[class][class];
        let (truth, said): (f64, f64) = (matrix[class].iter().sum(), matrix.iter().map(|row| row[class]).sum());
        let at = |metric: &str| Key {
            params: BTreeMap::from([("class".to_owned(), name.clone())]),
            ..Key::overall(metric)
        };
        let f1 = 2.0 * hit / (truth + said);
        for (sum, value) in sums.iter_mut().zip([hit / truth, hit / said, f1]) {
            *sum += value / 10.0;
        }
        maker.put(at("support"), Some(truth), truth, None);
        maker.put(at("recall"), Some(hit / truth), truth, Some(wilson(hit, truth)));
        maker.put(at("precision"), Some(hit / said), said, Some(wilson(hit, said)));
        maker.put(at("f1"), Some(f1), n, None);
        for (other, predicted) in classes.iter().enumerate() {
            let mut key = Key::overall("confusion");
            key.params.insert("true_class".to_owned(), name.clone());
            key.params.insert("predicted_class".to_owned(), predicted.clone());
            maker.put(key, Some(matrix[class][other]), n, None);
        }
    }
    for (metric, value) in ["recall_macro", "precision_macro", "f1_macro"].into_iter().zip(sums) {
        maker.put(Key::overall(metric), Some(value), n, None);
    }
    maker.report.outcome.classes = classes;
    maker.report.roles.label = Some("y_true".to_owned());
    maker.report.roles.prediction = Some("y_pred".to_owned());
    maker.column("y_true", Kind::Categorical, Role::Label, 0);
    maker.column("y_pred", Kind::Categorical, Role::Prediction, 0);
    maker.finding(
        "better-than-naive",
        Key::overall("accuracy"),
        Verdict::Pass,
        Some(0.1012),
        "Of 100 rows, 80 are predicted right; always saying the most frequent class gets 10.",
        "",
    );
    maker.report
}

/// A predicted number, by sex.
pub(super) fn diabetes() -> Report {
    let records = records("diabetes.csv");
    let mut maker = Maker::new("diabetes.csv", Some(Task::Regression));
    maker.rows(records.len() as u64, records.len() as u64);
    maker.residuals(&Key::default(), &records.iter().collect::<Vec<_>>());
    for level in ["1.0", "2.0"] {
        let group = Group::from([("sex".to_owned(), Some(level.to_owned()))]);
        let rows: Vec<_> = records.iter().filter(|row| row["sex"] == level).collect();
        maker.residuals(&Key { group, ..Key::default() }, &rows);
    }
    for metric in ["mae", "rmse", "mean_error"] {
        let of = |level: &str| {
            let mut key = Key::overall(metric);
            key.group.insert("sex".to_owned(), Some(level.to_owned()));
            maker.report.estimate(&key).and_then(|estimate| estimate.value).unwrap_or(0.0)
        };
        let gap = (of("1.0") - of("2.0")).abs();
        let interval = Interval {
            low: gap - 6.0,
            high: gap + 6.0,
            level: 0.95,
            method: Method::Delta,
        };
        maker.put(
            judged_gap(metric, Comparison::Difference, &["sex"]),
            Some(gap),
            207.0,
            Some(interval),
        );
    }
    maker.report.groupings.push(vec!["sex".to_owned()]);
    maker.report.roles.label = Some("y_true".to_owned());
    maker.report.roles.prediction = Some("y_pred".to_owned());
    maker.column("sex", Kind::Categorical, Role::Sensitive, 0);
    maker.column("y_true", Kind::Numeric, Role::Label, 0);
    maker.column("y_pred", Kind::Numeric, Role::Prediction, 0);
    maker.report
}

impl Maker {
    fn residuals(&mut self, key: &Key, rows: &[&BTreeMap<String, String>]) {
        let n = rows.len() as f64;
        let errors: Vec<f64> = rows.iter().map(|row| number(row, "y_pred") - number(row, "y_true")).collect();
        let mean = |values: &dyn Fn(f64) -> f64| errors.iter().map(|e| values(*e)).sum::<f64>() / n;
        let around = |value: f64, half: f64| {
            Some(Interval {
                low: value - half,
                high: value + half,
                level: 0.95,
                method: Method::Normal,
            })
        };
        let (mae, mse, bias) = (mean(&f64::abs), mean(&|e| e * e), mean(&|e| e));
        let truth_mean = rows.iter().map(|row| number(row, "y_true")).sum::<f64>() / n;
        let spread = rows.iter().map(|row| (number(row, "y_true") - truth_mean).powi_two()).sum::<f64>() / n;
        let half = 2.0 * mse.sqrt() / n.sqrt();
        for (metric, value, interval) in [
            ("rows", n, None),
            ("mae", mae, around(mae, half * 0.6)),
            ("rmse", mse.sqrt(), around(mse.sqrt(), half * 0.7)),
            ("mse", mse, None),
            ("r2", 1.0 - mse / spread, around(1.0 - mse / spread, 0.07)),
            ("mean_error", bias, around(bias, half)),
        ] {
            let key = Key {
                metric: metric.to_owned(),
                ..key.clone()
            };
            self.put(key, Some(value), n, interval);
        }
    }
}

/// A name with everything that could break a face.
pub(super) const SCRIPT: &str = "<script>alert(1)</script>";

/// Names that are markup, formulas, control characters, endless, turned, or missing.
pub(super) fn hostile() -> Report {
    let mut maker = Maker::new("<img src=x onerror=alert(1)>.csv", Some(Task::Binary));
    maker.report.inputs[0].rows_set_aside = 3;
    maker.report.inputs[0].bad_rows.push(BadRow {
        line: 17,
        reason: "3 fields where the header has 5: <b>bold</b> | `code`".to_owned(),
    });
    maker.rows(403, 400);
    let column = "a|b`c</style><script>";
    let long = "a name without any end ".repeat(12);
    let names = [
        SCRIPT,
        "\"&'",
        long.trim(),
        "مرحبا بالعالم",
        "tab\tline\nnull\u{0}esc\u{1b}[31m",
        "right\u{202e}left",
        "*bold* _it_ [x](javascript:1)",
    ];
    let mut cells: BTreeMap<Vec<Option<String>>, Cells> = names
        .iter()
        .enumerate()
        .map(|(i, name)| (vec![Some((*name).to_owned())], [20.0 + i as f64, 5.0 + i as f64, 4.0, 28.0]))
        .collect();
    cells.insert(vec![None], [9.0, 3.0, 2.0, 8.0]);
    cells.insert(vec![Some(String::new())], [0.0, 0.0, 3.0, 2.0]);
    let all = cells.values().fold([0.0; 4], |mut sum, cells| {
        sum.iter_mut().zip(cells).for_each(|(sum, cell)| *sum += cell);
        sum
    });
    maker.binary(&Key::default(), all);
    maker.grouping(&[column], &cells);
    maker.column(column, Kind::Categorical, Role::Sensitive, 22);
    maker.report.outcome.classes = vec!["no".to_owned(), SCRIPT.to_owned()];
    maker.report.outcome.positive_class = Some(SCRIPT.to_owned());
    maker.report.roles.label = Some("y<i>".to_owned());
    for verdict in [
        Verdict::Error,
        Verdict::Fail,
        Verdict::Warn,
        Verdict::Inconclusive,
        Verdict::Pass,
        Verdict::NotApplicable,
    ] {
        maker.finding(
            "a check",
            judged_gap("recall", Comparison::Ratio, &[column]),
            verdict,
            Some(0.8),
            &format!("Recall of {SCRIPT} is “low” | `x` \u{1b}[31mred."),
            "Because <b>of</b> this.",
        );
    }
    maker.notice(
        NoticeCode::MissingGroups,
        "22 rows have no <level>.",
        Some(column),
        Some(22),
        Some(3),
    );
    maker.report
}

/// Nothing could be measured.
pub(super) fn empty() -> Report {
    let mut maker = Maker::new("labels_only.csv", None);
    maker.rows(0, 0);
    maker.column("note", Kind::Empty, Role::Ignored, 0);
    maker.report
}

/// More groups than are shown.
pub(super) fn wide() -> Report {
    let mut maker = Maker::new("wide.csv", Some(Task::Binary));
    let cells: BTreeMap<Vec<Option<String>>, Cells> = (0..120_u32)
        .map(|i| {
            (
                vec![Some(format!("postcode {i}"))],
                [30.0 + f64::from(i), 10.0, 8.0, 50.0 + f64::from(i)],
            )
        })
        .collect();
    maker.rows(26_000, 26_000);
    maker.grouping(&["postcode"], &cells);
    maker.report.outcome.positive_class = Some("yes".to_owned());
    maker.report
}
