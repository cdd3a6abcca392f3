//! The last words of a worker that cannot go on.

use wasm_bindgen::prelude::*;
use web_sys::DedicatedWorkerGlobalScope;

use super::{TEXT, set};
use crate::protocol::{Envelope, Response};

/// From now on the page hears of every panic.
pub(super) fn tell_the_page() {
    std::panic::set_hook(Box::new(|panic| last_words(describe(panic))));
}

/// What the page is told of a panic. The worker cannot be used after it.
fn describe(panic: &std::panic::PanicHookInfo<'_>) -> String {
    let cause = panic
        .payload()
        .downcast_ref::<String>()
        .map(String::as_str)
        .or_else(|| panic.payload().downcast_ref::<&str>().copied())
        .unwrap_or("no cause given");
    let place = panic
        .location()
        .map(|place| format!(", {}:{}", place.file(), place.line()))
        .unwrap_or_default();
    format!("The engine met a case that it does not handle ({cause}{place}). The file is untouched. Please report this text.")
}

fn last_words(message: String) {
    let scope: DedicatedWorkerGlobalScope = js_sys::global().unchecked_into();
    post(&scope, 0, Response::Failed { message });
}

/// Sends the page an answer.
pub(super) fn post(scope: &DedicatedWorkerGlobalScope, id: u32, message: Response) {
    let Ok(text) = serde_json::to_string(&Envelope { id, message }) else {
        return;
    };
    let object = js_sys::Object::new();
    set(&object, TEXT, &text.into());
    // Text can always be posted.
    let _ = scope.post_message(&object);
}
