//! The search for thresholds: of one for all by trying every stop, of one a group by sliding a window over the rate that is held alike.

use serde::{Deserialize, Serialize};

use super::{Constraint, Costs};
use crate::stats::order;

/// The gaps for which a front is drawn.
const LIMITS: [f64; 12] = [0.0, 0.005, 0.01, 0.02, 0.03, 0.05, 0.075, 0.1, 0.15, 0.2, 0.3, 0.5];
/// The gaps for which thresholds are offered.
const OFFERED: [f64; 3] = [0.02, 0.05, 0.1];
/// What rounding may add to a gap.
const ROUNDING: f64 = 1e-12;

/// A group's weight of true and false positives at every stop, from the highest threshold to the lowest.
#[derive(Debug, Clone)]
pub(super) struct Member {
    /// Its place among the feature's groups.
    pub place: usize,
    pub hits: Vec<(f64, f64)>,
    pub positives: f64,
    pub negatives: f64,
    /// Rows positive and negative in truth.
    pub rows: [u64; 2],
}

/// The best performance by gap.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Front {
    /// What groups are held alike in.
    pub constraint: Constraint,
    /// Whether all groups have one threshold.
    pub is_shared: bool,
    /// Gap and performance, both rising in what they allow.
    pub points: Vec<(f64, f64)>,
}

/// Thresholds that keep a gap within a limit.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Offer {
    /// What groups are held alike in.
    pub constraint: Constraint,
    /// Whether all groups have one threshold.
    pub is_shared: bool,
    /// The largest gap allowed.
    pub limit: f64,
    /// The gap that is left.
    pub gap: f64,
    /// The performance.
    pub performance: f64,
    /// For each group its place among the feature's groups, and its threshold; in the order of the curves.
    pub thresholds: Vec<(usize, f64)>,
}

/// Everything that is searched.
pub(super) struct Search<'a> {
    members: &'a [Member],
    stops: &'a [f64],
    is_cost: bool,
    total: f64,
    /// For each member and stop: selection rate, recall, false positive rate, accuracy, cost.
    at: Vec<Vec<[f64; 5]>>,
}

/// A choice of a stop for every member.
struct Choice {
    stops: Vec<usize>,
    gap: f64,
    cost: f64,
}

impl<'a> Search<'a> {
    pub(super) fn new(members: &'a [Member], stops: &'a [f64], costs: Costs, is_cost: bool) -> Self {
        let of_member = |member: &Member| {
            let (p, n) = (member.positives, member.negatives);
            let at = |(tp, fp): &(f64, f64)| {
                let cost =
                    tp * costs.true_positive + fp * costs.false_positive + (p - tp) * costs.false_negative + (n - fp) * costs.true_negative;
                [(tp + fp) / (p + n), tp / p, fp / n, (tp + n - fp) / (p + n), cost]
            };
            member.hits.iter().map(at).collect()
        };
        Self {
            members,
            stops,
            is_cost,
            total: members.iter().map(|member| member.positives + member.negatives).sum(),
            at: members.iter().map(of_member).collect(),
        }
    }

    fn performance(&self, cost: f64) -> f64 {
        if self.is_cost { cost / self.total } else { 1.0 - cost / self.total }
    }

    /// The best performance of one threshold, and that threshold; of equally good ones the highest.
    pub(super) fn best(&self) -> (f64, f64) {
        let cost = |stop: usize| self.at.iter().map(|at| at[stop][4]).sum::<f64>();
        let mut best = (cost(0), 0);
        for stop in 1..self.stops.len() {
            if cost(stop) < best.0 {
                best = (cost(stop), stop);
            }
        }
        (self.performance(best.0), self.stops[best.1])
    }

    /// The rates that a constraint holds alike, by their places.
    const fn rates(constraint: Constraint) -> &'static [usize] {
        match constraint {
            Constraint::DemographicParity => &[0],
            Constraint::EqualOpportunity => &[1],
            Constraint::EqualizedOdds => &[1, 2],
            Constraint::EqualAccuracy => &[3],
        }
    }

    fn choice(&self, constraint: Constraint, stops: Vec<usize>) -> Choice {
        let spread = |rate: &usize| {
            let values = || self.at.iter().zip(&stops).map(|(at, stop)| at[*stop][*rate]);
            values().fold(f64::NEG_INFINITY, f64::max) - values().fold(f64::INFINITY, f64::min)
        };
        Choice {
            gap: Self::rates(constraint).iter().map(spread).fold(0.0, f64::max),
            cost: self.at.iter().zip(&stops).map(|(at, stop)| at[*stop][4]).sum(),
            stops,
        }
    }

    /// The cheapest common stop with a gap within the limit.
    fn shared(&self, constraint: Constraint, limit: f64) -> Option<Choice> {
        let mut best: Option<Choice> = None;
        for stop in 0..self.stops.len() {
            let choice = self.choice(constraint, vec![stop; self.members.len()]);
            if choice.gap <= limit + ROUNDING && best.as_ref().is_none_or(|best| choice.cost < best.cost) {
                best = Some(choice);
            }
        }
        best
    }

    /// The cheapest stop of each member with all rates from their `lows` on and within the limit above them.
    fn within(&self, rates: &[usize], lows: &[f64], limit: f64) -> Option<(Vec<usize>, f64)> {
        let mut stops = Vec::with_capacity(self.members.len());
        let mut sum = 0.0;
        for at in &self.at {
            let fits = |own: &[f64; 5]| {
                let mut pairs = rates.iter().zip(lows);
                pairs.all(|(rate, low)| own[*rate] >= low - ROUNDING && own[*rate] <= low + limit + ROUNDING)
            };
            let mut best: Option<(f64, usize)> = None;
            for (stop, own) in at.iter().enumerate() {
                if fits(own) && best.is_none_or(|(cost, _)| own[4] < cost) {
                    best = Some((own[4], stop));
                }
            }
            let (cost, stop) = best?;
            sum += cost;
            stops.push(stop);
        }
        Some((stops, sum))
    }

    /// The cheapest stops with a gap within the limit: windows of that width are laid against every point of every member.
    fn own(&self, constraint: Constraint, limit: f64) -> Option<Choice> {
        let rates = Self::rates(constraint);
        // Of two rates, the point may be at either end of the window, or in its middle.
        let shifts: &[(f64, f64)] = if rates.len() == 1 {
            &[(0.0, 0.0)]
        } else {
            &[(0.0, 0.0), (0.0, 1.0), (1.0, 0.0), (1.0, 1.0), (0.5, 0.5)]
        };
        let mut best: Option<(Vec<usize>, f64)> = None;
        for point in self.at.iter().flatten() {
            for (first, second) in shifts {
                let lows: Vec<f64> = rates
                    .iter()
                    .zip([first, second])
                    .map(|(rate, shift)| point[*rate] - shift * limit)
                    .collect();
                if let Some((stops, cost)) = self.within(rates, &lows, limit)
                    && best.as_ref().is_none_or(|(_, least)| cost < *least)
                {
                    best = Some((stops, cost));
                }
            }
        }
        // One threshold for all is one a group, too.
        let shared = self.shared(constraint, limit);
        match (best, shared) {
            (Some((_, cost)), Some(shared)) if shared.cost <= cost => Some(shared),
            (Some((stops, _)), _) => Some(self.choice(constraint, stops)),
            (None, shared) => shared,
        }
    }

    fn find(&self, constraint: Constraint, is_shared: bool, limit: f64) -> Option<Choice> {
        if is_shared {
            self.shared(constraint, limit)
        } else {
            self.own(constraint, limit)
        }
    }
}

/// Each constraint, for one threshold and for one a group.
fn cases() -> impl Iterator<Item = (Constraint, bool)> {
    Constraint::ALL
        .into_iter()
        .flat_map(|constraint| [(constraint, true), (constraint, false)])
}

/// For each case the best performance by gap, without the points that allow more and give nothing.
pub(super) fn fronts(search: &Search<'_>) -> Vec<Front> {
    let front = |(constraint, is_shared)| {
        let mut found: Vec<(f64, f64)> = LIMITS
            .iter()
            .filter_map(|limit| search.find(constraint, is_shared, *limit))
            .map(|choice| (choice.gap, choice.cost))
            .collect();
        order::sort_by(&mut found, |a, b| a.0.total_cmp(&b.0).then(a.1.total_cmp(&b.1)));
        let mut points: Vec<(f64, f64)> = Vec::new();
        for (gap, cost) in found {
            if points.last().is_none_or(|last| cost < last.1) {
                points.push((gap, cost));
            }
        }
        Front {
            constraint,
            is_shared,
            points: points.into_iter().map(|(gap, cost)| (gap, search.performance(cost))).collect(),
        }
    };
    cases().map(front).collect()
}

/// For each case the thresholds that meet some limits.
pub(super) fn offers(search: &Search<'_>) -> Vec<Offer> {
    let offer = |(constraint, is_shared), limit: f64| {
        let choice = search.find(constraint, is_shared, limit)?;
        let thresholds = search.members.iter().zip(&choice.stops);
        Some(Offer {
            constraint,
            is_shared,
            limit,
            gap: choice.gap,
            performance: search.performance(choice.cost),
            thresholds: thresholds.map(|(member, stop)| (member.place, search.stops[*stop])).collect(),
        })
    };
    cases()
        .flat_map(|case| OFFERED.iter().filter_map(move |limit| offer(case, *limit)))
        .collect()
}
