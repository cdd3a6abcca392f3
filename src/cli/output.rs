//! Writes texts to files and standard output.

use std::io::{ErrorKind, Write};
use std::path::Path;

use super::Refusal;
use super::input::is_standard;

/// Writes a text to a file, or to standard output for -.
pub fn write(path: &Path, text: &str) -> Result<(), Refusal> {
    if is_standard(path) {
        return print(text);
    }
    std::fs::write(path, text).map_err(|error| {
        Refusal::new(format!(
            "\"{}\" cannot be written: {error}. Check that the folder exists and that you may write there.",
            path.display()
        ))
    })
}

/// Prints a text. A reader that went away, as `head` does, is not a failure.
pub fn print(text: &str) -> Result<(), Refusal> {
    let mut out = std::io::stdout().lock();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => Err(Refusal::new(format!("standard output cannot be written: {error}."))),
        _ => Ok(()),
    }
}
