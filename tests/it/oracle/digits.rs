//! Where the numbers of the digits oracle stand in a report.

use super::*;

pub(super) fn address(entry: &Entry) -> Option<Address> {
    let name = entry.metric.as_str();
    let scores: Vec<String> = (0..10).map(|class| format!("--class-score {class}=proba_{class}")).collect();
    let run = format!("digits.csv --label y_true --prediction y_pred {}", scores.join(" "));
    let class = entry.get("class");
    match name {
        "accuracy" | "balanced_accuracy" | "matthews_correlation" | "log_loss" => Some(Address::new(&run, name)),
        "cohen_kappa" => (entry.get("weights")? == "none").then(|| Address::new(&run, name)),
        "precision" | "recall" | "f1" => Some(match entry.get("average") {
            Some(average) => Address::new(&run, &format!("{name}_{average}")),
            None => Address::new(&run, name).param("class", class),
        }),
        "support" | "specificity" => Some(Address::new(&run, id_of(name)).param("class", class)),
        "confusion" => {
            let (label, prediction) = (entry.get("true_class"), entry.get("predicted_class"));
            Some(
                Address::new(&run, name)
                    .param("true_class", label)
                    .param("predicted_class", prediction),
            )
        }
        _ => None,
    }
}
