//! What the report says and in which order: questions, each with its answer first, then a figure, a table, detail.
//!
//! Pure and without HTML: every face writes these blocks in its own way.

pub mod block;

mod accuracy;
mod cells;
mod confused;
mod data;
mod drift;
mod efficiency;
mod fairness;
mod figures;
mod method;
mod naive;
mod plain;
mod preset;
mod proxies;
mod quality;
mod representation;
mod search;
pub mod slices;
mod summary;
mod thresholds;
mod timeline;

pub use block::{
    Align, Block, Cell, Column, Definition, Fact, Figure, FindingLine, Folded, Heading, Headline, Matrix, NoticeLine, Row, Table,
};

pub use preset::caption as preset_caption;
pub(super) use thresholds::loss;

use super::Report;
use super::index::Index;
use crate::metric::Source;

/// The most groups of one grouping that a table shows; the report's JSON has all.
pub const SHOWN_GROUPS: usize = 50;
/// The most groups that a figure draws.
pub const DRAWN_GROUPS: usize = 16;

/// The report's blocks in reading order.
pub fn outline(report: &Report) -> Vec<Block> {
    let index = Index::new(report);
    let mut blocks = summary::blocks(&index);
    blocks.extend(accuracy::blocks(&index));
    blocks.extend(fairness::blocks(&index));
    blocks.extend(preset::blocks(&index));
    blocks.extend(thresholds::blocks(&index));
    blocks.extend(representation::blocks(&index));
    blocks.extend(proxies::blocks(&index));
    blocks.extend(search::blocks(&index));
    blocks.extend(slices::blocks(&index));
    blocks.extend(drift::blocks(&index));
    blocks.extend(timeline::blocks(&index));
    blocks.extend(efficiency::blocks(&index));
    blocks.extend(quality::blocks(&index));
    blocks.extend(data::blocks(&index));
    let used = method::metrics_of(&blocks);
    blocks.extend(method::blocks(&index, &used));
    blocks
}

fn heading(level: u8, id: impl Into<String>, text: impl Into<String>) -> Block {
    Block::Heading(Heading {
        level,
        id: id.into(),
        text: text.into(),
    })
}

/// The positive class as it is called in sentences.
fn positive_class(report: &Report) -> &str {
    report.outcome.positive_class.as_deref().unwrap_or("positive")
}

/// "Report of FILE", and what it is about: for a title and a line under it.
pub fn title(report: &Report) -> (String, String) {
    use crate::chart::number::{count, counted};
    let name = report.inputs.first().map_or("no file", |input| input.name.as_str());
    let mut about: Vec<String> = Vec::new();
    if let Some(input) = report.inputs.first() {
        about.push(counted(input.rows_used, "row", "rows"));
        if report.outcome.rows_represented != input.rows_used {
            about.push(format!("standing for {}", count(report.outcome.rows_represented)));
        }
    }
    let reference = report.inputs.iter().find(|input| input.source == Source::Reference);
    about.extend(reference.map(|reference| format!("compared with {}", reference.name)));
    if let Some(label) = &report.roles.label {
        about.push(format!("truth in {label}"));
    }
    for (role, column) in [("prediction", &report.roles.prediction), ("score", &report.roles.score)] {
        if let Some(column) = column {
            about.push(format!("{role} in {column}"));
        }
    }
    if let Some(weight) = &report.roles.weight {
        about.push(format!("weighted by {weight}"));
    }
    if let Some(positive) = &report.outcome.positive_class {
        about.push(format!("positive class “{positive}”"));
    }
    (name.to_owned(), about.join(" · "))
}
