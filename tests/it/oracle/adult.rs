//! Where the numbers of the Adult oracle stand in a report.

use super::*;

pub(super) fn address(entry: &Entry) -> Option<Address> {
    let name = entry.metric.as_str();
    let suffix = match entry.get("model").as_deref() {
        Some("a") => "",
        Some("b") => "_b",
        _ => return None,
    };
    const OWN: [&str; 15] = [
        "id",
        "metric",
        "value",
        "model",
        "weighted",
        "column",
        "group",
        "threshold",
        "source",
        "note",
        "k",
        "decile",
        "fpr",
        "bins",
        "bin",
    ];
    if entry.get("model_b").is_some() || entry.rest.keys().any(|name| !OWN.contains(&name.as_str())) {
        return None;
    }
    if name.starts_with("slice_") {
        return slice(entry, name);
    }
    let weight = if entry.get("weighted").as_deref() == Some("True") {
        " --weight sample_weight"
    } else {
        ""
    };
    let sensitive = entry.get("column").unwrap_or_else(|| "sex".to_owned());
    let prediction = match entry.get("threshold") {
        Some(threshold) => format!("--threshold {threshold}"),
        None => format!("--prediction y_pred{suffix}"),
    };
    let run = format!("adult.csv --label y_true --score score{suffix} {prediction} --sensitive {sensitive}{weight}");
    let columns = columns(&sensitive);
    if let Some(address) = of_scores(entry, &run) {
        return Some(address);
    }
    if let Some((name, part)) = interval_part(name) {
        if name == "roc_auc_delong95" {
            return Some(Address::new(&run, "roc_auc").part(part));
        }
        for method in ["wilson", "clopper_pearson", "agresti_coull", "wald"] {
            if let Some(rate) = name.strip_suffix(&format!("_{method}95")) {
                let run = format!("{run} --interval {}", method.replace('_', "-"));
                return Some(Address::new(&run, id_of(rate)).part(part));
            }
        }
        return None;
    }
    if name == "roc_auc_delong_se" {
        return Some(Address::new(&run, "roc_auc").part(Part::StandardError));
    }
    if let Some(comparison) = name.strip_prefix("equalized_odds_") {
        return Some(Address {
            comparison: comparison.into(),
            by: columns.into(),
            ..Address::new(&run, "equalized_odds").param("aggregate", Some("worst_case".to_owned()))
        });
    }
    if let Some(comparison) = name.strip_prefix("demographic_parity_") {
        return Some(Address {
            comparison: comparison.into(),
            by: columns.into(),
            ..Address::new(&run, "selection_rate")
        });
    }
    let address = is_binary(name).then(|| Address::new(&run, id_of(name)))?;
    Some(match entry.get("group") {
        Some(level) => address.group(&columns, &level),
        None => address,
    })
}

/// A slice's number; corrected for the slices of the four columns that the oracle looks at, the smallest included.
fn slice(entry: &Entry, name: &str) -> Option<Address> {
    const RUN: &str = "adult.csv --label y_true --score score --prediction y_pred --min-support 1 \
        --slices-by education,workclass,marital_status,occupation";
    let slice = format!("{} = \"{}\"", entry.get("column")?, entry.get("group")?);
    let correction = name.strip_prefix("slice_error_pvalue_");
    let run = match correction {
        Some(correction) => format!("{RUN} --correction {}", correction.replace('_', "-")),
        None => RUN.to_owned(),
    };
    let is_p_value = correction.is_some() || name == "slice_error_fisher_pvalue";
    let address = Address::new(&run, if is_p_value { "p_value" } else { id_of(name) });
    let address = if is_p_value {
        let address = address
            .param("of", Some("error_rate".to_owned()))
            .param("test", Some("fisher_exact".to_owned()));
        address.param("correction", correction.map(str::to_owned))
    } else {
        address
    };
    Some(Address {
        slice: slice.into(),
        ..address
    })
}

/// Numbers over all rows that are read from the rows themselves, or that need a setting.
fn of_scores(entry: &Entry, run: &str) -> Option<Address> {
    const PLAIN: &str = " pr_auc_trapezoid d2_log_loss d2_brier ks_statistic best_threshold_youden best_f1 best_threshold_f1 ndcg \
        roc_curve_points roc_curve_points_full brier_reliability brier_resolution brier_uncertainty calibration_slope \
        calibration_intercept_joint calibration_in_the_large spiegelhalter_z spiegelhalter_pvalue hosmer_lemeshow_chi2 hosmer_lemeshow_pvalue ";
    let name = entry.metric.as_str();
    let at = |run: &str, metric: &str| Some(Address::new(run, metric));
    if PLAIN.contains(&format!(" {name} ")) {
        return at(run, name);
    }
    match name {
        "roc_auc_max_fpr_0.1" => Some(Address::new(run, "roc_auc_partial").param("max_fpr", Some("0.1".to_owned()))),
        "cost_fp1_fn5" => {
            let address = Address::new(&format!("{run} --cost-false-positive 1 --cost-false-negative 5"), "total_cost");
            let address = address.param("false_positive", Some("1".to_owned()));
            Some(address.param("false_negative", Some("5".to_owned())))
        }
        "precision_at_k" | "recall_at_k" | "lift_at_k" | "ndcg_at_k" => {
            let run = format!("{run} --top 10,50,100,500,1000,1628,5000");
            Some(Address::new(&run, name).param("k", entry.get("k")))
        }
        "tpr_at_fpr" => Some(Address::new(&format!("{run} --at-fpr 0.01,0.05,0.1,0.2,0.5"), name).param("fpr", entry.get("fpr"))),
        "roc_auc_delong95_lower_logit" => Some(Address::new(&format!("{run} --auc-interval delong-logit"), "roc_auc").part(Part::Low)),
        "roc_auc_delong95_upper_logit" => Some(Address::new(&format!("{run} --auc-interval delong-logit"), "roc_auc").part(Part::High)),
        "roc_auc_hanley_mcneil_se" => {
            Some(Address::new(&format!("{run} --auc-interval hanley-mcneil"), "roc_auc").part(Part::StandardError))
        }
        _ if name.starts_with("decile_") || name.starts_with("cumulative_") => {
            Some(Address::new(run, name).param("decile", entry.get("decile")))
        }
        "ece" | "mce" | "ace" | "rmsce" => Some(in_bins(entry, run)),
        _ if name.starts_with("calibration_bin_") => Some(in_bins(entry, run).param("bin", entry.get("bin"))),
        _ => None,
    }
}

/// The bins that are named; ten quantiles are the plain form.
fn in_bins(entry: &Entry, run: &str) -> Address {
    let run = format!("{run} --calibration-bins width10_left,width10_right,width15_left,rank10");
    let bins = entry.get("bins").filter(|bins| bins != "quantile10");
    Address::new(&run, &entry.metric).param("bins", bins)
}
