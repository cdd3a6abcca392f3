//! Files and standard input become tables. A plain file is read by several threads, each by itself where it likes; what is packed or in
//! another encoding, and what cannot be read at any place, is read in order.

use std::fs::File;
use std::io::{Cursor, Read, Seek};
use std::path::Path;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;

use crate::data::block::{Job, ParsedBlock, Sample, parse_block};
use crate::data::coordinator::{Coordinator, Opening, Pieces};
use crate::data::read::Reading;
use crate::data::{By, DataError, Keys, ReadOptions, Table};
use crate::engine::{KeptProfile, Reference, join};
use crate::run::profile::{HEAD, is_profile};

use super::Refusal;
use super::arguments::FileOptions;
use super::choice::reading;

/// Rows a step; the command has nobody to report to, so steps are large.
const ROWS_A_STEP: usize = 1 << 16;

/// Bytes of a block.
const BLOCK: u64 = 4 << 20;

/// Whether a path means standard input or output.
pub fn is_standard(path: &Path) -> bool {
    path.as_os_str() == "-"
}

/// A file to be read, and how.
struct Wanted<'a> {
    name: String,
    options: ReadOptions,
    columns: Option<&'a [String]>,
    sample: Option<Sample>,
    /// Which columns' ids are kept.
    keys: Option<Keys>,
    workers: usize,
}

/// How many threads work: as many as the machine has processors, unless it was said.
pub fn workers(options: &FileOptions) -> usize {
    let given = options.rows.workers;
    given.unwrap_or_else(|| thread::available_parallelism().map_or(1, usize::from))
}

/// Reads a file into a table, as its options say, and joins the label file to it where there is one.
pub fn read(options: &FileOptions) -> Result<Table, Refusal> {
    let rows = &options.rows;
    let mut wanted = Wanted {
        name: "standard input".to_owned(),
        options: reading(options).map_err(Refusal::new)?,
        columns: rows.columns.as_deref(),
        sample: rows.sample.map(|share| Sample { share, seed: rows.seed }),
        keys: None,
        workers: workers(options),
    };
    let Some(path) = &options.label_file else {
        return read_one(&options.file, wanted);
    };
    if is_standard(path) && is_standard(&options.file) {
        return Err(Refusal::new(
            "predictions and labels cannot both come from standard input; give one of them a file.",
        ));
    }
    let id = options.roles.id.as_deref().filter(|id| !id.is_empty());
    let pair = id.and_then(|id| id.split_once('='));
    let given = |half: Option<&str>| id.map(|id| Keys::Of(std::iter::once(id).chain(half).map(str::to_owned).collect()));
    let labels = Wanted {
        name: wanted.name.clone(),
        options: ReadOptions::default(),
        columns: None,
        sample: None,
        keys: given(pair.map(|(_, other)| other)).or(Some(Keys::Likely(Vec::new()))),
        workers: wanted.workers,
    };
    let labels = read_one(path, labels)?;
    let likely = || Keys::Likely(labels.keys.iter().map(|keyed| keyed.column.clone()).collect());
    wanted.keys = Some(given(pair.map(|(own, _)| own)).unwrap_or_else(likely));
    let predictions = read_one(&options.file, wanted)?;
    let by = by(id, pair, &predictions, &labels);
    Ok(join(predictions, labels, &by)?)
}

/// By which columns files are joined. A name that both have may hold an equals sign.
fn by(id: Option<&str>, pair: Option<(&str, &str)>, predictions: &Table, labels: &Table) -> By {
    let Some(id) = id else { return By::Found };
    let is_whole = [predictions, labels]
        .iter()
        .all(|table| table.keys.iter().any(|keyed| keyed.column == id));
    let (own, other) = pair.filter(|_| !is_whole).unwrap_or((id, id));
    By::Columns {
        predictions: own.to_owned(),
        labels: other.to_owned(),
    }
}

/// Reads the earlier data to compare with, or the profile of it, where there is a file of either; how it is written is found out.
pub fn read_reference(options: &FileOptions) -> Result<Option<Reference>, Refusal> {
    let Some(path) = &options.reference else { return Ok(None) };
    if is_standard(path) && is_standard(&options.file) {
        return Err(Refusal::new(
            "current and reference data cannot both come from standard input; give one of them a file.",
        ));
    }
    let wanted = Wanted {
        name: "standard input".to_owned(),
        options: ReadOptions::default(),
        columns: options.rows.columns.as_deref(),
        sample: None,
        keys: None,
        workers: workers(options),
    };
    Ok(Some(match read_any(path, wanted)? {
        Found::Table(table) => Reference::Data(Arc::new(*table)),
        Found::Profile(kept) => Reference::Profile(Arc::new(kept)),
    }))
}

/// What a file turned out to hold.
enum Found {
    Table(Box<Table>),
    Profile(KeptProfile),
}

fn read_one(path: &Path, wanted: Wanted<'_>) -> Result<Table, Refusal> {
    match read_any(path, wanted)? {
        Found::Table(table) => Ok(*table),
        Found::Profile(kept) => Err(Refusal::new(format!(
            "\"{}\" is a profile, which holds no rows. It can stand in for earlier data only: assay audit FILE --reference {}",
            kept.name, kept.name
        ))),
    }
}

fn read_any(path: &Path, mut wanted: Wanted<'_>) -> Result<Found, Refusal> {
    if is_standard(path) {
        let mut bytes = Vec::new();
        std::io::stdin()
            .lock()
            .read_to_end(&mut bytes)
            .map_err(|error| Refusal::new(format!("standard input cannot be read: {error}.")))?;
        return of_bytes(bytes, &wanted);
    }
    let unreadable = |error: std::io::Error| {
        Refusal::new(format!(
            "\"{}\" cannot be read: {error}. Check the path and that you may read the file.",
            path.display()
        ))
    };
    let mut file = File::open(path).map_err(unreadable)?;
    let meta = file.metadata().map_err(unreadable)?;
    if meta.is_dir() {
        return Err(Refusal::new(format!("\"{}\" is a folder. Name a CSV file.", path.display())));
    }
    wanted.name = path
        .file_name()
        .map_or_else(|| path.display().to_string(), |name| name.to_string_lossy().into_owned());
    if meta.is_file() {
        let mut head = Vec::new();
        (&file).take(HEAD as u64).read_to_end(&mut head).map_err(unreadable)?;
        if is_profile(&head) {
            (&file).read_to_end(&mut head).map_err(unreadable)?;
            return of_bytes(head, &wanted);
        }
        (&file).rewind().map_err(unreadable)?;
        return at_any_place(file, meta.len(), &wanted).map(Box::new).map(Found::Table);
    }
    // A pipe has no places to go to.
    let mut bytes = Vec::new();
    file.read_to_end(&mut bytes).map_err(unreadable)?;
    of_bytes(bytes, &wanted)
}

/// A profile, or a table.
fn of_bytes(bytes: Vec<u8>, wanted: &Wanted<'_>) -> Result<Found, Refusal> {
    if is_profile(&bytes) {
        return KeptProfile::parse(&wanted.name, &bytes).map(Found::Profile).map_err(Refusal::new);
    }
    in_order(Cursor::new(bytes), wanted, None).map(Box::new).map(Found::Table)
}

/// Reads from the first byte to the last; `not_utf8` is the line that shows another encoding.
fn in_order<R: Read + Seek>(source: R, wanted: &Wanted, not_utf8: Option<u64>) -> Result<Table, Refusal> {
    // Nobody sees the progress, for which alone the size would be needed.
    let mut reading = Reading::with_options(source, &wanted.name, 0, wanted.options.clone());
    if let Some(line) = not_utf8 {
        reading = reading.in_other_encoding(line);
    }
    if let Some(columns) = wanted.columns {
        reading = reading.keep(columns);
    }
    if let Some(sample) = wanted.sample {
        reading = reading.sample(sample);
    }
    if let Some(keys) = &wanted.keys {
        reading = reading.keep_keys(keys.clone());
    }
    loop {
        if let Some(table) = reading.step(ROWS_A_STEP).map_err(Refusal::new)? {
            return Ok(table);
        }
    }
}

/// Reads with several threads, if the file can be read so.
fn at_any_place(file: File, size: u64, wanted: &Wanted) -> Result<Table, Refusal> {
    let workers = wanted.workers.max(1);
    let pieces = Pieces {
        block: BLOCK,
        // A worker that waits for the one before it has something to do meanwhile.
        ahead: if workers == 1 { 1 } else { workers as u64 * 2 },
    };
    let mut coordinator = Coordinator::new(&wanted.name, Some(size), pieces).reading_as(wanted.options.clone());
    let mut window = Vec::new();
    let opening = loop {
        let count = coordinator.window().min(size) as usize;
        window.resize(count, 0);
        let count = read_at(&file, 0, &mut window).map_err(|error| stopped(wanted, &error))?;
        window.truncate(count);
        match coordinator.open(&window).map_err(Refusal::new)? {
            Opening::More => {}
            opening => break opening,
        }
    };
    if opening == Opening::InOrder {
        return in_order(file, wanted, None);
    }
    if let Some(columns) = wanted.columns {
        coordinator.keep(columns).map_err(Refusal::new)?;
    }
    if let Some(sample) = wanted.sample {
        coordinator.sample(sample);
    }
    if let Some(keys) = &wanted.keys {
        coordinator.keep_keys(keys);
    }
    let pool = Pool {
        file: &file,
        shared: Mutex::new(Shared { coordinator, ended: None }),
        changed: Condvar::new(),
    };
    thread::scope(|scope| {
        for _ in 1..workers {
            scope.spawn(|| pool.work());
        }
        pool.work();
    });
    let Shared { coordinator, ended } = pool.shared.into_inner().unwrap_or_else(PoisonError::into_inner);
    match ended {
        Some(Ended::Whole(table)) => Ok(*table),
        Some(Ended::Stopped(error)) => Err(stopped(wanted, &error)),
        Some(Ended::Failed(error)) => match coordinator.other_encoding() {
            Some(line) => in_order(file, wanted, Some(line)),
            None => Err(Refusal::new(error)),
        },
        None => Err(Refusal::new(format!("Reading \"{}\" ended without a table.", wanted.name))),
    }
}

fn stopped(wanted: &Wanted, error: &std::io::Error) -> Refusal {
    Refusal::new(DataError::Io {
        file: wanted.name.clone(),
        reason: error.to_string(),
    })
}

/// How the reading ended.
enum Ended {
    Whole(Box<Table>),
    Failed(DataError),
    Stopped(std::io::Error),
}

/// What the workers share.
struct Shared {
    coordinator: Coordinator,
    ended: Option<Ended>,
}

struct Pool<'a> {
    file: &'a File,
    shared: Mutex<Shared>,
    changed: Condvar,
}

impl Pool<'_> {
    fn lock(&self) -> MutexGuard<'_, Shared> {
        self.shared.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes jobs until there is an end.
    fn work(&self) {
        let mut bytes = Vec::new();
        while let Some(job) = self.next_job() {
            bytes.resize((job.to - job.from) as usize, 0);
            let done = read_at(self.file, job.from, &mut bytes).map(|count| parse_block(&bytes[..count], &job));
            self.give_back(done);
        }
    }

    /// The next job, as soon as there is one; `None` at the end.
    fn next_job(&self) -> Option<Job> {
        let mut shared = self.lock();
        loop {
            if shared.ended.is_some() {
                return None;
            }
            if let Some(job) = shared.coordinator.next_job() {
                return Some(job);
            }
            shared = self.changed.wait(shared).unwrap_or_else(PoisonError::into_inner);
        }
    }

    fn give_back(&self, done: std::io::Result<ParsedBlock>) {
        let mut shared = self.lock();
        let accepted = done.map(|parsed| shared.coordinator.accept(parsed));
        let ended = match accepted {
            Err(error) => Some(Ended::Stopped(error)),
            Ok(Err(error)) => Some(Ended::Failed(error)),
            Ok(Ok(())) => shared.coordinator.table().map(|table| Ended::Whole(Box::new(table))),
        };
        if shared.ended.is_none() {
            shared.ended = ended;
        }
        self.changed.notify_all();
    }
}

/// Fills the buffer from a place of the file on, as far as there are bytes.
fn read_at(file: &File, mut from: u64, mut buffer: &mut [u8]) -> std::io::Result<usize> {
    let mut filled = 0;
    while !buffer.is_empty() {
        match read_some(file, from, buffer) {
            Ok(0) => break,
            Ok(count) => {
                buffer = &mut buffer[count..];
                filled += count;
                from += count as u64;
            }
            Err(error) if error.kind() == std::io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(filled)
}

#[cfg(unix)]
fn read_some(file: &File, from: u64, buffer: &mut [u8]) -> std::io::Result<usize> {
    std::os::unix::fs::FileExt::read_at(file, buffer, from)
}

#[cfg(windows)]
fn read_some(file: &File, from: u64, buffer: &mut [u8]) -> std::io::Result<usize> {
    std::os::windows::fs::FileExt::seek_read(file, buffer, from)
}
