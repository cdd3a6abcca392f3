//! What the threshold explorer shows: the numbers and sentences of a decision threshold, beside those of the audit.
//!
//! Everything here is made from estimates that an audit with that threshold would report; nothing is advice. It is written as HTML, as the
//! report is, so that the page has only to put it in its place.

mod drawn;
mod numbers;

use serde::{Deserialize, Serialize};

use super::outline::{DRAWN_GROUPS, loss};
use crate::chart::number::{Quantity, count};
use crate::metric::Estimate;
use crate::run::frontier::{Frontier, Offer};
use crate::run::threshold::{Explorer, Origin};
use numbers::{Groups, Measure, group_name, measure_of, sentences};

pub use drawn::share_of_way;

/// What to explore: one decision threshold, and for some groups of a feature their own.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Ask {
    /// The threshold of everyone else.
    pub threshold: f64,
    /// The sensitive feature whose groups are shown.
    pub feature: Option<String>,
    /// Thresholds of single groups of that feature: the group's place and its threshold, in the order of places.
    pub own: Vec<(usize, f64)>,
}

/// What can be explored, and where it begins.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Exploration {
    /// The positive class.
    pub positive: String,
    /// Which predictions the audit is of, in a sentence or two.
    pub origin: String,
    /// The threshold of the audit's predictions, where they have one or come near one.
    pub audited: Option<f64>,
    /// The thresholds at which the slider stops, rising; never empty.
    pub stops: Vec<f64>,
    /// How all rows fare over all stops, drawn.
    pub sweep: String,
    /// The sensitive features, and their groups' names by place.
    pub features: Vec<(String, Vec<String>)>,
    /// Thresholds that hold groups alike, in the order of the features; none where groups are too small.
    pub frontiers: Vec<Frontier>,
    /// What is shown first.
    pub first: Explored,
}

/// What a threshold would give; all but the words said aloud is HTML.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Explored {
    /// What it is the answer to.
    pub ask: Ask,
    /// What is said aloud.
    pub said: String,
    /// The measures that the sweep draws.
    pub main: String,
    /// What happens to rows, in sentences and as a confusion matrix.
    pub words: String,
    /// The chosen feature's groups; empty without one.
    pub groups: String,
    /// All other measures that depend on the threshold.
    pub more: String,
}

/// The measures that are drawn over all thresholds: shares, so that one scale fits.
const CURVES: [&str; 5] = ["selection_rate", "recall", "precision", "false_positive_rate", "accuracy"];
/// The confusion matrix.
const CELLS: [&str; 4] = ["true_positives", "false_positives", "false_negatives", "true_negatives"];
/// What no threshold changes, or says the same twice.
const LEFT_OUT: [&str; 6] = [
    "rows",
    "label_positives",
    "predicted_positives",
    "prevalence",
    "majority_share",
    "predicted_positive_share",
];

/// Says what can be explored.
pub fn begin(explorer: &Explorer) -> Exploration {
    let origin = explorer.origin();
    let audited = (!matches!(origin, Origin::Unset(_))).then_some(origin.threshold());
    let mut stops = explorer.stops();
    if stops.is_empty() {
        stops.push(origin.threshold());
    }
    let features = explorer.features().map(|(_, feature)| {
        let groups = feature.groups.iter().enumerate();
        (
            feature.columns.concat(),
            groups.map(|(place, _)| group_name(feature, place)).collect(),
        )
    });
    let features: Vec<(String, Vec<String>)> = features.collect();
    let ask = Ask {
        threshold: origin.threshold(),
        feature: features.first().map(|(name, _)| name.clone()),
        own: Vec::new(),
    };
    Exploration {
        positive: explorer.positive_class().to_owned(),
        origin: origin_in_words(origin),
        audited,
        sweep: drawn::sweep(&stops, audited, &CURVES, &explorer.sweep(&stops, &CURVES)),
        first: explore(explorer, &ask),
        stops,
        features,
        frontiers: explorer.frontiers(),
    }
}

/// Says what a threshold would give.
pub fn explore(explorer: &Explorer, ask: &Ask) -> Explored {
    let feature = explorer
        .features()
        .find(|(_, feature)| Some(feature.columns.concat()) == ask.feature);
    let cut = match feature {
        Some((place, _)) if !ask.own.is_empty() => explorer.own(place, ask.threshold, &ask.own),
        Some((place, _)) => explorer.shared(ask.threshold, &[place]),
        None => explorer.shared(ask.threshold, &[]),
    };
    let audited = explorer.audited();
    let now = explorer.overall(&cut);
    let before = audited.as_ref().map(|cut| explorer.overall(cut)).unwrap_or_default();
    let measures = |ids: &[&str]| -> Vec<Measure> {
        let own = ids.iter().filter_map(|id| now.iter().find(|estimate| estimate.key.metric == *id));
        own.map(|own| measure_of(own, before.iter().find(|estimate| estimate.key == own.key)))
            .collect()
    };
    let is_more = |id: &&str| ![&CURVES[..], &CELLS, &LEFT_OUT].iter().any(|ids| ids.contains(id));
    let more: Vec<&str> = now
        .iter()
        .map(|estimate: &Estimate| estimate.key.metric.as_str())
        .filter(is_more)
        .collect();
    let positive = explorer.positive_class();
    let sentences = sentences(&now, &before, positive);
    let groups = feature.map_or_else(String::new, |(place, feature)| {
        let note = if feature.groups.len() > DRAWN_GROUPS {
            format!("The {DRAWN_GROUPS} largest of {} groups.", count(feature.groups.len() as u64))
        } else {
            String::new()
        };
        drawn::groups(&Groups::new(explorer, place, feature, &cut, audited.as_ref()).measures(), &note)
    });
    Explored {
        said: format!("Threshold {}. {}", ask.threshold, sentences.join(" ")),
        main: drawn::main(&measures(&CURVES)),
        words: drawn::words(&sentences, &measures(&CELLS), positive),
        groups,
        more: drawn::more(&measures(&more)),
        ask: ask.clone(),
    }
}

/// What an offer of thresholds costs, in a sentence.
pub fn said_of(frontier: &Frontier, offer: &Offer) -> String {
    let named = |(curve, (_, threshold)): (&crate::run::frontier::GroupCurve, &(usize, f64))| format!("{} {threshold}", curve.group);
    let thresholds = match offer.thresholds.first() {
        Some((_, threshold)) if offer.is_shared => threshold.to_string(),
        _ => {
            let named: Vec<String> = frontier.curves.iter().zip(&offer.thresholds).map(named).collect();
            named.join(", ")
        }
    };
    format!(
        "{thresholds}: the gap is {}, and it costs {} against the best single threshold.",
        Quantity::Points.with_unit(offer.gap),
        loss(frontier, offer.performance)
    )
}

fn origin_in_words(origin: Origin) -> String {
    match origin {
        Origin::Audited(threshold) => format!("The audit was made with {threshold}."),
        Origin::Given { threshold, agreeing, of } if agreeing == of => {
            format!("The predictions that were audited are those of the threshold {threshold}.")
        }
        Origin::Given { threshold, agreeing, of } => format!(
            "The predictions that were audited do not come from one threshold. {threshold} comes nearest: {} of {} rows are predicted alike. \
             Changes are counted from the predictions that were audited.",
            count(agreeing),
            count(of)
        ),
        Origin::Unset(threshold) => format!(
            "The audit has no threshold, so nobody was predicted and there is nothing to compare with. It begins at {threshold}, in the middle of \
             the scores."
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn where_the_predictions_come_from_is_said() {
        assert_eq!(origin_in_words(Origin::Audited(0.5)), "The audit was made with 0.5.");
        let given = |agreeing| Origin::Given {
            threshold: 0.47,
            agreeing,
            of: 1000,
        };
        assert!(origin_in_words(given(1000)).ends_with("are those of the threshold 0.47."));
        assert!(origin_in_words(given(930)).contains("0.47 comes nearest: 930 of 1\u{202f}000 rows"));
        assert!(origin_in_words(Origin::Unset(3.0)).contains("has no threshold"));
    }
}
