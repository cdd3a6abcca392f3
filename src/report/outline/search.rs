//! "Are there groups that nobody named?": what a search found in one half of the rows, as the other half shows it.

use super::super::format::{in_full, own_quantity};
use super::super::index::Index;
use super::super::words::metric_name;
use super::block::{Block, Cell, Column, Folded, Row, Table};
use super::slices::{p_cell, signed};
use super::{cells, heading};
use crate::chart::number::{Quantity, count, counted};
use crate::metric::{Comparison, Estimate, Key};
use crate::report::format::p_words;
use crate::run::search::measure::held_back;
use crate::run::search::{Cluster, Search, Subgroup};

pub(super) fn blocks(index: &Index<'_>) -> Vec<Block> {
    let Some(search) = &index.report.search else {
        return Vec::new();
    };
    let section = Section { index, search };
    let mut blocks = vec![
        heading(2, "search", "Are there groups that nobody named?"),
        Block::Lead(section.answer()),
        Block::Prose(section.how()),
    ];
    let (out, others): (Vec<usize>, Vec<usize>) = (0..search.subgroups.len()).partition(|place| is_told(&search.subgroups[*place]));
    if !out.is_empty() {
        blocks.push(section.subgroups("Groups that stand out, as the half held back shows them", &out));
    }
    if !others.is_empty() {
        let title = "The groups farthest out that chance, or the groups above, may explain";
        blocks.push(Block::Folded(Folded {
            title: title.to_owned(),
            blocks: vec![section.subgroups(title, &others)],
        }));
    }
    if !search.clusters.is_empty() {
        let title = format!("Rows alike, in {}", counted(search.clusters.len() as u64, "cluster", "clusters"));
        let table = section.clusters(&title);
        let is_shown = search.clusters.iter().any(|cluster| cluster.stands_out);
        let folded = |table| {
            Block::Folded(Folded {
                title: title.clone(),
                blocks: vec![table],
            })
        };
        blocks.push(if is_shown { table } else { folded(table) });
    }
    blocks
}

/// Whether it stands out by rows of its own.
fn is_told(group: &Subgroup) -> bool {
    group.stands_out && group.says_more()
}

struct Section<'a> {
    index: &'a Index<'a>,
    search: &'a Search,
}

/// The numbers of what was found, in the half held back.
struct Found<'a> {
    own: &'a Estimate,
    difference: &'a Estimate,
    p: &'a Estimate,
}

impl<'a> Section<'a> {
    fn answer(&self) -> String {
        let search = self.search;
        let groups = search.subgroups.iter().filter(|group| is_told(group));
        let clusters = search.clusters.iter().filter(|cluster| cluster.stands_out).count();
        if search.looked_at == 0 {
            return format!(
                "It cannot be said: {} with this error are too few to search, or none differs from the others.",
                counted(search.rows, "row", "rows")
            );
        }
        let first = groups.clone().next();
        let told = first.and_then(|group| {
            let found = self.found(held_back(Some(group.condition.clone()), None))?;
            let rest = found.own.value? - found.difference.value?;
            let quantity = own_quantity(found.own);
            Some(format!(
                "Farthest out are the rows where {}: {} is {} there, {} among all others.",
                group.condition,
                metric_name(&search.metric),
                in_full(found.own),
                quantity.with_unit(rest)
            ))
        });
        match (told, clusters) {
            (Some(told), _) => format!("{} out in both halves of the rows. {told}", stand(groups.count(), "group")),
            (None, 0) => format!(
                "Nothing stands out: of {} looked at in one half of the rows, none errs more in the other half than chance explains.",
                counted(search.looked_at, "group", "groups")
            ),
            (None, some) => format!(
                "No single condition stands out, but {} out in the half held back.",
                stand(some, "cluster").to_lowercase()
            ),
        }
    }

    /// What was looked at, and how chance was judged.
    fn how(&self) -> String {
        let search = self.search;
        let sampled = search
            .sampled
            .map_or_else(String::new, |drawn| format!(", {} of them drawn", count(drawn)));
        format!(
            "{} were searched by {} ({}{sampled}): {} of up to three conditions in a half of {}; another {} were held back, and all numbers here \
             are theirs. A group stands out when its p-value there, corrected by Holm's method for everything in these tables, and the share of {} \
             searches among errors dealt out by chance that find as much are both small.",
            counted(search.features.len() as u64, "column", "columns"),
            metric_name(&search.metric),
            counted(search.rows, "row", "rows"),
            counted(search.looked_at, "group", "groups"),
            count(search.found_on),
            count(search.held_back),
            count(search.replicates),
        )
    }

    fn found(&self, key: Key) -> Option<Found<'a>> {
        let own = Key {
            metric: self.search.metric.clone(),
            ..key.clone()
        };
        let difference = Key {
            comparison: Some(Comparison::ToRestDifference),
            ..own.clone()
        };
        let is_p = |estimate: &&Estimate| {
            let other = &estimate.key;
            let params = &other.params;
            other.metric == "p_value"
                && other.slice == key.slice
                && params.contains_key("correction")
                && ["rows", "cluster"].iter().all(|name| params.get(*name) == key.params.get(*name))
        };
        Some(Found {
            own: self.index.get(&own)?,
            difference: self.index.get(&difference)?,
            p: self.index.report.estimates.iter().find(is_p)?,
        })
    }

    fn columns(&self, first: [&str; 2], quantity: Quantity) -> Vec<Column> {
        vec![
            cells::names(first[0]),
            cells::numbers("Rows", ""),
            cells::of_metric(&self.search.metric, quantity),
            cells::numbers("Against all others", ""),
            Column {
                metric: Some("p_value".to_owned()),
                ..cells::numbers("p-value, corrected", "")
            },
            cells::names(first[1]),
        ]
    }

    fn row(&self, first: Cell, found: &Found<'_>, quantity: Quantity, last: Cell) -> Row {
        let by = match quantity {
            Quantity::Percent => Quantity::Points,
            other => other,
        };
        Row {
            cells: vec![
                first,
                Cell::text(count(found.own.support)),
                cells::of_estimate(quantity, found.own, None),
                signed(by, found.difference),
                p_cell(found.p),
                last,
            ],
            is_foot: false,
        }
    }

    fn subgroups(&self, caption: &str, places: &[usize]) -> Block {
        let groups: Vec<_> = places.iter().map(|place| &self.search.subgroups[*place]).collect();
        let found: Vec<Option<Found<'a>>> = groups
            .iter()
            .map(|group| self.found(held_back(Some(group.condition.clone()), None)))
            .collect();
        let owns: Vec<&Estimate> = found.iter().flatten().map(|found| found.own).collect();
        let quantity = cells::column_quantity(&owns);
        let rows = groups.iter().zip(&found).filter_map(|(group, found)| {
            let [inside, outside] = group.found.map(|rate| quantity.number(rate));
            let mut last = Cell::text(format!("{inside} against {outside}"));
            last.note = format!("as far by chance: {}", p_words(group.chance));
            if let Some([inside, outside]) = group.without_others {
                let (inside, outside) = (quantity.number(inside), quantity.number(outside));
                last.note
                    .push_str(&format!("; without the rows of groups above: {inside} against {outside}"));
            }
            Some(self.row(Cell::code(group.condition.clone()), found.as_ref()?, quantity, last))
        });
        Block::Table(Table {
            caption: caption.to_owned(),
            columns: self.columns(["Rows where", "In the half searched"], quantity),
            rows: rows.collect(),
            note: "The half that was searched flatters what was found in it; the half held back does not.".to_owned(),
        })
    }

    fn clusters(&self, caption: &str) -> Block {
        let found: Vec<(&Cluster, Option<Found<'a>>)> = self
            .search
            .clusters
            .iter()
            .map(|cluster| (cluster, self.found(held_back(None, Some(cluster.number)))))
            .collect();
        let owns: Vec<&Estimate> = found
            .iter()
            .filter_map(|(_, found)| found.as_ref())
            .map(|found| found.own)
            .collect();
        let quantity = cells::column_quantity(&owns);
        let rows = found.iter().filter_map(|(cluster, found)| {
            let marks: Vec<String> = cluster
                .marks
                .iter()
                .map(|mark| {
                    let percent = |share: f64| Quantity::Decimal(0).number(share * 100.0);
                    format!(
                        "{} ({} against {} of 100)",
                        mark.condition,
                        percent(mark.inside),
                        percent(mark.outside)
                    )
                })
                .collect();
            let first = match marks.is_empty() {
                true => Cell::text("nothing in particular"),
                false => Cell::code(marks.join("; ")),
            };
            let last = Cell::text(if cluster.stands_out { "stands out" } else { "cannot be said" });
            Some(self.row(first, found.as_ref()?, quantity, last))
        });
        Block::Table(Table {
            caption: caption.to_owned(),
            columns: self.columns(["Marked by", "What can be said"], quantity),
            rows: rows.collect(),
            note: "Clusters by hierarchical bias-aware clustering: what varies most in its errors is split in two by what its rows hold."
                .to_owned(),
        })
    }
}

/// "One group stands", "3 groups stand".
fn stand(number: usize, what: &str) -> String {
    match number {
        1 => format!("One {what} stands"),
        _ => format!("{} {}s stand", count(number as u64), what),
    }
}
