//! Where numbers about columns and whole files stand in a report.

use super::*;

const RUN: &str = "drift_current.csv --reference drift_reference.csv";

/// The columns, in the order of the file.
const COLUMNS: &str = "id timestamp car_value salary_range debt_to_income_ratio loan_length repaid_loan_on_prev_car size_of_downpayment \
    driver_tenure y_pred_proba y_pred repaid";

pub(super) fn address(entry: &Entry) -> Option<Address> {
    let source = match entry.get("file")?.as_str() {
        "drift_current.csv" => "current",
        "drift_reference.csv" => "reference",
        _ => return None,
    };
    let mut columns: Vec<String> = ["column", "column_b"].iter().filter_map(|name| entry.get(name)).collect();
    // Of two columns, the one that comes first in the file is named first.
    columns.sort_by_key(|name| COLUMNS.split(' ').position(|column| column == name));
    Some(Address {
        source: source.into(),
        ..Address::new(RUN, &entry.metric).columns(&columns)
    })
}
