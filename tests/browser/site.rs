//! A web host for one file, as plain as hosts get: no headers that would help the page.

use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::Arc;

/// Serves a page at one path until the test's process ends.
pub struct Site {
    port: u16,
    path: String,
}

impl Site {
    /// Serves `page` at `path` (which starts and ends with a slash) and nothing else.
    pub fn serve(page: Vec<u8>, path: &str) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("the machine has a free port");
        let port = listener.local_addr().expect("a bound listener has an address").port();
        let (page, place) = (Arc::new(page), path.to_owned());
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let (page, place) = (Arc::clone(&page), place.clone());
                // A browser that goes away in the middle is no failure of the test.
                std::thread::spawn(move || _ = answer(stream, &page, &place));
            }
        });
        Self {
            port,
            path: path.to_owned(),
        }
    }

    /// Where the page is.
    pub fn url(&self) -> String {
        format!("http://127.0.0.1:{}{}", self.port, self.path)
    }
}

fn answer(stream: TcpStream, page: &[u8], place: &str) -> std::io::Result<()> {
    let mut reader = BufReader::new(stream);
    let mut line = String::new();
    reader.read_line(&mut line)?;
    let target = line.split(' ').nth(1).unwrap_or_default();
    let (status, body): (_, &[u8]) = if target == place {
        ("200 OK", page)
    } else {
        ("404 Not Found", b"")
    };
    let stream = reader.get_mut();
    write!(
        stream,
        "HTTP/1.1 {status}\r\nContent-Type: text/html\r\nContent-Length: {}\r\nConnection: close\r\n\r\n",
        body.len()
    )?;
    stream.write_all(body)?;
    // Reading to the end before closing keeps the unread rest of the request from cutting the answer off.
    stream.shutdown(std::net::Shutdown::Write)?;
    std::io::copy(&mut reader, &mut std::io::sink()).map(|_| ())
}
