//! A worker that helps to read: it is asked for blocks of a file on a line to the engine, and answers with their columns.

use std::cell::RefCell;
use std::rc::Rc;

use js_sys::{Array, Uint8Array};
use wasm_bindgen::prelude::*;
use web_sys::{Blob, MessageChannel, MessageEvent, MessagePort};

use super::listen;
use super::reads::Reads;
use crate::data::block::Job;

/// Listens on its line, and says there that it is ready, by an empty message.
///
/// # Panics
/// Where the browser cannot make a message channel, without which nothing here can run.
pub fn start(line: MessagePort, file: Blob) {
    let channel = MessageChannel::new().expect("a browser that runs workers has message channels");
    let bell = channel.port2();
    let reads = Rc::new(RefCell::new(Reads::new(
        file,
        // Posting null to a port of our own cannot fail.
        Rc::new(move || _ = bell.post_message(&JsValue::NULL)),
    )));
    let (parsing, answering) = (Rc::clone(&reads), line.clone());
    listen(
        move |_: MessageEvent| parse(&answering, &mut parsing.borrow_mut()),
        |listener| channel.port1().set_onmessage(Some(listener)),
    );
    listen(
        move |event: MessageEvent| {
            let job = event.data().dyn_into::<Uint8Array>().ok();
            if let Some(job) = job.and_then(|bytes| Job::from_bytes(&bytes.to_vec())) {
                reads.borrow_mut().begin(job);
            }
        },
        |listener| line.set_onmessage(Some(listener)),
    );
    _ = line.post_message(&JsValue::NULL);
}

/// Answers a job: its columns as bytes, or why they cannot be had as text.
fn parse(line: &MessagePort, reads: &mut Reads) {
    match reads.parse_next() {
        Some(Ok(parsed)) => {
            let bytes = Uint8Array::from(parsed.to_bytes().as_slice());
            let buffer = bytes.buffer();
            // The bytes are handed over, not copied.
            _ = line.post_message_with_transferable(&buffer, &Array::of1(&buffer));
        }
        Some(Err(reason)) => _ = line.post_message(&reason.into()),
        None => {}
    }
}
