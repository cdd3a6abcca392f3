//! Reads a file of delimited rows or of JSON Lines into a [`Table`], in steps, from its first byte to its last.
//!
//! The file is never in memory as a whole: what stays is typed columns. Every column is built in the form that the first rows suggest.
//! When all rows together say otherwise, the file is read a second time for just those columns. How rows become columns is the
//! [`Coordinator`]'s affair; here are the bytes.
//!
//! Cells lose their surrounding white space. Lines without anything on them are skipped. Rows with another number of fields than the
//! header are set aside and counted.

use std::io::{self, Read, Seek, SeekFrom};
use std::mem;

use super::block::{Sample, parse_block};
use super::coordinator::{Coordinator, Opening};
use super::decode::Decoded;
use super::format::{self, Form, WINDOW, fault_of, look};
use super::json_lines::{self, Lines};
use super::source::Source;
use super::{DataError, Keys, ReadOptions, Table};

/// Bytes of a block: few enough for a step to be short.
const BLOCK: u64 = 1 << 20;

/// A file being read.
///
/// ```
/// use std::io::Cursor;
/// use assay::data::read::Reading;
///
/// let bytes = "age,sex\n39,Male\n50,Female\n";
/// let mut reading = Reading::new(Cursor::new(bytes), "people.csv", bytes.len() as u64);
/// let table = loop {
///     if let Some(table) = reading.step(1000)? {
///         break table;
///     }
/// };
/// assert_eq!((table.rows, table.columns.len()), (2, 2));
/// # Ok::<(), assay::data::DataError>(())
/// ```
pub struct Reading<R: Read + Seek> {
    name: String,
    bytes: u64,
    options: ReadOptions,
    /// The columns that are read, when not all are; and the rows drawn.
    kept: Option<Vec<String>>,
    sample: Option<Sample>,
    keys: Option<Keys>,
    stage: Stage<R>,
    /// Bytes read before the file was opened again.
    before: u64,
    done: (u64, u64, u64),
}

enum Stage<R: Read + Seek> {
    /// The line that was found not to be UTF-8, when the file is opened again for that.
    Unopened(R, Option<u64>),
    Opened(Way<R>),
    Over,
}

/// A way through a file, by what it holds.
enum Way<R: Read + Seek> {
    Rows(Box<Rows<R>>),
    Lines(Box<Lines<R>>),
}

impl<R: Read + Seek> Reading<R> {
    /// Starts to read `source`, a file called `name` (its base name) of `bytes` bytes. The number is used for progress alone.
    ///
    /// The source is read forward; it is set back only to its start, when some columns must be read again.
    pub fn new(source: R, name: &str, bytes: u64) -> Self {
        Self::with_options(source, name, bytes, ReadOptions::default())
    }

    /// Starts to read `source` as `options` say; what they do not say is found out.
    pub fn with_options(source: R, name: &str, bytes: u64, options: ReadOptions) -> Self {
        Self {
            name: name.to_owned(),
            bytes,
            options,
            kept: None,
            sample: None,
            keys: None,
            stage: Stage::Unopened(source, None),
            before: 0,
            done: (0, bytes, 0),
        }
    }

    /// Takes the file to be in another encoding than UTF-8, as its first character beyond ASCII shows, on that line.
    pub fn in_other_encoding(mut self, line: u64) -> Self {
        if let Stage::Unopened(_, not_utf8) = &mut self.stage {
            *not_utf8 = Some(line);
        }
        self
    }

    /// Reads only these columns of delimited rows, by name; given before the first step.
    pub fn keep(mut self, names: &[String]) -> Self {
        self.kept = Some(names.to_vec());
        self
    }

    /// Keeps a sample of delimited rows only; given before the first step.
    pub fn sample(mut self, sample: Sample) -> Self {
        self.sample = Some(sample);
        self
    }

    /// Keeps the ids of columns, too; given before the first step. In a file of JSON Lines, likely columns go by their names alone.
    pub fn keep_keys(mut self, keys: Keys) -> Self {
        self.keys = Some(keys);
        self
    }

    /// Reads about `rows` more rows; gives the table when the file is read whole. The table does not depend on the sizes of the steps.
    ///
    /// # Errors
    /// When the file cannot be read as a table, and when it is asked again after its end or an error.
    pub fn step(&mut self, rows: usize) -> Result<Option<Table>, DataError> {
        let mut way = match mem::replace(&mut self.stage, Stage::Over) {
            Stage::Unopened(source, line) => self.open(source, line)?,
            Stage::Opened(way) => way,
            Stage::Over => {
                return Err(format::io_error(&self.name, "its reading is over"));
            }
        };
        let stepped = match &mut way {
            Way::Rows(way) => way.step(rows),
            Way::Lines(lines) => step_lines(lines, rows),
        };
        let progress = way.progress();
        match stepped {
            Ok(Stepped::Further) => {}
            Ok(Stepped::Whole(mut table)) => {
                table.intake.told = self.options.told();
                let total = self.before + progress.1;
                self.done = (total, total, table.intake.rows_read);
                return Ok(Some(*table));
            }
            Ok(Stepped::Ended) => {
                let Way::Lines(lines) = way else { return Ok(None) };
                match lines.end_pass()? {
                    json_lines::Ended::Again(again) => way = Way::Lines(again),
                    json_lines::Ended::Whole(mut table) => {
                        table.intake.told = self.options.told();
                        let total = self.before + progress.1;
                        self.done = (total, total, table.intake.rows_read);
                        return Ok(Some(*table));
                    }
                }
            }
            Err(DataError::NotUtf8 { line, file, byte }) if self.options.encoding.is_none() => {
                self.before += progress.0;
                let again = way.into_other_encoding();
                let source = again.ok_or(DataError::NotUtf8 { line, file, byte })?;
                self.stage = Stage::Unopened(source, Some(line));
                return Ok(None);
            }
            Err(error) => return Err(error),
        }
        let (done, total, rows) = way.progress();
        self.done = (self.before + done, self.before + total, rows);
        self.stage = Stage::Opened(way);
        Ok(None)
    }

    fn open(&self, source: R, not_utf8: Option<u64>) -> Result<Way<R>, DataError> {
        let (mut decoded, reading) = format::decode(source, &self.name, &self.options, not_utf8)?;
        let window = format::first(&mut decoded).map_err(|error| fault_of(&error, &self.name))?;
        let looked = look(&self.name, &window, window.len() < WINDOW, &self.options, reading)?;
        if let Form::Lines(start) = looked.form {
            let opened = format::Opened {
                source: from_start(decoded, start).map_err(|error| fault_of(&error, &self.name))?,
                rules: looked.rules,
                reading: looked.reading,
            };
            return Ok(Way::Lines(Box::new(
                Lines::new(opened, start, &self.name, self.bytes)?.keeping(self.keys.clone()),
            )));
        }
        let mut rows = Rows {
            name: self.name.clone(),
            bytes: self.bytes,
            decoded,
            held: window,
            held_from: 0,
            coordinator: Coordinator::in_order(&self.name, BLOCK, looked, self.options.encoding),
        };
        rows.open()?;
        if let Some(names) = &self.kept {
            rows.coordinator.keep(names)?;
        }
        if let Some(sample) = self.sample {
            rows.coordinator.sample(sample);
        }
        if let Some(keys) = &self.keys {
            rows.coordinator.keep_keys(keys);
        }
        Ok(Way::Rows(Box::new(rows)))
    }

    /// The table of the first bytes alone, after the first step and until the file is read; none of JSON Lines.
    pub fn opened(&self) -> Option<&Table> {
        match &self.stage {
            Stage::Opened(Way::Rows(rows)) => rows.coordinator.opened(),
            _ => None,
        }
    }

    /// Bytes done, bytes in all, rows so far. The bytes in all double when the file must be read again for some of its columns.
    pub fn progress(&self) -> (u64, u64, u64) {
        self.done
    }
}

/// A text that stands behind `start` of its bytes, which were looked at.
fn from_start<R: Read + Seek>(mut decoded: Decoded<R>, start: u64) -> io::Result<Source<R>> {
    decoded.seek(SeekFrom::Start(0))?;
    let mut source = Source::new(decoded);
    io::copy(&mut source.by_ref().take(start), &mut io::sink())?;
    Ok(source)
}

/// What came of a step.
enum Stepped {
    Further,
    /// A pass over JSON Lines ended.
    Ended,
    Whole(Box<Table>),
}

fn step_lines<R: Read + Seek>(lines: &mut Lines<R>, rows: usize) -> Result<Stepped, DataError> {
    for _ in 0..rows.max(1) {
        if !lines.read_row()? {
            return Ok(Stepped::Ended);
        }
    }
    Ok(Stepped::Further)
}

impl<R: Read + Seek> Way<R> {
    fn into_other_encoding(self) -> Option<R> {
        match self {
            Self::Rows(rows) => rows.coordinator.other_encoding().map(|_| rows.decoded.into_inner()),
            Self::Lines(lines) => lines.into_other_encoding(),
        }
    }

    fn progress(&self) -> (u64, u64, u64) {
        match self {
            Self::Rows(rows) => rows.progress(),
            Self::Lines(lines) => lines.progress(),
        }
    }
}

/// Delimited rows, read in order.
struct Rows<R> {
    name: String,
    bytes: u64,
    decoded: Decoded<R>,
    /// Bytes of the text from `held_from` on; the reader stands behind them.
    held: Vec<u8>,
    held_from: u64,
    coordinator: Coordinator,
}

impl<R: Read + Seek> Rows<R> {
    fn open(&mut self) -> Result<(), DataError> {
        while self.coordinator.open(&self.held)? == Opening::More {
            self.hold(0, self.coordinator.window())?;
        }
        Ok(())
    }

    /// Reads block after block, until there are so many more rows.
    fn step(&mut self, rows: usize) -> Result<Stepped, DataError> {
        let (.., before) = self.coordinator.progress();
        while let Some(job) = self.coordinator.next_job() {
            self.hold(job.from, job.to)?;
            self.coordinator.accept(parse_block(&self.held, &job))?;
            let (.., now) = self.coordinator.progress();
            // A second way through the file finds no new rows; a block of it is a step.
            if now - before >= rows as u64 || now == before {
                break;
            }
        }
        let Some(mut table) = self.coordinator.table() else {
            return Ok(Stepped::Further);
        };
        // The file may be something else than the text that was made of it.
        table.intake.bytes = self.decoded.seen();
        table.intake.fingerprint = self.decoded.fingerprint();
        Ok(Stepped::Whole(Box::new(table)))
    }

    fn progress(&self) -> (u64, u64, u64) {
        let (done, text, rows) = self.coordinator.progress();
        let total = self.bytes.max(self.decoded.seen());
        if !self.coordinator.is_second() {
            return (self.decoded.raw_position().min(total), total, rows);
        }
        // A second way through a text goes as far through the file.
        let done = u128::from(total * 2) * u128::from(done) / u128::from(text.max(1));
        (done as u64, total * 2, rows)
    }

    /// Holds exactly the bytes of the text from `from` to `to`, or to its end.
    fn hold(&mut self, from: u64, to: u64) -> Result<(), DataError> {
        let held_to = self.held_from + self.held.len() as u64;
        let wanted = (to - from) as usize;
        let kept = if (self.held_from..=held_to).contains(&from) {
            (held_to - from).min(to - from)
        } else {
            0
        };
        let read_from = from + kept;
        if kept > 0 {
            let start = (from - self.held_from) as usize;
            self.held.copy_within(start..start + kept as usize, 0);
        }
        self.held_from = from;
        self.held.resize(wanted, 0);
        let mut filled = kept as usize;
        let read = if read_from == held_to {
            Ok(read_from)
        } else {
            self.decoded.seek(SeekFrom::Start(read_from))
        };
        let done = read.and_then(|_| read_full(&mut self.decoded, &mut self.held[filled..]));
        filled += done.map_err(|error| fault_of(&error, &self.name))?;
        self.held.truncate(filled);
        Ok(())
    }
}

/// Fills the buffer as far as there are bytes; gives how many came.
pub(crate) fn read_full(source: &mut impl Read, mut buffer: &mut [u8]) -> io::Result<usize> {
    let mut filled = 0;
    while !buffer.is_empty() {
        match source.read(buffer) {
            Ok(0) => break,
            Ok(count) => {
                buffer = &mut buffer[count..];
                filled += count;
            }
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(filled)
}

#[cfg(test)]
mod tests {
    use std::fmt::Write as _;
    use std::io::{self, Cursor, SeekFrom};

    use proptest::prelude::*;

    use super::super::{Kind, Levels, MISSING_TIME, NoticeCode, Values};
    use super::*;

    fn read_by(bytes: &[u8], rows: usize) -> Result<Table, DataError> {
        let mut reading = Reading::new(Cursor::new(bytes), "f.csv", bytes.len() as u64);
        let mut last = 0;
        loop {
            if let Some(table) = reading.step(rows)? {
                let (done, total, rows) = reading.progress();
                assert_eq!((done, rows), (total, table.intake.rows_read));
                return Ok(table);
            }
            let (done, total, _) = reading.progress();
            assert!(last <= done && done <= total);
            last = done;
        }
    }

    fn read(text: impl AsRef<[u8]>) -> Result<Table, DataError> {
        read_by(text.as_ref(), 1000)
    }

    #[test]
    fn first_rows_are_there_before_the_last_whatever_the_file_is_written_in() {
        let text = "été,n\n".to_owned() + &(0..200_000).map(|row| format!("a,{row}\n")).collect::<String>();
        let wide: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
        let narrow: Vec<u8> = text.chars().map(|c| c as u8).collect();
        let mut packer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        io::Write::write_all(&mut packer, text.as_bytes()).unwrap();
        for bytes in [wide, narrow, packer.finish().unwrap()] {
            let mut reading = Reading::new(Cursor::new(&bytes[..]), "f", bytes.len() as u64);
            assert!(reading.opened().is_none() && reading.step(1).unwrap().is_none());
            let first = reading.opened().unwrap();
            let names: Vec<&str> = first.columns.iter().map(|column| column.name.as_str()).collect();
            assert_eq!((names, first.columns[1].kind), (vec!["été", "n"], Kind::Numeric));
            assert_eq!(first.preview[2], ["a", "2"]);
            assert!(first.rows < 200_000);
        }
        let lines = "{\"a\":1}\n".repeat(2000);
        let mut reading = Reading::new(Cursor::new(lines.as_bytes()), "f", lines.len() as u64);
        assert!(reading.step(1).unwrap().is_none() && reading.opened().is_none());
    }

    fn oracle(name: &str) -> Vec<u8> {
        std::fs::read(format!("{}/tests/oracle/{name}", env!("CARGO_MANIFEST_DIR"))).unwrap()
    }

    fn kinds(table: &Table) -> Vec<Kind> {
        table.columns.iter().map(|column| column.kind).collect()
    }

    fn error(text: impl AsRef<[u8]>) -> String {
        read(text).unwrap_err().to_string()
    }

    /// The names of a column's levels, a row each; the empty text for a missing one.
    fn texts(table: &Table, name: &str) -> Vec<String> {
        let levels = table.column(name).unwrap().to_levels(usize::MAX).unwrap();
        levels
            .codes
            .iter()
            .map(|code| levels.names.get(code as usize).cloned().unwrap_or_default())
            .collect()
    }

    /// A comparable form: NaN does not equal itself.
    fn shown(table: &Table) -> String {
        format!("{table:?}")
    }

    #[test]
    fn a_small_file() {
        let text = "\u{feff}age, sex ,when\r\n39,Male,2020-01-01\r\n50, Female ,\r\n\r\nNA,Male,2020-01-02 00:00:00.5\r\n";
        let table = read(text).unwrap();
        assert_eq!(table.rows, 3);
        assert_eq!(kinds(&table), [Kind::Numeric, Kind::Categorical, Kind::Time]);
        assert_eq!(table.columns[1].name, "sex");
        assert_eq!(
            table.columns[1].values,
            Values::Levels(Levels {
                codes: vec![0, 1, 0].into(),
                names: vec!["Male".into(), "Female".into()]
            })
        );
        assert_eq!(
            table.columns[2].values,
            Values::Time(vec![1_577_836_800_000_000, MISSING_TIME, 1_577_923_200_500_000].into())
        );
        assert_eq!(table.intake.fingerprint, blake3::hash(text.as_bytes()).to_hex().to_string());
        assert_eq!(
            (table.intake.bytes, table.intake.delimiter, table.intake.rows_read),
            (text.len() as u64, ',', 3)
        );
        assert_eq!(table.preview[1], ["50", " Female ", ""]);
        let notices: Vec<(&str, Option<u64>)> = table.notices.iter().map(|notice| (notice.text.as_str(), notice.line)).collect();
        assert_eq!(
            notices,
            [
                ("Column \"age\" has 1 missing value (first at line 5).", Some(5)),
                ("Column \"when\" has 1 missing value (first at line 3).", Some(3)),
            ]
        );
    }

    #[test]
    fn ragged_rows_are_set_aside_and_located() {
        let mut text = "a;b;c\r\n".to_owned();
        for row in 0..150 {
            text.push_str(if row % 10 == 3 { "\r\n1;2\r\n" } else { "1;\"x\r\ny\";3\r\n" });
        }
        let table = read(&text).unwrap();
        assert_eq!((table.rows, table.intake.rows_read, table.intake.rows_set_aside), (135, 150, 15));
        // Three rows of two lines each, then a blank line.
        assert_eq!(table.intake.bad_rows[0].line, 9);
        assert_eq!(table.intake.bad_rows[0].reason, "has 2 fields, the header has 3");
        assert_eq!(table.intake.bad_rows[1].line, 9 + 1 + 9 * 2 + 1);
        let notice = table.notices.iter().find(|notice| notice.code == NoticeCode::RaggedRows).unwrap();
        assert_eq!(
            notice.text,
            "15 rows do not have the 3 fields of the header and were set aside (first at line 9)."
        );
        assert_eq!((notice.rows, notice.line), (Some(15), Some(9)));

        let text = format!("a,b\n1,2\n{}", "1\n".repeat(300));
        let table = read(&text).unwrap();
        assert_eq!((table.intake.bad_rows.len(), table.intake.rows_set_aside), (100, 300));
        assert_eq!(table.intake.bad_rows[99].line, 102);
    }

    #[test]
    fn many_blank_lines_are_counted() {
        let table = read(format!("a,b\n1,2\n{}3\n", "\r\n".repeat(5000))).unwrap();
        assert_eq!((table.rows, table.intake.bad_rows[0].line), (1, 5003));
    }

    #[test]
    fn delimiters_at_line_ends_make_no_column() {
        let table = read("a,b,\n1,2,\n3,4,\n").unwrap();
        assert_eq!((table.columns.len(), table.rows, table.notices.len()), (2, 2, 0));
        assert_eq!(table.preview[0], ["1", "2"]);
        let table = read("a,b,\n1,2,\n3,4,x\n").unwrap();
        assert_eq!(table.columns[2].name, "column 3");
    }

    #[test]
    fn bare_returns_end_lines() {
        let table = read("a,b\r1,x\r2\r3,y\r").unwrap();
        assert_eq!((table.rows, table.intake.bad_rows[0].line), (2, 3));
    }

    #[test]
    fn what_is_no_table_is_an_error() {
        assert_eq!(
            error(""),
            "\"f.csv\" is empty. Choose a CSV file with a header line and at least one row."
        );
        assert_eq!(error(" \r\n\n"), error(""));
        assert_eq!(
            error(b"PK\x03\x04\x14\0\x06\0"),
            "\"f.csv\" looks like a spreadsheet or ZIP archive, not a CSV file. Open it in a spreadsheet and save it as CSV, or unpack it and choose the CSV file inside."
        );
        assert_eq!(
            error(b"\xff\xfea\0,\0b\0\n\0\x31"),
            "\"f.csv\" is not UTF-16 text at line 2: a character is cut in half. Save it as UTF-8, or choose its encoding."
        );
        assert_eq!(
            error(
                "é,x\nJos?,1\n"
                    .as_bytes()
                    .iter()
                    .map(|&byte| if byte == b'?' { 0xe9 } else { byte })
                    .collect::<Vec<u8>>()
            ),
            "\"f.csv\" is not UTF-8 text at line 2 (byte 9 of the file). Save it as UTF-8, or choose its encoding."
        );
        assert_eq!(
            error("a,b\n\n"),
            "\"f.csv\" has a header line and no rows. Choose a file with at least one row."
        );
        assert_eq!(
            error("a,b\n1,2\n\n\"x\ny\",\"z\n1,2\n"),
            "The quotation mark that opens on line 5 of \"f.csv\" is never closed. Close it, or double it where it is part of the text."
        );
        assert_eq!(
            error("a,b\n\n1\n1,2,3\n"),
            "None of the 2 rows of \"f.csv\" fits its header: the header has 2 fields and the row at line 3 has 1. Check the delimiter and the header."
        );
    }

    #[test]
    fn a_fault_far_into_the_file_is_located() {
        let mut text = b"a,b\n".to_vec();
        text.extend(b"1,2\n".repeat(300_000));
        let end = text.len() as u64;
        text.extend(b"\xff,2\n");
        // Nothing before it was beyond ASCII, so the file is read again as what it is.
        let table = read(&text).unwrap();
        assert_eq!((table.rows, table.columns[0].invalid), (300_001, 1));
        assert_eq!(table.reading[0].value, "windows-1252");
        assert_eq!(table.intake.fingerprint, blake3::hash(&text).to_hex().to_string());
        text.splice(4..4, "é,2\n".bytes());
        assert_eq!(
            read(&text),
            Err(DataError::NotUtf8 {
                file: "f.csv".into(),
                line: 300_003,
                byte: end + 6
            })
        );
    }

    #[test]
    fn rows_without_end_are_an_error() {
        let mut text = b"a,b\n1,2\n3,\"4\n".to_vec();
        text.extend(b"5,6\n".repeat(6 << 20));
        let file = || "f.csv".to_owned();
        assert_eq!(read(&text), Err(DataError::UnclosedQuote { file: file(), line: 3 }));
        let mut text = b"a,b\n1,2\n\n".to_vec();
        text.extend(vec![b'x'; 24 << 20]);
        let too_long = DataError::RowTooLong {
            file: file(),
            line: 4,
            most: 16 << 20,
        };
        assert_eq!(
            too_long.to_string(),
            "The row at line 4 of \"f.csv\" is longer than 16777216 bytes. Check the line ends and quotation marks near it."
        );
        assert_eq!(read(&text), Err(too_long));
    }

    #[test]
    fn a_kind_that_turns_out_late_is_read_again() {
        let mut text = "number,time,text,level\n".to_owned();
        for row in 0..60_000 {
            let late = row > 50_000;
            let level = if late { "high".to_owned() } else { (row % 7).to_string() };
            let number = if row < 1000 { "x".to_owned() } else { row.to_string() };
            let time = if row < 1000 { "soon" } else { "2020-01-01" };
            let text_cell = if late { format!("t{row}") } else { String::new() };
            writeln!(text, "{number},{time},{text_cell},{level}").unwrap();
        }
        assert!(text.len() > 2 * (256 << 10));
        let table = read(&text).unwrap();
        assert_eq!(kinds(&table), [Kind::Numeric, Kind::Time, Kind::Text, Kind::Categorical]);
        assert_eq!((table.columns[0].invalid, table.columns[1].invalid), (1000, 1000));
        assert_eq!(table.columns[2].missing, 50_001);
        let names = texts(&table, "level");
        assert_eq!((names[0].as_str(), names[13].as_str(), names[59_999].as_str()), ("0", "6", "high"));
        let Values::Numeric(values) = &table.columns[0].values else {
            panic!()
        };
        assert!(values.get(999).is_nan() && values.get(1000) == 1000.0 && values.len() == 60_000);
        assert_eq!(table.intake.fingerprint, blake3::hash(text.as_bytes()).to_hex().to_string());
        assert_eq!(
            table.notices[0].text,
            "1000 values of column \"number\" are not a number and count as missing (first at line 2)."
        );
        assert_eq!(table.preview.len(), 20);
    }

    #[test]
    fn the_oracles_are_read_whole() {
        use Kind::{Boolean, Categorical, Numeric, Time};
        let adult = read(oracle("adult.csv")).unwrap();
        assert_eq!((adult.rows, adult.columns.len(), adult.notices.len()), (16_281, 17, 0));
        assert_eq!(adult.column("race").unwrap().kind, Categorical);
        assert!(texts(&adult, "workclass").contains(&"?".to_owned()));
        let drift = read(oracle("drift_reference.csv")).unwrap();
        let expected = [
            Numeric,
            Time,
            Numeric,
            Categorical,
            Numeric,
            Numeric,
            Boolean,
            Categorical,
            Numeric,
            Numeric,
            Numeric,
            Numeric,
        ];
        assert_eq!(kinds(&drift), expected);
        assert_eq!(drift.rows, 10_000);
        assert_eq!(
            read(oracle("latency.csv")).map(|table| kinds(&table)),
            Ok(vec![Time, Categorical, Numeric, Numeric])
        );
        assert_eq!(read(oracle("compas_counts.csv")).unwrap().rows, 699);
        assert_eq!(read(oracle("digits.csv")).unwrap().rows, 899);
        assert_eq!(read(oracle("diabetes.csv")).unwrap().rows, 442);
    }

    #[test]
    fn steps_do_not_matter() {
        let late = format!("a,b\n{}x,2020-01-01\nz,y\n", "1,\n".repeat(100_000));
        for bytes in [oracle("drift_small_reference.csv"), oracle("compas_counts.csv"), late.into_bytes()] {
            let whole = read_by(&bytes, usize::MAX).unwrap();
            for rows in [1, 7, 1000] {
                assert_eq!(shown(&read_by(&bytes, rows).unwrap()), shown(&whole));
            }
        }
    }

    #[test]
    fn progress_doubles_for_a_second_pass() {
        // A pass of rows that look like numbers for longer than the window, and are not.
        let text = format!("a\n{}{}", "1\n".repeat(600_000), "x\n".repeat(600_000));
        let mut reading = Reading::new(Cursor::new(&text), "f.csv", text.len() as u64);
        let mut totals = Vec::new();
        while reading.step(100_000).unwrap().is_none() {
            let (done, total, rows) = reading.progress();
            assert!(done <= total && rows <= 1_200_000);
            totals.push(total / text.len() as u64);
        }
        totals.dedup();
        assert_eq!(totals, [1, 2]);
        assert!(reading.step(1).unwrap_err().to_string().contains("its reading is over"));
    }

    /// A source that fails, or changes, when it is read far enough or again.
    struct Odd {
        bytes: Cursor<Vec<u8>>,
        fails_at: u64,
        again: Option<Vec<u8>>,
    }

    impl Read for Odd {
        fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
            if self.bytes.position() >= self.fails_at {
                return Err(io::Error::other("the disk is gone"));
            }
            let short = buffer.len().min(1000);
            self.bytes.read(&mut buffer[..short])
        }
    }

    impl Seek for Odd {
        fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
            if self.bytes.position() == self.bytes.get_ref().len() as u64
                && to == SeekFrom::Start(0)
                && let Some(again) = self.again.take()
            {
                self.bytes = Cursor::new(again);
            }
            self.bytes.seek(to)
        }
    }

    fn read_odd(odd: Odd) -> Result<Table, DataError> {
        let bytes = odd.bytes.get_ref().len() as u64;
        let mut reading = Reading::new(odd, "f.csv", bytes);
        loop {
            if let Some(table) = reading.step(5000)? {
                return Ok(table);
            }
        }
    }

    #[test]
    fn a_failing_disk_is_an_error() {
        for fails_at in [0, 500, 400_000] {
            let odd = Odd {
                bytes: Cursor::new(b"a,b\n1,2\n".repeat(100_000)),
                fails_at,
                again: None,
            };
            assert_eq!(
                read_odd(odd).unwrap_err().to_string(),
                "Reading \"f.csv\" stopped: the disk is gone. Check that the file is still there, then choose it again."
            );
        }
    }

    #[test]
    fn a_file_that_changes_is_an_error() {
        let text = format!("a\n{}{}", "1\n".repeat(600_000), "x\n".repeat(600_000));
        let mut shorter = text.clone().into_bytes();
        shorter.truncate(2_200_000);
        let odd = |again| Odd {
            bytes: Cursor::new(text.clone().into_bytes()),
            fails_at: u64::MAX,
            again: Some(again),
        };
        assert!(read_odd(odd(text.clone().into_bytes())).is_ok());
        assert_eq!(
            read_odd(odd(shorter)).unwrap_err().to_string(),
            "\"f.csv\" changed while it was read. Choose it again."
        );
    }

    fn write(header: &[String], rows: &[Vec<String>], delimiter: u8) -> Vec<u8> {
        let mut writer = csv::WriterBuilder::new().delimiter(delimiter).from_writer(Vec::new());
        writer.write_record(header).unwrap();
        rows.iter().for_each(|row| writer.write_record(row).unwrap());
        writer.into_inner().unwrap()
    }

    #[test]
    fn hostile_names_survive() {
        let header: Vec<String> = ["<script>alert(1)</script>", "a\"b,c\nd", "=cmd|'/C calc'!A0", "\u{202e}x", "é\0é"]
            .map(str::to_owned)
            .to_vec();
        let rows = vec![vec!["<b>".to_owned(), "x\n\"y\"".into(), "&amp;".into(), "''".into(), "z".into()]; 3];
        let mut names = header.clone();
        names[4] = "é".into();
        let table = read(write(&names, &rows, b',')).unwrap();
        assert_eq!(
            table.columns.iter().map(|column| &column.name).collect::<Vec<_>>(),
            names.iter().collect::<Vec<_>>()
        );
        assert_eq!(texts(&table, "a\"b,c\nd")[2], "x\n\"y\"");
        assert!(error(write(&header, &rows, b',')).contains("looks like a binary file"));
    }

    proptest! {
        #[test]
        fn arbitrary_bytes_never_panic(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
            let _ = read(&bytes);
        }

        #[test]
        fn odd_text_never_panics_and_rows_add_up(text in "[-a1.,;\"\n\r \tée|?]{0,80}", rows in 1..5_usize) {
            if let Ok(table) = read_by(text.as_bytes(), rows) {
                prop_assert_eq!(table.intake.rows_read, table.rows as u64 + table.intake.rows_set_aside);
                for column in &table.columns {
                    let length = match &column.values {
                        Values::Numeric(values) => values.len(),
                        Values::Levels(levels) => levels.codes.len(),
                        Values::Time(values) => values.len(),
                        Values::None => table.rows,
                    };
                    prop_assert_eq!(length, table.rows);
                }
                let lines = text.lines().count() as u64 + text.matches('\r').count() as u64;
                prop_assert!(table.intake.bad_rows.iter().all(|row| row.line <= lines));
            }
        }

        #[test]
        fn a_written_table_reads_back(
            // Not single quotation marks: a file in which they stand around cells is read as quoted by them.
            cells in proptest::collection::vec(proptest::collection::vec("([a-z]|[,;\"\n\r\t|]|[éß中🙂]| ){0,6}", 3), 1..20),
            delimiter in proptest::sample::select(vec![b',', b';', b'\t', b'|']),
        ) {
            let header = ["first", "second", "third"].map(str::to_owned);
            let table = read(write(&header, &cells, delimiter)).unwrap();
            prop_assert_eq!(table.intake.delimiter, char::from(delimiter));
            prop_assert_eq!(table.rows, cells.len());
            for (index, name) in header.iter().enumerate() {
                let column = table.column(name).unwrap();
                if column.kind == Kind::Categorical {
                    let expected: Vec<&str> = cells.iter().map(|row| row[index].trim_ascii()).map(|text| if super::super::MISSING_MARKERS.contains(&text) { "" } else { text }).collect();
                    prop_assert_eq!(texts(&table, name), expected);
                }
            }
        }

        #[test]
        fn written_numbers_read_back(values in proptest::collection::vec(any::<f64>().prop_filter("a number", |value| !value.is_nan()), 1..50)) {
            let rows: Vec<Vec<String>> = values.iter().map(|value| vec![super::super::column::number_text(*value), "x".into()]).collect();
            let table = read(write(&["n".into(), "x".into()], &rows, b',')).unwrap();
            let expected: Vec<f64> = values.iter().map(|value| value + 0.0).collect();
            prop_assert_eq!(&table.columns[0].values, &Values::Numeric(expected.into()));
        }
    }
}
