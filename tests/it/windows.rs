//! Windows of whole reports: planted changes are found where they are, nothing is found where nothing changed, performance without labels is what
//! labels then show, and odd times are told.

use std::fmt::Write;
use std::fs;

use assay::data::Roles;
use assay::engine::{AuditJob, Step};
use assay::metric::{Estimate, Source};
use assay::report::Report;
use assay::run::Settings;
use assay::run::windows::WindowSettings;
use assay::stats::interval::{Share, wilson};
use assay::stats::special::normal_quantile;

use crate::command::{Folder, notices};
use crate::frame::{Draw, csv, roles, table};

const PAGE: &str = "tests/golden/changes.md";
/// Seeds of the page, and those of them that every run of the tests repeats.
const SEEDS: u64 = 200;
const FIRST: u64 = 6;
/// Windows of the reference and of the data under test, rows of each, and the window in which the change begins.
const BEFORE: usize = 8;
const WINDOWS: usize = 16;
const ROWS: usize = 100;
const BEGIN: usize = 8;

fn uniform(draw: &mut Draw) -> f64 {
    ((draw.next() >> 11) as f64 + 0.5) / (1_u64 << 53) as f64
}

fn normal(draw: &mut Draw) -> f64 {
    normal_quantile(uniform(draw))
}

/// What is planted, and the number in which it must show.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Planted {
    Nothing,
    Mean,
    Rate,
    Missing,
    Category,
}

const CONDITIONS: [(Planted, &str); 5] = [
    (Planted::Nothing, "nothing"),
    (Planted::Mean, "the mean of x3 rises by 0.6 standard deviations"),
    (Planted::Rate, "the share of wrong predictions rises from 10 % to 22 %"),
    (Planted::Missing, "missing values of x2 rise from 2 % to 12 %"),
    (Planted::Category, "a category of c1 falls from 60 % to 40 %"),
];

fn rows(draw: &mut Draw, windows: usize, planted: Planted, begin: usize) -> String {
    let row = |place: usize, draw: &mut Draw| {
        let is = |what: Planted| planted == what && place / ROWS >= begin;
        let x: Vec<f64> = (0..4).map(|_| normal(draw)).collect();
        let shift = if is(Planted::Mean) { 0.6 } else { 0.0 };
        let x2 = if uniform(draw) < if is(Planted::Missing) { 0.12 } else { 0.02 } {
            String::new()
        } else {
            format!("{:.2}", x[1])
        };
        let c1 = if uniform(draw) < if is(Planted::Category) { 0.4 } else { 0.6 } {
            "a"
        } else {
            ["b", "c"][draw.below(2)]
        };
        let score = uniform(draw);
        let predicted = score >= 0.5;
        let is_wrong = uniform(draw) < if is(Planted::Rate) { 0.22 } else { 0.1 };
        let label = u8::from(predicted != is_wrong);
        format!(
            "{label},{},{score:.3},{:.2},{x2},{:.2},{c1}",
            u8::from(predicted),
            x[0],
            x[2] + shift
        )
    };
    let rows: Vec<String> = (0..windows * ROWS).map(|place| row(place, draw)).collect();
    csv("y,p,s,x1,x2,x3,c1", &rows)
}

fn audit(current: &str, reference: Option<&str>, roles: &Roles, windows: &str) -> Report {
    let settings = Settings {
        windows: WindowSettings {
            cut: windows.parse().unwrap(),
            ..WindowSettings::default()
        },
        ..Settings::default()
    };
    let mut job = AuditJob::new(table(current, 100_000), roles.clone(), settings).unwrap();
    if let Some(reference) = reference {
        job = job.with_reference(table(reference, 100_000));
    }
    loop {
        if let Step::Done(report) = job.step(100_000).unwrap() {
            return report;
        }
    }
}

/// Whether anything was flagged, whether the number in which the change was planted was, and whether it was within one window.
fn run(planted: Planted, seed: u64) -> [bool; 3] {
    let mut draw = Draw(seed * 7919 + 17);
    let reference = rows(&mut draw, BEFORE, Planted::Nothing, 0);
    let current = rows(&mut draw, WINDOWS, planted, BEGIN);
    let report = audit(
        &current,
        Some(&reference),
        &roles("label=y prediction=p score=s"),
        &format!("{ROWS}rows"),
    );
    let points: Vec<&Estimate> = report.estimates.iter().filter(|own| own.key.metric == "change_point").collect();
    let is_about = |own: &&&Estimate| {
        let of = own.key.params["of"].as_str();
        let column = own.key.columns.first().map_or("", String::as_str);
        match planted {
            Planted::Nothing => false,
            Planted::Mean => of == "window_drift" && column == "x3",
            Planted::Rate => of == "accuracy",
            Planted::Missing => of == "window_missing_rate" && column == "x2",
            Planted::Category => of == "window_drift" && column == "c1",
        }
    };
    let about: Vec<&&Estimate> = points.iter().filter(is_about).collect();
    let is_near = about.iter().any(|own| (own.value.unwrap() - BEGIN as f64).abs() <= 1.0);
    [!points.is_empty(), !about.is_empty(), is_near]
}

fn count(planted: Planted, seeds: u64) -> [u64; 3] {
    (0..seeds).map(|seed| run(planted, seed)).fold([0; 3], |counts, found| {
        [0, 1, 2].map(|place| counts[place] + u64::from(found[place]))
    })
}

fn percent(part: u64, of: u64) -> String {
    let share = Share {
        value: part as f64 / of as f64,
        size: of as f64,
    };
    let limits = wilson(share, 0.95);
    format!(
        "{:.1} ({:.1} to {:.1})",
        100.0 * share.value,
        100.0 * limits.low,
        100.0 * limits.high
    )
}

/// One line of the page: the condition, the counts over the first seeds, the shares over all.
fn line(planted: Planted, name: &str) -> String {
    let (first, all) = (count(planted, FIRST), count(planted, SEEDS));
    let shares = all.map(|part| percent(part, SEEDS));
    let (right, near) = if planted == Planted::Nothing {
        ("–", "–")
    } else {
        (shares[1].as_str(), shares[2].as_str())
    };
    format!("| {name} | {} | {right} | {near} | {first:?} |", shares[0])
}

#[test]
fn planted_changes_are_found_as_often_as_recorded() {
    if std::env::var_os("BLESS").is_some() {
        let mut page = format!(
            "# How often changes over time are found\n\nMade by `BLESS=1 cargo test --test it planted_changes`; `make test` repeats the first {FIRST} seeds \
             exactly.\n\nSeeds 0 to {}: a reference of {BEFORE} windows and current data of {WINDOWS} windows, {ROWS} rows each, with two classes, a score \
             and four\nfeatures; what is planted begins with window {BEGIN}. Everything that is followed over windows is tested together at 5 %. Figures are \
             per cent of the runs with\ntheir 95 % Wilson limits.\n\n| planted | anything flagged | the right number flagged | and within one window | first \
             {FIRST} seeds |\n|---|---:|---:|---:|---|\n",
            SEEDS - 1
        );
        let lines: Vec<String> = std::thread::scope(|scope| {
            let running = CONDITIONS.map(|(planted, name)| scope.spawn(move || line(planted, name)));
            running.into_iter().map(|line| line.join().unwrap()).collect()
        });
        for line in lines {
            writeln!(page, "{line}").unwrap();
        }
        fs::write(PAGE, page).unwrap();
        return;
    }
    let page = fs::read_to_string(PAGE).unwrap();
    for (planted, name) in CONDITIONS {
        let recorded = page
            .lines()
            .find(|line| line.starts_with(&format!("| {name} |")))
            .unwrap_or_else(|| panic!("no line for {name}"));
        let first = recorded.trim_end_matches('|').rsplit('|').next().unwrap().trim();
        assert_eq!(format!("{:?}", count(planted, FIRST)), first, "{name}");
    }
}

#[test]
fn the_recorded_rates_are_good_enough() {
    let page = fs::read_to_string(PAGE).unwrap();
    let share = |name: &str, column: usize| -> f64 {
        let line = page.lines().find(|line| line.starts_with(&format!("| {name} |"))).unwrap();
        line.split('|')
            .nth(column)
            .unwrap()
            .trim()
            .split(' ')
            .next()
            .unwrap()
            .parse()
            .unwrap()
    };
    assert!(share("nothing", 2) <= 5.0);
    for (_, name) in &CONDITIONS[1..] {
        assert!(share(name, 4) >= 70.0, "{name}");
    }
}

fn in_windows<'r>(report: &'r Report, metric: &str, params: &[(&str, &str)], source: Source) -> Vec<&'r Estimate> {
    let is_it = |own: &&Estimate| {
        let key = &own.key;
        key.metric == metric
            && key.source == source
            && key.window.is_some()
            && key.params.len() == params.len()
            && params
                .iter()
                .all(|(name, value)| key.params.get(*name).is_some_and(|own| own == value))
    };
    report.estimates.iter().filter(is_it).collect()
}

/// Rows whose score is the probability of the label; from a window on, labels follow another rule that the score does not know.
fn calibrated(draw: &mut Draw, windows: usize, begin: usize) -> String {
    let row = |place: usize, draw: &mut Draw| {
        let score = uniform(draw);
        let means = if place / 500 >= begin { 0.25 + 0.5 * score } else { score };
        format!("{},{},{score:.3}", u8::from(uniform(draw) < means), u8::from(score >= 0.5))
    };
    let rows: Vec<String> = (0..windows * 500).map(|place| row(place, draw)).collect();
    csv("y,p,s", &rows)
}

#[test]
fn performance_without_labels_is_near_until_the_score_means_something_else() {
    let roles = roles("label=y prediction=p score=s");
    let mut draw = Draw(4);
    let (reference, current) = (calibrated(&mut draw, 8, 99), calibrated(&mut draw, 10, 5));
    let report = audit(&current, Some(&reference), &roles, "500rows");
    for metric in ["roc_auc", "f1", "accuracy", "average_precision"] {
        let params = [("metric", metric)];
        let estimated = in_windows(&report, "estimated_performance", &params, Source::Current);
        let seen = in_windows(&report, metric, &[], Source::Current);
        assert_eq!((estimated.len(), seen.len()), (10, 10), "{metric}");
        for (estimated, seen) in estimated.iter().zip(&seen).take(5) {
            assert!((estimated.value.unwrap() - seen.value.unwrap()).abs() < 0.06, "{metric}");
        }
        let missed = in_windows(
            &report,
            "estimate_missed",
            &[("of", "estimated_performance"), ("metric", metric)],
            Source::Current,
        );
        let answers: Vec<&str> = missed.iter().map(|own| own.text.as_deref().unwrap()).collect();
        assert_eq!(answers, [["no"; 5], ["yes"; 5]].concat(), "{metric}");
    }
    let off = |source: Source| {
        let is_it = |own: &&Estimate| own.key.metric == "estimate_off" && own.key.source == source && own.key.params["metric"] == "roc_auc";
        report.estimates.iter().find(is_it).unwrap().value.unwrap()
    };
    assert!(off(Source::Reference) < 0.02 && off(Source::Current) > 0.05);
    let page = assay::report::html::document(&report, None);
    assert!(page.contains("In 5 of 10 windows with labels") && page.contains("do not rely on it"));
}

#[test]
fn errors_without_truth_follow_the_features() {
    let row = |draw: &mut Draw, wide: f64| {
        let (g, x) = (uniform(draw) < wide, normal(draw));
        let error = normal(draw) * if g { 3.0 } else { 1.0 };
        format!(
            "{:.4},{:.4},{},{:.2}",
            x + error,
            x,
            if g { "wide" } else { "narrow" },
            normal(draw)
        )
    };
    let mut draw = Draw(9);
    let rows = |draw: &mut Draw, n: usize, wide: f64| csv("y,p,g,x", &(0..n).map(|_| row(draw, wide)).collect::<Vec<_>>());
    let (reference, current) = (rows(&mut draw, 4000, 0.2), rows(&mut draw, 2000, 0.7));
    let report = audit(&current, Some(&reference), &roles("label=y prediction=p"), "500rows");
    for (metric, margin) in [("mae", 0.2), ("rmse", 0.25)] {
        let estimated = in_windows(&report, "estimated_loss", &[("metric", metric)], Source::Current);
        let seen = in_windows(&report, metric, &[], Source::Current);
        assert_eq!((estimated.len(), seen.len()), (4, 4));
        for (estimated, seen) in estimated.iter().zip(&seen) {
            let (estimated, seen) = (estimated.value.unwrap(), seen.value.unwrap());
            // Without the features it would be told as 1.1 or 1.6.
            assert!((estimated - seen).abs() < margin && estimated > 1.7, "{metric}: {estimated} {seen}");
        }
    }
}

#[test]
fn odd_times_are_told_and_windows_stay_in_order() {
    let odd = [
        "1,1,2024-03-04T10:00:00Z",
        "0,1,2024-03-01T23:30:00-05:00",
        "1,1,never",
        "0,0,2024-03-08 12:00",
        "1,0,",
        "0,0,2024-03-01 01:00",
        "1,1,2024-03-04T01:00:00+02:00",
    ];
    let plain = (0..30).map(|place| format!("{},1,2024-03-09 {:02}:00", place % 2, place % 20));
    let rows = csv("y,p,at", &odd.map(str::to_owned).into_iter().chain(plain).collect::<Vec<String>>());
    let folder = Folder::new().with("rows.csv", rows);
    let report = folder.report("rows.csv --label y --prediction p --time at --windows day");
    let windows: Vec<(u64, String, f64)> = report["estimates"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|own| own["metric"] == "rows" && !own["window"].is_null())
        .map(|own| {
            let window = &own["window"];
            (
                window["index"].as_u64().unwrap(),
                window["from"].as_str().unwrap().to_owned(),
                own["value"].as_f64().unwrap(),
            )
        })
        .collect();
    let counts: Vec<f64> = windows.iter().map(|window| window.2).collect();
    // 23:30 five hours behind UTC is the next day; one o'clock two hours ahead is the day before.
    assert_eq!(counts, [1.0, 1.0, 1.0, 1.0, 0.0, 0.0, 0.0, 1.0, 30.0]);
    assert_eq!((windows[0].1.as_str(), windows[8].1.as_str()), ("2024-03-01", "2024-03-09"));
    let told = notices(&report, "setting").join("\n");
    assert!(told.contains("2 rows of the file are in no window"), "{told}");
}

#[test]
fn windows_too_few_too_small_or_without_times_are_no_error() {
    let rows: Vec<String> = (0..40).map(|place| format!("{},{}", place % 2, place / 3 % 2)).collect();
    let folder = Folder::new().with("rows.csv", csv("y,p", &rows));
    for (cut, windows) in [("1", 1), ("3rows", 14), ("40rows", 1), ("1000rows", 1), ("none", 0), ("day", 0)] {
        let report = folder.report(&format!("rows.csv --label y --prediction p --windows {cut}"));
        let all = report["estimates"].as_array().unwrap();
        let found = all.iter().filter(|own| own["metric"] == "rows" && !own["window"].is_null()).count();
        assert_eq!(found, windows, "{cut}");
        assert!(!all.iter().any(|own| own["metric"] == "change_point"), "{cut}");
        // Windows of three rows are too small for any of them to be called unusual.
        assert!(
            !all.iter().any(|own| own["metric"] == "band_alert" && own["text"] == "yes"),
            "{cut}"
        );
        assert_eq!(
            notices(&report, "setting")
                .iter()
                .any(|text| text.contains("no column holds times")),
            cut == "day",
            "{cut}"
        );
    }
    let refused = folder.run("audit rows.csv --windows weekly");
    assert!(
        refused.code == 2 && refused.err.contains("write auto, hour, day, week, month"),
        "{}",
        refused.err
    );
}
