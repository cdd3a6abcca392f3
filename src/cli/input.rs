//! Files and standard input become tables.

use std::fs::File;
use std::io::{Cursor, Read};
use std::path::Path;

use crate::data::Table;
use crate::engine::{ReadJob, Step};

use super::Refusal;
use super::arguments::FileOptions;
use super::choice::reading;

/// Rows a step; the command has nobody to report to, so steps are large.
const ROWS_A_STEP: usize = 1 << 16;

/// Whether a path means standard input or output.
pub fn is_standard(path: &Path) -> bool {
    path.as_os_str() == "-"
}

/// Reads a file into a table, as its options say.
pub fn read(options: &FileOptions) -> Result<Table, Refusal> {
    let path = options.file.as_path();
    let reading = reading(options).map_err(Refusal::new)?;
    if is_standard(path) {
        let mut bytes = Vec::new();
        std::io::stdin()
            .lock()
            .read_to_end(&mut bytes)
            .map_err(|error| Refusal::new(format!("standard input cannot be read: {error}.")))?;
        let size = bytes.len() as u64;
        return finish(ReadJob::with_options(Cursor::new(bytes), "standard input", size, reading));
    }
    let unreadable = |error: std::io::Error| {
        Refusal::new(format!(
            "\"{}\" cannot be read: {error}. Check the path and that you may read the file.",
            path.display()
        ))
    };
    let file = File::open(path).map_err(unreadable)?;
    let meta = file.metadata().map_err(unreadable)?;
    if meta.is_dir() {
        return Err(Refusal::new(format!("\"{}\" is a folder. Name a CSV file.", path.display())));
    }
    let name = path
        .file_name()
        .map_or_else(|| path.display().to_string(), |name| name.to_string_lossy().into_owned());
    finish(ReadJob::with_options(file, &name, meta.len(), reading))
}

fn finish<R: Read + std::io::Seek>(mut job: ReadJob<R>) -> Result<Table, Refusal> {
    loop {
        if let Step::Done(table) = job.step(ROWS_A_STEP)? {
            return Ok(table);
        }
    }
}
