//! Two samples of numbers compared: whether they can come from the same distribution, and how far apart they are.
//!
//! Everything is read from [`Step`]s, the distinct numbers of both in rising order. A number stands for as many rows as it occurs in, so that a
//! million equal ones take the room of one, and sums run over an order that no order of rows can change.

mod kolmogorov;
mod moments;
mod ranks;
mod table;

pub use kolmogorov::{kolmogorov_sf, ks_exact};
pub use moments::{Moments, epps_singleton, levene, moments, student, welch};
pub use ranks::{RankSums, anderson_darling, anderson_darling_p, cramer_von_mises, cramer_von_mises_p, mann_whitney_p, rank_sums};
pub use table::{Shares, g_test, shares, stability, yates};

/// A number, and how often it occurs in the first and in the second sample.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Step {
    /// The number.
    pub value: f64,
    /// How often it occurs in the first sample.
    pub first: u64,
    /// How often it occurs in the second sample.
    pub second: u64,
}

/// A statistic and the probability of one at least as unusual by chance.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Tested {
    /// The statistic.
    pub statistic: f64,
    /// The p-value.
    pub p_value: f64,
}

/// The sizes of both samples.
pub fn sizes(steps: &[Step]) -> (u64, u64) {
    steps
        .iter()
        .fold((0, 0), |(first, second), step| (first + step.first, second + step.second))
}

/// A sum that keeps what rounding takes from it (Neumaier). Enough here, where numbers come in one order only.
#[derive(Debug, Clone, Copy, Default)]
struct Sum {
    total: f64,
    lost: f64,
}

impl Sum {
    fn add(&mut self, value: f64) {
        let total = self.total + value;
        self.lost += if self.total.abs() >= value.abs() {
            (self.total - total) + value
        } else {
            (value - total) + self.total
        };
        self.total = total;
    }

    fn value(self) -> f64 {
        self.total + self.lost
    }
}

#[cfg(test)]
#[path = "two_sample_tests.rs"]
mod tests;
