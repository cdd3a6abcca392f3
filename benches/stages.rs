//! How long each stage of the engine takes natively, on one thread: `make bench-stages`.
//!
//! `make bench` measures the product as people meet it; this says where its time goes.

#![allow(missing_docs, reason = "criterion writes functions without documentation")]

mod predictions;

use std::hint::black_box;
use std::io::Cursor;
use std::sync::Arc;
use std::time::Duration;

use assay::data::{Roles, Table};
use assay::engine::{AuditJob, Errand, Part, Progress, ReadJob, Stage, Step, inspect};
use assay::report::html;
use assay::run::Settings;
use assay::stats::sum::ExactSum;
use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};

/// Rows that are read in a benchmark of reading: 24 MB.
const READ: u64 = 200_000;

/// Rows that are measured.
const MEASURED: u64 = 2_000_000;

/// More rows than a step can have, so that a stage is one step.
const ALL: usize = usize::MAX >> 1;

fn file(rows: u64) -> Vec<u8> {
    let mut bytes = Vec::new();
    predictions::write(&mut bytes, rows).expect("a vector can be written to");
    bytes
}

fn read(bytes: &[u8]) -> Table {
    let mut job = ReadJob::new(Cursor::new(bytes), "predictions.csv", bytes.len() as u64);
    loop {
        if let Step::Done(table) = job.step(ALL).expect("the file is sound") {
            return table;
        }
    }
}

fn reading(criterion: &mut Criterion) {
    let bytes = file(READ);
    let mut group = criterion.benchmark_group("reading");
    group.throughput(Throughput::Bytes(bytes.len() as u64)).sample_size(20);
    group.bench_function("bytes to a table", |bencher| bencher.iter(|| read(&bytes)));
    // What reading cannot be quicker than with the csv crate, and what the fingerprint alone takes.
    group.bench_function("csv crate, fields alone", |bencher| bencher.iter(|| fields(&bytes)));
    group.bench_function("fingerprint", |bencher| bencher.iter(|| blake3::hash(&bytes)));
    let table = read(&bytes);
    group.bench_function("roles", |bencher| bencher.iter(|| inspect(&table)));
    group.finish();
}

fn fields(bytes: &[u8]) -> usize {
    let mut reader = csv::Reader::from_reader(bytes);
    let (mut record, mut fields) = (csv::ByteRecord::new(), 0);
    while reader.read_byte_record(&mut record).expect("the file is sound") {
        fields += black_box(&record).len();
    }
    fields
}

/// Roles that measure the prediction, the score or both, by the groups of these columns: five races, three sexes, fifteen of both.
fn roles(score: bool, prediction: bool, sensitive: &[&str]) -> Roles {
    let named = |wanted: bool, name: &str| wanted.then(|| name.to_owned());
    Roles {
        label: named(true, "label"),
        prediction: named(prediction, "prediction"),
        score: named(score, "score"),
        sensitive: sensitive.iter().map(|&name| name.to_owned()).collect(),
        ..Roles::default()
    }
}

fn job(table: &Arc<Table>, roles: &Roles, settings: &Settings) -> AuditJob {
    AuditJob::new(Arc::clone(table), roles.clone(), settings.clone()).expect("these roles make an audit")
}

/// Steps through the measuring alone: what depends on the number of rows.
fn measured(mut job: AuditJob) -> AuditJob {
    let measuring = |step: &Step<_>| {
        matches!(
            step,
            Step::Working(Progress {
                stage: Stage::Measuring,
                ..
            })
        )
    };
    while measuring(&job.step(ALL).expect("the job was made")) {}
    job
}

fn reported(mut job: AuditJob) -> assay::report::Report {
    loop {
        if let Step::Done(report) = job.step(ALL).expect("the job was made") {
            return report;
        }
    }
}

fn measuring(criterion: &mut Criterion) {
    let table = Arc::new(read(&file(MEASURED)));
    let settings = Settings::default();
    let mut group = criterion.benchmark_group("measuring 2 million rows");
    group.sample_size(10).measurement_time(Duration::from_secs(8));
    let cases: [(&str, Roles); 5] = [
        ("classes", roles(false, true, &[])),
        ("classes by race and sex", roles(false, true, &["race", "sex"])),
        ("ranks", roles(true, true, &[])),
        ("ranks by sex", roles(true, true, &["sex"])),
        ("ranks by race and sex", roles(true, true, &["race", "sex"])),
    ];
    for (name, roles) in &cases {
        group.bench_function(*name, |bencher| bencher.iter(|| measured(job(&table, roles, &settings))));
    }
    let (_, roles) = &cases[4];
    let moved = |threshold: f64| Settings {
        threshold: Some(threshold),
        ..Settings::default()
    };
    for threshold in [0.25, 0.75] {
        let settings = moved(threshold);
        let id = BenchmarkId::new("ranks by race and sex, at a threshold", threshold);
        group.bench_function(id, |bencher| bencher.iter(|| measured(job(&table, roles, &settings))));
    }
    group.bench_function("plan", |bencher| bencher.iter(|| job(&table, roles, &settings)));
    group.bench_function("to the report", |bencher| bencher.iter(|| reported(job(&table, roles, &settings))));
    let report = reported(job(&table, roles, &settings));
    group.bench_function("the report as HTML", |bencher| bencher.iter(|| html::document(&report, None)));
    group.bench_function("the report as JSON", |bencher| bencher.iter(|| report.to_json()));
    group.finish();
}

/// What another worker is handed to read columns.
fn carrying(criterion: &mut Criterion) {
    let table = Arc::new(read(&file(MEASURED)));
    let roles = roles(true, true, &["race", "sex"]);
    let mut job = job(&table, &roles, &Settings::default());
    let errand = job.give_away(Part::Columns).expect("nobody has begun with the columns");
    let carried = || {
        let mut pieces = Vec::new();
        errand.carry(&mut |piece| pieces.push(piece));
        Errand::of_pieces(pieces.into_iter()).expect("the pieces are whole")
    };
    let mut group = criterion.benchmark_group("carrying 2 million rows");
    group.throughput(Throughput::Bytes(job.weight() as u64)).sample_size(20);
    group.bench_function("to bytes and back", |bencher| bencher.iter(carried));
    group.finish();
}

/// Numbers as they come in data: many magnitudes, both signs.
fn numbers() -> Vec<f64> {
    let mut bits = 1_u64;
    let mut number = || {
        bits = bits.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let share = (bits >> 11) as f64 / (1_u64 << 53) as f64;
        (share - 0.5) * [1e-3, 1.0, 1e4][(bits % 3) as usize]
    };
    (0..MEASURED).map(|_| number()).collect()
}

fn sums(criterion: &mut Criterion) {
    let numbers = numbers();
    let mut group = criterion.benchmark_group("sums of 2 million numbers");
    group.throughput(Throughput::Elements(MEASURED)).sample_size(20);
    group.bench_function("exact", |bencher| {
        bencher.iter(|| {
            let mut sum = ExactSum::default();
            numbers.iter().for_each(|&number| sum.add(number));
            sum.value()
        });
    });
    group.bench_function("exact, of products", |bencher| {
        bencher.iter(|| {
            let mut sum = ExactSum::default();
            numbers.iter().for_each(|&number| sum.add_product(number, number));
            sum.value()
        });
    });
    group.bench_function("rounding at every step", |bencher| {
        bencher.iter(|| black_box(&numbers).iter().sum::<f64>())
    });
    group.finish();
}

criterion_group!(benches, reading, measuring, carrying, sums);
criterion_main!(benches);
