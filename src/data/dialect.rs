//! How a file of delimited fields is written.

use serde::{Deserialize, Serialize};

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
    /// Where the rows start: behind a byte order mark, and behind a first line that names the delimiter.
    pub start: u64,
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
        }
    }
}

/// Whether a row is one field of white space: a line with nothing on it. (Lines without even that do not reach us, and `""` is a value.)
pub(super) fn is_blank(record: &csv::ByteRecord) -> bool {
    record.len() == 1 && !record.as_slice().is_empty() && record.as_slice().trim_ascii().is_empty()
}

/// Whether a row has as many fields as there are columns; an empty one more, as when every line ends in a delimiter, does no harm.
pub(super) fn fits(record: &csv::ByteRecord, columns: usize) -> bool {
    record.len() == columns || record.len() == columns + 1 && record.get(columns).is_some_and(<[u8]>::is_empty)
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

/// Where the next row begins, from `at` on: behind ends of lines and comments.
pub(super) fn next_row(text: &[u8], mut at: usize, dialect: &Dialect) -> usize {
    let is_end = |byte: &u8| matches!(byte, b'\n' | b'\r');
    loop {
        at += text[at..].iter().take_while(|byte| is_end(byte)).count();
        if dialect.comment.is_none() || text.get(at).copied() != dialect.comment {
            return at;
        }
        at += text[at..].iter().take_while(|byte| !is_end(byte)).count();
    }
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
