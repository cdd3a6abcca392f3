//! The command as it is typed: what it prints and writes, its exit codes, and what it says of input that is no good.

use std::collections::BTreeSet;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};

use serde_json::Value;

/// A folder of its own for one test, removed at the end.
pub(super) struct Folder(PathBuf);

impl Folder {
    pub(super) fn new() -> Self {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let name = format!("command-{}-{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed));
        let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
        fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    pub(super) fn with(self, name: &str, content: impl AsRef<[u8]>) -> Self {
        fs::write(self.0.join(name), content).unwrap();
        self
    }

    pub(super) fn read(&self, name: &str) -> String {
        fs::read_to_string(self.0.join(name)).unwrap()
    }

    pub(super) fn command(&self, arguments: &str) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_assay"));
        command.current_dir(&self.0).args(arguments.split_whitespace());
        command
    }

    /// Runs the command; a panic is a failure whatever else is expected.
    pub(super) fn run(&self, arguments: &str) -> Ran {
        Ran::of(self.command(arguments).stdin(Stdio::null()).output().unwrap())
    }

    pub(super) fn report(&self, arguments: &str) -> Value {
        let ran = self.run(&format!("audit {arguments} --json -"));
        assert!(ran.code < 2, "{arguments}: {}", ran.err);
        serde_json::from_str(&ran.out).unwrap()
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        // What stays behind is in the build's own folder.
        let _ = fs::remove_dir_all(&self.0);
    }
}

pub(super) struct Ran {
    pub(super) code: i32,
    pub(super) out: String,
    pub(super) err: String,
}

impl Ran {
    fn of(output: std::process::Output) -> Self {
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
        let ran = Self {
            code: output.status.code().expect("the command ends by itself"),
            out: text(output.stdout),
            err: text(output.stderr),
        };
        assert!(!ran.out.contains("panicked") && !ran.err.contains("panicked"), "{}", ran.err);
        ran
    }
}

/// The command refuses with exit code 2, says exactly this, and prints nothing else.
pub(super) fn refused(folder: &Folder, arguments: &str, message: &str) {
    let ran = folder.run(arguments);
    assert_eq!((ran.code, ran.out.as_str()), (2, ""), "{arguments}");
    assert_eq!(ran.err, format!("assay: {message}\n"), "{arguments}");
}

pub(super) fn notices(report: &Value, code: &str) -> Vec<String> {
    let all = report["notices"].as_array().unwrap().iter();
    all.filter(|notice| notice["code"] == code)
        .map(|notice| notice["text"].as_str().unwrap().to_owned())
        .collect()
}

/// The estimates of a metric in single groups, by level; a missing level is `None`.
fn of_groups(report: &Value, metric: &str, column: &str) -> Vec<(Option<String>, Value)> {
    let all = report["estimates"].as_array().unwrap().iter();
    let is_one = |estimate: &&Value| {
        let group = estimate["group"].as_object().unwrap();
        estimate["metric"] == metric && estimate["comparison"].is_null() && group.len() == 1 && group.contains_key(column)
    };
    all.filter(is_one)
        .map(|estimate| (estimate["group"][column].as_str().map(str::to_owned), estimate.clone()))
        .collect()
}

fn overall<'v>(report: &'v Value, metric: &str) -> &'v Value {
    let is_it = |estimate: &&Value| {
        estimate["metric"] == metric && estimate["comparison"].is_null() && estimate["group"].as_object().unwrap().is_empty()
    };
    report["estimates"].as_array().unwrap().iter().find(is_it).unwrap()
}

// ---- what works ------------------------------------------------------------------------------------------------------------------------

#[test]
fn the_published_figures_come_out() {
    let example = Path::new(env!("CARGO_MANIFEST_DIR")).join("public/examples/compas_counts.csv");
    let folder = Folder::new().with("compas_counts.csv", fs::read(example).unwrap());
    let line = "audit compas_counts.csv --count count --label two_year_recid --score decile_score --threshold 5 --sensitive race,sex,age_cat --json out.json";
    let ran = folder.run(line);
    assert_eq!(ran.code, 1, "the four-fifths rule does not hold: {}", ran.err);
    assert!(ran.out.starts_with("compas_counts.csv\n") && ran.err.is_empty(), "{}", ran.out);
    let report: Value = serde_json::from_str(&folder.read("out.json")).unwrap();
    for (metric, level, percent) in [
        ("false_positive_rate", "African-American", 44.85),
        ("false_positive_rate", "Caucasian", 23.45),
        ("false_negative_rate", "African-American", 27.99),
        ("false_negative_rate", "Caucasian", 47.72),
    ] {
        let groups = of_groups(&report, metric, "race");
        let (_, estimate) = groups.iter().find(|(own, _)| own.as_deref() == Some(level)).unwrap();
        let got = estimate["value"].as_f64().unwrap() * 100.0;
        assert!((got - percent).abs() < 0.005, "{metric} of {level}: {got}");
        let (low, high) = (
            estimate["interval"]["low"].as_f64().unwrap() * 100.0,
            estimate["interval"]["high"].as_f64().unwrap() * 100.0,
        );
        assert!(low < got && got < high && estimate["support"].as_u64().unwrap() > 900);
    }
    assert_eq!(report["outcome"]["rows_represented"], 7214);
}

/// Ninety rows of two groups, mostly right.
const FINE: &str = "label,prediction,sex,n\n1,1,f,40\n1,0,f,4\n0,0,f,40\n0,1,f,4\n1,1,m,40\n1,0,m,4\n0,0,m,40\n0,1,m,4\n";

#[test]
fn exit_codes_tell_pass_fail_and_error() {
    let suite = |sentence: &str| format!("[[check]]\nsentence = \"{sentence}\"\n");
    let folder = Folder::new()
        .with("fine.csv", FINE)
        .with("pass.toml", suite("accuracy is at least 0.8"))
        .with("fail.toml", suite("accuracy is at least 0.99"))
        .with("warn.toml", suite("accuracy is at least 0.99, else warn"))
        .with("open.toml", suite("accuracy is at least 0.9"))
        .with("error.toml", suite("accuracy is at least r2"));
    let code = |suite: &str, more: &str| folder.run(&format!("audit fine.csv --count n --suite {suite} {more}")).code;
    assert_eq!(code("pass.toml", ""), 0);
    assert_eq!(code("pass.toml", "--strict"), 0);
    assert_eq!(code("fail.toml", ""), 1);
    assert_eq!(code("warn.toml", ""), 0);
    assert_eq!(code("open.toml", ""), 0);
    assert_eq!(code("open.toml", "--strict"), 1);
    assert_eq!(code("error.toml", ""), 2);
}

#[test]
fn every_verdict_can_be_reached() {
    let checks = [
        ("pass", "rows is at least 100"),
        ("fail", "accuracy is at least 0.99"),
        ("warn", "accuracy is at least 0.99, else warn"),
        ("inconclusive", "accuracy is at least 0.9"),
        ("not_applicable", "r2 is at least 0, where measured"),
        ("error", "accuracy is at least r2"),
    ];
    let suite: String = checks
        .iter()
        .map(|(id, sentence)| format!("[[check]]\nsentence = \"{id}: {sentence}\"\n"))
        .collect();
    let folder = Folder::new().with("fine.csv", FINE).with("suite.toml", suite);
    let ran = folder.run("audit fine.csv --count n --suite suite.toml --json out.json");
    assert_eq!(ran.code, 2);
    let report: Value = serde_json::from_str(&folder.read("out.json")).unwrap();
    let findings = report["findings"].as_array().unwrap();
    assert_eq!(findings.len(), checks.len());
    for finding in findings {
        assert_eq!(finding["check"], finding["verdict"], "{finding}");
        assert!(finding["sentence"].as_str().unwrap().len() > 10);
    }
}

#[test]
fn standard_input_and_output_are_a_dash() {
    let folder = Folder::new().with("fine.csv", FINE);
    let mut child = folder
        .command("audit - --count n --json -")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(FINE.as_bytes()).unwrap();
    let piped = Ran::of(child.wait_with_output().unwrap());
    assert_eq!((piped.code, piped.err.as_str()), (0, ""));
    let mut read: Value = serde_json::from_str(&piped.out).unwrap();
    let mut filed: Value = folder.report("fine.csv --count n");
    assert_eq!(read["inputs"][0]["name"], "standard input");
    read["inputs"][0]["name"].take();
    filed["inputs"][0]["name"].take();
    assert_eq!(read, filed);
    for face in ["--html", "--markdown"] {
        let ran = folder.run(&format!("audit fine.csv --count n {face} -"));
        assert!(
            ran.code == 0 && !ran.out.contains("Rows: 8 read = 8 used"),
            "nothing but the report: {}",
            ran.out
        );
    }
    refused(
        &folder,
        "audit fine.csv --json - --html -",
        "two reports cannot both go to standard output; give one of them a file.",
    );
}

#[test]
fn a_reader_that_went_away_is_no_failure() {
    let folder = Folder::new().with("fine.csv", FINE).with("empty.csv", "");
    for (arguments, code) in [
        ("audit fine.csv --count n --html -", 0),
        ("audit fine.csv --count n", 0),
        ("metrics", 0),
        ("inspect fine.csv", 0),
        ("audit empty.csv", 2),
    ] {
        let mut child = folder
            .command(arguments)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        drop(child.stdout.take());
        drop(child.stderr.take());
        assert_eq!(child.wait().unwrap().code(), Some(code), "{arguments}");
    }
}

#[test]
fn the_other_commands_answer() {
    let folder = Folder::new().with("fine.csv", FINE);
    let inspect = folder.run("inspect fine.csv");
    assert!(
        inspect.code == 0 && inspect.out.contains("sensitive feature") && inspect.out.contains("named like a truth"),
        "{}",
        inspect.out
    );
    let suggest = folder.run("suggest fine.csv");
    assert_eq!(suggest.code, 0);
    fs::write(folder.0.join("suggested.toml"), &suggest.out).unwrap();
    let plain = folder.report("fine.csv --count n");
    let suggested = folder.report("fine.csv --count n --suite suggested.toml");
    let applying = |report: &Value| -> Vec<Value> {
        let findings = report["findings"].as_array().unwrap().iter();
        findings.filter(|finding| finding["verdict"] != "not_applicable").cloned().collect()
    };
    assert_eq!(
        applying(&plain),
        applying(&suggested),
        "what is suggested is what the default checks find"
    );
    let metrics = folder.run("metrics");
    assert!(metrics.code == 0 && metrics.out.contains("  false_positive_rate "));
    let explain = folder.run("explain tpr");
    assert!(
        explain.code == 0 && explain.out.starts_with("Recall\n") && explain.out.contains("  id           recall\n"),
        "{}",
        explain.out
    );
    refused(
        &folder,
        "explain recal",
        "no metric is called \"recal\". Is recall, recall_at_k or recall_macro meant?",
    );
}

// ---- files that are no good ------------------------------------------------------------------------------------------------------------

#[test]
fn what_is_said_of_the_reading_holds_and_nonsense_is_refused() {
    let folder = Folder::new().with("f.csv", "1;-999;03/04/2018\n2;5,5;05/06/2018\n");
    let ran = folder.run("inspect f.csv --no-header --delimiter ; --decimal comma --dates day-first --missing -999");
    assert_eq!((ran.code, ran.err.as_str()), (0, ""));
    for line in [
        "delimiter: semicolon (as given)",
        "header: no (as given)",
        "decimal: comma (as given)",
        "dates: day-first (as given)",
        "missing: -999 (as given)",
    ] {
        assert!(ran.out.contains(line), "{line}: {}", ran.out);
    }
    let row = |name: &str| {
        ran.out
            .lines()
            .find(|line| line.trim().starts_with(name))
            .unwrap_or_default()
            .to_owned()
    };
    assert_eq!(row("column 2").split_whitespace().nth(3), Some("1"), "{}", ran.out);
    assert!(row("column 3").contains("time"), "{}", ran.out);
    for (flags, message) in [
        (
            "--delimiter ab",
            "\"ab\" is no delimiter. Choose comma, semicolon, tab, bar or any other single sign.",
        ),
        ("--dates iso", "\"iso\" is no order of dates. Choose day-first or month-first."),
        (
            "--decimal comma --thousands comma",
            "The file cannot be read as asked: one sign cannot be the decimal sign and set thousands apart. Take one of the two back.",
        ),
        (
            "--quote none --escape backslash",
            "The file cannot be read as asked: without quotation marks there is nothing to escape. Take one of the two back.",
        ),
    ] {
        let ran = folder.run(&format!("inspect f.csv {flags}"));
        assert_eq!((ran.code, ran.out.as_str()), (2, ""), "{flags}");
        assert_eq!(ran.err.trim(), format!("assay: {message}"));
    }
    assert_eq!(folder.run("inspect f.csv --header --no-header").code, 2);
}

#[test]
fn what_is_said_of_the_reading_stands_in_the_report() {
    let folder = Folder::new().with("f.csv", "y;p;x\n1;1;1,5\n0;0;-999\n1;0;2,5\n0;0;3,5\n");
    let flags = "f.csv --label y --prediction p";
    let told = folder.report(&format!("{flags} --delimiter ; --decimal comma --missing -999"));
    let expected = serde_json::json!({ "delimiter": "semicolon", "decimal": "comma", "missing": "-999" });
    assert_eq!(told["inputs"][0]["told"], expected);
    assert_eq!(told["inputs"][0]["columns"][2]["missing"], 1);
    let page = folder.run(&format!("audit {flags} --delimiter ; --decimal comma --markdown -")).out;
    assert!(page.contains("delimiter semicolon, decimal comma"), "{page}");
    let found = folder.report(flags);
    assert_eq!(found["inputs"][0]["delimiter"], ";");
    assert!(found["inputs"][0].get("told").is_none(), "{found}");
}

#[test]
fn files_that_cannot_be_read_say_what_and_what_to_do() {
    let folder = Folder::new()
        .with("empty.csv", "")
        .with("blank.csv", "\n \n\n")
        .with("header.csv", "label,prediction\n")
        .with("image.csv", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR")
        .with("sheet.xlsx", b"PK\x03\x04\x14\0\x06\0")
        .with("bytes.csv", b"\xc3\xa9,p\n1,\xff\n")
        .with("open.csv", "y,p\n\"1,0\n1,1\n")
        .with("narrow.csv", "y,p\n1\n0\n");
    for (arguments, message) in [
        (
            "empty.csv",
            "\"empty.csv\" is empty. Choose a CSV file with a header line and at least one row.",
        ),
        (
            "blank.csv",
            "\"blank.csv\" is empty. Choose a CSV file with a header line and at least one row.",
        ),
        (
            "header.csv",
            "\"header.csv\" has a header line and no rows. Choose a file with at least one row.",
        ),
        (
            "image.csv",
            "\"image.csv\" looks like a PNG image, not a CSV file. Choose a CSV file.",
        ),
        (
            "sheet.xlsx",
            "\"sheet.xlsx\" looks like a spreadsheet or ZIP archive, not a CSV file. Open it in a spreadsheet and save it as CSV, or unpack it and choose the CSV file inside.",
        ),
        (
            "bytes.csv",
            "\"bytes.csv\" is not UTF-8 text at line 2 (byte 8 of the file). Save it as UTF-8, or choose its encoding.",
        ),
        (
            "open.csv",
            "The quotation mark that opens on line 2 of \"open.csv\" is never closed. Close it, or double it where it is part of the text.",
        ),
        (
            "narrow.csv",
            "None of the 2 rows of \"narrow.csv\" fits its header: the header has 2 fields and the row at line 2 has 1. Check the delimiter and the header.",
        ),
        (".", "\".\" is a folder. Name a CSV file."),
    ] {
        for command in ["audit", "inspect", "suggest"] {
            refused(&folder, &format!("{command} {arguments}"), message);
        }
    }
    let missing = folder.run("audit absent.csv");
    assert_eq!(missing.code, 2);
    assert!(
        missing.err.starts_with("assay: \"absent.csv\" cannot be read: ") && missing.err.contains("Check the path"),
        "{}",
        missing.err
    );
    let unwritable = folder
        .with("fine.csv", FINE)
        .run("audit fine.csv --count n --json no/such/folder.json");
    assert!(
        unwritable.code == 2 && unwritable.err.contains("Check that the folder exists"),
        "{}",
        unwritable.err
    );
}

#[test]
fn files_without_anything_to_predict_are_described() {
    let folder = Folder::new()
        .with("nothing.csv", "u,v\nfoo,bar\nbaz,qux\nfoo,qux\n")
        .with("empty.csv", "u,v\n,\n,\n");
    let message = "No column is a label, prediction or score, so there is nothing to measure. Say which column holds the truth (label) and which the prediction or score. Name them as in --label COLUMN --prediction COLUMN --score COLUMN.";
    refused(&folder, "audit nothing.csv --task binary", message);
    refused(&folder, "audit empty.csv", message);
    let ran = folder.run("audit nothing.csv --json -");
    let report: serde_json::Value = serde_json::from_str(&ran.out).unwrap();
    assert!(ran.code == 0 && report["outcome"]["task"].is_null(), "{}", ran.err);
    let inspect = folder.run("inspect nothing.csv");
    assert!(
        inspect.code == 0 && inspect.out.contains("what each column holds"),
        "{}",
        inspect.out
    );
}

#[test]
fn classes_spelled_differently_are_matched_or_refused() {
    let folder = Folder::new()
        .with("spelled.csv", "label,prediction\n1,yes\n0,no\n1,no\n1,yes\n")
        .with("strangers.csv", "label,prediction\n1,maybe\n0,perhaps\n1,maybe\n")
        .with("shares.csv", "label,prediction\n1,0.4\n0,0.7\n");
    let report = folder.report("spelled.csv");
    assert_eq!(overall(&report, "accuracy")["value"], 0.75);
    assert_eq!(
        notices(&report, "spellings_matched"),
        [
            "Columns \"label\" and \"prediction\" spell their classes differently; in the second, \"yes\" as \"1\", \"no\" as \"0\" was read."
        ]
    );
    refused(
        &folder,
        "audit strangers.csv",
        "Column \"label\" (label) holds \"1\", \"0\", but column \"prediction\" (prediction) holds \"maybe\", \"perhaps\". Spell the classes alike in both, or choose another column.",
    );
    refused(
        &folder,
        "audit shares.csv",
        "Column \"prediction\" is given as the prediction, but holds numbers such as 0.4 while the label has two classes. Give it the role score instead.",
    );
}

#[test]
fn a_label_of_one_class_is_audited_as_far_as_it_goes() {
    let folder = Folder::new().with("one.csv", "label,prediction\n1,1\n1,0\n1,1\n");
    let report = folder.report("one.csv");
    assert_eq!(
        notices(&report, "one_class"),
        ["Column \"label\" (label) holds one class only, \"1\", so recall or specificity, AUC and the like do not exist."]
    );
    let specificity = overall(&report, "specificity");
    assert!(specificity["value"].is_null() && specificity["undefined"]["code"] == "no_negatives");
    assert!(overall(&report, "recall")["value"].as_f64().is_some());
}

#[test]
fn ragged_rows_are_set_aside_counted_and_named() {
    let folder = Folder::new().with("ragged.csv", "label,prediction,sex\n1,1,f\n1,0\n0,0,m\n1,1,f,9\n0,1,m\n");
    let report = folder.report("ragged.csv");
    let input = &report["inputs"][0];
    assert_eq!(
        (&input["rows_read"], &input["rows_used"], &input["rows_set_aside"]),
        (&5.into(), &3.into(), &2.into())
    );
    let lines: Vec<u64> = input["bad_rows"]
        .as_array()
        .unwrap()
        .iter()
        .map(|row| row["line"].as_u64().unwrap())
        .collect();
    assert_eq!(lines, [3, 5]);
    assert_eq!(
        notices(&report, "ragged_rows"),
        ["2 rows do not have the 3 fields of the header and were set aside (first at line 3)."]
    );
    assert!(folder.run("audit ragged.csv").out.contains("Rows: 5 read = 3 used + 2 set aside"));
}

#[test]
fn a_header_name_that_occurs_twice_is_made_unique() {
    let folder = Folder::new().with("twice.csv", "label,prediction,sex,sex\n1,1,f,a\n0,0,m,b\n1,0,f,a\n0,1,m,b\n");
    let report = folder.report("twice.csv");
    assert_eq!(
        notices(&report, "duplicate_header"),
        ["Column 4 has the same name as column 3, \"sex\"; it is called \"sex (2)\"."]
    );
    assert_eq!(of_groups(&report, "rows", "sex (2)").len(), 2);
}

#[test]
fn missing_labels_predictions_and_groups_are_said_and_kept_out() {
    let rows = "label,prediction,sex\n1,1,f\n,0,m\n0,,f\n1,1,\n0,0,m\n1,0,m\n";
    let folder = Folder::new().with("missing.csv", rows);
    let report = folder.report("missing.csv --sensitive sex");
    for (code, message) in [
        (
            "missing_labels",
            "1 row in column \"label\" has no label; it is kept out of everything that needs it.",
        ),
        (
            "missing_predictions",
            "1 row in column \"prediction\" has no prediction; it is kept out of everything that needs it.",
        ),
        (
            "missing_groups",
            "1 row in column \"sex\" has no level; such rows are a group of their own, shown, but left out of gaps.",
        ),
    ] {
        assert_eq!(notices(&report, code), [message]);
    }
    assert_eq!(overall(&report, "accuracy")["support"], 4);
    assert_eq!(overall(&report, "prevalence")["support"], 5);
    assert_eq!(overall(&report, "selection_rate")["support"], 5);
    let levels: Vec<Option<String>> = of_groups(&report, "rows", "sex").into_iter().map(|(level, _)| level).collect();
    assert_eq!(levels, [Some("f".to_owned()), Some("m".to_owned()), None]);
}

#[test]
fn names_that_are_markup_stay_text() {
    let hostile = "<img src=x onerror=alert(1)>";
    let rows =
        format!("label,prediction,sex<script>,race\n1,1,{hostile},a|b\n0,0,m,[x](javascript:alert(1))\n1,0,{hostile},a|b\n0,1,m,`c`\n");
    let folder = Folder::new().with("html.csv", rows);
    let ran =
        folder.run("audit html.csv --label label --prediction prediction --sensitive sex<script>,race --html out.html --markdown out.md");
    assert_eq!(ran.code, 0, "{}", ran.err);
    let html = folder.read("out.html");
    assert!(!html.contains("<img src=x") && !html.contains("<script>") && html.contains("&lt;img src=x onerror=alert(1)&gt;"));
    let markdown = folder.read("out.md");
    assert!(!markdown.contains("<img src=x") && !markdown.contains("<script>"), "{markdown}");
    assert!(!markdown.contains("[x](javascript:"), "{markdown}");
}

// ---- what is typed ---------------------------------------------------------------------------------------------------------------------

#[test]
fn what_cannot_be_meant_is_refused() {
    let folder = Folder::new().with("fine.csv", FINE);
    for (arguments, message) in [
        ("--label lable", "There is no column \"lable\". The closest names are: \"label\"."),
        (
            "--label label --prediction Predictions",
            "There is no column \"Predictions\". The closest names are: \"prediction\".",
        ),
        (
            "--sensitive sex,colour",
            "There is no column \"colour\". Choose one of the file's columns.",
        ),
        (
            "--label label --prediction label",
            "Column \"label\" is given as label and as prediction. Give it one role.",
        ),
        (
            "--label label --prediction prediction --sensitive prediction",
            "Column \"prediction\" is given as prediction and as sensitive feature. Give it one role.",
        ),
        (
            "--positive 7",
            "The positive class \"7\" does not occur. The classes are \"0\", \"1\"; choose one of them.",
        ),
        ("--threshold nan", "The setting threshold is not a number, but must be a number."),
        (
            "--level 2",
            "The setting level is 2, but must be between 0.5 and 1, for instance 0.95.",
        ),
        (
            "--reference-group sex=q",
            "The reference group \"q\" does not occur in column \"sex\". Its levels are \"f\", \"m\"; choose one of them.",
        ),
        (
            "--reference-group label=1",
            "A reference group is set for column \"label\", which is not a sensitive feature. Add it to the sensitive features, or leave the reference group out.",
        ),
        (
            "--label label --score sex",
            "Column \"sex\" must hold numbers and holds \"f\" (row 1). Choose a column of numbers.",
        ),
    ] {
        refused(&folder, &format!("audit fine.csv {arguments}"), message);
    }
}

#[test]
fn what_is_no_flag_or_no_value_is_refused() {
    let folder = Folder::new().with("fine.csv", FINE);
    for (arguments, part) in [
        ("audit fine.csv --lable label", "unexpected argument '--lable'"),
        ("audit fine.csv --threshold high", "invalid value 'high' for '--threshold <NUMBER>'"),
        ("audit fine.csv --min-support -1", "-1"),
        ("audit fine.csv --interval bayes", "invalid value 'bayes' for '--interval <METHOD>'"),
        ("audit fine.csv --reference-group sex", "must have the form NAME=VALUE"),
        ("audit", "<FILE>"),
        ("audot fine.csv", "unrecognized subcommand 'audot'"),
        ("", "Usage: assay <COMMAND>"),
    ] {
        let ran = folder.run(arguments);
        assert!(
            ran.code == 2 && ran.out.is_empty() && ran.err.contains(part),
            "{arguments}: {} {}",
            ran.code,
            ran.err
        );
    }
}

#[test]
fn suites_that_are_no_good_are_refused_with_their_line() {
    let folder = Folder::new()
        .with("fine.csv", FINE)
        .with(
            "broken.toml",
            "[[check]]\nsentence = \"accuracy is at least 0.1\"\n[[check]\nid = 1\n",
        )
        .with("unknown.toml", "# checks\n[[check]]\nsentence = \"acuracy is at least 0.1\"\n")
        .with("field.toml", "[[check]]\nsentense = \"accuracy is at least 0.1\"\n")
        .with("empty.toml", "")
        .with("unmatched.toml", "[[check]]\nsentence = \"rmse is at most 3, else warn\"\n");
    for (suite, parts) in [
        ("broken.toml", ["\"broken.toml\": The suite, line 3, ", "unclosed"]),
        (
            "unknown.toml",
            [
                "\"unknown.toml\": The suite, line 2, ",
                "no metric is called “acuracy”. Is accuracy meant?",
            ],
        ),
        ("field.toml", ["\"field.toml\": The suite, line 2, ", "sentense"]),
        ("empty.toml", ["The suite holds no check", "add one"]),
        ("absent.toml", ["\"absent.toml\" cannot be read", ""]),
    ] {
        let ran = folder.run(&format!("audit fine.csv --count n --suite {suite}"));
        assert_eq!((ran.code, ran.out.as_str()), (2, ""), "{suite}");
        assert!(parts.iter().all(|part| ran.err.contains(part)), "{suite}: {}", ran.err);
    }
    let ran = folder.run("audit fine.csv --count n --suite unmatched.toml");
    assert_eq!(ran.code, 1, "a check that finds nothing fails");
    assert!(ran.out.contains("Nothing to check: rmse is at most 3"), "{}", ran.out);
}

#[test]
fn intervals_and_levels_are_as_asked() {
    let folder = Folder::new().with("fine.csv", FINE);
    let methods: BTreeSet<String> = ["wilson", "clopper-pearson", "agresti-coull", "wald"]
        .iter()
        .map(|method| {
            let report = folder.report(&format!("fine.csv --count n --interval {method} --level 0.9"));
            let interval = &overall(&report, "accuracy")["interval"];
            assert_eq!(interval["level"], 0.9);
            assert_eq!(interval["method"], method.replace('-', "_"));
            interval["low"].to_string()
        })
        .collect();
    assert_eq!(methods.len(), 4, "four methods, four limits: {methods:?}");
}

/// Rows of several blocks with quotation marks, line ends inside them, rows to be set aside, and a kind that turns out late.
fn long_file() -> String {
    let mut text = String::from("id,y_true,score,race,note,late\r\n");
    for row in 0..140_000_u32 {
        let (share, group) = (
            row.wrapping_mul(2_654_435_761) >> 12,
            ["White", "Black", "\"Asian, other\""][row as usize % 3],
        );
        let note = ["plain", "\"two\nlines, and a comma\"", "\"she said \"\"no\"\"\"", ""][row as usize % 4];
        let late = if row < 90_000 { "1" } else { "x" };
        let y = u32::from(share % 1000 > 400);
        text.push_str(&format!("{row},{y},0.{:06},{group},{note} {row},{late}\r\n", share % 1_000_000));
        if row % 9_999 == 0 {
            text.push_str("1,2\r\n\r\n");
        }
    }
    text
}

#[test]
fn any_number_of_workers_gives_the_same_report() {
    let folder = Folder::new().with("long.csv", long_file());
    let one = folder.run("audit long.csv --json - --workers 1");
    assert!(one.code < 2, "{}", one.err);
    for workers in ["2", "8", "31"] {
        let more = folder.run(&format!("audit long.csv --json - --workers {workers}"));
        assert!(more.out == one.out, "the report of {workers} workers differs");
    }
    let mut piped = folder
        .command("audit - --json -")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    piped.stdin.take().unwrap().write_all(folder.read("long.csv").as_bytes()).unwrap();
    let piped = Ran::of(piped.wait_with_output().unwrap());
    assert!(
        piped.out.replace("standard input", "long.csv") == one.out,
        "the report of standard input differs"
    );
}

#[test]
fn a_sample_and_left_out_columns_are_told() {
    let folder = Folder::new().with("long.csv", long_file());
    let report = folder.report("long.csv --sample 0.1 --seed 3 --columns y_true,score,race");
    let input = &report["inputs"][0];
    let rows = input["rows_read"].as_u64().unwrap() - input["rows_set_aside"].as_u64().unwrap();
    assert!((13_000..15_000).contains(&rows), "{rows} rows");
    assert_eq!(input["columns"].as_array().unwrap().len(), 3);
    let said = report["notices"].to_string();
    assert!(
        said.contains(&format!("These are {rows} of 140000 rows, drawn by chance (share 0.1, seed 3)")),
        "{said}"
    );
    assert!(
        said.contains("Columns \\\"id\\\", \\\"note\\\", \\\"late\\\" were left out"),
        "{said}"
    );
    let refused = folder.run("audit long.csv --columns y_true,scor");
    assert_eq!(refused.code, 2);
    assert!(
        refused
            .err
            .contains("There is no column \"scor\". The closest names are: \"score\""),
        "{}",
        refused.err
    );
    assert_eq!(folder.run("audit long.csv --sample 2").code, 2);
}
