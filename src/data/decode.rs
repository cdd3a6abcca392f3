//! Bytes of a file to text in UTF-8: unpacked, and its characters turned. The file's own bytes are hashed on the way.
//!
//! Encodings of one byte a character come from the crate `yore`, which has a table of one kilobyte for each and nothing else; `encoding_rs`
//! would bring the tables of every encoding of the web, hundreds of kilobytes, into the page.
//!
//! A packed file is unpacked piece by piece, so that it never needs more memory than a plain one. One that unpacks to more than
//! 256 MiB and to more than 250 times its size is refused: such files are made to fill a disk, not to be read.

use std::fmt;
use std::io::{self, ErrorKind, Read, Seek, SeekFrom, Write};

use flate2::write::GzDecoder;
use yore::code_pages::{CP437, CP850, CP1250, CP1251, CP1252, CP1254};

use super::options::Encoding;

/// The first bytes of a file packed by gzip.
pub(super) const GZIP: &[u8] = b"\x1f\x8b";

/// How much bigger than packed a text may be, once it is bigger than [`FREE`].
const MOST_RATIO: u64 = 250;

/// Up to so many bytes a text may be as much bigger as it likes.
const FREE: u64 = 256 << 20;

/// Bytes taken from the file at once. What they can unpack to is a thousand times more, and stays in memory.
const PIECE: usize = 16 << 10;

/// Why a file cannot be turned into text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum DecodeFault {
    /// It ends before its packed data does; so many bytes of text, and so many lines, came out.
    Truncated { text: u64, lines: u64 },
    /// Its packed data is damaged; so many bytes of text, and so many lines, came out before.
    Damaged { text: u64, lines: u64 },
    /// Something else stands behind its packed data.
    Trailing { byte: u64 },
    /// It unpacks to too much.
    Bomb { packed: u64, text: u64 },
    /// It is not the text it should be: UTF-16 with half a character.
    NotUtf16 { line: u64 },
}

impl fmt::Display for DecodeFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self:?}")
    }
}

impl std::error::Error for DecodeFault {}

/// How the bytes of a file stand for text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Coding {
    /// Whether it is packed by gzip.
    pub packed: bool,
    /// How characters are written.
    pub encoding: Encoding,
}

impl Coding {
    /// Nothing to do.
    pub(super) const PLAIN: Self = Self {
        packed: false,
        encoding: Encoding::Utf8,
    };
}

/// The bytes of a file, hashed on their first way through.
struct Hashed<R> {
    inner: R,
    position: u64,
    seen: u64,
    hasher: blake3::Hasher,
}

impl<R: Read + Seek> Hashed<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = loop {
            match self.inner.read(buffer) {
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                other => break other?,
            }
        };
        let known = self.seen.saturating_sub(self.position);
        if known < count as u64 {
            self.hasher.update(&buffer[known as usize..count]);
            self.seen = self.position + count as u64;
        }
        self.position += count as u64;
        Ok(count)
    }

    fn seek(&mut self, position: u64) -> io::Result<()> {
        self.inner.seek(SeekFrom::Start(position))?;
        self.position = position;
        Ok(())
    }
}

/// A file as text in UTF-8.
pub(super) struct Decoded<R> {
    raw: Hashed<R>,
    coding: Coding,
    /// Where the next byte of the text stands in it.
    position: u64,
    unpacker: Unpacker,
    transcoder: Transcoder,
    piece: Vec<u8>,
    /// Text that nobody took yet, from `taken` on.
    ready: Vec<u8>,
    taken: usize,
    ended: bool,
}

impl<R: Read + Seek> Decoded<R> {
    pub(super) fn new(inner: R) -> Self {
        let raw = Hashed {
            inner,
            position: 0,
            seen: 0,
            hasher: blake3::Hasher::new(),
        };
        Self {
            raw,
            coding: Coding::PLAIN,
            position: 0,
            unpacker: Unpacker::default(),
            transcoder: Transcoder::default(),
            piece: Vec::new(),
            ready: Vec::new(),
            taken: 0,
            ended: false,
        }
    }

    /// Reads the file in that way, from its start.
    pub(super) fn read_as(&mut self, coding: Coding) -> io::Result<()> {
        self.coding = coding;
        self.start_over()
    }

    /// Bytes of the file that were read.
    pub(super) fn seen(&self) -> u64 {
        self.raw.seen
    }

    /// Bytes of the file that were read on this way through it.
    pub(super) fn raw_position(&self) -> u64 {
        self.raw.position
    }

    /// BLAKE3 of the bytes of the file that were read, in hexadecimal.
    pub(super) fn fingerprint(&self) -> String {
        self.raw.hasher.finalize().to_hex().to_string()
    }

    /// The file.
    pub(super) fn into_inner(self) -> R {
        self.raw.inner
    }

    fn start_over(&mut self) -> io::Result<()> {
        self.raw.seek(0)?;
        self.position = 0;
        self.unpacker = Unpacker::default();
        self.transcoder = Transcoder::default();
        self.ready.clear();
        self.taken = 0;
        self.ended = false;
        Ok(())
    }

    /// Makes some text ready, unless there is none left.
    fn fill(&mut self) -> io::Result<()> {
        self.ready.clear();
        self.taken = 0;
        while self.ready.is_empty() && !self.ended {
            self.piece.resize(PIECE, 0);
            let count = self.raw.read(&mut self.piece)?;
            self.ended = count == 0;
            let piece = &self.piece[..count];
            let Coding { packed, encoding } = self.coding;
            let done = if packed {
                let mut unpacked = Vec::new();
                let done = self.unpacker.unpack(piece, &mut unpacked);
                done.and_then(|()| self.transcoder.turn(&unpacked, encoding, self.ended, &mut self.ready))
            } else {
                self.transcoder.turn(piece, encoding, self.ended, &mut self.ready)
            };
            done.map_err(io::Error::other)?;
        }
        Ok(())
    }
}

impl<R: Read + Seek> Read for Decoded<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.coding == Coding::PLAIN {
            let count = self.raw.read(buffer)?;
            self.position += count as u64;
            return Ok(count);
        }
        if self.taken == self.ready.len() {
            self.fill()?;
        }
        let count = buffer.len().min(self.ready.len() - self.taken);
        buffer[..count].copy_from_slice(&self.ready[self.taken..self.taken + count]);
        self.taken += count;
        self.position += count as u64;
        Ok(count)
    }
}

impl<R: Read + Seek> Seek for Decoded<R> {
    /// Goes to a place in the text. In one that is unpacked or turned, going back means to begin again.
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        let SeekFrom::Start(target) = to else {
            return Err(io::Error::from(ErrorKind::Unsupported));
        };
        if self.coding == Coding::PLAIN {
            self.raw.seek(target)?;
            self.position = target;
            return Ok(target);
        }
        let back = self.position - target.min(self.position);
        if back > self.taken as u64 {
            self.start_over()?;
        } else {
            self.taken -= back as usize;
            self.position -= back;
        }
        while self.position < target {
            if self.taken == self.ready.len() {
                self.fill()?;
            }
            let count = ((target - self.position) as usize).min(self.ready.len() - self.taken);
            if count == 0 {
                break;
            }
            self.taken += count;
            self.position += count as u64;
        }
        Ok(self.position)
    }
}

/// Unpacks gzip, one member behind the other.
#[derive(Default)]
pub(super) struct Unpacker {
    member: Option<GzDecoder<Vec<u8>>>,
    /// The first byte of what may be the next member.
    half: Option<u8>,
    /// Whether only zeros may follow, as tapes and disks append them.
    padded: bool,
    packed: u64,
    text: u64,
    lines: u64,
}

impl Unpacker {
    /// Unpacks the next piece of the file into `out`; an empty piece is its end.
    pub(super) fn unpack(&mut self, piece: &[u8], out: &mut Vec<u8>) -> Result<(), DecodeFault> {
        let mut rest = piece;
        if piece.is_empty() {
            return self.end(out);
        }
        while !rest.is_empty() {
            let Some(member) = &mut self.member else {
                rest = self.begin(rest)?;
                continue;
            };
            match member.write(rest) {
                Ok(0) => {
                    self.take(out)?;
                    self.finish(out)?;
                }
                Ok(count) => {
                    rest = &rest[count..];
                    self.packed += count as u64;
                    self.take(out)?;
                }
                Err(_) => {
                    self.take(out)?;
                    return Err(self.damaged());
                }
            }
        }
        Ok(())
    }

    /// Looks for the start of a member.
    fn begin<'a>(&mut self, rest: &'a [u8]) -> Result<&'a [u8], DecodeFault> {
        let (first, after) = (rest[0], &rest[1..]);
        if self.half.take().is_some() {
            if first != GZIP[1] {
                return Err(DecodeFault::Trailing { byte: self.packed });
            }
            let mut member = GzDecoder::new(Vec::new());
            // Two bytes of a header can be neither wrong nor text.
            let _ = member.write(GZIP);
            self.packed += 2;
            self.member = Some(member);
        } else if first == GZIP[0] && !self.padded {
            self.half = Some(first);
        } else if first == 0 && self.packed > 0 {
            self.padded = true;
            self.packed += 1;
        } else {
            return Err(DecodeFault::Trailing { byte: self.packed });
        }
        Ok(after)
    }

    /// Hands over the text that came out.
    fn take(&mut self, out: &mut Vec<u8>) -> Result<(), DecodeFault> {
        let Some(member) = &mut self.member else { return Ok(()) };
        let text = member.get_mut();
        self.text += text.len() as u64;
        self.lines += text.iter().filter(|&&byte| byte == b'\n').count() as u64;
        out.append(text);
        if self.text > FREE && self.text / MOST_RATIO > self.packed {
            return Err(DecodeFault::Bomb {
                packed: self.packed,
                text: self.text,
            });
        }
        Ok(())
    }

    /// Ends a member that takes no more bytes.
    fn finish(&mut self, out: &mut Vec<u8>) -> Result<(), DecodeFault> {
        self.take(out)?;
        let done = self.member.as_mut().map_or(Ok(()), GzDecoder::try_finish);
        self.take(out)?;
        self.member = None;
        done.map_err(|_| self.damaged())
    }

    fn end(&mut self, out: &mut Vec<u8>) -> Result<(), DecodeFault> {
        if self.half.is_some() {
            return Err(DecodeFault::Trailing { byte: self.packed });
        }
        // What the decoder still holds back belongs to the text.
        let _ = self.member.as_mut().map(GzDecoder::flush);
        self.take(out)?;
        // A member that is whole takes no byte more; what comes of a byte that it takes is thrown away with it.
        let is_whole = self.member.as_mut().is_none_or(|member| matches!(member.write(&[0]), Ok(0)));
        if is_whole {
            return self.finish(out);
        }
        Err(DecodeFault::Truncated {
            text: self.text,
            lines: self.lines,
        })
    }

    fn damaged(&self) -> DecodeFault {
        DecodeFault::Damaged {
            text: self.text,
            lines: self.lines,
        }
    }
}

/// Turns the characters of a text into UTF-8, piece by piece.
#[derive(Default)]
pub(super) struct Transcoder {
    /// The start of a character whose end has not come yet.
    partial: Vec<u8>,
    lines: u64,
}

impl Transcoder {
    /// Turns the next piece into `out`; `last` tells that it is the last one.
    pub(super) fn turn(&mut self, piece: &[u8], encoding: Encoding, last: bool, out: &mut Vec<u8>) -> Result<(), DecodeFault> {
        match encoding {
            Encoding::Utf8 => out.extend_from_slice(piece),
            Encoding::Utf16Le => return self.turn_pairs(piece, u16::from_le_bytes, last, out),
            Encoding::Utf16Be => return self.turn_pairs(piece, u16::from_be_bytes, last, out),
            Encoding::Latin1 => {
                for &byte in piece {
                    push(char::from(byte), out);
                }
            }
            Encoding::Windows1252 => out.extend_from_slice(CP1252.decode(piece).as_bytes()),
            Encoding::Windows1250 => out.extend_from_slice(CP1250.decode(piece).as_bytes()),
            Encoding::Windows1251 => out.extend_from_slice(CP1251.decode(piece).as_bytes()),
            Encoding::Windows1254 => out.extend_from_slice(CP1254.decode(piece).as_bytes()),
            Encoding::Ibm437 => out.extend_from_slice(CP437.decode(piece).as_bytes()),
            Encoding::Ibm850 => out.extend_from_slice(CP850.decode(piece).as_bytes()),
        }
        Ok(())
    }

    fn turn_pairs(&mut self, piece: &[u8], unit: fn([u8; 2]) -> u16, last: bool, out: &mut Vec<u8>) -> Result<(), DecodeFault> {
        let mut bytes = std::mem::take(&mut self.partial);
        bytes.extend_from_slice(piece);
        let mut units = bytes.chunks_exact(2).map(|pair| unit([pair[0], pair[1]])).peekable();
        let mut used = 0;
        while let Some(first) = units.next() {
            let c = match (first, units.peek()) {
                (0xd800..=0xdbff, Some(second @ 0xdc00..=0xdfff)) => {
                    let code = 0x10000 + ((u32::from(first) - 0xd800) << 10) + (u32::from(*second) - 0xdc00);
                    used += 2;
                    units.next();
                    char::from_u32(code)
                }
                (0xd800..=0xdbff, None) => break,
                _ => char::from_u32(u32::from(first)),
            };
            used += 2;
            let Some(c) = c else {
                return Err(DecodeFault::NotUtf16 { line: self.lines + 1 });
            };
            self.lines += u64::from(c == '\n');
            push(c, out);
        }
        self.partial = bytes.split_off(used);
        if last && !self.partial.is_empty() {
            return Err(DecodeFault::NotUtf16 { line: self.lines + 1 });
        }
        Ok(())
    }
}

fn push(c: char, out: &mut Vec<u8>) {
    out.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes());
}

#[cfg(test)]
mod tests {
    use super::*;
    use flate2::Compression;
    use flate2::write::GzEncoder;
    use proptest::prelude::*;
    use std::io::Cursor;

    fn packed(text: &[u8]) -> Vec<u8> {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
        encoder.write_all(text).unwrap();
        encoder.finish().unwrap()
    }

    /// Unpacks in pieces of `size` bytes.
    fn unpacked(bytes: &[u8], size: usize) -> Result<Vec<u8>, DecodeFault> {
        let (mut unpacker, mut out) = (Unpacker::default(), Vec::new());
        for piece in bytes.chunks(size) {
            unpacker.unpack(piece, &mut out)?;
        }
        unpacker.unpack(&[], &mut out)?;
        Ok(out)
    }

    fn turned(bytes: &[u8], size: usize, encoding: Encoding) -> Result<String, DecodeFault> {
        let (mut transcoder, mut out) = (Transcoder::default(), Vec::new());
        for piece in bytes.chunks(size) {
            transcoder.turn(piece, encoding, false, &mut out)?;
        }
        transcoder.turn(&[], encoding, true, &mut out)?;
        Ok(String::from_utf8(out).unwrap())
    }

    #[test]
    fn members_follow_each_other() {
        let mut both = packed(b"a,b\n");
        both.extend(packed(b""));
        both.extend(packed(b"1,2\n"));
        for size in 1..40 {
            assert_eq!(unpacked(&both, size).unwrap(), b"a,b\n1,2\n");
            let padded = [both.clone(), vec![0; 10]].concat();
            assert_eq!(unpacked(&padded, size).unwrap(), b"a,b\n1,2\n");
        }
    }

    #[test]
    fn what_is_wrong_with_a_packed_file_is_told() {
        let whole = packed(b"a,b\n1,2\n");
        let end = whole.len();
        for size in [1, 7, 1000] {
            for cut in [2, 5, 10, end - 9, end - 1] {
                assert!(matches!(unpacked(&whole[..cut], size), Err(DecodeFault::Truncated { .. })), "{cut}");
            }
            assert_eq!(unpacked(&whole[..end - 8], size), Err(DecodeFault::Truncated { text: 8, lines: 2 }));
            let mut broken = whole.clone();
            broken[end - 6] ^= 1;
            assert_eq!(unpacked(&broken, size), Err(DecodeFault::Damaged { text: 8, lines: 2 }));
            let trailing = [whole.clone(), b"tail".to_vec()].concat();
            assert_eq!(unpacked(&trailing, size), Err(DecodeFault::Trailing { byte: end as u64 }));
        }
    }

    #[test]
    fn a_bomb_is_stopped() {
        let zeros = vec![b'0'; 4 << 20];
        let mut bomb = packed(&zeros);
        bomb = bomb.repeat(80);
        let (mut unpacker, mut most) = (Unpacker::default(), 0);
        let fault = bomb.chunks(PIECE).find_map(|piece| {
            let mut out = Vec::new();
            let fault = unpacker.unpack(piece, &mut out).err();
            most = most.max(out.len());
            fault
        });
        let Some(DecodeFault::Bomb { packed, text }) = fault else {
            panic!()
        };
        assert!(text > FREE && text < FREE + (40 << 20) && packed * MOST_RATIO < text);
        assert!(most < 40 << 20);
    }

    #[test]
    fn going_back_in_a_packed_file_begins_again() {
        let text: Vec<u8> = (0..100_000_u32).flat_map(|i| i.to_string().into_bytes()).collect();
        let bytes = packed(&text);
        let mut decoded = Decoded::new(Cursor::new(bytes.clone()));
        let coding = Coding {
            packed: true,
            encoding: Encoding::Utf8,
        };
        decoded.read_as(coding).unwrap();
        for at in [0, 400_000, 10, 12, 5, 300_000, 1 << 30] {
            decoded.seek(SeekFrom::Start(at)).unwrap();
            let mut some = vec![0; 10];
            let count = decoded.read(&mut some).unwrap();
            let from = text.len().min(at as usize);
            assert_eq!(some[..count], text[from..from + count]);
        }
        let mut rest = Vec::new();
        decoded.seek(SeekFrom::Start(0)).unwrap();
        decoded.read_to_end(&mut rest).unwrap();
        assert_eq!(rest, text);
        assert_eq!(decoded.fingerprint(), blake3::hash(&bytes).to_hex().to_string());
        assert_eq!(decoded.seen(), bytes.len() as u64);
    }

    #[test]
    fn characters_are_turned() {
        assert_eq!(turned(b"\x80 \xe9\x81", 1, Encoding::Windows1252).unwrap(), "€ é\u{81}");
        assert_eq!(turned(b"\x80 \xe9", 1, Encoding::Latin1).unwrap(), "\u{80} é");
        assert_eq!(turned(b"\xb3\xf3d\x9f", 2, Encoding::Windows1250).unwrap(), "łódź");
        assert_eq!(turned(b"\xcf\xb8\xf2", 2, Encoding::Windows1251).unwrap(), "Пёт");
        assert_eq!(turned(b"\xfe\xfd", 2, Encoding::Windows1254).unwrap(), "şı");
        assert_eq!(turned(b"\x84\x9b", 2, Encoding::Ibm437).unwrap(), "ä¢");
        assert_eq!(turned(b"\x84\x9b", 2, Encoding::Ibm850).unwrap(), "äø");
        let half = turned(b"a\0\n\0\x3d\xd8", 3, Encoding::Utf16Le);
        assert_eq!(half, Err(DecodeFault::NotUtf16 { line: 2 }));
        assert_eq!(
            turned(b"\0a\xde\x42\0b", 3, Encoding::Utf16Be),
            Err(DecodeFault::NotUtf16 { line: 1 })
        );
    }

    proptest! {
        #[test]
        fn pairs_are_turned_in_pieces_of_any_size(text in any::<String>(), size in 1..9_usize) {
            let low: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
            let high: Vec<u8> = text.encode_utf16().flat_map(u16::to_be_bytes).collect();
            prop_assert_eq!(turned(&low, size, Encoding::Utf16Le).unwrap(), text.as_str());
            prop_assert_eq!(turned(&high, size, Encoding::Utf16Be).unwrap(), text.as_str());
        }

        #[test]
        fn what_was_packed_is_unpacked(text in proptest::collection::vec(any::<u8>(), 0..300), size in 1..50_usize) {
            prop_assert_eq!(unpacked(&packed(&text), size).unwrap(), text);
        }

        #[test]
        fn arbitrary_packed_bytes_never_panic(bytes in proptest::collection::vec(any::<u8>(), 0..100), size in 1..50_usize) {
            let _ = unpacked(&[GZIP, &bytes].concat(), size);
        }
    }
}
