//! Where the numbers of the COMPAS oracle stand in a report.

use super::*;

const COMPAS: &str = "compas_counts.csv --count count --label two_year_recid --prediction predicted_high_risk --score decile_score --sensitive race,sex,age_cat";

/// Which run compares with this reference group.
fn compas_with_reference(column: &str, reference: &str) -> String {
    let flags = columns(column).into_iter().zip(reference.split(" & "));
    let flags: Vec<String> = flags
        .map(|(column, level)| format!("--reference-group {column}={}", level.replace(' ', "+")))
        .collect();
    format!("{COMPAS} {}", flags.join(" "))
}

pub(super) fn address(entry: &Entry) -> Option<Address> {
    let name = entry.metric.as_str();
    let column = entry.get("column")?;
    let columns = columns(&column);
    let of_group = |address: Address| match entry.get("group") {
        Some(level) if column != "all" => address.group(&columns, &level),
        _ => address,
    };
    if let Some(address) = criterion(entry, name, &column, &columns) {
        return Some(address);
    }
    if let Some(level) = entry.get("control") {
        let address = of_group(Address::new(&format!("{COMPAS} --control c_charge_degree"), "selection_rate"));
        let compared = name == "selection_rate_difference";
        return Some(Address {
            control: format!("c_charge_degree = {level}").into(),
            comparison: if compared { "difference".into() } else { Value::Null },
            by: if compared { columns.into() } else { address.by.clone() },
            ..address
        });
    }
    if let Some(rate) = name.strip_prefix("published_") {
        let metric = if rate == "fpr_percent" {
            "false_positive_rate"
        } else {
            "false_negative_rate"
        };
        return Some(Address {
            scale: 100.0,
            ..of_group(Address::new(COMPAS, metric))
        });
    }
    if let Some((name, part)) = interval_part(name) {
        if let Some(rate) = name.strip_suffix("_wilson95") {
            return Some(of_group(Address::new(COMPAS, id_of(rate))).part(part));
        }
        let rate = name.strip_suffix("_difference_newcomb95")?;
        return Some(to_reference(entry, &column, id_of(rate), "to_reference_difference")?.part(part));
    }
    if let Some(rate) = name.strip_suffix("_disparity") {
        let address = to_reference(entry, &column, id_of(rate), "to_reference_ratio")?;
        let by_rule = entry.get("reference_rule")? == "min_metric";
        return Some(Address {
            run: if by_rule {
                format!("{COMPAS} --reference-rule lowest")
            } else {
                address.run.clone()
            },
            ..address
        });
    }
    let between = |metric: &str, comparison: &str| Address {
        comparison: comparison.into(),
        by: columns.clone().into(),
        ..Address::new(COMPAS, id_of(metric))
    };
    for (suffix, between_groups, to_overall) in [
        ("_difference", "difference", "to_overall_difference"),
        ("_ratio", "ratio", "to_overall_ratio"),
        ("_group_min", "group_min", ""),
        ("_group_max", "group_max", ""),
    ] {
        let Some(metric) = name
            .strip_suffix(suffix)
            .filter(|metric| !is_binary(name) && !metric.starts_with("aif360"))
        else {
            continue;
        };
        let metric = match metric {
            "demographic_parity" => "selection_rate",
            "equal_opportunity" => "recall",
            other => other,
        };
        let comparison = if entry.get("method").as_deref() == Some("to_overall") {
            to_overall
        } else {
            between_groups
        };
        return is_binary(metric).then(|| between(metric, comparison));
    }
    is_binary(name).then(|| of_group(Address::new(COMPAS, id_of(name))))
}

fn to_reference(entry: &Entry, column: &str, metric: &str, comparison: &str) -> Option<Address> {
    let reference = entry.get("reference")?;
    let columns = columns(column);
    Some(Address {
        comparison: comparison.into(),
        by: columns.clone().into(),
        reference: group(&columns, &reference),
        ..Address::new(&compas_with_reference(column, &reference), metric).group(&columns, &entry.get("group")?)
    })
}

/// Numbers between groups that take more than one rate, or a test.
fn criterion(entry: &Entry, name: &str, column: &str, columns: &[String]) -> Option<Address> {
    let between = |run: &str, metric: &str| Address {
        by: columns.into(),
        ..Address::new(run, metric)
    };
    if let Some(aggregate) = entry.get("agg") {
        let (metric, comparison) = name.rsplit_once('_')?;
        let address = between(COMPAS, metric).param("aggregate", Some(aggregate));
        return Some(Address {
            comparison: comparison.into(),
            ..address
        });
    }
    if let Some((metric, of, yates)) = association(name) {
        let address = between(COMPAS, metric).param("of", Some(of.to_owned()));
        return Some(address.param("correction", yates.then(|| "yates".to_owned())));
    }
    if let Some(of) = name.strip_prefix("parity_") {
        let of = match of {
            "statistical" => "predicted_positive_share",
            "impact" => "selection_rate",
            "typei" => "type_i",
            "typeii" => "type_ii",
            "precision" | "equalized_odds" => of,
            rate => id_of(rate),
        };
        let reference = predefined(column);
        let address = between(&compas_with_reference(column, reference), "parity")
            .param("of", Some(of.to_owned()))
            .param("tau", Some("0.8".to_owned()))
            .group(columns, &entry.get("group")?);
        return Some(Address {
            reference: group(columns, reference),
            ..address
        });
    }
    if let Some((rate, metric)) = [
        ("_ztest_statistic", "z_statistic"),
        ("_ztest_pvalue", "z_p_value"),
        ("_fisher_pvalue", "fisher_p_value"),
        ("_odds_ratio", "odds_ratio"),
    ]
    .into_iter()
    .find_map(|(suffix, metric)| Some((name.strip_suffix(suffix)?, metric)))
    {
        return Some(pair(entry, column, metric, "")?.param("of", Some(id_of(rate).to_owned())));
    }
    if let Some((name, part)) = interval_part(name)
        && let Some(rate) = name.strip_suffix("_difference_wald95")
    {
        let address = to_reference(entry, column, id_of(rate), "to_reference_difference")?.part(part);
        return Some(Address {
            run: format!("{} --interval wald", address.run),
            ..address
        });
    }
    if name.ends_with("_at_decile") {
        let metric = if name == "count_at_decile" {
            "rows_at_score"
        } else {
            "observed_rate_at_score"
        };
        let address = Address::new(COMPAS, metric).group(columns, &entry.get("group")?);
        return Some(address.param("score", entry.get("decile")));
    }
    aif360(entry, name.strip_prefix("aif360_")?, column)
}

/// The group that aequitas' expectations name as reference.
fn predefined(column: &str) -> &'static str {
    match column {
        "race" => "Caucasian",
        "sex" => "Male",
        "age_cat" => "25 - 45",
        _ => "Caucasian & Male",
    }
}

/// A table of groups by outcome: the metric, the outcome, whether with Yates' correction.
fn association(name: &str) -> Option<(&'static str, &'static str, bool)> {
    let (name, yates) = match name {
        "chi2_prediction_yates" => ("chi2_prediction", true),
        "chi2_prediction_yates_pvalue" => ("chi2_prediction_pvalue", true),
        other => (other, false),
    };
    let of = if name.contains("_label") { "label" } else { "prediction" };
    let metric = match name.replace(&format!("_{of}"), "").as_str() {
        "chi2" => "chi_squared",
        "chi2_dof" => "chi_squared_degrees_of_freedom",
        "chi2_pvalue" => "chi_squared_p_value",
        "chi2_min_expected" => "chi_squared_smallest_expected",
        "cramers_v" => "cramers_v",
        "g_test" => "g_statistic",
        _ => return None,
    };
    name.contains(of).then_some((metric, of, yates))
}

/// A number of a group beside the reference group.
fn pair(entry: &Entry, column: &str, metric: &str, flags: &str) -> Option<Address> {
    let reference = entry.get("reference").or_else(|| entry.get("privileged"))?;
    let own = entry.get("group").or_else(|| entry.get("unprivileged"))?;
    let names = columns(column);
    Some(Address {
        by: names.clone().into(),
        reference: group(&names, &reference),
        ..Address::new(&format!("{}{flags}", compas_with_reference(column, &reference)), metric).group(&names, &own)
    })
}

/// AIF360's numbers: the privileged group is the reference group, the favourable label the positive class.
fn aif360(entry: &Entry, name: &str, column: &str) -> Option<Address> {
    let favourable = entry.get("favorable_label")?;
    let flags = if favourable == "1" {
        String::new()
    } else {
        format!(" --positive {favourable}")
    };
    let compared = |metric: &str, comparison: &str| {
        Some(Address {
            comparison: comparison.into(),
            ..pair(entry, column, metric, &flags)?
        })
    };
    let plain = |metric: &str| pair(entry, column, metric, &flags);
    let of_order = |metric: &str, alpha: &str| Some(plain(metric)?.param("alpha", Some(alpha.to_owned())));
    match name {
        "statistical_parity_difference" => compared("selection_rate", "to_reference_difference"),
        "disparate_impact" => compared("selection_rate", "to_reference_ratio"),
        "label_mean_difference" => compared("prevalence", "to_reference_difference"),
        "label_disparate_impact" => compared("prevalence", "to_reference_ratio"),
        "equal_opportunity_difference" | "true_positive_rate_difference" => compared("recall", "to_reference_difference"),
        "average_odds_difference" => compared("average_odds", "to_reference_difference"),
        "average_abs_odds_difference" => compared("average_absolute_odds", "to_reference_difference"),
        "equalized_odds_difference" => compared("equalized_odds", "to_reference_difference"),
        "average_predictive_value_difference" => compared("average_predictive_value", "to_reference_difference"),
        "theil_index" => of_order("generalized_entropy", "1"),
        "generalized_entropy_index" => of_order("generalized_entropy", &entry.get("alpha")?),
        "coefficient_of_variation" => plain("benefit_variation"),
        "between_group_theil_index" | "between_all_groups_theil_index" => of_order("between_group_entropy", "1"),
        "between_group_generalized_entropy_index" | "between_all_groups_generalized_entropy_index" => {
            of_order("between_group_entropy", "2")
        }
        "between_group_coefficient_of_variation" => plain("between_group_benefit_variation"),
        "smoothed_empirical_differential_fairness" => Some(plain("differential_fairness")?.param("of", Some("label".to_owned()))),
        "differential_fairness_bias_amplification" => plain("bias_amplification"),
        rate => {
            let (metric, comparison) = rate.rsplit_once('_')?;
            compared(metric, &format!("to_reference_{comparison}"))
        }
    }
}
