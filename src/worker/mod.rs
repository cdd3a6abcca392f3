//! The browser's workers. [`host`] is the engine: it holds the table and says which bytes are wanted. [`parser`] helps it to read a large
//! file: it makes columns of the bytes it is asked for. [`aide`] helps it to audit one. [`client`] is the page's end of the line.
//!
//! All are the same wasm module, compiled once and instantiated by each. Messages between page and engine are objects with `text`, an
//! [`Envelope`](crate::protocol::Envelope) as JSON, and, beside a request to open, `file`, the browser's handle of it, and `ports`, the
//! lines to the parsers; beside a request to audit, `ports` has the line to the aide, if there is one. On such a line a job is sent as
//! bytes, and what came of it comes back as bytes.

pub mod aide;
pub mod client;
pub mod host;
mod panic;
pub mod parser;
mod pool;
mod reads;
pub mod slices;

pub use client::Client;

use js_sys::Reflect;
use wasm_bindgen::prelude::*;
use web_sys::{Blob, MessagePort};

/// The message field that holds the envelope.
const TEXT: &str = "text";
/// The message field that holds the file.
const FILE: &str = "file";
/// The message field that holds the lines to the parsers, or to the aide.
const PORTS: &str = "ports";
/// The field of a worker's first message that holds the compiled module.
const MODULE: &str = "module";
/// The field of a parser's or an aide's first message that holds the line to the engine.
const PORT: &str = "port";
/// Where a worker's first message is kept until the module runs.
const BRIEF: &str = "brief";

/// Starts what this worker was made for.
///
/// # Panics
/// Where the browser cannot make a message channel, without which nothing here can run.
pub fn start() {
    panic::tell_the_page();
    let brief = field(&js_sys::global(), BRIEF);
    let parts = (
        field(&brief, PORT).dyn_into::<MessagePort>(),
        field(&brief, FILE).dyn_into::<Blob>(),
    );
    match parts {
        (Ok(port), Ok(file)) => parser::start(port, file),
        (Ok(port), Err(_)) => aide::start(port),
        _ => host::start(),
    }
}

/// A field of an object; undefined where there is none.
fn field(object: &JsValue, name: &str) -> JsValue {
    Reflect::get(object, &name.into()).unwrap_or_default()
}

/// Sets a field of a fresh plain object, which cannot fail.
fn set(object: &js_sys::Object, name: &str, value: &JsValue) {
    let _ = Reflect::set(object, &name.into(), value);
}

/// Makes a listener that lives as long as the worker.
fn listen<E: wasm_bindgen::convert::FromWasmAbi + 'static>(listener: impl FnMut(E) + 'static, set: impl FnOnce(&js_sys::Function)) {
    let closure = Closure::<dyn FnMut(E)>::new(listener);
    set(closure.as_ref().unchecked_ref());
    closure.forget();
}
