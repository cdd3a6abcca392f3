//! A static server for this machine alone.

use std::fs::File;
use std::path::{Component, Path, PathBuf};

use tiny_http::{Header, Method, Request, Response, Server};

/// Serves `folder` at `http://127.0.0.1:PORT` until the process is stopped.
///
/// # Errors
/// When the port is taken, or the folder is not there.
pub fn serve(folder: &Path, port: u16) -> Result<(), String> {
    let folder = folder.canonicalize().map_err(|error| format!("{}: {error}", folder.display()))?;
    let server = Server::http(("127.0.0.1", port)).map_err(|error| format!("port {port}: {error}. Choose another with --port."))?;
    println!("Assay is at http://{}", server.server_addr());
    for request in server.incoming_requests() {
        let folder = folder.clone();
        // A thread each, so that a browser that stops reading keeps nobody else waiting; one that goes away is no failure of the server.
        std::thread::spawn(move || _ = answer(request, &folder));
    }
    Ok(())
}

fn answer(request: Request, folder: &Path) -> std::io::Result<()> {
    if !matches!(request.method(), Method::Get | Method::Head) {
        return request.respond(Response::empty(405));
    }
    let Some((path, file)) = place(request.url(), folder).and_then(|path| Some((path.clone(), File::open(path).ok()?))) else {
        return request.respond(Response::from_string("There is no such file.\n").with_status_code(404));
    };
    let kind = Header::from_bytes("Content-Type", media_type(&path)).expect("a media type is plain ASCII");
    let fresh = Header::from_bytes("Cache-Control", "no-cache").expect("a constant of plain ASCII");
    request.respond(Response::from_file(file).with_header(kind).with_header(fresh))
}

/// The file that a request's target names, if it is inside the folder.
fn place(target: &str, folder: &Path) -> Option<PathBuf> {
    let path = target.split(['?', '#']).next().unwrap_or_default();
    // Names here are plain; an escaped one is refused rather than decoded.
    if path.contains(['%', '\\']) {
        return None;
    }
    let relative = Path::new(path.trim_start_matches('/'));
    if !relative.components().all(|part| matches!(part, Component::Normal(_))) {
        return None;
    }
    let mut full = folder.join(relative);
    if full.is_dir() {
        full.push("index.html");
    }
    // A link inside the folder may point out of it.
    let full = full.canonicalize().ok()?;
    (full.starts_with(folder) && full.is_file()).then_some(full)
}

fn media_type(path: &Path) -> &'static str {
    match path.extension().and_then(|ending| ending.to_str()) {
        Some("html") => "text/html; charset=utf-8",
        Some("css") => "text/css; charset=utf-8",
        Some("js" | "mjs") => "text/javascript; charset=utf-8",
        Some("json") => "application/json",
        Some("svg") => "image/svg+xml",
        Some("png") => "image/png",
        Some("wasm") => "application/wasm",
        Some("csv") => "text/csv; charset=utf-8",
        Some("txt" | "md") => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_files_inside_the_folder_are_found() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("public")
            .canonicalize()
            .expect("the folder is there");
        assert!(place("/examples/SOURCES.md?x=1", &folder).is_some());
        for target in [
            "/../Cargo.toml",
            "//../Cargo.toml",
            "/examples/../../Cargo.toml",
            "/%2e%2e/Cargo.toml",
            "/..\\Cargo.toml",
            "/nowhere",
            "/",
        ] {
            assert_eq!(place(target, &folder), None, "{target}");
        }
    }

    #[test]
    fn an_absolute_path_does_not_leave_the_folder() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("public")
            .canonicalize()
            .expect("the folder is there");
        assert_eq!(place("///etc/passwd", &folder), None);
    }
}
