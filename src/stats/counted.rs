//! Numbers put in order and counted.
//!
//! Numbers in files are decimals of a few digits: whole numbers of some step. As such they are in order after counting, or after looking at
//! half their bits; and they come back bit by bit, because that is what decides whether they are taken as such.

use super::order;
use super::rank::of_rising_key;

/// How many steps go into 1, from coarse to fine.
const SCALES: [f64; 7] = [1.0, 10.0, 100.0, 1e3, 1e4, 1e5, 1e6];

/// The number as so many steps, where that many steps are the number.
#[inline(always)]
fn steps(number: f64, scale: f64) -> Option<i32> {
    let steps = (number * scale + 0.5_f64.copysign(number)) as i32;
    (f64::from(steps) / scale == number).then_some(steps)
}

/// The different numbers of some [`rising_key`](super::rank::rising_key)s, rising, and how many keys each has.
pub fn counted(mut keys: Vec<u64>) -> Vec<(f64, u64)> {
    // Ids and moments often rise already.
    if keys.is_sorted() {
        return runs(&keys, of_rising_key);
    }
    let is_whole = |scale: &&f64| keys.iter().all(|key| steps(of_rising_key(*key), **scale).is_some());
    let Some(scale) = SCALES.iter().find(is_whole).copied() else {
        order::sort_keys(&mut keys);
        return runs(&keys, of_rising_key);
    };
    let steps = |key: u64| i64::from(steps(of_rising_key(key), scale).unwrap_or(0));
    let (mut low, mut high) = (i64::MAX, i64::MIN);
    for key in &mut keys {
        let own = steps(*key);
        (low, high) = (low.min(own), high.max(own));
        *key = own as u64;
    }
    let number = |own: u64| (low + own as i64) as f64 / scale;
    let offset = |own: u64| (own as i64 - low) as u64;
    let range = (high - low) as usize + 1;
    if range > 2 * keys.len() {
        keys.iter_mut().for_each(|own| *own = offset(*own));
        order::sort_keys(&mut keys);
        return runs(&keys, number);
    }
    let mut counts = vec![0_u32; range];
    for own in &keys {
        counts[offset(*own) as usize] += 1;
    }
    drop(keys);
    let mut found = Vec::with_capacity(counts.iter().filter(|count| **count > 0).count());
    let used = counts.iter().enumerate().filter(|(_, count)| **count > 0);
    found.extend(used.map(|(own, count)| (number(own as u64), u64::from(*count))));
    found
}

/// The different numbers of sorted keys. Of ids they are many: growing would take twice their room.
fn runs(keys: &[u64], number: impl Fn(u64) -> f64) -> Vec<(f64, u64)> {
    let different = keys.windows(2).filter(|pair| pair[0] != pair[1]).count() + 1;
    let mut found: Vec<(f64, u64)> = Vec::with_capacity(different.min(keys.len()));
    let mut last = None;
    for key in keys {
        if last == Some(*key) {
            if let Some(own) = found.last_mut() {
                own.1 += 1;
            }
        } else {
            last = Some(*key);
            found.push((number(*key), 1));
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::stats::rank::rising_key;
    use proptest::prelude::*;

    /// Counted one by one.
    fn plainly(numbers: &[f64]) -> Vec<(u64, u64)> {
        let mut counts: BTreeMap<u64, u64> = BTreeMap::new();
        for number in numbers {
            *counts.entry(rising_key(*number)).or_default() += 1;
        }
        counts
            .into_iter()
            .map(|(key, count)| (of_rising_key(key).to_bits(), count))
            .collect()
    }

    fn bits(numbers: &[f64]) -> Vec<(u64, u64)> {
        let own = counted(numbers.iter().map(|number| rising_key(*number)).collect());
        own.into_iter().map(|(number, count)| (number.to_bits(), count)).collect()
    }

    #[test]
    fn numbers_at_the_ends_of_steps_come_back() {
        let all: [&[f64]; 8] = [
            &[],
            &[-0.0, 0.0, -0.5, 0.5],
            &[2_147_483_647.0, -2_147_483_648.0, 0.0],
            &[2_147_483_648.0, 1.0],
            &[2147.483647, -2147.483648, 0.000001],
            &[f64::INFINITY, 1.0, f64::NEG_INFINITY],
            &[0.1 + 0.2, 0.3, 0.1],
            &[5e-324, -1e300, 0.25],
        ];
        for numbers in all {
            assert_eq!(bits(numbers), plainly(numbers), "{numbers:?}");
        }
    }

    proptest! {
        #[test]
        fn decimals_are_counted_as_numbers_are(
            scale in 0..8_i32,
            width in prop_oneof![Just(20_i64), Just(4_000_000_000)],
            picked in proptest::collection::vec(any::<i64>(), 0..300),
            odd in proptest::option::of(any::<f64>().prop_filter("numbers", |number| !number.is_nan())),
        ) {
            let scale = [1.0, 10.0, 100.0, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9][scale as usize];
            let mut numbers: Vec<f64> = picked.iter().map(|own| (own % width) as f64 / scale).collect();
            numbers.extend(odd);
            prop_assert_eq!(bits(&numbers), plainly(&numbers));
        }
    }
}
