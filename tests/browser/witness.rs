//! Whoever is spoken to takes note: a proxy that refuses, and sockets that only listen.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream, UdpSocket};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use crate::webdriver::wait_until;

/// What was said, in order, across all listeners.
#[derive(Clone, Default)]
pub struct Record(Arc<Mutex<Vec<String>>>);

impl Record {
    fn note(&self, what: String) {
        self.0.lock().expect("no listener fails while noting").push(what);
    }

    /// Everything noted so far.
    pub fn all(&self) -> Vec<String> {
        self.0.lock().expect("no listener fails while noting").clone()
    }

    /// Waits until something with this in it is noted.
    pub fn wait_for(&self, what: &str) {
        wait_until(&format!("a contact with {what}"), || self.all().iter().any(|line| line.contains(what)).then_some(()));
    }
}

/// A proxy, a listener for connections and one for datagrams, all noting in one record.
pub struct Witness {
    /// What they noted.
    pub record: Record,
    /// The proxy's port.
    pub proxy: u16,
    /// The port of the plain listener.
    pub tcp: u16,
    /// The port of the listener for datagrams.
    pub udp: u16,
}

impl Witness {
    /// Starts all three. The proxy answers requests for `page.0` with the page `page.1`; every other request is refused.
    pub fn start(page: Option<(&str, Vec<u8>)>) -> Self {
        let record = Record::default();
        let page = page.map(|(url, body)| (url.to_owned(), body));
        let note = record.clone();
        let proxy = listen(move |mut stream| {
            let request = heard(&mut stream);
            let first = request.lines().next().unwrap_or_default().to_owned();
            let body = page.as_ref().filter(|(url, _)| first.split(' ').nth(1) == Some(url)).map(|(_, body)| body);
            note.note(format!("proxy: {first}"));
            match body {
                Some(body) => answer(&mut stream, "200 OK", body),
                None => answer(&mut stream, "403 Forbidden", b""),
            }
        });
        let note = record.clone();
        let tcp = listen(move |mut stream| note.note(format!("tcp: {}", heard(&mut stream).lines().next().unwrap_or_default())));
        let socket = UdpSocket::bind("127.0.0.1:0").expect("the machine has a free port");
        let udp = socket.local_addr().expect("a bound socket has an address").port();
        let note = record.clone();
        std::thread::spawn(move || {
            let mut buffer = [0; 2048];
            while let Ok((length, from)) = socket.recv_from(&mut buffer) {
                note.note(format!("udp: {length} bytes from {from}"));
            }
        });
        Self { record, proxy, tcp, udp }
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

/// What the other side says first; a silent connection counts, too, once it has been silent for a second.
fn heard(stream: &mut TcpStream) -> String {
    _ = stream.set_read_timeout(Some(Duration::from_secs(1)));
    let mut buffer = [0; 8192];
    let length = stream.read(&mut buffer).unwrap_or(0);
    if length == 0 { "(connected without a word)".to_owned() } else { String::from_utf8_lossy(&buffer[..length]).into_owned() }
}

/// An answer; whether the other side still listens is its own affair.
fn answer(stream: &mut TcpStream, status: &str, body: &[u8]) {
    let head = format!("HTTP/1.1 {status}\r\nContent-Type: text/html\r\nContent-Length: {}\r\nConnection: close\r\n\r\n", body.len());
    _ = stream.write_all(head.as_bytes()).and_then(|()| stream.write_all(body));
}
