//! Whether several series measured at the same times changed at some time, and when: a single step each, judged together.

use super::math::{floor, ln, sqrt};
use super::random::Draws;

/// Fewest defined values for a series to be tested.
pub const FEWEST: usize = 8;
/// Fewest values on either side of a step.
const FEWEST_ASIDE: usize = 2;
/// How often the order of the times is drawn.
pub const PERMUTATIONS: u32 = 999;
const SEED: u64 = 0x0063_6861_6e67_6573;

/// A step in a series.
#[derive(Debug, Clone, PartialEq)]
pub struct Step {
    /// The first place after the step.
    pub place: usize,
    /// The places between which the first one after the step lies, with about 95 % confidence.
    pub within: (usize, usize),
    /// The mean before.
    pub before: f64,
    /// The mean from there on.
    pub after: f64,
    /// The probability, without any change in any series, that one of them shows so clear a step.
    pub p_value: f64,
}

/// Looks for the likeliest step in each series; places without a value are `None`. A series too short to be tested has none.
///
/// The step is where two means fit best (least squares); how clear it is, is measured as a normal deviate of the part of the variance that
/// the step explains (Wallace 1959), so that series of different lengths compare. The p-value is the share of random orders of the times,
/// drawn for all series together, in which the clearest step of any series is at least as clear (Westfall and Young 1993): among series
/// without change, one is flagged as seldom as the p-value says, however many there are and however they hang together. It takes times to be
/// exchangeable, so trends and seasons show as steps. The limits are Bai's (1997), 11 variances of noise over the squared step to either side.
pub fn steps(series: &[Vec<Option<f64>>]) -> Vec<Option<Step>> {
    let tested: Vec<Option<Tested>> = series.iter().map(|own| Tested::new(own)).collect();
    let len = series.iter().map(Vec::len).max().unwrap_or(0);
    let mut order: Vec<u32> = (0..len as u32).collect();
    let found: Vec<f64> = tested
        .iter()
        .map(|own| own.as_ref().map_or(0.0, |own| own.clarity(own.split(&order).1)))
        .collect();
    let mut draws = Draws::new(SEED);
    let mut at_least = vec![1_u32; series.len()];
    if tested.iter().any(Option::is_some) {
        for _ in 0..PERMUTATIONS {
            draws.shuffle(&mut order);
            let drawn = tested.iter().flatten().map(|own| own.clarity(own.split(&order).1));
            let clearest = drawn.fold(0.0_f64, f64::max);
            for (count, own) in at_least.iter_mut().zip(&found) {
                *count += u32::from(clearest >= *own);
            }
        }
    }
    let p_value = |count: u32| f64::from(count) / f64::from(PERMUTATIONS + 1);
    tested
        .iter()
        .zip(at_least)
        .map(|(own, count)| Some(own.as_ref()?.step(p_value(count))))
        .collect()
}

/// A series that is long enough and varies.
struct Tested {
    /// Less their mean; NaN where there is none.
    values: Vec<f64>,
    mean: f64,
    size: f64,
    /// The sum of squares.
    spread: f64,
}

impl Tested {
    fn new(series: &[Option<f64>]) -> Option<Self> {
        let known = || series.iter().flatten();
        let count = known().count();
        if count < FEWEST {
            return None;
        }
        let size = count as f64;
        let mean = known().sum::<f64>() / size;
        let values: Vec<f64> = series.iter().map(|value| value.map_or(f64::NAN, |value| value - mean)).collect();
        let spread: f64 = values.iter().filter(|value| !value.is_nan()).map(|value| value * value).sum();
        let scale = known().fold(0.0_f64, |most, value| most.max(value.abs()));
        // Rounding is no spread.
        let varies = spread.is_finite() && spread > size * 1e-24 * scale * scale;
        varies.then_some(Self {
            values,
            mean,
            size,
            spread,
        })
    }

    /// How many values are before the best split of the series in this order, and how much of the spread it explains.
    fn split(&self, order: &[u32]) -> (usize, f64) {
        let (mut sum, mut left, mut best) = (0.0, 0.0, (FEWEST_ASIDE, -1.0));
        for place in order {
            let value = self.values.get(*place as usize).copied().unwrap_or(f64::NAN);
            if value.is_nan() {
                continue;
            }
            if left >= FEWEST_ASIDE as f64 && self.size - left >= FEWEST_ASIDE as f64 {
                let explained = sum * sum * self.size / (left * (self.size - left));
                if explained > best.1 {
                    best = (left as usize, explained);
                }
            }
            sum += value;
            left += 1.0;
        }
        best
    }

    fn clarity(&self, explained: f64) -> f64 {
        let share = (explained / self.spread).clamp(0.0, 1.0 - 1e-12);
        let freedom = self.size - 2.0;
        (8.0 * freedom + 1.0) / (8.0 * freedom + 3.0) * sqrt(-freedom * ln(1.0 - share))
    }

    fn step(&self, p_value: f64) -> Step {
        let places: Vec<usize> = (0..self.values.len()).filter(|place| !self.values[*place].is_nan()).collect();
        let order: Vec<u32> = (0..self.values.len() as u32).collect();
        let (at, explained) = self.split(&order);
        let of = |places: &[usize]| self.mean + places.iter().map(|place| self.values[*place]).sum::<f64>() / places.len() as f64;
        let (before, after) = (of(&places[..at]), of(&places[at..]));
        let noise = (self.spread - explained).max(0.0) / (self.size - 2.0);
        let aside = (floor(11.0 * noise / ((after - before) * (after - before))) + 1.0).min(self.size) as usize;
        Step {
            place: places[at],
            within: (places[at.saturating_sub(aside).max(1)], places[(at + aside).min(places.len() - 1)]),
            before,
            after,
            p_value,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stats::special::normal_quantile;

    fn noise(draws: &mut Draws) -> f64 {
        normal_quantile((draws.below(1 << 30) as f64 + 0.5) / f64::from(1 << 30))
    }

    #[test]
    fn a_clear_step_is_found_where_it_is() {
        let series = |size: f64| {
            (0..20)
                .map(|place| Some(0.1 * f64::from(place % 3) + if place >= 12 { size } else { 0.0 }))
                .collect()
        };
        let found = steps(&[series(1.0), series(0.0), vec![Some(1.0); 20], vec![None; 20], vec![Some(1.0); 5]]);
        let step = found[0].clone().unwrap();
        assert_eq!((step.place, step.within, step.p_value), (12, (11, 13), 0.001));
        assert!((step.after - step.before - 1.0).abs() < 0.1);
        assert!(found[1].as_ref().unwrap().p_value > 0.2);
        assert_eq!(found[2..], [None, None, None]);
    }

    #[test]
    fn gaps_are_passed_over() {
        let series: Vec<Option<f64>> = (0..24)
            .map(|place| (place % 4 != 1).then_some(f64::from(u8::from(place >= 13)) + 0.01 * f64::from(place % 3)))
            .collect();
        let step = steps(&[series])[0].clone().unwrap();
        assert_eq!((step.place, step.within), (14, (12, 15)));
    }

    /// Seeds 0 to 199: 30 series of 20 times without change flag anything in at most 5 % of runs, up to chance; a step of two standard
    /// deviations in one of them is found within one time in most.
    #[test]
    fn few_false_alarms_and_steps_found() {
        let (mut alarms, mut found, mut near) = (0, 0, 0);
        for seed in 0..60 {
            let mut draws = Draws::new(seed);
            let mut series: Vec<Vec<Option<f64>>> = (0..30).map(|_| (0..20).map(|_| Some(noise(&mut draws))).collect()).collect();
            let is_flagged = |step: &Option<Step>| step.as_ref().is_some_and(|step| step.p_value <= 0.05);
            alarms += u32::from(steps(&series).iter().any(is_flagged));
            for value in series[7].iter_mut().skip(10).flatten() {
                *value += 4.0;
            }
            let step = steps(&series)[7].clone().unwrap();
            found += u32::from(step.p_value <= 0.05);
            near += u32::from(step.p_value <= 0.05 && step.place.abs_diff(10) <= 1);
        }
        assert!(alarms <= 7 && found >= 57 && near >= 56, "{alarms} {found} {near}");
    }
}
