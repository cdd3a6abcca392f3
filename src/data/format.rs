//! Opens a file: finds out whether it is packed, how its characters are written, whether it holds delimited rows or JSON Lines, and how.

use std::io::{Read, Seek};

use super::DataError;
use super::decode::{Coding, DecodeFault, Decoded, GZIP};
use super::detect::{Window, detect};
use super::dialect::Dialect;
use super::json_lines;
use super::options::{Aspect, Detected, Encoding, Format, ReadOptions};
use super::rules::Rules;
use super::signature::{known, other_than_text};
use super::source::{Fault, Source};

/// The mark that a text in UTF-8 may begin with.
const MARK: &[u8] = b"\xef\xbb\xbf";

/// Bytes looked at before the reading begins.
pub(super) const WINDOW: usize = 256 << 10;

/// A file of JSON Lines that is ready to be read.
pub(super) struct Opened<R> {
    pub source: Source<R>,
    pub rules: Rules,
    /// How it is read, and how that is known.
    pub reading: Vec<Detected>,
}

/// What the first bytes of a text tell.
#[derive(Debug, Clone)]
pub(super) struct Looked {
    pub form: Form,
    pub rules: Rules,
    /// How the file is read, and how that is known.
    pub reading: Vec<Detected>,
}

/// What the rows of a file are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    /// Delimited fields.
    Rows(Dialect),
    /// A JSON object a line, from that byte on.
    Lines(u64),
}

/// How the bytes of `inner` become text, and how that is known; `not_utf8` is the line at which it was found to be in another encoding
/// than UTF-8.
pub(super) fn decode<R: Read + Seek>(
    inner: R,
    file: &str,
    options: &ReadOptions,
    not_utf8: Option<u64>,
) -> Result<(Decoded<R>, Vec<Detected>), DataError> {
    options.check()?;
    let mut decoded = Decoded::new(inner);
    let raw = first(&mut decoded).map_err(|error| fault_of(&error, file))?;
    let packed = raw.starts_with(GZIP);
    let mut bytes = raw;
    if packed {
        let coding = Coding {
            packed,
            encoding: Encoding::Utf8,
        };
        decoded.read_as(coding).map_err(|error| fault_of(&error, file))?;
        bytes = first(&mut decoded).map_err(|error| fault_of(&error, file))?;
    }
    let (encoding, mut reading) = encoding(file, &bytes, options, not_utf8)?;
    if packed {
        reading.insert(0, Detected::new(Aspect::Compression, "gzip", "the first two bytes say so"));
    }
    decoded
        .read_as(Coding { packed, encoding })
        .map_err(|error| fault_of(&error, file))?;
    Ok((decoded, reading))
}

/// How it is known that a file is plain text in UTF-8, by its first bytes; `None` where it is not.
pub(super) fn plain(file: &str, bytes: &[u8], options: &ReadOptions) -> Result<Option<Vec<Detected>>, DataError> {
    options.check()?;
    if bytes.starts_with(GZIP) {
        return Ok(None);
    }
    let (encoding, reading) = encoding(file, bytes, options, None)?;
    Ok((encoding == Encoding::Utf8).then_some(reading))
}

/// How the characters of a file are written, whose first unpacked bytes these are.
fn encoding(file: &str, bytes: &[u8], options: &ReadOptions, not_utf8: Option<u64>) -> Result<(Encoding, Vec<Detected>), DataError> {
    let (encoding, why) = match (options.encoding, not_utf8) {
        (Some(encoding), _) => (encoding, "as given".to_owned()),
        (None, Some(line)) => (
            Encoding::Windows1252,
            format!("its first character beyond ASCII, on line {line}, is none in UTF-8"),
        ),
        (None, None) => {
            let (encoding, why) = encoding_of(bytes);
            (encoding, why.to_owned())
        }
    };
    let is_wide = matches!(encoding, Encoding::Utf16Le | Encoding::Utf16Be);
    // What the file looks like comes first: an archive is no UTF-8 either, but that would be no help.
    let looks_like = if is_wide { known(bytes) } else { other_than_text(bytes) };
    if let Some((looks_like, advice)) = looks_like.filter(|(what, _)| !what.contains("JSON")) {
        return Err(not_csv(file, looks_like, advice));
    }
    Ok((encoding, vec![Detected::new(Aspect::Encoding, encoding.as_str(), why)]))
}

/// Looks at the first bytes of a text, which are all where it is `whole`; `reading` tells how it became one.
pub(super) fn look(file: &str, window: &[u8], whole: bool, options: &ReadOptions, mut reading: Vec<Detected>) -> Result<Looked, DataError> {
    let start = if window.starts_with(MARK) { MARK.len() } else { 0 };
    let text = &window[start..];
    let rules = options.rules();
    let form = if whole && text.trim_ascii().is_empty() {
        return Err(DataError::Empty { file: file.to_owned() });
    } else if is_json_lines(text, whole, options) {
        let why = if options.format.is_some() {
            "as given"
        } else {
            "the first line is a JSON object"
        };
        reading.push(Detected::new(Aspect::Format, "json-lines", why));
        Form::Lines(start as u64)
    } else {
        if options.format.is_none()
            && let Some((looks_like, advice)) = other_than_text(text)
        {
            return Err(not_csv(file, looks_like, advice));
        }
        let window = Window { text, whole };
        let (mut dialect, found) = detect(window, options, &rules);
        dialect.start += start as u64;
        let why = if options.format.is_some() {
            "as given"
        } else {
            "rows of delimited fields"
        };
        reading.push(Detected::new(Aspect::Format, "csv", why));
        reading.extend(found);
        Form::Rows(dialect)
    };
    Ok(Looked { form, rules, reading })
}

/// The first bytes as they come.
pub(super) fn first(reader: &mut impl Read) -> std::io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    reader.take(WINDOW as u64).read_to_end(&mut bytes)?;
    Ok(bytes)
}

fn not_csv(file: &str, looks_like: &'static str, advice: &'static str) -> DataError {
    DataError::NotCsv {
        file: file.to_owned(),
        looks_like,
        advice,
    }
}

fn is_json_lines(text: &[u8], whole: bool, options: &ReadOptions) -> bool {
    match options.format {
        Some(format) => format == Format::JsonLines,
        None => json_lines::looks_like(text, whole),
    }
}

/// How characters are written, and how that is known.
///
/// A mark at the start says it. Without one, text in which every other byte is often zero, and the others hardly are, is UTF-16; other text
/// is UTF-8 if its first character beyond ASCII is one in UTF-8, and Windows-1252 otherwise. (The rest of the file is checked while it is
/// read.)
fn encoding_of(bytes: &[u8]) -> (Encoding, &'static str) {
    if bytes.starts_with(MARK) {
        return (Encoding::Utf8, "the mark at its start says so");
    }
    if bytes.starts_with(b"\xff\xfe") {
        return (Encoding::Utf16Le, "the mark at its start says so");
    }
    if bytes.starts_with(b"\xfe\xff") {
        return (Encoding::Utf16Be, "the mark at its start says so");
    }
    if let Some(encoding) = wide(bytes) {
        return (encoding, "every other byte is often zero");
    }
    let Some(first) = bytes.iter().position(|byte| !byte.is_ascii()) else {
        return (Encoding::Utf8, "all of the first bytes are plain ASCII");
    };
    let rest = &bytes[first..bytes.len().min(first + 4)];
    let valid = match std::str::from_utf8(rest) {
        Ok(_) => true,
        // A character may be cut off by the end of the window, but not by the end of what was cut off here.
        Err(error) => error.valid_up_to() > 0 || error.error_len().is_none() && first + 4 > bytes.len() && bytes.len() >= WINDOW,
    };
    if valid {
        (Encoding::Utf8, "its first character beyond ASCII is one in it")
    } else {
        (Encoding::Windows1252, "its first character beyond ASCII is none in UTF-8")
    }
}

/// UTF-16 without a mark: a fifth of the bytes in one of the two places are zero, and hardly any in the other.
fn wide(bytes: &[u8]) -> Option<Encoding> {
    let zeros = |from: usize| bytes.iter().skip(from).step_by(2).filter(|&&byte| byte == 0).count();
    let (even, odd) = (zeros(0), zeros(1));
    let many = (bytes.len() / 10).max(1);
    match (even, odd) {
        _ if bytes.len() < 8 => None,
        (even, odd) if odd > many && even * 50 <= odd => Some(Encoding::Utf16Le),
        (even, odd) if even > many && odd * 50 <= even => Some(Encoding::Utf16Be),
        _ => None,
    }
}

/// Why a file gave no more text.
pub(super) fn error_of(fault: &Fault, file: &str) -> DataError {
    let name = || file.to_owned();
    match fault {
        Fault::NotUtf8 { line, byte, .. } => DataError::NotUtf8 {
            file: name(),
            line: *line,
            byte: byte + 1,
        },
        Fault::Decode(fault) => decode_error(fault, file),
        Fault::Io(reason) => io_error(file, reason),
        Fault::Limit => io_error(file, "a row is too long"),
    }
}

fn decode_error(fault: &DecodeFault, file: &str) -> DataError {
    let file = file.to_owned();
    match *fault {
        DecodeFault::Truncated { text, lines } => DataError::Unpacking {
            file,
            is_cut_off: true,
            text,
            lines,
        },
        DecodeFault::Damaged { text, lines } => DataError::Unpacking {
            file,
            is_cut_off: false,
            text,
            lines,
        },
        DecodeFault::Trailing { byte } => DataError::Trailing { file, byte: byte + 1 },
        DecodeFault::Bomb { packed, text } => DataError::UnpacksTooFar { file, packed, text },
        DecodeFault::NotUtf16 { line } => DataError::NotUtf16 { file, line },
    }
}

/// Why a file gave no more bytes.
pub(super) fn fault_of(error: &std::io::Error, file: &str) -> DataError {
    let decode = error.get_ref().and_then(|inner| inner.downcast_ref::<DecodeFault>());
    decode.map_or_else(|| io_error(file, &error.to_string()), |fault| decode_error(fault, file))
}

/// The error for a file that cannot be read.
pub(super) fn io_error(file: &str, reason: &str) -> DataError {
    DataError::Io {
        file: file.to_owned(),
        reason: reason.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn encodings_are_told_apart() {
        for (bytes, expected) in [
            (&b"a,b\n"[..], Encoding::Utf8),
            (b"\xef\xbb\xbfa", Encoding::Utf8),
            ("é,b".as_bytes(), Encoding::Utf8),
            (b"\xe9,b\n", Encoding::Windows1252),
            (b"caf\xe9", Encoding::Windows1252),
            ("é\u{fffd}".as_bytes(), Encoding::Utf8),
            (b"\xc3\xa9 \xe9", Encoding::Utf8),
            (b"\xff\xfea\0", Encoding::Utf16Le),
            (b"\xfe\xff\0a", Encoding::Utf16Be),
            (b"a\0,\0b\0\n\0", Encoding::Utf16Le),
            (b"\0a\0,\0b\0\n", Encoding::Utf16Be),
            (b"\0\0\0\0\0\0\0\0", Encoding::Utf8),
        ] {
            assert_eq!(encoding_of(bytes).0, expected, "{bytes:?}");
        }
        let cyrillic: Vec<u8> = "имя,год\nПётр,1\n".encode_utf16().flat_map(u16::to_le_bytes).collect();
        assert_eq!(encoding_of(&cyrillic).0, Encoding::Utf16Le);
    }
}
