//! A worker that helps to audit: it is handed an errand on a line to the engine, says there how far it is, and answers with what it found.

use js_sys::{Array, ArrayBuffer, Uint8Array};
use wasm_bindgen::prelude::*;
use web_sys::{DedicatedWorkerGlobalScope, MessageEvent, MessagePort};

use super::listen;
use crate::engine::{Errand, Found};

/// Rows a step. Nobody waits for a step to end: who does not want the answer any more ends the worker.
const ROWS_A_STEP: usize = 1 << 20;

/// Listens on its line, and says there that it is ready, by an empty message. An empty message back ends it.
pub fn start(line: MessagePort) {
    let scope: DedicatedWorkerGlobalScope = js_sys::global().unchecked_into();
    let answering = line.clone();
    listen(
        move |event: MessageEvent| match event.data().dyn_into::<Array>() {
            Ok(pieces) => answer(&answering, &pieces),
            Err(_) => scope.close(),
        },
        |listener| line.set_onmessage(Some(listener)),
    );
    _ = line.post_message(&JsValue::NULL);
}

/// Does an errand. The answer is empty where there is none.
fn answer(line: &MessagePort, pieces: &Array) {
    // A piece goes as soon as it is read.
    let pieces = std::iter::from_fn(|| {
        let piece = pieces.shift().dyn_into::<ArrayBuffer>().ok()?;
        Some(Uint8Array::new(&piece).to_vec())
    });
    let found = Errand::of_pieces(pieces).map(|errand| finish(line, errand));
    let bytes = found.and_then(|found| found.to_bytes()).unwrap_or_default();
    let buffer = Uint8Array::from(bytes.as_slice()).buffer();
    _ = line.post_message_with_transferable(&buffer, &Array::of1(&buffer));
}

/// Does all steps, and says after each how many are done.
fn finish(line: &MessagePort, mut errand: Errand) -> Found {
    loop {
        if let Some(found) = errand.step(ROWS_A_STEP) {
            return found;
        }
        _ = line.post_message(&JsValue::from_f64(errand.done() as f64));
    }
}
