//! A check's sentence as words, quoted names and marks, each with its place.

use super::sentence::SentenceError;

/// A piece of a sentence.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Piece<'a> {
    /// Letters, digits and what numbers and plain names are written with.
    Word(&'a str),
    /// A name between double quotes, unescaped.
    Quoted(String),
    /// A relation sign or a punctuation mark.
    Mark(&'a str),
    /// Nothing is left.
    End,
}

/// Reads a sentence from left to right.
pub(super) struct Words<'a> {
    text: &'a str,
    at: usize,
}

/// Whether a word is made of such characters.
fn is_word(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '_' | '.' | '-' | '+' | '\u{2212}')
}

impl<'a> Words<'a> {
    pub(super) fn of(text: &'a str) -> Self {
        Self { text, at: 0 }
    }

    /// The next piece and where it ends, in bytes.
    fn look(&self) -> Result<(Piece<'a>, usize), SentenceError> {
        let start = self.start();
        let rest = &self.text[start..];
        let Some(first) = rest.chars().next() else {
            return Ok((Piece::End, start));
        };
        if first == '"' {
            return self.quoted(start);
        }
        let mut length = rest.find(|c| !is_word(c)).unwrap_or(rest.len());
        if length > 0 {
            return Ok((Piece::Word(&rest[..length]), start + length));
        }
        length = if rest.starts_with(">=") || rest.starts_with("<=") {
            2
        } else {
            first.len_utf8()
        };
        Ok((Piece::Mark(&rest[..length]), start + length))
    }

    fn quoted(&self, start: usize) -> Result<(Piece<'a>, usize), SentenceError> {
        let mut name = String::new();
        let mut escaped = false;
        for (offset, c) in self.text[start + 1..].char_indices() {
            match c {
                _ if escaped => {
                    name.push(c);
                    escaped = false;
                }
                '\\' => escaped = true,
                '"' => return Ok((Piece::Quoted(name), start + 1 + offset + 1)),
                _ => name.push(c),
            }
        }
        Err(SentenceError::UnclosedQuote { column: self.column() })
    }

    fn start(&self) -> usize {
        self.text.len() - self.text[self.at..].trim_start().len()
    }

    /// The place of the next piece, in characters from 1.
    pub(super) fn column(&self) -> usize {
        self.text[..self.start()].chars().count() + 1
    }

    /// The next piece, which stays next.
    pub(super) fn peek(&self) -> Result<Piece<'a>, SentenceError> {
        Ok(self.look()?.0)
    }

    /// The next piece.
    pub(super) fn next(&mut self) -> Result<Piece<'a>, SentenceError> {
        let (piece, end) = self.look()?;
        self.at = end;
        Ok(piece)
    }

    /// Takes the next piece if it is that word, in any case, or that mark.
    pub(super) fn eat(&mut self, what: &str) -> Result<bool, SentenceError> {
        let is_it = match self.peek()? {
            Piece::Word(word) => word.eq_ignore_ascii_case(what),
            Piece::Mark(mark) => mark == what,
            Piece::Quoted(_) | Piece::End => false,
        };
        if is_it {
            self.next()?;
        }
        Ok(is_it)
    }

    /// Takes that word or mark, or says what was expected.
    pub(super) fn expect(&mut self, what: &str, expected: &'static str) -> Result<(), SentenceError> {
        if self.eat(what)? { Ok(()) } else { Err(self.unexpected(expected)) }
    }

    /// The error that something else was expected here.
    pub(super) fn unexpected(&self, expected: &'static str) -> SentenceError {
        let found = match self.peek() {
            Ok(Piece::Word(found) | Piece::Mark(found)) => Some(found.to_owned()),
            Ok(Piece::Quoted(found)) => Some(found),
            Ok(Piece::End) => None,
            Err(unclosed) => return unclosed,
        };
        SentenceError::Expected {
            column: self.column(),
            expected,
            found,
        }
    }

    /// Whether a colon follows the next piece, which then is the check's id.
    pub(super) fn names_an_id(&self) -> Result<bool, SentenceError> {
        let (piece, end) = self.look()?;
        let after = Words { text: self.text, at: end };
        Ok(matches!(piece, Piece::Word(_) | Piece::Quoted(_)) && matches!(after.peek(), Ok(Piece::Mark(":"))))
    }

    /// Everything that is left, from the next piece on.
    pub(super) fn left(&self) -> &'a str {
        &self.text[self.start()..]
    }

    /// Goes on so many bytes after the beginning of the next piece.
    pub(super) fn skip(&mut self, bytes: usize) {
        self.at = self.start() + bytes;
    }

    /// Everything that is left, without space around it.
    pub(super) fn rest(&mut self) -> &'a str {
        let rest = self.text[self.at..].trim();
        self.at = self.text.len();
        rest
    }
}

/// The text as one word, or between double quotes with quotes and backslashes escaped.
pub(super) fn quoted_unless(plain: bool, text: &str) -> String {
    if plain {
        return text.to_owned();
    }
    let mut quoted = String::with_capacity(text.len() + 2);
    quoted.push('"');
    for c in text.chars() {
        if matches!(c, '"' | '\\') {
            quoted.push('\\');
        }
        quoted.push(c);
    }
    quoted.push('"');
    quoted
}

/// Whether the text reads as one word.
pub(super) fn is_one_word(text: &str) -> bool {
    !text.is_empty() && text.chars().all(is_word)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sentence_falls_into_pieces() {
        let mut words = Words::of("  x: recall (class = \"a \\\" b\")>=80%");
        assert!(words.names_an_id().unwrap());
        let mut pieces = Vec::new();
        while words.peek().unwrap() != Piece::End {
            pieces.push(words.next().unwrap());
        }
        let expected = [
            Piece::Word("x"),
            Piece::Mark(":"),
            Piece::Word("recall"),
            Piece::Mark("("),
            Piece::Word("class"),
            Piece::Mark("="),
            Piece::Quoted("a \" b".to_owned()),
            Piece::Mark(")"),
            Piece::Mark(">="),
            Piece::Word("80"),
            Piece::Mark("%"),
        ];
        assert_eq!(pieces, expected);
    }

    #[test]
    fn an_open_quote_is_named_with_its_place() {
        let mut words = Words::of("é by \"sex");
        words.next().unwrap();
        words.next().unwrap();
        assert_eq!(words.next(), Err(SentenceError::UnclosedQuote { column: 6 }));
    }
}
