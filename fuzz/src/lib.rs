//! What must hold whatever the input is. `make fuzz` searches for inputs that break it; `make test` runs the same bodies on the seeds, on
//! what once broke, and on a fixed number of variations of both (`tests/it/fuzz.rs`).

pub mod bodies;
