//! What happens at each score, where scores take few values: points, deciles, grades.

use super::UndefinedCode as Code;
use super::reading::Reading;
use super::spec::{Compare, Direction, Family, Metric, Read, Unit};
use super::state::Tally;
use super::view::{Measured, Subject, View};
use super::{Task, rows::Rows};
use crate::stats::order;

/// The most different scores that are reported one by one.
const MOST_SCORES: usize = 20;

/// The different scores of the audit, rising; `None` where there are too many.
fn scores(rows: &Rows) -> Option<Vec<f64>> {
    let mut found: Vec<f64> = Vec::new();
    for score in rows.score.as_ref()?.iter().filter(|score| score.is_finite()) {
        if !found.contains(score) {
            if found.len() == MOST_SCORES {
                return None;
            }
            found.push(*score);
        }
    }
    order::sort_by(&mut found, f64::total_cmp);
    Some(found)
}

fn needs(subject: &Subject<'_>) -> bool {
    subject.task == Some(Task::Binary) && subject.rows.label.is_some() && scores(subject.rows).is_some()
}

/// The positives and all rows at every score.
fn tallies(view: &View<'_>) -> Vec<(f64, Tally, Tally)> {
    let scores = scores(view.subject.rows).unwrap_or_default();
    let mut found: Vec<(f64, Tally, Tally)> = scores
        .into_iter()
        .map(|score| (score, Tally::default(), Tally::default()))
        .collect();
    for row in view.scored() {
        if let Some((_, positives, all)) = found.iter_mut().find(|(score, ..)| *score == row.score) {
            all.update(row.weight.count, row.weight.weight);
            if row.positive {
                positives.update(row.weight.count, row.weight.weight);
            }
        }
    }
    found
}

fn at(score: f64, reading: Reading) -> Measured {
    Measured::with(&[("score", (score + 0.0).to_string())], reading)
}

fn observed_rate(view: &View<'_>) -> Vec<Measured> {
    let rate = |(score, positives, all): (f64, Tally, Tally)| at(score, Reading::share_of(&positives, &all, Code::NoRows));
    tallies(view).into_iter().map(rate).collect()
}

fn rows(view: &View<'_>) -> Vec<Measured> {
    let count = |(score, _, all): (f64, Tally, Tally)| at(score, Reading::exact(all.weight(), all.rows()));
    tallies(view).into_iter().map(count).collect()
}

const AT_SCORE: Metric = Metric {
    family: Family::Scores,
    direction: Direction::Neutral,
    by_group: true,
    reference: "Calibration within groups: Kleinberg, Mullainathan and Raghavan 2017",
    caveat: "Only where the score takes at most 20 different values.",
    ..Metric::BLANK
};

/// The rows of this family, in the order they are shown.
pub const METRICS: [Metric; 2] = [
    Metric {
        id: "observed_rate_at_score",
        name: "observed rate at a score",
        aliases: &["observed_rate_at_decile"],
        words: &[],
        summary: "Of the rows with that score, the share that is positive in truth.",
        formula: "positives with the score / rows with the score and a label",
        reading: "Where the score means the same for everybody, groups have the same rate at the same score.",
        unit: Unit::Share,
        reads: &[Read::View {
            needs,
            read: observed_rate,
        }],
        ..AT_SCORE
    },
    Metric {
        id: "rows_at_score",
        name: "rows at a score",
        aliases: &["count_at_decile"],
        words: &[],
        summary: "How many rows have that score, each counted as often as it stands for.",
        formula: "The sum of weights; without weights the number of rows.",
        reading: "A count: it says how much evidence there is at that score.",
        unit: Unit::Count,
        range: (0.0, f64::INFINITY),
        compare: Compare::No,
        reads: &[Read::View { needs, read: rows }],
        ..AT_SCORE
    },
];
