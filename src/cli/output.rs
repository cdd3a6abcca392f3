//! Writes texts to files and standard output.

use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};

use super::Refusal;
use super::input::is_standard;

/// Refuses outputs that would overwrite the input, each other, or the same standard output.
pub fn check_targets<'a>(input: &Path, targets: impl Iterator<Item = &'a PathBuf>) -> Result<(), Refusal> {
    // A file that is not there yet has no canonical path, and cannot be the input.
    let real = |path: &Path| path.canonicalize().unwrap_or_else(|_| path.to_owned());
    let mut seen: Vec<PathBuf> = Vec::new();
    for path in targets {
        if is_standard(path) {
            if seen.iter().any(|other| is_standard(other)) {
                return Err(Refusal::new(
                    "two reports cannot both go to standard output; give one of them a file.",
                ));
            }
            seen.push(path.clone());
            continue;
        }
        let own = real(path);
        if !is_standard(input) && own == real(input) {
            return Err(Refusal::new(format!(
                "\"{}\" is the file to audit; write the report elsewhere.",
                path.display()
            )));
        }
        if seen.contains(&own) {
            return Err(Refusal::new(format!(
                "two reports cannot both go to \"{}\"; give one of them another file.",
                path.display()
            )));
        }
        seen.push(own);
    }
    Ok(())
}

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
