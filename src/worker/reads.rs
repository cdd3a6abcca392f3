//! Bytes of a file, read while something else is computed.

use std::cell::RefCell;
use std::collections::VecDeque;
use std::rc::Rc;

use js_sys::{ArrayBuffer, Uint8Array};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::Blob;

use super::slices::unreadable;
use crate::data::block::{Job, ParsedBlock, parse_block};

/// What came of reading a job's bytes.
type Read = (Job, Result<JsValue, JsValue>);

/// Reads the bytes of several jobs at once.
///
/// Nothing is computed where the browser brings bytes: a trap inside a promise would never reach the page. They are put by, and a bell is
/// rung.
pub(super) struct Reads {
    file: Blob,
    there: Rc<RefCell<VecDeque<Read>>>,
    bell: Rc<dyn Fn()>,
    under_way: usize,
    /// The bytes of one job, used again for the next.
    text: Vec<u8>,
}

impl Reads {
    /// Reads from `file`; `bell` is called when bytes are there.
    pub fn new(file: Blob, bell: Rc<dyn Fn()>) -> Self {
        Self {
            file,
            there: Rc::default(),
            bell,
            under_way: 0,
            text: Vec::new(),
        }
    }

    /// How many jobs were begun and are not parsed.
    pub fn under_way(&self) -> usize {
        self.under_way
    }

    /// Whether bytes are there to be parsed.
    pub fn has_more(&self) -> bool {
        !self.there.borrow().is_empty()
    }

    /// Begins to read a job's bytes.
    pub fn begin(&mut self, job: Job) {
        self.under_way += 1;
        let slice = self.file.slice_with_f64_and_f64(job.from as f64, job.to as f64);
        let (there, bell) = (Rc::clone(&self.there), Rc::clone(&self.bell));
        spawn_local(async move {
            let bytes = match slice {
                Ok(slice) => JsFuture::from(slice.array_buffer()).await,
                Err(error) => Err(error),
            };
            there.borrow_mut().push_back((job, bytes));
            bell();
        });
    }

    /// Parses a job whose bytes are there.
    ///
    /// # Errors
    /// Why the browser did not give them.
    pub fn parse_next(&mut self) -> Option<Result<ParsedBlock, String>> {
        let (job, bytes) = self.there.borrow_mut().pop_front()?;
        self.under_way -= 1;
        Some(match bytes.and_then(JsCast::dyn_into::<ArrayBuffer>) {
            Ok(bytes) => {
                let bytes = Uint8Array::new(&bytes);
                self.text.resize(bytes.length() as usize, 0);
                bytes.copy_to(&mut self.text);
                Ok(parse_block(&self.text, &job))
            }
            Err(error) => Err(unreadable(&error)),
        })
    }
}
