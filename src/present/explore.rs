//! The controls of the threshold explorer: what is wanted, what is asked, what is shown.
//!
//! At most one request is under way; what was wanted last is asked next, so that a moving slider never leaves a queue behind it.

use std::sync::Arc;

use super::fields;
use crate::report::explore::{Ask, Exploration, Explored, said_of, share_of_way};
use crate::run::frontier::{Constraint, Frontier, Offer};
use crate::stats::order;

/// The gaps that can be asked for, as options: words and value.
pub const LIMITS: [(&str, f64); 3] = [("2 points", 0.02), ("5 points", 0.05), ("10 points", 0.1)];

/// What a user does.
#[derive(Debug, Clone, PartialEq)]
pub enum Move {
    /// Moves the slider to a stop.
    Stop(usize),
    /// Writes a threshold.
    Text(String),
    /// Chooses the feature whose groups are shown.
    Feature(String),
    /// Writes a group's own threshold; empty for the common one.
    Own(usize, String),
    /// Goes back to where it began.
    Back,
    /// Chooses what groups are to be held alike in.
    Constraint(Constraint),
    /// Chooses the largest gap allowed.
    Limit(f64),
    /// Chooses whether all groups have one threshold.
    Shared(bool),
    /// Takes the thresholds that meet the constraint.
    Take,
}

/// The explorer of a report.
#[derive(Debug, Clone, PartialEq)]
pub struct Exploring {
    about: Arc<Exploration>,
    wanted: Ask,
    asked: Option<u32>,
    shown: Arc<Explored>,
    /// The text of a field that is no threshold, and what is wrong with it: of the common threshold (`None`), or of a group.
    faults: Vec<Fault>,
    /// What groups are to be held alike in, the largest gap, and whether with one threshold for all.
    wish: (Constraint, f64, bool),
}

/// A field whose text is no threshold.
#[derive(Debug, Clone, PartialEq)]
struct Fault {
    place: Option<usize>,
    text: String,
    message: String,
}

impl Exploring {
    /// Begins where the audit is.
    pub fn new(about: Exploration) -> Self {
        Self {
            wanted: about.first.ask.clone(),
            shown: Arc::new(about.first.clone()),
            about: Arc::new(about),
            asked: None,
            faults: Vec::new(),
            wish: (Constraint::EqualOpportunity, LIMITS[1].1, false),
        }
    }

    /// Changes what is wanted.
    pub fn apply(&mut self, change: Move) {
        match change {
            Move::Stop(stop) => {
                if let Some(threshold) = self.about.stops.get(stop) {
                    self.wanted.threshold = *threshold;
                    self.faults.retain(|fault| fault.place.is_some());
                }
            }
            Move::Text(text) => self.write(None, &text),
            Move::Own(place, text) => self.write(Some(place), &text),
            Move::Feature(name) => {
                self.wanted.feature = Some(name);
                self.wanted.own.clear();
                self.faults.retain(|fault| fault.place.is_none());
            }
            Move::Back => {
                self.wanted = Ask {
                    feature: self.wanted.feature.take(),
                    ..self.about.first.ask.clone()
                };
                self.faults.clear();
            }
            Move::Constraint(constraint) => self.wish.0 = constraint,
            Move::Limit(limit) => self.wish.1 = limit,
            Move::Shared(is_shared) => self.wish.2 = is_shared,
            Move::Take => self.take(),
        }
    }

    /// Sets the thresholds of the offer: the common one, or one a group, those of the other groups staying common.
    fn take(&mut self) {
        let Some((_, offer)) = self.offer() else { return };
        let (is_shared, thresholds) = (offer.is_shared, offer.thresholds.clone());
        self.faults.clear();
        match thresholds.first() {
            Some((_, threshold)) if is_shared => {
                self.wanted.threshold = *threshold;
                self.wanted.own.clear();
            }
            _ => {
                self.wanted.own = thresholds;
                order::sort_by(&mut self.wanted.own, |a, b| a.0.cmp(&b.0));
            }
        }
    }

    /// The thresholds that meet the constraint for the feature that is shown, with all that is known of the feature.
    pub fn offer(&self) -> Option<(&Frontier, &Offer)> {
        let frontier = self
            .about
            .frontiers
            .iter()
            .find(|frontier| Some(&frontier.by) == self.wanted.feature.as_ref())?;
        let (constraint, limit, is_shared) = self.wish;
        let mut offers = frontier.offers.iter();
        let offer = offers.find(|offer| (offer.constraint, offer.limit, offer.is_shared) == (constraint, limit, is_shared))?;
        Some((frontier, offer))
    }

    /// What groups are to be held alike in, the largest gap, and whether with one threshold for all.
    pub fn wish(&self) -> (Constraint, f64, bool) {
        self.wish
    }

    /// What the offer is and costs, or that there is none.
    pub fn offered(&self) -> String {
        self.offer().map_or_else(
            || "No thresholds meet this for the groups that are shown.".to_owned(),
            |(frontier, offer)| said_of(frontier, offer),
        )
    }

    fn write(&mut self, place: Option<usize>, text: &str) {
        let read = match fields::threshold(text.trim()) {
            Ok(None) if place.is_none() => Err("Write a number such as 0.5.".to_owned()),
            read => read,
        };
        self.faults.retain(|fault| fault.place != place);
        match (read, place) {
            (Err(message), place) => self.faults.push(Fault {
                place,
                text: text.to_owned(),
                message,
            }),
            (Ok(Some(threshold)), None) => self.wanted.threshold = threshold,
            (Ok(threshold), Some(place)) => {
                let own = &mut self.wanted.own;
                own.retain(|(other, _)| *other != place);
                let at = own.partition_point(|(other, _)| *other < place);
                if let Some(threshold) = threshold {
                    own.insert(at, (place, threshold));
                }
            }
            (Ok(None), None) => {}
        }
    }

    /// What to ask now under that id: nothing while an answer is awaited, or where it is known.
    pub fn ask(&mut self, id: u32) -> Option<Ask> {
        if self.asked.is_some() || self.wanted == self.shown.ask {
            return None;
        }
        self.asked = Some(id);
        Some(self.wanted.clone())
    }

    /// Whether the answer with that id is awaited.
    pub fn awaits(&self, id: u32) -> bool {
        self.asked == Some(id)
    }

    /// Takes an answer; `None` where there was none.
    pub fn receive(&mut self, answer: Option<Explored>) {
        self.asked = None;
        match answer {
            Some(explored) => self.shown = Arc::new(explored),
            // Not asked again: it would fail again.
            None => self.wanted = self.shown.ask.clone(),
        }
    }

    /// What can be explored.
    pub fn about(&self) -> &Arc<Exploration> {
        &self.about
    }

    /// What is shown.
    pub fn shown(&self) -> &Arc<Explored> {
        &self.shown
    }

    /// What is wanted.
    pub fn wanted(&self) -> &Ask {
        &self.wanted
    }

    /// What is wrong with the field of the common threshold, or of a group.
    pub fn fault(&self, place: Option<usize>) -> Option<&str> {
        self.faulty(place).map(|fault| fault.message.as_str())
    }

    fn faulty(&self, place: Option<usize>) -> Option<&Fault> {
        self.faults.iter().find(|fault| fault.place == place)
    }

    /// What stands in that field.
    pub fn text(&self, place: Option<usize>) -> String {
        if let Some(fault) = self.faulty(place) {
            return fault.text.clone();
        }
        let of_group = |place| self.wanted.own.iter().find(|(other, _)| *other == place).map(|(_, own)| own);
        let threshold = place.map_or(Some(&self.wanted.threshold), of_group);
        threshold.map(f64::to_string).unwrap_or_default()
    }

    /// Whether there is a way back: to the thresholds of the beginning, whichever feature is shown.
    pub fn is_moved(&self) -> bool {
        let first = &self.about.first.ask;
        self.wanted.threshold != first.threshold || self.wanted.own != first.own || !self.faults.is_empty()
    }

    /// The stop nearest to the threshold that is wanted.
    pub fn stop(&self) -> usize {
        nearest(&self.about.stops, self.wanted.threshold)
    }

    /// The threshold that an audit would use; `None` where it is the audit's own, or groups have their own.
    pub fn usable(&self) -> Option<f64> {
        let is_other = self.about.audited != Some(self.wanted.threshold);
        (is_other && self.wanted.own.is_empty()).then_some(self.wanted.threshold)
    }

    /// Where the threshold that is wanted stands on the slider, in percent of the way.
    pub fn way(&self) -> String {
        format!("{:.2}%", share_of_way(&self.about.stops, self.wanted.threshold) * 100.0)
    }
}

fn nearest(stops: &[f64], threshold: f64) -> usize {
    let mut places: Vec<usize> = (0..stops.len()).collect();
    order::sort_by(&mut places, |a, b| {
        let far = |place: &usize| (stops[*place] - threshold).abs();
        far(a).total_cmp(&far(b))
    });
    places.first().copied().unwrap_or(0)
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use crate::run::frontier::GroupCurve;

    pub(in crate::present) fn exploration() -> Exploration {
        let ask = Ask {
            threshold: 0.5,
            feature: Some("sex".to_owned()),
            own: Vec::new(),
        };
        Exploration {
            positive: "1".to_owned(),
            origin: String::new(),
            audited: Some(0.5),
            stops: vec![0.0, 0.25, 0.5, 1.0],
            sweep: String::new(),
            features: vec![("sex".to_owned(), vec!["F".to_owned(), "M".to_owned()])],
            frontiers: vec![frontier()],
            first: explored(ask),
        }
    }

    fn frontier() -> Frontier {
        let offer = |is_shared, thresholds: [f64; 2]| Offer {
            constraint: Constraint::EqualOpportunity,
            is_shared,
            limit: 0.05,
            gap: 0.03,
            performance: 0.8,
            thresholds: vec![(1, thresholds[0]), (0, thresholds[1])],
        };
        let curve = |group: &str| GroupCurve {
            group: group.to_owned(),
            points: Vec::new(),
        };
        Frontier {
            by: "sex".to_owned(),
            curves: vec![curve("M"), curve("F")],
            left_out: Vec::new(),
            is_cost: false,
            best: (0.82, 0.5),
            fronts: Vec::new(),
            offers: vec![offer(true, [0.25, 0.25]), offer(false, [0.6, 0.4])],
        }
    }

    #[test]
    fn thresholds_that_meet_a_constraint_are_taken() {
        let mut exploring = Exploring::new(exploration());
        assert!(
            exploring.offered().starts_with("M 0.6, F 0.4: the gap is 3.0"),
            "{}",
            exploring.offered()
        );
        exploring.apply(Move::Take);
        assert_eq!(exploring.wanted().own, [(0, 0.4), (1, 0.6)]);
        exploring.apply(Move::Shared(true));
        exploring.apply(Move::Take);
        assert_eq!((exploring.wanted().threshold, exploring.wanted().own.len()), (0.25, 0));
        exploring.apply(Move::Limit(0.02));
        let before = exploring.wanted().clone();
        exploring.apply(Move::Take);
        assert_eq!(exploring.wanted(), &before, "without an offer nothing moves");
        assert!(exploring.offered().starts_with("No thresholds"));
    }

    pub(in crate::present) fn explored(ask: Ask) -> Explored {
        Explored {
            ask,
            said: String::new(),
            main: String::new(),
            words: String::new(),
            groups: String::new(),
            more: String::new(),
        }
    }

    #[test]
    fn one_request_is_under_way_and_the_last_wish_is_the_next() {
        let mut exploring = Exploring::new(exploration());
        assert_eq!(exploring.ask(1), None, "what is shown is what is wanted");
        exploring.apply(Move::Stop(0));
        let first = exploring.ask(2).expect("it is asked");
        exploring.apply(Move::Stop(1));
        exploring.apply(Move::Stop(3));
        assert_eq!(exploring.ask(3), None, "one at a time");
        assert!(exploring.awaits(2) && !exploring.awaits(3));
        exploring.receive(Some(explored(first)));
        assert_eq!(exploring.shown().ask.threshold, 0.0);
        assert_eq!(exploring.ask(4).map(|ask| ask.threshold), Some(1.0), "the stop between was skipped");
    }

    #[test]
    fn what_is_no_threshold_is_said_and_changes_nothing() {
        let mut exploring = Exploring::new(exploration());
        for text in ["half", "", "inf"] {
            exploring.apply(Move::Text(text.to_owned()));
            assert!(exploring.fault(None).is_some(), "{text}");
            assert_eq!(exploring.text(None), text, "what was written stays to be mended");
            assert_eq!(exploring.wanted().threshold, 0.5);
        }
        exploring.apply(Move::Back);
        assert_eq!(
            (
                exploring.fault(None),
                exploring.text(None).as_str(),
                exploring.text(Some(1)).as_str()
            ),
            (None, "0.5", "")
        );
        exploring.apply(Move::Text(" 0.3 ".to_owned()));
        assert_eq!(
            (exploring.fault(None), exploring.wanted().threshold, exploring.stop()),
            (None, 0.3, 1)
        );
    }

    #[test]
    fn groups_have_their_own_threshold_until_it_is_emptied_or_another_feature_is_chosen() {
        let mut exploring = Exploring::new(exploration());
        exploring.apply(Move::Text("0.4".to_owned()));
        assert_eq!(exploring.usable(), Some(0.4));
        exploring.apply(Move::Own(1, "0.2".to_owned()));
        assert_eq!(
            (exploring.wanted().own.as_slice(), exploring.usable()),
            ([(1, 0.2)].as_slice(), None)
        );
        exploring.apply(Move::Own(1, String::new()));
        assert!(exploring.wanted().own.is_empty());
        exploring.apply(Move::Own(0, "0.7".to_owned()));
        exploring.apply(Move::Feature("race".to_owned()));
        assert!(exploring.wanted().own.is_empty());
        exploring.apply(Move::Back);
        assert_eq!((exploring.wanted().threshold, exploring.usable()), (0.5, None));
        assert_eq!(exploring.wanted().feature.as_deref(), Some("race"));
    }
}
