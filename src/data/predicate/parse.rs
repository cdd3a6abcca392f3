//! Text to predicates, from left to right.

use std::str::FromStr;

use super::{Literal, Placed, Predicate, PredicateError, Relation, is_reserved};
use crate::data::cell;

/// The most characters that a predicate may have.
const LONGEST: usize = 1000;
/// The most parentheses and `not` within each other.
const DEEPEST: usize = 40;

/// The signs of relations, longer ones first.
const SIGNS: [(&str, Relation); 12] = [
    ("==", Relation::Equal),
    ("!=", Relation::NotEqual),
    ("<>", Relation::NotEqual),
    ("<=", Relation::AtMost),
    (">=", Relation::AtLeast),
    ("=<", Relation::AtMost),
    ("=", Relation::Equal),
    ("\u{2260}", Relation::NotEqual),
    ("\u{2264}", Relation::AtMost),
    ("\u{2265}", Relation::AtLeast),
    ("<", Relation::Less),
    (">", Relation::Greater),
];

impl FromStr for Predicate {
    type Err = PredicateError;

    fn from_str(text: &str) -> Result<Self, PredicateError> {
        let (predicate, end) = Self::parse_start(text)?;
        let rest = Reader { text, at: end, depth: 0 };
        match rest.peek()? {
            Piece::End => Ok(predicate),
            _ => Err(rest.unexpected("and, or, or the end")),
        }
    }
}

impl Predicate {
    /// Reads the predicate at the start of a longer text: gives it with the byte at which it ends.
    ///
    /// # Errors
    /// When no predicate stands there.
    pub fn parse_start(text: &str) -> Result<(Self, usize), PredicateError> {
        let mut reader = Reader { text, at: 0, depth: 0 };
        let predicate = reader.disjunction()?;
        if text[..reader.at].chars().count() > LONGEST {
            return Err(PredicateError::TooLong { most: LONGEST });
        }
        Ok((predicate, reader.at))
    }
}

/// A piece of a predicate.
#[derive(Debug, Clone, PartialEq)]
enum Piece<'a> {
    /// Letters, digits and what numbers, dates and plain names are written with.
    Word(&'a str),
    /// Between double quotes, unescaped.
    Quoted(String),
    /// Between backquotes, unescaped: a column's name only.
    Backquoted(String),
    /// How values stand to each other.
    Sign(&'a str, Relation),
    /// Any other character.
    Mark(&'a str),
    /// Nothing is left.
    End,
}

struct Reader<'a> {
    text: &'a str,
    /// Where the next piece, or the space before it, begins.
    at: usize,
    depth: usize,
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '_' | '.' | '-' | '+' | ':' | '\u{2212}')
}

impl<'a> Reader<'a> {
    fn start(&self) -> usize {
        self.text.len() - self.text[self.at..].trim_start().len()
    }

    /// The place of the next piece, in characters from 1.
    fn place(&self) -> usize {
        self.text[..self.start()].chars().count() + 1
    }

    /// The next piece and the byte at which it ends.
    fn look(&self) -> Result<(Piece<'a>, usize), PredicateError> {
        let start = self.start();
        let rest = &self.text[start..];
        let Some(first) = rest.chars().next() else {
            return Ok((Piece::End, start));
        };
        if let '"' | '`' = first {
            let (text, end) = self.between(start, first)?;
            let piece = if first == '"' {
                Piece::Quoted(text)
            } else {
                Piece::Backquoted(text)
            };
            return Ok((piece, end));
        }
        if let Some((sign, relation)) = SIGNS.iter().find(|(sign, _)| rest.starts_with(sign)) {
            return Ok((Piece::Sign(&rest[..sign.len()], *relation), start + sign.len()));
        }
        let length = rest.find(|c| !is_word(c)).unwrap_or(rest.len());
        if length > 0 {
            return Ok((Piece::Word(&rest[..length]), start + length));
        }
        let length = first.len_utf8();
        Ok((Piece::Mark(&rest[..length]), start + length))
    }

    /// What stands between two quotes, the first of which is at that byte.
    fn between(&self, start: usize, quote: char) -> Result<(String, usize), PredicateError> {
        let mut text = String::new();
        let mut escaped = false;
        for (offset, c) in self.text[start + 1..].char_indices() {
            match c {
                _ if escaped => {
                    text.push(c);
                    escaped = false;
                }
                '\\' => escaped = true,
                _ if c == quote => return Ok((text, start + 1 + offset + 1)),
                _ => text.push(c),
            }
        }
        Err(PredicateError::Unclosed { at: self.place(), quote })
    }

    fn peek(&self) -> Result<Piece<'a>, PredicateError> {
        Ok(self.look()?.0)
    }

    fn next(&mut self) -> Result<Piece<'a>, PredicateError> {
        let (piece, end) = self.look()?;
        self.at = end;
        Ok(piece)
    }

    /// Takes the next piece if it is that word, in any case, or that mark.
    fn eat(&mut self, what: &str) -> Result<bool, PredicateError> {
        let (piece, end) = self.look()?;
        let is_it = match piece {
            Piece::Word(word) => word.eq_ignore_ascii_case(what),
            Piece::Mark(mark) => mark == what,
            _ => false,
        };
        if is_it {
            self.at = end;
        }
        Ok(is_it)
    }

    fn expect(&mut self, what: &str, expected: &'static str) -> Result<(), PredicateError> {
        if self.eat(what)? { Ok(()) } else { Err(self.unexpected(expected)) }
    }

    fn unexpected(&self, expected: &'static str) -> PredicateError {
        let found = match self.peek() {
            Ok(Piece::Word(found) | Piece::Mark(found) | Piece::Sign(found, _)) => Some(found.to_owned()),
            Ok(Piece::Quoted(found) | Piece::Backquoted(found)) => Some(found),
            Ok(Piece::End) => None,
            Err(unclosed) => return unclosed,
        };
        PredicateError::Expected {
            at: self.place(),
            expected,
            found,
        }
    }

    fn disjunction(&mut self) -> Result<Predicate, PredicateError> {
        let mut parts = vec![self.conjunction()?];
        while self.eat("or")? {
            parts.push(self.conjunction()?);
        }
        Ok(Predicate::any(parts))
    }

    fn conjunction(&mut self) -> Result<Predicate, PredicateError> {
        let mut parts = vec![self.part()?];
        while self.eat("and")? {
            parts.push(self.part()?);
        }
        Ok(Predicate::all(parts))
    }

    fn part(&mut self) -> Result<Predicate, PredicateError> {
        let at = self.place();
        let (is_not, is_open) = (self.eat("not")?, self.peek()? == Piece::Mark("("));
        if !is_not && !is_open {
            return self.comparison();
        }
        if self.depth == DEEPEST {
            return Err(PredicateError::TooDeep { at });
        }
        self.depth += 1;
        let inner = if is_not {
            Predicate::Not(Box::new(self.part()?))
        } else {
            self.next()?;
            let inner = self.disjunction()?;
            self.expect(")", "and, or, or a closing parenthesis")?;
            inner
        };
        self.depth -= 1;
        Ok(inner)
    }

    fn comparison(&mut self) -> Result<Predicate, PredicateError> {
        let column = self.column()?;
        if let Piece::Sign(_, relation) = self.peek()? {
            self.next()?;
            let value = self.value()?;
            return Ok(Predicate::Compare { column, relation, value });
        }
        if self.eat("is")? {
            let is_negated = self.eat("not")?;
            self.expect("missing", "missing, or not missing")?;
            return Ok(Predicate::Missing { column, is_negated });
        }
        let is_negated = self.eat("not")?;
        if !self.eat("in")? {
            return Err(self.unexpected(if is_negated {
                "in"
            } else {
                "=, !=, <, <=, >, >=, in, or is missing"
            }));
        }
        self.expect("(", "a list of values in parentheses")?;
        let mut values = vec![self.value()?];
        while self.eat(",")? {
            values.push(self.value()?);
        }
        self.expect(")", "a comma or a closing parenthesis")?;
        Ok(Predicate::In {
            column,
            values,
            is_negated,
        })
    }

    fn column(&mut self) -> Result<Placed<String>, PredicateError> {
        let at = self.place();
        let value = match self.peek()? {
            Piece::Word(word) if !is_reserved(word) => word.to_owned(),
            Piece::Quoted(name) | Piece::Backquoted(name) => name,
            _ => return Err(self.unexpected("a column")),
        };
        self.next()?;
        Ok(Placed { value, at })
    }

    fn value(&mut self) -> Result<Placed<Literal>, PredicateError> {
        let at = self.place();
        let value = match self.peek()? {
            Piece::Word(word) if !is_reserved(word) => literal(word),
            Piece::Quoted(text) => Literal::Text(text),
            _ => return Err(self.unexpected("a number, a word, or a text between double quotes")),
        };
        self.next()?;
        Ok(Placed { value, at })
    }
}

/// A word is a number where it spells a finite one, and a text otherwise.
fn literal(word: &str) -> Literal {
    let plain = word.replace('\u{2212}', "-");
    match cell::number(plain.as_bytes()).filter(|number| number.is_finite()) {
        Some(number) => Literal::Number(number),
        None => Literal::Text(word.to_owned()),
    }
}
