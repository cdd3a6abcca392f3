//! Reads every shape of `shapes.json` and compares what came out with what is written there. The same code runs natively and in a browser's
//! engine.

use std::io::Cursor;

use assay::data::column::MISSING;
use assay::data::{Aspect, Column, Kind, ReadOptions, Table, Values};
use assay::engine::{ReadJob, Step};
use serde::Deserialize;
use serde_json::Value;

/// The table of shapes. `expected.py` writes it.
const SHAPES: &str = include_str!("shapes.json");

/// One file as people have it, and what must come of it.
#[derive(Deserialize)]
pub struct Shape {
    pub family: String,
    pub name: String,
    file: String,
    #[serde(default)]
    options: std::collections::BTreeMap<String, Value>,
    parts: Vec<Part>,
    error: Option<String>,
    rows: Option<usize>,
    width: Option<usize>,
    #[serde(default)]
    columns: Vec<Expected>,
    notices: Option<Vec<String>>,
    set_aside: Option<Vec<(u64, String)>>,
    #[serde(default)]
    reading: std::collections::BTreeMap<String, String>,
}

/// Bytes, so many times.
#[derive(Deserialize)]
struct Part {
    text: Option<String>,
    hex: Option<String>,
    numbered: Option<String>,
    #[serde(default)]
    from: u64,
    #[serde(default)]
    to: u64,
    #[serde(default)]
    between: String,
    times: usize,
}

/// What a column must be: all of its values, or the levels among them.
#[derive(Deserialize)]
struct Expected {
    name: String,
    kind: Kind,
    missing: u64,
    invalid: u64,
    values: Option<Vec<Value>>,
    levels: Option<Vec<String>>,
}

/// The shapes in their order.
pub fn shapes() -> Vec<Shape> {
    serde_json::from_str(SHAPES).expect("expected.py writes what is read here")
}

impl Part {
    fn bytes(&self) -> Vec<u8> {
        let digit = |byte: u8| (byte as char).to_digit(16).expect("a hexadecimal digit") as u8;
        let once = match (&self.text, &self.hex, &self.numbered) {
            (Some(text), ..) => text.clone().into_bytes(),
            (_, Some(hex), _) => hex.as_bytes().chunks(2).map(|pair| digit(pair[0]) * 16 + digit(pair[1])).collect(),
            (_, _, Some(start)) => {
                let names: Vec<String> = (self.from..=self.to).map(|number| format!("{start}{number}")).collect();
                names.join(&self.between).into_bytes()
            }
            _ => Vec::new(),
        };
        once.repeat(self.times)
    }
}

impl Shape {
    /// The file.
    pub fn bytes(&self) -> Vec<u8> {
        self.parts.iter().flat_map(Part::bytes).collect()
    }

    fn options(&self) -> ReadOptions {
        let mut options = ReadOptions::default();
        for (name, value) in &self.options {
            if name == "times" {
                options.times = serde_json::from_value(value.clone()).expect("names of columns");
                continue;
            }
            let aspect: Aspect = serde_json::from_value(Value::from(name.as_str())).expect("an aspect of reading");
            options.give(aspect, value.as_str().unwrap_or_default()).expect("a word for it");
        }
        options
    }

    /// What comes of these bytes in place of the file's own, read so many rows at a time.
    pub fn read(&self, bytes: Vec<u8>, rows: usize) -> Result<Table, String> {
        let size = bytes.len() as u64;
        let mut job = ReadJob::with_options(Cursor::new(bytes), &self.file, size, self.options());
        loop {
            match job.step(rows) {
                Ok(Step::Done(table)) => return Ok(table),
                Ok(Step::Working(_) | Step::Waiting(_)) => {}
                Err(error) => return Err(error.to_string()),
            }
        }
    }

    /// Every difference between the table and what is expected, a line each.
    pub fn differences(&self) -> Vec<String> {
        let mut found = Vec::new();
        match (self.read(self.bytes(), 5000), &self.error) {
            (Ok(table), None) => self.compare(&table, &mut found),
            (Ok(_), Some(error)) => found.push(format!("was read, and should be refused: {error}")),
            (Err(error), None) => found.push(format!("was refused: {error}")),
            (Err(error), Some(expected)) => differ("error", &error, expected, &mut found),
        }
        let title = |line| format!("{} / {}: {line}", self.family, self.name);
        found.into_iter().map(title).collect()
    }

    fn compare(&self, table: &Table, found: &mut Vec<String>) {
        differ("rows", &table.rows, &self.rows.unwrap_or_default(), found);
        differ("columns", &table.columns.len(), &self.width.unwrap_or(self.columns.len()), found);
        for (place, expected) in self.columns.iter().enumerate() {
            let column = match self.width {
                None => table.columns.get(place),
                Some(_) => table.column(&expected.name),
            };
            match column {
                Some(column) => compare_column(column, expected, found),
                None => found.push(format!("has no column {:?}", expected.name)),
            }
        }
        let told: Vec<String> = table.notices.iter().map(|notice| notice.text.clone()).collect();
        if let Some(notices) = &self.notices {
            differ("notices", &told, notices, found);
        }
        let aside: Vec<(u64, String)> = table.intake.bad_rows.iter().map(|row| (row.line, row.reason.clone())).collect();
        if let Some(set_aside) = &self.set_aside {
            differ("rows set aside", &aside, set_aside, found);
        }
        differ(
            "rows in all",
            &table.intake.rows_read,
            &(table.rows as u64 + table.intake.rows_set_aside),
            found,
        );
        for (what, expected) in &self.reading {
            let detected = table.reading.iter().find(|detected| detected.what.as_str() == what);
            differ(what, &detected.map(|detected| &detected.value), &Some(expected), found);
        }
    }
}

fn differ<T: PartialEq + std::fmt::Debug>(what: &str, is: &T, should: &T, found: &mut Vec<String>) {
    if is != should {
        found.push(format!("{what}: is {is:?}, should be {should:?}"));
    }
}

fn compare_column(column: &Column, expected: &Expected, found: &mut Vec<String>) {
    let name = format!("column {:?}", expected.name);
    differ(&name, &column.name, &expected.name, found);
    differ(&format!("{name} kind"), &column.kind, &expected.kind, found);
    differ(&format!("{name} missing"), &column.missing, &expected.missing, found);
    differ(&format!("{name} invalid"), &column.invalid, &expected.invalid, found);
    if let Some(values) = &expected.values {
        differ(&format!("{name} values"), &values_of(column), values, found);
    }
    if let Some(levels) = &expected.levels {
        let names = column.to_levels(1000).map(|levels| levels.names.clone()).unwrap_or_default();
        differ(&format!("{name} levels"), &names, levels, found);
    }
}

/// The values as JSON can hold them: numbers as numbers, times in microseconds, missing ones as null.
fn values_of(column: &Column) -> Vec<Value> {
    match &column.values {
        Values::Numeric(numbers) => numbers.iter().map(of_number).collect(),
        Values::Time(times) => times
            .iter()
            .map(|time| {
                if time == assay::data::MISSING_TIME {
                    Value::Null
                } else {
                    Value::from(time)
                }
            })
            .collect(),
        Values::Levels(levels) => {
            let name = |code: u32| levels.names.get(code as usize).cloned();
            let value = |code: u32| if code == MISSING { Value::Null } else { Value::from(name(code)) };
            levels.codes.iter().map(value).collect()
        }
        Values::None => Vec::new(),
    }
}

fn of_number(number: f64) -> Value {
    match number {
        f64::INFINITY => Value::from("inf"),
        f64::NEG_INFINITY => Value::from("-inf"),
        _ if number.is_nan() => Value::Null,
        _ => Value::from(number),
    }
}
