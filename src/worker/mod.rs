//! The browser worker that holds the engine: [`host`] runs inside it, [`client`] is the page's end of the line.
//!
//! Both are the same wasm module, instantiated twice. Messages are objects with `text`, an [`Envelope`](crate::protocol::Envelope) as JSON,
//! and, beside a request to open, `file`, the browser's handle of it.

pub mod client;
pub mod host;
pub mod slices;

pub use client::Client;
pub use host::start;

/// The message field that holds the envelope.
const TEXT: &str = "text";
/// The message field that holds the file.
const FILE: &str = "file";
