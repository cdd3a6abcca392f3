//! Assay audits a model from a CSV of its predictions.
//!
//! The modules, in the order data flows through them; each may use the ones above it, as far as `tests/it/layers.rs` allows:
//!
//! | module | what it is |
//! |---|---|
//! | [`stats`] | pure numerics: the same bits on every target |
//! | [`data`] | bytes to typed columns; knows nothing of models |
//! | [`metric`] | what can be measured, declared once |
//! | [`run`] | how numbers are made: groups, cells, one pass, the frame |
//! | [`check`] | what must hold: conditions, verdicts, sentences, suites |
//! | [`chart`] | chart specifications to SVG text and to tables |
//! | [`report`] | the result as one value, and its faces |
//! | [`engine`] | jobs that advance in steps |
//! | [`protocol`] | the messages between page and worker |
//! | [`present`] | what the screen shows, without the screen |
//! | `cli` | the native command: arguments, outputs, exit codes |
//! | `worker`, `app` | the browser; only these name leptos, web-sys and wasm-bindgen |

pub mod chart;
pub mod check;
pub mod data;
pub mod engine;
pub mod metric;
pub mod present;
pub mod protocol;
pub mod report;
pub mod run;
pub mod stats;

#[cfg(not(target_arch = "wasm32"))]
pub mod cli;

#[cfg(feature = "web")]
pub mod app;
#[cfg(feature = "web")]
pub mod worker;
