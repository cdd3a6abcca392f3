//! What searches find, what noise is taken for, how often limits of gaps hold, over fixed seeds: `make simulations` runs the study and writes
//! tests/golden/simulations.md, the same bytes on every machine. `make test` does a part of it again.

#[path = "../coverage/study.rs"]
#[allow(dead_code, reason = "the coverage study makes more of it")]
mod coverage;
#[path = "../coverage/draws.rs"]
mod draws;
#[path = "../coverage/models.rs"]
#[allow(dead_code, reason = "the coverage study makes more of it")]
mod models;
mod study;

use std::fmt::Write;

use assay::stats::interval::{Share, wilson};
use study::{Condition, SEEDS};

const PAGE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/golden/simulations.md");

/// Does something for every seed on all cores; the answers are in order of the seeds.
fn for_all<T: Send>(one: impl Fn(u64) -> T + Sync) -> Vec<T> {
    let cores = std::thread::available_parallelism().map_or(1, |cores| cores.get() as u64);
    let runs = SEEDS.end;
    std::thread::scope(|scope| {
        let one = &one;
        let part = |core: u64| scope.spawn(move || (runs * core / cores..runs * (core + 1) / cores).map(one).collect::<Vec<T>>());
        let parts: Vec<_> = (0..cores).map(part).collect();
        let done = parts.into_iter().flat_map(|part| part.join().expect("a part of the study ends"));
        done.collect()
    })
}

/// "95.0 (91.0 to 97.3)": per cent of the seeds, with the limits that chance leaves to the figure.
fn rate(hits: &[bool]) -> String {
    let size = hits.len() as f64;
    let share = Share {
        value: hits.iter().filter(|hit| **hit).count() as f64 / size,
        size,
    };
    let limits = wilson(share, 0.95);
    format!(
        "{:.1} ({:.1} to {:.1})",
        100.0 * share.value,
        100.0 * limits.low,
        100.0 * limits.high
    )
}

/// The seeds that did not do what most did.
fn listed(hits: &[bool], odd: bool) -> String {
    let seeds = hits.iter().enumerate().filter(|(_, hit)| **hit == odd);
    let seeds: Vec<String> = seeds.map(|(seed, _)| seed.to_string()).collect();
    if seeds.is_empty() { "none".to_owned() } else { seeds.join(", ") }
}

fn counted(condition: &Condition) -> Vec<bool> {
    let started = std::time::Instant::now();
    let hits = for_all(|seed| condition.counts(seed));
    eprintln!("{}: {} in {:.1} s", condition.name, rate(&hits), started.elapsed().as_secs_f64());
    hits
}

fn searches(out: &mut String) {
    out.push_str(
        "| planted | by | rows where | share of rows | rate there | found, % | seeds missed |\n|---|---|---|---:|---:|---:|---|\n",
    );
    for condition in &study::PLANTED {
        let hits = counted(condition);
        if let Some(planted) = &condition.planted {
            let _ = writeln!(
                out,
                "| {} | `{}` | `{}` | {:.3} | {} | {} | {} |",
                condition.name,
                condition.by.metric(),
                planted.rows,
                condition.share(),
                planted.rate,
                rate(&hits),
                listed(&hits, false)
            );
        }
    }
}

fn noise(out: &mut String) {
    out.push_str("| noise | by | rows | something stands out, % | seeds |\n|---|---|---:|---:|---|\n");
    for condition in &study::NOISE {
        let hits = counted(condition);
        let _ = writeln!(
            out,
            "| {} | `{}` | {} | {} | {} |",
            condition.name,
            condition.by.metric(),
            condition.rows,
            rate(&hits),
            listed(&hits, true)
        );
    }
}

fn gaps(out: &mut String) {
    let names = study::GAPS.map(|metric| format!("`{metric}`"));
    let _ = writeln!(out, "| groups | true gap | {} |\n|---:|---|---:|---:|---:|", names.join(" | "));
    for is_true in [false, true] {
        for groups in coverage::GROUPS {
            let model = coverage::gaps(groups, is_true);
            let truth = study::true_gaps(&model);
            let held = for_all(|seed| study::gaps_hold(&model, &truth, seed));
            let cells = [0, 1, 2].map(|place| rate(&held.iter().map(|own| own[place]).collect::<Vec<bool>>()));
            let _ = writeln!(out, "| {groups} | {} | {} |", if is_true { "yes" } else { "no" }, cells.join(" | "));
        }
    }
}

fn flags(out: &mut String) {
    out.push_str("| flagged by | audits with a flag, % |\n|---|---:|\n");
    let model = coverage::forty_groups();
    let flagged = for_all(|seed| study::flags(&model, seed));
    for (place, name) in study::FLAGS.iter().enumerate() {
        let hits: Vec<bool> = flagged.iter().map(|own| own[place]).collect();
        let _ = writeln!(out, "| {name} | {} |", rate(&hits));
    }
}

fn main() {
    let mut out = include_str!("page.md").replace("{elsewhere}", &study::ELSEWHERE.to_string());
    let mut part = |name: &str, write: fn(&mut String)| {
        let mut text = String::new();
        write(&mut text);
        let mark = format!("{{{name}}}\n");
        assert!(out.contains(&mark), "page.md has a place for {name}");
        out = out.replace(&mark, &text);
        eprint!("{text}");
    };
    part("searches", searches);
    part("noise", noise);
    part("gaps", gaps);
    part("flags", flags);
    std::fs::write(PAGE, out).unwrap_or_else(|error| panic!("{PAGE}: {error}"));
}
