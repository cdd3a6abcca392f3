//! The figures as Markdown: what the page takes, what others take, and the ratios.

use std::fmt::Write;
use std::fs;
use std::path::Path;

use super::figures::Figures;

/// A line of a table: what it is, what was measured, what was aimed at.
type Line = (String, Option<String>, &'static str);

/// Everything that was measured, for the README.
pub fn markdown(figures: &Figures, file: &Path, rows: u64) -> String {
    let bytes = fs::metadata(file).map_or(0, |meta| meta.len()) as f64;
    let mut text = heading(figures, bytes, rows);
    lines(&mut text, "in the page", "aim", &in_the_page(figures, bytes));
    lines(&mut text, "the same file, read by", "", &readers(figures, bytes));
    lines(&mut text, "ratio", "aim", &ratios(figures));
    for failure in figures.failures() {
        _ = writeln!(text, "Not measured: {}", failure.lines().next().unwrap_or_default());
    }
    text
}

fn heading(figures: &Figures, bytes: f64, rows: u64) -> String {
    let processors = std::thread::available_parallelism().map_or(1, usize::from);
    let kind = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let kind = kind.lines().find_map(|line| line.strip_prefix("model name")?.split_once(": "));
    let kind = kind.map_or(String::new(), |(_, kind)| format!(" ({kind})"));
    let browser = |name: &str| figures.words(name).unwrap_or("-").to_owned();
    format!(
        "{} rows, 17 columns, {:.1} MB; {processors} processors{kind}; Chromium {}, Firefox {}.\n",
        thousands(rows),
        bytes / 1e6,
        browser("chromium"),
        browser("firefox")
    )
}

fn in_the_page(figures: &Figures, bytes: f64) -> Vec<Line> {
    let time = |name: &str| figures.median(name).map(seconds);
    let read = |name: &str| figures.median(name).map(|ms| format!("{}, {}", seconds(ms), rate(bytes, ms)));
    let memory = |name: &str| {
        figures
            .largest(name)
            .map(|held| format!("{:.0} MB, {:.2} of the file", held / 1e6, held / bytes))
    };
    let workers = figures
        .largest("workers")
        .map_or_else(String::new, |workers| format!(" ({workers})"));
    vec![
        ("first rows on the screen".to_owned(), time("assay: preview"), "1 s"),
        ("file read, one worker".to_owned(), read("assay, one worker: read"), ""),
        (format!("file read, all workers{workers}"), read("assay: read"), ""),
        ("report on the screen".to_owned(), time("assay: report"), "1.5 s"),
        ("of which after the reading".to_owned(), time("assay: audit"), ""),
        ("threshold moved, new figures there".to_owned(), time("assay: threshold"), "16 ms"),
        ("Cancel pressed, page free".to_owned(), time("cancel"), ""),
        (
            "longest gap between frames, reading".to_owned(),
            figures.largest("assay: longest frame, reading").map(seconds),
            "",
        ),
        (
            "longest gap between frames, auditing".to_owned(),
            figures.largest("assay: longest frame, auditing").map(seconds),
            "",
        ),
        ("wasm memory at most".to_owned(), memory("wasm memory"), "0.6 of the file"),
        ("the tab's process at most".to_owned(), memory("assay: renderer"), ""),
        ("file read in Firefox".to_owned(), read("assay in firefox: read"), ""),
    ]
}

fn readers(figures: &Figures, bytes: f64) -> Vec<Line> {
    [
        ("papaparse to typed columns, Chromium", "papaparse: read"),
        ("duckdb-wasm `create table`, Chromium", "duckdb: read"),
        ("`csv` with serde, native, nothing kept", "csv + serde: read"),
        ("pandas `read_csv`, native", "pandas: read"),
        ("polars `read_csv`, native", "polars: read"),
        ("`assay inspect`, native", "assay native: read"),
        ("`assay inspect --workers 1`, native", "assay native, one worker: read"),
        ("`assay audit --html`, native, to the end", "assay native: report"),
        ("the same audit of the table in memory, to the last number", "assay native: audit"),
        ("pandas, scikit-learn and fairlearn, native, to the last number", "audit: whole"),
        ("of which fairlearn: 6 measures by race and sex", "audit: fairlearn"),
        ("of which scikit-learn: 8 measures of all rows", "audit: measures of all rows"),
        ("of which scikit-learn: AUC by race and by sex", "audit: ranks by race and by sex"),
    ]
    .map(|(what, name)| {
        let is_read = name.ends_with("read");
        let shown = figures.median(name).map(|ms| match is_read {
            true => format!("{}, {}", seconds(ms), rate(bytes, ms)),
            false => seconds(ms),
        });
        (what.to_owned(), shown, "")
    })
    .into()
}

fn ratios(figures: &Figures) -> Vec<Line> {
    let ratio = |slow: &str, quick: &str| figures.ratio(slow, quick).map(|ratio| format!("{ratio:.2}"));
    let native = match figures.median("assay native, one worker: read") {
        Some(_) => "assay native, one worker: read",
        None => "assay native: read",
    };
    let one = "assay, one worker: read";
    [
        ("one worker over the same code natively", ratio(native, one), "0.6"),
        ("one worker over papaparse", ratio("papaparse: read", one), "5"),
        ("one worker over duckdb-wasm", ratio("duckdb: read", one), "3"),
        ("all workers over papaparse", ratio("papaparse: read", "assay: read"), ""),
        ("all workers over duckdb-wasm", ratio("duckdb: read", "assay: read"), ""),
        ("all workers over one", ratio(one, "assay: read"), "1.25"),
        ("all workers over pandas' `read_csv`", ratio("pandas: read", "assay: read"), "1"),
        ("all workers over polars' `read_csv`", ratio("polars: read", "assay: read"), ""),
        ("all workers over `csv` with serde", ratio("csv + serde: read", "assay: read"), ""),
        (
            "report over pandas, scikit-learn and fairlearn",
            ratio("audit: whole", "assay: report"),
            "25",
        ),
        (
            "audit in Chromium over the same code natively",
            ratio("assay native: audit", "assay: audit"),
            "0.5",
        ),
        (
            "every metric natively over scikit-learn's AUC alone",
            ratio("audit: ranks", "assay native: audit"),
            "",
        ),
        ("Firefox over Chromium", ratio("assay: read", "assay in firefox: read"), "0.5"),
    ]
    .map(|(what, value, aim)| (what.to_owned(), value, aim))
    .into()
}

fn lines(text: &mut String, what: &str, aim: &str, lines: &[Line]) {
    let has_aim = !aim.is_empty();
    let (title, rule) = if has_aim {
        (format!(" {aim} |"), "---:|")
    } else {
        (String::new(), "")
    };
    _ = writeln!(text, "\n| {what} | measured |{title}\n|---|---:|{rule}");
    for (what, measured, aim) in lines {
        let measured = measured.as_deref().unwrap_or("-");
        let aim = if has_aim { format!(" {aim} |") } else { String::new() };
        _ = writeln!(text, "| {what} | {measured} |{aim}");
    }
}

/// A time in milliseconds, as it is written.
pub fn seconds(milliseconds: f64) -> String {
    match milliseconds {
        ms if ms < 1000.0 => format!("{ms:.0} ms"),
        ms if ms < 10_000.0 => format!("{:.2} s", ms / 1000.0),
        ms => format!("{:.0} s", ms / 1000.0),
    }
}

fn rate(bytes: f64, milliseconds: f64) -> String {
    format!("{:.0} MB/s", bytes / milliseconds / 1000.0)
}

/// A whole number, as it is written.
pub fn thousands(number: u64) -> String {
    let digits = number.to_string();
    let mut spaced = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            spaced.push(' ');
        }
        spaced.push(digit);
    }
    spaced
}

/// Puts tables between the README's markers of that name.
///
/// # Panics
/// When the README cannot be read or written, or lacks the markers.
pub fn put_into_readme(name: &str, tables: &str) {
    let start = format!("<!-- {name} -->\n\n");
    const END: &str = "\n\n<!-- end -->";
    let readme = fs::read_to_string("README.md").unwrap_or_else(|error| panic!("README.md: {error}"));
    let from = readme.find(&start).expect("README.md has a place for the figures") + start.len();
    let to = from + readme[from..].find(END).expect("the place for the figures ends");
    let text = format!("{}{}{}", &readme[..from], tables.trim_end(), &readme[to..]);
    fs::write("README.md", text).unwrap_or_else(|error| panic!("README.md: {error}"));
}
