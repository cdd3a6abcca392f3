//! Files that are no text with rows, told by their first bytes.

/// What stands at the start of other kinds of file; whether it never starts a text; what the file is, and what to do with it.
const SIGNATURES: [(&[u8], bool, &str, &str); 15] = [
    (b"PK\x03\x04", true, "a spreadsheet or ZIP archive", UNPACK),
    (b"PK\x05\x06", true, "an empty ZIP archive", UNPACK),
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
];

const UNPACK: &str = "Open it in a spreadsheet and save it as CSV, or unpack it and choose the CSV file inside";
const EXPORT: &str = "Export it as CSV";
const LINES: &str = "Write one object a line (JSON Lines), or export it as CSV";
const CHOOSE: &str = "Choose a CSV file";

/// What a file that is no table looks like, and what to do with it.
pub(super) fn other_than_text(window: &[u8]) -> Option<(&'static str, &'static str)> {
    known(window).or_else(|| window.contains(&0).then_some(("a binary file", CHOOSE)))
}

/// What a file looks like that says so itself, and what to do with it.
pub(super) fn known(window: &[u8]) -> Option<(&'static str, &'static str)> {
    let zeros = window.contains(&0);
    let broken = std::str::from_utf8(window).is_err_and(|error| error.error_len().is_some());
    let known = SIGNATURES
        .iter()
        .find(|(start, certain, ..)| window.trim_ascii_start().starts_with(start) && (*certain || zeros || broken));
    if let Some((_, _, looks_like, advice)) = known {
        return Some((looks_like, advice));
    }
    let head = window.trim_ascii_start();
    let inside = head.get(1..).unwrap_or_default().trim_ascii_start();
    match (head.first(), inside.first()) {
        (Some(b'{'), Some(b'"')) => return Some(("JSON", LINES)),
        (Some(b'['), Some(b'{')) => return Some(("a JSON array", LINES)),
        _ => {}
    }
    let is_page = [&b"<!doctype html"[..], b"<html"]
        .iter()
        .any(|tag| head.get(..tag.len()).is_some_and(|start| start.eq_ignore_ascii_case(tag)));
    is_page.then_some(("a web page", "Download the CSV file itself"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn other_files_are_named() {
        for (bytes, expected) in [
            (&b"PK\x03\x04\x14\0"[..], "a spreadsheet or ZIP archive"),
            (b"PAR1\x15\0\x15", "a Parquet file"),
            (b"%PDF-1.7\n", "a PDF document"),
            (b"\x89PNG\r\n\x1a\n", "a PNG image"),
            (b"a,b\n\0,1\n", "a binary file"),
            (b"\n {\"a\": 1}", "JSON"),
            (b"[{\"a\": 1}]", "a JSON array"),
            (b"<!DOCTYPE html><p>", "a web page"),
            (b"\0\0\0\0\0\0\0\0\0\0", "a binary file"),
        ] {
            assert_eq!(other_than_text(bytes).map(|(what, _)| what), Some(expected), "{bytes:?}");
        }
        // A column may well be called so.
        assert_eq!(other_than_text(b"PAR1,PAR2\n1,2\n"), None);
    }
}
