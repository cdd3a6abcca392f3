//! The text of a file on its way to the parser: checked to be UTF-8, and held to a limit.

use std::io::{self, ErrorKind, Read, Seek, SeekFrom};

use super::decode::{DecodeFault, Decoded};

/// Why a [`Source`] gives no more bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Fault {
    /// A byte that is not UTF-8: its line, counted from 1, and its place in the file, counted from 0.
    NotUtf8 {
        line: u64,
        byte: u64,
        /// Whether all bytes before it are ASCII.
        is_first: bool,
    },
    /// The bytes of the file could not be turned into text.
    Decode(DecodeFault),
    /// The limit is reached.
    Limit,
    /// The reader below failed.
    Io(String),
}

/// A reader that looks at every byte on its first way through, and only then.
pub(super) struct Source<R> {
    inner: Decoded<R>,
    position: u64,
    /// Bytes of text seen from the start: what lies below was checked before.
    seen: u64,
    /// Where the first byte beyond ASCII stands.
    first_beyond: Option<u64>,
    line_feeds: u64,
    carriage_returns: u64,
    /// The start of a character whose end has not come yet.
    partial: Vec<u8>,
    fault: Option<Fault>,
    limit: u64,
}

impl<R: Read + Seek> Source<R> {
    pub(super) fn new(inner: Decoded<R>) -> Self {
        Self {
            inner,
            position: 0,
            seen: 0,
            first_beyond: None,
            line_feeds: 0,
            carriage_returns: 0,
            partial: Vec::new(),
            fault: None,
            limit: u64::MAX,
        }
    }

    /// Bytes of text seen from the start.
    pub(super) fn seen(&self) -> u64 {
        self.seen
    }

    /// The file below.
    pub(super) fn file(&self) -> &Decoded<R> {
        &self.inner
    }

    /// The file itself.
    pub(super) fn into_inner(self) -> R {
        self.inner.into_inner()
    }

    /// Why no more bytes came.
    pub(super) fn fault(&self) -> Option<&Fault> {
        self.fault.as_ref()
    }

    /// Gives nothing from `position` on.
    pub(super) fn limit_to(&mut self, position: u64) {
        self.limit = position;
    }

    /// Goes on reading at `position`.
    pub(super) fn go_to(&mut self, position: u64) -> io::Result<()> {
        self.inner.seek(SeekFrom::Start(position))?;
        self.position = position;
        self.limit = u64::MAX;
        Ok(())
    }

    fn not_utf8(&self, line: u64, byte: u64) -> Fault {
        Fault::NotUtf8 {
            line,
            byte,
            is_first: self.first_beyond == Some(byte),
        }
    }

    fn note(&mut self, fresh: &[u8]) {
        if self.first_beyond.is_none() && !fresh.is_ascii() {
            let place = fresh.iter().position(|byte| !byte.is_ascii());
            self.first_beyond = place.map(|place| self.seen + place as u64);
        }
        if let Err(bad) = self.check(fresh) {
            let before = &fresh[..bad.saturating_sub(self.seen).min(fresh.len() as u64) as usize];
            let (feeds, returns) = count_line_ends(before);
            let (feeds, returns) = (self.line_feeds + feeds, self.carriage_returns + returns);
            let line = if feeds > 0 { feeds } else { returns } + 1;
            self.fault = Some(self.not_utf8(line, bad));
        }
        let (feeds, returns) = count_line_ends(fresh);
        self.line_feeds += feeds;
        self.carriage_returns += returns;
        self.seen += fresh.len() as u64;
    }

    /// Checks that the text goes on as UTF-8; fails with the place in the file of the first byte that does not.
    fn check(&mut self, fresh: &[u8]) -> Result<(), u64> {
        let mut rest = fresh;
        while let ([first, after @ ..], false) = (rest, self.partial.is_empty()) {
            let start = self.seen + (fresh.len() - rest.len()) as u64 - self.partial.len() as u64;
            self.partial.push(*first);
            rest = after;
            match std::str::from_utf8(&self.partial) {
                Ok(_) => self.partial.clear(),
                Err(error) if error.error_len().is_none() => {}
                Err(_) => return Err(start),
            }
        }
        if let Err(error) = std::str::from_utf8(rest) {
            let good = error.valid_up_to();
            if error.error_len().is_some() {
                return Err(self.seen + (fresh.len() - rest.len() + good) as u64);
            }
            self.partial.extend_from_slice(&rest[good..]);
        }
        Ok(())
    }
}

fn count_line_ends(bytes: &[u8]) -> (u64, u64) {
    // Pieces of 255 bytes are counted in a byte, which compilers turn into wide instructions.
    let piece = |piece: &[u8], wanted: u8| piece.iter().fold(0_u8, |sum, &byte| sum + u8::from(byte == wanted));
    let count = |wanted: u8| bytes.chunks(255).map(|bytes| u64::from(piece(bytes, wanted))).sum();
    (count(b'\n'), count(b'\r'))
}

impl<R: Read + Seek> Read for Source<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.position >= self.limit && self.fault.is_none() {
            self.fault = Some(Fault::Limit);
        }
        if self.fault.is_some() {
            return Err(io::Error::from(ErrorKind::InvalidData));
        }
        let count = loop {
            match self.inner.read(buffer) {
                Ok(count) => break count,
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(error) => {
                    let decode = error.get_ref().and_then(|inner| inner.downcast_ref::<DecodeFault>());
                    self.fault = Some(decode.cloned().map_or_else(|| Fault::Io(error.to_string()), Fault::Decode));
                    return Err(error);
                }
            }
        };
        let known = self.seen.saturating_sub(self.position);
        if known < count as u64 {
            self.note(&buffer[known as usize..count]);
        }
        self.position += count as u64;
        if count == 0 && !buffer.is_empty() && !self.partial.is_empty() {
            let byte = self.seen - self.partial.len() as u64;
            let ends = if self.line_feeds > 0 {
                self.line_feeds
            } else {
                self.carriage_returns
            };
            self.fault = Some(self.not_utf8(ends + 1, byte));
            return Err(io::Error::from(ErrorKind::InvalidData));
        }
        Ok(count)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::io::Cursor;

    /// Reads in pieces of `size` bytes; gives what came and the fault.
    fn drain(bytes: &[u8], size: usize) -> (Vec<u8>, Source<Cursor<Vec<u8>>>) {
        let mut source = Source::new(Decoded::new(Cursor::new(bytes.to_vec())));
        let mut buffer = vec![0; size];
        let mut all = Vec::new();
        while let Ok(count @ 1..) = source.read(&mut buffer) {
            all.extend_from_slice(&buffer[..count]);
        }
        (all, source)
    }

    #[test]
    fn reading_again_hashes_nothing_twice() {
        let bytes = b"a,b\n1,2\n3,4\n";
        let (_, mut source) = drain(bytes, 5);
        source.go_to(2).unwrap();
        let mut again = Vec::new();
        source.read_to_end(&mut again).unwrap();
        assert_eq!(again, bytes[2..]);
        assert_eq!(source.seen(), 12);
        assert_eq!(source.file().fingerprint(), blake3::hash(bytes).to_hex().to_string());
    }

    #[test]
    fn going_back_midway_hashes_the_rest() {
        let mut source = Source::new(Decoded::new(Cursor::new(b"0123456789".to_vec())));
        let mut buffer = [0; 4];
        source.read_exact(&mut buffer).unwrap();
        source.go_to(2).unwrap();
        let mut rest = Vec::new();
        source.read_to_end(&mut rest).unwrap();
        assert_eq!(rest, b"23456789");
        assert_eq!(source.file().fingerprint(), blake3::hash(b"0123456789").to_hex().to_string());
    }

    #[test]
    fn a_limit_stops_the_reading() {
        let mut source = Source::new(Decoded::new(Cursor::new(vec![b'x'; 100])));
        source.limit_to(10);
        let mut buffer = [0; 10];
        source.read_exact(&mut buffer).unwrap();
        assert!(source.read(&mut buffer).is_err());
        assert_eq!(source.fault(), Some(&Fault::Limit));
    }

    #[test]
    fn the_first_bad_byte_is_located() {
        for size in 1..9 {
            for (bytes, line, byte, is_first) in [
                (&b"a,b\n1,\xff\n"[..], 2, 6, true),
                (b"a\n\xc3\xa9\n\xc3", 3, 5, false),
                (b"a\r\xe2\x82x\r", 2, 2, true),
                (b"\xe9t\xe9", 1, 0, true),
                (b"ok\nok\n\xf0\x9f\x98\n", 3, 6, true),
                (b"ok\xe9", 1, 2, true),
                (b"\xc3\xa9\xe9t\n", 1, 2, false),
            ] {
                let (_, source) = drain(bytes, size);
                assert_eq!(
                    source.fault(),
                    Some(&Fault::NotUtf8 { line, byte, is_first }),
                    "{bytes:?} by {size}"
                );
            }
        }
    }

    proptest! {
        #[test]
        fn it_agrees_with_the_whole_at_once(bytes in proptest::collection::vec(prop_oneof![Just(b'\n'), Just(0xc3), Just(0xa9), Just(0xf0), Just(0x9f), any::<u8>()], 0..40), size in 1..9_usize) {
            let (all, source) = drain(&bytes, size);
            match std::str::from_utf8(&bytes) {
                Ok(_) => {
                    prop_assert_eq!(source.fault(), None);
                    prop_assert_eq!(&all, &bytes);
                    prop_assert_eq!(source.file().fingerprint(), blake3::hash(&bytes).to_hex().to_string());
                }
                Err(error) => {
                    let byte = error.valid_up_to() as u64;
                    let found = match source.fault() { Some(Fault::NotUtf8 { byte, .. }) => Some(*byte), _ => None };
                    prop_assert_eq!(found, Some(byte));
                }
            }
        }
    }
}
