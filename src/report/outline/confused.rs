//! Which class is taken for which other one most often.

use super::super::index::Index;
use super::block::{Block, Cell, Row, Table};
use super::cells;
use crate::chart::number::Quantity;
use crate::metric::Estimate;
use crate::stats::order;

/// How many pairs are shown.
const SHOWN: usize = 8;

/// Rows of one class that were given another.
#[derive(Debug, Clone, Copy)]
pub(super) struct ConfusedPair<'a> {
    /// The true class.
    pub truth: &'a str,
    /// The class predicted.
    pub predicted: &'a str,
    /// How many rows.
    pub rows: &'a Estimate,
    /// Which share of the rows of the true class.
    pub share: Option<f64>,
}

/// The pairs of a true and another predicted class, those with most rows first; pairs without rows are left out.
pub(super) fn most_confused<'a>(index: &Index<'a>) -> Vec<ConfusedPair<'a>> {
    let size = |pair: &ConfusedPair<'_>| pair.rows.value.unwrap_or(0.0);
    let mut pairs: Vec<ConfusedPair<'a>> = Vec::new();
    for rows in index.report.estimates.iter().filter(|estimate| estimate.key.metric == "confusion") {
        let params = &rows.key.params;
        let (Some(truth), Some(predicted)) = (params.get("true_class"), params.get("predicted_class")) else {
            continue;
        };
        if truth != predicted && rows.value.is_some_and(|value| value > 0.0) {
            let of_class = index.of_class("label_positives", truth).and_then(|estimate| estimate.value);
            pairs.push(ConfusedPair {
                truth,
                predicted,
                rows,
                share: rows.value.zip(of_class).map(|(value, whole)| value / whole),
            });
        }
    }
    order::sort_by(&mut pairs, |a, b| size(b).total_cmp(&size(a)));
    pairs
}

/// The table of the pairs confused most often; none where nothing is.
pub(super) fn table(index: &Index<'_>) -> Option<Block> {
    let pairs = most_confused(index);
    if pairs.is_empty() {
        return None;
    }
    let rows = pairs.iter().take(SHOWN).map(|pair| Row {
        cells: vec![
            Cell::code(pair.truth),
            Cell::code(pair.predicted),
            cells::of_estimate(Quantity::Count, pair.rows, None),
            pair.share
                .map_or_else(cells::absent, |share| Cell::text(Quantity::Percent.number(share))),
        ],
        is_foot: false,
    });
    Some(Block::Table(Table {
        caption: "Most often confused".to_owned(),
        columns: vec![
            cells::names("True class"),
            cells::names("Predicted"),
            cells::numbers("Rows", ""),
            cells::numbers("Share of the true class", Quantity::Percent.unit()),
        ],
        rows: rows.collect(),
        note: if pairs.len() > SHOWN {
            format!("The first {SHOWN} of {} pairs that occur.", pairs.len())
        } else {
            String::new()
        },
    }))
}

#[cfg(test)]
mod tests {
    use super::super::super::fixtures;
    use super::*;

    #[test]
    fn the_pair_with_most_rows_comes_first() {
        let report = fixtures::digits();
        let index = Index::new(&report);
        let pairs = most_confused(&index);
        let sizes: Vec<f64> = pairs.iter().filter_map(|pair| pair.rows.value).collect();
        assert!(
            sizes.windows(2).all(|pair| pair[0] >= pair[1]) && sizes.last() > Some(&0.0),
            "{sizes:?}"
        );
        assert!(pairs.iter().all(|pair| pair.truth != pair.predicted));
        let Some(Block::Table(table)) = table(&index) else {
            panic!("no table")
        };
        assert_eq!(
            (table.rows.len(), table.rows[0].cells[0].text.as_str()),
            (SHOWN.min(pairs.len()), pairs[0].truth)
        );
    }
}
