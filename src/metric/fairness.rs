//! Named criteria of fairness that take more than one rate: odds, parity, and tests of whether a gap can be chance.

mod association;
mod inequality;
mod odds;
mod parity;
mod testing;
mod treatment;

use super::between::ShareOf;
use super::cells::Cells;
use super::spec::{Compare, Family, Metric};
use super::view::Subject;
use super::{Direction, Task};

const fn share(metric: &'static str, hits: Cells, of: Cells) -> ShareOf {
    ShareOf { metric, hits, of }
}

const SELECTION: ShareOf = share("selection_rate", Cells::SELECTED, Cells::PREDICTED);
const PREVALENCE: ShareOf = share("prevalence", Cells::POSITIVE, Cells::LABELLED);
const RECALL: ShareOf = share("recall", Cells::TP, Cells::TP.or(Cells::FN));
const FALSE_POSITIVE: ShareOf = share("false_positive_rate", Cells::FP, Cells::FP.or(Cells::TN));
const PRECISION: ShareOf = share("precision", Cells::TP, Cells::TP.or(Cells::FP));
const FALSE_OMISSION: ShareOf = share("false_omission_rate", Cells::FN, Cells::FN.or(Cells::TN));

/// What the rows of this family have in common.
const CRITERION: Metric = Metric {
    family: Family::Fairness,
    compare: Compare::No,
    direction: Direction::CloserToZero,
    ..Metric::BLANK
};

/// Whether there are two classes with truth and prediction.
fn has_both(subject: &Subject<'_>) -> bool {
    subject.task == Some(Task::Binary) && subject.rows.label.is_some() && subject.rows.prediction.is_some()
}

const COUNT: usize = odds::METRICS.len()
    + parity::METRICS.len()
    + testing::METRICS.len()
    + association::METRICS.len()
    + inequality::METRICS.len()
    + treatment::METRICS.len();

/// The rows of this family, in the order they are shown.
pub const METRICS: [Metric; COUNT] = {
    let parts: [&[Metric]; 6] = [
        &odds::METRICS,
        &parity::METRICS,
        &testing::METRICS,
        &association::METRICS,
        &inequality::METRICS,
        &treatment::METRICS,
    ];
    let mut table = [odds::METRICS[0]; COUNT];
    let (mut part, mut filled) = (0, 0);
    while part < parts.len() {
        let mut row = 0;
        while row < parts[part].len() {
            table[filled] = parts[part][row];
            filled += 1;
            row += 1;
        }
        part += 1;
    }
    table
};
