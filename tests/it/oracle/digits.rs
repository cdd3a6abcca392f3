//! Where the numbers of the digits oracle stand in a report.

use super::*;

pub(super) fn address(entry: &Entry) -> Option<Address> {
    let name = entry.metric.as_str();
    let scores: Vec<String> = (0..10).map(|class| format!("--class-score {class}=proba_{class}")).collect();
    let run = format!(
        "digits.csv --label y_true --prediction y_pred --calibration-bins width10_left,width10_right,width15_right {}",
        scores.join(" ")
    );
    let plain = |name: &str| Address::new(&run, name);
    let of_class = |name: &str| plain(name).param("class", entry.get("class"));
    Some(match name {
        "cohen_kappa" => plain(name).param("weights", entry.get("weights").filter(|weights| weights != "none")),
        "confusion" => {
            let (label, prediction) = (entry.get("true_class"), entry.get("predicted_class"));
            plain(name).param("true_class", label).param("predicted_class", prediction)
        }
        "top_k_accuracy" => plain(name).param("k", entry.get("k")),
        "top_label_ece" | "top_label_mce" | "top_label_ace" | "top_label_rmsce" => plain(name).param("bins", entry.get("bins")),
        _ => match entry.get("average") {
            Some(average) => plain(&format!("{name}_{average}")),
            None => of_class(id_of(name)),
        },
    })
}
