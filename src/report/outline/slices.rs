//! "Where is it weaker?": the slices that were looked at, the weakest first, each against all other rows.

use super::super::format::{out_of, own_quantity, p_words};
use super::super::index::Index;
use super::super::words::{capital, metric_name, why_undefined};
use super::accuracy::dot_row;
use super::block::{Align, Block, Cell, Column, Figure, Folded, Row, Table};
use super::{cells, heading};
use crate::chart::number::{Quantity, count, counted};
use crate::chart::{ChartSpec, DotInterval, Mark};
use crate::metric::{Comparison, Estimate, Key, UndefinedCode, Unit, registry};
use crate::stats::order;

/// The most slices in full view; the others are folded.
const SHOWN: usize = 20;
/// The most slices that a figure draws.
const DRAWN: usize = 10;
/// The most slices that are shown at all; the report's JSON has all.
const LISTED: usize = 200;

pub(super) fn blocks(index: &Index<'_>) -> Vec<Block> {
    let section = Section::new(index);
    if section.slices.is_empty() {
        return Vec::new();
    }
    let mut blocks = vec![heading(2, "slices", "Where is it weaker?"), Block::Lead(answer(&section.slices))];
    if let Some(sentence) = section.sentence() {
        blocks.push(Block::Prose(sentence));
    }
    blocks.extend(section.figure().map(|figure| Block::Figures(vec![figure])));
    let listed = &section.slices[..section.slices.len().min(LISTED)];
    let (shown, others) = listed.split_at(listed.len().min(SHOWN));
    blocks.push(section.table("The slices looked at, weakest first", shown, section.note()));
    if !others.is_empty() {
        let title = format!("{} more", counted(others.len() as u64, "slice", "slices"));
        blocks.push(Block::Folded(Folded {
            blocks: vec![section.table("Further slices, weakest first", others, String::new())],
            title,
        }));
    }
    blocks.extend(section.further(listed));
    blocks
}

/// What can be said of a slice.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// The corrected p-value is small, and it is worse.
    Worse,
    /// The corrected p-value is small, and it is better.
    Better,
    /// The corrected p-value is not small.
    Open,
    /// Too few rows to be compared.
    Thin,
    /// There is nothing to compare, or no way to.
    None,
}

impl Standing {
    /// In a few words.
    pub const fn words(self) -> &'static str {
        match self {
            Self::Worse => "worse beyond chance",
            Self::Better => "better beyond chance",
            Self::Open => "cannot be said",
            Self::Thin => "too few rows",
            Self::None => "not compared",
        }
    }
}

/// A slice with its numbers.
pub struct Slice<'a> {
    /// Its predicate.
    pub text: &'a str,
    /// The number it is compared in.
    pub own: &'a Estimate,
    /// That number minus that of all other rows.
    pub difference: &'a Estimate,
    /// The corrected p-value.
    pub p: &'a Estimate,
    /// Its rows.
    pub rows: u64,
    /// What can be said.
    pub standing: Standing,
}

/// The slices of a report, the weakest first; those that could not be compared last, the larger first.
pub fn slices<'a>(index: &Index<'a>) -> Vec<Slice<'a>> {
    let level = index.report.settings.level;
    let corrected = index
        .report
        .estimates
        .iter()
        .filter(|estimate| estimate.key.metric == "p_value" && estimate.key.params.contains_key("correction"))
        // What a search found is told by itself.
        .filter(|estimate| !estimate.key.params.contains_key("rows"));
    let mut slices: Vec<Slice<'a>> = corrected.filter_map(|p| slice(index, p, level)).collect();
    order::sort_by(&mut slices, |a, b| {
        let place = |slice: &Slice<'_>| (slice.p.value.is_none(), slice.difference.value.unwrap_or(f64::NEG_INFINITY));
        let ((a_last, a_by), (b_last, b_by)) = (place(a), place(b));
        a_last.cmp(&b_last).then(b_by.total_cmp(&a_by)).then(b.rows.cmp(&a.rows))
    });
    slices
}

/// The slice that a corrected p-value is about.
fn slice<'a>(index: &Index<'a>, p: &'a Estimate, level: f64) -> Option<Slice<'a>> {
    let (text, metric) = (p.key.slice.as_deref()?, p.key.params.get("of")?);
    let key = Key {
        slice: Some(text.to_owned()),
        ..Key::overall(metric)
    };
    let own = index.get(&key)?;
    let difference = index.get(&Key {
        comparison: Some(Comparison::ToRestDifference),
        ..key.clone()
    })?;
    let rows = index.get(&Key {
        metric: "rows".to_owned(),
        ..key
    });
    let is_beyond_chance = p.value.map(|p| p <= 1.0 - level);
    // The metrics that slices are compared in are errors: larger is worse.
    let standing = match (is_beyond_chance, difference.value) {
        (Some(true), Some(by)) if by > 0.0 => Standing::Worse,
        (Some(true), Some(_)) => Standing::Better,
        (Some(false), _) => Standing::Open,
        _ if p.undefined.as_ref().is_some_and(|why| why.code == UndefinedCode::BelowMinSupport) => Standing::Thin,
        _ => Standing::None,
    };
    Some(Slice {
        text,
        own,
        difference,
        p,
        rows: rows.map_or(own.support, |rows| rows.support),
        standing,
    })
}

/// How a slice's number reads beside that of all other rows.
pub fn contrast(slice: &Slice<'_>) -> Option<String> {
    let (own, by) = (slice.own.value?, slice.difference.value?);
    let rest = own - by;
    let rows = counted(slice.rows, "row", "rows");
    let among = format!("Among the {rows} with {}", slice.text);
    if registry::find(&slice.own.key.metric).is_some_and(|metric| metric.unit == Unit::Share) {
        // Both are told of as many rows, so that they compare.
        let (whole, scale) = if [own, rest].iter().any(|share| out_of(*share).0 != "100") {
            (out_of(0.001).0, 1000.0)
        } else {
            ("100", 100.0)
        };
        let told = |share: f64| Quantity::Decimal(0).number(share * scale);
        return Some(format!(
            "{among}, {} of {whole} are predicted wrong; among all others, {} of {whole}.",
            told(own),
            told(rest)
        ));
    }
    let quantity = own_quantity(slice.own);
    Some(format!(
        "{among}, predictions miss by {} on average; among all others, by {}.",
        quantity.number(own),
        quantity.number(rest)
    ))
}

/// The section's answer: how many slices are worse.
pub fn answer(slices: &[Slice<'_>]) -> String {
    let compared = slices.iter().filter(|slice| slice.p.value.is_some()).count();
    let worse = slices.iter().filter(|slice| slice.standing == Standing::Worse).count();
    let looked_at = counted(compared as u64, "slice", "slices");
    match (compared, worse) {
        (0, _) => "It cannot be said: no slice of the rows could be held against the others.".to_owned(),
        (_, 0) => format!("Nowhere for certain: of {looked_at} held against all other rows, none is worse beyond chance."),
        (1, _) => "In the one slice that was looked at: it is worse than all other rows beyond chance.".to_owned(),
        _ => format!(
            "Of {looked_at} held against all other rows, {} worse beyond chance.",
            if worse == 1 {
                "1 is".to_owned()
            } else {
                format!("{} are", count(worse as u64))
            }
        ),
    }
}

struct Section<'a> {
    index: &'a Index<'a>,
    slices: Vec<Slice<'a>>,
}

impl<'a> Section<'a> {
    fn new(index: &'a Index<'a>) -> Self {
        Self {
            index,
            slices: slices(index),
        }
    }

    fn metric(&self) -> &'a str {
        self.slices.first().map_or("error_rate", |slice| slice.own.key.metric.as_str())
    }

    /// The weakest slice, told about rows.
    fn sentence(&self) -> Option<String> {
        let first = self
            .slices
            .first()
            .filter(|slice| slice.difference.value.is_some_and(|by| by > 0.0))?;
        let chance = match first.standing {
            Standing::Open => " That may be chance.",
            _ => "",
        };
        contrast(first).map(|told| format!("{told}{chance}"))
    }

    fn figure(&self) -> Option<Figure> {
        let drawn: Vec<&Slice<'_>> = self.slices.iter().filter(|slice| slice.p.value.is_some()).take(DRAWN).collect();
        let first = drawn.first()?;
        let metric = self.metric();
        let all: Vec<&Estimate> = drawn.iter().map(|slice| slice.own).collect();
        let overall = self.index.overall(metric).and_then(|estimate| estimate.value);
        let name = capital(&metric_name(metric));
        let title = if first.standing == Standing::Worse {
            format!("{name}: farthest above all other rows where {}", first.text)
        } else {
            format!("{name}: no slice is worse beyond chance")
        };
        Some(Figure {
            id: "fig-slices".to_owned(),
            title,
            metric: metric.to_owned(),
            chart: ChartSpec::DotInterval(DotInterval {
                subject: format!("{name} by slice"),
                quantity: cells::column_quantity(&all),
                rows: drawn
                    .iter()
                    .map(|slice| dot_row(slice.text, slice.own, self.index.report.settings.min_support))
                    .collect(),
                overall: overall.map(|value| Mark {
                    label: "all rows".to_owned(),
                    value,
                }),
                bound: None,
            }),
            note: if self.slices.len() > drawn.len() {
                format!("The {} weakest of {} slices.", drawn.len(), count(self.slices.len() as u64))
            } else {
                String::new()
            },
        })
    }

    fn table(&self, caption: &str, slices: &[Slice<'_>], note: String) -> Block {
        let owns: Vec<&Estimate> = slices.iter().map(|slice| slice.own).collect();
        let quantity = cells::column_quantity(&owns);
        let by = match quantity {
            Quantity::Percent => Quantity::Points,
            other => other,
        };
        let columns = vec![
            cells::names("Slice"),
            cells::of_metric("rows", Quantity::Count),
            cells::of_metric(self.metric(), quantity),
            cells::numbers("Against all others", if by == Quantity::Points { by.unit() } else { "" }),
            Column {
                metric: Some("p_value".to_owned()),
                ..cells::numbers("p-value, corrected", "")
            },
            Column {
                align: Align::Start,
                ..cells::names("What can be said")
            },
        ];
        let least = self.index.report.settings.min_support;
        let rows = slices.iter().map(|slice| Row {
            cells: vec![
                Cell::code(slice.text),
                Cell::text(count(slice.rows)),
                cells::of_estimate(quantity, slice.own, Some(least)),
                signed(by, slice.difference),
                p_cell(slice.p),
                Cell::text(slice.standing.words()),
            ],
            is_foot: false,
        });
        Block::Table(Table {
            caption: caption.to_owned(),
            columns,
            rows: rows.collect(),
            note,
        })
    }

    /// The other numbers of each slice.
    fn further(&self, slices: &[Slice<'_>]) -> Option<Block> {
        let of = |slice: &Slice<'_>, metric: &str| {
            self.index.get(&Key {
                slice: Some(slice.text.to_owned()),
                ..Key::overall(metric)
            })
        };
        let metrics: Vec<&str> = ["recall", "precision", "roc_auc", "rmse"]
            .into_iter()
            .filter(|metric| slices.iter().any(|slice| of(slice, metric).is_some()))
            .collect();
        if metrics.is_empty() {
            return None;
        }
        let mut columns = vec![cells::names("Slice")];
        let mut quantities = Vec::new();
        for metric in &metrics {
            let all: Vec<&Estimate> = slices.iter().filter_map(|slice| of(slice, metric)).collect();
            let quantity = cells::column_quantity(&all);
            columns.push(cells::of_metric(metric, quantity));
            quantities.push(quantity);
        }
        let least = self.index.report.settings.min_support;
        let row = |slice: &Slice<'_>| {
            let numbers = metrics.iter().zip(&quantities);
            let own = numbers.map(|(metric, quantity)| {
                of(slice, metric).map_or_else(cells::absent, |own| cells::of_estimate(*quantity, own, Some(least)))
            });
            Row {
                cells: std::iter::once(Cell::code(slice.text)).chain(own).collect(),
                is_foot: false,
            }
        };
        Some(Block::Folded(Folded {
            title: "Further measures by slice".to_owned(),
            blocks: vec![Block::Table(Table {
                caption: "Further measures by slice".to_owned(),
                columns,
                rows: slices.iter().map(row).collect(),
                note: String::new(),
            })],
        }))
    }

    /// How chance was judged.
    fn note(&self) -> String {
        let settings = &self.index.report.settings;
        let compared = self.slices.iter().filter(|slice| slice.p.value.is_some()).count();
        let tests = self.slices.iter().filter_map(|slice| slice.p.key.params.get("test"));
        let mut tests: Vec<&str> = tests.map(|test| test_words(test)).collect();
        order::sort(&mut tests);
        tests.dedup();
        let mut note = format!(
            "By {}, corrected for {} by {}'s method; beyond chance from {} down.",
            tests.join(" and "),
            counted(compared as u64, "slice", "slices"),
            correction_words(settings.slices.correction.id()),
            trimmed(1.0 - settings.level)
        );
        if self.slices.len() > LISTED {
            note.push_str(&format!(
                " The {LISTED} weakest of {} slices are shown; all are in the JSON.",
                count(self.slices.len() as u64)
            ));
        }
        note
    }
}

/// A bound on p-values as people write it: 0.05, not 0.0500.
fn trimmed(bound: f64) -> String {
    let text = Quantity::Decimal(6).number(bound);
    text.trim_end_matches('0').to_owned()
}

/// A difference with its sign.
pub(super) fn signed(quantity: Quantity, estimate: &Estimate) -> Cell {
    let mut cell = cells::of_estimate(quantity, estimate, None);
    if estimate.value.is_some_and(|value| value > 0.0) {
        cell.text.insert(0, '+');
    }
    cell
}

pub(super) fn p_cell(p: &Estimate) -> Cell {
    Cell {
        text: p.value.map_or_else(|| "–".to_owned(), p_words),
        note: if p.value.is_none() { why_undefined(p) } else { String::new() },
        estimate: Some(Box::new(p.clone())),
        is_muted: p.value.is_none(),
        ..Cell::default()
    }
}

fn test_words(test: &str) -> &'static str {
    match test {
        "fisher_exact" => "Fisher's exact test",
        "chi_squared" => "Pearson's chi-squared test",
        "pooled_z" => "the normal test of weighted shares with Kish's effective sizes",
        _ => "the normal test by standard errors",
    }
}

fn correction_words(correction: &str) -> &'static str {
    match correction {
        "holm" => "Holm",
        "bonferroni" => "Bonferroni",
        _ => "Benjamini and Hochberg",
    }
}
