//! Where the numbers of the diabetes oracle stand in a report.

use super::*;

pub(super) fn address(entry: &Entry) -> Option<Address> {
    let run = "diabetes.csv --label y_true --prediction y_pred";
    matches!(entry.metric.as_str(), "mae" | "mse" | "rmse" | "r2" | "mean_error").then(|| Address::new(run, &entry.metric))
}
