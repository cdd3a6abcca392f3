//! Pure numerics that give the same bits on every target: no I/O, no clock, no model terms.

pub mod hypothesis;
pub mod interval;
pub mod math;
pub mod multiple;
pub mod order;
pub mod running;
pub mod special;
pub mod sum;
