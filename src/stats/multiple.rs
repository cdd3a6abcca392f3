//! P-values corrected for how many were looked at.

use serde::{Deserialize, Serialize};

use super::order;

/// How p-values are corrected.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Correction {
    /// Benjamini and Hochberg's: of what is called a difference, the expected share that is none stays below the level.
    #[default]
    BenjaminiHochberg,
    /// Holm's: the probability of calling anything a difference that is none stays below the level. Never weaker than Bonferroni's.
    Holm,
    /// Bonferroni's: as Holm's, every p-value times their number.
    Bonferroni,
}

impl Correction {
    /// Its name in the JSON.
    pub const fn id(self) -> &'static str {
        match self {
            Self::BenjaminiHochberg => "benjamini_hochberg",
            Self::Holm => "holm",
            Self::Bonferroni => "bonferroni",
        }
    }

    /// Computes the corrected p-values, in the order given; each is to be held against the level itself.
    ///
    /// Range 0 to 1, never below the p-value; an empty list gives an empty list. Sources: Benjamini and Hochberg 1995, "Controlling the
    /// false discovery rate"; Holm 1979, "A simple sequentially rejective multiple test procedure"; statsmodels, multipletests.
    ///
    /// ```
    /// use assay::stats::multiple::Correction;
    /// let p = [0.01, 0.04, 0.03];
    /// assert_eq!(Correction::Bonferroni.adjust(&p), [0.03, 0.12, 0.09]);
    /// assert_eq!(Correction::Holm.adjust(&p), [0.03, 0.06, 0.06]);
    /// assert_eq!(Correction::BenjaminiHochberg.adjust(&p), [0.03, 0.04, 0.04]);
    /// ```
    pub fn adjust(self, p_values: &[f64]) -> Vec<f64> {
        let count = p_values.len() as f64;
        let mut order: Vec<usize> = (0..p_values.len()).collect();
        order::sort_by(&mut order, |a, b| p_values[*a].total_cmp(&p_values[*b]));
        let mut adjusted = vec![0.0; p_values.len()];
        match self {
            Self::Bonferroni => {
                for (slot, p) in adjusted.iter_mut().zip(p_values) {
                    *slot = (p * count).min(1.0);
                }
            }
            Self::Holm => {
                let mut largest = 0.0_f64;
                for (rank, place) in order.iter().enumerate() {
                    largest = largest.max(p_values[*place] * (count - rank as f64));
                    adjusted[*place] = largest.min(1.0);
                }
            }
            Self::BenjaminiHochberg => {
                let mut smallest = 1.0_f64;
                for (rank, place) in order.iter().enumerate().rev() {
                    smallest = smallest.min(p_values[*place] * count / (rank as f64 + 1.0));
                    // Rounding must not make a corrected p-value smaller than the one it corrects.
                    adjusted[*place] = smallest.max(p_values[*place]);
                }
            }
        }
        adjusted
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// By statsmodels 0.15, multipletests: p-values, then Benjamini-Hochberg, Holm, Bonferroni.
    const EXPECTED: &[[&[f64]; 4]] = &[
        [&[0.05], &[0.05], &[0.05], &[0.05]],
        [
            &[0.01, 0.02, 0.03, 0.04, 0.05],
            &[
                0.049_999_999_999_999_996,
                0.049_999_999_999_999_996,
                0.049_999_999_999_999_996,
                0.049_999_999_999_999_996,
                0.05,
            ],
            &[0.05, 0.08, 0.09, 0.09, 0.09],
            &[0.05, 0.1, 0.15, 0.2, 0.25],
        ],
        [
            &[0.9, 0.5, 0.2, 0.001],
            &[0.9, 0.666_666_666_666_666_6, 0.4, 0.004],
            &[1.0, 1.0, 0.600_000_000_000_000_1, 0.004],
            &[1.0, 1.0, 0.8, 0.004],
        ],
        [
            &[1e-12, 0.04, 0.04, 0.7, 1.0, 0.0, 0.03],
            &[3.5e-12, 0.056, 0.056, 0.816_666_666_666_666_7, 1.0, 0.0, 0.056],
            &[6e-12, 0.16, 0.16, 1.0, 1.0, 0.0, 0.15],
            &[7e-12, 0.28, 0.28, 1.0, 1.0, 0.0, 0.21],
        ],
        [
            &[
                0.2417, 0.4082, 0.5028, 0.8371, 0.4051, 0.7846, 0.0, 0.1009, 0.8395, 0.2733, 0.7312, 0.0015, 0.1032, 0.015, 0.1608,
            ],
            &[
                0.512_437_5,
                0.612_300_000_000_000_1,
                0.685_636_363_636_363_7,
                0.8395,
                0.612_300_000_000_000_1,
                0.8395,
                0.0,
                0.309_600_000_000_000_04,
                0.8395,
                0.512_437_5,
                0.8395,
                0.011_25,
                0.309_600_000_000_000_04,
                0.075,
                0.401_999_999_999_999_97,
            ],
            &[1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 0.0, 1.0, 1.0, 1.0, 1.0, 0.021, 1.0, 0.195, 1.0],
            &[
                1.0,
                1.0,
                1.0,
                1.0,
                1.0,
                1.0,
                0.0,
                1.0,
                1.0,
                1.0,
                1.0,
                0.0225,
                1.0,
                0.224_999_999_999_999_98,
                1.0,
            ],
        ],
    ];

    #[test]
    fn corrected_values_are_the_known_ones() {
        for [p, benjamini_hochberg, holm, bonferroni] in EXPECTED {
            for (correction, expected) in [
                (Correction::BenjaminiHochberg, benjamini_hochberg),
                (Correction::Holm, holm),
                (Correction::Bonferroni, bonferroni),
            ] {
                for (got, expected) in correction.adjust(p).iter().zip(*expected) {
                    assert!((got - expected).abs() <= 1e-14 * expected, "{correction:?} {p:?}: {got} {expected}");
                }
            }
        }
    }

    proptest! {
        #[test]
        fn corrections_are_ordered_and_keep_the_order(p in proptest::collection::vec(0.0..=1.0_f64, 0..40)) {
            let [weak, middle, strong] = [Correction::BenjaminiHochberg, Correction::Holm, Correction::Bonferroni].map(|c| c.adjust(&p));
            for at in 0..p.len() {
                prop_assert!(p[at] <= weak[at] && weak[at] <= middle[at] * (1.0 + 1e-12) && middle[at] <= strong[at] && strong[at] <= 1.0);
                for other in 0..p.len() {
                    if p[at] < p[other] {
                        prop_assert!(weak[at] <= weak[other] && middle[at] <= middle[other]);
                    }
                }
            }
        }
    }
}
