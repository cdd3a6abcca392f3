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
    if entry.get("control").is_some() || entry.get("agg").is_some() {
        return None;
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
        // The share of all flagged depends on the group's size, so reports do not compare it.
        return (rate != "predicted_positive_share" && entry.get("reference_rule")? != "min_metric")
            .then(|| to_reference(entry, &column, id_of(rate), "to_reference_ratio"))
            .flatten();
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
