//! Numbers and moments: distances and tests of two samples.

use super::{DISTANCE, P_CAVEAT, P_READING, P_VALUE, STATISTIC};
use crate::metric::UndefinedCode as Code;
use crate::metric::reading::Reading;
use crate::metric::sample::{Pair, SampleKind};
use crate::metric::spec::{Direction, Metric, Read, Unit};
use crate::metric::view::Measured;
use crate::stats::two_sample::{
    Tested, anderson_darling, anderson_darling_p, cramer_von_mises, cramer_von_mises_p, epps_singleton, kolmogorov_sf, ks_exact, levene,
    mann_whitney_p, student, welch,
};

/// Up to this many numbers in the larger sample the probability of the Kolmogorov-Smirnov distance is exact, as SciPy's is.
const MOST_EXACT: u64 = 10_000;
/// The Epps-Singleton test takes four sines of every distinct number: no more than these.
const MOST_SINES: usize = 100_000;

macro_rules! of_numbers {
    ($read:expr) => {
        &[Read::Pair {
            of: SampleKind::is_ordered,
            read: $read,
        }]
    };
}

/// Distances and tests of numbers.
pub const METRICS: [Metric; 18] = [
    Metric {
        id: "ks_distance",
        name: "Kolmogorov-Smirnov distance to the reference",
        aliases: &["ks_2samp", "two_sample_ks"],
        words: &["kolmogorov smirnov distance"],
        summary: "The largest difference between the shares of rows at or below a value, in the reference and in the current data.",
        formula: "max over x of |F_reference(x) - F_current(x)|, missing values left out.",
        reading: "0: the same values equally often; 1: no overlap. 0.1 means that somewhere along the scale a tenth of the rows moved across.",
        caveat: "It sees shifts in the middle better than in the tails, and says nothing about how far values moved.",
        reference: "Smirnov 1939; SciPy, ks_2samp",
        reads: of_numbers!(|pair| plain(pair, |pair| Ok(pair.ranks().distance()))),
        ..DISTANCE
    },
    Metric {
        id: "ks_pvalue",
        name: "P-value of the Kolmogorov-Smirnov distance",
        words: &["ks p value"],
        summary: "The probability of a Kolmogorov-Smirnov distance at least as large by chance.",
        formula: "exact by counting paths up to 10,000 rows in the larger sample, else the one-sample distribution at n m / (n + m) rows; \
                  method=asymptotic is the latter throughout.",
        reading: P_READING,
        caveat: P_CAVEAT,
        reference: "Hodges 1958; Simard and L'Ecuyer 2011; SciPy, ks_2samp",
        reads: of_numbers!(ks_pvalue),
        ..P_VALUE
    },
    Metric {
        id: "ks_location",
        name: "Where the Kolmogorov-Smirnov distance is",
        words: &["ks location"],
        summary: "The lowest value at which the two distribution functions are farthest apart.",
        formula: "the smallest x with |F_reference(x) - F_current(x)| largest; where both signs reach it, with the reference ahead.",
        reading: "Rows moved across this value.",
        caveat: "Where nothing has changed it is anywhere.",
        reference: "SciPy, ks_2samp, statistic_location",
        unit: Unit::Target,
        reads: of_numbers!(|pair| plain(pair, |pair| Ok(pair.ranks().location))),
        ..STATISTIC
    },
    Metric {
        id: "cramer_von_mises_statistic",
        name: "Cramér-von Mises statistic",
        words: &["cramer von mises"],
        summary: "The squared differences between the two distribution functions, summed over all rows.",
        formula: "T = U / (n m (n + m)) - (4 n m - 1) / (6 (n + m)), U from the ranks.",
        reading: "Larger: farther apart; its p-value says how large is large.",
        caveat: "It grows with the number of rows, so it is no effect size.",
        reference: "Anderson 1962; SciPy, cramervonmises_2samp",
        reads: of_numbers!(|pair| plain(pair, |pair| Ok(cramer_von_mises(pair.ranks())))),
        ..STATISTIC
    },
    Metric {
        id: "cramer_von_mises_pvalue",
        name: "P-value of the Cramér-von Mises test",
        words: &["cramer von mises p value"],
        summary: "The probability of a Cramér-von Mises statistic at least as large by chance.",
        formula: "the limit distribution, at the statistic brought to its mean and variance.",
        reading: P_READING,
        caveat: P_CAVEAT,
        reference: "Anderson and Darling 1952; SciPy, cramervonmises_2samp(method=\"asymptotic\")",
        reads: of_numbers!(|pair| plain(pair, |pair| Ok(cramer_von_mises_p(pair.ranks(), cramer_von_mises(pair.ranks()))))),
        ..P_VALUE
    },
    Metric {
        id: "anderson_darling_statistic",
        name: "Anderson-Darling statistic",
        words: &["anderson darling"],
        summary: "The squared differences between the two distribution functions, weighted towards the tails.",
        formula: "the two-sample statistic with ties at their middle, less its mean, over its standard deviation.",
        reading: "Above 1.96 chance alone seldom gets (5 in 100).",
        caveat: "It grows with the number of rows, so it is no effect size.",
        reference: "Scholz and Stephens 1987; SciPy, anderson_ksamp",
        reads: of_numbers!(|pair| plain(pair, anderson)),
        ..STATISTIC
    },
    Metric {
        id: "anderson_darling_pvalue",
        name: "P-value of the Anderson-Darling test",
        words: &["anderson darling p value"],
        summary: "The probability of an Anderson-Darling statistic at least as large by chance.",
        formula: "interpolated between published percentage points; held at 0.001 and 0.25 outside of them.",
        reading: P_READING,
        caveat: "Never below 0.001 nor above 0.25, because no more is published. Not corrected for how many columns are looked at.",
        reference: "Scholz and Stephens 1987; SciPy, anderson_ksamp",
        reads: of_numbers!(|pair| plain(pair, |pair| anderson(pair).map(anderson_darling_p))),
        ..P_VALUE
    },
    Metric {
        id: "mannwhitney_u",
        name: "Mann-Whitney U",
        words: &["mann whitney"],
        summary: "In how many pairs of a reference and a current row the reference has the larger value.",
        formula: "pairs with reference > current, plus half the pairs with equal values.",
        reading: "Half of all pairs where nothing has shifted.",
        caveat: "It sees a shift up or down, not a change of spread.",
        reference: "Mann and Whitney 1947; SciPy, mannwhitneyu",
        reads: of_numbers!(|pair| plain(pair, |pair| Ok(pair.ranks().doubled_wins as f64 / 2.0))),
        ..STATISTIC
    },
    Metric {
        id: "mannwhitney_pvalue",
        name: "P-value of the Mann-Whitney test",
        words: &["mann whitney p value"],
        summary: "The probability of a U at least as far from half of all pairs by chance; alternative=less: of one at least as small.",
        formula: "the normal distribution with corrections for continuity and ties.",
        reading: P_READING,
        caveat: "It sees a shift up or down, not a change of spread. Not corrected for how many columns are looked at.",
        reference: "Mann and Whitney 1947; SciPy, mannwhitneyu(method=\"asymptotic\")",
        reads: of_numbers!(mann_whitney),
        ..P_VALUE
    },
    Metric {
        id: "ttest_statistic",
        name: "T statistic of the difference of means",
        words: &["t test"],
        summary: "The mean of the reference less the current one, in standard errors; variances=equal: Student's, otherwise Welch's.",
        formula: "(mean_reference - mean_current) / standard error.",
        reading: "Beyond about 2 in either direction chance alone seldom gets.",
        caveat: "It grows with the number of rows, so it is no effect size, and a few large values can hide a shift.",
        reference: "Student 1908; Welch 1947; SciPy, ttest_ind",
        reads: of_numbers!(|pair| t_test(pair, |test| test.statistic)),
        ..STATISTIC
    },
    Metric {
        id: "ttest_pvalue",
        name: "P-value of the difference of means",
        words: &["t test p value"],
        summary: "The probability of a t statistic at least as far from 0 by chance; variances=equal: Student's, otherwise Welch's.",
        formula: "Student's t distribution, two-sided.",
        reading: P_READING,
        caveat: P_CAVEAT,
        reference: "Student 1908; Welch 1947; SciPy, ttest_ind",
        reads: of_numbers!(|pair| t_test(pair, |test| test.p_value)),
        ..P_VALUE
    },
    Metric {
        id: "levene_median_statistic",
        name: "Brown-Forsythe statistic of the difference of spreads",
        words: &["brown forsythe", "levene"],
        summary: "How far apart the mean distances from each sample's median are, against how they vary.",
        formula: "F of a one-way analysis of variance of |x - median|.",
        reading: "Above about 4 chance alone seldom gets.",
        caveat: "It grows with the number of rows, so it is no effect size.",
        reference: "Brown and Forsythe 1974; SciPy, levene(center=\"median\")",
        reads: of_numbers!(|pair| tested(pair, |pair| levene(pair.steps()), |test| test.statistic)),
        ..STATISTIC
    },
    Metric {
        id: "levene_median_pvalue",
        name: "P-value of the difference of spreads",
        words: &["brown forsythe p value"],
        summary: "The probability of a Brown-Forsythe statistic at least as large by chance.",
        formula: "the F distribution with 1 and n + m - 2 degrees of freedom.",
        reading: P_READING,
        caveat: P_CAVEAT,
        reference: "Brown and Forsythe 1974; SciPy, levene(center=\"median\")",
        reads: of_numbers!(|pair| tested(pair, |pair| levene(pair.steps()), |test| test.p_value)),
        ..P_VALUE
    },
    Metric {
        id: "epps_singleton_statistic",
        name: "Epps-Singleton statistic",
        words: &["epps singleton"],
        summary: "How far apart the characteristic functions of the two samples are at two places.",
        formula: "(n + m) d' S^-1 d at 0.4 and 0.8 of half the interquartile range; not with more than 100,000 distinct values.",
        reading: "Above 9.5 chance alone seldom gets (5 in 100).",
        caveat: "It grows with the number of rows, so it is no effect size.",
        reference: "Epps and Singleton 1986; SciPy, epps_singleton_2samp",
        reads: of_numbers!(|pair| epps(pair, |test| test.statistic)),
        ..STATISTIC
    },
    Metric {
        id: "epps_singleton_pvalue",
        name: "P-value of the Epps-Singleton test",
        words: &["epps singleton p value"],
        summary: "The probability of an Epps-Singleton statistic at least as large by chance.",
        formula: "chi-squared with 4 degrees of freedom.",
        reading: P_READING,
        caveat: P_CAVEAT,
        reference: "Epps and Singleton 1986; SciPy, epps_singleton_2samp",
        reads: of_numbers!(|pair| epps(pair, |test| test.p_value)),
        ..P_VALUE
    },
    Metric {
        id: "wasserstein",
        name: "Wasserstein distance",
        aliases: &["earth_movers_distance"],
        words: &["wasserstein distance", "earth mover's distance"],
        summary: "How far values moved on average, in the unit of the column; scale=reference_sd: in standard deviations of the reference.",
        formula: "integral of |F_reference(x) - F_current(x)|; over the reference's standard deviation (of all rows, at least 0.001).",
        reading: "5: a row's value is 5 away from where it was, if every row moved as little as it could.",
        caveat: "One value far out can make it large.",
        reference: "Kantorovich 1942; SciPy, wasserstein_distance; Evidently for the scale",
        unit: Unit::Target,
        range: (0.0, f64::INFINITY),
        reads: of_numbers!(wasserstein),
        ..DISTANCE
    },
    Metric {
        id: "energy_distance",
        name: "Energy distance",
        words: &["energy distance to the reference"],
        summary: "How far apart the two distributions are, large differences counting more.",
        formula: "sqrt(2 integral of (F_reference(x) - F_current(x))^2).",
        reading: "0: the same distribution. It is in the root of the column's unit.",
        caveat: "Its size depends on the column's unit, so it cannot be compared between columns.",
        reference: "Székely and Rizzo 2013; SciPy, energy_distance",
        range: (0.0, f64::INFINITY),
        reads: of_numbers!(|pair| plain(pair, |pair| Ok(pair.moments().energy))),
        ..DISTANCE
    },
    Metric {
        id: "cohens_d",
        name: "Standardised difference of means",
        aliases: &["standardized_mean_difference"],
        words: &["cohen's d"],
        summary: "The current mean less the reference's, in standard deviations.",
        formula: "(mean_current - mean_reference) / pooled standard deviation.",
        reading: "0.2 is called small, 0.5 middling, 0.8 large.",
        caveat: "It sees means alone: a change of spread leaves it at 0.",
        reference: "Cohen 1988",
        direction: Direction::CloserToZero,
        reads: of_numbers!(|pair| plain(pair, |pair| pair.moments().cohens_d().ok_or(Code::NoSpread))),
        ..STATISTIC
    },
];

/// A number where both samples have values.
fn read(pair: &Pair<'_>, of: &dyn Fn(&Pair<'_>) -> Result<f64, Code>) -> Reading {
    let support = pair.support();
    if support == 0 {
        return Reading::undefined(Code::NoRows, support);
    }
    match of(pair) {
        Ok(value) if value.is_nan() => Reading::undefined(Code::TooLarge, support),
        Ok(value) => Reading::exact(value, support),
        Err(code) => Reading::undefined(code, support),
    }
}

fn plain(pair: &Pair<'_>, of: fn(&Pair<'_>) -> Result<f64, Code>) -> Vec<Measured> {
    vec![Measured::plain(read(pair, &of))]
}

fn tested(pair: &Pair<'_>, test: fn(&Pair<'_>) -> Option<Tested>, of: fn(&Tested) -> f64) -> Vec<Measured> {
    vec![Measured::plain(read(pair, &|pair| {
        test(pair).as_ref().map(of).ok_or(Code::NoSpread)
    }))]
}

/// The exact p-value of the Kolmogorov-Smirnov distance where it can be had, else the approximate one.
pub fn ks_p(pair: &Pair<'_>) -> f64 {
    ks_p_of(pair.ranks().sizes, pair.ranks().largest)
}

/// The same of the sizes of both samples and the largest difference of their distribution functions, times both.
pub fn ks_p_of((n, m): (u64, u64), largest: u128) -> f64 {
    if n.max(m) > MOST_EXACT {
        return ks_approximate_of((n, m), largest);
    }
    // In units of 1 / lcm(n, m): both sizes' product over their greatest common divisor.
    let divisor = u128::from(gcd(n, m));
    ks_exact(n, m, (largest / divisor) as u64)
}

fn gcd(a: u64, b: u64) -> u64 {
    if b == 0 { a } else { gcd(b, a % b) }
}

fn ks_approximate(pair: &Pair<'_>) -> f64 {
    ks_approximate_of(pair.ranks().sizes, pair.ranks().largest)
}

/// The approximate p-value of the sizes of both samples and the largest difference of their distribution functions, times both.
pub fn ks_approximate_of((n, m): (u64, u64), largest: u128) -> f64 {
    let (n, m) = (n as f64, m as f64);
    // To the nearest whole number, halves to the even one, as SciPy rounds.
    let size = (n * m / (n + m)).round_ties_even() as u64;
    let product = n * m;
    kolmogorov_sf(size, if product > 0.0 { largest as f64 / product } else { 0.0 })
}

fn ks_pvalue(pair: &Pair<'_>) -> Vec<Measured> {
    let method = [("method", "asymptotic".to_owned())];
    let mut forms = plain(pair, |pair| Ok(ks_p(pair)));
    forms.push(Measured::with(&method, read(pair, &|pair| Ok(ks_approximate(pair)))));
    forms
}

fn mann_whitney(pair: &Pair<'_>) -> Vec<Measured> {
    let less = [("alternative", "less".to_owned())];
    let mut forms = plain(pair, |pair| Ok(mann_whitney_p(pair.ranks(), false)));
    forms.push(Measured::with(&less, read(pair, &|pair| Ok(mann_whitney_p(pair.ranks(), true)))));
    forms
}

fn anderson(pair: &Pair<'_>) -> Result<f64, Code> {
    anderson_darling(pair.steps()).ok_or(Code::NoSpread)
}

fn t_test(pair: &Pair<'_>, of: fn(&Tested) -> f64) -> Vec<Measured> {
    let equal = [("variances", "equal".to_owned())];
    let mut forms = tested(pair, |pair| welch(pair.moments()), of);
    let student = tested(pair, |pair| student(pair.moments()), of).remove(0).reading;
    forms.push(Measured::with(&equal, student));
    forms
}

fn epps(pair: &Pair<'_>, of: fn(&Tested) -> f64) -> Vec<Measured> {
    if pair.steps().len() > MOST_SINES {
        return vec![Measured::plain(Reading::undefined(Code::TooManyRows, pair.support()))];
    }
    vec![Measured::plain(read(pair, &|pair| {
        epps_singleton_of(pair).as_ref().map(of).ok_or(Code::NoSpread)
    }))]
}

/// The Epps-Singleton test of a pair.
pub fn epps_singleton_of(pair: &Pair<'_>) -> Option<Tested> {
    epps_singleton(pair.steps())
}

/// The Wasserstein distance in standard deviations of the reference, of which 0.001 is the least.
pub fn wasserstein_scaled(pair: &Pair<'_>) -> f64 {
    let of = pair.moments();
    of.wasserstein / (of.squares.0 / of.sizes.0).sqrt().max(0.001)
}

fn wasserstein(pair: &Pair<'_>) -> Vec<Measured> {
    let scale = [("scale", "reference_sd".to_owned())];
    let mut forms = plain(pair, |pair| Ok(pair.moments().wasserstein));
    forms.push(Measured::with(&scale, read(pair, &|pair| Ok(wasserstein_scaled(pair)))));
    forms
}
