//! Two files compared: the product beside Evidently and NannyML, on the two halves of the benchmark's file.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs::{self, File};
use std::io::{BufRead, BufReader, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use super::assay::{between, give, settle, wait_for};
use super::browser::Browser;
use super::figures::Figures;
use super::site::Site;
use super::table;

/// How long a job may take before it counts as failed.
const LIMIT: Duration = Duration::from_secs(600);

/// The earlier and the later half of the file, each with its header.
struct Halves {
    reference: PathBuf,
    current: PathBuf,
}

/// Compares the halves by every means, and gives the figures as a table.
///
/// # Panics
/// When a half cannot be written, or a job gives another answer than Evidently.
pub fn measure(site: &Site, file: &Path, rows: u64, peers: &Path, runs: usize) -> String {
    let halves = halves(file, rows);
    let mut figures = Figures::default();
    for round in 0..runs {
        figures.run("assay", round, &|figures| in_the_page(figures, site, &halves));
        figures.run("native", round, &|figures| native(figures, &halves));
        figures.run("evidently", round, &|figures| python(figures, peers, "evidently", &halves));
        figures.run("nannyml", round, &|figures| python(figures, peers, "nannyml", &halves));
    }
    markdown(&figures, rows)
}

fn halves(file: &Path, rows: u64) -> Halves {
    let own = Halves {
        reference: file.with_file_name(format!("reference-{}.csv", rows / 2)),
        current: file.with_file_name(format!("current-{}.csv", rows / 2)),
    };
    if !own.current.exists() {
        write_halves(file, rows, &own).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
    }
    own
}

fn write_halves(file: &Path, rows: u64, own: &Halves) -> std::io::Result<()> {
    let mut lines = BufReader::with_capacity(1 << 20, File::open(file)?).split(b'\n');
    let header = lines.next().transpose()?.unwrap_or_default();
    for path in [&own.reference, &own.current] {
        let part = path.with_extension("part");
        let mut out = BufWriter::with_capacity(1 << 20, File::create(&part)?);
        out.write_all(&header)?;
        out.write_all(b"\n")?;
        for line in lines.by_ref().take(usize::try_from(rows / 2).unwrap_or(usize::MAX)) {
            out.write_all(&line?)?;
            out.write_all(b"\n")?;
        }
        out.flush()?;
        fs::rename(part, path)?;
    }
    Ok(())
}

/// Gives both files to the page at once, and waits for the report.
fn in_the_page(figures: &mut Figures, site: &Site, halves: &Halves) {
    let browser = Browser::chromium();
    browser.go(&site.product(""));
    browser.find("#file-input");
    settle(&browser);
    // The peers look at neither the id nor the time.
    let options = json!({ "audit": true, "roles": { "timestamp": "ignored", "race": "feature", "sex": "feature" } });
    let both = format!("{}\n{}", halves.current.display(), halves.reference.display());
    give(&browser, &options, Path::new(&both));
    let probe = wait_for(&browser, "report", LIMIT);
    for mark in ["read", "report"] {
        figures.note(&format!("assay: {mark}"), between(&probe, "chosen", mark).unwrap_or(f64::NAN));
    }
}

/// The command, from its start to its end, by Evidently's rules, so that its sizes can be held against Evidently's.
fn native(figures: &mut Figures, halves: &Halves) {
    let from = Instant::now();
    let out = Path::new(super::FOLDER).join("drift.json");
    let status = Command::new(env!("CARGO_BIN_EXE_assay"))
        .arg("audit")
        .arg(&halves.current)
        .arg("--reference")
        .arg(&halves.reference)
        .args(["--drift-dialect", "evidently", "--sensitive", "", "--windows", "none", "--json"])
        .arg(&out)
        .stdout(Stdio::null())
        .status()
        .expect("the command was built with this program");
    assert!(matches!(status.code(), Some(0 | 1)), "assay audit: {status}");
    figures.note("assay native: whole", from.elapsed().as_secs_f64() * 1000.0);
}

/// The sizes of drift that the command gave.
fn own_scores() -> BTreeMap<String, f64> {
    let text = fs::read(Path::new(super::FOLDER).join("drift.json")).expect("the command wrote its report");
    let report: Value = serde_json::from_slice(&text).expect("a report is JSON");
    let estimates = report["estimates"].as_array().expect("a report lists its estimates").iter();
    let own = estimates.filter(|own| own["metric"] == "drift_score" && own["params"].as_object().is_none_or(serde_json::Map::is_empty));
    own.filter_map(|own| Some((own["columns"][0].as_str()?.to_owned(), own["value"].as_f64()?)))
        .collect()
}

fn python(figures: &mut Figures, peers: &Path, job: &str, halves: &Halves) {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("benches/compare/peers/drift.py");
    let run = Command::new(peers.join("venv/bin/python"))
        .arg(script)
        .arg(job)
        .args([&halves.reference, &halves.current])
        .stderr(Stdio::inherit())
        .output()
        .unwrap_or_else(|error| panic!("{}: {error}; .ci/tools.sh bench-drift makes it", peers.display()));
    let result: Value = serde_json::from_slice(&run.stdout).unwrap_or_else(|error| panic!("{job}: {error}"));
    let seconds = |value: &Value| value.as_f64().expect("the script counts seconds") * 1000.0;
    figures.note(&format!("{job}: whole"), seconds(&result["seconds"]));
    figures.note(&format!("{job}: drift"), seconds(&result["laps"]["drift"]));
    let own = own_scores();
    for (column, score) in result["scores"].as_object().into_iter().flatten() {
        let (found, expected) = (own.get(column).copied().unwrap_or(f64::NAN), score.as_f64().unwrap_or(f64::NAN));
        assert!(
            (found - expected).abs() < 1e-9,
            "the drift of {column} is {expected} to {job}, not {found}"
        );
    }
}

fn markdown(figures: &Figures, rows: u64) -> String {
    let mut text = format!("Two files of {} rows and 17 columns.\n", table::thousands(rows / 2));
    let time = |name: &str| figures.median(name).map_or("-".to_owned(), table::seconds);
    let ratio = |slow: &str, quick: &str| figures.ratio(slow, quick).map_or("-".to_owned(), |ratio| format!("{ratio:.1}"));
    _ = writeln!(text, "\n| two files compared | measured |\n|---|---:|");
    for (what, name) in [
        ("both read, in the page", "assay: read"),
        ("report on the screen", "assay: report"),
        ("`assay audit --reference`, native, to the end", "assay native: whole"),
        ("Evidently's drift preset, 15 columns, native, both read", "evidently: whole"),
        ("of which after the reading", "evidently: drift"),
        (
            "NannyML's univariate drift, 15 columns, 3 methods, native, both read",
            "nannyml: whole",
        ),
    ] {
        _ = writeln!(text, "| {what} | {} |", time(name));
    }
    _ = writeln!(text, "\n| ratio | measured | aim |\n|---|---:|---:|");
    for (what, slow, quick, aim) in [
        (
            "the page's report over Evidently, reading included",
            "evidently: whole",
            "assay: report",
            "20",
        ),
        (
            "the page's report over NannyML, reading included",
            "nannyml: whole",
            "assay: report",
            "",
        ),
        ("the command over Evidently", "evidently: whole", "assay native: whole", ""),
        ("the command over NannyML", "nannyml: whole", "assay native: whole", ""),
    ] {
        _ = writeln!(text, "| {what} | {} | {aim} |", ratio(slow, quick));
    }
    for failure in figures.failures() {
        _ = writeln!(text, "Not measured: {}", failure.lines().next().unwrap_or_default());
    }
    text
}
