//! Metrics of the rows with the highest scores: the first k, the first share, tenths, and the whole order.

use super::UndefinedCode as Code;
use super::bins::{Bin, deciles};
use super::curve::has_scores;
use super::reading::{Evidence, Reading};
use super::spec::{Compare, Direction, Family, Metric, Read, Unit};
use super::state::Tally;
use super::steps::Steps;
use super::view::{Measured, View};
use crate::stats::math::log2;
use crate::stats::running::Running;

/// The most rows whose discounts are added up one by one.
const MOST_RANKS: u64 = 1 << 24;

/// The rows at the top, and how the choice of them is named.
struct Top {
    name: &'static str,
    value: String,
    /// All of them, and the positives; `None` where there are fewer rows.
    tallies: Option<(Tally, Tally)>,
}

/// What is at the top, for every number and share of rows asked for.
fn tops(view: &View<'_>) -> Vec<Top> {
    let rows = Steps::of(view).support();
    let parameters = view.subject.parameters;
    let by_number = parameters.top.iter().map(|number| ("k", number.to_string(), *number));
    let by_share = parameters.top_share.iter().map(|share| {
        // A hair less, because 0.07 times 100 is more than 7.
        let number = (share * rows as f64 * (1.0 - 1e-12)).ceil();
        ("share", share.to_string(), (number as u64).clamp(1, rows.max(1)))
    });
    let top = |(name, value, number)| Top {
        name,
        value,
        tallies: (number <= rows).then(|| first(view, number)),
    };
    by_number.chain(by_share).map(top).collect()
}

/// The first rows by falling score and the positives among them; of a row that stands for several, as many as there is room for.
fn first(view: &View<'_>, number: u64) -> (Tally, Tally) {
    let (mut all, mut positives) = (Tally::default(), Tally::default());
    let mut left = number;
    let steps = Steps::of(view);
    let mut rows = view.falling;
    if !steps.is_weighted() {
        // Whole steps first; then the rows of the one that is in part at the top.
        for (place, step) in steps.steps.iter().enumerate() {
            let together = (step.positive + step.negative) as u64;
            if together > left {
                rows = &view.falling[steps.places(place)];
                break;
            }
            all.update(together, None);
            positives.update(step.positive as u64, None);
            left -= together;
            if left == 0 {
                return (all, positives);
            }
        }
    }
    for row in view.scored_in(rows) {
        let taken = left.min(row.weight.count);
        all.update(taken, row.weight.weight);
        if row.positive {
            positives.update(taken, row.weight.weight);
        }
        left -= taken;
        if left == 0 {
            break;
        }
    }
    (all, positives)
}

fn at_top(view: &View<'_>, read: fn(&Steps, &Tally, &Tally) -> Reading) -> Vec<Measured> {
    let steps = Steps::of(view);
    let forms = tops(view).into_iter().map(|top| {
        let reading = match &top.tallies {
            Some((all, positives)) => read(steps, all, positives),
            None => Reading::undefined(Code::TooFewRows, steps.support()),
        };
        Measured::with(&[(top.name, top.value)], reading)
    });
    forms.collect()
}

/// The share of positives among some rows.
fn precision(_: &Steps, all: &Tally, positives: &Tally) -> Reading {
    Reading::share_of(positives, all, Code::NoRows)
}

/// The part of all positives; which rows are at the top is not independent of which are positive, so that no interval of a share holds.
fn recall(steps: &Steps, _: &Tally, positives: &Tally) -> Reading {
    let share = Reading::share_of(positives, &steps.positives, Code::NoPositives);
    Reading {
        evidence: Evidence::None,
        ..share
    }
}

fn lift(steps: &Steps, all: &Tally, positives: &Tally) -> Reading {
    over_prevalence(steps, all, positives)
}

/// The share of positives among some rows over that among all.
fn over_prevalence(steps: &Steps, all: &Tally, positives: &Tally) -> Reading {
    let rows = all.rows();
    let (known, unknown) = (steps.positives.weight(), steps.negatives.weight());
    let value = match (all.weight() > 0.0, known > 0.0) {
        (false, _) => Err(Code::NoRows),
        (true, false) => Err(Code::NoPositives),
        (true, true) => Ok(positives.weight() / all.weight() / (known / (known + unknown))),
    };
    value.map_or_else(|code| Reading::undefined(code, rows), |value| Reading::exact(value, rows))
}

/// One form for each tenth; `read` sees the tenth and everything down to it.
fn by_decile(view: &View<'_>, read: fn(&Steps, &Bin, &[Tally; 2]) -> Reading) -> Vec<Measured> {
    let steps = Steps::of(view);
    let mut so_far = [Tally::default(), Tally::default()];
    let forms = deciles(view).iter().enumerate().map(|(place, bin)| {
        so_far[0].merge(&bin.rows);
        so_far[1].merge(&bin.positives);
        Measured::with(&[("decile", (place + 1).to_string())], read(steps, bin, &so_far))
    });
    forms.collect()
}

fn decile_min_score(_: &Steps, bin: &Bin, _: &[Tally; 2]) -> Reading {
    match bin.rows.rows() {
        0 => Reading::undefined(Code::NoRows, 0),
        rows => Reading::exact(bin.last, rows),
    }
}

fn cumulative_ks(steps: &Steps, _: &Bin, [all, positives]: &[Tally; 2]) -> Reading {
    let value = steps.totals().map(|(known, unknown)| {
        let mut negatives = all.exact_weight();
        negatives.add(-positives.weight());
        positives.weight() / known - negatives.value() / unknown
    });
    value.map_or_else(
        |code| Reading::undefined(code, all.rows()),
        |value| Reading::exact(value, all.rows()),
    )
}

/// The discounted gain of the first rows over the largest possible, equal scores sharing the discounts of their ranks.
fn ndcg(view: &View<'_>, first: u64) -> Result<f64, Code> {
    let steps = Steps::of(view);
    let positives = steps.positives.rows();
    if view.subject.rows.weights.is_some() {
        return Err(Code::Weighted);
    }
    if positives == 0 {
        return Err(if steps.support() == 0 { Code::NoRows } else { Code::NoPositives });
    }
    if steps.support().min(first) > MOST_RANKS {
        return Err(Code::TooLarge);
    }
    let discount = |rank: u64| 1.0 / log2(rank as f64 + 1.0);
    let (mut gain, mut most) = (Running::default(), Running::default());
    let mut ranked = 0_u64;
    for step in &steps.steps {
        let rows = step.positive + step.negative;
        let last = (ranked + rows as u64).min(first);
        let part = step.positive / rows;
        for rank in ranked + 1..=last {
            // Past all positives, ranks of negatives alone count nothing.
            if part == 0.0 && rank > positives {
                break;
            }
            let discount = discount(rank);
            gain.add_product(part, discount);
            if rank <= positives {
                most.add(discount);
            }
        }
        ranked += rows as u64;
        if ranked >= first {
            break;
        }
    }
    Ok((gain.value() / most.value()).min(1.0))
}

const TOP: Metric = Metric {
    family: Family::Scores,
    compare: Compare::No,
    reading: "From 0 % to 100 %.",
    caveat: "Rows with equal scores count in the order of the file.",
    reference: "numpy, after a stable sort by falling score",
    ..Metric::BLANK
};

const DECILE: Metric = Metric {
    direction: Direction::Neutral,
    reading: "Decile 1 holds the highest scores; the first ones are larger by a row where rows cannot be split evenly.",
    range: (0.0, f64::INFINITY),
    ..TOP
};

const fn top(read: fn(&View<'_>) -> Vec<Measured>) -> Read {
    Read::View { needs: has_scores, read }
}

/// The rows of this family, in the order they are shown.
pub const METRICS: [Metric; 12] = [
    Metric {
        id: "precision_at_k",
        name: "precision at the top",
        aliases: &["precision_at_top"],
        summary: "Of the rows with the highest scores, the share that are positive.",
        formula: "positives among the first k rows by falling score / k",
        unit: Unit::Share,
        reads: &[top(|view| at_top(view, precision))],
        ..TOP
    },
    Metric {
        id: "recall_at_k",
        name: "recall at the top",
        aliases: &["recall_at_top", "gain_at_k"],
        summary: "Of all positives, the share that are among the rows with the highest scores.",
        formula: "positives among the first k rows by falling score / all positives",
        unit: Unit::Share,
        reads: &[top(|view| at_top(view, recall))],
        ..TOP
    },
    Metric {
        id: "lift_at_k",
        name: "lift at the top",
        aliases: &["lift_at_top"],
        summary: "How many times as many positives are among the rows with the highest scores as among any rows.",
        formula: "precision of the first k rows by falling score / share of positives",
        reading: "1 is what guessing reaches.",
        range: (0.0, f64::INFINITY),
        reads: &[top(|view| at_top(view, lift))],
        ..TOP
    },
    Metric {
        id: "ndcg",
        name: "NDCG of the whole list",
        aliases: &["normalized_discounted_cumulative_gain"],
        summary: "How near the order of all rows by score is to having every positive first, the first places counting most.",
        formula: "sum of 1 / log2(rank + 1) over positives / the largest possible; equal scores share their ranks",
        reading: "1 is perfect order.",
        caveat: "Over a long list even guessing comes near 1.",
        reference: "scikit-learn, ndcg_score",
        reads: &[top(|view| vec![Measured::plain(Steps::of(view).reading(ndcg(view, u64::MAX)))])],
        ..TOP
    },
    Metric {
        id: "ndcg_at_k",
        name: "NDCG at the top",
        aliases: &["ndcg_at_top"],
        summary: "How near the order of the first rows by score is to having only positives there, the first places counting most.",
        formula: "sum of 1 / log2(rank + 1) over positives among the first k rows / the largest possible; equal scores share their ranks",
        reading: "1 is perfect order.",
        caveat: "It depends on how many positives there are; undefined with importance weights.",
        reference: "scikit-learn, ndcg_score(k)",
        reads: &[top(|view| {
            let form = |k: &u64| Measured::with(&[("k", k.to_string())], Steps::of(view).reading(ndcg(view, *k)));
            view.subject.parameters.top.iter().map(form).collect()
        })],
        ..TOP
    },
    Metric {
        id: "decile_count",
        name: "rows in a tenth by score",
        summary: "How many rows are in each tenth by falling score.",
        formula: "the sum of weights; without weights the number of rows",
        unit: Unit::Count,
        reads: &[top(|view| {
            by_decile(view, |_, bin, _| Reading::exact(bin.rows.weight(), bin.rows.rows()))
        })],
        ..DECILE
    },
    Metric {
        id: "decile_positives",
        name: "positives in a tenth by score",
        summary: "How many positives are in each tenth by falling score.",
        formula: "the sum of weights; without weights the number of rows",
        unit: Unit::Count,
        reads: &[top(|view| {
            by_decile(view, |_, bin, _| Reading::exact(bin.positives.weight(), bin.rows.rows()))
        })],
        ..DECILE
    },
    Metric {
        id: "decile_lift",
        name: "lift in a tenth by score",
        summary: "How many times as many positives are in each tenth by falling score as among any rows.",
        formula: "share of positives in the tenth / share of positives",
        reads: &[top(|view| {
            by_decile(view, |steps, bin, _| over_prevalence(steps, &bin.rows, &bin.positives))
        })],
        ..DECILE
    },
    Metric {
        id: "decile_min_score",
        name: "lowest score in a tenth",
        summary: "The lowest score in each tenth by falling score.",
        formula: "the score of the tenth's last row",
        range: (f64::NEG_INFINITY, f64::INFINITY),
        reads: &[top(|view| by_decile(view, decile_min_score))],
        ..DECILE
    },
    Metric {
        id: "cumulative_gain",
        name: "cumulative gain",
        aliases: &["gains"],
        summary: "Of all positives, the share that are in the tenths by falling score down to this one.",
        formula: "positives down to the tenth / all positives",
        range: (0.0, 1.0),
        unit: Unit::Share,
        reads: &[top(|view| {
            by_decile(view, |steps, _, [all, positives]| recall(steps, all, positives))
        })],
        ..DECILE
    },
    Metric {
        id: "cumulative_lift",
        name: "cumulative lift",
        summary: "How many times as many positives are in the tenths by falling score down to this one as among any rows.",
        formula: "share of positives down to the tenth / share of positives",
        reads: &[top(|view| {
            by_decile(view, |steps, _, [all, positives]| over_prevalence(steps, all, positives))
        })],
        ..DECILE
    },
    Metric {
        id: "cumulative_ks",
        name: "cumulative distance of the classes",
        summary: "How far the share of positives found exceeds the share of negatives flagged, down to each tenth by falling score.",
        formula: "positives down to the tenth / all positives - negatives down to it / all negatives",
        range: (-1.0, 1.0),
        reads: &[top(|view| by_decile(view, cumulative_ks))],
        ..DECILE
    },
];
