//! Where limits hold the true value noticeably less or more often than their level says.
//!
//! The table follows from `tests/golden/coverage.md`, the study of how often limits at 95 % hold: a method stands here with the condition in
//! which its limits held in less than 93 or more than 97 of 100 samples there.

use super::Method;

/// Which way limits are off.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Off {
    /// They hold the true value less often than they say.
    TooNarrow,
    /// They hold it more often than they say.
    TooWide,
    /// Less often for some numbers, more often for others.
    Either,
}

/// When limits are off.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum When {
    /// Whatever the data, for a reason.
    Always(&'static str),
    /// With fewer rows of the rarest class in truth.
    FewOfAClass(u64),
    /// Of these metrics, where both classes are so equally frequent that the number is as large as it can be.
    EvenClasses(&'static [&'static str]),
    /// A share with fewer hits, or fewer misses; a quantile with fewer rows beyond it.
    NearTheEnd(u64),
    /// An area under the ROC curve where this many rows of the rarer class, or fewer, are what the area lacks to 1 (or exceeds 0).
    NearlyPerfect(u64),
    /// Of predicted numbers, with fewer rows.
    FewErrors(u64),
    /// Of predicted numbers whose errors have at least this excess kurtosis: a few errors are far larger than the rest.
    LargeErrors(f64),
}

/// What decides whether limits are off.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Circumstances<'a> {
    /// The metric's id.
    pub metric: &'a str,
    /// Rows behind the number.
    pub support: u64,
    /// Rows of the rarest class in truth, where there are classes.
    pub rarest: Option<u64>,
    /// The number, where it is a share, or which quantile it is.
    pub share: Option<f64>,
    /// The area, where the number is one or is made of one.
    pub area: Option<f64>,
    /// The excess kurtosis of the errors, where numbers are predicted.
    pub kurtosis: Option<f64>,
}

/// Limits of some methods that are off in some circumstances.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Doubt {
    /// The methods.
    pub methods: &'static [Method],
    /// The circumstances.
    pub when: When,
    /// Which way they are off.
    pub off: Off,
}

const fn row(methods: &'static [Method], when: When, off: Off) -> Doubt {
    Doubt { methods, when, off }
}

/// Every doubt; of a method's, the first that applies counts.
pub const DOUBTS: [Doubt; 15] = [
    row(&[Method::Wilson], When::NearTheEnd(3), Off::Either),
    row(&[Method::ClopperPearson, Method::AgrestiCoull], When::NearTheEnd(11), Off::TooWide),
    row(&[Method::Wald], When::NearTheEnd(10), Off::TooNarrow),
    row(&[Method::OrderStatistics], When::NearTheEnd(11), Off::TooWide),
    row(&[Method::Delong, Method::DelongWeighted], When::NearlyPerfect(8), Off::TooNarrow),
    row(
        &[Method::DelongLogit, Method::DelongLogitWeighted],
        When::NearlyPerfect(3),
        Off::TooNarrow,
    ),
    row(
        &[Method::HanleyMcneil],
        When::Always("they take the scores of both classes as exponential"),
        Off::Either,
    ),
    row(&[Method::LogitNormal], When::FewOfAClass(50), Off::TooWide),
    row(
        &[
            Method::Delta,
            Method::DeltaLog,
            Method::Normal,
            Method::NormalLog,
            Method::MaximumLikelihood,
        ],
        When::FewOfAClass(20),
        Off::Either,
    ),
    row(
        &[Method::Delta],
        When::EvenClasses(&["brier_uncertainty", "naive_log_loss", "majority_share"]),
        Off::TooNarrow,
    ),
    row(&[Method::Normal], When::NearTheEnd(5), Off::Either),
    row(
        &[
            Method::Normal,
            Method::Delta,
            Method::FisherZ,
            Method::BonettWright,
            Method::Fieller,
        ],
        When::LargeErrors(3.0),
        Off::TooNarrow,
    ),
    row(&[Method::Normal, Method::Delta], When::FewErrors(200), Off::TooNarrow),
    row(
        &[Method::Fieller],
        When::Always("they are made for normal numbers that go together loosely"),
        Off::Either,
    ),
    row(
        &[
            Method::SidakNewcombe,
            Method::SidakDelta,
            Method::SidakKatzLog,
            Method::SidakDeltaLog,
        ],
        When::Always("they are made for all pairs of groups at once"),
        Off::TooWide,
    ),
];

impl When {
    fn applies(self, at: &Circumstances<'_>) -> bool {
        let fewer = |share: f64, of: u64, rows: u64| share.min(1.0 - share) * of as f64 + 1e-9 < rows as f64;
        match self {
            Self::Always(_) => true,
            Self::FewOfAClass(rows) => at.rarest.is_some_and(|rarest| rarest < rows),
            Self::EvenClasses(metrics) => {
                // Within four standard errors of equal.
                let is_even = |rarest: u64| 0.5 * at.support as f64 - (rarest as f64) < 2.0 * (at.support as f64).sqrt();
                metrics.contains(&at.metric) && at.rarest.is_some_and(is_even)
            }
            Self::NearTheEnd(rows) => at.share.is_some_and(|share| fewer(share, at.support, rows)),
            Self::NearlyPerfect(rows) => at.area.zip(at.rarest).is_some_and(|(area, rarest)| fewer(area, rarest, rows)),
            Self::FewErrors(rows) => at.kurtosis.is_some() && at.support < rows,
            Self::LargeErrors(kurtosis) => at.kurtosis.is_some_and(|own| own >= kurtosis),
        }
    }
}

/// The doubt about limits of that method in these circumstances.
pub fn doubt(method: Method, at: &Circumstances<'_>) -> Option<&'static Doubt> {
    DOUBTS
        .iter()
        .find(|doubt| doubt.methods.contains(&method) && doubt.when.applies(at))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn doubts_apply_where_they_say() {
        let share = |share, support| Circumstances {
            share: Some(share),
            support,
            ..Circumstances::default()
        };
        assert_eq!(doubt(Method::Wald, &share(0.1, 100)), None);
        assert_eq!(doubt(Method::Wald, &share(0.1, 99)).map(|doubt| doubt.off), Some(Off::TooNarrow));
        assert_eq!(doubt(Method::Wald, &share(0.98, 100)).map(|doubt| doubt.off), Some(Off::TooNarrow));
        assert_eq!(doubt(Method::Wilson, &share(0.1, 100)), None);
        let area = |area, rarest| Circumstances {
            area: Some(area),
            rarest: Some(rarest),
            ..Circumstances::default()
        };
        assert!(doubt(Method::Delong, &area(0.95, 100)).is_some() && doubt(Method::Delong, &area(0.8, 50)).is_none());
        let even = |metric, rarest| Circumstances {
            metric,
            support: 100,
            rarest: Some(rarest),
            ..Circumstances::default()
        };
        assert!(doubt(Method::Delta, &even("brier_uncertainty", 45)).is_some());
        assert!(doubt(Method::Delta, &even("brier_uncertainty", 30)).is_none());
        assert!(doubt(Method::Delta, &even("f1", 45)).is_none());
    }
}
