//! What rows took: milliseconds, bytes, tokens, money. Quantiles with limits that assume no distribution, and shares within a budget.

use serde::{Deserialize, Serialize};

use super::quality::{COLUMN, share};
use super::reading::{Evidence, Reading};
use super::sample::Sample;
use super::spec::{Direction, Family, Metric, Read, Unit};
use super::view::Measured;
use super::{Parameters, UndefinedCode as Code};
use crate::stats::interval::Method;
use crate::stats::math::{ceil, exp, floor, ln};
use crate::stats::quantile::order_limits;
use crate::stats::rank::Ranked;
use crate::stats::running::Running;
use crate::stats::sum::ExactSum;

/// How a quantile is read between two numbers. Source: Hyndman and Fan 1996; numpy, percentile.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PercentileMethod {
    /// Interpolated, type 7: the default of numpy, R and Excel, and the plain form.
    Linear,
    /// The smallest number that so many do not exceed, type 1.
    InvertedCdf,
    /// The upper one of the two numbers between which type 7 interpolates.
    Higher,
    /// Interpolated, type 5.
    Hazen,
    /// Interpolated, type 8: nearly unbiased for the median whatever the distribution.
    MedianUnbiased,
}

impl PercentileMethod {
    /// Every method, the plain one first.
    pub const ALL: [Self; 5] = [Self::Linear, Self::InvertedCdf, Self::Higher, Self::Hazen, Self::MedianUnbiased];

    /// Its name.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Linear => "linear",
            Self::InvertedCdf => "inverted_cdf",
            Self::Higher => "higher",
            Self::Hazen => "hazen",
            Self::MedianUnbiased => "median_unbiased",
        }
    }

    /// The number at that share of the order; `None` without numbers.
    pub fn read(self, ranked: &Ranked, share: f64) -> Option<f64> {
        let n = ranked.len() as f64;
        let position = match self {
            Self::Linear => (n - 1.0) * share,
            Self::Higher => ceil((n - 1.0) * share),
            Self::InvertedCdf => ceil(n * share - 1.0),
            Self::Hazen => n * share + 0.5 - 1.0,
            Self::MedianUnbiased => n * share + (1.0 / 3.0 + share * (1.0 - 2.0 / 3.0)) - 1.0,
        };
        let position = position.clamp(0.0, (n - 1.0).max(0.0));
        let part = position - floor(position);
        let low = ranked.at(floor(position) as u64)?;
        let Some(high) = ranked.at(floor(position) as u64 + 1).filter(|_| part > 0.0) else {
            return Some(low);
        };
        let step = high - low;
        Some(if part < 0.5 {
            low + step * part
        } else {
            high - step * (1.0 - part)
        })
    }
}

impl std::str::FromStr for PercentileMethod {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let name = text.trim().to_lowercase().replace('-', "_");
        let found = Self::ALL.into_iter().find(|method| method.as_str() == name);
        found.ok_or_else(|| "it is none of linear, inverted_cdf, higher, hazen, median_unbiased".to_owned())
    }
}

/// What some rows took, with what is asked about it.
#[derive(Debug)]
pub struct Taken<'a> {
    /// What they took.
    pub sample: &'a Sample,
    /// The same in order.
    pub ranked: &'a Ranked,
    /// Which percentiles and budgets.
    pub parameters: &'a Parameters,
    /// Nominal coverage of intervals.
    pub level: f64,
}

/// What the rows of this family have in common unless they say otherwise.
const TAKEN: Metric = Metric {
    family: Family::Efficiency,
    direction: Direction::LowerIsBetter,
    reference: "numpy and SciPy",
    ..COLUMN
};

/// A share of rows.
const SHARE: Metric = Metric {
    range: (0.0, 1.0),
    unit: Unit::Share,
    ..TAKEN
};

/// The rows of this family, in the order they are shown.
pub const METRICS: [Metric; 16] = [
    Metric {
        id: "latency_percentile",
        name: "percentile of what a row takes",
        aliases: &["latency_quantile"],
        words: &["latency percentile"],
        summary: "What so many of a hundred rows do not exceed: of time, memory, tokens or money.",
        formula: "The quantile at percent / 100, interpolated between neighbours (Hyndman and Fan's type 7); parameter method names another way. Limits are two numbers of the order, whatever the distribution.",
        reading: "percent = 95: of a hundred rows, five take longer.",
        caveat: "High percentiles of few rows hang on one or two of them; their limits say how much.",
        reference: "Hyndman and Fan 1996; David and Nagaraja 2003",
        reads: &[Read::Taken(percentiles)],
        ..TAKEN
    },
    Metric {
        id: "latency_mean",
        name: "mean of what a row takes",
        aliases: &["mean_latency"],
        summary: "What rows take on average.",
        formula: "sum x / n; its interval from the standard deviation.",
        reading: "Times the number of rows, it is what all of them take.",
        caveat: "A few slow rows decide it, and nobody waits for the mean.",
        reads: &[Read::Taken(mean)],
        ..TAKEN
    },
    Metric {
        id: "latency_std",
        name: "standard deviation of what a row takes",
        summary: "How far rows differ in what they take.",
        formula: "sqrt(sum (x - mean)^2 / (n - 1)).",
        reading: "Large beside the mean: some rows take many times as long as others.",
        caveat: "A few slow rows decide it.",
        reads: &[Read::Taken(|taken| one(taken, spread(taken)))],
        ..TAKEN
    },
    Metric {
        id: "latency_min",
        name: "least that a row takes",
        summary: "The least that any row takes.",
        formula: "min x.",
        reading: "What is possible at best.",
        caveat: "It is one row.",
        reads: &[Read::Taken(|taken| {
            one(taken, taken.ranked.values().first().copied().ok_or(Code::NoRows))
        })],
        ..TAKEN
    },
    Metric {
        id: "latency_max",
        name: "most that a row takes",
        summary: "The most that any row takes.",
        formula: "max x.",
        reading: "What happened at worst.",
        caveat: "It is one row, and grows with the number of rows.",
        reads: &[Read::Taken(|taken| {
            one(taken, taken.ranked.values().last().copied().ok_or(Code::NoRows))
        })],
        ..TAKEN
    },
    Metric {
        id: "latency_count",
        name: "rows of which it is known what they take",
        direction: Direction::Neutral,
        range: (0.0, f64::INFINITY),
        unit: Unit::Count,
        summary: "How many rows say what they take.",
        formula: "Rows with a number in the column.",
        reading: "The rows behind the other numbers.",
        caveat: "Rows that never ended are often not written down.",
        reads: &[Read::Taken(|taken| one(taken, Ok(taken.ranked.len() as f64)))],
        ..TAKEN
    },
    Metric {
        id: "latency_geometric_mean",
        name: "geometric mean of what a row takes",
        summary: "The usual size of what rows take, where they differ by factors.",
        formula: "exp(sum ln x / n); undefined where a row takes 0 or less.",
        reading: "Near the median where sizes are spread evenly on a logarithmic scale.",
        caveat: "It hides slow rows.",
        reads: &[Read::Taken(geometric)],
        ..TAKEN
    },
    Metric {
        id: "latency_trimmed_mean_10",
        name: "mean of the middle eight tenths",
        aliases: &["latency_trimmed_mean"],
        summary: "What rows take on average, the lowest and the highest tenth aside.",
        formula: "The mean without the floor(n / 10) smallest and as many largest numbers.",
        reading: "A mean that a few slow rows do not move.",
        caveat: "The slow rows that it leaves out are those people complain about.",
        reads: &[Read::Taken(trimmed)],
        ..TAKEN
    },
    Metric {
        id: "latency_cv",
        name: "coefficient of variation of what a row takes",
        unit: Unit::Score,
        summary: "How far rows differ in what they take, beside the mean.",
        formula: "latency_std / latency_mean.",
        reading: "0: all alike; above 1: a few take far more than most.",
        caveat: "A few slow rows decide it.",
        reads: &[Read::Taken(variation)],
        ..TAKEN
    },
    Metric {
        id: "apdex",
        name: "Apdex",
        words: &["application performance index"],
        direction: Direction::HigherIsBetter,
        range: (0.0, 1.0),
        unit: Unit::Score,
        summary: "How far rows are within what people are content with.",
        formula: "(rows at most t + half of the rows above t and at most 4 t) / n; parameter t.",
        reading: "1: all within t. Above 0.94 is called excellent, below 0.5 unacceptable.",
        caveat: "It hangs on t, which is a choice.",
        reference: "Apdex Alliance 2007",
        reads: &[Read::Taken(apdex)],
        ..TAKEN
    },
    Metric {
        id: "share_within_slo",
        name: "share within the limit",
        aliases: &["slo_attainment"],
        words: &["share within the service level objective"],
        direction: Direction::HigherIsBetter,
        summary: "Which share of rows takes at most so much.",
        formula: "Rows at most limit / n; parameter limit.",
        reading: "0.99: of a hundred rows one takes more.",
        caveat: "By how much the others miss it does not show.",
        reads: &[Read::Taken(within)],
        ..SHARE
    },
    Metric {
        id: "error_share_5xx",
        name: "share of failed requests",
        aliases: &["error_rate_5xx"],
        summary: "Which share of rows has a status of 500 or above.",
        formula: "Rows with a status of at least 500 / rows with a status.",
        reading: "The server's own errors.",
        caveat: "Answers that are wrong but have status 200 do not count.",
        reads: &[Read::Table],
        ..SHARE
    },
    Metric {
        id: "throttled_share_429",
        name: "share of throttled requests",
        summary: "Which share of rows was turned away for being too many.",
        formula: "Rows with status 429 / rows with a status.",
        reading: "Above 0: the limit of requests was reached.",
        caveat: "Who was turned away at the door may not be in the file.",
        reads: &[Read::Table],
        ..SHARE
    },
    Metric {
        id: "span_seconds",
        name: "seconds from first to last row",
        direction: Direction::Neutral,
        unit: Unit::Score,
        summary: "How much time the rows cover.",
        formula: "The latest time less the earliest, in seconds.",
        reading: "86,400 seconds are a day.",
        caveat: "One mistaken time makes it meaningless.",
        reads: &[Read::Table],
        ..TAKEN
    },
    Metric {
        id: "throughput_per_second",
        name: "rows a second",
        aliases: &["throughput"],
        direction: Direction::HigherIsBetter,
        unit: Unit::Score,
        summary: "How many rows came in a second, on average.",
        formula: "Rows with a time / span_seconds.",
        reading: "What was asked of the system, not what it could do.",
        caveat: "A mean over busy and idle hours.",
        reads: &[Read::Table],
        ..TAKEN
    },
    Metric {
        id: "halves_ks_statistic",
        name: "distance between the first and the second half",
        range: (0.0, 1.0),
        unit: Unit::Score,
        summary: "Whether rows in the second half of the file take more or less than in the first.",
        formula: "max over x of |F_first(x) - F_second(x)|, the rows of the file cut in the middle.",
        reading: "0: alike; 0.1: somewhere a tenth of the rows moved across.",
        caveat: "It sees the order of the file, which need not be that of time.",
        reference: "Smirnov 1939; SciPy, ks_2samp",
        reads: &[Read::Table],
        ..TAKEN
    },
];

fn one(taken: &Taken<'_>, value: Result<f64, Code>) -> Vec<Measured> {
    let rows = taken.ranked.len();
    vec![Measured::plain(match value {
        Ok(value) => Reading::exact(value, rows),
        Err(code) => Reading::undefined(code, rows),
    })]
}

/// A parameter as it is written: 95, 99.9.
fn text(number: f64) -> String {
    number.to_string()
}

fn percentiles(taken: &Taken<'_>) -> Vec<Measured> {
    let rows = taken.ranked.len();
    let mut forms = Vec::new();
    for percent in &taken.parameters.percentiles {
        let share = percent / 100.0;
        let others = taken
            .parameters
            .percentile_methods
            .iter()
            .copied()
            .filter(|method| *method != PercentileMethod::Linear);
        for method in std::iter::once(PercentileMethod::Linear).chain(others) {
            let reading = match method.read(taken.ranked, share) {
                None => Reading::undefined(Code::NoRows, rows),
                Some(value) => {
                    let limits = order_limits(taken.ranked, share, taken.level);
                    Reading::with_limits(value, limits, Method::OrderStatistics, rows)
                }
            };
            let mut params = vec![("percent", text(*percent))];
            if method != PercentileMethod::Linear {
                params.push(("method", method.as_str().to_owned()));
            }
            forms.push(Measured::with(&params, reading));
        }
    }
    forms
}

fn spread(taken: &Taken<'_>) -> Result<f64, Code> {
    match taken.ranked.len() {
        0 => Err(Code::NoRows),
        1 => Err(Code::TooFewRows),
        _ => Ok(taken.sample.summary().variance().sqrt()),
    }
}

fn mean(taken: &Taken<'_>) -> Vec<Measured> {
    let rows = taken.ranked.len();
    if rows == 0 {
        return one(taken, Err(Code::NoRows));
    }
    let variance = spread(taken).ok().map(|spread| spread * spread / rows as f64);
    let mean = taken.sample.summary().mean;
    vec![Measured::plain(Reading::with_variance(mean, variance, Method::Normal, rows))]
}

fn variation(taken: &Taken<'_>) -> Vec<Measured> {
    let value = spread(taken).and_then(|spread| match taken.sample.summary().mean {
        0.0 => Err(Code::ZeroDenominator),
        mean => Ok(spread / mean),
    });
    one(taken, value)
}

fn geometric(taken: &Taken<'_>) -> Vec<Measured> {
    let values = taken.sample.numbers();
    let value = match values.first() {
        None => Err(Code::NoRows),
        Some((least, _)) if *least <= 0.0 => Err(Code::OutOfDomain),
        Some(_) => {
            let mut sum = Running::default();
            for (value, count) in values {
                sum.add_product(*count as f64, ln(*value));
            }
            Ok(exp(sum.value() / taken.ranked.len() as f64))
        }
    };
    one(taken, value)
}

fn trimmed(taken: &Taken<'_>) -> Vec<Measured> {
    let rows = taken.ranked.len();
    let cut = rows / 10;
    let (first, last) = (cut, rows - cut);
    let (mut sum, mut place) = (ExactSum::default(), 0_u64);
    for (value, count) in taken.sample.numbers() {
        // How many of these equal numbers stand between the cuts.
        let kept = (place + count).min(last).saturating_sub(place.max(first));
        if kept > 0 {
            sum.add_product(*value, kept as f64);
        }
        place += count;
    }
    one(
        taken,
        if rows == 0 {
            Err(Code::NoRows)
        } else {
            Ok(sum.value() / (last - first) as f64)
        },
    )
}

/// Rows that take at most so much.
fn at_most(taken: &Taken<'_>, limit: f64) -> u64 {
    let place = taken.ranked.values().partition_point(|value| *value <= limit);
    place.checked_sub(1).map_or(0, |last| taken.ranked.through(last))
}

fn apdex(taken: &Taken<'_>) -> Vec<Measured> {
    let Some(t) = taken.parameters.apdex else { return Vec::new() };
    let rows = taken.ranked.len();
    let size = rows as f64;
    let (content, patient) = (at_most(taken, t) as f64, at_most(taken, 4.0 * t) as f64);
    let reading = if rows == 0 {
        Reading::undefined(Code::NoRows, 0)
    } else {
        let value = 0.5 * (content + patient) / size;
        // Every row has 1, a half or 0.
        let squares = (content + 0.25 * (patient - content)) / size;
        let variance = (rows > 1).then(|| (squares - value * value).max(0.0) / (size - 1.0));
        Reading::with_variance(value, variance, Method::Normal, rows)
    };
    vec![Measured::with(&[("t", text(t))], reading)]
}

fn within(taken: &Taken<'_>) -> Vec<Measured> {
    let rows = taken.ranked.len();
    let form = |limit: &f64| Measured::with(&[("limit", text(*limit))], share(at_most(taken, *limit), rows));
    taken.parameters.slo.iter().map(form).collect()
}

/// The mean of rows a second, or why there is none: `span` in seconds.
pub fn throughput(rows: u64, span: f64) -> Reading {
    if span > 0.0 {
        Reading {
            value: Ok(rows as f64 / span),
            support: rows,
            evidence: Evidence::None,
        }
    } else {
        Reading::undefined(Code::ZeroDenominator, rows)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::metric::sample::{Distribution, SampleKind};

    fn measured(values: &[(f64, u64)], parameters: &Parameters, read: fn(&Taken<'_>) -> Vec<Measured>) -> Vec<f64> {
        let rows = values.iter().map(|(_, count)| count).sum();
        let sample = Sample::new(SampleKind::Numbers, rows, 0, Distribution::Numbers(values.to_vec()));
        let ranked = Ranked::of_sorted(values);
        let taken = Taken {
            sample: &sample,
            ranked: &ranked,
            parameters,
            level: 0.95,
        };
        read(&taken).iter().map(|form| form.reading.value.unwrap_or(f64::NAN)).collect()
    }

    #[test]
    fn percentiles_in_every_way() {
        // numpy.percentile([1, 2, 4, 8], 50, method=...): 3, 2, 4, 3, 3.
        let parameters = Parameters {
            percentiles: vec![50.0],
            percentile_methods: PercentileMethod::ALL.to_vec(),
            ..Parameters::default()
        };
        let values = [(1.0, 1), (2.0, 1), (4.0, 1), (8.0, 1)];
        let found = measured(&values, &parameters, percentiles);
        let expected = [3.0, 2.0, 4.0, 3.0, 3.0];
        assert!(found.iter().zip(expected).all(|(a, b)| (a - b).abs() < 1e-12), "{found:?}");
    }

    #[test]
    fn budgets_and_means() {
        let parameters = Parameters {
            slo: vec![2.0, 100.0],
            apdex: Some(2.0),
            ..Parameters::default()
        };
        let values = [(1.0, 2), (4.0, 1), (8.0, 1), (100.0, 1)];
        assert_eq!(measured(&values, &parameters, within), [0.4, 1.0]);
        // Two content, two patient of five.
        assert_eq!(measured(&values, &parameters, apdex), [0.6]);
        let twenty: Vec<(f64, u64)> = vec![(0.0, 2), (1.0, 16), (50.0, 2)];
        assert_eq!(measured(&twenty, &parameters, trimmed), [1.0]);
        assert!(measured(&twenty, &parameters, geometric)[0].is_nan());
        assert!((measured(&[(1.0, 1), (4.0, 1)], &parameters, geometric)[0] - 2.0).abs() < 1e-15);
        assert!(measured(&[], &parameters, apdex)[0].is_nan());
    }
}
