//! Whether prediction or truth depends on the group at all: tests over the table of groups by outcome.

use super::super::between::{Between, Groups, ShareOf, plain};
use super::super::spec::{Direction, Metric, Read};
use super::super::view::Subject;
use super::super::{Task, UndefinedCode as Code};
use super::{CRITERION, PREVALENCE, SELECTION};
use crate::stats::hypothesis::chi_squared;
use crate::stats::math::ln;
use crate::stats::special::chi_squared_sf;

fn needs(subject: &Subject<'_>) -> bool {
    subject.task == Some(Task::Binary) && (subject.rows.label.is_some() || subject.rows.prediction.is_some())
}

/// The table of groups by outcome, with what the tests need of it.
struct Table {
    counts: Vec<[f64; 2]>,
    total: f64,
    statistic: f64,
    degrees_of_freedom: f64,
    p_value: f64,
}

impl Table {
    fn of(share: &ShareOf, groups: &Groups<'_>) -> Result<Self, Code> {
        let counts: Option<Vec<[u64; 2]>> = groups.groups.iter().map(|group| share.counts(group)).collect();
        let counts = counts.ok_or(Code::Weighted)?;
        let counts: Vec<[f64; 2]> = counts.iter().map(|row| row.map(|count| count as f64)).collect();
        let rows: Vec<&[f64]> = counts.iter().map(<[f64; 2]>::as_slice).collect();
        let test = chi_squared(&rows).ok_or(Code::TooFewGroups)?;
        Ok(Self {
            total: counts.iter().flatten().sum(),
            statistic: test.statistic,
            degrees_of_freedom: test.degrees_of_freedom,
            p_value: test.p_value,
            counts,
        })
    }

    /// Observed and expected count of every cell of a group with rows.
    fn cells(&self) -> impl Iterator<Item = (f64, f64)> {
        let of_column = [0, 1].map(|column| self.counts.iter().map(|row| row[column]).sum::<f64>());
        let rows = self.counts.iter().filter(|row| row[0] + row[1] > 0.0);
        rows.flat_map(move |row| [0, 1].map(|column| (row[column], (row[0] + row[1]) * of_column[column] / self.total)))
    }

    /// The statistic with Yates' correction for continuity.
    fn yates(&self) -> f64 {
        let part = |(observed, expected): (f64, f64)| {
            let distance = (observed - expected).abs();
            let corrected = distance - distance.min(0.5);
            corrected * corrected / expected
        };
        self.cells().map(part).sum()
    }
}

/// A number of both tables: by prediction and by label.
fn of_both(groups: &Groups<'_>, read: fn(&Table) -> f64) -> Vec<Between> {
    form(groups, &[], read)
}

/// Yates' correction is one for tables of two by two.
fn corrected(groups: &Groups<'_>, read: impl Fn(&Table) -> f64) -> Vec<Between> {
    if groups.groups.len() == 2 {
        form(groups, &[("correction", "yates")], read)
    } else {
        Vec::new()
    }
}

fn form(groups: &Groups<'_>, params: &[(&'static str, &str)], read: impl Fn(&Table) -> f64) -> Vec<Between> {
    let mut out = Vec::new();
    for (of, share) in [("prediction", &SELECTION), ("label", &PREVALENCE)] {
        let support = groups.groups.iter().map(|group| share.support(group)).sum();
        if support == 0 {
            continue;
        }
        let value = Table::of(share, groups).map(|table| read(&table));
        let mut named = vec![("of", of.to_owned())];
        named.extend(params.iter().map(|(name, value)| (*name, (*value).to_owned())));
        out.push(Between::all(None, named, plain(value, support)));
    }
    out
}

fn statistic(groups: &Groups<'_>) -> Vec<Between> {
    let mut out = of_both(groups, |table| table.statistic);
    out.extend(corrected(groups, Table::yates));
    out
}

fn p_value(groups: &Groups<'_>) -> Vec<Between> {
    let mut out = of_both(groups, |table| table.p_value);
    out.extend(corrected(groups, |table| chi_squared_sf(table.yates(), table.degrees_of_freedom)));
    out
}

fn degrees_of_freedom(groups: &Groups<'_>) -> Vec<Between> {
    of_both(groups, |table| table.degrees_of_freedom)
}

fn smallest_expected(groups: &Groups<'_>) -> Vec<Between> {
    of_both(groups, |table| {
        table.cells().map(|(_, expected)| expected).fold(f64::INFINITY, f64::min)
    })
}

/// With two outcomes the smaller side of the table is two, so the statistic is divided by the rows alone.
fn cramers_v(groups: &Groups<'_>) -> Vec<Between> {
    of_both(groups, |table| (table.statistic / table.total).sqrt())
}

fn g_statistic(groups: &Groups<'_>) -> Vec<Between> {
    let term = |(observed, expected): (f64, f64)| {
        if observed > 0.0 {
            2.0 * observed * ln(observed / expected)
        } else {
            0.0
        }
    };
    form(groups, &[], move |table| table.cells().map(term).sum())
}

const TEST: Metric = Metric {
    direction: Direction::Neutral,
    range: (0.0, f64::INFINITY),
    caveat: "With very many rows the smallest of gaps is beyond chance: look at its size.",
    ..CRITERION
};

/// The rows of this part.
pub(super) const METRICS: [Metric; 6] = [
    Metric {
        id: "chi_squared",
        name: "chi-squared statistic",
        aliases: &["chi2"],
        words: &[],
        summary: "How far the counts of groups by outcome are from what they would be if the group did not matter.",
        formula: "sum over cells of (observed - expected)^2 / expected; with correction yates: 0.5 less in every distance",
        reading: "Compare it with its degrees of freedom; the p-value does.",
        reference: "Pearson 1900; SciPy, chi2_contingency",
        reads: &[Read::Between { needs, read: statistic }],
        ..TEST
    },
    Metric {
        id: "chi_squared_p_value",
        name: "p-value of the chi-squared test",
        aliases: &["chi2_p_value"],
        words: &[],
        summary: "How probable counts so uneven over groups would be if the group did not matter.",
        formula: "upper tail of the chi-squared distribution at the statistic",
        reading: "Small values speak against chance; they do not say that the gap is large.",
        reference: "SciPy, chi2_contingency",
        range: (0.0, 1.0),
        reads: &[Read::Between { needs, read: p_value }],
        ..TEST
    },
    Metric {
        id: "chi_squared_degrees_of_freedom",
        name: "degrees of freedom of the chi-squared test",
        aliases: &[],
        words: &[],
        summary: "How many cells of the table could vary freely.",
        formula: "groups with rows, less one",
        reading: "The statistic is about as large as this where chance alone is at work.",
        reference: "SciPy, chi2_contingency",
        reads: &[Read::Between {
            needs,
            read: degrees_of_freedom,
        }],
        ..TEST
    },
    Metric {
        id: "chi_squared_smallest_expected",
        name: "smallest expected count",
        aliases: &[],
        words: &[],
        summary: "The fewest rows that a cell of the table would have if the group did not matter.",
        formula: "smallest of (rows of the group) x (rows of the outcome) / (all rows)",
        reading: "Below 5 the chi-squared test is rough; Fisher's test is not.",
        reference: "SciPy, chi2_contingency",
        reads: &[Read::Between {
            needs,
            read: smallest_expected,
        }],
        ..TEST
    },
    Metric {
        id: "cramers_v",
        name: "Cramér's V",
        aliases: &[],
        words: &[],
        summary: "How strongly the outcome depends on the group, whatever the number of rows.",
        formula: "sqrt(chi-squared / rows), for two outcomes",
        reading: "0 is no dependence, 1 is complete dependence; 0.1 is weak, 0.3 is moderate.",
        reference: "Cramér 1946; SciPy, stats.contingency.association",
        range: (0.0, 1.0),
        reads: &[Read::Between { needs, read: cramers_v }],
        ..TEST
    },
    Metric {
        id: "g_statistic",
        name: "G statistic",
        aliases: &["g_test"],
        words: &[],
        summary: "As chi-squared, by the ratio of likelihoods.",
        formula: "2 x sum over cells of observed x ln(observed / expected)",
        reading: "Compare it with the degrees of freedom.",
        reference: "SciPy, chi2_contingency(lambda_=log-likelihood)",
        reads: &[Read::Between { needs, read: g_statistic }],
        ..TEST
    },
];
