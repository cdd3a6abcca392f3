//! Ranks of numbers, each of which may stand for several equal ones.
//!
//! A number that stands for a billion equal ones takes the room and the time of one; every rank is what it would be if they were written out.

/// A whole number that rises with `x`; 0 and -0 are equal. NaN comes last, or first where its sign is set.
pub fn rising_key(x: f64) -> u64 {
    let bits = (x + 0.0).to_bits();
    if bits >> 63 == 1 { !bits } else { bits | (1 << 63) }
}

/// The number of a [`rising_key`].
pub fn of_rising_key(key: u64) -> f64 {
    f64::from_bits(if key >> 63 == 1 { key & !(1 << 63) } else { !key })
}

/// Numbers put in order: the different ones rising, and for each number its place among them.
#[derive(Debug, Clone, PartialEq)]
pub struct Ranked {
    /// The different numbers, rising.
    values: Vec<f64>,
    /// For each of them, how many numbers are at most that large.
    through: Vec<u64>,
    /// For each number given, its place among the different ones.
    of: Vec<u32>,
}

impl Ranked {
    /// Puts `len` numbers in order, none of them NaN; each stands for `count` equal ones, of which there is at least one.
    pub fn new(len: usize, value: &dyn Fn(usize) -> f64, count: &dyn Fn(usize) -> u64) -> Self {
        let mut keys: Vec<(u64, u32)> = (0..len).map(|place| (rising_key(value(place)), place as u32)).collect();
        keys.sort_unstable();
        let mut ranked = Self {
            values: Vec::new(),
            through: Vec::new(),
            of: vec![0; len],
        };
        let mut last = None;
        let mut total = 0;
        for (key, place) in keys {
            total += count(place as usize);
            if last == Some(key) {
                if let Some(through) = ranked.through.last_mut() {
                    *through = total;
                }
            } else {
                last = Some(key);
                ranked.values.push(of_rising_key(key));
                ranked.through.push(total);
            }
            ranked.of[place as usize] = (ranked.values.len() - 1) as u32;
        }
        ranked
    }

    /// The order of numbers that are different and rise already, each standing for so many; their places were not asked for.
    pub fn of_sorted(values: &[(f64, u64)]) -> Self {
        let mut total = 0;
        let through = values.iter().map(|(_, count)| {
            total += count;
            total
        });
        Self {
            through: through.collect(),
            values: values.iter().map(|(value, _)| *value).collect(),
            of: Vec::new(),
        }
    }

    /// How many numbers there are, each as often as it stands for.
    pub fn len(&self) -> u64 {
        self.through.last().copied().unwrap_or(0)
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.values.is_empty()
    }

    /// The different numbers, rising.
    pub fn values(&self) -> &[f64] {
        &self.values
    }

    /// For each number given, its place among the different ones.
    pub fn places(&self) -> &[u32] {
        &self.of
    }

    /// How many numbers are smaller than the different one at that place.
    pub fn below(&self, place: usize) -> u64 {
        place.checked_sub(1).map_or(0, |before| self.through[before])
    }

    /// How many numbers are at most the different one at that place.
    pub fn through(&self, place: usize) -> u64 {
        self.through[place]
    }

    /// How many numbers equal the different one at that place.
    pub fn ties(&self, place: usize) -> u64 {
        self.through[place] - self.below(place)
    }

    /// Twice the distance of the mid-rank from the middle rank: the numbers below less the numbers above, which is a whole number.
    pub fn balance(&self, place: usize) -> f64 {
        self.below(place) as f64 - (self.len() - self.through[place]) as f64
    }

    /// The number at a place of the order, counted from 0, when every number is written out.
    pub fn at(&self, index: u64) -> Option<f64> {
        self.values.get(self.through.partition_point(|through| *through <= index)).copied()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn keys_rise_and_come_back() {
        let numbers = [f64::NEG_INFINITY, -1e300, -1.5, -0.0, 0.0, 5e-324, 1.5, f64::INFINITY];
        for pair in numbers.windows(2) {
            assert_eq!(rising_key(pair[0]) < rising_key(pair[1]), pair[0] < pair[1], "{pair:?}");
        }
        for number in numbers {
            assert_eq!(of_rising_key(rising_key(number)), number);
        }
    }

    #[test]
    fn ties_share_a_place() {
        let numbers = [3.0, 1.0, 3.0, -0.0, 0.0];
        let ranked = Ranked::new(5, &|place| numbers[place], &|_| 1);
        assert_eq!(ranked.values(), [0.0, 1.0, 3.0]);
        assert_eq!(ranked.places(), [2, 1, 2, 0, 0]);
        assert_eq!([ranked.below(2), ranked.through(2), ranked.ties(2)], [3, 5, 2]);
        // Mid-ranks 1.5, 3, 4.5 about 3, doubled.
        assert_eq!([0, 1, 2].map(|place| ranked.balance(place)), [-3.0, 0.0, 3.0]);
        assert_eq!((ranked.at(1), ranked.at(2), ranked.at(5)), (Some(0.0), Some(1.0), None));
    }

    proptest! {
        #[test]
        fn counts_are_repeated_numbers(rows in proptest::collection::vec((-3_i8..3, 1_u64..4), 1..30)) {
            let counted = Ranked::new(rows.len(), &|place| f64::from(rows[place].0), &|place| rows[place].1);
            let written: Vec<f64> = rows.iter().flat_map(|(value, count)| (0..*count).map(|_| f64::from(*value))).collect();
            let repeated = Ranked::new(written.len(), &|place| written[place], &|_| 1);
            prop_assert_eq!(counted.values(), repeated.values());
            prop_assert_eq!(&counted.through, &repeated.through);
            let mut sorted = written.clone();
            sorted.sort_by(f64::total_cmp);
            for (index, value) in sorted.iter().enumerate() {
                prop_assert_eq!(counted.at(index as u64), Some(*value));
            }
        }
    }
}
