//! What a column holds: how much is missing, which values, how they are spread. Missing values count as missing and are left out of all else.
//!
//! Numbers as pandas computes them, so that a column described in a notebook is described alike here.

pub mod rows;
pub mod summary;

use std::collections::BTreeMap;

use super::UndefinedCode as Code;
use super::reading::{Evidence, Reading};
use super::sample::{Distribution, Sample, SampleKind};
use super::spec::{Compare, Direction, Family, Metric, Read, Unit};
use super::view::Measured;
use crate::data::column::number_text;
use crate::data::time_text;
use crate::stats::interval::{Method, Share};
use crate::stats::math::ln;
use crate::stats::sum::ExactSum;
use summary::Summary;

/// The most different numbers of a column that is also described like one of levels.
const FEW: usize = 20;

/// What the rows of this family have in common unless they say otherwise.
pub(super) const COLUMN: Metric = Metric {
    family: Family::Columns,
    direction: Direction::Neutral,
    range: (f64::NEG_INFINITY, f64::INFINITY),
    unit: Unit::Target,
    compare: Compare::No,
    reference: "pandas, DataFrame",
    ..Metric::BLANK
};

/// A count of rows or values.
const COUNT: Metric = Metric {
    range: (0.0, f64::INFINITY),
    unit: Unit::Count,
    ..COLUMN
};

const fn any(_: SampleKind) -> bool {
    true
}

const fn numbers(kind: SampleKind) -> bool {
    matches!(kind, SampleKind::Numbers)
}

const fn in_order(kind: SampleKind) -> bool {
    !matches!(kind, SampleKind::Levels)
}

const fn not_times(kind: SampleKind) -> bool {
    !matches!(kind, SampleKind::Times)
}

/// The rows of this family that are about one column, in the order they are shown.
pub const METRICS: [Metric; 23] = [
    Metric {
        id: "missing_count",
        name: "missing values",
        aliases: &["nulls"],
        words: &["number of missing values"],
        direction: Direction::LowerIsBetter,
        summary: "How many rows have no value in a column.",
        formula: "Rows whose cell is empty, a missing marker, or no value of the column's kind.",
        reading: "0: every row has a value.",
        caveat: "A placeholder such as -1 or unknown is a value like any other.",
        reads: &[Read::Column {
            of: any,
            read: |sample| whole(sample.missing, sample.rows),
        }],
        ..COUNT
    },
    Metric {
        id: "missing_share",
        name: "share missing",
        aliases: &["null_share"],
        words: &["share of missing values"],
        direction: Direction::LowerIsBetter,
        range: (0.0, 1.0),
        unit: Unit::Share,
        summary: "Which share of rows has no value in a column.",
        formula: "missing_count / rows.",
        reading: "0.1: of ten rows, one has no value.",
        caveat: "Whether values are missing by chance does not show; the patterns say more.",
        reads: &[Read::Column {
            of: any,
            read: |sample| vec![Measured::plain(missing_share(sample.missing, sample.rows))],
        }],
        ..COLUMN
    },
    Metric {
        id: "distinct_count",
        name: "different values",
        aliases: &["unique_values", "nunique"],
        words: &["number of different values"],
        summary: "How many different values a column has.",
        formula: "Values counted once each, missing ones not at all.",
        reading: "1: the column is constant; as many as rows: no value occurs twice.",
        caveat: "Two spellings of one thing are two values.",
        reads: &[Read::Column { of: any, read: distinct }],
        ..COUNT
    },
    Metric {
        id: "column_mean",
        name: "mean of a column",
        words: &["column average"],
        summary: "The mean of a column's numbers.",
        formula: "column_sum / rows with a value; its interval from the standard deviation.",
        reading: "In the column's own unit.",
        caveat: "One large value moves it; the median says what is usual.",
        reads: &[Read::Column { of: numbers, read: mean }],
        ..COLUMN
    },
    Metric {
        id: "column_std",
        name: "standard deviation of a column",
        aliases: &["column_sd"],
        range: (0.0, f64::INFINITY),
        summary: "How far a column's numbers are spread about their mean.",
        formula: "sqrt(column_variance).",
        reading: "0: the column is constant.",
        caveat: "Squares count far values more than near ones.",
        reads: &[Read::Column {
            of: numbers,
            read: |sample| plain(sample, spread(sample).map(f64::sqrt)),
        }],
        ..COLUMN
    },
    Metric {
        id: "column_min",
        name: "smallest value of a column",
        aliases: &["column_minimum"],
        summary: "The smallest number, or the earliest moment, in a column.",
        formula: "min over rows with a value.",
        reading: "A value outside what the column can mean is an error in the data.",
        caveat: "It is the value of one row.",
        reads: &[Read::Column {
            of: in_order,
            read: |sample| end(sample, sample.numbers().first()),
        }],
        ..COLUMN
    },
    Metric {
        id: "column_max",
        name: "largest value of a column",
        aliases: &["column_maximum"],
        summary: "The largest number, or the latest moment, in a column.",
        formula: "max over rows with a value.",
        reading: "A value outside what the column can mean is an error in the data.",
        caveat: "It is the value of one row.",
        reads: &[Read::Column {
            of: in_order,
            read: |sample| end(sample, sample.numbers().last()),
        }],
        ..COLUMN
    },
    Metric {
        id: "column_median",
        name: "median of a column",
        summary: "The number that half of the rows do not exceed.",
        formula: "The quantile at 0.5, interpolated between neighbours.",
        reading: "What is usual, whatever the extremes.",
        caveat: "It says nothing about the spread.",
        reads: &[Read::Column {
            of: numbers,
            read: |sample| quantile(sample, 2),
        }],
        ..COLUMN
    },
    Metric {
        id: "column_skewness",
        name: "skewness of a column",
        unit: Unit::Score,
        summary: "Whether a column's numbers reach further up or further down from their mean.",
        formula: "sqrt(n (n - 1)) / (n - 2) times m3 / m2^1.5, m the central moments over n.",
        reading: "0: alike on both sides; above 1: a long tail of large values.",
        caveat: "One far value can decide it.",
        reads: &[Read::Column {
            of: numbers,
            read: skewness,
        }],
        ..COLUMN
    },
    Metric {
        id: "column_excess_kurtosis",
        name: "excess kurtosis of a column",
        unit: Unit::Score,
        summary: "How much more often a column's numbers are far from their mean than those of a normal distribution.",
        formula: "n (n + 1) sum d^4 / ((n - 1)(n - 2)(n - 3) s^4) - 3 (n - 1)^2 / ((n - 2)(n - 3)), d the distance from the mean, s the standard deviation.",
        reading: "0: as a normal distribution; above 3: rare but very far values.",
        caveat: "A few values decide it.",
        reads: &[Read::Column {
            of: numbers,
            read: kurtosis,
        }],
        ..COLUMN
    },
    Metric {
        id: "column_zeros",
        name: "zeros in a column",
        summary: "How many rows have the number 0 in a column.",
        formula: "Rows with a value equal to 0.",
        reading: "Many zeros may stand for missing values.",
        caveat: "In many columns 0 is a value like others.",
        reads: &[Read::Column { of: numbers, read: zeros }],
        ..COUNT
    },
    Metric {
        id: "column_q05",
        name: "5 % quantile of a column",
        summary: "The number that one row of twenty does not exceed.",
        formula: "The quantile at 0.05, interpolated between neighbours (Hyndman and Fan's type 7).",
        reading: "In the column's own unit.",
        caveat: "With few rows it hangs on one or two of them.",
        reads: &[Read::Column {
            of: numbers,
            read: |sample| quantile(sample, 0),
        }],
        ..COLUMN
    },
    Metric {
        id: "column_q25",
        name: "lower quartile of a column",
        summary: "The number that one row of four does not exceed.",
        formula: "The quantile at 0.25, interpolated between neighbours (Hyndman and Fan's type 7).",
        reading: "In the column's own unit.",
        caveat: "Other systems interpolate otherwise; with many rows it does not matter.",
        reads: &[Read::Column {
            of: numbers,
            read: |sample| quantile(sample, 1),
        }],
        ..COLUMN
    },
    Metric {
        id: "column_q75",
        name: "upper quartile of a column",
        summary: "The number that three rows of four do not exceed.",
        formula: "The quantile at 0.75, interpolated between neighbours (Hyndman and Fan's type 7).",
        reading: "In the column's own unit.",
        caveat: "Other systems interpolate otherwise; with many rows it does not matter.",
        reads: &[Read::Column {
            of: numbers,
            read: |sample| quantile(sample, 3),
        }],
        ..COLUMN
    },
    Metric {
        id: "column_q95",
        name: "95 % quantile of a column",
        summary: "The number that one row of twenty exceeds.",
        formula: "The quantile at 0.95, interpolated between neighbours (Hyndman and Fan's type 7).",
        reading: "In the column's own unit.",
        caveat: "With few rows it hangs on one or two of them.",
        reads: &[Read::Column {
            of: numbers,
            read: |sample| quantile(sample, 4),
        }],
        ..COLUMN
    },
    Metric {
        id: "column_variance",
        name: "variance of a column",
        range: (0.0, f64::INFINITY),
        unit: Unit::TargetSquared,
        summary: "The mean squared distance of a column's numbers from their mean.",
        formula: "sum (x - mean)^2 / (n - 1).",
        reading: "0: the column is constant.",
        caveat: "Its unit is the column's, squared; read the standard deviation.",
        reads: &[Read::Column {
            of: numbers,
            read: |sample| plain(sample, spread(sample)),
        }],
        ..COLUMN
    },
    Metric {
        id: "column_sum",
        name: "sum of a column",
        summary: "The sum of a column's numbers.",
        formula: "sum x over rows with a value, rounded once.",
        reading: "In the column's own unit.",
        caveat: "It grows with the rows.",
        reads: &[Read::Column {
            of: numbers,
            read: |sample| plain(sample, some(sample).map(|own| own.sum)),
        }],
        ..COLUMN
    },
    Metric {
        id: "column_mad",
        name: "median absolute deviation of a column",
        aliases: &["median_absolute_deviation"],
        range: (0.0, f64::INFINITY),
        summary: "How far a column's usual number is from the median.",
        formula: "median of |x - median|, not scaled.",
        reading: "A spread that extremes do not move.",
        caveat: "0 where more than half of the rows are equal.",
        reads: &[Read::Column {
            of: numbers,
            read: |sample| plain(sample, some(sample).map(|own| own.mad)),
        }],
        ..COLUMN
    },
    Metric {
        id: "column_iqr_outliers",
        name: "values beyond the fences",
        aliases: &["iqr_outliers"],
        summary: "How many rows are far outside the middle half of a column.",
        formula: "Rows below q25 - 1.5 (q75 - q25) or above q75 + 1.5 (q75 - q25).",
        reading: "Of normally distributed numbers, seven of a thousand.",
        caveat: "In a column with a long tail many good values are beyond.",
        reference: "Tukey 1977",
        reads: &[Read::Column {
            of: numbers,
            read: |sample| whole_of(sample, |own| own.beyond_fences),
        }],
        ..COUNT
    },
    Metric {
        id: "column_zscore_outliers",
        name: "values beyond three standard deviations",
        aliases: &["zscore_outliers"],
        summary: "How many rows are more than three standard deviations from a column's mean.",
        formula: "Rows with |x - mean| / column_std above 3.",
        reading: "Of normally distributed numbers, three of a thousand.",
        caveat: "Far values widen the standard deviation, and so hide each other.",
        reads: &[Read::Column {
            of: numbers,
            read: |sample| whole_of(sample, |own| own.beyond_three),
        }],
        ..COUNT
    },
    Metric {
        id: "column_mode",
        name: "most frequent value of a column",
        aliases: &["most_frequent_value"],
        unit: Unit::Score,
        summary: "The value that most rows of a column have.",
        formula: "The most frequent value; of several the first in the order of levels. Not named where fewer rows than the smallest group that is judged have it.",
        reading: "With column_mode_count: what is usual.",
        caveat: "Of columns of numbers, only those with at most 20 different ones have it.",
        reads: &[Read::Column { of: not_times, read: mode }],
        ..COLUMN
    },
    Metric {
        id: "column_mode_count",
        name: "rows with the most frequent value",
        aliases: &["mode_count"],
        summary: "How many rows have a column's most frequent value.",
        formula: "Rows with column_mode.",
        reading: "Nearly all rows: the column is nearly constant.",
        caveat: "Of columns of numbers, only those with at most 20 different ones have it.",
        reads: &[Read::Column {
            of: not_times,
            read: mode_count,
        }],
        ..COUNT
    },
    Metric {
        id: "column_entropy",
        name: "entropy of a column",
        range: (0.0, f64::INFINITY),
        unit: Unit::Nats,
        summary: "How evenly rows are spread over a column's values.",
        formula: "-sum p ln p over the shares p of its values.",
        reading: "0: constant; ln k: k values, equally often.",
        caveat: "Of columns of numbers, only those with at most 20 different ones have it.",
        reference: "SciPy, stats.entropy",
        reads: &[Read::Column {
            of: not_times,
            read: entropy,
        }],
        ..COLUMN
    },
];

fn whole(count: u64, support: u64) -> Vec<Measured> {
    vec![Measured::plain(Reading::exact(count as f64, support))]
}

/// The share of rows that miss a value.
pub fn missing_share(missing: u64, rows: u64) -> Reading {
    share(missing, rows)
}

/// Some rows of all, as a share with its evidence.
pub fn share(some: u64, all: u64) -> Reading {
    if all == 0 {
        return Reading::undefined(Code::NoRows, 0);
    }
    let size = all as f64;
    let value = some as f64 / size;
    Reading {
        value: Ok(value),
        support: all,
        evidence: Evidence::Share(Share { value, size }),
    }
}

fn distinct(sample: &Sample) -> Vec<Measured> {
    let count = match &sample.values {
        Distribution::Numbers(values) => values.len(),
        Distribution::Levels(levels) => levels.len(),
    };
    whole(count as u64, sample.present())
}

/// The summary, where there are rows.
fn some(sample: &Sample) -> Result<&Summary, Code> {
    if sample.present() == 0 {
        Err(Code::NoRows)
    } else {
        Ok(sample.summary())
    }
}

fn plain(sample: &Sample, value: Result<f64, Code>) -> Vec<Measured> {
    let reading = match value {
        Ok(value) => Reading::exact(value, sample.present()),
        Err(code) => Reading::undefined(code, sample.present()),
    };
    vec![Measured::plain(reading)]
}

fn whole_of(sample: &Sample, read: fn(&Summary) -> u64) -> Vec<Measured> {
    plain(sample, some(sample).map(|own| read(own) as f64))
}

/// The variance, where there are two rows.
fn spread(sample: &Sample) -> Result<f64, Code> {
    let own = some(sample)?;
    if own.rows < 2 { Err(Code::TooFewRows) } else { Ok(own.variance()) }
}

fn mean(sample: &Sample) -> Vec<Measured> {
    let reading = match some(sample) {
        Err(code) => Reading::undefined(code, 0),
        Ok(own) => {
            let variance = spread(sample).ok().map(|variance| variance / own.rows as f64);
            Reading::with_variance(own.mean, variance, Method::Normal, own.rows)
        }
    };
    vec![Measured::plain(reading)]
}

/// A number as it is, a moment as text.
fn end(sample: &Sample, end: Option<&(f64, u64)>) -> Vec<Measured> {
    let Some((value, _)) = end else {
        return vec![Measured::plain(Reading::undefined(Code::NoRows, 0))];
    };
    let mut own = Measured::plain(Reading::exact(*value, sample.present()));
    if sample.kind == SampleKind::Times {
        own.text = Some(time_text(*value as i64));
    }
    vec![own]
}

fn quantile(sample: &Sample, place: usize) -> Vec<Measured> {
    plain(sample, some(sample).map(|own| own.quantiles[place]))
}

fn zeros(sample: &Sample) -> Vec<Measured> {
    let values = sample.numbers();
    let place = values.partition_point(|(value, _)| *value < 0.0);
    let count = values.get(place).filter(|(value, _)| *value == 0.0).map_or(0, |(_, count)| *count);
    whole(count, sample.present())
}

/// The number of rows, and the central moments over them, where there are at least `least` rows that differ.
fn moments(sample: &Sample, least: u64) -> Result<(f64, [f64; 3]), Code> {
    let own = some(sample)?;
    if own.rows < least {
        return Err(Code::TooFewRows);
    }
    if sample.numbers().len() < 2 {
        return Err(Code::ConstantColumn);
    }
    let n = own.rows as f64;
    Ok((n, own.powers.map(|sum| sum / n)))
}

fn skewness(sample: &Sample) -> Vec<Measured> {
    let value = moments(sample, 3).map(|(n, [m2, m3, _])| (n * (n - 1.0)).sqrt() / (n - 2.0) * m3 / (m2 * m2.sqrt()));
    plain(sample, value)
}

fn kurtosis(sample: &Sample) -> Vec<Measured> {
    let value = moments(sample, 4).map(|(n, [m2, _, m4])| {
        let spread = m2 * n / (n - 1.0);
        let about = n * (n + 1.0) * (m4 * n) / ((n - 1.0) * (n - 2.0) * (n - 3.0) * spread * spread);
        about - 3.0 * (n - 1.0) * (n - 1.0) / ((n - 2.0) * (n - 3.0))
    });
    plain(sample, value)
}

/// The most frequent value as text, with its rows; of several the first. `None` where there are too many different numbers to ask.
fn most_frequent(sample: &Sample) -> Option<(String, u64)> {
    let largest = |best: (usize, u64), (place, count): (usize, u64)| if count > best.1 { (place, count) } else { best };
    match &sample.values {
        Distribution::Levels(levels) => {
            let counts = levels.iter().map(|(_, count)| *count).enumerate();
            let (place, count) = counts.fold((0, 0), largest);
            Some(levels.get(place).map_or((String::new(), 0), |(name, _)| (name.clone(), count)))
        }
        Distribution::Numbers(values) if values.len() <= FEW => {
            let counts = values.iter().map(|(_, count)| *count).enumerate();
            let (place, count) = counts.fold((0, 0), largest);
            Some(
                values
                    .get(place)
                    .map_or((String::new(), 0), |(value, _)| (number_text(*value), count)),
            )
        }
        Distribution::Numbers(_) => None,
    }
}

fn mode(sample: &Sample) -> Vec<Measured> {
    let Some((text, count)) = most_frequent(sample) else {
        return Vec::new();
    };
    if count == 0 {
        return vec![Measured::plain(Reading::undefined(Code::NoRows, 0))];
    }
    vec![Measured {
        params: BTreeMap::new(),
        reading: Reading::exact(count as f64, count),
        text: Some(text),
    }]
}

fn mode_count(sample: &Sample) -> Vec<Measured> {
    let Some((_, count)) = most_frequent(sample) else {
        return Vec::new();
    };
    whole(count, sample.present())
}

fn entropy(sample: &Sample) -> Vec<Measured> {
    let counts: Vec<u64> = match &sample.values {
        Distribution::Levels(levels) => levels.iter().map(|(_, count)| *count).collect(),
        Distribution::Numbers(values) if values.len() <= FEW => values.iter().map(|(_, count)| *count).collect(),
        Distribution::Numbers(_) => return Vec::new(),
    };
    let all = sample.present() as f64;
    let terms = counts.iter().map(|count| *count as f64 / all).map(|share| -share * ln(share));
    let sum: ExactSum = terms.collect();
    plain(sample, if counts.is_empty() { Err(Code::NoRows) } else { Ok(sum.value()) })
}
