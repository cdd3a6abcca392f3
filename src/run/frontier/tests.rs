//! The search against trying everything.

use proptest::prelude::*;

use super::search::{Member, Offer, Search, fronts, offers};
use super::{Constraint, plain_costs};

/// Members with these numbers of true and false positives gained at each stop.
fn members(gains: &[Vec<(u8, u8)>]) -> Vec<Member> {
    let member = |(place, gains): (usize, &Vec<(u8, u8)>)| {
        let mut sum = (0.0, 0.0);
        let hits: Vec<(f64, f64)> = std::iter::once((0.0, 0.0))
            .chain(gains.iter().map(|(tp, fp)| {
                sum = (sum.0 + f64::from(*tp), sum.1 + f64::from(*fp));
                sum
            }))
            .collect();
        Member {
            place,
            positives: sum.0,
            negatives: sum.1,
            hits,
            rows: [sum.0 as u64, sum.1 as u64],
        }
    };
    gains.iter().enumerate().map(member).collect()
}

fn rates(member: &Member, stop: usize) -> [f64; 4] {
    let (tp, fp) = member.hits[stop];
    let (p, n) = (member.positives, member.negatives);
    [(tp + fp) / (p + n), tp / p, fp / n, (tp + n - fp) / (p + n)]
}

fn gap(members: &[Member], stops: &[usize], constraint: Constraint) -> f64 {
    let of = |rate: usize| {
        let values: Vec<f64> = members.iter().zip(stops).map(|(member, stop)| rates(member, *stop)[rate]).collect();
        values.iter().copied().fold(f64::MIN, f64::max) - values.iter().copied().fold(f64::MAX, f64::min)
    };
    match constraint {
        Constraint::DemographicParity => of(0),
        Constraint::EqualOpportunity => of(1),
        Constraint::EqualizedOdds => of(1).max(of(2)),
        Constraint::EqualAccuracy => of(3),
    }
}

fn accuracy(members: &[Member], stops: &[usize]) -> f64 {
    let right: f64 = members
        .iter()
        .zip(stops)
        .map(|(member, stop)| member.hits[*stop].0 + member.negatives - member.hits[*stop].1)
        .sum();
    right / members.iter().map(|member| member.positives + member.negatives).sum::<f64>()
}

/// The best accuracy over all choices.
fn by_trying(members: &[Member], constraint: Constraint, is_shared: bool, limit: f64) -> Option<f64> {
    let stops = members[0].hits.len();
    let mut best: Option<f64> = None;
    for number in 0..stops.pow(members.len() as u32) {
        let choice: Vec<usize> = (0..members.len()).map(|place| number / stops.pow(place as u32) % stops).collect();
        let is_allowed = !is_shared || choice.iter().all(|stop| *stop == choice[0]);
        if is_allowed && gap(members, &choice, constraint) <= limit + 1e-12 {
            let own = accuracy(members, &choice);
            best = Some(best.map_or(own, |best| best.max(own)));
        }
    }
    best
}

fn groups() -> impl Strategy<Value = Vec<Vec<(u8, u8)>>> {
    let group = prop::collection::vec((0_u8..9, 0_u8..9), 5).prop_map(|mut gains| {
        gains[0].0 += 1;
        gains[4].1 += 1;
        gains
    });
    prop::collection::vec(group, 2..4)
}

proptest! {
    #[test]
    fn what_is_offered_keeps_the_limit_and_is_the_best(gains in groups()) {
        let members = members(&gains);
        let stops: Vec<f64> = (0..6).map(|stop| f64::from(6 - stop)).collect();
        let search = Search::new(&members, &stops, plain_costs(), false);
        let offers = offers(&search);
        for constraint in Constraint::ALL {
            for is_shared in [true, false] {
                for limit in [0.02, 0.05, 0.1] {
                    let is_it = |offer: &&Offer| offer.constraint == constraint && offer.is_shared == is_shared && offer.limit == limit;
                    let offer = offers.iter().find(is_it);
                    let best = by_trying(&members, constraint, is_shared, limit);
                    prop_assert_eq!(offer.is_some(), best.is_some());
                    let (Some(offer), Some(best)) = (offer, best) else { continue };
                    let places: Vec<usize> = offer.thresholds.iter().map(|(_, threshold)| (6.0 - threshold) as usize).collect();
                    prop_assert!((gap(&members, &places, constraint) - offer.gap).abs() < 1e-12 && offer.gap <= limit + 1e-12);
                    prop_assert!((accuracy(&members, &places) - offer.performance).abs() < 1e-12);
                    // Of two rates at once the search may miss the best.
                    if constraint == Constraint::EqualizedOdds {
                        prop_assert!(offer.performance <= best + 1e-12);
                    } else {
                        prop_assert!((offer.performance - best).abs() < 1e-12, "{constraint:?} {is_shared} {limit}: {offer:?} {best}");
                    }
                }
            }
        }
    }

    #[test]
    fn a_front_rises_and_one_threshold_a_group_is_no_worse(gains in groups()) {
        let members = members(&gains);
        let stops: Vec<f64> = (0..6).map(|stop| f64::from(6 - stop)).collect();
        let search = Search::new(&members, &stops, plain_costs(), false);
        for front in fronts(&search) {
            for points in front.points.windows(2) {
                prop_assert!(points[0].0 < points[1].0 && points[0].1 < points[1].1, "{front:?}");
            }
        }
        let offers = offers(&search);
        for shared in offers.iter().filter(|offer| offer.is_shared) {
            let own = offers
                .iter()
                .find(|offer| !offer.is_shared && offer.constraint == shared.constraint && offer.limit == shared.limit);
            prop_assert!(own.is_some_and(|own| own.performance >= shared.performance), "{shared:?} {own:?}");
        }
    }
}
