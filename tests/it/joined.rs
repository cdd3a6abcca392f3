//! Predictions and labels in two files: what the command makes of them is what it makes of one.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};

use assay::metric::registry::{self, Family};
use serde_json::Value;

struct Folder(PathBuf);

impl Folder {
    fn new() -> Self {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let name = format!("joined-{}-{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed));
        let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
        fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    fn with(self, name: &str, content: &str) -> Self {
        fs::write(self.0.join(name), content).unwrap();
        self
    }

    /// The exit code, what was printed, and what was said of errors.
    fn run(&self, arguments: &str) -> (i32, String, String) {
        let mut command = Command::new(env!("CARGO_BIN_EXE_assay"));
        command.current_dir(&self.0).args(arguments.split_whitespace()).stdin(Stdio::null());
        let output = command.output().unwrap();
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
        (output.status.code().unwrap(), text(output.stdout), text(output.stderr))
    }

    fn report(&self, arguments: &str) -> Value {
        let (code, out, err) = self.run(&format!("audit {arguments} --json -"));
        assert!(code < 2, "{arguments}: {err}");
        serde_json::from_str(&out).unwrap()
    }

    fn refused(&self, arguments: &str, message: &str) {
        let (code, out, err) = self.run(arguments);
        assert_eq!((code, out.as_str(), err), (2, "", format!("assay: {message}\n")), "{arguments}");
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        // What stays behind is in the build's own folder.
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// The id, the prediction, the group and the label of a row.
fn row(i: u32) -> (String, u32, &'static str, u32) {
    let truth = u32::from(i.is_multiple_of(3));
    (
        format!("case-{:05}", i * 7919 % 100_000),
        truth ^ u32::from(i.is_multiple_of(11)),
        ["f", "m"][i as usize % 2],
        truth,
    )
}

const ROWS: u32 = 400;

/// Predictions of all rows; labels of those up to 390, from the last to the first, and ten of other rows.
fn folder() -> Folder {
    let mut predictions = "case_id,prediction,sex\n".to_owned();
    let mut whole = "case_id,prediction,sex,outcome\n".to_owned();
    let mut labels = Vec::new();
    for i in 0..ROWS {
        let (id, prediction, sex, truth) = row(i);
        predictions += &format!("{id},{prediction},{sex}\n");
        let label = if i < 390 { truth.to_string() } else { String::new() };
        whole += &format!("{id},{prediction},{sex},{label}\n");
        let other = if i < 390 { id } else { format!("other-{i}") };
        labels.push(format!("{other},{truth}\n"));
    }
    labels.reverse();
    let labels = labels.concat();
    Folder::new()
        .with("predictions.csv", &predictions)
        .with("whole.csv", &whole)
        .with("labels.csv", &format!("case_id,outcome\n{labels}"))
        .with("other.csv", &format!("reference,outcome\n{labels}"))
        .with("equals.csv", &format!("a=b,outcome\n{labels}"))
        .with("strange.csv", "key,outcome\nz1,1\nz2,0\n")
        .with("header.csv", "case_id,outcome\n")
        .with("empty.csv", "")
}

fn texts(report: &Value, code: &str) -> Vec<String> {
    let all = report["notices"].as_array().unwrap().iter();
    all.filter(|notice| notice["code"] == code)
        .map(|notice| notice["text"].as_str().unwrap().to_owned())
        .collect()
}

#[test]
fn two_files_give_the_numbers_of_one() {
    let folder = folder();
    let whole = folder.report("whole.csv --label outcome --prediction prediction");
    for arguments in [
        "predictions.csv --label-file labels.csv",
        "predictions.csv --label-file labels.csv --id case_id --workers 1",
        "predictions.csv --label-file other.csv",
        "predictions.csv --label-file other.csv --id case_id=reference --workers 3",
        "predictions.csv --label-file equals.csv --id case_id=a=b",
        "predictions.csv --label-file labels.csv --columns prediction,sex --label outcome --prediction prediction",
    ] {
        let joined = folder.report(arguments);
        // What is said of columns and whole rows is about those that were read.
        let is_told = |estimate: &&Value| {
            let metric = registry::find(estimate["metric"].as_str().unwrap()).unwrap();
            !arguments.contains("--columns") || metric.family != Family::Columns
        };
        let told = |report: &Value| -> Vec<Value> { report["estimates"].as_array().unwrap().iter().filter(is_told).cloned().collect() };
        assert_eq!(told(&joined), told(&whole), "{arguments}");
        for part in ["findings", "outcome", "curves"] {
            assert_eq!(joined[part], whole[part], "{arguments}: {part}");
        }
        assert_eq!(texts(&joined, "missing_labels"), texts(&whole, "missing_labels"), "{arguments}");
        assert_eq!(joined["roles"]["label"], "outcome");
    }
}

#[test]
fn both_files_are_inputs_and_their_rows_add_up() {
    let folder = folder();
    let report = folder.report("predictions.csv --label-file other.csv");
    let inputs = report["inputs"].as_array().unwrap();
    assert_eq!(inputs.len(), 2);
    let told = |input: &Value| {
        let count = |name: &str| input[name].as_u64().unwrap();
        assert_eq!(count("rows_read"), count("rows_used") + count("rows_set_aside"));
        let columns: Vec<String> = input["columns"]
            .as_array()
            .unwrap()
            .iter()
            .map(|column| format!("{} {}", column["name"].as_str().unwrap(), column["role"].as_str().unwrap()))
            .collect();
        (
            input["source"].clone(),
            input["name"].clone(),
            count("rows_read"),
            count("rows_used"),
            columns.join(", "),
        )
    };
    let expected =
        |source: &str, name: &str, used: u64, columns: &str| (Value::from(source), Value::from(name), 400, used, columns.to_owned());
    assert_eq!(
        told(&inputs[0]),
        expected(
            "current",
            "predictions.csv",
            400,
            "case_id id, prediction prediction, sex sensitive"
        )
    );
    assert_eq!(
        told(&inputs[1]),
        expected("labels", "other.csv", 390, "reference id, outcome label")
    );
    let bytes = fs::read(folder.0.join("other.csv")).unwrap();
    assert_eq!(inputs[1]["fingerprint"], blake3::hash(&bytes).to_hex().to_string());
    assert_eq!(
        texts(&report, "joined"),
        ["390 of 400 rows found a row of \"other.csv\", by \"case_id\" = \"reference\"."]
    );
    assert_eq!(
        texts(&report, "unmatched_ids"),
        [
            "10 rows have an id that \"other.csv\" does not have and are counted and kept out of what needs a label.",
            "10 rows of \"other.csv\" have an id that no prediction has and are not used.",
        ]
    );
}

#[test]
fn no_face_of_a_report_holds_an_id() {
    let folder = folder();
    let (code, out, err) = folder.run("audit predictions.csv --label-file labels.csv --html r.html --json r.json --markdown r.md");
    assert!(code < 2, "{err}");
    let mut faces = vec![out];
    faces.extend(["r.html", "r.json", "r.md"].map(|name| fs::read_to_string(folder.0.join(name)).unwrap()));
    for face in &faces {
        assert!(!face.contains("case-0") && !face.contains("other-39"), "{}", face.len());
    }
    assert!(
        faces[0].contains("Rows of labels.csv: 400 read = 390 used + 10 set aside"),
        "{}",
        faces[0]
    );
    assert!(faces[1].contains("Label file") && faces[1].contains("labels.csv"));
}

#[test]
fn inspect_shows_the_join_and_spells_it_out() {
    let folder = folder();
    let (code, out, err) = folder.run("inspect predictions.csv --label-file other.csv");
    assert_eq!(code, 0, "{err}");
    assert!(
        out.contains("the only column of the label file") || out.contains("from the label file"),
        "{out}"
    );
    assert!(out.contains("its ids join the two files"), "{out}");
    assert!(out.contains("Note: 390 of 400 rows found a row of \"other.csv\""), "{out}");
    let command =
        "assay audit predictions.csv --label-file other.csv --label outcome --prediction prediction --id case_id=reference --sensitive sex";
    assert!(out.contains(command), "{out}");
    let said = folder.report(command.strip_prefix("assay audit ").unwrap());
    assert_eq!(
        said["estimates"],
        folder.report("predictions.csv --label-file other.csv")["estimates"]
    );
}

#[test]
fn files_that_do_not_belong_together_are_refused() {
    let folder = folder();
    let refused = |arguments: &str, message: &str| folder.refused(&format!("audit predictions.csv --label-file {arguments}"), message);
    refused(
        "strange.csv",
        "No id column was found by which \"predictions.csv\" (with \"case_id\", \"prediction\", \"sex\") and \"strange.csv\" (with \"key\", \"outcome\") belong together: none of the same name that holds ids, and none whose values are all different and mostly the same in both. Say which columns hold the ids. Name them as in --id COLUMN, or --id COLUMN_OF_PREDICTIONS=COLUMN_OF_LABELS where their names differ.",
    );
    refused(
        "strange.csv --id case_id=key",
        "No row of \"predictions.csv\" has a label: no id in \"case_id\" is one in \"key\" of \"strange.csv\". Check that both files are about the same rows and that these are their ids.",
    );
    refused(
        "other.csv --id case_id",
        "There is no id column \"case_id\" in \"other.csv\". Choose one of the file's columns.",
    );
    refused(
        "labels.csv --id case_ids=case_id",
        "There is no id column \"case_ids\" in \"predictions.csv\". The closest names are: \"case_id\".",
    );
    refused(
        "header.csv",
        "\"header.csv\" has a header line and no rows. Choose a file with at least one row.",
    );
    refused(
        "empty.csv",
        "\"empty.csv\" is empty. Choose a CSV file with a header line and at least one row.",
    );
    folder.refused(
        "audit - --label-file -",
        "predictions and labels cannot both come from standard input; give one of them a file.",
    );
    folder.refused(
        "audit predictions.csv --label-file labels.csv --html labels.csv",
        "\"labels.csv\" is the file to audit; write the report elsewhere.",
    );
}
