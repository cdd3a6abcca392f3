use super::super::model::{SketchCell, Suppressed, Tenth};
use super::*;
use crate::data::{Kind, Role};

fn profile() -> Profile {
    let column = |name: &str, kind, missing, values| ProfiledColumn {
        name: name.to_owned(),
        kind,
        role: Role::Feature,
        missing,
        values,
    };
    let sketch = Sketch {
        mean: Some(2.5),
        sd: Some(1.25),
        low_mean: Some(0.5),
        high_mean: None,
        cells: vec![
            SketchCell(None, Some(1.5), 30),
            SketchCell(Some(1.5), Some(4.0), 20),
            SketchCell(Some(4.0), Some(4.0), 40),
        ],
        tenths: vec![Tenth(None, Some(1.5), 9), Tenth(Some(1.5), Some(1.5), 30)],
    };
    let levels = LevelCounts {
        named: vec![("a".to_owned(), 60), ("\u{202e}<b>\"".to_owned(), 25)],
        suppressed: Some(Suppressed {
            levels: 4,
            rows: 15,
            at_most: 9,
        }),
    };
    Profile {
        format: FORMAT.to_owned(),
        version: VERSION,
        name: "march.csv".to_owned(),
        rows: 100,
        smallest: 10,
        task: None,
        columns: vec![
            column("age", Kind::Numeric, 10, ProfiledValues::Numbers(sketch)),
            column("town", Kind::Categorical, 0, ProfiledValues::Levels(levels)),
            column("notes", Kind::Text, 3, ProfiledValues::NotKept),
        ],
    }
}

#[test]
fn a_profile_is_read_as_it_was_written() {
    let json = profile().to_json();
    assert!(is_profile(json.as_bytes()));
    assert_eq!(json.lines().count(), 5);
    let read = Profile::parse("p.json", json.as_bytes()).unwrap();
    assert_eq!((read.clone(), read.to_json()), (profile(), json));
}

#[test]
fn what_is_cut_off_is_refused_at_every_place() {
    let json = profile().to_json();
    for end in 0..json.len() - 2 {
        if json.is_char_boundary(end) {
            let error = Profile::parse("p.json", &json.as_bytes()[..end]).unwrap_err().to_string();
            assert!(error.starts_with("\"p.json\"") && error.contains("assay profile"), "{error}");
        }
    }
}

#[test]
fn every_contradiction_has_a_sentence() {
    let json = profile().to_json();
    for (from, to, says) in [
        ("\"version\":1", "\"version\":2", "version 2; version 1 is read here"),
        ("\"rows\":100", "\"rows\":-3", "invalid value: integer `-3`, expected u64"),
        ("\"rows\":100", "\"rows\":101", "the rows of all cells are not the 91"),
        ("\"rows\":100", "\"rows\":1e300", "expected u64"),
        (
            "\"missing\":10",
            "\"missing\":1000",
            "in column \"age\" 1000 rows are missing, of 100",
        ),
        ("\"mean\":2.5", "\"mean\":NaN", "expected value at line 2"),
        ("\"mean\":2.5", "\"mean\":1e999", "number out of range"),
        ("\"mean\":2.5", "\"mean\":2.5,\"median\":2", "unknown field `median`"),
        ("\"sd\":1.25", "\"sd\":-1", "the standard deviation is below 0"),
        ("[null,1.5,30]", "[null,null,30]", "cell 1"),
        ("[1.5,4.0,20]", "[1.5,4.0,18446744073709551615]", "the rows of all cells"),
        ("[1.5,4.0,20]", "[4.0,1.5,20]", "cell 2"),
        ("[1.5,4.0,20]", "[1.5,4.0]", "invalid length 2"),
        ("\"low_mean\":0.5", "\"low_mean\":1.5", "a mean is outside of its cell"),
        ("[null,1.5,9]", "[null,1.5,40]", "the deciles are not in order"),
        ("[\"a\",60]", "[\"\u{ffee}\",60]", "does not come after"),
        (
            "\"levels\":4",
            "\"levels\":40",
            "40 suppressed levels of at most 9 rows cannot have 15 rows",
        ),
        ("\"name\":\"town\"", "\"name\":\"age\"", "two columns \"age\""),
        ("\"kind\":\"text\"", "\"kind\":\"song\"", "unknown variant `song`"),
        ("\"rows\":100", "\"rows\":18446744073709551615", "none has more than 1099511627776"),
        ("\"kind\":\"numeric\"", "\"kind\":\"text\"", "the values are not of the kind Text"),
        ("assay-profile", "assay-report", "its format is \"assay-report\""),
    ] {
        let changed = json.replacen(from, to, 1);
        assert_ne!(changed, json, "{from}");
        let error = Profile::parse("p.json", changed.as_bytes()).unwrap_err().to_string();
        assert!(error.contains(says), "{from} {to}: {error}");
        assert!(error.starts_with("\"p.json\"") && error.ends_with("as the reference."), "{error}");
    }
}

#[test]
fn other_files_are_no_profiles() {
    for other in [
        "",
        "{",
        "{\"format\"",
        "a,b\n1,2\n",
        "[{\"format\":\"assay-profile\"}]",
        "{\"format\":\"assay-profiles\"}",
    ] {
        assert!(!is_profile(other.as_bytes()), "{other}");
    }
    assert!(is_profile("\u{feff}\n {\n \"format\" : \"assay-profile\"".as_bytes()));
}
