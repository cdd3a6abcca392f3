//! Outside the browser: Assay's command, the `csv` crate with serde, and what people run in Python.

use std::collections::BTreeMap;
use std::fs::File;
use std::hint::black_box;
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::time::Instant;

use assay::data::Roles;
use assay::engine::{AuditJob, EngineError, ReadJob, Step};
use assay::run::Settings;
use serde::Deserialize;
use serde_json::Value;

use super::figures::Figures;

/// A row as serde gives it, texts borrowed.
#[derive(Deserialize)]
#[allow(dead_code, reason = "every field is read from the file, which is what is measured")]
struct Row<'a> {
    id: u64,
    timestamp: &'a str,
    label: u8,
    prediction: u8,
    score: f64,
    race: &'a str,
    sex: &'a str,
    age: u32,
    region: &'a str,
    device: &'a str,
    segment: &'a str,
    channel: &'a str,
    income: Option<f64>,
    tenure_months: u32,
    balance: f64,
    visits: u32,
    latency_ms: f64,
}

/// Label and prediction of a row as one place: 0 for none, 1 for a false positive, 2 for a false negative, 3 for both.
type Matrix = [u64; 4];

/// What every job must find: the confusion matrix by race, and how long the `csv` crate took to find it.
pub struct Truth {
    races: BTreeMap<String, Matrix>,
    milliseconds: f64,
}

/// Reads the file with the `csv` crate and serde.
pub fn truth(file: &Path) -> Truth {
    let from = Instant::now();
    let mut reader = csv::Reader::from_path(file).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
    let headers = reader.headers().expect("the file has a header").clone();
    let mut races: BTreeMap<String, Matrix> = BTreeMap::new();
    let mut record = csv::StringRecord::new();
    while reader.read_record(&mut record).expect("the file is sound") {
        let row: Row<'_> = record.deserialize(Some(&headers)).expect("the file is sound");
        let place = usize::from(row.label * 2 + row.prediction);
        match races.get_mut(row.race) {
            Some(matrix) => matrix[place] += 1,
            None => races.entry(row.race.to_owned()).or_default()[place] += 1,
        }
        black_box(&row);
    }
    Truth {
        races,
        milliseconds: from.elapsed().as_secs_f64() * 1000.0,
    }
}

impl Truth {
    /// Checks a job's confusion matrices.
    pub fn check_matrices(&self, job: &str, answer: &Value) {
        let found: BTreeMap<String, Vec<f64>> = serde_json::from_value(answer.clone()).unwrap_or_default();
        let expected: BTreeMap<String, Vec<f64>> = self
            .races
            .iter()
            .map(|(race, matrix)| (race.clone(), matrix.map(|n| n as f64).to_vec()))
            .collect();
        assert_eq!(found, expected, "{job} gives another answer");
    }

    /// Checks accuracy and the selection rate by race.
    pub fn check(&self, job: &str, answer: &Value) {
        let near = |found: &Value, share: (u64, u64), what: &str| {
            let expected = share.0 as f64 / share.1 as f64;
            let found = found.as_f64().unwrap_or(f64::NAN);
            assert!((found - expected).abs() < 1e-12, "{job}: {what} is {expected}, not {found}");
        };
        let mut right = (0, 0);
        for (race, matrix) in &self.races {
            let rows: u64 = matrix.iter().sum();
            right = (right.0 + matrix[0] + matrix[3], right.1 + rows);
            near(
                &answer["races"][race],
                (matrix[1] + matrix[3], rows),
                &format!("the selection rate of {race}"),
            );
        }
        near(&answer["accuracy"], right, "accuracy");
    }
}

/// The `csv` crate with serde: every field of every row, nothing kept.
pub fn csv_serde(figures: &mut Figures, file: &Path, expected: &Truth) {
    let read = truth(file);
    assert_eq!(read.races, expected.races);
    figures.note("csv + serde: read", read.milliseconds);
}

/// Assay's command: reading alone with one thread and with all, and the audit with its report as HTML.
pub fn assay(figures: &mut Figures, file: &Path) {
    figures.note("assay native: read", command(&["inspect"], file));
    let help = Command::new(env!("CARGO_BIN_EXE_assay")).args(["inspect", "--help"]).output();
    let knows_workers = help.is_ok_and(|help| String::from_utf8_lossy(&help.stdout).contains("--workers"));
    if knows_workers {
        figures.note("assay native, one worker: read", command(&["inspect", "--workers", "1"], file));
    }
    figures.note("assay native: audit", audit(file));
    let out = Path::new(super::FOLDER).join("report.html");
    let out = out.to_str().expect("the benchmark's folder has a plain name");
    figures.note(
        "assay native: report",
        command(&["audit", "--sensitive", "race,sex", "--html", out], file),
    );
}

/// Milliseconds from the table to the report as a value: every metric of all rows, by race, by sex and by both.
fn audit(file: &Path) -> f64 {
    let source = File::open(file).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
    let bytes = source.metadata().map_or(0, |meta| meta.len());
    let mut reading = ReadJob::new(source, "predictions.csv", bytes);
    let table = Arc::new(finish(|| reading.step(usize::MAX >> 1)));
    let roles = Roles {
        label: Some("label".to_owned()),
        prediction: Some("prediction".to_owned()),
        score: Some("score".to_owned()),
        sensitive: vec!["race".to_owned(), "sex".to_owned()],
        ..Roles::default()
    };
    let from = Instant::now();
    let mut job = AuditJob::new(table, roles, Settings::default()).expect("these roles make an audit");
    black_box(finish(|| job.step(usize::MAX >> 1)));
    from.elapsed().as_secs_f64() * 1000.0
}

fn finish<T>(mut step: impl FnMut() -> Result<Step<T>, EngineError>) -> T {
    loop {
        if let Step::Done(result) = step().expect("the file is sound") {
            return result;
        }
    }
}

/// Milliseconds from the start of the command to its end.
fn command(arguments: &[&str], file: &Path) -> f64 {
    let from = Instant::now();
    let status = Command::new(env!("CARGO_BIN_EXE_assay"))
        .args(arguments)
        .arg(file)
        .stdout(Stdio::null())
        .status()
        .expect("the command was built with this program");
    // 1 says that a check failed, which is an answer, too.
    assert!(matches!(status.code(), Some(0 | 1)), "assay {arguments:?}: {status}");
    from.elapsed().as_secs_f64() * 1000.0
}

/// A job of `native.py`: its own clock, so that starting Python and importing is left out.
pub fn python(figures: &mut Figures, peers: &Path, job: &str, file: &Path, truth: &Truth) {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("benches/compare/peers/native.py");
    let run = Command::new(peers.join("venv/bin/python"))
        .arg(script)
        .arg(job)
        .arg(file)
        .stderr(Stdio::inherit())
        .output()
        .unwrap_or_else(|error| panic!("{}: {error}; .ci/tools.sh bench makes it", peers.join("venv/bin/python").display()));
    let result: Value = serde_json::from_slice(&run.stdout).unwrap_or_else(|error| panic!("{job}: {error}"));
    let seconds = |value: &Value| value.as_f64().expect("the script counts seconds") * 1000.0;
    let lap = |name: &str| result["laps"].get(name).map(seconds);
    figures.note(&format!("{job}: whole"), seconds(&result["seconds"]));
    for (lap, value) in result["laps"].as_object().into_iter().flatten() {
        figures.note(&format!("{job}: {lap}"), seconds(value));
    }
    if let (Some(ranks), Some(classes), Some(by_group)) = (
        lap("ranks of all rows"),
        lap("classes of all rows"),
        lap("ranks by race and by sex"),
    ) {
        figures.note(&format!("{job}: measures of all rows"), ranks + classes);
        figures.note(&format!("{job}: ranks"), ranks + by_group);
    }
    figures.note(&format!("{job}: memory"), result["peak_mb"].as_f64().unwrap_or(f64::NAN) * 1e6);
    truth.check_matrices(job, &result["answer"]);
}
