//! Two classes: metrics that no oracle reports, held against the plain way, and what their definitions say of each other.

use assay::data::{NoticeCode, Roles};
use assay::engine::AuditJob;
use assay::metric::parameters::{Costs, Parameters};
use assay::metric::{Estimate, Key, UndefinedCode};
use assay::report::Report;
use assay::run::{AucInterval, ScoreScale, Settings};
use assay::stats::interval::Method;
use assay::stats::math::{exp, ln};

use super::frame::{Draw, audit_in_steps, csv, roles, table};

const Z: f64 = 1.959_963_984_540_054;

/// A row with label, prediction, score and weight.
#[derive(Clone, Copy)]
struct Row {
    label: bool,
    prediction: bool,
    score: f64,
    weight: f64,
}

fn rows(seed: u64, is_weighted: bool) -> Vec<Row> {
    let draw = &mut Draw(seed);
    let row = |draw: &mut Draw| {
        let score = draw.below(65) as f64 / 64.0;
        Row {
            label: draw.unit() < 0.1 + 0.7 * score,
            prediction: draw.unit() < 0.2 + 0.5 * score,
            score,
            weight: if is_weighted { draw.below(40) as f64 / 8.0 } else { 1.0 },
        }
    };
    (0..400).map(|_| row(draw)).collect()
}

fn text(rows: &[Row]) -> String {
    let line = |row: &Row| format!("{},{},{},{}", u8::from(row.label), u8::from(row.prediction), row.score, row.weight);
    csv("y,p,s,w", &rows.iter().map(line).collect::<Vec<_>>())
}

fn named(is_weighted: bool) -> Roles {
    roles(if is_weighted {
        "label=y prediction=p score=s weight=w"
    } else {
        "label=y prediction=p score=s"
    })
}

fn audit(text: &str, roles: &Roles, settings: &Settings) -> Report {
    audit_in_steps(text, roles, settings, 1 << 20)
}

fn with(parameters: Parameters) -> Settings {
    Settings {
        parameters,
        ..Settings::default()
    }
}

/// The number over all rows with these parameters.
fn find<'r>(report: &'r Report, metric: &str, params: &[(&str, &str)]) -> &'r Estimate {
    let mut key = Key::overall(metric);
    key.params = params
        .iter()
        .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
        .collect();
    report.estimate(&key).unwrap_or_else(|| panic!("no {key:?}"))
}

fn value(report: &Report, metric: &str, params: &[(&str, &str)]) -> f64 {
    let estimate = find(report, metric, params);
    estimate.value.unwrap_or_else(|| panic!("{estimate:?}"))
}

fn near(got: f64, wanted: f64) {
    assert!(
        (got - wanted).abs() <= 1e-12 * wanted.abs().max(1.0),
        "expected {wanted}, got {got}"
    );
}

fn sum(rows: &[Row], of: impl Fn(&Row) -> f64) -> f64 {
    rows.iter().map(|row| row.weight * of(row)).sum()
}

fn share(is_so: bool) -> f64 {
    f64::from(u8::from(is_so))
}

/// True positives, false positives, false negatives and true negatives when scores from `threshold` on are positive.
fn cells(rows: &[Row], is_selected: impl Fn(&Row) -> bool) -> [f64; 4] {
    let cell = |label: bool, selected: bool| sum(rows, |row| share(row.label == label && is_selected(row) == selected));
    [cell(true, true), cell(false, true), cell(true, false), cell(false, false)]
}

const COSTS: Costs = Costs {
    false_positive: 2.0,
    false_negative: 7.0,
    true_positive: -1.0,
    true_negative: 0.25,
};
const COST_PARAMS: [(&str, &str); 4] = [
    ("false_positive", "2"),
    ("false_negative", "7"),
    ("true_positive", "-1"),
    ("true_negative", "0.25"),
];

fn cost([tp, fp, fn_, tn]: [f64; 4]) -> f64 {
    COSTS.true_positive * tp + COSTS.false_positive * fp + COSTS.false_negative * fn_ + COSTS.true_negative * tn
}

#[test]
fn decisions_cost_what_their_outcomes_cost() {
    for (seed, is_weighted) in [(1, false), (2, true)] {
        let rows = rows(seed, is_weighted);
        let settings = with(Parameters {
            beta: Some(3.0),
            costs: Some(COSTS),
            ..Parameters::default()
        });
        let report = audit(&text(&rows), &named(is_weighted), &settings);
        let all = sum(&rows, |_| 1.0);
        let outcomes @ [tp, fp, fn_, tn] = cells(&rows, |row| row.prediction);
        near(value(&report, "total_cost", &COST_PARAMS), cost(outcomes));
        let expected = find(&report, "expected_cost", &COST_PARAMS);
        near(expected.value.unwrap(), cost(outcomes) / all);
        // The interval is that of a weighted mean of the rows' costs.
        let mean = cost(outcomes) / all;
        let own = |row: &Row| cost(cells(&[Row { weight: 1.0, ..*row }], |row| row.prediction));
        let spread: f64 = rows.iter().map(|row| row.weight * (own(row) - mean)).map(|x| x * x).sum();
        let interval = expected.interval.unwrap();
        near((interval.high - interval.low) / 2.0, Z * spread.sqrt() / all);
        near(value(&report, "f_beta", &[("beta", "3")]), 10.0 * tp / (10.0 * tp + 9.0 * fn_ + fp));
        let odds = find(&report, "diagnostic_odds_ratio", &[]);
        near(odds.value.unwrap(), tp * tn / (fp * fn_));
        if !is_weighted {
            let interval = odds.interval.unwrap();
            near(
                ln(interval.high / interval.low) / 2.0,
                Z * (1.0 / tp + 1.0 / fp + 1.0 / fn_ + 1.0 / tn).sqrt(),
            );
        }

        let thresholds = (0..=64).map(|step| f64::from(step) / 64.0).chain([2.0]);
        let of = |threshold: f64| cost(cells(&rows, |row| row.score >= threshold)) / all;
        let least = thresholds.clone().map(of).fold(f64::INFINITY, f64::min);
        near(value(&report, "best_expected_cost", &COST_PARAMS), least);
        let highest = thresholds.filter(|threshold| of(*threshold) <= least + 1e-12).fold(0.0, f64::max);
        near(value(&report, "best_threshold_cost", &COST_PARAMS), highest);
    }
}

#[test]
fn recall_is_the_largest_that_keeps_the_promise() {
    for (seed, is_weighted) in [(3, false), (4, true)] {
        let rows = rows(seed, is_weighted);
        let settings = with(Parameters {
            at_specificity: vec![0.5, 0.9, 1.0],
            at_precision: vec![0.5, 0.8],
            ..Parameters::default()
        });
        let report = audit(&text(&rows), &named(is_weighted), &settings);
        let points: Vec<[f64; 4]> = (0..=65)
            .map(|step| cells(&rows, |row| row.score >= f64::from(step) / 64.0))
            .collect();
        let most = |is_so: &dyn Fn(&[f64; 4]) -> bool| {
            let chosen = points.iter().filter(|point| is_so(point)).map(|[tp, _, fn_, _]| tp / (tp + fn_));
            chosen.fold(f64::NEG_INFINITY, f64::max)
        };
        for specificity in ["0.5", "0.9", "1"] {
            let least: f64 = specificity.parse().unwrap();
            let wanted = most(&|[_, fp, _, tn]| tn / (tn + fp) >= least);
            near(value(&report, "recall_at_specificity", &[("specificity", specificity)]), wanted);
        }
        for precision in ["0.5", "0.8"] {
            let least: f64 = precision.parse().unwrap();
            let wanted = most(&|[tp, fp, _, _]| tp / (tp + fp) >= least);
            let got = find(&report, "recall_at_precision", &[("precision", precision)]);
            if wanted < 0.0 {
                assert_eq!(got.undefined.as_ref().unwrap().code, UndefinedCode::Unreached);
            } else {
                near(got.value.unwrap(), wanted);
            }
        }
    }
}

#[test]
fn the_naive_score_is_the_share_of_positives() {
    for (seed, is_weighted) in [(5, false), (6, true)] {
        let rows = rows(seed, is_weighted);
        let report = audit(&text(&rows), &named(is_weighted), &Settings::default());
        let all = sum(&rows, |_| 1.0);
        let p = sum(&rows, |row| share(row.label)) / all;
        let naive = sum(&rows, |row| if row.label { -ln(p) } else { -ln(1.0 - p) }) / all;
        near(value(&report, "naive_log_loss", &[]), naive);
        near(value(&report, "d2_log_loss", &[]), 1.0 - value(&report, "log_loss", &[]) / naive);
        let ratio = find(&report, "expected_observed_ratio", &[]);
        near(ratio.value.unwrap(), sum(&rows, |row| row.score) / (p * all));
        let size = all * all / rows.iter().map(|row| row.weight * row.weight).sum::<f64>();
        let interval = ratio.interval.unwrap();
        near(ln(interval.high / interval.low) / 2.0, Z * ((1.0 - p) / (size * p)).sqrt());
        let parts = |name: &str| value(&report, &format!("brier_{name}"), &[]);
        near(parts("reliability") - parts("resolution") + parts("uncertainty"), parts("score"));
    }
}

/// The mean absolute value of a normal variable by adding up its density.
fn mean_distance(mean: f64, deviation: f64) -> f64 {
    let (mut total, mut density) = (0.0, 0.0);
    for step in -8000..=8000 {
        let z = f64::from(step) / 1000.0;
        let weight = exp(-0.5 * z * z);
        density += weight;
        total += weight * (mean + z * deviation).abs();
    }
    total / density
}

#[test]
fn the_debiased_error_takes_off_what_redrawing_adds() {
    for (seed, is_weighted) in [(7, false), (8, true)] {
        let rows = rows(seed, is_weighted);
        let settings = with(Parameters {
            calibration_bins: vec!["width4_left".parse().unwrap()],
            ..Parameters::default()
        });
        let report = audit(&text(&rows), &named(is_weighted), &settings);
        let all = sum(&rows, |_| 1.0);
        let (mut plain, mut redrawn) = (0.0, 0.0);
        for bin in 0..4 {
            let own: Vec<Row> = rows
                .iter()
                .copied()
                .filter(|row| ((row.score * 4.0) as usize).min(3) == bin)
                .collect();
            let weight = sum(&own, |_| 1.0);
            let (mean, rate) = (sum(&own, |row| row.score) / weight, sum(&own, |row| share(row.label)) / weight);
            let size = weight * weight / own.iter().map(|row| row.weight * row.weight).sum::<f64>();
            plain += weight / all * (mean - rate).abs();
            redrawn += weight / all * mean_distance(mean - rate, (rate * (1.0 - rate) / size).sqrt());
        }
        let params = [("bins", "width4_left")];
        near(value(&report, "ece", &params), plain);
        let got = value(&report, "ece_debiased", &params);
        assert!((got - (2.0 * plain - redrawn).max(0.0)).abs() < 1e-6, "{got}");
        assert!(got < plain);
    }
}

#[test]
fn the_area_is_the_share_of_pairs_in_order() {
    for (seed, is_weighted) in [(9, false), (10, true)] {
        let rows = rows(seed, is_weighted);
        let report = audit(&text(&rows), &named(is_weighted), &Settings::default());
        let (mut right, mut pairs) = (0.0, 0.0);
        for positive in rows.iter().filter(|row| row.label) {
            for negative in rows.iter().filter(|row| !row.label) {
                let weight = positive.weight * negative.weight;
                pairs += weight;
                right += weight * (share(positive.score > negative.score) + 0.5 * share(positive.score == negative.score));
            }
        }
        near(value(&report, "roc_auc", &[]), right / pairs);
        near(value(&report, "gini", &[]), 2.0 * right / pairs - 1.0);
        let whole = with(Parameters {
            max_fpr: 1.0,
            ..Parameters::default()
        });
        let report = audit(&text(&rows), &named(is_weighted), &whole);
        near(value(&report, "roc_auc_partial", &[("max_fpr", "1")]), right / pairs);
    }
}

#[test]
fn the_other_class_as_positive_turns_every_metric_into_its_counterpart() {
    for (seed, is_weighted) in [(11, false), (12, true)] {
        let mut rows = rows(seed, is_weighted);
        let report = audit(&text(&rows), &named(is_weighted), &Settings::default());
        for row in &mut rows {
            row.score = 1.0 - row.score;
        }
        let other = Settings {
            positive: Some("0".to_owned()),
            ..Settings::default()
        };
        let turned = audit(&text(&rows), &named(is_weighted), &other);
        for (one, two) in [
            ("recall", "specificity"),
            ("precision", "negative_predictive_value"),
            ("false_positive_rate", "false_negative_rate"),
            ("false_discovery_rate", "false_omission_rate"),
            ("true_positives", "true_negatives"),
            ("false_positives", "false_negatives"),
        ] {
            near(value(&report, one, &[]), value(&turned, two, &[]));
            near(value(&report, two, &[]), value(&turned, one, &[]));
        }
        near(value(&report, "prevalence", &[]), 1.0 - value(&turned, "prevalence", &[]));
        near(
            value(&report, "positive_likelihood_ratio", &[]) * value(&turned, "negative_likelihood_ratio", &[]),
            1.0,
        );
        for same in [
            "accuracy",
            "balanced_accuracy",
            "matthews_correlation",
            "cohen_kappa",
            "informedness",
            "markedness",
            "g_mean",
            "f1_macro",
            "f1_weighted",
            "diagnostic_odds_ratio",
            "roc_auc",
            "ks_statistic",
            "log_loss",
            "brier_score",
            "d2_log_loss",
            "d2_brier",
            "brier_reliability",
            "brier_resolution",
            "calibration_slope",
        ] {
            let (own, turned) = (value(&report, same, &[]), value(&turned, same, &[]));
            assert!((own - turned).abs() < 1e-9, "{same}: {own} {turned}");
        }
        for negated in ["calibration_in_the_large", "calibration_intercept_joint"] {
            let (own, turned) = (value(&report, negated, &[]), value(&turned, negated, &[]));
            assert!((own + turned).abs() < 1e-9, "{negated}: {own} {turned}");
        }
    }
}

#[test]
fn limits_of_the_area_are_made_as_asked() {
    let rows = rows(13, false);
    for (auc_interval, method) in [
        (AucInterval::Delong, Method::Delong),
        (AucInterval::DelongLogit, Method::DelongLogit),
        (AucInterval::HanleyMcneil, Method::HanleyMcneil),
    ] {
        let settings = Settings {
            auc_interval,
            ..Settings::default()
        };
        let report = audit(&text(&rows), &named(false), &settings);
        let (area, gini) = (find(&report, "roc_auc", &[]), find(&report, "gini", &[]));
        let (of_area, of_gini) = (area.interval.unwrap(), gini.interval.unwrap());
        assert_eq!((of_area.method, of_gini.method), (method, method));
        near(of_gini.low, 2.0 * of_area.low - 1.0);
        near(of_gini.high, 2.0 * of_area.high - 1.0);
    }
}

fn code(report: &Report, metric: &str, params: &[(&str, &str)]) -> UndefinedCode {
    let estimate = find(report, metric, params);
    estimate.undefined.as_ref().unwrap_or_else(|| panic!("{estimate:?}")).code
}

#[test]
fn what_cannot_be_measured_says_why() {
    let scored = roles("label=y score=s");
    let plain = Settings::default();
    let constant = audit("y,s\n1,0.4\n0,0.4\n1,0.4\n", &scored, &plain);
    assert_eq!(code(&constant, "calibration_slope", &[]), UndefinedCode::ConstantScore);
    assert!(find(&constant, "calibration_in_the_large", &[]).value.is_some());
    near(value(&constant, "ks_statistic", &[]), 0.0);
    let best = find(&constant, "best_threshold_youden", &[]);
    assert!(best.value.is_none() && best.special.is_some(), "nothing beats selecting nobody");
    assert_eq!(code(&constant, "hosmer_lemeshow_chi2", &[]), UndefinedCode::TooFewRows);

    let separated = audit("y,s\n1,0.9\n1,0.8\n0,0.7\n0,0.1\n", &scored, &plain);
    assert_eq!(code(&separated, "calibration_slope", &[]), UndefinedCode::Separated);
    let reversed = audit("y,s\n0,0.9\n0,0.8\n1,0.8\n1,0.1\n", &scored, &plain);
    assert_eq!(code(&reversed, "calibration_intercept_joint", &[]), UndefinedCode::Separated);

    let one = audit("y,s\n1,0.9\n", &scored, &plain);
    for metric in ["ks_statistic", "calibration_slope", "calibration_in_the_large", "d2_log_loss"] {
        assert!(find(&one, metric, &[]).undefined.is_some(), "{metric}");
    }
    near(value(&one, "ece", &[]), 0.1);
    near(value(&one, "precision_at_k", &[("share", "0.01")]), 1.0);
    assert_eq!(code(&one, "calibration_bin_mean_score", &[("bin", "3")]), UndefinedCode::NoRows);

    let beyond = audit("y,s\n1,3\n0,-1\n1,0\n0,2\n", &scored, &plain);
    for metric in [
        "ece",
        "spiegelhalter_z",
        "expected_observed_ratio",
        "d2_brier",
        "calibration_bin_count",
    ] {
        assert_eq!(code(&beyond, metric, &[]), UndefinedCode::ScoreOutOfRange, "{metric}");
    }
    near(value(&beyond, "ks_statistic", &[]), 0.5);

    let few = with(Parameters {
        top: vec![5],
        ..Parameters::default()
    });
    assert_eq!(
        code(&audit("y,s\n1,0.9\n0,0.1\n", &scored, &few), "precision_at_k", &[("k", "5")]),
        UndefinedCode::TooFewRows
    );
    let weighted = audit("y,s,w\n1,0.9,1\n0,0.1,2\n", &roles("label=y score=s weight=w"), &plain);
    assert_eq!(code(&weighted, "ndcg", &[]), UndefinedCode::Weighted);
}

/// The notice about the score's range.
fn told(report: &Report) -> &str {
    let notice = report.notices.iter().find(|notice| notice.code == NoticeCode::ScoreOutOfRange);
    &notice.expect("told").text
}

#[test]
fn scores_written_otherwise_are_noticed_and_read_when_asked() {
    let rows = rows(14, false);
    let as_is = audit(&text(&rows), &named(false), &Settings::default());
    let written = |of: fn(f64) -> f64| {
        let line = |row: &Row| {
            format!(
                "{},{},{},1",
                u8::from(row.label),
                u8::from(row.prediction),
                of(0.01 + 0.98 * row.score)
            )
        };
        csv("y,p,s,w", &rows.iter().map(line).collect::<Vec<_>>())
    };
    for (of, score_scale, offer) in [
        (
            (|score| score * 100.0) as fn(f64) -> f64,
            ScoreScale::Percent,
            "--score-scale percent",
        ),
        (|score| ln(score / (1.0 - score)), ScoreScale::LogOdds, "--score-scale log-odds"),
    ] {
        let text = written(of);
        let plain = audit(&text, &named(false), &Settings::default());
        assert!(told(&plain).contains(offer), "{}", told(&plain));
        near(value(&plain, "roc_auc", &[]), value(&as_is, "roc_auc", &[]));
        let settings = Settings {
            score_scale,
            ..Settings::default()
        };
        let read = audit(&text, &named(false), &settings);
        assert!(read.notices.iter().all(|notice| notice.code != NoticeCode::ScoreOutOfRange));
        let wanted = audit(&written(|score| score), &named(false), &Settings::default());
        near(value(&read, "brier_score", &[]), value(&wanted, "brier_score", &[]));
    }
    let grades = audit("y,s\n0,1\n1,10\n0,3\n", &roles("label=y score=s"), &Settings::default());
    assert!(!told(&grades).contains("--score-scale"), "{}", told(&grades));
}

#[test]
fn weights_that_cannot_be_meant_are_refused() {
    let refused = |text: &str| {
        let job = AuditJob::new(table(text, 100), roles("label=y score=s weight=w"), Settings::default());
        job.err().map(|error| error.to_string()).unwrap_or_default()
    };
    assert_eq!(
        refused("y,s,w\n1,0.5,1\n0,0.4,-2\n"),
        "Column \"w\" (weight) holds 1 number below 0, and a weight says how much a row counts. Choose another column, or correct it."
    );
    assert_eq!(
        refused("y,s,w\n1,0.5,0\n0,0.4,0\n1,0.2,\n"),
        "Every number in column \"w\" (weight) is 0, so no row counts. Choose another column, or none."
    );
    assert_eq!(refused("y,s,w\n1,0.5,0\n0,0.4,1\n"), "");
}

#[test]
fn parameters_out_of_range_are_refused() {
    let refused = |parameters: Parameters| {
        let job = AuditJob::new(table("y,s\n1,0.5\n0,0.4\n", 100), roles("label=y score=s"), with(parameters));
        job.err().map(|error| error.to_string()).unwrap_or_default()
    };
    let plain = Parameters::default;
    assert_eq!(
        refused(Parameters { max_fpr: 0.0, ..plain() }),
        "The setting max_fpr is 0, but must be above 0 and at most 1, for instance 0.1."
    );
    for parameters in [
        Parameters {
            beta: Some(-1.0),
            ..plain()
        },
        Parameters {
            top: vec![10, 0],
            ..plain()
        },
        Parameters {
            top_share: vec![1.5],
            ..plain()
        },
        Parameters {
            at_fpr: vec![f64::NAN],
            ..plain()
        },
        Parameters {
            costs: Some(Costs {
                false_positive: f64::INFINITY,
                ..Costs::default()
            }),
            ..plain()
        },
    ] {
        assert!(refused(parameters.clone()).starts_with("The setting"), "{parameters:?}");
    }
    assert_eq!(refused(plain()), "");
}

#[test]
fn misses_for_each_false_alarm_and_mean_scores_of_the_truth_are_those_of_the_rows() {
    for is_weighted in [false, true] {
        let rows = rows(17, is_weighted);
        let report = audit(&text(&rows), &named(is_weighted), &Settings::default());
        let weight = |keep: &dyn Fn(&Row) -> bool| -> f64 { rows.iter().filter(|row| keep(row)).map(|row| row.weight).sum() };
        let ratio = weight(&|row| row.label && !row.prediction) / weight(&|row| !row.label && row.prediction);
        assert!((value(&report, "treatment_ratio", &[]) / ratio - 1.0).abs() < 1e-12);
        for (metric, label) in [("mean_score_positives", true), ("mean_score_negatives", false)] {
            let scores = rows
                .iter()
                .filter(|row| row.label == label)
                .map(|row| row.weight * row.score)
                .sum::<f64>();
            let wanted = scores / weight(&|row| row.label == label);
            assert!((value(&report, metric, &[]) / wanted - 1.0).abs() < 1e-12, "{metric}");
        }
    }
}
