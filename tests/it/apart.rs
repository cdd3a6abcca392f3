//! An audit of which parts are done elsewhere makes the same report, to the byte, as one that does all itself.

use std::fmt::Write as _;
use std::io::Cursor;
use std::sync::Arc;

use assay::data::{Roles, Table};
use assay::engine::{AuditJob, Errand, Found, Part, Progress, ReadJob, Step};
use assay::run::Settings;

fn read(csv: &str) -> Arc<Table> {
    let mut job = ReadJob::new(Cursor::new(csv.as_bytes().to_vec()), "t.csv", csv.len() as u64);
    loop {
        if let Step::Done(table) = job.step(10_000).expect("the test's table can be read") {
            return Arc::new(table);
        }
    }
}

/// Rows of every kind of column, a little different with each seed.
fn rows(seed: u64, count: u64) -> String {
    let mut csv = "id,when,label,prediction,score,sex,region,income,visits,weight,latency_ms,note\n".to_owned();
    for row in 0..count {
        let mixed = (row + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15).wrapping_add(seed << 17);
        let chance = |bits: u32, of: u64| (mixed >> bits) % of;
        let label = chance(7, 10) < 4 + seed;
        let score = (chance(13, 600) + if label { 400 } else { 0 }) as f64 / 1000.0;
        let income = match chance(3, 40) {
            0 => String::new(),
            1 => "-inf".to_owned(),
            2 => "inf".to_owned(),
            _ => format!("{}.{:02}", 900 + chance(11, 5000) * (seed + 1), chance(5, 100)),
        };
        let region = ["north", "south", "\"ea,st\"", "NA"][chance(23, 4) as usize];
        writeln!(
            csv,
            "{},2026-01-{:02}T10:{:02}:00Z,{},{},{score},{},{region},{income},{},{}.5,{},text {mixed}",
            row + 1000 * seed,
            1 + row * 27 / count,
            row % 60,
            u8::from(label),
            u8::from(score > 0.5),
            ["female", "male"][chance(29, 2) as usize],
            chance(31, 4),
            1 + chance(37, 3),
            10 + chance(41, 400),
        )
        .expect("a string can be written to");
    }
    csv
}

fn roles(change: impl FnOnce(&mut Roles)) -> Roles {
    let of = |name: &str| Some(name.to_owned());
    let mut roles = Roles {
        id: of("id"),
        time: of("when"),
        label: of("label"),
        prediction: of("prediction"),
        score: of("score"),
        sensitive: vec!["sex".to_owned()],
        latency: vec!["latency_ms".to_owned()],
        ..Roles::default()
    };
    change(&mut roles);
    roles
}

fn job(table: &Arc<Table>, reference: Option<&Arc<Table>>, roles: &Roles) -> AuditJob {
    let job = AuditJob::new(Arc::clone(table), roles.clone(), Settings::default()).expect("the test's roles make an audit");
    match reference {
        Some(reference) => job.with_reference(Arc::clone(reference)),
        None => job,
    }
}

fn found(mut errand: Errand) -> Found {
    loop {
        if let Some(found) = errand.step(700) {
            return found;
        }
    }
}

/// The report as JSON; progress never falls back within a stage.
fn finish(job: &mut AuditJob, mut supply: impl FnMut(&mut AuditJob)) -> String {
    let mut before: Option<Progress> = None;
    loop {
        let progress = match job.step(700).expect("a job that was made ends") {
            Step::Done(report) => return report.to_json(),
            Step::Working(progress) => progress,
            Step::Waiting(progress) => {
                supply(job);
                progress
            }
        };
        if let Some(before) = before.filter(|before| before.stage == progress.stage) {
            assert!(
                before.done <= progress.done && before.total == progress.total,
                "{before:?}, {progress:?}"
            );
        }
        assert!(progress.done <= progress.total, "{progress:?}");
        before = Some(progress);
    }
}

/// The cases: with and without earlier data, weights, counts; without an outcome.
fn each(check: impl Fn(&Arc<Table>, Option<&Arc<Table>>, &Roles)) {
    let (table, earlier) = (read(&rows(1, 1500)), read(&rows(0, 1200)));
    let plain = roles(|_| {});
    let weighted = roles(|roles| roles.weight = Some("weight".to_owned()));
    let counted = roles(|roles| roles.count = Some("visits".to_owned()));
    let unjudged = Roles {
        time: Some("when".to_owned()),
        ..Roles::default()
    };
    for roles in [&plain, &weighted, &counted, &unjudged] {
        check(&table, None, roles);
        check(&table, Some(&earlier), roles);
    }
}

#[test]
fn parts_that_are_given_away_change_nothing() {
    each(|table, reference, roles| {
        let here = finish(&mut job(table, reference, roles), |_| unreachable!("nothing was given away"));
        for given in [&[Part::Columns][..], &[Part::Reference], &Part::ALL] {
            let mut job = job(table, reference, roles);
            let mut errands: Vec<Errand> = given.iter().filter_map(|part| job.give_away(*part)).collect();
            let there = finish(&mut job, |job| {
                job.supply(found(errands.pop().expect("it waits for what was given away")))
            });
            assert!(errands.is_empty());
            assert_eq!(here, there, "{given:?}");
        }
    });
}

/// An errand that went to another worker as bytes, and what was found there.
fn carried(errand: &Errand) -> Found {
    let mut pieces = Vec::new();
    assert!(errand.carry(&mut |piece| pieces.push(piece)), "columns can be carried");
    let there = Errand::of_pieces(pieces.into_iter()).expect("the pieces are whole");
    let bytes = found(there).to_bytes().expect("what columns hold can be carried");
    Found::of_bytes(&bytes).expect("the bytes are whole")
}

#[test]
fn columns_that_are_read_from_bytes_change_nothing() {
    each(|table, reference, roles| {
        let here = finish(&mut job(table, reference, roles), |_| unreachable!("nothing was given away"));
        let mut job = job(table, reference, roles);
        let errand = job.give_away(Part::Columns).expect("columns can be given away");
        let there = finish(&mut job, |job| job.supply(carried(&errand)));
        assert_eq!(here, there);
    });
}

#[test]
fn pieces_of_something_else_are_no_errand() {
    let table = read(&rows(1, 50));
    let errand = job(&table, None, &roles(|_| {}))
        .give_away(Part::Columns)
        .expect("columns can be given away");
    let mut pieces = Vec::new();
    assert!(errand.carry(&mut |piece| pieces.push(piece)));
    for count in 0..pieces.len() {
        assert!(
            Errand::of_pieces(pieces[..count].iter().cloned()).is_none(),
            "{count} of {}",
            pieces.len()
        );
    }
    assert!(Errand::of_pieces(pieces.iter().cloned()).is_some());
    pieces[2].pop();
    assert!(Errand::of_pieces(pieces.into_iter()).is_none());
    assert!(Found::of_bytes(b"{}").is_none());
}

#[test]
fn what_is_supplied_early_is_used_at_its_time() {
    each(|table, reference, roles| {
        let here = finish(&mut job(table, reference, roles), |_| unreachable!("nothing was given away"));
        let mut job = job(table, reference, roles);
        for part in Part::ALL {
            if let Some(errand) = job.give_away(part) {
                assert!(job.give_away(part).is_none(), "a part is given away once");
                job.supply(found(errand));
            }
        }
        assert_eq!(here, finish(&mut job, |_| unreachable!("all was supplied")));
    });
}

#[test]
fn a_part_that_is_taken_back_is_done_here() {
    each(|table, reference, roles| {
        let here = finish(&mut job(table, reference, roles), |_| unreachable!("nothing was given away"));
        let mut job = job(table, reference, roles);
        let late = job.give_away(Part::Columns).map(found).expect("columns can be given away");
        job.hear(Part::Columns, 2);
        job.hear(Part::Columns, 1);
        job.take_back(Part::Columns);
        // What comes after all is not wanted any more.
        job.supply(late);
        assert_eq!(here, finish(&mut job, |_| unreachable!("all was taken back")));
    });
}
