//! How far a job is, in words and as a share.

use super::format;
use crate::chart::number::{count, counted};
use crate::engine::{Progress, Stage};

/// What the progress bar and the line under it show.
#[derive(Debug, Clone, PartialEq)]
pub struct ProgressView {
    /// The share done, 0 to 1; `None` where it is not known.
    pub share: Option<f64>,
    /// What is being done.
    pub doing: &'static str,
    /// How much of it is done, from figures really counted.
    pub detail: String,
}

impl ProgressView {
    /// The view of a job that was asked for and has not answered.
    pub fn waiting() -> Self {
        Self {
            share: None,
            doing: "Starting the engine",
            detail: String::new(),
        }
    }

    /// The view of absolute figures, `milliseconds` after the job was asked for.
    pub fn of(progress: Progress, milliseconds: f64) -> Self {
        let (doing, detail) = match progress.stage {
            Stage::Reading => (
                "Reading the file",
                format!(
                    "{} of {}, {}",
                    format::bytes(progress.done),
                    format::bytes(progress.total),
                    counted(progress.rows, "row", "rows")
                ),
            ),
            Stage::Measuring => ("Measuring", counted(progress.rows, "row", "rows")),
            Stage::Judging => (
                "Comparing and judging",
                format!("{} of {} steps", count(progress.done), count(progress.total)),
            ),
        };
        let pace = match progress.stage {
            Stage::Judging => None,
            Stage::Reading => format::flow(progress.done, progress.total, milliseconds),
            Stage::Measuring => format::rate(progress.rows, milliseconds),
        };
        Self {
            share: (progress.total > 0).then(|| (progress.done as f64 / progress.total as f64).min(1.0)),
            doing,
            detail: match pace {
                Some(pace) => format!("{detail}, {pace}"),
                None => detail,
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reading_is_said_in_bytes_and_rows() {
        let view = ProgressView::of(
            Progress {
                stage: Stage::Reading,
                done: 61_000_000,
                total: 244_000_000,
                rows: 500_000,
            },
            1_000.0,
        );
        assert_eq!(view.share, Some(0.25));
        assert_eq!(
            view.detail,
            "61.0 MB of 244.0 MB, 500\u{202f}000 rows, 61.0 MB a second, 3 seconds left"
        );
    }

    #[test]
    fn nothing_to_do_has_no_share() {
        let view = ProgressView::of(
            Progress {
                stage: Stage::Judging,
                done: 0,
                total: 0,
                rows: 0,
            },
            0.0,
        );
        assert_eq!(view.share, None);
    }
}
