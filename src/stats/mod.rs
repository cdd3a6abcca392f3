//! Pure numerics that give the same bits on every target: no I/O, no clock, no model terms.

pub mod change;
pub mod chunk_distance;
pub mod correlation;
pub mod counted;
pub mod eigen;
pub mod exact;
pub mod hypothesis;
pub mod interval;
pub mod isotonic;
pub mod math;
pub mod multiple;
pub mod normality;
pub mod order;
pub mod quantile;
pub mod random;
pub mod rank;
pub mod running;
pub mod signed_rank;
pub mod special;
pub mod sum;
pub mod two_sample;
