//! How a file is written, from its first bytes: whether it is delimited text at all, and by what.

use serde::{Deserialize, Serialize};

use super::DataError;

/// The delimiters looked for, in order of preference.
const DELIMITERS: [u8; 4] = [b',', b';', b'\t', b'|'];

/// Rows looked at to find the delimiter.
const ROWS: usize = 50;

/// How the file is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Dialect {
    /// The byte between two fields.
    pub delimiter: u8,
    /// The byte around a field that holds delimiters or line ends, when there is one.
    pub quote: Option<u8>,
    /// The byte before a quotation mark that is part of a quoted field (a backslash), when there is one.
    pub escape: Option<u8>,
    /// Whether a doubled quotation mark inside a quoted field stands for one.
    pub doubled: bool,
    /// The byte with which a line begins that is no row, when there is one.
    pub comment: Option<u8>,
    /// Whether the first row names the columns.
    pub has_header: bool,
    /// Where the text starts: behind a byte order mark.
    pub start: u64,
    /// Whether lines end in a carriage return alone.
    pub bare_returns: bool,
}

impl Dialect {
    /// The usual way of writing, with this delimiter.
    pub(super) fn of(delimiter: u8) -> Self {
        Self {
            delimiter,
            quote: Some(b'"'),
            escape: None,
            doubled: true,
            comment: None,
            has_header: true,
            start: 0,
            bare_returns: false,
        }
    }
}

/// What stands at the start of other kinds of file; whether it never starts a text; what the file is, and what to do with it.
const SIGNATURES: [(&[u8], bool, &str, &str); 18] = [
    (b"PK\x03\x04", true, "a spreadsheet or ZIP archive", UNPACK),
    (b"PK\x05\x06", true, "an empty ZIP archive", UNPACK),
    (b"\x1f\x8b", true, "a gzip archive", "Unpack it and choose the CSV file inside"),
    (
        b"\x28\xb5\x2f\xfd",
        true,
        "a Zstandard archive",
        "Unpack it and choose the CSV file inside",
    ),
    (b"\xfd7zXZ", true, "an XZ archive", "Unpack it and choose the CSV file inside"),
    (b"BZh", false, "a bzip2 archive", "Unpack it and choose the CSV file inside"),
    (
        b"\xd0\xcf\x11\xe0",
        true,
        "an old Excel workbook",
        "Open it in a spreadsheet and save it as CSV",
    ),
    (b"PAR1", false, "a Parquet file", EXPORT),
    (b"ARROW1", false, "an Arrow file", EXPORT),
    (b"\x89HDF", true, "an HDF5 file", EXPORT),
    (b"\x93NUMPY", true, "a NumPy array", EXPORT),
    (b"SQLite format 3", false, "a SQLite database", EXPORT),
    (b"%PDF-", true, "a PDF document", "Choose the file that its numbers came from"),
    (b"\x89PNG", true, "a PNG image", CHOOSE),
    (b"\xff\xd8\xff", true, "a JPEG image", CHOOSE),
    (b"GIF8", false, "a GIF image", CHOOSE),
    (b"{\"", true, "JSON", EXPORT),
    (b"[{\"", true, "JSON", EXPORT),
];

const UNPACK: &str = "Open it in a spreadsheet and save it as CSV, or unpack it and choose the CSV file inside";
const EXPORT: &str = "Export it as CSV";
const CHOOSE: &str = "Choose a CSV file";

/// Looks at the first bytes of `file`; `whole` tells that there are no others.
pub(super) fn look(window: &[u8], whole: bool, file: &str) -> Result<Dialect, DataError> {
    let file = || file.to_owned();
    if is_utf16(window) {
        return Err(DataError::Utf16 { file: file() });
    }
    let text = window.strip_prefix(b"\xef\xbb\xbf").unwrap_or(window);
    if whole && text.trim_ascii().is_empty() {
        return Err(DataError::Empty { file: file() });
    }
    if let Some((looks_like, advice)) = other_than_text(text) {
        return Err(DataError::NotCsv {
            file: file(),
            looks_like,
            advice,
        });
    }
    Ok(Dialect {
        start: (window.len() - text.len()) as u64,
        bare_returns: text.contains(&b'\r') && !text.contains(&b'\n'),
        ..Dialect::of(delimiter(text, whole))
    })
}

/// A byte order mark of UTF-16, or every other byte zero at the start.
fn is_utf16(window: &[u8]) -> bool {
    let zeros = |from: usize| window.len() >= 8 && window.iter().take(64).skip(from).step_by(2).all(|&byte| byte == 0);
    let marked = window.starts_with(b"\xff\xfe") || window.starts_with(b"\xfe\xff");
    // All zeros is no text either.
    marked || zeros(0) != zeros(1)
}

fn other_than_text(window: &[u8]) -> Option<(&'static str, &'static str)> {
    let zeros = window.contains(&0);
    let broken = std::str::from_utf8(window).is_err_and(|error| error.error_len().is_some());
    let known = SIGNATURES
        .iter()
        .find(|(start, certain, ..)| window.trim_ascii_start().starts_with(start) && (*certain || zeros || broken));
    if let Some((_, _, looks_like, advice)) = known {
        return Some((looks_like, advice));
    }
    let head = window.trim_ascii_start();
    let is_page = [&b"<!doctype html"[..], b"<html"]
        .iter()
        .any(|tag| head.get(..tag.len()).is_some_and(|start| start.eq_ignore_ascii_case(tag)));
    if is_page {
        return Some(("a web page", "Download the CSV file itself"));
    }
    zeros.then_some(("a binary file", CHOOSE))
}

/// The delimiter by which the first rows most consistently have as many fields as the header, and at least two; the comma when none has.
fn delimiter(text: &[u8], whole: bool) -> u8 {
    let mut best = (DELIMITERS[0], 0, 1, 1);
    for candidate in DELIMITERS {
        let counts = field_counts(text, whole, candidate);
        let Some(&fields) = counts.first() else { continue };
        let (fitting, rows) = (counts.iter().filter(|&&count| count == fields).count(), counts.len());
        let (_, best_fitting, best_rows, best_fields) = best;
        // fitting / rows against best_fitting / best_rows, then more fields.
        let (share, best_share) = (fitting * best_rows, best_fitting * rows);
        if fields >= 2 && (share, fields) > (best_share, best_fields) {
            best = (candidate, fitting, rows, fields);
        }
    }
    best.0
}

/// How many fields each of the first rows has; 0 for a row that breaks quotation marks apart, as the wrong delimiter does.
fn field_counts(text: &[u8], whole: bool, delimiter: u8) -> Vec<usize> {
    let mut reader = parser(&Dialect::of(delimiter)).from_reader(text);
    let mut record = csv::ByteRecord::new();
    let mut counts = Vec::new();
    while counts.len() <= ROWS && reader.read_byte_record(&mut record).unwrap_or(false) {
        if !is_blank(&record) {
            let is_broken = record
                .iter()
                .any(|field| field.iter().filter(|&&byte| byte == b'"').count() % 2 == 1);
            counts.push(if is_broken { 0 } else { record.len() });
        }
    }
    // The last row may be cut off by the end of the window.
    if (!whole || counts.len() > ROWS) && counts.len() > 1 {
        counts.pop();
    }
    counts
}

/// Whether a row is one field of white space: a line with nothing on it. (Lines without even that do not reach us, and `""` is a value.)
pub(super) fn is_blank(record: &csv::ByteRecord) -> bool {
    record.len() == 1 && !record.as_slice().is_empty() && record.as_slice().trim_ascii().is_empty()
}

/// A parser of rows of any length, the header being the first of them.
pub(super) fn parser(dialect: &Dialect) -> csv::ReaderBuilder {
    let mut builder = csv::ReaderBuilder::new();
    builder
        .delimiter(dialect.delimiter)
        .quoting(dialect.quote.is_some())
        .quote(dialect.quote.unwrap_or(b'"'))
        .escape(dialect.escape)
        .double_quote(dialect.doubled)
        .comment(dialect.comment)
        .has_headers(false)
        .flexible(true);
    builder
}

/// If `text`, which begins where a row begins, ends inside quotation marks: the place of the one that opens.
///
/// Follows the parser: a quotation mark opens at the start of a field only, and closes unless it is doubled or escaped; a comment goes to
/// the end of its line.
pub(super) fn open_quote(text: &[u8], dialect: &Dialect) -> Option<usize> {
    #[derive(Clone, Copy, PartialEq)]
    enum At {
        Row,
        Field,
        Bare,
        Quoted,
        Escaped,
        Closed,
        Comment,
    }
    let quote = dialect.quote?;
    let (mut at, mut opened) = (At::Row, 0);
    for (place, &byte) in text.iter().enumerate() {
        at = match (at, byte) {
            (At::Row, byte) if dialect.comment == Some(byte) => At::Comment,
            (At::Row | At::Field, byte) if byte == quote => {
                opened = place;
                At::Quoted
            }
            (At::Escaped, _) => At::Quoted,
            (At::Quoted, byte) if dialect.escape == Some(byte) => At::Escaped,
            (At::Quoted, byte) if byte == quote => At::Closed,
            (At::Quoted, _) => At::Quoted,
            (At::Closed, byte) if byte == quote && dialect.doubled => At::Quoted,
            (_, b'\n' | b'\r') => At::Row,
            (At::Comment, _) => At::Comment,
            (_, byte) if byte == dialect.delimiter => At::Field,
            _ => At::Bare,
        };
    }
    matches!(at, At::Quoted | At::Escaped).then_some(opened)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(text: &str) -> char {
        look(text.as_bytes(), true, "f.csv").unwrap().delimiter as char
    }

    #[test]
    fn the_delimiter_is_the_most_consistent_one() {
        assert_eq!(of("a,b,c\n1,2,3\n"), ',');
        assert_eq!(of("a;b;c\n1,5;2,5;3,5\n"), ';');
        assert_eq!(of("a\tb\n1,2\t3\n"), '\t');
        assert_eq!(of("a|b\n1|2\n"), '|');
        assert_eq!(of("only\n1\n2\n"), ',');
        assert_eq!(of("a,\"x;y;z\"\n1,\"p;q;r\"\n"), ',');
        assert_eq!(of("a,note;more\n1,x\n2,y\n"), ',');
        assert_eq!(of("a,b,c\n1,2\n1,2,3\n"), ',');
        assert_eq!(of("\n\n a;b\n1;2\n"), ';');
    }

    #[test]
    fn a_row_cut_off_by_the_window_does_not_count() {
        let dialect = look(b"a,b;c,d\n1,2;3,4\n5,", false, "f.csv").unwrap();
        assert_eq!(dialect.delimiter, b',');
    }

    #[test]
    fn a_byte_order_mark_is_skipped() {
        let dialect = look(b"\xef\xbb\xbfa,b\r1,2", true, "f.csv").unwrap();
        assert_eq!((dialect.start, dialect.bare_returns), (3, true));
    }

    #[test]
    fn other_files_are_named() {
        for (bytes, expected) in [
            (&b"PK\x03\x04\x14\0"[..], "a spreadsheet or ZIP archive"),
            (b"\x1f\x8b\x08", "a gzip archive"),
            (b"PAR1\x15\0\x15", "a Parquet file"),
            (b"%PDF-1.7\n", "a PDF document"),
            (b"\x89PNG\r\n\x1a\n", "a PNG image"),
            (b"a,b\n\0,1\n", "a binary file"),
            (b"\n {\"a\": 1}", "JSON"),
            (b"<!DOCTYPE html><p>", "a web page"),
            (b"\0\0\0\0\0\0\0\0\0\0", "a binary file"),
        ] {
            let Err(DataError::NotCsv { looks_like, .. }) = look(bytes, true, "f") else {
                panic!("{bytes:?}");
            };
            assert_eq!(looks_like, expected);
        }
        // A column may well be called so.
        assert!(look(b"PAR1,PAR2\n1,2\n", true, "f").is_ok());
    }

    #[test]
    fn utf16_is_named() {
        for bytes in [&b"\xff\xfea\0,\0"[..], b"\xfe\xff\0a", b"a\0,\0b\0\n\0", b"\0a\0,\0b\0\n"] {
            assert_eq!(look(bytes, true, "f"), Err(DataError::Utf16 { file: "f".into() }));
        }
    }

    #[test]
    fn white_space_alone_is_empty() {
        for bytes in [&b""[..], b" \r\n\t\n", b"\xef\xbb\xbf\n"] {
            assert_eq!(look(bytes, true, "f"), Err(DataError::Empty { file: "f".into() }));
        }
    }

    #[test]
    fn open_quotes_are_found_with_their_line() {
        let comma = Dialect::of(b',');
        assert_eq!(open_quote(b"a,\"b", &comma), Some(2));
        assert_eq!(open_quote(b"\"a\nb\",c,\"d\n", &comma), Some(8));
        assert_eq!(open_quote(b"\"a\"\"", &comma), Some(0));
        assert_eq!(open_quote(b"\"a\"\"\"", &comma), None);
        assert_eq!(open_quote(b"a\"b,c", &comma), None);
        assert_eq!(open_quote(b"\"a\"b\"c", &comma), None);
        assert_eq!(open_quote(b"a;\"b", &Dialect::of(b';')), Some(2));
        let escaped = Dialect {
            escape: Some(b'\\'),
            doubled: false,
            comment: Some(b'#'),
            ..comma
        };
        assert_eq!(open_quote(b"\"a\\\"b\"", &escaped), None);
        assert_eq!(open_quote(b"\"a\\\"", &escaped), Some(0));
        assert_eq!(open_quote(b"\"a\"\"", &escaped), None);
        assert_eq!(open_quote(b"# \"a\nb,\"c", &escaped), Some(7));
        assert_eq!(open_quote(b"#\"a\n", &escaped), None);
        assert_eq!(open_quote(b"\"a", &Dialect { quote: None, ..comma }), None);
    }
}
