//! What a user can set about single metrics.

use serde::{Deserialize, Serialize};

use super::bins::Binning;
use super::efficiency::PercentileMethod;
use super::spec::Params;

/// What a user can set about single metrics; the defaults are those of a plain run.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Parameters {
    /// How many rows, from the highest score down, the metrics at the top look at.
    pub top: Vec<u64>,
    /// For how many of the highest scores it is asked whether the true class, of several, is among them; empty: 1, 2, 3 and 5.
    pub top_classes: Vec<u64>,
    /// Which shares of all rows, from the highest score down, the metrics at the top look at.
    pub top_share: Vec<f64>,
    /// How many times as important as precision recall is in the F score asked for.
    pub beta: Option<f64>,
    /// What decisions cost.
    pub costs: Option<Costs>,
    /// The highest false positive rate that the partial ROC AUC looks at.
    pub max_fpr: f64,
    /// At which false positive rates the true positive rate is read.
    pub at_fpr: Vec<f64>,
    /// At which specificities recall is read.
    pub at_specificity: Vec<f64>,
    /// At which precisions recall is read.
    pub at_precision: Vec<f64>,
    /// Binnings in which calibration is measured beside the plain one.
    pub calibration_bins: Vec<Binning>,
    /// How far off a predicted number may be to count as within, in the unit of the target.
    pub tolerances: Vec<f64>,
    /// How many features the model of a predicted number uses.
    pub features: Option<u64>,
    /// Powers of Tweedie deviances, each at most 0 or at least 1; 1.5 where none is given.
    pub powers: Vec<f64>,
    /// Which quantiles the prediction is held against as if it were one of them: probabilities between 0 and 1.
    pub alphas: Vec<f64>,
    /// How often the interval from lower to upper limit should hold the truth.
    pub nominal: Option<f64>,
    /// How much a relevant item is worth in a ranked list.
    pub gain: Gain,
    /// Which percentiles of what rows took are read.
    pub percentiles: Vec<f64>,
    /// In which further ways they are read, beside the plain one.
    pub percentile_methods: Vec<PercentileMethod>,
    /// What a row may take: the share of rows within each is measured.
    pub slo: Vec<f64>,
    /// What a row may take for people to be content, for Apdex.
    pub apdex: Option<f64>,
}

impl Default for Parameters {
    fn default() -> Self {
        Self {
            top: Vec::new(),
            top_classes: Vec::new(),
            top_share: vec![0.01, 0.05, 0.1],
            beta: None,
            costs: None,
            max_fpr: 0.1,
            at_fpr: vec![0.01, 0.05, 0.1],
            at_specificity: vec![0.9, 0.95],
            at_precision: vec![0.8, 0.9],
            calibration_bins: Vec::new(),
            tolerances: Vec::new(),
            features: None,
            powers: Vec::new(),
            alphas: Vec::new(),
            nominal: None,
            gain: Gain::Linear,
            percentiles: vec![50.0, 75.0, 90.0, 95.0, 99.0, 99.9],
            percentile_methods: Vec::new(),
            slo: Vec::new(),
            apdex: None,
        }
    }
}

/// How much a relevant item is worth in a ranked list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Gain {
    /// Its relevance.
    #[default]
    Linear,
    /// 2 to the power of its relevance, less 1.
    Exponential,
}

/// What a decision of each outcome costs; negative where it gains.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Costs {
    /// Of predicting a negative positive.
    pub false_positive: f64,
    /// Of predicting a positive negative.
    pub false_negative: f64,
    /// Of predicting a positive positive.
    pub true_positive: f64,
    /// Of predicting a negative negative.
    pub true_negative: f64,
}

impl Default for Costs {
    fn default() -> Self {
        Self {
            false_positive: 1.0,
            false_negative: 1.0,
            true_positive: 0.0,
            true_negative: 0.0,
        }
    }
}

impl Costs {
    /// In the order of a confusion matrix: tp, fp, fn, tn.
    pub const fn of_cells(&self) -> [f64; 4] {
        [self.true_positive, self.false_positive, self.false_negative, self.true_negative]
    }

    /// What distinguishes numbers with these costs from those with others: the two errors, and what else costs anything.
    pub fn params(&self) -> Params {
        let [tp, fp, fn_, tn] = self.of_cells().map(|cost| cost.to_string());
        let mut params = vec![("false_positive", fp), ("false_negative", fn_)];
        if self.true_positive != 0.0 {
            params.push(("true_positive", tp));
        }
        if self.true_negative != 0.0 {
            params.push(("true_negative", tn));
        }
        params
    }
}

/// A parameter outside its range.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OutOfRange {
    /// The parameter.
    pub name: &'static str,
    /// Its value.
    pub value: String,
    /// What it must be.
    pub expected: &'static str,
}

impl Parameters {
    /// Holds every parameter against its range.
    ///
    /// # Errors
    /// Names the first one outside.
    pub fn check(&self) -> Result<(), OutOfRange> {
        let shares: [(&'static str, &[f64]); 4] = [
            ("max_fpr", std::slice::from_ref(&self.max_fpr)),
            ("top_share", &self.top_share),
            ("at_specificity", &self.at_specificity),
            ("at_precision", &self.at_precision),
        ];
        let expected = "above 0 and at most 1, for instance 0.1";
        for (name, values) in shares {
            check_each(name, values, expected, |share| share > 0.0 && share <= 1.0)?;
        }
        check_each("at_fpr", &self.at_fpr, "from 0 to 1, for instance 0.1", |share| {
            (0.0..=1.0).contains(&share)
        })?;
        let beta = self.beta.as_slice();
        check_each("beta", beta, "a number above 0, for instance 2", |beta| {
            beta > 0.0 && beta.is_finite()
        })?;
        let costs = self.costs.map_or([0.0; 4], |costs| costs.of_cells());
        check_each("costs", &costs, "numbers, for instance 5", f64::is_finite)?;
        if self.top_classes.contains(&0) {
            return Err(OutOfRange {
                name: "top_classes",
                value: "0".to_owned(),
                expected: "a number of classes from 1, for instance 3",
            });
        }
        check_each("tolerance", &self.tolerances, "a number from 0", |tolerance| {
            tolerance >= 0.0 && tolerance.is_finite()
        })?;
        check_each("power", &self.powers, "at most 0 or at least 1, for instance 1.5", |power| {
            power.is_finite() && (power <= 0.0 || power >= 1.0)
        })?;
        let inside = |share: f64| share > 0.0 && share < 1.0;
        check_each("pinball", &self.alphas, "between 0 and 1, for instance 0.9", inside)?;
        check_each("nominal", self.nominal.as_slice(), "between 0 and 1, for instance 0.8", inside)?;
        let percent = |percent: f64| (0.0..=100.0).contains(&percent);
        check_each("percentiles", &self.percentiles, "from 0 to 100, for instance 95", percent)?;
        check_each("slo", &self.slo, "a number, for instance 200", f64::is_finite)?;
        let content = |limit: f64| limit > 0.0 && limit.is_finite();
        check_each("apdex", self.apdex.as_slice(), "a number above 0, for instance 100", content)?;
        let top = self.top.iter().find(|rows| **rows == 0);
        top.map_or(Ok(()), |rows| {
            Err(OutOfRange {
                name: "top",
                value: rows.to_string(),
                expected: "a number of rows from 1, for instance 100",
            })
        })
    }
}

fn check_each(name: &'static str, values: &[f64], expected: &'static str, is_in: fn(f64) -> bool) -> Result<(), OutOfRange> {
    let value = |value: &f64| OutOfRange {
        name,
        value: value.to_string(),
        expected,
    };
    values
        .iter()
        .find(|value| !is_in(**value))
        .map_or(Ok(()), |found| Err(value(found)))
}
