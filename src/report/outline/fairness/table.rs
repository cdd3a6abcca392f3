//! The groups' table: a column a metric, the gaps as its foot.

use super::super::super::format::own_quantity;
use super::super::super::index::Listed;
use super::super::super::words::{columns, listed_name};
use super::super::block::{Block, Cell, Row, Table};
use super::super::{SHOWN_GROUPS, cells};
use super::grouping::Grouping;
use crate::chart::number::{Quantity, count};
use crate::metric::{Comparison, Estimate};

impl Grouping<'_> {
    /// The groups' table: a column a metric, the gaps as its foot.
    pub(super) fn table(&self, caption: &str, wanted: &[&str], with_rows: bool) -> Option<Block> {
        let metrics: Vec<&str> = wanted
            .iter()
            .copied()
            .filter(|metric| self.groups.iter().any(|g| self.index.of_group(metric, g).is_some()))
            .collect();
        if metrics.is_empty() {
            return None;
        }
        let quantities: Vec<Quantity> = metrics.iter().map(|metric| self.quantity(metric)).collect();
        let mut header = vec![cells::names(columns(self.by))];
        if with_rows {
            header.push(cells::of_metric("rows", Quantity::Count));
        }
        header.extend(
            metrics
                .iter()
                .zip(&quantities)
                .map(|(metric, quantity)| cells::of_metric(metric, *quantity)),
        );
        let mut rows: Vec<Row> = Vec::new();
        for group in self.groups.iter().take(SHOWN_GROUPS) {
            rows.push(self.row(group, &metrics, &quantities, with_rows));
        }
        let judged_only =
            self.groups.iter().any(|group| group.rows < self.least()) || self.groups.iter().any(|g| g.group.values().any(Option::is_none));
        for is_judged in [true, false] {
            for comparison in [Comparison::Difference, Comparison::Ratio] {
                if is_judged || judged_only {
                    rows.extend(self.foot(comparison, is_judged, judged_only, &metrics, with_rows));
                }
            }
        }
        Some(Block::Table(Table {
            caption: caption.to_owned(),
            columns: header,
            rows,
            note: self.note(),
        }))
    }

    pub(super) fn quantity(&self, metric: &str) -> Quantity {
        let all: Vec<&Estimate> = self.groups.iter().filter_map(|group| self.index.of_group(metric, group)).collect();
        cells::column_quantity(&all)
    }

    /// A gap of shares is in points, a ratio plain; any other gap is written like the numbers above it.
    pub(super) fn gap_quantity(&self, gap: &Estimate) -> Quantity {
        match own_quantity(gap) {
            Quantity::Decimal(_) if gap.key.comparison == Some(Comparison::Difference) => self.quantity(&gap.key.metric),
            own => own,
        }
    }

    pub(super) fn row(&self, group: &Listed, metrics: &[&str], quantities: &[Quantity], with_rows: bool) -> Row {
        let mut row = vec![Cell::code(listed_name(group, self.by))];
        if with_rows {
            // With weights the value is their total; rows are what says how much evidence there is.
            let is_weighted = self.index.report.roles.weight.is_some();
            row.push(match self.index.of_group("rows", group).filter(|_| !is_weighted) {
                Some(estimate) => cells::of_estimate(Quantity::Count, estimate, None),
                None => Cell::text(count(group.rows)),
            });
        }
        row.extend(metrics.iter().zip(quantities).map(|(metric, quantity)| {
            self.index.of_group(metric, group).map_or_else(cells::absent, |estimate| {
                cells::of_estimate(*quantity, estimate, Some(self.least()))
            })
        }));
        Row {
            cells: row,
            is_foot: false,
        }
    }

    /// A row of gaps; `None` where the report has none of them.
    pub(super) fn foot(
        &self,
        comparison: Comparison,
        is_judged: bool,
        are_both_shown: bool,
        metrics: &[&str],
        with_rows: bool,
    ) -> Option<Row> {
        let gaps: Vec<Option<&Estimate>> = metrics
            .iter()
            .map(|metric| self.index.gap(metric, comparison, self.by, is_judged))
            .collect();
        if gaps.iter().all(Option::is_none) {
            return None;
        }
        let name = match (comparison == Comparison::Ratio, are_both_shown, is_judged) {
            (false, false, _) => "Largest gap",
            (true, false, _) => "Smallest ratio",
            (false, true, true) => "Gap, judged groups",
            (true, true, true) => "Ratio, judged groups",
            (false, true, false) => "Gap, all groups",
            (true, true, false) => "Ratio, all groups",
        };
        let mut row = vec![Cell::text(name)];
        if with_rows {
            row.push(Cell::default());
        }
        row.extend(gaps.into_iter().map(|gap| {
            let mut cell = gap.map_or_else(cells::absent, |gap| cells::of_estimate(self.gap_quantity(gap), gap, None));
            // What is not judged stands back.
            cell.is_muted |= !is_judged;
            cell
        }));
        Some(Row { cells: row, is_foot: true })
    }

    pub(super) fn note(&self) -> String {
        let mut out = String::new();
        if self.groups.len() > SHOWN_GROUPS {
            out.push_str(&format!(
                "The {} largest of {} groups are shown; all are in the JSON. ",
                SHOWN_GROUPS,
                count(self.groups.len() as u64)
            ));
        }
        if self.groups.iter().any(|group| group.rows < self.least()) {
            out.push_str(&format!(
                "Groups with fewer than {} rows behind a number are shown, but not judged.",
                self.least()
            ));
        }
        out.trim_end().to_owned()
    }
}
