//! Transcendental functions from one implementation (`libm`) on every target, because the platform's own differ in the last bit.

pub use libm::{cbrt, erf, erfc, exp, exp2, expm1 as exp_m1, floor, fma, lgamma, log as ln, log1p as ln_1p, log2, log10, pow, sqrt};
