//! Metrics of predicted numbers.
//!
//! [`Residuals`] are sums that merge; what is read from them is read in every group. What needs the order of rows, or a number that the user sets, reads
//! a view and keeps what it shares with others there. A residual is the truth less the prediction; an error is the prediction less the truth.

mod association;
mod bins;
mod diagnostics;
mod errors;
mod forecast;
mod kept;
mod order;
mod sums;

use super::Metric;

pub use errors::rows;
pub use kept::Numbers;
pub use sums::Residuals;

/// The rows of this family, part by part, in the order they are shown.
pub const METRICS: [&[Metric]; 6] = [
    &errors::METRICS,
    &order::METRICS,
    &forecast::METRICS,
    &association::METRICS,
    &diagnostics::METRICS,
    &bins::METRICS,
];

#[cfg(test)]
mod tests;
