//! Reports of predicted numbers and of ranked lists, through the public engine: weights, edges, and what no library reports.

use std::collections::BTreeMap;
use std::io::Cursor;
use std::sync::Arc;

use assay::data::{NoticeCode, QuantileColumn, Roles};
use assay::engine::{AuditJob, ReadJob, Step};
use assay::metric::{Estimate, Parameters, UndefinedCode};
use assay::report::Report;
use assay::run::Settings;

fn audit_with(text: &str, roles: &Roles, parameters: Parameters) -> Report {
    let bytes = text.as_bytes().to_vec();
    let size = bytes.len() as u64;
    let mut job = ReadJob::new(Cursor::new(bytes), "rows.csv", size);
    let table = loop {
        if let Step::Done(table) = job.step(1000).unwrap() {
            break Arc::new(table);
        }
    };
    let settings = Settings {
        parameters,
        ..Settings::default()
    };
    let mut job = AuditJob::new(table, roles.clone(), settings).unwrap_or_else(|error| panic!("{error}"));
    loop {
        if let Step::Done(report) = job.step(1000).unwrap() {
            return report;
        }
    }
}

fn audit(text: &str, roles: &Roles) -> Report {
    audit_with(text, roles, Parameters::default())
}

fn some(name: &str) -> Option<String> {
    Some(name.to_owned())
}

fn quantile(quantile: &str, column: &str) -> QuantileColumn {
    QuantileColumn {
        quantile: quantile.to_owned(),
        column: column.to_owned(),
    }
}

fn numbers() -> Roles {
    Roles {
        label: some("y"),
        prediction: some("p"),
        ..Roles::default()
    }
}

fn find<'a>(report: &'a Report, metric: &str, params: &[(&str, &str)]) -> &'a Estimate {
    let params: BTreeMap<String, String> = params
        .iter()
        .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
        .collect();
    let is_it = |estimate: &&Estimate| {
        let key = &estimate.key;
        key.metric == metric && key.params == params && key.group.is_empty() && key.comparison.is_none()
    };
    let found = report.estimates.iter().find(is_it);
    found.unwrap_or_else(|| panic!("no {metric} {params:?}"))
}

fn value(report: &Report, metric: &str, params: &[(&str, &str)]) -> f64 {
    let estimate = find(report, metric, params);
    estimate.value.unwrap_or_else(|| panic!("{estimate:?}"))
}

fn code(report: &Report, metric: &str) -> UndefinedCode {
    let estimate = find(report, metric, &[]);
    estimate.undefined.as_ref().unwrap_or_else(|| panic!("{estimate:?}")).code
}

fn near(found: f64, expected: f64) {
    assert!((found - expected).abs() <= 1e-9 * expected.abs(), "{found} for {expected}");
}

fn lists() -> Roles {
    Roles {
        label: some("y"),
        score: some("s"),
        query: some("q"),
        ..Roles::default()
    }
}

fn csv(header: &str, rows: &[String]) -> String {
    format!("{header}\n{}\n", rows.join("\n"))
}

#[test]
fn weighted_numbers_are_scikit_learns() {
    // scikit-learn 1.9.1 with sample_weight = bmi; the last by numpy.average and numpy.cov with aweights.
    let text = std::fs::read_to_string("tests/oracle/diabetes.csv").unwrap();
    let roles = Roles {
        label: some("y_true"),
        prediction: some("y_pred"),
        weight: some("bmi"),
        quantiles: vec![
            quantile("0.1", "pred_q10"),
            quantile("0.5", "pred_q50"),
            quantile("0.9", "pred_q90"),
        ],
        ..Roles::default()
    };
    let report = audit(&text, &roles);
    for (metric, params, expected) in [
        ("mae", None, 45.267_536_722_107_37),
        ("rmse", None, 55.773_694_863_621_856),
        ("r2", None, 0.499_717_106_165_496_47),
        ("explained_variance", None, 0.499_722_360_599_389_46),
        ("median_absolute_error", None, 39.638_200_000_000_01),
        ("mape", None, 0.389_808_391_258_595_84),
        ("msle", None, 0.173_721_191_171_983_17),
        ("poisson_deviance", None, 20.640_341_369_254_11),
        ("gamma_deviance", None, 0.159_204_230_321_950_72),
        ("d2_absolute_error", None, 0.327_603_606_298_083_05),
        ("tweedie_deviance", Some(("power", "1.5")), 1.776_002_189_366_926_9),
        ("d2_tweedie", Some(("power", "1")), 0.483_242_622_404_593_9),
        ("d2_tweedie", Some(("power", "1.5")), 0.463_890_710_551_800_64),
        ("mean_pinball_loss", Some(("quantile", "0.1")), 9.198_414_053_919_592),
        ("mean_pinball_loss", Some(("quantile", "0.9")), 10.874_610_309_741_723),
        ("d2_pinball", Some(("quantile", "0.1")), 0.157_734_233_150_055_53),
        ("d2_pinball", Some(("quantile", "0.5")), 0.307_817_562_078_688_05),
        ("d2_pinball", Some(("quantile", "0.9")), 0.210_808_982_552_455_5),
        ("quantile_coverage", Some(("quantile", "0.5")), 0.487_841_071_872_775_14),
        ("pearson_true_pred", None, 0.706_911_214_397_057_6),
        ("calibration_line_slope", None, 0.998_515_564_899_857_3),
    ] {
        near(value(&report, metric, params.as_slice()), expected);
    }
    for metric in [
        "shapiro_wilk_pvalue",
        "kendall_tau_b_true_pred",
        "spearman_pred_residual",
        "durbin_watson",
        "residual_std",
    ] {
        assert_eq!(code(&report, metric), UndefinedCode::Weighted, "{metric}");
    }
}

/// The mean of some numbers.
fn mean(numbers: &[f64]) -> f64 {
    numbers.iter().sum::<f64>() / numbers.len() as f64
}

#[test]
fn residuals_by_value_are_those_of_tenths() {
    // Twenty different predictions, each twice: tenths of two predictions, four rows each.
    let rows: Vec<(f64, f64)> = (0..40).map(|row| (f64::from(row * 7 % 40), f64::from(row % 20))).collect();
    let lines: Vec<String> = rows
        .iter()
        .map(|(truth, prediction)| format!("{truth}.25,{prediction}.5"))
        .collect();
    let report = audit(&csv("y,p", &lines), &numbers());
    for bin in 0..10 {
        let name = (bin + 1).to_string();
        let of_prediction = |(_, prediction): &&(f64, f64)| (*prediction as usize) / 2 == bin;
        let own: Vec<f64> = rows
            .iter()
            .filter(of_prediction)
            .map(|(truth, prediction)| truth + 0.25 - prediction - 0.5)
            .collect();
        assert_eq!(own.len(), 4);
        near(value(&report, "residual_by_prediction", &[("bin", &name)]), mean(&own));
        near(
            value(&report, "residual_by_prediction", &[("bin", &name), ("statistic", "position")]),
            2.0 * bin as f64 + 1.0,
        );
        let mut sorted = own.clone();
        sorted.sort_by(f64::total_cmp);
        near(
            value(&report, "residual_by_prediction", &[("bin", &name), ("statistic", "percent_50")]),
            (sorted[1] + sorted[2]) / 2.0,
        );
        let low = sorted[0] + 0.3 * (sorted[1] - sorted[0]);
        near(
            value(&report, "residual_by_prediction", &[("bin", &name), ("statistic", "percent_10")]),
            low,
        );
        // Truths are different: four rows of the order of truth.
        let of_truth = |(truth, _): &&(f64, f64)| (*truth as usize) / 4 == bin;
        let own: Vec<f64> = rows
            .iter()
            .filter(of_truth)
            .map(|(truth, prediction)| truth + 0.25 - prediction - 0.5)
            .collect();
        near(value(&report, "residual_by_truth", &[("bin", &name)]), mean(&own));
        near(
            value(&report, "residual_by_truth", &[("bin", &name), ("statistic", "position")]),
            4.0 * bin as f64 + 1.75,
        );
    }
}

#[test]
fn equal_numbers_stay_in_one_part() {
    let lines: Vec<String> = (0..30).map(|row| format!("{row}.5,{}", if row < 20 { 1 } else { 2 })).collect();
    let report = audit(&csv("y,p", &lines), &numbers());
    let of_bin = |bin: &str| find(&report, "residual_by_prediction", &[("bin", bin)]);
    // The 20 equal ones have their middle at a third, the other ten at five sixths.
    assert_eq!((of_bin("4").support, of_bin("9").support), (20, 10));
    assert_eq!(of_bin("1").undefined.as_ref().unwrap().code, UndefinedCode::NoRows);
}

#[test]
fn residuals_by_time_are_windows_in_order_of_time() {
    let day = |row: usize| row * 7 % 20;
    let lines: Vec<String> = (0..20)
        .map(|row| format!("{}.5,{row},2024-01-{:02}", row * row, day(row) + 1))
        .collect();
    let roles = Roles {
        time: some("t"),
        ..numbers()
    };
    let report = audit(&csv("y,p,t", &lines), &roles);
    let mut in_time: Vec<(usize, f64)> = (0..20).map(|row| (day(row), (row * row) as f64 + 0.5 - row as f64)).collect();
    in_time.sort_by_key(|(day, _)| *day);
    for bin in 0..10 {
        let (from, to) = (format!("2024-01-{:02}", 2 * bin + 1), format!("2024-01-{:02}", 2 * bin + 2));
        let params = [("bin", &*(bin + 1).to_string()), ("from", &from), ("to", &to)];
        near(
            value(&report, "residual_by_time", &params),
            (in_time[2 * bin].1 + in_time[2 * bin + 1].1) / 2.0,
        );
    }
    let residuals: Vec<f64> = in_time.iter().map(|(_, residual)| *residual).collect();
    let steps: f64 = residuals.windows(2).map(|pair| (pair[1] - pair[0]) * (pair[1] - pair[0])).sum();
    near(
        value(&report, "durbin_watson", &[]),
        steps / residuals.iter().map(|residual| residual * residual).sum::<f64>(),
    );
}

#[test]
fn limits_and_quantiles_become_intervals() {
    let rows = ["1,2,0,3,0.5,2.5", "5,4,3,4.5,3,6", "9,7,6,8,5,8", "2,2,2.5,1,2,3", "3,2,1,4,,"];
    let text = csv("y,p,low,high,q1,q9", &rows.map(str::to_owned));
    let roles = |has_limits: bool, has_quantiles: bool| Roles {
        lower: has_limits.then(|| "low".to_owned()),
        upper: has_limits.then(|| "high".to_owned()),
        quantiles: if has_quantiles {
            vec![quantile("0.9", "q9"), quantile("0.1", "q1")]
        } else {
            Vec::new()
        },
        ..numbers()
    };
    let limits = audit(&text, &roles(true, false));
    near(value(&limits, "interval_coverage", &[]), 0.4);
    near(value(&limits, "interval_mean_width", &[]), (3.0 + 1.5 + 2.0 - 1.5 + 3.0) / 5.0);
    near(value(&limits, "interval_crossings", &[]), 1.0);
    assert_eq!(code(&limits, "interval_score_winkler"), UndefinedCode::NominalNotSet);
    let named = audit_with(
        &text,
        &roles(true, true),
        Parameters {
            nominal: Some(0.5),
            ..Parameters::default()
        },
    );
    let outside = 0.5 + 1.0 + (0.5 + 1.0);
    near(value(&named, "interval_score_winkler", &[]), (8.0 + 4.0 * outside) / 5.0);
    near(value(&named, "interval_coverage", &[("nominal", "0.8")]), 0.75);
    // The pair of quantiles is the interval where no limits are given; a row without them has no part.
    let quantiles = audit(&text, &roles(false, true));
    let coverage = find(&quantiles, "interval_coverage", &[]);
    assert_eq!((coverage.value, coverage.support), (Some(0.75), 4));
    near(
        value(&quantiles, "interval_score_winkler", &[]),
        (2.0 + 3.0 + 3.0 + 1.0 + 10.0) / 4.0,
    );
    let half = audit(
        &text,
        &Roles {
            lower: some("low"),
            ..numbers()
        },
    );
    assert!(
        half.notices
            .iter()
            .any(|notice| notice.text.contains("an interval needs an upper limit too"))
    );
}

#[test]
fn edges_have_reasons() {
    let of = |rows: &[&str]| {
        let rows: Vec<String> = rows.iter().map(|row| (*row).to_owned()).collect();
        audit(&csv("y,p", &rows), &numbers())
    };
    let one = of(&["1.5,2"]);
    near(value(&one, "median_absolute_error", &[]), 0.5);
    near(value(&one, "residual_quantile", &[("percent", "99")]), -0.5);
    for (metric, expected) in [
        ("r2", UndefinedCode::ConstantTruth),
        ("explained_variance", UndefinedCode::ConstantTruth),
        ("d2_absolute_error", UndefinedCode::ConstantTruth),
        ("pearson_true_pred", UndefinedCode::ConstantTruth),
        ("spearman_true_pred", UndefinedCode::ConstantTruth),
        ("kendall_tau_b_pred_residual", UndefinedCode::ConstantPrediction),
        ("residual_std", UndefinedCode::TooFewRows),
        ("residual_mean_ttest", UndefinedCode::TooFewRows),
        ("residual_skewness", UndefinedCode::ConstantResidual),
        ("shapiro_wilk_statistic", UndefinedCode::ConstantResidual),
        ("durbin_watson", UndefinedCode::TooFewRows),
        ("breusch_pagan_lm", UndefinedCode::ConstantPrediction),
        ("calibration_line_slope", UndefinedCode::ConstantPrediction),
        ("adjusted_r2", UndefinedCode::FeaturesNotSet),
    ] {
        assert_eq!(code(&one, metric), expected, "{metric}");
    }
    let constant = of(&["1.5,2", "2.5,2", "4,2", "5,2"]);
    assert_eq!(code(&constant, "pearson_true_pred"), UndefinedCode::ConstantPrediction);
    assert_eq!(code(&constant, "breusch_pagan_lm_pvalue"), UndefinedCode::ConstantPrediction);
    near(value(&constant, "concordance_ccc", &[]), 0.0);
    let shifted = of(&["1.5,2", "2.5,3", "4,4.5", "5.5,6"]);
    near(value(&shifted, "explained_variance", &[]), 1.0);
    near(value(&shifted, "pearson_true_pred", &[]), 1.0);
    near(value(&shifted, "kendall_tau_b_true_pred", &[]), 1.0);
    assert_eq!(code(&shifted, "spearman_pred_residual"), UndefinedCode::ConstantResidual);
    assert_eq!(code(&shifted, "jarque_bera_statistic"), UndefinedCode::ConstantResidual);
    let zeros = of(&["0,0", "0,1", "2.5,3", "4,4"]);
    assert_eq!(code(&zeros, "mape"), UndefinedCode::ZeroTruth);
    near(value(&zeros, "smape", &[]), (0.0 + 2.0 + 1.0 / 5.5) / 4.0);
    near(value(&zeros, "wape", &[]), 1.5 / 6.5);
    assert_eq!(code(&zeros, "poisson_deviance"), UndefinedCode::OutOfDomain);
    let negative = of(&["-3.5,2", "2.5,-1", "4,2", "5,2"]);
    for metric in ["msle", "rmsle", "poisson_deviance", "gamma_deviance"] {
        assert_eq!(code(&negative, metric), UndefinedCode::OutOfDomain, "{metric}");
    }
    let huge = of(&["1e200,1", "-1e200,2", "1,1", "2.5,1e-200"]);
    assert_eq!(code(&huge, "explained_variance"), UndefinedCode::TooLarge);
}

#[test]
fn missing_and_infinite_predictions_are_counted_and_told() {
    let text = "y,p\n1.5,2\n2.5,inf\n3.5,\n4.5,-inf\n,3\n6,5\n";
    let report = audit(text, &numbers());
    let mae = find(&report, "mae", &[]);
    assert_eq!((mae.value, mae.support, value(&report, "rows", &[])), (Some(0.75), 2, 6.0));
    let told = |code: NoticeCode| -> Vec<u64> {
        let own = report.notices.iter().filter(|notice| notice.code == code);
        own.filter_map(|notice| notice.rows).collect()
    };
    assert_eq!(told(NoticeCode::InvalidValues), [2]);
    assert_eq!(
        (told(NoticeCode::MissingPredictions), told(NoticeCode::MissingLabels)),
        (vec![3], vec![1])
    );
    let near_zero = audit("y,p\n1000.5,1\n0.5,2\n900,3\n", &numbers());
    let notice = near_zero
        .notices
        .iter()
        .find(|notice| notice.code == NoticeCode::NearZeroTruth)
        .unwrap();
    assert!(notice.rows == Some(1) && notice.text.contains("wape"), "{notice:?}");
}

#[test]
fn lists_without_relevant_items_and_without_queries_are_told() {
    let text = "q,y,s\na,1,0.5\na,0,0.9\nb,0,0.1\nb,0,0.2\n,1,0.7\nc,,0.7\n";
    let roles = lists();
    let report = audit(text, &roles);
    assert_eq!(
        (value(&report, "queries", &[]), value(&report, "queries_without_relevant", &[])),
        (2.0, 1.0)
    );
    let mrr = find(&report, "mean_reciprocal_rank", &[]);
    assert_eq!((mrr.value, mrr.support, mrr.interval), (Some(0.5), 1, None));
    assert!(
        report
            .notices
            .iter()
            .any(|notice| notice.text.contains("1 row in column \"q\" has no query and is part of no list"))
    );
    let said = assay::report::markdown::render(&report);
    let sentence = "Where the best order of items would get 1, this one gets 0.631 and any order 0.815 (mean NDCG of 1 query; 1 without a relevant item left out).";
    assert!(said.contains(sentence), "{said}");
    let none = audit("q,y,s\na,0,1\na,0,2\n", &roles);
    assert_eq!(code(&none, "mean_ndcg"), UndefinedCode::NoRelevant);
    let negative = audit("q,y,s\na,-1,1\na,2,2\n", &roles);
    assert_eq!(code(&negative, "mean_ndcg"), UndefinedCode::OutOfDomain);
    near(value(&negative, "mean_average_precision", &[]), 1.0);
    let by_rank = Roles {
        score: None,
        prediction: some("s"),
        ..roles
    };
    let ranked = audit("q,y,s\na,0,1\na,1,2\na,0,3\n", &by_rank);
    near(value(&ranked, "mean_reciprocal_rank", &[]), 0.5);
}

#[test]
fn settings_out_of_range_are_refused() {
    let refuse = |parameters: Parameters| {
        let mut job = ReadJob::new(Cursor::new(b"y,p\n1.5,2\n".to_vec()), "rows.csv", 10);
        let Step::Done(table) = job.step(1000).unwrap() else {
            panic!("one step reads it")
        };
        let settings = Settings {
            parameters,
            ..Settings::default()
        };
        AuditJob::new(Arc::new(table), numbers(), settings).err().unwrap().to_string()
    };
    let own = Parameters::default;
    assert!(
        refuse(Parameters {
            tolerances: vec![-1.0],
            ..own()
        })
        .contains("tolerance is -1, but must be a number from 0")
    );
    assert!(
        refuse(Parameters {
            powers: vec![0.5],
            ..own()
        })
        .contains("at most 0 or at least 1")
    );
    assert!(
        refuse(Parameters {
            alphas: vec![1.0],
            ..own()
        })
        .contains("pinball is 1, but must be between 0 and 1")
    );
    assert!(
        refuse(Parameters {
            nominal: Some(80.0),
            ..own()
        })
        .contains("nominal is 80, but must be between 0 and 1")
    );
}
