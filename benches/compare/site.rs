//! The release product and the page of the browser libraries, served to this machine by the product's own server.

use std::fs;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

/// A running server; it ends when this is dropped.
pub struct Site {
    server: Child,
    address: String,
}

/// What the page of the libraries needs of each package: a folder, and how the names of its files end.
const PARTS: [(&str, &[&str]); 5] = [
    ("papaparse", &["papaparse.min.js"]),
    (
        "@duckdb/duckdb-wasm/dist",
        &["duckdb-browser.mjs", "duckdb-browser-eh.worker.js", "duckdb-eh.wasm"],
    ),
    ("apache-arrow", &[".mjs"]),
    ("flatbuffers/mjs", &[".js"]),
    ("tslib", &["tslib.es6.mjs"]),
];

impl Site {
    /// Serves the product, and the libraries from `peers` where that is given.
    pub fn serve(peers: Option<&Path>) -> Self {
        let folder = Path::new(super::FOLDER).join("site");
        fs::create_dir_all(&folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
        copy(Path::new("dist/index.html"), &folder.join("index.html"));
        if let Some(peers) = peers {
            lay_out(peers, &folder.join("peers"));
        }
        let mut server = Command::new(env!("CARGO_BIN_EXE_bundle"))
            .args(["serve", "--port", "0"])
            .arg(&folder)
            .stdout(Stdio::piped())
            .spawn()
            .expect("the server was built with this program");
        let mut said = String::new();
        let output = server.stdout.take().expect("the output was asked for");
        _ = BufReader::new(output).read_line(&mut said);
        let address = said.trim().rsplit(' ').next().unwrap_or_default().to_owned();
        assert!(address.starts_with("http"), "the server does not say where it is: {said:?}");
        Self { server, address }
    }

    /// The address of the product.
    pub fn product(&self, query: &str) -> String {
        format!("{}/{query}", self.address)
    }

    /// The address of the page of the libraries.
    pub fn peers(&self) -> String {
        format!("{}/peers/", self.address)
    }
}

impl Drop for Site {
    fn drop(&mut self) {
        _ = self.server.kill();
        _ = self.server.wait();
    }
}

fn lay_out(peers: &Path, folder: &Path) {
    let ours = Path::new(env!("CARGO_MANIFEST_DIR")).join("benches/compare/peers");
    for name in ["index.html", "peers.js", "papaparse.js"] {
        copy(&ours.join(name), &folder.join(name));
    }
    for (package, endings) in PARTS {
        let from = peers.join("node_modules").join(package);
        for path in files_under(&from) {
            let inner = path.strip_prefix(&from).expect("it was found in there");
            let to = folder.join("node_modules").join(package).join(inner);
            let is_wanted = endings.iter().any(|ending| path.to_string_lossy().ends_with(ending));
            if is_wanted && !to.exists() {
                copy(&path, &to);
            }
        }
    }
}

fn files_under(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() {
            found.extend(files_under(&path));
        } else {
            found.push(path);
        }
    }
    found
}

fn copy(from: &Path, to: &Path) {
    let folder = to.parent().expect("a file lies in a folder");
    fs::create_dir_all(folder)
        .and_then(|()| fs::copy(from, to))
        .unwrap_or_else(|error| panic!("{}: {error}", from.display()));
}
