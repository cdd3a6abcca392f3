//! How rows are cut into windows, and what counts as unusual: settings that read back from the words they are written in.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::data::Period;

/// How rows are cut into windows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum Cut {
    /// As fits the times of the data under test, where its rows are at most 250,000; see [`super::cut::fitting`].
    #[default]
    Auto,
    /// No windows.
    None,
    /// By the calendar, in UTC.
    Period(Period),
    /// So many rows each, in file order, or in order of the column named.
    Rows(u64),
    /// So many windows of about as many rows each.
    Count(u64),
}

impl fmt::Display for Cut {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Auto => f.write_str("auto"),
            Self::None => f.write_str("none"),
            Self::Period(Period::Hour) => f.write_str("hour"),
            Self::Period(Period::Day) => f.write_str("day"),
            Self::Period(Period::Week) => f.write_str("week"),
            Self::Period(Period::Month) => f.write_str("month"),
            Self::Rows(rows) => write!(f, "{rows}rows"),
            Self::Count(count) => write!(f, "{count}"),
        }
    }
}

impl Cut {
    /// The windows in words.
    pub fn in_words(self) -> String {
        match self {
            Self::Auto => "windows that fit".to_owned(),
            Self::None => "no windows".to_owned(),
            Self::Period(_) => format!("windows of {} {self}", if self == Self::Period(Period::Hour) { "an" } else { "a" }),
            Self::Rows(1) => "windows of one row".to_owned(),
            Self::Rows(rows) => format!("windows of {rows} rows"),
            Self::Count(1) => "one window".to_owned(),
            Self::Count(count) => format!("{count} windows of about as many rows"),
        }
    }
}

impl FromStr for Cut {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let number = |digits: &str| digits.trim().parse().ok().filter(|number: &u64| *number > 0);
        let found = match text.trim() {
            "auto" => Some(Self::Auto),
            "none" => Some(Self::None),
            "hour" => Some(Self::Period(Period::Hour)),
            "day" => Some(Self::Period(Period::Day)),
            "week" => Some(Self::Period(Period::Week)),
            "month" => Some(Self::Period(Period::Month)),
            text => match text.strip_suffix("rows") {
                Some(rows) => number(rows).map(Self::Rows),
                None => number(text).map(Self::Count),
            },
        };
        found.ok_or_else(|| {
            format!("\"{text}\" is no way to cut windows: write auto, hour, day, week, month, 1000rows, 12 (so many windows) or none")
        })
    }
}

/// From which value on a number of a window is unusual.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum Band {
    /// So many standard deviations of the reference's windows around their mean.
    Deviations(f64),
    /// Between two quantiles of the reference's windows.
    Quantiles(f64, f64),
    /// A metric between fixed limits.
    Constant {
        /// The metric's id.
        metric: String,
        /// The lower limit.
        low: Option<f64>,
        /// The upper limit.
        high: Option<f64>,
    },
}

impl fmt::Display for Band {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let limit = |limit: &Option<f64>| limit.map_or_else(String::new, |limit| limit.to_string());
        match self {
            Self::Deviations(times) => write!(f, "{times}sd"),
            Self::Quantiles(low, high) => write!(f, "q{low}..q{high}"),
            Self::Constant { metric, low, high } => write!(f, "{metric}={}..{}", limit(low), limit(high)),
        }
    }
}

impl FromStr for Band {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let wrong = || format!("\"{text}\" is no band: write 3sd, q0.05..q0.95 or METRIC=0.7..0.9, where either limit can be left out");
        let number = |text: &str| text.trim().parse::<f64>().ok().filter(|number| number.is_finite());
        if let Some(times) = text.trim().strip_suffix("sd") {
            return number(times).filter(|times| *times > 0.0).map(Self::Deviations).ok_or_else(wrong);
        }
        let (metric, limits) = text
            .split_once('=')
            .map_or((None, text), |(metric, limits)| (Some(metric.trim()), limits));
        let (low, high) = limits.split_once("..").ok_or_else(wrong)?;
        let Some(metric) = metric else {
            let share = |text: &str| number(text.trim().strip_prefix('q')?).filter(|share| (0.0..=1.0).contains(share));
            let limits = share(low).zip(share(high)).filter(|(low, high)| low < high);
            return limits.map(|(low, high)| Self::Quantiles(low, high)).ok_or_else(wrong);
        };
        let limit = |text: &str| {
            if text.trim().is_empty() {
                Ok(None)
            } else {
                number(text).map(Some).ok_or_else(wrong)
            }
        };
        let (low, high) = (limit(low)?, limit(high)?);
        if metric.is_empty() || low.or(high).is_none() || low.zip(high).is_some_and(|(low, high)| low > high) {
            return Err(wrong());
        }
        let metric = metric.to_owned();
        Ok(Self::Constant { metric, low, high })
    }
}

macro_rules! as_text {
    ($type:ty) => {
        impl TryFrom<String> for $type {
            type Error = String;

            fn try_from(text: String) -> Result<Self, String> {
                text.parse()
            }
        }

        impl From<$type> for String {
            fn from(value: $type) -> Self {
                value.to_string()
            }
        }
    };
}
as_text!(Cut);
as_text!(Band);

/// Windows of an audit.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct WindowSettings {
    /// How rows are cut.
    pub cut: Cut,
    /// The column by which rows are cut or ordered; `None`: the time column for periods, file order for numbers of rows.
    pub by: Option<String>,
    /// What is unusual: a metric's own band, else the last general one, else three standard deviations.
    pub bands: Vec<Band>,
    /// The share of windows, from the first on, that stand for the reference where no reference is given.
    pub first: f64,
}

impl Default for WindowSettings {
    fn default() -> Self {
        Self {
            cut: Cut::Auto,
            by: None,
            bands: Vec::new(),
            first: 0.5,
        }
    }
}

impl WindowSettings {
    /// The band of a metric.
    pub fn band(&self, id: &str) -> Band {
        let own = self
            .bands
            .iter()
            .rev()
            .find(|band| matches!(band, Band::Constant { metric, .. } if metric == id));
        let general = || self.bands.iter().rev().find(|band| !matches!(band, Band::Constant { .. }));
        own.or_else(general).cloned().unwrap_or(Band::Deviations(3.0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn settings_read_back_from_their_words() {
        for text in ["auto", "none", "hour", "day", "week", "month", "1000rows", "12"] {
            assert_eq!(text.parse::<Cut>().map(|cut| cut.to_string()).as_deref(), Ok(text));
        }
        for text in ["3sd", "q0.05..q0.95", "roc_auc=0.7..", "mae=..3", "f1=0.2..0.9"] {
            assert_eq!(text.parse::<Band>().map(|band| band.to_string()).as_deref(), Ok(text));
        }
        for text in ["", "0", "0rows", "weeks", "-3", "1e3", "rows"] {
            assert!(text.parse::<Cut>().unwrap_err().contains("write auto, hour, day"), "{text}");
        }
        for text in [
            "",
            "0sd",
            "-1sd",
            "q0.9..q0.1",
            "0.1..0.2",
            "f1=",
            "f1=..",
            "=1..2",
            "f1=2..1",
            "f1=x..",
            "nansd",
            "q-1..q2",
        ] {
            assert!(text.parse::<Band>().unwrap_err().contains("write 3sd"), "{text}");
        }
    }

    #[test]
    fn a_metrics_own_band_goes_before_the_general_one() {
        let bands = ["2sd", "f1=0.5..", "4sd"].map(|text| text.parse().unwrap()).to_vec();
        let settings = WindowSettings {
            bands,
            ..WindowSettings::default()
        };
        assert_eq!(
            (settings.band("f1").to_string(), settings.band("mae").to_string()),
            ("f1=0.5..".into(), "4sd".into())
        );
        assert_eq!(WindowSettings::default().band("f1"), Band::Deviations(3.0));
    }
}
