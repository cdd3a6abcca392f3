//! How fast the product is, beside what people use today: one run, one machine, one file.
//!
//! `make bench` builds the product and runs this. Every round runs every job once, so that whatever else the machine does falls on all of
//! them; the table holds medians over the rounds, and ratios of them. Nothing here passes or fails by time; a job that gives another
//! answer than the rest does fail.

mod assay;
mod drift;
mod figures;
mod large;
mod memory;
mod native;
mod peers;
mod site;
mod table;

#[path = "../predictions.rs"]
mod predictions;

// The tests' way to drive a browser, of which this needs a part.
#[allow(dead_code, reason = "the tests use more of it")]
#[path = "../../tests/browser/browser.rs"]
mod browser;
#[allow(dead_code, reason = "the tests use more of it")]
#[path = "../../tests/browser/folder.rs"]
mod folder;
#[allow(dead_code, reason = "the tests use more of it")]
#[path = "../../tests/browser/webdriver.rs"]
mod webdriver;

use std::fs;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

use clap::Parser;

use figures::Figures;
use native::Truth;
use site::Site;

/// Measures the product beside what people use today.
#[derive(Parser)]
struct Arguments {
    /// How often each job is run; the table holds medians.
    #[arg(long, default_value_t = 3)]
    runs: usize,
    /// Rows of the file.
    #[arg(long, default_value_t = 2_000_000)]
    rows: u64,
    /// Only the jobs whose names contain one of these words, separated by commas.
    #[arg(long, value_delimiter = ',')]
    only: Vec<String>,
    /// The folder with the libraries that are compared with.
    #[arg(long, default_value = "peers")]
    peers: PathBuf,
    /// Reads a file of ten million rows in Chromium instead: cancelled once half-way, then whole.
    #[arg(long)]
    large: bool,
    /// Compares the file's two halves instead, beside Evidently and NannyML.
    #[arg(long)]
    drift: bool,
    /// Only writes the file, to this path.
    #[arg(long)]
    generate: Option<PathBuf>,
    /// Puts the table into the README.
    #[arg(long)]
    readme: bool,
    /// What cargo adds.
    #[arg(long, hide = true)]
    bench: bool,
}

/// Where files and figures of the benchmark lie.
const FOLDER: &str = "target/bench";

fn main() {
    let arguments = Arguments::parse();
    if let Some(path) = &arguments.generate {
        generate(path, arguments.rows);
        return;
    }
    fs::create_dir_all(FOLDER).unwrap_or_else(|error| panic!("{FOLDER}: {error}"));
    if arguments.large {
        let rows = arguments.rows.max(10_000_000);
        large::measure(&Site::serve(None), &data(rows), rows);
        return;
    }
    let file = data(arguments.rows);
    if arguments.drift {
        let text = drift::measure(&Site::serve(None), &file, arguments.rows, &arguments.peers, arguments.runs);
        return keep("drift", &text, arguments.readme);
    }
    let figures = measure(&arguments, &file);
    let text = table::markdown(&figures, &file, arguments.rows);
    keep("speed", &text, arguments.readme);
}

/// Shows a table, keeps it beside the benchmark's files, and puts it into the README where that is wanted.
fn keep(name: &str, text: &str, is_for_readme: bool) {
    println!("\n{text}");
    let path = Path::new(FOLDER).join(format!("{name}.md"));
    fs::write(&path, text).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    if is_for_readme {
        table::put_into_readme(name, text);
    }
}

/// The benchmark's file of that many rows, written when it is not there.
fn data(rows: u64) -> PathBuf {
    let path = Path::new(FOLDER).join(format!("predictions-{rows}.csv"));
    if !path.exists() {
        generate(&path, rows);
    }
    path.canonicalize().unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn generate(path: &Path, rows: u64) {
    let whole = path.with_extension("part");
    let written = fs::File::create(&whole).and_then(|file| {
        let mut out = BufWriter::with_capacity(1 << 20, file);
        predictions::write(&mut out, rows)?;
        out.flush()
    });
    written
        .and_then(|()| fs::rename(&whole, path))
        .unwrap_or_else(|error| panic!("{}: {error}", path.display()));
}

/// A named measurement.
type Job<'a> = (&'a str, Box<dyn Fn(&mut Figures) + 'a>);

/// Runs every job `runs` times, in rounds.
fn measure(arguments: &Arguments, file: &Path) -> Figures {
    let peers = arguments.peers.as_path();
    let (site, truth) = (Site::serve(Some(peers)), native::truth(file));
    let (each_round, once) = (jobs(&site, file, peers, &truth), jobs_of_one_round(&site, file, peers, &truth));
    let wanted = |name: &str| arguments.only.is_empty() || arguments.only.iter().any(|word| name.contains(word.as_str()));
    let mut figures = Figures::default();
    for round in 0..arguments.runs {
        let also: &[Job<'_>] = if round == 0 { &once } else { &[] };
        for (name, job) in each_round.iter().chain(also).filter(|(name, _)| wanted(name)) {
            figures.run(name, round, job);
        }
    }
    figures
}

fn jobs<'a>(site: &'a Site, file: &'a Path, peers: &'a Path, truth: &'a Truth) -> Vec<Job<'a>> {
    let mut jobs: Vec<Job<'a>> = vec![
        (
            "assay",
            Box::new(move |figures| assay::audit(figures, site, file, "assay", "", truth)),
        ),
        (
            "assay, one worker",
            Box::new(move |figures| assay::audit(figures, site, file, "assay, one worker", "?workers=1", truth)),
        ),
        ("firefox", Box::new(move |figures| assay::read_in_firefox(figures, site, file))),
        ("cancel", Box::new(move |figures| assay::cancel(figures, site, file))),
        ("native", Box::new(move |figures| native::assay(figures, file))),
        ("csv", Box::new(move |figures| native::csv_serde(figures, file, truth))),
    ];
    for library in peers::LIBRARIES {
        jobs.push((library, Box::new(move |figures| peers::read(figures, site, file, library, truth))));
    }
    for job in ["polars", "pandas"] {
        jobs.push((job, Box::new(move |figures| native::python(figures, peers, job, file, truth))));
    }
    jobs
}

/// What takes a minute, and what slows down what it measures.
fn jobs_of_one_round<'a>(site: &'a Site, file: &'a Path, peers: &'a Path, truth: &'a Truth) -> Vec<Job<'a>> {
    vec![
        ("memory", Box::new(move |figures| assay::memory(figures, site, file))),
        (
            "audit",
            Box::new(move |figures| native::python(figures, peers, "audit", file, truth)),
        ),
    ]
}
