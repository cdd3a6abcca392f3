//! Where the numbers of the Adult oracle stand in a report.

use super::*;

pub(super) fn address(entry: &Entry) -> Option<Address> {
    let name = entry.metric.as_str();
    let suffix = match entry.get("model").as_deref() {
        Some("a") => "",
        Some("b") => "_b",
        _ => return None,
    };
    const OWN: [&str; 10] = [
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
    ];
    if entry.get("model_b").is_some() || entry.rest.keys().any(|name| !OWN.contains(&name.as_str())) {
        return None;
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
