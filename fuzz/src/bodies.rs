//! One function a target; each panics where what it states does not hold.

use std::io::{self, Cursor, Read, Seek, SeekFrom};
use std::sync::Arc;

use assay::check::{Suite, sentence};
use assay::data::block::{Job, parse_block};
use assay::data::coordinator::{Coordinator, Opening, Pieces as BlockPieces};
use assay::data::{DataError, Table, Values};
use assay::engine::{AuditJob, EngineError, ReadJob, Step, foresee, inspect};
use assay::report::{Report, html, markdown, terminal};
use assay::run::Settings;

/// No more than this of an input is used: what breaks a reader fits in less, and a search is quicker among small inputs.
const MOST: usize = 1 << 16;

/// Any bytes are a table or an error that says something; how they arrive and how they are stepped through changes nothing.
pub fn read(bytes: &[u8]) {
    let bytes = &bytes[..bytes.len().min(MOST)];
    let whole = table(bytes, usize::MAX, usize::MAX);
    let mut draws = Draws::of(bytes);
    for _ in 0..2 {
        let (rows, piece) = (1 + draws.below(7), 1 + draws.below(13));
        same(
            &whole,
            &table(bytes, rows, piece),
            &format!("in steps of {rows} rows and pieces of {piece} bytes"),
        );
    }
    for _ in 0..2 {
        let (block, ahead) = (1 << (10 + draws.below(3)), 1 + draws.below(6));
        if let Some(pieces) = in_blocks(bytes, block, ahead as u64, &mut draws) {
            same(&whole, &pieces, &format!("in blocks of {block} bytes, {ahead} ahead"));
        }
    }
    match &whole {
        Ok(table) => sound(table, bytes),
        Err(error) => spoken(error),
    }
}

/// What reads as a table can be looked at and audited, or says why not; how the audit is stepped through changes nothing.
pub fn audit(bytes: &[u8]) {
    let bytes = &bytes[..bytes.len().min(MOST / 8)];
    let Ok(table) = table(bytes, usize::MAX, usize::MAX) else { return };
    let table = Arc::new(table);
    let inspection = inspect(&table);
    assert_eq!(inspection.columns.len(), table.columns.len());
    let settings = Settings::default();
    let forecast = foresee(&table, &inspection.roles, &settings);
    let report = |rows: usize| -> Result<Report, EngineError> {
        let mut job = AuditJob::new(Arc::clone(&table), inspection.roles.clone(), settings.clone())?;
        finish(|| job.step(rows))
    };
    let whole = report(usize::MAX >> 1);
    assert_eq!(whole.is_err(), forecast.problem.is_some(), "the forecast is {:?}", forecast.problem);
    match whole {
        Err(error) => spoken(&error),
        Ok(whole) => {
            let again = report(1 + Draws::of(bytes).below(5)).expect("it was made before");
            assert_eq!(whole.to_json(), again.to_json(), "the report depends on how it was stepped through");
            legible(&whole);
        }
    }
}

/// A sentence is a check or an error that says something; a check that is written is read as itself.
pub fn sentence(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(&bytes[..bytes.len().min(MOST / 16)]) else {
        return;
    };
    match sentence::parse(text) {
        Ok(check) => {
            let written = sentence::print(&check);
            assert_eq!(sentence::parse(&written).as_ref(), Ok(&check), "it is written {written:?}");
            assert_ne!(sentence::claim(&check), "");
        }
        Err(error) => spoken(&error),
    }
}

/// A suite is read or says why not; one that is written, in either form, is read as itself.
pub fn suite(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(&bytes[..bytes.len().min(MOST / 16)]) else {
        return;
    };
    match Suite::parse(text) {
        Ok(suite) => {
            let (toml, json) = (suite.to_toml(), suite.to_json());
            assert_eq!(Suite::parse(&toml).as_ref(), Ok(&suite), "it is written {toml}");
            assert_eq!(Suite::parse(&json).as_ref(), Ok(&suite), "it is written {json}");
        }
        Err(error) => spoken(&error),
    }
}

/// Reads a file of these bytes, `rows` rows a step, from a source that gives `piece` bytes at a time.
fn table(bytes: &[u8], rows: usize, piece: usize) -> Result<Table, EngineError> {
    let source = Pieces {
        bytes: Cursor::new(bytes),
        piece,
    };
    let mut job = ReadJob::new(source, "input.csv", bytes.len() as u64);
    finish(|| job.step(rows))
}

/// Reads a file in blocks that come back in any order, as from several workers; `None` where it can be read in order only.
fn in_blocks(bytes: &[u8], block: u64, ahead: u64, draws: &mut Draws) -> Option<Result<Table, EngineError>> {
    let mut coordinator = Coordinator::new("input.csv", Some(bytes.len() as u64), BlockPieces { block, ahead });
    loop {
        match coordinator.open(&bytes[..bytes.len().min(coordinator.window() as usize)]) {
            Ok(Opening::More) => {}
            Ok(Opening::Ready) => break,
            Ok(Opening::InOrder) => return None,
            Err(error) => return Some(Err(error.into())),
        }
    }
    let mut out: Vec<Job> = Vec::new();
    for _ in 0..20 * MOST {
        out.extend(std::iter::from_fn(|| coordinator.next_job()));
        if let Some(table) = coordinator.table() {
            return Some(Ok(table));
        }
        let job = out.swap_remove(draws.below(out.len()));
        let text = &bytes[(job.from as usize).min(bytes.len())..(job.to as usize).min(bytes.len())];
        if let Err(error) = coordinator.accept(parse_block(text, &job)) {
            // Another encoding is read in order.
            return coordinator.other_encoding().is_none().then(|| Err(error.into()));
        }
    }
    panic!("it does not end");
}

/// Steps to the end. Work that goes on for more steps than there can be anything to do is a hang.
fn finish<T>(mut step: impl FnMut() -> Result<Step<T>, EngineError>) -> Result<T, EngineError> {
    for _ in 0..20 * MOST {
        if let Step::Done(result) = step()? {
            return Ok(result);
        }
    }
    panic!("it does not end");
}

fn same(whole: &Result<Table, EngineError>, pieces: &Result<Table, EngineError>, how: &str) {
    // As text, because a number that is missing does not equal itself.
    let shown = |result: &Result<Table, EngineError>| match result {
        // How much of a damaged packed file comes out before the damage shows depends on the pieces it is fed in.
        Err(EngineError::Data(DataError::Unpacking { .. })) => "damaged".to_owned(),
        _ => format!("{result:#?}"),
    };
    if whole != pieces && shown(whole) != shown(pieces) {
        panic!("read {how} it is\n{}\nnot\n{}", shown(pieces), shown(whole));
    }
}

/// What holds of every table.
fn sound(table: &Table, bytes: &[u8]) {
    assert_eq!(table.intake.bytes, bytes.len() as u64);
    assert_eq!(
        table.intake.rows_read,
        table.rows as u64 + table.intake.rows_set_aside,
        "a row is kept or set aside"
    );
    assert!(table.rows > 0 && !table.columns.is_empty(), "a table has rows and columns");
    let mut names: Vec<&str> = table.columns.iter().map(|column| column.name.as_str()).collect();
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), table.columns.len(), "names are unique");
    for column in &table.columns {
        let length = match &column.values {
            Values::Numeric(values) => values.len(),
            Values::Time(values) => values.len(),
            Values::Levels(levels) => levels.codes.len(),
            // The other forms keep no value a row.
            _ => table.rows,
        };
        assert_eq!(length, table.rows, "the length of {:?}", column.name);
        assert!(
            column.missing + column.invalid <= table.rows as u64,
            "{:?} lacks more than there is",
            column.name
        );
    }
    for notice in &table.notices {
        assert_ne!(notice.text, "");
    }
}

/// What holds of every report, in every form.
fn legible(report: &Report) {
    let json = report.to_json();
    let value: serde_json::Value = serde_json::from_str(&json).expect("JSON is read back");
    assert!(value["estimates"].is_array());
    for estimate in &report.estimates {
        assert!(
            estimate.value.is_none_or(f64::is_finite),
            "{:?} is no number: {:?}",
            estimate.key,
            estimate.value
        );
        assert!(
            estimate.value.is_some() || estimate.special.is_some() || estimate.text.is_some() || estimate.undefined.is_some(),
            "{:?} is neither there nor explained",
            estimate.key
        );
        if let Some(interval) = &estimate.interval {
            assert!(interval.low <= interval.high, "the interval of {:?}: {interval:?}", estimate.key);
        }
    }
    for finding in &report.findings {
        assert_ne!(finding.sentence, "");
    }
    assert!(html::document(report, None).ends_with("</html>\n"));
    assert_ne!(markdown::render(report), "");
    let said = terminal::render(report);
    assert!(!said.contains('\u{1b}') && !said.contains('\0'), "the terminal is given orders");
}

fn spoken(error: &impl std::error::Error) {
    let said = error.to_string();
    assert!(said.len() > 10, "{error:?} says only {said:?}");
    assert!(!said.contains("panicked"), "{said}");
}

/// A source that gives a few bytes at a time, as a browser's stream may.
struct Pieces<'a> {
    bytes: Cursor<&'a [u8]>,
    piece: usize,
}

impl Read for Pieces<'_> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let length = into.len().min(self.piece);
        self.bytes.read(&mut into[..length])
    }
}

impl Seek for Pieces<'_> {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        self.bytes.seek(to)
    }
}

/// SplitMix64, started from an input, so that the same input is always treated alike.
pub struct Draws(u64);

impl Draws {
    /// The draws that belong to these bytes: started from their FNV-1a.
    pub fn of(bytes: &[u8]) -> Self {
        Self(bytes.iter().fold(0xcbf2_9ce4_8422_2325, |hash, &byte| {
            (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
        }))
    }

    /// A number from 0 up to, and without, `end`.
    pub fn below(&mut self, end: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut bits = self.0;
        bits = (bits ^ (bits >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        bits = (bits ^ (bits >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        bits ^= bits >> 31;
        ((u128::from(bits) * end as u128) >> 64) as usize
    }
}
