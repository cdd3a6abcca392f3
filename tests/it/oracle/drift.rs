//! Where the numbers of the drift oracles stand in a report.

use super::*;

pub(super) fn address(entry: &Entry) -> Option<Address> {
    nannyml::address(entry)
        .or_else(|| quality::address(entry))
        .or_else(|| found("drift_current.csv --reference drift_reference.csv", entry))
}

pub(super) fn address_small(entry: &Entry) -> Option<Address> {
    // Two values are equally far apart there.
    if entry.id == "ks_location|column=debt_to_income_ratio" {
        return None;
    }
    found("drift_small_current.csv --reference drift_small_reference.csv", entry)
}

/// What one number of a column is called here, and in which form.
fn of_column(metric: &str) -> Option<(&str, &[(&str, &str)])> {
    Some(match metric {
        "ks_pvalue_auto" => ("ks_pvalue", &[]),
        "ks_pvalue_asymp" => ("ks_pvalue", &[("method", "asymptotic")]),
        "ttest_welch_statistic" => ("ttest_statistic", &[]),
        "ttest_welch_pvalue" => ("ttest_pvalue", &[]),
        "ttest_student_statistic" => ("ttest_statistic", &[("variances", "equal")]),
        "ttest_student_pvalue" => ("ttest_pvalue", &[("variances", "equal")]),
        "chi2_contingency_yates_statistic" => ("chi2_contingency_statistic", &[("correction", "yates")]),
        "chi2_contingency_yates_pvalue" => ("chi2_contingency_pvalue", &[("correction", "yates")]),
        "psi_reference_deciles" => ("psi", &[]),
        "ks_statistic" => ("ks_distance", &[]),
        "ks_location"
        | "mannwhitney_u"
        | "mannwhitney_pvalue"
        | "cramer_von_mises_statistic"
        | "cramer_von_mises_pvalue"
        | "anderson_darling_statistic"
        | "anderson_darling_pvalue"
        | "wasserstein"
        | "energy_distance"
        | "levene_median_statistic"
        | "levene_median_pvalue"
        | "epps_singleton_statistic"
        | "epps_singleton_pvalue"
        | "cohens_d"
        | "psi"
        | "chi2_contingency_statistic"
        | "chi2_contingency_pvalue"
        | "g_test_statistic"
        | "g_test_pvalue"
        | "total_variation"
        | "l_infinity"
        | "jensen_shannon_distance"
        | "hellinger"
        | "cramers_v"
        | "kl_reference_current"
        | "kl_current_reference"
        | "bhattacharyya_distance"
        | "fisher_pvalue"
        | "ztest_statistic"
        | "ztest_pvalue" => (metric, &[]),
        _ => return None,
    })
}

fn found(run: &str, entry: &Entry) -> Option<Address> {
    if entry.get("file").is_some() {
        return None;
    }
    let column = entry.get("column");
    let at = |run: &str, metric: &str| {
        let address = Address::new(run, metric);
        column
            .clone()
            .map_or(Address::new(run, metric), |column| address.columns(&[column]))
    };
    if let Some(name) = entry.metric.strip_prefix("evidently_") {
        return of_evidently(name, entry, &|metric| at(&format!("{run} --drift-dialect evidently"), metric));
    }
    let (metric, params) = of_column(&entry.metric)?;
    let mut address = at(run, metric)
        .param("log_base", entry.get("log_base"))
        .param("alternative", entry.get("alternative").filter(|side| side == "less"));
    // U is of the reference, whichever side is tested.
    if metric == "mannwhitney_u" {
        address.params = serde_json::json!({});
    }
    for (name, value) in params {
        address = address.param(name, Some((*value).to_owned()));
    }
    Some(address)
}

fn of_evidently(name: &str, entry: &Entry, at: &dyn Fn(&str) -> Address) -> Option<Address> {
    // What the package has no number for waits with its reason.
    if entry.text.as_deref() == Some("error") || entry.special.is_some() {
        return None;
    }
    let plain = match name {
        "auto_score" => "drift_score",
        "auto_threshold" => "drift_bound",
        "auto_test" => "drift_test",
        "auto_drifted" => "drifted",
        "drifted_columns" | "drifted_share" | "dataset_drift" => name,
        _ => "",
    };
    if !plain.is_empty() {
        return Some(at(plain));
    }
    let (test, metric) = name
        .strip_suffix("_drifted")
        .map_or((name, "drift_score"), |test| (test, "drifted"));
    Some(at(metric).param("test", Some(test.to_owned())))
}
