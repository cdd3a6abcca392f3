//! How two columns go together, in the rows in which both have a value.

use super::UndefinedCode as Code;
use super::quality::COLUMN;
use super::spec::{Metric, Read, Unit};
use super::state::RowWeight;
use crate::stats::hypothesis::chi_squared;
use crate::stats::math::ln;
use crate::stats::sum::ExactSum;

/// What the rows of this family have in common unless they say otherwise.
const PAIR: Metric = Metric {
    range: (0.0, 1.0),
    unit: Unit::Score,
    caveat: "It says that columns go together, not why.",
    reads: &[Read::Table],
    ..COLUMN
};

/// The rows of this family, in the order they are shown.
pub const METRICS: [Metric; 6] = [
    Metric {
        id: "pearson",
        name: "linear correlation of two columns",
        words: &["pearson correlation of columns"],
        range: (-1.0, 1.0),
        summary: "How far two columns of numbers lie on one straight line.",
        formula: "sum (x - mean x)(y - mean y) / sqrt(sum (x - mean x)^2 sum (y - mean y)^2), over rows with both.",
        reading: "1: on a rising line; -1: on a falling one; 0: no straight line.",
        caveat: "One far value can make or hide it, and curves do not show.",
        reference: "pandas, DataFrame.corr",
        ..PAIR
    },
    Metric {
        id: "spearman",
        name: "rank correlation of two columns",
        words: &["spearman correlation of columns"],
        range: (-1.0, 1.0),
        summary: "How far two columns of numbers put rows into the same order.",
        formula: "The linear correlation of mid-ranks, over rows with both.",
        reading: "1: the same order; -1: the opposite one; 0: no order in common.",
        caveat: "What rises and falls again does not show.",
        reference: "Spearman 1904; SciPy, spearmanr",
        ..PAIR
    },
    Metric {
        id: "kendall_tau_b",
        name: "pairs of rows that two columns order alike",
        words: &["kendall tau b of columns"],
        range: (-1.0, 1.0),
        summary: "How many more pairs of rows two columns put into the same order than into opposite ones.",
        formula: "(concordant - discordant) / sqrt((pairs - ties in x)(pairs - ties in y)), over rows with both.",
        reading: "1: the same order; 0: as many pairs alike as opposite.",
        caveat: "It is smaller than the rank correlation of the same columns, which is no weakness.",
        reference: "Kendall 1945; SciPy, kendalltau",
        ..PAIR
    },
    Metric {
        id: "association_cramer",
        name: "Cramér's V of two columns",
        summary: "How far the levels of two columns go together.",
        formula: "sqrt(chi^2 / n / (min(rows, columns) - 1)) of their table, over rows with both.",
        reading: "0: none of the two tells anything about the other; 1: one tells the other.",
        caveat: "With many levels of few rows it is large by chance.",
        reference: "Cramér 1946; SciPy, stats.contingency.association",
        ..PAIR
    },
    Metric {
        id: "association_tschuprow",
        name: "Tschuprow's T of two columns",
        summary: "How far the levels of two columns go together, tables of all shapes alike.",
        formula: "sqrt(chi^2 / n / sqrt((rows - 1)(columns - 1))) of their table, over rows with both.",
        reading: "0: none tells anything about the other; 1, only with as many levels each: one tells the other.",
        caveat: "With different numbers of levels it cannot reach 1.",
        reference: "Tschuprow 1925; SciPy, stats.contingency.association",
        ..PAIR
    },
    Metric {
        id: "association_pearson",
        name: "contingency coefficient of two columns",
        summary: "How far the levels of two columns go together, after Pearson.",
        formula: "sqrt(phi^2 / (1 + phi^2)) with phi^2 = chi^2 / n of their table, over rows with both.",
        reading: "0: none tells anything about the other.",
        caveat: "It cannot reach 1; how near it comes depends on the number of levels.",
        reference: "Pearson 1904; SciPy, stats.contingency.association",
        ..PAIR
    },
];

/// What the table of two columns' levels tells: Cramér's V, Tschuprow's T, Pearson's coefficient, and the mutual information.
pub fn of_table(table: &[Vec<f64>]) -> Result<[f64; 4], Code> {
    let rows: Vec<&[f64]> = table.iter().map(Vec::as_slice).collect();
    let width = table.first().map_or(0, Vec::len);
    let total: f64 = table.iter().flatten().sum();
    let Some(test) = chi_squared(&rows) else {
        return Err(if total > 0.0 { Code::ConstantColumn } else { Code::NoRows });
    };
    let of_row: Vec<f64> = table.iter().map(|row| row.iter().sum()).collect();
    let of_column: Vec<f64> = (0..width).map(|column| table.iter().map(|row| row[column]).sum()).collect();
    let filled = |sums: &[f64]| sums.iter().filter(|sum| **sum > 0.0).count() as f64;
    let (height, width) = (filled(&of_row) - 1.0, filled(&of_column) - 1.0);
    let phi = test.statistic / total;
    let mut information = ExactSum::default();
    for (row, of_row) in table.iter().zip(&of_row) {
        for (count, of_column) in row.iter().zip(&of_column).filter(|(count, _)| **count > 0.0) {
            information.add(count / total * (ln(count / of_row) - ln(of_column / total)));
        }
    }
    Ok([
        (phi / height.min(width)).sqrt().min(1.0),
        (phi / (height * width).sqrt()).sqrt().min(1.0),
        (phi / (1.0 + phi)).sqrt(),
        information.value().max(0.0),
    ])
}

/// Adds a product as often as rows have it, exactly as if they were written out.
fn add(sum: &mut ExactSum, count: u64, x: f64, y: f64) {
    let weight = Some(x);
    RowWeight { count, weight }.add(sum, y);
}

/// Numbers with how many rows have each, about their mean.
fn mean(values: &[f64], counts: &[u64]) -> (f64, f64) {
    let (mut sum, mut rows) = (ExactSum::default(), 0);
    for (value, count) in values.iter().zip(counts) {
        sum.add_product(*value, *count as f64);
        rows += count;
    }
    (sum.value() / rows as f64, rows as f64)
}

/// The linear correlation of two columns of numbers.
pub fn pearson(x: &[f64], y: &[f64], counts: &[u64]) -> Result<f64, Code> {
    if counts.len() < 2 {
        return Err(Code::TooFewRows);
    }
    let ((of_x, _), (of_y, _)) = (mean(x, counts), mean(y, counts));
    let mut sums = [ExactSum::default(), ExactSum::default(), ExactSum::default()];
    for ((x, y), count) in x.iter().zip(y).zip(counts) {
        let (x, y) = (x - of_x, y - of_y);
        add(&mut sums[0], *count, x, y);
        add(&mut sums[1], *count, x, x);
        add(&mut sums[2], *count, y, y);
    }
    let [both, of_x, of_y] = sums.map(|sum| sum.value());
    if !(of_x > 0.0 && of_y > 0.0) {
        return Err(if both.is_nan() { Code::TooLarge } else { Code::ConstantColumn });
    }
    Ok((both / of_x.sqrt() / of_y.sqrt()).clamp(-1.0, 1.0))
}

/// The correlation ratio of numbers in levels, `levels` of them.
pub fn correlation_ratio(values: &[f64], codes: &[u32], levels: usize, counts: &[u64]) -> Result<f64, Code> {
    if counts.is_empty() {
        return Err(Code::NoRows);
    }
    let (centre, _) = mean(values, counts);
    let mut sums = vec![(ExactSum::default(), 0_u64); levels];
    let mut all = ExactSum::default();
    for ((value, code), count) in values.iter().zip(codes).zip(counts) {
        let away = value - centre;
        add(&mut all, *count, away, away);
        let own = &mut sums[*code as usize];
        own.0.add_product(*count as f64, away);
        own.1 += count;
    }
    let mut between = ExactSum::default();
    for (sum, rows) in sums.iter().filter(|(_, rows)| *rows > 0) {
        let sum = sum.value();
        between.add(sum * sum / *rows as f64);
    }
    let (all, between) = (all.value(), between.value());
    if all > 0.0 {
        Ok((between / all).sqrt().min(1.0))
    } else {
        Err(if all.is_nan() { Code::TooLarge } else { Code::ConstantColumn })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_table_of_two_by_two() {
        // chi^2 = 20/3 of 60: phi^2 = 1/9.
        let [v, t, c, information] = of_table(&[vec![10.0, 20.0], vec![20.0, 10.0]]).unwrap();
        assert!((v - 1.0 / 3.0).abs() < 1e-15 && (t - v).abs() < 1e-15 && (c - (0.1_f64).sqrt()).abs() < 1e-15);
        let expected = 2.0 * (1.0 / 6.0 * ln(2.0 / 3.0) + 1.0 / 3.0 * ln(4.0 / 3.0));
        assert!((information - expected).abs() < 1e-15);
        assert_eq!(of_table(&[vec![3.0, 4.0]]), Err(Code::ConstantColumn));
        assert_eq!(of_table(&[]), Err(Code::NoRows));
    }

    #[test]
    fn counts_are_rows_repeated() {
        let (x, y) = ([1.0, 2.0, 4.0], [2.0, 1.0, 7.0]);
        let repeated = pearson(&[1.0, 1.0, 2.0, 4.0], &[2.0, 2.0, 1.0, 7.0], &[1; 4]).unwrap();
        assert!((pearson(&x, &y, &[2, 1, 1]).unwrap() - repeated).abs() < 1e-15);
        assert_eq!(pearson(&[1.0, 1.0], &[1.0, 2.0], &[1, 1]), Err(Code::ConstantColumn));
    }

    #[test]
    fn levels_that_tell_the_number_have_ratio_one() {
        assert_eq!(correlation_ratio(&[1.0, 1.0, 5.0], &[0, 0, 1], 2, &[1, 1, 1]), Ok(1.0));
        let half = correlation_ratio(&[0.0, 2.0, 2.0, 4.0], &[0, 0, 1, 1], 2, &[1; 4]).unwrap();
        assert!((half - (0.5_f64).sqrt()).abs() < 1e-15);
        assert_eq!(correlation_ratio(&[3.0, 3.0], &[0, 1], 2, &[1, 1]), Err(Code::ConstantColumn));
    }
}
