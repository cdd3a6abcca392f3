//! A reference kept as a profile, by the command: what it tells is what the data tells, within its limits; what few rows share is not in it; and what is
//! no profile is refused in a sentence.

use std::collections::BTreeMap;
use std::fmt::Write;

use serde_json::Value;

use crate::command::{Folder, notices};

/// Ages, incomes with one far out, towns with rare ones, yes and no, a label and a score; some values are missing.
fn file(rows: usize, shift: usize) -> String {
    let mut text = "age,income,town,member,note,y_true,score\n".to_owned();
    for row in 0..rows {
        let mixed = (row * 7919 + 13) % 1009;
        let age = 18 + (mixed + 31 * shift) % 70;
        let income = if row == 77 {
            "8765432.125".to_owned()
        } else {
            format!("{}.{:03}", 900 + mixed * 3 + row % 7, row % 997 + 1)
        };
        let town = match row % 500 {
            3 => format!("Hamlet {}", row % 5),
            other => format!("Town {}", (other * 31 + shift * 3) % 12),
        };
        let age = if row % 41 == 0 { String::new() } else { age.to_string() };
        let _ = writeln!(
            text,
            "{age},{income},{town},{},some words of row {row} that are not kept at all,{},0.{:03}",
            if (row + shift).is_multiple_of(3) { "yes" } else { "no" },
            usize::from((mixed + shift * 100).is_multiple_of(4)),
            (mixed * 17) % 1000,
        );
    }
    text
}

fn folder() -> Folder {
    Folder::new().with("was.csv", file(2000, 0)).with("is.csv", file(1700, 1))
}

fn profiled(folder: &Folder, arguments: &str) -> String {
    let ran = folder.run(&format!("profile {arguments}"));
    assert_eq!(ran.code, 0, "{}", ran.err);
    ran.out
}

type Address = (String, String, String, String);

fn addresses(report: &Value) -> BTreeMap<Address, Value> {
    let estimates = report["estimates"].as_array().unwrap().iter();
    let address = |own: &Value| {
        let text = |field: &str| own[field].to_string();
        (
            text("metric"),
            text("params"),
            text("source"),
            format!(
                "{}{}{}{}{}",
                own["columns"], own["group"], own["comparison"], own["window"], own["slice"]
            ),
        )
    };
    estimates.map(|own| (address(own), own.clone())).collect()
}

#[test]
fn an_audit_beside_a_profile_tells_what_one_beside_the_data_does_within_its_limits() {
    let folder = folder();
    profiled(&folder, "was.csv --output kept.json");
    let data = addresses(&folder.report("is.csv --reference was.csv --windows none"));
    let report = folder.report("is.csv --reference kept.json --windows none");
    let kept = addresses(&report);
    let (mut limited, mut undefined) = (0, 0);
    for (address, own) in &kept {
        let Some(truth) = data.get(address) else {
            assert!(
                own["value"].is_null() && own["text"].is_null(),
                "{own} is told from the profile alone"
            );
            continue;
        };
        if let (Some(low), Some(high)) = (own["within"]["low"].as_f64(), own["within"]["high"].as_f64()) {
            limited += 1;
            let slack = 1e-9 * (1.0 + low.abs().max(high.abs()));
            let truth = truth["value"]
                .as_f64()
                .unwrap_or_else(|| panic!("{truth} has no value, and {own} has"));
            assert!(low - slack <= truth && truth <= high + slack, "{own} is not {truth}");
        } else if own["undefined"]["code"] == "from_profile" {
            undefined += 1;
        } else if address.1.contains("test") || own["metric"] != "drift_bound" {
            assert_eq!(own["value"], truth["value"], "{own}");
            assert_eq!(own["text"], truth["text"], "{own}");
        }
    }
    assert!(limited > 150 && undefined > 20, "{limited} {undefined}");
    // What the data tells of columns and files beside the reference is told, or said not to be.
    for (address, truth) in &data {
        let metric = truth["metric"].as_str().unwrap();
        let of_performance =
            truth["source"] == "reference" && truth["columns"].as_array().is_none_or(Vec::is_empty) || truth["comparison"] == "change";
        let of_pairs = [
            "correlation_change",
            "correlation_change_pvalue",
            "domain_classifier_share",
            "change_pvalue",
        ]
        .contains(&metric);
        let of_pairs = of_pairs || truth["source"] == "reference" && truth["columns"].as_array().is_some_and(|columns| columns.len() == 2);
        assert!(of_performance || of_pairs || kept.contains_key(address), "{truth} is dropped");
    }
    let age = &kept[&(
        "\"drift_score\"".to_owned(),
        "{}".to_owned(),
        "\"current\"".to_owned(),
        "[\"age\"]{}nullnullnull".to_owned(),
    )];
    assert!(
        age["within"]["high"].as_f64().unwrap() - age["within"]["low"].as_f64().unwrap() < 0.02,
        "{age}"
    );
    let told = notices(&report, "setting").join(" ");
    assert!(told.contains("a profile of 2000 rows of \"was.csv\""), "{told}");
    let input = &report["inputs"][1];
    assert_eq!(
        (&input["source"], &input["profile"]["name"], &input["profile"]["smallest"]),
        (&"reference".into(), &"was.csv".into(), &10.into())
    );
}

#[test]
fn a_report_beside_a_profile_says_so_and_how_well_it_knows() {
    let folder = folder();
    profiled(&folder, "was.csv --output kept.json");
    let ran = folder.run("audit is.csv --reference kept.json --windows none --html report.html --markdown report.md");
    for text in [ran.out.replace("\n  ", " "), folder.read("report.md"), folder.read("report.html")] {
        let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(
            text.contains("The reference is a profile of 2\u{202f}000 rows of “was.csv”")
                || text.contains("The reference is a profile of 2 000 rows"),
            "{text}"
        );
        assert!(text.contains("sizes of drift are within ±0."), "{text}");
    }
    let page = folder.read("report.html");
    assert!(
        page.contains("is known of no column: the reference is a profile, which holds no rows to tell it from."),
        "{page}"
    );
}

#[test]
fn a_profile_of_too_few_rows_claims_no_size_of_drift() {
    let folder = folder().with("few.csv", file(5, 0));
    profiled(&folder, "few.csv --output kept.json");
    let ran = folder.run("audit is.csv --reference kept.json --windows none");
    let text = ran.out.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(text.contains("it tells of no column how far that has drifted."), "{text}");
    assert!(!text.contains("within ±"), "{text}");
}

#[test]
fn what_few_rows_share_is_not_in_a_profile() {
    let folder = folder();
    profiled(&folder, "was.csv --output kept.json");
    let json = folder.read("kept.json");
    for rare in ["Hamlet", "8765432", "some words", "\"id\""] {
        assert!(!json.contains(rare), "{rare}");
    }
    assert!(json.contains("Town 3"));
    let profile: Value = serde_json::from_str(&json).unwrap();
    // Every number in it that is not a count: none is a value of fewer than ten rows.
    let mut incomes: BTreeMap<String, u64> = BTreeMap::new();
    for line in folder.read("was.csv").lines().skip(1) {
        *incomes.entry(line.split(',').nth(1).unwrap().to_owned()).or_default() += 1;
    }
    let income = profile["columns"]
        .as_array()
        .unwrap()
        .iter()
        .find(|column| column["name"] == "income")
        .unwrap();
    let cells = income["values"]["numbers"]["cells"].as_array().unwrap();
    assert!(cells.len() > 100, "{}", cells.len());
    for cell in cells {
        assert!(cell[2].as_u64().unwrap() >= 10, "{cell}");
        for edge in [&cell[0], &cell[1]] {
            let is_rare = |value: f64| {
                incomes
                    .iter()
                    .any(|(text, rows)| text.parse::<f64>().unwrap() == value && *rows < 10)
            };
            assert!(edge.as_f64().is_none_or(|edge| !is_rare(edge)), "{edge}");
        }
    }
    for column in profile["columns"].as_array().unwrap() {
        for (_, rows) in column["values"]["levels"]["named"]
            .as_array()
            .into_iter()
            .flatten()
            .map(|level| (&level[0], &level[1]))
        {
            assert!(rows.as_u64().unwrap() >= 10);
        }
    }
    profiled(&folder, "was.csv --output coarse.json --smallest 300");
    let coarse = folder.read("coarse.json");
    assert!(
        !coarse.contains("Town 3") && coarse.len() < json.len() / 4,
        "{} {}",
        coarse.len(),
        json.len()
    );
}

#[test]
fn a_profile_does_not_depend_on_the_order_of_rows_nor_on_workers() {
    let text = file(3000, 0);
    let mut lines: Vec<&str> = text.lines().collect();
    lines[1..].reverse();
    let turned = format!("{}\n", lines.join("\n"));
    let (one, other) = (Folder::new().with("was.csv", &text), Folder::new().with("was.csv", turned));
    profiled(&one, "was.csv --output a.json --workers 1");
    profiled(&one, "was.csv --output b.json --workers 3");
    profiled(&other, "was.csv --output a.json");
    assert_eq!(one.read("a.json"), one.read("b.json"));
    assert_eq!(one.read("a.json"), other.read("a.json"));
    assert_eq!(profiled(&one, "was.csv --output -"), one.read("a.json"));
}

#[test]
fn counts_stand_for_rows() {
    let counted = "x,c,count\n1,a,30\n2,a,20\n5,b,25\n,b,25\n";
    let mut written = "x,c\n".to_owned();
    for line in counted.lines().skip(1) {
        let cells: Vec<&str> = line.split(',').collect();
        for _ in 0..cells[2].parse::<usize>().unwrap() {
            let _ = writeln!(written, "{},{}", cells[0], cells[1]);
        }
    }
    let (one, other) = (Folder::new().with("was.csv", counted), Folder::new().with("was.csv", written));
    profiled(&one, "was.csv --count count --output a.json");
    profiled(&other, "was.csv --output a.json");
    assert_eq!(one.read("a.json"), other.read("a.json"));
}

#[test]
fn a_profile_is_known_by_what_it_says_and_refused_where_it_cannot_be_used() {
    let folder = folder();
    profiled(&folder, "was.csv --output kept.csv");
    let json = folder.read("kept.csv");
    let half = &json[..json.len() / 2];
    let other = json.replacen("\"version\":1", "\"version\":7", 1);
    let more = json.replacen("\"rows\":2000", "\"rows\":2000,\"sum\":1", 1);
    let folder = folder.with("half.json", half).with("other.json", other).with("more.json", more);
    assert_eq!(folder.run("audit is.csv --reference kept.csv --windows none").err, "");
    for (arguments, message) in [
        (
            "audit is.csv --reference half.json",
            "\"half.json\" begins as a profile, but cannot be read as one",
        ),
        (
            "audit is.csv --reference other.json",
            "\"other.json\" is a profile of version 7; version 1 is read here",
        ),
        ("audit is.csv --reference more.json", "unknown field `sum`"),
        ("audit kept.csv", "\"kept.csv\" is a profile, which holds no rows"),
        (
            "profile kept.csv --output again.json",
            "\"kept.csv\" is a profile, which holds no rows",
        ),
        ("profile is.csv --reference was.csv --output again.json", "a profile is of one file"),
        ("profile is.csv --output is.csv", "is the file to audit"),
        ("profile is.csv --output p.json --smallest 0", "0 is not in 1.."),
        ("profile is.csv", "--output"),
    ] {
        let ran = folder.run(arguments);
        assert_eq!((ran.code, ran.out.as_str()), (2, ""), "{arguments}");
        assert!(ran.err.contains(message), "{arguments}: {}", ran.err);
    }
}

#[test]
fn columns_that_a_profile_does_not_tell_are_said() {
    let was = file(300, 0).replace("member", "club");
    let folder = Folder::new()
        .with("was.csv", was)
        .with("is.csv", file(300, 0).replace(",Town ", ",7"));
    profiled(&folder, "was.csv --output kept.json --smallest 295");
    let report = folder.report("is.csv --reference kept.json --windows none");
    let told = notices(&report, "setting").join("\n");
    for sentence in [
        "Columns \"club\" are in the profile only and are not compared.",
        "Columns \"member\"",
        "Column \"age\" is not compared with the profile: fewer than 295 rows of it have a value.",
    ] {
        assert!(told.contains(sentence), "{sentence}: {told}");
    }
    let report = folder.report("is.csv --reference kept.json --windows none --renamed club=member");
    assert!(!notices(&report, "setting").join("\n").contains("club"));
}
