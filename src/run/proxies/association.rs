//! How strongly two columns go together.

use crate::metric::UndefinedCode;
use crate::metric::reading::Reading;
use crate::metric::rows::Rows;
use crate::metric::state::{RowWeight, Tally};
use crate::run::features::Feature;
use crate::stats::math::ln;
use crate::stats::sum::ExactSum;

use super::too_few;

/// Rows by the parts of two columns; those that miss a value in either are left out.
#[derive(Debug, Clone)]
pub struct Table {
    width: usize,
    cells: Vec<f64>,
    rows: u64,
    /// Kish's effective size; the rows, where they have no weights.
    size: f64,
}

impl Table {
    /// Counts every row that has a value in both.
    pub fn of(a: &Feature, b: &Feature, rows: &Rows) -> Self {
        let (height, width) = (a.parts + 1, b.parts + 1);
        let mut counts = vec![0_u64; height * width];
        let mut weights: Vec<ExactSum> = match rows.weights {
            Some(_) => vec![ExactSum::default(); height * width],
            None => Vec::new(),
        };
        let mut all = Tally::default();
        for (row, (x, y)) in a.codes.iter().zip(&b.codes).enumerate() {
            let (x, y) = (usize::from(*x), usize::from(*y));
            if x >= height || y >= width {
                continue;
            }
            let Some(RowWeight { count, weight }) = rows.weight(row) else {
                continue;
            };
            let cell = x * width + y;
            counts[cell] += count;
            if let Some(weight) = weight {
                weights[cell].add_product(count as f64, weight);
                all.update(count, Some(weight));
            }
        }
        let total: u64 = counts.iter().sum();
        let is_weighted = rows.weights.is_some();
        Self {
            width,
            cells: if is_weighted {
                weights.iter().map(ExactSum::value).collect()
            } else {
                counts.iter().map(|count| *count as f64).collect()
            },
            rows: total,
            size: if is_weighted { all.effective_size() } else { total as f64 },
        }
    }

    /// The shares of all cells, of lines, of columns; `None` without weight.
    fn shares(&self) -> Option<[Vec<f64>; 3]> {
        let total: f64 = self.cells.iter().sum();
        let cells: Vec<f64> = self.cells.iter().map(|cell| cell / total).collect();
        let lines = cells.chunks(self.width).map(|line| line.iter().sum()).collect();
        let columns = (0..self.width).map(|at| cells.iter().skip(at).step_by(self.width).sum()).collect();
        (total > 0.0 && total.is_finite()).then_some([cells, lines, columns])
    }

    /// Sums something over the cells that both margins reach: of the cell's share and the product of its margins' shares.
    fn sum(&self, term: fn(f64, f64) -> f64) -> Option<(f64, [f64; 2])> {
        let [cells, lines, columns] = self.shares()?;
        let mut sum = 0.0;
        for (line, own) in cells.chunks(self.width).zip(&lines) {
            for (share, column) in line.iter().zip(&columns) {
                if own * column > 0.0 {
                    sum += term(*share, own * column);
                }
            }
        }
        let filled = |shares: &[f64]| shares.iter().filter(|share| **share > 0.0).count() as f64;
        Some((sum, [filled(&lines), filled(&columns)]))
    }

    /// Cramér's V, corrected for what chance makes of many levels (Bergsma 2013).
    ///
    /// Range 0 to 1; undefined where one of the columns has one level only, or with fewer than two rows.
    pub fn cramers_v_corrected(&self) -> Reading {
        let phi2 = |share: f64, expected: f64| (share - expected) * (share - expected) / expected;
        let Some((phi2, [k, r])) = self.sum(phi2).filter(|_| self.size > 1.0) else {
            return too_few(self.rows);
        };
        if k < 2.0 || r < 2.0 {
            return Reading::undefined(UndefinedCode::NoSpread, self.rows);
        }
        let less = self.size - 1.0;
        let corrected = (phi2 - (k - 1.0) * (r - 1.0) / less).max(0.0);
        let side = |levels: f64| levels - (levels - 1.0) * (levels - 1.0) / less;
        let room = side(k).min(side(r)) - 1.0;
        if room <= 0.0 {
            return too_few(self.rows);
        }
        Reading::exact((corrected / room).sqrt().min(1.0), self.rows)
    }

    /// The mutual information of the two columns' parts, in natural units.
    pub fn mutual_information(&self) -> Reading {
        let term = |share: f64, expected: f64| if share > 0.0 { share * ln(share / expected) } else { 0.0 };
        match self.sum(term) {
            // Independent columns may miss 0 by rounding.
            Some((sum, _)) => Reading::exact(sum.max(0.0), self.rows),
            None => too_few(self.rows),
        }
    }
}

/// Numbers by the parts of a column.
#[derive(Debug, Clone, Copy)]
pub struct Pairs<'a> {
    /// The part of each row.
    pub codes: &'a [u8],
    /// The part of a missing value.
    pub missing: usize,
    /// The number of each row, NaN where missing.
    pub values: &'a [f64],
}

impl Pairs<'_> {
    /// The correlation ratio of the numbers by the parts: the root of the share of their variance that lies between parts.
    ///
    /// Range 0 to 1; undefined where the numbers do not vary. Rows that miss either value are left out, as are infinite numbers.
    pub fn correlation_ratio(&self, rows: &Rows) -> Reading {
        let mut parts = vec![(Tally::default(), ExactSum::default()); self.missing];
        let (mut sum, mut all) = (ExactSum::default(), Tally::default());
        self.each(rows, &mut |part, value, row| {
            parts[part].0.update(row.count, row.weight);
            row.add(&mut parts[part].1, value);
            row.add(&mut sum, value);
            all.update(row.count, row.weight);
        });
        let weight = all.weight();
        if weight <= 0.0 {
            return too_few(all.rows());
        }
        let mean = sum.value() / weight;
        let mut spread = ExactSum::default();
        self.each(rows, &mut |_, value, row| row.add(&mut spread, (value - mean) * (value - mean)));
        let spread = spread.value();
        let between = parts.iter().filter(|(tally, _)| tally.weight() > 0.0).map(|(tally, sum)| {
            let apart = sum.value() / tally.weight() - mean;
            tally.weight() * apart * apart
        });
        let between: f64 = between.sum();
        if !(spread > 1e-18 * mean * mean * weight && spread.is_finite()) {
            return Reading::undefined(UndefinedCode::NoSpread, all.rows());
        }
        Reading::exact((between / spread).clamp(0.0, 1.0).sqrt(), all.rows())
    }

    fn each(&self, rows: &Rows, take: &mut dyn FnMut(usize, f64, RowWeight)) {
        for (row, (code, value)) in self.codes.iter().zip(self.values).enumerate() {
            let part = usize::from(*code);
            if part < self.missing
                && value.is_finite()
                && let Some(weight) = rows.weight(row)
            {
                take(part, *value, weight);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::run::features::Scale;

    fn feature(codes: &[u8], parts: usize) -> Feature {
        Feature {
            name: "x".to_owned(),
            scale: Scale::Levels((0..parts).map(|part| part.to_string()).collect()),
            parts,
            codes: codes.to_vec(),
        }
    }

    /// Cells of two by two, each a row with a count.
    fn two_by_two(counts: [f64; 4]) -> Table {
        let rows = Rows {
            len: 4,
            counts: Some(counts.to_vec()),
            ..Rows::default()
        };
        Table::of(&feature(&[0, 0, 1, 1], 2), &feature(&[0, 1, 0, 1], 2), &rows)
    }

    fn near(reading: Reading, value: f64) {
        let got = reading.value.unwrap();
        assert!((got - value).abs() < 1e-12, "{got} {value}");
    }

    #[test]
    fn values_are_those_computed_by_hand() {
        // 10, 20, 20, 10: chi-squared = 20/3, phi2 = 1/9, less 1/59; k' = r' = 2 - 1/59.
        let table = two_by_two([10.0, 20.0, 20.0, 10.0]);
        near(
            table.cramers_v_corrected(),
            ((1.0 / 9.0 - 1.0 / 59.0) / (1.0 - 1.0 / 59.0_f64)).sqrt(),
        );
        near(
            table.mutual_information(),
            2.0 * (1.0 / 6.0 * ln(2.0 / 3.0) + 1.0 / 3.0 * ln(4.0 / 3.0)),
        );
        // Independent: the correction takes off more than there is.
        let table = two_by_two([5.0, 10.0, 10.0, 20.0]);
        near(table.cramers_v_corrected(), 0.0);
        near(table.mutual_information(), 0.0);
        // Complete: phi2 is 1.
        near(two_by_two([7.0, 0.0, 0.0, 9.0]).cramers_v_corrected(), 1.0);
        near(two_by_two([8.0, 0.0, 0.0, 8.0]).mutual_information(), ln(2.0));
    }

    #[test]
    fn the_correlation_ratio_is_the_share_between() {
        // Means 1, 3 and 5 of two each; 16 between, 1 + 1 within each pair of 0, 2 and so on.
        let values = [0.0, 2.0, 2.0, 4.0, 4.0, 6.0];
        let pairs = Pairs {
            codes: &[0, 0, 1, 1, 2, 2],
            missing: 4,
            values: &values,
        };
        near(pairs.correlation_ratio(&Rows::new(6)), (16.0 / 22.0_f64).sqrt());
        let weighted = Rows {
            weights: Some(vec![0.5; 6]),
            ..Rows::new(6)
        };
        near(pairs.correlation_ratio(&weighted), (16.0 / 22.0_f64).sqrt());
        let flat = Pairs {
            values: &[0.1; 6],
            ..pairs
        };
        assert_eq!(flat.correlation_ratio(&Rows::new(6)).value, Err(UndefinedCode::NoSpread));
    }

    #[test]
    fn equal_weights_say_what_counts_say() {
        let (a, b) = (feature(&[0, 0, 1, 1, 0, 3], 2), feature(&[0, 1, 0, 1, 0, 1], 2));
        let plain = Table::of(&a, &b, &Rows::new(6));
        let weighted = Rows {
            weights: Some(vec![0.25; 6]),
            ..Rows::new(6)
        };
        let weighted = Table::of(&a, &b, &weighted);
        near(weighted.cramers_v_corrected(), plain.cramers_v_corrected().value.unwrap());
        near(weighted.mutual_information(), plain.mutual_information().value.unwrap());
        // The last row misses a value.
        assert_eq!(plain.mutual_information().support, 5);
    }

    #[test]
    fn one_level_has_no_association() {
        let table = Table::of(&feature(&[0; 5], 1), &feature(&[0, 1, 0, 1, 0], 2), &Rows::new(5));
        assert_eq!(table.cramers_v_corrected().value, Err(UndefinedCode::NoSpread));
        near(table.mutual_information(), 0.0);
        let empty = Table::of(&feature(&[], 2), &feature(&[], 2), &Rows::new(0));
        assert_eq!(empty.cramers_v_corrected().value, Err(UndefinedCode::NoRows));
    }
}
