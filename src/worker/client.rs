//! The page's end of the line: starts a worker from a blob, asks, and passes on what it answers.
//!
//! The blob matters: the page's Content-Security-Policy binds a worker made from one, while a worker loaded from an address would escape it.

use std::cell::RefCell;
use std::rc::Rc;

use js_sys::{Array, Object};
use wasm_bindgen::prelude::*;
use web_sys::{Blob, BlobPropertyBag, ErrorEvent, Event, File, MessageChannel, MessageEvent, Url, Worker};

use super::{FILE, MODULE, PORT, PORTS, TEXT, field, set};
use crate::protocol::{Envelope, Purpose, Request, Response};

/// The last part of the workers' source: takes the compiled module from the page, keeps what came with it, and instantiates it.
/// A failure is thrown outside the promise, where the page hears of it.
const BOOTSTRAP: &str = "
self.onmessage = function (event) {
  self.onmessage = null;
  self.brief = event.data;
  wasm_bindgen({ module_or_path: event.data.module }).catch(function (error) {
    setTimeout(function () { throw error; });
  });
};";

/// The elements of the page whose texts are the first parts of the worker's source.
const PARTS: [&str; 2] = ["shield", "glue"];

/// Files with fewer bytes are read by the engine's worker alone: they are read before others have started.
const WORTH_HELP: f64 = 12e6;

/// Messages that wait for the worker to be ready, each with what it hands over; `None` once it is.
type Waiting = Rc<RefCell<Option<Vec<(Object, Array)>>>>;

/// The workers that help to read, and the request that they help with.
type Helpers = Rc<RefCell<(u32, Vec<Worker>)>>;

/// A listener that lives as long as its worker.
type Listener<E> = Closure<dyn FnMut(E)>;

/// The worker that helps to audit, and what hears that it stopped.
type Aide = (Worker, Listener<Event>);

/// The running workers of one file: the engine's, while the file is read those that help, and while it is audited the one that helps then.
/// Dropping it ends them.
pub struct Client {
    worker: Worker,
    helpers: Helpers,
    aide: RefCell<Option<Aide>>,
    waiting: Waiting,
    listeners: (Listener<MessageEvent>, Listener<ErrorEvent>),
}

impl Client {
    /// Starts a worker. `on_answer` hears its answers, `on_crash` why it cannot be used any more.
    ///
    /// # Errors
    /// When the browser refuses to start one.
    pub fn start(on_answer: impl Fn(Envelope<Response>) + 'static, on_crash: impl Fn(String) + 'static) -> Result<Self, JsValue> {
        let worker = Worker::new(&source()?)?;
        let waiting: Waiting = Rc::new(RefCell::new(Some(Vec::new())));
        let helpers = Helpers::default();
        let on_crash = Rc::new(on_crash);

        let crashed = Rc::clone(&on_crash);
        let others = (worker.clone(), Rc::clone(&waiting), Rc::clone(&helpers));
        let on_message = Closure::<dyn FnMut(MessageEvent)>::new(move |event: MessageEvent| match read(&event) {
            Some(answer) if answer.message == Response::Ready => flush(&others.0, &others.1),
            Some(Envelope {
                id: 0,
                message: Response::Failed { message },
            }) => crashed(message),
            Some(answer) => {
                // Then that file is not read any more, or none is.
                let is_over = matches!(answer.message, Response::Opened(_) | Response::Failed { .. });
                if is_over && others.2.borrow().0 == answer.id || answer.message == Response::Cancelled {
                    end(&others.2);
                }
                on_answer(answer);
            }
            None => crashed("The engine sent an answer that the page cannot read. Reload the page.".to_owned()),
        });
        let on_error = Closure::<dyn FnMut(ErrorEvent)>::new(move |event: ErrorEvent| {
            event.prevent_default();
            on_crash(stopped(&event.message()));
        });
        let client = Self {
            worker,
            helpers,
            aide: RefCell::default(),
            waiting,
            listeners: (on_message, on_error),
        };
        client.brief(&client.worker, &Object::new(), &Array::new())?;
        Ok(client)
    }

    /// Asks for a file to be read, by so many workers where it is worth it.
    pub fn open(&self, request: &Envelope<Request>, file: &File, workers: usize) {
        let ports = Array::new();
        let is_peek = matches!(
            request.message,
            Request::Open {
                purpose: Purpose::Peek,
                ..
            }
        );
        if !is_peek {
            // The file is read in place of the one before it.
            end(&self.helpers);
            self.end_aide();
            self.helpers.borrow_mut().0 = request.id;
        }
        if file.size() >= WORTH_HELP && !is_peek {
            for _ in 1..workers {
                // Where one cannot be started, the others do its work.
                _ = self.start_helper(file, &ports);
            }
        }
        let beside = Object::new();
        set(&beside, FILE, file);
        set(&beside, PORTS, &ports);
        self.send(request, beside, ports);
    }

    /// Sends a request.
    pub fn ask(&self, request: &Envelope<Request>) {
        if matches!(request.message, Request::Cancel) {
            self.end_aide();
        }
        self.send(request, Object::new(), Array::new());
    }

    /// Sends a request to audit, which one more worker helps with if it can be started.
    pub fn ask_with_aide(&self, request: &Envelope<Request>) {
        let ports = Array::new();
        // The audit takes the place of the one before it. Where nobody can help, the engine does all of it.
        self.end_aide();
        _ = self.start_aide(request.id, &ports);
        let beside = Object::new();
        set(&beside, PORTS, &ports);
        self.send(request, beside, ports);
    }

    fn send(&self, request: &Envelope<Request>, message: Object, handed: Array) {
        send(&self.worker, &self.waiting, request, message, handed);
    }

    /// Starts a worker that helps with an audit, and adds the engine's end of the line to it. If it stops, the engine is told so.
    fn start_aide(&self, audit: u32, ports: &Array) -> Result<(), JsValue> {
        let channel = MessageChannel::new()?;
        let worker = Worker::new(&source()?)?;
        let (engine, waiting, fallen) = (self.worker.clone(), Rc::clone(&self.waiting), worker.clone());
        let on_end = Listener::<Event>::new(move |event: Event| {
            event.prevent_default();
            terminate(&fallen);
            let request = Envelope {
                id: audit,
                message: Request::Alone,
            };
            send(&engine, &waiting, &request, Object::new(), Array::new());
        });
        // All that an aide tells the page are its last words.
        worker.set_onmessage(Some(on_end.as_ref().unchecked_ref()));
        worker.set_onerror(Some(on_end.as_ref().unchecked_ref()));
        let (brief, line) = (Object::new(), channel.port1());
        set(&brief, PORT, &line);
        give_module(&worker, &brief, &Array::of1(&line))?;
        ports.push(&channel.port2());
        *self.aide.borrow_mut() = Some((worker, on_end));
        Ok(())
    }

    fn end_aide(&self) {
        if let Some((worker, _)) = self.aide.take() {
            terminate(&worker);
        }
    }

    /// Starts a worker that helps to read the file, and adds the engine's end of the line to it.
    fn start_helper(&self, file: &File, ports: &Array) -> Result<(), JsValue> {
        let channel = MessageChannel::new()?;
        let worker = Worker::new(&source()?)?;
        let (brief, line) = (Object::new(), channel.port1());
        set(&brief, PORT, &line);
        set(&brief, FILE, file);
        self.brief(&worker, &brief, &Array::of1(&line))?;
        ports.push(&channel.port2());
        self.helpers.borrow_mut().1.push(worker);
        Ok(())
    }

    /// Listens to a worker and sends it its first message, with the compiled module.
    fn brief(&self, worker: &Worker, brief: &Object, handed: &Array) -> Result<(), JsValue> {
        worker.set_onmessage(Some(self.listeners.0.as_ref().unchecked_ref()));
        worker.set_onerror(Some(self.listeners.1.as_ref().unchecked_ref()));
        give_module(worker, brief, handed)
    }
}

impl Drop for Client {
    /// Ends the workers at once, whatever they are doing.
    fn drop(&mut self) {
        end(&self.helpers);
        self.end_aide();
        terminate(&self.worker);
    }
}

/// Sends a worker its first message, with the compiled module.
fn give_module(worker: &Worker, brief: &Object, handed: &Array) -> Result<(), JsValue> {
    set(brief, MODULE, &wasm_bindgen::module());
    worker.post_message_with_transfer(brief, handed)
}

fn send(worker: &Worker, waiting: &Waiting, request: &Envelope<Request>, message: Object, handed: Array) {
    let Ok(text) = serde_json::to_string(request) else { return };
    set(&message, TEXT, &text.into());
    match &mut *waiting.borrow_mut() {
        Some(waiting) => waiting.push((message, handed)),
        None => post(worker, &message, &handed),
    }
}

fn end(helpers: &Helpers) {
    helpers.take().1.iter().for_each(terminate);
}

fn terminate(worker: &Worker) {
    worker.set_onmessage(None);
    worker.set_onerror(None);
    worker.terminate();
}

fn flush(worker: &Worker, waiting: &Waiting) {
    for (message, handed) in waiting.borrow_mut().take().unwrap_or_default() {
        post(worker, &message, &handed);
    }
}

fn post(worker: &Worker, message: &Object, handed: &Array) {
    // Text and file handles can always be cloned for a message, and fresh ports handed over.
    _ = worker.post_message_with_transfer(message, handed);
}

fn read(event: &MessageEvent) -> Option<Envelope<Response>> {
    let text = field(&event.data(), TEXT).as_string()?;
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
