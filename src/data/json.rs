//! One JSON object (RFC 8259) on a line: its keys and values, without a tree of them.

/// The deepest nesting of a value.
const DEEPEST: usize = 128;

/// An object's members: for each, where key and value stand in [`Members::text`]. A value that is null is the empty text; one that is an
/// object or an array is its own JSON.
#[derive(Debug, Default)]
pub(super) struct Members {
    text: Vec<u8>,
    places: Vec<[usize; 3]>,
}

impl Members {
    /// Reads a line; fails with the character, counted from 1, at which it stops to be an object.
    pub(super) fn read(&mut self, line: &[u8]) -> Result<(), usize> {
        self.text.clear();
        self.places.clear();
        let mut parser = Parser { line, at: 0 };
        parser.object(self).ok_or_else(|| {
            let before = String::from_utf8_lossy(&line[..parser.at.min(line.len())]);
            before.chars().count() + 1
        })
    }

    /// Keys and values in the order of the line.
    pub(super) fn iter(&self) -> impl Iterator<Item = (&[u8], &[u8])> {
        self.places
            .iter()
            .map(|&[start, middle, end]| (&self.text[start..middle], &self.text[middle..end]))
    }
}

struct Parser<'a> {
    line: &'a [u8],
    at: usize,
}

impl Parser<'_> {
    fn peek(&self) -> Option<u8> {
        self.line.get(self.at).copied()
    }

    fn eat(&mut self, byte: u8) -> Option<()> {
        (self.peek()? == byte).then(|| self.at += 1)
    }

    fn blank(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\t' | b'\r' | b'\n')) {
            self.at += 1;
        }
    }

    /// The object that the whole line is.
    fn object(&mut self, members: &mut Members) -> Option<()> {
        self.blank();
        self.eat(b'{')?;
        self.blank();
        if self.eat(b'}').is_none() {
            loop {
                self.blank();
                let start = members.text.len();
                self.string(Some(&mut members.text))?;
                self.blank();
                self.eat(b':')?;
                self.blank();
                let middle = members.text.len();
                self.value(&mut members.text)?;
                members.places.push([start, middle, members.text.len()]);
                self.blank();
                if self.eat(b',').is_none() {
                    break;
                }
            }
            self.eat(b'}')?;
        }
        self.blank();
        self.peek().is_none().then_some(())
    }

    /// A member's value as a cell.
    fn value(&mut self, out: &mut Vec<u8>) -> Option<()> {
        let start = self.at;
        match self.peek()? {
            b'"' => return self.string(Some(out)),
            b'n' => return self.word(b"null"),
            _ => self.skip()?,
        }
        out.extend_from_slice(&self.line[start..self.at]);
        Some(())
    }

    /// Passes over a value of any kind. Nesting is counted and not followed by calls, so that no line can exhaust the stack.
    fn skip(&mut self) -> Option<()> {
        // One bit a level: whether it is an object.
        let mut open = [false; DEEPEST];
        let mut depth = 0;
        loop {
            self.blank();
            match self.peek()? {
                byte @ (b'{' | b'[') => {
                    self.at += 1;
                    *open.get_mut(depth)? = byte == b'{';
                    depth += 1;
                    self.blank();
                    if self.eat(if byte == b'{' { b'}' } else { b']' }).is_some() {
                        depth -= 1;
                    } else {
                        self.key(open[depth - 1])?;
                        continue;
                    }
                }
                b'"' => self.string(None)?,
                b't' => self.word(b"true")?,
                b'f' => self.word(b"false")?,
                b'n' => self.word(b"null")?,
                _ => self.number()?,
            }
            loop {
                let Some(level) = depth.checked_sub(1) else { return Some(()) };
                self.blank();
                if self.eat(b',').is_some() {
                    self.blank();
                    self.key(open[level])?;
                    break;
                }
                self.eat(if open[level] { b'}' } else { b']' })?;
                depth = level;
            }
        }
    }

    fn key(&mut self, is_object: bool) -> Option<()> {
        if is_object {
            self.string(None)?;
            self.blank();
            self.eat(b':')?;
        }
        Some(())
    }

    fn word(&mut self, word: &[u8]) -> Option<()> {
        self.line[self.at..].starts_with(word).then(|| self.at += word.len())
    }

    fn digits(&mut self) -> Option<()> {
        let count = self.line[self.at..].iter().take_while(|byte| byte.is_ascii_digit()).count();
        self.at += count;
        (count > 0).then_some(())
    }

    fn number(&mut self) -> Option<()> {
        let _ = self.eat(b'-');
        if self.eat(b'0').is_none() {
            self.digits()?;
        }
        if self.eat(b'.').is_some() {
            self.digits()?;
        }
        if matches!(self.peek(), Some(b'e' | b'E')) {
            self.at += 1;
            if matches!(self.peek(), Some(b'+' | b'-')) {
                self.at += 1;
            }
            self.digits()?;
        }
        Some(())
    }

    /// A string, without its quotation marks and escapes.
    fn string(&mut self, mut out: Option<&mut Vec<u8>>) -> Option<()> {
        self.eat(b'"')?;
        loop {
            let byte = self.peek()?;
            match byte {
                b'"' => {
                    self.at += 1;
                    return Some(());
                }
                0..0x20 => return None,
                b'\\' => {
                    self.at += 1;
                    let c = self.escaped()?;
                    if let Some(out) = &mut out {
                        out.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes());
                    }
                }
                _ => {
                    self.at += 1;
                    if let Some(out) = &mut out {
                        out.push(byte);
                    }
                }
            }
        }
    }

    /// The character behind a backslash; half a character is the replacement character.
    fn escaped(&mut self) -> Option<char> {
        let byte = self.peek()?;
        self.at += 1;
        Some(match byte {
            b'"' | b'\\' | b'/' => char::from(byte),
            b'b' => '\u{8}',
            b'f' => '\u{c}',
            b'n' => '\n',
            b'r' => '\r',
            b't' => '\t',
            b'u' => {
                let first = self.unit()?;
                if !(0xd800..0xdc00).contains(&first) {
                    return Some(char::from_u32(first).unwrap_or(char::REPLACEMENT_CHARACTER));
                }
                let before = self.at;
                let second = self.word(b"\\u").and_then(|()| self.unit());
                if let Some(second @ 0xdc00..0xe000) = second {
                    char::from_u32(0x10000 + ((first - 0xd800) << 10) + (second - 0xdc00)).unwrap_or(char::REPLACEMENT_CHARACTER)
                } else {
                    self.at = before;
                    char::REPLACEMENT_CHARACTER
                }
            }
            _ => return None,
        })
    }

    fn unit(&mut self) -> Option<u32> {
        let digits = self.line.get(self.at..self.at + 4)?;
        let value = digits
            .iter()
            .try_fold(0, |sum, &digit| Some(sum * 16 + char::from(digit).to_digit(16)?))?;
        self.at += 4;
        Some(value)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn of(line: &str) -> Result<Vec<(String, String)>, usize> {
        let mut members = Members::default();
        members.read(line.as_bytes())?;
        let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
        Ok(members.iter().map(|(key, value)| (text(key), text(value))).collect())
    }

    #[test]
    fn members_come_in_their_order() {
        let line = r#" {"b": 1.50, "a":"x\"\n\u00e9\ud83d\ude42", "n":null,"t":true , "o":{"k":[1,{"z":[]}, "}"]}, "e":[] } "#;
        let expected = [
            ("b", "1.50"),
            ("a", "x\"\né🙂"),
            ("n", ""),
            ("t", "true"),
            ("o", r#"{"k":[1,{"z":[]}, "}"]}"#),
            ("e", "[]"),
        ];
        assert_eq!(
            of(line),
            Ok(expected.map(|(key, value)| (key.to_owned(), value.to_owned())).to_vec())
        );
        assert_eq!(of("{}"), Ok(vec![]));
        assert_eq!(of(r#"{"a":"\ud800"}"#).unwrap()[0].1, "\u{fffd}");
    }

    #[test]
    fn broken_lines_say_where() {
        for (line, at) in [
            ("[1]", 1),
            ("{\"a\":1,}", 8),
            ("{\"a\":01}", 7),
            ("{\"a\" 1}", 6),
            ("{\"a\":1} x", 9),
            ("{\"a\":1", 7),
            ("{\"é\":nul}", 6),
            ("{'a':1}", 2),
            ("{\"a\":NaN}", 6),
            ("{\"a\":[1,]}", 9),
            ("", 1),
        ] {
            assert_eq!(of(line), Err(at), "{line}");
        }
        let deep = |levels| format!("{{\"a\":{}{}}}", "[".repeat(levels), "]".repeat(levels));
        assert!(of(&deep(128)).is_ok() && of(&deep(129)).is_err());
    }

    proptest! {
        #[test]
        fn it_agrees_with_serde(text in "[\\[\\]{}:,\"a1.e\\- ntruefals\\\\]{0,24}") {
            let line = format!("{{\"k\":{text}}}");
            let theirs = serde_json::from_str::<std::collections::BTreeMap<String, serde_json::Value>>(&line);
            // A number beyond all doubles is a number here; the cell says what it is.
            prop_assume!(!theirs.as_ref().is_err_and(|error| error.to_string().contains("out of range")));
            prop_assert_eq!(of(&line).is_ok(), theirs.is_ok(), "{}", line);
        }
    }
}
