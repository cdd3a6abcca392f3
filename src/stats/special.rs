//! Normal, t, beta and chi-squared distributions.
