//! The page's end of the line: starts a worker from a blob, asks, and passes on what it answers.
//!
//! The blob matters: the page's Content-Security-Policy binds a worker made from one, while a worker loaded from an address would escape it.

use std::cell::RefCell;
use std::rc::Rc;

use js_sys::{Array, Object, Reflect};
use wasm_bindgen::prelude::*;
use web_sys::{Blob, BlobPropertyBag, ErrorEvent, File, MessageEvent, Url, Worker};

use super::{FILE, TEXT};
use crate::protocol::{Envelope, Request, Response};

/// The last part of the worker's source: takes the compiled module from the page and instantiates it.
/// A failure is thrown outside the promise, where the page hears of it.
const BOOTSTRAP: &str = "
self.onmessage = function (event) {
  self.onmessage = null;
  wasm_bindgen({ module_or_path: event.data }).catch(function (error) {
    setTimeout(function () { throw error; });
  });
};";

/// The elements of the page whose texts are the first parts of the worker's source.
const PARTS: [&str; 2] = ["shield", "glue"];

/// Messages that wait for the worker to be ready; `None` once it is.
type Waiting = Rc<RefCell<Option<Vec<Object>>>>;

/// A listener that lives as long as its worker.
type Listener<E> = Closure<dyn FnMut(E)>;

/// A running worker. Dropping it ends the worker.
pub struct Client {
    worker: Worker,
    waiting: Waiting,
    _listeners: (Listener<MessageEvent>, Listener<ErrorEvent>),
}

impl Client {
    /// Starts a worker. `on_answer` hears its answers, `on_crash` why it cannot be used any more.
    ///
    /// # Errors
    /// When the browser refuses to start one.
    pub fn start(on_answer: impl Fn(Envelope<Response>) + 'static, on_crash: impl Fn(String) + 'static) -> Result<Self, JsValue> {
        let worker = Worker::new(&source()?)?;
        let waiting: Waiting = Rc::new(RefCell::new(Some(Vec::new())));
        let on_crash = Rc::new(on_crash);

        let crashed = Rc::clone(&on_crash);
        let listener = (worker.clone(), Rc::clone(&waiting));
        let on_message = Closure::<dyn FnMut(MessageEvent)>::new(move |event: MessageEvent| match read(&event) {
            Some(answer) if answer.message == Response::Ready => flush(&listener.0, &listener.1),
            Some(Envelope {
                id: 0,
                message: Response::Failed { message },
            }) => crashed(message),
            Some(answer) => on_answer(answer),
            None => crashed("The engine sent an answer that the page cannot read. Reload the page.".to_owned()),
        });
        let on_error = Closure::<dyn FnMut(ErrorEvent)>::new(move |event: ErrorEvent| {
            event.prevent_default();
            on_crash(stopped(&event.message()));
        });
        worker.set_onmessage(Some(on_message.as_ref().unchecked_ref()));
        worker.set_onerror(Some(on_error.as_ref().unchecked_ref()));
        worker.post_message(&wasm_bindgen::module())?;
        Ok(Self {
            worker,
            waiting,
            _listeners: (on_message, on_error),
        })
    }

    /// Sends a request, with the file beside it where there is one.
    pub fn ask(&self, request: &Envelope<Request>, file: Option<&File>) {
        let Ok(text) = serde_json::to_string(request) else { return };
        let message = Object::new();
        // Setting a field of a fresh plain object cannot fail.
        let _ = Reflect::set(&message, &TEXT.into(), &text.into());
        if let Some(file) = file {
            let _ = Reflect::set(&message, &FILE.into(), file);
        }
        match &mut *self.waiting.borrow_mut() {
            Some(waiting) => waiting.push(message),
            None => send(&self.worker, &message),
        }
    }

    /// Ends the worker at once, whatever it is doing.
    pub fn terminate(&self) {
        self.worker.set_onmessage(None);
        self.worker.set_onerror(None);
        self.worker.terminate();
    }
}

impl Drop for Client {
    fn drop(&mut self) {
        self.terminate();
    }
}

fn flush(worker: &Worker, waiting: &Waiting) {
    for message in waiting.borrow_mut().take().unwrap_or_default() {
        send(worker, &message);
    }
}

fn send(worker: &Worker, message: &Object) {
    // Text and file handles can always be cloned for a message.
    let _ = worker.post_message(message);
}

fn read(event: &MessageEvent) -> Option<Envelope<Response>> {
    let text = Reflect::get(&event.data(), &TEXT.into()).ok()?.as_string()?;
    serde_json::from_str(&text).ok()
}

/// A trap without last words is nearly always memory: the allocator stops the module without a panic.
fn stopped(cause: &str) -> String {
    format!(
        "The engine stopped ({cause}). Most often the browser gave it no more memory: a page can use 4 GB at most. \
         Close other tabs, keep only the columns that are audited, or use the command, which has no such limit."
    )
}

/// The address of the worker's source, made once.
fn source() -> Result<String, JsValue> {
    thread_local! {
        static SOURCE: RefCell<Option<String>> = const { RefCell::new(None) };
    }
    if let Some(address) = SOURCE.with_borrow(Clone::clone) {
        return Ok(address);
    }
    let document = web_sys::window().and_then(|window| window.document());
    let parts = Array::new();
    for id in PARTS {
        let text = document
            .as_ref()
            .and_then(|document| document.get_element_by_id(id))
            .and_then(|element| element.text_content());
        let text = text.ok_or_else(|| JsValue::from_str(&format!("the page lacks its part \"{id}\"")))?;
        // A line break, so that the parts cannot run into one another.
        parts.push(&format!("{text}\n").into());
    }
    parts.push(&BOOTSTRAP.into());
    let kind = BlobPropertyBag::new();
    kind.set_type("text/javascript");
    let address = Url::create_object_url_with_blob(&Blob::new_with_str_sequence_and_options(&parts, &kind)?)?;
    SOURCE.set(Some(address.clone()));
    Ok(address)
}
