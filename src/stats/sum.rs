//! Exact sums.
