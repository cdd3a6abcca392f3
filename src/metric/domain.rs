//! Whether a model can tell current rows from those of the reference: what changes in one column or in how several go together.

use super::reading::Reading;
use super::spec::{Compare, Direction, Family, Metric, Read, Unit};
use crate::stats::interval::Method;
use crate::stats::rank::Ranked;

/// What the rows of this family have in common unless they say otherwise.
const DOMAIN: Metric = Metric {
    family: Family::Drift,
    direction: Direction::CloserToZero,
    unit: Unit::Score,
    compare: Compare::No,
    reference: "Friedman 2003; Lopez-Paz and Oquab 2017",
    reads: &[Read::Table],
    ..Metric::BLANK
};

/// The rows of this family, in the order they are shown.
pub const METRICS: [Metric; 3] = [
    Metric {
        id: "domain_classifier_auc",
        name: "how well a model tells the files apart",
        aliases: &["domain_classifier", "classifier_two_sample_auc"],
        summary: "How often a small model, given a current row and one of the reference, says rightly which is which.",
        formula: "ROC AUC of a logistic regression (ridge penalty 1) on bins and levels of the columns that both files have (predictions, ids and times aside), \
                  each row predicted by a model that did not see it (5 folds); at most 1,500 rows of each file, drawn evenly, and 20 columns.",
        reading: "0.5: the files cannot be told apart; 1: every row gives its file away.",
        caveat: "A column that only counts on, such as a number of order, tells files apart though nothing changed.",
        direction: Direction::Neutral,
        ..DOMAIN
    },
    Metric {
        id: "domain_classifier_pvalue",
        name: "p-value of telling the files apart",
        summary: "How often chance alone would tell the files apart as well.",
        formula: "(1 + shuffles with an AUC at least as high) / (1 + shuffles), the rows dealt out to the two files by chance 19 times, the model fitted anew each time.",
        reading: "0.05, the smallest value possible: none of 19 shuffles came as high.",
        caveat: "With many rows, differences without importance have small ones; read the AUC.",
        direction: Direction::Neutral,
        reference: "Phipson and Smyth 2010",
        ..DOMAIN
    },
    Metric {
        id: "domain_classifier_share",
        name: "part of a column in telling the files apart",
        summary: "How much a column adds to telling current rows from those of the reference.",
        formula: "The variance of the column's part of the log odds over the sum of those of all columns, in the model fitted on all rows.",
        reading: "Near 1: this column alone tells the files apart.",
        caveat: "Columns that go together share what they tell.",
        direction: Direction::Neutral,
        unit: Unit::Share,
        ..DOMAIN
    },
];

/// The area under the ROC curve of scores with DeLong's variance; each row stands for `counts` rows.
pub fn area(scores: &[f64], is_current: &[bool], counts: &[u64]) -> Reading {
    let of = |wanted: bool| -> (Vec<usize>, Ranked) {
        let rows: Vec<usize> = (0..scores.len()).filter(|row| is_current[*row] == wanted).collect();
        let ranked = Ranked::new(rows.len(), &|place| scores[rows[place]], &|place| counts[rows[place]]);
        (rows, ranked)
    };
    let ((current, of_current), (reference, of_reference)) = (of(true), of(false));
    let support = of_current.len() + of_reference.len();
    if of_current.len() < 2 || of_reference.len() < 2 {
        return Reading::undefined(super::UndefinedCode::TooFewRows, support);
    }
    // Which part of the other file's rows is lower, ties at half: its mean, and the variance of that mean.
    let placements = |rows: &[usize], others: &Ranked| {
        let (mut sum, mut squares, mut size) = (0.0, 0.0, 0.0);
        for row in rows {
            let values = others.values();
            let (low, high) = (
                values.partition_point(|value| *value < scores[*row]),
                values.partition_point(|value| *value <= scores[*row]),
            );
            let through = |place: usize| place.checked_sub(1).map_or(0, |last| others.through(last)) as f64;
            let placed = 0.5 * (through(low) + through(high)) / others.len() as f64;
            let count = counts[*row] as f64;
            sum += count * placed;
            squares += count * placed * placed;
            size += count;
        }
        let mean = sum / size;
        (mean, (squares / size - mean * mean).max(0.0) / (size - 1.0))
    };
    let ((area, own), (_, other)) = (placements(&current, &of_reference), placements(&reference, &of_current));
    Reading::with_variance(area, Some(own + other), Method::Delong, support)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::metric::reading::Evidence;

    #[test]
    fn the_area_counts_pairs_and_counts_are_rows_repeated() {
        let reading = area(&[0.1, 0.4, 0.4, 0.9], &[false, false, true, true], &[1; 4]);
        assert_eq!(reading.value, Ok(0.875));
        // Placements 0.75 and 1 of the current rows, 1 and 0.75 below the reference's: variance 0.03125 / 2 each.
        assert!(matches!(reading.evidence, Evidence::StandardError { se, .. } if (se * se - 0.03125).abs() < 1e-15));
        let counted = area(&[0.1, 0.4, 0.9], &[false, true, true], &[2, 1, 3]);
        let repeated = area(&[0.1, 0.1, 0.4, 0.9, 0.9, 0.9], &[false, false, true, true, true, true], &[1; 6]);
        assert_eq!(counted, repeated);
        assert!(area(&[0.1, 0.2], &[true, true], &[1, 1]).value.is_err());
    }
}
