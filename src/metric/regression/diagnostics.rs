//! Diagnostics of residuals: their shape, and tests of what good predictions leave behind.

use super::association::P_VALUE;
use super::errors::moments;
use super::kept::{Column, Complete, is_regression};
use super::order::{mean, plain};
use crate::data::MISSING_TIME;
use crate::metric::UndefinedCode as Code;
use crate::metric::reading::Reading;
use crate::metric::spec::{Compare, Direction, Family, Metric, Read, Unit};
use crate::metric::view::{Measured, View};
use crate::stats::normality::{self, SHAPIRO_WILK_SIZES, Shape, Test};
use crate::stats::rank::Ranked;
use crate::stats::signed_rank;
use crate::stats::special::{chi_squared_sf, student_t_sf};
use crate::stats::sum::ExactSum;

/// Residuals' central moments 2 to 4, weighted, over the number of rows.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Central {
    second: f64,
    third: f64,
    fourth: f64,
}

fn central(rows: &Complete<'_>) -> Result<Central, Code> {
    let compute = || {
        if moments(rows.sums)?.residual <= 0.0 {
            return Err(Code::ConstantResidual);
        }
        let weight = rows.sums.complete.weight();
        let centre = -rows.sums.error.sum() / weight;
        let mut sums: [ExactSum; 3] = Default::default();
        for place in 0..rows.len() {
            let (row, distance) = (rows.weight(place), rows.residual(place) - centre);
            let mut power = distance;
            for sum in &mut sums {
                power *= distance;
                row.add(sum, power);
            }
        }
        let [second, third, fourth] = sums.map(|sum| sum.value() / weight);
        Ok(Central { second, third, fourth })
    };
    *rows.numbers().shape.get_or_init(compute)
}

impl Central {
    fn skewness(self) -> f64 {
        self.third / (self.second * self.second.sqrt())
    }

    fn kurtosis(self) -> f64 {
        self.fourth / (self.second * self.second)
    }
}

/// A number from the moments.
fn of_moments(view: &View<'_>, read: impl Fn(Central) -> f64) -> Vec<Measured> {
    plain(view, |rows| match central(rows) {
        Ok(central) => Reading::exact(read(central), rows.support()),
        Err(code) => Reading::undefined(code, rows.support()),
    })
}

/// A number from the moments of at least `least` rows that weigh the same.
fn of_shape(rows: &Complete<'_>, least: f64, read: impl Fn(Shape) -> Option<f64>) -> Reading {
    let shape = rows.unweighted().and_then(|()| central(rows)).map(|central| Shape {
        size: rows.support() as f64,
        skewness: central.skewness(),
        kurtosis: central.kurtosis(),
    });
    let value = shape.and_then(|shape| {
        let enough = Some(shape).filter(|shape| shape.size >= least);
        enough.and_then(&read).ok_or(Code::TooFewRows)
    });
    match value {
        Ok(value) => Reading::exact(value, rows.support()),
        Err(code) => Reading::undefined(code, rows.support()),
    }
}

fn residual_skewness(view: &View<'_>) -> Vec<Measured> {
    of_moments(view, Central::skewness)
}

fn residual_excess_kurtosis(view: &View<'_>) -> Vec<Measured> {
    of_moments(view, |central| central.kurtosis() - 3.0)
}

fn residual_skewness_unbiased(view: &View<'_>) -> Vec<Measured> {
    plain(view, |rows| {
        of_shape(rows, 3.0, |Shape { size: n, skewness, .. }| {
            Some((n * (n - 1.0)).sqrt() / (n - 2.0) * skewness)
        })
    })
}

fn residual_excess_kurtosis_unbiased(view: &View<'_>) -> Vec<Measured> {
    plain(view, |rows| {
        of_shape(rows, 4.0, |Shape { size: n, kurtosis, .. }| {
            Some(((n * n - 1.0) * kurtosis - 3.0 * (n - 1.0) * (n - 1.0)) / ((n - 2.0) * (n - 3.0)))
        })
    })
}

fn jarque_bera(view: &View<'_>, part: fn(Test) -> f64) -> Vec<Measured> {
    plain(view, |rows| of_shape(rows, 2.0, |shape| Some(part(normality::jarque_bera(shape)))))
}

fn dagostino(view: &View<'_>, part: fn(Test) -> f64) -> Vec<Measured> {
    plain(view, |rows| of_shape(rows, 8.0, |shape| normality::dagostino(shape).map(part)))
}

fn statistic(test: Test) -> f64 {
    test.statistic
}

fn p_value(test: Test) -> f64 {
    test.p_value
}

fn part_of(rows: &Complete<'_>, test: Result<Test, Code>, part: fn(Test) -> f64) -> Reading {
    match test {
        Ok(test) => Reading::exact(part(test), rows.support()),
        Err(code) => Reading::undefined(code, rows.support()),
    }
}

fn shapiro_wilk(view: &View<'_>, part: fn(Test) -> f64) -> Vec<Measured> {
    plain(view, |rows| {
        let compute = || {
            rows.unweighted()?;
            if moments(rows.sums)?.residual <= 0.0 {
                return Err(Code::ConstantResidual);
            }
            match rows.support() {
                size if size < *SHAPIRO_WILK_SIZES.start() => return Err(Code::TooFewRows),
                size if size > *SHAPIRO_WILK_SIZES.end() => return Err(Code::TooManyRows),
                _ => {}
            }
            let ranked = rows.ranked(Column::Residual);
            let rising: Vec<f64> = (0..ranked.len()).filter_map(|index| ranked.at(index)).collect();
            normality::shapiro_wilk(&rising).ok_or(Code::ConstantResidual)
        };
        part_of(rows, *rows.numbers().shapiro_wilk.get_or_init(compute), part)
    })
}

fn wilcoxon(view: &View<'_>, part: fn(Test) -> f64) -> Vec<Measured> {
    plain(view, |rows| {
        let compute = || {
            rows.unweighted()?;
            let some: Vec<usize> = (0..rows.len()).filter(|place| rows.residual(*place) != 0.0).collect();
            let count = |at: usize| rows.count(some[at]);
            let sizes = Ranked::new(some.len(), &|at| rows.residual(some[at]).abs(), &count);
            let zeros = rows.support() - sizes.len();
            let test = signed_rank::wilcoxon(&sizes, &|at| rows.residual(some[at]) > 0.0, &count, zeros);
            test.ok_or(Code::ConstantResidual)
        };
        part_of(rows, *rows.numbers().wilcoxon.get_or_init(compute), part)
    })
}

fn residual_mean(view: &View<'_>) -> Vec<Measured> {
    plain(view, |rows| mean(rows, |place| rows.residual(place)))
}

fn residual_std(view: &View<'_>) -> Vec<Measured> {
    plain(view, |rows| {
        let support = rows.support();
        let n = support as f64;
        match rows.unweighted().and_then(|()| moments(rows.sums)) {
            Ok(_) if support < 2 => Reading::undefined(Code::TooFewRows, support),
            Ok(moments) => {
                let variance = moments.residual / rows.sums.complete.weight() * (n / (n - 1.0));
                Reading::exact(variance.sqrt(), support)
            }
            Err(code) => Reading::undefined(code, support),
        }
    })
}

fn t_test(view: &View<'_>, part: fn(Test) -> f64) -> Vec<Measured> {
    plain(view, |rows| {
        let n = rows.support() as f64;
        let test = rows.unweighted().and_then(|()| moments(rows.sums)).and_then(|moments| {
            if n < 2.0 {
                return Err(Code::TooFewRows);
            }
            if moments.residual <= 0.0 {
                return Err(Code::ConstantResidual);
            }
            let weight = rows.sums.complete.weight();
            let statistic = -rows.sums.error.sum() / weight / (moments.residual / weight / (n - 1.0)).sqrt();
            let p_value = 2.0 * student_t_sf(statistic.abs(), n - 1.0);
            Ok(Test { statistic, p_value })
        });
        part_of(rows, test, part)
    })
}

/// The rows in order of time, those without a time left out; in file order where the audit has no times.
fn in_time(view: &View<'_>, rows: &Complete<'_>) -> Vec<usize> {
    let Some(times) = &view.subject.rows.time else {
        return (0..rows.len()).collect();
    };
    let time = |place: usize| times[rows.row(place)];
    let known = (0..rows.len()).filter(|place| time(*place) != MISSING_TIME);
    let mut keys: Vec<(u64, u32)> = known.map(|place| (time(place).cast_unsigned() ^ (1 << 63), place as u32)).collect();
    keys.sort_unstable();
    keys.into_iter().map(|(_, place)| place as usize).collect()
}

fn durbin_watson(view: &View<'_>) -> Vec<Measured> {
    plain(view, |rows| {
        if let Err(code) = rows.unweighted() {
            return Reading::undefined(code, rows.support());
        }
        let (mut steps, mut squares) = (ExactSum::default(), ExactSum::default());
        let (mut before, mut support) = (None, 0);
        for place in in_time(view, rows) {
            let residual = rows.residual(place);
            if let Some(before) = before {
                let step: f64 = residual - before;
                steps.add_product(step, step);
            }
            // A row that stands for several follows itself without a step.
            before = Some(residual);
            support += rows.count(place);
            squares.add_product(rows.count(place) as f64, residual * residual);
        }
        let squares = squares.value();
        match (support, squares > 0.0) {
            (0, _) => Reading::undefined(Code::NoRows, 0),
            (1, _) => Reading::undefined(Code::TooFewRows, 1),
            (_, false) => Reading::undefined(Code::ZeroDenominator, support),
            (_, true) => Reading::exact(steps.value() / squares, support),
        }
    })
}

/// Koenker's form: the number of rows times the R2 of squared residuals on the prediction.
fn breusch_pagan(view: &View<'_>, part: fn(Test) -> f64) -> Vec<Measured> {
    plain(view, |rows| {
        let test = rows.unweighted().and_then(|()| moments(rows.sums)).and_then(|moments| {
            if moments.prediction <= 0.0 {
                return Err(Code::ConstantPrediction);
            }
            let n = rows.support() as f64;
            let square = |place: usize| rows.residual(place) * rows.residual(place);
            let (mut total, mut spread, mut crossed, mut along) = <(ExactSum, ExactSum, ExactSum, ExactSum)>::default();
            for place in 0..rows.len() {
                total.add_product(rows.count(place) as f64, square(place));
            }
            let centre = total.value() / n;
            for place in 0..rows.len() {
                let count = rows.count(place) as f64;
                let (up, across) = (square(place) - centre, rows.prediction(place) - moments.prediction_mean);
                spread.add_product(count, up * up);
                crossed.add_product(count, up * across);
                along.add_product(count, across * across);
            }
            if spread.value() <= 1e-28 * n * centre * centre {
                return Err(Code::ConstantResidual);
            }
            let statistic = n * (crossed.value() / spread.value()) * (crossed.value() / along.value());
            Ok(Test {
                statistic,
                p_value: chi_squared_sf(statistic, 1.0),
            })
        });
        part_of(rows, test, part)
    })
}

const fn view(read: fn(&View<'_>) -> Vec<Measured>) -> Read {
    Read::View {
        needs: is_regression,
        read,
    }
}

const SHAPE: Metric = Metric {
    family: Family::Residuals,
    unit: Unit::Score,
    direction: Direction::CloserToZero,
    range: (f64::NEG_INFINITY, f64::INFINITY),
    compare: Compare::Difference,
    ..Metric::BLANK
};

const STATISTIC: Metric = Metric {
    direction: Direction::Neutral,
    range: (0.0, f64::INFINITY),
    compare: Compare::No,
    reading: "Read its p-value.",
    caveat: "Undefined for rows of different weights.",
    ..SHAPE
};

const NORMAL: &str = "Intervals that assume normal errors need it to hold; accuracy does not. With many rows the least departure shows. \
     Undefined for rows of different weights.";

/// The rows of this family, in the order they are shown.
pub const METRICS: [Metric; 19] = [
    Metric {
        id: "residual_mean",
        name: "mean residual",
        summary: "Whether predictions are too low or too high, on average; a residual is the target less the prediction.",
        formula: "mean of target - prediction",
        reading: "Positive: predictions are too low. Negative: too high. It is the mean error with the other sign.",
        caveat: "Residuals in both directions cancel.",
        reference: "numpy, mean",
        unit: Unit::Target,
        reads: &[view(residual_mean)],
        ..SHAPE
    },
    Metric {
        id: "residual_std",
        name: "standard deviation of residuals",
        aliases: &["residual_standard_deviation"],
        summary: "How widely errors spread about their mean.",
        formula: "sqrt(sum of (residual - mean residual)^2 / (n - 1)), residual = target - prediction",
        reading: "In the unit of the target; 0 is perfect but for a constant shift.",
        caveat: "It does not see bias. Undefined for rows of different weights.",
        reference: "numpy, std(ddof=1)",
        direction: Direction::LowerIsBetter,
        range: (0.0, f64::INFINITY),
        unit: Unit::Target,
        reads: &[view(residual_std)],
        ..SHAPE
    },
    Metric {
        id: "residual_skewness",
        name: "skewness of residuals",
        summary: "Whether large errors are mostly on one side.",
        formula: "third central moment / second central moment^1.5, of target - prediction",
        reading: "0 is even; positive: the largest misses are predictions too low.",
        caveat: "A few extreme rows decide it.",
        reference: "SciPy, skew(bias=True)",
        reads: &[view(residual_skewness)],
        ..SHAPE
    },
    Metric {
        id: "residual_skewness_unbiased",
        name: "skewness of residuals, corrected for few rows",
        summary: "Whether large errors are mostly on one side, corrected for the number of rows.",
        formula: "skewness x sqrt(n (n - 1)) / (n - 2)",
        reading: "0 is even; positive: the largest misses are predictions too low.",
        caveat: "A few extreme rows decide it. Undefined for rows of different weights.",
        reference: "SciPy, skew(bias=False)",
        reads: &[view(residual_skewness_unbiased)],
        ..SHAPE
    },
    Metric {
        id: "residual_excess_kurtosis",
        name: "excess kurtosis of residuals",
        summary: "Whether very large errors are more frequent than in a normal distribution.",
        formula: "fourth central moment / second central moment^2 - 3, of target - prediction",
        reading: "0 is as normal; positive: more very large errors.",
        caveat: "A few extreme rows decide it.",
        reference: "SciPy, kurtosis(bias=True)",
        reads: &[view(residual_excess_kurtosis)],
        ..SHAPE
    },
    Metric {
        id: "residual_excess_kurtosis_unbiased",
        name: "excess kurtosis of residuals, corrected for few rows",
        summary: "Whether very large errors are more frequent than in a normal distribution, corrected for the number of rows.",
        formula: "((n^2 - 1) kurtosis - 3 (n - 1)^2) / ((n - 2) (n - 3))",
        reading: "0 is as normal; positive: more very large errors.",
        caveat: "A few extreme rows decide it. Undefined for rows of different weights.",
        reference: "SciPy, kurtosis(bias=False)",
        reads: &[view(residual_excess_kurtosis_unbiased)],
        ..SHAPE
    },
    Metric {
        id: "shapiro_wilk_statistic",
        name: "Shapiro and Wilk's W of residuals",
        summary: "How closely ordered residuals lie on a line against those of a normal distribution.",
        formula: "squared correlation of ordered residuals with Royston's weights, for 3 to 5,000 rows",
        reading: "1 is a perfect line; read its p-value.",
        caveat: NORMAL,
        reference: "SciPy, shapiro; Royston 1995, AS R94",
        range: (0.0, 1.0),
        reads: &[view(|rows| shapiro_wilk(rows, statistic))],
        ..STATISTIC
    },
    Metric {
        id: "shapiro_wilk_pvalue",
        name: "p-value of Shapiro and Wilk's test of residuals",
        summary: "How rarely normal errors would lie as far from the line.",
        formula: "Royston's normal approximation, for 3 to 5,000 rows",
        caveat: NORMAL,
        reference: "SciPy, shapiro; Royston 1995, AS R94",
        reads: &[view(|rows| shapiro_wilk(rows, p_value))],
        ..P_VALUE
    },
    Metric {
        id: "jarque_bera_statistic",
        name: "Jarque and Bera's statistic of residuals",
        summary: "How far skewness and kurtosis of residuals are from those of a normal distribution.",
        formula: "n / 6 (skewness^2 + excess kurtosis^2 / 4)",
        caveat: NORMAL,
        reference: "SciPy, jarque_bera",
        reads: &[view(|rows| jarque_bera(rows, statistic))],
        ..STATISTIC
    },
    Metric {
        id: "jarque_bera_pvalue",
        name: "p-value of Jarque and Bera's test of residuals",
        summary: "How rarely normal errors would have such skewness and kurtosis.",
        formula: "chi-squared with 2 degrees of freedom",
        caveat: NORMAL,
        reference: "SciPy, jarque_bera",
        reads: &[view(|rows| jarque_bera(rows, p_value))],
        ..P_VALUE
    },
    Metric {
        id: "dagostino_k2_statistic",
        name: "D'Agostino's K2 of residuals",
        summary: "How far skewness and kurtosis of residuals are from those of a normal distribution, each brought to a normal scale.",
        formula: "z of skewness^2 + z of kurtosis^2, for 8 rows or more",
        caveat: NORMAL,
        reference: "SciPy, normaltest; D'Agostino and Pearson 1973",
        reads: &[view(|rows| dagostino(rows, statistic))],
        ..STATISTIC
    },
    Metric {
        id: "dagostino_k2_pvalue",
        name: "p-value of D'Agostino's test of residuals",
        summary: "How rarely normal errors would have such skewness and kurtosis.",
        formula: "chi-squared with 2 degrees of freedom",
        caveat: NORMAL,
        reference: "SciPy, normaltest; D'Agostino and Pearson 1973",
        reads: &[view(|rows| dagostino(rows, p_value))],
        ..P_VALUE
    },
    Metric {
        id: "residual_mean_ttest",
        name: "t of the mean residual",
        summary: "The mean residual in units of its standard error.",
        formula: "mean residual / (standard deviation / sqrt(n))",
        reference: "SciPy, ttest_1samp(residual, 0)",
        range: (f64::NEG_INFINITY, f64::INFINITY),
        reads: &[view(|rows| t_test(rows, statistic))],
        ..STATISTIC
    },
    Metric {
        id: "residual_mean_ttest_pvalue",
        name: "p-value of the mean residual",
        summary: "How rarely predictions without bias would be off as far on average.",
        formula: "two-sided, Student's t with n - 1 degrees of freedom",
        reference: "SciPy, ttest_1samp(residual, 0)",
        reads: &[view(|rows| t_test(rows, p_value))],
        ..P_VALUE
    },
    Metric {
        id: "residual_wilcoxon_statistic",
        name: "Wilcoxon's signed ranks of residuals",
        summary: "The smaller of the rank sums of predictions too low and too high.",
        formula: "smaller sum of the ranks of |residual|, by sign; residuals of 0 left out",
        reference: "SciPy, wilcoxon",
        reads: &[view(|rows| wilcoxon(rows, statistic))],
        ..STATISTIC
    },
    Metric {
        id: "residual_wilcoxon_pvalue",
        name: "p-value of Wilcoxon's signed rank test of residuals",
        summary: "How rarely errors that are as often too low as too high would be so lopsided.",
        formula: "two-sided; counted out for up to 50 rows without ties or zeros and up to 13 with, else normal with the variance corrected for ties",
        reference: "SciPy, wilcoxon",
        reads: &[view(|rows| wilcoxon(rows, p_value))],
        ..P_VALUE
    },
    Metric {
        id: "durbin_watson",
        name: "Durbin and Watson's statistic",
        summary: "Whether an error tends to be like the one before it: in order of time where there is a time column, else in file order.",
        formula: "sum of (residual - residual before)^2 / sum of residual^2",
        reading: "2 is no connection, 0 is errors that repeat themselves, 4 errors that change sign every time.",
        caveat: "Without times it depends on the order of the file, and means nothing where that means nothing. Undefined for rows of different weights.",
        reference: "statsmodels, durbin_watson",
        range: (0.0, 4.0),
        reads: &[view(durbin_watson)],
        ..STATISTIC
    },
    Metric {
        id: "breusch_pagan_lm",
        name: "Breusch and Pagan's statistic",
        summary: "Whether the spread of errors changes with the prediction along a line.",
        formula: "n x R2 of squared residuals on the prediction (Koenker's form)",
        reference: "statsmodels, het_breuschpagan",
        reads: &[view(|rows| breusch_pagan(rows, statistic))],
        ..STATISTIC
    },
    Metric {
        id: "breusch_pagan_lm_pvalue",
        name: "p-value of Breusch and Pagan's test",
        summary: "How rarely errors of even spread would seem to spread so unevenly.",
        formula: "chi-squared with 1 degree of freedom",
        reference: "statsmodels, het_breuschpagan",
        reads: &[view(|rows| breusch_pagan(rows, p_value))],
        ..P_VALUE
    },
];
