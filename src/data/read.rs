//! Reads a file of delimited rows or of JSON Lines into a [`Table`], in steps.
//!
//! The file is never in memory as a whole: rows go through a buffer, and what stays is typed columns. Every column is built in the form
//! that the first rows suggest. When all rows together say otherwise, the file is read a second time for just those columns.
//!
//! Cells lose their surrounding white space. Lines without anything on them are skipped. Rows with another number of fields than the
//! header are set aside and counted.

use std::io::{Read, Seek};
use std::mem;

use super::format::{Form, open};
use super::json_lines::{self, Lines};
use super::scan::{Ended, Scan};
use super::{DataError, ReadOptions, Table};

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
    stage: Stage<R>,
    /// Bytes read before the file was opened again.
    before: u64,
    done: (u64, u64, u64),
}

enum Stage<R: Read + Seek> {
    /// The line that was found not to be UTF-8, when the file is opened again for that.
    Unopened(R, Option<u64>),
    Scanning(Way<R>),
    Over,
}

/// A way through a file, by what it holds.
enum Way<R: Read + Seek> {
    Rows(Box<Scan<R>>),
    Lines(Box<Lines<R>>),
}

/// What came of a step.
enum Stepped<R: Read + Seek> {
    Further(Way<R>),
    Whole(Table),
}

impl<R: Read + Seek> Reading<R> {
    /// Starts to read `source`, a file called `name` (its base name) of `bytes` bytes. The number is used for progress alone.
    pub fn new(source: R, name: &str, bytes: u64) -> Self {
        Self::with_options(source, name, bytes, ReadOptions::default())
    }

    /// Starts to read `source` as `options` say; what they do not say is found out.
    pub fn with_options(source: R, name: &str, bytes: u64, options: ReadOptions) -> Self {
        Self {
            name: name.to_owned(),
            bytes,
            options,
            stage: Stage::Unopened(source, None),
            before: 0,
            done: (0, bytes, 0),
        }
    }

    /// Reads about `rows` more rows; gives the table when the file is read whole. The table does not depend on the sizes of the steps.
    ///
    /// # Errors
    /// When the file cannot be read as a table, and when it is asked again after its end or an error.
    pub fn step(&mut self, rows: usize) -> Result<Option<Table>, DataError> {
        let mut way = match mem::replace(&mut self.stage, Stage::Over) {
            Stage::Unopened(source, line) => self.open(source, line)?,
            Stage::Scanning(way) => way,
            Stage::Over => {
                return Err(DataError::Io {
                    file: self.name.clone(),
                    reason: "its reading is over".to_owned(),
                });
            }
        };
        for _ in 0..rows.max(1) {
            match way.read_row() {
                Ok(true) => continue,
                Ok(false) => {}
                Err(DataError::NotUtf8 { line, file, byte }) if self.options.encoding.is_none() => {
                    self.before += way.progress().0;
                    let again = way.into_other_encoding();
                    let source = again.ok_or(DataError::NotUtf8 { line, file, byte })?;
                    self.stage = Stage::Unopened(source, Some(line));
                    return Ok(None);
                }
                Err(error) => return Err(error),
            }
            match way.end_pass()? {
                Stepped::Further(again) => way = again,
                Stepped::Whole(table) => {
                    self.done = (self.done.1, self.done.1, table.intake.rows_read);
                    return Ok(Some(table));
                }
            }
            break;
        }
        let (done, total, rows) = way.progress();
        self.done = (self.before + done, self.before + total, rows);
        self.stage = Stage::Scanning(way);
        Ok(None)
    }

    fn open(&self, source: R, not_utf8: Option<u64>) -> Result<Way<R>, DataError> {
        let opened = open(source, &self.name, &self.options, not_utf8)?;
        Ok(match opened.form {
            Form::Rows(dialect) => Way::Rows(Box::new(Scan::new(opened, dialect, &self.name, self.bytes)?)),
            Form::Lines(start) => Way::Lines(Box::new(Lines::new(opened, start, &self.name, self.bytes)?)),
        })
    }

    /// Bytes done, bytes in all, rows so far. The bytes in all double when the file must be read again for some of its columns.
    pub fn progress(&self) -> (u64, u64, u64) {
        self.done
    }
}

impl<R: Read + Seek> Way<R> {
    fn read_row(&mut self) -> Result<bool, DataError> {
        match self {
            Self::Rows(scan) => scan.read_row(),
            Self::Lines(lines) => lines.read_row(),
        }
    }

    fn end_pass(self) -> Result<Stepped<R>, DataError> {
        Ok(match self {
            Self::Rows(scan) => match scan.end_pass()? {
                Ended::Again(again) => Stepped::Further(Self::Rows(again)),
                Ended::Whole(table) => Stepped::Whole(table),
            },
            Self::Lines(lines) => match lines.end_pass()? {
                json_lines::Ended::Again(again) => Stepped::Further(Self::Lines(again)),
                json_lines::Ended::Whole(table) => Stepped::Whole(table),
            },
        })
    }

    fn into_other_encoding(self) -> Option<R> {
        match self {
            Self::Rows(scan) => scan.into_other_encoding(),
            Self::Lines(lines) => lines.into_other_encoding(),
        }
    }

    fn progress(&self) -> (u64, u64, u64) {
        match self {
            Self::Rows(scan) => scan.progress(),
            Self::Lines(lines) => lines.progress(),
        }
    }
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
            .map(|&code| levels.names.get(code as usize).cloned().unwrap_or_default())
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
                codes: vec![0, 1, 0],
                names: vec!["Male".into(), "Female".into()]
            })
        );
        assert_eq!(
            table.columns[2].values,
            Values::Time(vec![1_577_836_800_000_000, MISSING_TIME, 1_577_923_200_500_000])
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
        assert!(values[999].is_nan() && values[1000] == 1000.0 && values.len() == 60_000);
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
        let text = format!("a\n{}{}", "1\n".repeat(200_000), "x\n".repeat(200_000));
        let mut reading = Reading::new(Cursor::new(&text), "f.csv", text.len() as u64);
        let mut totals = Vec::new();
        while reading.step(100_000).unwrap().is_none() {
            let (done, total, rows) = reading.progress();
            assert!(done <= total && rows <= 400_000);
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
        let text = format!("a\n{}{}", "1\n".repeat(200_000), "x\n".repeat(200_000));
        let mut shorter = text.clone().into_bytes();
        shorter.truncate(700_000);
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
            cells in proptest::collection::vec(proptest::collection::vec("([a-z]|[,;\"'\n\r\t|]|[éß中🙂]| ){0,6}", 3), 1..20),
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
            prop_assert_eq!(&table.columns[0].values, &Values::Numeric(expected));
        }
    }
}
