//! What is searched for by fuzzing (`fuzz/`), a fixed part of it every time: the seeds, what once broke, and seeded variations of both.

use std::fs;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};

#[allow(dead_code, reason = "the fuzz targets use the same file")]
#[path = "../../fuzz/src/bodies.rs"]
mod bodies;

use bodies::Draws;

/// Pieces that mean something to a reader, for variations to put in.
const PIECES: [&[u8]; 30] = [
    b"\"",
    b"\"\"",
    b",",
    b";",
    b"\t",
    b"|",
    b"\n",
    b"\r",
    b"\r\n",
    b"\0",
    b"\xff",
    b"\xfe",
    b"\xef\xbb\xbf",
    b"\xc3",
    b"\xe2\x80\xae",
    b" ",
    b"NA",
    b"nan",
    b"inf",
    b"-",
    b"1e309",
    b"0.1",
    b"9223372036854775808",
    b"2020-01-01",
    b"12:00",
    b"true",
    b"#",
    b"\\",
    b"=",
    b"\x1f\x8b\x08",
];

#[test]
fn any_bytes_are_read_or_refused() {
    vary("read", bodies::read, 800);
}

#[test]
fn any_table_is_audited_or_refused() {
    vary("audit", bodies::audit, 80);
}

#[test]
fn any_text_is_a_sentence_or_not() {
    vary("sentence", bodies::sentence, 1500);
}

#[test]
fn any_text_is_a_suite_or_not() {
    vary("suite", bodies::suite, 800);
}

/// Runs a body on its seeds, on what once broke, and on `variations` of them.
fn vary(target: &str, body: fn(&[u8]), variations: usize) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz");
    let mut inputs = files(&folder.join("seeds").join(target));
    assert!(!inputs.is_empty(), "{target} has seeds");
    inputs.extend(files(&folder.join("regressions").join(target)));
    for (path, bytes) in &inputs {
        hold(body, bytes, &path.display().to_string());
    }
    let mut draws = Draws::of(target.as_bytes());
    for number in 0..variations {
        let mut bytes = inputs[draws.below(inputs.len())].1.clone();
        for _ in 0..=draws.below(6) {
            let other = &inputs[draws.below(inputs.len())].1;
            change(&mut bytes, other, &mut draws);
        }
        hold(body, &bytes, &format!("variation {number} of {target}"));
    }
}

/// Runs the body; says which input it does not hold for, and keeps that for the regressions.
fn hold(body: fn(&[u8]), bytes: &[u8], what: &str) {
    if catch_unwind(AssertUnwindSafe(|| body(bytes))).is_err() {
        let path = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("fuzz-failure");
        _ = fs::write(&path, bytes);
        panic!("{what}, kept in {}: {:?}", path.display(), String::from_utf8_lossy(bytes));
    }
}

/// One small change of the bytes.
fn change(bytes: &mut Vec<u8>, other: &[u8], draws: &mut Draws) {
    let at = draws.below(bytes.len() + 1);
    let end = (at + draws.below(40)).min(bytes.len());
    match draws.below(7) {
        0 if at < bytes.len() => bytes[at] = draws.below(256) as u8,
        1 => drop(bytes.drain(at..end)),
        2 => {
            let again = bytes[at..end].repeat(1 + draws.below(20));
            bytes.splice(at..at, again);
        }
        3 => {
            let from = draws.below(other.len() + 1);
            let to = (from + draws.below(60)).min(other.len());
            bytes.splice(at..end, other[from..to].iter().copied());
        }
        4 => bytes.truncate(at.max(bytes.len() / 2)),
        _ => {
            let piece = PIECES[draws.below(PIECES.len())];
            bytes.splice(at..at, piece.iter().copied());
        }
    }
}

/// The files of a folder by name, with what is in them; none where there is no folder.
fn files(folder: &Path) -> Vec<(PathBuf, Vec<u8>)> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    let mut paths: Vec<PathBuf> = entries.map(|entry| entry.path()).filter(|path| path.is_file()).collect();
    paths.sort();
    let read = |path: PathBuf| fs::read(&path).map(|bytes| (path, bytes));
    paths
        .into_iter()
        .map(|path| read(path).unwrap_or_else(|error| panic!("{}: {error}", folder.display())))
        .collect()
}
