//! Guesses where the first row of a block begins, without having seen what comes before it.
//!
//! The block may begin outside or inside quotation marks; both are followed for a few rows, and the one whose rows have as many fields as
//! the header is believed. Whether it is right is proved later, by where the block before ends.

use crate::data::dialect::Dialect;

/// Bytes followed at first, when rows are short enough.
const PEEK: usize = 16 << 10;

/// Rows followed.
const ROWS: usize = 12;

/// Where the first row begins behind the first end of a line that ends a row; `None` where none is found.
pub(super) fn guess(text: &[u8], dialect: &Dialect, fields: usize) -> Option<usize> {
    let mut peek = PEEK;
    loop {
        let part = &text[..peek.min(text.len())];
        let outside = follow(part, dialect, fields, false);
        let inside = dialect.quote.and_then(|_| follow(part, dialect, fields, true));
        match (outside, inside) {
            (None, None) if part.len() < text.len() => peek *= 4,
            (Some(outside), Some(inside)) => {
                let is_better = inside.fitting * outside.rows > outside.fitting * inside.rows;
                return Some(if is_better { inside.start } else { outside.start });
            }
            (outside, inside) => return outside.or(inside).map(|trail| trail.start),
        }
    }
}

/// What was found on one way.
#[derive(Debug, Clone, Copy)]
struct Trail {
    start: usize,
    rows: usize,
    fitting: usize,
}

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

fn follow(text: &[u8], dialect: &Dialect, fields: usize, is_quoted: bool) -> Option<Trail> {
    let mut at = if is_quoted { At::Quoted } else { At::Bare };
    let mut trail: Option<Trail> = None;
    let mut found = 1;
    for (place, &byte) in text.iter().enumerate() {
        let is = |mark: Option<u8>| mark == Some(byte);
        at = match at {
            At::Row if is(dialect.comment) => At::Comment,
            At::Row | At::Field if is(dialect.quote) => At::Quoted,
            At::Escaped => At::Quoted,
            At::Quoted if is(dialect.quote) => At::Closed,
            At::Quoted if is(dialect.escape) => At::Escaped,
            At::Quoted => At::Quoted,
            At::Closed if is(dialect.quote) && dialect.doubled => At::Quoted,
            _ if byte == b'\n' || byte == b'\r' => {
                let trail = trail.get_or_insert(Trail {
                    start: place + 1,
                    rows: 0,
                    fitting: 0,
                });
                // The row that was cut off by the block's start tells nothing, nor does a line without anything on it.
                if place >= trail.start && !matches!(at, At::Row | At::Comment) {
                    trail.rows += 1;
                    trail.fitting += usize::from(found == fields || found == fields + 1 && at == At::Field);
                    if trail.rows == ROWS {
                        break;
                    }
                }
                found = 1;
                At::Row
            }
            At::Comment => At::Comment,
            _ if byte == dialect.delimiter => {
                found += 1;
                At::Field
            }
            _ => At::Bare,
        };
    }
    // Without a whole row, one way is as good as the other.
    trail.map(|trail| Trail {
        rows: trail.rows.max(1),
        ..trail
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(text: &str) -> Option<usize> {
        guess(text.as_bytes(), &Dialect::of(b','), 3)
    }

    #[test]
    fn rows_of_the_right_length_are_believed() {
        assert_eq!(of("2,3\n4,5,6\n7,8,9\n"), Some(4));
        assert_eq!(of("x\ny,z\n\",3\n4,5,6\n4,\"5\n,\",6\n4,5,6\n"), Some(10));
        assert_eq!(of("x\"y\n4,5,6\n7,8,9\n"), Some(4));
        assert_eq!(of("no end of line"), None);
        assert_eq!(of(&format!("{}\n1,2,3\n", "x".repeat(3 * PEEK))), Some(3 * PEEK + 1));
    }
}
