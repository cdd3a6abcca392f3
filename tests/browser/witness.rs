//! Whoever is spoken to takes note: a proxy that refuses, and a socket for datagrams, which go past any proxy.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream, UdpSocket};
use std::sync::{Arc, Mutex};

use crate::webdriver::wait_until;

/// Hosts that Chromium and its packagers call for themselves, whatever switches it is given. A call to one of them tells nothing of the
/// page; a test of the product's contents sees to it that the page does not name them.
pub const MAKERS: [&str; 4] = ["google.com", "googleapis.com", "gvt1.com", "duckduckgo.com"];

/// What was said, in order, across all listeners.
#[derive(Clone, Default)]
pub struct Record(Arc<Mutex<Vec<String>>>);

impl Record {
    fn note(&self, what: String) {
        self.0.lock().expect("no listener fails while noting").push(what);
    }

    /// Everything noted so far, but for the browser's calls to its makers.
    pub fn all(&self) -> Vec<String> {
        let noted = self.0.lock().expect("no listener fails while noting");
        noted.iter().filter(|line| !MAKERS.contains(&owner(line))).cloned().collect()
    }

    /// Waits until something with this in it is noted.
    pub fn wait_for(&self, what: &str) {
        wait_until(&format!("a contact with {what}"), || {
            self.all().iter().any(|line| line.contains(what)).then_some(())
        });
    }
}

/// A proxy and a listener for datagrams, noting in one record.
pub struct Witness {
    /// What they noted.
    pub record: Record,
    /// The proxy's port.
    pub proxy: u16,
    /// The port of the listener for datagrams.
    pub udp: u16,
}

impl Witness {
    /// Starts both. The proxy answers requests for `page.0` with the page `page.1`; every other request is refused.
    pub fn start(page: Option<(&str, Vec<u8>)>) -> Self {
        let record = Record::default();
        let page = page.map(|(url, body)| (url.to_owned(), body));
        let note = record.clone();
        let proxy = listen(move |mut stream| {
            // Browsers open connections in advance for the page that they are loading; what counts is what is said.
            let Some(request) = heard(&mut stream) else { return };
            let first = request.lines().next().unwrap_or_default().to_owned();
            let body = page
                .as_ref()
                .filter(|(url, _)| first.split(' ').nth(1) == Some(url))
                .map(|(_, body)| body);
            note.note(format!("proxy: {first}"));
            match body {
                Some(body) => answer(&mut stream, "200 OK", body),
                None => answer(&mut stream, "403 Forbidden", b"refused"),
            }
        });
        let socket = UdpSocket::bind("127.0.0.1:0").expect("the machine has a free port");
        let udp = socket.local_addr().expect("a bound socket has an address").port();
        let note = record.clone();
        std::thread::spawn(move || {
            let mut buffer = [0; 2048];
            while let Ok((length, from)) = socket.recv_from(&mut buffer) {
                note.note(format!("udp: {length} bytes from {from}"));
            }
        });
        Self { record, proxy, udp }
    }
}

/// Gives each connection to `serve` on a thread of its own; says at which port.
fn listen(serve: impl Fn(TcpStream) + Send + Sync + 'static) -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").expect("the machine has a free port");
    let port = listener.local_addr().expect("a bound listener has an address").port();
    let serve = Arc::new(serve);
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let serve = Arc::clone(&serve);
            std::thread::spawn(move || serve(stream));
        }
    });
    port
}

/// The last two parts of the host that a line of the proxy names, as in `CONNECT a.example.com:443 HTTP/1.1`.
fn owner(line: &str) -> &str {
    let target = line.split(' ').nth(2).unwrap_or_default();
    let target = target.split_once("://").map_or(target, |(_, rest)| rest);
    let host = target.split(['/', ':']).next().unwrap_or_default();
    host.rmatch_indices('.').nth(1).map_or(host, |(at, _)| &host[at + 1..])
}

/// What the other side says first, if it says anything.
fn heard(stream: &mut TcpStream) -> Option<String> {
    let mut buffer = [0; 8192];
    let length = stream.read(&mut buffer).ok().filter(|length| *length > 0)?;
    Some(String::from_utf8_lossy(&buffer[..length]).into_owned())
}

/// An answer; whether the other side still listens is its own affair.
fn answer(stream: &mut TcpStream, status: &str, body: &[u8]) {
    let head = format!(
        "HTTP/1.1 {status}\r\nContent-Type: text/html\r\nContent-Length: {}\r\nConnection: close\r\n\r\n",
        body.len()
    );
    _ = stream.write_all(head.as_bytes()).and_then(|()| stream.write_all(body));
}
