//! What the page at the top of the repository says is so: its generated parts are rebuilt and compared, its suite is run, and the files and targets
//! it names exist. `BLESS=1 cargo test` writes the generated parts instead.

use std::collections::BTreeSet;
use std::fmt::Write;
use std::fs;
use std::path::Path;
use std::process::Command;
use std::sync::Mutex;

use assay::metric::Direction;
use assay::metric::registry::METRICS;
use serde_json::Value;

const PAGE: &str = "README.md";
const COMPAS: &str = "tests/oracle/compas_counts.csv";

/// Only one test writes the page at a time.
static WRITING: Mutex<()> = Mutex::new(());

fn page() -> String {
    fs::read_to_string(PAGE).unwrap_or_else(|error| panic!("{PAGE}: {error}"))
}

/// Compares the part of that name with `text`, or writes it when blessing.
pub fn check(name: &str, text: &str) {
    let _turn = WRITING.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
    let page = page();
    let start = format!("<!-- generated: {name} -->\n");
    let (before, rest) = page.split_once(&start).unwrap_or_else(|| panic!("{PAGE} has no part \"{name}\""));
    let (part, after) = rest
        .split_once("<!-- end -->")
        .unwrap_or_else(|| panic!("{PAGE}: the part \"{name}\" has no end"));
    let now = format!("\n{}\n\n", text.trim_end());
    if std::env::var_os("BLESS").is_some() {
        // Renamed into place, so that no other test reads half of it.
        let draft = format!("{PAGE}.draft");
        fs::write(&draft, format!("{before}{start}{now}<!-- end -->{after}")).unwrap_or_else(|error| panic!("{PAGE}: {error}"));
        fs::rename(&draft, PAGE).unwrap_or_else(|error| panic!("{PAGE}: {error}"));
        return;
    }
    let differs = part.lines().zip(now.lines()).find(|(recorded, now)| recorded != now);
    assert!(
        part == now,
        "{PAGE}: the part \"{name}\" is not what it would be now, first at {differs:?}. BLESS=1 cargo test --test it generated writes it."
    );
}

fn assay(arguments: &[&str]) -> String {
    let output = Command::new(env!("CARGO_BIN_EXE_assay")).args(arguments).output().unwrap();
    assert!(
        matches!(output.status.code(), Some(0 | 1)),
        "assay {arguments:?}: {}",
        String::from_utf8_lossy(&output.stderr)
    );
    String::from_utf8(output.stdout).unwrap()
}

fn fenced(text: &str) -> String {
    format!("```text\n{}\n```", text.trim_end())
}

fn report() -> Value {
    serde_json::from_str(&assay(&["audit", COMPAS, "--json", "-"])).unwrap()
}

/// The plain estimate of a metric in one group of `race`.
fn of_race<'a>(report: &'a Value, metric: &str, race: &str) -> &'a Value {
    let group = serde_json::json!({ "race": race });
    report["estimates"]
        .as_array()
        .unwrap()
        .iter()
        .find(|estimate| estimate["metric"] == metric && estimate["group"] == group && estimate["comparison"].is_null())
        .unwrap_or_else(|| panic!("no {metric} of {race}"))
}

#[test]
fn help_and_explanation_are_the_commands() {
    check("help audit", &fenced(&assay(&["audit", "-h"])));
    check("help", &fenced(&assay(&["-h"])));
    check("help explain", &fenced(&assay(&["explain", "tpr"])));
}

#[test]
fn the_summary_is_the_commands() {
    check("summary", &fenced(&assay(&["audit", COMPAS])));
}

#[test]
fn the_published_figures_come_out() {
    let report = report();
    let mut table = "| | African-American | Caucasian |\n|---|---:|---:|\n".to_owned();
    let mut shown = Vec::new();
    for (metric, name) in [
        ("false_positive_rate", "did not reoffend, scored as high risk"),
        ("false_negative_rate", "reoffended, not scored as high risk"),
    ] {
        let _ = write!(table, "| {name} (`{metric}`) |");
        for race in ["African-American", "Caucasian"] {
            let percent = format!("{:.2}", 100.0 * of_race(&report, metric, race)["value"].as_f64().unwrap());
            let _ = write!(table, " {percent} % |");
            shown.push(percent);
        }
        table.push('\n');
    }
    assert_eq!(shown, ["44.85", "23.45", "27.99", "47.72"], "what ProPublica published");
    check("published", &table);
}

#[test]
fn the_example_of_an_estimate_is_one() {
    let json = assay(&["audit", COMPAS, "--json", "-"]);
    let line = json
        .lines()
        .find(|line| line.starts_with("{\"metric\":\"recall\"") && line.contains("\"group\":{\"race\":\"Caucasian\"},"))
        .expect("a line is an estimate");
    let value: Value = serde_json::from_str(line.trim_end_matches(',')).unwrap();
    assert_eq!(&value, of_race(&report(), "recall", "Caucasian"));
    let mut text = line.trim_end_matches(',').to_owned();
    for field in ["\"columns\":", "\"comparison\":", "\"value\":", "\"interval\":"] {
        text = text.replace(field, &format!("\n {field}"));
    }
    check("estimate", &format!("```json\n{text}\n```"));
}

#[test]
fn the_metrics_are_the_registrys() {
    let families: BTreeSet<_> = METRICS.iter().map(|metric| metric.family).collect();
    let mut text = String::new();
    for family in families {
        let _ = write!(
            text,
            "**{}**\n\n| id | what it is | formula | better |\n|---|---|---|---|\n",
            family.title()
        );
        for metric in METRICS.iter().filter(|metric| metric.family == family) {
            let better = match metric.direction {
                Direction::HigherIsBetter => "higher",
                Direction::LowerIsBetter => "lower",
                Direction::CloserToZero => "near 0",
                Direction::Neutral => "",
            };
            let formula = metric.formula.replace('|', "\\|");
            let _ = writeln!(text, "| `{}` | {} | {formula} | {better} |", metric.id, metric.summary);
        }
        text.push('\n');
    }
    check("metrics", &text);
}

#[test]
fn the_policy_is_the_pages() {
    let index = fs::read_to_string("index.html").unwrap();
    let (_, rest) = index
        .split_once("Content-Security-Policy\" content=\"")
        .expect("the page has a policy");
    let (policy, _) = rest.split_once("\">").expect("the policy ends");
    let policy = policy.replace("{hashes}", "(the fingerprints of its own scripts)");
    check("policy", &fenced(&policy.replace("; ", ";\n")));
}

#[test]
fn the_suite_is_accepted() {
    let page = page();
    let (_, rest) = page.split_once("<!-- suite -->").expect("the page shows a suite");
    let (_, rest) = rest.split_once("```toml\n").unwrap();
    let (suite, _) = rest.split_once("```").unwrap();
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join("readme_suite.toml");
    fs::write(&path, suite).unwrap();
    let output = assay(&["audit", COMPAS, "--suite", path.to_str().unwrap(), "--json", "-"]);
    let report: Value = serde_json::from_str(&output).unwrap();
    let findings = report["findings"].as_array().unwrap();
    assert_eq!(report["suite"].as_array().unwrap().len(), suite.matches("[[check]]").count());
    assert!(
        findings
            .iter()
            .all(|finding| finding["verdict"] != "error" && !finding["sentence"].as_str().unwrap().starts_with("Nothing to check")),
        "{findings:#?}"
    );
}

#[test]
fn what_is_suggested_is_accepted_and_says_the_same() {
    for file in ["compas_counts", "adult", "digits", "diabetes", "drift_current"] {
        let data = format!("tests/oracle/{file}.csv");
        let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("suggested_{file}.toml"));
        fs::write(&path, assay(&["suggest", &data])).unwrap();
        let verdicts = |arguments: &[&str]| -> Vec<(String, String)> {
            let report: Value = serde_json::from_str(&assay(arguments)).unwrap();
            let findings = report["findings"].as_array().unwrap().iter();
            let pairs = findings.map(|finding| (finding["sentence"].to_string(), finding["verdict"].to_string()));
            pairs.filter(|(_, verdict)| verdict != "\"not_applicable\"").collect()
        };
        let of_defaults = verdicts(&["audit", &data, "--json", "-"]);
        assert_eq!(
            verdicts(&["audit", &data, "--suite", path.to_str().unwrap(), "--json", "-"]),
            of_defaults,
            "{file}"
        );
    }
}

/// The targets of the page's links and pictures that are no addresses.
fn linked(page: &str) -> BTreeSet<String> {
    let targets = page
        .split("](")
        .skip(1)
        .filter_map(|rest| rest.split_once(')').map(|(target, _)| target.to_owned()));
    targets
        .filter(|target| !target.contains("://") && !target.starts_with('#'))
        .collect()
}

/// What stands between backquotes in prose and looks like a path of the repository.
fn named(page: &str) -> BTreeSet<String> {
    let prose = page.split("```").step_by(2).collect::<String>();
    let code = prose.split('`').skip(1).step_by(2);
    let is_path = |text: &&str| {
        let is_plain = text.chars().all(|c| c.is_alphanumeric() || "/._-".contains(c));
        is_plain && (text.contains('/') || text.ends_with(".rs") || text.ends_with(".toml")) && !text.contains("FORMAT")
    };
    code.filter(is_path).map(str::to_owned).collect()
}

#[test]
fn every_file_named_exists() {
    // Made by building, chosen by the reader, or somebody else's repository.
    const ELSEWHERE: [&str; 4] = [
        "dist/index.html",
        "assay.toml",
        "propublica/compas-analysis",
        "~/.cache/assay-tools",
    ];
    let page = page();
    let mut missing: Vec<String> = linked(&page).into_iter().filter(|target| !Path::new(target).exists()).collect();
    for name in named(&page) {
        let is_there = Path::new(&name).exists() || Path::new("src").join(&name).exists();
        if !is_there && !ELSEWHERE.contains(&name.as_str()) {
            missing.push(name);
        }
    }
    assert!(missing.is_empty(), "{PAGE} names what does not exist: {missing:?}");
    assert!(
        linked(&page).len() >= 6 && named(&page).len() >= 30,
        "too little was found to be named"
    );
}

#[test]
fn every_make_target_named_exists() {
    let makefile = fs::read_to_string("Makefile").unwrap();
    let page = page();
    let mentioned: BTreeSet<&str> = page
        .split(|c: char| c.is_whitespace() || c == '`')
        .collect::<Vec<_>>()
        .windows(2)
        .filter(|pair| pair[0] == "make")
        .map(|pair| pair[1])
        .filter(|target| ["serve", "site", "test"].iter().any(|known| target.starts_with(known)) || target.contains('-'))
        .collect();
    assert!(mentioned.len() >= 3, "{mentioned:?}");
    for target in mentioned {
        let is_there = makefile.lines().any(|line| line.starts_with(&format!("{target}:")));
        assert!(is_there, "{PAGE} says `make {target}`, and the Makefile has no such target");
    }
}
