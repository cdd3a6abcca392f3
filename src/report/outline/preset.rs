//! Rules that people are held to: a table each, laid out as the rule asks for it, with its source, its date and its words.

use std::collections::BTreeMap;

use super::super::words::columns;
use super::block::{Block, Cell, Row, Table};
use super::{cells, heading, positive_class};
use crate::chart::number::{Quantity, count, counted};
use crate::report::format::p_words;
use crate::report::index::Index;
use crate::run::preset::{Part, Preset, PresetRow, PresetTable, Rate};

/// What a rule is called, and where it stands.
struct About {
    title: &'static str,
    source: &'static str,
    words: &'static str,
    reading: &'static str,
}

const fn about(preset: Preset) -> About {
    match preset {
        Preset::FourFifths => About {
            title: "The four-fifths rule",
            source: "Uniform Guidelines on Employee Selection Procedures, 29 CFR 1607.4 D, adopted 25 August 1978 (43 FR 38290).",
            words: "“A selection rate for any race, sex, or ethnic group which is less than four-fifths (4/5) (or eighty percent) of the rate for the group with \
                    the highest rate will generally be regarded by the Federal enforcement agencies as evidence of adverse impact … Smaller differences in \
                    selection rate may nevertheless constitute adverse impact, where they are significant in both statistical and practical terms.”",
            reading: "Statistical significance is the p-value, practical significance the persons short: how many more of the group would have to be selected, \
                      all else alike. Greater differences may not count where numbers are small (1607.4 D), and determinations are made for groups of at \
                      least 2 % (1607.15 A(2)).",
        },
        Preset::NycLl144 => About {
            title: "New York City Local Law 144",
            source: "Local Law 144 of 2021, Administrative Code § 20-870 ff; rules 6 RCNY § 5-300 to 5-304, in force since 6 May 2023, enforced since \
                     5 July 2023.",
            words: "Selection rate: those of a category selected or so classified, over all of the category. Scoring rate: the rate at which a category \
                    receives a score above the sample's median score. Impact ratio: the rate of a category over that of the category selected most, or \
                    scored highest (§ 5-300).",
            reading: "By sex, by race or ethnicity, and by both together (§ 5-301). A category with less than 2 % of the data may be excluded from impact \
                      ratios by the auditor, with the reason given; here it is, and its number and rate are shown (§ 5-301(d)). The audit itself must be made \
                      by an independent auditor, on the tool's historical data, within the last year.",
        },
    }
}

/// The section; nothing where no rule was asked for.
pub(super) fn blocks(index: &Index<'_>) -> Vec<Block> {
    let report = index.report;
    let chosen = &report.settings.presets.chosen;
    if chosen.is_empty() {
        return Vec::new();
    }
    let mut blocks = vec![
        heading(2, "rules", "What do the rules ask for?"),
        Block::Lead(answer(&report.presets)),
    ];
    blocks.push(Block::Prose(stated(index)));
    for preset in Preset::ALL.into_iter().filter(|preset| chosen.contains(preset)) {
        let about = about(preset);
        blocks.push(heading(3, format!("rule-{}", preset.id().replace('_', "-")), about.title));
        blocks.push(Block::Prose(about.source.to_owned()));
        blocks.push(Block::Prose(about.words.to_owned()));
        let tables: Vec<&PresetTable> = report.presets.iter().filter(|table| table.preset == preset).collect();
        if tables.is_empty() {
            blocks.push(Block::Lead(nothing(index, preset)));
            continue;
        }
        blocks.extend(
            tables
                .into_iter()
                .map(|own| Block::Table(table(own, own.favorable == positive_class(report)))),
        );
        blocks.push(Block::Prose(about.reading.to_owned()));
    }
    blocks
}

/// The section's answer: who is below four fifths, and by how many persons.
fn answer(tables: &[PresetTable]) -> String {
    let of_selection = tables
        .iter()
        .filter(|table| table.rate == Rate::Selection && table.part != Part::Intersection);
    let mut below: Vec<(f64, String)> = Vec::new();
    let mut is_any = false;
    for table in of_selection {
        for row in table.rows.iter().filter(|row| !row.is_small) {
            let Some(ratio) = row.impact_ratio else { continue };
            is_any = true;
            let name = name(table, &row.group);
            if ratio < 0.8 && !below.iter().any(|(_, other)| *other == name) {
                below.push((ratio, name));
            }
        }
    }
    crate::stats::order::sort_by(&mut below, |a, b| a.0.total_cmp(&b.0));
    match below.as_slice() {
        _ if !is_any => "No impact ratio exists: nobody is selected, or there is nothing to compare.".to_owned(),
        [] => "Every category of at least 2 % is selected at four fifths of the highest rate or more.".to_owned(),
        [(ratio, name), others @ ..] => format!(
            "{} selected at less than four fifths of the highest rate; the lowest impact ratio is {}, {name}.",
            match others.len() {
                0 => "One category is".to_owned(),
                more => format!("{} categories are", more + 1),
            },
            Quantity::Decimal(2).number(*ratio)
        ),
    }
}

/// What counts as selected, who is counted, and what this is not.
fn stated(index: &Index<'_>) -> String {
    let report = index.report;
    let positive = positive_class(report);
    let favorable = report.settings.favorable.as_deref().unwrap_or(positive);
    let how = if report.settings.favorable.is_none() {
        " (the positive class; where being flagged is bad, say which class is favourable)"
    } else {
        ""
    };
    let weighted = if report.roles.weight.is_some() {
        " Importance weights have no part in them: persons are counted."
    } else {
        ""
    };
    format!("Selected means predicted “{favorable}”{how}.{weighted} These are figures, not legal advice.")
}

/// Why a rule has no table.
fn nothing(index: &Index<'_>, preset: Preset) -> String {
    if index.report.outcome.task != Some(crate::run::Task::Binary) {
        return "It asks who is selected, so that there must be two classes.".to_owned();
    }
    if index.report.roles.sensitive.is_empty() {
        return "It compares categories of people: mark the sensitive features first.".to_owned();
    }
    match preset {
        Preset::FourFifths => "There is no prediction, so that nobody is selected.".to_owned(),
        Preset::NycLl144 => {
            "No sensitive feature is called sex, gender, race or ethnicity: say which one holds the sex and which one the race or ethnicity.".to_owned()
        }
    }
}

fn name(table: &PresetTable, group: &BTreeMap<String, String>) -> String {
    let levels: Vec<&str> = table.by.iter().filter_map(|column| group.get(column).map(String::as_str)).collect();
    levels.join(" · ")
}

/// What a table is of, in a few words: also the name of its file.
pub fn caption(table: &PresetTable) -> String {
    let rate = match table.rate {
        Rate::Selection => "Selection rates",
        Rate::Scoring => "Scoring rates",
    };
    let part = match table.part {
        Part::Sex => "by sex".to_owned(),
        Part::Race => "by race or ethnicity".to_owned(),
        Part::Intersection => "by race or ethnicity and sex".to_owned(),
        Part::Other => format!("by {}", columns(&table.by)),
    };
    format!("{rate} {part}")
}

fn table(own: &PresetTable, is_above: bool) -> Table {
    let mut header: Vec<_> = own.by.iter().map(cells::names).collect();
    header.push(cells::numbers("Persons", ""));
    header.push(cells::numbers(
        match (own.rate, is_above) {
            (Rate::Selection, _) => "Selected",
            (Rate::Scoring, true) => "Above the median",
            (Rate::Scoring, false) => "Below the median",
        },
        "",
    ));
    header.push(cells::numbers(
        if own.rate == Rate::Selection {
            "Selection rate"
        } else {
            "Scoring rate"
        },
        "%",
    ));
    header.push(cells::numbers("Impact ratio", ""));
    if own.preset == Preset::FourFifths {
        header.push(cells::numbers("z, p", ""));
        header.push(cells::numbers("Fisher's p", ""));
        header.push(cells::numbers("Short of 4/5", "persons"));
        header.push(cells::numbers("Short of parity", "persons"));
    }
    Table {
        caption: caption(own),
        columns: header,
        rows: own.rows.iter().map(|row| line(own, row)).collect(),
        note: note(own),
    }
}

fn line(own: &PresetTable, row: &PresetRow) -> Row {
    let ratio = match row.impact_ratio {
        Some(ratio) => Cell {
            note: if row.is_highest {
                "highest rate".to_owned()
            } else if ratio < 0.8 {
                "below 0.80".to_owned()
            } else {
                String::new()
            },
            ..Cell::text(Quantity::Decimal(if (0.795..0.8).contains(&ratio) { 4 } else { 2 }).number(ratio))
        },
        None => Cell {
            note: if row.is_small && own.preset == Preset::NycLl144 {
                "excluded, below 2 %".to_owned()
            } else {
                "nobody is selected".to_owned()
            },
            ..cells::absent()
        },
    };
    let mut line: Vec<Cell> = own
        .by
        .iter()
        .map(|column| Cell::code(row.group.get(column).cloned().unwrap_or_default()))
        .collect();
    line.push(Cell {
        note: if row.is_small && own.preset == Preset::FourFifths {
            "below 2 %".to_owned()
        } else {
            String::new()
        },
        ..Cell::text(count(row.persons))
    });
    line.push(Cell::text(count(row.selected)));
    line.push(Cell::text(Quantity::Percent.number(row.rate)));
    line.push(ratio);
    if own.preset == Preset::FourFifths {
        let p = |p: Option<f64>| p.map_or_else(cells::absent, |p| Cell::text(p_words(p)));
        line.push(Cell {
            text: row.z.map_or_else(|| "–".to_owned(), |z| Quantity::Decimal(2).number(z)),
            note: row.z_p_value.map(p_words).unwrap_or_default(),
            is_muted: row.z.is_none(),
            ..Cell::default()
        });
        line.push(p(row.fisher_p_value));
        line.push(Cell::text(count(row.short_of_four_fifths)));
        line.push(Cell::text(count(row.short_of_parity)));
    }
    Row {
        cells: line,
        is_foot: false,
    }
}

fn note(own: &PresetTable) -> String {
    let mut out = format!("{}.", counted(own.persons, "person", "persons"));
    if let Some(median) = own.median {
        out.push_str(&format!(" The median score is {median}; only who is beyond it counts."));
    }
    out.push_str(&match own.unknown {
        0 => " Nobody's category is unknown.".to_owned(),
        unknown => format!(
            " {} {} not included, because their category is unknown.",
            counted(unknown, "person", "persons"),
            if unknown == 1 { "is" } else { "are" }
        ),
    });
    if own.unlisted > 0 {
        out.push_str(&format!(
            " {} in small categories beyond those reported.",
            counted(own.unlisted, "person is", "persons are")
        ));
    }
    out
}
