//! How often the 95 % intervals hold the true value: `make coverage` runs the study and writes tests/golden/coverage.md, the same bytes on every
//! machine. `make test` holds a part of it against that page.

mod draws;
mod models;
#[allow(dead_code, reason = "the tests read the page back")]
mod page;
mod study;

use std::collections::BTreeMap;
use std::fmt::Write;
use std::ops::Range;

use assay::metric::Key;
use assay::stats::interval::{Share, wilson};
use study::{AREA_METHODS, AREA_SIZES, AREAS, Counts, Held, Model, SHARE_METHODS};

const PAGE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/golden/coverage.md");

/// Runs of a condition.
const RUNS: u64 = 10_000;

/// Audits of several groups take longer.
const RUNS_OF_GROUPS: u64 = 2000;

/// Audits of forty groups longer still.
const RUNS_OF_FORTY: u64 = 200;

/// Rows of each of forty groups.
const ROWS_OF_FORTY: [usize; 1] = [100];

/// Does runs on all cores; which core does which does not show, because each run draws for itself.
fn on_all_cores<T: Send>(runs: u64, part: impl Fn(Range<u64>) -> T + Sync, mut add: impl FnMut(T)) {
    let cores = std::thread::available_parallelism().map_or(1, |cores| cores.get() as u64);
    let bound = |core: u64| runs * core / cores;
    std::thread::scope(|scope| {
        let part = &part;
        let parts: Vec<_> = (0..cores)
            .map(|core| scope.spawn(move || part(bound(core)..bound(core + 1))))
            .collect();
        parts
            .into_iter()
            .for_each(|part| add(part.join().expect("a part of the study ends")));
    });
}

fn counts_of(model: &Model, truth: &BTreeMap<Key, f64>, each: usize, runs: u64) -> Counts {
    let mut counts = Counts::new();
    let started = std::time::Instant::now();
    on_all_cores(runs, |part| model.runs(truth, each, part), |part| study::add(&mut counts, part));
    eprintln!("{} {each}: {runs} runs in {:.1} s", model.title, started.elapsed().as_secs_f64());
    counts
}

fn shares(out: &mut String) {
    let names: Vec<&str> = SHARE_METHODS.iter().map(|(name, _)| *name).collect();
    let _ = writeln!(out, "| share | rows | {} |\n|---|---:|---:|---:|---:|---:|", names.join(" | "));
    for probability in [0.02, 0.1, 0.5] {
        for size in [20, 100, 1000] {
            let cells: Vec<String> = SHARE_METHODS
                .iter()
                .map(|(_, method)| page::percent_cell(100.0 * study::share_coverage(*method, probability, size)))
                .collect();
            let _ = writeln!(out, "| {probability} | {size} | {} |", cells.join(" | "));
        }
    }
}

fn areas(out: &mut String, runs: u64) {
    let names: Vec<&str> = AREA_METHODS.iter().map(|(name, _)| *name).collect();
    let _ = writeln!(
        out,
        "| true area | positives + negatives | {} |\n|---|---|---:|---:|---:|",
        names.join(" | ")
    );
    for (area, (truth, _)) in AREAS.iter().enumerate() {
        for (size, (positives, negatives)) in AREA_SIZES.iter().enumerate() {
            let mut counts = [Held::default(); 3];
            on_all_cores(
                runs,
                |part| study::area_runs(area, size, part),
                |part| {
                    for (own, other) in counts.iter_mut().zip(part) {
                        own.limits += other.limits;
                        own.held += other.held;
                    }
                },
            );
            let cells: Vec<String> = counts.iter().map(|held| page::cell(Some(held), runs)).collect();
            let _ = writeln!(out, "| {truth} | {positives} + {negatives} | {} |", cells.join(" | "));
        }
    }
}

fn gaps(out: &mut String, is_true: bool, runs: u64) {
    let columns: Vec<String> = study::GROUPS.iter().map(|groups| format!("{groups} groups")).collect();
    let counts: Vec<Counts> = study::GROUPS
        .iter()
        .map(|&groups| {
            let model = study::gaps(groups, is_true);
            counts_of(&model, &model.truth(), model.sizes[0], runs)
        })
        .collect();
    out.push_str(&page::table(&columns, &counts, runs));
}

fn rate(hits: u64, runs: u64) -> String {
    let share = Share {
        value: hits as f64 / runs as f64,
        size: runs as f64,
    };
    let limits = wilson(share, 0.95);
    format!(
        "{:.2} ({:.2} to {:.2})",
        100.0 * share.value,
        100.0 * limits.low,
        100.0 * limits.high
    )
}

fn flags(out: &mut String, runs: u64) {
    let _ = writeln!(
        out,
        "| rows of each group | a default check on groups flags | the gap of selection rates excludes 0 |\n|---:|---:|---:|"
    );
    let model = study::forty_groups();
    for each in ROWS_OF_FORTY {
        let (mut flagged, mut excluded) = (0, 0);
        on_all_cores(
            runs,
            |part| model.flags(each, part),
            |(some, others)| {
                flagged += some;
                excluded += others;
            },
        );
        let _ = writeln!(out, "| {each} | {} | {} |", rate(flagged, runs), rate(excluded, runs));
    }
}

fn main() {
    // `cargo bench` passes --bench; a number asks for so many runs at most, which is quicker and rougher.
    let most: u64 = std::env::args()
        .skip(1)
        .find_map(|argument| argument.parse().ok())
        .unwrap_or(u64::MAX);
    let (runs, of_groups, of_forty) = (RUNS.min(most), RUNS_OF_GROUPS.min(most), RUNS_OF_FORTY.min(most));
    let mut out = include_str!("page.md").replace("{runs of areas}", &RUNS.to_string());
    for (name, runs) in [("{runs}", runs), ("{runs of groups}", of_groups), ("{runs of forty}", of_forty)] {
        out = out.replace(name, &runs.to_string());
    }
    let (higher, lower) = study::gap_of_prevalence();
    out = out
        .replace("{higher}", &format!("{higher:.1}"))
        .replace("{lower}", &format!("{lower:.1}"));
    let mut part = |name: &str, write: &dyn Fn(&mut String)| {
        let mut text = String::new();
        write(&mut text);
        let mark = format!("{{{name}}}\n");
        assert!(out.contains(&mark), "page.md has a place for {name}");
        out = out.replace(&mark, &text);
        eprint!("{text}");
    };
    part("shares", &|text| shares(text));
    part("areas", &|text| areas(text, RUNS));
    part("models", &|text| {
        for model in study::models() {
            let truth = model.truth();
            let counts: Vec<Counts> = model.sizes.iter().map(|&each| counts_of(&model, &truth, each, runs)).collect();
            let columns: Vec<String> = model.sizes.iter().map(|each| format!("n = {each}")).collect();
            let _ = write!(
                text,
                "## {}\n\n{}\n\n{}\n",
                model.title,
                model.told(&truth),
                page::table(&columns, &counts, runs)
            );
        }
    });
    part("no gap", &|text| gaps(text, false, of_groups));
    part("a gap", &|text| gaps(text, true, of_groups));
    part("flags", &|text| flags(text, of_forty));
    std::fs::write(PAGE, out).unwrap_or_else(|error| panic!("{PAGE}: {error}"));
}
