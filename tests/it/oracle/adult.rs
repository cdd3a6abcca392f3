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
