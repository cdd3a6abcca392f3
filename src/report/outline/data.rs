//! "What was read?": rows, columns, notices, fingerprints.

use super::super::format::bytes;
use super::super::index::Index;
use super::block::{Block, Cell, Fact, Folded, NoticeLine, Row, Table};
use super::{cells, heading};
use crate::chart::number::{count, counted};
use crate::data::{Kind, Role};
use crate::metric::Source;
use crate::report::Input;

pub(super) fn blocks(index: &Index<'_>) -> Vec<Block> {
    let report = index.report;
    let mut blocks = vec![heading(2, "data", "What was read?")];
    let Some(first) = report.inputs.first() else {
        blocks.push(Block::Lead("No file was read.".to_owned()));
        return blocks;
    };
    blocks.push(Block::Lead(answer(first, report.outcome.rows_represented)));
    let notices = || report.notices.iter().filter(|notice| !super::quality::is_told_here(notice.code));
    if notices().next().is_some() {
        blocks.push(Block::Notices(
            notices()
                .map(|notice| NoticeLine {
                    text: notice.text.clone(),
                    place: place(notice.column.as_deref(), notice.rows, notice.line),
                })
                .collect(),
        ));
    }
    for input in &report.inputs {
        blocks.push(Block::Facts(facts(input)));
        if !input.bad_rows.is_empty() {
            blocks.push(bad_rows(input));
        }
        blocks.push(columns(input));
    }
    blocks
}

fn answer(input: &Input, represented: u64) -> String {
    let mut out = format!("{} read", counted(input.rows_read, "row was", "rows were"));
    match input.rows_set_aside {
        0 => out.push_str(if input.rows_read == 1 { " and used" } else { ", all of them used" }),
        aside => out.push_str(&format!(": {} used, {} set aside", count(input.rows_used), count(aside))),
    }
    if represented != input.rows_used {
        out.push_str(&format!("; by their counts they stand for {}", count(represented)));
    }
    out.push('.');
    out
}

fn place(column: Option<&str>, rows: Option<u64>, line: Option<u64>) -> String {
    let mut parts: Vec<String> = Vec::new();
    parts.extend(column.map(|column| format!("column {column}")));
    parts.extend(rows.map(|rows| counted(rows, "row", "rows")));
    parts.extend(line.map(|line| format!("first in line {}", count(line))));
    parts.join(", ")
}

const fn source_name(source: Source) -> &'static str {
    match source {
        Source::Current => "File under test",
        Source::Reference => "Reference file",
        Source::Baseline => "Baseline file",
        Source::Labels => "Label file",
    }
}

fn facts(input: &Input) -> Vec<Fact> {
    let fact = |name: &str, value: String, is_code: bool| Fact {
        name: name.to_owned(),
        value,
        is_code,
    };
    let delimiter = match input.delimiter {
        ',' => "comma".to_owned(),
        ';' => "semicolon".to_owned(),
        '\t' => "tab".to_owned(),
        '\n' => "none: JSON Lines".to_owned(),
        other => format!("“{other}”"),
    };
    if let Some(of) = &input.profile {
        return vec![
            fact("Reference, kept as a profile", input.name.clone(), true),
            fact("Made of", of.name.clone(), true),
            fact("Size", bytes(input.bytes), false),
            fact("Rows", count(input.rows_read), false),
            fact(
                "Suppressed",
                format!("what fewer than {} share", counted(of.smallest, "row", "rows")),
                false,
            ),
            fact("BLAKE3 fingerprint", input.fingerprint.clone(), true),
        ];
    }
    let told: Vec<String> = input.told.iter().map(|(what, word)| format!("{} {word}", what.as_str())).collect();
    let told = (!told.is_empty()).then(|| fact("Read as told", told.join(", "), false));
    let mut facts = vec![
        fact(source_name(input.source), input.name.clone(), true),
        fact("Size", bytes(input.bytes), false),
        fact("Delimiter", delimiter, false),
        fact(
            "Rows read",
            format!(
                "{} = {} used + {} set aside",
                count(input.rows_read),
                count(input.rows_used),
                count(input.rows_set_aside)
            ),
            false,
        ),
        fact("BLAKE3 fingerprint", input.fingerprint.clone(), true),
    ];
    facts.splice(3..3, told);
    facts
}

fn bad_rows(input: &Input) -> Block {
    let rows = input
        .bad_rows
        .iter()
        .map(|row| Row {
            cells: vec![Cell::text(count(row.line)), Cell::text(row.reason.clone())],
            is_foot: false,
        })
        .collect();
    Block::Folded(Folded {
        title: format!("Rows that could not be read: the first {}", input.bad_rows.len()),
        blocks: vec![Block::Table(Table {
            caption: format!("Rows of {} that could not be read", input.name),
            columns: vec![cells::numbers("Line", ""), cells::names("What is wrong")],
            rows,
            note: String::new(),
        })],
    })
}

fn columns(input: &Input) -> Block {
    let rows = input
        .columns
        .iter()
        .map(|column| Row {
            cells: vec![
                Cell::code(column.name.clone()),
                Cell::text(kind_name(column.kind)),
                Cell::text(role_name(column.role)),
                Cell::text(count(column.missing)),
                Cell::text(count(column.invalid)),
            ],
            is_foot: false,
        })
        .collect();
    Block::Table(Table {
        caption: format!("Columns of {}", input.name),
        columns: vec![
            cells::names("Column"),
            cells::names("Read as"),
            cells::names("Role"),
            cells::numbers("Missing", "rows"),
            cells::numbers("Unreadable", "rows"),
        ],
        rows,
        note: String::new(),
    })
}

const fn kind_name(kind: Kind) -> &'static str {
    match kind {
        Kind::Numeric => "numbers",
        Kind::Boolean => "yes or no",
        Kind::Categorical => "levels",
        Kind::Time => "times",
        Kind::Text => "text, not kept",
        Kind::Empty => "nothing",
    }
}

const fn role_name(role: Role) -> &'static str {
    match role {
        Role::Label => "label",
        Role::Prediction => "prediction",
        Role::Score => "score",
        Role::ClassScore => "score of a class",
        Role::Lower => "lower limit",
        Role::Upper => "upper limit",
        Role::Quantile => "predicted quantile",
        Role::Query => "query",
        Role::Sensitive => "sensitive feature",
        Role::Control => "control feature",
        Role::Weight => "weight",
        Role::Count => "count",
        Role::Time => "time",
        Role::Latency => "time or cost taken",
        Role::Status => "status",
        Role::Segment => "segment",
        Role::Id => "identifier, never reported",
        Role::Feature => "feature",
        Role::Ignored => "not used",
    }
}
