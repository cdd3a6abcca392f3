//! Checked-in texts that a run must reproduce byte for byte. `BLESS=1 cargo test` writes them instead; read the difference before
//! committing it.

use std::fs;
use std::path::Path;

/// Compares `text` with `tests/golden/NAME`, or writes that file when blessing.
pub fn check(name: &str, text: &str) {
    let path = Path::new("tests/golden").join(name);
    if std::env::var_os("BLESS").is_some() {
        fs::create_dir_all(path.parent().expect("the path has a folder")).expect("the folder of goldens can be made");
        fs::write(&path, text).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        return;
    }
    let golden = fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}; BLESS=1 writes it", path.display()));
    if golden != text {
        let line = golden
            .lines()
            .zip(text.lines())
            .position(|(a, b)| a != b)
            .unwrap_or(golden.lines().count().min(text.lines().count()));
        panic!(
            "{} differs from line {}:\n  recorded {:?}\n  now      {:?}\nIf the change is meant, BLESS=1 cargo test records it.",
            path.display(),
            line + 1,
            golden.lines().nth(line).unwrap_or_default(),
            text.lines().nth(line).unwrap_or_default(),
        );
    }
}
