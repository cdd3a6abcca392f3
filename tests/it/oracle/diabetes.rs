//! Where the numbers of the diabetes oracle stand in a report.

use super::*;

pub(super) fn address(entry: &Entry) -> Option<Address> {
    let run = "diabetes.csv --label y_true --prediction y_pred --quantile 0.1=pred_q10 --quantile 0.5=pred_q50 --quantile 0.9=pred_q90 \
               --tolerance 10,25,50 --features 10 --pinball 0.1,0.5,0.9";
    let address = Address::new(run, &entry.metric);
    // The column of a predicted quantile is known by its probability; the prediction itself is held against several.
    let alpha = match entry.get("column").as_deref() {
        Some("y_pred") => "alpha",
        _ => "quantile",
    };
    Some(
        address
            .param("percent", entry.get("percent"))
            .param("power", entry.get("power"))
            .param("tolerance", entry.get("t"))
            .param(alpha, entry.get("alpha")),
    )
}
