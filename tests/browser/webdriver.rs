//! The WebDriver protocol, as far as the tests need it: JSON over plain HTTP to a driver on this machine.
//!
//! A session closes its browser and its driver when it is dropped, also when a test fails.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::process::{Child, ChildStdout, Command, Stdio};
use std::time::{Duration, Instant};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

/// How long a single command, or a wait for a condition, may take before the test fails.
const PATIENCE: Duration = Duration::from_secs(120);

/// A browser with the driver that controls it.
pub struct Session {
    driver: Child,
    address: SocketAddr,
    path: String,
}

/// An element of the page, by the driver's name for it.
pub struct Element(String);

/// The key under which the protocol sends an element.
const ELEMENT: &str = "element-6066-11e4-a52e-4f735466cecf";

impl Session {
    /// Starts `driver` on a port that it picks itself, and through it a browser with these capabilities.
    pub fn start(driver: &str, capabilities: &Value) -> Self {
        let mut child = Command::new(driver)
            .arg("--port=0")
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap_or_else(|error| panic!("{driver}: {error}; `make test-browser` installs it and finds it"));
        let output = child.stdout.take().expect("the output was asked for");
        let mut session = Self {
            driver: child,
            address: SocketAddr::from(([127, 0, 0, 1], announced_port(driver, output))),
            path: String::new(),
        };
        let answer = session.post("/session", json!({ "capabilities": { "alwaysMatch": capabilities } }));
        session.path = format!("/session/{}", answer["sessionId"].as_str().expect("a session has an id"));
        session
    }

    /// Goes to an address and waits until the page is loaded.
    pub fn go(&self, url: &str) {
        self.command("/url", json!({ "url": url }));
    }

    /// Runs the body of a function in the page with `arguments`; what it returns, or what its promise gives, is the answer.
    pub fn run(&self, body: &str, arguments: Value) -> Value {
        self.command("/execute/sync", json!({ "script": body, "args": arguments }))
    }

    /// A command of Chromium's own protocol.
    pub fn chromium(&self, method: &str, parameters: Value) -> Value {
        self.command("/goog/cdp/execute", json!({ "cmd": method, "params": parameters }))
    }

    /// What Chromium logged since the last call, as `(level, message)`.
    pub fn chromium_log(&self) -> Vec<(String, String)> {
        let entries = self.command("/se/log", json!({ "type": "browser" }));
        let text = |entry: &Value, field: &str| entry[field].as_str().unwrap_or_default().to_owned();
        entries
            .as_array()
            .expect("a log is a list")
            .iter()
            .map(|entry| (text(entry, "level"), text(entry, "message")))
            .collect()
    }

    /// The first element that matches the selector, as soon as there is one.
    pub fn find(&self, selector: &str) -> Element {
        wait_until(&format!("an element {selector}"), || self.find_now(selector))
    }

    fn find_now(&self, selector: &str) -> Option<Element> {
        let answer = self.command("/elements", json!({ "using": "css selector", "value": selector }));
        answer[0][ELEMENT].as_str().map(|id| Element(id.to_owned()))
    }

    /// Clicks an element as a person would: it must be in view and not covered.
    pub fn click(&self, selector: &str) {
        self.on(&self.find(selector), "click", json!({}));
    }

    /// Types into an element; for a file input, `text` is the path of the file.
    pub fn type_into(&self, selector: &str, text: &str) {
        self.on(&self.find(selector), "value", json!({ "text": text }));
    }

    /// Empties a field.
    pub fn clear(&self, selector: &str) {
        self.on(&self.find(selector), "clear", json!({}));
    }

    /// Presses and releases keys one after the other, wherever the focus is.
    pub fn press(&self, keys: &str) {
        let strokes: Vec<Value> = keys
            .chars()
            .flat_map(|key| ["keyDown", "keyUp"].map(|kind| json!({ "type": kind, "value": key.to_string() })))
            .collect();
        self.command(
            "/actions",
            json!({ "actions": [{ "type": "key", "id": "keyboard", "actions": strokes }] }),
        );
    }

    fn on(&self, element: &Element, action: &str, body: Value) {
        self.command(&format!("/element/{}/{action}", element.0), body);
    }

    /// What a script in the page returns, or why there is no answer.
    pub fn try_run(&self, body: &str) -> Result<Value, String> {
        self.try_post(&format!("{}/execute/sync", self.path), &json!({ "script": body, "args": [] }))
    }

    /// A picture of the page in PNG, or why there is none.
    pub fn try_screenshot(&self) -> Result<Vec<u8>, String> {
        let answer = request(self.address, "GET", &format!("{}/screenshot", self.path), "").map_err(|error| error.to_string())?;
        STANDARD
            .decode(answer.as_str().unwrap_or_default())
            .map_err(|error| error.to_string())
    }

    /// What Chromium logged, or why that is not known.
    pub fn try_chromium_log(&self) -> Result<Value, String> {
        self.try_post(&format!("{}/se/log", self.path), &json!({ "type": "browser" }))
    }

    fn command(&self, path: &str, body: Value) -> Value {
        self.post(&format!("{}{path}", self.path), body)
    }

    fn post(&self, path: &str, body: Value) -> Value {
        self.try_post(path, &body).unwrap_or_else(|error| panic!("{path}: {error}"))
    }

    fn try_post(&self, path: &str, body: &Value) -> Result<Value, String> {
        match request(self.address, "POST", path, &body.to_string()) {
            Ok(answer) if answer["error"].is_string() => {
                Err(format!("{}: {}", answer["error"], answer["message"].as_str().unwrap_or_default()))
            }
            Ok(answer) => Ok(answer),
            Err(error) => Err(format!("the driver does not answer: {error}")),
        }
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        if !self.path.is_empty() {
            // Closes the browser; without it the driver's death would leave it running.
            _ = request(self.address, "DELETE", &self.path, "");
        }
        _ = self.driver.kill();
        _ = self.driver.wait();
    }
}

/// Asks again until there is an answer.
///
/// # Panics
/// When there is none in time, saying what was waited for.
pub fn wait_until<T>(what: &str, mut ask: impl FnMut() -> Option<T>) -> T {
    let deadline = Instant::now() + PATIENCE;
    loop {
        if let Some(answer) = ask() {
            return answer;
        }
        assert!(Instant::now() < deadline, "waited {} s for {what}", PATIENCE.as_secs());
        std::thread::sleep(Duration::from_millis(15));
    }
}

/// The port that a driver says it listens at: `... successfully on port 40123.` or `... Listening on 127.0.0.1:40123`.
fn announced_port(driver: &str, output: ChildStdout) -> u16 {
    let mut lines = BufReader::new(output).lines().map_while(Result::ok);
    let said = lines.find(|line| line.contains("successfully on port") || line.contains("Listening on"));
    // A driver that cannot write any more would end; so its output is read for as long as it lives.
    std::thread::spawn(move || lines.for_each(drop));
    let port = said
        .as_deref()
        .and_then(|line| line.trim_end_matches('.').rsplit([' ', ':']).next()?.parse().ok());
    port.unwrap_or_else(|| panic!("{driver} does not say where it listens: {said:?}"))
}

/// One request on a connection of its own; the answer's `value`.
fn request(address: SocketAddr, method: &str, path: &str, body: &str) -> std::io::Result<Value> {
    let mut stream = TcpStream::connect(address)?;
    stream.set_read_timeout(Some(PATIENCE))?;
    write!(
        stream,
        "{method} {path} HTTP/1.1\r\nHost: {address}\r\nContent-Type: application/json\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{body}",
        body.len()
    )?;
    let mut reader = BufReader::new(stream);
    let mut length = None;
    let mut line = String::new();
    while reader.read_line(&mut line)? > 2 {
        if let Some((name, value)) = line.split_once(':')
            && name.eq_ignore_ascii_case("content-length")
        {
            length = value.trim().parse().ok();
        }
        line.clear();
    }
    let mut text = vec![0; length.unwrap_or(0)];
    match length {
        Some(_) => reader.read_exact(&mut text)?,
        None => _ = reader.read_to_end(&mut text)?,
    }
    let mut answer: Value = serde_json::from_slice(&text)?;
    Ok(answer["value"].take())
}
